"""How long the processor works on something, for tests that tell linear growth from quadratic growth."""

from __future__ import annotations

import gc
import time
from collections.abc import Callable


def seconds(work: Callable[[], object], tries: int = 3) -> float:
    """Return the seconds of processor time that ``work`` takes: the least of several tries.

    Other threads and processes do not count, and neither does the collection of garbage that other tests left behind.
    """

    def once() -> float:
        gc.collect()
        gc.disable()
        try:
            began = time.thread_time()
            work()
            return time.thread_time() - began
        finally:
            gc.enable()

    return min(once() for _ in range(tries))
