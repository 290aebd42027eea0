"""What a value in a sentence is the value of: what a number counts, which state a thing is in, who holds an office.

Two numbers may only be compared if they may count the same thing: 12 hurt say nothing about 3 dead, 400 a day nothing
about 9,000 a year, "5 of them" nothing about all, and a forecast nothing about the outcome.
"""

from __future__ import annotations

import re
from collections.abc import Set
from functools import cache, lru_cache
from itertools import pairwise
from typing import Literal, NamedTuple

from .characters import fold
from .clauses import denies, hedges
from .inflection import every_form, finite, related_forms
from .lexicon import (
    BE,
    CALENDAR_NAMES,
    CHANGING,
    DEPUTIES,
    EARLIER,
    FIGURING,
    FORECASTING,
    GROUPS,
    LEAVING,
    PEOPLE,
    PLACING,
    PLAIN,
    POSTPONING,
    RECORDING,
    SAYING,
    SEASONS,
    STATES,
    STEPPING,
    STOPWORDS,
    SUBJECT_PRONOUNS,
    SYNONYMS,
    TAKING,
    TALLIES,
    TIME_UNITS,
    TOLLS,
    UNNAMED_PEOPLE,
    UNREAL,
    VOICING,
    WISHING,
    any_of,
)
from .numbers import Quantity
from .numbers.words import CARDINALS
from .regex import lazy_compile
from .tokens import stem, words

BEFORE, AFTER = 60, 60  # characters around a number that tell what it counts
OBJECT_WORDS = 3  # words in front of a name among which the verb stands whose object it is
NOUN_WORDS = 3  # words behind a number among which its noun stands

_STOP = (
    r"[.;:,()]\s|\s(?:after|against|and|as|at|because|but|by|for|from|in|on|than|that|to|when|which|while|who|with)\s"
)
_CLAUSE_END = lazy_compile(r"[.;:,()](?:\s|$)")
_NOUN_END = lazy_compile(rf"{_STOP}|[.;:,()]")
_PART = lazy_compile(
    r"^\W*(?:of\s(?:them|these|those|whom|which|the)\b|others?\b)|^\W*(?:seriously|critically|slightly|gravely)\b"
)
_AMONG = lazy_compile(
    r"\b(?:including|among\s(?:them|those)|of\s(?:them|whom|which))(?:,?\s\w+){0,3}\W*$|\bof\s(?:the|these|those)\W*$"
)
_SOME = lazy_compile(r"\bthe\W*$")  # "the two patients who died" are some of the patients
_WHO = lazy_compile(r"^\s[\w-]+(?:\s[\w-]+)?\swho\b")
_MORE = lazy_compile(r"^\W*(?:more|further|additional|other|others|extra)\b")
_FURTHER = lazy_compile(r"\b(?:another|further|additional|extra)\W*$")
_PER = lazy_compile(rf"\b(?:an?|per|each|every)[\s-](?:single\s)?(?P<unit>{any_of((*TIME_UNITS, 'hour', 'night'))})\b")
_PERIODIC = lazy_compile(r"\b(?P<unit>daily|weekly|monthly|yearly|annual|annually|nightly|hourly)\b")
_PERIODS = {
    "daily": "day", "weekly": "week", "monthly": "month", "yearly": "year", "annual": "year", "annually": "year",
    "nightly": "night", "hourly": "hour",
}  # fmt: skip
_STEP = lazy_compile(
    r"\b(?:(?<!stand\s)(?<!stands\s)(?<!stood\s)by|another)\s\W*(?:(?:about|another|around|nearly|some)\s)?$"
)
_DONE_BY = lazy_compile(
    r"\b(?:is|are|was|were|be|been|being)\s(?P<verb>(?!down)[a-z]+(?:ed|en|wn)|built|held|led|made|paid|read|run|seen|sent|sold)"
    r"\sby\s\W*(?:(?:about|around|nearly|some)\s)?$"
)
_FROM = lazy_compile(r"\bfrom\s\W*(?:(?:about|around|nearly|some|an?)\s)?$")
_CAME = lazy_compile(r"\b(?:came|come|comes|coming|gets?|got|heard?|hears|receives?|received)\sfrom\s[^.;,]{0,20}$")
_DIFFERENCE = lazy_compile(r"^[\s\w-]{0,30}?\b(?:more|fewer|less|higher|lower|above|below)\b(?:\sthan\b)?")
_FORECAST = lazy_compile(rf"\b(?:{any_of(every_form(FORECASTING))}|forecasts?|projections?|may|might|could)\b")


_AGED = lazy_compile(
    r"\baged?\s$|\b(?:man|woman|boy|girl|child|son|daughter|firefighter|driver|worker|teenager|pensioner)\sof\s$"
)
_BY_COMMAS = lazy_compile(r"[A-Z][\w’'-]+,\s$")
_SAID_BY_NAME = lazy_compile(r"\bsa(?:id|ys)\s(?:[\w’'-]+\s){0,4}[A-Z][\w’'-]+\s[A-Z][\w’'-]+,\s$")
_NAMED = lazy_compile(r"[A-Z][\w’'-]+\s$")
OLDEST = 120


def is_in_name(text: str, quantity: Quantity) -> bool:
    """Whether a number is a word of a name: "Channel Nine", "Pier Four"."""
    return text[quantity.start].isupper() and bool(_NAMED.search(text[: quantity.start]))


def is_age(text: str, quantity: Quantity) -> bool:
    """Whether a number is somebody's age: "a man of 66", "aged 12", "Mara Quist, 46, said", "said Mara Quist, 46"."""
    before, after = text[max(0, quantity.start - BEFORE) : quantity.start], text[quantity.end : quantity.end + 1]
    if quantity.number.value > OLDEST or quantity.number.unit:
        return False
    behind = _BY_COMMAS.search(before) if after == "," else after == "." and _SAID_BY_NAME.search(before)
    return bool(_AGED.search(before.lower()) or behind)


class Counted(NamedTuple):
    """What a number counts.

    ``noun`` is the stem of the noun behind it, "" if there is none. ``about`` are the stems of the words around it.
    ``toll`` is what happened to the people it counts, a row of TOLLS. ``per`` is "day" for a daily number. ``part``
    says that it counts some of others ("five of them", "12 more"), ``step`` that it is a change ("by 12"), ``old`` that
    a later number replaces it ("from 12"), ``forecast`` that it is expected.
    """

    noun: str
    about: frozenset[str]
    toll: int | None = None
    per: str = ""
    part: bool = False
    step: bool = False
    old: bool = False
    forecast: bool = False

    def may_be(self, other: Counted, asked: Set[str] = frozenset()) -> bool:
        """Whether both may count the same thing. ``asked`` are the stems of the words of a question about it."""
        alike = (self.per, self.part, self.step, self.forecast) == (other.per, other.part, other.step, other.forecast)
        if not alike or (self.toll is not None and other.toll is not None and self.toll != other.toll):
            return False
        if not self.noun or not other.noun or self.noun == other.noun or _people() >= {self.noun, other.noun}:
            return True
        if self.toll is not None and self.toll == other.toll:
            return True
        # "900 posts" may be the "900 jobs" of the question; beside "84 branches" only one of them is asked for.
        return (self.noun in asked) == (other.noun in asked) and bool(self.about & other.about - {self.noun})

    def counts_like(self, other: Counted) -> bool:
        """Whether both count the same by their words: the same noun, or the same toll, or two words around them."""
        if not self.may_be(other):
            return False
        toll = self.toll is not None and self.toll == other.toll
        return toll or (self.noun != "" and self.noun == other.noun) or len(self.about & other.about) > 1


_MONTH = lazy_compile(r"\bMay(?=\s\d)|(?<=[a-z,]\s)May\b")


@lru_cache(maxsize=1024)  # it is asked for at every figure of a sentence
def _low(text: str) -> str:
    """Return a text in lower case, with the same offsets, and without the month that is written like "may"."""
    text = _MONTH.sub("   ", text) if "May" in text else text
    low = fold(text)
    return low if len(low) == len(text) else text.lower()


def counted(text: str, quantity: Quantity) -> Counted:
    """What the number at ``quantity.start:quantity.end`` of a sentence counts."""
    low = _low(text)
    number = quantity.number
    before, after = low[max(0, quantity.start - BEFORE) : quantity.start], low[quantity.end : quantity.end + AFTER]
    clause = _CLAUSE_END.split(before)[-1] + " " + _CLAUSE_END.split(after)[0]
    near = _near_words(before, after)
    per = _PER.search(_CLAUSE_END.split(after)[0]) or _PERIODIC.search(clause)
    step = bool(_STEP.search(before)) and not _is_done_by(before)
    step = step or (bool(_DIFFERENCE.search(after)) and not number.bound)
    return Counted(
        noun=_noun(after, number.unit),
        about=quantity.near | {stem(word) for word in near},
        toll=_toll(near),
        per=_PERIODS.get(per["unit"], per["unit"]) if per else "",
        part=bool(
            _PART.search(after)
            or _AMONG.search(before)
            or _MORE.search(after)
            or _FURTHER.search(before)
            or (_SOME.search(before) and _WHO.search(after))
        ),
        step=step,
        old=bool(_FROM.search(before)) and not _CAME.search(before),
        forecast=bool(_FORECAST.search(clause)),
    )


def _is_done_by(before: str) -> bool:
    """Whether "by" tells who has done it, and not how far something goes: "run by 120 hands", "signed by 340"."""
    match = _DONE_BY.search(before)
    return match is not None and match["verb"] not in _step_forms()


@cache
def _step_forms() -> frozenset[str]:
    return frozenset(every_form(STEPPING))


def _near_words(before: str, after: str) -> list[str]:
    """The content words around a number, the nearest first."""
    behind = [w for w in words(_CLAUSE_END.split(after)[0]) if w not in STOPWORDS]
    ahead = [w for w in reversed(words(_CLAUSE_END.split(before)[-1])) if w not in STOPWORDS]
    return [
        word
        for pair in zip(behind + [""] * len(ahead), ahead + [""] * len(behind), strict=False)
        for word in pair
        if word
    ]


def _noun(after: str, unit: str) -> str:
    """The stem of the noun behind a number: a plural among the next words, else the next word."""
    if unit:
        return ""
    run = _NOUN_END.split(after)[0]
    following = re.findall(r"[a-z][a-z'-]+", run)[:NOUN_WORDS]
    plural = next(
        (w for w in following if w in PEOPLE or (w.endswith("s") and not w.endswith(("ss", "was", "is")))), ""
    )
    return stem(plural) if plural else ""


def _toll(near: list[str]) -> int | None:
    """The kind of toll that the nearest word tells of."""
    for word in near:
        for row, forms in enumerate(_tolls()):
            if word in forms:
                return row
    return None


@cache
def _tolls() -> tuple[frozenset[str], ...]:
    return tuple(row | every_form(row) | {f"{word}s" for word in row} for row in TOLLS)


@cache
def _people() -> frozenset[str]:
    return frozenset(stem(w) for w in PEOPLE | {f"{noun}s" for noun in UNNAMED_PEOPLE} | {"person", "others"})


@cache
def synonyms(word: str) -> frozenset[str]:
    """The stems of the words that tell of the same kind of thing: "injured" for "hurt", "trainer" for "coach"."""
    tolls = (row for row in _tolls() if word in row)
    rows = (row for row in SYNONYMS if {word, stem(word)} & row)
    return frozenset(stem(other) for row in (*tolls, *rows) for other in row)


_GROUP = lazy_compile(
    rf"\b(?:for|among|by|of)\s(?:the\s)?(?!(?:them|these|those|whom|which)\s)(?:\w+\s)?(?P<group>{any_of(GROUPS)})\b"
)
_ADJECTIVAL = ("al", "ed", "er", "est", "ful", "ic", "ing", "ive", "ly", "ous")


def groups_in(sentence: str) -> frozenset[str]:
    """The groups of people for whom alone a value holds: "22 crowns for children", "11 per cent among young people"."""
    return frozenset(match["group"] for match in _GROUP.finditer(fold(sentence)))


def noun_modifiers(text: str) -> list[tuple[str, str]]:
    """Nouns with a noun in front that tells them from others of the kind, as stems: ("bread", "rye").

    Without a parser, any two neighbouring content words count, but for words that look like adjectives and verbs.
    """
    found, every = [], words(text)
    for word, noun in pairwise(every):
        if word in STOPWORDS or noun in STOPWORDS or word in PLAIN or not word.isalpha() or not noun.isalpha():
            continue
        if word in CARDINALS or word == "dozen":
            continue  # "forty-six pickers" are not pickers of another kind than "fruit pickers"
        if not word.endswith(_ADJECTIVAL) and not word.endswith("s"):
            found.append((stem(noun), stem(word)))
    return found


# -- States ------------------------------------------------------------------------------------------------------------


class StateAt(NamedTuple):
    """A state that a sentence tells of: a row of STATES and the side, and where its word ends."""

    row: int
    side: int
    end: int


_WORD = lazy_compile(r"[a-z][a-z'-]*")


def states_asked(question: str) -> frozenset[int]:
    """The rows of STATES of which a question has a word: "Is the bridge still closed?" asks for open or shut."""
    return frozenset(row for word in words(question) for row, _ in _sides().get(word, ()))


def states_in(sentence: str, rows: Set[int]) -> tuple[StateAt, ...]:
    """The states of the given rows that a sentence tells of, in order.

    A denied one counts for the other side. One that is only possible or planned is none: "it could reopen by May".
    """
    low, found = fold(sentence), []
    for match in _WORD.finditer(low):
        for row, side in _sides().get(match.group(), ()):
            if row in rows:
                before = low[max(0, match.start() - 30) : match.start()].rpartition(",")[2]
                if not hedges(before):
                    found.append(StateAt(row, 1 - side if denies(before) else side, match.end()))
    return tuple(found)


@cache
def _sides() -> dict[str, tuple[tuple[int, int], ...]]:
    """Each word of STATES, in all its forms, with its rows and sides."""
    found: dict[str, tuple[tuple[int, int], ...]] = {}
    for row, sides in enumerate(STATES):
        for side, base in enumerate(sides):
            for word in base | every_form(base) | {form for one in base for form in related_forms(one)}:
                found[word] = (*found.get(word, ()), (row, side))
    return found


# -- Offices -----------------------------------------------------------------------------------------------------------

_LEFT = lazy_compile(rf"\b{any_of(every_form(LEAVING))}\b")
_TAKEN = lazy_compile(rf"\b{any_of(every_form(TAKING))}\b")
_FORMER = lazy_compile(
    r"\b(?:former|ex|outgoing|late|then|predecessor|from|succeed(?:s|ed|ing)?|replac(?:es?|ed|ing))[\s-]"
    r"(?:[a-z]+\s){0,3}$"
)
_BY = lazy_compile(r"\bby\s(?:[a-z]+\s){0,3}$")
_FORMER_BEHIND = lazy_compile(
    r"^,?\s(?:\d{1,3},\s)?(?:(?:an?|the|its|their|his|her)\s)?(?:(?:former|ex|outgoing|late)[\s-]|who\s[^,.;]*\buntil\b)"
)


def stands_in_office(sentence: str, name: str) -> Literal["takes", "leaves"] | None:
    """Whether a sentence tells that the person of that name takes an office or leaves it. None if neither.

    They leave it in "Jon Tarr resigned", "dismissed Jon Tarr", "took over from Ida Cole" and "the former mayor Ida
    Cole", and take it in "appointed Lena Voss" and "Lena Voss was sworn in as mayor".
    """
    low, who = fold(sentence), fold(name)
    at = low.find(who)
    if at < 0:
        return None
    before, rest = low[max(0, at - 40) : at], low[at + len(who) : at + len(who) + 90]
    pieces = _CLAUSE_END.split(rest[:60].lstrip(", "))
    # "Jon Tarr, the finance director, will take over": what stands between commas does not hide the verb.
    between = rest.startswith(",") and len(pieces) > 1 and not (_TAKEN.search(pieces[0]) or _LEFT.search(pieces[0]))
    after = pieces[1] if between else pieces[0]
    if _BY.search(before):  # "was replaced by Lena Voss"
        return "takes" if _LEFT.search(before) else None
    if _FORMER.search(before) or _FORMER_BEHIND.match(rest):
        return "leaves"
    for verb in reversed(before.rpartition(",")[2].split()[-OBJECT_WORDS:]):  # "dismissed the chairman Victor Amsel"
        if _TAKEN.fullmatch(verb):
            return "takes"
        if _LEFT.fullmatch(verb):
            return "leaves"
    taken, left = _TAKEN.search(after), _LEFT.search(after)
    if taken and (not left or taken.start() < left.start()):
        return "takes"
    return "leaves" if left else None


_DEPUTY = lazy_compile(rf"\b{any_of(DEPUTIES)}[\s-](?P<office>[a-z]+)\b")


def deputies(sentence: str) -> list[str]:
    """The offices that a sentence gives to a deputy: "coach" of "the assistant coach"."""
    return [match["office"] for match in _DEPUTY.finditer(fold(sentence))]


# -- Values of before --------------------------------------------------------------------------------------------------

_EARLIER = lazy_compile(rf"\b{any_of(EARLIER)}\b")


def recalls(sentence: str, at: int) -> bool:
    """Whether the value at offset ``at`` is told as one of before: "had put it at 14", "initially 14"."""
    before = _CLAUSE_END.split(fold(sentence[max(0, at - BEFORE) : at]))[-1]
    return bool(_EARLIER.search(before))


_MOVED = r"\b(?:climbed|cut|down|dropped|fallen|fell|increased|jumped|lowered|raised|reduced|rise|risen|rose|sank|up)\b"
_FROM_BEFORE = lazy_compile(
    rf"{_MOVED}[^.;]{{0,40}}\bfrom\s\W*$|\b(?:above|below) the\s\W*$|\b(?:instead of|rather than)\s\W*(?:the\s)?$"
)
_NOW = lazy_compile(
    r"\b(?:it|there|they)\s(?:are|has|have|is)\snow\s(?:(?:about|around|at|just|nearly|only|some)\s)?\W*$"
)
_NO_NOUN = lazy_compile(r"^\W*(?:$|[.,;)])")
_ENDS_FROM = lazy_compile(r"\bfrom\s\W*$")
_TO = lazy_compile(r"^\W*(?:[\w’'-]+\W+){0,3}to\s\W*$")


def succession(sentence: str, value: tuple[int, int], other: tuple[int, int]) -> Literal["newer", "older"] | None:
    """What the value at the offsets ``other`` is to another value of the sentence, as its words tell.

    In "costs 2.60, down from 2.80" the second is older, and in "cut from 2.80 to 2.60" it is newer.
    """
    if _is_of_before(sentence, other, value) and not _is_of_before(sentence, value, other):
        return "older"
    if _is_of_before(sentence, value, other) and not _is_of_before(sentence, other, value):
        return "newer"
    return None


def _is_of_before(sentence: str, one: tuple[int, int], other: tuple[int, int]) -> bool:
    before = fold(sentence[max(0, one[0] - BEFORE) : one[0]])
    to = other[0] > one[1] and _TO.match(fold(sentence[one[1] : other[0]]))
    if _FROM_BEFORE.search(before) or (to and _ENDS_FROM.search(before)):
        return True
    # "Nineteen people worked there in spring, and there are now twelve."
    now = other[0] > one[1] and _NOW.search(fold(sentence[one[1] : other[0]]))
    return bool(now and _NO_NOUN.match(sentence[other[1] :]))


_POSTPONED = rf"\b{any_of(every_form(POSTPONING))}\b[^.;,]{{0,30}}\b(?:to|till|until)\s"
_MOVED_TO = lazy_compile(rf"{_POSTPONED}\W*$")


def is_new_day(sentence: str, at: int) -> bool:
    """Whether the day at offset ``at`` is that of a plan that was moved: "has been put back to 30 June"."""
    return bool(_MOVED_TO.search(fold(sentence[max(0, at - BEFORE) : at])))


_WISHED = lazy_compile(rf"\b{any_of(every_form(WISHING))}\b")


def wished(sentence: str, at: int) -> bool:
    """Whether the value at offset ``at`` is only asked for: "she wants it cut to 2.60 crowns"."""
    before = _CLAUSE_END.split(fold(sentence[max(0, at - BEFORE) : at]))[-1]
    return bool(_WISHED.search(before))


_CHANGED = lazy_compile(rf"\b{any_of(CHANGING)}\b|{_POSTPONED}")


def tells_of_change(sentence: str) -> bool:
    """Whether a sentence tells that something has changed: "now", "rose to", "put back to"."""
    return bool(_CHANGED.search(fold(sentence)))


# -- Whose figure it is ------------------------------------------------------------------------------------------------

_HEDGES = any_of(
    frozenset(
        """
        a about almost around at barely by closer exactly fewer good just least less more most nearer nearly no not only
        over perhaps roughly some than the under up to
        """.split()
    )
)
_HEDGED = rf"(?:(?:{_HEDGES})\s)*"
_BE = r"(?:is|are|was|were|has been|have been|had been|stands at|stood at|comes to|came to)"
_IT = rf"(?:it[’']s\s|(?:it|this|that|there|the (?:\w+\s)?(?:count|figure|number|sum|toll|total))\s{_BE}\s)?"
_FIGURES = lazy_compile(
    rf"(?<!\w)(?<!\bis\s)(?<!\bare\s)(?<!\bwas\s)(?<!\bwere\s)(?<!\bbeen\s)(?:(?:now|still|also)\s)?"
    rf"(?:{any_of(PLACING | finite(PLACING))}\s(?P<about>[^.;:\d]{{0,50}}?\b)(?:at|as)(?=\s)"
    rf"|{any_of(FIGURING | finite(FIGURING))}\b|(?<!s\s)(?P<records>{any_of(RECORDING | finite(RECORDING))}\b))"
)
_ACCORDING = lazy_compile(
    r"[^.;\d]{0,60}?\b(?:according to|if (?:one|you) asks?) (?P<who>(?:(?:the|an?|its|his|her)\s)?[\w’' -]{2,40})"
)
_ACCORDING_AHEAD = lazy_compile(r"(?:^|[.;:,]\s)according to (?P<who>[^,.;:\d]{2,60})(?:,\s[^.;:]*|\s)$")
_HARD_STOP = lazy_compile(r"[.;:]\s|,?\s(?:but|while|whereas|against)\s")
_NOBODY = (
    r"(?!(?:and|as|at|but|by|for|from|if|in|nobody|not|of|on|that|to|what|when|which|while|who|"
    rf"{any_of(SUBJECT_PRONOUNS)})\b)"
)
_NAME = rf"{_NOBODY}(?:(?:the|an?|its|their|his|her)\s)?[^\W\d][\w’' -]{{1,40}}?"
_SOMEBODY = rf"(?P<who>{_NAME})"
_OF_TALLY = rf"['’]s?\s(?:own\s)?(?:[a-z]+\s)?{any_of(TALLIES)}\b"
_SAYS = any_of(SAYING | VOICING | finite(SAYING | VOICING))
# "Fourteen, says the union", "Not so, says the union: fourteen", "The union scoffs: “Fourteen”"
_SAID_BEHIND = lazy_compile(
    rf"[^.;:,\d]{{0,40}},[”\"’']?\s{_SAYS}\s(?!(?:{any_of(SUBJECT_PRONOUNS | {'that'})})\b)(?P<who>[^,.;:\d]{{2,60}})"
)
_SAID_BY_BEHIND = lazy_compile(rf"[^.;:,\d]{{0,40}},[”\"’']?\s{_SOMEBODY}\s{_SAYS}(?=[.;:,]|$)")
_SAID_AHEAD = lazy_compile(
    rf"(?:\b{_SAYS}\s(?P<who>[^,.;:\d]{{2,60}}?)|(?:^|[.;]\s)(?P<by>{_NAME})\s{_SAYS}):"
    rf"\s[“\"‘']?{_IT}{_HEDGED}$"
)
# "By the guild's count 81 walked out", "81, by the guild's count", "the county's figure for guests is 14"
_TALLIED_BEHIND = lazy_compile(rf"[^.;:\d]{{0,40}}?\bby\s{_SOMEBODY}{_OF_TALLY}")
_TALLIED_AHEAD = lazy_compile(
    rf"(?:^|[.;:,]\s)(?:(?:by|on)\s)?{_SOMEBODY}{_OF_TALLY}(?:\s(?:for|of)\s(?P<about>[^,.;:\d]{{2,30}}?))?"
    rf"(?:\s{_BE})?,?\s{_IT}{_HEDGED}$"
)
# "The union holds to 46, the growers to 31": the verb stands in the first part alone.
_GAPPED = lazy_compile(
    r"(?:^|,\s)(?:and\s)?(?P<who>(?:(?:[Tt]he|[Aa]n?|its|their)\s)?[^\W\d][\w’' -]{1,40}?)"
    r"(?:,\s[^,;\d]{1,60})?,?\s(?:at|to|about|of)\s*$"
)
_DEED = lazy_compile(r"\s*(?:that\s)?(?:it|he|she|we|i|they)\s(?:(?:had|will)\s)?(?P<about>[a-z]+)\b")
# "Wages, says the union, cost 12"
_INVERTED = lazy_compile(r"\s(?:(?:the|an?|its|their|his|her)\s)?[^,.;:\d]{2,50},\s")
OPENING = ("at ", "by ", "from ", "in ", "on ")  # which begin a place or a time, and nobody
# "says it has 450", "says the tunnel cost 19 million", "says that the real number is 46"
_OWN = lazy_compile(r"\b(?:(?:it|he|she|we|i|they) (?:has|have|had)|(?:he|she|we|i|they) (?:am|is|are|was|were))\b")
_SUBJECT_OF = lazy_compile(
    rf"\s*(?:that\s)?(?:the|its|their|his|her|an?)\s(?P<about>(?:[a-z’'-]+\s){{1,5}}?){_HEDGED}$"
)
REACH = 5  # the most words between the verb with which somebody gives a figure, and the figure
_BEGINS = lazy_compile(
    rf"(?:^|[.;:“\"(–—]\s?)(?:(?:actually|in fact|in truth),?\s)?(?:(?:it|there)\s{_BE}\s)?{_HEDGED}$"
)
_COMMA = lazy_compile(rf",\s{_HEDGED}$")
_ENDS_HEDGED = lazy_compile(rf"[\w,]\s{_IT}{_HEDGED}$")
_BEHIND = lazy_compile(r"[^,.;:]*[,.;:]?[”\"]?(?:,\s(?:and|but|though|while|which|who|whose)\b|[.;:]|\s[A-Z]|\s*$)")


@cache
def _records() -> frozenset[str]:
    return frozenset(RECORDING | finite(RECORDING))


class Giver(NamedTuple):
    """Who gives a figure, in the words of the sentence.

    Attributes:
        who: "the police", of "the police put the crowd at 300".
        about: what they give it for: "the crowd"; "" if the words do not say.
        alone: whether they give it as that of what was told before: "the union says 14", "14, says the union", and not
            "the union says it has 14 members".
        firm: whether they give it with a verb that is used for nothing else: "says 14", and not "found 14".
        inner: whether ``about`` is the subject of a clause of its own: "says the tunnel cost 14 million".
    """

    who: str
    about: str = ""
    alone: bool = True
    firm: bool = True
    inner: bool = False


def giver(sentence: str, start: int, end: int) -> Giver | None:
    """Who gives the value at ``start:end`` as theirs: "the land workers’ union".

    None if the article itself gives it, as far as can be seen.
    """
    low = _low(sentence)

    def given(span: tuple[int, int], *, alone: bool, about: str | None = None) -> Giver | None:
        who = sentence[slice(*span)].strip()
        return Giver(who, about or "", alone) if words(who) else None

    begins = bool(_BEGINS.search(low, 0, start))
    for behind in (_ACCORDING, _SAID_BEHIND, _SAID_BY_BEHIND, _TALLIED_BEHIND):
        if found := behind.match(low, end):
            next_to = bool(_COMMA.search(low, 0, start)) and found.start("who") - end <= len(" according to ")
            return given(found.span("who"), alone=(begins or next_to) and bool(_BEHIND.match(sentence, found.end())))
    if said := _SAID_AHEAD.search(low, 0, start):
        return given(said.span(said.lastgroup or 0), alone=True)
    stops = [stop.end() for stop in _HARD_STOP.finditer(low, 0, start)]
    clause = stops[-1] if stops else 0
    ahead = low[:start]
    if found := _ACCORDING_AHEAD.search(ahead, clause):
        return given(found.span("who"), alone=bool(_ENDS_HEDGED.search(ahead)))
    if found := _TALLIED_AHEAD.search(ahead, clause):
        return given(found.span("who"), alone=True, about=found["about"])
    return _giver_with_verb(sentence, low, stops[-1] if stops else None, start)


def _giver_with_verb(sentence: str, low: str, stop: int | None, start: int) -> Giver | None:
    """Who gives the value at ``start`` with a verb in front of it, which may be left out behind the ``stop``."""
    clause = stop or 0
    verbs = list(_FIGURES.finditer(low, clause, start))
    verbs = [verb for verb in verbs if not verb["records"]] or verbs  # "says that it came to 9"
    # "Crane puts it at 2.4 million; Petra Sandoval, an economist, at 1.5"
    since = verbs[-1].end() if verbs else clause if stop and _FIGURES.search(low, 0, clause) else None
    if since is None:
        return None
    if gapped := (_GAPPED.search(sentence, since, start) if verbs else _GAPPED.match(sentence[since:start])):
        return Giver(gapped["who"].strip())
    who = _subject(sentence[clause : verbs[-1].start()]) if verbs else None
    # "Three thousand, said the council, which has 9,300 islanders"
    if not who or any(w in CARDINALS or w[0].isdigit() for w in words(who)):
        return None
    ahead, between = low[clause : verbs[-1].start()].rstrip(), low[since:start]
    if fold(who).startswith(OPENING) or (ahead.endswith(",") and _INVERTED.match(between)):
        return None
    subject = _subject_of_clause(between)
    alone = len(between.split()) <= REACH and not _OWN.search(between)
    about = verbs[-1]["about"] or subject or ""
    return Giver(who, about.strip(), alone, firm=not verbs[-1]["records"], inner=subject is not None)


def _subject_of_clause(between: str) -> str | None:
    """What a clause between a verb and a figure is about: "tunnel cost" of "the tunnel cost". None for "it was"."""
    found = _SUBJECT_OF.match(between) or _DEED.match(between)
    if found is None or found["about"] in BE | {"come", "comes", "came", "stands", "stood"}:
        return None
    return None if found["about"].split()[-1] in _records() else found["about"]  # "says his timesheets show 54"


_PERIOD = any_of(frozenset({"century", "decade", "month", "quarter", "season", "time", "year", *SEASONS}))
_WISHED_FOR = lazy_compile(rf"\b{any_of(UNREAL)}\b")
_UNREAL = lazy_compile(
    r"\b(?:not(?! (?:so|more|fewer|less)\b)|never|neither|nor|cannot)\b|n[’']t\b"
    rf"|\b(?:ago|(?:last|next|past) {_PERIOD}|(?:19|20)\d\d|{any_of(EARLIER)})\b"
)
_OPENING_TIME = lazy_compile(
    rf"(?:^|[“\"])(?:(?:by|in|last|on|since|this|until)\s(?:\w+\s)?"
    rf"{any_of(frozenset(fold(name) for name in (*CALENDAR_NAMES, *SEASONS)))}\b"
    rf"|(?:\w+\s){{1,3}}(?:ago|earlier|later)\b)"
)


def opening_times(sentence: str) -> frozenset[str]:
    """Return the times with which a sentence or a quotation begins: "In October it was 51 percent"."""
    return frozenset(m.group() for m in _OPENING_TIME.finditer(fold(sentence)))


_OPEN = lazy_compile(r"\b(?:if|unless|whether)\b|\?")
_CLAUSE = lazy_compile(r"[,.;:–—]\s")


def is_real(sentence: str, at: int, modals: frozenset[str] = frozenset()) -> bool:
    """Whether a sentence tells the value at offset ``at`` as one that is.

    It may also be wanted, denied, asked for or of another time, or ``modals`` may make it one that might be.
    """
    low = _low(sentence)
    since = max((m.end() for m in _CLAUSE.finditer(low, 0, at)), default=0)
    until = next((m.start() for m in _CLAUSE.finditer(low, at)), len(low))
    if _OPEN.search(low) or _WISHED_FOR.search(low, since, at) or _UNREAL.search(low, since, until):
        return False
    return not modals & set(words(low[since:until]))


_OF_WHOLE = lazy_compile(rf"(?:\d|\b{any_of(CARDINALS)})\sof\s$|\bof\s(?:the|its|their|his|her|all)\s$")


def is_whole(sentence: str, at: int) -> bool:
    """Whether the value at offset ``at`` is that of which another one is a part: 34 of "nine of the 34 staff"."""
    return bool(_OF_WHOLE.search(fold(sentence[max(0, at - BEFORE) : at])))


_TAIL = lazy_compile(
    r"(?:\s?(?:%|per\s?cent\b))?(?P<tail>(?:[^.;:,–—”\"]|[.,](?=\d))*?)"
    r"(?=[.;:,–—”\"](?!\d)|\s(?:according|all told|altogether|among|and|at|because|but|in all|in total|instead"
    r"|of (?:them|these|those)|once|or|since|then|until|when|while|who)\b|$)"
)


def tail_of_figure(sentence: str, end: int) -> str:
    """Return what a clause says behind its figure, which ends at ``end``: "are out" of "1,620 are out"."""
    found = _TAIL.match(sentence, end)
    return found["tail"].strip() if found else ""


def whose_figure(sentence: str, start: int, end: int) -> str | None:
    """Return the words of the sentence for whoever gives the value at ``start:end``. See ``giver``."""
    found = giver(sentence, start, end)
    return found.who if found else None


_OPENED = lazy_compile(
    r"^(?:after|at|by|during|for|in|on|since|until|within)\s.*\s(?=(?:an?|he|it|she|the|they|its|his|her|their)\b)"
)


_AT_WHOM = lazy_compile(r"^(?:At|For|In)\s(?P<who>(?:the\s)?[A-Z][\w’'&. -]*?)\sthey\b")  # "At Ash & Co they"


def _subject(words_before: str) -> str | None:
    """The subject in the words before a verb, without what is set behind it by commas.

    It is "the vet" of "By Tuesday evening the vet, Greta Holm, had", and "he" of "In a report he".
    """
    first = words_before.strip(" ,").split(",")[0].strip()
    if among := _AT_WHOM.match(first):
        return among["who"]
    opened = _OPENED.match(first.lower())
    return first[opened.end() :] if opened else first or None


_OR_ELSE = lazy_compile(
    r"(?:\s[a-z]+){0,3}(?:(?P<or>,?\sor)|,|\s\()\s?(?:(?:about|around|as\s(?:few|many)\sas|at\s(?:least|most)|just|only)\s)?"
)
_RIGHT_BEHIND = lazy_compile(r"(?:\s[a-z]+)?\saccording\sto\b")


def gives_two(sentence: str, one: tuple[int, int], other: tuple[int, int]) -> bool:
    """Whether a second figure takes the place of the first one: "8,000 people, or 3,500 according to the police"."""
    low = sentence.lower()
    between = _OR_ELSE.fullmatch(low, one[1], other[0])
    return bool(between and (_ACCORDING if between["or"] else _RIGHT_BEHIND).match(low, other[1]))
