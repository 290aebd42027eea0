"""Days, months and years as people read them, on every platform and in every locale."""

from __future__ import annotations

import locale
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.english.temporal import time_expressions
from qa.english.temporal.dates import Day, days, parse_moment
from qa.english.temporal.writing import write_date, write_day, write_days, write_months, write_when
from qa.model import When


@pytest.mark.parametrize(
    ("words", "wanted"),
    [
        ("on Wednesday", "12 March 2025"),
        ("earlier this week", "10–13 March 2025"),
        ("over the weekend", "8–9 March 2025"),
        ("last week", "3–9 March 2025"),
        ("last month", "February 2025"),
        ("in the fourth quarter", "October – December 2024"),
        ("last year", "2024"),
        ("in 2014", "2014"),
    ],
)
def test_a_resolved_time_is_written_no_more_exactly_than_it_is_known(words: str, wanted: str) -> None:
    (mention,) = time_expressions(f"It fell {words}.", date(2025, 3, 13))
    assert write_when(mention.when) == wanted


@pytest.mark.parametrize(
    ("first", "last", "wanted"),
    [
        (date(2025, 3, 12), date(2025, 3, 12), "12 March 2025"),
        (date(2025, 3, 10), date(2025, 3, 13), "10–13 March 2025"),
        (date(2025, 2, 28), date(2025, 3, 3), "28 February – 3 March 2025"),
        (date(2024, 12, 30), date(2025, 1, 5), "30 December 2024 – 5 January 2025"),
    ],
)
def test_days_say_once_what_both_ends_share(first: date, last: date, wanted: str) -> None:
    assert write_days(first, last) == wanted


def test_months_say_once_what_both_ends_share() -> None:
    assert write_months(date(2025, 2, 1), date(2025, 2, 28)) == "February 2025"
    assert write_months(date(2024, 10, 1), date(2024, 12, 31)) == "October – December 2024"
    assert write_months(date(2024, 12, 1), date(2025, 2, 28)) == "December 2024 – February 2025"


def test_part_of_a_month_is_not_the_month() -> None:
    so_far = When(words="earlier this month", start=date(2025, 3, 1), end=date(2025, 3, 29), precision="month")
    assert write_when(so_far) == "1–29 March 2025"
    leap = When(words="in February", start=date(2024, 2, 1), end=date(2024, 2, 29), precision="month")
    assert write_when(leap) == "February 2024"


def test_the_last_year_of_the_calendar() -> None:
    end = When(words="in 9999", start=date(9999, 1, 1), end=date(9999, 12, 31), precision="year")
    assert write_when(end) == "9999"


def test_a_date_is_written_as_far_as_it_is_known() -> None:
    assert write_date(2025, 3, 12) == "12 March 2025"
    assert write_date(None, 3, 12) == "12 March"
    assert write_date(2025, 3) == "March 2025"
    assert write_date(2025) == "2025"


def test_the_locale_has_no_say() -> None:
    before = locale.setlocale(locale.LC_TIME)
    try:
        for name in ("de_DE.UTF-8", "fr_FR.UTF-8", "C"):
            try:
                locale.setlocale(locale.LC_TIME, name)
            except locale.Error:  # not installed here
                continue
            assert write_day(date(2025, 5, 3)) == "3 May 2025"
    finally:
        locale.setlocale(locale.LC_TIME, before)


@given(st.dates())
def test_what_is_written_is_read_as_the_same_day(day: date) -> None:
    words = write_date(day.year, day.month, day.day)
    assert words == write_day(day)
    if day.year >= 1000:
        assert parse_moment(words) == day


@given(st.dates(date(1900, 1, 1), date(2099, 11, 30)), st.integers(0, 300))
def test_what_is_written_of_several_days_names_their_ends(start: date, length: int) -> None:
    end = min(start + timedelta(days=length), date(2099, 12, 31))
    found = days(write_days(start, end))
    assert found[-1] == Day(end.month, end.day, end.year)
    assert (found[0].month, found[0].day) == (start.month, start.day)
    assert len(found) == (1 if start == end else 2)
