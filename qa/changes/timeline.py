"""A timeline: the dated statements of the library about one subject, in the order in which they happened.

Every article that names the subject is read, not only the best. A sentence gives an entry for each day of which it
tells something about the subject. What several articles tell is one entry. A plan that got another day is marked, with
the entry that gives the new one. What has no certain day is only counted.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from difflib import get_close_matches
from functools import cached_property

from ..articles.parse import ParsedArticle
from ..english.characters import fold
from ..english.entries import entry_time
from ..english.events import DatedClause, dated_clauses, is_dropped, is_former, tells_of_itself
from ..english.lexicon import CALENDAR_NAMES, OFFICE_MODIFIERS, OFFICES, READY, STATES, STOPWORDS
from ..english.names import names
from ..english.spelling import same_person
from ..english.subjects import ArticleReader, Mentions, Subject, is_prose, recased, search_terms, subject_of
from ..english.temporal.writing import write_when
from ..english.tokens import stem, words
from ..errors import InputError
from ..library.library import Library
from ..library.second_pass import unread_warning
from ..model import (
    ArticleRef,
    Attribution,
    Citation,
    EntryChange,
    EntryChangeKind,
    Filters,
    Said,
    Sentence,
    Timeline,
    TimelineEntry,
    When,
    day_of,
)
from ..render import outlet_and_day
from ..verification.attribution import said_in, unresolved_in
from ..version import __version__
from .corrections import Correction, corrections_of
from .versions import changed_since

CHUNKS = 20_000  # the most chunks that are looked up for one subject
ARTICLES = 2_000  # the most articles that are read for one subject
ALIKE = 0.6  # share of the shorter statement's words from which two articles tell of one event
SAME_STEP = 0.5  # share of the shorter plan's words from which two plans are about one step
STALE = 45  # days after which a later plan is another one
OPENING = 7  # words of a statement among which its subject stands
CLOSE = 0.75  # how alike a known name must be to be suggested, 0..1
SUGGESTED = 3
PRECISION = {"instant": 0, "day": 1, "week": 2, "month": 3, "quarter": 4, "year": 5}


@dataclass(frozen=True, eq=False)
class Event:
    """One dated statement about the subject, in one article."""

    article: ParsedArticle
    sentence: Sentence
    when: When
    planned: bool
    text: str
    said: Said | None = None
    clause: str = ""  # the part of the sentence that has the day
    opens: bool = False  # the subject is named among its first words
    about: frozenset[str] = field(default=frozenset(), repr=False)  # stems of the subject's own words

    @property
    def published(self) -> date | None:
        """The day on which its article was published."""
        return day_of(self.article.article.published)

    @property
    def place(self) -> tuple[str, int]:
        """Its article and sentence."""
        return self.article.id, self.sentence.index

    @cached_property
    def stems(self) -> frozenset[str]:
        """The stems of what it tells, without those of the subject and of the calendar."""
        return frozenset(stem(w) for w in words(self.clause or self.text) if w not in _UNTOLD) - self.about

    @cached_property
    def numbers(self) -> frozenset[float]:
        """The numbers that it tells of."""
        part = self.article.part(self.sentence)
        told = self.clause or self.text
        start = part.text.find(told)
        inside = (q for q in part.numbers if start <= q.start < start + len(told))
        return frozenset(q.number.value for q in inside if q.number.value is not None)

    @cached_property
    def states(self) -> frozenset[int]:
        """The kinds of states that it tells of, as rows of STATES: "reopen" and "closed" are of one kind."""
        return frozenset(row for row, forms in enumerate(_STATES) if forms & self.stems)

    @property
    def order(self) -> tuple[object, ...]:
        """Orders events: by day, the more exact first, then by publication."""
        at = self.when.at.isoformat() if self.when.at else ""
        published = self.article.article.published
        return (
            self.when.start,
            PRECISION[self.when.precision],
            at,
            self.when.end,
            published.isoformat() if published else "9",
            *self.place,
        )


_UNTOLD = STOPWORDS | OFFICES | OFFICE_MODIFIERS | {fold(name) for name in CALENDAR_NAMES}
_STATES = (
    *(frozenset(stem(word) for side in row for word in side) for row in STATES),
    frozenset(stem(word) for word in READY),
)


@dataclass(frozen=True)
class Change:
    """What a later event does to an earlier one, and one sentence for readers about it."""

    kind: EntryChangeKind
    detail: str


@dataclass(frozen=True)
class Drop:
    """A sentence that tells that a plan for some day was dropped: "dropped its plan to open on 1 September"."""

    article: ParsedArticle
    sentence: Sentence
    when: When

    def ends(self, plan: Event) -> bool:
        """Whether it is the end of that plan, which was told before."""
        published = day_of(self.article.article.published)
        if not plan.planned or not plan.published or not published or plan.published >= published:
            return False
        return self.when.start <= plan.when.start and plan.when.end <= self.when.end


Compare = Callable[[Event, Event], Change | None]
"""Says what the second event does to the first, which was published before it; None: nothing."""


def timeline(
    library: Library,
    subject: str,
    filters: Filters | None = None,
    *,
    compare: Compare | None = None,
    warnings: tuple[str, ...] = (),
) -> Timeline:
    """Make the timeline of one subject.

    Args:
        library: the articles.
        subject: a person, a place, a thing or a topic: "Keller Bridge", "Dana Halloran", "tram depot".
        filters: the articles and, with ``since`` and ``until``, the days on which something happened. ``speakers``
            leaves only what they say.
        compare: tells which events change others; default: ``postponed``.
        warnings: warnings to add to those of the timeline.

    Raises InputError if the subject has no word.
    """
    filters = filters or Filters()
    if not words(subject):
        raise InputError("Name a person, a place, a thing or a topic for the timeline.")
    searched = filters.model_copy(update={"since": None, "until": None})
    with library.reading():
        found = _Finder(library, searched, subject).found()
        events = [e for e in found.events if _within(e.when, filters) and _spoken(e, filters)]
        groups = sorted(merged(events), key=lambda group: group[0].order)
        changes = changed([group[0] for group in groups], compare or postponed)
        numbering = _Numbering()
        entries = tuple(
            _entry(
                group,
                changes.get(index),
                next((drop for drop in found.drops if drop.ends(group[0])), None),
                _correction(group[0], library, searched),
                numbering,
            )
            for index, group in enumerate(groups)
        )
        cited = [ref.id for ref in numbering.articles]
        if undated := library.undated(searched):
            warnings += (f"Articles without a day of publication that may be left out: {undated}.",)
        warnings += unread_warning(library, searched)
        return Timeline(
            subject=" ".join(subject.split()),
            filters=filters,
            entries=entries,
            citations=numbering.citations,
            articles=numbering.articles,
            found=found.articles,
            undated=found.undated,
            coverage=library.coverage(searched),
            warnings=(*warnings, *found.warnings, *changed_since(cited, searched, library)),
            suggestion=None if entries else _suggestion(subject, found, library, filters),
            library_revision=library.revision,
            qa_version=__version__,
            created=datetime.now(UTC),
        )


# -- What is told of the subject ---------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Found:
    events: tuple[Event, ...]
    drops: tuple[Drop, ...]
    articles: int
    undated: int
    warnings: tuple[str, ...]


class _Finder:
    """Reads all articles that name a subject."""

    def __init__(self, library: Library, filters: Filters, subject: str) -> None:
        self._library, self._filters = library, filters
        self._subject = self._read(subject)
        self._stems = frozenset(stem(word) for word in words(self._subject.text))

    def _read(self, subject: str) -> Subject:
        """The subject, with capitals where the articles write it so."""
        if any(ch.isupper() for ch in subject):
            return subject_of(subject)
        near = [row.article_id for row, _ in self._library.lexical(words(subject), SAMPLE, self._filters)]
        texts = (article.document.text for article in self._library.parsed(dict.fromkeys(near)).values())
        return subject_of(recased(subject, texts))

    def found(self) -> _Found:
        reader = ArticleReader(self._subject)
        events: list[Event] = []
        drops: list[Drop] = []
        count = undated = 0
        ids, left_out = self._ids()
        withdrawn = 0
        for article in self._library.parsed(ids).values():
            if article.article.status == "retracted":
                withdrawn += 1
            elif mentions := reader.read(article.document, article.article.title or ""):
                count += 1
                for sentence in article.sentences:
                    if sentence.index in mentions.spans:
                        told = list(self._told(article, sentence, mentions))
                        events += told
                        drops += _dropped(article, sentence)
                        undated += not told and not article.part(sentence).times and is_prose(sentence.text)
        warnings = []
        if left_out:
            warnings.append(f"Only {ARTICLES} articles were read; {left_out} more may name it. Narrow the filters.")
        if withdrawn:
            warnings.append(f"Left out {withdrawn} withdrawn {'article' if withdrawn == 1 else 'articles'}.")
        return _Found(tuple(events), tuple(drops), count, undated, tuple(warnings))

    def _ids(self) -> tuple[list[str], int]:
        """The articles that may name the subject, the best first, and how many more there are."""
        rows = self._library.lexical(search_terms(self._subject), CHUNKS, self._filters)
        ids = list(dict.fromkeys(row.article_id for row, _ in rows))
        return ids[:ARTICLES], max(0, len(ids) - ARTICLES)

    def _told(self, article: ParsedArticle, sentence: Sentence, mentions: Mentions) -> Iterator[Event]:
        part = article.part(sentence)
        if tells_of_itself(sentence.text):
            return
        spans = [(s - sentence.start, e - sentence.start) for s, e in mentions.spans[sentence.index]]
        every = dated_clauses(part, article.article.published) if part.times else ()
        whole = sentence.index in mentions.whole
        clauses = [c for c in every if whole or _is_about(c, spans)]
        for clause in clauses:
            said = _said(article, sentence, clause)
            alone = len(clauses) == 1 or (said is not None and said.attribution == "direct")
            words_of = sentence.text[clause.start : clause.end]
            opens = any(
                clause.start <= start < clause.end and len(sentence.text[clause.start : start].split()) < OPENING
                for start, _ in spans
            )
            text = sentence.text if alone else words_of
            yield Event(article, sentence, clause.when, clause.planned, text, said, words_of, opens, self._stems)
        if not every and (when := _of_live_blog(article, sentence)):
            yield Event(article, sentence, when, False, sentence.text, about=self._stems)


SAMPLE = 20  # chunks in which the capitals of a subject are looked up


def _dropped(article: ParsedArticle, sentence: Sentence) -> Iterator[Drop]:
    part = article.part(sentence)
    yield from (Drop(article, sentence, time.when) for time in part.times if is_dropped(part.text, time))


def _is_about(clause: DatedClause, spans: Sequence[tuple[int, int]]) -> bool:
    """Whether a dated statement is about what stands at ``spans`` of its sentence."""
    inside = any(s < end and start < e for start, end in spans for s, e in clause.scope)
    first, last = clause.within
    return inside or (not clause.strict and any(first <= start < last for start, _ in spans))


def _said(article: ParsedArticle, sentence: Sentence, clause: DatedClause) -> Said | None:
    """Who says the statement; None for the article's own words."""
    every = said_in(sentence, article)
    if clause.saying:
        return max(every, key=lambda said: said.end - said.start, default=None)
    at = sentence.start + clause.at
    return next((said for said in every if said.start <= at < said.end), None)


def _of_live_blog(article: ParsedArticle, sentence: Sentence) -> When | None:
    """When the entry of a live blog was written: on the day of publication, at the time it bears."""
    published = article.article.published
    moment = entry_time(article.document, sentence.start)
    day = day_of(published)
    if moment is None or day is None:
        return None
    zone = published.tzinfo if isinstance(published, datetime) else None
    return When(
        words=f"{moment:%H:%M}", start=day, end=day, at=datetime.combine(day, moment, zone), precision="instant"
    )


def _within(when: When, filters: Filters) -> bool:
    since, until = filters.since, filters.until
    return (since is None or when.end >= since) and (until is None or when.start <= until)


def _spoken(event: Event, filters: Filters) -> bool:
    if not filters.speakers:
        return True
    speaker = event.said.speaker if event.said else None
    return speaker is not None and any(same_person(who, speaker) for who in filters.speakers)


# -- What is told twice ------------------------------------------------------------------------------------------------


def merged(events: Iterable[Event]) -> list[list[Event]]:
    """Group events of several articles that are one and the same: the same days, and nearly the same words.

    The first of a group tells it best: most exactly, then earliest.
    """
    by_days: dict[tuple[date, date], list[list[Event]]] = defaultdict(list)
    for event in sorted(events, key=lambda e: (PRECISION[e.when.precision], e.published or date.max, *e.order)):
        groups = by_days[event.when.start, event.when.end]
        same = next((g for g in groups if all(one.place != event.place for one in g) and is_same(g[0], event)), None)
        if same is None:
            groups.append([event])
        else:
            same.append(event)
    return [group for groups in by_days.values() for group in groups]


def is_same(one: Event, other: Event) -> bool:
    """Whether two statements of the same day tell of one event."""
    if one.planned != other.planned:
        return False
    if one.planned and one.opens and other.opens and one.states & other.states:
        return True  # "will open", "is due"
    shorter, longer = sorted((one, other), key=lambda event: len(event.stems))
    if not shorter.stems:
        return one.stems == other.stems
    if not shorter.numbers <= longer.numbers and not longer.numbers <= shorter.numbers:
        return False
    return len(one.stems & other.stems) / len(shorter.stems) >= ALIKE


# -- What changes ------------------------------------------------------------------------------------------------------


def changed(events: Sequence[Event], compare: Compare) -> dict[int, tuple[int, Change]]:
    """For each event that a later one changes, by index: the index of that one, and the change.

    Of several, the one published first counts: it may be changed in its turn.
    """
    later = sorted(range(len(events)), key=lambda i: (events[i].published or date.max, i))
    found: dict[int, tuple[int, Change]] = {}
    for rank, index in enumerate(later):
        for other in later[rank + 1 :]:
            if change := compare(events[index], events[other]):
                found[index] = (other, change)
                break
    return found


def postponed(plan: Event, later: Event) -> Change | None:
    """Whether a plan got another day: "will open on 30 November", then "will not be ready before 31 March".

    Both must tell of the same step: of one kind of state ("reopen", "stay closed"), or in the same words. The later
    article may also name the first day itself.
    """
    if not plan.planned or not plan.published or not later.published or plan.published >= later.published:
        return None
    if plan.when.start <= later.when.end and later.when.start <= plan.when.end:
        return None
    late = (later.published - plan.when.end).days > STALE  # another plan, long after the day of this one
    if late or later.when.end < plan.published or not _same_step(plan, later):
        return None
    move = later.when.start > plan.when.end
    kind: EntryChangeKind = "postponed" if later.planned and move else "superseded"
    how = "Later it was planned for" if later.planned else "It was on"
    return Change(kind, f"{how} {write_when(later.when)} ({outlet_and_day(later.article.article)}).")


def _same_step(plan: Event, later: Event) -> bool:
    if plan.states & later.states and plan.opens and later.opens:
        return True
    if not later.planned:
        return False
    part = later.article.part(later.sentence)
    days = (time.when for time in part.times if time.when != later.when and is_former(part.text, time))
    if any(day.start <= plan.when.start and plan.when.end <= day.end for day in days):
        return True
    shared = plan.stems & later.stems
    return len(shared) >= 2 and len(shared) / min(len(plan.stems), len(later.stems)) >= SAME_STEP


# -- The result --------------------------------------------------------------------------------------------------------


class _Numbering:
    """Numbers the sentences cited 1..n in order of first use."""

    def __init__(self) -> None:
        self._cited: dict[tuple[str, int], Citation] = {}
        self._articles: dict[str, ArticleRef] = {}

    def cite(self, article: ParsedArticle, sentence: Sentence) -> Citation:
        """Return the citation of a sentence."""
        place = article.id, sentence.index
        if place not in self._cited:
            self._articles.setdefault(article.id, article.article.ref())
            self._cited[place] = Citation(
                number=len(self._cited) + 1,
                article_id=article.id,
                version=article.article.version,
                sentence=sentence.index,
                start=sentence.start,
                end=sentence.end,
                quote=article.article.text[sentence.start : sentence.end],
                said=said_in(sentence, article),
                unresolved=unresolved_in(sentence, article),
            )
        return self._cited[place]

    @property
    def citations(self) -> tuple[Citation, ...]:
        """All citations, by number."""
        return tuple(self._cited.values())

    @property
    def articles(self) -> tuple[ArticleRef, ...]:
        """Their articles."""
        return tuple(self._articles.values())


def _correction(event: Event, library: Library, filters: Filters) -> Correction | None:
    """The note that says that what an event's sentence tells was wrong, if the library has one."""
    found = corrections_of(event.sentence, event.article, library, filters)
    return next((one for one in found if not one.confirms), None)


def _entry(
    group: Sequence[Event],
    change: tuple[int, Change] | None,
    drop: Drop | None,
    correction: Correction | None,
    numbering: _Numbering,
) -> TimelineEntry:
    best = group[0]
    citation = numbering.cite(best.article, best.sentence)
    attribution: Attribution = best.said.attribution if best.said else "narration"
    return TimelineEntry(
        happened=best.when,
        planned=best.planned,
        text=best.text,
        citation=citation,
        published=best.article.article.published,
        speaker=best.said.speaker if best.said else None,
        attribution=attribution,
        also=tuple(numbering.cite(event.article, event.sentence) for event in group[1:]),
        change=_change(change, drop, correction, numbering),
    )


def _change(
    change: tuple[int, Change] | None, drop: Drop | None, correction: Correction | None, numbering: _Numbering
) -> EntryChange | None:
    """What became of an entry. A correction counts more than a later event, and a new day more than a dropped plan."""
    if correction:
        note = correction.sentences[-1] if correction.sentences else None
        cited = numbering.cite(correction.article, note).number if note else None
        return EntryChange(kind="corrected", detail=correction.detail, citation=cited)
    if change:
        return EntryChange(kind=change[1].kind, by=change[0], detail=change[1].detail)
    if drop:
        detail = f"The plan was dropped ({outlet_and_day(drop.article.article)})."
        return EntryChange(
            kind="superseded", detail=detail, citation=numbering.cite(drop.article, drop.sentence).number
        )
    return None


def _suggestion(subject: str, found: _Found, library: Library, filters: Filters) -> str:
    if found.articles:
        only = " within these filters" if filters.active else ""
        one = found.articles == 1
        many = f"{found.articles} article{' names' if one else 's name'} it, but tell{'s' if one else ''} of"
        return f"{many} no certain day{only}."
    titles = (name for article in library.articles() for name in names(article.title or ""))
    known = {fold(name): name for name in (*library.speakers(), *titles)}
    near = get_close_matches(fold(subject), known, SUGGESTED, CLOSE)
    if near:
        return f"Did you mean {' or '.join(known[name] for name in near)}?"
    return "No article names it. Try fewer or other words, or remove the filters."
