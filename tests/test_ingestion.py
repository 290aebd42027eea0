"""Ingest can be repeated and resumed: after a second run, the library is the same as after one undisturbed run."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from fakes import BrokenEmbedder, CountingEmbedder

from qa import ingestion
from qa.articles.parse import ParsedArticle, parse_sentences
from qa.errors import InputError, ModelUnavailable
from qa.ingestion import ingest_into
from qa.library.library import Library
from qa.model import Article, Filters


@pytest.fixture
def library() -> Iterator[Library]:
    with closing(Library(None)) as library:
        yield library


def contents(library: Library) -> object:
    """Everything that is stored except chunk ids, which depend on the order of the ingests."""
    ids, vectors = library.vectors()
    rows = library.chunks(ids)
    return (
        library.versions(),
        sorted(
            (rows[i].article_id, rows[i].first, rows[i].last, vector.tobytes())
            for i, vector in zip(ids, vectors, strict=True)
        ),
    )


def test_ingesting_the_same_files_again_embeds_and_writes_nothing(library: Library, stories: Path) -> None:
    embedder = CountingEmbedder()
    first = ingest_into(library, stories, embedder)
    embedded, revision = len(embedder.embedded), library.revision
    second = ingest_into(library, stories, embedder)
    assert (first.added, first.unchanged) == (2, 0)
    assert (second.added, second.updated, second.unchanged, second.chunks) == (0, 0, 2, 0)
    assert (len(embedder.embedded), library.revision) == (embedded, revision)


def test_an_edited_article_is_replaced_and_only_new_chunks_are_embedded(library: Library, stories: Path) -> None:
    embedder = CountingEmbedder()
    file = stories / "long.txt"
    paragraphs = [
        f"Paragraph {i} tells of harbour {i}, crane {i} and what the {i}th crew did there. " * 6 for i in range(9)
    ]
    file.write_text("\n\n".join(paragraphs), "utf-8")
    all_chunks = ingest_into(library, file, embedder).chunks
    file.write_text("\n\n".join([*paragraphs, "A correction was added."]), "utf-8")
    report = ingest_into(library, file, embedder)
    assert (report.updated, report.added) == (1, 0)
    assert 0 < report.chunks < all_chunks
    assert library.lexical(["correction"], 5, Filters())


def test_an_ingest_can_be_resumed_after_the_embedder_failed(
    library: Library, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("qa.ingestion.BATCH", 2)
    for i in range(9):
        (tmp_path / f"{i}.txt").write_text(f"Story {i} is told here.", "utf-8")
    with pytest.raises(ModelUnavailable):
        ingest_into(library, tmp_path, BrokenEmbedder(good=5))
    assert len(library.versions()) == 4
    report = ingest_into(library, tmp_path, CountingEmbedder())
    assert (report.added, report.unchanged) == (5, 4)
    with closing(Library(None)) as undisturbed:
        ingest_into(undisturbed, tmp_path, CountingEmbedder())
        assert contents(library) == contents(undisturbed)


def test_bad_files_are_reported_and_the_others_are_stored(library: Library, stories: Path) -> None:
    (stories / "empty.txt").write_text("  \n")
    (stories / "binary.txt").write_bytes(b"\0\1\2")
    (stories / "lines.jsonl").write_text('{"text": "A line is told."}\n{broken\n', "utf-8")
    report = ingest_into(library, [stories, stories / "missing.txt"], CountingEmbedder())
    assert report.added == 3
    assert len(report.skipped) == 4
    assert any("2" in s.origin + s.reason for s in report.skipped if "lines" in s.origin)


def test_a_second_file_with_the_same_url_is_skipped_and_reported(library: Library, stories: Path) -> None:
    (stories / "twin.md").write_text((stories / "plough.md").read_text("utf-8").replace("Monday", "Sunday"), "utf-8")
    for _ in range(2):
        report = ingest_into(library, stories, CountingEmbedder())
        assert [s.reason for s in report.skipped if "twin" in s.origin] != []
    assert report.unchanged == 2


def test_an_article_in_another_language_causes_a_warning(library: Library, tmp_path: Path) -> None:
    german = (
        "Die Regierung hat am Mittwoch beschlossen, dass die Brücke im Hafen bis auf Weiteres gesperrt bleibt. " * 3
    )
    (tmp_path / "de.txt").write_text(german, "utf-8")
    report = ingest_into(library, tmp_path, CountingEmbedder())
    assert "'de'" in report.warnings[0]


def test_progress_counts_files(library: Library, stories: Path) -> None:
    steps: list[tuple[int, int]] = []
    ingest_into(library, stories, CountingEmbedder(), lambda done, total, _name: steps.append((done, total)))
    assert steps == [(0, 2), (1, 2), (2, 2)]


def test_a_file_counts_as_done_when_its_articles_are_parsed(
    library: Library, stories: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    order: list[str] = []

    def noted(article: Article) -> ParsedArticle:
        order.append("parsed")
        return parse_sentences(article)

    monkeypatch.setattr(ingestion, "parse_sentences", noted)
    ingest_into(library, stories, CountingEmbedder(), lambda done, _total, _name: order.append(f"{done} done"))
    assert order == ["0 done", "parsed", "1 done", "parsed", "2 done"]


def test_sources_without_an_article_are_an_error(library: Library, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="contains no file that Dateline reads"):
        ingest_into(library, tmp_path, CountingEmbedder())
    with pytest.raises(InputError, match="no such"):
        ingest_into(library, tmp_path / "nowhere", CountingEmbedder())
