"""The formats that Dateline reads, one module for each. Each has a ``read`` that turns bytes into extracts.

A format that others may have built to do harm (a page, a PDF, an XML file) is read in the sandbox: a process of its own
with limits of memory and time. Plain text, Markdown and rows are read here, by parsers that cannot be led astray.
"""

from __future__ import annotations

from importlib import import_module
from typing import cast

from ...errors import InputError
from ..extract import Reader
from .content import meant, shown

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
    ".warc": "warc",
    ".warc.gz": "warc",
}
SUFFIXES = TRUSTED | SANDBOXED
"""The module of each suffix."""

_ANYTHING = {".txt", ".text"}  # suffixes under which people save files of any kind


def reader_of(suffix: str) -> Reader:
    """Return the reader of a suffix, one of ``SUFFIXES``. Its module, and the library it needs, is imported now."""
    return cast(Reader, import_module(f".{SUFFIXES[suffix]}", __package__).read)


def suffix_of(name: str, content: bytes) -> str:
    """Return the suffix of the format of a file: that of its name, unless its content shows another one.

    Args:
        name: the suffix of the file's name, in lower case with its dot, or "".
        content: its bytes.

    Returns:
        One of ``SUFFIXES``.

    Raises:
        InputError: the file has a format that Dateline does not read.
    """
    if name in _ANYTHING or name not in SUFFIXES:
        suffix = meant(content) or name
        if suffix not in SUFFIXES:
            raise InputError(
                f"{suffix or 'a name without a suffix'} is not a format Dateline reads; save it as text, PDF or DOCX"
            )
        return suffix
    suffix = shown(content) or name
    # The reader of XML tells feeds, agency files and pages apart by itself, and that of mail knows what is attached.
    return name if suffix == ".xml" or (SUFFIXES[name] in {"xml", "mail"} and suffix == ".html") else suffix
