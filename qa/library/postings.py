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
CLEARLY = 1.5  # chosen by trying: closer splits leave too many chunks to which later words must be added
MOST_WEIGHT = 2.2  # more than any number of the same word reaches
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
        words = {word: single[word] * _idf(chunks, n) for word, n in sorted(found.items(), key=lambda item: item[1])}
        weight = _WEIGHT.format(average=float(length) / chunks)
        parts, values = [], list[object]()
        for phrase in (_query(words) for words in read if len(words) > 1):
            # A phrase counts once in a chunk. Few names fall into several words, and few chunks hold one twice.
            where = f"words @@ ?::tsquery{only}"
            number = int(self._database.query(f"SELECT count(*) FROM full_text WHERE {where}", (phrase,))[0][0])
            parts.append(
                f"SELECT chunk_id, ?::float8 * {weight} AS score FROM (SELECT chunk_id, 1 AS times, length FROM"
                f" full_text WHERE {where}{inside}) found"
            )
            values += [_idf(chunks, number), phrase, *(scope.values if inside else ())]
        # The planner knows that the words in an array are few, and looks each of them up.
        parts.append(
            f"SELECT chunk_id, q.idf * {weight} AS score FROM unnest(?::text[], ?::float8[])"
            f" AS q (word, idf) JOIN postings p ON p.word = q.word{only}{inside}"
        )
        most = limit if candidates is None else candidates
        outer = "" if inside or scope.everything else f" JOIN articles a ON a.id = c.article_id AND {scope.where}"

        def ranked(first: Mapping[str, float], later: Mapping[str, float]) -> Sequence[Row]:
            scored = whole = (
                f"SELECT chunk_id, sum(round(score * {_SCALE}) / {_SCALE}) AS score FROM ({' UNION ALL '.join(parts)})"
                " parts GROUP BY chunk_id"
            )
            given = [*values, list(first), list(first.values()), *(scope.values if inside else ())]
            if later:
                bound = MOST_WEIGHT * sum(later.values()) + 1e-6  # more than the rounding
                added = (
                    f"SELECT sum(round(q.idf * {weight} * {_SCALE}) / {_SCALE}) FROM unnest(?::text[], ?::float8[])"
                    f" AS q (word, idf) JOIN postings p ON p.word = q.word AND p.chunk_id = s.chunk_id{only}"
                )
                scored = (
                    f"SELECT s.chunk_id, s.score + coalesce(({added}), 0) AS score FROM scored s,"
                    " (SELECT score FROM scored ORDER BY score DESC OFFSET ? LIMIT 1) last"
                    " WHERE last.score > ?::float8 AND s.score >= last.score - ?::float8"
                )
                given += [list(later), list(later.values()), most - 1, bound, bound]
                scored = f"WITH scored AS MATERIALIZED ({whole}) {scored}"
            return self._database.query(
                f"SELECT c.id, c.article_id, c.first, c.last, f.score FROM (SELECT * FROM ({scored}) every"
                f" ORDER BY score DESC, chunk_id LIMIT ?) f JOIN chunks c ON c.id = f.chunk_id{outer}"
                " ORDER BY f.score DESC, c.id LIMIT ?",
                (*given, most, *(scope.values if outer else ()), limit),
            )

        first, later = _split(words, found, chunks, most)
        return (ranked(first, later) if later else ()) or ranked(words, {})

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


def _split(
    words: Mapping[str, float], found: Mapping[str, int], chunks: int, most: int
) -> tuple[Mapping[str, float], Mapping[str, float]]:
    """Split words into those that chunks are found by, and common ones that only add to the scores of those chunks.

    A common word is in many chunks, and adds little. If the ``most`` best chunks score more by the first words than all
    later words can add to a chunk, no chunk with the later words alone is among the best, and the later words need not
    be read in whole (MaxScore: Turtle and Flood, 1995). The search finds out whether it is so. The split guesses it: as
    if words came together by chance, are there enough chunks with several of the first words?

    Args:
        words: the weight of each word, the rarest first.
        found: in how many chunks each word is.
        chunks: how many chunks there are.
        most: how many chunks are wanted.

    Returns:
        The first and the later words. There are no later ones if nothing would be gained.
    """
    reached, together, rest = 0.0, float(chunks), dict(words)
    for word, weight in words.items():
        del rest[word]
        if together * found[word] / chunks >= most:
            together, reached = together * found[word] / chunks, reached + weight
        if reached > CLEARLY * MOST_WEIGHT * sum(rest.values()) and sum(found[word] for word in rest) > most:
            return {word: weight for word, weight in words.items() if word not in rest}, rest
    return words, {}


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
