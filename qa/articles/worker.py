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
from .extract import Raw
from .formats import reader_of
from .wire import FRAME, decode_raw, encode_extracts, frame

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
    while (about := _receive(source)) is not None:
        content = _receive(source) or b""
        alarm: Callable[[int], int] | None = getattr(signal, "alarm", None)
        if alarm:
            alarm(seconds)  # ends this process if its parent is gone and cannot
        try:
            answer = _answer(decode_raw(about, content))
        except MemoryError:
            sys.exit(OUT_OF_MEMORY)
        if alarm:
            alarm(0)
        _send(out, answer)


def _answer(raw: Raw) -> bytes:
    try:
        extracts = encode_extracts(list(reader_of(raw.suffix)(raw)))
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


def _receive(source: BinaryIO) -> bytes | None:
    head = source.read(FRAME.size)
    return source.read(FRAME.unpack(head)[0]) if len(head) == FRAME.size else None


def _send(out: BinaryIO, message: bytes) -> None:
    out.write(frame(message))
    out.flush()


if __name__ == "__main__":
    main()
