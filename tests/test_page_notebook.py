"""The notebook and the reading desk as the page sends them to the browser, and what their events do."""

from __future__ import annotations

import base64
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest
from test_app import APP, settled, texts

from qa import answer, ingest
from qa.library.library import Library
from qa.model import Answer, Citation
from qa.page import articles, notebook, saved
from qa.page.articles import Cited
from qa.settings import Settings
from qa.workspace.notebook import Contents, Notebook, of_claim, of_sentences
from qa.workspace.store import FILE

FERRY = """Published: 2026-03-05

Ferry line to cut sailings

SALTHOUSE, March 5 (Coast Wire) - The ferry line will cut its sailings, its director Mara Quist said. "We lose money," \
Quist told reporters.

Union secretary Piet Doorn said the cut was a slap in the face. An official said a strike could follow. Mara Quist \
said nothing is decided.
"""
OTHER = """Published: 2026-03-06

Strike at the ferry

SALTHOUSE, March 6 (Coast Wire) - Mara Quist said the strike would be short.
"""


@pytest.fixture
def library(tmp_path: Path) -> Path:
    (tmp_path / "ferry.txt").write_text(FERRY, "utf-8")
    (tmp_path / "strike.txt").write_text(OTHER, "utf-8")
    ingest([str(tmp_path / "ferry.txt"), str(tmp_path / "strike.txt")], library=tmp_path / "shelf" / "news")
    return tmp_path / "shelf" / "news"


def asked(library: Path, question: str = "What will the ferry line cut?") -> Answer:
    return answer(question, settings=Settings(library=library, offline=True))


def ferry(library: Path) -> str:
    with closing(Library(library)) as held:
        return next(ref.id for ref in held.articles() if ref.title == "Ferry line to cut sailings")


def opened(library: Path) -> articles.Opened:
    found = articles.open_article(library, ferry(library))
    assert found
    return found


def cite(library: Path, sentence: int, number: int) -> Citation:
    """Return a citation of a sentence of the article about the ferry."""
    parsed = opened(library).parsed
    one = parsed.sentences[sentence]
    return Citation(
        number=number, article_id=parsed.id, version=parsed.article.version, sentence=sentence, start=one.start,
        end=one.end, quote=one.text,
    )  # fmt: skip


def text_of(piece: articles.View) -> str:
    return "".join(run["text"] for run in piece["runs"])


# -- the desk ----------------------------------------------------------------------------------------------------------


def test_the_headline_is_shown_once(library: Path) -> None:
    view = articles.opened_view(opened(library), (), None)
    whole = " ".join(text_of(piece) for pieces in view["paragraphs"] for piece in pieces)
    assert "".join(map(text_of, view["headline"])) == "Ferry line to cut sailings"
    assert "Ferry line to cut sailings" not in whole
    assert "The ferry line will cut its sailings" in whole


def test_a_cited_headline_keeps_its_number(library: Path) -> None:
    parsed = opened(library).parsed
    index = next(s.index for s in parsed.sentences if s.text == "Ferry line to cut sailings")
    view = articles.opened_view(opened(library), [cite(library, index, 1)], 1)
    assert [piece["numbers"] for piece in view["headline"]] == [[1]]


def test_an_article_without_a_headline_in_its_text_loses_nothing(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text(
        "---\ntitle: Not in the text\n---\nThe pier is shut.\n\nIt opens in June.\n", "utf-8"
    )
    ingest(str(tmp_path / "a.md"), library=tmp_path / "lib")
    with closing(Library(tmp_path / "lib")) as held:
        (ref,) = held.articles()
    found = articles.open_article(tmp_path / "lib", ref.id)
    assert found
    view = articles.opened_view(found, (), None)
    whole = "|".join("".join(map(text_of, pieces)).strip() for pieces in view["paragraphs"])
    assert whole == "The pier is shut.|It opens in June."


def test_all_citations_of_the_conversation_are_marked_and_listed_in_the_order_of_the_text(library: Path) -> None:
    last = len(opened(library).parsed.sentences) - 1
    mine = [cite(library, last, 1), cite(library, last - 2, 2)]
    before = Cited({"turn": "t0"}, "Who called it\na slap?", [cite(library, last - 2, 1), cite(library, last - 1, 2)])
    view = articles.opened_view(opened(library), mine, 1, [before])
    assert view["sentences"] == 3
    assert [(one["called"], [row["number"] for row in one["rows"]]) for one in view["cited"]] == [
        ("", [2, 1]),
        ("Who called it a slap?", [1, 2]),
    ]
    pieces = {piece["sentence"]: piece for pieces in view["paragraphs"] for piece in pieces}
    assert pieces[last]["numbers"] == [1]
    assert pieces[last - 2]["numbers"] == [2]
    assert pieces[last - 2]["others"] == [{"place": {"turn": "t0"}, "number": 1, "title": "Who called it a slap?"}]
    assert pieces[last - 1]["numbers"] == []


def test_citations_of_other_articles_and_versions_are_not_marked_here(library: Path) -> None:
    one = cite(library, 2, 1)
    foreign = [one.model_copy(update={"article_id": "other"}), one.model_copy(update={"version": "older", "number": 2})]
    view = articles.opened_view(opened(library), foreign, None)
    assert (view["sentences"], view["cited"]) == (0, [])


def test_speakers_are_listed_with_their_sentences_and_their_words_are_told_apart(library: Path) -> None:
    view = articles.opened_view(opened(library), (), None)
    assert [(one["name"], one["sentences"]) for one in view["speakers"]] == [("Mara Quist", 3), ("Piet Doorn", 1)]
    said = [run["text"] for pieces in view["paragraphs"] for piece in pieces for run in piece["runs"] if 0 in run["by"]]
    assert any("We lose money" in words for words in said)
    assert not any("slap" in words for words in said)


def test_a_timeline_is_offered_of_who_is_named_in_other_articles_too(library: Path) -> None:
    view = articles.opened_view(opened(library), (), None)
    assert {one["name"]: one["timeline"] for one in view["speakers"]} == {"Mara Quist": True, "Piet Doorn": False}


def test_the_pieces_of_an_article_are_its_text(library: Path) -> None:
    found = opened(library)
    view = articles.opened_view(found, [cite(library, 3, 1)], 1)
    shown = "".join(text_of(piece) for pieces in [view["headline"], *view["paragraphs"]] for piece in pieces)
    assert sorted("".join(shown.split())) == sorted("".join(found.parsed.article.text.split()))


# -- the notebook ------------------------------------------------------------------------------------------------------


@pytest.fixture
def kept(library: Path) -> Notebook:
    """A notebook with a claim, and a sentence with a comment."""
    found = Notebook(library)
    found.keep(of_claim(asked(library), 0), found.create("Ferry"))
    with closing(Library(library)) as held:
        ref = held.article(ferry(library)).ref()
        found.keep(of_sentences(held, ref.id, ref.version, 4, 4))
    found.comment(contents(found).entries[1].id, "Ask \u202ehim.")
    return found


def contents(found: Notebook) -> Contents:
    last = found.last_used()
    whole = found.contents(last.id) if last else None
    assert whole
    return whole


def test_the_view_has_the_words_the_sources_and_where_they_come_from(library: Path, kept: Notebook) -> None:
    view = notebook.notebook_view(kept.collections(), contents(kept), Settings(library=library), None)
    assert [(one["title"], one["size"], one["current"]) for one in view["collections"]] == [("Ferry", 2, True)]
    first, second = view["entries"]
    assert first["claim"]["by"].startswith("Coast Wire · 5 March 2026 · ")
    assert [source["number"] for source in first["sources"]][:1] == [1]
    assert first["about"].startswith("Asked: What will the ferry line cut? · Kept on ")
    assert second["about"].startswith("Kept on ")
    assert second["comment"] == "Ask him."
    assert first["checked"] is None


def test_an_empty_notebook_says_how_to_fill_it(library: Path) -> None:
    view = notebook.notebook_view((), None, Settings(library=library), None)
    assert (view["open"], view["entries"]) == (None, [])
    assert "Press Keep" in view["told"]


def test_a_check_says_of_each_entry_what_became_of_it(library: Path, kept: Notebook, tmp_path: Path) -> None:
    (tmp_path / "ferry.txt").write_text(FERRY.replace('"We lose money,"', '"We earn money,"'), "utf-8")
    ingest(str(tmp_path / "ferry.txt"), library=library)
    entries = [saved.Saved(one.id, one.answer) for one in contents(kept).entries]
    with ThreadPoolExecutor() as workers:
        checking = saved.check(Settings(library=library), entries, workers, "claim")
    view = notebook.notebook_view(kept.collections(), contents(kept), Settings(library=library), checking)
    assert [one["checked"]["verdict"] for one in view["entries"]] == ["stands", "gone"]
    assert view["told"] == "Checked 2 claims: 1 changed."


@pytest.mark.parametrize(
    ("ending", "starts"), [(".md", b"# Ferry\n"), (".docx", b"PK"), (".json", b'{\n  "schema_version": 1')]
)
def test_a_file_for_the_browser_has_a_name_and_a_type(kept: Notebook, ending: str, starts: bytes) -> None:
    file = notebook.export(contents(kept), ending)
    assert file["name"] == f"ferry{ending}"
    assert base64.b64decode(file["base64"]).startswith(starts)


def test_the_page_opens_the_notebook(library: Path, kept: Notebook, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("QA_LIBRARY", str(library))
    at = AppTest.from_file(str(APP), default_timeout=60)
    at.query_params["page"] = "notebook"
    at = settled(at.run())
    assert [header.value for header in at.header] == ["Notebook"]
    assert not at.exception


def test_a_notebook_that_cannot_be_read_does_not_stop_the_page(library: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("QA_LIBRARY", str(library))
    (library / FILE).write_text("no database")
    at = AppTest.from_file(str(APP), default_timeout=60)
    at.query_params["page"] = "notebook"
    at = settled(at.run())
    assert notebook.UNUSABLE in texts(at)
    assert str(library) not in texts(at)
