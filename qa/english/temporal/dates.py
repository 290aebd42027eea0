"""Dates as they are written: what a header states, and which days, months and years a claim names.

Both are read by the patterns of ``grammar``. They differ in what they accept: a header may write in capitals and give
any year, and is exact or nothing; a claim may name a month alone. Nothing here is resolved against publication.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta, timezone
from typing import NamedTuple
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from ..lexicon import HOURS_OF_DAY, PARTS_OF_DAY, TIME_ZONES, WEEKDAYS, ZONE_PLACES, any_of
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
    unnamed,
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
    """The day that a match of ``calendar_date`` names; of a range and of "5 and 6 March", the first and the last."""
    if match["iso"]:
        year, month, day = map(int, re.split("[-/]", match["iso"]))
        return (Day(month, day, year),)
    stated = match["year"] or match["year_us"]
    month = month_number(match["month"] or match["month_us"])
    firsts = ("first", "low", "pair", "first_us", "low_us")
    ends = (*(match[name] for name in firsts), match["day"] or match["day_us"], match["pair_us"])
    return tuple(Day(month, int(re.sub(r"\D", "", end)), int(stated) if stated else None) for end in ends if end)


# Headers and front matter.

_FIGURES = rf"(?:{ISO_DAY}|{ISO_DAY.replace('-(', '/(')})"
_HOUR = (
    r"(?:(?P<hour>[01]?\d|2[0-3])(?:[:.](?P<minute>[0-5]\d)(?::(?P<second>[0-5]\d)(?:\.(?P<part>\d{1,6})\d*)?)?"
    r"(?:\s?(?P<half>[ap])\.?m\b\.?)?|\s?(?P<only>[ap])\.?m\b\.?)"
    r"|(?P<four>(?:[01]\d|2[0-3])[0-5]\d)(?=\s?(?-i:GMT|UTC)\b))(?![\d:])"
)
_ZONE = (
    r"(?:\s?(?P<offset>Z\b|(?:(?:GMT|UTC)\s?)?(?P<sign>[+-])(?P<hours>\d\d?)(?::?(?P<minutes>[0-5]\d))?)(?![\d:])(?:\s\([^()]{1,40}\))?"
    rf"|\s?\(?(?P<zone>(?-i:{any_of(TIME_ZONES)}))\b\)?)"
)
_TIME = rf"{_HOUR}{_ZONE}?"
_BEHIND = lazy_compile(rf"(?:T|[\s,|•·/—–-]{{1,5}}(?:at\s+)?){_TIME}", re.IGNORECASE)
_AHEAD = lazy_compile(rf"(?:\bat\s+)?(?<![\w:.]){_TIME}(?:,?\s+(?:on\s+)?|\s*[,|•·]\s*)\Z", re.IGNORECASE)
_AHEAD_WIDTH = 40  # characters before a date in which its time is looked for
_WEEKDAY_AHEAD = lazy_compile(rf"(?P<name>{WEEKDAY}|{SHORT_WEEKDAY})(?<!\.)[.,]?\s+\Z", re.IGNORECASE)
_LONGEST_WEEKDAY = 12  # characters, with a comma and a space
_DAY_BEHIND = lazy_compile(rf",?\s+\(?(?:{WEEKDAY}|{SHORT_WEEKDAY})(?!\w)\)?", re.IGNORECASE)

_HEADER_YEAR = r"\d{4}\b"
_HEADER_ISO = rf"{_FIGURES}(?:(?=T{unnamed(_HOUR)})|(?!T))"
_STAMP = lazy_compile(rf"(?:\bthe\s+)?{calendar_date(year=_HEADER_YEAR, iso=_HEADER_ISO)}", re.IGNORECASE)
_NUMERIC = lazy_compile(r"(?<![\w/.-])(?P<one>\d\d?)(?P<by>[/.-])(?P<two>\d\d?)(?P=by)(?P<year>\d{4})(?![\w/-])")
# "20260507T213000Z", as the formats of agencies write it; without separators it is a date only where one is expected.
_COMPACT = lazy_compile(r"^(\d{4})(\d\d)(\d\d)(?:T(\d\d)(\d\d)(\d\d)?)?(?=Z|[+-]|\Z)")
_HYPHENED = lazy_compile(rf"^(\d{{1,2}})-({MONTH})-(\d{{4}})\b", re.IGNORECASE)  # 07-May-2026
_DOTTED = lazy_compile(r"^(\d{4})\.(\d\d)\.(\d\d)\b")
_LIKE_A_ZONE = lazy_compile(r"[A-Z]{1,6}")
_NO_OFFSET = lazy_compile(r"[+-]\d")
_LARGEST_OFFSET = 14  # hours: no clock is farther from UTC
BARE_WEEKDAY = lazy_compile(rf"(?:{WEEKDAY}|{SHORT_WEEKDAY})", re.IGNORECASE)
"""A weekday alone says nothing of the date, but is no place either."""


@dataclass(frozen=True)
class Stamp:
    """A date as written. ``exact`` is None where the year is missing, where there is no such day, or of a range.

    ``lost`` says in plain English what of the words is not in ``exact``, and why.
    """

    start: int
    end: int
    exact: datetime | date | None = None
    yearless: tuple[int, int] | None = None  # (month, day)
    lost: str | None = None

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
    """Find the dates in some words, in order, each with the time and the weekday beside it.

    Args:
        words: a line, not a whole text.

    Yields:
        Dates in figures, and days with a month's English name, with or without a year. A date in figures that may be
        two days, such as 03/04/2026, is yielded without ``exact``.
    """
    found = [*map(_stamp, _STAMP.finditer(words)), *map(_numeric, _NUMERIC.finditer(words))]
    for stamp in sorted(found, key=lambda stamp: stamp.start):
        yield _with_time(stamp, words)


def parse_moment(value: str) -> datetime | date | None:
    """The moment of ``read_moment``, without its remark."""
    return read_moment(value)[0]


def read_moment(value: str) -> tuple[datetime | date | None, str | None]:
    """Read a date given as a value of its own.

    Args:
        value: ISO 8601, RFC 2822 (feeds), or a day with the month's English name and a year; a time may stand before it
            or behind it.

    Returns:
        The instant or day, and what of the value was dropped, in plain English. A time without a zone stays without
        one. A zone that may be several drops the time. None for anything that is no full date.
    """
    words = " ".join(value.split())
    for pattern, spread in ((_COMPACT, _spread), (_HYPHENED, r"\1 \2 \3"), (_DOTTED, r"\1-\2-\3")):
        words = pattern.sub(spread, words, count=1)
    stamp = next(find_stamps(words), None)
    if not words:
        return None, None
    if not stamp or stamp.start:
        return None, "it is no date that can be read"
    rest = words[stamp.end :].strip(" ,.;()")
    if stamp.lost or not rest:
        return stamp.exact, stamp.lost
    if isinstance(stamp.exact, datetime) and _NO_OFFSET.match(rest):
        return None, f"there is no time zone {rest[:30]!r}"
    if isinstance(stamp.exact, datetime) and not stamp.exact.tzinfo and _LIKE_A_ZONE.fullmatch(rest):
        return stamp.exact, f"the time zone {rest[:30]!r} is not known; the time is kept without it"
    return stamp.exact, f"{rest[:30]!r} behind the date is not read"


def _spread(match: re.Match[str]) -> str:
    """A date without separators with them."""
    time = f"T{match[4]}:{match[5]}:{match[6] or '00'}" if match[4] else ""
    return f"{match[1]}-{match[2]}-{match[3]}{time}"


def _stamp(match: re.Match[str]) -> Stamp:
    start, end = match.span()
    found, *others = named_days(match)
    if others or not found.day:
        return Stamp(start, end, lost="it names several days")
    if found.year is None:
        return Stamp(start, end, yearless=(found.month, found.day), lost="it names no year")
    day = _date(found.year, found.month, found.day)
    return Stamp(start, end, exact=day, lost=None if day else "there is no such day")


def _numeric(match: re.Match[str]) -> Stamp:
    """A date in figures: it is read if it can be one day only, whether the day or the month stands first.

    The weekday in front of it may decide: "Fri, 06/12/2026" is a day in June.
    """
    one, two, year = int(match["one"]), int(match["two"]), int(match["year"])
    possible = {day for day in (_date(year, one, two), _date(year, two, one)) if day}
    start, end = match.span()
    weekday = _WEEKDAY_AHEAD.search(match.string, max(0, start - _LONGEST_WEEKDAY), start)
    if len(possible) > 1 and weekday:
        possible = {day for day in possible if f"{day:%A}".startswith(weekday["name"].title())} or possible
        start = weekday.start()
    if len(possible) == 1:
        return Stamp(start, end, exact=possible.pop())
    return Stamp(start, end, lost="it may be two days" if possible else "there is no such day")


def _with_time(stamp: Stamp, words: str) -> Stamp:
    """The stamp with the weekday behind it, and with the time behind or before it."""
    weekday = _DAY_BEHIND.match(words, stamp.end)
    stamp = replace(stamp, end=weekday.end()) if weekday else stamp
    time = _BEHIND.match(words, stamp.end)
    if time:
        return replace(_at(stamp, time), end=time.end())
    left = max(0, stamp.start - _AHEAD_WIDTH)
    time = _AHEAD.search(words[left : stamp.start])
    return replace(_at(stamp, time), start=left + time.start()) if time else stamp


def _at(stamp: Stamp, time: re.Match[str]) -> Stamp:
    """The stamp at the time of a match of ``_TIME``; on its day, if the time or its zone cannot be known."""
    day = stamp.exact
    if day is None:
        return stamp
    hour, minute = divmod(int(time["four"]), 100) if time["four"] else (int(time["hour"]), int(time["minute"] or 0))
    if half := time["half"] or time["only"]:
        if not 1 <= hour <= 12:
            return replace(stamp, lost=f"there is no time {time['hour']} {half}.m.")
        hour = hour % 12 + (12 if half in "pP" else 0)
    part = int((time["part"] or "").ljust(6, "0"))
    moment = datetime(day.year, day.month, day.day, hour, minute, int(time["second"] or 0), part)
    if not (time["offset"] or time["zone"]):
        return replace(stamp, exact=moment)
    if offset := _offset(time, moment):
        return replace(stamp, exact=moment.replace(tzinfo=offset))
    if time["offset"]:
        return replace(stamp, exact=None, lost=f"there is no time zone {time['offset']!r}")
    return replace(stamp, lost=f"the time zone {time['zone']!r} may be several; only the day is kept")


def _offset(time: re.Match[str], moment: datetime) -> timezone | None:
    """How far the zone of a time is from UTC; None where that is not certain."""
    if place := ZONE_PLACES.get(time["zone"] or ""):
        try:
            ahead = ZoneInfo(place).utcoffset(moment)
        except (ZoneInfoNotFoundError, OverflowError):  # no such data on this machine; the calendar's end
            return None
        return timezone(ahead) if ahead is not None else None
    if time["zone"]:
        hours = TIME_ZONES[time["zone"]]
        return None if hours is None else timezone(timedelta(hours=hours))
    ahead = timedelta(hours=int(time["hours"] or 0), minutes=int(time["minutes"] or 0))
    if ahead > timedelta(hours=_LARGEST_OFFSET):
        return None
    return timezone(-ahead if time["sign"] == "-" else ahead)


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
