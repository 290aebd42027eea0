"""Times of the news that are easily read wrongly. tests/test_temporal_sets.py measures how well times are read."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone

import pytest

from qa.english.temporal import time_expressions

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
