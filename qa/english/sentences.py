"""Text to sentences with exact offsets.

``sentencex`` (Wikimedia's rule-based segmenter) proposes boundaries; three things are ours, because news asks for them:

- *paragraphs*: it runs a heading into the sentence below it, so it is given one line at a time. Only lines that a
  program wrapped at a fixed width are put together again;
- *boundaries*: those inside "9 p.m. Monday", after "Ms." or between a quoted question and its "Roe asked" go;
  some are added, mostly before a quotation and within one: it takes a closed quotation for one sentence;
- *windows*: it never sees more than 4,000 characters at once, because its time grows with their square where many
  marks pair with none.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from itertools import pairwise

from sentencex import get_sentence_boundaries

from ..model import Sentence
from .characters import compose, well_formed
from .inflection import finite
from .lexicon import (
    ABBREVIATED_TITLES,
    DEMONSTRATIVES,
    INDEFINITE_PRONOUNS,
    SAYING,
    SETTING_PREPOSITIONS,
    SUBJECT_PRONOUNS,
    VOICING,
    WEEKDAYS,
    any_of,
    capitalised,
)
from .names import CAPITALISED
from .quotations import Quotation, find_quotations
from .regex import lazy_compile
from .temporal.patterns import MONTH, WEEKDAY, ZONE

Span = tuple[int, int]

LONGEST = 4_000
"""No sentence is longer than this many code points: text that goes on without an end is cut at a space."""

_TAIL = 16  # characters before a boundary that decide about it: longer than any abbreviation below

# Columns at which programs wrap: those of a newspaper's column to those of a wide window. Longer lines are paragraphs.
_NARROWEST, _WIDEST = 24, 200
_USUAL = 60  # a text with narrower lines may be verse, so that a few full ones are no sign
_SIGNS = 4

_SPACE = lazy_compile(r"\s")
_BULLET = lazy_compile(r"\s*[-*+•]\s")
_NUMBERED = lazy_compile(r"\s*\(?\w{1,3}[.)]\s")
_ITEM = lazy_compile(r"\s*(?:[-*+•]|\(?\d{1,3}[.)])\s+\S+\s+\S+\s+\S")
_ROW = lazy_compile(r"[^:;\n]{1,60}:\s[^;\n]{1,300};\s[^:;\n]{1,60}:\s\S")
_CELL = lazy_compile(r"([^:;\n]{1,60}):\s([^;\n]{1,300})(?:;\s|$)")
_FIELD = lazy_compile(r"[\w-]+:\s")  # "source: …"
_HEADING = lazy_compile(r"[^.!?…:”’\"')\]]\s*$")
_FINISHED = lazy_compile(r"[.!?…:;][\"'”’»)\]]*$")
_LOWER_CASE = lazy_compile(r"\s*[^\w\s]*[a-z](?![A-Z])")  # "he said", "(and others)", but not "iPhone", "eBay"

_CLOCK = lazy_compile(r"\b[ap]\.\s?m\.$", re.IGNORECASE)
_AFTER_CLOCK = lazy_compile(  # a day, unless it is somebody's name; a date; a time zone
    rf"(?:{WEEKDAY}\b(?!\s[A-Z])|{MONTH}\s\d|{ZONE})"
)

# Abbreviations the segmenter does not know, or not after a hyphen ("ex-Gov."): a name follows, or may; not "Main St."
_BEFORE_NAME = lazy_compile(rf"(?:^|[\s(\"“‘'-]){any_of(capitalised(ABBREVIATED_TITLES - {'st'}))}\.$")
_BEFORE_NUMBER = lazy_compile(
    r"(?:^|[\s(\"“])(?:Nos?|Vols?|Arts|Secs|Figs|Chs?|Pars?|Paras?|Approx|Eqs?|Rms?|Rte|Tel)\.$", re.IGNORECASE
)
_NUMBER = lazy_compile(r"[#§$£€]?\d")
_ENUMERATOR = lazy_compile(r"\(?(?:\d{1,3}|[a-zA-Z]|[ivxIVX]{1,4})[.)]")

# “Will you go?” Ann Roe asked.  But not: “Will you go?” Ann Roe asked nothing of the kind.
_ASKED = lazy_compile(r"[!?][\"”’'»]+$")
_NOBODY = any_of(capitalised(SUBJECT_PRONOUNS, INDEFINITE_PRONOUNS, DEMONSTRATIVES, {"who"}))
_SAYS = any_of(finite(SAYING | VOICING | {"ask", "demand", "question", "wonder"}))
_WHEN = any_of(SETTING_PREPOSITIONS, {"earlier", "last", "later", "of", "when", "while", "with"}, WEEKDAYS)
_SPEAKER = lazy_compile(rf"(?!{_NOBODY}\b)(?:{CAPITALISED}\s){{1,5}}(?:told\s|{_SAYS}(?:[.,;:]|\s{_WHEN}\b))")

# Boundaries the segmenter misses: before a quotation, after "p.m." or "Block C." (but not before a nickname, as in
# George W. “Dubya” Bush), after the month it takes for an abbreviation, and after a stop with a space before it, as
# programs write it.
_MISSED = lazy_compile(
    r"(?<=[.!?…])\s+(?=“(?![^“”.,!?]{1,24}”\s[A-Z])[A-Z0-9])|(?<=\bMay\.)\s+(?=[A-Z“])|(?<=[^\s.] \.)\s+(?=[A-Z“‘'\"(])"
)


# An end of a sentence within a quotation. Fewer words are an exclamation, and part of the sentence beside it.
_ENDS_WITHIN = lazy_compile(r"[.!?…]\s+\S")
_FEW_WORDS = 2
_LEFT_OPEN = "¿"  # a mark in front of a sentence that pairs with none


def split(text: str, article_id: str = "", *, prose_start: int | None = None) -> tuple[Sentence, ...]:
    """Split an English text into sentences.

    Args:
        text: an article's text, as stored; it may hold any whitespace and any line ends.
        article_id: goes into each sentence.
        prose_start: where the story begins behind its dateline: a sentence never runs over this place.

    Returns:
        Sentences in order, numbered from 0, not overlapping, without surrounding whitespace, together holding every
        character that is not whitespace, none longer than ``LONGEST``. ``text[s.start:s.end] == s.text``, in code
        points. A sentence of a hard-wrapped paragraph keeps its line break. Accents may be composed or not: the
        sentences are the same.

    Boundary F1 is printed by ``benchmarks/quality/sentences.py``.
    """
    read = compose(text)
    story = None if prose_start is None else read.composed(prose_start)
    paragraphs = (part for whole in _paragraphs(read.text) for part in _cut(read.text, whole, story))
    found = (span for paragraph in paragraphs for span in _merge(read.text, _pieces(read.text, *paragraph)))
    spans = (span for start, end in found for span in _within_limit(text, read.written(start), read.written(end)))
    return tuple(
        Sentence(article_id=article_id, index=index, start=start, end=end, text=text[start:end])
        for index, (start, end) in enumerate(spans)
    )


def is_heading(sentence: str) -> bool:
    """Whether it does not end like a sentence: a headline, a byline or a caption, which the story's body repeats.

    An item of a list ("- trawlers pay 120 crowns,") and a row of a table ("Port: Askey; Ships: 412") state something.
    """
    return bool(_HEADING.search(sentence)) and not _ITEM.match(sentence) and not _ROW.match(sentence)


def row_cells(sentence: str) -> dict[str, str]:
    """Return the cells of a row of a table by their headings: {"Port": "Askey", "Ships": "412"}. Empty for no row."""
    return dict(_CELL.findall(sentence)) if _ROW.match(sentence) else {}


def _within_limit(text: str, start: int, end: int) -> Iterator[Span]:
    """A sentence that only its decomposed accents make longer than ``LONGEST``, cut at spaces."""
    while end - start > LONGEST:
        cut = text.rfind(" ", start, start + LONGEST) + 1 or start + LONGEST
        yield start, start + len(text[start:cut].rstrip())
        start = end - len(text[cut:end].lstrip())
    if start < end:
        yield start, end


def _cut(text: str, span: Span, at: int | None) -> Iterator[Span]:
    start, end = span
    if at is not None and start < at < end:
        yield start, start + len(text[start:at].rstrip())
        start = at
    yield start, end


def _paragraphs(text: str) -> Iterator[Span]:
    """Each line that is not blank is one, but lines wrapped at a fixed width are put together."""
    lines = list(_lines(text))
    width = _wrap_width(text, lines)
    first = lines[0][0] if lines else 0
    for above, below in pairwise(lines):
        wrapped = width and _adjacent(text, above, below) and _is_full(text, above, below, width)
        if not wrapped or _is_item(text, above, below):
            yield first, above[1]
            first = below[0]
    if lines:
        yield first, lines[-1][1]


def _lines(text: str) -> Iterator[Span]:
    position = 0
    for line in text.splitlines(keepends=True):
        if length := len(line.rstrip()):
            yield position, position + length
        position += len(line)


def _wrap_width(text: str, lines: Sequence[Span]) -> int:
    """The column at which a program wrapped this text; 0 if none did.

    A program breaks a line only where the next word would not fit; a person breaks lines elsewhere. So the breaks that
    surely fall inside a sentence are asked whether the next word would have fitted.
    """
    inside = [pair for pair in pairwise(lines) if _runs_on(text, *pair)]
    width = max((_length(above) for above, _ in inside), default=0)
    full = sum(_is_full(text, *pair, width) for pair in inside)
    # One in ten may differ: a hand has corrected a line.
    enough = width >= _USUAL or (width >= _NARROWEST and len(inside) >= _SIGNS)
    return width if enough and full >= 0.9 * len(inside) else 0


def _length(line: Span) -> int:
    return line[1] - line[0]


def _adjacent(text: str, above: Span, below: Span) -> bool:
    return len(text[above[1] : below[0]].splitlines()) == 1


def _is_full(text: str, above: Span, below: Span, width: int) -> bool:
    first_word = text[slice(*below)].split(maxsplit=1)[0]
    return _length(above) <= _WIDEST and width < _length(above) + 1 + len(first_word)


def _runs_on(text: str, above: Span, below: Span) -> bool:
    # The sure sign of a sentence that runs over a line's end: no full stop above, a small letter below.
    return (
        _length(above) <= _WIDEST
        and _adjacent(text, above, below)
        and not _FINISHED.search(text, above[1] - 8, above[1])
        and bool(_LOWER_CASE.match(text, *below))
        and not _is_item(text, above, below)
    )


def _is_item(text: str, above: Span, below: Span) -> bool:
    """Whether a line begins an item of a list or a field of a header, not the rest of the line above."""
    return bool(
        _BULLET.match(text, *below)
        or (_NUMBERED.match(text, *below) and _FINISHED.search(text, above[1] - 8, above[1]))
        or (_FIELD.match(text, *below) and _FIELD.match(text, *above))
    )


def _pieces(text: str, start: int, end: int) -> Iterator[Span]:
    """The segmenter's sentences of one paragraph; they lie end to end, with the whitespace between them."""
    while start < end:
        # One character for one, so offsets hold: a no-break space or a wrapped line's end is a space to the segmenter.
        window = well_formed(_SPACE.sub(" ", text[start : min(start + LONGEST, end)]))
        quotes = find_quotations(window)
        ends = _ends(_with_plain_marks(window, quotes)) | {missed.end() for missed in _MISSED.finditer(window)}
        cuts = sorted(ends | set(_quoted_ends(window, quotes, sorted(ends))))
        if start + len(window) < end:
            # The last piece may go on beyond the window: look at it again from its start, or cut it if it is all.
            cuts = cuts[:-1] or [window.rfind(" ") + 1 or len(window)]
        for left, right in pairwise((0, *cuts)):
            yield start + left, start + right
        start += cuts[-1]


def _ends(text: str) -> set[int]:
    """Where the segmenter ends sentences."""
    return {boundary["end_index"] for boundary in get_sentence_boundaries("en", text)}


def _with_plain_marks(text: str, quotes: Sequence[Quotation]) -> str:
    """The text with marks that the segmenter cannot mistake: it goes by pairs, and an apostrophe may be one."""
    text = text.replace("'", "’")
    if not quotes:
        return text
    parts, at = [], 0
    for quote in quotes:
        first, last = quote.outer
        closed = last > quote.end
        words = text[first + 1 : quote.end]
        parts += [text[at:first], "“" if closed else _LEFT_OPEN, words, "”" if closed else ""]
        at = last
    return "".join((*parts, text[at:]))


def _quoted_ends(text: str, quotes: Sequence[Quotation], ends: Sequence[int]) -> Iterator[int]:
    """Where sentences end within the quotations of a text whose own sentences end at ``ends``.

    Those quotations count with which a sentence begins, or which it ends with behind a comma or colon: not the one of
    'She asked, “Who are you? What is this?” and left.'
    """
    starts = (0, *ends)
    for quote in quotes:
        if not _ENDS_WITHIN.search(text, quote.start, quote.end):
            continue
        start = starts[bisect_right(starts, quote.outer[0]) - 1]
        end = next((end for end in ends[bisect_left(ends, quote.end) :]), len(text))
        leads, trails = not text[start : quote.outer[0]].strip(), not text[quote.outer[1] : end].strip()
        if not leads and not (trails and text[: quote.outer[0]].rstrip()[-1:] in (",", ":")):
            continue
        inner = sorted(_ends(text[quote.start : quote.end]))
        for before, at, after in zip((0, *inner), inner, inner[1:], strict=False):
            pieces = text[quote.start + before : quote.start + at], text[quote.start + at : quote.start + after]
            if all(len(piece.split()) >= _FEW_WORDS for piece in pieces):  # “Who? Me?” is one sentence
                yield quote.start + at


def _merge(text: str, pieces: Iterator[Span]) -> Iterator[Span]:
    """Strip the pieces, drop the empty ones, and join those that are one sentence."""
    held: Span | None = None
    for start, end in pieces:
        piece = text[start:end]
        start, end = end - len(piece.lstrip()), start + len(piece.rstrip())
        if start >= end:
            continue
        if held and end - held[0] <= LONGEST:
            tail = text[max(held[0], held[1] - _TAIL) : held[1]]
            if _continues(tail, text[start:end]):
                held = held[0], end
                continue
        if held:
            yield held
        held = start, end
    if held:
        yield held


def _continues(left: str, right: str) -> bool:
    """Whether no sentence ends between the last characters of a piece and the next piece."""
    return bool(
        _LOWER_CASE.match(right)
        or _BEFORE_NAME.search(left)
        or (_BEFORE_NUMBER.search(left) and _NUMBER.match(right))
        or (_CLOCK.search(left) and _AFTER_CLOCK.match(right))
        or (_ASKED.search(left) and _SPEAKER.match(right))
        or _ENUMERATOR.fullmatch(left)
        or not any(map(str.isalnum, right))  # an emoji, a stray bracket
    )
