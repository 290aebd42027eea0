"""What a draft says that it leaves open, as far as it may be shown."""

from __future__ import annotations

from collections.abc import Sequence

from ..english.names import names
from ..english.numbers import numbers
from ..english.tokens import words
from .checks.content_policy import unfit

LONGEST = 150  # characters
UNNAMED = "a part of the question"


def open_parts(question: str, parts: Sequence[str]) -> tuple[str, ...]:
    """Return the parts of a question that a draft leaves open, in the draft's words where these are harmless.

    They are a model's words that rest on no sentence. So a name or a number that the question does not have would state
    something, and a link or an order would reach the reader. Such a part is only called "a part of the question".
    """
    return tuple(dict.fromkeys(part if _harmless(question, part) else UNNAMED for part in parts))


def _harmless(question: str, part: str) -> bool:
    asked = set(words(question))
    named = {word for name in names(part) for word in words(name)}
    return (
        len(part) <= LONGEST and unfit(part) is None and named <= asked and set(numbers(part)) <= set(numbers(question))
    )
