"""Number words: the vocabulary, and what a run of it is worth. Patterns here and beside read levelled text."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

from text_to_num import text2num

from ..regex import lazy_compile

ONES = "one two three four five six seven eight nine".split()
TEENS = "ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen".split()
TENS = "twenty thirty forty fifty sixty seventy eighty ninety".split()
ZERO = "zero nought".split()
SCALES = {
    "hundred": 100,
    "thousand": 10**3,
    "lakh": 10**5,
    "million": 10**6,
    "crore": 10**7,
    "billion": 10**9,
    "trillion": 10**12,
}
CARDINALS = (*ONES, *TEENS, *TENS, *SCALES)
_IRREGULAR = {
    "first": "one",
    "second": "two",
    "third": "three",
    "fifth": "five",
    "eighth": "eight",
    "ninth": "nine",
    "twelfth": "twelve",
}
ORDINALS = _IRREGULAR | {
    f"{word[:-1]}ieth" if word in TENS else f"{word}th": word for word in CARDINALS if word not in _IRREGULAR.values()
}
"""Each ordinal with its cardinal."""


def any_of(words: Iterable[str]) -> str:
    """A pattern for one of the words, the longest first; words that begin alike share their first letter, for speed."""
    tails: dict[str, list[str]] = {}
    for word in sorted(words, key=len, reverse=True):
        tails.setdefault(word[0], []).append(word[1:])
    return "(?:" + "|".join(f"{letter}(?:{'|'.join(tail)})" for letter, tail in tails.items()) + ")"


GAP = r"(?:-|\s{1,3})"
SCALE = any_of(SCALES)
RUN = (
    rf"(?:an?{GAP}(?={SCALE}\b))?{any_of(CARDINALS)}\b"
    # Thirty more words: the longest number below 10^15 has about as many.
    rf"(?:{GAP}(?:and{GAP})?{any_of(CARDINALS)}\b){{0,30}}"
)
WORD = lazy_compile(r"[a-z]+")


@lru_cache(maxsize=10_000)
def spelled(words: str) -> int | None:
    """The value of number words with single spaces between them; None where they are not one number."""
    for scale in ("trillion", "crore", "lakh"):  # unknown to text2num
        before, found, after = words.partition(scale)
        if found:
            high = spelled(before.strip() or "one")
            low = spelled(after.strip().removeprefix("and ")) if after else 0
            return None if high is None or low is None or low >= SCALES[scale] else high * SCALES[scale] + low
    try:
        return int(text2num(words, "en"))
    except ValueError:
        return None


def one_for_a(word: str) -> str:
    """The word, or "one" for an article: "a hundred" is "one hundred"."""
    return "one" if word in {"a", "an"} else word


def first_number(words: list[str]) -> int:
    """How many of the words of a run, at least one, spell its first number.

    "Two hundred and three hundred" is 200 and 300: a scale that does not fit takes the words before it along.
    """
    if spelled(" ".join(words)) is not None:
        return len(words)
    size = 1
    for taken in range(2, len(words) + 1):
        if words[taken - 1] == "and":
            continue
        if spelled(" ".join(words[:taken])) is None:
            if words[taken - 1] in SCALES:
                while size > 1 and words[size - 1] not in SCALES:
                    size -= 1
            break
        size = taken
    return size
