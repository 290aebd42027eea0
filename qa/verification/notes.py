"""What code knows of a sentence's words, as a note for a model or a judge: who speaks, and which day is meant."""

from __future__ import annotations

import re

from ..articles.parse import ParsedArticle
from ..english.characters import visible
from ..model import Sentence
from .attribution import speaker_note
from .dating import notes

_NOTE = re.compile(r"\s*⟨[^⟩]*⟩?|⟩")


def without_notes(text: str) -> str:
    """Words of a model without the notes of its prompt that it has copied: "on Monday ⟨Monday = 2 March 2026⟩"."""
    return _NOTE.sub("", text)


def note(article: ParsedArticle, sentence: Sentence) -> str:
    """The note of one sentence, such as "Wednesday = 12 March 2025"; empty for most sentences."""
    found = (speaker_note(article, sentence), notes(article.times_in(sentence)))
    return visible("; ".join(filter(None, found)))
