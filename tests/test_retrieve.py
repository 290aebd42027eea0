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
from qa.search.retrieve import Retrieved, retrieve, with_second_search

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


STORY = {
    "court": "Judge Ruth Halloran opened the case of Castell Estates in Tarnwick on Monday.",
    "price": "Castell Estates of Tarnwick paid 48 million for the ground.",
    "hotel": "Castell Estates builds hotels in Tarnwick.",
    "rain": "It rained in the north all week and the fields are wet.",
    "corn": "Corn prices went up in the autumn.",
}


@pytest.fixture
def story() -> Iterator[Library]:
    with closing(Library(None)) as library:
        ingest_into(library, [Article(id=i, version="1", text=t) for i, t in STORY.items()], EMBEDDER)
        yield library


def test_the_rest_of_a_story_is_found_by_its_names(story: Library) -> None:
    found = [hit.article_id for hit in search(story, "Who opened the case, and what was paid?", words_alone=True).hits]
    assert set(found) == {"court", "price", "hotel"}
    assert found[-1] == "hotel"  # no word of the question, but names of what was found


def test_each_question_of_several_is_searched(library: Library) -> None:
    found = search(library, "Who repaired the car, and what did the baker sell?", words_alone=True, limit=2)
    assert {hit.article_id for hit in found.hits} == {"car", "cake"}


def test_irregular_forms_and_nouns_are_found(library: Library) -> None:
    assert [h.article_id for h in search(library, "Which sale?", words_alone=True).hits] == ["cake"]


def test_neighbours_of_a_hit_are_passages_too() -> None:
    text = " ".join(f"Sentence {n} tells of the harbour and its {'x' * 60} cranes." for n in range(30))
    with closing(Library(None)) as library:
        ingest_into(library, [Article(id="a", version="1", text=text)], EMBEDDER)
        found = search(library, "Sentence 15", limit=1)
    (hit,) = found.hits
    assert [p.sentence.index for p in found.passages()] == list(range(hit.first, hit.last + 1))
    assert [p.sentence.index for p in found.passages(1)] == list(range(max(0, hit.first - 1), hit.last + 2))


def test_a_second_search_comes_behind_the_best_of_the_first_and_needs_something_new(library: Library) -> None:
    first, second = search(library, "car garage", words_alone=True), search(library, "baker cake", words_alone=True)
    both = with_second_search(first, second, seen={("car", 0)})
    assert both is not None
    assert [hit.article_id for hit in both.hits] == ["car", "cake"]
    assert list(both.articles) == ["car", "cake"]
    assert with_second_search(first, first, seen={("car", 0)}) is None


def test_what_is_found_by_rare_words_stays_in_front_of_a_crowd_that_shares_names() -> None:
    crowd = [
        Article(id=f"crate{n}", version="1", text=f"Crate K{n} was found at pier {n}, the harbour master of Varn said.")
        for n in range(50)
    ]
    lantern = Article(id="lantern", version="1", text="The tin lantern was found at pier nine, the warden said.")
    with closing(Library(None)) as library:
        ingest_into(library, [*crowd, lantern], EMBEDDER)
        assert search(library, "Where was the tin lantern found?").hits[0].article_id == "lantern"


def test_chunks_with_the_best_sentences_come_first_and_keep_falling_scores(library: Library) -> None:
    found = search(library, "Which cake has plums, and who repairs a car?")
    assert found.hits[0].article_id != "car"
    led = found.led_by({("car", 0): 2.0, ("cake", 0): 1.0})
    assert [hit.article_id for hit in led.hits] == ["car", "cake", "plum"]
    assert list(led.articles) == ["car", "cake", "plum"]
    assert [hit.score for hit in led.hits] == sorted((hit.score for hit in found.hits), reverse=True)
