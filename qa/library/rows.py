"""Conversion between rows of the library's tables and values."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from ..model import ArticleRef, Coverage
from .engine import Row

REFERENCE = (
    "a.id, a.version, a.title, a.opening, a.source, a.authors, a.url, a.published, a.modified, a.replaced, a.status"
)
"""The columns that make an ArticleRef."""


@dataclass(frozen=True)
class ChunkRow:
    """The position of a stored chunk: its article, and the indices of its first and last sentence (inclusive)."""

    id: int
    article_id: str
    first: int
    last: int


def reference(row: Row) -> ArticleRef:
    """Return the row as an article without its text. An earlier version is "superseded", if it is not worse."""
    names = ("id", "version", "title", "opening", "source", "url", "published", "modified", "replaced", "status")
    fields: dict[str, Any] = {name: row[name] for name in names}
    if row["replaced"] and row["status"] == "current":
        fields["status"] = "superseded"
    return ArticleRef(**fields, authors=tuple(json.loads(row["authors"])))


def covered(rows: Sequence[Row]) -> Coverage:
    """Return the Coverage of rows that hold, for each outlet, ``source``, ``articles``, ``first`` and ``last``."""
    first = min((row["first"] for row in rows if row["first"]), default=None)
    last = max((row["last"] for row in rows if row["last"]), default=None)
    return Coverage(
        articles=sum(row["articles"] for row in rows),
        sources=tuple(row["source"] for row in rows if row["source"]),
        first=date.fromisoformat(first) if first else None,
        last=date.fromisoformat(last) if last else None,
    )


def chunk_row(row: Row) -> ChunkRow:
    """Return the row as the position of a chunk."""
    return ChunkRow(row["id"], row["article_id"], row["first"], row["last"])


def text_hash(text: str) -> str:
    """Return the hash by which equal chunk texts are found: 128 bits of BLAKE2b in hexadecimal."""
    return hashlib.blake2b(text.encode(), digest_size=16).hexdigest()


def names(origin: str | None) -> tuple[str, ...]:
    """Return the name of the file that an article was read from, with and without its suffix."""
    path = Path(origin) if origin else None
    return (path.name, path.stem) if path else ()
