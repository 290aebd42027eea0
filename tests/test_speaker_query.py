"""Questions for somebody's words: who speaks, about what, and whether everything is asked for."""

from __future__ import annotations

import pytest

from qa.english.questions import SpeakerQuery, speaker_query


@pytest.mark.parametrize(
    ("question", "who", "about", "everything"),
    [
        ("What has Zakharova said about foreign troops?", "Zakharova", "foreign troops", False),
        ("What exactly did Oskar Tiell say about the bang?", "Oskar Tiell", "the bang", False),
        ("What did Halloran tell the council about the letter?", "Halloran", "the council about the letter", False),
        ("What does the Transport Ministry say on cracks?", "the Transport Ministry", "cracks", False),
        ("What has Halloran said?", "Halloran", "", True),
        ("What did the judge say?", "the judge", "", True),
        ("List everything Oskar Tiell said.", "Oskar Tiell", "", True),
        ("Everything that the ministry has said about the crack", "the ministry", "the crack", True),
        ("All statements by Greta Vossler on the inspection", "Greta Vossler", "the inspection", True),
        ("Give me all quotes from Mira Keller", "Mira Keller", "", True),
    ],
)  # fmt: skip
def test_a_question_for_somebodys_words_is_recognised(question: str, who: str, about: str, everything: bool) -> None:
    assert speaker_query(question) == SpeakerQuery(who=who, about=about, everything=everything)


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
def test_other_questions_ask_for_nobodys_words(question: str) -> None:
    assert speaker_query(question) is None
