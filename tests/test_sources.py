"""An ingest passes over files that have not changed since all of their articles were stored."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from qa.articles import files
from qa.errors import InputError, NothingRead
from qa.fetching import Reading
from qa.ingestion import ingest_into
from qa.library.embedders import WordLlamaEmbedder
from qa.library.library import Library
from qa.model import IngestReport

STORY = "The quay at Selm shut on Tuesday, harbour master Ada Brink said.\n"


@pytest.fixture
def library() -> Iterator[Library]:
    with closing(Library(None)) as library:
        yield library


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The names of the files that are opened."""
    names: list[str] = []
    original = files.read_bytes

    def read_bytes(path: Path) -> bytes:
        names.append(path.name)
        return original(path)

    monkeypatch.setattr(files, "read_bytes", read_bytes)
    return names


def ingest(library: Library, *sources: Path, prune: bool = False) -> IngestReport:
    return ingest_into(library, sources, WordLlamaEmbedder(), prune=prune)


def test_an_unchanged_file_is_not_opened(library: Library, tmp_path: Path, opened: list[str]) -> None:
    (tmp_path / "a.txt").write_text(STORY, "utf-8")
    (tmp_path / "b.jsonl").write_text('{"id": "x#1", "text": "One fell."}\n{"text": "Two fell."}\n', "utf-8")
    assert ingest(library, tmp_path).added == 3
    opened.clear()
    again = ingest(library, tmp_path)
    assert (again.added, again.unchanged, opened) == (0, 3, [])


def test_a_changed_file_is_read(library: Library, tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text(STORY, "utf-8")
    ingest(library, path)
    path.write_text(STORY + "It opened again on Friday.\n", "utf-8")
    assert ingest(library, path).updated == 1


def test_a_file_of_the_same_size_with_another_time_is_read(library: Library, tmp_path: Path, opened: list[str]) -> None:
    path = tmp_path / "a.txt"
    path.write_text(STORY, "utf-8")
    ingest(library, path)
    path.write_text(STORY.replace("Tuesday", "Fridays"), "utf-8")
    os.utime(path, ns=(1, 1))
    assert ingest(library, path).updated == 1


def test_a_removed_article_comes_back_with_its_file(library: Library, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(STORY, "utf-8")
    ingest(library, tmp_path)
    library.remove(list(library.versions()))
    assert ingest(library, tmp_path).added == 1


def test_a_file_with_a_fault_is_read_and_reported_again(library: Library, tmp_path: Path) -> None:
    (tmp_path / "b.jsonl").write_text('{"text": "One fell."}\n{"title": "no text"}\n', "utf-8")
    first, second = ingest(library, tmp_path), ingest(library, tmp_path)
    assert [report.skipped[0].reason[:15] for report in (first, second)] == ["line 2: no text"] * 2


def test_another_mapping_reads_a_file_again(library: Library, tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("text;story\nShort.;The quay at Selm shut on Tuesday.\n", "utf-8")
    ingest(library, path)
    ingest_into(library, path, WordLlamaEmbedder(), reading=Reading({"text": "story"}))
    assert "The quay at Selm shut on Tuesday." in {library.article(i).text for i in library.versions()}
    with pytest.raises(InputError, match="'txt' cannot be mapped"):
        Reading({"txt": "story"})


def test_a_name_that_is_not_utf_8_stops_no_ingest(library: Library, tmp_path: Path) -> None:
    for name in (b"a\xff.txt", b"b.txt"):
        Path(os.fsdecode(os.path.join(os.fsencode(tmp_path), name))).write_text(f"{name!r}: {STORY}", "utf-8")
    assert ingest(library, tmp_path).added == 2
    assert ingest(library, tmp_path).unchanged == 2


def test_pruning_keeps_an_article_that_stands_in_another_folder(library: Library, tmp_path: Path) -> None:
    row = '{"url": "https://selm.example/a", "text": "The quay at Selm shut."}\n'
    for folder in ("one", "two"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "a.jsonl").write_text(row, "utf-8")
        (tmp_path / folder / "b.txt").write_text(f"{folder}: {STORY}", "utf-8")
        ingest(library, tmp_path / folder)
    (tmp_path / "one" / "a.jsonl").unlink()
    assert ingest(library, tmp_path / "one", prune=True).removed == 0
    assert len(library.versions()) == 3


def test_pruning_keeps_the_articles_of_unchanged_files(library: Library, tmp_path: Path) -> None:
    for name in ("a", "b"):
        (tmp_path / f"{name}.txt").write_text(f"{name}: {STORY}", "utf-8")
    ingest(library, tmp_path)
    (tmp_path / "b.txt").unlink()
    report = ingest(library, tmp_path, prune=True)
    assert (report.unchanged, report.removed, len(library.versions())) == (1, 1, 1)


def test_files_of_other_kinds_are_counted_and_links_out_of_the_folder_are_not_followed(
    library: Library, tmp_path: Path
) -> None:
    folder = tmp_path / "news"
    folder.mkdir()
    (tmp_path / "secret.txt").write_text(STORY, "utf-8")
    (folder / "a.txt").write_text("Other. " + STORY, "utf-8")
    (folder / "photo.png").write_bytes(b"\x89PNG")
    (folder / "link.txt").symlink_to(tmp_path / "secret.txt")
    report = ingest(library, folder)
    assert (report.added, [Path(path).name for path in report.others]) == (1, ["photo.png"])
    assert [s.reason for s in report.skipped] == ["is a link out of the folder; name the file itself"]
    assert files.count_kinds(report.others) == "1 .png"


def test_a_page_saved_as_text_is_read_as_a_page(library: Library, tmp_path: Path) -> None:
    words = "The harbour master of Selm shut the quay on Tuesday after two piles were found to be rotten. " * 4
    (tmp_path / "page.txt").write_text(f"<!DOCTYPE html><html><body><article><p>{words}</p></article></html>", "utf-8")
    ingest(library, tmp_path)
    (article,) = library.articles()
    assert "<p>" not in library.article(article.id).text


def test_an_old_version_of_a_row_without_id_stays_and_the_report_says_so(library: Library, tmp_path: Path) -> None:
    file = tmp_path / "rows.jsonl"
    file.write_text('{"text": "The quay at Selm shut on Monday."}\n{"text": "The crane fell."}\n', "utf-8")
    ingest(library, file)
    file.write_text('{"text": "The crane fell."}\n{"text": "The quay at Selm shut on Tuesday."}\n', "utf-8")
    report = ingest(library, file)
    assert (report.added, report.unchanged, len(library.versions())) == (1, 1, 3)
    assert report.warnings == (f"{file}: no longer holds 1 article stored from it; --prune removes what is gone",)
    assert ingest(library, file, prune=True).removed == 1
    assert ingest(library, file).warnings == ()


@pytest.mark.parametrize("names", [("a.html", "b.html"), ("b.html", "a.html")])
def test_of_two_files_with_one_address_the_first_that_was_stored_wins(
    library: Library, tmp_path: Path, names: tuple[str, str]
) -> None:
    page = "---\nurl: https://selm.example/quay\n---\n{} " + STORY
    first, second = (tmp_path / name.replace("html", "md") for name in names)
    first.write_text(page.format("First:"), "utf-8")
    second.write_text(page.format("Second:"), "utf-8")
    ingest(library, first)
    with pytest.raises(NothingRead, match=f"the same article as .*{first.name}, which was stored first"):
        ingest(library, second)
    for source in (tmp_path, first, tmp_path):
        report = ingest(library, source)
        assert (report.added, report.updated) == (0, 0)
        assert [Path(one.origin).name for one in report.skipped] == ([] if source == first else [second.name])
        assert [library.article(one).text.split()[0] for one in library.versions()] == ["First:"]
    first.unlink()
    assert ingest(library, tmp_path).updated == 1


def test_an_address_moves_to_another_file_when_its_first_file_no_longer_holds_it(
    library: Library, tmp_path: Path
) -> None:
    row = '{{"url": "https://selm.example/{}", "text": "{} The quay at Selm shut."}}\n'
    one, two = tmp_path / "one.jsonl", tmp_path / "two.jsonl"
    one.write_text(row.format("a", "A.") + row.format("b", "B."), "utf-8")
    ingest(library, one)
    one.write_text(row.format("b", "B."), "utf-8")
    two.write_text(row.format("a", "Anew."), "utf-8")
    report = ingest(library, two)
    assert (report.updated, report.skipped) == (1, ())


def test_pruning_does_not_take_a_file_for_a_row_of_another(library: Library, tmp_path: Path) -> None:
    for name in ("a.txt", "a.txt#b.txt"):
        (tmp_path / name).write_text(f"{name}: {STORY}", "utf-8")
    ingest(library, tmp_path)
    assert ingest(library, tmp_path / "a.txt", prune=True).removed == 0
    (tmp_path / "a.txt#b.txt").unlink()
    assert ingest(library, tmp_path / "a.txt", prune=True).removed == 0
    assert ingest(library, tmp_path, prune=True).removed == 1
