"""Who did what to whom, to how many, and why: nobody exchanged, no "some" made "all", no cause added."""

from __future__ import annotations

from ...english.clauses import causes
from ...english.lexicon import STOPWORDS
from ...english.tokens import stem, words
from ..evidence import Evidence


def check(evidence: Evidence) -> str | None:
    """Subject and object exchanged against the cited sentences, a part made the whole, or a cause added."""
    return _swapped(evidence) or _overstated(evidence) or _caused(evidence)


def _swapped(evidence: Evidence) -> str | None:
    claimed = evidence.claimed.triples
    given = frozenset().union(*(document.triples for document in evidence.cited))
    for triple in sorted(claimed - given):
        if triple.reversed in given - claimed:
            return f"in the cited sentences it is {triple.object} who does it to {triple.subject}"
    return None


def _overstated(evidence: Evidence) -> str | None:
    there = frozenset().union(*(document.quantifiers for document in evidence.cited))
    if "all" in evidence.claimed.quantifiers and there == {"some"}:
        return "the claim says it of all, the cited sentences of some"
    return None


def _caused(evidence: Evidence) -> str | None:
    """A cause in the claim of which no cited sentence and no headline has a word."""
    there = frozenset().union(*(document.stems for document in evidence.given))
    for cause in causes(evidence.claim.text):
        told = [stem(word) for word in words(cause) if word not in STOPWORDS][:4]
        if told and not any(word in there for word in told):
            return f"“{cause}” is a cause that no cited sentence gives"
    return None
