"""What kind of answer a question asks for, and whether a sentence can give one."""

from __future__ import annotations

import re
from typing import Literal

from .characters import CAPITAL, fold, normalise
from .lexicon import COMMON_WORD_MONTHS, HOURS_OF_DAY, MONTHS, TIME_UNITS
from .names import names
from .numbers import find_numbers
from .temporal.patterns import MONTH_ABBREVIATION, PART_OF_DAY, RELATIVE_DAY, WEEKDAY, YEAR, either
from .tokens import STOPWORDS, words

AnswerType = Literal["person", "time", "place", "number", "reason", "quotation", "any"]


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


_ASKS: tuple[tuple[re.Pattern[str], AnswerType], ...] = (
    (re.compile(r"\b(?:exact words|quote|quotation|in what words|what words|verbatim)\b"), "quotation"),
    (re.compile(r"\bhow (?:many|much|large|big|long|far|high|deep|old|fast|wide|heavy|tall)\b"), "number"),
    (re.compile(r"\bwhat (?:number|share|percentage|proportion|amount|price|sum|figure|fine|cost|rate)\b"), "number"),
    (re.compile(r"\b(?:when|what (?:date|day|time|year|month)|which (?:date|day|year|month)|how soon)\b"), "time"),
    (re.compile(r"\bon which (?:calendar )?da(?:te|y)\b|\bthe (?:calendar )?date (?:of|on|when|at)\b"), "time"),
    (re.compile(r"\b(?:where|(?:which|what) (?:town|city|place|country|port|village|region|street))\b"), "place"),
    (re.compile(r"\b(?:why|what (?:reason|reasons|cause|caused)|for what reason|how come)\b"), "reason"),
    (re.compile(r"\b(?:who|whom|whose|which (?:person|official|minister|politician))\b"), "person"),
)


def answer_type(question: str) -> AnswerType:
    """What kind of answer a question asks for, by its question words."""
    folded = fold(question)
    return next((kind for pattern, kind in _ASKS if pattern.search(folded)), "any")


# Case tells nothing in a folded text: "march" and "may" are words, and Dawn may be somebody. A quarter is more often a
# fraction than a time.
_WORD_MONTH = either(COMMON_WORD_MONTHS)
_PLAIN_MONTH = either(month for month in MONTHS if month not in COMMON_WORD_MONTHS)
_HOUR = either(hour for hour in HOURS_OF_DAY if hour != "dawn")
_SPAN = either((*(unit for unit in TIME_UNITS if unit not in ("day", "quarter")), "hour", "decade"))
_TIME = re.compile(
    rf"\b(?:(?:{WEEKDAY}|weekend|{PART_OF_DAY}|{_HOUR}|\w+ {_SPAN})s?\b|(?:{RELATIVE_DAY}|overnight)\b|{YEAR}"
    rf"|(?:early|late|mid|in|on|by|since|until|last|next) {_WORD_MONTH}\b|{_WORD_MONTH} \d|\d {_WORD_MONTH}\b"
    rf"|{_PLAIN_MONTH}\b|{MONTH_ABBREVIATION}\.|\d{{1,2}}(?::\d\d)?\s?[ap]\.?m\b|days? (?:ago|later|earlier)\b)",
    re.IGNORECASE,
)


_PLACE = re.compile(
    r"\b(?:in|at|near|from|to|off|outside|on|into|across|along|between|north|south|east|west) (?:the )?" + CAPITAL
)


_REASON = re.compile(
    r"\b(?:because|since|due to|owing to|after|as|so that|in order to|to (?:avoid|allow|prevent|protect|ensure|give)|"
    r"caused|cause|blamed|reason|led to|citing|amid|over|for fear|which would|would)\b"
)


PRONOUN = re.compile(r"\b(?:[Hh]e|[Ss]he|[Tt]hey)\b")


_QUOTED = re.compile(r"[“\"]")


def can_answer(sentence: str, kind: AnswerType, question: str) -> bool:
    """Whether a sentence holds anything of the kind wanted that the question does not already contain.

    A pronoun counts as a person: who it is stands in the sentence before.
    """
    sentence = normalise(sentence)
    if kind == "person":
        if PRONOUN.search(sentence):
            return True
        asked = {word for name in names(question) for word in words(name)}
        return any(any(word not in asked for word in words(name)) for name in names(sentence))
    if kind == "number":
        return bool({n.value for n in find_numbers(sentence)} - {n.value for n in find_numbers(question)})
    if kind == "time":
        return bool(_TIME.search(fold(sentence)))
    if kind == "place":
        return bool(_PLACE.search(sentence))
    if kind == "reason":
        return bool(_REASON.search(fold(sentence)))
    if kind == "quotation":
        return bool(_QUOTED.search(sentence))
    return True
