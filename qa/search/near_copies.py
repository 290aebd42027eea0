"""Detection of near-copies, such as lightly edited agency copy, so that each story is used only once."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from ..articles.parse import ParsedArticle
from ..english.numbers import numbers
from ..english.tokens import words
from ..model import Status

COPY_CONTAINMENT = 0.6  # least share of the shorter text's shingles that also occur in the longer text
SHINGLE = 5  # words in a shingle, that is, in a word n-gram


def near_copies(articles: Iterable[ParsedArticle]) -> dict[str, tuple[str, ...]]:
    """Group articles that are near-copies of each other.

    Returns, for each article that is not a copy of an earlier one, its id and the ids of its copies, in the order of
    ``articles``.
    """
    prints: dict[str, _Print] = {}
    copies: dict[str, list[str]] = {}
    for article_id, article in {article.id: article for article in articles}.items():
        fingerprint = _print(article)
        original = next((a for a in prints if fingerprint.copies(prints[a])), None)
        if original:
            copies[original].append(article_id)
        else:
            prints[article_id], copies[article_id] = fingerprint, []
    return {article_id: tuple(ids) for article_id, ids in copies.items()}


@dataclass(frozen=True)
class _Print:
    """A fingerprint that tells a copy from another story and from a later version of the same story."""

    shingles: frozenset[int]
    numbers: frozenset[float]
    status: Status

    def copies(self, other: _Print) -> bool:
        """Whether the two stories are near-copies: the same status, and nearly the same words.

        All numbers of the shorter story must occur in the longer one, so that "31 dead" is no copy of "12 dead".
        """
        shorter, longer = sorted((self, other), key=lambda p: len(p.shingles))
        return (
            self.status == other.status
            and shorter.numbers <= longer.numbers
            and _contained(self.shingles, other.shingles) >= COPY_CONTAINMENT
        )


@lru_cache(maxsize=1000)  # without the cache this takes half of a search's time: the same stories are found often
def _print(article: ParsedArticle) -> _Print:
    # Only the story itself: the headline, the date and the byline before it differ between outlets.
    story = article.document.text[article.document.body_start :]
    tokens = words(story)
    # The hashes of the shingles take a tenth of the memory of the shingles themselves.
    shingles = frozenset(hash(tokens[i : i + SHINGLE]) for i in range(len(tokens) - SHINGLE + 1))
    return _Print(shingles, frozenset(numbers(story)), article.article.status)


def _contained(one: frozenset[int], other: frozenset[int]) -> float:
    """Return the containment (Broder 1997) of the smaller set in the larger one, 0..1; 0 if either is empty."""
    smaller = min(len(one), len(other))
    return len(one & other) / smaller if smaller else 0.0
