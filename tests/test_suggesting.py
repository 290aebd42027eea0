"""Questions made from sentences: those that are simple enough give one that stands alone, all others none."""

from __future__ import annotations

import pytest

from qa.english.suggesting import said_question, who_question


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
