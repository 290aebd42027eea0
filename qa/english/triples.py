"""Subject, verb and object, read without a parser: names that stand side by side in a clause, and the words between."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import NamedTuple

from .clauses import clauses
from .lexicon import BE, STOPWORDS, any_of
from .names import names
from .regex import lazy_compile
from .tokens import stem, words

_PASSIVE = lazy_compile(rf"\b{any_of(BE, {'got'})}\b")
_AGENT = lazy_compile(r"\bby\s+(?:\w+\s+){0,3}$")


class Triple(NamedTuple):
    """Who does what to whom: two names by their last words, folded, and the stem of the verb."""

    subject: str
    verb: str
    object: str

    @property
    def reversed(self) -> Triple:
        """The same verb with subject and object exchanged."""
        return Triple(self.object, self.verb, self.subject)


def triples(text: str) -> frozenset[Triple]:
    """The triples of a text; a passive is turned into the active.

    Without a parser any word between two names may be their verb, so each gives a triple. Only neighbours count:
    between names further apart stands another verb.
    """
    return frozenset(triple for clause in clauses(text) for triple in _in_clause(clause))


def _in_clause(clause: str) -> set[Triple]:
    places = [
        (*match.span(), words(name))
        for name in dict.fromkeys(names(clause))
        if words(name)
        for match in re.finditer(re.escape(name), clause)
    ]
    places.sort(key=lambda place: place[0])
    found = set()
    for (_, start, one), (later, _, other) in pairwise(places):
        first, second = one[-1], other[-1]
        if first in other or second in one:  # "Castell's firm Castell Estates"
            continue
        between = clause[start:later]
        passive = _PASSIVE.search(between) and _AGENT.search(between)
        for word in words(between):
            if word not in STOPWORDS:
                triple = Triple(first, stem(word), second)
                found.add(triple.reversed if passive else triple)
    return found
