"""The value that a sentence gives for what a question asks: an amount, a day, a name, a state, or other words.

A value is read from the words of the sentence that answer the question, where the reading model has found some, or else
from the only value of its kind. ``compare`` says whether two values are one.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from itertools import pairwise
from typing import Literal

from ..articles.parse import ParsedArticle
from ..english.characters import fold
from ..english.document import Document
from ..english.entries import opening_time
from ..english.inflection import related_forms
from ..english.lexicon import CALENDAR_NAMES, NEWSPAPERS, ORGANISATIONS, PLACES, STOPWORDS
from ..english.names import leading_names, named_things, names, numbered_things, single_names, things_of_names
from ..english.numbers import COUNTING, Number, Quantity, compare_numbers
from ..english.questions import (
    AnswerType,
    answer_type,
    asks_of_a_difference,
    asks_of_a_life,
    asks_of_a_plan,
    asks_of_now,
    asks_of_then,
    content_words,
    counted_in,
    is_yes_or_no,
)
from ..english.regex import lazy_compile
from ..english.slots import (
    Counted,
    counted,
    deputies,
    groups_in,
    is_age,
    is_in_name,
    is_new_day,
    noun_modifiers,
    recalls,
    stands_in_office,
    states_asked,
    states_in,
    synonyms,
    tells_of_change,
    whose_figure,
    wished,
)
from ..english.spelling import name_key, same_person
from ..english.tokens import stem, stems, words
from ..model import Sentence, When, day_of

Comparison = Literal["same", "rounding", "different"]
LONG_AGO = timedelta(days=400)  # what an article tells of earlier days is no value of today
THOUSANDS = 10_000  # larger numbers that count nothing of their own have the unit of the number beside them
LEAD = 4  # characters that may stand before the value in the answering words
SHORT = 60  # the most characters of an answer that is shown for its value
FEW_BESIDE = 6  # an answer of more words may hold a number without being one
OPENING = " *_#>“\"'("  # characters that may stand in front of a sentence
FIRST_YEAR, LAST_YEAR = 1000, 2099  # of the figures that may be years
FEW_WORDS = 8  # an answer of more words is no value


@dataclass(frozen=True)
class Amount:
    """A number with what it counts."""

    number: Number
    counted: Counted


@dataclass(frozen=True)
class Day:
    """A day or a span of days."""

    when: When


@dataclass(frozen=True)
class Name:
    """A person, an organisation or a place."""

    words: str


@dataclass(frozen=True)
class State:
    """One of two states that exclude each other, such as open and shut: the row of the list, and the side."""

    row: int
    side: int


@dataclass(frozen=True)
class Words:
    """Any other short answer: the stems of its content words, and those of its names."""

    stems: frozenset[str]
    names: frozenset[str]


Value = Amount | Day | Name | State | Words


@dataclass(frozen=True)
class Given:
    """A value with its offsets in the sentence.

    ``old``: by the sentence it holds no longer, or is only wished for.
    ``event``: the sentence tells that a person takes the office that is asked about. ``words``: the offsets of the
    words to show for it, if they are others: "4 crowns" for 4. ``thing``: what a model says that the value is of.
    """

    value: Value
    start: int
    end: int
    old: bool = False
    event: bool = False
    words: tuple[int, int] | None = None
    thing: str | None = None


@dataclass(frozen=True)
class Asked:
    """What a question asks for.

    ``kind`` is the kind of value, ``rows`` the states of which it has a word, ``stems`` those of its words.
    ``of_now`` says that it asks how things are now, ``of_then`` how they were, ``of_plan`` what is to come,
    ``difference`` by how much things differ, ``life`` somebody's birth or death.
    ``focus`` is its content words by stem, without names, and ``named`` the stems of its names. ``things`` are its
    nouns with a name in front, by stem, and ``counted`` the stem of what it wants counted, "" for none and for people.
    """

    question: str
    kind: AnswerType = field(init=False)
    yes_or_no: bool = field(init=False)
    of_now: bool = field(init=False)
    of_then: bool = field(init=False)
    of_plan: bool = field(init=False)
    difference: bool = field(init=False)
    life: Literal["birth", "death"] | None = field(init=False)
    rows: frozenset[int] = field(init=False)
    stems: frozenset[str] = field(init=False)
    focus: Mapping[str, str] = field(init=False)
    named: frozenset[str] = field(init=False)
    things: Mapping[str, frozenset[str]] = field(init=False)
    counted: str = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "kind", answer_type(self.question))
        object.__setattr__(self, "yes_or_no", is_yes_or_no(self.question))
        object.__setattr__(self, "of_now", asks_of_now(self.question))
        object.__setattr__(self, "of_then", asks_of_then(self.question))
        object.__setattr__(self, "of_plan", asks_of_a_plan(self.question))
        object.__setattr__(self, "difference", asks_of_a_difference(self.question))
        object.__setattr__(self, "life", asks_of_a_life(self.question))
        object.__setattr__(self, "rows", states_asked(self.question) if self.yes_or_no else frozenset())
        object.__setattr__(self, "stems", frozenset(stems(self.question)))
        named = {stem(word) for name in names(self.question) for word in words(name)}
        focus = {s: word for word in content_words(self.question) if (s := stem(word)) not in named}
        object.__setattr__(self, "focus", focus)
        object.__setattr__(self, "named", frozenset(named))
        things: dict[str, frozenset[str]] = {}
        for name, noun in _named_nouns(self.question):
            things[stem(noun)] = things.get(stem(noun), frozenset()) | frozenset(stems(name))
        object.__setattr__(self, "things", things)
        object.__setattr__(self, "counted", stem(counted_in(self.question)))

    def focus_in(self, sentence: str) -> frozenset[str]:
        """Return the stems of the question's words, without names, that a sentence has in some form.

        "Open" is a form of "closed", of which it is the other side.
        """
        there = set(stems(sentence))
        stated = bool(self.rows and states_in(sentence, self.rows))
        return frozenset(
            s
            for s, word in self.focus.items()
            if s in there
            or any(stem(form) in there for form in related_forms(word))
            or not synonyms(word).isdisjoint(there)
            or (stated and self._is_state(word))
        )

    def _is_state(self, word: str) -> bool:
        return bool(states_asked(word) & self.rows)

    @property
    def things_named(self) -> frozenset[str]:
        """The stems of its names, and of its words that tell of no state: "bridge" of "Is the bridge still open?"."""
        return self.named | {s for s, word in self.focus.items() if not self._is_state(word)}

    @property
    def names_its_subject(self) -> bool:
        """Whether it names what it is about: not "Which ferry stopped on Monday?", which may be so of several."""
        return not self.named <= _CALENDAR_STEMS

    def is_told_by(self, headline: str) -> bool:
        """Whether a headline names all that is asked about, and tells a state that is asked for, or a change of it."""
        there = frozenset(stems(headline))
        if self.rows:
            return bool(self.things_named) and self.things_named <= there and bool(states_in(headline, self.rows))
        return bool(self.named) and self.named <= there and bool(self.focus_in(headline)) and tells_of_change(headline)

    def counts(self, what: Counted) -> bool:
        """Whether a number counts what the question names: "How many ballots …?". True if it names nothing."""
        return not self.counted or self.counted in what.about or what.noun == self.counted or what.toll is not None

    def may_change(self, value: Value) -> bool:
        """Whether the answer to the question may become another one: a count, a plan, the holder of an office.

        The day of what has happened stays the same, and of other words nobody can say what they are values of.
        """
        if isinstance(value, Day):
            return self.of_plan
        if isinstance(value, Name):
            return self.kind == "person"
        return not isinstance(value, Words)

    def wants(self, value: Value) -> bool:
        """Whether a value is plainly of the kind that the question asks for."""
        if self.kind in {"person", "place"}:
            return isinstance(value, Name) or (isinstance(value, Words) and bool(value.names))
        return isinstance(value, {"number": Amount, "time": Day}.get(self.kind, ()))

    def of_another(self, sentence: str) -> bool:
        """Whether a sentence is of another thing of the kind: "the Dunmere regatta" for "the Vale regatta".

        So is "the assistant coach" for "the coach", "Line 1" for "Line 2", "wheat bread" for "rye bread", and "22
        crowns for children" for what anybody pays.
        """
        numbered = numbered_things(sentence)
        if any(
            kind in dict(numbered) and (kind, number) not in numbered for kind, number in numbered_things(self.question)
        ):
            return True
        if any(stem(noun) in self.focus for noun in deputies(sentence)) and not deputies(self.question):
            return True
        if any(
            stem(noun) in self.things and not self.things[stem(noun)] & set(stems(name))
            for name, noun in _named_nouns(sentence)
        ):
            return True
        asked, told = dict(noun_modifiers(self.question)), noun_modifiers(sentence)
        if any(noun in asked and word != asked[noun] and (noun, asked[noun]) not in told for noun, word in told):
            return True
        return bool(groups_in(sentence) - groups_in(self.question))


def _is_elsewhere(part: Document, asked: Asked) -> bool:
    """Whether a sentence without the question's names is about another name: "Orsund has 31,000 inhabitants".

    Whoever speaks in it, and times, are no such names.
    """
    if not asked.named or asked.named & part.stems:
        return False
    speaking = {s for u in part.utterances if u.speaker for s in stems(u.speaker)}
    speaking |= {s for time in part.times for s in stems(part.text[time.start : time.end])}  # "in May"
    speaking |= {s for q in part.numbers for s in stems(whose_figure(part.text, q.start, q.end) or "")}
    answers = asked.kind == "person"  # "Lena Voss was sworn in" is the answer to "who", and no other thing
    opened = part.text.lstrip(OPENING)
    leading = (n for n in leading_names(part.text) if not (opened.startswith(n) and (answers or _PLURAL.match(opened))))
    others = (frozenset(stems(name)) for name in leading)
    # "Building is to begin in May": a word of the question that opens a sentence is no name.
    return any(name and not name & (speaking | _CALENDAR_STEMS | asked.stems) for name in others)


def _named_nouns(text: str) -> list[tuple[str, str]]:
    """Names with the nouns that they tell from others of the kind: ("Vale", "regatta"), ("Orsund", "mayor")."""
    found = [*named_things(text), *((name, noun) for noun, name in things_of_names(text))]
    # The club of "Club president Ida Cole" is no name.
    return [(name, noun) for name, noun in found if not set(words(name)) <= ORGANISATIONS | PLACES]


def value_of(article: ParsedArticle, sentence: Sentence, answer: tuple[int, int] | None, asked: Asked) -> Given | None:
    """Return the value that a sentence gives, or None.

    Args:
        article: the article of the sentence.
        sentence: the sentence.
        answer: offsets in the sentence of the words that answer the question, if known.
        asked: what the question asks for.
    """
    part = article.part(sentence)
    # Of undated articles nobody can say which is newer: all that may answer are set side by side.
    if article.article.published and is_of_another(article, sentence, asked):
        return None
    given = _value_of(part, answer, asked)
    if given and _is_history(part, article):
        return replace(given, old=True)
    named = given is not None and isinstance(given.value, Name)  # a name is shown as it is
    if given and not named and answer and answer[0] <= given.start and given.end <= answer[1] <= answer[0] + SHORT:
        return replace(given, words=answer)
    return given


def given_by(article: ParsedArticle, sentence: Sentence, words_of: tuple[int, int], asked: Asked) -> Given:
    """Return the value of the words of a sentence that somebody else has found to give one."""
    part = article.part(sentence)
    given = (
        _value_of(part, words_of, asked)
        or _amount(part, words_of, asked)
        or _day(part, words_of, asked)
        or _words(part, words_of, asked)
    )
    return replace(given, words=words_of) if given else Given(Words(frozenset(), frozenset()), *words_of)


def is_of_another(article: ParsedArticle, sentence: Sentence, asked: Asked) -> bool:
    """Whether a sentence is about another thing, group or place than the question.

    "Line 2 is filling up. It carried 13,100 passengers": the sentence before tells what "it" is.
    """
    if asked.of_another(sentence.text) or _is_elsewhere(article.part(sentence), asked):
        return True
    before = article.sentences[sentence.index - 1] if sentence.index and _PRONOUN.match(sentence.text) else None
    return before is not None and asked.of_another(before.text)


_PLURAL = lazy_compile(r"[A-Z][a-z]+s\s(?:are|have|were)\b")  # "Customers have", which names nobody
_PRONOUN = lazy_compile(r"^\W*(?:It|They)\b")


def _is_history(part: Document, article: ParsedArticle) -> bool:
    """Whether a sentence tells of years before: "in 1998 a landslide killed 31", in an article of 2024."""
    published = day_of(article.article.published)
    times = [time.when for time in part.times]
    return published is not None and bool(times) and all(published - when.end > LONG_AGO for when in times)


def _value_of(part: Document, answer: tuple[int, int] | None, asked: Asked) -> Given | None:
    if asked.yes_or_no:
        return _state(part, asked) if asked.rows else None
    if asked.kind == "number":
        return _amount(part, answer, asked)
    if asked.kind == "time":
        return _day(part, answer, asked)
    if asked.kind in {"reason", "quotation"} or answer is None:
        return None
    if asked.kind == "person":
        return _name(part, answer, asked)
    few = len(part.text[answer[0] : answer[1]].split()) <= FEW_BESIDE
    if asked.kind == "any" and few and (found := _amount(part, answer, asked) or _day(part, answer, asked)):
        return found
    return _name(part, answer, asked) or _words(part, answer, asked)


def amounts_in(article: ParsedArticle, sentence: Sentence) -> list[Given]:
    """Return every amount that a sentence gives."""
    part = article.part(sentence)
    first = opening_time(article.document, sentence.start)
    return [
        Given(Amount(q.number, counted(part.text, q)), q.start, q.end)
        for q in part.numbers
        if q.start >= first and is_countable(part.text, q)
    ]


def is_countable(text: str, quantity: Quantity) -> bool:
    """Whether a number counts or measures something that may change: no rank, no score, no age, no "dozens"."""
    exact = quantity.number.kind in COUNTING - {"vague"}
    return exact and not is_age(text, quantity) and not is_in_name(text, quantity)


def compare(one: Given, other: Given) -> Comparison | None:
    """Whether two values are the same. None if their kinds or units differ, so that nobody can tell."""
    a, b = one.value, other.value
    if isinstance(a, Amount) and isinstance(b, Amount):
        return compare_numbers(*_in_one_unit(a, b))
    if isinstance(a, Day) and isinstance(b, Day):
        return "same" if a.when.start <= b.when.end and b.when.start <= a.when.end else "different"
    if isinstance(a, Name) and isinstance(b, Name):
        return _same_name(a.words, b.words)
    if isinstance(a, State) and isinstance(b, State):
        return None if a.row != b.row else "same" if a.side == b.side else "different"
    if isinstance(a, Words) and isinstance(b, Words):
        return _same_words(a, b)
    return None


def _in_one_unit(one: Amount, other: Amount) -> tuple[Number, Number]:
    """Give a large number that counts nothing of its own the other's unit: "2.4 million crowns" and "1.5 million"."""
    a, b = one.number, other.number
    if min(a.value, b.value) > THOUSANDS:
        if not a.unit and not one.counted.noun:
            return a._replace(unit=b.unit), b
        if not b.unit and not other.counted.noun:
            return a, b._replace(unit=a.unit)
    return a, b


def _amount(part: Document, answer: tuple[int, int] | None, asked: Asked) -> Given | None:
    countable = [(q, counted(part.text, q)) for q in part.numbers if is_countable(part.text, q)]
    named = [(q, c) for q, c in countable if asked.counted and c.noun == asked.counted]
    answering = [(q, c) for q, c in countable if answer and q.start < answer[1] and answer[0] < q.end]
    bare = any(not q.number.unit and c.noun in ("", asked.counted) for q, c in answering)
    if len(named) == 1 and not bare:  # "to cost 142 million crowns and to have 310 beds", asked for beds
        countable = named
    elif answer:
        countable = answering
    fitting = [(q, c) for q, c in countable if not c.old and c.step == asked.difference]
    if any(not c.part for _, c in fitting):  # "27 injured, eleven of them children"
        fitting = [(q, c) for q, c in fitting if not c.part]
    if not fitting or (len(fitting) > 1 and not _leads(fitting[0][0].start, answer)):
        return None
    quantity, what = fitting[0]
    old = recalls(part.text, quantity.start) or wished(part.text, quantity.start)
    return Given(Amount(quantity.number, what), quantity.start, quantity.end, old)


def _day(part: Document, answer: tuple[int, int] | None, asked: Asked) -> Given | None:
    times = _days_in(part)
    moved = [t for t in times if is_new_day(part.text, t[0])]
    times = moved or [t for t in times if not answer or (t[0] < answer[1] and answer[0] < t[1])]
    times = _of_life(part, times, asked) or times
    if not times or (len(times) > 1 and not _leads(times[0][0], answer)):
        return None
    start, end, when = times[0]
    return Given(Day(when), start, end, recalls(part.text, start))


def _leads(start: int, answer: tuple[int, int] | None) -> bool:
    """Whether something at ``start`` is what the answering words begin with, so that it is the answer among others."""
    return answer is not None and start <= answer[0] + LEAD


def _days_in(part: Document) -> list[tuple[int, int, When]]:
    """The times of a text, and the years that are codes or figures to the calendar of news: "about 1835".

    A question that asks for a time tells them from others.
    """
    figures = [(one.start, one.end) for one in part.labels]
    figures += [(q.start, q.end) for q in part.numbers if not q.number.unit and not counted(part.text, q).noun]
    times = [(t.start, t.end, t.when) for t in part.times]
    years = [(start, end, when) for start, end in figures if (when := _as_year(part.text[start:end]))]
    years = [y for y in years if not any(t[0] < y[1] and y[0] < t[1] for t in times)]
    return sorted([*times, *years], key=lambda t: t[:2])


def _as_year(words: str) -> When | None:
    if not (len(words) == 4 and words.isdecimal() and FIRST_YEAR <= int(words) <= LAST_YEAR):
        return None
    return When(words=words, start=date(int(words), 1, 1), end=date(int(words), 12, 31), precision="year")


def _of_life(part: Document, times: Sequence[tuple[int, int, When]], asked: Asked) -> list[tuple[int, int, When]]:
    """The day of a birth or a death that is asked for, of the two of a life: "(25 November 1865 – 25 July 1920)"."""
    lives = [(one, other) for one, other in pairwise(times) if _DASH.fullmatch(part.text[one[1] : other[0]])]
    return [lives[0][asked.life == "death"]] if len(lives) == 1 and asked.life else []


_DASH = lazy_compile(r"\s*[–—-]\s*")


def _name(part: Document, answer: tuple[int, int], asked: Asked) -> Given | None:
    """The name that answers. Of several persons it is the one who takes the office, and never one who leaves it."""
    answering = part.text[answer[0] : answer[1]]
    inside = [n for n in single_names(answering) if not set(stems(n)) <= asked.stems]
    if asked.kind != "person":
        return _given_name(part, inside[0]) if len(inside) == 1 else None
    people = [n for n in single_names(part.text) if not set(stems(n)) & asked.stems and not _is_body(n)]
    changes = {n: stands_in_office(part.text, n) for n in people}
    taking = [n for n in people if changes[n] == "takes"]
    staying = [n for n in inside if n in people and changes[n] != "leaves"]
    found = staying if len(staying) == 1 else taking
    if len(found) == 1:
        given = _given_name(part, found[0])
        return replace(given, event=found[0] in taking) if given else None
    if answering.istitle() and not people:  # a run of names: "Films by Raj Kapoor Director Manzilein"
        return Given(Name(answering), *answer)
    left = [n for n in inside if changes.get(n) == "leaves"]
    given = _given_name(part, left[0]) if len(left) == 1 and not found else None
    return replace(given, old=True) if given else None


def _given_name(part: Document, name: str) -> Given | None:
    start = part.text.find(name)
    return Given(Name(name), start, start + len(name), recalls(part.text, start)) if start >= 0 else None


_CALENDAR = frozenset(fold(name) for name in CALENDAR_NAMES)
_CALENDAR_STEMS = frozenset(stem(word) for word in _CALENDAR)


def _is_body(name: str) -> bool:
    """Whether a name is that of an organisation, a newspaper or a day, by its last word."""
    last = words(name)[-1:]
    return not last or last[0] in ORGANISATIONS | NEWSPAPERS | PLACES | _CALENDAR


def _words(part: Document, answer: tuple[int, int], asked: Asked) -> Given | None:
    told = [word for word in words(part.text[answer[0] : answer[1]]) if word not in STOPWORDS]
    kept = frozenset(stem(word) for word in told) - asked.stems
    if not kept or len(told) > FEW_WORDS:
        return None
    named = frozenset(s for name in single_names(part.text[answer[0] : answer[1]]) for s in stems(name))
    return Given(Words(kept, named & kept), *answer, recalls(part.text, answer[0]))


def _state(part: Document, asked: Asked) -> Given | None:
    """The state of what is asked about, or of what a pronoun stands for: not that a fund opens, asked for a bridge."""
    if asked.things_named and not asked.things_named & part.stems and not _PRONOUN.match(part.text):
        return None
    found = states_in(part.text, asked.rows)
    if len({(one.row, one.side) for one in found}) != 1:
        return None
    return Given(State(found[0].row, found[0].side), found[0].end, found[0].end)


def _same_words(one: Words, other: Words) -> Comparison | None:
    """Other words are the same if they share half of the shorter answer; different if their names are others."""
    if one.names - other.names and other.names - one.names and not one.names & other.names:
        return "different"
    shared, shorter = len(one.stems & other.stems), min(len(one.stems), len(other.stems))
    return "same" if 2 * shared >= shorter else None if shared else "different"


def _same_name(one: str, other: str) -> Comparison | None:
    """Two names are one if one may stand for the other. If they share a word, nobody can tell."""
    if same_person(one, other):
        return "same"
    return None if set(name_key(one)) & set(name_key(other)) else "different"
