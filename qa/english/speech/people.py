"""Who is in an article: people and bodies by their fullest names, what they are called, and whom "he" stands for.

Surnames, offices and pronouns go back to the names of the same article alone. The sieve is the one of Muzny et al.
(2017) and O'Keefe et al. (2012) for quotations in news: the nearest compatible name before, speakers first. But a wrong
name is worse than none. So a pronoun is resolved only where one person fits: by the title and the words beside a name
("Mr.", "her husband"), else by a first name that only men or only women have. What stays ambiguous stays as written.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from functools import lru_cache
from itertools import chain, islice
from typing import NamedTuple

from ...model import Sentence
from ..bylines import is_byline
from ..characters import CAPITAL, WORD
from ..first_names import gender_of
from ..lexicon import (
    ABBREVIATED_TITLES,
    ARTICLES,
    CALENDAR_NAMES,
    COMPANY_SUFFIXES,
    CONJUNCTIONS,
    FEMALE,
    FUNCTION_WORDS,
    MALE,
    MONTHS,
    NAME_JOINERS,
    NAMES_TOO,
    NATIONALITIES,
    NEWSPAPERS,
    OFFICE_MODIFIERS,
    OFFICES,
    ORGANISATIONS,
    PLACES,
    POSSESSIVES,
    PREPOSITIONS,
    RANKS,
    TITLES,
    TRADES,
    UNNAMED_PEOPLE,
    any_of,
    capitalised,
)
from ..names import CAPITALISED, NAME, head
from ..regex import lazy_compile
from ..spelling import name_key, word_key
from .noun_phrases import name_in

_RUN = lazy_compile(NAME)
_AND = lazy_compile(r"\s+(?:and|for)\s+")  # "Nevada for Biden" is nobody
_OFFICES = capitalised(TITLES, OFFICES, OFFICE_MODIFIERS, NATIONALITIES) | {"US"}
_TITLES = _OFFICES | capitalised(ABBREVIATED_TITLES)
_BODIES = ORGANISATIONS | COMPANY_SUFFIXES | TRADES | NEWSPAPERS | PLACES | {"general", "hall", "press"}
_BODY = lazy_compile(rf"\b{any_of(capitalised(_BODIES), {'FC'})}\b|&")
_OPENERS = FUNCTION_WORDS - NAMES_TOO | {"asked", "last", "next", "police", *CALENDAR_NAMES}
_FRAME = lazy_compile(rf"^{any_of(capitalised(_OPENERS))}\b\s*(?:{any_of(NAME_JOINERS)}\s+)*")
_ARTICLE = lazy_compile(rf"^{any_of(ARTICLES, capitalised(ARTICLES))}\s+")
_ROLE_BEFORE = lazy_compile(rf"((?:(?!{CAPITAL})[^\W\d_][{WORD}’'-]*\s+){{1,4}})$")
_ROLE_WORD = lazy_compile(rf"[{WORD}’'-]+")
_ROLE_STOP = ARTICLES | POSSESSIVES | PREPOSITIONS | CONJUNCTIONS | {"said", "says", "that", "told"}
_APPOSED = lazy_compile(
    rf",\s+(?!who\b)(?:{any_of(ARTICLES, POSSESSIVES)}\s+)?([A-Za-z][^,.;:()“”]{{2,70}})(?=[,.;:]|\s\(|$)"
)
_ARTICLED = any_of(ARTICLES, POSSESSIVES, capitalised(ARTICLES, POSSESSIVES))
_DESCRIBED = lazy_compile(rf"(?:^|[,.;]\s|\b(?:and|but)\s){_ARTICLED}\s([^,.;:()]{{2,60}}),\s$")
_DATED = lazy_compile(
    r"(?:\b(?:in|on|since|until|by|of|from|before|after|last|next|this|early|late|mid)[\s-]|\d\s)$", re.IGNORECASE
)
_FORMER = lazy_compile(r"\b(?:Ex|Former|Late)[\s-]$")
_LEADS = lazy_compile(
    r",\s+who\s+(?P<verb>leads|led|heads|headed|chairs|chaired|runs|speaks\s+for)\s+([^,.;:()“”]{2,70})"
)
_HEADS = {"leads": "leader", "led": "leader", "heads": "head", "headed": "head", "chairs": "chair", "chaired": "chair"}
MOST_CANDIDATES = 5  # names between whom nothing decides that are told
REACH = 3  # sentences back that a pronoun may reach
SAME_NAME = 6  # sentences in which a surname that two people share is nobody's, if both were named
FORWARD = 3  # sentences ahead in which the name of an office may stand
FAR = 200  # and a surname or an office
BESIDE = 120  # characters in front of a name that may describe it

# "The National River Agency (NRA)"
_SHORT = lazy_compile(rf"(?P<long>{NAME})\s+\((?P<short>[A-Z]{{2,6}})\)")
_PERSONAL = lazy_compile(r",\s+(?:\d{1,3}\b|who\b|whose\b)|\s+\(\d{1,3}\)")
_THE = lazy_compile(r"\b[Tt]he\s$")
_KIN_NAMED = lazy_compile(rf"\b(?P<kin>{any_of((MALE | FEMALE) - {'mr', 'mrs', 'ms'})})\s(?P<name>{CAPITALISED})")
_PERSON_NOUN = any_of(MALE - {"mr", "sir"}, FEMALE - {"ms", "mrs"}, UNNAMED_PEOPLE)
_UNNAMED = lazy_compile(rf"\b(?:an?|one|another)\s+(?:[\w-]+\s+){{0,2}}?({_PERSON_NOUN})\b")
# "Novelist", "Voter", "CEO": what may be a trade in front of a name.
_TRADE = lazy_compile(r"(?:[A-Z]\w+(?:er|or|ist|ian|man|woman|person|eer)|[A-Z]{2,4})")
_OF_PLACES = set("East Great Lower New North Port Saint South St St. Upper West".split())  # "New South Wales"
_PEOPLES = OFFICES | MALE | FEMALE | UNNAMED_PEOPLE | {title.lower() for title in TITLES}


class EntityMention(NamedTuple):
    """A person's or body's name as it stands at ``start`` of the article."""

    start: int
    sentence: int
    name: str


class Meant(NamedTuple):
    """Whom words mean: ``name``, or None and the ``candidates`` between whom nothing decides."""

    name: str | None
    candidates: tuple[str, ...] = ()


NOBODY = Meant(None)
_NOBODY_HERE: frozenset[str] = frozenset()


class EntityResolver:
    """The names of one article, in order, with what stands for them.

    An article may be a book, with tens of thousands of names. So every question is answered from an index.
    """

    def __init__(self, sentences: Sequence[Sentence]) -> None:
        self.mentions: list[EntityMention]
        self.persons: dict[str, str] = {}  # a full name's key, joined, to the name
        self._begun: dict[str, int] = {}  # by full name, the first sentence that has it
        self._bodies: dict[str, None] = {}
        self._body_of: dict[tuple[str, ...], str | None] = {}
        self._played: dict[tuple[str, ...], tuple[dict[str, int], str | None]] = {}
        self._short: dict[str, str] = {}  # "NRA" to "National River Agency"
        self._roles: dict[str, set[str]] = {}
        self._gender: dict[str, str] = {}
        self._by_sentence: dict[int, list[EntityMention]] = {}
        self._names_in: dict[int, frozenset[str]] = {}
        self._human: set[str] = set()  # names with an office, an age or a "who" beside them, as only people have
        self._likely: set[str] = set()  # names that may be people's: they rival others, and are never chosen
        self._alone: set[str] = set()  # names of one word, with no article in front
        self._kin: dict[str, str] = {}  # first names behind "wife", "son" and the like, with who is he or she by them
        self._described: dict[int, str] = {}
        # By sentence, where "a lawyer for Adair" describes somebody else than Adair, and where somebody speaks.
        self._described_at: defaultdict[int, list[tuple[int, int]]] = defaultdict(list)
        self._spoken: defaultdict[int, list[tuple[int, int]]] = defaultdict(list)
        for sentence in sentences:
            if not is_byline(sentence.text):  # a reporter is nobody of the story
                self._read(sentence)
                self._described[sentence.index] = sentence.text.lower()
        self._full_names = frozenset(self.persons.values())
        self._first: dict[str, int] = {}
        self._surnames: defaultdict[str, list[str]] = defaultdict(list)
        self._first_names: defaultdict[str, list[str]] = defaultdict(list)
        self._people_with: defaultdict[str, list[str]] = defaultdict(list)  # by a word of their names
        self._bodies_with: defaultdict[str, list[str]] = defaultdict(list)
        self._headed: defaultdict[str, dict[str, list[str]]] = defaultdict(dict)  # by its noun, who has which office
        self._index()
        for name in self._alone:  # only people are called by the last word of their name
            self._likely.update(self._surnames.get(word_key(name), ()))
        for name, gender in self._kin.items():  # "his wife Mayo", of whom a caption gives the surname
            if len(same := self._first_names.get(name, [])) == 1:
                self._gender.setdefault(same[0], gender)
        for index, found in self._by_sentence.items():
            self._names_in[index] = frozenset(m.name for m in found)
        for index, found in self._by_sentence.items():
            self._by_sentence[index] = [m._replace(name=self._full(m)) for m in found]
            self._names_in[index] = frozenset(m.name for m in self._by_sentence[index])
            for mention in self._by_sentence[index]:
                self._first.setdefault(mention.name, index)
        self.mentions = [mention for found in self._by_sentence.values() for mention in found]  # by their full names

    def _index(self) -> None:
        for name in self.persons.values():
            key = name_key(name)
            self._surnames[key[-1]].append(name)
            self._first_names[key[0]].append(name)
            for word in set(key):
                self._people_with[word].append(name)
        for body in self._bodies:
            for word in set(name_key(body)):
                self._bodies_with[word].append(body)
        for name, roles in self._roles.items():
            for role in roles:
                for noun in _nouns(role):
                    self._headed[noun].setdefault(name, []).append(role)

    def _read(self, sentence: Sentence) -> None:
        for match in _SHORT.finditer(sentence.text) if "(" in sentence.text else ():
            words = re.findall(rf"{CAPITAL}[{WORD}’'-]*", match["long"])[-len(match["short"]) :]
            if "".join(word[0] for word in words) == match["short"]:
                long = match["long"][match["long"].index(words[0]) :]
                self._short.setdefault(match["short"], _without_possessive(long))
        for match in _KIN_NAMED.finditer(sentence.text):
            for key in name_key(match["name"])[:1]:
                self._kin.setdefault(key, "m" if match["kin"] in MALE else "f")
        for match in _RUN.finditer(sentence.text):
            run, start = match.group().rstrip(".,"), match.start()
            while (cut := _FRAME.match(run)) and not _is_month_name(cut.group().strip(), sentence.text[:start]):
                if cut.end() == 0 or (cut.group() == run and len(run.split()) == 1):
                    run = "" if cut.group().strip() == run else run
                    break
                # "on Friday. The pump …": the stop that ends a sentence inside the quotation goes with the day.
                rest = run[cut.end() :].lstrip(". ")
                start, run = start + len(run) - len(rest), rest
            run = _without_possessive(run)
            if not run:
                continue
            if " " not in run and name_key(run) and not _THE.search(sentence.text, 0, start):
                self._alone.add(run)
            self._note(sentence, run, start)

    def _note(self, sentence: Sentence, run: str, start: int) -> None:
        for piece in _AND.split(run) if not is_body(run) else [run]:
            name = person_part(_before_of(piece))
            if is_body(piece) or not name:
                front = head(piece)
                name = person_part(front)
                someone = front.endswith(name) and len(name.split()) > 1 and gender_of(name) and not is_body(front)
                self._bodies.setdefault(_behind(front, piece) if someone else piece, None)
                # "Police Chief Petra Dolan" is a person, but "Trust Petra Dolan" need not be.
                titled = front != name and front.endswith(name)
                if name == piece or len(name.split()) < 2 or is_body(name) or not (piece.startswith(name) or titled):
                    continue
            words, key = name.split(), " ".join(name_key(name))
            owned = words[0].endswith(("'s", "’s"))  # "Kobi's Caterham" is nobody
            if key and 2 <= len(words) <= 4 and not owned and not any(w in _OFFICES for w in words):
                known = self.persons.setdefault(key, name)
                self._begun.setdefault(known, sentence.index)
                self._describe(sentence, known, piece, start)
            self._by_sentence.setdefault(sentence.index, []).append(
                EntityMention(sentence.start + start, sentence.index, name)
            )

    def _describe(self, sentence: Sentence, name: str, piece: str, start: int) -> None:
        """Note what stands beside a full name: its title, and what it is in apposition to."""
        roles = self._roles.setdefault(name, set())
        text = sentence.text
        if _PERSONAL.match(text, start + len(piece)):
            self._human.add(name)
        title = piece[: len(piece) - len(name)].strip().lower() if piece.endswith(name) else ""
        before = _ROLE_BEFORE.search(text, max(0, start - BESIDE), start)
        words = [w for w in (before.group(1).split() if before else []) if w not in _ROLE_STOP][-3:]
        if before and _FORMER.search(text, max(0, before.start(1) - 8), before.start(1)):
            words = ["former", *words]
        behind = _APPOSED.match(text, start + len(piece)) or _LEADS.match(text, start + len(piece))
        ahead = _DESCRIBED.search(text, max(0, start - BESIDE), start)
        if behind and _KIN_NAMED.search(text, behind.start(), behind.end()):
            behind = None  # "Orr, his wife Mayo and their son": another one of a list
        if behind:
            span = (sentence.start + behind.start(), sentence.start + behind.end())
            self._described_at[sentence.index].append(span)
        for role in (title, " ".join(words), _apposed(behind), ahead.group(1) if ahead else ""):
            if role:
                roles.add(role.lower())
                if _PEOPLES & set(re.findall(r"\w+", role.lower())):
                    self._human.add(name)
                for word in re.findall(r"\w+", role.lower()):
                    if word in MALE:
                        self._gender.setdefault(name, "m")
                    elif word in FEMALE:
                        self._gender.setdefault(name, "f")

    def _full(self, mention: EntityMention) -> str:
        return self.named(mention.name, mention.sentence) or mention.name

    def named(self, name: str, sentence: int) -> str | None:
        """The fullest name the article has for ``name``, as it is meant in that sentence; None for an unknown one."""
        if long := self._short.get(name):
            return long
        person = person_part(name) or name
        key = name_key(person)
        if not key:
            return None
        if not is_body(name):
            same = self._surnames.get(key[-1], [])
            begin = self._first_names.get(key[0], [])
            if len(key) > 1:
                same = [
                    full for full in same if name_key(full)[: len(key)] == key or key == name_key(full)[-len(key) :]
                ] or ([full for full in same if name_key(full)[0] == key[0]])
                same = same or [full for full in begin if name_key(full)[: len(key)] == key]
                if not same:
                    return person
            else:
                # "Felix" and, where the surname comes first, "Han": the first word of one person's name alone, who has
                # been named by then.
                same = same or [full for full in begin if self._begun.get(full, 0) <= sentence]
            if len(same) == 1:
                return same[0]
            if same:
                return self._nearest(frozenset(same), sentence)
        return self._body(name)

    def _nearest(self, names: AbstractSet[str], sentence: int) -> str | None:
        """Of people who share a surname, the one named last; None if another was named a short while ago.

        Whoever alone was named in this sentence or the one before is meant all the same.
        """
        last: str | None = None
        for index in range(sentence, max(-1, sentence - FAR), -1):
            here = self._names_in.get(index, _NOBODY_HERE) & names
            if len(here) > 1 or (last and here - {last} and index > sentence - SAME_NAME):
                return None
            last = last or next(iter(here), None)
            if last and not sentence - SAME_NAME < index < sentence - 1:
                return last
        return last

    def _body(self, name: str) -> str | None:
        """The longest name of a body that ends, or begins, with this one: "Tax Office", "Sarn" for "Sarn Medical"."""
        key = name_key(name)
        if key not in self._body_of:
            alike = self._bodies_with.get(key[0], ())
            fits = [b for b in alike if name_key(b)[-len(key) :] == key or name_key(b)[: len(key)] == key]
            fits = [b for b in fits if not _is_one_of(key, b)]
            self._body_of[key] = max(fits, key=lambda b: len(name_key(b)), default=None)  # the first of equals
        return self._body_of[key]

    def by_role(self, phrase: str, sentence: int) -> Meant:
        """The person "the minister" or "the union leader" is, or the body "the office" is; the last one mentioned.

        Nobody is meant where two who fit were named a short while ago. Who is named later is meant if nobody else fits.
        """
        words = tuple(w for w in _ROLE_WORD.findall(phrase.lower()) if w not in _ROLE_STOP)
        if not words:
            return NOBODY
        if words not in self._played:
            self._played[words] = self._players(words), self._body_called(words)
        fits, body = self._played[words]
        last = self._nearest(fits.keys(), sentence)
        if last:
            return Meant(last)
        window = range(sentence - SAME_NAME, sentence + 1)
        near = {name for index in window for name in self._names_in.get(index, ()) if name in fits}
        if near:
            return Meant(None, tuple(sorted(near, key=fits.__getitem__)))
        named = (name for name in fits if self._first.get(name, sentence + 1) <= sentence)
        if candidates := tuple(islice(named, MOST_CANDIDATES)):
            return Meant(None, candidates)
        if len(fits) == 1 and self._first.get(next(iter(fits)), sentence + FORWARD + 1) <= sentence + FORWARD:
            return Meant(next(iter(fits)))
        return Meant(body) if body else NOBODY

    def _players(self, words: Sequence[str]) -> dict[str, int]:
        """Who has an office that is called by these words, with their places in the order of the article."""
        headed = self._headed.get(words[-1], {})
        fits = (name for name, roles in headed.items() if any(self._plays(role, words) for role in roles))
        return {name: place for place, name in enumerate(fits)}

    def _body_called(self, words: Sequence[str]) -> str | None:
        """The only body that is called by these words; None if there are several."""
        keys = [word_key(w) for w in words]
        bodies = [
            b
            for b in self._bodies_with.get(keys[-1], ())
            if set(keys) <= set(name_key(b)) and (name_key(b)[-1] == keys[-1] or "of" in b.split())
        ]
        return bodies[-1] if len(bodies) == 1 else None

    @staticmethod
    def _plays(role: str, words: Sequence[str]) -> bool:
        """Whether a role with this noun is called by these words; a former minister is not "the minister"."""
        own = set(_ROLE_WORD.findall(role))
        return set(words) <= own and not own & {"ex", "former", "late"} - set(words)

    def pronoun(self, word: str, sentence: int, before: int, speakers: Mapping[int, str], *, parted: bool) -> Meant:
        """Whom "he" or "she" at ``before`` (code points of the article) stands for.

        ``speakers`` tells by sentence who spoke last in it; ``parted`` says that a colon or semicolon stands before
        the pronoun in its sentence. Nobody where nobody fits, or two fit alike: they are the candidates.
        """
        gender = {"he": "m", "she": "f"}.get(word.lower())
        if gender is None:
            return NOBODY
        for index in range(sentence, max(-1, sentence - REACH - 1), -1):
            if index == sentence and not parted:
                # In its own clause a pronoun that speaks is not what the clause is about: "Venn, he said, had told".
                continue
            here = [m for m in self._by_sentence.get(index, ()) if m.start < before and self._is_candidate(m.name)]
            fits = [name for name in dict.fromkeys(m.name for m in here) if self.gender(name) in (gender, None)]
            speaker = speakers.get(index) if index < sentence else None
            if speaker and self.is_person(speaker) and self.gender(speaker) in (gender, None):
                # Whoever spoke just now goes on, unless somebody stands beside them who fits as well or better.
                beside = (m for m in here if not _holds(self._spoken, m) and not _holds(self._described_at, m))
                others = {m.name for m in beside if m.name in fits and m.name != speaker}
                rivals = {name for name in others if self.gender(name) == gender or self.gender(speaker) is None}
                if rivals:
                    return Meant(None, (speaker, *(name for name in fits if name in rivals)))
                return Meant(self._settled(speaker, gender))
            if index == sentence - 1 and speaker and self._by_name_alone(speaker):
                return Meant(None, (speaker,))  # a first name tells less than that somebody has just spoken
            unnamed = self._unnamed(index, gender) if index < sentence else False
            opening = next((m.name for m in self._by_sentence.get(index, ()) if m.start < before), None)
            nobody = opening is not None and self.is_person(opening) and not self._is_candidate(opening)
            if len(fits) == 1 and self._is_somebody(fits[0]) and not unnamed and not nobody:
                return Meant(self._settled(fits[0], gender))
            if fits or unnamed:
                return Meant(None, tuple(fits))
        return NOBODY

    def _settled(self, name: str, gender: str) -> str:
        self._gender.setdefault(name, gender)
        return name

    def gender(self, name: str) -> str | None:
        """Whether somebody is he or she, by what the article calls them, else by a first name that only one has."""
        return self._gender.get(name) or gender_of(name)

    def _by_name_alone(self, name: str) -> bool:
        """Whether only a person's first name tells that they are he or she."""
        return self.is_person(name) and name not in self._gender and gender_of(name) is not None

    def _is_candidate(self, name: str) -> bool:
        """Whether a name may be somebody's: "Block C" and "Ister Dawn" have two capitals, and are nobody's."""
        return name in self._full_names and (name in self._likely or self._is_somebody(name))

    def _is_somebody(self, name: str) -> bool:
        return bool(self.gender(name) or name in self._human)

    def _unnamed(self, index: int, gender: str) -> bool:
        """Whether a sentence speaks of an unnamed person who may be meant: "a nurse", "the woman"."""
        known = self._described.get(index, "")
        return any(
            (word in MALE) == (gender == "m") if word in MALE | FEMALE else True for word in _UNNAMED.findall(known)
        )

    def opens(self, sentence: int, word: str) -> EntityMention | None:
        """The first name of a sentence, if it may be whom "he" or "she" means."""
        gender = {"he": "m", "she": "f"}.get(word.lower())
        first = next(iter(self._by_sentence.get(sentence, ())), None)
        fits = first is not None and self._is_candidate(first.name) and self.gender(first.name) in (gender, None)
        return first if fits else None

    def asked(self, sentence: int, word: str) -> str | None:
        """Whom the sentence before addresses: of the two people in it who fit, the second one."""
        gender = {"he": "m", "she": "f"}.get(word.lower())
        here = dict.fromkeys(m.name for m in self._by_sentence.get(sentence - 1, ()) if self.is_person(m.name))
        if len(here) != 2:
            return None
        _, second = here
        return second if self.gender(second) in (gender, None) else None

    def still(self, speaker: str, word: str, sentence: int, start: int, before: int) -> Meant:
        """Whether a pronoun is whoever speaks already in its sentence: nobody who fits may be named between."""
        gender = {"he": "m", "she": "f"}.get(word.lower())
        if self.gender(speaker) not in (gender, None):
            return NOBODY
        here = (m for m in self._by_sentence.get(sentence, ()) if start <= m.start < before and m.name != speaker)
        rivals = [m.name for m in here if self._is_candidate(m.name) and self.gender(m.name) in (gender, None)]
        return Meant(None, (speaker, *rivals)) if rivals else Meant(speaker)

    def named_between(self, start: int, end: int, word: str) -> bool:
        """Whether somebody whom a pronoun may mean is named between two places of the article (code points)."""
        gender = {"he": "m", "she": "f"}.get(word.lower())
        first = bisect_left(self.mentions, start, key=lambda mention: mention.start)
        last = bisect_left(self.mentions, end, lo=first, key=lambda mention: mention.start)
        every = self.mentions[first:last]
        return any(self._is_candidate(m.name) and self.gender(m.name) in (gender, None) for m in every)

    def speaks(self, sentence: int, start: int, end: int) -> None:
        """Note that somebody says ``start:end`` (code points of the article), which stands in a sentence."""
        self._spoken[sentence].append((start, end))

    def namesakes(self, name: str, phrase: str) -> tuple[str, ...]:
        """The people of the article whose surname this is, if they are several; of "Mrs. Vale" the women alone."""
        key = name_key(person_part(name) or name)
        same = self._surnames.get(key[0], []) if len(key) == 1 else []
        called = {word.strip(".") for word in phrase.lower().split()}
        gender = "m" if called & MALE else "f" if called & FEMALE else None
        fits = [full for full in same if gender is None or self.gender(full) in (gender, None)]
        return tuple(fits) if len(same) > 1 else ()

    def is_known(self, name: str) -> bool:
        """Whether a word is part of a longer name of the article."""
        key = name_key(name)
        if not key:
            return any(full != name for full in chain(self._full_names, self._bodies))
        fits = chain(self._people_with.get(key[0], ()), self._bodies_with.get(key[0], ()))
        return any(set(key) <= set(name_key(full)) for full in fits if full != name)

    def named_first(self, name: str) -> int | None:
        """The sentence that gives a full name first; None for what is no person of the article."""
        return self._first.get(name)

    def is_person(self, name: str) -> bool:
        """Whether this is one of the article's full names."""
        return name in self._full_names


def _is_month_name(word: str, before: str) -> bool:
    """Whether a month's word begins a name: April May, but not "in April May said" or "17 June"."""
    return word in MONTHS and not _DATED.search(before)


def _before_of(run: str) -> str:
    """The person of "Mara Quist of Coast Wire", if a first name tells that it is one; else the run as it is."""
    front = head(run) if " of " in run or " for " in run else run
    return front if front != run and len(front.split()) > 1 and gender_of(person_part(front)) else run


def _behind(front: str, piece: str) -> str:
    """The body behind a person: "Coast Police" in "Sergeant Mara Quist of the Coast Police's Force Unit"."""
    _, _, rest = piece[len(front) :].strip().partition(" ")
    body = _ARTICLE.sub("", rest)
    owner = re.split(r"['’]s\s", body)[0]
    return (owner if is_body(owner) else body) or piece


def _is_one_of(key: Sequence[str], bodies: str) -> bool:
    """Whether a name is that of one of two bodies: "NRA and Park Police" is the full name of neither."""
    both = [body.removeprefix("the ") for body in bodies.split(" and ")]
    return len(both) > 1 and any(map(is_body, both)) and tuple(key) in map(name_key, both)


@lru_cache(maxsize=4096)  # an article names the same few again and again
def is_body(name: str) -> bool:
    """Whether a name has a word that only an organisation or a place is called by."""
    return _BODY.search(name) is not None


@lru_cache(maxsize=4096)
def person_part(run: str) -> str:
    """A run of capitals without the titles in front: "Transport Minister Dana Halloran" gives "Dana Halloran".

    A word that is no title is left out where a first name stands behind it, and it may be a trade ("Novelist Perry
    Askew"), or what an office is of ("Minister of Information Noor Adel").
    """
    words = run.split()
    if words and words[-1].strip(".") in _OFFICES:
        return ""
    last = max((at for at, word in enumerate(words[:-1]) if word.strip(".") in _TITLES), default=-1)
    words = words[last + 1 :]
    if words[:1] == ["of"]:  # "Minister of Information Noor Adel"; nobody is named by "President of South Karrow"
        named = next((at for at, word in enumerate(words[:-1]) if at > 1 and gender_of(word)), None)
        if named is None and len(words) > 3 and words[-2] not in _OF_PLACES:
            named = len(words) - 2
        words = words[named:] if named is not None else []
    for at in range(len(words) - 2, 0, -1):
        ahead = words[at - 1].strip(".")
        named = gender_of(words[at]) and not any(map(gender_of, words[:at]))
        office_of = last >= 0 and "of" in run.split()[: last + 1]  # "Director of National Intelligence Ada Holm"
        if named and (office_of or _TRADE.fullmatch(ahead) or ahead in _OFFICES):
            words = words[at:]
            break
    owner = next((at for at in range(len(words) - 3, -1, -1) if words[at].endswith(("'s", "’s"))), None)
    if owner is not None and not is_body(" ".join(words[owner + 1 :])) and words[-2] not in _OF_PLACES:
        words = words[owner + 1 :]  # "Labour's Carwyn Moss"
    while len(words) > 2 and words[0].lower() in UNNAMED_PEOPLE | RANKS:  # "Engineer Khalid Orr" opens a sentence
        words = words[1:]
    return " ".join(words)


def _without_possessive(name: str) -> str:
    """A name without its ending: "Halloran’s", "Jones’"."""
    bare = name[:-1] if name.endswith(("’s", "'s")) else name
    return bare[:-1] if bare.endswith(("’", "'")) else bare


def _apposed(match: re.Match[str] | None) -> str:
    """The role an apposition gives: "who leads the union" makes a leader of the union."""
    if match is None:
        return ""
    verb = match.groupdict().get("verb")
    return f"{_HEADS.get(verb, 'head')} of {match.group(2)}" if verb else match.group(1)


def _nouns(role: str) -> set[str]:
    """The head of a role, in two spellings: of "chief inspector of the Transport Safety Board" it is "inspector"."""
    last = head(role).split()[-1:]
    return {last[0], last[0].rstrip("s")} if last else set()


def _holds(spans: Mapping[int, Sequence[tuple[int, int]]], mention: EntityMention) -> bool:
    """Whether one of the spans of its sentence holds a name."""
    return any(start <= mention.start < end for start, end in spans.get(mention.sentence, ()))


def clean(phrase: str) -> str:
    """A phrase as a speaker is named by it: without its article."""
    return _ARTICLE.sub("", phrase).strip(" ,.;:")


__all__ = ["NOBODY", "EntityMention", "EntityResolver", "Meant", "clean", "is_body", "name_in", "person_part"]
