"""Files that are built to do harm: each is named, ends within its limits, and the next one is read."""

from __future__ import annotations

import io
import os
import signal
import time
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from qa.articles import sandbox
from qa.articles.extract import Extract, Raw, Unread
from qa.articles.load import load
from qa.errors import InputError
from qa.model import Article, SkippedFile

GOOD = Raw(
    b"<html><head><title>Quay shut</title></head><body><article><h1>Quay shut</h1>"
    + b"<p>The harbour master of Selm shut the quay on Tuesday after two piles were found to be rotten.</p>" * 1
    + b"<p>Nobody was hurt, and the ferries use the old pier until the piles have been replaced in April.</p>"
    + b"<p>The council had set aside 400,000 crowns for the work, the mayor said, and will pay the rest.</p>"
    + b"</article></body></html>",
    ".html",
)


@pytest.fixture(autouse=True)
def _ended() -> Iterator[None]:
    yield
    sandbox.close()


def reads_on() -> bool:
    return any(isinstance(one, Extract) and "harbour master" in one.text for one in sandbox.extract(GOOD))


def zipped(parts: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as file:
        for name, content in parts.items():
            file.writestr(name, content)
    return out.getvalue()


def docx(document: bytes) -> bytes:
    types = b"""<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">
<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>
<Override PartName="/word/document.xml"
 ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>"""
    rels = b"""<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">
<Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument"
 Target="word/document.xml"/></Relationships>"""
    return zipped({"[Content_Types].xml": types, "_rels/.rels": rels, "word/document.xml": document})


def swollen(megabytes: int) -> bytes:
    out = io.BytesIO()
    packed = zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=1)
    with packed, packed.open("word/document.xml", "w", force_zip64=True) as part:
        for _ in range(megabytes):
            part.write(b" " * 1_000_000)
    return out.getvalue()


def entities(levels: int, factor: int) -> bytes:
    declared = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * factor}">' for n in range(1, levels))
    doctype = f'<!DOCTYPE nitf [<!ENTITY e0 "ha">{declared}]>'
    return f'<?xml version="1.0"?>{doctype}<nitf><body>&e{levels - 1};</body></nitf>'.encode()


def pdf(*objects: bytes) -> bytes:
    out = bytearray(b"%PDF-1.7\n")
    places = []
    for number, body in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    out += b"".join(b"%010d 00000 n \n" % place for place in places)
    return bytes(out + b"trailer\n<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF" % (len(objects) + 1, start))


def page_of(stream: bytes, filters: bytes = b"") -> bytes:
    return pdf(
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 600 800]/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>>>>>",
        b"<</Length %d%s>>\nstream\n%s\nendstream" % (len(stream), filters, stream),
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
    )


def deflated_bomb() -> bytes:
    import zlib

    packer = zlib.compressobj(9)
    parts = [packer.compress(b"\0" * 1_000_000) for _ in range(400)]
    return b"".join([*parts, packer.flush()])


W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
BOMBS: dict[str, tuple[str, Callable[[], bytes]]] = {
    "5 MB of <div>": (".html", lambda: b"<div>" * 1_000_000),
    "5 MB of <div> and a story": (".html", lambda: b"<div>" * 1_000_000 + GOOD.content),
    "5 MB of <p><b>": (".html", lambda: b"<p><b>" * 830_000),
    "5 MB of unclosed tables": (".html", lambda: b"<table><tr><td>" * 330_000),
    "5 MB of open attributes": (".html", lambda: b"<p " + b"a=1 " * 1_250_000),
    "1 MB of unclosed comments": (".html", lambda: b"<!--" * 250_000),
    "20 MB of one word": (".html", lambda: b"<p>" + b"a" * 19_000_000),
    "a million links": (".html", lambda: b"<a href=x>y</a>" * 1_000_000),
    "nested lists": (".html", lambda: b"<ul><li>" * 300_000),
    "nested quotations": (".html", lambda: b"<blockquote>" * 300_000),
    "deep JSON-LD": (".html", lambda: b'<script type="application/ld+json">' + b'{"a":' * 400_000 + b"</script>"),
    "100,000 scripts": (".html", lambda: b'<script type="application/ld+json">{}</script>' * 100_000),
    "half a million metas": (".html", lambda: b'<meta property="og:title" content="x">' * 400_000),
    "XML: a billion laughs": (".xml", lambda: entities(12, 10)),
    "XML: quadratic entities": (
        ".xml",
        lambda: b'<!DOCTYPE nitf [<!ENTITY a "%s">]><nitf><body>%s</body></nitf>' % (b"a" * 100_000, b"&a;" * 100_000),
    ),
    "XML: 1,000,000 levels": (".xml", lambda: b"<nitf>" + b"<block>" * 1_000_000),
    "XML: an external entity": (
        ".xml",
        lambda: b'<!DOCTYPE nitf [<!ENTITY x SYSTEM "file:///etc/passwd">]><nitf><body>&x;</body></nitf>',
    ),
    "RSS of 200,000 empty entries": (".rss", lambda: b"<rss><channel>" + b"<item/>" * 200_000 + b"</channel></rss>"),
    "RSS with nested HTML": (
        ".rss",
        lambda: b"<rss version='2.0'><channel><item><description>%s" % (b"&lt;div&gt;" * 400_000),
    ),
    "PDF: an inflating stream": (".pdf", lambda: page_of(deflated_bomb(), b"/Filter/FlateDecode")),
    "PDF: twice deflated": (
        ".pdf",
        lambda: page_of(__import__("zlib").compress(deflated_bomb(), 9), b"/Filter[/FlateDecode/FlateDecode]"),
    ),
    "PDF: pages that are their own parents": (
        ".pdf",
        lambda: pdf(b"<</Type/Catalog/Pages 2 0 R>>", b"<</Type/Pages/Kids[2 0 R 2 0 R]/Count 2/Parent 2 0 R>>"),
    ),
    "PDF: 10,000,000 pages": (
        ".pdf",
        lambda: pdf(
            b"<</Type/Catalog/Pages 2 0 R>>",
            b"<</Type/Pages/Kids[%s]/Count 10000000>>" % (b"3 0 R " * 1_000_000),
            b"<</Type/Page/Parent 2 0 R>>",
        ),
    ),
    "PDF: a form that draws itself": (
        ".pdf",
        lambda: pdf(
            b"<</Type/Catalog/Pages 2 0 R>>",
            b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
            b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]/Contents 4 0 R/Resources<</XObject<</X 5 0 R>>>>>>",
            b"<</Length 5>>\nstream\n/X Do\nendstream",
            b"<</Type/XObject/Subtype/Form/BBox[0 0 9 9]/Resources<</XObject<</X 5 0 R>>>>/Length 11>>\n"
            b"stream\n/X Do /X Do\nendstream",
        ),
    ),
    "PDF: 5 MB of operators": (".pdf", lambda: page_of(b"q BT /F1 1 Tf (a) Tj ET Q " * 190_000)),
    "PDF: nested arrays": (".pdf", lambda: pdf(b"<</Type/Catalog/Pages " + b"[" * 500_000 + b">>")),
    "PDF: a table of places that names itself": (
        ".pdf",
        lambda: (
            b"%PDF-1.7\nxref\n0 1\n0000000000 65535 f \ntrailer\n<</Size 1/Root 1 0 R/Prev 9>>\nstartxref\n9\n%%EOF"
        ),
    ),
    "DOCX: 2 GB in 2 MB": (".docx", lambda: swollen(2_000)),
    "DOCX: a million paragraphs": (
        ".docx", lambda: docx(f"<w:document {W}><w:body>{'<w:p/>' * 1_000_000}</w:body></w:document>".encode()),
    ),
    "DOCX: nested tables": (
        ".docx", lambda: docx(f"<w:document {W}><w:body>{'<w:tbl><w:tr><w:tc>' * 100_000}".encode()),
    ),
    "DOCX: entities": (
        ".docx", lambda: docx(entities(12, 10).replace(b"nitf", b"w:document")),
    ),
    "DOCX: names that climb": (
        ".docx", lambda: zipped({"../../escape.txt": b"x", "/etc/escape": b"x", "word/document.xml": b"<w/>"}),
    ),
    "mail in mail": (
        ".eml",
        lambda: b"".join(
            b"Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\nContent-Type: message/rfc822\n\n" % (n, n)
            for n in range(3_000)
        ),
    ),
    "mail of 200,000 headers": (".eml", lambda: b"X-A: b\n" * 200_000 + b"\nThe quay is shut."),
    "mbox of 500,000 messages": (".mbox", lambda: b"From a\n\n" * 500_000),
}  # fmt: skip


@pytest.mark.slow
@pytest.mark.parametrize("name", BOMBS)
def test_a_bomb_ends_within_its_limits_and_the_next_file_is_read(name: str) -> None:
    suffix, build = BOMBS[name]
    content = build()
    began = time.monotonic()
    try:
        found = list(sandbox.extract(Raw(content, suffix)))
    except InputError as error:
        assert str(error)  # noqa: PT017
    else:
        assert not any(isinstance(one, Extract) and "root:" in one.text for one in found)
    # Its own limit, and what a busy machine takes to start and to end the process.
    assert time.monotonic() - began < sandbox.SECONDS + 10
    assert reads_on()


def test_a_process_that_is_killed_costs_one_file() -> None:
    assert reads_on()
    current = sandbox._current
    assert current is not None
    os.kill(current._process.pid, signal.SIGKILL)
    try:
        list(sandbox.extract(GOOD))
    except InputError as error:
        assert "MB" in str(error) or "ended" in str(error)  # noqa: PT017
    assert reads_on()


def test_a_file_that_takes_too_long_is_named_and_the_next_one_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    assert reads_on()
    monkeypatch.setattr(sandbox, "SECONDS", 0.0)
    slow = replace(GOOD, content=GOOD.content + b"<p>It rained, and nobody minded that at all.</p>" * 20_000)
    with pytest.raises(InputError, match="takes longer than 0 s"):
        list(sandbox.extract(slow))
    monkeypatch.undo()
    assert reads_on()


def test_the_process_does_not_see_the_key(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "secret")
    assert reads_on()
    current = sandbox._current
    assert current is not None
    environment = Path(f"/proc/{current._process.pid}/environ")
    if not environment.exists():
        pytest.skip("this system has no /proc")
    assert b"secret" not in environment.read_bytes()


def test_a_bad_file_of_any_format_stops_no_other(tmp_path: Path) -> None:
    for suffix in (".html", ".xml", ".pdf", ".docx", ".eml", ".mbox"):
        (tmp_path / f"bad{suffix}").write_bytes(b"\x00\x01\x02")
    (tmp_path / "good.html").write_bytes(GOOD.content)
    loaded = list(load([tmp_path]))
    assert [Path(a.origin or "").name for a in loaded if isinstance(a, Article)] == ["good.html"]
    bad = {Path(s.origin).name: s.reason for s in loaded if isinstance(s, SkippedFile)}
    assert len(bad) == 6
    assert not any("Dateline failed" in reason for reason in bad.values()), bad


def test_extracts_travel_unchanged() -> None:
    from datetime import UTC, date, datetime

    from qa.articles.fields import Facts
    from qa.articles.wire import decode_extracts, encode_extracts
    from qa.english.header import Header

    sent: list[Extract | Unread] = [
        Extract("The quay", Facts("Quay", "Post", ("A", "B"), datetime(2026, 5, 7, 21, 30, tzinfo=UTC)), id="1"),
        Extract(
            "The crane", Facts(published=date(2026, 5, 7)), Header("Crane", published=date(2026, 5, 7)), place="R2"
        ),
        Unread("item 3: no text"),
    ]
    assert decode_extracts(encode_extracts(sent)) == sent
