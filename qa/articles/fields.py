"""Metadata beside the text: in front matter, rows, pages and agency files. One table lists the names of each field.

The names are those of schema.org, Open Graph, newspaper4k, news-please, fundus, trafilatura, the interfaces of the New
York Times and the Guardian, feeds, Hugo, and clippings of Obsidian.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any, cast, get_args
from urllib.parse import urlsplit

from ..english.bylines import is_person, is_post, split_names
from ..english.characters import is_storable
from ..english.temporal.dates import read_moment
from ..model import Status

_NAMES = {
    "title": ("title", "headline", "webtitle", "name"),
    "source": (
        "source", "outlet", "site", "sitename", "publisher", "publication", "sourcehostname", "provider", "newspaper",
        "sourcedomain", "hostname",
    ),
    "authors": ("authors", "author", "byline", "bylines", "creator", "dccreator"),
    "published": (
        "published", "date", "publishedat", "publisheddate", "publisheddatetime", "datepublished", "publishdate",
        "datepublish", "publicationdate", "publishingdate", "pubdate", "webpublicationdate", "firstpublicationdate",
        "datetime", "issued", "datetimepub", "articlepublishedtime",
    ),
    "modified": (
        "modified", "updated", "datemodified", "modifiedat", "updatedat", "dateupdated", "modifieddate", "updateddate",
        "lastmodified", "lastupdated", "lastupdate", "lastmod", "datemodify", "modificationdate", "updatedatetime",
        "modifieddatetime", "articlemodifiedtime", "versioncreated",
    ),
    "url": ("url", "link", "weburl", "permalink", "canonicalurl", "canonical", "mainentityofpage", "responsiveurl"),
    "language": ("language", "lang", "inlanguage"),
    "status": ("status",),
}  # fmt: skip
_INSIDE = ("name", "value", "main", "title", "original", "@value", "text", "@id", "url")
"""What an object says is under the first of these names: ``{"name": "Ada Blum"}``, ``{"main": "Ferry to reopen"}``."""
_WIKI_LINK = re.compile(r"\[\[(?:[^\[\]|]*\|)?([^\[\]|]+)\]\]")
_COUNT = re.compile(r"1\d{9}(?:\d{3})?")  # seconds or milliseconds since 1970, in a table; eight figures are a day
_MIDNIGHT = re.compile(r"(\d{4}-\d\d-\d\d)[ T]00:00(?::00(?:\.0+)?)?")  # how tables write a day
_LIST = re.compile(r"\[\s*(?:[\"'].*[\"']\s*)?\]", re.DOTALL)  # "['Ada Blum', 'Ola Frey']": a list as Python writes it
_MAX_LIST = 10_000  # characters
_SECONDS = 100_000_000_000  # a larger number counts milliseconds since 1970, a smaller one seconds


FIELDS = ("text", "title", "published", "modified", "authors", "source", "url", "language", "id")
"""The fields that a user can name, because no table knows the names of a file's fields."""


@dataclass(frozen=True)
class Facts:
    """Metadata given beside an article's text. Unknown values are None; they are never guessed."""

    title: str | None = None
    source: str | None = None
    authors: tuple[str, ...] = ()
    published: datetime | date | None = None
    modified: datetime | date | None = None
    url: str | None = None
    language: str | None = None
    status: Status = "current"


def read_facts(fields: Mapping[Any, object]) -> tuple[Facts, tuple[str, ...]]:
    """Read an article's metadata from named fields.

    Args:
        fields: maps names to strings, numbers, lists, or objects with a ``name``. Names are compared without regard to
            case, ``_``, ``-`` and ``:``. Unknown names are ignored.

    Returns:
        The metadata, and a remark in plain English for each value that could not be read or lost a part of what it
        says. A value that cannot be read counts as missing; when an article was changed is left out without a remark.
    """
    plain = {plain_name(name): value for name, value in fields.items()}
    values = {fact: [plain[name] for name in names if name in plain] for fact, names in _NAMES.items()}

    def first(fact: str) -> str | None:
        return next((words for value in values[fact] if (words := _words(value))), None)

    outlets = [words for value in values["source"] if (words := _words(value))]
    addresses = [words for value in values["url"] if (words := _words(value))] + outlets
    published, remarks = _moment(values["published"])
    facts = Facts(
        title=first("title"),
        source=next((words for words in outlets if not _is_address(words)), None),
        authors=next((names for value in values["authors"] if (names := _authors(value))), ()),
        published=published,
        modified=_moment(values["modified"])[0],
        url=next((address for words in addresses if (address := _web_address(words))), None),
        language=_language(first("language")),
        status=_status(first("status")),
    )
    return facts, remarks


def plain_name(name: object) -> str:
    """Return the form of a field's name in which names are compared: ``datePublished`` and ``date_published`` agree."""
    return re.sub(r"[\s_:-]", "", str(name)).lower()


def _words(value: object) -> str | None:
    """Return a string on one line; for an object, what it is called. None for other values and for forms of null."""
    if isinstance(value, list):
        value = next((words for item in value if (words := _words(item))), None)
    for _ in range(2):  # {"headline": {"main": {"value": …}}} is as deep as any tool nests
        if isinstance(value, Mapping):
            value = next((value[name] for name in _INSIDE if value.get(name)), None)
    if not isinstance(value, str) or not is_storable(value):
        return None
    words = " ".join(value.split())
    return None if words.lower() in {"", "~", "null", "none", "nan"} else words


def _authors(value: object) -> tuple[str, ...]:
    if isinstance(value, str) and len(value) <= _MAX_LIST and _LIST.fullmatch(value.strip()):
        value = _listed(value.strip())
    if isinstance(value, list):
        return tuple(dict.fromkeys(name for item in value for name in _people(item)))
    return tuple(_people(value))


def _listed(value: str) -> object:
    """Return the list that a cell of a table holds as Python or JSON writes it; what is none as it is."""
    try:
        return ast.literal_eval(value)
    except (ValueError, SyntaxError, MemoryError, RecursionError):
        return value


def _people(value: object) -> Iterator[str]:
    words = _WIKI_LINK.sub(r"\1", _words(value) or "")
    for part in (part for part in words.split(";") if "://" not in part):
        yield from (name for name in split_names(part) if not _is_address(name) and not _is_role(name))


def _is_role(name: str) -> bool:
    """Whether what stands among authors is what one of them does: "Gazette columnist"."""
    return name.split()[-1].islower() and is_post(name) and not is_person(name)


def _moment(values: list[object]) -> tuple[datetime | date | None, tuple[str, ...]]:
    """Return the first value that can be read as a day or an instant, and what is to be said about the values."""
    remarks: list[str] = []
    for value in values:
        if isinstance(value, str) and _COUNT.fullmatch(value.strip()):
            value = int(value)
        if isinstance(value, int | float) and not isinstance(value, bool):
            value = _since_1970(value) if value else None
        words = _words(value)
        if words is None:
            continue
        words = _MIDNIGHT.sub(r"\1", words) if _MIDNIGHT.fullmatch(words) else words
        moment, remark = read_moment(words)
        if remark:
            remarks.append(f"the date {words[:60]!r}: {remark}")
        if moment:
            return moment, tuple(remarks)
    return None, tuple(remarks)


def _since_1970(count: float) -> str:
    try:
        return datetime.fromtimestamp(count / 1000 if abs(count) > _SECONDS else count, UTC).isoformat()
    except (ValueError, OverflowError, OSError):
        return str(count)


def _is_address(words: str) -> bool:
    return "://" in words or words.startswith(("www.", "mailto:"))


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
