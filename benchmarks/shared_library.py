"""Compare a library in PostgreSQL with one in a SQLite file: ingest, questions, words, size.

A PostgreSQL server is started in a temporary folder, with its default settings. Both libraries hold the same generated
articles, and each question is asked of both in turn, so that other work on the machine slows both. The times depend on
the machine; the ratios should not.

    python -m benchmarks.shared_library [--articles 1000] [--questions 30] [--workers 1 2]
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import closing
from itertools import islice
from pathlib import Path
from statistics import median

from pydantic import SecretStr

from benchmarks.generate import articles, questions
from qa import answer, pipeline
from qa.ingestion import ingest_into
from qa.library.embedders import WordLlamaEmbedder
from qa.library.library import Library
from qa.model import Filters
from qa.settings import Place, Settings, SharedLibrary

sys.path.insert(0, str(Path(__file__).parent.parent / "tests"))
from postgres_server import running


def seconds(run: Callable[[], object]) -> float:
    """Return how long a call takes."""
    started = time.perf_counter()
    run()
    return time.perf_counter() - started


def ingest(place: Place, count: int) -> float:
    """Ingest generated articles and return the seconds it takes."""
    with closing(Library(place, create=True)) as library:
        return seconds(lambda: ingest_into(library, articles(count), WordLlamaEmbedder()))


def ask_both(places: dict[str, Place], asked: list[str], filters: Filters) -> dict[str, list[float]]:
    """Ask both libraries each question, in turn, and return the seconds of each."""
    settings = {name: Settings(library=place, offline=True) for name, place in places.items()}
    for each in settings.values():
        answer(asked[0], settings=each, filters=filters)
    return {
        name: [seconds(lambda q=q, s=each: answer(q, settings=s, filters=filters)) for q in asked]  # type: ignore[misc]
        for name, each in settings.items()
    }


def words_both(places: dict[str, Place], asked: list[str]) -> dict[str, list[float]]:
    """Search the words of each question in both libraries, and return the seconds of each."""
    found: dict[str, list[float]] = {}
    for name, place in places.items():
        with closing(Library(place)) as library, library.reading():
            library.lexical(asked[0].split(), 100, Filters())
            found[name] = [seconds(lambda q=q: library.lexical(q.split(), 100, Filters())) for q in asked]  # type: ignore[misc]
    return found


def with_workers(address: str, folder: Path, workers: int) -> float:
    """Let so many processes ingest one folder of files together, and return the seconds until all are stored."""
    command = [sys.executable, "-m", "qa", "ingest", str(folder), "--library", f"{address}&schema=workers_{workers}"]
    started = time.perf_counter()
    running_now = [
        subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) for _ in range(workers)
    ]
    assert not any(process.wait() for process in running_now)
    return time.perf_counter() - started


def main() -> None:
    """Run the comparison and print it as JSON."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--articles", type=int, default=1000)
    parser.add_argument("--questions", type=int, default=30)
    parser.add_argument("--workers", type=int, nargs="*", default=[1, 2])
    options = parser.parse_args()
    with running(()) as address, tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        shared = SharedLibrary(address=SecretStr(address))
        places: dict[str, Place] = {"SQLite": folder / "lib", "PostgreSQL": shared}
        asked = questions(options.questions, options.articles)
        report: dict[str, object] = {"articles": options.articles}
        report["ingest, s"] = ingests = {name: ingest(place, options.articles) for name, place in places.items()}
        report["ingest, ratio"] = ingests["PostgreSQL"] / ingests["SQLite"]
        narrow = Filters(sources=tuple(islice(dict.fromkeys(a.source or "" for a in articles(100)), 3)))
        for what, times in (
            ("question", ask_both(places, asked, Filters())),
            ("question of three outlets", ask_both(places, asked, narrow)),
            ("words", words_both(places, asked)),
        ):
            middle = {name: median(each) for name, each in times.items()}
            report[f"{what}, median ms"] = {name: 1000 * value for name, value in middle.items()}
            report[f"{what}, ratio"] = middle["PostgreSQL"] / middle["SQLite"]
        with closing(Library(shared)) as library:
            size = library.database.query("SELECT pg_database_size(current_database())")[0][0]
            report["MB"] = {
                "SQLite": (folder / "lib" / "library.sqlite3").stat().st_size / 1e6,
                "PostgreSQL": size / 1e6,
            }
            report["chunks"] = library.count()
        pipeline.close_all()
        news = folder / "news"
        news.mkdir()
        for i, article in enumerate(articles(options.articles)):
            (news / f"{i}.txt").write_text(article.text, encoding="utf-8")
        report["seconds with so many workers"] = {n: with_workers(address, news, n) for n in options.workers}
    print(json.dumps(report, indent=2))


if __name__ == "__main__":
    main()
