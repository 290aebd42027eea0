"""A thousand mutated articles go through parse, search and verification: nothing raises, and nothing takes long.

A campaign mutates more of them than fit into every run of the tests:

    pytest tests/test_fuzz.py --articles 10000 --more FOLDER

``--more`` adds the ``.txt``, ``.md`` and ``.jsonl`` files of a folder to the sample that is mutated.
"""

from __future__ import annotations

import random
import statistics
from collections.abc import Sequence
from contextlib import closing, suppress
from datetime import date
from itertools import islice, pairwise
from pathlib import Path

import pytest
from growth import seconds

from qa import pipeline
from qa.articles.load import load
from qa.articles.parse import document_of
from qa.english.document import LAYERS
from qa.ingestion import ingest_into
from qa.library.embedders import WordLlamaEmbedder
from qa.library.library import Library
from qa.model import Article, Done, DraftClaim, Passage
from qa.settings import Settings
from qa.verification.examine import examine

pytestmark = pytest.mark.slow

CORPUS = Path(__file__).parent.parent / "evals" / "corpus"
SEED = 20261127
BATCH = 50  # articles a library
LONGEST = 20  # times the median of all articles, for each kilobyte
MARKS = "“ ” \" ‘ ’ ' « » „ ( ) [ ] — – - … . , ; : ! ?".split()
ODD = ["\u0301", "\u200b", "\u061c", "\u3164", "\u00ad", "\u2028", "\u00a0", "\x07", "\t", "\r\n", "\n\n", *"éßİ中🙂"]
WORDS = """
    said told No. Two Friday May April The An He She It they who which that not never may will half dozen third 1,200
    2.5bn $5m 5% 3-1 2026 12 March Mr. Dr. U.S. a.m. said. “No.” Monday’s o’clock according to of the and
""".split()
QUESTIONS = ("Who said so?", "How many were hurt on Friday?", "What has she said?", "Why was it not half a million?")


@pytest.fixture(scope="module")
def sample(request: pytest.FixtureRequest) -> list[Article]:
    more = request.config.getoption("--more")
    places = [CORPUS, *([Path(more)] if more else [])]
    return [one for one in load(places) if isinstance(one, Article)]


def mutated(chance: random.Random, sample: Sequence[Article], number: int) -> Article:
    """An article of the sample with its words, marks, capitals, digits and characters disturbed."""
    text = chance.choice(sample).text
    start = chance.randrange(max(1, len(text) - 2500))
    text = text[start if chance.random() < 0.5 else 0 :][: chance.randint(50, 2500)]
    for _ in range(chance.randint(1, 12)):
        at = chance.randrange(len(text) + 1)
        other = chance.choice(sample).text
        kind = chance.randrange(9)
        if kind == 0:  # a piece of another story
            begin = chance.randrange(len(other))
            text = text[:at] + other[begin : begin + chance.randint(1, 200)] + text[at:]
        elif kind == 1:
            text = text[:at] + chance.choice(MARKS) * chance.choice([1, 1, 1, 2, 40]) + text[at:]
        elif kind == 2:
            text = text[:at] + chance.choice(ODD) * chance.choice([1, 1, 5]) + text[at:]
        elif kind == 3:
            text = text[:at] + " " + " ".join(chance.choices(WORDS, k=chance.randint(1, 8))) + " " + text[at:]
        elif kind == 4:
            text = text[:at] + text[at : at + 80].swapcase() + text[at + 80 :]
        elif kind == 5:
            text = text[:at] + text[at + chance.randint(1, 60) :]
        elif kind == 6:
            text = "".join(chance.choice("0123456789") if ch.isdigit() else ch for ch in text)
        elif kind == 7:
            sentences = text.split(". ")
            chance.shuffle(sentences)
            text = ". ".join(sentences)
        else:
            text = text[:at] + (text[at : at + 12] or "a") * chance.choice([2, 3, 60]) + text[at:]
    published = chance.choice([None, date(2026, 3, 5), date(1, 1, 1), date(9999, 12, 31)])
    title = chance.choice([None, "", chance.choice(MARKS), text[:40]])
    return Article(id=f"m{number}", version="v", title=title, published=published, text=text or "a")


def test_no_mutated_article_raises_or_takes_long_to_parse(
    request: pytest.FixtureRequest, sample: list[Article]
) -> None:
    chance = random.Random(SEED)
    articles = [mutated(chance, sample, number) for number in range(request.config.getoption("--articles"))]
    taken = [_seconds_a_kilobyte(article) for article in articles]
    usual = statistics.median(taken)
    slow = [article for article, took in zip(articles, taken, strict=True) if took > LONGEST * usual]
    # What the system did meanwhile counts as well, so an article is slow if it is slow again.
    assert [article.text for article in slow if _seconds_a_kilobyte(article) > LONGEST * usual] == []


def _seconds_a_kilobyte(article: Article) -> float:
    """Seconds of processor time to parse an article, for each kilobyte of it. A text below a kilobyte counts as one."""

    def parse() -> None:
        document = document_of(article)
        for layer in LAYERS:
            document.read(layer)

    return seconds(parse) / max(1.0, len(article.text.encode(errors="replace")) / 1000)


def test_no_mutated_article_makes_a_question_or_a_check_raise(
    request: pytest.FixtureRequest, sample: list[Article], caplog: pytest.LogCaptureFixture
) -> None:
    chance = random.Random(SEED + 1)
    settings = Settings(offline=True)
    many = (mutated(chance, sample, number) for number in range(request.config.getoption("--articles")))
    while batch := list(islice(many, BATCH)):
        with closing(Library(None)) as library:
            report = ingest_into(library, batch, WordLlamaEmbedder())
            assert report.incomplete == ()
            assert report.skipped == ()
            engine = pipeline.build(settings, library)
            own = chance.choice(batch).text.split(".")[0][:200].strip()
            for question in (chance.choice(QUESTIONS), f"What about {own}?"):
                *_, done = pipeline.ask(engine, question, today=date(2026, 3, 20))
                assert isinstance(done, Done)
                for citation in done.answer.citations:
                    article = library.article(citation.article_id)
                    assert article.text[citation.start : citation.end] == citation.quote
            _examine_mutated_claims(chance, library, batch)


def _examine_mutated_claims(chance: random.Random, library: Library, batch: Sequence[Article]) -> None:
    """Claims that are pieces of two articles, cited to sentences of one."""
    chosen = chance.sample(list(batch), 6)
    parsed = library.parsed(article.id for article in chosen)
    for one, other in pairwise(chosen):
        sentences = parsed[one.id].sentences[:6]
        passages = tuple(
            Passage(label=f"S{s.index}", article_id=one.id, sentence=s, score=1.0 / (1 + s.index)) for s in sentences
        )
        claims = []
        for passage in passages:
            words = passage.sentence.text.split()
            with suppress(IndexError):
                words[chance.randrange(len(words))] = chance.choice((*WORDS, *other.text.split()[:50]))
            speaker = chance.choice([None, "Una Holm"])
            claims.append(DraftClaim(text=" ".join(words), labels=(passage.label,), speaker=speaker))
        examined = examine(claims, passages, parsed)
        assert len(examined.passed) + len(examined.rejected) == len(claims)
