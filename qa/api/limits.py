"""Limits of use: requests a minute, and how much is worked on at the same time."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from math import ceil
from threading import Lock
from time import monotonic
from typing import TypeVar

from .problems import BUSY, TOO_MANY, Refusal

REMEMBERED = 10_000  # callers whose requests are counted; the one that was idle longest is forgotten

T = TypeVar("T")


class TooMany(Refusal):
    """A caller has made too many requests. ``retry_after`` is in seconds."""

    def __init__(self, retry_after: int) -> None:
        super().__init__(TOO_MANY)
        self.retry_after = retry_after


class Rate:
    """A token bucket for each caller: ``a_minute`` requests at once, and then as many a minute."""

    def __init__(self, a_minute: int, clock: Callable[[], float] = monotonic) -> None:
        self._most = float(a_minute)
        self._clock = clock
        self._buckets: OrderedDict[str, tuple[float, float]] = OrderedDict()  # what is left, and when that was
        self._lock = Lock()

    def spend(self, caller: str) -> None:
        """Count a request. Raises TooMany if the caller has none left."""
        with self._lock:
            now = self._clock()
            left, then = self._buckets.pop(caller, (self._most, now))
            left = min(self._most, left + (now - then) * self._most / 60)
            allowed = left >= 1
            self._buckets[caller] = (left - 1 if allowed else left, now)
            if len(self._buckets) > REMEMBERED:
                self._buckets.popitem(last=False)
        if not allowed:
            raise TooMany(ceil((1 - left) * 60 / self._most))


class Workers:
    """Threads for work that takes long. At most ``running`` jobs run, ``waiting`` more wait, and others are refused.

    The threads are reused, so that each keeps its connection to the library.
    """

    def __init__(self, name: str, running: int, waiting: int) -> None:
        self._pool = ThreadPoolExecutor(running, thread_name_prefix=name)
        self._most = running + waiting
        self._under_way = 0
        self._lock = Lock()

    @property
    def under_way(self) -> int:
        """How many jobs run or wait."""
        return self._under_way

    def start(self, job: Callable[[], T]) -> Future[T]:
        """Run a job in a thread. Raises Refusal (503) if too many wait already."""
        with self._lock:
            if self._under_way >= self._most:
                raise Refusal(BUSY)
            self._under_way += 1
        future = self._pool.submit(job)
        future.add_done_callback(self._ended)
        return future

    async def run(self, job: Callable[[], T]) -> T:
        """Run a job in a thread and return its result. If the caller is cancelled, a job that waits is dropped."""
        return await asyncio.wrap_future(self.start(job))

    def close(self) -> None:
        """Drop the jobs that wait, and wait for those that run."""
        self._pool.shutdown(cancel_futures=True)

    def _ended(self, _: Future[T]) -> None:
        with self._lock:
            self._under_way -= 1
