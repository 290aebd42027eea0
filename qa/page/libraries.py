"""What the page does with libraries on disk: list, create, search and read them, store feedback."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from concurrent.futures import Executor
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path
from threading import Lock

from filelock import FileLock

from ..english.characters import displayable, normalise
from ..english.tokens import phrases_in
from ..errors import InputError, UnknownArticle
from ..library.library import FILE, Library, exists, snapshot
from ..manage import ingest
from ..model import Answer, ArticleRef, Coverage, Edit, Filters
from ..settings import LOCAL_EMBEDDER, Place, Settings, default_library
from ..shipped import shipped
from .adding import Adding

SAMPLE = "sample"
FEEDBACK = "feedback.jsonl"

_samples: dict[Place, Adding] = {}  # by folder: the sample that a worker of this server is making, or has made
_adding_sample = Lock()
_NAME = re.compile(r"[\w][\w .-]{0,59}")


def known(settings: Settings) -> dict[str, Place]:
    """Return where every library is, by name: the chosen one first, the sample (even if not made yet), then others.

    The others are those in the same parent folder as the chosen one.
    """
    chosen, parent = settings.library, settings.folder.parent
    beside: dict[str, Place] = {path.parent.name: path.parent for path in sorted(parent.glob(f"*/{FILE}"))}
    return {chosen.name: chosen, SAMPLE: parent / SAMPLE} | beside


def called(name: str) -> str:
    """Return the name of a library as the page shows it."""
    return {SAMPLE: "Sample library", default_library().name: "My library"}.get(name, displayable(name))


def make(name: str, settings: Settings) -> Path:
    """Create an empty library next to the chosen one, and return its folder. Raises InputError for an invalid name."""
    name = normalise(" ".join(name.split()))
    if not _NAME.fullmatch(name):
        raise InputError("A library's name has 1 to 60 letters, digits, spaces, dots or hyphens. Choose another name.")
    if name in known(settings):
        raise InputError("There is already a library with this name. Choose another name.")
    folder = settings.folder.parent / name
    Library(folder, create=True).close()
    return folder


def coverage(library_at: Place) -> Coverage:
    """Return what a library covers. A missing library covers nothing."""
    if not exists(library_at):
        return Coverage(articles=0)
    with closing(Library(library_at)) as library:
        return library.coverage()


def revision(library_at: Place) -> tuple[int, str]:
    """Return the state of a library: another one after every change."""
    with closing(Library(library_at)) as library:
        return library.state


def speakers(library_at: Place) -> tuple[str, ...]:
    """Return the speakers of a library, most frequent first. A missing library has none."""
    return _speakers(library_at, revision(library_at)) if exists(library_at) else ()


@lru_cache(maxsize=16)  # counting them takes long in a large library, and the page shows them each time it is drawn
def _speakers(library_at: Place, state: tuple[int, str]) -> tuple[str, ...]:
    with closing(Library(library_at)) as library:
        return library.speakers()


@dataclass(frozen=True)
class Found:
    """A page of the articles that were searched for.

    Attributes:
        refs: the articles of this page.
        total: the number of all that were found.
        phrases: what each of them contains.
        missing: if none was found, those phrases that no article contains, with the same filters.
    """

    refs: list[ArticleRef]
    total: int
    phrases: tuple[str, ...]
    missing: tuple[str, ...] = ()


def search(library_at: Place, words: str, filters: Filters, page: int = 0, size: int = 40) -> Found:
    """Find articles that contain all words in headline, outlet or text. Without words: all articles.

    Those with all words in the headline come first, then the latest.

    Args:
        library_at: where the library is.
        words: what the reader has typed. Words between quotation marks stand together.
        filters: only articles that pass.
        page: the page, from 0. If there are fewer, it is the last one.
        size: articles on a page.
    """
    phrases = phrases_in(words)
    with snapshot(library_at) as library:
        refs, total = library.containing(phrases, filters, limit=size, offset=page * size)
        if total and not refs:
            refs, total = library.containing(phrases, filters, limit=size, offset=(total - 1) // size * size)
        alone = () if total else phrases
        missing = tuple(one for one in alone if not library.containing([one], filters, limit=1)[1])
    return Found(refs, total, phrases, missing)


def edits(library_at: Place, ids: Sequence[str]) -> dict[str, Edit]:
    """Return what readers have edited of articles, by id."""
    with closing(Library(library_at)) as library:
        return library.edits(ids)


def article(library_at: Place, article_id: str) -> tuple[ArticleRef, Edit | None] | None:
    """Return an article with what readers have edited of it. None if it has been deleted."""
    with closing(Library(library_at)) as library:
        try:
            return library.article(article_id).ref(), library.edits([article_id]).get(article_id)
        except UnknownArticle:
            return None


def sentences(library_at: Place, places: Sequence[tuple[str, int]]) -> dict[tuple[str, int], str]:
    """Return the texts of sentences by (article id, sentence index), leaving out deleted articles."""
    texts: dict[tuple[str, int], str] = {}
    with closing(Library(library_at)) as library:
        for article_id in dict.fromkeys(a for a, _ in places):
            try:
                texts |= {(article_id, s.index): s.text for s in library.sentences(article_id)}
            except UnknownArticle:
                continue
    return {place: texts[place] for place in places if place in texts}


def of_sample(settings: Settings) -> Settings:
    """Return the settings with the sample library, which is beside the chosen one."""
    return settings.model_copy(update={"library": known(settings)[SAMPLE]})


def add_sample(settings: Settings, workers: Executor) -> Adding:
    """Ingest the sample articles into ``settings.library``. If somebody has begun to, return what has been begun.

    Nothing is sent to a server, because nobody may have asked for the sample yet.
    """
    local = settings.model_copy(update={"embedder": LOCAL_EMBEDDER, "chroma_url": None})

    def step(done: int, total: int, name: str) -> None:
        adding.done, adding.total, adding.now = done, total, name

    def run() -> None:
        ingest(str(shipped("_sample", "evals/corpus")), settings=local, on_progress=step)

    with _adding_sample:
        adding = _samples.get(settings.library) or Adding(settings.library, 1)
        if not adding.running:
            adding = _samples[settings.library] = Adding(settings.library, 1)
            adding.future = workers.submit(run)
    return adding


def remember(folder: Path, answer: Answer, *, thumb: str | None, comment: str = "") -> None:
    """Append a reader's feedback on an answer to ``feedback.jsonl`` in the library's folder, as one line."""
    line = {
        "created": datetime.now(UTC).isoformat(timespec="seconds"),
        "thumb": thumb,
        "comment": comment[:4000],
        "question": answer.question,
        "answer": answer.model_dump(mode="json"),
    }
    folder.mkdir(parents=True, exist_ok=True)  # that of a shared library need not exist
    with FileLock(folder / f"{FEEDBACK}.lock"), (folder / FEEDBACK).open("a", encoding="utf-8") as file:
        file.write(json.dumps(line, ensure_ascii=False) + "\n")
