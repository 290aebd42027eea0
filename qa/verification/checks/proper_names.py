"""Names: every name of a claim stands in what it cites, and no two people are made one."""

from __future__ import annotations

import re

from ...english.characters import CAPITAL, WORD, fold
from ...english.names import names
from ...english.speech import variant
from ...english.temporal.dates import without_days
from ...english.tokens import STOPWORDS, words
from ..evidence import Evidence

# What turns a place into its people or its adjective: Lorrany and Lorranian, Ukraine and Ukrainian, Texas and Texans.
_DEMONYM = re.compile(r"(?:ians?|ia|ans?|ns?|ish|ese|[iy]|e|a|s)?$")
_TITLES = frozenset(
    """
    minister president governor mayor director judge captain coach professor doctor dr mr mrs ms sir general senator
    chief officer secretary chairman chairwoman spokesman spokeswoman prime deputy former king queen prince princess
    lord lady prosecutor commissioner inspector sergeant colonel councillor bishop archbishop pope chancellor leader
    candidate
    """.split()
)
_PAIR = re.compile(rf"\b({CAPITAL}[{WORD}’'-]+)\s+(?=({CAPITAL}[{WORD}’'-]+))")


def check(evidence: Evidence) -> str | None:
    """The names of the claim that stand in no cited sentence or header, or a name made of two people's."""
    there = {*words(evidence.text), *words(evidence.headers), *words(evidence.speakers)}
    claim = without_days(evidence.claim.text)  # dates have their own check
    opening = claim.split(maxsplit=1)[:1]
    missing = [
        word
        for name in names(claim)
        # A single capital at the start may be any word; everywhere else a capital makes a name.
        if [name] != opening
        for word in words(name)
        if word not in STOPWORDS and not word[0].isdigit()
        if not any(same_name(word, other) for other in there)
    ]
    if missing:
        return f"{', '.join(missing)} stands in no cited sentence"
    return _merged(evidence)


def same_name(word: str, other: str) -> bool:
    """Whether two words are forms of one name: equal, or alike but for endings of places and peoples."""
    if word == other or (variant(word) is not None and variant(word) == variant(other)):
        return True
    stripped = {word, _DEMONYM.sub("", word, count=1)}, {other, _DEMONYM.sub("", other, count=1)}
    return min(len(word), len(other)) >= 4 and bool(stripped[0] & stripped[1])


def _merged(evidence: Evidence) -> str | None:
    """A first name with another's surname: neighbours in the claim that both have other neighbours in the sentences."""
    there = f"{evidence.text} {evidence.headers} {evidence.speakers}"
    pairs = {(_plain(a), _plain(b)) for a, b in _PAIR.findall(there)}
    after, before = {a for a, _ in pairs}, {b for _, b in pairs}
    whole = [set(words(part)) for name in names(there) for part in re.split(r" (?:and|&) ", name)]
    for a, b in _PAIR.findall(evidence.claim.text):
        first, last = _plain(a), _plain(b)
        if a.endswith(("’s", "'s")):
            continue  # an owner and what is owned
        elsewhere = last in before or (first not in _TITLES and any(last in name for name in whole))
        together = (first, last) in pairs or any({first, last} <= name for name in whole)
        apart = first in after and elsewhere and not together
        # "Prime Minister Mara Quist" and "Minister Piet Doorn" share a title, not a name.
        titled = sum(x == first for x, _ in pairs) > 1 or first in STOPWORDS or last in STOPWORDS
        if apart and not titled:
            return f"“{a} {b}” is nobody in the cited sentences"
    return None


def _plain(word: str) -> str:
    return fold(word).removesuffix("'s").rstrip("'")
