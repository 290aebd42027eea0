"""The second pass of an ingest over a library: what is still to be read of its articles is read and stored.

It may be interrupted or killed at any time: what is stored stays, and the next one does the rest.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Mapping, Sequence

from ..english.document import VERSION
from ..errors import LibraryError, RowRefused, unexpected
from ..model import Filters, IncompleteArticle
from .annotate import Annotated, Annotators, Unread, processes_for
from .derived import STORED_LAYERS
from .library import Library
from .sharing import add, batches, share

log = logging.getLogger(__name__)

TOGETHER = 256  # articles in one transaction
STEP = 32  # articles that are loaded at once, and between two calls of ``on_progress``
HEAVY = 5_000_000  # characters of what was read of articles, after which it is stored

Progress = Callable[[int, int], None]
"""Called with the number of articles read, and the number of all that are to be read."""


def unread_warning(library: Library, filters: Filters) -> tuple[str, ...]:
    """Return a warning if articles that pass the filters are still to be read. Their sentences are found already."""
    unread = library.coverage(filters.model_copy(update={"speakers": ()})).unread
    if not unread:
        return ()
    return (unread_words(unread),)


def unread_words(unread: int) -> str:
    """Say that articles are still to be read."""
    who, them = ("1 article is", "it") if unread == 1 else (f"{unread:,} articles are", "them")
    return f"{who} still being read; speakers and corrections in {them} are not found yet."


def annotate_all(library: Library, on_progress: Progress) -> list[IncompleteArticle]:
    """Read and store all layers of the articles of which only the sentences have been read.

    If other processes ingest into a shared library, the work is shared with them, and done when this returns.

    Returns:
        The articles that are stored without a layer, because reading it failed.

    Raises:
        LibraryError: the library cannot be written.
    """
    prefix = f"read {VERSION} "
    unread = {f"{prefix}{article_id}": article_id for article_id in library.unread()}
    # A process that died may have left jobs that are done. They are taken once more, and nothing is found to do.
    left = library.jobs.beginning(prefix) if library.jobs else []
    if not unread and not left:
        return []
    with Annotators(processes_for(len(unread))) as annotators:
        run = _SecondPass(library, annotators, unread, on_progress)
        run.tell()  # before the first article, which may be long
        if library.jobs is None:
            for some in batches(unread, TOGETHER):
                run.do(some)
        else:
            add(library.jobs, list(unread))
            share(library.jobs, list(dict.fromkeys([*unread, *left])), run.do, most=TOGETHER, waiting=run.tell)
    on_progress(len(unread), len(unread))
    return run.incomplete


class _SecondPass:
    """``unread`` gives the ids of the articles that are to be read, by job."""

    def __init__(
        self, library: Library, annotators: Annotators, unread: Mapping[str, str], on_progress: Progress
    ) -> None:
        self.library, self.annotators, self.unread, self.on_progress = library, annotators, unread, on_progress
        self.incomplete: list[IncompleteArticle] = []
        self.origins: dict[str, str] = {}
        self.done = 0

    def tell(self) -> None:
        self.on_progress(self.done, len(self.unread))

    def do(self, jobs: Sequence[str]) -> None:
        """Read some articles and store what was found. One that another process has read meanwhile is passed over."""
        before, ids = self.done, [self.unread[job] for job in jobs if job in self.unread]
        for found in batches(self._annotated(ids), TOGETHER, weigh=lambda one: len(one.layers), heavy=HEAVY):
            self.incomplete += [
                IncompleteArticle(article_id=one.id, origin=self.origins[one.id], part=part, reason=one.faults[part])
                for one in self._store(found)
                for part in STORED_LAYERS
                if part in one.faults
            ]
        self.done = before + len(ids)
        self.origins.clear()

    def _annotated(self, ids: Sequence[str]) -> Iterator[Annotated]:
        for one in self.annotators.annotate(self._taken(ids)):
            self.done += 1
            if self.done % STEP == 0:
                self.tell()
            yield one

    def _taken(self, ids: Sequence[str]) -> Iterator[Unread]:
        """Yield the articles of these ids that are still to be read, and note where they came from."""
        for some in batches(ids, STEP):
            for article in self.library.to_annotate(some):
                self.origins[article.id] = article.origin
                yield article

    def _store(self, found: Sequence[Annotated]) -> list[Annotated]:
        try:
            self.library.annotate(found)
        except Exception as error:
            if _concerns_all(error):
                raise
            log.warning("storing what was read of %s articles failed (%s)", len(found), unexpected(error))
            return [self._store_alone(one) for one in found]
        return list(found)

    def _store_alone(self, one: Annotated) -> Annotated:
        """Store what was read of one article. If that fails, store that it could not be read."""
        try:
            self.library.annotate([one])
        except Exception as error:
            if _concerns_all(error):
                raise
            one = one.left_out(unexpected(error))
            self.library.annotate([one])
        return one


def _concerns_all(error: Exception) -> bool:
    """Whether an error would occur for every article: one of the disk or the library's file."""
    return isinstance(error, LibraryError) and not isinstance(error, RowRefused)
