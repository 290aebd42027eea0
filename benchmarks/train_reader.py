"""Fit the reader's two linear models, and evaluate them on storylines left out of training.

    python -m benchmarks.train_reader [SQUAD2_DEV_JSON]

Trains on the dev storylines of ``evals/gold`` and, if a SQuAD 2 file is given, on the half of its documents that is for
tuning (the split of ``benchmarks/quality``). Test storylines and the other half are never read. Prints the constants of
``qa/search/relevance.py``. Then leaves out each dev storyline in turn, and prints how often a gold sentence is among
the first one, three and five, and the area under the ROC curve of "the first sentence answers".

- Order: maximum likelihood of the gold sentences under a softmax over a question's candidates (ListNet, Cao et al.
  2007).
- Answers: logistic regression on the first candidate, with the target "this question can be answered".

Both use L2 regularisation with strength 1.0.
"""

from __future__ import annotations

import argparse
import json
import random
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize
from scipy.stats import rankdata

from qa.evaluate.corpus import read_corpus, resolve
from qa.evaluate.gold import load_gold
from qa.ingestion import ingest_into
from qa.library.embedders import WordLlamaEmbedder
from qa.library.index import Index
from qa.library.library import Library
from qa.model import Article, Filters
from qa.questions.plan import plan
from qa.search.rank import candidates_of, stating
from qa.search.relevance import FEATURES, LocalScorer
from qa.search.retrieve import retrieve

from .quality.shared import part

ROOT = Path(__file__).parent.parent
SQUAD_QUESTIONS = 700
GOLD_WEIGHT = 1.0  # weight of a dev question; a SQuAD question has 1.0
EMBEDDER = WordLlamaEmbedder()
SCORER = LocalScorer(EMBEDDER)

Array = NDArray[np.float64]
Place = tuple[str, int]


@dataclass(frozen=True)
class Question:
    """A question's n candidates: ``features`` with shape (n, 7), ``gold`` with shape (n,), and its weight."""

    group: str
    features: Array
    gold: Array
    answerable: bool
    weight: float


def question(library: Library, text: str, filters: Filters, gold: set[Place], **facts: Any) -> Question | None:
    """Retrieve candidates as the pipeline does. Returns None if there are none."""
    made = plan(text, filters)
    found = retrieve(made, library, Index(library, None), EMBEDDER, 12)
    passages = stating(made, found)
    if not passages:
        return None
    features = SCORER.features(text, candidates_of(passages, found), found.idf)
    hits = np.array([(p.article_id, p.sentence.index) in gold for p in passages], np.float64)
    return Question(features=features, gold=hits, **facts)


def dev_questions() -> Iterator[Question]:
    """Yield the questions of the dev storylines, without those inside conversations."""
    articles = [ROOT / "evals" / "corpus"]
    with closing(Library(None)) as library:
        ingest_into(library, articles, EMBEDDER)
        for found in resolve(load_gold(ROOT / "evals" / "gold"), read_corpus(articles)):
            case = found.case
            if found.split != "dev" or case.history:
                continue
            filters = case.filters.model_copy(update={"as_of": case.as_of})
            facts = {"group": found.storyline, "answerable": case.answerable, "weight": GOLD_WEIGHT}
            gold = set().union(*found.required)
            if made := question(library, case.question, filters, gold, **facts):
                yield made


def squad_questions(path: Path) -> Iterator[Question]:
    """Yield a sample of the tuning half. Documents become articles, and all are searched together."""
    documents = [d for d in json.loads(path.read_text("utf-8"))["data"] if part(d["title"]) == "tune"]
    asked: list[tuple[str, str, int | None]] = []
    articles = []
    for document in documents:
        position = 0
        for paragraph in document["paragraphs"]:
            for qa in paragraph["qas"]:
                at = None if qa["is_impossible"] else position + qa["answers"][0]["answer_start"]
                asked.append((qa["question"], document["title"], at))
            position += len(paragraph["context"]) + 2
        text = "\n\n".join(p["context"] for p in document["paragraphs"])
        articles.append(Article(id=document["title"], version="1", title=document["title"], text=text, language="en"))
    random.Random(1).shuffle(asked)
    with closing(Library(None)) as library:
        ingest_into(library, articles, EMBEDDER)
        for text, article_id, at in asked[:SQUAD_QUESTIONS]:
            gold = {(article_id, s.index) for s in library.sentences(article_id) if at and s.start <= at < s.end}
            facts = {"group": "squad", "answerable": at is not None, "weight": 1.0}
            if found := question(library, text, Filters(), gold, **facts):
                yield found


def fit_order(questions: Sequence[Question]) -> Array:
    """Fit the weights, shape (7,), that rank gold sentences first."""
    scored = [q for q in questions if q.gold.any()]

    def loss(weights: Array) -> tuple[float, Array]:
        value, slope = float(weights @ weights) / 2, weights.copy()
        for q in scored:
            scores = q.features @ weights
            likely = np.exp(scores - scores.max())
            right = likely * q.gold
            value += q.weight * float(np.log(likely.sum()) - np.log(right.sum()))
            slope += q.weight * (q.features.T @ (likely / likely.sum() - right / right.sum()))
        return value, slope

    return np.asarray(minimize(loss, np.zeros(len(FEATURES)), jac=True, method="L-BFGS-B").x)


def first(q: Question, order: Array) -> Array:
    """Return the features of the first-ranked candidate and a 1 for the bias, shape (8,)."""
    return np.append(q.features[int(np.argmax(q.features @ order))], 1.0)


def fit_answers(questions: Sequence[Question], order: Array) -> Array:
    """Fit weights and bias, shape (8,), of the probability that the question can be answered."""
    rows = np.stack([first(q, order) for q in questions])
    truth = np.array([q.answerable for q in questions], np.float64)
    weight = np.array([q.weight for q in questions])

    def loss(a: Array) -> tuple[float, Array]:
        chance = 1 / (1 + np.exp(-(rows @ a)))
        entropy = truth * np.log(chance + 1e-12) + (1 - truth) * np.log(1 - chance + 1e-12)
        penalty = np.append(a[:-1], 0.0)
        return float(-(weight @ entropy) + penalty @ penalty / 2), rows.T @ (weight * (chance - truth)) + penalty

    # No weight may be negative. Without this bound, word overlap gets a negative weight: near misses in the gold share
    # more words with the articles than answerable paraphrased questions. That is a property of the gold, not of news.
    bounds = [(0.0, None)] * len(FEATURES) + [(None, None)]
    return np.asarray(minimize(loss, np.zeros(rows.shape[1]), jac=True, method="L-BFGS-B", bounds=bounds).x)


def leave_one_out(dev: Sequence[Question], more: Sequence[Question]) -> None:
    """Print how well the models work on each dev storyline when it is left out of training."""
    hits, chances, truths = [], [], []
    for group in sorted({q.group for q in dev}):
        rest = [q for q in dev if q.group != group] + list(more)
        order = fit_order(rest)
        answers = fit_answers(rest, order)
        for q in (q for q in dev if q.group == group):
            chances.append(float(first(q, order) @ answers))
            truths.append(q.answerable)
            if q.answerable:
                ranked = q.gold[np.argsort(-(q.features @ order), kind="stable")]
                hits.append([ranked[:k].any() for k in (1, 3, 5)])
    ranks, positive = rankdata(chances), np.array(truths)
    n = positive.sum()
    area = (ranks[positive].sum() - n * (n + 1) / 2) / (n * (len(positive) - n))
    shares = ", ".join(f"first {k}: {v:.3f}" for k, v in zip((1, 3, 5), np.mean(hits, axis=0), strict=True))
    print(f"left-out dev storylines: gold sentence among the {shares} (n = {len(hits)})")
    print(f'  area under the ROC curve of "can be answered": {area:.3f} (n = {len(truths)})')


def main() -> None:
    """Fit the models and print the results."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("squad", type=Path, nargs="?", help="SQuAD 2.0 dev file")
    arguments = parser.parse_args()
    dev = list(dev_questions())
    more = list(squad_questions(arguments.squad)) if arguments.squad else []
    leave_one_out(dev, more)
    order = fit_order([*dev, *more])
    answers = fit_answers([*dev, *more], order)
    print("WEIGHTS =", [round(float(w), 2) for w in order])
    print("ANSWERS =", [round(float(w), 2) for w in answers[:-1]])
    print("ANSWERS_BIAS =", round(float(answers[-1]), 2))


if __name__ == "__main__":
    main()
