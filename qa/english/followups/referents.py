"""Names and noun phrases of a question or claim, with what can stand for them: he or she, it, they.

There is no tagger here: capitals, titles, words of organisations and the fixed order of an English question must do.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from ..characters import fold
from ..inflection import PARTICIPLES, PASTS, finite
from ..lexicon import (
    ABBREVIATED_TITLES,
    ADVERBS,
    ARTICLES,
    ASKED_VERBS,
    AUXILIARIES,
    BE,
    CALENDAR_NAMES,
    COMPANY_SUFFIXES,
    DEMONSTRATIVES,
    DETERMINERS,
    EVENTS,
    FEMALE,
    FEMININE_PRONOUNS,
    FUNCTION_WORDS,
    MALE,
    MASCULINE_PRONOUNS,
    NEWSPAPERS,
    OBJECT_PRONOUNS,
    OFFICES,
    ORGANISATIONS,
    PEOPLE,
    PLACES,
    POSSESSIVES,
    PREPOSITIONS,
    SAYING,
    STOPWORDS,
    SURNAMES_TOO,
    TITLES,
    TRADES,
    any_of,
    capitalised,
)
from ..names import names
from ..regex import lazy_compile
from ..tokens import words

Kind = Literal["person", "thing", "either"]
PREPOSITION = any_of(PREPOSITIONS)
AUXILIARY = any_of(AUXILIARIES, (f"{verb}n{mark}t" for verb in AUXILIARIES for mark in "'’"))
_THINGS = (
    ORGANISATIONS
    | COMPANY_SUFFIXES
    | TRADES
    | NEWSPAPERS
    | PLACES
    | SURNAMES_TOO
    | EVENTS
    | frozenset("athletic defence east hall high national north press royal south st supreme united west".split())
)
_NO_REFERENTS = frozenset(word.lower() for word in (*CALENDAR_NAMES, "Christmas", "Easter", "I"))
_TITLE = lazy_compile(rf"^{any_of(capitalised(TITLES, ABBREVIATED_TITLES, OFFICES, {'prime'}))}\b")
_SAID = any_of(finite(SAYING | {"ask", "call", "resign", "urge", "warn"}))
_CUE_AFTER = lazy_compile(
    rf"^(?:,? {_SAID}\b|, \d\d\b|, (?:{any_of(ARTICLES)}|who|whose|his|her)\b| (?:him|her)self\b)"
)
_CUE_BEFORE = lazy_compile(rf"\b(?:{_SAID}|{any_of(OFFICES)}|lawyer|spokes\w+) $", re.IGNORECASE)


@dataclass(frozen=True)
class Referent:
    """A name as written, and what it names as far as that can be told."""

    text: str
    kind: Kind

    def overlaps(self, other: Referent) -> bool:
        """Whether they share a word: "Pell" and "Hugo Pell"."""
        return bool(set(words(self.text)) & set(words(other.text)))


def named(text: str) -> tuple[Referent, ...]:
    """The names of a text in order, each once; days and months are none."""
    found: dict[str, Referent] = {}
    for name in names(text):
        plain = re.sub(r"['’]s?$", "", name)
        if not set(words(plain)) <= _NO_REFERENTS:
            found.setdefault(plain, Referent(plain, _kind(plain, text)))
    return tuple(found.values())


def _kind(name: str, text: str) -> Kind:
    parts, folded = name.split(), set(words(name))
    if _TITLE.match(name) and len(parts) > 1 and not folded & _THINGS:
        return "person"
    if folded & (_THINGS | {"of", "the", "and"}) or any(ch.isdigit() or ch == "&" for ch in name) or name.isupper():
        return "thing"
    if len(parts) > 1:
        return "person" if len(parts) <= 4 and all(part[0].isupper() for part in parts) else "thing"
    at = text.find(name)
    return "person" if _CUE_AFTER.match(text[at + len(name) :]) or _CUE_BEFORE.search(text[:at]) else "either"


def people(texts: Sequence[str], speakers: Sequence[str] = (), pronoun: str = "") -> list[Referent]:
    """Whom "he" or "she" may mean, the likeliest first: named persons, and single names that may be places.

    A name whose text speaks of a man alone comes last for "she", and the other way round.
    """
    found: dict[str, tuple[bool, bool, Referent]] = {}
    for text in texts:
        for mention in named(text):
            sure = mention.kind == "person" or mention.text in speakers
            placed = re.search(rf"\b{PREPOSITION} (?:the )?{re.escape(mention.text)}\b(?!['’]s)", text, re.IGNORECASE)
            if sure or (mention.kind == "either" and not placed):
                found.setdefault(mention.text, (not sure, _against(text, pronoun), mention))
    return [mention for _, _, mention in sorted(found.values(), key=lambda rated: rated[:2])]


_SHE = lazy_compile(rf"\b{any_of(FEMININE_PRONOUNS, FEMALE)}\b", re.IGNORECASE)
_HE = lazy_compile(rf"\b{any_of(MASCULINE_PRONOUNS, MALE)}\b", re.IGNORECASE)


def _against(text: str, pronoun: str) -> bool:
    she, he = bool(_SHE.search(text)), bool(_HE.search(text))
    if she == he or not pronoun:
        return False
    return he if pronoun.startswith(("she", "her")) else she


def possessive(name: str) -> str:
    """The genitive of a name or noun phrase."""
    if name.endswith(("'s", "’s")):
        return name
    return name + ("’" if is_plural(name) and name[-2:].islower() and not named(name) else "’s")


def is_plural(phrase: str) -> bool:
    """Whether a noun phrase looks plural by its last word."""
    last = fold(phrase.split()[-1])
    return last in PEOPLE or (last.endswith("s") and not last.endswith(("ss", "us", "is", "news", "'s", "’s")))


_ADVERBS = ADVERBS | frozenset("back down more most next off out so there up".split())
_FUNCTION = FUNCTION_WORDS - DETERMINERS | OBJECT_PRONOUNS | POSSESSIVES | BE
# Where a noun phrase ends: function words, adverbs, and the verbs questions are asked with.
_ENDS = rf"(?:{AUXILIARY}|{any_of(_FUNCTION, _ADVERBS, ASKED_VERBS, PASTS, PARTICIPLES)}|\w+[^\We]ed)"
_STATE = (
    r"(?:important|different|famous|popular|common|possible|true|bad|good|known|difficult|necessary|safe|dead|alive)"
)
_WORD = rf"(?!{_ENDS}\b|{_STATE}\s*\??$)[^\W_][\w'’.-]*"
_RUN = rf"{_WORD}(?: {_WORD}){{0,4}}"
_ANY = rf"(?!{AUXILIARY}\b|{PREPOSITION}\b|and\b)[^\W_][\w'’.-]*"  # where no verb can follow
_ALL = rf"{_ANY}(?: {_ANY}){{0,4}}"
_PHRASES = tuple(
    lazy_compile(pattern, re.IGNORECASE)
    for pattern in (
        rf"^(?:what|who)(?:['’]s| is| are| was| were) (?P<np>(?:an? )?(?!the\b|an?\b|some\b|there\b){_ALL})\s*\??$",
        rf"^(?:tell me (?:more )?about|describe) (?P<np>(?:the )?{_ALL})\s*\??$",
        rf"\bof (?P<np>(?:the )?{_RUN})",
        rf"\b(?:about|for|with|between) (?P<np>(?:the )?{_RUN})\s*\??$",
        rf"\b(?:how many|which) (?P<np>{_RUN})",
        rf"\bwhat (?P<np>{_RUN})(?= {AUXILIARY}\b)",
        rf"^(?:\w+ ){{0,5}}?{AUXILIARY} (?P<np>(?:(?:the|an?) )?{_RUN})",
        rf"^(?:what|who) \w+(?:s|ed) (?P<np>(?:the )?{_RUN})(?=\s*\??$| {PREPOSITION} )",
        rf"(?<!\bin )(?<!\bat )(?<!\bon )\b(?P<np>(?:the|an?|each|every|this|these|those) (?:{_ANY} )?{_RUN})",
    )
)


def phrases(text: str) -> list[str]:
    """The noun phrases of a question that a pronoun may stand for, the likeliest first."""
    found: list[str] = []
    for pattern in _PHRASES:
        for match in pattern.finditer(text):
            phrase = re.sub(r"^(?:an?|each|every) ", "the ", match["np"].strip().rstrip("?.,"), flags=re.IGNORECASE)
            if fold(phrase) in DEMONSTRATIVES:  # it points back itself
                continue
            if re.search(r"\b(?:how many|which) $", text[: match.start("np")], re.IGNORECASE):
                phrase = f"the {phrase}"
            # "The miners' union": the owner goes on being spoken of, else what is owned.
            found += [re.sub(r"['’]s? .*$", "", phrase), phrase]
    return list(dict.fromkeys(found))


_NOUN = lazy_compile(rf"\b{_WORD}", re.IGNORECASE)


def nouns(text: str) -> list[str]:
    """The words of a text that may be nouns, for want of a tagger: all but function words and verbs known as such."""
    return [m.group() for m in _NOUN.finditer(text) if fold(m.group()) not in STOPWORDS]
