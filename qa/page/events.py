"""What the components report: a reader has opened, closed, saved, deleted or rated something."""

from __future__ import annotations

from typing import Any

import streamlit as st

from ..english.characters import displayable
from ..errors import QAError
from . import libraries, saved
from .session import PLACES, saved_called, settings_now, state, turn_called
from .turn import Turn


def heard(key: str) -> None:
    """Handle an event from the component ``key``."""
    event: dict[str, Any] = (state[key] or {}).get("event") or {}
    turn = turn_called(event.get("turn"))
    match event.get("kind"):
        case "open":
            state.reading = {name: event[name] for name in (*PLACES, "number") if name in event}
        case "compare" if state.reading:
            state.reading = state.reading | {"compare": event.get("version")}
        case "close":
            state.reading, state.closed = None, state.closed + 1
        case "page":
            state.list_page = int(event["page"])
        case "delete":
            libraries.delete(settings_now().library, str(event["article"]))
            stop_reading("article", event["article"])
        case "show":
            one = saved_called(str(event["saved"]))
            state.saved = Turn.of(one.answer, settings_now()) if one else None
        case "forget":
            saved.delete(settings_now().library, str(event["saved"]))
            stop_reading("saved", event["saved"])
        case kind if turn:
            heard_of(turn, str(kind), event)


def heard_of(turn: Turn, kind: str, event: dict[str, Any]) -> None:
    """Handle what a reader does with a turn or its answer."""
    if kind == "stop":
        turn.stop()
    if turn.answer is None:
        return
    match kind:
        case "save":
            try:
                saved.save(turn.settings.library, turn.answer)
            except QAError as error:
                st.toast(displayable(str(error)))
        case "thumb":
            turn.thumb = event["thumb"]
            libraries.remember(turn.settings.library, turn.answer, thumb=turn.thumb)
        case "comment":
            turn.commented = True
            libraries.remember(turn.settings.library, turn.answer, thumb=turn.thumb, comment=str(event["comment"]))


def stop_reading(place: str, name: object) -> None:
    """Close the article if it was opened from what has just been deleted."""
    if (state.reading or {}).get(place) == name:
        state.reading = None
