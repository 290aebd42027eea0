"""Exact cosine scoring in memory: what answers where Chroma may not be asked, and for what Chroma does not hold yet."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from .embed import Vectors
from .library import Library

MARGIN = 32  # candidates beyond the limit that are scored in full: ties at the edge are settled, not cut


class Recent:
    """The vectors of the chunks stored after ``since`` (a library's state), carried along as the library changes.

    Only what is new is read at each refresh; room grows by doubling, so that an ingest beside many questions costs
    each vector one copy in all. Not safe for threads: the index takes turns.
    """

    def __init__(self, library: Library, since: tuple[int, str] | None = None) -> None:
        """Nothing is read yet. ``since=None``: all chunks."""
        self._library = library
        self._since = since or (0, "")
        self._clear()

    def _clear(self) -> None:
        self._state = self._since
        self._ids = np.zeros(0, np.int64)
        self._gone = np.zeros(0, bool)
        self._vectors: Vectors = np.zeros((0, 0), np.float32)
        self._size = 0
        self.removed = 0
        """Chunks stored before ``since`` and removed after it, at most."""

    def refresh(self) -> None:
        """Follow the library to its present state, or to that of the snapshot this thread reads."""
        with self._library.reading() as library:
            now = library.state
            if now[0] < self._state[0] or now == self._state:
                return  # a snapshot from before: what it does not know yet, its own queries leave out
            if self._state != (0, "") and not library.came_from(self._state):
                self._clear()  # another history: a backup was restored
            added, removed = library.changes(self._state[0])
            self._drop(removed)
            self._append(*library.vectors(ids=added))
            self._state = now

    def nearest(self, vector: Vectors, limit: int) -> list[tuple[int, float]]:
        """Chunk ids and cosine similarities, best first."""
        if not self._size:
            return []
        return ranked(self._ids[: self._size], self._vectors[: self._size], vector, limit, self._gone[: self._size])

    def _drop(self, removed: Sequence[int]) -> None:
        mine = np.isin(self._ids[: self._size], removed)
        self.removed += len(removed) - int(mine.sum())
        self._gone[: self._size] |= mine

    def _append(self, ids: Sequence[int], vectors: Vectors) -> None:
        if not ids:
            return
        need = self._size + len(ids)
        if need > len(self._ids):
            room = max(need, 2 * len(self._ids)) if self._size else need
            self._ids = _grown(self._ids, room)
            self._gone = _grown(self._gone, room)
            self._vectors = _grown(self._vectors.reshape(-1, vectors.shape[1]), room)
        self._ids[self._size : need] = ids
        self._gone[self._size : need] = False
        self._vectors[self._size : need] = vectors
        self._size = need


def ranked(
    ids: Sequence[int] | np.ndarray, vectors: Vectors, vector: Vectors, limit: int, gone: np.ndarray | None = None
) -> list[tuple[int, float]]:
    """Best first by cosine; equal ones by id, so that hits never depend on who computed them."""
    rough = vectors @ vector
    if gone is not None:
        rough[gone] = -np.inf
    near = _top(rough, limit + MARGIN)
    # A matrix product rounds differently with the matrix's shape. Row by row in float64, a score depends on its row.
    scores = np.einsum("ij,j->i", vectors[near].astype(np.float64), vector.astype(np.float64))
    found = np.asarray(ids)[near]
    order = np.lexsort((found, -scores))[:limit]
    return [(int(found[i]), float(scores[i])) for i in order if rough[near[i]] > -np.inf]


def _top(scores: np.ndarray, size: int) -> np.ndarray:
    """Indices of the highest scores, in no order: choosing is linear where sorting all is not."""
    if len(scores) <= size:
        return np.arange(len(scores))
    return np.argpartition(-scores, size)[:size]


def _grown(old: np.ndarray, room: int) -> np.ndarray:
    new = np.empty((room, *old.shape[1:]), old.dtype)
    new[: len(old)] = old
    return new
