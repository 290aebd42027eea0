"""Makes ready in the background what the first question needs, before anybody asks it.

``qa app`` begins with it when it starts, and otherwise the page does when it is first drawn. Nothing is sent to a
server. While the library is empty, the sample is made ready too, because the example questions are asked of it.
"""

from __future__ import annotations

import gc
import logging
from concurrent.futures import Future, ThreadPoolExecutor
from functools import cache

from .. import manage, pipeline
from ..errors import QAError
from ..settings import Settings
from . import libraries
from .turn import Turn

log = logging.getLogger(__name__)


def begin() -> None:
    """Make ready the library of the settings in a server that has just started, and return when that is done.

    What is loaded by then stays until the server ends, so no collection of garbage needs to look at it again. A full
    one would take 50 ms instead of 5, during which no page is drawn.
    """
    gc.freeze()
    try:
        settings = Settings.load()
        begun = warm(settings, not libraries.coverage(settings.library).articles)
    except QAError as error:  # the page, which is drawn by the same means, tells the reader
        log.info("Nothing was made ready: %s", error)
        return
    if begun:
        begun.result()
        gc.freeze()


def warm(settings: Settings, empty: bool) -> Future[None] | None:
    """Start to make ready the library, or the sample if it is ``empty``.

    None if there is nothing to do, or if a question has been asked, which needs the processor more.
    """
    chosen = libraries.of_sample(settings) if empty else settings
    # A library of the reader's own may have the place of the sample. It is not filled unasked.
    if Turn.asked.is_set() or (empty and chosen.library == settings.library):
        return None
    return _begun(chosen, empty)


@cache  # each library once, for all sessions of this server
def _begun(settings: Settings, is_sample: bool) -> Future[None]:
    return _workers().submit(_run, settings, is_sample)


@cache
def _workers() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(max_workers=2, thread_name_prefix="dateline-warming")


def _run(settings: Settings, is_sample: bool) -> None:
    try:
        missing = is_sample and not libraries.coverage(settings.library).articles
        sample = libraries.add_sample(settings, _workers()).future if missing else None
        pipeline.load_models(settings)
        if sample:
            sample.result()
        if not Turn.asked.is_set():
            pipeline.rehearse(settings, Turn.asked.is_set)
        manage.go_on(settings)
    except QAError as error:  # a question that fails for the same reason tells the reader
        log.info("Nothing was made ready: %s", error)
