"""Makes ready in the background what the first question needs, while the reader still looks at the page.

Nothing is sent to a server. While the library is empty, the sample is made ready too, because the example questions are
asked of it.
"""

from __future__ import annotations

import logging
from concurrent.futures import Executor, Future
from functools import cache

from .. import pipeline
from ..errors import QAError
from ..settings import Settings
from . import libraries
from .turn import Turn

log = logging.getLogger(__name__)


def warm(settings: Settings, empty: bool, workers: Executor) -> Future[None] | None:
    """Start to make ready the library, or the sample if it is ``empty``.

    None if there is nothing to do, or if a question has been asked, which needs the processor more.
    """
    chosen = libraries.of_sample(settings) if empty else settings
    # A library of the reader's own may have the place of the sample. It is not filled unasked.
    if Turn.asked.is_set() or (empty and chosen.library == settings.library):
        return None
    return _begun(chosen, empty, workers)


@cache  # each library once, for all sessions of this server
def _begun(settings: Settings, is_sample: bool, workers: Executor) -> Future[None]:
    missing = is_sample and not libraries.coverage(settings.library).articles
    return workers.submit(_run, settings, libraries.add_sample(settings, workers).future if missing else None)


def _run(settings: Settings, sample: Future[None] | None) -> None:
    try:
        pipeline.load_models(settings)
        if sample:
            sample.result()
        if not Turn.asked.is_set():
            pipeline.rehearse(settings, Turn.asked.is_set)
    except QAError as error:  # a question that fails for the same reason tells the reader
        log.info("Nothing was made ready: %s", error)
