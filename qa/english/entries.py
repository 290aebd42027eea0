"""The entries of a live blog, each with its time of day."""

from __future__ import annotations

import re
from bisect import bisect_right
from datetime import time
from functools import lru_cache

from .document import Document
from .regex import lazy_compile

LEAST = 3  # fewer times at the beginning of lines make no live blog
_ENTRY = lazy_compile(
    r"^[\s*_#>\[(-]{0,6}(?P<hour>[01]?\d|2[0-3])[:.h](?P<minute>[0-5]\d)(?:\s?(?P<half>[ap])\.?m\b\.?)?"
    r"(?:\s?(?:GMT|UTC|[A-Z]{3,4}))?[\s*_\])]{0,4}(?:[:–—|-]|\s|$)"
    r"(?!\s*(?:(?i:hundred|thousand|million|billion|per\s?cent|euros?|dollars?|pounds?)\b|[%€$£]))",
    re.MULTILINE,
)


def entry_time(document: Document, at: int) -> time | None:
    """Return the time of the entry that holds the offset ``at``. None if the text is no live blog, or before them."""
    starts, times = _entries(document.text)
    before = bisect_right(starts, at + 1) - 1  # a sentence may begin behind the marks of its entry
    return times[before] if before >= 0 else None


def opening_time(document: Document, start: int) -> int:
    """Return how many characters the time takes with which the entry at the offset ``start`` begins; 0 if none does."""
    found = _ENTRY.match(document.text, start) if entry_time(document, start) else None
    return found.end() - start if found else 0


@lru_cache(maxsize=256)
def _entries(text: str) -> tuple[list[int], list[time]]:
    found = [(m.start(), time(_hour(m), int(m["minute"]))) for m in _ENTRY.finditer(text)]
    if len(found) < LEAST:
        return [], []
    return [start for start, _ in found], [moment for _, moment in found]


def _hour(match: re.Match[str]) -> int:
    hour = int(match["hour"])
    return hour % 12 + (12 if match["half"] == "p" else 0) if match["half"] else hour
