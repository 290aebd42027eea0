"""Tell work whose time grows with its size from work whose time grows faster. No test says how long work takes.

Times are compared within one run, so a slow or busy machine changes nothing.
"""

from __future__ import annotations

import gc
import time
from collections.abc import Callable

TRIES = 3
LEAST = 0.005  # seconds; what takes less is not measured exactly enough to be compared


def seconds(work: Callable[[], object]) -> float:
    """Return the seconds of processor time that ``work`` takes in this thread.

    Other threads and processes do not count, and neither does the collection of garbage that other tests left behind.
    """
    gc.disable()
    try:
        began = time.thread_time()
        work()
        return time.thread_time() - began
    finally:
        gc.enable()


def is_linear(work: Callable[[int], object], short: int, long: int) -> bool:
    """Return whether ``work(long)`` takes about ``long / short`` times as long as ``work(short)``.

    It may take three times that. If it takes longer, both are tried again, as chance can do that once.
    ``long`` should be eight times ``short`` or more, for quadratic growth to show.
    """

    def once() -> bool:
        allowed = 3 * long / short * max(seconds(lambda: work(short)), LEAST)
        return seconds(lambda: work(long)) <= allowed

    return any(once() for _ in range(TRIES))


def is_cheap(work: Callable[[], object], usual: Callable[[], object], factor: float) -> bool:
    """Return whether ``work`` takes at most ``factor`` times as long as ``usual`` work does."""
    return any(seconds(work) <= factor * max(seconds(usual), LEAST) for _ in range(TRIES))
