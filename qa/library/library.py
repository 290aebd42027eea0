"""The library: one SQLite file, the source of truth.

Articles, sentence offsets, chunks, their vectors and the full-text index (FTS5) change together in one transaction,
which also raises ``revision``. Chroma's index can be rebuilt from this file without embedding anything again.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self, TypeVar

import numpy as np

from ..articles.parse import ParsedArticle, parse_with
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
REMEMBERED = 512  # parsed articles that are cached
T = TypeVar("T")


@dataclass(frozen=True)
class Entry:
    """A parsed article that is ready to be stored. ``vectors`` has the shape (len(chunks), dimension)."""

    parsed: ParsedArticle
    chunks: Sequence[Chunk]
    vectors: Vectors


class Library:
    """The articles in a folder's ``library.sqlite3``; with ``folder=None``, in memory and for one thread only."""

    def __init__(self, folder: Path | None, *, create: bool = False) -> None:
        """Open the library. With ``create``, it is created if it does not exist.

        Raises LibraryError if there is no library or it cannot be used, SchemaMismatch if another version wrote it.
        """
        self.folder = folder
        if folder is not None and not create and not is_there(folder / FILE):
            raise LibraryError(f"There is no library at {folder}. Create one with: qa ingest <articles>")
        self._database = Database(folder / FILE if folder else None)
        self._cache: dict[tuple[object, ...], Any] = {}
        self._parsed: dict[tuple[str, str], ParsedArticle] = {}

    @classmethod
    def of(cls, database: Database) -> Self:
        """Return the library in an open database that is not in a library's folder, such as a backup."""
        library = cls.__new__(cls)
        library.folder, library._database, library._cache, library._parsed = None, database, {}, {}
        return library

    @property
    def _db(self) -> Connection:
        return self._database.connection

    def _query(self, sql: str, values: Sequence[object] = ()) -> list[Row]:
        return self._database.query(sql, values)

    @property
    def where(self) -> str:
        """Where the library is, for messages."""
        return self._database.where

    @property
    def frozen(self) -> bool:
        """Whether the library can only be read, because its folder is read-only or full."""
        return self._database.frozen

    def still_there(self) -> bool:
        """Whether the folder still holds the file that was opened. False if it was deleted or replaced."""
        return self._database.still_there()

    @property
    def database(self) -> Database:
        """The underlying database, for backups and checks (see ``maintenance``)."""
        return self._database

    @contextmanager
    def reading(self) -> Iterator[Self]:
        """Run a block on one snapshot. All that it reads belongs to one revision, even if others write meanwhile."""
        with self._database.reading():
            yield self

    def close(self) -> None:
        """Close the connections of all threads."""
        self._database.close()

    # -- facts about the library -----------------------------------------------------------------------------------

    def _meta(self, key: str) -> str | None:
        row = next(iter(self._query("SELECT value FROM meta WHERE key=?", (key,))), None)
        return row[0] if row else None

    @property
    def revision(self) -> int:
        """A number that every writing transaction raises by one."""
        return int(self._meta("revision") or 0)

    @property
    def state(self) -> tuple[int, str]:
        """The revision and its random token. Libraries with equal states have equal contents.

        The token tells this library's revision from the same revision of another library.
        """
        row = self._query("SELECT revision, token FROM revisions ORDER BY revision DESC LIMIT 1")[0]
        return row["revision"], row["token"]

    def came_from(self, state: tuple[int, str]) -> bool:
        """Whether this library has been in that state. If so, ``changes`` gives everything that differs from it."""
        return bool(self._query("SELECT 1 FROM revisions WHERE revision=? AND token=?", state))

    @property
    def embedder(self) -> str | None:
        """The name of the embedder of all vectors. None before the first article."""
        return self._meta("embedder")

    @property
    def dimension(self) -> int | None:
        """The length of the vectors. None before the first article."""
        value = self._meta("dimension")
        return int(value) if value else None

    def coverage(self, filters: Filters | None = None) -> Coverage:
        """Return how many articles pass the filters, their outlets, and their first and last day of publication."""
        filters = filters or Filters()
        return self._cached(("coverage", filters), lambda: self._cover(filters))

    def _cover(self, filters: Filters) -> Coverage:
        where, values = self._condition(filters)
        rows = self._query(
            "SELECT source, count(*) AS articles, min(published_day) AS first, max(published_day) AS last"
            f" FROM articles a WHERE {where} GROUP BY source ORDER BY source",
            values,
        )
        return covered(rows)

    def undated(self, filters: Filters) -> int:
        """Return how many articles that pass the filters have no day of publication."""
        where, values = self._condition(filters)
        return int(
            self._query(f"SELECT count(*) FROM articles a WHERE {where} AND a.published_day IS NULL", values)[0][0]
        )

    def scope(self, filters: Filters) -> Scope:
        """Return the filters as an SQL condition on articles, and the share of articles that pass."""
        where, values = self._condition(filters)
        total = self.coverage().articles
        return Scope(where, values, self.coverage(filters).articles / total if total else 0.0)

    def _condition(self, filters: Filters) -> tuple[str, tuple[str, ...]]:
        sources = self.coverage().sources if filters.sources else ()
        return condition(filters, sources, self.speakers() if filters.speakers else ())

    def _cached(self, name: tuple[object, ...], compute: Callable[[], T]) -> T:
        """Return a value that is cached for the library's current state. Every question needs such values."""
        with self.reading():  # the value must be computed in the state it is cached for
            key, cache = (*self.state, *name), self._cache
            cached: T | None = cache.get(key)
            if cached is not None:
                return cached
            value = compute()
        if len(cache) >= 100:  # start a new dictionary, because other threads may still read the old one
            self._cache = cache = {}
        cache[key] = value
        return value

    # -- writing ---------------------------------------------------------------------------------------------------

    def write(self, entries: Sequence[Entry], *, embedder: str) -> int:
        """Store entries in one transaction and return the new revision. An article with a known id is replaced.

        If an error is raised, nothing is stored.

        Args:
            entries: the articles to store.
            embedder: name of the embedder that made their vectors.

        Raises:
            EmbedderMismatch: the library's vectors come from another embedder.
            LibraryError: the database cannot be written.
            RowRefused: SQLite refuses a row.
        """
        with self._database.writing() as db:
            self._claim_embedder(embedder, next((e.vectors.shape[1] for e in entries if len(e.chunks)), None))
            revision = self._next_revision(db)
            for entry in entries:
                self._delete(entry.parsed.id, revision)
                self._insert(entry, revision)
        return revision

    def remove(self, ids: Iterable[str]) -> int:
        """Delete articles and everything derived from them in one transaction. Returns the new revision."""
        with self._database.writing() as db:
            revision = self._next_revision(db)
            for article_id in ids:
                self._delete(article_id, revision)
        return revision

    def move(self, origins: Mapping[str, str]) -> None:
        """Set where articles were read from, by article id: the same article was found in another file."""
        if origins:
            with self._database.writing() as db:
                db.executemany("UPDATE articles SET origin=? WHERE id=?", [(o, i) for i, o in origins.items()])

    def stamps(self) -> dict[str, str]:
        """Return the stamp of each file and address whose articles are stored, as ``stamp`` was given it."""
        return {row["place"]: row["stamp"] for row in self._query("SELECT place, stamp FROM sources")}

    def stamp(self, stamps: Mapping[str, str]) -> None:
        """Remember what files and addresses were like when their articles were stored.

        Args:
            stamps: by absolute path or address: any text that changes when the content does.
        """
        with self._database.writing() as db:
            db.executemany("INSERT OR REPLACE INTO sources VALUES (?, ?)", list(stamps.items()))

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
                    f"{self.where} has vectors of {key} {known}, not {value}. A library always keeps its first "
                    "embedder; use a new --library for another one."
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
        """Return the version of every article, by article id."""
        return {row["id"]: row["version"] for row in self._query("SELECT id, version FROM articles")}

    def articles(self, filters: Filters | None = None) -> list[ArticleRef]:
        """Return the articles that pass the filters, without their texts, latest first and undated ones last."""
        where, values = self._condition(filters or Filters())
        rows = self._query(
            f"SELECT {REFERENCE} FROM articles a WHERE {where} ORDER BY published_day DESC NULLS LAST, title, id",
            values,
        )
        return [reference(row) for row in rows]

    def article(self, article_id: str) -> Article:
        """Return one article with its text. Raises UnknownArticle."""
        return self.parsed([article_id])[article_id].article

    def parsed(self, ids: Iterable[str]) -> dict[str, ParsedArticle]:
        """Return stored articles with their parsed layers, by id and in the order of ``ids``. Raises UnknownArticle.

        Articles are cached, because a follow-up question is often about the same ones.
        """
        unique_ids = list(dict.fromkeys(ids))
        rows = self._query(
            "SELECT id, version FROM articles WHERE id IN (SELECT value FROM json_each(?))", (json.dumps(unique_ids),)
        )
        versions = {row["id"]: row["version"] for row in rows}
        for article_id in unique_ids:
            if article_id not in versions:
                raise UnknownArticle(f"No article {article_id!r} in {self.where}. List them with: qa articles")
        return {i: self._parsed_once((i, versions[i])) for i in unique_ids}

    def _parsed_once(self, key: tuple[str, str]) -> ParsedArticle:
        parsed = self._parsed.get(key)
        if parsed is None:
            parsed = self._load(key[0])
            while len(self._parsed) >= REMEMBERED:
                # Drop the oldest entry. Another thread may have dropped it already.
                self._parsed.pop(next(iter(self._parsed), key), None)
            self._parsed[key] = parsed
        return parsed

    def _load(self, article_id: str) -> ParsedArticle:
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
        sentences = self._sentences(article_id, article.text)
        if row["parser"] != VERSION:
            return parse_with(article, sentences)
        document = Document.stored(
            article.text,
            article.published,
            body_start=row["body_start"],
            id=article_id,
            sentences=sentences,
            layers=row["layers"],
        )
        return ParsedArticle(article, document, _faults(row["faults"]))

    def parsed_by_others(self) -> list[str]:
        """Return the ids of articles that were parsed by another version of the parser."""
        return [row[0] for row in self._query("SELECT article_id FROM documents WHERE parser <> ?", (VERSION,))]

    def incomplete(self) -> list[IncompleteArticle]:
        """Return the articles that are stored without some part, with one entry for each missing part."""
        rows = self._query(
            "SELECT a.id, a.origin, d.faults FROM documents d JOIN articles a ON a.id = d.article_id"
            " WHERE d.faults <> '{}' ORDER BY a.origin, a.id"
        )
        return [
            IncompleteArticle(article_id=row["id"], origin=row["origin"] or row["id"], part=part, reason=reason)
            for row in rows
            for part, reason in _faults(row["faults"]).items()
        ]

    def find(self, key: str) -> Article:
        """Return the one article whose id begins with ``key``, or whose file has that name or path.

        Raises UnknownArticle if there is no such article, or more than one.
        """
        rows = self._query("SELECT id, origin FROM articles")
        matches = [
            row["id"] for row in rows if row["id"].startswith(key) or key in {row["origin"], *names(row["origin"])}
        ]
        if len(matches) != 1:
            what = f"{key!r} is ambiguous: {len(matches)} articles" if matches else f"No article {key!r}"
            raise UnknownArticle(f"{what} in {self.where}. List them with: qa articles")
        return self.article(matches[0])

    def sentences(self, article_id: str) -> tuple[Sentence, ...]:
        """Return all sentences of an article, in order. Raises UnknownArticle."""
        return self.parsed([article_id])[article_id].sentences

    def _sentences(self, article_id: str, text: str) -> tuple[Sentence, ...]:
        offsets = self._query("SELECT idx, start, end FROM sentences WHERE article_id=? ORDER BY idx", (article_id,))
        return tuple(
            Sentence(article_id=article_id, index=i, start=start, end=end, text=text[start:end])
            for i, start, end in offsets
        )

    def speakers(self) -> tuple[str, ...]:
        """Return the named speakers of the library, those who speak most often first."""
        sql = "SELECT speaker FROM said GROUP BY speaker ORDER BY count(*) DESC, speaker"
        return self._cached(("speakers",), lambda: tuple(row[0] for row in self._query(sql)))

    def said_by(self, filters: Filters) -> list[tuple[str, int]]:
        """Return the sentences in which one of ``filters.speakers`` speaks, as pairs of article id and sentence index.

        Only articles that pass the filters are searched. The oldest come first and undated articles last.
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
        """Return chunks that contain any of the terms, with their BM25 score, best first (higher is better).

        Args:
            terms: plain words in any spelling, not a query in FTS5's syntax.
            limit: the most chunks to return.
            filters: the articles to search.
        """
        folded = filter(None, map(fold, terms))  # because ``searchable`` folds the indexed text
        quoted = " OR ".join('"' + term.replace('"', '""') + '"' for term in folded)
        if not quoted:
            return []
        scope = self.scope(filters)
        # Rank all chunks and filter afterwards. If the filters are narrow, or too few chunks pass, filter first.
        if scope.everything or scope.wide:
            matches = self._matching(quoted, scope.oversampled(limit), scope, limit, filter_first=False)
            if len(matches) == limit or scope.everything:
                return matches
        return self._matching(quoted, limit, scope, limit, filter_first=True)

    def _matching(
        self, quoted: str, candidates: int, scope: Scope, limit: int, *, filter_first: bool
    ) -> list[tuple[ChunkRow, float]]:
        inner = (
            f" AND +rowid IN (SELECT k.id FROM articles a JOIN chunks k ON k.article_id = a.id WHERE {scope.where})"
            if filter_first
            else ""
        )
        # `rank` is computed for every match, before other conditions; `bm25` only for the matches that meet them.
        score = "bm25(chunks_fts)" if filter_first else "rank"
        outer = "" if filter_first or scope.everything else f" JOIN articles a ON a.id = c.article_id AND {scope.where}"
        values = (quoted, *scope.values, candidates) if filter_first else (quoted, candidates, *scope.values)
        rows = self._query(
            f"SELECT c.id, c.article_id, c.first, c.last, f.score FROM (SELECT rowid AS id, -{score} AS score"
            f" FROM chunks_fts WHERE chunks_fts MATCH ?{inner} ORDER BY score DESC, rowid LIMIT ?) f"
            f" JOIN chunks c ON c.id = f.id{outer} ORDER BY f.score DESC, c.id LIMIT ?",
            (*values, limit),
        )
        return [(chunk_row(row), row["score"]) for row in rows]

    def document_frequency(self, stems: Sequence[str]) -> tuple[dict[str, int], int]:
        """Return how many chunks contain each Porter stem, and the number of all chunks."""
        marks = ",".join("?" * len(stems))
        rows = self._query(f"SELECT term, doc FROM chunks_vocab WHERE term IN ({marks})", tuple(stems))
        return {row["term"]: row["doc"] for row in rows}, self.count()

    def count(self) -> int:
        """Return the number of chunks."""
        return self._cached(("chunks",), lambda: int(self._query("SELECT count(*) FROM chunks")[0][0]))

    def vectors(self, filters: Filters | None = None, *, ids: Sequence[int] | None = None) -> tuple[list[int], Vectors]:
        """Return chunk ids, in ascending order, and their vectors, float32 of shape (n, dimension).

        Args:
            filters: only chunks of articles that pass.
            ids: only these chunks; None for all.
        """
        where, values = self._condition(filters or Filters())
        if ids is not None:
            where += " AND c.id IN (SELECT value FROM json_each(?))"
            values = (*values, json.dumps(list(ids)))
        join = "" if where.startswith(EVERYTHING) else "JOIN articles a ON a.id = c.article_id"
        rows = self._query(f"SELECT c.id, c.vector FROM chunks c {join} WHERE {where} ORDER BY c.id", values)
        matrix = np.frombuffer(b"".join(row["vector"] for row in rows), np.float32)
        return [row["id"] for row in rows], matrix.reshape(len(rows), self.dimension or 0)

    def within(self, filters: Filters, ids: Sequence[int]) -> set[int]:
        """Return those of the chunk ids whose articles pass the filters."""
        where, values = self._condition(filters)
        rows = self._query(
            "SELECT c.id FROM chunks c JOIN articles a ON a.id = c.article_id"
            f" WHERE {where} AND c.id IN (SELECT value FROM json_each(?))",
            (*values, json.dumps(list(ids))),
        )
        return {row[0] for row in rows}

    def sample(self, size: int, *, until: int) -> tuple[list[int], Vectors]:
        """Return the ids and vectors of at most ``size`` chunks from revisions up to ``until``, evenly spread."""
        # The index on revision also holds the ids. Ordered by id alone, the query would read all texts and vectors.
        rows = self._query("SELECT id FROM chunks WHERE revision <= ? ORDER BY revision, id", (until,))
        ids = [row["id"] for row in rows]
        return self.vectors(ids=ids[:: max(1, len(ids) // size)][:size])

    def origins(self) -> dict[str, str]:
        """Return where each article was read from, by article id: a path, or ``path#key`` for one row of a file.

        Articles whose origin is unknown are left out.
        """
        return {r["id"]: r["origin"] for r in self._query("SELECT id, origin FROM articles WHERE origin IS NOT NULL")}

    def chunks(self, ids: Sequence[int]) -> dict[int, ChunkRow]:
        """Return the position of each chunk, by chunk id. Ids that are no longer stored are left out."""
        rows = self._query(
            "SELECT id, article_id, first, last FROM chunks WHERE id IN (SELECT value FROM json_each(?))",
            (json.dumps(list(ids)),),
        )
        return {row["id"]: chunk_row(row) for row in rows}

    def known_vectors(self, texts: Sequence[str]) -> dict[str, Vectors]:
        """Return the stored vectors of those texts that are stored as chunks. They need not be embedded again."""
        by_hash = {text_hash(text): text for text in texts}
        rows = self._query(
            "SELECT text_hash, vector FROM chunks WHERE text_hash IN (SELECT value FROM json_each(?))",
            (json.dumps(list(by_hash)),),
        )
        return {by_hash[digest]: np.frombuffer(vector, np.float32) for digest, vector in rows}

    def changes(self, since: int) -> tuple[dict[int, int], dict[int, int]]:
        """Return the chunks added and the chunks removed after revision ``since``: two maps of chunk id to revision."""
        added = self._query("SELECT id, revision FROM chunks WHERE revision > ? ORDER BY id", (since,))
        removed = self._query("SELECT chunk_id, revision FROM removed WHERE revision > ? ORDER BY chunk_id", (since,))
        return {row[0]: row[1] for row in added}, {row[0]: row[1] for row in removed}


def _faults(stored: str) -> dict[str, str]:
    """Return the faults that are stored with a document. Damaged ones are empty here; "qa doctor" reports them."""
    try:
        return dict(json.loads(stored))
    except (ValueError, TypeError):
        return {}
