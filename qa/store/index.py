"""The index: Chroma's HNSW over the library's vectors. The only importer of chromadb; everything here is disposable.

Chroma's local folder must never be opened by two processes, and a process killed while it writes leaves a folder that
may crash the next one. Therefore:

- only the holder of ``lock`` opens the folder; everybody else scores SQLite's vectors exactly;
- ``stamp.json`` is removed (and the removal fsynced) before the first write, and written only after Chroma was closed
  cleanly; a folder without a stamp that fits is never opened but made anew from SQLite, in a fresh folder;
- a stamped folder is believed only after its count is right and a sample of vectors find themselves.

Chroma proposes candidates; their similarities always come from SQLite's vectors. So who holds the lock changes speed,
never scores; HNSW being approximate, it may leave out a far neighbour that exact scoring would list. A fault of Chroma
costs speed, never an answer.
"""

from __future__ import annotations

import json
import logging
import os
import shutil
import uuid
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from threading import RLock
from typing import TYPE_CHECKING, Literal

import numpy as np
from filelock import FileLock, Timeout
from pydantic import ValidationError

from ..errors import IndexFault
from ..model import Filters, Value
from .embed import Vectors
from .library import Library

if TYPE_CHECKING:
    from chromadb.api import ClientAPI
    from chromadb.api.models.Collection import Collection

log = logging.getLogger(__name__)

COLLECTION = "chunks"
BATCH = 5000  # Chroma's local limit is 5,461 records a call
SAMPLE = 16  # vectors that are looked up before a stamped folder is believed
MISSES = 2  # of them may miss themselves: HNSW is approximate, and a torn index misses far more
MARGIN = 32  # candidates beyond the limit that are scored in full: ties at the edge are settled, not cut
CATCH_UP = 500  # changes a search may carry into Chroma itself; more are left to the next sync

State = Literal["chroma", "exact"]


class Stamp(Value):
    """What a cleanly closed folder holds."""

    folder: str
    revision: int
    embedder: str
    count: int


class Index:
    """Nearest chunks to a vector. With ``folder=None`` always exact, for a library in memory."""

    def __init__(self, library: Library, folder: Path | None) -> None:
        self._library = library
        self._folder = folder
        self._lock: FileLock | None = None
        self._client: ClientAPI | None = None
        self._collection: Collection | None = None
        self._exact: tuple[int, list[int], Vectors] | None = None
        # One Chroma client and one stamp: threads take turns. A search under it takes milliseconds.
        self._turn = RLock()

    def search(self, vector: Vectors, limit: int, filters: Filters) -> list[tuple[int, float]]:
        """Chunk ids and cosine similarities to ``vector`` (shape (dimension,), unit length), best first."""
        with self._turn:
            if not filters.active and self._usable():
                try:
                    return self._search_chroma(vector, limit)
                except IndexFault as fault:
                    self._distrust(fault)
            return self._search_exactly(vector, limit, filters)

    def _search_chroma(self, vector: Vectors, limit: int) -> list[tuple[int, float]]:
        with _typed():
            assert self._collection is not None
            found = self._collection.query(query_embeddings=[vector.tolist()], n_results=limit + MARGIN, include=[])
        ids, vectors = self._library.vectors(ids=[int(i) for i in found["ids"][0]])
        return _ranked(ids, vectors, vector, limit) if ids else []

    def _search_exactly(self, vector: Vectors, limit: int, filters: Filters) -> list[tuple[int, float]]:
        if filters.active:
            ids, vectors = self._library.vectors(filters)
        else:
            revision = self._library.revision
            if self._exact is None or self._exact[0] != revision:
                self._exact = (revision, *self._library.vectors())
            _, ids, vectors = self._exact
        return _ranked(ids, vectors, vector, limit) if ids else []

    # -- whose folder it is ----------------------------------------------------------------------------------------

    @property
    def state(self) -> State:
        """``chroma`` if the folder is ours and up to date, else ``exact``."""
        with self._turn:
            return "chroma" if self._usable() else "exact"

    def _usable(self) -> bool:
        """Whether Chroma may be asked now: ours, stamped, checked, and of the library's revision."""
        stamp = self._stamp() if self._acquire() else None
        if stamp is None or stamp.embedder != self._library.embedder:
            return False
        if stamp.revision != self._library.revision:
            added, removed = self._library.changes(stamp.revision)
            if len(added) + len(removed) > CATCH_UP:
                return False
            try:
                self._sync()
            except IndexFault as fault:
                self._distrust(fault)
                return False
            stamp = self._stamp()
        return stamp is not None and (self._collection is not None or self._open(stamp))

    def _distrust(self, fault: IndexFault) -> None:
        """Ask this folder no more: it loses its stamp, so that the next sync makes it anew."""
        log.warning("the index is not sound (%s): scoring exactly until it is rebuilt by: qa doctor --fix", fault)
        self._close_client()
        with suppress(IndexFault):  # a read-only folder keeps its stamp, and fails its next check again
            self._unstamp()

    def _acquire(self) -> bool:
        if self._folder is None:
            return False
        if self._lock is None:
            try:
                self._folder.mkdir(parents=True, exist_ok=True)
                lock = FileLock(self._folder / "lock", thread_local=False)
                lock.acquire(blocking=False)
            except (Timeout, OSError) as error:
                # Held by another process, or the folder is read-only: not ours, which costs speed alone.
                log.info("scoring exactly: the index is not ours (%s)", type(error).__name__)
                return False
            self._lock = lock
        return True

    def close(self) -> None:
        """Close Chroma and give the folder to whoever asks next."""
        with self._turn:
            self._close_client()
            if self._lock is not None:
                self._lock.release()
                self._lock = None

    # -- writing ---------------------------------------------------------------------------------------------------

    def sync(self) -> State:
        """Make Chroma hold the library's revision; return ``exact`` if another process holds the folder.

        Carries over the changes since the stamp, if what the stamp vouches for passes its check; otherwise rebuilds
        from SQLite into a fresh folder. Raises IndexFault; then the stamp is gone, and the next sync rebuilds.
        """
        with self._turn:
            return self._sync()

    def _sync(self) -> State:
        if not self._acquire():
            return "exact"
        with self._library.reading():
            revision, embedder = self._library.revision, self._library.embedder
            if embedder is None:
                return "exact"
            stamp = self._stamp()
            sound = stamp is not None and stamp.embedder == embedder and (self._collection or self._open(stamp))
            if stamp is not None and sound:
                if stamp.revision == revision:
                    return "chroma"
                (added, removed), folder = self._library.changes(stamp.revision), stamp.folder
            else:
                added, removed, folder = self._library.changes(0)[0], [], uuid.uuid4().hex[:12]
            self._unstamp()
            self._write(folder, added, removed)
            self._restamp(Stamp(folder=folder, revision=revision, embedder=embedder, count=self._library.count()))
        self._sweep(keep=folder)
        return "chroma"

    def _write(self, folder: str, added: Sequence[int], removed: Sequence[int]) -> None:
        with _typed():
            collection = self._connect(folder)
            for batch in _batches(removed):
                collection.delete(ids=[str(i) for i in batch])
            for batch in _batches(added):
                ids, vectors = self._library.vectors(ids=batch)
                collection.upsert(ids=[str(i) for i in ids], embeddings=vectors)
            self._close_client()

    def _connect(self, folder: str) -> Collection:
        import chromadb
        from chromadb.config import Settings

        assert self._folder is not None
        self._close_client()
        self._client = chromadb.PersistentClient(
            path=str(self._folder / folder), settings=Settings(anonymized_telemetry=False)
        )
        # embedding_function=None: the default one downloads a model. ef_search: recall over speed, still < 5 ms.
        self._collection = self._client.get_or_create_collection(
            COLLECTION,
            embedding_function=None,
            metadata={"embedder": self._library.embedder or "", "dimension": self._library.dimension or 0},
            configuration={"hnsw": {"space": "cosine", "ef_search": 200}},
        )
        return self._collection

    def _close_client(self) -> None:
        if self._client is not None:
            self._client.close()  # type: ignore[attr-defined]  # ClientAPI lacks what every client has
        self._client = self._collection = None

    def _open(self, stamp: Stamp) -> bool:
        """Open a stamped folder and check it; a folder that fails loses its stamp and is not asked."""
        assert self._folder is not None
        try:
            if not (self._folder / stamp.folder).is_dir():
                raise IndexFault("its folder is gone")
            with _typed():
                self._self_check(self._connect(stamp.folder), stamp)
        except IndexFault as fault:
            self._distrust(fault)
            return False
        return True

    def _self_check(self, collection: Collection, stamp: Stamp) -> None:
        """The stamp's count, and a sample of vectors that find themselves (or an equal one)."""
        if collection.count() != stamp.count:
            raise IndexFault(f"it holds {collection.count()} chunks, its stamp says {stamp.count}")
        removed = set(self._library.changes(stamp.revision)[1])
        ids, vectors = self._library.sample(SAMPLE, until=stamp.revision)
        if not ids:
            return
        found = collection.query(query_embeddings=vectors, n_results=10, include=["distances"])
        misses = [
            chunk_id
            for chunk_id, near, distances in zip(ids, found["ids"], found["distances"] or [], strict=True)
            # Equal texts have equal vectors: a copy at distance 0 is as good.
            if chunk_id not in removed and str(chunk_id) not in near and (not distances or distances[0] > 1e-4)
        ]
        if len(misses) > MISSES:
            raise IndexFault(f"{len(misses)} of {len(ids)} chunks do not find themselves")

    # -- the stamp -------------------------------------------------------------------------------------------------

    def _stamp(self) -> Stamp | None:
        assert self._folder is not None
        try:
            return Stamp.model_validate_json((self._folder / "stamp.json").read_bytes())
        except (OSError, ValidationError):
            return None

    def _unstamp(self) -> None:
        assert self._folder is not None
        with _typed():
            (self._folder / "stamp.json").unlink(missing_ok=True)
            _fsync(self._folder)

    def _restamp(self, stamp: Stamp) -> None:
        assert self._folder is not None
        with _typed():
            partial = self._folder / "stamp.partial"
            partial.write_text(json.dumps(stamp.model_dump()), encoding="utf-8")
            _fsync(partial)
            partial.replace(self._folder / "stamp.json")
            _fsync(self._folder)

    def _sweep(self, keep: str) -> None:
        """Remove folders of earlier builds. One that cannot go now goes next time."""
        assert self._folder is not None
        for path in self._folder.iterdir():
            if path.is_dir() and path.name != keep:
                shutil.rmtree(path, ignore_errors=True)


def _ranked(ids: Sequence[int], vectors: Vectors, vector: Vectors, limit: int) -> list[tuple[int, float]]:
    """Best first by cosine; equal ones by id, so that hits never depend on who computed them."""
    near = np.argsort(-(vectors @ vector), kind="stable")[: limit + MARGIN]
    # A matrix product rounds differently with the matrix's shape. Row by row in float64, a score depends on its row.
    scores = np.einsum("ij,j->i", vectors[near].astype(np.float64), vector.astype(np.float64))
    order = np.lexsort((np.asarray(ids)[near], -scores))[:limit]
    return [(ids[near[i]], float(scores[i])) for i in order]


def _batches(ids: Sequence[int]) -> Iterator[Sequence[int]]:
    for start in range(0, len(ids), BATCH):
        yield ids[start : start + BATCH]


def _fsync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


@contextmanager
def _typed() -> Iterator[None]:
    """Chroma's and the file system's errors as IndexFault."""
    from chromadb.errors import ChromaError

    try:
        yield
    except (ChromaError, OSError, RuntimeError, ValueError, KeyError, AttributeError) as error:
        # KeyError and AttributeError: what a client says that was closed, or opened over a broken folder.
        raise IndexFault(
            f"Chroma failed ({type(error).__name__}: {error}). The library is safe; rebuild the index with: "
            "qa doctor --fix"
        ) from error
