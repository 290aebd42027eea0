"""The scan of a text, and the numbers made of more than one word or figure: vague numbers, shares, ranges, scores."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from math import prod
from typing import NamedTuple

from ..characters import level
from ..regex import lazy_compile
from .labels import PLURAL, Label, figures, label_at, rest_of_code
from .terms import MULTIPLES, STARTS, Kind, Term, before, lead, term_at, words_at
from .units import Bound, bound_at, unit_at
from .words import GAP, any_of


class Number(NamedTuple):
    """A number of a text, written at ``text[start:end]``; its unit and bound may stand outside that span.

    ``upper`` is the upper end of a range, or the second number of a score ("3-1"). A fraction is a share ("one in five"
    is 0.2), to four significant digits; part of a unit or of a scale is a cardinal ("half an hour" is 0.5 hours).
    A vague number has the value of its words: "dozens" is 12, "several hundred" is 100. ``unit`` is "" where none is
    given. ``bound`` is "over" for "at least" as for "more than", and "under" for "up to" as for "fewer than".
    """

    value: float
    upper: float | None
    kind: Kind
    unit: str
    bound: Bound
    start: int
    end: int


def find_numbers(text: str) -> tuple[Number, ...]:
    """The numbers of a text in order, none overlapping another. "First" and the pronoun "one" are not numbers."""
    return tuple(found for found in _scanned(text) if isinstance(found, Number))


def find_labels(text: str) -> tuple[Label, ...]:
    """The years, dates, clock times and codes of a text, in order."""
    return tuple(found for found in _scanned(text) if isinstance(found, Label))


def numbers(text: str) -> tuple[float, ...]:
    """The values of all numbers of a text and of all figures of its labels: "2.5m in 2022" → (2500000.0, 2022.0)."""
    values: list[float] = []
    for found in _scanned(text):
        if isinstance(found, Label):
            values += figures(found)
        else:
            values += [found.value] if found.upper is None else [found.value, found.upper]
    return tuple(values)


@lru_cache(maxsize=512)  # numbers and labels of one text are asked for one after the other
def _scanned(text: str) -> tuple[Number | Label, ...]:
    return tuple(_scan(text))


def _scan(text: str) -> Iterator[Number | Label]:
    """The numbers and labels of a text, in order."""
    low = level(text)
    floor = 0  # what stands before it has been read
    while start := STARTS.search(low, floor):
        found, end = _read(text, low, start.start(), floor)
        floor = max(end, start.end())
        yield from found


def _read(text: str, low: str, at: int, floor: int) -> tuple[list[Number | Label], int]:
    """What is said at ``at``, and where to read on."""
    if label := label_at(text, low, at, floor):
        return [label], label.end
    if special := _vague(low, at, floor) or _one_and_a_half(low, at, floor):
        return [_number(low, special, floor)], special.resume
    term = term_at(low, lead(low, at, floor)) or term_at(low, at)
    if not term:
        return [], at
    if term.resume == term.end and low[at].isdigit() and low[term.end : term.end + 1].isalpha():
        code = rest_of_code(low, at, at)  # "5G"
        return ([code], code.end) if code else ([], term.end)
    if term.kind == "cardinal":
        if share := _out_of(text, low, term):
            return [_number(low, share, floor)], share.resume
        if pair := _pair(text, low, term, floor):
            return pair
        if _is_pronoun(low, term):
            return [], term.end
    first = term.kind == "ordinal" and term.value == 1
    return [] if first else [_number(low, term, floor)], term.resume


def _number(low: str, term: Term, floor: int, upper: Term | None = None) -> Number:
    end = upper.end if upper else term.end
    bound = bound_at(low, term.start, end, floor)
    value = _rounded(term.value, 4 if term.kind == "fraction" else 15)
    return Number(value, _rounded(upper.value) if upper else None, term.kind, term.unit, bound, term.start, end)


def _rounded(value: float, digits: int = 15) -> float:
    """A value to so many significant digits: at 15, binary fractions add nothing, and 2.3 million is 2,300,000."""
    return float(f"{value:.{digits}g}")


# -- vague numbers -----------------------------------------------------------------------------------------------------

_SEVERAL = any_of(f"{word}s" for word in MULTIPLES)
_VAGUE = lazy_compile(rf"(?P<word>{_SEVERAL})\b(?P<more>(?:\s(?:of|and|upon|on)\s{_SEVERAL}\b){{0,3}})")
_OF_SEVERAL = lazy_compile(rf"\sof\s({_SEVERAL})")
_QUANTIFIER = lazy_compile(rf"\b(?:several|many|(?:a{GAP})?few|a{GAP}couple(?:\sof)?|multi){GAP}$")
_SCORES = lazy_compile(r"scores\s(?:of(?!\s\d)|more)\b")
_TEST_SCORES = lazy_compile(
    r"\b(?:tests?|exam|reading|maths?|box|film|his|her|their|its|the|average|high|low|final)\s$"
)
_OF = lazy_compile(r"\sof\b")


def _vague(low: str, at: int, floor: int) -> Term | None:
    """A vague number: "dozens", "tens of thousands", "several hundred"."""
    if not low[at].isalpha():
        return None
    match = _VAGUE.match(low, at)
    quantifier = before(_QUANTIFIER, low, at, floor, 16)
    if match:
        words = [match["word"], *_OF_SEVERAL.findall(match["more"])]
        points = words[0] == "scores" and (not _SCORES.match(low, at) or before(_TEST_SCORES, low, at, floor))
        value, end = prod(MULTIPLES[word.removesuffix("s")] for word in words), match.end()
        if points or (words == ["tens"] and not _OF.match(low, end)):
            return None
    elif quantifier and (term := words_at(low, at)) and term.scale > 1:
        value, end = int(term.value), term.end
    else:
        return None
    of = _OF.match(low, end)
    unit, resume = unit_at(low, of.end() if of else end, value)
    return Term(value, quantifier.start() if quantifier else at, end, kind="vague", unit=unit, resume=resume)


# -- numbers made of two -----------------------------------------------------------------------------------------------

_ONE_AND = lazy_compile(r"\b(?:an?|one)(?P<unit>[\s-][a-z]{1,12})\sand\sa\s$")
_OUT_OF = lazy_compile(r"(?P<noun>\s[a-z]+)??\s(?:in|(?P<counted>out\sof))\s(?:every\s)?(?=\w)")
# "Three in four" and "nine out of ten" are shares; "three in seven" and "three out of five" may well be counts.
_SHARED_IN, _SHARED_OUT_OF = frozenset({3, 4, 5, 10, 20, 100, 1000}), frozenset({10, 100, 1000})
_LINK = lazy_compile(
    r"(?:-?\sto\s|-to-)|(?P<votes>\s(?:votes?|seats|goals|points|games|sets)\sto\s)|(?P<dash>\s?[-–—]\s?)"
    r"|(?P<or>\sor\s)|(?P<and>\sand\s)|(?P<from>\sfrom\s)"
)
_TO = lazy_compile(r"\bto\s$")
_BETWEEN = lazy_compile(r"\bbetween\s(?:(?:about|around|roughly|an\sestimated)\s)?$")
_FROM = lazy_compile(
    r"(?P<ranging>\b(?:rang(?:e[sd]?|ing)|var(?:y|ies|ied|ying))\s)?\bfrom\s(?:(?:about|around|just)\s)?$"
)
_CONTEST = lazy_compile(
    r"\b(?:w[io]ns?|winning|los[et]s?|losing|beat(?:en|ing|s)?|defeat(?:ed|s)?|draws?|drew|drawn|leads?|leading|led"
    r"|trail(?:ed|s|ing)?|scor(?:e[sd]?|ing)|vot(?:e[sd]?|ing)|victory|loss|downed|edged|thrashed|ruled|ruling)\b"
)


def _one_and_a_half(low: str, at: int, floor: int) -> Term | None:
    """A unit and half of it, "a year and a half", read at its last word."""
    match = before(_ONE_AND, low, at, floor) if low.startswith("half", at) else None
    unit, end = unit_at(low, match.start("unit"), 1) if match else ("", 0)
    if not match or not unit or end != match.end("unit"):
        return None
    return Term(1.5, match.start(), at + len("half"), unit=unit, resume=at + len("half"))


def _out_of(text: str, low: str, term: Term) -> Term | None:
    """A share in two numbers, "one in five", "nine out of ten", where the second is one that shares are told in."""
    link = _OUT_OF.match(low, term.end)
    if not link or term.unit or term.scale > 1 or label_at(text, low, link.end(), link.end()):
        return None
    whole = term_at(low, link.end())
    if not whole or whole.kind != "cardinal" or whole.unit or not 0 < term.value < whole.value:
        return None
    if term.value == 1:  # "one child in five was"; but "one child in five cars"
        shared = float(whole.value).is_integer() and not (link["noun"] and PLURAL.match(low, whole.end))
    else:
        shared = whole.value in (_SHARED_OUT_OF if link["counted"] else _SHARED_IN) and not link["noun"]
    if not shared:
        return None
    return term._replace(value=term.value / whole.value, kind="fraction", end=whole.end, resume=whole.end)


def _pair(text: str, low: str, first: Term, floor: int) -> tuple[list[Number | Label], int] | None:
    """A range, a score, or the two numbers of a change ("from 3 to 5 per cent"), and where to read on."""
    link = _LINK.match(low, first.resume)
    last = _other(text, low, first, link, floor) if link else None
    if not link or not last:
        return None
    unit = last.unit or first.unit
    first, last = first._replace(unit=unit, value=_in_scale_of(last, first)), last._replace(unit=unit)
    change = before(_FROM, low, first.start, floor)
    if link["from"] or (change and not change["ranging"]):
        return [_number(low, first, floor), _number(low, last, first.end)], last.resume
    kind = _kind_of_pair(low, first, last, link, floor)
    return ([_number(low, first._replace(kind=kind), floor, last)], last.resume) if kind else None


def _other(text: str, low: str, first: Term, link: re.Match[str], floor: int) -> Term | None:
    """The second number of a pair, if the words and the units of both let them be one."""
    if link["and"] and not before(_BETWEEN, low, first.start, floor):
        return None
    if link["from"] and not before(_TO, low, first.start, floor):
        return None
    last = None if label_at(text, low, link.end(), link.end()) else term_at(low, link.end())
    if not last or last.kind != "cardinal":
        return None
    worded = first.resume > first.end  # its unit is not a sign before it, which holds for both
    return last if first.unit in {last.unit, ""} or not (last.unit or worded) else None


def _in_scale_of(last: Term, first: Term) -> float:
    """The value of the first number in the scale of the last: "five and six thousand" are 5,000 and 6,000."""
    shared = first.scale == 1 < last.scale and first.value * last.scale < last.value
    return first.value * last.scale if shared else first.value


def _kind_of_pair(low: str, first: Term, last: Term, link: re.Match[str], floor: int) -> Kind | None:
    """Cardinal for a range, score for a score, None for two numbers that merely stand side by side."""
    spaced = bool(link["dash"]) and link["dash"] != link["dash"].strip()
    points = all(0 <= t.value < 1000 and float(t.value).is_integer() and t.scale == 1 for t in (first, last))
    if link["votes"]:
        return "score" if points else None
    if first.value < last.value:
        if spaced and not last.unit:  # a dash between clauses
            return None
        told = link["dash"] and not last.unit and before(_CONTEST, low, first.start, floor)
        return "score" if told and points and not PLURAL.match(low, last.end) else "cardinal"
    return "score" if points and not (link["or"] or link["and"] or spaced or last.unit) else None


# -- the pronoun -------------------------------------------------------------------------------------------------------

_NOT_ONE_BEFORE = lazy_compile(
    r"\b(?:no|any|every|some|each|which|this|that|the|another|though|number|formula)[\s-]$"
    r"|\b(?:the|an?)\s[a-z]{3,20}\s$|\bone\sby\s$"  # "the higher one", "one by one"
)
_NOT_ONE_AFTER = lazy_compile(
    r"\s*(?:[.,;:!?)'\"”’—–]|$)"
    r"|-(?:on|off|by|way|time|sided|stop|liner|to)\b|(?<=\bat\sone)\s(?:point|time|stage)\b"
    r"|\s(?:of|another|without|with|that|which|who|whom|whose|in|for|to|by|is|was|has|had|can|could|may|might|must|should"
    r"|would|will|does|did|and|or|but|on|at|from|as|after|than)\b"
)
_OF_THE = lazy_compile(r"(?<!\bone\s)\bof\sthe\s$")


def _is_pronoun(low: str, term: Term) -> bool:
    """Whether "one" or "two" stands for somebody: "the one who fled", "the older of the two"."""
    match low[term.start : term.end]:
        case "one":
            return bool(before(_NOT_ONE_BEFORE, low, term.start, 0) or _NOT_ONE_AFTER.match(low, term.end))
        case "two":
            return bool(before(_OF_THE, low, term.start, 0))
        case _:
            return False
