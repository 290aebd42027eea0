"""The library page without a browser: upload, address, paste, results in one line, search, edit, delete."""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import date
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from qa import ingest
from qa.articles.extract import Raw
from qa.articles.files import MAX_BYTES
from qa.articles.load import load_text
from qa.articles.web.client import Fetched
from qa.errors import InputError
from qa.library.library import Library
from qa.model import Filters, Particulars
from qa.page import adding, libraries, view
from qa.page.adding import Adding, Result
from qa.settings import Settings

APP = Path(__file__).parent.parent / "app.py"
FORMATS = ("articles/formats/feed.py", "articles/formats/rows.py")
TRAM = b"Published: 2026-02-02\n\nTram stops\n\nThe tram stopped on Monday, Ada Fell said."


@pytest.fixture
def library(stories: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "shelf" / "news"
    monkeypatch.setenv("QA_LIBRARY", str(folder))
    ingest(str(stories))
    return folder


def uploaded(library: Path, *files: tuple[str, bytes]) -> Adding:
    with ThreadPoolExecutor() as workers:
        return adding.add_uploads(Settings(library=library), files, workers)


def titles(library: Path, words: str = "", filters: Filters | None = None) -> list[str]:
    return [ref.heading for ref in libraries.search(library, words, filters or Filters()).refs]


# -- uploads -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("../../etc/passwd.txt", "passwd.txt"),
        ("C:\\news\\a b.MD", "a-b.md"),
        (".bashrc.txt", "bashrc.txt"),
        ("\u202etxt.exe", "txt.exe"),
        ("<img src=x>.txt", "img-src-x.txt"),
        ("….txt", "article.txt"),
        ("[a-z]*.txt", "a-z.txt"),
        ("README", "README"),
        ("dots...", "dots"),
        ("x" * 300 + "." + "y" * 300, "x" * 80 + "." + "y" * 20),
    ],
)
def test_uploaded_names_become_safe_file_names(given: str, kept: str) -> None:
    assert adding.safe_name(given) == kept


def test_each_upload_has_a_result_and_one_line_sums_them_up(library: Path) -> None:
    rows = b'{"title": "A", "text": "The quay was shut."}\n{"title": "B"}\n{"title": "C", "text": "It opened."}'
    done = uploaded(
        library,
        ("tram.txt", TRAM),
        ("empty.txt", b""),
        ("broken.pdf", b"%PDF-1.4\nnothing"),
        ("virus.exe", b"MZ"),
        ("large.txt", b"x" * (MAX_BYTES + 1)),
        ("rows.jsonl", rows),
        ("again.txt", TRAM),
    )
    assert done.error is None
    assert done.summary == "4 added, 5 could not be read"
    assert [(r.name, r.outcome, r.words) for r in done.results] == [
        ("tram.txt", "added", "Tram stops"),
        ("empty.txt", "failed", "is empty"),
        ("broken.pdf", "failed", "is no PDF that can be read; it may be damaged or cut off"),
        ("virus.exe", "failed", ".exe is not a format Dateline reads; save it as text, PDF or DOCX"),
        ("large.txt", "failed", "is larger than 20 MB; split it"),
        ("rows.jsonl", "added", "2 articles"),
        (
            "rows.jsonl",
            "failed",
            "line 2: no text (its fields: title; if one holds the text, call it “text” in the file)",
        ),
        ("again.txt", "added", "Tram stops"),
    ]
    assert sorted(os.listdir(library / "uploads")) == ["again.txt", "rows.jsonl", "tram.txt"]


def test_no_message_names_a_path_of_the_server_or_speaks_of_globs(library: Path) -> None:
    files = [
        ("[a]*.txt", b""),
        ("a\0b.txt", b"\0\1"),
        ("x.docx", b"PK"),
        ("é.csv", b"a,b\n1,2"),
        ("same.jsonl", b'{"id": 1, "text": "It shut."}\n{"id": 1, "text": "It opened."}'),
        ("CON", b"x"),
        ("", b"x"),
        ("feed.xml", b"<rss"),
        ("dots...", b"x"),
    ]
    done = uploaded(library, *files)
    told = " ".join(result.words for result in done.results)
    assert done.error is None
    assert {name for name, _ in files} == {result.name for result in done.results}
    for word in (str(library), str(library.parent), "uploads", "glob", "Traceback", "--"):
        assert word not in told


def test_no_option_of_the_command_line_that_reports_name_is_left() -> None:
    loader = Path(adding.__file__).parent.parent
    sources = "".join((loader / name).read_text("utf-8") for name in ("fetching.py", "ingestion.py", *FORMATS))
    for option in adding.ON_THE_PAGE:
        assert option in sources, "the loader says it otherwise now"


def test_two_files_of_one_name_are_two_articles_unless_the_headline_is_the_same(library: Path) -> None:
    uploaded(library, ("article.txt", TRAM))
    other = uploaded(library, ("article.txt", b"Quay shut\n\nThe quay of Selm was shut on Monday, Ada Fell said."))
    changed = uploaded(library, ("article.txt", TRAM.replace(b"Monday", b"Tuesday")))
    same = uploaded(library, ("article.txt", TRAM.replace(b"Monday", b"Tuesday")))
    assert [done.summary for done in (other, changed, same)] == ["1 added", "1 updated", "1 already in the library"]
    assert sorted(titles(library, "Ada Fell")) == ["Quay shut", "Tram stops"]
    with closing(Library(library)) as store:
        assert store.earlier() == 1


def test_a_refused_file_leaves_the_good_one_of_the_same_name(library: Path) -> None:
    uploaded(library, ("tram.txt", TRAM))
    assert uploaded(library, ("tram.txt", b"%PDF-1.4 broken")).summary == "1 could not be read"
    assert (library / "uploads" / "tram.txt").read_bytes() == TRAM
    assert os.listdir(library / "uploads") == ["tram.txt"]


def test_results_that_were_not_dismissed_stay_when_more_files_come(library: Path) -> None:
    first = uploaded(library, ("empty.txt", b""))
    with ThreadPoolExecutor() as workers:
        both = adding.add_uploads(Settings(library=library), [("tram.txt", TRAM)], workers, first.results)
    assert both.summary == "1 added, 1 could not be read"


def test_a_deleted_upload_loses_its_file_and_a_deleted_article_is_named(library: Path) -> None:
    (result,) = uploaded(library, ("tram.txt", TRAM)).results
    with ThreadPoolExecutor() as workers:
        gone = adding.delete_article(Settings(library=library), result.article, workers)
        gone.future.result()
        twice = adding.delete_article(Settings(library=library), result.article, workers)
    assert gone.summary == "Deleted: Tram stops"
    assert twice.results == []
    assert titles(library, "tram") == []
    assert os.listdir(library / "uploads") == []


# -- an address --------------------------------------------------------------------------------------------------------


def test_an_address_is_fetched_and_its_article_added(library: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    words = "The harbour master of Selm shut the quay on Tuesday after two piles were found to be rotten. " * 4
    page = f"<html><head><title>Quay shut</title></head><body><article><p>{words}</p></article></body></html>".encode()

    class FakeWeb:
        def fetch(self, url: str, **_: object) -> Fetched:
            if "quay" not in url:
                raise InputError("answered 404 Not Found")
            return Fetched(Raw(page, ".html", url), url, None, None, "text/html")

    monkeypatch.setattr("qa.fetching._web", FakeWeb)
    settings = Settings(library=library)
    with ThreadPoolExecutor() as workers:
        good = adding.add_address(settings, "https://selm.example/quay", workers)
        good.future.result()
        bad = adding.add_address(settings, "https://selm.example/gone", workers)
    assert [(r.outcome, r.words) for r in good.results] == [("added", "Quay shut")]
    assert good.results[0].article
    assert [r.outcome for r in bad.results] == ["failed"]
    assert "404 Not Found" in bad.results[0].words
    assert titles(library, "piles") == ["Quay shut"]


# -- a pasted text -----------------------------------------------------------------------------------------------------


def pasted(library: Path, text: str, about: Particulars) -> Adding:
    with ThreadPoolExecutor() as workers:
        return adding.add_text(Settings(library=library), adding.pasted(text, about), workers)


def test_a_pasted_text_is_an_article_and_what_is_typed_about_it_counts_first(library: Path) -> None:
    about = adding.typed(" Our headline ", "", "Ada Blum, Piet Doorn", date(2026, 3, 4))
    done = pasted(library, TRAM.decode(), about)
    assert [(r.outcome, r.words) for r in done.results] == [("added", "Our headline")]
    with closing(Library(library)) as store:
        found = store.article(done.results[0].article)
    assert (found.title, found.authors, found.published) == (
        "Our headline",
        ("Ada Blum", "Piet Doorn"),
        date(2026, 3, 4),
    )
    assert found.text == TRAM.decode()


def test_a_text_pasted_twice_is_there_once(library: Path) -> None:
    text, nothing = "The tram of Selm stopped on Monday, Ada Fell said.", Particulars()
    assert pasted(library, text, nothing).summary == "1 added"
    assert pasted(library, text, nothing).summary == "1 already in the library"


@pytest.mark.parametrize("text", ["", " \n ", "<!DOCTYPE html><p>It stopped.</p>", "<p>x</p>", "{\\rtf1 x}", "a\0b"])
def test_no_text_and_the_source_of_a_page_are_refused(text: str) -> None:
    with pytest.raises(InputError):
        adding.pasted(text, Particulars())


# -- search ------------------------------------------------------------------------------------------------------------


@pytest.fixture
def shelf(tmp_path: Path) -> Path:
    texts = {
        "Ferry deck rusts": "The ferry needs a new deck. " * 3,
        "Council meets": f"The council spoke of the ferry. {'Nothing else was said of it. ' * 60} A deck fell.",
        "Deck chairs sold": "All the chairs went on Monday, and no ferry came.",
        "Ferry sinks": "The ferry sank at the deck’s edge.",
        "Tram stops": "The café by the tram line shut.",
    }
    days = zip(texts.items(), range(1, 9), strict=False)
    ingest(
        (
            load_text(text, about=Particulars(title=title, source="Coast Wire", published=date(2026, 3, day)))
            for (title, text), day in days
        ),
        library=tmp_path / "shelf",
    )
    return tmp_path / "shelf"


def test_words_are_joined_by_and_over_the_whole_article_headlines_first(shelf: Path) -> None:
    assert titles(shelf, "ferry deck") == ["Ferry deck rusts", "Ferry sinks", "Deck chairs sold", "Council meets"]
    assert titles(shelf, "ferries tram") == []
    assert titles(shelf, "coast CAFE") == ["Tram stops"]


def test_quoted_words_stand_together(shelf: Path) -> None:
    assert titles(shelf, '"new deck" ferry') == ["Ferry deck rusts"]
    assert titles(shelf, "“deck chairs”") == ["Deck chairs sold"]
    assert titles(shelf, '"deck ferry"') == []
    assert libraries.phrases_in('one "two  three" “four') == ("one", "two three", "four")


QUERIES = ["", "  ", '"', '""', "— … !", "' OR 1=1", 'x" OR "ferry', "ferry NOT deck", "* ^ : ( )", "%"]


@pytest.mark.parametrize("words", QUERIES)
def test_no_search_is_a_query_language(shelf: Path, words: str) -> None:
    found = libraries.search(shelf, words, Filters())
    assert found.total == len(found.refs)
    assert found.total == (0 if found.phrases else 5)


def test_a_search_without_result_says_what_to_try(shelf: Path) -> None:
    missing = libraries.search(shelf, "ferry zebra", Filters())
    filters = Filters(sources=("Coast Wire",))
    told = view.article_list_view(missing, filters, (), 0, 40)
    assert told["told"] == "No article contains “ferry” and “zebra”"
    assert "In no article: “zebra”." in told["advice"]
    assert "Clear the filters" in told["advice"]
    apart = view.article_list_view(libraries.search(shelf, "rusts tram", Filters()), Filters(), (), 0, 40)
    assert "no article contains all of them" in apart["advice"]


def test_a_search_says_how_many_were_found(shelf: Path) -> None:
    def told(words: str) -> str:
        return str(view.article_list_view(libraries.search(shelf, words, Filters()), Filters(), (), 0, 40)["told"])

    assert told("ferry deck") == "4 articles contain “ferry” and “deck”"
    assert told("tram") == "1 article contains “tram”"
    assert told("") == "5 articles"


def test_pages_hold_some_articles_each_and_one_too_far_is_the_last(shelf: Path) -> None:
    def page(number: int) -> list[str]:
        return [ref.heading for ref in libraries.search(shelf, "", Filters(), number, 2).refs]

    assert page(0) == ["Tram stops", "Ferry sinks"]
    assert page(2) == page(7) == ["Ferry deck rusts"]
    assert libraries.search(shelf, "", Filters(), 1, 2).total == 5


# -- what the browser gets ---------------------------------------------------------------------------------------------


def test_results_are_sent_without_invisible_characters_and_failures_first(library: Path) -> None:
    results = [
        Result("tram.txt", "added", "Tram\u202e stops", article="a1"),
        Result("old.txt", "unchanged", "Quay shut", article="a2"),
        Result("a\u202eb.txt", "failed", "is\u2028x"),
    ]
    made = view.adding_view(Adding(library, 3, results, 3))
    assert made["summary"] == "1 added, 1 already in the library, 1 could not be read"
    assert [(line["name"], line["failed"]) for line in made["lines"]] == [
        ("ab.txt", True),
        ("tram.txt", False),
        ("old.txt", False),
    ]
    assert made["lines"][1]["words"] == "Tram stops"
    assert made["lines"][2]["note"] == "already in the library"


def test_many_results_are_counted_and_some_are_listed(library: Path) -> None:
    results = [Result("rows.csv", "failed", f"line {n}: no text") for n in range(500)]
    made = view.adding_view(Adding(library, 1, results))
    assert made["summary"] == "500 could not be read"
    assert len(made["lines"]) == adding.MOST_SHOWN
    assert made["more"] == "and 300 more"


# -- the page ----------------------------------------------------------------------------------------------------------


def page() -> AppTest:
    at = AppTest.from_file(str(APP), default_timeout=60)
    at.query_params["page"] = "library"
    return at.run()


def finished(at: AppTest) -> AppTest:
    """Run the page again once the worker has finished."""
    at.session_state["adding"].future.result(timeout=60)
    at.run()
    assert not at.exception
    return at


def test_a_text_is_pasted_on_the_page_and_a_refused_one_stays_in_its_box(library: Path) -> None:
    at = page()
    at.text_area(key="paste_text").input("<p>The tram stopped.</p>")
    button = next(b for b in at.button if b.label == "Add this text")
    at = button.click().run()
    assert "Copy the text itself" in "\n".join(text.value for text in at.text)
    assert at.text_area(key="paste_text").value
    at.text_area(key="paste_text").input("The tram of Selm stopped on Monday, Ada Fell said.")
    at.text_input(key="paste_title").input("Tram stops")
    at.date_input(key="paste_day").set_value(date(1931, 5, 6))
    at = finished(next(b for b in at.button if b.label == "Add this text").click().run())
    assert at.session_state["adding"].summary == "1 added"
    assert at.text_area(key="paste_text").value == ""
    assert titles(library, "tram", Filters(until=date(1931, 5, 6))) == ["Tram stops"]


def test_an_article_is_edited_in_a_dialog_and_only_what_was_typed_is_changed(library: Path) -> None:
    invisible = load_text("It stopped. Ada Fell said so.", about=Particulars(title="Tr\u200bam", source="Po\u200bst"))
    ingest(invisible)
    at = page()
    at.session_state["editing"] = invisible.id
    at.run()
    at.text_input(key=f"edit-title-{invisible.id}").input("Tram stops")
    at = finished(next(b for b in at.button if b.label == "Save").click().run())
    assert at.session_state["adding"].summary == "Saved: Tram stops"
    assert at.session_state["editing"] is None
    with closing(Library(library)) as store:
        assert (store.article(invisible.id).title, store.article(invisible.id).source) == ("Tram stops", "Po\u200bst")
    at.session_state["editing"] = invisible.id
    at.run()
    at = finished(next(b for b in at.button if b.label == "Take back all edits").click().run())
    with closing(Library(library)) as store:
        assert store.article(invisible.id).title == "Tr\u200bam"
