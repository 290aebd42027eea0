"""How a row of a table is written as text: each cell with its heading, so that the row can be quoted by itself."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

MAX_CELL = 300
"""Characters. A cell with more is a part of the layout of a page, and its table holds no data."""

_CELLS = re.compile(r"(?<!\\)\|")
_RULE = re.compile(r"\s*\|?\s*:?-+:?\s*(?:\|\s*:?-+:?\s*)*\|?\s*")


def write_row(heads: Sequence[str], cells: Sequence[str]) -> str:
    """Return ``Port: Askey; Ships: 412``. Empty cells are left out, and so are headings that do not fit the cells."""
    named = heads if len(heads) == len(cells) else [""] * len(cells)
    return "; ".join(f"{head}: {cell}" if head else cell for head, cell in zip(named, cells, strict=True) if cell)


def write_tables(markdown: str) -> str:
    """Return Markdown with the rows of its tables written by ``write_row``. All other lines are kept as they are."""
    if "|" not in markdown:
        return markdown
    return "".join(_written(markdown.splitlines(keepends=True)))


def _written(lines: Sequence[str]) -> Iterator[str]:
    heads: list[str] | None = None
    for index, line in enumerate(lines):
        below = lines[index + 1] if index + 1 < len(lines) else ""
        if heads is None and "|" in line and "|" in below and _RULE.fullmatch(below.rstrip("\r\n")):
            heads = _cells(line)  # the row of headings, which is not a sentence by itself
        elif heads is None or "|" not in line:
            heads = None
            yield line
        elif not _RULE.fullmatch(line.rstrip("\r\n")):
            yield write_row(heads, _cells(line)) + line[len(line.rstrip("\r\n")) :]


def _cells(line: str) -> list[str]:
    cells = [" ".join(cell.replace("\\|", "|").split()) for cell in _CELLS.split(line.strip())]
    return cells[not cells[0] : len(cells) - (not cells[-1] and len(cells) > 1)]
