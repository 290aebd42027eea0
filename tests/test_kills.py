"""SIGKILL anywhere: what was acknowledged is found again, twice; the same work done again equals an undisturbed run.

``pytest tests/test_kills.py --kills 400`` kills as often as one likes; CI does 40.
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

# Fresh processes, forked from one that has imported everything and opened nothing.
FRESH = get_context("forkserver")
FRESH.set_forkserver_preload(["killing", "chromadb", "wordllama", "qa.pipeline"])
SECONDS = 120


def started(target: object, *args: object) -> BaseProcess:
    process = FRESH.Process(target=target, args=args)  # type: ignore[arg-type]
    process.start()
    return process


def told_by(target: object, *args: object, report: Path) -> str:
    """What a fresh process reports. A crash of that process (SIGSEGV is the one to fear) fails the test."""
    report.unlink(missing_ok=True)
    process = started(target, *args, report)
    process.join(SECONDS)
    assert process.exitcode == 0, f"the process died with {process.exitcode}"
    told = report.read_text()
    assert not told.startswith("FAILED"), told
    return told


def kills(count: int) -> list[Kill]:
    """Every point once, in every scenario it occurs in; then random passes, random moments and HNSW's own writing."""
    chance = random.Random(5)
    passes = {
        "before a transaction": 14,
        "amid a transaction": 1300,
        "after a commit": 14,
        "before a batch": 4,
        "after a batch": 4,
    }
    aimed = [
        Kill(scenario, point, chance.randint(1, passes.get(point, 1)) if scenario == "first" else 1)
        for scenario in ("first", "second", "rebuild")
        for point in POINTS
        if not (scenario == "rebuild" and ("transaction" in point or "commit" in point))
        and not (scenario != "second" and "deletion" in point)
    ]
    chance.shuffle(aimed)
    aimed.sort(key=lambda kill: list(POINTS).index(kill.point or "") // 8)  # all kinds, also where the count is small
    half = [
        Kill(chance.choice(["first", "second", "rebuild"]), None, n) for n in range(max(count // 2, count - len(aimed)))
    ]
    return (aimed[: count - len(half)] + half)[:count]


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "kill" in metafunc.fixturenames:
        many = kills(metafunc.config.getoption("--kills"))
        names = [f"{k.scenario}: {k.point or ('moment' if k.nth % 2 else 'hnsw')} {k.nth}" for k in many]
        metafunc.parametrize("kill", many, ids=names)


@pytest.fixture(scope="module")
def before(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A library of the first edition: what the later scenarios begin with."""
    folder = tmp_path_factory.mktemp("before")
    told_by(killing.survivor, folder / "lib", "first", report=folder / "report")
    return folder / "lib"


@pytest.fixture(scope="module")
def undisturbed(before: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The digest of each scenario's library where nobody was killed."""
    folder = tmp_path_factory.mktemp("undisturbed")
    shutil.copytree(before, folder / "lib")
    second = told_by(killing.survivor, folder / "lib", "second", report=folder / "report")
    first = (before.parent / "report").read_text()
    return {"first": first, "rebuild": first, "second": second}


def test_a_kill_loses_nothing(kill: Kill, before: Path, undisturbed: dict[str, str], tmp_path: Path) -> None:
    folder, noted, report = tmp_path / "lib", tmp_path / "acknowledged", tmp_path / "report"
    if kill.scenario != "first":
        shutil.copytree(before, folder)
    victim = started(killing.victim, folder, kill, noted)
    if kill.point is None:
        kill_outside(victim, folder, kill.nth)
    victim.join(SECONDS)
    if kill.point:
        assert victim.exitcode == -signal.SIGKILL, "the point was never reached"
    acknowledged = dict(line.split() for line in noted.read_text().splitlines()) if noted.exists() else {}
    for _ in range(2):  # a torn HNSW opens once, and crashes the second process that opens it
        told_by(killing.witness, folder, acknowledged, report=report)
    assert told_by(killing.survivor, folder, kill.scenario, report=report) == undisturbed[kill.scenario]
    told_by(killing.witness, folder, acknowledged, report=report)


def kill_outside(victim: BaseProcess, folder: Path, nth: int) -> None:
    """Kill at a random moment; or, for every other one, amid the writing of Chroma's HNSW files."""
    chance, assumed = random.Random(nth), 2.5
    assert victim.pid
    if nth % 2:
        time.sleep(chance.uniform(0, assumed))
    else:
        changes, last, wanted = 0, hnsw(folder), chance.randint(1, 12)
        while victim.is_alive() and changes < wanted:
            now = hnsw(folder)
            changes, last = changes + (now != last), now
    if victim.is_alive():
        os.kill(victim.pid, signal.SIGKILL)


def hnsw(folder: Path) -> dict[str, tuple[int, int]]:
    """Sizes and times of the files that Chroma's native part writes."""
    found = {}
    for parent, _, names in os.walk(folder / "index"):  # folders come and go under the look
        for name in names:
            if name.endswith(".bin"):
                with suppress(OSError):
                    stat = os.stat(os.path.join(parent, name))
                    found[name] = (stat.st_size, stat.st_mtime_ns)
    return found
