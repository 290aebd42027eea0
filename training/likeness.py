"""Fit how likely two sentences give values for the same thing (``qa/changes/likeness.py``), and report how well.

    python -m training.likeness [--write]

The storylines of ``training/likeness_data`` were written by eight hands, who marked every sentence that gives a value
for what a question asks. Five hands fit the weights (split "fit"); three are for the report. All storylines are in one
library, and each question is searched and read as the pipeline does.

A pair is a statement whose sentence is marked, among the three that answer best, and any other statement with a value
of the same kind. Its label is whether the other sentence is marked too. Prints precision and recall of pairs with
different values, for several limits: on the split "fit" with each storyline left out in turn, and on "report". With
``--write`` the weights are written into ``qa/changes/likeness.py``.
"""

from __future__ import annotations

import argparse
import re
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize

from qa.articles.build import build
from qa.articles.extract import Extract, Facts
from qa.changes import likeness
from qa.changes.standing import Statement
from qa.changes.values import compare
from qa.english.header import Header
from qa.ingestion import ingest_into
from qa.library.library import Library
from qa.model import Article, DraftClaim, Filters
from qa.pipeline import Engine, weigher_of
from qa.pipeline import build as engine_of
from qa.questions.plan import plan
from qa.search.rank import by_best_sentence, rank
from qa.search.retrieve import retrieve
from qa.settings import READER_PASSAGES, Settings
from qa.verification.evidence import Evidence

from .data import rows

FOLDER = Path(__file__).parent / "likeness_data"
FIRST = 3  # statements that answer best, on which a claim may rest
PENALTY = 1.0  # on the squares of the weights, each for a feature of variance 1
LIMITS = (0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9)

Array = NDArray[np.float64]


@dataclass(frozen=True)
class Pairs:
    """All pairs of one split.

    ``features`` (n, f) with their ``names`` (f), whether both are ``marked`` (n,), whether their values are
    ``different`` (n,), and their ``stories`` (n,).
    """

    names: tuple[str, ...]
    features: Array
    marked: NDArray[np.bool_]
    different: NDArray[np.bool_]
    stories: NDArray[np.str_]


def articles() -> list[Article]:
    """Return the articles of all storylines."""
    found = []
    for r in rows(FOLDER / "articles.jsonl"):
        published = date.fromisoformat(r["published"])
        facts = Facts(title=r["title"], source=r["source"], published=published, language="en")
        found.append(build(Extract(r["text"], facts, Header()), key=r["id"], origin=r["id"]))
    return found


def pairs_of(engine: Engine, split: str) -> Pairs:
    """Ask the questions of a split and return their pairs."""
    ids = {a.origin: a.id for a in articles()}
    found = []
    for r in rows(FOLDER / "questions.jsonl"):
        if r["split"] == split:
            marks = {(ids[e["article"]], e["words"]) for e in r["evidence"]}
            found += [(*pair, r["story"]) for pair in _pairs(engine, r["question"], marks)]
    features, marked, different, stories = zip(*found, strict=True)
    values = np.array([list(one.values()) for one in features], np.float64)
    return Pairs(tuple(features[0]), values, np.array(marked), np.array(different), np.array(stories))


def _pairs(engine: Engine, question: str, marks: set[tuple[str, str]]) -> Iterator[tuple[dict[str, float], bool, bool]]:
    """Yield the features of each pair, whether both are marked, and whether their values differ."""
    asked = plan(question, Filters())
    with engine.library.reading() as library:
        retrieved = retrieve(asked, library, engine.index, engine.embedder, READER_PASSAGES)
    ranked = rank(asked, retrieved, engine.scorer, engine.reading)
    if not ranked:
        return
    retrieved, ranked = by_best_sentence(retrieved, ranked)
    weigher = weigher_of(engine, asked, retrieved, ranked)
    first = ranked[0].passage
    claim = DraftClaim(text=first.sentence.text, labels=(first.label,))
    weigher.weigh(Evidence(claim, (first,), (retrieved.articles[first.article_id],)))  # it searches once more

    def is_marked(one: Statement) -> bool:
        return any(one.article.id == key and words in one.sentence.text for key, words in marks)

    statements = sorted(weigher.statements, key=lambda s: -s.answers)
    for one in filter(is_marked, statements[:FIRST]):
        for other in statements:
            if one.legible != other.legible and likeness.are_of_one_kind(one, other, weigher.asked):
                different = compare(one.given, other.given) == "different"
                yield weigher.features(one, other), is_marked(other), different


def fit(features: Array, marked: NDArray[np.bool_]) -> tuple[Array, float]:
    """Return the weights (f,) and the bias of a logistic regression."""
    mean, spread = features.mean(0), features.std(0) + 1e-9
    scaled = (features - mean) / spread

    def loss(at: Array) -> tuple[float, Array]:
        odds = np.clip(scaled @ at[1:] + at[0], -30, 30)
        chance = 1 / (1 + np.exp(-odds))
        cost = -np.log(np.where(marked, chance, 1 - chance)).sum() + PENALTY * (at[1:] ** 2).sum() / 2
        wrong = chance - marked
        return cost, np.concatenate([[wrong.sum()], scaled.T @ wrong + PENALTY * at[1:]])

    best = minimize(loss, np.zeros(features.shape[1] + 1), jac=True, method="L-BFGS-B").x
    weights = best[1:] / spread
    return weights, float(best[0] - weights @ mean)


def chances(features: Array, weights: Array, bias: float) -> Array:
    """Return the likeness of each pair (n,)."""
    return np.asarray(1 / (1 + np.exp(-(features @ weights + bias))))


def left_out(pairs: Pairs) -> Array:
    """Return the likeness of each pair by weights that its storyline had no part in."""
    found = np.zeros(len(pairs.marked))
    for story in np.unique(pairs.stories):
        out = pairs.stories == story
        found[out] = chances(pairs.features[out], *fit(pairs.features[~out], pairs.marked[~out]))
    return found


def show(name: str, pairs: Pairs, found: Array) -> None:
    """Print precision and recall of pairs with different values, for each limit."""
    marked = pairs.marked & pairs.different
    print(f"{name}: {len(pairs.marked)} pairs, {marked.sum()} of them marked and different")
    for limit in LIMITS:
        told = (found >= limit) & pairs.different
        right = (told & marked).sum()
        precision, recall = right / max(1, told.sum()), right / marked.sum()
        print(f"  {limit:.1f}  precision {precision:.2f}  recall {recall:.2f}  of {told.sum()}")


def write(weights: Sequence[float], names: Sequence[str], bias: float) -> None:
    """Write the weights into the module that uses them."""
    place = Path(likeness.__file__)
    lines = [f'    "{name}": {weight:.2f},' for name, weight in zip(names, weights, strict=True)]
    table = "\n".join(["WEIGHTS: dict[str, float] = {", *lines, "}", f"BIAS = {bias:.2f}"])
    pattern = re.compile(r"^WEIGHTS: .*?^BIAS = \S+", re.MULTILINE | re.DOTALL)
    text, found = pattern.subn(table, place.read_text("utf-8"))
    if found != 1:
        raise SystemExit(f"{place} has no table of weights that can be replaced.")
    place.write_text(text, "utf-8")


def main() -> None:
    """Fit, report, and write the weights if wanted."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--write", action="store_true", help="write the weights into qa/changes/likeness.py")
    wanted = parser.parse_args()
    with closing(Library(None)) as library:
        engine = engine_of(Settings(offline=True), library)
        ingest_into(library, articles(), engine.embedder)
        tuned, kept = pairs_of(engine, "fit"), pairs_of(engine, "report")
    weights, bias = fit(tuned.features, tuned.marked)
    show("fit, each storyline left out in turn", tuned, left_out(tuned))
    show("report", kept, chances(kept.features, weights, bias))
    print("weights, times the spread of their features:")
    for name, weight in zip(tuned.names, weights * tuned.features.std(0), strict=True):
        print(f"  {name:20} {weight:+.2f}")
    if wanted.write:
        write(weights.tolist(), tuned.names, bias)


if __name__ == "__main__":
    main()
