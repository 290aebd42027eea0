"""Words, stems, numbers and names of a text: what retrieval, reader and verification compare."""

from __future__ import annotations

from functools import lru_cache
from threading import Lock

import snowballstemmer

from .characters import WORD, fold
from .regex import lazy_compile

# The original Porter algorithm, because FTS5's `porter` tokenizer uses it: stems here equal stems in the index.
_stemmer = snowballstemmer.stemmer("porter")
_stemming = Lock()  # it keeps the word it works on: questions in two threads would stem each other's

_INDEXED = lazy_compile(r"[^\W_]+")
_SHORTEST, _LONGEST = 3, 64  # bytes of a word that FTS5 stems
_WORD = lazy_compile(rf"\w[{WORD}]*(?:['.]\w[{WORD}]*)*")
_PHRASE = lazy_compile(r"[\"“”„]([^\"“”„]*)[\"“”„]?|([^\s\"“”„]+)")


@lru_cache(maxsize=100_000)
def stem(word: str) -> str:
    """The Porter stem of one folded word."""
    with _stemming:
        return str(_stemmer.stemWord(word))


@lru_cache(maxsize=20_000)
def words(text: str) -> tuple[str, ...]:
    """Folded words in order; possessive endings dropped, points inside abbreviations dropped ("U.S." → "us")."""
    found = (m.group().removesuffix("'s").replace(".", "").replace("'", "") for m in _WORD.finditer(fold(text)))
    return tuple(word for word in found if word)


@lru_cache(maxsize=20_000)
def stems(text: str) -> tuple[str, ...]:
    """Stems of all words of a text, in order."""
    return tuple(stem(word) for word in words(text))


def phrases_in(words: str) -> tuple[str, ...]:
    """Return the words of a search; those between quotation marks stand together. What has no letter is left out."""
    pieces = (quoted or word for quoted, word in _PHRASE.findall(words))
    return tuple(dict.fromkeys(" ".join(piece.split()) for piece in pieces if _INDEXED.search(piece)))


def indexed_words(text: str) -> tuple[str, ...]:
    """Return the stems of a folded text as SQLite's full-text index makes them (``porter unicode61``), in order.

    Every run of letters and digits is a word; very short and very long ones are not stemmed.
    """
    return tuple(stem(word) if _SHORTEST <= len(word.encode()) <= _LONGEST else word for word in _INDEXED.findall(text))
