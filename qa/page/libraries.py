"""What the page does with libraries on disk: list, create, search and read them, upload, delete, store feedback."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from concurrent.futures import Executor, Future
from contextlib import closing
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from filelock import FileLock

from ..english.characters import displayable, fold, normalise
from ..errors import InputError, NothingRead, QAError, UnknownArticle
from ..library.library import FILE, Library
from ..manage import ingest, remove
from ..model import Answer, ArticleRef, Coverage, Filters, IngestReport
from ..settings import Settings, default_library
from ..shipped import shipped
from .turn import error_message

SAMPLE = "sample"
UPLOADS = "uploads"
FEEDBACK = "feedback.jsonl"

_NAME = re.compile(r"[\w][\w .-]{0,59}")
_UNSAFE = re.compile(r"[^\w.-]+")
_WORDS = re.compile(r"\w+")


def known(settings: Settings) -> dict[str, Path]:
    """Return the folder of every library by name: the chosen one first, the sample (even if not made yet), then others.

    The others are those in the same parent folder as the chosen one.
    """
    chosen = settings.library
    beside = {path.parent.name: path.parent for path in sorted(chosen.parent.glob(f"*/{FILE}"))}
    return {chosen.name: chosen, SAMPLE: chosen.parent / SAMPLE} | beside


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
    folder = settings.library.parent / name
    Library(folder, create=True).close()
    return folder


def coverage(folder: Path) -> Coverage:
    """Return what a library covers. A missing library covers nothing."""
    if not (folder / FILE).is_file():
        return Coverage(articles=0)
    with closing(Library(folder)) as library:
        return library.coverage()


def revision(folder: Path) -> tuple[int, str]:
    """Return the state of a library: another one after every change."""
    with closing(Library(folder)) as library:
        return library.state


def speakers(folder: Path) -> tuple[str, ...]:
    """Return the speakers of a library, most frequent first. A missing library has none."""
    if not (folder / FILE).is_file():
        return ()
    with closing(Library(folder)) as library:
        return library.speakers()


def search(folder: Path, words: str, filters: Filters) -> list[ArticleRef]:
    """Return the articles with ``words`` in headline, outlet or text, best first. Without words: all, latest first."""
    with closing(Library(folder)) as library:
        listed = library.articles(filters)
        terms = _WORDS.findall(fold(words))
        if not terms:
            return listed
        rank = {row.article_id: -i for i, (row, _) in enumerate(reversed(library.lexical(terms, 400, filters)))}
    headed = {ref.id for ref in listed if all(t in fold(f"{ref.title} {ref.source}") for t in terms)}
    found = [ref for ref in listed if ref.id in headed or ref.id in rank]
    return sorted(found, key=lambda ref: (ref.id not in headed, rank.get(ref.id, 1)))


def sentences(folder: Path, places: Sequence[tuple[str, int]]) -> dict[tuple[str, int], str]:
    """Return the texts of sentences by (article id, sentence index), leaving out deleted articles."""
    texts: dict[tuple[str, int], str] = {}
    with closing(Library(folder)) as library:
        for article_id in dict.fromkeys(a for a, _ in places):
            try:
                texts |= {(article_id, s.index): s.text for s in library.sentences(article_id)}
            except UnknownArticle:
                continue
    return {place: texts[place] for place in places if place in texts}


def delete(folder: Path, article_id: str) -> None:
    """Remove an article. Also delete its file if it was uploaded through the page and holds no other article."""
    try:
        with closing(Library(folder)) as library:
            origin = library.article(article_id).origin or ""
        remove([article_id], library=folder)
    except UnknownArticle:
        return
    uploaded = Path(origin)
    if uploaded.parent == (folder / UPLOADS).resolve() and "#" not in uploaded.name:
        uploaded.unlink(missing_ok=True)


def safe_name(name: str) -> str:
    """Return a safe file name: no folders, no leading dots, no special characters. The suffix is kept."""
    name = normalise(name.replace("\\", "/").rpartition("/")[2])
    stem, _, suffix = name.rpartition(".")
    stem = _UNSAFE.sub("-", stem).strip("-.")[:80] or "article"
    return f"{stem}.{_UNSAFE.sub('', suffix).lower()}"


@dataclass
class Result:
    """The outcome for one file."""

    name: str
    good: bool
    words: str


@dataclass
class Adding:
    """Files that a worker is adding to a library, with the progress and the result of each file."""

    folder: Path
    total: int
    results: list[Result] = field(default_factory=list)
    done: int = 0
    now: str = ""
    future: Future[None] | None = None

    @property
    def running(self) -> bool:
        """Whether the worker is still busy."""
        return self.future is not None and not self.future.done()

    @property
    def error(self) -> str | None:
        """The error that stopped the worker, as a message for the user."""
        error = self.future.exception() if self.future and self.future.done() else None
        return error_message(error) if error else None


def add_uploads(settings: Settings, files: Sequence[tuple[str, bytes]], workers: Executor) -> Adding:
    """Write files to the library's uploads folder and ingest them one by one, so that each gets its own result."""
    adding = Adding(settings.library, len(files))

    def run() -> None:
        folder = settings.library.resolve() / UPLOADS
        folder.mkdir(parents=True, exist_ok=True)
        for name, content in files:
            adding.now = name
            path = folder / safe_name(name)
            path.write_bytes(content)
            adding.results.append(_add(name, path, settings))
            adding.done += 1

    adding.future = workers.submit(run)
    return adding


def add_address(settings: Settings, url: str, workers: Executor) -> Adding:
    """Fetch a page or a feed and add its articles."""
    adding = Adding(settings.library, 1, now=url)

    def run() -> None:
        adding.results.append(_add(url, None, settings))
        adding.done = 1

    adding.future = workers.submit(run)
    return adding


def add_sample(settings: Settings, workers: Executor) -> Adding:
    """Ingest the sample articles into ``settings.library``."""
    adding = Adding(settings.library, 1)

    def step(done: int, total: int, name: str) -> None:
        adding.done, adding.total, adding.now = done, total, name

    def run() -> None:
        ingest(str(shipped("_sample", "evals/corpus")), settings=settings, on_progress=step)

    adding.future = workers.submit(run)
    return adding


def _add(name: str, path: Path | None, settings: Settings) -> Result:
    """Add one uploaded file, or the address ``name``, and say what became of it."""
    try:
        report = ingest(str(path or name), settings=settings)
    except NothingRead as error:
        if path:
            path.unlink()
        return Result(name, False, "; ".join(_without_path(reason, path) for reason in error.reasons[:5]))
    except QAError as error:
        return Result(name, False, error_message(error))
    skipped = "; ".join(f"skipped: {_without_path(s.reason, path)}" for s in report.skipped)
    warned = "; ".join(_without_path(w, path) for w in report.warnings)
    return Result(name, True, "; ".join(part for part in (_counts(report), skipped, warned) if part))


def _counts(report: IngestReport) -> str:
    parts = ((report.added, "added"), (report.updated, "replaced"), (report.unchanged, "unchanged"))
    return ", ".join(f"{n} article{'s' * (n > 1)} {what}" for n, what in parts if n)


def _without_path(words: str, path: Path | None) -> str:
    if path is None:
        return words
    return words.replace(str(path), path.name).replace(str(path.parent), "uploads")


def remember(folder: Path, answer: Answer, *, thumb: str | None, comment: str = "") -> None:
    """Append a reader's feedback on an answer to ``feedback.jsonl`` in the library's folder, as one line."""
    line = {
        "created": datetime.now(UTC).isoformat(timespec="seconds"),
        "thumb": thumb,
        "comment": comment[:4000],
        "question": answer.question,
        "answer": answer.model_dump(mode="json"),
    }
    with FileLock(folder / f"{FEEDBACK}.lock"), (folder / FEEDBACK).open("a", encoding="utf-8") as file:
        file.write(json.dumps(line, ensure_ascii=False) + "\n")
