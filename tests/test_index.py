"""Chroma is disposable: it is used only with a matching stamp and after a self-check, and otherwise rebuilt."""

from __future__ import annotations

import json
import os
import random
import shutil
import subprocess
import sys
import textwrap
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from fakes import CountingEmbedder
from test_library import entry

from qa.errors import IndexFault
from qa.library.chroma import Chroma
from qa.library.index import Index
from qa.library.library import Library
from qa.model import Filters

pytestmark = pytest.mark.usefixtures("ask_chroma")

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


def stamp(folder: Path) -> dict[str, Any]:
    return dict(json.loads((folder / "stamp.json").read_text()))


def search(index: Index, text: str = "harbour", limit: int = 10) -> list[tuple[int, float]]:
    return index.search(EMBEDDER.embed([text])[0], limit, Filters())


def test_chroma_and_exact_scoring_give_the_same_hits(library: Library, folder: Path) -> None:
    with closing(Index(library, folder)) as index, closing(Index(library, None)) as exact:
        assert index.sync() == "chroma"
        assert index.state == "chroma"
        assert exact.state == "exact"
        for text in TEXTS[:20]:
            assert search(index, text) == search(exact, text)


def test_reopening_uses_the_existing_build(library: Library, folder: Path) -> None:
    with closing(Index(library, folder)) as index:
        index.sync()
    built = stamp(folder)["build"]
    with closing(Index(library, folder)) as index:
        assert search(index)
        assert index.state == "chroma"
        assert index.sync() == "chroma"
    assert stamp(folder)["build"] == built


def test_chunks_newer_than_the_index_are_found_without_a_sync(library: Library, folder: Path) -> None:
    with closing(Index(library, folder)) as index:
        index.sync()
        before = stamp(folder)["revision"]
        library.write([entry("a00", "A tram ran off its rails.")], embedder="counting")
        library.remove(["a01"])
        assert search(index, "A tram ran off its rails.", 1) == search(
            Index(library, None), "A tram ran off its rails.", 1
        )
        for text in TEXTS[:20]:
            assert search(index, text) == search(Index(library, None), text)
        assert index.state == "chroma"
        assert index.pending == 5, "one chunk was added, four were removed"
        assert stamp(folder)["revision"] == before


def test_a_sync_writes_only_the_changes_into_the_existing_build(library: Library, folder: Path) -> None:
    with closing(Index(library, folder)) as index:
        index.sync()
        built = stamp(folder)["build"]
        library.write([entry("a00", "A tram ran off its rails.")], embedder="counting")
        library.remove(["a01"])
        assert index.sync(worth=6) == "chroma"
        assert stamp(folder)["revision"] < library.revision, "five changes are not worth it"
        assert index.sync(worth=5) == "chroma"
        now = stamp(folder)
        assert (now["build"], now["revision"], now["count"]) == (built, library.revision, library.count())
        assert index.pending == 0
        assert search(index) == search(Index(library, None))


def test_after_many_removals_everything_is_scored_exactly(
    library: Library, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("qa.library.index.REMOVED", 3)
    with closing(Index(library, folder)) as index:
        index.sync()
        library.remove([f"a{i:02}" for i in range(5)])
        assert index.state == "exact"
        assert search(index) == search(Index(library, None))
        assert index.sync() == "chroma"


def test_the_index_of_a_diverged_copy_is_not_used_even_at_the_same_revision(
    library: Library, folder: Path, tmp_path: Path
) -> None:
    shutil.copytree(library.folder or tmp_path, tmp_path / "copy")
    with closing(Library(tmp_path / "copy")) as copy:
        copy.write([entry("a00", "In the copy a tram ran off its rails.")], embedder="counting")
        library.write([entry("a00", "A ferry ran aground in the fog.")], embedder="counting")
        assert copy.revision == library.revision
        with closing(Index(library, folder)) as index:
            index.sync()
        copied_index = tmp_path / "copy" / "index"
        shutil.rmtree(copied_index, ignore_errors=True)
        shutil.copytree(folder, copied_index)
        with closing(Index(copy, copied_index)) as index:
            assert index.state == "exact"
            assert index.sync() == "chroma"
            assert search(index) == search(Index(copy, None))


def test_a_process_without_the_lock_scores_exactly(library: Library, folder: Path) -> None:
    with closing(Index(library, folder)) as holder:
        holder.sync()
        script = f"""
            from contextlib import closing
            from pathlib import Path
            from qa.library.index import Index
            from qa.library.library import Library
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


def test_a_build_without_a_stamp_is_never_opened_but_rebuilt(library: Library, folder: Path) -> None:
    with closing(Index(library, folder)) as index:
        index.sync()
    old = folder / stamp(folder)["build"]
    (folder / "stamp.json").unlink()  # as after a kill between the first write and the close
    with closing(Index(library, folder)) as index:
        assert index.state == "exact"
        assert search(index) == search(Index(library, None))
        assert index.sync() == "chroma"
        assert search(index) == search(Index(library, None))
    assert not old.exists()


def emptied(build: Path) -> None:
    shutil.rmtree(build)
    build.mkdir()


def overwritten_with_zeros(build: Path) -> None:
    (build / "chroma.sqlite3").write_bytes(b"\0" * 4096)


def a_foreign_file_added(build: Path) -> None:
    (build / "notes.txt").write_text("not Chroma's")


def links_of_terabytes(build: Path) -> None:
    """A sparse file, as a killed process leaves it: it takes no space on the disk until it is copied or read."""
    os.truncate(next(build.rglob("link_lists.bin")), 2**41)


def deleted(name: str) -> Callable[[Path], None]:
    return lambda build: next(build.rglob(name)).unlink()


def truncated(name: str) -> Callable[[Path], None]:
    def truncate(build: Path) -> None:
        path = next(build.rglob(name))
        os.truncate(path, path.stat().st_size // 2)

    return truncate


def random_bytes(name: str) -> Callable[[Path], None]:
    def scribble(build: Path) -> None:
        path = next(build.rglob(name))
        content = bytearray(path.read_bytes())
        middle = len(content) // 2
        content[middle : middle + 64] = random.Random(1).randbytes(len(content[middle : middle + 64]))
        path.write_bytes(content)

    return scribble


FILES = ("chroma.sqlite3", "data_level0.bin", "header.bin", "length.bin", "link_lists.bin")
DAMAGES: dict[str, Callable[[Path], None]] = {
    "gone": shutil.rmtree,
    **{f.__name__: f for f in (emptied, overwritten_with_zeros, a_foreign_file_added, links_of_terabytes)},
    **{f"{f.__name__} {name}": f(name) for f in (deleted, truncated, random_bytes) for name in FILES},
}
# link_lists.bin is empty here, so it cannot be truncated.
DAMAGES = {name: damage for name, damage in DAMAGES.items() if name not in {"truncated link_lists.bin"}}


@pytest.mark.slow
@pytest.mark.parametrize("damage", DAMAGES)
def test_a_damaged_build_is_detected_and_rebuilt(
    library: Library, folder: Path, damage: str, caplog: pytest.LogCaptureFixture
) -> None:
    # Chroma writes HNSW files once it has a thousand vectors; fewer stay in its log.
    many = [entry(f"m{i}", f"Crate {i} was found at pier {i % 17}.") for i in range(1100)]
    library.write(many, embedder="counting")
    with closing(Index(library, folder)) as index:
        index.sync()
        build = folder / stamp(folder)["build"]
        assert {path.name for path in build.rglob("*")} >= set(FILES)
    DAMAGES[damage](build)
    with closing(Index(library, folder)) as index:
        assert search(index) == search(Index(library, None)), "a damaged index is slower, but the hits are the same"
        assert "not sound" in caplog.text
        assert index.sync() == "chroma"
        assert index.state == "chroma"
        assert search(index) == search(Index(library, None))
    assert not build.exists()


def test_a_failed_query_is_scored_exactly_and_the_build_is_not_used_again(
    library: Library, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with closing(Index(library, folder)) as index:
        index.sync()
        assert index.state == "chroma"
        with monkeypatch.context() as broken:
            broken.setattr(Chroma, "nearest", _fails)
            assert search(index) == search(Index(library, None))
        assert not (folder / "stamp.json").exists()
        assert index.sync() == "chroma"


def _fails(*_args: object, **_more: object) -> None:
    raise IndexFault("hnsw segment reader: nothing found on disk")


def test_the_stamp_is_deleted_before_the_first_write(
    library: Library, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with closing(Index(library, folder)) as index:
        index.sync()
        library.write([entry("new", "A new story is told.")], embedder="counting")
        stamp_exists: list[bool] = []
        make = Chroma.make

        def watch(self: Chroma, build: str, embedder: str, dimension: int) -> None:
            stamp_exists.append((folder / "stamp.json").exists())
            make(self, build, embedder, dimension)

        monkeypatch.setattr(Chroma, "make", watch)
        index.sync()
    assert stamp_exists == [False]


def test_a_sync_rebuilds_a_damaged_build_instead_of_adding_to_it(library: Library, folder: Path) -> None:
    with closing(Index(library, folder)) as index:
        index.sync()
    built = stamp(folder)["build"]
    emptied(folder / built)
    library.write([entry("new", "A new story is told.")], embedder="counting")
    with closing(Index(library, folder)) as index:
        assert index.sync() == "chroma"
        assert stamp(folder)["build"] != built
        assert search(index) == search(Index(library, None))


def test_files_of_another_library_are_detected_despite_the_stamp(
    library: Library, folder: Path, tmp_path: Path
) -> None:
    with closing(Library(tmp_path / "other", create=True)) as other:
        other.write([entry(f"b{i:02}", f"Other {text}") for i, text in enumerate(TEXTS)], embedder="counting")
        with closing(Index(other, tmp_path / "other" / "index")) as index:
            index.sync()
    with closing(Index(library, folder)) as index:
        index.sync()
    mine = folder / stamp(folder)["build"]
    theirs = tmp_path / "other" / "index"
    shutil.rmtree(mine)
    shutil.copytree(theirs / stamp(theirs)["build"], mine)
    with closing(Index(library, folder)) as index:
        assert search(index) == search(Index(library, None))
        assert index.state == "exact"


@pytest.mark.parametrize(
    "torn", ["", "{}", "[]", '{"build": "x", "revision": 1, "token": "", "embedder": "other", "count": 1}', "\0\0\0"]
)
def test_an_unreadable_or_foreign_stamp_is_ignored(library: Library, folder: Path, torn: str) -> None:
    folder.mkdir()
    (folder / "stamp.json").write_text(torn)
    with closing(Index(library, folder)) as index:
        assert index.state == "exact"
        assert index.sync() == "chroma"


def test_a_filter_that_no_article_passes_gives_no_hits(library: Library, folder: Path) -> None:
    with closing(Index(library, folder)) as index:
        index.sync()
        assert index.search(np.ones(16, np.float32), 5, Filters(sources=("nobody",))) == []


def test_searching_an_empty_library_gives_no_hits(tmp_path: Path) -> None:
    with (
        closing(Library(tmp_path / "new", create=True)) as library,
        closing(Index(library, tmp_path / "new" / "index")) as index,
    ):
        assert index.sync() == "exact"
        assert index.search(np.ones(16, np.float32), 5, Filters()) == []
