"""The formats that Dateline reads, one module for each. Each has a ``read`` that turns bytes into extracts.

A format that others may have built to do harm (a page, a PDF, an XML file) is read in the sandbox: a process of its own
with limits of memory and time. Plain text, Markdown and rows are read here, by parsers that cannot be led astray.
"""

from __future__ import annotations

import re
from importlib import import_module
from typing import cast

from ..extract import Reader

TRUSTED = {
    ".txt": "plain_text",
    ".text": "plain_text",
    ".md": "markdown",
    ".markdown": "markdown",
    ".json": "rows",
    ".jsonl": "rows",
    ".ndjson": "rows",
    ".csv": "rows",
    ".tsv": "rows",
}
SANDBOXED = {
    ".html": "page",
    ".htm": "page",
    ".xhtml": "page",
    ".xml": "xml",
    ".nitf": "xml",
    ".newsml": "xml",
    ".rdf": "xml",
    ".rss": "xml",
    ".atom": "xml",
    ".pdf": "pdf",
    ".docx": "docx",
    ".eml": "mail",
    ".mbox": "mail",
}
SUFFIXES = TRUSTED | SANDBOXED
"""The module of each suffix."""

_COMMENTS = re.compile(rb"^\s*(?:<!--.*?-->\s*)*", re.DOTALL)  # browsers write where a page was saved from


def reader_of(suffix: str) -> Reader:
    """Return the reader of a suffix, one of ``SUFFIXES``. Its module, and the library it needs, is imported now."""
    return cast(Reader, import_module(f".{SUFFIXES[suffix]}", __package__).read)


def sniff(content: bytes) -> str | None:
    """Return the suffix of the format that the first bytes show, or None. Many a page is saved as ``.txt``."""
    start = _COMMENTS.sub(b"", content[:2_000].removeprefix(b"\xef\xbb\xbf").lower())
    if start.startswith(b"%pdf-"):
        return ".pdf"
    # An XHTML page begins as XML does.
    if start.startswith((b"<!doctype html", b"<html", b"<head>")) or (start.startswith(b"<?xml") and b"<html" in start):
        return ".html"
    if start.startswith((b"<?xml", b"<rss", b"<feed", b"<nitf")):
        return ".xml"
    return None
