"""Shared code of all sets: the split into parts, sampling, rows, calls of the real stages, comparison with gold.

Intervals are 95 % (``qa.evaluate.statistics``): Wilson's for shares, scipy's bootstrap for everything else. Questions
about one document are not independent, so the intervals are somewhat too narrow.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from functools import cache
from hashlib import sha256
from typing import Any, Literal, NamedTuple, TypeVar

import numpy as np

from qa.articles.build import build as build_article
from qa.articles.extract import Extract
from qa.articles.fields import Facts
from qa.english.header import Header
from qa.evaluate.statistics import Estimate, mean, share, statistic
from qa.ingestion import ingest_into
from qa.library.embedders import WordLlamaEmbedder
from qa.library.index import Index
from qa.library.library import Library
from qa.model import Answer, Article, Done
from qa.pipeline import Engine, ask, build
from qa.questions.plan import Plan
from qa.questions.plan import plan as plan_question
from qa.search.rank import Scored, rank
from qa.search.retrieve import Retrieved, retrieve
from qa.settings import READER_PASSAGES, Settings

Part = Literal["tune", "report", "all"]
T = TypeVar("T")


@dataclass(frozen=True)
class Row:
    """One row of the table. ``reference`` is a published figure or a bound, or "" if there is none."""

    part: Part
    measure: str
    estimate: Estimate
    reference: str = ""


def rows_of(part: Part, *lines: tuple[str, Estimate | None, str]) -> list[Row]:
    """Return the rows of one part. A measure without cases is left out, because "not scored" is not zero."""
    return [Row(part, measure, estimate, reference) for measure, estimate, reference in lines if estimate]


# -- parts and samples ---------------------------------------------------------------------------------------------


def part(document: str) -> Part:
    """Return the part that a document belongs to. Thresholds may be tuned on one half; the other is only reported.

    ``document`` is what identifies the document in its set: the title or the text. The part never changes.
    """
    return "tune" if sha256(document.encode()).digest()[0] % 2 else "report"


def parts(cases: Iterable[T], document: Callable[[T], str]) -> dict[Part, list[T]]:
    """Group cases by part, the tuning part first."""
    found: dict[Part, list[T]] = {"tune": [], "report": []}
    for case in cases:
        found[part(document(case))].append(case)
    return found


@dataclass(frozen=True)
class Sampling:
    """The maximum number of cases per set (None: all), and the seed that selects them."""

    limit: int | None = None
    seed: int = 0

    def take(self, cases: Sequence[T], key: Callable[[T], str]) -> list[T]:
        """Return a stable random sample: the cases with the smallest hashes of seed and key, in original order."""
        if self.limit is None or self.limit >= len(cases):
            return list(cases)
        ordered = sorted(range(len(cases)), key=lambda i: sha256(f"{self.seed}:{key(cases[i])}".encode()).digest())
        return [cases[i] for i in sorted(ordered[: self.limit])]


# -- the real stages -----------------------------------------------------------------------------------------------


def article(text: str, *, title: str | None = None, key: str | None = None) -> Article:
    """Build an article as the loaders do. ``key`` identifies it; without one, its text does."""
    return build_article(Extract(text, Facts(title=title, language="en"), Header()), key=key)


@cache
def _base() -> Engine:
    with closing(Library(None)) as nothing:  # every user replaces this library
        return build(Settings(offline=True), nothing)


def embedder() -> WordLlamaEmbedder:
    """Return the local embedder, which is loaded once for all libraries."""
    local = _base().embedder
    assert isinstance(local, WordLlamaEmbedder)
    return local


@contextmanager
def library_of(articles: Sequence[Article]) -> Iterator[Engine]:
    """Yield the offline reader on an in-memory library of ``articles``."""
    with closing(Library(None)) as library:
        ingest_into(library, articles, embedder())
        yield replace(_base(), library=library, index=Index(library, None))


def answer(engine: Engine, question: str) -> Answer:
    """Return the answer of the whole pipeline."""
    return next(event.answer for event in ask(engine, question) if isinstance(event, Done))


def found(engine: Engine, question: str) -> tuple[Plan, Retrieved]:
    """Return the plan of a question and the passages retrieved for it."""
    plan = plan_question(question)
    with engine.library.reading() as library:
        return plan, retrieve(plan, library, engine.index, engine.embedder, READER_PASSAGES)


def ranked(engine: Engine, question: str) -> tuple[Scored, ...]:
    """Return the retrieved sentences as the reader gets them, best first."""
    return rank(*found(engine, question), engine.scorer, engine.reading)


# -- comparison with gold ------------------------------------------------------------------------------------------


class Match(NamedTuple):
    """Precision, recall and F1 of chosen sentences against a gold set. ``precision`` is None if none was chosen."""

    precision: float | None
    recall: float
    f1: float


def match(chosen: frozenset[int], alternatives: Sequence[frozenset[int]]) -> Match:
    """Compare with the alternative gold set that gives the best F1. No gold set may be empty."""
    if not chosen:
        return Match(None, 0.0, 0.0)
    matches = []
    for gold in alternatives:
        right = len(chosen & gold)
        matches.append(Match(right / len(chosen), right / len(gold), 2 * right / (len(chosen) + len(gold))))
    return max(matches, key=lambda m: m.f1)


def joined(sentences: Sequence[str], by: str = " ") -> tuple[str, list[tuple[int, int]]]:
    """Join sentences to one text, and return it with the span of each sentence."""
    spans, at = [], 0
    for sentence in sentences:
        spans.append((at, at + len(sentence)))
        at += len(sentence) + len(by)
    return by.join(sentences), spans


def aligned(start: int, end: int, spans: Sequence[tuple[int, int]]) -> frozenset[int]:
    """Return the given sentences that ``start:end`` covers by half or more, or else the one it covers most."""
    shared = [max(0, min(end, b) - max(start, a)) for a, b in spans]
    half = frozenset(i for i, (a, b) in enumerate(spans) if b > a and 2 * shared[i] >= b - a)
    return half or frozenset({max(range(len(spans)), key=lambda i: shared[i])})


# -- figures -------------------------------------------------------------------------------------------------------


def share_of(values: Sequence[bool]) -> Estimate | None:
    """Return a share with Wilson's interval. None without values."""
    return share(sum(values), len(values)) if values else None


def mean_of(values: Iterable[float | None]) -> Estimate | None:
    """Return the mean of the values that are not None, with a bootstrap interval. None without values."""
    scored = [value for value in values if value is not None]
    return mean(scored) if scored else None


def balanced_accuracy(truth: Sequence[bool], said: Sequence[bool]) -> Estimate | None:
    """Return the mean accuracy over true and over false cases. None unless there are both."""
    if len(set(truth)) < 2:
        return None

    def of(t: Any, s: Any, axis: int) -> Any:
        return (
            _ratio(np.sum(t * s, axis), np.sum(t, axis)) + _ratio(np.sum((1 - t) * (1 - s), axis), np.sum(1 - t, axis))
        ) / 2

    return statistic([truth, said], of)


def f1_of(right: Sequence[float], proposed: Sequence[float], wanted: Sequence[float]) -> Estimate | None:
    """Return F1 over all cases, from the counts of each case: 2 · right / (proposed + wanted)."""
    if not sum(proposed) + sum(wanted):
        return None
    return statistic([right, proposed, wanted], lambda r, p, w, axis: _ratio(2 * np.sum(r, axis), np.sum(p + w, axis)))


def _ratio(part_: Any, whole: Any) -> Any:
    return part_ / np.maximum(whole, 1)
