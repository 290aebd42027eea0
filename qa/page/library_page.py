"""The page of the library: add, find, read and delete articles; the timeline of a subject."""

from __future__ import annotations

import streamlit as st

from ..changes import writing
from ..english.characters import displayable
from ..errors import InputError
from ..settings import Settings
from . import address, libraries, parts, timelines, view
from .events import heard
from .session import POLL, filters_now, settings_now, state, try_sample, workers

PAGE = 40  # articles on a page of the library


def library_page(settings: Settings, empty: bool) -> None:
    """Draw the Library page: search, read, add and delete articles."""
    st.header("Library", anchor=False)
    files = st.file_uploader(
        "Add articles: text, Markdown, web pages, PDF, Word, mail, agency files, feeds, or rows",
        accept_multiple_files=True,
        key=f"uploads-{state.uploader}",
        disabled=bool(state.adding and state.adding.running),
    )
    if files and not (state.adding and state.adding.running):
        state.adding = libraries.add_uploads(settings, [(f.name, f.getvalue()) for f in files], workers())
        state.uploader += 1  # a new key empties the uploader
        st.rerun()
    st.text_input(
        "Add the address of an article or a feed",
        placeholder="https://…",
        key="page_address",
        on_change=added_address,
        disabled=settings.offline or bool(state.adding and state.adding.running),
        help="Switched off by QA_OFFLINE." if settings.offline else "The page is fetched once, from its own server.",
    )
    if empty:
        st.button("Open the sample library", on_click=try_sample)
        return
    draw_timeline(settings)
    words = st.text_input("Search the library", placeholder="Words from a headline, outlet or text")
    found = libraries.search(settings.library, words, filters_now())
    state.list_page = min(state.list_page, max(0, len(found) - 1) // PAGE)
    data = view.article_list_view(found, state.list_page, PAGE)
    parts.article_list(key="article_list", data=data, on_event_change=lambda: heard("article_list"))


def draw_timeline(settings: Settings) -> None:
    """Draw the box for a subject, and its timeline with what can be saved of it."""
    subject = st.text_input(
        "Timeline of",
        placeholder="A person, a place, a thing or a topic",
        key="subject",
        max_chars=address.MAX_QUESTION,
        help="What happened, in order. The days of the sidebar are here those on which it happened.",
    ).strip()
    if not subject:
        state.timeline = None
        return
    key = (subject, filters_now(), settings.library, libraries.revision(settings.library))
    if state.timeline is None or state.timeline[0] != key:
        try:
            state.timeline = key, timelines.make(settings.library, subject, filters_now())
        except InputError as error:
            state.timeline = None
            st.text(displayable(str(error)))
            return
    found = state.timeline[1]
    reading = state.reading or {}
    data = timelines.timeline_view(found, reading.get("number") if reading.get("timeline") else None)
    with st.container(key="timeline"):
        parts.timeline(key="timeline_part", data=data, on_event_change=lambda: heard("timeline_part"))
        if found.entries:
            left, middle, right = st.columns(3)
            for column, name, text in (
                (left, "Markdown", writing.to_markdown(found)),
                (middle, "CSV", writing.to_csv(found)),
                (right, "JSON", writing.to_json(found)),
            ):
                file = f"timeline.{ {'Markdown': 'md'}.get(name, name.lower()) }"
                column.download_button(f"Save as {name}", text, file, on_click="ignore", width="stretch")


def added_address() -> None:
    """Start to fetch a typed address, before the page is drawn again."""
    url = state.page_address.strip()
    state.page_address = ""
    if url:
        url = url if "://" in url else f"https://{url}"
        state.adding = libraries.add_address(settings_now(), url, workers())


@st.fragment(run_every=POLL)
def moving_upload() -> None:
    """Draw the progress of files that are being added, every ``POLL`` seconds."""
    adding = state.adding
    st.progress(adding.done / max(1, adding.total), text="Adding articles")
    st.text(f"{adding.done} of {adding.total} {displayable(adding.now)}")
    if not adding.running:
        st.rerun()


def uploads() -> None:
    """Draw added files: first the progress, then one line per file."""
    adding = state.adding
    if adding is None:
        return
    with st.container(key="adding"):
        if adding.running:
            moving_upload()
            return
        for result in adding.results:
            st.text(f"{'✓' if result.good else '✗'} {displayable(result.name)}: {displayable(result.words)}")
        if adding.error:
            st.text(displayable(adding.error))
        if not adding.results and not adding.error:
            state.adding = None  # the sample has no results; the header shows its coverage
            st.rerun()
