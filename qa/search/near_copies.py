"""Near-copies of a story, such as lightly edited agency copy, are recognised so that only one of them speaks."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from ..articles.parse import ParsedArticle
from ..english.numbers import numbers
from ..english.tokens import words
from ..model import Status

COPY_CONTAINMENT = 0.6  # share of the shorter text's word 5-grams that stand in the other: lightly edited agency copy


SHINGLE = 5


def near_copies(articles: Iterable[ParsedArticle]) -> dict[str, tuple[str, ...]]:
    """Article ids without those of near-copies, each with the ids of its copies: the first of them speaks for all."""
    prints: dict[str, _Print] = {}
    copies: dict[str, list[str]] = {}
    for article_id, article in {article.id: article for article in articles}.items():
        mine = _print(article)
        twin = next((a for a in prints if mine.copies(prints[a])), None)
        if twin:
            copies[twin].append(article_id)
        else:
            prints[article_id], copies[article_id] = mine, []
    return {article_id: tuple(ids) for article_id, ids in copies.items()}


@dataclass(frozen=True)
class _Print:
    """What tells an agency copy from another story, or from a later version of the same one."""

    shingles: frozenset[int]
    numbers: frozenset[float]
    status: Status

    def copies(self, other: _Print) -> bool:
        """Same words, same status, and no number on either side that only one has: 31 dead are not 12 dead."""
        shorter, longer = sorted((self, other), key=lambda p: len(p.shingles))
        return (
            self.status == other.status
            and shorter.numbers <= longer.numbers
            and _contained(self.shingles, other.shingles) >= COPY_CONTAINMENT
        )


@lru_cache(maxsize=1000)  # half of a search's time otherwise: the same stories come up again and again
def _print(article: ParsedArticle) -> _Print:
    # The story alone: what stands before it (headline, date, byline) differs between outlets.
    story = article.document.text[article.document.body_start :]
    every = words(story)
    # Hashes of the shingles: a tenth of their memory.
    shingles = frozenset(hash(every[i : i + SHINGLE]) for i in range(len(every) - SHINGLE + 1))
    return _Print(shingles, frozenset(numbers(story)), article.article.status)


def _contained(one: frozenset[int], other: frozenset[int]) -> float:
    """Containment (Broder 1997) of the smaller set in the larger; 0 where either is empty."""
    smaller = min(len(one), len(other))
    return len(one & other) / smaller if smaller else 0.0
