"""Puts the text of a PDF's pages together: pieces to lines, lines to columns, and columns to paragraphs.

    runs ─rows─▶ lines, without heads and feet ─columns─▶ flow ─paragraphs─▶ words, with broken ones mended

All distances are in units of the size of the type (em).
"""

from __future__ import annotations

import math
import re
import statistics
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from itertools import chain, groupby, pairwise

from ...english.bylines import is_byline
from ...english.characters import well_formed
from ...english.lexicon import FUNCTION_WORDS
from ...english.temporal.dates import find_stamps
from .pdf_drawing import Run
from .properties import imprint_of

_KERN = 0.15  # a wider gap is a space
_WIDE = 0.6  # a wider gap may be a gutter between columns, or between the cells of a table
_CELL = 1.5  # a wider gap parts the cells of a table; the spaces of justified lines are not so wide
_INDENT = 0.6
_LARGE = 1.15  # times the size of the body: a heading
_SMALL = 0.93  # times the size of the body: a note or a caption
_TINY = 0.8  # times the size of the body: no part of the story
_FLOAT = 4.0  # what is indented more stands beside a picture
_APART = 1.2  # times the usual distance of two lines: a new paragraph

# -- rows and lines ----------------------------------------------------------------------------------------------------

_LIGATURES = {0xFB00: "ff", 0xFB01: "fi", 0xFB02: "fl", 0xFB03: "ffi", 0xFB04: "ffl", 0xFB05: "st", 0xFB06: "st"}
_BULLET_SIGNS = dict.fromkeys([0xF0B7, 0xF0A7, 0xF0D8, 0x25CF, 0x25AA, 0x25A0, 0x2023, 0x25E6, 0x2043], "•")
_PRIVATE = re.compile(r"[\ue000-\uf8ff\x00-\x08\x0e-\x1f\x7f]")
_MARKER = re.compile(r"\s*(?:\d{1,2}|[*†‡§]+|[a-z])\s*")
_INITIAL = re.compile(r"\s*[\"'“‘]?[^\W_]\s*")
_UNIT = re.compile(r"(?:^|[\s\d])(?:[cdkm]?m|ft|in|mi)$")


@dataclass(slots=True)
class Line(Run):
    """A line of one column, or a part of it that stands apart."""

    cells: tuple[float, ...] = ()
    """Where its second and further parts begin, if it was put together from parts that are wide apart."""
    edge: float = 0.0
    """Where the longest of the lines around it ends. Beside a picture it is not the edge of the column."""


def _clean(text: str) -> str:
    return " ".join(_PRIVATE.sub("", well_formed(text.translate(_LIGATURES | _BULLET_SIGNS))).split())


def rows_of(runs: list[Run]) -> list[list[Line]]:
    """Return the rows of a page from its top: lines on one height, from left to right."""
    runs = _without_copies(run for run in runs if run.text.strip())
    _put_initials_back(runs)
    rows: list[list[Run]] = []
    for run in sorted(runs, key=lambda run: (-run.y, run.x)):
        if rows and abs(rows[-1][0].y - run.y) <= 0.5 * max(one.size for one in (rows[-1][0], run)):
            rows[-1].append(run)
        else:
            rows.append([run])
    joined = (_join_row(row) for row in rows)
    return [row for row in joined if row]


def _without_copies(runs: Iterable[Run]) -> list[Run]:
    """Leave out what is drawn twice on one spot, for a shadow or for want of a bold face."""
    kept: dict[tuple[str, int, int], Run] = {}
    for run in runs:
        kept.setdefault((run.text, round(run.x / 2), round(run.y / 2)), run)
    return list(kept.values())


def _put_initials_back(runs: list[Run]) -> None:
    """Put a large initial, which hangs down beside the first lines of a paragraph, before the first of these lines."""
    body = body_size(runs)
    words = {word for run in runs for word in run.text.split()}
    for initial in [run for run in runs if _INITIAL.fullmatch(run.text) and run.size > 1.8 * body]:
        beside = [
            run
            for run in runs
            if 0 <= run.x - initial.end < 1.5 * body and 0 <= run.y - initial.y < 0.9 * initial.size and run != initial
        ]
        if len(beside) > 1:
            first = max(beside, key=lambda run: run.y)
            first.text = initial.text.strip() + _after_initial(initial.text.strip(), first.text, words)
            runs.remove(initial)


def _after_initial(initial: str, text: str, words: set[str]) -> str:
    """Return the text after an initial, with a space before it if the initial is a word itself: "A hose burst"."""
    rest = text.lstrip().split(maxsplit=1)[0]
    apart = initial[-1] in "AI" and (initial[-1] + rest).lower() not in FUNCTION_WORDS and rest in words - {rest[:1]}
    counted = sum(1 for word in words if word == rest)
    return (" " if text.startswith(" ") or (apart and counted) else "") + text.lstrip()


def _join_row(row: list[Run]) -> list[Line]:
    lines: list[Line] = []
    for run in sorted(row, key=lambda run: run.x):
        last = lines[-1] if lines else None
        gap = (run.x - last.end) / max(run.size, last.size) if last else math.inf
        if last is None or gap > _WIDE or gap < -_WIDE * 2:
            lines.append(Line(run.text, run.x, run.end, run.y, run.size, run.bold))
        elif not _is_note_mark(last, run):
            _append(last, run, " " if gap > _KERN else "")
        elif last.size < run.size:  # the mark before a note
            lines[-1] = Line(run.text, last.x, run.end, run.y, run.size, run.bold)
    for line in lines:
        line.text = _clean(line.text)
    return [line for line in lines if line.text]


def _append(line: Line, run: Run, space: str) -> None:
    if run.x < line.end - _KERN * run.size:
        line.text = line.text.rstrip()  # browsers draw a soft hyphen inside a line as a space without a width
    if len(run.text) > len(line.text):
        line.y, line.size = run.y, run.size
    line.text += space + run.text
    line.end = max(line.end, run.end)
    line.bold = line.bold and run.bold


def _is_note_mark(line: Run, run: Run) -> bool:
    """Whether one of two runs is the raised mark of a footnote. The 2 of "m²" is none."""
    small, large = sorted((line, run), key=lambda one: one.size)
    raised = small.size < 0.8 * large.size and small.y > large.y + 0.1 * large.size
    return raised and bool(_MARKER.fullmatch(small.text)) and not _UNIT.search(line.text.rstrip())


def body_size(runs: Iterable[Run]) -> float:
    """Return the size in which most letters are set, to half a point."""
    sizes: Counter[float] = Counter()
    for run in runs:
        sizes[round(run.size * 2) / 2] += len(run.text)
    return max(sizes, key=lambda size: sizes[size], default=10.0)


# -- heads and feet ----------------------------------------------------------------------------------------------------

_EDGE = 3  # rows at the top and at the bottom of a page that may be heads and feet
_MAX_FOOT = 80  # characters
_PAGE_NUMBER = re.compile(r"\W*(?:page|p\.?)?\s*\d{1,4}(?:\s*(?:/|of|–|-)\s*\d{1,4})?\W*", re.IGNORECASE)
_PRINTED = re.compile(r"\d{1,4}[./-]\d{1,2}[./-]\d{1,4},? +\d{1,2}[:.]\d{2}(?: ?[ap]\.?m\.?)?\b.*", re.IGNORECASE)
_ADDRESS = re.compile(r"(?:https?://|file:///|www\.)\S+(?: +\d{1,4} ?/ ?\d{1,4})?", re.IGNORECASE)


def _text_of(row: list[Line]) -> str:
    return " ".join(line.text for line in row)


def _without_edges(pages: list[list[list[Line]]], body: float) -> tuple[list[list[list[Line]]], list[str]]:
    """Leave out running heads and feet, page numbers, and the lines that a browser adds when it prints a page.

    A head is what stands in the first rows of several pages at the same height, digits aside: of at least a third of
    the pages, because the heads of left and right pages may differ. So is the first row of a page, if it is small and
    gives a date.

    Returns:
        The pages without them, and the parts of the heads and feet.
    """
    seen: Counter[tuple[str, int]] = Counter()
    for rows in pages:
        seen.update({key for row in (*rows[:_EDGE], *rows[-_EDGE:]) for key in _keys(row)})
    least = max(2, math.ceil(len(pages) / 3))
    tops = {id(rows[0]) for rows in pages if rows and len(rows) > 2 and _is_small_and_dated(rows[0], body)}
    heads: dict[str, None] = {}

    def is_edge(row: list[Line]) -> bool:
        if _ADDRESS.fullmatch(_text_of(row)):
            heads[_text_of(row)] = None
            return True
        if _PAGE_NUMBER.fullmatch(_text_of(row)) or _PRINTED.fullmatch(_text_of(row)):
            return True
        edge = id(row) in tops or any(seen[key] >= least for key in _keys(row))
        heads.update(dict.fromkeys(line.text for line in row if edge))
        return edge

    return [_trimmed(_trimmed(rows, is_edge)[::-1], is_edge)[::-1] for rows in pages], list(heads)


def _is_small_and_dated(row: list[Line], body: float) -> bool:
    """Whether a row is like a head of a page; a byline is none."""
    small = all(line.size < _SMALL * body for line in row)
    return small and not is_byline(_text_of(row)) and any(stamp.exact for stamp in find_stamps(_text_of(row)))


def _keys(row: list[Line]) -> Iterator[tuple[str, int]]:
    text = re.sub(r"\d+", "#", _text_of(row).lower())
    height = round(row[0].y / 4)
    yield from ((text, height - 1), (text, height), (text, height + 1))


def _trimmed(rows: list[list[Line]], is_edge: Callable[[list[Line]], bool]) -> list[list[Line]]:
    """Leave out edges from the front: all rows up to the last one that is an edge among the first few."""
    return [row for number, row in enumerate(rows) if number >= _EDGE or not is_edge(row)]


def _without_notes(rows: list[list[Line]], body: float) -> list[list[Line]]:
    """Leave out the footnotes of a page: the last rows, if they are small and the first of them begins with a mark."""
    small = len(rows)
    while small and all(line.size < _SMALL * body for line in rows[small - 1]):
        small -= 1
    starts = (number for number in range(small, len(rows)) if re.match(r"\d{1,2}\b|[*†‡]", rows[number][0].text))
    return rows[: next(starts, len(rows))]


# -- columns -----------------------------------------------------------------------------------------------------------

_HEADING_LINES = 2  # a byline and a date
_AROUND = 3  # lines before and after one
_PLACES = 60  # where most lines begin; a column is sought at no others
_COLUMN_LINES = 3  # at least
_COLUMN_LETTERS = 12  # in a line, on the average; what is narrower is a table


@dataclass
class _Column:
    """Lines under each other, from the top, and the edges between which they are set."""

    lines: list[Line]
    page: int
    left: float
    right: float
    across: bool
    """Whether it stands above or between columns that are narrower, as a headline does."""


def _columns(lines: list[Line], known: list[float]) -> Iterator[tuple[list[Line], bool]]:
    """Yield the columns of a page, or of a part of it, in reading order.

    A gutter is sought that no line crosses, or few do. Those that cross it (a headline) divide the page: what stands
    above them is read first, each time the left column before the right.

    Args:
        lines: from the top.
        known: where columns begin that were found before. A new one is added.

    Yields:
        The lines of a column, and whether they stand across several others.
    """
    gutter = _gutter(lines, known)
    if gutter is None:
        yield lines, False
        return
    across: list[Line] = []
    for crosses, group in groupby(lines, key=lambda line: _side(line, gutter) == 0 or _is_alone(line, lines, gutter)):
        band = list(group)
        sides = [[line for line in band if _side(line, gutter) == side] for side in (-1, 1)]
        if crosses or not all(sides):  # a short line with nothing beside it: a byline below the headline
            across += band
            continue
        if across:
            yield across, True
            across = []
        for side in sides:
            yield from _columns(side, known)
    if across:
        yield across, True


def _is_alone(line: Line, lines: list[Line], gutter: float) -> bool:
    """Whether a short line heads both columns: it is large, and beside it the other column is interrupted."""
    if line.size <= _LARGE * statistics.median(one.size for one in lines):
        return False
    others = [one for one in lines if _side(one, gutter) == -_side(line, gutter)]
    beside = any(one.y < line.y + line.size and one.y + one.size > line.y - 0.3 * line.size for one in others)
    return not beside and any(one.y > line.y for one in others) and any(one.y < line.y for one in others)


def _side(line: Line, gutter: float) -> int:
    """-1 if a line ends before the gutter, 1 if it begins behind it, 0 if it crosses it."""
    if line.x >= gutter - 0.3 * line.size:
        return 1
    return -1 if line.end <= gutter - 0.3 * line.size else 0


def _gutter(lines: list[Line], known: list[float]) -> float | None:
    """Return where the right one of two columns begins."""
    starts = Counter(round(line.x / 2) for line in lines)
    places = [2.0 * place for place, count in starts.most_common(_PLACES) if count + starts[place + 1] >= _COLUMN_LINES]
    best: tuple[int, float] | None = None
    for place in (*places, *known):
        sides = [_side(line, place) for line in lines]
        crossing = sides.count(0)
        left = [line for line, side in zip(lines, sides, strict=True) if side < 0]
        right = [line for line, side in zip(lines, sides, strict=True) if side > 0]
        least = 1 if place in known and not crossing else _COLUMN_LINES
        if min(len(left), len(right)) < least or crossing > max(len(left), len(right)):
            continue
        if least > 1 and not (_is_column(left) and _is_column(right) and _are_beside(left, right)):
            continue
        if best is None or (crossing, place) < best:
            best = (crossing, place)
    if best is None:
        return None
    if best[1] not in known:
        known.append(best[1])
    return best[1]


def _is_column(lines: list[Line]) -> bool:
    rows = len({round(line.y) for line in lines})
    return sum(len(line.text) for line in lines) >= _COLUMN_LETTERS * rows


def _are_beside(left: list[Line], right: list[Line]) -> bool:
    """Whether two columns share a part of their height."""
    top = min(left[0].y, right[0].y)
    return top > max(left[-1].y, right[-1].y)


def _flow(pages: list[list[list[Line]]], body: float) -> list[_Column]:
    """Return the columns of all pages in reading order. Captions beside the text follow it."""
    known: list[float] = []
    columns = []
    for number, rows in enumerate(pages):
        lines = sorted((line for row in rows for line in row), key=lambda line: (-line.y, line.x))
        aside = _aside(lines, body)
        for part, across in chain(*(_columns(some, known) for some in _parted(lines, aside) if some)):
            joined = _in_rows(part)
            for place, line in enumerate(joined):
                line.edge = max(one.end for one in joined[max(0, place - _AROUND) : place + _AROUND + 1])
            left, right = min(line.x for line in joined), max(line.end for line in joined)
            columns.append(_Column(joined, number, left, right, across))
    widths = [column.right - column.left for column in columns if len(column.lines) > _COLUMN_LINES]
    for column in columns:
        few = len(column.lines) <= _COLUMN_LINES and column.lines[0].size >= _SMALL * body
        if few and widths:  # too few lines to tell how long a full one is
            column.right = max(column.right, column.left + statistics.median(widths))
    return columns


def _aside(lines: list[Line], body: float) -> set[int]:
    """Return the ids of the lines that would interrupt the text: captions, and quotations that the text flows around.

    What is small is a caption if text stands beside it. A byline and a date may be small as well, and stand at the head
    of a column. What is large is set into the text if the text runs, elsewhere on the page, across its place.
    """
    blocks: dict[tuple[int, int], list[Line]] = {}
    for line in lines:
        if line.size < _SMALL * body or line.size > _LARGE * body:
            blocks.setdefault((round(line.x / 4), round(line.size * 2)), []).append(line)
    text = [line for line in lines if _SMALL * body <= line.size <= _LARGE * body]
    found: set[int] = set()
    for block in blocks.values():
        beside = [one for one in text if any(abs(one.y - line.y) < body for line in block)]
        rows = sum(any(abs(one.y - line.y) < body for one in beside) for line in block)
        dated = any(is_byline(one.text) or any(find_stamps(one.text)) for one in block)
        if 2 * rows <= len(block) or (dated and len(block) <= _HEADING_LINES):
            continue
        if block[0].size < body or _is_set_in(block, beside, text):
            found.update(map(id, block))
    return found


def _is_set_in(block: list[Line], beside: list[Line], text: list[Line]) -> bool:
    """Whether some lines of the text cover both a block and what stands beside it: the text flows around the block."""
    left = min(line.x for line in (*block, *beside))
    right = max(line.end for line in (*block, *beside))
    slack = 0.1 * (right - left)
    return sum(line.x < left + slack and line.end > right - slack for line in text) >= _COLUMN_LINES


def _parted(lines: list[Line], apart: set[int]) -> tuple[list[Line], list[Line]]:
    return [one for one in lines if id(one) not in apart], [one for one in lines if id(one) in apart]


def _in_rows(lines: list[Line]) -> list[Line]:
    """Put the parts of a line together that belong to one column: cells of a table, words that are wide apart."""
    joined: list[Line] = []
    for line in lines:
        last = joined[-1] if joined else None
        if last and abs(last.y - line.y) <= 0.4 * max(last.size, line.size):
            first, second = (last, line) if last.x <= line.x else (line, last)
            if second.x - first.end > _CELL * first.size:
                first.cells = (*first.cells, second.x)
            first.text = f"{first.text} {second.text}"
            first.end, first.bold = max(first.end, second.end), first.bold and second.bold
            first.size = max(first.size, second.size)
            joined[-1] = first
        else:
            joined.append(line)
    return joined


# -- paragraphs --------------------------------------------------------------------------------------------------------

_ENDS = re.compile(r"[.!?:…][\"'”’»)\]]*$")
_CONTINUES = re.compile(r"[\"'“‘(]?[a-zà-öø-ÿ]")
_BULLET = re.compile(r"•\s*(?=\S)")
_NUMBERED = re.compile(r"(\d{1,2})[.)] (?=\S)")
_CREDIT = re.compile(
    r"\b(?:photo(?:s|graphs?)?|pictures?|images?|illustrations?|graphics?|credit)(?: by|:|/| ©)|©|^source:",
    re.IGNORECASE,
)  # of a caption
_SHORT = 0.3  # of a column: what a line must leave empty if it ends without a full stop


@dataclass
class Paragraph:
    """Lines that belong together, in one column or several."""

    lines: list[Line]
    column: _Column
    """Where its last line stands."""
    page: int
    gap: str
    """What stands before it."""
    words: str = ""

    @property
    def first(self) -> Line:
        """The first line."""
        return self.lines[0]

    @property
    def last(self) -> Line:
        """The last line."""
        return self.lines[-1]


@dataclass
class _Builder:
    """Puts the lines of columns together into paragraphs."""

    columns: list[_Column]
    body: float
    heights: dict[float, float]
    """The usual distance of two lines, by their size."""
    found: list[Paragraph] = field(default_factory=list)

    def build(self) -> list[Paragraph]:
        """Return the paragraphs in reading order."""
        current: Paragraph | None = None
        for column in self.columns:
            for line in column.lines:
                gap = self._gap(current, line, column) if current else ""
                if current is None or (gap is not None and not (current := self._interrupted(line) or None)):
                    current = Paragraph([], column, column.page, gap or "\n\n")
                    self.found.append(current)
                current.lines.append(line)
                current.column = column
        return self.found

    def _interrupted(self, line: Line) -> Paragraph | None:
        """The paragraph that a line continues after a caption or a heading that stood between two of its lines."""
        if not _CONTINUES.match(line.text):
            return None
        alike = (one for one in reversed(self.found[-6:]) if not _differ(one.last, line))
        last = next(alike, None)
        return last if last and not _ENDS.search(last.last.text) else None

    def _gap(self, current: Paragraph, line: Line, column: _Column) -> str | None:
        """Return what parts a line from the paragraph before it; None if it belongs to that paragraph."""
        last, fresh = current.last, current.column is not column
        if _differ(last, line) or (last is current.first and is_byline(last.text)):
            return "\n\n"
        if _BULLET.match(line.text) or _counts_on(current.first.text, line.text) or _are_rows(last, line):
            return "\n"
        goes_on = bool(_CONTINUES.match(line.text))
        if current.column.page == column.page and last.y - line.y > _APART * self.heights.get(_key(line), math.inf):
            return "\n\n"
        if not fresh:
            hangs = line.x - current.first.x > _INDENT / 2 * line.size
            if hangs and (_BULLET.match(current.first.text) or _NUMBERED.match(current.first.text)):
                return None
        if goes_on or (not fresh and line.size > _LARGE * self.body):  # the lines of a headline have any length
            return None
        return "\n\n" if self._begins(current, line, column, fresh) else None

    def _begins(self, current: Paragraph, line: Line, column: _Column, fresh: bool) -> bool:
        """Whether a line begins a paragraph: it is indented, or the line before ended early."""
        last = current.last
        indent = _INDENT * line.size
        if line.x - column.left > indent and (fresh or indent < line.x - last.x < _FLOAT * line.size):
            return True
        ended = bool(_ENDS.search(last.text))
        room = current.column.right - last.end
        word = len(line.text.split(maxsplit=1)[0]) / len(line.text) * (line.end - line.x)
        if room < word + 0.3 * line.size:  # the first word had no room on the line before
            return False
        width = current.column.right - current.column.left
        short = room > _SHORT * width and last.edge - last.end > _SHORT / 2 * width
        return ended or short or column.across != current.column.across


def _key(line: Line) -> float:
    return round(line.size * 2) / 2


def _differ(one: Line, other: Line) -> bool:
    """Whether two lines differ in size, or one is bold."""
    bold = one.bold != other.bold and not (_CONTINUES.match(other.text) and not _ENDS.search(one.text))
    return bold or max(one.size, other.size) > 1.08 * min(one.size, other.size)


def _counts_on(item: str, line: str) -> bool:
    """Whether a line is the item of a list after another: "2. Boats" after "1. Trains"."""
    one, other = _NUMBERED.match(item), _NUMBERED.match(line)
    return bool(one and other) and int(other[1]) == int(one[1]) + 1 if one and other else False


def _are_rows(one: Line, other: Line) -> bool:
    """Whether two lines are rows of a table: they have parts that begin under each other."""
    return any(abs(start - place) < 0.2 * one.size for start in one.cells for place in other.cells)


def _line_heights(columns: list[_Column]) -> dict[float, float]:
    """Measure the distance of lines below full ones, which are lines of one paragraph."""
    full: dict[float, list[float]] = {}
    every: dict[float, list[float]] = {}
    for column in columns:
        for last, line in pairwise(column.lines):
            if _key(last) == _key(line):
                every.setdefault(_key(line), []).append(last.y - line.y)
                if last.end > column.right - 0.15 * (column.right - column.left):
                    full.setdefault(_key(line), []).append(last.y - line.y)
    return {size: statistics.median_low(full.get(size) or gaps) for size, gaps in every.items()}


def paragraphs_of(pages: list[list[list[Line]]]) -> tuple[list[Paragraph], list[str]]:
    """Put the lines of all pages together into paragraphs.

    Args:
        pages: the rows of each page, from its top.

    Returns:
        The paragraphs in reading order, and the parts of the running heads and feet, which are not among them. What is
        much smaller than the text is left out: captions, credits, notes and advertisements; but not above the text. If
        it names an outlet and a date, it is a head.
    """
    body = body_size(line for rows in pages for row in rows for line in row)
    trimmed, heads = _without_edges(pages, body)
    pages = [_without_notes(rows, body) for rows in trimmed]
    columns = _flow(pages, body)
    found = _Builder(columns, body, _line_heights(columns)).build()
    mender = _Mender(line.text for column in columns for line in column.lines)
    for one in found:
        one.words = _BULLET.sub("- ", mender.join(line.text for line in one.lines), count=1)
    start = next((number for number, one in enumerate(found) if _SMALL * body <= one.last.size <= _LARGE * body), 0)
    extra = [one for number, one in enumerate(found) if _is_extra(one, body, number > start)]
    heads += [one.words for one in extra if all(imprint_of([one.words])) or _is_foot(one)]
    left_out = set(map(id, extra))
    return [one for one in found if id(one) not in left_out], heads


def _is_extra(paragraph: Paragraph, body: float, below: bool) -> bool:
    size = paragraph.last.size
    return (below and size < _TINY * body) or (size < _SMALL * body and bool(_CREDIT.search(paragraph.words)))


def _is_foot(paragraph: Paragraph) -> bool:
    """Whether a small line is the foot of a page: "Tidewater Magazine · August 2026". A credit is none."""
    words = paragraph.words
    return len(words) <= _MAX_FOOT and ":" not in words and not _CREDIT.search(words) and bool(imprint_of([words])[0])


# -- words -------------------------------------------------------------------------------------------------------------

_WORD = re.compile(r"[^\W_][\w'’]*(?:[-‐‑][\w'’]+)*")
_BROKEN = re.compile(r"(?P<first>[^\W_][\w'’]*(?:[-‐‑][\w'’]+)*)[-‐]$")
_LONGEST = 80  # characters of a word
_CLOSED = re.compile(r"\S[—–/]$|\w[-‐‑]$")
_KEEPING = frozenset(
    """
    all best better co cold cross double east eight ex first five four free full half high hot ill left long low mid
    multi nine non north old one open right second self seven short single six soft south then third three two vice well
    west year
    """.split()
)
"""First parts of compounds that keep their hyphen."""
_ENDINGS = frozenset(
    """
    able age ance ant ed el en ence ent er ern ers est ful ie ies ing ings ion ions ish ism ist ists ity ive less ly
    ment ments ness or ors ous ship sion teen teenth tion tions ty ward wards ways wise
    """.split()
)
"""What is no word of its own: "north-" before it is the first half of "northern"."""
_SOFT = "\u00ad"


class _Mender:
    """Joins lines. A word that was hyphenated at the end of a line becomes whole.

    A soft hyphen always goes. A hard one, between a letter and a small letter, goes as well: typesetting makes far more
    of them than spelling does. It stays if the document writes the word with a hyphen elsewhere, and if it does not
    write it as one word: between a first part that usually keeps its hyphen and a word ("well-known"), and after one
    that has a hyphen or a digit itself ("mother-in-law").
    """

    def __init__(self, lines: Iterable[str]) -> None:
        self.seen: set[str] = set()
        for line in lines:
            words = [_plain(word) for word in _WORD.findall(line)]
            self.seen.update(words[:-1] if _BROKEN.search(line[-_LONGEST:]) else words)

    def join(self, lines: Iterable[str]) -> str:
        """Return the lines as one, with spaces between them."""
        parts: list[str] = []
        for line in lines:
            if parts:
                parts[-1], space = self._end(parts[-1], line)
                parts.append(space)
            parts.append(line)
        return "".join(parts).replace(_SOFT, "")

    def _end(self, line: str, following: str) -> tuple[str, str]:
        """Return a line without the hyphen that broke its last word, and what parts it from the next line."""
        if line.endswith(_SOFT):
            return line, ""
        broken, rest = _BROKEN.search(line[-_LONGEST:]), _WORD.match(following)
        if broken and rest and following[0].islower():
            return (line if self._keeps(_plain(broken["first"]), _plain(rest[0])) else line[:-1]), ""
        return line, "" if _CLOSED.search(line) else " "

    def _keeps(self, first: str, second: str) -> bool:
        if f"{first}-{second}" in self.seen:
            return True
        if first + second in self.seen:
            return False
        return (first in _KEEPING and second not in _ENDINGS) or not first.isalpha()


def _plain(word: str) -> str:
    return word.lower().replace("‐", "-").replace("‑", "-").replace(_SOFT, "")
