"""Libraries on disk as the page sees them: which there are, the sample, uploads, deleting, what readers thought."""

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
from ..errors import InputError, QAError, UnknownArticle
from ..library.library import FILE, Library
from ..manage import ingest, remove
from ..model import Answer, Article, ArticleRef, Coverage, Filters, IngestReport
from ..settings import Settings, default_library
from ..shipped import shipped
from .turn import error_message

SAMPLE = "sample"
UPLOADS = "uploads"
FEEDBACK = "feedback.jsonl"
SUFFIXES = ("txt", "md", "jsonl")

_NAME = re.compile(r"[\w][\w .-]{0,59}")
_UNSAFE = re.compile(r"[^\w.-]+")
_WORDS = re.compile(r"\w+")


def known(settings: Settings) -> dict[str, Path]:
    """Name and folder of every library beside the chosen one, that one first, and of the sample, made or not."""
    chosen = settings.library
    beside = {path.parent.name: path.parent for path in sorted(chosen.parent.glob(f"*/{FILE}"))}
    return {chosen.name: chosen, SAMPLE: chosen.parent / SAMPLE} | beside


def called(name: str) -> str:
    """What people read for a library's name."""
    return {SAMPLE: "Sample library", default_library().name: "My library"}.get(name, displayable(name))


def make(name: str, settings: Settings) -> Path:
    """Make an empty library of that name beside the chosen one. Raises InputError for a name that is none."""
    name = normalise(" ".join(name.split()))
    if not _NAME.fullmatch(name):
        raise InputError("A library's name is one to sixty letters, digits, spaces, dots or hyphens.")
    if name in known(settings):
        raise InputError("There is a library of that name already.")
    folder = settings.library.parent / name
    Library(folder, create=True).close()
    return folder


def coverage(folder: Path) -> Coverage:
    """What a library holds; nothing if there is none."""
    if not (folder / FILE).is_file():
        return Coverage(articles=0)
    with closing(Library(folder)) as library:
        return library.coverage()


def speakers(folder: Path) -> tuple[str, ...]:
    """Who speaks in a library, most often first; nobody if there is none."""
    if not (folder / FILE).is_file():
        return ()
    with closing(Library(folder)) as library:
        return library.speakers()


def search(folder: Path, words: str, filters: Filters) -> list[ArticleRef]:
    """Articles with ``words`` in headline, outlet or text, best first; without words all of them, latest first."""
    with closing(Library(folder)) as library:
        listed = library.articles(filters)
        terms = _WORDS.findall(fold(words))
        if not terms:
            return listed
        rank = {row.article_id: -i for i, (row, _) in enumerate(reversed(library.lexical(terms, 400, filters)))}
    headed = {ref.id for ref in listed if all(t in fold(f"{ref.title} {ref.source}") for t in terms)}
    found = [ref for ref in listed if ref.id in headed or ref.id in rank]
    return sorted(found, key=lambda ref: (ref.id not in headed, rank.get(ref.id, 1)))


def read(folder: Path, article_id: str) -> tuple[Article, list[tuple[int, int]]] | None:
    """An article and its sentences' offsets; None once it is deleted."""
    try:
        with closing(Library(folder)) as library, library.reading():
            return library.article(article_id), [(s.start, s.end) for s in library.sentences(article_id)]
    except UnknownArticle:
        return None


def sentences(folder: Path, places: Sequence[tuple[str, int]]) -> dict[tuple[str, int], str]:
    """Texts of (article id, sentence) places, without those that are gone."""
    texts: dict[tuple[str, int], str] = {}
    with closing(Library(folder)) as library:
        for article_id in dict.fromkeys(a for a, _ in places):
            try:
                texts |= {(article_id, s.index): s.text for s in library.sentences(article_id)}
            except UnknownArticle:
                continue
    return {place: texts[place] for place in places if place in texts}


def delete(folder: Path, article_id: str) -> None:
    """Remove an article, and its file if it was uploaded here and holds nothing else."""
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
    """A file name without folders, leading dots or characters a shell or a disk gives a meaning; its suffix stays."""
    name = normalise(name.replace("\\", "/").rpartition("/")[2])
    stem, _, suffix = name.rpartition(".")
    stem = _UNSAFE.sub("-", stem).strip("-.")[:80] or "article"
    return f"{stem}.{_UNSAFE.sub('', suffix).lower()}"


@dataclass
class Result:
    """What became of one file."""

    name: str
    good: bool
    words: str


@dataclass
class Adding:
    """Files on their way into a library, in a worker: how far it is, and what became of each."""

    folder: Path
    total: int
    results: list[Result] = field(default_factory=list)
    done: int = 0
    now: str = ""
    future: Future[None] | None = None

    @property
    def running(self) -> bool:
        """Whether more is to come."""
        return self.future is not None and not self.future.done()

    @property
    def error(self) -> str | None:
        """What ended it early, for people."""
        error = self.future.exception() if self.future and self.future.done() else None
        return error_message(error) if error else None


def add_uploads(settings: Settings, files: Sequence[tuple[str, bytes]], workers: Executor) -> Adding:
    """Write files to the library's uploads and ingest them one by one, so that each has its own result."""
    adding = Adding(settings.library, len(files))

    def run() -> None:
        folder = settings.library.resolve() / UPLOADS
        folder.mkdir(parents=True, exist_ok=True)
        for name, content in files:
            adding.now = name
            path = folder / safe_name(name)
            if path.suffix[1:] not in SUFFIXES:
                adding.results.append(Result(name, False, f"not a .{', .'.join(SUFFIXES)} file"))
            else:
                path.write_bytes(content)
                adding.results.append(_add(name, path, settings))
            adding.done += 1

    adding.future = workers.submit(run)
    return adding


def add_sample(settings: Settings, workers: Executor) -> Adding:
    """Fill ``settings.library`` with the sample."""
    adding = Adding(settings.library, 1)

    def step(done: int, total: int, name: str) -> None:
        adding.done, adding.total, adding.now = done, total, name

    def run() -> None:
        ingest(str(shipped("_sample", "evals/corpus")), settings=settings, on_progress=step)

    adding.future = workers.submit(run)
    return adding


def _add(name: str, path: Path, settings: Settings) -> Result:
    try:
        report = ingest(str(path), settings=settings)
    except InputError as error:
        path.unlink()
        return Result(name, False, _without_path(str(error), path))
    except QAError as error:
        return Result(name, False, error_message(error))
    skipped = "; ".join(f"left out: {_without_path(s.reason, path)}" for s in report.skipped)
    warned = "; ".join(_without_path(w, path) for w in report.warnings)
    return Result(name, True, "; ".join(part for part in (_counts(report), skipped, warned) if part))


def _counts(report: IngestReport) -> str:
    parts = ((report.added, "added"), (report.updated, "replaced"), (report.unchanged, "already there"))
    return ", ".join(f"{n} article{'s' * (n > 1)} {what}" for n, what in parts if n)


def _without_path(words: str, path: Path) -> str:
    return words.replace(str(path), path.name).replace(str(path.parent), "uploads")


def remember(folder: Path, answer: Answer, *, thumb: str | None, comment: str = "") -> None:
    """Append what a reader thought of an answer to ``feedback.jsonl`` beside the library: one line, one opinion."""
    line = {
        "created": datetime.now(UTC).isoformat(timespec="seconds"),
        "thumb": thumb,
        "comment": comment[:4000],
        "question": answer.question,
        "answer": answer.model_dump(mode="json"),
    }
    with FileLock(folder / f"{FEEDBACK}.lock"), (folder / FEEDBACK).open("a", encoding="utf-8") as file:
        file.write(json.dumps(line, ensure_ascii=False) + "\n")
