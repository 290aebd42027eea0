"""Versions of articles: what the library keeps when an article changes, and what it shows as of a day."""

from __future__ import annotations

import gzip
import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, date, datetime
from itertools import pairwise
from pathlib import Path

import pytest
from fakes import CountingEmbedder
from hypothesis import given
from hypothesis import strategies as st
from test_cli import flat, qa
from typer.testing import CliRunner

import qa as dateline
from qa import manage, pipeline
from qa.articles.chunks import pack
from qa.articles.identity import article_version
from qa.articles.load import load_file, load_text
from qa.articles.parse import ParsedArticle, parse
from qa.changes.versions import difference, word_difference
from qa.cli import app
from qa.errors import UnknownArticle
from qa.ingestion import ingest_into
from qa.library import maintenance
from qa.library.index import Index
from qa.library.library import FILE, Entry, Library
from qa.library.scope import EVERYTHING
from qa.model import Article, ArticleVersion, Filters
from qa.page import address
from qa.page.view import searched
from qa.settings import Place, Settings

DATA = Path(__file__).parent / "data"
OTHER = "A tram ran off its rails. Nobody was hurt, said Mara Quist."


def made(article_id: str, text: str, **fields: object) -> Article:
    article = Article(id=article_id, version="", text=text, body_start=0, **fields)
    return article.model_copy(update={"version": article_version(article)})


def entry(article: Article) -> Entry:
    parsed = parse(article)
    chunks = pack(parsed.article, parsed.sentences, lambda texts: [len(t.split()) for t in texts], 12, 1)
    return Entry(parsed, chunks, CountingEmbedder().embed([c.text for c in chunks]))


def crack(length: int, **fields: object) -> Article:
    """The story of a crack whose length changes; published on 1 March unless ``fields`` say otherwise."""
    text = f"The bridge was shut. The crack is {length} centimetres long, Lena Voss said. Nobody was hurt."
    return made("bridge", text, **({"published": date(2026, 3, 1), "source": "Post"} | fields))


def at(day: str, hour: int = 12) -> datetime:
    return datetime.fromisoformat(day).replace(hour=hour, tzinfo=UTC)


def published(day: str) -> Filters:
    return Filters(as_of=date.fromisoformat(day))


def held(day: str) -> Filters:
    return Filters(as_of=date.fromisoformat(day), basis="held")


def put(library: Library, article: Article, now: datetime | None = None, *, keep: int = 20) -> None:
    library.write([entry(article)], embedder="counting", keep_versions=keep, now=now)


def lengths(library: Library, filters: Filters | None = None) -> list[str]:
    """The lengths of the crack in all versions in range: there must never be two."""
    refs = [ref for ref in library.articles(filters) if ref.id.startswith("bridge")]
    return [library.article(ref.id).text.split("crack is ")[1].split()[0] for ref in refs]


@pytest.fixture
def library(place: Place) -> Iterator[Library]:
    """A library with another article, and the story as of 2, 5 and 9 March: 38, 83 and 84 centimetres."""
    with closing(Library(place, create=True)) as library:
        other = made("other", OTHER, published=date(2026, 2, 1), source="Wire", origin="/news/other.txt")
        put(library, other, at("2026-02-01"))
        put(library, crack(38, origin="/news/bridge.txt"), at("2026-03-02"))
        put(library, crack(83, origin="/news/bridge.txt"), at("2026-03-05"))
        put(library, crack(84, origin="/news/bridge.txt"), at("2026-03-09"))
        yield library


# -- storing -----------------------------------------------------------------------------------------------------------


def test_a_changed_article_keeps_its_id_and_its_earlier_versions_get_ids_of_their_own(library: Library) -> None:
    versions = [v.article for v in library.versions_of("bridge")]
    first, second, _ = versions
    assert [v.id for v in versions] == [f"bridge@{first.version[:8]}", f"bridge@{second.version[:8]}", "bridge"]
    assert [v.status for v in versions] == ["superseded", "superseded", "current"]
    assert [v.replaced for v in versions] == [at("2026-03-05"), at("2026-03-09"), None]
    assert library.versions_of(first.id) == library.versions_of("bridge")
    assert library.earlier() == 2


def test_an_earlier_version_can_be_shown_and_cited_like_any_article(library: Library) -> None:
    first = library.versions_of("bridge")[0].article
    article = library.article(first.id)
    assert "38 centimetres" in article.text
    assert article.version == crack(38).version
    assert all(article.text[s.start : s.end] == s.text for s in library.sentences(first.id))
    assert {s.article_id for s in library.sentences(first.id)} == {first.id}
    assert library.find(first.id).id == library.find(first.id[:-2]).id == first.id
    assert library.version_id("bridge", first.version) == first.id
    assert library.version_id(first.id, crack(84).version) == "bridge"
    assert library.version_id("bridge", "never") is None


def test_an_article_that_says_itself_that_it_was_retracted_stays_so(library: Library) -> None:
    put(library, made("other", OTHER, status="retracted"), at("2026-03-01"))
    put(library, made("other", "Withdrawn."), at("2026-03-02"))
    assert [v.article.status for v in library.versions_of("other")] == ["superseded", "retracted", "current"]


def test_the_same_version_again_is_no_version(library: Library) -> None:
    put(library, crack(84), at("2026-04-01"))
    assert len(library.versions_of("bridge")) == 3
    assert library.versions_of("bridge")[-1].added == at("2026-03-09")


def test_a_text_that_only_says_that_it_was_changed_is_no_version(library: Library) -> None:
    """Some sites write the time at which they send a page, and earlier readers did not read it at all."""
    for day in (10, 11):
        put(library, crack(84, modified=date(2026, 3, day)), at("2026-04-01"))
    newest = library.versions_of("bridge")[-1]
    assert (len(library.versions_of("bridge")), newest.article.modified) == (3, date(2026, 3, 11))
    assert newest.shown_from == date(2026, 3, 9)
    assert library.article("bridge").modified == date(2026, 3, 11)


def test_an_article_read_by_a_newer_parser_is_no_version(library: Library) -> None:
    with library.database.writing():
        library.database.execute("UPDATE documents SET parser = 1")
    before = library.versions_of("bridge")
    stale = library.parsed_by_others()
    assert len(stale) == 4, "earlier versions are read again too"
    library.write([entry(library.article(i)) for i in stale], embedder="counting")
    assert library.versions_of("bridge") == before
    assert library.parsed_by_others() == []
    assert [row.article_id for row, _ in library.lexical(["84"], 9, Filters())] == ["bridge"]
    assert library.lexical(["38"], 9, Filters()) == []
    assert maintenance.faults(library) == []


def test_a_text_that_comes_back_is_three_versions_and_then_four(library: Library) -> None:
    """38, 83, 84, 38, 85: the first text counts in two periods, and each has a row of its own."""
    put(library, crack(38), at("2026-03-12"))
    assert lengths(library) == ["38"]
    put(library, crack(85), at("2026-03-15"))
    first, *_, again, newest = [v.article.id for v in library.versions_of("bridge")]
    assert (again, newest) == (f"{first}-2", "bridge")
    days = ("2026-03-04", "2026-03-08", "2026-03-11", "2026-03-14", "2026-03-15")
    assert [lengths(library, published(day)) for day in days] == [["38"], ["83"], ["84"], ["38"], ["85"]]
    assert library.find(first).id == first, "the whole id names one version, though another begins with it"
    assert library.version_id("bridge", crack(38).version) == again
    put(library, crack(38), at("2026-03-16"))
    put(library, crack(86), at("2026-03-17"))
    assert [v.article.id for v in library.versions_of("bridge")][-2] == f"{first}-3"
    assert maintenance.faults(library) == []


@pytest.mark.parametrize(("keep", "kept"), [(0, []), (1, ["84"]), (2, ["83", "84"]), (20, ["38", "83", "84"])])
def test_the_oldest_versions_beyond_those_to_keep_are_removed(library: Library, keep: int, kept: list[str]) -> None:
    put(library, crack(85), at("2026-03-12"), keep=keep)
    ids = [v.article.id for v in library.versions_of("bridge")]
    assert [library.article(i).text.split("crack is ")[1].split()[0] for i in ids] == [*kept, "85"]
    # The oldest one that is kept counts from the day of publication, and is known to have read otherwise before.
    assert lengths(library, published("2026-03-01")) == [[*kept, "85"][0]]
    oldest = ids[0]
    assert set(library.changed_after(ids, date(2026, 3, 1))) == set(ids if keep < 20 else ids[1:])
    assert library.version_id("bridge", library.article(oldest).version) == oldest
    assert maintenance.faults(library) == []


def test_removing_an_article_removes_its_versions(library: Library) -> None:
    library.remove(["bridge"])
    assert list(library.versions()) == ["other"]
    assert library.earlier() == 0
    for table in ("documents", "sentences", "said", "chunks"):
        found = library.database.query(f"SELECT DISTINCT article_id FROM {table}")
        assert [row[0] for row in found] == ["other"]
    assert maintenance.faults(library) == []
    with pytest.raises(UnknownArticle):
        library.versions_of("bridge")


def test_removing_one_version_leaves_its_days_to_the_next(library: Library) -> None:
    library.remove([library.versions_of("bridge")[1].article.id])
    days = ("2026-03-04", "2026-03-06", "2026-03-09")
    assert [lengths(library, published(day)) for day in days] == [["38"], ["84"], ["84"]]
    assert library.changed_after(["bridge"], date(2026, 3, 6)) == ["bridge"]


# -- the days of a version ---------------------------------------------------------------------------------------------

DAYS = [
    # (published and modified of the versions, the day the library got each, the day from which each counts)
    ("the first counts from its publication, the next from the day it was got",
     [("03-01", None), ("03-01", None)], ["03-05", "03-09"], ["03-01", "03-09"]),
    ("a later one counts from the day on which it says it was changed",
     [("03-01", None), ("03-01", "03-03")], ["03-02", "03-09"], ["03-01", "03-03"]),
    ("a first one that was changed before it was got counts from its publication all the same",
     [("03-01", "03-02"), ("03-01", "03-07")], ["03-05", "03-09"], ["03-01", "03-07"]),
    ("a change on the day of publication says nothing about a later version",
     [("03-01", None), ("03-01", "03-01")], ["03-01", "03-09"], ["03-01", "03-09"]),
    ("two versions of one day: the last one counts",
     [("03-01", None), ("03-01", "03-03"), ("03-01", "03-03")], ["03-01", "03-03", "03-04"],
     ["03-01", "03-03", "03-03"]),
    ("an outlet that writes a new day of publication",
     [("03-01", None), ("03-06", None)], ["03-02", "03-09"], ["03-01", "03-06"]),
    ("a page got late, from an archive: it is older, but the library takes it for the newest",
     [("03-01", "03-06"), ("03-01", "03-08"), ("03-01", "03-06")], ["03-06", "03-08", "03-10"],
     ["03-01", "03-08", "03-08"]),
    ("a day of change that lies ahead: the library has it already",
     [("03-01", None), ("03-01", "12-31")], ["03-02", "03-09"], ["03-01", "03-09"]),
    ("under embargo: nobody saw it before its day of publication",
     [("03-01", None), ("03-20", None)], ["03-01", "03-09"], ["03-01", "03-20"]),
    ("an undated article counts on no day until it has one",
     [(None, None), ("03-01", None)], ["03-02", "03-09"], [None, "03-01"]),
    ("an article that loses its day counts on none",
     [("03-01", None), (None, None)], ["03-02", "03-09"], ["03-01", None]),
]  # fmt: skip


def day_in_2026(text: str | None) -> date | None:
    return date.fromisoformat(f"2026-{text}") if text else None


@pytest.mark.parametrize(("stated", "got", "begins"), [row[1:] for row in DAYS], ids=[row[0] for row in DAYS])
def test_the_day_from_which_a_version_counts(
    stated: list[tuple[str | None, str | None]], got: list[str], begins: list[str | None]
) -> None:
    with closing(Library(None)) as library:
        for number, ((first, changed), day) in enumerate(zip(stated, got, strict=True)):
            article = crack(number, published=day_in_2026(first), modified=day_in_2026(changed))
            put(library, article, at(f"2026-{day}"))
        versions = library.versions_of("bridge")
        assert [v.shown_from for v in versions] == [day_in_2026(day) for day in begins]
        for one, following in pairwise(versions):
            assert one.shown_until is not None, "a replaced version has an end"
            assert following.shown_from in (one.shown_until, None)
        for day in range(1, 32):
            found = library.articles(published(f"2026-03-{day:02}"))
            assert len(found) == sum(
                v.shown_from is not None
                and v.shown_from <= date(2026, 3, day)
                and (v.shown_until is None or date(2026, 3, day) < v.shown_until)
                for v in versions
            )
            assert len(found) <= 1


@given(
    st.lists(
        st.tuples(*[st.one_of(st.none(), st.integers(1, 28))] * 2, st.integers(1, 28)), min_size=1, max_size=6
    )
)  # fmt: skip
def test_on_no_day_do_two_versions_count(history: list[tuple[int | None, int | None, int]]) -> None:
    with closing(Library(None)) as library:
        days = [date(2026, 3, n) for n in range(1, 29)]
        for number, (first, changed, got) in enumerate(history):
            article = crack(
                number, published=first and date(2026, 3, first), modified=changed and date(2026, 3, changed)
            )
            put(library, article, at(f"2026-03-{got:02}"))
        for day in days:
            assert len(library.articles(Filters(as_of=day))) <= 1
            assert len(library.articles(Filters(as_of=day, basis="held"))) <= 1
        assert len(library.articles()) == 1


# -- what searches and lists see ---------------------------------------------------------------------------------------


def test_searches_and_lists_see_the_newest_versions_alone(library: Library) -> None:
    newest = {"bridge", "other"}
    assert set(library.versions()) == set(library.origins()) == newest
    assert {ref.id for ref in library.articles()} == newest
    assert library.coverage().articles == 2
    assert lengths(library) == ["84"]
    assert library.speakers() == ("Lena Voss", "Mara Quist")
    assert library.said_by(Filters(speakers=("Lena Voss",))) == [("bridge", 1)]
    assert library.find("bridge").id == library.find("bridge.txt").id == "bridge"
    assert library.undated(Filters()) == 0
    assert library.scope(Filters()).everything
    for terms, filters in ((["bridge"], Filters()), (["bridge"], Filters(sources=("Post",)))):
        assert {row.article_id for row, _ in library.lexical(terms, 10, filters)} == {"bridge"}
    assert library.lexical(["38"], 10, Filters()) == library.lexical(["83"], 10, Filters(since=date(2026, 1, 1))) == []
    ids, vectors = library.vectors()
    assert len(ids) == len(vectors) == library.count()
    assert {row.article_id for row in library.chunks(ids).values()} == newest
    sampled, _ = library.sample(100, until=library.revision)
    assert sampled
    assert set(sampled) <= set(ids)
    assert library.within(Filters(sources=("Post", "Wire")), ids) == set(ids)
    assert set(library.changes(0)[0]) == set(ids)


def test_words_are_as_rare_as_without_earlier_versions(library: Library) -> None:
    with closing(Library(None)) as fresh:
        put(fresh, made("other", OTHER, published=date(2026, 2, 1), source="Wire"))
        put(fresh, crack(84))
        terms = ("crack", "bridg", "38", "84", "nobodi")
        assert library.document_frequency(terms) == fresh.document_frequency(terms)


def test_a_library_without_earlier_versions_needs_no_condition(library: Library) -> None:
    library.remove(["bridge"])
    assert library.scope(Filters()).where == EVERYTHING


@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        (published("2026-02-28"), []),
        (published("2026-03-01"), ["38"]),
        (published("2026-03-04"), ["38"]),
        (published("2026-03-05"), ["83"]),
        (published("2026-03-08"), ["83"]),
        (published("2026-03-09"), ["84"]),
        (published("2030-01-01"), ["84"]),
        (held("2026-03-01"), []),
        (held("2026-03-02"), ["38"]),
        (held("2026-03-04"), ["38"]),
        (held("2026-03-05"), ["83"]),
        (held("2026-03-09"), ["84"]),
    ],
)
def test_as_of_a_day_one_version_is_in_range(library: Library, filters: Filters, expected: list[str]) -> None:
    assert lengths(library, filters) == expected
    assert library.coverage(filters).articles == len(expected) + 1
    found = [row.article_id for row, _ in library.lexical(["crack"], 10, filters)]
    assert [library.article(i).text.split("crack is ")[1].split()[0] for i in dict.fromkeys(found)] == expected
    spoken = library.said_by(filters.model_copy(update={"speakers": ("Lena Voss",)}))
    assert [library.article(i).text.split("crack is ")[1].split()[0] for i, _ in spoken] == expected
    ids, _ = library.vectors(filters)
    assert library.within(filters, ids) == set(ids)
    assert {row.article_id for row in library.chunks(ids).values()} == {ref.id for ref in library.articles(filters)}


def test_a_speaker_of_an_earlier_version_is_found_as_of_its_day(library: Library) -> None:
    put(library, made("bridge", "The crack is 90 centimetres long. Nobody spoke.", source="Post"), at("2026-03-20"))
    asked = Filters(speakers=("Voss",))
    assert library.speakers() == ("Mara Quist",)
    assert library.said_by(asked) == []
    assert len(library.said_by(asked.model_copy(update={"as_of": date(2026, 3, 4), "basis": "held"}))) == 1


def test_an_outlet_of_an_earlier_version_is_found_as_of_its_day(library: Library) -> None:
    put(library, crack(90, source="The Post"), at("2026-03-20"))
    asked = Filters(sources=("Post",))
    assert library.articles(asked) == []
    assert len(library.articles(asked.model_copy(update={"as_of": date(2026, 3, 4)}))) == 1


def test_an_article_of_a_day_ahead_is_held_but_not_published() -> None:
    with closing(Library(None)) as library:
        put(library, crack(38, published=date(2026, 4, 1)), at("2026-03-02"))
        put(library, made("undated", "Nobody knows when."), at("2026-03-02"))
        assert library.articles(published("2026-03-02")) == []
        assert {ref.id for ref in library.articles(held("2026-03-02"))} == {"bridge", "undated"}


def test_the_days_of_the_library_end_in_utc() -> None:
    with closing(Library(None)) as library:
        put(library, crack(38), datetime.fromisoformat("2026-03-02T01:30:00+02:00"))
        assert lengths(library, held("2026-03-01")) == ["38"]
        put(library, crack(83), at("2026-03-03", hour=0))
        assert lengths(library, held("2026-03-02")) == ["38"]
        assert lengths(library, held("2026-03-03")) == ["83"]


def test_a_clock_that_is_set_back_does_not_mix_up_the_versions() -> None:
    with closing(Library(None)) as library:
        for length, day in ((38, "2026-03-05"), (83, "2026-03-03"), (84, "2026-03-03")):
            put(library, crack(length), at(day))
        texts = [library.article(v.article.id).text for v in library.versions_of("bridge")]
        assert [text.split("crack is ")[1][:2] for text in texts] == ["38", "83", "84"]


# -- the index ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("chroma", [False, True], ids=["exact", "chroma"])
def test_the_index_finds_the_newest_versions_and_earlier_ones_as_of_a_day(
    library: Library, tmp_path: Path, request: pytest.FixtureRequest, chroma: bool
) -> None:
    if chroma:
        request.getfixturevalue("ask_chroma")
    embedder = CountingEmbedder()
    with closing(Index(library, tmp_path / "index")) as index:
        index.sync()
        put(library, crack(85), at("2026-03-12"))  # after the build: chunks that it holds leave the index
        for filters in (None, published("2026-03-04"), held("2026-03-06"), published("2026-03-12")):
            ids, vectors = library.vectors(filters)
            asked = embedder.embed(["anything"])[0]
            expected = sorted(zip(ids, (float(v @ asked) for v in vectors), strict=True), key=lambda x: -x[1])
            found = index.search(asked, 50, filters or Filters())
            assert [i for i, _ in found] == [i for i, _ in expected]
            few = index.search(asked, 2, filters or Filters())
            assert few == found[:2], "earlier versions and the index are merged"
        index.sync()
        assert len(index.search(asked, 50, Filters())) == library.count()
    with closing(Index(library, tmp_path / "index")) as index:
        assert index.state == ("chroma" if chroma else "exact")
        assert index.pending == 0


# -- copies ------------------------------------------------------------------------------------------------------------


def test_a_backup_and_its_restored_library_have_the_versions(library: Library, tmp_path: Path) -> None:
    digest = maintenance.backup(library, tmp_path / "copy.sqlite3")
    assert digest == maintenance.digest(library)
    maintenance.restore(tmp_path / "copy.sqlite3", tmp_path / "new", replace=False)
    with closing(Library(tmp_path / "new")) as restored:
        assert maintenance.digest(restored) == digest
        assert restored.versions_of("bridge") == library.versions_of("bridge")
        assert lengths(restored, published("2026-03-06")) == ["83"]


def test_the_digest_counts_earlier_versions_but_not_when_they_were_stored(library: Library) -> None:
    with closing(Library(None)) as same, closing(Library(None)) as fewer:
        for other, found in ((same, (38, 83, 84)), (fewer, (38, 84))):
            put(other, made("other", OTHER, published=date(2026, 2, 1), source="Wire", origin="/news/other.txt"))
            for length in found:
                put(other, crack(length, origin="/news/bridge.txt"))
        assert maintenance.digest(same) == maintenance.digest(library) != maintenance.digest(fewer)


def test_versions_without_their_article_are_a_fault_that_repair_mends(library: Library) -> None:
    with library.database.writing():
        library.database.execute("DELETE FROM articles WHERE id='bridge'")
    assert "2 earlier versions without their article" in maintenance.faults(library)
    maintenance.repair(library)
    assert maintenance.faults(library) == []
    assert list(library.versions()) == ["other"]


def test_repair_keeps_the_full_text_of_earlier_versions_apart(library: Library) -> None:
    before = maintenance.digest(library)
    maintenance.repair(library)
    assert maintenance.digest(library) == before


def test_an_older_library_holds_its_articles_since_it_was_brought_up_to_date(tmp_path: Path) -> None:
    (tmp_path / FILE).write_bytes(gzip.decompress((DATA / "library-v5.sqlite3.gz").read_bytes()))
    with closing(Library(tmp_path)) as library:
        assert library.coverage(published("2026-03-31")).articles == 2
        assert library.coverage(held("2026-01-31")).articles == 0
        assert library.coverage(Filters(as_of=datetime.now(UTC).date(), basis="held")).articles == 2
        assert library.earlier() == 0
        [stored, *_] = library.articles()
        changed = library.article(stored.id).model_copy(update={"version": "new", "text": "The ferry stopped."})
        library.write([Entry(parse(changed), (), CountingEmbedder(dimension=256).embed([]))], embedder="wordllama")
        assert len(library.versions_of(stored.id)) == 2
        assert maintenance.faults(library) == []


def test_a_version_that_was_stored_before_its_change_was_read_is_not_taken_for_changed(tmp_path: Path) -> None:
    """A reader of formats that did not read when an article was changed stored it. The next ingest learns the day."""
    with closing(Library(None)) as library:
        put(library, crack(38), at("2026-03-10"))
        put(library, crack(38, modified=date(2026, 3, 5)), at("2026-04-01"))
        assert len(library.versions_of("bridge")) == 1
        assert library.changed_after(["bridge"], date(2026, 3, 4)) == ["bridge"]
        assert library.changed_after(["bridge"], date(2026, 3, 5)) == []
        # It says that it was changed after it was stored, and reads as before: it read so all the time.
        put(library, made("other", OTHER, published=date(2026, 3, 1)), at("2026-03-10"))
        put(library, made("other", OTHER, published=date(2026, 3, 1), modified=date(2026, 3, 20)), at("2026-04-01"))
        assert library.changed_after(["other"], date(2026, 3, 4)) == []


# -- when an article was changed ---------------------------------------------------------------------------------------

BODY = "The Keller Bridge was shut on Sunday after inspectors found a crack. Mayor Lena Voss spoke to reporters there."
CHANGED_AT = datetime.fromisoformat("2026-03-05T09:30:00+01:00")
MORE = "Drivers were sent over the ring road for the whole morning, and many of them came late to work in the town."
PAGE = f"<html><head>{{head}}</head><body><article><h1>Crack</h1><p>{BODY}</p><p>{MORE}</p></article></body></html>"
NEWSML = f"""<newsItem xmlns="http://iptc.org/std/nar/2006-10-01/" guid="urn:x:1"><itemMeta>
<versionCreated>2026-03-05T09:30:00+01:00</versionCreated><firstCreated>2026-03-01T08:00:00+01:00</firstCreated>
</itemMeta><contentSet><inlineXML><html xmlns="http://www.w3.org/1999/xhtml"><body><p>{BODY}</p></body></html></inlineXML>
</contentSet></newsItem>"""
MODIFIED = [
    ("story.txt", f"Crack shuts bridge\n\nPublished: 1 March 2026\nUpdated: 5 March 2026\n\n{BODY}", date(2026, 3, 5)),
    ("story.txt", f"Crack shuts bridge\n\nPublished: 1 March 2026\n\n{BODY}", None),
    ("story.md", f"---\npublished: 2026-03-01\nupdated: 2026-03-05T09:30:00+01:00\n---\n{BODY}", CHANGED_AT),
    ("story.md", f"---\npublished: 2026-03-01\nlastmod: 2026-03-01\n---\n{BODY}", None),
    ("story.md", f"---\npublished: 2026-03-01\nmodified: 2026-02-27\n---\n{BODY}", date(2026, 2, 27)),
    ("story.md", f"---\npublished: 2026-03-01\nupdated: yesterday\n---\n{BODY}", None),
    ("rows.jsonl", json.dumps({"text": BODY, "date_publish": "2026-03-01", "date_modify": "2026-03-05"}),
        date(2026, 3, 5)),
    ("rows.csv", f'text,published,updated_at\n"{BODY}",2026-03-01,2026-03-05\n', date(2026, 3, 5)),
    ("page.html", PAGE.format(head='<script type="application/ld+json">' + json.dumps({
        "@type": "NewsArticle", "headline": "Crack", "datePublished": "2026-03-01",
        "dateModified": "2026-03-05T09:30:00+01:00"}) + "</script>"), CHANGED_AT),
    ("page.html", PAGE.format(head='<meta property="article:published_time" content="2026-03-01">'
        '<meta property="article:modified_time" content="2026-03-05T09:30:00+01:00">'), CHANGED_AT),
    ("feed.xml", '<feed xmlns="http://www.w3.org/2005/Atom"><title>Post</title><entry><id>1</id><title>Crack</title>'
        "<published>2026-03-01T08:00:00+01:00</published><updated>2026-03-05T09:30:00+01:00</updated>"
        f"<content>{BODY}</content></entry></feed>", CHANGED_AT),
    ("feed.xml", '<feed xmlns="http://www.w3.org/2005/Atom"><title>Post</title><entry><id>1</id><title>Crack</title>'
        f"<updated>2026-03-05T09:30:00+01:00</updated><content>{BODY}</content></entry></feed>", None),
    ("feed.json", json.dumps({"version": "https://jsonfeed.org/version/1.1", "title": "Post", "items": [
        {"id": "1", "content_text": BODY, "date_published": "2026-03-01T08:00:00+01:00",
         "date_modified": "2026-03-05T09:30:00+01:00"}]}), CHANGED_AT),
    ("story.xml", f'<nitf><head><docdata><date.issue norm="20260301T080000+0100"/></docdata><revision-history '
        'norm="20260302T080000+0100"/><revision-history norm="20260305T093000+0100"/></head><body><body.content>'
        f"<p>{BODY}</p></body.content></body></nitf>", CHANGED_AT),
    ("story.xml", NEWSML, CHANGED_AT),
    ("story.json", json.dumps({"uri": "urn:x:1", "type": "text", "firstcreated": "2026-03-01T08:00:00+01:00",
        "versioncreated": "2026-03-05T09:30:00+01:00", "body_text": BODY}), CHANGED_AT),
]  # fmt: skip


@pytest.mark.parametrize(("name", "content", "expected"), MODIFIED)
def test_when_an_article_was_changed_is_read(name: str, content: str, expected: date | None, tmp_path: Path) -> None:
    (tmp_path / name).write_text(content)
    [article] = load_file(tmp_path / name)
    assert isinstance(article, Article)
    assert article.modified == expected
    assert type(article.modified) is type(expected)


def test_an_archive_says_when_it_changed_its_record_and_not_when_the_article_was_changed() -> None:
    record = f"Title: Crack\nPublication date: Mar 1, 2026\nLast updated: 2026-03-05\nFull text: {BODY}"
    assert load_text(record).modified is None


def test_an_article_that_does_not_say_when_it_was_changed_keeps_its_version() -> None:
    """Versions are stored, so those of articles without the field are what they were before it was read."""
    assert article_version(made("a", "The ferry sank.", published=date(2026, 3, 1))) == "2f3a1658f2f98c31"
    with_change = made("a", "The ferry sank.", published=date(2026, 3, 1), modified=date(2026, 3, 5))
    assert with_change.version != article_version(with_change.model_copy(update={"modified": None}))


# -- ingest ------------------------------------------------------------------------------------------------------------

STORY = """---
title: Crack shuts Keller Bridge
source: Port Merrin Post
url: https://post.example/bridge
published: 2026-03-01
---
The Keller Bridge was shut on Sunday after inspectors found a crack 38 centimetres long. Mayor Lena Voss said traffic \
would be sent over the ring road. Nobody was hurt.

The bridge carries 14,000 cars a day.
"""
CHANGED = STORY.replace("38 centimetres", "83 centimetres").replace("03-01\n", "03-01\nupdated: 2026-03-05\n", 1)


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Settings]:
    """The story, ingested as it was and as it is now, in the library of the environment."""
    monkeypatch.setenv("QA_LIBRARY", str(tmp_path / "lib"))
    monkeypatch.setenv("QA_OFFLINE", "true")
    settings = Settings.load()
    story = tmp_path / "bridge.md"
    for text in (STORY, CHANGED):
        story.write_text(text)
        manage.ingest(story, settings=settings)
    yield settings
    pipeline.close_all()


def test_the_report_counts_the_versions_kept(settings: Settings, tmp_path: Path) -> None:
    report = manage.ingest(tmp_path / "bridge.md", settings=settings)
    assert (report.unchanged, report.updated, report.earlier) == (1, 0, 1)
    (tmp_path / "bridge.md").write_text(CHANGED.replace("83", "84"))
    report = manage.ingest(tmp_path / "bridge.md", settings=settings)
    assert (report.added, report.updated, report.earlier) == (0, 1, 2)
    (tmp_path / "bridge.md").write_text(CHANGED.replace("83", "85"))
    assert "1 updated" in (shown := flat(qa("ingest", tmp_path / "bridge.md", "--keep-versions", 1).stdout))
    assert "1 earlier version kept" in shown


def test_prune_removes_an_article_with_its_versions(settings: Settings, tmp_path: Path) -> None:
    other = tmp_path / "other.txt"
    other.write_text(OTHER)
    (tmp_path / "bridge.md").unlink()
    report = manage.ingest(tmp_path / "other.txt", settings=settings, prune=True)
    assert (report.removed, report.earlier) == (0, 1), "its file was not among the sources"
    report = manage.ingest(tmp_path, settings=settings, prune=True)
    assert (report.removed, report.earlier) == (1, 0)


def test_an_article_that_moves_to_another_file_keeps_its_versions(settings: Settings, tmp_path: Path) -> None:
    (tmp_path / "bridge.md").rename(tmp_path / "moved.md")
    report = manage.ingest(tmp_path, settings=settings, prune=True)
    assert (report.unchanged, report.removed, report.earlier) == (1, 0, 1)


def test_articles_that_are_asked_directly_have_no_versions() -> None:
    with closing(Library(None)) as memory:
        ingest_into(memory, [load_text(OTHER)], CountingEmbedder())
        assert memory.earlier() == 0


# -- answers -----------------------------------------------------------------------------------------------------------

QUESTION = "How long is the crack in the Keller Bridge?"


def test_an_answer_as_of_a_day_cites_the_version_of_that_day(settings: Settings) -> None:
    now = dateline.answer(QUESTION, settings=settings)
    assert "83 centimetres" in now.text
    then = dateline.answer(QUESTION, filters=published("2026-03-04"), settings=settings)
    assert "38 centimetres" in then.text
    [article] = then.articles
    assert "@" in article.id
    assert (article.status, article.modified) == ("superseded", None)
    assert article.replaced is not None
    assert then.warnings == ()
    never = dateline.answer(QUESTION, filters=held("2026-03-04"), settings=settings)
    assert never.status == "abstained"
    assert never.coverage.articles == 1


def test_an_answer_says_that_a_cited_article_was_changed_later(tmp_path: Path) -> None:
    settings = Settings(library=tmp_path / "lib", offline=True)
    (tmp_path / "bridge.md").write_text(CHANGED)
    (tmp_path / "other.md").write_text(CHANGED.replace("bridge\n", "other\n").replace("Keller Bridge", "town hall"))
    manage.ingest([tmp_path / "bridge.md", tmp_path / "other.md"], settings=settings)
    told = "1 article was changed after 4 March 2026; the library holds no earlier version of it."
    assert dateline.answer(QUESTION, filters=published("2026-03-04"), settings=settings).warnings == (told,)
    assert dateline.answer(QUESTION, filters=published("2026-03-05"), settings=settings).warnings == ()
    assert dateline.answer(QUESTION, settings=settings).warnings == ()
    pipeline.close_all()


@pytest.mark.parametrize(
    ("filters", "words"),
    [
        (published("2026-03-10"), "as published by 10 March 2026"),
        (held("2026-03-10"), "as the library stood on 10 March 2026"),
        (Filters(basis="held"), ""),
    ],
)
def test_the_page_says_what_it_went_back_to_and_keeps_it_in_its_address(filters: Filters, words: str) -> None:
    assert searched(filters) == words
    written = address.write(address.Address(filters=filters))
    assert ("basis" in written) == (filters == held("2026-03-10"))
    read = address.read({name: [value] for name, value in written.items() if isinstance(value, str)})
    assert (read.filters == filters) == filters.active


# -- differences -------------------------------------------------------------------------------------------------------


def parsed(text: str) -> ParsedArticle:
    return parse(made("story", text))


def kinds(old: str, new: str) -> list[tuple[str, str]]:
    changes = difference(parsed(old), parsed(new))
    return [(c.kind, (c.new or c.old).text) for c in changes]  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("The ferry sank. It was old.", "The ferry sank. It was old.", "same same"),
        ("The ferry sank. It was old.", "The  ferry sank.\n\nIt was  old.", "same same"),
        ("The crack is 38 centimetres long.", "The crack is 83 centimetres long.", "changed"),
        ("The ferry sank. Six people drowned.", "The ferry sank. Voters will choose a mayor.", "same deleted added"),
        ("The ferry sank.", "The ferry sank. Six people drowned.", "same added"),
        ("The ferry sank. Six people drowned.", "Six people drowned.", "deleted same"),
        ("One is red. Two is blue. Three is green.", "Three is green. One is red. Two is blue.", "moved same same"),
        ("", "The ferry sank.", "added"),
        ("The ferry sank with six on board. It was old.", "It was old. The ferry sank with five on board.",
         "deleted same added"),
        ("The ferry sank in fog. It was rather old. Six people drowned.",
         "The ferry sank in thick fog. It was old. Seven people drowned.", "changed changed changed"),
        ("Two boats sank. Two boats sank.", "Two boats sank.", "same deleted"),
    ],
)  # fmt: skip
def test_the_difference_by_sentences(old: str, new: str, expected: str) -> None:
    assert " ".join(kind for kind, _ in kinds(old, new)) == expected


@given(st.lists(st.sampled_from("ABCDEFG"), max_size=9), st.lists(st.sampled_from("ABCDEFG"), max_size=9))
def test_a_difference_holds_every_sentence_of_both_versions_once(old: list[str], new: list[str]) -> None:
    sentences = {
        letter: f"{letter}{word} came home."
        for letter, word in zip("ABCDEFG", "lba ert ara ora mil red ina".split(), strict=True)
    }
    before, after = (parsed(" ".join(sentences[letter] for letter in letters)) for letters in (old, new))
    changes = difference(before, after)
    assert [c.new for c in changes if c.new] == list(after.sentences)
    assert sorted(c.old.index for c in changes if c.old) == [s.index for s in before.sentences]
    assert all((c.kind == "changed") == bool(c.words) for c in changes)


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("It is 38 centimetres long.", "It is 83 centimetres long.", "It is [-38-]{+83+} centimetres long."),
        ("It cost 1.5 million.", "It cost 2.5 million.", "It cost [-1.5-]{+2.5+} million."),
        ("Two old men died.", "Three young men died.", "[-Two old-]{+Three young+} men died."),
        ("Nobody was hurt.", "Nobody was badly hurt.", "Nobody was {+badly +}hurt."),
        ("Nobody was badly hurt.", "Nobody was hurt.", "Nobody was [-badly -]hurt."),
        ("He left.", "He left, she said.", "He left{+, she said+}."),
        ("He left", "She stayed", "[-He left-]{+She stayed+}"),
        ("same", "same", "same"),
    ],
)
def test_the_difference_by_words(old: str, new: str, expected: str) -> None:
    marks = {"same": "{}", "deleted": "[-{}-]", "added": "{{+{}+}}"}
    assert "".join(marks[c.kind].format(c.text) for c in word_difference(old, new)) == expected


@given(st.text("ab .,\n1", max_size=30), st.text("ab .,\n1", max_size=30))
def test_the_words_of_a_difference_are_those_of_both_texts(old: str, new: str) -> None:
    changes = word_difference(old, new)
    assert "".join(c.text for c in changes if c.kind != "deleted") == new
    assert "".join(c.text for c in changes if c.kind != "added").split() == old.split()
    assert all(c.text for c in changes)


def test_a_rewritten_article_of_a_thousand_sentences_is_compared_in_time() -> None:
    old, new = (
        parsed(" ".join(f"The {what} number {n} came home on day {n}." for n in range(1000))) for what in ("man", "ox")
    )
    assert len(difference(old, new)) == 2000


# -- commands ----------------------------------------------------------------------------------------------------------


def test_versions_are_listed_with_their_days(settings: Settings) -> None:
    listed = [
        ArticleVersion.model_validate(v) for v in json.loads(qa("show", "bridge.md", "--versions", "--json").stdout)
    ]
    assert [(v.shown_from, v.shown_until, v.changed) for v in listed] == [
        (date(2026, 3, 1), date(2026, 3, 5), None),
        (date(2026, 3, 5), None, 1),
    ]
    assert tuple(listed) == dateline.versions("bridge.md", settings=settings)
    shown = qa("show", "bridge.md", "--versions").stdout
    assert all(v.article.id in shown for v in listed)


def test_the_difference_is_printed_with_marks_where_colours_are_not_seen(settings: Settings) -> None:
    shown = qa("show", "bridge.md", "--diff").stdout
    assert "a crack [-38-]{+83+} centimetres long." in shown
    assert "modified: {+2026-03-05+}" in shown
    assert "3 sentences are the same" in shown
    whole = json.loads(qa("show", "bridge.md", "--diff", "--json").stdout)
    assert [s["kind"] for s in whole["sentences"]] == ["changed", "same", "same", "same"]
    assert "@" in whole["old"]["id"]


def test_two_versions_are_named_by_the_end_of_their_ids(settings: Settings, tmp_path: Path) -> None:
    (tmp_path / "bridge.md").write_text(CHANGED.replace("83", "84"))
    manage.ingest(tmp_path / "bridge.md", settings=settings)
    first, second, newest = (v.article.id for v in dateline.versions("bridge.md", settings=settings))
    shown = {
        name: qa("show", "bridge.md", "--diff", name).stdout
        for name in (first, first.partition("@")[2][:4], f"{first}..{second}", f"..{second}", f"{first}..{newest}")
    }
    marks = ["[-38-]{+84+}", "[-38-]{+84+}", "[-38-]{+83+}", "[-38-]{+83+}", "[-38-]{+84+}"]
    assert all(mark in text for mark, text in zip(marks, shown.values(), strict=True))
    assert "[-83-]{+84+}" in qa("show", "bridge.md", "--diff").stdout
    assert "no version before" in flat(qa("show", "bridge.md", "--diff", f"..{first}", code=1).stderr)
    assert "There is no version 'zzzz'" in flat(qa("show", "bridge.md", "--diff", "zzzz", code=1).stderr)


def test_an_earlier_version_is_shown_and_listed(settings: Settings) -> None:
    [listed] = json.loads(qa("articles", "--as-of", "2026-03-04", "--json").stdout)
    shown = flat(qa("show", listed["id"]).stdout)
    assert "38 centimetres" in shown
    assert "superseded · replaced on" in shown
    assert json.loads(qa("articles", "--as-of", "2026-03-04", "--basis", "held", "--json").stdout) == []
    assert "38 centimetres" in flat(qa("ask", "--as-of", "2026-03-04", QUESTION).stdout)


def test_one_version_has_nothing_to_compare(settings: Settings, tmp_path: Path) -> None:
    (tmp_path / "other.txt").write_text(OTHER)
    manage.ingest(tmp_path / "other.txt", settings=settings)
    assert "nothing to compare" in flat(qa("show", "other.txt", "--diff", code=1).stderr)


def test_a_basis_without_a_day_is_an_error() -> None:
    assert "Name one with --as-of" in flat(qa("ask", "--basis", "held", QUESTION, code=1).stderr)
    assert CliRunner().invoke(app, ["ask", "--basis", "seen", QUESTION]).exit_code == 2


def test_doctor_counts_the_earlier_versions(settings: Settings) -> None:
    assert "1, searched only as of a day" in flat(qa("doctor").stdout)


def test_the_library_can_be_read_by_sql(settings: Settings) -> None:
    with closing(sqlite3.connect(settings.library / FILE)) as db:
        assert db.execute("SELECT count(*) FROM articles WHERE current_id IS NULL").fetchone() == (1,)
