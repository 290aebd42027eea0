"""Fetches the pages and feeds that an ingest names, and the pages that a feed links to."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time
from typing import TYPE_CHECKING

from .articles.extract import Extract, Raw
from .articles.fields import FIELDS
from .articles.files import skipped
from .articles.load import Loaded, Remark, load_raw
from .articles.sandbox import extract
from .errors import InputError

if TYPE_CHECKING:
    from .articles.web.client import Web

Known = Callable[[str], str | None]
"""Returns the stamp of an address whose articles are all stored, else None."""


NEWEST = 50
"""The pages of a feed that are fetched unless a user asks for more. A host is asked once a second."""


@dataclass(frozen=True)
class Reading:
    """How sources are read."""

    names: Mapping[str, str] = field(default_factory=dict)
    """For rows: Dateline's name of a field to the file's, for example ``{"text": "story"}``."""
    full: bool = False
    """Fetch the pages that a feed links to, instead of taking the text of the feed."""
    limit: int = NEWEST
    """The most pages of one feed that are fetched, the newest first. 0: all."""
    offline: bool = False
    """Fetch nothing. An address among the sources is then reported."""

    def __post_init__(self) -> None:
        if self.limit < 0:
            raise InputError("The limit of pages must be 0, which means all, or more.")
        wrong = [name for name, column in self.names.items() if name not in FIELDS or not isinstance(column, str)]
        if wrong:
            raise InputError(
                f"{wrong[0]!r} cannot be mapped; the fields are {', '.join(FIELDS)}, and each names a field."
            )


def is_address(source: str) -> bool:
    """Whether a source is the address of a page or feed, and not a file."""
    return source.lower().startswith(("http://", "https://"))


@dataclass(frozen=True)
class Page:
    """One address, fetched."""

    address: str
    left: int
    """How many addresses are still to be fetched, this one included, as far as is known."""
    stamp: str | None = None
    """What tells whether the page has changed, for the next time."""
    loaded: Callable[[], Iterable[Loaded]] | None = None
    """Reads its articles. None: it has not changed."""


def pages(addresses: Iterable[str], reading: Reading, known: Known, web: Web | None = None) -> Iterator[Page]:
    """Fetch pages and feeds, one after another.

    Args:
        addresses: of pages and feeds.
        reading: with ``full``, the pages that a feed links to are fetched too; with ``offline``, nothing is.
        known: tells what was stored before. It is sent to the server, so that an unchanged page is not sent again.
        web: fetches. Default: one that only reaches public addresses.

    Yields:
        A page for each address, and for each entry of a feed whose page is fetched.
    """
    waiting = [(address.partition("#")[0], "") for address in dict.fromkeys(addresses)]
    while waiting:
        address, updated = waiting.pop(0)
        left = len(waiting) + 1
        try:
            if reading.offline:
                raise InputError("needs the network, which --offline forbids")
            web = web or _web()
            page, entries = _fetch(address, updated, reading, known(address), web, left)
        except InputError as error:
            page, entries = Page(address, left, loaded=_failed(address, error)), []
        waiting = entries + waiting
        yield replace(page, left=left + len(entries))


def _fetch(
    address: str, updated: str, reading: Reading, stamp: str | None, web: Web, left: int
) -> tuple[Page, list[tuple[str, str]]]:
    """Fetch one address. Returns the page, and the entries of a feed whose pages are to be fetched."""
    before = json.loads(stamp) if stamp else {}
    if updated and before.get("updated") == updated:
        return Page(address, left), []
    fetched = web.fetch(address, etag=before.get("etag"), modified=before.get("modified"))
    if fetched.raw is None:
        return Page(address, left), []
    now = json.dumps({"etag": fetched.etag, "modified": fetched.last_modified, "updated": updated})
    raw = replace(fetched.raw, names=reading.names)
    entries, number = _entries(raw, reading.limit) if reading.full and not updated else ([], 0)
    if entries:
        words = f"has {number:,} entries; only the pages of the {len(entries):,} newest were fetched"
        remarks = [Remark(address, f"{words}; --limit 0 fetches all", lost=False)] if len(entries) < number else []
        return Page(address, left, loaded=lambda: remarks), entries
    return Page(address, left, now, lambda: load_raw(raw, address, address)), []


def _entries(raw: Raw, most: int) -> tuple[list[tuple[str, str]], int]:
    """Return the addresses of a feed's newest entries, each with when it was updated, and how many entries it has.

    All are returned if ``most`` is 0. If some have no day, the first ones are the newest, as in nearly all feeds. There
    are none for what is no feed.
    """
    if raw.suffix != ".xml":
        return [], 0
    found = extract(replace(raw, links=True))
    # An agency file is XML, too, but gives its text.
    linked = [one for one in found if isinstance(one, Extract) and not one.text and one.facts.url]
    chosen = linked[: most or None]
    dated = [(_instant(one.facts.published), one) for one in linked if one.facts.published]
    if len(chosen) < len(linked) == len(dated):
        chosen = [one for _, one in sorted(dated, key=lambda entry: entry[0], reverse=True)[:most]]
    return [(one.facts.url or "", str(one.facts.published or one.id)) for one in chosen], len(linked)


def _instant(moment: datetime | date) -> datetime:
    """Return a moment that can be compared: a day begins at midnight, and a time without a zone is taken for UTC."""
    whole = moment if isinstance(moment, datetime) else datetime.combine(moment, time.min)
    return whole if whole.tzinfo else whole.replace(tzinfo=UTC)


def _failed(address: str, error: InputError) -> Callable[[], Iterable[Loaded]]:
    return lambda: [skipped(address, error)]


def _web() -> Web:
    from .articles.web.client import Web

    return Web()
