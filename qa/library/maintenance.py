"""Maintenance of a library's file: backup, restore, checks, repair, and a digest of its contents."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing, contextmanager, suppress
from datetime import UTC, datetime
from itertools import chain
from pathlib import Path

from ..errors import LibraryDamaged, LibraryError, SchemaMismatch
from .copying import copy_tables
from .database import Database
from .derived import rebuild
from .disk import fsync
from .library import FILE, Library

Progress = Callable[[int, int], None]
"""Called with the number of pages copied and the number of all pages."""

_WORKSPACE = "carried_workspace"  # the table of a backup that holds the file of conversations and notebooks
_BESIDE = ("-wal", "-shm", "-journal")  # suffixes of the files that SQLite keeps beside a database


def backup(
    library: Library, target: Path, on_progress: Progress | None = None, *, workspace: bytes | None = None
) -> str:
    """Copy the library into one SQLite file and return the digest of the copy. Others can read and write meanwhile.

    The file appears under its name only when it is complete, checked and written to the disk. ``workspace`` is the file
    of conversations and notebooks, which is put into the copy as it is (see ``workspace_in``). Raises LibraryError.
    """
    if target.exists():
        raise LibraryError(f"{target} exists already, and a backup does not overwrite a file. Name another file.")
    with _complete(target) as partial:
        library.database.copy_to(partial, on_progress)
        if workspace is not None:
            with closing(Database(partial)) as copy, copy.writing():
                copy.execute(f"CREATE TABLE {_WORKSPACE} (content BLOB NOT NULL)")
                copy.execute(f"INSERT INTO {_WORKSPACE} VALUES (?)", (workspace,))
        return _sound(partial)


def workspace_in(source: Path) -> bytes | None:
    """Return the file of conversations and notebooks that a backup carries, or None. Raises LibraryError."""
    if not source.is_file():
        return None
    with closing(Database(source, as_it_is=True)) as database:
        if not _carries_workspace(database):
            return None
        content: bytes = database.query(f"SELECT content FROM {_WORKSPACE}")[0][0]
        return content


def _carries_workspace(database: Database) -> bool:
    return bool(database.query("SELECT 1 FROM sqlite_master WHERE name = ?", (_WORKSPACE,)))


def _without_workspace(path: Path) -> Path:
    """Take out of a copied backup what does not belong to the library, and overwrite it."""
    with closing(Database(path)) as database:
        if _carries_workspace(database):
            database.query("PRAGMA secure_delete=ON")
            with database.writing():
                database.execute(f"DROP TABLE {_WORKSPACE}")
    return path


def restore(source: Path, folder: Path, *, replace: bool, on_progress: Progress | None = None) -> Path | None:
    """Make the backup ``source`` the library in ``folder``. The backup itself is not changed.

    Processes that have the library open use the restored one from their next question on. The caller must hold the
    ingest lock.

    Args:
        source: a file that ``backup`` wrote.
        folder: the library's folder; it is created if needed.
        replace: whether a library with articles may be replaced.
        on_progress: called with the number of pages copied and the number of all pages.

    Returns:
        The file to which the previous library was saved; None if there was none.

    Raises:
        LibraryError: the backup is missing, damaged or no backup; there is a library and ``replace`` is False; or the
            folder cannot be written.
    """
    if not source.is_file():
        raise LibraryError(f"There is no backup {source}.")
    target, saved = folder / FILE, None
    if target.exists() and not replace and not _is_empty(folder):
        raise LibraryError(
            f"There is a library in {folder}. Use --replace to put the backup in its place; the library is saved first."
        )
    _create(folder)
    with _complete(folder / "restoring.sqlite3") as partial:
        # Only a copy of the backup is opened for writing, and an older schema is migrated in the copy.
        with closing(Database(source, as_it_is=True)) as original:
            original.copy_to(partial, on_progress)
        _sound(_without_workspace(partial))
    copied = folder / "restoring.sqlite3"
    try:
        if target.exists():
            saved = folder / f"before-restore-{datetime.now(UTC):%Y%m%dT%H%M%S%f}.sqlite3"
            try:
                with closing(Library(folder)) as live:
                    backup(live, saved)
                with closing(Database(target)) as file:
                    file.become(copied)
                return saved
            except (LibraryDamaged, SchemaMismatch):
                # The library is damaged, so it cannot be backed up. Its files are moved instead.
                saved.unlink(missing_ok=True)
                _move(target, saved)
        else:
            # A WAL file may be left without its database. SQLite must not apply it to the restored one.
            _move(target, folder / "before-restore.sqlite3")
        copied.replace(target)
        fsync(folder)
        with closing(Database(target)) as live:
            live.branch()
        return saved
    except OSError as error:
        raise LibraryError(
            f"{target} cannot be replaced ({error.strerror}). Check the folder's permissions."
        ) from error
    finally:
        copied.unlink(missing_ok=True)


def restore_into(library: Library, source: Path, *, replace: bool, on_progress: Progress | None = None) -> Path | None:
    """Make the backup ``source`` the content of a shared library; see ``restore``.

    The file to which the previous content is saved is in ``library.folder``.
    """
    if not source.is_file():
        raise LibraryError(f"There is no backup {source}.")
    if library.versions() and not replace:
        raise LibraryError(
            f"There are articles in {library.where}. Use --replace to put the backup in their place; they are saved "
            "first."
        )
    assert library.folder is not None, "a shared library has a folder for what lies beside it"
    saved = None
    with _complete(library.folder / "restoring.sqlite3") as partial:
        with closing(Database(source, as_it_is=True)) as original:
            original.copy_to(partial)
        _sound(_without_workspace(partial))  # an older schema is migrated in this copy
        if library.versions():
            saved = library.folder / f"before-restore-{datetime.now(UTC):%Y%m%dT%H%M%S%f}.sqlite3"
            backup(library, saved)
        with closing(Database(partial)) as restored:
            copy_tables(restored, library.database, on_progress)
    (library.folder / "restoring.sqlite3").unlink(missing_ok=True)
    return saved


def copy(source: Library, target: Library, on_progress: Progress | None = None) -> str:
    """Copy a library into an empty one and return the digest of both. Others can use the source meanwhile.

    Raises LibraryError if the target holds articles, or if the copy differs.
    """
    if target.versions():
        raise LibraryError(
            f"There are articles in {target.where}, and a copy does not mix libraries. Name another place."
        )
    with source.reading():
        copy_tables(source.database, target.database, on_progress)
        copied = digest(source)
    if digest(target) != copied:
        raise LibraryError(f"The copy in {target.where} differs from {source.where}. Do not use it, and report this.")
    return copied


def digest(library: Library) -> str:
    """Return the SHA-256, in hexadecimal, of everything that is stored except row ids, revisions, and times of storage.

    So libraries with the same articles have the same digest, even if they were filled in another order or after a
    crash, and whether they are in SQLite or in PostgreSQL.
    """
    hasher = hashlib.sha256()
    tables = (
        "SELECT id, version, title, source, authors, url, published, published_day, language, status, origin, modified,"
        " current_id FROM articles ORDER BY id",
        "SELECT * FROM documents ORDER BY article_id",
        "SELECT * FROM sentences ORDER BY article_id, idx",
        "SELECT * FROM said ORDER BY article_id, sentence, speaker",
        "SELECT * FROM notes ORDER BY article_id, sentence, kind, key",
        "SELECT article_id, idx, first, last, tokens, text, vector FROM chunks ORDER BY article_id, idx",
        "SELECT article_id, given, stated FROM edits ORDER BY article_id",
        "SELECT key, value FROM meta WHERE key <> 'revision' ORDER BY key",
    )
    with library.reading():
        database = library.database
        stored: Iterable[Iterable[object]] = chain.from_iterable(map(database.rows, tables))
        for row in chain(stored, database.full_text.digests()):
            for value in row:
                piece = value if isinstance(value, bytes) else repr(value).encode()
                hasher.update(len(piece).to_bytes(8, "big") + piece)
    return hasher.hexdigest()


def faults(library: Library) -> list[str]:
    """Return what is wrong with the file, one phrase for each fault; an empty list for a sound library.

    Raises LibraryError if the file cannot be read.
    """
    database = library.database
    if damage := database.damage():
        return damage  # the rows of a damaged file cannot be trusted, so the other checks mean nothing
    checks = {
        **database.full_text.faults(),
        "vectors of the wrong length": "SELECT count(*) FROM chunks WHERE length(vector) <>"
        " 4 * (SELECT CAST(value AS INTEGER) FROM meta WHERE key='dimension')",
        "speakers without a sentence": "SELECT count(*) FROM said LEFT JOIN sentences s"
        " ON s.article_id = said.article_id AND s.idx = said.sentence WHERE s.idx IS NULL",
        "earlier versions without their article": "SELECT count(*) FROM articles WHERE current_id NOT IN"
        " (SELECT id FROM articles WHERE current_id IS NULL)",
        "articles without a text": "SELECT count(*) FROM articles WHERE id NOT IN (SELECT article_id FROM documents)",
        # The length of a text is counted once, not for each of its sentences.
        "sentences outside their article": "SELECT count(*) FROM sentences s JOIN"
        " (SELECT article_id, length(text) AS length FROM documents) d"
        ' ON d.article_id = s.article_id WHERE s.start < 0 OR s."end" <= s.start OR s."end" > d.length',
        **database.faults(),
    }
    counts = {fault: int(database.query(sql)[0][0]) for fault, sql in checks.items()}
    return [f"{count} {fault}" for fault, count in counts.items() if count]


def repair(library: Library) -> None:
    """Rebuild what is derived from articles and chunks (full-text index, speakers) and delete rows without an article.

    An article without a text is deleted too, and so are its earlier versions. Raises LibraryError.
    """
    database = library.database
    newest = "SELECT id FROM articles WHERE current_id IS NULL"
    with database.writing():
        for condition in (
            "sentences WHERE article_id NOT IN (SELECT id FROM articles)",
            "chunks WHERE article_id NOT IN (SELECT id FROM articles)",
            "articles WHERE id NOT IN (SELECT article_id FROM documents)",
            f"articles WHERE current_id NOT IN ({newest})",
            "edits WHERE article_id NOT IN (SELECT id FROM articles)",
        ):
            database.execute(f"DELETE FROM {condition}")
        rebuild(database)


@contextmanager
def _complete(target: Path) -> Iterator[Path]:
    """Yield the path of a partial file. It is renamed to ``target`` if the block succeeds, and deleted otherwise."""
    partial = target.with_name(f"{target.name}.partial")
    try:
        _create(target.parent)
        partial.unlink(missing_ok=True)
        yield partial
        fsync(partial)
        partial.replace(target)
        fsync(target.parent)
    except OSError as error:
        raise LibraryError(
            f"{target} cannot be written ({error.strerror}). Make room, or name another place."
        ) from error
    finally:
        for path in (partial, *(partial.with_name(partial.name + end) for end in _BESIDE)):
            with suppress(OSError):
                path.unlink(missing_ok=True)


def _sound(path: Path) -> str:
    """Check the library in a file and return its digest. Raises LibraryDamaged if it is damaged."""
    with closing(Database(path)) as database:
        library = Library.of(database)
        if damage := faults(library):
            raise LibraryDamaged(f"The library is damaged ({'; '.join(damage)}). Run: qa doctor --fix")
        contents = digest(library)
        database.settle()
    return contents


def _is_empty(folder: Path) -> bool:
    with closing(Library(folder)) as library:
        return not library.versions()


def _move(file: Path, destination: Path) -> None:
    """Move a database file and the files that SQLite keeps beside it."""
    for end in ("", *_BESIDE):
        with suppress(FileNotFoundError):
            file.with_name(file.name + end).replace(destination.with_name(destination.name + end))


def _create(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise LibraryError(
            f"The folder {folder} cannot be created ({error.strerror}). Check the disk and the permissions, or name "
            "another folder."
        ) from error
