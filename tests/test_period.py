"""The period that a question's words name, and which articles and sentences may be about it."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from qa.articles.parse import parse, sentences_of
from qa.english.temporal import question_range
from qa.model import Answer, Article, Filters, Period
from qa.pipeline import answer
from qa.questions.period import bounded, is_near, tells_of
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
def test_times_in_a_question_set_its_period(question: str, since: date | None, until: date | None, rest: str) -> None:
    period, query = question_range(question, TODAY)
    assert period is not None
    assert (period.since, period.until, query) == (since, until, rest)


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
def test_a_time_that_belongs_to_the_topic_sets_no_period(question: str) -> None:
    assert question_range(question, TODAY) == (None, question)


def test_later_articles_count_for_what_happened_but_not_for_what_was_known() -> None:
    on, before = question_range("Who won on 9 March?", TODAY)[0], question_range("Who led before 9 March?", TODAY)[0]
    assert bounded(Filters(), on) == Filters(since=date(2026, 3, 9), until=date(2026, 3, 16))
    assert bounded(Filters(), before) == Filters(until=date(2026, 3, 8))


def test_any_later_article_may_be_about_a_whole_year() -> None:
    assert bounded(Filters(), question_range("Who led in 2025?", TODAY)[0]) == Filters(since=date(2025, 1, 1))


def test_a_period_does_not_widen_the_filters() -> None:
    asked = Filters(since=date(2026, 3, 5), until=date(2026, 3, 20), sources=("Coast Wire",))
    assert bounded(asked, Period(since=MARCH[0], until=MARCH[1], happened=True)) == asked
    assert bounded(asked, None) is asked


def test_relative_times_are_counted_from_as_of_if_it_is_set() -> None:
    made = plan("What happened last week?", Filters(as_of=date(2025, 3, 14)), today=TODAY)
    assert made.period is not None
    assert (made.period.since, made.period.until) == (date(2025, 3, 3), date(2025, 3, 9))
    assert plan("What happened last week?", today=TODAY).period == question_range("What happened last week?", TODAY)[0]


def test_a_sentence_is_about_a_period_by_its_own_times_or_its_day_of_publication() -> None:
    article = Article(
        id="a",
        version="v",
        published=date(2026, 3, 10),
        text="The pier closed on Monday. It was built in 1974. The mayor wept. A storm is due on Friday.",
    )
    matching = [
        sentence.text
        for sentence in sentences_of(article)
        if tells_of(Period(since=date(2026, 3, 9), until=date(2026, 3, 9), happened=True), parse(article), sentence)
    ]
    assert matching == ["The pier closed on Monday."]
    known = Period(until=date(2026, 3, 9))
    assert not any(tells_of(known, parse(article), sentence) for sentence in sentences_of(article))
    assert all(
        tells_of(Period(since=date(2026, 3, 10)), parse(article), sentence) for sentence in sentences_of(article)
    )


@pytest.fixture
def pier(tmp_path: Path) -> Path:
    """A folder with articles about one story from three days."""
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


def ask(question: str, pier: Path, **filters: date) -> Answer:
    return answer(question, articles=[pier], filters=Filters.model_validate(filters))


@pytest.mark.parametrize(
    ("question", "planks"),
    [
        ("How many planks did the storm take before 9 March 2026?", "14"),
        ("How many planks had the storm taken, as reported since 9 March 2026?", "16"),
        ("How many planks did the storm take from the pier between 1 and 4 March 2026?", "14"),
    ],
)
def test_an_answer_comes_from_the_days_in_the_question(pier: Path, question: str, planks: str) -> None:
    result = ask(question, pier)
    assert f"{planks} planks" in result.claims[0].text


def test_as_of_hides_later_corrections(pier: Path) -> None:
    question = "How many planks did the storm take from the pier?"
    assert {c.article_id for c in ask(question, pier, as_of=date(2026, 3, 5)).citations} == {
        c.article_id for c in ask(question, pier, until=date(2026, 3, 5)).citations
    }
    assert "14 planks" in ask(question, pier, as_of=date(2026, 3, 5)).text


def test_a_period_without_articles_leads_to_an_abstention_that_says_so(pier: Path) -> None:
    result = ask("How many planks did the storm take in January 2026?", pier)
    assert result.abstention is not None
    assert result.abstention.reason == "outside_dates"


def test_a_weekday_sets_no_period_if_the_current_week_has_no_article(pier: Path) -> None:
    result = ask("How many planks did the storm take on Monday?", pier)
    assert result.claims
    assert result.preferred == result.filters == Filters()


UNDATED = "---\ntitle: Crane\n---\nThe crane of the yard cost 9,000 crowns."


@pytest.mark.parametrize(
    ("published", "near"),
    [(None, True), (date(2026, 3, 8), True), (date(2026, 3, 1), False), (date(2026, 3, 22), True)],
)
def test_an_article_is_near_a_period_if_it_has_no_date_or_misses_by_a_week(published: date | None, near: bool) -> None:
    period = Period(since=date(2026, 3, 9), until=date(2026, 3, 15), happened=True)
    article = parse(Article(id="a", version="v", published=published, text="The mayor wept."))
    assert is_near(period, article) == near


def test_what_was_known_by_a_day_is_no_matter_of_a_week() -> None:
    known = Period(until=date(2026, 3, 9))
    assert not is_near(known, parse(Article(id="a", version="v", published=date(2026, 3, 10), text="The mayor wept.")))


def test_a_week_in_the_question_does_not_hide_an_article_without_a_date_or_of_the_friday_before(pier: Path) -> None:
    (pier / "undated.md").write_text(
        "---\ntitle: Crane\n---\nThe crane of the yard cost 9,000 crowns.", encoding="utf-8"
    )
    result = answer("What did the crane of the yard cost this week?", articles=[pier])
    assert "9,000" in result.text
    assert result.preferred.since is not None
    assert result.filters == Filters()


def test_days_that_the_user_sets_are_a_wall_and_undated_articles_left_out_are_told(pier: Path) -> None:
    (pier / "undated.md").write_text(
        "---\ntitle: Crane\n---\nThe crane of the yard cost 9,000 crowns.", encoding="utf-8"
    )
    result = ask("What did the crane of the yard cost?", pier, since=date(2026, 3, 1))
    assert result.abstention
    assert "1 article was left out, because it has no date." in result.warnings
