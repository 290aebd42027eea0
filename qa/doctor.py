"""The checks of ``qa doctor``: versions, the library, its index, where questions are sent, and the disk."""

from __future__ import annotations

import platform
import shutil
from contextlib import closing
from dataclasses import dataclass, field
from importlib.metadata import version

from .errors import LibraryError, MissingKey, ModelError, QAError, SettingsError
from .library import maintenance
from .library.embedders import embedder_named
from .library.index import EXACT_UP_TO, Index
from .library.library import FILE, Library, exists
from .llm.endpoint import Endpoint
from .llm.limits import Limits
from .pipeline import reading_model
from .settings import LOCAL_EMBEDDER, Settings, SharedLibrary

PACKAGES = ("chromadb", "openai", "pydantic", "wordllama", "tiktoken", "sentencex")
ENDPOINT_SECONDS = 5.0
LEAST_ROOM = 500_000_000  # bytes: enough for a journal and a rebuilt index of some ten thousand articles


@dataclass
class Findings:
    """Facts by name, in the order in which they are shown, and faults, each with its remedy."""

    facts: dict[str, str] = field(default_factory=dict)
    faults: list[str] = field(default_factory=list)


def examine(settings: Settings, *, fix: bool = False) -> Findings:
    """Check everything. With ``fix``, also rebuild what is derived from the articles, if it is damaged.

    A missing library is reported as a fact, not as a fault. No text of the library is sent anywhere.
    """
    findings = Findings()
    findings.facts |= {
        "dateline": f"{version('dateline-qa')} on Python {platform.python_version()}",
        "packages": ", ".join(f"{name} {version(name)}" for name in PACKAGES),
    }
    _examine_model(settings, findings)
    _examine_reading(settings, findings)
    findings.facts["library"] = str(settings.library)
    try:
        if not exists(settings.library):
            missing = f"There is no library at {settings.library}. Create one with: qa ingest <articles>"
            findings.facts["state"] = missing
            return findings
        with closing(Library(settings.library)) as library:
            _examine_library(settings, library, findings, fix)
            with closing(Index(library, settings.folder / "index", settings.chroma_url)) as index:
                _examine_index(settings, library, index, findings, fix)
    except LibraryError as error:
        findings.facts["state"] = "cannot be used"
        findings.faults.append(str(error))
    _examine_disk(settings, findings)
    return findings


def _examine_model(settings: Settings, findings: Findings) -> None:
    try:
        findings.facts["questions go to"] = settings.destination
        if not settings.uses_model:
            return
    except MissingKey as error:
        findings.facts["questions go to"] = "nobody"
        findings.faults.append(str(error))
        return
    endpoint = Endpoint(settings.model_name, settings.base_url, settings.openai_api_key, ENDPOINT_SECONDS)
    try:
        names = endpoint.models(Limits(ENDPOINT_SECONDS, 1))
    except ModelError as error:
        findings.facts["model endpoint"] = "not reachable"
        findings.faults.append(str(error))
        return
    listed = "lists the model" if settings.model_name in names else f"does not list it among its {len(names)} models"
    findings.facts["model endpoint"] = f"reachable, {listed}"


def _examine_reading(settings: Settings, findings: Findings) -> None:
    try:
        model, warnings = reading_model(settings)
        findings.facts["reading model"] = model.name if model else "missing" if warnings else "off"
        findings.faults += warnings
    except SettingsError as error:
        findings.facts["reading model"] = "cannot be used"
        findings.faults.append(str(error))


def _examine_library(settings: Settings, library: Library, findings: Findings, fix: bool) -> None:
    damage = maintenance.faults(library)
    if damage and fix:
        maintenance.repair(library)
        damage = maintenance.faults(library)
    remedy = "Run: qa doctor --fix, or replace the library with a backup: qa restore FILE --replace"
    findings.faults += [f"The library is damaged: {fault}. {remedy}" for fault in damage]
    coverage = library.coverage()
    findings.facts |= {
        "state": "damaged" if damage else "sound" if not library.frozen else "sound, can only be read",
        "articles": f"{coverage.articles} ({coverage.first or '?'} to {coverage.last or '?'})",
        "outlets": ", ".join(coverage.sources) or "none named",
        "revision": f"{library.revision}, {library.count()} chunks",
        "embedder": f"{library.embedder or 'not chosen yet'} ({library.dimension or 0} dimensions)",
    }
    if earlier := library.earlier():
        findings.facts["earlier versions"] = f"{earlier}, searched only as of a day; qa show ARTICLE --versions"
    if unread := library.count_unread():
        findings.facts["still to be read"] = (
            f"{unread} articles can be asked, but who speaks in them, and what they correct, is not known yet; the "
            "next qa ingest reads them"
        )
    incomplete = {one.article_id for one in library.incomplete()}
    if incomplete:
        findings.facts["incomplete"] = (
            f"{len(incomplete)} of {coverage.articles} articles are stored without a part, because Dateline failed to "
            "read it; the next version will try again"
        )
    name = library.embedder or settings.embedder
    try:
        embedder = embedder_named(name, settings)
        # Only the local embedder is tried, because a remote one would receive text and cost money.
        if name == LOCAL_EMBEDDER and library.dimension and embedder.embed(["a"]).shape[1] != library.dimension:
            findings.faults.append(
                f"The vectors of {name} do not have the length {library.dimension} of the library's vectors. Install "
                "the version of wordllama that made the library."
            )
    except QAError as error:
        findings.faults.append(str(error))


def _examine_index(settings: Settings, library: Library, index: Index, findings: Findings, fix: bool) -> None:
    if not index.needed:
        findings.facts["index"] = f"not needed: up to {EXACT_UP_TO:,} chunks are scored exactly, which is faster"
        return
    backend = f"the Chroma server at {settings.chroma_url}" if settings.chroma_url else "Chroma"
    try:
        state = index.sync() if fix else index.state
    except QAError as error:
        state = "exact"
        findings.faults.append(str(error))
    if state == "chroma":
        pending = index.pending
        age = f"up to date except for {pending} chunks, which are scored exactly" if pending else "up to date"
        findings.facts["index"] = f"{backend}, {age}, checked"
        return
    findings.facts["index"] = (
        "not used: the vectors in the library are scored exactly (another process uses the index, or it is not sound; "
        "`qa doctor --fix` brings it up to date)"
        if library.embedder
        else "none yet"
    )


def _examine_disk(settings: Settings, findings: Findings) -> None:
    if isinstance(settings.library, SharedLibrary):
        return  # the server's disk cannot be seen from here
    free = shutil.disk_usage(settings.library).free
    findings.facts["disk room"] = f"{free / 1e9:.1f} GB"
    # Rebuilding the index writes about as many bytes as the library has.
    if free < max(LEAST_ROOM, (settings.library / FILE).stat().st_size):
        findings.faults.append(
            f"Only {free / 1e6:.0f} MB are free on the library's disk. Make room before the next ingest."
        )
