"""The pieces that dates and times are written with, as regular expressions, and the numbers they stand for.

Every module that looks for a month, a weekday or a date takes its pattern from here, so that all of them mean the same.
The pieces are case-sensitive: "March" is a month and "march" is not. A reader of headers compiles them without case.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from ..lexicon import (
    COMMON_WORD_WEEKDAYS,
    MONTH_ABBREVIATIONS,
    MONTHS,
    NOON,
    PARTS_OF_DAY,
    RELATIVE_DAYS,
    SEASONS,
    TIME_REGIONS,
    TIME_UNITS,
    TIME_ZONES,
    UNIT_COUNTS,
    WEEKDAY_ABBREVIATIONS,
    WEEKDAYS,
    any_of,
)


def unnamed(pattern: str) -> str:
    """A pattern without the names of its groups, so that it can stand in another one more than once."""
    return re.sub(r"\(\?P<\w+>", "(?:", pattern)


MONTH_ABBREVIATION = any_of(MONTH_ABBREVIATIONS)
MONTH = rf"(?:{any_of(MONTHS)}\b|{MONTH_ABBREVIATION}\b\.?)"
WEEKDAY = any_of(WEEKDAYS)  # without \b, because "Mondays" is one too
WEEKDAY_ABBREVIATION = any_of(WEEKDAY_ABBREVIATIONS)
SHORT_WEEKDAY = rf"{WEEKDAY_ABBREVIATION}\b\.?"
LONE_SHORT_WEEKDAY = rf"{any_of(word for word in WEEKDAY_ABBREVIATIONS if word not in COMMON_WORD_WEEKDAYS)}\."
"""A short weekday that needs no date beside it: "on Tues. he left"."""

DAY = r"(?:3[01]|[12]\d|0?[1-9])(?:st|nd|rd|th)?\b"
YEAR = r"(?:19|20)\d\d(?!\d|[.,:]\d)"
"""A year that news may speak of; the figure does not go on, as it does in "2,019.50" and "20:15"."""

ISO_DAY = r"\d{4}-(?:1[0-2]|0[1-9])-(?:3[01]|[12]\d|0[1-9])"
ZONE = rf"(?:{any_of(TIME_ZONES)}|(?:{any_of(TIME_REGIONS)}|[Ll]ocal)\s[Tt]ime|local)\b"
CLOCK = (
    rf"(?:(?:\d{{1,2}}(?:[:.]\d\d)?\s?[ap]\.?m\b\.?|\d{{1,2}}:\d\d|\d{{4}}(?=\s?(?:GMT|UTC))|{any_of(NOON)}\b)"
    rf"(?:\s?{ZONE})?(?:\s\([^()]{{1,24}}\))?)"
)
"""A time of day with its zone, and the same time elsewhere in brackets: "9 a.m. EST (1400 GMT)"."""

SEASON = any_of(SEASONS)
UNIT = any_of(TIME_UNITS)
PERIOD = any_of(unit for unit in TIME_UNITS if unit != "day")
COUNT = rf"(?:{any_of(UNIT_COUNTS)}|\d{{1,3}})"
PART_OF_DAY = any_of(PARTS_OF_DAY)
RELATIVE_DAY = any_of(RELATIVE_DAYS)
PAST_DAY = any_of(word for word, later in RELATIVE_DAYS.items() if later <= 0)
"""A day on which something may have been said: "said yesterday"."""

COUNTED = (
    r"(?:\s(?!(?:was|has|is|as|does|this|its|his)\b)(?:[a-z]+s|people|men|women|children|km|m|kg|metres|per\s?cent"
    r"|am|pm|GMT|UTC)\b|\s?%)"
)
"""What follows a figure that counts or measures and is no year: "2000 houses", "1950 metres"."""

DATED_YEAR = rf"(?:{YEAR}|1[0-8]\d\d(?!\d|[.,:]\d|\s?(?:GMT|UTC)\b|\sof\b|{COUNTED}))"
"""A year beside a day or a month, which may be long ago: "15 June 1745", but not "on 15 June 1200 people"."""

_TO = r"\s?(?:–|-|to|until)\s?"


def calendar_date(*, year: str = DATED_YEAR, iso: str = ISO_DAY) -> str:
    """The pattern of one day, or of a range within a month, with the groups that ``dates.named_days`` reads.

    Args:
        year: what a year looks like behind a day and a month.
        iso: what a date in figures looks like.

    It matches "12 March", "Wednesday, the 12th of March 2025", "10–13 March", "March 10 to 13, 2025", "2025-03-12". A
    figure after "in March" counts something, and so does one before "people" or "%". "12/3/2025" is no date, because
    it may be two.
    """
    return (
        rf"(?<!\w)(?:(?P<named>{WEEKDAY}|{SHORT_WEEKDAY}),?\s+(?:the\s+)?)?"
        rf"(?:(?<![\w/.-])(?<!\d,)(?:(?P<iso>{iso})(?![\d-])"
        rf"|(?:(?P<first>{DAY}){_TO}|(?<=[Bb]etween\s)(?P<low>{DAY})\sand\s|(?P<pair>{DAY})\sand\s)?"
        rf"(?P<day>{DAY})\s+(?:of\s+)?(?P<month>{MONTH})(?:,?\s+(?P<year>{year}))?)"
        rf"|(?<!\b[Ii]n\s)(?P<month_us>{MONTH})\s+(?:(?P<first_us>{DAY}){_TO}(?!{MONTH})"
        rf"|(?<=[Bb]etween\s\w\w\w\s)(?P<low_us>{DAY})\sand\s)?"
        rf"(?P<day_us>{DAY})(?:\sand\s(?P<pair_us>{DAY})(?=\s?(?:[.,;:)]|$)))?(?:(?:,\s*|\s+)(?P<year_us>{year})|(?![\d%]|[.,:]\d|\s(?:%|per\s?cent|people))))"
    )


def month_number(word: str) -> int:
    """1 to 12 for a month's English name or its abbreviation, in any case."""
    return _position(MONTHS, word) + 1


def weekday_number(word: str) -> int:
    """0 (Monday) to 6 for a weekday's English name or its abbreviation, in any case."""
    return _position(WEEKDAYS, word)


def number(word: str) -> int:
    """The number that figures or a word up to "fifteen" stand for; "a" is one."""
    return UNIT_COUNTS.get(word.lower()) or int(word)


def _position(names: Iterable[str], word: str) -> int:
    return [name[:3].lower() for name in names].index(word[:3].lower())
