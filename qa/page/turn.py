"""One question that runs in a worker thread. Its stages and claims can be read while it runs."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from concurrent.futures import Executor, Future
from contextlib import closing
from threading import Event
from time import perf_counter
from uuid import uuid4

from ..errors import EmptyLibrary, LibraryError, QAError
from ..library.library import Library
from ..llm.limits import Limits
from ..model import Answer, ArticleRef, ClaimReady, Done, Filters, Stage
from ..pipeline import answer_stream
from ..settings import Settings

log = logging.getLogger(__name__)


class Turn:
    """A question with its progress and answer. One worker writes it; only the session that asked reads it."""

    def __init__(self, question: str, history: Sequence[Answer], filters: Filters, settings: Settings) -> None:
        self.id = uuid4().hex[:12]
        self.question = question
        self.filters = filters
        self.settings = settings
        self.stages: list[tuple[Stage, float]] = []
        self.claims: list[ClaimReady] = []
        self.articles: dict[str, ArticleRef] = {}
        self.answer: Answer | None = None
        self.thumb: str | None = None
        self.commented = False
        self._history = tuple(history)
        self._stopped = Event()
        self._limits: Limits | None = None  # set when a worker starts the question
        self._future: Future[None] | None = None

    @classmethod
    def of(cls, answer: Answer, settings: Settings) -> Turn:
        """Return a turn that has its answer already, such as a saved one."""
        turn = cls(answer.question, (), answer.filters, settings)
        turn.answer, turn.articles = answer, {found.id: found for found in answer.articles}
        return turn

    def start(self, workers: Executor) -> Turn:
        """Ask the question in one of ``workers``. Their threads are reused, so each keeps its library connection."""
        self._future = workers.submit(self._run)
        return self

    def stop(self) -> None:
        """Stop the question and cancel the model's work on it. Anything that arrives later is discarded."""
        self._stopped.set()
        if self._limits:
            self._limits.cancel()

    @property
    def stopped(self) -> bool:
        """Whether the user stopped the question before it had an answer."""
        return self._stopped.is_set() and self.answer is None

    @property
    def running(self) -> bool:
        """Whether more results may still arrive."""
        return not self._stopped.is_set() and self._future is not None and not self._future.done()

    @property
    def error(self) -> str | None:
        """The error as a message for the user, or None."""
        if self._future is None or not self._future.done() or self._stopped.is_set():
            return None
        error = self._future.exception()
        return None if error is None else error_message(error)

    def _run(self) -> None:
        started = perf_counter()
        self._limits = Limits(self.settings.timeout, self.settings.max_calls)
        events = answer_stream(
            self.question, history=self._history, filters=self.filters, settings=self.settings, limits=self._limits
        )
        with closing(events):  # type: ignore[type-var]  # it is a generator, declared as an Iterator
            for event in events:
                if self._stopped.is_set():
                    return
                match event:
                    case Stage():
                        self.stages.append((event, perf_counter() - started))
                    case ClaimReady():
                        self._look_up(event)
                        self.claims.append(event)
                    case Done():
                        self.articles |= {found.id: found for found in event.answer.articles}
                        self.answer = event.answer

    def _look_up(self, ready: ClaimReady) -> None:
        with closing(Library(self.settings.library)) as library:
            for citation in ready.citations:
                if citation.article_id not in self.articles:
                    self.articles[citation.article_id] = library.article(citation.article_id).ref()


def error_message(error: BaseException) -> str:
    """Return a message for the user, without paths and tracebacks. Those are written to the log."""
    log.error("Error on the page.", exc_info=error)
    match error:
        case EmptyLibrary():
            return "This library has no articles yet. Add some on the Library page."
        case LibraryError():
            return "The library could not be opened or written. Run `qa doctor` to find out why."
        case QAError():
            return str(error)
        case _:
            return "Something went wrong. The details are in the server's log. You can try again."
