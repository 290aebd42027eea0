"""The process that reads files which can do harm: ``python -m qa.articles.worker MEGABYTES SECONDS``.

It takes files from standard input and gives extracts to standard output (see ``wire``), until the input ends.
"""

from __future__ import annotations

import json
import logging
import signal
import sys
import warnings
from collections.abc import Callable
from contextlib import suppress
from typing import BinaryIO

from ..errors import InputError, unexpected
from .extract import Extract, Inner, Note, Raw, Unread
from .formats import reader_of
from .processes import receive
from .wire import decode_raw, encode_extracts, encode_inner, frame

OUT_OF_MEMORY = 77
"""The exit status of a process that ran out of memory."""
MOST = 64_000_000
"""Bytes of an answer. A file of 20 MB that unpacks to more is no news."""


def main() -> None:
    """Read files until the input ends."""
    megabytes, seconds = map(int, sys.argv[1:3])
    _limit(megabytes)
    logging.disable()
    warnings.simplefilter("ignore")
    source, out = sys.stdin.buffer, sys.stdout.buffer
    sys.stdout = sys.stderr  # a library that prints must not spoil the answers
    _send(out, b"ready")
    while (about := receive(source)) is not None:
        content = receive(source) or b""
        alarm: Callable[[int], int] | None = getattr(signal, "alarm", None)
        if alarm:
            alarm(seconds)  # ends this process if its parent is gone and cannot
        try:
            answer = _answer(decode_raw(about, content), lambda inner: _write(out, encode_inner(inner)))
        except MemoryError:
            sys.exit(OUT_OF_MEMORY)
        if alarm:
            alarm(0)
        _send(out, answer)


def _answer(raw: Raw, give: Callable[[Inner], None] = lambda _: None) -> bytes:
    """Read a file. Files within it are given at once, because all of them may be too much for the memory."""
    try:
        found: list[Extract | Unread | Note] = []
        for one in reader_of(raw.suffix)(raw):
            if isinstance(one, Inner):
                give(one)
            else:
                found.append(one)
        extracts = encode_extracts(found)
        if len(extracts) > MOST:
            return _fault(f"unpacks to more than {MOST // 1_000_000} MB")
        return json.dumps({"extracts": extracts}).encode()
    except InputError as error:
        return _fault(str(error))
    except RecursionError:
        return _fault("is nested too deeply to be read")
    except MemoryError:
        raise
    except Exception as error:  # noqa: BLE001  # a bug that one file triggers must not stop the others
        return _fault(f"Dateline failed on it: {unexpected(error)}")


def _fault(reason: str) -> bytes:
    return json.dumps({"fault": reason}).encode()


def _limit(megabytes: int) -> None:
    """Limit the memory of this process, where the system can."""
    try:
        import resource
    except ImportError:  # Windows
        return
    size = megabytes * 1_000_000
    with suppress(ValueError, OSError):  # macOS knows the limit and refuses to set it
        resource.setrlimit(resource.RLIMIT_AS, (size, size))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _send(out: BinaryIO, message: bytes) -> None:
    _write(out, frame(message))


def _write(out: BinaryIO, framed: bytes) -> None:
    out.write(framed)
    out.flush()


if __name__ == "__main__":
    main()
