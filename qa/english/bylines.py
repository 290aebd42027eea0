"""Names of people, places and outlets, told by their capitals alone."""

from __future__ import annotations

import re

from .lexicon import JOURNALISTS, NAME_JOINERS, any_of
from .regex import lazy_compile

_JOINING = lazy_compile(any_of(NAME_JOINERS - {"&"}, {"at", "in", "on", "und", "upon"}))
_MAX_WORDS = 7
# "Post staff and agencies" is one author, not two.
_COLLECTIVE = lazy_compile(rf"\b(?:staff|agency|agencies|{any_of(JOURNALISTS)}s)\b", re.IGNORECASE)
_BETWEEN = lazy_compile(r"\s*[,;&]\s*|\s+and\s+", re.IGNORECASE)


def is_name(words: str) -> bool:
    """Whether the words can be a name: capitals, figures or joining words ("Rio de Janeiro"), at most seven."""
    parts = words.split()
    lower = [part for part in parts if part.islower()]
    return len(lower) < len(parts) <= _MAX_WORDS and all(map(_JOINING.fullmatch, lower))


def is_person(words: str) -> bool:
    """Whether the words can be an author: a name of two to five words without figures, or a staff."""
    if _COLLECTIVE.search(words):
        return len(words.split()) <= _MAX_WORDS
    return is_name(words) and 2 <= len(words.split()) <= 5 and not any(c.isdigit() for c in words)


def split_names(words: str) -> tuple[str, ...]:
    """The people in "By A, B and C"; "staff and agencies" stay together. Empty for no words."""
    names = re.sub(r"^by\s+", "", words.strip(), flags=re.IGNORECASE)
    if _COLLECTIVE.search(names):
        return (names,)
    return tuple(name for name in _BETWEEN.split(names) if name)


_BYLINE = lazy_compile(
    r"\W*(?:(?:(?:photo(?:s|graphs?)?|reporting|written|words|pictures)\s+)?by|(?:photos?|words|pictures|text):)\s+"
    r"(?P<who>[^.;:!?]{3,90})\.?\W*",
    re.IGNORECASE,
)


def is_byline(line: str) -> bool:
    """Whether a line names who wrote or photographed, and says nothing else: "By Jane Roe, Health Reporter"."""
    match = _BYLINE.fullmatch(line.strip())
    first = _BETWEEN.split(match["who"])[0].strip() if match else ""
    return bool(match) and is_person(first)
