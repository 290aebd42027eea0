"""Turns HTML into text: paragraphs apart, list items on lines with a hyphen, and table rows with their header."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from lxml import etree, html

from ...english.characters import unbroken
from .tables import MAX_CELL, write_row

_LEFT_OUT = frozenset(
    """
    script style noscript template head nav aside form button select textarea datalist dialog iframe object audio video
    canvas svg math figcaption del s strike
    """.split()
)
_BLOCKS = frozenset(
    "address article blockquote body center dd div dl dt fieldset figure footer h1 h2 h3 h4 h5 h6 header hr li main ol"
    " p pre section table tbody td tfoot th thead tr ul".split()
)
_CONTROL = re.compile(
    r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]"
    r"|&#(?:0*(?:[0-8]|1[124-9]|2\d|3[01])(?!\d)|x0*(?:[0-8bcef]|1[0-9a-f])(?![0-9a-f]));?",
    re.IGNORECASE,
)
_MARKUP = re.compile(r"<(?:/?[a-z][a-z0-9]*)(?:\s[^<>]*)?/?>|&(?:#\d{2,6}|#x[0-9a-f]{2,5}|[a-z]{2,8});", re.IGNORECASE)


def looks_like_markup(text: str) -> bool:
    """Whether a field of a row, meant as plain text, holds tags or entities."""
    return bool(_MARKUP.search(text))


def text_of(source: str | etree._Element) -> str:
    """Return the text of HTML.

    Args:
        source: HTML, a whole page or a part of one, or an element of a parsed page.

    Returns:
        The paragraphs, with a blank line between them. An item of a list is a line ``- item``; a row of a table with
        headings is a line ``Heading: cell; Heading: cell``. Two ``br`` end a paragraph. Left out are scripts,
        navigation, forms, captions of pictures, deleted words, and elements with the attribute ``hidden``.
    """
    if isinstance(source, str):
        if not source.strip():
            return ""
        source = html.fragment_fromstring(_storable(source), create_parent="div")
    writer = _Writer(source)
    # Not recursion: hostile pages nest thousands of elements.
    walk = etree.iterwalk(source, events=("start", "end", "comment", "pi"))
    for event, element in walk:
        if not isinstance(element.tag, str):
            writer.tail(element)
        elif event == "start":
            writer.start(element)
            if _name(element) == "pre" and writer.preformatted(element):
                walk.skip_subtree()
        else:
            writer.end(element)
            writer.tail(element)
    return writer.text()


def _storable(source: str) -> str:
    """Return HTML without an encoding declaration and control characters, which lxml refuses in a string."""
    return _CONTROL.sub("", re.sub(r"^\s*<\?xml[^>]*\?>", "", source))


@dataclass
class _Table:
    heads: list[str] = field(default_factory=list)
    cells: list[str] = field(default_factory=list)
    headed: bool = True  # all cells of the row so far are headings
    rows: int = 0


@dataclass
class _Writer:
    """Collects lines. ``gap`` is what stands before the next word: nothing, a new line or a new paragraph."""

    top: etree._Element
    lines: list[tuple[str, str]] = field(default_factory=list)  # what stands before it, the words
    words: list[str] = field(default_factory=list)
    gap: str = ""
    left_out: int = 0
    tables: list[_Table] = field(default_factory=list)

    def start(self, element: etree._Element) -> None:
        tag = _name(element)
        if self.left_out or (element is not self.top and _is_left_out(element)):
            self.left_out += 1
            return
        if tag == "br":
            self._break("\n" if "".join(self.words).strip() else "\n\n")
        elif tag == "q":
            self.words.append("“")  # browsers write the quotation marks of this element
        elif tag == "table":
            self._break("\n\n")
            self.tables.append(_Table() if _is_data(element) else _Table(rows=-1))
        elif tag in {"td", "th", "caption"} and self._table:
            self.words = []  # what stands between two cells is no text
        elif tag == "li":
            self._break("\n")
            self.words.append("- ")
        elif tag in _BLOCKS:
            self._break("\n" if tag in {"dd", "tr", "td", "th", "ul", "ol"} else "\n\n")
        self.words.append(element.text or "")

    def preformatted(self, element: etree._Element) -> bool:
        """Write the lines of a text that is set as it was typed. Return False if it is left out, or in a cell."""
        if self.left_out or self._table is not None:
            return False
        self.words = []
        for line in "".join(element.itertext()).splitlines():
            if words := " ".join(unbroken(line).split()):
                self._add(words, "\n")
            else:
                self.gap = "\n\n"
        return True

    def end(self, element: etree._Element) -> None:
        tag = _name(element)
        if self.left_out:
            self.left_out -= 1
            return
        table = self._table
        if tag in {"td", "th"} and table:
            self._end_cell(table)
            table.headed = table.headed and (tag == "th" or _name(_parent(element, 2)) == "thead")
        elif tag == "caption" and table:
            self._add(self._taken(), "\n")
        elif tag == "q":
            self.words.append("”")
        elif tag == "tr" and table:
            self._end_row(table)
        elif tag == "table":
            self._break("\n\n")
            if self.tables:
                self.tables.pop()
        elif tag in _BLOCKS:
            self._break("\n" if tag in {"li", "dt", "dd"} else "\n\n")

    def tail(self, element: etree._Element) -> None:
        if not self.left_out and element is not self.top:
            self.words.append(element.tail or "")

    def text(self) -> str:
        self._break("")
        return "".join(gap + line for gap, line in self.lines).strip()

    @property
    def _table(self) -> _Table | None:
        return self.tables[-1] if self.tables and self.tables[-1].rows >= 0 else None

    def _break(self, gap: str) -> None:
        if self._table is not None:
            self.words.append(" ")  # inside a cell nothing breaks the line
            return
        words = self._taken()
        if words == "-":  # an item that begins with a paragraph
            self.words = ["- "]
        elif words:
            self._add(words, gap)
        else:
            self.gap = max(self.gap, gap, key=len)

    def _taken(self) -> str:
        """Return the words collected so far, on one line, and begin anew."""
        words = " ".join(unbroken("".join(self.words)).split())
        self.words = []
        return words

    def _add(self, line: str, gap: str) -> None:
        """Add a line, unless it is empty. ``gap`` comes after it."""
        if line:
            self.lines.append((self.gap if self.lines else "", line))
            self.gap = gap

    def _end_cell(self, table: _Table) -> None:
        table.cells.append(self._taken())

    def _end_row(self, table: _Table) -> None:
        cells, table.cells = table.cells, []
        headed, table.headed = table.headed, True
        if not any(cells):
            return
        table.rows += 1
        if headed and not table.heads and table.rows == 1:
            table.heads = cells
            return
        self._add(write_row(table.heads, cells), "\n")


def _name(element: etree._Element) -> str:
    """Return the tag in lower case, without a namespace."""
    return str(element.tag).rpartition("}")[2].lower()


def _parent(element: etree._Element, steps: int) -> etree._Element:
    """Return what holds an element, ``steps`` levels up, or the last one there is."""
    for _ in range(steps):
        parent = element.getparent()
        element = element if parent is None else parent
    return element


def _is_left_out(element: etree._Element) -> bool:
    return _name(element) in _LEFT_OUT or element.get("hidden") is not None


def _is_data(table: etree._Element) -> bool:
    """Whether a table holds data. Newsletters and old pages use tables for their layout."""
    if table.find(".//table") is not None:
        return False
    cells = [cell for tag in ("td", "th") for cell in table.iter(tag)]
    return len(cells) > 1 and all(sum(len(t) for t in cell.itertext()) <= MAX_CELL for cell in cells)
