"""The time that one fetch may take. Waiting out of politeness is not counted: the server did not cause it."""

from __future__ import annotations

from collections.abc import Callable

from ...errors import InputError

MAX_PAUSES = 60.0  # seconds: a chain of redirects must not keep us waiting, one polite pause after the other


class TookTooLong(InputError):
    """A fetch used all its time."""


class Deadline:
    """One for each fetch. Its name lookups, connections, headers and bodies share it, robots.txt and redirects too."""

    def __init__(self, seconds: float, clock: Callable[[], float], sleep: Callable[[float], None]) -> None:
        self._seconds = seconds
        self._sleep = sleep
        self._clock = clock
        self._end = clock() + seconds
        self._paused = 0.0

    def left(self) -> float:
        """Return the seconds that are left, more than 0. Raises TookTooLong if there are none."""
        left = self._end - self._clock()
        if left <= 0:
            raise self.exceeded()
        return left

    def exceeded(self) -> TookTooLong:
        """Return the error for a fetch that used all its time."""
        return TookTooLong(f"took longer than {self._seconds:g} s")

    def excuse(self, seconds: float) -> None:
        """Do not count the last ``seconds``."""
        self._end += seconds

    def pause(self, seconds: float) -> None:
        """Wait, without counting it. Raises TookTooLong if there were too many pauses."""
        if seconds <= 0:
            return
        self._paused += seconds
        if self._paused > MAX_PAUSES:
            raise TookTooLong(f"asks Dateline to wait longer than {MAX_PAUSES:g} s in all")
        before = self._clock()
        self._sleep(seconds)
        self.excuse(self._clock() - before)
