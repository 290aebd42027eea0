"""One SQLite file: connections, transactions, snapshots, and SQLite's errors as ours. The only importer of sqlite3.

A connection belongs to a thread; in WAL mode many processes read while one writes, and writers queue.
"""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from ..errors import LibraryError, SchemaMismatch
from .schema import APPLICATION_ID, SCHEMA, SCHEMA_VERSION

Connection = sqlite3.Connection
Row = sqlite3.Row

BUSY_SECONDS = 60.0  # two ingests queue: the second waits for the first one's transaction, not for all its work

REMEDIES = {
    "SQLITE_FULL": "The disk is full: make room and run the command again; nothing stored before is lost.",
    "SQLITE_READONLY": "It is read-only: check the permissions of the folder.",
    "SQLITE_CANTOPEN": "It cannot be opened: check the permissions of the folder.",
    "SQLITE_BUSY": "Another process is writing: wait for it and run the command again.",
    "SQLITE_NOTADB": "The file is not a Dateline library: name another --library.",
    "SQLITE_CORRUPT": "The file is damaged: restore a backup, or ingest the articles into a new --library.",
}


class Database:
    """The file at ``path``, made with its schema if it is new; or, with None, a database in one thread's memory."""

    def __init__(self, path: Path | None) -> None:
        """Open it. Raises LibraryError, SchemaMismatch."""
        self._path = path
        self._local = threading.local()
        self._connections: list[Connection] = []
        if path is not None:
            try:
                path.parent.mkdir(parents=True, exist_ok=True)
            except OSError as error:
                raise LibraryError(f"The folder {path.parent} cannot be made ({error.strerror}).") from error
        with self._typed():
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
            connection = sqlite3.connect(
                self._path or ":memory:",
                timeout=BUSY_SECONDS,
                isolation_level=None,
                check_same_thread=False,
                cached_statements=256,
            )
            connection.row_factory = sqlite3.Row
            # SQLite's lower() knows ASCII only; outlets are called Österreich Post, too.
            connection.create_function(
                "casefold", 1, lambda text: text.casefold() if text else text, deterministic=True
            )
            connection.execute("PRAGMA synchronous=FULL")
            connection.execute("PRAGMA foreign_keys=ON")
            self._local.connection = connection
            self._connections.append(connection)
        return connection

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

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """One transaction: all or nothing, waiting for another writer."""
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
        db = self.connection
        version, application = self._pragma("user_version"), self._pragma("application_id")
        if version == 0 and application == 0 and not db.execute("SELECT 1 FROM sqlite_master").fetchone():
            db.execute("PRAGMA journal_mode=WAL")
            with self.writing():
                # Somebody may have made it between the look and the lock.
                if self._pragma("user_version") == 0:
                    for statement in SCHEMA:
                        db.execute(statement)
                    db.execute(f"PRAGMA application_id={APPLICATION_ID}")
                    db.execute(f"PRAGMA user_version={SCHEMA_VERSION}")
        elif application != APPLICATION_ID:
            raise SchemaMismatch(f"{self.where} is a database, but not a Dateline library. Name another --library.")
        elif version != SCHEMA_VERSION:
            raise SchemaMismatch(
                f"{self.where} has schema {version}, this Dateline reads schema {SCHEMA_VERSION}. "
                "Use the Dateline version that made it, or ingest the articles into a new --library."
            )

    def _pragma(self, name: str) -> int:
        return int(self.connection.execute(f"PRAGMA {name}").fetchone()[0])

    @contextmanager
    def _typed(self) -> Iterator[None]:
        try:
            yield
        except sqlite3.DatabaseError as error:
            # The name, since 3.11, tells a full disk from a broken file; extended codes ("…_READONLY_DBMOVED") too.
            name = "_".join((getattr(error, "sqlite_errorname", None) or "").split("_")[:2])
            kind = SchemaMismatch if name == "SQLITE_NOTADB" else LibraryError
            raise kind(f"{self.where}: {error}. {REMEDIES.get(name, 'Run: qa doctor')}") from error
