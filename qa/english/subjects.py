"""What a timeline is about, and where an article speaks of it.

A subject is a name ("Keller Bridge", "Dana Halloran"), a thing without one ("tram depot"), or something of somebody
named ("reopening of the Keller Bridge"). An article calls them by less: a person by the surname, a bridge "the bridge".
That counts where the article has no other person of that surname and no other bridge. What stays open does not count.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from itertools import pairwise
from typing import NamedTuple

from .characters import fold
from .document import Document
from .inflection import every_form, related_forms
from .lexicon import (
    ARTICLES,
    AUXILIARIES,
    CALENDAR_NAMES,
    COMPANY_SUFFIXES,
    COUNTS,
    EVENTS,
    FUNCTION_WORDS,
    LEAVING,
    NAME_JOINERS,
    NEWSPAPERS,
    NOUN_PREPOSITIONS,
    OFFICE_MODIFIERS,
    OFFICES,
    ORGANISATIONS,
    PEOPLE,
    PLACES,
    STATES,
    STOPWORDS,
    SURNAMES_TOO,
    SYNONYMS,
    TAKING_OFFICE,
    TITLES,
    TRADES,
    any_of,
    capitalised,
)
from .names import CAPITALISED, names
from .numbers import find_numbers
from .regex import lazy_compile
from .speech.people import EntityResolver, person_part
from .spelling import name_key, same_person, variants, word_key
from .tokens import stem, words

_COMMON = ORGANISATIONS | PLACES | EVENTS | TRADES | NEWSPAPERS | SURNAMES_TOO | COMPANY_SUFFIXES
_STYLES = OFFICES | OFFICE_MODIFIERS | TITLES
_WORD = lazy_compile(r"[^\W_][\w’'-]*|&")
_OF = lazy_compile(rf"\b{any_of(NOUN_PREPOSITIONS, {'over', 'between', 'against'})}\b")
_OR = lazy_compile(r",\s|\b(?:and|or)\b")
_JOINED = rf"(?:\s(?:{any_of(NAME_JOINERS - {'and', 'for', 'of', 'the'})}\s)?)"
_NAME = lazy_compile(rf"{CAPITALISED}(?:{_JOINED}(?:{CAPITALISED}|\d+\b|[A-Z]\b))*")
_PRONOUN = lazy_compile(r"\b(?:he|she)\b", re.IGNORECASE)
_IT = lazy_compile(r"\b[Ii]ts?\b")
_STANDS_IN = lazy_compile(
    rf"(?:All|Most|Some|Both|{any_of(capitalised(COUNTS))})\s(?:of\s(?:them|these)|{any_of(AUXILIARIES)})\b|They\b"
)
_THE = frozenset("the this that".split())
_OTHER = frozenset(
    "another first new next old other second two three both several neighbouring neighboring nearby".split()
)
_KIND = {"fc": "club"}
_GAP = lazy_compile(r"[\s\u00a0]+|\s?[-–]\s?")
_OF_OTHERS = lazy_compile(rf"\s(?:(?:of|at|in|for|on)\s)?(?:the\s)?(?P<name>{CAPITALISED}(?:\s{CAPITALISED})*)")
_BEFORE = lazy_compile(rf"(?:(?P<name>{CAPITALISED})\s|(?P<owner>{CAPITALISED})['’]s?\s(?:[a-z]+\s)?)$")
_HOLDS = lazy_compile(rf"\b{any_of(every_form(LEAVING | TAKING_OFFICE), {'in charge'})}\b")
_NO_NAMES = FUNCTION_WORDS | {fold(name) for name in CALENDAR_NAMES}
MODIFIERS = 3  # words between "the" and a noun
NEARBY = 2  # sentences in which an office that was named is still meant
CENTRAL = 2  # sentences with a name from which a whole article is about it
NEAR = 7  # words of a sentence in which it names what it is about


class Token(NamedTuple):
    """A word of a text at ``start:end``, as it is written, and its key, which all its spellings share."""

    start: int
    end: int
    raw: str
    key: str


@dataclass(frozen=True)
class Subject:
    """What is asked for, taken apart.

    Attributes:
        text: as it was asked for.
        names: the names that it has; one of them is enough, as in "Adair or Haddik".
        context: other names that an article must have: "Cape Orrin" of "Unit 2 of Cape Orrin".
        aspects: what of it is meant, as words: "reopening"; one of them is enough. None: all of it.
        owners: other words that an article must have: "intensive care unit" of "closing of the intensive care unit".
    """

    text: str
    names: tuple[str, ...] = ()
    context: tuple[str, ...] = ()
    aspects: tuple[tuple[str, ...], ...] = ()
    owners: tuple[tuple[str, ...], ...] = ()


def subject_of(text: str) -> Subject:
    """Take a subject apart: "points deduction for Hollin FC" is about Hollin FC, and of that the points deduction."""
    text = " ".join(text.split())
    found: list[tuple[list[str], list[tuple[str, ...]]]] = []  # names and other words of each part
    for part in _OF.split(text):
        named: list[str] = []
        others: list[tuple[str, ...]] = []
        for piece in _OR.split(part):
            run = next((m.group() for m in _NAME.finditer(piece) if not _only_function(m.group())), "")
            before, _, after = piece.partition(run) if run else (piece, "", "")
            kept = tuple(w for w in (*words(before), *words(after)) if w not in STOPWORDS | ARTICLES)
            if run:
                kept = tuple(w for w in kept if w not in _STYLES)
                named.append(_bare(run))
            if kept:
                others.append(kept)
        if named or others:
            found.append((named, others))
    if not found:
        return Subject(text, aspects=(words(text),))
    (first, aspects), *rest = found
    later = [name for named, _ in rest for name in named]
    owners = tuple(one for _, others in rest for one in others)
    if first:
        return Subject(text, tuple(first), tuple(later), tuple(aspects), owners)
    return Subject(text, tuple(later), (), tuple(aspects), owners)


def _only_function(run: str) -> bool:
    return all(word in STOPWORDS | ARTICLES for word in words(run))


def _bare(name: str) -> str:
    """A name without the office in front: "Transport Minister Dana Halloran" gives "Dana Halloran"."""
    last = words(name)[-1:]
    return name if not last or last[0] in _COMMON else person_part(name) or name


def recased(text: str, texts: Iterable[str]) -> str:
    """Return a subject in lower case with capitals where the texts write its words so: "keller bridge"."""
    counts = {word: [0, 0] for word in words(text)}
    for one in texts:
        for match in _WORD.finditer(one):
            seen = counts.get(fold(match.group()).removesuffix("'s"))
            if seen and one[: match.start()].rstrip()[-1:] not in {"", ".", "!", "?", "“", '"'}:
                seen[match.group()[0].isupper()] += 1
    capital = {word for word, (low, high) in counts.items() if high > low and word not in STOPWORDS}
    return _WORD.sub(lambda m: m[0][:1].upper() + m[0][1:] if fold(m[0]) in capital else m[0], text)


def search_terms(subject: Subject) -> tuple[str, ...]:
    """The words and phrases by which the articles about a subject are found in a full-text index."""
    if subject.names:
        phrases = [" ".join(words(name)) for name in subject.names]
        if subject.aspects:  # the city's tramways may be Hexley Tramways
            phrases += [word for name in subject.names for word in words(name)]
        return tuple(dict.fromkeys((*phrases, *(v for name in subject.names for v in variants(name)))))
    found = [word for aspect in (*subject.aspects, *subject.owners) for word in aspect]
    return tuple(dict.fromkeys(form for word in found for form in (word, *sorted(related_forms(word)))))


# -- In an article -----------------------------------------------------------------------------------------------------


@dataclass
class Mentions:
    """Where an article speaks of a subject: offsets in the article, by sentence.

    ``whole`` are sentences that are about it as a whole, because the headline is.
    """

    spans: dict[int, list[tuple[int, int]]] = field(default_factory=dict)
    whole: set[int] = field(default_factory=set)

    def add(self, sentence: int, start: int, end: int) -> None:
        """Note that a sentence names the subject at ``start:end`` of the article."""
        self.spans.setdefault(sentence, []).append((start, end))

    def __bool__(self) -> bool:
        return bool(self.spans)


class ArticleReader:
    """Finds one subject in one article after the other."""

    def __init__(self, subject: Subject) -> None:
        self._subject = subject
        self._names = [_Name(name) for name in subject.names]
        self._context = [_Name(name) for name in subject.context]
        self._aspects = [_Aspect(aspect) for aspect in subject.aspects]
        self._owners = [[_forms(word) for word in owner] for owner in subject.owners]
        self._own_words = frozenset(words(subject.text))

    def read(self, document: Document, title: str) -> Mentions:
        """Return where an article speaks of the subject; nothing if it does not, or if nobody could tell."""
        every = document.words | set(words(title))
        if not all(forms & every for owner in self._owners for forms in owner):
            return Mentions()
        if not all(any(_runs(document.text, _tokens(document.text), name.key)) for name in self._context):
            return Mentions()
        named = Mentions()
        for name in self._names:
            for index, spans in name.read(document).spans.items():
                named.spans.setdefault(index, []).extend(spans)
        if not self._aspects:
            return named
        if self._names and not named and not any(set(name.words) <= every for name in self._names):
            return Mentions()
        found = Mentions()
        for aspect in self._aspects:
            if self._names or self._owners or all(forms & every for forms in aspect.words):
                self._mark(document, title, aspect, named, found)
                if aspect.is_office:
                    _mark_holders(document, found)
        _follow(document, found, plural=any(_is_plural(aspect[-1]) for aspect in self._subject.aspects))
        self._lead(document, title, found)
        return found

    def _mark(self, document: Document, title: str, aspect: _Aspect, named: Mentions, found: Mentions) -> None:
        """Mark the words of an aspect. Those that only belong to it need the name beside them, or what it is of."""
        central = self._is_central(document, title)
        for sentence in document.sentences:
            owned = sentence.index in named.spans
            if not central and not owned:
                continue
            for match in _WORD.finditer(sentence.text):
                word = fold(match.group()).removesuffix("'s")
                if word not in aspect.related and stem(word) not in aspect.related:
                    continue
                surely = word in aspect.head or stem(word) in aspect.head
                if surely and self._of_another(sentence.text, match):
                    continue
                if surely or owned or self._owned(sentence.text):
                    found.add(sentence.index, sentence.start + match.start(), sentence.start + match.end())

    def _is_central(self, document: Document, title: str) -> bool:
        """Whether an article is about what was asked for: it is in the headline, or comes up more than once."""
        if not self._names:
            return True
        every = {word for name in self._names for word in name.words}.union(*(o[-1] for o in self._owners))
        return bool(every & set(words(title))) or (
            sum(bool(every & set(words(sentence.text))) for sentence in document.sentences) >= CENTRAL
        )

    def _owned(self, sentence: str) -> bool:
        """Whether a sentence has the main word of what the aspect is of: "unit" of "the intensive care unit"."""
        here = set(words(sentence))
        return bool(self._owners) and all(owner[-1] & here for owner in self._owners)

    def _of_another(self, sentence: str, match: re.Match[str]) -> bool:
        """Whether a name beside the word says that another one is meant: "the depot at Mill Lane"."""
        if not self._names:
            return False
        beside = (_OF_OTHERS.match(sentence, match.end()), _BEFORE.search(sentence, 0, match.start()))
        for found in beside:
            name = next((n for n in found.groups() if n), "") if found and found.start(found.lastgroup or 0) else ""
            here = set(words(name))
            if here - _NO_NAMES and not here & self._own_words and not find_numbers(" ".join(here)):
                return True
        return False

    def _lead(self, document: Document, title: str, found: Mentions) -> None:
        """Mark the first sentence of a story whose headline is about the subject: it tells what the headline says."""
        named = set(words(title))
        if not any(aspect.head & named or {stem(w) for w in named} & aspect.head for aspect in self._aspects):
            return
        if self._names and not any(set(name.words) <= named for name in self._names):
            return
        prose = (s.index for s in document.sentences if s.start >= document.body_start and is_prose(s.text))
        if (first := next(prose, None)) is not None:
            found.whole.add(first)
            found.spans.setdefault(first, [])


def _is_plural(noun: str) -> bool:
    return noun in PEOPLE or (noun.endswith("s") and not noun.endswith(("ss", "us", "is")))


def _follow(document: Document, found: Mentions, *, plural: bool) -> None:
    """Mark "it", "they" and "four of them" right after a sentence that begins with what they stand for."""
    for before, sentence in pairwise(document.sentences):
        if sentence.index in found.spans or before.index not in found.spans:
            continue
        opened = min(start for start, _ in found.spans[before.index])
        match = _STANDS_IN.match(sentence.text) if plural else _IT.search(sentence.text)
        if match and len(document.text[before.start : opened].split()) < NEAR > len(
            sentence.text[: match.start()].split()
        ):
            found.add(sentence.index, sentence.start + match.start(), sentence.start + match.end())


def _mark_holders(document: Document, found: Mentions) -> None:
    """Mark who takes or leaves an office, shortly after the office was named: "Amsel will take over on 1 November"."""
    named = set(found.spans)
    for sentence in document.sentences:
        if sentence.index not in named and named & set(range(sentence.index - NEARBY, sentence.index)):
            match = _HOLDS.search(sentence.text)
            if match and names(sentence.text):
                found.add(sentence.index, sentence.start + match.start(), sentence.start + match.end())


def is_prose(sentence: str) -> bool:
    """Whether a sentence ends like one, and is no headline or byline."""
    return sentence.rstrip()[-1:] in frozenset(".!?”\"’'…*")


class _Aspect:
    """Something of the subject, as words, the last of which is the main one."""

    def __init__(self, aspect: tuple[str, ...]) -> None:
        self.words = [_forms(word) for word in aspect]
        self.head = self.words[-1].union(
            *(_forms(word) for row in SYNONYMS if {aspect[-1], stem(aspect[-1])} & row for word in row)
        )
        related = set(self.head).union(*self.words)
        for row in STATES:
            every = {stem(word) for side in row for word in side}
            if every & self.head:
                related |= every
        self.is_office = aspect[-1] in OFFICES
        self.related = frozenset(related)


@lru_cache(maxsize=1000)
def _forms(word: str) -> frozenset[str]:
    """A word with its irregular forms and its noun or verb, and the stems of all."""
    every = {word} | related_forms(word)
    return frozenset(every | {stem(one) for one in every})


class _Name:
    """A name, and how articles shorten it."""

    def __init__(self, name: str) -> None:
        self.name, self.words = name, words(name)
        self.key = tuple(word_key(w) for w in _WORD.findall(name) if fold(w) not in ARTICLES)

    @cached_property
    def _is_thing(self) -> bool:
        return self.words[-1] in _COMMON or any(ch.isdigit() or ch == "&" for ch in self.name)

    def read(self, document: Document) -> Mentions:
        """Return where an article has the name, or calls its bearer otherwise."""
        tokens = _tokens(document.text)
        whole = list(_runs(document.text, tokens, self.key))
        if not whole:
            return Mentions()
        found = Mentions() if self._is_thing or len(self.key) > 4 else self._person(document)
        return found or self._thing(document, tokens, whole)

    def _person(self, document: Document) -> Mentions:
        """Where a person is named: in full, by a surname that nobody else has, and by "he" or "she"."""
        cast = _resolver(document)
        full = next((m.name for m in cast.mentions if cast.is_person(m.name) and same_person(self.name, m.name)), None)
        if full is None:
            return Mentions()
        found = Mentions()
        for mention in cast.mentions:
            if mention.name == full:
                found.add(mention.sentence, mention.start, mention.start + len(name_key(full)[-1]))
        spoke = {u.said_in: u.speaker for u in document.utterances if u.speaker and cast.is_person(u.speaker)}
        people = [m for m in cast.mentions if m.name != full and cast.is_person(m.name)]
        for sentence in document.sentences:
            rival = next((m.start for m in people if m.sentence == sentence.index), sentence.end)
            for match in _PRONOUN.finditer(sentence.text):
                at = sentence.start + match.start()
                if at > rival:
                    break
                if cast.pronoun(match.group(), sentence.index, at, spoke, parted=False).name == full:
                    found.add(sentence.index, at, at + len(match.group()))
        return found

    def _thing(self, document: Document, tokens: Sequence[Token], whole: Sequence[tuple[int, int]]) -> Mentions:
        """Where a thing is named: in full, by "the bridge" if there is no other, and by "it" right after."""
        spans = {tokens[first].start: tokens[last].end for first, last in whole}
        for head in self._heads(tokens, whole):
            for index, token in enumerate(tokens):
                others = _OF_OTHERS.match(document.text, token.end)
                if token.key == head and token.raw[0].islower() and not others and _is_definite(tokens, index):
                    spans[token.start] = token.end
        found = Mentions()
        for sentence in document.sentences:
            here = [(start, end) for start, end in spans.items() if sentence.start <= start < sentence.end]
            for start, end in here:
                found.add(sentence.index, start, end)
        _follow(document, found, plural=_is_plural(self.words[-1]))
        return found

    def _heads(self, tokens: Sequence[Token], whole: Sequence[tuple[int, int]]) -> set[str]:
        """The common nouns by which an article may call it, because it tells of no other thing of that kind."""
        mine = set(self.key)
        heads = set()
        for _, last in whole:
            end = last
            while end + 1 < len(tokens) and _continues(tokens[end], tokens[end + 1]):
                end += 1
                mine.add(tokens[end].key)
            low = fold(tokens[end].raw).removesuffix("'s")
            heads.add(_KIND.get(low, low))
        kinds = (_COMMON | set(_KIND.values())) - COMPANY_SUFFIXES
        heads |= {word for row in SYNONYMS if heads & row for word in row}
        kinds |= {word for row in SYNONYMS for word in row}
        return {word_key(head) for head in heads & kinds if not _has_another(tokens, word_key(head), mine)}


@lru_cache(maxsize=1024)
def _tokens(text: str) -> tuple[Token, ...]:
    return tuple(Token(*m.span(), m.group(), word_key(m.group())) for m in _WORD.finditer(text))


@lru_cache(maxsize=1024)
def _resolver(document: Document) -> EntityResolver:
    return EntityResolver(document.sentences)


def _continues(token: Token, following: Token) -> bool:
    """Whether the next word belongs to a name, too: "Hospital" behind "Ashgrove General"."""
    return following.raw[0].isupper() and following.start - token.end == 1


def _runs(text: str, tokens: Sequence[Token], key: tuple[str, ...]) -> Iterator[tuple[int, int]]:
    """Yield where the words of a name stand side by side, as indices of the first and the last token."""
    for index in range(len(tokens) - len(key) + 1):
        if tokens[index].key != key[0] or not (tokens[index].raw[0].isupper() or tokens[index].raw[0].isdigit()):
            continue
        run = tokens[index : index + len(key)]
        if tuple(t.key for t in run) == key and all(_GAP.fullmatch(text, a.end, b.start) for a, b in pairwise(run)):
            yield index, index + len(key) - 1


def _is_definite(tokens: Sequence[Token], index: int) -> bool:
    """Whether "the" stands before a noun, at most with some words between them: "the 1.4-km steel crossing"."""
    for token in reversed(tokens[max(0, index - MODIFIERS - 1) : index]):
        low = token.raw.lower()
        if low in _THE:
            return True
        if low in FUNCTION_WORDS | _OTHER or token.raw[0].isupper():
            return False
    return False


def _has_another(tokens: Sequence[Token], head: str, mine: set[str]) -> bool:
    """Whether an article tells of another thing of that kind: "the Harbour Bridge", "a second bridge"."""
    for before, token in pairwise(tokens):
        if token.key not in {head, f"{head}s"}:
            continue
        both = token.raw[0].isupper() and before.raw[0].isupper() and token.start - before.end == 1
        if (both and before.key not in mine and fold(before.raw) not in _THE) or fold(before.raw) in _OTHER:
            return True
    return False
