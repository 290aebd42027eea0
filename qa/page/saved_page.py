"""The page of saved answers, and their check against today's library."""

from __future__ import annotations

import streamlit as st

from ..settings import Settings
from . import parts, saved
from .ask_page import show
from .boxes import to_the_end
from .events import heard
from .session import POLL, put, settings_now, state, workers


def saved_page(settings: Settings) -> None:
    """Draw the Saved page: the answer that is open, or all saved answers with what a check has found."""
    st.header("Saved answers", anchor=False)
    if state.saved:
        st.button("← All saved answers", on_click=put, kwargs={"saved": None})
        show(state.saved)
        return
    answers, foreign = saved.listed(settings.folder)
    if state.checking and state.checking.running:
        moving_check(state.checking)
    elif answers:
        st.button("Check all against today’s library", on_click=check)
    else:
        st.text("Press Save below an answer to keep it here. Later you can check whether it is still so.")
    if answers or foreign:
        reading = state.reading or {}
        current = (reading["saved"], reading["number"]) if "saved" in reading else None
        data = saved.saved_view(answers, foreign, state.checking, current)
        parts.saved(key="saved_answers", data=data, on_events_change=lambda: heard("saved_answers"))


@to_the_end
def check() -> None:
    """Start to hold all saved answers against the library, before the page is drawn again."""
    if not (state.checking and state.checking.running):
        state.checking = saved.check_all(settings_now(), workers())


@st.fragment(run_every=POLL)
def moving_check(checking: saved.Checking) -> None:
    """Draw the progress of a check, every ``POLL`` seconds. When it has ended, run the whole page once."""
    st.progress(checking.done / max(1, checking.total), text=f"Checked {checking.done} of {checking.total}")
    if not checking.running:
        st.rerun()
