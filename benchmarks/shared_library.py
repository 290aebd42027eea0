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
from contextlib import ExitStack, closing
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


def in_turn(asked: list[str], ask: dict[str, Callable[[str], object]]) -> dict[str, list[float]]:
    """Ask each question of all, in turn, and return the seconds of each.

    Each question is asked once before, because what is computed for one library is remembered for the other.
    """
    times: dict[str, list[float]] = {name: [] for name in ask}
    for number, question in enumerate(asked):
        names = list(ask) if number % 2 else list(reversed(ask))
        for name in names:
            ask[name](question)
        for name in names:
            started = time.perf_counter()
            ask[name](question)
            times[name].append(time.perf_counter() - started)
    return times


def ask_both(places: dict[str, Place], asked: list[str], filters: Filters) -> dict[str, list[float]]:
    """Ask both libraries each question, and return the seconds of each answer."""

    def asking(place: Place) -> Callable[[str], object]:
        settings = Settings(library=place, offline=True)
        return lambda question: answer(question, settings=settings, filters=filters)

    return in_turn(asked, {name: asking(place) for name, place in places.items()})


def words_both(places: dict[str, Place], asked: list[str]) -> dict[str, list[float]]:
    """Search the words of each question in both libraries, and return the seconds of each search."""
    with ExitStack() as stack:

        def searching(place: Place) -> Callable[[str], object]:
            library = stack.enter_context(closing(Library(place)))
            return lambda question: library.lexical(question.split(), 100, Filters())

        return in_turn(asked, {name: searching(place) for name, place in places.items()})


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
