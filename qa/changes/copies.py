"""Near-copies: sentences of two articles in the same words, but for one place.

Reports are copied, and on the way a name or a figure may become another one: "The mill was built by Ida Cole and her
two brothers." "The mill was built by Jon Tarr and his two brothers." What differs are two values for one thing, even
if no rule can tell from the question which thing that is.

A template looks the same: "The ferry to Vale stopped on Monday." "The ferry to Orsund stopped on Monday." So the
articles must be copies too: they have a further sentence in common, and are not of one outlet.
"""

from __future__ import annotations

from collections.abc import Sequence
from difflib import SequenceMatcher
from functools import lru_cache
from typing import NamedTuple

from ..articles.parse import ParsedArticle
from ..english.characters import fold
from ..english.clauses import denies
from ..english.regex import lazy_compile
from ..english.tokens import words
from ..model import Sentence
from .standing import content_stems

MOST = 8  # words that may differ in each sentence
COMMON, SHARE = 4, 0.6  # content words that both must have, and their share of those of the shorter sentence

Span = tuple[int, int]


class _Word(NamedTuple):
    folded: str
    start: int
    end: int


def altered(one: str, other: str) -> tuple[Span, Span] | None:
    """Return the offsets of what differs in two sentences that are the same otherwise. None if they are no such two.

    That is all from the first word that differs to the last. What only one of them has in front or behind, such as a
    dateline, is no difference, and no word without a meaning of its own is one: "her" beside "his". A sentence that
    denies something is no copy of one that does not.
    """
    if not _are_alike(one, other):  # before they are compared word by word, which takes much longer
        return None
    if denies(one) != denies(other):
        return None
    mine, theirs = _words_in(one), _words_in(other)
    edits = SequenceMatcher(None, [w.folded for w in mine], [w.folded for w in theirs], autojunk=False).get_opcodes()
    last = len(edits) - 1
    differing = [e for n, e in enumerate(edits) if e[0] == "replace" or (e[0] != "equal" and 0 < n < last)]
    differing = [e for e in differing if _says(mine[e[1] : e[2]]) or _says(theirs[e[3] : e[4]])]
    if not differing:
        return None
    a, b = mine[differing[0][1] : differing[-1][2]], theirs[differing[0][3] : differing[-1][4]]
    if not 0 < len(a) <= MOST or not 0 < len(b) <= MOST:
        return None
    spans = (a[0].start, a[-1].end), (b[0].start, b[-1].end)
    return spans if _are_alike(_without(one, spans[0]), _without(other, spans[1])) else None


def are_copies(one: ParsedArticle, other: ParsedArticle) -> bool:
    """Whether two articles of different outlets have a sentence in common, word for word."""
    outlet = one.article.source
    if one.id == other.id or (outlet is not None and outlet == other.article.source):
        return False
    return not _sentences_of(one).isdisjoint(_sentences_of(other))


def has_words_of(article: ParsedArticle, sentence: Sentence) -> bool:
    """Whether an article has a sentence in the words of another one."""
    return words(sentence.text) in _sentences_of(article)


def _are_alike(one: str, other: str) -> bool:
    a, b = content_stems(one), content_stems(other)
    return len(a & b) >= max(COMMON, SHARE * min(len(a), len(b)))


def _says(some: Sequence[_Word]) -> bool:
    return bool(content_stems(" ".join(word.folded for word in some)))


def _without(text: str, span: Span) -> str:
    return f"{text[: span[0]]} {text[span[1] :]}"


_WORD = lazy_compile(r"\w(?:\S*\w)?")  # "1,294" and "Jay-Z" are one


def _words_in(text: str) -> list[_Word]:
    return [_Word(fold(m.group()), m.start(), m.end()) for m in _WORD.finditer(text)]


@lru_cache(maxsize=256)
def _sentences_of(article: ParsedArticle) -> frozenset[tuple[str, ...]]:
    """The sentences of an article by their words, without those that say too little to be recognised."""
    return frozenset(words(s.text) for s in article.sentences if len(content_stems(s.text)) >= COMMON)
