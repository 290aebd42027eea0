"""How likely sentences are to state a claim, by words and static vectors: the judge that is always there.

A logistic model over five features, fitted by ``benchmarks/train_support.py``. It cannot tell a subtle error from a
paraphrase; what it is for is a claim that cites the wrong sentence, or says what no cited word speaks of.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from ..english.lexicon import STOPWORDS
from ..english.tokens import stem, words
from ..library.embedders import Embedder
from ..search.relevance import RELATED

FEATURES = ("covered", "covered softly", "worst word", "cosine", "pairs in order")

# Fitted by benchmarks/train_support.py on WiCE and SummEdits, as is the threshold below which a claim counts as not
# stated. Fitted with the dev pairs too, it rejected three more faithful ones of them and caught nothing more, so these
# stayed (decision 0007).
WEIGHTS = np.array([0.24, 2.4, 0.0, 0.0, 0.0])
BIAS = -1.88
LIKELY = 0.26


def likelihoods(pairs: Sequence[tuple[str, str]], embedder: Embedder) -> list[float]:
    """The chance, 0..1, that the second text of each pair states the first."""
    if not pairs:
        return []
    return [float(p) for p in 1 / (1 + np.exp(-(features(pairs, embedder) @ WEIGHTS + BIAS)))]


def features(pairs: Sequence[tuple[str, str]], embedder: Embedder) -> NDArray[np.float64]:
    """FEATURES of each (claim, evidence), shape (len(pairs), 5), in 0..1 but for the cosine's -1..1."""
    vectors = embedder.embed([text for pair in pairs for text in pair])
    spoken = sorted({word for pair in pairs for text in pair for word in _content(text)})
    meaning = dict(zip(spoken, embedder.embed(spoken), strict=True)) if spoken else {}
    rows = []
    for i, (claim, evidence) in enumerate(pairs):
        mine, theirs = _content(claim), _content(evidence)
        there = {stem(word) for word in theirs}
        exact = np.array([stem(word) in there for word in mine], np.float64)
        soft = exact
        if mine and theirs:
            best = (np.stack([meaning[w] for w in mine]) @ np.stack([meaning[w] for w in theirs]).T).max(axis=1)
            soft = np.where(exact > 0, 1.0, np.where(best > RELATED, best, 0.0))
        shared = [stem(word) for word in mine if stem(word) in there]
        order = [stem(word) for word in theirs if stem(word) in set(shared)]
        following = set(pairwise(order))
        kept = [pair in following for pair in pairwise(shared)]
        rows.append(
            (
                exact.mean() if mine else 1.0,
                soft.mean() if mine else 1.0,
                soft.min() if mine else 1.0,
                float(vectors[2 * i] @ vectors[2 * i + 1]),
                sum(kept) / len(kept) if kept else 0.5,
            )
        )
    return np.array(rows, np.float64)


def _content(text: str) -> tuple[str, ...]:
    """The distinct words that carry meaning, in order; all words where there are no such."""
    every = tuple(dict.fromkeys(words(text)))
    return tuple(word for word in every if word not in STOPWORDS) or every
