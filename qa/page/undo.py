"""What a reader has deleted in this session, and can have back: conversations, entries of the notebook, saved answers.

It is deleted at once, and what is needed to put it back is only in the memory of this session.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from .session import state

REMEMBERED = 20  # deletions that can be undone, the last ones


@dataclass(frozen=True)
class Deletion:
    """Something that was deleted: what the page says of it, and a function that puts it back and raises QAError."""

    words: str
    restore: Callable[[], None]


def remember(words: str, restore: Callable[[], None]) -> None:
    """Offer to undo a deletion."""
    state.deleted = [*state.deleted, Deletion(words, restore)][-REMEMBERED:]


def undo_view() -> dict[str, object]:
    """Return the view of the last deletion. ``count`` is the number of all that can be undone."""
    return {"words": state.deleted[-1].words if state.deleted else "", "count": len(state.deleted)}
