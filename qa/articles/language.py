"""Detects the language of a text. English is recognised by its function words: the general detector starts slowly."""

from __future__ import annotations

import re

from ..english.characters import normalise

_SAMPLE = 10_000  # characters to look at; more do not change the result
_MIN_LETTERS = 20
_ENGLISH_SHARE = 0.15
# Words that are common in English and rare in related languages. So "in", "is", "was", "a" and "on" are left out.
_ENGLISH = re.compile(
    r"(?:the|of|and|to|that|for|with|from|said|were|which|have|has|had|they|their|this|by|are|would|it|he|who|will)"
)
_WORD = re.compile(r"[^\W\d_]+")


def detect(text: str) -> str | None:
    """Detect the language of a text.

    Args:
        text: any text; only its first 10,000 characters are used.

    Returns:
        An ISO 639-1 code such as "en", or None if there are fewer than 20 letters.
    """
    words = _WORD.findall(normalise(text[:_SAMPLE]).lower())
    if sum(map(len, words)) < _MIN_LETTERS:
        return None
    if sum(_ENGLISH.fullmatch(word) is not None for word in words) >= _ENGLISH_SHARE * len(words):
        return "en"
    return _classify(" ".join(words))


def _classify(words: str) -> str:
    # Imported here because it takes half a second, and English texts do not need it.
    import py3langid

    return str(py3langid.classify(words)[0])
