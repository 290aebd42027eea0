"""Retrieval finds chunks by words and by vectors and fuses the two rankings."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing

import pytest

from qa.ingestion import ingest_into
from qa.library.embedders import WordLlamaEmbedder
from qa.library.index import Index
from qa.library.library import Library
from qa.model import Article
from qa.questions.plan import plan
from qa.search.retrieve import Retrieved, retrieve

EMBEDDER = WordLlamaEmbedder()
TEXTS = {
    "car": "The car was repaired in a garage.",
    "cake": "The baker sold a cake with plums.",
    "plum": "Plums and plums alone grow at Elm.",
}


@pytest.fixture
def library() -> Iterator[Library]:
    with closing(Library(None)) as library:
        ingest_into(library, [Article(id=i, version="1", text=t) for i, t in TEXTS.items()], EMBEDDER)
        yield library


def search(library: Library, question: str, *, words_alone: bool = False, limit: int = 12) -> Retrieved:
    return retrieve(plan(question), library, Index(library, None), None if words_alone else EMBEDDER, limit)


def test_vectors_find_chunks_that_share_no_word_with_the_question(library: Library) -> None:
    hits = search(library, "automobile").hits
    assert hits[0].article_id == "car"
    assert hits[0].lexical is None
    assert hits[0].similarity
    assert search(library, "automobile", words_alone=True).hits == ()


def test_words_are_matched_by_stem_and_scored(library: Library) -> None:
    hits = search(library, "Who repairs?", words_alone=True).hits
    assert [h.article_id for h in hits] == ["car"]
    assert hits[0].similarity is None
    assert hits[0].lexical
    assert hits[0].lexical > 0


def test_chunks_found_by_words_and_vectors_come_first(library: Library) -> None:
    assert search(library, "plums").hits[0].article_id == "plum"


def test_a_rare_word_has_a_higher_idf_than_a_common_one(library: Library) -> None:
    idf = search(library, "plums garage").idf
    assert idf["garag"] > idf["plum"] > 0


def test_passages_holds_each_sentence_of_the_hits_once_and_in_order(library: Library) -> None:
    passages = search(library, "plums cake car").passages()
    places = [(p.article_id, p.sentence.index) for p in passages]
    assert len(places) == len(set(places)) == 3
    assert [p.label for p in passages] == ["S1", "S2", "S3"]


def test_no_more_hits_than_the_limit_are_returned(library: Library) -> None:
    assert len(search(library, "plums cake car", limit=1).hits) == 1
