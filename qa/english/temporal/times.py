"""The times of a whole article: every time its sentences name, with the sentence that it was resolved from."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime
from typing import NamedTuple

from ...model import Sentence, When, day_of
from ..characters import normalise
from .expressions import OpenTime, read_times, time_expressions

HEAD = 6  # sentences an article's own head may take
LINE = 120  # characters of one of its lines
BACK = 10  # sentences back to the time that "two days later" counts from
STALE = 7  # days that may pass between a dateline and publication


class Time(NamedTuple):
    """A time named at ``start:end`` of a document (code points), with the days it stands for.

    ``relative`` says that resolving it took something else: ``origin`` is the index of the sentence where that stands,
    the earlier time it counts from or the day of publication; None where only the article's header gives the day.
    """

    start: int
    end: int
    when: When
    relative: bool
    origin: int | None

    def moved(self, by: int) -> Time:
        """The same time, ``by`` code points further on."""
        return self._replace(start=self.start + by, end=self.end + by)


def document_times(
    sentences: Sequence[Sentence], published: date | datetime | None, body_start: int
) -> Iterator[Time | OpenTime]:
    """The times the sentences of one article name, in order, and the words that may mean several days.

    "Two days later" counts from the time named last before. Datelines, and short lines like them before
    ``body_start``, say when the article appeared; nothing happened then. "Today" is the dateline's day, where the
    article appeared some days later.
    """
    dated: int | None = None
    anchor: tuple[When, int] | None = None
    written = published
    for sentence in sentences:
        if sentence.start < body_start or _is_head(sentence):
            if dated is None and _gives_publication(sentence.text, published):
                dated = sentence.index
            if sentence.start < body_start:  # the last one of these is the dateline
                written = _written_on(sentence.text, published)
                dated = sentence.index if written != published else dated
            continue
        if anchor and sentence.index - anchor[1] > BACK:
            anchor = None  # "that night", a page further on, is another one
        found, unclear = read_times(sentence.text, written, anchor[0] if anchor else None)
        yield from (one.moved(sentence.start) for one in unclear)
        for one in found:
            origin = (anchor[1] if anchor and one.anchored else dated) if one.relative else None
            yield Time(sentence.start + one.start, sentence.start + one.end, one.when, one.relative, origin)
        if found:
            anchor = (found[-1].when, sentence.index)


def _written_on(dateline: str, published: date | datetime | None) -> date | datetime | None:
    """When a story was written: on the dateline's day, if that is up to a week before publication."""
    day = day_of(published)
    if published is None or day is None:
        return published
    for one in time_expressions(dateline, published):
        when = one.when
        if when.precision == "day" and when.start == when.end and 0 < (day - when.start).days <= STALE:
            # The hour stays: it carries the zone in which the story's own hours are given.
            start = when.start
            return published.replace(year=start.year, month=start.month, day=start.day)
    return published


def _is_head(sentence: Sentence) -> bool:
    """A short line near the top that does not end like a sentence: "Published: 2026-03-03", a byline, a headline."""
    line = normalise(sentence.text)
    return sentence.index < HEAD and len(line) <= LINE and line.rstrip()[-1:].isalnum()


def _gives_publication(text: str, published: date | datetime | None) -> bool:
    day = day_of(published)
    return day is not None and any(
        m.when.start == m.when.end == day and any(ch.isdigit() for ch in m.when.words)
        for m in time_expressions(text, published)
    )
