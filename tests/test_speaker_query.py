"""Questions for somebody's words: who speaks, about what, and whether everything is asked for."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.english.questions import SpeakerQuery, speaker_query
from qa.english.spelling import match_speakers, same_person

NAMES = [
    "Zakharova",
    "Maria Zakharova",
    "M. Zakharova",
    "Dmitri Zakharov",
    "Mr. Orr",
    "Peter Orr",
    "Orr Jr.",
    "the",
    "al-Masri",
]


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


@given(st.lists(st.sampled_from(NAMES), max_size=2), st.lists(st.sampled_from(NAMES), unique=True))
def test_the_speakers_meant_are_all_that_may_be_the_same_person_in_their_order(
    asked: list[str], known: list[str]
) -> None:
    assert match_speakers(asked, tuple(known)) == [name for name in known if any(same_person(a, name) for a in asked)]
