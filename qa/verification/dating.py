"""The calendar beside the article's words: "on Wednesday (12 March 2025)", and what of a claim was when.

Code resolves, after verification and from the article alone; a model's own dates are checked like everything else.
Nothing is put between quotation marks, for those are verbatim.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from ..articles.parse import ParsedArticle
from ..english.quotations import quoted_spans
from ..english.temporal import time_expressions
from ..english.temporal.dates import weekday_in
from ..english.temporal.times import Time
from ..english.temporal.writing import is_dated, states_day, write_beside, write_when
from ..model import Added, When
from .evidence import Evidence


class Dated(NamedTuple):
    """A claim's words with calendar dates put in, the times they name, and where those were resolved from.

    ``origins`` are indices of sentences by article id. ``added`` is everything that was put into the text.
    """

    text: str
    resolved: tuple[When, ...]
    origins: tuple[tuple[str, int], ...]
    added: tuple[Added, ...] = ()


def dated(text: str, evidence: Evidence, added: tuple[Added, ...] = ()) -> Dated:
    """A claim's words with the days that their relative times stand for in the cited sentences of ``evidence``.

    ``added`` is what was put into ``text`` before.
    """
    resolved, origins, put = [], [], []
    spans = [*quoted_spans(text), *((one.start, one.end) for one in added)]
    for start, end, article, timed in _matched(text, evidence):
        resolved.append(timed.when)
        if timed.origin is not None:
            origins.append((article.id, timed.origin))
        inside = any(first < end and start < last for first, last in spans)
        beside = write_beside(timed.when)
        if beside and not inside and not is_dated(text, end):
            at = end + 2 if text[end : end + 2] in ("’s", "'s") else end
            put.append(Added(kind="day", start=at, end=at, words=text[start:end], means=beside))
    whole, position, kept = "", 0, []
    for one in sorted((*added, *put), key=lambda one: one.start):
        whole += text[position : one.start]
        position, words = one.end, text[one.start : one.end] or f" ({one.means})"
        kept.append(one.model_copy(update={"start": len(whole), "end": len(whole) + len(words)}))
        whole += words
    whole += text[position:]
    return Dated(whole, tuple(dict.fromkeys(resolved)), tuple(dict.fromkeys(origins)), tuple(kept))


def notes(timed: tuple[Time, ...]) -> str:
    """ "Wednesday = 12 March 2025; last month = February 2025": the relative times of a sentence, for a model."""
    return "; ".join(f"{t.when.words} = {write_when(t.when)}" for t in timed if t.relative and write_beside(t.when))


def _matched(text: str, evidence: Evidence) -> list[tuple[int, int, ParsedArticle, Time]]:
    """The relative times of a claim's words, each with the time of its sentences that it restates, in order."""
    taken = [(0, 0)]
    found: list[tuple[int, int, ParsedArticle, Time]] = []
    for passage, article in evidence.pairs:
        for timed in article.times_in(passage.sentence):
            span = _place(text, timed.when.words, article, taken) if timed.relative else None
            if span:
                taken.append(span)  # the second "Monday" of a sentence may be another one
                found.append((*span, article, timed))
    return sorted(found, key=lambda item: item[0])


def _place(text: str, words: str, article: ParsedArticle, taken: Sequence[tuple[int, int]]) -> tuple[int, int] | None:
    """Where a claim says what a sentence calls ``words``: the same words, else the same weekday at another hour."""
    spans = [m.span() for m in re.finditer(rf"(?<!\w){re.escape(words)}(?!\w)", text, re.IGNORECASE)]
    if weekday := weekday_in(words):
        spans += [
            (m.start, m.end)
            for m in time_expressions(text, article.article.published)
            if weekday_in(m.when.words) == weekday and not states_day(m.when.words)
        ]
    return next((s for s in spans if not any(s[0] < end and start < s[1] for start, end in taken)), None)


class Moments(NamedTuple):
    """When somebody said what a claim restates, and when it happened; None where its sentences do not tell."""

    stated: When | None
    occurred: When | None


def moments(evidence: Evidence, spoken: tuple[int, int] | None) -> Moments:
    """The times of a claim: those beside who says it are when it was said, all others when it happened.

    Args:
        evidence: the claim with its sentences.
        spoken: where the words stand that it restates, in code points of the article; None for the article's own.

    Returns:
        No time where the sentences name several and the claim does not tell which.
    """
    stated: list[When] = []
    occurred: list[When] = []
    for passage, article in evidence.pairs:
        for timed in article.times_in(passage.sentence):
            at = passage.sentence.start + timed.start
            inside = spoken is None or spoken[0] <= at < spoken[1]
            if inside:
                occurred.append(timed.when)
            elif timed.when.precision not in ("quarter", "year"):  # nobody's words are dated so vaguely
                stated.append(timed.when)
    return Moments(_one(stated, evidence.claim.text), _one(occurred, evidence.claim.text))


def _one(times: Sequence[When], text: str) -> When | None:
    """The only time there is, or the only one that the text repeats."""
    distinct = list(dict.fromkeys(times))
    named = [when for when in distinct if when.words in text] if len(distinct) > 1 else distinct
    return named[0] if len(named) == 1 else None
