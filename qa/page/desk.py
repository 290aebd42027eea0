"""The reading desk: the open article beside the page, with its cited sentences marked."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import streamlit as st

from ..model import Citation, Timeline
from ..settings import Settings
from . import articles, parts, saved, view
from .events import heard
from .session import PLACES, saved_called, state, turn_called


def desk(settings: Settings) -> None:
    """Draw the article panel next to the conversation."""
    reading = state.reading
    if not reading:
        return
    turn = turn_called(reading.get("turn"))
    library = turn.settings.library if turn else settings.library
    citations = view.citations_of(turn) if turn else cited_elsewhere(reading)
    chosen = next((c for c in citations if c.number == reading.get("number")), None)
    article_id = chosen.article_id if chosen else str(reading.get("article"))
    found = articles.open_article(library, article_id, chosen.version if chosen else None, reading.get("compare"))
    if found is None:
        state.reading = None
        st.toast("This article has been deleted.")
        return
    data = articles.opened_view(found, citations, chosen.number if chosen else None)
    with st.container(key="desk"):
        parts.article(
            key="article",
            data=data | {"from": {name: reading[name] for name in PLACES if name in reading}},
            on_event_change=lambda: heard("article"),
        )


def cited_elsewhere(reading: dict[str, Any]) -> Sequence[Citation]:
    """Return the citations of the timeline or the saved answer that is read."""
    if reading.get("timeline") and state.timeline:
        found: Timeline = state.timeline[1]
        return found.citations
    one = saved_called(reading["saved"]) if "saved" in reading else None
    return saved.citations_of(one, state.checking) if one else ()
