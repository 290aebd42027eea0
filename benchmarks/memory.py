"""``python -m benchmarks.memory`` measures the memory of an ingest of ever more articles, from JSONL and CSV files.

    python -m benchmarks.memory [--sizes 10000 20000 40000] [--words 120]

The articles are 1,000 generated ones (``benchmarks/generate.py``), again and again with other addresses and headlines,
in files of 5,000 rows, JSONL and CSV in turn. Each size is ingested into a new library by a process of its own, with
both passes and without the index. Printed are the peak memory of that process, without those that it starts, and what
a further 1,000 articles take. The last line says what 100,000 articles would take at the last rate.
"""

from __future__ import annotations

import argparse
import csv
import json
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from pathlib import Path
from time import process_time

from benchmarks import generate
from benchmarks.stopwatch import peak_mb
from qa.ingestion import ingest_into
from qa.library.embedders import WordLlamaEmbedder
from qa.library.library import Library
from qa.model import Article

ROWS = 5_000  # of a file
DIFFERENT = 1_000  # articles
AIM = 100_000  # articles
FIELDS = ("url", "title", "source", "published", "text")


def write(folder: Path, size: int, words: int) -> None:
    """Write so many articles into files of ``ROWS`` rows, the first half of which are those of half the size."""
    articles = list(generate.articles(min(size, DIFFERENT), median=words))
    for number, start in enumerate(range(0, size, ROWS)):
        rows = [_row(articles[i % DIFFERENT], i) for i in range(start, min(start + ROWS, size))]
        path = folder / f"{number:03}.{'csv' if number % 2 else 'jsonl'}"
        with path.open("w", encoding="utf-8", newline="") as file:
            if number % 2:
                table = csv.DictWriter(file, FIELDS)
                table.writeheader()
                table.writerows(rows)
            else:
                file.writelines(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)


def _row(article: Article, number: int) -> dict[str, str]:
    title, day = f"{article.title}, part {number}", str(article.published)
    facts = (f"{article.url}/{number}", title, str(article.source), day, article.text)
    return dict(zip(FIELDS, facts, strict=True))


def measure(files: Sequence[Path], library: Path) -> dict[str, float]:
    """Ingest files in this process. Returns its peak memory in MB, and its processor time in seconds."""
    embedder = WordLlamaEmbedder()
    embedder.embed(["warm up"])
    with closing(Library(library, create=True)) as opened:
        report = ingest_into(opened, files, embedder)
    return {"articles": report.added, "peak": peak_mb(), "seconds": process_time()}


def alone(folder: Path, size: int) -> dict[str, float]:
    """Measure the first articles of a folder in a process of its own."""
    files = sorted(map(str, folder.iterdir()))[: size // ROWS]
    with tempfile.TemporaryDirectory() as library:
        command = [sys.executable, "-m", "benchmarks.memory", "--alone", library, *files]
        done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True)
    figures: dict[str, float] = json.loads(done.stdout)
    return figures


def table(measured: Iterable[dict[str, float]]) -> Iterator[str]:
    """Yield the lines of the table, each as soon as it is measured, with what a further 1,000 articles took."""
    yield f"{'articles':>10}{'peak, MB':>12}{'MB a further 1,000':>22}{'processor seconds':>20}"
    before: dict[str, float] | None = None
    rate = 0.0
    for one in measured:
        if before:
            rate = (one["peak"] - before["peak"]) / (one["articles"] - before["articles"]) * 1000
        further = f"{rate:.2f}" if before else "-"
        yield f"{one['articles']:10,.0f}{one['peak']:12.0f}{further:>22}{one['seconds']:20.0f}"
        before = one
    if before and rate and before["articles"] < AIM:
        peak = before["peak"] + rate * (AIM - before["articles"]) / 1000
        yield f"at this rate {AIM:,} articles would take {peak:.0f} MB"


def main() -> None:
    """Print a table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sizes", type=int, nargs="+", default=[10_000, 20_000, 40_000], help=f"articles, by {ROWS:,}")
    parser.add_argument("--words", type=int, default=120, help="the median length of an article")
    parser.add_argument("--alone", nargs="+", type=Path, help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.alone:
        library, *files = asked.alone
        print(json.dumps(measure(files, library)))
        return
    if any(size % ROWS for size in asked.sizes):
        parser.error(f"a size is a multiple of {ROWS:,}, because files are not divided")
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        write(folder, max(asked.sizes), asked.words)
        for line in table(alone(folder, size) for size in asked.sizes):
            print(line, flush=True)


if __name__ == "__main__":
    main()
