"""The days a question asks within: "last week", "since March", "before 10 March", "between 1 and 5 March"."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, timedelta
from itertools import zip_longest

from ...model import Period
from ..regex import lazy_compile
from .expressions import TimeExpression, time_expressions
from .patterns import PART_OF_DAY, WEEKDAY
from .tense import governing_future

_PREPOSITION = lazy_compile(
    r"\b(?P<word>since|from|after|before|until|till|by|up to|in|on|at|during|over|within|between)\s+(?:the\s+)?$", re.I
)
_SECOND = lazy_compile(r"\s+(?:to|until|till|and|through)\s+")
# Without a preposition, words of time tell when something was reported only where they are an adverb.
_NO_ADVERB_LEFT = lazy_compile(r"(?:\b(?:of|for|to|than|about|an?|the|its|his|her|their|as)|['’]s)\s*$", re.I)
_ADVERB_RIGHT = lazy_compile(
    r"[\s?!.,;]*$|,|\s(?:about|in|on|at|by|to|for|and|when|that|from|after|before|with|over"
    r"|did|does|do|has|have|had|was|were|is|are|who|what|how|which|why|where|as|of|because|than|the|regarding|concerning"
    r"|between|against|under|during|since|until|if|whether|he|she|they|it)\b"
)
_BARE_WEEKDAY = lazy_compile(rf"(?:(?:late|early)\s(?:on\s)?)?{WEEKDAY}(?:\s{PART_OF_DAY})?")
_DAY = timedelta(days=1)


def question_range(question: str, today: date) -> tuple[Period | None, str]:
    """What a question's words say of when, and the question without them.

    Args:
        question: as asked.
        today: the day it is asked on, which "last week" and "March" are counted from.

    Returns:
        The period, None if no words set any, and what is left of the question. A time that only belongs to what is
        asked about ("the budget for next year", "Tuesday's vote", "will it open in May?", a quarter's figures, reported
        after it) sets no bounds and stays where it is. Bounds that exclude each other are none.
    """
    found = _asked(question, today)
    since = max((bounds.since for *_, bounds in found if bounds.since), default=None)
    until = min((bounds.until for *_, bounds in found if bounds.until), default=None)
    if not found or (since and until and since > until):
        return None, question
    happened = any(bounds.happened and bounds.until == until for *_, bounds in found)
    weekday = all(bounds.weekday for *_, bounds in found)
    period = Period(since=since, until=until, happened=happened, weekday=weekday)
    return period, _without(question, [(start, end) for start, end, _ in found])


def _asked(question: str, today: date) -> list[tuple[int, int, Period]]:
    """Start and end of the words to cut, and the days they allow."""
    found = time_expressions(question, today)
    result: list[tuple[int, int, Period]] = []
    skipped: TimeExpression | None = None
    for mention, following in zip_longest(found, found[1:]):
        if mention is skipped or not _about_reporting(question, mention, today):
            continue
        preposition = _PREPOSITION.search(question[: mention.start])
        word = preposition["word"].lower() if preposition else ""
        start = preposition.start() if preposition else mention.start
        if word in ("from", "between") and following and _SECOND.fullmatch(question, mention.end, following.start):
            skipped = following
            since, until = _range(mention, following)
            result.append((start, following.end, Period(since=since, until=until, happened=True)))
        elif _adverb(question, mention, led=bool(word)):
            first, last = _bounds(mention, word)
            happened = word not in ("before", "until", "till", "by", "up to")
            bare = bool(_BARE_WEEKDAY.fullmatch(mention.when.words))
            result.append((start, mention.end, Period(since=first, until=last, happened=happened, weekday=bare)))
    return result


def _range(first: TimeExpression, second: TimeExpression) -> tuple[date, date]:
    """From the one to the other. Each alone is the last of its kind; before the other it may be the one before."""
    start, end = first.when.start, second.when.end
    if first.relative and not second.relative:
        start = _in_year(start, end.year)
    if start > end:
        start = start - 7 * _DAY if (start - end).days < 7 else _in_year(start, start.year - 1)
    return min(start, end), end


def _in_year(day: date, year: int) -> date:
    return day.replace(year=max(year, date.min.year), day=min(day.day, 28) if day.month == 2 else day.day)


def _bounds(mention: TimeExpression, word: str) -> tuple[date | None, date | None]:
    when = mention.when
    if word in ("since", "from"):
        return when.start, None
    if word == "after":
        return min(when.end, date.max - _DAY) + _DAY, None
    if word == "before":
        return None, max(when.start, date.min + _DAY) - _DAY
    return (None if word in ("until", "till", "by", "up to") else when.start), when.end


def _about_reporting(question: str, mention: TimeExpression, today: date) -> bool:
    after = question[mention.end : mention.end + 3]
    return (
        mention.when.start <= today
        and mention.when.precision != "quarter"
        and not after.startswith(("'s", "’s"))
        and not governing_future(question, mention.start, mention.end)
    )


def _adverb(question: str, mention: TimeExpression, *, led: bool) -> bool:
    """Whether words of time stand by themselves, after a preposition or none: not in "the 2025 election"."""
    left = led or not _NO_ADVERB_LEFT.search(question[: mention.start])
    return left and bool(_ADVERB_RIGHT.match(question, mention.end))


def _without(question: str, cuts: Sequence[tuple[int, int]]) -> str:
    """The question without what was cut, and without the commas and "and" that only joined it."""
    rest = question
    for start, end in reversed(cuts):
        rest = f"{rest[:start]}\0{rest[end:]}"
    rest = re.sub(r"\0,?(?:\s+and)?(?=\s+\0)", "", rest)
    rest = re.sub(r"^\s*\0\s*,?|\s*,?\s*\0", " ", rest)
    return re.sub(r"\s+(?=[?!.,;])", "", " ".join(rest.split()))
