"""Measure a shared library: PostgreSQL and a Chroma server, ingest, questions, many askers, recovery, memory.

Both servers are started in temporary folders, on this machine only, and stopped at the end. Each asker is a process.

    python -m benchmarks.teams [--sizes 2500 10000] [--questions 40] [--askers 20] [--seconds 300]
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
from contextlib import closing, contextmanager
from datetime import date
from pathlib import Path
from typing import Any

import httpx
import numpy as np
from pydantic import SecretStr

from benchmarks.generate import OUTLETS, articles, questions
from qa import pipeline
from qa.errors import QAError
from qa.ingestion import ingest_into
from qa.library.embedders import WordLlamaEmbedder
from qa.library.index import Index
from qa.library.library import Library
from qa.model import Filters
from qa.settings import Settings, SharedLibrary

sys.path.insert(0, str(Path(__file__).parent.parent / "tests"))
from postgres_server import running

Figures = dict[str, Any]

DURABLE = ("max_connections=300",)  # unlike the tests, writes reach the disk
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


def ask_for(address: str, url: str, size: int, number: int, seconds: float) -> None:
    """Ask for so many seconds after a first question, and print the times, errors and memory as JSON."""
    asked, times, errors = questions(200, size), [], []
    with closing(pipeline.build(settings(address, url))) as engine:
        list(pipeline.ask(engine, asked[number % 200]))
        until = time.perf_counter() + seconds
        while (started := time.perf_counter()) < until:
            number += 1
            try:
                list(pipeline.ask(engine, asked[number % 200]))
            except QAError as error:  # counted; any other ends this asker, which counts as an error too
                errors.append(str(error))
            times.append(time.perf_counter() - started)
    print(json.dumps({"times": times, "errors": errors, "mb": memory_mb(os.getpid())}))


def crowd(address: str, url: str, size: int, askers: int, seconds: float) -> Figures:
    """Let so many processes ask at once."""
    command = [sys.executable, "-m", "benchmarks.teams", "--asker", address, url, str(size)]
    started = [
        subprocess.Popen([*command, str(i * 7), str(seconds)], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
        for i in range(askers)
    ]
    outputs = [process.communicate()[0] for process in started]
    ended = [json.loads(out) for process, out in zip(started, outputs, strict=True) if process.returncode == 0]
    return {
        "askers": askers,
        **spread([t for one in ended for t in one["times"]]),
        "errors": sum(len(one["errors"]) for one in ended) + askers - len(ended),
        "mb_each": round(max((one["mb"] for one in ended), default=0)),
    }


@contextmanager
def killed_ingest(address: str, size: int) -> Iterator[None]:
    """Start an ingest in a process of its own, and kill it after its first articles are stored."""
    process = subprocess.Popen([sys.executable, "-m", "benchmarks.teams", "--ingest", address, str(size)])
    with closing(Library(SharedLibrary(address=SecretStr(address)), create=True)) as library:
        while process.poll() is None and not library.count():
            time.sleep(0.05)
    process.send_signal(signal.SIGKILL)
    process.wait()
    yield


def measure(size: int, options: argparse.Namespace) -> Figures:
    """Measure one size on new servers."""
    with running(DURABLE) as address, tempfile.TemporaryDirectory() as temporary:
        folder, port = Path(temporary) / "chroma", free_port()
        url = f"http://127.0.0.1:{port}"
        chroma = start_chroma(folder, port)
        try:
            report: Figures = {"articles": size}
            with killed_ingest(address, size):
                started = time.perf_counter()
            with closing(Library(SharedLibrary(address=SecretStr(address)))) as library:
                before = library.count()
                ingest_into(library, articles(size), WordLlamaEmbedder())
                report["ingest_s"] = taken = time.perf_counter() - started
                report["chunks"], report["chunks_before_kill"] = (chunks := library.count()), before
                report["chunks_per_s"] = (chunks - before) / taken
                started = time.perf_counter()
                with closing(Index(library, library.folder and library.folder / "index", url)) as index:
                    report["index"] = index.sync()
                report["sync_s"] = time.perf_counter() - started
                stored = library.database.query("SELECT pg_database_size(current_database())")[0][0]
                report["postgres_mb"] = stored / 1e6
            report["chroma_mb"] = sum(p.stat().st_size for p in folder.rglob("*") if p.is_file()) / 1e6
            asked = questions(options.questions, size)
            with closing(pipeline.build(settings(address, url))) as engine:
                for name, filters in FILTERS.items():
                    times = []
                    for question in asked:
                        started = time.perf_counter()
                        list(pipeline.ask(engine, question, filters=filters))
                        times.append(time.perf_counter() - started)
                    report[name] = spread(times)
            report["one"] = crowd(address, url, size, 1, options.seconds)
            report["many"] = crowd(address, url, size, options.askers, options.seconds)
            report["chroma_memory_mb"] = memory_mb(chroma.pid)
            stop(chroma)
            started = time.perf_counter()
            chroma = start_chroma(folder, port)
            with closing(pipeline.build(settings(address, url))) as engine:
                list(pipeline.ask(engine, asked[0]))
            report["chroma_recovery_s"] = time.perf_counter() - started
        finally:
            stop(chroma)
    return report


def main() -> None:
    """Run the benchmark and print each size as one line of JSON."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--sizes", type=int, nargs="*", default=[2500, 10000])
    parser.add_argument("--questions", type=int, default=40)
    parser.add_argument("--askers", type=int, default=20)
    parser.add_argument("--seconds", type=float, default=300)
    parser.add_argument("--asker", nargs=5, help=argparse.SUPPRESS)
    parser.add_argument("--ingest", nargs=2, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.asker:
        address, url, size, number, seconds = options.asker
        ask_for(address, url, int(size), int(number), float(seconds))
    elif options.ingest:
        with closing(Library(SharedLibrary(address=SecretStr(options.ingest[0])), create=True)) as library:
            ingest_into(library, articles(int(options.ingest[1])), WordLlamaEmbedder())
    else:
        for size in options.sizes:
            print(json.dumps({"load": os.getloadavg()[0], **measure(size, options)}), flush=True)


if __name__ == "__main__":
    main()
