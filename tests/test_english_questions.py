"""What time a question asks about."""

from __future__ import annotations

import pytest

from qa.english.questions import asks_of_the_past


@pytest.mark.parametrize(
    "question",
    [
        "Who was the mayor of Vale?",
        "What did the inquiry blame?",
        "How many people had left by noon?",
        "Who ordered the Keller Bridge shut?",
        "Which company built the tunnel?",
        "How many people died at the regatta?",
        "What was the fare in 2024?",
        "Who won the May election?",
        "Who ordered the bridge to be shut?",
        "Who said the bridge is unsafe?",
        "Who claimed that the mayor has lied?",
        "Why didn't the mayor resign?",
        "Who shut the bridge?",
        "Who freed the hostages?",
        "Who agreed to have the bridge shut?",
    ],
)
def test_it_asks_of_the_past(question: str) -> None:
    assert asks_of_the_past(question)


@pytest.mark.parametrize(
    "question",
    [
        "Who is the mayor of Vale?",
        "Who runs the tunnel?",
        "How much does the ride cost?",
        "How many hundred pickers work at Brindle?",
        "Has Stroud left his post?",
        "What is the proposed fare?",
        "When will the reopened bridge be painted?",
        "Who needs the speed limit?",
        "How many schools remain closed?",
        "Who opposes the proposed tax?",
        "Which trains still run on the damaged line?",
        "Who owns Manchester United?",
        "How many left-wing parties stand?",
        "Is the mayor who was arrested still in custody?",
        "Which kiln has the glassworks shut, and what was the reason?",
        "How many people are missing after the ship sank?",
        "Who sits on the left of the house?",
    ],
)
def test_it_asks_of_today_or_later(question: str) -> None:
    assert not asks_of_the_past(question)
