"""The offline reader. It answers with one to three verbatim sentences of the articles, or abstains, without a model.

Its draft is verified in the same way as a model's draft.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType

from ..changes.weigh import ABOUT_AS_WELL
from ..english.characters import legible
from ..english.lexicon import STOPWORDS
from ..english.numbers import numbers
from ..english.questions import AnswerType, answer_type, asks_of_now, pronoun_alone
from ..english.tokens import stems, words
from ..model import AbstentionReason, Draft, DraftClaim, Passage
from ..questions.plan import Plan
from ..search.rank import Scored

MOST = 3  # the most sentences in an answer
REPEAT = 0.7  # a sentence repeats another one if they share this part of the stems of the shorter one


@dataclass(frozen=True)
class Thresholds:
    """When the reader answers.

    Attributes:
        answers: the least probability that the best sentence answers.
        further: how much lower than the best sentence a further one may score.
        named: the least share of the question's names in or around the best sentence.
        touched: the least share of the question, weighted by IDF, in or around it; below, it is not covered.
        full: with at least this share, the best sentence is taken to answer even if its probability is low.
    """

    answers: float
    further: float
    named: float
    touched: float
    full: float


# Chosen on the dev storylines (see docs/decisions/0005), never on the test storylines. Those that go with a reading
# model stand on its card.
BY_WORDS = Thresholds(answers=0.53, further=1.0, named=0.5, touched=0.25, full=0.95)


def read(
    plan: Plan,
    ranked: tuple[Scored, ...],
    least: Thresholds = BY_WORDS,
    days: Mapping[str, date | None] = MappingProxyType({}),
    disputed: Callable[[], frozenset[tuple[str, int]]] = frozenset,
) -> Draft:
    """Draft an answer of verbatim sentences. If no sentence is good enough, the draft is not answerable and says why.

    Args:
        plan: the question.
        ranked: the sentences found, best first.
        least: when to answer.
        days: the day of publication of each article. A question about now is answered with the newest sentence first.
        disputed: finds two sides of a disagreement about what is asked, by article id and sentence index. They are an
            answer if one of them is likely to be one, even if its words do not say of what.
    """
    best = ranked[0] if ranked else None
    if not set(words(plan.query)) - STOPWORDS:
        return Draft(answerable=False, reason="not_covered")  # "the of and" asks for nothing
    if best is None:
        return Draft(answerable=False, reason="not_covered")
    kind, chosen = answer_type(plan.query), [best]
    if reason := _too_weak(best, least):
        sides = _sides(ranked, disputed(), least) if best.relevance.answers >= least.answers else []
        claims = tuple(_claim(side, ranked, kind) for side in sides)
        return Draft(answerable=bool(claims), claims=claims, reason=None if claims else reason)
    for scored in ranked[1:]:
        if len(chosen) == MOST or scored.relevance.score < best.relevance.score - least.further:
            break
        if scored.relevance.kind and not any(_repeats(scored.passage, other.passage) for other in chosen):
            chosen.append(scored)
    if plan.period is None and asks_of_now(plan.query):
        chosen.sort(key=lambda s: _newest(s, best, days), reverse=True)
    return Draft(answerable=True, claims=tuple(_claim(s, ranked, kind) for s in chosen))


def _too_weak(best: Scored, least: Thresholds) -> AbstentionReason | None:
    """Why the best sentence is not good enough. None if it is."""
    found = best.relevance
    if found.named < least.named or found.overlap < least.touched:
        return "not_covered"
    return "detail_not_stated" if found.answers < least.answers and found.overlap < least.full else None


def _sides(ranked: tuple[Scored, ...], places: frozenset[tuple[str, int]], least: Thresholds) -> list[Scored]:
    """The sentences at all of the places. None if one is missing, or none is likely to answer."""
    found = [s for s in ranked if (s.passage.article_id, s.passage.sentence.index) in places]
    likely = any(side.relevance.answers >= least.answers for side in found)
    return found if likely and len(found) == len(places) else []


def _newest(scored: Scored, best: Scored, days: Mapping[str, date | None]) -> tuple[bool, date]:
    """Orders sentences by day, but puts those that answer clearly less well than the best one behind the others."""
    as_well = scored.relevance.answers >= ABOUT_AS_WELL * best.relevance.answers
    return as_well, days.get(scored.passage.article_id) or date.min


def _claim(scored: Scored, ranked: tuple[Scored, ...], kind: AnswerType) -> DraftClaim:
    """Make a claim of a sentence.

    If the question asks for a person and the sentence only has a pronoun, the sentence before it is added.
    """
    passage = scored.passage
    text = legible(passage.sentence.text)
    labels: tuple[str, ...] = (passage.label,)
    if kind == "person" and pronoun_alone(text):
        place = (passage.article_id, passage.sentence.index - 1)
        before = next((s.passage for s in ranked if (s.passage.article_id, s.passage.sentence.index) == place), None)
        if before:
            text, labels = f"{legible(before.sentence.text)} {text}", (before.label, *labels)
    return DraftClaim(text=text, labels=labels, support=scored.relevance.answers)


def _repeats(passage: Passage, other: Passage) -> bool:
    """Whether a sentence repeats another one. A sentence with a new number never does, however similar the words."""
    mine, theirs = set(stems(passage.sentence.text)), set(stems(other.sentence.text))
    same = set(numbers(passage.sentence.text)) <= set(numbers(other.sentence.text))
    return same and len(mine & theirs) >= REPEAT * min(len(mine), len(theirs))
