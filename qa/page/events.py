"""What the components report: a reader has opened, closed, saved, deleted or rated something."""

from __future__ import annotations

from typing import Any

import streamlit as st

from ..english.characters import displayable
from ..errors import QAError
from . import adding, libraries, saved
from .session import PLACES, saved_called, settings_now, state, turn_called, workers
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
        case "dismiss" if not (state.adding and state.adding.running):
            state.adding, state.uploader = None, state.uploader + 1  # a new key empties the uploader
        case "delete" | "edit" as kind if free_to_change():
            heard_of_article(kind, str(event["article"]))
        case "go":
            state.view, state.reading = str(event["page"]), None
        case "retry" if turn and not any(one.running for one in state.turns):
            state.turns.append(turn.again(str(event["how"])).start(workers()))
            state.view = "ask"
        case "show":
            one = saved_called(str(event["saved"]))
            state.saved = Turn.of(one.answer, settings_now()) if one else None
        case "forget":
            saved.delete(settings_now().library, str(event["saved"]))
            stop_reading("saved", event["saved"])
        case kind if turn:
            heard_of(turn, str(kind), event)


def heard_of_article(kind: str, article: str) -> None:
    """Open the dialog in which an article is edited, or delete the article."""
    if kind == "edit":
        state.editing = article
        return
    state.adding = adding.delete_article(settings_now(), article, workers())
    stop_reading("article", article)


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


def free_to_change() -> bool:
    """Whether no articles are being added. Otherwise say that the reader has to wait."""
    if state.adding and state.adding.running:
        st.toast("Articles are being added. Wait until that is done.")
        return False
    return True


def stop_reading(place: str, name: object) -> None:
    """Close the article if it was opened from what has just been deleted."""
    if (state.reading or {}).get(place) == name:
        state.reading = None
