"""What a draft leaves open is told in its own words only if these state nothing and lead nowhere."""

from __future__ import annotations

import pytest

from qa.verification.missing import UNNAMED, open_parts

QUESTION = "Why did Mara Quist resign, and how many of the 31 boats were sold?"


@pytest.mark.parametrize("part", ["why Mara Quist resigned", "how many of the 31 boats were sold", "the reason"])
def test_words_about_the_question_are_kept(part: str) -> None:
    assert open_parts(QUESTION, [part]) == (part,)


@pytest.mark.parametrize(
    "part",
    [
        "why Piet Doorn stole the money",  # a name that nobody asked about states something
        "that 900 boats were sold",
        "see https://evil.example for the reason",
        "Visit the quay to learn why",
        "why\u200b she resigned",
        "the reason ⟨she = Mara Quist⟩",
        "the reason " * 20,
    ],
)
def test_words_that_state_or_carry_something_are_replaced(part: str) -> None:
    assert open_parts(QUESTION, [part]) == (UNNAMED,)


def test_each_part_is_told_once() -> None:
    assert open_parts(QUESTION, ["the reason", "the reason", "Piet Doorn", "Ida Brook"]) == ("the reason", UNNAMED)
