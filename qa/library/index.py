"""The index: Chroma's HNSW graph over the library's vectors. It is disposable; SQLite is the source of truth.

Two processes must never open Chroma's local folder at once, and a process that is killed while it writes leaves a
folder that may crash the next process. So:

- Only the process that holds ``lock`` opens the folder. All others score SQLite's vectors exactly. A Chroma server
  (``url``) can be read by every process, but is written only by the process that holds the lock. The lock and the stamp
  of a shared library on a server are in PostgreSQL, so that all machines use one build.
- ``stamp.json`` is deleted, and the deletion is fsynced, before the first write. It is written again only after Chroma
  was closed cleanly. It records the library's state and the seal of the files. A folder that does not match its stamp
  is never opened; a new one is built from SQLite beside it.
- On a server every write is safe at once, and writing a vector twice does no harm. So there the stamp follows the
  writing, and a sync that was interrupted goes on where it was.
- A stamped build is used only if its number of vectors is right and a sample of its vectors find themselves.

Chroma only proposes candidates. Chunks stored after the stamp are scored exactly as well, and all similarities are
computed from SQLite's vectors. So the lock and the age of the index affect speed but not scores. HNSW is approximate,
so Chroma may miss a distant neighbour that exact scoring would list. If Chroma fails, questions are answered more
slowly, but they are answered.
"""

from __future__ import annotations

import logging
import os
import platform
import uuid
from collections.abc import Callable, Iterable, Iterator, Sequence
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
from .engine import Builds
from .exact import MARGIN, Recent, ranked
from .library import Library

log = logging.getLogger(__name__)

SAMPLE = 16  # vectors that are looked up before a stamped build is used
MISSES = 2  # how many of them may fail to find themselves: HNSW is approximate, and a torn index misses far more
REMOVED = 1000  # removed chunks that Chroma may still propose; if there are more, everything is scored exactly
PROPOSED = 800  # candidates to request: if asked for few, HNSW misses an eighth of the nearest 60 in 41,000 chunks
RETRY_SECONDS = 5.0  # how long a build or server that failed is not tried again
EXACT_UP_TO = 10_000  # chunks that can be scored exactly in less time than it takes to import and open Chroma
PENDING = 500  # fewer new chunks than this are not written: scoring them exactly takes a millisecond

State = Literal["chroma", "exact"]
Progress = Callable[[int, int], None]
"""Called with the number of chunks written and the number of all chunks to write."""


class Stamp(Value):
    """What a build holds: the library's state, the number of vectors, and the seal of its files.

    ``count`` is None if the build, on a server, may hold newer vectors too, because a sync was not finished.
    """

    build: str
    revision: int
    token: str
    embedder: str
    count: int | None
    seal: Seal

    @property
    def state(self) -> tuple[int, str]:
        """The library's state (revision and token) when the build was written."""
        return self.revision, self.token

    def reaching(self, state: tuple[int, str]) -> Stamp:
        """Return the stamp of the same build when it has come so far and is still written."""
        return self.model_copy(update={"revision": state[0], "token": state[1], "count": None})


class Index:
    """Finds the chunks nearest to a vector."""

    def __init__(self, library: Library, folder: Path | None, url: str | None = None) -> None:
        """Open nothing yet.

        Args:
            library: the library whose chunks are searched.
            folder: holds the lock, the stamp and the local builds. With None, as for a library in memory, everything
                is scored exactly.
            url: address of a Chroma server that holds the vectors instead. The stamp stays in ``folder``.
        """
        self._library = library
        self._folder = folder
        self._process = os.getpid()
        self._builds: Builds | None = library.builds(url) if url else None
        if self._builds is None and folder is not None:
            self._builds = FolderBuilds(folder, "stamp.json" if url is None else "stamp-server.json")
        self._chroma = Chroma(folder, url, self._builds.owner) if folder and self._builds else None
        self._opened: Stamp | None = None
        self._lagging: Recent | None = None
        self._all: Recent | None = None
        self._not_before = 0.0
        # Only one thread at a time uses Chroma and the vectors in memory, for milliseconds. A sync takes longer, so
        # questions do not wait for it: they are scored exactly meanwhile.
        self._turn = RLock()
        self._syncing = Lock()

    def search(self, vector: Vectors, limit: int, filters: Filters) -> list[tuple[int, float]]:
        """Return the chunks nearest to a unit vector among those that pass the filters.

        Args:
            vector: shape (dimension,), length 1.
            limit: the most chunks to return.
            filters: the articles to search.

        Returns:
            Pairs of chunk id and cosine similarity (-1..1), best first.
        """
        if not filters.active:
            return self._search_all(vector, limit)
        scope = self._library.scope(filters)
        nearest = self._search_all(vector, scope.oversampled(limit)) if scope.wide else []
        passing = self._library.within(filters, [chunk_id for chunk_id, _ in nearest])
        if len(passing) >= limit:
            found = [(chunk_id, score) for chunk_id, score in nearest if chunk_id in passing]
            return _best([*found, *self._earlier(vector, limit, filters)], limit)
        # The filters are narrow, or too few of the nearest chunks pass them: score all chunks that do.
        ids, vectors = self._library.vectors(filters)
        return ranked(ids, vectors, vector, limit) if ids else []

    def _earlier(self, vector: Vectors, limit: int, filters: Filters) -> list[tuple[int, float]]:
        """Score the chunks of earlier versions that pass. The index does not hold them, and they are few."""
        if not filters.as_of or not self._library.earlier():
            return []
        ids, vectors = self._library.vectors(filters, earlier=True)
        return ranked(ids, vectors, vector, limit) if ids else []

    def _search_all(self, vector: Vectors, limit: int) -> list[tuple[int, float]]:
        with self._turn:
            if self.needed and self._usable():
                try:
                    hits = self._search_chroma(vector, limit)
                    self._all = None  # frees gigabytes if there are a million chunks
                    return hits
                except IndexFault as fault:
                    self._distrust(fault)
            self._all = self._all or Recent(self._library)
            return self._all.nearest(vector, limit)

    def _search_chroma(self, vector: Vectors, limit: int) -> list[tuple[int, float]]:
        assert self._chroma is not None
        assert self._lagging is not None
        candidates = max(PROPOSED, limit + MARGIN) + self._lagging.removed
        candidates = min(candidates, self._chroma.most_results or candidates)
        proposed = self._chroma.nearest(vector[None, :], candidates)[0]
        ids, vectors = self._library.vectors(ids=[chunk_id for chunk_id, _ in proposed])
        scores = dict(ranked(ids, vectors, vector, limit) if ids else [])
        scores |= self._lagging.nearest(vector, limit)
        return _best(scores.items(), limit)

    # -- may Chroma be used? ---------------------------------------------------------------------------------------

    @property
    def state(self) -> State:
        """``chroma`` if Chroma can be used now, else ``exact``."""
        with self._turn:
            return "chroma" if self._usable() else "exact"

    @property
    def pending(self) -> int:
        """The number of chunks added or removed since the stamp. 0 if Chroma is not used at all."""
        with self._turn:
            stamp = self._opened if self._usable() else None
            return sum(map(len, self._library.changes(stamp.revision))) if stamp else 0

    @property
    def needed(self) -> bool:
        """Whether the library is so large that Chroma is faster than exact scoring, or a server was configured."""
        shared = self._chroma is not None and self._chroma.shared
        return shared or self._library.count() > EXACT_UP_TO

    def _usable(self) -> bool:
        """Whether Chroma can be used now: we hold the lock, and a checked build matches this library's history."""
        if self._chroma is None or self._forked or monotonic() < self._not_before or self._syncing.locked():
            return False
        if not (self._chroma.shared or self._acquire()):
            return False
        stamp = self._opened or self._open()
        if stamp is None or not self._fits(stamp):
            return False
        if self._lagging is None:
            self._lagging = Recent(self._library, stamp.state)
        self._lagging.refresh()
        if self._chroma.shared and self._lagging.size + self._lagging.removed > 2 * PENDING:
            newer = self._read_stamp()  # another process may have brought the index up to date
            if newer is not None and newer.revision > stamp.revision and self._fits(newer):
                self._forget()
                return self._usable()
        return self._lagging.removed <= REMOVED

    @property
    def _forked(self) -> bool:
        """Whether a fork has taken this process away from its index: the parent still has it open."""
        return os.getpid() != self._process or (self._chroma is not None and self._chroma.forked)

    def _fits(self, stamp: Stamp) -> bool:
        """Whether the stamp belongs to this library and is not newer than the snapshot that this thread reads."""
        with self._library.reading() as library:
            return stamp.embedder == library.embedder and library.came_from(stamp.state)

    def _distrust(self, fault: IndexFault, stamp: Stamp | None = None) -> None:
        """Stop using this build and delete its stamp, so that the next sync builds a new one.

        If a server does not answer, the stamp is kept, because the server's build may be sound.
        """
        log.warning("the index is not sound (%s); scoring exactly until it is rebuilt with: qa doctor --fix", fault)
        distrusted = self._opened or stamp
        self._forget()
        self._not_before = monotonic() + RETRY_SECONDS
        if not isinstance(fault, IndexUnreachable) and self._acquire():
            # Another process may have made a new build meanwhile, and have deleted this one.
            if distrusted is None or self._read_stamp() == distrusted:
                with suppress(IndexFault):  # a stamp in a read-only folder stays, and the next check fails again
                    self._unstamp()
            if not self._syncing.locked():
                self._release()

    def _forget(self) -> None:
        self._opened = self._lagging = None
        if self._chroma is not None:
            self._chroma.close()

    def _acquire(self) -> bool:
        assert self._builds is not None
        return self._builds.acquire()

    def _release(self) -> None:
        """Give the lock back, unless this process must keep it as long as it has the folder open."""
        if self._builds is not None and self._chroma is not None and self._chroma.shared:
            self._builds.release()

    def close(self) -> None:
        """Close Chroma and release the lock, so that another process can use the folder."""
        if self._forked:
            return
        with self._turn:
            self._forget()
            if self._builds is not None:
                self._builds.release()

    # -- writing ---------------------------------------------------------------------------------------------------

    def sync(self, *, worth: int = 1, on_progress: Progress | None = None) -> State:
        """Bring Chroma up to date with the library.

        If the stamped build passes its check, only the changes since the stamp are written. Otherwise a new build is
        made from SQLite.

        Args:
            worth: the least number of changed chunks that are worth writing.
            on_progress: called with the number of chunks written and the number of all chunks to write.

        Returns:
            ``chroma``, or ``exact`` if the index is not ``needed`` or the lock is not available.

        Raises:
            IndexFault: Chroma failed. The stamp has been deleted, so the next sync makes a new build.
        """
        if self._chroma is None or self._forked or not self.needed or not self._acquire():
            return "exact"
        try:
            with self._syncing:
                with self._turn:
                    self._not_before = 0.0
                    if self._chroma.shared:
                        self._forget()  # another process may have brought it up to date
                    stamp = self._opened or self._open()
                    stamp = stamp if stamp and self._fits(stamp) else None
                    if stamp and sum(map(len, self._library.changes(stamp.revision))) < worth:
                        return "chroma"
                    self._forget()
                self._rewrite(self._chroma, stamp, on_progress)
        finally:
            self._release()
        return "chroma" if self._library.embedder else "exact"

    def _rewrite(self, chroma: Chroma, stamp: Stamp | None, on_progress: Progress | None) -> None:
        with self._library.reading() as library:
            (revision, token), embedder = library.state, library.embedder
            if embedder is None:
                return
            new = Stamp(build=uuid.uuid4().hex[:12], revision=0, token="", embedder=embedder, count=None, seal={})
            old = stamp or new
            added, removed = library.changes(old.revision)
            removed = removed if stamp else {}
            if not chroma.shared:
                self._unstamp()
            chroma.make(old.build, embedder, library.dimension or 0)
            size = min(BATCH, chroma.most_records)
            for batch in _batches(list(removed), size):
                chroma.delete(batch)
            # In the order of their revisions, so that the stamp can say how far the writing has come.
            ordered = sorted(added, key=added.__getitem__)
            for done, batch in enumerate(_batches(ordered, size)):
                if on_progress:
                    on_progress(done * size, len(added))
                if chroma.shared and (reached := library.state_at(added[batch[0]] - 1)):
                    self._restamp(old.reaching(reached))
                chroma.upsert(*library.vectors(ids=batch))
            count, held = library.count(), chroma.count()
            seal = chroma.seal(old.build)
            if held != count:
                raise IndexFault(f"Chroma holds {held} of {count} chunks. Rebuild the index with: qa doctor --fix")
        self._restamp(old.reaching((revision, token)).model_copy(update={"count": count, "seal": seal}))
        chroma.sweep(keep=old.build)

    def _open(self) -> Stamp | None:
        """Open the stamped build and check it. Returns None if there is none, or if it fails its check."""
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
            self._distrust(fault, stamp)
            return None
        self._opened, self._lagging = stamp, None
        return stamp

    def _self_check(self, chroma: Chroma, stamp: Stamp) -> None:
        """Compare the number of vectors with the stamp, and check that a sample of vectors find themselves.

        Raises IndexFault.
        """
        if (count := chroma.count()) != stamp.count and stamp.count is not None:
            raise IndexFault(f"it holds {count} chunks, but its stamp says {stamp.count}")
        ids, vectors = self._library.sample(SAMPLE, until=stamp.revision)
        if not ids:
            return
        misses = [
            chunk_id
            for chunk_id, near in zip(ids, chroma.nearest(vectors, 10), strict=True)
            # Equal texts have equal vectors, so another chunk at distance 0 counts as found.
            if chunk_id not in dict(near) and (not near or near[0][1] > 1e-4)
        ]
        if len(misses) > MISSES:
            raise IndexFault(f"{len(misses)} of {len(ids)} sampled vectors do not find themselves")

    # -- the stamp -------------------------------------------------------------------------------------------------

    def _read_stamp(self) -> Stamp | None:
        assert self._builds is not None
        text = self._builds.read()
        try:
            return Stamp.model_validate_json(text) if text else None
        except ValidationError:
            return None

    def _unstamp(self) -> None:
        assert self._builds is not None
        self._builds.remove()

    def _restamp(self, stamp: Stamp) -> None:
        assert self._builds is not None
        self._builds.write(stamp.model_dump_json())


class FolderBuilds:
    """The stamp and the lock of an index in a folder; see ``engine.Builds``."""

    def __init__(self, folder: Path, name: str) -> None:
        self._folder, self._stamp = folder, folder / name
        self._lock: FileLock | None = None
        self.owner = f"{platform.node()}:{folder.resolve()}"

    def acquire(self) -> bool:
        """Take the lock, if no other process holds it."""
        if self._lock is None:
            try:
                self._folder.mkdir(parents=True, exist_ok=True)
                lock = FileLock(self._folder / "lock", thread_local=False)
                lock.acquire(blocking=False)
            except (Timeout, OSError) as error:
                # Another process holds the lock, or the folder is read-only. Exact scoring is slower, not wrong.
                log.info("scoring exactly, because the index lock is not available (%s)", type(error).__name__)
                return False
            self._lock = lock
        return True

    def release(self) -> None:
        """Give the lock back."""
        if self._lock is not None:
            self._lock.release()
            self._lock = None

    def read(self) -> str | None:
        """Return the stamp."""
        try:
            return self._stamp.read_text(encoding="utf-8")
        except (OSError, ValueError):
            return None

    def write(self, text: str) -> None:
        """Replace the stamp, and wait until it is on the disk."""
        with _typed():
            partial = self._folder / "stamp.partial"
            partial.write_text(text, encoding="utf-8")
            fsync(partial)
            partial.replace(self._stamp)
            fsync(self._folder)

    def remove(self) -> None:
        """Remove the stamp, and wait until that is on the disk."""
        with _typed():
            self._stamp.unlink(missing_ok=True)
            fsync(self._folder)


def _batches(ids: Sequence[int], size: int) -> Iterator[Sequence[int]]:
    for start in range(0, len(ids), size):
        yield ids[start : start + size]


@contextmanager
def _typed() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise IndexFault(
            f"The index cannot be written ({error.strerror}). The library is safe and can be searched without it. "
            "Make room or correct the folder's permissions, then run: qa doctor --fix"
        ) from error


def _best(scored: Iterable[tuple[int, float]], limit: int) -> list[tuple[int, float]]:
    return sorted(scored, key=lambda item: (-item[1], item[0]))[:limit]
