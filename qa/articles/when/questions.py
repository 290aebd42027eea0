"""The days a question asks within: "last week", "since March", "before 10 March", "between 1 and 5 March"."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, timedelta
from itertools import zip_longest

from ...model import Filters
from .mentions import Mention, mentions
from .tense import governing_future

_PREPOSITION = re.compile(
    r"\b(?P<word>since|from|after|before|until|till|by|up to|in|on|at|during|over|within|between)\s+(?:the\s+)?$", re.I
)
_SECOND = re.compile(r"\s+(?:to|until|till|and|through)\s+")
# Without a preposition, words of time tell when something was reported only where they are an adverb.
_NO_ADVERB_LEFT = re.compile(r"(?:\b(?:of|for|to|than|about|an?|the|its|his|her|their|as)|['’]s)\s*$", re.I)
_ADVERB_RIGHT = re.compile(r"[\s?!.,;]*$|,|\s(?:about|in|on|at|by|to|for|and|when|that|from|after|before|with|over)\b")
_DAY = timedelta(days=1)


def question_range(question: str, today: date) -> tuple[Filters, str]:
    """What a question says of when the thing was reported, and the question without those words.

    Args:
        question: as asked.
        today: the day it is asked on, which "last week" and "March" are counted from.

    Returns:
        ``since`` and ``until``, both inclusive, and what is left of the question. A time that only belongs to what is
        asked about ("the budget for next year", "Tuesday's vote", "will it open in May?", a quarter's figures, reported
        after it) sets no bounds and stays where it is. Bounds that exclude each other are none.
    """
    since: date | None = None
    until: date | None = None
    cuts: list[tuple[int, int]] = []
    for start, end, first, last in _asked(question, today):
        since = max(filter(None, (since, first)), default=None)
        until = min(filter(None, (until, last)), default=None)
        cuts.append((start, end))
    if since and until and since > until:
        return Filters(), question
    return Filters(since=since, until=until), _without(question, cuts)


def _asked(question: str, today: date) -> list[tuple[int, int, date | None, date | None]]:
    """Start and end of the words to cut, first and last day they allow."""
    found = mentions(question, today)
    result: list[tuple[int, int, date | None, date | None]] = []
    skipped: Mention | None = None
    for mention, following in zip_longest(found, found[1:]):
        if mention is skipped or not _about_reporting(question, mention, today):
            continue
        preposition = _PREPOSITION.search(question[: mention.start])
        word = preposition["word"].lower() if preposition else ""
        start = preposition.start() if preposition else mention.start
        if word in ("from", "between") and following and _SECOND.fullmatch(question, mention.end, following.start):
            skipped = following
            result.append((start, following.end, *_range(mention, following)))
        elif word or _adverb(question, mention):
            result.append((start, mention.end, *_bounds(mention, word)))
    return result


def _range(first: Mention, second: Mention) -> tuple[date, date]:
    """From the one to the other. Each alone is the last of its kind; before the other it may be the one before."""
    start, end = first.when.start, second.when.end
    if first.relative and not second.relative:
        start = _in_year(start, end.year)
    if start > end:
        start = start - 7 * _DAY if (start - end).days < 7 else _in_year(start, start.year - 1)
    return min(start, end), end


def _in_year(day: date, year: int) -> date:
    return day.replace(year=max(year, date.min.year), day=min(day.day, 28) if day.month == 2 else day.day)


def _bounds(mention: Mention, word: str) -> tuple[date | None, date | None]:
    when = mention.when
    if word in ("since", "from"):
        return when.start, None
    if word == "after":
        return min(when.end, date.max - _DAY) + _DAY, None
    if word == "before":
        return None, max(when.start, date.min + _DAY) - _DAY
    return (None if word in ("until", "till", "by", "up to") else when.start), when.end


def _about_reporting(question: str, mention: Mention, today: date) -> bool:
    after = question[mention.end : mention.end + 3]
    return (
        mention.when.start <= today
        and mention.when.precision != "quarter"
        and not after.startswith(("'s", "’s"))
        and not governing_future(question, mention.start, mention.end)
    )


def _adverb(question: str, mention: Mention) -> bool:
    return not _NO_ADVERB_LEFT.search(question[: mention.start]) and bool(_ADVERB_RIGHT.match(question, mention.end))


def _without(question: str, cuts: Sequence[tuple[int, int]]) -> str:
    """The question without what was cut, and without the commas and "and" that only joined it."""
    rest = question
    for start, end in reversed(cuts):
        rest = f"{rest[:start]}\0{rest[end:]}"
    rest = re.sub(r"\0,?(?:\s+and)?(?=\s+\0)", "", rest)
    rest = re.sub(r"^\s*\0\s*,?|\s*,?\s*\0", " ", rest)
    return re.sub(r"\s+(?=[?!.,;])", "", " ".join(rest.split()))
