"""The page of the notebook: the collections, and the entries of the one that is open."""

from __future__ import annotations

import logging

import streamlit as st

from ..errors import WorkspaceError
from ..settings import Settings
from ..workspace.notebook import Notebook
from . import notebook, parts
from .events import heard
from .saved_page import moving_check
from .session import state

log = logging.getLogger(__name__)


def notebook_page(settings: Settings) -> None:
    """Draw the Notebook page."""
    st.header("Notebook", anchor=False)
    kept = Notebook(settings.folder)
    try:
        collections, last = kept.collections(), kept.last_used()
        opened = kept.contents(state.collection or "") or (kept.contents(last.id) if last else None)
    except WorkspaceError as error:
        log.error("The notebook was not read: %s", error)
        st.text(notebook.UNUSABLE)
        return
    checking = state.kept_checking
    if checking and checking.running:
        moving_check(checking)
    reading = state.reading or {}
    data = notebook.notebook_view(collections, opened, settings, checking) | {
        "current": f"{reading['kept']} {reading['number']}" if "kept" in reading else "",
        "file": state.kept_file,
    }
    parts.notebook(key="notebook", data=data, on_events_change=lambda: heard("notebook"))
