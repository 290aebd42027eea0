"""Articles can be asked once their sentences are stored. The rest is read behind that, in processes if it is much.

Whatever happens between the two passes, the library ends as if each article had been read at once.
"""

from __future__ import annotations

import multiprocessing
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from qa import answer, doctor, ingestion, manage, pipeline
from qa.articles.parse import parse
from qa.errors import NothingRead
from qa.ingestion import ANNOTATING, IngestInterrupted, ingest_into
from qa.library import annotate, maintenance
from qa.library.annotate import Annotators, Unread
from qa.library.embedders import Vectors, WordLlamaEmbedder
from qa.library.library import FILE, Entry, Library
from qa.model import Article, Filters
from qa.settings import Place, Settings, SharedLibrary

MANY = ingestion.BATCH + 6  # more than one transaction holds, so they are read in two passes
ILL = "zarquon"


def story(i: int, word: str = "") -> Article:
    text = (
        f"Crane {word or i} fell on pier {i} on Monday. “It was old,” said Una Holm{'' if i % 2 else ', 54'}. "
        f"Correction: an earlier version misstated the year; crane {i} was built in 1987, not 1978."
    )
    return Article(id=f"a{i:03}", version=f"{word or i}", text=text, body_start=0, origin=f"/news/{i}.txt")


STORIES = [story(i) for i in range(MANY)]


@pytest.fixture
def settings(place: Place) -> Iterator[Settings]:
    yield Settings(library=place, offline=True)
    pipeline.close_all()


@pytest.fixture
def in_processes(monkeypatch: pytest.MonkeyPatch) -> None:
    """Read even a few articles in two processes, whatever the number of cores."""
    monkeypatch.setattr("qa.library.second_pass.processes_for", lambda articles: min(articles, 2))


def interrupt(_done: int, _total: int, what: str) -> None:
    if what == ANNOTATING:
        raise KeyboardInterrupt


def digest(place: Place) -> str:
    with closing(Library(place)) as library:
        assert maintenance.faults(library) == []
        return maintenance.digest(library)


@pytest.fixture(scope="module")
def read_at_once() -> str:
    """The digest of a library whose articles were read in full before they were stored."""
    with closing(Library(None)) as library:
        ingest_into(library, STORIES[:1], WordLlamaEmbedder())
        for one in STORIES:  # each of them alone is read at once
            ingest_into(library, one, WordLlamaEmbedder())
        return maintenance.digest(library)


def test_two_passes_store_what_one_stores(settings: Settings, read_at_once: str) -> None:
    report = manage.ingest(STORIES, settings=settings)
    assert (report.added, report.unread, report.incomplete) == (MANY, 0, ())
    assert digest(settings.library) == read_at_once


@pytest.mark.usefixtures("in_processes")
def test_processes_read_what_one_process_reads(settings: Settings, read_at_once: str) -> None:
    manage.ingest(STORIES, settings=settings)
    assert digest(settings.library) == read_at_once


def test_a_few_articles_are_read_at_once_and_start_no_process(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(annotate, "start", lambda *_: pytest.fail("a process was started"))
    passes: list[str] = []
    manage.ingest(STORIES[:20], settings=settings, on_progress=lambda _done, _total, what: passes.append(what))
    assert ANNOTATING not in passes
    manage.ingest(STORIES, settings=settings)


def test_one_long_article_can_be_asked_before_the_rest_of_it_is_read(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("qa.ingestion.AT_ONCE", 5_000)
    paragraph = "Crane {0} fell on pier {0} on Monday. “It was old,” said Una Holm.\n\n"
    book = Article(id="book", version="1", text="".join(map(paragraph.format, range(100))), body_start=0)
    assert len(book.text) > ingestion.AT_ONCE
    with pytest.raises(IngestInterrupted):
        manage.ingest(book, settings=settings, on_progress=interrupt)
    assert answer("What fell on pier 77?", settings=settings).citations[0].quote.startswith("Crane 77 fell on pier 77")
    assert manage.ingest(book, settings=settings).unread == 0
    with closing(Library(settings.library)) as library:
        assert library.speakers() == ("Una Holm",)


def test_long_articles_are_stored_before_the_next_ones_are_loaded(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("qa.ingestion.HEAVY", 2 * len(STORIES[0].text))
    monkeypatch.setattr("qa.library.second_pass.HEAVY", 1)
    together: list[int] = []
    write, annotate_some = Library.write, Library.annotate

    def noted(store: Callable[..., Any]) -> Callable[..., Any]:
        def stored(library: Library, entries: Sequence[Any], **given: Any) -> Any:
            together.append(len(entries))
            return store(library, entries, **given)

        return stored

    monkeypatch.setattr(Library, "write", noted(write))
    monkeypatch.setattr(Library, "annotate", noted(annotate_some))
    report = manage.ingest(STORIES[:8], settings=settings)
    assert (report.added, report.unread) == (8, 0)
    assert max(together) <= 3


# -- between the passes ------------------------------------------------------------------------------------------------


@pytest.fixture
def halfway(settings: Settings) -> Settings:
    """Settings of a library whose ingest was interrupted between the passes."""
    with pytest.raises(IngestInterrupted) as caught:
        manage.ingest(STORIES, settings=settings, on_progress=interrupt)
    assert caught.value.report.unread == caught.value.report.added == MANY
    return settings


def test_articles_that_are_still_to_be_read_can_be_asked_and_the_answer_says_so(halfway: Settings) -> None:
    found = answer("What fell on pier 7?", settings=halfway)
    assert found.citations[0].quote.startswith("Crane 7 fell on pier 7")
    assert found.coverage.unread == MANY
    assert (
        f"{MANY} articles are still being read; speakers and corrections in them are not found yet." in found.warnings
    )
    assert doctor.examine(halfway).facts["still to be read"].startswith(f"{MANY} articles")
    with closing(Library(halfway.library)) as library:
        assert library.speakers() == ()
        one = library.parsed(["a003"])["a003"]
        assert [u.speaker for u in one.document.utterances] == ["Una Holm"], "a question reads what it needs"
        assert maintenance.faults(library) == []


def test_any_later_ingest_goes_on(halfway: Settings, read_at_once: str) -> None:
    report = manage.ingest(STORIES[:1], settings=halfway)
    assert (report.unchanged, report.unread) == (1, 0)
    assert digest(halfway.library) == read_at_once
    found = answer("What fell on pier 7?", settings=halfway)
    assert not any("still being read" in warning for warning in found.warnings)


def test_the_page_goes_on_when_it_opens(halfway: Settings, read_at_once: str) -> None:
    manage.go_on(halfway)
    assert digest(halfway.library) == read_at_once
    manage.go_on(halfway)
    manage.go_on(Settings(library=Path(halfway.folder) / "nowhere"))


def test_an_interrupted_second_pass_keeps_what_it_has_read(
    settings: Settings, read_at_once: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("qa.library.second_pass.TOGETHER", 10)

    def stop(done: int, _total: int, what: str) -> None:
        if what == ANNOTATING and done >= 32:
            raise KeyboardInterrupt

    with pytest.raises(IngestInterrupted) as caught:
        manage.ingest(STORIES, settings=settings, on_progress=stop)
    assert caught.value.report.unread == MANY - 30
    manage.ingest(STORIES, settings=settings)
    assert digest(settings.library) == read_at_once


def test_what_was_read_of_an_article_that_has_changed_meanwhile_is_not_stored(halfway: Settings) -> None:
    with closing(Library(halfway.library)) as library:
        read = [annotate.annotate(one) for one in library.to_annotate(["a001", "a002", "a003"])]
        changed = parse(story(1, "seven"))
        library.write([Entry(changed, (), np.zeros((0, 0), np.float32))], embedder="wordllama", keep_versions=0)
        library.remove(["a002"])
        assert library.annotate(read) == 1
        assert library.annotate(read) == 0
        assert library.count_unread() == MANY - 3
        assert library.coverage(Filters()).unread == MANY - 3
        assert "seven" in library.article("a001").text
        assert maintenance.faults(library) == []


# -- faults ------------------------------------------------------------------------------------------------------------


def failing(original: Callable[..., Any]) -> Callable[..., Any]:
    def wrapped(text: str, *more: Any) -> Any:
        if ILL in text:
            raise ValueError("ouch")
        return original(text, *more)

    return wrapped


def test_a_layer_that_fails_in_the_second_pass_costs_that_layer_of_that_article(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    from qa.english import document

    monkeypatch.setattr(document, "utterances", failing(document.utterances))
    report = manage.ingest([*STORIES, story(900, ILL)], settings=settings)
    assert [(one.origin, one.part) for one in report.incomplete] == [("/news/900.txt", "utterances")]
    assert (report.added, report.unread) == (MANY + 1, 0)
    with closing(Library(settings.library)) as library:
        assert library.speakers() == ("Una Holm",)
        assert [one.article_id for one in library.incomplete()] == ["a900"]


DYING = f"""
import os, sys
from qa.library import annotate
real = annotate.annotate
annotate.annotate = lambda one: os._exit(9) if {ILL!r} in one.text else real(one)
annotate.main()
"""


@pytest.mark.usefixtures("in_processes")
def test_an_article_that_ends_the_process_which_reads_it_costs_its_layers(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    def start(_module: str) -> subprocess.Popen[bytes]:
        return subprocess.Popen([sys.executable, "-c", DYING], stdin=subprocess.PIPE, stdout=subprocess.PIPE)

    monkeypatch.setattr(annotate, "start", start)
    report = manage.ingest([*STORIES, story(900, ILL)], settings=settings)
    assert {one.origin for one in report.incomplete} == {"/news/900.txt"}
    assert {one.reason for one in report.incomplete} == {"the process that read it ended"}
    with closing(Library(settings.library)) as library:
        assert library.count_unread() == 0
        assert len(library.said_by(Filters(speakers=("Una Holm",)))) == MANY
        assert maintenance.faults(library) == []


def test_processes_end_with_the_block_that_uses_them() -> None:
    one = Unread("a", "1", "a.txt", "“Yes,” said Una Holm.", None, 0, [(0, 21)], {})
    with Annotators(2) as annotators:
        found = list(annotators.annotate([one] * 5))
        processes = [process._process for process in annotators._started]
    assert [row.said for row in found] == [[[0, "Una Holm"]]] * 5
    assert all(process.poll() is not None for process in processes)


# -- two processes -----------------------------------------------------------------------------------------------------


class Meanwhile(WordLlamaEmbedder):
    """Something else happens between the reading of the articles and their storing."""

    def __init__(self, happens: Callable[[], object]) -> None:
        self._happens = happens

    def embed(self, texts: Sequence[str]) -> Vectors:
        happens, self._happens = self._happens, lambda: None
        happens()
        return super().embed(texts)


def test_two_files_that_hold_one_article_and_are_stored_at_once_are_one_article(place: Place, tmp_path: Path) -> None:
    head = "---\nurl: https://herald.example/crane\n---\n"
    one, other = tmp_path / "one.md", tmp_path / "other.md"
    one.write_text(f"{head}Crane 7 fell on pier 7.")
    other.write_text(f"{head}Crane 7 fell on pier 7, as we reported.")

    def elsewhere() -> None:
        with closing(Library(place)) as library:
            assert ingest_into(library, one, WordLlamaEmbedder()).added == 1

    with closing(Library(place, create=True)) as library:
        report = ingest_into(library, other, Meanwhile(elsewhere))
        assert (report.added, report.updated, library.earlier()) == (0, 0, 0)
        assert [(s.origin, s.reason) for s in report.skipped] == [(str(other), f"is the same article as {one}")]
        assert [library.article(i).text for i in library.versions()] == ["Crane 7 fell on pier 7."]
        again = ingest_into(library, tmp_path, WordLlamaEmbedder())
        assert (again.unchanged, again.updated, library.earlier(), len(again.skipped)) == (1, 0, 0, 1)
        assert maintenance.faults(library) == []


# -- what is not there before, or after --------------------------------------------------------------------------------


def test_an_ingest_that_reads_nothing_leaves_no_library(place: Place, tmp_path: Path) -> None:
    """The tables of a shared library stay: another process may be about to store something."""
    empty = tmp_path / "empty.txt"
    empty.write_text("")
    for source in (tmp_path / "nope", empty):
        with pytest.raises(NothingRead):
            manage.ingest(str(source), settings=Settings(library=place))
    with pytest.raises(NothingRead):
        manage.ingest([], settings=Settings(library=tmp_path / "new" / "deep"))
    assert not (tmp_path / "new").exists()
    if isinstance(place, SharedLibrary):
        with closing(Library(place)) as library:
            assert library.versions() == {}
    else:
        assert not place.exists()


def test_an_ingest_that_reads_nothing_keeps_the_library_and_the_folder_that_were_there(
    settings: Settings, tmp_path: Path
) -> None:
    manage.ingest(STORIES[:1], settings=settings)
    with pytest.raises(NothingRead):
        manage.ingest(str(tmp_path / "nope"), settings=settings)
    with closing(Library(settings.library)) as library:
        assert len(library.versions()) == 1
    folder = tmp_path / "mine"
    folder.mkdir()
    (folder / "notes.txt").write_text("mine")
    with pytest.raises(NothingRead):
        manage.ingest(str(tmp_path / "nope"), settings=Settings(library=folder))
    assert [path.name for path in folder.iterdir()] == ["notes.txt"]
    assert not (folder / FILE).exists()


# -- forks -------------------------------------------------------------------------------------------------------------


@pytest.mark.skipif(not hasattr(sys, "getrefcount") or sys.platform == "win32", reason="there is no fork")
@pytest.mark.usefixtures("ask_chroma")
@pytest.mark.filterwarnings("ignore:.*multi-threaded.*fork:DeprecationWarning")
def test_a_forked_process_can_ingest_and_ask_while_its_parent_has_the_index_open(tmp_path: Path) -> None:
    settings = Settings(library=tmp_path / "lib", offline=True)
    manage.ingest(STORIES[:5], settings=settings)
    assert answer("What fell on pier 3?", settings=settings).claims
    child = multiprocessing.get_context("fork").Process(target=_in_child, args=(settings, tmp_path / "told"))
    child.start()
    try:
        child.join(60)
        assert child.exitcode == 0, "the child hangs or has failed"
    finally:
        child.kill()
        child.join()
    assert (tmp_path / "told").read_text() == "1 added; Crane 40 fell on pier 40 on Monday."
    assert "pier 40" in answer("What fell on pier 40?", settings=settings).text
    assert pipeline.opened_index(settings.library) is not None
    pipeline.close_all()


def _in_child(settings: Settings, told: Path) -> None:
    report = manage.ingest([story(40)], settings=settings)
    quote = answer("What fell on pier 40?", settings=settings).citations[0].quote
    told.write_text(f"{report.added} added; {quote}")
