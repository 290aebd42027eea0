"""The offline reader: answers with one to three verbatim sentences of the articles, or abstains. No model, no key.

It only proposes: its draft passes the same ``verify`` as a model's.
"""

from __future__ import annotations

import re

from ..model import Draft, DraftClaim, Passage, Plan
from .rank import Scored
from .terms import PRONOUN, Wanted, stems, wanted

# Set by hand before any evaluation question existed.
THRESHOLD = 0.52  # below it the best sentence is taken not to answer
FURTHER = 0.88  # a further sentence must score this share of the best one
MOST = 3
NAMED = 0.5  # share of the question's names that must be near the sentence
REPEAT = 0.7  # share of a sentence's stems already said: then it adds nothing

_PERSON = re.compile(r"\b[A-Z]\w+ [A-Z]\w+")  # a full name


def read(plan: Plan, ranked: tuple[Scored, ...]) -> Draft:
    """A draft of verbatim sentences from ranked passages; not answerable where none is good enough."""
    best = ranked[0] if ranked else None
    if best is None or best.relevance.named < NAMED:
        return Draft(answerable=False, reason="not_covered")
    if best.relevance.score < THRESHOLD or not best.relevance.kind:
        return Draft(answerable=False, reason="detail_not_stated" if best.relevance.overlap > 0.3 else "not_covered")
    kind, chosen = wanted(plan.standalone), [best]
    for scored in ranked[1:]:
        if len(chosen) == MOST or scored.relevance.score < max(THRESHOLD, FURTHER * best.relevance.score):
            break
        if scored.relevance.kind and not any(_repeats(scored.passage, other.passage) for other in chosen):
            chosen.append(scored)
    return Draft(answerable=True, claims=tuple(_claim(s.passage, ranked, kind) for s in chosen))


def _claim(passage: Passage, ranked: tuple[Scored, ...], kind: Wanted) -> DraftClaim:
    """The sentence; with the one before it where it names its person by a pronoun only and a person is wanted."""
    text: str = passage.sentence.text
    labels: tuple[str, ...] = (passage.label,)
    if kind == "person" and PRONOUN.search(text) and not _PERSON.search(text):
        place = (passage.article_id, passage.sentence.index - 1)
        before = next((s.passage for s in ranked if (s.passage.article_id, s.passage.sentence.index) == place), None)
        if before:
            text, labels = f"{before.sentence.text} {text}", (before.label, *labels)
    return DraftClaim(text=text, labels=labels)


def _repeats(passage: Passage, other: Passage) -> bool:
    mine, theirs = set(stems(passage.sentence.text)), set(stems(other.sentence.text))
    return len(mine & theirs) >= REPEAT * min(len(mine), len(theirs))
