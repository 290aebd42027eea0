"""Questions for somebody's words: who speaks, about what, and whether everything is asked for."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa import answer
from qa.articles.build import build
from qa.articles.extract import Extract
from qa.english.questions import SpeakerQuery, speaker_query
from qa.english.spelling import match_speakers, same_person
from qa.settings import Settings

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


ARREST = build(
    Extract("Police arrested Peter Orr after Mary Quill filed a complaint. “He hit me with a spade,” she said.")
)
TAPE = build(Extract("In a tape played in court the voice of Peter Orr is heard: “Leave me alone.”"))
REPORT = build(Extract("The Ostrey report on the fire was scathing. It said that the doors were locked."))
OFFLINE = Settings(offline=True)


@pytest.mark.parametrize("question", ["What did Peter Orr say?", "What did Peter Orr say about the spade?"])
def test_somebody_elses_words_are_no_answer_where_a_person_says_nothing(question: str) -> None:
    found = answer(question, articles=[ARREST], settings=OFFLINE)
    assert found.status == "abstained"
    assert any("Nobody called Peter Orr speaks" in warning for warning in found.warnings)


def test_words_whose_speaker_was_not_recognised_are_an_answer() -> None:
    found = answer("What did Peter Orr say?", articles=[ARREST, TAPE], settings=OFFLINE)
    assert ["Leave me alone" in claim.text for claim in found.claims] == [True]


def test_a_question_for_the_words_of_a_thing_is_an_ordinary_one() -> None:
    found = answer("What did the Ostrey report say about the doors?", articles=[REPORT], settings=OFFLINE)
    assert any("doors were locked" in claim.text for claim in found.claims)
