"""Code that the kill tests of a shared library run in separate processes: workers that ingest one folder together."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable
from contextlib import closing, contextmanager
from dataclasses import dataclass
from functools import wraps
from pathlib import Path
from typing import Any

from killing import _record_commits, _report, _trap

from qa import ingestion, manage
from qa.library import maintenance, second_pass, sharing
from qa.library.library import Library
from qa.library.postgres import Postgres, PostgresJobs
from qa.library.postings import Postings
from qa.model import Filters
from qa.settings import Settings, place_of

FILES = 120
TAKEN = 6  # files that a worker takes at once, and articles in one transaction

# Where a worker kills itself: the class and method, and whether before or after that method runs.
POINTS: dict[str, tuple[type, str, str]] = {
    "before a transaction": (Library, "write", "before"),
    "amid a transaction": (Library, "_put", "after"),
    "before the words are counted": (Postings, "write_counts", "before"),
    "before the commit": (Postings, "write_counts", "after"),
    "after the commit": (Library, "write", "after"),
    "before the second pass": (Library, "unread", "before"),
    "before what was read is stored": (Library, "annotate", "before"),
    "after what was read was stored": (Library, "annotate", "after"),
    "before the files are noted": (Library, "stamp", "before"),
    "after the files were noted": (Library, "stamp", "after"),
    "while jobs are added": (PostgresJobs, "add", "before"),
    "after jobs were added": (PostgresJobs, "add", "after"),
    "with jobs that are not begun": (PostgresJobs, "taking", "taken"),
    "after jobs were done": (PostgresJobs, "taking", "done"),
    "while it waits for others": (PostgresJobs, "waiting", "after"),
    "while it reads a snapshot": (Postgres, "query", "after"),
}


@dataclass(frozen=True)
class Kill:
    """When a worker is killed: the ``nth`` time it passes a point, or, without a point, after some seconds."""

    point: str | None
    nth: int = 1
    seconds: float = 0.0


def files(folder: Path, edition: int) -> None:
    """Write the files of an edition. The second one changes every third file."""
    folder.mkdir(exist_ok=True)
    for i in range(FILES):
        if edition == 1 or i % 3 == 0:
            more = " A correction was printed later that day." if edition == 2 else ""
            text = f"Crate K{i} found\n\nCrate K{i} was found at pier {i % 37}, the harbour master said.{more}"
            (folder / f"{i:03}.txt").write_text(text)


def small_batches() -> None:
    ingestion.BATCH = second_pass.TOGETHER = TAKEN
    sharing.WAIT_SECONDS = 0.05


def worker(address: str, folder: Path, kill: Kill | None, record: Path) -> None:
    """Ingest a folder, until killed. Each article whose transaction was committed is written to the file ``record``."""
    small_batches()
    _record_commits(record)
    if kill and kill.point:
        owner, name, when = POINTS[kill.point]
        if name == "taking":
            _trap_jobs(when, kill.nth)
        else:
            _trap(owner, name, when, kill.nth)
    manage.ingest(str(folder), settings=Settings(library=place_of(address)))


def _trap_jobs(when: str, nth: int) -> None:
    real: Callable[..., Any] = PostgresJobs.taking
    passes = 0

    @wraps(real)
    @contextmanager
    def trapped(self: PostgresJobs, keys: list[str], most: int) -> Any:
        nonlocal passes
        with real(self, keys, most) as taken:
            passes += 1
            if passes == nth and when == "taken":
                os.kill(os.getpid(), signal.SIGKILL)
            yield taken
        if passes == nth:
            os.kill(os.getpid(), signal.SIGKILL)

    PostgresJobs.taking = trapped  # type: ignore[method-assign]


def witness(address: str, committed: dict[str, set[str]], report: Path) -> None:
    """Check that all that was committed is stored, once, and that words and vectors find what is stored."""
    _report(report, lambda: _check(address, committed))


def _check(address: str, committed: dict[str, set[str]]) -> str:
    with closing(Library(place_of(address))) as library, library.reading():
        assert maintenance.faults(library) == []
        held = library.database.query("SELECT coalesce(current_id, id) AS id, version FROM articles")
        stored = {(row["id"], row["version"]) for row in held}
        assert len(stored) == len(held), "no version is stored twice"
        missing = {(i, v) for i, versions in committed.items() for v in versions} - stored
        assert not missing, f"committed, but not stored: {missing}"
        ids, _ = library.vectors()
        assert len(set(ids)) == len(ids) == library.count()
        for article in library.articles()[::7]:
            crate = library.article(article.id).text.split()[1]
            assert [c.article_id for c, _ in library.lexical([crate], 5, Filters())][:1] == [article.id]
        return f"{len(library.versions())} articles"


def survivor(address: str, folder: Path, report: Path) -> None:
    """Ingest the folder without being killed, and report the digest of the library, and that no job is left."""

    def again() -> str:
        small_batches()
        place = place_of(address)
        manage.ingest(str(folder), settings=Settings(library=place))
        with closing(Library(place)) as library:
            assert library.database.query("SELECT count(*) FROM jobs")[0][0] == 0
            return maintenance.digest(library)

    _report(report, again)
