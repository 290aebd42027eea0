"""The dated clauses of a sentence: which time belongs to which of its statements, and what that is about.

"The bridge, opened in 1974, was shut on Tuesday, said Halloran, who has been minister since 2024" tells of three days,
and only two are the bridge's. There is no parser: a sentence is cut where clauses part, and each piece gets the words
that it may be about by how it begins. A day on which somebody only says something is no event, but what is said may be.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Literal, NamedTuple

from ..model import When, day_of
from .clauses import BREAK
from .document import Document
from .inflection import PARTICIPLES, PASTS, every_form, finite
from .lexicon import (
    ADVERBS,
    AIMS,
    AMENDED,
    AUXILIARIES,
    CONTRASTS,
    DEEDS,
    DETERMINERS,
    GIVING_UP,
    NOTICES,
    POSTPONING,
    PREPOSITIONS,
    RELATIVES,
    RETRACTED,
    SAYING,
    STORIES,
    SUBORDINATORS,
    TIMETABLED,
    UPDATED,
    VOICING,
    WEEKDAYS,
    any_of,
    capitalised,
)
from .lexicon import MONTHS as MONTH_NAMES
from .names import NAME
from .regex import lazy_compile
from .temporal import governing_future
from .temporal.times import Time

Piece = Literal["main", "predicate", "relative", "aside", "gerund", "adverbial"]

_FINITE = lazy_compile(
    rf"\b(?:{any_of(AUXILIARIES | {'been'}, PASTS, finite(TIMETABLED))}|says|\w{{2,}}[a-z]ed|\w+n['’]t)\b|['’]ll\b"
)
_HEAD_VERB = lazy_compile(
    rf"\W*(?:(?:\w+ly|{any_of(ADVERBS, {'first'})})\s)*"
    rf"(?P<verb>{any_of(AUXILIARIES, PASTS, finite(TIMETABLED))}|says|\w{{2,}}[a-z]ed)\b"
)
_HEAD_PARTICIPLE = lazy_compile(rf"\W*(?:\w+ly\s)?(?:{any_of(PARTICIPLES)}|\w{{2,}}[a-z]ed)\b")
_HEAD_GERUND = lazy_compile(r"\W*(?:\w+ly\s)?\w{2,}ing\b")
_HEAD_PREPOSITION = lazy_compile(
    rf"\W*{any_of(PREPOSITIONS, capitalised(PREPOSITIONS), ADVERBS, capitalised(ADVERBS))}\b"
)
_CONJUNCTION = any_of(CONTRASTS, SUBORDINATORS)
_CUT = lazy_compile(
    rf"(?P<stop>{BREAK}|[()]|,(?=\s|$)|,?[\"”“]+,?)"
    rf"|(?P<relative>\b{any_of(RELATIVES, {'where'})}\b)"
    rf"|(?P<conjunction>\b(?:{_CONJUNCTION}|{any_of(capitalised(CONTRASTS, SUBORDINATORS))})\b)"
    r"|(?P<and>\b(?:and|or)\b)"
)
# "After at least two days", "until late on Friday": what stands between a preposition and its time.
_TO_TIME = lazy_compile(
    r"\s(?:(?:at|least|about|around|late|early|on|in|the|end|middle|start|beginning|of|mid)[\s-])*$"
)
_SAYS_THAT = lazy_compile(
    rf"\b{any_of(every_form(SAYING | DEEDS | {'say', 'tell', 'know', 'learn', 'think', 'believe', 'mean', 'so'}))}"
    r"(?:\s\w+){0,4}\s$"
)
_NOT_RELATIVE = lazy_compile(rf"(?:\b{any_of(PREPOSITIONS)}|{_FINITE.pattern}|^\W*)\s?$")
_SPEAKS = lazy_compile(
    rf"\b{any_of(every_form(SAYING | VOICING | {'say', 'tell', 'speak', 'call', 'describe', 'believe', 'think'}))}\b"
)
_DOES = lazy_compile(rf"\b{any_of(every_form(DEEDS))}\b")
_GIVES_UP = lazy_compile(rf"\b{any_of(every_form(GIVING_UP))}\b")
_DROPS = lazy_compile(rf"\b{any_of(every_form(GIVING_UP))}\s(?:[^\s,;]+\s){{0,3}}?{any_of(AIMS)}s?\s(?:to|for|of|on)\b")
_MOVED_FROM = lazy_compile(rf"\b{any_of(every_form(POSTPONING | {'bring forward'}))}\b[^;:]{{0,60}}\bfrom\s(?:the\s)?$")
_TARGET = lazy_compile(r"\b(?:target|deadline|date|goal|schedule|plan|promise)s?\s(?:of|on|for)\s(?:the\s)?$")
_JOINS = lazy_compile(r"\s(?:to|until|till|through|and)\s(?:the\s)?|\s?[–—-]\s?")
_OPENS_RANGE = lazy_compile(r"\b(?:[Bb]etween|[Ff]rom)\s(?:the\s)?$")
_LIMITS = lazy_compile(
    r"\b(?:until|till|through|from|since|than|of|before|after|for|to)\s(?:(?:the|at\sleast|late|early)\s)*$"
)
_VERB_BETWEEN = lazy_compile(rf"\bto\s(?!{any_of(DETERMINERS)}\b)[a-z]+\b|{_FINITE.pattern}")
_NAMES = lazy_compile(NAME)
_NO_NAME = frozenset((*MONTH_NAMES, *WEEKDAYS)) | capitalised(DETERMINERS, PREPOSITIONS, SUBORDINATORS, ADVERBS)
_TAIL = lazy_compile(r"(?:[^\s,;:()]+\s+){0,7}[^\s,;:()]+\s*$")
_TAIL_CUT = lazy_compile(rf"\b(?:{any_of(PREPOSITIONS - {'of'})})\s|{_FINITE.pattern}")
_NOTE = lazy_compile(
    rf"^\W*{any_of(NOTICES)}\b[^.]{{0,30}}:"
    rf"|\bthis {any_of(STORIES)} (?:was|has been) {any_of(AMENDED, RETRACTED, UPDATED)}\b"
    rf"|\b(?:earlier|previous|original) version\b|^\W*(?:correction|update|clarification)s?\W",
    re.IGNORECASE,
)
# "A statement of 3 March", "the recall of March": the day of the noun, and not of what is told of it.
_OF_NOUN = lazy_compile(
    r"\b(?!(?:beginning|close|course|day|days|dawn|end|eve|evening|half|hours?|middle|months?|morning|night|quarter|rest|start"
    r"|third|week|weeks|weekend|afternoon|autumn|spring|summer|winter|years?)\b)[\w’]+\sof\s$"
)
_POINTS = lazy_compile(r"that\b", re.IGNORECASE)  # what somebody points at, may be another day than the article's
_AIMED = lazy_compile(r"\b(?:due|promised|scheduled|planned|slated|meant)\s(?:[a-z]+\s){0,4}$")
SUPPOSED = frozenset({"if", "unless", "whether"})
_PRECISION = ("instant", "day", "week", "month", "quarter", "year")


class DatedClause(NamedTuple):
    """One time of a sentence and the statement it belongs to. Offsets are code points of the sentence.

    Attributes:
        when: the days. Its words are the sentence's.
        at: offset of the words of time.
        start, end: the statement, a run of the sentence's own words.
        scope: runs of words that may name what the statement is about.
        strict: only a subject that is named in ``scope`` is meant; else it may be named anywhere in ``within``.
        within: the words of whoever tells of it: a reported clause, or the whole sentence.
        planned: it is told as something to come.
        saying: the day is that on which somebody says the rest of the sentence, which names no day of its own.
    """

    when: When
    at: int
    start: int
    end: int
    scope: tuple[tuple[int, int], ...]
    strict: bool
    within: tuple[int, int]
    planned: bool
    saying: bool = False


@dataclass
class _Piece:
    start: int
    end: int
    kind: Piece
    lead: str
    scope: list[tuple[int, int]] = field(default_factory=list)
    named: bool = False  # its own subject is somebody or something with a name


def dated_clauses(sentence: Document, published: date | datetime | None) -> tuple[DatedClause, ...]:
    """The dated statements of a sentence in order. The day on which somebody says them counts if they name none.

    Args:
        sentence: one sentence as a document of its own, such as ``Document.within`` gives.
        published: when its article was published: what is later is planned.
    """
    quoted = [(q.start, q.end) for q in sentence.quotations]
    times = [
        time
        for time in _ranges(sentence.text, sentence.times)
        if not (_POINTS.match(time.when.words) and any(s <= time.start < e for s, e in quoted))
    ]
    if not times:
        return ()
    text, today = sentence.text, day_of(published)
    spoken = [(u.start, min(u.end, len(text))) for u in sentence.utterances]
    pieces = _pieces(text, times, spoken)
    times = [time for time in times if not _given_up(text, time)]
    found: list[DatedClause] = []
    sayings: list[DatedClause] = []
    for piece, time in _chosen(text, pieces, times):
        if piece.lead in SUPPOSED or _OF_NOUN.search(text, 0, time.start):
            continue
        if _only_says(text, piece, time, spoken):
            told = tuple(s for s in spoken if not s[0] <= time.start < s[1])
            clause = DatedClause(
                time.when, time.start, 0, len(text), (*told, *piece.scope), True, (0, len(text)), False, True
            )
            sayings.append(clause)
            continue
        within = max(((s, e) for s, e in spoken if s <= time.start < e), default=(0, len(text)), key=lambda one: one[0])
        start, end = _statement(text, piece, within)
        strict = piece.kind in {"relative", "aside"} or piece.named
        planned = _planned(text, piece, time, today)
        found.append(DatedClause(time.when, time.start, start, end, tuple(piece.scope), strict, within, planned))
    # "The bridge will reopen on 3 May, she said on Friday" tells of May; without that day, it tells of Friday.
    return tuple(found or sayings[:1])


def _chosen(text: str, pieces: Sequence[_Piece], times: Sequence[Time]) -> Iterator[tuple[_Piece, Time]]:
    """Each time with its piece. Of several without a verb between them, only one dates the piece.

    "fell in March from February", "signed until June 2028 on Wednesday".
    """
    for piece in pieces:
        group: list[Time] = []
        for time in (t for t in times if piece.start <= t.start < piece.end):
            if group and _VERB_BETWEEN.search(text, group[-1].end, time.start):
                yield piece, _dating(text, group)
                group = []
            group.append(time)
        if group:
            yield piece, _dating(text, group)


def _dating(text: str, group: Sequence[Time]) -> Time:
    def is_of_noun(time: Time) -> bool:  # "will hear the complaint against this month's vote on June 16"
        return text.startswith(("'s ", "’s "), time.end)

    return next((t for t in group if not _LIMITS.search(text, 0, t.start) and not is_of_noun(t)), group[0])


def _planned(text: str, piece: _Piece, time: Time, today: date | None) -> bool:
    if today is None:
        return governing_future(text, time.start, time.end)
    if time.when.start > today:
        return True
    if time.when.end >= today and governing_future(text, time.start, time.end):
        return True
    return bool(_AIMED.search(text, piece.start, time.start))


def _ranges(text: str, times: Sequence[Time]) -> list[Time]:
    """The times of a sentence; "between June and September" as one, and one day named twice in a row as one.

    "Moved from June to September" names two.
    """
    found: list[Time] = []
    for time in times:
        last = found[-1] if found else None
        if last and _one_range(text, last, time):
            when = last.when.model_copy(
                update={
                    "words": text[last.start : time.end],
                    "end": max(last.when.end, time.when.end),
                    "at": None,
                    "precision": max(last.when.precision, time.when.precision, key=_PRECISION.index),
                }
            )
            found[-1] = last._replace(end=time.end, when=when)
        elif last and time.start - last.end <= 6 and _same_days(last, time):
            found[-1] = min(last, time, key=lambda t: _PRECISION.index(t.when.precision))
        else:
            found.append(time)
    return found


def tells_of_itself(sentence: str) -> bool:
    """Whether a sentence is a newsroom's note about its own story: "This article was amended on 9 February"."""
    return bool(_NOTE.search(sentence))


def is_former(sentence: str, time: Time) -> bool:
    """Whether a day is told as one that was aimed at before: "due on November 30", "the target of March 17"."""
    before = (sentence, 0, time.start)
    return bool(_AIMED.search(*before) or _TARGET.search(*before) or _given_up(sentence, time))


def is_dropped(sentence: str, time: Time) -> bool:
    """Whether the plan for a day is told to be dropped: "dropped its plan to open on 1 September"."""
    drops = next(_DROPS.finditer(sentence, 0, time.start), None)
    return drops is not None and not re.search(r"[,;:]\s|\bsaid\b", sentence[drops.end() : time.start])


def _one_range(text: str, one: Time, other: Time) -> bool:
    joined = _JOINS.fullmatch(text, one.end, other.start)
    if not joined or one.when.start > other.when.start or _MOVED_FROM.search(text, 0, one.start):
        return False
    return "and" not in joined.group() or bool(_OPENS_RANGE.search(text, 0, one.start))


def _same_days(one: Time, other: Time) -> bool:
    return (one.when.start, one.when.end) == (other.when.start, other.when.end)


# -- Pieces ------------------------------------------------------------------------------------------------------------


def _pieces(text: str, times: Sequence[Time], spoken: Sequence[tuple[int, int]]) -> list[_Piece]:
    """A sentence cut into its clauses, each with the words that it may be about."""
    found: list[_Piece] = []
    for start, end, lead in _cuts(text, times, spoken):
        if text[start:end].strip(" ,;:"):
            found.append(_Piece(start, end, _kind(text[start:end], lead, found, text), lead))
    for index, piece in enumerate(found):
        piece.named = piece.kind == "main" and _names_its_subject(text[piece.start : piece.end])
        _give_scope(text, found, index)
    _open(found)
    return found


def _open(pieces: list[_Piece]) -> None:
    """Give what a sentence opens with ("On 28 April the tribunal, under its judge, cut …") to its first clause."""
    opening = next((i for i, p in enumerate(pieces) if p.kind != "adverbial"), len(pieces))
    for piece in pieces[:opening]:
        if opening < len(pieces):
            piece.scope = [*piece.scope, *pieces[opening].scope]
            piece.named = piece.named or pieces[opening].named


def _cuts(text: str, times: Sequence[Time], spoken: Sequence[tuple[int, int]]) -> list[tuple[int, int, str]]:
    """Start and end of each piece, and the word that opens it: a conjunction, a pronoun, or "" """
    edges = sorted({offset for span in spoken for offset in span if 0 < offset < len(text)})
    marks: list[tuple[int, int, str]] = [(offset, offset, "speech") for offset in edges]
    for match in _CUT.finditer(text):
        if any(t.start < match.end() and match.start() < t.end for t in times):
            continue
        word = match.group().lower()
        if match.lastgroup == "conjunction" and _before_time(text, match.end(), times):
            continue
        if (match.lastgroup in {"conjunction", "and"} or word == "that") and not _opens_clause(text, match.end()):
            continue
        if word == "that" and _SAYS_THAT.search(text, 0, match.start()):
            word = "speech"
        elif word == "that" and _NOT_RELATIVE.search(text, 0, match.start()):
            continue
        marks.append((match.start(), match.end(), "" if match.lastgroup == "stop" else word))
    marks.sort()
    found, start, lead = [], 0, ""
    for first, last, word in marks:
        if first < start:
            start, lead = max(start, last), word or lead
            continue
        found.append((start, first, lead))
        start, lead = last, word
    return [*found, (start, len(text), lead)]


def _before_time(text: str, position: int, times: Sequence[Time]) -> bool:
    """Whether a time follows: "since 2019", "until at least April 13"."""
    return any(t.start >= position and _TO_TIME.fullmatch(text, position, t.start) for t in times)


def _opens_clause(text: str, position: int) -> bool:
    """Whether a verb follows "and" or "as" before the next mark, so that it joins clauses and not nouns."""
    rest = re.split(r"[,;:()]|\band\b", text[position:], maxsplit=1)[0]
    return bool(_FINITE.search(rest))


def _kind(piece: str, lead: str, before: Sequence[_Piece], text: str) -> Piece:
    if lead == "speech":
        return "main" if _FINITE.search(piece) else "adverbial" if _HEAD_PREPOSITION.match(piece) else "main"
    if lead in RELATIVES | {"where"}:
        return "relative"
    if _HEAD_GERUND.match(piece):
        return "gerund"
    first = bool(before)
    if first and lead in {"", "and", "or"} and (verb := _HEAD_VERB.match(piece)):
        last = text[before[-1].start : before[-1].end]
        participle = _HEAD_PARTICIPLE.match(piece) and verb["verb"] not in AUXILIARIES
        return "aside" if lead == "" and participle and not _FINITE.search(last) else "predicate"
    if first and lead == "" and _HEAD_PARTICIPLE.match(piece):
        return "aside"
    if _FINITE.search(piece):
        return "main"
    if _HEAD_PREPOSITION.match(piece):
        return "adverbial"
    return "aside" if any(p.kind != "adverbial" for p in before) else "main"  # a subject whose verb comes later


def _give_scope(text: str, pieces: list[_Piece], index: int) -> None:
    """Set the runs of words that name what a piece is about."""
    piece = pieces[index]
    own = (piece.start, piece.end)
    before = pieces[:index]
    main = next((p for p in reversed(before) if p.kind == "main"), before[0] if before else None)
    last = before[-1] if before else None
    match piece.kind:
        case "main":
            leading = before if all(p.kind == "adverbial" for p in before) else []
            piece.scope = [own, *((p.start, p.end) for p in leading)]
        case "predicate" | "gerund":
            piece.scope = [own, *(main.scope if main else ())]
            piece.named = bool(main and main.named)
        case "relative" | "aside":
            piece.scope = [own]
            if last:
                whole = piece.kind == "aside" and not _FINITE.search(text[last.start : last.end])
                piece.scope.append((last.start, last.end) if whole else _tail(text, last))
                if last.kind == "aside":
                    piece.scope += last.scope
        case "adverbial":
            piece.scope = [own, *(last.scope if last else ())]
            piece.named = bool(last and last.named)


def _tail(text: str, piece: _Piece) -> tuple[int, int]:
    """The noun phrase at the end of a piece, as far as it can be told: what stands behind its last preposition."""
    found = _TAIL.search(text, piece.start, piece.end)
    start = found.start() if found else piece.start
    for cut in _TAIL_CUT.finditer(text, start, piece.end):
        if cut.end() < piece.end:
            start = cut.end()
    return start, piece.end


def _names_its_subject(piece: str) -> bool:
    """Whether a name stands in front of the verb of a clause."""
    verb = _FINITE.search(piece)
    front = piece[: verb.start()] if verb else piece
    return any(set(match.group().split()) - _NO_NAME for match in _NAMES.finditer(front))


# -- Times that are no events ------------------------------------------------------------------------------------------


def _only_says(text: str, piece: _Piece, time: Time, spoken: Sequence[tuple[int, int]]) -> bool:
    """Whether a time is that of speaking: it stands beside the verb, outside the words that are said."""
    beside = [s for s in spoken if not s[0] <= time.start < s[1]]
    if not beside:
        return False
    words = text[piece.start : piece.end]
    return bool(_SPEAKS.search(words)) and not _DOES.search(words)


def _given_up(text: str, time: Time) -> bool:
    """Whether a day is only what was aimed at and is no more: "gave up the target of March 17", "moved from 3 May"."""
    if _MOVED_FROM.search(text, 0, time.start) or is_dropped(text, time):
        return True
    target = _TARGET.search(text, 0, time.start)
    return bool(target and _GIVES_UP.search(text, max(0, target.start() - 60), target.start()))


def _statement(text: str, piece: _Piece, within: tuple[int, int]) -> tuple[int, int]:
    """Where the words of a statement stand, with those that name what it is about."""
    start = min([piece.start, *(s for s, e in piece.scope if s >= within[0])])
    end = piece.end
    while start < end and not (text[start].isalnum() or text[start] in "“\"‘'"):
        start += 1
    while end > start and text[end - 1] in " ,;:–—-\n\t":
        end -= 1
    return start, end
