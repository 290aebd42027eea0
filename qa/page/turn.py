"""One question that runs in a worker thread. Its stages and claims can be read while it runs."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from concurrent import futures
from concurrent.futures import Executor, Future
from contextlib import closing
from threading import Event
from time import monotonic, perf_counter
from typing import TYPE_CHECKING, ClassVar, Literal
from uuid import uuid4

from ..errors import (
    EmptyLibrary,
    LibraryError,
    MissingKey,
    ModelError,
    ModelNotFound,
    ModelRefused,
    ModelTimeout,
    ModelUnavailable,
    OutOfCalls,
    QAError,
)
from ..llm.limits import Limits
from ..model import Answer, ArticleRef, ClaimReady, Done, Filters, Stage
from ..pipeline import answer_stream
from ..settings import Settings
from ..workspace.conversations import KeptTurn

if TYPE_CHECKING:
    from .adding import Adding

log = logging.getLogger(__name__)

TWICE = 10.0  # seconds from its start within which the same question is not asked again
AT_ONCE = 0.03  # seconds: an end that comes so soon after a claim is drawn together with it
# Seconds until a new question is drawn without an answer. The reader on this machine is waited for longer than a model:
# drawing its answer a second time costs more than the wait.
MODEL_PATIENCE, READER_PATIENCE = 0.3, 0.8


class Turn:
    """A question with its progress and answer. One worker writes it; only the session that asked reads it."""

    asked: ClassVar[Event] = Event()
    """Set when the first question of this server is asked."""

    def __init__(
        self,
        question: str,
        history: Sequence[Answer],
        filters: Filters,
        settings: Settings,
        after: Adding | None = None,
    ) -> None:
        """Ask nothing yet. ``after`` is what must have been added to the library before."""
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
        self.left = False  # whether the server stopped before it had an answer
        self.drawn = False  # whether the page has shown it while it was running
        self._history = tuple(history)
        self._after = after
        self._failed = ""  # why a kept turn has no answer
        self._began = -TWICE  # when it was started, by a clock of this process
        self._news = Event()  # a claim or the end has come that nobody has waited for yet
        self._stopped = Event()
        self._limits: Limits | None = None  # set when a worker starts the question
        self._future: Future[None] | None = None

    @classmethod
    def of(cls, answer: Answer, settings: Settings) -> Turn:
        """Return a turn that has its answer already, such as a saved one."""
        turn = cls(answer.question, (), answer.filters, settings)
        turn.answer, turn.articles = answer, {found.id: found for found in answer.articles}
        return turn

    @classmethod
    def kept(cls, held: KeptTurn, history: Sequence[Answer], settings: Settings) -> Turn:
        """Return a turn of an earlier session, with its answer or why it has none.

        Args:
            held: the turn as it was kept. Its process has ended if it is still ``running``.
            history: the answers before it.
            settings: those of today, for asking again.
        """
        turn = cls(held.question, history, held.filters, settings)
        turn.id, turn.answer = held.id, held.answer
        turn.thumb, turn.commented = held.thumb or None, held.commented
        if held.answer:
            turn.articles = {found.id: found for found in held.answer.articles}
        elif held.state == "stopped":
            turn.claims = list(held.claims)
            turn.articles = {found.id: found for ready in held.claims for found in ready.articles}
            turn._stopped.set()
        else:
            turn._failed = held.error or INTERRUPTED
        return turn

    def start(self, workers: Executor, on_end: Callable[[], None] | None = None) -> Turn:
        """Ask the question in one of ``workers``. Their threads are reused, so each keeps its library connection.

        ``on_end`` is called in the worker's thread when no more results will arrive.
        """
        Turn.asked.set()
        self._began = monotonic()
        self._future = workers.submit(self._run)
        if on_end:
            self._future.add_done_callback(lambda _: on_end())
        self._future.add_done_callback(lambda _: self._news.set())
        return self

    def wait(self, seconds: float) -> None:
        """Wait until a new claim or the end has come, but not longer than ``seconds``."""
        if self.running and self._news.wait(seconds) and self._future:
            futures.wait([self._future], AT_ONCE)
        self._news.clear()

    def stop(self) -> None:
        """Stop the question and cancel the model's work on it. Anything that arrives later is discarded."""
        self._stopped.set()
        self._news.set()
        if self._limits:
            self._limits.cancel()

    def leave(self) -> None:
        """End the work on the question, because the server stops. Nobody is told, and nothing is kept of it."""
        self.left = True
        self.stop()

    def is_repeated_by(self, question: str, filters: Filters) -> bool:
        """Whether asking this now would only repeat the turn: it is being answered, or was asked just now.

        A browser may send one question twice. While a part of the page is drawn again and again, Streamlit sends what
        has been typed with that part's message too if the message happens to leave in the same moment.
        """
        now = self.answer is not None and monotonic() - self._began < TWICE
        return (question, filters) == (self.question, self.filters) and (self.running or now)

    @property
    def stopped(self) -> bool:
        """Whether the user stopped the question before it had an answer."""
        return self._stopped.is_set() and self.answer is None

    @property
    def running(self) -> bool:
        """Whether more results may still arrive."""
        return not self._stopped.is_set() and self._future is not None and not self._future.done()

    @property
    def preparing(self) -> Adding | None:
        """What is being added to the library before the question is asked, or None."""
        return self._after if self._after and self._after.running else None

    @property
    def patience(self) -> float:
        """How many seconds the page waits for the first claim before it draws the question without one."""
        return MODEL_PATIENCE if self.preparing or names_model(self.settings) else READER_PATIENCE

    @property
    def standalone(self) -> str:
        """The question as it was understood. While that is not known, the question as it was typed."""
        if self.answer:
            return self.answer.standalone
        return next((stage.detail for stage, _ in self.stages if stage.name == "searching"), "") or self.question

    @property
    def other_way(self) -> Literal["reader", "model"] | None:
        """Who else can answer the question: the reader if the model was asked, the model if there is one."""
        if names_model(self.settings):
            return "reader"
        return "model" if names_model(Settings.load()) else None

    def again(self, how: str) -> Turn:
        """Return the same question as a new turn, not started yet.

        Args:
            how: "again", or otherwise than before: by the "reader" or the "model", or without filters, as
                ``WITHOUT`` names them.
        """
        filters = without(self.filters, how)
        offline = self.settings.offline if how not in {"reader", "model"} else how == "reader"
        settings = self.settings.model_copy(update={"offline": offline})
        return Turn(self.question, self._history, filters, settings)

    @property
    def error(self) -> str | None:
        """The error as a message for the user, or None."""
        if self._failed:
            return self._failed
        if self._future is None or not self._future.done() or self._stopped.is_set():
            return None
        error = self._future.exception()
        return None if error is None else not_answered(error)

    def _run(self) -> None:
        if self._after and self._after.future:
            self._after.future.result()
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
                        self.articles |= {found.id: found for found in event.articles}
                        self.claims.append(event)
                        self._news.set()
                    case Done():
                        self.articles |= {found.id: found for found in event.answer.articles}
                        self.answer = event.answer


WITHOUT: dict[str, tuple[str, ...]] = {
    "any-outlet": ("sources",),
    "anybody": ("speakers",),
    "any-day": ("since", "until", "as_of", "basis"),
    "unfiltered": tuple(Filters.model_fields),
}
"""The fields of filters that a question can be asked again without."""


def without(filters: Filters, how: str) -> Filters:
    """Return filters without those that ``WITHOUT`` names for ``how``; all of them for any other word."""
    fields = WITHOUT.get(how, ())
    return filters.model_copy(update={name: Filters.model_fields[name].default for name in fields})


INTERRUPTED = "This answer was interrupted: the page’s server has been restarted, or another program is writing it."

_NOT_ANSWERED: tuple[tuple[type[ModelError], str], ...] = (
    (MissingKey, "No key for the model is set on the server that runs this page."),
    (ModelNotFound, "The server of the model does not know the model that is set."),
    (ModelTimeout, "The model did not answer in time."),
    (OutOfCalls, "The question needed more calls to the model than are allowed."),
    (ModelRefused, "The model refused to answer. Other words may help."),
    (ModelUnavailable, "The model cannot be reached at the moment, or is busy."),
    (ModelError, "The reply of the model could not be used."),
)
"""Why a model gave no answer, for readers of the page: they cannot change its settings."""


def not_answered(error: BaseException) -> str:
    """Return why a question has no answer, for the page. Buttons beside the message offer what may help."""
    message = error_message(error)
    return next((told for kind, told in _NOT_ANSWERED if isinstance(error, kind)), message)


def names_model(settings: Settings) -> bool:
    """Whether settings send questions to a model, even if its key is missing."""
    return not settings.offline and bool(settings.openai_api_key or settings.openai_base_url or settings.model)


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
