"""What is read of a note of a correction, and how it is written down."""

from __future__ import annotations

from datetime import date
from typing import Any, Literal, NamedTuple

Kind = Literal["correction", "clarification", "retraction", "addition", "reported"]
Span = tuple[int, int]


class Point(NamedTuple):
    """One thing that was wrong. ``wrong`` and ``right`` are offsets of the text; None if the note does not say.

    ``first`` and ``last`` are the indices of the sentences that tell of it.
    """

    first: int
    last: int
    wrong: Span | None
    right: Span | None

    def moved(self, by: int) -> Point:
        """The same point, ``by`` code points further on."""
        return self._replace(wrong=_moved(self.wrong, by), right=_moved(self.right, by))


class CorrectionNote(NamedTuple):
    """A note at ``start:end`` of a text (code points), in its sentences ``first`` to ``last``.

    Attributes:
        start: where its first sentence begins.
        end: where its last sentence ends.
        first: index of its first sentence.
        last: index of its last sentence.
        kind: what it does; ``addition`` corrects nothing, and ``reported`` is no note of a newsroom.
        own: whether it is about the article in which it stands. Else it is about another one, or about what was said.
        whole: whether it withdraws a whole article.
        outlet: whose article it is about, in lower case: "the post"; "" for the note's own; None if it does not say.
        day: the day of the note, if it has one.
        since: the first day of the article it is about, if the note says so.
        until: the last day of it.
        points: what was wrong.
    """

    start: int
    end: int
    first: int
    last: int
    kind: Kind
    own: bool
    whole: bool
    outlet: str | None
    day: date | None
    since: date | None
    until: date | None
    points: tuple[Point, ...]

    def moved(self, by: int) -> CorrectionNote:
        """The same note, ``by`` code points further on."""
        points = tuple(point.moved(by) for point in self.points)
        return self._replace(start=self.start + by, end=self.end + by, points=points)


def _moved(span: Span | None, by: int) -> Span | None:
    return (span[0] + by, span[1] + by) if span else None


def encode_note(note: CorrectionNote) -> list[object]:
    """A note as a list that JSON can hold."""
    days = [f"{day}" if day else None for day in (note.day, note.since, note.until)]
    return [*note[:8], *days, [list(point) for point in note.points]]


def decode_note(row: list[Any]) -> CorrectionNote:
    """The note that ``encode_note`` wrote. Raises ValueError or TypeError if the row is none."""
    start, end, first, last, kind, own, whole, outlet, day, since, until, points = row
    days = [date.fromisoformat(told) if told else None for told in (day, since, until)]
    read = tuple(Point(one, other, _span(wrong), _span(right)) for one, other, wrong, right in points)
    return CorrectionNote(start, end, first, last, kind, own, whole, outlet, days[0], days[1], days[2], read)


def _span(row: list[int] | None) -> Span | None:
    return (row[0], row[1]) if row else None
