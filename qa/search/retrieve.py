"""Retrieves chunks by words (FTS5) and by vectors (the index), fuses the rankings and merges near-copies.

Every question is searched as a whole, each question that it joins by itself, and once more with the names of what was
found first: the other articles of a story share its names, but not always the words of the question.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass, replace

from ..articles.parse import ParsedArticle
from ..english.inflection import related_forms
from ..english.lexicon import STOPWORDS
from ..english.names import names
from ..english.questions import content_words
from ..english.speech import variants
from ..english.tokens import stem, words
from ..library.embedders import Embedder
from ..library.index import Index
from ..library.library import Library
from ..library.rows import ChunkRow
from ..model import Filters, Hit, Passage
from ..questions.plan import Plan
from .near_copies import near_copies

POOL = 100  # chunks taken from each ranking before fusion
SPARE = 24  # chunks beyond those wanted, to replace near-copies
RRF_K = 60.0  # the constant of reciprocal rank fusion, as in Cormack, Clarke, Büttcher (SIGIR 2009)

# The weights of the rankings, chosen on the dev storylines, alone and among 1,000 articles.
BY_WORDS = 1.0
BY_VECTORS = 0.5  # static vectors find the topic; words find the article
BY_PART = 0.5  # what is found for one of the questions that a question joins, in proportion to the whole
BY_STORY = 0.4  # what is found by the names of the chunks found first
KEPT = 8  # chunks of a first search that a second one leaves in front
FRONT = 2  # chunks found before the rest of the story that stay in front of it
STORY_CHUNKS = 10  # how many of those chunks give names
STORY_NAMES = 15  # how many names are searched: those that are most frequent there and rarest elsewhere

Ranking = tuple[float, Sequence[int]]
"""The weight of a ranking, and the ids of its chunks, best first."""


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

    def best(self, limit: int) -> Retrieved:
        """Return the first ``limit`` hits alone."""
        return replace(self, hits=self.hits[:limit])

    def led_by(self, best: Mapping[tuple[str, int], float]) -> Retrieved:
        """Return the hits in the order of their best sentence, given scores by article id and sentence index.

        Hits without a scored sentence keep their order, behind the others. The scores of the hits are those of before,
        in falling order.
        """
        lowest = float("-inf")
        order = sorted(
            self.hits,
            key=lambda h: -max(best.get((h.article_id, i), lowest) for i in range(h.first, h.last + 1)),
        )
        scores = sorted((hit.score for hit in self.hits), reverse=True)
        hits = tuple(h.model_copy(update={"score": score}) for h, score in zip(order, scores, strict=True))
        return replace(self, hits=hits, articles={hit.article_id: self.articles[hit.article_id] for hit in hits})

    def passages(self, neighbours: int = 0) -> tuple[Passage, ...]:
        """Return each sentence of the hits once. They are labelled S1…Sn, by article (best first) and position.

        ``neighbours`` adds that many sentences before and after each hit, which explain its pronouns.
        """
        scores: dict[tuple[str, int], float] = {}
        for hit in self.hits:
            last = len(self.articles[hit.article_id].sentences) - 1
            for index in range(max(0, hit.first - neighbours), min(last, hit.last + neighbours) + 1):
                scores.setdefault((hit.article_id, index), hit.score)
        rank = {article_id: n for n, article_id in enumerate(self.articles)}
        ordered = sorted(scores, key=lambda key: (rank[key[0]], key[1]))
        return tuple(
            Passage(label=f"S{n}", article_id=a, sentence=self.articles[a].sentences[i], score=scores[a, i])
            for n, (a, i) in enumerate(ordered, 1)
        )


def retrieve(plan: Plan, library: Library, index: Index, embedder: Embedder | None, limit: int) -> Retrieved:
    """Retrieve the best chunks for a plan. Call this inside ``library.reading()``.

    The ranks of the searches are fused, not their scores, because BM25 and cosine have no common scale. If the question
    itself names days or a speaker, what it prefers is searched too, so that it comes first.

    Args:
        plan: what to search for.
        library: searched by words.
        index: searched by vectors.
        embedder: the library's embedder. None searches by words alone (offline, with a remote embedder).
        limit: the most chunks to return.
    """
    queries = (plan.query, *plan.parts)
    vectors = embedder.embed(queries) if embedder is not None else ()
    scopes = dict.fromkeys((plan.filters, plan.preferred))
    rows: dict[int, ChunkRow] = {}
    bm25: dict[int, float] = {}
    cosine: dict[int, float] = {}
    rankings: list[Ranking] = []
    for number, query in enumerate(queries):
        weight = BY_PART if number else 1.0
        terms = (*_terms(query), *variants(query))
        for filters in scopes:
            lexical = library.lexical(terms, POOL, filters)
            rows |= {row.id: row for row, _ in lexical}
            rankings.append((weight * BY_WORDS, [row.id for row, _ in lexical]))
            similar = index.search(vectors[number], POOL, filters) if embedder is not None else []
            rows |= library.chunks([i for i, _ in similar if i not in rows])
            rankings.append((weight * BY_VECTORS, [i for i, _ in similar if i in rows]))
            if not number:
                bm25 |= {row.id: score for row, score in lexical}
                cosine |= dict(similar)
    first = [i for i, _ in _fuse(rankings)[:STORY_CHUNKS]]
    story = _story([rows[i] for i in first], plan.filters, library)
    rows |= {row.id: row for row in story}
    rankings.append((BY_STORY, [row.id for row in story]))
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
        for i, score in _with_front(_fuse(rankings), first[:FRONT])
    ]
    candidates = ranked[: limit + SPARE]
    articles = library.parsed(hit.article_id for hit in candidates)
    hits, copies = _collapse(candidates, articles, limit)
    hit_ids = list(dict.fromkeys(hit.article_id for hit in hits))
    return Retrieved(
        hits=hits,
        articles={article_id: articles[article_id] for article_id in hit_ids},
        copies=copies,
        idf=idf_of(content_words(plan.query), library),
    )


def search_by_words(query: str, filters: Filters, library: Library, known: Retrieved, limit: int) -> Retrieved:
    """Search the words of a query alone, for chunks that are not among the known ones.

    Call this inside ``library.reading()``.

    Args:
        query: what to search for.
        filters: the articles to search.
        library: where to search.
        known: what was found before.
        limit: the most chunks to return.
    """
    seen = {hit.chunk_id for hit in known.hits}
    found = library.lexical((*_terms(query), *variants(query)), limit + len(seen), filters)
    rows = [(row, score) for row, score in found if row.id not in seen][:limit]
    hits = tuple(
        Hit(
            chunk_id=row.id,
            article_id=row.article_id,
            first=row.first,
            last=row.last,
            score=1 / (RRF_K + n),
            lexical=score,
        )
        for n, (row, score) in enumerate(rows, 1)
    )
    articles = library.parsed(dict.fromkeys(hit.article_id for hit in hits))
    return Retrieved(hits, articles, {}, known.idf)


def with_second_search(first: Retrieved, second: Retrieved, seen: Set[tuple[str, int]]) -> Retrieved | None:
    """Return what two searches found: the best of the first, then what the second adds, then the rest.

    Args:
        first: what the first search found.
        second: what the second search found.
        seen: article ids and indices of the sentences that were shown after the first search.

    Returns:
        None if the second search found nothing that was not seen.
    """
    kept = {hit.chunk_id: hit.model_copy(update={"score": 2 + hit.score}) for hit in first.hits[:KEPT]}
    new = {
        hit.chunk_id: hit.model_copy(update={"score": 1 + hit.score})  # fused scores are far below 1
        for hit in second.hits
        if hit.chunk_id not in kept
        and any((hit.article_id, index) not in seen for index in range(hit.first, hit.last + 1))
    }
    if not new:
        return None
    hits = (*kept.values(), *new.values(), *(hit for hit in first.hits if hit.chunk_id not in kept | new))
    articles = first.articles | second.articles
    in_order = {hit.article_id: articles[hit.article_id] for hit in hits}
    return Retrieved(hits, in_order, first.copies | second.copies, first.idf)


def _terms(query: str) -> tuple[str, ...]:
    """The words to look for, with their irregular forms and nouns: "sold" also finds "sell" and "sale"."""
    return tuple(dict.fromkeys(form for word in content_words(query) for form in (word, *sorted(related_forms(word)))))


def _story(found: Sequence[ChunkRow], filters: Filters, library: Library) -> list[ChunkRow]:
    """Chunks that share names with those found first, best first: the rest of the story (pseudo-relevance feedback).

    A name belongs to the story if two of these chunks have it. It counts more in a chunk that ranks high, and the fewer
    chunks of the library have it.
    """
    weights: dict[str, float] = {}
    seen: Counter[str] = Counter()
    articles = library.parsed(dict.fromkeys(row.article_id for row in found))
    for rank, row in enumerate(found):
        article = articles[row.article_id]
        first, last = article.sentences[row.first], article.sentences[row.last]
        told = " ".join((article.article.title or "", article.document.text[first.start : last.end]))
        for word in {word for name in names(told) for word in words(name)} - STOPWORDS:
            seen[word] += 1
            weights[word] = weights.get(word, 0.0) + 1 / (1 + 0.3 * rank)
    shared = [word for word, count in seen.items() if count > 1]
    rarity = idf_of(shared, library)
    best = sorted(shared, key=lambda word: (-weights[word] * rarity[stem(word)], word))[:STORY_NAMES]
    return [row for row, _ in library.lexical(best, POOL, filters)]


def _fuse(rankings: Sequence[Ranking]) -> list[tuple[int, float]]:
    """Fuse weighted rankings by reciprocal rank fusion. Returns ids and scores, best first."""
    scores: dict[int, float] = {}
    for weight, ranking in rankings:
        for rank, item in enumerate(ranking, 1):
            scores[item] = scores.get(item, 0.0) + weight / (RRF_K + rank)
    return sorted(scores.items(), key=lambda item: (-item[1], item[0]))


def _with_front(ranked: Sequence[tuple[int, float]], front: Sequence[int]) -> list[tuple[int, float]]:
    """Put chunks first, with the best score: the rest of the story adds to what was found and replaces nothing."""
    best = ranked[0][1] if ranked else 0.0
    return [*((i, best) for i in front), *(pair for pair in ranked if pair[0] not in front)]


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
