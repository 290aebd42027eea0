"""Clauses: where they part, and how words stand in them."""

from __future__ import annotations

import pytest

from qa.english.clauses import (
    Modality,
    boundaries,
    causes,
    clauses,
    denials,
    denies,
    hedges,
    marks,
    plans,
    quantifiers,
)


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("The pit closed; the mill did not.", ["The pit closed", " the mill did not", ""]),
        ("The pit closed, but the mill did not", ["The pit closed", "the mill did not"]),
        ("The pit closed because it rained", ["The pit closed", "it rained"]),
        ("The pit closed and he left", ["The pit closed", "he left"]),
        ("The pit and the mill closed at 7:30 on Monday", ["The pit and the mill closed at 7:30 on Monday"]),
        ("The pit, an old one, closed", ["The pit, an old one, closed"]),
    ],
)
def test_clauses_part_at_stops_and_where_a_new_statement_begins(text: str, parts: list[str]) -> None:
    assert clauses(text) == parts


def test_commas_and_subordinate_clauses_part_them_where_asked() -> None:
    text = "The pit, an old one, closed when it rained"
    assert clauses(text, commas=True) == ["The pit", "an old one", "closed when it rained"]
    assert [text[start:end] for start, end in boundaries(text, subordinate=True)] == [",", ",", "when"]


@pytest.mark.parametrize(
    ("text", "word", "negated", "modality"),
    [
        ("The council closed the bridge.", "close", False, Modality.FACT),
        ("The council did not close the bridge.", "close", True, Modality.FACT),
        ("The council didn't close the bridge.", "close", True, Modality.FACT),
        ("The council refused to close the bridge.", "close", True, Modality.FACT),
        ("The council ruled out closing the bridge.", "close", True, Modality.FACT),
        ("Not only the council closed the bridge.", "close", False, Modality.FACT),
        ("The council will close the bridge.", "close", False, Modality.PLANNED),
        ("The council agreed to close the bridge.", "close", False, Modality.PLANNED),
        ("The bridge is scheduled to close.", "close", False, Modality.PLANNED),
        ("The council may close the bridge.", "close", False, Modality.POSSIBLE),
        ("The council proposed closing the bridge.", "close", False, Modality.POSSIBLE),
        ("If it rains, the bridge closes.", "close", False, Modality.POSSIBLE),
        ("The mill did not close, and the council closed the bridge.", "bridg", False, Modality.FACT),
    ],
)
def test_a_word_stands_under_the_cues_before_it(text: str, word: str, negated: bool, modality: Modality) -> None:
    mark = marks(text)[word][-1]
    assert (mark.negated, mark.modality) == (negated, modality)


def test_what_a_text_says_as_a_whole() -> None:
    assert denies("She rejected the offer.")
    assert not denies("She took the offer.")
    assert denials("The mill kept its staff and avoided a strike.") == ("kept", "avoided")
    assert plans("The line intends to sell.")
    assert hedges("The sale is unlikely.")
    assert not hedges("The line sold the boat.")
    assert quantifiers("All boats and several crews left.") == {"all", "some"}
    assert causes("It closed because of the ice, and due to wind.") == ("the ice", "wind")
