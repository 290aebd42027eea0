"""The article beside the answer: earlier versions, what has changed since, and notes of correction."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from qa import answer, ingest
from qa.library.library import Library
from qa.model import Answer
from qa.page import articles
from qa.settings import Settings

CRACK = """---
title: {title}
source: Port Post
published: 2026-03-01
{more}---
The bridge at Vale was shut. The crack is {length} long, Lena Voss said. Nobody was hurt.{note}
"""
NOTE = "\n\nCorrection, March 4: An earlier version of this article gave the length of the crack as 38 centimetres."
KILL = "\n\nThis story has been withdrawn and must not be used."


def crack(length: str, note: str = "", more: str = "", title: str = "Bridge shut") -> str:
    return CRACK.format(length=length, note=note, more=more, title=title)


@pytest.fixture
def publish(tmp_path: Path) -> Callable[[str], Path]:
    """Return a function that stores a text as the newest version of one article, and returns the library's folder."""

    def publish(text: str) -> Path:
        (tmp_path / "crack.md").write_text(text, "utf-8")
        ingest(str(tmp_path / "crack.md"), library=tmp_path / "library")
        return tmp_path / "library"

    return publish


def only_article(folder: Path) -> str:
    with closing(Library(folder)) as library:
        (ref,) = library.articles()
    return ref.id


def asked(folder: Path) -> Answer:
    return answer("How long is the crack in the bridge at Vale?", settings=Settings(library=folder))


def opened(folder: Path, **which: str) -> articles.Opened:
    found = articles.open_article(folder, only_article(folder), **which)
    assert found
    return found


def words(view: articles.View) -> str:
    return " ".join(run["text"] for pieces in view["paragraphs"] for piece in pieces for run in piece["runs"])


def test_an_article_without_earlier_versions_says_nothing_of_versions(publish: Callable[[str], Path]) -> None:
    view = articles.opened_view(opened(publish(crack("38 centimetres"))), (), None)
    assert (view["versions"], view["earlier"], view["notes"], view["difference"]) == ([], "", [], None)


def test_earlier_versions_are_listed_latest_first_with_their_days_and_what_changed(
    publish: Callable[[str], Path],
) -> None:
    publish(crack("38 centimetres"))
    publish(crack("83 centimetres", more="updated: 2026-03-04\n"))
    folder = publish(crack("83 centimetres", more="updated: 2026-03-09\n", title="Bridge stays shut"))
    view = articles.opened_view(opened(folder), (), None)
    assert [(v["when"], v["changed"], v["open"]) for v in view["versions"]] == [
        ("4–9 March 2026", "The same sentences", False),
        ("1–4 March 2026", "1 sentence changed since", False),
    ]


def test_a_saved_citation_opens_the_version_that_was_cited(publish: Callable[[str], Path]) -> None:
    saved = asked(publish(crack("38 centimetres")))
    folder = publish(crack("83 centimetres", more="updated: 2026-03-04\n"))
    (citation,) = saved.citations
    found = articles.open_article(folder, citation.article_id, citation.version)
    assert found
    view = articles.opened_view(found, saved.citations, 1)
    assert view["earlier"] == "Earlier version, until 4 March 2026"
    assert view["newest"] == only_article(folder)
    assert not view["changed"]
    marked = [piece for pieces in view["paragraphs"] for piece in pieces if piece["numbers"] == [1]]
    assert ["".join(run["text"] for run in piece["runs"]) for piece in marked] == [citation.quote]
    assert [v["open"] for v in view["versions"]] == [True]


def test_where_the_cited_version_is_not_kept_the_newest_one_opens_and_says_so(tmp_path: Path) -> None:
    file, settings = tmp_path / "crack.md", Settings(library=tmp_path / "library", keep_versions=0)
    file.write_text(crack("38 centimetres"), "utf-8")
    ingest(str(file), settings=settings)
    saved = asked(settings.library)
    file.write_text(crack("83 centimetres"), "utf-8")
    ingest(str(file), settings=settings)
    (citation,) = saved.citations
    for article_id in (citation.article_id, f"{citation.article_id}@{citation.version[:8]}"):
        found = articles.open_article(settings.library, article_id, citation.version)
        assert found
        view = articles.opened_view(found, saved.citations, 1)
        assert (view["changed"], view["earlier"]) == (True, "")
        assert "83 centimetres" in words(view)


def test_a_deleted_article_cannot_be_opened(publish: Callable[[str], Path]) -> None:
    assert articles.open_article(publish(crack("38 centimetres")), "none") is None


def test_the_difference_strikes_and_adds_words_and_folds_what_is_the_same(publish: Callable[[str], Path]) -> None:
    publish(crack("1,538 millimetres"))
    folder = publish(crack("1,583 millimetres", note=NOTE, title="Bridge is shut"))
    earlier = opened(folder).versions[0].article.id
    view = articles.opened_view(opened(folder, compare=earlier), (), None)["difference"]
    told = [(row["kind"], row["told"]) for row in view["rows"]]
    assert told == [("same", "1 sentence unchanged"), ("changed", ""), ("same", "1 sentence unchanged"), ("added", "")]
    assert [p for p in view["rows"][1]["pieces"] if p["kind"] != "same"] == [
        {"kind": "deleted", "text": "1,538"},
        {"kind": "added", "text": "1,583"},
    ]
    assert [detail["name"] for detail in view["details"]] == ["Headline"]


def test_an_unknown_version_is_not_compared(publish: Callable[[str], Path]) -> None:
    publish(crack("38 centimetres"))
    folder = publish(crack("83 centimetres"))
    assert articles.opened_view(opened(folder, compare="../etc"), (), None)["difference"] is None


@pytest.mark.parametrize(
    ("note", "more", "line"),
    [
        (NOTE, "", {"text": "Corrected on 4 March 2026", "note": 0, "retracted": False}),
        (KILL, "updated: 2026-03-05\n", {"text": "Retracted on 5 March 2026", "note": 0, "retracted": True}),
        ("", "status: retracted\n", {"text": "Retracted", "note": None, "retracted": True}),
    ],
    ids=["a note", "a withdrawal", "only marked"],
)
def test_a_line_at_the_top_tells_of_a_correction(
    publish: Callable[[str], Path], note: str, more: str, line: dict[str, object]
) -> None:
    view = articles.opened_view(opened(publish(crack("83 centimetres", note, more))), (), None)
    assert view["notes"] == [line]
    pieces = [piece for runs in view["paragraphs"] for piece in runs if piece["note"] is not None]
    assert [(piece["note"], note.strip().startswith(piece["runs"][0]["text"])) for piece in pieces] == (
        [(0, True)] if note else []
    )


def test_what_a_story_tells_of_others_corrections_is_no_note(publish: Callable[[str], Path]) -> None:
    reported = " On Tuesday the ministry corrected the number of the hurt to two."
    assert articles.opened_view(opened(publish(crack("83 centimetres", reported))), (), None)["notes"] == []


def test_words_in_a_difference_cannot_hide(publish: Callable[[str], Path]) -> None:
    publish(crack("38 centimetres"))
    folder = publish(crack("83\u202e <b>centimetres</b>"))
    earlier = opened(folder).versions[0].article.id
    view = articles.opened_view(opened(folder, compare=earlier), (), None)["difference"]
    told = "".join(piece["text"] for row in view["rows"] for piece in row["pieces"])
    assert "\u202e" not in told
    assert "<b>" in told  # it is shown as text


def test_a_version_without_a_day_of_publication_has_only_the_day_of_its_end(publish: Callable[[str], Path]) -> None:
    publish(crack("38 centimetres").replace("published: 2026-03-01\n", ""))
    folder = publish(crack("83 centimetres").replace("published: 2026-03-01\n", ""))
    (version,) = articles.opened_view(opened(folder), (), None)["versions"]
    assert version["when"].startswith("until ")
