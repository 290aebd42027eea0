"""Days, months and years written for people: "12 March 2025", "10–13 March 2025", "February 2025", "2024".

The months' names come from the lexicon, so that neither the locale nor the platform's ``strftime`` has a say.
"""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import date, datetime

from ...model import When
from ...model import write_day as write_day
from ..lexicon import MONTHS
from ..regex import lazy_compile
from .patterns import MONTH

_MONTH = lazy_compile(rf"\b{MONTH}")
_LED = lazy_compile(r"(?:last|next|this)\b", re.IGNORECASE)
_FOLLOWS = lazy_compile(r"\s*[(,]?\s*(?:\d{1,2}\s+)?(?:[A-Z][a-z]+\s+)?\d")


def write_date(year: int | None, month: int | None = None, day: int | None = None) -> str:
    """A date as far as it is known: "12 March 2025", "12 March", "March 2025", "2025"."""
    return " ".join(str(part) for part in (day, MONTHS[month - 1] if month else None, year) if part)


def write_moment(moment: datetime | date) -> str:
    """A day, or an instant with its time and zone: "7 May 2026, 21:30 +02:00"."""
    if not isinstance(moment, datetime):
        return write_day(moment)
    zone = moment.strftime("%z")
    zone = "UTC" if zone == "+0000" else f"{zone[:3]}:{zone[3:5]}" if zone else "in no stated zone"
    return f"{write_day(moment)}, {moment.hour:02}:{moment.minute:02} {zone}"


def write_days(start: date, end: date) -> str:
    """The days from ``start`` to ``end``: "10–13 March 2025", "28 February – 3 March 2025"; one day as itself."""
    if start == end:
        return write_day(end)
    if (start.year, start.month) == (end.year, end.month):
        return f"{start.day}–{write_day(end)}"
    opening = write_date(None if start.year == end.year else start.year, start.month, start.day)
    return f"{opening} – {write_day(end)}"


def write_months(start: date, end: date) -> str:
    """The months from that of ``start`` to that of ``end``: "October – December 2024"; one month as itself."""
    closing = write_date(end.year, end.month)
    if (start.year, start.month) == (end.year, end.month):
        return closing
    return f"{write_date(None if start.year == end.year else start.year, start.month)} – {closing}"


def write_when(when: When) -> str:
    """A resolved time by its calendar days, no more exactly than its words: whole months and years by their names."""
    start, end = when.start, when.end
    whole = start.day == 1 and end.day == monthrange(end.year, end.month)[1]
    if whole and when.precision == "year" and (start.month, end.month) == (1, 12):
        return str(start.year) if start.year == end.year else f"{start.year}–{end.year}"
    if whole and when.precision in ("month", "quarter"):
        return write_months(start, end)
    return write_days(start, end)


def write_beside(when: When) -> str | None:
    """What a calendar adds to the words of a resolved time; None for a date in full, whose year is the article's.

    "12 March 2025" for "Wednesday", and for "July" the year alone.
    """
    led = _LED.match(when.words)
    if states_day(when.words) and not led:
        return None
    if _MONTH.search(when.words) and not led and when.start.year == when.end.year:
        return str(when.start.year)
    return write_when(when)


def states_day(words: str) -> bool:
    """Whether words of time give a month and a figure: "March 17", "the 3rd of May"."""
    return bool(_MONTH.search(words)) and any(ch.isdigit() for ch in words)


def is_dated(text: str, position: int) -> bool:
    """Whether a date follows at this place of a text already: "Wednesday (12 March 2025)"."""
    return bool(_FOLLOWS.match(text, position))
