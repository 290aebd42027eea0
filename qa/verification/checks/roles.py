"""Who did what to whom, to how many, and why: no exchange of doer and done-to, no "some" made "all", no added cause."""

from __future__ import annotations

import re
from typing import NamedTuple

from ...english.characters import fold
from ...english.names import names
from ...english.temporal.dates import without_days
from ...english.tokens import STOPWORDS, stem, stems, words
from ..evidence import Evidence

_ALL = re.compile(r"\b(?:all|every|everyone|everybody|entire|whole|always|unanimous(?:ly)?|any|complete(?:ly)?)\b")
_SOME = re.compile(
    r"\b(?:some|several|many|most|majority|few|part(?:s|ly)?|half|partial(?:ly)?|certain|two-thirds|sometimes|often)\b"
)
_CAUSE = re.compile(r"\b(?:because(?: of)?|due to|owing to|as a result of|caused by|thanks to)\s+([^,.;:]+)")
_PASSIVE = re.compile(r"\b(?:is|are|was|were|been|be|being|got)\b")
_CLAUSE = re.compile(r"[;:.!?—–](?:\s|$)|,?\s(?:but|while|whereas|although|and then)\s")


class Triple(NamedTuple):
    """Doer, stem of the verb, done-to; names by their last word."""

    doer: str
    verb: str
    to: str


def check(evidence: Evidence) -> str | None:
    """Doer and done-to exchanged against the cited sentences, or a part made the whole."""
    return _swapped(evidence) or _overstated(evidence) or _caused(evidence)


def triples(text: str) -> frozenset[Triple]:
    """Every pair of names in one clause with a word between them that may be its verb, passives turned round."""
    found = set()
    for clause in _CLAUSE.split(without_days(text)):
        spots = [
            (m, words(name)[-1]) for name in dict.fromkeys(names(clause)) if words(name) for m in _places(name, clause)
        ]
        spots.sort(key=lambda spot: spot[0])
        for i, (start, first) in enumerate(spots):
            for later, second in spots[i + 1 : i + 2]:  # neighbours: further off, another verb stands between
                if first == second:
                    continue
                between = clause[start:later]
                passive = bool(_PASSIVE.search(between)) and re.search(r"\bby\s+(?:\w+\s+){0,3}$", between)
                for word in words(between):
                    if word not in STOPWORDS and word != first:
                        found.add(Triple(second, stem(word), first) if passive else Triple(first, stem(word), second))
    return frozenset(found)


def _places(name: str, clause: str) -> list[int]:
    return [m.start() for m in re.finditer(re.escape(name), clause)]


def _swapped(evidence: Evidence) -> str | None:
    claimed, given = triples(evidence.claim.text), triples(evidence.text)
    for deed in claimed - given:
        turned = Triple(deed.to, deed.verb, deed.doer)
        if turned in given and turned not in claimed:
            return f"in the cited sentences it is {deed.to} who does it to {deed.doer}"
    return None


def _overstated(evidence: Evidence) -> str | None:
    claim, there = fold(evidence.claim.text), fold(evidence.text)
    if _ALL.search(claim) and not _ALL.search(there) and _SOME.search(there):
        return "the claim says it of all, the cited sentences of some"
    return None


def _caused(evidence: Evidence) -> str | None:
    """A cause in the claim of which no cited sentence and no headline has a word."""
    there = set(stems(f"{evidence.text} {evidence.headers}"))
    for cause in _CAUSE.findall(fold(evidence.claim.text)):
        told = [stem(word) for word in words(cause) if word not in STOPWORDS][:4]
        if told and not any(word in there for word in told):
            return f"“{cause.strip()}” is a cause that no cited sentence gives"
    return None
