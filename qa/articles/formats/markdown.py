"""Markdown, with or without YAML front matter. A header is read from the body's first lines.

The body is kept as written, but for tables: their rows are written with their headings.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace

import yaml

from ...english.header import Header, read_header
from ...errors import InputError
from ..encoding import decode
from ..extract import Extract, Raw, Unread
from ..fields import Facts, read_facts
from .tables import write_tables

MAX_FRONT_MATTER = 50_000
"""The most characters of front matter. An article's metadata is short; parsing megabytes of YAML would take minutes."""

_FRONT_MATTER = re.compile(r"---[ \t]*\r?\n(?P<yaml>.*?)^(?:---|\.\.\.)[ \t]*(?:\r?\n|\Z)", re.DOTALL | re.MULTILINE)
_HEADING = re.compile(r"\s*#[ \t]+(?P<title>[^\r\n]{0,300}?)[ \t]*#*[ \t]*(?:\r?\n|\Z)")
# Emphasis around a whole line is removed before the header is read: "**By Jane Roe**" is a byline.
_EMPHASIS = re.compile(r"^[ \t]*([*_]{1,3})(?=\S)(.+?)(?<=\S)\1[ \t]*(?=\r?$)", re.MULTILINE)
_HEAD = 20_000  # the header is looked for in this many characters


def read(raw: Raw) -> Iterator[Extract | Unread]:
    """Read a Markdown file.

    Args:
        raw: the file.

    Yields:
        One article whose text is the body: everything after the front matter.

    Raises:
        InputError: the content is not text, the front matter is not a YAML mapping, or there is no body.
    """
    content, warnings = decode(raw.content, raw.charset)
    fields, body = _split(content)
    facts, remarks = read_facts(fields)
    yield Extract(write_tables(body), facts, _read_head(body), warnings=(*warnings, *remarks))


def facts_above(content: bytes) -> Facts | None:
    """Return what the front matter of a text says of its article. None if it has none that says anything known."""
    try:
        fields, _ = _split(decode(content[:MAX_FRONT_MATTER])[0])
    except InputError:
        return None
    facts, _ = read_facts(fields)
    return facts if any((facts.title, facts.source, facts.published, facts.authors, facts.url)) else None


def _split(content: str) -> tuple[Mapping[object, object], str]:
    match = _FRONT_MATTER.match(content)
    if not match:
        return {}, content
    body = content[match.end() :]
    if not body.strip():
        raise InputError("has no text after its front matter")
    return _parse(match["yaml"]), body


def _parse(front_matter: str) -> Mapping[object, object]:
    if len(front_matter) > MAX_FRONT_MATTER:
        raise InputError(f"has front matter of more than {MAX_FRONT_MATTER} characters")
    try:
        # BaseLoader only builds strings, lists and mappings, so a title such as "1984" or "No" stays a string.
        fields = yaml.load(front_matter, Loader=yaml.BaseLoader) or {}  # noqa: S506
    except (yaml.YAMLError, ValueError, OverflowError, RecursionError) as error:  # "\UFFFFFFFF": no YAMLError
        raise InputError(f"has front matter that is not YAML ({_where(error)})") from error
    if not isinstance(fields, Mapping):
        raise InputError("has front matter that is not a YAML mapping (name: value)")
    return fields


def _where(error: Exception) -> str:
    mark = getattr(error, "problem_mark", None)
    # The mark counts lines from 0, and there is a line of dashes before the YAML.
    return f"line {mark.line + 2}: {getattr(error, 'problem', 'broken')}" if mark else "broken"


def _read_head(body: str) -> Header:
    head = body[:_HEAD]
    heading = _HEADING.match(head)
    header = read_header(_EMPHASIS.sub(r"\2", head[heading.end() :] if heading else head))
    return replace(header, title=heading["title"] or None) if heading else header
