"""What surrounds every page: the masthead with its tabs, and the sidebar."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import streamlit as st

from ..english.characters import displayable, fold
from ..errors import QAError
from ..settings import Settings
from . import address, libraries, parts, threads, view
from .boxes import box, fill, held, to_the_end
from .events import heard
from .session import address_now, begin_anew, change_day, change_library, state
from .undo import undo_view

SPEAKERS = 500  # names offered in the list; others can be typed
NAMESAKES = 8  # other people of the same last name who are offered


def masthead(settings: Settings, covered: str) -> None:
    """Draw the header, which is always visible: name, where questions are sent, what the library covers, the pages."""
    here = address_now()
    with st.container(key="masthead"):
        st.title("Dateline", anchor=False)
        st.text(f"Answered by: {displayable(settings.destination)}")
        st.text(f"{libraries.called(held('library'))}: {displayable(covered)}")
        tabs = [
            {"page": page, "name": name, "current": page == state.view, "href": address.link(replace(here, page=page))}
            for page, name in address.PAGES.items()
        ]
        parts.tabs(key="tabs", data={"tabs": tabs}, on_events_change=lambda: heard("tabs"))


def sidebar(settings: Settings, sources: tuple[str, ...]) -> None:
    """Draw the sidebar: conversations, library and filters."""
    with st.sidebar:
        st.subheader("Conversations", anchor=False)
        st.button("New conversation", on_click=begin_anew, width="stretch", disabled=not state.turns)
        found = threads.listed(settings, state.thread_words, state.thread_limit)
        data = threads.threads_view(found, state.thread_words, state.conversation, state.exporting)
        parts.threads(key="threads", data=data, on_events_change=lambda: heard("threads"))
        st.subheader("Library", anchor=False)
        known = list(libraries.known(Settings.load()))
        at = known.index(held("library")) if held("library") in known else 0
        st.selectbox(
            "Library",
            known,
            at,
            format_func=libraries.called,
            label_visibility="collapsed",
            **box("library", change_library),
        )
        with st.expander("New library"), st.form("new-library", border=False):
            st.text_input("Name", max_chars=60, key="new_library")
            st.form_submit_button("Create", on_click=make_library)
            if state.refused:
                st.text(state.refused)
        st.subheader("Search only", anchor=False)
        outlets = sorted({*sources, *held("outlets")})
        # With "select all", Enter would choose every name that is somehow like the typed one.
        st.multiselect(
            "Outlets",
            outlets,
            held("outlets"),
            format_func=displayable,
            placeholder="All outlets",
            filter_mode="contains",
            select_all=False,
            **box("outlets"),
        )
        heard_here = libraries.speakers(settings.library)[:SPEAKERS]
        names = list(dict.fromkeys([*heard_here, *held("speakers")]))
        st.multiselect(
            "Said by",
            names,
            held("speakers"),
            format_func=displayable,
            placeholder="Anybody",
            accept_new_options=True,
            filter_mode="contains",
            select_all=False,
            **box("speakers"),
        )
        with st.container(key="namesakes"):
            if people := namesakes(held("speakers"), names):
                parts.namesakes(key="namesakes_part", data=people, on_events_change=lambda: heard("namesakes_part"))
        st.date_input("Published from", held("since"), *address.DAYS, format="YYYY-MM-DD", **box("since"))
        st.date_input("Published until", held("until"), *address.DAYS, format="YYYY-MM-DD", **box("until"))
        st.date_input(
            "As of this day",
            held("as_of"),
            *address.DAYS,
            format="YYYY-MM-DD",
            help="Answers as they would have been on an earlier day, without what came or changed later.",
            **box("as_of", change_day),
        )
        if held("as_of"):
            bases = list(view.BASES)
            at = bases.index(held("basis"))
            st.radio("What counts on that day", bases, at, format_func=view.BASES.__getitem__, **box("basis"))


def namesakes(chosen: Sequence[str], known: Sequence[str]) -> dict[str, Any] | None:
    """Return the view of whom else the chosen speakers could be: people with the same last name. None if nobody.

    Whoever types a last name and presses Enter chooses the first of them, and may not see that there are others.
    """
    people = []
    for one in chosen:
        others = [other for other in known if other not in chosen and _last_name(other) == _last_name(one)]
        if others:
            people.append({**_person(one), "others": [_person(other) for other in others[:NAMESAKES]]})
    return {"people": people} if people else None


def _last_name(name: str) -> str:
    return fold(name).split()[-1] if name.split() else ""


def _person(name: str) -> dict[str, str]:
    return {"name": displayable(name), "value": name}


def undo_bar() -> None:
    """Draw what was deleted last, with a button that puts it back."""
    with st.container(key="undo"):
        if state.deleted:
            parts.undo(key="undo_part", data=undo_view(), on_events_change=lambda: heard("undo_part"))


@to_the_end
def make_library() -> None:
    """Create an empty library and open it, before the page is drawn again. If that fails, its name stays in the box."""
    try:
        made = libraries.make(state.new_library, Settings.load())
    except QAError as error:
        state.refused = displayable(str(error))
        return
    state.update(new_library="", refused="")
    fill(library=made.name)
    change_library()
