"""Whether two numbers, told of one thing, are the same value."""

from __future__ import annotations

import pytest

from qa.english.numbers import compare_numbers, find_numbers


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ("14", "14", "same"),
        ("fourteen", "14", "same"),
        ("14", "41", "different"),
        ("about 300", "312", "rounding"),
        ("more than 200", "212", "rounding"),
        ("nearly 300", "291", "rounding"),
        ("dozens", "34", "rounding"),
        ("dozens", "7", "different"),
        ("1.2 million", "1,213,400", "rounding"),
        ("1.2 million", "1,313,400", "different"),
        ("10 to 15", "12", "rounding"),
        ("10 to 15", "16", "different"),
        ("300", "312", "different"),
        ("40", "42", "different"),
        ("2,000", "2,013", "rounding"),
        ("3 crowns", "3 per cent", None),
        ("38 cm", "83 cm", "different"),
        ("about 300", "about 300", "same"),
    ],
)
def test_two_numbers(one: str, other: str, expected: str | None) -> None:
    a, b = find_numbers(one)[0], find_numbers(other)[0]
    assert compare_numbers(a, b) == compare_numbers(b, a) == expected
