"""Follow-up questions by rules: what "he", "it", "And in Kursk?" or "Why?" mean after the questions before.

Pure text, no model, English. A question that stands alone is not touched; where no antecedent can be named, the topic
of the question before is appended. As in centering theory (Grosz, Joshi, Weinstein 1995), what was resolved last goes
on being meant before anything else is.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from ..names import names
from ..questions import content_words
from ..regex import lazy_compile
from ..temporal.patterns import PART_OF_DAY, PERIOD, SEASON
from ..tokens import stem
from .ellipsis import about, bare, fragment
from .pronouns import person, thing
from .referents import AUXILIARY, phrases
from .turns import MAX_TURNS, DialogueTurn, appended

__all__ = ["MAX_TURNS", "DialogueTurn", "resolve"]

_OPENING = lazy_compile(r"^\s*(?:(?:and|but|so|or|also|then|ok(?:ay)?|well)\b,?\s+(?=\S))+", re.IGNORECASE)


def resolve(question: str, turns: Sequence[DialogueTurn]) -> str:
    """The question as it reads on its own after ``turns``; the very same string if it stands alone already."""
    if not turns:
        return question
    last = turns[-1]
    said = _OPENING.sub("", question).strip()
    if whole := bare(said, last) or about(said, last) or fragment(said, last):
        return whole[:1].upper() + whole[1:]
    asked = said[:1].upper() + said[1:]
    resolved = thing(person(asked, turns), turns)
    if _points_back(asked) or (resolved == asked and (_open(asked, last) or _goes_on(question, asked))):
        resolved = appended(resolved, last)
    return question if resolved == asked else resolved


def _goes_on(question: str, asked: str) -> bool:
    """Whether only its "And" says that a question goes on with the talk."""
    return asked[1:] != question.strip()[1:] and not names(asked)


_TIME_NOUN = rf"(?:{PERIOD}|{SEASON}|{PART_OF_DAY}|time)\b"
_VAGUE = lazy_compile(
    rf"\b(?:{AUXILIARY}|done|doing|say|said|like|after|before|about|of|by|with|for|to) (?:this|those|these|so)\b"
    rf"(?! (?:\w+ )?{_TIME_NOUN}| who\b| \w+(?:ing|ed)\b)"
    rf"|\b(?:{AUXILIARY} that\b|(?:like|after|before|about|of|by|with|for|to) that(?=\s*(?:[?,]|$)))"
    rf"|\b(?:this|these|those) (?!{_TIME_NOUN}|who\b|which\b|that\b|of\b|\w+(?:ing|ed)\b)\w+"
    r"|(?<!\bis )(?<!\bare )(?<!\bwas )(?<!\bwere )\bthere\s*\?*$"
    r"|\bthe (?:others|ones?)\b|\b(?:what|which) ones?\b|\bthe (?:other|latter|former|same)\s*\?*$"
    r"|\b(?:afterwards?|then|else)\s*\?*$",
    re.IGNORECASE,
)
_DEED = lazy_compile(
    r"\b(?:do|does|did|done|doing) (?:that|this|so)\s*(?:\?|$|\b(?:in|at|on|to|by|for)\b)", re.IGNORECASE
)
_CODE = lazy_compile(r"\d|[a-z][A-Z]")  # a year, a number, "vBNS": as good as a name
BRIEF = 2
"""Content words up to which a question that names nothing is taken as going on with the talk."""
_NEW_TOPIC = lazy_compile(
    r"^(?:what(?:['’]s| is| are| was| were) (?!the\b|some\b|other\b)|who (?:is|was) |"
    r"tell me (?:more )?about|describe|define)| of \w+",
    re.IGNORECASE,
)


def _points_back(asked: str) -> bool:
    """Whether "that", "there" or "the others" points to more than a name, and to nothing in the question itself."""
    if _DEED.search(asked):
        return True
    match = _VAGUE.search(asked)
    before = asked[: match.start()] if match else ""
    return match is not None and not names(before) and not phrases(before)


def _open(asked: str, last: DialogueTurn) -> bool:
    """Whether a question is too short to tell what it is about: "How many people died?"."""
    content = content_words(asked)
    if len(content) > BRIEF or names(asked) or _NEW_TOPIC.search(asked) or _CODE.search(asked):
        return False
    return not {stem(word) for word in content} & {stem(word) for word in content_words(last.standalone)}
