"""Measure what a warm question pays for "Is it still so?": for weighing its claims against the other articles.

    python -m benchmarks.weighing [--questions 30] [--split dev]

It asks questions of ``evals/changes`` of the articles there and in ``evals/corpus``, each twice in one process with the
offline reader. The second time is measured: that of weighing, and its share of the whole question.
"""

from __future__ import annotations

import argparse
import statistics
from datetime import date
from pathlib import Path

from benchmarks.stopwatch import Stopwatch
from qa import pipeline
from qa.changes.weigh import Weigher
from qa.evaluate.changes import load_changes
from qa.ingestion import ingest_into
from qa.library.embedders import WordLlamaEmbedder
from qa.library.library import Library
from qa.settings import Settings

EVALS = Path(__file__).parent.parent / "evals"
TODAY = date(2026, 11, 1)


def main() -> None:
    """Measure and print the results."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--questions", type=int, default=30)
    parser.add_argument("--split", choices=["dev", "test"], default="dev")
    arguments = parser.parse_args()

    library = Library(None)
    ingest_into(library, [str(EVALS / "corpus"), str(EVALS / "changes" / "corpus")], WordLlamaEmbedder())
    engine = pipeline.build(Settings(offline=True), library)
    cases = [case for case, split in load_changes(EVALS / "changes" / "gold") if split == arguments.split]
    step = max(1, len(cases) // arguments.questions)  # of every storyline
    watch, spent = Stopwatch(), []
    for case in cases[::step][: arguments.questions]:
        list(pipeline.ask(engine, case.question, today=TODAY))
        with watch.installed((Weigher, "weigh", "weigh")), watch.running("else"):
            list(pipeline.ask(engine, case.question, today=TODAY))
        spent.append(watch.stop())
    weighing = sorted(1000 * one.get("weigh", 0.0) for one in spent)
    share = statistics.median(one.get("weigh", 0.0) / sum(one.values()) for one in spent)
    print(f"{len(spent)} questions: weighing takes {statistics.median(weighing):.0f} ms at the median,", end=" ")
    print(f"{weighing[-1]:.0f} ms at most, and {share:.0%} of a question at the median")


if __name__ == "__main__":
    main()
