"""Dates that a text writes out: what a claim names, and what is no date. Headers have tests/test_header.py."""

from __future__ import annotations

from datetime import date
from zoneinfo import ZoneInfoNotFoundError

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.english.temporal.dates import Day, dated_weekdays, days, read_moment, relatives, weekdays, without_days, years


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("It opened on 12 March 2025.", [Day(3, 12, 2025)]),
        ("It opened on March 12, 2025, at noon.", [Day(3, 12, 2025)]),
        ("It opened on Wednesday, the 12th of March.", [Day(3, 12, None)]),
        ("It opened on 2025-03-12.", [Day(3, 12, 2025)]),
        ("It opened on 12 March 1745, and on March 3, 1848.", [Day(3, 12, 1745), Day(3, 3, 1848)]),
        ("It opened on Sept. 3.", [Day(9, 3, None)]),
        ("It opened in March 2025.", [Day(3, None, 2025)]),
        ("It opened in early March and closed in April.", [Day(3, None, None), Day(4, None, None)]),
        ("It opened last March.", [Day(3, None, None)]),
        # a preposition before the month leaves the day its own
        ("It is shut until Oct. 31.", [Day(10, 31, None)]),
        ("It is shut as of June 19, 2024.", [Day(6, 19, 2024)]),
        ("It is shut from May 1 to October 15.", [Day(5, 1, None), Day(10, 15, None)]),
        ("It followed the Sept. 11 attacks.", [Day(9, 11, None)]),
        # both ends of a range
        ("It ran 10–13 March 2025.", [Day(3, 10, 2025), Day(3, 13, 2025)]),
        ("It ran from March 10 to 13.", [Day(3, 10, None), Day(3, 13, None)]),
        ("It ran between 10 and 13 March.", [Day(3, 10, None), Day(3, 13, None)]),
        # a figure after "in March" counts something
        ("In March 12 people fell ill.", [Day(3, None, None)]),
        ("It fell by 3 in March 2025.", [Day(3, None, 2025)]),
    ],
)
def test_dates_are_read_as_far_as_they_are_given(text: str, found: list[Day]) -> None:
    assert list(days(text)) == found


@pytest.mark.parametrize(
    "text",
    [
        "It may march on.",
        "He lives in Mayfair.",
        "The vote for Mayor Orr was close.",
        "It was drawn by April Dunn.",
        "Theresa May lost; critics of May rejoiced.",
        "It was 3/4/2026 on the label.",
        "It was built for March Holdings.",
        "Unit 2025-13-45 was sold.",
        "",
    ],
)
def test_what_only_looks_like_a_date_is_none(text: str) -> None:
    assert days(text) == ()


def test_weekdays_are_named_in_full() -> None:
    assert weekdays("On Mondays, on Tues. and on Sunday.") == ("Monday", "Tuesday", "Sunday")


@pytest.mark.parametrize(
    "text",
    [
        "It sank on Wednesday, 12 March 2025.",
        "It sank on Wednesday (12 March 2025).",
        "It sank on Wednesday night, March 12, 2025.",
        "It sank on Wednesday, the 12th of March 2025.",
    ],
)
def test_a_weekday_belongs_to_the_full_date_beside_it(text: str) -> None:
    ((weekday, day),) = dated_weekdays(text)
    assert (weekday, day) == ("Wednesday", Day(3, 12, 2025))
    assert day.weekday == weekday


def test_the_first_day_of_a_range_is_the_weekdays() -> None:
    assert dated_weekdays("From Monday, 10–13 March 2025, it is shut.") == (("Monday", Day(3, 10, 2025)),)


def test_a_day_that_does_not_exist_falls_on_no_weekday() -> None:
    assert Day(2, 30, 2025).weekday is None
    assert Day(2, None, 2025).weekday is None


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("In 2019, it opened.", ("2019",)),
        ("The 2019 vote was close.", ("2019",)),
        ("It ran from 2018–19.", ("2018", "2019")),
        ("It opened on 12 March 2019.", ()),
        ("It cost $2000.", ()),
        ("2000 houses were sold, 1,950 of them new.", ()),
    ],
)
def test_a_year_alone_counts_nothing_and_belongs_to_no_date(text: str, found: tuple[str, ...]) -> None:
    assert years(text) == found


def test_relative_days_and_times_of_day() -> None:
    assert relatives("Yesterday at noon, and last  week; overnight.") == ("yesterday", "noon", "last week", "overnight")
    assert relatives("On Monday night.") == ()


def test_without_days_no_digit_of_a_date_is_left() -> None:
    text = "On Monday, 3 March 2025, 12 crews left; in 2019, 10 had, until Oct. 31."
    assert without_days(text).split() == "On , 12 crews left; in , 10 had, until .".split()


@given(st.text(max_size=200))
def test_any_text_can_be_read(text: str) -> None:
    days(text), weekdays(text), relatives(text), years(text), without_days(text), dated_weekdays(text)


@pytest.mark.parametrize(
    ("value", "moment"),
    [
        ("2026-05-07 23:30:00 -5", "2026-05-07T23:30:00-05:00"),
        ("2026-05-07T21:30+0200", "2026-05-07T21:30:00+02:00"),
        ("2026/05/07", "2026-05-07"),
        ("20260507", "2026-05-07"),
        ("20260507T213000Z", "2026-05-07T21:30:00+00:00"),
        ("20260507T213000+0200", "2026-05-07T21:30:00+02:00"),
        ("May 7, 2026 9:30 PM EDT", "2026-05-07T21:30:00-04:00"),
        ("Thu, 7 May 2026 21:30 GMT", "2026-05-07T21:30:00+00:00"),
        ("21:30 GMT, 7 May 2026", "2026-05-07T21:30:00+00:00"),
        ("12:15 a.m. NZST, 8 May 2026", "2026-05-08T00:15:00+12:00"),
        ("May 7, 2026 Thursday 6:15 AM BST", "2026-05-07T06:15:00+01:00"),
        ("07 May 2026 0931 GMT", "2026-05-07T09:31:00+00:00"),
        ("Thu May 07 2026 21:30:00 GMT+0200 (Central European Summer Time)", "2026-05-07T21:30:00+02:00"),
        ("2026-05-07T21:30:00.5Z", "2026-05-07T21:30:00.500000+00:00"),
        # summer and winter have one name
        ("Oct. 5, 2026, 8:30 a.m. ET", "2026-10-05T08:30:00-04:00"),
        ("Dec. 5, 2026, 8:30 a.m. ET", "2026-12-05T08:30:00-05:00"),
        # figures that can be one day only
        ("27/03/2026", "2026-03-27"),
        ("05/05/2026", "2026-05-05"),
    ],
)
def test_a_value_keeps_the_time_and_the_zone_that_it_states(value: str, moment: str) -> None:
    read, remark = read_moment(value)
    assert read
    assert (read.isoformat(), remark) == (moment, None)


@pytest.mark.parametrize(
    ("value", "moment", "remark"),
    [
        (
            "7 May 2026 21:30 XYZ",
            "2026-05-07T21:30:00",
            "the time zone 'XYZ' is not known; the time is kept without it",
        ),
        ("7 May 2026 21:30 IST", "2026-05-07", "the time zone 'IST' may be several; only the day is kept"),
        ("7 May 2026 9 p.m. CST", "2026-05-07", "the time zone 'CST' may be several; only the day is kept"),
        ("7 May 2026 13:30 pm", "2026-05-07", "there is no time 13 p.m."),
        ("7 May 2026, late", "2026-05-07", "'late' behind the date is not read"),
        ("2026-05-07T21:30:00+99", None, "there is no time zone '+99'"),
        ("03/04/2026", None, "it may be two days"),
        ("2026-02-30", None, "there is no such day"),
        ("3–5 May 2026", None, "it names several days"),
        ("7 May", None, "it names no year"),
        ("2 hours ago", None, "it is no date that can be read"),
        ("", None, None),
    ],
)
def test_what_is_dropped_of_a_value_is_said(value: str, moment: str | None, remark: str | None) -> None:
    read, said = read_moment(value)
    assert (read and read.isoformat(), said) == (moment, remark)


def test_a_zone_without_data_on_this_machine_keeps_the_day(monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(name: str) -> None:
        raise ZoneInfoNotFoundError(name)

    monkeypatch.setattr("qa.english.temporal.dates.ZoneInfo", missing)
    read, remark = read_moment("7 May 2026 21:30 ET")
    assert read == date(2026, 5, 7)
    assert remark
