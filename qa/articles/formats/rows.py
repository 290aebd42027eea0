"""Rows: JSON Lines, JSON (one object or an array) and tables (CSV, TSV). Each row is an article.

A broken row is reported with its place, and the others are still read. A file that has no row is reported once.
"""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace

from ...errors import InputError
from ..encoding import decode
from ..extract import Extract, Raw, Unread
from ..fields import plain_name, read_facts
from . import ninjs

_TEXTS = (
    "text", "articlebody", "maintext", "plaintext", "bodytext", "body", "content", "contenttext", "rawtext", "bodyhtml",
    "bodyxhtml", "contenthtml", "story", "fulltext", "leadparagraph",
)  # fmt: skip
_IDS = ("id", "guid", "uri", "uuid")
_LISTS = ("articles", "items", "results", "docs", "data", "posts", "stories", "@graph")
"""Names under which tools put the rows of a file: ``{"status": "ok", "articles": […]}``."""
_WRAPPERS = ("response", "articles", "data")
"""Names of objects in which such a list stands: ``{"response": {"docs": […]}}``."""
_JSON_FEED = "https://jsonfeed.org/"
_MANY_BROKEN = 20
"""If so many lines are broken and none is good, the file is no JSON Lines: it is reported once."""
_MAX_COLUMNS = 1_000
_LINE_END = re.compile(r"\r\n|\n|\r")
_TOLD = re.compile(r"sep=(.)\r?\n", re.IGNORECASE)  # Excel's first line
_SHOWN = 12  # names of fields in a message


def read(raw: Raw) -> Iterator[Extract | Unread]:
    """Read a file of rows.

    Args:
        raw: the file. ``raw.names`` maps this module's names of fields to those of the file, for rows that no tool
            known here has written.

    Yields:
        An extract for each good row, and an ``Unread`` with the row's place for each broken one.

    Raises:
        InputError: the file is empty, is not text, or has no row.
    """
    content, warnings = decode(raw.content, raw.charset)
    if not content.strip():
        raise InputError("is empty")
    is_table = raw.suffix in {".csv", ".tsv"}
    document = None if is_table else _document(content)
    if isinstance(document, dict) and str(document.get("version", "")).startswith(_JSON_FEED):
        from .feed import read_json_feed

        yield from read_json_feed(document)
        return
    rows = _members(document) if document is not None else _lines(content)
    for row in _table(content, raw) if is_table else rows:
        extract = Unread(f"{row.where}: {row.fault}") if row.fault else _read_row(row, raw.names)
        if isinstance(extract, Extract):
            extract, warnings = replace(extract, warnings=(*warnings, *extract.warnings)), ()
        yield extract


@dataclass(frozen=True)
class _Row:
    """A row, or what is wrong with it. ``unit`` and ``number`` say where it stands: "line" 3."""

    unit: str
    number: int
    values: Mapping[str, object] = field(default_factory=dict)
    fault: str = ""

    @property
    def where(self) -> str:
        return f"{self.unit} {self.number}"


def _document(content: str) -> object:
    """Return the value of a file that is one JSON document. None for a file of lines that are documents."""
    first, *rest = _LINE_END.split(content.strip(), maxsplit=1)
    # The first line tells JSON Lines from a document of many lines, so that a large file is not read twice.
    return None if rest and _parse(first)[1] is None else _parse(content)[0]


def _lines(content: str) -> Iterator[_Row]:
    broken: list[_Row] = []
    good = False
    # Not splitlines, because a JSON string may contain U+2028 and similar characters.
    for number, line in enumerate(_LINE_END.split(content), start=1):
        if not line.strip():
            continue
        values, fault = _parse(line)
        if isinstance(values, dict):
            good = True
            yield from broken
            broken = []
            yield _Row("line", number, values)
        else:
            broken.append(_Row("line", number, fault=fault or "not a JSON object"))
        if not good and len(broken) > _MANY_BROKEN:
            raise InputError(f"is neither JSON nor JSON Lines ({broken[0].where}: {broken[0].fault})")
    yield from broken


def _members(document: object) -> Iterator[_Row]:
    """Yield the rows of one JSON document: the items of an array, or of the list in an object, or the object itself."""
    rows = document
    for _ in _WRAPPERS:
        if isinstance(rows, dict) and not _text_of(rows):
            wrapped = (value for name, value in rows.items() if plain_name(name) in (*_LISTS, *_WRAPPERS))
            rows = next((value for value in wrapped if isinstance(value, list | dict)), rows)
    rows = rows if isinstance(rows, list) else [rows]
    if not rows:
        raise InputError("is an empty list")
    if len(rows) > 1 and not any(isinstance(row, dict) for row in rows):
        raise InputError("is a list without JSON objects")
    for number, row in enumerate(rows, start=1):
        yield _Row("item", number, row) if isinstance(row, dict) else _Row("item", number, fault="not a JSON object")


def _parse(text: str) -> tuple[object, str | None]:
    """Return a JSON value, or None and what is wrong with it."""
    try:
        return json.loads(text), None
    except json.JSONDecodeError as error:
        return None, f"not JSON ({error.msg.lower()}, column {error.colno})"
    except (ValueError, RecursionError):  # a number with thousands of digits, or thousands of nested brackets
        return None, "not JSON that can be read"


def _table(content: str, raw: Raw) -> Iterator[_Row]:
    """Yield the rows of a table. The first one names the columns."""
    head = content[:20_000]
    told = _TOLD.match(content)
    content = content[told.end() :] if told else content
    delimiter = told[1] if told else "\t" if raw.suffix == ".tsv" else max(",;\t|", key=head.split("\n", 1)[0].count)
    # The limit is that of the whole process, where another thread may be reading a larger file.
    csv.field_size_limit(max(csv.field_size_limit(), len(content) + 1))
    reader = csv.reader(io.StringIO(content, newline=""), delimiter=delimiter)
    unclosed = _unclosed(content, delimiter)
    try:
        names = [name.strip() for name in next(reader)]
        if len(names) > _MAX_COLUMNS:
            raise InputError(f"has more than {_MAX_COLUMNS} columns")
        known = {plain_name(name) for name in names}
        for name, column in raw.names.items():
            if plain_name(column) not in known:
                raise InputError(f"has no column {column!r}, which --map names for {name} ({_named(names)})")
        if "text" not in raw.names and not known & set(_TEXTS):
            raise InputError(f"has no text ({_named(names)})")
        for number, cells in enumerate(reader, start=2):
            if number == unclosed:
                yield _Row("row", number, fault="opens a quotation mark that nothing closes")
                return
            if any(cell.strip() for cell in cells[len(names) :]):
                fault = f"has {len(cells)} cells for {len(names)} columns"
                yield _Row("row", number, fault=f"{fault}; put cells with a {delimiter!r} in quotation marks")
            elif any(cell.strip() for cell in cells):
                yield _Row("row", number, dict(zip(names, cells, strict=False)))
    except (csv.Error, StopIteration) as error:
        raise InputError(f"is not a table that can be read ({error})") from error


def _unclosed(content: str, delimiter: str) -> int | None:
    """Return the number of the row that opens a quotation mark which nothing closes. It swallows all rows below."""
    complete = 0
    try:
        for _ in csv.reader(io.StringIO(content, newline=""), delimiter=delimiter, strict=True):
            complete += 1
    except csv.Error as error:
        return complete + 1 if "unexpected end" in str(error) else None
    return None


def _read_row(row: _Row, names: Mapping[str, str]) -> Extract | Unread:
    if not names and ninjs.is_ninjs(row.values):
        return ninjs.read_item(row.values)
    values = _flat(row.values)
    plain = {plain_name(name): value for name, value in values.items()}
    values |= {name: plain[plain_name(column)] for name, column in names.items() if plain_name(column) in plain}
    text = _text_of(values)
    if text is None:
        return Unread(f"{row.where}: no text ({_named(row.values)})")
    facts, remarks = read_facts({name: _clean(value) for name, value in values.items()})
    place = f"{row.unit[0].upper()}{row.number}"
    return Extract(_readable(text), facts, id=_row_id(values), place=place, where=row.where, warnings=remarks)


def _named(columns: Iterable[str]) -> str:
    """Say which fields there are, and how to name the one that holds the text."""
    names = ", ".join(list(columns)[:_SHOWN])[:300]
    return f"its fields: {names}; if one holds the text, name it with --map text=FIELD"


def _flat(row: Mapping[str, object]) -> dict[str, object]:
    """Return a row with the members of its ``fields`` (the Guardian's) and ``body`` (fundus') beside its own."""
    flat = {str(name): value for name, value in row.items()}
    fields = row.get("fields")
    if isinstance(fields, Mapping):
        flat = {str(name): value for name, value in fields.items()} | flat
    body = row.get("body")
    if isinstance(body, Mapping):
        flat["body"] = _paragraphs(body)
    return flat


def _paragraphs(value: object) -> str:
    """Return the strings of a nested body, each a paragraph: a summary, headlines of sections, and their paragraphs."""
    if isinstance(value, str):
        return value
    members = value.values() if isinstance(value, Mapping) else value if isinstance(value, list) else ()
    return "\n\n".join(part for member in members if (part := _paragraphs(member)))


def _text_of(row: Mapping[str, object]) -> str | None:
    plain = {plain_name(name): value for name, value in row.items()}
    texts = (plain.get(name) for name in _TEXTS)
    return next((text for text in texts if isinstance(text, str) and text.strip()), None)


def _readable(text: str) -> str:
    """Return a field's text. If the field holds HTML, what it says."""
    from .markup import looks_like_markup, text_of

    return text_of(text) if looks_like_markup(text) else text


def _clean(value: object) -> object:
    """Return a field of metadata, without tags and entities."""
    return _readable(value) if isinstance(value, str) and ("&" in value or "<" in value) else value


def _row_id(row: Mapping[str, object]) -> str | None:
    plain = {plain_name(name): value for name, value in row.items()}
    for name in _IDS:
        value = plain.get(name)
        if isinstance(value, str | int) and not isinstance(value, bool):
            found = str(value).encode(errors="replace").decode().strip()
            if found:
                return found
    return None
