"""Dates: every weekday, month, day, year and relative day a claim names stands in what it cites, as that same day.

The article's day of publication may be named, because the header gives it; and the day that a relative word of a cited
sentence was resolved to ("Wednesday" is 12 March 2025), because code has resolved it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import date
from typing import NamedTuple

from ...model import When, day_of
from ..evidence import Evidence

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH = (
    r"(?P<{0}>January|February|March|April|May|June|July|August|September|October|November|December"
    r"|(?:Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept|Sep|Oct|Nov|Dec)\b\.?)"
)
_DAY = r"(?P<{0}>\d{{1,2}})(?:st|nd|rd|th)?"
_YEAR = r"(?:,?\s+(?P<{0}>(?:19|20)\d\d))?"
_CALENDAR = re.compile(
    rf"\b{_DAY.format('d1')}\s+(?:of\s+)?{_MONTH.format('m1')}{_YEAR.format('y1')}\b"
    rf"|\b{_MONTH.format('m2')}\s+{_DAY.format('d2')}\b(?!\s*(?:%|percent|people|[a-z]+s\b)){_YEAR.format('y2')}"
    rf"|\b(?P<y3>(?:19|20)\d\d)-(?P<n3>\d\d)-(?P<d3>\d\d)\b"
    # A month alone is told from the verbs and names "may", "march" and "April" by what stands before or after.
    rf"|(?<=\b[Ii]n )(?:early |late |mid-)?{_MONTH.format('m4')}{_YEAR.format('y4')}"
    rf"|\b(?:last|next|this|since|until|by|from|before|after|early|late|mid|of|for|during)[\s-]{_MONTH.format('m5')}"
    rf"{_YEAR.format('y5')}|\b{_MONTH.format('m6')}\s+(?P<y6>(?:19|20)\d\d)"
)
_WEEKDAY = re.compile(
    r"\b(Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)days?\b|\b(Mon|Tue|Tues|Wed|Thu|Thur|Thurs|Fri|Sat|Sun)\b\.(?=\s)"
)
_WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_DAY_AND_DATE = re.compile(
    r"\b(?P<weekday>(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day)(?:,\s+|\s+\(?)(?P<date>[^()]{3,24}?\b(?:19|20)\d\d\b)"
)
_YEAR_ALONE = re.compile(r"(?<![\d.,])(?:19|20)\d\d(?![\d,]|\.\d|%)(?!\s+(?:[a-z]+s|people)\b)")
_RELATIVE = re.compile(
    r"\b(?:yesterday|today|tonight|tomorrow|overnight|weekend"
    r"|(?:last|next|this|previous|following) (?:week|month|year|quarter|spring|summer|autumn|fall|winter|night)"
    r"|(?:morning|afternoon|evening|midnight|noon|dawn))\b",
    re.IGNORECASE,
)
# Ways to say one day: what stands on the left may be said as anything on the right.
_SAME = {"overnight": {"night"}, "tonight": {"night", "evening"}}


class Day(NamedTuple):
    """A calendar date as far as the text gives it: month 1..12, day of the month, year; None where it is silent."""

    month: int
    day: int | None
    year: int | None


def check(evidence: Evidence) -> str | None:
    """The first date of the claim that stands nowhere in its sentences and headers."""
    claim, there = evidence.claim.text, f"{evidence.text} {evidence.headers}"
    published = [d for a in evidence.articles if (d := day_of(a.published))]
    resolved = [timed.when for timed in evidence.times if timed.relative]
    meant = [_WEEKDAYS[when.start.weekday()] for when in resolved if when.start == when.end]
    return (
        _mismatched(claim)
        or _foreign_days(claim, [*days(there), *map(_resolved, resolved)], published)
        or _foreign_words(weekdays(claim), (*weekdays(there), *meant))
        or _foreign_years(claim, there, published, resolved)
        or _foreign_words(relatives(claim), relatives(there))
    )


def days(text: str) -> tuple[Day, ...]:
    """Calendar dates in order: "12 March", "March 12, 2026", "2026-03-12", "in March"."""
    found = []
    for match in _CALENDAR.finditer(text):
        given = {key[0]: value for key, value in match.groupdict().items() if value}
        month = int(given["n"]) if "n" in given else _MONTHS.index(given["m"][:3].lower()) + 1
        found.append(Day(month, int(given["d"]) if "d" in given else None, int(given["y"]) if "y" in given else None))
    return tuple(found)


def without_days(text: str) -> str:
    """The text without calendar dates, years and weekdays: their digits are no quantities, their capitals no names."""
    return _WEEKDAY.sub(" ", _YEAR_ALONE.sub(" ", _CALENDAR.sub(" ", unfolded(text))))


def unfolded(text: str) -> str:
    """Spans of years written out: "2018–19" becomes "2018–2019"."""
    return re.sub(r"\b(19|20)(\d\d)([-–/])(\d\d)(?![\d-])", r"\1\2\3\g<1>\4", text)


def weekdays(text: str) -> tuple[str, ...]:
    """Weekdays by their first three letters, in order."""
    return tuple((full or short)[:3].lower() for full, short in _WEEKDAY.findall(text))


def relatives(text: str) -> tuple[str, ...]:
    """Relative days and times of day, as words."""
    return tuple(re.sub(r"\s+", " ", m.group().lower()) for m in _RELATIVE.finditer(text))


def _resolved(when: When) -> Day:
    """What of the calendar a resolved time gives: a range of days within a month gives the month alone."""
    day = when.start.day if when.start == when.end else None
    month = when.start.month if (when.start.year, when.start.month) == (when.end.year, when.end.month) else 0
    return Day(month, day, when.start.year)


def _mismatched(claim: str) -> str | None:
    """A weekday beside a date that falls on another: "on Wednesday (13 March 2025)"."""
    for match in _DAY_AND_DATE.finditer(claim):
        day = next(iter(days(match["date"])), None)
        if day and day.day and day.year and (named := weekdays(match["weekday"])):
            try:
                fits = _WEEKDAYS[date(day.year, day.month, day.day).weekday()] == named[0]
            except ValueError:
                return f"{_written(day)} is no day"
            if not fits:
                return f"{_written(day)} is no {match['weekday']}"
    return None


def _foreign_days(claim: str, given: Sequence[Day], published: Iterable[date]) -> str | None:
    header = [Day(d.month, d.day, d.year) for d in published]
    years = {d.year for d in header}
    known = [*given, *header]
    for day in days(claim):
        if not any(_agrees(day, other, years) for other in known):
            return f"{_written(day)} stands in no cited sentence"
    return None


def _agrees(claimed: Day, given: Day, published_in: set[int | None]) -> bool:
    """Whether a claimed date says no more than a given one; a year not given is the publication's."""
    year = claimed.year in {None, given.year} or (given.year is None and claimed.year in published_in)
    return claimed.month == given.month and claimed.day in {None, given.day} and year


def _foreign_years(claim: str, there: str, published: Iterable[date], resolved: Iterable[When]) -> str | None:
    known = {*re.findall(r"(?:19|20)\d\d", unfolded(there)), *(str(d.year) for d in published if days(claim))}
    known |= {str(when.start.year) for when in resolved if when.start.year == when.end.year}
    alone = _YEAR_ALONE.findall(_CALENDAR.sub(" ", unfolded(claim)))
    return next((f"{year} stands in no cited sentence" for year in alone if year not in known), None)


def _foreign_words(claimed: Iterable[str], given: Iterable[str]) -> str | None:
    known = {form for word in given for form in (word, *word.split()[1:], *_SAME.get(word, ()))}
    return next((f"“{word}” stands in no cited sentence" for word in claimed if word not in known), None)


def _written(day: Day) -> str:
    month = date(2000, day.month, 1).strftime("%B") if 1 <= day.month <= 12 else f"month {day.month}"
    return " ".join(str(part) for part in (day.day, month, day.year) if part)
