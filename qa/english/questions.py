"""What a question asks for: the kind of answer, and whether a sentence can give one; whose words, and about what.

Both are read by form. "What has Zakharova said about foreign troops?" and "Everything Tiell said" ask for somebody's
words; whoever turns out to speak in no article makes that an ordinary question ("What does the report say about
brakes?", where nothing of the kind is quoted).
"""

from __future__ import annotations

import re
from typing import Literal

from ..model import Value
from .characters import CAPITAL, fold, normalise
from .inflection import IRREGULAR, PASTS, every_form
from .lexicon import (
    BE,
    COMMANDS,
    COMMON_WORD_MONTHS,
    DO,
    HAVE,
    HOURS_OF_DAY,
    INDEFINITE_PRONOUNS,
    MEASURES,
    MODALS,
    MONTHS,
    PEOPLE,
    PRESENT,
    PROSPECTIVE,
    SAYING,
    SCHEDULED,
    STATEMENTS,
    STOPWORDS,
    SUBJECT_PRONOUNS,
    THEN,
    THIRD_PERSON,
    TIME_UNITS,
    UNNAMED_PEOPLE,
    any_of,
    capitalised,
)
from .names import CAPITALISED, names
from .numbers import find_numbers
from .quotations import quotations
from .regex import lazy_compile
from .temporal.patterns import MONTH_ABBREVIATION, PART_OF_DAY, RELATIVE_DAY, WEEKDAY, YEAR
from .tokens import words

AnswerType = Literal["person", "time", "place", "number", "reason", "quotation", "any"]


# "How long is the line?" asks for a number; a sentence that answers need not say "long".
_FRAME = lazy_compile(
    rf"\b[Hh]ow {any_of(MEASURES - {'many', 'much'})}\b"
    r"|\b(?:[Oo]n )?(?:[Ww]hat|[Ww]hich) (?:calendar )?(?:date|day|year|month|reasons?|number)\b"
)


def content_words(question: str) -> tuple[str, ...]:
    """The distinct words of a question worth looking for, in order; all of its words if every one is common."""
    every = tuple(dict.fromkeys(words(_FRAME.sub(" ", question))))
    # "US", "May" and "Will" are names where they are written so, whatever the list says.
    capital = {word for name in names(question) for word in words(name)}
    return tuple(word for word in every if word not in STOPWORDS or word in capital) or every


_ASKS: tuple[tuple[re.Pattern[str], AnswerType], ...] = (
    (lazy_compile(r"\b(?:exact words|quote|quotation|in what words|what words|verbatim)\b"), "quotation"),
    (lazy_compile(rf"\bhow {any_of(MEASURES - {'often', 'soon'})}\b"), "number"),
    (lazy_compile(r"\bwhat (?:number|share|percentage|proportion|amount|price|sum|figure|fine|cost|rate)\b"), "number"),
    (lazy_compile(r"\b(?:when|what (?:date|day|time|year|month)|which (?:date|day|year|month)|how soon)\b"), "time"),
    (lazy_compile(r"\bon which (?:calendar )?da(?:te|y)\b|\b(?<!of )(?<!to )date (?:of|on|when|at)\b"), "time"),
    (lazy_compile(r"\b(?:where|(?:which|what) (?:town|city|place|country|port|village|region|street))\b"), "place"),
    (lazy_compile(r"\b(?:why|what (?:reason|reasons|cause|caused)|for what reason|how come)\b"), "reason"),
    (lazy_compile(r"\b(?:who|whom|whose|which (?:person|official|minister|politician))\b"), "person"),
)


def answer_type(question: str) -> AnswerType:
    """What kind of answer a question asks for, by its question words."""
    folded = fold(question)
    return next((kind for pattern, kind in _ASKS if pattern.search(folded)), "any")


_YES_OR_NO = lazy_compile(rf"\W*{any_of(BE, HAVE, DO, MODALS)}\b", re.IGNORECASE)


def is_yes_or_no(question: str) -> bool:
    """Whether a question can be answered with yes or no: "Is the bridge still closed?"."""
    return bool(_YES_OR_NO.match(question))


_NOW = lazy_compile(rf"\b{any_of(PRESENT)}\b")
_PAST = lazy_compile(r"\b(?:was|were|did|had)\b|\bin (?:19|20)\d\d\b")
_IS = lazy_compile(rf"\b{any_of(BE - {'was', 'were', 'been', 'being', 'be'}, HAVE - {'had'}, DO - {'did'})}\b")
_DOES = lazy_compile(r"^\W*(?:who|which \w+|what \w+)\s+(?!was\b)\w+s\b")


_THEN = lazy_compile(rf"\b(?:{any_of(THEN)}|first {any_of(every_form(SAYING | {'expect', 'plan'}))})\b")
_STEP = lazy_compile(r"\bby how (?:much|many)\b|\bhow (?:much|many) (?:\w+ )?(?:more|less|fewer|higher|lower)\b")


def asks_of_then(question: str) -> bool:
    """Whether a question asks what was the case at a time in the past: "… at first?", "… on the day of the leak?"."""
    return bool(_THEN.search(fold(question)))


_PLAN = lazy_compile(rf"\b(?:will|shall|{any_of(SCHEDULED, PROSPECTIVE)})\b")


def asks_of_a_plan(question: str) -> bool:
    """Whether a question asks for something to come: "When will it open?", "When is it expected to open?"."""
    return bool(_PLAN.search(fold(question)))


def asks_of_a_difference(question: str) -> bool:
    """Whether a question asks by how much something differs or has changed."""
    return bool(_STEP.search(fold(question)))


_BIRTH = lazy_compile(r"\b(?:born|birth|birthday)\b")
_DEATH = lazy_compile(r"\b(?:die|died|death)\b")


def asks_of_a_life(question: str) -> Literal["birth", "death"] | None:
    """Whether a question asks for somebody's birth, or for a death."""
    folded = fold(question)
    return "birth" if _BIRTH.search(folded) else "death" if _DEATH.search(folded) else None


_COUNTED = lazy_compile(r"\bhow many (?:(?:more|other) )?(?:of the )?(?P<words>[a-z-]+(?: [a-z-]+)?)\b")


_PLURAL = lazy_compile(rf"(?!{any_of(STOPWORDS)}\b)[a-z-]+(?<![isu])s")


def counted_in(question: str) -> str:
    """The noun of which a question asks how many there are; "" for people, whom sentences call by many names."""
    noun = counted_noun(question)
    return "" if noun.removesuffix("s") in UNNAMED_PEOPLE or noun in PEOPLE | STOPWORDS else noun


def counted_noun(question: str) -> str:
    """The noun of which a question asks how many there are, people too: "pickers" of "How many fruit pickers …?"."""
    match = _COUNTED.search(fold(question))
    noun, *others = match["words"].split() if match else [""]
    first = others and not noun.endswith("s") and (noun == "police" or noun not in PEOPLE)
    return others[0] if first and _PLURAL.fullmatch(others[0]) else noun  # "fruit pickers", "dead birds"


def asks_of_now(question: str) -> bool:
    """Whether a question asks how things are: "Who is …?", "Is it still …?", "Who runs …?", not "Who was …?"."""
    low = fold(question)
    return bool(_NOW.search(low) or (not _PAST.search(low) and (_IS.search(low) or _DOES.search(low))))


_PAST_HELPERS = ("was", "were", "did", "had")
_OTHER_HELPERS = ({*BE, *HAVE, *DO, *MODALS}) - {*_PAST_HELPERS, "be", "been", "being"}
_SAME_IN_PAST = any_of(base for base, (past, _) in IRREGULAR.items() if base in past)  # "shut", "hit"
_PAST_FORM = rf"(?:{any_of(PASTS - IRREGULAR.keys())}|(?!hundred)(?:\w+[a-df-z]|agre|fre|guarante|decre|refere)ed)"
_VERB = lazy_compile(
    r"\b(?:the|an?|remain|stay) \w+"  # "the proposed fare", "a left turn", "remain closed" are no verbs of the past
    rf"|(?P<past>\b{any_of(_PAST_HELPERS)}(?:n['’]t)?\b|\b{_PAST_FORM}\b(?!-)"
    rf"|^\W*(?:who|what|which \w+) {_SAME_IN_PAST}\b)"
    rf"|(?P<other>\b{any_of(_OTHER_HELPERS)}(?:n['’]t)?\b)"
)
_NAMES_LIKE_VERBS = lazy_compile(r"(?<=\S )(?:May\b|[A-Z]\w*ed\b)")


def asks_of_the_past(question: str) -> bool:
    """Whether a question asks what happened or was so: "Who was …?", "What did …?", "Who ordered the bridge shut?".

    The first verb tells: "Who said that the bridge is safe?" asks of the past, "Is the mayor who was arrested free?"
    does not.
    """
    found = _VERB.finditer(fold(_NAMES_LIKE_VERBS.sub("", question)))
    first = next((verb for verb in found if verb["past"] or verb["other"]), None)
    return bool(first and first["past"])


# Case tells nothing in a folded text: "march" and "may" are words, and Dawn may be somebody. A quarter is more often a
# fraction than a time.
_WORD_MONTH = any_of(COMMON_WORD_MONTHS)
_PLAIN_MONTH = any_of(month for month in MONTHS if month not in COMMON_WORD_MONTHS)
_HOUR = any_of(hour for hour in HOURS_OF_DAY if hour != "dawn")
_SPAN = any_of((*(unit for unit in TIME_UNITS if unit not in ("day", "quarter")), "hour", "decade"))
_TIME = lazy_compile(
    rf"\b(?:(?:{WEEKDAY}|weekend|{PART_OF_DAY}|{_HOUR}|\w+ {_SPAN})s?\b|(?:{RELATIVE_DAY}|overnight)\b|{YEAR}"
    rf"|(?:early|late|mid|in|on|by|since|until|last|next) {_WORD_MONTH}\b|{_WORD_MONTH} \d|\d {_WORD_MONTH}\b"
    rf"|{_PLAIN_MONTH}\b|{MONTH_ABBREVIATION}\.|\d{{1,2}}(?::\d\d)?\s?[ap]\.?m\b|days? (?:ago|later|earlier)\b)",
    re.IGNORECASE,
)


_PLACE = lazy_compile(
    r"\b(?:in|at|near|from|to|off|outside|on|into|across|along|between|north|south|east|west) (?:the )?" + CAPITAL
)


_REASON = lazy_compile(
    r"\b(?:because|since|due to|owing to|after|as|so that|in order to|to (?:avoid|allow|prevent|protect|ensure|give)|"
    r"caused|cause|blamed|reason|led to|citing|amid|over|for fear|which would|would)\b"
)


_PERSONAL = THIRD_PERSON - {"it"}
PRONOUN = lazy_compile(rf"\b{any_of(_PERSONAL, capitalised(_PERSONAL))}\b")
_FULL_NAME = lazy_compile(rf"\b{CAPITALISED} {CAPITALISED}")


def pronoun_alone(sentence: str) -> bool:
    """Whether a sentence speaks of somebody as "he", "she" or "they" and names nobody in full."""
    return bool(PRONOUN.search(sentence)) and not _FULL_NAME.search(sentence)


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
        return bool(quotations(sentence))
    return True


class SpeakerQuery(Value):
    """What a question for somebody's words asks for: whose, about what ("" for anything), and whether all of them."""

    who: str
    about: str = ""
    everything: bool = False


_SPEAKING = SAYING - {"add", "continue", "maintain", "tell"} | {"announce", "promise", "warn"}
_SAY = any_of(every_form(_SPEAKING))
_WHO = r"(?P<who>(?:the\s+|an?\s+)?[\w’'.-]+(?:\s+[\w’'.-]+){0,5}?)"
_ABOUT = r"(?:\s+(?:about|on|of|regarding|concerning|over|as to|in regard to|with regard to)\s+(?P<about>.+?))?"
_NOUNS = any_of(f"{noun}s" for noun in STATEMENTS | {"saying"})
_ALL = (
    r"(?:everything|anything|all(?:\s+(?:that|the\s+things|things))?"
    rf"|every(?:\s+single)?\s+{any_of(STATEMENTS, {'thing'})}|all\s+(?:of\s+)?(?:the\s+)?{_NOUNS})"
)
_STATEMENTS = rf"(?:the\s+)?{_NOUNS}"
_WHAT = r"what\s+(?:(?:else|exactly|precisely)\s+)?"
_LEAD = rf"(?:(?:please\s+)?{any_of(COMMANDS, {'collect'})}(?:\s+(?:me|us))?\s+)?"
_DID = any_of(HAVE, DO)
_HAS = rf"(?:{any_of(HAVE)}\s+)?"
_FORMS = tuple(
    lazy_compile(form, re.IGNORECASE)
    for form in (
        rf"{_WHAT}{_DID}\s+{_WHO}\s+(?:ever\s+)?{_SAY}(?:\s+so\s+far)?(?:\s+publicly)?{_ABOUT}",
        rf"{_WHAT}{_DID}\s+{_WHO}\s+(?:tell|told)\s+(?P<about>.+)",
        rf"what\s+(?!(?:exactly|else|precisely|{_DID})\b){_WHO}\s+{_HAS}{_SAY}{_ABOUT}",
        rf"{_LEAD}(?P<all>{_ALL})\s+(?:that\s+)?{_WHO}\s+{_HAS}(?:ever\s+)?{_SAY}{_ABOUT}",
        rf"{_LEAD}(?:(?P<all>all|every)\s+(?:of\s+)?)?{_STATEMENTS}\s+(?:made\s+)?(?:by|from|of)\s+{_WHO}{_ABOUT}",
    )
)
# "What did he say?" is for the conversation to resolve; "what people say" asks for nobody.
_NOBODY = lazy_compile(any_of(SUBJECT_PRONOUNS, INDEFINITE_PRONOUNS, {"people", "who"}), re.IGNORECASE)


def speaker_query(question: str) -> SpeakerQuery | None:
    """What a question for somebody's words asks for; None for any other question."""
    plain = question.strip().rstrip("?!. ")
    for form in _FORMS:
        match = form.fullmatch(plain)
        if match and not _NOBODY.fullmatch(match["who"]):
            about = match["about"] or ""
            everything = bool(match.groupdict().get("all")) or not about
            return SpeakerQuery(who=match["who"], about=about, everything=everything)
    return None


_JOINT = lazy_compile(
    r",?\s+and\s+(?=(?:(?:in|by|on|at|for|to|from|with)\s+)?(?:what|whom?|whose|how|when|where|why|which)\b"
    rf"|{any_of(HAVE, DO, BE)}\s)|;\s+|\?\s+(?=\S)",
    re.IGNORECASE,
)


def joined_questions(question: str) -> tuple[str, ...]:
    """The questions that a question joins ("Who resigned, and when did the court rule?"); none if it is a single one.

    A single word ("and why?") stands for nothing without the other question, so it is no part.
    """
    parts = tuple(part.strip() for part in _JOINT.split(question) if len(part.split()) > 1)
    return parts if len(parts) > 1 else ()
