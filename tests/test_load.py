"""Loading articles: which files are found, what is read from each format, and why a file is refused."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterable
from datetime import date, datetime, timedelta, timezone
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from qa.articles import files
from qa.articles.identity import article_version, canonical_url
from qa.articles.language import detect
from qa.articles.load import Remark, discover, load, load_file, load_text
from qa.errors import InputError
from qa.model import Article, SkippedFile

STORY = "The harbour master of Selm closed the northern quay at noon, and the boats that were out had to wait.\n"
MARCH_3 = date(2026, 3, 3)


def write(path: Path, content: str | bytes) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def articles(loaded: Iterable[Article | SkippedFile]) -> list[Article]:
    """Return the articles, after checking that nothing was skipped."""
    values = list(loaded)
    assert [value for value in values if isinstance(value, SkippedFile)] == []
    return [value for value in values if isinstance(value, Article)]


def only(path: Path) -> Article:
    (article,) = articles(load_file(path))
    return article


def reason(source: str | Path) -> str:
    """Return why a source was skipped, after checking that nothing else was loaded from it."""
    (skipped,) = load([source])
    assert isinstance(skipped, SkippedFile)
    assert skipped.origin == str(source)
    return skipped.reason


# --- finding files -------------------------------------------------------------------------------------------------


@pytest.fixture
def library(tmp_path: Path) -> Path:
    for name in ("b.txt", "a.md", "deep/er/c.TXT", "deep/d.markdown", ".hidden.txt", ".git/e.txt"):
        write(tmp_path / name, STORY)
    write(tmp_path / "photo.jpg", b"\xff\xd8")
    return tmp_path


def names(sources: Iterable[str | Path]) -> list[str]:
    found = discover(sources)
    paths, skipped = found.files, found.skipped
    assert skipped == []
    return [path.name for path in paths]


def test_a_folder_is_searched_in_order_without_hidden_and_unknown_files(library: Path) -> None:
    assert names([library]) == ["a.md", "b.txt", "d.markdown", "c.TXT"]


def test_globs_are_expanded(library: Path) -> None:
    assert names([f"{library}/*.txt"]) == ["b.txt"]
    assert names([f"{library}/**/*.TXT"]) == ["c.TXT"]
    assert names([f"{library}/**"]) == names([library])
    assert names([f"{library}/de*"]) == ["d.markdown", "c.TXT"]


def test_a_single_source_needs_no_list(library: Path) -> None:
    assert names(str(library / "b.txt")) == ["b.txt"]


def test_sources_keep_their_order_and_each_file_is_listed_once(library: Path) -> None:
    (library / "link.txt").symlink_to(library / "b.txt")
    sources = [library / "b.txt", library, library / "deep" / ".." / "b.txt", library / "link.txt"]
    assert names(sources) == ["b.txt", "a.md", "d.markdown", "c.TXT"]


def test_a_loop_of_links_is_skipped(library: Path) -> None:
    (library / "loop.txt").symlink_to(library / "loop.txt")
    (library / "up").symlink_to(library)
    loaded = list(load([library]))
    assert len([value for value in loaded if isinstance(value, Article)]) == 4
    assert [value.origin for value in loaded if isinstance(value, SkippedFile)] == [str(library / "loop.txt")]


def test_the_name_of_an_existing_file_with_brackets_is_no_glob(tmp_path: Path) -> None:
    write(tmp_path / "quay[1].txt", STORY)
    assert names([tmp_path / "quay[1].txt"]) == ["quay[1].txt"]


def test_a_tilde_means_the_home_folder(library: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(library))
    assert names(["~/b.txt"]) == ["b.txt"]


@pytest.mark.parametrize("source", ["nowhere.txt", "no/where", "", "a\0b", "b.txt/c.txt"])
def test_a_source_that_does_not_exist_is_reported(library: Path, monkeypatch: pytest.MonkeyPatch, source: str) -> None:
    monkeypatch.chdir(library)
    assert reason(source) == "no such file or folder"


def test_a_source_without_a_readable_file_is_reported(tmp_path: Path) -> None:
    assert reason(tmp_path) == "contains no file that Dateline reads"
    assert reason(f"{tmp_path}/*.txt") == "matches nothing"


def test_a_name_that_is_too_long_is_reported() -> None:
    assert reason("x" * 5000).startswith("cannot be read: ")


def test_a_named_file_of_another_format_is_reported(library: Path) -> None:
    assert reason(library / "photo.jpg") == ".jpg is not a format Dateline reads; save it as text, PDF or DOCX"


def test_a_bad_file_does_not_stop_the_others(library: Path) -> None:
    write(library / "aa.txt", b"\0")
    loaded = list(load(["nowhere", library]))
    assert [type(value).__name__ for value in loaded] == ["SkippedFile", "Article", "SkippedFile", *["Article"] * 3]


# --- names that lie --------------------------------------------------------------------------------------------------

PAGE = (
    f"<html><head><title>Quay shut</title></head><body><article><h1>Quay shut</h1><p>{STORY * 3}</p></article></body>"
)
MAIL = f"From: Ada Fell <ada@selm.example>\nSubject: Quay shut\nMIME-Version: 1.0\n\n{STORY}"


@pytest.mark.parametrize("name", ["a.txt", "a.md", "a"])
def test_front_matter_is_read_whatever_the_file_is_called(tmp_path: Path, name: str) -> None:
    text = (
        '---\ntitle: "Tower shut: rust"\nsource: Vale Office (press release)\n'
        "authors:\n- Ida Cole\n- Jon Tarr\npublished: 2026-03-04\n---\n\n"
    )
    article = only(write(tmp_path / name, f"{text}The tower is shut."))
    assert (article.title, article.source) == ("Tower shut: rust", "Vale Office (press release)")
    assert article.authors == ("Ida Cole", "Jon Tarr")
    assert article.text.strip() == "The tower is shut."


@pytest.mark.parametrize(
    "above",
    [
        "VARN: The tower is shut.\nIt rusts.",
        "CORRECTION: The tower at Varn is shut.",
        "Q: Is the tower shut?\nA: It is.",
        "title: Tower shut: rust\nsource: Vale Post",
        "title: [Update] Tower shut",
    ],
)
def test_what_is_no_front_matter_stays_text(tmp_path: Path, above: str) -> None:
    article = only(write(tmp_path / "a.txt", f"---\n{above}\n---\nThe keeper of Varn said so on Friday.\n"))
    assert above.splitlines()[0] in article.text


@pytest.mark.parametrize("name", ["a.txt", "a.text", "a.md", "a.json", "a.csv", "a.pdf", "a.docx", "a.download", "a"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "utf-8-sig"])
def test_a_page_is_read_as_a_page_whatever_it_is_called(name: str, encoding: str, tmp_path: Path) -> None:
    article = only(write(tmp_path / name, PAGE.encode(encoding)))
    assert article.title == "Quay shut"
    assert "<" not in article.text


@pytest.mark.parametrize(
    ("content", "title"),
    [
        (f"<div class=story><h1>Quay shut</h1><p>{STORY * 3}</p></div>", "Quay shut"),
        (f"<!-- saved from (0022)https://selm.example/ -->\n<p>{STORY * 3}</p>", None),
        (MAIL, "Quay shut"),
        (json.dumps({"title": "Quay shut", "text": STORY}), "Quay shut"),
        (json.dumps([{"title": "Quay shut", "text": STORY}], indent=1), "Quay shut"),
        (json.dumps({"title": "Quay shut", "text": STORY}) + "\n", "Quay shut"),
    ],
)
def test_a_text_file_that_is_none_is_read_as_what_it_is(content: str, title: str | None, tmp_path: Path) -> None:
    article = only(write(tmp_path / "a.txt", content))
    assert article.title == title
    assert article.text.strip().splitlines()[-1].startswith("The harbour master of Selm")


@pytest.mark.parametrize(
    ("name", "content", "why"),
    [
        ("a.txt", b"%PDF-1.7\nnothing", "is no PDF that can be read"),
        ("a.md", b"\n%PDF-1.7\nnothing", "is no PDF that can be read"),
        ("a.html", b"%PDF-1.7\nnothing", "is no PDF that can be read"),
        ("a.txt", b"{\\rtf1\\ansi The quay.}", "is an RTF document; open it in a word processor"),
        ("a.doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "is an old Office document; open it in a word processor"),
        ("a.txt", b"%!PS-Adobe-3.0\n", "is a PostScript file; save it as PDF"),
        ("a.txt", b"\x89PNG\r\n\x1a\n", "is an image; run it through OCR"),
        ("a.zip", b"PK\x03\x04anything", "is an archive; unpack it"),
        ("a.odt", b"PK\x03\x04mimetypeapplication/vnd.oasis.opendocument.text", "is an OpenDocument file"),
        ("a", b"The quay was shut.", "a name without a suffix is not a format Dateline reads; save it as"),
    ],
)
def test_what_is_no_text_is_refused_with_what_helps(name: str, content: bytes, why: str, tmp_path: Path) -> None:
    assert reason(write(tmp_path / name, content)).startswith(why)


@pytest.mark.parametrize(
    "text",
    [
        "[Editor’s note: the quay is shut.] It will open on Monday.",
        "{Selm} The quay is shut.",
        "From: the harbour master\nTo: all captains\n\nThe quay is shut.",
        "<b>The quay</b> is shut.",
        "The file began with %PDF-1.7, the court heard.",
        "word/document.xml was found on the disk.",
    ],
)
def test_a_text_that_only_looks_like_another_format_stays_text(text: str, tmp_path: Path) -> None:
    assert only(write(tmp_path / "a.txt", text)).text == text


def test_markdown_may_begin_with_a_piece_of_html(tmp_path: Path) -> None:
    content = f'<div align="center">Selm Post</div>\n\n{STORY}'
    assert only(write(tmp_path / "a.md", content)).text == content


# --- bad files -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b"", "is empty"),
        (b" \r\n\t", "is empty"),
        (b"\xef\xbb\xbf\n", "is empty"),
        (b"A quay\0closed", "is binary: it contains NUL bytes"),
        (b"\xff\xfeQ\x00u", "is broken UTF-16 (byte 4); save it as UTF-8"),
    ],
)
@pytest.mark.parametrize("suffix", [".txt", ".md", ".jsonl"])
def test_a_file_without_text_is_refused(tmp_path: Path, suffix: str, content: bytes, expected: str) -> None:
    assert reason(write(tmp_path / f"bad{suffix}", content)) == expected


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32"])
def test_unicode_is_read_in_every_encoding(tmp_path: Path, encoding: str) -> None:
    text = f"The quay at Selm “shut” for 3 € – {STORY}"
    assert list(load_file(write(tmp_path / "a.txt", text.encode(encoding)))) == [only(tmp_path / "a.txt")]
    assert only(tmp_path / "a.txt").text == text


def test_a_broken_byte_costs_one_character(tmp_path: Path) -> None:
    text = f"The quay “shut” – for 3 €. {STORY}".encode()
    remark, article = load_file(write(tmp_path / "a.txt", text.replace(b"3 ", b"3\xff")))
    assert isinstance(article, Article)
    assert "for 3\ufffd€" in article.text
    assert isinstance(remark, Remark)
    assert "1 byte is broken" in remark.words


def test_another_encoding_is_recognised_and_said(tmp_path: Path) -> None:
    text = "The café owner’s answer: “We shut the quay at Søndre Vågen,” Åse Bjørnstad said on Tuesday. " * 4
    remark, article = load_file(write(tmp_path / "a.txt", text.encode("cp1252")))
    assert isinstance(article, Article)
    assert article.text == text
    assert isinstance(remark, Remark)
    assert remark.words == "is not UTF-8; it was read as cp1252, which is a guess"


def test_a_file_that_is_too_large_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "MAX_BYTES", 1_000_000)
    assert reason(write(tmp_path / "large.txt", "x" * 1_000_001)) == "is larger than 1 MB; split it"
    assert len(only(write(tmp_path / "full.txt", "x" * 1_000_000)).text) == 1_000_000


def test_a_file_without_permission_is_reported(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise PermissionError(13, "Permission denied")

    path = write(tmp_path / "secret.txt", STORY)
    # Not chmod, because the superuser can read every file.
    monkeypatch.setattr(Path, "open", refuse)
    assert reason(path) == "cannot be read: permission denied"


def test_a_folder_without_permission_is_reported(library: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    scandir = os.scandir

    def refuse(folder: str) -> object:
        if os.path.basename(folder) == "deep":
            raise PermissionError(13, "Permission denied", folder)
        return scandir(folder)

    monkeypatch.setattr(os, "scandir", refuse)
    for source in (library, f"{library}/**"):
        found = discover([source])
        paths, skipped = found.files, found.skipped
        assert [path.name for path in paths] == ["a.md", "b.txt"]
        assert skipped == [SkippedFile(origin=str(library / "deep"), reason="cannot be read: permission denied")]


def test_a_file_deleted_before_it_is_read_is_reported(tmp_path: Path) -> None:
    assert list(load_file(tmp_path / "gone.txt")) == [
        SkippedFile(origin=str(tmp_path / "gone.txt"), reason="no such file or folder")
    ]


def test_a_pipe_is_refused_without_reading_it(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.txt")
    assert reason(tmp_path / "pipe.txt") == "is not a regular file"


# --- text ----------------------------------------------------------------------------------------------------------


def test_a_text_file_is_kept_exactly_and_its_header_is_read(tmp_path: Path) -> None:
    content = f"Quay shut\r\n\r\nBy Ada Brink, Selm Telegraph, 3 March 2026\r\n\r\n{STORY}\r\n \u2028\n"
    article = only(write(tmp_path / "quay.txt", content))
    assert article.text == content
    assert (article.title, article.source, article.authors) == ("Quay shut", "Selm Telegraph", ("Ada Brink",))
    assert (article.published, article.status, article.url) == (MARCH_3, "current", None)
    assert article.language == "en"
    assert article.origin == (tmp_path / "quay.txt").resolve().as_posix()


def test_only_the_byte_order_mark_is_removed(tmp_path: Path) -> None:
    assert only(write(tmp_path / "bom.txt", b"\xef\xbb\xbf" + STORY.encode())).text == STORY


@pytest.mark.parametrize("suffix", [".txt", ".md"])
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(content=st.text())
def test_any_text_is_kept_exactly_or_refused(tmp_path: Path, suffix: str, content: str) -> None:
    (loaded,) = load_file(write(tmp_path / f"any{suffix}", content))
    expected = content.removeprefix("\ufeff")
    if isinstance(loaded, Article):
        assert loaded.text == expected
    else:
        assert not expected.strip() or "\0" in content or "front matter" in loaded.reason


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(content=st.binary())
def test_any_bytes_can_be_loaded(tmp_path: Path, content: bytes) -> None:
    for suffix in (".txt", ".md", ".jsonl"):
        list(load_file(write(tmp_path / f"any{suffix}", content)))


FRONT_MATTER = st.dictionaries(
    st.sampled_from(["title", "source", "authors", "published", "url", "language", "status"]),
    st.one_of(
        st.text(),
        st.lists(st.text()),
        st.from_regex(r"\A\d{1,2} Jan \d{4} \d\d:\d\d [+-]\d{1,20}\Z"),
        st.from_regex(r"\A\"\\[xuU][0-9A-F]{2,8}\"\Z"),
    ),
)


@pytest.mark.parametrize("suffix", [".txt", ".md", ".jsonl"])
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(fields=FRONT_MATTER, text=st.text())
def test_any_metadata_can_be_loaded(tmp_path: Path, suffix: str, fields: dict[str, object], text: str) -> None:
    lines = "\n".join(f"{name}: {value}" for name, value in fields.items())
    forms = {
        ".txt": f"{lines}\n{text}",
        ".md": f"---\n{lines}\n---\n{text}",
        ".jsonl": json.dumps(fields | {"text": text}),
    }
    for loaded in load_file(write(tmp_path / f"any{suffix}", forms[suffix])):
        if isinstance(loaded, Article):
            loaded.model_dump_json()
        else:
            assert loaded.origin


@pytest.mark.parametrize(
    ("suffix", "content"), [(".txt", STORY), (".md", STORY), (".jsonl", json.dumps({"id": 1, "text": STORY}))]
)
def test_a_file_whose_name_is_not_utf_8_is_read_and_can_be_printed(tmp_path: Path, suffix: str, content: str) -> None:
    one, other = (Path(os.fsdecode(os.fsencode(tmp_path) + name + suffix.encode())) for name in (b"/b\xff", b"/b\xfe"))
    try:
        write(one, content)
    except OSError:
        pytest.skip("this file system only accepts UTF-8 names")
    (article,) = articles(load([tmp_path]))
    assert article.text == STORY
    assert (article.origin or "").split("#")[0] == f"{tmp_path.resolve().as_posix()}/b\ufffd{suffix}"
    assert article.id != only(write(other, content)).id, "two files with the same printed name are two articles"
    write(one, "")
    write(other, "")
    for skipped in load([tmp_path, one.with_suffix(".gone")]):
        assert isinstance(skipped, SkippedFile)
        assert "\ufffd" in skipped.origin
        skipped.model_dump_json()


@pytest.mark.parametrize("source", ["half a pair \ud83d", "~\ud83d", "~a\0b", "\ud83d*.txt", "bad.\udcff"])
def test_a_source_that_cannot_be_a_file_name_is_reported(source: str) -> None:
    (skipped,) = load([source])
    assert isinstance(skipped, SkippedFile)
    skipped.model_dump_json()


def test_a_string_can_be_loaded_as_an_article() -> None:
    article = load_text(f"SELM, March 3, 2026 (AP) - {STORY}", origin="clipboard")
    assert (article.source, article.published, article.origin) == ("AP", MARCH_3, "clipboard")
    assert article.id == load_text(article.text).id != load_text(STORY).id


@pytest.mark.parametrize("text", ["", "\n", "a\0b", "half a pair: \ud83d"])
def test_a_string_without_text_is_an_input_error(text: str) -> None:
    with pytest.raises(InputError):
        load_text(text)


# --- markdown ------------------------------------------------------------------------------------------------------


def markdown(tmp_path: Path, front_matter: str, body: str = STORY) -> Article:
    return only(write(tmp_path / "quay.md", f"---\n{front_matter}\n---\n{body}"))


def test_front_matter_gives_the_metadata_and_is_not_part_of_the_text(tmp_path: Path) -> None:
    article = markdown(
        tmp_path,
        "title: 'Quay: shut'\nsource: Selm Telegraph\nauthors: [Ada Brink, Tom Orr]\n"
        "published: 2026-03-03T07:30:00+01:00\nurl: https://selm.example/quay\nlanguage: en-GB\n"
        "status: Corrected\ntags: [sea]",
        f"\r\n{STORY}",
    )
    assert article.text == f"\r\n{STORY}"
    assert (article.title, article.source) == ("Quay: shut", "Selm Telegraph")
    assert article.authors == ("Ada Brink", "Tom Orr")
    assert article.published == datetime(2026, 3, 3, 7, 30, tzinfo=timezone(timedelta(hours=1)))
    assert (article.url, article.language, article.status) == ("https://selm.example/quay", "en", "corrected")


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("outlet: Selm Telegraph", {"source": "Selm Telegraph"}),
        ("site: Selm Telegraph", {"source": "Selm Telegraph"}),
        ("source: {id: st, name: Selm Telegraph}", {"source": "Selm Telegraph"}),
        ("author: Ada Brink", {"authors": ("Ada Brink",)}),
        ("byline: By Ada Brink and Tom Orr", {"authors": ("Ada Brink", "Tom Orr")}),
        ("byline: Post staff and agencies", {"authors": ("Post staff and agencies",)}),
        ("date: 3 March 2026", {"published": MARCH_3}),
        ("Published_At: 2026-03-03", {"published": MARCH_3}),
        ("published: 2026-02-30", {"published": None}),
        ("published: 1 Jan 2020 00:00 +99999999999999999", {"published": None}),
        ("published: some day in March", {"published": None}),
        ("status: nonsense", {"status": "current"}),
        ("status: [retracted]", {"status": "retracted"}),
        ("language: English", {"language": "en"}),
        ("language: de", {"language": "de"}),
        ("url: javascript:alert(1)", {"url": None}),
        ("url: http://[broken", {"url": None}),
        # YAML would turn these into a number, a truth value and a date
        ("title: 1984", {"title": "1984"}),
        ("title: No", {"title": "No"}),
        ("title: 2026-03-03", {"title": "2026-03-03"}),
        ("title: null", {"title": None}),
        ("title: ''", {"title": None}),
        ('title: "a\\0b"', {"title": None}),
        ("title:", {"title": None}),
        ("", {"title": None, "source": None, "authors": (), "published": None}),
    ],
)
def test_a_field_is_read_or_counts_as_missing(tmp_path: Path, line: str, expected: dict[str, object]) -> None:
    article = markdown(tmp_path, line)
    assert {name: getattr(article, name) for name in expected} == expected


def test_front_matter_takes_precedence_over_the_header(tmp_path: Path) -> None:
    article = markdown(tmp_path, "source: Karrow Courier", f"# Quay shut\n\nSELM, March 3, 2026 (AP) - {STORY}")
    assert (article.title, article.source, article.published) == ("Quay shut", "Karrow Courier", MARCH_3)


def test_the_heading_is_the_title_if_there_is_no_front_matter(tmp_path: Path) -> None:
    content = f"# Quay shut #\n**By Ada Brink, Selm Telegraph, 3 March 2026**\n\n{STORY}"
    article = only(write(tmp_path / "quay.md", content))
    assert article.text == content
    assert (article.title, article.authors, article.published) == ("Quay shut", ("Ada Brink",), MARCH_3)


def test_a_horizontal_rule_is_no_front_matter(tmp_path: Path) -> None:
    content = f"---\n{STORY}"
    assert only(write(tmp_path / "quay.md", content)).text == content


@pytest.mark.parametrize(
    ("front_matter", "expected"),
    [
        ("- a list", "has front matter that is not a YAML mapping (name: value)"),
        ("just words", "has front matter that is not a YAML mapping (name: value)"),
        ("title: [open\nurl: x", "has front matter that is not YAML (line 3: "),
        ('title: "\\UFFFFFFFF"', "has front matter that is not YAML (broken)"),
        ('title: "\\U00110000"', "has front matter that is not YAML (broken)"),
        ("[" * 5000, "has front matter that is not YAML (broken)"),
        ("a: b\n" * 20_000, "has front matter of more than 50000 characters"),
    ],
)
def test_broken_front_matter_is_refused(tmp_path: Path, front_matter: str, expected: str) -> None:
    assert reason(write(tmp_path / "bad.md", f"---\n{front_matter}\n---\n{STORY}")).startswith(expected)


def test_front_matter_without_a_body_is_refused(tmp_path: Path) -> None:
    assert reason(write(tmp_path / "bad.md", "---\ntitle: Quay\n---\n\n")) == "has no text after its front matter"


# --- JSON lines ----------------------------------------------------------------------------------------------------


def rows(tmp_path: Path, *values: object) -> Path:
    lines = [value if isinstance(value, str) else json.dumps(value, ensure_ascii=False) for value in values]
    return write(tmp_path / "news.jsonl", "\n".join(lines))


def test_each_row_becomes_an_article(tmp_path: Path) -> None:
    text = f"Line one.\r\nLine two.\u2028{STORY}"
    first = {"id": 7, "headline": "Quay shut", "publisher": "Selm Telegraph", "byline": "Ada Brink", "body": text}
    second = {"title": "Open", "source": {"name": "AP"}, "publishedAt": "2026-03-03T06:30:00Z", "content": STORY}
    seventh, other = articles(load_file(rows(tmp_path, first, "", second | {"score": 3, "author": None})))
    assert (seventh.text, seventh.title, seventh.authors) == (text, "Quay shut", ("Ada Brink",))
    assert (seventh.source, seventh.published) == ("Selm Telegraph", None)
    assert (other.title, other.source, str(other.published)) == ("Open", "AP", "2026-03-03 06:30:00+00:00")
    base = (tmp_path / "news.jsonl").resolve().as_posix()
    assert [seventh.origin, other.origin] == [f"{base}#7", f"{base}#L3"]


def test_missing_fields_of_a_row_are_read_from_its_text(tmp_path: Path) -> None:
    article = only(rows(tmp_path, {"title": "Quay", "text": f"SELM, March 3, 2026 (AP) - {STORY}"}))
    assert (article.title, article.source, article.published) == ("Quay", "AP", MARCH_3)


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("{broken", "line 2: not JSON ("),
        ("[" * 100_000, "line 2: not JSON that can be read"),
        ('{"text": ' + "9" * 5000 + "}", "line 2: not JSON that can be read"),
        ('["text"]', "line 2: not a JSON object"),
        ("null", "line 2: not a JSON object"),
        ('{"title": "Quay"}', "line 2: no text (its fields: "),
        ('{"text": " "}', "line 2: no text (its fields: "),
        ('{"text": 5}', "line 2: no text (its fields: "),
        ('{"text": "a\\u0000b"}', "line 2: contains NUL or broken Unicode"),
        ('{"text": "half a pair: \\ud83d"}', "line 2: contains NUL or broken Unicode"),
    ],
)
def test_a_broken_row_is_reported_and_the_others_are_read(tmp_path: Path, line: str, expected: str) -> None:
    path = rows(tmp_path, {"text": STORY}, line, {"text": STORY + "More."})
    before, skipped, after = load_file(path)
    assert isinstance(before, Article)
    assert isinstance(after, Article)
    assert isinstance(skipped, SkippedFile)
    assert skipped.origin == str(path)
    assert skipped.reason.startswith(expected)


# --- identity ------------------------------------------------------------------------------------------------------


def test_the_id_depends_on_the_canonical_url(tmp_path: Path) -> None:
    one = markdown(tmp_path, "url: https://selm.example/quay")
    same = only(rows(tmp_path, {"id": 1, "url": "HTTPS://Selm.Example:443/quay/?utm_source=x#top", "text": "Other."}))
    assert one.id == same.id
    assert re.fullmatch(r"[0-9a-f]{16}", one.id)


def test_without_a_url_the_id_depends_on_the_path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = write(tmp_path / "quay.txt", STORY)
    before = only(path)
    assert only(write(tmp_path / "copy.txt", STORY)).id != before.id
    write(path, STORY + "Corrected.")
    monkeypatch.chdir(tmp_path)
    after = only(Path("quay.txt"))
    assert after.id == before.id
    assert after.version != before.version


def test_the_id_of_a_row_depends_on_its_id_field_or_else_on_its_text(tmp_path: Path) -> None:
    story = {"text": STORY}
    numbered, lettered, bare, *others = load_file(
        rows(tmp_path, story | {"id": 1}, story | {"id": "x"}, story, story | {"id": True}, story | {"id": 1})
    )
    assert isinstance(numbered, Article)
    assert isinstance(lettered, Article)
    assert isinstance(bare, Article)
    assert bare.id == load_text(STORY).id
    assert len({numbered.id, lettered.id, bare.id}) == 3
    assert [one.reason for one in others if isinstance(one, SkippedFile)] == [
        "line 4: has the same text as line 3",
        "line 5: has the same id as line 1",
    ]


def test_the_version_depends_on_text_and_metadata_but_not_on_the_path(tmp_path: Path) -> None:
    article = markdown(tmp_path, "title: Quay")
    assert only(write(tmp_path / "moved" / "q.md", f"---\ntitle: Quay\n---\n{STORY}")).version == article.version
    changes: list[dict[str, object]] = [{"text": "x"}, {"title": "x"}, {"status": "retracted"}, {"published": MARCH_3}]
    versions = {article_version(article.model_copy(update=change)) for change in changes}
    assert len(versions | {article.version}) == 5
    worked_out = {"body_start": 9, "origin": "elsewhere", "id": "x", "same_as": ("y",)}
    assert article_version(article.model_copy(update=worked_out)) == article.version


def test_the_version_of_an_unchanged_article_never_changes() -> None:
    """A library compares versions: with another formula or a new field, all stored articles would look changed."""
    article = Article(
        id="x",
        version="",
        title="Quay shut",
        source="Coast Wire",
        authors=("Ada Fell",),
        url="https://example.org/q",
        published=date(2026, 3, 5),
        status="corrected",
        text="The quay shut.\n",
        language="en",
    )
    assert article_version(article) == "0bbc59b68c3d902b"


@pytest.mark.parametrize(
    ("url", "canonical"),
    [
        ("HTTP://Selm.Example:80/Quay/", "http://selm.example/Quay"),
        ("https://selm.example/", "https://selm.example"),
        ("https://selm.example:8443/quay", "https://selm.example:8443/quay"),
        ("https://selm.example/q?id=4&utm_medium=a&fbclid=b&UTM_x=c&page=2#top", "https://selm.example/q?id=4&page=2"),
        ("https://selm.example/q?a=%2F&b=+", "https://selm.example/q?a=%2F&b=+"),
        ("https://ada:secret@selm.example/q", "https://selm.example/q"),
        ("http://[2001:DB8::1]:80/q", "http://[2001:db8::1]/q"),
        (" https://selm.example/q ", "https://selm.example/q"),
        ("https://selm.example/a quay", "https://selm.example/a%20quay"),
        ("https://a quay.example/", None),
        ("ftp://selm.example/q", None),
        ("javascript:alert(1)", None),
        ("/quay.txt", None),
        ("http://[broken", None),
        ("http://selm.example:port/", None),
        ("https://", None),
        ("", None),
    ],
)
def test_an_address_is_spelled_canonically(url: str, canonical: str | None) -> None:
    assert canonical_url(url) == canonical


urls = st.builds("{}://{}/{}".format, st.sampled_from(["http", "HTTPS"]), st.text(min_size=1), st.text())


@given(st.one_of(urls, st.text()))
def test_a_canonical_address_is_not_changed(url: str) -> None:
    once = canonical_url(url)
    assert once is None or canonical_url(once) == once


# --- language ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "language"),
    [
        (STORY, "en"),
        ("Quay shut after storm, harbour master says", "en"),  # no function words, so the detector decides
        ("Der Hafenmeister hat den Kai am Mittag gesperrt, und die Boote mussten warten.", "de"),
        ("Le maître du port a fermé le quai à midi, et les bateaux ont dû attendre.", "fr"),
        ("Начальник порта закрыл причал в полдень, и лодкам пришлось ждать.", "ru"),
        ("Quay shut", None),
        ("2026: 1,234,567,890,123 %", None),
        ("", None),
    ],
)
def test_the_language_is_detected_if_there_are_enough_words(text: str, language: str | None) -> None:
    assert detect(text) == language


@pytest.mark.parametrize("name", ["a.md", "a.jsonl"])
def test_a_headline_says_that_a_story_was_withdrawn(tmp_path: Path, name: str) -> None:
    title = "RETRACTED: Quay closed at noon"
    row = json.dumps({"title": title, "text": STORY})
    assert (
        only(write(tmp_path / name, f"---\ntitle: '{title}'\n---\n{STORY}" if name == "a.md" else row)).status
        == "retracted"
    )


def test_an_address_or_a_role_among_authors_is_no_author(tmp_path: Path) -> None:
    row = {"title": "Quay closed", "text": STORY, "authors": ["https://www.facebook.com/post", "Ada Blum"]}
    assert only(write(tmp_path / "a.jsonl", json.dumps(row))).authors == ("Ada Blum",)
    row = {"title": "Quay closed", "text": STORY, "byline": "Ada Blum; Gazette columnist"}
    assert only(write(tmp_path / "b.jsonl", json.dumps(row))).authors == ("Ada Blum",)
