"""How likely two sentences give values for the same thing.

The question says which thing is meant, and the reading model says how well each sentence answers it. That alone does
not tell "3,900" of "The police saw 3,900." from the capacity of a stadium. So it is weighed together with what both
values and both sentences share. The weights are a logistic regression. ``training/likeness.py`` fits them on questions
about invented storylines for which every sentence that gives a value was marked.
"""

from __future__ import annotations

from collections.abc import Mapping
from math import exp, log, log10

from .standing import Statement
from .values import Amount, Asked, Day, Name, State, Value, Words, compare

SURE = 0.02  # probabilities nearer to 0 or 1 than this count as this
FURTHEST = 3.0  # powers of ten, or half years, from which two values count as equally far apart
HALF_YEAR = 180  # days

WEIGHTS: dict[str, float] = {
    "answers": 1.11,
    "claim answers": -0.67,
    "weaker answers": -0.30,
    "of best": 1.10,
    "of best in article": 0.74,
    "best in article": 0.36,
    "words known": 0.22,
    "focus": 3.34,
    "no focus": 1.31,
    "shared focus": 0.43,
    "focus before": 1.10,
    "shared words": 1.98,
    "less named": -1.81,
    "one story": 2.56,
    "same article": -0.84,
    "neighbours": 1.62,
    "same day": -0.84,
    "voice": 0.79,
    "equal": 2.03,
    "rounded": 0.77,
    "days": -0.52,
    "names": -0.61,
    "states": -1.39,
    "words": -1.78,
    "times as large": -2.46,
    "days apart": -0.71,
    "unit": 0.19,
    "other noun": -0.81,
    "no noun": 0.58,
    "as asked": -0.36,
    "otherwise asked": 0.07,
}
BIAS = -5.31


def likeness(found: Mapping[str, float]) -> float:
    """Return the probability that two statements give values for the same thing, 0 to 1, from their features."""
    return 1 / (1 + exp(-BIAS - sum(WEIGHTS[name] * value for name, value in found.items())))


def are_of_one_kind(one: Statement, other: Statement, asked: Asked) -> bool:
    """Whether two values can be of one thing at all: no day beside a number, and no dead beside injured people.

    Nor are a part, a rate or a forecast values of the whole, or of what is.
    """
    a, b = one.given.value, other.given.value
    if isinstance(a, Amount) and isinstance(b, Amount):
        return a.counted.may_be(b.counted, asked.stems)
    return type(a) is type(b)


def features(one: Statement, other: Statement, asked: Asked, *, one_story: bool) -> dict[str, float]:
    """Return what the likeness of two statements is weighed by, each by its name.

    Args:
        one: the statement on which a claim rests.
        other: another one, with a value of the same kind.
        asked: what the question asks for.
        one_story: whether their articles tell one story.
    """
    a, b = one.given.value, other.given.value
    same_article = one.article.id == other.article.id
    compared = compare(one.given, other.given)
    focus, shared = asked.focus, one.focus & other.focus
    found: dict[str, float] = {
        # How well both answer, in itself and beside what else was found.
        "answers": _log_odds(other.answers),
        "claim answers": _log_odds(one.answers),
        "weaker answers": min(_log_odds(one.answers), _log_odds(other.answers)),
        "of best": other.of_best,
        "of best in article": other.of_best_in_article,
        "best in article": other.of_best_in_article >= 1,
        "words known": other.given.words is not None,
        # What the sentences have of the question, and of each other.
        "focus": len(other.focus) / len(focus) if focus else 0,
        "no focus": not other.focus,
        "shared focus": len(shared) / len(one.focus) if one.focus else 0,
        "focus before": len(other.focus_before) / len(focus) if focus else 0,
        "shared words": len(one.words & other.words) / (min(len(one.words), len(other.words)) or 1),
        "less named": max(0, one.named - other.named),
        # Where and when they stand.
        "one story": one_story,
        "same article": same_article,
        "neighbours": same_article and abs(one.sentence.index - other.sentence.index) == 1,
        "same day": one.day is not None and one.day == other.day,
        "voice": bool(other.voice),
        # The values.
        "equal": compared == "same",
        "rounded": compared == "rounding",
        "days": isinstance(b, Day),
        "names": isinstance(b, Name),
        "states": isinstance(b, State),
        "words": isinstance(b, Words),
        "times as large": _times_as_large(a, b),
        "days apart": _days_apart(a, b),
    }
    return found | _amounts(one, other, asked)


def _amounts(one: Statement, other: Statement, asked: Asked) -> dict[str, float]:
    a, b = one.given.value, other.given.value
    both = isinstance(a, Amount) and isinstance(b, Amount)
    mine, theirs = (a.counted, b.counted) if isinstance(a, Amount) and isinstance(b, Amount) else (None, None)
    nouns = (mine.noun, theirs.noun) if mine and theirs else ("", "")
    return {
        "unit": isinstance(a, Amount) and isinstance(b, Amount) and a.number.unit == b.number.unit,
        "other noun": "" not in nouns and nouns[0] != nouns[1],
        "no noun": both and not other.sentence.text[other.given.end :].lstrip()[:1].isalnum(),
        "as asked": bool(theirs and asked.counts(theirs)),
        "otherwise asked": bool(mine and theirs and asked.counts(mine) != asked.counts(theirs)),
    }


def _log_odds(probability: float) -> float:
    kept = min(max(probability, SURE), 1 - SURE)
    return log(kept / (1 - kept))


def _times_as_large(one: Value, other: Value) -> float:
    """How far apart two amounts are, in powers of ten. 0 for other values."""
    if not (isinstance(one, Amount) and isinstance(other, Amount)):
        return 0.0
    a, b = one.number.value, other.number.value
    return min(FURTHEST, abs(log10(a / b))) if a > 0 and b > 0 else FURTHEST * (a != b)


def _days_apart(one: Value, other: Value) -> float:
    """How far apart two days are, in half years. 0 for other values."""
    if not (isinstance(one, Day) and isinstance(other, Day)):
        return 0.0
    return min(FURTHEST, abs((one.when.start - other.when.start).days) / HALF_YEAR)
