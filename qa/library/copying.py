"""Copies a library from one database to another, whatever they are: every table, then the index of words."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby, islice

from .database import new_token
from .derived import searchable_text
from .engine import CHUNK, Engine, Progress, Row

# In the order in which rows refer to each other. What is built from them (the words, the index in Chroma) is not here.
_TABLES = {
    "revisions": ("revision", "token"),
    "articles": (
        "id",
        "version",
        "title",
        "source",
        "authors",
        "url",
        "published",
        "published_day",
        "language",
        "status",
        "origin",
        "modified",
        "current_id",
        "added",
        "replaced",
        "shown_from",
        "shown_until",
        "changed",
        "opening",
    ),
    "documents": ("article_id", "text", "body_start", "parser", "layers", "faults"),
    "sentences": ("article_id", "idx", "start", '"end"'),
    "said": ("article_id", "sentence", "speaker"),
    "notes": ("article_id", "sentence", "kind", "key"),
    "chunks": ("id", *CHUNK),
    "removed": ("chunk_id", "revision"),
    "sources": ("place", "stamp"),
    "edits": ("article_id", "given", "stated"),
}
_INDEXED_AT_ONCE = 1000  # chunks


def copy_tables(source: Engine, target: Engine, on_progress: Progress | None = None) -> None:
    """Replace all that ``target`` holds with what ``source`` holds, in one transaction.

    Readers of the target see either the old or the new content. Its new revision is higher than those of both, so that
    no cache mistakes the new content for something it knows.

    Args:
        source: is read in one snapshot. Others can write to it meanwhile.
        target: has the current schema.
        on_progress: called with the number of chunks copied and indexed, and twice the number of all chunks.

    Raises:
        LibraryError: one of them cannot be used.
    """
    with source.reading(), target.writing():
        before = _revision(target)
        for table in reversed(_TABLES):
            target.execute(f"DELETE FROM {table}")
        # The row of the revision stays, because writers wait for each other at it.
        target.execute("DELETE FROM meta WHERE key <> 'revision'")
        target.insert("meta", map(tuple, source.rows("SELECT key, value FROM meta WHERE key <> 'revision'")))
        target.full_text.clear()
        total = 2 * int(source.query("SELECT count(*) FROM chunks")[0][0])
        for table, columns in _TABLES.items():
            rows = source.rows(f"SELECT {', '.join(columns)} FROM {table}")
            counted = _counted(rows, 0, total, on_progress) if table == "chunks" else rows
            target.insert_all(table, (tuple(row) for row in counted), columns)
        _index_words(source, target, total, on_progress)
        after = max(before, _revision(source)) + 1
        target.execute("UPDATE meta SET value=? WHERE key='revision'", (str(after),))
        target.execute("DELETE FROM revisions WHERE revision >= ?", (after,))
        target.insert("revisions", [(after, new_token())])
    if on_progress:
        on_progress(total, total)


def _index_words(source: Engine, target: Engine, total: int, on_progress: Progress | None) -> None:
    chunks = source.rows("SELECT id, text, revision FROM chunks ORDER BY id")
    counted = _counted(chunks, total // 2, total, on_progress)
    while batch := list(islice(counted, _INDEXED_AT_ONCE)):
        for earlier, group in groupby(batch, lambda row: not row["revision"]):
            target.full_text.add({row["id"]: searchable_text(row["text"]) for row in group}, earlier=earlier)


def _counted(rows: Iterator[Row], done: int, total: int, on_progress: Progress | None) -> Iterator[Row]:
    for number, row in enumerate(rows, done):
        if on_progress and number % _INDEXED_AT_ONCE == 0:
            on_progress(number, total)
        yield row


def _revision(database: Engine) -> int:
    return int(database.query("SELECT value FROM meta WHERE key='revision'")[0][0])
