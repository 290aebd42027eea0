"""Earlier questions and answers, as far as a follow-up can refer to them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from difflib import SequenceMatcher

from ..lexicon import MEASURES, NEUTER_PRONOUNS, PLURAL_PRONOUNS, QUESTION_WORDS, any_of
from ..regex import lazy_compile
from ..tokens import words
from .referents import AUXILIARY, PREPOSITION

MAX_TURNS = 3
"""Earlier questions that are looked at: who "he" is, is seldom said longer ago."""


@dataclass(frozen=True)
class DialogueTurn:
    """An earlier question as asked and as understood, what was claimed in answer to it, and who said so."""

    question: str
    standalone: str
    claims: tuple[str, ...] = ()
    speakers: tuple[str, ...] = ()


IT = lazy_compile(any_of(NEUTER_PRONOUNS), re.IGNORECASE)
THEY = lazy_compile(any_of(PLURAL_PRONOUNS), re.IGNORECASE)
_NEUTRAL = lazy_compile(any_of(NEUTER_PRONOUNS, PLURAL_PRONOUNS), re.IGNORECASE)


def centre(turn: DialogueTurn, pronoun: re.Pattern[str] = _NEUTRAL) -> str | None:
    """What a rewriting put in the place of such a pronoun."""
    asked, understood = turn.question.split(), turn.standalone.split()
    for tag, start, end, first, last in SequenceMatcher(None, asked, understood, autojunk=False).get_opcodes():
        if tag == "replace" and pronoun.fullmatch(" ".join(asked[start:end]).strip("?., ")):
            return re.sub(r"['’]s?$", "", " ".join(understood[first:last]).rstrip("?.,"))
    return None


_TOPIC = lazy_compile(r" \(about: (?P<topic>.*)\)\??$")
_FRAME = lazy_compile(
    rf"^(?:tell me (?:more )?about\b|describe\b|(?:{PREPOSITION} )?"
    rf"(?:what['’]s|how {any_of(MEASURES)}|{any_of(QUESTION_WORDS)})\b)\s*"
    rf"(?:{AUXILIARY}\b\s*)?(?:there\b\s*)?|^{AUXILIARY}\b\s*",
    re.IGNORECASE,
)
_LATER_DO = lazy_compile(r"^((?:\S+ ){1,4}?)(?:do|does|did) ", re.IGNORECASE)


def appended(asked: str, turn: DialogueTurn) -> str:
    """The question, and the topic of the one before it: the same topic again if that had it from an earlier one."""
    topic = topic_of(turn) or centre(turn) or _LATER_DO.sub(r"\1", _FRAME.sub("", bald(turn.standalone))).strip()
    if _TOPIC.search(asked) or set(words(topic)) <= set(words(asked)):
        return asked
    return f"{bald(asked)} (about: {topic})?"


def topic_of(turn: DialogueTurn) -> str | None:
    """The topic that was appended to a question, if any was."""
    match = _TOPIC.search(turn.standalone)
    return match["topic"] if match else None


def plain(turn: DialogueTurn) -> str:
    """A question as understood, without a topic that was appended to it."""
    return _TOPIC.sub("?", turn.standalone)


def bald(question: str) -> str:
    """A question without its mark."""
    return question.strip().rstrip("?!. ").strip()
