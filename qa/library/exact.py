"""Exact cosine scoring in memory, used when Chroma is not available and for chunks that Chroma does not hold yet."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from .embedders import Vectors
from .library import Library

Number = TypeVar("Number", np.int64, np.float32)
MARGIN = 32  # candidates beyond the limit that are scored exactly, so that rounding does not decide ties at the limit


ALIVE = np.iinfo(np.int64).max  # the removal revision of a chunk that has not been removed


class Recent:
    """A cache of the vectors stored after the library state ``since``. It follows the library as it changes.

    Each refresh reads only the new vectors. The arrays grow by doubling, so each vector is copied about once even if
    questions are asked during a long ingest. Each row records the revisions in which its chunk was added and removed,
    so a thread that reads an earlier snapshot finds exactly what that snapshot holds.

    This class is not thread-safe: Index lets one thread at a time use it.
    """

    def __init__(self, library: Library, since: tuple[int, str] | None = None) -> None:
        """Read nothing yet. With ``since=None`` the cache holds all chunks."""
        self._library = library
        self._since = since or (0, "")
        self._clear()

    def _clear(self) -> None:
        self._state = self._since
        self._passed = [self._since[0]]  # the revisions at which the cache was refreshed
        self._ids = np.zeros(0, np.int64)
        self._born = np.zeros(0, np.int64)
        self._gone = np.zeros(0, np.int64)
        self._vectors: Vectors = np.zeros((0, 0), np.float32)
        self._size = 0
        self.removed = 0
        """An upper bound of the number of chunks that were stored before ``since`` and removed after it."""

    @property
    def size(self) -> int:
        """The number of rows, those of removed chunks too."""
        return self._size

    def nearest(self, vector: Vectors, limit: int) -> list[tuple[int, float]]:
        """Return the chunks nearest to a unit vector, in the snapshot that this thread reads.

        Args:
            vector: shape (dimension,), length 1.
            limit: the most chunks to return.

        Returns:
            Pairs of chunk id and cosine similarity (-1..1), best first.
        """
        with self._library.reading() as library:
            revision = self._follow(library)
        if not self._size:
            return []
        rows = slice(self._size)
        absent = (self._born[rows] > revision) | (self._gone[rows] <= revision)
        return ranked(self._ids[rows], self._vectors[rows], vector, limit, absent)

    def refresh(self) -> None:
        """Bring the cache to the library's current state, or to that of the snapshot that this thread reads."""
        with self._library.reading() as library:
            self._follow(library)

    def _follow(self, library: Library) -> int:
        now = library.state
        if now == self._state:
            return now[0]
        if now[0] < self._state[0]:
            self._look_back(library, now[0])
            return now[0]
        if self._state != (0, "") and not library.came_from(self._state):
            self._clear()  # the library has another history: a backup was restored
        if 2 * int((self._gone[: self._size] < ALIVE).sum()) > self._size > 1000:
            self._clear()  # most rows are of removed chunks: read everything again
        added, removed = library.changes(self._state[0])
        self._drop(removed)
        self._append(added, *library.vectors(ids=list(added)))
        self._state = now
        self._passed.append(now[0])
        return now[0]

    def _look_back(self, library: Library, revision: int) -> None:
        """Add the chunks of an earlier snapshot that were removed before the cache could read them."""
        before = self._passed[max(0, bisect_right(self._passed, revision) - 1)]
        added, _ = library.changes(before)
        known = set(self._ids[: self._size].tolist())
        missed = {chunk_id: born for chunk_id, born in added.items() if chunk_id not in known}
        self._append(missed, *library.vectors(ids=list(missed)))
        self._drop(dict.fromkeys(missed, self._state[0]), count=False)

    def _drop(self, removed: Mapping[int, int], *, count: bool = True) -> None:
        at = np.flatnonzero(np.isin(self._ids[: self._size], list(removed)))
        self._gone[at] = [removed[int(chunk_id)] for chunk_id in self._ids[at]]
        self.removed += (len(removed) - len(at)) * count

    def _append(self, born: Mapping[int, int], ids: Sequence[int], vectors: Vectors) -> None:
        if not ids:
            return
        need = self._size + len(ids)
        if need > len(self._ids):
            room = max(need, 2 * len(self._ids)) if self._size else need
            self._ids, self._born, self._gone = (_grown(a, room) for a in (self._ids, self._born, self._gone))
            self._vectors = _grown(self._vectors.reshape(-1, vectors.shape[1]), room)
        rows = slice(self._size, need)
        self._ids[rows], self._vectors[rows] = ids, vectors
        self._born[rows], self._gone[rows] = [born[chunk_id] for chunk_id in ids], ALIVE
        self._size = need


def ranked(
    ids: Sequence[int] | NDArray[np.int64],
    vectors: Vectors,
    vector: Vectors,
    limit: int,
    absent: NDArray[np.bool_] | None = None,
) -> list[tuple[int, float]]:
    """Rank chunks by their cosine similarity to a vector. Equal similarities are ordered by id.

    The result does not depend on which other chunks are scored, so Chroma's candidates and exact scoring agree.

    Args:
        ids: one chunk id per row of ``vectors``.
        vectors: shape (n, dimension), rows of length 1.
        vector: shape (dimension,), length 1.
        limit: the most chunks to return.
        absent: shape (n,); True for rows to leave out.

    Returns:
        Pairs of chunk id and cosine similarity (-1..1), best first.
    """
    rough = vectors @ vector
    if absent is not None:
        rough[absent] = -np.inf
    near = _top(rough, limit + MARGIN)
    # How a matrix product is rounded depends on the shape of the matrix. Computed row by row in float64, a score
    # depends on its own row only.
    scores = np.einsum("ij,j->i", vectors[near].astype(np.float64), vector.astype(np.float64))
    near_ids = np.asarray(ids)[near]
    order = np.lexsort((near_ids, -scores))[:limit]
    return [(int(near_ids[i]), float(scores[i])) for i in order if rough[near[i]] > -np.inf]


def _top(scores: Vectors, size: int) -> NDArray[np.intp]:
    """Return the indices of the ``size`` highest scores, in no order. This takes linear time; sorting does not."""
    if len(scores) <= size:
        return np.arange(len(scores))
    return np.argpartition(-scores, size)[:size]


def _grown(old: NDArray[Number], room: int) -> NDArray[Number]:
    new: NDArray[Number] = np.empty((room, *old.shape[1:]), old.dtype)
    new[: len(old)] = old
    return new
