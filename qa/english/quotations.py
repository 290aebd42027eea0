"""Quotations: what stands between quotation marks, also over sentences and paragraphs.

A speech that runs over paragraphs opens anew in each and closes in the last (the rule of English printing). Where the
paragraphs of a page have been joined to one, a mark that opens a sentence within an open speech does the same. A mark
that is never closed ends with its paragraph, so that one missing mark does not turn the rest of a story into speech.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from .characters import WORD
from .regex import lazy_compile

# Pairs of marks, as English and its neighbours print them.
_CLOSING = {"“": "”", "„": "“”", "«": "»", '"': '"', "‘": "’"}
_SIGN = lazy_compile(r"[“”„«»\"‘’']")
# Single marks double as apostrophes: one opens a quotation only where no letter stands before it, and closes one only
# where none follows.
_OPENS = lazy_compile(rf"(?<![{WORD}])(?:‘|'(?=[\w“\"]))(?!(?:\d\ds|em|til|tis|twas|cause)\b)")
_CLOSES = lazy_compile(r"[’'](?!\w)")
OPENING = (*_CLOSING, "'")
_NESTED = str.maketrans('“”„«»"', "‘’‚‹›'")  # a quotation inside a quotation has single marks
_PARAGRAPH = lazy_compile(r"\n[ \t\r]*\n\s*")
_LINE = lazy_compile(r"\n\s*")
_SENTENCE_END = lazy_compile(r"[.!?…][”’\"')\]]*\s+$")
_SENTENCE = lazy_compile(r"[.!?…][”’\"')\]]*(?=\s)")
_OWNS = lazy_compile(r"s[’'] [a-z]")  # "the miners' wages"
_WIDTH = 6  # characters in front of a mark in which a sentence may end
_WORD_WIDTH = 30  # characters in which one word ends
LONGEST_OPEN = 600  # characters of a paragraph to whose end a quotation without a closing mark may run


class Quotation(NamedTuple):
    """Words between marks at ``start:end`` of a text (code points), the marks left out.

    Attributes:
        start: where the words begin.
        end: where they end.
        outer: where the marks begin and end.
        speech: where the speech begins that it goes on with, because the quotations before it were left open.
    """

    start: int
    end: int
    outer: tuple[int, int]
    speech: int

    @property
    def continued(self) -> bool:
        """Whether it goes on with the speech of the quotation before it."""
        return self.speech < self.start


class _Mark(NamedTuple):
    """A mark at ``start:end``. ``sign`` is the curly one for a straight single one. ``anew``: it opens a sentence."""

    start: int
    end: int
    sign: str
    anew: bool


class _Pair(NamedTuple):
    """A mark that opens a quotation, and where its words and its closing mark end. ``left_open``: there is no mark."""

    opening: _Mark
    end: int
    outer_end: int
    left_open: bool


def find_quotations(text: str) -> list[Quotation]:
    """The outermost quotations of a text in order; one that is not closed runs to the end of its paragraph."""
    found: list[Quotation] = []
    if not any(mark in text for mark in OPENING):  # as in most sentences
        return found
    speech: int | None = None  # that of a quotation that was left open
    paragraphs = _paragraphs(text)
    for number, (first, last) in enumerate(paragraphs):
        marks = _marks(text, first, last)
        following = paragraphs[number + 1][0] if number + 1 < len(paragraphs) else len(text)
        pairs = list(_pairs(text, marks, last, goes_on=text[following : following + 1] in ("‘", "'")))
        if not pairs or text[first : pairs[0].opening.start].strip():
            speech = None  # a paragraph that does not open with a mark goes on with nothing
        for pair in pairs:
            begun = pair.opening.end if speech is None else speech
            outer = pair.opening.start, pair.outer_end
            found.append(Quotation(pair.opening.end, pair.end, outer, begun))
            speech = begun if pair.left_open else None
    return [quotation for quotation in found if text[quotation.start : quotation.end].strip()]


def _paragraphs(text: str) -> list[tuple[int, int]]:
    """Where paragraphs begin and end; a text without a blank line has one a line."""
    if "\n" not in text:
        return [(0, len(text))]
    ends = list(_PARAGRAPH.finditer(text)) or list(_LINE.finditer(text))
    starts = [0, *(m.end() for m in ends)]
    return list(zip(starts, [*(m.start() for m in ends), len(text)], strict=True))


def _marks(text: str, first: int, last: int) -> list[_Mark]:
    found = []
    for match in _SIGN.finditer(text, first, last):
        sign, (start, end) = match.group(), match.span()
        if sign in "‘’'":
            # A single mark that does neither is an apostrophe within a word.
            sign = "‘" if _OPENS.match(text, start) else "’" if _CLOSES.match(text, start) else ""
        if sign:
            anew = not text[end : end + 1].isspace() and (
                not text[first:start].strip() or bool(_SENTENCE_END.search(text, max(first, start - _WIDTH), start))
            )
            found.append(_Mark(start, end, sign, anew))
    return found


def _pairs(text: str, marks: Sequence[_Mark], last: int, *, goes_on: bool = False) -> Iterator[_Pair]:
    """The marks of a paragraph that open a quotation, each with where it ends.

    A single mark may be an apostrophe: it is left open only if the next paragraph opens with one (``goes_on``).
    """
    last_single = max((at for at, mark in enumerate(marks) if mark.sign == "’"), default=-1)
    opening, depth = None, 0
    for at, mark in enumerate(marks):
        if opening is None:
            if mark.sign in _CLOSING and (mark.sign != "‘" or at < last_single or goes_on):
                opening, depth = mark, 1
        elif mark.anew and mark.sign == opening.sign:  # the next paragraph of a speech, in a text that has joined them
            end = _stop(text, opening.end, mark.start)
            yield _Pair(opening, end, end, left_open=True)
            opening, depth = mark, 1
        elif mark.sign in _CLOSING[opening.sign]:
            depth -= not (at < last_single and _is_apostrophe(text, mark, opening))
            if not depth:
                yield _Pair(opening, mark.start, mark.end, left_open=False)
                opening = None
        else:
            depth += mark.sign == opening.sign
    if opening is not None:
        end = _stop(text, opening.end, last)
        yield _Pair(opening, end, end, left_open=True)


def _is_apostrophe(text: str, mark: _Mark, opening: _Mark) -> bool:
    """Whether a single mark is that of "the miners’ wages" within a speech of whole sentences."""
    leads = opening.anew or text[max(0, opening.start - _WIDTH) : opening.start].rstrip()[-1:] in (",", ":")
    owns = mark.sign == "’" and bool(_OWNS.match(text, max(0, mark.start - 1)))
    return leads and owns and " " in text[opening.end : min(mark.start, opening.end + _WORD_WIDTH)]


def _stop(text: str, start: int, last: int) -> int:
    """Where a quotation ends that has no closing mark: with its paragraph, or its sentence if that is a long one."""
    if last - start > LONGEST_OPEN and (end := _SENTENCE.search(text, start, last)):
        return end.end()
    return start + len(text[start:last].rstrip())


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
