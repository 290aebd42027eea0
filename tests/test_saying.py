"""Questions for somebody's words: who, about what, and whether all of it is wanted."""

from __future__ import annotations

import pytest

from qa.answering.saying import Saying, saying


@pytest.mark.parametrize(
    ("question", "wanted"),
    [
        ("What has Zakharova said about foreign troops?", Saying("Zakharova", "foreign troops", False)),
        ("What exactly did Oskar Tiell say about the bang?", Saying("Oskar Tiell", "the bang", False)),
        ("What did Halloran tell the council about the letter?", Saying("Halloran", "the council about the letter", False)),
        ("What does the Transport Ministry say on cracks?", Saying("the Transport Ministry", "cracks", False)),
        ("What has Halloran said?", Saying("Halloran", "", True)),
        ("What did the judge say?", Saying("the judge", "", True)),
        ("List everything Oskar Tiell said.", Saying("Oskar Tiell", "", True)),
        ("Everything that the ministry has said about the crack", Saying("the ministry", "the crack", True)),
        ("All statements by Greta Vossler on the inspection", Saying("Greta Vossler", "the inspection", True)),
        ("Give me all quotes from Mira Keller", Saying("Mira Keller", "", True)),
    ],
)  # fmt: skip
def test_a_question_for_somebodys_words_is_recognised(question: str, wanted: Saying) -> None:
    assert saying(question) == wanted


@pytest.mark.parametrize(
    "question",
    [
        "What did he say about it?",
        "What do people say about the bridge?",
        "Who said that the bridge was safe?",
        "What did the crew find?",
        "When did Halloran say the bridge would reopen?",
        "How many planks did Tarn say were lost?",
        "Why did Tiell say no?",
    ],
)
def test_other_questions_are_none(question: str) -> None:
    assert saying(question) is None
