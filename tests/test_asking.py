"""A model says which sentences give values of one thing. Code compares the values, and tells changes with both."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

import pytest
from fakes import ScriptedChat, claim, says

from qa import answer, pipeline
from qa.articles.build import build
from qa.articles.extract import Extract
from qa.articles.fields import Facts
from qa.errors import ModelUnavailable
from qa.model import Answer, Article
from qa.settings import Settings

QUESTION = "How many people work at the Varn mill?"


def story(text: str, day: str, source: str) -> Article:
    return build(Extract(text, Facts(title="News from Varn", source=source, published=date.fromisoformat(day))))


OLD = story("The Varn mill employs 310 people, its owner said.", "2025-02-03", "Vale Post")
NEW = story("The mill at Varn now has 120 hands.", "2026-03-09", "Coast Wire")

Values = Callable[[str], list[dict[str, Any]]]


def labels(prompt: str, sign: str) -> dict[str, str]:
    """The labels of the sentences of a prompt, by their texts."""
    return {
        text: label for label, text in re.findall(rf"^\[({sign}\d+)\](?: \([^)]*\))? (.*?)(?: ⟨.*⟩)?$", prompt, re.M)
    }


def value(prompt: str, sentence: str, words: str, thing: str, **more: Any) -> dict[str, Any]:
    label = next(label for text, label in labels(prompt, "V").items() if sentence in text)
    return {"sentence": label, "words": words, "thing": thing, **more}


def ask(monkeypatch: pytest.MonkeyPatch, values: Values, articles: Sequence[Article] = (OLD, NEW)) -> Answer:
    def reply(prompt: str) -> dict[str, Any]:
        text, label = next((t, label) for t, label in labels(prompt, "S").items() if "310" in t)
        return says(claim(text, label))

    chat = ScriptedChat(reply, values)
    monkeypatch.setattr(pipeline, "OpenAIChat", lambda _: chat)
    return answer(QUESTION, articles=articles, settings=Settings(openai_base_url="http://localhost:9/v1", model="m"))


def both(thing: str = "staff of the Varn mill", other: str = "staff of the varn  mill", **more: Any) -> Values:
    return lambda prompt: [
        value(prompt, "310 people", "310 people", thing),
        value(prompt, "120 hands", "120 hands", other, **more),
    ]


def test_a_newer_value_in_other_words_comes_first_and_both_are_cited(monkeypatch: pytest.MonkeyPatch) -> None:
    found = ask(monkeypatch, both())
    assert [c.standing for c in found.claims] == ["current", "superseded"]
    assert ["120 hands" in c.text for c in found.claims] == [True, False]
    (change,) = found.conflicts
    assert change.kind == "update"
    assert change.detail == (
        "Newer: “120 hands” (Coast Wire, 9 March 2026). Before: “310 people” (Vale Post, 3 February 2025)."
    )


@pytest.mark.parametrize(
    "values",
    [
        pytest.param(both(other="staff of the Varn quarry"), id="another thing"),
        pytest.param(both(old=True), id="the sentence says that it holds no longer"),
        pytest.param(lambda p: [value(p, "310 people", "310 people", "staff")], id="only one gives a value"),
        pytest.param(
            lambda p: [value(p, "310 people", "310 people", "staff"), value(p, "120 hands", "95 hands", "staff")],
            id="words that do not stand there",
        ),
        pytest.param(lambda _: [{"sentence": "V99", "words": "x", "thing": "staff"}], id="an unknown label"),
        pytest.param(lambda _: [], id="none"),
    ],
)
def test_nothing_else_is_told_as_a_change(monkeypatch: pytest.MonkeyPatch, values: Values) -> None:
    found = ask(monkeypatch, values)
    assert found.conflicts == ()
    assert len(found.claims) == 1


def test_a_newer_value_is_no_update_if_nothing_but_the_model_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    silent = story("Some 120 hands load the lorries of the Varn mill.", "2026-03-09", "Coast Wire")
    assert ask(monkeypatch, both(), [OLD, silent]).conflicts == ()


def test_the_call_is_in_the_usage_and_its_prompt_in_the_provenance(monkeypatch: pytest.MonkeyPatch) -> None:
    found = ask(monkeypatch, both())
    assert "values" in found.provenance.prompts
    assert found.provenance.usage
    assert found.provenance.usage.input == 150


def test_no_call_is_made_where_nothing_can_differ(monkeypatch: pytest.MonkeyPatch) -> None:
    found = ask(monkeypatch, lambda _: pytest.fail("one article alone was asked about"), [OLD])
    assert len(found.claims) == 1


def test_without_the_model_rules_decide_and_a_warning_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(_: str) -> list[dict[str, Any]]:
        raise ModelUnavailable("The server is down. Try again.")

    found = ask(monkeypatch, fails)
    assert found.claims
    assert any("rules alone" in warning for warning in found.warnings)
