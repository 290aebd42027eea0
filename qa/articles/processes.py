"""Starts processes of this program that take messages on standard input and answer on standard output.

They get no keys, and no Ctrl-C: whoever started them ends them. They end by themselves when their input does. This is
not ``multiprocessing``, which would run the script again that called Dateline.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import IO

from .wire import FRAME

_KEPT = ("PATH", "PYTHONPATH", "LANG", "LC_ALL", "SYSTEMROOT", "TMPDIR", "TEMP", "VIRTUAL_ENV")
"""The environment that a process sees."""


def start(module: str, *arguments: str) -> subprocess.Popen[bytes]:
    """Start a module of this package as a process, with pipes to its input and output."""
    root = str(Path(__file__).resolve().parents[2])
    environment = {name: os.environ[name] for name in _KEPT if name in os.environ}
    environment["PYTHONPATH"] = os.pathsep.join(filter(None, (root, environment.get("PYTHONPATH"))))
    return subprocess.Popen(  # noqa: S603 - this program alone
        [sys.executable, "-P", "-m", module, *arguments],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env=environment,
        start_new_session=True,
    )


def receive(source: IO[bytes]) -> bytes | None:
    """Return the next message of a pipe (see ``wire.frame``). None at its end."""
    head = source.read(FRAME.size)
    if len(head) < FRAME.size:
        return None
    size = FRAME.unpack(head)[0]
    message = source.read(size)
    return message if len(message) == size else None
