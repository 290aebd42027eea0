"""Times against a gold by hand; ``report.yaml`` was written before the code and is never tuned on.

The floors lie just below what was measured: .96 of the rows wholly right in both sets at their first run together.
``python tests/test_temporal_sets.py`` prints the scores and, of the dev set only, what is wrong.
"""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
import yaml

from qa.english.temporal import time_expressions

FOLDER = Path(__file__).parent / "temporal"
Found = tuple[date, date, str]


def rows(name: str) -> list[dict[str, Any]]:
    return list(yaml.safe_load((FOLDER / f"{name}.yaml").read_text("utf-8")))


def moment(value: date | datetime | str) -> date | datetime:
    return datetime.fromisoformat(value) if isinstance(value, str) else value


def found(row: dict[str, Any]) -> list[Found]:
    return [
        (m.when.start, m.when.end, m.when.precision) for m in time_expressions(row["text"], moment(row["published"]))
    ]


def wanted(row: dict[str, Any]) -> list[Found]:
    return [(f["start"], f["end"], f["precision"]) for f in row["finds"]]


def scores(name: str) -> dict[str, float]:
    """Of the rows: how many are wholly right. Of the ranges: precision and recall, bounds and precision equal."""
    every = [(found(row), wanted(row)) for row in rows(name)]
    right = sum(len([f for f in got if f in want]) for got, want in every)
    return {
        "rows": sum(got == want for got, want in every) / len(every),
        "precision": right / sum(len(got) for got, _ in every),
        "recall": right / sum(len(want) for _, want in every),
        "empty": sum(not got for got, want in every if not want) / sum(not want for _, want in every),
    }


@pytest.mark.parametrize("name", ["dev", "report"])
def test_times_are_resolved_as_by_hand(name: str) -> None:
    measured = scores(name)
    # Seasons, which the sets resolve as those of the north, are left unresolved on purpose.
    floors = {"rows": 0.93, "precision": 0.95, "recall": 0.94, "empty": 0.95}
    assert {what: value for what, value in measured.items() if value < floors[what]} == {}, measured


def test_the_sets_are_large_enough_and_share_nothing() -> None:
    dev, report = rows("dev"), rows("report")
    assert len(dev) + len(report) >= 200
    assert len(report) >= (len(dev) + len(report)) / 3
    assert not {row["text"] for row in dev} & {row["text"] for row in report}
    for row in dev + report:
        assert all(find["words"] in row["text"] for find in row["finds"]), row["id"]


if __name__ == "__main__":
    for name in ("dev", "report"):
        print(name, {what: round(value, 3) for what, value in scores(name).items()})
    for row in rows("dev"):
        if found(row) != wanted(row):
            print(row["id"], row["published"], row["text"], "\n   ", found(row), "\n   ", wanted(row))
