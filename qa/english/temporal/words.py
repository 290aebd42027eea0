"""The words news names times with, and the values they stand for."""

from __future__ import annotations

MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
SEASONS = ("winter", "spring", "summer", "autumn")
NUMBERS = {
    word: number
    for number, words in enumerate(
        "a an one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen".split("|"), 1
    )
    for word in words.split()
}
ORDINALS = {"first": 1, "second": 2, "third": 3, "fourth": 4}


def month_number(word: str) -> int:
    """1 to 12 for a month's English name or its abbreviation, in any case."""
    return MONTHS.index(word[:3].lower()) + 1


def weekday_number(word: str) -> int:
    """0 (Monday) to 6 for a weekday's English name or its abbreviation, in any case."""
    return WEEKDAYS.index(word[:3].lower())


def number(word: str) -> int:
    """The number that figures or a word up to "fifteen" stand for; "a" is one."""
    return NUMBERS.get(word.lower()) or int(word)
