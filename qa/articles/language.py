"""Detects the language of a text. English is recognised by its function words: the general detector starts slowly."""

from __future__ import annotations

import re

from ..english.characters import normalise
from ..english.lexicon import PLAINLY_ENGLISH

_SAMPLE = 10_000  # characters to look at; more do not change the result
_MIN_LETTERS = 20
_ENGLISH_SHARE = 0.15
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
    if sum(word in PLAINLY_ENGLISH for word in words) >= _ENGLISH_SHARE * len(words):
        return "en"
    return _classify(" ".join(words))


def _classify(words: str) -> str:
    # Imported here because it takes half a second, and English texts do not need it.
    import py3langid

    return str(py3langid.classify(words)[0])
