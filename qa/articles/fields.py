"""Metadata beside the text, in front matter and JSON rows. One table lists the many names of each field."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, cast, get_args
from urllib.parse import urlsplit

from ..english.bylines import split_names
from ..english.characters import is_storable
from ..english.temporal.dates import parse_moment
from ..model import Status

_NAMES = {
    "title": ("title", "headline"),
    "source": ("source", "outlet", "site", "publisher"),
    "authors": ("authors", "author", "byline"),
    "published": ("published", "date", "publishedat", "datepublished"),
    "url": ("url",),
    "language": ("language",),
    "status": ("status",),
}


@dataclass(frozen=True)
class Facts:
    """Metadata given beside an article's text. Unknown values are None; they are never guessed."""

    title: str | None = None
    source: str | None = None
    authors: tuple[str, ...] = ()
    published: datetime | date | None = None
    url: str | None = None
    language: str | None = None
    status: Status = "current"


def read_facts(fields: Mapping[Any, object]) -> Facts:
    """Read an article's metadata from named fields.

    Args:
        fields: maps names to strings, lists of strings, or objects with a ``name``. Names are compared without regard
            to case, ``_`` and ``-``. Unknown names are ignored.

    Returns:
        The metadata. A value that cannot be read counts as missing.
    """
    plain = {re.sub(r"[_-]", "", str(name)).lower(): value for name, value in fields.items()}
    values = {fact: [plain[name] for name in names if name in plain] for fact, names in _NAMES.items()}

    def first(fact: str) -> str | None:
        return next((words for value in values[fact] if (words := _words(value))), None)

    return Facts(
        title=first("title"),
        source=first("source"),
        authors=next((names for value in values["authors"] if (names := _authors(value))), ()),
        published=parse_moment(first("published") or ""),
        url=_web_address(first("url")),
        language=_language(first("language")),
        status=_status(first("status")),
    )


def _words(value: object) -> str | None:
    """Return a string on one line; for an object, its name. None for other values and for YAML's forms of null."""
    if isinstance(value, Mapping):
        value = value.get("name")
    if not isinstance(value, str) or not is_storable(value):
        return None
    words = " ".join(value.split())
    return None if words in {"", "~", "null"} else words


def _authors(value: object) -> tuple[str, ...]:
    if isinstance(value, list):
        return tuple(words for item in value if (words := _words(item)))
    return split_names(_words(value) or "")


def _web_address(url: str | None) -> str | None:
    """Return the address if it is http(s), else None. It is shown as a link, which must never be ``javascript:``."""
    try:
        return url if url and urlsplit(url).scheme in {"http", "https"} else None
    except ValueError:
        return None


def _language(tag: str | None) -> str | None:
    """Return ``en`` for ``en``, ``en-GB`` or ``EN_us``. A language's name gives None, so that it is detected later."""
    match = re.fullmatch(r"([a-z]{2,3})(?:[-_].*)?", (tag or "").lower())
    return match[1] if match else None


def _status(word: str | None) -> Status:
    known = (word or "").lower()
    return cast(Status, known) if known in get_args(Status) else "current"
