"""Who did what to whom, to how many, and why: nobody exchanged, no "some" made "all", no cause added."""

from __future__ import annotations

from ...english.clauses import causes, quantifiers
from ...english.temporal.dates import without_days
from ...english.tokens import STOPWORDS, stem, stems, words
from ...english.triples import triples
from ..evidence import Evidence


def check(evidence: Evidence) -> str | None:
    """Subject and object exchanged against the cited sentences, a part made the whole, or a cause added."""
    return _swapped(evidence) or _overstated(evidence) or _caused(evidence)


def _swapped(evidence: Evidence) -> str | None:
    claimed, given = triples(without_days(evidence.claim.text)), triples(without_days(evidence.text))
    for triple in sorted(claimed - given):
        if triple.reversed in given - claimed:
            return f"in the cited sentences it is {triple.object} who does it to {triple.subject}"
    return None


def _overstated(evidence: Evidence) -> str | None:
    claim, there = quantifiers(evidence.claim.text), quantifiers(evidence.text)
    if "all" in claim and there == {"some"}:
        return "the claim says it of all, the cited sentences of some"
    return None


def _caused(evidence: Evidence) -> str | None:
    """A cause in the claim of which no cited sentence and no headline has a word."""
    there = set(stems(f"{evidence.text} {evidence.headers}"))
    for cause in causes(evidence.claim.text):
        told = [stem(word) for word in words(cause) if word not in STOPWORDS][:4]
        if told and not any(word in there for word in told):
            return f"“{cause}” is a cause that no cited sentence gives"
    return None
