"""Edits of headline, outlet, authors and day: what they change, and what happens when the source is read again."""

from __future__ import annotations

import gzip
import sqlite3
from contextlib import closing
from datetime import date
from pathlib import Path

import pytest
from typer.testing import CliRunner

from qa import answer, ingest
from qa.articles.edits import MOST, carried, next_edit, read_particulars
from qa.articles.load import load_text
from qa.cli import app
from qa.errors import InputError, UnknownArticle
from qa.library import maintenance
from qa.library.library import FILE, Library
from qa.manage import edit, remove
from qa.model import Article, Filters, Particulars
from qa.render import to_text
from qa.settings import Settings

QUAY = "The harbour master of Selm shut the northern quay on Tuesday. Ada Fell said it would stay shut for a week.\n"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    (tmp_path / "quay.txt").write_text(QUAY, "utf-8")
    return tmp_path / "quay.txt"


@pytest.fixture
def folder(file: Path, tmp_path: Path) -> Path:
    ingest(str(file), library=tmp_path / "news")
    return tmp_path / "news"


def stored(folder: Path) -> Article:
    with closing(Library(folder)) as library:
        (ref,) = library.articles()
        return library.article(ref.id)


def edited(folder: Path, **fields: str) -> Article:
    edit("quay.txt", read_particulars(**fields), library=folder)
    return stored(folder)


# -- what is typed -----------------------------------------------------------------------------------------------------


def test_only_what_is_typed_is_changed_and_an_empty_value_means_unknown() -> None:
    read = read_particulars(
        title="  Quay\n shut ", source="", authors="Ada Blum and Piet Doorn", published="2026-03-04"
    )
    assert read == Particulars(
        title="Quay shut", source=None, authors=("Ada Blum", "Piet Doorn"), published=date(2026, 3, 4)
    )
    assert read_particulars(title="x").model_fields_set == {"title"}
    assert read_particulars(published="").model_fields_set == {"published"}


def test_an_author_whom_no_rule_takes_for_a_name_is_kept_as_typed() -> None:
    assert read_particulars(authors="staff reporter").authors == ("staff reporter",)


@pytest.mark.parametrize(
    "fields", [{"title": "x" * (MOST + 1)}, {"source": "a\0b"}, {"published": "someday"}, {"authors": "\ud800"}]
)
def test_what_cannot_be_stored_is_refused_with_the_remedy(fields: dict[str, str]) -> None:
    with pytest.raises(InputError, match=r"Shorten it|Type it again|Write it like 2026-03-05"):
        read_particulars(**fields)


def test_an_edit_back_to_what_the_source_states_is_no_edit() -> None:
    article = load_text(QUAY, about=Particulars(source="Selm Post"))
    once = next_edit(article, None, Particulars(source="Coast Wire", title="Quay shut"))
    assert once
    assert next_edit(article, once, Particulars(source="Selm Post", title=None)) is None


def test_a_source_that_comes_to_state_what_was_edited_needs_no_edit() -> None:
    one = next_edit(load_text(QUAY), None, Particulars(source="Coast Wire"))
    assert one
    assert carried(one, load_text(QUAY, about=Particulars(source="Coast Wire"))) == (None, ())


# -- in a library ------------------------------------------------------------------------------------------------------


def test_an_edit_is_searched_shown_and_filtered_by_and_makes_no_version(folder: Path) -> None:
    before = stored(folder)
    after = edited(folder, title="Rotten piles shut quay", source="Selm Post", published="2026-03-04")
    assert (after.version, after.text) == (before.version, before.text)
    assert (after.title, after.source, after.published) == ("Rotten piles shut quay", "Selm Post", date(2026, 3, 4))
    with closing(Library(folder)) as library:
        assert library.earlier() == 0
        assert library.coverage().sources == ("Selm Post",)
        ((found, _),) = library.lexical(["piles"], 5, Filters(sources=("Selm Post",)))
        assert found.article_id == after.id
        tuesday = library.parsed([after.id])[after.id].document.times[0]
        assert tuesday.when
        assert tuesday.when.start == date(2026, 3, 3), "weekdays are counted from the edited day"
        assert library.coverage(Filters(as_of=date(2026, 3, 4))).articles == 1
        assert library.coverage(Filters(as_of=date(2026, 3, 3))).articles == 0
        assert maintenance.faults(library) == []


def test_an_unchanged_file_keeps_its_edits_even_if_it_is_read_again(folder: Path, file: Path) -> None:
    after = edited(folder, title="Rotten piles shut quay")
    file.write_text(QUAY, "utf-8")  # another time of change
    report = ingest(str(file), library=folder)
    assert (report.unchanged, report.updated) == (1, 0)
    assert stored(folder) == after


def test_a_changed_file_keeps_the_edits_and_the_report_says_where_it_disagrees(folder: Path, file: Path) -> None:
    edited(folder, title="Rotten piles shut quay", published="2026-03-04")
    file.write_text("Published: 2026-03-02\n\nQuay shut\n\n" + QUAY.replace("a week", "a month"), "utf-8")
    report = ingest(str(file), library=folder)
    after = stored(folder)
    assert report.updated == 1
    assert (after.title, after.published) == ("Rotten piles shut quay", date(2026, 3, 4))
    assert "a month" in after.text
    told = " ".join(report.warnings)
    assert "headline was edited in this library and stays so; its source now says: “Quay shut”" in told
    assert "day of publication was edited in this library and stays so; its source now says: 2026-03-02" in told
    file.write_text(file.read_text("utf-8").replace("a month", "a year"), "utf-8")
    assert ingest(str(file), library=folder).warnings == (), "it is said once"


def test_edits_can_be_taken_back_to_what_the_changed_source_states(folder: Path, file: Path) -> None:
    edited(folder, title="Rotten piles shut quay", source="Selm Post")
    file.write_text("Quay shut\n\n" + QUAY, "utf-8")
    ingest(str(file), library=folder)
    edit("quay.txt", None, library=folder)
    assert (stored(folder).title, stored(folder).source) == ("Quay shut", None)


def test_a_changed_headline_alone_that_is_edited_makes_no_earlier_version(folder: Path, tmp_path: Path) -> None:
    page = load_text(QUAY, about=Particulars(title="Quay shut"))
    ingest(page, library=tmp_path / "other")
    edit(page.id, Particulars(title="Our headline"), library=tmp_path / "other")
    ingest(load_text(QUAY, about=Particulars(title="Quay closed")), library=tmp_path / "other")
    with closing(Library(tmp_path / "other")) as library:
        assert library.article(page.id).title == "Our headline"
        assert library.earlier() == 0
        assert library.edits()[page.id].stated.title == "Quay closed"


def test_the_day_of_an_article_with_earlier_versions_leaves_their_days_as_they_are(folder: Path, file: Path) -> None:
    edited(folder, published="2026-03-04")
    file.write_text(QUAY.replace("a week", "a month"), "utf-8")
    ingest(str(file), library=folder)
    with closing(Library(folder)) as library:
        before = [(v.shown_from, v.shown_until) for v in library.versions_of(stored(folder).id)]
    edited(folder, published="2026-03-03")
    with closing(Library(folder)) as library:
        assert [(v.shown_from, v.shown_until) for v in library.versions_of(stored(folder).id)] == before
        assert maintenance.faults(library) == []


def test_a_removed_article_takes_its_edits_with_it(folder: Path, file: Path) -> None:
    edited(folder, title="Rotten piles shut quay")
    remove(["quay.txt"], library=folder)
    ingest(str(file), library=folder)
    assert stored(folder).title is None


def test_a_backup_has_the_edits_and_the_digest_tells_them(folder: Path, tmp_path: Path) -> None:
    with closing(Library(folder)) as library:
        plain = maintenance.digest(library)
    edited(folder, title="Rotten piles shut quay")
    with closing(Library(folder)) as library:
        digest = maintenance.backup(library, tmp_path / "copy.sqlite3")
        assert digest == maintenance.digest(library) != plain
    maintenance.restore(tmp_path / "copy.sqlite3", tmp_path / "back", replace=False)
    edit("quay.txt", None, library=tmp_path / "back")
    assert stored(tmp_path / "back").title is None


def test_earlier_versions_and_unknown_articles_cannot_be_edited(folder: Path, file: Path) -> None:
    file.write_text(QUAY.replace("a week", "a month"), "utf-8")
    ingest(str(file), library=folder)
    with closing(Library(folder)) as library:
        earlier = library.versions_of(stored(folder).id)[0].article.id
    with pytest.raises(InputError, match="Edit the article itself"):
        edit(earlier, Particulars(title="x"), library=folder)
    with pytest.raises(UnknownArticle):
        edit("tram.txt", Particulars(title="x"), library=folder)


# -- an article without a headline -------------------------------------------------------------------------------------


def test_an_article_without_a_headline_is_known_by_its_first_words_in_brackets(folder: Path) -> None:
    found = stored(folder)
    assert found.title is None
    assert found.heading == "[The harbour master of Selm shut the northern quay on …]"
    assert edited(folder, title="Quay shut").heading == "Quay shut"
    assert edited(folder, title="").heading == found.heading


def test_lines_of_a_header_are_no_first_words(tmp_path: Path) -> None:
    ingest(load_text(f"Published: 2026-03-03\n\n{QUAY}"), library=tmp_path / "news")
    assert stored(tmp_path / "news").heading.startswith("[The harbour master")


def test_a_citation_names_it_by_its_first_words_and_an_edit_names_it_in_the_next_answer(folder: Path) -> None:
    settings = Settings(library=folder, offline=True)
    question = "Who shut the northern quay of Selm?"
    named = ", undated, [The harbour master of Selm shut the northern quay on …]"
    assert named in to_text(answer(question, settings=settings))
    edited(folder, title="Rotten piles shut quay", source="Selm Post", published="2026-03-04")
    assert "Selm Post, 4 March 2026, “Rotten piles shut quay”" in to_text(answer(question, settings=settings))


def test_a_library_of_the_schema_before_gets_first_words(tmp_path: Path) -> None:
    old = Path(__file__).parent / "data" / "library-v6.sqlite3.gz"
    (tmp_path / FILE).write_bytes(gzip.decompress(old.read_bytes()))
    with closing(sqlite3.connect(tmp_path / FILE)) as db:
        db.execute("UPDATE articles SET title = NULL WHERE source = 'Coast Wire'")
        db.commit()
    with closing(Library(tmp_path)) as library:
        headings = [ref.heading for ref in library.articles()]
    assert headings == [
        "[The Salthouse ferry line will cut its evening sailings from …]",
        "Salthouse council buys a snow plough",
    ]


# -- the command -------------------------------------------------------------------------------------------------------


def test_the_command_edits_shows_and_restores(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("QA_LIBRARY", str(folder))
    run = CliRunner().invoke
    done = run(app, "articles edit quay --title Quay --source Post --author A.B. --published 2026-03-04".split())
    assert done.exit_code == 0
    assert "Post, 4 March 2026  Quay  by A.B." in done.output
    assert "Quay" in run(app, ["articles"]).output
    assert run(app, ["articles", "edit", "quay", "--restore"]).exit_code == 0
    assert stored(folder).title is None
    for wrong in ([], ["--title", "x", "--restore"], ["--published", "someday"]):
        assert run(app, ["articles", "edit", "quay", *wrong]).exit_code == 1
