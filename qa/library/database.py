"""One SQLite file: connections, transactions, snapshots, and SQLite's errors as ours. The only importer of sqlite3.

A connection belongs to a thread; in WAL mode many processes read while one writes, and writers queue.
"""

from __future__ import annotations

import sqlite3
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path

from ..errors import LibraryDamaged, LibraryError, RowRefused, SchemaMismatch
from .derived import rebuild
from .schema import APPLICATION_ID, MIGRATIONS, SCHEMA, SCHEMA_VERSION

Connection = sqlite3.Connection
Row = sqlite3.Row

BUSY_SECONDS = 60.0  # two ingests queue: the second waits for the first one's transaction, not for all its work

REMEDIES = {
    "SQLITE_FULL": "The disk is full: make room and run the command again; nothing stored before is lost.",
    "SQLITE_READONLY": "It is read-only: check the permissions of the folder.",
    "SQLITE_CANTOPEN": "It cannot be opened: check the permissions of the folder.",
    "SQLITE_BUSY": "Another process is writing: wait for it and run the command again.",
    "SQLITE_NOTADB": "The file is not a Dateline library: name another --library.",
    "SQLITE_CORRUPT": "The file is damaged: put a backup in its place with qa restore --replace, or ingest the "
    "articles into a new --library.",
    "SQLITE_IOERR": "The disk failed or is full: check it and run the command again; nothing stored before is lost.",
}
_BRANCH = (
    "INSERT INTO revisions SELECT CAST(value AS INTEGER), lower(hex(randomblob(8))) FROM meta WHERE key='revision'"
)
_NO_ROOM = {"SQLITE_CANTOPEN", "SQLITE_READONLY", "SQLITE_IOERR", "SQLITE_FULL"}


class Database:
    """The file at ``path``, made with its schema if it is new; or, with None, a database in one thread's memory."""

    def __init__(self, path: Path | None, *, as_it_is: bool = False) -> None:
        """Open it, made if it is new and of the present schema; or ``as_it_is``, whatever its schema: only to copy it.

        Raises LibraryError, SchemaMismatch.
        """
        self._path = path
        self._as_it_is = as_it_is
        self._frozen = False
        self._local = threading.local()
        self._connections: list[Connection] = []
        if path is not None:
            try:
                path.parent.mkdir(parents=True, exist_ok=True)
            except OSError as error:
                raise LibraryError(f"The folder {path.parent} cannot be made ({error.strerror}).") from error
        with self._typed():
            try:
                self._prepare()
            except sqlite3.OperationalError as error:
                if not self._freeze(error):
                    raise
                self._prepare()
        self._inode = path.stat().st_ino if path else 0

    @property
    def where(self) -> str:
        """The database's place, for messages."""
        return "the library in memory" if self._path is None else str(self._path)

    @property
    def connection(self) -> Connection:
        """This thread's connection."""
        connection: Connection | None = getattr(self._local, "connection", None)
        if connection is None:
            # check_same_thread off only so that close() may close what other threads opened.
            # A NUL or a "?" in a path must not become part of a URI: quote() of as_uri() does it.
            address = f"{self._path.absolute().as_uri()}{'?immutable=1' if self._frozen else ''}" if self._path else ""
            connection = sqlite3.connect(
                address or ":memory:",
                uri=bool(address),
                timeout=BUSY_SECONDS,
                isolation_level=None,
                check_same_thread=False,
                cached_statements=256,
            )
            connection.row_factory = sqlite3.Row
            connection.execute("PRAGMA synchronous=FULL")
            connection.execute("PRAGMA foreign_keys=ON")
            self._local.connection = connection
            self._connections.append(connection)
        return connection

    def _freeze(self, error: sqlite3.OperationalError) -> bool:
        """Read the file as it lies, where there is no room or no permission for the files beside it.

        In WAL mode even a reader writes one (``-shm``). A log of unfinished writes cannot be read that way: then the
        error stands, because leaving it out would answer from an older library without saying so.
        """
        log = self._path.with_name(f"{self._path.name}-wal") if self._path else None
        if self._path is None or log is None or _named(error) not in _NO_ROOM or not self._path.is_file():
            return False
        if log.exists() and log.stat().st_size:
            return False
        self.close()
        self._frozen = True
        return True

    @property
    def frozen(self) -> bool:
        """Whether it can only be read: its folder is read-only or full. What others write meanwhile is not seen."""
        return self._frozen

    def still_there(self) -> bool:
        """Whether the file that was opened is still the one at the path."""
        try:
            return self._path is None or self._path.stat().st_ino == self._inode
        except OSError:
            return False

    def query(self, sql: str, values: Sequence[object] = ()) -> list[Row]:
        """All rows of a SELECT. Raises LibraryError, for a damaged page too."""
        with self._typed():
            return self.connection.execute(sql, values).fetchall()

    def rows(self, sql: str) -> Iterator[Row]:
        """The rows of a SELECT one by one, for those too large to hold. Raises LibraryError."""
        with self._typed():
            yield from self.connection.execute(sql)

    def copy_to(self, path: Path, on_progress: Callable[[int, int], None] | None = None) -> None:
        """Copy the database as it is now into a new file; writers go on meanwhile. Raises LibraryError."""
        with self._typed(), closing(sqlite3.connect(path)) as copy, self.reading():
            self._copy(self.connection, copy, on_progress)

    def become(self, path: Path) -> None:
        """Take over the content of another database in one transaction: who reads sees the old or the new one.

        Revisions go on from the higher of the two, so that no cache takes the new content for one it knows.
        """
        with self._typed():
            mine = self._revision()
            with closing(sqlite3.connect(path)) as other:
                other.isolation_level = None
                other.execute("UPDATE meta SET value=max(CAST(value AS INTEGER), ?) + 1 WHERE key='revision'", (mine,))
                other.execute(_BRANCH)
                self._copy(other, self.connection, None)

    def branch(self) -> None:
        """Begin a revision of its own: from here on this library goes another way than the one it was copied from."""
        with self.writing() as db:
            db.execute("UPDATE meta SET value=CAST(value AS INTEGER) + 1 WHERE key='revision'")
            db.execute(_BRANCH)

    def settle(self) -> None:
        """Leave one file and nothing beside it: what a backup is."""
        with self._typed():
            self.connection.execute("PRAGMA journal_mode=DELETE")

    def _revision(self) -> int:
        return int(self.connection.execute("SELECT value FROM meta WHERE key='revision'").fetchone()[0])

    @staticmethod
    def _copy(source: Connection, target: Connection, on_progress: Callable[[int, int], None] | None) -> None:
        # In steps only where somebody watches: a writer in between would make it start again.
        source.backup(
            target,
            pages=2000 if on_progress else -1,
            progress=(lambda _status, left, total: on_progress(total - left, total)) if on_progress else None,
        )

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """One transaction: all or nothing, waiting for another writer."""
        if self._frozen:
            raise LibraryError(
                f"{self.where} can only be read, because its disk is full or read-only. Make room, or check the "
                "permissions of the folder; what is stored can be asked."
            )
        with self._typed():
            self.connection.execute("BEGIN IMMEDIATE")
            try:
                yield self.connection
                self.connection.execute("COMMIT")
            except BaseException:
                # A full disk may already have rolled it back.
                if self.connection.in_transaction:
                    self.connection.execute("ROLLBACK")
                raise

    @contextmanager
    def reading(self) -> Iterator[None]:
        """One snapshot; inside another one, the same."""
        if self.connection.in_transaction:
            yield
            return
        with self._typed():
            self.connection.execute("BEGIN")
            try:
                yield
            finally:
                self.connection.execute("COMMIT")

    def close(self) -> None:
        """Close every thread's connection."""
        for connection in self._connections:
            connection.close()
        self._connections.clear()
        self._local = threading.local()

    def _prepare(self) -> None:
        if not self._as_it_is and self._is_new():
            _use_wal(self.connection)
            with self.writing() as db:
                if self._is_new():  # somebody may have made it between the look and the lock
                    for statement in SCHEMA:
                        db.execute(statement)
                    db.execute(f"PRAGMA application_id={APPLICATION_ID}")
                    db.execute(f"PRAGMA user_version={SCHEMA_VERSION}")
        version, application = self._pragma("user_version"), self._pragma("application_id")
        if application != APPLICATION_ID:
            raise SchemaMismatch(f"{self.where} is a database, but not a Dateline library. Name another --library.")
        if version > SCHEMA_VERSION:
            raise SchemaMismatch(
                f"{self.where} has schema {version}, this Dateline reads up to schema {SCHEMA_VERSION}. "
                "Use the Dateline version that made it, or a newer one."
            )
        if version < SCHEMA_VERSION and not self._as_it_is:
            self._migrate()

    def _is_new(self) -> bool:
        """Whether nobody has made anything of it yet."""
        if self._pragma("user_version") or self._pragma("application_id"):
            return False
        return not self.connection.execute("SELECT 1 FROM sqlite_master").fetchone()

    def _migrate(self) -> None:
        """Bring an older library up to date, in one transaction: killed half-way it is the old one still."""
        with self.writing() as db:
            # Another process may have done it between the look and the lock.
            for version in range(self._pragma("user_version"), SCHEMA_VERSION):
                if version not in MIGRATIONS:
                    raise SchemaMismatch(f"{self.where} has schema {version}, which no Dateline ever wrote.")
                for statement in MIGRATIONS[version]:
                    db.execute(statement)
                db.execute(f"PRAGMA user_version={version + 1}")
                if version + 1 == SCHEMA_VERSION:
                    rebuild(db.execute)

    def _pragma(self, name: str) -> int:
        return int(self.connection.execute(f"PRAGMA {name}").fetchone()[0])

    @contextmanager
    def _typed(self) -> Iterator[None]:
        try:
            yield
        except sqlite3.DatabaseError as error:
            name = _named(error)
            refused = isinstance(error, sqlite3.IntegrityError | sqlite3.DataError)
            kinds = {"SQLITE_NOTADB": SchemaMismatch, "SQLITE_CORRUPT": LibraryDamaged}
            kind = kinds.get(name, RowRefused if refused else LibraryError)
            raise kind(f"{self.where}: {error}. {REMEDIES.get(name, 'Run: qa doctor')}") from error


def _use_wal(db: Connection) -> None:
    """Switch a new file to WAL. Where two do so at once, SQLite refuses one of them without waiting: ask again."""
    last = time.monotonic() + BUSY_SECONDS
    while True:
        try:
            db.execute("PRAGMA journal_mode=WAL")
            return
        except sqlite3.OperationalError as error:
            if _named(error) != "SQLITE_BUSY" or time.monotonic() > last:
                raise
            time.sleep(0.01)


def _named(error: sqlite3.Error) -> str:
    """SQLite's name for it, without the extended part ("SQLITE_READONLY_DBMOVED"): tells a full disk from a damage."""
    return "_".join((getattr(error, "sqlite_errorname", None) or "").split("_")[:2])
