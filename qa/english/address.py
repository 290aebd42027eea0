"""Whether words speak to their reader instead of stating something: questions, orders, a "you"."""

from __future__ import annotations

import re

from .inflection import PASTS
from .lexicon import AUXILIARIES, DETERMINERS, ORDERS, ORDERS_AND_NOUNS, any_of
from .regex import lazy_compile

_ADDRESSED = lazy_compile(
    r"\b(?:you|your|yours|yourself)\b|\b(?:AI|language model|assistant|chatbot)\b[,:]"
    r"|\b(?:whatever|whenever|when|if)\s+the\s+user\s+(?:asks|says|wants|requests)\b",
    re.IGNORECASE,
)
_IMPERATIVE = lazy_compile(
    r"(?:^|[.!?:;—–]\s+|\bplease\s+)(?:please\s+|now\s+|instead,?\s+|do not\s+|don't\s+|never\s+|always\s+)?"
    rf"(?P<order>{any_of(ORDERS)})\b(?!\s+{any_of(AUXILIARIES, {'said'})}\b)",
    re.IGNORECASE,
)
# "Output fell", "Use of the drug doubled", "Call centres closed": a noun of two words at most, and what it does.
_SUBJECT = lazy_compile(
    rf"{any_of(ORDERS_AND_NOUNS)}\s+(?:(?:of|with|between|among|from|by)\s|(?!(?:{any_of(DETERMINERS)})\b)(?:[\w-]+\s+)?"
    rf"(?:{any_of(PASTS, AUXILIARIES)}|\w+ed)\b)",
    re.IGNORECASE,
)
_EDGES = "“”\"'‘’ "


def asks(text: str) -> bool:
    """Whether a text ends in a question."""
    return text.rstrip(_EDGES).endswith("?")


def addresses_reader(text: str) -> bool:
    """Whether a text says "you", calls upon a chatbot, or has a sentence that begins with an order ("Visit …")."""
    orders = _IMPERATIVE.finditer(text.strip(_EDGES))
    return bool(_ADDRESSED.search(text)) or any(not _is_subject(order) for order in orders)


def _is_subject(order: re.Match[str]) -> bool:
    """Whether the word of a match is a noun, and the subject of its sentence."""
    return bool(_SUBJECT.match(order.string, order.start("order")))
