"""What a time looks like in English news: one pattern for each way to say one, joined into a single scan.

The division into patterns that extract and functions that normalise (``resolve``) is HeidelTime's (Strötgen & Gertz
2010); what counts as a time follows TIMEX3 of TimeML (Pustejovsky et al. 2003), but for durations and sets ("on
Mondays"), which name no one day. A span begins after its preposition and takes in what narrows it: "late last Friday".
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from ..lexicon import PARTS_OF_DAY, QUARTERS, RELATIVE_DAYS, SEASONS, TIME_UNITS, any_of
from ..regex import lazy_compile
from .patterns import (
    CLOCK,
    COUNT,
    DATED_YEAR,
    LONE_SHORT_WEEKDAY,
    MONTH,
    PART_OF_DAY,
    PERIOD,
    RELATIVE_DAY,
    SEASON,
    UNIT,
    WEEKDAY,
    YEAR,
    calendar_date,
    unnamed,
)

_REACH = 40
_END = r"(?![\w-]|['’]s-)"
_BEFORE = rf"(?:(?P<before>{CLOCK}),?\s(?:on\s)?)?(?:(?P<lead>(?i:early|late|earlier|later))\s(?:on\s)?)?"
_AFTER = (
    rf"(?:\s{PART_OF_DAY}\b)?(?:,?\s(?:of\s)?(?P<shift>last|this|next)\s(?P<unit>week|year)\b)?"
    rf"(?:,?\s(?:at\s)?(?P<after>{CLOCK}))?"
)
_OF_YEAR = rf"(?:,?\s+(?:of\s)?(?:(?P<year>{DATED_YEAR})|(?P<shift>last|this|next)\syear\b))?"
_NARROWED = r"(?:(?i:early|late|mid)[\s-])?"
_COUNTED_UNITS = rf"(?P<count>(?i:{COUNT}))\s(?P<unit>{UNIT})s?"
_PART = rf"(?:{UNIT}|{PART_OF_DAY})"
# British: "a week on Tuesday", "Tuesday fortnight", "yesterday week". "Shut for a week on Tuesday" counts days.
_FAR = (
    r"(?:(?<!\b[Ff]or\s)(?<!\bof\s)(?<!\bin\s)(?<!\bafter\s)(?<!\bbeen\s)"
    r"(?P<far>(?i:an?\s(?:week|fortnight)))\s(?:on\s)?)?"
)
_FURTHER = r"(?:\s(?P<further>week|fortnight)(?![\w’'-]))?"

PATTERNS = {
    "figures": r"(?<![/.-])(?P<one>\d\d?)/(?P<two>\d\d?)/(?P<year>(?:19|20)\d\d)(?![\w/-])",
    "date": rf"{_BEFORE}(?P<calendar>{calendar_date()}){_AFTER}(?!\w)",
    "weekday": (
        rf"{_BEFORE}{_FAR}(?:(?P<which>(?i:last|next|this\s(?:up)?coming|this\spast|this|(?:up)?coming|past|following"
        r"|previous))\s)?"
        rf"(?:(?P<weekday>{WEEKDAY})|(?P<short>{LONE_SHORT_WEEKDAY})){_FURTHER}{_AFTER}{_END}"
    ),
    "near": (
        rf"{_BEFORE}{_FAR}(?P<near>(?i:(?:the\s(?=day\s))?{RELATIVE_DAY}|this\s{PART_OF_DAY}|last\s(?:night|evening)))\b"
        rf"{_FURTHER}{_AFTER}{_END}"
    ),
    "overnight": rf"(?i:overnight){_END}",
    "weekend": (
        r"(?P<which>(?i:the\s(?:up)?coming|the|last|next|this\s(?:up)?coming|this\spast|this|(?:up)?coming|past))"
        rf"\sweekend{_END}"
    ),
    "running": (
        rf"(?:(?P<lead>(?i:early|late|earlier|later))\s)?(?P<which>(?i:last|this|next))\s(?P<unit>{PERIOD}){_END}"
    ),
    "ago": rf"{_COUNTED_UNITS}\sago(?P<sharp>\s(?:{RELATIVE_DAY}|(?:this|last|next)\s\w+))?{_END}",
    "later": rf"{_COUNTED_UNITS}\s(?P<way>later|earlier|afterwards|before){_END}",
    "hence": rf"{_COUNTED_UNITS}(?:['’]s?\stime|\sfrom\snow){_END}",
    "told": (
        rf"(?:(?P<lead>(?i:earlier|later))\s)?(?i:the\s(?P<way>previous|following|next|same)|(?P<that>that))"
        rf"\s(?P<part>{_PART}|date){_END}"
        rf"|(?i:earlier|later)(?:\son)?\sin\sthe\s(?P<within>{PART_OF_DAY}|day){_END}"
        rf"|(?i:the)\s(?P<beside>{_PART})\s(?P<side>before|after){_END}"
    ),
    "quarter": (
        rf"(?:(?i:the)\s)?(?:(?P<ordinal>(?i:{any_of(QUARTERS)}))[\s-]quarter|Q(?P<figure>[1-4])){_END}{_OF_YEAR}"
    ),
    "season": rf"(?:(?i:the|last|this|next)\s)?{_NARROWED}(?i:{SEASON}){_END}{_OF_YEAR}",
    "month": (
        rf"{_NARROWED}(?:(?P<which>(?i:last|this\s(?:up)?coming(?=\s[A-Z]\w+\b(?!\s[A-Z\d]))|this|next|that))\s)?"
        rf"{_NARROWED}(?P<calendar>(?P<name>{MONTH})(?:{_END}|(?=-{MONTH})){_OF_YEAR})"
    ),
    "year": rf"{_NARROWED}(?<![\w$€£.,/-])(?P<number>{YEAR}){_END}",
}
RULES = {name: lazy_compile(pattern) for name, pattern in PATTERNS.items()}
SCAN = lazy_compile(
    rf"(?<![\w$€£])(?:{'|'.join(f'(?P<{name}>{unnamed(pattern)})' for name, pattern in PATTERNS.items())})"
)
"""Finds every candidate in one pass; ``lastgroup`` names the rule, whose own pattern then reads the parts."""

_WORDS = (*TIME_UNITS, *RELATIVE_DAYS, *PARTS_OF_DAY, *SEASONS, "overnight", "later", "earlier", "afterwards", "ago")
_SIGNS = lazy_compile(rf"(?=[\dA-Z])(?:\d{{4}}|Q[1-4]|{MONTH}|{LONE_SHORT_WEEKDAY})")


def may_name_a_time(text: str) -> bool:
    """Whether a text has anything that every time has at least one of. Most sentences do not, and are passed over."""
    lower = text.lower()
    return any(word in lower for word in _WORDS) or _SIGNS.search(text) is not None


def scan(text: str) -> Iterator[tuple[str, re.Match[str]]]:
    """The candidates for a time in a text, in order and without overlap: the name of the rule, and its match."""
    for candidate in SCAN.finditer(text) if may_name_a_time(text) else ():
        rule = candidate.lastgroup or ""
        if match := RULES[rule].match(text, candidate.start()):
            yield rule, match


def before(match: re.Match[str]) -> str:
    """What stands right before a match: as many characters as any rule looks back."""
    return match.string[max(0, match.start() - _REACH) : match.start()]


def after(match: re.Match[str]) -> str:
    """What stands right after a match: as many characters as any rule looks ahead."""
    return match.string[match.end() : match.end() + _REACH]
