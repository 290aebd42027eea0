"""Negation and modality: what did not happen stays so, and what may or will happen is not told as done.

A word that the claim shares with its sentences should stand there in the same way at least once. Which words a "not" or
a "may" governs only a parser could tell for certain, so whatever is found here is a doubt.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence, Set

from ...english.clauses import Mark, Modality, denials, hedges, plans
from ...english.lexicon import POSSESSIVES, STOPWORDS, any_of
from ...english.regex import lazy_compile
from ...english.tokens import stem, words
from ..evidence import Evidence
from ..findings import Doubt, Finding

_OF_A_THING = lazy_compile(rf"\b{any_of({'the', 'of'} | POSSESSIVES)} $")


def negation(evidence: Evidence) -> Iterator[Finding]:
    """Words that the claim denies and its sentences affirm, or the other way round."""
    denied, affirmed = [], []
    for word, claim, there in _shared(evidence):
        mine, theirs = {m.negated for m in claim}, {m.negated for m in there}
        if mine == {True} and theirs == {False} and not any(document.denies for document in evidence.cited):
            denied.append(word)
        if mine == {False} and theirs == {True} and not _denied(claim, evidence):
            affirmed.append(word)
    if denied:
        yield Doubt("negation", f"The claim denies {_spelled(denied, evidence)}. Do the sentences deny it too?")
    if affirmed:
        yield Doubt("negation", f"The sentences deny {_spelled(affirmed, evidence)}. Does the claim deny it too?")


def _spelled(stems: Sequence[str], evidence: Evidence) -> str:
    """The first words of the claim with these stems, as a reader knows them: “closed”, “bridge”."""
    found = dict.fromkeys(word for word in words(evidence.claim.text) if stem(word) in stems)
    return ", ".join(f"“{word}”" for word in list(found)[:3])


def _told(word: str, marks: Sequence[Mark], evidence: Evidence) -> bool:
    """Whether a word tells of an event, and is no thing that is only named: "the papers", "of the seats"."""
    there = frozenset().union(*(document.stems for document in evidence.cited))
    return not all(_is_thing(word, mark.clause, there) for mark in marks)


def _is_thing(word: str, clause: str, there: Set[str]) -> bool:
    """Whether a word stands behind "the" or "of", and what the claim does to it is in the sentences, too.

    If it is not ("accepted the offer", where they only study it), the word is all that can be compared.
    """
    places = [m for m in re.finditer(r"[^\W\d_]+", clause) if stem(m.group()) == word]
    for place in places:
        before = clause[: place.start()]
        verb = next((w for w in reversed(words(before)) if w not in STOPWORDS), None)
        if not _OF_A_THING.search(before) or (verb and stem(verb) not in there):
            return False
    return bool(places)


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


def modality(evidence: Evidence) -> Iterator[Finding]:
    """Words told as fact that are only planned or possible in the sentences, or as possible where they are a fact."""
    uncertain = any(document.uncertain for document in evidence.cited)
    # A plan that both speak of is no hedge: "The plan may fail" is not "The plan failed".
    spelled = frozenset().union(*(document.words for document in evidence.cited))
    as_fact, as_plan, as_possible = [], [], []
    for word, claim, there in _shared(evidence):
        if not _told(word, claim, evidence):
            continue
        mine, theirs = {m.modality for m in claim}, {m.modality for m in there}
        planned = any(plans(m.clause) for m in claim)
        hedged = any(hedge not in spelled for m in claim for hedge in hedges(m.clause))
        denied = all(m.negated for m in claim)
        if max(mine) == Modality.FACT and min(theirs) > Modality.FACT and not (planned or hedged or denied):
            as_fact.append(word)
        told = mine == {Modality.PLANNED} or planned
        if told and mine != theirs == {Modality.POSSIBLE} and not hedged:
            as_plan.append(word)
        if min(mine) > Modality.FACT and max(theirs) == Modality.FACT and not uncertain:
            as_possible.append(word)
    if as_fact:
        words_told = _spelled(as_fact, evidence)
        yield Doubt(
            "modality", f"The sentences may tell {words_told} as planned or possible. Does the claim keep that?"
        )
    if as_plan:
        words_told = _spelled(as_plan, evidence)
        yield Doubt("modality", f"The sentences may tell {words_told} as possible only. Does the claim keep that?")
    if as_possible:
        words_told = _spelled(as_possible, evidence)
        yield Doubt("modality", f"The claim tells {words_told} as planned or possible. Do the sentences, too?")
