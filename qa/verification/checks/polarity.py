"""Negation and modality: what did not happen stays so, and what may or will happen is not told as done.

A word the claim shares with its sentences must stand there in the same way at least once.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ...english.clauses import Mark, Modality, denials, hedges, plans
from ..evidence import Evidence


def negation(evidence: Evidence) -> str | None:
    """A word that the claim denies and its sentences affirm, or the other way round."""
    for word, claim, there in _shared(evidence):
        mine, theirs = {m.negated for m in claim}, {m.negated for m in there}
        if mine == {True} and theirs == {False} and not any(document.denies for document in evidence.cited):
            return f"the claim denies “{word}…”, the cited sentences do not"
        if mine == {False} and theirs == {True} and not _denied(claim, evidence):
            return f"the cited sentences deny “{word}…”, the claim does not"
    return None


def _shared(evidence: Evidence) -> Iterator[tuple[str, Sequence[Mark], Sequence[Mark]]]:
    """The words that the claim shares with its sentences, each with its marks in the claim and in the sentences."""
    for word, mine in evidence.claimed.marks.items():
        theirs = [mark for document in evidence.cited for mark in document.marks.get(word, ())]
        if theirs:
            yield word, mine, theirs


def _denied(found: Sequence[Mark], evidence: Evidence) -> bool:
    """Whether a clause of these marks denies in a word of its own, one that the cited sentences do not have."""
    theirs = frozenset().union(*(document.words for document in evidence.cited))
    return any(denial not in theirs for mark in found for denial in denials(mark.clause))


def modality(evidence: Evidence) -> str | None:
    """A word told as fact that is only planned or possible in the sentences, or as possible where it is a fact."""
    uncertain = any(document.uncertain for document in evidence.cited)
    for word, claim, there in _shared(evidence):
        mine, theirs = {m.modality for m in claim}, {m.modality for m in there}
        planned = any(plans(m.clause) for m in claim)
        hedged = any(hedges(m.clause) for m in claim)
        denied = all(m.negated for m in claim)
        if max(mine) == Modality.FACT and min(theirs) > Modality.FACT and not (planned or hedged or denied):
            return f"“{word}…” is {min(theirs).name.lower()} in the cited sentences, a fact in the claim"
        told = mine == {Modality.PLANNED} or planned
        if told and mine != theirs == {Modality.POSSIBLE} and not hedged:
            return f"“{word}…” is possible in the cited sentences, planned in the claim"
        if min(mine) > Modality.FACT and max(theirs) == Modality.FACT and not uncertain:
            return f"“{word}…” is {min(mine).name.lower()} in the claim, a fact in the cited sentences"
    return None
