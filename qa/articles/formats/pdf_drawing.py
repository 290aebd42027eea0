"""Draws the pages of a PDF, and keeps each piece of text with its place and size.

pypdf's own text follows the order in which a page was drawn and knows no paragraphs, and its layout mode reads across
columns. So the operators of a page are carried out here. From pypdf come the objects, the operators and the fonts.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterator
from contextlib import suppress
from copy import copy
from dataclasses import dataclass, field
from typing import Any

from pypdf import PageObject
from pypdf.generic import ContentStream, DictionaryObject, NameObject, StreamObject

# pypdf has no public class that tells the letters and widths of a font. The version of pypdf is pinned for it.
from pypdf.generic._font import Font

from ...errors import InputError

MAX_RUNS = 400_000
"""The most pieces of text in a file. A page of a newspaper has about 500."""

_MAX_DEPTH = 8  # forms within forms
_MAX_FORMS = 2_000  # on a page
_KERN = 0.15  # of the size of the type: a wider gap is a space
_WIDE = 0.6  # a wider gap may be a gutter between columns, or between the cells of a table

_Matrix = tuple[float, float, float, float, float, float]
_IDENTITY: _Matrix = (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)
_INVISIBLE = {3, 7}  # rendering modes: the text that OCR puts behind the picture of a page
_MIN_SIZE = 2.0  # points; nobody reads less


def _times(m: _Matrix, n: _Matrix) -> _Matrix:
    return (
        m[0] * n[0] + m[1] * n[2],
        m[0] * n[1] + m[1] * n[3],
        m[2] * n[0] + m[3] * n[2],
        m[2] * n[1] + m[3] * n[3],
        m[4] * n[0] + m[5] * n[2] + n[4],
        m[4] * n[1] + m[5] * n[3] + n[5],
    )


@dataclass(slots=True)
class Run:
    """Text in one size on one baseline, from ``x`` to ``end``; in points, as if the text ran to the right."""

    text: str
    x: float
    end: float
    y: float
    size: float
    bold: bool = False


@dataclass
class _Face:
    """A font: the text and the width, in thousandths of its size, of each of its codes."""

    resource: DictionaryObject
    """Kept, so that nothing else gets its id."""
    font: Font
    glyphs: dict[str, tuple[str, float]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.bold = bool(re.search(r"bold|black|heavy|semibd|demi", self.font.name, re.IGNORECASE))

    def read(self, shown: bytes) -> Iterator[tuple[str, str, float]]:
        """Yield the code, the text and the width of each glyph."""
        encoding = self.font.encoding
        codes = shown.decode(encoding, "replace") if isinstance(encoding, str) else shown.decode("latin-1")
        for code in codes:
            glyph = self.glyphs.get(code)
            if glyph is None:
                glyph = self.glyphs[code] = self._look_up(code)
            yield code, *glyph

    def _look_up(self, code: str) -> tuple[str, float]:
        font = self.font
        letter = code if isinstance(font.encoding, str) else font.encoding.get(ord(code), code)
        text = str(font.character_map.get(letter, letter))
        width = font.space_width if code == font.space_char else font.get_text_width(code)
        return (text if font.interpretable else "�"), float(width)


@dataclass
class _State:
    """The graphics state, as far as text depends on it (ISO 32000, 9.3)."""

    matrix: _Matrix = _IDENTITY
    face: _Face | None = None
    size: float = 0.0
    letter_space: float = 0.0
    word_space: float = 0.0
    scale: float = 1.0
    leading: float = 0.0
    rise: float = 0.0
    mode: int = 0


class _Pen:
    """Draws a page and keeps its text: runs by direction (quarter turns) and by whether anybody sees them."""

    def __init__(self, page: PageObject, budget: int, faces: dict[int, _Face]) -> None:
        self.page = page
        self.budget = budget
        self.state = _State()
        self.text_matrix = self.line_matrix = _IDENTITY
        self.runs: dict[tuple[bool, int], list[Run]] = {}
        self.faces = faces
        self.drawing: set[int] = set()
        self.forms = 0
        self.box = [float(side) for side in page.cropbox]

    def draw(self, stream: Any, resources: Any, depth: int = 0) -> None:
        """Carry out the operators of a content stream. One with wrong operands is ignored, as viewers do."""
        if not isinstance(resources, DictionaryObject):
            return
        stack: list[_State] = []
        for operands, operator in ContentStream(stream, self.page.pdf, "bytes").operations:
            if operator == b"q":
                stack.append(copy(self.state))
            elif operator == b"Q":
                self.state = stack.pop() if stack else self.state
            elif operator == b"Do":
                self._do(operands, resources, depth)
            elif operator == b"Tf":
                self._set_font(operands, resources)
            elif operator in _OPERATORS and isinstance(operands, list):
                with suppress(ArithmeticError, LookupError, TypeError, ValueError):
                    _OPERATORS[operator](self, operands)

    def _do(self, operands: list[Any], resources: DictionaryObject, depth: int) -> None:
        form = inside(inside(resources, "/XObject"), operands[0] if operands else None)
        if not isinstance(form, StreamObject) or form.get("/Subtype") != "/Form":
            return
        if id(form) in self.drawing or depth >= _MAX_DEPTH or self.forms >= _MAX_FORMS:
            return
        self.drawing.add(id(form))
        outside = copy(self.state)
        self.state.matrix = _times(_numbers(form.get("/Matrix"), 6) or _IDENTITY, self.state.matrix)
        own = inside(form, "/Resources")
        self.forms += 1
        self.draw(form, own if isinstance(own, DictionaryObject) else resources, depth + 1)
        self.state = outside
        self.drawing.discard(id(form))

    def _set_font(self, operands: list[Any], resources: DictionaryObject) -> None:
        if len(operands) != 2 or not isinstance(operands[1], int | float):
            return
        name, size = operands
        found = inside(inside(resources, "/Font"), name)
        self.state.face = None
        if isinstance(found, DictionaryObject):
            if id(found) not in self.faces:
                self.faces[id(found)] = _Face(found, Font.from_font_resource(found))
            self.state.face = self.faces[id(found)]
        self.state.size = float(size)

    def begin(self, _: list[Any]) -> None:
        self.text_matrix = self.line_matrix = _IDENTITY

    def transform(self, operands: list[Any]) -> None:
        self.state.matrix = _times(_numbers(operands, 6) or _IDENTITY, self.state.matrix)

    def place(self, operands: list[Any]) -> None:
        self.text_matrix = self.line_matrix = _numbers(operands, 6) or _IDENTITY

    def move(self, operands: list[Any]) -> None:
        x, y = map(float, operands)
        self.text_matrix = self.line_matrix = _times((1.0, 0.0, 0.0, 1.0, x, y), self.line_matrix)

    def move_and_lead(self, operands: list[Any]) -> None:
        self.state.leading = -float(operands[1])
        self.move(operands)

    def next_line(self, _: list[Any]) -> None:
        self.move([0.0, -self.state.leading])

    def show(self, operands: list[Any]) -> None:
        for shown in operands[:1]:
            if isinstance(shown, bytes):
                self._show(shown)

    def show_on_next_line(self, operands: list[Any]) -> None:
        self.next_line([])
        self.show(operands)

    def show_spaced(self, operands: list[Any]) -> None:
        self.state.word_space, self.state.letter_space = float(operands[0]), float(operands[1])
        self.show_on_next_line(operands[2:])

    def show_pieces(self, operands: list[Any]) -> None:
        for piece in operands[0] if operands and isinstance(operands[0], list) else ():
            if isinstance(piece, bytes):
                self._show(piece)
            elif isinstance(piece, int | float):
                self._advance(-float(piece) / 1000 * self.state.size * self.state.scale)

    def _advance(self, width: float) -> None:
        self.text_matrix = _times((1.0, 0.0, 0.0, 1.0, width, 0.0), self.text_matrix)

    def _show(self, shown: bytes) -> None:
        state = self.state
        if state.face is None:
            return
        words: list[str] = []
        width = 0.0
        for code, text, advance in state.face.read(shown):
            words.append(text)
            spaced = state.letter_space + (state.word_space if code == " " else 0.0)
            width += (advance / 1000 * state.size + spaced) * state.scale
        a, b, c, d, e, f = _times((1.0, 0.0, 0.0, 1.0, 0.0, state.rise), _times(self.text_matrix, state.matrix))
        self._advance(width)
        text, size = "".join(words), abs(state.size) * math.hypot(c, d)
        if text and size >= _MIN_SIZE and self._is_on_page(e, f):
            self._keep(text, (e, f), (e + a * width, f + b * width), size)

    def _is_on_page(self, x: float, y: float) -> bool:
        left, bottom, right, top = self.box
        return left <= x <= right and bottom <= y <= top

    def _keep(self, text: str, start: tuple[float, float], end: tuple[float, float], size: float) -> None:
        """Keep a run, or lengthen the last one."""
        angle = math.atan2(end[1] - start[1], end[0] - start[0])
        turn = round(angle / (math.pi / 2)) % 4
        if abs(math.remainder(angle, math.pi / 2)) > 0.05:  # a watermark
            return
        (x, y), (to, _) = _turned(start, turn), _turned(end, turn)
        runs = self.runs.setdefault((self.state.mode in _INVISIBLE, turn), [])
        last = runs[-1] if runs else None
        bold = bool(self.state.face and self.state.face.bold)
        if last and abs(last.y - y) < 0.01 * size and abs(last.size - size) < 0.01 * size and last.bold == bold:
            gap = (x - last.end) / size
            if -_KERN <= gap <= _WIDE:
                last.text += " " * (gap > _KERN and not last.text.endswith(" ") and not text.startswith(" ")) + text
                last.end = to
                return
        self.budget -= 1
        if self.budget < 0:
            raise InputError(f"has more than {MAX_RUNS:,} pieces of text; split it")
        runs.append(Run(text, x, to, y, size, bold))


def _setter(name: str, unit: float = 1.0) -> Callable[[_Pen, list[Any]], None]:
    def put(pen: _Pen, operands: list[Any]) -> None:
        setattr(pen.state, name, float(operands[0]) * unit)

    return put


_OPERATORS: dict[bytes, Callable[[_Pen, list[Any]], None]] = {
    b"cm": _Pen.transform,
    b"BT": _Pen.begin,
    b"Tm": _Pen.place,
    b"Td": _Pen.move,
    b"TD": _Pen.move_and_lead,
    b"T*": _Pen.next_line,
    b"Tj": _Pen.show,
    b"TJ": _Pen.show_pieces,
    b"'": _Pen.show_on_next_line,
    b'"': _Pen.show_spaced,
    b"Tc": _setter("letter_space"),
    b"Tw": _setter("word_space"),
    b"Tz": _setter("scale", 0.01),
    b"TL": _setter("leading"),
    b"Ts": _setter("rise"),
    b"Tr": _setter("mode"),
}


def _turned(point: tuple[float, float], turn: int) -> tuple[float, float]:
    """Turn a point back by quarter turns, so that its text runs to the right."""
    x, y = point
    return ((x, y), (y, -x), (-x, -y), (-y, x))[turn]


def inside(holder: Any, name: Any) -> Any:
    """Return what a dictionary has under a name, if it is a dictionary; references are followed."""
    if not isinstance(holder, DictionaryObject) or not isinstance(name, str) or name not in holder:
        return None
    return holder[NameObject(name)].get_object()


def _numbers(values: Any, count: int) -> _Matrix | None:
    if not isinstance(values, list) or len(values) < count:
        return None
    a, b, c, d, e, f = (float(value) for value in values[:6])
    return (a, b, c, d, e, f)


class Drawer:
    """Draws the pages of one file, which share their fonts."""

    def __init__(self) -> None:
        self._faces: dict[int, _Face] = {}

    def runs_of(self, page: PageObject, budget: int) -> list[Run]:
        """Return the text of a page that a reader sees; if there is none, what OCR has put behind the picture.

        Args:
            page: one of ``PdfReader.pages``.
            budget: how many runs it may have.

        Returns:
            The runs in the order in which they were drawn.

        Raises:
            InputError: there are more.
        """
        contents = inside(page, "/Contents")
        if contents is None:
            return []
        pen = _Pen(page, budget, self._faces)
        pen.draw(contents, inside(page, "/Resources"))
        # A page is turned so that most of its text can be read. What stands across is a credit beside a picture.
        directions = [(not hidden, sum(len(run.text) for run in runs), runs) for (hidden, _), runs in pen.runs.items()]
        return max(directions, key=lambda one: one[:2])[2] if directions else []
