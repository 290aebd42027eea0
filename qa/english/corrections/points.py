"""Reads what a note says was wrong, clause by clause."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from ...model import Sentence
from . import patterns as p
from .notes import Point, Span
from .scan import PHRASE, Clause, Pair, Scan
from .values import Value, different

LEAST = 3  # words of a statement


class Repeated(NamedTuple):
    """A clause that repeats what was said, and where its own words begin, behind "an earlier version said".

    ``erred`` says that the clause calls it wrong, or a former version.
    """

    clause: Clause
    zone: int
    erred: bool


def points_of(scan: Scan, sentences: Sequence[Sentence], start: int, *, strict: bool = False) -> list[Point]:
    """What a note says was wrong.

    Args:
        scan: the document.
        sentences: those of the note.
        start: where its words begin, behind its label.
        strict: whether only values count, and no statements.
    """
    reader = _PointReader(scan, strict=strict)
    for clause in scan.clauses(sentences, start):
        reader.read(clause)
    return reader.end()


class _PointReader:
    """The state between the clauses of one note: the repeated clause that waits for one that sets it right."""

    def __init__(self, scan: Scan, *, strict: bool) -> None:
        self._scan, self._strict = scan, strict
        self._found: list[Point] = []
        self._pending: Repeated | None = None
        self._false = False  # whether the note has called it false
        self._idle: Clause | None = None  # the last clause that said nothing of what was wrong
        self._above: Clause | None = None  # that one, as it stood in front of the clause that waits

    def read(self, clause: Clause) -> None:
        """Read the next clause."""
        low = self._scan.lower(clause)
        if contrasts := self._scan.contrasts(clause):
            self._add(contrasts, clause)
            return
        repeated = repeated_in(self._scan, clause)
        if repeated is None and self._pending is None and (said := p.IT_SAYS.match(low)):
            zone = behind_that(self._scan, clause.start + said.end(), clause.end)
            repeated = Repeated(clause, zone, erred=False)
        if repeated and self._pending and not repeated.erred and not p.AGAIN.search(low):
            repeated = None  # "the guild says the correct figure is"
        if repeated:
            self._wait(repeated)
        elif self._pending is None:
            self._idle = clause
            self._alone(clause, low)
        elif p.FALSE.search(low):
            self._false = True
        elif not p.EXPLAINS.search(low):
            self._add(self._set_right(self._pending, clause, low), clause)

    def end(self) -> list[Point]:
        """The points, once the last clause is read."""
        self._leave(strict=self._strict or not (self._false or (self._pending and self._pending.erred)))
        low = self._scan.low
        known = {low[slice(*point.wrong)] for point in self._found if point.wrong and point.right}
        return [
            point
            for point in self._found
            if point.right or (point.wrong and not any(words in low[slice(*point.wrong)] for words in known))
        ]

    def _add(self, pairs: Sequence[Pair], clause: Clause) -> None:
        first = self._pending.clause.sentence if self._pending else clause.sentence
        self._found += [Point(first, clause.sentence, *pair) for pair in pairs]
        if pairs:
            self._pending, self._false = None, False

    def _wait(self, repeated: Repeated) -> None:
        self._leave(strict=self._strict)
        self._pending, self._false = repeated, False
        self._above, self._idle = self._idle, None
        told = self._scan.values(repeated.zone, repeated.clause.end)
        if self._above and not told and (right := self._value(self._above)):
            # "The crack is 83 centimetres long; an earlier version gave another figure."
            self._found.append(Point(self._above.sentence, repeated.clause.sentence, None, right))
            self._pending = None

    def _alone(self, clause: Clause, low: str) -> None:
        """A clause that sets something right that nothing before it repeats."""
        right = None
        if p.SHOULD.search(low):
            right = self._value(clause)
        elif (clear := p.MADE_CLEAR.search(low)) and p.HAPPY.match(low) and not self._strict:
            right = self._scan.trimmed(clause.start + clear.end(), clause.end)
        if right:
            self._found.append(Point(clause.sentence, clause.sentence, None, right))

    def _leave(self, *, strict: bool) -> None:
        """Take a repeated clause that nothing sets right as wrong."""
        before = self._above
        if self._pending and before and (pairs := self._paired(self._pending, before)):
            # "The loan is worth 45 million; an earlier version put it at 54 million."
            last = self._pending.clause.sentence
            self._found += [Point(before.sentence, last, *pair) for pair in pairs]
        elif self._pending and not strict:
            start, end = self._pending.zone, self._pending.clause.end
            target = self._named_as(start, end)
            values = self._scan.values(start if target is None else target, end)
            index = self._pending.clause.sentence
            wrong = values[0].span if target is not None and len(values) == 1 else self._scan.trimmed(start, end)
            if p.SLOT.match(self._scan.low, start, end) and target is None:
                # "We misspelled the name of the winner, Piet Doorn."
                named = [v.span for v in values if v.kind == "name"]
                self._found += [Point(index, index, None, right) for right in named if len(named) == 1]
            elif wrong and (self._scan.count(wrong) >= LEAST or len(values) == 1):
                self._found.append(Point(index, index, wrong, None))
        self._pending = None

    def _value(self, clause: Clause) -> Span | None:
        values = [v for v in self._scan.values(clause.start, clause.end) if v.kind != "name"]
        numbers = [v for v in values if v.kind == "number"]
        return next((v.span for v in numbers or values), None)

    # -- two clauses -------------------------------------------------------------------------------------------------

    def _set_right(self, pending: Repeated, clause: Clause, low: str) -> list[Pair]:
        """What a clause sets right of a repeated one: values, else the whole statement."""
        pairs = self._paired(pending, clause) or self._new(pending, clause)
        if pairs or self._strict or not self._answers(pending, clause, low):
            return pairs
        start = clause.start
        if p.HAPPY.match(low) and (clear := p.MADE_CLEAR.search(low)):
            start += clear.end()
        elif opened := p.IN_FACT.match(low):
            start += opened.end()
        return [(self._scan.trimmed(pending.zone, pending.clause.end), self._scan.trimmed(start, clause.end))]

    def _paired(self, pending: Repeated, clause: Clause) -> list[Pair]:
        """The wrong values of one clause, each with the right one of another clause."""
        start, end = pending.zone, pending.clause.end
        wrongs, rights = different(self._scan.values(start, end), self._scan.values(clause.start, clause.end))
        target = self._named_as(start, end)
        loose = bool(p.SHOULD.search(self._scan.lower(clause)))
        for kind in ("number", "time", "name"):
            ones = [v for v in wrongs if v.kind == kind and (target is None or v.start >= target or kind == "number")]
            others = [v for v in rights if v.kind == kind]
            if kind == "number" and not others and (one := p.ONE.search(self._scan.low, clause.start, clause.end)):
                others = [Value(one.start(), one.start() + len("one"), "number", "1")]
            if kind == "name":
                ones, others = self._alike(ones, others, clause, as_named=target is not None)
            if pairs := _couple(ones, others, loose=loose):
                return [(a.span, b.span) for a, b in pairs]
        if target is not None and not any(v.kind == "number" for v in wrongs):
            return self._complement(target, end, clause)
        return []

    def _alike(
        self, ones: Sequence[Value], others: Sequence[Value], clause: Clause, *, as_named: bool
    ) -> tuple[list[Value], list[Value]]:
        """The names of two clauses that stand in the same place: behind the same word, or "as" and "is"."""
        scan = self._scan
        told = [v for v in others if p.IS_NAMED.search(scan.low, clause.start, v.start)]
        whom = [v for v in ones if p.TO_WHOM.search(scan.low, max(0, v.start - p.HIT), v.start)]
        if whom and others:
            return whom[-1:], list(others[-1:])
        if as_named and told:
            return list(ones), told
        for one in ones:
            same = [v for v in others if (word := self._before(one)) and self._before(v) == word]
            if same:
                return [one], same[:1]
        return (list(ones), told) if len(ones) == len(told) == 1 else ([], [])

    def _before(self, value: Value) -> list[str]:
        return self._scan.low[max(0, value.start - 24) : value.start].split()[-1:]

    def _new(self, pending: Repeated, clause: Clause) -> list[Pair]:
        """The right value of one clause, where the other only says that a wrong one was given."""
        scan, said = self._scan, self._scan.low[pending.zone : pending.clause.end]
        wrong_one = p.WRONG_ONE.search(scan.low, pending.clause.start, pending.clause.end)
        unnamed = pending.erred and not scan.values(pending.zone, pending.clause.end)
        if not wrong_one and not (unnamed and (not said.strip(" .") or p.SLOT.match(said))):
            return []
        copula = p.COPULA.search(scan.low, clause.start, clause.end)
        told = scan.values(copula.end() if copula else clause.start, clause.end)
        return [(None, told[0].span)] if told else []

    def _named_as(self, start: int, end: int) -> int | None:
        """Where the wrong words begin in "gave the length as 38 centimetres", "named the man as Ruben Kell"."""
        places = [match.end() for match in p.AS.finditer(self._scan.low, start - 1, end)]
        return places[-1] if places else None

    def _complement(self, target: int, end: int, clause: Clause) -> list[Pair]:
        """Words behind "as", and those behind "is": "described Una Holm as mayor. She is deputy mayor"."""
        scan = self._scan
        copula = p.COPULA.search(scan.low, clause.start, clause.end)
        if not copula:
            return []
        stop, finish = p.ENDS.search(scan.low, target, end), p.ENDS.search(scan.low, copula.end(), clause.end)
        wrong = scan.trimmed(target, stop.start() if stop else end)
        right = scan.trimmed(copula.end(), finish.start() if finish else clause.end)
        if not wrong or not right or max(scan.count(wrong), scan.count(right)) > PHRASE:
            return []
        return [(wrong, right)] if scan.low[slice(*wrong)] != scan.low[slice(*right)] else []

    def _answers(self, pending: Repeated, clause: Clause, low: str) -> bool:
        """Whether a clause sets a statement right, though it has no value to hold against another."""
        if not self._scan.trimmed(pending.zone, pending.clause.end):
            return False
        if self._false and clause.sentence > pending.clause.sentence + 1:
            return bool(p.SHOULD.search(low))
        return bool(p.PRONOUN.match(low) or p.SHOULD.search(low) or p.HAPPY.match(low))


def repeated_in(scan: Scan, clause: Clause) -> Repeated | None:
    """The clause, if it repeats what was said, with the place where the words of that begin."""
    start, end = clause.start, clause.end
    if match := scan.search(p.MIS_OR_WRONGLY, start, end):
        verb = p.VERB_BEHIND.match(scan.low, match.end(), end)
        return Repeated(clause, behind_that(scan, verb.end() if verb else match.end(), end), True)
    if match := scan.search(p.SORRY_FOR, start, end):
        return Repeated(clause, behind_that(scan, match.end(), end), True)
    if match := scan.search(p.RETRACTS_THAT, start, end):
        return Repeated(clause, match.end(), True)
    if scan.search(p.WRONG_ONE, start, end):
        return Repeated(clause, end, True)
    if match := scan.search(p.VERSION_SAYS, start, end):
        return Repeated(clause, behind_that(scan, match.end(), end), True)
    if match := scan.search(p.SAYS, start, end) or scan.search(p.ALSO_SAYS, start, end):
        return Repeated(clause, behind_that(scan, match.end(), end), bool(p.AT_FIRST.search(scan.low, start, end)))
    if scan.search(p.GIVEN_IN, start, end):
        return Repeated(clause, start, True)
    outlet = p.OUTLET.search(scan.text, start, min(end, start + p.HIT))
    if outlet and (match := p.OUTLET_SAYS.match(scan.low, outlet.end(), end)):
        return Repeated(clause, behind_that(scan, match.end(), end), False)
    return None


def behind_that(scan: Scan, zone: int, end: int) -> int:
    """Where a statement begins: behind the "that" of "said on Monday that"."""
    that = p.THAT.match(scan.low[zone:end])
    return zone + that.end() if that else zone


def _couple(ones: Sequence[Value], others: Sequence[Value], *, loose: bool) -> list[tuple[Value, Value]]:
    """Each wrong value with its right one. Empty if it is not clear which belong together."""
    if len(ones) == len(others):
        pairs = list(zip(ones, others, strict=True))
        return pairs if loose or all(a.fits(b) for a, b in pairs) else []
    fitting = [(a, b) for a in ones for b in others if a.fits(b)]
    same = [(a, b) for a, b in fitting if a.unit and a.unit == b.unit]
    if len(same) == 1:
        return same
    if len(others) == 1:
        return fitting[-1:]
    return fitting[:1] if len(ones) == 1 else []
