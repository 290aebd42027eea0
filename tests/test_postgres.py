"""A shared library in PostgreSQL: it finds what SQLite finds, is copied both ways, and many processes write to it."""

from __future__ import annotations

import json
import logging
import os
import random
import socket
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import UTC, date, datetime
from pathlib import Path

import psycopg
import pytest
from test_library import FERRY, PLOUGH, UNDATED, entry
from typer.testing import CliRunner

from benchmarks.generate import articles
from qa import answer, manage, pipeline
from qa.cli import app
from qa.doctor import examine
from qa.errors import LibraryError, RowRefused, SchemaMismatch, SettingsError
from qa.library import maintenance, postings
from qa.library.library import Library, exists
from qa.library.schema import SCHEMA_VERSION
from qa.model import Filters, Particulars
from qa.settings import Settings, SharedLibrary, place_of

SECRET = "open-sesame"
WORDS = ["al-rashid", "minister", "harbour", "reviewed", "the", "emergency", "café", "port"]


@pytest.fixture
def pair(tmp_path: Path, shared: SharedLibrary) -> Iterator[tuple[Library, Library]]:
    """Two libraries with the same articles, one of them with an earlier version: in SQLite, and in PostgreSQL."""
    entries = [
        entry(a.id, f"{a.text}\nÖstberg met Al-Rashid in São Paulo.", source=a.source, published=a.published)
        for a in articles(30)
    ]
    with (
        closing(Library(tmp_path / "lib", create=True)) as sqlite,
        closing(Library(shared, create=True)) as postgres,
    ):
        for library in (sqlite, postgres):
            library.write(entries, embedder="counting", now=datetime(2026, 3, 1, tzinfo=UTC))
            changed = entry(entries[3].parsed.id, "The harbour minister reviewed the port. It stays open.")
            library.write([changed], embedder="counting", now=datetime(2026, 3, 5, tzinfo=UTC))
            library.remove([entries[5].parsed.id])
        yield sqlite, postgres


# -- the same as in SQLite ---------------------------------------------------------------------------------------------


def test_both_hold_the_same_and_nothing_is_wrong_with_it(pair: tuple[Library, Library]) -> None:
    sqlite, postgres = pair
    assert maintenance.faults(postgres) == []
    assert maintenance.digest(postgres) == maintenance.digest(sqlite)
    assert postgres.articles() == sqlite.articles()
    assert postgres.earlier() == sqlite.earlier() == 1


@pytest.mark.parametrize(
    "filters",
    [
        Filters(),
        Filters(since=date(2023, 1, 1)),
        Filters(as_of=date(2026, 3, 2), basis="held"),
        Filters(until=date(2021, 3, 1)),
        Filters(sources=("nobody",)),
    ],
    ids=lambda filters: filters.model_dump_json(exclude_defaults=True),
)
def test_words_find_the_same_chunks_with_the_same_scores(pair: tuple[Library, Library], filters: Filters) -> None:
    sqlite, postgres = pair
    for terms in ([word] for word in WORDS):
        _same(sqlite.lexical(terms, 500, filters), postgres.lexical(terms, 500, filters))
    _same(sqlite.lexical(WORDS, 500, filters), postgres.lexical(WORDS, 500, filters))
    for phrases in (["harbour minister"], ["al-rashid"], ["ministers", "PORT"], ["minister harbour"], ['"'], ["’"]):
        found = [library.containing(phrases, filters, limit=50) for library in pair]
        assert found[0] == found[1], phrases


def test_words_over_many_blocks_find_the_same_chunks(
    tmp_path: Path, shared: SharedLibrary, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(postings, "BITS", 5)
    chance = random.Random(5)
    common, rarer, rare = ["harbour", "council"], ["pilot", "sluice", "vote"], ["otter", "quarry"]

    def text() -> str:
        words = [
            w for some, odds in ((common, 0.6), (rarer, 0.15), (rare, 0.03)) for w in some if chance.random() < odds
        ]
        return " ".join(["It", *words, *chance.choices(common, k=chance.randrange(4))]) + "."

    entries = [entry(f"a{number:03}", text()) for number in range(400)]
    gone = [one.parsed.id for one in entries[32:64]]
    asked = (["pilot", "council"], ["otter", "sluice", "harbour"], ["vote", "pilot", "harbour", "council"])
    with (
        closing(Library(tmp_path / "lib", create=True)) as sqlite,
        closing(Library(shared, create=True)) as postgres,
    ):
        for library in (sqlite, postgres):
            library.write(entries[:300], embedder="counting")
            library.write(entries[300:], embedder="counting")
            library.remove(gone)  # a block becomes empty
        for limit in (3, 10, 50):
            for terms in asked:
                _same(sqlite.lexical(terms, limit, Filters()), postgres.lexical(terms, limit, Filters()))
        assert maintenance.faults(postgres) == []


def _same(sqlite: list[tuple[object, float]], postgres: list[tuple[object, float]]) -> None:
    """SQLite gave the chunks of the earlier version other ids, so scores are compared, and how many have each."""
    assert [score for _, score in postgres] == pytest.approx([score for _, score in sqlite], abs=1e-6)
    articles = [{(row.article_id, row.first, row.last) for row, _ in found} for found in (sqlite, postgres)]  # type: ignore[attr-defined]
    assert articles[0] == articles[1]


def test_a_name_of_several_words_is_found_as_one(pair: tuple[Library, Library]) -> None:
    _, postgres = pair
    assert len(postgres.lexical(["al-rashid"], 500, Filters())) > 0
    assert postgres.lexical(["rashid-al"], 500, Filters()) == []


def test_a_schema_may_have_any_name(postgres: str, shared: SharedLibrary) -> None:
    place = place_of(f"{postgres}&schema=the%20%22Post%22%27s;%20DROP%20%25s")
    assert isinstance(place, SharedLibrary)
    assert place.schema_name == 'the "Post"\'s; DROP %s'
    with closing(Library(place, create=True)) as library:
        library.write([FERRY], embedder="counting")
        assert [row.article_id for row, _ in library.lexical(["ferry"], 5, Filters())] == ["ferry"]
    assert exists(place)
    assert not exists(shared)


def test_the_frequency_of_words_follows_what_is_stored_and_removed(shared: SharedLibrary) -> None:
    with closing(Library(shared, create=True)) as library:
        library.write([FERRY, PLOUGH, UNDATED], embedder="counting")
        assert library.document_frequency(["stop", "ferri"])[0] == {"stop": 1, "ferri": 1}
        library.write([entry("ferry", "The ferry sailed. The ferry came back.")], embedder="counting")
        assert library.document_frequency(["stop"])[0].get("stop", 0) == 0, "the earlier version does not count"
        library.remove(["ferry"])
        assert library.lexical(["ferry", "stopped"], 10, Filters()) == []
        assert maintenance.faults(library) == []


def test_a_question_is_answered_as_from_a_folder(stories: Path, shared: SharedLibrary, tmp_path: Path) -> None:
    found = []
    for place in (tmp_path / "lib", shared):
        settings = Settings(library=place)
        manage.ingest(str(stories), settings=settings)
        found.append(answer("Why did the ferry stop?", settings=settings))
        pipeline.close_all()
    assert found[0].text == found[1].text
    assert found[0].citations == found[1].citations


def test_articles_are_edited_pruned_and_removed(stories: Path, shared: SharedLibrary) -> None:
    settings = Settings(library=shared)
    manage.ingest(str(stories), settings=settings)
    edited, _ = manage.edit("ferry", Particulars(source="The Other Post"), settings=settings)
    assert edited.source == "The Other Post"
    assert manage.ingest(str(stories), settings=settings).unchanged == 2
    (stories / "plough.md").unlink()
    assert manage.ingest(str(stories), settings=settings, prune=True).removed == 1
    manage.remove(["ferry"], settings=settings)
    with closing(Library(shared)) as library:
        assert library.articles() == []
        assert maintenance.faults(library) == []


# -- copies ------------------------------------------------------------------------------------------------------------


def test_a_library_is_copied_to_postgres_and_back_unchanged(
    pair: tuple[Library, Library], postgres: str, tmp_path: Path
) -> None:
    address = f"{postgres}&schema=copy_{tmp_path.name.replace('-', '_').lower()}"
    steps: list[tuple[int, int]] = []
    _, shared, digest = manage.copy(tmp_path / "lib", address, on_progress=lambda *step: steps.append(step))
    _, folder, back = manage.copy(address, tmp_path / "back")
    assert digest == back == maintenance.digest(pair[0])
    assert steps[-1][0] == steps[-1][1] > 0
    with closing(Library(shared)) as there, closing(Library(folder)) as here:
        assert maintenance.faults(there) == maintenance.faults(here) == []
        assert there.state != pair[0].state, "an index of one is not used for the other"
        assert there.lexical(WORDS, 5, Filters())[0][1] == pytest.approx(here.lexical(WORDS, 5, Filters())[0][1])
        there.write([entry("new", "A new story is told.")], embedder="counting")
        assert len(there.vectors()[0]) == there.count(), "new chunks get ids of their own"


def test_a_copy_does_not_mix_libraries(pair: tuple[Library, Library], shared: SharedLibrary, tmp_path: Path) -> None:
    with pytest.raises(LibraryError, match="Name another place"):
        manage.copy(tmp_path / "lib", shared.address.get_secret_value())
    assert maintenance.digest(pair[1]) == maintenance.digest(pair[0])


def test_a_backup_of_a_shared_library_is_a_file_that_both_can_restore(
    pair: tuple[Library, Library], shared: SharedLibrary, tmp_path: Path
) -> None:
    settings, file = Settings(library=shared), tmp_path / "backup.sqlite3"
    digest = manage.backup(file, settings=settings)
    with pytest.raises(LibraryError, match="--replace"):
        manage.restore(file, settings=settings)
    pair[1].remove([pair[1].articles()[0].id])
    saved, _ = manage.restore(file, settings=settings, replace=True)
    assert maintenance.digest(pair[1]) == digest
    assert saved is not None
    assert saved.parent == settings.folder
    manage.restore(file, library=tmp_path / "restored", settings=Settings())
    with closing(Library(tmp_path / "restored")) as restored:
        assert maintenance.digest(restored) == digest


# -- many writers ------------------------------------------------------------------------------------------------------


def test_revisions_of_writers_at_once_are_all_different_and_in_order(shared: SharedLibrary) -> None:
    Library(shared, create=True).close()
    entries = [entry(f"a{i}", f"Story {i} tells of crane {i}.") for i in range(40)]

    def write(one: object) -> int:
        with closing(Library(shared)) as library:
            return library.write([one], embedder="counting")  # type: ignore[list-item]

    with ThreadPoolExecutor(8) as pool:
        revisions = list(pool.map(write, entries))
    with closing(Library(shared)) as library:
        assert sorted(revisions) == list(range(1, 41))
        assert library.revision == 40
        added, removed = library.changes(0)
        assert set(added.values()) == set(revisions)
        assert removed == {}
        assert maintenance.faults(library) == []


def test_processes_that_ingest_one_folder_share_the_work(shared: SharedLibrary, tmp_path: Path) -> None:
    folder = tmp_path / "news"
    folder.mkdir()
    for i in range(200):
        (folder / f"{i:03}.txt").write_text(f"Crane {i} fell\n\nCrane {i} fell on pier {i % 7}, the harbour said.")
    address = shared.address.get_secret_value()
    command = [sys.executable, "-m", "qa", "ingest", str(folder), "--library", address, "--json"]
    running = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(3)]
    texts = [process.communicate(timeout=240)[0] for process in running]
    assert [process.returncode for process in running] == [0, 0, 0]
    reports = [json.loads(text) for text in texts]
    assert sum(report["added"] for report in reports) == 200, "no article is stored by two of them"
    assert all(report["added"] + report["unchanged"] == 200 for report in reports)
    assert all(report["updated"] == 0 and not report["skipped"] for report in reports)
    manage.ingest(str(folder), library=tmp_path / "alone", settings=Settings())
    with closing(Library(shared)) as together, closing(Library(tmp_path / "alone")) as alone:
        assert maintenance.digest(together) == maintenance.digest(alone)
        assert together.database.query("SELECT count(*) FROM jobs")[0][0] == 0


def test_a_job_is_done_again_if_the_one_who_took_it_fails(shared: SharedLibrary) -> None:
    with closing(Library(shared, create=True)) as one, closing(Library(shared)) as other:
        assert one.jobs is not None
        assert other.jobs is not None
        one.jobs.add(["a", "b", "c"])
        other.jobs.add(["b", "c", "d"])
        with pytest.raises(KeyError), one.jobs.taking(["a", "b"], 5) as taken:  # noqa: PT012
            assert taken == ["a", "b"]
            with other.jobs.taking(["a", "b", "c", "d"], 5) as rest:
                assert rest == ["c", "d"], "what another one does is passed over"
            assert other.jobs.waiting(["a", "b", "c", "d"]) == {"a", "b"}
            raise KeyError
        with other.jobs.taking(["a", "b", "c", "d"], 5) as again:
            assert again == ["a", "b"]
        assert one.jobs.waiting(["a", "b", "c", "d"]) == set()


def test_threads_that_create_a_library_at_once_all_open_it(shared: SharedLibrary) -> None:
    def open_one(_: int) -> int:
        with closing(Library(shared, create=True)) as library:
            return library.revision

    with ThreadPoolExecutor(8) as pool:
        assert set(pool.map(open_one, range(16))) == {0}


# -- faults ------------------------------------------------------------------------------------------------------------


def test_a_missing_library_is_named_with_the_remedy(shared: SharedLibrary) -> None:
    assert not exists(shared)
    with pytest.raises(LibraryError, match="qa ingest"):
        Library(shared)
    assert not exists(shared), "opening without create must not create tables"
    assert "qa ingest" in examine(Settings(library=shared)).facts["state"]


def test_a_library_of_a_newer_version_is_refused(shared: SharedLibrary) -> None:
    with closing(Library(shared, create=True)) as library, library.database.writing():
        library.database.execute("UPDATE about SET schema = ?", (SCHEMA_VERSION + 1,))
    with pytest.raises(SchemaMismatch, match="newer one"):
        Library(shared)


def test_the_postings_of_an_older_library_are_packed(pair: tuple[Library, Library]) -> None:
    library = pair[1]
    found = [library.lexical([word], 500, Filters()) for word in WORDS]
    with library.database.writing():
        for statement in (
            f"CREATE TABLE single_postings AS {library.database.full_text.single}",  # type: ignore[attr-defined]
            "DROP TABLE postings",
            "ALTER TABLE single_postings RENAME TO postings",
            "ALTER TABLE postings ADD PRIMARY KEY (word, chunk_id)",
            "UPDATE about SET schema = 8",
        ):
            library.database.execute(statement)
    with closing(Library(pair[1].database.place)) as migrated:  # type: ignore[attr-defined]
        assert maintenance.faults(migrated) == []
        assert [migrated.lexical([word], 500, Filters()) for word in WORDS] == found


def test_a_text_that_postgres_cannot_store_is_refused_alone(shared: SharedLibrary) -> None:
    with closing(Library(shared, create=True)) as library:
        library.write([FERRY], embedder="counting")
        with pytest.raises(RowRefused):
            library.write([PLOUGH, entry("nul", "A story with a \0 in it.")], embedder="counting")
        assert [ref.id for ref in library.articles()] == ["ferry"]
        assert maintenance.faults(library) == []


def test_a_lost_connection_is_named_and_the_next_question_gets_a_new_one(shared: SharedLibrary, postgres: str) -> None:
    def end_all() -> None:
        with closing(psycopg.connect(postgres, autocommit=True)) as server:
            server.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid()")

    with closing(Library(shared, create=True)) as library:
        library.write([FERRY], embedder="counting")
        end_all()
        assert library.article("ferry").id == "ferry"
        with pytest.raises(LibraryError, match="does not answer"), library.reading():  # noqa: PT012
            end_all()
            library.revision  # noqa: B018
        with pytest.raises(LibraryError, match="does not answer"), library.database.writing():  # noqa: PT012
            library.database.execute("DELETE FROM articles")
            end_all()
            library.database.execute("DELETE FROM articles")
        assert library.article("ferry").id == "ferry"


@pytest.mark.parametrize("more", ["", "?nonsense=1", "?sslmode=nonsense", "?schema=a%22b"])
def test_no_message_holds_the_password(more: str, tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    place = place_of(f"postgresql://reporter:{SECRET}@127.0.0.1:{port}/news{more}")
    settings = Settings(library=place)
    caplog.set_level(logging.DEBUG)
    with pytest.raises(LibraryError) as caught:
        Library(place)
    findings = examine(settings)
    told = [str(place), repr(place), repr(settings), settings.model_dump_json(), str(caught.value), caplog.text]
    told += [*findings.facts.values(), *findings.faults, str(settings.folder)]
    assert SECRET not in " ".join(told)
    assert "reporter" not in " ".join([str(place), str(caught.value), *findings.faults])
    assert f"127.0.0.1:{port}/news" in str(caught.value)


def test_an_address_that_cannot_be_read_is_not_repeated() -> None:
    for address in (f"postgresql://u:{SECRET}@[::1/news", f"postgresql://u:{SECRET}@host:port/news"):
        with pytest.raises(SettingsError, match="postgresql://user:password@host/database") as caught:
            place_of(address)
        assert SECRET not in str(caught.value)
        with pytest.raises(SettingsError) as caught:
            Settings.load(library=address)
        assert SECRET not in str(caught.value)


def test_what_lies_beside_a_shared_library_is_in_a_folder_of_its_own() -> None:
    def folder(address: str) -> Path:
        return Settings(library=place_of(address)).folder

    one = folder("postgresql://reporter@Host/news")
    assert one == folder("postgres://editor:pw@host:5432/news?sslmode=require"), "the same library"
    assert len({one, folder("postgresql://host/old"), folder("postgresql://host/news?schema=b")}) == 3
    assert Settings(library=Path("/somewhere")).folder == Path("/somewhere")
    assert str(place_of("postgresql://u:pw@host:5433/news?schema=b&sslmode=require")) == (
        "postgresql://host:5433/news?schema=b"
    )


def test_a_backup_holds_no_trace_of_the_server(shared: SharedLibrary, tmp_path: Path) -> None:
    with closing(Library(shared, create=True)) as library:
        library.write([FERRY], embedder="counting")
    manage.backup(tmp_path / "copy.sqlite3", settings=Settings(library=shared))
    with closing(sqlite3.connect(tmp_path / "copy.sqlite3")) as copy:
        tables = {name for (name,) in copy.execute("SELECT name FROM sqlite_master WHERE type='table'")}
    assert tables & {"about", "jobs", "postings", "full_text", "builds"} == set()


def test_the_command_copies_a_library_and_shows_no_password(
    stories: Path, shared: SharedLibrary, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("QA_LIBRARY", shared.address.get_secret_value().replace("dateline@", f"dateline:{SECRET}@"))
    qa = CliRunner()
    ingested = qa.invoke(app, ["ingest", str(stories)])
    copied = qa.invoke(app, ["copy", os.environ["QA_LIBRARY"], str(tmp_path / "copy")])
    examined = qa.invoke(app, ["doctor"])
    asked = qa.invoke(app, ["ask", "--offline", "--library", str(tmp_path / "copy"), "Why did the ferry stop?"])
    refused = qa.invoke(app, ["copy", str(tmp_path / "copy"), os.environ["QA_LIBRARY"]])
    assert [run.exit_code for run in (ingested, copied, examined, asked, refused)] == [0, 0, 0, 0, 1]
    assert "digest " in copied.stdout
    assert "sound" in examined.stdout
    assert SECRET not in "".join(run.output for run in (ingested, copied, examined, asked, refused))
