"""How well a sentence answers a question: the local score. The seam where a judge or a small model takes over.

Training-free: IDF-weighted overlap of stems, cosine of static vectors, whether the sentence offers the kind of answer
wanted, and whether the question's names are there. Inside the gold paragraph of SQuAD the overlap alone finds the right
sentence .80 of the time, the cosine alone .78, both together .83: hence the sum.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from ..store.embed import Embedder
from .terms import content_words, fold, names, offers, stem, stems, wanted, words


@dataclass(frozen=True)
class Candidate:
    """A sentence to be scored, with the words around it that tell what its pronouns mean."""

    text: str
    context: str


@dataclass(frozen=True)
class Relevance:
    """A candidate's score in 0..1 with its parts, each in 0..1."""

    score: float
    overlap: float
    cosine: float
    kind: bool
    named: float


class Scorer(Protocol):
    """Scores candidates against a question, all in one call."""

    def score(self, question: str, candidates: Sequence[Candidate], idf: Mapping[str, float]) -> list[Relevance]:
        """One Relevance a candidate, in order. ``idf`` weighs the question's stems."""
        ...


# Set by hand before any evaluation question existed.
WEIGHT_OVERLAP = 0.60
WEIGHT_COSINE = 0.25
WEIGHT_KIND = 0.15
# A question's word that stands in the surrounding text but not in the sentence counts this much: a pronoun or an
# earlier mention may carry it.
CONTEXT_CREDIT = 0.5


class LocalScorer:
    """The training-free score described above; ``embedder`` must be local, for it is asked at every question."""

    def __init__(self, embedder: Embedder) -> None:
        self._embedder = embedder

    def score(self, question: str, candidates: Sequence[Candidate], idf: Mapping[str, float]) -> list[Relevance]:
        """See Scorer. One embedding call for the question and all candidates."""
        if not candidates:
            return []
        kind = wanted(question)
        asked = [stem(word) for word in content_words(question)]
        weights = {s: idf.get(s, 1.0) for s in asked}
        total = sum(weights.values()) or 1.0
        who = {stem(word) for name in names(question) for word in words(name)}
        vectors = self._embedder.embed([question, *(candidate.text for candidate in candidates)])
        cosines = vectors[1:] @ vectors[0]
        scored = []
        for candidate, cosine in zip(candidates, cosines, strict=True):
            here, around = set(stems(candidate.text)), set(stems(candidate.context))
            credit = {s: 1.0 if s in here else CONTEXT_CREDIT if s in around else 0.0 for s in weights}
            overlap = sum(weights[s] * credit[s] for s in weights) / total
            named = sum(s in here or s in around for s in who) / len(who) if who else 1.0
            fits = offers(candidate.text, kind, question)
            near = max(0.0, float(cosine))
            score = WEIGHT_OVERLAP * overlap + WEIGHT_COSINE * near + WEIGHT_KIND * fits
            scored.append(Relevance(score * (0.5 + 0.5 * named), overlap, near, fits, named))
        return scored


def is_echo(question: str, sentence: str) -> bool:
    """Whether a sentence is itself a question or says nothing beyond the question's own words."""
    return fold(sentence).endswith("?") or not set(stems(sentence)) - set(stems(question))
