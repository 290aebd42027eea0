"""Questions that a sentence answers: "Who ordered the Keller Bridge shut?" from a sentence that names who did.

Only sentences that are made simply give questions. Each question stands alone: it names what it is about, and nothing
in it points back to another sentence. Whether it can be answered from a library has to be tried.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

from .characters import fold
from .inflection import PARTICIPLES, PASTS, base_form
from .lexicon import (
    ARTICLES,
    BE,
    CALENDAR_NAMES,
    COMPANY_SUFFIXES,
    COUNTS,
    DEMONSTRATIVES,
    NEWSPAPERS,
    OBJECT_PRONOUNS,
    OPENERS,
    ORGANISATIONS,
    PLACES,
    PLURAL_PRONOUNS,
    POSSESSIVES,
    PREPOSITIONS,
    THIRD_PERSON,
    TRADES,
    WEEKDAYS,
    any_of,
    capitalised,
)
from .names import names
from .regex import lazy_compile
from .temporal.patterns import MONTH

Shape = Literal["who", "what", "when", "how many", "why", "said", "who said"]
"""What a question asks for. Questions of one shape sound alike."""

_OTHER = """
    say said tell told think thought know knew feel felt hope hoped want wanted seem seemed call called name named put
    keep kept let make made get got give gave
""".split()
"""Past forms after which a question of this kind sounds odd, or leaves out what matters."""

_DONE = "|".join(sorted(PASTS - {"was", "were", "had", "did", "been", *_OTHER}))
_WHO = lazy_compile(
    r"(?P<subject>[A-Z][\w’'.-]*(?: [\w’'.-]+){0,6}?) "
    rf"(?P<verb>(?!(?:{'|'.join(_OTHER)})\b)(?:[a-z]{{2,}}ed|{_DONE})) "
    rf"(?P<object>(?:{any_of(ARTICLES, COUNTS, {'all', 'every', 'both'})}|\d[\d,.]*|[A-Z][\w’'-]+) "
    r"(?:[^,;:()“”\"—–]|(?<=\d),(?=\d))+)"
)
_NAMED = lazy_compile(r"[A-Z]\w")
_BODY = lazy_compile(rf"The (?:\w+ )*{any_of(ORGANISATIONS, {'inquiry'})}")
_NO_NAME = OPENERS - {"of", "for"} | {"a", "an", "first", "last", "said", "says", "told"}
_NO_SUBJECT = lazy_compile(rf"(?i)\b(?:{any_of(_NO_NAME)}|\w+[’']s|\w+ed)\b")
_REST = lazy_compile(
    r"\b(?:after|before|because|when|while|since|until|although|but|despite|following|saying)\b.*"
    rf"|\bon {any_of(capitalised(WEEKDAYS))}\b.*|\b(?:yesterday|last (?:week|month|year))\b.*|[.!?](?:\s.*)?$"
)
_POINTING = THIRD_PERSON | OBJECT_PRONOUNS | POSSESSIVES | PLURAL_PRONOUNS | DEMONSTRATIVES
_SAID_BACK = lazy_compile(rf"(?i)\b(?:{any_of(_POINTING, {'i', 'we', 'you', 'such', 'so'})})\b")
_NO_NAMES = frozenset(map(fold, CALENDAR_NAMES))
_NAME_FIRST = lazy_compile(r"[A-Z][\w’-]+ [A-Z]")
_CLAUSE = lazy_compile(r"(?:that )?(?P<clause>(?:the|[A-Z])[\w’-]*(?: [\w’.,%-]*[\w’%-]){4,15})[.,]?")
_BACK = {"another", "other", "so", "such", "then", "there"}
_POINTS_BACK = lazy_compile(
    r"(?i)\b(?:and|at|by|of|to|as|for)$"
    rf"|\b(?!that\b){any_of(_POINTING, BE, _BACK)}\b"
)
_SUBJECT = r"(?P<subject>(?:The (?:[\w’-]+ ){0,3}?[\w’-]+)|[A-Z][\w’-]*(?: [A-Z][\w’-]*){0,3})"
_PASSED = rf"(?:[a-z]{{2,}}ed|{'|'.join(sorted(PARTICIPLES - {'been', 'had', *_OTHER}))})"
_ACTED = rf"(?!(?:{'|'.join(_OTHER)})\b)(?:[a-z]{{2,}}ed|{_DONE})"
_DONE_TO = lazy_compile(rf"{_SUBJECT} (?P<verb>(?:was|were) {_PASSED})\b")
_DOES = lazy_compile(rf"{_SUBJECT} (?P<verb>{_ACTED})\b")
_WHEN = lazy_compile(
    rf"\s+(?:on {any_of(capitalised(WEEKDAYS))}|(?:on |in )?(?:\d{{1,2}} )?{MONTH}(?: \d{{1,4}})?|in \d{{4}}|yesterday"
    r"|last (?:week|month|year))\b"
)
_MAIN = lazy_compile(r"(?:[^,;:.–—]|(?<=\d)[,.](?=\d))*")
_FRONT = lazy_compile(
    rf"(?:On|In) (?:{any_of(capitalised(WEEKDAYS))}|(?:\d{{1,2}} )?{MONTH}(?: \d{{1,4}})?|\d{{4}}),? (?=[a-zA-Z])"
)
_EXPLAINED = lazy_compile(
    r"^(?P<name>(?:The )?[A-Z][\w’-]*(?: [A-Z][\w’-]*){0,3}), (?!and\b|who\b)[^,.;]{3,60}, (?=[a-z]+\b)"
)
_SAYS_SO = lazy_compile(r", (?:according to [^,.;“”]{3,60}|[^,.;“”]{2,60} said)\.$")
_BECAUSE = lazy_compile(r",? because (?=(?:\S+ ){3})")
_BREAK = lazy_compile(r"[,;:()“”\"—–](?!\d)")
_COUNT = rf"(?:\d{{1,3}}(?:,\d{{3}})+|\d{{2,3}}|{any_of(COUNTS)})"
_NOUN = rf"(?!{any_of(PREPOSITIONS, BE)}\b)[a-z-]+"
_COUNTED = rf"(?P<what>(?:{_NOUN} ){{0,2}}(?:{_NOUN}s|people))"
_ENDS = lazy_compile(r"(?:[.!?]?$|,| (?:after|before|while|following|as|for|with)\b)")
_MANY_SUBJECT = lazy_compile(
    rf"(?i:(?:more than|at least|about|some|nearly|around|up to) )?(?i:{_COUNT}) {_COUNTED} "
    rf"(?P<verb>(?:were|had) {_PASSED}|{_ACTED})\b(?P<rest>[^.!?]*)[.!?]$"
)
_MANY_OBJECT = lazy_compile(
    rf"{_SUBJECT} (?P<verb>{_ACTED}) (?:(?:more than|at least|about|some|nearly|around|up to) )?{_COUNT} {_COUNTED}\b"
    r"(?P<rest>[^.!?]*)[.!?]$"
)
_BODIES = ORGANISATIONS | COMPANY_SUFFIXES | TRADES | NEWSPAPERS | PLACES
_FEWEST, _MOST = 3, 14  # words of what was done


def who_question(sentence: str) -> str | None:
    """Return a question for who did what a sentence tells of. None if the sentence is not made so simply."""
    match = _WHO.match(" ".join(sentence.split()))
    if match is None or not _is_named(match["subject"]):
        return None
    done = _REST.sub("", match["object"]).strip()
    if not _FEWEST <= len(done.split()) <= _MOST or _POINTS_BACK.search(done):
        return None
    return f"Who {match['verb']} {done}?"


def questions_about(sentence: str) -> Iterator[tuple[Shape, str]]:
    """Yield questions that a sentence answers, each with its shape: who, what, when, how many, why."""
    text, dated = _plain(" ".join(sentence.split()))
    if (who := who_question(text)) is not None:
        yield "who", who
    told = _told(text)
    if told is not None:
        clause, reason = _BECAUSE.split(text, maxsplit=1)[0], _BECAUSE.search(text)
        when = _WHEN.search(clause)
        ends = when and (when.start() if _ENDS.match(clause, when.end()) else None)
        if ends is None and dated and (main := _MAIN.match(clause)):
            ends = main.end()
        if ends is not None and (asked := _asked("When", *told, clause[:ends])):
            yield "when", asked
        if reason and (asked := _asked("Why", *told, clause[: when.start()] if when else clause)):
            yield "why", asked
        if who and (base := base_form(told[1])):
            yield "what", f"What did {_lowered(told[0])} {base}?"
    if (many := _how_many(text)) is not None:
        yield "how many", many


def _plain(text: str) -> tuple[str, bool]:
    """Return a sentence without what stands around its main clause, and whether it began with a day or a month.

    That is the day in front, what a name is explained with between commas, and who says so at the end.
    """
    dated = _FRONT.match(text)
    text = text[dated.end() :] if dated else text
    text = _EXPLAINED.sub(r"\g<name> ", text)
    text = _SAYS_SO.sub(".", text)
    return text[:1].upper() + text[1:], bool(dated)


def _told(text: str) -> tuple[str, str] | None:
    """Return the subject of a sentence and its verb, with "was" or "were" if there is one. None for other sentences."""
    match = _DONE_TO.match(text) or _DOES.match(text)
    return (match["subject"], match["verb"]) if match and _is_named(match["subject"]) else None


def _is_named(subject: str) -> bool:
    """Whether a subject is a name, or a body such as "The inquiry", and nothing that points back."""
    named = _NAMED.search(subject[1:]) or _BODY.fullmatch(subject)
    return bool(named) and not _NO_SUBJECT.search(subject.removeprefix("The "))


def _asked(word: str, subject: str, verb: str, clause: str) -> str | None:
    """Return a question about a clause that begins with a subject and its verb: "Why was the Keller Bridge shut?"."""
    rest = clause[len(subject) + 1 + len(verb) :]
    if clause[: len(subject) + 1 + len(verb)] != f"{subject} {verb}" or _BREAK.search(rest):
        return None
    be, _, done = verb.partition(" ")
    if not done:
        base = base_form(verb)
        if base is None or not rest.strip():
            return None
        be, done = "did", base
    about = f"{_lowered(subject)} {done}{_REST.sub('', rest).rstrip()}"
    if len(about.split()) > _MOST or _POINTS_BACK.search(rest) or not _NAMED.search(about):
        return None
    return f"{word} {be} {about}?"


def _how_many(text: str) -> str | None:
    """Return a question for the number of what a sentence counts, as its subject or its object."""
    if match := _MANY_SUBJECT.match(text):
        rest = _REST.sub("", match["rest"])
        question = f"How many {match['what']} {match['verb']}{rest.rstrip()}?"
    elif (match := _MANY_OBJECT.match(text)) and _is_named(match["subject"]):
        base = base_form(match["verb"])
        if base is None:
            return None
        rest = _REST.sub("", match["rest"])
        question = f"How many {match['what']} did {_lowered(match['subject'])} {base}{rest.rstrip()}?"
    else:
        return None
    fits = len(question.split()) <= _MOST and _NAMED.search(question[1:]) and not _BREAK.search(rest)
    return question if fits and not _POINTS_BACK.search(rest) else None


def _lowered(subject: str) -> str:
    return f"the {subject.removeprefix('The ')}" if subject.startswith("The ") else subject


def who_said_question(words: str, *, opens: bool) -> str | None:
    """Return a question for who said something, from the words of a reported statement that stands alone.

    ``opens`` says that the words open their sentence, so that their first capital need not be that of a name.
    """
    match = _CLAUSE.fullmatch(" ".join(words.split()))
    if match is None or _SAID_BACK.search(match["clause"]):
        return None
    clause = _lowered(match["clause"])
    if not {*map(fold, names(clause))} - _NO_NAMES or (
        opens and clause[:1].isupper() and not _NAME_FIRST.match(clause)
    ):
        return None
    return f"Who said that {clause}?"


def said_question(speaker: str, about: str = "", text: str = "") -> str | None:
    """Return a question for everything that a person said, or said about something that has a name.

    Args:
        speaker: who said something.
        about: the name of what it was about, if it was about something.
        text: the article, which shows whether the name is written with "the".

    Returns:
        The question. None if the speaker is not called by a first and a last name, as prosecutors and offices are not.
    """
    about = f"the {about}" if about and f"the {about}" in text else about
    words = speaker.split()
    if not 2 <= len(words) <= 3 or not all(word[:1].isupper() for word in words) or _BODIES & {*map(fold, words)}:
        return None
    return f"What has {speaker} said about {about}?" if about else f"What has {speaker} said?"
