"""Dates: every weekday, month, day, year and relative day a claim names stands in what it cites, as that same day.

The article's day of publication may be named, because the header gives it; and the day that a relative word of a cited
sentence was resolved to ("Wednesday" is 12 March 2025), because code has resolved it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date

from ...english.lexicon import WEEKDAYS
from ...english.temporal.dates import Dates, Day
from ...english.temporal.writing import write_date
from ...model import When, day_of
from ..evidence import Evidence
from ..findings import Doubt, Fault, Finding

# Ways to say one time: what stands on the left may be said as anything on the right.
_SAME = {"overnight": {"last night"}, "tonight": {"evening"}, "noon": {"midday"}, "midday": {"noon"}}


def check(evidence: Evidence) -> Iterator[Finding]:
    """The dates of the claim that stand nowhere in its sentences and headers.

    A calendar date, a year or a weekday is a fault. "The day before" may be said in other words, so it is a doubt.
    """
    claim, there = evidence.claimed.dates, [document.dates for document in evidence.given]
    published = [d for a in evidence.articles if (d := day_of(a.published))]
    resolved = [timed.when for timed in evidence.times if timed.relative]
    days = [*(day for one in there for day in one.days), *(day for when in resolved for day in _resolved(when))]
    meant = [WEEKDAYS[when.start.weekday()] for when in resolved if when.start == when.end]
    certain = (
        *_mismatched(claim),
        *_foreign_days(claim, days, published),
        *_foreign_words(claim.weekdays, [*(word for one in there for word in one.weekdays), *meant]),
        *_foreign_years(claim, there, published, resolved),
    )
    yield from (Fault("date", detail) for detail in certain)
    for word in _foreign(claim.relatives, [word for one in there for word in one.relatives]):
        yield Doubt("date", f"The claim says “{word}”. Do the sentences say the same time in other words?")


def _resolved(when: When) -> tuple[Day, ...]:
    """What of the calendar a resolved time gives: a day, or of a longer time within one month that month."""
    if (when.start.year, when.start.month) != (when.end.year, when.end.month):
        return ()
    return (Day(when.start.month, when.start.day if when.start == when.end else None, when.start.year),)


def _mismatched(claim: Dates) -> list[str]:
    """A weekday beside a date that falls on another or is none: "on Wednesday (13 March 2025)"."""
    return [f"{_written(day)} is no {weekday}" for weekday, day in claim.dated_weekdays if day.weekday != weekday]


def _foreign_days(claim: Dates, given: Sequence[Day], published: Iterable[date]) -> list[str]:
    header = [Day(d.month, d.day, d.year) for d in published]
    published_in = {d.year for d in header}
    known = [*given, *header]
    return [
        f"{_written(day)} stands in no cited sentence"
        for day in claim.days
        if not any(_agrees(day, other, published_in) for other in known)
    ]


def _agrees(claimed: Day, given: Day, published_in: set[int | None]) -> bool:
    """Whether a claimed date says no more than a given one; a year not given is the publication's."""
    year = claimed.year in {None, given.year} or (given.year is None and claimed.year in published_in)
    return claimed.month == given.month and claimed.day in {None, given.day} and year


def _foreign_years(
    claim: Dates, there: Iterable[Dates], published: Iterable[date], resolved: Iterable[When]
) -> list[str]:
    known = {year for one in there for year in one.possible_years} | {str(d.year) for d in published if claim.days}
    known |= {str(when.start.year) for when in resolved if when.start.year == when.end.year}
    return [f"{year} stands in no cited sentence" for year in claim.years if year not in known]


def _foreign_words(claimed: Iterable[str], given: Iterable[str]) -> list[str]:
    return [f"“{word}” stands in no cited sentence" for word in _foreign(claimed, given)]


def _foreign(claimed: Iterable[str], given: Iterable[str]) -> list[str]:
    known = {form for word in given for form in (word, *_SAME.get(word, ()))}
    return [word for word in claimed if word not in known]


def _written(day: Day) -> str:
    return write_date(day.year, day.month, day.day)
