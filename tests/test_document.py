"""A text is parsed once: its layers are kept, cut for its parts, written down at ingest and taken up by questions."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qa import answer, manage, pipeline
from qa.articles.load import load
from qa.articles.parse import parse
from qa.english import document
from qa.english.document import LAYERS, Document
from qa.model import Article
from qa.settings import Settings

CORPUS = Path(__file__).parent.parent / "evals" / "corpus"
TEXT = "The ferry sank on Wednesday. “It was dark,” Una Holm said on Thursday. Two days later divers came."
PUBLISHED = date(2026, 3, 13)
READERS = {"sentences": "split", "quotations": "quoted_spans", "times": "document_times", "utterances": "utterances"}


def test_a_layer_is_read_when_it_is_asked_for_and_once(monkeypatch: pytest.MonkeyPatch) -> None:
    counted = counting(monkeypatch)
    one = Document(TEXT, PUBLISHED)
    assert not any(counted.values())
    for _ in range(3):
        assert len(one.sentences) == 3
        assert [t.when.start for t in one.times] == [date(2026, 3, 11), date(2026, 3, 12), date(2026, 3, 14)]
        assert [u.speaker for u in one.utterances] == ["Una Holm"]
        assert [TEXT[q.start : q.end] for q in one.quotations] == ["“It was dark,”"]
    assert {name: len(texts) for name, texts in counted.items()} == {
        "split": 1,
        "quoted_spans": 3,  # once a sentence
        "document_times": 1,
        "utterances": 1,
    }


def test_a_part_has_the_layers_of_the_whole_with_offsets_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = Document(TEXT, PUBLISHED)
    for layer in LAYERS:
        whole.read(layer)
    counted = counting(monkeypatch)
    second = whole.sentences[1]
    part = whole.within(second.start, second.end)
    assert part is whole.within(second.start, second.end)
    assert part.text == second.text
    assert [part.text[t.start : t.end] for t in part.times] == ["Thursday"]
    assert [part.text[u.start : u.end] for u in part.utterances] == ["It was dark,"]
    third = whole.sentences[2]
    assert [t.when.start for t in whole.within(third.start, third.end).times] == [date(2026, 3, 14)], "read in context"
    assert not any(counted.values())


@pytest.mark.parametrize("article", list(load([CORPUS]))[::6], ids=lambda a: Path(a.origin).stem)
def test_what_is_written_down_is_taken_up_unchanged(article: Article) -> None:
    one = parse(article).document
    again = Document.stored(
        one.text, one.published, body_start=one.body_start, id=one.id, sentences=one.sentences, layers=one.dump()
    )
    for layer in LAYERS:
        assert getattr(again, layer) == getattr(one, layer)
    assert again.dump() == one.dump()


@given(st.text(alphabet="ab .,:;“”\"'\n()Said on Monday12,", max_size=300))
@settings(max_examples=150, deadline=None)
def test_every_layer_of_any_text_is_in_order_inside_it_and_survives_being_stored(text: str) -> None:
    one = Document(text, PUBLISHED)
    for layer in LAYERS:
        items = getattr(one, layer)
        assert all(0 <= i.start <= i.end <= len(text) for i in items)
        assert list(items) == sorted(items, key=lambda i: i.start)
    json.loads(one.dump())
    again = Document.stored(text, PUBLISHED, body_start=0, id="", sentences=one.sentences, layers=one.dump())
    assert [getattr(again, layer) for layer in LAYERS] == [getattr(one, layer) for layer in LAYERS]


def test_an_article_is_parsed_once_when_it_is_ingested_and_never_by_a_question(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stored = {str(a.text) for a in load([CORPUS])}
    settings = Settings(library=tmp_path / "library", offline=True)
    counted = counting(monkeypatch)
    manage.ingest(str(CORPUS), settings=settings)
    assert sorted(counted["split"]) == sorted(stored), "one sentence split an article"
    assert sorted(counted["utterances"]) == sorted(stored), "one reading of who speaks an article"
    assert len(counted["document_times"]) == len(stored)
    for texts in counted.values():
        texts.clear()
    questions = (
        "Who ordered the Keller Bridge shut?",
        "What has Dana Halloran said?",
        "What did the inquiry blame for the grounding of the Ister Dawn?",
        "Which ballots could not be accounted for last week?",
    )
    answers = [answer(question, settings=settings) for question in questions]
    pipeline.close_all()
    assert answers[0].status == "answered"
    assert not [text for text in (*counted["split"], *counted["utterances"]) if text in stored]


def counting(monkeypatch: pytest.MonkeyPatch) -> dict[str, list[str]]:
    """Every text that is read from now on, by the function that reads it."""
    counted: dict[str, list[str]] = {name: [] for name in READERS.values()}

    def count(name: str) -> Callable[..., Any]:
        original = getattr(document, name)

        def wrapped(*args: Any, **options: Any) -> Any:
            counted[name].append(args[0] if isinstance(args[0], str) else " ".join(s.text for s in args[0]))
            return original(*args, **options)

        return wrapped

    for name in READERS.values():
        monkeypatch.setattr(document, name, count(name))
    return counted


def test_today_is_the_datelines_day_not_that_of_publication_later() -> None:
    text = "Dockers out\n\nPORT LIVEN, June 12 (Kestrel) — They walked out today. More strikes are set for tomorrow."

    def days(published: date) -> list[date]:
        article = Article(id="a", version="1", text=text, published=published)
        return [time.when.start for time in parse(article).document.times]

    assert days(date(2026, 6, 15)) == [date(2026, 6, 12), date(2026, 6, 13)]
    assert days(date(2026, 9, 15))[0] == date(2026, 9, 15), "no dateline is that old"
