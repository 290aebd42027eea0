"""Measure time by stage, and memory. Functions are wrapped, and the time of nested stages is not counted twice."""

from __future__ import annotations

import resource
import sqlite3
import sys
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from functools import wraps
from time import perf_counter
from typing import Any
from unittest.mock import patch

Target = tuple[Any, str, str]
"""A module or class, the name of its function, and the stage that its time counts towards."""


class Stopwatch:
    """Seconds spent in each stage, without the stages nested in it. For use in one thread."""

    def __init__(self) -> None:
        self._spent: defaultdict[str, float] = defaultdict(float)
        self._inside = [0.0]  # for each open stage, the seconds of its nested stages

    @contextmanager
    def running(self, stage: str) -> Iterator[None]:
        """Count the time of this block towards ``stage``."""
        self._inside.append(0.0)
        started = perf_counter()
        try:
            yield
        finally:
            elapsed = perf_counter() - started
            self._spent[stage] += elapsed - self._inside.pop()
            self._inside[-1] += elapsed

    def wrap(self, function: Callable[..., Any], stage: str) -> Callable[..., Any]:
        """Wrap ``function`` so that its time counts towards ``stage``."""

        @wraps(function)
        def timed(*args: Any, **kwargs: Any) -> Any:
            with self.running(stage):
                return function(*args, **kwargs)

        return timed

    def iterate(self, stage: str, items: Iterable[Any]) -> Iterator[Any]:
        """Yield the items, and count the time to produce them towards ``stage``."""
        iterator = iter(items)
        while True:
            with self.running(stage):
                item = next(iterator, self)
            if item is self:
                return
            yield item

    @contextmanager
    def installed(self, *targets: Target) -> Iterator[None]:
        """Replace the functions by timed ones within this block."""
        patches = [patch.object(owner, name, self.wrap(getattr(owner, name), stage)) for owner, name, stage in targets]
        for one in patches:
            one.start()
        try:
            yield
        finally:
            for one in patches:
                one.stop()

    def stop(self) -> dict[str, float]:
        """Return the seconds of each stage, longest first, and reset the stopwatch."""
        spent = dict(sorted(self._spent.items(), key=lambda item: -item[1]))
        self._spent.clear()
        return spent


@contextmanager
def timed_connections(watch: Stopwatch) -> Iterator[None]:
    """Time the writes of new SQLite connections, with one stage per table and one for commits."""
    stages = {
        "COMMIT": "write: commit",
        "INSERT INTO articles": "write: articles",
        "INSERT INTO sentences": "write: sentences",
        "INSERT INTO chunks ": "write: chunks",
        "INSERT INTO chunks_fts": "write: FTS5",
    }

    class Timed(sqlite3.Connection):
        def execute(self, sql: str, *values: Any) -> sqlite3.Cursor:
            stage = next((stage for start, stage in stages.items() if sql.startswith(start)), None)
            if stage is None:
                return super().execute(sql, *values)
            with watch.running(stage):
                return super().execute(sql, *values)

        def executemany(self, sql: str, *values: Any) -> sqlite3.Cursor:
            stage = next((stage for start, stage in stages.items() if sql.startswith(start)), "write: python")
            with watch.running(stage):
                return super().executemany(sql, *values)

    connect = sqlite3.connect
    with patch.object(sqlite3, "connect", lambda *args, **kwargs: connect(*args, **kwargs, factory=Timed)):
        yield


def peak_mb(whose: int = resource.RUSAGE_SELF) -> float:
    """Return the peak memory of this process, or of the largest of its ended children, in MB."""
    unit = 1 if sys.platform == "darwin" else 1024  # bytes, or KiB
    return resource.getrusage(whose).ru_maxrss * unit / 1e6
