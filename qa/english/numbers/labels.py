"""Labels: years, dates, clock times and codes, whose figures count nothing."""

from __future__ import annotations

import re
from typing import Literal, NamedTuple

from ..regex import lazy_compile
from ..temporal.patterns import MONTH
from .terms import SCALED, before, lead, ordinal_at, slash_at
from .units import bound_at, unit_at
from .words import GAP, ONES, SCALE, TEENS, TENS, any_of, spelled


class Label(NamedTuple):
    """Figures or number words that count nothing: a year, a date, a clock time, a code; ``text`` in one spelling.

    ``kind`` tells which. A clock time is "9" or "9:30", and " am" or " pm" behind it where the text says so: "14:20" is
    "2:20 pm".
    """

    text: str
    start: int
    end: int
    kind: Literal["date", "clock", "code"]  # a year from 1900 on is a date

    def moved(self, by: int) -> Label:
        """The same label, ``by`` code points further on."""
        return self._replace(start=self.start + by, end=self.end + by)


def figures(label: Label) -> tuple[float, ...]:
    """The figures of a label as values: "24/7" → (24.0, 7.0)."""
    return tuple(float(figure) for figure in re.findall(r"\d{1,15}", label.text))


_CODE = lazy_compile(
    r"\d+(?:\.\d+){2,}"  # a version
    r"|\d+(?:[-–]\d+){2,}"  # a date, a formation, a telephone number
    r"|0\d+(?:[\s-]\d{2,})+|(?<=\+)\d{1,3}(?:[\s-]\d{2,})+|0\d+(?![\d.,])"
    r"|\d+(?:/\d+)+|\d+(?::\d+)+"
    r"|(?:1\d|20)\d\d[-–]\d\d(?!\d|\s?%)|(?:19|20)\d\d[-–](?:19|20)\d\d(?!\d)"  # a season
    r"|\d+'?s\b|\d{16,}"  # a decade, an identifier
)
_YEARS = lazy_compile(r"(?:19|20)\d\d[-–]\d")  # a season, or a day as ISO writes it
_STUCK = lazy_compile(r"(?<!\w)(?!(?:then|now|minus|to|by|and|or)-)(?:[^\W_]+[-/]){1,3}$")  # "Covid-", "under-"
_REST = lazy_compile(r"\w{1,40}(?:[.-]\d\w{0,9}){0,3}")
_PLURAL_S = lazy_compile(r"(?<=\d)s$")
PLURAL = lazy_compile(
    r"[\s-](?!(?:was|is|has|his|as|this|its|does|us|plus|versus|across|always|perhaps|towards|thus|yes|minus)\b)"
    r"(?:[a-z]+s|people|men|women|children)\b"
)
"""A plural noun, as far as its letters tell, behind a number."""


def label_at(text: str, low: str, at: int, floor: int) -> Label | None:
    """The label that the word or figure at ``at`` begins, or is part of; nothing before ``floor`` is looked at."""
    if not low[at : at + 1].isdigit():
        return _clock_words(low, at, floor) or _year_words(low, at) or _day_words(text, low, at)
    if low[at - 1 : at] in {"-", "/"} and (stuck := before(_STUCK, low, at, floor)):
        return rest_of_code(low, stuck.start(), at)
    return _clock(low, at, floor) or _figures(text, low, at, floor) or _month_and_day(text, low, at, floor)


def rest_of_code(low: str, start: int, at: int) -> Label | None:
    """The code that begins at ``start``, with letters and figures up to and around ``at``: "Covid-19", "5G"."""
    rest = _REST.match(low, at)
    return Label(_PLURAL_S.sub("", low[start : rest.end()]), start, rest.end(), "code") if rest else None


def _figures(text: str, low: str, at: int, floor: int) -> Label | None:
    code = None if slash_at(low, at) else _CODE.match(low, at)
    found = code or _DATE.match(text, at) or _year(low, at, floor)
    if found is None:
        return None
    written = found.group().lower()
    # A year before 1900 alone is outside the calendar that news is read by: it is compared as it is written.
    dated = _YEARS.match(written) if code else not written.isdigit() or written >= "1900"
    return Label(written, at, found.end(), "date" if dated else "code")


# -- dates -------------------------------------------------------------------------------------------------------------

_DAY = r"(?:[12]\d|3[01]|0?[1-9])(?:st|nd|rd|th)?"
_OF_YEAR = r"(?:,?\s(?:1\d|20)\d\d(?!\d|,\d))?"
_DATE = lazy_compile(rf"{_DAY}(?:\s?(?:[-–,/]|to|and|or)\s?{_DAY}){{0,3}},?\s(?:of\s)?{MONTH}(?!\w){_OF_YEAR}")
_MONTH_BEFORE = lazy_compile(rf"\b{MONTH}\s(?:the\s)?$")
_DAY_AFTER = lazy_compile(
    rf"{_DAY}(?:\s?(?:[-–]|to|and)\s?{_DAY}(?!\s{MONTH}))?(?!\w|[.,:]\d|\s?[%$€£]|\sper\b){_OF_YEAR}"
)
_OF_MONTH = lazy_compile(rf"\s(?:day\s)?of\s{MONTH}(?!\w)")
_YEAR = lazy_compile(r"(?:1\d|20)\d\d(?!\w|[,.]\d|\s?[%°$€£]|-[a-z])")
_SINCE = lazy_compile(
    r"\b(?:in|since|until|during|circa|early|late|mid|year|spring|summer|autumn|winter)[\s-](?:of\s)?$"
)
_YEAR_WORDS = lazy_compile(
    rf"(?P<century>{any_of([*TEENS[3:], 'twenty'])}){GAP}"
    rf"(?P<year>{any_of(TENS)}(?:{GAP}{any_of(ONES)}\b)?|{any_of(TEENS)}|oh[\s-](?P<oh>{any_of(ONES)}))\b"
    rf"(?!-[a-z]|{GAP}{SCALE}\b)"
)


def _month_and_day(text: str, low: str, at: int, floor: int) -> Label | None:
    """A month with the day behind it, "March 12"; not "In May 14 ships called"."""
    month = before(_MONTH_BEFORE, text, at, floor, 16)
    day = _DAY_AFTER.match(text, at) if month else None
    if not month or not day or PLURAL.match(low, day.end()):
        return None
    return Label(low[month.start() : day.end()], month.start(), day.end(), "date")


def _day_words(text: str, low: str, at: int) -> Label | None:
    """A day in words: "third of June"."""
    day = ordinal_at(low, at)
    month = _OF_MONTH.match(text, day.end) if day else None
    return Label(low[at : month.end()], at, month.end(), "date") if month else None


def _year(low: str, at: int, floor: int) -> re.Match[str] | None:
    """A year in figures, by its size and by the words around it: "in 2003", but "2003 homes" and "about 2000"."""
    match = _YEAR.match(low, at)
    if not match or lead(low, at, floor) < at or SCALED.match(low, match.end()) or unit_at(low, match.end(), 0)[0]:
        return None
    recent, counting = match.group() >= "1900", bool(PLURAL.match(low, match.end()))
    if before(_SINCE, low, at, floor):
        return match if recent or not counting else None
    return match if recent and not counting and not bound_at(low, at, match.end(), floor) else None


def _year_words(low: str, at: int) -> Label | None:
    """A year in words: "nineteen eighty-four"."""
    match = _YEAR_WORDS.match(low, at)
    if not match:
        return None
    century, year = spelled(match["century"]), spelled((match["oh"] or match["year"]).replace("-", " "))
    return Label(f"{century}{year or 0:02d}", at, match.end(), "date")


# -- clock times -------------------------------------------------------------------------------------------------------

_HALF_OF_DAY = r"(?P<p>[ap])(?:\.m\.?|m\b)"
_CLOCK = lazy_compile(
    rf"(?P<h1>[01]?\d|2[0-4])(?:[:.](?P<m1>[0-5]\d))?\s?{_HALF_OF_DAY}"
    r"|(?P<h2>[01]?\d|2[0-4]):(?P<m2>[0-5]\d)(?![\d:])"
    r"|(?P<h3>[01]\d|2[0-4])[.:]?(?P<m3>[0-5]\d)(?=\s?(?:gmt|utc|bst|cet|est)\b)"
    # "3 to 5 p.m.", "9.30-11 a.m.", "12 noon"
    r"|(?P<h4>1?\d)(?:[:.](?P<m4>[0-5]\d))?"
    r"(?=\s?(?:-|–|to|and)\s?1?\d(?:[:.][0-5]\d)?\s?[ap]\.?m\b|\s(?:noon|midday|midnight)\b)"
)
_CLOCK_AT = lazy_compile(r"(?P<h1>1?\d|2[0-4])\.(?P<m1>[0-5]\d)(?!\d|\s?(?:%|per\b|[a-z]+s\b))")
_AT = lazy_compile(r"\b(?:at|until|till|before|after)\s(?:(?:a|about|around)\s)?$")
_HOUR = any_of([*ONES, "ten", "eleven", "twelve"])
_MINUTE = rf"{any_of([*TEENS, *TENS[:4]])}\b(?:[\s-]{any_of(ONES)}\b)?"
_CLOCK_WORDS = lazy_compile(
    rf"(?P<hour>{_HOUR})(?:\s(?P<minute>{_MINUTE}))?\s(?:o'clock\b|{_HALF_OF_DAY})"
    rf"|(?P<past>half|quarter|five|ten|twenty(?:[\s-]five)?)\s(?P<way>past|to)\s(?P<next>{_HOUR})\b"
)
_CLOCK_WORDS_AT = lazy_compile(rf"(?P<hour>{_HOUR})\s(?P<minute>{_MINUTE})\b(?!-[a-z]|\s{SCALE}\b|\s[a-z]+s\b)")


def _clock(low: str, at: int, floor: int) -> Label | None:
    match = _CLOCK.match(low, at)
    if not match and before(_AT, low, at, floor, 16):  # "at 9.30"
        match = _CLOCK_AT.match(low, at)
    if not match:
        return None
    said = {name[0]: value for name, value in match.groupdict().items() if value}
    return Label(_clock_text(int(said["h"]), int(said.get("m", 0)), said.get("p", "")), at, match.end(), "clock")


def _clock_words(low: str, at: int, floor: int) -> Label | None:
    match = _CLOCK_WORDS.match(low, at)
    after_at = before(_AT, low, at, floor, 16)
    if match and match["past"]:
        hour, minutes = spelled(match["next"]) or 0, _minutes(match["past"])
        if match["way"] == "past":
            return Label(_clock_text(hour, minutes, ""), at, match.end(), "clock")
        if after_at or match["past"] == "quarter":  # elsewhere "ten to six" is a vote or a range
            return Label(_clock_text(hour - 1 or 12, 60 - minutes, ""), at, match.end(), "clock")
        return None
    if not match and after_at:  # "at seven thirty"
        match = _CLOCK_WORDS_AT.match(low, at)
    if not match:
        return None
    hour, minutes = spelled(match["hour"]) or 0, _minutes(match["minute"] or "zero")
    return Label(_clock_text(hour, minutes, match.groupdict().get("p") or ""), at, match.end(), "clock")


def _minutes(words: str) -> int:
    return {"half": 30, "quarter": 15}.get(words) or spelled(words.replace("-", " ")) or 0


def _clock_text(hour: int, minute: int, half: str) -> str:
    if hour > 12 or (hour == 0 and not half):
        half = "p" if hour % 24 >= 12 else "a"
    return f"{hour % 12 or 12}" + (f":{minute:02d}" if minute else "") + (f" {half}m" if half else "")
