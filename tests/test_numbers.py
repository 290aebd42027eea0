"""Numbers in sentences: what they are worth, their units and bounds, and what is no number."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml
from growth import is_linear
from hypothesis import given
from hypothesis import strategies as st

from qa.english.numbers import Number, find_labels, find_numbers, numbers

FOLDER = Path(__file__).parent / "numbers"


def rows(name: str) -> list[Any]:
    return [
        pytest.param(row, id=row["text"][:60]) for row in yaml.safe_load((FOLDER / f"{name}.yaml").read_text("utf-8"))
    ]


def expected(row: dict[str, Any]) -> list[tuple[object, ...]]:
    found = []
    for number in row["numbers"]:
        value, upper = number.get("value", number.get("low")), number.get("high")
        beside = number.get("kind", "cardinal"), number.get("unit", ""), number.get("bound", "")
        found.append((pytest.approx(value), upper if upper is None else pytest.approx(upper), *beside))
    return found


def read(text: str) -> list[tuple[object, ...]]:
    return [(n.value, n.upper, n.kind, n.unit, n.bound) for n in find_numbers(text)]


@pytest.mark.parametrize("row", rows("before"))
def test_numbers_as_english_has_them(row: dict[str, Any]) -> None:
    assert read(row["text"]) == expected(row)


@pytest.mark.parametrize("row", rows("more"))
def test_further_numbers(row: dict[str, Any]) -> None:
    assert read(row["text"]) == expected(row)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Kürzlich kamen “Three hundred and twelve” people", ["Three hundred and twelve"]),
        ("İn İzmir 12 people and a dozen cats", ["12", "a dozen"]),
        ("It cost US$3.5m, not between five and six thousand", ["US$3.5m", "five and six thousand"]),
        ("The twenty‑first of 52 votes to 48", ["twenty‑first", "52 votes to 48"]),
    ],
)
def test_a_span_holds_the_words_of_the_text_given(text: str, words: list[str]) -> None:
    assert [text[n.start : n.end] for n in find_numbers(text)] == words


@pytest.mark.parametrize(
    ("text", "labels"),
    [
        ("in 2022 and nineteen eighty-four", ["2022", "1984"]),
        ("at 6 p.m., 18:00 and 6pm", ["6 pm", "6 pm", "6 pm"]),
        ("at half past nine, at 9.30 and at twenty to ten", ["9:30", "9:30", "9:40"]),
        ("at 9:30 a.m., 0930 GMT, twelve o'clock and 00:15", ["9:30 am", "9:30", "12", "12:15 am"]),
        ("Covid-19, two F-16s, 24/7, version 4.2.1", ["covid-19", "f-16", "24/7", "4.2.1"]),
        ("12 March 2026, March 13 and the third of June", ["12 march 2026", "march 13", "third of june"]),
    ],
)
def test_labels_have_one_spelling(text: str, labels: list[str]) -> None:
    assert [label.text for label in find_labels(text)] == labels


def test_values_take_in_years_and_both_ends_of_a_range() -> None:
    assert numbers("Between 10 and 15 ferries sailed in 2022, 24/7.") == (10, 15, 2022, 24, 7)


PIECES = (
    "one two three ten twenty hundred thousand million trillion lakh crore half quarter third thirds second first a an "
    "and of to from between or in out point minus - – . , : / ' 1 12 3.5 1,200 2019 7/8 ½ $ £ % per cent m km bn dozen "
    "dozens scores tens hundreds several few at past o'clock p.m. March May around over more st th İ ſ K ² ٣ zero won "
    "0 007 + 2003–04 g20 covid-19 year hour"
).split(" ")


@given(st.one_of(st.text(), st.lists(st.sampled_from([*PIECES, " ", " ", "-", "\n", "\u202f"])).map("".join)))
def test_spans_of_any_text_are_in_order_and_apart(text: str) -> None:
    spans = sorted([*find_numbers(text), *find_labels(text)], key=lambda found: found.start)
    ends = [0, *(found.end for found in spans)]
    assert all(end <= found.start < found.end <= len(text) for end, found in zip(ends, spans, strict=False))
    assert list(find_numbers(text)) == [found for found in spans if isinstance(found, Number)]
    numbers(text)


SMALL = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen "
    "eighteen nineteen"
).split()
TENS = "twenty thirty forty fifty sixty seventy eighty ninety".split()
SCALES = {10**12: "trillion", 10**9: "billion", 10**6: "million", 1000: "thousand"}


def in_words(number: int) -> str:
    for scale, name in SCALES.items():
        if number >= scale:
            high, low = divmod(number, scale)
            return f"{in_words(high)} {name}" + (f"{' and' if low < 100 else ''} {in_words(low)}" if low else "")
    if number >= 100:
        high, low = divmod(number, 100)
        return f"{SMALL[high]} hundred" + (f" and {in_words(low)}" if low else "")
    if number < 20:
        return SMALL[number]
    return TENS[number // 10 - 2] + (f"-{SMALL[number % 10]}" if number % 10 else "")


@given(st.one_of(st.integers(0, 10**12), st.integers(0, 3000), st.integers(0, 10**6).map(lambda n: n * 1000)))
def test_an_integer_in_words_reads_as_itself(number: int) -> None:
    assert [(n.value, n.kind) for n in find_numbers(f"They paid {in_words(number)} crowns.")] == [(number, "cardinal")]


@pytest.mark.parametrize(
    "piece",
    ["one ", "two hundred and ", "hundred ", "half a ", "a third of ", "hundreds of ", "1", "1,", "11,", "111,", "1-",
     "1/", "1 ", "between 1 and ", "from 1 to ", "May 1 ", "covid-19-", "one point ", "one in ", "$", " ", "a"],
)  # fmt: skip
def test_hostile_text_takes_no_more_than_its_length_asks_for(piece: str) -> None:
    assert is_linear(lambda times: numbers(piece * times), 400, 4000)
