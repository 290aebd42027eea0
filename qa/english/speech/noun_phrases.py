"""The noun phrase before or behind a verb of speech: who is said to speak, read without a parser, word by word."""

from __future__ import annotations

import re
from typing import NamedTuple

from ..characters import CAPITAL, WORD
from ..lexicon import (
    ABBREVIATED_TITLES,
    ARTICLES,
    CALENDAR_NAMES,
    COUNTS,
    DEMONSTRATIVES,
    NAME_JOINERS,
    NAMES_TOO,
    NOUN_PREPOSITIONS,
    OFFICES,
    OPENERS,
    PARTITIVES,
    PEOPLE,
    POSSESSIVES,
    RANKS,
    SUBJECT_PRONOUNS,
    UNNAMED_PEOPLE,
    any_of,
    capitalised,
)
from ..names import CAPITALISED
from ..regex import lazy_compile

_WORD = lazy_compile(r"[^\s\ue000\ue001]+")
_DETERMINERS = ARTICLES | DEMONSTRATIVES | POSSESSIVES | PARTITIVES - {"few", "most"} | {"no", "one"}
_BEGINS = _DETERMINERS | COUNTS | {"few", "most", "other"}
OWNERS = ("'s", "’s", "s'", "s’")
_JOIN = NAME_JOINERS
# What hangs on a noun ("of the ministry", "close to the talks"), and what ends a phrase.
_INSIDE = NOUN_PREPOSITIONS | {"advising", "close", "familiar", "working"}
# An article or a pronoun begins the next clause, but not behind one of these.
_SUBJECT = SUBJECT_PRONOUNS | ARTICLES | POSSESSIVES
_KEEPS = _INSIDE | _JOIN | PARTITIVES
_STOP = OPENERS - _INSIDE - DEMONSTRATIVES | {"asked", "said", "says", "that", "told"}
_FRAME = capitalised(OPENERS - NAMES_TOO, {"asked"}).union(CALENDAR_NAMES)
_TOLD = frozenset("seen obtained published released issued dated briefed familiar".split())
# "The minister on Sunday said", "An article published on 22 October said": the day is no part of who speaks.
_DATED = lazy_compile(
    rf"(?:\s+{any_of(_TOLD)})?,?\s+(?:(?:in|on)\s+(?:(?:early|late)\s+)?(?:\d{{1,2}}\s+)?{any_of(CALENDAR_NAMES)}(?:\s+\d{{1,4}})?"
    r"|today|tonight|yesterday|at\s+\d{1,2}(?:[:.]\d\d)?(?:\s?[ap]\.?m\b\.?)?(?:\s[A-Z]{2,4})?)\s*$"
)
# "Last Tuesday Dana Halloran said": nor is it in front.
_DAY_AHEAD = lazy_compile(rf"(?:Early|Late|Last|Next|This)\s+{any_of(CALENDAR_NAMES)}\s+(?=\S)")
_POINTED = lazy_compile(rf"(?:(?:{CAPITAL}\.)+|{any_of(capitalised(ABBREVIATED_TITLES, {'no'}))}\.)")
_CAPITALISED = lazy_compile(CAPITALISED)
# "Dunmere assistant coach Ben Rade"
_OFFICE_AHEAD = lazy_compile(
    rf"(?:[a-z-]+\s){{0,5}}?{any_of(OFFICES, RANKS, {'agency', 'broadcaster', 'newspaper', 'paper'})}\s(?={CAPITAL})"
)
_GROUP = PEOPLE | {f"{noun}s" for noun in OFFICES | UNNAMED_PEOPLE} | {"authorities"}
_GROUP_AHEAD = lazy_compile(  # "according to Hexley police", "as described by Varn researchers, …"
    rf"(?:[a-z-]+\s){{0,2}}?(?:{any_of(_GROUP)}\b|[a-z-]+(?:er|or|ist|ian)s(?=\s*(?:[,.;:]|$)))"
)
_NOUN_LIKE = lazy_compile(rf"(?:\d+-)?[^\W\d_][{WORD}’'&.-]*$")  # "a 34-year-old"


class Phrase(NamedTuple):
    """A noun phrase at ``start:end`` of a sentence, and the run of capitals in it that may be a name ("" if none)."""

    start: int
    end: int
    text: str
    name: str

    @property
    def pronoun(self) -> bool:
        """Whether it is nothing but a pronoun."""
        return self.text.lower() in SUBJECT_PRONOUNS


def phrase_before(sentence: str, end: int, floor: int = 0) -> Phrase | None:
    """The noun phrase that ends at ``end``, looking back no further than ``floor``; None if there is none."""
    if dated := _DATED.search(sentence, floor, end):
        end = dated.start()
    words = list(_WORD.finditer(sentence, floor, end))[-24:]
    if not words or words[-1].end() < len(sentence[:end].rstrip()):
        return None
    last = words[-1].group()
    if last.lower() in SUBJECT_PRONOUNS:
        return Phrase(words[-1].start(), words[-1].end(), last, "")
    if last[-1] in ",;:" or not _NOUN_LIKE.match(last) or _ends(last) or last.lower() in _INSIDE | _DETERMINERS:
        return None
    start = _from_name(words) if _capital(last) else _from_noun(words)
    while start < len(words) - 1 and words[start].group() in _FRAME:
        start += 1
    dated = _DAY_AHEAD.match(sentence, words[start].start(), end)
    begin = dated.end() if dated else words[start].start()
    text = sentence[begin : words[-1].end()]
    return Phrase(begin, words[-1].end(), text, name_in(text))


def phrase_after(sentence: str, start: int) -> Phrase | None:
    """The noun phrase that begins at ``start``: "said Patrick Halloran, who …", "said the minister on Tuesday"."""
    words: list[re.Match[str]] = []
    for word in _WORD.finditer(sentence, start):
        bare = word.group().rstrip(",;:.")
        if words and sentence[words[-1].end() : word.start()].strip():
            break
        if not _NOUN_LIKE.match(bare) or (_ends(bare) and (words or bare not in CALENDAR_NAMES)):
            break
        if words and (bare.lower() in _INSIDE - {"of", "for"} or bare in _TOLD):
            break
        before = words[-1].group().lower() if words else ""
        if before and bare.lower() in _SUBJECT and before not in _KEEPS and not before.endswith("ing"):
            break  # "a post that according to the club's lawyer she never left"
        if words and _capital(words[-1].group()) and not _capital(bare) and bare not in _JOIN:
            following = _WORD.match(sentence, word.end() + 1)
            joined = (following and _capital(following.group())) or _OFFICE_AHEAD.match(sentence, word.start())
            if not joined and not _GROUP_AHEAD.match(sentence, word.start()):
                break  # "Opposition leader Helga Stroud supported him"
        words.append(word)
        if word.group()[-1] in ",;:." and not _abbreviated(word.group()):
            break
    while words and words[-1].group().lower() in _INSIDE | _DETERMINERS:
        words.pop()
    described = words and words[0].group().lower() in _BEGINS | SUBJECT_PRONOUNS
    if not described and not any(_capital(word.group()) for word in words):
        return None
    end = words[-1].end() - len(words[-1].group()) + len(words[-1].group().rstrip(",;:."))
    text = sentence[words[0].start() : end]
    return Phrase(words[0].start(), end, text, name_in(text))


def name_in(text: str) -> str:
    """The last run of capitals in a phrase, joined by "of", "de", "&" and the like."""
    runs: list[list[str]] = []
    open_run = False
    words = text.split()
    for at, word in enumerate(words):
        if _capital(word) and not (at == 0 and word.lower() in _DETERMINERS):
            if open_run:
                runs[-1].append(word)
            else:
                runs.append([word])
            open_run = True
        elif open_run and word.lower() in _JOIN and any(_capital(w) for w in words[at + 1 : at + 3]):
            runs[-1].append(word)
        else:
            open_run = False
    return " ".join(runs[-1]).strip(".,;:") if runs else ""


def _from_name(words: list[re.Match[str]]) -> int:
    """Where a phrase that ends in a name begins: the name, and what describes it in front ("harbour master")."""
    at = len(words) - 1
    while at > 0:
        before = words[at - 1].group()
        if before[-1] in ",;:" or (before[-1] == "." and not _abbreviated(before)):
            return at
        joins = before.lower() in _JOIN and at > 1 and _capital(words[at - 2].group())
        joins = joins and words[at - 2].group()[-1] not in ",;:" and words[at - 2].group() not in _FRAME
        if _capital(before) or joins:
            at -= 1
        else:
            break
    kept = at
    for _ in range(7):
        if kept == 0:
            break
        before = words[kept - 1].group()
        lower = before.lower()
        if lower in _DETERMINERS:
            return _from_office(words, kept - 1)
        if before[-1] in ",;:." or _ends(before) or lower in _INSIDE or not _NOUN_LIKE.match(before):
            break
        if lower.endswith(("ed", "ing")):
            break
        kept -= 1
    return kept


def _from_office(words: list[re.Match[str]], at: int) -> int:
    """Where "the head of the Tax Office" or "Ada Holm of the Tax Office" begins, if ``at`` is where its "the" does."""
    ahead = [word.group() for word in words[max(0, at - 4) : at]]
    if len(ahead) >= 3 and ahead[-1] == "of" and all(_capital(w) and w not in _FRAME for w in ahead[-3:-1]):
        first = at - 3
        while first > 0 and _capital(words[first - 1].group()) and words[first - 1].group() not in _FRAME:
            if words[first - 1].group()[-1] in ",;:.":
                break
            first -= 1
        return first
    ahead = [word.lower() for word in ahead]
    if len(ahead) < 3 or ahead[-1] != "of" or ahead[-2] not in OFFICES:
        return at
    article = next((back for back in (3, 4) if len(ahead) >= back and ahead[-back] in ARTICLES), None)
    return at - article if article else at


def _from_noun(words: list[re.Match[str]]) -> int:
    """Where a phrase that ends in a common noun begins: its determiner, and phrases it hangs on ("of the ministry")."""
    at = len(words) - 1
    for _ in range(18):
        here = words[at].group().lower()
        if here in _BEGINS:
            owned = at > 0 and words[at - 1].group().endswith(OWNERS)  # "three of the union's four districts"
            if at == 0 or (words[at - 1].group().lower() not in _INSIDE and not owned):
                return at
            if at > 1 and not owned and words[at - 2].group()[-1] in ",;:":
                return at
            at -= 1
        if at == 0:
            return 0
        before = words[at - 1].group()
        if before[-1] in ",;:" or _ends(before) or (before[-1] == "." and not _abbreviated(before)):
            return at
        at -= 1
    return at


def _ends(word: str) -> bool:
    """Whether no noun phrase goes on over a word: "while", "While", but not "May" or "Will", which may be names."""
    return word in _FRAME if _capital(word) else word in _STOP


def _capital(word: str) -> bool:
    letters = word.lstrip("(“\"'‘")
    return letters[:1].isupper() or _CAPITALISED.match(letters) is not None  # "al-Masri"


def _abbreviated(word: str) -> bool:
    return bool(_POINTED.fullmatch(word.strip(",;:")))
