"""The calendar beside the article's words: "on Wednesday (12 March 2025)", and what of a claim was when.

Code resolves, after verification and from the article alone; a model's own dates are checked like everything else.
Nothing is put between quotation marks, for those are verbatim.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from typing import NamedTuple

from ..articles.quotes import quoted_spans
from ..articles.when import mentions
from ..articles.when.grammar import MONTH
from ..model import Article, When
from .annotate import Timed, annotate
from .checks.evidence import Evidence

_MONTH = re.compile(rf"\b{MONTH}")
_LED = re.compile(r"(?i)(?:last|next|this)\b")
_WEEKDAY = re.compile(r"\b(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)")
_ALREADY = re.compile(r"\s*[(,]?\s*(?:\d{1,2}\s+)?(?:[A-Z][a-z]+\s+)?\d")


class Dated(NamedTuple):
    """A claim's words with calendar dates put in, the times they name, and where those were resolved from.

    ``origins`` are indices of sentences by article id.
    """

    text: str
    resolved: tuple[When, ...]
    origins: tuple[tuple[str, int], ...]


def dated(evidence: Evidence) -> Dated:
    """The claim of ``evidence`` with the days that its relative times stand for, as its cited sentences have them."""
    text, resolved, origins, put = evidence.claim.text, [], [], []
    spans = quoted_spans(text)
    for start, end, article, timed in _matched(evidence):
        resolved.append(timed.when)
        if timed.origin is not None:
            origins.append((article.id, timed.origin))
        inside = any(first < end and start < last for first, last in spans)
        if _worth(timed.when) and not inside and not _ALREADY.match(text, end):
            put.append((end, f" ({in_words(timed.when)})"))
    for position, words in reversed(put):
        text = f"{text[:position]}{words}{text[position:]}"
    return Dated(text, tuple(dict.fromkeys(resolved)), tuple(dict.fromkeys(origins)))


def notes(timed: tuple[Timed, ...]) -> str:
    """ "Wednesday = 12 March 2025; last month = February 2025": the relative times of a sentence, for a model."""
    return "; ".join(f"{t.when.words} = {in_words(t.when)}" for t in timed if t.relative and _worth(t.when))


def resolutions(evidence: Evidence) -> str:
    """The notes of all cited sentences: what a judge may rest on beside them (invariant 4)."""
    every = (notes(annotate(a).times_in(p.sentence)) for p, a in evidence.pairs)
    return "; ".join(dict.fromkeys(note for note in every if note))


def in_words(when: When) -> str:
    """ "12 March 2025", "10–13 March 2025", "February 2025", "2024": no more than is known."""
    start, end = when.start, when.end
    if when.precision == "year" and (start.month, start.day, end.month, end.day) == (1, 1, 12, 31):
        return str(start.year) if start.year == end.year else f"{start.year}–{end.year}"
    if when.precision in ("month", "quarter") and start.day == 1 and (end.replace(day=28) < end or end.month == 2):
        return _range(start, end, "%B %Y") if start.month != end.month else f"{start:%B %Y}"
    return _range(start, end, "%-d %B %Y")


def _range(start: date, end: date, form: str) -> str:
    if start == end:
        return start.strftime(form)
    if start.year != end.year:
        return f"{start.strftime(form)} – {end.strftime(form)}"
    first = start.strftime(form.removesuffix(" %Y"))
    if "%-d" in form and start.month == end.month:
        return f"{start.day}–{end.strftime(form)}"
    return f"{first} – {end.strftime(form)}"


def _worth(when: When) -> bool:
    """Whether the calendar adds anything: "March 17" has its day, and its year is the article's."""
    return not (_MONTH.search(when.words) and any(ch.isdigit() for ch in when.words)) or bool(_LED.match(when.words))


def _matched(evidence: Evidence) -> Iterator[tuple[int, int, Article, Timed]]:
    """The relative times of the claim's words, each with the time of its sentences that it restates."""
    there = [(a, t) for p, a in evidence.pairs for t in annotate(a).times_in(p.sentence) if t.relative]
    if not there:
        return
    for mention in mentions(evidence.claim.text, evidence.articles[0].published):
        found = next((pair for pair in there if _same(mention.when.words, pair[1].when.words)), None)
        if found:
            there.remove(found)  # the second "Monday" of a sentence may be another one
            yield mention.start, mention.end, *found


def _same(words: str, others: str) -> bool:
    """Whether a claim's words name the sentence's time: equal, or the same weekday at another hour."""
    mine, theirs = words.casefold(), others.casefold()
    days = [m.group() for m in (_WEEKDAY.search(words), _WEEKDAY.search(others)) if m]
    return mine == theirs or (len(days) == 2 and days[0] == days[1])
