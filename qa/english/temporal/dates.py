"""Calendar dates written out in full or, in a dateline, without the year. Ambiguous figures (3/4/2026) are no date."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from email.utils import parsedate_to_datetime

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?"
    r"|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\b\.?"
)
_WEEKDAY = r"(?:mon|tue|tues|wed|wednes|thu|thur|thurs|fri|sat|satur|sun)(?:day)?\b\.?"
_DAY = r"\d{1,2}(?:st|nd|rd|th)?\b"
_STAMP = re.compile(
    rf"""(?<![\w/.-])(?:{_WEEKDAY},?\s+)?(?:the\s+)?(?:
        (?P<iso>\d{{4}}-\d{{2}}-\d{{2}}
            (?:[T ]\d{{2}}:\d{{2}}(?::\d{{2}}(?:\.\d+)?)?(?:\s?Z\b|\s?[+-]\d{{2}}:?\d{{2}})?)?)(?![\d-])
      | (?: (?P<day>{_DAY})\s+(?:of\s+)?(?P<month>{_MONTH})
          | (?P<us_month>{_MONTH})\s+(?P<us_day>{_DAY}) )
        (?:,?\s+(?P<year>\d{{4}})\b)?
    )""",
    re.IGNORECASE | re.VERBOSE,
)
_RFC_2822 = re.compile(r"(?:[a-z]{3},\s+)?\d{1,2}\s+[a-z]{3}\s+\d{4}\s+\d\d:\d\d(?::\d\d)?\s+\S+", re.IGNORECASE)
BARE_WEEKDAY = re.compile(_WEEKDAY, re.IGNORECASE)
"""A weekday alone says nothing of the date, but is no place either."""


@dataclass(frozen=True)
class Stamp:
    """A date as written. ``exact`` is None where the year is missing, or where there is no such day."""

    start: int
    end: int
    exact: datetime | date | None = None
    yearless: tuple[int, int] | None = None  # (month, day)

    def moment(self, near: date | None = None) -> datetime | date | None:
        """The date said; without a year, the last such day up to ``near``; None if neither is possible."""
        if self.exact or not self.yearless or not near:
            return self.exact
        candidate = _date(near.year, *self.yearless)
        # A day of grace: "March 4" and an update at 23:00 UTC on March 3 are one evening. More, and it was last year.
        if candidate and candidate - near > timedelta(days=1):
            return _date(near.year - 1, *self.yearless)
        return candidate


def find_stamps(words: str) -> Iterator[Stamp]:
    """Find the dates in some words, in order.

    Args:
        words: a line, not a whole text.

    Yields:
        ISO dates and instants, and days with a month's English name, with or without a year.
    """
    for match in _STAMP.finditer(words):
        yield _read(match)


def parse_moment(value: str) -> datetime | date | None:
    """Read a date given as a value of its own.

    Args:
        value: ISO 8601, RFC 2822 (feeds), or a day with the month's English name and a year.

    Returns:
        An instant where a time is given with ISO or RFC, else the day; None for anything else.
    """
    if _RFC_2822.fullmatch(value):
        try:
            return parsedate_to_datetime(value)
        except (ValueError, OverflowError):  # no such day; a zone of more digits than a day has
            return None
    stamp = next(find_stamps(value), None)
    return stamp.exact if stamp and stamp.start == 0 else None


def _read(match: re.Match[str]) -> Stamp:
    if iso := match["iso"]:
        return Stamp(match.start(), match.end(), exact=_iso(iso))
    month = _MONTHS.index((match["month"] or match["us_month"])[:3].lower()) + 1
    day = int(re.sub(r"\D", "", match["day"] or match["us_day"]))
    if match["year"]:
        return Stamp(match.start(), match.end(), exact=_date(int(match["year"]), month, day))
    return Stamp(match.start(), match.end(), yearless=(month, day))


def _iso(words: str) -> datetime | date | None:
    plain = words.replace(" ", "T", 1).replace(" ", "")
    try:
        return date.fromisoformat(plain) if len(plain) == 10 else datetime.fromisoformat(plain)
    except ValueError:
        return None


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None
