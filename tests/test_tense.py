"""Whether the time a sentence names lies ahead of it."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from qa.english.document import Document
from qa.english.temporal.tense import governing_future


def ahead(sentence: str, words: str) -> bool:
    start = sentence.index(words)
    return governing_future(sentence, start, start + len(words))


@pytest.mark.parametrize(
    "sentence",
    [
        "The council will meet on Friday.",
        "The bank will cut its rates on Friday.",  # a participle like the base form
        "The inquest will be held on Friday.",  # a participle without "-ed"
        "The flat will be sold on Friday.",
        "The line is due to open on Friday.",
        "The council plans to vote on Friday.",
        "The hearing opens on Friday.",
        "The vote was postponed until Friday.",
        "I am leaving on Friday.",
        "We’re closing on Friday.",
        "Gen. Doorn said Mr. Holm would leave on Friday.",
    ],
)
def test_what_is_to_come(sentence: str) -> None:
    assert ahead(sentence, "Friday")


@pytest.mark.parametrize(
    "sentence",
    [
        "The council met on Friday.",
        "The bank cut its rates on Friday.",
        "The inquest was held on Friday.",
        "The plan that will cost jobs was sold on Friday.",
        "The mayor’s meeting on Friday failed.",
        "The bridge had been due to open on Friday.",
        "The line would have opened on Friday.",
    ],
)
def test_what_has_been(sentence: str) -> None:
    assert not ahead(sentence, "Friday")


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("The opening was postponed again, from September 15 to December 8.", "December 8"),
        ("The hearing was moved from 3 March to 9 October.", "9 October"),
        ("The match was put back to 9 October.", "9 October"),
    ],
)
def test_the_new_day_of_what_was_put_off_lies_ahead(text: str, day: str) -> None:
    start = text.index(day)
    assert governing_future(text, start, start + len(day))


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("The bridge will stay shut because of Monday's fire.", date(2026, 3, 2)),
        ("The bridge reopened after Monday's fire.", date(2026, 3, 2)),
        ("The bridge will reopen after Monday's fire.", None),  # a fire of last Monday, but a vote may be next Monday's
        ("Monday's vote will decide it.", date(2026, 3, 9)),
    ],
)
def test_the_day_of_an_event_that_others_follow(text: str, day: date | None) -> None:
    found = Document(text, datetime(2026, 3, 5, 9, tzinfo=UTC)).times
    assert [time.when.start for time in found] == ([day] if day else [])
