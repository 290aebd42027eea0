"""WARC: pages and files that a crawler saved are read as if each had been added by itself."""

from __future__ import annotations

import gzip
import io
import json
import re
import time
from collections.abc import Iterable, Iterator
from contextlib import closing
from pathlib import Path

import brotli
import pytest
from fakes import CountingEmbedder

from qa.articles import sandbox
from qa.articles.extract import Inner, Note, Raw, Unread
from qa.articles.formats import suffix_of, warc
from qa.articles.load import Remark, load, load_bytes, load_file
from qa.articles.wire import decode_extracts, encode_extracts
from qa.errors import InputError
from qa.ingestion import ingest_into
from qa.library.library import Library
from qa.model import Article, SkippedFile

SITE = "https://selmcourier.example"
STORY = [
    "The harbour master of Selm shut the north quay on Tuesday after two piles were found to be rotten.",
    "Nobody was hurt, and the ferries use the old pier until the piles have been replaced in April.",
    "The council had set aside 400,000 crowns for the work, the mayor said, and will pay the rest in June.",
]


def page(title: str, *, day: str = "2026-03-03", story: Iterable[str] = STORY) -> bytes:
    body = "".join(f"<p>{sentence}</p>" for sentence in story)
    return (
        f'<html><head><title>{title}</title><meta property="article:published_time" content="{day}T08:00:00Z">'
        f"</head><body><article><h1>{title}</h1>{body}</article></body></html>"
    ).encode()


def record(
    kind: str,
    block: bytes,
    url: str = "",
    *,
    day: str = "2026-03-04",
    length: int | None = None,
    media: str = "application/http; msgtype=response",
    more: str = "",
) -> bytes:
    head = (
        f"WARC/1.1\r\nWARC-Type: {kind}\r\nWARC-Record-ID: <urn:uuid:{abs(hash((kind, url, day))):032x}>\r\n"
        f"WARC-Date: {day}T09:30:00Z\r\nContent-Type: {media}\r\n{more}"
        + (f"WARC-Target-URI: {url}\r\n" if url else "")
        + f"Content-Length: {len(block) if length is None else length}\r\n\r\n"
    )
    return head.encode() + block + b"\r\n\r\n"


def answer(content: bytes, media: str = "text/html; charset=utf-8", status: str = "200 OK", more: str = "") -> bytes:
    return f"HTTP/1.1 {status}\r\nContent-Type: {media}\r\n{more}\r\n".encode() + content


def response(path: str, content: bytes, **given: str) -> bytes:
    return record("response", answer(content, **given), SITE + path)


def read(content: bytes) -> list[object]:
    return list(warc.read(Raw(content, ".warc")))


def inner(content: bytes) -> list[Inner]:
    return [found for found in read(content) if isinstance(found, Inner)]


def faults(content: bytes) -> list[str]:
    return [found.reason for found in read(content) if isinstance(found, Unread)]


@pytest.fixture(autouse=True)
def _ended() -> Iterator[None]:
    yield
    sandbox.close()


CRAWL = [
    record("warcinfo", b"software: crawler", media="application/warc-fields"),
    record("request", b"GET /quay HTTP/1.1\r\n\r\n", f"{SITE}/quay", media="application/http; msgtype=request"),
    response("/quay", page("Rotten piles shut Selm quay")),
    record("revisit", b"HTTP/1.1 200 OK\r\n\r\n", f"{SITE}/quay", day="2026-03-09"),
    response("/gone", b"<html>", status="404 Not Found"),
    response("/old", b"", status="301 Moved Permanently", more="Location: /quay\r\n"),
    response("/logo.png", b"\x89PNG", media="image/png"),
    response("/style.css", b"p {}", media="text/css"),
    response("/robots.txt", b"User-agent: *", media="text/plain"),
]


@pytest.mark.parametrize("name", ["crawl.warc", "crawl.warc.gz", "one-member.warc.gz"])
def test_a_page_is_read_and_what_is_none_is_counted(tmp_path: Path, name: str) -> None:
    records = [CRAWL[2]] if name.startswith("one") else CRAWL
    content = b"".join(gzip.compress(one) for one in records) if name.endswith("gz") else b"".join(records)
    (tmp_path / name).write_bytes(content)
    loaded = list(load([tmp_path]))
    (article,) = (one for one in loaded if isinstance(one, Article))
    assert (article.title, article.url) == ("Rotten piles shut Selm quay", f"{SITE}/quay")
    assert str(article.published) == "2026-03-03 08:00:00+00:00"  # not the day of the capture
    assert article.origin == f"{(tmp_path / name).resolve()}#{SITE}/quay"
    assert not [one for one in loaded if isinstance(one, SkippedFile)]
    if len(records) > 1:
        (remark,) = (one for one in loaded if isinstance(one, Remark))
        assert not remark.lost
        assert remark.words == (
            "left out 2 answers other than 200, 3 files of other kinds, 1 records about other records, "
            "1 repeated captures without content, 1 requests"
        )


def test_feeds_json_and_pdfs_are_read_and_the_json_of_a_page_is_not() -> None:
    files = Path(__file__).parents[1] / "benchmarks" / "formats" / "files"
    row = {"headline": "Quay shut", "text": " ".join(STORY), "datePublished": "2026-03-03"}
    archive = b"".join([
        response("/feed", (files / "rss-full-content.xml").read_bytes(), media="application/rss+xml"),
        response("/story.json", json.dumps(row).encode(), media="application/json"),
        response("/api/comments", b'[{"text": "First!"}, {"text": "So sad."}]', media="application/json"),
        response("/a.pdf", (files / "pdf-two-columns.pdf").read_bytes(), media="application/pdf"),
    ])  # fmt: skip
    loaded = list(load_bytes(archive, "crawl.warc", "/x/crawl.warc"))
    origins = [one.origin or "" for one in loaded if isinstance(one, Article)]
    assert sum("/feed" not in origin and "#http" in origin for origin in origins) >= 2
    assert any(origin.endswith("a.pdf") for origin in origins)
    assert any("story.json" in origin for origin in origins)
    assert [one.reason for one in loaded if isinstance(one, SkippedFile)] == [
        f"{SITE}/api/comments: is JSON without an article"
    ]


def test_the_last_of_several_captures_of_an_address_is_read(tmp_path: Path) -> None:
    (tmp_path / "c.warc").write_bytes(
        record("response", answer(page("Quay shut, corrected")), f"{SITE}/quay", day="2026-03-08")
        + record("response", answer(page("Quay shut")), f"{SITE}/quay?utm_source=x", day="2026-03-04")
    )
    loaded = list(load([tmp_path]))
    assert [one.title for one in loaded if isinstance(one, Article)] == ["Quay shut, corrected"]
    assert [one.words for one in loaded if isinstance(one, Remark)] == [
        "left out 1 earlier captures of the same addresses"
    ]


@pytest.mark.parametrize("kind", ["gzip", "br", "chunked", "gzip that was unpacked already", "chunked and gzip"])
def test_an_answer_is_unpacked_as_its_headers_say(kind: str) -> None:
    content = page("Quay shut")
    sent, more = content, ""
    if "gzip" in kind:
        sent, more = content if "already" in kind else gzip.compress(content), "Content-Encoding: gzip\r\n"
    if kind == "br":
        sent, more = brotli.compress(content), "Content-Encoding: br\r\n"
    if "chunked" in kind:
        more += "Transfer-Encoding: chunked\r\n"
        sent = b"".join(b"%x\r\n%s\r\n" % (len(sent[n : n + 90]), sent[n : n + 90]) for n in range(0, len(sent), 90))
        sent += b"0\r\n\r\n"
    (found,) = inner(response("/quay", sent, more=more))
    assert found.raw.content == content
    assert (found.raw.url, found.raw.suffix, found.raw.charset) == (f"{SITE}/quay", ".html", "utf-8")


def test_an_archive_that_was_compressed_as_a_whole_is_read() -> None:
    records = [response("/a", page("Quay shut")), record("request", b"GET /"), response("/b", page("Quay open"))]
    whole = gzip.compress(b"".join(records))
    assert [found.raw.url for found in inner(whole)] == [f"{SITE}/a", f"{SITE}/b"]
    assert [found.raw.url for found in inner(whole[:-40])] == [f"{SITE}/a"]
    assert faults(whole[:-40]) != []
    alone = gzip.compress(records[0])  # one record compressed by itself is no archive of several
    assert len(inner(alone)) == 1


def test_a_file_is_what_its_content_shows() -> None:
    pdf = b"%PDF-1.7\n"
    (found,) = inner(response("/a", pdf, media="application/octet-stream"))
    assert found.raw.suffix == ".pdf"
    assert suffix_of(".gz", gzip.compress(CRAWL[2])) == ".warc"
    with pytest.raises(InputError, match="compressed"):
        suffix_of(".gz", gzip.compress(b"a text"))


def test_records_with_wrong_lengths_are_named_and_the_others_are_read() -> None:
    good = response("/b", page("Quay open"))
    block = answer(page("Quay shut"))
    short = record("response", block, f"{SITE}/a", length=len(block) - 60)
    archive = gzip.compress(short) + gzip.compress(good)
    assert [found.raw.url for found in inner(archive)] == [f"{SITE}/b"]
    assert "/a" in faults(archive)[0]
    negative = short.replace(b"Content-Length: ", b"Content-Length: -")
    archive = gzip.compress(good) + gzip.compress(negative)
    assert [found.raw.url for found in inner(archive)] == [f"{SITE}/b"]
    assert faults(archive)
    long = record("response", block, f"{SITE}/a", length=len(block) + 10_000_000)
    assert "states a wrong length" in faults(long)[0]
    assert faults(good + b"WARC/1.1\r\nWARC-Ty")  # cut off in a header
    assert inner(good + b"WARC/1.1\r\nWARC-Ty")
    assert any("cut off" in reason for reason in faults(good + response("/c", page("Quay"))[:-80]))


@pytest.mark.parametrize("packed", [False, True])
@pytest.mark.parametrize("wrong", [-60, 60, 700, 10_000_000])
def test_records_behind_a_broken_one_are_read(wrong: int, packed: bool) -> None:
    block = answer(page("Quay shut"))
    broken = record("response", block, f"{SITE}/a", length=len(block) + wrong)
    query = record("request", b"GET / HTTP/1.1\r\n\r\n", f"{SITE}/b", length=30)  # what is left out may be broken, too
    records = [broken, response("/b", page("Quay open")), query, response("/c", page("Quay free")), response("/d", b"")]
    archive = b"".join(gzip.compress(one) for one in records) if packed else b"".join(records)
    assert [found.raw.url for found in inner(archive)] == [f"{SITE}/{path}" for path in "bcd"]
    assert f"record 1 ({SITE}/a): states a wrong length; it may be cut off" in faults(archive)


def test_records_behind_a_broken_header_or_a_broken_piece_of_compression_are_read() -> None:
    first, *others = [response(f"/{path}", page("Quay open")) for path in "abc"]
    for headless in (first.replace(b"Content-Length: ", b"Content-Length: -"), first.replace(b"WARC/1.1", b"WARC/x")):
        assert [found.raw.url for found in inner(others[0] + headless + others[1])] == [f"{SITE}/b", f"{SITE}/c"]
    whole = gzip.compress(first)
    spoiled = whole[:200] + b"\xff" * 20 + whole[220:]
    archive = b"".join([gzip.compress(others[0]), spoiled, gzip.compress(others[1])])
    assert [found.raw.url for found in inner(archive)] == [f"{SITE}/b", f"{SITE}/c"]
    assert faults(archive)


def test_an_archive_of_nothing_but_damage_is_given_up_and_says_so() -> None:
    broken = record("response", answer(page("Quay shut")), f"{SITE}/a", length=90)
    found = faults(broken * (warc.MAX_DAMAGED + 50))
    assert len(found) == warc.MAX_DAMAGED + 2
    assert found[-1] == f"is damaged in more than {warc.MAX_DAMAGED} places; the rest was left out"


def test_what_is_no_warc_is_refused() -> None:
    for content in (b"", b"WARC/1.1", b"WARC/9.9\r\n\r\n", gzip.compress(b"WARC/1.0\r\n")[:20], b"\0" * 400):
        try:
            assert not any(isinstance(one, Inner) for one in read(content))
        except InputError as error:
            assert "WARC" in str(error)  # noqa: PT017


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "reason"),
    [("an answer", "larger than 20 MB"), ("brotli", "larger than 20 MB"), ("a header", "MB to read|cut off|longer")],
)
def test_a_bomb_is_named_and_the_next_page_is_read(tmp_path: Path, name: str, reason: str) -> None:
    zeros = b" " * 400_000_000
    if name == "an answer":
        bad = response("/bomb", gzip.compress(zeros, 1), more="Content-Encoding: gzip\r\n")
    elif name == "brotli":
        bad = response("/bomb", brotli.compress(zeros[:300_000_000], quality=1), more="Content-Encoding: br\r\n")
    else:
        bad = b"WARC/1.1\r\nWARC-Type: " + zeros * 2
    records = (response("/quay", page("Quay shut")), bad, response("/b", page("Quay open")))
    (tmp_path / "a.warc.gz").write_bytes(b"".join(gzip.compress(one, 1) for one in records))
    began = time.monotonic()
    loaded = list(load_file(tmp_path / "a.warc.gz"))
    assert time.monotonic() - began < 2 * sandbox.SECONDS + 10
    titles = [one.title for one in loaded if isinstance(one, Article)]
    assert titles[:1] == ["Quay shut"]
    assert name == "a header" or titles == ["Quay shut", "Quay open"]
    assert [one for one in loaded if isinstance(one, SkippedFile) and re.search(reason, one.reason)]


def test_pages_without_a_story_are_counted_by_reason_and_the_first_is_named(tmp_path: Path) -> None:
    archive = io.BytesIO()
    for number in range(12):
        archive.write(response(f"/tag/{number}", b"<html><body><p>Nothing.</p></body></html>"))
    archive.write(response("/quay", page("Quay shut")))
    (tmp_path / "a.warc").write_bytes(archive.getvalue())
    (skipped,) = (one for one in load_file(tmp_path / "a.warc") if isinstance(one, SkippedFile))
    assert skipped.reason.startswith(f"12 files, {SITE}/tag/0 the first: has no story")


def test_an_archive_of_articles_is_not_read_again(tmp_path: Path) -> None:
    (tmp_path / "a.warc").write_bytes(b"".join(CRAWL))
    with closing(Library(None)) as library:
        first = ingest_into(library, tmp_path / "a.warc", CountingEmbedder())
        again = ingest_into(library, tmp_path / "a.warc", CountingEmbedder())
    assert (first.added, len(first.warnings)) == (1, 1)
    assert (again.added, again.unchanged, again.warnings) == (0, 1, ())


def test_counts_travel() -> None:
    assert decode_extracts(encode_extracts([Note("left out 2 requests")])) == [Note("left out 2 requests")]
