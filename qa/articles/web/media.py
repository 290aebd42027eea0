"""Media types and the formats that they name, as suffixes of files."""

from __future__ import annotations

import re
from pathlib import PurePosixPath

from ...errors import InputError
from ..formats import SUFFIXES
from ..formats.content import shown

ACCEPT = (
    "text/html, application/xhtml+xml, application/rss+xml, application/atom+xml, application/feed+json, "
    "application/xml;q=0.9, text/plain;q=0.9, text/markdown;q=0.9, application/json;q=0.8, application/pdf;q=0.8, "
    "*/*;q=0.1"
)

_SUFFIX = {
    "text/html": ".html",
    "application/xhtml+xml": ".html",
    "text/plain": ".txt",
    "text/markdown": ".md",
    "text/x-markdown": ".md",
    "text/csv": ".csv",
    "application/json": ".json",
    "application/ld+json": ".json",
    "application/feed+json": ".json",
    "application/jsonl": ".jsonl",
    "application/x-ndjson": ".jsonl",
    "application/rss+xml": ".xml",
    "application/atom+xml": ".xml",
    "application/rdf+xml": ".xml",
    "application/xml": ".xml",
    "text/xml": ".xml",
    "application/pdf": ".pdf",
    "application/warc": ".warc",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": ".docx",
    "message/rfc822": ".eml",
}
# Servers send these for files that they know nothing about.
_UNKNOWN = {
    "",
    "application/octet-stream",
    "binary/octet-stream",
    "application/x-download",
    "application/force-download",
}
# Forges and stores send text/plain for all text files. It may well be one of these, which are text.
_PLAIN = {".md", ".markdown", ".csv", ".tsv", ".jsonl", ".ndjson"}
_KINDS = {"image": "an image", "audio": "a sound recording", "video": "a video", "font": "a font"}

_TYPE = re.compile(r"\s*([a-z0-9][a-z0-9.+-]*/[a-z0-9][a-z0-9.+-]*)\s*(?:[;,]|$)")


def media_type(header: str) -> str:
    """Return the media type that a ``Content-Type`` names, in lower case, or "" if it names none."""
    match = _TYPE.match(header.lower())
    return match[1] if match else ""


def suffix_of(kind: str, path: str) -> str | None:
    """Return the suffix of the format that a response has.

    Args:
        kind: its media type, or "".
        path: the path of its address.

    Returns:
        The suffix, or None if only the content can tell.

    Raises:
        InputError: Dateline does not read such a response.
    """
    named = PurePosixPath(path).suffix.lower()
    if kind == "text/plain" and named in _PLAIN:
        return named
    if kind in _UNKNOWN:
        return named if named in SUFFIXES else None
    if kind in _SUFFIX:
        return _SUFFIX[kind]
    family = _KINDS.get(kind.partition("/")[0])
    raise InputError(
        f"is {family} ({kind}), which is no article" if family else f"is {kind}, which Dateline does not read"
    )


def sniffed(content: bytes) -> str:
    """Return the suffix of the format that the first bytes show. Raises InputError if they show none."""
    if suffix := shown(content):
        return suffix
    raise InputError("does not say what it is; save it as a file with the right suffix, and add the file")
