"""The page of the library: add, find, read, edit and delete articles; the timeline of a subject."""

from __future__ import annotations

from datetime import date

import streamlit as st

from ..articles import edits
from ..articles.edits import MOST
from ..articles.files import MAX_BYTES
from ..changes import writing
from ..english.characters import displayable
from ..errors import InputError
from ..model import day_of
from ..render import outlet_and_day
from ..settings import Settings
from . import adding, address, libraries, parts, timelines, view
from .boxes import box, fill, held, to_the_end
from .events import free_to_change, heard
from .session import POLL, filters_now, put, settings_now, state, try_sample, workers

PAGE = 40  # articles on a page of the library
MOST_PASTED = 1_000_000  # characters


def library_page(settings: Settings, empty: bool) -> None:
    """Draw the Library page: add, search, read, edit and delete articles."""
    st.header("Library", anchor=False)
    add_articles(settings)
    if empty:
        st.button("Open the sample library", on_click=try_sample)
        return
    if state.editing:
        edit_article(settings)
    draw_timeline(settings)
    words = st.text_input(
        "Search the library",
        placeholder="Words from a headline, outlet or text",
        help="Articles that contain all of the words are found. Put a phrase in quotation marks.",
        on_change=put,
        kwargs={"list_page": 0},
    )
    filters = filters_now()
    found = libraries.search(settings.library, words, filters, state.list_page, PAGE)
    state.list_page = min(state.list_page, max(0, found.total - 1) // PAGE)
    edited = libraries.edits(settings.library, [ref.id for ref in found.refs])
    data = view.article_list_view(found, filters, edited, state.list_page, PAGE)
    data |= {"editing": state.editing}
    parts.article_list(key="article_list", data=data, on_events_change=lambda: heard("article_list"))


def add_articles(settings: Settings) -> None:
    """Draw the ways to add articles: upload files, fetch an address, paste a text."""
    busy = bool(state.adding and state.adding.running)
    from_files, from_web, from_text = st.tabs(["Upload files", "Web address", "Paste text"])
    with from_files:
        files = st.file_uploader(
            "Add articles: text, Markdown, web pages, PDF, Word, mail, agency files, feeds, or rows, "
            f"of up to {MAX_BYTES // 1_000_000} MB each",
            accept_multiple_files=True,
            key=f"uploads-{state.uploader}",
        )
        # The uploader keeps its list until the result is dismissed: with a new one, files still on their way are lost.
        fresh = [file for file in files if file.file_id not in state.handled]
        if fresh and not busy:
            state.handled |= {file.file_id for file in fresh}
            before = state.adding.results if state.adding else ()
            state.adding = adding.add_uploads(settings, [(f.name, f.getvalue()) for f in fresh], workers(), before)
            st.rerun()
    with from_web:
        st.text_input(
            "Add the address of an article or a feed",
            held("page_address"),
            placeholder="https://…",
            disabled=settings.offline or busy,
            help="Switched off by QA_OFFLINE." if settings.offline else "It is fetched once, from its own server.",
            **box("page_address", added_address),
        )
    with from_text, st.form("paste", border=False):
        st.text_area("Text of the article", key="paste_text", height=160, max_chars=MOST_PASTED)
        left, right = st.columns(2)
        left.text_input("Headline (optional)", key="paste_title", max_chars=MOST)
        right.text_input("Outlet (optional)", key="paste_outlet", max_chars=MOST)
        left, right = st.columns(2)
        left.text_input("Authors (optional)", key="paste_authors", max_chars=MOST)
        right.date_input("Day of publication (optional)", None, *address.DAYS, key="paste_day", format="YYYY-MM-DD")
        st.form_submit_button("Add this text", on_click=added_text, disabled=busy)
        if state.pasted:
            st.text(state.pasted)


@to_the_end
def added_text() -> None:
    """Start to add a pasted text, before the page is drawn again. If it is refused, it stays in its box."""
    try:
        about = adding.typed(state.paste_title, state.paste_outlet, state.paste_authors, state.paste_day)
        article = adding.pasted(state.paste_text, about)
    except InputError as error:
        state.pasted = displayable(str(error))
        return
    state.adding = adding.add_text(settings_now(), article, workers())
    state.update(paste_text="", paste_title="", paste_outlet="", paste_authors="", paste_day=None, pasted="")


def stop_editing() -> None:
    """Close the dialog."""
    state.editing = None


@st.dialog("Edit article", on_dismiss=stop_editing)
def edit_article(settings: Settings) -> None:
    """Draw the dialog in which headline, outlet, authors and day of an article can be changed."""
    found = libraries.article(settings.library, state.editing)
    if found is None:
        stop_editing()
        st.text("This article has been deleted.")
        return
    ref, edit = found
    shown = (displayable(ref.title or ""), displayable(ref.source or ""), displayable(", ".join(ref.authors)))
    st.text(displayable(f"{outlet_and_day(ref)}\n{ref.heading}"))
    with st.form(f"edit-{ref.id}", border=False):
        title = st.text_input("Headline", shown[0], max_chars=MOST, key=f"edit-title-{ref.id}")
        source = st.text_input("Outlet", shown[1], max_chars=MOST, key=f"edit-outlet-{ref.id}")
        authors = st.text_input("Authors (separate names with commas)", shown[2], MOST, f"edit-authors-{ref.id}")
        day = st.date_input(
            "Day of publication", day_of(ref.published), *address.DAYS, key=f"edit-day-{ref.id}", format="YYYY-MM-DD"
        )
        st.caption("The text stays as it is. Your edits stay when the article is added again.")
        save = st.form_submit_button("Save")
    # Only what was typed is changed: the fields show no invisible characters, and a day has no time.
    typed = {
        name: value
        for name, value, before in zip(("title", "source", "authors"), (title, source, authors), shown, strict=True)
        if value != before
    }
    if day != day_of(ref.published):
        typed["published"] = day.isoformat() if isinstance(day, date) else ""
    if edit:
        st.text(displayable(f"Without your edits: {edits.described(edit.stated)}"))
    restore = bool(edit) and st.button("Take back all edits")
    if not (save or restore):
        return
    try:
        changes = None if restore else edits.read_particulars(**typed)
    except InputError as error:
        st.text(displayable(str(error)))
        return
    if restore or typed:
        if not free_to_change():
            return
        state.adding = adding.edit_article(settings, ref.id, changes, workers())
    stop_editing()
    st.rerun()


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
        parts.timeline(key="timeline_part", data=data, on_events_change=lambda: heard("timeline_part"))
        if found.entries:
            left, middle, right = st.columns(3)
            for column, name, text in (
                (left, "Markdown", writing.to_markdown(found)),
                (middle, "CSV", writing.to_csv(found)),
                (right, "JSON", writing.to_json(found)),
            ):
                file = f"timeline.{ {'Markdown': 'md'}.get(name, name.lower()) }"
                column.download_button(f"Save as {name}", text, file, on_click="ignore", width="stretch")


@to_the_end
def added_address() -> None:
    """Start to fetch a typed address, before the page is drawn again."""
    url = held("page_address").strip()
    if url:
        url = url if "://" in url else f"https://{url}"
        state.adding = adding.add_address(settings_now(), url, workers())
    fill(page_address="")


@st.fragment(run_every=POLL)
def moving_upload() -> None:
    """Draw the progress of work on articles, every ``POLL`` seconds."""
    work = state.adding
    st.progress(min(1.0, work.done / max(1, work.total)), text="Adding articles")
    st.text(f"{work.done:,} of {work.total:,} · {displayable(work.activity)}")
    if not work.running:
        work.counted = True
        st.rerun()


def uploads() -> None:
    """Draw added, edited or deleted articles: first the progress, then one line that unfolds."""
    work = state.adding
    if work is None:
        return
    with st.container(key="adding"):
        if work.running:
            moving_upload()
        elif not work.counted:  # it may have ended after the header was drawn
            work.counted = True
            st.rerun()
        elif work.results or work.error:
            if work.alone and not work.told:
                work.told = True
                st.toast("The article has been deleted." if work.alone == "deleted" else "Your edit has been saved.")
            data = view.adding_view(work) | {"editable": state.view == "library"}
            parts.adding(key="adding_part", data=data, on_events_change=lambda: heard("adding_part"))
        else:
            state.adding = None  # the sample has no results; the header shows its coverage
            st.rerun()
