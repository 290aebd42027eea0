"""Candidates from words (FTS5) and from vectors (the index), fused, filtered, near-copies once."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from ..articles.load.dateline import prose_start
from ..articles.speech import variants
from ..model import Article, Hit, Passage, Sentence, Status
from ..store.embed import Embedder
from ..store.index import Index
from ..store.library import Library
from .plan import Plan
from .terms import content_words, numbers, stem, words

POOL = 60  # candidates taken from each side before fusion
RRF_K = 60.0  # Cormack, Clarke, Büttcher (SIGIR 2009): reciprocal rank fusion, with their constant
COPY_CONTAINMENT = 0.6  # share of the shorter text's word 5-grams that stand in the other: lightly edited agency copy
SHINGLE = 5


@dataclass(frozen=True)
class Retrieved:
    """What a question may be answered from, read in one snapshot of the library."""

    hits: tuple[Hit, ...]
    articles: dict[str, Article]
    sentences: dict[str, tuple[Sentence, ...]]
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
            Passage(label=f"S{n}", article_id=a, sentence=self.sentences[a][i], score=scores[a, i])
            for n, (a, i) in enumerate(ordered, 1)
        )


def retrieve(plan: Plan, library: Library, index: Index, embedder: Embedder | None, limit: int) -> Retrieved:
    """The ``limit`` best chunks for a plan. Call inside ``library.reading()``.

    ``embedder`` None searches by words alone (offline with a remote embedder). Ranks are fused, not scores: BM25 and
    cosine have no common scale.
    """
    asked = content_words(plan.sought)
    lexical = library.lexical((*asked, *variants(plan.sought)), POOL, plan.filters)
    similar: list[tuple[int, float]] = []
    if embedder is not None:
        similar = index.search(embedder.embed([plan.sought])[0], POOL, plan.filters)
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
    articles = {hit.article_id: library.article(hit.article_id) for hit in ranked[: 3 * limit]}
    hits, copies = _collapse(ranked[: 3 * limit], articles, limit)
    kept = list(dict.fromkeys(hit.article_id for hit in hits))
    return Retrieved(
        hits=hits,
        articles={article_id: articles[article_id] for article_id in kept},
        sentences={article_id: library.sentences(article_id) for article_id in kept},
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
    ranked: Iterable[Hit], articles: dict[str, Article], limit: int
) -> tuple[tuple[Hit, ...], dict[str, tuple[str, ...]]]:
    """The first ``limit`` hits without those of near-copies; and, per kept article, the ids of its copies.

    Of two copies the one that ranks first speaks; the other is named in ``same_as``, never silently lost.
    """
    ranked = list(ranked)
    copies = near_copies(articles[hit.article_id] for hit in ranked)
    hits = [hit for hit in ranked if hit.article_id in copies][:limit]
    kept = {hit.article_id for hit in hits}
    return tuple(hits), {a: ids for a, ids in copies.items() if ids and a in kept}


def near_copies(articles: Iterable[Article]) -> dict[str, tuple[str, ...]]:
    """Article ids without those of near-copies, each with the ids of its copies: the first of them speaks for all."""
    prints: dict[str, _Print] = {}
    copies: dict[str, list[str]] = {}
    for article_id, article in {article.id: article for article in articles}.items():
        mine = _print(article.text, article.status)
        twin = next((a for a in prints if mine.copies(prints[a])), None)
        if twin:
            copies[twin].append(article_id)
        else:
            prints[article_id], copies[article_id] = mine, []
    return {article_id: tuple(ids) for article_id, ids in copies.items()}


@dataclass(frozen=True)
class _Print:
    """What tells an agency copy from another story, or from a later version of the same one."""

    shingles: frozenset[int]
    numbers: frozenset[float]
    status: Status

    def copies(self, other: _Print) -> bool:
        """Same words, same status, and no number on either side that only one has: 31 dead are not 12 dead."""
        shorter, longer = sorted((self, other), key=lambda p: len(p.shingles))
        return (
            self.status == other.status
            and shorter.numbers <= longer.numbers
            and _contained(self.shingles, other.shingles) >= COPY_CONTAINMENT
        )


@lru_cache(maxsize=1000)  # half of a search's time otherwise: the same stories come up again and again
def _print(text: str, status: Status) -> _Print:
    # The story alone: what stands before it (headline, date, byline) differs between outlets.
    story = text[prose_start(text) or 0 :]
    every = words(story)
    # Hashes of the shingles: a tenth of their memory.
    shingles = frozenset(hash(every[i : i + SHINGLE]) for i in range(len(every) - SHINGLE + 1))
    return _Print(shingles, frozenset(numbers(story)), status)


def _contained(one: frozenset[int], other: frozenset[int]) -> float:
    """Containment (Broder 1997) of the smaller set in the larger; 0 where either is empty."""
    smaller = min(len(one), len(other))
    return len(one & other) / smaller if smaller else 0.0


def idf_of(asked: Sequence[str], library: Library) -> dict[str, float]:
    """Inverse document frequency of each asked word's stem over the library's chunks (BM25's, never negative)."""
    from math import log

    unique = list(dict.fromkeys(stem(word) for word in asked))
    frequency, total = library.document_frequency(unique)
    return {s: log(1 + (total - frequency.get(s, 0) + 0.5) / (frequency.get(s, 0) + 0.5)) for s in unique}
