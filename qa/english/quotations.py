"""Quotations: what stands between quotation marks, also over sentences and paragraphs.

A speech that runs over paragraphs opens anew in each and closes in the last (the rule of English printing). A mark that
is never closed ends with its paragraph, so that one missing mark does not turn the rest of a story into speech.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from .characters import WORD
from .regex import lazy_compile

# Pairs of marks, as English and its neighbours print them.
_CLOSING = {"“": "”", "„": "“”", "«": "»", '"': '"', "‘": "’"}
# Single marks double as apostrophes: one opens a quotation only where no letter stands before it, and closes one only
# where none follows.
_MARK = lazy_compile(rf"[“”„«»\"]|(?P<open>(?<![{WORD}])(?:‘|'(?=[\w“\"])))|(?P<close>[’'](?!\w))")
_OPENING = (*_CLOSING, "'")
_NESTED = str.maketrans('“”„«»"', "‘’‚‹›'")  # a quotation inside a quotation has single marks
_PARAGRAPH = lazy_compile(r"\n[ \t\r]*\n\s*")
_LINE = lazy_compile(r"\n\s*")


class Quotation(NamedTuple):
    """Words between marks at ``start:end`` of a text (code points), the marks left out.

    Attributes:
        start: where the words begin.
        end: where they end.
        outer: where the marks begin and end.
        paragraph: the number of its paragraph, from 0.
        continued: whether the paragraph before left its speech open.
    """

    start: int
    end: int
    outer: tuple[int, int]
    paragraph: int
    continued: bool


def find_quotations(text: str) -> list[Quotation]:
    """The outermost quotations of a text in order; one that is not closed runs to the end of its paragraph."""
    found: list[Quotation] = []
    if not any(mark in text for mark in _OPENING):  # as in most sentences
        return found
    left_open = False
    paragraphs = _paragraphs(text)
    for number, (first, last) in enumerate(paragraphs):
        marks = list(_MARK.finditer(text, first, last))
        following = paragraphs[number + 1][0] if number + 1 < len(paragraphs) else len(text)
        pairs = list(_pairs(marks, goes_on=text[following : following + 1] in ("‘", "'")))
        stop = first + len(text[first:last].rstrip())
        for opening, closing in pairs:
            end, outer_end = closing.span() if closing else (stop, stop)
            continued = left_open and opening is marks[0] and not text[first : opening.start()].strip()
            found.append(Quotation(opening.end(), end, (opening.start(), outer_end), number, continued))
        left_open = bool(pairs) and pairs[-1][1] is None
    return [quotation for quotation in found if text[quotation.start : quotation.end].strip()]


def _paragraphs(text: str) -> list[tuple[int, int]]:
    """Where paragraphs begin and end; a text without a blank line has one a line."""
    ends = list(_PARAGRAPH.finditer(text)) or list(_LINE.finditer(text))
    starts = [0, *(m.end() for m in ends)]
    return list(zip(starts, [*(m.start() for m in ends), len(text)], strict=True))


def _pairs(
    marks: Sequence[re.Match[str]], *, goes_on: bool = False
) -> Iterator[tuple[re.Match[str], re.Match[str] | None]]:
    """The marks of a paragraph that open a quotation, each with the one that closes it; None for one left open.

    A single mark may be an apostrophe: it is left open only if the next paragraph opens with one (``goes_on``).
    """
    signs = [_sign(mark) for mark in marks]
    last_single = max((at for at, sign in enumerate(signs) if sign == "’"), default=-1)
    opened, depth = 0, 0
    for at, sign in enumerate(signs):
        if depth:
            depth += _turn(signs[opened], sign)
            if not depth:
                yield marks[opened], marks[at]
        elif sign in _CLOSING and (sign != "‘" or at < last_single or goes_on):
            opened, depth = at, 1
    if depth:
        yield marks[opened], None


def _sign(mark: re.Match[str]) -> str:
    """The mark; for a straight single one the curly one it stands for."""
    return "‘" if mark["open"] else "’" if mark["close"] else mark.group()


def _turn(opening: str, sign: str) -> int:
    """How much deeper a mark leads into a quotation that ``opening`` began."""
    if sign in _CLOSING[opening]:
        return -1
    return 1 if sign == opening else 0


def quotations(text: str) -> tuple[str, ...]:
    """The words between quotation marks of a claim or sentence in order, without the marks."""
    return tuple(text[q.start : q.end].strip() for q in _in_sentence(text))


def quoted_spans(text: str) -> tuple[tuple[int, int], ...]:
    """Where the quotations of a claim or sentence stand, marks included, as code-point offsets."""
    return tuple(q.outer for q in _in_sentence(text))


def nested(text: str) -> str:
    """The text with single marks for its double ones, to stand between double ones itself; offsets stay."""
    return text.translate(_NESTED)


def outside_quotations(text: str) -> str:
    """A claim or sentence with a space for each of its quotations: what it says in its own words."""
    for start, end in reversed(quoted_spans(text)):
        text = f"{text[:start]} {text[end:]}"
    return text


def _in_sentence(text: str) -> list[Quotation]:
    # A sentence of a hard-wrapped article holds line breaks, and they end no paragraph.
    return find_quotations(text.replace("\n", " "))
