"""Words, stems, numbers and names of a text: what retrieval, reader and verification compare."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from threading import Lock
from typing import Literal, NamedTuple

import snowballstemmer

# The original Porter algorithm, because FTS5's `porter` tokenizer uses it: stems here equal stems in the index.
_stemmer = snowballstemmer.stemmer("porter")
_stemming = Lock()  # it keeps the word it works on: questions in two threads would stem each other's

_WORD = re.compile(r"\w+(?:[’'.]\w+)*")

# Function words of English and the frame of a question. They carry no content to look for.
STOPWORDS = frozenset(
    """
    a about above after again all also am an and any are as asked at be became because been before being between
    both but by can could describe did do does doing done down during each ever every few for from further get
    gets give given gave got had has have having he her here hers him his how i if in into is it its itself just
    kind know made make many may me might more most much must my name near no nor not now of off often on once
    one only or other our out over own people per said same say says she should so some still such take taken
    tell than that the their them then there these they thing this those through to told too under until up upon
    us very was we were what when where whether which while who whom whose why will with within would you your
    according article articles report reported reports
    """.split()
)

Wanted = Literal["person", "time", "place", "number", "reason", "quotation", "any"]


def fold(text: str) -> str:
    """Lower case, without diacritics, curly quotes straightened: equal for spellings a reader takes as equal."""
    if text.isascii():
        return text.casefold()
    decomposed = unicodedata.normalize("NFKD", text.replace("’", "'"))
    return "".join(ch for ch in decomposed if not unicodedata.combining(ch)).casefold()


@lru_cache(maxsize=100_000)
def stem(word: str) -> str:
    """The Porter stem of one folded word."""
    with _stemming:
        return str(_stemmer.stemWord(word))


@lru_cache(maxsize=20_000)
def words(text: str) -> tuple[str, ...]:
    """Folded words in order; possessive endings dropped, points inside abbreviations dropped ("U.S." → "us")."""
    found = (m.group().removesuffix("'s").replace(".", "").replace("'", "") for m in _WORD.finditer(fold(text)))
    return tuple(word for word in found if word)


@lru_cache(maxsize=20_000)
def stems(text: str) -> tuple[str, ...]:
    """Stems of all words of a text, in order."""
    return tuple(stem(word) for word in words(text))


# "How long is the line?" asks for a number; a sentence that answers need not say "long".
_FRAME = re.compile(
    r"\b[Hh]ow (?:long|far|large|big|high|deep|old|fast|wide|heavy|tall|soon|often)\b"
    r"|\b(?:[Oo]n )?(?:[Ww]hat|[Ww]hich) (?:calendar )?(?:date|day|year|month|reasons?|number)\b"
)


def content_words(question: str) -> tuple[str, ...]:
    """The distinct words of a question worth looking for, in order; all of its words if every one is common."""
    every = tuple(dict.fromkeys(words(_FRAME.sub(" ", question))))
    # "US", "May" and "Will" are names where they are written so, whatever the list says.
    capital = {word for name in names(question) for word in words(name)}
    return tuple(word for word in every if word not in STOPWORDS or word in capital) or every


_NAME = re.compile(
    r"\b[A-ZÀ-ÖØ-ÞĀ-Ž][\w’'.-]*"
    r"(?:\s+(?:(?:of|the|de|van|von|der|al|and|&)\s+)*[A-ZÀ-ÖØ-ÞĀ-Ž][\w’'-]*(?:\.[\w’'-]+)*)*"
)
_QUESTION_WORDS = frozenset(
    """
    who whom whose what when where which why how did do does is are was were has have had can could will would
    should in on at by for from to with after before during since until according if the a an it he she they
    this that these those there and but so name list tell give describe explain please
    """.split()
)


@lru_cache(maxsize=20_000)
def names(text: str) -> tuple[str, ...]:
    """Capitalised runs that look like names; a capital that only opens the sentence is dropped for common words."""
    found = []
    for match in _NAME.finditer(text):
        parts = match.group().split()
        while parts and fold(parts[0]).strip(".'") in _QUESTION_WORDS:
            parts = parts[1:]
        if parts:
            found.append(" ".join(parts).rstrip(".'’"))
    return tuple(found)


_ONES = {
    word: value
    for value, word in enumerate(
        """
    zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen
    seventeen eighteen nineteen
    """.split()
    )
}
_TENS = {
    word: 10 * (i + 2)
    for i, word in enumerate(
        """
    twenty thirty forty fifty sixty seventy eighty ninety
    """.split()
    )
}
_SCALE = {"hundred": 100, "thousand": 1_000, "million": 1_000_000, "billion": 1_000_000_000, "trillion": 10**12}
_MAGNITUDE = {"k": "thousand", "m": "million", "mn": "million", "bn": "billion", "tn": "trillion"}
_SMALL = "|".join([*_ONES, *_TENS])
_NUMBER = re.compile(
    rf"(?<![\w.])(?P<digits>\d{{1,3}}(?:,\d{{3}})+(?:\.\d+)?|\d+(?:\.\d+)?)"
    rf"(?:[\s-]?(?P<scale>{'|'.join(_SCALE)}|bn|mn|tn)\b|(?P<letter>[mk])\b)?"  # "5 m" are metres, "5m" a sum
    rf"|\b(?P<words>(?:{_SMALL})(?:[\s-](?:{_SMALL}))?)(?:[\s-](?P<wscale>{'|'.join(_SCALE)}))?\b",
    re.IGNORECASE,
)


class Number(NamedTuple):
    """A number as written at ``start:end`` of the folded text, with its value."""

    value: float
    start: int
    end: int


def numbers(text: str) -> tuple[float, ...]:
    """Every number written in digits or words, as a value: "2.5 million" → 2500000.0, "thirty-one" → 31.0."""
    return tuple(number.value for number in find_numbers(fold(text)))


def find_numbers(folded: str) -> tuple[Number, ...]:
    """The numbers of an already folded text, with where they stand in it."""
    found = []
    for match in _NUMBER.finditer(folded):
        scale = match["scale"] or match["letter"] or match["wscale"]
        if match["digits"]:
            value = float(match["digits"].replace(",", ""))
        else:
            value = float(sum(_ONES.get(w, _TENS.get(w, 0)) for w in re.split(r"[\s-]", match["words"])))
        value *= _SCALE[_MAGNITUDE.get(scale, scale)] if scale else 1
        found.append(Number(value, match.start(), match.end()))
    return tuple(found)


_ASKS: tuple[tuple[re.Pattern[str], Wanted], ...] = (
    (re.compile(r"\b(?:exact words|quote|quotation|in what words|what words|verbatim)\b"), "quotation"),
    (re.compile(r"\bhow (?:many|much|large|big|long|far|high|deep|old|fast|wide|heavy|tall)\b"), "number"),
    (re.compile(r"\bwhat (?:number|share|percentage|proportion|amount|price|sum|figure|fine|cost|rate)\b"), "number"),
    (re.compile(r"\b(?:when|what (?:date|day|time|year|month)|which (?:date|day|year|month)|how soon)\b"), "time"),
    (re.compile(r"\bon which (?:calendar )?da(?:te|y)\b|\bthe (?:calendar )?date (?:of|on|when|at)\b"), "time"),
    (re.compile(r"\b(?:where|(?:which|what) (?:town|city|place|country|port|village|region|street))\b"), "place"),
    (re.compile(r"\b(?:why|what (?:reason|reasons|cause|caused)|for what reason|how come)\b"), "reason"),
    (re.compile(r"\b(?:who|whom|whose|which (?:person|official|minister|politician))\b"), "person"),
)


def wanted(question: str) -> Wanted:
    """What kind of answer a question asks for, by its question words."""
    folded = fold(question)
    return next((kind for pattern, kind in _ASKS if pattern.search(folded)), "any")


_TIME = re.compile(
    r"\b(?:(?:mon|tues|wednes|thurs|fri|satur|sun)day|yesterday|today|tomorrow|tonight|overnight|january|february|"
    r"april|june|july|august|september|october|november|december|jan\.|feb\.|aug\.|sept\.|oct\.|nov\.|dec\.|"
    r"(?:early|late|mid|in|on|by|since|until|last|next) (?:march|may)|(?:march|may) \d|\d (?:march|may)|(?:19|20)\d\d|"
    r"\d{1,2}(?::\d\d)?\s?[ap]\.?m\b|(?:last|next|this|earlier this|a|an|\w+) (?:week|month|year|hour|decade)s?|"
    r"morning|noon|midnight|evening|weekend|days? (?:ago|later|earlier))"
)
_PLACE = re.compile(
    r"\b(?:in|at|near|from|to|off|outside|on|into|across|along|between|north|south|east|west) (?:the )?[A-Z]"
)
_REASON = re.compile(
    r"\b(?:because|since|due to|owing to|after|as|so that|in order to|to (?:avoid|allow|prevent|protect|ensure|give)|"
    r"caused|cause|blamed|reason|led to|citing|amid|over|for fear|which would|would)\b"
)
PRONOUN = re.compile(r"\b(?:[Hh]e|[Ss]he|[Tt]hey)\b")
_QUOTED = re.compile(r"[“\"]")


def offers(sentence: str, kind: Wanted, question: str) -> bool:
    """Whether a sentence holds anything of the kind wanted that the question does not already contain.

    A pronoun counts as a person: who it is stands in the sentence before.
    """
    if kind == "person":
        if PRONOUN.search(sentence):
            return True
        asked = {word for name in names(question) for word in words(name)}
        return any(any(word not in asked for word in words(name)) for name in names(sentence))
    if kind == "number":
        return bool(set(numbers(sentence)) - set(numbers(question)))
    if kind == "time":
        return bool(_TIME.search(fold(sentence)))
    if kind == "place":
        return bool(_PLACE.search(sentence))
    if kind == "reason":
        return bool(_REASON.search(fold(sentence)))
    if kind == "quotation":
        return bool(_QUOTED.search(sentence))
    return True
