"""Intervals against published or hand-computed values, and cases without an interval."""

from __future__ import annotations

import builtins
import sys

import numpy as np
import pytest

from qa.errors import SettingsError
from qa.evaluate.statistics import difference, estimate, mean, share, statistic


def test_wilson_interval() -> None:
    # Newcombe (1998), table I, method 3 (score): 81 of 263, 15 of 148, 0 of 20, 1 of 29.
    for successes, n, low, high in ((81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0.0, 0.1611)):
        found = share(successes, n)
        assert (found.low, found.high) == (pytest.approx(low, abs=1e-4), pytest.approx(high, abs=1e-4))
        assert (found.mean, found.n) == (successes / n, n)


def test_booleans_are_estimated_as_a_share_and_numbers_as_a_mean() -> None:
    assert estimate([True, False, True, True]) == share(3, 4)
    assert estimate([0.5, 1.0, 0.0]) == mean([0.5, 1.0, 0.0])
    assert estimate([]) is None


def test_the_bootstrap_interval_of_a_mean_is_close_to_the_normal_interval() -> None:
    values = list(np.random.default_rng(1).normal(10, 2, 400))
    found = mean(values)
    half = 1.96 * np.std(values, ddof=1) / 20
    assert found.low == pytest.approx(found.mean - half, abs=0.03)
    assert found.high == pytest.approx(found.mean + half, abs=0.03)


def test_the_seed_is_fixed() -> None:
    values = [0.0, 0.2, 0.9, 1.0, 0.4, 0.4]
    assert mean(values) == mean(values)
    assert difference(values, values[::-1]) == difference(values, values[::-1])


@pytest.mark.parametrize("values", [[0.0] * 30 + [1.0], [0.0, 1.0], [1e-300, 0.0, 0.0], [5.0, 5.0, 5.0 + 1e-15]])
def test_small_and_skewed_samples_give_finite_intervals(values: list[float]) -> None:
    found = mean(values)
    assert found.low is not None
    assert found.high is not None
    assert np.isfinite([found.low, found.high]).all()
    assert found.low <= found.mean <= found.high


def test_one_value_has_no_interval_and_equal_values_have_a_point() -> None:
    assert (mean([3.0]).low, mean([3.0]).high, mean([3.0]).n) == (None, None, 1)
    assert (mean([3.0, 3.0]).low, mean([3.0, 3.0]).high) == (3.0, 3.0)


def test_a_difference_is_paired() -> None:
    # Every case gains exactly 0.1, although the cases differ from each other. Paired, the difference is certain.
    before = list(np.random.default_rng(2).uniform(0, 0.9, 50))
    found = difference(before, [b + 0.1 for b in before])
    assert found is not None
    assert found.mean == pytest.approx(0.1)
    assert found.low == pytest.approx(0.1)
    noise = difference([0.0, 1.0] * 20, [1.0, 0.0] * 20)
    assert noise is not None
    assert noise.low is not None
    assert noise.high is not None
    assert noise.low < 0 < noise.high
    assert difference([], []) is None
    with pytest.raises(ValueError, match="paired"):
        difference([1.0], [])


def test_the_bootstrap_takes_any_statistic_over_rows() -> None:
    found = statistic(([1.0, 2.0, 3.0], [2.0, 4.0, 6.0]), lambda x, y, axis: y.sum(axis=axis) / x.sum(axis=axis))
    assert found.mean == 2.0
    assert found.low == pytest.approx(2.0)
    assert found.high == pytest.approx(2.0)


def test_the_error_without_scipy_names_the_remedy(monkeypatch: pytest.MonkeyPatch) -> None:
    real = builtins.__import__

    def no_scipy(name: str, *args: object, **kwargs: object) -> object:
        if name.startswith("scipy"):
            raise ImportError(name)
        return real(name, *args, **kwargs)  # type: ignore[arg-type]

    for name in [name for name in sys.modules if name.split(".")[0] == "scipy"]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "scipy", None)  # type: ignore[arg-type]
    monkeypatch.setattr(builtins, "__import__", no_scipy)
    with pytest.raises(SettingsError, match=r'pip install "dateline-qa\[evals\]"'):
        share(1, 2)
