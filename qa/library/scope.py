"""Filters as an SQL condition on the table ``articles`` (as ``a``), and the share of the library that passes them."""

from __future__ import annotations

import json
from collections.abc import Iterable
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
        """Whether there is no condition at all."""
        return not self.values and self.where == EVERYTHING

    @property
    def wide(self) -> bool:
        """Whether so many articles pass that it is faster to search everything and to filter the results."""
        return self.share >= WIDE

    def oversampled(self, limit: int) -> int:
        """Return how many of all chunks to fetch so that ``limit`` chunks that pass are probably among them."""
        return limit if self.everything else int(2 * limit / max(self.share, WIDE))


EVERYTHING = "1"
"""The SQL condition that every article meets."""


def condition(filters: Filters, sources: Iterable[str], speakers: Iterable[str] = ()) -> tuple[str, tuple[str, ...]]:
    """Return ``filters`` as an SQL condition with its values.

    An article without a date passes no date filter. An article passes a speaker filter if the speaker says anything in
    it.

    Args:
        filters: the filters.
        sources: all outlets of the library. Their names are compared here after folding ("Österreich Post" becomes
            "osterreich post"). SQL then compares exact names and can use an index.
        speakers: all speakers of the library.
    """
    parts, values = [], []
    if filters.speakers:
        parts.append("a.id IN (SELECT article_id FROM said WHERE speaker IN (SELECT value FROM json_each(?)))")
        values.append(json.dumps(match_speakers(filters.speakers, speakers)))
    if filters.sources:
        asked = {fold(source) for source in filters.sources}
        matching = [source for source in sources if fold(source) in asked]
        parts.append(f"a.source IN ({','.join('?' * len(matching))})")
        values += matching
    if filters.since:
        parts.append("a.published_day >= ?")
        values.append(filters.since.isoformat())
    if filters.last_day:
        parts.append("a.published_day <= ?")
        values.append(filters.last_day.isoformat())
    return " AND ".join(parts) or EVERYTHING, tuple(values)
