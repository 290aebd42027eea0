"""Limits on the use of models by one question: a deadline and a number of calls."""

from __future__ import annotations

import atexit
from collections.abc import Awaitable, Callable, Generator, Iterator
from concurrent.futures import CancelledError, Future
from contextlib import ExitStack, contextmanager
from functools import cache
from queue import SimpleQueue
from time import monotonic
from typing import TYPE_CHECKING, Any, TypeVar

from ..errors import ModelTimeout, OutOfCalls

if TYPE_CHECKING:
    from anyio.from_thread import BlockingPortal

T = TypeVar("T")
Item = TypeVar("Item")


class Limits:
    """The deadline of one question and the calls it has left.

    It is created when the question starts and passed to everything that asks a model.

    Args:
        seconds: how long the question may spend on model requests, including retries and waits.
        calls: how many requests it may make. Retries of a request that the server could not serve do not count.
    """

    def __init__(self, seconds: float, calls: int) -> None:
        self.seconds = seconds
        self.calls_left = calls
        self._end = monotonic() + seconds
        self._under_way: set[Future[Any]] = set()

    @property
    def remaining(self) -> float:
        """Seconds until the deadline; 0 after it."""
        return max(0.0, self._end - monotonic())

    def cancel(self) -> None:
        """Set the deadline to now. Running requests and their connections are ended, and no new request is possible.

        This method may be called from any thread.
        """
        self._end = monotonic()
        for future in tuple(self._under_way):
            future.cancel()

    def spend(self) -> None:
        """Count one call. Raises ModelTimeout after the deadline, OutOfCalls when none is left."""
        if not self.remaining:
            raise ModelTimeout(
                f"The question has used its {self.seconds:g} s for models. Raise QA_TIMEOUT, or use --offline."
            )
        if self.calls_left <= 0:
            raise OutOfCalls("The question has used all its calls to models. Raise QA_MAX_CALLS, or use --offline.")
        self.calls_left -= 1

    def run(self, request: Callable[[], Awaitable[T]]) -> T:
        """Run an asynchronous request and return its result. At the deadline it is cancelled and its connection closed.

        The client's own timeout only limits the time between two bytes, so a slow server could hold a question for
        ever. The request runs on an event loop in a separate thread, so this method may be called from anywhere, even
        from a thread with a running event loop.

        Raises TimeoutError at the deadline, and whatever ``request`` raises.
        """
        from anyio import fail_after

        async def within() -> T:
            with fail_after(self.remaining):
                return await request()

        with self._watched(_portal().start_task_soon(within)) as future:
            return future.result()

    def stream(self, request: Callable[[Callable[[Item], None]], Awaitable[T]]) -> Generator[Item, None, T]:
        """Like ``run``, for a request that emits items while it runs. Yields the items, and returns the result.

        Closing the generator cancels the request and closes its connection, so the server can stop too.
        """
        from anyio import fail_after

        items: SimpleQueue[Item | _Ended] = SimpleQueue()

        async def within() -> T:
            with fail_after(self.remaining):
                return await request(items.put)

        with self._watched(_portal().start_task_soon(within)) as future:
            future.add_done_callback(lambda _: items.put(_Ended()))
            while not isinstance(item := items.get(), _Ended):
                yield item
            return future.result()

    @contextmanager
    def _watched(self, future: Future[T]) -> Iterator[Future[T]]:
        """Cancel a request at the end of the block, whatever ends it (even Ctrl-C), or when ``cancel`` is called."""
        self._under_way.add(future)
        if not self.remaining:  # ``cancel`` was called after the request was started
            future.cancel()
        try:
            yield future
        except CancelledError:
            raise TimeoutError from None
        finally:
            self._under_way.discard(future)
            future.cancel()  # does nothing if the request has ended


class _Ended:
    """Marks the end of a stream."""


@cache
def _portal() -> BlockingPortal:
    from anyio.from_thread import start_blocking_portal

    # There is one portal for the whole process, because the clients that use its event loop live that long.
    portal = _open.enter_context(start_blocking_portal())
    _open.callback(lambda: portal.call(portal.stop, True))  # requests that still run at exit are cancelled, not awaited
    return portal


_open = ExitStack()
atexit.register(_open.close)
