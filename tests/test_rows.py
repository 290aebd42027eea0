"""Rows of JSON Lines, JSON, CSV and TSV, with the names of fields that the tools of the field write."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.articles.extract import Extract, Raw, Unread
from qa.articles.formats.rows import read
from qa.errors import InputError

STORY = "The ferry line to Askey will reopen on Monday, operator Norlin said. The line closed after a fire on 2 May."
ADDRESS = "https://soundcourier.example/a/1"
EVENING = datetime(2026, 5, 7, 21, 30, tzinfo=UTC)


def rows(content: str | bytes, suffix: str = ".jsonl", **names: str) -> list[Extract | Unread]:
    return list(read(Raw(content.encode() if isinstance(content, str) else content, suffix, names=names)))


def only(row: object) -> Extract:
    (extract,) = rows(json.dumps(row))
    assert isinstance(extract, Extract), extract
    return extract


TOOLS: dict[str, dict[str, Any]] = {
    "schema.org": {
        "@type": "NewsArticle", "headline": "Ferry line to reopen", "datePublished": "2026-05-07T21:30:00Z",
        "dateModified": "2026-05-08T09:00:00Z", "author": [{"@type": "Person", "name": "Ada Blum"}],
        "publisher": {"@type": "Organization", "name": "Sound Courier"}, "articleBody": STORY,
        "mainEntityOfPage": {"@type": "WebPage", "@id": ADDRESS},
    },
    "newspaper4k": {
        "url": ADDRESS, "title": "Ferry line to reopen", "text": STORY, "authors": ["Ada Blum"],
        "publish_date": "2026-05-07T21:30:00+00:00", "source_url": "https://soundcourier.example", "summary": "",
        "source": "Sound Courier",
    },
    "news-please": {
        "authors": ["Ada Blum"], "date_download": "2026-05-09 10:00:00", "date_modify": "2026-05-08 09:00:00",
        "date_publish": "2026-05-07T21:30:00Z", "maintext": STORY, "title": "Ferry line to reopen", "url": ADDRESS,
        "source_domain": "Sound Courier", "title_page": None,
    },
    "trafilatura": {
        "title": "Ferry line to reopen", "author": "Ada Blum", "hostname": "soundcourier.example",
        "date": "2026-05-07T21:30:00Z", "id": None, "raw_text": STORY, "text": STORY, "source": ADDRESS,
        "source-hostname": "Sound Courier", "excerpt": "Ferry line reopens.",
    },
    "fundus": {
        "title": "Ferry line to reopen", "authors": ["Ada Blum"], "publishing_date": "2026-05-07 21:30:00+00:00",
        "body": {"summary": [], "sections": [{"headline": [], "paragraphs": [STORY]}]}, "publisher": "Sound Courier",
        "link": ADDRESS,
    },
    "the New York Times": {
        "web_url": ADDRESS, "headline": {"main": "Ferry line to reopen", "kicker": None},
        "byline": {"original": "By Ada Blum"}, "pub_date": "2026-05-07T21:30:00+0000", "source": "Sound Courier",
        "lead_paragraph": STORY,
    },
    "the Guardian": {
        "id": "news/1", "webTitle": "Ferry line to reopen", "webPublicationDate": "2026-05-07T21:30:00Z",
        "webUrl": ADDRESS, "fields": {"bodyText": STORY, "byline": "Ada Blum", "publication": "Sound Courier"},
    },
    "NewsAPI": {
        "source": {"id": None, "name": "Sound Courier"}, "author": "Ada Blum", "title": "Ferry line to reopen",
        "url": ADDRESS, "publishedAt": "2026-05-07T21:30:00Z", "content": STORY,
    },
}  # fmt: skip


@pytest.mark.parametrize("tool", TOOLS)
def test_a_row_is_read_as_its_tool_writes_it(tool: str) -> None:
    extract = only(TOOLS[tool])
    assert (extract.text, extract.facts.title, extract.facts.authors) == (STORY, "Ferry line to reopen", ("Ada Blum",))
    assert (extract.facts.source, extract.facts.url) == ("Sound Courier", ADDRESS)
    assert extract.facts.published == EVENING
    assert extract.warnings == ()


@pytest.mark.parametrize(
    ("given_row", "name", "expected"),
    [
        ({"author": "Ada Blum; Olof Renn"}, "authors", ("Ada Blum", "Olof Renn")),
        ({"author": "[[Ada Blum]]"}, "authors", ("Ada Blum",)),
        ({"author": [{"name": "Ada Blum", "url": "https://x.example"}]}, "authors", ("Ada Blum",)),
        ({"author": "Ada Blum, Senior Reporter"}, "authors", ("Ada Blum",)),
        ({"author": "https://soundcourier.example/ada"}, "authors", ()),
        ({"source": ADDRESS}, "source", None),
        ({"source": ADDRESS}, "url", ADDRESS),
        ({"title": "Ferry &amp; fire"}, "title", "Ferry & fire"),
        ({"date": 1778189400}, "published", EVENING),
        ({"date": 1778189400000}, "published", EVENING),
        ({"date": "1778189400"}, "published", EVENING),
        ({"date": 1778189400.0}, "published", EVENING),
        ({"date": 0}, "published", None),
        ({"date": "20260507"}, "published", date(2026, 5, 7)),
        ({"date": "2026-05-07 00:00:00"}, "published", date(2026, 5, 7)),
        ({"authors": "['Ada Blum', 'Ola Frey']"}, "authors", ("Ada Blum", "Ola Frey")),
        ({"authors": '["Ada Blum"]'}, "authors", ("Ada Blum",)),
        ({"authors": "[]"}, "authors", ()),
        ({"date": "07-May-2026"}, "published", date(2026, 5, 7)),
        ({"date": "2026.05.07"}, "published", date(2026, 5, 7)),
        ({"date": "2026-05-07 16:30:00 -5"}, "published", EVENING),
        ({"created": "2026-05-20", "published": "2026-05-07"}, "published", date(2026, 5, 7)),
        ({"date": None, "language": "null"}, "language", None),
    ],
)  # fmt: skip
def test_a_field_is_read(given_row: dict[str, object], name: str, expected: object) -> None:
    assert getattr(only({"text": STORY} | given_row).facts, name) == expected


def test_a_date_that_cannot_be_read_is_said() -> None:
    extract = only({"text": STORY, "date": "the day after the storm"})
    assert extract.facts.published is None
    (warning,) = extract.warnings
    assert "'the day after the storm'" in warning


def test_markup_and_entities_in_a_text_are_read_as_text() -> None:
    html = (
        "<p>The ferry will reopen.</p>\n<p>&#8220;We checked every cable,&#8221; Tora Lund said. It rose 3&nbsp;%.</p>"
    )
    assert (
        only({"text": html}).text == "The ferry will reopen.\n\n“We checked every cable,” Tora Lund said. It rose 3 %."
    )
    kept = "Is 3 < 4? AT&T says so; <3."
    assert only({"text": kept}).text == kept


@pytest.mark.parametrize(
    ("suffix", "content"),
    [
        (".json", json.dumps([{"text": STORY}, {"text": "Other."}], indent=2)),
        (".jsonl", json.dumps([{"text": STORY}, {"text": "Other."}], indent=2)),
        (".json", json.dumps({"status": "ok", "articles": [{"text": STORY}, {"text": "Other."}]})),
        (".json", json.dumps({"response": {"docs": [{"text": STORY}, {"text": "Other."}]}})),
        (".json", json.dumps({"articles": {"results": [{"body": STORY}, {"body": "Other."}]}})),
        (".json", f'{{"text": {json.dumps(STORY)}}}\n{{"text": "Other."}}'),
        (".csv", f'title,text\nOne,"{STORY}"\nTwo,Other.\n'),
        (".csv", f"title;text\nOne;{STORY}\nTwo;Other.\n"),
        (".tsv", f"title\ttext\nOne\t{STORY}\nTwo\tOther.\n"),
    ],
)
def test_the_rows_of_a_file_are_found(suffix: str, content: str) -> None:
    assert [e.text for e in rows(content, suffix) if isinstance(e, Extract)] == [STORY, "Other."]


def test_one_object_is_one_article() -> None:
    assert only({"text": STORY, "id": 7}).id == "7"


def test_unknown_names_are_mapped() -> None:
    (extract,) = rows(json.dumps({"corpus": STORY, "day": "2026-05-07"}), text="corpus", published="day")
    assert isinstance(extract, Extract)
    assert (extract.text, extract.facts.published) == (STORY, date(2026, 5, 7))


def test_a_row_without_a_text_says_how_to_name_it() -> None:
    good, bad = rows(json.dumps([{"text": STORY}, {"corpus": STORY}]), ".json")
    assert isinstance(good, Extract)
    assert isinstance(bad, Unread)
    assert bad.reason.startswith("item 2: no text")
    assert "its fields: corpus; if one holds the text, name it with --map text=FIELD" in bad.reason


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        ("{\n" * 500, "is neither JSON nor JSON Lines"),
        ("[]", "is an empty list"),
        (" \n", "is empty"),
        ("plain words\n" * 30, "is neither JSON nor JSON Lines"),
    ],
)
def test_a_file_without_rows_is_reported_once(content: str, reason: str) -> None:
    with pytest.raises(InputError, match=reason):
        rows(content)


def test_a_quotation_mark_that_nothing_closes_swallows_no_row() -> None:
    first, broken = rows('title,text\nA,One.\nB,"Two.\nC,Three.\n', ".csv")
    assert isinstance(first, Extract)
    assert broken == Unread("row 3: opens a quotation mark that nothing closes")


def test_a_row_with_too_many_cells_is_not_cut() -> None:
    (broken,) = rows("title,text\nA,The mayor, who is Ada Blum, said no.\n", ".csv")
    assert isinstance(broken, Unread)
    assert broken.reason.startswith("row 2: has 4 cells for 2 columns")


def test_a_column_that_is_not_there_cannot_be_mapped() -> None:
    with pytest.raises(InputError, match="has no column 'dya', which --map names for published"):
        rows("Main_Copy;day\nThe quay.;2026-03-03\n", ".csv", text="main copy", published="dya")
    (extract,) = rows("sep=;\nMain_Copy;day\nThe quay.;2026-03-03\n", ".csv", text="main copy", published="day")
    assert isinstance(extract, Extract)
    assert extract.facts.published == date(2026, 3, 3)


def test_a_table_without_a_text_says_once_what_its_columns_are() -> None:
    content = f"Titel;Volltext\nOne;{STORY}\nTwo;Other.\n"
    with pytest.raises(InputError, match=r"has no text .its fields: Titel, Volltext; .*--map text=FIELD"):
        rows(content, ".csv")
    assert len(rows(content, ".csv", text="Volltext")) == 2


@given(st.binary(max_size=300), st.sampled_from([".json", ".jsonl", ".csv", ".tsv"]))
def test_any_bytes_are_read_or_refused(content: bytes, suffix: str) -> None:
    try:
        assert all(isinstance(one, Extract | Unread) for one in rows(content, suffix))
    except InputError as error:
        assert str(error)  # noqa: PT017


def test_lines_that_end_with_a_carriage_return_alone_are_lines() -> None:
    content = "\r".join(json.dumps({"text": f"The quay {n} shut."}) for n in range(3)) + "\r{broken\r"
    found = list(read(Raw(content.encode(), ".jsonl")))
    assert [one.text for one in found if isinstance(one, Extract)] == [f"The quay {n} shut." for n in range(3)]
    assert [one.reason.split(":")[0] for one in found if isinstance(one, Unread)] == ["line 4"]


def test_a_small_table_does_not_hinder_a_larger_one_that_is_being_read() -> None:
    larger = read(Raw(f"title\ttext\nFerry\t{STORY}\nFerry\t{STORY * 2000}\n".encode(), ".tsv"))
    first = next(larger)
    rows("title,text\n", ".csv")
    assert isinstance(first, Extract)
    assert [len(row.text) for row in larger if isinstance(row, Extract)] == [len(STORY * 2000)]
