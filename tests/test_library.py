"""The library: writes are all or nothing, an article is replaced in one step, and reads see one snapshot."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import date
from pathlib import Path

import numpy as np
import pytest
from fakes import CountingEmbedder

from qa.articles.chunks import pack
from qa.articles.parse import parse
from qa.errors import EmbedderMismatch, LibraryError, SchemaMismatch, UnknownArticle
from qa.library.index import Index
from qa.library.library import FILE, Entry, Library
from qa.library.schema import SCHEMA_VERSION
from qa.model import Article, Filters
from qa.settings import Place


def entry(article_id: str, text: str, *, embedder: CountingEmbedder | None = None, **fields: object) -> Entry:
    parsed = parse(Article(id=article_id, version=f"v-{len(text)}", text=text, body_start=0, **fields))
    chunks = pack(parsed.article, parsed.sentences, lambda texts: [len(t.split()) for t in texts], 12, 1)
    return Entry(parsed, chunks, (embedder or CountingEmbedder()).embed([c.text for c in chunks]))


FERRY = entry("ferry", "The ferry stopped. Quist said so. Nobody was hurt.", source="Wire", published=date(2026, 3, 5))
PLOUGH = entry("plough", "Salthouse bought a snow plough.", source="Herald", published=date(2026, 1, 20))
UNDATED = entry("undated", "A café closed its doors.")


@pytest.fixture
def library(place: Place) -> Iterator[Library]:
    with closing(Library(place, create=True)) as library:
        library.write([FERRY, PLOUGH, UNDATED], embedder="counting")
        yield library


def test_an_article_and_its_sentences_are_read_back_unchanged(library: Library) -> None:
    stored = library.article("ferry")
    assert stored.model_copy(update={"opening": None}) == FERRY.parsed.article
    assert library.sentences("ferry") == FERRY.parsed.sentences


def test_every_write_raises_the_revision(library: Library) -> None:
    before = library.revision
    assert library.write([PLOUGH], embedder="counting") == before + 1
    assert library.remove(["plough"]) == before + 2


def test_writing_a_known_id_replaces_the_article_and_all_its_rows(library: Library) -> None:
    library.write([entry("ferry", "The tram stopped.")], embedder="counting")
    assert library.article("ferry").text == "The tram stopped."
    assert library.lexical(["ferry"], 10, Filters()) == []
    assert [row.article_id for row, _ in library.lexical(["tram"], 10, Filters())] == ["ferry"]
    assert library.count() == len(library.vectors()[0])


def test_a_failed_write_stores_nothing(library: Library) -> None:
    bad = Entry(FERRY.parsed, FERRY.chunks, FERRY.vectors[:0])
    fresh = entry("fresh", "A fresh story.")
    with pytest.raises(ValueError, match="zip"):
        library.write([fresh, bad], embedder="counting")
    assert "fresh" not in library.versions()
    assert library.article("ferry").text == FERRY.parsed.article.text


def test_changes_lists_the_chunks_added_and_removed_since_a_revision(library: Library) -> None:
    before, (old, _) = library.revision, library.changes(0)
    ferry = [i for i, row in library.chunks(list(old)).items() if row.article_id == "ferry"]
    library.write([entry("ferry", "The tram stopped.")], embedder="counting")
    added, removed = library.changes(before)
    assert list(removed) == ferry
    assert set(removed.values()) == set(added.values()) == {library.revision}
    assert min(added) > max(old), "an id is never used twice"


def test_lexical_search_ignores_inflection_and_diacritics(library: Library) -> None:
    assert [row.article_id for row, _ in library.lexical(["cafe"], 10, Filters())] == ["undated"]
    assert [row.article_id for row, _ in library.lexical(["stopping", "ferry"], 10, Filters())] == ["ferry"]
    assert library.lexical(['"', "(", "NEAR"], 10, Filters()) == []


@pytest.mark.parametrize("word", ["lodz", "Łódź", "Ło\u0301dz\u0301", "STRASSE", "straße", "soren", "Søren"])
def test_words_find_chunks_in_any_spelling(library: Library, word: str) -> None:
    library.write([entry("east", "Søren left Ło\u0301dź. His house in Beech Straße is empty.")], embedder="counting")
    assert {row.article_id for row, _ in library.lexical([word], 10, Filters())} == {"east"}
    assert library.document_frequency(["lodz"]) == ({"lodz": 1}, library.count())


@pytest.mark.parametrize("source", ["Österreich Post", "O\u0308STERREICH POST", "Osterreich Post"])
def test_an_outlet_is_found_in_any_spelling(library: Library, source: str) -> None:
    library.write([entry("alps", "Snow fell.", source="Österreich Post")], embedder="counting")
    assert [article.id for article in library.articles(Filters(sources=(source,)))] == ["alps"]


@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        (Filters(), {"ferry", "plough", "undated"}),
        (Filters(sources=("wire",)), {"ferry"}),
        (Filters(since=date(2026, 3, 5)), {"ferry"}),
        (Filters(until=date(2026, 3, 4)), {"plough"}),
        (Filters(as_of=date(2026, 3, 4)), {"plough"}),
        (Filters(since=date(2026, 1, 20), until=date(2026, 3, 5)), {"ferry", "plough"}),
        (Filters(sources=("Nobody",)), set()),
    ],
)
def test_filters_apply_to_lists_vectors_and_lexical_search(
    library: Library, filters: Filters, expected: set[str]
) -> None:
    assert {a.id for a in library.articles(filters)} == expected
    ids, vectors = library.vectors(filters)
    assert {row.article_id for row in library.chunks(ids).values()} == expected
    assert vectors.shape == (len(ids), 16)
    words = ["ferry", "plough", "café"]
    assert {row.article_id for row, _ in library.lexical(words, 10, filters)} == expected


def test_coverage_gives_the_outlets_and_the_first_and_last_day(library: Library) -> None:
    coverage = library.coverage()
    assert (coverage.articles, coverage.sources) == (3, ("Herald", "Wire"))
    assert (coverage.first, coverage.last) == (date(2026, 1, 20), date(2026, 3, 5))


def test_known_vectors_returns_the_stored_vectors_bit_for_bit(library: Library) -> None:
    known = library.known_vectors([FERRY.chunks[0].text, "never seen"])
    assert list(known) == [FERRY.chunks[0].text]
    np.testing.assert_array_equal(known[FERRY.chunks[0].text], FERRY.vectors[0])


def test_document_frequency_counts_chunks_by_stem(library: Library) -> None:
    frequency, total = library.document_frequency(["stop", "nothing"])
    assert frequency == {"stop": 1}
    assert total == library.count()


def test_a_snapshot_does_not_see_later_writes(library: Library, place: Place) -> None:
    with closing(Library(place)) as other, library.reading():
        before = library.article("ferry")
        other.write([entry("ferry", "The tram stopped.")], embedder="counting")
        assert library.article("ferry") == before
    assert library.article("ferry").text == "The tram stopped."


def test_vectors_of_another_embedder_are_refused_and_nothing_is_stored(library: Library) -> None:
    before = library.revision
    with pytest.raises(EmbedderMismatch, match="counting"):
        library.write([PLOUGH], embedder="other")
    wide = entry("wide", "A wide story.", embedder=CountingEmbedder(dimension=8))
    with pytest.raises(EmbedderMismatch, match="dimension 16"):
        library.write([wide], embedder="counting")
    assert library.revision == before


@pytest.mark.parametrize("key", ["ferry", "fer", "story.txt", "story"])
def test_an_article_is_found_by_id_prefix_or_file_name(library: Library, key: str) -> None:
    library.write([entry("ferry", "The ferry stopped.", origin="/news/story.txt")], embedder="counting")
    assert library.find(key).id == "ferry"


def test_the_error_for_an_unknown_or_ambiguous_article_names_the_remedy(library: Library) -> None:
    for key in ("nothing", ""):
        with pytest.raises(UnknownArticle, match="qa articles"):
            library.find(key)
    with pytest.raises(UnknownArticle, match="qa articles"):
        library.sentences("nothing")


def test_the_error_for_a_missing_library_names_the_remedy(tmp_path: Path) -> None:
    with pytest.raises(LibraryError, match="qa ingest"):
        Library(tmp_path / "none")
    assert not (tmp_path / "none").exists(), "opening without create must not create a folder"


def test_a_file_that_is_no_library_or_a_newer_one_is_refused(tmp_path: Path) -> None:
    foreign = tmp_path / "foreign"
    foreign.mkdir()
    with closing(sqlite3.connect(foreign / FILE)) as db:
        db.execute("CREATE TABLE recipes (name)")
    newer = tmp_path / "newer"
    Library(newer, create=True).close()
    with closing(sqlite3.connect(newer / FILE)) as db:
        db.execute(f"PRAGMA user_version={SCHEMA_VERSION + 1}")
    broken = tmp_path / "broken"
    broken.mkdir()
    (broken / FILE).write_bytes(b"not a database, but long enough to be looked at " * 100)
    for folder, remedy in ((foreign, "--library"), (newer, "version"), (broken, "--library")):
        with pytest.raises(SchemaMismatch, match=remedy):
            Library(folder)


def test_a_library_in_memory_writes_no_file(tmp_path: Path) -> None:
    with closing(Library(None)) as memory:
        memory.write([FERRY], embedder="counting")
        assert memory.articles()[0].id == "ferry"
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "filters",
    [
        Filters(sources=("outlet 0",)),
        Filters(sources=("OUTLET 1", "Outlet 2")),
        Filters(since=date(2026, 1, 30)),
        Filters(as_of=date(2026, 1, 3)),
        Filters(sources=("Outlet 3",), since=date(2026, 1, 20), until=date(2026, 1, 31)),
        Filters(sources=("nobody",)),
        Filters(sources=("nobody",), since=date(2026, 1, 1)),
    ],
)
def test_filtered_search_equals_filtering_the_unfiltered_results(place: Place, filters: Filters) -> None:
    articles = [
        entry(
            f"a{i:03}",
            f"Crane {i} stood in the harbour. " * (1 + i % 4) + f"It was seen on day {i % 31}.",
            source=f"Outlet {i % 23}",
            published=date(2026, 1, 1 + i % 31),
        )
        for i in range(200)
    ]
    with closing(Library(place, create=True)) as library, closing(Index(library, None)) as index:
        library.write(articles, embedder="counting")
        unfiltered = library.lexical(["crane", "harbour", "seen"], 10_000, Filters())
        passing = {a.id for a in library.articles(filters)}
        expected = [(row, score) for row, score in unfiltered if row.article_id in passing]
        for limit in (1, 5, 60):
            hits = library.lexical(["crane", "harbour", "seen"], limit, filters)
            assert [score for _, score in hits] == [score for _, score in expected[:limit]]
            assert {row.article_id for row, _ in hits} <= passing
            vector = articles[7].vectors[0]
            near = [
                hit for hit in index.search(vector, 10_000, Filters()) if hit[0] in library.within(filters, [hit[0]])
            ]
            assert index.search(vector, limit, filters) == near[:limit]


def test_cached_counts_are_not_used_after_a_write(library: Library) -> None:
    assert library.coverage().articles == 3
    before = library.count()
    library.remove(["plough"])
    assert library.coverage().articles == 2
    assert library.coverage(Filters(sources=("herald",))).articles == 0
    assert library.count() < before
    library.write([PLOUGH], embedder="counting")
    assert library.coverage(Filters(sources=("herald",))).articles == 1


def test_threads_that_create_the_same_library_at_once_all_open_it(tmp_path: Path) -> None:
    def open_one(folder: Path, barrier: threading.Barrier) -> int:
        barrier.wait()
        with closing(Library(folder, create=True)) as library:
            return library.revision

    with ThreadPoolExecutor(8) as pool:
        for attempt in range(20):
            folder, barrier = tmp_path / str(attempt), threading.Barrier(8)
            opened = [pool.submit(open_one, folder, barrier) for _ in range(8)]
            assert len({one.result() for one in opened}) == 1
