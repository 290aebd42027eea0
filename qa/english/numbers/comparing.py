"""Whether two numbers, told of one thing, are the same value."""

from __future__ import annotations

from typing import Literal

from .reading import Number

COUNTING = frozenset({"cardinal", "vague", "fraction"})
FACTOR = 1.15  # how far "about 300" and "nearly 300" reach


def compare_numbers(one: Number, other: Number) -> Literal["same", "rounding", "different"] | None:
    """Compare two numbers. None if their units differ, or if one is a rank or a score.

    They are a ``rounding`` if one is less exact and the other fits it: "about 300" and 312, "more than 200" and 212,
    "dozens" and 34, 1.2 million and 1,213,400.
    """
    if one.unit != other.unit or not {one.kind, other.kind} <= COUNTING:
        return None
    if (one.value, one.upper) == (other.value, other.upper):
        return "same" if (one.bound, one.kind) == (other.bound, other.kind) else "rounding"
    return "rounding" if _holds(one, other) or _holds(other, one) else "different"


def _holds(loose: Number, exact: Number) -> bool:
    """Whether the exact number fits the loose one."""
    if loose.kind == "vague":
        return loose.value <= exact.value < 10 * loose.value
    if loose.upper is not None:
        return exact.upper is None and loose.value <= exact.value <= loose.upper
    if exact.upper is not None:
        return False
    low, high = loose.value, loose.value
    if loose.bound == "over":
        high = loose.value * FACTOR
    elif loose.bound == "under":
        low = loose.value / FACTOR
    elif loose.bound == "about":
        low, high = loose.value / FACTOR, loose.value * FACTOR
    else:
        low, high = _rounded_from(loose.value)
        return low <= exact.value < high and _digits(exact.value) > _digits(loose.value) and not exact.bound
    return low <= exact.value <= high


def _rounded_from(value: float) -> tuple[float, float]:
    """The values that round to a round one of at least 1,000: 1,200,000 is what 1,150,000 to 1,250,000 round to."""
    if value < 1000:
        return value, value
    step = 10.0 ** (len(f"{value:.0f}") - _digits(value)) / 2
    return value - step, value + step


def _digits(value: float) -> int:
    """The significant digits of a value: 2 of 1,200,000."""
    return len(f"{value:.15g}".replace(".", "").strip("0")) if value else 1
