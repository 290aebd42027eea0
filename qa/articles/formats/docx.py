"""Word documents (DOCX): the text as its readers see it, in the order of the document.

python-docx opens the file and knows its parts. The text is walked here, because its paragraphs leave out content
controls and insertions that somebody has still to accept.
"""

from __future__ import annotations

import re
import struct
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from io import BytesIO
from typing import Any, NamedTuple

import docx
from docx.document import Document
from docx.exceptions import PythonDocxError
from docx.opc.exceptions import OpcError
from docx.oxml.ns import qn
from lxml import etree

from ...english.characters import is_storable
from ...english.header import is_outlet, read_header
from ...english.lexicon import HEADER_LABELS, any_of
from ...english.regex import lazy_compile
from ...errors import InputError
from ..extract import Extract, Raw, Unread
from ..fields import Facts
from .properties import imprint_of, people_of, title_of
from .surroundings import status_by_notices, story_in, without_cover
from .tables import MAX_CELL, write_row

MAX_UNPACKED = 50_000_000  # bytes of all parts
MAX_RATIO = 200  # of a part; Word's own are packed to a tenth or twentieth
_SMALL_PART = 200_000  # bytes; below it, a ratio says nothing
_HEAD, _HEAD_LINES, _MAX_IMPRINT = 2_000, 9, 80  # characters, lines with blank ones, characters
_TOP, _PROSE = 30, 12  # paragraphs, and words of one that is a part of the story
_MIN_TITLE, _NAMED, _MAX_TITLE = 3, 5, 40  # words: of a short headline, of one that is no name, of a long one
_LABEL = lazy_compile(rf"^(?:{any_of(HEADER_LABELS['title'])})\s*:\s*", re.IGNORECASE)
_LARGER, _USUAL_SIZE = 1.1, 22  # times the size of the text; half points
_OFF = {"0", "false", "off"}
_SENTENCE = re.compile(r"[.!?:][”\"]?$")
_COMPOUND = b"\xd0\xcf\x11\xe0"  # the container of .doc, and of a DOCX with a password


def read(raw: Raw) -> Iterator[Extract | Unread]:
    """Read a Word document.

    Args:
        raw: the file.

    Yields:
        One article. An item of a list is a line ``- item`` or ``1. item``, a row of a table with headings a line
        ``Heading: cell; Heading: cell``. Captions, deleted and hidden text, notes, comments, headers and footers are
        left out. A text box follows the paragraph or the table in which it hangs, unless it repeats what the text says.
        The dates of the file are not the day of publication.

    Raises:
        InputError: it is no DOCX, is broken or encrypted, has no text, or unpacks to too much.
    """
    if raw.content.startswith(_COMPOUND):
        raise InputError("is encrypted, or an old .doc file; save it as .docx without a password")
    yield _whole(raw.content)


def _whole(content: bytes) -> Extract:
    """Read a file, and turn what the libraries raise about a broken one into an InputError.

    python-docx checks little: a part that is missing or is not what it should be shows as an error of the standard
    library. Those are caught here, and only here.
    """
    try:
        _check_size(content)
        return _extract(docx.Document(BytesIO(content)))
    except (zipfile.BadZipFile, zlib.error, PythonDocxError, OpcError, etree.LxmlError, EOFError, OSError) as error:
        raise InputError("is no DOCX that can be read; it may be damaged or cut off") from error
    except (LookupError, TypeError, ValueError, AttributeError, AssertionError, RuntimeError, struct.error) as error:
        raise InputError("is no DOCX that can be read; it may be damaged or cut off") from error


def _check_size(content: bytes) -> None:
    """Refuse a file that unpacks to too much. Each part is unpacked once, because a directory may lie.

    zipfile gives no more bytes of a part than the directory states, and compares the checksum at its end.
    """
    with zipfile.ZipFile(BytesIO(content)) as archive:
        parts = archive.infolist()
        if sum(part.file_size for part in parts) > MAX_UNPACKED:
            raise InputError(f"unpacks to more than {MAX_UNPACKED // 1_000_000} MB")
        if any(part.file_size > max(_SMALL_PART, MAX_RATIO * part.compress_size) for part in parts):
            raise InputError(f"has a part that unpacks to more than {MAX_RATIO} times its size")
        for part in parts:
            with archive.open(part) as stream:
                while stream.read(1_000_000):
                    pass


def _extract(document: Document) -> Extract:
    writer = _Writer(_Lists(document))
    writer.blocks(document.element.body)
    text = writer.text()
    if not text:
        raise InputError("has no text")
    core = document.core_properties
    text = story_in(without_cover(text))
    header, stated = read_header(text), title_of(_storable(core.title))
    title = _headline(writer.top, text) or (stated if _is_shown(stated, text) or not header.title else None)
    authors = () if header.authors else people_of(_storable(core.author))
    source, published = _imprint(text)
    source = source or imprint_of(_heads(document))[0]
    facts = Facts(
        title=title,
        source=None if header.source else source,
        authors=authors,
        published=None if header.published else published,
        status=status_by_notices(text),
    )
    return Extract(text, facts)


def _heads(document: Document) -> Iterator[str]:
    """Yield the lines of the heads of pages, which may name the outlet: "The Vessery Herald – manuscript"."""
    for section in document.sections:
        if not section.header.is_linked_to_previous:
            yield from (_storable(paragraph.text)[:_MAX_IMPRINT] for paragraph in section.header.paragraphs)


def _headline(top: list[_Line], text: str) -> str | None:
    """Return the line above the story that its form makes the headline: by its style, its size, or bold letters.

    None if no line stands out. "PRESS RELEASE" and the name of a newspaper may stand out more, and are none.
    """
    prose = next((n for n, line in enumerate(top) if line.is_prose()), len(top))
    usual = max(line.size for line in top[prose : prose + 1] or top) if top else 0
    lines = [line for line in top[:prose] if _MIN_TITLE <= len(line.words.split()) <= _MAX_TITLE]
    lines = [line for line in lines if line.rank(usual) and not is_outlet(line.words) and line.words in text]
    named = [line for line in lines if len(re.findall(r"\w*[a-z]\w*", line.words)) >= _NAMED]
    best = max(named or lines, key=lambda line: line.rank(usual) or (0, 0, False), default=None)
    return _LABEL.sub("", best.words) if best else None


def _is_shown(title: str | None, text: str) -> bool:
    """Whether readers see a title that the file states. A copied file keeps that of another."""
    return title is not None and " ".join(title.split()).lower() in " ".join(text.split()).lower()


def _imprint(text: str) -> tuple[str | None, date | None]:
    """Read outlet and day from a line above the text that gives both: "Vessery Herald, Friday, 15 May 2026"."""
    above = (line for line in text[:_HEAD].split("\n")[:_HEAD_LINES] if len(line) <= _MAX_IMPRINT)
    return imprint_of(line for line in above if not _SENTENCE.search(line))


def _storable(value: object) -> str:
    return value if isinstance(value, str) and is_storable(value) else ""


# -- lists -------------------------------------------------------------------------------------------------------------


@dataclass
class _Lists:
    """What stands before the items of lists. Numbers go on through a document, for each list and each level."""

    document: Document
    counts: dict[tuple[str, int], int] = field(default_factory=dict)
    started: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.styles = {style.get(qn("w:styleId")): style for style in self.document.styles.element.iter(qn("w:style"))}
        every = self.document.styles.element
        self.size = _integer(_value(every.find(f"{qn('w:docDefaults')}//{qn('w:sz')}")), _USUAL_SIZE)
        default = (style for style in self.styles.values() if style.get(qn("w:default")) in {"1", "true"})
        self.normal = next((style.get(qn("w:styleId"), "") for style in default), "")
        self.numbers: dict[str, Any] = {}
        self.kinds: dict[str, Any] = {}
        try:
            numbering = self.document.part.numbering_part.element
        except (NotImplementedError, KeyError):  # python-docx cannot make a part that is missing
            return
        self.numbers = {one.get(qn("w:numId")): one for one in numbering.iter(qn("w:num"))}
        self.kinds = {one.get(qn("w:abstractNumId")): one for one in numbering.iter(qn("w:abstractNum"))}

    def style_of(self, paragraph: Any) -> str:
        """Return the name of a paragraph's style, in lower case."""
        style = self.styles.get(_value(paragraph.find(f"{qn('w:pPr')}/{qn('w:pStyle')}")))
        return (_value(style.find(qn("w:name"))) if style is not None else "").lower()

    def letters_of(self, paragraph: Any) -> tuple[int, bool]:
        """Return the size of a paragraph's letters in half points, and whether all are bold."""
        style = paragraph.find(f"{qn('w:pPr')}/{qn('w:pStyle')}")
        size, bold = self._styled(_value(style)) if style is not None else self._styled(self.normal)
        runs = [run for run in paragraph.iter(_RUN) if (run.findtext(_TEXT) or "").strip()]
        sizes = [_integer(_value(run.find(f"{qn('w:rPr')}/{qn('w:sz')}")), size) for run in runs]
        marked = (run.find(f"{qn('w:rPr')}/{qn('w:b')}") for run in runs)
        heavy = [bold if mark is None else _value(mark) not in _OFF for mark in marked]
        return max(sizes, default=size), bool(heavy) and all(heavy)

    def _styled(self, name: str) -> tuple[int, bool]:
        """Return the size of the letters of a style, and whether they are bold."""
        size, bold = 0, False
        for _ in range(12):  # a style is based on another, and that on another
            style = self.styles.get(name)
            if style is None:
                break
            size = size or _integer(_value(style.find(f"{qn('w:rPr')}/{qn('w:sz')}")), 0)
            mark = style.find(f"{qn('w:rPr')}/{qn('w:b')}")
            bold = bold or (mark is not None and _value(mark) not in _OFF)
            name = _value(style.find(qn("w:basedOn")))
        return size or self.size, bold

    def mark(self, paragraph: Any) -> str:
        """Return "- " or "3. " for an item of a list, else ""."""
        number, level = self._numbering(paragraph)
        if not number or self.style_of(paragraph).startswith(("heading", "title")):
            return ""
        instance = self.numbers.get(number)
        kind = _value(instance.find(qn("w:abstractNumId"))) if instance is not None else ""
        found = (one for one in self._levels(kind) if one.get(qn("w:ilvl")) == str(level))
        shape = next(found, None)
        form = _value(shape.find(qn("w:numFmt"))) if shape is not None else "bullet"
        if form == "none":
            return ""
        if form == "bullet":
            return "- "
        restarts = instance is not None and instance.find(f".//{qn('w:startOverride')}") is not None
        if restarts and number not in self.started:
            self.counts = {key: count for key, count in self.counts.items() if key[0] != kind}
        self.started.add(number)
        first = _integer(_value(shape.find(qn("w:start"))), 1) if shape is not None else 1
        count = self.counts.get((kind, level), first - 1) + 1
        self.counts = {key: old for key, old in self.counts.items() if key[0] != kind or key[1] < level}
        self.counts[kind, level] = count
        return f"{count}. "

    def _levels(self, kind: str) -> Iterator[Any]:
        if kind in self.kinds:
            yield from self.kinds[kind].iter(qn("w:lvl"))

    def _numbering(self, paragraph: Any) -> tuple[str, int]:
        """Return the list and the level of a paragraph, which it may have from its style; "" without a list."""
        holder, following = paragraph, f"{qn('w:pPr')}/{qn('w:pStyle')}"
        for _ in range(12):  # a style is based on another, and that on another
            if holder is None:
                break
            numbering = holder.find(f"{qn('w:pPr')}/{qn('w:numPr')}")
            if numbering is not None:
                number = _value(numbering.find(qn("w:numId")))
                return (number if number != "0" else ""), _integer(_value(numbering.find(qn("w:ilvl"))), 0)
            holder, following = self.styles.get(_value(holder.find(following))), qn("w:basedOn")
        return "", 0


def _value(element: Any) -> str:
    """Return an element's ``w:val``; "" without an element."""
    return "" if element is None else str(element.get(qn("w:val")) or "")


def _integer(words: str, otherwise: int) -> int:
    return int(words) if re.fullmatch(r"\d{1,4}", words) else otherwise


# -- text --------------------------------------------------------------------------------------------------------------

_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
_LEFT_OUT = {_FALLBACK} | set(
    map(
        qn,
        """
        w:del w:moveFrom w:delText w:instrText w:pPr w:rPr w:rt w:txbxContent
        w:footnoteReference w:endnoteReference w:commentReference
        """.split(),
    )
)
_SIGNS = {
    qn("w:tab"): " ",
    qn("w:br"): "\n",
    qn("w:cr"): "\n",
    qn("w:noBreakHyphen"): "-",
    qn("w:sym"): " ",
}
_PARAGRAPH, _TABLE, _TEXT, _RUN = qn("w:p"), qn("w:tbl"), qn("w:t"), qn("w:r")
_ROW, _CELL, _BOX = qn("w:tr"), qn("w:tc"), qn("w:txbxContent")


def _words(paragraph: Any) -> str:
    """Return the text of a paragraph, with line breaks. Hidden and deleted runs are left out."""
    parts: list[str] = []
    skipped: Any = None
    for event, element in etree.iterwalk(paragraph, events=("start", "end")):
        if skipped is not None:
            skipped = None if event == "end" and element is skipped else skipped
        elif event == "end":
            continue
        elif element is not paragraph and (element.tag in _LEFT_OUT or _is_hidden(element)):
            skipped = element
        elif element.tag == _TEXT:
            parts.append(element.text or "")
        elif element.tag in _SIGNS:
            parts.append(_SIGNS[element.tag])
    lines = (" ".join(line.split()) for line in "".join(parts).replace("\u00ad", "").split("\n"))
    return "\n".join(line for line in lines if line)


def _is_hidden(element: Any) -> bool:
    hidden = element.find(f"{qn('w:rPr')}/{qn('w:vanish')}") if element.tag == _RUN else None
    return hidden is not None and _value(hidden) not in _OFF


class _Line(NamedTuple):
    """A paragraph of the top on one line, its style, the size of its letters in half points, and if all are bold."""

    words: str
    style: str
    size: int
    bold: bool

    def is_prose(self) -> bool:
        return len(self.words.split()) > _PROSE and bool(_SENTENCE.search(self.words))

    def rank(self, usual: int) -> tuple[int, int, bool] | None:
        """How much it stands out from letters of the usual size; None if it does not."""
        heading = re.fullmatch(r"title|heading (\d)", self.style)
        level = 10 - int(heading[1] or 0) if heading else 0
        larger = self.size if self.size > _LARGER * usual else 0
        return (level, larger, self.bold) if level or larger or self.bold else None


@dataclass
class _Writer:
    """Collects lines. ``gap`` is what stands before the next one."""

    lists: _Lists
    lines: list[tuple[str, str]] = field(default_factory=list)  # what stands before it, the words
    hanging: list[tuple[int, Any]] = field(default_factory=list)
    """Text boxes, and after how many lines each one stands."""
    top: list[_Line] = field(default_factory=list)
    """The first paragraphs, among which the headline is."""
    in_list: bool = False
    pending: str = ""
    """The words of a paragraph whose end was deleted: the next one continues it."""

    def blocks(self, holder: Any) -> None:
        """Write the paragraphs and tables in an element, and in what wraps them: content controls and insertions."""
        # Not recursion: hostile files nest thousands of elements. lxml itself refuses more than 256.
        skipped: Any = None
        for event, element in etree.iterwalk(holder, events=("start", "end")):
            if skipped is not None:
                skipped = None if event == "end" and element is skipped else skipped
            elif event == "start" and element is not holder:
                if element.tag == _PARAGRAPH:
                    self.paragraph(element)
                elif element.tag == _TABLE:
                    self.table(element)
                if element.tag in {_PARAGRAPH, _TABLE} or element.tag in _LEFT_OUT:
                    skipped = element

    def paragraph(self, element: Any) -> None:
        """Write a paragraph, and the text boxes that hang on it."""
        style = self.lists.style_of(element)
        words = "" if style == "caption" else " ".join(filter(None, (self.pending, _words(element))))
        self.pending = ""
        if element.find(f"{qn('w:pPr')}/{qn('w:rPr')}/{qn('w:del')}") is not None:
            self.pending = words
            return
        if words:
            if len(self.top) < _TOP:
                self.top.append(_Line(" ".join(words.split()), style, *self.lists.letters_of(element)))
            mark = self.lists.mark(element)
            self._write(mark + words, "\n" if mark and self.in_list else "\n\n")
            self.in_list = bool(mark)
        self.boxes(element)

    def boxes(self, holder: Any) -> None:
        """Note the text boxes in a paragraph or a table. They are written at the end, unless they repeat the text.

        Word writes each box twice, for itself and for older programs.
        """
        for box in holder.iter(_BOX):
            if not any(outer.tag in {_FALLBACK, _BOX} for outer in box.iterancestors()):
                self.hanging.append((len(self.lines), box))

    def hang(self) -> None:
        """Write the text boxes behind the lines after which they hang."""
        said = " ".join(" ".join(words.split()) for _, words in self.lines)
        for at, box in reversed(self.hanging):
            inner = _Writer(self.lists)
            inner.blocks(box)
            words = inner.text()
            if words and " ".join(words.split()) not in said:
                self.lines[at:at] = [("\n\n" if at else "", words)]
                if not at and len(self.lines) > 1:
                    self.lines[1] = ("\n\n", self.lines[1][1])

    def table(self, element: Any) -> None:
        """Write a table: the rows of one that holds data, the paragraphs of one that is a part of the layout."""
        rows = [row for row in element.iter(_ROW) if next(row.iterancestors(_TABLE)) is element]
        cells = [[cell for cell in row.iter(_CELL) if next(cell.iterancestors(_ROW)) is row] for row in rows]
        texts = [[" ".join(_cell_words(cell).split()) for cell in row] for row in cells]
        nested = next(element.iterdescendants(_TABLE), None) is not None
        long = any(len(text) > MAX_CELL for row in texts for text in row)
        if nested or long or sum(map(len, texts)) < 2:
            for cell in (cell for row in cells for cell in row):
                self.blocks(cell)
            return
        heads = texts[0] if _has_heads(element, rows, texts) else []
        gap = "\n\n"
        for row in texts[1 if heads else 0 :]:
            if line := write_row(heads, row):
                self._write(line, gap)
                gap = "\n"
        self.in_list = False
        self.boxes(element)

    def _write(self, words: str, gap: str) -> None:
        self.lines.append((gap if self.lines else "", words))

    def text(self) -> str:
        """Return all that was written."""
        if self.pending:
            self._write(self.pending, "\n\n")
            self.pending = ""
        self.hang()
        self.hanging = []
        return "".join(gap + words for gap, words in self.lines).strip()


def _cell_words(cell: Any) -> str:
    boxed = {inner for box in cell.iter(_BOX) for inner in box.iter(_PARAGRAPH)}
    return " ".join(_words(paragraph) for paragraph in cell.iter(_PARAGRAPH) if paragraph not in boxed)


def _has_heads(table: Any, rows: list[Any], texts: list[list[str]]) -> bool:
    """Whether the first row of a table names its columns: it is marked so, or its style is another and it has words."""
    if len(rows) < 2:
        return False
    if rows[0].find(f"{qn('w:trPr')}/{qn('w:tblHeader')}") is not None:
        return True
    look = table.find(f"{qn('w:tblPr')}/{qn('w:tblLook')}")
    if look is None or len(texts[0]) < 2:
        return False
    first = look.get(qn("w:firstRow"))
    styled = first in {"1", "true", "on"} if first else bool(_hexadecimal(_value(look)) & 0x20)
    return styled and all(any(c.isalpha() for c in text) for text in texts[0][1:])


def _hexadecimal(words: str) -> int:
    return int(words, 16) if re.fullmatch(r"[0-9A-Fa-f]{1,8}", words) else 0
