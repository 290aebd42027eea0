"""Figures that an article itself sets side by side: those of two people, or a new one and the one before.

"The union holds to 46, the growers to 31." "Ashgrove General counts 16. Lotte Corvin counts 23." "A ride costs 2.60,
down from 2.80." Whoever writes so says that both figures are of one thing.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from itertools import pairwise

from ..articles.parse import ParsedArticle
from ..english.characters import fold
from ..english.slots import gives_two, succession, whose_figure
from ..model import ChangeKind
from .corrections import note_of
from .standing import Statement, stems_of_name
from .values import Amount, Given, amounts_in, compare

FACTOR = 10  # how many times as large one of two figures may be
PRONOUNS = frozenset({"he", "she", "they"})

Pair = tuple[Statement, Statement, ChangeKind]
"""Two statements, and what they are to each other. Of an update the first one is older."""


@lru_cache(maxsize=256)
def pairs_in(article: ParsedArticle) -> tuple[Pair, ...]:
    """Return the pairs of figures that an article sets side by side, in order."""
    pairs = (*_disagreeing(article), *_succeeding(article))
    # A note of a correction says itself which of its figures is wrong.
    return tuple(p for p in pairs if not note_of(article, p[0].sentence) and not note_of(article, p[1].sentence))


def _disagreeing(article: ParsedArticle) -> Iterator[Pair]:
    """Figures of two people, one after the other, in one sentence or in two neighbouring ones.

    In "8,000 people, or 3,500 according to the police" the article itself gives the first one. A pronoun in front of a
    name stands for somebody else.
    """
    for (one, first), (other, second) in pairwise(_figures(article)):
        near = other.sentence.index - one.sentence.index <= 1
        if not (near and first and second and not first & second and not second & PRONOUNS):
            continue
        if _comparable(one, other, anyhow=_is_bare(other)):
            yield one, other, "disagreement"
    for sentence in article.sentences:
        for one, other in pairwise(Statement(article, sentence, given) for given in amounts_in(article, sentence)):
            if _comparable(one, other) and gives_two(sentence.text, _span(one.given), _span(other.given)):
                yield one, other, "disagreement"


def _figures(article: ParsedArticle) -> Iterator[tuple[Statement, frozenset[str]]]:
    """The first figure that each voice gives in a sentence, with the stems of its name, or a pronoun."""
    for sentence in article.sentences:
        voices: list[frozenset[str]] = []
        for given in amounts_in(article, sentence):
            who = whose_figure(sentence.text, given.start, given.end)
            voice = stems_of_name(who) or frozenset({fold(who or "")} & PRONOUNS)
            if voice and voice not in voices:
                voices.append(voice)
                yield Statement(article, sentence, given), voice


def _succeeding(article: ParsedArticle) -> Iterator[Pair]:
    """A figure and the one before it, in one sentence."""
    for sentence in article.sentences:
        found = [Statement(article, sentence, given) for given in amounts_in(article, sentence)]
        for one, other in pairwise(found):
            spans = _span(one.given), _span(other.given)
            order = succession(sentence.text, *spans) if _comparable(one, other) else None
            if order == "older":
                yield other, one, "update"
            elif order == "newer":
                yield one, other, "update"


def _span(given: Given) -> tuple[int, int]:
    return given.start, given.end


def _is_bare(statement: Statement) -> bool:
    """Whether a figure has no noun of its own: "3,900" of "the police saw 3,900" counts what the one before counts."""
    text, end = statement.sentence.text, statement.given.end
    return not text[end:].lstrip()[:1].isalnum()


def _comparable(one: Statement, other: Statement, *, anyhow: bool = False) -> bool:
    """Whether two figures may be of one thing: the same unit, no share beside a count, and not far apart.

    With ``anyhow``, the second one counts what the first one does, even if that is "6,200 of them".
    """
    a, b = one.given.value, other.given.value
    if not isinstance(a, Amount) or not isinstance(b, Amount):
        return False
    if a.counted.toll is not None and b.counted.toll is not None and a.counted.toll != b.counted.toll:
        return False
    near = 1 / FACTOR <= (a.number.value or 1) / (b.number.value or 1) <= FACTOR
    return (
        near
        and a.counted.step == b.counted.step
        and (anyhow or a.counted.part == b.counted.part)
        and (compare(one.given, other.given) == "different")
    )
