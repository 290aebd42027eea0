"""A document as the readers of corrections search it: its levelled text, its values, and its clauses."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, NamedTuple

from ...model import Sentence
from ..characters import level
from . import patterns as p
from .notes import Span
from .values import Value, different, values_in

if TYPE_CHECKING:  # a document has its notes as a layer
    from ..document import Document

PHRASE = 8  # words that stand for what is neither a number nor a time nor a name
REACH = 20  # characters in front of a value that tell what it was changed from or to

Pair = tuple[Span | None, Span | None]
"""The wrong words and the right ones."""


class Clause(NamedTuple):
    """A clause at ``start:end``, in the sentence of that index."""

    start: int
    end: int
    sentence: int


class Scan:
    """A document's text, levelled, with what is searched in it. All offsets are those of the text."""

    def __init__(self, document: Document) -> None:
        self.document = document
        self.text, self.low = document.text, level(document.text)
        self._quotations = document.quotations
        self._starts = [quotation.start for quotation in self._quotations]
        self._hints = [match.start() for match in p.HINT.finditer(self.low)]

    def lower(self, place: Sentence | Clause) -> str:
        """The levelled text of a sentence or a clause."""
        return self.low[place.start : place.end]

    def hinted(self, start: int, end: int) -> bool:
        """Whether a stretch has a word that every note has."""
        return bisect_left(self._hints, start) < bisect_left(self._hints, end)

    def quoted(self, at: int) -> bool:
        """Whether a place is inside quotation marks."""
        index = bisect_right(self._starts, at - 1) - 1
        return index >= 0 and at < self._quotations[index].end

    def search(self, pattern: re.Pattern[str], start: int, end: int) -> re.Match[str] | None:
        """The first match that begins outside quotation marks."""
        return next((m for m in pattern.finditer(self.low, start, end) if not self.quoted(m.start())), None)

    def has(self, place: Sentence | Clause, *patterns: re.Pattern[str]) -> bool:
        """Whether one of the patterns matches outside quotation marks."""
        return any(self.search(pattern, place.start, place.end) for pattern in patterns)

    def values(self, start: int, end: int) -> list[Value]:
        """The values of a stretch, without those that only say where something stands: "paragraph 3", "page 7"."""
        frames = [match.span() for match in p.FRAME.finditer(self.low, start, end)]
        found = values_in(self.document, start, end)
        return [v for v in found if not any(first <= v.start and v.end <= last for first, last in frames)]

    def clauses(self, sentences: Sequence[Sentence], start: int) -> Iterator[Clause]:
        """The clauses of some sentences, from an offset on."""
        for sentence in sentences:
            begin = max(start, sentence.start)
            for match in p.CLAUSE.finditer(self.low, begin, sentence.end):
                if not self.quoted(match.start()):
                    yield Clause(begin, match.start(), sentence.index)
                    begin = match.end()
            if begin < sentence.end:
                yield Clause(begin, sentence.end, sentence.index)

    def trimmed(self, start: int, end: int) -> Span | None:
        """A stretch without the marks and the space around it. None if nothing is left."""
        piece = self.text[start:end]
        first = len(piece) - len(piece.lstrip(" \t\r\n,;:*_"))
        last = len(piece.rstrip(" \t\r\n,;:.*_)]"))
        return (start + first, start + last) if first < last else None

    def count(self, span: Span) -> int:
        """The number of words of a stretch."""
        return len(self.text[slice(*span)].split())

    # -- what one clause sets against each other ---------------------------------------------------------------------

    def contrasts(self, clause: Clause) -> list[Pair]:
        """What a clause sets against each other: "41, not 14", "from 14 to 41"."""
        start, end = clause.start, clause.end
        for pattern in (p.FOR_READ, p.SHOULD_READ, p.REFERENCE):
            if match := pattern.search(self.low, start, end):
                wrong, right = match.span("wrong"), match.span("right")
                return self._both(wrong, right) or [(self.trimmed(*wrong), self.trimmed(*right))]
        if pair := self.set_against(clause):
            return [pair]
        changed = self.search(p.CHANGED, start, end)
        for pattern in (p.NOT_BUT, p.OF_TO) if changed else (p.NOT_BUT,):
            match = self.search(pattern, start, end)
            if match and (pairs := self._both(match.span("wrong"), match.span("right"))):
                return pairs
        pair = self.changed(start, end) if changed else None
        return [pair] if pair else []

    def set_against(self, clause: Clause) -> Pair | None:
        """The wrong words behind "not", and the right ones in front of it."""
        for match in p.NOT.finditer(self.low, clause.start, clause.end):
            if not self.quoted(match.start()) and (pair := self._around(clause, match)):
                return pair
        return None

    def changed(self, start: int, end: int) -> Pair | None:
        """What was changed "to 41 from 14", "from 14 to 41"."""
        values = self.values(start, end)
        old = [v for v in values if p.FROM.search(self.low, max(start, v.start - REACH), v.start)]
        new = [v for v in values if self.is_behind_to(v, start)]
        pairs = ((a.span, b.span) for a in old for b in new if a.kind == b.kind and a.key != b.key)
        return next(pairs, None)

    def is_behind_to(self, value: Value, start: int) -> bool:
        """Whether something was changed to a value."""
        return bool(p.TO.search(self.low, max(start, value.start - REACH), value.start))

    def _both(self, wrong: Span, right: Span) -> list[Pair]:
        """The values in which two stretches differ, one by one."""
        ones, others = different(values_in(self.document, *wrong), values_in(self.document, *right))
        if not ones or [v.kind for v in ones] != [v.kind for v in others]:
            return []
        return [(a.span, b.span) for a, b in zip(ones, others, strict=True)]

    def _around(self, clause: Clause, match: re.Match[str]) -> Pair | None:
        begin = match.end()
        if quoted := p.QUOTED.match(self.text[begin : clause.end]):
            before = p.QUOTED_BEFORE.search(self.text[clause.start : match.start()])
            return (_moved(quoted, begin), _moved(before, clause.start)) if before else None
        stop = p.ENDS.search(self.low, begin, clause.end)
        finish = stop.start() if stop else clause.end
        finish = begin + len(self.text[begin:finish].rstrip(" .*_)]!"))
        skipped = p.SKIPPED.match(self.low, begin, finish)
        first = skipped.end() if skipped else begin
        behind = [v for v in values_in(self.document, begin, finish) if v.start <= first + 1]
        if not behind:
            return self._phrases(clause, match.start(), begin, finish)
        frames = {v.span for v in self.values(clause.start, clause.end)}
        ahead = [v for v in values_in(self.document, clause.start, match.start()) if v.span in frames or not frames]
        return self._same_kind(behind[0], finish, ahead)

    def _same_kind(self, wrong: Value, finish: int, ahead: Sequence[Value]) -> Pair | None:
        run = [v for v in values_in(self.document, wrong.start, finish) if v.kind == wrong.kind]
        if wrong.kind != "number" or len({v.unit for v in run}) < 2:
            run = run[:1]  # but "14 minutes 6 seconds"
        fitting = [v for v in ahead if (wrong.fits(v) if len(run) == 1 else v.kind == wrong.kind)]
        before = fitting[-len(run) :]
        if len(before) < len(run) or [v.key for v in before] == [v.key for v in run]:
            return None
        return (run[0].start, run[-1].end), (before[0].start, before[-1].end)

    def _phrases(self, clause: Clause, at: int, begin: int, finish: int) -> Pair | None:
        """Words set against words: "is the deputy mayor, not the mayor"."""
        starts = [match.end() for match in p.BEFORE_PHRASE.finditer(self.low, clause.start, at)]
        if not starts or starts[-1] >= at:
            return None
        wrong, right = self.trimmed(begin, finish), self.trimmed(starts[-1], at)
        if not wrong or not right or max(self.count(wrong), self.count(right)) > PHRASE:
            return None
        return (wrong, right) if self.low[slice(*wrong)] != self.low[slice(*right)] else None


def _moved(match: re.Match[str], by: int) -> Span:
    return match.start("quoted") + by, match.end("quoted") + by
