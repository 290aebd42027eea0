"""What the kill tests run in processes of their own: a victim that is killed, and a witness of what it left."""

from __future__ import annotations

import os
import signal
import traceback
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from functools import wraps
from pathlib import Path
from typing import Any

from qa import ingestion, manage
from qa.doctor import examine
from qa.library import index, maintenance
from qa.library.chroma import Chroma
from qa.library.index import Index
from qa.library.library import Entry, Library
from qa.model import Article, Filters
from qa.settings import Settings

ARTICLES = 1_400  # Chroma writes its HNSW files with a thousand vectors; fewer stay in its log
TRANSACTION = 100  # articles
RECORDS = 300  # a call of Chroma

# Where a victim kills itself: an owner and its method, and whether before, after or amid it.
POINTS: dict[str, tuple[type, str, str]] = {
    "before a transaction": (Library, "write", "before"),
    "amid a transaction": (Library, "_insert", "after"),
    "after a commit": (Library, "write", "after"),
    "before the stamp goes": (Index, "_unstamp", "before"),
    "after the stamp went": (Index, "_unstamp", "after"),
    "after Chroma made a build": (Chroma, "make", "after"),
    "before a batch": (Chroma, "upsert", "before"),
    "after a batch": (Chroma, "upsert", "after"),
    "after a deletion": (Chroma, "delete", "after"),
    "before Chroma is closed": (Chroma, "seal", "before"),
    "after Chroma was closed": (Chroma, "seal", "after"),
    "before the stamp is written": (Index, "_restamp", "before"),
    "after the stamp was written": (Index, "_restamp", "after"),
    "before old builds are swept": (Chroma, "sweep", "before"),
    "after old builds were swept": (Chroma, "sweep", "after"),
}


def corpus(edition: int) -> list[Article]:
    """The articles of one edition: the second one edits every tenth and leaves out every hundredth."""
    made = []
    for i in range(ARTICLES):
        if edition == 2 and i % 100 == 0:
            continue
        changed = " A correction was printed." if edition == 2 and i % 10 == 0 else ""
        text = f"Crate K{i} was found at pier {i % 37}, the harbour master of ward {i * 7 % 113} said.{changed}"
        made.append(Article(id=f"a{i:04}", version=f"{edition if changed else 1}", text=text))
    return made


@dataclass(frozen=True)
class Kill:
    """One way to die: at the ``nth`` pass of a point; or, with no point, whenever the parent chooses."""

    scenario: str  # "first", "second", "rebuild"
    point: str | None = None
    nth: int = 1


def small_batches() -> None:
    ingestion.BATCH, index.BATCH, manage.PENDING = TRANSACTION, RECORDS, 1
    index.EXACT_UP_TO = 0  # Chroma is asked, though the library is small


def work(folder: Path, scenario: str) -> None:
    """What the victim is at when it is killed."""
    settings = Settings(library=folder)
    if scenario == "rebuild":
        (folder / "index" / "stamp.json").unlink()
        examine(settings, fix=True)
        return
    edition = 1 if scenario == "first" else 2
    manage.ingest(corpus(edition), settings=settings)
    if edition == 2:
        kept = {article.id for article in corpus(2)}
        with closing(Library(folder)) as library:
            gone = [article_id for article_id in library.versions() if article_id not in kept]
        if gone:
            manage.remove(gone, settings=settings)


def victim(folder: Path, kill: Kill, acknowledged: Path) -> None:
    """Work until killed. Every article whose transaction was committed is noted in ``acknowledged``."""
    small_batches()
    _acknowledge(acknowledged)
    if kill.point:
        owner, name, when = POINTS[kill.point]
        _trap(owner, name, when, kill.nth)
    work(folder, kill.scenario)


def _acknowledge(path: Path) -> None:
    write = Library.write

    @wraps(write)
    def noted(self: Library, entries: list[Entry], **more: Any) -> int:
        revision = write(self, entries, **more)
        lines = "".join(f"{e.parsed.id} {e.parsed.article.version}\n" for e in entries).encode()
        descriptor = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT)
        os.write(descriptor, lines)
        os.close(descriptor)
        return revision

    Library.write = noted  # type: ignore[method-assign]


def _trap(owner: type, name: str, when: str, nth: int) -> None:
    real: Callable[..., Any] = getattr(owner, name)
    passes = 0

    @wraps(real)
    def trapped(*args: Any, **more: Any) -> Any:
        nonlocal passes
        passes += 1
        if passes == nth and when == "before":
            os.kill(os.getpid(), signal.SIGKILL)
        result = real(*args, **more)
        if passes == nth:
            os.kill(os.getpid(), signal.SIGKILL)
        return result

    setattr(owner, name, trapped)


def witness(folder: Path, acknowledged: dict[str, str], report: Path) -> None:
    """Look at what is left as any user would: all that was acknowledged is there, by get and by query."""
    _tell(report, lambda: _look(folder, acknowledged))


def _look(folder: Path, acknowledged: dict[str, str]) -> str:
    if not acknowledged and not (folder / "library.sqlite3").exists():
        return "nothing yet"
    small_batches()
    with closing(Library(folder)) as library, closing(Index(library, folder / "index")) as found:
        assert maintenance.faults(library) == []
        versions = library.versions()
        missing = {i: v for i, v in acknowledged.items() if versions.get(i) not in {v, "2"}}
        assert not missing, f"acknowledged, but not stored: {missing}"
        ids, vectors = library.vectors()
        for row in range(0, len(ids), 29):
            near = [chunk_id for chunk_id, _ in found.search(vectors[row], 5, Filters())]
            assert ids[row] in near, f"chunk {ids[row]} does not find itself ({found.state})"
            article = library.article(library.chunks([ids[row]])[ids[row]].article_id)
            crate = article.text.split()[1]
            assert any(c.article_id == article.id for c, _ in library.lexical([crate], 5, Filters()))
        return found.state


def survivor(folder: Path, scenario: str, report: Path) -> None:
    """Do the victim's work again, undisturbed; tell the digest of what is there then."""

    def again() -> str:
        small_batches()
        if scenario == "rebuild":
            examine(Settings(library=folder), fix=True)
        else:
            work(folder, scenario)
            if scenario == "second":
                work(folder, scenario)
        with closing(Library(folder)) as library, closing(Index(library, folder / "index")) as found:
            assert found.state == "chroma", "the index is whole again"
            assert found.pending == 0
            return maintenance.digest(library)

    _tell(report, again)


def _tell(report: Path, what: Callable[[], str]) -> None:
    try:
        report.write_text(what())
    except BaseException:  # noqa: BLE001  # handed to the test, which shows it
        report.write_text(f"FAILED {traceback.format_exc()}")
