"""Names of people, places and outlets, told by their capitals alone."""

from __future__ import annotations

import re
from collections.abc import Iterator

from .first_names import gender_of
from .lexicon import (
    AND_ELSEWHERE,
    BY_ELSEWHERE,
    JOURNALISTS,
    NAME_JOINERS,
    NAME_PARTICLES,
    POSTS,
    UNNAMED_AUTHORS,
    any_of,
)
from .regex import lazy_compile

_JOINING = lazy_compile(any_of(NAME_JOINERS - {"&"}, {"at", "in", "on", "und", "upon"}))
_MAX_WORDS = 7
# "Post staff and agencies" is one author, not two.
_COLLECTIVE = lazy_compile(rf"\b(?:staff|agency|agencies|{any_of(JOURNALISTS)}s)\b", re.IGNORECASE)
_BETWEEN = lazy_compile(r"\s*[,;&]\s*|\s+and\s+", re.IGNORECASE)
_GROUPS = lazy_compile(r"\s*[;&]\s*|,?\s+and\s+", re.IGNORECASE)
_POST = lazy_compile(rf"\b{any_of(POSTS)}s?\b", re.IGNORECASE)
_NOBODY = lazy_compile(
    rf"(?:(?:a|an|and|by|from|our|the|senior|{any_of(POSTS, UNNAMED_AUTHORS)}s?)(?:\s+|\Z))+", re.IGNORECASE
)
_BY = lazy_compile(rf"(?:by|{any_of(BY_ELSEWHERE)}):?\s+(?P<who>\S.*)", re.IGNORECASE)
_AND = lazy_compile(rf"\s+{any_of(AND_ELSEWHERE)}\s+")
_DEGREE = lazy_compile(r"(?:ph\.?\s?d|m\.?d|m\.?a|b\.?a|jr|sr|i{2,3}|esq)\.?", re.IGNORECASE)


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


def is_post(words: str) -> bool:
    """Whether the words say what somebody does, and not who: "Senior Reporter"."""
    return len(words.split()) <= _MAX_WORDS and bool(_POST.search(words))


def split_names(words: str) -> tuple[str, ...]:
    """The people in "By A, B and C"; "staff and agencies" of an outlet stay together.

    Left out are posts and degrees behind a comma, and who has no name ("Staff reporter"). "Roe, Jane" is turned round
    where "Jane" is known as a first name. Empty for no words.
    """
    names = re.sub(r"^by:?\s+", "", words.strip(), flags=re.IGNORECASE)
    head = names.split(",")[0].strip()
    if _COLLECTIVE.search(head):
        return () if _NOBODY.fullmatch(head) else (names if _COLLECTIVE.search(names.split(",")[-1]) else head,)
    return tuple(name for group in _GROUPS.split(names) for name in _people(group))


def names_in_byline(line: str) -> str:
    """Return the names in a line that is known to be a byline, joined as in English.

    Pages in English of outlets elsewhere keep the words of their templates: "Par Ada Blum et Ola Frey". What would
    leave a single word is a name: "Von Miller".
    """
    match = _BY.fullmatch(line.strip())
    names = match["who"] if match and (" " in match["who"] or line[:3].lower() == "by ") else line.strip()
    return _AND.sub(" and ", names)


def _people(group: str) -> Iterator[str]:
    first, *others = (part.strip() for part in group.split(","))
    others = [part for part in others if not (is_post(part) or _DEGREE.fullmatch(part))]
    if len(others) == 1 and _is_surname(first) and gender_of(others[0]) and len(others[0].split()) <= 2:
        yield f"{others[0]} {first}"
    else:
        yield from (part for part in (first, *others) if part and not _NOBODY.fullmatch(part))


def _is_surname(words: str) -> bool:
    """Whether the words are a surname alone: "Roe", "van der Meer"."""
    *particles, name = words.split() or [""]
    return name[:1].isupper() and all(part.lower() in NAME_PARTICLES for part in particles)


_BYLINE = lazy_compile(
    r"\W*(?:(?:(?:photo(?:s|graphs?)?|reporting|written|words|pictures)\s+)?by"
    r"|(?:photos?|photography|words|pictures|text):)\s+"
    r"(?P<who>[^.;:!?]{3,90})\.?\W*",
    re.IGNORECASE,
)


def is_byline(line: str) -> bool:
    """Whether a line names who wrote or photographed, and says nothing else: "By Jane Roe, Health Reporter"."""
    match = _BYLINE.fullmatch(line.strip())
    first = _BETWEEN.split(match["who"])[0].strip() if match else ""
    return bool(match) and is_person(first)
