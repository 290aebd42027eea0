"""What a time looks like in English news: one pattern for each way to say one, joined into a single scan.

The division into patterns that extract and functions that normalise (``resolve``) is HeidelTime's (Strötgen & Gertz
2010); what counts as a time follows TIMEX3 of TimeML (Pustejovsky et al. 2003), but for durations and sets ("on
Mondays"), which name no one day. A span begins after its preposition and takes in what narrows it: "late last Friday".
"""

from __future__ import annotations

import re

from .words import NUMBERS

_NUMBER = rf"(?P<count>(?i:{'|'.join(sorted(NUMBERS, key=len, reverse=True))})|\d{{1,3}})"
_YEAR = r"(?:19|20)\d\d(?![\d:]|[.,]\d)"
MONTH = (
    r"(?:January|February|March|April|May|June|July|August|September|October|November|December"
    r"|(?:Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept|Sep|Oct|Nov|Dec)\b\.?)"
)
_WEEKDAY = r"(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day"
_SHORT = r"(?:Mon|Tues?|Wed|Thu(?:rs?)?|Fri|Sat|Sun)\b\.?"
_DAY = r"\d{1,2}(?:st|nd|rd|th)?"
_END = r"(?![\w-]|['’]s-)"
_CLOCK = (
    r"(?:(?:\d{1,2}(?:[:.]\d\d)?\s?[ap]\.?m\b\.?|\d{1,2}:\d\d|\d{4}(?=\s?(?:GMT|UTC))|noon\b|midday\b)"
    r"(?:\s?(?:GMT|UTC|[A-Z]{1,3}T|local(?:\stime)?)\b)?(?:\s\([^()]{1,24}\))?)"
)
CLOCK = re.compile(
    r"(?:(?P<hour>\d{1,2})(?:[:.]?(?P<minute>\d\d))?\s?(?:(?P<half>[ap])\.?m\b\.?)?|(?P<noon>noon|midday))"
    r"\s?(?P<zone>(?:GMT|UTC|[A-Z]{1,3}T|local)\b)?"
)
_BEFORE = rf"(?:(?P<before>{_CLOCK}),?\s(?:on\s)?)?(?:(?P<lead>(?i:early|late|earlier|later))\s(?:on\s)?)?"
_AFTER = (
    rf"(?:\s(?:morning|afternoon|evening|night|lunchtime)\b)?(?:,?\s(?:of\s)?(?P<shift>last|this|next)\s(?P<unit>week|year)\b)?"
    rf"(?:,?\s(?:at\s)?(?P<after>{_CLOCK}))?"
)
_DATE = (
    rf"(?:(?P<named>{_WEEKDAY}|{_SHORT}),?\s(?:the\s)?)?"
    rf"(?:(?P<iso>\d{{4}}-\d\d-\d\d)(?![\d-])"
    rf"|(?:(?:(?P<first>{_DAY})\s?(?:–|-|to|until)\s?|(?<=[Bb]etween\s)(?P<low>{_DAY})\sand\s))?"
    rf"(?P<day>{_DAY})\s(?:of\s)?(?P<month>{MONTH})(?:,?\s(?P<year>{_YEAR}))?"
    rf"|(?<!\b[Ii]n\s)(?P<month_us>{MONTH})\s(?:(?P<first_us>{_DAY})\s?(?:–|-|to|until)\s?(?!{MONTH})"
    rf"|(?<=[Bb]etween\s\w\w\w\s)(?P<low_us>{_DAY})\sand\s)?"
    rf"(?P<day_us>{_DAY})(?![\d%]|[.,:]\d|\s(?:%|per\s?cent|people))(?:,?\s(?P<year_us>{_YEAR}))?)"
)
_OF_YEAR = rf"(?:,?\s(?:of\s)?(?:(?P<year>{_YEAR})|(?P<shift>last|this|next)\syear\b))?"
_UNITS = r"(?P<unit>day|week|month|quarter|year)s?"
_PART = r"(?P<part>day|morning|afternoon|evening|night|week|month|quarter|year)"

PATTERNS = {
    "date": rf"{_BEFORE}(?<![\w/.-])(?<!\d,){_DATE}{_AFTER}(?!\w)",
    "weekday": (
        rf"{_BEFORE}(?:(?P<which>(?i:last|next|this\scoming|this\spast|this|coming|past|following|previous))\s)?"
        rf"(?:(?P<weekday>{_WEEKDAY})|(?P<short>(?:Mon|Tues?|Wed|Thu(?:rs?)?|Fri)\.)){_AFTER}{_END}"
    ),
    "near": (
        rf"{_BEFORE}(?P<near>(?i:(?:the\s)?day\sbefore\syesterday|(?:the\s)?day\safter\stomorrow|yesterday|today|tomorrow"
        rf"|tonight|this\s(?:morning|afternoon|evening)|last\s(?:night|evening)))\b{_AFTER}{_END}"
    ),
    "overnight": rf"(?i:overnight){_END}",
    "weekend": r"(?P<which>(?i:the\scoming|the|last|next|this\scoming|this\spast|this|coming|past))\sweekend" + _END,
    "running": (
        r"(?:(?P<lead>(?i:early|late|earlier|later))\s)?(?P<which>(?i:last|this|next))"
        r"\s(?P<unit>week|month|quarter|year)" + _END
    ),
    "ago": rf"{_NUMBER}\s{_UNITS}\sago(?P<sharp>\s(?:today|tonight|yesterday|tomorrow|(?:this|last|next)\s\w+))?{_END}",
    "later": rf"{_NUMBER}\s{_UNITS}\s(?P<way>later|earlier|afterwards|before){_END}",
    "hence": rf"{_NUMBER}\s{_UNITS}(?:['’]s?\stime|\sfrom\snow){_END}",
    "told": (
        rf"(?:(?P<lead>(?i:earlier|later))\s)?(?i:the\s(?P<way>previous|following|next|same)|(?P<that>that))\s{_PART}{_END}"
        rf"|(?i:the)\s(?P<beside>day|night|evening|morning|week|month|year)\s(?P<side>before|after){_END}"
    ),
    "quarter": (
        rf"(?:(?i:the)\s)?(?:(?P<ordinal>(?i:first|second|third|fourth))[\s-]quarter|Q(?P<figure>[1-4])){_END}{_OF_YEAR}"
    ),
    "season": (
        r"(?:(?P<which>(?i:the|last|this|next))\s)?(?:(?i:early|late|mid)[\s-])?"
        rf"(?P<season>(?i:spring|summer|autumn|fall|winter)){_END}{_OF_YEAR}"
    ),
    "month": (
        r"(?:(?i:early|late|mid)[\s-])?(?:(?P<which>(?i:last|this|next))\s)?(?:(?i:early|late|mid)[\s-])?"
        rf"(?P<name>{MONTH}){_END}{_OF_YEAR}"
    ),
    "year": rf"(?:(?i:early|late|mid)[\s-])?(?<![\w$€£.,/-])(?P<number>{_YEAR}){_END}",
}
RULES = {name: re.compile(pattern) for name, pattern in PATTERNS.items()}
SCAN = re.compile(
    r"(?<![\w$€£])(?:"
    + "|".join(f"(?P<{name}>{re.sub(r'[(][?]P<[a-z_]+>', '(?:', pattern)})" for name, pattern in PATTERNS.items())
    + ")"
)
"""Finds every candidate in one pass; ``lastgroup`` names the rule, whose own pattern then reads the parts."""

TRIGGER = re.compile(
    rf"(?i:day|tomorrow|week|month|quarter|year|night|ago\b|later|earlier|morning|evening|afternoon|spring|summer|autumn"
    rf"|fall|winter)|\d{{4}}|\bQ[1-4]|\b(?:Tues?|Wed|Thu(?:rs?)?|Fri|Mon)\.|\b{MONTH}"
)
"""What every time has at least one of: most sentences have none, and are passed over."""
