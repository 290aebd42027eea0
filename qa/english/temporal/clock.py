"""The hour a time names besides its day."""

from __future__ import annotations

import re
from datetime import UTC, datetime, time

from ..lexicon import NOON, any_of
from ..regex import lazy_compile
from .calendar import DateRange
from .patterns import ZONE
from .resolution import TimeCandidate

# Reads what ``patterns.CLOCK`` has found.
_CLOCK = lazy_compile(
    rf"(?:(?P<hour>\d{{1,2}})(?:[:.]?(?P<minute>\d\d))?\s?(?:(?P<half>[ap])\.?m\b\.?)?|(?P<noon>{any_of(NOON)}))"
    rf"\s?(?P<zone>{ZONE})?"
)


def instant(found: TimeCandidate, days: DateRange) -> datetime | None:
    """The hour a candidate gives besides its day, where the zone is known; None if it is not, or none is given."""
    clock = (
        _CLOCK.match(found.match["before"] or found.match["after"] or "")
        if "before" in found.match.re.groupindex
        else None
    )
    if not clock or days.start != days.end or re.search(r"(?:\b(?:to|and)\s|[–-]\s?)$", found.left):
        return None
    zone = UTC if clock["zone"] in ("GMT", "UTC") else None if clock["zone"] else found.zone
    hour = 12 if clock["noon"] else int(clock["hour"])
    if clock["half"]:
        hour = hour % 12 + (12 if clock["half"] == "p" else 0) if 1 <= hour <= 12 else 24
    if zone is None or hour > 23 or int(clock["minute"] or 0) > 59:
        return None
    return datetime.combine(days.start, time(hour, int(clock["minute"] or 0)), zone)
