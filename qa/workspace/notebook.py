"""The notebook: claims and sentences that a reader keeps, in collections, with everything that they cite.

An entry has an answer of one claim, copied with its citations and articles. So it stays true to what was read when the
article changes later, and ``qa.rechecking`` can hold it against today's library.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path

from pydantic import ValidationError

from ..articles.parse import ParsedArticle
from ..english.characters import displayable, fold
from ..errors import InputError
from ..library.library import Library
from ..model import Answer, Citation, Claim, Provenance
from ..render import changes_beside, claim_of, nearest_of
from ..verification.attribution import said_in, unresolved_in
from ..version import __version__
from .conversations import cut, new_id, timestamp
from .store import Connection, Row, Store

FIRST = "Notes"  # the title of the collection that is made for the first entry
COMMENT = 4000  # the most characters of a comment
SENTENCES = 12  # the most sentences that are kept as one entry


@dataclass(frozen=True)
class Keepable:
    """What can be kept: an answer of one claim, and what was shown beside the claim as changed or disputed."""

    answer: Answer
    changes: tuple[str, ...] = ()

    @property
    def digest(self) -> str:
        """The same for the same words with the same sentences, so that nothing is kept twice in a collection."""
        places = [(c.article_id, c.version, c.start, c.end) for c in self.answer.citations]
        return sha256(json.dumps([self.answer.claims[0].text, places]).encode()).hexdigest()


@dataclass(frozen=True)
class Kept:
    """An entry of a collection. Its answer has one claim; without a question, a reader chose sentences of an article.

    Attributes:
        id: of the entry.
        answer: the claim with its citations, as it was kept.
        changes: what was shown beside the claim as changed or disputed, each as one sentence.
        comment: what the reader wrote about it.
        kept: when it was kept, in UTC.
    """

    id: str
    answer: Answer
    changes: tuple[str, ...]
    comment: str
    kept: datetime


@dataclass(frozen=True)
class Collection:
    """A collection without its entries. ``size`` is their number; the time is in UTC."""

    id: str
    title: str
    created: datetime
    size: int


@dataclass(frozen=True)
class Contents:
    """A collection with its entries, in the reader's order. ``unreadable`` counts those of another Dateline version."""

    collection: Collection
    entries: tuple[Kept, ...]
    unreadable: int = 0


@dataclass(frozen=True)
class Removed:
    """Entries that were removed, with what ``Notebook.restore`` needs to put them back. Only memory holds it.

    Attributes:
        entries: the entries.
        place: how many entries stood before the first one in its collection.
        collection: their collection, if that was deleted too.
        order: the ids of all collections before that.
    """

    entries: tuple[Row, ...]
    place: int = 0
    collection: Row | None = None
    order: tuple[str, ...] = ()


# -- what is kept ------------------------------------------------------------------------------------------------------


def of_claim(answer: Answer, index: int) -> Keepable:
    """Return one claim of an answer with what it cites. Its citations are numbered from 1. Raises InputError."""
    if not 0 <= index < len(answer.claims):
        raise InputError("The answer has no such claim. Open the answer again.")
    return _keepable(answer, answer.claims[index], changes_beside(answer).get(index, ()))


def of_abstention(answer: Answer, index: int) -> Keepable:
    """Return one of the sentences that an answer shows instead of claims: contradicting ones first, then the closest.

    It is no answer to the question, so it is kept as a sentence that a reader chose. Raises InputError.
    """
    shown = (*(answer.abstention.contradicting if answer.abstention else ()), *nearest_of(answer))
    if not 0 <= index < len(shown):
        raise InputError("The answer has no such sentence. Open the answer again.")
    claim = shown[index]
    asked = {"question": "", "standalone": claim.text}
    return _keepable(answer.model_copy(update=asked), claim)


def _keepable(answer: Answer, claim: Claim, changes: tuple[str, ...] = ()) -> Keepable:
    """Return a claim of an answer with what it cites. Its citations are numbered from 1."""
    old = list(dict.fromkeys((*claim.citations, *claim.context)))
    numbers = {number: n for n, number in enumerate(old, 1)}
    citations = tuple(answer.citations[number - 1].model_copy(update={"number": numbers[number]}) for number in old)
    claim = claim.model_copy(
        update={
            "citations": tuple(numbers[n] for n in claim.citations),
            "context": tuple(numbers[n] for n in claim.context),
        }
    )
    cited = {citation.article_id for citation in citations}
    return Keepable(
        Answer(
            question=answer.question,
            standalone=answer.standalone,
            filters=answer.filters,
            preferred=answer.preferred,
            status="answered",
            claims=(claim,),
            citations=citations,
            articles=tuple(article for article in answer.articles if article.id in cited),
            coverage=answer.coverage,
            provenance=answer.provenance.model_copy(update={"shown": (), "scores": ()}),
        ),
        changes,
    )


def of_sentences(library: Library, article_id: str, version: str, first: int, last: int) -> Keepable:
    """Return sentences of an article as if they were a claim, quoted word for word.

    Args:
        library: where the article is.
        article_id: id of the article, or of an earlier version of it.
        version: the version that the reader has before them.
        first: index of the first sentence.
        last: index of the last sentence.

    Raises InputError if the article has changed or there are no such sentences, and UnknownArticle if it was deleted.
    """
    parsed = library.parsed([article_id])[article_id]
    if parsed.article.version != version:
        raise InputError("The article has changed meanwhile. Open it again.")
    if not 0 <= first <= last < len(parsed.sentences):
        raise InputError("The article has no such sentence. Open it again.")
    if last - first >= SENTENCES:
        raise InputError(f"At most {SENTENCES} sentences can be kept as one entry. Select fewer.")
    citations = tuple(_citation(n, parsed, index) for n, index in enumerate(range(first, last + 1), 1))
    quoted = claim_of(citations).model_copy(update={"standing": "unknown"})
    revision, token = library.state
    return Keepable(
        Answer(
            question="",
            standalone=quoted.text,
            status="answered",
            claims=(quoted,),
            citations=citations,
            articles=(parsed.article.ref(),),
            coverage=library.coverage(),
            provenance=Provenance(
                mode="reader",
                embedder=library.embedder or "",
                qa_version=__version__,
                library_revision=revision,
                library_token=token,
                created=datetime.now(UTC),
            ),
        )
    )


def _citation(number: int, parsed: ParsedArticle, index: int) -> Citation:
    sentence = parsed.sentences[index]
    return Citation(
        number=number,
        article_id=parsed.id,
        version=parsed.article.version,
        sentence=index,
        start=sentence.start,
        end=sentence.end,
        quote=parsed.article.text[sentence.start : sentence.end],
        said=said_in(sentence, parsed),
        unresolved=unresolved_in(sentence, parsed),
    )


# -- the notebook ------------------------------------------------------------------------------------------------------


class Notebook:
    """The collections about one library. All methods raise WorkspaceError if the file cannot be used."""

    def __init__(self, folder: Path) -> None:
        self._store = Store(folder)

    def collections(self) -> tuple[Collection, ...]:
        """Return all collections, in the reader's order."""
        with self._store.reading() as db:
            return _collections(db)

    def last_used(self) -> Collection | None:
        """Return the collection to which something was added last. None if there is none."""
        with self._store.reading() as db:
            last = _last_used(db)
            return next((one for one in _collections(db) if one.id == last), None)

    def find(self, words: str) -> Collection | None:
        """Return a collection by its title in any case, or by the first characters of its id if it is the only one."""
        found = self.collections()
        titled = [one for one in found if fold(one.title) == fold(words)]
        begun = [one for one in found if words and one.id.startswith(words)]
        return next(iter(titled), begun[0] if len(begun) == 1 else None)

    def contents(self, collection: str) -> Contents | None:
        """Return a collection with its entries. None if it has been deleted."""
        with self._store.reading() as db:
            found = next((one for one in _collections(db) if one.id == collection), None)
            rows = db.execute("SELECT * FROM kept WHERE collection = ? ORDER BY number", (collection,)).fetchall()
        entries = tuple(entry for row in rows if (entry := _entry(row)))
        return Contents(found, entries, len(rows) - len(entries)) if found else None

    def entry(self, entry: str) -> Kept | None:
        """Return one entry. None if it has been removed."""
        with self._store.reading() as db:
            row = db.execute("SELECT * FROM kept WHERE id = ?", (entry,)).fetchone()
        return _entry(row) if row else None

    def create(self, title: str) -> str:
        """Make a collection, as the last one, and return its id. Raises InputError for an empty or known title."""
        with self._store.writing() as db:
            return _create(db, _free_title(db, title))

    def rename(self, collection: str, title: str) -> None:
        """Give a collection another title. Raises InputError for an empty one or that of another collection."""
        with self._store.writing() as db:
            title = _free_title(db, title, collection)
            db.execute("UPDATE collections SET title = ? WHERE id = ?", (title, collection))

    def delete(self, collection: str) -> Removed | None:
        """Delete a collection with its entries. Returns what ``restore`` puts back, or None if it does not exist."""
        with self._store.writing() as db:
            order = tuple(one.id for one in _collections(db))
            found = db.execute("SELECT * FROM collections WHERE id = ?", (collection,)).fetchone()
            rows = db.execute("SELECT * FROM kept WHERE collection = ? ORDER BY number", (collection,)).fetchall()
            db.execute("DELETE FROM collections WHERE id = ?", (collection,))
        return Removed(tuple(rows), collection=found, order=order) if found else None

    def shift(self, collection: str, by: int) -> None:
        """Move a collection by some places among the others: -1 moves it up."""
        with self._store.writing() as db:
            ids = [row["id"] for row in db.execute("SELECT id FROM collections ORDER BY number")]
            _renumber(db, "collections", _shifted(ids, collection, by))

    def keep(self, what: Keepable, collection: str | None = None) -> tuple[Collection, bool]:
        """Add an entry at the end of a collection, if the collection does not have it yet.

        Args:
            what: the entry.
            collection: id of the collection. None, or that of a deleted one: the one used last. If there is no
                collection, one is made.

        Returns:
            The collection, and whether the entry is new in it.
        """
        with self._store.writing() as db:
            known = {one.id for one in _collections(db)}
            place = (collection if collection in known else _last_used(db)) or _create(db, FIRST)
            number = "(SELECT coalesce(max(number), 0) + 1 FROM kept WHERE collection = ?)"
            made = db.execute(
                "INSERT INTO kept (id, collection, number, digest, answer, changes, kept)"
                f" VALUES (?, ?, {number}, ?, ?, ?, ?) ON CONFLICT (collection, digest) DO NOTHING",
                (
                    new_id(),
                    place,
                    place,
                    what.digest,
                    what.answer.model_dump_json(),
                    json.dumps(what.changes),
                    timestamp(),
                ),
            )
            db.execute("UPDATE collections SET used = ? WHERE id = ?", (timestamp(), place))
            return next(one for one in _collections(db) if one.id == place), made.rowcount > 0

    def comment(self, entry: str, comment: str) -> None:
        """Replace the comment on an entry. An empty one removes it."""
        text = displayable(comment).strip()[:COMMENT]
        with self._store.writing() as db:
            db.execute("UPDATE kept SET comment = ? WHERE id = ?", (text, entry))

    def remove(self, entry: str) -> Removed | None:
        """Remove an entry. Returns what ``restore`` puts back, or None if it does not exist."""
        with self._store.writing() as db:
            row = db.execute("SELECT * FROM kept WHERE id = ?", (entry,)).fetchone()
            before = _entries(db, row["collection"]).index(entry) if row else 0
            db.execute("DELETE FROM kept WHERE id = ?", (entry,))
        return Removed((row,), before) if row else None

    def restore(self, removed: Removed) -> Collection:
        """Put back what ``remove`` or ``delete`` has returned, at its place, and return the collection.

        What is there already stays as it is. If the collection of an entry has been deleted meanwhile, the entry goes
        to the one used last. A title that has been given to another collection meanwhile gets "(restored)".
        """
        with self._store.writing() as db:
            if old := removed.collection:
                taken = {fold(one.title) for one in _collections(db) if one.id != old["id"]}
                title = f"{old['title']} (restored)" if fold(old["title"]) in taken else old["title"]
                db.execute(
                    "INSERT INTO collections (id, number, title, created, used) VALUES (?, ?, ?, ?, ?)"
                    " ON CONFLICT (id) DO NOTHING",
                    (old["id"], old["number"], title, old["created"], old["used"]),
                )
                others = [one.id for one in _collections(db) if one.id not in removed.order]
                known = {one.id for one in _collections(db)}
                _renumber(db, "collections", [*(one for one in removed.order if one in known), *others])
            known = {one.id for one in _collections(db)}
            wanted = old["id"] if old else removed.entries[0]["collection"]
            place = wanted if wanted in known else _last_used(db) or _create(db, FIRST)
            before = [one for one in _entries(db, place) if one not in {row["id"] for row in removed.entries}]
            for row in removed.entries:
                values = [place if name == "collection" else row[name] for name in row.keys()]  # noqa: SIM118
                db.execute(
                    f"INSERT INTO kept ({', '.join(row.keys())}) VALUES ({', '.join('?' * len(values))})"
                    " ON CONFLICT DO NOTHING",
                    values,
                )
            back = [row["id"] for row in removed.entries]
            _renumber(db, "kept", [*before[: removed.place], *back, *before[removed.place :]])
            return next(one for one in _collections(db) if one.id == place)

    def reorder(self, entry: str, by: int) -> None:
        """Move an entry by some places in its collection: -1 moves it up."""
        with self._store.writing() as db:
            row = db.execute("SELECT collection FROM kept WHERE id = ?", (entry,)).fetchone()
            if row:
                _renumber(db, "kept", _shifted(_entries(db, row["collection"]), entry, by))

    def move(self, entry: str, collection: str) -> None:
        """Move an entry to the end of another collection. Raises InputError if that is deleted or has it already."""
        with self._store.writing() as db:
            if collection not in {one.id for one in _collections(db)}:
                raise InputError("The collection has been deleted. Choose another one.")
            twin = "SELECT 1 FROM kept a JOIN kept b ON a.digest = b.digest WHERE a.id = ? AND b.collection = ?"
            if db.execute(twin, (entry, collection)).fetchone():
                raise InputError("The collection has this entry already. Remove one of the two.")
            number = "(SELECT coalesce(max(number), 0) + 1 FROM kept WHERE collection = ?)"
            db.execute(
                f"UPDATE kept SET collection = ?, number = {number} WHERE id = ?", (collection, collection, entry)
            )


def _collections(db: Connection) -> tuple[Collection, ...]:
    size = "(SELECT count(*) FROM kept WHERE collection = c.id) AS size"
    rows = db.execute(f"SELECT c.id, c.title, c.created, {size} FROM collections c ORDER BY c.number").fetchall()
    return tuple(Collection(r["id"], r["title"], datetime.fromisoformat(r["created"]), r["size"]) for r in rows)


def _entries(db: Connection, collection: str) -> list[str]:
    """Return the ids of the entries of a collection, in their order."""
    rows = db.execute("SELECT id FROM kept WHERE collection = ? ORDER BY number", (collection,))
    return [row["id"] for row in rows]


def _last_used(db: Connection) -> str | None:
    row = db.execute("SELECT id FROM collections ORDER BY used DESC, number LIMIT 1").fetchone()
    return row["id"] if row else None


def _create(db: Connection, title: str) -> str:
    made, now = new_id(), timestamp()
    number = "(SELECT coalesce(max(number), 0) + 1 FROM collections)"
    db.execute(
        f"INSERT INTO collections (id, number, title, created, used) VALUES (?, {number}, ?, ?, ?)",
        (made, title, now, now),
    )
    return made


def _free_title(db: Connection, title: str, own: str = "") -> str:
    """Return a title as it is stored. Raises InputError if it is empty or that of another collection."""
    title = cut(displayable(title))
    if not title:
        raise InputError("A title cannot be empty. Type some words.")
    if any(fold(one.title) == fold(title) and one.id != own for one in _collections(db)):
        raise InputError("There is already a collection with this title. Choose another one.")
    return title


def _shifted(ids: Sequence[str], one: str, by: int) -> list[str]:
    """Return ids with one of them moved by some places, but not past the ends."""
    if one not in ids:
        return list(ids)
    rest = [other for other in ids if other != one]
    place = min(max(ids.index(one) + by, 0), len(rest))
    return [*rest[:place], one, *rest[place:]]


def _renumber(db: Connection, table: str, ids: Sequence[str]) -> None:
    db.executemany(f"UPDATE {table} SET number = ? WHERE id = ?", [(n, one) for n, one in enumerate(ids, 1)])


def _entry(row: Row) -> Kept | None:
    """Return an entry as it was stored. None if this version of Dateline cannot read it."""
    try:
        answer = Answer.model_validate_json(row["answer"])
    except ValidationError:
        return None
    kept = datetime.fromisoformat(row["kept"])
    return Kept(row["id"], answer, tuple(json.loads(row["changes"])), row["comment"], kept)
