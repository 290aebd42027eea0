"""Times of the news that are easily read wrongly. tests/test_temporal_sets.py measures how well times are read."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone

import pytest

from qa.english.temporal import time_expressions
from qa.english.temporal.expressions import read_times
from qa.model import When

PUBLISHED = datetime(2026, 3, 12, 9, tzinfo=timezone(timedelta(hours=1)))


@pytest.mark.parametrize(
    ("words", "at"),
    [
        ("Monday at 9 p.m.", datetime(2026, 3, 9, 21, tzinfo=PUBLISHED.tzinfo)),
        ("Monday at 9 p.m. GMT", datetime(2026, 3, 9, 21, tzinfo=UTC)),
        ("Monday at 9 p.m. Eastern time", None),
        ("Monday at 9 p.m. EST", None),
        ("Monday at 9 p.m. local time", None),
    ],
)
def test_an_hour_is_an_instant_only_where_its_zone_is_known(words: str, at: datetime | None) -> None:
    (mention,) = time_expressions(f"It sank on {words}.", PUBLISHED)
    assert (mention.when.words, mention.when.at) == (words, at)


@pytest.mark.parametrize("dash", ["-", "–", " – "])
def test_the_first_month_of_a_range_is_not_that_of_another_year(dash: str) -> None:
    (mention,) = time_expressions(f"It ran in April{dash}June 2016.", PUBLISHED)
    assert (mention.when.words, mention.when.start) == ("June 2016", date(2016, 6, 1))


@pytest.mark.parametrize(
    ("text", "words", "start", "end"),
    [
        ("The mill was founded on 15 June 1745.", "15 June 1745", date(1745, 6, 15), date(1745, 6, 15)),
        ("The mill burnt down on March 3, 1848, at night.", "March 3, 1848", date(1848, 3, 3), date(1848, 3, 3)),
        ("The mill opened in June 1871.", "June 1871", date(1871, 6, 1), date(1871, 6, 30)),
        ("It begins on 3 June at 1400 GMT.", "3 June at 1400 GMT", date(2026, 6, 3), date(2026, 6, 3)),
        ("They met on June 3, 1500 of them in masks.", "June 3", date(2025, 6, 3), date(2025, 6, 3)),
        ("In June 1500 people came.", "June", date(2025, 6, 1), date(2025, 6, 30)),
    ],
)
def test_a_year_behind_a_day_or_a_month_may_be_long_ago(text: str, words: str, start: date, end: date) -> None:
    (mention,) = time_expressions(text, PUBLISHED)
    assert (mention.when.words, mention.when.start, mention.when.end) == (words, start, end)


WEDNESDAY = date(2026, 3, 11)


@pytest.mark.parametrize(
    ("text", "words", "day"),
    [
        ("He died yesterday week.", "yesterday week", date(2026, 3, 3)),
        ("The ballots go out a week on Tuesday.", "a week on Tuesday", date(2026, 3, 24)),
        ("It will be held on Tuesday fortnight.", "Tuesday fortnight", date(2026, 3, 31)),
        ("It was called off a week last Saturday.", "a week last Saturday", date(2026, 2, 28)),
        ("The pickets will be back a week tomorrow.", "a week tomorrow", date(2026, 3, 19)),
        ("The school shut for a week on Tuesday.", "Tuesday", date(2026, 3, 10)),
    ],
)
def test_a_week_beyond_a_day_is_counted_from_it(text: str, words: str, day: date) -> None:
    (mention,) = time_expressions(text, WEDNESDAY)
    assert (mention.when.words, mention.when.start) == (words, day)


@pytest.mark.parametrize(
    "text",
    [
        "The bypass shuts a week on Wednesday.",  # a week from today, or from the next one?
        "Crowds gathered after the Friday prayers.",
        "Managers insisted that Sunday work is voluntary.",
        "Buses run Monday to Friday.",
        "Members of the April 9 Movement met.",
        "Her brother was killed in the Sept 11 attacks.",
        "The law changed after the Jan 9 attacks.",
        "The last Friday of the month is free.",
        "On his last Friday in office, he wept.",
        "It sold either 2000 or 2050 copies.",
        "The company said that 2000 staff would go.",
        "The start of 2000 new homes was delayed.",
        "The upcoming May Day rally is banned.",
        "Today Online reported the arrest.",
        "The fair is held every year in June.",
        "Members meet annually in June.",
        "A bonfire burns every year on 5 November.",
        "The debt will fall in 2016/17.",
        "He drives a 2000 or older model.",
        "The Today Programme reported it.",
    ],
)
def test_what_comes_round_or_is_a_name_is_no_day(text: str) -> None:
    assert time_expressions(text, date(2026, 8, 5) if "Sept" in text else WEDNESDAY) == ()


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("“They came yesterday,” she told police on Monday.", date(2026, 3, 8)),
        ("On Monday he texted: “Home tomorrow.”", date(2026, 3, 10)),
    ],
)
def test_a_day_in_a_quotation_counts_from_when_it_was_said(text: str, day: date) -> None:
    spoken = next(m for m in time_expressions(text, WEDNESDAY) if m.when.words in ("yesterday", "tomorrow"))
    assert spoken.when.start == day


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("They leave on Monday.", date(2026, 3, 16)),
        ("Dr Siwek takes over on Friday.", date(2026, 3, 13)),
        ("The papers are being sent out on Friday.", date(2026, 3, 13)),
        ("The report, due on Friday, has still not come.", date(2026, 3, 6)),
    ],
)
def test_the_present_tells_of_plans(text: str, day: date) -> None:
    assert time_expressions(text, WEDNESDAY)[0].when.start == day


@pytest.mark.parametrize(
    ("text", "days"),
    [
        # WEDNESDAY is 11 March 2026.
        ("According to officials on Saturday, the virus may spread.", ["2026-03-07"]),
        ("As of Saturday there had been two cases.", ["2026-03-07"]),
        ("As of Saturday, fares will rise.", ["2026-03-14"]),
        ("This Sunday, the inventor crossed the Channel.", ["2026-03-08"]),
        ("This Sunday, the inventor will cross the Channel.", ["2026-03-15"]),
        ("A storm formed over the islands this weekend.", ["2026-03-07"]),
        ("The fair will be held this weekend.", ["2026-03-14"]),
        ("The fair is held this weekend.", ["2026-03-14"]),
        ("Tickets are sold in the hall this Sunday.", ["2026-03-15"]),
        ("The storm was forecast to reach Varn on Thursday.", ["2026-03-12"]),
        ("The airport was to open on Monday.", []),  # two days ago, or next week
        ("Karrow was planning to vote on Tuesday.", []),
        ("Games scheduled for Monday were still held.", ["2026-03-09"]),
        ("Games scheduled for Friday were postponed.", ["2026-03-13"]),
        ("He offered the house for his resignation on July 2.", []),  # last summer, or the next one
        ("He wants a deal by July 2.", []),
        ("He resigned on July 2.", ["2025-07-02"]),
        ("It informed the firm of the leak, to which on January 4 the firm replied.", ["2026-01-04"]),
    ],
)
def test_the_words_around_a_day_tell_whether_it_is_over(text: str, days: list[str]) -> None:
    assert [f"{m.when.start}" for m in time_expressions(text, WEDNESDAY)] == days


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("The bridge will be shut until 12 April.", ["2027-04-12"]),
        ("The museum will open on 12 April.", ["2027-04-12"]),
        ("He won't be sentenced before April 12.", ["2027-04-12"]),
        ("The report is due on 2 April.", ["2027-04-02"]),
        ("The trial is set for 12 April.", ["2027-04-12"]),
        ("The depot is to open in early April.", ["2027-04-01"]),
        ("They will appeal against the verdict of 12 April.", ["2026-04-12"]),  # the day of the noun
        ("The road was closed until 3 April.", ["2026-04-03"]),
        ("The court will rule on whether the sale on 4 April was legal.", []),  # of the ruling or of the sale
        ("The county said the airfield would stay open until April 4.", []),  # nobody says whether it did
    ],
)
def test_a_day_near_on_one_side_only_is_ahead_if_the_verb_leads_to_it(text: str, days: list[str]) -> None:
    assert [f"{m.when.start}" for m in time_expressions(text, date(2026, 5, 29))] == days


def test_days_before_one_of_two_days_are_left_open() -> None:
    text = "On Friday she gave up the target of March 17, named three days before. Two days later she left."
    assert [m.when.words for m in time_expressions(text, date(2026, 3, 14))] == ["Friday", "March 17", "Two days later"]


def test_a_season_is_no_days_because_it_depends_on_the_half_of_the_earth() -> None:
    for words in ("This winter is cold.", "Last summer it burned.", "In the autumn of 2024 the street was flooded."):
        assert time_expressions(words, date(2026, 2, 1)) == ()


@pytest.mark.parametrize(
    ("text", "words", "first"),
    [
        ("It will be in place by the end of 2027.", "2027", date(2027, 1, 1)),
        ("She has been ill since the start of 2024.", "2024", date(2024, 1, 1)),
        ("Growth was flat throughout 2025.", "2025", date(2025, 1, 1)),
        ("It will open in 2027 or later.", "2027", date(2027, 1, 1)),
        ("New fees are coming April 1.", "April 1", date(2026, 4, 1)),
        ("Voters await this coming March 20 poll.", "March 20", date(2026, 3, 20)),
        ("Gunmen attacked the normally quiet village on 3 March.", "3 March", date(2026, 3, 3)),
        ("She will have her degree this upcoming May.", "this upcoming May", date(2026, 5, 1)),
        ("He died in the early hours of this morning.", "this morning", date(2026, 3, 11)),
        ("Today Foreign Minister Ada Holm announced a plan.", "Today", date(2026, 3, 11)),
        ("A jury awarded her 2 million crowns last Friday in a lawsuit.", "last Friday", date(2026, 3, 6)),
        ("Firing continued for hours, starting late Saturday night.", "late Saturday night", date(2026, 3, 7)),
        ("They walked through the night, beginning on Sunday.", "Sunday", date(2026, 3, 8)),
        ("The council cut its fares, starting on Monday.", "Monday", date(2026, 3, 16)),
        ("Negotiators worked on a truce beginning on Sunday.", "Sunday", date(2026, 3, 15)),
        ("The centre opened only three years ago.", "three years ago", date(2023, 1, 1)),
    ],
)
def test_more_ways_to_name_a_day_month_or_year(text: str, words: str, first: date) -> None:
    (mention,) = time_expressions(text, WEDNESDAY)
    assert (mention.when.words, mention.when.start) == (words, first)


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("The talks will run from Monday to Thursday.", [11, 14]),
        ("The talks ran from Monday to Wednesday.", [4, 6]),
        ("He was away between Sunday and Tuesday.", [3, 5]),
        ("The line was closed from Monday to Friday.", []),  # this week's, which is not over, or the last one's
        ("It was shut on Monday and Wednesday.", [4, 6]),
    ],
)
def test_the_ends_of_a_range_of_weekdays_come_in_order(text: str, days: list[int]) -> None:
    found = time_expressions(text, date(2026, 5, 7))
    assert [m.when.start.day for m in found] == days


SUNDAY = When(words="Sunday", start=date(2026, 3, 8), end=date(2026, 3, 8), precision="day")


@pytest.mark.parametrize(
    ("text", "before", "resolved", "unclear"),
    [
        ("It made me the person I am today.", None, [], []),
        ("The town is what it is today because of wool.", None, [], []),
        ("The school of today has no chalk.", None, [], []),
        ("I am in Varn today.", None, ["today"], []),
        ("As of yesterday two men were at large.", None, ["yesterday"], []),
        ("It rained this afternoon.", SUNDAY, ["this afternoon"], []),
        ("“It was a hard match this afternoon.”", None, [], ["this afternoon"]),  # said today, or the day before?
        ("“It was a hard match this afternoon.”", SUNDAY, [], ["this afternoon"]),  # Sunday's, or Wednesday's?
        ("“I will resign tomorrow,” he wrote.", SUNDAY, [], ["tomorrow"]),
        ("“We lost yesterday,” she said on Monday.", SUNDAY, ["yesterday", "Monday"], []),
        ("“Today we mourn,” she said.", None, [], ["Today"]),
        ("“Today we mourn,” she said on Monday.", None, ["Today", "Monday"], []),
        ("“They came yesterday,” she said of the thieves. They left on Monday.", None, ["Monday"], ["yesterday"]),
        ("Later in the day, the mill was called.", SUNDAY, ["Later in the day"], []),
        ("Later in the day, the mill was called.", None, [], []),
        ("He spoke earlier in the evening.", SUNDAY, ["earlier in the evening"], []),
        ("It rose later on in the morning.", SUNDAY, ["later on in the morning"], []),
    ],
)
def test_today_is_a_day_where_the_words_tell_which(
    text: str, before: When | None, resolved: list[str], unclear: list[str]
) -> None:
    read = read_times(text, WEDNESDAY, before)
    assert [one.when.words for one in read.resolved] == resolved
    assert [text[one.start : one.end] for one in read.open] == unclear
