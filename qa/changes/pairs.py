"""Figures that an article itself sets side by side: those of two people, or a new one and the one before.

"The union holds to 46, the growers to 31." "Ashgrove General counts 16. Lotte Corvin counts 23." "A ride costs 2.60,
down from 2.80." Whoever writes so says that both figures are of one thing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from functools import lru_cache
from itertools import pairwise

from ..articles.parse import ParsedArticle
from ..english.characters import fold
from ..english.lexicon import any_of
from ..english.regex import lazy_compile
from ..english.slots import gives_two, recalls, succession, tells_of_change
from ..model import ChangeKind
from .corrections import note_of
from .standing import Statement
from .values import Amount, Given, amounts_in, compare

SCALES = (1, 1_000, 1_000_000, 1_000_000_000)  # of figures whose "million" is left out
FACTOR = 10  # how many times as large one of two figures may be
MOST = 12  # figures of a sentence; one with more is a table
REACH = 5  # the most words between the verb with which somebody gives a figure, and the figure
PRONOUNS = frozenset({"he", "she", "they"})
# What may stand behind a figure without a noun, and in front of one that begins what somebody says.
_NO_NOUN = lazy_compile(
    r"\s*(?:%|per\s?cent\b)?(?:\s*(?:[^\w\s%€$£]|$)|\s(?:according|all told|among|and|at|because|but|for|in all|"
    r"instead|of (?:them|these|those)|or|since|then|until|when|who|would)\b)"
)
_HEDGES = """
    a about almost around at barely by closer count counted fewer good had has have i is it just least less make makes
    more most nearer nearly no not now only over own perhaps roughly some than the there they to under up was we were
    """
_LEAD = lazy_compile(rf"(?:^|[.;:,“\"(–—]\s?)(?:not so,\s)?(?:{any_of(frozenset(_HEDGES.split()))}\s)*$", re.IGNORECASE)

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

    The first one may also be told by the article itself: "Six of the staff have gone. Civic says eleven." The second
    one counts the same by its noun, or has none.
    """
    before: list[Statement] = []
    for sentence in article.sentences:
        amounts = amounts_in(article, sentence)
        here = [Statement(article, sentence, given) for given in amounts] if len(amounts) <= MOST else []
        for place, other in enumerate(here):
            if not _is_given(other) or any(s.voice == other.voice for s in here[:place]):
                continue  # the first figure that somebody gives is the one that counts
            told = [s for s in here[:place] if _is_given(s)]
            earlier = [*told, *sorted(before, key=lambda s: not _is_given(s))]
            one = next((s for s in earlier if _contradicts(other, s)), None)
            if one is not None:
                yield one, other, "disagreement"
        before = here
    for sentence in article.sentences:
        for one, other in pairwise(Statement(article, sentence, given) for given in amounts_in(article, sentence)):
            if _comparable(one, other) and gives_two(sentence.text, _span(one.given), _span(other.given)):
                yield one, other, "disagreement"


def _is_given(figure: Statement) -> bool:
    """Whether somebody gives a figure as theirs, and not as one of before. A pronoun may stand for whoever did last."""
    who = fold(figure.giver.who) if figure.giver else ""
    return bool(figure.voice) and who not in PRONOUNS and not recalls(figure.sentence.text, figure.given.start)


def _contradicts(other: Statement, one: Statement) -> bool:
    """Whether somebody gives another figure for what the one before counts."""
    a, b = one.given.value, other.given.value
    if not isinstance(a, Amount) or not isinstance(b, Amount) or (b.counted.part and not a.counted.part):
        return False
    if one.voice and other.voice and one.voice & other.voice:
        return False
    if not one.voice and tells_of_change(other.sentence.text):
        return False  # the first one was so before
    bare = _is_bare(other)
    # "Castell counted 1,480 absentees; the union says 1,620 are out", "puts it at 130 tonnes. … at least 400 tonnes"
    set_beside = one.sentence.index == other.sentence.index or b.number.unit != ""
    alike = b.counted.noun == a.counted.noun != "" or (set_beside and _is_given(one) and a.number.unit == b.number.unit)
    return (bare or alike) and _comparable(one, other, anyhow=bare)


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
    """Whether a figure has no noun of its own: "3,900" of "the police saw 3,900" counts what the one before counts.

    In "Turnout was 88%, according to the union" it has one.
    """
    text, given = statement.sentence.text, statement.given
    if not _NO_NOUN.match(text, given.end):
        return False
    who = statement.giver
    if who and who.verb is not None:
        return len(text[who.verb : given.start].split()) <= REACH
    return bool(_LEAD.search(text[: given.start]))


def _comparable(one: Statement, other: Statement, *, anyhow: bool = False) -> bool:
    """Whether two figures may be of one thing: the same unit, no share beside a count, and not far apart.

    With ``anyhow``, the second one counts what the first one does, even if that is "6,200 of them".
    """
    a, b = one.given.value, other.given.value
    if not isinstance(a, Amount) or not isinstance(b, Amount):
        return False
    if a.counted.toll is not None and b.counted.toll is not None and a.counted.toll != b.counted.toll:
        return False
    b = _read_after(a, b) if anyhow else b
    return (
        _are_near(a.number.value, b.number.value)
        and a.counted.step == b.counted.step
        and (anyhow or a.counted.part == b.counted.part)
        and compare(one.given, replace(other.given, value=b)) == "different"
    )


def _are_near(one: float, other: float) -> bool:
    return 1 / FACTOR <= (one or 1) / (other or 1) <= FACTOR


def _read_after(before: Amount, amount: Amount) -> Amount:
    """A figure without a noun with the unit and the scale of the one before: "It cost 181 million. They say 177." """
    value, wanted = amount.number.value, before.number.value
    if amount.number.unit not in ("", before.number.unit):
        return amount
    scales = (scale for scale in SCALES if scale <= wanted and _are_near(wanted, value * scale))
    number = amount.number._replace(value=value * next(scales, 1), unit=before.number.unit)
    return replace(amount, number=number)
