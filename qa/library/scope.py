"""What filters let through, as SQL over articles ``a``, and how large a part of the library that is."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import NamedTuple

from ..english.characters import fold
from ..english.spelling import match_speakers
from ..model import Filters

WIDE = 0.1
"""From this share of the articles on it is faster to search everything, and to drop what does not pass the filters."""


class Scope(NamedTuple):
    """A condition with its values, and the share of the library's articles that it holds for, 0..1."""

    where: str
    values: tuple[str, ...]
    share: float

    @property
    def everything(self) -> bool:
        """Whether there is no condition at all."""
        return not self.values and self.where == EVERYTHING

    @property
    def wide(self) -> bool:
        """Whether a large part passes."""
        return self.share >= WIDE

    def oversampled(self, limit: int) -> int:
        """How many of all to look at so that ``limit`` that pass are probably among them."""
        return limit if self.everything else int(2 * limit / max(self.share, WIDE))


EVERYTHING = "1"


def condition(filters: Filters, sources: Iterable[str], speakers: Iterable[str] = ()) -> tuple[str, tuple[str, ...]]:
    """The SQL condition of ``filters`` and its values; ``sources`` and ``speakers`` as the library writes them.

    Outlets are compared folded ("Österreich Post" is "osterreich post"); named exactly, they are found in an index. An
    article without a date never matches a date filter. An article matches a speaker who speaks anywhere in it.
    """
    parts, values = [], []
    if filters.speakers:
        parts.append("a.id IN (SELECT article_id FROM said WHERE speaker IN (SELECT value FROM json_each(?)))")
        values.append(json.dumps(match_speakers(filters.speakers, speakers)))
    if filters.sources:
        wanted = {fold(source) for source in filters.sources}
        named = [source for source in sources if fold(source) in wanted]
        parts.append(f"a.source IN ({','.join('?' * len(named))})")
        values += named
    if filters.since:
        parts.append("a.published_day >= ?")
        values.append(filters.since.isoformat())
    if filters.last_day:
        parts.append("a.published_day <= ?")
        values.append(filters.last_day.isoformat())
    return " AND ".join(parts) or EVERYTHING, tuple(values)
