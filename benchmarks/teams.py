"""Measure a shared library: PostgreSQL and a Chroma server, ingest, questions, many askers, recovery, memory.

Both servers are started on this machine only, and stopped at the end. Each asker is a process. Many of them ask
twice: each reads a while before the next question, as people do; and all ask without a pause, which shows how many
questions the machine can answer. The library grows from size to size, and is measured at each. With ``--folder`` it is
kept, and a run that was stopped goes on where it was: an ingest of 230,000 articles (one million chunks) takes hours.
``--answerable`` leaves out the second pass of each ingest, in which speakers and days are read. Questions find the
articles before it (decision 0027).

    python -m benchmarks.teams [--sizes 2500 10000] [--questions 40] [--askers 20] [--seconds 300] [--pause 20]
        [--folder FOLDER] [--answerable]
"""

from __future__ import annotations

import argparse
import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from datetime import date
from pathlib import Path
from random import Random
from typing import Any

import httpx
import numpy as np
from pydantic import SecretStr

from benchmarks.generate import OUTLETS, articles, questions
from qa import pipeline
from qa.errors import QAError
from qa.ingestion import ANNOTATING, IngestInterrupted, ingest_into
from qa.library.embedders import WordLlamaEmbedder
from qa.library.index import Index
from qa.library.library import Library
from qa.model import Filters
from qa.settings import Settings, SharedLibrary

sys.path.insert(0, str(Path(__file__).parent.parent / "tests"))
from postgres_server import running

Figures = dict[str, Any]

DURABLE = ("max_connections=300", "shared_buffers=2GB", "max_wal_size=4GB")  # unlike the tests, writes reach the disk
STEP = 5000  # articles between two updates of the index
FILTERS = {
    "none": Filters(),
    "outlet": Filters(sources=(OUTLETS[7],)),
    "month": Filters(since=date(2023, 6, 1), until=date(2023, 6, 30)),
    "as of": Filters(as_of=date(2024, 6, 30)),
}


def free_port() -> int:
    """Return a port of the loopback address that nobody uses."""
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def kept(folder: Path | None) -> Iterator[Path]:
    """Yield a folder, which is deleted afterwards if it is none of the user's."""
    if folder:
        folder.mkdir(parents=True, exist_ok=True)
        yield folder
    else:
        with tempfile.TemporaryDirectory(prefix="dateline-teams-") as temporary:
            Path(temporary).chmod(0o755)  # PostgreSQL runs as another user and must reach it
            yield Path(temporary)


def port_of(folder: Path) -> int:
    """Return the port of a folder's Chroma server. It stays, because the library knows the server by its address."""
    folder.mkdir(exist_ok=True)
    known = folder / "port"
    if not known.exists():
        known.write_text(str(free_port()))
    return int(known.read_text())


def start_chroma(folder: Path, port: int) -> subprocess.Popen[bytes]:
    """Start a Chroma server and return it when it answers."""
    program = str(Path(sys.executable).parent / "chroma")
    command = [program, "run", "--path", str(folder), "--host", "127.0.0.1", "--port", str(port)]
    server = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    for _ in range(600):
        try:
            if httpx.get(f"http://127.0.0.1:{port}/api/v2/heartbeat").is_success:
                return server
        except httpx.TransportError:
            pass
        time.sleep(0.1)
    stop(server)
    raise RuntimeError("the Chroma server does not answer")


def stop(process: subprocess.Popen[bytes]) -> None:
    """Kill a process and wait for its end."""
    process.kill()
    process.wait()


def spread(seconds: list[float]) -> Figures:
    """Return how many times were measured, and their median and 95th percentile in milliseconds."""
    if not seconds:
        return {"questions": 0}
    p50, p95 = np.percentile(seconds, [50, 95]) * 1000
    return {"questions": len(seconds), "p50_ms": round(p50), "p95_ms": round(p95)}


def memory_mb(pid: int) -> float:
    """Return the memory of a process in MB, with what it shares with others divided among them."""
    for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
        if line.startswith("Pss:"):
            return int(line.split()[1]) / 1000
    return 0.0


def settings(address: str, url: str) -> Settings:
    """Return the settings of an asker without a model."""
    return Settings(library=SharedLibrary(address=SecretStr(address)), chroma_url=url, offline=True)


def ask_for(address: str, url: str, size: int, number: int, seconds: float, pause: float) -> None:
    """Ask for so many seconds after a first question, and print the times, errors and memory as JSON.

    ``pause`` is how long an asker reads on average before the next question, in seconds.
    """
    asked, times, errors = questions(200, size), [], []
    chance = Random(number)
    with closing(pipeline.build(settings(address, url))) as engine:
        list(pipeline.ask(engine, asked[number % 200]))
        until = time.perf_counter() + seconds
        while time.perf_counter() < until:
            if pause:
                time.sleep(chance.expovariate(1 / pause))
            started = time.perf_counter()
            number += 1
            try:
                list(pipeline.ask(engine, asked[number % 200]))
            except QAError as error:  # counted; any other ends this asker, which counts as an error too
                errors.append(str(error))
            times.append(time.perf_counter() - started)
    print(json.dumps({"times": times, "errors": errors, "mb": memory_mb(os.getpid())}))


def crowd(address: str, url: str, size: int, askers: int, seconds: float, pause: float = 0.0) -> Figures:
    """Let so many processes ask at once."""
    command = [sys.executable, "-m", "benchmarks.teams", "--asker", address, url, str(size)]
    started = [
        subprocess.Popen(
            [*command, str(i * 7), str(seconds), str(pause)], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
        )
        for i in range(askers)
    ]
    outputs = [process.communicate()[0] for process in started]
    ended = [json.loads(out) for process, out in zip(started, outputs, strict=True) if process.returncode == 0]
    return {
        "askers": askers,
        "pause_s": pause,
        **spread([t for one in ended for t in one["times"]]),
        "errors": sum(len(one["errors"]) for one in ended) + askers - len(ended),
        "mb_each": round(max((one["mb"] for one in ended), default=0)),
    }


def kill_an_ingest(address: str, size: int) -> None:
    """Start an ingest in a process of its own, and kill it after its first articles are stored."""
    process = subprocess.Popen([sys.executable, "-m", "benchmarks.teams", "--ingest", address, str(size)])
    with closing(opened(address)) as library:
        while process.poll() is None and not library.count():
            time.sleep(0.05)
    process.send_signal(signal.SIGKILL)
    process.wait()


def opened(address: str) -> Library:
    """Open the shared library, and create it if there is none."""
    return Library(SharedLibrary(address=SecretStr(address)), create=True)


def stop_when_answerable(_done: int, _total: int, what: str) -> None:
    """Interrupt an ingest before its second pass, as Ctrl-C would. What the first one stored stays."""
    if what == ANNOTATING:
        raise KeyboardInterrupt


def grow(address: str, url: str, size: int, answerable: bool) -> Figures:
    """Store articles until there are so many, in steps, so that the index in Chroma keeps up."""
    ingesting = indexing = 0.0
    embedder = WordLlamaEmbedder()
    with (
        closing(opened(address)) as library,
        closing(Index(library, library.folder and library.folder / "index", url)) as index,
    ):
        before = library.count()
        for first in range(len(library.versions()), size, STEP):
            started = time.perf_counter()
            with suppress(IngestInterrupted):
                new_ones = articles(min(STEP, size - first), first)
                ingest_into(library, new_ones, embedder, stop_when_answerable if answerable else None)
            ingesting += time.perf_counter() - started
            started = time.perf_counter()
            index.sync()
            indexing += time.perf_counter() - started
            done = {"articles": min(first + STEP, size), "chunks": library.count()}
            print(json.dumps({**done, "ingest_s": ingesting, "sync_s": indexing}), file=sys.stderr, flush=True)
        new = library.count() - before
        return {
            "chunks": library.count(),
            "ingest_s": ingesting,
            "chunks_per_s": new / ingesting if ingesting else 0.0,
            "sync_s": indexing,
            "index": index.sync(),
            "postgres_mb": library.database.query("SELECT pg_database_size(current_database())")[0][0] / 1e6,
        }


def ask(address: str, url: str, asked: list[str]) -> Figures:
    """Ask each question with each filter, one after the other, after one that warms up."""
    report: Figures = {}
    with closing(pipeline.build(settings(address, url))) as engine:
        list(pipeline.ask(engine, asked[0]))
        for name, filters in FILTERS.items():
            times = []
            for question in asked:
                started = time.perf_counter()
                list(pipeline.ask(engine, question, filters=filters))
                times.append(time.perf_counter() - started)
            report[name] = spread(times)
    return report


def measure(address: str, folder: Path, options: argparse.Namespace) -> Iterator[Figures]:
    """Grow the library from size to size, and yield the figures of each."""
    port = port_of(folder)
    url = f"http://127.0.0.1:{port}"
    chroma = start_chroma(folder, port)
    try:
        for size in options.sizes:
            report: Figures = {"load": os.getloadavg()[0], "articles": size}
            with closing(opened(address)) as library:
                new = not library.count()
            if new:
                started = time.perf_counter()
                kill_an_ingest(address, size)
                report["killed_after_s"] = time.perf_counter() - started
            report |= grow(address, url, size, options.answerable)
            report["chroma_mb"] = sum(p.stat().st_size for p in folder.rglob("*") if p.is_file()) / 1e6
            asked = questions(options.questions, size)
            report |= ask(address, url, asked)
            report["one"] = crowd(address, url, size, 1, options.seconds / 5)
            report["many"] = crowd(address, url, size, options.askers, options.seconds, options.pause)
            report["many_without_pause"] = crowd(address, url, size, options.askers, options.seconds / 5)
            report["chroma_memory_mb"] = memory_mb(chroma.pid)
            stop(chroma)
            started = time.perf_counter()
            chroma = start_chroma(folder, port)
            with closing(pipeline.build(settings(address, url))) as engine:
                list(pipeline.ask(engine, asked[0]))
            report["chroma_recovery_s"] = time.perf_counter() - started
            yield report
    finally:
        stop(chroma)


def main() -> None:
    """Run the benchmark and print each size as one line of JSON."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--sizes", type=int, nargs="*", default=[2500, 10000])
    parser.add_argument("--questions", type=int, default=40)
    parser.add_argument("--askers", type=int, default=20)
    parser.add_argument("--seconds", type=float, default=300)
    parser.add_argument("--pause", type=float, default=20, help="seconds that each of many askers reads on average")
    parser.add_argument("--folder", type=Path, help="keep the library here, and go on with it if it is there")
    parser.add_argument("--answerable", action="store_true", help="leave out the second pass of each ingest")
    parser.add_argument("--asker", nargs=6, help=argparse.SUPPRESS)
    parser.add_argument("--ingest", nargs=2, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.asker:
        address, url, size, number, seconds, pause = options.asker
        ask_for(address, url, int(size), int(number), float(seconds), float(pause))
    elif options.ingest:
        with closing(opened(options.ingest[0])) as library:
            ingest_into(library, articles(int(options.ingest[1])), WordLlamaEmbedder())
    else:
        with kept(options.folder) as folder, running(DURABLE, folder / "postgres") as address:
            for report in measure(address, folder / "chroma", options):
                print(json.dumps(report), flush=True)


if __name__ == "__main__":
    main()
