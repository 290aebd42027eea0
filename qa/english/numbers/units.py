"""What a number is counted in, and whether it is a bound: the words and signs beside it."""

from __future__ import annotations

import re
from typing import Literal

from ..regex import lazy_compile

Bound = Literal["over", "under", "about", ""]

_LENGTHS = {
    "km": r"kilomet(?:re|er)s?|km",
    "miles": r"miles?",
    "metres": r"met(?:re|er)s?|m",
    "cm": r"centimet(?:re|er)s?|cm",
    "mm": r"millimet(?:re|er)s?|mm",
    "feet": r"feet|foot|ft",
    "inches": r"inch(?:es)?|(?<=\d)in",
    "yards": r"yards?",
}
_POWERS = {"kilo": "k", "mega": "M", "giga": "G", "tera": "T"}
_DOLLARS = {
    "australian dollars": "aud",
    "canadian dollars": "cad",
    "hong kong dollars": "hkd",
    "new zealand dollars": "nzd",
    "singapore dollars": "sgd",
}
_MONEY = {
    **{name: rf"{name}?|{code}" for name, code in _DOLLARS.items()},
    "dollars": r"(?:us|u\.s\.)?\s?dollars?|usd",
    "euros": r"euros?|eur|€",
    "pounds": r"pounds?(?:\ssterling)?|gbp",
    "yen": r"yen|jpy",
    "yuan": r"yuan|renminbi|cny|rmb",
    "rupees": r"rupees?|inr",
    "roubles": r"rou?bles?",
    "francs": r"francs?|chf",
    "krona": r"kron(?:a|or|er|e)|sek|nok|dkk",
    "liras": r"lira[sş]?",
    **{
        f"{name}s": rf"{name}s?"
        for name in "crown mark florin peso dinar dirham shekel zloty forint guilder thaler ducat riyal rial".split()
    },
    "cents": r"cents?|¢",
    "pence": r"pence|(?<=\d)p",
}
_MEASURES = {
    "percentage points": r"(?:percentage|per\s?cent|%)[- ]points?|pp",
    "basis points": r"basis[- ]points?|bps?",
    "percent": r"%|per\s?cent|pct|pc",
    "km/h": r"(?:kilomet(?:re|er)s?|km)(?:[- ](?:an|per)[- ]hour|/h)|kmh|kph",
    "mph": r"miles?[- ](?:an|per)[- ]hour|mph",
    "nautical miles": r"nautical\smiles?",
    **{f"square {name}": rf"(?:square|sq\.?)[- ](?:{pattern})|(?:{pattern})²" for name, pattern in _LENGTHS.items()},
    **{f"cubic {name}": rf"cubic[- ](?:{pattern})|(?:{pattern})³" for name, pattern in _LENGTHS.items()},
    **_LENGTHS,
    "tonnes": r"tonnes?|metric\stons?",
    "tons": r"tons?",
    "kg": r"kilo(?:gram|gramme)?s?|kg",
    "grams": r"grams?|grammes?",
    "ounces": r"ounces?|oz",
    "litres": r"lit(?:re|er)s?",
    "gallons": r"gallons?",
    "barrels": r"barrels?",
    "hectares": r"hectares?|ha",
    "acres": r"acres?",
    "degrees": r"degrees?(?:\s(?:celsius|centigrade|fahrenheit|[cf](?!\w)))?|°\s?[cf]?|(?<=\d)[cf](?!\w)",
    "seconds": r"seconds?",
    "minutes": r"minutes?|mins?",
    "hours": r"hours?|hrs?",
    "days": r"days?",
    "weeks": r"weeks?",
    "months": r"months?",
    "years": r"years?",
    "decades": r"decades?",
    "centuries": r"century|centuries",
    **{f"{letter}Wh": rf"{word}watt[- ]hours?|{letter.lower()}wh" for word, letter in _POWERS.items()},
    **{f"{letter}W": rf"{word}watts?|{letter.lower()}w" for word, letter in _POWERS.items()},
}
_NAMES = (*_MONEY, *_MEASURES)
_GROUPS = [f"(?P<u{i}>{pattern})" for i, pattern in enumerate((*_MONEY.values(), *_MEASURES.values()))]
_NATION = r"(?:[a-z]{1,12}(?:ian|ish|ese|an|ss|ch|i)\s)?"  # "Swedish crowns"; which dollars they are is told above
_UNIT = lazy_compile(
    rf"(?:-|\s{{0,2}})(?:{'|'.join(_GROUPS[: len(_DOLLARS)])}"
    rf"|{_NATION}(?:{'|'.join(_GROUPS[len(_DOLLARS) : len(_MONEY)])})|{'|'.join(_GROUPS[len(_MONEY) :])})(?![a-z²³])"
)
_ONLY_PLURAL = frozenset({"seconds", "crowns", "marks"})  # "two crown princes"; but "a 30-second delay"


def unit_at(low: str, at: int, value: float) -> tuple[str, int]:
    """The unit that stands at ``at`` behind a number, "" if there is none, and where it ends."""
    match = _UNIT.match(low, at)
    if not match or not match.lastgroup:
        return "", at
    name = _NAMES[int(match.lastgroup[1:])]
    if name in _ONLY_PLURAL and value > 1 and not match.group().endswith("s") and low[at] != "-":
        return "", at
    return name, match.end()


SYMBOLS = {
    "$": "dollars",
    "us$": "dollars",
    "usd": "dollars",
    "a$": "australian dollars",
    "aud": "australian dollars",
    "c$": "canadian dollars",
    "cad": "canadian dollars",
    "hk$": "hong kong dollars",
    "nz$": "new zealand dollars",
    "s$": "singapore dollars",
    "r$": "reais",
    "€": "euros",
    "eur": "euros",
    "£": "pounds",
    "gbp": "pounds",
    "¥": "yen",
    "jpy": "yen",
    "₹": "rupees",
    "rs": "rupees",
    "rs.": "rupees",
    "inr": "rupees",
    "₽": "roubles",
    "₩": "won",
    "₺": "liras",
    "₴": "hryvnias",
    "₪": "shekels",
    "₦": "naira",
    "chf": "francs",
}
"""Signs and codes that stand before a sum of money, with the unit they name."""
SYMBOL = rf"(?<!\w)(?:{'|'.join(re.escape(symbol) for symbol in sorted(SYMBOLS, key=len, reverse=True))})"

_BEFORE = lazy_compile(
    r"\b(?:(?P<under>(?:no|not|never) more than|at most|up to|(?:fewer|less|lower|smaller) than|under|below|nearly"
    r"|almost|(?:just )?short of|as many as|as much as|not quite|close to|a maximum of)"
    r"|(?P<over>(?:more|longer|further|farther|later|higher|greater|larger|bigger|older) than|over|above|at least"
    r"|(?:no|not) (?:fewer|less) than|exceed(?:s|ed|ing)?|upwards? of|in excess of|a minimum of|topp(?:ed|ing))"
    r"|(?P<about>about|around|roughly|approximately|some|circa|in the region of|an? estimated|estimated(?: at)?))"
    r"(?: (?:an?|some|a total of|between))*\s$"
)
_AFTER = lazy_compile(
    r"(?:\s[a-z]+){0,2}\s(?:(?P<over>or (?:more|above|over|higher))|(?P<under>at most|or (?:fewer|less|under|lower))"
    r"|(?P<about>or so))\b|(?P<plus>\+|-plus\b)|(?P<odd>-odd\b)"
)
_BOUNDS: dict[str, Bound] = {"over": "over", "under": "under", "about": "about", "plus": "over", "odd": "about"}
_DURING = lazy_compile(r"(?:over|under) an?\s")  # "under a 25-year lease", "over a three-year period"
_TOPIC = lazy_compile(  # "a film about 12 fishermen"
    r"\b(?:films?|movies?|documentar(?:y|ies)|books?|novels?|plays?|songs?|stor(?:y|ies)|reports?|articles?|programmes?"
    r"|questions?|concerns?|debates?|talk(?:s|ed|ing)?|worr(?:y|ies|ied)|complain(?:s|ed|ing|ts?)|spoke|speak(?:s|ing)?"
    r"|warnings?|jokes?|information|details|facts|truth)\s$"
)
_REACH = 40  # characters before a number that may hold its bound


def bound_at(low: str, start: int, end: int, floor: int) -> Bound:
    """Whether the words around a number make it a bound; none before ``floor`` is looked at."""
    before = _BEFORE.search(low, max(floor, start - _REACH), start)
    if before and before.lastgroup and not _is_other(low, before, end):
        return _BOUNDS[before.lastgroup]
    after = _AFTER.match(low, end)
    return _BOUNDS[after.lastgroup] if after and after.lastgroup else ""


def _is_other(low: str, bound: re.Match[str], end: int) -> bool:
    """Whether "about", "over" or "under" is another word here, which bounds nothing."""
    if bound["about"] == "about":
        return bool(_TOPIC.search(low, max(0, bound.start() - 20), bound.start()))
    return low[end : end + 1] == "-" and bool(_DURING.match(bound.group()))
