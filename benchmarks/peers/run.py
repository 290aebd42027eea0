"""Measure all frameworks that are installed, and print one table with ratios to Dateline.

    python -m benchmarks.peers [--generated 1000] [--words 390] [--questions 30] [--cases 0] [--runs 3]
                               [--phases ingest ask …] [--sides dateline llamaindex …] [--out peers.json]

The package says how to install the others, and what is compared (``benchmarks/peers/__init__.py``). Every phase of
every framework runs in its own process, one after the other, on the same machine. Times depend on the machine and on
what else runs there; compare the ratios. ``QA_READING=off`` measures Dateline without its reading model.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec
from pathlib import Path
from time import perf_counter
from typing import Any

from benchmarks import generate
from qa.evaluate.statistics import Estimate, estimate
from qa.llm.tokens import count

from . import server
from .phases import RANKS, Figures, Material, Task, command
from .side import NAMES, module

ROOT = Path(__file__).parent.parent.parent
OURS = NAMES[0]
SPLITS = ("dev", "test")
KEPT = "QA_READING"  # the setting of Dateline that may be chosen

PHASES = ("import", "ingest", "cold", "ask", "read", "quality")
NOTHING: Figures = {"rows": [], "notes": []}

TIMED = "import time, sys; start = time.perf_counter(); exec(sys.argv[1]); print(time.perf_counter() - start)"


class Bench:
    """One run: the folders of the frameworks, the model server, and what is measured."""

    def __init__(self, given: argparse.Namespace, folder: Path, instant: server.Instant) -> None:
        self._given = given
        self._folder = folder
        self._instant = instant
        self._environment = quiet(os.environ)

    def measure(self, names: Sequence[str]) -> dict[str, Figures]:
        """Measure each phase of all frameworks before the next one, so that they share the state of the machine."""
        results: dict[str, Figures] = {name: {"versions": versions(name)} for name in names}
        phases: dict[str, Callable[[str], Any]] = {
            "import": self._imported,
            "ingest": self._ingested,
            "cold": self._cold,
            "ask": self._asked,
            "read": lambda name: self._phase("read", name),
            "quality": lambda name: self._phase("quality", name),
        }
        for phase, run in phases.items():
            for name in names if phase in self._given.phases else ():
                started = perf_counter()
                results[name][phase] = run(name)
                told = f"{phase}, {module(name).TITLE}: {perf_counter() - started:.0f} s"
                print(told, file=sys.stderr, flush=True)
        return results

    def _imported(self, name: str) -> float:
        """Return the least seconds to import what a script needs, in new processes."""
        return min(float(self._run([sys.executable, "-c", TIMED, module(name).IMPORT])) for _ in self._runs())

    def _ingested(self, name: str) -> Figures:
        """Return the least times of some ingests. Each fills a new folder; the last one stays."""
        found: list[Figures] = []
        for _ in self._runs():
            shutil.rmtree(self._folder / name, ignore_errors=True)
            found.append(self._phase("ingest", name))
        return found[-1] | {what: min(figures[what] for figures in found) for what in ("answerable", "seconds")}

    def _cold(self, name: str) -> float:
        """Return the least seconds of a whole process that answers one question from what is stored."""
        question = Material(self._task("cold", name)).cases[0].case.question
        line = [sys.executable, "-m", f"{__package__}.cold", name, str(self._folder / name), self._instant.address]
        times = []
        for _ in self._runs():
            started = perf_counter()
            self._run([*line, question])
            times.append(perf_counter() - started)
        return min(times)

    def _asked(self, name: str) -> Figures:
        """Return the time of an answer, and what the model is sent for it."""
        del self._instant.prompts[:]
        figures = self._phase("ask", name)
        prompts, asked = self._instant.prompts, figures["questions"] + 1
        return figures | {"calls": len(prompts) / asked, "tokens": sum(count(prompts)) / asked}

    def _phase(self, phase: str, name: str) -> Figures:
        out = self._folder / "figures.json"
        self._run(command(self._task(phase, name), out))
        figures: Figures = json.loads(out.read_text())
        return figures

    def _task(self, phase: str, name: str) -> Task:
        given = self._given
        place = str(self._folder / name)
        return Task(
            phase, name, place, self._instant.address, given.generated, given.words, given.cases, given.questions
        )

    def _runs(self) -> range:
        return range(self._given.runs)

    def _run(self, line: Sequence[str]) -> str:
        """Run a command with the warnings of the frameworks hidden. Raises SystemExit with them if it fails."""
        done = subprocess.run(line, cwd=ROOT, env=self._environment, capture_output=True, text=True, check=False)
        if done.returncode:
            raise SystemExit(f"{' '.join(line)}\n{done.stdout}{done.stderr}")
        return done.stdout


def quiet(environment: os._Environ[str]) -> dict[str, str]:
    """Return an environment without Dateline's settings (but ``KEPT``), keys, telemetry, and a proxy."""

    def is_kept(name: str) -> bool:
        return name == KEPT or not (name.startswith(("QA_", "OPENAI_")) or "proxy" in name.lower())

    kept = {name: value for name, value in environment.items() if is_kept(name)}
    return kept | {"ANONYMIZED_TELEMETRY": "False", "HAYSTACK_TELEMETRY_ENABLED": "False"}


def versions(name: str) -> dict[str, str]:
    """Return the versions of a framework's packages."""
    found = {}
    for package in module(name).PACKAGES:
        try:
            found[package] = version(package)
        except PackageNotFoundError:
            found[package] = "unknown"
    return found


def installed(name: str) -> bool:
    """Whether all modules of a framework can be found."""
    try:
        return all(find_spec(needed) for needed in module(name).NEEDS)
    except ModuleNotFoundError:  # a package above it
        return False


# -- the table -----------------------------------------------------------------------------------------------------


def per_thousand(result: Figures, what: str) -> float:
    """Return the seconds of an ingest for a thousand articles."""
    seconds: float = 1000 * result["ingest"][what] / result["ingest"]["articles"]
    return seconds


TIMES: dict[str, Callable[[Figures], float]] = {
    "import, s": lambda r: r["import"],
    "new process to first answer, s": lambda r: r["cold"],
    "ingest until answerable, s per 1,000 articles": lambda r: per_thousand(r, "answerable"),
    "… until all is read and indexed": lambda r: per_thousand(r, "seconds"),
    "answer with an instant model, median ms": lambda r: r["ask"]["ms"],
    "… calls of the model": lambda r: r["ask"]["calls"],
    "… tokens of its prompts": lambda r: r["ask"]["tokens"],
    "answer without a model, median ms": lambda r: r["read"]["ms"],
}
SHARES = {
    **{f"hit@{rank}": f"gold article among the first {rank}" if rank > 1 else "gold article first" for rank in RANKS},
    "shown": "gold sentences among the sources that the model is shown",
    "cites": "questions with a citation",
    "cited": "gold sentences that are cited",
    "sentences": "sentences in a citation",
    "precision": "gold, of the sentences in the citations",
    "best precision": "gold, of the sentences in the best source",
    "whole": "citations that are whole sentences",
    "exact": "citations with exact offsets",
}


def table(results: dict[str, Figures]) -> str:
    """Return the figures as a Markdown table. A ratio is to Dateline; "–" means that there is no counterpart."""
    titles = [module(name).TITLE for name in results]
    lines = [f"| | {' | '.join(titles)} |", "|---" + "|---:" * len(titles) + "|"]
    for label, of in TIMES.items():
        lines.append(row(label, [figure(of, r) for r in results.values()], timing))
    for measure, label in SHARES.items():
        for split in SPLITS:
            lines.append(row(f"{label}, {split}", [valued(r, measure, split) for r in results.values()], interval))
    return "\n".join(lines)


def row(label: str, values: Sequence[Any], written: Callable[[Any], str]) -> str:
    """Return one row. The first value is Dateline's."""
    ours, *_ = values
    cells = [written(ours) if ours is not None else "–"]
    for value in values[1:]:
        cells.append("–" if value is None else written(value) + ratio(mean_of(value), mean_of(ours)))
    return f"| {label} | {' | '.join(cells)} |"


def ratio(theirs: float, ours: float | None) -> str:
    """Return a ratio in brackets, or nothing if there is none."""
    return f" ({theirs / ours:.2f} ×)" if ours else ""


def mean_of(value: Estimate | float | None) -> Any:
    """Return the mean of an estimate. A number stays the same."""
    return value.mean if isinstance(value, Estimate) else value


def figure(of: Callable[[Figures], float], result: Figures) -> float | None:
    """Return one figure of a result, or None if it was not measured."""
    try:
        return of(result)
    except KeyError:
        return None


def valued(result: Figures, measure: str, split: str) -> Estimate | None:
    """Return the mean of a measure over the cases of one split that have a value."""
    rows = [r["values"] for r in result.get("quality", NOTHING)["rows"] if r["split"] == split]
    return estimate([values[measure] for values in rows if measure in values])


def timing(value: float) -> str:
    """Write a time or a count."""
    return f"{value:,.0f}" if value >= 100 else f"{value:.1f}" if value >= 10 else f"{value:.2f}"


def interval(value: Estimate) -> str:
    """Write a mean with its 95 % interval."""
    if value.low is None or value.high is None:
        return f"{value.mean:.2f}"
    return f"{value.mean:.2f} [{value.low:.2f}, {value.high:.2f}]"


def heading(results: dict[str, Figures]) -> str:
    """Say what was compared: versions, articles and questions."""
    ours = results[OURS]
    counted = {s: sum(r["split"] == s for r in ours.get("quality", NOTHING)["rows"]) for s in SPLITS}
    notes = {module(name).TITLE: r.get("quality", NOTHING)["notes"] for name, r in results.items()}
    ingested, asked = ours.get("ingest", {"articles": 0, "words": 0}), ours.get("ask", {"questions": 0})
    lines = [
        f"Python {platform.python_version()}, {os.cpu_count()} cores, {ingested['articles']:,} articles of "
        f"{ingested['words']:.0f} words, {asked['questions']} questions timed; gold questions: {counted['dev']} dev, "
        f"{counted['test']} test",
        *(f"{module(name).TITLE}: {said(r['versions'])}" for name, r in results.items()),
        *(f"{title}: {note}" for title, told in notes.items() for note in told),
    ]
    return "\n".join(lines)


def said(found: dict[str, str]) -> str:
    """Write versions in one line."""
    return ", ".join(f"{package} {number}" for package, number in found.items())


@contextmanager
def folder_of(given: Path | None) -> Iterator[Path]:
    """Yield the given folder, or a temporary one."""
    if given:
        given.mkdir(parents=True, exist_ok=True)
        yield given.resolve()
        return
    with tempfile.TemporaryDirectory() as folder:
        yield Path(folder)


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure, print the table, and save every value."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--generated", type=int, default=1000, help="generated articles beside the corpus")
    parser.add_argument("--words", type=int, default=generate.MEDIAN_WORDS, help="their median length in words")
    parser.add_argument("--sides", nargs="+", choices=NAMES, default=NAMES, help="frameworks; Dateline is needed")
    parser.add_argument("--phases", nargs="+", choices=PHASES, default=PHASES, help="what to measure; default: all")
    parser.add_argument("--questions", type=int, default=30, help="questions to time")
    parser.add_argument("--cases", type=int, default=0, help="gold questions to score, evenly spaced; 0: all")
    parser.add_argument("--runs", type=int, default=3, help="runs of which the fastest counts: import, ingest, start")
    parser.add_argument("--folder", type=Path, help="folder to work in; default: a temporary one")
    parser.add_argument("--out", type=Path, help="file for the value of every case, as JSON")
    given = parser.parse_args(arguments)
    missing = [name for name in given.sides if not installed(name)]
    for name in missing:
        print(f"{module(name).TITLE} is skipped, because it is not installed: pip install {module(name).INSTALL}")
    with folder_of(given.folder) as folder, server.serving() as instant:
        results = Bench(given, folder, instant).measure([name for name in given.sides if name not in missing])
    if given.out:
        given.out.write_text(json.dumps(results, indent=1))
    print(f"{heading(results)}\n\n{table(results)}")


if __name__ == "__main__":
    main()
