"""Quotations: where their marks open and close; and text as a person sees it."""

from __future__ import annotations

import re

# Pairs of marks, as English and its neighbours print them. Single marks double as apostrophes: one opens a quotation
# only where no letter stands before it, and closes one only where none follows.
_PAIRS = (
    re.compile(r"“([^“”]*)(?:”|$)"),
    re.compile(r'"([^"]*)(?:"|$)'),
    re.compile(r"„([^„“”]*)[“”]"),
    re.compile(r"«([^«»]*)(?:»|$)"),
    re.compile(r"(?<!\w)‘((?:[^‘’]|’(?=\w))*)’(?!\w)"),
    re.compile(r"(?<!\w)'((?:[^']|'(?=\w))*)'(?!\w)"),
)


def quotations(text: str) -> tuple[str, ...]:
    """What stands between quotation marks (“ ”, " ", „ “, « », ‘ ’, ' '), without the marks.

    A double quotation that is not closed runs to the end, as it does where a speech goes on in the next sentence.
    """
    return tuple(q.strip() for pattern in _PAIRS for q in pattern.findall(text) if q.strip())


def quoted_spans(text: str) -> tuple[tuple[int, int], ...]:
    """Where quotations stand, marks included, as code-point offsets; the pairs that ``quotations`` knows."""
    return tuple(match.span() for pattern in _PAIRS for match in pattern.finditer(text))


# Controls, zero-width and bidi characters: unseen by a person, not by a model or a comparison; stored text keeps them
_INVISIBLE = re.compile(
    r"[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u00ad\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff"
    r"\U000e0000-\U000e007f]"
)


def visible(text: str) -> str:
    """Text without invisible characters, on one line."""
    return " ".join(_INVISIBLE.sub("", text).split())


def straighten(text: str) -> str:
    """Visible text with one kind of quotation mark, apostrophe and space: for comparing words, never for storing."""
    return visible(text.translate(_MARKS))


_MARKS = str.maketrans({"“": '"', "”": '"', "„": '"', "‘": "'", "’": "'", " ": " "})
