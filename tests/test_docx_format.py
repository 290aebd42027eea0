"""Reading DOCX: what its readers see, in its order; metadata; and files that do harm."""

from __future__ import annotations

import random
import zipfile
from collections.abc import Callable
from contextlib import suppress
from datetime import date, datetime
from io import BytesIO
from typing import Any

import docx
import pytest
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls
from docx.shared import Pt
from hypothesis import given, settings
from hypothesis import strategies as st

from qa.articles.build import build
from qa.articles.extract import Extract, Raw
from qa.articles.formats import docx as docx_format
from qa.errors import InputError

LEAD = "The harbour master of Selm closed the northern quay at noon, and the boats that were out had to wait."
NEXT = "Nobody was hurt. The quay will open again on Friday, he said."
_NS = nsdecls("w")


def written(fill: Callable[[Any], object]) -> bytes:
    """A document that a function has filled."""
    document = docx.Document()
    document.core_properties.author = ""
    fill(document)
    out = BytesIO()
    document.save(out)
    return out.getvalue()


def extract(content: bytes) -> Extract:
    (found,) = docx_format.read(Raw(content, ".docx"))
    assert isinstance(found, Extract)
    return found


def text_of(fill: Callable[[Any], object]) -> str:
    return extract(written(fill)).text


def with_xml(*parts: str) -> bytes:
    """A document whose body is written in XML."""

    def fill(document: Any) -> None:
        for part in parts:
            document.element.body.insert(len(document.element.body) - 1, parse_xml(part.replace(">", f" {_NS}>", 1)))

    return written(fill)


def paragraph(inner: str) -> str:
    return f"<w:p>{inner}</w:p>"


def run(text: str, properties: str = "") -> str:
    return f'<w:r>{properties}<w:t xml:space="preserve">{text}</w:t></w:r>'


def reason(content: bytes) -> str:
    with pytest.raises(InputError) as caught:
        list(docx_format.read(Raw(content, ".docx")))
    return str(caught.value)


def repacked(content: bytes, **changed: bytes | None) -> bytes:
    """The same file with other parts: "document" stands for word/document.xml."""
    out = BytesIO()
    with zipfile.ZipFile(BytesIO(content)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            key = name.rpartition("/")[2].partition(".")[0]
            part = changed.get(key, old.read(name)) if name == f"word/{key}.xml" else old.read(name)
            if part is not None:
                new.writestr(name, part)
    return out.getvalue()


# --- text ------------------------------------------------------------------------------------------------------------


def test_headings_and_paragraphs_are_apart() -> None:
    def fill(document: Any) -> None:
        document.add_heading("Ice closes quay", 1)
        document.add_paragraph(LEAD)
        document.add_paragraph("")
        document.add_paragraph(NEXT)

    assert text_of(fill) == f"Ice closes quay\n\n{LEAD}\n\n{NEXT}"


def test_lists_are_lines() -> None:
    def fill(document: Any) -> None:
        document.add_paragraph(LEAD)
        for style in ("List Bullet", "List Number"):
            document.add_paragraph("Trains run.", style=style)
            document.add_paragraph("Boats do not.", style=style)
            document.add_paragraph(NEXT)

    lists = f"- Trains run.\n- Boats do not.\n\n{NEXT}\n\n1. Trains run.\n2. Boats do not.\n\n{NEXT}"
    assert text_of(fill) == f"{LEAD}\n\n{lists}"


def test_the_rows_of_a_table_name_their_columns_and_stand_in_the_order_of_the_document() -> None:
    def fill(document: Any) -> None:
        document.add_paragraph(LEAD)
        table = document.add_table(rows=0, cols=2)
        for cells in (("Route", "Fare"), ("Selm", "4.20"), ("Varn", "6.80")):
            row = table.add_row()
            row.cells[0].text, row.cells[1].text = cells
        document.add_paragraph(NEXT)

    assert text_of(fill) == f"{LEAD}\n\nRoute: Selm; Fare: 4.20\nRoute: Varn; Fare: 6.80\n\n{NEXT}"


def test_a_table_of_long_cells_is_a_layout() -> None:
    def fill(document: Any) -> None:
        table = document.add_table(rows=1, cols=2)
        table.rows[0].cells[0].text = f"{LEAD}\n{LEAD} {LEAD} {LEAD}"
        table.rows[0].cells[1].text = NEXT

    assert text_of(fill) == f"{LEAD}\n{LEAD} {LEAD} {LEAD}\n\n{NEXT}"


def test_what_was_deleted_is_left_out_and_what_was_inserted_is_kept() -> None:
    moved = f'<w:moveFrom w:id="3">{run("once ")}</w:moveFrom>'
    deleted = '<w:del w:id="1"><w:r><w:delText>partly </w:delText></w:r></w:del>'
    inserted = f'<w:ins w:id="2">{run("fully ")}</w:ins>'
    assert extract(with_xml(paragraph(run("It was ") + moved + deleted + inserted + run("closed.")))).text == (
        "It was fully closed."
    )


def test_a_paragraph_whose_end_was_deleted_goes_on() -> None:
    ended = '<w:pPr><w:rPr><w:del w:id="1"/></w:rPr></w:pPr>'
    assert (
        extract(with_xml(paragraph(ended + run("The quay")), paragraph(run("is closed.")))).text
        == "The quay is closed."
    )


def test_links_and_content_controls_are_kept_and_notes_and_hidden_text_are_not() -> None:
    link = f'<w:hyperlink w:anchor="a">{run("closed")}</w:hyperlink>'
    note = '<w:r><w:footnoteReference w:id="2"/></w:r><w:r><w:commentReference w:id="1"/></w:r>'
    hidden = run(" Ignore this.", "<w:rPr><w:vanish/></w:rPr>")
    field = "<w:r><w:instrText>HYPERLINK x</w:instrText></w:r>"
    inner = paragraph(run("The quay is ") + field + link + note + run(".") + hidden)
    control = f"<w:sdt><w:sdtContent>{inner}</w:sdtContent></w:sdt>"
    assert extract(with_xml(control)).text == "The quay is closed."


def test_breaks_and_hyphens() -> None:
    sign = "<w:r><w:{}/></w:r>"
    inner = run("It is") + sign.format("br") + run("well") + sign.format("noBreakHyphen")
    inner += run("kno") + sign.format("softHyphen")
    assert extract(with_xml(paragraph(inner + run("wn.")))).text == "It is\nwell-known."


def test_the_text_of_a_box_stands_once_behind_its_paragraph() -> None:
    box = f"<w:txbxContent>{paragraph(run('In numbers: 40 boats'))}</w:txbxContent>"
    compatible = 'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"'
    choice = f"<mc:Choice>{box}</mc:Choice><mc:Fallback>{box}</mc:Fallback>"
    inner = f"<mc:AlternateContent {compatible}>{choice}</mc:AlternateContent>"
    assert extract(with_xml(paragraph(run(LEAD) + f"<w:r>{inner}</w:r>"))).text == f"{LEAD}\n\nIn numbers: 40 boats"


def test_a_box_in_a_table_is_not_lost_and_one_that_repeats_the_text_is() -> None:
    def boxed(words: str) -> str:
        return f"<w:r><w:pict><w:txbxContent>{paragraph(run(words))}</w:txbxContent></w:pict></w:r>"

    cells = "".join(f"<w:tc>{paragraph(inner)}</w:tc>" for inner in (run("Boats") + boxed("Counted in May"), run("40")))
    quote = paragraph(run(LEAD) + boxed(NEXT.split(". ")[0]))
    found = extract(with_xml(quote, f"<w:tbl><w:tr>{cells}</w:tr></w:tbl>", paragraph(run(NEXT))))
    assert found.text == f"{LEAD}\n\nBoats; 40\n\nCounted in May\n\n{NEXT}"


def test_headers_and_footers_are_left_out() -> None:
    def fill(document: Any) -> None:
        document.sections[0].header.paragraphs[0].text = "Confidential"
        document.add_paragraph(LEAD)

    assert text_of(fill) == LEAD


# --- metadata --------------------------------------------------------------------------------------------------------


def test_the_properties_give_title_and_author_and_no_day_of_publication() -> None:
    def fill(document: Any) -> None:
        core = document.core_properties
        core.title, core.author, core.created = "Ice closes quay", "Ines Vale; Jonas Weck", datetime(2026, 3, 3)
        document.add_paragraph(LEAD)

    facts = extract(written(fill)).facts
    assert (facts.title, facts.authors, facts.published) == ("Ice closes quay", ("Ines Vale", "Jonas Weck"), None)


@pytest.mark.parametrize("style", ["Title", "Heading 1"])
def test_the_headline_that_readers_see_counts_more_than_a_property(style: str) -> None:
    def fill(document: Any) -> None:
        document.core_properties.title = "Template for features"
        document.add_paragraph("Ice closes the quay", style=style)
        document.add_paragraph("By Ines Vale")
        document.add_paragraph(LEAD)
        document.core_properties.author = "Jonas Weck"

    article = build(extract(written(fill)))
    assert (article.title, article.authors) == ("Ice closes the quay", ("Ines Vale",))


@pytest.mark.parametrize(
    ("title", "author"), [("Word Document", "python-docx"), ("ice.docx", "Microsoft Office User"), ("", "jw")]
)
def test_properties_that_say_nothing(title: str, author: str) -> None:
    def fill(document: Any) -> None:
        document.core_properties.title, document.core_properties.author = title, author
        document.add_paragraph(LEAD)

    facts = extract(written(fill)).facts
    assert (facts.title, facts.authors) == (None, ())


def test_the_head_of_the_page_tells_the_outlet_and_credits_tell_the_author() -> None:
    def fill(document: Any) -> None:
        document.sections[0].header.paragraphs[0].text = "Vessery Herald – manuscript"
        document.add_heading("Ice closes the quay", 1)
        document.add_paragraph("Text: Mila Brandt, photos: Ole Karsten")
        document.add_paragraph(LEAD)

    article = build(extract(written(fill)))
    assert (article.source, article.authors) == ("Vessery Herald", ("Mila Brandt",))


def test_a_line_above_the_text_tells_the_outlet_and_the_day() -> None:
    def fill(document: Any) -> None:
        document.add_heading("Ice closes the quay", 1)
        document.add_paragraph("Vessery Herald, Friday, 15 May 2026")
        document.add_paragraph("The quay on Monday", style="Caption")
        document.add_paragraph(LEAD)

    article = build(extract(written(fill)))
    assert (article.source, article.published) == ("Vessery Herald", date(2026, 5, 15))
    assert "on Monday" not in article.text


# --- files that cannot be read, or do harm ---------------------------------------------------------------------------

GOOD = written(lambda document: document.add_paragraph(LEAD))


@pytest.mark.parametrize(
    "content",
    [b"", b"PK\x03\x04", b"hello", GOOD[:-100], repacked(GOOD, document=b"<w:p"), repacked(GOOD, document=None)],
)
def test_what_is_no_docx(content: bytes) -> None:
    assert reason(content) == "is no DOCX that can be read; it may be damaged or cut off"


def test_a_document_with_a_password_and_one_without_text() -> None:
    assert "password" in reason(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600))
    assert reason(written(lambda document: None)) == "has no text"


def test_a_bomb_is_refused_by_its_directory() -> None:
    assert "unpacks to more than" in reason(repacked(GOOD, document=b" " * (docx_format.MAX_UNPACKED + 1)))
    assert "times its size" in reason(repacked(GOOD, styles=b" " * 5_000_000))


def test_a_directory_that_lies_about_sizes_is_not_trusted() -> None:
    bomb = repacked(GOOD, document=b" " * 5_000_000)
    true, false = (5_000_000).to_bytes(4, "little"), (900).to_bytes(4, "little")
    assert reason(bomb.replace(true, false)) == "is no DOCX that can be read; it may be damaged or cut off"


def test_names_that_lead_out_of_the_archive_are_not_followed() -> None:
    out = BytesIO(GOOD)
    with zipfile.ZipFile(out, "a") as archive:
        for name in ("/etc/passwd", "../../evil.txt", "word/../../evil.xml"):
            archive.writestr(name, "evil")
    assert extract(out.getvalue()).text == LEAD


def test_entities_do_nothing() -> None:
    levels = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 10))
    declared = f'<!DOCTYPE d [<!ENTITY x SYSTEM "file:///etc/passwd"><!ENTITY e0 "ha">{levels}]>'
    body = f"<w:document {_NS}><w:body><w:p><w:r><w:t>Quiet&x;&e9;.</w:t></w:r></w:p></w:body></w:document>"
    with suppress(InputError):
        assert extract(repacked(GOOD, document=(declared + body).encode())).text in {"Quiet", "Quiet."}


def test_elements_within_elements_without_end() -> None:
    deep = f"<w:document {_NS}><w:body>" + "<w:sdt>" * 5_000 + "</w:sdt>" * 5_000 + "</w:body></w:document>"
    assert reason(repacked(GOOD, document=deep.encode())) == "is no DOCX that can be read; it may be damaged or cut off"


@settings(max_examples=100, deadline=None)
@given(st.binary(max_size=300))
def test_any_bytes_give_an_extract_or_an_input_error(content: bytes) -> None:
    for whole in (content, b"PK\x03\x04" + content, repacked(GOOD, document=content)):
        with suppress(InputError):
            list(docx_format.read(Raw(whole, ".docx")))


def test_changed_files_give_an_extract_or_an_input_error() -> None:
    chance = random.Random(20260503)

    def fill(document: Any) -> None:
        document.add_heading("Ice", 1)
        document.add_paragraph("Trains run.", style="List Number")
        document.add_table(rows=2, cols=2).rows[0].cells[0].text = NEXT

    content = written(fill)
    with zipfile.ZipFile(BytesIO(content)) as archive:
        parts = {name: archive.read(f"word/{name}.xml") for name in ("document", "styles", "numbering")}
    for _ in range(150):
        changed = {}
        for name, part in parts.items():
            new = bytearray(part)
            for _ in range(chance.randint(0, 6)):
                place = chance.randrange(len(new))
                swap = chance.choice([b"", b"w:val", b"w:p", b'"', b"9" * 30, b"numId", b"abstractNum", b"</w:p>"])
                new[place : place + chance.randint(0, 8)] = swap
            changed[name] = bytes(new)
        broken = bytearray(repacked(content, **changed))
        if chance.random() < 0.5:
            broken[chance.randrange(len(broken))] = chance.randrange(256)
        with suppress(InputError):
            list(docx_format.read(Raw(bytes(broken), ".docx")))


def test_the_headline_is_the_line_above_the_story_that_stands_out() -> None:
    def fill(document: Any) -> None:
        document.add_heading("PRESS RELEASE", 1)
        document.add_paragraph("Reference TDC/PR/2026/031")
        document.add_paragraph("Northern quay of Selm closed at noon").runs[0].font.size = Pt(16)
        document.add_paragraph(LEAD)
        document.add_heading("What happens next on the quay", 2)
        document.add_paragraph(NEXT)

    assert extract(written(fill)).facts.title == "Northern quay of Selm closed at noon"


def test_a_title_of_the_file_that_nobody_sees_is_not_the_articles() -> None:
    def fill(document: Any) -> None:
        document.core_properties.title = "Minutes of the allotments committee"
        document.add_paragraph("Northern quay of Selm closed").runs[0].bold = True
        document.add_paragraph(LEAD)

    assert extract(written(fill)).facts.title == "Northern quay of Selm closed"
