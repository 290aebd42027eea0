"""What a library needs of its database. ``database`` has SQLite, ``postgres`` PostgreSQL; the rest knows neither.

Statements are written once, in the SQL that both understand, with "?" for values. What only one of them has is behind
these methods.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any, Protocol

from .scope import Scope

Progress = Callable[[int, int], None]
"""Called with how much is done, and how much there is in all."""

CHUNK = ("article_id", "idx", "first", "last", "tokens", "text", "text_hash", "vector", "revision")
"""The columns of a chunk, except its id."""


class Row(Protocol):
    """A row of a result. Its values are found by name and by position."""

    def __getitem__(self, key: int | str, /) -> Any: ...
    def __iter__(self) -> Iterator[Any]: ...


class FullText(Protocol):
    """The index of the words of chunks. It holds the texts that ``derived.full_text`` makes, and ranks by BM25."""

    def add(self, texts: Mapping[int, str], *, earlier: bool) -> None:
        """Index the texts of new chunks, by chunk id. ``earlier``: they are of earlier versions of articles."""

    def set_aside(self, chunk_ids: Sequence[int]) -> None:
        """Count chunks as those of earlier versions."""

    def remove(self, chunk_ids: Sequence[int]) -> None:
        """Remove chunks. They must still be stored."""

    def clear(self) -> None:
        """Remove all chunks."""

    def search(
        self, terms: Sequence[str], scope: Scope, candidates: int | None, limit: int, *, newest: bool
    ) -> Sequence[Row]:
        """Return the chunks that contain any of the terms: ``id, article_id, first, last, score``, best first.

        Args:
            terms: folded words, each of which may fall into several that stand next to each other.
            scope: the articles to search.
            candidates: take so many of all chunks and then those in the scope. None: rank only those in the scope.
            limit: the most chunks to return.
            newest: whether to search the newest versions alone.
        """

    def containing(self, phrase: str, *, newest: bool) -> tuple[str, object]:
        """Return a SELECT of the ids of articles that contain a folded phrase, and its one value."""

    def frequencies(self, stems: Sequence[str]) -> dict[str, int]:
        """Return how many chunks of newest versions contain each Porter stem. Those in no chunk may be missing."""

    def digests(self) -> Iterator[tuple[str, int, str, bool]]:
        """Yield article id, index, ``text_hash`` of the indexed text and whether it is of an earlier version."""

    def faults(self) -> dict[str, str]:
        """Return checks: a phrase for each fault, and the SELECT that counts it."""


class Jobs(Protocol):
    """What several processes have to store together. Each job is done by one of them, and again if that one fails."""

    def add(self, keys: Sequence[str]) -> None:
        """Add jobs. Those that are there already stay as they are, even if a process is doing them."""

    def taking(self, keys: Sequence[str], most: int) -> AbstractContextManager[list[str]]:
        """Take at most ``most`` of the jobs, in order. They are done when the block ends without an error.

        Other processes pass over them. If this process dies or the block raises, they are free again at once.
        """

    def beginning(self, prefix: str) -> list[str]:
        """Return the jobs that are not done and begin so. Some may be left of processes that died."""

    def waiting(self, keys: Sequence[str]) -> set[str]:
        """Return those of the jobs that are not done, whether or not a process is doing them."""


class Builds(Protocol):
    """Which build of the index is sound, as text, and the lock of those who write it. Both belong to one library."""

    owner: str
    """Tells the builds of this library on a Chroma server from those of others."""

    def acquire(self) -> bool:
        """Take the lock, unless it is held already, by this object or by another. Return whether this one holds it."""

    def release(self) -> None:
        """Give the lock back."""

    def read(self) -> str | None:
        """Return what was written. None if there is nothing, or it cannot be read."""

    def write(self, text: str) -> None:
        """Replace what was written, durably. Raises IndexFault, also if the lock was lost."""

    def remove(self) -> None:
        """Remove what was written, durably. Raises IndexFault."""


class Engine(Protocol):
    """A database with the tables of ``schema``. Every method raises LibraryError if the database fails."""

    one_of: str
    """The end of the SQL condition that a column has one of several values. Its value is what ``listed`` returns."""

    @property
    def full_text(self) -> FullText:
        """The index of the words of chunks."""

    @property
    def jobs(self) -> Jobs | None:
        """What several processes have to store. None if only one process at a time may ingest."""

    @property
    def where(self) -> str:
        """Where the database is, for messages. It holds no password."""

    @property
    def frozen(self) -> bool:
        """Whether the database can only be read."""

    def still_there(self) -> bool:
        """Whether the database is the one that was opened. False if it was deleted or replaced."""

    def query(self, sql: str, values: Sequence[object] = ()) -> Sequence[Row]:
        """Return all rows of a SELECT."""

    def rows(self, sql: str) -> Iterator[Row]:
        """Yield the rows of a SELECT one by one, for results that are too large for memory."""

    def execute(self, sql: str, values: Sequence[object] = ()) -> None:
        """Run a statement, inside ``writing``."""

    def insert(self, table: str, rows: Iterable[Sequence[object]], columns: Sequence[str] = ()) -> None:
        """Insert rows, inside ``writing``. Without ``columns``, each row has all of them in order."""

    def insert_chunks(self, rows: Sequence[Sequence[object]]) -> list[int]:
        """Insert chunks, inside ``writing``, and return their new ids. Each row has the columns CHUNK."""

    def insert_all(self, table: str, rows: Iterable[Sequence[object]], columns: Sequence[str]) -> None:
        """Insert rows with their ids, inside ``writing``, when a library is copied."""

    def listed(self, values: Iterable[object]) -> object:
        """Return values as the one value of ``one_of``."""

    def writing(self) -> AbstractContextManager[object]:
        """Run a block in one write transaction. If it raises, nothing is stored. Writers wait for each other.

        Raises LibraryError, RowRefused.
        """

    def reading(self) -> AbstractContextManager[None]:
        """Run a block on one snapshot of the database. A nested call uses the outer snapshot."""

    def defer_foreign_keys(self) -> None:
        """Check foreign keys at the commit of the transaction, not before."""

    def copy_to(self, path: Path, on_progress: Progress | None = None) -> None:
        """Copy a snapshot of the library into a new SQLite file. Others can write meanwhile."""

    def branch(self) -> None:
        """Start a new revision, so that a copied library can be told apart from the one it was copied from."""

    def builds(self, server: str) -> Builds | None:
        """Return the builds on a Chroma server, if they are kept in the database. None: they are in a folder."""

    def damage(self) -> list[str]:
        """Return what is wrong with the file itself, one phrase for each fault."""

    def faults(self) -> dict[str, str]:
        """Return checks that only this database needs: a phrase for each fault, and the SELECT that counts it."""

    def close(self) -> None:
        """Close what was opened."""

    def discard(self) -> bool:
        """Remove the library if nothing was ever stored in it, and close it. Return whether it is gone."""
