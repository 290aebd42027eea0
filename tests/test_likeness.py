"""Whether two sentences give values for the same thing: what raises and lowers the probability."""

from __future__ import annotations

from datetime import date

import pytest

from qa.articles.build import build
from qa.articles.extract import Extract, Facts
from qa.articles.parse import ParsedArticle, parse
from qa.changes.likeness import WEIGHTS, are_of_one_kind, features, likeness
from qa.changes.standing import Statement
from qa.changes.values import Asked, amounts_in

ASKED = Asked("How many people were hurt at the Vale regatta?")


def article(text: str, day: int = 2) -> ParsedArticle:
    facts = Facts(title="News from Vale", source="Vale Post", published=date(2026, 5, day))
    return parse(build(Extract(text, facts)))


def statement(text: str, day: int = 2, answers: float = 0.5, sentence: int = 0) -> Statement:
    """The first amount of a sentence, as the weigher makes it."""
    found = article(text, day)
    one = found.sentences[sentence]
    before = found.sentences[sentence - 1].text if sentence else ""
    given = amounts_in(found, one)[0]
    return Statement(found, one, given, answers, focus=ASKED.focus_in(one.text), focus_before=ASKED.focus_in(before))


def chance(one: Statement, other: Statement, *, one_story: bool = True) -> float:
    return likeness(features(one, other, ASKED, one_story=one_story))


POST = statement("Some 14 people were hurt at the Vale regatta, police said.")
WIRE = statement("At the Vale regatta 19 people were hurt, the hospital said.", 3)


def test_every_feature_has_a_weight_and_every_weight_a_feature() -> None:
    assert list(features(POST, WIRE, ASKED, one_story=True)) == list(WEIGHTS)


def test_two_figures_for_what_is_asked_are_of_one_thing() -> None:
    assert chance(POST, WIRE) > 0.6


@pytest.mark.parametrize(
    "other",
    [
        pytest.param(statement("At the Vale regatta 19 people were hurt, the hospital said.", 3, 0.05), id="no answer"),
        pytest.param(statement("At the Vale regatta 19,000 people were hurt, the hospital said.", 3), id="far more"),
        pytest.param(statement("At the Vale regatta 19 boats were hurt, the hospital said.", 3), id="another noun"),
    ],
)
def test_what_tells_that_another_thing_is_meant_lowers_it(other: Statement) -> None:
    assert chance(POST, other) < chance(POST, WIRE)


def test_articles_of_another_story_lower_it() -> None:
    assert chance(POST, WIRE, one_story=False) < chance(POST, WIRE)


def test_a_figure_without_a_noun_next_to_the_claim_is_likelier_than_one_far_from_it() -> None:
    text = (
        "Some 14 people were hurt at the Vale regatta, police said. The hospital counts 19. {} The hospital counts 21."
    )
    far = " ".join(f"The {word} boat was towed away." for word in ("first", "second", "third"))
    one, near, other = (statement(text.format(far), sentence=i, answers=0.3) for i in (0, 1, 5))
    assert chance(one, near) > chance(one, other)


def test_dead_and_injured_people_are_never_of_one_kind() -> None:
    assert not are_of_one_kind(POST, statement("At the Vale regatta 19 people were killed.", 3), ASKED)
    assert are_of_one_kind(POST, WIRE, ASKED)


@pytest.mark.parametrize(
    "other",
    [
        "Three of the people hurt at the Vale regatta were children.",
        "At the Vale regatta 19 people a day were hurt.",
        "At the Vale regatta 19 people may be hurt.",
        "At the Vale regatta the number of people hurt rose by 19.",
    ],
)
def test_a_part_a_rate_a_forecast_and_a_step_are_no_value_of_the_whole(other: str) -> None:
    assert not are_of_one_kind(POST, statement(other, 3), ASKED)
