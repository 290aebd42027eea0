"""A running API for tests: uvicorn on loopback, in a thread of the test or in a process of its own."""

from __future__ import annotations

import os
import re
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import uvicorn

from qa.api.app import create_app
from qa.api.options import ApiSettings
from qa.api.server import config_of
from qa.settings import Settings

WAIT = 30.0  # seconds to wait for something that is to happen, so that a test fails instead of hanging
RUNNING = re.compile(r"running on (http://[\d.:]+)")
"""Where a server says in its log which port it got."""


@contextmanager
def served(settings: Settings, **options: object) -> Iterator[str]:
    """Run the API in a thread and yield its address."""
    chosen = ApiSettings.load(**({"port": 0} | options))
    app = create_app(settings, chosen)
    server = uvicorn.Server(config_of(app, chosen, app.state.service.metrics))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    try:
        until(lambda: server.started)
        port = server.servers[0].sockets[0].getsockname()[1]
        yield f"http://127.0.0.1:{port}"
    finally:
        server.should_exit = True
        thread.join(WAIT)
        assert not thread.is_alive(), "the server stops when it is told to"


class Process:
    """``qa serve`` in a process of its own, which can be killed."""

    def __init__(self, library: Path, log: Path, *arguments: str, **environment: str) -> None:
        self._log = log
        with log.open("w") as file:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "qa", "serve", "--library", str(library), "--port", "0", *arguments],
                stderr=file,
                env={**os.environ, "QA_OFFLINE": "true", **environment},
            )
        until(lambda: RUNNING.search(self.log) or self._process.poll() is not None)
        found = RUNNING.search(self.log)
        assert found, self.log
        self.url = found[1]

    @property
    def log(self) -> str:
        return self._log.read_text()

    def kill(self) -> None:
        self._process.kill()
        self._process.wait()

    def stop(self) -> int:
        self._process.terminate()
        return self._process.wait(WAIT)


def free_port() -> int:
    """Return a port of loopback that nobody listens on."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


def until(true: Callable[[], object], seconds: float = WAIT) -> None:
    """Wait until something is true. Fails after ``seconds``."""
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, "it did not happen in time"
        time.sleep(0.01)


def raw(url: str, *parts: bytes | float, seconds: float = WAIT) -> bytes:
    """Send bytes to a server, with pauses where a part is a number, and return all that it sends until it hangs up."""
    address = httpx.URL(url)
    received = b""
    with socket.create_connection((address.host, address.port), timeout=seconds) as connection:
        try:
            for part in parts:
                if isinstance(part, bytes):
                    connection.sendall(part)
                else:
                    time.sleep(part)
            while chunk := connection.recv(65_536):
                received += chunk
        except (ConnectionResetError, BrokenPipeError):
            pass
    return received
