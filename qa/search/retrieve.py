"""Retrieves chunks by words (FTS5) and by vectors (the index), fuses the two rankings and merges near-copies."""

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

POOL = 60  # chunks taken from each ranking before fusion
RRF_K = 60.0  # the constant of reciprocal rank fusion, as in Cormack, Clarke, Büttcher (SIGIR 2009)


@dataclass(frozen=True)
class Retrieved:
    """What a question may be answered from, read in one snapshot of the library.

    ``hits`` are chunks, best first. ``articles`` holds their articles by id, best first. ``copies`` gives the ids of an
    article's near-copies. ``idf`` is the inverse document frequency of each stem of the question.
    """

    hits: tuple[Hit, ...]
    articles: dict[str, ParsedArticle]
    copies: dict[str, tuple[str, ...]]
    idf: dict[str, float]

    def passages(self) -> tuple[Passage, ...]:
        """Return each sentence of the hits once. They are labelled S1…Sn, by article (best first) and position."""
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
    """Retrieve the best chunks for a plan. Call this inside ``library.reading()``.

    The ranks of the two searches are fused, not their scores, because BM25 and cosine have no common scale.

    Args:
        plan: what to search for.
        library: searched by words.
        index: searched by vectors.
        embedder: the library's embedder. None searches by words alone (offline, with a remote embedder).
        limit: the most chunks to return.
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
    hit_ids = list(dict.fromkeys(hit.article_id for hit in hits))
    return Retrieved(
        hits=hits,
        articles={article_id: articles[article_id] for article_id in hit_ids},
        copies=copies,
        idf=idf_of(asked, library),
    )


def _fuse(*rankings: Sequence[int]) -> list[tuple[int, float]]:
    """Fuse rankings by reciprocal rank fusion. Returns ids and scores, best first."""
    scores: dict[int, float] = {}
    for ranking in rankings:
        for rank, item in enumerate(ranking, 1):
            scores[item] = scores.get(item, 0.0) + 1 / (RRF_K + rank)
    return sorted(scores.items(), key=lambda item: (-item[1], item[0]))


def _collapse(
    ranked: Iterable[Hit], articles: dict[str, ParsedArticle], limit: int
) -> tuple[tuple[Hit, ...], dict[str, tuple[str, ...]]]:
    """Return the first ``limit`` hits without those of near-copies, and the ids of the copies by article id.

    Of several copies, the one that ranks first is used. The others are named in the answer (``same_as``).
    """
    ranked = list(ranked)
    copies = near_copies(articles[hit.article_id] for hit in ranked)
    hits = [hit for hit in ranked if hit.article_id in copies][:limit]
    hit_ids = {hit.article_id for hit in hits}
    return tuple(hits), {a: ids for a, ids in copies.items() if ids and a in hit_ids}


def idf_of(asked: Sequence[str], library: Library) -> dict[str, float]:
    """Return the inverse document frequency of the stem of each word, over the library's chunks.

    This is the formula of BM25 in the variant that is never negative.
    """
    from math import log

    unique = list(dict.fromkeys(stem(word) for word in asked))
    frequency, total = library.document_frequency(unique)
    return {s: log(1 + (total - frequency.get(s, 0) + 0.5) / (frequency.get(s, 0) + 0.5)) for s in unique}
