"""Reads what a story tells of corrections by others: "The ministry corrected the figure to 41 from 14"."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from ...model import Sentence
from . import patterns as p
from .notes import CorrectionNote, Point
from .scan import Clause, Pair, Scan
from .values import Value

LEAST = 3  # words of a statement that somebody takes back


def reported(scan: Scan, sentence: Sentence) -> CorrectionNote | None:
    """The note of a sentence that tells how somebody corrected what was said. None if it tells nothing of that."""
    pair = next((pair for reader in _READERS if (pair := reader(scan, sentence))), None)
    if pair is None:
        return None
    index = sentence.index
    return CorrectionNote(
        sentence.start,
        sentence.end,
        index,
        index,
        kind="reported",
        own=False,
        whole=False,
        outlet=None,
        day=None,
        since=None,
        until=None,
        points=(Point(index, index, *pair),),
    )


def _corrected(scan: Scan, sentence: Sentence) -> Pair | None:
    """ "Police initially said 14 people were hurt but later corrected the number to 41"."""
    start, end = sentence.start, sentence.end
    match = scan.search(p.PUT_RIGHT, start, end)
    if not match or p.NO_PUTTING_RIGHT.search(scan.low, start, end):
        return None
    if pair := scan.changed(match.start(), end):
        return pair
    if pair := scan.set_against(Clause(match.end(), end, sentence.index)):
        return pair
    values = scan.values(match.end(), end)
    right = next((v for v in values if v.kind != "name" and scan.is_behind_to(v, match.start())), None)
    if right is None:
        return None
    first = scan.search(p.INITIALLY, start, right.start)
    before = [v for v in scan.values(first.end(), right.start) if v.fits(right)] if first else []
    return before[0].span if len(before) == 1 else None, right.span


def _cut(scan: Scan, sentence: Sentence) -> Pair | None:
    """ "The hospital cut its count to 16 from 19"."""
    match = scan.search(p.CUT, sentence.start, sentence.end)
    if not match or p.FORECAST.search(scan.low, sentence.start, sentence.end):
        return None
    return scan.changed(match.start(), sentence.end)


def _another_statement(scan: Scan, sentence: Sentence) -> Pair | None:
    """ "Officials corrected an earlier statement that 14 people had died, saying nine had"."""
    match = scan.search(p.PUT_ANOTHER, sentence.start, sentence.end)
    return match and _first(scan.values(*match.span("wrong")), scan.values(match.end(), sentence.end))


def _not_as_said(scan: Scan, sentence: Sentence) -> Pair | None:
    """ "Nine boats sank, and not 11 as the operator had said"."""
    if not scan.search(p.AS_SAID, sentence.start, sentence.end):
        return None
    return scan.set_against(Clause(sentence.start, sentence.end, sentence.index))


def _wrong_figure(scan: Scan, sentence: Sentence) -> Pair | None:
    """ "The board said its figure of 14 had been wrong and that 41 people were hurt"."""
    match = scan.search(p.WRONG_FIGURE, sentence.start, sentence.end)
    return match and _first(scan.values(*match.span("wrong")), scan.values(match.end(), sentence.end))


def _wrongly_put(scan: Scan, sentence: Sentence) -> Pair | None:
    """ "The board had wrongly put the number at 14; the correct number was 41"."""
    match = scan.search(p.WRONGLY_PUT, sentence.start, sentence.end)
    true = match and scan.search(p.TRUE_FIGURE, match.end(), sentence.end)
    if not match or not true:
        return None
    return _first(scan.values(match.end(), true.start()), scan.values(true.end(), sentence.end))


def _taken_back(scan: Scan, sentence: Sentence) -> Pair | None:
    """ "The company withdrew its statement that a stone had hit the guard"."""
    match = scan.search(p.TAKEN_BACK, sentence.start, sentence.end)
    if not match:
        return None
    comma = scan.low.find(",", match.end(), sentence.end)
    wrong = scan.trimmed(match.end(), comma if comma > 0 else sentence.end)
    return (wrong, None) if wrong and scan.count(wrong) >= LEAST else None


def _first(wrongs: Sequence[Value], rights: Sequence[Value]) -> Pair | None:
    """The last of the wrong values with the first right one that may stand in its place."""
    pairs = ((a.span, b.span) for a in reversed(wrongs) for b in rights if a.key != b.key and a.fits(b))
    return next(pairs, None)


_READERS: tuple[Callable[[Scan, Sentence], Pair | None], ...] = (
    _corrected,
    _cut,
    _another_statement,
    _not_as_said,
    _wrong_figure,
    _wrongly_put,
    _taken_back,
)
