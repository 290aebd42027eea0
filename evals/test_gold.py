"""Every case must satisfy the hard invariants. The gates decide whether the answers are good enough."""

from __future__ import annotations

from qa.evaluate.results import CaseResult


def test_case(case_result: CaseResult) -> None:
    assert case_result.error is None
    assert not case_result.faults, "\n".join(case_result.faults)
