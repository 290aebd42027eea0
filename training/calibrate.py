"""Fit what turns scores of the reading model into an order of sentences and into probabilities, and write the card.

    python -m training.calibrate DATA [--model FOLDER]

Fitted on questions that the network was not trained on: those of the dev storylines (``evals/gold``), and the split
"calibrate" of the project's own questions, asked of all Wikinews articles at once, and of the fictional storylines of
``training/stories``, each asked of its five articles. No test storyline is read.

- ``order``: the weights of the log-odds as read and of the local score, by the likelihood of the gold sentences among
  all sentences found (ListNet, as in ``benchmarks/train_reader.py``).
- ``answers``: logistic regression on the first sentence, with the target "it answers" (not only "some sentence does").

Prints what it fits, and the same figures for each dev storyline when it is left out.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize

from qa.evaluate.corpus import read_corpus, resolve
from qa.evaluate.gold import load_gold
from qa.ingestion import ingest_into
from qa.library.embedders import WordLlamaEmbedder
from qa.library.index import Index
from qa.library.library import Library
from qa.model import Article, Filters
from qa.questions.plan import plan
from qa.reading.model import CARD, ReadingModel
from qa.search.rank import candidates_of, stating
from qa.search.reading import Read, features, read_hits
from qa.search.relevance import LocalScorer
from qa.search.retrieve import retrieve
from qa.settings import READER_PASSAGES

from .data import rows
from .mine import article, fiction
from .report import Outcome, area, aurc

ROOT = Path(__file__).parent.parent
EMBEDDER = WordLlamaEmbedder()
SCORER = LocalScorer(EMBEDDER)
UNFOUND = Read(-20.0, None)

Array = NDArray[np.float64]
Place = tuple[str, int]


@dataclass(frozen=True)
class Asked:
    """A question's n candidates: log-odds as read and local scores (n, 2), features (n, 3), gold (n,)."""

    group: str
    scores: Array
    features: Array
    gold: Array
    answerable: bool


def asked(
    library: Library, model: ReadingModel, text: str, filters: Filters, gold: set[Place], group: str, answerable: bool
) -> Asked | None:
    """Search and read as the pipeline does. Returns None if nothing is found."""
    made = plan(text, filters)
    found = retrieve(made, library, Index(library, None), EMBEDDER, READER_PASSAGES)
    passages = stating(made, found)
    if not passages:
        return None
    local = SCORER.score(made.query, candidates_of(passages, found), found.idf)
    read = read_hits(made.query, found, model)
    places = [(p.article_id, p.sentence.index) for p in passages]
    each = [read.get(place, UNFOUND) for place in places]
    return Asked(
        group,
        np.array([(r.log_odds, s.score) for r, s in zip(each, local, strict=True)]),
        np.array([features(s, r) for r, s in zip(each, local, strict=True)]),
        np.array([place in gold for place in places], np.float64),
        answerable,
    )


def dev_questions(model: ReadingModel) -> Iterator[Asked]:
    """Yield the questions of the dev storylines, without those inside conversations."""
    articles = [ROOT / "evals" / "corpus"]
    with closing(Library(None)) as library:
        ingest_into(library, articles, EMBEDDER)
        for found in resolve(load_gold(ROOT / "evals" / "gold"), read_corpus(articles)):
            case = found.case
            if found.split != "dev" or case.history:
                continue
            filters = case.filters.model_copy(update={"as_of": case.as_of})
            gold: set[Place] = set().union(*found.required)
            made = asked(library, model, case.question, filters, gold, found.storyline, case.answerable)
            if made:
                yield made


def wikinews(data: Path) -> dict[str, Article]:
    """Return all Wikinews articles by address, as an ingest would build them."""
    return {r["url"]: article(r["text"], r["title"], r["url"]) for r in rows(data / "wikinews" / "articles.jsonl")}


def gold_of(row: Mapping[str, Any], article: Article, library: Library) -> set[Place]:
    """Return the sentences that answer one of the project's own questions."""
    sentences = library.sentences(article.id)
    return {(article.id, s.index) for s in sentences for at in row["gold"] if s.start <= at[0] < s.end}


def own_questions(model: ReadingModel, data: Path, questions: Path, split: str) -> Iterator[Asked]:
    """Yield the project's own questions of a split, asked of all Wikinews articles."""
    articles = wikinews(data)
    with closing(Library(None)) as library:
        ingest_into(library, list(articles.values()), EMBEDDER)
        for r in rows(questions):
            if r["split"] == split:
                gold = gold_of(r, articles[r["article"]], library)
                made = asked(library, model, r["question"], Filters(), gold, f"own {split}", bool(gold))
                if made:
                    yield made


def story_questions(model: ReadingModel, split: str) -> Iterator[Asked]:
    """Yield the questions about fictional storylines of a split, each asked of the articles of its storyline."""
    for articles, questions in fiction([split]):
        by_key = {a.origin: a for a in articles}
        with closing(Library(None)) as library:
            ingest_into(library, articles, EMBEDDER)
            for question in questions:
                gold = {
                    (by_key[key].id, s.index)
                    for key, at in question.places
                    for s in library.sentences(by_key[key].id)
                    if s.start <= at < s.end
                }
                made = asked(library, model, question.text, Filters(), gold, f"stories {split}", bool(gold))
                if made:
                    yield made


def fit_order(questions: Sequence[Asked]) -> Array:
    """Fit the two weights that rank gold sentences first. Both are scaled so that that of the log-odds is 1."""
    scored = [q for q in questions if q.gold.any()]

    def loss(weights: Array) -> float:
        value = 0.0
        for q in scored:
            scores = np.clip(q.scores, -10, None) @ weights
            top = scores.max()
            likely = np.exp(scores - top)
            value -= float(np.log((likely * q.gold).sum()) - np.log(likely.sum()))
        return value + float(weights @ weights) / 2

    return np.asarray(minimize(loss, np.array([0.5, 0.2]), bounds=[(0.0, None)] * 2, method="L-BFGS-B").x)


def first(q: Asked, order: Array) -> int:
    """Return the index of the first-ranked candidate."""
    return int(np.argmax(np.clip(q.scores, -10, None) @ order))


def fit_answers(questions: Sequence[Asked], order: Array) -> Array:
    """Fit weights and bias of the probability that the first sentence answers. No weight is negative."""
    chosen = [(q, first(q, order)) for q in questions]
    x = np.stack([np.append(q.features[i], 1.0) for q, i in chosen])
    truth = np.array([q.gold[i] for q, i in chosen])

    def loss(a: Array) -> tuple[float, Array]:
        chance = 1 / (1 + np.exp(-(x @ a)))
        entropy = truth * np.log(chance + 1e-12) + (1 - truth) * np.log(1 - chance + 1e-12)
        penalty = np.append(a[:-1], 0.0)
        return float(-entropy.sum() + penalty @ penalty / 2), x.T @ (chance - truth) + penalty

    bounds = [(0.0, None)] * (x.shape[1] - 1) + [(None, None)]
    return np.asarray(minimize(loss, np.zeros(x.shape[1]), jac=True, method="L-BFGS-B", bounds=bounds).x)


def shown(name: str, questions: Sequence[Asked], order: Array, answers: Array) -> None:
    """Print how often a gold sentence is first and among the first three, the area, and the AURC."""
    hits, outcomes = [], []
    for q in questions:
        index = first(q, order)
        chance = float(np.append(q.features[index], 1.0) @ answers)
        outcomes.append(Outcome(chance, bool(q.gold[index]), q.answerable))
        if q.answerable:
            ranked = q.gold[np.argsort(-(np.clip(q.scores, -10, None) @ order), kind="stable")]
            hits.append([ranked[:k].any() for k in (1, 3, 5)])
    shares = ", ".join(f"first {k} {v:.3f}" for k, v in zip((1, 3, 5), np.mean(hits, axis=0), strict=True))
    truth = [o.answerable for o in outcomes]
    print(
        f"{name:28} n {len(questions):4}  {shares}  answerable: area {area([o.best for o in outcomes], truth):.3f}  "
        f"right: area {area([o.best for o in outcomes], [o.right for o in outcomes]):.3f}  AURC {aurc(outcomes):.3f}"
    )


def main() -> None:
    """Fit, print and write the card."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path)
    parser.add_argument("--model", type=Path, default=ROOT / "qa" / "reading" / "weights")
    parser.add_argument("--questions", type=Path, default=ROOT / "training" / "questions.jsonl")
    arguments = parser.parse_args()
    card: dict[str, Any] = json.loads((arguments.model / CARD).read_text("utf-8"))
    model = ReadingModel(arguments.model)
    dev = list(dev_questions(model))
    own = list(own_questions(model, arguments.data, arguments.questions, "calibrate"))
    told = list(story_questions(model, "calibrate"))
    every = [*dev, *own, *told]
    for group in sorted({q.group for q in dev}):
        rest = [q for q in every if q.group != group]
        order = fit_order(rest)
        shown(f"{group} left out", [q for q in dev if q.group == group], order, fit_answers(rest, order))
    order = fit_order(every)
    answers = fit_answers(every, order)
    for name, some in (("dev", dev), ("own", own), ("stories", told)):
        if some:
            shown(name, some, order, answers)
            shown(f"{name}, local score alone", some, np.array([0.0, 1.0]), answers)
            shown(f"{name}, as read alone", some, np.array([1.0, 0.0]), answers)
    card["order"] = {"read": round(float(order[0]), 3), "local": round(float(order[1]), 3)}
    card["answers"] = {"weights": [round(float(a), 3) for a in answers[:-1]], "bias": round(float(answers[-1]), 3)}
    (arguments.model / CARD).write_text(json.dumps(card, indent=2) + "\n", "utf-8")
    print(json.dumps(card))


if __name__ == "__main__":
    main()
