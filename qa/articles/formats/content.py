"""What the first bytes of a file show of its format. The name of a file may lie: many a page is saved as ``.txt``."""

from __future__ import annotations

import codecs
import json
import re
import zlib

from ...errors import InputError

_START = 16_000  # bytes in which a format shows itself; the headers of a mail may be long
_TOP = 2_000  # bytes in which a page shows itself
_JUNK = 1_024  # bytes that may stand before a PDF, as its readers allow
_UTF_16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_ZIP = b"pk\x03\x04"
_GZIP = b"\x1f\x8b"

_PDF = re.compile(rb"(?:^|[\r\n\0])%pdf-\d")
_COMMENTS = re.compile(rb"^\s*(?:<!--.*?-->\s*)*", re.DOTALL)  # browsers write where a page was saved from
_PAGE = (b"<!doctype html", b"<html", b"<head>", b"<body")
_PIECE = re.compile(
    rb"<(?:article|aside|div|figure|footer|h[1-6]|header|link|main|meta|nav|ol|p|script|section|style|table|title|ul)"
    rb"(?:\s[^<>]*)?/?>"
)
_XML = (b"<?xml", b"<rss", b"<feed", b"<nitf")
_HEADERS = re.compile(rb"(?:[a-z][a-z-]*:[^\n]*\n(?:[ \t][^\n]*\n)*)+\r?\n")
_RULE = b"---"  # of front matter
_OF_MAIL = re.compile(rb"^(?:message-id|mime-version|received):", re.MULTILINE)

_UNREADABLE = {
    b"{\\rtf": "is an RTF document; open it in a word processor and save it as DOCX",
    b"\xd0\xcf\x11\xe0": "is an old Office document; open it in a word processor and save it as DOCX",
    b"%!ps": "is a PostScript file; save it as PDF",
    b"\x89png": "is an image; run it through OCR first, for example ocrmypdf",
    b"\xff\xd8\xff": "is an image; run it through OCR first, for example ocrmypdf",
    b"gif8": "is an image; run it through OCR first, for example ocrmypdf",
    b"\x1f\x8b": "is a compressed file; unpack it and add what is in it",
    b"rar!": "is an archive; unpack it and add what is in it",
    b"7z\xbc\xaf": "is an archive; unpack it and add what is in it",
}
"""Why a format is not read, by its first bytes in lower case."""


def shown(content: bytes) -> str | None:
    """Return the suffix of the format that a file's first bytes show beyond doubt, or None."""
    start = _start(content)
    # First, because its first record may hold a PDF.
    if (_unpacked(content) if start.startswith(_GZIP) else start).startswith(b"warc/"):
        return ".warc"
    if _PDF.search(start[:_JUNK]):
        return ".pdf"
    if start.startswith(_ZIP):
        return ".docx" if b"word/document.xml" in content else None
    start = _COMMENTS.sub(b"", start)
    # An XHTML page begins as XML does.
    if start.startswith(_PAGE) or (start.startswith(b"<?xml") and b"<html" in start[:_TOP]):
        return ".html"
    return ".xml" if start.startswith(_XML) else None


def meant(content: bytes) -> str | None:
    """Return the suffix of the format of a file that calls itself plain text, or has no suffix that is known.

    Unlike ``shown``, this also recognises pieces of pages, rows and mail, with which articles in Markdown may begin,
    and front matter. None stands for text.

    Raises:
        InputError: the content has a format that Dateline does not read.
    """
    if suffix := shown(content):
        return suffix
    start = _start(content)
    if why := next((why for mark, why in _UNREADABLE.items() if start.startswith(mark)), None):
        raise InputError(why)
    if start.startswith(_ZIP):
        if b"opendocument" in start:
            raise InputError("is an OpenDocument file; open it in a word processor and save it as DOCX")
        raise InputError("is an archive; unpack it and add what is in it")
    if _PIECE.match(_COMMENTS.sub(b"", start)):
        return ".html"
    if (headers := _HEADERS.match(start)) and _OF_MAIL.search(headers[0]):
        return ".eml"
    if start.startswith(_RULE) and _has_front_matter(content):
        return ".md"
    return _rows(content)


def _has_front_matter(content: bytes) -> bool:
    """Whether a text begins with front matter that says something of an article. A rule above a text is none."""
    from .markdown import facts_above  # reads YAML, which few texts need

    return facts_above(content) is not None


def _unpacked(content: bytes) -> bytes:
    """Return the first bytes of what is compressed, in lower case."""
    try:
        return zlib.decompressobj(47).decompress(content[:_START], _JUNK).lower()
    except zlib.error:
        return b""


def _start(content: bytes) -> bytes:
    """Return the first bytes in lower case, as UTF-8 and without a byte-order mark."""
    start = content[:_START]
    if start.startswith(_UTF_16):
        start = start.decode("utf-16", "ignore").encode()
    return start.removeprefix(codecs.BOM_UTF8).lower()


def _rows(content: bytes) -> str | None:
    """Return the suffix of JSON or JSON Lines, if the content is one of them."""
    rows = content.removeprefix(codecs.BOM_UTF8).strip()
    if not rows.startswith((b"{", b"[")):
        return None
    for suffix, part in ((".json", rows), (".jsonl", rows.partition(b"\n")[0])):
        try:
            value = json.loads(part)
        except (ValueError, RecursionError):
            continue
        if isinstance(value, dict) or (isinstance(value, list) and value and all(isinstance(v, dict) for v in value)):
            return suffix
    return None
