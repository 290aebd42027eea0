"""Fit the local support judge and choose its threshold.

    python -m benchmarks.train_support DATA_FOLDER

Trains only on claims that pass the checks before the judge (``examine``), because the judge sees no others:

- the dev pairs of ``tests/verification/dev.yaml``;
- WiCE's claims, with their gold sentences and with each neighbouring sentence;
- SummEdits' edited summaries, with the original summary in place of cited sentences.

It reads only the tuning half of WiCE and SummEdits (the split of ``benchmarks/quality``), and never ``report.yaml``.
Prints the constants of ``qa/verification/local_judge.py``, and how many claims of each set are correctly and falsely
rejected. Each claim is judged by a model that was fitted without its article.

The model is a logistic regression with L2 regularisation of strength 1.0 and no negative weights. All sets have the
same weight, and so do supported and unsupported claims. The threshold is the highest one that falsely rejects at most
``ALLOWED`` of the supported dev pairs (or of WiCE's pairs if there are no dev pairs).
"""

from __future__ import annotations

import argparse
import json
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

import numpy as np
import yaml
from numpy.typing import NDArray
from scipy.optimize import minimize

from qa.articles.parse import parse_with
from qa.library.embedders import WordLlamaEmbedder
from qa.model import Article, DraftClaim, Passage, Sentence
from qa.verification.examine import examine
from qa.verification.local_judge import FEATURES, features

from .quality import wice
from .quality.shared import article, joined, part

DEV = Path(__file__).parent.parent / "tests" / "verification" / "dev.yaml"
ALLOWED = 0.02
FOLDS = 10
EMBEDDER = WordLlamaEmbedder()

Array = NDArray[np.float64]


@dataclass(frozen=True)
class Pair:
    """A claim with the sentences it cites. All pairs of a ``group`` are left out of training together."""

    data: str
    group: str
    kind: str
    states: bool
    passed: bool  # whether the checks before the judge find neither fault nor doubt
    features: Array


def pair(built: Article, cited: Sequence[str], claim: str, **facts: Any) -> Pair:
    """Make a pair: run the checks and compute the features."""
    _, spans = joined(cited, "\n")
    text = "\n".join(cited)
    shown = built.model_copy(update={"text": text})
    passages = tuple(
        Passage(
            label=f"S{i}",
            article_id=shown.id,
            sentence=Sentence(article_id=shown.id, index=i, start=a, end=b, text=text[a:b]),
            score=0.0,
        )
        for i, (a, b) in enumerate(spans)
    )
    drafted = DraftClaim(text=claim, labels=tuple(p.label for p in passages))
    found = examine((drafted,), passages, {shown.id: parse_with(shown, [p.sentence for p in passages])}).passed
    passed = any(not evidence.doubts for evidence in found)
    header = " | ".join(str(field) for field in (built.title, built.source, built.published) if field)
    row = features([(claim, " ".join((*cited, header)))], EMBEDDER)[0]
    return Pair(passed=passed, features=row, **facts)


def dev_pairs() -> Iterator[Pair]:
    """Yield the project's own pairs. There are none if the file is missing."""
    if not DEV.is_file():
        return
    for entry in yaml.safe_load(DEV.read_text("utf-8")):
        facts = entry["article"]
        built = article("\n".join(entry["sentences"]), title=facts.get("title")).model_copy(
            update={"source": facts.get("source"), "published": facts.get("published")}
        )
        for found in entry["pairs"]:
            cited = [entry["sentences"][int(label[1:]) - 1] for label in found["cites"]]
            yield pair(
                built,
                cited,
                found["claim"],
                data="dev",
                group=built.id,
                kind=found["kind"],
                states=found["expect"] == "pass",
            )


def wice_pairs(folder: Path) -> Iterator[Pair]:
    """Yield the tuning half. "Partially supported" counts as not supported, as in the paper."""
    for s in wice.load(folder):
        text = "\n".join(s.evidence)
        if part(text) != "tune":
            continue
        built = article(text, title=wice.title_of(s.evidence))
        facts: dict[str, Any] = {"data": "wice", "group": built.id}
        for gold in s.gold[:2]:
            cited = [s.evidence[i] for i in sorted(gold)]
            yield pair(built, cited, s.text, kind=s.label, states=s.label == "supported", **facts)
        anywhere = frozenset().union(*s.gold)
        beside = {i + step for i in anywhere for step in (-1, 1)} - anywhere
        for i in sorted(beside & set(range(len(s.evidence)))):
            yield pair(built, [s.evidence[i]], s.text, kind="neighbouring sentence", states=False, **facts)


def summedits_pairs(folder: Path) -> Iterator[Pair]:
    """Yield the tuning half. An edited summary is paired with its original."""
    for path in sorted((folder / "summedits").glob("*.json")):
        for row in json.loads(path.read_text("utf-8")):
            if part(row["doc"]) != "tune" or row["summary"] == row["original_summary"]:
                continue
            built = article(row["original_summary"])
            states = row["label"] == 1
            kind = "+".join(row["edit_types"]) or ("paraphrase" if states else "other edit")
            yield pair(
                built,
                [row["original_summary"]],
                row["summary"],
                data="summedits",
                group=built.id,
                kind=kind,
                states=states,
            )


def fit(pairs: Sequence[Pair]) -> Array:
    """Fit weights and bias, shape (len(FEATURES) + 1,)."""
    rows = np.stack([np.append(p.features, 1.0) for p in pairs])
    truth = np.array([p.states for p in pairs], np.float64)
    sizes = Counter((p.data, p.states) for p in pairs)
    weight = np.array([200 / sizes[p.data, p.states] for p in pairs])

    def loss(a: Array) -> tuple[float, Array]:
        chance = 1 / (1 + np.exp(-(rows @ a)))
        entropy = truth * np.log(chance + 1e-12) + (1 - truth) * np.log(1 - chance + 1e-12)
        penalty = np.append(a[:-1], 0.0)
        return float(-(weight @ entropy) + penalty @ penalty / 2), rows.T @ (weight * (chance - truth)) + penalty

    bounds = [(0.0, None)] * len(FEATURES) + [(None, None)]
    return np.asarray(minimize(loss, np.zeros(rows.shape[1]), jac=True, method="L-BFGS-B", bounds=bounds).x)


def chances(pairs: Sequence[Pair], weights: Array) -> Array:
    """Return the probability that each pair is supported."""
    rows = np.stack([np.append(p.features, 1.0) for p in pairs])
    return np.asarray(1 / (1 + np.exp(-(rows @ weights))))


def left_out(pairs: Sequence[Pair]) -> Array:
    """Return the same probability, from a model that was fitted without the pair's article."""
    found = np.zeros(len(pairs))
    folds = np.array([sha256(p.group.encode()).digest()[1] % FOLDS for p in pairs])
    for fold in range(FOLDS):
        here = np.flatnonzero(folds == fold)
        if len(here):
            weights = fit([p for p, f in zip(pairs, folds, strict=True) if f != fold])
            found[here] = chances([pairs[int(i)] for i in here], weights)
    return found


def tell(pairs: Sequence[Pair], found: Array, limit: float) -> None:
    """Print how many pairs of each set the threshold rejects."""
    for data in sorted({p.data for p in pairs}):
        for states, word in ((True, "supported, falsely rejected"), (False, "not supported, rejected")):
            here = [found[i] < limit for i, p in enumerate(pairs) if p.data == data and p.states == states]
            print(f"{data}: {word} {sum(here)} of {len(here)} ({np.mean(here) if here else 0:.3f})")
        kinds = Counter(p.kind for p in pairs if p.data == data)
        for kind in sorted(kinds):
            here = [found[i] < limit for i, p in enumerate(pairs) if p.data == data and p.kind == kind]
            print(f"    {kind}: {sum(here)} of {len(here)} rejected")


def main() -> None:
    """Fit the judge, choose the threshold and print both."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path, help="folder that contains wice and summedits")
    folder = parser.parse_args().folder
    every = [*dev_pairs(), *wice_pairs(folder), *summedits_pairs(folder)]
    for (data, states), n in sorted(Counter((p.data, p.states) for p in every).items()):
        passed = sum(p.passed for p in every if (p.data, p.states) == (data, states))
        print(f"{data}, {'supported' if states else 'not supported'}: {passed} of {n} pass the checks before the judge")
    pairs = [p for p in every if p.passed]
    weights, found = fit(pairs), left_out(pairs)
    judged_on = "dev" if any(p.data == "dev" for p in pairs) else "wice"
    right = np.array([found[i] for i, p in enumerate(pairs) if p.data == judged_on and p.states])
    limit = float(np.floor(np.quantile(right, ALLOWED, method="lower") * 100) / 100)
    tell(pairs, found, limit)
    print("WEIGHTS =", [round(float(w), 2) for w in weights[:-1]], FEATURES)
    print("BIAS =", round(float(weights[-1]), 2))
    print("LIKELY =", limit)


if __name__ == "__main__":
    main()
