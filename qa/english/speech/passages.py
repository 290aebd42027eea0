"""What stands between quotation marks in an article, also over sentences and paragraphs.

A speech that runs over paragraphs opens anew in each and closes in the last (the rule of English printing); a mark
that is never closed ends with its paragraph, so that one missing mark does not turn the rest of a story into speech.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from ..characters import WORD

_PARAGRAPH = re.compile(r"\n[ \t\r]*\n\s*")
_MARK = re.compile(rf"[“”„«»\"]|(?<![{WORD}])‘|’(?!\w)")
_CLOSING = {"“": "”", "„": "“”", "«": "»", '"': '"', "‘": "’"}


class Quote(NamedTuple):
    """Words between marks at ``start:end`` (code points, without the marks).

    ``outer`` begins and ends with the marks. ``continued`` says that the paragraph before left its speech open.
    """

    start: int
    end: int
    outer: tuple[int, int]
    paragraph: int
    continued: bool


def paragraphs(text: str) -> list[tuple[int, int]]:
    """Where paragraphs begin and end; a text without a blank line has one a line."""
    ends = list(_PARAGRAPH.finditer(text)) or list(re.finditer(r"\n\s*", text))
    starts = [0, *(m.end() for m in ends)]
    return list(zip(starts, [*(m.start() for m in ends), len(text)], strict=True))


def quotes(text: str) -> list[Quote]:
    """The outermost quotations of a text in order."""
    found: list[Quote] = []
    left_open = False
    for number, (first, last) in enumerate(paragraphs(text)):
        marks = list(_MARK.finditer(text, first, last))
        continued = left_open and bool(marks) and not text[first : marks[0].start()].strip()
        closing = max((at for at, m in enumerate(marks) if m.group() == "’"), default=-1)
        opened: re.Match[str] | None = None
        depth = 0
        for at, mark in enumerate(marks):
            sign = mark.group()
            if opened is None:
                if sign in _CLOSING and (sign != "‘" or at < closing):
                    opened, depth = mark, 1
                continue
            depth += _turn(opened.group(), sign)
            if not depth:
                outer = (opened.start(), mark.end())
                found.append(Quote(opened.end(), mark.start(), outer, number, continued and opened is marks[0]))
                opened = None
        left_open = opened is not None
        if opened is not None:
            end = first + len(text[first:last].rstrip())
            found.append(Quote(opened.end(), end, (opened.start(), end), number, continued and opened is marks[0]))
    return [quote for quote in found if text[quote.start : quote.end].strip()]


def _turn(opening: str, sign: str) -> int:
    """How much deeper a mark leads into a quotation that ``opening`` began."""
    if sign in _CLOSING[opening]:
        return -1
    return 1 if sign == opening else 0
