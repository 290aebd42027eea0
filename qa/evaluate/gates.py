"""The gates: absolute floors, and no drop against the baseline that chance does not explain."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import yaml
from pydantic import TypeAdapter, ValidationError

from ..errors import InputError
from ..model import Value
from .record import Record, compare
from .summary import LABELS

HARD: Mapping[str, float] = {"citation_validity": 1.0, "quote_exactness": 1.0}
"""Floors of every system: an inexact citation or quotation is a fault, never a matter of degree."""

GATED = (
    "recall@5",
    "mrr",
    "evidence_recall",
    "correct",
    "fact_recall",
    "forbidden",
    "calendar_date",
    "speaker",
    "citation_precision",
    "citation_recall",
    "citation_f1",
    "answer_rate",
    "abstention_recall",
    "abstention_reason",
)
"""What may not drop. Answering and abstaining are gated apart, or one could be bought with the other."""


class Failure(Value):
    """A gate that was not passed."""

    split: str
    metric: str
    message: str

    def __str__(self) -> str:
        return f"{self.split}: {LABELS.get(self.metric, self.metric)}: {self.message}"


def load_floors(path: Path) -> Mapping[str, float]:
    """The floors of a YAML file (``metric: least mean``) with the hard ones; those alone if there is no file.

    Raises InputError for a metric nobody knows, or a floor that is no number.
    """
    if not path.is_file():
        return HARD
    try:
        floors = TypeAdapter(dict[str, float]).validate_python(yaml.safe_load(path.read_text(encoding="utf-8")) or {})
    except (yaml.YAMLError, ValidationError) as error:
        raise InputError(f"{path}: floors are lines of `metric: number` ({type(error).__name__}).") from error
    if unknown := floors.keys() - LABELS.keys():
        raise InputError(f"{path}: no metric is called {', '.join(sorted(unknown))}. There are: {', '.join(LABELS)}.")
    return {**HARD, **floors}


def below_floors(record: Record, floors: Mapping[str, float]) -> list[Failure]:
    """Metrics whose mean is below its floor, in any split. A metric nothing was scored by is not below."""
    return [
        Failure(
            split=split, metric=metric, message=f"{found.mean:.3f} is below the floor of {floor:.3f} (n = {found.n})"
        )
        for split, summary in record.splits.items()
        for metric, floor in floors.items()
        if (found := summary.metrics.get(metric)) and found.mean < floor
    ]


def drops(record: Record, baseline: Record) -> list[Failure]:
    """Gated metrics whose drop is larger than chance: the 95 % interval of the paired difference lies below zero."""
    return [
        Failure(
            split=change.split,
            metric=change.metric,
            message=f"dropped from {change.before:.3f} to {change.after:.3f} "
            f"(95 % interval of the change {change.difference.low:+.3f} to {change.difference.high:+.3f}, "
            f"{change.difference.n} cases)",
        )
        for change in compare(baseline, record)
        if change.metric in GATED and change.difference.high is not None and change.difference.high < 0
    ]
