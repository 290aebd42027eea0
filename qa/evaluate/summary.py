"""Aggregates of a run by split and tag, each with n and interval, and the risk–coverage curve."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from typing import Any

import numpy as np

from ..model import Value
from .results import CaseResult, Run
from .statistics import Estimate, estimate, share, statistic

METRICS: dict[str, dict[str, str]] = {
    "Retrieval": {
        "recall@1": "Recall@1, articles",
        "recall@5": "Recall@5, articles",
        "recall@10": "Recall@10, articles",
        "mrr": "MRR, articles",
        "evidence_recall": "Gold sentences shown to the drafter",
    },
    "Answers": {
        "correct": "Correct, of all answerable",
        "fact_recall": "Fact recall, of answers",
        "forbidden": "Free of forbidden facts",
        "calendar_date": "Calendar date stated",
        "speaker": "Speaker named",
        "judge": "States the facts, judged by a model",
    },
    "Citations": {
        "citation_precision": "Citation precision",
        "citation_recall": "Citation recall",
        "citation_f1": "Citation F1",
        "citation_validity": "Citations exact",
        "quote_exactness": "Quotations exact",
    },
    "Abstention": {
        "answer_rate": "Answered, of answerable",
        "abstention_precision": "Abstention precision",
        "abstention_recall": "Abstention recall",
        "abstention_f1": "Abstention F1",
        "abstention_reason": "Right reason, of correct abstentions",
        "aurc": "Area under the risk–coverage curve",
    },
    "Cost": {"latency_ms": "Latency, ms", "tokens": "Tokens", "cost_usd": "Cost, US$"},
}
LABELS = {name: label for group in METRICS.values() for name, label in group.items()}


class TagSummary(Value):
    """One tag: the share of answerable cases answered correctly, and the share of other cases abstained from."""

    correct: Estimate | None
    abstained: Estimate | None


class Point(Value):
    """A point of the risk–coverage curve, for answers with at least this ``confidence``.

    ``coverage`` is the share of cases answered, and ``risk`` the share of those answers that are wrong. ``confidence``
    None means no threshold: all answers of the system.
    """

    confidence: float | None
    coverage: float
    risk: float


class SplitSummary(Value):
    """The aggregates of a split. ``failed`` counts cases that could not be asked and have no scores."""

    cases: int
    answerable: int
    failed: int
    metrics: dict[str, Estimate]
    tags: dict[str, TagSummary]
    curve: tuple[Point, ...]


def summarise(run: Run) -> dict[str, SplitSummary]:
    """Return the aggregates of each split that has cases, dev before test."""
    splits = sorted({result.split for result in run.results})
    return {split: _split([r for r in run.results if r.split == split]) for split in splits}


def risk_coverage(results: Sequence[CaseResult]) -> tuple[Point, ...]:
    """Return the risk–coverage curve: the risk as more cases are answered, most confident first.

    Abstentions never count as answered, so the curve ends at the system's own coverage. If an answer has no confidence,
    the answers cannot be ordered and only the end point is returned. Source: El-Yaniv and Wiener 2010.
    """
    asked = [r for r in results if r.answer is not None]
    answered = [r for r in asked if r.answer and r.answer.claims]
    if not answered:
        return ()
    if any(r.confidence is None for r in answered):
        wrong = sum(not r.passed for r in answered)
        return (Point(confidence=None, coverage=len(answered) / len(asked), risk=wrong / len(answered)),)
    points, seen, wrong = [], 0, 0
    ordered = sorted(answered, key=_confidence, reverse=True)
    for confidence, tied in groupby(ordered, key=_confidence):
        group = list(tied)  # a threshold cannot separate answers of equal confidence
        seen += len(group)
        wrong += sum(not r.passed for r in group)
        points.append(Point(confidence=confidence, coverage=seen / len(asked), risk=wrong / seen))
    return tuple(points)


def _confidence(result: CaseResult) -> float:
    return result.confidence if result.confidence is not None else -1.0


def _split(results: Sequence[CaseResult]) -> SplitSummary:
    names = dict.fromkeys(score.name for result in results for score in result.scores)
    found = {name: estimate(_values(results, name)) for name in names}
    curve = risk_coverage(results)
    answered = sum(bool(r.answer and r.answer.claims) for r in results)
    metrics = {name: value for name, value in found.items() if value} | _abstention(results) | _area(curve, answered)
    tags = sorted({tag for result in results for tag in result.case.tags})
    return SplitSummary(
        cases=len(results),
        answerable=sum(r.case.answerable for r in results),
        failed=sum(r.answer is None for r in results),
        metrics=metrics,
        tags={tag: _tag([r for r in results if tag in r.case.tags]) for tag in tags},
        curve=curve,
    )


def _values(results: Sequence[CaseResult], name: str) -> list[bool | float]:
    return [value for result in results if (value := result.value(name)) is not None]


def _tag(results: Sequence[CaseResult]) -> TagSummary:
    return TagSummary(
        correct=estimate(_values(results, "correct")), abstained=estimate(_values(results, "abstention_recall"))
    )


def _abstention(results: Sequence[CaseResult]) -> dict[str, Estimate]:
    """Return precision and F1 of abstaining. Its recall is a scorer."""
    asked = [r for r in results if r.answer is not None]
    due = [float(not r.case.answerable) for r in asked]
    done = [float(r.answer is not None and r.answer.abstention is not None) for r in asked]
    found = {}
    if any(done):
        found["abstention_precision"] = share(sum(d for d, made in zip(due, done, strict=True) if made), int(sum(done)))
    if any(due):
        found["abstention_f1"] = statistic((due, done), _f1)
    return found


def _f1(due: np.ndarray[Any, Any], done: np.ndarray[Any, Any], axis: int = -1) -> Any:
    total = due.sum(axis=axis) + done.sum(axis=axis)
    return 2 * (due * done).sum(axis=axis) / np.maximum(total, 1)


def _area(curve: Sequence[Point], answered: int) -> dict[str, Estimate]:
    """Return the mean risk over the curve, without an interval. Lower is better (Geifman, Uziel, El-Yaniv 2019)."""
    if len(curve) < 2:
        return {}
    steps = [now.coverage - before for now, before in zip(curve, [0.0, *(p.coverage for p in curve)], strict=False)]
    area = sum(step * point.risk for step, point in zip(steps, curve, strict=True)) / curve[-1].coverage
    return {"aurc": Estimate(mean=area, low=None, high=None, n=answered)}
