"""Backup, restore, damage and old schemas: nothing is lost, damage is detected, and every error names a remedy."""

from __future__ import annotations

import gzip
import re
import shutil
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from fakes import CountingEmbedder
from test_library import entry

from qa.errors import LibraryError, SchemaMismatch
from qa.library import maintenance
from qa.library.exact import Recent
from qa.library.index import Index
from qa.library.library import FILE, Library
from qa.library.schema import SCHEMA, SCHEMA_VERSION
from qa.model import Filters

pytestmark = pytest.mark.usefixtures("ask_chroma")

DATA = Path(__file__).parent / "data"
TEXTS = [f"Story {i} tells of harbour {i * 7 % 31} and crane {i}. It ends at {i // 5} o'clock." for i in range(40)]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "lib"


@pytest.fixture
def library(folder: Path) -> Iterator[Library]:
    with closing(Library(folder, create=True)) as library:
        library.write([entry(f"a{i:02}", text) for i, text in enumerate(TEXTS)], embedder="counting")
        yield library


# -- backup and restore ------------------------------------------------------------------------------------------------


def test_a_backup_is_one_file_with_the_same_digest(library: Library, folder: Path, tmp_path: Path) -> None:
    digest = maintenance.backup(library, tmp_path / "away" / "news.backup")
    assert digest == maintenance.digest(library)
    assert [path.name for path in (tmp_path / "away").iterdir()] == ["news.backup"]
    assert maintenance.restore(tmp_path / "away" / "news.backup", tmp_path / "new", replace=False) is None
    with closing(Library(tmp_path / "new")) as restored:
        assert maintenance.digest(restored) == digest
        assert not maintenance.faults(restored)
    assert maintenance.digest(library) == digest


def test_the_digest_depends_on_contents_and_not_on_history(library: Library, tmp_path: Path) -> None:
    before = maintenance.digest(library)
    library.write([entry("new", "A tram ran off its rails.")], embedder="counting")
    assert maintenance.digest(library) != before
    library.remove(["new"])
    assert maintenance.digest(library) == before
    with closing(Library(tmp_path / "other", create=True)) as other:  # in another order, in other transactions
        for i in reversed(range(len(TEXTS))):
            other.write([entry(f"a{i:02}", TEXTS[i])], embedder="counting")
        assert maintenance.digest(other) == before


def test_a_backup_can_be_made_while_others_write(library: Library, folder: Path, tmp_path: Path) -> None:
    stop = threading.Event()

    def write() -> None:
        with closing(Library(folder)) as mine:
            for i in range(10_000):
                if stop.is_set():
                    return
                mine.write([entry(f"w{i}", f"Wire {i} came in.")], embedder="counting")

    writer = threading.Thread(target=write)
    writer.start()
    try:
        for n in range(5):
            maintenance.backup(library, tmp_path / f"{n}.backup", lambda _done, _total: None)
    finally:
        stop.set()
        writer.join()
    for n in range(5):
        maintenance.restore(tmp_path / f"{n}.backup", tmp_path / f"{n}", replace=False)


def test_a_backup_does_not_overwrite_a_file(library: Library, tmp_path: Path) -> None:
    (tmp_path / "thesis.txt").write_text("ten years of work")
    with pytest.raises(LibraryError, match="Name another file"):
        maintenance.backup(library, tmp_path / "thesis.txt")
    assert (tmp_path / "thesis.txt").read_text() == "ten years of work"


def test_restoring_over_a_library_needs_replace_and_saves_it(library: Library, folder: Path, tmp_path: Path) -> None:
    old = maintenance.backup(library, tmp_path / "old.backup")
    library.write([entry("new", "A tram ran off its rails.")], embedder="counting")
    new = maintenance.digest(library)
    with pytest.raises(LibraryError, match="--replace"):
        maintenance.restore(tmp_path / "old.backup", folder, replace=False)
    assert maintenance.digest(library) == new
    saved = maintenance.restore(tmp_path / "old.backup", folder, replace=True)
    assert maintenance.digest(library) == old, "an open library shows the restored contents"
    assert saved
    maintenance.restore(saved, tmp_path / "back", replace=False)
    with closing(Library(tmp_path / "back")) as back:
        assert maintenance.digest(back) == new


def test_after_a_restore_the_index_and_caches_of_the_old_library_are_not_used(
    library: Library, folder: Path, tmp_path: Path
) -> None:
    maintenance.backup(library, tmp_path / "old.backup")
    library.write([entry("a00", "A tram ran off its rails.")], embedder="counting")
    vector = CountingEmbedder().embed(["A ferry sank in the fog."])[0]
    cache = Recent(library)
    with closing(Index(library, folder / "index")) as index:
        index.sync()
        cache.refresh()
        maintenance.restore(tmp_path / "old.backup", folder, replace=True)
        library.write([entry("a00", "A ferry sank in the fog.")], embedder="counting")
        cache.refresh()
        expected = Index(library, None).search(vector, 5, Filters())
        assert expected[0][1] == pytest.approx(1)
        assert index.state == "exact"
        assert index.search(vector, 5, Filters()) == expected
        assert cache.nearest(vector, 5) == expected
        assert index.sync() == "chroma"
        assert index.search(vector, 5, Filters()) == expected


@pytest.mark.parametrize("content", [b"", b"not a database", b"SQLite format 3\0" + b"\0" * 4000])
def test_a_file_that_is_no_backup_is_refused_and_changes_nothing(
    library: Library, folder: Path, tmp_path: Path, content: bytes
) -> None:
    (tmp_path / "x.backup").write_bytes(content)
    before = maintenance.digest(library)
    with pytest.raises(LibraryError):
        maintenance.restore(tmp_path / "x.backup", folder, replace=True)
    assert maintenance.digest(library) == before
    assert {path.name for path in folder.iterdir()} <= {FILE, f"{FILE}-wal", f"{FILE}-shm"}
    with pytest.raises(LibraryError, match="no backup"):
        maintenance.restore(tmp_path / "nowhere", folder, replace=True)


def test_restoring_over_a_damaged_library_moves_it_aside(library: Library, folder: Path, tmp_path: Path) -> None:
    digest = maintenance.backup(library, tmp_path / "x.backup")
    library.close()
    scribble(folder / FILE)
    saved = maintenance.restore(tmp_path / "x.backup", folder, replace=True)
    with closing(Library(folder)) as restored:
        assert maintenance.digest(restored) == digest
    assert saved
    assert saved.exists()


# -- damage ------------------------------------------------------------------------------------------------------------


def scribble(path: Path, at: int = 3) -> None:
    """Overwrite all pages from page ``at`` on, as a failing disk may do."""
    size = path.stat().st_size
    with path.open("r+b") as file:
        for page in range(at, size // 4096):
            file.seek(page * 4096)
            file.write(b"\xa5" * 4096)


def faults_of(folder: Path) -> str:
    """The faults, or the error, of a library that is opened, checked and read from beginning to end."""
    try:
        with closing(Library(folder)) as library:
            faults = maintenance.faults(library)
            if not faults:
                maintenance.digest(library)
    except LibraryError as error:
        return str(error)
    return " ".join(faults)


@pytest.mark.parametrize("page", [1, 3, 9])
def test_a_damaged_page_is_reported_with_a_remedy(library: Library, folder: Path, page: int) -> None:
    library.close()
    scribble(folder / FILE, page)
    assert re.search(r"qa restore|qa doctor|--library|SQLite: ", faults_of(folder))


def test_rows_that_do_not_fit_together_are_reported_and_repaired(library: Library, folder: Path) -> None:
    digest = maintenance.digest(library)
    with closing(sqlite3.connect(folder / FILE)) as db:
        db.execute("DELETE FROM chunks_fts WHERE rowid IN (1, 2, 3)")
        db.execute("INSERT INTO chunks_fts (rowid, text) VALUES (9999, 'nobody’s')")
        db.execute("INSERT INTO sentences VALUES ('ghost', 0, 0, 5)")
        db.commit()
    faults = maintenance.faults(library)
    assert "3 chunks missing from the full-text index" in faults
    assert "1 full-text entries without a chunk" in faults
    assert "1 rows without an article" in faults
    maintenance.repair(library)
    assert maintenance.faults(library) == []
    assert maintenance.digest(library) == digest


def test_impossible_offsets_and_vectors_are_reported(library: Library, folder: Path) -> None:
    with closing(sqlite3.connect(folder / FILE)) as db:
        db.execute("UPDATE sentences SET end = 100000 WHERE article_id = 'a00' AND idx = 0")
        db.execute("UPDATE chunks SET vector = x'00' WHERE article_id = 'a01'")
        db.commit()
    faults = " ".join(maintenance.faults(library))
    assert "vectors of the wrong length" in faults
    assert "sentences outside their article" in faults


# -- schemas -----------------------------------------------------------------------------------------------------------


def old_library(version: int, folder: Path) -> Path:
    """A library with the two articles of the ``stories`` fixture, as written by the Dateline of that schema version."""
    folder.mkdir()
    (folder / FILE).write_bytes(gzip.decompress((DATA / f"library-v{version}.sqlite3.gz").read_bytes()))
    return folder


def shape(db: sqlite3.Connection) -> set[tuple[str, str]]:
    rows = db.execute("SELECT name, sql FROM sqlite_master WHERE sql IS NOT NULL AND name NOT LIKE 'chunks_fts_%'")
    return {(name, " ".join(sql.split())) for name, sql in rows}


@pytest.mark.parametrize("version", range(1, SCHEMA_VERSION))
def test_migrating_an_older_library_loses_nothing(version: int, folder: Path, tmp_path: Path) -> None:
    old_library(version, folder)
    with closing(sqlite3.connect(folder / FILE)) as db:
        rows = {name: db.execute(f"SELECT * FROM {name}").fetchall() for name in ("sentences", "chunks")}
        joined = "SELECT id, version, text FROM articles JOIN documents ON article_id = id ORDER BY id"
        texts = db.execute(joined if version >= 4 else "SELECT id, version, text FROM articles ORDER BY id").fetchall()
    with closing(Library(folder)) as library:
        assert [a.title for a in library.articles()] == [
            "Ferry line to cut evening sailings",
            "Salthouse council buys a snow plough",
        ]
        assert maintenance.faults(library) == []
        library.write(
            [entry("new", "A tram ran off its rails.", embedder=CountingEmbedder(dimension=256))], embedder="wordllama"
        )
        library.remove(["new"])
    with closing(sqlite3.connect(folder / FILE)) as db, closing(sqlite3.connect(":memory:")) as fresh:
        assert db.execute(joined).fetchall() == texts
        for name, before in rows.items():
            assert db.execute(f"SELECT * FROM {name}").fetchall() == before
        for statement in SCHEMA:
            fresh.execute(statement)
        assert shape(db) == shape(fresh), "a migrated library has the tables of a new one"
        assert db.execute("PRAGMA user_version").fetchone() == (SCHEMA_VERSION,)


def test_restoring_a_backup_of_an_older_schema_does_not_change_the_backup(tmp_path: Path) -> None:
    old = old_library(1, tmp_path / "old") / FILE
    before = old.read_bytes()
    maintenance.restore(old, tmp_path / "new", replace=False)
    assert old.read_bytes() == before
    with closing(Library(tmp_path / "new")) as library:
        assert len(library.versions()) == 2


def test_a_library_with_a_newer_schema_is_refused_and_not_changed(library: Library, folder: Path) -> None:
    library.close()
    with closing(sqlite3.connect(folder / FILE)) as db:
        db.execute(f"PRAGMA user_version={SCHEMA_VERSION + 1}")
    before = (folder / FILE).read_bytes()
    with pytest.raises(SchemaMismatch, match="newer"):
        Library(folder)
    assert (folder / FILE).read_bytes() == before


def test_a_library_can_be_moved_to_another_folder(library: Library, folder: Path, tmp_path: Path) -> None:
    digest = maintenance.digest(library)
    library.close()
    shutil.move(folder, tmp_path / "moved # here?")
    with closing(Library(tmp_path / "moved # here?")) as moved:
        assert maintenance.digest(moved) == digest
