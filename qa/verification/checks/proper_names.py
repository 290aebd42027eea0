"""Names: every name of a claim stands in what it cites, and no two people are made one.

A name that stands nowhere is a fault. What stands beside a name that is there, a title, a first name or an adjective
("Judge", "Russian"), may be known from elsewhere in the article, so it is a doubt.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from ...english.characters import fold
from ...english.lexicon import OFFICE_MODIFIERS, OFFICES, STOPWORDS, TITLES
from ...english.names import CAPITALISED, neighbours, single_names
from ...english.spelling import same_name
from ...english.tokens import words
from ..evidence import Evidence
from ..findings import Doubt, Fault, Finding


def check(evidence: Evidence) -> Iterator[Finding]:
    """The names of the claim that stand in no cited sentence or header, or a name made of two people's."""
    there = frozenset().union(*(document.words for document in evidence.given), words(" ".join(evidence.speakers)))
    claim = evidence.claimed  # without its dates, which have their own check
    opening = claim.undated.split(maxsplit=1)[:1]
    for name in dict.fromkeys(claim.names):
        parts = [word for word in words(name) if word not in STOPWORDS and not word[0].isdigit()]
        missing = [word for word in parts if not any(same_name(word, other) for other in there)]
        if not missing:
            continue
        if _is_resolved(name, evidence):
            continue
        if [name] == opening and not _is_named(name, evidence):
            if not _is_common(name, evidence):
                yield Doubt(
                    "name", f"Is “{name}” in the sentences, by this or another name, and does it do this there?"
                )
        elif missing[-1] == parts[-1] and not set(missing) <= TITLES | OFFICES | OFFICE_MODIFIERS:
            yield Fault("name", f"{name} stands in no cited sentence")
        else:
            yield Doubt("name", f"The claim says “{name}”. Do the sentences mean the same by a part of this name?")
    if merged := _merged(evidence):
        yield Doubt("name", f"Is there anybody called {merged} in the sentences?")


def _is_named(word: str, evidence: Evidence) -> bool:
    """Whether a word is a name in the rest of the article: it has a capital there within a sentence."""
    within = re.compile(rf"[^\W\d_],? {re.escape(word)}(?!\w)")
    return any(within.search(article.text) for article in evidence.articles)


def _is_common(word: str, evidence: Evidence) -> bool:
    """Whether a word that opens the claim is likely to be no name.

    The article writes it small, it has the ending of a plural, an adverb or a gerund, or it begins a number.
    """
    small = re.compile(rf"(?<!\w){re.escape(word.lower())}(?!\w)")
    if word.endswith(("s", "ly", "ing")) and not word.endswith(("ss", "us", "is")):
        return True
    numbered = any(quantity.start <= len(word) + 1 for quantity in evidence.claimed.numbers)
    return numbered or any(small.search(article.text) for article in evidence.articles)


def _is_resolved(name: str, evidence: Evidence) -> bool:
    """Whether "the bridge" of a cited sentence can only be this name: the only one of its article that ends like it."""
    last = name.split()[-1]
    if len(name.split()) < 2:
        return False
    noun = re.compile(rf"(?<!\w){re.escape(last.lower())}(?!\w)")
    whole = re.compile(rf"(?:{CAPITALISED} )+{re.escape(last)}(?!\w)")
    for article, sentence in zip(evidence.articles, evidence.sentences, strict=True):
        if noun.search(sentence):
            called = {match.group() for match in whole.finditer(article.text)}
            if called and all(one.endswith(name) for one in called):
                return True
    return False


def _merged(evidence: Evidence) -> str | None:
    """A first name with another's surname: neighbours in the claim that both have other neighbours in the sentences."""
    there = ". ".join((evidence.text, evidence.headers, *evidence.speakers))
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
            return f"“{a} {b}”"
    return None


def _plain(word: str) -> str:
    return fold(word).removesuffix("'s").rstrip("'")
