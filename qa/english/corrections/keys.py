"""Which notes may concern a sentence: keys by which a library finds them, and what a note is about."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from ..inflection import every_form
from ..lexicon import (
    CORRECTING,
    COUNTS,
    GIVING,
    MISTAKING,
    MONTHS,
    NOTE_WORDS,
    OUTLETS,
    RETRACTING,
    STOPWORDS,
    WEEKDAYS,
)
from ..tokens import stem, stems, words
from .notes import Span
from .values import values_in

if TYPE_CHECKING:  # a document has its notes as a layer
    from ..document import Document

STATEMENT = 3  # content words of a statement, which may be said in other words


def note_rows(document: Document) -> list[tuple[int, str, str]]:
    """Return sentence index, kind and key for each value of each note that may concern other articles.

    The key is what a sentence must have that states the value: a number, a time, or the stem of a word. It is "" if
    any sentence may be meant.
    """
    rows = set()
    for note in document.corrections:
        told = [span for point in note.points for span in (point.wrong, point.right) if span]
        keys = {key_of(document, span) for span in told} if told and not note.whole else {""}
        if note.kind != "addition":
            rows |= {(note.first, note.kind, key) for key in keys}
    return sorted(rows)


def key_of(document: Document, span: Span) -> str:
    """The key of wrong words: see ``note_rows``."""
    values = values_in(document, *span)
    if len(values) == 1 and values[0].kind != "name":
        return values[0].key
    kept = [word for word in words(document.text[slice(*span)]) if word not in STOPWORDS]
    return stem(kept[-1]) if 0 < len(kept) < STATEMENT else ""


def keys_in(document: Document, start: int, end: int) -> frozenset[str]:
    """The keys of the notes that may concern the sentence at ``start:end`` of a document."""
    values = {value.key for value in values_in(document, start, end)}
    return frozenset({"", *values, *stems(document.text[start:end])})


def topic_stems(text: str) -> frozenset[str]:
    """The stems of what a note is about: its content words, without those of its frame and without numbers."""
    return frozenset(
        s for word in words(text) if word not in STOPWORDS and word[0].isalpha() and (s := stem(word)) not in _frame()
    )


@cache
def _frame() -> frozenset[str]:
    verbs = MISTAKING | CORRECTING | RETRACTING | (GIVING - {"place"})
    every = NOTE_WORDS | every_form(verbs) | {word.lower() for word in (*WEEKDAYS, *MONTHS)} | OUTLETS | set(COUNTS)
    return frozenset(stem(word) for word in every)
