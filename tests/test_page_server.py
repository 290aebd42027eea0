"""``qa app`` in a process of its own: it makes the page ready before anybody opens it, and ends when it is told to."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from urllib.request import urlopen

import pytest

from qa.library.library import FILE, Library

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parent.parent
WAIT = 120  # seconds; enough for a busy machine


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Callable[..., subprocess.Popen[str]]]:
    """Start ``qa app`` for the empty library ``mine``."""
    started = []

    def start_(*arguments: str) -> subprocess.Popen[str]:
        clean = {k: v for k, v in os.environ.items() if not k.startswith(("QA_", "OPENAI_", "STREAMLIT_"))}
        command = [sys.executable, "-m", "qa", "app", "--library", str(tmp_path / "mine"), "--offline", *arguments]
        environment = clean | {"PYTHONPATH": str(ROOT)}
        started.append(
            subprocess.Popen(
                command, env=environment, cwd=tmp_path, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
            )
        )
        return started[-1]

    yield start_
    for process in started:
        process.kill()
        process.communicate()


@pytest.fixture
def port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


def comes(found: Callable[[], bool]) -> bool:
    """Wait until something is the case."""
    end = time.monotonic() + WAIT
    while time.monotonic() < end:
        if found():
            return True
        time.sleep(0.1)
    return False


def answers(port: int) -> bool:
    try:
        with urlopen(f"http://127.0.0.1:{port}/_stcore/health") as reply:
            return bool(reply.read() == b"ok")
    except OSError:
        return False


def test_the_sample_is_ready_before_anybody_opens_the_page_and_ctrl_c_ends_the_server(
    start: Callable[..., subprocess.Popen[str]], port: int, tmp_path: Path
) -> None:
    def sample_is_made() -> bool:
        if not (tmp_path / "sample" / FILE).is_file():
            return False
        with closing(Library(tmp_path / "sample")) as sample:
            return sample.coverage().articles == 62

    process = start("--port", str(port))
    assert comes(lambda: answers(port))
    assert comes(sample_is_made), "nobody has opened the page"
    assert not (tmp_path / "mine").exists(), "the reader's own library is left alone"
    process.send_signal(signal.SIGINT)
    assert process.wait(WAIT) == 0


def test_a_port_that_is_in_use_is_an_error(start: Callable[..., subprocess.Popen[str]], tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        process = start("--port", str(port))
        told, _ = process.communicate(timeout=WAIT)
    assert process.returncode == 1
    assert f"Port {port} is not available" in told


def test_the_page_needs_no_tables(tmp_path: Path) -> None:
    code = (
        "import sys; from streamlit.testing.v1 import AppTest\n"
        "at = AppTest.from_file(sys.argv[1], default_timeout=100).run()\n"
        "print(at.title[0].value, len(at.exception), {'pandas', 'pyarrow', 'streamlit.emojis'} & set(sys.modules))"
    )
    environment = os.environ | {"QA_LIBRARY": str(tmp_path / "mine"), "QA_OFFLINE": "true", "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-c", code, str(ROOT / "app.py")]
    done = subprocess.run(command, env=environment, cwd=tmp_path, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "Dateline 0 set()", "to import pandas takes longer than to draw the page"
