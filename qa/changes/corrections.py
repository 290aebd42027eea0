"""The corrections of a sentence: notes of its own article, and of others, that say that what it states was wrong.

``english.corrections`` reads what a note says. Here a note is tied to the sentences that it corrects: those with the
wrong value for the same thing. Values that are equal by chance must not be tied, so a sentence has to share words with
the note, and an article of another outlet the story as well. What stays unsure is left alone: a wrong "this was
corrected" is worse than none.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from difflib import SequenceMatcher
from functools import lru_cache
from math import log
from typing import Literal
from weakref import WeakKeyDictionary

from ..articles.parse import ParsedArticle
from ..english.characters import fold, legible
from ..english.clauses import denies
from ..english.corrections import CorrectionNote, Kind, Point, Value, keys_in, topic_stems, values_in
from ..english.entries import entry_time
from ..english.lexicon import ARTICLES
from ..english.slots import counted, recalls
from ..english.tokens import stems, words
from ..library.library import Library
from ..model import Filters, Sentence, day_of, write_day

FEW = 3  # a note with fewer words of its own has to have all of them in the article that it is about
SMALL = 12  # numbers up to it are so frequent that more words have to agree
NO_TIME = timedelta(0)
BACK = timedelta(60)  # how long before a note an article may have been published that it corrects
ON = timedelta(365)  # how long after it an article that repeats the right value is told of the note
EARLY = timedelta(2)  # a paper reports on its page some days before the day that its note names
STORY = 0.15  # the share of words, weighted by how rare they are, from which two articles tell one story
TARGET = 0.5  # the share of a note's words from which an article of that outlet and day is meant
STATED = 0.6  # the share of a statement's words from which a sentence states it
ALIKE = 0.7  # how alike two names are of which one is a misspelling, 0..1
REMEMBERED = 10_000  # pairs of articles whose share of words is kept
BRIEF = 80  # characters of values that are set against each other with "not"
SHOWN = 3  # the most sentences of a withdrawal that are shown

Finding = Literal["wrong", "right"]


@dataclass(frozen=True, eq=False)
class Correction:
    """A note that concerns a sentence.

    Attributes:
        kind: what the note does.
        article: the article of the note.
        sentences: the sentences of the note that a reader needs. Empty if an article is only marked as withdrawn.
        wrong: the words that are wrong, as the note has them; "" if it does not repeat them.
        right: the words that are right; "" if it does not give them.
        day: the day of the note; else the day on which its article was changed or published. None if unknown.
        confirms: whether the sentence already says what is right.
        detail: one sentence for readers: "Corrected on 3 June 2025: 41, not 14."
        whole: whether it withdraws the whole article of the sentence.
    """

    kind: Kind
    article: ParsedArticle
    sentences: tuple[Sentence, ...]
    wrong: str
    right: str
    day: date | None
    confirms: bool
    detail: str
    whole: bool = False


def corrections_of(
    sentence: Sentence, article: ParsedArticle, library: Library, filters: Filters
) -> tuple[Correction, ...]:
    """Return the corrections of a sentence: first those of what it says, then those of its whole article.

    Args:
        sentence: a sentence of ``article``.
        article: an article of the library.
        library: its notes are searched.
        filters: only notes of articles that pass are seen; with ``as_of``, none that is dated later.
    """
    asked = _Asked(sentence, article, library, filters)
    found = [*_within(asked), *_others(asked)]
    withdrawn = any(c.kind == "retraction" for c in found)
    marked = article.article.status == "retracted" and asked.sees(_day(article))
    if marked and not withdrawn and not _in_note(asked):
        day = day_of(article.article.modified)
        found.append(Correction("retraction", article, (), "", "", day, False, _withdrawn(day), whole=True))
    return tuple(sorted(found, key=lambda c: (c.confirms, not c.wrong, c.kind == "retraction")))


def is_withdrawn(article: ParsedArticle, library: Library) -> bool:
    """Whether an article is marked as withdrawn, or a note in it or in another article withdraws it."""
    told = (s for s in article.sentences if not note_of(article, s))
    return any(c.whole for s in told for c in corrections_of(s, article, library, Filters()))


@dataclass(frozen=True)
class _Asked:
    """A sentence whose corrections are looked for."""

    sentence: Sentence
    article: ParsedArticle
    library: Library
    filters: Filters

    def sees(self, day: date | None) -> bool:
        """Whether a note of that day counts."""
        return not (self.filters.as_of and day and day > self.filters.as_of)


def _day(article: ParsedArticle, note: CorrectionNote | None = None) -> date | None:
    """The day of a note: its own, else that on which its article was changed, else published."""
    stated = note.day if note else None
    return stated or day_of(article.article.modified) or day_of(article.article.published)


def _told_day(article: ParsedArticle, note: CorrectionNote) -> date | None:
    """The day of a note as far as it is known: a note that an article got later may bear no day."""
    known = note.day or day_of(article.article.modified)
    return known or (None if note.own else day_of(article.article.published))


def note_of(article: ParsedArticle, sentence: Sentence) -> CorrectionNote | None:
    """Return the note of a correction that a sentence belongs to, if there is one."""
    return next((n for n in article.document.corrections if n.first <= sentence.index <= n.last), None)


def is_called_wrong(article: ParsedArticle, start: int, end: int) -> bool:
    """Whether words at ``start:end`` of an article are what one of its notes says was wrong."""
    wrong = (point.wrong for note in article.document.corrections for point in note.points if point.wrong)
    return any(first < end and start < last for first, last in wrong)


def _in_note(asked: _Asked) -> bool:
    note = note_of(asked.article, asked.sentence)
    return note is not None and note.kind != "reported"


# -- notes of the same article -----------------------------------------------------------------------------------------


def _within(asked: _Asked) -> Iterator[Correction]:
    article, index = asked.article, asked.sentence.index
    if not article.document.corrections:
        return
    inside = _in_note(asked)
    for note in article.document.corrections:
        if note.kind == "addition" or not asked.sees(_day(article, note)):
            continue
        if note.first <= index <= note.last:
            if note.kind != "reported":
                yield from _in_its_note(asked, note)
            continue
        if inside or (note.kind == "reported" and not _earlier_entry(asked, note)):
            continue
        if note.whole and note.own:
            yield _whole(article, note)
            continue
        another = not note.own and note.kind != "reported" and not _may_be_own(note, article)
        for point in note.points:
            finding = _about(asked, _point(article, note, point), near=True)
            if finding and not (another and finding == "wrong"):
                yield _correction(article, note, point, confirms=finding == "right")


def _in_its_note(asked: _Asked, note: CorrectionNote) -> Iterator[Correction]:
    """The correction of a sentence of a note that repeats what was wrong, where another one sets it right."""
    start, end = asked.sentence.start, asked.sentence.end
    for point in note.points:
        states = point.wrong and start <= point.wrong[0] and point.wrong[1] <= end
        corrects = point.right and start <= point.right[0] and point.right[1] <= end
        if states and not corrects and (point.first < point.last or note.last > asked.sentence.index):
            yield _correction(asked.article, note, point, confirms=False)


def _earlier_entry(asked: _Asked, note: CorrectionNote) -> bool:
    """Whether a sentence stands in an earlier entry of a live blog than a note."""
    document = asked.article.document
    mine, theirs = entry_time(document, asked.sentence.start), entry_time(document, note.start)
    return mine is not None and theirs is not None and mine < theirs


def _may_be_own(note: CorrectionNote, article: ParsedArticle) -> bool:
    """Whether a note that names a day or "we" may be about the article that it stands in."""
    published = day_of(article.article.published)
    if note.since and note.until:
        return bool(published and note.since <= published <= note.until)
    return note.outlet == "" and not _only_notes(article)


# -- notes of other articles -------------------------------------------------------------------------------------------


def _others(asked: _Asked) -> Iterator[Correction]:
    article, sentence = asked.article, asked.sentence
    if _in_note(asked) or not day_of(article.article.published):
        return
    keys = _keys(article, sentence.index)
    ids = [i for i in asked.library.notes(asked.filters, keys) if i != article.id]
    if not ids:
        return
    for other in asked.library.parsed(ids).values():
        same = other.id.partition("@")[0] == article.id.partition("@")[0]  # another version of the article
        for note in other.document.corrections:
            day = _day(other, note)
            if note.kind != "addition" and day and asked.sees(day):
                yield from _of_other(asked, other, note, day, same=same)


@lru_cache(maxsize=4096)
def _keys(article: ParsedArticle, index: int) -> frozenset[str]:
    sentence = article.sentences[index]
    return keys_in(article.document, sentence.start, sentence.end)


def _of_other(
    asked: _Asked, other: ParsedArticle, note: CorrectionNote, day: date, *, same: bool
) -> Iterator[Correction]:
    """The corrections of a sentence by one note of another article."""
    published = day_of(asked.article.article.published)
    assert published
    named = note.since is not None and note.until is not None and note.since <= published <= note.until
    # Differences, because sums leave the calendar near its ends. A note may name the day of an older article.
    before = NO_TIME <= day - published <= (day - date.min if named else BACK)
    if same and note.own and note.whole:
        yield _whole(other, note)
        return
    target = before and not note.own and note.kind != "reported" and _is_target(note, other, asked.article)
    if note.whole and target:
        yield _whole(other, note)
        if not note.points:
            return
    alone = not note.own and note.outlet is not None and not (target or same)  # it is about that outlet's article alone
    if not before and not NO_TIME < published - day <= ON:
        return
    for point in note.points:
        if note.whole and not point.right:
            continue
        finding = _about(asked, _point(other, note, point), near=same or bool(target))
        if finding is None or (finding == "wrong" and (alone or not before)):
            continue
        if finding == "right" and before and not (same or target) and _is_small(other, note, point):
            continue  # two dead on an earlier day may have been right by then
        if same or target or _same_story(asked, other, note):
            yield _correction(other, note, point, confirms=finding == "right")


def _is_small(article: ParsedArticle, note: CorrectionNote, point: Point) -> bool:
    """Whether a point is about a number that is too frequent to tell anything."""
    numbers = [v for v in _point(article, note, point).right if v.kind == "number" and not v.unit]
    return any(v.key.isdigit() and int(v.key) <= SMALL for v in numbers)


def _is_target(note: CorrectionNote, other: ParsedArticle, article: ParsedArticle) -> bool:
    """Whether an article is the one that a note is about: of its outlet and its day, and with its words."""
    published = day_of(article.article.published)
    if note.outlet is None and not note.since:
        return False
    if not _is_outlet(note.outlet or other.article.source or "", article.article.source, note.outlet or "", other):
        return False
    if note.since and note.until and not (published and note.since - published <= EARLY and published <= note.until):
        return False
    about = _note_stems(other, note)
    share = len(about & _text_stems(article)) / len(about) if about else 0.0
    if len(about) < FEW:
        return share == 1.0
    return share >= (TARGET if note.since else STATED)


def _is_outlet(name: str, source: str | None, called: str, other: ParsedArticle) -> bool:
    """Whether an outlet may be meant by a name: "the Post" is the Port Merrin Post."""
    if not source:
        return False
    if not called:
        return fold(source) == fold(other.article.source or "")
    asked = [word for word in words(name) if word not in ARTICLES]
    has = words(source)
    return bool(asked) and (asked == list(has[-len(asked) :]) or set(asked) <= set(has))


@lru_cache(maxsize=512)
def _note_stems(article: ParsedArticle, note: CorrectionNote) -> frozenset[str]:
    """What a note is about, in its first two sentences."""
    wrong = [article.document.text[slice(*p.wrong)] for p in note.points if p.wrong]
    longest = max(wrong, key=len, default="")
    if len(topic_stems(longest)) >= 3:
        return topic_stems(longest)
    return topic_stems(
        " ".join(article.sentences[i].text for i in range(note.first, min(note.last, note.first + 1) + 1))
    )


@lru_cache(maxsize=1024)
def _text_stems(article: ParsedArticle) -> frozenset[str]:
    return frozenset(stems(f"{article.article.title or ''} {article.document.text}"))


def _same_story(asked: _Asked, other: ParsedArticle, note: CorrectionNote) -> bool:
    """Whether the article of a sentence tells the story that a note is about, by the words of both."""
    if _only_notes(other):
        told = topic_stems(other.document.text[note.start : note.end])
        common = told & _text_stems(asked.article)
        return len(common) >= 3 and len(common) >= STATED * len(told)
    return one_story(asked.library, asked.article, other)


@lru_cache(maxsize=512)
def _only_notes(article: ParsedArticle) -> bool:
    """Whether an article is a column of notes, which tell of different stories."""
    inside = sum(n.last - n.first + 1 for n in article.document.corrections if n.kind != "reported")
    return inside > TARGET * len(article.sentences)


_SHARES: WeakKeyDictionary[Library, dict[tuple[object, ...], float]] = WeakKeyDictionary()
"""What ``story_share`` has counted, for each library: an answer asks for the same articles again and again."""


def one_story(library: Library, one: ParsedArticle, other: ParsedArticle) -> bool:
    """Whether two articles tell one story, by the words that they share."""
    return story_share(library, one, other) >= STORY


def story_share(library: Library, one: ParsedArticle, other: ParsedArticle) -> float:
    """Return how many of the fewer words two articles share, 0..1, each weighted by how rare it is in the library."""
    known = _SHARES.setdefault(library, {})
    key = (library.state, one.id, one.article.version, other.id, other.article.version)
    if key not in known:
        if len(known) >= REMEMBERED:
            known.clear()
        known[key] = _share(library, _topic(one), _topic(other))
    return known[key]


def _share(library: Library, mine: frozenset[str], theirs: frozenset[str]) -> float:
    chunks, total = library.document_frequency(sorted(mine | theirs))

    def weight(found: frozenset[str]) -> float:
        return sum(log(1 + total / chunks.get(word, 1)) ** 2 for word in found)

    fewer = min(weight(mine), weight(theirs))
    return weight(mine & theirs) / fewer if fewer else 0.0


@lru_cache(maxsize=1024)
def _topic(article: ParsedArticle) -> frozenset[str]:
    return topic_stems(f"{article.article.title or ''} {article.document.text}")


# -- points ------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, eq=False)
class _Told:
    """A point of a note with its values and the stems of what it is about."""

    article: ParsedArticle
    note: CorrectionNote
    point: Point
    wrong: tuple[Value, ...]
    right: tuple[Value, ...]
    wrong_words: tuple[str, ...]
    right_words: tuple[str, ...]
    about: frozenset[str]

    @property
    def wrong_text(self) -> str:
        return " ".join(self.wrong_words)


@lru_cache(maxsize=2048)
def _point(article: ParsedArticle, note: CorrectionNote, point: Point) -> _Told:
    document = article.document
    spans = [span for span in (point.wrong, point.right) if span]
    wrong = values_in(document, *point.wrong) if point.wrong else ()
    right = values_in(document, *point.right) if point.right else ()
    start, end = article.sentences[point.first].start, article.sentences[point.last].end
    text = list(document.text[start:end])
    for first, last in spans:
        if len(words(document.text[first:last])) < 4 or len(values_in(document, first, last)) == 1:
            text[max(first - start, 0) : max(last - start, 0)] = " " * max(0, min(last, end) - max(first, start))
    about = topic_stems("".join(text)) - frozenset(
        s for v in (*wrong, *right) for s in stems(v.key) if v.kind != "name"
    )
    told = [words(document.text[slice(*span)]) if span else () for span in (point.wrong, point.right)]
    return _Told(article, note, point, wrong, right, told[0], told[1], about)


def _about(asked: _Asked, told: _Told, *, near: bool) -> Finding | None:
    """Whether a sentence states what was wrong, or what is right, about the thing that a point is about.

    ``near``: the note is about the sentence's own article, so that fewer words have to agree.
    """
    kinds = {v.kind for v in told.wrong} or {v.kind for v in told.right}
    single = max(len(told.wrong), len(told.right)) == 1
    if "number" in kinds and all(v.kind == "number" for v in (*told.wrong, *told.right)):
        return _number(asked, told, near=near)
    if kinds == {"time"} and single:
        return _time(asked, told, near=near)
    if kinds == {"name"} and single and told.wrong and told.right and _is_whole(told):
        return _name(asked, told, near=near)
    return _words(asked, told, near=near)


def _is_whole(told: _Told) -> bool:
    """Whether the values are all of the wrong and the right words, but for articles."""
    for values, said in ((told.wrong, told.wrong_words), (told.right, told.right_words)):
        if [w for w in said if w not in ARTICLES] != [w for w in values[0].key.split() if w not in ARTICLES]:
            return False
    return True


def _shared(asked: _Asked, told: _Told) -> int:
    return len(told.about & _sentence_stems(asked.article, asked.sentence.index))


@lru_cache(maxsize=4096)
def _sentence_stems(article: ParsedArticle, index: int) -> frozenset[str]:
    return topic_stems(article.sentences[index].text)


@lru_cache(maxsize=4096)
def _values(article: ParsedArticle, index: int) -> tuple[Value, ...]:
    sentence = article.sentences[index]
    return values_in(article.document, sentence.start, sentence.end)


def _number(asked: _Asked, told: _Told, *, near: bool) -> Finding | None:
    here = [v for v in _values(asked.article, asked.sentence.index) if v.kind == "number"]
    if not here:
        return None
    units = {v.unit for v in (*told.wrong, *told.right)} - {""}
    rights = [v for v in here if _in(v, told.right, units) and _counts(asked, v, told, units, near=near)]
    if rights or (told.wrong and told.right and len(told.right) == 1 and _run(here, told.right)):
        return "right" if rights else None
    if told.wrong:
        if len(told.wrong) > 1:
            return "wrong" if _run(here, told.wrong) and _shared(asked, told) >= (1 if near else 2) else None
        stated = [v for v in here if _in(v, told.wrong, units) and _counts(asked, v, told, units, near=near)]
        return "wrong" if any(not _set_aside(asked, v) for v in stated) else None
    if near and told.right and told.right[0].unit:  # "the crack is 83 centimetres long" against 38 centimetres
        others = [
            v for v in here if v.unit == told.right[0].unit and _counts(asked, v, told, units, near=True, least=2)
        ]
        return "wrong" if len(others) == 1 else None
    return None


def _in(value: Value, given: Sequence[Value], units: frozenset[str] | set[str]) -> bool:
    """Whether a number is one of those given, in the same unit as far as it is known."""
    if not any(value.key == other.key for other in given):
        return False
    return value.unit in units if units and value.unit else not value.unit or not units


def _set_aside(asked: _Asked, value: Value) -> bool:
    """Whether a sentence itself says that a number does not hold, or no longer: "initially 14", "not 14"."""
    text, at = asked.sentence.text, value.start - asked.sentence.start
    return recalls(text, at) or text[:at].rstrip().lower().endswith((" not", " instead of"))


def _run(here: Sequence[Value], given: Sequence[Value]) -> bool:
    """Whether a sentence has several numbers one after the other: "14 minutes 6 seconds"."""
    told = [(v.key, v.unit) for v in here]
    wanted = [(v.key, v.unit) for v in given]
    return len(wanted) > 1 and any(told[i : i + len(wanted)] == wanted for i in range(len(told)))


def _counts(
    asked: _Asked, value: Value, told: _Told, units: frozenset[str] | set[str], *, near: bool, least: int = 1
) -> bool:
    """Whether a number of the sentence counts what the note is about."""
    if value.unit and not units and value.unit not in {""}:
        return False
    start = asked.sentence.start
    part = asked.article.part(asked.sentence)
    quantity = next((q for q in part.numbers if value.start - start <= q.start < value.end - start), None)
    if quantity is None:
        return False
    what = counted(part.text, quantity)
    beside = len(told.about & what.about)
    shared = max(_shared(asked, told), beside)
    unit = bool(value.unit) and value.unit in units
    small = quantity.number.value <= SMALL and not value.unit
    if not told.about:
        return near and not small
    if near:
        if len(told.about) == 1:
            return shared >= 1
        return (beside >= least or shared >= 2) and (unit or not small or shared >= 2)
    if small:
        return beside >= 2 or (beside >= 1 and shared >= 3)
    return beside >= min(2, len(told.about)) or (beside >= 1 and (unit or shared >= 2))


def _time(asked: _Asked, told: _Told, *, near: bool) -> Finding | None:
    here = {v.key for v in _values(asked.article, asked.sentence.index) if v.kind == "time"}
    enough = _shared(asked, told) >= min(2 if near else 3, max(1, len(told.about)))
    if not enough:
        return None
    if any(v.key in here for v in told.right):
        return "right"
    return "wrong" if any(v.key in here for v in told.wrong) else None


def _name(asked: _Asked, told: _Told, *, near: bool) -> Finding | None:
    said = words(asked.sentence.text)
    wrong, right = told.wrong[0].key.split(), told.right[0].key.split()
    misspelt = SequenceMatcher(None, " ".join(wrong), " ".join(right)).ratio() >= ALIKE
    wrongs, rights = [wrong], [right]
    if len(wrong) > 1 and wrong[-1] != right[-1] and not set(wrong[-1:]) & set(right):
        wrongs.append(wrong[-1:])
    if len(right) > 1 and wrong[-1] != right[-1] and not set(right[-1:]) & set(wrong):
        rights.append(right[-1:])
    shared = _shared(asked, told)
    enough = shared >= min(2, len(told.about) if near else max(1, len(told.about))) or (near and misspelt)
    if not enough:
        return None
    if any(_has_run(said, one) for one in rights):
        return "right"
    return "wrong" if any(_has_run(said, one) for one in wrongs) else None


def _has_run(said: Sequence[str], wanted: Sequence[str]) -> bool:
    return bool(wanted) and any(list(said[i : i + len(wanted)]) == list(wanted) for i in range(len(said)))


def _words(asked: _Asked, told: _Told, *, near: bool) -> Finding | None:
    """A phrase that stands in the sentence, or a statement that it makes in other words."""
    said = words(asked.sentence.text)
    wrong = [w for w in told.wrong_words if w not in ARTICLES]
    right = [w for w in told.right_words if w not in ARTICLES]
    bare = [w for w in said if w not in ARTICLES]
    if right and len(right) <= 6 and _has_run(bare, right):
        return "right" if _shared(asked, told) >= (1 if near else 3) and wrong else None
    if wrong and len(wrong) <= 6 and _has_run(bare, wrong):
        return "wrong" if _shared(asked, told) >= (min(1, len(told.about)) if near else 3) else None
    meant = topic_stems(told.wrong_text)
    mine = _sentence_stems(asked.article, asked.sentence.index)
    common = meant & mine
    if len(meant) < 3 or len(common) < (3 if near else 4) or len(common) < STATED * len(meant):
        return None
    numbers = {v.key for v in told.wrong if v.kind == "number"}
    if not numbers <= {v.key for v in _values(asked.article, asked.sentence.index)}:
        return None
    other = topic_stems(" ".join(told.right_words))
    if other and len(other & mine) / len(other) > len(common) / len(meant):
        return None
    return "wrong" if denies(told.wrong_text) == denies(legible(asked.sentence.text)) else None


# -- what a reader is told ---------------------------------------------------------------------------------------------

_DONE = {
    "correction": "Corrected",
    "clarification": "Clarified",
    "retraction": "Withdrawn",
    "addition": "Noted",
    "reported": "Corrected",
}


def _correction(article: ParsedArticle, note: CorrectionNote, point: Point, *, confirms: bool) -> Correction:
    text = article.document.text
    wrong, right = (legible(text[slice(*span)]) if span else "" for span in (point.wrong, point.right))
    first = _point(article, note, point).right[:1]
    said = right[:1].lower() + right[1:] if first and first[0].kind == "number" else right  # "Nine boats sank"
    day = _told_day(article, note)
    kind = "correction" if note.kind == "retraction" and right else note.kind
    who = f" according to {article.article.source}" if note.kind == "reported" and article.article.source else ""
    when = f" on {write_day(day)}" if day else ""
    if wrong and right:
        told = f"{said}, not {wrong}" if len(wrong) + len(right) < BRIEF else f"{said}; it had said: {wrong}"
    elif right:
        told = said
    else:
        told = f"this was wrong: {wrong}" if len(wrong.split()) > 2 else f"not {wrong}"
    detail = f"{_DONE[kind]}{when}{who}: {told.rstrip('.')}."
    sentences = tuple(s for s in article.sentences[point.first : _end_of(article, note, point)] if _tells(s))
    return Correction(kind, article, sentences, wrong, right, day, confirms, detail)


def _end_of(article: ParsedArticle, note: CorrectionNote, point: Point) -> int:
    """The index behind the last sentence of a point. What denies a statement stands in the sentence behind it."""
    return point.last + 1 if point.right else min(point.last + 2, note.last + 1)


def _whole(article: ParsedArticle, note: CorrectionNote) -> Correction:
    told = [s for s in article.sentences[note.first : note.last + 1] if _tells(s)][:SHOWN]
    day = _told_day(article, note)
    return Correction("retraction", article, tuple(told), "", "", day, False, _withdrawn(day), whole=True)


def _tells(sentence: Sentence) -> bool:
    """Whether a sentence of a note is more than a label or a time."""
    said, text = words(sentence.text), sentence.text.rstrip(" *_)")
    return len(said) > 3 or (len(said) > 1 and text.endswith(".") and not any(ch.isdigit() for ch in text))


def _withdrawn(day: date | None) -> str:
    return f"The article was withdrawn{f' on {write_day(day)}' if day else ''}."
