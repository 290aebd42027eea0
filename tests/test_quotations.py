"""Quotation marks: which words they hold, over sentences and paragraphs, and which of them are apostrophes."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.english.quotations import find_quotations, outside_quotations, quotations, quoted_spans


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("“It rained,” she said. “All day.”", ("It rained,", "All day.")),
        ('"It rained," she said.', ("It rained,",)),
        ("‘It rained,’ she said.", ("It rained,",)),
        ("'It rained,' she said.", ("It rained,",)),
        ("„Es regnet“, sagte sie.", ("Es regnet",)),
        ("«Il pleut», dit-elle.", ("Il pleut",)),
        ("“He told me ‘go’ and left,” she said.", ("He told me ‘go’ and left,",)),  # the outermost ones
        ("She said “it rained.", ("it rained.",)),  # one mark is missing
        ("The miners' union and the dockers' union met.", ()),
        ("The miners’ union met on Doorn’s quay.", ()),
        ("She said “it rained\nall day” there.", ("it rained\nall day",)),  # a line break of a hard-wrapped article
        ("“”", ()),
        # Paragraphs that a scraper has joined: each opens the speech anew, and the last one closes it.
        ("'It rained. 'It snowed,' he said. They left.", ("It rained.", "It snowed,")),
        ('"It rained. "It snowed," he said. They left.', ("It rained.", "It snowed,")),
        ("“It rained. “It snowed,” he said. They left.", ("It rained.", "It snowed,")),
        ("'It rained!' 'It snowed,' he said.", ("It rained!", "It snowed,")),
        ("“A ‘go’ and a ‘stop’. Both,” he said.", ("A ‘go’ and a ‘stop’. Both,",)),
        # Apostrophes at the end of a word within a speech that single marks hold, and at its beginning.
        ("'The miners' wages will rise,' he said.", ("The miners' wages will rise,",)),
        (
            "‘The miners’ wages and the dockers’ will rise,’ he said.",
            ("The miners’ wages and the dockers’ will rise,",),
        ),
        ("He said: 'The miners' wages will rise.'", ("The miners' wages will rise.",)),
        ("The 'boys' and the 'girls' met.", ("boys", "girls")),
        ("The 'boys' met. He said: 'Good.'", ("boys", "Good.")),
        ("He sang in the '90s and said 'Good.'", ("Good.",)),
        ("Get 'em while it lasts, he said. 'Good.'", ("Good.",)),
    ],
)
def test_words_between_marks(text: str, words: tuple[str, ...]) -> None:
    assert quotations(text) == words


def test_speech_goes_on_in_the_next_paragraph() -> None:
    text = "“One.\n\n“Two.” He wrote “three”."
    assert [(text[q.start : q.end], q.continued) for q in find_quotations(text)] == [
        ("One.", False),
        ("Two.", True),
        ("three", False),
    ]


@pytest.mark.parametrize("between", ["Bell left. ", "Bell left.\n\n"])
def test_speech_does_not_go_on_behind_other_words(between: str) -> None:
    found = find_quotations(f"“One.\n\n{between}“Two,” said Orr.")
    assert [quotation.continued for quotation in found] == [False, False]


def test_a_mark_left_open_ends_with_its_paragraph() -> None:
    text = "“One.\n\nTwo is told."
    assert [text[q.start : q.end] for q in find_quotations(text)] == ["One."]


def test_a_mark_left_open_in_a_text_without_paragraphs_ends_with_its_sentence() -> None:
    text = "“It rained. " + "Nobody said so, and the story goes on. " * 20
    assert [text[q.start : q.end] for q in find_quotations(text)] == ["It rained."]


def test_speech_goes_on_in_joined_paragraphs() -> None:
    text = "'It rained. 'It snowed,' he said. 'Good.'"
    assert [(text[q.start : q.end], q.continued) for q in find_quotations(text)] == [
        ("It rained.", False),
        ("It snowed,", True),
        ("Good.", False),
    ]


def test_what_stands_outside() -> None:
    assert outside_quotations("She said “it rained” there.") == "She said   there."


@given(st.text(alphabet="ab .\n“”„«»‘’'\""))
def test_quotations_lie_in_order_within_their_marks(text: str) -> None:
    position = 0
    for quotation in find_quotations(text):
        start, end = quotation.outer
        assert position <= start < quotation.start <= quotation.end <= end
        position = end
    assert all(0 <= start < end <= len(text) for start, end in quoted_spans(text))
