"""Processes killed with SIGKILL at any point lose nothing that was committed.

After each kill, two new processes in turn find everything that was committed. Then the work is done again, and the
library equals one whose process was never killed.

``pytest tests/test_kills.py --kills 400`` sets the number of kills; CI makes 40.
"""

from __future__ import annotations

import os
import random
import shutil
import signal
import time
from contextlib import suppress
from multiprocessing import get_context
from multiprocessing.process import BaseProcess
from pathlib import Path

import killing
import pytest
from killing import POINTS, Kill

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("ask_chroma")]

# New processes are forked from a server process that has imported everything but opened nothing.
FRESH = get_context("forkserver")
FRESH.set_forkserver_preload(["killing", "chromadb", "wordllama", "qa.pipeline"])
SECONDS = 120


def started(target: object, *args: object) -> BaseProcess:
    process = FRESH.Process(target=target, args=args)  # type: ignore[arg-type]
    process.start()
    return process


def report_of(target: object, *args: object, report: Path) -> str:
    """Run ``target`` in a new process and return its report. If the process crashes (SIGSEGV), the test fails."""
    report.unlink(missing_ok=True)
    process = started(target, *args, report)
    process.join(SECONDS)
    assert process.exitcode == 0, f"the process died with {process.exitcode}"
    text = report.read_text()
    assert not text.startswith("FAILED"), text
    return text


def kills(count: int) -> list[Kill]:
    """Return ``count`` kills: each point in each scenario where it occurs, and random moments.

    At least half are random moments. Every second one of these is chosen while Chroma writes its HNSW files.
    """
    chance = random.Random(5)
    passes = {
        "before a transaction": 14,
        "amid a transaction": 1300,
        "after a commit": 14,
        "amid the second pass": 1300,
        "before what was read is stored": 14,
        "after what was read was stored": 14,
        "before a batch": 4,
        "after a batch": 4,
    }
    aimed = [
        Kill(scenario, point, chance.randint(1, passes.get(point, 1)) if scenario == "first" else 1)
        for scenario in ("first", "second", "rebuild")
        for point in POINTS
        if not (scenario == "rebuild" and any(word in point for word in ("transaction", "commit", "second", "read")))
        and not (scenario != "first" and point == "amid the second pass")  # only many articles are read in processes
        and not (scenario != "second" and "deletion" in point)
    ]
    chance.shuffle(aimed)
    # Points of all kinds come first, so that a small count covers them too.
    aimed.sort(key=lambda kill: list(POINTS).index(kill.point or "") // 8)
    moments = [
        Kill(chance.choice(["first", "second", "rebuild"]), None, n) for n in range(max(count // 2, count - len(aimed)))
    ]
    return (aimed[: count - len(moments)] + moments)[:count]


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "kill" in metafunc.fixturenames:
        chosen = kills(metafunc.config.getoption("--kills"))
        names = [f"{k.scenario}: {k.point or ('moment' if k.nth % 2 else 'hnsw')} {k.nth}" for k in chosen]
        metafunc.parametrize("kill", chosen, ids=names)


@pytest.fixture(scope="module")
def before(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A library of the first edition, from which the scenarios "second" and "rebuild" start."""
    folder = tmp_path_factory.mktemp("before")
    report_of(killing.survivor, folder / "lib", "first", report=folder / "report")
    return folder / "lib"


@pytest.fixture(scope="module")
def undisturbed(before: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The digest that each scenario's library has if no process is killed."""
    folder = tmp_path_factory.mktemp("undisturbed")
    shutil.copytree(before, folder / "lib")
    second = report_of(killing.survivor, folder / "lib", "second", report=folder / "report")
    first = (before.parent / "report").read_text()
    return {"first": first, "rebuild": first, "second": second}


def test_a_killed_process_loses_nothing_that_was_committed(
    kill: Kill, before: Path, undisturbed: dict[str, str], tmp_path: Path
) -> None:
    folder, record, report = tmp_path / "lib", tmp_path / "committed", tmp_path / "report"
    if kill.scenario != "first":
        shutil.copytree(before, folder)
    victim = started(killing.victim, folder, kill, record)
    if kill.point is None:
        kill_outside(victim, folder, kill.nth)
    victim.join(SECONDS)
    if kill.point:
        assert victim.exitcode == -signal.SIGKILL, "the point was never reached"
    committed = dict(line.split() for line in record.read_text().splitlines()) if record.exists() else {}
    for _ in range(2):  # the first process can open a torn HNSW file; the second one that opens it crashes
        report_of(killing.witness, folder, committed, report=report)
    assert report_of(killing.survivor, folder, kill.scenario, report=report) == undisturbed[kill.scenario]
    report_of(killing.witness, folder, committed, report=report)


def kill_outside(victim: BaseProcess, folder: Path, nth: int) -> None:
    """Kill the victim at a random moment; for even ``nth``, while Chroma writes its HNSW files."""
    chance, run_seconds = random.Random(nth), 2.5
    assert victim.pid
    if nth % 2:
        time.sleep(chance.uniform(0, run_seconds))
    else:
        changes, last, limit = 0, hnsw(folder), chance.randint(1, 12)
        while victim.is_alive() and changes < limit:
            now = hnsw(folder)
            changes, last = changes + (now != last), now
    victim.kill()


def hnsw(folder: Path) -> dict[str, tuple[int, int]]:
    """Sizes and modification times of the HNSW files, which Chroma's native code writes."""
    stats = {}
    for parent, _, names in os.walk(folder / "index"):  # files may disappear while we look at them
        for name in names:
            if name.endswith(".bin"):
                with suppress(OSError):
                    stat = os.stat(os.path.join(parent, name))
                    stats[name] = (stat.st_size, stat.st_mtime_ns)
    return stats
