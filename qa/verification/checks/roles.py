"""Who did what to whom, to how many, and why: nothing turned round, no "some" made "all", no cause added."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

from ...english.clauses import EXPLAINS, causes
from ...english.inflection import every_form
from ...english.lexicon import OPPOSITES, STOPWORDS, UNIVERSAL
from ...english.tokens import stem, words
from ..evidence import Evidence
from ..findings import Doubt, Finding

FULL = frozenset("both each full fully neither only total".split())
"""Words by which a sentence may speak of all, though not by "all"."""


def check(evidence: Evidence) -> Iterator[Finding]:
    """Subject and object exchanged, a deed turned into its opposite, a part made the whole, or a cause added."""
    for question in (_swapped(evidence), _opposed(evidence), _overstated(evidence), _caused(evidence)):
        if question:
            yield Doubt("support", question)


def _swapped(evidence: Evidence) -> str | None:
    claimed = evidence.claimed.triples
    given = frozenset().union(*(document.triples for document in evidence.cited))
    for triple in sorted(claimed - given):
        if triple.reversed in given - claimed:
            subject, object_ = triple.subject.capitalize(), triple.object.capitalize()
            return f"In the claim {subject} does it to {object_}. Is it the same in the sentences?"
    return None


def _opposed(evidence: Evidence) -> str | None:
    """A word of the claim whose opposite the sentences use: it "rose" there, and falls here."""
    mine, theirs = evidence.claimed.words, frozenset().union(*(document.words for document in evidence.cited))
    for sides in _opposites():
        for side in sides:
            claimed, others = side & mine, frozenset().union(*(other for other in sides if other is not side))
            if claimed and not side & theirs and (there := others & theirs) and not there & mine:
                one, other = min(claimed), min(there)
                return f"The claim says “{one}”, the sentences say “{other}”. Do they mean the same?"
    return None


@cache
def _opposites() -> tuple[tuple[frozenset[str], ...], ...]:
    """The opposites, each side with all forms of its words."""
    return tuple(tuple(side | every_form(side) for side in sides) for sides in OPPOSITES)


def _overstated(evidence: Evidence) -> str | None:
    there = frozenset().union(*(document.quantifiers for document in evidence.cited))
    claimed = set(words(evidence.claim.text)) & (UNIVERSAL - {"any"})
    full = any(document.denies or FULL & document.words for document in evidence.cited)
    if claimed and (there == {"some"} or not ("all" in there or full)):
        return "The claim says it of all or of the whole. Do the sentences, too?"
    return None


def _caused(evidence: Evidence) -> str | None:
    """A cause in the claim of which no cited sentence and no headline has a word, or which they do not give as one."""
    there = frozenset().union(*(document.stems for document in evidence.given))
    given = any(causes(text) or EXPLAINS.search(text) for text in (*evidence.sentences, evidence.headers))
    for cause in causes(evidence.claim.text):
        told = [stem(word) for word in words(cause) if word not in STOPWORDS][:4]
        if told and not (given and any(word in there for word in told)):
            return f"The claim gives “{cause}” as a cause. Do the sentences give it as the cause?"
    return None
