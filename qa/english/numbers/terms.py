"""One number at a time, with its unit: figures, number words, ordinals and shares."""

from __future__ import annotations

import re
from typing import Literal, NamedTuple

from ..characters import fraction
from ..regex import lazy_compile
from .units import SYMBOL, SYMBOLS, unit_at
from .words import (
    CARDINALS,
    GAP,
    ONES,
    ORDINALS,
    RUN,
    SCALE,
    SCALES,
    TEENS,
    WORD,
    ZERO,
    any_of,
    first_number,
    one_for_a,
    spelled,
)

Kind = Literal["cardinal", "ordinal", "fraction", "vague", "score"]


class Term(NamedTuple):
    """A number as read: its words end at ``end`` and its unit at ``resume``; ``scale`` is that of its last words."""

    value: float
    start: int
    end: int
    scale: int = 1
    kind: Kind = "cardinal"
    unit: str = ""
    resume: int = 0


MULTIPLES = SCALES | {"ten": 10, "dozen": 12, "score": 20}
_ABBREVIATED = {"k": 10**3, "m": 10**6, "mn": 10**6, "b": 10**9, "bn": 10**9, "tn": 10**12}
_LOT = r"(?:dozen|score(?=\sof\s[a-z]+s\b))"  # "a score of resignations"; but "a film score"
_VULGAR = "[¼½¾⅐-⅞]"
PARTS = {"half": 2, "quarter": 4} | {
    ordinal: value
    for ordinal, word in ORDINALS.items()
    if ordinal not in {"first", "second"} and (value := spelled(word))
}

STARTS = lazy_compile(
    rf"(?<!\w)(?<!\d[.:])(?:\d|{_VULGAR}"
    rf"|{any_of([*CARDINALS, *ZERO, *ORDINALS, *PARTS, *(f'{s}s' for s in MULTIPLES), 'dozen', 'score'])}\b)"
)
"""Where a number, or a label, may begin. Most sentences have no such place and are passed over."""

_MINUS = r"(?:minus\s|negative\s|[-−–])"
_HEAD = lazy_compile(rf"(?P<minus>{_MINUS})?(?:(?P<money>{SYMBOL})\s?)?")
_LEAD = lazy_compile(rf"(?:(?<!\w){_MINUS})?(?:{SYMBOL}\s?)?(?:(?<![\w'-])an?{GAP})?(?:(?<!\w)\.)?$")
_AND_A_HALF = lazy_compile(r"\sand\sa\shalf\b")


def before(pattern: re.Pattern[str], low: str, at: int, floor: int, width: int = 40) -> re.Match[str] | None:
    """A match that ends at ``at``, for a pattern that ends with ``$``; nothing before ``floor`` is looked at."""
    return pattern.search(low, max(floor, at - width), at)


def lead(low: str, at: int, floor: int) -> int:
    """Where the sign, the currency or the article before a number begins."""
    match = before(_LEAD, low, at, floor, 16)
    return match.start() if match else at


def term_at(low: str, begin: int) -> Term | None:
    """The number whose sign, currency or first word stands at ``begin``, with its unit."""
    head = _HEAD.match(low, begin)
    if not head:
        return None
    term = _share(low, head.end()) or ordinal_at(low, head.end()) or _cardinal(low, head.end(), bool(head["money"]))
    if not term:
        return None
    term = term._replace(start=begin, value=-term.value if head["minus"] else term.value)
    if head["money"]:
        return term._replace(unit=SYMBOLS[head["money"]], resume=term.end)
    if term.kind != "cardinal" or term.unit:
        return term
    unit, resume = unit_at(low, term.end, term.value)
    if unit and (half := _AND_A_HALF.match(low, resume)):
        return term._replace(value=term.value + 0.5, end=half.end(), unit=unit, resume=half.end())
    return term._replace(unit=unit, resume=resume)


# -- cardinals ---------------------------------------------------------------------------------------------------------

_FIGURES = lazy_compile(
    r"(?P<whole>\d{1,3}(?:,\d{3}){1,6}(?!\d)|\d{1,3}(?:[\u00a0\u2009\u202f]\d{3}){1,6}(?!\d)"
    r"|\d{1,2}(?:,\d\d){1,6},\d{3}(?!\d)|\d*)(?P<decimals>\.\d+)?"
    rf"(?:\s?(?P<vulgar>{_VULGAR})|(?<=\d)[\s-](?P<over>\d)/(?P<under>[1-9]\d?)(?![\w/]))?"
)
_WORDS = lazy_compile(rf"{any_of(ZERO)}\b|{RUN}")
_POINT = lazy_compile(rf"\spoint(?P<digits>(?:{GAP}{any_of([*ZERO, *ONES])}\b){{1,9}})")
_ONE_LOT = lazy_compile(rf"(?:an?{GAP})?(?P<lot>{_LOT})\b")
SCALED = lazy_compile(rf"{GAP}?(?P<scale>{SCALE}|{_LOT})s?\b")
_LETTERS = lazy_compile(
    r"\s?(?P<letters>mn|bn|tn)(?!\w)|(?P<letter>[km])(?!\w)"
    # "5 m" are metres and "5m" is a sum, unless what follows is measured in metres.
    r"(?!(?:-|\s)(?:long|wide|high|tall|deep|thick|above|below|away|from|race|sprint|dash|hurdles|freestyle"
    r"|butterfly|backstroke|breaststroke|relay|final|in\s\d)\b)"
)
_MONEY_LETTERS = lazy_compile(r"\s?(?P<letters>mn|bn|tn|[kmb])(?!\w)")


def _cardinal(low: str, at: int, money: bool) -> Term | None:
    figures = _FIGURES.match(low, at)
    if figures and (figures["whole"] or figures["decimals"]):
        term = _multiplied(low, Term(_figured(figures), at, figures.end()), _MONEY_LETTERS if money else _LETTERS)
    elif words := words_at(low, at):
        term = _multiplied(low, words, SCALED)
    else:
        return None
    more = _AND_SHARE.match(low, term.end)
    share = _share_words(low, more.end()) if more else None
    if not share or _OF.match(low, share.end):
        return term
    # "A million and a half" is half a million more, "a hundred and a half" is not fifty more.
    value = term.value + share.value * (1 if term.scale == 100 else term.scale)
    return _multiplied(low, term._replace(value=value, end=share.end), SCALED)


def _figured(match: re.Match[str]) -> float:
    whole, decimals = re.sub(r"\D", "", match["whole"]), match["decimals"]
    value: float = float(f"{whole}{decimals}") if decimals else int(whole)
    if match["vulgar"]:
        return value + fraction(match["vulgar"])
    return value + int(match["over"]) / int(match["under"]) if match["over"] else value


def _multiplied(low: str, term: Term, letters: re.Pattern[str]) -> Term:
    """The number times the scales that follow it: "2.5 million", "3 lakh crore", for figures also "2.5m"."""
    for _ in range(2):
        match = SCALED.match(low, term.end) or letters.match(low, term.end)
        if not match or not match.lastgroup:
            break
        word = match[match.lastgroup]
        factor = MULTIPLES.get(word) or _ABBREVIATED[word]
        term, letters = term._replace(value=term.value * factor, scale=term.scale * factor, end=match.end()), SCALED
    return term


def words_at(low: str, at: int) -> Term | None:
    """The first number that the words at ``at`` spell: "three hundred and twelve", "a dozen", "three point five"."""
    if lot := _ONE_LOT.match(low, at):
        return Term(MULTIPLES[lot["lot"]], at, lot.end(), MULTIPLES[lot["lot"]])
    run = _WORDS.match(low, at)
    if not run:
        return None
    found = list(WORD.finditer(low, at, run.end()))
    words = [one_for_a(match.group()) for match in found]
    words = words[: first_number(words)]
    value, end, scale = spelled(" ".join(words)) or 0, found[len(words) - 1].end(), 1
    for word in reversed(words):
        if word not in SCALES:
            break
        scale *= SCALES[word]
    point = _POINT.match(low, end)
    if point and scale == 1 and low[max(0, at - 3) : at] != "at ":  # "at one point five people"
        digits = (str(spelled(digit)) for digit in WORD.findall(point["digits"]))
        return Term(float(f"{value}.{''.join(digits)}"), at, point.end())
    return Term(value, at, end, scale)


# -- ordinals ----------------------------------------------------------------------------------------------------------

_ORDINAL = lazy_compile(
    r"(?P<figures>\d{1,3}(?:,\d{3}){1,3}|\d{1,9})(?:(?<=1)st|(?<=2)nd|(?<=3)rd|th)\b"
    rf"|(?:(?P<run>{RUN}){GAP}(?:and{GAP})?)?(?P<last>{any_of(ORDINALS)})\b"
)
_OF_TIME = lazy_compile(r"\b(?:per|split)\s$")
_LATER = lazy_compile(r"\s(?:later|ago)\b")


def ordinal_at(low: str, at: int) -> Term | None:
    """The ordinal at ``at``: "21st", "two hundred and fiftieth"; "a second later" has none."""
    match = _ORDINAL.match(low, at)
    if not match:
        return None
    if match["figures"]:
        value: int | None = int(match["figures"].replace(",", ""))
    else:
        run = [one_for_a(word) for word in WORD.findall(match["run"] or "")]
        value = spelled(" ".join([*run, ORDINALS[match["last"]]]))
        if match.group() == "second" and (before(_OF_TIME, low, at, 0, 8) or _LATER.match(low, match.end())):
            return None
    return None if value is None else Term(value, at, match.end(), kind="ordinal", resume=match.end())


# -- shares ------------------------------------------------------------------------------------------------------------

_SHARE = lazy_compile(
    rf"(?:(?P<count>an?|{any_of([*ONES, *TEENS])}){GAP})?"
    rf"(?:(?P<part>{any_of(PARTS)})(?P<plural>s)?|(?P<halves>halves))\b"
)
_AND_SHARE = lazy_compile(
    rf"{GAP}and{GAP}(?=(?:an?|one){GAP}(?:half|quarter)\b|{any_of(ONES)}{GAP}(?:{any_of(PARTS)}s|quarter)\b)"
)
_SLASH = lazy_compile(r"(?P<over>\d{1,2})/(?P<under>\d{1,3})(?:rds|ths?|nds)?(?![\w/])")
_DENOMINATORS = frozenset({*range(2, 11), 16, 20, 100})  # "24/7", "9/11" and "5/12" are no shares
_ONE_VULGAR = lazy_compile(_VULGAR)
_OF_SCALE = lazy_compile(rf"(?P<article>{GAP}(?:of{GAP})?an?)?{GAP}(?P<scale>{SCALE}|dozen)\b")
_OF_A = lazy_compile(r"\s(?:of\s)?(?:(?:an?|one)(?=\s)|1(?=\s|%))")
_OF = lazy_compile(r"\sof\b")
_LOOSE = lazy_compile(rf"(?:half|quarter|\d|{_VULGAR})$")  # what a scale or a unit may follow: "half hour", "¾ mile"
_NO_HALF_BEFORE = lazy_compile(
    r"\b(?:first|second|other|better|opening|closing|top|bottom|upper|lower|latter|former|final|last|next|either|each"
    r"|this|that|early|late|northern|southern|eastern|western|\d(?:st|nd))[\s-]$"
)
_NO_HALF_AFTER = lazy_compile(
    r"-[a-z]|\s(?:time|term|past|price|board|empty|full|brother|sister|marathon|way|baked|mast|back)\b"
)
_NO_QUARTER_AFTER = lazy_compile(r"-[a-z]|\s(?:finals?|past|to)\b")
_SHARED_BY = lazy_compile(r"\b(?:by|than|to|nearly|almost|about|around|roughly|over|under|only|least|most)\s$")


def _share(low: str, at: int) -> Term | None:
    """A share of something; of a scale or a unit it is a cardinal: "half a million", "three quarters of an hour"."""
    share = slash_at(low, at) or _share_words(low, at)
    if not share:
        return None
    loose = bool(_LOOSE.search(low, share.start, share.end))
    scale, article = _OF_SCALE.match(low, share.end), _OF_A.match(low, share.end)
    if scale and (loose or scale["article"]):
        factor = MULTIPLES[scale["scale"]]
        return share._replace(value=share.value * factor, scale=factor, kind="cardinal", end=scale.end())
    if article or loose:
        unit, resume = unit_at(low, article.end() if article else share.end, share.value)
        if unit:
            return share._replace(kind="cardinal", unit=unit, resume=resume)
    return share if _is_share(low, share) else None


def slash_at(low: str, at: int) -> Term | None:
    """The share that a slash or one sign writes at ``at``: "3/4", "¾"."""
    if slash := _SLASH.match(low, at):
        over, under = int(slash["over"]), int(slash["under"])
        fits = under in _DENOMINATORS and over < under
        return Term(over / under, at, slash.end(), kind="fraction", resume=slash.end()) if fits else None
    if vulgar := _ONE_VULGAR.match(low, at):
        return Term(fraction(vulgar.group()), at, vulgar.end(), kind="fraction", resume=vulgar.end())
    return None


def _share_words(low: str, at: int) -> Term | None:
    match = _SHARE.match(low, at)
    if not match:
        return None
    part, count = match["part"] or "half", match["count"]
    number = (spelled(one_for_a(count)) or 1) if count else 1
    plural = bool(match["plural"] or match["halves"])
    if not count and (plural or part not in {"half", "quarter"}):
        return None
    if plural != (number > 1) and part != "quarter":  # "a three-quarter length"
        return None
    return Term(number / PARTS[part], at, match.end(), kind="fraction", resume=match.end())


def _is_share(low: str, share: Term) -> bool:
    """Whether words that may name a share do here: "a third of the crew"; but "a third man", "the second half"."""
    words = low[share.start : share.end]
    if not words[-1].isalpha():
        return True
    if words.endswith(("half", "halves")):
        return not before(_NO_HALF_BEFORE, low, share.start, 0) and not _NO_HALF_AFTER.match(low, share.end)
    if words.endswith("quarter"):
        return words != "quarter" and not _NO_QUARTER_AFTER.match(low, share.end)
    if words.startswith(("a ", "an ")):
        return bool(_OF.match(low, share.end) or before(_SHARED_BY, low, share.start, 0))
    return words.endswith("s") or share.value > 0.01 or bool(_OF.match(low, share.end))
