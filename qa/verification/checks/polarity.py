"""Negation and modality: what did not happen stays so, and what may or will happen is not told as done.

A word the claim shares with its sentences must stand there in the same way at least once.
"""

from __future__ import annotations

from ...english.clauses import Mark, Modality, denials, denies, hedges, marks, plans
from ...english.temporal.dates import without_days
from ...english.tokens import words
from ..evidence import Evidence


def negation(evidence: Evidence) -> str | None:
    """A word that the claim denies and its sentences affirm, or the other way round."""
    claim, there = marks(without_days(evidence.claim.text)), marks(without_days(evidence.text))
    for word in (word for word in claim if word in there):
        mine, theirs = {m.negated for m in claim[word]}, {m.negated for m in there[word]}
        if mine == {True} and theirs == {False} and not denies(evidence.text):
            return f"the claim denies “{word}…”, the cited sentences do not"
        if mine == {False} and theirs == {True} and not _denied(claim[word], evidence.text):
            return f"the cited sentences deny “{word}…”, the claim does not"
    return None


def _denied(found: list[Mark], other: str) -> bool:
    """Whether a clause of these marks denies in a word of its own, one that the other text does not have."""
    theirs = set(words(other))
    return any(denial not in theirs for mark in found for denial in denials(mark.clause))


def modality(evidence: Evidence) -> str | None:
    """A word told as fact that is only planned or possible in the sentences, or as possible where it is a fact."""
    claim, there = marks(without_days(evidence.claim.text)), marks(without_days(evidence.text))
    for word in (word for word in claim if word in there):
        mine, theirs = {m.modality for m in claim[word]}, {m.modality for m in there[word]}
        planned = any(plans(m.clause) for m in claim[word])
        hedged = any(hedges(m.clause) for m in claim[word])
        denied = all(m.negated for m in claim[word])
        if max(mine) == Modality.FACT and min(theirs) > Modality.FACT and not (planned or hedged or denied):
            return f"“{word}…” is {min(theirs).name.lower()} in the cited sentences, a fact in the claim"
        told = mine == {Modality.PLANNED} or planned
        if told and mine != theirs == {Modality.POSSIBLE} and not hedged:
            return f"“{word}…” is possible in the cited sentences, planned in the claim"
        if min(mine) > Modality.FACT and max(theirs) == Modality.FACT and not _uncertain(evidence):
            return f"“{word}…” is {min(mine).name.lower()} in the claim, a fact in the cited sentences"
    return None


def _uncertain(evidence: Evidence) -> bool:
    text = without_days(evidence.text)
    return plans(text) or hedges(text)
