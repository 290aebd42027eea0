"""Whether words speak to their reader instead of stating something: questions, orders, a "you"."""

from __future__ import annotations

import re

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
_EDGES = "“”\"'‘’ "


def asks(text: str) -> bool:
    """Whether a text ends in a question."""
    return text.rstrip(_EDGES).endswith("?")


def addresses_reader(text: str) -> bool:
    """Whether a text says "you", calls upon a chatbot, or has a sentence that begins with an order ("Visit …")."""
    return bool(_ADDRESSED.search(text) or _IMPERATIVE.search(text.strip(_EDGES)))
