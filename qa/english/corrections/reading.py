"""Finds the notes of a document: where each begins and ends, what it does, and about which article."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING, NamedTuple, cast

from ...model import Sentence
from ..inflection import every_form
from ..lexicon import CORRECTION_LABELS
from ..temporal.expressions import time_expressions
from . import patterns as p
from .notes import CorrectionNote, Kind, Point
from .points import behind_that, points_of
from .reported import reported
from .scan import Scan

if TYPE_CHECKING:  # a document has its notes as a layer
    from ..document import Document

LONGEST = 12  # sentences of one note
DATE = 24  # characters of a date
BRIEF = 4  # sentences of a labelled note that has no word of a note in it
WEEK = 7  # days of a time that names the day of an article


class Target(NamedTuple):
    """The article that a note is about: its own, or another one, of an outlet and of some days."""

    own: bool
    outlet: str | None = None
    since: date | None = None
    until: date | None = None


class Outlet(NamedTuple):
    """An outlet that says something, in lower case, and whether the words beside "said" call that wrong."""

    name: str
    erred: bool


class Label(NamedTuple):
    """What a note begins with, and where that ends. ``kind`` is None if a sentence has no label."""

    kind: Kind | None
    end: int


def find_corrections(document: Document) -> tuple[CorrectionNote, ...]:
    """The notes of a document, in order. Each sentence belongs to one note at most."""
    scan = Scan(document)
    return _NoteReader(scan).read() if scan.hinted(0, len(scan.low)) else ()


class _NoteReader:
    """Reads the notes of one document, paragraph by paragraph."""

    def __init__(self, scan: Scan) -> None:
        self._scan, self._document, self._sentences = scan, scan.document, scan.document.sentences
        self._found: list[CorrectionNote] = []

    def read(self) -> tuple[CorrectionNote, ...]:
        """The notes, in order."""
        heading: Kind | None = None
        for paragraph in self._paragraphs():
            heading = self._paragraph(paragraph, heading)
        taken = {index for note in self._found for index in range(note.first, note.last + 1)}
        others = [s for s in self._sentences if s.index not in taken and self._scan.hinted(s.start, s.end)]
        told = [note for s in others if (note := reported(self._scan, s))]
        return tuple(sorted([*self._found, *told]))

    def _paragraphs(self) -> list[list[Sentence]]:
        found: list[list[Sentence]] = []
        for sentence in self._sentences:
            if not found or self._opens(sentence):
                found.append([])
            found[-1].append(sentence)
        return found

    def _opens(self, sentence: Sentence) -> bool:
        """Whether a sentence begins a line."""
        above = self._sentences[sentence.index - 1].end if sentence.index else sentence.start
        return not sentence.index or any(mark in self._scan.text[above : sentence.start] for mark in "\n\r")

    def _paragraph(self, paragraph: Sequence[Sentence], heading: Kind | None) -> Kind | None:
        """Read a paragraph. Returns the kind of the note below, if the paragraph is only its heading."""
        at = 0
        while at < len(paragraph):
            rest = paragraph[at : at + LONGEST]
            label = self._label(rest[0])
            if label.kind and len(paragraph) == at + 1 and label.end >= rest[0].end - 1:
                return label.kind
            if heading and not label.kind and at == 0:
                label = Label(heading, rest[0].start)
            if at == 0 and self._goes_on(rest[0], p.IT_SAID) and self._found[-1].whole and self._found[-1].own:
                # What the withdrawn story had said belongs to the note above.
                last = paragraph[-1]
                self._found[-1] = self._found[-1]._replace(end=last.end, last=last.index)
                return None
            if note := self._note(rest, label):
                self._found.append(note)
            at += note.last - rest[0].index + 1 if note else 1
        return None

    def _goes_on(self, first: Sentence, pattern: re.Pattern[str]) -> bool:
        """Whether a sentence goes on with the note right above it, in words of the pattern."""
        above = self._found[-1] if self._found else None
        follows = above is not None and above.last == first.index - 1 and above.kind != "addition"
        return follows and bool(pattern.match(self._scan.lower(first)))

    # -- one note --------------------------------------------------------------------------------------------------

    def _label(self, sentence: Sentence) -> Label:
        low = self._scan.lower(sentence)
        if match := p.KILL.match(sentence.text):
            dated = p.KILL_DAY.match(low, match.end())
            return Label("retraction", sentence.start + (dated or match).end())
        if match := p.LABEL.match(low):
            kind = next(kind for kind in CORRECTION_LABELS if match[kind])
            return Label(cast(Kind, kind), sentence.start + match.end())
        bracketed = p.CORRECTS.match(low) and p.BRACKETED.match(low)
        return Label("correction" if bracketed else None, sentence.start)

    def _note(self, rest: Sequence[Sentence], label: Label) -> CorrectionNote | None:
        """The note that begins with the first of some sentences, which end with its paragraph."""
        first = rest[0]
        also = not label.kind and self._goes_on(first, p.ALSO)
        kind = label.kind or self._triggered(rest) or ("correction" if also else None)
        if kind is None:
            return None
        if not label.kind:
            rest = rest[: self._reach(rest)]
        start, end = label.end, rest[-1].end
        points = points_of(self._scan, rest, start)
        withdrawn = any(self._is_withdrawn(sentence, max(sentence.start, start)) for sentence in rest)
        if withdrawn:
            kind = "retraction"
        elif kind == "addition" and points:
            kind = "correction"
        if kind == "retraction" and not any(point.wrong and point.right for point in points):
            points = [point for point in points if point.wrong]
        if label.kind and not (points or kind in {"retraction", "addition"} or self._is_note(rest, start)):
            return None
        target = self._target(rest, start)
        if also:
            above = self._found[-1]
            target = Target(above.own, above.outlet, target.since or above.since, target.until or above.until)
        whole = kind == "retraction" and (withdrawn or (target.own and label.kind is not None))
        return CorrectionNote(
            first.start,
            end,
            first.index,
            rest[-1].index,
            kind=kind,
            own=target.own,
            whole=whole,
            outlet=target.outlet,
            day=self._day(rest, label.end),
            since=target.since,
            until=target.until,
            points=tuple(points),
        )

    def _triggered(self, rest: Sequence[Sentence]) -> Kind | None:
        """The kind of note that a sentence without a label begins."""
        first, scan = rest[0], self._scan
        if not scan.hinted(first.start, rest[:3][-1].end):
            return None
        if self._is_withdrawn(first, first.start):
            return "retraction"
        if amended := scan.search(p.AMENDED, first.start, first.end):
            corrects = amended["now"] or amended["verb"] in every_form({"amend", "correct", "clarify"})
            why = p.TO_CORRECT.search(scan.low, amended.end(), first.end)
            return "correction" if corrects or why else "addition"
        if scan.has(first, p.OF_VERSION, p.AT_FIRST, p.ERRED, p.SORRY_FOR, p.EDITING, p.AS_WE_SAID, p.REFERENCE):
            return "correction"
        if scan.has(first, p.PART_AMENDED) and scan.has(first, p.OF_A_PIECE):
            return "correction"
        if p.HAPPY.match(scan.lower(first)):
            return "clarification"
        outlet = self._outlet(first)
        if outlet and outlet.erred:
            return "correction"
        return self._set_right(rest, outlet) if outlet or scan.has(first, p.SAYS) else None

    def _is_withdrawn(self, sentence: Sentence, start: int) -> bool:
        """Whether a sentence of a newsroom says that it withdraws a story. Somebody else may withdraw a report, too."""
        match = self._scan.search(p.WITHDRAWN, start, sentence.end)
        return match is not None and not p.SAID_BEFORE.search(self._scan.low, sentence.start, match.start())

    def _set_right(self, rest: Sequence[Sentence], outlet: Outlet | None) -> Kind | None:
        """The kind of note, if the sentences behind the first one set right what a newsroom said in that."""
        following = [self._scan.lower(sentence) for sentence in rest[1:3]]
        if any(p.FALSE.search(low) for low in following):
            return "correction"
        if outlet:  # somebody else answers what another outlet has reported
            return None
        if any(p.HAPPY.match(low) for low in following):
            return "clarification"
        if not following:
            return None
        points = points_of(self._scan, rest[:2], rest[0].start, strict=True)
        told = p.SHOULD.search(following[0]) or p.IT_IS.match(following[0])
        alike = p.THEY_ARE.match(following[0]) and any(self._same_unit(point) for point in points)
        return "correction" if points and (told or alike) else None

    def _same_unit(self, point: Point) -> bool:
        """Whether a point gives two numbers in one unit."""
        units = [{v.unit for v in self._scan.values(*span)} for span in (point.wrong, point.right) if span]
        return len(units) == 2 and units[0] == units[1] != {""}

    def _outlet(self, sentence: Sentence) -> Outlet | None:
        """The outlet that a sentence has as the subject of "reported"."""
        scan = self._scan
        for match in p.OUTLET.finditer(scan.text, sentence.start, min(sentence.end, sentence.start + p.HIT)):
            says = p.OUTLET_SAYS.match(scan.low, match.end(), sentence.end)
            if says and not scan.quoted(match.start()):
                return Outlet(_one_line(match.group()), bool(p.MIS_OR_WRONGLY.search(says.group())))
        return None

    def _reach(self, rest: Sequence[Sentence]) -> int:
        """How many sentences a note without a label has: all of its paragraph, if that begins with it."""
        if self._opens(rest[0]):
            return len(rest)
        for count in range(1, min(len(rest), 3) + 1):
            points = points_of(self._scan, rest[:count], rest[0].start)
            if points and all(point.right for point in points):
                return count
        return 1 + any(p.FALSE.search(self._scan.lower(sentence)) for sentence in rest[1:2])

    def _is_note(self, rest: Sequence[Sentence], start: int) -> bool:
        """Whether a labelled paragraph without any point is a note: "Corrections: a look at prisons" is none."""
        low = self._scan.low[start : rest[-1].end]
        if any(pattern.search(low) for pattern in (p.OF_VERSION, p.AMENDED, p.ERRED, p.SHOULD, p.FALSE, p.SAYS)):
            return True
        return "corrections" not in self._scan.low[rest[0].start : start] and len(rest) <= BRIEF

    def _day(self, rest: Sequence[Sentence], label_end: int) -> date | None:
        """The day of the note: in its label, or in "amended on 3 June 2025"."""
        text = self._scan.text
        pieces = [text[rest[0].start : label_end]]
        if len(rest) > 1 and len(rest[1].text) <= DATE:  # "KILL - 25 April 2026." may be taken for a dateline
            pieces.append(rest[1].text)
        for sentence in rest[:2]:
            for pattern in (p.AMENDED, p.PART_AMENDED):
                if match := self._scan.search(pattern, sentence.start, sentence.end):
                    dated = p.ON_DAY.match(text, match.end(), sentence.end)
                    pieces.append(dated.group() if dated else "")
        times = (one.when for piece in pieces for one in time_expressions(piece, self._document.published))
        return next((when.start for when in times if when.start == when.end), None)

    # -- about which article -----------------------------------------------------------------------------------------

    def _target(self, rest: Sequence[Sentence], start: int) -> Target:
        scan, end = self._scan, rest[-1].end
        if scan.search(p.OWN, start, end):
            return Target(own=True)
        outlet = None
        if scan.search(p.OURS, start, end) or scan.search(p.SORRY_FOR, start, end):
            outlet = ""
        elif says := next((found for sentence in rest[:2] if (found := self._outlet(sentence))), None):
            outlet = says.name
        elif scan.search(p.WITHDRAWS, start, end) and (match := p.OUTLET.search(scan.text, start, end)):
            outlet = _one_line(match.group())
        elif not scan.search(p.OTHERS, start, end):
            return Target(own=True)
        days = next((told for sentence in rest[:2] if (told := self._days(sentence, start))), [])
        since, until = (min(first for first, _ in days), max(last for _, last in days)) if days else (None, None)
        return Target(False, outlet, since, until)

    def _days(self, sentence: Sentence, start: int) -> list[tuple[date, date]]:
        """The days of the article that a note is about: "an article published on 16 February said"."""
        begin, end = max(start, sentence.start), sentence.end
        if as_we := self._scan.search(p.AS_WE_SAID, begin, end):
            begin, last = as_we.start(), self._scan.low.find(",", as_we.end() + 2, end)
        elif given := self._scan.search(p.GIVEN_IN, begin, end):
            begin, last = given.start(), end
        elif says := self._scan.search(p.SAID_OR_WRONGLY, begin, end):
            last = behind_that(self._scan, says.end(), end)
        else:
            return []
        times = [time for time in self._document.times if begin <= time.start and time.end <= last]
        return [(t.when.start, t.when.end) for t in times if (t.when.end - t.when.start).days < WEEK]


def _one_line(text: str) -> str:
    return " ".join(text.lower().split())
