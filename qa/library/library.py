"""The library: one SQLite file that holds the truth.

Articles, sentence offsets, chunks, their vectors and the full-text index (FTS5) change together in one transaction
that also raises ``revision``. Everything in Chroma can be made again from here without embedding anything again.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self, TypeVar

import numpy as np

from ..articles.parse import ParsedArticle
from ..english.characters import fold
from ..english.document import VERSION, Document
from ..english.spelling import match_speakers
from ..errors import EmbedderMismatch, LibraryError, UnknownArticle
from ..model import Article, ArticleRef, Chunk, Coverage, Filters, IncompleteArticle, Sentence, day_of
from .database import Connection, Database, Row
from .derived import document_row, said_rows, searchable_text
from .disk import is_there
from .embedders import Vectors
from .rows import REFERENCE, ChunkRow, chunk_row, covered, names, reference, text_hash
from .scope import EVERYTHING, Scope, condition

FILE = "library.sqlite3"
REMEMBERED = 512  # parsed articles: those of the last questions
T = TypeVar("T")


@dataclass(frozen=True)
class Entry:
    """An article ready to be stored: parsed, with its chunks and their vectors, shape (len(chunks), dimension)."""

    parsed: ParsedArticle
    chunks: Sequence[Chunk]
    vectors: Vectors


class Library:
    """A folder's ``library.sqlite3``; or, with ``folder=None``, a library in memory for one thread's question."""

    def __init__(self, folder: Path | None, *, create: bool = False) -> None:
        """Open, or with ``create`` make, the library. Raises LibraryError, SchemaMismatch."""
        self.folder = folder
        if folder is not None and not create and not is_there(folder / FILE):
            raise LibraryError(f"There is no library at {folder}. Make one with: qa ingest <articles>")
        self._database = Database(folder / FILE if folder else None)
        self._memory: dict[tuple[object, ...], Any] = {}
        self._parsed: dict[tuple[str, str], ParsedArticle] = {}

    @classmethod
    def of(cls, database: Database) -> Self:
        """The library in an open database that lies in no library's folder: a backup."""
        library = cls.__new__(cls)
        library.folder, library._database, library._memory, library._parsed = None, database, {}, {}
        return library

    @property
    def _db(self) -> Connection:
        return self._database.connection

    def _query(self, sql: str, values: Sequence[object] = ()) -> list[Row]:
        return self._database.query(sql, values)

    @property
    def where(self) -> str:
        """The library's place, for messages."""
        return self._database.where

    @property
    def frozen(self) -> bool:
        """Whether it can only be read: its folder is read-only or full."""
        return self._database.frozen

    def still_there(self) -> bool:
        """Whether the file this library opened is still the one in its folder; False once deleted or replaced."""
        return self._database.still_there()

    @property
    def database(self) -> Database:
        """The file under it: for backups and checks (``maintenance``)."""
        return self._database

    @contextmanager
    def reading(self) -> Iterator[Self]:
        """One snapshot: everything read inside belongs to one revision, whatever is written meanwhile."""
        with self._database.reading():
            yield self

    def close(self) -> None:
        """Close every thread's connection."""
        self._database.close()

    # -- facts about the whole -------------------------------------------------------------------------------------

    def _meta(self, key: str) -> str | None:
        row = next(iter(self._query("SELECT value FROM meta WHERE key=?", (key,))), None)
        return row[0] if row else None

    @property
    def revision(self) -> int:
        """Raised by one with every transaction that changed something."""
        return int(self._meta("revision") or 0)

    @property
    def state(self) -> tuple[int, str]:
        """The revision and its token: equal states, equal contents; told apart from another library's same revision."""
        row = self._query("SELECT revision, token FROM revisions ORDER BY revision DESC LIMIT 1")[0]
        return row["revision"], row["token"]

    def came_from(self, state: tuple[int, str]) -> bool:
        """Whether this library went through that state, so that ``changes`` since then are all that differs."""
        return bool(self._query("SELECT 1 FROM revisions WHERE revision=? AND token=?", state))

    @property
    def embedder(self) -> str | None:
        """Name of the embedder of all vectors; None before the first article."""
        return self._meta("embedder")

    @property
    def dimension(self) -> int | None:
        """Length of the vectors; None before the first article."""
        value = self._meta("dimension")
        return int(value) if value else None

    def coverage(self, filters: Filters | None = None) -> Coverage:
        """How many articles, of which outlets, from when to when."""
        filters = filters or Filters()
        return self._remembered(("coverage", filters), lambda: self._cover(filters))

    def _cover(self, filters: Filters) -> Coverage:
        where, values = self._condition(filters)
        rows = self._query(
            "SELECT source, count(*) AS articles, min(published_day) AS first, max(published_day) AS last"
            f" FROM articles a WHERE {where} GROUP BY source ORDER BY source",
            values,
        )
        return covered(rows)

    def scope(self, filters: Filters) -> Scope:
        """The filters as a condition on articles, and how large a part of them it holds for."""
        where, values = self._condition(filters)
        every = self.coverage().articles
        return Scope(where, values, self.coverage(filters).articles / every if every else 0.0)

    def _condition(self, filters: Filters) -> tuple[str, tuple[str, ...]]:
        sources = self.coverage().sources if filters.sources else ()
        return condition(filters, sources, self.speakers() if filters.speakers else ())

    def _remembered(self, what: tuple[object, ...], make: Callable[[], T]) -> T:
        """What was counted in this state of the library before: every question asks for it, few writes change it."""
        with self.reading():  # the state and what is counted in it belong together
            key, memory = (*self.state, *what), self._memory
            found: T | None = memory.get(key)
            if found is not None:
                return found
            made = make()
        if len(memory) >= 100:  # other threads may still look into the old one
            self._memory = memory = {}
        memory[key] = made
        return made

    # -- writing ---------------------------------------------------------------------------------------------------

    def write(self, entries: Sequence[Entry], *, embedder: str) -> int:
        """Store entries in one transaction; an article with a known id is replaced. Returns the new revision.

        Raises EmbedderMismatch if the library's vectors come from another embedder; then nothing is stored.
        """
        with self._database.writing() as db:
            self._claim_embedder(embedder, next((e.vectors.shape[1] for e in entries if len(e.chunks)), None))
            revision = self._next_revision(db)
            for entry in entries:
                self._delete(entry.parsed.id, revision)
                self._insert(entry, revision)
        return revision

    def remove(self, ids: Iterable[str]) -> int:
        """Delete articles by id in one transaction, with all that hangs on them. Returns the new revision."""
        with self._database.writing() as db:
            revision = self._next_revision(db)
            for article_id in ids:
                self._delete(article_id, revision)
        return revision

    def _next_revision(self, db: Connection) -> int:
        revision = self.revision + 1
        db.execute("UPDATE meta SET value=? WHERE key='revision'", (revision,))
        db.execute("INSERT INTO revisions VALUES (?, lower(hex(randomblob(8))))", (revision,))
        return revision

    def _claim_embedder(self, name: str, dimension: int | None) -> None:
        for key, value in (("embedder", name), ("dimension", dimension)):
            known = self._meta(key)
            if known is None and value is not None:
                self._db.execute("INSERT INTO meta VALUES (?, ?)", (key, str(value)))
            elif value is not None and known != str(value):
                raise EmbedderMismatch(
                    f"{self.where} has vectors of {key} {known}, not {value}. Every library keeps the embedder it "
                    "began with; use a new --library for another one."
                )

    def _delete(self, article_id: str, revision: int) -> None:
        ids = [row[0] for row in self._db.execute("SELECT id FROM chunks WHERE article_id=?", (article_id,))]
        self._db.executemany("DELETE FROM chunks_fts WHERE rowid=?", [(i,) for i in ids])
        self._db.executemany("INSERT INTO removed VALUES (?, ?)", [(i, revision) for i in ids])
        self._db.execute("DELETE FROM articles WHERE id=?", (article_id,))  # sentences and chunks cascade

    def _insert(self, entry: Entry, revision: int) -> None:
        article = entry.parsed.article
        day = day_of(article.published)
        self._db.execute(
            "INSERT INTO articles VALUES (?,?,?,?,?,?,?,?,?,?,?)",
            (
                article.id,
                article.version,
                article.title,
                article.source,
                json.dumps(article.authors),
                article.url,
                article.published.isoformat() if article.published else None,
                day.isoformat() if day else None,
                article.language,
                article.status,
                article.origin,
            ),
        )
        self._db.execute("INSERT INTO documents VALUES (?,?,?,?,?,?)", document_row(entry.parsed))
        offsets = [(article.id, s.index, s.start, s.end) for s in entry.parsed.sentences]
        self._db.executemany("INSERT INTO sentences VALUES (?,?,?,?)", offsets)
        self._db.executemany("INSERT INTO said VALUES (?,?,?)", said_rows(entry.parsed))
        for chunk, vector in zip(entry.chunks, entry.vectors, strict=True):
            row = self._db.execute(
                "INSERT INTO chunks (article_id, idx, first, last, tokens, text, text_hash, vector, revision)"
                " VALUES (?,?,?,?,?,?,?,?,?)",
                (
                    article.id,
                    chunk.index,
                    chunk.first,
                    chunk.last,
                    chunk.tokens,
                    chunk.text,
                    text_hash(chunk.text),
                    vector.tobytes(),
                    revision,
                ),
            )
            indexed = (row.lastrowid, searchable_text(chunk.text))
            self._db.execute("INSERT INTO chunks_fts (rowid, text) VALUES (?,?)", indexed)

    # -- reading articles ------------------------------------------------------------------------------------------

    def versions(self) -> dict[str, str]:
        """Article id to version, for all articles."""
        return {row["id"]: row["version"] for row in self._query("SELECT id, version FROM articles")}

    def articles(self, filters: Filters | None = None) -> list[ArticleRef]:
        """All articles, without their texts, latest first; undated ones last."""
        where, values = self._condition(filters or Filters())
        rows = self._query(
            f"SELECT {REFERENCE} FROM articles a WHERE {where} ORDER BY published_day DESC NULLS LAST, title, id",
            values,
        )
        return [reference(row) for row in rows]

    def article(self, article_id: str) -> Article:
        """One article with its text. Raises UnknownArticle."""
        return self.parsed([article_id])[article_id].article

    def parsed(self, ids: Iterable[str]) -> dict[str, ParsedArticle]:
        """Articles with what was read from them when they were stored, in the order of ``ids``.

        Articles of earlier calls are remembered: a follow-up question is about the same ones. Raises UnknownArticle.
        """
        wanted = list(dict.fromkeys(ids))
        rows = self._query(
            "SELECT id, version FROM articles WHERE id IN (SELECT value FROM json_each(?))", (json.dumps(wanted),)
        )
        versions = {row["id"]: row["version"] for row in rows}
        for article_id in wanted:
            if article_id not in versions:
                raise UnknownArticle(f"No article {article_id!r} in {self.where}. List them with: qa articles")
        return {i: self._parsed_once((i, versions[i])) for i in wanted}

    def _parsed_once(self, key: tuple[str, str]) -> ParsedArticle:
        known = self._parsed.get(key)
        if known is None:
            known = self._take_up(key[0])
            while len(self._parsed) >= REMEMBERED:
                # The one remembered longest ago; another thread may have been faster.
                self._parsed.pop(next(iter(self._parsed), key), None)
            self._parsed[key] = known
        return known

    def _take_up(self, article_id: str) -> ParsedArticle:
        row = self._query(
            f"SELECT {REFERENCE}, a.language, a.origin, d.text, d.body_start, d.parser, d.layers, d.faults"
            " FROM articles a JOIN documents d ON d.article_id = a.id WHERE a.id=?",
            (article_id,),
        )[0]
        article = Article(
            **reference(row).model_dump(),
            text=row["text"],
            body_start=row["body_start"],
            language=row["language"],
            origin=row["origin"],
        )
        document = Document.stored(
            article.text,
            article.published,
            body_start=row["body_start"],
            id=article_id,
            sentences=self._sentences(article_id, article.text),
            layers=row["layers"] if row["parser"] == VERSION else None,
        )
        return ParsedArticle(article, document, json.loads(row["faults"]))

    def parsed_by_others(self) -> list[str]:
        """Ids of the articles that another version of the parser has read."""
        return [row[0] for row in self._query("SELECT article_id FROM documents WHERE parser <> ?", (VERSION,))]

    def incomplete(self) -> list[IncompleteArticle]:
        """The articles of which something could not be read, one entry a part."""
        rows = self._query(
            "SELECT a.id, a.origin, d.faults FROM documents d JOIN articles a ON a.id = d.article_id"
            " WHERE d.faults <> '{}' ORDER BY a.origin, a.id"
        )
        return [
            IncompleteArticle(article_id=row["id"], origin=row["origin"] or row["id"], part=part, reason=reason)
            for row in rows
            for part, reason in json.loads(row["faults"]).items()
        ]

    def find(self, key: str) -> Article:
        """The one article whose id begins with ``key`` or whose file is named so. Raises UnknownArticle."""
        rows = self._query("SELECT id, origin FROM articles")
        matches = [
            row["id"] for row in rows if row["id"].startswith(key) or key in {row["origin"], *names(row["origin"])}
        ]
        if len(matches) != 1:
            what = "No article" if not matches else f"{len(matches)} articles"
            raise UnknownArticle(f"{what} with id or file name {key!r} in {self.where}. List them with: qa articles")
        return self.article(matches[0])

    def sentences(self, article_id: str) -> tuple[Sentence, ...]:
        """All sentences of an article, in order."""
        return self.parsed([article_id])[article_id].sentences

    def _sentences(self, article_id: str, text: str) -> tuple[Sentence, ...]:
        offsets = self._query("SELECT idx, start, end FROM sentences WHERE article_id=? ORDER BY idx", (article_id,))
        return tuple(
            Sentence(article_id=article_id, index=i, start=start, end=end, text=text[start:end])
            for i, start, end in offsets
        )

    def speakers(self) -> tuple[str, ...]:
        """Everybody who speaks by name in the library, most often first."""
        sql = "SELECT speaker FROM said GROUP BY speaker ORDER BY count(*) DESC, speaker"
        return self._remembered(("speakers",), lambda: tuple(row[0] for row in self._query(sql)))

    def said_by(self, filters: Filters) -> list[tuple[str, int]]:
        """Article id and index of every sentence in which one of ``filters.speakers`` speaks, oldest first.

        Only articles that pass the filters count; undated ones come last.
        """
        scope = self.scope(filters)
        rows = self._query(
            "SELECT DISTINCT s.article_id, s.sentence, a.published_day, a.published"
            f" FROM said s JOIN articles a ON a.id = s.article_id WHERE {scope.where}"
            " AND s.speaker IN (SELECT value FROM json_each(?))"
            " ORDER BY a.published_day NULLS LAST, a.published, s.article_id, s.sentence",
            (*scope.values, json.dumps(match_speakers(filters.speakers, self.speakers()))),
        )
        return [(row["article_id"], row["sentence"]) for row in rows]

    # -- searching -------------------------------------------------------------------------------------------------

    def lexical(self, terms: Sequence[str], limit: int, filters: Filters) -> list[tuple[ChunkRow, float]]:
        """Chunks holding any of the terms, best BM25 first (higher is better). Terms are words in any spelling."""
        folded = filter(None, map(fold, terms))  # as ``searchable`` folds what is indexed
        quoted = " OR ".join('"' + term.replace('"', '""') + '"' for term in folded)
        if not quoted:
            return []
        scope = self.scope(filters)
        # Ranked among all and filtered afterwards; where too few pass or the scope is narrow, filtered first.
        if scope.everything or scope.wide:
            looked_at = scope.oversampled(limit)
            found = self._matching(quoted, looked_at, scope, limit, within=False)
            if len(found) == limit or scope.everything:
                return found
        return self._matching(quoted, limit, scope, limit, within=True)

    def _matching(
        self, quoted: str, looked_at: int, scope: Scope, limit: int, *, within: bool
    ) -> list[tuple[ChunkRow, float]]:
        inner = (
            f" AND +rowid IN (SELECT k.id FROM articles a JOIN chunks k ON k.article_id = a.id WHERE {scope.where})"
            if within
            else ""
        )
        # `rank` is computed for every match, before any other condition; `bm25` only for those that meet it.
        score = "bm25(chunks_fts)" if within else "rank"
        outer = "" if within or scope.everything else f" JOIN articles a ON a.id = c.article_id AND {scope.where}"
        order = (quoted, *scope.values, looked_at) if within else (quoted, looked_at, *scope.values)
        rows = self._query(
            f"SELECT c.id, c.article_id, c.first, c.last, f.score FROM (SELECT rowid AS id, -{score} AS score"
            f" FROM chunks_fts WHERE chunks_fts MATCH ?{inner} ORDER BY score DESC, rowid LIMIT ?) f"
            f" JOIN chunks c ON c.id = f.id{outer} ORDER BY f.score DESC, c.id LIMIT ?",
            (*order, limit),
        )
        return [(chunk_row(row), row["score"]) for row in rows]

    def document_frequency(self, stems: Sequence[str]) -> tuple[dict[str, int], int]:
        """How many chunks hold each Porter stem, and how many chunks there are."""
        marks = ",".join("?" * len(stems))
        rows = self._query(f"SELECT term, doc FROM chunks_vocab WHERE term IN ({marks})", tuple(stems))
        return {row["term"]: row["doc"] for row in rows}, self.count()

    def count(self) -> int:
        """Number of chunks."""
        return self._remembered(("chunks",), lambda: int(self._query("SELECT count(*) FROM chunks")[0][0]))

    def vectors(self, filters: Filters | None = None, *, ids: Sequence[int] | None = None) -> tuple[list[int], Vectors]:
        """Chunk ids and their vectors, shape (n, dimension), of the filtered articles and, if given, of those ids."""
        where, values = self._condition(filters or Filters())
        if ids is not None:
            where += " AND c.id IN (SELECT value FROM json_each(?))"
            values = (*values, json.dumps(list(ids)))
        join = "" if where.startswith(EVERYTHING) else "JOIN articles a ON a.id = c.article_id"
        rows = self._query(f"SELECT c.id, c.vector FROM chunks c {join} WHERE {where} ORDER BY c.id", values)
        matrix = np.frombuffer(b"".join(row["vector"] for row in rows), np.float32)
        return [row["id"] for row in rows], matrix.reshape(len(rows), self.dimension or 0)

    def within(self, filters: Filters, ids: Sequence[int]) -> set[int]:
        """Those of the chunks that the filters let through."""
        where, values = self._condition(filters)
        rows = self._query(
            "SELECT c.id FROM chunks c JOIN articles a ON a.id = c.article_id"
            f" WHERE {where} AND c.id IN (SELECT value FROM json_each(?))",
            (*values, json.dumps(list(ids))),
        )
        return {row[0] for row in rows}

    def sample(self, size: int, *, until: int) -> tuple[list[int], Vectors]:
        """Some chunks of revisions up to ``until``, spread evenly: ids and vectors."""
        # In the order of an index that holds both: in the order of ids, every chunk's text and vector would be read.
        rows = self._query("SELECT id FROM chunks WHERE revision <= ? ORDER BY revision, id", (until,))
        ids = [row["id"] for row in rows]
        return self.vectors(ids=ids[:: max(1, len(ids) // size)][:size])

    def origins(self) -> dict[str, str]:
        """Article id to where it was read from (a path, or path#key for one row); only where that is known."""
        return {r["id"]: r["origin"] for r in self._query("SELECT id, origin FROM articles WHERE origin IS NOT NULL")}

    def chunks(self, ids: Sequence[int]) -> dict[int, ChunkRow]:
        """Where chunks lie. Ids that are no longer stored are absent."""
        rows = self._query(
            "SELECT id, article_id, first, last FROM chunks WHERE id IN (SELECT value FROM json_each(?))",
            (json.dumps(list(ids)),),
        )
        return {row["id"]: chunk_row(row) for row in rows}

    def known_vectors(self, texts: Sequence[str]) -> dict[str, Vectors]:
        """Vectors already stored for these exact chunk texts, so that an edit embeds only what it changed."""
        by_hash = {text_hash(text): text for text in texts}
        rows = self._query(
            "SELECT text_hash, vector FROM chunks WHERE text_hash IN (SELECT value FROM json_each(?))",
            (json.dumps(list(by_hash)),),
        )
        return {by_hash[digest]: np.frombuffer(vector, np.float32) for digest, vector in rows}

    def changes(self, since: int) -> tuple[dict[int, int], dict[int, int]]:
        """Chunk ids added, and removed, after revision ``since``, each with its revision: what an index of it lacks."""
        added = self._query("SELECT id, revision FROM chunks WHERE revision > ? ORDER BY id", (since,))
        removed = self._query("SELECT chunk_id, revision FROM removed WHERE revision > ? ORDER BY chunk_id", (since,))
        return {row[0]: row[1] for row in added}, {row[0]: row[1] for row in removed}
