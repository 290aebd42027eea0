"""What changes a library: ingest, remove, backup, restore. One at a time, while everybody may go on asking."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

from .errors import IndexFault, LibraryError
from .ingestion import Progress, Source, ingest_into
from .library import maintenance
from .library.embedders import embedder_named
from .library.index import PENDING, Index, State
from .library.library import Library
from .model import ArticleRef, IngestReport
from .pipeline import opened_index
from .settings import Settings

WAITING, INDEXING = "waiting for another ingest to finish", "indexing"
"""What ``on_progress`` is called with instead of a file's name."""
IN_USE = "The index is in use by another process: what is new is scored exactly until that process ends."


def ingest(
    sources: Iterable[Source] | Source,
    *,
    library: str | Path | None = None,
    settings: Settings | None = None,
    prune: bool = False,
    on_progress: Progress | None = None,
) -> IngestReport:
    """Load, split, embed and store articles; then bring the index up to date.

    Unchanged articles cost nothing, changed ones replace their former version; with ``prune`` those are removed whose
    file or row is gone from the files and folders named. Safe to interrupt and run again: what was stored is stored.
    Raises InputError if nothing at all could be read, LibraryError, ModelError of a remote embedder.
    """
    settings = _settings(library, settings)
    with _writing(settings.library, on_progress) as store:
        embedder = embedder_named(store.embedder or settings.embedder, settings)
        report = ingest_into(store, sources, embedder, on_progress, prune=prune)
        told = _sync(settings, store, on_progress)
        return report.model_copy(update={"warnings": (*report.warnings, *told)})


def remove(
    articles: Sequence[str], *, library: str | Path | None = None, settings: Settings | None = None
) -> tuple[tuple[ArticleRef, ...], tuple[str, ...]]:
    """Remove articles, named by id, its beginning, or file name; all or none. Returns them, and warnings.

    Raises UnknownArticle, LibraryError.
    """
    settings = _settings(library, settings)
    with _writing(settings.library, None, create=False) as store:
        found = {article.id: article.ref() for article in map(store.find, articles)}
        store.remove(found)
        return tuple(found.values()), _sync(settings, store)


def backup(
    target: str | Path,
    *,
    library: str | Path | None = None,
    settings: Settings | None = None,
    on_progress: maintenance.Progress | None = None,
) -> str:
    """Copy the library into one file, while others use it; returns its digest. Raises LibraryError."""
    with closing(Library(_settings(library, settings).library)) as store:
        return maintenance.backup(store, Path(target).expanduser(), on_progress)


def restore(
    source: str | Path,
    *,
    library: str | Path | None = None,
    settings: Settings | None = None,
    replace: bool = False,
    on_progress: maintenance.Progress | None = None,
) -> Path | None:
    """Make a backup the library; returns the file in which the one that was there is kept. Raises LibraryError."""
    settings = _settings(library, settings)
    with _alone(settings.library, None):
        kept = maintenance.restore(
            Path(source).expanduser(), settings.library, replace=replace, on_progress=on_progress
        )
        with closing(Library(settings.library)) as store:
            _sync(settings, store)
        return kept


def _settings(library: str | Path | None, settings: Settings | None) -> Settings:
    settings = settings or Settings.load(library=library)
    return settings if library is None else settings.model_copy(update={"library": Path(library)})


@contextmanager
def _writing(folder: Path, on_progress: Progress | None, *, create: bool = True) -> Iterator[Library]:
    with closing(Library(folder, create=create)) as store, _alone(folder, on_progress):
        yield store


@contextmanager
def _alone(folder: Path, on_progress: Progress | None) -> Iterator[None]:
    """The library's writer: a second one waits, instead of embedding the same articles beside the first."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        lock = FileLock(folder / "ingest.lock")
        try:
            lock.acquire(blocking=False)
        except Timeout:
            if on_progress:
                on_progress(0, 0, WAITING)
            lock.acquire()
    except OSError as error:
        raise LibraryError(
            f"{folder} cannot be written ({os.strerror(error.errno) if error.errno else error}). Make room, or check "
            "the permissions of the folder; what is stored can still be asked."
        ) from error
    try:
        yield
    finally:
        lock.release()


def _index_warnings(state: State, store: Library) -> tuple[str, ...]:
    return (IN_USE,) if state == "exact" and store.embedder else ()


def _sync(settings: Settings, store: Library, on_progress: Progress | None = None) -> tuple[str, ...]:
    """Bring the index up to date; what stands in the way is a warning, since it costs speed alone."""

    def on_index(done: int, total: int) -> None:
        if on_progress:
            on_progress(done, total, INDEXING)

    opened = opened_index(settings.library)
    try:
        if opened:  # questions of this process may hold the lock
            return _index_warnings(opened.sync(worth=PENDING, on_progress=on_index), store)
        with closing(Index(store, settings.library / "index", settings.chroma_url)) as index:
            return _index_warnings(index.sync(worth=PENDING, on_progress=on_index), store)
    except IndexFault as fault:
        return (f"Everything is stored, but not in the index. {fault}",)
