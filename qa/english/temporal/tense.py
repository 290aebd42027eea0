"""Whether a time lies ahead: the verb that governs it, found by its form and its distance, without a parser.

News names the day of what has happened and of what will with the same word, and only the verb tells them apart. This is
the rule of HeidelTime's strategy for news (Strötgen & Gertz 2010: an underspecified time takes its direction from the
tense around it), with the plans and deadlines that news puts into the present and the past ("is due on Monday", "was
postponed until Friday"). What cannot be told is past: news mostly is.
"""

from __future__ import annotations

import re

from .patterns import PAST_DAY, WEEKDAY

_REACH = 240
_NO_VERB = (
    r"(?!(?:an?|the|his|her|its|their|this|that|my|our|all|both|each|every|any|some|no|more|most|many|several|other"
    r"|another|those|these|him|them|us|me|you|it|one|two|three|people|reporters|journalists|traffic)\b)"
)
_PARTICIPLE = r"(?:\s+(?:not|also|only|\w+ly))*(?:\s+be(?:en)?)?(?:\s+\w+(?:ed|en)\b)?"
_PLANS = (
    r"plans?|planning|agree[sd]?|vow(?:s|ed)?|promis(?:es?|ed)|pledg(?:es?|ed)|hop(?:es?|ed|ing)|intend(?:s|ed)?"
    r"|aim(?:s|ed|ing)?|invit(?:es|ed)|prepar(?:es|ed|ing)|threaten(?:s|ed|ing)?|decid(?:es|ed)|wants?"
    r"|wanted|needs?|urg(?:es|ed)|summoned|instructed|asked|has|have|remains?|deadline|promise|decision|plan|call"
)
_SCHEDULED = (
    r"due|scheduled|slated|planned|expected|set|likely|poised|ready|about|going|supposed|tipped|bound|timetabled"
)
_MARKER = re.compile(
    rf"""
    (?P<past> \b(?: had\ been\ (?:{_SCHEDULED})
                  | (?:could|would|can|will)(?:\ not|n['’]t)\ (?:comment|say|be\ reached|confirm)
                  | could(?:\ not|n['’]t)
                  | (?:would|could|should|may|might|must)\ (?:not\ )?have ) \b )
  | (?P<future> (?: (?<![\w])(?:will|won['’]t|shall|would|must|may|might|can|cannot|can['’]t|could|should) | ['’]ll )
                \b{_PARTICIPLE}
              | \bWill\ (?=(?:the|an?|he|she|they|it|we|you)\b)
              | \b(?:is|are|was|were)\ (?:\w+ly\ )?(?:due\ )?to\ {_NO_VERB}[a-z]+{_PARTICIPLE}
              | \bdue\b(?!\ to)
              | (?:^|,|\bbe|\bnow|\bstill|\bnot)\ due\ to\ [a-z]+
              | \b(?:scheduled|slated|planned|timetabled|booked|pencilled\ in)\b
              | \b(?:expected|set|likely|poised|ready|about|going|supposed|tipped|bound)\ (?:back\ )?(?:to|for)\b
                {_PARTICIPLE}
              | \bexpected\ (?:on|in|by|at|back|before|next|this|later)\b | \bexpected\ $
              | \b(?:{_PLANS})\ (?:[^\s,;]+\ ){{0,4}}?to\ {_NO_VERB}[a-z]+
              | \border(?:s|ed)\ (?:(?!\w+ed\b|shut\b)[^\s,;]+\ ){{0,4}}?to\ {_NO_VERB}[a-z]+
              | \bdeadline\ (?:is|of|for|on)\b | \bupcoming\b
              | \b(?:starts|begins|opens|closes|resumes|ends|meets|faces|expires|concludes|reopens|returns|kicks\ off
                   |runs\ out|goes|takes?\ (?:effect|place|office)|comes?\ into\ (?:force|effect)
                   |goes?\ (?:to|on|before))\b
              | (?<!\bto\ )(?<!\bthe\ )(?<!\bnot\ )(?<!\ba\ )\b(?:begin|resume|meet|reopen|expire)\b
              | \b\w+s\ (?:start|open|close|end|return|vote)\b
              | \b(?:is|are)\ (?:\w+ing(?:\ \w+)?\ )?(?:on\ )?$
    )
  | (?P<done> \b(?: was|were|had|did|said|says|told|met|fell|rose|won|lost|led|left|took|gave|came|went|began|broke
                   |found|held|hit|cut|shut|struck|sank|spoke|spent|stood|sold|sent|saw|ran|quit|died|made|got|kept|became|knew
                  |drew|flew|fought|grew|heard|paid|rang|swore|threw|wrote|woke|beat|burst|caught|brought|bought|built)\b
            | (?<!\bthe\ )(?<!\ba\ )(?<!\ban\ )(?<!\bits\ )(?<!\bhis\ )(?<!\bher\ )(?<!\btheir\ )\b\w{{2,}}ed\b )
    """,
    re.VERBOSE,
)
_JOINED = re.compile(r"\b(?:that|which|who|whom|where|when|and|but|after|because|as|since|while|said)\b|,")
_ON = r"(?:\s+(?:on|late|early|later|in|over|during|by|at|the|from)\b)*\s*$"
_ADJACENT = re.compile(_ON)
_INFINITIVE = re.compile(rf"\bto\s+{_NO_VERB}[a-z]+\b")
_SPLIT = re.compile(rf"[,;:—()]|\b(?:{WEEKDAY}|{PAST_DAY})\b")
_SENTENCE = re.compile(
    r"[.!?]['\"”’)]*\s+(?=['\"“‘(]?[A-Z])(?<!\bMr\. )(?<!\bMs\. )(?<!\bDr\. )(?<!\bMrs\. )(?<!\.m\. )"
)
_AHEAD = re.compile(
    r"(?i)\b(?:ahead of|in the run-up to|starting|beginning|effective|the coming)(?: on| from)?(?: the)?\s+$"
)
_UNTIL = re.compile(r"\b(?:until|till)(?: at least| late| early| the end of)?\s+$")
_LASTED = re.compile(
    r"\b(?:remained|stayed|lasted|ran|continued|waited|worked|served|held|kept|had been|did not|was)\b"
)
_PUT_OFF = re.compile(
    r"\b(?:postponed|delayed|adjourned|deferred|moved|pushed back|put off|rescheduled)\b[^,;]{0,40}$"
    r"|\bcalled\b[^,;]{0,30}\bfor\s$"
)
_SAYS = re.compile(
    r"\b(?:said|says|announced|warned|confirmed|added|insisted|argued)\s+(?:that\s+)?"
    r"(?!(?:on|in|at|late|early|after|during|by|to)\b)\S+\s"
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
    opened, closed = _sentence(text, start, end)
    left, right = text[opened:start], re.sub(r"^(?:['’]s)?,?\s", "", text[end:closed])
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
    return False


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
