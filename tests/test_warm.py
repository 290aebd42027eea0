"""What the page makes ready before the first question: everything that the question needs, and nothing is sent."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from threading import Event

import pytest
from pytest_httpserver import HTTPServer
from warming import finish_warming

from qa import pipeline
from qa.errors import EmptyLibrary, LibraryError
from qa.library.library import Library
from qa.model import Filters
from qa.page import libraries, view
from qa.page.adding import Adding
from qa.page.turn import Turn
from qa.page.warm import warm
from qa.settings import LOCAL_EMBEDDER, Settings

QUESTION = "What did the council of Salthouse buy?"


@pytest.fixture
def workers() -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor(4) as pool:
        yield pool


@pytest.fixture(autouse=True)
def new_server(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Begin as a server does on which nobody has asked a question."""
    monkeypatch.setattr(Turn, "asked", Event())
    yield
    finish_warming()
    pipeline.close_all()


def asking_a_server(settings: Settings, server: HTTPServer) -> Settings:
    """Settings that send questions and judgements to a server."""
    address = server.url_for("/v1")
    more = {"openai_base_url": address, "model": "tiny", "judge": "systemone", "judge_base_url": address}
    return settings.model_copy(update=more)


def test_the_library_is_made_ready_and_nothing_is_sent(settings: Settings, httpserver: HTTPServer) -> None:
    asking = asking_a_server(settings, httpserver)
    begun = warm(asking, False)
    assert begun is not None
    begun.result(60)
    assert asking in pipeline._engines, "the question finds its engine"
    assert httpserver.log == []
    assert not libraries.of_sample(settings).library.exists(), "the reader has articles and did not ask for the sample"


def test_all_sessions_share_what_one_has_begun(settings: Settings) -> None:
    assert warm(settings, False) is warm(settings, False)


def test_once_a_question_is_asked_it_has_the_processor_for_itself(
    settings: Settings, workers: ThreadPoolExecutor
) -> None:
    Turn(QUESTION, (), Filters(), settings).start(workers)
    assert warm(settings, False) is None


def test_a_rehearsal_ends_between_two_stages(settings: Settings) -> None:
    stages = 0

    def enough() -> bool:
        nonlocal stages
        stages += 1
        return stages == 2

    pipeline.rehearse(settings, enough)
    assert stages == 2


def test_while_the_library_is_empty_the_sample_is_made_ready(tmp_path: Path, httpserver: HTTPServer) -> None:
    mine = asking_a_server(Settings(library=tmp_path / "mine", embedder="openai:tiny-embedding"), httpserver)
    begun = warm(mine, True)
    assert begun is not None
    begun.result(60)
    sample = libraries.of_sample(mine)
    assert libraries.coverage(sample.library).articles == 62
    assert not mine.library.exists(), "the reader's own library is left alone"
    with closing(Library(sample.library)) as library:
        assert library.embedder == LOCAL_EMBEDDER, "a remote embedder would be sent the texts"
    assert httpserver.log == []


def test_an_empty_library_with_the_name_of_the_sample_is_not_filled(tmp_path: Path) -> None:
    assert warm(Settings(library=tmp_path / "sample"), True) is None
    assert not (tmp_path / "sample").exists()


def test_a_sample_that_is_being_made_is_not_made_twice(tmp_path: Path, workers: ThreadPoolExecutor) -> None:
    sample = libraries.of_sample(Settings(library=tmp_path / "mine"))
    first = libraries.add_sample(sample, workers)
    assert libraries.add_sample(sample, workers) is first
    assert first.future
    first.future.result(60)
    assert (first.done, first.total) == (62, 62)


@pytest.mark.parametrize("empty", [True, False])
def test_a_library_that_cannot_be_used_stops_nothing(tmp_path: Path, empty: bool) -> None:
    broken = tmp_path / "sample"
    broken.mkdir()
    (broken / "library.sqlite3").write_bytes(b"no database" * 1000)
    begun = warm(Settings(library=tmp_path / "mine" if empty else broken), empty)
    assert begun is not None
    assert begun.result(60) is None


def test_an_empty_library_is_not_rehearsed(tmp_path: Path) -> None:
    libraries.make("empty", Settings(library=tmp_path / "mine"))
    with pytest.raises(EmptyLibrary):
        pipeline.rehearse(Settings(library=tmp_path / "empty"), lambda: False)


def test_models_are_loaded_without_a_library(tmp_path: Path) -> None:
    code = (
        "import sys; from qa import pipeline; from qa.settings import Settings\n"
        "pipeline.load_models(Settings(library=sys.argv[1], openai_base_url='http://127.0.0.1:9/v1'))\n"
        "print({'openai', 'onnxruntime', 'tokenizers', 'tiktoken'} - set(sys.modules))"
    )
    run = [sys.executable, "-c", code, str(tmp_path / "none")]
    assert subprocess.run(run, capture_output=True, text=True, check=True).stdout.strip() == "set()"
    assert not (tmp_path / "none").exists()


# -- a question that waits for the sample ------------------------------------------------------------------------------


def test_a_question_waits_until_its_articles_have_been_added(settings: Settings, workers: ThreadPoolExecutor) -> None:
    adding = Adding(settings.library, 62, done=34, future=Future())
    turn = Turn(QUESTION, (), Filters(), settings, adding).start(workers)
    assert view.turn_view(turn, None, {})["stages"][0] == {
        "name": "Opening the sample library",
        "detail": "34 of 62 articles",
        "found": [],
    }
    turn.wait(0.2)
    assert turn.running
    assert not turn.stages
    adding.future.set_result(None)
    while turn.running:
        turn.wait(60)
    assert turn.answer
    assert "plough" in turn.answer.text
    assert turn.preparing is None


def test_a_question_whose_articles_cannot_be_added_says_so(settings: Settings, workers: ThreadPoolExecutor) -> None:
    adding = Adding(settings.library, 62, future=Future())
    turn = Turn(QUESTION, (), Filters(), settings, adding).start(workers)
    adding.future.set_exception(LibraryError("The disk is full."))
    while turn.running:
        turn.wait(60)
    assert turn.answer is None
    assert "library" in (turn.error or "")


def test_the_page_waits_longer_for_the_reader_than_for_a_model(settings: Settings, httpserver: HTTPServer) -> None:
    reader = Turn(QUESTION, (), Filters(), settings)
    model = Turn(QUESTION, (), Filters(), asking_a_server(settings, httpserver))
    waiting = Turn(QUESTION, (), Filters(), settings, Adding(settings.library, 62, future=Future()))
    assert model.patience == waiting.patience < reader.patience


def test_waiting_ends_with_the_question(settings: Settings, workers: ThreadPoolExecutor) -> None:
    turn = Turn(QUESTION, (), Filters(), settings).start(workers)
    for _ in range(3):  # at most: one claim, a late end, and the end
        turn.wait(60)
    assert turn.answer
    turn.wait(60)  # returns at once, because nothing can come


def test_found_articles_are_known_before_they_are_read(settings: Settings, workers: ThreadPoolExecutor) -> None:
    events = list(pipeline.answer_stream(QUESTION, settings=settings))
    found = next(event for event in events if getattr(event, "name", "") == "reading")
    answer = events[-1].answer
    assert {article.id for article in answer.articles} <= {article.id for article in found.articles}
