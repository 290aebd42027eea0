"""The numbers, times and names of a stretch of a document: what a note of a correction sets against each other."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from typing import TYPE_CHECKING, Literal, NamedTuple, TypeVar

from ..characters import level
from ..lexicon import FUNCTION_WORDS, MONTHS, WEEKDAYS, any_of
from ..names import NAME
from ..numbers.units import unit_at
from ..regex import lazy_compile
from ..tokens import words
from .notes import Span

if TYPE_CHECKING:  # a document has its notes as a layer
    from ..document import Document, Placed

T = TypeVar("T", bound="Placed")
ValueKind = Literal["number", "time", "name"]


class Value(NamedTuple):
    """A number with its unit, a time or a name at ``start:end``. ``key`` is equal for two that are the same."""

    start: int
    end: int
    kind: ValueKind
    key: str
    unit: str = ""

    @property
    def span(self) -> Span:
        """Where it stands."""
        return self.start, self.end

    def fits(self, other: Value) -> bool:
        """Whether both may stand for one thing: of one kind, and numbers in one unit as far as they have any."""
        return self.kind == other.kind and (self.unit == other.unit or not self.unit or not other.unit)


_PARAGRAPH = lazy_compile(r"\bparagraphs?\s$", re.IGNORECASE)
_SIGN = lazy_compile(r"[$£€¥#]$")
_WEEKDAY = lazy_compile(rf"\b{any_of(WEEKDAYS)}\b")
_NAME = lazy_compile(rf"\b{NAME}")
_AND = lazy_compile(r"\s+(?:and|&)\s+")
_NO_NAME = (
    FUNCTION_WORDS | {word.lower() for word in (*WEEKDAYS, *MONTHS)} | {"correction", "clarification", "editor's"}
)


def values_in(document: Document, start: int, end: int) -> tuple[Value, ...]:
    """The numbers, times and names between two offsets of a document, in order, none overlapping another."""
    found = [*_times(document, start, end), *_numbers(document, start, end), *_names(document.text, start, end)]
    kept: list[Value] = []
    for value in found:  # a time before a number, and a number before a name
        if not any(value.start < other.end and other.start < value.end for other in kept):
            kept.append(value)
    return tuple(sorted(kept))


def different(ones: Iterable[Value], others: Iterable[Value]) -> tuple[list[Value], list[Value]]:
    """The values of each side that the other side has not."""
    left, right = list(ones), list(others)
    mine, theirs = {(v.kind, v.key) for v in left}, {(v.kind, v.key) for v in right}
    return [v for v in left if (v.kind, v.key) not in theirs], [v for v in right if (v.kind, v.key) not in mine]


def _times(document: Document, start: int, end: int) -> Iterator[Value]:
    for time in _between(document.times, start, end):
        when = time.when
        moment = f" {when.at:%H:%M}" if when.at else ""
        yield Value(time.start, time.end, "time", f"{when.start}/{when.end}{moment}")
    for match in _WEEKDAY.finditer(document.text, start, end):
        yield Value(*match.span(), "time", match.group().lower())
    for label in _between(document.labels, start, end):
        yield Value(label.start, label.end, "time", label.text)


def _numbers(document: Document, start: int, end: int) -> Iterator[Value]:
    text = document.text
    low = level(text[start:end])
    for quantity in _between(document.numbers, start, end):
        number = quantity.number
        key = f"{number.value:.10g}" + (f"-{number.upper:.10g}" if number.upper is not None else "")
        key += "." if number.kind == "ordinal" else ""
        _, after = unit_at(low, quantity.end - start, number.value)
        first = quantity.start - bool(_SIGN.search(text, max(start, quantity.start - 1), quantity.start))
        if number.upper is not None and _PARAGRAPH.search(text, start, quantity.start):
            first = quantity.start + text[quantity.start : quantity.end].rfind(" ") + 1
            key = f"{number.upper:.10g}"  # "in paragraph 2 to 41" is no range
        yield Value(first, max(quantity.end, start + after), "number", key, number.unit)


def _between(layer: Sequence[T], start: int, end: int) -> Iterator[T]:
    """The members of a layer that stand between two offsets."""
    first = bisect_left(layer, start, key=lambda item: item.start)
    for item in layer[first:]:
        if item.start >= end:
            return
        if item.end <= end:
            yield item


def _names(text: str, start: int, end: int) -> Iterator[Value]:
    """The names, without the function words and the days in front of them; those that "and" joins apart."""
    for match in _NAME.finditer(text, start, end):
        first = match.start()
        while (word := text[first : match.end()].split(maxsplit=1)) and level(word[0]).strip(".'") in _NO_NAME:
            first = match.end() - len(word[1]) if len(word) > 1 else match.end()
        cuts = [place for joint in _AND.finditer(text, first, match.end()) for place in joint.span()]
        for left, right in list(pairwise((first, *cuts, match.end())))[::2]:
            name = text[left:right].rstrip(".'’")
            bare = name.removesuffix("’s").removesuffix("'s")
            if bare:
                yield Value(left, left + len(bare), "name", " ".join(words(bare)))
