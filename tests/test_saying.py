"""Questions for somebody's words: who, about what, and whether all of it is wanted."""

from __future__ import annotations

import pytest

from qa.answering.saying import saying
from qa.model import Saying


@pytest.mark.parametrize(
    ("question", "wanted"),
    [
        ("What has Zakharova said about foreign troops?", Saying(who="Zakharova", about="foreign troops", everything=False)),
        ("What exactly did Oskar Tiell say about the bang?", Saying(who="Oskar Tiell", about="the bang", everything=False)),
        ("What did Halloran tell the council about the letter?", Saying(who="Halloran", about="the council about the letter", everything=False)),
        ("What does the Transport Ministry say on cracks?", Saying(who="the Transport Ministry", about="cracks", everything=False)),
        ("What has Halloran said?", Saying(who="Halloran", about="", everything=True)),
        ("What did the judge say?", Saying(who="the judge", about="", everything=True)),
        ("List everything Oskar Tiell said.", Saying(who="Oskar Tiell", about="", everything=True)),
        ("Everything that the ministry has said about the crack", Saying(who="the ministry", about="the crack", everything=True)),
        ("All statements by Greta Vossler on the inspection", Saying(who="Greta Vossler", about="the inspection", everything=True)),
        ("Give me all quotes from Mira Keller", Saying(who="Mira Keller", about="", everything=True)),
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
