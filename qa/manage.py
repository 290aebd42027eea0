"""Operations on a library: ingest, remove, backup, restore, copy. Questions can be asked meanwhile.

Only one process changes a library in a folder at a time. Any number can ingest into a shared one.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager, suppress
from itertools import pairwise
from pathlib import Path

from filelock import FileLock, Timeout

from .articles.edits import edited, next_edit, unedited
from .articles.load import Loaded, load
from .changes.versions import changed_sentences
from .errors import IndexFault, InputError, LibraryError, NothingRead
from .fetching import NEWEST, Reading, is_address, pages
from .ingestion import Progress, Source, ingest_into, store_edited
from .library import maintenance
from .library.embedders import embedder_named
from .library.index import PENDING, Index
from .library.library import Library, exists, snapshot
from .library.second_pass import annotate_all
from .model import ArticleRef, ArticleVersion, IngestReport, Particulars
from .pipeline import opened_index
from .settings import Place, Settings, SharedLibrary, place_of
from .workspace.store import Store

WAITING, INDEXING = "waiting for another ingest to finish", "indexing"
"""Passed to ``on_progress`` instead of a file name."""
LOCK = "ingest.lock"
IN_USE = "The index is in use by another process. New articles are scored exactly until that process ends."


def ingest(
    sources: Iterable[Source] | Source,
    *,
    library: str | Path | None = None,
    settings: Settings | None = None,
    prune: bool = False,
    names: Mapping[str, str] | None = None,
    full: bool = False,
    limit: int = NEWEST,
    on_progress: Progress | None = None,
) -> IngestReport:
    """Load, parse, embed and store articles, then bring the index up to date.

    Unchanged articles are skipped, and changed ones replace their previous version, which is kept as an earlier one
    (see ``versions``). An ingest can be interrupted and run again; everything stored before stays stored.

    Args:
        sources: files, folders, globs, web addresses of pages or feeds (not if the settings are ``offline``), or
            articles.
        library: folder of the library; it is created if needed.
        settings: default: those of the environment.
        prune: also remove articles whose file or row is no longer in the given files and folders.
        names: for rows that no known tool has written: Dateline's names of fields (text, title, published, authors,
            source, url, language, id) to those of the file.
        full: fetch the pages that a feed links to, instead of taking the text of the feed.
        limit: with ``full``, the most pages of one feed, the newest first. 0 means all.
        on_progress: called with the number of files done, the number of all files, and the file's name. The name is
            ``WAITING`` while another ingest runs. While the index is written it is ``INDEXING``, and chunks are
            counted instead of files.

    Returns:
        What was stored, skipped and removed, with warnings.

    Raises:
        InputError: no article could be read.
        LibraryError: the library cannot be written.
        ModelError: a remote embedder failed.
        SettingsError: a setting is wrong.
    """
    settings = _settings(library, settings)
    with _nothing_left(settings), _writing(settings.library, on_progress) as store:
        embedder = embedder_named(store.embedder or settings.embedder, settings)
        reading = Reading(names or {}, full=full, limit=limit, offline=settings.offline)
        keep = settings.keep_versions
        report = ingest_into(store, sources, embedder, on_progress, prune=prune, reading=reading, keep_versions=keep)
        warnings = _sync(settings, store, on_progress)
        return report.model_copy(update={"warnings": (*report.warnings, *warnings)})


def go_on(settings: Settings) -> None:
    """Read what an ingest that was interrupted has left to be read, if nobody else does so.

    Does nothing if there is no such library, if it can only be read, or while another process ingests into it.
    """
    if not exists(settings.library):
        return
    with closing(Library(settings.library)) as store:
        if store.frozen or not store.count_unread():
            return
        with suppress(Timeout), _exclusive(settings.library, None, wait=False):
            annotate_all(store, lambda _done, _total: None)


def preview(
    sources: Iterable[str | Path],
    *,
    settings: Settings | None = None,
    names: Mapping[str, str] | None = None,
    full: bool = False,
    limit: int = NEWEST,
) -> Iterator[Loaded]:
    """Read sources as ``ingest`` does, and store nothing.

    Args:
        sources: files, folders, globs, or web addresses.
        settings: default: those of the environment.
        names: as for ``ingest``.
        full: as for ``ingest``.
        limit: as for ``ingest``.

    Yields:
        The articles, a ``SkippedFile`` for each source, file or row that cannot be read, and remarks.
    """
    settings = settings or Settings.load()
    places = list(map(str, [sources] if isinstance(sources, str | Path) else sources))
    yield from load((place for place in places if not is_address(place)), names)
    addresses = [place for place in places if is_address(place)]
    reading = Reading(names or {}, full=full, limit=limit, offline=settings.offline)
    for page in pages(addresses, reading, lambda _: None):
        if page.loaded:
            yield from page.loaded()


def remove(
    articles: Sequence[str], *, library: str | Path | None = None, settings: Settings | None = None
) -> tuple[tuple[ArticleRef, ...], tuple[str, ...]]:
    """Remove articles with their earlier versions and return them, with warnings.

    Each article is named by its id, the beginning of its id, or its file name. If one of them is unknown, none is
    removed. Raises UnknownArticle, LibraryError.
    """
    settings = _settings(library, settings)
    with _writing(settings.library, None, create=False) as store:
        removed = {article.id: article.ref() for article in map(store.find, articles)}
        store.remove(removed)
        return tuple(removed.values()), _sync(settings, store)


def edit(
    article: str,
    changes: Particulars | None,
    *,
    library: str | Path | None = None,
    settings: Settings | None = None,
    on_progress: Progress | None = None,
) -> tuple[ArticleRef, tuple[str, ...]]:
    """Change headline, outlet, authors or day of an article in the library, and return it, with warnings.

    Its source is not changed, and it gets no new version. The edit stays when the source is ingested again, even if the
    source has changed.

    Args:
        article: its id, the beginning of its id, or its file name.
        changes: the fields to change (see ``articles.edits.read_particulars``). None takes back all edits.
        library: folder of the library.
        settings: default: those of the environment.
        on_progress: as for ``ingest``.

    Raises:
        UnknownArticle: there is no such article.
        InputError: it is an earlier version, which stays as it was.
        LibraryError: the library cannot be written.
        ModelError: a remote embedder failed.
    """
    settings = _settings(library, settings)
    with _writing(settings.library, on_progress, create=False) as store:
        found = store.find(article)
        if found.replaced:
            raise InputError(f"{found.id} is an earlier version, which stays as it was. Edit the article itself.")
        before = store.edits([found.id]).get(found.id)
        stated = unedited(found, before)
        after = next_edit(stated, before, changes) if changes else None
        if after == before:
            return found.ref(), ()
        wanted = edited(stated, after) if after else stated
        store_edited(store, wanted, after, embedder_named(store.embedder or settings.embedder, settings))
        return store.article(found.id).ref(), _sync(settings, store, on_progress)


def versions(
    article: str, *, library: str | Path | None = None, settings: Settings | None = None
) -> tuple[ArticleVersion, ...]:
    """Return the stored versions of an article, oldest first, with how many sentences each has changed.

    The article is named by its id, the beginning of its id, or its file name. Raises UnknownArticle, LibraryError.
    """
    with snapshot(_settings(library, settings).library) as store:
        found = store.versions_of(store.find(article).id)
        parsed = list(store.parsed([version.article.id for version in found]).values())
    counts = [None, *(changed_sentences(*pair) for pair in pairwise(parsed))]
    return tuple(version.model_copy(update={"changed": count}) for version, count in zip(found, counts, strict=True))


def backup(
    target: str | Path,
    *,
    library: str | Path | None = None,
    settings: Settings | None = None,
    on_progress: maintenance.Progress | None = None,
) -> str:
    """Copy the library into one file and return its digest. Others can use the library meanwhile.

    The file also carries conversations and notebooks. ``on_progress`` is called with the number of pages copied and the
    number of all pages. Raises LibraryError, and WorkspaceError if conversations and notebooks cannot be read.
    """
    settings = _settings(library, settings)
    with closing(Library(settings.library)) as store:
        workspace = Store(settings.folder).dump()
        return maintenance.backup(store, Path(target).expanduser(), on_progress, workspace=workspace)


def restore(
    source: str | Path,
    *,
    library: str | Path | None = None,
    settings: Settings | None = None,
    replace: bool = False,
    on_progress: maintenance.Progress | None = None,
) -> tuple[Path | None, Path | None]:
    """Replace the library, and conversations and notebooks if the backup has any, with a backup.

    Without ``replace``, a library that contains articles is not replaced, and neither are conversations and notebooks.

    Returns:
        The files to which the previous library, and the previous conversations and notebooks, were saved; None for
        what was not replaced.

    Raises LibraryError, WorkspaceError.
    """
    settings, file = _settings(library, settings), Path(source).expanduser()
    with _exclusive(settings.library, None):
        workspace, kept = maintenance.workspace_in(file), Store(settings.folder)
        if workspace is not None and not replace and kept.filled():
            raise LibraryError(
                f"There are conversations or notebooks in {settings.folder}. Use --replace to put those of the backup "
                "in their place; they are saved first."
            )
        if isinstance(settings.library, SharedLibrary):
            with closing(Library(settings.library, create=True)) as store:
                saved = maintenance.restore_into(store, file, replace=replace, on_progress=on_progress)
        else:
            saved = maintenance.restore(file, settings.library, replace=replace, on_progress=on_progress)
        with closing(Library(settings.library)) as store:
            _sync(settings, store)
        aside = None
        if workspace is not None:
            aside = kept.set_aside()
            kept.load(workspace)
        return saved, aside


def copy(
    source: str | Path, target: str | Path, *, on_progress: maintenance.Progress | None = None
) -> tuple[Place, Place, str]:
    """Copy a library to a new place: from a folder into a PostgreSQL database, back, or between two of a kind.

    Others can use the source meanwhile. The copy is checked: it has the digest of what was copied.

    Args:
        source: folder or address of the library.
        target: folder or address of the new one. It may not hold articles yet.
        on_progress: called with how much is done, and how much there is in all.

    Returns:
        Both places, and the digest.

    Raises:
        LibraryError: one of them cannot be used, or the target holds articles.
    """
    old, new = place_of(source), place_of(target)
    with closing(Library(old)) as library, _writing(new, None) as copied:
        return old, new, maintenance.copy(library, copied, on_progress)


def _settings(library: str | Path | None, settings: Settings | None) -> Settings:
    settings = settings or Settings.load(library=library)
    return settings if library is None else settings.model_copy(update={"library": place_of(library)})


@contextmanager
def _writing(place: Place, on_progress: Progress | None, *, create: bool = True) -> Iterator[Library]:
    if not create:
        Library(place).close()  # raises LibraryError if there is none
    # The lock comes first: who waits for it must not hold a file that the other one removes.
    with _exclusive(place, on_progress), closing(Library(place, create=create)) as store:
        yield store


@contextmanager
def _nothing_left(settings: Settings) -> Iterator[None]:
    """Remove a library again that was created for an ingest which read nothing."""
    place, folder = settings.library, settings.folder
    missing = [path for path in (folder, *folder.parents) if not path.exists()]
    new = not exists(place)
    try:
        yield
    except NothingRead:
        if new:
            _discard(place, missing)
        raise


def _discard(place: Place, folders: Sequence[Path]) -> None:
    with _exclusive(place, None):
        if exists(place):
            with closing(Library(place)) as store:
                if not store.discard():
                    return  # another process has stored something meanwhile
        if not isinstance(place, SharedLibrary):
            (place / LOCK).unlink(missing_ok=True)
    with suppress(OSError):  # something else is in one of them
        for folder in folders:
            folder.rmdir()


@contextmanager
def _exclusive(place: Place, on_progress: Progress | None, *, wait: bool = True) -> Iterator[None]:
    """Hold the ingest lock. A second writer waits, so that it does not embed the same articles at the same time.

    Without ``wait``, it gets a Timeout instead.
    Several processes can ingest into a shared library: they share the work by its jobs.
    """
    if isinstance(place, SharedLibrary):
        yield
        return
    folder = place
    try:
        folder.mkdir(parents=True, exist_ok=True)
        lock = FileLock(folder / LOCK)
        try:
            lock.acquire(blocking=False)
        except Timeout:
            if not wait:
                raise
            if on_progress:
                on_progress(0, 0, WAITING)
            lock.acquire()
    except OSError as error:
        raise LibraryError(
            f"{folder} cannot be written ({os.strerror(error.errno) if error.errno else error}). Make room, or check "
            "the permissions of the folder. You can still ask questions about what is stored."
        ) from error
    try:
        yield
    finally:
        lock.release()


def _synced(index: Index, on_progress: Callable[[int, int], None]) -> tuple[str, ...]:
    """Bring the index up to date, and return a warning if another process is using it."""
    return (IN_USE,) if index.sync(worth=PENDING, on_progress=on_progress) == "exact" and index.needed else ()


def _sync(settings: Settings, store: Library, on_progress: Progress | None = None) -> tuple[str, ...]:
    """Bring the index up to date. If that fails, return warnings: without the index, search is only slower."""

    def on_index(done: int, total: int) -> None:
        if on_progress:
            on_progress(done, total, INDEXING)

    opened = opened_index(settings.library)
    try:
        if opened:  # this process may hold the index lock already, because questions were asked
            return _synced(opened, on_index)
        with closing(Index(store, settings.folder / "index", settings.chroma_url)) as index:
            return _synced(index, on_index)
    except IndexFault as fault:
        return (f"The library is up to date, but the index is not. {fault}",)
