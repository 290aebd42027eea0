"""Measure where ``qa ask`` spends its time. Each part is a share of the whole, and all are measured in one run.

    python benchmarks/ask.py [--articles evals/corpus] [--runs 7]

It compares the start of the command with importing typer and rich. It also measures a cold question (the first one in a
new process, through Chroma) and a warm one (the second one in the same process).
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

QUESTION = "Who ordered the Keller Bridge shut?"

COLD = """
import json, sys, time
start = time.perf_counter()
from qa import answer
import qa.pipeline
imported = time.perf_counter()
first = answer(sys.argv[1])
cold = time.perf_counter()
second = answer(sys.argv[1])
warm = time.perf_counter()
print(json.dumps({"import": imported - start, "cold": cold - imported, "warm": warm - cold,
                  "cold_stages": first.provenance.timings_ms, "warm_stages": second.provenance.timings_ms}))
"""


def seconds(*command: str) -> float:
    """Run a command and return its wall-clock seconds."""
    import time

    start = time.perf_counter()
    subprocess.run(command, check=True, capture_output=True)
    return time.perf_counter() - start


def median(runs: int, *command: str) -> float:
    """Return the median of several runs, after one run that warms the file cache."""
    seconds(*command)
    return statistics.median(seconds(*command) for _ in range(runs))


def main() -> None:
    """Measure and print the results."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--articles", type=Path, default=Path(__file__).parent.parent / "evals" / "corpus")
    parser.add_argument("--runs", type=int, default=7)
    arguments = parser.parse_args()
    python = sys.executable

    bare = median(arguments.runs, python, "-c", "import typer, typer.rich_utils, rich.console, rich.table")
    shown = median(arguments.runs, python, "-m", "qa", "--help")
    print(f"qa --help takes {shown / bare:.2f} times importing typer and rich ({shown:.3f} s : {bare:.3f} s)")

    with tempfile.TemporaryDirectory() as folder:
        os.environ["QA_LIBRARY"] = folder
        os.environ["QA_OFFLINE"] = "1"
        subprocess.run([python, "-m", "qa", "ingest", str(arguments.articles)], check=True, capture_output=True)
        out = [
            json.loads(
                subprocess.run([python, "-c", COLD, QUESTION], check=True, capture_output=True, text=True).stdout
            )
            for _ in range(arguments.runs)
        ]
        command = median(arguments.runs, python, "-m", "qa", "ask", QUESTION)
    print(f"qa ask, whole command: {command:.3f} s")
    for part in ("import", "cold", "warm"):
        value = statistics.median(run[part] for run in out)
        print(f"  {part:<8} {value * 1000:8.1f} ms  {value / command:6.1%} of the command")
    for kind in ("cold", "warm"):
        stages = {s: statistics.median(run[f"{kind}_stages"][s] for run in out) for s in out[0][f"{kind}_stages"]}
        total = sum(stages.values())
        shares = ", ".join(f"{name} {value:.1f} ms ({value / total:.0%})" for name, value in stages.items())
        print(f"  {kind} question by stage: {shares}")


if __name__ == "__main__":
    main()
