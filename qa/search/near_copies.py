"""Detection of near-copies, such as lightly edited agency copy, so that each story is used only once."""

from __future__ import annotations

from collections import Counter, defaultdict
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
    prints = {article.id: _print(article) for article in articles}
    originals: list[tuple[str, _Print]] = []
    copies: dict[str, list[str]] = {}
    # Which originals have a shingle, by their index: stories that share none need not be compared.
    holders: dict[int, list[int]] = defaultdict(list)
    repeated = _repeated(prints.values())
    for article_id, fingerprint in prints.items():
        common = fingerprint.shingles & repeated
        shared = Counter(n for shingle in common for n in holders.get(shingle, ()))
        original = next((n for n in sorted(shared) if fingerprint.copies(originals[n][1], shared[n])), None)
        if original is not None:
            copies[originals[original][0]].append(article_id)
            continue
        for shingle in common:
            holders[shingle].append(len(originals))
        originals.append((article_id, fingerprint))
        copies[article_id] = []
    return {article_id: tuple(ids) for article_id, ids in copies.items()}


def _repeated(prints: Iterable[_Print]) -> set[int]:
    """Return the shingles that occur in more than one story."""
    seen: set[int] = set()
    repeated: set[int] = set()
    for fingerprint in prints:
        repeated |= fingerprint.shingles & seen
        seen |= fingerprint.shingles
    return repeated


@dataclass(frozen=True)
class _Print:
    """A fingerprint that tells a copy from another story and from a later version of the same story."""

    shingles: frozenset[int]
    numbers: frozenset[float]
    status: Status

    def copies(self, other: _Print, shared: int) -> bool:
        """Whether the two stories, with so many shingles in common, are near-copies.

        They have the same status and nearly the same words: the containment (Broder 1997) of the shorter story in the
        longer one is high. All numbers of the shorter story must occur in the longer one, so that "31 dead" is no copy
        of "12 dead".
        """
        shorter, longer = sorted((self, other), key=lambda p: len(p.shingles))
        return (
            self.status == other.status
            and shared / len(shorter.shingles) >= COPY_CONTAINMENT
            and shorter.numbers <= longer.numbers
        )


@lru_cache(maxsize=1000)  # without the cache this takes half of a search's time: the same stories are found often
def _print(article: ParsedArticle) -> _Print:
    # Only the story itself: the headline, the date and the byline before it differ between outlets.
    story = article.document.text[article.document.body_start :]
    tokens = words(story)
    # The hashes of the shingles take a tenth of the memory of the shingles themselves.
    shingles = frozenset(hash(tokens[i : i + SHINGLE]) for i in range(len(tokens) - SHINGLE + 1))
    return _Print(shingles, frozenset(numbers(story)), article.article.status)
