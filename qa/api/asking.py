"""One question that a thread works on, while the event loop waits for its events and for the client to hang up."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from concurrent.futures import Future
from contextlib import closing, suppress
from threading import Event as Flag

from sse_starlette import EventSourceResponse, ServerSentEvent

from ..llm.limits import Limits
from ..model import Answer, ClaimReady, Done, Event, Stage
from ..pipeline import answer_stream
from ..settings import Settings
from .limits import Workers
from .metrics import Metrics
from .problems import BUSY, Refusal, log_error, problem_of
from .schemas import Question

_NAMES: dict[type[Event], str] = {Stage: "stage", ClaimReady: "claim", Done: "done"}
_LINE_END = "\n"
SEND_SECONDS = 30.0  # a client that reads nothing for so long has its stream ended


class Asking:
    """A question that is being answered. ``cancel`` ends the model's work on it."""

    def __init__(self, asked: Question, settings: Settings, workers: Workers, metrics: Metrics) -> None:
        """Give the question to the workers. Raises Refusal if too many are waiting."""
        self._asked = asked
        self._settings = settings
        self._metrics = metrics
        self._stopped = Flag()
        self._limits: Limits | None = None  # set when a worker starts the question: waiting takes none of its time
        self._loop = asyncio.get_running_loop()
        self._events: asyncio.Queue[Event | BaseException] = asyncio.Queue()
        self._future = workers.start(self._run)
        self._future.add_done_callback(self._dropped)

    def cancel(self) -> None:
        """Stop the question. A model that is working on it is told to stop, and what arrives later is discarded."""
        self._stopped.set()
        self._future.cancel()
        if self._limits:
            self._limits.cancel()

    async def events(self) -> AsyncIterator[Event]:
        """Yield the events as they come. At the end, or if the caller stops earlier, the question is cancelled.

        Raises whatever ``answer_stream`` raises, and Refusal if the server stops before the question's turn.
        """
        ended = False
        try:
            while not ended:
                event = await self._events.get()
                ended = not isinstance(event, Stage | ClaimReady)
                if isinstance(event, BaseException):
                    self._metrics.unanswered("failed")
                    raise event
                if isinstance(event, Done):
                    self._metrics.answered(event.answer)
                yield event
        finally:
            if not ended:
                self._metrics.unanswered("cancelled")
            self.cancel()

    async def answer(self) -> Answer:
        """Wait for the answer. Raises whatever ``answer_stream`` raises."""
        async for event in self.events():
            if isinstance(event, Done):
                return event.answer
        raise AssertionError("the stream ends with Done")

    def stream(self, request_id: str, heartbeat: float) -> EventSourceResponse:
        """Return the events as a response of server-sent events. An error becomes the last event."""

        async def sent() -> AsyncIterator[ServerSentEvent]:
            number = 0
            try:
                async for event in self.events():
                    number += 1
                    yield _sent(event.model_dump_json(), _NAMES[type(event)], number)
            except Exception as error:  # noqa: BLE001  # the response has begun, so even a bug must be told here
                log_error(error, f"request {request_id}")
                yield _sent(problem_of(error, request_id).model_dump_json(), "error", number + 1)

        return EventSourceResponse(
            sent(),
            ping=heartbeat,
            ping_message_factory=lambda: ServerSentEvent(comment="working", sep=_LINE_END),
            send_timeout=SEND_SECONDS,
        )

    def _run(self) -> None:
        self._limits = Limits(self._settings.timeout, self._settings.max_calls)
        asked = self._asked
        events = answer_stream(
            asked.question, history=asked.history, filters=asked.filters, settings=self._settings, limits=self._limits
        )
        try:
            with closing(events):  # type: ignore[type-var]  # it is a generator, declared as an Iterator
                for event in events:
                    if self._stopped.is_set():
                        return
                    self._put(event)
        except Exception as error:  # noqa: BLE001  # it is raised again where the events are read
            self._put(error)

    def _dropped(self, future: Future[None]) -> None:
        if future.cancelled():
            self._put(Refusal(BUSY))

    def _put(self, event: Event | BaseException) -> None:
        with suppress(RuntimeError):  # the loop is closed: the server has stopped
            self._loop.call_soon_threadsafe(self._events.put_nowait, event)


def _sent(data: str, name: str, number: int) -> ServerSentEvent:
    return ServerSentEvent(data, event=name, id=str(number), sep=_LINE_END)
