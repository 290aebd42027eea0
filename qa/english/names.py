"""Names in a text, recognised by their capitals."""

from __future__ import annotations

import re
from functools import lru_cache

from .characters import CAPITAL, WORD, fold

_NAME = re.compile(
    rf"\b{CAPITAL}[{WORD}’'.-]*"
    rf"(?:\s+(?:(?:of|the|de|van|von|der|al|and|&)\s+)*{CAPITAL}[{WORD}’'-]*(?:\.[{WORD}’'-]+)*)*"
)


_QUESTION_WORDS = frozenset(
    """
    who whom whose what when where which why how did do does is are was were has have had can could will would
    should in on at by for from to with after before during since until according if the a an it he she they
    this that these those there and but so name list tell give describe explain please
    """.split()
)


@lru_cache(maxsize=20_000)
def names(text: str) -> tuple[str, ...]:
    """Capitalised runs that look like names; a capital that only opens the sentence is dropped for common words."""
    found = []
    for match in _NAME.finditer(text):
        parts = match.group().split()
        while parts and fold(parts[0]).strip(".'") in _QUESTION_WORDS:
            parts = parts[1:]
        if parts:
            found.append(" ".join(parts).rstrip(".'’"))
    return tuple(found)
