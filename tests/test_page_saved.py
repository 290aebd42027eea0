"""Saved answers on the page: saved, listed, opened, deleted and held against today's library."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest
from test_app import APP, settled, texts
from typer.testing import CliRunner

from qa import answer, ingest
from qa.cli import app
from qa.errors import LibraryError
from qa.library.library import Library
from qa.model import Answer
from qa.page import saved, view
from qa.page.turn import Turn
from qa.settings import Settings

PLOUGH = "Who bought a snow plough?"
LOSS = "How much does the line lose on every crossing?"
LATER = """---
title: Ferry line loses more
source: Coast Wire
published: 2026-05-05
---
The Salthouse ferry line now loses 6,100 crowns on every crossing after dark, its director Mara Quist said on Monday.
"""


@pytest.fixture
def library(stories: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "shelf" / "news"
    monkeypatch.setenv("QA_LIBRARY", str(folder))
    ingest(str(stories))
    return folder


def kept(library: Path, *questions: str) -> list[Answer]:
    """Ask questions and save their answers."""
    answers = [answer(question, settings=Settings(library=library)) for question in questions]
    for one in answers:
        saved.save(library, one)
    return answers


def checked(library: Path) -> saved.Checking:
    with ThreadPoolExecutor() as workers:
        return saved.check_all(Settings(library=library), workers)


def page() -> AppTest:
    at = AppTest.from_file(str(APP), default_timeout=60)
    at.query_params["page"] = "saved"
    return settled(at.run())


def test_an_answer_is_saved_once_and_read_back_as_it_was(library: Path) -> None:
    (one,) = kept(library, PLOUGH)
    saved.save(library, one)
    (file,) = (library / "answers").iterdir()
    assert file.name.endswith("-who-bought-a-snow-plough.json")
    assert Answer.model_validate_json(file.read_text("utf-8")) == one
    assert saved.listed(library) == ([saved.Saved(file.name, one)], [])


def test_saved_answers_are_what_the_command_checks(library: Path) -> None:
    kept(library, PLOUGH, LOSS)
    result = CliRunner().invoke(app, ["recheck", str(library / "answers"), "--json"])
    assert result.exit_code == 0
    assert [one["question"] for one in json.loads(result.stdout)] == [PLOUGH, LOSS]


@pytest.mark.parametrize("question", ["../../etc/passwd", "???", "水" * 300, "a\u202eb/c\\d"])
def test_no_question_makes_a_file_elsewhere_or_with_too_long_a_name(library: Path, question: str) -> None:
    (one,) = kept(library, PLOUGH)
    file = saved.place(library, one.model_copy(update={"question": question}))
    assert file.parent == library / "answers"
    assert len(file.name.encode()) < 255
    assert not file.name.startswith(".")


def test_an_answer_that_cannot_be_saved_says_so_and_leaves_nothing(library: Path) -> None:
    (library / "answers").write_text("a file stands in the way")
    with pytest.raises(LibraryError, match="could not be saved"):
        kept(library, PLOUGH)


def test_files_that_are_no_answers_are_named_and_left_alone(library: Path) -> None:
    kept(library, PLOUGH)
    (library / "answers" / "notes.json").write_text("{}")
    answers, foreign = saved.listed(library)
    assert (len(answers), foreign) == (1, ["notes.json"])
    for name in ("notes.json", "../library.sqlite3", "", "."):
        saved.delete(library, name)
    assert (library / "answers" / "notes.json").exists()
    assert (library / "library.sqlite3").exists()
    saved.delete(library, answers[0].name)
    assert saved.listed(library) == ([], ["notes.json"])


def test_a_check_says_of_each_claim_what_became_of_it(library: Path, tmp_path: Path) -> None:
    kept(library, PLOUGH, LOSS)
    assert checked(library).words == "Checked 2 answers: nothing has changed."
    (tmp_path / "later.md").write_text(LATER, "utf-8")
    ingest(str(tmp_path / "later.md"), library=library)
    checking = checked(library)
    assert checking.words == "Checked 2 answers: 1 changed."
    answers, foreign = saved.listed(library)
    made = saved.saved_view(answers, foreign, checking, None)
    first, second = made["rows"]  # what has changed comes first
    assert (first["question"], first["changed"], second["changed"]) == (LOSS, True, False)
    (claim,) = first["claims"]
    assert claim["verdict"] == "superseded"
    assert claim["word"] == "Superseded since 5 May 2026"
    (by,) = claim["by"]
    assert by["where"] == "Coast Wire, 5 May 2026"
    assert "6,100 crowns" in by["quote"]
    one = next(one for one in answers if one.answer.question == LOSS)
    numbers = [citation.number for citation in saved.citations_of(one, checking)]
    assert by["number"] in numbers
    assert numbers == list(range(1, len(numbers) + 1))
    assert [claim["word"] for claim in second["claims"]] == ["Stands"]


def test_a_check_of_an_empty_library_says_so(library: Path, tmp_path: Path) -> None:
    (one,) = kept(library, PLOUGH)
    Library(tmp_path / "empty", create=True).close()
    saved.save(tmp_path / "empty", one)
    assert "no articles yet" in checked(tmp_path / "empty").words


def test_the_page_lists_checks_and_opens_saved_answers(library: Path) -> None:
    assert "Press Save below an answer" in texts(page())
    (one,) = kept(library, PLOUGH)
    at = page()
    next(b for b in at.button if b.label.startswith("Check all")).click()
    at.run()
    checking = at.session_state["checking"]
    checking.future.result()
    at.run()
    assert checking.words == "Checked 1 answer: nothing has changed."
    at.session_state["saved"] = Turn.of(one, Settings(library=library))
    at.run()
    assert not at.exception
    next(b for b in at.button if b.label == "← All saved answers").click()
    at.run()
    assert at.session_state["saved"] is None
    assert [b.label for b in at.button if b.label.startswith("Check all")]


def test_another_session_sees_what_one_has_saved_and_not_what_it_has_checked(library: Path) -> None:
    kept(library, PLOUGH)
    one, other = page(), page()
    next(b for b in one.button if b.label.startswith("Check all")).click()
    one.run()
    one.session_state["checking"].future.result()
    other.run()
    assert other.session_state["checking"] is None
    assert [b.label for b in other.button if b.label.startswith("Check all")]


def test_a_saved_answer_is_drawn_like_one_that_was_just_given(library: Path) -> None:
    (one,) = kept(library, PLOUGH)
    turn = Turn.of(one, Settings(library=library))
    made = view.turn_view(turn, None, {})
    assert (made["running"], made["error"], made["stopped"]) == (False, None, False)
    assert made["question"] == PLOUGH
    assert len(made["citations"]) == len(one.citations)


def test_answers_to_the_same_question_are_told_apart_by_time_and_first_words(library: Path, tmp_path: Path) -> None:
    kept(library, LOSS)
    (tmp_path / "later.md").write_text(LATER, "utf-8")
    ingest(str(tmp_path / "later.md"), library=library)
    kept(library, LOSS)
    answers, foreign = saved.listed(library)
    first, second = saved.saved_view(answers, foreign, None, None)["rows"]
    assert first["question"] == second["question"]
    assert first["begins"] != second["begins"]
    assert "6,100 crowns" in first["begins"]
    assert first["day"].startswith("asked on ")
    assert first["day"].endswith(" UTC")


def test_a_deleted_answer_is_put_back_byte_for_byte(library: Path) -> None:
    kept(library, PLOUGH)
    ((one,), _) = saved.listed(library)
    file = library / "answers" / one.name
    before = file.read_bytes()
    content = saved.delete(library, one.name)
    assert content == before
    assert not file.exists()
    assert saved.delete(library, one.name) is None
    saved.put_back(library, one.name, before)
    assert file.read_bytes() == before
    saved.put_back(library, one.name, b"{}")  # what is there already stays
    assert file.read_bytes() == before
