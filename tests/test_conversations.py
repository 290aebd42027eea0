"""Conversations in a real SQLite file: kept, found, exported; with several processes, and when the file is unusable."""

from __future__ import annotations

import json
import multiprocessing
import sqlite3
from pathlib import Path

import pytest
from typer.testing import CliRunner

import qa
from qa import ingest, manage
from qa.cli import app
from qa.errors import InputError, LibraryError, WorkspaceError
from qa.model import Answer, ClaimReady, Filters
from qa.settings import Settings
from qa.workspace.conversations import TITLE, Conversations, as_json, as_markdown, new_id
from qa.workspace.store import FILE, VERSIONS, Store

BRIDGE = "Who ordered the bridge shut?"


@pytest.fixture
def kept(tmp_path: Path) -> Conversations:
    return Conversations(tmp_path)


def asked(kept: Conversations, conversation: str, turn: str, question: str = BRIDGE) -> None:
    kept.append(conversation, turn, question, Filters(sources=("Salthouse Herald",)))


@pytest.fixture(scope="module")
def plough(tmp_path_factory: pytest.TempPathFactory) -> Answer:
    """Return an answer from a small article."""
    file = tmp_path_factory.mktemp("plough") / "plough.txt"
    file.write_text(
        "Published: 2026-01-20\n\nPlough bought\n\nSalthouse council bought a snow plough for 310,000 crowns.",
        encoding="utf-8",
    )
    return qa.answer("Who bought a snow plough?", articles=str(file), settings=Settings(offline=True))


def test_a_turn_is_kept_from_the_moment_it_is_asked(kept: Conversations, plough: Answer) -> None:
    asked(kept, "c1", "t1")
    (turn,) = kept.turns("c1")
    assert (turn.question, turn.state, turn.answer) == (BRIDGE, "running", None)
    assert turn.filters == Filters(sources=("Salthouse Herald",))
    kept.finish("t1", "done", plough)
    (turn,) = kept.turns("c1")
    assert turn.state == "done"
    assert turn.answer == plough


def test_turns_keep_their_order_and_their_ends(kept: Conversations) -> None:
    for number in range(12):
        asked(kept, "c1", f"t{number}", f"Question {number}?")
    kept.finish("t3", "stopped")
    kept.finish("t4", "failed", error="The model did not answer in time.")
    turns = kept.turns("c1")
    assert [turn.question for turn in turns] == [f"Question {number}?" for number in range(12)]
    assert [turn.state for turn in turns[3:6]] == ["stopped", "failed", "running"]
    assert turns[4].error == "The model did not answer in time."


def test_nothing_is_created_by_looking(kept: Conversations, tmp_path: Path) -> None:
    assert kept.listed().total == 0
    assert kept.turns("c1") == ()
    assert kept.find("c1") is None
    assert list(tmp_path.iterdir()) == []


def test_the_conversation_used_last_is_listed_first_and_pages_do_not_overlap(kept: Conversations) -> None:
    for number in range(5):
        asked(kept, f"c{number}", f"t{number}", f"Question {number}?")
    asked(kept, "c1", "t9", "And when was that?")
    first, then = kept.listed(limit=3), kept.listed(limit=3, offset=3)
    assert [one.id for one in first.conversations] == ["c1", "c4", "c3"]
    assert [one.id for one in then.conversations] == ["c2", "c0"]
    assert first.total == then.total == 5
    assert first.conversations[0].title == "Question 1?"
    assert first.conversations[0].questions == 2


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("plough", ["c2"]),  # in the question and the answer
        ("crowns", ["c2"]),  # only in the answer
        ("CROWN", ["c2"]),  # the beginning of a word
        ("bridge shut", ["c1"]),
        ("bridge plough", []),  # all words
        ("harbour", ["c1"]),  # in the title that a reader gave
        ('"shut" OR *', ["c1"]),  # not a query in the engine's language
        ("(", ["c3", "c2", "c1"]),  # no word at all: everything
        ("crème", ["c3"]),
        ("creme", ["c3"]),
    ],
)
def test_words_are_searched_in_titles_questions_and_answers(
    kept: Conversations, plough: Answer, words: str, found: list[str]
) -> None:
    asked(kept, "c1", "t1", "Was the bridge shut, or open?")
    kept.rename("c1", "Harbour")
    asked(kept, "c2", "t2", "Who bought a snow plough?")
    kept.finish("t2", "done", plough)
    asked(kept, "c3", "t3", "Who sells crème?")
    assert [one.id for one in kept.listed(words).conversations] == found


def test_a_title_is_the_first_question_until_a_reader_gives_another_one(kept: Conversations) -> None:
    asked(kept, "c1", "t1", "Why " * 100)
    found = kept.find("c1")
    assert found is not None
    assert len(found.title) <= TITLE
    assert found.title.endswith("…")
    kept.rename("c1", "  The   bridge ")
    renamed = kept.find("c1")
    assert renamed is not None
    assert renamed.title == "The bridge"
    with pytest.raises(InputError, match="Type some words"):
        kept.rename("c1", "  ")


def test_a_conversation_is_found_by_the_beginning_of_its_id_if_that_is_clear(kept: Conversations) -> None:
    asked(kept, "ab12", "t1")
    asked(kept, "ab34", "t2")
    assert (found := kept.find("ab1")) is not None
    assert found.id == "ab12"
    assert kept.find("ab") is None
    assert kept.find("") is None
    assert kept.find("%") is None


def test_a_deleted_conversation_leaves_no_words_in_the_file(kept: Conversations, tmp_path: Path) -> None:
    asked(kept, "c1", "t1", "Who leaked the zanzibar memorandum?")
    asked(kept, "c2", "t2")
    kept.delete("c1")
    assert [one.id for one in kept.listed().conversations] == ["c2"]
    assert kept.listed("zanzibar").total == 0
    kept.finish("t1", "failed", error="zanzibar")  # its worker ends later
    assert kept.turns("c1") == ()
    assert all(b"zanzibar" not in file.read_bytes() for file in tmp_path.iterdir())


def test_a_deleted_conversation_can_be_put_back_as_it_was(kept: Conversations, plough: Answer) -> None:
    asked(kept, "c1", "t1")
    kept.finish("t1", "done", plough)
    kept.rename("c1", "The plough")
    asked(kept, "c1", "t2", "And when was that?")  # still running when it is deleted
    before, found = kept.turns("c1"), kept.find("c1")
    deleted = kept.delete("c1")
    assert deleted
    assert kept.turns("c1") == ()
    asked(kept, "c2", "t3", "Another question?")  # its row takes the place of a deleted one
    kept.restore(deleted)
    first, second = kept.turns("c1")
    assert first == before[0]
    assert (second.question, second.state) == ("And when was that?", "stopped")
    assert kept.find("c1") == found
    assert [one.id for one in kept.listed("plough crowns").conversations] == ["c1"]
    assert [one.id for one in kept.listed("another").conversations] == ["c2"]
    kept.restore(deleted)  # a second time, nothing happens
    assert kept.turns("c1") == (first, second)
    assert kept.delete("nobody") is None


def test_what_was_asked_in_a_deleted_conversation_follows_what_is_put_back(kept: Conversations) -> None:
    asked(kept, "c1", "t1", "First?")
    asked(kept, "c1", "t2", "Second?")
    deleted = kept.delete("c1")
    assert deleted
    asked(kept, "c1", "t3", "Third?")  # by another session that has it open
    kept.restore(deleted)
    assert [turn.question for turn in kept.turns("c1")] == ["First?", "Second?", "Third?"]
    asked(kept, "c1", "t4", "Fourth?")
    assert [turn.id for turn in kept.turns("c1")] == ["t1", "t2", "t3", "t4"]


def test_a_rating_and_the_claims_of_a_stopped_answer_are_kept(kept: Conversations, plough: Answer) -> None:
    asked(kept, "c1", "t1")
    shown = (ClaimReady(claim=plough.claims[0], citations=plough.citations, articles=plough.articles),)
    kept.finish("t1", "stopped", claims=shown)
    kept.rate("t1", "down", commented=True)
    (turn,) = kept.turns("c1")
    assert (turn.state, turn.claims, turn.thumb, turn.commented) == ("stopped", shown, "down", True)


def test_ids_cannot_be_guessed() -> None:
    ids = {new_id() for _ in range(100)}
    assert len(ids) == 100
    assert {len(one) for one in ids} == {32}  # 128 bits in hexadecimal


# -- backup and restore ------------------------------------------------------------------------------------------------


def test_a_backup_carries_conversations_and_the_notebook(library: Path, tmp_path: Path) -> None:
    settings, file = Settings(library=library), tmp_path / "news.backup"
    kept = Conversations(library)
    asked(kept, "c1", "t1")
    digest = manage.backup(file, settings=settings)
    assert b"the bridge" in file.read_bytes()
    assert manage.restore(file, settings=Settings(library=tmp_path / "new")) == (None, None)
    assert [turn.id for turn in Conversations(tmp_path / "new").turns("c1")] == ["t1"]
    assert b"the bridge" not in (tmp_path / "new" / "library.sqlite3").read_bytes(), "it is in its own file alone"
    assert manage.backup(tmp_path / "again.backup", settings=Settings(library=tmp_path / "new")) == digest


def test_a_restore_keeps_newer_conversations_and_says_where(library: Path, tmp_path: Path) -> None:
    settings, file = Settings(library=library), tmp_path / "news.backup"
    kept = Conversations(library)
    asked(kept, "old", "t1")
    manage.backup(file, settings=settings)
    asked(kept, "newer", "t2", "What came later?")
    asked(Conversations(tmp_path / "empty"), "other", "t3")  # beside no library at all
    for folder in (library, tmp_path / "empty"):
        with pytest.raises(LibraryError, match="conversations or notebooks"):
            manage.restore(file, settings=Settings(library=folder))
    assert [turn.id for turn in kept.turns("newer")] == ["t2"]
    assert [turn.id for turn in Conversations(tmp_path / "empty").turns("other")] == ["t3"]
    done = CliRunner().invoke(app, ["restore", str(file), "--library", str(library), "--replace"])
    assert done.exit_code == 0
    assert "The previous conversations and notebooks are kept as" in done.output
    assert [one.id for one in kept.listed().conversations] == ["old"]
    (aside,) = library.glob("workspace-before-restore-*.sqlite3")
    (tmp_path / "aside").mkdir()
    aside.replace(tmp_path / "aside" / FILE)
    assert {one.id for one in Conversations(tmp_path / "aside").listed().conversations} == {"old", "newer"}


def test_a_backup_without_conversations_leaves_those_of_today(library: Path, tmp_path: Path) -> None:
    settings, file = Settings(library=library), tmp_path / "news.backup"
    manage.backup(file, settings=settings)
    asked(Conversations(library), "c1", "t1")
    saved, aside = manage.restore(file, settings=settings, replace=True)
    assert saved
    assert aside is None
    assert [turn.id for turn in Conversations(library).turns("c1")] == ["t1"]


def test_a_damaged_file_of_conversations_stops_a_backup_and_a_restore_moves_it(library: Path, tmp_path: Path) -> None:
    settings, file = Settings(library=library), tmp_path / "news.backup"
    asked(Conversations(library), "c1", "t1")
    manage.backup(file, settings=settings)
    for name in (FILE, f"{FILE}-wal", f"{FILE}-shm"):
        (library / name).unlink(missing_ok=True)
    (library / FILE).write_bytes(b"damaged" * 500)
    with pytest.raises(WorkspaceError, match="Move the file away"):
        manage.backup(tmp_path / "other.backup", settings=settings)
    assert not (tmp_path / "other.backup").exists()
    _, aside = manage.restore(file, settings=settings, replace=True)
    assert aside
    assert aside.read_bytes() == b"damaged" * 500
    assert [turn.id for turn in Conversations(library).turns("c1")] == ["t1"]


def test_exports_have_every_question_and_escape_what_is_untrusted(kept: Conversations, plough: Answer) -> None:
    asked(kept, "c1", "t1", "![x](https://evil.example) <b>?")
    kept.finish("t1", "stopped")
    asked(kept, "c1", "t2", "Who bought a snow plough?")
    kept.finish("t2", "done", plough)
    text = as_markdown(kept.turns("c1"))
    assert "![x]" not in text
    assert "<b>" not in text
    assert "*Stopped.*" in text
    assert "310,000 crowns" in text
    found = kept.find("c1")
    assert found is not None
    whole = json.loads(as_json(found, kept.turns("c1")))
    assert [turn["state"] for turn in whole["turns"]] == ["stopped", "done"]
    assert Answer.model_validate(whole["turns"][1]["answer"]) == plough


def test_an_answer_of_another_version_does_not_hide_the_conversation(
    kept: Conversations, plough: Answer, tmp_path: Path
) -> None:
    asked(kept, "c1", "t1")
    kept.finish("t1", "done", plough)
    with sqlite3.connect(tmp_path / FILE) as db:
        db.execute("UPDATE turns SET answer = json_set(answer, '$.invented', 1)")
    (turn,) = kept.turns("c1")
    assert (turn.state, turn.answer) == ("failed", None)
    assert "another version" in turn.error


def _write(folder: Path, name: str, times: int) -> None:
    kept = Conversations(folder)
    for number in range(times):
        kept.append("shared", f"{name}{number}", f"Question {name} {number}?", Filters())
        kept.finish(f"{name}{number}", "stopped")


@pytest.mark.slow
def test_two_processes_create_the_file_and_write_to_one_conversation(tmp_path: Path) -> None:
    context = multiprocessing.get_context("spawn")
    writers = [context.Process(target=_write, args=(tmp_path, name, 25)) for name in ("a", "b")]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join(60)
    assert [writer.exitcode for writer in writers] == [0, 0]
    turns = Conversations(tmp_path).turns("shared")
    assert len(turns) == 50
    assert [turn.id for turn in turns if turn.id.startswith("a")] == [f"a{number}" for number in range(25)]


@pytest.mark.parametrize("content", [b"not a database at all" * 100, b"SQLite format 3\x00" + b"\xff" * 4000])
def test_a_damaged_file_is_an_error_with_a_remedy_and_is_left_as_it_is(tmp_path: Path, content: bytes) -> None:
    (tmp_path / FILE).write_bytes(content)
    for use in (lambda kept: kept.listed(), lambda kept: asked(kept, "c", "t")):
        with pytest.raises(WorkspaceError, match="Move"):
            use(Conversations(tmp_path))
    assert (tmp_path / FILE).read_bytes() == content


def test_a_database_of_another_program_or_a_newer_version_is_not_touched(tmp_path: Path) -> None:
    with sqlite3.connect(tmp_path / FILE) as db:
        db.execute("CREATE TABLE shopping (what TEXT)")
        db.execute("PRAGMA application_id = 7")
    with pytest.raises(WorkspaceError, match="no workspace"):
        asked(Conversations(tmp_path), "c", "t")
    newer = tmp_path / "newer"
    asked(Conversations(newer), "c", "t")
    with sqlite3.connect(newer / FILE) as db:
        db.execute(f"PRAGMA user_version = {len(VERSIONS) + 1}")
    with pytest.raises(WorkspaceError, match="newer version"):
        Conversations(newer).listed()


def test_a_folder_that_is_a_file_cannot_hold_a_workspace(tmp_path: Path) -> None:
    (tmp_path / "library").write_text("")
    with pytest.raises(WorkspaceError, match="permissions"):
        asked(Conversations(tmp_path / "library"), "c", "t")


def test_what_raises_in_a_transaction_stores_nothing(tmp_path: Path) -> None:
    asked(Conversations(tmp_path), "c", "t")

    def fail() -> None:
        with Store(tmp_path).writing() as db:
            db.execute("DELETE FROM conversations")
            raise KeyError

    with pytest.raises(KeyError):
        fail()
    assert Conversations(tmp_path).listed().total == 1


# -- qa chat -----------------------------------------------------------------------------------------------------------


@pytest.fixture
def library(stories: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("QA_LIBRARY", str(tmp_path / "news"))
    ingest(str(stories))
    return tmp_path / "news"


def chat(*arguments: str, lines: str) -> str:
    result = CliRunner().invoke(app, ["chat", "--offline", *arguments], input=lines, env={"COLUMNS": "200"})
    assert result.exit_code == 0, result.output
    return result.output


def test_a_chat_is_kept_and_goes_on_with_its_follow_ups(library: Path) -> None:
    chat(lines="Who bought a snow plough?\n")
    told = chat("--resume", lines="And when was that?\n")
    assert "Going on with “Who bought a snow plough?”" in told
    (found,) = Conversations(library).listed().conversations
    turns = Conversations(library).turns(found.id)
    assert [turn.question for turn in turns] == ["Who bought a snow plough?", "And when was that?"]
    assert turns[1].answer is not None
    assert "plough" in turns[1].answer.standalone


def test_threads_are_listed_and_opened(library: Path) -> None:
    chat(lines="Who bought a snow plough?\n/new\nHow much does the line lose on every crossing?\n")
    told = chat(lines="/threads\n/open 2\n/open x\n/open\n")
    assert "1  How much does the line lose" in told
    assert "2  Who bought a snow plough?" in told
    assert "Going on with “Who bought a snow plough?”" in told
    assert "No conversation has an id that begins with 'x'" in told
    assert "for example: /open 2" in told


def test_without_history_nothing_is_written(library: Path) -> None:
    told = chat("--no-history", lines="Who bought a snow plough?\n/threads\n/open 1\n")
    assert "No conversations are kept" in told
    assert not (library / FILE).exists()


def test_a_chat_answers_although_its_history_cannot_be_kept(library: Path) -> None:
    (library / FILE).write_bytes(b"damaged" * 500)
    told = chat(lines="Who bought a snow plough?\nWho bought a snow plough?\n")
    assert told.count("This conversation is not kept.") == 1
    assert told.count("Salthouse council buys a snow plough") == 2


def test_an_id_without_resume_and_an_unknown_id_name_the_remedy(library: Path) -> None:
    for arguments, remedy in ((["abc"], "--resume abc"), (["--resume", "abc"], "/threads")):
        result = CliRunner().invoke(app, ["chat", "--offline", *arguments], input="", env={"COLUMNS": "200"})
        assert result.exit_code != 0
        assert remedy in result.output
    assert not (library / FILE).exists()
