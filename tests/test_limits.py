"""One deadline and a number of calls for a question, whoever asks and whatever is asked."""

from __future__ import annotations

import asyncio
import subprocess
import sys
import time

import pytest

from qa.errors import ModelTimeout, OutOfCalls
from qa.llm.limits import Limits


def test_a_request_is_cancelled_at_the_deadline_and_its_cleaning_up_is_done() -> None:
    cleaned: list[bool] = []

    async def hang() -> None:
        try:
            await asyncio.sleep(30)
        finally:
            cleaned.append(True)

    started = time.monotonic()
    with pytest.raises(TimeoutError):
        Limits(0.2, 1).run(hang)
    assert time.monotonic() - started < 2
    assert cleaned == [True]


def test_what_a_request_gives_or_raises_comes_through() -> None:
    async def three() -> int:
        return 3

    async def fault() -> None:
        raise KeyError("x")

    assert Limits(5, 1).run(three) == 3
    with pytest.raises(KeyError):
        Limits(5, 1).run(fault)


def test_it_may_be_asked_from_within_a_running_loop() -> None:
    async def three() -> int:
        return 3

    async def notebook() -> int:
        return Limits(5, 1).run(three)

    assert asyncio.run(notebook()) == 3


def test_calls_are_counted_and_time_is_up_before_they_are() -> None:
    limits = Limits(5, 2)
    limits.spend()
    limits.spend()
    with pytest.raises(OutOfCalls, match="QA_MAX_CALLS"):
        limits.spend()
    late = Limits(0.01, 2)
    time.sleep(0.02)
    with pytest.raises(ModelTimeout, match="QA_TIMEOUT"):
        late.spend()


def test_ctrl_c_ends_the_process_at_once() -> None:
    code = (
        "import asyncio, signal, threading, os\n"
        "from qa.llm.limits import Limits\n"
        "signal.signal(signal.SIGINT, signal.default_int_handler)\n"  # a background job inherits an ignored one
        "threading.Timer(0.5, lambda: os.kill(os.getpid(), signal.SIGINT)).start()\n"
        "Limits(30, 1).run(lambda: asyncio.sleep(30))\n"
    )
    started = time.monotonic()
    ended = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=20, check=False)
    assert "KeyboardInterrupt" in ended.stderr
    assert time.monotonic() - started < 10
