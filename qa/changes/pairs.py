"""Figures that an article itself sets side by side: those of two people, or a new one and the one before.

"The union holds to 46, the growers to 31." "Ashgrove General counts 16. Lotte Corvin counts 23." "A ride costs 2.60,
down from 2.80." Whoever writes so says that both figures are of one thing.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import lru_cache
from itertools import pairwise

from ..articles.parse import ParsedArticle
from ..english.lexicon import CALENDAR_NAMES, GENERAL, MODALS
from ..english.slots import (
    gives_two,
    is_real,
    is_whole,
    opening_times,
    succession,
    tail_of_figure,
    tells_of_change,
)
from ..english.tokens import words
from ..model import ChangeKind
from .corrections import note_of
from .standing import Statement, content_stems
from .values import Amount, Given, amounts_in, compare

SCALES = (1, 1_000, 1_000_000, 1_000_000_000)  # of figures whose "million" is left out
FACTOR = 10  # how many times as large one of two figures may be
MOST = 12  # figures of a sentence; one with more is a table
PRONOUNS = frozenset({"he", "she", "they", "nobody", "no one"})  # who may have given the figure before, or is no one

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

    The first one may also be told by the article itself: "Six of the staff have gone. Civic says eleven." If several
    figures may be the first one, nobody can tell which it is.
    """
    before: list[Statement] = []
    for sentence in article.sentences:
        amounts = amounts_in(article, sentence)
        here = [Statement(article, sentence, given) for given in amounts] if len(amounts) <= MOST else []
        here = [s for place, s in enumerate(here) if not _repeats_voice(s, here[:place])]
        for place, other in enumerate(here):
            if not _is_given(other):
                continue
            same = [s for s in here[:place] if _comparable(s, other, anyhow=True)]
            first = [s for s in same if s.voice] if same else before
            near = [s for s in first if _contradicts(other, s)]
            near = [s for s in near if _is_given(s)] or [s for s in near if not _is_whole(s)]
            if near and all(compare(s.given, near[0].given) == "same" for s in near):
                yield near[0], other, "disagreement"
        before = here
    for sentence in article.sentences:
        for one, other in pairwise(Statement(article, sentence, given) for given in amounts_in(article, sentence)):
            if _comparable(one, other) and gives_two(sentence.text, _span(one.given), _span(other.given)):
                yield one, other, "disagreement"


def _is_given(figure: Statement) -> bool:
    """Whether somebody gives a figure as theirs. A pronoun may stand for whoever gave the one before."""
    who = words(figure.giver.who) if figure.voice and figure.giver else ()
    if not who or " ".join(who) in PRONOUNS:
        return False
    return len(who) > 2 or who[0].capitalize() not in CALENDAR_NAMES  # "Monday's count"


def _repeats_voice(figure: Statement, before: list[Statement]) -> bool:
    """Whether somebody has given a figure already: the first one is that which counts."""
    return _is_given(figure) and any(s.voice == figure.voice for s in before)


def _contradicts(other: Statement, one: Statement) -> bool:
    """Whether somebody gives another figure for what the one before counts."""
    a, b, giver = one.given.value, other.given.value, other.giver
    if not giver or not isinstance(a, Amount) or not isinstance(b, Amount) or (b.counted.part and not a.counted.part):
        return False
    if one.told != other.told or (one.voice and other.voice and one.voice & other.voice):
        return False
    mine, theirs = one.sentence.text, other.sentence.text
    # "Analysts say 30 would be right" contradicts nothing, but what two people say of "would cost" is of one kind.
    if not is_real(mine, one.given.start) or not is_real(theirs, other.given.start, MODALS - _modals(mine)):
        return False
    if _is_within(a, b) or _is_within(b, a):
        return False
    if not one.voice and tells_of_change(theirs):
        return False  # the first one was so before
    if _of_another_thing(one, other) or not opening_times(theirs) <= opening_times(mine):
        return False
    bare = giver.alone and not _tail(other)
    # "Castell counted 1,480 absentees; the union says 1,620 are out", "puts it at 130 tonnes. … at least 400 tonnes"
    set_beside = one.sentence.index == other.sentence.index or b.number.unit != ""
    noun = b.counted.noun == a.counted.noun != ""
    toll = a.counted.toll == b.counted.toll is not None and "" in (a.counted.noun, b.counted.noun)
    alike = toll or noun or (set_beside and _is_given(one) and a.number.unit == b.number.unit)
    bare = bare and (giver.firm or not one.giver or one.giver.firm)  # "The court heard 12. The jury heard nine."
    return (bare or (alike and giver.firm)) and _comparable(one, other, anyhow=bare)


def _modals(sentence: str) -> frozenset[str]:
    return MODALS & set(words(sentence))


def _is_within(loose: Amount, amount: Amount) -> bool:
    """Whether an amount bears out another one that is a bound: 30 "fewer than 46", 60 "at least 46"."""
    over, under = loose.number.bound == "over", loose.number.bound == "under"
    return (over and amount.number.value >= loose.number.value) or (under and amount.number.value <= loose.number.value)


def _of_another_thing(one: Statement, other: Statement) -> bool:
    """Whether the words say that another thing is counted: "puts the rent at 900. … the damage at 450"."""
    before, about = _about(one), _about(other)
    if about and before:
        return not about & before
    return bool(about and other.giver and other.giver.inner and not about & one.words)


def _about(statement: Statement) -> frozenset[str]:
    found = statement.giver.about if statement.giver else ""
    return content_stems(" ".join(word for word in words(found) if word not in GENERAL))


def _tail(statement: Statement) -> str:
    """What is told behind a figure and its unit."""
    tail = tail_of_figure(statement.sentence.text, statement.given.end)
    value = statement.given.value
    return tail.partition(" ")[2] if isinstance(value, Amount) and value.number.unit else tail


def _is_whole(statement: Statement) -> bool:
    return is_whole(statement.sentence.text, statement.given.start)


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
