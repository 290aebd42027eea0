"""Intervals and paired differences. scipy computes them; this module chooses the method, 95 % and a fixed seed.

- Shares: Wilson's interval (Wilson 1927; recommended by Brown, Cai, DasGupta 2001).
- Means: the bias-corrected and accelerated bootstrap, BCa (Efron 1987).
- Differences between two runs: a paired bootstrap over the cases scored in both (Efron and Tibshirani 1993; Koehn 2004
  for its use in comparing systems).

Cases of one storyline are not independent, so the intervals are somewhat too narrow. They are always shown anyway.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Sequence
from importlib import import_module
from types import ModuleType
from typing import Any

import numpy as np

from ..errors import SettingsError
from ..model import Value

CONFIDENCE = 0.95
RESAMPLES = 5_000
SEED = 20_260_304


class Estimate(Value):
    """A mean with its 95 % interval over ``n`` values. ``low`` and ``high`` are None if there is no interval."""

    mean: float
    low: float | None
    high: float | None
    n: int


def estimate(values: Sequence[bool | float]) -> Estimate | None:
    """Estimate the mean of scored values: a share for booleans, a mean for numbers. None if there are no values."""
    if not values:
        return None
    if all(isinstance(value, bool) for value in values):
        return share(sum(values), len(values))
    return mean([float(value) for value in values])


def share(successes: int | float, n: int) -> Estimate:
    """Return a proportion with Wilson's interval."""
    result = _scipy().binomtest(int(successes), n).proportion_ci(CONFIDENCE, method="wilson")
    return Estimate(mean=successes / n, low=float(result.low), high=float(result.high), n=n)


def mean(values: Sequence[float]) -> Estimate:
    """Return a mean with a BCa bootstrap interval. A single value has none; equal values give a single point."""
    return _bootstrapped((np.asarray(values, float),), lambda x, axis: np.mean(x, axis=axis), "BCa")


def difference(before: Sequence[float], after: Sequence[float]) -> Estimate | None:
    """Return the mean of ``after`` − ``before`` over paired cases, with a bootstrap interval. None without cases."""
    if len(before) != len(after):
        raise ValueError("a paired difference needs both values of every case")
    if not before:
        return None
    change = np.asarray(after, float) - np.asarray(before, float)
    return _bootstrapped((change,), lambda x, axis: np.mean(x, axis=axis), "percentile")


def statistic(samples: Sequence[Sequence[float]], of: Callable[..., Any]) -> Estimate:
    """Return any statistic ``of`` columns of equal length (one row per case), with a bootstrap interval over rows."""
    return _bootstrapped(tuple(np.asarray(column, float) for column in samples), of, "percentile")


def _bootstrapped(columns: tuple[np.ndarray[Any, Any], ...], of: Callable[..., Any], method: str) -> Estimate:
    n = len(columns[0])
    middle = float(of(*columns, axis=-1))
    if n < 2:
        return Estimate(mean=middle, low=None, high=None, n=n)
    if all(np.ptp(column) == 0 for column in columns):  # all resamples are equal, so the interval is a single point
        return Estimate(mean=middle, low=middle, high=middle, n=n)
    interval = _interval(columns, of, method)
    if not np.isfinite(interval).all():  # BCa is not defined for every small sample
        interval = _interval(columns, of, "percentile")
    return Estimate(mean=middle, low=interval[0], high=interval[1], n=n)


def _interval(columns: tuple[np.ndarray[Any, Any], ...], of: Callable[..., Any], method: str) -> tuple[float, float]:
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")  # scipy warns if BCa is not defined; the caller checks the result
        found = _scipy().bootstrap(
            columns,
            of,
            paired=True,
            vectorized=True,
            axis=-1,
            n_resamples=RESAMPLES,
            confidence_level=CONFIDENCE,
            method=method,
            rng=np.random.default_rng(SEED),
        )
    return float(found.confidence_interval.low), float(found.confidence_interval.high)


def _scipy() -> ModuleType:
    try:
        return import_module("scipy.stats")  # optional, slow to import, and without type stubs
    except ImportError as error:
        raise SettingsError('Evaluation needs scipy. Install it with: pip install "dateline-qa[evals]"') from error
