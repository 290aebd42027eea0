"""The SQLite file of a workspace: its schema, transactions and typed errors. The only module here with sqlite3.

A workspace keeps what readers make: conversations and notebooks. It lies beside the library's own file and is never
needed to answer a question. Every use opens its own connection, so threads and processes can share the file; in WAL
mode readers never wait, and writers wait for each other.
"""

from __future__ import annotations

import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path

from ..errors import WorkspaceError
from ..library.database import name_of, use_wal

Connection = sqlite3.Connection
Row = sqlite3.Row

FILE = "workspace.sqlite3"
APPLICATION_ID = 0x44574B31  # "DWK1"
BUSY_SECONDS = 10.0  # how long a writer waits for another one

VERSIONS: tuple[tuple[str, ...], ...] = (
    (
        # -- conversations
        """CREATE TABLE conversations (
            id TEXT PRIMARY KEY,
            title TEXT NOT NULL,
            created TEXT NOT NULL,
            updated TEXT NOT NULL
        ) STRICT""",
        "CREATE INDEX conversations_updated ON conversations (updated)",
        """CREATE TABLE turns (
            key INTEGER PRIMARY KEY,
            id TEXT NOT NULL UNIQUE,
            conversation TEXT NOT NULL REFERENCES conversations (id) ON DELETE CASCADE,
            number INTEGER NOT NULL,
            question TEXT NOT NULL,
            filters TEXT NOT NULL,
            state TEXT NOT NULL CHECK (state IN ('running', 'done', 'stopped', 'failed')),
            answer TEXT,
            error TEXT NOT NULL DEFAULT '',
            asked TEXT NOT NULL,
            UNIQUE (conversation, number)
        ) STRICT""",
        """CREATE VIRTUAL TABLE turn_words USING fts5 (
            question, answer, tokenize = "unicode61 remove_diacritics 2", prefix = '2 3'
        )""",
        "CREATE TRIGGER turns_deleted AFTER DELETE ON turns BEGIN DELETE FROM turn_words WHERE rowid = old.key; END",
    ),
    (
        # -- notebooks; what an entry cites is copied into it, so that it stays as it was kept
        """CREATE TABLE collections (
            id TEXT PRIMARY KEY,
            number INTEGER NOT NULL,
            title TEXT NOT NULL,
            created TEXT NOT NULL,
            used TEXT NOT NULL
        ) STRICT""",
        """CREATE TABLE kept (
            id TEXT PRIMARY KEY,
            collection TEXT NOT NULL REFERENCES collections (id) ON DELETE CASCADE,
            number INTEGER NOT NULL,
            digest TEXT NOT NULL,
            answer TEXT NOT NULL,
            changes TEXT NOT NULL,
            comment TEXT NOT NULL DEFAULT '',
            kept TEXT NOT NULL,
            UNIQUE (collection, digest)
        ) STRICT""",
    ),
    (
        # -- how a reader has rated an answer, and the claims that had arrived when an answer was stopped
        "ALTER TABLE turns ADD COLUMN thumb TEXT NOT NULL DEFAULT ''",
        "ALTER TABLE turns ADD COLUMN commented INTEGER NOT NULL DEFAULT 0",
        "ALTER TABLE turns ADD COLUMN claims TEXT NOT NULL DEFAULT '[]'",
    ),
)
"""The statements that lead from each version of the schema to the next one. The first ones make a new file.

A released version never changes: what comes later is appended as the next one. ``PRAGMA user_version`` counts them.
"""

_REMEDIES = {
    "SQLITE_FULL": "The disk is full. Make room.",
    "SQLITE_READONLY": "Check the permissions of its folder.",
    "SQLITE_CANTOPEN": "Check the permissions of its folder.",
    "SQLITE_BUSY": "Another process is writing. Try again.",
    "SQLITE_NOTADB": "Move the file away; a new one is made.",
    "SQLITE_CORRUPT": "The file is damaged. Move it away; a new one is made.",
    "SQLITE_IOERR": "The disk failed or is full. Check it.",
}


class Store:
    """The workspace file of a library's folder. It is created when something is written for the first time."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / FILE

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """Run a block on one snapshot. A file that does not exist is read as an empty one. Raises WorkspaceError."""
        with self._connection(create=False) as db:
            db.execute("BEGIN")
            yield db

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """Run a block in one write transaction. If the block raises, nothing is stored. Raises WorkspaceError."""
        with self._connection(create=True) as db:
            db.execute("BEGIN IMMEDIATE")
            try:
                yield db
                db.execute("COMMIT")
            except BaseException:
                if db.in_transaction:  # when the disk is full, SQLite may have rolled back already
                    db.execute("ROLLBACK")
                raise

    def filled(self) -> bool:
        """Whether there is a conversation or a collection. Raises WorkspaceError."""
        with self.reading() as db:
            found = db.execute("SELECT EXISTS (SELECT 1 FROM conversations) OR EXISTS (SELECT 1 FROM collections)")
            return bool(found.fetchone()[0])

    def dump(self) -> bytes | None:
        """Return a checked copy of the file as it is at this moment, though others write meanwhile.

        Returns None if it holds nothing. Raises WorkspaceError.
        """
        if not self.filled():
            return None
        with self._typed(), tempfile.TemporaryDirectory(dir=self.path.parent) as scratch:
            copy = Path(scratch) / FILE
            with self._connection(create=False) as db, closing(sqlite3.connect(copy)) as target:
                db.backup(target)
                target.execute("PRAGMA journal_mode=DELETE")  # everything is in the one file
            return self._sound(copy).read_bytes()

    def load(self, dumped: bytes) -> None:
        """Replace everything with what ``dump`` has returned, in one transaction. Raises WorkspaceError.

        Who has the file open sees either the old or the new content.
        """
        with self._typed():
            self.path.parent.mkdir(parents=True, exist_ok=True)
            with tempfile.TemporaryDirectory(dir=self.path.parent) as scratch:
                copy = Path(scratch) / FILE
                copy.write_bytes(dumped)
                with closing(sqlite3.connect(self._sound(copy))) as source:
                    self._check(source)
                    with self._connection(create=True) as db:
                        source.backup(db)
        with self.reading():
            pass  # a file of an older version is migrated

    def set_aside(self) -> Path | None:
        """Copy the file to another name in its folder, and return that name. A damaged file is moved there.

        Returns None if it holds nothing. Raises WorkspaceError.
        """
        target = self.path.with_name(f"workspace-before-restore-{datetime.now(UTC):%Y%m%dT%H%M%S%f}.sqlite3")
        with self._typed():
            try:
                dumped = self.dump()
            except WorkspaceError:
                for end in ("", "-wal", "-shm"):
                    with suppress(FileNotFoundError):
                        self.path.with_name(self.path.name + end).replace(target.with_name(target.name + end))
                return target
            if dumped is None:
                return None
            target.write_bytes(dumped)
        return target

    def _sound(self, file: Path) -> Path:
        """Return a file if SQLite finds no damage in it."""
        with closing(sqlite3.connect(file)) as db:
            if (told := db.execute("PRAGMA quick_check(1)").fetchone()[0]) != "ok":
                raise WorkspaceError(f"{self.path} is damaged ({told}). Move the file away; a new one is made.")
        return file

    def _check(self, db: Connection) -> int:
        """Return the version of a file, 0 for a new one. Raises WorkspaceError if it is none of ours or too new."""
        version = _version(db)
        if _application(db) not in {0, APPLICATION_ID} or (version and not _application(db)):
            raise WorkspaceError(f"{self.path} is no workspace of Dateline. Move the file away; a new one is made.")
        if version > len(VERSIONS):
            raise WorkspaceError(f"{self.path} was written by a newer version of Dateline. Use that version.")
        return version

    @contextmanager
    def _connection(self, *, create: bool) -> Iterator[Connection]:
        with self._typed():
            there = create or self.path.exists()
            if there:
                self.path.parent.mkdir(parents=True, exist_ok=True)
            where = self.path.absolute().as_uri() if there else "file::memory:"
            with closing(sqlite3.connect(where, uri=True, timeout=BUSY_SECONDS, isolation_level=None)) as db:
                db.row_factory = sqlite3.Row
                db.execute("PRAGMA foreign_keys=ON")
                db.execute("PRAGMA secure_delete=ON")  # what a reader deletes is overwritten
                db.execute("PRAGMA synchronous=NORMAL")  # a power cut may lose the last turn and damages nothing
                self._prepare(db)
                yield db

    def _prepare(self, db: Connection) -> None:
        """Create or migrate the tables, in one transaction."""
        if self._check(db) == len(VERSIONS) and _application(db) == APPLICATION_ID:
            return
        use_wal(db, BUSY_SECONDS)
        db.execute("BEGIN IMMEDIATE")
        for statements in VERSIONS[_version(db) :]:  # another process may have done it before we got the lock
            for statement in statements:
                db.execute(statement)
        db.execute(f"PRAGMA application_id={APPLICATION_ID}")
        db.execute(f"PRAGMA user_version={len(VERSIONS)}")
        db.execute("COMMIT")

    @contextmanager
    def _typed(self) -> Iterator[None]:
        try:
            yield
        except sqlite3.DatabaseError as error:
            remedy = _REMEDIES.get(name_of(error), "Move the file away; a new one is made.")
            raise WorkspaceError(f"{self.path} cannot be used ({error}). {remedy}") from error
        except OSError as error:
            raise WorkspaceError(
                f"{self.path} cannot be used ({error.strerror}). Check the permissions of its folder."
            ) from error


def _version(db: Connection) -> int:
    return int(db.execute("PRAGMA user_version").fetchone()[0])


def _application(db: Connection) -> int:
    return int(db.execute("PRAGMA application_id").fetchone()[0])
