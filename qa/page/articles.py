"""The article beside the answer: its notes of correction, its earlier versions, and what has changed since one."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby
from typing import Any

from ..articles.parse import ParsedArticle
from ..changes.versions import changed_sentences, difference, word_difference
from ..english.characters import displayable
from ..english.corrections import CorrectionNote
from ..english.temporal.writing import write_days, write_moment
from ..errors import UnknownArticle
from ..library.library import Library
from ..model import ArticleVersion, Citation, SentenceChange, WordChange, day_of, write_day
from ..render import in_line
from ..settings import Place
from .view import View, article_view

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
    """

    parsed: ParsedArticle
    versions: tuple[ArticleVersion, ...]
    changed: tuple[int, ...]
    before: ParsedArticle | None = None
    newest: ParsedArticle | None = None


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
    with closing(Library(library_at)) as library, library.reading():
        try:
            wanted = (library.version_id(article_id, version) if version else None) or article_id
            parsed = _parsed(library, wanted)
        except UnknownArticle:
            return None
        versions = library.versions_of(parsed.id)
        ids = tuple(held.article.id for held in versions)
        changed = _changed(library_at, library.state, ids) if len(ids) > 1 else ()
        if compare not in ids[:-1]:
            return Opened(parsed, versions, changed)
        before, newest = library.parsed([compare, ids[-1]]).values()
        return Opened(parsed, versions, changed, before, newest)


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


def opened_view(opened: Opened, citations: Sequence[Citation], current: int | None) -> View:
    """Return the view of an opened article. The page scrolls to the citation ``current``."""
    parsed = opened.parsed
    notes = _own_notes(parsed)
    starts = {parsed.sentences[note.first].start: number for number, note in enumerate(notes)}
    view = article_view(parsed.article, [(s.start, s.end) for s in parsed.sentences], citations, current, starts)
    newest = opened.versions[-1].article.id
    here = next((held for held in opened.versions[:-1] if held.article.id == parsed.id), None)
    earlier = list(zip(opened.versions[:-1], opened.changed, strict=True))
    status = "" if here and parsed.article.status == "superseded" else view["status"]  # "earlier" says it already
    return view | {
        "status": status,
        "notes": list(_notes(parsed, notes)),
        "earlier": f"Earlier version, until {_end(here)}" if here else "",
        "newest": newest,
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
