"""Ranking: the reading model orders the sentences, and the question's days and speaker count."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from datetime import date

import pytest

from qa.ingestion import ingest_into
from qa.library.embedders import WordLlamaEmbedder
from qa.library.index import Index
from qa.library.library import Library
from qa.model import Article
from qa.questions.plan import fit_to_library, plan
from qa.reading.model import ReadingModel
from qa.search.rank import Scored, answering_words, by_best_sentence, rank
from qa.search.reading import Read, features, mended
from qa.search.relevance import LocalScorer, Relevance
from qa.search.retrieve import Retrieved, retrieve

EMBEDDER = WordLlamaEmbedder()
MODEL = ReadingModel()
TEXTS = {
    "fire": "A fire destroyed the fish market on Tuesday night. The hall had stood for ninety years.",
    "vote": "The council voted on Friday. Edda Kroll said they would rebuild it. “It will cost 2m crowns,” she said.",
    "price": "The price of fish rose by a tenth. Owen Tarn said it would rise again.",
}


@pytest.fixture
def library() -> Iterator[Library]:
    articles = [
        Article(id=i, version="1", title=i.title(), published=date(2026, 3, 5 + 7 * n), text=text)
        for n, (i, text) in enumerate(TEXTS.items())
    ]
    with closing(Library(None)) as library:
        ingest_into(library, articles, EMBEDDER)
        yield library


def ranked(library: Library, question: str, model: ReadingModel | None = MODEL) -> tuple[Retrieved, tuple[Scored, ...]]:
    made = fit_to_library(plan(question, today=date(2026, 4, 1)), library)
    found = retrieve(made, library, Index(library, None), EMBEDDER, 12)
    return found, rank(made, found, LocalScorer(EMBEDDER), model)


def test_the_model_finds_an_answer_in_other_words_and_marks_it(library: Library) -> None:
    found, best = ranked(library, "How much money is needed to reconstruct the building?")
    place = best[0].passage.article_id, best[0].passage.sentence.index
    assert best[0].passage.sentence.text.startswith("“It will cost")
    start, end = answering_words(best)[place]
    assert "2m" in best[0].passage.sentence.text[start:end]
    led, again = by_best_sentence(found, best)
    assert led.hits[0].article_id == "vote"
    labels = {p.label: (p.article_id, p.sentence.index) for p in led.passages()}
    assert all(labels[s.passage.label] == (s.passage.article_id, s.passage.sentence.index) for s in again)


def test_without_a_model_no_words_are_marked(library: Library) -> None:
    assert answering_words(ranked(library, "When did the council vote?", None)[1]) == {}


def test_sentences_about_the_days_of_the_question_rank_higher(library: Library) -> None:
    plain = {s.passage.sentence.text: s.relevance.score for s in ranked(library, "What did the fire destroy?")[1]}
    dated = {
        s.passage.sentence.text: s.relevance.score
        for s in ranked(library, "What did the fire destroy on 3 March 2026?")[1]
    }
    burnt, stood = TEXTS["fire"].split(". ")[0] + ".", TEXTS["fire"].split(". ")[1]
    assert dated[burnt] - dated[stood] > plain[burnt] - plain[stood]


def test_words_of_the_person_asked_about_rank_higher_and_answer_more_likely(library: Library) -> None:
    _, best = ranked(library, "What did Owen Tarn say about the price?")
    assert best[0].passage.sentence.text.startswith("Owen Tarn said")


def test_a_sentence_that_was_not_read_counts_as_the_least_likely() -> None:
    score = Relevance(score=1.0, answers=0.5, overlap=0.5, named=1.0, kind=True)
    low, high = mended([score, score], [("a", 0), ("a", 1)], {("a", 1): Read(2.0, (0, 3))}, MODEL)
    assert low.score < high.score
    assert low.answers < high.answers
    assert (low.answer, high.answer) == (None, (0, 3))
    assert features(score, Read(-20.0, None)) == features(score, Read(-10.0, None))


def test_the_row_that_the_question_names_comes_before_the_other_rows_of_its_table() -> None:
    table = (
        "Traffic fell in two of three ports in the second quarter, the port office said on Tuesday.\n\n"
        "Port: Askey; Ships in Q1: 412; Ships in Q2: 388\n"
        "Port: Solent; Ships in Q1: 97; Ships in Q2: 131\n"
        "Port: Karst; Ships in Q1: 240; Ships in Q2: 215"
    )
    with closing(Library(None)) as library:
        ingest_into(library, [Article(id="ports", version="1", title="Port traffic falls", text=table)], EMBEDDER)
        _, best = ranked(library, "How many ships called at Solent in Q2?")
        rows = [s.passage.sentence.text for s in best if s.passage.sentence.text.startswith("Port:")]
        assert rows == ["Port: Solent; Ships in Q1: 97; Ships in Q2: 131"]
        assert best[0].passage.sentence.text == rows[0]
        _, best = ranked(library, "Which port had the most ships in Q2?")  # no row is named, so all are of interest
        assert sum(s.passage.sentence.text.startswith("Port:") for s in best) == 3


def test_a_sentence_below_the_heading_of_another_story_does_not_answer() -> None:
    page = (
        "News in brief\n\nDentist jailed for stealing from patients\n\nFire crews freed a cow from the canal. "
        "A farmer said she was unhurt.\n\nBishop cleared of tax fraud\n\nA bus line to Karst opens in June."
    )
    with closing(Library(None)) as library:
        ingest_into(library, [Article(id="brief", version="1", title="News in brief", text=page)], EMBEDDER)
        _, best = ranked(library, "Who was jailed for stealing from patients?")
        cow = next(s for s in best if "cow" in s.passage.sentence.text)
        assert cow.relevance.answers < MODEL.card["reader"]["answers"]
        assert cow.relevance.overlap < 0.95  # the words of the question are the heading's
