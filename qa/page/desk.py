"""The reading desk: the open article beside the page, with everything that is cited of it."""

from __future__ import annotations

from typing import Any

import streamlit as st

from ..settings import Settings
from . import articles, parts, saved, view
from .articles import Cited
from .events import heard
from .notebook import entry_called
from .session import PLACES, saved_called, state, turn_called


def desk(settings: Settings) -> None:
    """Draw the article panel next to the conversation."""
    reading = state.reading
    if not reading:
        return
    turn = turn_called(reading.get("turn"))
    library = turn.settings.library if turn else settings.library
    citations = cited_by(reading).citations
    chosen = next((c for c in citations if c.number == reading.get("number")), None)
    if chosen is None and "article" not in reading:  # what cited it was removed meanwhile
        state.reading = None
        return
    article_id = chosen.article_id if chosen else str(reading.get("article"))
    found = articles.open_article(library, article_id, chosen.version if chosen else None, reading.get("compare"))
    if found is None:
        state.reading = None
        st.toast("This article has been deleted.")
        return
    others = [
        Cited({"turn": one.id}, one.question, view.citations_of(one))
        for one in state.turns
        if one is not turn and one.settings.library == library
    ]
    data = articles.opened_view(found, citations, chosen.number if chosen else None, others)
    with st.container(key="desk"):
        parts.article(
            key="article",
            data=data | {"from": {name: reading[name] for name in PLACES if name in reading}},
            on_events_change=lambda: heard("article"),
        )


def cited_by(reading: dict[str, Any]) -> Cited:
    """Return the citations of the answer, timeline, saved answer, or entry of the notebook that is read."""
    if turn := turn_called(reading.get("turn")):
        return Cited({"turn": turn.id}, turn.question, view.citations_of(turn))
    if reading.get("timeline") and state.timeline:
        return Cited({"timeline": True}, state.timeline[1].subject, state.timeline[1].citations)
    if one := saved_called(reading["saved"]) if "saved" in reading else None:
        return Cited({"saved": one.name}, one.answer.question, saved.citations_of(one, state.checking))
    if entry := entry_called(reading["kept"]) if "kept" in reading else None:
        kept = saved.Saved(entry.id, entry.answer)
        return Cited({"kept": entry.id}, entry.answer.standalone, saved.citations_of(kept, state.kept_checking))
    return Cited({}, "", ())
