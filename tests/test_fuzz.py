"""Ten thousand mutated articles go through parse, search and verification: nothing raises, and nothing takes long.

    pytest tests/test_fuzz.py -m slow --articles 10000 --more FOLDER

``--more`` adds the ``.txt``, ``.md`` and ``.jsonl`` files of a folder to the sample that is mutated.
"""

from __future__ import annotations

import gc
import random
import time
from collections.abc import Sequence
from contextlib import closing, suppress
from datetime import date
from itertools import islice, pairwise
from pathlib import Path

import pytest

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
PER_KILOBYTE = 0.05  # seconds of processor time; a text below a kilobyte counts as one
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
    slow: list[tuple[float, str]] = []
    for number in range(request.config.getoption("--articles")):
        article = mutated(chance, sample, number)
        took = _seconds_to_parse(article)
        if took > PER_KILOBYTE * max(1.0, len(article.text.encode(errors="replace")) / 1000):
            slow.append((took, article.text))
    assert slow == []


def _seconds_to_parse(article: Article) -> float:
    """Seconds of this thread's processor time. The collector waits: what other tests left behind is not parsing."""
    gc.disable()
    try:
        began = time.thread_time()
        document = document_of(article)
        for layer in LAYERS:
            document.read(layer)
        return time.thread_time() - began
    finally:
        gc.enable()


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
