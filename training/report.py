"""Measure a reading model on what it was not trained on, and print a table.

    python -m training.report DATA [--model FOLDER] [--part report|tune] [--limit N]

- SQuAD 2 and the project's own questions: is the best sentence one that answers (``sentence``), and does its log-odds
  tell answerable questions from others (area under the ROC curve)? ``AURC`` is the mean error of the best sentence over
  all shares of questions answered, the surest first.
- ClapNQ: F1 of the sentences chosen, unanswerable questions recognised (at log-odds 0), and the same area.
"""

from __future__ import annotations

import argparse
import random
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
from scipy.stats import rankdata

from qa.reading.model import ReadingModel, Text

from .data import own, rows, squad, stories
from .examples import Passage


class Outcome(NamedTuple):
    """One question: the log-odds of its best sentence, whether that sentence answers, whether any does."""

    best: float
    right: bool
    answerable: bool


def area(scores: Sequence[float], truth: Sequence[bool]) -> float:
    """Return the area under the ROC curve."""
    ranks, positive = rankdata(scores), np.array(truth)
    n = int(positive.sum())
    if n in (0, len(positive)):
        return float("nan")
    return float((ranks[positive].sum() - n * (n + 1) / 2) / (n * (len(positive) - n)))


def aurc(outcomes: Sequence[Outcome]) -> float:
    """Return the area under the risk-coverage curve. Answering an unanswerable question is an error, too."""
    ordered = sorted(outcomes, key=lambda o: -o.best)
    wrong = np.cumsum([not o.right for o in ordered])
    return float((wrong / np.arange(1, len(wrong) + 1)).mean())


def ask(model: ReadingModel, questions: Sequence[Passage]) -> list[Outcome]:
    """Read each passage for its question."""
    made = []
    for one in questions:
        log_odds = model.read(one.question, [Text(one.sentences, one.title)])[0].log_odds
        best = int(np.argmax(log_odds))
        made.append(Outcome(log_odds[best], best in one.gold, bool(one.gold)))
    return made


def show(name: str, outcomes: Sequence[Outcome]) -> None:
    """Print the figures of one set."""
    answerable = [o.right for o in outcomes if o.answerable]
    truth = [o.answerable for o in outcomes]
    said = [o.best > 0 for o in outcomes]
    recalled = np.mean([s for s, t in zip(said, truth, strict=True) if t])
    refused = np.mean([not s for s, t in zip(said, truth, strict=True) if not t])
    print(
        f"{name:24} n {len(outcomes):5}  sentence {np.mean(answerable):.3f}  answerability area "
        f"{area([o.best for o in outcomes], truth):.3f}  AURC {aurc(outcomes):.3f}  at log-odds 0: answerable answered "
        f"{recalled:.3f}, unanswerable recognised {refused:.3f}",
        flush=True,
    )


def clapnq(model: ReadingModel, folder: Path, limit: int) -> None:
    """Print the figures of ClapNQ: sentences above log-odds 0, at most three, against the best alternative gold."""
    outcomes, matches = [], []
    for name in ("answerable", "unanswerable"):
        for r in list(rows(folder / "clapnq" / f"{name}.jsonl"))[:limit]:
            passage = r["passages"][0]
            sentences = passage["sentences"]
            log_odds = model.read(r["input"], [Text(tuple(sentences), passage["title"])])[0].log_odds
            order = np.argsort(log_odds)[::-1]
            golds = [{sentences.index(s) for s in o["selected_sentences"]} for o in r["output"]]
            golds = [g for g in golds if g]
            best = int(order[0])
            outcomes.append(Outcome(log_odds[best], any(best in g for g in golds), name == "answerable"))
            if golds:
                chosen = {int(i) for i in order[:3] if log_odds[i] > max(0.0, log_odds[best] - 2)}
                matches.append(max(2 * len(chosen & g) / (len(chosen) + len(g)) for g in golds))
    show("ClapNQ", outcomes)
    print(f"{'':24} sentence F1 {np.mean(matches):.3f}")


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path)
    parser.add_argument("--model", type=Path, default=Path("qa/reading/weights"))
    parser.add_argument("--part", choices=["report", "tune"], default="report")
    parser.add_argument("--questions", type=Path, default=Path("training/questions.jsonl"))
    parser.add_argument("--limit", type=int, default=100_000)
    asked = parser.parse_args()
    model, chance = ReadingModel(asked.model), random.Random(5)

    def some(found: Sequence[Passage]) -> list[Passage]:
        return chance.sample(list(found), min(asked.limit, len(found)))

    show(f"SQuAD 2 {asked.part}", ask(model, some(squad(asked.data, chance, asked.part, whole=True))))
    if asked.questions.exists():
        split = {"report": "report", "tune": "calibrate"}[asked.part]
        show(f"own questions {split}", ask(model, some(own(asked.data, asked.questions, chance, split))))
    split = {"report": "report", "tune": "calibrate"}[asked.part]
    show(f"stories {split}", ask(model, some(stories(chance, split))))
    if asked.part == "report":
        clapnq(model, asked.data, asked.limit)


if __name__ == "__main__":
    main()
