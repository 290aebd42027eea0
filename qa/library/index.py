"""The index: Chroma's HNSW over the library's vectors. Everything here is disposable; SQLite holds the truth.

Chroma's local folder must never be opened by two processes, and a process killed while it writes leaves a folder that
may crash the next one. Therefore:

- only the holder of ``lock`` opens the folder; everybody else scores SQLite's vectors exactly. A server (``url``) may
  be asked by everybody, and is written by the lock's holder;
- ``stamp.json`` is removed (and the removal fsynced) before the first write, and written only after Chroma was closed
  cleanly. It names the library's state and seals the files; a folder that does not fit it is never opened but made
  anew from SQLite, beside it;
- a stamped build is believed only after its count is right and a sample of vectors find themselves.

Chroma proposes candidates; what was stored after its stamp is scored exactly beside them, and all similarities come
from SQLite's vectors. So who holds the lock, and how far the index lags, changes speed, never scores; HNSW being
approximate, it may leave out a far neighbour that exact scoring would list. A fault of Chroma costs speed, never an
answer.
"""

from __future__ import annotations

import logging
import uuid
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from threading import Lock, RLock
from time import monotonic
from typing import Literal

from filelock import FileLock, Timeout
from pydantic import ValidationError

from ..errors import IndexFault, IndexUnreachable
from ..model import Filters, Value
from .chroma import BATCH, Chroma, Seal
from .disk import fsync
from .embedders import Vectors
from .exact import MARGIN, Recent, ranked
from .library import Library

log = logging.getLogger(__name__)

SAMPLE = 16  # vectors that are looked up before a stamped build is believed
MISSES = 2  # of them may miss themselves: HNSW is approximate, and a torn index misses far more
REMOVED = 1000  # chunks that Chroma may still propose though they are gone; with more, all is scored exactly
PROPOSED = 800  # candidates scored in full: HNSW misses an eighth of the nearest 60 in 41,000 chunks if asked for few
RETRY_SECONDS = 5.0  # until a build or server that failed is tried again
EXACT_UP_TO = 10_000  # chunks that are scored exactly in less time than Chroma takes to be imported and opened
PENDING = 500  # new chunks that are not worth writing: they are scored exactly in a millisecond

State = Literal["chroma", "exact"]
Progress = Callable[[int, int], None]
"""Called with chunks written and chunks in all."""


class Stamp(Value):
    """What a cleanly closed build holds: the library's state, the number of vectors, and its files as they were."""

    build: str
    revision: int
    token: str
    embedder: str
    count: int
    seal: Seal

    @property
    def state(self) -> tuple[int, str]:
        """The library's state that was written."""
        return self.revision, self.token


class Index:
    """Nearest chunks to a vector. With ``folder=None`` always exact, for a library in memory."""

    def __init__(self, library: Library, folder: Path | None, url: str | None = None) -> None:
        """Nothing is opened yet. ``url``: of a Chroma server that holds the vectors; the stamp stays in ``folder``."""
        self._library = library
        self._folder = folder
        self._stamp_file = "stamp.json" if url is None else "stamp-server.json"
        self._chroma = Chroma(folder, url) if folder else None
        self._lock: FileLock | None = None
        self._opened: Stamp | None = None
        self._lagging: Recent | None = None
        self._all: Recent | None = None
        self._not_before = 0.0
        # Threads take turns at Chroma and at the vectors in memory: milliseconds. A sync takes longer, and questions
        # do not wait for it: they are scored exactly meanwhile.
        self._turn = RLock()
        self._syncing = Lock()

    def search(self, vector: Vectors, limit: int, filters: Filters) -> list[tuple[int, float]]:
        """Chunk ids and cosine similarities to ``vector`` (shape (dimension,), unit length), best first."""
        if filters.active:
            scope = self._library.scope(filters)
            found = self._search_all(vector, scope.oversampled(limit)) if scope.wide else []
            passing = self._library.within(filters, [chunk_id for chunk_id, _ in found])
            if len(passing) >= limit:
                return [(chunk_id, score) for chunk_id, score in found if chunk_id in passing][:limit]
            ids, vectors = self._library.vectors(filters)  # few, or too few among the nearest of all
            return ranked(ids, vectors, vector, limit) if ids else []
        return self._search_all(vector, limit)

    def _search_all(self, vector: Vectors, limit: int) -> list[tuple[int, float]]:
        with self._turn:
            if self._worth_opening() and self._usable():
                try:
                    found = self._search_chroma(vector, limit)
                    self._all = None  # gigabytes, at a million chunks
                    return found
                except IndexFault as fault:
                    self._distrust(fault)
            self._all = self._all or Recent(self._library)
            return self._all.nearest(vector, limit)

    def _search_chroma(self, vector: Vectors, limit: int) -> list[tuple[int, float]]:
        assert self._chroma is not None
        assert self._lagging is not None
        wanted = max(PROPOSED, limit + MARGIN) + self._lagging.removed
        proposed = self._chroma.nearest(vector[None, :], wanted)[0]
        ids, vectors = self._library.vectors(ids=[chunk_id for chunk_id, _ in proposed])
        found = dict(ranked(ids, vectors, vector, limit) if ids else [])
        found |= self._lagging.nearest(vector, limit)
        return sorted(found.items(), key=lambda item: (-item[1], item[0]))[:limit]

    # -- whose it is -----------------------------------------------------------------------------------------------

    @property
    def state(self) -> State:
        """``chroma`` if Chroma may be asked now, else ``exact``."""
        with self._turn:
            return "chroma" if self._usable() else "exact"

    @property
    def pending(self) -> int:
        """Chunks added or removed since the stamp, scored exactly; 0 where everything is."""
        with self._turn:
            stamp = self._opened if self._usable() else None
            return sum(map(len, self._library.changes(stamp.revision))) if stamp else 0

    def _worth_opening(self) -> bool:
        """Whether the library is large enough for Chroma to be the faster way, or Chroma is a server that was named."""
        shared = self._chroma is not None and self._chroma.shared
        return shared or self._library.count() > EXACT_UP_TO

    def _usable(self) -> bool:
        """Whether Chroma may be asked now: ours to read, stamped, checked, and of a state this library went through."""
        if self._chroma is None or monotonic() < self._not_before or self._syncing.locked():
            return False
        if not (self._chroma.shared or self._acquire()):
            return False
        stamp = self._opened or self._open()
        if stamp is None or not self._fits(stamp):
            return False
        if self._lagging is None:
            self._lagging = Recent(self._library, stamp.state)
        self._lagging.refresh()
        return self._lagging.removed <= REMOVED

    def _fits(self, stamp: Stamp) -> bool:
        """Whether the stamp is of this library, and not younger than the snapshot that this thread reads."""
        with self._library.reading() as library:
            return stamp.embedder == library.embedder and library.came_from(stamp.state)

    def _distrust(self, fault: IndexFault) -> None:
        """Ask this build no more: it loses its stamp, so that the next sync makes it anew. A silent server keeps it."""
        log.warning("the index is not sound (%s): scoring exactly until it is rebuilt by: qa doctor --fix", fault)
        self._forget()
        self._not_before = monotonic() + RETRY_SECONDS
        if not isinstance(fault, IndexUnreachable) and self._acquire():
            with suppress(IndexFault):  # a read-only folder keeps its stamp, and fails its next check again
                self._unstamp()

    def _forget(self) -> None:
        self._opened = self._lagging = None
        if self._chroma is not None:
            self._chroma.close()

    def _acquire(self) -> bool:
        assert self._folder is not None
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
            self._forget()
            if self._lock is not None:
                self._lock.release()
                self._lock = None

    # -- writing ---------------------------------------------------------------------------------------------------

    def sync(self, *, worth: int = 1, on_progress: Progress | None = None) -> State:
        """Make Chroma hold the library's revision; return ``exact`` if another process holds the folder.

        Carries over the changes since the stamp, if there are ``worth`` many and the stamped build passes its check;
        otherwise rebuilds from SQLite. ``on_progress`` is called with chunks written and chunks in all.
        Raises IndexFault; then the stamp is gone, and the next sync rebuilds.
        """
        if self._chroma is None or not self._acquire():
            return "exact"
        with self._syncing:
            with self._turn:
                self._not_before = 0.0
                stamp = self._opened or self._open()
                stamp = stamp if stamp and self._fits(stamp) else None
                if stamp and sum(map(len, self._library.changes(stamp.revision))) < worth:
                    return "chroma"
                self._forget()
            self._rewrite(self._chroma, stamp, on_progress)
        return "chroma" if self._library.embedder else "exact"

    def _rewrite(self, chroma: Chroma, stamp: Stamp | None, on_progress: Progress | None) -> None:
        with self._library.reading() as library:
            (revision, token), embedder = library.state, library.embedder
            if embedder is None:
                return
            if stamp:
                (added, removed), build = library.changes(stamp.revision), stamp.build
            else:
                (added, _), removed, build = library.changes(0), {}, uuid.uuid4().hex[:12]
            self._unstamp()
            chroma.make(build, embedder, library.dimension or 0)
            for batch in _batches(list(removed)):
                chroma.delete(batch)
            for done, batch in enumerate(_batches(list(added))):
                if on_progress:
                    on_progress(done * BATCH, len(added))
                chroma.upsert(*library.vectors(ids=batch))
            count, held = library.count(), chroma.count()
            seal = chroma.seal(build)
            if held != count:
                raise IndexFault(f"Chroma holds {held} of {count} chunks. Rebuild the index with: qa doctor --fix")
        self._restamp(Stamp(build=build, revision=revision, token=token, embedder=embedder, count=count, seal=seal))
        chroma.sweep(keep=build)

    def _open(self) -> Stamp | None:
        """Open a stamped build and check it; one that fails loses its stamp and is not asked."""
        assert self._chroma is not None
        stamp = self._read_stamp()
        if stamp is None or not self._fits(stamp):
            return None
        try:
            self._chroma.open(stamp.build, stamp.seal)
            self._self_check(self._chroma, stamp)
            seal = self._chroma.resealed(stamp.build, stamp.seal)
            if seal != stamp.seal:
                stamp = stamp.model_copy(update={"seal": seal})
                self._restamp(stamp)
        except IndexFault as fault:
            self._distrust(fault)
            return None
        self._opened, self._lagging = stamp, None
        return stamp

    def _self_check(self, chroma: Chroma, stamp: Stamp) -> None:
        """The stamp's count, and a sample of vectors that find themselves (or an equal one)."""
        if (count := chroma.count()) != stamp.count:
            raise IndexFault(f"it holds {count} chunks, its stamp says {stamp.count}")
        ids, vectors = self._library.sample(SAMPLE, until=stamp.revision)
        if not ids:
            return
        misses = [
            chunk_id
            for chunk_id, near in zip(ids, chroma.nearest(vectors, 10), strict=True)
            # Equal texts have equal vectors: a copy at distance 0 is as good.
            if chunk_id not in dict(near) and (not near or near[0][1] > 1e-4)
        ]
        if len(misses) > MISSES:
            raise IndexFault(f"{len(misses)} of {len(ids)} chunks do not find themselves")

    # -- the stamp -------------------------------------------------------------------------------------------------

    def _read_stamp(self) -> Stamp | None:
        assert self._folder is not None
        try:
            return Stamp.model_validate_json((self._folder / self._stamp_file).read_bytes())
        except (OSError, ValidationError):
            return None

    def _unstamp(self) -> None:
        assert self._folder is not None
        with _typed():
            (self._folder / self._stamp_file).unlink(missing_ok=True)
            fsync(self._folder)

    def _restamp(self, stamp: Stamp) -> None:
        assert self._folder is not None
        with _typed():
            partial = self._folder / "stamp.partial"
            partial.write_text(stamp.model_dump_json(), encoding="utf-8")
            fsync(partial)
            partial.replace(self._folder / self._stamp_file)
            fsync(self._folder)


def _batches(ids: Sequence[int]) -> Iterator[Sequence[int]]:
    for start in range(0, len(ids), BATCH):
        yield ids[start : start + BATCH]


@contextmanager
def _typed() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise IndexFault(
            f"The index cannot be written ({error.strerror}). The library is safe and is searched without it; make "
            "room or mend the folder's permissions, then run: qa doctor --fix"
        ) from error
