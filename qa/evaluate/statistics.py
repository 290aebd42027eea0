"""Intervals and paired differences. All of it is scipy's; here are only the choices: which method, 95 %, fixed seed.

Shares get Wilson's interval (Wilson 1927; recommended by Brown, Cai, DasGupta 2001), means the bias-corrected and
accelerated bootstrap (Efron 1987), and differences between two runs a paired bootstrap over the cases both have scored
(Efron and Tibshirani 1993; Koehn 2004 for its use in comparing systems). Cases of one storyline are not independent, so
intervals are somewhat too narrow; they are never omitted.
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
    """A mean with its 95 % interval over ``n`` values. ``low`` and ``high`` are None where n allows no interval."""

    mean: float
    low: float | None
    high: float | None
    n: int


def estimate(values: Sequence[bool | float]) -> Estimate | None:
    """The mean of scored values; None for none at all. Yes/no values are a share, others an amount."""
    if not values:
        return None
    if all(isinstance(value, bool) for value in values):
        return share(sum(values), len(values))
    return mean([float(value) for value in values])


def share(successes: int | float, n: int) -> Estimate:
    """A proportion with Wilson's interval."""
    result = _scipy().binomtest(int(successes), n).proportion_ci(CONFIDENCE, method="wilson")
    return Estimate(mean=successes / n, low=float(result.low), high=float(result.high), n=n)


def mean(values: Sequence[float]) -> Estimate:
    """A mean with the BCa bootstrap's interval; without one for a single value, or where all are equal."""
    return _bootstrapped((np.asarray(values, float),), lambda x, axis: np.mean(x, axis=axis), "BCa")


def difference(before: Sequence[float], after: Sequence[float]) -> Estimate | None:
    """The mean of ``after`` − ``before``, case by case, with a paired bootstrap interval; None without cases."""
    if len(before) != len(after):
        raise ValueError("a paired difference needs both values of every case")
    if not before:
        return None
    change = np.asarray(after, float) - np.asarray(before, float)
    return _bootstrapped((change,), lambda x, axis: np.mean(x, axis=axis), "percentile")


def statistic(samples: Sequence[Sequence[float]], of: Callable[..., Any]) -> Estimate:
    """Any statistic ``of`` columns of equal length (one row a case), with a bootstrap interval over the rows."""
    return _bootstrapped(tuple(np.asarray(column, float) for column in samples), of, "percentile")


def _bootstrapped(columns: tuple[np.ndarray[Any, Any], ...], of: Callable[..., Any], method: str) -> Estimate:
    n = len(columns[0])
    middle = float(of(*columns, axis=-1))
    if n < 2:
        return Estimate(mean=middle, low=None, high=None, n=n)
    if all(np.ptp(column) == 0 for column in columns):  # every resample is the same: the interval is the point
        return Estimate(mean=middle, low=middle, high=middle, n=n)
    interval = _interval(columns, of, method)
    if not np.isfinite(interval).all():  # BCa is not defined for every small sample
        interval = _interval(columns, of, "percentile")
    return Estimate(mean=middle, low=interval[0], high=interval[1], n=n)


def _interval(columns: tuple[np.ndarray[Any, Any], ...], of: Callable[..., Any], method: str) -> tuple[float, float]:
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")  # scipy warns where BCa is not defined; the caller looks at the result
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
