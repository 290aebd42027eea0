"""Timelines for callers: from a library, or directly from articles. ``qa.changes.timeline`` makes them."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

from .changes.timeline import timeline as make
from .errors import EmptyLibrary
from .ingestion import Source, ingest_into
from .library.embedders import WordLlamaEmbedder
from .library.library import Library
from .model import Filters, Timeline
from .settings import Settings, place_of


def timeline(
    subject: str,
    *,
    articles: Sequence[Source] | Source | None = None,
    library: str | Path | None = None,
    filters: Filters | None = None,
    settings: Settings | None = None,
) -> Timeline:
    """Return the dated statements about a subject, in the order in which they happened.

    No model is asked, and nothing leaves this machine.

    Args:
        subject: a person, a place, a thing or a topic: "Keller Bridge", "Dana Halloran", "points deduction for Hollin".
        articles: files, folders, globs or Article values to read instead of a library. Nothing is stored.
        library: folder of the library.
        filters: the articles to read. ``since`` and ``until`` are about the day of an event, not of its publication.
        settings: default: those of the environment.

    Returns:
        The timeline. Without any entry, its ``suggestion`` says what to try.

    Raises:
        InputError: the subject or the articles cannot be used.
        LibraryError: the library cannot be used.
        SettingsError: a setting is wrong.
    """
    if articles is not None:
        with closing(Library(None)) as memory:
            report = ingest_into(memory, articles, WordLlamaEmbedder())
            warnings = tuple(f"{s.origin}: {s.reason}" for s in report.skipped) + report.warnings
            return _made(memory, subject, filters, warnings)
    settings = settings or Settings.load(library=library)
    with closing(Library(place_of(library) if library is not None else settings.library)) as store:
        return _made(store, subject, filters)


def _made(library: Library, subject: str, filters: Filters | None, warnings: tuple[str, ...] = ()) -> Timeline:
    if not library.coverage().articles:
        raise EmptyLibrary(f"There are no articles in {library.where}. Add some with: qa ingest <files or folders>")
    return make(library, subject, filters, warnings=warnings)
