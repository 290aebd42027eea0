"""The index of words in PostgreSQL: packed postings, ranked by BM25 with the formula and constants of FTS5.

PostgreSQL's own ``ts_rank`` knows no document frequencies, and has to read the words of every chunk that matches. See
docs/decisions/0026-a-shared-library.md.

A row of ``postings`` holds all chunks of a block that contain a word: for each, its place in the block, how often it
has the word, and how many words it has. A search reads the rows of its words and computes the scores in NumPy.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from itertools import groupby
from math import log
from struct import Struct
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from ..english.tokens import indexed_words
from .engine import Row
from .rows import text_hash
from .scope import Scope

if TYPE_CHECKING:
    from .postgres import Postgres

LAST_PLACE = 16_383  # the last place of a word, and the most places of one word, that a tsvector can hold
MOST_PLACES = 255
LONGEST = 500  # characters of a word: a key of the index has at most 2,700 bytes
K1, B = 1.2, 0.75  # as in FTS5

BITS = 12
"""A block has the chunks whose ids differ in these last bits alone. Larger ones are read faster and written slower."""
EARLIER = 16_384  # is added to how often a chunk of an earlier version has a word
LONGEST_CHUNK = 32_767  # words of a chunk that count
_POSTING = Struct(">hhh")  # place in the block, times, words of the chunk
_UNPACKED = np.dtype(">i2")

Key = tuple[str, int]
"""A word and a block."""
Packed = npt.NDArray[np.int16]
"""The postings of a row, of shape (n, 3)."""
Ids = npt.NDArray[np.int64]
Numbers = npt.NDArray[Any]
Scores = npt.NDArray[np.float64]


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
        rows, found, length = [], Counter[str](), 0
        packed: defaultdict[Key, bytearray] = defaultdict(bytearray)
        for chunk_id, text in texts.items():
            words = [word[:LONGEST] for word in indexed_words(text)]
            times = Counter(words)
            rows.append((chunk_id, earlier, len(words), text_hash(text), _vector(words)))
            block, place = _place(chunk_id)
            for word, n in times.items():
                n = min(n, LAST_PLACE) + EARLIER * earlier
                packed[word, block] += _POSTING.pack(place, n, min(len(words), LONGEST_CHUNK))
            found.update(times.keys())
            length += len(words)
        self._database.insert("full_text", rows)
        if packed:
            self._database.execute(
                "INSERT INTO postings SELECT * FROM unnest(?::text[], ?::integer[], ?::bytea[])"
                " ON CONFLICT (word, block) DO UPDATE SET packed = postings.packed || excluded.packed",
                _columns({key: bytes(values) for key, values in packed.items()}),
            )
        counted = self._database.counted
        counted.count(found, 1, earlier=earlier)
        counted.chunks += len(rows)
        counted.length += length

    def set_aside(self, chunk_ids: Sequence[int]) -> None:
        """Count chunks as those of earlier versions."""

        def mark(postings: Packed, chosen: npt.NDArray[np.bool_]) -> Packed:
            postings[chosen, 1] |= EARLIER
            return postings

        found = self._words(chunk_ids)
        self._database.counted.count(found, -1, earlier=False)
        self._database.counted.count(found, 1, earlier=True)
        self._rewrite(chunk_ids, mark)
        listed = (self._database.listed(chunk_ids),)
        self._database.execute("UPDATE full_text SET earlier = true WHERE chunk_id = ANY(?)", listed)

    def remove(self, chunk_ids: Sequence[int]) -> None:
        """Remove chunks. They must still be stored."""
        for earlier in (False, True):
            self._database.counted.count(self._words(chunk_ids, earlier=earlier), -1, earlier=earlier)
        self._rewrite(chunk_ids, lambda postings, chosen: postings[~chosen])
        listed = (self._database.listed(chunk_ids),)
        sql = "SELECT count(*), coalesce(sum(length), 0)::bigint FROM full_text WHERE chunk_id = ANY(?)"
        chunks, length = self._database.query(sql, listed)[0]
        self._database.execute("DELETE FROM full_text WHERE chunk_id = ANY(?)", listed)
        self._database.counted.chunks -= chunks
        self._database.counted.length -= length

    def _rewrite(self, chunk_ids: Sequence[int], change: Callable[[Packed, npt.NDArray[np.bool_]], Packed]) -> None:
        """Change the rows of the words of some chunks. ``change`` is given a row's postings, and which are theirs."""
        places: defaultdict[Key, list[int]] = defaultdict(list)
        sql = "SELECT chunk_id, (unnest(words)).lexeme AS word FROM full_text WHERE chunk_id = ANY(?)"
        for chunk_id, word in self._database.query(sql, (self._database.listed(chunk_ids),)):
            block, place = _place(chunk_id)
            places[word, block].append(place)
        if not places:
            return
        words, blocks = zip(*places, strict=True)
        rows = self._database.query(
            "SELECT p.word, p.block, p.packed FROM unnest(?::text[], ?::integer[]) AS w (word, block) JOIN postings p"
            ' ON p.word = w.word COLLATE "C" AND p.block = w.block',
            (list(words), list(blocks)),
        )
        changed: dict[Key, bytes] = {}
        for word, block, packed in rows:
            postings = _unpacked(packed)
            chosen = np.isin(postings[:, 0], places[word, block])
            changed[word, block] = change(postings, chosen).astype(_UNPACKED).tobytes()
        self._database.execute(
            "UPDATE postings p SET packed = c.packed FROM unnest(?::text[], ?::integer[], ?::bytea[])"
            ' AS c (word, block, packed) WHERE p.word = c.word COLLATE "C" AND p.block = c.block',
            _columns({key: packed for key, packed in changed.items() if packed}),
        )
        self._database.execute(
            "DELETE FROM postings p USING unnest(?::text[], ?::integer[]) AS c (word, block)"
            ' WHERE p.word = c.word COLLATE "C" AND p.block = c.block',
            _columns({key: packed for key, packed in changed.items() if not packed})[:2],
        )

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
        weigh = partial(_weights, average=float(length) / chunks)
        read = [indexed_words(term) for term in terms]
        parts = []
        # A phrase counts once in a chunk. Few names fall into several words, and few chunks hold one twice.
        for words in read:
            if len(words) > 1:
                ids, sizes = self._holding(words, newest=newest)
                parts.append((ids, weigh(_idf(chunks, len(ids)), np.ones(len(ids)), sizes)))
        single = Counter(words[0] for words in read if len(words) == 1)  # "ferry" and "ferries" count twice, as in FTS5
        found = self._frequencies(list(single), newest=newest)
        for word, ids, times, sizes in self._postings(list(found), newest=newest):
            parts.append((ids, weigh(single[word] * _idf(chunks, found[word]), times, sizes)))
        inside = self._inside(scope) if candidates is None else None
        ids, scores = _best(parts, limit if candidates is None else candidates, inside)
        outer = candidates is not None and not scope.everything
        passing = f" JOIN articles a ON a.id = c.article_id AND {scope.where}" if outer else ""
        return self._database.query(
            "SELECT c.id, c.article_id, c.first, c.last, f.score FROM unnest(?::bigint[], ?::float8[]) AS f (id, score)"
            f" JOIN chunks c ON c.id = f.id{passing} ORDER BY f.score DESC, c.id LIMIT ?",
            (ids.tolist(), scores.tolist(), *(scope.values if outer else ()), limit),
        )

    def _postings(self, words: Sequence[str], *, newest: bool) -> Iterator[tuple[str, Ids, Numbers, Numbers]]:
        """Yield each word with the chunks that have it: their ids, how often they do, and how many words they have."""
        sql = "SELECT word, block, packed FROM postings WHERE word = ANY(?) ORDER BY word, block"
        for word, group in groupby(self._database.query(sql, (list(words),)), lambda row: str(row["word"])):
            rows = [(row["block"], _unpacked(row["packed"])) for row in group]
            postings = np.concatenate([packed for _, packed in rows])
            blocks = np.repeat([block for block, _ in rows], [len(packed) for _, packed in rows])
            earlier = postings[:, 1] & EARLIER > 0
            if newest and earlier.any():
                postings, blocks = postings[~earlier], blocks[~earlier]
            yield word, (blocks << BITS) + postings[:, 0], postings[:, 1] & ~EARLIER, postings[:, 2]

    def _holding(self, words: Sequence[str], *, newest: bool) -> tuple[Ids, Numbers]:
        """Return the ids of the chunks in which the words stand next to each other, and how many words they have."""
        only = " AND NOT earlier" if newest else ""
        sql = f"SELECT chunk_id, length FROM full_text WHERE words @@ ?::tsquery{only}"
        rows = self._database.query(sql, (_query(words),))
        return np.array([row[0] for row in rows], np.int64), np.array([row[1] for row in rows], np.int64)

    def _inside(self, scope: Scope) -> Ids:
        """Return the ids of the chunks of the articles that pass. There may be very many, so they are sent as bytes."""
        sql = (
            "SELECT string_agg(int8send(k.id), ''::bytea) FROM articles a JOIN chunks k ON k.article_id = a.id"
            f" WHERE {scope.where}"
        )
        return np.frombuffer(self._database.query(sql, scope.values)[0][0] or b"", ">i8").astype(np.int64)

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

    @property
    def single(self) -> str:
        """A SELECT of the postings one by one."""
        size = _POSTING.size
        return (
            f"SELECT word, (block::bigint << {BITS}) + get_byte(one, 0) * 256 + get_byte(one, 1) AS chunk_id,"
            f" (get_byte(one, 2) * 256 + get_byte(one, 3)) % {EARLIER} AS times,"
            f" get_byte(one, 4) * 256 + get_byte(one, 5) AS length, get_byte(one, 2) * 256 >= {EARLIER} AS earlier"
            f" FROM postings, generate_series(0, length(packed) / {size} - 1) i,"
            f" LATERAL (SELECT substring(packed FROM {size} * i + 1 FOR {size}) AS one) s"
        )

    def faults(self) -> dict[str, str]:
        """Return checks; see ``engine.FullText``."""
        words = "SELECT chunk_id, earlier, (unnest(words)).lexeme AS word FROM full_text"
        return {
            "chunks missing from the full-text index": "SELECT count(*) FROM chunks c LEFT JOIN full_text f"
            " ON f.chunk_id = c.id WHERE f.chunk_id IS NULL OR f.earlier <> (c.revision = 0)",
            "words of chunks that no search finds, or of no chunk": f"SELECT count(*) FROM ({words}) f FULL JOIN"
            f' ({self.single}) p ON p.chunk_id = f.chunk_id AND p.word = f.word COLLATE "C"'
            " WHERE p.word IS NULL OR f.word IS NULL OR p.earlier <> f.earlier",
            "words that are counted wrongly": "SELECT count(*) FROM (SELECT word, count(*) FILTER (WHERE NOT earlier)"
            f" AS newest, count(*) FILTER (WHERE earlier) AS earlier FROM ({self.single}) every GROUP BY word) p"
            " FULL JOIN words w ON w.word = p.word WHERE coalesce(w.newest, 0) <> coalesce(p.newest, 0)"
            " OR coalesce(w.earlier, 0) <> coalesce(p.earlier, 0)",
            "totals that are counted wrongly": "SELECT count(*) FROM totals WHERE chunks <> (SELECT count(*) FROM"
            " full_text) OR length <> (SELECT coalesce(sum(length), 0) FROM full_text)",
        }


def _weights(idf: float, times: Numbers, lengths: Numbers, average: float) -> Scores:
    """Return what a word adds to the scores of the chunks that contain it."""
    weights: Scores = idf * (K1 + 1) * times / (times + (K1 * (1 - B) + (K1 * B / average) * lengths))
    return weights


def _best(parts: Sequence[tuple[Ids, Scores]], most: int, inside: Ids | None) -> tuple[Ids, Scores]:
    """Return the ids and scores of the best chunks, best first.

    Args:
        parts: for each word, the ids of the chunks that contain it, and what it adds to their scores.
        most: the most chunks to return.
        inside: the ids of the chunks to choose from. None for all.
    """
    highest = max((int(ids.max()) for ids, _ in parts if len(ids)), default=-1)
    # Chunks are numbered anew, over the blocks that occur alone, because ids can be far apart.
    occurs = np.zeros((highest >> BITS) + 1, np.bool_)
    for ids, _ in parts:
        occurs[ids >> BITS] = True
    blocks, number = np.flatnonzero(occurs), np.cumsum(occurs) - 1
    within = (1 << BITS) - 1
    sums = np.zeros(len(blocks) << BITS)
    for ids, weights in parts:
        sums[(number[ids >> BITS] << BITS) + (ids & within)] += weights  # a word has no chunk twice
    places = np.flatnonzero(sums)
    found, scores = (blocks[places >> BITS] << BITS) + (places & within), sums[places]
    if inside is not None:
        chosen = np.isin(found, inside)
        found, scores = found[chosen], scores[chosen]
    if len(found) > most:
        chosen = scores >= np.partition(scores, -most)[-most]
        found, scores = found[chosen], scores[chosen]
    order = np.lexsort((found, -scores))[:most]
    return found[order].astype(np.int64), scores[order]


def _place(chunk_id: int) -> tuple[int, int]:
    """Return the block of a chunk, and its place there."""
    return chunk_id >> BITS, chunk_id & ((1 << BITS) - 1)


def _unpacked(packed: bytes) -> Packed:
    """Return the postings of a row, which may be changed."""
    return np.frombuffer(packed, _UNPACKED).astype(np.int16).reshape(-1, len(_POSTING.format) - 1)


def _columns(rows: Mapping[Key, bytes]) -> tuple[list[str], list[int], list[bytes]]:
    """Return words, blocks and packed postings as one list each."""
    return [word for word, _ in rows], [block for _, block in rows], list(rows.values())


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
