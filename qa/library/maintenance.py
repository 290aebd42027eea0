"""Care for a library's file: backup, restore, what is wrong with it, and its contents' digest."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path

from ..errors import LibraryDamaged, LibraryError, SchemaMismatch
from .database import Database
from .derived import rebuild
from .disk import fsync
from .library import FILE, Library

Progress = Callable[[int, int], None]
"""Called with pages copied and pages in all."""

_BESIDE = ("-wal", "-shm", "-journal")


def backup(library: Library, target: Path, on_progress: Progress | None = None) -> str:
    """Copy the library as it is now into one SQLite file, while others read and write it; returns its digest.

    The file appears under its name only when it is complete and on the disk. Raises LibraryError.
    """
    if target.exists():
        raise LibraryError(f"{target} is there already, and a backup overwrites nothing. Name another file.")
    with _complete(target) as partial:
        library.database.copy_to(partial, on_progress)
        return _sound(partial)


def restore(source: Path, folder: Path, *, replace: bool, on_progress: Progress | None = None) -> Path | None:
    """Make the backup ``source`` the library in ``folder``; returns where the library that was there is kept now.

    Processes that have the library open see the restored one with their next question. The caller holds the ingest
    lock. Raises LibraryError: not a backup, damaged, or there is a library and ``replace`` is not said.
    """
    if not source.is_file():
        raise LibraryError(f"There is no backup {source}.")
    there, kept = folder / FILE, None
    if there.exists() and not replace and not _is_empty(folder):
        raise LibraryError(f"There is a library in {folder}. Say --replace to put the backup in its place; it is kept.")
    _make(folder)
    with _complete(folder / "restoring.sqlite3") as partial:
        # Of the backup, only a copy is opened: an older schema is brought up to date in the copy.
        with closing(Database(source, as_it_is=True)) as given:
            given.copy_to(partial, on_progress)
        _sound(partial)
    copied = folder / "restoring.sqlite3"
    try:
        if there.exists():
            kept = folder / f"before-restore-{datetime.now(UTC):%Y%m%dT%H%M%S%f}.sqlite3"
            try:
                with closing(Library(folder)) as live:
                    backup(live, kept)
                    live.database.become(copied)
                return kept
            except (LibraryDamaged, SchemaMismatch):
                # What restores are for: it is put aside as it is.
                kept.unlink(missing_ok=True)
                _put_aside(there, kept)
        else:
            _put_aside(there, folder / "before-restore.sqlite3")  # a log without its file must not meet another one
        copied.replace(there)
        fsync(folder)
        with closing(Database(there)) as live:
            live.branch()
        return kept
    except OSError as error:
        raise LibraryError(f"{there} cannot be replaced ({error.strerror}). Check the folder's permissions.") from error
    finally:
        copied.unlink(missing_ok=True)


def digest(library: Library) -> str:
    """SHA-256 over all that counts (articles, offsets, chunks, vectors) and nothing that history leaves behind.

    Row ids and revisions are left out: libraries filled in another order, or after a kill, have equal digests.
    """
    running = hashlib.sha256()
    tables = (
        "SELECT * FROM articles ORDER BY id",
        "SELECT * FROM documents ORDER BY article_id",
        "SELECT * FROM sentences ORDER BY article_id, idx",
        "SELECT * FROM said ORDER BY article_id, sentence, speaker",
        "SELECT article_id, idx, first, last, tokens, text, vector FROM chunks ORDER BY article_id, idx",
        "SELECT c.article_id, c.idx, f.text FROM chunks_fts f JOIN chunks c ON c.id = f.rowid"
        " ORDER BY c.article_id, c.idx",
        "SELECT key, value FROM meta WHERE key <> 'revision' ORDER BY key",
    )
    with library.reading():
        for sql in tables:
            for row in library.database.rows(sql):
                for value in row:
                    piece = value if isinstance(value, bytes) else repr(value).encode()
                    running.update(len(piece).to_bytes(8, "big") + piece)
    return running.hexdigest()


def faults(library: Library) -> list[str]:
    """What is wrong with the file, in words; nothing for a sound library. Raises LibraryError if it cannot be read."""
    query = library.database.query
    found = [f"SQLite: {row[0]}" for row in query("PRAGMA quick_check(5)") if row[0] != "ok"]
    if found:
        return found  # what a broken file tells of its rows means nothing
    checks = {
        "rows hang on an article that is gone": "SELECT count(*) FROM pragma_foreign_key_check",
        "chunks are missing in the full-text index": "SELECT count(*) FROM chunks WHERE id NOT IN"
        " (SELECT id FROM chunks_fts_docsize)",
        "entries of the full-text index belong to no chunk": "SELECT count(*) FROM chunks_fts_docsize WHERE id NOT IN"
        " (SELECT id FROM chunks)",
        "vectors have another length": "SELECT count(*) FROM chunks WHERE length(vector) <>"
        " 4 * (SELECT CAST(value AS INTEGER) FROM meta WHERE key='dimension')",
        "speakers speak in no sentence": "SELECT count(*) FROM said LEFT JOIN sentences s"
        " ON s.article_id = said.article_id AND s.idx = said.sentence WHERE s.idx IS NULL",
        "articles have no text": "SELECT count(*) FROM articles WHERE id NOT IN (SELECT article_id FROM documents)",
        "sentences lie outside their article": "SELECT count(*) FROM sentences s JOIN documents d"
        " ON d.article_id = s.article_id WHERE s.start < 0 OR s.end <= s.start OR s.end > length(d.text)",
    }
    counts = {what: int(query(sql)[0][0]) for what, sql in checks.items()}
    return [f"{count} {what}" for what, count in counts.items() if count]


def repair(library: Library) -> None:
    """Make anew what follows from articles and chunks (full-text index, speakers); drop rows that hang on nothing."""
    with library.database.writing() as db:
        db.execute("DELETE FROM sentences WHERE article_id NOT IN (SELECT id FROM articles)")
        db.execute("DELETE FROM chunks WHERE article_id NOT IN (SELECT id FROM articles)")
        db.execute("DELETE FROM articles WHERE id NOT IN (SELECT article_id FROM documents)")
        rebuild(db.execute)


@contextmanager
def _complete(target: Path) -> Iterator[Path]:
    """A partial file that becomes ``target`` when all went well, and leaves nothing otherwise."""
    partial = target.with_name(f"{target.name}.partial")
    try:
        _make(target.parent)
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
    """The digest of the library in a file. Raises LibraryError if it is damaged."""
    with closing(Library.of(Database(path))) as library:
        if wrong := faults(library):
            raise LibraryDamaged(f"The library is damaged ({'; '.join(wrong)}). Run: qa doctor --fix")
        found = digest(library)
        library.database.settle()
    return found


def _is_empty(folder: Path) -> bool:
    with closing(Library(folder)) as library:
        return not library.versions()


def _put_aside(file: Path, kept: Path) -> None:
    for end in ("", *_BESIDE):
        with suppress(FileNotFoundError):
            file.with_name(file.name + end).replace(kept.with_name(kept.name + end))


def _make(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise LibraryError(f"The folder {folder} cannot be made ({error.strerror}).") from error
