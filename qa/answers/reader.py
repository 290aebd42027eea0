"""The offline reader. It answers with one to three verbatim sentences of the articles, or abstains, without a model.

Its draft is verified in the same way as a model's draft.
"""

from __future__ import annotations

from ..english.characters import legible
from ..english.numbers import numbers
from ..english.questions import AnswerType, answer_type, pronoun_alone
from ..english.tokens import stems
from ..model import Draft, DraftClaim, Passage
from ..questions.plan import Plan
from ..search.rank import Scored

# Chosen on the dev storylines (see docs/decisions/0005), never on the test storylines.
THRESHOLD = 0.53  # least probability that the best sentence answers
FURTHER = 1.0  # how much lower than the best one a further sentence may score (log-odds)
MOST = 3  # the most sentences in an answer
NAMED = 0.5  # least share of the question's names in or around the best sentence
TOUCHED = 0.25  # least share of the question, weighted by IDF, in or around the best sentence; below, it is not covered
FULL = 0.95  # with at least this share, the sentence is taken to answer even if its probability is low
REPEAT = 0.7  # a sentence repeats another one if they share this part of the stems of the shorter one


def read(plan: Plan, ranked: tuple[Scored, ...]) -> Draft:
    """Draft an answer of verbatim sentences from ranked passages (best first).

    If no sentence is good enough, the draft is not answerable and says why.
    """
    best = ranked[0] if ranked else None
    if best is None or best.relevance.named < NAMED:
        return Draft(answerable=False, reason="not_covered")
    if best.relevance.overlap < TOUCHED:
        return Draft(answerable=False, reason="not_covered")
    if best.relevance.answers < THRESHOLD and best.relevance.overlap < FULL:
        return Draft(answerable=False, reason="detail_not_stated")
    kind, chosen = answer_type(plan.query), [best]
    for scored in ranked[1:]:
        if len(chosen) == MOST or scored.relevance.score < best.relevance.score - FURTHER:
            break
        if scored.relevance.kind and not any(_repeats(scored.passage, other.passage) for other in chosen):
            chosen.append(scored)
    return Draft(answerable=True, claims=tuple(_claim(s, ranked, kind) for s in chosen))


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
