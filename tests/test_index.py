"""Chroma is disposable: believed only behind a fitting stamp and a self-check, made again from SQLite otherwise."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import textwrap
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest
from fakes import CountingEmbedder
from test_library import entry

from qa.model import Filters
from qa.store.index import Index
from qa.store.library import Library

TEXTS = [f"Story {i} tells of harbour {i * 7 % 31} and crane {i}. It ends at {i // 5} o'clock." for i in range(60)]
EMBEDDER = CountingEmbedder()


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    with closing(Library(tmp_path / "lib", create=True)) as library:
        library.write([entry(f"a{i:02}", text) for i, text in enumerate(TEXTS)], embedder="counting")
        yield library


@pytest.fixture
def folder(library: Library) -> Path:
    assert library.folder
    return library.folder / "index"


def found(index: Index, text: str = "harbour", limit: int = 10) -> list[tuple[int, float]]:
    return index.search(EMBEDDER.embed([text])[0], limit, Filters())


def test_chroma_and_exact_scoring_give_the_same_hits(library: Library, folder: Path) -> None:
    with closing(Index(library, folder)) as index, closing(Index(library, None)) as exact:
        assert index.sync() == "chroma"
        assert index.state == "chroma"
        assert exact.state == "exact"
        for text in TEXTS[:20]:
            assert found(index, text) == found(exact, text)


def test_opening_again_uses_what_is_there(library: Library, folder: Path) -> None:
    with closing(Index(library, folder)) as index:
        index.sync()
    built = json.loads((folder / "stamp.json").read_text())["folder"]
    with closing(Index(library, folder)) as index:
        assert found(index)
        assert index.state == "chroma"
        assert index.sync() == "chroma"
    assert json.loads((folder / "stamp.json").read_text())["folder"] == built


def test_changes_are_carried_over_in_place(library: Library, folder: Path) -> None:
    with closing(Index(library, folder)) as index:
        index.sync()
        built = json.loads((folder / "stamp.json").read_text())["folder"]
        library.write([entry("a00", "A tram ran off its rails.")], embedder="counting")
        library.remove(["a01"])
        assert found(index) == found(Index(library, None))
        stamp = json.loads((folder / "stamp.json").read_text())
        assert (stamp["folder"], stamp["revision"]) == (built, library.revision)
        assert stamp["count"] == library.count()


def test_a_process_without_the_lock_scores_exactly(library: Library, folder: Path) -> None:
    with closing(Index(library, folder)) as holder:
        holder.sync()
        script = f"""
            from contextlib import closing
            from pathlib import Path
            from qa.store.index import Index
            from qa.store.library import Library
            import numpy as np
            with closing(Library(Path({str(library.folder)!r}))) as library:
                with closing(Index(library, Path({str(folder)!r}))) as index:
                    from qa.model import Filters
                    ids, vectors = library.vectors()
                    hits = index.search(vectors[0], 3, Filters())
                    print(index.state, index.sync(), hits[0][0] == ids[0])
        """
        out = subprocess.run(
            [sys.executable, "-c", textwrap.dedent(script)], capture_output=True, text=True, check=True
        )
    assert out.stdout.split() == ["exact", "exact", "True"]


def test_without_a_stamp_the_folder_is_never_opened_but_made_anew(library: Library, folder: Path) -> None:
    with closing(Index(library, folder)) as index:
        index.sync()
    old = folder / json.loads((folder / "stamp.json").read_text())["folder"]
    (folder / "stamp.json").unlink()  # as after a kill between the first write and the close
    with closing(Index(library, folder)) as index:
        assert index.state == "exact"
        assert found(index) == found(Index(library, None))
        assert index.sync() == "chroma"
        assert found(index) == found(Index(library, None))
    assert not old.exists()


def damage_emptied(chroma: Path) -> None:
    shutil.rmtree(chroma)
    chroma.mkdir()


def damage_gone(chroma: Path) -> None:
    shutil.rmtree(chroma)


def damage_database(chroma: Path) -> None:
    (chroma / "chroma.sqlite3").write_bytes(b"\0" * 4096)


@pytest.mark.parametrize("damage", [damage_emptied, damage_gone, damage_database])
def test_a_damaged_folder_behind_a_stamp_is_noticed_and_rebuilt(
    library: Library, folder: Path, damage: object, caplog: pytest.LogCaptureFixture
) -> None:
    with closing(Index(library, folder)) as index:
        index.sync()
    damage(folder / json.loads((folder / "stamp.json").read_text())["folder"])  # type: ignore[operator]
    with closing(Index(library, folder)) as index:
        assert found(index) == found(Index(library, None)), "a damaged index costs speed, never an answer"
        assert "not sound" in caplog.text
        assert index.sync() == "chroma"
        assert index.state == "chroma"


def test_a_query_that_fails_is_answered_exactly_and_the_folder_is_asked_no_more(
    library: Library, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with closing(Index(library, folder)) as index:
        index.sync()
        assert index.state == "chroma"
        assert index._collection
        monkeypatch.setattr(type(index._collection), "query", _fails)
        assert found(index) == found(Index(library, None))
        assert not (folder / "stamp.json").exists()
        monkeypatch.undo()
        assert index.sync() == "chroma"


def _fails(*_args: object, **_more: object) -> None:
    raise RuntimeError("hnsw segment reader: nothing found on disk")


def test_the_stamp_is_gone_before_the_first_write(
    library: Library, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with closing(Index(library, folder)) as index:
        index.sync()
        library.write([entry("new", "A new story is told.")], embedder="counting")
        there: list[bool] = []
        connect = Index._connect

        def watch(self: Index, name: str) -> object:
            there.append((folder / "stamp.json").exists())
            return connect(self, name)

        monkeypatch.setattr(Index, "_connect", watch)
        index.sync()
    assert there[-1] is False


def test_a_sync_over_a_damaged_folder_rebuilds_instead_of_adding_to_it(library: Library, folder: Path) -> None:
    with closing(Index(library, folder)) as index:
        index.sync()
    built = json.loads((folder / "stamp.json").read_text())["folder"]
    damage_emptied(folder / built)
    library.write([entry("new", "A new story is told.")], embedder="counting")
    with closing(Index(library, folder)) as index:
        assert index.sync() == "chroma"
        assert json.loads((folder / "stamp.json").read_text())["folder"] != built
        assert found(index) == found(Index(library, None))


def test_a_folder_of_another_library_behind_the_stamp_is_noticed(
    library: Library, folder: Path, tmp_path: Path
) -> None:
    with closing(Library(tmp_path / "other", create=True)) as other:
        other.write([entry(f"b{i:02}", f"Other {text}") for i, text in enumerate(TEXTS)], embedder="counting")
        with closing(Index(other, tmp_path / "other" / "index")) as index:
            index.sync()
    with closing(Index(library, folder)) as index:
        index.sync()
    mine = folder / json.loads((folder / "stamp.json").read_text())["folder"]
    theirs = tmp_path / "other" / "index"
    shutil.rmtree(mine)
    shutil.copytree(theirs / json.loads((theirs / "stamp.json").read_text())["folder"], mine)
    with closing(Index(library, folder)) as index:
        assert found(index) == found(Index(library, None))
        assert index.state == "exact"


@pytest.mark.parametrize(
    "stamp", ["", "{}", "[]", '{"folder": "x", "revision": 1, "embedder": "other", "count": 1}', "\0\0\0"]
)
def test_a_foreign_or_torn_stamp_is_no_stamp(library: Library, folder: Path, stamp: str) -> None:
    folder.mkdir()
    (folder / "stamp.json").write_text(stamp)
    with closing(Index(library, folder)) as index:
        assert index.state == "exact"
        assert index.sync() == "chroma"


def test_many_changes_wait_for_a_sync_and_are_answered_exactly_meanwhile(
    library: Library, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("qa.store.index.CATCH_UP", 3)
    with closing(Index(library, folder)) as index:
        index.sync()
        library.write([entry(f"b{i}", f"New story {i}.") for i in range(5)], embedder="counting")
        assert index.state == "exact"
        assert found(index, "New story 3.", 1) == found(Index(library, None), "New story 3.", 1)
        assert index.sync() == "chroma"


def test_filters_are_exact(library: Library, folder: Path) -> None:
    with closing(Index(library, folder)) as index:
        index.sync()
        assert index.search(np.ones(16, np.float32), 5, Filters(sources=("nobody",))) == []


def test_an_empty_library_has_nothing_to_find(tmp_path: Path) -> None:
    with (
        closing(Library(tmp_path / "new", create=True)) as library,
        closing(Index(library, tmp_path / "new" / "index")) as index,
    ):
        assert index.sync() == "exact"
        assert index.search(np.ones(16, np.float32), 5, Filters()) == []
