"""All model requests of a question share one deadline and one number of calls."""

from __future__ import annotations

import asyncio
import subprocess
import sys
import threading
import time
from collections.abc import Callable

import pytest

from qa.errors import ModelTimeout, OutOfCalls
from qa.llm.limits import Limits


def test_a_request_is_cancelled_at_the_deadline_and_cleans_up() -> None:
    cleaned: list[bool] = []

    async def hang() -> None:
        try:
            await asyncio.sleep(30)
        finally:
            cleaned.append(True)

    started = time.monotonic()
    with pytest.raises(TimeoutError):
        Limits(0.2, 1).run(hang)
    assert time.monotonic() - started < 15
    assert cleaned == [True]


def test_cancelling_from_another_thread_ends_requests_and_allows_no_more() -> None:
    cleaned: list[bool] = []

    async def hang(emit: Callable[[str], None] | None = None) -> None:
        if emit:
            emit("begun")
        try:
            await asyncio.sleep(30)
        finally:
            cleaned.append(True)

    whole, streamed, unused = Limits(60, 2), Limits(60, 2), Limits(60, 2)
    threading.Timer(0.2, whole.cancel).start()
    with pytest.raises(TimeoutError):
        whole.run(hang)
    items = streamed.stream(hang)
    assert next(items) == "begun"
    threading.Timer(0.2, streamed.cancel).start()
    with pytest.raises(TimeoutError):
        next(items)
    unused.cancel()
    for limits in (whole, streamed, unused):
        with pytest.raises(ModelTimeout):
            limits.spend()
    end = time.monotonic() + 10
    while len(cleaned) < 2 and time.monotonic() < end:
        time.sleep(0.01)
    assert cleaned == [True, True]


def test_run_returns_or_raises_what_the_request_does() -> None:
    async def three() -> int:
        return 3

    async def fault() -> None:
        raise KeyError("x")

    assert Limits(5, 1).run(three) == 3
    with pytest.raises(KeyError):
        Limits(5, 1).run(fault)


def test_run_works_inside_a_running_event_loop() -> None:
    async def three() -> int:
        return 3

    async def notebook() -> int:
        return Limits(5, 1).run(three)

    assert asyncio.run(notebook()) == 3


def test_no_call_is_possible_after_the_last_one_or_after_the_deadline() -> None:
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
        "signal.signal(signal.SIGINT, signal.default_int_handler)\n"  # background jobs ignore SIGINT by default
        "threading.Timer(0.5, lambda: os.kill(os.getpid(), signal.SIGINT)).start()\n"
        "Limits(30, 1).run(lambda: asyncio.sleep(30))\n"
    )
    started = time.monotonic()
    process = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=20, check=False)
    assert "KeyboardInterrupt" in process.stderr
    assert time.monotonic() - started < 10
