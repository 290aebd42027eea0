"""Conversations of the page: what is asked is kept beside the library, and is found again after a reload.

A question is answered by a thread of this server, whatever becomes of the session that asked it. A new session that
opens the same conversation finds the running turn here by its id.
"""

from __future__ import annotations

import logging
from concurrent.futures import Executor
from typing import Any

from ..english.characters import displayable
from ..errors import WorkspaceError
from ..model import Answer, write_day
from ..settings import Settings
from ..workspace.conversations import (
    Conversation,
    Conversations,
    KeptTurn,
    Listed,
    State,
    as_json,
    as_markdown,
    new_id,
)
from .turn import Turn

log = logging.getLogger(__name__)

SHOWN = 5  # conversations in the sidebar; "Show more" adds as many
UNKEPT = (
    "Conversations cannot be kept at the moment, because their file cannot be read or written. Answers are not "
    "affected. The server’s log says more."
)

_running: dict[str, Turn] = {}  # by id: the turns that this server is answering


def start(turn: Turn, conversation: str, workers: Executor) -> bool:
    """Ask a turn, and keep it as the last one of a conversation. Return whether it could be kept."""
    held = Conversations(turn.settings.folder)

    def finish() -> None:
        state: State = "done" if turn.answer else "stopped" if turn.stopped else "failed"
        try:
            if turn.left and not turn.answer:  # it stays kept as running: the next server says that it was interrupted
                return
            held.finish(turn.id, state, turn.answer, turn.error or "", () if turn.answer else turn.claims)
        except WorkspaceError as error:
            log.error("An answer was not kept: %s", error)
        finally:
            _running.pop(turn.id, None)

    try:
        held.append(conversation, turn.id, turn.question, turn.filters)
    except WorkspaceError as error:
        log.error("A question was not kept: %s", error)
        turn.start(workers)
        return False
    _running[turn.id] = turn
    turn.start(workers, finish)
    return True


def rate(turn: Turn) -> None:
    """Keep how a reader has rated the answer of a turn, for the next session that opens its conversation."""
    try:
        Conversations(turn.settings.folder).rate(turn.id, turn.thumb or "", commented=turn.commented)
    except WorkspaceError as error:
        log.error("A rating was not kept with its conversation: %s", error)


def leave() -> None:
    """End the questions that are being answered, because the server stops. Readers can ask them again."""
    for turn in tuple(_running.values()):
        turn.leave()


def busy() -> bool:
    """Whether this server is answering a question of some reader."""
    return bool(_running)


def restored(conversation: str, settings: Settings) -> list[Turn]:
    """Return the turns of a conversation, oldest first; those that are being answered as they are.

    Returns no turns if the library has no such conversation, or if the file cannot be read.
    """
    turns: list[Turn] = []
    history: list[Answer] = []
    for held, running in _held(Conversations(settings.folder), conversation):
        turns.append(running or Turn.kept(held, history, settings))
        if turns[-1].answer:
            history.append(turns[-1].answer)
    return turns


def _held(conversations: Conversations, conversation: str) -> list[tuple[KeptTurn, Turn | None]]:
    """Return the kept turns of a conversation, those that this server is answering with their running turns."""
    try:
        held = [(one, _running.get(one.id)) for one in conversations.turns(conversation)]
        if any(one.state == "running" and running is None for one, running in held):
            # It may have ended between the two looks, and then has its answer now.
            held = [(one, _running.get(one.id)) for one in conversations.turns(conversation)]
    except WorkspaceError as error:
        log.error("A conversation was not read: %s", error)
        return []
    return held


def listed(settings: Settings, words: str, limit: int) -> Listed | None:
    """Return the conversations about a library, latest first. None if their file cannot be read."""
    try:
        return Conversations(settings.folder).listed(words, limit=limit)
    except WorkspaceError as error:
        log.error("The conversations were not read: %s", error)
        return None


def export(conversations: Conversations, conversation: str, wanted: str) -> dict[str, str] | None:
    """Return a conversation as a file for ``threads_view``. None if it has been deleted. Raises WorkspaceError."""
    found = conversations.find(conversation)
    if found is None:
        return None
    turns = conversations.turns(conversation)
    file = f"conversation-{found.created:%Y-%m-%d}-{found.id[:6]}"
    if wanted == "json":
        return {"key": new_id(), "name": f"{file}.json", "type": "application/json", "text": as_json(found, turns)}
    return {"key": new_id(), "name": f"{file}.md", "type": "text/markdown", "text": as_markdown(turns)}


def threads_view(found: Listed | None, words: str, current: str, export: dict[str, str] | None) -> dict[str, Any]:
    """Return the view of the list of conversations.

    Args:
        found: the conversations to list. None if their file cannot be read.
        words: what was searched for.
        current: id of the conversation that is open.
        export: a file to download once: its ``name``, ``type`` and ``text``, and a ``key`` of its own.
    """
    if found is None:
        return {"words": words, "rows": [], "more": 0, "told": UNKEPT, "export": None, "any": False}
    told = "No conversation has these words." if words and not found.total else ""
    return {
        "words": words,
        "any": bool(words or found.total),
        "rows": [_row(one, current) for one in found.conversations],
        "more": found.total - len(found.conversations),
        "told": told,
        "export": export,
    }


def _row(one: Conversation, current: str) -> dict[str, Any]:
    questions = f"{one.questions} question{'' if one.questions == 1 else 's'}"
    return {
        "id": one.id,
        "title": displayable(one.title),
        "about": f"{write_day(one.updated.date())} · {questions}",
        "current": one.id == current,
    }
