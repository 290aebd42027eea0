"""Workers that ingest one folder into a shared library are killed with SIGKILL: nothing is lost, nothing stored twice.

Three workers run at once. As soon as one has died, another one takes its place, which is killed elsewhere. After each
round of kills a witness finds all that was committed, and a worker that is left alone does the rest: the library then
equals one in SQLite whose process was never killed.

``pytest tests/test_postgres_kills.py --shared-kills 1000`` sets the number of workers to kill. CI starts 60. Those
that find nothing left to do before they reach their point are not killed.
"""

from __future__ import annotations

import random
import signal
import time
from collections import defaultdict
from contextlib import closing
from pathlib import Path

import killing_shared
import pytest
from killing_shared import POINTS, Kill
from test_kills import SECONDS, report_of, started

from qa import manage
from qa.library import maintenance
from qa.library.library import Library
from qa.settings import Settings, SharedLibrary

pytestmark = pytest.mark.slow

AT_ONCE = 3  # workers
A_ROUND = 10  # kills of workers on one library, before the rest is done


def rounds(count: int) -> list[list[Kill]]:
    """Return ``count`` kills in rounds. Every third is at a random moment, the others are at each point in turn."""
    chance = random.Random(20)
    points = list(POINTS)
    kills = [
        Kill(None, seconds=chance.uniform(0.05, 1.2))
        if number % 3 == 2
        else Kill(points[(number - number // 3) % len(points)], chance.randint(1, 3))
        for number in range(count)
    ]
    return [kills[start : start + A_ROUND] for start in range(0, count, A_ROUND)]


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "kills" in metafunc.fixturenames:
        chosen = rounds(metafunc.config.getoption("--shared-kills"))
        metafunc.parametrize("kills", chosen, ids=[f"round {n}" for n in range(1, len(chosen) + 1)])


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str, str]:
    """The folder that is ingested, and the digests of a library of each edition, made in SQLite by one process."""
    folder = tmp_path_factory.mktemp("news")
    library, digests = tmp_path_factory.mktemp("alone"), []
    for edition in (1, 2):
        killing_shared.files(folder, edition)
        manage.ingest(str(folder), settings=Settings(library=library))
        with closing(Library(library)) as store:
            digests.append(maintenance.digest(store))
    return folder, digests[0], digests[1]


def test_workers_that_are_killed_lose_nothing_and_store_nothing_twice(
    kills: list[Kill], undisturbed: tuple[Path, str, str], shared: SharedLibrary, tmp_path: Path
) -> None:
    folder, *digests = undisturbed
    address, record, report = shared.address.get_secret_value(), tmp_path / "committed", tmp_path / "report"
    died = 0
    for edition, half in ((1, kills[::2]), (2, kills[1::2])):
        killing_shared.files(folder, 1)
        killing_shared.files(folder, edition)
        died += die(half, address, folder, record)
        report_of(killing_shared.witness, address, committed(record), report=report)
        digest = report_of(killing_shared.survivor, address, folder, report=report)
        assert digest == digests[edition - 1]
        report_of(killing_shared.witness, address, committed(record), report=report)
    assert died > len(kills) // 2, "most workers were killed before all was done"


def die(kills: list[Kill], address: str, folder: Path, record: Path) -> int:
    """Run a worker for each kill, some at once. Returns how many were killed; the others had nothing left to do."""
    left, running, died = list(kills), {}, 0
    try:
        while left or running:
            while left and len(running) < AT_ONCE:
                kill = left.pop(0)
                process = started(killing_shared.worker, address, folder, kill, record)
                running[process] = time.monotonic() + kill.seconds if kill.point is None else None
            for process, moment in list(running.items()):
                if moment is not None and time.monotonic() >= moment:
                    process.kill()
                process.join(0.02)
                if process.exitcode is not None:
                    assert process.exitcode in {0, -signal.SIGKILL}, f"a worker died with {process.exitcode}"
                    died += process.exitcode != 0
                    del running[process]
    finally:
        for process in running:
            process.kill()  # it would hold the tables that the end of the test removes
    return died


def committed(record: Path) -> dict[str, set[str]]:
    """Return the versions whose transaction was committed, by article id."""
    found: dict[str, set[str]] = defaultdict(set)
    for line in record.read_text().splitlines() if record.exists() else ():
        article_id, version = line.split()
        found[article_id].add(version)
    return found


def test_a_worker_finishes_what_a_killed_one_had_taken(
    undisturbed: tuple[Path, str, str], shared: SharedLibrary, tmp_path: Path
) -> None:
    """One worker dies with its files taken while another one runs. That one ends with all of them stored."""
    folder, first, _ = undisturbed
    killing_shared.files(folder, 1)
    address, record = shared.address.get_secret_value(), tmp_path / "committed"
    manage.ingest([str(folder / "000.txt")], settings=Settings(library=shared))
    victim = started(killing_shared.worker, address, folder, Kill("with jobs that are not begun", 2), record)
    other = started(killing_shared.worker, address, folder, None, record)
    for process in (victim, other):
        process.join(SECONDS)
    assert other.exitcode == 0
    with closing(Library(shared)) as library:
        assert maintenance.digest(library) == first
