"""The index of words in SQLite: FTS5, which ranks by BM25."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from .engine import Row
from .rows import text_hash
from .scope import Scope

if TYPE_CHECKING:
    from .database import Database


class FTS5:
    """The words of chunks in SQLite; see ``engine.FullText``.

    Its column ``text`` has the chunks of the newest versions, ``earlier`` those of earlier ones.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, texts: Mapping[int, str], *, earlier: bool) -> None:
        """Index the texts of new chunks; see ``engine.FullText``."""
        rows = ((chunk_id, *(("", text) if earlier else (text, ""))) for chunk_id, text in texts.items())
        self._database.insert("chunks_fts", rows, ("rowid", "text", "earlier"))

    def set_aside(self, chunk_ids: Sequence[int]) -> None:
        """Count chunks as those of earlier versions."""
        listed = self._database.listed(chunk_ids)
        self._database.execute(
            f"UPDATE chunks_fts SET earlier=text, text='' WHERE rowid {self._database.one_of}", (listed,)
        )

    def remove(self, chunk_ids: Sequence[int]) -> None:
        """Remove chunks."""
        self._database.connection.executemany("DELETE FROM chunks_fts WHERE rowid=?", [(i,) for i in chunk_ids])

    def clear(self) -> None:
        """Remove all chunks."""
        self._database.execute("DELETE FROM chunks_fts")

    def search(
        self, terms: Sequence[str], scope: Scope, candidates: int | None, limit: int, *, newest: bool
    ) -> Sequence[Row]:
        """Return the best chunks for some terms; see ``engine.FullText``."""
        quoted = " OR ".join(map(_quoted, terms))
        quoted = f"text : ({quoted})" if newest else quoted
        filter_first = candidates is None
        inner = (
            f" AND +rowid IN (SELECT k.id FROM articles a JOIN chunks k ON k.article_id = a.id WHERE {scope.where})"
            if filter_first
            else ""
        )
        # `rank` is computed for every match, before other conditions; `bm25` only for the matches that meet them.
        score = "bm25(chunks_fts)" if filter_first else "rank"
        outer = "" if filter_first or scope.everything else f" JOIN articles a ON a.id = c.article_id AND {scope.where}"
        values = (quoted, *scope.values, limit) if filter_first else (quoted, candidates, *scope.values)
        return self._database.query(
            f"SELECT c.id, c.article_id, c.first, c.last, f.score FROM (SELECT rowid AS id, -{score} AS score"
            f" FROM chunks_fts WHERE chunks_fts MATCH ?{inner} ORDER BY score DESC, rowid LIMIT ?) f"
            f" JOIN chunks c ON c.id = f.id{outer} ORDER BY f.score DESC, c.id LIMIT ?",
            (*values, limit),
        )

    def containing(self, phrase: str, *, newest: bool) -> tuple[str, object]:
        """Return a SELECT of the articles that contain a phrase; see ``engine.FullText``."""
        sql = "SELECT k.article_id FROM chunks k WHERE k.id IN (SELECT rowid FROM chunks_fts WHERE chunks_fts MATCH ?)"
        return sql, f"{'text : ' if newest else ''}{_quoted(phrase)}"

    def frequencies(self, stems: Sequence[str]) -> dict[str, int]:
        """Return how many chunks of newest versions contain each Porter stem."""
        marks = ",".join("?" * len(stems))
        sql = f"SELECT term, doc FROM chunks_vocab WHERE term IN ({marks}) AND col = 'text'"
        return {row["term"]: row["doc"] for row in self._database.query(sql, tuple(stems))}

    def digests(self) -> Iterator[tuple[str, int, str, bool]]:
        """Yield the digest of each indexed text; see ``engine.FullText``."""
        sql = (
            "SELECT c.article_id, c.idx, f.text, f.earlier FROM chunks_fts f JOIN chunks c ON c.id = f.rowid"
            " ORDER BY c.article_id, c.idx"
        )
        for article_id, index, text, earlier in self._database.rows(sql):
            yield article_id, index, text_hash(text or earlier), bool(earlier)

    def faults(self) -> dict[str, str]:
        """Return checks; see ``engine.FullText``."""
        return {
            "chunks missing from the full-text index": "SELECT count(*) FROM chunks WHERE id NOT IN"
            " (SELECT id FROM chunks_fts_docsize)",
            "full-text entries without a chunk": "SELECT count(*) FROM chunks_fts_docsize WHERE id NOT IN"
            " (SELECT id FROM chunks)",
        }


def _quoted(words: str) -> str:
    """Return words as a phrase in FTS5's syntax."""
    return '"' + words.replace('"', '""') + '"'
