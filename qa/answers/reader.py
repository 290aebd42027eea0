"""The offline reader: answers with one to three verbatim sentences of the articles, or abstains. No model, no key.

It only proposes: its draft passes the same ``verify`` as a model's.
"""

from __future__ import annotations

from ..english.characters import legible
from ..english.numbers import numbers
from ..english.questions import AnswerType, answer_type, pronoun_alone
from ..english.tokens import stems
from ..model import Draft, DraftClaim, Passage
from ..questions.plan import Plan
from ..search.rank import Scored

# Chosen on the dev storylines (see docs/decisions/0005); never on the test ones.
THRESHOLD = 0.53  # chance below which the best sentence is taken not to answer
FURTHER = 1.0  # a further sentence may score this much less than the best one (log-odds)
MOST = 3
NAMED = 0.5  # share of the question's names that must be near the sentence
TOUCHED = 0.25  # share of the question, by IDF, near the best sentence: below it even the subject is not covered
FULL = 0.95  # share from which the sentence is taken to answer, however unsure the model is
REPEAT = 0.7  # share of a sentence's stems already said: then it adds nothing


def read(plan: Plan, ranked: tuple[Scored, ...]) -> Draft:
    """A draft of verbatim sentences from ranked passages; not answerable where none is good enough."""
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
    """The sentence; with the one before it where it names its person by a pronoun only and a person is wanted."""
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
    """Whether a sentence says what another has said; with another number it is news, however alike the words."""
    mine, theirs = set(stems(passage.sentence.text)), set(stems(other.sentence.text))
    same = set(numbers(passage.sentence.text)) <= set(numbers(other.sentence.text))
    return same and len(mine & theirs) >= REPEAT * min(len(mine), len(theirs))
