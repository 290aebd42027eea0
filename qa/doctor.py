"""What ``qa doctor`` reports: versions, the library, its index, and where questions go."""

from __future__ import annotations

import platform
import shutil
from contextlib import closing
from importlib.metadata import version

from .errors import LibraryError, MissingKey
from .settings import Settings
from .store.index import Index
from .store.library import Library

PACKAGES = ("chromadb", "openai", "pydantic", "wordllama", "tiktoken", "sentencex")


def examine(settings: Settings, *, fix: bool = False) -> dict[str, str]:
    """Facts by name, in the order to read them. ``fix`` brings the index up to date, or rebuilds it.

    Raises IndexFault if the rebuild fails; a missing library is a fact, not an error.
    """
    facts = {
        "dateline": f"{version('dateline-qa')} on Python {platform.python_version()}",
        "packages": ", ".join(f"{name} {version(name)}" for name in PACKAGES),
        "questions go to": _destination(settings),
        "library": str(settings.library),
    }
    try:
        library = Library(settings.library)
    except LibraryError as error:
        return facts | {"state": str(error)}
    with closing(library), closing(Index(library, settings.library / "index")) as index:
        coverage = library.coverage()
        facts["articles"] = f"{coverage.articles} ({coverage.first or '?'} to {coverage.last or '?'})"
        facts["outlets"] = ", ".join(coverage.sources) or "none named"
        facts["revision"] = f"{library.revision}, {library.count()} chunks"
        facts["embedder"] = f"{library.embedder or 'not chosen yet'} ({library.dimension or 0} dimensions)"
        if fix:
            index.sync()
        facts["index"] = {
            "chroma": "Chroma, up to date and checked",
            "exact": "not used: vectors in SQLite are scored exactly (another process holds the index, or it is out "
            "of date; `qa doctor --fix` brings it up to date)",
        }[index.state]
        facts["disk room"] = f"{shutil.disk_usage(settings.library).free / 1e9:.1f} GB"
    return facts


def _destination(settings: Settings) -> str:
    try:
        return settings.destination
    except MissingKey as error:
        return str(error)
