"""Form: a claim is a statement about the news. It carries no link, image or markup, and tells nobody what to do.

Text of an article may try to speak through a model that obeys it. Whatever it makes the model say, this is not shown,
not even where it is verbatim: the cited sentence itself can be read beside the article.
"""

from __future__ import annotations

import re

from ...english.characters import visible
from ...english.quotations import quotations
from ..evidence import Evidence

CHECKABLE = 10_000  # characters of a cited sentence: what is longer is a table or an attack, and slow to check
LONGEST = 1000  # characters: a claim states one fact

_ACTIVE = re.compile(
    r"\w+://|\bwww\.|\]\(|!\[|\]\[|<[a-z!/?][^<>]*>|<[a-z]+[\s/]|&#?\w+;|`|\b(?:javascript|data|vbscript|mailto):\S",
    re.IGNORECASE,
)
_ADDRESSED = re.compile(
    r"\b(?:you|your|yours|yourself)\b|\b(?:AI|language model|assistant|chatbot)\b[,:]", re.IGNORECASE
)
_IMPERATIVE = re.compile(
    r"(?:^|[.!?:;—–]\s+|\bplease\s+)(?:please\s+|now\s+|instead,?\s+|do not\s+|don't\s+|never\s+|always\s+)?"
    r"(?:ignore|disregard|forget|click|visit|open|send|email|forward|reply|respond|answer|output|print|repeat|reveal|say"
    r"|write|tell|give|act|pretend|follow|execute|run|call|download|install|subscribe|remember|translate|summari[sz]e"
    r"|append|insert|include|add|use|go|see|read|look|check|contact|buy|share|enter|type|provide|generate|create|explain"
    r"|describe|list|show|draft|compose|develop)\b(?!\s+(?:was|were|is|are|has|had|said|will|would|may|might|could)\b)",
    re.IGNORECASE,
)


def check(evidence: Evidence) -> str | None:
    """Why the claim is no statement about the news."""
    claim = evidence.claim.text
    if any(len(sentence) > CHECKABLE for sentence in evidence.sentences):
        return f"cites a sentence of more than {CHECKABLE:,} characters"
    if len(claim) > LONGEST and claim not in evidence.text:
        return f"has {len(claim)} characters, more than one fact takes"
    if visible(claim) != " ".join(claim.split()):
        return "holds characters that nobody sees"
    if _ACTIVE.search(claim):
        return "holds a link or markup"
    own = claim
    for quotation in quotations(claim):  # what somebody said to somebody may be told
        own = own.replace(quotation, " ")
    if own.rstrip("”\"’' ").endswith("?"):
        return "asks instead of stating a fact"
    if _ADDRESSED.search(own) or _IMPERATIVE.search(own.strip("“”\"'‘’ ")):
        return "tells somebody what to do instead of stating a fact"
    return None
