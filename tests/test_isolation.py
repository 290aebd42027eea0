"""One article never harms another: whatever fails on it is named, and the other forty-nine are answerable."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from qa import answer, doctor, manage, pipeline
from qa.english import document, header
from qa.errors import InputError
from qa.ingestion import ingest_into
from qa.library.embedders import Vectors, WordLlamaEmbedder
from qa.library.library import Library
from qa.model import Article
from qa.settings import Settings

ILL = "zarquon"  # a word of the one article that whatever is tested fails on
MANY = 50


class Broken(Exception):
    """What no part of Dateline raises on purpose."""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Fifty articles in files; number 25 holds the word."""
    folder = tmp_path / "articles"
    folder.mkdir()
    for i in range(MANY):
        word = ILL if i == 25 else f"crane{i}"
        text = (
            f"Port news {i}\n\nVARN, March 3 (Coast Wire) - Crane {word} fell on pier {i} on Monday, Una Holm said.\n"
        )
        (folder / f"{i:02}.txt").write_text(text, "utf-8")
    return folder


@pytest.fixture
def settings(tmp_path: Path) -> Iterator[Settings]:
    yield Settings(library=tmp_path / "library", offline=True)
    pipeline.close_all()


def raising(original: Callable[..., Any]) -> Callable[..., Any]:
    """The function, failing where the word is among what it is given."""

    def wrapped(*args: Any, **options: Any) -> Any:
        if ILL in repr(args) + repr([getattr(a, "__dict__", "") for a in args]):
            raise Broken("ouch")
        return original(*args, **options)

    return wrapped


def answerable(settings: Settings) -> int:
    """How many of the other articles answer a question about themselves."""
    found = (answer(f"Who said that crane crane{i} fell on pier {i}?", settings=settings) for i in range(0, MANY, 7))
    return sum(a.status == "answered" and "Una Holm" in a.text for a in found)


STAGES = [
    # what is broken, the part it costs (None: the article itself)
    ("qa.articles.load.files.read_bytes", None),
    ("qa.articles.build.read_header", None),
    ("qa.articles.build.detect", None),
    ("qa.articles.build.prose_start", None),
    ("qa.english.document.split", "sentences"),
    ("qa.english.document.quoted_spans", "quotations"),
    ("qa.english.document.document_times", "times"),
    ("qa.english.document.utterances", "utterances"),
    ("qa.ingestion.pack", "chunks"),
    ("qa.library.library.said_rows", None),
    ("qa.library.library.document_row", None),
    ("qa.library.library.text_hash", "vectors"),
]


@pytest.mark.parametrize(("function", "part"), STAGES)
def test_a_fault_in_any_stage_costs_one_article_or_one_part_of_it(
    function: str, part: str | None, folder: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    module, name = function.rsplit(".", 1)
    if function == "qa.articles.load.files.read_bytes":
        original = pytest.importorskip("qa.articles.files").read_bytes

        def read_bytes(path: Path) -> bytes:
            content: bytes = original(path)
            if ILL.encode() in content:
                raise Broken("ouch")
            return content

        monkeypatch.setattr("qa.articles.files.read_bytes", read_bytes)
    else:
        monkeypatch.setattr(function, raising(getattr(pytest.importorskip(module), name)))
    report = manage.ingest(folder, settings=settings)
    named = [*(s.origin for s in report.skipped), *(i.origin for i in report.incomplete)]
    assert named
    assert all("25.txt" in origin for origin in named)
    assert {i.part for i in report.incomplete} == ({part} if part else set())
    assert all("Broken: ouch" in reason for reason in (r.reason for r in (*report.skipped, *report.incomplete)))
    assert report.added == (MANY if part else MANY - 1)
    assert answerable(settings) == 8
    found = doctor.examine(settings)
    assert ("1 of 50" in found.facts.get("incomplete", "")) == bool(part)


class Picky(WordLlamaEmbedder):
    """An embedder that fails on one text, or on every text."""

    def __init__(self, word: str) -> None:
        super().__init__()
        self._word = word

    def embed(self, texts: Sequence[str]) -> Vectors:
        if any(self._word in text for text in texts):
            raise Broken("ouch")
        vectors: Vectors = np.asarray(super().embed(texts))
        return vectors


def test_a_text_that_cannot_be_embedded_is_stored_without_vectors(folder: Path) -> None:
    with closing(Library(None)) as library:
        report = ingest_into(library, folder, Picky(ILL))
        assert report.added == MANY
        assert [(i.part, i.reason) for i in report.incomplete] == [("vectors", "Broken: ouch")]
        assert library.count() == MANY - 1
        (ill,) = [i.article_id for i in library.incomplete()]
        assert ILL in library.article(ill).text


def test_a_fault_that_meets_every_article_is_raised(folder: Path) -> None:
    with closing(Library(None)) as library, pytest.raises(Broken):
        ingest_into(library, folder, Picky("Coast Wire"))


def test_a_text_that_no_database_can_store_is_named_and_the_others_are_stored() -> None:
    texts = ["A tram stopped.", "Half a pair: \ud800.", "A crane fell."]
    articles = [Article(id=f"a{i}", version="v", text=text, origin=f"row {i}") for i, text in enumerate(texts)]
    with closing(Library(None)) as library:
        report = ingest_into(library, articles, WordLlamaEmbedder())
        assert report.added == 2
        assert [s.origin for s in report.skipped] == ["row 1"]
        assert set(library.versions()) == {"a0", "a2"}


def test_a_row_that_fails_leaves_the_other_rows_of_its_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "rows.jsonl"
    file.write_text("\n".join(f'{{"text": "{word} fell on the pier."}}' for word in ("Crane", ILL, "Mast")), "utf-8")
    monkeypatch.setattr("qa.articles.build.read_header", raising(header.read_header))
    with closing(Library(None)) as library:
        report = ingest_into(library, file, WordLlamaEmbedder())
        assert report.added == 2
        assert "line 2: Dateline failed on it: Broken: ouch" in report.skipped[0].reason


def test_what_failed_is_read_again_by_the_next_version(
    folder: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as broken:
        broken.setattr("qa.english.document.utterances", raising(document.utterances))
        assert len(manage.ingest(folder, settings=settings).incomplete) == 1
    assert "incomplete" in doctor.examine(settings).facts
    same = manage.ingest(folder, settings=settings)
    assert (same.unchanged, same.parsed_again) == (MANY, 0), "the same version would fail again"
    monkeypatch.setattr("qa.library.library.VERSION", document.VERSION + 1)
    monkeypatch.setattr("qa.library.derived.VERSION", document.VERSION + 1)
    mended = manage.ingest(folder, settings=settings)
    assert (mended.unchanged, mended.updated, mended.parsed_again, mended.incomplete) == (MANY, 0, MANY, ())
    assert "incomplete" not in doctor.examine(settings).facts


def test_a_question_survives_a_layer_that_only_the_new_version_cannot_read(
    folder: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    manage.ingest(folder, settings=settings)
    monkeypatch.setattr("qa.library.library.VERSION", document.VERSION + 1)
    monkeypatch.setattr("qa.english.document.utterances", raising(document.utterances))
    with closing(Library(settings.library)) as library:
        parsed = library.parsed([article.id for article in library.articles()])
    assert len(parsed) == MANY
    assert sum(not one.document.utterances for one in parsed.values()) == 1
    assert [list(one.faults) for one in parsed.values() if one.faults] == [["utterances"]]


@pytest.mark.parametrize(
    ("column", "damaged"),
    [("layers", "not json"), ("layers", "{}"), ("layers", "[]"), ("layers", '{"times": 3}'), ("faults", "x")],
)
def test_damaged_layers_cost_no_answer_and_are_mended(
    folder: Path, settings: Settings, column: str, damaged: str
) -> None:
    manage.ingest(folder, settings=settings)
    pipeline.close_all()
    with closing(sqlite3.connect(settings.library / "library.sqlite3")) as database, database:
        database.execute(f"UPDATE documents SET {column} = ?", (damaged,))
    found = answer("What fell on pier 7?", settings=settings)
    assert "pier 7" in found.text
    assert "unreadable" in " ".join(doctor.examine(settings).faults)
    mended = doctor.examine(settings, fix=True)
    assert (mended.faults, mended.facts["state"]) == ([], "sound")


def test_nothing_readable_at_all_is_still_an_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "one.txt").write_text(f"The {ILL} fell.", "utf-8")
    monkeypatch.setattr("qa.articles.build.read_header", raising(lambda text: None))
    with closing(Library(None)) as library, pytest.raises(InputError, match="Broken: ouch"):
        ingest_into(library, tmp_path, WordLlamaEmbedder())
