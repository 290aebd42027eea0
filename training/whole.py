"""Measure what the reading model adds to the whole reader, over more than a thousand articles at once.

    python -m training.whole DATA [--model FOLDER] [--limit N]

The project's own questions of the report split, which nothing was fitted on, are asked of all Wikinews articles, the
paragraphs of SQuAD 2 and the passages of ClapNQ at once, first with the linear scorer alone and then with the model.
``article`` and ``sentence`` are how often the right one is first, of the questions that have an answer. The ``area`` is
under the ROC curve of "this question has an answer", and AURC is the mean error of the first sentence over all shares
of questions answered, the surest first.
"""

from __future__ import annotations

import argparse
from contextlib import closing
from pathlib import Path

import numpy as np

from qa.ingestion import ingest_into
from qa.library.index import Index
from qa.library.library import Library
from qa.model import Article, Filters
from qa.questions.plan import plan
from qa.reading.model import SHIPPED, ReadingModel
from qa.search.rank import candidates_of, stating
from qa.search.reading import mended, read_hits
from qa.search.retrieve import retrieve
from qa.settings import READER_PASSAGES

from .calibrate import EMBEDDER, ROOT, SCORER, gold_of, wikinews
from .data import rows
from .mine import article, squad
from .report import Outcome, area, aurc


def clapnq(data: Path) -> list[Article]:
    """Return the passages of ClapNQ as articles."""
    files = [data / "clapnq" / f"{name}.jsonl" for name in ("answerable", "unanswerable")]
    return [
        article(passage["text"], passage["title"], f"clapnq {file.stem} {number}")
        for file in files
        for number, row in enumerate(rows(file))
        for passage in row["passages"][:1]
    ]


def main() -> None:
    """Print both rows."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path)
    parser.add_argument("--model", type=Path, default=SHIPPED)
    parser.add_argument("--questions", type=Path, default=ROOT / "training" / "questions.jsonl")
    parser.add_argument("--limit", type=int, default=100_000)
    asked = parser.parse_args()
    model, articles = ReadingModel(asked.model), wikinews(asked.data)
    outcomes: dict[str, list[Outcome]] = {"linear": [], "reading": []}
    hits: dict[str, list[bool]] = {"linear": [], "reading": []}
    with closing(Library(None)) as library, closing(Index(library, None)) as index:
        others = [*squad(asked.data, ("tune", "report"))[0], *clapnq(asked.data)]
        ingest_into(library, [*articles.values(), *others], EMBEDDER)
        for row in [r for r in rows(asked.questions) if r["split"] == "report"][: asked.limit]:
            gold = gold_of(row, articles[row["article"]], library)
            made = plan(row["question"], Filters())
            found = retrieve(made, library, index, EMBEDDER, READER_PASSAGES)
            passages = stating(made, found)
            places = [(p.article_id, p.sentence.index) for p in passages]
            local = SCORER.score(made.query, candidates_of(passages, found), found.idf)
            read = mended(local, places, read_hits(made.query, found, model), model)
            for name, scores in (("linear", local), ("reading", read)):
                best = max(range(len(places)), key=lambda i: scores[i].score, default=None)
                right = best is not None and places[best] in gold
                outcomes[name].append(Outcome(scores[best].answers if best is not None else 0.0, right, bool(gold)))
                if gold:
                    hits[name].append(best is not None and places[best][0] in {article for article, _ in gold})
        held = len(library.versions())
    print(f"{held} articles, {len(outcomes['linear'])} questions, {len(hits['linear'])} with an answer")
    for name, made in outcomes.items():
        truth = [one.answerable for one in made]
        print(
            f"{name:8} article {np.mean(hits[name]):.3f}  sentence "
            f"{np.mean([one.right for one in made if one.answerable]):.3f}  area "
            f"{area([one.best for one in made], truth):.3f}  AURC {aurc(made):.3f}"
        )


if __name__ == "__main__":
    main()
