"""Filters as an SQL condition on the table ``articles`` (as ``a``), and the share of the library that passes them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from typing import NamedTuple

from ..english.characters import fold
from ..english.spelling import match_speakers
from ..model import Filters

WIDE = 0.1
"""If at least this share of the articles passes, it is faster to search everything and to filter the results."""


class Scope(NamedTuple):
    """An SQL condition with its values, and the share of the library's articles that meet it, 0..1."""

    where: str
    values: tuple[str, ...]
    share: float

    @property
    def everything(self) -> bool:
        """Whether there is no condition at all, except that earlier versions of articles do not pass."""
        return self.where in {EVERYTHING, NEWEST}

    @property
    def wide(self) -> bool:
        """Whether so many articles pass that it is faster to search everything and to filter the results."""
        return self.share >= WIDE

    def oversampled(self, limit: int) -> int:
        """Return how many of all chunks to fetch so that ``limit`` chunks that pass are probably among them."""
        return limit if self.everything else int(2 * limit / max(self.share, WIDE))


EVERYTHING = "1 = 1"
"""The SQL condition that every article meets."""
AFTER_ALL_DAYS = "9999-12-32"
NEWEST = "a.current_id IS NULL"
"""The SQL condition that the newest version of every article meets."""


def condition(
    filters: Filters, sources: Iterable[str], speakers: tuple[str, ...] = (), *, earlier: bool = True
) -> tuple[str, tuple[str, ...]]:
    """Return ``filters`` as an SQL condition with its values.

    Of the versions of an article, the newest may pass; with ``filters.as_of`` the one of that day.

    An article without a date passes no date filter. An article passes a speaker filter if the speaker says anything in
    it.

    Args:
        filters: the filters.
        sources: all outlets of the library. Their names are compared here after folding ("Österreich Post" becomes
            "osterreich post"). SQL then compares exact names and can use an index.
        speakers: all speakers of the library.
        earlier: whether the library holds earlier versions of articles.
    """
    parts: list[str] = []
    values: list[str] = []
    if filters.as_of and filters.basis == "held":
        # Instants are stored in UTC and compared as text: what is stored on a day comes before the name of the next.
        next_day = (filters.as_of + timedelta(1)).isoformat() if filters.as_of < date.max else AFTER_ALL_DAYS
        parts.append("a.added < ? AND coalesce(a.replaced, '9999') >= ?")
        values += [next_day, next_day]
    elif filters.as_of:
        parts.append("a.shown_from <= ? AND coalesce(a.shown_until, '9999') > ?")
        values += [filters.as_of.isoformat()] * 2
    elif earlier:
        parts.append(NEWEST)
    if filters.speakers:
        named = match_speakers(filters.speakers, speakers)
        parts.append(f"a.id IN (SELECT article_id FROM said WHERE {_one_of('speaker', named)})")
        values += named
    if filters.sources:
        asked = {fold(source) for source in filters.sources}
        matching = [source for source in sources if fold(source) in asked]
        parts.append(_one_of("a.source", matching))
        values += matching
    if filters.since:
        parts.append("a.published_day >= ?")
        values.append(filters.since.isoformat())
    if filters.until:
        parts.append("a.published_day <= ?")
        values.append(filters.until.isoformat())
    return " AND ".join(parts) or EVERYTHING, tuple(values)


def _one_of(column: str, values: Sequence[str]) -> str:
    return f"{column} IN ({','.join('?' * len(values))})" if values else "1 = 0"
