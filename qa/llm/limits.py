"""What one question may use of models: seconds until its deadline, and a number of calls."""

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
    """One question's deadline and calls; made when the question starts and handed to everything that asks a model.

    Args:
        seconds: time the whole question may take at models, its retries and waits included.
        calls: requests to models, not counting a retry of one the server could not serve.
    """

    def __init__(self, seconds: float, calls: int) -> None:
        self.seconds = seconds
        self.calls_left = calls
        self._end = monotonic() + seconds
        self._under_way: set[Future[Any]] = set()

    @property
    def remaining(self) -> float:
        """Seconds until the deadline, 0 once it has passed."""
        return max(0.0, self._end - monotonic())

    def cancel(self) -> None:
        """Have the time up now, from any thread: the request under way ends with its connection, and none follows."""
        self._end = monotonic()
        for asked in tuple(self._under_way):
            asked.cancel()

    def spend(self) -> None:
        """Count one call. Raises ModelTimeout after the deadline, OutOfCalls when none is left."""
        if not self.remaining:
            raise ModelTimeout(f"The question's {self.seconds:g} s are used up. Raise QA_TIMEOUT, or use --offline.")
        if self.calls_left <= 0:
            raise OutOfCalls("The question has used all its calls to models. Raise QA_MAX_CALLS, or use --offline.")
        self.calls_left -= 1

    def run(self, request: Callable[[], Awaitable[T]]) -> T:
        """The result of an asynchronous request, cancelled at the deadline with its connection closed.

        A client's own timeout counts from byte to byte, so a server that drips would hold a question for ever. It runs
        on one event loop in a thread of its own: the caller may be anything, also a running loop's thread.

        Raises TimeoutError at the deadline, and whatever ``request`` raises.
        """
        from anyio import fail_after

        async def within() -> T:
            with fail_after(self.remaining):
                return await request()

        with self._watched(_portal().start_task_soon(within)) as asked:
            return asked.result()

    def stream(self, request: Callable[[Callable[[Item], None]], Awaitable[T]]) -> Generator[Item, None, T]:
        """As ``run`` for a request that hands on items while it is under way; the generator's value is its result.

        Closing the generator cancels the request: whoever stops listening stops the server, too.
        """
        from anyio import fail_after

        items: SimpleQueue[Item | _Ended] = SimpleQueue()

        async def within() -> T:
            with fail_after(self.remaining):
                return await request(items.put)

        with self._watched(_portal().start_task_soon(within)) as asked:
            asked.add_done_callback(lambda _: items.put(_Ended()))
            while not isinstance(item := items.get(), _Ended):
                yield item
            return asked.result()

    @contextmanager
    def _watched(self, asked: Future[T]) -> Iterator[Future[T]]:
        """A request that ends with the block, however that ends (Ctrl-C too), and with ``cancel``."""
        self._under_way.add(asked)
        if not self.remaining:  # cancelled between its start and here
            asked.cancel()
        try:
            yield asked
        except CancelledError:
            raise TimeoutError from None
        finally:
            self._under_way.discard(asked)
            asked.cancel()  # of what has ended, nothing


class _Ended:
    """Behind the last item of a stream."""


@cache
def _portal() -> BlockingPortal:
    from anyio.from_thread import start_blocking_portal

    # One for the life of the process, because the clients that live on its loop are.
    portal = _open.enter_context(start_blocking_portal())
    _open.callback(lambda: portal.call(portal.stop, True))  # what is still under way at exit is cancelled, not awaited
    return portal


_open = ExitStack()
atexit.register(_open.close)
