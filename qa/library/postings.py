"""The index of words in PostgreSQL: a table of postings, ranked by BM25 with the formula and constants of FTS5.

PostgreSQL's own ``ts_rank`` knows no document frequencies, and has to read the words of every chunk that matches. See
docs/decisions/0026-a-shared-library.md.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from math import log
from typing import TYPE_CHECKING

from ..english.tokens import indexed_words
from .engine import Row
from .rows import text_hash
from .scope import Scope

if TYPE_CHECKING:
    from .postgres import Postgres

LAST_PLACE = 16_383  # the last place of a word, and the most places of one word, that a tsvector can hold
MOST_PLACES = 255
LONGEST = 500  # characters of a word: a key of the index has at most 2,700 bytes
_SCALE = float(2**30)  # scores are rounded to this fraction, so that their sum does not depend on the order of words
# FTS5's BM25: k1 = 1.2, b = 0.75.
_WEIGHT = "(times * 2.2::float8 / (times + 1.2::float8 * (0.25::float8 + 0.75::float8 * length / {average}::float8)))"


@dataclass
class Counted:
    """What a transaction has changed so far: by word, the newest and the earlier chunks with it; chunks, and words."""

    words: defaultdict[str, list[int]] = field(default_factory=lambda: defaultdict(lambda: [0, 0]))
    chunks: int = 0
    length: int = 0

    def count(self, found: Mapping[str, int], sign: int, *, earlier: bool) -> None:
        """Add (or with ``sign=-1`` take away) the numbers of chunks that contain words."""
        for word, n in found.items():
            self.words[word][earlier] += sign * n


class Postings:
    """The words of chunks in PostgreSQL; see ``engine.FullText``."""

    def __init__(self, database: Postgres) -> None:
        self._database = database

    def add(self, texts: Mapping[int, str], *, earlier: bool) -> None:
        """Index the texts of new chunks; see ``engine.FullText``."""
        rows, postings, found, length = [], [], Counter[str](), 0
        for chunk_id, text in texts.items():
            words = [word[:LONGEST] for word in indexed_words(text)]
            times = Counter(words)
            rows.append((chunk_id, earlier, len(words), text_hash(text), _vector(words)))
            postings += [(word, chunk_id, min(n, LAST_PLACE), len(words), earlier) for word, n in times.items()]
            found.update(times.keys())
            length += len(words)
        self._database.insert("full_text", rows)
        self._database.insert("postings", postings)
        counted = self._database.counted
        counted.count(found, 1, earlier=earlier)
        counted.chunks += len(rows)
        counted.length += length

    def set_aside(self, chunk_ids: Sequence[int]) -> None:
        """Count chunks as those of earlier versions."""
        ids = (self._database.listed(chunk_ids),)
        found = self._words(chunk_ids)
        self._database.counted.count(found, -1, earlier=False)
        self._database.counted.count(found, 1, earlier=True)
        self._database.execute(
            "UPDATE postings p SET earlier = true FROM (SELECT chunk_id, (unnest(words)).lexeme AS word FROM full_text"
            ' WHERE chunk_id = ANY(?)) f WHERE p.word = f.word COLLATE "C" AND p.chunk_id = f.chunk_id',
            ids,
        )
        self._database.execute("UPDATE full_text SET earlier = true WHERE chunk_id = ANY(?)", ids)

    def remove(self, chunk_ids: Sequence[int]) -> None:
        """Remove chunks. They must still be stored."""
        ids = (self._database.listed(chunk_ids),)
        for earlier in (False, True):
            self._database.counted.count(self._words(chunk_ids, earlier=earlier), -1, earlier=earlier)
        self._database.execute(
            "DELETE FROM postings p USING (SELECT chunk_id, (unnest(words)).lexeme AS word FROM full_text"
            ' WHERE chunk_id = ANY(?)) f WHERE p.word = f.word COLLATE "C" AND p.chunk_id = f.chunk_id',
            ids,
        )
        sql = "SELECT count(*), coalesce(sum(length), 0)::bigint FROM full_text WHERE chunk_id = ANY(?)"
        chunks, length = self._database.query(sql, ids)[0]
        self._database.execute("DELETE FROM full_text WHERE chunk_id = ANY(?)", ids)
        self._database.counted.chunks -= chunks
        self._database.counted.length -= length

    def clear(self) -> None:
        """Remove all chunks."""
        for table in ("full_text", "postings", "words"):
            self._database.execute(f"DELETE FROM {table}")
        self._database.execute("UPDATE totals SET chunks = 0, length = 0")
        self._database.counted.words.clear()
        self._database.counted.chunks = self._database.counted.length = 0

    def _words(self, chunk_ids: Sequence[int], *, earlier: bool = False) -> dict[str, int]:
        """Return in how many of the chunks each word is."""
        rows = self._database.query(
            "SELECT (unnest(words)).lexeme AS word, count(*) FROM full_text WHERE chunk_id = ANY(?) AND earlier = ?"
            " GROUP BY 1",
            (self._database.listed(chunk_ids), earlier),
        )
        return {row["word"]: row["count"] for row in rows}

    def write_counts(self, counted: Counted) -> None:
        """Write what has been counted in a transaction, before its commit.

        A batch of articles has the same words again and again, and each update of a row leaves an old copy of it.
        """
        words = sorted(word for word, change in counted.words.items() if any(change))
        if words:
            newest, earlier = zip(*(counted.words[word] for word in words), strict=True)
            self._database.execute(
                "INSERT INTO words SELECT * FROM unnest(?::text[], ?::integer[], ?::integer[]) ON CONFLICT (word)"
                " DO UPDATE SET newest = words.newest + excluded.newest, earlier = words.earlier + excluded.earlier",
                (words, list(newest), list(earlier)),
            )
        if counted.chunks or counted.length:
            values = (counted.chunks, counted.length)
            self._database.execute("UPDATE totals SET chunks = chunks + ?, length = length + ?", values)

    def search(
        self, terms: Sequence[str], scope: Scope, candidates: int | None, limit: int, *, newest: bool
    ) -> Sequence[Row]:
        """Return the best chunks for some terms; see ``engine.FullText``."""
        chunks, length = self._database.query("SELECT chunks, length FROM totals")[0]
        if not chunks:
            return []
        only = " AND NOT earlier" if newest else ""
        inside = ""
        if candidates is None:
            inside = (
                " AND chunk_id IN (SELECT k.id FROM articles a JOIN chunks k ON k.article_id = a.id"
                f" WHERE {scope.where})"
            )
        read = [indexed_words(term) for term in terms]
        single = Counter(words[0] for words in read if len(words) == 1)  # "ferry" and "ferries" count twice, as in FTS5
        found = self._frequencies(list(single), newest=newest)
        weight = _WEIGHT.format(average=float(length) / chunks)
        # The planner then knows that the words are few, and looks each of them up.
        parts = [
            f"SELECT chunk_id, q.idf * {weight} AS score FROM unnest(?::text[], ?::float8[])"
            f" AS q (word, idf) JOIN postings p ON p.word = q.word{only}{inside}"
        ]
        values: list[object] = [list(found), [single[word] * _idf(chunks, n) for word, n in found.items()]]
        values += scope.values if inside else ()
        for phrase in (_query(words) for words in read if len(words) > 1):
            # A phrase counts once in a chunk. Few names fall into several words, and few chunks hold one twice.
            where = f"words @@ ?::tsquery{only}"
            number = int(self._database.query(f"SELECT count(*) FROM full_text WHERE {where}", (phrase,))[0][0])
            parts.append(
                f"SELECT chunk_id, ?::float8 * {weight} FROM (SELECT chunk_id, 1 AS times, length FROM full_text"
                f" WHERE {where}{inside}) found"
            )
            values += [_idf(chunks, number), phrase, *(scope.values if inside else ())]
        ranked = (
            f"SELECT chunk_id AS id, sum(round(score * {_SCALE}) / {_SCALE}) AS score"
            f" FROM ({' UNION ALL '.join(parts)}) scored GROUP BY chunk_id ORDER BY score DESC, chunk_id LIMIT ?"
        )
        outer = "" if inside or scope.everything else f" JOIN articles a ON a.id = c.article_id AND {scope.where}"
        return self._database.query(
            f"SELECT c.id, c.article_id, c.first, c.last, f.score FROM ({ranked}) f JOIN chunks c ON c.id = f.id{outer}"
            " ORDER BY f.score DESC, c.id LIMIT ?",
            (*values, limit if candidates is None else candidates, *(scope.values if outer else ()), limit),
        )

    def containing(self, phrase: str, *, newest: bool) -> tuple[str, object]:
        """Return a SELECT of the articles that contain a phrase; see ``engine.FullText``."""
        sql = (
            "SELECT k.article_id FROM chunks k JOIN full_text f ON f.chunk_id = k.id WHERE f.words @@ ?::tsquery"
            f"{' AND NOT f.earlier' if newest else ''}"
        )
        return sql, _query(indexed_words(phrase))

    def frequencies(self, stems: Sequence[str]) -> dict[str, int]:
        """Return how many chunks of newest versions contain each Porter stem."""
        return self._frequencies(stems, newest=True)

    def _frequencies(self, words: Sequence[str], *, newest: bool) -> dict[str, int]:
        number = "newest" if newest else "newest + earlier"
        sql = f"SELECT word, {number} AS number FROM words WHERE word = ANY(?) AND {number} > 0"
        return {row["word"]: row["number"] for row in self._database.query(sql, (list(words),))}

    def digests(self) -> Iterator[tuple[str, int, str, bool]]:
        """Yield the digest of each indexed text; see ``engine.FullText``."""
        sql = (
            "SELECT c.article_id, c.idx, f.text_hash, f.earlier FROM full_text f JOIN chunks c ON c.id = f.chunk_id"
            " ORDER BY c.article_id, c.idx"
        )
        for article_id, index, digest, earlier in self._database.rows(sql):
            yield str(article_id), int(index), str(digest), bool(earlier)

    def faults(self) -> dict[str, str]:
        """Return checks; see ``engine.FullText``."""
        words = "SELECT chunk_id, earlier, (unnest(words)).lexeme AS word FROM full_text"
        return {
            "chunks missing from the full-text index": "SELECT count(*) FROM chunks c LEFT JOIN full_text f"
            " ON f.chunk_id = c.id WHERE f.chunk_id IS NULL OR f.earlier <> (c.revision = 0)",
            "words of chunks that no search finds, or of no chunk": f"SELECT count(*) FROM ({words}) f FULL JOIN"
            ' postings p ON p.chunk_id = f.chunk_id AND p.word = f.word COLLATE "C"'
            " WHERE p.word IS NULL OR f.word IS NULL OR p.earlier <> f.earlier",
            "words that are counted wrongly": "SELECT count(*) FROM (SELECT word, count(*) FILTER (WHERE NOT earlier)"
            " AS newest, count(*) FILTER (WHERE earlier) AS earlier FROM postings GROUP BY word) p FULL JOIN words w"
            " ON w.word = p.word WHERE coalesce(w.newest, 0) <> coalesce(p.newest, 0)"
            " OR coalesce(w.earlier, 0) <> coalesce(p.earlier, 0)",
            "totals that are counted wrongly": "SELECT count(*) FROM totals WHERE chunks <> (SELECT count(*) FROM"
            " full_text) OR length <> (SELECT coalesce(sum(length), 0) FROM full_text)",
        }


def _idf(chunks: int, found: int) -> float:
    """Return how rare a word is: in more than half of all chunks, it counts next to nothing, as in FTS5."""
    return max(log((chunks - found + 0.5) / (found + 0.5)), 1e-6)


def _vector(words: Sequence[str]) -> str:
    """Return words as a tsvector with their places."""
    places: dict[str, list[int]] = {}
    for place, word in enumerate(words, 1):
        places.setdefault(word, []).append(min(place, LAST_PLACE))
    return " ".join(f"{_quoted(word)}:{','.join(map(str, at[:MOST_PLACES]))}" for word, at in places.items())


def _query(words: Sequence[str]) -> str:
    """Return a tsquery for words that stand next to each other. Without any it finds nothing."""
    return " <-> ".join(_quoted(word[:LONGEST]) for word in words)


def _quoted(word: str) -> str:
    return f"'{word}'"  # a word has letters and digits alone
