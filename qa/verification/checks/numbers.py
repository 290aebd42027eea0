"""Numbers: a claim's value, unit, bound and ordinal stand in what it cites, and belong to the same thing there.

No arithmetic and no rounding: 31,415 is not "about 31,000", and "more than 200" is not 200.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Literal, NamedTuple

from ...english.characters import fold
from ...english.numbers import find_numbers
from ...english.temporal.dates import without_days
from ...english.tokens import STOPWORDS, stem
from ..evidence import Evidence

Bound = Literal["over", "under", "about", ""]

_UNITS = {
    "percent": r"%|per ?cent",
    "percentage points": r"percentage[- ]points?",
    "dollars": r"(?:us |u\.s\. )?dollars?|usd",
    "euros": r"euros?|eur",
    "pounds": r"pounds?(?: sterling)?|gbp",
    **{
        name: rf"{name}s?" for name in ("crown", "mark", "franc", "florin", "peso", "rupee", "rouble", "ruble", "dinar")
    },
    **{name: rf"{name}s?" for name in ("lira", "dirham", "shekel", "zloty", "forint", "guilder", "thaler", "ducat")},
    "krona": r"kron(?:a|or|er|e)",
    "cents": r"cents?",
    "km": r"kilomet(?:re|er)s?|km",
    "miles": r"miles?",
    "metres": r"met(?:re|er)s?|m",
    "cm": r"centimet(?:re|er)s?|cm",
    "mm": r"millimet(?:re|er)s?|mm",
    "feet": r"feet|foot|ft",
    "inches": r"inch(?:es)?",
    "tonnes": r"tonnes?|metric tons?",
    "tons": r"tons?",
    "kg": r"kilo(?:gram|gramme)?s?|kg",
    "grams": r"grams?|grammes?",
    "litres": r"lit(?:re|er)s?",
    "gallons": r"gallons?",
    "barrels": r"barrels?",
    "hectares": r"hectares?",
    "acres": r"acres?",
    "seconds": r"seconds?",
    "minutes": r"minutes?|mins?",
    "hours": r"hours?|hrs?",
    "days": r"days?",
    "weeks": r"weeks?",
    "months": r"months?",
    "years": r"years?",
    "decades": r"decades?",
    "kW": r"kilowatts?|kw",
    "MW": r"megawatts?|mw",
    "GW": r"gigawatts?|gw",
    "am": r"a\.?m\b\.?",
    "pm": r"p\.?m\b\.?",
}
_UNIT = re.compile(
    r"[\s-]?(?:" + "|".join(f"(?P<u{i}>{pattern})" for i, pattern in enumerate(_UNITS.values())) + r")(?![a-z])"
)
_SYMBOLS = {"$": "dollars", "€": "euros", "£": "pounds"}
_BOUND_WORDS: dict[Bound, str] = {
    "under": r"no more than|not more than|at most|up to|fewer than|less than|under|below|nearly|almost|just short of"
    r"|as many as|as much as|not quite|close to|a maximum of",
    "over": r"(?:more|longer|further|later|higher) than|over|above|at least|no fewer than|no less than"
    r"|not less than|exceed(?:s|ed|ing)?|upwards? of|in excess of|a minimum of|topp(?:ed|ing)",
    "about": r"about|around|roughly|approximately|some|circa|an estimated|estimated(?: at)?",
}
_BOUNDS: tuple[tuple[Bound, re.Pattern[str]], ...] = tuple(
    (bound, re.compile(rf"(?:{pattern})(?: (?:a|an|the|some|total of|of))*[ $€£]*$"))
    for bound, pattern in _BOUND_WORDS.items()
)
_AFTER: tuple[tuple[Bound, re.Pattern[str]], ...] = (
    ("over", re.compile(r"^(?: \w+){0,2} or (?:more|above)\b")),
    ("under", re.compile(r"^(?: \w+){0,2} (?:at most|or (?:fewer|less))\b")),
)
_ORDINALS = {
    word: value
    for value, word in enumerate(
        "second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth".split(), 2
    )
}
_ORDINAL = re.compile(rf"\b(?:(?P<word>{'|'.join(_ORDINALS)})|(?P<digits>\d+)(?:st|nd|rd|th))\b(?! of an hour)")
_FRACTION = re.compile(
    r"\b(?:(?P<half>half)|(?P<parts>two|three|one)[ -](?P<whole>third|quarter|fifth|tenth)s?"
    r"|(?P<one>a (?:third|quarter|fifth|tenth)) of|a (?P<dozen>dozen))\b"
)
_PRONOUN = re.compile(
    r"\b(?:no|any|every|some|each|which|this|that|the|another|though) one\b"
    r"|\bone (?:of|another|without|with|that|which|who|in|for|to)\b|\bof the two\b"
)
WINDOW = 4  # content words on either side of a number that tell what it counts


class Quantity(NamedTuple):
    """A number with its unit ("" if none is known), its bound, and the stems of the words around it."""

    value: float
    unit: str
    bound: Bound
    near: frozenset[str]


def check(evidence: Evidence) -> str | None:
    """What is wrong with the first number of the claim that its sentences do not state."""
    claimed = quantities(evidence.claim.text)
    given, header = quantities(evidence.text), quantities(evidence.headers)
    for quantity in claimed:
        same = [g for g in (*given, *header) if g.value == quantity.value]
        fault = _fault(quantity, same, given)
        if fault:
            return f"{quantity.value:g} {fault}"
    # "The fourth season" may be "season 4" in the article.
    known = {*ordinals(f"{evidence.text} {evidence.headers}"), *(f"{g.value:g}." for g in given)}
    missing = [ordinal for ordinal in ordinals(evidence.claim.text) if ordinal not in known]
    return f"{', '.join(missing)} stands in no cited sentence" if missing else None


def quantities(text: str) -> tuple[Quantity, ...]:
    """The quantities of a text in order; calendar dates, years and ordinals are none."""
    folded = _PRONOUN.sub(lambda m: " " * len(m.group()), fold(without_days(text)))
    folded = _ORDINAL.sub(lambda m: " " * len(m.group()), folded)
    spans = [(_fraction(m), m.start(), m.end()) for m in _FRACTION.finditer(folded)]
    folded = _FRACTION.sub(lambda m: " " * len(m.group()), folded)
    spans += [(n.value, n.start, n.end) for n in find_numbers(folded)]
    taken = [(start, end) for _, start, end in spans]
    return tuple(
        Quantity(value, _unit(folded, start, end), _bound(folded, start, end), _near(folded, start, end, taken))
        for value, start, end in sorted(spans, key=lambda s: s[1])
    )


def ordinals(text: str) -> tuple[str, ...]:
    """Ordinals from the second on, as "3." ("first" is more often a mere "before")."""
    found = _ORDINAL.finditer(_FRACTION.sub(" ", fold(without_days(text))))
    return tuple(f"{m['digits'] or _ORDINALS[m['word']]}." for m in found)


def _fault(claimed: Quantity, same: Sequence[Quantity], given: Sequence[Quantity]) -> str | None:
    if not same:
        return "stands in no cited sentence"
    if claimed.unit and not any(g.unit in {claimed.unit, ""} for g in same):
        return f"{claimed.unit} is {same[0].unit} in the cited sentence"
    if not any(_bounds_agree(claimed.bound, g.bound) for g in same):
        return f"is “{same[0].bound or 'exactly'}” that number in the cited sentence"
    # Only where the words around it are those of another number, and none its own.
    others = [g for g in given if g.value != claimed.value]
    its_own = any(claimed.near & g.near for g in same)
    if claimed.near and not its_own and any(len(claimed.near & g.near) > 1 for g in others):
        return "counts something else in the cited sentence"
    return None


def _bounds_agree(claimed: Bound, given: Bound) -> bool:
    return claimed == given or {claimed, given} == {"about", ""}


def _unit(folded: str, start: int, end: int) -> str:
    match = _UNIT.match(folded, end)
    if match and match.lastgroup:
        return list(_UNITS)[int(match.lastgroup[1:])]
    return _SYMBOLS.get(folded[:start].rstrip()[-1:], "")


def _bound(folded: str, start: int, end: int) -> Bound:
    before = folded[max(0, start - 40) : start]
    found = next((bound for bound, pattern in _BOUNDS if pattern.search(before)), "")
    return found or next((bound for bound, pattern in _AFTER if pattern.search(folded[end : end + 40])), "")  # type: ignore[return-value]


def _near(folded: str, start: int, end: int, taken: Sequence[tuple[int, int]]) -> frozenset[str]:
    """Stems of the content words around a number, up to the next number, the end of a clause, or WINDOW.

    What stands between two numbers belongs to the first of them.
    """
    right = min((s for s, _ in taken if s >= end), default=len(folded))
    before = "" if any(e <= start for _, e in taken) else re.split(r"[.;:,]\s", folded[:start])[-1]
    after = re.split(r"[.;:,](?:\s|$)", folded[end:right])[0]
    kept_before = [w for w in re.findall(r"[^\W\d_]+", before) if w not in STOPWORDS][-WINDOW:]
    kept_after = [w for w in re.findall(r"[^\W\d_]+", after) if w not in STOPWORDS][:WINDOW]
    return frozenset(stem(w) for w in (*kept_before, *kept_after))


def _fraction(match: re.Match[str]) -> float:
    if match["half"]:
        return 0.5
    if match["dozen"]:
        return 12.0
    whole = match["whole"] or match["one"].split()[1]
    parts = {"two": 2, "three": 3}.get(match["parts"], 1)
    return round(parts / {"third": 3, "quarter": 4, "fifth": 5, "tenth": 10}[whole], 4)
