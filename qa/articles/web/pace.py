"""Keeps a host from being asked too often: one request at a time, at most one a second, and none while it is busy."""

from __future__ import annotations

import math
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from ...errors import InputError
from .deadline import Deadline

INTERVAL = 1.0  # seconds from the end of a request to the next one
LONGEST = 10.0  # seconds that Dateline waits; a host that wants more is left alone


@dataclass
class _Host:
    lock: threading.Lock = field(default_factory=threading.Lock)
    interval: float = INTERVAL
    next: float = -math.inf
    """When it may be asked again."""
    reason: str = ""
    """Why not before, if it said so."""


class Pace:
    """What is known about each host. Several threads may use it."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._hosts: dict[str, _Host] = {}

    @contextmanager
    def turn(self, host: str, deadline: Deadline) -> Iterator[None]:
        """Wait until ``host`` may be asked, and keep others from asking it meanwhile.

        Raises:
            InputError: it wants to be left alone for longer than ``LONGEST``. The reason says when to try again.
        """
        state = self._state(host)
        came = self._clock()
        with state.lock:
            deadline.excuse(self._clock() - came)
            wait = state.next - self._clock()
            if wait > LONGEST:
                raise InputError(again_in(state.reason, wait))
            deadline.pause(wait)
            try:
                yield
            finally:
                state.next = max(state.next, self._clock() + state.interval)

    def slow_down(self, host: str, seconds: float) -> None:
        """Ask ``host`` at most once in ``seconds``, or in ``LONGEST`` if that is less."""
        self._state(host).interval = max(INTERVAL, min(seconds, LONGEST))

    def hold(self, host: str, seconds: float, reason: str) -> None:
        """Do not ask ``host`` for some seconds, because of what it answered."""
        state = self._state(host)
        state.reason = reason
        state.next = max(state.next, self._clock() + seconds)

    def _state(self, host: str) -> _Host:
        return self._hosts.setdefault(host, _Host())


def again_in(reason: str, seconds: float) -> str:
    """Add to a reason when to try again, in seconds, minutes or hours."""
    length, unit = (1, "s") if seconds <= 120 else (60, "min") if seconds <= 7_200 else (3_600, "h")
    return f"{reason}; try again in {math.ceil(seconds / length)} {unit}"
