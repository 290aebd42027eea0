"""Reading PDF: order, paragraphs, broken words, what surrounds the text, metadata, and files that do harm."""

from __future__ import annotations

import random
import zlib
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from io import BytesIO

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pypdf import PdfReader, PdfWriter

from qa.articles.build import build
from qa.articles.extract import Extract, Raw
from qa.articles.formats import pdf
from qa.articles.formats.properties import imprint_of
from qa.errors import InputError

LEAD = "The harbour master of Selm closed the northern quay at noon, and the boats that were out had to wait."
NEXT = "Nobody was hurt. The quay will open again on Friday, when the ice has gone from the basin, he said."
THIRD = "Fishermen from Varn said that they had seen the cracks in the wall as early as last spring."


@dataclass
class Piece:
    """Text in Courier, whose letters are all 0.6 of the size wide, from a place on the page."""

    x: float
    y: float
    text: str
    size: float = 10
    bold: bool = False
    before: str = ""
    """Operators before it."""


def page_of(pieces: Iterable[Piece]) -> bytes:
    shown = []
    for one in pieces:
        text = one.text.replace("\\", r"\\").replace("(", r"\(").replace(")", r"\)")
        font = "F2" if one.bold else "F1"
        shown.append(f"q {one.before} BT /{font} {one.size} Tf {one.x} {one.y} Td ({text}) Tj ET Q")
    return "\n".join(shown).encode("cp1252")


def pdf_of(*pages: Iterable[Piece] | bytes, info: str = "", resources: str = "") -> bytes:
    """A whole file: each page given by its pieces or by its content stream."""
    streams = [page if isinstance(page, bytes) else page_of(page) for page in pages]
    fonts = "/F1 << /Type /Font /Subtype /Type1 /BaseFont /Courier /Encoding /WinAnsiEncoding >>"
    fonts += " /F2 << /Type /Font /Subtype /Type1 /BaseFont /Courier-Bold /Encoding /WinAnsiEncoding >>"
    kids = " ".join(f"{4 + 2 * number} 0 R" for number in range(len(streams)))
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Kids [{kids}] /Count {len(streams)} >>".encode(),
        f"<< {info} >>".encode("cp1252"),
    ]
    for number, stream in enumerate(streams):
        head = (
            f"/Resources << /Font << {fonts} >> {resources} >> /MediaBox [0 0 600 800] /Contents {5 + 2 * number} 0 R"
        )
        objects.append(f"<< /Type /Page /Parent 2 0 R {head} >>".encode())
        objects.append(b"<< /Length %d >>\nstream\n%s\nendstream" % (len(stream), stream))
    return assembled(objects)


def assembled(objects: Sequence[bytes]) -> bytes:
    out = b"%PDF-1.7\n"
    places = []
    for number, content in enumerate(objects, start=1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    size = len(objects) + 1
    tail = b"trailer << /Size %d /Root 1 0 R /Info 3 0 R >>\nstartxref\n%d\n%%%%EOF" % (size, len(out))
    return out + b"xref\n0 %d\n0000000000 65535 f \n" % size + table + tail


def wrapped(text: str, width: int) -> list[str]:
    lines = [""]
    for word in text.split():
        if lines[-1] and len(lines[-1]) + 1 + len(word) > width:
            lines.append("")
        lines[-1] += f" {word}" if lines[-1] else word
    return lines


def column(
    paragraphs: Sequence[str], *, x: float = 50, top: float = 700, width: int = 40, gap: float = 8
) -> list[Piece]:
    """Paragraphs in a column of so many letters, with a gap between them."""
    pieces, y = [], top
    for paragraph in paragraphs:
        for line in wrapped(paragraph, width):
            pieces.append(Piece(x, y, line))
            y -= 12
        y -= gap
    return pieces


def lines(*texts: str, x: float = 50, top: float = 700) -> list[Piece]:
    return [Piece(x, top - 12 * number, text) for number, text in enumerate(texts)]


def extract(content: bytes) -> Extract:
    (found,) = pdf.read(Raw(content, ".pdf"))
    assert isinstance(found, Extract)
    return found


def text_of(*pages: Iterable[Piece] | bytes) -> str:
    return extract(pdf_of(*pages)).text


def reason(content: bytes) -> str:
    with pytest.raises(InputError) as caught:
        list(pdf.read(Raw(content, ".pdf")))
    return str(caught.value)


# --- order and paragraphs --------------------------------------------------------------------------------------------


def test_lines_of_a_paragraph_are_joined_and_paragraphs_are_apart() -> None:
    assert text_of(column([LEAD, NEXT])) == f"{LEAD}\n\n{NEXT}"


def test_an_indent_begins_a_paragraph() -> None:
    first, second = column([LEAD], gap=0), column([NEXT], top=700 - 12 * len(wrapped(LEAD, 40)), gap=0)
    second[0].x += 12
    assert text_of(first + second) == f"{LEAD}\n\n{NEXT}"


def test_a_line_that_ends_early_with_a_full_stop_ends_a_paragraph() -> None:
    assert text_of(column([LEAD, NEXT, THIRD], gap=0)) == f"{LEAD}\n\n{NEXT}\n\n{THIRD}"


def test_columns_are_read_one_after_the_other_though_they_were_drawn_line_by_line() -> None:
    left, right = column([LEAD, NEXT]), column([THIRD, LEAD.replace("Selm", "Varn")], x=310)
    drawn = sorted(left + right, key=lambda piece: -piece.y)
    assert text_of(drawn) == f"{LEAD}\n\n{NEXT}\n\n{THIRD}\n\n{LEAD.replace('Selm', 'Varn')}"


def test_three_columns_under_a_headline_that_crosses_them() -> None:
    stories = [f"{name} said so. {LEAD}" for name in ("Ada", "Ben", "Cleo")]
    pieces = [Piece(50, 750, "Ice closes the northern quay of Selm", 20)]
    pieces += [
        piece for x, story in zip((50, 230, 410), stories, strict=True) for piece in column([story], x=x, width=28)
    ]
    assert text_of(reversed(pieces)) == "Ice closes the northern quay of Selm\n\n" + "\n\n".join(stories)


def test_a_heading_across_the_columns_divides_them() -> None:
    upper, lower = [LEAD, NEXT], [THIRD, LEAD.replace("Selm", "Varn")]
    pieces = column(upper[:1]) + column(upper[1:], x=310) + [Piece(50, 600, "What happens next", 14)]
    pieces += column(lower[:1], top=570) + column(lower[1:], x=310, top=570)
    assert text_of(pieces).split("\n\n") == [*upper, "What happens next", *lower]


@pytest.mark.parametrize("where", ["column", "page"])
def test_a_paragraph_runs_over_the_break_of_a_column_and_of_a_page(where: str) -> None:
    parts = wrapped(f"{LEAD} {NEXT}", 40)
    first = lines(*wrapped(THIRD, 40), *parts[:3])
    rest = lines(*parts[3:], x=310 if where == "column" else 50)
    pages = [first + rest] if where == "column" else [first, rest]
    assert text_of(*pages) == f"{THIRD}\n\n{LEAD} {NEXT}"


def test_a_caption_between_two_columns_does_not_interrupt_the_paragraph() -> None:
    parts = wrapped(LEAD, 40)
    left = lines(*wrapped(THIRD, 40), *parts[:2])
    pieces = [*left, Piece(50, 636, "The quay of Selm on Monday", 8), *lines(parts[2], *wrapped(NEXT, 40) * 2, x=310)]
    assert text_of(pieces) == f"{THIRD}\n\n{LEAD}\n\n{NEXT}\n\n{NEXT}"


def test_the_text_flows_around_a_quotation() -> None:
    story = f"{LEAD} {THIRD} {NEXT} {THIRD}"
    full, narrow = wrapped(story, 60)[:3], []
    rest = story[len(" ".join(full)) + 1 :]
    narrow = wrapped(rest, 35)[:3]
    after = wrapped(rest[len(" ".join(narrow)) + 1 :], 60)
    quotation = [Piece(300, 664, "“It was", 14), Piece(300, 644, "no choice”", 14)]
    assert text_of([*lines(*full, *narrow, *after), *quotation]) == f"{story}\n\n“It was no choice”"


def test_a_caption_with_a_credit_is_left_out() -> None:
    pieces = [*column([LEAD, NEXT]), Piece(50, 500, "The quay of Selm on Monday. Photograph: Ines Vale", 7)]
    assert text_of(pieces) == f"{LEAD}\n\n{NEXT}"


def test_lists_are_lines_with_a_hyphen() -> None:
    pieces = [
        *column([LEAD]),
        Piece(50, 650, "• Trains run."),
        Piece(50, 638, "• Boats do not run."),
        *column([NEXT], top=610),
    ]
    assert text_of(pieces) == f"{LEAD}\n- Trains run.\n- Boats do not run.\n\n{NEXT}"


def test_the_rows_of_a_table_are_lines() -> None:
    rows = [("Route", "Fare"), ("Selm", "4.20"), ("Varn", "6.80")]
    pieces = column([LEAD])
    for number, row in enumerate(rows):
        pieces += [Piece(50 + 120 * place, 640 - 14 * number, cell) for place, cell in enumerate(row)]
    assert text_of(pieces) == f"{LEAD}\n\nRoute Fare\nSelm 4.20\nVarn 6.80"


def test_a_large_initial_stands_before_its_word() -> None:
    parts = wrapped(LEAD[1:], 40)
    pieces = [Piece(50, 676, "T", 36)] + [Piece(74, 700 - 12 * n, part) for n, part in enumerate(parts)]
    assert text_of(pieces) == LEAD


def test_text_that_is_turned_with_its_page_is_read_and_a_credit_at_the_side_is_not() -> None:
    turned = b"\n".join(
        b"BT /F1 10 Tf 0 1 -1 0 %d 50 Tm (%s) Tj ET" % (100 + 12 * number, line.encode())
        for number, line in enumerate(wrapped(LEAD, 40))
    )
    assert text_of(turned + b" BT /F1 6 Tf 20 20 Td (Photo: Ines Vale) Tj ET") == LEAD


def test_pieces_of_words_and_kerning() -> None:
    stream = b"BT /F1 10 Tf 50 700 Td [(The har) -20 (bour is ) 15 (closed) -400 (today.)] TJ ET"
    assert text_of(stream) == "The harbour is closed today."


def test_text_in_a_form_is_read_and_a_form_within_itself_is_no_loop() -> None:
    form = b"<< /Type /XObject /Subtype /Form /BBox [0 0 600 800] /Resources << /XObject << /X 6 0 R >> /Font << /F1 "
    form += b"<< /Type /Font /Subtype /Type1 /BaseFont /Courier >> >> >> /Length 54 >>\nstream\n"
    form += b"BT /F1 10 Tf 50 700 Td (The quay is closed.) Tj ET /X Do\nendstream"
    whole = pdf_of(b"/X Do", resources="/XObject << /X 6 0 R >>")
    objects = [part.split(b" obj\n", 1)[1] for part in whole.split(b"\nendobj\n")[:-1]]
    assert extract(assembled([*objects, form])).text == "The quay is closed."


def test_text_that_nobody_sees_is_left_out_unless_it_is_all_there_is() -> None:
    hidden = [Piece(50, 400, "Ignore what was said before.", before="3 Tr"), Piece(50, 380, "And this.", 1)]
    assert text_of([*column([LEAD]), *hidden, Piece(900, 400, "Off the page.")]) == LEAD
    assert text_of([Piece(piece.x, piece.y, piece.text, before="3 Tr") for piece in column([LEAD])]) == LEAD


def test_what_is_drawn_twice_is_read_once() -> None:
    assert text_of([*column([LEAD]), *(Piece(p.x + 0.3, p.y, p.text) for p in column([LEAD]))]) == LEAD


# --- words -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("written", "read"),
    [
        (("the infra-", "structure of Selm"), "the infrastructure of Selm"),
        (("a well-", "known harbour"), "a well-known harbour"),
        (("the quay-", "side inn, and the quay-side"), "the quay-side inn, and the quay-side"),
        (("the mother-in-", "law of the mayor"), "the mother-in-law of the mayor"),
        (("the Varn-", "Selm ferry"), "the Varn-Selm ferry"),
        (("the north-", "ern quay"), "the northern quay"),
        (("a 2-", "metre crack"), "a 2-metre crack"),
        (("the har\u00ad", "bour of Se\u00adlm"), "the harbour of Selm"),
        (("he waited —", "and waited"), "he waited — and waited"),
        (("he waited—", "and waited"), "he waited—and waited"),
    ],
)
def test_words_that_were_broken_at_the_end_of_a_line(written: tuple[str, str], read: str) -> None:
    first, second = written
    assert text_of(lines(first, second)) == read


def test_ligatures_are_letters() -> None:
    cmap = b"1 begincodespacerange <00> <ff> endcodespacerange 2 beginbfchar <01> <fb01> <02> <fb02> endbfchar"
    font = "/Font << /L << /Type /Font /Subtype /Type1 /BaseFont /Courier /ToUnicode 6 0 R >> >>"
    whole = pdf_of(b"BT /L 10 Tf 50 700 Td (The \\001sh and the \\002eet.) Tj ET").replace(
        b"/Font << /F1", b"/Unused << /F1"
    )
    objects = [part.split(b" obj\n", 1)[1] for part in whole.split(b"\nendobj\n")[:-1]]
    objects[3] = objects[3].replace(b"/Resources <<", f"/Resources << {font}".encode())
    objects.append(b"<< /Length %d >>\nstream\n%s\nendstream" % (len(cmap), cmap))
    assert extract(assembled(objects)).text == "The fish and the fleet."


# --- what surrounds the text -----------------------------------------------------------------------------------------


def test_heads_feet_and_page_numbers_are_left_out() -> None:
    def page(number: int, text: str) -> list[Piece]:
        head, foot = Piece(50, 770, f"Karrow Courier, 3 March 2026, edition {number}"), Piece(290, 30, f"- {number} -")
        return [head, *column([text]), foot]

    assert text_of(page(1, LEAD), page(2, NEXT), page(3, THIRD)) == f"{LEAD}\n\n{NEXT}\n\n{THIRD}"


def test_what_a_browser_prints_around_a_page_is_left_out() -> None:
    printed = [
        Piece(20, 785, "07/05/2026, 21:30"),
        Piece(250, 785, "Ice closes quay"),
        Piece(20, 10, "https://courier.example/ice"),
    ]
    assert text_of([*printed, Piece(570, 10, "1/2"), *column([LEAD])]) == LEAD


def test_a_number_in_the_text_is_no_page_number() -> None:
    numbered = [
        Piece(50, 700, "A count"),
        Piece(50, 680, "In all:"),
        Piece(50, 660, "Boats:"),
        Piece(50, 640, "12"),
        *column([LEAD], top=600),
    ]
    assert "12" in text_of(numbered).split()


def test_footnotes_and_their_marks_are_left_out() -> None:
    pieces = [
        *column([LEAD]),
        Piece(50, 600, "Nobody was hurt"),
        Piece(141, 604, "1", 6),
        Piece(150, 600, "in the fall."),
    ]
    assert (
        text_of([*pieces, Piece(50, 60, "1 The office counts only its own.", 7)])
        == f"{LEAD}\n\nNobody was hurt in the fall."
    )


def test_a_raised_figure_behind_a_unit_is_kept() -> None:
    pieces = [Piece(50, 700, "The basin has 40 km"), Piece(164.5, 704, "2", 6), Piece(171, 700, "of ice.")]
    assert text_of(pieces) == "The basin has 40 km2 of ice."


# --- metadata --------------------------------------------------------------------------------------------------------

HEADED = [Piece(50, 760, "Ice closes the quay of Selm", 20), Piece(50, 735, "By Ines Vale"), *column([LEAD, NEXT])]


def test_the_title_of_the_file_is_the_title() -> None:
    found = extract(pdf_of(column([LEAD]), info="/Title (Ice closes quay) /CreationDate (D:20240101000000Z)"))
    assert found.facts.title == "Ice closes quay"
    assert found.facts.published is None


@pytest.mark.parametrize("title", ["", "Microsoft Word - ice.docx", "untitled", "ice_v2.indd", "Layout 1", "C:\\\\ice"])
def test_the_largest_text_at_the_top_is_the_title_if_the_file_has_none(title: str) -> None:
    found = extract(pdf_of([Piece(50, 790, "KARROW COURIER", 28), *HEADED], info=f"/Title ({title})"))
    assert found.facts.title == "Ice closes the quay of Selm"
    assert found.text.startswith("Ice closes the quay of Selm\n\n")
    assert build(found).authors == ("Ines Vale",)


@pytest.mark.parametrize(
    "title", ["Ice closes the quay of Selm | Karrow Courier", "Ice closes the quay - Karrow Courier"]
)
def test_the_title_of_a_page_gives_way_to_the_headline_on_it(title: str) -> None:
    assert extract(pdf_of(HEADED, info=f"/Title ({title})")).facts.title == "Ice closes the quay of Selm"


@pytest.mark.parametrize(
    ("author", "authors"),
    [
        ("Ada Blum and Jonas Weck", ("Ada Blum", "Jonas Weck")),
        ("Microsoft Office User", ()),
        ("jweck", ()),
        ("Karrow Courier", ()),
        ("", ()),
    ],
)
def test_only_people_are_authors(author: str, authors: tuple[str, ...]) -> None:
    assert extract(pdf_of(column([LEAD]), info=f"/Author ({author})")).facts.authors == authors


def test_a_byline_counts_more_than_the_author_of_the_file() -> None:
    assert build(extract(pdf_of(HEADED, info="/Author (Jonas Weck)"))).authors == ("Ines Vale",)


def test_running_heads_tell_the_outlet_and_the_day() -> None:
    def page(text: str) -> list[Piece]:
        return [Piece(50, 770, "The Vessery Herald", 8), Piece(400, 770, "Friday, 15 May 2026", 8), *column([text])]

    for pages in ([page(LEAD), page(NEXT)], [page(f"{LEAD} {NEXT}")]):
        found = extract(pdf_of(*pages))
        assert found.text.startswith(LEAD)
        assert (found.facts.source, found.facts.published) == ("The Vessery Herald", date(2026, 5, 15))


def test_what_is_much_smaller_than_the_text_is_no_part_of_it() -> None:
    pieces = [Piece(50, 760, "Harbour", 6), *column([LEAD, NEXT]), Piece(50, 500, "Subscribers read it first.", 6)]
    assert text_of(pieces) == f"Harbour\n\n{LEAD}\n\n{NEXT}"


def test_a_soft_hyphen_that_a_browser_draws_as_a_space_is_none() -> None:
    assert text_of([Piece(50, 700, "the smal "), Piece(98, 700, "lest quay")]) == "the smallest quay"


# --- files that cannot be read ---------------------------------------------------------------------------------------


def encrypted(password: str) -> bytes:
    writer = PdfWriter(clone_from=PdfReader(BytesIO(pdf_of(column([LEAD])))))
    writer.encrypt(password, "owner", algorithm="RC4-128")
    out = BytesIO()
    writer.write(out)
    return out.getvalue()


def test_an_encrypted_file_is_read_if_its_password_is_empty() -> None:
    assert extract(encrypted("")).text == LEAD
    assert "save it without a password" in reason(encrypted("secret"))


def test_a_scan_is_named_as_one() -> None:
    assert "OCR" in reason(pdf_of(b"0 0 10 10 re f"))
    found = extract(pdf_of(column([LEAD]), b"0 0 10 10 re f"))
    assert found.text == LEAD
    assert found.warnings == ("1 of 2 pages have no text that can be read",)


@pytest.mark.parametrize("content", [b"", b"%PDF-1.7", b"hello", pdf_of(column([LEAD]))[:300]])
def test_what_is_no_pdf(content: bytes) -> None:
    assert "no PDF that can be read" in reason(content)


def test_too_many_pages() -> None:
    assert str(pdf.MAX_PAGES) in reason(pdf_of(*[b"" for _ in range(pdf.MAX_PAGES + 1)]))


def test_a_stream_that_unpacks_to_too_much() -> None:
    packed = zlib.compress(b" " * (pdf.MAX_STREAM + 1))
    whole = pdf_of(b"").replace(
        b"<< /Length 0 >>\nstream\n\n",
        b"<< /Length %d /Filter /FlateDecode >>\nstream\n" % len(packed) + packed + b"\n",
    )
    assert "unpacks to more" in reason(whole)


def test_pages_in_a_loop() -> None:
    looped = pdf_of(column([LEAD])).replace(b"/Kids [4 0 R]", b"/Kids [2 0 R]")
    assert reason(looped)


GOOD = [
    pdf_of([*HEADED, *column([THIRD], x=310)], column([LEAD]), info="/Title (Ice closes quay) /Author (Ines Vale)"),
    encrypted(""),
]


@settings(max_examples=150)
@given(st.binary(max_size=400))
def test_any_bytes_give_an_extract_or_an_input_error(content: bytes) -> None:
    for whole in (content, b"%PDF-1.4\n" + content + b"\n%%EOF"):
        with suppress(InputError):
            list(pdf.read(Raw(whole, ".pdf")))


def test_changed_files_give_an_extract_or_an_input_error() -> None:
    chance = random.Random(20260503)
    for _ in range(400):
        content = bytearray(chance.choice(GOOD))
        for _ in range(chance.randint(1, 12)):
            place = chance.randrange(len(content))
            match chance.randrange(4):
                case 0:
                    content[place] = chance.randrange(256)
                case 1:
                    del content[place : place + chance.randint(1, 40)]
                case 2:
                    content[place:place] = chance.choice(
                        [b"<<", b"[", b"(", b"/Kids", b"4 0 R", b"-9e99", b"\0", b"null"]
                    )
                case _:
                    other = chance.randrange(len(content))
                    content[place : place + 10] = content[other : other + 10]
        with suppress(InputError):
            list(pdf.read(Raw(bytes(content), ".pdf")))


def test_the_largest_text_is_the_title_if_the_page_does_not_show_the_one_of_the_file() -> None:
    page = [Piece(50, 740, "Ferry to sail again after nine weeks", 24), *lines(LEAD, top=690)]
    assert extract(pdf_of(page, info="/Title (Layout proof)")).facts.title == "Ferry to sail again after nine weeks"


def test_outlet_and_day_stand_above_the_headline() -> None:
    page = [
        Piece(50, 780, "Vessery Journal", 34),
        Piece(50, 760, "No. 148   Tuesday, 30 June 2026   2.50 crowns", 9),
        Piece(50, 725, "Ferry to sail again after nine weeks", 24),
        *lines(LEAD, top=690),
    ]
    facts = extract(pdf_of(page)).facts
    assert (facts.title, facts.source) == ("Ferry to sail again after nine weeks", "Vessery Journal")
    assert facts.published == date(2026, 6, 30)


def test_a_line_below_a_cutting_tells_its_outlet_and_day_and_is_no_part_of_the_story() -> None:
    page = [Piece(50, 725, "Ferry to sail again after nine weeks", 24), *lines(LEAD, top=690)]
    found = extract(pdf_of([*page, Piece(50, 560, "Vessery Journal, June 30, 2026, page 3", 12)]))
    assert (found.facts.source, found.facts.published) == ("Vessery Journal", date(2026, 6, 30))
    assert "page 3" not in found.text


def test_the_labels_of_a_cutting_are_no_part_of_the_outlet() -> None:
    assert imprint_of(["Source: Selm Morning Post Date: 5 November 2026"]) == ("Selm Morning Post", date(2026, 11, 5))


@pytest.mark.parametrize("algorithm", ["RC4-128", "AES-128", "AES-256"])
def test_a_file_with_a_password_is_refused_in_one_line(algorithm: str) -> None:
    writer = PdfWriter(clone_from=BytesIO(pdf_of(lines(LEAD))))
    writer.encrypt("secret", algorithm=algorithm)
    out = BytesIO()
    writer.write(out)
    assert reason(out.getvalue()) == "is encrypted; save it without a password"
