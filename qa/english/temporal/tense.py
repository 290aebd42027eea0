"""Whether a time lies ahead: the verb that governs it, found by its form and its distance, without a parser.

News names the day of what has happened and of what will with the same word, and only the verb tells them apart. This is
the rule of HeidelTime's strategy for news (Strötgen & Gertz 2010: an underspecified time takes its direction from the
tense around it), with the plans and deadlines that news puts into the present and the past ("is due on Monday", "was
postponed until Friday"). What cannot be told is past: news mostly is.
"""

from __future__ import annotations

import re

from ..clauses import BREAK
from ..inflection import PARTICIPLES, PASTS, every_form, finite, inflect
from ..lexicon import (
    ABBREVIATED_TITLES,
    AUDIENCES,
    CONJUNCTIONS,
    COUNTS,
    DETERMINERS,
    HAVE,
    INTENDING,
    MODALS,
    OBJECT_PRONOUNS,
    ORDERING,
    POSTPONING,
    PROSPECTIVE,
    RELATIVES,
    SAYING,
    SCHEDULED,
    SETTING_PREPOSITIONS,
    SUBJECT_PRONOUNS,
    TIMETABLED,
    any_of,
    capitalised,
)
from ..regex import lazy_compile
from .patterns import PAST_DAY, WEEKDAY

_REACH = 240
# What follows "to" where it is no infinitive: "to the council", "to reporters".
_NO_VERB = (
    rf"(?!{any_of(DETERMINERS, COUNTS, OBJECT_PRONOUNS, AUDIENCES, RELATIVES, {'journalists', 'people', 'traffic'})}\b)"
)
_DONE = rf"(?:\w+(?:ed|en)|{any_of(PARTICIPLES)})"
_PARTICIPLE = rf"(?:\s+(?:not|also|only|\w+ly))*(?:\s+be(?:en)?)?(?:\s+{_DONE}\b)?"
_PLANS = any_of(
    every_form(INTENDING | ORDERING - {"order"} | {"expect", "need", "threaten"}),
    HAVE - {"had"},
    {"call", "deadline", "decision", "promise", "remain", "remains"},
)
_MARKER = lazy_compile(
    rf"""
    (?P<past> \b(?: had\ been\ {any_of(SCHEDULED, PROSPECTIVE)}
                  | (?:could|would|can|will)(?:\ not|n['’]t)\ (?:
                        be\ reached|comment|confirm|discuss|elaborate|say|speak|talk )
                  | could(?:\ not|n['’]t)
                  | {any_of(MODALS - {"can", "shall", "will"})}\ (?:not\ )?have ) \b )
  | (?P<future> (?: (?<![\w])(?:{any_of(MODALS)}|cannot|wo?n['’]t|can['’]t) | ['’]ll )\b{_PARTICIPLE}
              | \bWill\ (?=(?:the|an?|{any_of(SUBJECT_PRONOUNS)})\b)
              | \b(?:is|are|was|were)\ (?:\w+ly\ )?(?:due\ )?to\ {_NO_VERB}[a-z]+{_PARTICIPLE}
              | \bdue\b(?!\ to)
              | (?:^|,|\bbe|\bnow|\bstill|\bnot)\ due\ to\ [a-z]+
              | \b(?:{any_of(SCHEDULED - {"due", "expected", "set"})}|pencilled\ in)\b
              | \b{any_of(PROSPECTIVE, {"expected", "set"})}\ (?:back\ )?(?:to|for)\b{_PARTICIPLE}
              | \bexpected\ (?:on|in|by|at|back|before|next|this|later)\b | \bexpected\ $
              | \b{_PLANS}\ (?:[^\s,;]+\ ){{0,4}}?to\ {_NO_VERB}[a-z]+
              | \border(?:s|ed)\ (?:(?!\w+ed\b|shut\b)[^\s,;]+\ ){{0,4}}?to\ {_NO_VERB}[a-z]+
              | \bexpects?\ (?!to\b)(?=[a-z])
              | \bdeadline\ (?:is|of|for|on)\b | \bupcoming\b
              | \b(?:{any_of(inflect(verb).third for verb in TIMETABLED)}|takes?\ (?:effect|place|office)
                   |comes?\ into\ (?:force|effect)|goes?\ (?:to|on|before))\b
              | (?<!\bto\ )(?<!\bthe\ )(?<!\bnot\ )(?<!\ba\ )\b(?:begin|resume|meet|reopen|expire)\b
              | \b(?:\w+s\ (?:start|open|close|end|return|vote)
                   |(?:[Tt]hey|[Ww]e|I|who)\ (?:{any_of(TIMETABLED)}|vote))\b
              | (?:\b(?:am|is|are)|['’](?:m|re))\ (?:(?:\w+ing(?:\ \w+){{0,2}}|back|gone|off|out|over)\ )?
                (?:(?:in|on|by)\ )?$
    )
  | (?P<done> \b(?:{any_of(PASTS)}|says)\b
            | (?<!\bthe\ )(?<!\ba\ )(?<!\ban\ )(?<!\bits\ )(?<!\bhis\ )(?<!\bher\ )(?<!\btheir\ )\b\w{{2,}}ed\b )
    """,
    re.VERBOSE,
)
_JOINED = lazy_compile(rf"\b{any_of(CONJUNCTIONS, RELATIVES, {'said', 'where'})}\b|,")
_ADJACENT = lazy_compile(rf"(?:\s+{any_of(SETTING_PREPOSITIONS, {'early', 'late', 'later', 'over', 'the'})}\b)*\s*$")
_INFINITIVE = lazy_compile(rf"\bto\s+{_NO_VERB}[a-z]+\b")
_SPLIT = lazy_compile(rf"{BREAK}|[,()]|\b(?:{WEEKDAY}|{PAST_DAY})\b")
_UNBROKEN = "".join(rf"(?<!\b{title}\. )" for title in sorted(capitalised(ABBREVIATED_TITLES)))
_SENTENCE = lazy_compile(rf"[.!?]['\"”’)]*\s+(?=['\"“‘(]?[A-Z]){_UNBROKEN}(?<!\.m\. )")
_AHEAD = lazy_compile(
    r"(?i)\b(?:ahead of|in the run-up to|starting|beginning|effective|the coming)(?: on| from)?(?: the)?\s+$"
)
# "Continued for hours, starting late on Saturday", but "cut its fares, starting on Monday".
_WENT_ON = lazy_compile(
    r"\b(?:continued|lasted|raged|ran|walked|went on)"
    r"(?:\s(?:all|for|over|through|throughout)\s[\w-]+(?:\s[\w-]+){0,3})?,?"
    r"\s(?:starting|beginning)(?: on| from)?(?: the)?\s+$"
)
_UNTIL = lazy_compile(r"\b(?:until|till)(?: at least| late| early| the end of)?\s+$")
_LASTED = lazy_compile(
    r"\b(?:remained|stayed|lasted|ran|continued|waited|worked|served|held|kept|had been|did not|was)\b"
)
# "Postponed to Friday", but "postponed on Friday" is when that was decided.
_PUT_OFF = lazy_compile(
    rf"\b{any_of(form for verb in POSTPONING for form in inflect(verb).participle)}\b"
    r"(?:[^,;]{0,40}?(?<!\bon\s)|[^;]{0,40},?\sfrom\s[^,;]{1,30}(?:,\s\d{4})?\sto\s)$"
    r"|\bcalled\b[^,;]{0,30}\bfor\s$"
)
_OVERDUE = lazy_compile(r"\bdue (?:(?:in|on|at|by) )?(?:early |late )?$")
_ACCORDING = lazy_compile(r"\b[Aa]ccording to [^,;]{1,80}?\s(?:on\s)?$")
_AS_OF = lazy_compile(r"\b[Aa]s of (?:early |late )?$")
_PLANNED_FOR = lazy_compile(rf"\b{any_of(SCHEDULED)} (?:for|on) (?:early |late )?$")
_HELD = lazy_compile(
    rf"\s*(?:was|were|went) (?:\w+ )?(?:(?P<off>{any_of(every_form(POSTPONING))}|cancell?ed|called off)\b)?"
)
_STILL_NOT = lazy_compile(r"\b(?:ha(?:s|ve) (?:still |yet |so far )?not|ha(?:s|ve)n['’]t|never|is overdue|is late)\b")
_SAYS = lazy_compile(
    rf"\b{any_of(finite(SAYING | {'announce', 'confirm', 'warn'}))}\s+(?:that\s+)?"
    rf"(?!{any_of(SETTING_PREPOSITIONS, {'early', 'late'})}\b)\S+\s"
)


def governing_future(text: str, start: int, end: int) -> bool:
    """Whether what governs ``text[start:end]`` lies in its future: "will meet Friday", "is due on Monday".

    Args:
        text: one sentence or several; only the one around the span is read, at most 240 characters on either side.
        start: where the words of time begin, in code points.
        end: where they end.

    Returns:
        True for what is to come or planned, False for the past and where nothing tells.
    """
    return governing_tense(text, start, end) is True


def governing_tense(text: str, start: int, end: int) -> bool | None:
    """The same, with None where no verb tells whether something has happened: "the toll rises in January"."""
    opened, closed = _sentence(text, start, end)
    left, right = text[opened:start], re.sub(r"^(?:['’]s)?,?\s", "", text[end:closed])
    if _ACCORDING.search(left):
        return False  # "according to officials on Saturday, the virus may spread"
    if _AS_OF.search(left):
        return next(iter(_verbs(right)), False)  # "as of Tuesday there had been", "as of Monday fares will rise"
    if _PLANNED_FOR.search(left) and (held := _HELD.match(right)):
        return held["off"] is not None  # "games scheduled for Wednesday were still held"
    if _OVERDUE.search(left) and _STILL_NOT.search(right):
        return False  # "due in February, has still not come"
    if (ahead := _points_ahead(left)) is not None:
        return ahead
    near, after = _SPLIT.split(left)[-1], "" if text[end : end + 1] == "," else _SPLIT.split(right)[0]
    said = _SAYS.search(near)
    if said and not _verbs(near[said.end() :]) and (found := _verbs(after)):
        return found[0]  # "said a vote on Friday would decide": the time belongs to what is said
    for piece, nearest in ((near, -1), (after, 0), (left, -1), (right, 0)):
        if found := _verbs(piece):
            return found[nearest]
        if piece is near and _INFINITIVE.search(near):
            return True
    return None


def _sentence(text: str, start: int, end: int) -> tuple[int, int]:
    """Where the sentence around a span begins and ends, as far as it is read."""
    opened, closed = max(0, start - _REACH), end + _REACH
    for stop in _SENTENCE.finditer(text, opened, closed):
        if stop.end() <= start:
            opened = stop.end()
        elif stop.start() >= end:
            return opened, stop.start()
    return opened, closed


def _points_ahead(left: str) -> bool | None:
    """What the words right before a time tell of it by themselves."""
    if _WENT_ON.search(left):
        return False
    if _AHEAD.search(left) or _PUT_OFF.search(left):
        return True
    if _UNTIL.search(left):
        found = _verbs(left)
        return bool(found and found[-1]) or not _LASTED.search(left)
    return None


def _verbs(piece: str) -> list[bool]:
    """The verbs of a piece of a sentence in order: True for the future.

    A participle after "will" is no verb of its own ("will meet officials accused of fraud"), unless a word between them
    opens a clause or the time follows it at once ("will vote on a plan rejected on Monday").
    """
    found: list[bool] = []
    last = 0
    for match in _MARKER.finditer(piece):
        future = match.lastgroup == "future"
        bare = match.lastgroup == "done" and match.group().endswith("ed")
        if bare and found and found[-1]:
            opened = _JOINED.search(piece, last, match.start()) or _ADJACENT.match(piece, match.end())
            if not opened:
                continue
        found.append(future)
        last = match.end()
    return found
