"""Candidates from words (FTS5) and from vectors (the index), fused, filtered, near-copies once."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from ..articles.parse import ParsedArticle
from ..english.questions import content_words
from ..english.speech import variants
from ..english.tokens import stem
from ..library.embedders import Embedder
from ..library.index import Index
from ..library.library import Library
from ..model import Hit, Passage
from ..questions.plan import Plan
from .near_copies import near_copies

POOL = 60  # candidates taken from each side before fusion
RRF_K = 60.0  # Cormack, Clarke, Büttcher (SIGIR 2009): reciprocal rank fusion, with their constant


@dataclass(frozen=True)
class Retrieved:
    """What a question may be answered from, read in one snapshot of the library."""

    hits: tuple[Hit, ...]
    articles: dict[str, ParsedArticle]
    copies: dict[str, tuple[str, ...]]
    idf: dict[str, float]

    def passages(self) -> tuple[Passage, ...]:
        """Every sentence of the hits once, labelled S1…Sn in order of article and position, best article first."""
        scores: dict[tuple[str, int], float] = {}
        for hit in self.hits:
            for index in range(hit.first, hit.last + 1):
                scores.setdefault((hit.article_id, index), hit.score)
        rank = {article_id: n for n, article_id in enumerate(self.articles)}
        ordered = sorted(scores, key=lambda key: (rank[key[0]], key[1]))
        return tuple(
            Passage(label=f"S{n}", article_id=a, sentence=self.articles[a].sentences[i], score=scores[a, i])
            for n, (a, i) in enumerate(ordered, 1)
        )


def retrieve(plan: Plan, library: Library, index: Index, embedder: Embedder | None, limit: int) -> Retrieved:
    """The ``limit`` best chunks for a plan. Call inside ``library.reading()``.

    ``embedder`` None searches by words alone (offline with a remote embedder). Ranks are fused, not scores: BM25 and
    cosine have no common scale.
    """
    asked = content_words(plan.query)
    lexical = library.lexical((*asked, *variants(plan.query)), POOL, plan.filters)
    similar: list[tuple[int, float]] = []
    if embedder is not None:
        similar = index.search(embedder.embed([plan.query])[0], POOL, plan.filters)
    rows = {row.id: row for row, _ in lexical} | library.chunks([i for i, _ in similar])
    bm25 = {row.id: score for row, score in lexical}
    cosine = {i: score for i, score in similar if i in rows}
    fused = _fuse([row.id for row, _ in lexical], [i for i, _ in similar if i in rows])
    ranked = [
        Hit(
            chunk_id=i,
            article_id=rows[i].article_id,
            first=rows[i].first,
            last=rows[i].last,
            score=score,
            lexical=bm25.get(i),
            similarity=cosine.get(i),
        )
        for i, score in fused
    ]
    articles = library.parsed(hit.article_id for hit in ranked[: 3 * limit])
    hits, copies = _collapse(ranked[: 3 * limit], articles, limit)
    kept = list(dict.fromkeys(hit.article_id for hit in hits))
    return Retrieved(
        hits=hits,
        articles={article_id: articles[article_id] for article_id in kept},
        copies=copies,
        idf=idf_of(asked, library),
    )


def _fuse(*rankings: Sequence[int]) -> list[tuple[int, float]]:
    """Reciprocal rank fusion of rankings, best first."""
    scores: dict[int, float] = {}
    for ranking in rankings:
        for rank, item in enumerate(ranking, 1):
            scores[item] = scores.get(item, 0.0) + 1 / (RRF_K + rank)
    return sorted(scores.items(), key=lambda item: (-item[1], item[0]))


def _collapse(
    ranked: Iterable[Hit], articles: dict[str, ParsedArticle], limit: int
) -> tuple[tuple[Hit, ...], dict[str, tuple[str, ...]]]:
    """The first ``limit`` hits without those of near-copies; and, per kept article, the ids of its copies.

    Of two copies the one that ranks first speaks; the other is named in ``same_as``, never silently lost.
    """
    ranked = list(ranked)
    copies = near_copies(articles[hit.article_id] for hit in ranked)
    hits = [hit for hit in ranked if hit.article_id in copies][:limit]
    kept = {hit.article_id for hit in hits}
    return tuple(hits), {a: ids for a, ids in copies.items() if ids and a in kept}


def idf_of(asked: Sequence[str], library: Library) -> dict[str, float]:
    """Inverse document frequency of each asked word's stem over the library's chunks (BM25's, never negative)."""
    from math import log

    unique = list(dict.fromkeys(stem(word) for word in asked))
    frequency, total = library.document_frequency(unique)
    return {s: log(1 + (total - frequency.get(s, 0) + 0.5) / (frequency.get(s, 0) + 0.5)) for s in unique}
