"""Text to sentences with exact offsets.

``sentencex`` (Wikimedia's rule-based segmenter) proposes boundaries; three things are ours, because news asks for them:

- *paragraphs*: it runs a heading into the sentence below it, so it is given one line at a time. Only lines that a
  program wrapped at a fixed width are put together again;
- *boundaries*: those inside "9 p.m. Monday", after "Ms." or between a quoted question and its "Roe asked" go;
  some are added, mostly before a quotation;
- *windows*: its time grows with the square of the number of unclosed quotation marks, so it never sees more than
  4,000 characters at once.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from sentencex import get_sentence_boundaries

from ..model import Sentence

Span = tuple[int, int]

LONGEST = 4_000
"""No sentence is longer than this many code points: text that goes on without an end is cut at a space."""

_TAIL = 16  # characters before a boundary that decide about it: longer than any abbreviation below
_WRAP_WIDTHS = range(
    40, 101
)  # columns at which programs wrap; shorter lines are verse and lists, longer are paragraphs

_SPACE = re.compile(r"\s")
_SURROGATE = re.compile("[\ud800-\udfff]")  # half a character, from broken JSON: it has no UTF-8 for the segmenter
_LIST_ITEM = re.compile(r"(?:[-*+•–—>#|]|\(?\w{1,3}[.)]|[\w-]+:)\s")  # also "source: …"
_FINISHED = re.compile(r"[.!?…:;][\"'”’»)\]]*$")
_LOWER_CASE = re.compile(r"[^\w\s]*[a-z](?![A-Z])")  # "he said", "(and others)", but not "iPhone", "eBay"

_DAY = "(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day"
_MONTH = "(?:January|February|March|April|May|June|July|August|September|October|November|December)"
_ZONE = "(?:[ECMP][SD]?T|GMT|UTC|BST|IST|JST|CES?T|EES?T|MSK|AES?T)"
_CLOCK = re.compile(r"\b[ap]\.\s?m\.$", re.IGNORECASE)
_AFTER_CLOCK = re.compile(  # a day, unless it is somebody's name; a date; a time zone
    rf"(?:{_DAY}(?!\s[A-Z])|{_MONTH}\s\d|{_ZONE}|(?:Eastern|Central|Mountain|Pacific|Local)\s[Tt]ime)\b"
)

# Abbreviations the segmenter does not know, or not after a hyphen ("ex-Gov."): a name follows, or may.
_BEFORE_NAME = re.compile(
    r"(?:^|[\s(\"“‘'-])(?:Mrs?|Ms|Mx|Dr|Prof|Rev|Sen|Rep|Govs?|Pres|Amb|Atty|Cllr|Const|Supt|Insp|Det"
    r"|Gen|Lt|Lieut|Col|Maj|Capt|Cmdr|Cmdt|Cdr|Cpl|Sgt|Spc|Adm|Assoc|Ft|Ste)\.$"
)
_BEFORE_NUMBER = re.compile(
    r"(?:^|[\s(\"“])(?:Nos?|Vols?|Arts|Secs|Figs|Chs?|Pars?|Paras?|Approx|Eqs?|Rms?|Rte|Tel)\.$", re.IGNORECASE
)
_NUMBER = re.compile(
    r"(?:^|[\s(\"“])(?:No|Nos|Nr|Vol|Vols|Art|Arts|Sec|Secs|Fig|Figs|Ch|Op|Par|p|pp|para|approx|Approx"
    r"|Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec|Rs|Tel|Ext|Rd)\.$",
    re.IGNORECASE,
)
_NUMBER = re.compile(r"[#§$£€]?\d")
_ENUMERATOR = re.compile(r"\(?(?:\d{1,3}|[a-zA-Z]|[ivxIVX]{1,4})[.)]")

# “Will you go?” Ann Roe asked.  But not: “Will you go?” Ann Roe asked nothing of the kind.
_ASKED = re.compile(r"[!?][\"”’'»]+$")
_SPEAKER = re.compile(
    r"(?!(?:He|She|They|It|We|I|You|Who|That|This|These|Those|Nobody|Everyone)\b)(?:[A-Z][\w.’'-]*\s){1,5}"
    r"(?:told\s|(?:said|says|asked|asks|added|adds|wrote|writes|cried|shouted|joked|questioned|wondered|replied|answered"
    r"|demanded|continued|tweeted|posted)(?:[.,;:]|\s(?:in|on|at|to|as|when|while|during|after|before|with|of|by|from"
    rf"|last|earlier|later|{_DAY})\b))"
)

# Boundaries the segmenter misses: before a quotation, after "p.m." or "Block C." (but not before a nickname, as in
# George W. “Dubya” Bush), and after the month it takes for an abbreviation.
_MISSED = re.compile(r"(?<=[.!?…])\s+(?=“(?![^“”.,!?]{1,24}”\s[A-Z])[A-Z0-9])|(?<=\bMay\.)\s+(?=[A-Z“])")


def split(text: str, article_id: str = "") -> tuple[Sentence, ...]:
    """Split an English text into sentences.

    Args:
        text: an article's text, as stored; it may hold any whitespace and any line ends.
        article_id: goes into each sentence.

    Returns:
        Sentences in order, numbered from 0, not overlapping, without surrounding whitespace, together holding every
        character that is not whitespace, none longer than ``LONGEST``. ``text[s.start:s.end] == s.text``, in code
        points. A sentence of a hard-wrapped paragraph keeps its line break.

    Boundary F1 is printed by ``benchmarks/quality/sentences.py``.
    """
    spans = (span for paragraph in _paragraphs(text) for span in _merge(text, _pieces(text, *paragraph)))
    return tuple(
        Sentence(article_id=article_id, index=index, start=start, end=end, text=text[start:end])
        for index, (start, end) in enumerate(spans)
    )


def _paragraphs(text: str) -> Iterator[Span]:
    # A block is a run of lines without a blank one between them.
    block: list[Span] = []
    position = 0
    for line in text.splitlines(keepends=True):
        length = len(line.rstrip())
        if length:
            block.append((position, position + length))
        else:
            yield from _unwrap(text, block)
            block = []
        position += len(line)
    yield from _unwrap(text, block)


def _unwrap(text: str, block: Sequence[Span]) -> Iterator[Span]:
    """A block's paragraphs: each line is one, unless the block was wrapped at a fixed width."""
    if not block:
        return
    width = max(end - start for start, end in block)
    # A wrapping program breaks a line only where the next word would not fit; a person breaks lines elsewhere.
    full = [end - start + 1 + _first_word(text, below) > width for (start, end), below in pairwise(block)]
    inside = [_runs_on(text, above, below) for above, below in pairwise(block)]
    wrapped = width in _WRAP_WIDTHS and any(inside) and all(f for f, i in zip(full, inside, strict=True) if i)
    first, last = block[0]
    for joins, (start, end) in zip(full, block[1:], strict=True):
        if not (wrapped and joins) or _LIST_ITEM.match(text[start:end].lstrip()):
            yield first, last
            first = start
        last = end
    yield first, last


def _first_word(text: str, line: Span) -> int:
    return len(text[slice(*line)].split(maxsplit=1)[0])


def _runs_on(text: str, above: Span, below: Span) -> bool:
    # The sure sign of a sentence that runs over a line's end: no full stop above, a small letter below.
    return not _FINISHED.search(text, above[1] - 8, above[1]) and bool(_LOWER_CASE.match(text[slice(*below)].lstrip()))


def _pieces(text: str, start: int, end: int) -> Iterator[Span]:
    """The segmenter's sentences of one paragraph; they lie end to end, with the whitespace between them."""
    while start < end:
        # One character for one, so offsets hold: a no-break space or a wrapped line's end is a space to the segmenter.
        window = _SURROGATE.sub("\ufffd", _SPACE.sub(" ", text[start : min(start + LONGEST, end)]))
        ends = {boundary["end_index"] for boundary in get_sentence_boundaries("en", window)}
        cuts = sorted(ends.union(missed.end() for missed in _MISSED.finditer(window)))
        if start + len(window) < end:
            # The last piece may go on beyond the window: look at it again from its start, or cut it if it is all.
            cuts = cuts[:-1] or [window.rfind(" ") + 1 or len(window)]
        for left, right in pairwise((0, *cuts)):
            yield start + left, start + right
        start += cuts[-1]


def _merge(text: str, pieces: Iterator[Span]) -> Iterator[Span]:
    """Strip the pieces, drop the empty ones, and join those that are one sentence."""
    held: Span | None = None
    for start, end in pieces:
        piece = text[start:end]
        start, end = end - len(piece.lstrip()), start + len(piece.rstrip())
        if start >= end:
            continue
        if (
            held
            and end - held[0] <= LONGEST
            and _continues(text[max(held[0], held[1] - _TAIL) : held[1]], text[start:end])
        ):
            held = held[0], end
            continue
        if held:
            yield held
        held = start, end
    if held:
        yield held


def _continues(left: str, right: str) -> bool:
    """Whether no sentence ends between the end of a piece (its last characters) and the next piece."""
    return bool(
        _LOWER_CASE.match(right)
        or _BEFORE_NAME.search(left)
        or (_BEFORE_NUMBER.search(left) and _NUMBER.match(right))
        or (_CLOCK.search(left) and _AFTER_CLOCK.match(right))
        or (_ASKED.search(left) and _SPEAKER.match(right))
        or _ENUMERATOR.fullmatch(left)
        or not any(map(str.isalnum, right))  # an emoji, a stray bracket
    )
