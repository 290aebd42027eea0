"""Dates as they are written: what a header states, and which days, months and years a claim names.

Both are read by the patterns of ``grammar``. They differ in what they accept: a header may write in capitals and give
any year, and is exact or nothing; a claim may name a month alone. Nothing here is resolved against publication.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import NamedTuple

from ..lexicon import HOURS_OF_DAY, PARTS_OF_DAY, WEEKDAYS, any_of
from ..regex import lazy_compile
from .grammar import after, before, scan
from .patterns import (
    COUNTED,
    ISO_DAY,
    MONTH,
    PART_OF_DAY,
    PERIOD,
    RELATIVE_DAY,
    SEASON,
    SHORT_WEEKDAY,
    WEEKDAY,
    WEEKDAY_ABBREVIATION,
    YEAR,
    calendar_date,
    month_number,
    weekday_number,
)


class Day(NamedTuple):
    """A calendar date as far as the words give it: month 1..12, day of the month, year; None where they are silent."""

    month: int
    day: int | None
    year: int | None

    @property
    def weekday(self) -> str | None:
        """The name of the weekday it falls on; None without a day or year, and where there is no such day."""
        whole = _date(self.year, self.month, self.day) if self.year and self.day else None
        return WEEKDAYS[whole.weekday()] if whole else None


def named_days(match: re.Match[str]) -> tuple[Day, ...]:
    """The day that a match of ``calendar_date`` names; of a range, the first and the last."""
    if match["iso"]:
        year, month, day = map(int, match["iso"][:10].split("-"))
        return (Day(month, day, year),)
    stated = match["year"] or match["year_us"]
    month = month_number(match["month"] or match["month_us"])
    ends = (match["first"] or match["low"] or match["first_us"] or match["low_us"], match["day"] or match["day_us"])
    return tuple(Day(month, int(re.sub(r"\D", "", end)), int(stated) if stated else None) for end in ends if end)


# Headers and front matter.

_HEADER_YEAR = r"\d{4}\b"
_ISO_MOMENT = rf"{ISO_DAY}(?:[T ]\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:\s?Z\b|\s?[+-]\d\d:?\d\d)?)?"
_STAMP = lazy_compile(rf"(?:\bthe\s+)?{calendar_date(year=_HEADER_YEAR, iso=_ISO_MOMENT)}", re.IGNORECASE)
_RFC_2822 = lazy_compile(r"(?:[a-z]{3},\s+)?\d{1,2}\s+[a-z]{3}\s+\d{4}\s+\d\d:\d\d(?::\d\d)?\s+\S+", re.IGNORECASE)
BARE_WEEKDAY = lazy_compile(rf"(?:{WEEKDAY}|{SHORT_WEEKDAY})", re.IGNORECASE)
"""A weekday alone says nothing of the date, but is no place either."""


@dataclass(frozen=True)
class Stamp:
    """A date as written. ``exact`` is None where the year is missing, where there is no such day, or of a range."""

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
        yield _stamp(match)


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


def _stamp(match: re.Match[str]) -> Stamp:
    start, end = match.span()
    if iso := match["iso"]:
        return Stamp(start, end, exact=_iso(iso))
    found, *others = named_days(match)
    if others or not found.day:
        return Stamp(start, end)
    if found.year is None:
        return Stamp(start, end, yearless=(found.month, found.day))
    return Stamp(start, end, exact=_date(found.year, found.month, found.day))


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


# Claims.

_WEEKDAYS = lazy_compile(rf"\b(?:(?P<full>{WEEKDAY})s?\b|(?P<short>{WEEKDAY_ABBREVIATION})\.(?=\s))")
_ANY_WEEKDAY = lazy_compile(rf"\b(?:{WEEKDAY}|{SHORT_WEEKDAY})")
_WEEKDAY_AND_DATE = lazy_compile(
    rf"\b(?P<weekday>{WEEKDAY})(?:\s{PART_OF_DAY})?(?:,\s+|\s+\(?)(?:the\s+)?{calendar_date()}"
)
_YEAR_FIGURES = lazy_compile(r"(?:19|20)\d\d")
_YEAR_ALONE = lazy_compile(rf"(?<![\d.,$€£]){YEAR}(?!{COUNTED})")
_YEAR_SPAN = lazy_compile(r"\b(19|20)(\d\d)([-–/])(\d\d)(?![\d-])")
# "Night" alone is left out: "late on Monday" and "on Monday night" say the same.
_RELATIVE = lazy_compile(
    rf"\b(?:{RELATIVE_DAY}|overnight|weekend|(?:last|next|this|previous|following)\s+(?:{PERIOD}|{SEASON}|night)"
    rf"|{any_of((*(part for part in PARTS_OF_DAY if part != 'night'), *HOURS_OF_DAY))})\b",
    re.IGNORECASE,
)


def days(text: str) -> tuple[Day, ...]:
    """Calendar dates in order: "12 March", "March 12, 2026", "2026-03-12", "in March". A range gives both its ends."""
    return tuple(day for _, _, found in _calendar(text) for day in found)


def dated_weekdays(text: str) -> tuple[tuple[str, Day], ...]:
    """Weekdays with the full date beside them, in order: "Wednesday, 12 March 2025", "Wednesday (12 March 2025)"."""
    found = ((match["weekday"], named_days(match)[0]) for match in _WEEKDAY_AND_DATE.finditer(text))
    return tuple((weekday, day) for weekday, day in found if day.year)


def weekdays(text: str) -> tuple[str, ...]:
    """The names of the weekdays in a text, in order; "Mondays" and "Mon." are Monday."""
    return tuple(WEEKDAYS[weekday_number(match.group())] for match in _WEEKDAYS.finditer(text))


def weekday_in(words: str) -> str | None:
    """The name of the first weekday, in full or abbreviated, in words that name a time: "late on Tues." """
    match = _ANY_WEEKDAY.search(words)
    return WEEKDAYS[weekday_number(match.group())] if match else None


def relatives(text: str) -> tuple[str, ...]:
    """Relative days and times of day, as words in lower case: "yesterday", "last week", "noon"."""
    return tuple(" ".join(match.group().lower().split()) for match in _RELATIVE.finditer(text))


def years(text: str) -> tuple[str, ...]:
    """Years that stand alone, outside a date, in order. A figure that counts something is none: "2000 houses"."""
    return tuple(_YEAR_ALONE.findall(_without_calendar(text)))


def possible_years(text: str) -> frozenset[str]:
    """Every figure that may be a year, within a date or not, even where it may count something."""
    return frozenset(_YEAR_FIGURES.findall(_unfolded(text)))


class Dates(NamedTuple):
    """The calendar words of a text as they are written, each kind in order; see the function of the same name."""

    days: tuple[Day, ...]
    weekdays: tuple[str, ...]
    years: tuple[str, ...]
    possible_years: frozenset[str]
    relatives: tuple[str, ...]
    dated_weekdays: tuple[tuple[str, Day], ...]


def read_dates(text: str) -> Dates:
    """All the calendar words of a text."""
    return Dates(days(text), weekdays(text), years(text), possible_years(text), relatives(text), dated_weekdays(text))


def without_days(text: str) -> str:
    """The text without calendar dates, years and weekdays: their digits are no quantities, their capitals no names."""
    return _WEEKDAYS.sub(" ", _YEAR_ALONE.sub(" ", _without_calendar(text)))


def _calendar(text: str) -> Iterator[tuple[int, int, tuple[Day, ...]]]:
    """Where the dates of a text stand, and what they name."""
    for rule, match in scan(text):
        if rule == "date":
            yield *match.span("calendar"), named_days(match)
        elif rule == "month" and (match["year"] or match["shift"] or match["which"] or names_month(match)):
            year = int(match["year"]) if match["year"] else None
            yield *match.span("calendar"), (Day(month_number(match["name"]), None, year),)


def _without_calendar(text: str) -> str:
    text = _unfolded(text)
    for start, end, _ in reversed(tuple(_calendar(text))):
        text = f"{text[:start]} {text[end:]}"
    return text


def _unfolded(text: str) -> str:
    """Spans of years written out: "2018–19" becomes "2018–2019"."""
    return _YEAR_SPAN.sub(r"\1\2\3\g<1>\4", text)


# A month alone.

NAME_AFTER = lazy_compile(rf"\s(?!(?:{MONTH}|I\b))[A-Z]\w+")
"""Behind a month or a weekday: it belongs to a name, as in "April Dunn" and "the Sunday Herald"."""
_SURE = lazy_compile(r"\b(?:in|since|until|till|during)\s$", re.I)
_PREPOSITION = lazy_compile(
    r"\b(?:in|since|until|till|by|from|before|after|during|for|of|to|through|between|over)\s$", re.I
)
_JOINED = lazy_compile(rf"\b{MONTH}\s(?:and|or|to|until|through)\s$|\bbetween\s(?:[A-Z0-9]\w+)\sand\s$")

_SURNAME = lazy_compile(
    r"\b[A-Z][a-z]+\s(?<!In\s)(?<!On\s)(?<!By\s)(?<!Since\s)(?<!Until\s)(?<!From\s)(?<!After\s)(?<!Before\s)(?<!And\s)May\b"
    r"|\bM(?:r|rs|s)\.?\sMay\b|\bMay\s(?:said|told|was|has|had|would|herself|himself)\b"
)


def names_month(match: re.Match[str]) -> bool:
    """Whether a month without day and year is one by what stands beside it, and not a person.

    Args:
        match: of the rule "month" in a text.

    Returns:
        True for "in March", "late March" and "between March and May". False for "the March Hare", "by April Dunn", and
        "by May" where a Lena May is spoken of.
    """
    narrowed = match.start("name") > match.start()
    hinted = (narrowed or _PREPOSITION.search(before(match))) and not NAME_AFTER.match(after(match))
    somebody = match["name"] == "May" and _SURNAME.search(match.string)
    return surely_month(match) or (bool(hinted) and not somebody)


def surely_month(match: re.Match[str]) -> bool:
    """Whether what stands before a month leaves no doubt: "in March", "March and April"."""
    return bool(_SURE.search(before(match)) or _JOINED.search(before(match)))
