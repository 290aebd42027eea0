"""The value that a sentence gives for what a question asks: days and years, before 1900 too."""

from __future__ import annotations

from datetime import date

import pytest

from qa.articles.build import build
from qa.articles.extract import Extract
from qa.articles.fields import Facts
from qa.articles.parse import parse
from qa.changes.values import Asked, Day, value_of


def day_in(text: str, question: str, answer: str | None = None, published: date | None = None) -> tuple[date, date]:
    """The first and the last day of the value that a text gives, if ``answer`` is read as its answer."""
    article = parse(build(Extract(text, Facts(title="News from Vale", published=published))))
    start = text.index(answer) if answer else 0
    given = value_of(article, article.sentences[0], (start, start + len(answer)) if answer else None, Asked(question))
    assert given
    assert isinstance(given.value, Day)
    return given.value.when.start, given.value.when.end


def whole(year: int) -> tuple[date, date]:
    return date(year, 1, 1), date(year, 12, 31)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("The last count died on 15 June 1745 in Vale.", (date(1745, 6, 15), date(1745, 6, 15))),
        ("The last count died on March 15, 1870, in Vale.", (date(1870, 3, 15), date(1870, 3, 15))),
        ("The last count died in 1745 in Vale.", whole(1745)),
        ("The last count died about 1835 in Vale.", whole(1835)),
        ("The last count died on 15 June 1945 in Vale.", (date(1945, 6, 15), date(1945, 6, 15))),
    ],
)
def test_days_and_years_before_1900_are_values(text: str, day: tuple[date, date]) -> None:
    assert day_in(text, "When did the last count die?") == day


def test_a_day_before_1900_is_no_day_of_the_year_of_the_article() -> None:
    text = "The founder of the mill, Ida Cole, was born on 15 June 1845."
    day = date(1845, 6, 15)
    assert day_in(text, "When was Ida Cole born?", published=date(2026, 5, 2)) == (day, day)


def test_a_figure_that_counts_is_no_year() -> None:
    assert day_in("The hall with 1835 seats opened in 1902.", "When did the hall open?") == whole(1902)


@pytest.mark.parametrize(
    ("question", "day"),
    [
        ("When was Ida Cole born?", date(1865, 11, 25)),
        ("What is the birth date of Ida Cole?", date(1865, 11, 25)),
        ("When did Ida Cole die?", date(1920, 7, 25)),
        ("What was the date of Ida Cole's death?", date(1920, 7, 25)),
    ],
)
@pytest.mark.parametrize("life", ["November 25, 1865 – July 25, 1920", "25 November 1865 - 25 July 1920"])
def test_of_the_two_days_of_a_life_the_question_says_which_is_meant(question: str, day: date, life: str) -> None:
    assert day_in(f"Ida Cole ({life}) was a weaver.", question, life) == (day, day)
