"""Numbers in a text, in digits or in words, as values."""

from __future__ import annotations

import re
from typing import NamedTuple

from .characters import fold

_ONES = {
    word: value
    for value, word in enumerate(
        """
    zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen
    seventeen eighteen nineteen
    """.split()
    )
}


_TENS = {
    word: 10 * (i + 2)
    for i, word in enumerate(
        """
    twenty thirty forty fifty sixty seventy eighty ninety
    """.split()
    )
}


_SCALE = {"hundred": 100, "thousand": 1_000, "million": 1_000_000, "billion": 1_000_000_000, "trillion": 10**12}


_MAGNITUDE = {"k": "thousand", "m": "million", "mn": "million", "bn": "billion", "tn": "trillion"}


_SMALL = "|".join([*_ONES, *_TENS])


_NUMBER = re.compile(
    rf"(?<![\w.])(?P<digits>\d{{1,3}}(?:,\d{{3}})+(?:\.\d+)?|\d+(?:\.\d+)?)"
    rf"(?:[\s-]?(?P<scale>{'|'.join(_SCALE)}|bn|mn|tn)\b|(?P<letter>[mk])\b)?"  # "5 m" are metres, "5m" a sum
    rf"|\b(?P<words>(?:{_SMALL})(?:[\s-](?:{_SMALL}))?)(?:[\s-](?P<wscale>{'|'.join(_SCALE)}))?\b",
    re.IGNORECASE,
)


class Number(NamedTuple):
    """A number as written at ``start:end`` of the folded text, with its value."""

    value: float
    start: int
    end: int


def numbers(text: str) -> tuple[float, ...]:
    """Every number written in digits or words, as a value: "2.5 million" → 2500000.0, "thirty-one" → 31.0."""
    return tuple(number.value for number in find_numbers(fold(text)))


def find_numbers(folded: str) -> tuple[Number, ...]:
    """The numbers of an already folded text, with where they stand in it."""
    found = []
    for match in _NUMBER.finditer(folded):
        scale = match["scale"] or match["letter"] or match["wscale"]
        if match["digits"]:
            value = float(match["digits"].replace(",", ""))
        else:
            value = float(sum(_ONES.get(w, _TENS.get(w, 0)) for w in re.split(r"[\s-]", match["words"])))
        value *= _SCALE[_MAGNITUDE.get(scale, scale)] if scale else 1
        found.append(Number(value, match.start(), match.end()))
    return tuple(found)
