"""Form: a claim is a statement about the news. It carries no link, image or markup, and tells nobody what to do.

Text of an article may try to speak through a model that obeys it. Whatever it makes the model say, this is not shown,
not even where it is verbatim: the cited sentence itself can be read beside the article.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from ...english.address import addresses_reader, asks
from ...english.characters import visible
from ...english.quotations import outside_quotations
from ..evidence import Evidence
from ..findings import Fault, Finding

CHECKABLE = 10_000  # characters of a cited sentence: what is longer is a table or an attack, and slow to check
LONGEST = 1000  # characters: a claim states one fact

_ACTIVE = re.compile(
    r"\w+://|\bwww\.|\]\(|!\[|\]\[|<[a-z!/?][^<>]*>|<[a-z]+[\s/]|&#?\w+;|`|\b(?:javascript|data|vbscript|mailto):\S",
    re.IGNORECASE,
)


def check(evidence: Evidence) -> Iterator[Finding]:
    """Why the claim is no statement about the news."""
    if detail := fault_of(evidence):
        yield Fault("support", detail)


def fault_of(evidence: Evidence) -> str | None:
    """Why the claim is no statement about the news, in words."""
    claim = evidence.claim.text
    if any(len(sentence) > CHECKABLE for sentence in evidence.sentences):
        return f"cites a sentence of more than {CHECKABLE:,} characters"
    if len(claim) > LONGEST and claim not in evidence.text:
        return f"has {len(claim)} characters, more than one fact takes"
    if fault := unfit(claim, evidence.own_words):
        return fault
    if asks(evidence.own_words):
        return "asks instead of stating a fact"
    return None


def unfit(text: str, own_words: str | None = None) -> str | None:
    """Why words of a model may not be shown, whatever they rest on: they hide or carry something, or give an order.

    ``own_words`` are those that nobody says in it; by default, what stands outside its marks.
    """
    if visible(text) != " ".join(text.split()):
        return "holds characters that nobody sees"
    if "⟨" in text or "⟩" in text:
        return "holds a mark of the prompt"
    if _ACTIVE.search(text):
        return "holds a link or markup"
    own_words = outside_quotations(text) if own_words is None else own_words
    if addresses_reader(own_words):  # what somebody said to somebody may be told
        return "tells somebody what to do instead of stating a fact"
    return None
