"""HTML becomes text: paragraphs, lists and tables keep their form, and what is no text is left out."""

import pytest
from lxml import html

from qa.articles.formats.markup import looks_like_markup, text_of


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("<p>The ferry <b>sails</b> again.</p><p>Fares rise.</p>", "The ferry sails again.\n\nFares rise."),
        ("<h2>Fares</h2>They rise.", "Fares\n\nThey rise."),
        ("One.<br>Two.<br><br>Three.<br>\n<br/>Four.", "One.\nTwo.\n\nThree.\n\nFour."),
        ("<p>Three ports:</p><ul><li>Arle</li><li><p>Brae</p></li></ul><p>End.</p>",
         "Three ports:\n\n- Arle\n- Brae\n\nEnd."),
        ("<dl><dt>Arle</dt><dd>Open</dd></dl>", "Arle\nOpen"),
        ("<p>A<script>x()</script> ferry.</p><nav>Home</nav><form><p>Sign up</p></form>", "A ferry."),
        ("<p>Seen.</p><p hidden>Not seen.</p> After.", "Seen.\n\nAfter."),
        ("<figure><img><figcaption>A ferry. Photo: J. Roe</figcaption></figure><p>Text.</p>", "Text."),
        ("<p>It cost <del>$5</del> <ins>$6</ins>.</p>", "It cost $6."),
        ("<p>She said <q>no</q>.</p>", "She said “no”."),
        ("<p>Minis&shy;ter &amp; co, 5&nbsp;%</p>", "Minister & co, 5 %"),
        ("<p>One<!-- no --> line.</p>", "One line."),
        ('<?xml version="1.0" encoding="utf-8"?><p>Text.</p>', "Text."),
        ("", ""),
        ("  \n", ""),
    ],
)  # fmt: skip
def test_text_of_html(source: str, text: str) -> None:
    assert text_of(source) == text


def test_a_row_of_a_table_repeats_its_heading() -> None:
    head = "<caption>Passengers</caption><tr><th>Port</th><th>2025</th></tr>"
    rows = "<tr><th>Arle</th><td>1,200</td></tr><tr><td>Brae</td><td>900</td></tr>"
    lines = "Passengers\nPort: Arle; 2025: 1,200\nPort: Brae; 2025: 900"
    assert text_of(f"<table>{head}{rows}</table>") == lines
    in_thead = head.replace("th>", "td>").replace("<tr>", "<thead><tr>").replace("</tr>", "</tr></thead>")
    assert text_of(f"<table>{in_thead}{rows}</table>") == lines


def test_a_table_without_headings_and_a_table_of_layout() -> None:
    assert text_of("<table><tr><td>Arle</td><td>5</td></tr></table>") == "Arle; 5"
    story = "The ferry sails again. " * 20
    assert text_of(f"<table><tr><td>Home</td><td><p>{story}</p><p>End.</p></td></tr></table>").endswith(".\n\nEnd.")


def test_an_element_is_read_whatever_it_is() -> None:
    page = html.document_fromstring("<body><aside><p>Correction: it was Arle.</p></aside> after</body>")
    assert text_of(page.find(".//aside")) == "Correction: it was Arle."
    assert text_of(page) == "after"


def test_markup_is_told_from_plain_text() -> None:
    assert looks_like_markup("<p>One</p>")
    assert looks_like_markup("Salt &amp; pepper")
    assert not looks_like_markup("AT&T said 3 < 5 and 7 > 6")


def test_deep_nesting_is_no_recursion() -> None:
    assert text_of("<div>" * 200 + "deep" + "</div>" * 200) == "deep"
