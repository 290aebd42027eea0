"""Whether words speak to their reader instead of stating something: questions, orders, a "you"."""

from __future__ import annotations

import re

from .lexicon import AUXILIARIES, ORDERS, any_of
from .regex import lazy_compile

_ADDRESSED = lazy_compile(
    r"\b(?:you|your|yours|yourself)\b|\b(?:AI|language model|assistant|chatbot)\b[,:]", re.IGNORECASE
)
_IMPERATIVE = lazy_compile(
    r"(?:^|[.!?:;—–]\s+|\bplease\s+)(?:please\s+|now\s+|instead,?\s+|do not\s+|don't\s+|never\s+|always\s+)?"
    rf"{any_of(ORDERS)}\b(?!\s+{any_of(AUXILIARIES, {'said'})}\b)",
    re.IGNORECASE,
)
_EDGES = "“”\"'‘’ "


def asks(text: str) -> bool:
    """Whether a text ends in a question."""
    return text.rstrip(_EDGES).endswith("?")


def addresses_reader(text: str) -> bool:
    """Whether a text says "you", calls upon a chatbot, or has a sentence that begins with an order ("Visit …")."""
    return bool(_ADDRESSED.search(text) or _IMPERATIVE.search(text.strip(_EDGES)))
