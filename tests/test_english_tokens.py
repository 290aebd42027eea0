"""Words, numbers, names and the kind of answer a question wants."""

from __future__ import annotations

import sys
from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.english.characters import fold
from qa.english.names import names
from qa.english.numbers import numbers
from qa.english.questions import answer_type, can_answer, content_words
from qa.english.tokens import stem, stems, words


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("2,000 kilometres (1,240 miles)", {2000, 1240}),
        ("2.5 million crowns", {2_500_000}),
        ("€3bn and 12m", {3_000_000_000, 12_000_000}),
        ("5 m of fence", {5}),
        ("thirty-one days, two hundred men", {31, 200}),
        ("a 30-day truce, dock No. 4", {30, 4}),
        ("100 mm guns, 1.4-km span, 14%", {100, 1.4, 14}),
        ("in 2022", {2022}),
        ("nobody, someone, often, weight", set()),
    ],
)
def test_numbers_are_values_however_they_are_written(text: str, values: set[float]) -> None:
    assert set(numbers(text)) == values


@pytest.mark.parametrize(
    ("question", "kind"),
    [
        ("Who ordered the closure?", "person"),
        ("To whom did he explain it?", "person"),
        ("When was it closed?", "time"),
        ("On what date did she call?", "time"),
        ("What is the birth date of Ida Cole?", "time"),
        ("What is Ida Cole's date of birth?", "time"),
        ("What year was it built?", "time"),
        ("What is out of date at the depot?", "any"),
        ("How many people were hurt?", "number"),
        ("How long is the detour?", "number"),
        ("Where is the boat now?", "place"),
        ("Which town was retaken?", "place"),
        ("Why was it closed?", "reason"),
        ("What reason did she give?", "reason"),
        ("What were her exact words?", "quotation"),
        ("Did the council agree?", "any"),
    ],
)
def test_question_words_tell_the_kind_of_answer(question: str, kind: str) -> None:
    assert answer_type(question) == kind


@pytest.mark.parametrize(
    ("sentence", "question", "fits"),
    [
        ("Mara Quist closed it.", "Who closed it?", True),
        ("Quist closed it.", "Who told Quist?", False),
        ("It lost 40 crowns.", "How much did it lose?", True),
        ("It lost 40 crowns.", "How many of the 40 crowns were found?", False),
        ("It closed on Wednesday.", "When did it close?", True),
        ("It closed for good.", "When did it close?", False),
        ("It closed because ice came.", "Why did it close?", True),
        ("It lies in Salthouse.", "Where does it lie?", True),
    ],
)
def test_a_sentence_offers_a_kind_only_with_something_new(sentence: str, question: str, fits: bool) -> None:
    assert can_answer(sentence, answer_type(question), question) is fits


def test_function_words_are_dropped_but_names_that_look_like_them_stay() -> None:
    assert content_words("What did the US say about May in its report?") == ("us", "may")
    assert content_words("Who is he?") == ("who", "is", "he")


def test_names_lose_the_question_word_before_them() -> None:
    assert names("When did Mara Quist of Coast Wire call?") == ("Mara Quist of Coast Wire",)
    assert names("Who is it?") == ()


def test_spellings_a_reader_takes_as_equal_are_equal() -> None:
    assert words("The U.S. Court’s café") == words("the us court's cafe")
    assert stems("explained explaining explains") == ("explain", "explain", "explain")


@given(st.text())
def test_any_text_has_words_numbers_and_names(text: str) -> None:
    assert all(word == fold(word) for word in words(text))
    assert len(stems(text)) == len(words(text))
    numbers(text)
    names(text)


def test_stems_are_the_same_in_many_threads() -> None:
    """The stemmer keeps the word it works on: two threads in it at once would stem each other's."""
    endings = "ational iveness fulness ization ingly edness ousness ability".split()
    listed = [
        f"{start}{end}" for start in "harb bridg ferr govern minist elect crossing repair".split() for end in endings
    ]
    alone = [stem(word) for word in listed]
    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    try:
        with ThreadPoolExecutor(8) as pool:
            for _ in range(20):
                stem.cache_clear()
                for found in pool.map(lambda _: [stem(word) for word in listed], range(8)):
                    assert found == alone
    finally:
        sys.setswitchinterval(before)
        stem.cache_clear()
