"""The second pass of an ingest: all layers of stored articles but their sentences, in this process or in several.

The first pass stores an article once its sentences are known, so that questions find it. This one parses the rest: who
says what, times, numbers and corrections. It takes most of the time of an ingest, so many articles are shared out to
processes, ``python -m qa.library.annotate``. They get articles on standard input and answer on standard output, in the
frames of ``articles.wire``. They open no library: what they find is stored by the process that asked.
"""

from __future__ import annotations

import json
import logging
import os
import sys
import threading
from collections import deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import CancelledError, Future, ThreadPoolExecutor
from contextlib import suppress
from dataclasses import asdict, dataclass
from itertools import islice
from types import TracebackType
from typing import Self

from ..articles.parse import parse_with
from ..articles.processes import receive, start
from ..articles.wire import frame
from ..errors import unexpected
from ..model import Article, Sentence
from .derived import STORED_LAYERS, noted_rows, said_rows

log = logging.getLogger(__name__)

MANY = 400
"""Fewer articles are parsed in this process: they take less time than starting others."""
MOST = 8
"""Processes that are started at most. Each needs about 100 MB."""
_AHEAD = 4  # articles for each process that are sent before they are needed
_GONE = "the process that read it ended"


@dataclass(frozen=True)
class Unread:
    """A stored article of which only the sentences have been read. ``faults`` are those of the first pass."""

    id: str
    version: str
    origin: str
    text: str
    published: str | None
    body_start: int
    sentences: Sequence[tuple[int, int]]
    faults: Mapping[str, str]


@dataclass(frozen=True)
class Annotated:
    """What was read of an article. ``layers`` is what ``Document.dump`` writes; the rows lack the article's id."""

    id: str
    version: str
    layers: str
    said: Sequence[tuple[int, str]]
    notes: Sequence[tuple[int, str, str]]
    faults: Mapping[str, str]

    def left_out(self, reason: str) -> Annotated:
        """Return the same article with all these layers left out."""
        return _without_layers(self.id, self.version, self.faults, reason)


def annotate(unread: Unread) -> Annotated:
    """Parse all layers of an article whose sentences are known. This raises no error for any text."""
    try:
        return _annotate(unread)
    except Exception as error:  # a bug that one text triggers only costs the layers of that text
        log.exception("the layers of %s could not be read", unread.id)
        return _without_layers(unread.id, unread.version, unread.faults, unexpected(error))


def _annotate(unread: Unread) -> Annotated:
    fields = {"id": unread.id, "text": unread.text, "published": unread.published, "body_start": unread.body_start}
    article = Article.model_validate({**fields, "version": ""})
    sentences = tuple(
        Sentence(article_id=unread.id, index=index, start=start, end=end, text=unread.text[start:end])
        for index, (start, end) in enumerate(unread.sentences)
    )
    parsed = parse_with(article, sentences)
    return Annotated(
        unread.id,
        unread.version,
        parsed.document.dump(),
        [(sentence, speaker) for _, sentence, speaker in said_rows(parsed)],
        [(sentence, kind, key) for _, sentence, kind, key in noted_rows(parsed)],
        {**unread.faults, **parsed.faults},
    )


def _without_layers(article_id: str, version: str, faults: Mapping[str, str], reason: str) -> Annotated:
    empty = json.dumps({layer: [] for layer in STORED_LAYERS})
    return Annotated(article_id, version, empty, (), (), {**faults, **dict.fromkeys(STORED_LAYERS, reason)})


def processes_for(articles: int) -> int:
    """Return how many processes should parse so many articles: as many as there are cores, or 0 for a few articles."""
    return min(_cores(), MOST) if articles >= MANY and _cores() > 1 else 0


def _cores() -> int:
    affinity = getattr(os, "sched_getaffinity", None)  # not on macOS and Windows
    return len(affinity(0)) if affinity else os.cpu_count() or 1


class Annotators:
    """Parses articles in ``processes`` processes, or in this one if it is 0. Used in a ``with`` block."""

    def __init__(self, processes: int) -> None:
        self._processes = processes
        self._threads = ThreadPoolExecutor(processes, "annotate") if processes else None
        self._lock = threading.Lock()
        self._idle: list[_Process] = []
        self._started: list[_Process] = []
        self._closed = False

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: type[BaseException] | BaseException | TracebackType | None) -> None:
        with self._lock:
            self._closed = True
        for process in self._started:
            process.end()
        if self._threads:
            self._threads.shutdown(cancel_futures=True)

    def annotate(self, articles: Iterable[Unread]) -> Iterator[Annotated]:
        """Yield what is read of each article, in their order."""
        if self._threads is None:
            yield from map(annotate, articles)
            return
        rest, waiting = iter(articles), deque[Future[Annotated]]()
        while True:
            for article in islice(rest, self._processes * _AHEAD - len(waiting)):
                waiting.append(self._threads.submit(self._ask, article))
            if not waiting:
                return
            yield waiting.popleft().result()

    def _ask(self, article: Unread) -> Annotated:
        """Parse an article in an idle process. If the process dies, another one tries once more."""
        for _ in range(2):
            process = self._idle_one()
            try:
                found = process.ask(article)
            except (OSError, EOFError, ValueError) as error:  # a closed pipe is a ValueError
                log.warning("the process that read %s ended (%s)", article.id, type(error).__name__)
                process.end()
                continue
            self._idle.append(process)
            return found
        return _without_layers(article.id, article.version, article.faults, _GONE)

    def _idle_one(self) -> _Process:
        with self._lock:
            if self._closed:
                raise CancelledError
            if self._idle:
                return self._idle.pop()
            process = _Process()
            self._started.append(process)
            return process


class _Process:
    """A process that parses one article after another."""

    def __init__(self) -> None:
        self._process = start("qa.library.annotate")

    def ask(self, article: Unread) -> Annotated:
        """Parse an article. Raises OSError or EOFError if the process has ended."""
        stdin, stdout = self._process.stdin, self._process.stdout
        assert stdin is not None
        assert stdout is not None
        stdin.write(frame(json.dumps(asdict(article)).encode()))
        stdin.flush()
        reply = receive(stdout)
        if reply is None:
            raise EOFError
        return Annotated(**json.loads(reply))

    def end(self) -> None:
        """End the process, whatever it does."""
        self._process.kill()
        self._process.wait()
        for pipe in (self._process.stdin, self._process.stdout):
            assert pipe is not None
            with suppress(OSError):  # the rest of an article that nobody reads any more
                pipe.close()


def main() -> None:
    """Parse articles until the input ends."""
    logging.disable()
    source, out = sys.stdin.buffer, sys.stdout.buffer
    sys.stdout = sys.stderr  # a library that prints must not spoil the answers
    while (message := receive(source)) is not None:
        out.write(frame(json.dumps(asdict(annotate(Unread(**json.loads(message))))).encode()))
        out.flush()


if __name__ == "__main__":
    main()
