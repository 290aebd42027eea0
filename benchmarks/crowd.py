"""Measure many users at once: questions to one library during an ingest, compared with an idle library.

    python benchmarks/crowd.py --seconds 120 --askers 20 --articles 2000

The users ("askers") are threads of one or several processes. Every asker asks for articles that were acknowledged
before the question, and checks the result: the right article, sentences of one version only, and no refusal. The askers
time the retrieval. Idle times are measured in the same run, before and after the ingest, because the library grows to
nearly three times its size. Compare ratios, not milliseconds. Exit code 1 if anything was refused, wrong or mixed.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
import tempfile
import threading
import time
from contextlib import closing
from dataclasses import dataclass, field
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import numpy as np

from qa import manage, pipeline
from qa.errors import QAError
from qa.model import Article
from qa.questions.plan import plan
from qa.search.retrieve import retrieve
from qa.settings import Settings

NAMES = (
    "Adair Brannock Castell Dresko Ellin Farrow Grieve Haddik Ister Jorun Karrow Lunde Merrin Noor Orra Quist".split()
)
THINGS = "lantern crate anchor ledger beacon cable hatch winch buoy rudder signal pump mast net oar sail".split()


@dataclass
class Seen:
    """What one asker measured: seconds of each retrieval, and faults in words."""

    idle: list[float] = field(default_factory=list)
    busy: list[float] = field(default_factory=list)
    after: list[float] = field(default_factory=list)
    late: list[float] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)
    reads: int = 0


def affair(number: int) -> str:
    """Return the subject of article ``number``, in words that few other articles share."""
    chance = random.Random(number)
    return f"{chance.choice(NAMES)} {chance.choice(THINGS)} K{number} of {chance.choice(NAMES)} {chance.choice(THINGS)}"


def made(number: int, edition: int) -> Article:
    """Make article ``number``. Every sentence names the edition, so that a mixture of two editions is detected."""
    facts = [f"In edition E{edition}, the {affair(number)} was moved to pier {day * number % 97}." for day in range(12)]
    return Article(id=f"n{number}", version=str(edition), title=f"The {affair(number)}", text=" ".join(facts))


def ask(engine: pipeline.Engine, number: int, seen: Seen) -> float:
    """Retrieve article ``number`` and note any fault in the result. Returns the seconds it took."""
    asked = plan(f"Where was the {affair(number)} moved?")
    started = time.perf_counter()
    with engine.library.reading() as library:
        found = retrieve(asked, library, engine.index, engine.embedder, 12)
    taken = time.perf_counter() - started
    seen.reads += 1
    article = found.articles.get(f"n{number}")
    if article is None:
        seen.faults.append(f"n{number} was acknowledged and is not found")
    else:
        sentences, stored = [s.text for s in article.sentences], article.article
        editions = {word for s in sentences for word in s.split() if word.startswith("E") and word[1:-1].isdigit()}
        if editions != {f"E{stored.version},"} or "".join(stored.text.split()) != "".join("".join(sentences).split()):
            seen.faults.append(f"n{number}: version {stored.version} with sentences of {sorted(editions)}")
    return taken


def asker(
    engine: pipeline.Engine, numbers: list[int], seconds: float, times: list[float], seen: Seen, seed: int
) -> None:
    """Ask until the time is up, with a pause between questions."""
    chance, end = random.Random(seed), time.monotonic() + seconds
    while time.monotonic() < end:
        try:
            times.append(ask(engine, chance.choice(numbers), seen))
        except QAError as error:
            seen.faults.append(f"refused: {type(error).__name__}: {error}")
        time.sleep(chance.uniform(0.2, 0.8))


def crowd(
    engine: pipeline.Engine, askers: int, numbers: list[int], seconds: float, which: str, seen: list[Seen]
) -> None:
    """Run all askers of one process at the same time, each in its own thread."""
    threads = [
        threading.Thread(target=asker, args=(engine, numbers, seconds, getattr(seen[n], which), seen[n], n))
        for n in range(askers)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def writer(folder: str, first: int, articles: int, seconds: float, log: str) -> None:
    """Ingest articles and then replace them, spread over the time. Log when each batch was acknowledged."""
    settings, batch = Settings(library=Path(folder), offline=True), 40
    numbers = list(range(first, first + articles))
    pause = seconds * 0.9 * batch / (2 * articles)
    with Path(log).open("w") as notes:
        for edition in (1, 2):
            for start in range(0, articles, batch):
                began = time.monotonic()
                part = numbers[start : start + batch]
                manage.ingest([made(number, edition) for number in part], settings=settings)
                notes.write(json.dumps([time.time(), part]) + "\n")
                notes.flush()
                time.sleep(max(0.0, pause - (time.monotonic() - began)))


def watcher(engine: pipeline.Engine, log: Path, stop: threading.Event, seen: Seen) -> None:
    """Ask for articles that another process just acknowledged, and note how long it takes until they are found."""
    done, last = 0, False
    while not last:
        last = stop.is_set()  # look once more after the writer has ended
        lines = log.read_text().splitlines() if log.exists() else []
        for line in lines[done:]:
            at, part = json.loads(line)
            before = len(seen.faults)
            try:
                ask(engine, part[-1], seen)
            except QAError as error:
                seen.faults.append(f"refused: {type(error).__name__}: {error}")
            if len(seen.faults) == before:
                seen.late.append(time.time() - at)
        done = len(lines)
        time.sleep(0.05)


def process(
    folder: str, askers: int, numbers: list[int], idle: float, busy: float, log: str, barrier: Any, out: Any
) -> None:
    """Run one process of askers: idle, then during the ingest, then idle again."""
    seen = [Seen() for _ in range(askers + 1)]
    engine = pipeline.build(Settings(library=Path(folder), offline=True))
    with closing(engine):
        for number in numbers[:5]:
            ask(engine, number, seen[-1])
        barrier.wait()
        crowd(engine, askers, numbers, idle, "idle", seen)
        barrier.wait()
        stop = threading.Event()
        watching = threading.Thread(target=watcher, args=(engine, Path(log), stop, seen[-1]))
        watching.start()
        crowd(engine, askers, numbers, busy, "busy", seen)
        barrier.wait()  # wait for the writer, which may take longer than the askers on a busy machine
        stop.set()
        watching.join()
        crowd(engine, askers, numbers, idle, "after", seen)
    out.put([vars(s) for s in seen])


def run(seconds: float, askers: int, articles: int, processes: int, folder: Path) -> dict[str, Any]:
    """Run the experiment. The ingest takes ``seconds``; the idle phases before and after take a quarter of it each."""
    numbers = list(range(600))
    manage.ingest([made(number, 1) for number in numbers], settings=Settings(library=folder, offline=True))
    context = get_context("spawn")
    barrier, out = context.Barrier(processes + 1), context.Queue()
    log = folder.parent / "acknowledged"
    shares = [askers // processes + (n < askers % processes) for n in range(processes)]
    crowds = [
        context.Process(target=process, args=(str(folder), n, numbers, seconds / 4, seconds, str(log), barrier, out))
        for n in shares
    ]
    for one in crowds:
        one.start()
    barrier.wait()
    barrier.wait()
    ingest = context.Process(target=writer, args=(str(folder), 10_000, articles // 2, seconds, str(log)))
    ingest.start()
    ingest.join()
    barrier.wait()
    everything = [Seen(**row) for _ in crowds for row in out.get()]
    for one in crowds:
        one.join()
    late = [t for s in everything for t in s.late]
    p95 = {
        which: float(np.percentile([t for s in everything for t in getattr(s, which)], 95))
        for which in ("idle", "busy", "after")
    }
    return {
        "reads": sum(s.reads for s in everything),
        "faults": [fault for s in everything for fault in s.faults][:20],
        "faults in all": sum(len(s.faults) for s in everything),
        "writer's exit code": ingest.exitcode,
        "idle p95 ms": round(p95["idle"] * 1000, 1),
        "busy p95 ms": round(p95["busy"] * 1000, 1),
        "idle p95 ms, of the grown library": round(p95["after"] * 1000, 1),
        "busy to idle before": round(p95["busy"] / p95["idle"], 2),
        "busy to idle after": round(p95["busy"] / p95["after"], 2),
        "acknowledged to answerable, max s": round(max(late), 2) if late else None,
        "batches watched": len(late),
    }


def main() -> int:
    """Run the command. Returns exit code 1 if anything was refused or wrong."""
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--seconds", type=float, default=120)
    options.add_argument("--askers", type=int, default=20)
    options.add_argument(
        "--articles", type=int, default=2000, help="articles written: half are new, half replace those"
    )
    options.add_argument("--processes", type=int, nargs="*", default=[1, 3])
    given = options.parse_args()
    wrong = False
    for processes in given.processes:
        with tempfile.TemporaryDirectory() as folder:
            found = run(given.seconds, given.askers, given.articles, processes, Path(folder) / "lib")
        print(f"{given.askers} askers in {processes} processes: {json.dumps(found, indent=2)}")
        wrong |= bool(found["faults in all"] or found["writer's exit code"])
    return int(wrong)


if __name__ == "__main__":
    sys.exit(main())
