"""What a session of the page holds: its conversation, library, filters, and what it reads. One reader, one session."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import streamlit as st

from ..model import Filters
from ..settings import Settings
from . import address, libraries, saved
from .adding import Adding
from .turn import Turn, names_model

PLACES = ("turn", "timeline", "saved", "article")  # what an article can be opened from
POLL = 0.3  # seconds between two checks of a worker's progress

state = st.session_state


@st.cache_resource
def workers() -> ThreadPoolExecutor:
    """Return the threads for questions and uploads. All sessions share them, and each thread keeps its connections."""
    return ThreadPoolExecutor(max_workers=8, thread_name_prefix="dateline")


def begin() -> None:
    """Start a session: no turns, and the question, library and filters of its URL."""
    wanted = address.read({name: st.query_params.get_all(name) for name in st.query_params})
    state.turns = []
    # {"turn": id, "number": n}, {"timeline": True, "number": n}, {"saved": file, "number": n} or {"article": id}; with
    # {"compare": id of an earlier version}, what has changed since is shown in place of the text
    state.reading = None
    state.timeline = None
    state.saved = state.checking = None  # the saved answer that is open, as a turn; a check of all of them
    state.adding = state.editing = None  # work on articles; the id of the article that is edited
    state.handled = frozenset()  # the uploads that have been added
    state.pasted = ""  # why a pasted text was refused
    state.waiting = wanted.question
    state.uploader = state.list_page = 0
    known = libraries.known(Settings.load())
    state.library = wanted.library if wanted.library in known else next(iter(known))
    state.view = wanted.page
    state.outlets, state.speakers = list(wanted.filters.sources), list(wanted.filters.speakers)
    state.since, state.until, state.as_of = wanted.filters.since, wanted.filters.until, wanted.filters.as_of
    state.basis = wanted.filters.basis
    state.closed = 0


def settings_now() -> Settings:
    """Return the settings, with the library that this session has chosen."""
    found = Settings.load()
    folder = libraries.known(found).get(state.library, found.library)
    return found.model_copy(update={"library": folder})


def filters_now() -> Filters:
    """Return the filters set in the sidebar."""
    return Filters(
        sources=tuple(state.outlets),
        speakers=tuple(state.speakers),
        since=state.since,
        until=state.until,
        as_of=state.as_of,
        basis=state.get("basis", "published") if state.as_of else "published",  # not asked for without a day
    )


def ask(question: str, settings: Settings, after: Adding | None = None) -> None:
    """Start a turn, unless one is running. ``after`` is what must have been added to the library before."""
    question = question.strip()[: address.MAX_QUESTION]
    if not question or any(turn.running for turn in state.turns):
        return
    history = [turn.answer for turn in state.turns if turn.answer]
    state.turns.append(Turn(question, history, filters_now(), settings, after).start(workers()))
    state.waiting = ""


def try_sample(question: str = "") -> None:
    """Switch to the sample library, fill it if it is empty, and then ask ``question``."""
    state.library, state.waiting, state.turns, state.reading = libraries.SAMPLE, question, [], None
    state.saved = state.checking = None
    state.outlets, state.speakers, state.since, state.until, state.as_of = [], [], None, None, None
    state.basis = "published"
    settings = settings_now()
    empty = not libraries.coverage(settings.library).articles
    adding = libraries.add_sample(settings, workers()) if empty else None
    if names_model(settings):
        state.adding = adding  # the page asks before it sends a question to a model
    else:
        ask(question, settings, adding)
        state.adding = None if question else adding


def begin_anew() -> None:
    """Start a new conversation in the same library."""
    for turn in state.turns:
        turn.stop()
    state.turns, state.reading = [], None
    state.saved = state.checking = None


def turn_called(turn_id: str | None) -> Turn | None:
    """Return a turn of the conversation, or the saved answer that is open."""
    turns = [*state.turns, *([state.saved] if state.saved else [])]
    return next((turn for turn in turns if turn.id == turn_id), None)


def saved_called(name: str) -> saved.Saved | None:
    """Return a saved answer of the library by the name of its file. None if it was deleted."""
    answers, _ = saved.listed(settings_now().library)
    return next((one for one in answers if one.name == name), None)
