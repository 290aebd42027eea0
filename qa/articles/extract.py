"""What a reader of a format takes and gives: the bytes of one file, and the articles that it states.

A reader knows its format and nothing else. It opens no file, makes no ids and detects no language: ``load`` does.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

from ..english.header import Header
from .fields import Facts


@dataclass(frozen=True)
class Raw:
    """The bytes of one file, or of one response of a web server."""

    content: bytes
    suffix: str
    """In lower case, with its dot. It names the format."""
    url: str | None = None
    """The address of a response, after redirects."""
    charset: str | None = None
    """The encoding that a response's header names."""
    links: bool = False
    """Of a feed: only the entries' addresses are wanted, for their pages are fetched. Their texts are empty."""
    names: Mapping[str, str] = field(default_factory=dict)
    """For rows: Dateline's name of a field to the file's, for example ``{"text": "story_html"}``."""


@dataclass(frozen=True)
class Extract:
    """One article as its format states it."""

    text: str
    """The story. It is stored as it is."""
    facts: Facts = field(default_factory=Facts)
    """Metadata that the format states. It takes precedence over the text's own header."""
    header: Header | None = None
    """Metadata of the text's first lines. None: ``load`` reads it from ``text``."""
    id: str | None = None
    """Names the article within a file of several, and stays the same when its text changes."""
    place: str | None = None
    """Where in a file of several it stands, in short: ``L3``. It takes the place of an ``id``."""
    where: str = ""
    """The same in words, for messages: "line 3"."""
    warnings: tuple[str, ...] = ()
    """What the reader of the report should know, for example that a date could not be read."""


@dataclass(frozen=True)
class Unread:
    """An article of a file that could not be read, while others of the file could."""

    reason: str
    """It says where: "line 3: not JSON"."""


@dataclass(frozen=True)
class Inner:
    """A file of an archive, to be read by the reader of its own format."""

    raw: Raw
    """Its ``url`` names it."""
    captured: str = ""
    """When it was saved, in ISO 8601. Of several captures of one address the last one is read."""


@dataclass(frozen=True)
class Note:
    """What is said of a whole file, and is no fault of it."""

    words: str


Found = Extract | Unread | Inner | Note
Reader = Callable[[Raw], Iterator[Found]]
"""Yields the articles of a file. Raises InputError if nothing of it can be read."""
