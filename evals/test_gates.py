"""Compare the aggregates with the floors and with the committed baseline."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from qa.evaluate.gates import below_floors, drops
from qa.evaluate.record import Record


def test_floors(
    eval_record: Record, eval_floors: Mapping[str, float], record_property: Callable[[str, object], None]
) -> None:
    for split, summary in eval_record.splits.items():
        for metric, found in summary.metrics.items():
            record_property(f"{split} {metric}", f"{found.mean:.4f} (n = {found.n})")  # for JUnit reports
    failures = below_floors(eval_record, eval_floors)
    assert not failures, "\n".join(map(str, failures))


def test_no_drop(eval_record: Record, eval_baseline: Record) -> None:
    failures = drops(eval_record, eval_baseline)
    assert not failures, "\n".join(map(str, failures))
