"""What ``qa doctor`` reports: versions, the library, its index, where questions go, and what is wrong with them."""

from __future__ import annotations

import platform
import shutil
from contextlib import closing
from dataclasses import dataclass, field
from importlib.metadata import version

from .errors import LibraryError, MissingKey, ModelError, QAError
from .library import maintenance
from .library.embedders import embedder_named
from .library.index import Index
from .library.library import FILE, Library
from .llm.endpoint import Endpoint
from .llm.limits import Limits
from .settings import LOCAL_EMBEDDER, Settings

PACKAGES = ("chromadb", "openai", "pydantic", "wordllama", "tiktoken", "sentencex")
ENDPOINT_SECONDS = 5.0
LEAST_ROOM = 500_000_000  # bytes: room for a journal and a rebuilt index of some ten thousand articles


@dataclass
class Findings:
    """Facts by name, in the order to read them; and what is wrong, each with its remedy."""

    facts: dict[str, str] = field(default_factory=dict)
    faults: list[str] = field(default_factory=list)


def examine(settings: Settings, *, fix: bool = False) -> Findings:
    """Look everything over; with ``fix`` make anew what follows from the articles: full-text index and Chroma's.

    A missing library is a fact, not an error. No text of the library leaves the machine.
    """
    found = Findings()
    found.facts |= {
        "dateline": f"{version('dateline-qa')} on Python {platform.python_version()}",
        "packages": ", ".join(f"{name} {version(name)}" for name in PACKAGES),
    }
    _examine_model(settings, found)
    found.facts["library"] = str(settings.library)
    if not (settings.library / FILE).exists():
        found.facts["state"] = f"There is no library at {settings.library}. Make one with: qa ingest <articles>"
        return found
    try:
        with closing(Library(settings.library)) as library:
            _examine_library(settings, library, found, fix)
            with closing(Index(library, settings.library / "index", settings.chroma_url)) as index:
                _examine_index(settings, library, index, found, fix)
    except LibraryError as error:
        found.facts["state"] = "cannot be used"
        found.faults.append(str(error))
    _examine_disk(settings, found)
    return found


def _examine_model(settings: Settings, found: Findings) -> None:
    try:
        found.facts["questions go to"] = settings.destination
        if not settings.uses_model:
            return
    except MissingKey as error:
        found.facts["questions go to"] = "nobody"
        found.faults.append(str(error))
        return
    endpoint = Endpoint(settings.model_name, settings.base_url, settings.openai_api_key, ENDPOINT_SECONDS)
    try:
        names = endpoint.models(Limits(ENDPOINT_SECONDS, 1))
    except ModelError as error:
        found.facts["model endpoint"] = "not reachable"
        found.faults.append(str(error))
        return
    known = "serves it" if settings.model_name in names else f"does not list it among its {len(names)} models"
    found.facts["model endpoint"] = f"reachable, {known}"


def _examine_library(settings: Settings, library: Library, found: Findings, fix: bool) -> None:
    wrong = maintenance.faults(library)
    if wrong and fix:
        maintenance.repair(library)
        wrong = maintenance.faults(library)
    remedy = "Run: qa doctor --fix; or put a backup in its place: qa restore FILE --replace"
    found.faults += [f"The library is damaged: {fault}. {remedy}" for fault in wrong]
    coverage = library.coverage()
    found.facts |= {
        "state": "damaged" if wrong else "sound" if not library.frozen else "sound, can only be read",
        "articles": f"{coverage.articles} ({coverage.first or '?'} to {coverage.last or '?'})",
        "outlets": ", ".join(coverage.sources) or "none named",
        "revision": f"{library.revision}, {library.count()} chunks",
        "embedder": f"{library.embedder or 'not chosen yet'} ({library.dimension or 0} dimensions)",
    }
    incomplete = {one.article_id for one in library.incomplete()}
    if incomplete:
        found.facts["incomplete"] = (
            f"{len(incomplete)} of {coverage.articles} articles are stored without a part that Dateline failed to "
            "read; its next version tries again"
        )
    name = library.embedder or settings.embedder
    try:
        embedder = embedder_named(name, settings)
        # Only the local one is tried: another would be sent text, and paid for it.
        if name == LOCAL_EMBEDDER and library.dimension and embedder.embed(["a"]).shape[1] != library.dimension:
            found.faults.append(
                f"{name} makes vectors of another length than the library's {library.dimension}: install the wordllama "
                "version that made it."
            )
    except QAError as error:
        found.faults.append(str(error))


def _examine_index(settings: Settings, library: Library, index: Index, found: Findings, fix: bool) -> None:
    where = f"the Chroma server at {settings.chroma_url}" if settings.chroma_url else "Chroma"
    try:
        state = index.sync() if fix else index.state
    except QAError as error:
        state = "exact"
        found.faults.append(str(error))
    if state == "chroma":
        behind = index.pending
        lag = f"up to date but for {behind} chunks, which are scored exactly" if behind else "up to date"
        found.facts["index"] = f"{where}, {lag}, and checked"
        return
    found.facts["index"] = (
        "not used: vectors in SQLite are scored exactly (another process holds the index, or it is not sound; "
        "`qa doctor --fix` brings it up to date)"
        if library.embedder
        else "none yet"
    )


def _examine_disk(settings: Settings, found: Findings) -> None:
    free = shutil.disk_usage(settings.library).free
    found.facts["disk room"] = f"{free / 1e9:.1f} GB"
    # A rebuild of the index writes about as much again as the library holds.
    if free < max(LEAST_ROOM, (settings.library / FILE).stat().st_size):
        found.faults.append(
            f"Only {free / 1e6:.0f} MB are free where the library is: make room before the next ingest."
        )
