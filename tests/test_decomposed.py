"""Accents composed or not: an article and its decomposed twin are the same to a reader, and stored as they are."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from verifying import verified as verify

from qa import pipeline
from qa.articles.load import load_text
from qa.articles.parse import parse, sentences_of
from qa.english.sentences import split
from qa.ingestion import ingest_into
from qa.library.embedders import WordLlamaEmbedder
from qa.library.library import Library
from qa.model import Article, Done, Draft, DraftClaim, Passage
from qa.settings import Settings

# Decomposed, "Thérèse" begins like "The", "Ágnes" like "A" and "Íñigo" like "I".
ARTICLE = """Thérèse Brûlé leaves the Société Minière

By Ágnes Őze, Écho de Varn, 5 March 2026

ÎLE-D’OR, March 5 (Écho de Varn) - Thérèse Brûlé, director of the Société Minière, resigned on Tuesday after the \
inquiry of Judge Łukasz Żółty found 31 faults. “Je pars sans regret – I leave without regret,” Brûlé said.

Íñigo Ibáñez, her deputy, said that the mine in Älvön would stay open until May. “Où irions-nous? Nowhere,” he told \
reporters at the Café Bébé. The café’s owner, Ngozi Ọ̀ṣun, was not there.

“Will they strike?” Ágota Bő asked at noon. Nobody answered.
"""
TWIN = unicodedata.normalize("NFD", ARTICLE)
QUESTIONS = [
    "Why did Thérèse Brûlé resign?",
    "Why did Therese Brule resign?",
    "Who said “I leave without regret”?",
    "What did Íñigo Ibáñez say?",
    "Until when would the mine in Älvön stay open?",
    "How many faults did the inquiry of Łukasz Żółty find?",
    "Who is the café’s owner?",
]


def composed(text: str | None) -> str | None:
    return None if text is None else unicodedata.normalize("NFC", text)


def pair() -> tuple[Article, Article]:
    assert composed(ARTICLE) == ARTICLE != TWIN
    return load_text(ARTICLE), load_text(TWIN)


def test_the_text_is_stored_as_it_was_written() -> None:
    one, twin = pair()
    assert (one.text, twin.text) == (ARTICLE, TWIN)


def test_the_header_is_the_same() -> None:
    one, twin = pair()
    assert twin.title == one.title == "Thérèse Brûlé leaves the Société Minière"
    assert twin.authors == one.authors == ("Ágnes Őze",)
    assert twin.source == one.source == "Écho de Varn"
    assert (twin.published, twin.language) == (one.published, one.language)


def test_sentences_are_the_same_and_their_offsets_those_of_the_stored_text() -> None:
    one, twin = (parse(article).sentences for article in pair())
    assert [composed(s.text) for s in twin] == [s.text for s in one]
    assert len(one) == 10
    assert all(TWIN[s.start : s.end] == s.text for s in twin)


@settings(max_examples=150, deadline=None)
@given(
    st.lists(st.sampled_from([*"éőŁ e.\n“”", "Ann Őze said. ", "ç’est ", "Þ. ", "\u0301", "\r\n"]), max_size=80).map(
        "".join
    )
)
def test_any_text_and_its_twin_have_the_same_sentences(text: str) -> None:
    one, twin = (unicodedata.normalize(form, text) for form in ("NFC", "NFD"))
    assert [composed(s.text) for s in split(twin)] == [s.text for s in split(one)]
    assert all(twin[s.start : s.end] == s.text for s in split(twin))


def test_speakers_and_their_words_are_the_same() -> None:
    one, twin = (parse(article).document.utterances for article in pair())
    heard = [(u.sentence, u.speaker, u.attribution, ARTICLE[u.start : u.end]) for u in one]
    again = [(u.sentence, u.speaker, u.attribution, composed(TWIN[u.start : u.end])) for u in twin]
    assert again == heard
    assert {speaker for _, speaker, *_ in heard} == {"Thérèse Brûlé", "Íñigo Ibáñez", "Ágota Bő"}


def test_times_are_the_same() -> None:
    one, twin = (parse(article).document.times for article in pair())
    assert [t.when for t in twin] == [t.when for t in one]


@pytest.fixture(scope="module")
def engines() -> Iterator[list[pipeline.Engine]]:
    """One library for the article, and one for its twin."""
    made = []
    for article in pair():
        library = Library(None)
        ingest_into(library, [article], WordLlamaEmbedder())
        made.append(pipeline.build(Settings(offline=True), library))
    yield made
    for engine in made:
        engine.close()


@pytest.mark.parametrize("question", QUESTIONS)
@pytest.mark.parametrize("form", ["NFC", "NFD"])
def test_answers_are_the_same(engines: list[pipeline.Engine], question: str, form: str) -> None:
    asked = unicodedata.normalize(form, question)
    one, twin = (
        next(event.answer for event in pipeline.ask(engine, asked) if isinstance(event, Done)) for engine in engines
    )
    assert twin.text == one.text
    assert not one.abstention, one.text
    assert not twin.rejected
    assert [composed(c.quote) for c in twin.citations] == [c.quote for c in one.citations]
    assert all(TWIN[c.start : c.end] == c.quote for c in twin.citations)
    assert [claim.speaker for claim in twin.claims] == [claim.speaker for claim in one.claims]


@pytest.mark.parametrize("claimed", ["NFC", "NFD"])
@pytest.mark.parametrize("stored", ["NFC", "NFD"])
def test_a_verbatim_claim_passes_in_either_form(stored: str, claimed: str) -> None:
    article = load_text(unicodedata.normalize(stored, ARTICLE))
    for sentence in sentences_of(article)[4:-1]:
        passage = Passage(label="S1", article_id=article.id, sentence=sentence, score=1.0)
        claim = DraftClaim(text=unicodedata.normalize(claimed, sentence.text), labels=("S1",))
        result = verify(Draft(answerable=True, claims=(claim,)), (passage,), {article.id: article})
        assert not result.rejected
