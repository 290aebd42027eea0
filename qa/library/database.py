"""One SQLite file: connections, transactions, snapshots and typed errors. The only module that imports sqlite3.

Each thread has its own connection. In WAL mode, many processes can read while one writes; writers wait for each other.
"""

from __future__ import annotations

import json
import secrets
import sqlite3
import threading
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing, contextmanager
from itertools import chain
from pathlib import Path

from ..english.document import VERSION
from ..errors import LibraryDamaged, LibraryError, RowRefused, SchemaMismatch
from .derived import STORED_LAYERS, rebuild
from .engine import CHUNK, Progress
from .fts5 import FTS5
from .schema import APPLICATION_ID, DERIVED, MIGRATIONS, SCHEMA, SCHEMA_VERSION

Connection = sqlite3.Connection
Row = sqlite3.Row

BUSY_SECONDS = 60.0  # how long a writer waits for another writer's transaction (not for its whole ingest)

REMEDIES = {
    "SQLITE_FULL": "The disk is full. Make room and run the command again; nothing stored before is lost.",
    "SQLITE_READONLY": "The library is read-only. Check the permissions of its folder.",
    "SQLITE_CANTOPEN": "The library cannot be opened. Check the permissions of its folder.",
    "SQLITE_BUSY": "Another process is writing. Wait until it has finished and run the command again.",
    "SQLITE_NOTADB": "The file is not a Dateline library. Name another --library.",
    "SQLITE_CORRUPT": "The file is damaged. Replace it with a backup (qa restore --replace), or ingest the articles "
    "into a new --library.",
    "SQLITE_IOERR": "The disk failed or is full. Check it and run the command again; nothing stored before is lost.",
}
_BRANCH = "INSERT INTO revisions SELECT CAST(value AS INTEGER), ? FROM meta WHERE key='revision'"
_NO_ROOM = {"SQLITE_CANTOPEN", "SQLITE_READONLY", "SQLITE_IOERR", "SQLITE_FULL"}


def new_token() -> str:
    """Return a random token, by which revisions of different libraries are told apart."""
    return secrets.token_hex(8)


class Database:
    """The SQLite database at ``path``; with ``path=None``, a database in memory that only one thread can use.

    It is an ``engine.Engine``.
    """

    one_of = "IN (SELECT value FROM json_each(?))"
    jobs = None  # writers hold the lock of the folder during their whole ingest

    def __init__(self, path: Path | None, *, as_it_is: bool = False) -> None:
        """Open the database. A new file is created with the current schema; an older schema is migrated.

        Args:
            path: the file; missing folders are created. None keeps the database in memory.
            as_it_is: leave the file as it is, whatever its schema. Such a database may only be copied.

        Raises:
            SchemaMismatch: the file is no Dateline library, or a newer version wrote it.
            LibraryError: the file or its folder cannot be used.
        """
        self.full_text = FTS5(self)
        self._path = path
        self._as_it_is = as_it_is
        self._frozen = False
        self._local = threading.local()
        self._connections: list[Connection] = []
        if path is not None:
            try:
                path.parent.mkdir(parents=True, exist_ok=True)
            except OSError as error:
                raise LibraryError(
                    f"The folder {path.parent} cannot be created ({error.strerror}). Check the disk and the "
                    "permissions, or name another --library."
                ) from error
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
        """Where the database is, for messages."""
        return "the library in memory" if self._path is None else str(self._path)

    @property
    def connection(self) -> Connection:
        """This thread's connection."""
        connection: Connection | None = getattr(self._local, "connection", None)
        if connection is None:
            # check_same_thread is off only so that close() can close the connections of other threads.
            # as_uri() quotes the path, so that a NUL or a "?" in it does not become part of the URI.
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
        """Switch to reading the file as immutable if its folder is full or read-only. Return whether we switched.

        In WAL mode even a reader writes a file (``-shm``) beside the database. An immutable database ignores the WAL
        file. If that file still holds writes, we do not switch, because answers would silently use an older state.
        """
        log = self._path.with_name(f"{self._path.name}-wal") if self._path else None
        if self._path is None or log is None or name_of(error) not in _NO_ROOM or not self._path.is_file():
            return False
        if log.exists() and log.stat().st_size:
            return False
        self.close()
        self._frozen = True
        return True

    @property
    def frozen(self) -> bool:
        """Whether the database can only be read, because its folder is read-only or full.

        A frozen database does not show what other processes write after it was opened.
        """
        return self._frozen

    def still_there(self) -> bool:
        """Whether the path still leads to the file that was opened. False if it was deleted or replaced."""
        try:
            return self._path is None or self._path.stat().st_ino == self._inode
        except OSError:
            return False

    def query(self, sql: str, values: Sequence[object] = ()) -> list[Row]:
        """Return all rows of a SELECT. Raises LibraryError, also for a damaged page."""
        with self._typed():
            return self.connection.execute(sql, values).fetchall()

    def rows(self, sql: str) -> Iterator[Row]:
        """Yield the rows of a SELECT one by one, for results that are too large for memory. Raises LibraryError."""
        with self._typed():
            yield from self.connection.execute(sql)

    def execute(self, sql: str, values: Sequence[object] = ()) -> None:
        """Run a statement, inside ``writing``."""
        self.connection.execute(sql, values)

    def insert(self, table: str, rows: Iterable[Sequence[object]], columns: Sequence[str] = ()) -> None:
        """Insert rows, inside ``writing``; see ``engine.Engine``."""
        rest = iter(rows)
        first = next(rest, None)
        if first is not None:
            into = f"{table} ({', '.join(columns)})" if columns else table
            sql = f"INSERT INTO {into} VALUES ({','.join('?' * len(first))})"
            self.connection.executemany(sql, chain([first], rest))

    insert_all = insert

    def insert_chunks(self, rows: Sequence[Sequence[object]]) -> list[int]:
        """Insert chunks, inside ``writing``, and return their new ids; see ``engine.Engine``."""
        # Ids are never used twice, so they go on from the highest that has been used, as AUTOINCREMENT goes on.
        used = self.connection.execute("SELECT seq FROM sqlite_sequence WHERE name='chunks'").fetchone()
        ids = range(used[0] + 1 if used else 1, (used[0] if used else 0) + len(rows) + 1)
        self.insert("chunks", ((i, *row) for i, row in zip(ids, rows, strict=True)), ("id", *CHUNK))
        return list(ids)

    def listed(self, values: Iterable[object]) -> str:
        """Return values as the one value of ``one_of``."""
        return json.dumps(list(values))

    def defer_foreign_keys(self) -> None:
        """Check foreign keys at the commit of the transaction, not before."""
        self.connection.execute("PRAGMA defer_foreign_keys=ON")

    def builds(self, server: str) -> None:
        """Return None: which build is sound is kept in the folder of the library."""

    def damage(self) -> list[str]:
        """Return what is wrong with the file itself, one phrase for each fault."""
        return [f"SQLite: {row[0]}" for row in self.query("PRAGMA quick_check(5)") if row[0] != "ok"]

    def faults(self) -> dict[str, str]:
        """Return checks that only this database needs; see ``engine.Engine``."""
        lacking = " OR ".join(f"json_type(layers, '$.{layer}') IS NOT 'array'" for layer in STORED_LAYERS)
        return {
            "rows without an article": "SELECT count(*) FROM pragma_foreign_key_check",
            "articles whose parsed layers are unreadable": "SELECT count(*) FROM documents WHERE"
            " CASE WHEN json_valid(layers) AND json_valid(faults) THEN"
            f" json_type(faults) <> 'object' OR (parser = {VERSION} AND ({lacking})) ELSE 1 END",
        }

    def copy_to(self, path: Path, on_progress: Progress | None = None) -> None:
        """Copy a snapshot of the database into a new file. Others can write meanwhile. Raises LibraryError.

        ``on_progress`` is called with the number of pages copied and the number of all pages.
        """
        with self._typed(), closing(sqlite3.connect(path)) as copy, self.reading():
            self._copy(self.connection, copy, on_progress)

    def become(self, path: Path) -> None:
        """Replace the content with that of the database at ``path``, in one transaction.

        Readers see either the old or the new content. The new revision is higher than that of both databases, so that
        no cache mistakes the new content for something it knows. Raises LibraryError.
        """
        with self._typed():
            mine = self._revision()
            with closing(sqlite3.connect(path)) as other:
                other.isolation_level = None
                other.execute("UPDATE meta SET value=max(CAST(value AS INTEGER), ?) + 1 WHERE key='revision'", (mine,))
                other.execute(_BRANCH, (new_token(),))
                self._copy(other, self.connection, None)

    def branch(self) -> None:
        """Start a new revision, so that a copied library can be told apart from the one it was copied from."""
        with self.writing() as db:
            db.execute("UPDATE meta SET value=CAST(value AS INTEGER) + 1 WHERE key='revision'")
            db.execute(_BRANCH, (new_token(),))

    def settle(self) -> None:
        """Move everything into the one database file and remove the WAL files beside it, as a backup needs it."""
        with self._typed():
            self.connection.execute("PRAGMA journal_mode=DELETE")

    def _revision(self) -> int:
        return int(self.connection.execute("SELECT value FROM meta WHERE key='revision'").fetchone()[0])

    @staticmethod
    def _copy(source: Connection, target: Connection, on_progress: Progress | None) -> None:
        # Copy in steps only to report progress: if another process writes between two steps, SQLite starts over.
        source.backup(
            target,
            pages=2000 if on_progress else -1,
            progress=(lambda _status, left, total: on_progress(total - left, total)) if on_progress else None,
        )

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """Run a block in one write transaction. If the block raises, nothing is stored.

        Waits up to BUSY_SECONDS for another writer. Raises LibraryError, RowRefused.
        """
        if self._frozen:
            raise LibraryError(
                f"{self.where} can only be read, because its disk is full or read-only. Make room, or check the "
                "permissions of its folder. You can still ask questions about what is stored."
            )
        with self._typed():
            self.connection.execute("BEGIN IMMEDIATE")
            try:
                yield self.connection
                self.connection.execute("COMMIT")
            except BaseException:
                # When the disk is full, SQLite may have rolled back already.
                if self.connection.in_transaction:
                    self.connection.execute("ROLLBACK")
                raise

    @contextmanager
    def reading(self) -> Iterator[None]:
        """Run a block on one snapshot of the database. A nested call uses the outer snapshot."""
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
        """Close the connections of all threads."""
        for connection in self._connections:
            connection.close()
        self._connections.clear()
        self._local = threading.local()

    def discard(self) -> bool:
        """Remove the file if nothing was ever stored in it. The caller must hold the ingest lock."""
        if self._path is None or self._frozen or self._revision():
            return False
        self.close()
        for end in ("", "-wal", "-shm"):
            self._path.with_name(self._path.name + end).unlink(missing_ok=True)
        return True

    def _prepare(self) -> None:
        if not self._as_it_is and self._is_new():
            use_wal(self.connection, BUSY_SECONDS)
            with self.writing() as db:
                if self._is_new():  # another process may have created the tables before we got the lock
                    for statement in SCHEMA:
                        db.execute(statement)
                    db.execute(f"PRAGMA application_id={APPLICATION_ID}")
                    db.execute(f"PRAGMA user_version={SCHEMA_VERSION}")
        version, application = self._pragma("user_version"), self._pragma("application_id")
        if application != APPLICATION_ID:
            raise SchemaMismatch(f"{self.where} is a database, but not a Dateline library. Name another --library.")
        if version > SCHEMA_VERSION:
            raise SchemaMismatch(
                f"{self.where} has schema {version}, but this version of Dateline only reads schemas up to "
                f"{SCHEMA_VERSION}. Use the Dateline version that created the library, or a newer one."
            )
        if version < SCHEMA_VERSION and not self._as_it_is:
            self._migrate()

    def _is_new(self) -> bool:
        """Whether the file is empty: no tables, no version."""
        if self._pragma("user_version") or self._pragma("application_id"):
            return False
        return not self.connection.execute("SELECT 1 FROM sqlite_master").fetchone()

    def _migrate(self) -> None:
        """Migrate an older library to the current schema, in one transaction. If it is killed, nothing has changed."""
        with self.writing() as db:
            # Another process may have migrated it before we got the lock.
            before = self._pragma("user_version")
            for version in range(before, SCHEMA_VERSION):
                if version not in MIGRATIONS:
                    raise SchemaMismatch(
                        f"{self.where} has schema {version}, which no version of Dateline has written. "
                        "Name another --library."
                    )
                for statement in MIGRATIONS[version]:
                    db.execute(statement)
                db.execute(f"PRAGMA user_version={version + 1}")
            if before < DERIVED:
                rebuild(self)

    def _pragma(self, name: str) -> int:
        return int(self.connection.execute(f"PRAGMA {name}").fetchone()[0])

    @contextmanager
    def _typed(self) -> Iterator[None]:
        try:
            yield
        except sqlite3.DatabaseError as error:
            name = name_of(error)
            refused = isinstance(error, sqlite3.IntegrityError | sqlite3.DataError)
            kinds = {"SQLITE_NOTADB": SchemaMismatch, "SQLITE_CORRUPT": LibraryDamaged}
            kind = kinds.get(name, RowRefused if refused else LibraryError)
            raise kind(f"{self.where}: {error}. {REMEDIES.get(name, 'Run: qa doctor')}") from error


def use_wal(db: Connection, seconds: float) -> None:
    """Switch a new file to WAL mode. If two processes do so at once, SQLite refuses one without waiting, so retry."""
    deadline = time.monotonic() + seconds
    while True:
        try:
            db.execute("PRAGMA journal_mode=WAL")
            return
        except sqlite3.OperationalError as error:
            if name_of(error) != "SQLITE_BUSY" or time.monotonic() > deadline:
                raise
            time.sleep(0.01)


def name_of(error: sqlite3.Error) -> str:
    """Return SQLite's name of an error without its extended part: "SQLITE_READONLY" for "SQLITE_READONLY_DBMOVED"."""
    return "_".join((getattr(error, "sqlite_errorname", None) or "").split("_")[:2])
