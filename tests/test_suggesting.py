"""Questions made from sentences: those that are simple enough give one that stands alone, all others none."""

from __future__ import annotations

import pytest

from qa.english.inflection import base_form
from qa.english.suggesting import questions_about, said_question, who_question, who_said_question


@pytest.mark.parametrize(
    ("sentence", "question"),
    [
        (
            "Mayor Ottilie Garrow opened the new fish market on Friday after years of delay.",
            "Who opened the new fish market?",
        ),
        ("The harbour board bought a second dredger because the first one sank.", "Who bought a second dredger?"),
        ("Salthouse Council approved the ferry timetable.", "Who approved the ferry timetable?"),
        ("Ona Birk won 4,200 votes in the east ward, more than anybody.", "Who won 4,200 votes in the east ward?"),
        ("She opened the new fish market.", None),  # nobody knows who "she" is
        ("Ona Birk opened his new shop.", None),  # nor whose shop it is
        ("Ona Birk said the market would open.", None),
        ("On Friday the market opened the doors.", None),
        ("A search of the van turned up the missing papers.", None),
        ("The auditors’ figure surprised the whole council.", None),
        ("", None),
    ],
)
def test_who_did_it_is_asked_of_a_simple_sentence(sentence: str, question: str | None) -> None:
    assert who_question(sentence) == question


@pytest.mark.parametrize(
    ("speaker", "about", "text", "question"),
    [
        ("Mara Quist", "", "", "What has Mara Quist said?"),
        ("Mara Quist", "Selm Harbour", "Selm Harbour is full.", "What has Mara Quist said about Selm Harbour?"),
        ("Mara Quist", "North Quay", "On the North Quay, …", "What has Mara Quist said about the North Quay?"),
        ("prosecutors", "", "", None),
        ("Transport Ministry", "", "", None),
        ("Quist", "", "", None),
    ],
)
def test_what_somebody_said_is_asked_of_people_with_a_full_name(
    speaker: str, about: str, text: str, question: str | None
) -> None:
    assert said_question(speaker, about, text) == question


@pytest.mark.parametrize(
    ("sentence", "questions"),
    [
        (
            "The Varn Tunnel was shut on Tuesday because its pumps had failed.",
            {"when": "When was the Varn Tunnel shut?", "why": "Why was the Varn Tunnel shut?"},
        ),
        (
            "Salthouse Council sold 12 old trams on Friday, mayor Ona Birk said.",
            {
                "who": "Who sold 12 old trams?",
                "what": "What did Salthouse Council sell?",
                "when": "When did Salthouse Council sell 12 old trams?",
                "how many": "How many old trams did Salthouse Council sell?",
            },
        ),
        (
            "On 3 May Ona Birk, the mayor, opened the new fish market.",
            {
                "who": "Who opened the new fish market?",
                "what": "What did Ona Birk open?",
                "when": "When did Ona Birk open the new fish market?",
            },
        ),
        (
            "About 300 people gathered outside Millfield Road.",
            {"how many": "How many people gathered outside Millfield Road?"},
        ),
        ("They were shut on Tuesday because of the storm.", {}),
        ("The tunnel was shut on Tuesday because its pumps had failed.", {}),  # which tunnel?
        ("Salthouse Council met on Friday to vote.", {}),  # the day may be that of the vote
        ("Ona Birk, who won on Tuesday, and Lena Voss, who lost, were seen.", {}),
        ("", {}),
    ],
)
def test_questions_of_several_shapes_are_asked_of_one_sentence(sentence: str, questions: dict[str, str]) -> None:
    assert dict(questions_about(sentence)) == questions


@pytest.mark.parametrize(
    ("words", "opens", "question"),
    [
        ("the Varn Tunnel will stay shut until May", False, "Who said that the Varn Tunnel will stay shut until May?"),
        ("The Varn Tunnel will stay shut until May.", True, "Who said that the Varn Tunnel will stay shut until May?"),
        ("Varn would never accept a toll of that kind", False, None),
        ("Trams in the old town of Varn stood still", True, None),  # are they called "Trams"?
        ("it would never open before the end of May", False, None),
        ("the tunnel would open before the end of June", False, None),  # a month is no name
        ("no", False, None),
    ],
)
def test_who_said_it_is_asked_of_a_statement_that_stands_alone(words: str, opens: bool, question: str | None) -> None:
    assert who_said_question(words, opens=opens) == question


@pytest.mark.parametrize(
    ("past", "base"), [("sank", "sink"), ("ordered", "order"), ("denied", "deny"), ("closed", None), ("was", None)]
)
def test_a_base_form_is_given_only_where_the_spelling_tells_it(past: str, base: str | None) -> None:
    assert base_form(past) == base
