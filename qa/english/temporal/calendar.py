"""Calendar arithmetic: every unit of time is counted from the calendar's beginning, so that "three later" is addition.

A span's index is the number of units before it: day 0 is 1 January of year 1, a Monday, and so the first day of week 0.
Months, quarters, seasons and years are counted from a year 0 that dates do not reach. A unit outside years 1 to 9999
raises ValueError or OverflowError, as ``datetime`` does.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Literal, NamedTuple

from ...model import Precision

Unit = Literal["day", "week", "month", "quarter", "year"]
FINENESS: tuple[Precision, ...] = ("instant", "day", "week", "month", "quarter", "year")
_MONTHS: dict[Unit, int] = {"month": 1, "quarter": 3, "year": 12}


class DateRange(NamedTuple):
    """Days ``start`` to ``end``, both included, and how exactly the words named them."""

    start: date
    end: date
    precision: Precision


def index(day: date, unit: Unit) -> int:
    """How many whole units precede the one this day is in."""
    if unit in ("day", "week"):
        return (day.toordinal() - 1) // (7 if unit == "week" else 1)
    return (day.year * 12 + day.month - 1) // _MONTHS[unit]


def unit_range(unit: Unit, number: int) -> DateRange:
    """The days of the unit with this index. Raises ValueError or OverflowError where the calendar has none."""
    if unit in ("day", "week"):
        length = 7 if unit == "week" else 1
        start = date.fromordinal(number * length + 1)
        return DateRange(start, start + timedelta(days=length - 1), unit)
    start, after = (_month(n * _MONTHS[unit]) for n in (number, number + 1))
    return DateRange(start, after - timedelta(days=1), unit)


def around(day: date, unit: Unit, offset: int = 0) -> DateRange:
    """The unit this day is in, or one so many units later."""
    return unit_range(unit, index(day, unit) + offset)


def recurring(position: int, period: int, now: int, future: bool | None, *, strictly: bool = False) -> int:
    """The index of what comes round every ``period`` units, as Mondays do: the last one up to now, or the next.

    Args:
        position: which of the period's units is meant, counted from 0.
        period: 7 for weekdays, 12 for months, 4 for quarters and seasons.
        now: the index of the unit that publication is in.
        future: whether the next is meant.
        strictly: that ``now`` itself is not meant.
    """
    if future:
        return now + strictly + (position - now - strictly) % period
    return now - strictly - (now - strictly - position) % period


def _month(number: int) -> date:
    return date(number // 12, number % 12 + 1, 1)
