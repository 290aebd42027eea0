"""How well a sentence answers a question: the local score. The seam where a small model takes over.

A linear model over seven features that cost microseconds: overlap with the question weighed by IDF, cosines of static
vectors, whether the sentence offers the kind of answer wanted, the question's names, and what retrieval thought of the
chunk. ``benchmarks/train_reader.py`` fits it on one part of SQuAD 2 and the dev storylines and prints how it does on
storylines left out; it shares nothing with the test storylines.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from ..english.characters import fold
from ..english.names import names
from ..english.questions import answer_type, can_answer, content_words
from ..english.speech import variant, variants
from ..english.tokens import STOPWORDS, stem, stems, words
from ..library.embedders import Embedder, Vectors

FEATURES = ("overlap", "cosine", "soft overlap", "kind", "names", "chunk rank", "chunk cosine")

# Fitted by benchmarks/train_reader.py: the order of sentences, and the chance that the first one answers.
WEIGHTS = np.array([5.19, 1.47, 5.06, 1.37, 0.65, 3.46, 2.20])
ANSWERS = np.array([0.00, 0.00, 0.00, 0.38, 0.92, 0.00, 0.76])
ANSWERS_BIAS = -1.36

# Words whose static vectors are nearer than this count as related ("shut", "closed"); below it is noise.
RELATED = 0.35


@dataclass(frozen=True)
class Candidate:
    """A sentence to be scored, with the words around it that tell what its pronouns mean, and its chunk's scores.

    ``rank`` is the chunk's fused score over the best chunk's, 0..1; ``similarity`` its cosine to the question.
    """

    text: str
    context: str
    rank: float = 1.0
    similarity: float = 0.0


@dataclass(frozen=True)
class Relevance:
    """A candidate's score (log-odds, for ordering), the chance in 0..1 that it answers, and two parts, 0..1."""

    score: float
    answers: float
    overlap: float
    named: float
    kind: bool


class Scorer(Protocol):
    """Scores candidates against a question, all in one call."""

    def score(self, question: str, candidates: Sequence[Candidate], idf: Mapping[str, float]) -> list[Relevance]:
        """One Relevance a candidate, in order. ``idf`` weighs the question's stems."""
        ...


class LocalScorer:
    """The linear model described above; ``embedder`` must be local, for it is asked at every question."""

    def __init__(self, embedder: Embedder) -> None:
        self._embedder = embedder
        self._words: dict[str, Vectors] = {}

    def score(self, question: str, candidates: Sequence[Candidate], idf: Mapping[str, float]) -> list[Relevance]:
        """See Scorer."""
        matrix = self.features(question, candidates, idf)
        order = matrix @ WEIGHTS
        chance = 1 / (1 + np.exp(-(matrix @ ANSWERS + ANSWERS_BIAS)))
        return [
            Relevance(float(s), float(p), float(row[0]), float(row[4]), bool(row[3]))
            for s, p, row in zip(order, chance, matrix, strict=True)
        ]

    def features(self, question: str, candidates: Sequence[Candidate], idf: Mapping[str, float]) -> NDArray[np.float64]:
        """FEATURES of each candidate, shape (len(candidates), 7), each in 0..1 but for cosines in -1..1."""
        if not candidates:
            return np.zeros((0, len(FEATURES)))
        kind = answer_type(question)
        asked = list(content_words(question))
        weights = np.array([idf.get(stem(word), 1.0) for word in asked])
        weights /= weights.sum() or 1.0
        who = {stem(word) for name in names(question) for word in words(name)}
        other = {stem(w): stem(key) for name in names(question) for w in words(name) if (key := variant(w))}
        vectors = self._embedder.embed([question, *(candidate.text for candidate in candidates)])
        cosines = vectors[1:] @ vectors[0]
        rows = []
        for candidate, cosine in zip(candidates, cosines, strict=True):
            here = set(stems(candidate.text))
            near = here | set(stems(candidate.context))
            if other:  # "Kiev" is there where "Kyiv" stands
                spelled = {stem(key) for key in variants(f"{candidate.text} {candidate.context}")} | near
                near |= {word for word, key in other.items() if key in spelled}
            rows.append(
                (
                    weights @ [stem(word) in near for word in asked],
                    cosine,
                    weights @ self._soft(asked, here, candidate.text),
                    can_answer(candidate.text, kind, question),
                    sum(s in near for s in who) / len(who) if who else 1.0,
                    candidate.rank,
                    candidate.similarity,
                )
            )
        return np.array(rows, np.float64)

    def _soft(self, asked: Sequence[str], here: set[str], text: str) -> NDArray[np.float64]:
        """Per asked word: 1 if its stem is there, else the cosine of the most related word of the text.

        Greedy matching as in BERTScore (Zhang et al. 2020), with static vectors.
        """
        others = [word for word in dict.fromkeys(words(text)) if word not in STOPWORDS]
        if not others or not asked:
            return np.array([stem(word) in here for word in asked], np.float64)
        best = (self._vectors(asked) @ self._vectors(others).T).max(axis=1)
        exact = np.array([stem(word) in here for word in asked])
        return np.where(exact, 1.0, np.where(best > RELATED, best, 0.0)).astype(np.float64)

    def _vectors(self, every: Sequence[str]) -> Vectors:
        """One vector a word, shape (len(every), dimension)."""
        new = [word for word in every if word not in self._words]
        if new:
            if len(self._words) > 100_000:  # a page runs for weeks; the vocabulary of a language is not that large
                self._words.clear()
                new = list(every)
            self._words.update(zip(new, self._embedder.embed(new), strict=True))
        return np.stack([self._words[word] for word in every])


def is_echo(question: str, sentence: str) -> bool:
    """Whether a sentence is itself a question or says nothing beyond the question's own words."""
    return fold(sentence).endswith("?") or not set(stems(sentence)) - set(stems(question))
