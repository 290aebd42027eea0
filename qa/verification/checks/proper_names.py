"""Names: every name of a claim stands in what it cites, and no two people are made one."""

from __future__ import annotations

from ...english.characters import fold
from ...english.lexicon import OFFICE_MODIFIERS, OFFICES, STOPWORDS, TITLES
from ...english.names import neighbours, single_names
from ...english.spelling import same_name
from ...english.tokens import words
from ..evidence import Evidence


def check(evidence: Evidence) -> str | None:
    """The names of the claim that stand in no cited sentence or header, or a name made of two people's."""
    there = frozenset().union(*(document.words for document in evidence.given), words(" ".join(evidence.speakers)))
    claim = evidence.claimed  # without its dates, which have their own check
    opening = claim.undated.split(maxsplit=1)[:1]
    missing = [
        word
        for name in claim.names
        # A single capital at the start may be any word; everywhere else a capital makes a name.
        if [name] != opening
        for word in words(name)
        if word not in STOPWORDS and not word[0].isdigit()
        if not any(same_name(word, other) for other in there)
    ]
    if missing:
        return f"{', '.join(missing)} stands in no cited sentence"
    return _merged(evidence)


def _merged(evidence: Evidence) -> str | None:
    """A first name with another's surname: neighbours in the claim that both have other neighbours in the sentences."""
    there = " ".join((evidence.text, evidence.headers, *evidence.speakers))
    pairs = {(_plain(a), _plain(b)) for a, b in neighbours(there)}
    after, before = {a for a, _ in pairs}, {b for _, b in pairs}
    whole = [set(words(name)) for name in single_names(there)]
    for a, b in neighbours(evidence.claim.text):
        first, last = _plain(a), _plain(b)
        if a.endswith(("’s", "'s")):
            continue  # an owner and what is owned
        elsewhere = last in before or (
            first not in TITLES | OFFICES | OFFICE_MODIFIERS and any(last in name for name in whole)
        )
        together = (first, last) in pairs or any({first, last} <= name for name in whole)
        apart = first in after and elsewhere and not together
        # "Prime Minister Mara Quist" and "Minister Piet Doorn" share a title, not a name.
        shared = sum(x == first for x, _ in pairs) > 1 or first in STOPWORDS or last in STOPWORDS
        if apart and not shared:
            return f"“{a} {b}” is nobody in the cited sentences"
    return None


def _plain(word: str) -> str:
    return fold(word).removesuffix("'s").rstrip("'")
