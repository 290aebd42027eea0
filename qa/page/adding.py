"""Adds, edits and deletes articles in the background, with one result for each, which the page shows as one line."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import Executor, Future
from contextlib import closing
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Literal

from ..articles.edits import read_particulars
from ..articles.extract import Raw
from ..articles.files import MAX_BYTES
from ..articles.formats import suffix_of
from ..articles.load import load_raw, load_text
from ..english.characters import fold, normalise
from ..errors import InputError, NothingRead, QAError, UnknownArticle
from ..ingestion import ANNOTATING, Progress
from ..library.library import Library
from ..manage import INDEXING, WAITING, edit, ingest, remove
from ..model import Article, IngestReport, Particulars
from ..settings import Place, Settings
from .turn import error_message

UPLOADS = "uploads"
MOST_SHOWN = 200  # lines of a result; the others are counted
PASTED = "Pasted text"

Outcome = Literal["added", "updated", "unchanged", "edited", "deleted", "failed"]
COUNTED: dict[Outcome, str] = {
    "added": "added",
    "updated": "updated",
    "unchanged": "already in the library",
    "edited": "saved",
    "deleted": "deleted",
    "failed": "could not be read",
}
"""What became of articles, as the page counts them."""
ON_THE_PAGE = {
    "fetch the pages with --full": "add the addresses of the pages themselves",
    "fetch its page with --full": "add the address of its page",
    "name it with --map text=FIELD": "call it “text” in the file",
    "--limit 0 fetches all": "add the addresses of the other pages themselves",
    "--prune removes what is gone": "remove what is gone on the Library page",
    "which --offline forbids": "which QA_OFFLINE switches off",
}
"""What helps on the page, by what helps on the command line, as reports say it."""
_UNSAFE = re.compile(r"[^\w.-]+")


@dataclass(frozen=True)
class Result:
    """What became of a file, an address or an article.

    Attributes:
        name: what the reader calls it: the name of the file, the address, or the headline.
        outcome: what became of it.
        words: headline, or the reason why it failed and what helps.
        count: the number of its articles; 1 for a file or row that failed.
        article: the id of its article, if it has exactly one.
    """

    name: str
    outcome: Outcome
    words: str = ""
    count: int = 1
    article: str = ""

    @property
    def good(self) -> bool:
        """Whether it did not fail."""
        return self.outcome != "failed"


@dataclass
class Adding:
    """Work of a thread on the articles of a library: its progress, and its results so far."""

    library: Place
    total: int
    results: list[Result] = field(default_factory=list)
    done: int = 0
    now: str = ""
    future: Future[None] | None = None
    told: bool = False  # whether the reader has been told at once, wherever on the page they are
    counted: bool = False  # whether the page is drawn from its top after the end, so that its header counts the result

    @property
    def alone(self) -> Outcome | None:
        """What became of the one article, if it was edited or deleted. None if articles were added."""
        only = self.results[0].outcome if len(self.results) == 1 else None
        return only if only in {"edited", "deleted"} else None

    @property
    def running(self) -> bool:
        """Whether the worker is still busy."""
        return self.future is not None and not self.future.done()

    @property
    def error(self) -> str | None:
        """The error that stopped the worker, as a message for the user."""
        error = self.future.exception() if self.future and self.future.done() else None
        if error is None:
            return None
        left = self.total - self.done
        return error_message(error) + (f" {left} files were not read; add them again." if self.total > 1 else "")

    @property
    def summary(self) -> str:
        """One line: "8 added, 4 could not be read". What was edited or deleted alone is named."""
        if self.alone:
            return f"{COUNTED[self.alone].capitalize()}: {self.results[0].name}"
        counts: Counter[Outcome] = Counter()
        for result in self.results:
            counts[result.outcome] += result.count
        return ", ".join(f"{counts[outcome]:,} {words}" for outcome, words in COUNTED.items() if counts[outcome])

    @property
    def activity(self) -> str:
        """What takes the time now, in words."""
        if self.now == WAITING:
            return "Waiting until other articles have been added"
        if self.now == INDEXING:
            return "Making the articles searchable"
        if self.now == ANNOTATING:
            return "Reading who says what. The articles can be asked already"
        return f"Reading {self.now}" if self.now else "Starting"

    def start(self, job: Callable[[], None], workers: Executor) -> Adding:
        """Let a worker do the job, and return this."""
        self.future = workers.submit(job)
        return self


def add_uploads(
    settings: Settings, files: Sequence[tuple[str, bytes]], workers: Executor, before: Sequence[Result] = ()
) -> Adding:
    """Write files to the library's uploads folder and ingest them one by one, so that each gets its own result.

    ``before`` are results that the reader has not dismissed. The new ones follow them.
    """
    adding = Adding(settings.library, len(files), list(before))

    def run() -> None:
        for name, content in files:
            adding.now = name
            adding.results += _add_file(name, content, settings, _progress(adding))
            adding.done += 1

    return adding.start(run, workers)


def add_address(settings: Settings, url: str, workers: Executor) -> Adding:
    """Fetch a page or a feed and add its articles."""
    adding = Adding(settings.library, 1, now=url)

    def run() -> None:
        adding.results += _ingested(url, url, settings, _progress(adding))
        adding.done = 1

    return adding.start(run, workers)


def add_text(settings: Settings, article: Article, workers: Executor) -> Adding:
    """Add an article that was made of a pasted text."""
    adding = Adding(settings.library, 1, now="the pasted text")

    def run() -> None:
        adding.results += _ingested(PASTED, article, settings, _progress(adding))
        adding.done = 1

    return adding.start(run, workers)


def pasted(text: str, about: Particulars) -> Article:
    """Return a pasted text as an article. What the reader says about it takes precedence over its first lines.

    Raises InputError if it is empty, cannot be stored, or is the source of a page.
    """
    if suffix_of(".txt", text.encode("utf-8", "replace")) in {".html", ".xml", ".pdf"}:
        raise InputError("This is the source of a page, not its text. Copy the text itself, or upload the page.")
    if not text.strip():
        raise InputError("There is no text. Paste the text of an article.")
    return load_text(text, about=about)


def typed(title: str, outlet: str, authors: str, day: date | None) -> Particulars:
    """Return what a reader has typed about a pasted text. Empty fields are left to its first lines.

    Raises InputError for a value that cannot be stored.
    """
    given = {"title": title.strip(), "source": outlet.strip(), "authors": authors.strip()}
    published = day.isoformat() if day else None
    return read_particulars(**{name: value for name, value in given.items() if value}, published=published)


def edit_article(settings: Settings, article_id: str, changes: Particulars | None, workers: Executor) -> Adding:
    """Change what the library says about an article. None takes back all edits."""
    adding = Adding(settings.library, 1, now="the article")

    def run() -> None:
        try:
            found, _ = edit(article_id, changes, settings=settings, on_progress=_progress(adding))
        except UnknownArticle:
            adding.results.append(Result("This article", "failed", "has been deleted"))
        else:
            adding.results.append(Result(found.heading or "Untitled", "edited", article=found.id))
        adding.done = 1

    return adding.start(run, workers)


def delete_article(settings: Settings, article_id: str, workers: Executor) -> Adding:
    """Delete an article, with the file that was uploaded for it alone."""
    adding = Adding(settings.library, 1, now="the article")

    def run() -> None:
        heading = delete(settings, article_id)
        adding.results += [Result(heading or "Untitled", "deleted")] if heading is not None else []
        adding.done = 1

    return adding.start(run, workers)


def delete(settings: Settings, article_id: str) -> str | None:
    """Remove an article and return its heading; None if it has been deleted before.

    Its file is deleted too if it was uploaded through the page and holds no other article.
    """
    try:
        with closing(Library(settings.library)) as library:
            found = library.article(article_id)
        remove([article_id], settings=settings)
    except UnknownArticle:
        return None
    uploaded = Path(found.origin or "")
    if uploaded.parent == (settings.folder / UPLOADS).resolve() and "#" not in uploaded.name:
        uploaded.unlink(missing_ok=True)
    return found.heading


def safe_name(name: str) -> str:
    """Return a safe file name: no folders, no leading dots, no special characters. The suffix is kept."""
    name = normalise(name.replace("\\", "/").rpartition("/")[2])
    stem, dot, suffix = name.rpartition(".")
    stem, suffix = _UNSAFE.sub("-", stem if dot else name), _UNSAFE.sub("", suffix if dot else "").lower()[:20]
    stem = stem.strip("-.")[:80] or "article"
    return f"{stem}.{suffix}" if suffix else stem


def _progress(adding: Adding) -> Progress:
    """Return a function that notes what an ingest does, if that takes long: to wait, and to write the index."""

    def note(_done: int, _total: int, what: str) -> None:
        if what:
            adding.now = what

    return note


def _add_file(name: str, content: bytes, settings: Settings, on_progress: Progress) -> list[Result]:
    """Store an uploaded file and add its articles. A file of which nothing can be read is not kept."""
    if len(content) > MAX_BYTES:
        return [Result(name, "failed", f"is larger than {MAX_BYTES // 1_000_000} MB; split it")]
    folder = settings.folder.resolve() / UPLOADS
    try:
        path, new = _stored(folder, safe_name(name), content, settings.library)
    except OSError:
        return [Result(name, "failed", "could not be stored; there may be no room on the disk of the server")]
    results = _ingested(name, path, settings, on_progress)
    if new and not any(result.good for result in results):
        path.unlink(missing_ok=True)
    return results


def _stored(folder: Path, name: str, content: bytes, library: Place) -> tuple[Path, bool]:
    """Write an uploaded file, and return its path, and whether it is new.

    Many files have the same name, such as "article.pdf". A file whose name is taken replaces the other one if its
    article has the same headline, so that the library keeps both as versions. Otherwise it gets a number.
    """
    folder.mkdir(parents=True, exist_ok=True)
    path, number = folder / name, 1
    if path.exists() and path.read_bytes() != content and _is_next_version(path, content, library):
        path.write_bytes(content)
        return path, False
    while True:
        try:
            with path.open("xb") as file:
                file.write(content)
            return path, True
        except FileExistsError:
            if path.read_bytes() == content:
                return path, False
            number += 1
            path = folder / f"{Path(name).stem}-{number}{Path(name).suffix}"


def _is_next_version(path: Path, content: bytes, library: Place) -> bool:
    """Whether a file has the same headline as the stored article that came from ``path``."""
    try:
        raw = Raw(content, suffix_of(path.suffix, content))
    except InputError:
        return False
    read = (one for one in load_raw(raw, path.name, path.as_posix()) if isinstance(one, Article))
    titles = {fold(one.title) for one in read if one.title}
    with closing(Library(library, create=True)) as store:
        stored = (store.article(article_id) for article_id in _came_from(store, path.as_posix()))
        return any(fold(one.title) in titles for one in stored if one.title)


def _ingested(name: str, source: Path | str | Article, settings: Settings, on_progress: Progress) -> list[Result]:
    """Add a file, an address or an article, and say what became of each of its articles."""
    path = source if isinstance(source, Path) else None

    def plain(words: str) -> str:
        return _plain(words, path, name)

    try:
        report = ingest(str(path) if path else source, settings=settings, on_progress=on_progress)
    except NothingRead as error:
        return [Result(name, "failed", plain(reason)) for reason in error.reasons] or [
            Result(name, "failed", "contains no article")
        ]
    except QAError as error:
        return [Result(name, "failed", error_message(error))]
    failed = [Result(name, "failed", plain(skipped.reason)) for skipped in report.skipped]
    return [*_stored_articles(name, source, report, [plain(w) for w in report.warnings], settings), *failed]


def _stored_articles(
    name: str, source: Path | str | Article, report: IngestReport, warnings: Sequence[str], settings: Settings
) -> list[Result]:
    """Return a result for each outcome. If there is one article in all, it is named and can be opened."""
    counts: dict[Outcome, int] = {
        "added": report.added,
        "updated": report.updated,
        "unchanged": report.unchanged,
    }
    article_id, heading = "", ""
    if sum(counts.values()) == 1:
        origin = str(source)
        with closing(Library(settings.library)) as store:
            ids = [source.id] if isinstance(source, Article) else _came_from(store, origin)
            if len(ids) == 1:
                article_id, heading = ids[0], store.article(ids[0]).heading or "Untitled"
    notes = "; ".join(warnings)
    return [
        Result(
            name,
            outcome,
            "; ".join(filter(None, (heading or f"{count:,} article{'s' * (count != 1)}", notes))),
            count,
            article_id,
        )
        for outcome, count in counts.items()
        if count
    ]


def _came_from(store: Library, place: str) -> list[str]:
    """Return the ids of the articles that were read from a file or an address."""
    return [i for i, origin in store.origins().items() if origin == place or origin.startswith(f"{place}#")]


def _plain(words: str, path: Path | None, name: str) -> str:
    """Return words of a report as the reader knows things: no options of commands, no paths of the server."""
    for option, here in ON_THE_PAGE.items():
        words = words.replace(option, here)
    if path is None:
        return words
    words = words.replace(f"{path}: ", "").replace(str(path), name)
    return words.replace(f"{path.parent}/", "").replace(str(path.parent), "the uploaded files")
