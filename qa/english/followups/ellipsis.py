"""Questions without a verb ("Why?", "In Kursk?", "What about the mayor?"): the one before lends its own."""

from __future__ import annotations

import re

from ..lexicon import COMMANDS, MEASURES, OFFICES, QUESTION_WORDS, any_of
from ..names import names
from ..questions import answer_type
from ..regex import lazy_compile
from ..temporal.patterns import MONTH
from .referents import AUXILIARY, PREPOSITION, named
from .turns import DialogueTurn, appended, bald, plain

_AUX = lazy_compile(rf"\b{AUXILIARY}\b", re.IGNORECASE)
_BARE = lazy_compile(
    rf"^(?:{PREPOSITION} )?(?:why not|which ones?|how {any_of(MEASURES, {'so'})}|{any_of(QUESTION_WORDS)})"
    r"(?: (?:exactly|else))?\s*\?*$",
    re.IGNORECASE,
)


def bare(asked: str, last: DialogueTurn) -> str | None:
    """ "By when?" puts its question word in the place of the earlier one."""
    if not _BARE.match(asked):
        return None
    before = bald(plain(last))
    auxiliary = _AUX.search(before)
    opening = before[: auxiliary.start()].split() if auxiliary else []
    if not auxiliary or answer_type(asked) == "any" or [word.lower() for word in opening] in (["who"], ["what"]):
        return appended(asked, last)  # "Who was arrested?" has nobody to put behind the "was"
    rest = before[auxiliary.start() :]
    return f"{bald(asked)} {rest[0].lower()}{rest[1:]}?"


_ABOUT = lazy_compile(r"^(?:what|how) about (?P<what>.+?)\s*\?*$", re.IGNORECASE)


def about(asked: str, last: DialogueTurn) -> str | None:
    """ "What about the mayor?": somebody or something in the place of its like."""
    match = _ABOUT.match(asked)
    return _replaced(match["what"], last) if match else None


FRAGMENT_WORDS = 6
_QUESTION_WORD = lazy_compile(rf"\b{any_of(QUESTION_WORDS)}\b|^{any_of(COMMANDS)}\b", re.IGNORECASE)


def fragment(asked: str, last: DialogueTurn) -> str | None:
    """ "In Kursk?", "Shops?": a phrase without question word and verb. Without question mark it is a search."""
    phrase = bald(asked)
    if not asked.endswith("?") or not 0 < len(phrase.split()) <= FRAGMENT_WORDS:
        return None
    if _QUESTION_WORD.search(phrase) or _AUX.search(phrase):
        return None
    return _replaced(phrase, last)


_STEP = lazy_compile(rf"\b(?={PREPOSITION}\b)", re.IGNORECASE)
_TIME = lazy_compile(rf"\b(?:\d{{4}}\b|{MONTH})")


def _replaced(phrase: str, turn: DialogueTurn) -> str:
    """The question before with ``phrase`` in the place of what is like it; appended if nothing is."""
    before = bald(plain(turn))
    if re.match(rf"{PREPOSITION}\b", phrase, re.IGNORECASE):
        for step in _STEP.split(phrase):
            if step.strip() and not re.search(r"\bones?\b", step):
                before = _stepped(before, step.strip())
        return before + "?"
    new = re.sub(r"^(?:those|that|the ones?) (?:of|in|at|from) ", "", phrase, flags=re.IGNORECASE)
    person = bool(_ROLE.match(new)) or any(m.kind == "person" for m in named(new))
    alike = [m for m in named(before) if (m.kind == "person") == person]
    if alike and (person or names(new)):
        return before.replace(alike[0].text, new, 1) + "?"
    return f"{before}, and {phrase}?"


def _stepped(before: str, step: str) -> str:
    """``before`` with the prepositional phrase ``step`` for one of the same preposition, time for time."""
    parts = _STEP.split(before)
    word = step.split()[0].lower()
    same = [
        i
        for i, p in enumerate(parts)
        if p.lower().startswith(word + " ") and bool(_TIME.search(p)) == bool(_TIME.search(step))
    ]
    if not same or word == "of":
        return f"{before} {word}{step[len(word) :]}"
    return " ".join(part.strip() for part in (*parts[: same[-1]], word + step[len(word) :], *parts[same[-1] + 1 :]))


_ROLE = lazy_compile(rf"^the (?:[\w-]+ )?(?:{any_of(OFFICES)}|chair|\w+ist|spokes\w+|\w+(?:er|or))$", re.IGNORECASE)
