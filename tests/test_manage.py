"""Operations that change a library: they leave nothing behind, lose nothing, and report what they did."""

from __future__ import annotations

import json
import shutil
import signal
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from qa import answer, manage
from qa.errors import InputError, LibraryError, UnknownArticle
from qa.library import maintenance
from qa.library.library import FILE, Library
from qa.settings import Settings

pytestmark = pytest.mark.usefixtures("ask_chroma")


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(library=tmp_path / "lib", offline=True)


def titles(settings: Settings) -> set[str]:
    with closing(Library(settings.library)) as library:
        assert maintenance.faults(library) == []
        return {a.title or "" for a in library.articles()}


def orphans(settings: Settings) -> int:
    """The number of rows without an article, and of vectors in Chroma without a chunk."""
    with closing(Library(settings.library)) as library:
        query = library.database.query
        counts = [
            query("SELECT count(*) FROM chunks WHERE article_id NOT IN (SELECT id FROM articles)"),
            query("SELECT count(*) FROM sentences WHERE article_id NOT IN (SELECT id FROM articles)"),
            query("SELECT count(*) FROM chunks_fts WHERE rowid NOT IN (SELECT id FROM chunks)"),
        ]
        stamp = json.loads((settings.library / "index" / "stamp.json").read_text())
        return sum(int(rows[0][0]) for rows in counts) + stamp["count"] - library.count()


# -- removing ----------------------------------------------------------------------------------------------------------


def test_removing_an_article_leaves_no_rows_or_vectors_behind(
    stories: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(manage, "PENDING", 1)  # write every change into Chroma
    manage.ingest(stories, settings=settings)
    removed, warnings = manage.remove(["ferry.txt"], settings=settings)
    assert [a.title for a in removed] == ["Ferry line to cut evening sailings"]
    assert warnings == ()
    assert titles(settings) == {"Salthouse council buys a snow plough"}
    assert orphans(settings) == 0
    assert answer("What does the ferry line lose on every crossing?", settings=settings).status == "abstained"


def test_if_one_article_is_unknown_none_is_removed(stories: Path, settings: Settings) -> None:
    manage.ingest(stories, settings=settings)
    with pytest.raises(UnknownArticle, match="qa articles"):
        manage.remove(["ferry.txt", "nobody.txt"], settings=settings)
    assert len(titles(settings)) == 2


def test_pruning_removes_only_articles_whose_files_are_gone_from_the_named_folders(
    stories: Path, settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(manage, "PENDING", 1)
    elsewhere = tmp_path / "stories-of-others"
    elsewhere.mkdir()
    (elsewhere / "tram.txt").write_text("A tram ran off its rails in Varnholm.")
    manage.ingest([stories, elsewhere], settings=settings)
    (stories / "ferry.txt").unlink()
    assert manage.ingest(stories, settings=settings).removed == 0
    report = manage.ingest(stories, settings=settings, prune=True)
    assert (report.removed, report.unchanged) == (1, 1)
    assert len(titles(settings)) == 2, "the folder of the tram article was not named"
    assert orphans(settings) == 0
    assert manage.ingest(stories, settings=settings, prune=True).removed == 0


def test_pruning_a_jsonl_removes_the_rows_that_are_gone(settings: Settings, tmp_path: Path) -> None:
    rows = [json.dumps({"id": f"r{i}", "title": f"Row {i}", "text": f"Crate {i} was found."}) for i in range(3)]
    file = tmp_path / "wire.jsonl"
    file.write_text("\n".join(rows))
    manage.ingest(file, settings=settings)
    file.write_text("\n".join(rows[1:]))
    assert manage.ingest(file, settings=settings, prune=True).removed == 1
    assert titles(settings) == {"Row 1", "Row 2"}


def test_pruning_keeps_articles_whose_folder_or_file_cannot_be_read(
    stories: Path, settings: Settings, tmp_path: Path
) -> None:
    other = tmp_path / "other"
    other.mkdir()
    (other / "tram.txt").write_text("A tram ran off its rails in Varnholm.")
    manage.ingest([stories, other], settings=settings)
    shutil.rmtree(other)
    report = manage.ingest([stories, other], settings=settings, prune=True)
    assert report.removed == 0
    other.mkdir()  # like a mount point whose disk is not mounted
    report = manage.ingest([stories, other], settings=settings, prune=True)
    assert report.removed == 0
    assert len(titles(settings)) == 3
    (stories / "ferry.txt").write_bytes(b"\xff\xfe\x00\xd8 no text")  # the file exists but cannot be read
    assert manage.ingest(stories, settings=settings, prune=True).removed == 0
    with pytest.raises(InputError):
        manage.ingest(tmp_path / "nowhere", settings=settings, prune=True)


# -- interrupting and waiting ------------------------------------------------------------------------------------------

SLOW = """
import signal, sys, time
signal.signal(signal.SIGINT, signal.default_int_handler)  # background jobs ignore SIGINT by default
from qa import ingestion
from qa.cli import main
ingestion.BATCH = 2
store = ingestion._Run._store
def slow(*args):
    done = store(*args)
    print("stored", flush=True)
    time.sleep(0.2)
    return done
ingestion._Run._store = slow
main()
"""


def test_ctrl_c_keeps_stored_articles_and_reports_how_many_there_are(settings: Settings, tmp_path: Path) -> None:
    many = tmp_path / "many"
    many.mkdir()
    for i in range(40):
        (many / f"{i:02}.txt").write_text(f"Crate {i} was found at pier {i % 7}.")
    command = [sys.executable, "-c", SLOW, "ingest", str(many), "--library", str(settings.library)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as run:
        assert run.stdout
        for _ in range(3):
            assert run.stdout.readline() == "stored\n"
        run.send_signal(signal.SIGINT)
        _, errors = run.communicate(timeout=60)
    assert run.returncode == 130
    with closing(Library(settings.library)) as library:
        stored = len(library.versions())
        assert maintenance.faults(library) == []
    assert f"{stored} added" in errors
    assert "of 40 files" in errors
    assert 6 <= stored < 40
    report = manage.ingest(many, settings=settings)
    assert (report.unchanged, report.added) == (stored, 40 - stored)


def test_simultaneous_ingests_wait_for_each_other_and_embed_nothing_twice(stories: Path, settings: Settings) -> None:
    command = [sys.executable, "-m", "qa", "ingest", str(stories), "--library", str(settings.library), "--json"]
    runs = [subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) for _ in range(3)]
    reports = [json.loads(run.communicate(timeout=120)[0]) for run in runs]
    assert sorted(report["added"] for report in reports) == [0, 0, 2]
    assert sum(report["chunks"] for report in reports) == max(report["chunks"] for report in reports)


def test_questions_are_answered_from_a_restored_library(stories: Path, settings: Settings, tmp_path: Path) -> None:
    manage.ingest(stories, settings=settings)
    digest = manage.backup(tmp_path / "news.backup", settings=settings)
    manage.remove(["ferry.txt"], settings=settings)
    question = "What does the ferry line lose on every crossing?"
    assert answer(question, settings=settings).status == "abstained"
    with pytest.raises(LibraryError, match="--replace"):
        manage.restore(tmp_path / "news.backup", settings=settings)
    saved, _ = manage.restore(tmp_path / "news.backup", settings=settings, replace=True)
    assert answer(question, settings=settings).status == "answered"
    with closing(Library(settings.library)) as library:
        assert maintenance.digest(library) == digest
    assert saved
    assert saved.parent == (settings.library / FILE).parent


def test_progress_reports_the_files_and_then_the_index(stories: Path, settings: Settings) -> None:
    steps: list[tuple[int, int, str]] = []
    manage.ingest(stories, settings=settings, on_progress=lambda *step: steps.append(step))
    assert steps[0] == (0, 2, "ferry.txt")
    assert steps[-2][:2] == (2, 2)
    assert steps[-1] == (0, 2, manage.INDEXING), "none of two chunks written yet"
