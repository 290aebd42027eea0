"""A library in PostgreSQL: pooled connections, transactions, snapshots and typed errors. Only here psycopg is imported.

All tables are in one schema of the database. Every process keeps one pool of connections to each database. A thread has
a connection of its own only inside ``reading`` and ``writing``.

Messages name the server and the database, never a user, a password or what the server said: libpq repeats parts of the
address in some of its errors.
"""

from __future__ import annotations

import atexit
import logging
import os
import threading
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from functools import lru_cache
from pathlib import Path
from typing import Any, LiteralString

try:
    import psycopg
    from psycopg import errors, sql
    from psycopg.types.string import TextBinaryLoader, TextLoader
    from psycopg_pool import ConnectionPool, PoolClosed, PoolTimeout
except ImportError as error:
    from ..errors import SettingsError

    raise SettingsError('A shared library needs the extra "postgres": pip install "dateline-qa[postgres]"') from error

from ..english.document import VERSION
from ..errors import IndexFault, LibraryDamaged, LibraryError, RowRefused, SchemaMismatch
from ..settings import SharedLibrary, without_credentials
from .copying import copy_tables
from .database import Database, new_token
from .derived import STORED_LAYERS, rebuild
from .engine import CHUNK, Progress, Row
from .postings import Counted, Postings
from .schema import DERIVED, POSTGRES, POSTGRES_MIGRATIONS, SCHEMA_VERSION

log = logging.getLogger(__name__)

BUSY_SECONDS = 60  # how long a writer waits for another writer's transaction (not for its whole ingest)
CONNECT_SECONDS = 10
CONNECTIONS = 32  # of one process: the most questions and writers at once
SINGLY = 4  # up to so many rows are inserted one by one; more are sent as one stream
FETCHED = 500  # rows of a large result that are fetched at once

# Plans are made for the values of each query, because some filters pass one article and others nearly all. Compiling a
# query takes longer than our queries run. What a client that died has begun is rolled back within seconds.
_SESSION = (
    "plan_cache_mode=force_custom_plan",
    "jit=off",
    "client_connection_check_interval=5000",
    "tcp_keepalives_idle=30",
    "tcp_keepalives_interval=10",
    "tcp_keepalives_count=3",
)
_REFUSED = (errors.DataError, errors.IntegrityError, errors.ProgramLimitExceeded)
_REMEDIES: tuple[tuple[tuple[type[psycopg.Error], ...], str], ...] = (
    ((errors.DiskFull,), "The server's disk is full. Make room there and run the command again; nothing is lost."),
    (
        (errors.LockNotAvailable, errors.DeadlockDetected, errors.SerializationFailure),
        "Another process is writing. Run the command again when it has finished.",
    ),
    ((errors.InsufficientPrivilege,), "The database user may not do this. Grant the user the rights on the schema."),
    ((errors.ReadOnlySqlTransaction,), "The server can only be read, as a replica can. Name the primary server."),
    ((errors.TooManyConnections,), "The server has no connection left. Run fewer processes, or raise max_connections."),
    (
        (errors.InvalidAuthorizationSpecification, errors.InvalidPassword),
        "The server refuses the user or the password. Correct QA_LIBRARY, or PGUSER and PGPASSWORD.",
    ),
    ((errors.InvalidCatalogName,), "There is no such database on the server. Create it with: createdb"),
    ((errors.UndefinedTable, errors.UndefinedColumn), "Its tables are not those of a library. Name another schema."),
)


class PostgresRow:
    """A row of a result; see ``engine.Row``."""

    __slots__ = ("_places", "_values")

    def __init__(self, values: Sequence[Any], places: dict[str, int]) -> None:
        self._values, self._places = values, places

    def __getitem__(self, key: int | str, /) -> Any:
        return self._values[key if isinstance(key, int) else self._places[key]]

    def __iter__(self) -> Iterator[Any]:
        return iter(self._values)


def _row_factory(cursor: psycopg.Cursor[Any]) -> Any:
    places = {column.name: place for place, column in enumerate(cursor.description or ())}
    return lambda values: PostgresRow(values, places)


Connection = psycopg.Connection[PostgresRow]

_pools: dict[tuple[int, str, str], ConnectionPool[Connection]] = {}
_opening = threading.Lock()


class Postgres:
    """The schema of a PostgreSQL database that holds a library. It is an ``engine.Engine``."""

    one_of = "= ANY(?)"

    def __init__(self, place: SharedLibrary, *, create: bool = False) -> None:
        """Open the library. With ``create``, schema and tables are created if they do not exist.

        Raises:
            SchemaMismatch: another version wrote the library.
            LibraryError: there is no library, or the database cannot be used.
        """
        self.place = place
        self.full_text = Postings(self)
        self.jobs = PostgresJobs(self)
        self._local = threading.local()
        self._frozen = False
        with self._typed():
            self._pool = _pool(place)
        self._prepare(create)

    @property
    def where(self) -> str:
        """Where the database is, for messages, without user and password."""
        return str(self.place)

    @property
    def frozen(self) -> bool:
        """Whether the server can only be read, as a replica can."""
        return self._frozen

    def still_there(self) -> bool:
        """Whether the library has not been deleted."""
        return self._version() is not None

    @property
    def counted(self) -> Counted:
        """What the transaction of this thread has changed in the numbers of words."""
        counted: Counted = self._local.counted
        return counted

    def query(self, sql: str, values: Sequence[object] = ()) -> list[Row]:
        """Return all rows of a SELECT."""
        with self._typed(), self._connected() as connection:
            return list(connection.execute(_translated(sql), values, binary=True).fetchall())

    def rows(self, sql: str) -> Iterator[Row]:
        """Yield the rows of a SELECT one by one, for results that are too large for memory."""
        with self.reading(), self._typed(), self._connected() as connection:
            name = f"rows_{new_token()}"
            with connection.cursor(name) as cursor:
                cursor.itersize = FETCHED
                yield from cursor.execute(_translated(sql), binary=True)

    def execute(self, sql: str, values: Sequence[object] = ()) -> None:
        """Run a statement, inside ``writing``."""
        with self._typed():
            self._connection.execute(_translated(sql), values)

    def insert(self, table: str, rows: Iterable[Sequence[object]], columns: Sequence[str] = ()) -> None:
        """Insert rows, inside ``writing``; see ``engine.Engine``."""
        chosen = list(rows)
        names = f"{table} ({', '.join(columns)})" if columns else table
        with self._typed():
            if len(chosen) <= SINGLY:
                for row in chosen:
                    self._connection.execute(f"INSERT INTO {names} VALUES ({','.join(['%s'] * len(row))})", row)
                return
            self._stream(names, chosen)

    def _stream(self, names: str, rows: Iterable[Sequence[object]]) -> None:
        with self._connection.cursor() as cursor, cursor.copy(f"COPY {names} FROM STDIN") as stream:
            for row in rows:
                stream.write_row(row)

    def insert_chunks(self, rows: Sequence[Sequence[object]]) -> list[int]:
        """Insert chunks, inside ``writing``, and return their new ids; see ``engine.Engine``."""
        if not rows:
            return []
        sequence = "pg_get_serial_sequence('chunks', 'id')"
        ids = [row[0] for row in self.query(f"SELECT nextval({sequence}) FROM generate_series(1, ?)", (len(rows),))]
        self.insert("chunks", [(i, *row) for i, row in zip(ids, rows, strict=True)], ("id", *CHUNK))
        return ids

    def insert_all(self, table: str, rows: Iterable[Sequence[object]], columns: Sequence[str]) -> None:
        """Insert rows with their ids, inside ``writing``, when a library is copied."""
        with self._typed():
            self._stream(f"{table} ({', '.join(columns)})", rows)
            if table == "chunks":
                self._connection.execute(
                    "SELECT setval(pg_get_serial_sequence('chunks', 'id'), greatest(max(id), 1)) FROM chunks"
                )

    def listed(self, values: Iterable[object]) -> list[object]:
        """Return values as the one value of ``one_of``."""
        return list(values)

    @contextmanager
    def writing(self) -> Iterator[None]:
        """Run a block in one write transaction. If the block raises, nothing is stored.

        Waits up to BUSY_SECONDS for another writer, whatever its machine. Raises LibraryError, RowRefused.
        """
        if self._frozen:
            raise LibraryError(
                f"{self.where} can only be read, because the server is a replica. Name the primary server to write."
            )
        with self._typed(), self._own_connection() as connection:
            connection.execute("BEGIN")
            self._local.counted = Counted()
            try:
                connection.execute(f"SET LOCAL lock_timeout = '{BUSY_SECONDS}s'")
                # Writers wait for each other here, so revisions become visible in their order.
                connection.execute("SELECT value FROM meta WHERE key = 'revision' FOR UPDATE")
                yield
                self.full_text.write_counts(self._local.counted)
                connection.execute("COMMIT")
            except BaseException:
                with suppress(psycopg.Error):  # the connection may be lost, and the server rolls back then
                    connection.execute("ROLLBACK")
                raise

    @contextmanager
    def reading(self) -> Iterator[None]:
        """Run a block on one snapshot of the database. A nested call uses the outer snapshot."""
        if getattr(self._local, "connection", None) is not None:
            yield
            return
        with self._typed(), self._own_connection() as connection:
            connection.execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
            try:
                yield
            finally:
                with suppress(psycopg.OperationalError):  # a lost connection is noticed by the next query
                    connection.execute("ROLLBACK")

    def defer_foreign_keys(self) -> None:
        """Check foreign keys at the commit of the transaction, not before."""
        self.execute("SET CONSTRAINTS ALL DEFERRED")

    def copy_to(self, path: Path, on_progress: Progress | None = None) -> None:
        """Copy a snapshot of the library into a new SQLite file. Others can write meanwhile."""
        with closing(Database(path)) as target:
            copy_tables(self, target, on_progress)

    def branch(self) -> None:
        """Start a new revision, so that a copied library can be told apart from the one it was copied from."""
        with self.writing():
            self.execute("UPDATE meta SET value = (value::bigint + 1)::text WHERE key = 'revision'")
            self.execute(
                "INSERT INTO revisions SELECT value::bigint, ? FROM meta WHERE key = 'revision'", (new_token(),)
            )

    def builds(self, server: str) -> PostgresBuilds:
        """Return which builds on a Chroma server are sound. All machines share that."""
        return PostgresBuilds(self, server)

    def damage(self) -> list[str]:
        """Return nothing: the server checks its own files (see its log, and pg_amcheck)."""
        return []

    def faults(self) -> dict[str, str]:
        """Return checks that only this database needs; see ``engine.Engine``."""
        lacking = " OR ".join(f"json_typeof(layers -> '{name}') IS DISTINCT FROM 'array'" for name in STORED_LAYERS)
        return {
            "articles whose parsed layers are unreadable": "SELECT count(*) FROM documents WHERE"
            f" json_typeof(faults) <> 'object' OR (parser = {VERSION} AND ({lacking}))"
        }

    def close(self) -> None:
        """Give back what this thread holds. The pool stays open for the next library, until the process ends."""

    def discard(self) -> bool:
        """Remove nothing, and return False: another process may be about to store something. The tables stay."""
        return False

    # -- connections and tables ------------------------------------------------------------------------------------

    @property
    def _connection(self) -> Connection:
        connection: Connection | None = getattr(self._local, "connection", None)
        assert connection is not None, "this runs inside writing()"
        return connection

    @contextmanager
    def connected(self) -> Iterator[Connection]:
        """Run a block with a connection that nothing else uses. Raises LibraryError for errors of the server."""
        with self._typed(), self._pool.connection() as connection:
            yield connection

    @contextmanager
    def _connected(self) -> Iterator[Connection]:
        held: Connection | None = getattr(self._local, "connection", None)
        if held is not None:
            yield held
            return
        with self._pool.connection() as connection:
            yield connection

    @contextmanager
    def _own_connection(self) -> Iterator[Connection]:
        with self._pool.connection() as connection:
            self._local.connection = connection
            try:
                yield connection
            finally:
                self._local.connection = None

    def _version(self) -> int | None:
        """Return the schema's version. None if there is no library."""
        with self._typed(), self._pool.connection() as connection:
            self._frozen = bool(_one(connection.execute("SELECT pg_is_in_recovery()")))
            if not _has_tables(connection, self.place):
                return None
            return int(_one(connection.execute("SELECT schema FROM about")))

    def _prepare(self, create: bool) -> None:
        version = self._version()
        if version is None and not create:
            raise LibraryError(f"There is no library at {self.where}. Create one with: qa ingest <articles>")
        if version is None or version < SCHEMA_VERSION:
            with self._typed(), self._own_connection() as connection, connection.transaction():
                self._local.counted = Counted()
                # Several processes may create or migrate the library at once: one does, the others wait.
                lock = f"dateline {self.place.schema_name}"
                connection.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", (lock,))
                version = self._create(connection) if version is None else self._migrate(connection)
        if version > SCHEMA_VERSION:
            raise SchemaMismatch(
                f"{self.where} has schema {version}, but this version of Dateline only reads schemas up to "
                f"{SCHEMA_VERSION}. Use the Dateline version that created the library, or a newer one."
            )

    def _create(self, connection: Connection) -> int:
        if _one(connection.execute("SHOW server_encoding")) != "UTF8":
            raise LibraryError(f"The database {self.where} is not encoded in UTF-8. Create one with: createdb -E UTF8")
        if not _has_tables(connection, self.place):
            name = sql.Identifier(self.place.schema_name)
            connection.execute(sql.SQL("CREATE SCHEMA IF NOT EXISTS {}").format(name))
            for statement in POSTGRES:
                connection.execute(statement)
            connection.execute("INSERT INTO revisions VALUES (0, %s)", (new_token(),))
        return SCHEMA_VERSION

    def _migrate(self, connection: Connection) -> int:
        version = int(_one(connection.execute("SELECT schema FROM about")))
        for step in range(version, SCHEMA_VERSION):
            if step not in POSTGRES_MIGRATIONS:
                raise SchemaMismatch(
                    f"{self.where} has schema {step}, which no version of Dateline has written. Name another schema."
                )
            for statement in POSTGRES_MIGRATIONS[step]:
                connection.execute(statement)
        if version < DERIVED:
            rebuild(self)
            self.full_text.write_counts(self.counted)
        if version < SCHEMA_VERSION:
            connection.execute("UPDATE about SET schema = %s", (SCHEMA_VERSION,))
        return max(version, SCHEMA_VERSION)

    @contextmanager
    def _typed(self) -> Iterator[None]:
        try:
            yield
        except (psycopg.Error, PoolTimeout, PoolClosed) as error:
            raise _typed_error(self.where, error) from None


class PostgresJobs:
    """The jobs in the table ``jobs``; see ``engine.Jobs``. A process that does a job holds the lock of its row."""

    def __init__(self, database: Postgres) -> None:
        self._database = database

    def add(self, keys: Sequence[str]) -> None:
        """Add jobs that are not there."""
        with self._database.connected() as connection:
            connection.execute(
                "INSERT INTO jobs SELECT unnest(%s::text[]) ORDER BY 1 ON CONFLICT DO NOTHING", (list(keys),)
            )

    @contextmanager
    def taking(self, keys: Sequence[str], most: int) -> Iterator[list[str]]:
        """Take jobs that no other process has taken; see ``engine.Jobs``."""
        with self._database.connected() as connection, connection.transaction():
            rows = connection.execute(
                "SELECT place FROM jobs WHERE place = ANY(%s) ORDER BY place LIMIT %s FOR UPDATE SKIP LOCKED",
                (list(keys), most),
            ).fetchall()
            taken = [str(row[0]) for row in rows]
            yield taken
            connection.execute("DELETE FROM jobs WHERE place = ANY(%s)", (taken,))

    def beginning(self, prefix: str) -> list[str]:
        """Return the jobs that are not done and begin so; see ``engine.Jobs``."""
        with self._database.connected() as connection:
            rows = connection.execute("SELECT place FROM jobs WHERE starts_with(place, %s)", (prefix,)).fetchall()
            return [str(row[0]) for row in rows]

    def waiting(self, keys: Sequence[str]) -> set[str]:
        """Return those of the jobs that are not done."""
        with self._database.connected() as connection:
            rows = connection.execute("SELECT place FROM jobs WHERE place = ANY(%s)", (list(keys),)).fetchall()
            return {str(row[0]) for row in rows}


class PostgresBuilds:
    """The stamp and the lock of an index on a Chroma server; see ``engine.Builds``.

    The lock belongs to a connection of its own, so it is free again when the process that holds it dies.
    """

    def __init__(self, database: Postgres, server: str) -> None:
        self._database, self._server = database, without_credentials(server)
        with database.connected() as connection:
            self.owner = f"{_one(connection.execute('SELECT id FROM about'))} {self._server}"
        self._lock: psycopg.Connection[Any] | None = None

    def acquire(self) -> bool:
        """Take the lock, if no other process holds it."""
        if self._lock is not None:
            return True
        try:
            connection = psycopg.connect(
                self._database.place.database_address, autocommit=True, connect_timeout=CONNECT_SECONDS
            )
            got = _one(connection.execute("SELECT pg_try_advisory_lock(hashtext(%s))", (self.owner,)))
        except psycopg.Error as error:
            log.info("the lock of the index is not available (%s)", type(error).__name__)
            return False
        if not got:
            connection.close()
            return False
        self._lock = connection
        return True

    def release(self) -> None:
        """Give the lock back."""
        if self._lock is not None:
            # Unlocked first: the server ends a session only some time after it was closed.
            with suppress(psycopg.Error):
                self._lock.execute("SELECT pg_advisory_unlock_all()")
            self._lock.close()
            self._lock = None

    def read(self) -> str | None:
        """Return the stamp."""
        rows = self._database.query("SELECT stamp FROM builds WHERE server = ?", (self._server,))
        return str(rows[0]["stamp"]) if rows else None

    def write(self, text: str) -> None:
        """Replace the stamp. Raises IndexFault if the lock was lost, because another process may write now."""
        self._change(
            "INSERT INTO builds VALUES (%s, %s) ON CONFLICT (server) DO UPDATE SET stamp = excluded.stamp", text
        )

    def remove(self) -> None:
        """Remove the stamp."""
        self._change("DELETE FROM builds WHERE server = %s")

    def _change(self, statement: LiteralString, *more: str) -> None:
        """Run a statement on the connection that holds the lock."""
        try:
            if self._lock is None:
                raise psycopg.OperationalError("not locked")
            with self._lock.transaction():
                name = sql.Identifier(self._database.place.schema_name)
                self._lock.execute(sql.SQL("SET LOCAL search_path TO {}").format(name))
                self._lock.execute(statement, (self._server, *more))
        except psycopg.Error as error:
            self.release()
            raise IndexFault(
                f"The state of the index could not be stored in {self._database.where} ({type(error).__name__}). The "
                "library is safe and can be searched without it. Run: qa doctor --fix"
            ) from None


def has_tables(place: SharedLibrary) -> bool:
    """Whether there is a library at an address. Raises LibraryError if the server cannot be asked."""
    try:
        with _pool(place).connection() as connection:
            return _has_tables(connection, place)
    except (psycopg.Error, PoolTimeout, PoolClosed) as error:
        raise _typed_error(str(place), error) from None


def _has_tables(connection: Connection, place: SharedLibrary) -> bool:
    # Read from the catalogue: to_regclass() may not see tables that another connection has just created.
    statement = "SELECT count(*) FROM pg_tables WHERE schemaname = %s AND tablename = 'about'"
    return bool(_one(connection.execute(statement, (place.schema_name,))))


def _one(cursor: psycopg.Cursor[Any]) -> Any:
    """Return the one value of a result."""
    row = cursor.fetchone()
    return None if row is None else row[0]


def _typed_error(where: str, error: Exception) -> LibraryError:
    if isinstance(error, PoolTimeout):
        return LibraryError(
            f"{where}: no connection became free in {CONNECT_SECONDS} seconds. The server does not answer, or more "
            f"than {CONNECTIONS} questions run at once in this process. Try again, or start more processes."
        )
    known = next((remedy for kinds, remedy in _REMEDIES if isinstance(error, kinds)), None)
    if known:
        return LibraryError(f"{where}: {known}")
    if isinstance(error, _REFUSED):
        return RowRefused(f"{where} refuses a row ({type(error).__name__}). The library is sound.")
    if isinstance(error, errors.DataCorrupted | errors.IndexCorrupted):
        return LibraryDamaged(f"{where} is damaged ({type(error).__name__}). Restore the database from its backup.")
    if isinstance(error, psycopg.OperationalError):
        return LibraryError(
            f"The PostgreSQL server of {where} does not answer, or has ended the connection. Check the address, and "
            "that the server runs; what was stored is kept, so run the same command again."
        )
    return LibraryError(f"{where}: PostgreSQL reports {type(error).__name__}. Run: qa doctor")


def _pool(place: SharedLibrary) -> ConnectionPool[Connection]:
    """Return this process's pool of connections to a library. Raises psycopg.Error if the server cannot be reached."""
    key = (os.getpid(), place.database_address, place.schema_name)  # a forked process must not use its parent's
    with _opening:
        pool = _pools.get(key)
        if pool is None:
            connect = {"autocommit": True, "row_factory": _row_factory, "connect_timeout": CONNECT_SECONDS}
            # The pool tries in the background, and would tell why it failed to the log alone.
            psycopg.connect(place.database_address, connect_timeout=CONNECT_SECONDS).close()
            pool = _pools[key] = ConnectionPool(
                place.database_address,
                kwargs=connect,
                min_size=1,
                max_size=CONNECTIONS,
                timeout=CONNECT_SECONDS,
                configure=lambda connection: _configure(connection, place.schema_name),
                check=ConnectionPool.check_connection,
                open=True,
            )
        return pool


def _configure(connection: psycopg.Connection[Any], schema: str) -> None:
    for loader in (TextLoader, TextBinaryLoader):
        connection.adapters.register_loader("json", loader)  # the layers of a document are read by its parser
    connection.execute(sql.SQL("SET search_path TO {}").format(sql.Identifier(schema)))
    for setting in _SESSION:
        name, value = setting.split("=")
        connection.execute(sql.SQL("SET {} = {}").format(sql.SQL(name), sql.Literal(value)))


@atexit.register
def close_pools() -> None:
    """Close all connections of this process."""
    with _opening:
        while _pools:
            (owner, _, _), pool = _pools.popitem()
            if owner == os.getpid():
                pool.close()


@lru_cache(maxsize=512)
def _translated(statement: str) -> str:
    """Return a statement with psycopg's marks for values. No text in our statements contains a "?"."""
    return statement.replace("%", "%%").replace("?", "%s")
