"""Facts stated beside the text: front matter and JSON rows name them in many ways, and are read by one table."""

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
    """What is stated about an article beside its text. Unknown is None, never a guess."""

    title: str | None = None
    source: str | None = None
    authors: tuple[str, ...] = ()
    published: datetime | date | None = None
    url: str | None = None
    language: str | None = None
    status: Status = "current"


def read_facts(fields: Mapping[Any, object]) -> Facts:
    """Read the facts among named fields.

    Args:
        fields: names to strings, lists of strings, or objects with a ``name``. Names match in any case, with or
            without ``_`` and ``-``; others are ignored.

    Returns:
        The facts; a value that cannot be read counts as absent.
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
    """A one-line string; of an object, its name. None for anything else, and for YAML's ways to write nothing."""
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
    """The address if it is one of the web: it will be shown as a link, and ``javascript:`` must never be one."""
    try:
        return url if url and urlsplit(url).scheme in {"http", "https"} else None
    except ValueError:
        return None


def _language(tag: str | None) -> str | None:
    """``en`` of ``en``, ``en-GB`` or ``EN_us``; a language's name is no code and left to detection."""
    match = re.fullmatch(r"([a-z]{2,3})(?:[-_].*)?", (tag or "").lower())
    return match[1] if match else None


def _status(word: str | None) -> Status:
    known = (word or "").lower()
    return cast(Status, known) if known in get_args(Status) else "current"
