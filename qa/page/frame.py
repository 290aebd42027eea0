"""What surrounds every page: the masthead and the sidebar."""

from __future__ import annotations

import streamlit as st

from ..english.characters import displayable
from ..errors import QAError
from ..render import to_json, to_markdown
from ..settings import Settings
from . import address, libraries, view
from .session import begin_anew, state

SPEAKERS = 500  # names offered in the list; others can be typed


def masthead(settings: Settings, covered: str) -> None:
    """Draw the header, which is always visible: name, where questions are sent, and what the library covers."""
    with st.container(key="masthead"):
        st.title("Dateline", anchor=False)
        st.text(f"Answered by: {displayable(settings.destination)}")
        st.text(f"{libraries.called(state.library)}: {displayable(covered)}")


def sidebar(settings: Settings, sources: tuple[str, ...]) -> None:
    """Draw the sidebar: page, library, filters and conversation."""
    with st.sidebar:
        st.radio("Page", address.PAGES, key="view", format_func=str.capitalize, horizontal=True)
        known = list(libraries.known(Settings.load()))
        st.selectbox("Library", known, key="library", format_func=libraries.called, on_change=begin_anew)
        with st.expander("New library"), st.form("new-library", clear_on_submit=True, border=False):
            name = st.text_input("Name", max_chars=60)
            if st.form_submit_button("Create"):
                make_library(name)
        st.subheader("Search only", anchor=False)
        outlets = sorted({*sources, *state.outlets})
        st.multiselect("Outlets", outlets, key="outlets", format_func=displayable, placeholder="All outlets")
        heard_here = libraries.speakers(settings.library)[:SPEAKERS]
        names = list(dict.fromkeys([*heard_here, *state.speakers]))
        st.multiselect(
            "Said by",
            names,
            key="speakers",
            format_func=displayable,
            placeholder="Anybody",
            accept_new_options=True,
        )
        st.date_input("Published from", key="since", format="YYYY-MM-DD")
        st.date_input("Published until", key="until", format="YYYY-MM-DD")
        st.date_input("Go back to", key="as_of", format="YYYY-MM-DD")
        if state.as_of:
            st.radio("What counts on that day", list(view.BASES), key="basis", format_func=view.BASES.__getitem__)
        answers = [turn.answer for turn in state.turns if turn.answer]
        if state.turns:
            st.subheader("Conversation", anchor=False)
            st.button("New conversation", on_click=begin_anew, width="stretch")
        if answers:
            text = "\n\n---\n\n".join(f"## {view.escape(a.question)}\n\n{to_markdown(a)}" for a in answers)
            whole = "[\n" + ",\n".join(map(to_json, answers)) + "\n]\n"
            st.download_button("Export as Markdown", text, "conversation.md", on_click="ignore", width="stretch")
            st.download_button("Export as JSON", whole, "conversation.json", on_click="ignore", width="stretch")


def make_library(name: str) -> None:
    """Create an empty library and say so, or say why that failed."""
    try:
        libraries.make(name, Settings.load())
        st.text("Created. Choose it in the list above.")
    except QAError as error:
        st.text(displayable(str(error)))
