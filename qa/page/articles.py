"""The article beside the answer: what is cited of it, who speaks in it, notes of correction, and earlier versions.

Offsets count code points and are resolved here. JavaScript counts UTF-16 units, so it never receives an offset.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import groupby, pairwise
from typing import Any, TypeVar

from ..articles.parse import ParsedArticle
from ..changes.versions import changed_sentences, difference, word_difference
from ..english.characters import displayable, fold
from ..english.corrections import CorrectionNote
from ..english.names import names
from ..english.quotations import nested
from ..english.temporal.writing import write_days, write_moment
from ..errors import UnknownArticle
from ..library.library import Library, snapshot
from ..model import ArticleRef, ArticleVersion, Citation, Filters, SentenceChange, WordChange, day_of, write_day
from ..render import in_line, original, outlet_and_day
from ..settings import Place
from .view import STATUSES, View, beginning

SPEAKERS = 20  # people and bodies that are listed, those that speak most
LINKED = 8  # of them, how many are looked up for a timeline
NAMED_IN = 2  # articles that name a subject, from which a timeline of it is offered
ABOVE = 4  # paragraphs at the top of a text among which its headline may stand
OPENING = 3  # sentences that may name what a story is about, without its headline
_BLANK_LINE = re.compile(r"\n[ \t\r]*\n")
DONE = {"correction": "Corrected", "clarification": "Clarified", "retraction": "Partly withdrawn"}


@dataclass(frozen=True)
class Opened:
    """An article that was opened, in the version that was asked for if the library still has it.

    Attributes:
        parsed: the article.
        versions: all stored versions, oldest first. The last one is the newest.
        changed: for each version but the newest, how many sentences have changed since.
        before: the earlier version that the newest one is compared with, if the reader has chosen one.
        newest: the newest version, if ``before`` was chosen.
        subjects: what other articles name too: people who speak, and what the story is about, which is last.
    """

    parsed: ParsedArticle
    versions: tuple[ArticleVersion, ...]
    changed: tuple[int, ...]
    before: ParsedArticle | None = None
    newest: ParsedArticle | None = None
    subjects: tuple[str, ...] = ()


@dataclass(frozen=True)
class Cited:
    """The citations of one answer, timeline, or entry of a notebook.

    Attributes:
        place: what an event has to name to open one of them, such as ``{"turn": id}``.
        called: the question, or what else they belong to.
        citations: all of them, in whatever article.
    """

    place: Mapping[str, object]
    called: str
    citations: Sequence[Citation]


@dataclass(frozen=True)
class Marks:
    """What is marked in a text.

    Attributes:
        numbers: numbers of the citations of a sentence, by the offsets of the sentence.
        others: the same for citations of other answers: each has a ``place``, a ``number`` and a ``title``.
        notes: the number of each note of correction, by the offset at which it begins.
        speech: who says which words: start, end, and the index of the speaker.
    """

    numbers: Mapping[tuple[int, int], Sequence[int]] = field(default_factory=dict)
    others: Mapping[tuple[int, int], Sequence[View]] = field(default_factory=dict)
    notes: Mapping[int, int] = field(default_factory=dict)
    speech: Sequence[tuple[int, int, int]] = ()


def open_article(
    library_at: Place, article_id: str, version: str | None = None, compare: str | None = None
) -> Opened | None:
    """Open an article. Returns None if it has been deleted.

    Args:
        library_at: where the library is.
        article_id: id of the article, or of an earlier version of it.
        version: the version that was cited; the newest one is opened if the library no longer has it.
        compare: id of an earlier version to compare with the newest one; ignored if the library no longer has it.
    """
    with snapshot(library_at) as library:
        try:
            wanted = (library.version_id(article_id, version) if version else None) or article_id
            parsed = _parsed(library, wanted)
        except UnknownArticle:
            return None
        versions = library.versions_of(parsed.id)
        ids = tuple(held.article.id for held in versions)
        changed = _changed(library_at, library.state, ids) if len(ids) > 1 else ()
        subjects = _subjects(library_at, library.state, parsed.id)
        if compare not in ids[:-1]:
            return Opened(parsed, versions, changed, subjects=subjects)
        before, newest = library.parsed([compare, ids[-1]]).values()
        return Opened(parsed, versions, changed, before, newest, subjects)


def _parsed(library: Library, article_id: str) -> ParsedArticle:
    """Return a stored article. In place of an earlier version that is no longer kept, return the newest one."""
    try:
        return library.parsed([article_id])[article_id]
    except UnknownArticle:
        newest = article_id.partition("@")[0]
        return library.parsed([newest])[newest]


@lru_cache(maxsize=64)
def _changed(library_at: Place, state: tuple[int, str], ids: tuple[str, ...]) -> tuple[int, ...]:
    """Return how many sentences have changed since each version but the last. ``state`` is that of the library."""
    with closing(Library(library_at)) as library:
        *earlier, newest = library.parsed(ids).values()
    return tuple(changed_sentences(one, newest) for one in earlier)


@lru_cache(maxsize=256)
def _subjects(library_at: Place, state: tuple[int, str], article_id: str) -> tuple[str, ...]:
    """Return of whom and of what an article tells that other articles name too, what the story is about last."""
    with closing(Library(library_at)) as library:
        parsed = library.parsed([article_id])[article_id]

        def known(name: str) -> bool:
            return library.containing([name], Filters(), limit=1)[1] >= NAMED_IN

        people = [name for name in _speakers(parsed) if " " in name and names(name) == (name,)]
        opening = [parsed.article.title or "", *(sentence.text for sentence in parsed.sentences[:OPENING])]
        told = [name for text in opening for name in names(text) if " " in name and name not in people]
        about = next((name for name in told if name != parsed.article.source and known(name)), None)
        return (*filter(known, people[:LINKED]), *([about] if about else []))


def opened_view(
    opened: Opened, citations: Sequence[Citation], current: int | None, others: Sequence[Cited] = ()
) -> View:
    """Return the view of an opened article.

    Args:
        opened: the article.
        citations: those among which a reader can go on. Those of this article are marked.
        current: the number of the citation to which the page scrolls.
        others: the citations of other answers in the conversation.
    """
    parsed, article = opened.parsed, opened.parsed.article
    notes = _own_notes(parsed)
    here = next((held for held in opened.versions[:-1] if held.article.id == parsed.id), None)
    earlier = list(zip(opened.versions[:-1], opened.changed, strict=True))
    chosen = next((c for c in citations if c.number == current), None)
    speakers = _speakers(parsed)
    marks = Marks(
        numbers=_places([(c, c.number) for c in citations if _is_in(c, article)]),
        others=_places(
            [
                (c, {"place": one.place, "number": c.number, "title": displayable(in_line(one.called))})
                for one in others
                for c in one.citations
                if _is_in(c, article)
            ]
        ),
        notes={parsed.sentences[note.first].start: number for number, note in enumerate(notes)},
        speech=[(start, end, n) for n, spans in enumerate(speakers.values()) for start, end, _ in spans],
    )
    headline, paragraphs_ = _without_headline(
        paragraphs(article.text, [(s.start, s.end) for s in parsed.sentences], marks), article
    )
    return {
        "id": article.id,
        "version": article.version,
        "where": displayable(outlet_and_day(article)),
        "headline": headline,
        "byline": displayable(", ".join(article.authors)),
        # "earlier" says it already
        "status": "" if here and article.status == "superseded" else STATUSES[article.status],
        "paragraphs": paragraphs_,
        "link": original(article.url, chosen.quote if chosen else None),
        "source": displayable(_source(article, here)),
        "address": original(article.url, None),
        "current": current,
        "total": len(citations),
        "sentences": len({*marks.numbers, *marks.others}),
        "cited": [
            {"place": one.place, "called": displayable(in_line(one.called)), "rows": rows}
            for one in (Cited({}, "", citations), *others)
            if (rows := list(_rows_of(one.citations, article)))
        ],
        "speakers": [
            {
                "name": displayable(name),
                "sentences": len({sentence for _, _, sentence in spans}),
                "timeline": name in opened.subjects,
            }
            for name, spans in list(speakers.items())[:SPEAKERS]
        ],
        "about": next((displayable(name) for name in opened.subjects[-1:] if name not in speakers), ""),
        "changed": chosen is not None and _is_of(chosen, article) and chosen.version != article.version,
        "notes": list(_notes(parsed, notes)),
        "earlier": f"Earlier version, until {_end(here)}" if here else "",
        "newest": opened.versions[-1].article.id,
        "versions": [
            {
                "id": held.article.id,
                "when": _shown(held),
                "stored": f"stored {write_moment(held.added)}",
                "changed": f"{_count(changed, 'sentence')} changed since" if changed else "The same sentences",
                "open": held is here,
            }
            for held, changed in reversed(earlier)
        ],
        "difference": _difference(opened) if opened.before and opened.newest else None,
    }


T = TypeVar("T")


def _places(found: Sequence[tuple[Citation, T]]) -> dict[tuple[int, int], list[T]]:
    """Return what belongs to citations by the offsets of their sentences."""
    places: dict[tuple[int, int], list[T]] = {}
    for citation, value in found:
        places.setdefault((citation.start, citation.end), []).append(value)
    return places


def _is_of(citation: Citation, article: ArticleRef) -> bool:
    """Whether a citation is of an article, in whatever version: an earlier one has the id "<id>@<version>"."""
    return citation.article_id.partition("@")[0] == article.id.partition("@")[0]


def _is_in(citation: Citation, article: ArticleRef) -> bool:
    """Whether a citation is of this version of an article."""
    return _is_of(citation, article) and citation.version == article.version


def _rows_of(citations: Sequence[Citation], article: ArticleRef) -> Iterator[View]:
    """Yield the citations of an article as they are listed above it, in the order of its text."""
    for citation in sorted((c for c in citations if _is_in(c, article)), key=lambda c: (c.start, c.number)):
        yield {"number": citation.number, "text": beginning(citation.quote)}


def _source(article: ArticleRef, earlier: ArticleVersion | None) -> str:
    """Return what follows a quotation of an article: outlet, day, headline, and which version it is of."""
    title = f", “{nested(' '.join(article.title.split()))}”" if article.title else ""
    return f"{outlet_and_day(article)}{title}{f', version until {_end(earlier)}' if earlier else ''}"


def _speakers(parsed: ParsedArticle) -> dict[str, list[tuple[int, int, int]]]:
    """Return the named speakers of an article, those who speak most first, with the words and sentences of each.

    Words are offsets in the text; a sentence is its index.
    """
    found: dict[str, list[tuple[int, int, int]]] = {}
    for sentence in parsed.sentences:
        for said in parsed.speech_in(sentence):
            if said.speaker and not said.anonymous:
                found.setdefault(said.speaker, []).append((said.start, said.end, sentence.index))
    most = sorted(found.items(), key=lambda pair: -len({sentence for _, _, sentence in pair[1]}))
    return dict(most)


def paragraphs(text: str, offsets: Sequence[tuple[int, int]], marks: Marks) -> list[list[View]]:
    """Split a text into paragraphs, and each paragraph into pieces: sentences, and what stands between them.

    The piece of a sentence has its index and what is marked in it. A blank line ends a paragraph. In a text without
    blank lines, every line break between sentences does.
    """
    breaks = _BLANK_LINE if _BLANK_LINE.search(text) else re.compile(r"\n")
    found: list[list[View]] = [[]]

    def put(start: int, end: int, sentence: int | None = None) -> None:
        if start < end:
            found[-1].append(
                {
                    "runs": _runs(text, start, end, marks.speech if sentence is not None else ()),
                    "sentence": sentence,
                    "numbers": list(marks.numbers.get((start, end), ())),
                    "others": list(marks.others.get((start, end), ())),
                    "note": marks.notes.get(start) if sentence is not None else None,
                }
            )

    position = 0
    for sentence, (start, end) in enumerate([*offsets, (len(text), len(text))]):
        for gap in breaks.finditer(text, position, start):
            put(position, gap.start())
            found.append([])
            position = gap.end()
        put(position, start)
        put(start, end, sentence)
        position = max(position, end)
    return [runs for runs in found if any(run["text"].strip() for piece in runs for run in piece["runs"])]


def _runs(text: str, start: int, end: int, speech: Sequence[tuple[int, int, int]]) -> list[View]:
    """Return ``text[start:end]`` in runs, each with the indices of those who say it."""
    inside = [(max(first, start), min(last, end), who) for first, last, who in speech if first < end and last > start]
    bounds = sorted({start, end, *(place for first, last, _ in inside for place in (first, last))})
    return [
        {
            "text": displayable(text[first:last]),
            "by": sorted({who for begin, stop, who in inside if begin <= first and last <= stop}),
        }
        for first, last in pairwise(bounds)
    ]


def _without_headline(found: list[list[View]], article: ArticleRef) -> tuple[list[View], list[list[View]]]:
    """Return the pieces of the headline, and the paragraphs without it: many texts have their own headline on top."""
    if article.title:
        title = fold(" ".join(displayable(article.title).split()))
        for index, pieces in enumerate(found[:ABOVE]):
            if _folded(pieces) == title:
                return pieces, [*found[:index], *found[index + 1 :]]
    run = {"text": displayable(article.heading or "Untitled"), "by": []}
    return [{"runs": [run], "sentence": None, "numbers": [], "others": [], "note": None}], found


def _folded(pieces: Sequence[View]) -> str:
    return fold(" ".join("".join(run["text"] for piece in pieces for run in piece["runs"]).split()))


def _own_notes(parsed: ParsedArticle) -> list[CorrectionNote]:
    """Return the notes with which an article's newsroom corrects this article."""
    return [note for note in parsed.document.corrections if note.own and note.kind in DONE]


def _notes(parsed: ParsedArticle, notes: Sequence[CorrectionNote]) -> Iterator[View]:
    """Yield a line for each note, and one if the article is only marked as retracted. ``note`` is what to jump to."""
    changed = day_of(parsed.article.modified)
    marked = parsed.article.status == "retracted"

    def line(done: str, note: CorrectionNote | None, number: int | None) -> View:
        day = (note.day if note else None) or changed
        return {
            "text": f"{done} on {write_day(day)}" if day else done,
            "note": number,
            "retracted": done == "Retracted",
        }

    if marked and not any(note.whole for note in notes):
        yield line("Retracted", None, None)
    for number, note in enumerate(notes):
        yield line("Retracted" if note.whole else DONE[note.kind], note, number)


def _end(held: ArticleVersion) -> str:
    """Return the day on which a version was replaced."""
    day = held.shown_until or day_of(held.article.replaced)
    return write_day(day) if day else "an unknown day"


def _shown(held: ArticleVersion) -> str:
    """Return the days on which readers saw an earlier version: "5 – 9 February 2026"."""
    if held.shown_from and held.shown_until and held.shown_from <= held.shown_until:
        return write_days(held.shown_from, held.shown_until)
    return f"until {_end(held)}"


def _count(number: int, what: str) -> str:
    return f"{number:,} {what}{'' if number == 1 else 's'}"


def _difference(opened: Opened) -> View:
    """Return what has changed between an earlier version and the newest one."""
    assert opened.before
    assert opened.newest
    old, new = opened.before.article, opened.newest.article
    held = next(one for one in opened.versions if one.article.id == old.id)
    about = (
        ("Headline", old.title or "", new.title or ""),
        ("Outlet", old.source or "", new.source or ""),
        ("By", ", ".join(old.authors), ", ".join(new.authors)),
    )
    return {
        "id": old.id,
        "title": f"What has changed since the version of {_shown(held)}",
        "details": [
            {"name": name, "pieces": _pieces(word_difference(was, now))} for name, was, now in about if was != now
        ],
        "rows": list(_rows(difference(opened.before, opened.newest))),
    }


def _rows(changes: Sequence[SentenceChange]) -> Iterator[View]:
    """Yield the sentences of two versions. Those that are the same, one behind the other, are one row."""
    for same, group in groupby(changes, key=lambda change: change.kind == "same"):
        run = list(group)
        if same:
            told = f"{_count(len(run), 'sentence')} unchanged"
            text = " ".join(in_line(change.new.text) for change in run if change.new)
            yield {"kind": "same", "told": told, "pieces": [{"kind": "same", "text": displayable(text)}]}
            continue
        for change in run:
            yield {"kind": change.kind, "told": "", "pieces": _pieces(change.words or _whole(change))}


def _whole(change: SentenceChange) -> tuple[WordChange, ...]:
    """Return a sentence without changed words: it was added or deleted, or it only stands elsewhere."""
    if change.kind == "deleted" and change.old:
        return (WordChange(kind="deleted", text=change.old.text),)
    text = change.new.text if change.new else ""
    return (WordChange(kind="added" if change.kind == "added" else "same", text=text),)


def _pieces(words: Sequence[WordChange]) -> list[dict[str, Any]]:
    return [{"kind": word.kind, "text": displayable(in_line(word.text))} for word in words]
