"""Measure what 1,000, 10,000 and 100,000 articles cost: the figures and plots of ``docs/performance.md``.

    python -m benchmarks.scale [--sizes 1000 10000 100000] [--folder FOLDER] [--plots docs/images]
    python -m benchmarks.scale --sizes 10000 --folder FOLDER --phases cold ask     repeat phases on existing libraries

Articles are generated (``benchmarks/generate.py``). Every phase of every size runs in its own process, so that its peak
memory is measured separately. Functions are wrapped to measure their time. The time of nested functions is subtracted,
so that the stages add up to the whole. For comparison, the same run measures a bare FTS5 table, a bare Chroma
collection and the embedder alone, on the same chunks. The results are written to ``FOLDER/scale.json``. ``--plots``
needs matplotlib.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import date
from pathlib import Path
from time import perf_counter
from typing import Any

import numpy as np

from benchmarks import generate, scale_report
from benchmarks.stopwatch import Stopwatch, peak_mb, timed_connections
from qa import ingestion, pipeline
from qa.english import names, tokens
from qa.english.questions import content_words
from qa.library.embedders import WordLlamaEmbedder
from qa.library.index import Index
from qa.library.library import FILE, Library
from qa.model import Filters
from qa.questions.plan import plan
from qa.search import near_copies
from qa.search import retrieve as retrieving
from qa.settings import READER_PASSAGES, Settings

Figures = dict[str, Any]

RESULTS = "scale.json"

QUESTIONS, WARM_UP = 100, 5
# Seconds for the questions of one filter. After that no more are asked, and the results say how many were.
PATIENCE = 120.0
POOL = retrieving.POOL
RECORDS = 5000  # records per call to Chroma
TEXTS = 512  # texts per call to the embedder

FILTERS = {
    "none": Filters(),
    "source": Filters(sources=(generate.OUTLETS[7],)),
    "month": Filters(since=date(2023, 6, 1), until=date(2023, 6, 30)),
    "as_of": Filters(as_of=date(2024, 6, 30)),  # 70 % of the articles
}


def ingest(folder: Path, size: int) -> Figures:
    """Ingest into SQLite and then into Chroma, by stage. The models are loaded before."""
    watch = Stopwatch()
    WordLlamaEmbedder().embed(["warm up"])
    ingestion.count(["warm up"], ingestion.CHUNK_ENCODING)
    with (
        watch.installed(
            (ingestion, "parse_sentences", "split"),
            (ingestion, "pack", "pack"),
            (ingestion, "count", "count tokens"),
            (WordLlamaEmbedder, "embed", "embed"),
            (Library, "versions", "known versions"),
            (Library, "known_vectors", "known vectors"),
            (Library, "write", "write: python"),
            (ingestion, "annotate_all", "second pass"),  # in processes, which the other stages do not count
        ),
        timed_connections(watch),
        closing(Library(folder, create=True)) as library,
    ):
        started = perf_counter()
        report = ingestion.ingest_into(library, watch.iterate("generate", generate.articles(size)), WordLlamaEmbedder())
        elapsed = perf_counter() - started
        stages = watch.stop()
        memory = peak_mb()
        started = perf_counter()
        with closing(Index(library, folder / "index")) as index:
            index.sync()
        synced = perf_counter() - started
    generating = stages.pop("generate")
    stages["other"] = elapsed - generating - sum(stages.values())
    stages["sync Chroma"] = synced
    seconds = elapsed - generating + synced
    return {
        "articles": report.added,
        "chunks": report.chunks,
        "seconds": seconds,
        "articles_per_second": size / seconds,
        "generate_seconds": generating,
        "stages": stages,
        "ingest_peak_mb": memory,
        "database_mb": size_mb(folder / FILE),
        "index_mb": size_mb(folder / "index"),
    }


def cold(folder: Path, size: int) -> Figures:
    """Time the first and the second question of a new process, without earlier imports."""
    first, *others = generate.questions(5, size)
    started = perf_counter()
    with closing(pipeline.build(settings(folder))) as engine:
        list(pipeline.ask(engine, first))
        opened = perf_counter() - started
        times = [seconds(lambda asked=asked: list(pipeline.ask(engine, asked))) for asked in others]
    return {"first_ms": opened * 1000, "second_ms": times[0] * 1000}


def ask(folder: Path, size: int) -> Figures:
    """Time questions after a warm-up: whole answers of the offline reader, their stages, and retrieval alone."""
    asked = generate.questions(WARM_UP + QUESTIONS, size)
    with closing(pipeline.build(settings(folder))) as engine:
        return {name: _asked(engine, asked, filters) for name, filters in FILTERS.items()}


def _asked(engine: pipeline.Engine, asked: list[str], filters: Filters) -> Figures:
    _forget()
    for question in asked[:WARM_UP]:
        list(pipeline.ask(engine, question, filters=filters))
    watch = Stopwatch()
    answered, whole = 0, []
    with watch.installed(
        (pipeline, "retrieve", "retrieve: python"),
        (pipeline, "rank", "rank sentences"),
        (pipeline, "settle", "verify"),
        (retrieving, "_collapse", "near-copies"),
        (WordLlamaEmbedder, "embed", "embed"),
        (Index, "search", "nearest vectors: Chroma, numpy"),
        (Library, "coverage", "coverage"),
        (Library, "lexical", "full-text search"),
        (Library, "vectors", "read vectors"),
        (Library, "document_frequency", "document frequency"),
        (Library, "parsed", "read articles"),
    ):
        for question in asked[WARM_UP:]:
            started = perf_counter()
            *_, done = pipeline.ask(engine, question, filters=filters)
            whole.append(perf_counter() - started)
            answered += done.answer.status != "abstained"
            if sum(whole) > PATIENCE:
                break
    stages = {stage: spent * 1000 / len(whole) for stage, spent in watch.stop().items()}
    stages["other"] = sum(whole) * 1000 / len(whole) - sum(stages.values())
    _forget()
    alone = [seconds(lambda q=q: _retrieve(engine, q, filters)) for q in asked[WARM_UP : WARM_UP + len(whole)]]
    return {
        "questions": len(whole),
        "answered": answered,
        "answer": percentiles(whole),
        "retrieve": percentiles(alone),
        "stages_ms": stages,
    }


def _forget() -> None:
    """Clear the text caches, so that a question does not profit from those before it."""
    for remembered in (tokens.words, tokens.stems, names.names, near_copies._print):
        remembered.cache_clear()


def _retrieve(engine: pipeline.Engine, question: str, filters: Filters) -> None:
    with engine.library.reading() as library:
        retrieving.retrieve(plan(question, filters), library, engine.index, engine.embedder, READER_PASSAGES)


def nearest(folder: Path, size: int) -> Figures:
    """Measure the share of the nearest chunks that the index finds, and the time of an exact search in memory."""
    asked = WordLlamaEmbedder().embed(generate.questions(WARM_UP + QUESTIONS, size))
    figures: Figures = {}
    with closing(Library(folder)) as library, closing(Index(library, folder / "index")) as index:
        for name in ("none", "as_of"):
            ids, vectors = library.vectors(FILTERS[name])
            found, times = [], []
            for one in asked:
                started = perf_counter()
                best = np.argpartition(vectors @ one, -POOL)[-POOL:]
                times.append(perf_counter() - started)
                exact = {ids[i] for i in best}
                found.append(len(exact & {i for i, _ in index.search(one, POOL, FILTERS[name])}) / len(exact))
            figures[name] = {"recall": float(np.mean(found)), "exact": percentiles(times)}
    return figures


def rebuild(folder: Path, size: int) -> Figures:
    """Time a rebuild of the index from SQLite."""
    (folder / "index" / "stamp.json").unlink()
    with closing(Library(folder)) as library, closing(Index(library, folder / "index")) as index:
        return {"seconds": seconds(index.sync)}


def bare_fts5(folder: Path, size: int) -> Figures:
    """Time the same chunks in one FTS5 table and one transaction, and the same questions, reading only ids."""
    path = folder / "bare.sqlite3"
    with closing(sqlite3.connect(path)) as database:
        database.execute("PRAGMA journal_mode=WAL")
        database.execute("CREATE VIRTUAL TABLE t USING fts5(text, tokenize='porter unicode61 remove_diacritics 2')")
        watch, started = Stopwatch(), perf_counter()
        rows = watch.iterate("read", stored(folder, "id, text"))
        database.executemany("INSERT INTO t (rowid, text) VALUES (?, ?)", rows)
        database.commit()
        inserted = perf_counter() - started - watch.stop()["read"]
        matches = [
            " OR ".join(f'"{word}"' for word in content_words(question))
            for question in generate.questions(WARM_UP + QUESTIONS, size)
        ]
        sql = "SELECT rowid FROM t WHERE t MATCH ? ORDER BY bm25(t) LIMIT ?"
        times = [seconds(lambda match=match: database.execute(sql, (match, POOL)).fetchall()) for match in matches]
    figures = {"seconds": inserted, "query": percentiles(times[WARM_UP:]), "size_mb": size_mb(path)}
    path.unlink()
    return figures


def bare_chroma(folder: Path, size: int) -> Figures:
    """Time the same vectors in one Chroma collection, and the same questions, already embedded."""
    import chromadb

    place = folder / "bare-chroma"
    client = chromadb.PersistentClient(str(place), chromadb.Settings(anonymized_telemetry=False))
    collection = client.create_collection(
        "bare", embedding_function=None, configuration={"hnsw": {"space": "cosine", "ef_search": 200}}
    )
    spent = 0.0
    for batch in runs(stored(folder, "id, vector"), RECORDS):
        ids = [str(row[0]) for row in batch]
        vectors = np.frombuffer(b"".join(row[1] for row in batch), np.float32).reshape(len(batch), -1)
        spent += seconds(lambda: collection.upsert(ids=ids, embeddings=vectors))  # noqa: B023  called at once
    asked = WordLlamaEmbedder().embed(generate.questions(WARM_UP + QUESTIONS, size))
    times = [
        seconds(lambda one=one: collection.query(query_embeddings=[one.tolist()], n_results=POOL, include=[]))
        for one in asked
    ]
    client.close()
    figures = {"seconds": spent, "query": percentiles(times[WARM_UP:]), "size_mb": size_mb(place)}
    shutil.rmtree(place)
    return figures


def bare_embedding(folder: Path, size: int) -> Figures:
    """Time embedding the same chunks without storing them, and embedding questions one by one."""
    embedder = WordLlamaEmbedder()
    embedder.embed(["warm up"])
    spent, chunks = 0.0, 0
    for batch in runs(stored(folder, "text"), TEXTS):
        texts = [row[0] for row in batch]
        spent += seconds(lambda: embedder.embed(texts))  # noqa: B023  called at once
        chunks += len(texts)
    times = [seconds(lambda asked=asked: embedder.embed([asked])) for asked in generate.questions(QUESTIONS, size)]
    return {"seconds": spent, "chunks_per_second": chunks / spent, "query": percentiles(times)}


PHASES: dict[str, Callable[[Path, int], Figures]] = {
    "ingest": ingest,
    "cold": cold,
    "ask": ask,
    "nearest": nearest,
    "rebuild": rebuild,
    "bare FTS5": bare_fts5,
    "bare Chroma": bare_chroma,
    "bare embedding": bare_embedding,
}


def settings(folder: Path) -> Settings:
    """Return settings for the offline reader on the library in ``folder``."""
    return Settings(library=folder, offline=True)


def stored(folder: Path, columns: str) -> Iterator[tuple]:
    """Yield rows of the library's chunks, read directly from the SQLite file."""
    with closing(sqlite3.connect(f"file:{folder / FILE}?mode=ro", uri=True)) as database:
        yield from database.execute(f"SELECT {columns} FROM chunks ORDER BY id")


def runs(rows: Iterator[tuple], length: int) -> Iterator[list[tuple]]:
    """Yield rows in lists of ``length``."""
    from itertools import islice

    while batch := list(islice(rows, length)):
        yield batch


def seconds(work: Callable[[], object]) -> float:
    """Call ``work`` and return the wall-clock seconds it took."""
    started = perf_counter()
    work()
    return perf_counter() - started


def percentiles(times: list[float]) -> dict[str, float]:
    """Return the median and the 95th percentile, in milliseconds, of times in seconds."""
    p50, p95 = np.percentile(times, (50, 95)) * 1000
    return {"p50_ms": float(p50), "p95_ms": float(p95)}


def size_mb(path: Path) -> float:
    """Return the size of a file, or of all files in a folder, in MB."""
    files = [path] if path.is_file() else [p for p in path.rglob("*") if p.is_file()]
    return sum(p.stat().st_size for p in files) / 1e6


def measure(folder: Path, size: int, phase: str) -> Figures:
    """Run one phase of one size in its own process."""
    command = [sys.executable, "-m", "benchmarks.scale", "--alone", "--phases", phase, "--sizes", str(size)]
    done = subprocess.run([*command, "--folder", str(folder)], stdout=subprocess.PIPE, text=True, check=True)
    figures: Figures = json.loads(done.stdout)
    return figures


def main() -> None:
    """Measure every size, then print, save and plot the results."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sizes", type=int, nargs="+", default=[1000, 10_000, 100_000], help="articles")
    parser.add_argument(
        "--folder", type=Path, help="where to keep libraries and scale.json; 100,000 articles need 6 GB"
    )
    parser.add_argument(
        "--phases",
        choices=PHASES,
        nargs="+",
        default=list(PHASES),
        help="phases to run; all but ingest need an existing library",
    )
    parser.add_argument("--plots", type=Path, help="folder for the plots")
    parser.add_argument("--alone", action="store_true", help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.alone:
        figures = PHASES[arguments.phases[0]](arguments.folder, arguments.sizes[0])
        print(json.dumps(figures | {"peak_mb": peak_mb()}))
        return
    with tempfile.TemporaryDirectory() as temporary:
        folder = arguments.folder or Path(temporary)
        results = _measured(folder / RESULTS)
        for size in arguments.sizes:
            for phase in arguments.phases:
                if phase == "ingest":
                    shutil.rmtree(folder / str(size), ignore_errors=True)
                    (folder / str(size)).mkdir(parents=True)
                figures = measure(folder / str(size), size, phase)
                results["sizes"].setdefault(str(size), {})[phase] = figures
                # Saved after every phase, so that an interruption loses little.
                (folder / RESULTS).write_text(json.dumps(results, indent=1), "utf-8")
                print(f"{size:>7} {phase:<14} {json.dumps(figures)}", flush=True)
    whole = {size: found for size, found in results["sizes"].items() if found.keys() >= PHASES.keys()}
    if whole:
        print(scale_report.table(whole), scale_report.stages(whole), sep="\n\n")
    if whole and arguments.plots:
        scale_report.plot(whole, arguments.plots)


def _measured(path: Path) -> dict[str, Any]:
    """Load the results of an earlier run."""
    found = json.loads(path.read_text("utf-8")) if path.exists() else {}
    return {"cores": os.cpu_count(), "sizes": found.get("sizes", {})}


if __name__ == "__main__":
    main()
