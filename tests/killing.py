"""Code that the kill tests run in separate processes.

A victim is killed while it works, a witness checks what is left, and a survivor does the work again.
"""

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
from qa.library import index, maintenance, second_pass
from qa.library.annotate import Annotators, _Process
from qa.library.chroma import Chroma
from qa.library.index import Index
from qa.library.library import Entry, Library
from qa.model import Article, Filters
from qa.settings import Settings

ARTICLES = 1_400  # Chroma writes HNSW files once it has a thousand vectors; fewer stay in its log
TRANSACTION = 100  # articles in one transaction
RECORDS = 300  # vectors in one call of Chroma

# Where a victim kills itself: the class and method, and whether before or after that method runs.
POINTS: dict[str, tuple[type, str, str]] = {
    "before a transaction": (Library, "write", "before"),
    "amid a transaction": (Library, "_put", "after"),
    "after a commit": (Library, "write", "after"),
    "before the second pass": (Annotators, "__init__", "before"),
    "amid the second pass": (_Process, "ask", "after"),
    "before what was read is stored": (Library, "annotate", "before"),
    "after what was read was stored": (Library, "annotate", "after"),
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
    """Return the articles of one edition. The second edition edits every tenth and leaves out every hundredth."""
    articles = []
    for i in range(ARTICLES):
        if edition == 2 and i % 100 == 0:
            continue
        changed = " A correction was printed." if edition == 2 and i % 10 == 0 else ""
        text = f"Crate K{i} was found at pier {i % 37}, the harbour master of ward {i * 7 % 113} said.{changed}"
        articles.append(Article(id=f"a{i:04}", version=f"{edition if changed else 1}", text=text))
    return articles


@dataclass(frozen=True)
class Kill:
    """When a victim is killed: the ``nth`` time it passes a point, or, without a point, when the parent decides."""

    scenario: str  # "first", "second", "rebuild"
    point: str | None = None
    nth: int = 1


def small_batches() -> None:
    ingestion.BATCH, index.BATCH, manage.PENDING = TRANSACTION, RECORDS, 1
    second_pass.TOGETHER = TRANSACTION
    index.EXACT_UP_TO = 0  # use Chroma although the library is small


def work(folder: Path, scenario: str) -> None:
    """Do the work of a scenario, during which the victim is killed."""
    settings = Settings(library=folder)
    if scenario == "rebuild":
        (folder / "index" / "stamp.json").unlink()
        examine(settings, fix=True)
        return
    edition = 1 if scenario == "first" else 2
    manage.ingest(corpus(edition), settings=settings)
    if edition == 2:
        remaining = {article.id for article in corpus(2)}
        with closing(Library(folder)) as library:
            removed = [article_id for article_id in library.versions() if article_id not in remaining]
        if removed:
            manage.remove(removed, settings=settings)


def victim(folder: Path, kill: Kill, record: Path) -> None:
    """Work until killed. Each article whose transaction was committed is written to the file ``record``."""
    small_batches()
    _record_commits(record)
    if kill.point:
        owner, name, when = POINTS[kill.point]
        _trap(owner, name, when, kill.nth)
    work(folder, kill.scenario)


def _record_commits(path: Path) -> None:
    write = Library.write

    @wraps(write)
    def recording(self: Library, entries: list[Entry], **more: Any) -> int:
        revision = write(self, entries, **more)
        lines = "".join(f"{e.parsed.id} {e.parsed.article.version}\n" for e in entries).encode()
        descriptor = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT)
        os.write(descriptor, lines)
        os.close(descriptor)
        return revision

    Library.write = recording  # type: ignore[method-assign]


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


def witness(folder: Path, committed: dict[str, str], report: Path) -> None:
    """Check that every committed article is stored, and that vectors and words find the stored articles."""
    _report(report, lambda: _check(folder, committed))


def _check(folder: Path, committed: dict[str, str]) -> str:
    if not committed and not (folder / "library.sqlite3").exists():
        return "nothing yet"
    small_batches()
    with closing(Library(folder)) as library, closing(Index(library, folder / "index")) as opened:
        assert maintenance.faults(library) == []
        versions = library.versions()
        missing = {i: v for i, v in committed.items() if versions.get(i) not in {v, "2"}}
        assert not missing, f"committed, but not stored: {missing}"
        ids, vectors = library.vectors()
        for row in range(0, len(ids), 29):
            near = [chunk_id for chunk_id, _ in opened.search(vectors[row], 5, Filters())]
            assert ids[row] in near, f"chunk {ids[row]} does not find itself ({opened.state})"
            article = library.article(library.chunks([ids[row]])[ids[row]].article_id)
            crate = article.text.split()[1]
            assert any(c.article_id == article.id for c, _ in library.lexical([crate], 5, Filters()))
        return opened.state


def survivor(folder: Path, scenario: str, report: Path) -> None:
    """Do the victim's work again without being killed, and report the digest of the library."""

    def again() -> str:
        small_batches()
        if scenario == "rebuild":
            examine(Settings(library=folder), fix=True)
        else:
            work(folder, scenario)
            if scenario == "second":
                work(folder, scenario)
        with closing(Library(folder)) as library, closing(Index(library, folder / "index")) as opened:
            assert opened.state == "chroma", "the index is complete again"
            assert opened.pending == 0
            return maintenance.digest(library)

    _report(report, again)


def _report(report: Path, run: Callable[[], str]) -> None:
    try:
        report.write_text(run())
    except BaseException:  # noqa: BLE001  # the test shows the traceback
        report.write_text(f"FAILED {traceback.format_exc()}")
