"""Who speaks in one sentence, and which of its clauses are what they say.

The sentence comes masked: quotations and brackets are filled with marks that match no word, so that only the words that
attribute are read. A verb of speech has its speaker before it ("X said that …"), or behind it ("…, said X"), or stands
in the middle ("The vote, X said, …"). After the patterns of Krestel et al. (2008) and Pouliquen et al. (2007).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice
from typing import NamedTuple

from ..characters import CAPITAL, WORD
from ..clauses import BREAK
from ..lexicon import (
    ARTICLES,
    CONTENT_OPENERS,
    CONTRASTS,
    NEGATIONS,
    NOUN_PREPOSITIONS,
    PEOPLE,
    POSSESSIVES,
    RELATIVES,
    SETTING_PREPOSITIONS,
    any_of,
    capitalised,
)
from ..names import CAPITALISED
from ..regex import lazy_compile
from ..temporal.patterns import PAST_DAY, WEEKDAY
from . import cues
from .noun_phrases import Phrase, phrase_after, phrase_before

QUOTED, ASIDE = "\ue000", "\ue001"  # what quotations and brackets are masked with

MOST_VERBS = 16  # of speech in a sentence; one with more is none, and each is compared with all others

_ARTICLED = ARTICLES | POSSESSIVES  # what a description begins with
# Where the words of an attribution may begin, and where what it reports may.
_BOUNDARY = lazy_compile(rf"{QUOTED}|{BREAK}|…\s")
_CLAUSE = lazy_compile(rf"(?:{BREAK}|…(?=\s+(?:and|but)\b))\s*(?:(?:and|but)\s+)?")
_JOINS = any_of(CONTRASTS, {"and"})
_PARTED = lazy_compile(r"[;—]\s*")
_JOINT = lazy_compile(rf"[,;]\s+{_JOINS}\s+")
_SPLIT = lazy_compile(rf",?\s+{_JOINS}\s+(?:(?:later|then|also)\s+)?$|[;—]\s*$")
_OWNED = rf"(?:{any_of(_ARTICLED, capitalised(_ARTICLED))}\s|{CAPITAL}[{WORD}-]*[’']s?\s)"
_TITLED = lazy_compile(rf"(?:^|[,.]\s|\b{_JOINS}\s|\s)(?P<title>{_OWNED}[a-z][^,]{{2,80}})$")
_APPOSED = lazy_compile(rf"(?:{any_of(_ARTICLED, RELATIVES)}|\d|[a-z])")
_GOVERNED = lazy_compile(rf"\b{any_of(NOUN_PREPOSITIONS)}\s(?:[a-z]+\s){{0,2}}$")
_ASKED = lazy_compile(r"(?:When\b[^,]*\s)?(?:[Aa]sked|[Pp]ressed)\b")
_HUNG = lazy_compile(
    rf"\s+{any_of(NOUN_PREPOSITIONS, {'briefed on', 'close to', 'familiar with', 'working'})}\s+[^,.;:]+"
)
_ALONGSIDE = {"adding", "after", "and", "as", "because", "in", "saying", "too", "with"}
_HANGS_ON = lazy_compile(rf"{any_of(CONTRASTS, RELATIVES - {'that'}, _ALONGSIDE)}\b")
# "said the striker, Ivo Matic": a description, and the name of whom it describes.
_NAMED_BEHIND = lazy_compile(rf",\s+(?P<name>{CAPITALISED}(?:\s+(?:of\s+)?{CAPITALISED})+)(?=\s*(?:[,.;:]|$))")
_PARTED_BY_TIME = lazy_compile(rf"\s+(?:on\s+{WEEKDAY}|{PAST_DAY}|last\s+\w+|this\s+\w+),\s+(?=\S)")
_WHERE = lazy_compile(rf"(?:{any_of(SETTING_PREPOSITIONS, {'early', 'late', 'who'})}|{PAST_DAY}|{WEEKDAY})\b")
_AGAIN = lazy_compile(r"(?:,\s*|\b)(?:and|but|then|also|yet|though)\s+(?:(?:only|later|also|then)\s+)?$|,\s*$")
_OPENED = lazy_compile(rf"(?:{any_of(capitalised(SETTING_PREPOSITIONS))}\s[^,]{{2,60}},\s+)?")
_THAT = lazy_compile(rf"\s*{any_of(CONTENT_OPENERS)}\s+")
_RELATIVE = lazy_compile(r",?\s*\b(?:who|which)$")
_ENDS = lazy_compile(r"[\s.,;:!?*]*$")
_WORDY = lazy_compile(r"[^\W\d_]{2,}")


class Attribution(NamedTuple):
    """A speaker's phrase, the verb, who is spoken to, and the clauses reported, as offsets of the sentence.

    ``start:end`` is the attribution itself. ``quotes`` says that a verb like "called" reports only what is in marks.
    """

    start: int
    end: int
    who: Phrase
    verb: str
    addressee: str | None
    clauses: tuple[tuple[int, int], ...]
    quotes: bool


def attributions(masked: str) -> list[Attribution]:
    """The attributions of a masked sentence, in order of their verbs."""
    text = masked
    found: list[Attribution] = []
    verbs = list(islice(cues.VERB.finditer(masked), MOST_VERBS + 1))
    for verb in verbs if len(verbs) <= MOST_VERBS else ():
        made = _made(text, verb, found)
        if made is None:
            continue
        found.append(made)
        if len(made.clauses) == 2 or (made.clauses and made.clauses[0][0] >= made.end and _aside(text, made)):
            # "Venn, he said, had told him": what stands in the middle hides nobody's subject.
            text = f"{text[: made.start]}{ASIDE * (made.end - made.start)}{text[made.end :]}"
    found += _according(masked)
    return [_bounded(masked, a, found) for a in sorted(found, key=lambda a: a.start)]


def _made(text: str, verb: re.Match[str], before: list[Attribution]) -> Attribution | None:
    word, left = verb.group(), text[: verb.start()]
    if word not in cues.PARTICIPLE and cues.NEGATED.search(left):
        return None
    floor = max((m.end() for m in _BOUNDARY.finditer(left)), default=0)
    if word in cues.PARTICIPLE:
        return _participle(text, verb, before)
    bare = cues.ADVERB.sub("", left[floor:]) if cues.ADVERB.search(left[floor:]) else left[floor:]
    end = floor + len(bare.rstrip())
    who = _subject(text, floor, end)
    inverted = None
    if word not in cues.PLURAL and (who is None or not text[floor:end].strip()):
        inverted = _inverted(text, verb)
    if who is None and inverted is None:
        return _continued(text, verb, before)
    if word in cues.PLURAL and (who is None or not _plural(who)):
        return None
    if word in cues.SHOWING and not (who and cues.PAPERS.search(who.text)):
        return None
    who = who or inverted
    assert who is not None
    if who.text.split()[0].lower() in NEGATIONS:
        return None
    tail = inverted.end if inverted else verb.end()
    start = min(who.start, verb.start())
    hearer, after = _addressee(text, word, tail) if not inverted else (None, tail)
    clauses = _reported(text, word, start, after, inverted=inverted is not None)
    quotes = word in cues.THAT and not clauses
    return Attribution(start, max(tail, after if hearer else tail), who, word, hearer, clauses, quotes)


def _subject(text: str, floor: int, end: int) -> Phrase | None:
    """The phrase before a verb; behind an apposition ("Ferro, who leads the board,") the one before that."""
    if text[floor:end].rstrip(f" {ASIDE}") != text[floor:end].rstrip():
        end = floor + len(text[floor:end].rstrip(f" {ASIDE}").rstrip())
    if not text[floor:end].endswith(","):
        relative = _RELATIVE.search(text, floor, end)
        if not relative:
            return phrase_before(text, end, floor)
        return _described(text, phrase_before(text, relative.start(), floor), floor)
    parts = [m.start() for m in re.finditer(r",(?=\s|$)", text[floor:end])]
    for comma in reversed(parts[:-1]):
        between = text[floor + comma + 1 : end - 1].strip()
        who = phrase_before(text, floor + comma, floor)
        if len(between) > 120:
            break
        name = phrase_before(text, end - 1, floor + comma + 1)
        if (
            name
            and name.name
            and name.text == between == name.name
            and (titled := _TITLED.search(text, floor, floor + comma))
        ):
            return name._replace(start=titled.start("title"))  # "a spokeswoman for the firm, Greta Vossler, said"
        if who is None or _GOVERNED.search(text, 0, who.start):
            continue
        if _APPOSED.match(between) or (who.name and _title_like(between)):
            clause = text[max(floor, who.start - 1) : who.start].strip()
            if clause in ("", ",") or who.name:
                return who
    return None


def _described(text: str, who: Phrase | None, floor: int) -> Phrase | None:
    """The name that a phrase describes, if it does: "Ferro, the head of the board, who said" has Ferro say it."""
    comma = text.rfind(",", floor, who.start) if who else -1
    if who is None or comma < 0:
        return who
    between = text[comma + 1 : who.end].strip()
    named = phrase_before(text, comma, floor) if _APPOSED.match(between) and _title_like(between) else None
    return named if named and named.name else who


def _title_like(between: str) -> bool:
    return len(between.split()) <= 8 and not cues.FINITE.search(between)


def _plural(who: Phrase) -> bool:
    last = who.text.split()[-1].lower()
    return who.text.lower() == "they" or (last.endswith("s") and not who.name) or last in PEOPLE


def _inverted(text: str, verb: re.Match[str]) -> Phrase | None:
    """The speaker behind the verb: only right behind what is reported, that is behind a comma or a quotation."""
    before = text[: verb.start()].rstrip()
    if not before or before[-1] not in f",{QUOTED}":
        return None
    gap = len(text[verb.end() :]) - len(text[verb.end() :].lstrip())
    if not gap:
        return None
    who = phrase_after(text, verb.end() + gap)
    if who is None or (who.pronoun and verb.group() not in ("said", "says")):
        return None
    if not who.name and (named := _NAMED_BEHIND.match(text, who.end)):
        who = who._replace(end=named.end("name"), text=f"{who.text}, {named['name']}", name=named["name"])
    rest = text[who.end :].lstrip()
    # "X, its head, said the bridge would open" is no inversion: a clause has its verb.
    if (
        before[-1] == ","
        and not re.match(r"[.,;:]|$|(?:with|briefed|familiar|close)\b", rest)
        and not _only_where(rest)
    ):
        return None
    return who


def _only_where(rest: str) -> bool:
    """Whether what follows a speaker only tells where and when: "on Tuesday", "in a statement"."""
    piece = re.split(r"[.,;:]", rest)[0]
    return bool(_WHERE.match(piece))


def _continued(text: str, verb: re.Match[str], before: list[Attribution]) -> Attribution | None:
    """A second verb of the same speaker: "She said … but called that date …", "urged …, and said …"."""
    left = text[: verb.start()]
    if not _AGAIN.search(left):
        return None
    if before:
        who = before[-1].who
    else:
        opening = phrase_opening(text)
        if opening is None or verb.group() in cues.PLURAL:
            return None
        who = opening
    word = verb.group()
    hearer, after = _addressee(text, word, verb.end())
    clauses = _reported(text, word, verb.start(), after, inverted=False)
    if not clauses and word not in cues.THAT | cues.SAY:
        return None
    return Attribution(
        verb.start(), max(verb.end(), after if hearer else verb.end()), who, word, hearer, clauses, not clauses
    )


def phrase_opening(text: str) -> Phrase | None:
    """The subject a sentence opens with, as far as a name or a phrase with an article makes it plain."""
    opened = _OPENED.match(text)
    return phrase_after(text, opened.end() if opened else 0)


def _participle(text: str, verb: re.Match[str], before: list[Attribution]) -> Attribution | None:
    left = text[: verb.start()].rstrip()
    if not left.endswith(","):
        return None
    who = before[-1].who if before else phrase_opening(text)
    if who is None:
        return None
    clauses = _reported(text, verb.group(), verb.start(), verb.end(), inverted=False)
    clauses = tuple(c for c in clauses if c[0] >= verb.end())  # what stands before it, the main verb reports or nobody
    return Attribution(verb.start(), verb.end(), who, verb.group(), None, clauses, not clauses)


def _addressee(text: str, verb: str, tail: int) -> tuple[str | None, int]:
    """Who is told, and where the rest begins."""
    if verb not in cues.ADDRESSED:
        return None, tail
    match = cues.HEARER.match(text, tail)
    if not match or not match.group().strip():
        return None, tail
    rest = text[match.end() :]
    if verb == "warned" and not _THAT.match(rest):
        return None, tail
    return match.group().strip(), match.end()


def _reported(text: str, verb: str, start: int, after: int, *, inverted: bool) -> tuple[tuple[int, int], ...]:
    """The clauses an attribution reports: behind it, before it, or both."""
    floor = max((m.end() for m in _CLAUSE.finditer(text, 0, start)), default=0)
    ahead = text[floor:start].rstrip()
    behind = after
    that = None if verb in cues.LABEL else cues.TO_THAT.match(text, behind)
    if that and (between := that["between"]) and (not cues.WHERE.match(between) or cues.FINITE.search(between)):
        that = None
    if not that and (skipped := cues.ADVERBIALS.match(text, behind)):
        behind = skipped.end()
    rest = text[behind:]
    if not ahead and not that and (parted := _PARTED_BY_TIME.match(text, after)):
        behind, rest = parted.end(), text[parted.end() :]  # "The minister noted on Monday, the bridge was shut"
    opener = rest.lstrip()[:1]
    closed = not opener or opener in ",.;:!?" + QUOTED or _only_where(rest.lstrip())
    if inverted or (closed and not that):
        return _before(text, floor, ahead, behind)
    if that:
        return ((that.end(), len(text)),)
    if verb in cues.THAT or cues.PREPOSITION.match(rest):
        return ()
    stated = cues.FINITE.search(rest) or (verb in cues.PLAINLY and cues.PRESENT.search(rest))
    if not stated and QUOTED not in rest:
        return ()
    begin = behind + len(rest) - len(rest.lstrip())
    return ((begin, len(text)),) if len(rest.split()) >= 2 and _WORDY.search(rest) else ()


_FRAME = lazy_compile(
    r"\s*(?:\w+ing|Asked|(?:When|While)\s\w+ing|After|Before|During|Following"
    r"|In\s(?:\w+\s){0,3}?(?:comments?|e-?mail|filing|interview|letter|message|post|remarks|report|speech|statement))\b"
)


def _before(text: str, floor: int, ahead: str, behind: int) -> tuple[tuple[int, int], ...]:
    """What stands before an attribution that closes or interrupts it: "The vote, X said, would be held"."""
    if not ahead.endswith(",") or not _WORDY.search(ahead) or ahead.endswith(f"{QUOTED},") or _ASKED.match(ahead):
        return ()
    first = (floor, floor + len(ahead) - 1)
    parted = re.match(r"[^,.;:]{0,40},\s+(?=\S)", text[behind:])
    follow = behind + parted.end() if parted else len(text)
    # "Speaking in Varn on Monday, X said …" tells when and where it was said.
    frame = _FRAME.match(ahead) is not None and not cues.FINITE.search(ahead)
    quoted = not text[follow:].strip(f"{QUOTED} .,;?!")
    stated = cues.FINITE.search(text, follow) or QUOTED in text[follow:]
    if not parted or _HANGS_ON.match(text, follow) or not stated:
        return () if frame else (first,)
    short = len(ahead.split()) <= 3 or ahead.endswith("that,")
    if short or (frame and (quoted or not cues.FINITE.match(text, follow))):
        return () if quoted else ((follow, len(text)),)
    return (first, (follow, len(text)))


def _aside(text: str, made: Attribution) -> bool:
    return text[: made.start].rstrip().endswith(",") and text[made.end :].lstrip().startswith(",")


def _according(masked: str) -> Iterator[Attribution]:
    """ "According to the ministry, …" and "…, according to two officials": the rest of the clause."""
    for match in islice(cues.ACCORDING.finditer(masked), MOST_VERBS):
        who = phrase_after(masked, match.end())
        if who is None:
            continue
        end = _whole_phrase(masked, who)
        who = who._replace(end=end, text=masked[who.start : end].rstrip(" ,.;:"))
        if match.group()[0] == "A" and not masked[: match.start()].strip():
            comma = masked.find(",", end)
            clause = (comma + 1 if comma >= 0 else end, len(masked))
        else:
            floor = max((m.end() for m in _PARTED.finditer(masked, 0, match.start())), default=0)
            clause = (floor, len(masked[: match.start()].rstrip(" ,")))
        if _WORDY.search(masked[clause[0] : clause[1]]):
            yield Attribution(match.start(), end, who, "according to", None, (clause,), False)


def _whole_phrase(masked: str, who: Phrase) -> int:
    """Where a phrase ends with what hangs on it: "two officials with knowledge of the matter"."""
    hung = None if who.name else _HUNG.match(masked, who.end)
    return hung.end() if hung else who.end


def _bounded(masked: str, one: Attribution, every: list[Attribution]) -> Attribution:
    """The attribution with its clauses cut where another speaker's begin, and without stops at their ends."""
    clauses = []
    for start, end in one.clauses:
        for other in every:
            if other is one:
                continue
            if (
                start < other.start < end
                and one.start < other.start
                and (cut := _SPLIT.search(masked, start, other.start))
            ):
                end = min(end, cut.start())
            if start < other.end <= one.start and other.verb != "according to" and start <= other.start:
                # What an earlier speaker of the sentence says is not this one's.
                joint = _JOINT.search(masked, other.end, one.start)
                start = joint.end() if joint else start
        semicolon = masked.rfind(";", start, max((o.start for o in every if o is not one and o.start < end), default=0))
        if semicolon >= start:
            end = semicolon
        if start >= one.end and (silent := cues.SILENT.search(masked, start, end)):
            end = silent.start()
        end = start + len(masked[start:end]) - len(_ENDS.search(masked[start:end]).group())  # type: ignore[union-attr]
        start += len(masked[start:end]) - len(masked[start:end].lstrip(" ,"))
        if end > start and _WORDY.search(masked[start:end].replace(QUOTED, "qq")):
            clauses.append((start, end))
    return one._replace(clauses=tuple(clauses))
