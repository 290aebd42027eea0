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
    """Start to make ready the library, or the sample if it is ``empty``. None once a question has been asked."""
    if Turn.asked.is_set():
        return None
    return _begun(libraries.of_sample(settings) if empty else settings, workers)


@cache  # each library once, for all sessions of this server
def _begun(settings: Settings, workers: Executor) -> Future[None]:
    is_sample = settings.library.name == libraries.SAMPLE
    added = is_sample and libraries.coverage(settings.library).articles
    sample = libraries.add_sample(settings, workers).future if is_sample and not added else None
    return workers.submit(_run, settings, sample)


def _run(settings: Settings, sample: Future[None] | None) -> None:
    try:
        pipeline.load_models(settings)
        if sample:
            sample.result()
        if not Turn.asked.is_set():
            pipeline.rehearse(settings, Turn.asked.is_set)
    except QAError as error:  # a question that fails for the same reason tells the reader
        log.info("Nothing was made ready: %s", error)
