"""What a question's words say of when, and which articles and sentences may tell of it."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from qa.articles.parse import parse, sentences_of
from qa.english.temporal import question_range
from qa.model import Answer, Article, Filters, Period
from qa.pipeline import answer
from qa.questions.period import bounded, tells_of
from qa.questions.plan import plan

TODAY = date(2026, 4, 1)  # a Wednesday
MARCH = (date(2026, 3, 1), date(2026, 3, 31))


@pytest.mark.parametrize(
    ("question", "since", "until", "rest"),
    [
        ("What did Halloran say last week about the bridge?", date(2026, 3, 23), date(2026, 3, 29),
         "What did Halloran say about the bridge?"),
        ("Who won the vote on 9 March?", date(2026, 3, 9), date(2026, 3, 9), "Who won the vote?"),
        ("What has been found since March?", date(2026, 3, 1), None, "What has been found?"),
        ("What was known before 10 March 2026?", None, date(2026, 3, 9), "What was known?"),
        ("What was known after 10 March?", date(2026, 3, 11), None, "What was known?"),
        ("What happened between 1 and 5 March?", date(2026, 3, 1), date(2026, 3, 5), "What happened?"),
        ("What did May say in March?", *MARCH, "What did May say?"),
        ("In March, who resigned?", *MARCH, "who resigned?"),
        ("What happened yesterday?", date(2026, 3, 31), date(2026, 3, 31), "What happened?"),
        ("What did the court decide in December 2025?", date(2025, 12, 1), date(2025, 12, 31),
         "What did the court decide?"),
        ("What did the ministry say in March about the reopening on April 13?", *MARCH,
         "What did the ministry say about the reopening on April 13?"),
    ],
)  # fmt: skip
def test_words_of_time_bound_a_question(question: str, since: date | None, until: date | None, rest: str) -> None:
    period, left = question_range(question, TODAY)
    assert period is not None
    assert (period.since, period.until, left) == (since, until, rest)


@pytest.mark.parametrize(
    "question",
    [
        "On what date did the ferry sink?",
        "Will it open in May?",
        "How many vehicles cross a day?",
        "How did prices change in the third quarter?",
        "How many voted in the 2025 election?",
        "Who writes for the Sunday Herald?",
        "What did Tuesday's vote change?",
        "May he march on Sunday’s parade?",
        "What is in the budget for next year?",
    ],
)
def test_a_time_that_belongs_to_what_is_asked_about_bounds_nothing(question: str) -> None:
    assert question_range(question, TODAY) == (None, question)


def test_what_happened_then_may_be_told_days_later_and_what_was_known_by_then_may_not() -> None:
    on, before = question_range("Who won on 9 March?", TODAY)[0], question_range("Who led before 9 March?", TODAY)[0]
    assert bounded(Filters(), on) == Filters(since=date(2026, 3, 9), until=date(2026, 3, 16))
    assert bounded(Filters(), before) == Filters(until=date(2026, 3, 8))


def test_all_that_came_later_may_tell_of_a_year() -> None:
    assert bounded(Filters(), question_range("Who led in 2025?", TODAY)[0]) == Filters(since=date(2025, 1, 1))


def test_filters_that_were_set_stay_set() -> None:
    asked = Filters(since=date(2026, 3, 5), until=date(2026, 3, 20), sources=("Coast Wire",))
    assert bounded(asked, Period(since=MARCH[0], until=MARCH[1], happened=True)) == asked
    assert bounded(asked, None) is asked


def test_today_is_the_day_of_as_of() -> None:
    found = plan("What happened last week?", Filters(as_of=date(2025, 3, 14)), today=TODAY)
    assert found.period is not None
    assert (found.period.since, found.period.until) == (date(2025, 3, 3), date(2025, 3, 9))
    assert plan("What happened last week?", today=TODAY).period == question_range("What happened last week?", TODAY)[0]


def test_a_sentence_tells_of_a_period_by_its_own_times_or_by_its_day() -> None:
    article = Article(
        id="a",
        version="v",
        published=date(2026, 3, 10),
        text="The pier closed on Monday. It was built in 1974. The mayor wept. A storm is due on Friday.",
    )
    told = [
        sentence.text
        for sentence in sentences_of(article)
        if tells_of(Period(since=date(2026, 3, 9), until=date(2026, 3, 9), happened=True), parse(article), sentence)
    ]
    assert told == ["The pier closed on Monday."]
    known = Period(until=date(2026, 3, 9))
    assert not any(tells_of(known, parse(article), sentence) for sentence in sentences_of(article))
    assert all(
        tells_of(Period(since=date(2026, 3, 10)), parse(article), sentence) for sentence in sentences_of(article)
    )


@pytest.fixture
def pier(tmp_path: Path) -> Path:
    """Three days of one story."""
    folder = tmp_path / "pier"
    folder.mkdir()
    for day, text in (
        (3, "The storm took 14 planks from Salthouse pier on Monday, the harbour office said."),
        (10, "The storm took 16 planks from Salthouse pier, the harbour office said after a second count on Monday."),
        (24, "The repair of Salthouse pier was finished on Sunday, the harbour office said."),
    ):
        head = f"---\ntitle: Pier {day}\nsource: Herald\npublished: 2026-03-{day:02}\n---\n"
        (folder / f"pier-{day}.md").write_text(head + text, encoding="utf-8")
    return folder


def asked(question: str, pier: Path, **filters: date) -> Answer:
    return answer(question, articles=[pier], filters=Filters.model_validate(filters))


@pytest.mark.parametrize(
    ("question", "planks"),
    [
        ("How many planks did the storm take before 9 March 2026?", "14"),
        ("How many planks had the storm taken, as reported since 9 March 2026?", "16"),
        ("How many planks did the storm take from the pier in early March 2026?", "14"),
    ],
)
def test_an_answer_comes_from_the_days_asked_about(pier: Path, question: str, planks: str) -> None:
    found = asked(question, pier)
    assert f"{planks} planks" in found.claims[0].text


def test_as_of_a_day_later_corrections_are_not_known(pier: Path) -> None:
    question = "How many planks did the storm take from the pier?"
    assert {c.article_id for c in asked(question, pier, as_of=date(2026, 3, 5)).citations} == {
        c.article_id for c in asked(question, pier, until=date(2026, 3, 5)).citations
    }
    assert "14 planks" in asked(question, pier, as_of=date(2026, 3, 5)).text


def test_nothing_from_those_days_is_said_to_be_outside_them(pier: Path) -> None:
    found = asked("How many planks did the storm take in January 2026?", pier)
    assert found.abstention is not None
    assert found.abstention.reason == "outside_dates"


def test_the_weekday_of_an_old_article_is_no_bound_where_that_week_has_no_article(pier: Path) -> None:
    found = asked("How many planks did the storm take on Monday?", pier)
    assert found.claims
    assert found.filters == Filters()
