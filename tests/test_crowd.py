"""Many users at once: every question is answered, and nobody misses a stored article or sees a mix of two versions."""

from __future__ import annotations

import threading
from contextlib import closing
from pathlib import Path

import pytest

from benchmarks import crowd
from qa import manage, pipeline
from qa.settings import Settings

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("ask_chroma")]


@pytest.mark.parametrize("processes", [1, 2])
def test_questions_asked_during_an_ingest_are_all_answered_correctly(processes: int, tmp_path: Path) -> None:
    result = crowd.run(12, 10, 400, processes, tmp_path / "lib")
    assert result["faults"] == []
    assert result["writer's exit code"] == 0
    assert result["reads"] > 200
    assert result["batches watched"] == 10 * processes, "every watcher asked about the batch that was just stored"


def test_a_thousand_reads_see_either_the_old_or_the_new_version(tmp_path: Path) -> None:
    settings = Settings(library=tmp_path / "lib", offline=True)
    numbers = list(range(30))
    manage.ingest([crowd.made(n, 1) for n in numbers], settings=settings)
    stop, editions = threading.Event(), [1]

    def write() -> None:
        while not stop.is_set():
            editions.append(editions[-1] + 1)
            manage.ingest([crowd.made(n, editions[-1]) for n in numbers], settings=settings)

    writer = threading.Thread(target=write)
    writer.start()
    seen = crowd.Seen()
    try:
        with closing(pipeline.build(settings)) as engine:
            for n in range(1000):
                crowd.ask(engine, numbers[n % len(numbers)], seen)
    finally:
        stop.set()
        writer.join()
    assert seen.faults == []
    assert seen.reads == 1000
    assert editions[-1] > 5, "the articles changed while they were read"
