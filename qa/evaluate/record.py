"""The record of a run, for storing and comparing: ``evals/baseline.json``, and the output of ``qa eval --json``."""

from __future__ import annotations

import json
from hashlib import sha256
from pathlib import Path
from typing import Any, Literal

from pydantic import ValidationError

from ..errors import InputError
from ..model import Value
from .results import CaseResult, Conditions, Run
from .statistics import Estimate, difference
from .summary import LABELS, SplitSummary, summarise

Values = dict[str, bool | float]

_UNSTABLE = frozenset({"latency_ms"})  # times from another machine cannot be compared


class Record(Value):
    """Conditions, aggregates, and the scores of each case by split. Test cases are listed under a hash of their id."""

    schema_version: Literal[1] = 1
    conditions: Conditions
    test_shown: bool = False
    splits: dict[str, SplitSummary]
    cases: dict[str, dict[str, Values]]


class Change(Value):
    """The change of one metric in one split between two records, over the cases scored in both."""

    split: str
    metric: str
    before: float
    after: float
    difference: Estimate

    @property
    def verdict(self) -> Literal["better", "worse", "unclear", "same"]:
        """``better`` or ``worse`` if the interval excludes zero, ``same`` if no case changed, else ``unclear``."""
        low, high = self.difference.low, self.difference.high
        if low == high == self.difference.mean == 0:
            return "same"
        if low is None or high is None or low <= 0 <= high:
            return "unclear"
        lower_is_better = self.metric in {"tokens", "cost_usd"}
        return "better" if (low > 0) != lower_is_better else "worse"


def record(run: Run, *, test_shown: bool = False) -> Record:
    """Make the record of a run."""
    splits = summarise(run)
    return Record(
        conditions=run.conditions,
        test_shown=test_shown,
        splits=splits,
        cases={split: {key(r): _values(r) for r in run.results if r.split == split} for split in splits},
    )


def key(result: CaseResult) -> str:
    """Return a case's name in a record: its id, or a hash of it for test cases, so that nobody tunes on them."""
    identity = result.case.id
    return identity if result.split == "dev" else sha256(identity.encode()).hexdigest()[:12]


def compare(before: Record, after: Record) -> tuple[Change, ...]:
    """Return the paired difference of every metric in each split, over the cases that are in both records."""
    return tuple(
        change
        for split in after.cases
        for metric in LABELS
        if (change := _change(split, metric, before.cases.get(split, {}), after.cases[split]))
    )


def flips(before: Record, after: Record) -> tuple[list[str], list[str]]:
    """Return the ids of the dev cases that newly fail, and of those that newly pass."""
    old, new = before.cases.get("dev", {}), after.cases.get("dev", {})
    both = [(case, old[case].get("passed"), new[case].get("passed")) for case in new if case in old]
    return [c for c, was, now in both if was and now is False], [c for c, was, now in both if was is False and now]


def load_record(path: Path) -> Record:
    """Read a record. Raises InputError if the file is missing or is not a record."""
    try:
        return Record.model_validate_json(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, ValidationError) as error:
        raise InputError(
            f"{path} is not a record of an evaluation ({type(error).__name__}). Make one with: qa eval --json"
        ) from error


def to_json(kept: Record) -> str:
    """Render a record as JSON with one line per case, so that diffs are easy to read."""
    data: dict[str, Any] = kept.model_dump(mode="json")
    cases = data.pop("cases")
    blocks = []
    for split, by_case in cases.items():
        lines = [f"   {json.dumps(case)}: {json.dumps(values)}" for case, values in by_case.items()]
        blocks.append(f"  {json.dumps(split)}: {{\n" + ",\n".join(lines) + "\n  }")
    head = json.dumps(data, indent=1, ensure_ascii=False).removesuffix("\n}")
    return f'{head},\n "cases": {{\n' + ",\n".join(blocks) + "\n }\n}\n"


def _values(result: CaseResult) -> Values:
    values = {s.name: s.value for s in result.scores if s.value is not None and s.name not in _UNSTABLE}
    return values if result.passed is None else {"passed": result.passed, **values}


def _change(split: str, metric: str, before: dict[str, Values], after: dict[str, Values]) -> Change | None:
    both = [case for case in after if metric in after[case] and metric in before.get(case, {})]
    old, new = [float(before[case][metric]) for case in both], [float(after[case][metric]) for case in both]
    change = difference(old, new)
    if change is None:
        return None
    n = len(both)
    return Change(split=split, metric=metric, before=sum(old) / n, after=sum(new) / n, difference=change)
