"""Many users at once: askers of one library while it grows, in one process or in several, against the same when idle.

    python benchmarks/crowd.py --seconds 120 --askers 20 --articles 2000

Every asker asks for articles that were acknowledged before the question, and checks what comes back: the right article,
of one version, nothing refused. Retrieval is timed in the askers; the idle times are taken in the same run, before the
ingest and after it, because the library grows to nearly three times its size meanwhile. What counts are ratios. Exit
code 1 if anything was refused, wrong or mixed.
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
    """What one asker met: seconds of each retrieval, and faults in words."""

    idle: list[float] = field(default_factory=list)
    busy: list[float] = field(default_factory=list)
    after: list[float] = field(default_factory=list)
    late: list[float] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)
    reads: int = 0


def affair(number: int) -> str:
    """What article ``number`` is about, in words that few others share: words and vectors both tell it."""
    chance = random.Random(number)
    return f"{chance.choice(NAMES)} {chance.choice(THINGS)} K{number} of {chance.choice(NAMES)} {chance.choice(THINGS)}"


def made(number: int, edition: int) -> Article:
    """Article ``number``: every sentence names its edition, so that a mixture of two would show."""
    facts = [f"In edition E{edition}, the {affair(number)} was moved to pier {day * number % 97}." for day in range(12)]
    return Article(id=f"n{number}", version=str(edition), title=f"The {affair(number)}", text=" ".join(facts))


def ask(engine: pipeline.Engine, number: int, seen: Seen) -> float:
    """Retrieve article ``number``; note what is wrong with what comes back. Returns the seconds it took."""
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
        sentences = [s.text for s in found.sentences[article.id]]
        editions = {word for s in sentences for word in s.split() if word.startswith("E") and word[1:-1].isdigit()}
        if editions != {f"E{article.version},"} or "".join(article.text.split()) != "".join("".join(sentences).split()):
            seen.faults.append(f"n{number}: version {article.version} with sentences of {sorted(editions)}")
    return taken


def asker(
    engine: pipeline.Engine, numbers: list[int], seconds: float, times: list[float], seen: Seen, seed: int
) -> None:
    """Ask, with a reader's pause between questions, until the time is up."""
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
    """All askers of one process at once, each in a thread of its own."""
    threads = [
        threading.Thread(target=asker, args=(engine, numbers, seconds, getattr(seen[n], which), seen[n], n))
        for n in range(askers)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def writer(folder: str, first: int, articles: int, seconds: float, log: str) -> None:
    """Ingest articles, and every old one anew, spread over the time; note when each was acknowledged."""
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
    """Ask for what was just acknowledged by another process; note how long after it is found."""
    done, last = 0, False
    while not last:
        last = stop.is_set()  # one look more after the writer has ended
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
    """One process of askers: idle first, then beside the ingest."""
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
        barrier.wait()  # the writer has ended, which on a busy machine may be after the askers
        stop.set()
        watching.join()
        crowd(engine, askers, numbers, idle, "after", seen)
    out.put([vars(s) for s in seen])


def run(seconds: float, askers: int, articles: int, processes: int, folder: Path) -> dict[str, Any]:
    """The whole experiment; seconds are those of the ingest, a quarter of them is spent idle before and after."""
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
    """Run from the command line; exit code 1 if anything was refused or wrong."""
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--seconds", type=float, default=120)
    options.add_argument("--askers", type=int, default=20)
    options.add_argument("--articles", type=int, default=2000, help="writes: half are new, half replace them")
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
