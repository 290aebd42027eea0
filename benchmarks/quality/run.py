"""Measure quality on public data sets and print one table, with published reference figures.

    python -m benchmarks.quality DATA_FOLDER [--only clapnq,squad2] [--limit N] [--seed S]

DATA_FOLDER has one folder per set (clapnq, squad2, wice, summedits, ramdocs, cast2019, ud_pud). The sets are not part
of this project, and missing ones are skipped. Thresholds may be tuned only on rows marked "tune". n is the number of
cases. The 95 % interval is in parentheses.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path
from time import perf_counter
from types import ModuleType

from rich import box
from rich.console import Console
from rich.table import Table

from qa.evaluate.statistics import Estimate

from . import cast, clapnq, ramdocs, squad2, summedits, ud_pud, wice
from .shared import Row, Sampling

SETS: dict[str, ModuleType] = {
    "clapnq": clapnq,
    "squad2": squad2,
    "wice": wice,
    "summedits": summedits,
    "ramdocs": ramdocs,
    "cast": cast,
    "ud_pud": ud_pud,
}
WIDTH = 140  # columns, if the output is not a terminal


def measure(folder: Path, names: Sequence[str], sampling: Sampling, console: Console) -> dict[str, list[Row]]:
    """Return the rows of each set. A set with missing files is skipped with a message."""
    found = {}
    for name in names:
        absent = [file for file in SETS[name].FILES if not (folder / file).is_file()]
        if absent:
            console.print(f"{name}: skipped, {folder} has no {', '.join(absent)}", highlight=False)
            continue
        started = perf_counter()
        found[name] = SETS[name].measure(folder, sampling)
        console.print(f"{name}: {perf_counter() - started:.0f} s", highlight=False)
    return found


def table(found: dict[str, list[Row]]) -> Table:
    """Build the table of all rows, with a line between sets."""
    made = Table(box=box.SIMPLE_HEAD)
    for heading in ("set", "part", "measure"):
        made.add_column(heading, no_wrap=True)
    made.add_column("n", justify="right", no_wrap=True)
    made.add_column("value (95 %)", no_wrap=True)
    made.add_column("reference")
    for name, rows in found.items():
        for row in rows:
            shown = (row.measure, str(row.estimate.n), written(row.estimate), row.reference or "–")
            made.add_row(name, row.part, *shown, end_section=row is rows[-1])
    return made


def written(estimate: Estimate) -> str:
    """Format a figure with its interval, if there is one."""
    if estimate.low is None or estimate.high is None:
        return f"{estimate.mean:.3f}"
    return f"{estimate.mean:.3f} ({estimate.low:.3f}–{estimate.high:.3f})"


def names(given: str) -> list[str]:
    """Parse the names of sets, separated by commas. Raises ArgumentTypeError for an unknown name."""
    chosen = [name.strip() for name in given.split(",") if name.strip()]
    unknown = [name for name in chosen if name not in SETS]
    if unknown or not chosen:
        raise argparse.ArgumentTypeError(f"unknown set {', '.join(unknown)!r}; the sets are {', '.join(SETS)}")
    return chosen


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure the sets that are present and print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path, help="folder that contains the sets")
    parser.add_argument("--only", type=names, default=list(SETS), help="sets to measure, separated by commas")
    parser.add_argument("--limit", type=int, help="maximum number of cases per set, chosen by hash")
    parser.add_argument("--seed", type=int, default=0, help="seed for the choice of cases")
    given = parser.parse_args(arguments)
    if given.limit is not None and given.limit < 1:
        parser.error("--limit must be at least 1")
    console = Console()
    if not console.is_terminal:
        console.width = max(console.width, WIDTH)
    found = measure(given.data, given.only, Sampling(given.limit, given.seed), console)
    if found:
        console.print(table(found))
