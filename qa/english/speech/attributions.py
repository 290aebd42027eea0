"""Who speaks in one sentence, and which of its clauses are what they say.

The sentence comes masked: quotations and brackets are filled with marks that match no word, so that only the words that
attribute are read. A verb of speech has its speaker before it ("X said that …"), or behind it ("…, said X"), or stands
in the middle ("The vote, X said, …"). After the patterns of Krestel et al. (2008) and Pouliquen et al. (2007).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from itertools import islice
from typing import NamedTuple

from ..characters import CAPITAL, WORD
from ..clauses import BREAK
from ..lexicon import (
    ADVERBS,
    ARTICLES,
    AUXILIARIES,
    BE,
    CALENDAR_NAMES,
    CONTENT_OPENERS,
    CONTRASTS,
    COUNTS,
    DOCUMENTS,
    HAVE,
    MODALS,
    NEGATIONS,
    NOUN_PREPOSITIONS,
    OFFICES,
    ORGANISATIONS,
    PARTITIVES,
    PEOPLE,
    POSSESSIVES,
    PREPOSITIONS,
    QUANTIFIERS,
    RANKS,
    RELATIVES,
    SETTING_PREPOSITIONS,
    SUBJECT_PRONOUNS,
    UNNAMED_PEOPLE,
    any_of,
    capitalised,
)
from ..names import CAPITALISED
from ..regex import lazy_compile
from ..temporal.patterns import PAST_DAY, WEEKDAY
from . import cues
from .noun_phrases import OWNERS, Phrase, phrase_after, phrase_before

QUOTED, ASIDE = "\ue000", "\ue001"  # what quotations and brackets are masked with

OWNED = "claim"  # the verb of an attribution that is a noun
ACCORDING_TO = "according to"  # and of one that has no verb
INTRODUCING = "…:"  # of one whose verb need not be known: only people speak so
_SEVERAL = {"crew", "family", "majority", "military", "staff", "team"}
_REACH = 240  # characters before a verb in which its subject is looked for
MOST_VERBS = 16  # of speech in a sentence; one with more is none, and each is compared with all others

_ARTICLED = ARTICLES | POSSESSIVES  # what a description begins with
# Where the words of an attribution may begin, and where what it reports may.
_BOUNDARY = lazy_compile(rf"{QUOTED}|{BREAK}|…\s")
_CLAUSE = lazy_compile(rf"(?:{BREAK}|…(?=\s+(?:and|but)\b))\s*(?:(?:and|but)\s+)?")
_JOINS = any_of(CONTRASTS, {"and"})
_LINKS = any_of(CONTRASTS, {"and"}, capitalised(CONTRASTS, {"and"}))
_HELPING = AUXILIARIES | BE | HAVE | MODALS
_DENIED = lazy_compile(rf"(?:\b{any_of(NEGATIONS, MODALS)}|n[’']t)\b")
_PLURAL = lazy_compile(rf"(?:[a-z-]+\s){{0,2}}?(?:{any_of(PEOPLE)}|[a-z-]+s)\b(?=\s*[,.;:]|$)")
_WRITTEN_BY = lazy_compile(
    rf"(?:{any_of(_ARTICLED)})\s(?:[\w-]+\s){{0,2}}?{any_of(DOCUMENTS)}\s(?:[a-z]+\s){{0,2}}by\s(?={CAPITAL}|the\s)"
)
_PARTED = lazy_compile(r"[;—]\s*")
_JOINT = lazy_compile(rf"[,;]\s+{_JOINS}\s+")
_SPLIT = lazy_compile(rf",?\s+{_JOINS}\s+(?:(?:later|then|also)\s+)?$|[;—]\s*$")
_OWNED = rf"(?:{any_of(_ARTICLED | {'another'}, capitalised(_ARTICLED | {'another'}))}\s|{CAPITAL}[{WORD}-]*[’']s?\s)"
_TITLED = lazy_compile(
    rf"(?:^|[,.]\s|\b{_JOINS}\s|\s)(?P<title>(?:{any_of(PARTITIVES, COUNTS)}\sof\s)?{_OWNED}"
    rf"(?:[a-z]|(?:{CAPITALISED}\s){{0,2}}?{any_of(capitalised(OFFICES))}\b)[^,]{{2,80}})$"
)
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
# "said University of Dunmere, Varn's chancellor, Piet Hosla": the office is of what stands in front.
_HELD_BEHIND = lazy_compile(
    rf"(?:,\s+{CAPITALISED}(?:\s{CAPITALISED})*)?[’']s\s(?:[a-z-]+\s){{0,3}}[a-z-]+,?\s"
    rf"(?P<name>{CAPITALISED}(?:\s{CAPITALISED})+)(?=\s*(?:[,.;:]|$))"
)
# "Yet according to the police, …", "a post that, according to her lawyer, …": what follows is reported.
_LEADS = lazy_compile(rf"(?:^|[\s,])(?:(?<!\bin\s)(?P<relative>{any_of(RELATIVES)})|{_LINKS})$")
_BY = lazy_compile(r"\b(?:[a-z]{2,}\sby)$")  # "tried to free him by saying they forgave him"
_QUOTED_NEXT = lazy_compile(rf",?\s*:?\s*{QUOTED}")  # "at a club in Washington, D.C. saying, “…”"
_PARTED_BY_TIME = lazy_compile(rf"\s+(?:on\s+{WEEKDAY}|{PAST_DAY}|last\s+\w+|this\s+\w+),\s+(?=\S)")
_TIMES = {"afterwards", "earlier", "early", "late", "later"}
_WHERE = lazy_compile(rf"(?:{any_of(SETTING_PREPOSITIONS, _TIMES, {'who'})}|{PAST_DAY}|{WEEKDAY})\b")
_AGAIN = lazy_compile(r"(?:,\s*|\b)(?:and|but|then|also|yet|though)\s+(?:(?:only|later|also|then)\s+)?$|,\s*$")
_WHAT = lazy_compile(r"\b(?:which|what|that|whom)\s$")  # "which the minister called “a joke”"
_SHORTENED = lazy_compile(rf"\s*{any_of(SUBJECT_PRONOUNS | {'there', 'that'})}[’'](?:s|re|ll|ve|m|d)\b")  # "said she's"
_A_DESCRIPTION = lazy_compile(r",\s(?:an?\s[a-z]|(?:the\s)?(?:[\w-]+\s){1,4}?(?:at|for|of)\s)")
_PARENTHETIC = lazy_compile(rf"\s+[a-z]+\s*(?:,(?!\s*{QUOTED})|$)")  # "Pier Four, the owner of the dock said, is shut"
_NAMED = lazy_compile(rf"\s*{QUOTED}")
_OPENED = lazy_compile(
    rf"(?:(?:{any_of(capitalised(PREPOSITIONS, SETTING_PREPOSITIONS))}\s[^,]{{2,60}}"
    rf"|(?:(?:Early|Late|Last|Earlier|Later)\s)?(?:{WEEKDAY}|[Tt]oday|[Yy]esterday)(?:\s\w+)?|(?:Earlier|Later)\b[^,]{{0,30}}),\s+)?"
)
_DESCRIPTION = lazy_compile(rf"{any_of(capitalised(ARTICLES))}\s[a-z]")
_DESCRIBED_HEARER = lazy_compile(r",\s[^,.;:]{2,60},(?=\sthat\b)")
_THAT = lazy_compile(rf"\s*{any_of(CONTENT_OPENERS)}\s+")
_STOP = lazy_compile(r"[.,;:]")
_PREPOSED = lazy_compile(rf"{any_of(PREPOSITIONS)}\s")
_WITH = lazy_compile(r"\bwith\s+$")
_RELATIVE = lazy_compile(r",?\s*\b(?:who|which)$")
_OPENS = lazy_compile(rf"(?:.*[,;:]\s+)?(?:{_LINKS}\s+)?")
_HUNG_PREPOSITIONS = NOUN_PREPOSITIONS | set(
    "across against along among behind beside between outside under within".split()
)
_HANGING = lazy_compile(rf"\s(?:{any_of(_HUNG_PREPOSITIONS, RELATIVES)}|[a-z]+ing)\s")
# What stands right before a phrase that is no subject: "officials in Varn and the valley said", "doctors treating him".
_HUNG_ON = lazy_compile(
    rf"\s(?:(?P<by>by)|{any_of(_HUNG_PREPOSITIONS)}|(?P<doing>[a-z]+ing))\s(?P<the>{any_of(_ARTICLED)}\s)?"
    rf"(?P<pair>{CAPITALISED}(?:\s{CAPITALISED})*\s(?:and|or)\s(?:the\s)?)?$"
)
_HOLDERS = OFFICES | RANKS | UNNAMED_PEOPLE
_WHO = lazy_compile(rf"\s(?:who|which|that|whose)\s(?=[a-z])(?!{any_of(_ARTICLED, SUBJECT_PRONOUNS, PREPOSITIONS)}\b)")
_ARTICLE = lazy_compile(rf"^{any_of(ARTICLES, capitalised(ARTICLES))}\s")
_TO_BE = lazy_compile(r"\bto\sbe\s$")
_JOINED = lazy_compile(r"\s+and\s+(?:the\s+)?$")
_RELATIVE_AHEAD = lazy_compile(rf"\b{any_of(RELATIVES)}\s(?:[a-z]+\s){{0,2}}[a-z]+\s*$")
_AND_END = lazy_compile(r"\b(?:and|or|but)\s*$")  # "added half a metre and that it rained"
# "In a video message posted to the page, Orr …": what hangs on a preposition is no subject.
_HUNG_AHEAD = lazy_compile(r"\b(?:At|By|From|In|On|With)\s$")
_COORDINATED = lazy_compile(rf"\s+(?:and|or)\s+(?={CAPITAL})")  # "Lise and Ned's mother wept": not Lise
_CLAUSE_OF_OWN = lazy_compile(rf"\s*,[^,;]{{2,60}},\s+{any_of(AUXILIARIES)}\b")
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
    found += _told_as(masked, found)
    if "heard" in masked or "ed by " in masked or "told by " in masked:
        found += _hearsay(masked)
    if "that " in masked:
        found += _owned(masked)
    if QUOTED in masked or ":" in masked:
        found += _labelled(masked, found)
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
    elif word in cues.SAY and text[floor:end].endswith(",") and (closing := _inverted(text, verb)):
        # "It pays the tab, which is large, said Mara Orr.": nothing is left that she could say behind the verb.
        inverted = closing if closing.name and _ENDS.match(text, closing.end) else None
        who = inverted or who
    if who is None and inverted is None:
        return _continued(text, verb, before)
    if word in cues.PLURAL and (who is None or not _plural(text, who)):
        return None
    if word in cues.SHOWING and not (who and cues.PAPERS.search(who.text)):
        return None
    if who and not inverted and not who.pronoun and _HUNG_AHEAD.search(text, 0, who.start):
        return None
    who = who or inverted
    assert who is not None
    if who.text.split()[0].lower() in NEGATIONS or text[: who.start].rstrip().lower().endswith("not"):
        return None
    if _is_noun(text, word, who):
        return None
    named = not who.name and _NAMED.match(text, verb.end()) and not _WHAT.search(text, floor, who.start)
    if word in cues.NAMING and (named or (inverted and QUOTED not in text[floor : who.start])):
        return None  # "a song called “Day after Day”", "the water, called a plume,"
    tail = inverted.end if inverted else verb.end()
    start = min(who.start, verb.start())
    hearer, after = _addressee(text, word, tail) if not inverted else (None, tail)
    clauses = _reported(text, word, start, after, inverted=inverted is not None)
    quotes = word in cues.THAT and not clauses
    return Attribution(start, max(tail, after if hearer else tail), who, word, hearer, clauses, quotes)


def _is_noun(text: str, word: str, who: Phrase) -> bool:
    """Whether a form is a noun here: "one of six states", "the annual reports, …", but not "…, the Herald reports"."""
    if word in cues.CLOSING:
        named = who.name and who.text.split()[-1][:1].isupper() and len(who.text.split()) > 1
        return not (named or text[: who.start].rstrip().endswith((",", QUOTED)))
    return word.endswith("s") and who.text.split()[-1].lower() in COUNTS | QUANTIFIERS


def _subject(text: str, floor: int, end: int) -> Phrase | None:
    """The phrase before a verb; behind an apposition ("Ferro, who leads the board,") the one before that."""
    if text[floor:end].rstrip(f" {ASIDE}") != text[floor:end].rstrip():
        end = floor + len(text[floor:end].rstrip(f" {ASIDE}").rstrip())
    if not text[floor:end].endswith(","):
        relative = _RELATIVE.search(text, floor, end)
        if not relative:
            return _described_at_once(text, _governing(text, phrase_before(text, end, floor), floor, end), floor)
        who = phrase_before(text, relative.start(), floor)
        if who and _TO_BE.search(text, floor, who.start):
            return None  # "a woman claiming to be her friend, who said"
        return _described(text, who, floor)
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
            and " " in between  # "a doctor in Santa Monica, California, said": one word may be a place
            and (titled := _TITLED.search(text, floor, len(text[: floor + comma].rstrip(f" {ASIDE}"))))
        ):
            return name._replace(start=titled.start("title"))  # "a spokeswoman for the firm, Greta Vossler, said"
        if who and _GOVERNED.search(text, 0, who.start):  # "Governors at the school, which is old, said"
            who = _governing(text, who, floor, floor + comma) if between.startswith(("which ", "who ")) else None
        if who is None:
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


def _described_at_once(text: str, who: Phrase | None, floor: int) -> Phrase | None:
    """The name that a phrase describes without a second comma: "Ada Holm, a surgeon at the clinic said"."""
    comma = text.rfind(",", floor, who.start + 1) if who else -1
    if who is None or comma < 0 or not _A_DESCRIPTION.match(text, comma, who.end) or _PARENTHETIC.match(text, who.end):
        return who
    named = phrase_before(text, comma, floor)
    full = named is not None and len(named.name.split()) > 1 and not text[floor : named.start].strip()
    return named if full else who


def _title_like(between: str) -> bool:
    return len(between.split()) <= 8 and not cues.FINITE.search(between)


def _governing(text: str, who: Phrase | None, floor: int, end: int, levels: int = 4) -> Phrase | None:
    """The subject that a phrase right before a verb is only a part of: "the men who sold the boats", "police in Varn".

    The phrase itself if it is the subject. None if it is not, and the subject cannot be told. No more than ``levels``
    phrases that hang on one another are read, and no more than what stands close before the verb.
    """
    at = who.start if who else end
    floor = max(floor, at - _REACH)

    def left_of(place: int) -> Phrase | None:
        return _governing(text, phrase_before(text, place, floor), floor, place, levels - 1) if levels else None

    relative = _relative_before(text, floor, at)
    if relative is not None:
        return left_of(relative)
    if who is None or who.pronoun:
        return who
    return _with_another(text, who, floor) or _hanging_on(text, who, floor, left_of)


def _relative_before(text: str, floor: int, at: int) -> int | None:
    """Where the last "who" or "that" stands whose clause reaches to ``at``."""
    for relative in reversed(list(_WHO.finditer(text, floor, at))):
        between = text[relative.end() : at]
        if any(mark in between for mark in f",{QUOTED}{ASIDE}"):
            return None
        if between.split() and not cues.REPORTED_AT_END.search(text, floor, relative.start()):
            return relative.start()  # not "said that officials in Varn"
    return None


def _hanging_on(text: str, who: Phrase, floor: int, left_of: Callable[[int], Phrase | None]) -> Phrase | None:
    """The phrase that ``who`` hangs on: "officials" of "officials in Varn", "doctors" of "doctors treating the boy"."""
    hung = _HUNG_ON.search(text, floor, who.start)
    if hung is None or _names_a_holder(text, who):
        return who
    if hung["pair"] and cues.FINITE.search(text, floor, hung.start()):
        return who  # "Orr spoke in Varn and the minister said"
    # Not "after the shooting police said".
    governed = hung["doing"] is None or hung["the"] or who.name or who.text.split()[0] in _ARTICLED
    head = left_of(hung.start()) if governed else None
    if head is None or head.pronoun or head.text in CALENDAR_NAMES or head.text.endswith(OWNERS):
        return None if who.name and hung["doing"] is None else who
    if cues.FINITE.search(head.text):  # "a report published by the ministry"
        return who if hung["by"] else None
    if head.text.split()[-1].lower() in OFFICES | RANKS and len(who.name.split()) > 2:
        return who  # "ambassador to Norway Mara Orr"
    if head.name and not _is_plural(head.text):
        return head  # "Orr from Varn"
    return Phrase(head.start, who.end, text[head.start : who.end], "")


def _with_another(text: str, who: Phrase, floor: int) -> Phrase | None:
    """The phrase with the one that it is joined to by "and": "the Tax Office and the Harbour Board"."""
    joined = _JOINED.search(text, floor, who.start)
    titled = who.name not in ("", who.text) and who.text.split()[0].lower() not in _ARTICLED | COUNTS
    if joined is None or titled or cues.FINITE.search(text, floor, who.start):
        return None
    first = phrase_before(text, joined.start(), floor)
    if first is None or first.pronoun or text[floor : first.start].strip() not in {"", ","}:
        return None
    both = text[first.start : who.end]
    return Phrase(first.start, who.end, both, _ARTICLE.sub("", both) if first.name and who.name else "")


def _names_a_holder(text: str, who: Phrase) -> bool:
    """Whether a phrase has an office, and then who holds it: "Transport official Mara Orr" of "Department of …"."""
    before = who.text[: -len(who.name)].split()[-1:] if who.name and who.text.endswith(who.name) else []
    held = any(word.lower() in _HOLDERS or word.endswith(("ist", "ian")) for word in before)
    return held or ASIDE in text[who.start : who.end]


def _plural(text: str, who: Phrase) -> bool:
    """Whether several are said to speak: "they", "two officials", "Union officials", "Doctors"."""
    noun = _HANGING.split(who.text)[0].split()[-1]
    if who.text.lower() == "they" or noun.lower() in COUNTS | PARTITIVES | PEOPLE | ORGANISATIONS | _SEVERAL:
        return True  # "the government say" is British
    # "Did James say so?": a word with a capital may be a name, unless it is the subject of its own verb.
    return _is_plural(noun) and (noun[0].islower() or _OPENS.fullmatch(text, 0, who.start) is not None)


def _is_plural(phrase: str) -> bool:
    last = phrase.split()[-1]
    return last.lower() in PEOPLE or (last.endswith("s") and not last.endswith((*OWNERS, "ss")))


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
    if verb.group() in cues.TOLD_ONLY or _PREPOSED.match(who.text):
        return None  # "The head, Ada Holm, told the Herald", "The memo, found by Ada Holm, said"
    who = named_behind(text, who)
    rest = text[who.end :].lstrip()
    if _CLAUSE_OF_OWN.match(text, who.end):
        return None  # "X, its head, said the minister, no friend of his, should go"
    # "X, its head, said the bridge would open" is no inversion: a clause has its verb.
    if (
        before[-1] == ","
        and not before.endswith(f"{QUOTED},")
        and (
            not (re.match(r"[.,;:]|$|(?:with|briefed|familiar|close)\b", rest) or _only_where(rest))
            or cues.FINITE.search(_STOP.split(rest, maxsplit=1)[0])
        )
    ):
        return None
    return who


def named_behind(text: str, who: Phrase) -> Phrase:
    """The phrase with the name that it describes behind it, if there is one: "the striker, Ivo Matic"."""
    if who.name and (held := _HELD_BEHIND.match(text, who.end)):
        return Phrase(*held.span("name"), held["name"], held["name"])
    named = None if who.name or who.pronoun else _NAMED_BEHIND.match(text, who.end)
    if named is None:
        return who
    return who._replace(end=named.end("name"), text=f"{who.text}, {named['name']}", name=named["name"])


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
    start = opened.end() if opened else 0
    who = phrase_after(text, start)
    if who is None and _DESCRIPTION.match(text, start) and (verb := cues.FINITE.search(text, start)):
        who = phrase_before(text, verb.start(), start)  # "The parents tried to free him": the parents
        who = who if who and who.start == start else None  # "A tweet sent during the debate repeated": not the debate
    if who is None or _COORDINATED.match(text, who.end):
        return None
    if not who.pronoun and (verb := cues.FINITE.search(text, who.start, who.end)):
        return phrase_before(text, verb.start(), who.start)  # "Orr praised Bell and said": Orr
    return who


def _participle(text: str, verb: re.Match[str], before: list[Attribution]) -> Attribution | None:
    left = text[: verb.start()].rstrip()
    by = not before and _BY.search(left) is not None
    beside = phrase_before(text, verb.start())  # "She left, with an official saying that …"
    if beside and not beside.pronoun and _WITH.search(text, 0, beside.start):
        clauses = _reported(text, verb.group(), verb.start(), verb.end(), inverted=False)
        clauses = tuple(c for c in clauses if c[0] >= verb.end())
        return Attribution(beside.start, verb.end(), beside, verb.group(), None, clauses, not clauses)
    shortened = left.endswith(".") and _QUOTED_NEXT.match(text, verb.end()) is not None
    if not (left.endswith(",") or by or shortened):
        return None
    who = before[-1].who if before else phrase_opening(text)
    if who is None:
        return None
    if verb.group() in cues.LABELLING_PARTICIPLE:
        return Attribution(verb.start(), verb.end(), who, verb.group(), None, (), True)
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
    described = _DESCRIBED_HEARER.match(text, match.end())  # "told Coast News, a local outlet, that"
    parted = (
        verb in cues.TOLD_ONLY and text[match.end() : match.end() + 2] == ", "
    )  # "told Coast News, the boat had sunk"
    stated = parted and QUOTED not in text[match.end() :] and cues.FINITE.search(text, match.end())
    return match.group().strip(), described.end() if described else match.end() + (2 if stated else 0)


def _reported(text: str, verb: str, start: int, after: int, *, inverted: bool) -> tuple[tuple[int, int], ...]:
    """The clauses an attribution reports: behind it, before it, or both."""
    floor = max((m.end() for m in _CLAUSE.finditer(text, 0, start)), default=0)
    ahead = text[floor:start].rstrip()
    behind = after
    that = None if verb in cues.LABEL - cues.UTTERING else cues.TO_THAT.match(text, behind)
    if (
        that
        and (between := that["between"])
        and not (verb in cues.UTTERING and cues.OF_ONES_OWN.fullmatch(between))
        and (_AND_END.search(between) or not cues.WHERE.match(between) or cues.FINITE.search(between))
    ):
        that = None
    if not that and (skipped := cues.ADVERBIALS.match(text, behind)):
        behind = skipped.end()
    rest = text[behind:]
    if not ahead and not that and (parted := _PARTED_BY_TIME.match(text, after)):
        behind, rest = parted.end(), text[parted.end() :]  # "The minister noted on Monday, the bridge was shut"
    if cues.AS_ONE.match(rest) and (not ahead or _FRAME.match(ahead) or _sets_ahead(ahead)):
        return ((behind + 1, len(text)),)
    if verb in cues.CLAIMING and cues.CLAIMED_TO.match(rest):
        return ((behind + 1, len(text)),)
    opener = rest.lstrip()[:1]
    closed = not opener or opener in ",.;:!?" + QUOTED or _only_where(rest.lstrip())
    if inverted or (closed and not that):
        return _before(text, floor, ahead, behind)
    if that:
        return ((that.end(), len(text)),)
    begin = behind + len(rest) - len(rest.lstrip())
    if verb in cues.THAT - cues.LABEL and cues.CLAUSE.match(text, begin):
        return ((begin, len(text)),)
    # Not "the man who announced the deal was dismissed".
    if (
        verb in cues.THAT - cues.LABEL
        and cues.NOUN_CLAUSE.match(text, begin)
        and not _RELATIVE_AHEAD.search(text, floor, after)
    ):
        return ((begin, len(text)),)
    if verb in cues.THAT or cues.PREPOSITION.match(rest) or _PREDICATE.match(rest):
        return ()
    if not _is_stated(rest, verb) and QUOTED not in rest:
        return ()
    return ((begin, len(text)),) if len(rest.split()) >= 2 and _WORDY.search(rest) else ()


_PREDICATE = lazy_compile(rf"\s*{any_of(BE, HAVE, MODALS - {'may', 'will'})}\s")  # "the note that Orr wrote was long"


def _is_stated(rest: str, verb: str) -> bool:
    """Whether what follows a verb is a clause. "Orr reported the theft and was dismissed" tells what he did."""
    stated = cues.FINITE.search(rest)
    if stated:
        return not (verb in cues.TAKING and _AND_END.search(rest[: stated.start()]))
    return bool((verb in cues.PLAINLY and cues.PRESENT.search(rest)) or _SHORTENED.match(rest))


_OPENING_WORDS = capitalised(ADVERBS, CONTRASTS)  # "However, Orr said: …"
_FRAME = lazy_compile(
    r"\s*(?:\w+ing|Asked|(?:When|While)\s\w+ing|After|Before|During|Following"
    r"|In\s(?:\w+\s){0,3}?(?:comments?|e-?mail|filing|interview|letter|message|post|remarks|report|speech|statement))\b"
)


_SETTING = lazy_compile(
    rf"\s*(?:{any_of(capitalised(PREPOSITIONS, SETTING_PREPOSITIONS, {'as', 'despite', 'on'}))}|Earlier|Later)\s"
)
_WHEN = lazy_compile(r"\s*(?:After|As|Before|Once|Since|Until|When|While)\s")
_SPEAKS_NEXT = lazy_compile(rf"[^,.;{QUOTED}]{{0,60}}[:,]?\s*{QUOTED}")


def _sets_ahead(ahead: str) -> bool:
    """Whether what stands before a speaker tells when, where or of what: "On the sale of the dock, X said"."""
    return (_only_where(ahead) or _SETTING.match(ahead) is not None) and not cues.FINITE.search(ahead)


def _before(text: str, floor: int, ahead: str, behind: int) -> tuple[tuple[int, int], ...]:
    """What stands before an attribution that closes or interrupts it: "The vote, X said, would be held"."""
    said = ahead.removesuffix(",")
    if said == ahead or said.endswith(QUOTED) or not _WORDY.search(said):
        return ()
    if said in _OPENING_WORDS or _ASKED.match(said):
        return ()
    first = (floor, floor + len(ahead) - 1)
    parted = re.match(r"[^,.;:]{0,40},\s+(?=\S)", text[behind:])
    follow = behind + parted.end() if parted else len(text)
    # "Speaking in Varn on Monday, X said …" tells when and where it was said.
    frame = _FRAME.match(ahead) is not None and not cues.FINITE.search(ahead)
    if (_WHEN.match(ahead) or _SETTING.match(ahead)) and _SPEAKS_NEXT.match(text, behind):
        return ()  # "After the vote was counted, he said: “…”"
    quoted = not text[follow:].strip(f"{QUOTED} .,;?!")
    stated = cues.FINITE.search(text, follow) or QUOTED in text[follow:]
    if not parted or _HANGS_ON.match(text, follow) or not stated:
        return () if frame or _sets_ahead(ahead) else (first,)
    short = len(ahead.split()) <= 3 or ahead.endswith("that,") or _sets_ahead(ahead)
    if short or (frame and (quoted or not cues.FINITE.match(text, follow))):
        return () if quoted else ((follow, len(text)),)
    return (first, (follow, len(text)))


def _aside(text: str, made: Attribution) -> bool:
    return text[: made.start].rstrip().endswith(",") and text[made.end :].lstrip().startswith(",")


def _according(masked: str) -> Iterator[Attribution]:
    """ "According to the ministry, …" and "…, according to two officials": the rest of the clause."""
    for match in islice(cues.ACCORDING.finditer(masked), MOST_VERBS):
        who = phrase_after(masked, match.end()) or _bare_plural(masked, match.end())
        if who is None or cues.REPORTED_AT_END.search(masked[: match.start()].rstrip(" ,")):
            continue  # "Orr said according to the report": he says it
        who = _author(masked, who) or who
        if (named := named_behind(masked, who)) != who and not masked[named.end :].strip(" .;:"):
            who = named  # "according to the pathologist, Emil Sandor." With more behind it, the name may be a subject.
        end = _whole_phrase(masked, who)
        who = who._replace(end=end, text=masked[who.start : end].rstrip(" ,.;:"))
        floor = max((m.end() for m in _PARTED.finditer(masked, 0, match.start())), default=0)
        ahead = (floor, len(masked[: match.start()].rstrip(" ,")))
        comma = masked.find(",", end)
        behind = (comma + 1 if comma >= 0 else end, len(masked))
        clauses: tuple[tuple[int, int], ...] = (ahead,)
        if match.group()[0] == "A" and not masked[: match.start()].strip():
            clauses = (behind,)
        elif (leads := _LEADS.search(masked, *ahead)) and _WORDY.search(masked, end):
            start = end + len(masked[end:]) - len(masked[end:].lstrip(" ,"))
            comma = masked.find(",", start)
            clauses = ((start, comma if leads["relative"] and comma >= 0 else len(masked)),)
        elif masked[end : end + 1] == "," and cues.FINITE.match(masked, behind[0] + 1):
            clauses = (ahead, behind)  # "The boats, according to the crew, were old"
        elif masked[end : end + 1] == "," and _WORDY.search(masked, end) and not cues.FINITE.search(masked, *ahead):
            clauses = (behind,)  # "After the storm, according to the crew, the boats were old"
        if any(_WORDY.search(masked, *clause) for clause in clauses):
            yield Attribution(match.start(), end, who, ACCORDING_TO, None, clauses, False)


def _owned(masked: str) -> Iterator[Attribution]:
    """ "She rejected Orr's claim that the roof leaked", "a warning from the board that …": a noun that reports."""
    for match in islice(cues.OWNED_REPORT.finditer(masked), MOST_VERBS):
        floor = max((m.end() for m in _BOUNDARY.finditer(masked, 0, match.start())), default=0)
        who = phrase_before(masked, match.start(), floor)
        if who and (clause := _of_noun(masked, who.start, match.end())):
            yield Attribution(who.start, match.end(), who, OWNED, None, (clause,), False)
    for match in islice(cues.REPORT_BY.finditer(masked), MOST_VERBS):
        who = phrase_after(masked, match.end())
        that = cues.TOLD.match(masked, who.end) if who else None
        if who and that and (clause := _of_noun(masked, match.start(), that.end())):
            yield Attribution(match.start(), that.end(), who, OWNED, None, (clause,), False)


def _of_noun(masked: str, subject: int, start: int) -> tuple[int, int] | None:
    """The clause of a noun that reports. Of a subject ("The claim that it leaked angered crews") the verb is no part.

    None where several verbs leave open which one that is, or nothing of the kind was said ("no claim by Orr that").
    """
    if _DENIED.search(masked, 0, subject):
        return None
    comma = masked.find(",", start)
    end = comma if comma > 0 else len(masked)
    if cues.FINITE.search(masked, 0, subject):
        return start, end
    verbs: list[tuple[int, int]] = []
    auxiliary = False
    for verb in cues.FINITE.finditer(masked, start, end):
        helped = auxiliary and verbs and not masked[verbs[-1][1] : verb.start()].strip()
        verbs[-1:] = [(verbs[-1][0], verb.end())] if helped else [*verbs[-1:], verb.span()]
        auxiliary = verb.group() in _HELPING
    return (start, verbs[1][0]) if len(verbs) == 2 else None


def _bare_plural(masked: str, start: int) -> Phrase | None:
    """ "Harbour officials" behind "according to": a plural needs no article."""
    match = _PLURAL.match(masked, start)
    return Phrase(*match.span(), match.group(), "") if match else None


def _author(masked: str, who: Phrase) -> Phrase | None:
    """Whose a writing is: "a report by the Tax Office"."""
    by = _WRITTEN_BY.match(masked, who.start)
    return phrase_after(masked, by.end()) if by else None


def _told_as(masked: str, found: list[Attribution]) -> Iterator[Attribution]:
    """ "As Orr told the Post, …", "the Wire quoted a guard as saying …", "Orr hit back with a note saying …"."""
    if told := cues.AS_TOLD.match(masked):
        group = "by" if told["by"] else "who"
        who = phrase_after(masked, told.start(group)) or _bare_plural(masked, told.start(group))
        if who and not any(one.start < told.end() < one.end for one in found):
            yield Attribution(who.start, told.end(), who, "told", None, ((told.end(), len(masked)),), False)
    if " as " in masked:
        for quoting in islice(cues.QUOTED_AS.finditer(masked), MOST_VERBS):
            who = phrase_after(masked, quoting.end())
            saying = cues.AS_SAYING.match(masked, who.end) if who else None
            if who and saying:
                yield Attribution(who.start, saying.end(), who, "saying", None, ((saying.end(), len(masked)),), False)
    if (stating := cues.STATING.search(masked)) and not any(one.end > stating.start() for one in found):
        who = phrase_opening(masked)
        if who and who.end < stating.start():
            yield Attribution(who.start, stating.end(), who, "saying", None, ((stating.end(), len(masked)),), False)


def _hearsay(masked: str) -> Iterator[Attribution]:
    """ "She had been told by Ned Fry that …", "he heard the pilot say that …": the one behind the verb speaks."""
    for match in islice(cues.HEARSAY.finditer(masked), MOST_VERBS):
        ahead = masked[: match.start()].split()[-2:]
        who = phrase_after(masked, match.end())
        if who is None or any(word.lower() in NEGATIONS for word in ahead):  # "Nobody heard the pilot say …"
            continue
        who = named_behind(masked, who)
        goes_on = cues.HEARD if match["heard"] else cues.TOLD
        if clause := goes_on.match(masked, who.end):
            yield Attribution(match.start(), clause.end(), who, "told", None, ((clause.end(), len(masked)),), False)


def _labelled(masked: str, found: list[Attribution]) -> Iterator[Attribution]:
    """ "Krol: “…”" at the head of a sentence, behind a time of day perhaps; “No,” was Krol’s answer."""
    if QUOTED in masked and (answer := cues.ANSWER.search(masked)):
        name = answer["name"] or answer["giver"]
        group = "name" if answer["name"] else "giver"
        giver = Phrase(*answer.span(group), name, name)
        yield Attribution(giver.start, answer.end(), giver, "answer", None, (), False)
    if ":" not in masked:
        return
    own = cues.OWN_WORDS.search(masked)
    if own and (owner := phrase_before(masked, own.end("owner"), own.start("owner"))):
        yield Attribution(owner.start, own.end(), owner, ":", None, (), False)
        return
    label = cues.LABELLED.match(masked)
    if label and not any(one.start < label.end() for one in found):
        colon = label.end("who")
        who = phrase_before(masked, colon, label.start("who"))
        if who and who.name and who.start == label.start("who") and not cues.FINITE.search(who.text):
            yield Attribution(who.start, label.end(), who, ":", None, (), False)
            return
    introduced = cues.INTRODUCED.search(masked)
    if introduced and not found and not cues.RECEIVING.search(masked, 0, introduced.start()):
        subject = phrase_opening(masked)
        if subject and subject.end < introduced.start():
            yield Attribution(subject.start, introduced.end(), subject, INTRODUCING, None, (), False)


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
            if start < other.end <= one.start and other.verb != ACCORDING_TO and start <= other.start:
                # What an earlier speaker of the sentence says is not this one's.
                joint = _JOINT.search(masked, other.end, one.start)
                start = joint.end() if joint else start
        if any(
            o.start > one.end and o.who.start > o.start and masked[start : o.start].rstrip().endswith(QUOTED)
            for o in every
        ):
            end = min(end, masked.find(QUOTED, start))  # “The board noted: ‘…,’ said Orr”: the quotation is Orr's
            if not cues.FINITE.search(masked, start, end):
                continue
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
