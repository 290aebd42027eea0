"""The noun phrase before or behind a verb of speech: who is said to speak, read without a parser, word by word."""

from __future__ import annotations

import re
from typing import NamedTuple

from ..characters import CAPITAL, WORD
from ..lexicon import CALENDAR_NAMES
from .cues import PRONOUNS

_WORD = re.compile(r"[^\s\ue000\ue001]+")
_DETERMINERS = frozenset(
    "the a an his her its their our my this that these those one another both some several many".split()
)
_NUMBERS = frozenset("two three four five six seven eight nine ten dozens few most other".split())
_JOIN = frozenset("of the de van von der al for and & du la le bin el y zu".split())
_INSIDE = frozenset("of for with in at from to on about by close near around inside working advising familiar".split())
_STOP = frozenset(
    """
    and but or that which who whom as when while because if so then than though although since after before until where
    whether is are was were be been has have had will would could did does do said says told into over through under
    against between without within during despite not yet asked also still even just never ever now how why what
    """.split()
)
_FRAME = frozenset(
    """
    In On At By From After Before But And As When While If So Then That This These Those It There Here For To With Asked
    Although Though Because Since Until Under Over During Despite Meanwhile Yet Nor Only Both Not
    """.split()
).union(CALENDAR_NAMES)
_TOLD = frozenset("seen obtained published released issued dated briefed familiar".split())
_ABBREVIATION = re.compile(rf"(?:{CAPITAL}\.)+|(?:Dr|Mr|Mrs|Ms|St|Col|Gen|Prof|Sgt|Capt|Lt|No|Sen|Rep|Gov)\.")
_NOUN_LIKE = re.compile(rf"[^\W\d_][{WORD}’'&.-]*$")


class Phrase(NamedTuple):
    """A noun phrase at ``start:end`` of a sentence, and the run of capitals in it that may be a name ("" if none)."""

    start: int
    end: int
    text: str
    name: str

    @property
    def pronoun(self) -> bool:
        """Whether it is nothing but a pronoun."""
        return self.text.lower() in PRONOUNS


def phrase_before(sentence: str, end: int, floor: int = 0) -> Phrase | None:
    """The noun phrase that ends at ``end``, looking back no further than ``floor``; None if there is none."""
    words = list(_WORD.finditer(sentence, floor, end))[-24:]
    if not words or words[-1].end() < len(sentence[:end].rstrip()):
        return None
    last = words[-1].group()
    if last.lower() in PRONOUNS:
        return Phrase(words[-1].start(), words[-1].end(), last, "")
    if last[-1] in ",;:" or not _NOUN_LIKE.match(last) or last.lower() in _STOP | _INSIDE | _DETERMINERS:
        return None
    start = _from_name(words) if _capital(last) else _from_noun(words)
    while start < len(words) - 1 and words[start].group() in _FRAME:
        start += 1
    first = words[start]
    text = sentence[first.start() : words[-1].end()]
    return Phrase(first.start(), words[-1].end(), text, name_in(text))


def phrase_after(sentence: str, start: int) -> Phrase | None:
    """The noun phrase that begins at ``start``: "said Patrick Halloran, who …", "said the minister on Tuesday"."""
    words: list[re.Match[str]] = []
    for word in _WORD.finditer(sentence, start):
        bare = word.group().rstrip(",;:.")
        if words and sentence[words[-1].end() : word.start()].strip():
            break
        if not _NOUN_LIKE.match(bare) or bare.lower() in _STOP or (words and bare in _FRAME):
            break
        if words and (bare.lower() in _INSIDE - {"of", "for"} or bare in _TOLD):
            break
        if words and _capital(words[-1].group()) and not _capital(bare) and bare not in _JOIN:
            following = _WORD.match(sentence, word.end() + 1)
            if not (following and _capital(following.group())):
                break  # "Opposition leader Helga Stroud supported him"
        words.append(word)
        if word.group()[-1] in ",;:." and not _abbreviated(word.group()):
            break
    while words and words[-1].group().lower() in _INSIDE | _DETERMINERS:
        words.pop()
    if not words or not (_capital(words[0].group()) or words[0].group().lower() in _DETERMINERS | _NUMBERS | PRONOUNS
                         or any(_capital(w.group()) for w in words)):  # fmt: skip
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
            return kept - 1
        if before[-1] in ",;:." or lower in _STOP | _INSIDE or before in _FRAME or not _NOUN_LIKE.match(before):
            break
        if lower.endswith(("ed", "ing")):
            break
        kept -= 1
    return kept


def _from_noun(words: list[re.Match[str]]) -> int:
    """Where a phrase that ends in a common noun begins: its determiner, and phrases it hangs on ("of the ministry")."""
    at = len(words) - 1
    for _ in range(18):
        here = words[at].group().lower()
        if here in _DETERMINERS | _NUMBERS:
            if at == 0 or words[at - 1].group().lower() not in _INSIDE:
                return at
            if at > 1 and words[at - 2].group()[-1] in ",;:":
                return at
            at -= 1
        if at == 0:
            return 0
        before = words[at - 1].group()
        if (
            before[-1] in ",;:"
            or before.lower() in _STOP
            or before in _FRAME
            or (before[-1] == "." and not _abbreviated(before))
        ):
            return at
        at -= 1
    return at


def _capital(word: str) -> bool:
    letters = word.lstrip("(“\"'‘")
    return letters[:1].isupper()


def _abbreviated(word: str) -> bool:
    return bool(_ABBREVIATION.fullmatch(word.strip(",;:")))
