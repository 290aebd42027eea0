"""The library, the source of truth: one SQLite file, or a schema of a PostgreSQL database that many machines share.

Articles, sentence offsets, chunks, their vectors and the full-text index change together in one transaction, which
also raises ``revision``. Chroma's index can be rebuilt from the library without embedding anything again. The
statements here are in the SQL that both databases understand; what differs is behind ``engine.Engine``.

If an article changes, its earlier version stays, as an article ``<id>@<start of its version>``. Searches and lists pass
over earlier versions, unless ``Filters.as_of`` goes back. The index does not hold them.
"""

from __future__ import annotations

import json
import threading
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import asdict, dataclass, field
from datetime import UTC, date, datetime
from itertools import chain, count
from pathlib import Path
from types import MappingProxyType
from typing import Any, Self, TypeVar

import numpy as np

from ..articles.identity import article_version
from ..articles.parse import ParsedArticle, parse_when_needed
from ..english.characters import fold
from ..english.document import VERSION, Document
from ..english.spelling import match_speakers
from ..errors import EmbedderMismatch, LibraryError, UnknownArticle
from ..model import (
    Article,
    ArticleRef,
    ArticleVersion,
    Chunk,
    Coverage,
    Edit,
    Filters,
    IncompleteArticle,
    Particulars,
    Sentence,
    day_of,
)
from ..settings import KEEP_VERSIONS, Place, SharedLibrary
from .annotate import Annotated, Unread
from .database import Database, new_token
from .derived import UNREAD, document_row, noted_rows, opening, said_rows, searchable_text
from .disk import is_there
from .embedders import Vectors
from .engine import Builds, Engine, Jobs, Row
from .lifetime import Lifetime
from .rows import REFERENCE, ChunkRow, chunk_row, covered, names, reference, text_hash
from .schema import OF_AN_ARTICLE
from .scope import EVERYTHING, NEWEST, Scope, condition

FILE = "library.sqlite3"
REMEMBERED = 512  # parsed articles that are cached
_EARLIER = "(SELECT id FROM articles WHERE current_id IS NOT NULL)"  # read from an index that holds nothing else
_TEXT = (
    f"SELECT {REFERENCE}, a.language, a.origin, d.text, d.body_start{{}}"
    " FROM articles a JOIN documents d ON d.article_id = a.id WHERE a.id=?"
)
T = TypeVar("T")


@dataclass(frozen=True)
class Entry:
    """A parsed article that is ready to be stored. ``vectors`` has the shape (len(chunks), dimension)."""

    parsed: ParsedArticle
    chunks: Sequence[Chunk]
    vectors: Vectors


class Library:
    """The articles in a folder's ``library.sqlite3``, or in a PostgreSQL database.

    ``folder`` is where its index and other things beside it are: the folder itself, or for a shared library one on this
    machine. It is None for a library in memory.
    """

    def __init__(self, place: Place | None, *, create: bool = False) -> None:
        """Open the library. With ``create``, it is created if it does not exist.

        With ``place=None``, it is in memory and for one thread only.

        Raises LibraryError if there is no library or it cannot be used, SchemaMismatch if another version wrote it.
        """
        self._database: Engine
        if isinstance(place, SharedLibrary):
            from .postgres import Postgres

            self.folder: Path | None = place.folder
            self._database = Postgres(place, create=create)
        else:
            self.folder = place
            if place is not None and not create and not exists(place):
                raise LibraryError(f"There is no library at {place}. Create one with: qa ingest <articles>")
            self._database = Database(place / FILE if place else None)
        self._begin()

    @classmethod
    def of(cls, database: Engine) -> Self:
        """Return the library in an open database that is not in a library's folder, such as a backup."""
        library = cls.__new__(cls)
        library.folder, library._database = None, database
        library._begin()
        return library

    def _begin(self) -> None:
        self._cache: dict[tuple[object, ...], Any] = {}
        self._parsed: dict[tuple[str, ...], ParsedArticle] = {}
        self._snapshot = (
            threading.local()
        )  # its ``state`` is that of the snapshot that a thread reads, once it is known

    def _query(self, sql: str, values: Sequence[object] = ()) -> Sequence[Row]:
        return self._database.query(sql, values)

    @property
    def _one_of(self) -> str:
        return self._database.one_of

    def _listed(self, values: Iterable[object]) -> object:
        return self._database.listed(values)

    @property
    def jobs(self) -> Jobs | None:
        """What several processes have to store. None if only one process at a time may ingest."""
        return self._database.jobs

    def builds(self, server: str) -> Builds | None:
        """Return which builds on a Chroma server are sound, if all machines share that. None: it is in a folder."""
        return self._database.builds(server)

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
    def database(self) -> Engine:
        """The underlying database, for backups and checks (see ``maintenance``)."""
        return self._database

    @contextmanager
    def reading(self) -> Iterator[Self]:
        """Run a block on one snapshot. All that it reads belongs to one revision, even if others write meanwhile."""
        if hasattr(self._snapshot, "state"):
            yield self
            return
        with self._database.reading():
            self._snapshot.state = None
            try:
                yield self
            finally:
                del self._snapshot.state

    def close(self) -> None:
        """Close the connections of all threads."""
        self._database.close()

    def discard(self) -> bool:
        """Remove the library if nothing was ever stored in it. Return whether it is gone. Raises LibraryError."""
        return self._database.discard()

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
        known: tuple[int, str] | None = getattr(self._snapshot, "state", None)
        if known is None:
            row = self._query("SELECT revision, token FROM revisions ORDER BY revision DESC LIMIT 1")[0]
            known = row["revision"], row["token"]
            if hasattr(self._snapshot, "state"):
                self._snapshot.state = known
        return known

    def state_at(self, revision: int) -> tuple[int, str] | None:
        """Return the state at a revision, or the last one before it. None if the library does not remember it."""
        sql = "SELECT revision, token FROM revisions WHERE revision <= ? ORDER BY revision DESC LIMIT 1"
        rows = self._query(sql, (revision,))
        return (rows[0]["revision"], rows[0]["token"]) if rows else None

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
            f" FROM articles a WHERE {where} GROUP BY source ORDER BY source NULLS FIRST",
            values,
        )
        found = covered(rows)
        return found.model_copy(update={"unread": self._count_unread(filters)}) if self.count_unread() else found

    def _count_unread(self, filters: Filters) -> int:
        """Return how many articles that pass the filters are unread. Who speaks in them is not known."""
        where, values = self._condition(filters.model_copy(update={"speakers": ()}))
        sql = f"SELECT count(*) FROM documents d JOIN articles a ON a.id = d.article_id WHERE d.parser = {UNREAD}"
        return int(self._query(f"{sql} AND {where}", values)[0][0])

    def undated(self, filters: Filters) -> int:
        """Return how many articles that pass the filters have no day of publication."""
        where, values = self._condition(filters)
        return int(
            self._query(f"SELECT count(*) FROM articles a WHERE {where} AND a.published_day IS NULL", values)[0][0]
        )

    def earlier(self) -> int:
        """Return how many earlier versions of articles the library holds."""
        return self._cached(("earlier",), lambda: int(self._query(f"SELECT count(*) FROM {_EARLIER} AS e")[0][0]))

    def scope(self, filters: Filters) -> Scope:
        """Return the filters as an SQL condition on articles, and the share of articles that pass.

        With ``filters.as_of``, it is their share of the articles and their earlier versions.
        """
        where, values = self._condition(filters)
        total = self._passing(Filters()) + (self.earlier() if filters.as_of else 0)
        return Scope(where, values, self._passing(filters) / total if total else 0.0)

    def _passing(self, filters: Filters) -> int:
        """Return how many articles pass. Many questions have filters of their own, so nothing else is computed."""
        where, values = self._condition(filters)
        sql = f"SELECT count(*) FROM articles a WHERE {where}"
        return self._cached(("passing", filters), lambda: int(self._query(sql, values)[0][0]))

    def _condition(self, filters: Filters) -> tuple[str, tuple[str, ...]]:
        sources = self._sources() if filters.sources else ()
        speakers = self.speakers(earlier=True) if filters.speakers else ()
        return condition(filters, sources, speakers, earlier=self.earlier() > 0)

    def _sources(self) -> tuple[str, ...]:
        """Return all outlets, those of earlier versions too."""
        sql = "SELECT DISTINCT source FROM articles WHERE source IS NOT NULL"
        return self._cached(("sources",), lambda: tuple(row[0] for row in self._query(sql)))

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

    def write(
        self,
        entries: Sequence[Entry],
        *,
        embedder: str,
        keep_versions: int = KEEP_VERSIONS,
        now: datetime | None = None,
        edits: Mapping[str, Edit | None] = MappingProxyType({}),
        unless: Callable[[Article, Row], bool] | None = None,
    ) -> int:
        """Store entries in one transaction and return the new revision. An article with a known id is replaced.

        The earlier version is kept, unless both say the same: then only what is derived from it is replaced.

        If an error is raised, nothing is stored.

        Args:
            entries: the articles to store.
            embedder: name of the embedder that made their vectors.
            keep_versions: the most earlier versions of an article to keep; the oldest are removed.
            now: the instant at which they are stored, with its zone; default: the current one.
            edits: edits to remember with them, or None to forget one, by article id. See ``articles.edits``.
            unless: is given an article and the row that the library holds of it now; an article for which it returns
                True is not stored.

        Raises:
            EmbedderMismatch: the library's vectors come from another embedder.
            LibraryError: the database cannot be written.
            RowRefused: SQLite refuses a row.
        """
        with self._database.writing():
            self._claim_embedder(embedder, next((e.vectors.shape[1] for e in entries if len(e.chunks)), None))
            revision, moment = self._next_revision(), now or datetime.now(UTC)
            known = self._rows_of(entry.parsed.id for entry in entries)
            new = _Rows(self._database)
            kept = dict(edits)
            for entry in entries:
                article = entry.parsed.article
                if article.id in new.ids:  # twice among the entries
                    new.insert()
                    known |= self._rows_of([article.id])
                row = known.get(article.id)
                if row is not None and unless is not None and unless(article, row):
                    kept.pop(article.id, None)
                    continue
                self._put(entry, row, new, revision, moment, keep_versions)
            new.insert()
            self._remember(kept)
        return revision

    def annotate(self, annotated: Sequence[Annotated]) -> int:
        """Store what the second pass has read, in one transaction, and return how many articles are read now.

        An article that has been removed, changed or read by another process meanwhile is left as it is.
        """
        found = {one.id: one for one in annotated}
        with self._database.writing():
            rows = self._query(
                "SELECT a.id, a.version FROM articles a JOIN documents d ON d.article_id = a.id"
                f" WHERE d.parser = {UNREAD} AND a.id {self._one_of}",
                (self._listed(found),),
            )
            current = [found[row["id"]] for row in rows if row["version"] == found[row["id"]].version]
            if not current:
                return 0
            self._next_revision()
            for one in current:
                faults = json.dumps(dict(one.faults), ensure_ascii=False)
                self._database.execute(
                    "UPDATE documents SET parser=?, layers=?, faults=? WHERE article_id=?",
                    (VERSION, one.layers, faults, one.id),
                )
            self._database.insert("said", [(one.id, *row) for one in current for row in one.said])
            self._database.insert("notes", [(one.id, *row) for one in current for row in one.notes])
        return len(current)

    def remove(self, ids: Iterable[str]) -> int:
        """Delete articles, their earlier versions and everything derived from them in one transaction.

        Returns the new revision. The id of an earlier version deletes it alone.
        """
        with self._database.writing():
            revision = self._next_revision()
            for article_id in ids:
                for earlier in self._earlier_ids(article_id):
                    self._delete(earlier, revision)
                self._drop(article_id, revision)
                self._remember({article_id: None})
        return revision

    def move(self, origins: Mapping[str, str]) -> None:
        """Set where articles were read from, by article id: the same article was found in another file."""
        if origins:
            with self._database.writing():
                for article_id, origin in origins.items():
                    self._database.execute("UPDATE articles SET origin=? WHERE id=?", (origin, article_id))

    def stamps(self) -> dict[str, str]:
        """Return the stamp of each file and address whose articles are stored, as ``stamp`` was given it."""
        return {row["place"]: row["stamp"] for row in self._query("SELECT place, stamp FROM sources")}

    def stamp(self, stamps: Mapping[str, str]) -> None:
        """Remember what files and addresses were like when their articles were stored.

        Args:
            stamps: by absolute path or address: any text that changes when the content does.
        """
        with self._database.writing():
            sql = f"DELETE FROM sources WHERE place {self._one_of}"
            self._database.execute(sql, (self._listed(stamps),))
            self._database.insert("sources", stamps.items())

    def _next_revision(self) -> int:
        revision = self.revision + 1
        self._database.execute("UPDATE meta SET value=? WHERE key='revision'", (str(revision),))
        self._database.execute("INSERT INTO revisions VALUES (?, ?)", (revision, new_token()))
        return revision

    def _claim_embedder(self, name: str, dimension: int | None) -> None:
        for key, value in (("embedder", name), ("dimension", dimension)):
            known = self._meta(key)
            if known is None and value is not None:
                self._database.execute("INSERT INTO meta VALUES (?, ?)", (key, str(value)))
            elif value is not None and known != str(value):
                raise EmbedderMismatch(
                    f"{self.where} has vectors of {key} {known}, not {value}. A library always keeps its first "
                    "embedder; use a new --library for another one."
                )

    def _remember(self, edits: Mapping[str, Edit | None]) -> None:
        for article_id, edit in edits.items():
            self._database.execute("DELETE FROM edits WHERE article_id=?", (article_id,))
            if edit:
                row = (article_id, _set_fields(edit.given), _set_fields(edit.stated))
                self._database.execute("INSERT INTO edits VALUES (?,?,?)", row)

    def edits(self, ids: Sequence[str] | None = None) -> dict[str, Edit]:
        """Return what readers have edited, by article id: of all articles, or of some."""
        chosen = "" if ids is None else f" WHERE article_id {self._one_of}"
        values = () if ids is None else (self._listed(ids),)
        rows = self._query(f"SELECT article_id, given, stated FROM edits{chosen}", values)
        return {
            row["article_id"]: Edit(given=json.loads(row["given"]), stated=json.loads(row["stated"])) for row in rows
        }

    def _rows_of(self, ids: Iterable[str]) -> dict[str, Row]:
        rows = self._query(f"SELECT * FROM articles WHERE id {self._one_of}", (self._listed(ids),))
        return {row["id"]: row for row in rows}

    def _put(self, entry: Entry, row: Row | None, new: _Rows, revision: int, now: datetime, keep_versions: int) -> None:
        """Store an article in place of the version that the library holds, if any: ``row``."""
        article = entry.parsed.article
        if row is None:
            new.add(entry, revision, Lifetime.first(article, now))
            return
        before = Lifetime.of(row)
        stored = self._stored(article.id)
        if row["version"] == article.version or stored is None or _says_the_same(article, stored):
            same = before.restated(article)
            if stored and day_of(stored.published) != day_of(article.published):
                same = before.redated(article, first=not self._earlier_ids(article.id))
            self._delete(article.id, revision)
            new.add(entry, revision, same)
            return
        after = before.next(article, now)
        self._set_aside(article.id, row["version"], before.ended(after, article.id), revision)
        new.add(entry, revision, after)
        new.insert()
        earlier = self._earlier_ids(article.id)
        for oldest in earlier[: max(0, len(earlier) - keep_versions)]:
            self._drop(oldest, revision)

    def _set_aside(self, article_id: str, version: str, lifetime: Lifetime, revision: int) -> None:
        """Make the stored article an earlier version. Its chunks leave the index and keep their ids."""
        earlier_id = self._free_id(f"{article_id}@{version[:8]}")
        columns = asdict(lifetime)
        self._database.defer_foreign_keys()  # the rows follow their article
        self._database.execute(
            f"UPDATE articles SET id=?, {', '.join(f'{name}=?' for name in columns)} WHERE id=?",
            (earlier_id, *columns.values(), article_id),
        )
        for table in OF_AN_ARTICLE:
            self._database.execute(f"UPDATE {table} SET article_id=? WHERE article_id=?", (earlier_id, article_id))
        chunks = [row["id"] for row in self._query("SELECT id FROM chunks WHERE article_id=?", (earlier_id,))]
        self._database.insert("removed", ((chunk_id, revision) for chunk_id in chunks))
        self._database.full_text.set_aside(chunks)
        self._database.execute("UPDATE chunks SET revision=0 WHERE article_id=?", (earlier_id,))

    def _free_id(self, wanted: str) -> str:
        """Return an id that no article has. A text that comes back and is changed again is two earlier versions."""
        taken = {r[0] for r in self._query("SELECT id FROM articles WHERE id >= ? AND id < ?", (wanted, f"{wanted}."))}
        return next(name for name in chain([wanted], (f"{wanted}-{n}" for n in count(2))) if name not in taken)

    def _earlier_ids(self, article_id: str) -> list[str]:
        """Return the ids of an article's earlier versions, oldest first."""
        rows = self._query("SELECT id FROM articles WHERE current_id=? ORDER BY added", (article_id,))
        return [row["id"] for row in rows]

    def _drop(self, article_id: str, revision: int) -> None:
        """Delete an article. The days of an earlier version go to the next one, so that one counts on each day."""
        row = next(iter(self._query("SELECT * FROM articles WHERE id=?", (article_id,))), None)
        if row is not None and row["current_id"]:
            self._database.execute(
                "UPDATE articles SET shown_from=coalesce(?, shown_from)"
                " WHERE ? IN (id, current_id) AND added=? AND published_day IS NOT NULL",
                (row["shown_from"], row["current_id"], row["replaced"]),
            )
        self._delete(article_id, revision)

    def _delete(self, article_id: str, revision: int) -> None:
        rows = self._query("SELECT id, revision FROM chunks WHERE article_id=?", (article_id,))
        self._database.full_text.remove([row["id"] for row in rows])
        self._database.insert("removed", ((row["id"], revision) for row in rows if row["revision"]))
        self._database.execute("DELETE FROM articles WHERE id=?", (article_id,))  # sentences and chunks cascade

    # -- reading articles ------------------------------------------------------------------------------------------

    def versions(self) -> dict[str, str]:
        """Return the newest version of every article, by article id."""
        sql = "SELECT id, version FROM articles WHERE current_id IS NULL"
        return {row["id"]: row["version"] for row in self._query(sql)}

    def versions_of(self, article_id: str) -> tuple[ArticleVersion, ...]:
        """Return all stored versions of an article, oldest first. ``article_id`` may be that of an earlier version.

        Raises UnknownArticle.
        """
        rows = self._query(
            f"SELECT {REFERENCE}, a.added, a.shown_from, a.shown_until FROM articles a,"
            " (SELECT coalesce(current_id, id) AS newest FROM articles WHERE id=?) n"
            " WHERE newest IN (a.id, a.current_id) ORDER BY a.added",
            (article_id,),
        )
        if not rows:
            raise self._unknown(article_id)
        return tuple(
            ArticleVersion(
                article=reference(row),
                added=row["added"],
                shown_from=row["shown_from"],
                shown_until=row["shown_until"],
            )
            for row in rows
        )

    def version_id(self, article_id: str, version: str) -> str | None:
        """Return the id under which a version of an article is stored now. None if it is not.

        Of a text that came back it is the latest. ``article_id`` may be that of an earlier version.
        """
        rows = self._query(
            "SELECT a.id FROM articles a, (SELECT coalesce(current_id, id) AS newest FROM articles WHERE id=?) n"
            " WHERE newest IN (a.id, a.current_id) AND a.version=? ORDER BY a.added DESC LIMIT 1",
            (article_id.partition("@")[0], version),
        )
        return rows[0]["id"] if rows else None

    def changed_after(self, ids: Iterable[str], day: date) -> list[str]:
        """Return those of the articles whose text was changed after ``day``, so far as the library knows."""
        sql = f"SELECT id FROM articles WHERE id {self._one_of} AND changed > ?"
        return [row["id"] for row in self._query(sql, (self._listed(ids), day.isoformat()))]

    def articles(self, filters: Filters | None = None) -> list[ArticleRef]:
        """Return the articles that pass the filters, without their texts, latest first and undated ones last."""
        where, values = self._condition(filters or Filters())
        rows = self._query(
            f"SELECT {REFERENCE} FROM articles a WHERE {where}"
            " ORDER BY published_day DESC NULLS LAST, title NULLS FIRST, id",
            values,
        )
        return [reference(row) for row in rows]

    def containing(
        self, phrases: Sequence[str], filters: Filters, *, limit: int, offset: int = 0
    ) -> tuple[list[ArticleRef], int]:
        """Return a page of the articles that contain all of some phrases, and the number of all such articles.

        Those with all of them in the headline come first, then the latest; undated ones last.

        Args:
            phrases: one or more words each, which stand next to each other, in any spelling. Without any, all
                articles are found.
            filters: only articles that pass.
            limit: the most articles to return.
            offset: how many to leave out before.
        """
        where, values = self._condition(filters)
        order, found = "", [fold(phrase).replace('"', " ") for phrase in phrases]
        newest = not filters.as_of and self.earlier() > 0
        matches = [self._database.full_text.containing(phrase, newest=newest) for phrase in found]
        if found:
            where += f" AND a.id IN ({' INTERSECT '.join(sql for sql, _ in matches)})"
            headed = " AND ".join(["lower(a.title) LIKE ? ESCAPE '!'"] * len(found))
            order = f"CASE WHEN {headed} THEN 0 ELSE 1 END, "
        quoted = [value for _, value in matches]
        total = self._query(f"SELECT count(*) FROM articles a WHERE {where}", (*values, *quoted))[0][0]
        titles = [f"%{phrase.replace('!', '!!').replace('%', '!%').replace('_', '!_')}%" for phrase in found]
        rows = self._query(
            f"SELECT {REFERENCE} FROM articles a WHERE {where}"
            f" ORDER BY {order}published_day DESC NULLS LAST, title NULLS FIRST, id LIMIT ? OFFSET ?",
            (*values, *quoted, *titles, limit, offset),
        )
        return [reference(row) for row in rows], int(total)

    def article(self, article_id: str) -> Article:
        """Return one article with its text. Raises UnknownArticle."""
        article = self._stored(article_id)
        if article is None:
            raise self._unknown(article_id)
        return article

    def parsed(self, ids: Iterable[str]) -> dict[str, ParsedArticle]:
        """Return stored articles with their parsed layers, by id and in the order of ``ids``. Raises UnknownArticle.

        Articles are cached, because a follow-up question is often about the same ones.
        """
        unique_ids = list(dict.fromkeys(ids))
        # The same text can come back, and it can be an earlier version twice, so the version alone is not enough. What
        # readers edit does not change the version.
        sql = (
            "SELECT id, version, coalesce(modified, ''), coalesce(replaced, ''), coalesce(title, ''),"
            f" coalesce(source, ''), authors, coalesce(published, '') FROM articles WHERE id {self._one_of}"
        )
        keys = {row["id"]: tuple(row) for row in self._query(sql, (self._listed(unique_ids),))}
        for article_id in unique_ids:
            if article_id not in keys:
                raise self._unknown(article_id)
        return {i: self._parsed_once(keys[i]) for i in unique_ids}

    def _unknown(self, article_id: str) -> UnknownArticle:
        return UnknownArticle(f"No article {article_id!r} in {self.where}. List them with: qa articles")

    def _parsed_once(self, key: tuple[str, ...]) -> ParsedArticle:
        parsed = self._parsed.get(key)
        if parsed is None:
            parsed = self._load(key[0])
            while len(self._parsed) >= REMEMBERED:
                # Drop the oldest entry. Another thread may have dropped it already.
                self._parsed.pop(next(iter(self._parsed), key), None)
            self._parsed[key] = parsed
        return parsed

    def _stored(self, article_id: str) -> Article | None:
        """Return a stored article without reading its layers. None if its text is lost."""
        rows = self._query(_TEXT.format(""), (article_id,))
        return _article(rows[0]) if rows else None

    def _load(self, article_id: str) -> ParsedArticle:
        row = self._query(_TEXT.format(", d.parser, d.layers, d.faults"), (article_id,))[0]
        article = _article(row)
        sentences = self._sentences(article_id, article.text)
        if row["parser"] != VERSION:
            return parse_when_needed(article, sentences)
        document = Document.stored(
            article.text,
            article.published,
            body_start=row["body_start"],
            id=article_id,
            sentences=sentences,
            layers=row["layers"],
        )
        return ParsedArticle(article, document, _faults(row["faults"]))

    def unread(self) -> list[str]:
        """Return the ids of articles, and of earlier versions, of which only the sentences have been read.

        Questions find them, and read of them what they need. But their speakers and their notes of corrections are not
        known yet.
        """
        return [row[0] for row in self._query(f"SELECT article_id FROM documents WHERE parser = {UNREAD}")]

    def count_unread(self) -> int:
        """Return the number of articles and earlier versions of which only the sentences have been read."""
        sql = f"SELECT count(*) FROM documents WHERE parser = {UNREAD}"
        return self._cached(("unread",), lambda: int(self._query(sql)[0][0]))

    def to_annotate(self, ids: Sequence[str]) -> list[Unread]:
        """Return those of the articles that are still ``unread``."""
        rows = self._query(
            "SELECT a.id, a.version, a.origin, a.published, d.text, d.body_start, d.faults FROM articles a"
            f" JOIN documents d ON d.article_id = a.id WHERE d.parser = {UNREAD} AND a.id {self._one_of}",
            (self._listed(ids),),
        )
        offsets: dict[str, list[tuple[int, int]]] = defaultdict(list)
        sql = f'SELECT article_id, start, "end" FROM sentences WHERE article_id {self._one_of} ORDER BY article_id, idx'
        for article_id, start, end in self._query(sql, (self._listed(ids),)):
            offsets[article_id].append((start, end))
        return [
            Unread(
                row["id"],
                row["version"],
                row["origin"] or row["id"],
                row["text"],
                row["published"],
                row["body_start"],
                offsets[row["id"]],
                _faults(row["faults"]),
            )
            for row in rows
        ]

    def parsed_by_others(self) -> list[str]:
        """Return the ids of articles, and of earlier versions, that were parsed by another version of the parser."""
        # Two ranges, because no index finds what differs.
        sql = f"SELECT article_id FROM documents WHERE parser > {UNREAD} AND (parser < ? OR parser > ?)"
        return [row[0] for row in self._query(sql, (VERSION, VERSION))]

    def incomplete(self) -> list[IncompleteArticle]:
        """Return the articles that are stored without some part, with one entry for each missing part."""
        rows = self._query(
            "SELECT a.id, a.origin, d.faults FROM documents d JOIN articles a ON a.id = d.article_id"
            " WHERE CAST(d.faults AS TEXT) <> '{}' AND a.current_id IS NULL ORDER BY a.origin, a.id"
        )
        return [
            IncompleteArticle(article_id=row["id"], origin=row["origin"] or row["id"], part=part, reason=reason)
            for row in rows
            for part, reason in _faults(row["faults"]).items()
        ]

    def find(self, key: str) -> Article:
        """Return the one article whose id begins with ``key``, or whose file has that name or path.

        An earlier version is found by its id, or the beginning of its id that holds the "@".

        Raises UnknownArticle if there is no such article, or more than one.
        """
        rows = self._query("SELECT id, origin FROM articles WHERE current_id IS NULL")
        matches = [
            row["id"] for row in rows if row["id"].startswith(key) or key in {row["origin"], *names(row["origin"])}
        ]
        if "@" in key and not matches:
            earlier = [row["id"] for row in self._query(_EARLIER[1:-1]) if row["id"].startswith(key)]
            matches = [key] if key in earlier else earlier
        if len(matches) != 1:
            what = f"{key!r} is ambiguous: {len(matches)} articles" if matches else f"No article {key!r}"
            raise UnknownArticle(f"{what} in {self.where}. List them with: qa articles")
        return self.article(matches[0])

    def sentences(self, article_id: str) -> tuple[Sentence, ...]:
        """Return all sentences of an article, in order. Raises UnknownArticle."""
        return self.parsed([article_id])[article_id].sentences

    def _sentences(self, article_id: str, text: str) -> tuple[Sentence, ...]:
        offsets = self._query('SELECT idx, start, "end" FROM sentences WHERE article_id=? ORDER BY idx', (article_id,))
        return tuple(
            Sentence(article_id=article_id, index=i, start=start, end=end, text=text[start:end])
            for i, start, end in offsets
        )

    def speakers(self, *, earlier: bool = False) -> tuple[str, ...]:
        """Return the named speakers of the library, those who speak most often first.

        With ``earlier``, what earlier versions of articles let them say counts too.
        """
        earlier = earlier or not self.earlier()
        newest = "" if earlier else f" WHERE article_id NOT IN {_EARLIER}"
        sql = f"SELECT speaker FROM said{newest} GROUP BY speaker ORDER BY count(*) DESC, speaker"
        return self._cached(("speakers", earlier), lambda: tuple(row[0] for row in self._query(sql)))

    def notes(self, filters: Filters, keys: Iterable[str]) -> list[str]:
        """Return the ids of the articles with a note that corrects something with one of the keys, in order.

        Args:
            filters: only articles that pass.
            keys: see ``english.corrections.keys_in``.
        """
        if not self._cached(("notes",), lambda: [bool(self._query("SELECT 1 FROM notes LIMIT 1"))])[0]:
            return []
        where, values = self._condition(filters)
        rows = self._query(
            "SELECT DISTINCT a.id FROM notes n JOIN articles a ON a.id = n.article_id"
            f" WHERE n.key {self._one_of} AND {where} ORDER BY a.id",
            (self._listed(sorted(keys)), *values),
        )
        return [row["id"] for row in rows]

    def said_by(self, filters: Filters) -> list[tuple[str, int]]:
        """Return the sentences in which one of ``filters.speakers`` speaks, as pairs of article id and sentence index.

        Only articles that pass the filters are searched. The oldest come first and undated articles last.
        """
        scope = self.scope(filters)
        rows = self._query(
            "SELECT DISTINCT s.article_id, s.sentence, a.published_day, a.published"
            f" FROM said s JOIN articles a ON a.id = s.article_id WHERE {scope.where}"
            f" AND s.speaker {self._one_of}"
            " ORDER BY a.published_day NULLS LAST, a.published NULLS FIRST, s.article_id, s.sentence",
            (*scope.values, self._listed(match_speakers(filters.speakers, self.speakers(earlier=True)))),
        )
        return [(row["article_id"], row["sentence"]) for row in rows]

    # -- searching -------------------------------------------------------------------------------------------------

    def lexical(self, terms: Sequence[str], limit: int, filters: Filters) -> list[tuple[ChunkRow, float]]:
        """Return chunks that contain any of the terms, with their BM25 score, best first (higher is better).

        Args:
            terms: plain words in any spelling.
            limit: the most chunks to return.
            filters: the articles to search.
        """
        folded = [term for term in map(fold, terms) if term]  # because ``searchable`` folds the indexed text
        if not folded:
            return []
        with self.reading():
            newest = not filters.as_of and self.earlier() > 0
            scope, search = self.scope(filters), self._database.full_text.search
            # Rank all chunks and filter afterwards. If the filters are narrow, or too few chunks pass, filter first.
            rows: Sequence[Row] = ()
            if scope.everything or scope.wide:
                rows = search(folded, scope, scope.oversampled(limit), limit, newest=newest)
            if len(rows) < limit and not scope.everything:
                rows = search(folded, scope, None, limit, newest=newest)
        return [(chunk_row(row), row["score"]) for row in rows]

    def document_frequency(self, stems: Sequence[str]) -> tuple[dict[str, int], int]:
        """Return how many chunks contain each Porter stem, and the number of all chunks.

        Chunks of earlier versions do not count: a story with many versions does not make its words common.
        """
        return self._database.full_text.frequencies(stems), self.count()

    def count(self) -> int:
        """Return the number of chunks of the newest versions."""
        sql = "SELECT count(*) FROM chunks WHERE revision > 0"
        return self._cached(("chunks",), lambda: int(self._query(sql)[0][0]))

    def vectors(
        self, filters: Filters | None = None, *, ids: Sequence[int] | None = None, earlier: bool = False
    ) -> tuple[list[int], Vectors]:
        """Return chunk ids, in ascending order, and their vectors, float32 of shape (n, dimension).

        Args:
            filters: only chunks of articles that pass; with ``as_of``, some may be of earlier versions.
            ids: only these chunks; None for all.
            earlier: only chunks of earlier versions.
        """
        where, values = self._condition(filters or Filters())
        join = "JOIN articles a ON a.id = c.article_id"
        if where in {EVERYTHING, NEWEST}:
            # The "+" keeps SQLite from reading the chunks in the order of the index on revisions.
            join, where = "", "+c.revision > 0"
        bound: tuple[object, ...] = values
        if ids is not None:
            where += f" AND c.id {self._one_of}"
            bound = (*values, self._listed(ids))
        if earlier:
            where += " AND c.revision = 0"
        rows = self._query(f"SELECT c.id, c.vector FROM chunks c {join} WHERE {where} ORDER BY c.id", bound)
        matrix = np.frombuffer(b"".join(row["vector"] for row in rows), np.float32)
        return [row["id"] for row in rows], matrix.reshape(len(rows), self.dimension or 0)

    def within(self, filters: Filters, ids: Sequence[int]) -> set[int]:
        """Return those of the chunk ids whose articles pass the filters."""
        where, values = self._condition(filters)
        rows = self._query(
            f"SELECT c.id FROM chunks c JOIN articles a ON a.id = c.article_id WHERE {where} AND c.id {self._one_of}",
            (*values, self._listed(ids)),
        )
        return {row[0] for row in rows}

    def sample(self, size: int, *, until: int) -> tuple[list[int], Vectors]:
        """Return the ids and vectors of at most ``size`` chunks from revisions up to ``until``, evenly spread by id."""
        least, most = self._query("SELECT min(id), max(id) FROM chunks")[0]
        # One short look at the index for each, because a list of all ids takes seconds if there are millions.
        sql = "SELECT id FROM chunks WHERE id >= ? AND revision BETWEEN 1 AND ? ORDER BY id LIMIT 1"
        places = [] if least is None else [least + (most - least) * i // size for i in range(size)]
        found = {row["id"] for place in places for row in self._query(sql, (place, until))}
        return self.vectors(ids=sorted(found))

    def origins(self) -> dict[str, str]:
        """Return where each article was read from, by article id: a path, or ``path#key`` for one row of a file.

        Articles whose origin is unknown, and earlier versions, are left out.
        """
        sql = "SELECT id, origin FROM articles WHERE origin IS NOT NULL AND current_id IS NULL"
        return {row["id"]: row["origin"] for row in self._query(sql)}

    def chunks(self, ids: Sequence[int]) -> dict[int, ChunkRow]:
        """Return the position of each chunk, by chunk id. Ids that are no longer stored are left out."""
        rows = self._query(
            f"SELECT id, article_id, first, last FROM chunks WHERE id {self._one_of}",
            (self._listed(ids),),
        )
        return {row["id"]: chunk_row(row) for row in rows}

    def known_vectors(self, texts: Sequence[str]) -> dict[str, Vectors]:
        """Return the stored vectors of those texts that are stored as chunks. They need not be embedded again."""
        by_hash = {text_hash(text): text for text in texts}
        rows = self._query(
            f"SELECT text_hash, vector FROM chunks WHERE text_hash {self._one_of}",
            (self._listed(by_hash),),
        )
        return {by_hash[digest]: np.frombuffer(vector, np.float32) for digest, vector in rows}

    def changes(self, since: int) -> tuple[dict[int, int], dict[int, int]]:
        """Return the chunks added and the chunks removed after revision ``since``: two maps of chunk id to revision.

        A chunk whose article has become an earlier version is removed.
        """
        added = self._query("SELECT id, revision FROM chunks WHERE revision > ? ORDER BY id", (since,))
        removed = self._query("SELECT chunk_id, revision FROM removed WHERE revision > ? ORDER BY chunk_id", (since,))
        return {row[0]: row[1] for row in added}, {row[0]: row[1] for row in removed}


@dataclass
class _Rows:
    """The rows of articles that are stored together, table by table. Nothing is stored before ``insert``."""

    database: Engine
    ids: set[str] = field(default_factory=set)
    articles: list[tuple[object, ...]] = field(default_factory=list)
    documents: list[tuple[object, ...]] = field(default_factory=list)
    sentences: list[tuple[object, ...]] = field(default_factory=list)
    said: list[tuple[object, ...]] = field(default_factory=list)
    notes: list[tuple[object, ...]] = field(default_factory=list)
    chunks: list[tuple[object, ...]] = field(default_factory=list)
    words: list[tuple[str, bool]] = field(default_factory=list)  # by chunk: what is searched, and is it earlier?

    def add(self, entry: Entry, revision: int, lifetime: Lifetime) -> None:
        """Add the rows of one article."""
        parsed, article = entry.parsed, entry.parsed.article
        self.ids.add(article.id)
        day = day_of(article.published)
        row = {
            "id": article.id,
            "version": article.version,
            "title": article.title,
            "source": article.source,
            "authors": json.dumps(article.authors),
            "url": article.url,
            "published": article.published.isoformat() if article.published else None,
            "published_day": day.isoformat() if day else None,
            "language": article.language,
            "status": article.status,
            "origin": article.origin,
            "modified": article.modified.isoformat() if article.modified else None,
            **asdict(lifetime),
            "opening": None if article.title else opening(parsed),
        }
        self.columns = tuple(row)
        self.articles.append(tuple(row.values()))
        self.documents.append(document_row(parsed))
        self.sentences += ((article.id, s.index, s.start, s.end) for s in parsed.sentences)
        self.said += said_rows(parsed)
        self.notes += noted_rows(parsed)
        revision = 0 if lifetime.current_id else revision
        for chunk, vector in zip(entry.chunks, entry.vectors, strict=True):
            place = (article.id, chunk.index, chunk.first, chunk.last, chunk.tokens)
            self.chunks.append((*place, chunk.text, text_hash(chunk.text), vector.tobytes(), revision))
            self.words.append((searchable_text(chunk.text), not revision))

    def insert(self) -> None:
        """Insert all rows that were added, inside ``Engine.writing``, and begin anew."""
        if not self.ids:
            return
        database = self.database
        database.insert("articles", self.articles, self.columns)
        for table in ("documents", "sentences", "said", "notes"):
            database.insert(table, getattr(self, table))
        ids = database.insert_chunks(self.chunks)
        for earlier in (False, True):
            texts = {i: text for i, (text, of_earlier) in zip(ids, self.words, strict=True) if of_earlier == earlier}
            if texts:
                database.full_text.add(texts, earlier=earlier)
        for rows in (self.ids, self.articles, self.documents, self.sentences, self.said, self.notes, self.chunks):
            rows.clear()
        self.words.clear()


def exists(place: Place) -> bool:
    """Whether there is a library. Raises LibraryError if the server of a shared one does not answer."""
    if isinstance(place, SharedLibrary):
        from .postgres import has_tables

        return has_tables(place)
    return is_there(place / FILE)


@contextmanager
def snapshot(place: Place) -> Iterator[Library]:
    """Open a library for one block, which sees one revision of it while others write. Raises LibraryError."""
    with closing(Library(place)) as library, library.reading():
        yield library


def _faults(stored: str) -> dict[str, str]:
    """Return the faults that are stored with a document. Damaged ones are empty here; "qa doctor" reports them."""
    try:
        return dict(json.loads(stored))
    except (ValueError, TypeError):
        return {}


def _set_fields(particulars: Particulars) -> str:
    return particulars.model_dump_json(exclude_unset=True)


def _article(row: Row) -> Article:
    fields = {name: row[name] for name in ("text", "body_start", "language", "origin")}
    return Article(**reference(row).model_dump(), **fields)


def _says_the_same(new: Article, stored: Article) -> bool:
    """Whether two versions differ at most in when they say that they were changed.

    Some sites write a new time whenever they send a page, and earlier readers of formats did not read it.
    """
    without = {"modified": None}
    return article_version(new.model_copy(update=without)) == article_version(stored.model_copy(update=without))
