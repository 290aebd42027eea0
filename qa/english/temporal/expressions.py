"""The times a text names, in order."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import NamedTuple

from ...model import When, day_of
from ..characters import compose
from ..inflection import finite
from ..lexicon import SAYING, any_of
from ..quotations import Quotation, find_quotations
from ..regex import lazy_compile
from .calendar import DateRange
from .clock import instant
from .grammar import scan
from .resolution import COUNTING, Open, TimeCandidate, resolve

_SAID = lazy_compile(rf"\b{any_of(finite(SAYING | {'post', 'read', 'text', 'write'}))}\b[^.,;:“”\"]{{0,40}}$")
_STOP = lazy_compile(r"[.!?][”\"’)]*\s+(?=[A-Z“\"])")
_TO = lazy_compile(r"\s(?:to|until|till|through|thru)\s|\s?[–—]\s?|-")
_BETWEEN = lazy_compile(r"\b[Bb]etween\s$")
_COLON = lazy_compile(r"[^.;:“”\"]{0,80}[:,]\s*$")


class TimeExpression(NamedTuple):
    """Words that name a time: ``text[start:end] == when.words`` (code points).

    ``relative`` says that resolving them took the publication date or an earlier mention: without either, "Wednesday",
    "in March" and "two days later" are no date, and "12 March 2025" is. ``anchored`` says that it took the ``anchor``
    from before the text, directly or through another mention of the text.
    """

    start: int
    end: int
    when: When
    relative: bool
    anchored: bool = False


class OpenTime(NamedTuple):
    """Words at ``start:end`` of a text (code points) that name days, and may name any of the ``candidates``."""

    start: int
    end: int
    candidates: tuple[DateRange, ...]

    @property
    def days(self) -> tuple[str, ...]:
        """The candidates in ISO 8601: "2025-03-12", "2025-06-01/2025-08-31"."""
        return tuple(f"{one.start}" if one.start == one.end else f"{one.start}/{one.end}" for one in self.candidates)

    def moved(self, by: int) -> OpenTime:
        """The same words, ``by`` code points further on."""
        return self._replace(start=self.start + by, end=self.end + by)


_NEAR = 240  # characters behind a quotation in which its sentence may tell the day
_STORY = 7  # days in which news is told


class Reading(NamedTuple):
    """The times of a text: those that are resolved, and those that are open."""

    resolved: tuple[TimeExpression, ...]
    open: tuple[OpenTime, ...]


def time_expressions(
    text: str, published: date | datetime | None, anchor: When | None = None
) -> tuple[TimeExpression, ...]:
    """The times named in a text that can be resolved, in order and without overlap.

    Args:
        text: one sentence or several of one article.
        published: when the article appeared; an instant's own zone decides its day, and is that of hours in the text.
            Without it, only dates with a year are resolved.
        anchor: the time named last before the text, for "two days later" in its first sentence.

    Returns:
        Mentions whose words begin after their preposition ("on", "in") and keep what narrows them ("late", "last").
        Vague words ("recently"), names ("the Sunday Herald") and what recurs ("on Mondays") give none.
    """
    return read_times(text, published, anchor).resolved


def read_times(text: str, published: date | datetime | None, anchor: When | None = None) -> Reading:
    """The same, with the words beside that several days fit."""
    day = day_of(published)
    zone = published.tzinfo if isinstance(published, datetime) and published.utcoffset() is not None else None
    result: list[TimeExpression] = []
    unclear: list[OpenTime] = []
    read_by: list[tuple[str, TimeCandidate]] = []
    loose: dict[int, OpenTime] = {}  # by where they begin, days in quotations that nothing dates
    quotations = find_quotations(text) if day and day > date.min else []
    anchored = anchor is not None  # whether ``anchor`` is the one from before the text, or was resolved from it
    read = compose(text)
    for rule, match in scan(read.text):
        found = TimeCandidate(read.text, match, day or date(2000, 1, 1), day is not None, zone, anchor)
        if resolved := resolve(found, rule):
            days, relative = resolved
            start, end = read.written(match.start()), read.written(match.end())
            if isinstance(days, Open):
                unclear.append(OpenTime(start, end, days.candidates))
                continue
            if rule in ("later", "told") and (either := _counts_from_either(text, start, result)):
                others = [resolve(replace(found, anchor=one.when), rule) for one in either]
                several = dict.fromkeys(one[0] for one in others if one and not isinstance(one[0], Open))
                unclear.append(OpenTime(start, end, tuple(several)))
                continue
            if rule == "near" and found.known and any(q.start <= start < q.end for q in quotations):
                other = _day_before(found, anchor) or found.published - timedelta(days=1)
                said_then = resolve(replace(found, published=other), rule)
                if said_then and not isinstance(said_then[0], Open):
                    loose[start] = OpenTime(start, end, (days, said_then[0]))
            anchored = anchored and rule in COUNTING and resolve(replace(found, anchor=None), rule) != resolved
            at = instant(found, days)
            anchor = When(
                words=text[start:end],
                start=days.start,
                end=days.end,
                at=at,
                precision="instant" if at else days.precision,
            )
            result.append(TimeExpression(start, end, anchor, relative, anchored))
            read_by.append((rule, found))
    spoken = _days_of_speaking(text, quotations, result)
    loose = {at: one for at, one in loose.items() if not any(q.start <= at < q.end for q, _ in spoken)}
    unclear += loose.values()
    read_by = [how for one, how in zip(result, read_by, strict=True) if one.start not in loose]
    result = [one for one in result if one.start not in loose]
    every = [_as_spoken(one, *how, spoken) for one, how in zip(result, read_by, strict=True)]
    ordered = tuple(_in_order(text, every, [rule for rule, _ in read_by]))
    unclear += [_week_apart(one) for one in every if one not in ordered]
    return Reading(ordered, tuple(sorted(unclear)))


def _day_before(found: TimeCandidate, anchor: When | None) -> date | None:
    """The day that the story named last, if it is one in the week before publication: "today" may be that one."""
    if anchor is None or anchor.precision not in ("day", "instant") or anchor.start != anchor.end:
        return None
    return anchor.start if 0 < (found.published - anchor.start).days <= _STORY else None


def _week_apart(end: TimeExpression) -> OpenTime:
    """An end of a range of weekdays that is left out: it is in one of the two weeks around publication."""
    first = DateRange(end.when.start, end.when.end, "day")
    later = DateRange(first.start + timedelta(days=7), first.end + timedelta(days=7), "day")
    return OpenTime(end.start, end.end, (first, later))


def _in_order(text: str, found: Sequence[TimeExpression], rules: Sequence[str]) -> Iterator[TimeExpression]:
    """Yield the times, but not two weekdays that are the ends of a range whose end would come before its beginning.

    "It was closed from Monday to Friday", written on a Thursday, may be this week or the last one.
    """
    index = 0
    while index < len(found):
        one, *others = found[index : index + 2]
        ends = others and set(rules[index : index + 2]) == {"weekday"} and _is_range(text, one, others[0])
        index += 2 if ends else 1
        if not ends or one.when.start <= others[0].when.start:
            yield from (one, *others) if ends else (one,)


def _is_range(text: str, one: TimeExpression, other: TimeExpression) -> bool:
    """Whether "to" or its like stands between two times, or "between … and"."""
    between = text[one.end : other.start]
    return bool(_TO.fullmatch(between) or (between == " and " and _BETWEEN.search(text, 0, one.start)))


def _counts_from_either(text: str, start: int, found: Sequence[TimeExpression]) -> list[TimeExpression]:
    """The times that the sentence names before "three days before", if they are several: it may count from any."""
    since = max((m.end() for m in _STOP.finditer(text, 0, start + 1)), default=0)
    here = [one for one in found if one.start >= since]
    return here if len({(one.when.start, one.when.end) for one in here}) > 1 else []


def _days_of_speaking(
    text: str, quotations: Sequence[Quotation], found: Sequence[TimeExpression]
) -> list[tuple[Quotation, date]]:
    """The quotations whose own sentence tells the day on which they were said: “…”, she said on Monday."""
    days = [one for one in found if one.when.precision == "day" and one.when.start == one.when.end]
    result = []
    for quotation in quotations:
        first, last = quotation.outer
        for one in days:
            behind = last <= one.start <= last + _NEAR and _SAID.search(text, last, one.start)
            before = one.end <= first and _COLON.match(text[one.end : first])
            if behind or before:
                result.append((quotation, one.when.start))
                break
    return result


def _as_spoken(
    one: TimeExpression, rule: str, found: TimeCandidate, spoken: Sequence[tuple[Quotation, date]]
) -> TimeExpression:
    """ "Tomorrow" in what somebody said on Monday is a Tuesday, whenever the article appeared."""
    day = next((day for quotation, day in spoken if quotation.start <= one.start < quotation.end), None)
    if day is None or rule != "near":
        return one
    resolved = resolve(replace(found, published=day), rule)
    if resolved is None or isinstance(resolved[0], Open):
        return one
    days = resolved[0]
    return one._replace(when=one.when.model_copy(update={"start": days.start, "end": days.end}))
