"""Whether a first name is a man's or a woman's, where it can only be one of them.

The names are those of the United States census of 1990, which are in the public domain, and common ones of European,
Arabic, Turkish and Asian languages. A name that both have anywhere ("Andrea", "Dana", "Kim", "Sunday") is in neither
list: whoever bears it, only the article tells.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Literal

from .characters import fold

Gender = Literal["m", "f"]


def gender_of(name: str) -> Gender | None:
    """The gender that the first word of a name tells: "Petra Dolan" is "f". None where it may be either, or unknown."""
    words = fold(name).replace("'", "").split()
    return _genders().get(words[0].split("-")[0]) if words else None


@cache
def _genders() -> dict[str, Gender]:
    lines = Path(__file__).with_name("first_names.txt").read_text("utf-8").splitlines()
    male, female = (line.partition(": ")[2].split() for line in lines)
    found: dict[str, Gender] = dict.fromkeys(male, "m")
    return found | dict.fromkeys(female, "f")
