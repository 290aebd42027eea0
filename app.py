"""The web page: ``qa app`` or ``streamlit run app.py``. Only the layout; ``qa.page`` makes what it shows."""

from __future__ import annotations

import streamlit as st

from qa.english.characters import displayable
from qa.errors import QAError
from qa.page import (
    address,
    ask_page,
    desk,
    frame,
    libraries,
    library_page,
    notebook_page,
    parts,
    saved_page,
    view,
    warm,
)
from qa.page.session import address_now, begin, open_another, settings_now, state
from qa.page.turn import error_message


def remember_address() -> None:
    """Write the conversation, question, library and filters to the URL."""
    st.query_params.from_dict(address.write(address_now()))


def main() -> None:
    """Run the page once."""
    if "deleted" not in state:  # what begin sets last
        begin()
    open_another()
    folded = "collapsed" if state.reading else "auto"  # an open article needs the room
    st.set_page_config("Dateline", parts.ICON, layout="centered", initial_sidebar_state=folded)
    parts.style()
    settings = settings_now()
    covered = libraries.coverage(settings.library)
    empty = not covered.articles
    if state.view == "ask":
        ask_page.ask_waiting(settings, empty)
    frame.masthead(settings, view.coverage_words(covered))
    frame.sidebar(settings, covered.sources)
    state.drawn = state.heard
    frame.undo_bar()
    # Streamlit knows parts by their place. What comes and goes stands in containers, so that the ask box keeps its
    # place, and with it the focus and the draft.
    with st.container(key="beside"):
        desk.desk(settings)
        library_page.uploads()
    if state.view == "library":
        library_page.library_page(settings, empty)
    elif state.view == "saved":
        saved_page.saved_page(settings)
    elif state.view == "notebook":
        notebook_page.notebook_page(settings)
    else:
        ask_page.chat(settings, empty)
    remember_address()
    warm.warm(settings, empty)


try:
    main()
except QAError as error:
    st.title("Dateline", anchor=False)
    st.text(displayable(error_message(error)))
