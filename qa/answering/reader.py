"""The offline reader: answers with one to three verbatim sentences of the articles, or abstains. No model, no key.

It only proposes: its draft passes the same ``verify`` as a model's.
"""

from __future__ import annotations

from ..model import Draft, DraftClaim, Passage
from .rank import Scored
from .terms import stems

# Set by hand before any evaluation question existed.
THRESHOLD = 0.52  # below it the best sentence is taken not to answer
FURTHER = 0.88  # a further sentence must score this share of the best one
MOST = 3
NAMED = 0.5  # share of the question's names that must be near the sentence
REPEAT = 0.7  # share of a sentence's stems already said: then it adds nothing


def read(ranked: tuple[Scored, ...]) -> Draft:
    """A draft of verbatim sentences from ranked passages; not answerable where none is good enough."""
    best = ranked[0] if ranked else None
    if best is None or best.relevance.named < NAMED:
        return Draft(answerable=False, reason="not_covered")
    if best.relevance.score < THRESHOLD or not best.relevance.kind:
        return Draft(answerable=False, reason="detail_not_stated" if best.relevance.overlap > 0.3 else "not_covered")
    chosen = [best]
    for scored in ranked[1:]:
        if len(chosen) == MOST or scored.relevance.score < max(THRESHOLD, FURTHER * best.relevance.score):
            break
        if scored.relevance.kind and not any(_repeats(scored.passage, other.passage) for other in chosen):
            chosen.append(scored)
    claims = tuple(DraftClaim(text=s.passage.sentence.text, labels=(s.passage.label,)) for s in chosen)
    return Draft(answerable=True, claims=claims)


def _repeats(passage: Passage, other: Passage) -> bool:
    mine, theirs = set(stems(passage.sentence.text)), set(stems(other.sentence.text))
    return len(mine & theirs) >= REPEAT * min(len(mine), len(theirs))
