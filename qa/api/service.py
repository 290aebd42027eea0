"""What the API and the MCP server share: one library, the threads that work on questions, and what is counted."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from ..answers.listing import spoken_by
from ..articles.parse import ParsedArticle
from ..english.spelling import match_speakers
from ..library.library import Library, snapshot
from ..model import ArticleRef, Citation, Filters
from ..settings import Settings
from .asking import Asking
from .limits import Workers
from .metrics import Metrics
from .options import ApiSettings
from .problems import UNKNOWN_VERSION, Refusal
from .schemas import Question


@dataclass(frozen=True)
class Said:
    """A page of what somebody said. ``spellings`` are the speakers of the library that were meant, ``known`` all."""

    spellings: tuple[str, ...]
    known: tuple[str, ...]
    citations: tuple[Citation, ...]
    articles: tuple[ArticleRef, ...]
    total: int
    revision: int
    unread: int


class Service:
    """One library, and how it is asked."""

    def __init__(self, settings: Settings, options: ApiSettings, metrics: Metrics | None = None) -> None:
        """Open nothing yet.

        Args:
            settings: the library, and what answers questions.
            options: how many questions are worked on and may wait.
            metrics: where answers are counted; default: new ones.
        """
        self.settings = settings
        self.options = options
        self.metrics = metrics or Metrics()
        self.askers = Workers("qa-asker", options.concurrency, options.waiting)

    def ask(self, question: Question) -> Asking:
        """Begin to answer a question. Raises Refusal if too many are waiting."""
        return Asking(question, self.settings, self.askers, self.metrics)

    @contextmanager
    def library(self) -> Iterator[Library]:
        """Open the library for one request, on one snapshot. Raises LibraryError."""
        with snapshot(self.settings.library) as library:
            yield library

    def article(self, article_id: str, version: str | None = None) -> ParsedArticle:
        """Return an article, in a version that a citation names, else the newest. Raises UnknownArticle, Refusal."""
        with self.library() as library:
            found = article_id if version is None else library.version_id(article_id, version)
            if found is None:
                library.article(article_id)  # raises UnknownArticle if there is no version of it at all
                raise Refusal(UNKNOWN_VERSION)
            return library.parsed([found])[found]

    def said(self, name: str, filters: Filters, offset: int, limit: int) -> Said:
        """Return ``limit`` of the sentences in which somebody speaks, oldest first and without near-copies."""
        with self.library() as library:
            known = library.speakers()
            spoken = spoken_by(filters.model_copy(update={"speakers": (name,)}), library)
            citations, articles = spoken.page(library, offset, limit)
            return Said(
                spellings=tuple(match_speakers([name], known)),
                known=known,
                citations=citations,
                articles=articles,
                total=len(spoken.places),
                revision=library.revision,
                unread=library.count_unread(),
            )

    def counted(self, **jobs: int) -> bytes:
        """Return the metrics. ``jobs`` are numbers of jobs under way beside questions, by kind."""
        for kind, number in {"question": self.askers.under_way, **jobs}.items():
            self.metrics.under_way.labels(kind).set(number)
        return self.metrics.text()
