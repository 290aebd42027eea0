"""Numbers with what they count, told by the words around them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from ..characters import fold
from ..lexicon import STOPWORDS
from ..regex import lazy_compile
from ..tokens import stem
from .reading import Number, find_labels, find_numbers

WINDOW = 4  # content words on either side of a number that tell what it counts
_WORD = lazy_compile(r"[^\W\d_]+")
_CLAUSE_BEFORE = lazy_compile(r"[.;:,]\s")
_CLAUSE_AFTER = lazy_compile(r"[.;:,](?:\s|$)")


class Quantity(NamedTuple):
    """A number at ``start:end`` of a text, and the stems of the words around it, which tell what it counts."""

    start: int
    end: int
    number: Number
    near: frozenset[str]

    def moved(self, by: int) -> Quantity:
        """The same quantity, ``by`` code points further on."""
        start, end = self.start + by, self.end + by
        return Quantity(start, end, self.number._replace(start=start, end=end), self.near)


def find_quantities(text: str) -> tuple[Quantity, ...]:
    """The numbers of a text in order, each with what it counts."""
    found = find_numbers(text)
    if not found:
        return ()
    characters = list(text)
    for start, end in [(n.start, n.end) for n in found] + [(b.start, b.end) for b in find_labels(text)]:
        characters[start:end] = " " * (end - start)
    others = "".join(characters)
    counting = [number for number in found if number.kind != "ordinal"]
    return tuple(Quantity(n.start, n.end, n, _near(others, n, counting)) for n in found)


def _near(text: str, number: Number, counting: Iterable[Number]) -> frozenset[str]:
    """Stems of the content words around a number, up to the next number, the end of a clause, or WINDOW.

    What stands between two numbers belongs to the first of them.
    """
    right = min((other.start for other in counting if other.start >= number.end), default=len(text))
    first = not any(other.end <= number.start for other in counting)
    before = _CLAUSE_BEFORE.split(fold(text[: number.start]))[-1] if first else ""
    after = _CLAUSE_AFTER.split(fold(text[number.end : right]))[0]
    words_before = [word for word in _WORD.findall(before) if word not in STOPWORDS][-WINDOW:]
    words_after = [word for word in _WORD.findall(after) if word not in STOPWORDS][:WINDOW]
    return frozenset(stem(word) for word in (*words_before, *words_after))
