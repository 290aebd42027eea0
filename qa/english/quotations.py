"""Quotations: where their marks open and close; and text as a person sees it."""

from __future__ import annotations

import re

from .characters import WORD

# Pairs of marks, as English and its neighbours print them. Single marks double as apostrophes: one opens a quotation
# only where no letter stands before it, and closes one only where none follows.
_PAIRS = (
    re.compile(r"“([^“”]*)(?:”|$)"),
    re.compile(r'"([^"]*)(?:"|$)'),
    re.compile(r"„([^„“”]*)[“”]"),
    re.compile(r"«([^«»]*)(?:»|$)"),
    re.compile(rf"(?<![{WORD}])‘((?:[^‘’]|’(?=\w))*)’(?!\w)"),
    re.compile(rf"(?<![{WORD}])'((?:[^']|'(?=\w))*)'(?!\w)"),
)


def quotations(text: str) -> tuple[str, ...]:
    """What stands between quotation marks (“ ”, " ", „ “, « », ‘ ’, ' '), without the marks.

    A double quotation that is not closed runs to the end, as it does where a speech goes on in the next sentence.
    """
    return tuple(q.strip() for pattern in _PAIRS for q in pattern.findall(text) if q.strip())


def quoted_spans(text: str) -> tuple[tuple[int, int], ...]:
    """Where quotations stand, marks included, as code-point offsets; the pairs that ``quotations`` knows."""
    return tuple(match.span() for pattern in _PAIRS for match in pattern.finditer(text))
