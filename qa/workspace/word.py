"""A Word document with footnotes. python-docx makes the document; it knows no footnotes, so their part is made here.

The part ``word/footnotes.xml`` has the footnotes, and the document refers to them by number. Word expects the two
separators there, the styles of footnotes, and a mention of the separators in the settings
(ECMA-376-1, section 17.11).
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from io import BytesIO
from typing import TYPE_CHECKING, Any

import docx
from docx.enum.style import WD_STYLE_TYPE
from docx.opc.constants import CONTENT_TYPE, RELATIONSHIP_TYPE
from docx.opc.packuri import PackURI
from docx.opc.part import Part, XmlPart
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Pt, RGBColor
from docx.text.paragraph import Paragraph

from ..english.characters import displayable
from ..render import Run, in_line

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

_SEPARATORS = (("-1", "separator"), ("0", "continuationSeparator"))
_NO_XML = str.maketrans("\ufffe\uffff", "\ufffd\ufffd")  # characters that no XML can contain


class FootnotedDocument:
    """A Word document under construction."""

    def __init__(self, title: str) -> None:
        """Begin a document with a title."""
        self._document = docx.Document()
        about = self._document.core_properties
        about.title, about.author, about.comments = _clean(title)[:255], "", ""
        about.created = about.modified = datetime.now(UTC)
        styles = self._document.styles
        text = styles.add_style("footnote text", WD_STYLE_TYPE.PARAGRAPH, builtin=True)
        text.base_style = styles["Normal"]
        text.font.size = Pt(9)
        reference = styles.add_style("footnote reference", WD_STYLE_TYPE.CHARACTER, builtin=True)
        reference.font.superscript = True
        link = styles.add_style("Hyperlink", WD_STYLE_TYPE.CHARACTER, builtin=True)
        link.font.color.rgb, link.font.underline = RGBColor(0x05, 0x63, 0xC1), True
        self._text, self._reference, self._link = text.style_id, reference.style_id, link.style_id
        package = self._document.part.package
        assert package
        root = parse_xml(f"<w:footnotes {nsdecls('w', 'r')}/>")
        self._notes = XmlPart(PackURI("/word/footnotes.xml"), CONTENT_TYPE.WML_FOOTNOTES, root, package)
        self._document.part.relate_to(self._notes, RELATIONSHIP_TYPE.FOOTNOTES)
        settings = self._document.settings.element
        mentioned = OxmlElement("w:footnotePr")
        for number, kind in _SEPARATORS:
            self._notes.element.append(_separator(number, kind))
            mentioned.append(_element("w:footnote", id=number))
        settings.insert_element_before(mentioned, "w:endnotePr", "w:compat", "w:docVars", "w:rsids")
        self._count = 0
        self._document.add_heading(_clean(title), 0)

    def paragraph(self, runs: Iterable[Run] = (), *, italic: bool = False) -> Paragraph:
        """Add a paragraph. Runs that answer a question are bold."""
        made = self._document.add_paragraph()
        self.write(made, runs, italic=italic)
        return made

    def write(self, paragraph: Paragraph, runs: Iterable[Run], *, italic: bool = False) -> None:
        """Add runs to a paragraph."""
        for run in runs:
            made = paragraph.add_run(_clean(run.text))
            made.bold, made.italic = run.answers or None, italic or None

    def footnote(self, paragraph: Paragraph, runs: Iterable[Run], url: str | None = None, after: str = "") -> None:
        """Add a footnote at the end of what a paragraph has so far.

        Args:
            paragraph: the paragraph.
            runs: the text of the footnote.
            url: an address that stands behind the text, as a link.
            after: what stands behind the address.
        """
        self._count += 1
        number = str(self._count)
        mark: Any = _element("w:footnoteReference", id=number)  # no class of python-docx
        paragraph.add_run(style="footnote reference")._r.append(mark)
        text = OxmlElement("w:p")
        properties = OxmlElement("w:pPr")
        properties.append(_element("w:pStyle", val=self._text))
        text.append(properties)
        text.append(_run(OxmlElement("w:footnoteRef"), style=self._reference))
        text.append(_run(_text(" ")))
        for run in runs:
            text.append(_run(_text(run.text), bold=run.answers))
        if url:
            text.append(_run(_text(" ")))
            text.append(self._hyperlink(self._notes, url))
        if after:
            text.append(_run(_text(after)))
        note = _element("w:footnote", id=number)
        note.append(text)
        self._notes.element.append(note)

    def _hyperlink(self, part: Part, url: str) -> Element:
        link = OxmlElement("w:hyperlink")
        link.set(qn("r:id"), part.relate_to(url, RELATIONSHIP_TYPE.HYPERLINK, is_external=True))
        link.append(_run(_text(url), style=self._link))
        return link

    def save(self) -> bytes:
        """Return the document as the content of a .docx file."""
        file = BytesIO()
        self._document.save(file)
        return file.getvalue()


def _separator(number: str, kind: str) -> Element:
    note = _element("w:footnote", type=kind, id=number)
    paragraph = OxmlElement("w:p")
    paragraph.append(_run(OxmlElement(f"w:{kind}")))
    note.append(paragraph)
    return note


def _run(content: Element, style: str = "", *, bold: bool = False) -> Element:
    run = OxmlElement("w:r")
    if style or bold:
        properties = OxmlElement("w:rPr")
        if style:
            properties.append(_element("w:rStyle", val=style))
        if bold:
            properties.append(OxmlElement("w:b"))
        run.append(properties)
    run.append(content)
    return run


def _text(text: str) -> Element:
    made = OxmlElement("w:t")
    made.text = _clean(text)
    made.set(qn("xml:space"), "preserve")
    return made


def _element(tag: str, **attributes: str) -> Element:
    made = OxmlElement(tag)
    for name, value in attributes.items():
        made.set(qn(f"w:{name}"), value)
    return made


def _clean(text: str) -> str:
    return displayable(in_line(text)).translate(_NO_XML)
