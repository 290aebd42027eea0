"""Whether a text states a phrase, in any spelling: words, numbers and dates are brought into one canonical form.

Text and phrase become lists of tokens, and the phrase is stated if its tokens occur in a row. This respects word
boundaries: "5 March" is not in "25 March", nor "5" in "5.6". SQuAD's exact match (Rajpurkar et al. 2016) ignores case
and punctuation in the same way. Numbers and dates are added here, because news writes them in many ways.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from text_to_num import text2num

_MONTHS = "january february march april may june july august september october november december".split()
_MONTH = rf"(?:{'|'.join(f'{m[:3]}(?:{m[3:]})?' for m in _MONTHS if m != 'may')}|may|sept)\b\.?"
_DAY = r"(?P<day>[12]\d|3[01]|0?[1-9])(?:st|nd|rd|th)?"
_YEAR = r"(?:,?\s+(?P<year>(?:19|20)\d\d)(?![\d,.]\d|\d))?"
_DATES = (
    re.compile(r"\b(?P<year>(?:19|20)\d\d)-(?P<month>0[1-9]|1[0-2])-(?P<day>\d\d)(?!\d)"),
    re.compile(rf"\b(?P<month>{_MONTH})\s+{_DAY}(?![\d:%]|[,.]\d){_YEAR}", re.IGNORECASE),
    re.compile(rf"(?<![\d:.,]){_DAY}\s+(?:of\s+)?(?P<month>{_MONTH}){_YEAR}", re.IGNORECASE),
)

_NUMERALS = frozenset(
    """
    zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen
    eighteen nineteen twenty thirty forty fifty sixty seventy eighty ninety hundred thousand million billion
    """.split()
)
_LONGEST = 30  # words of a number
_SCALE = {"hundred": 100, "thousand": 10**3, "million": 10**6, "billion": 10**9, "trillion": 10**12}
_SHORT = {"k": "thousand", "m": "million", "mn": "million", "bn": "billion", "tn": "trillion"}

_DASH = re.compile(r"[‐‑‒–—-]")
_NAME_HYPHEN = re.compile(r"(?<=\w)[‐‑-](?=[A-Z])")  # Halloran-Vey is one name; it does not mean Halloran
_ABBREVIATION = re.compile(r"\b(?:[A-Za-z]\.){2,}")
_GROUPED = re.compile(r"(?<![\d.,])\d{1,3}(?:[,\u00a0\u2009\u202f ]\d{3})+(?!\d)")
_TOKEN = re.compile(r"\d{1,2}:\d\d|\d+(?:\.\d+)?|[^\W\d_]+(?:[\x00'][^\W\d_]+)*|%|[,.;:!?](?=\s)")
_STOPS = frozenset(",.;:!?")  # a number ends at them: "twenty, two of them new"
# Letters that Unicode does not decompose, as news without these letters spells them. Folding the case handles "ß".
_LETTERS = str.maketrans(
    {"ø": "o", "Ø": "O", "æ": "ae", "Æ": "Ae", "œ": "oe", "Œ": "Oe", "ł": "l", "Ł": "L", "đ": "d", "Đ": "D"}
    | {"ð": "d", "Ð": "D", "þ": "th", "Þ": "Th", "ħ": "h", "Ħ": "H", "ı": "i"}
)
_JOIN = "\x00"  # stands for a hyphen in a name, while other hyphens become spaces


def states(text: str, phrase: str) -> bool:
    """Whether ``text`` contains the words of ``phrase`` in a row, in upper or lower case. The last may be plural.

    "4 March 2026", "March 4, 2026" and "2026-03-04" are the same. So are "1.12 million" and "1,120,000", "three" and
    "3", "5.6%" and "5.6 per cent". The phrase "4 March" is stated by "4 March 2026", but not the other way round.
    """
    wanted, there = tokens(phrase), tokens(text)
    if not wanted:
        return False
    *head, last = wanted
    size = len(wanted)
    return any(
        list(there[i : i + size - 1]) == head and there[i + size - 1] in {last, f"{last}s", f"{last}es"}
        for i in range(len(there) - size + 1)
    )


def is_date(phrase: str) -> bool:
    """Whether a phrase is a calendar day, with or without a year."""
    match tokens(phrase):
        case (month, day, *year):
            return month in _MONTHS and day.isdigit() and len(year) <= 1
        case _:
            return False


@lru_cache(maxsize=10_000)
def tokens(text: str) -> tuple[str, ...]:
    """Return the canonical tokens of a text.

    Case and accents are folded, hyphens are split except in names, numbers become values, and dates become month, day,
    year.
    """
    plain = _fold(text)
    for pattern in _DATES:
        plain = pattern.sub(_spelled, plain)
    plain = _GROUPED.sub(lambda m: re.sub(r"\D", "", m.group()), plain)
    plain = _ABBREVIATION.sub(lambda m: m.group().replace(".", "") + " ", plain)
    plain = _DASH.sub(" ", _NAME_HYPHEN.sub(_JOIN, plain))
    found = [t.removesuffix("'s").replace("'", "") for t in _TOKEN.findall(plain.casefold())]
    return tuple(_with_values(found))


def _fold(text: str) -> str:
    straight = text.translate({ord("’"): "'", ord("‘"): "'"})
    decomposed = unicodedata.normalize("NFKD", straight)
    return "".join(ch for ch in decomposed if not unicodedata.combining(ch)).translate(_LETTERS)


def _spelled(match: re.Match[str]) -> str:
    month = match["month"].lower()
    name = _MONTHS[int(month) - 1] if month.isdigit() else next(m for m in _MONTHS if m[:3] == month[:3])
    return f" {name} {int(match['day'])} {match['year'] or ''} "


def _with_values(found: list[str]) -> list[str]:
    """Replace numbers, in digits or words, by their values, and "%" or "per cent" by "percent"."""
    result: list[str] = []
    i = 0
    while i < len(found):
        value, used = _number(found, i)
        if value is not None:
            result.append(value)
        elif found[i] == "%" or found[i : i + 2] == ["per", "cent"]:
            result.append("percent")
            used = 1 + (found[i] == "per")
        elif found[i] not in _STOPS:
            result.append(found[i])
        i += used
    return result


def _number(found: list[str], i: int) -> tuple[str | None, int]:
    """Return the value of the number that begins at ``i`` as text (None if there is none), and its number of tokens."""
    word = found[i]
    match found[i : i + 3]:
        case ["half", "a", scale] if scale in _SCALE:
            return f"{_SCALE[scale] / 2:.15g}", 3
    if word[0].isdigit() and ":" not in word:
        value, used = float(word), 1
    elif spelled := _in_words(found, i):
        value, used = spelled
    else:
        return None, 1
    if found[i + used : i + used + 3] == ["and", "a", "half"]:
        value, used = value + _SCALE.get(found[i + used - 1], 1) / 2, used + 3
    following = found[i + used] if i + used < len(found) else ""
    # "48m" is an amount of money. "48 m" could be metres, but texts about money write "48 million".
    scale = _SHORT.get(following, following) if word[0].isdigit() else following
    if scale in _SCALE:
        value, used = value * _SCALE[scale], used + 1
    return f"{value:.15g}", used


def _in_words(found: list[str], i: int) -> tuple[float, int] | None:
    """Return the longest number in words that begins at ``i``, and its number of tokens. None if there is none."""
    article = found[i] == "a" and found[i + 1 : i + 2] != [] and found[i + 1] in _SCALE
    if not article and (found[i] not in _NUMERALS or found[i] in _SCALE):
        return None
    run = ["one" if article else found[i]]
    for word in found[i + 1 : i + _LONGEST]:
        if word not in _NUMERALS and word != "and":
            break
        run.append(word)
    for size in range(len(run), 0, -1):
        rest = [word for word in run[size:] if word != "and"]
        # "Two hundred and three hundred": the rest must not begin with a scale.
        if run[size - 1] == "and" or (rest and rest[0] in _SCALE):
            continue
        try:
            return float(text2num(" ".join(run[:size]), "en")), size
        except ValueError:
            continue
    return None
