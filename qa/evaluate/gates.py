"""The gates: no metric below its floor, and no significant drop against the baseline."""

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
"""Floors for every system. A single inexact citation or quotation is a fault."""

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
"""Metrics that may not drop. Answering and abstaining have separate gates, so that neither can replace the other."""


class Failure(Value):
    """A gate that failed."""

    split: str
    metric: str
    message: str

    def __str__(self) -> str:
        return f"{self.split}: {LABELS.get(self.metric, self.metric)}: {self.message}"


def load_floors(path: Path) -> Mapping[str, float]:
    """Read floors from a YAML file (``metric: minimum mean``) and add ``HARD``. Without a file, return ``HARD``.

    Raises InputError for an unknown metric or a floor that is not a number.
    """
    if not path.is_file():
        return HARD
    try:
        floors = TypeAdapter(dict[str, float]).validate_python(yaml.safe_load(path.read_text(encoding="utf-8")) or {})
    except (yaml.YAMLError, ValidationError) as error:
        raise InputError(f"{path}: each floor must be a line `metric: number` ({type(error).__name__}).") from error
    if unknown := floors.keys() - LABELS.keys():
        raise InputError(f"{path}: unknown metric {', '.join(sorted(unknown))}. The metrics are: {', '.join(LABELS)}.")
    return {**HARD, **floors}


def below_floors(record: Record, floors: Mapping[str, float]) -> list[Failure]:
    """Return the metrics whose mean is below its floor in any split. Metrics without any score are ignored."""
    return [
        Failure(
            split=split, metric=metric, message=f"{found.mean:.3f} is below the floor of {floor:.3f} (n = {found.n})"
        )
        for split, summary in record.splits.items()
        for metric, floor in floors.items()
        if (found := summary.metrics.get(metric)) and found.mean < floor
    ]


def drops(record: Record, baseline: Record) -> list[Failure]:
    """Return the gated metrics that dropped significantly: the 95 % interval of the paired difference is below zero."""
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
