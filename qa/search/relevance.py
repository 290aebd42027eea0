"""Scores how well a sentence answers a question. A small model can replace the local scorer (see ``Scorer``).

The local scorer is a linear model over seven features that take microseconds to compute: the overlap with the question,
weighted by IDF; cosines of static vectors; whether the sentence offers the type of answer that the question asks for;
the names of the question; and the scores of the sentence's chunk. ``benchmarks/train_reader.py`` fits it on one part of
SQuAD 2 and on the dev storylines, and prints how well it does on storylines that were left out. No test storyline is
used.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from ..english.characters import fold
from ..english.lexicon import STOPWORDS
from ..english.names import names
from ..english.questions import answer_type, can_answer, content_words
from ..english.speech import variant, variants
from ..english.tokens import stem, stems, words
from ..library.embedders import Embedder, Vectors

FEATURES = ("overlap", "cosine", "soft overlap", "kind", "names", "chunk rank", "chunk cosine")

# Fitted by benchmarks/train_reader.py: WEIGHTS order the sentences, ANSWERS give the probability that one answers.
WEIGHTS = np.array([5.19, 1.47, 5.06, 1.37, 0.65, 3.46, 2.20])
ANSWERS = np.array([0.00, 0.00, 0.00, 0.38, 0.92, 0.00, 0.76])
ANSWERS_BIAS = -1.36

# Words count as related ("shut", "closed") if the cosine of their static vectors is above this; lower ones are noise.
RELATED = 0.35


@dataclass(frozen=True)
class Candidate:
    """A sentence to be scored, its context (where pronouns are explained), and the scores of its chunk.

    ``rank`` is the fused score of the chunk divided by that of the best chunk, 0..1. ``similarity`` is the cosine of
    the chunk and the question, -1..1.
    """

    text: str
    context: str
    rank: float = 1.0
    similarity: float = 0.0


@dataclass(frozen=True)
class Relevance:
    """How relevant a candidate is.

    ``score`` orders candidates (log-odds). ``answers`` is the probability that the candidate answers the question.
    ``overlap`` is the share of the question, weighted by IDF, that occurs in the candidate or its context; ``named`` is
    the share of the question's names there. ``kind`` says whether the candidate offers the type of answer asked for.
    ``answer`` is the offsets of the answering words in the sentence, if the reading model has found them, and
    ``likely`` those of words that are only compared with other answers, because they answer with a lower probability.
    """

    score: float
    answers: float
    overlap: float
    named: float
    kind: bool
    answer: tuple[int, int] | None = None
    likely: tuple[int, int] | None = None


class Scorer(Protocol):
    """Scores candidates against a question, all in one call."""

    def score(self, question: str, candidates: Sequence[Candidate], idf: Mapping[str, float]) -> list[Relevance]:
        """Return one Relevance for each candidate, in order. ``idf`` gives the weight of each stem of the question."""
        ...


class LocalScorer:
    """The linear model described above. ``embedder`` must be local, because every question uses it."""

    def __init__(self, embedder: Embedder) -> None:
        self._embedder = embedder
        self._words: dict[str, Vectors] = {}

    def score(self, question: str, candidates: Sequence[Candidate], idf: Mapping[str, float]) -> list[Relevance]:
        """See Scorer."""
        matrix = self.features(question, candidates, idf)
        order = matrix @ WEIGHTS
        probability = 1 / (1 + np.exp(-(matrix @ ANSWERS + ANSWERS_BIAS)))
        return [
            Relevance(float(s), float(p), float(row[0]), float(row[4]), bool(row[3]))
            for s, p, row in zip(order, probability, matrix, strict=True)
        ]

    def features(self, question: str, candidates: Sequence[Candidate], idf: Mapping[str, float]) -> NDArray[np.float64]:
        """Return FEATURES of each candidate, shape (len(candidates), 7). Cosines are in -1..1, all others in 0..1."""
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
            if other:  # "Kiev" in the question matches "Kyiv" in the text
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
        """Return, for each word of the question, how well the text matches it, shape (len(asked),).

        This is 1 if the stem of the word occurs in the text, otherwise the cosine of the most related word, or 0 if no
        word is related. The greedy matching is that of BERTScore (Zhang et al. 2020), with static vectors.
        """
        others = [word for word in dict.fromkeys(words(text)) if word not in STOPWORDS]
        if not others or not asked:
            return np.array([stem(word) in here for word in asked], np.float64)
        best = (self._vectors(asked) @ self._vectors(others).T).max(axis=1)
        exact = np.array([stem(word) in here for word in asked])
        return np.where(exact, 1.0, np.where(best > RELATED, best, 0.0)).astype(np.float64)

    def _vectors(self, every: Sequence[str]) -> Vectors:
        """Return one vector for each word, shape (len(every), dimension)."""
        new = [word for word in every if word not in self._words]
        if new:
            if len(self._words) > 100_000:  # the page may run for weeks, so the cache must not grow without bound
                self._words.clear()
                new = list(every)
            self._words.update(zip(new, self._embedder.embed(new), strict=True))
        return np.stack([self._words[word] for word in every])


def is_echo(question: str, sentence: str) -> bool:
    """Whether a sentence is a question itself, or has no words beyond those of the question."""
    return fold(sentence).endswith("?") or not set(stems(sentence)) - set(stems(question))
