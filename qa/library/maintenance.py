"""Maintenance of a library's file: backup, restore, checks, repair, and a digest of its contents."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path

from ..english.document import LAYERS, VERSION
from ..errors import LibraryDamaged, LibraryError, SchemaMismatch
from .database import Database
from .derived import rebuild
from .disk import fsync
from .library import FILE, Library

Progress = Callable[[int, int], None]
"""Called with the number of pages copied and the number of all pages."""

_BESIDE = ("-wal", "-shm", "-journal")  # suffixes of the files that SQLite keeps beside a database


def backup(library: Library, target: Path, on_progress: Progress | None = None) -> str:
    """Copy the library into one SQLite file and return the digest of the copy. Others can read and write meanwhile.

    The file appears under its name only when it is complete, checked and written to the disk. Raises LibraryError.
    """
    if target.exists():
        raise LibraryError(f"{target} exists already, and a backup does not overwrite a file. Name another file.")
    with _complete(target) as partial:
        library.database.copy_to(partial, on_progress)
        return _sound(partial)


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
        _sound(partial)
    copied = folder / "restoring.sqlite3"
    try:
        if target.exists():
            saved = folder / f"before-restore-{datetime.now(UTC):%Y%m%dT%H%M%S%f}.sqlite3"
            try:
                with closing(Library(folder)) as live:
                    backup(live, saved)
                    live.database.become(copied)
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


def digest(library: Library) -> str:
    """Return the SHA-256, in hexadecimal, of everything that is stored except row ids, revisions, and times of storage.

    So libraries with the same articles have the same digest, even if they were filled in another order or after a
    crash.
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
        "SELECT c.article_id, c.idx, f.text, f.earlier FROM chunks_fts f JOIN chunks c ON c.id = f.rowid"
        " ORDER BY c.article_id, c.idx",
        "SELECT article_id, given, stated FROM edits ORDER BY article_id",
        "SELECT key, value FROM meta WHERE key <> 'revision' ORDER BY key",
    )
    with library.reading():
        for sql in tables:
            for row in library.database.rows(sql):
                for value in row:
                    piece = value if isinstance(value, bytes) else repr(value).encode()
                    hasher.update(len(piece).to_bytes(8, "big") + piece)
    return hasher.hexdigest()


def faults(library: Library) -> list[str]:
    """Return what is wrong with the file, one phrase for each fault; an empty list for a sound library.

    Raises LibraryError if the file cannot be read.
    """
    query = library.database.query
    damage = [f"SQLite: {row[0]}" for row in query("PRAGMA quick_check(5)") if row[0] != "ok"]
    if damage:
        return damage  # the rows of a damaged file cannot be trusted, so the other checks mean nothing
    checks = {
        "rows without an article": "SELECT count(*) FROM pragma_foreign_key_check",
        "chunks missing from the full-text index": "SELECT count(*) FROM chunks WHERE id NOT IN"
        " (SELECT id FROM chunks_fts_docsize)",
        "full-text entries without a chunk": "SELECT count(*) FROM chunks_fts_docsize WHERE id NOT IN"
        " (SELECT id FROM chunks)",
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
        " ON d.article_id = s.article_id WHERE s.start < 0 OR s.end <= s.start OR s.end > d.length",
        "articles whose parsed layers are unreadable": "SELECT count(*) FROM documents WHERE"
        f" CASE WHEN json_valid(layers) AND json_valid(faults) THEN json_type(faults) <> 'object' OR {_missing()}"
        " ELSE 1 END",
    }
    counts = {fault: int(query(sql)[0][0]) for fault, sql in checks.items()}
    return [f"{count} {fault}" for fault, count in counts.items() if count]


def _missing() -> str:
    """Return the SQL condition that a document lacks a layer of this version of the parser."""
    lacking = " OR ".join(f"json_type(layers, '$.{layer}') IS NOT 'array'" for layer in LAYERS if layer != "sentences")
    return f"(parser = {VERSION} AND ({lacking}))"


def repair(library: Library) -> None:
    """Rebuild what is derived from articles and chunks (full-text index, speakers) and delete rows without an article.

    An article without a text is deleted too, and so are its earlier versions. Raises LibraryError.
    """
    with library.database.writing() as db:
        db.execute("DELETE FROM sentences WHERE article_id NOT IN (SELECT id FROM articles)")
        db.execute("DELETE FROM chunks WHERE article_id NOT IN (SELECT id FROM articles)")
        db.execute("DELETE FROM articles WHERE id NOT IN (SELECT article_id FROM documents)")
        newest = "SELECT id FROM articles WHERE current_id IS NULL"
        db.execute(f"DELETE FROM articles WHERE current_id NOT IN ({newest})")
        db.execute("DELETE FROM edits WHERE article_id NOT IN (SELECT id FROM articles)")
        rebuild(db.execute)


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
    with closing(Library.of(Database(path))) as library:
        if damage := faults(library):
            raise LibraryDamaged(f"The library is damaged ({'; '.join(damage)}). Run: qa doctor --fix")
        contents = digest(library)
        library.database.settle()
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
