"""The notebook: what is kept stays as it was, in the reader's order, and is exported with real footnotes."""

from __future__ import annotations

import json
import sqlite3
import zipfile
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

import docx
import pytest
from lxml import etree
from test_model import made
from typer.testing import CliRunner

import qa
from qa import ingest
from qa.cli import app
from qa.errors import InputError, UnknownArticle, WorkspaceError
from qa.library.library import Library
from qa.model import Answer, ArticleRef, Citation, Claim, Conflict
from qa.rechecking import Rechecker
from qa.settings import Settings
from qa.workspace import exports
from qa.workspace.conversations import Conversations
from qa.workspace.notebook import Collection, Contents, Keepable, Kept, Notebook, of_abstention, of_claim, of_sentences
from qa.workspace.store import APPLICATION_ID, FILE, VERSIONS

PIER = """---
title: Pier “safe”
source: Port Post
author: Lena Voss, Amir Dole
published: 2026-03-05
url: https://post.example/pier?id=1&b=2
---
The pier at Vale cost 4.2 million crowns. Inspector Ona Birk said it was “safe”. It opens in June.
"""
W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
RUNNER = CliRunner()


@pytest.fixture
def library(tmp_path: Path) -> Path:
    """A library with one article."""
    (tmp_path / "pier.md").write_text(PIER, "utf-8")
    ingest(str(tmp_path / "pier.md"), library=tmp_path / "library")
    return tmp_path / "library"


@pytest.fixture
def held(library: Path) -> Iterator[Library]:
    with closing(Library(library)) as found:
        yield found


@pytest.fixture
def notebook(tmp_path: Path) -> Notebook:
    return Notebook(tmp_path / "library")


def cost(library: Path) -> Answer:
    return qa.answer("How much did the pier at Vale cost?", settings=Settings(library=library, offline=True))


def sentences(held: Library, first: int = 0, last: int = 0) -> Keepable:
    (ref,) = held.articles()
    return of_sentences(held, ref.id, ref.version, first, last)


def contents(notebook: Notebook) -> Contents:
    found = notebook.last_used()
    assert found
    whole = notebook.contents(found.id)
    assert whole
    return whole


def texts(notebook: Notebook) -> list[str]:
    return [entry.answer.claims[0].text for entry in contents(notebook).entries]


def answer_of_three() -> Answer:
    """An answer whose second claim cites sentences 3 and 1, and stands in a conflict with the first."""
    article = ArticleRef(id="a", version="v", title="Count")
    other = ArticleRef(id="b", version="w", title="Other")
    quotes = ["Nine boats sank.", "Ten boats sank.", "The count is final."]
    citations = tuple(
        Citation(number=n, article_id="b" if n == 2 else "a", version="w" if n == 2 else "v", sentence=n, start=0,
                 end=len(quote), quote=quote)
        for n, quote in enumerate(quotes, 1)
    )  # fmt: skip
    return made(
        claims=(Claim(text=quotes[1], citations=(2,)), Claim(text="Nine boats sank.", citations=(3,), context=(1,))),
        citations=citations,
        articles=(article, other),
        conflicts=(Conflict(kind="disagreement", claims=(0, 1), detail="One says nine, the other ten."),),
    )


# -- what is kept ------------------------------------------------------------------------------------------------------


def test_a_claim_is_kept_with_only_what_it_cites_numbered_from_one() -> None:
    kept = of_claim(answer_of_three(), 1)
    (claim,) = kept.answer.claims
    assert (claim.citations, claim.context) == ((1,), (2,))
    assert [c.quote for c in kept.answer.citations] == ["The count is final.", "Nine boats sank."]
    assert [article.id for article in kept.answer.articles] == ["a"]
    assert kept.changes == ("One says nine, the other ten.",)


def test_a_claim_that_the_answer_does_not_have_is_refused() -> None:
    with pytest.raises(InputError, match="no such claim"):
        of_claim(answer_of_three(), 2)


def test_sentences_of_an_article_are_kept_word_for_word_with_their_offsets(held: Library) -> None:
    kept = sentences(held, 0, 1)
    (article,) = kept.answer.articles
    text = held.article(article.id).text
    assert [text[c.start : c.end] for c in kept.answer.citations] == [c.quote for c in kept.answer.citations]
    assert kept.answer.claims[0].text.endswith("Inspector Ona Birk said it was “safe”.")
    assert kept.answer.citations[1].said[0].speaker == "Ona Birk"
    assert kept.answer.question == ""


@pytest.mark.parametrize("places", [(-1, 0), (1, 0), (0, 99)])
def test_sentences_that_do_not_exist_are_refused(held: Library, places: tuple[int, int]) -> None:
    with pytest.raises(InputError, match="no such sentence"):
        sentences(held, *places)


def test_sentences_of_another_version_or_of_no_article_are_refused(held: Library) -> None:
    (ref,) = held.articles()
    with pytest.raises(InputError, match="changed meanwhile"):
        of_sentences(held, ref.id, "another", 0, 0)
    with pytest.raises(UnknownArticle):
        of_sentences(held, "none", ref.version, 0, 0)


# -- collections -------------------------------------------------------------------------------------------------------


def test_the_first_entry_makes_a_collection_and_is_read_back_as_it_was(library: Path, notebook: Notebook) -> None:
    what = of_claim(cost(library), 0)
    collection, new = notebook.keep(what)
    assert (collection.title, collection.size, new) == ("Notes", 1, True)
    (entry,) = contents(notebook).entries
    assert entry.answer == what.answer
    assert notebook.entry(entry.id) == entry


def test_nothing_is_kept_twice_in_one_collection(library: Path, notebook: Notebook) -> None:
    what = of_claim(cost(library), 0)
    notebook.keep(what)
    assert notebook.keep(what)[1] is False
    assert notebook.keep(of_claim(cost(library), 0))[1] is False, "the same claim of the same question asked again"
    other = notebook.create("Other")
    assert notebook.keep(what, other)[1] is True


def test_without_a_name_the_collection_used_last_is_meant(held: Library, notebook: Notebook) -> None:
    first, second = notebook.create("First"), notebook.create("Second")
    assert notebook.keep(sentences(held))[0].id == second
    notebook.keep(sentences(held), first)
    assert notebook.keep(sentences(held, 1, 1))[0].id == first
    assert notebook.keep(sentences(held, 2, 2), "deleted meanwhile")[0].id == first


def test_collections_are_renamed_ordered_and_deleted_with_their_entries(
    library: Path, held: Library, notebook: Notebook
) -> None:
    ids = [notebook.create(title) for title in ("A", "B", "C")]
    notebook.keep(sentences(held), ids[2])
    notebook.shift(ids[2], -1)
    notebook.shift(ids[0], -1)  # the first one cannot go further
    notebook.rename(ids[1], "  Boats\n and piers ")
    assert [one.title for one in notebook.collections()] == ["A", "C", "Boats and piers"]
    notebook.delete(ids[2])
    assert [one.title for one in notebook.collections()] == ["A", "Boats and piers"]
    assert notebook.contents(ids[2]) is None
    with sqlite3.connect(library / FILE) as db:
        assert db.execute("SELECT count(*) FROM kept").fetchone() == (0,)


@pytest.mark.parametrize("title", ["", " \n", "\u200b", "pier", "PIER "])
def test_a_title_is_neither_empty_nor_that_of_another_collection(notebook: Notebook, title: str) -> None:
    notebook.create("Pier")
    other = notebook.create("Other")
    with pytest.raises(InputError):
        notebook.create(title)
    with pytest.raises(InputError):
        notebook.rename(other, title)
    notebook.rename(other, "OTHER")  # its own title in another spelling


def test_entries_are_reordered_commented_moved_and_removed(held: Library, notebook: Notebook) -> None:
    for index in range(3):
        notebook.keep(sentences(held, index, index))
    a, b, c = contents(notebook).entries
    notebook.reorder(c.id, -2)
    notebook.reorder(a.id, 5)
    assert [entry.id for entry in contents(notebook).entries] == [c.id, b.id, a.id]
    notebook.comment(b.id, "  Ask her again.\n")
    assert contents(notebook).entries[1].comment == "Ask her again."
    source = contents(notebook).collection.id
    other = notebook.create("Other")
    notebook.move(b.id, other)
    notebook.remove(a.id)
    found = notebook.contents(source)
    moved = notebook.contents(other)
    assert found
    assert moved
    assert [entry.id for entry in found.entries] == [c.id]
    assert [(entry.id, entry.comment) for entry in moved.entries] == [(b.id, "Ask her again.")]


def test_an_entry_cannot_be_moved_to_where_it_is_already_or_to_a_deleted_collection(
    held: Library, notebook: Notebook
) -> None:
    notebook.keep(sentences(held))
    (entry,) = contents(notebook).entries
    other = notebook.create("Other")
    notebook.keep(sentences(held), other)
    with pytest.raises(InputError, match="already"):
        notebook.move(entry.id, other)
    with pytest.raises(InputError, match="deleted"):
        notebook.move(entry.id, "none")


def test_text_that_cannot_be_stored_or_shown_is_made_fit(held: Library, notebook: Notebook) -> None:
    collection = notebook.create("A\ud800\x00\u202eB")
    notebook.keep(sentences(held), collection)
    (entry,) = contents(notebook).entries
    notebook.comment(entry.id, "x\ud800y" + "z" * 9000)
    (entry,) = contents(notebook).entries
    assert notebook.collections()[0].title == "A\ufffd\ufffdB"
    assert entry.comment.startswith("x\ufffdyz")
    assert len(entry.comment) == 4000


def test_nothing_is_created_by_looking(tmp_path: Path) -> None:
    notebook = Notebook(tmp_path)
    assert notebook.collections() == ()
    assert notebook.last_used() is None
    assert notebook.entry("none") is None
    assert list(tmp_path.iterdir()) == []


def test_a_file_of_conversations_alone_gets_the_notebook(held: Library, tmp_path: Path) -> None:
    file = tmp_path / "old" / FILE
    file.parent.mkdir()
    with closing(sqlite3.connect(file)) as db:
        for statement in VERSIONS[0]:
            db.execute(statement)
        db.execute(f"PRAGMA application_id={APPLICATION_ID}")
        db.execute("PRAGMA user_version=1")
        db.execute(
            "INSERT INTO conversations VALUES ('c1', 'Kept', '2026-01-01T00:00:00+00:00', '2026-01-01T00:00:00+00:00')"
        )
        db.commit()
    Notebook(file.parent).keep(sentences(held))
    assert Conversations(file.parent).listed().conversations[0].title == "Kept"
    assert Notebook(file.parent).collections()[0].size == 1


def test_entries_of_another_version_of_dateline_are_counted_and_stay(
    library: Path, held: Library, notebook: Notebook
) -> None:
    notebook.keep(sentences(held))
    notebook.keep(sentences(held, 1, 1))
    with sqlite3.connect(library / FILE) as db:
        db.execute("UPDATE kept SET answer = '{\"schema_version\": 99}' WHERE number = 1")
    found = contents(notebook)
    assert (len(found.entries), found.unreadable, found.collection.size) == (1, 1, 2)
    assert "1 entry was stored by another version" in exports.to_markdown(found)
    assert json.loads(exports.to_json(found))["unreadable"] == 1


def test_a_file_that_is_no_workspace_is_an_error_with_a_remedy(tmp_path: Path) -> None:
    (tmp_path / FILE).write_text("no database")
    with pytest.raises(WorkspaceError, match="Move the file away"):
        Notebook(tmp_path).collections()


# -- true to what was read ---------------------------------------------------------------------------------------------


def test_an_entry_stays_as_it_was_when_its_article_changes_and_a_check_says_so(
    library: Path, tmp_path: Path, notebook: Notebook
) -> None:
    notebook.keep(of_claim(cost(library), 0))
    before = contents(notebook).entries[0]
    (tmp_path / "pier.md").write_text(PIER.replace("4.2 million", "5.1 million"), "utf-8")
    ingest(str(tmp_path / "pier.md"), library=library)
    (entry,) = contents(notebook).entries
    assert entry == before
    assert "4.2 million" in entry.answer.citations[0].quote
    with closing(Rechecker(library)) as rechecker:
        (checked,) = rechecker.recheck(entry.answer).claims
    assert checked.verdict == "corrected"
    assert "5.1 million" in checked.detail


def test_a_kept_sentence_can_be_checked_like_a_claim(library: Path, held: Library, notebook: Notebook) -> None:
    notebook.keep(sentences(held, 1, 1))
    with closing(Rechecker(library)) as rechecker:
        (checked,) = rechecker.recheck(contents(notebook).entries[0].answer).claims
    assert checked.verdict == "stands"


# -- files -------------------------------------------------------------------------------------------------------------


@pytest.fixture
def two(library: Path, held: Library, notebook: Notebook) -> Contents:
    """A collection of a claim and two sentences, with a comment."""
    notebook.keep(of_claim(cost(library), 0), notebook.create("Pier *story*"))
    notebook.keep(sentences(held, 1, 2))
    notebook.comment(contents(notebook).entries[0].id, "Ask <b>her</b>.")
    return contents(notebook)


def test_markdown_has_a_footnote_for_every_citation_and_no_text_is_markup(two: Contents) -> None:
    text = exports.to_markdown(two)
    assert text.startswith("# Pier \\*story\\*\n")
    assert "crowns**.”[^1]" in text
    assert "Ask \\<b\\>her\\</b\\>." in text
    assert "[^2][^3]" in text
    notes = [line for line in text.splitlines() if line.startswith("[^")]
    assert len(notes) == sum(len(entry.answer.citations) for entry in two.entries)
    assert (
        "“Inspector Ona Birk said it was ‘safe’.” Port Post, 5 March 2026, “Pier ‘safe’”, by Lena Voss and Amir Dole."
        in notes[1]
    )
    assert "<https://post.example/pier?id=1&b=2#:~:text=Inspector%20Ona%20Birk" in notes[1]
    assert f"Version {two.entries[0].answer.citations[0].version}." in notes[0]


def footnotes(file: bytes) -> dict[str, str]:
    """Return the text of the footnotes of a Word document by their ids, without the separators."""
    root = etree.fromstring(zipfile.ZipFile(BytesIO(file)).read("word/footnotes.xml"))
    return {
        note.get(f"{W}id"): "".join(t.text for t in note.iter(f"{W}t"))
        for note in root.iter(f"{W}footnote")
        if note.get(f"{W}type") is None
    }


def test_a_word_document_has_real_footnotes_that_its_text_refers_to(two: Contents) -> None:
    file = exports.to_docx(two)
    opened = docx.Document(BytesIO(file))
    assert opened.paragraphs[0].text == "Pier *story*"
    body = etree.fromstring(zipfile.ZipFile(BytesIO(file)).read("word/document.xml"))
    referred = [one.get(f"{W}id") for one in body.iter(f"{W}footnoteReference")]
    notes = footnotes(file)
    assert referred == list(notes) == ["1", "2", "3"]
    assert (
        notes["2"].strip().startswith("“Inspector Ona Birk said it was ‘safe’.” Port Post, 5 March 2026, “Pier ‘safe’”")
    )
    for part in ("by Lena Voss and Amir Dole", "https://post.example/pier?id=1&b=2#", "Version "):
        assert part in notes["2"]


def test_the_parts_of_a_word_document_are_declared_and_related(two: Contents) -> None:
    archive = zipfile.ZipFile(BytesIO(exports.to_docx(two)))
    assert archive.testzip() is None
    types = archive.read("[Content_Types].xml").decode()
    assert 'PartName="/word/footnotes.xml"' in types
    assert "relationships/footnotes" in archive.read("word/_rels/document.xml.rels").decode()
    links = etree.fromstring(archive.read("word/_rels/footnotes.xml.rels"))
    assert {link.get("TargetMode") for link in links} == {"External"}
    used = set(etree.fromstring(archive.read("word/footnotes.xml")).xpath("//@r:id", namespaces={
        "r": "http://schemas.openxmlformats.org/officeDocument/2006/relationships"}))  # fmt: skip
    assert used == {link.get("Id") for link in links}
    styles = archive.read("word/styles.xml").decode()
    assert 'w:val="footnote text"' in styles
    assert 'w:val="footnote reference"' in styles
    settings = etree.fromstring(archive.read("word/settings.xml"))
    assert [one.get(f"{W}id") for one in settings.iter(f"{W}footnote")] == ["-1", "0"]


@pytest.mark.parametrize("words", ["\x00\x0b\x1f", "\ufffe\uffff", "]]>&<", "\u202eabc", "a\tb\r\nc"])
def test_no_character_breaks_a_word_document(words: str) -> None:
    quote = f"The pier {words} is shut."
    citation = Citation(number=1, article_id="a", version="v", sentence=0, start=0, end=len(quote), quote=quote)
    article = ArticleRef(
        id="a", version="v", title=f"Pier {words}", source=words, authors=(words,), url="https://a.b/ <x>"
    )
    answer = made(claims=(Claim(text=quote, citations=(1,)),), citations=(citation,), articles=(article,))
    now = datetime.now(UTC)
    entry = Kept("k", of_claim(answer, 0).answer, (words,), words, now)
    file = exports.to_docx(Contents(Collection("c", f"T{words}", now, 1), (entry,)))
    assert "is shut." in footnotes(file)["1"]
    assert "<https://a.b/%20%3Cx%3E#:~:text=" in exports.to_markdown(Contents(Collection("c", "T", now, 1), (entry,)))


def test_json_has_each_answer_whole_with_its_comment(two: Contents) -> None:
    data = json.loads(exports.to_json(two))
    assert data["title"] == "Pier *story*"
    assert [entry["comment"] for entry in data["entries"]] == ["Ask <b>her</b>.", ""]
    assert [Answer.model_validate(entry["answer"]) for entry in data["entries"]] == [e.answer for e in two.entries]


# -- the command -------------------------------------------------------------------------------------------------------


def test_the_command_lists_shows_and_exports(two: Contents, library: Path, tmp_path: Path) -> None:
    def run(*arguments: str) -> str:
        result = RUNNER.invoke(app, ["notebook", *arguments])
        assert result.exit_code == 0, result.output
        return result.stdout

    assert "2 entries  Pier *story*" in run("--library", str(library))
    shown = run("show", "pier *STORY*", "--library", str(library))
    assert "“The pier at Vale cost 4.2 million crowns.”" in shown.replace("**", "")
    assert "Ask <b>her</b>." in shown
    for ending in (".md", ".docx", ".json"):
        run("export", two.collection.id[:6], str(tmp_path / f"out{ending}"), "--library", str(library))
    assert (tmp_path / "out.md").read_text("utf-8") == exports.to_markdown(two)
    assert footnotes((tmp_path / "out.docx").read_bytes())
    assert json.loads((tmp_path / "out.json").read_text("utf-8"))["title"] == "Pier *story*"


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["show", "none"], "List them with: qa notebook"),
        (["export", "Pier *story*", "out.txt"], "must end in .md, .docx, .json"),
        (["export", "Pier *story*", "no/such/folder/out.md"], "Choose another place"),
    ],
)
def test_the_command_says_what_to_do(two: Contents, library: Path, arguments: list[str], told: str) -> None:
    result = RUNNER.invoke(app, ["notebook", *arguments, "--library", str(library)])
    assert result.exit_code == 1
    assert told in " ".join(result.stderr.split())


def test_a_removed_entry_is_put_back_at_its_place(held: Library, notebook: Notebook) -> None:
    for sentence in range(3):
        notebook.keep(sentences(held, sentence, sentence))
    before = contents(notebook)
    notebook.comment(before.entries[1].id, "Check this.")
    before = contents(notebook)
    removed = notebook.remove(before.entries[1].id)
    assert removed
    assert len(contents(notebook).entries) == 2
    assert notebook.restore(removed).id == before.collection.id
    assert contents(notebook).entries == before.entries
    notebook.restore(removed)  # a second time, nothing happens
    assert contents(notebook).entries == before.entries
    assert notebook.remove("nothing") is None


def test_an_entry_of_a_deleted_collection_goes_to_the_one_used_last(held: Library, notebook: Notebook) -> None:
    notebook.create("Bridge")
    notebook.keep(sentences(held))
    removed = notebook.remove(contents(notebook).entries[0].id)
    notebook.delete(contents(notebook).collection.id)
    notebook.create("Ferry")
    assert removed
    assert notebook.restore(removed).title == "Ferry"


def test_a_deleted_collection_is_put_back_with_its_entries_at_its_place(held: Library, notebook: Notebook) -> None:
    ids = [notebook.create(title) for title in ("One", "Two", "Three")]
    for sentence in range(3):
        notebook.keep(sentences(held, sentence, sentence), ids[1])
    before = notebook.contents(ids[1])
    removed = notebook.delete(ids[1])
    assert removed
    notebook.restore(removed)
    assert notebook.contents(ids[1]) == before
    assert [one.title for one in notebook.collections()] == ["One", "Two", "Three"]
    removed = notebook.delete(ids[1])
    notebook.create("two")
    assert removed
    assert notebook.restore(removed).title == "Two (restored)"
    assert notebook.delete("nothing") is None


def test_a_closest_sentence_is_kept_without_the_question_that_it_does_not_answer(
    library: Path, notebook: Notebook
) -> None:
    asked = "Who opposed the pier at Vale?"
    found = qa.answer(asked, settings=Settings(library=library, offline=True))
    assert found.abstention
    assert found.abstention.nearest
    kept = of_abstention(found, 0)
    assert kept.answer.question == ""
    (claim,) = kept.answer.claims
    assert kept.answer.citations[0].quote == found.citations[found.abstention.nearest[0] - 1].quote
    assert claim.citations[0] == 1
    notebook.keep(kept)
    assert texts(notebook) == [claim.text]
    with pytest.raises(InputError, match="no such sentence"):
        of_abstention(found, 99)
