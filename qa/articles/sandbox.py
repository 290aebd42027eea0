"""Reads files of formats that can do harm, in a process of its own with limits of memory and time.

A page, a PDF or an XML file may be built to fill the memory, to take for ever, or to crash the library that reads it.
None of that reaches the process that asked: a file that goes beyond the limits is reported, and the next one gets a new
process. One process reads many files, because starting one takes longer than most files.
"""

from __future__ import annotations

import atexit
import json
import os
import select
import signal
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import suppress

from ..errors import InputError
from .extract import Found, Inner, Raw
from .processes import start
from .wire import FRAME, decode_extracts, decode_inner, encode_raw
from .worker import OUT_OF_MEMORY

SECONDS = 10.0
"""Longest time that one file may take."""
MEGABYTES = 512
"""Most memory that reading one file may take."""
_START_SECONDS = 30.0  # of the process itself: the first start on a slow disk
_FILES = 500  # read by one process before it is replaced, so that a leak of a library stays small


def extract(raw: Raw) -> Iterator[Found]:
    """Read a file in another process.

    Args:
        raw: the file.

    Yields:
        What its format's reader yields.

    Raises:
        InputError: nothing of it can be read, or reading it went beyond the limits.
    """
    inner: list[Inner] = []
    with _lock:
        reply = _worker().ask(raw, inner)
    yield from inner
    if "fault" in reply:
        raise InputError(reply["fault"])
    yield from decode_extracts(reply["extracts"])


_lock = threading.Lock()
_current: _Worker | None = None


class _Gone(Exception):
    """The process ended, or was ended, before it answered."""


class _Worker:
    """A process that reads one file after another."""

    def __init__(self) -> None:
        self._process = start("qa.articles.worker", str(MEGABYTES), str(int(SECONDS) + 5))
        self.read = 0
        try:
            self._receive(_START_SECONDS)  # it says that it has started
        except _Gone as error:
            raise InputError(f"the process that reads this format could not be started ({error})") from error

    def ask(self, raw: Raw, inner: list[Inner]) -> dict[str, str]:
        """Send a file and return the answer. The process is ended if it goes beyond the limits.

        The files of an archive, which come before the answer, are added to ``inner``.
        """
        self.read += 1
        assert self._process.stdin is not None
        try:
            self._process.stdin.write(encode_raw(raw))
            self._process.stdin.flush()
            deadline = time.monotonic() + SECONDS
            while "inner" in (reply := json.loads(self._receive(SECONDS, deadline))):
                inner.append(decode_inner(reply, self._receive(SECONDS, deadline)))
        except _Gone as gone:
            return {"fault": str(gone)}
        except BrokenPipeError:
            return {"fault": _why(self.end())}
        except BaseException:  # Ctrl-C: an answer that nobody took would be taken for the next file's
            self.end()
            raise
        answer: dict[str, str] = reply
        return answer

    def _receive(self, seconds: float, deadline: float | None = None) -> bytes:
        """Return the next message. It is waited for until the deadline, which is ``seconds`` from now by default."""
        deadline = deadline or time.monotonic() + seconds
        size = FRAME.unpack(self._take(FRAME.size, deadline, seconds))[0]
        return self._take(size, deadline, seconds)

    def _take(self, size: int, deadline: float, seconds: float) -> bytes:
        stdout = self._process.stdout
        assert stdout is not None
        parts = bytearray()
        while len(parts) < size:
            ready, _, _ = select.select([stdout], [], [], max(0.0, deadline - time.monotonic()))
            if not ready:
                self.end()
                raise _Gone(f"takes longer than {seconds:.0f} s to read")
            part = os.read(stdout.fileno(), min(size - len(parts), 1 << 20))
            if not part:
                raise _Gone(_why(self.end()))
            parts += part
        return bytes(parts)

    @property
    def usable(self) -> bool:
        """Whether the process can read another file."""
        return self._process.poll() is None and self.read < _FILES

    def end(self) -> int:
        """End the process and return its exit status. One that has ended by itself keeps its own."""
        try:
            self._process.wait(0.05)  # its pipes close a moment before it is gone
        except subprocess.TimeoutExpired:
            self._process.kill()
        for pipe in (self._process.stdin, self._process.stdout):
            assert pipe is not None
            with suppress(BrokenPipeError):  # of the rest of a file that nobody reads any more
                pipe.close()
        return self._process.wait()


def _why(status: int) -> str:
    """Say why a process ended by itself."""
    if status in {-signal.SIGKILL, -signal.SIGABRT} or status == OUT_OF_MEMORY:
        return f"needs more than {MEGABYTES} MB to read"
    return f"reading it ended the process that read it ({f'signal {-status}' if status < 0 else f'status {status}'})"


def _worker() -> _Worker:
    global _current
    if _current is None or not _current.usable:
        if _current is not None:
            _current.end()
        _current = _Worker()
    return _current


@atexit.register
def close() -> None:
    """End the process, if there is one. The next file starts another."""
    global _current
    with _lock:
        if _current is not None:
            _current.end()
        _current = None
