"""What a session of the page holds: its conversation, library, filters, and what it reads. One reader, one session."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import streamlit as st

from ..model import Filters
from ..settings import Settings
from ..workspace.conversations import new_id
from . import address, libraries, saved, threads
from .adding import Adding
from .boxes import fill, held, to_the_end
from .turn import Turn, names_model

PLACES = ("turn", "timeline", "saved", "kept", "article")  # what an article can be opened from
POLL = 0.3  # seconds between two checks of a worker's progress
QUEUE = 5  # questions that can wait for the answer before them

state = st.session_state


@to_the_end
def put(**values: object) -> None:
    """Put values into the session's state: all that some buttons do."""
    state.update(values)


@st.cache_resource
def workers() -> ThreadPoolExecutor:
    """Return the threads for questions and uploads. All sessions share them, and each thread keeps its connections."""
    return ThreadPoolExecutor(max_workers=8, thread_name_prefix="dateline")


def begin() -> None:
    """Start a session with the conversation, or the question, and the library and filters of its URL."""
    wanted = address.read({name: st.query_params.get_all(name) for name in st.query_params})
    state.turns = []
    state.queue = []  # questions to be asked when the running one is answered
    state.unkept = False  # whether the reader was told that conversations cannot be kept
    state.thread_words, state.thread_limit, state.exporting = "", threads.SHOWN, None  # of the list of conversations
    # {"turn": id, "number": n}, {"timeline": True, "number": n}, {"saved": file, "number": n} or {"article": id}; with
    # {"compare": id of an earlier version}, what has changed since is shown in place of the text
    state.reading = None
    state.timeline = None
    state.saved = state.checking = None  # the saved answer that is open, as a turn; a check of all of them
    # The collection of the notebook that is open, a check of its entries, and a file of it to be downloaded
    state.collection = state.kept_checking = state.kept_file = None
    state.adding = state.editing = None  # work on articles; the id of the article that is edited
    state.handled = frozenset()  # the uploads that have been added
    fill(page_address="")
    state.pasted = state.refused = ""  # why a pasted text, and the name of a new library, were refused
    state.uploader = state.list_page = 0
    state.handled_events = {}  # by key of a component: the ids of the events that it sent last, all of them handled
    # How often a component has sent events, and how often it had when the whole page was drawn last: what a reader does
    # with a part that is drawn again and again may concern other parts
    state.heard = state.drawn = 0
    known = libraries.known(Settings.load())
    state.held_in = wanted.library if wanted.library in known else next(iter(known))
    fill(library=state.held_in)
    state.conversations = {}  # by library: the conversation that is open, or was when the reader left the library
    resume(wanted.conversation)
    state.waiting = "" if state.turns else wanted.question
    state.view = wanted.page
    filters = wanted.filters
    fill(outlets=list(filters.sources), speakers=list(filters.speakers), basis=filters.basis)
    fill(since=filters.since, until=filters.until, as_of=filters.as_of)
    state.closed = 0
    state.deleted = []  # what can be put back, see ``undo``


def open_another() -> None:
    """Open the first library if that of the session has been deleted."""
    known = libraries.known(Settings.load())
    if held("library") not in known:
        fill(library=next(iter(known)))
        change_library()


def settings_now() -> Settings:
    """Return the settings, with the library that this session has chosen."""
    found = Settings.load()
    folder = libraries.known(found).get(held("library"), found.library)
    return found.model_copy(update={"library": folder})


def filters_now() -> Filters:
    """Return the filters set in the sidebar."""
    return Filters(
        sources=tuple(held("outlets")),
        speakers=tuple(held("speakers")),
        since=held("since"),
        until=held("until"),
        as_of=held("as_of"),
        basis=held("basis") if held("as_of") else "published",  # not asked for without a day
    )


def address_now() -> address.Address:
    """Return the address of what this session shows: for a reload, and for a link that asks its last question again.

    The question of a link stands alone, because whoever opens it elsewhere does not have those before it.
    """
    last = state.turns[-1] if state.turns else None
    question = last.standalone if last else state.waiting
    conversation = state.conversation if last and not state.unkept else ""
    return address.Address(question, held("library"), filters_now(), state.view, conversation)


def running() -> Turn | None:
    """Return the turn of the conversation that is being answered, or None."""
    return next((turn for turn in state.turns if turn.running), None)


def ask(question: str, settings: Settings, after: Adding | None = None) -> None:
    """Ask a question, or let it wait for the answer before it.

    ``after`` is what must have been added to the library before.
    """
    question = question.strip()[: address.MAX_QUESTION]
    if not question:
        return
    state.waiting = ""
    if is_asked(question):
        return
    if running():
        if len(state.queue) < QUEUE:
            state.queue.append(question)
        else:
            st.toast(f"{QUEUE} questions are waiting already. Ask this one when they are answered.")
        return
    start(new_turn(question, settings, after))


def is_asked(question: str) -> bool:
    """Return whether a question only repeats the last one, which waits, is being answered, or was asked just now."""
    if state.queue:
        return bool(question == state.queue[-1])
    return bool(state.turns) and state.turns[-1].is_repeated_by(question, filters_now())


def new_turn(question: str, settings: Settings, after: Adding | None = None) -> Turn:
    """Return a turn that follows those of the conversation."""
    return Turn(question, [turn.answer for turn in state.turns if turn.answer], filters_now(), settings, after)


def start(turn: Turn, queue: list[str] | None = None) -> None:
    """Start a turn as the last one of the conversation, and keep it. If it cannot be kept, say so once.

    Args:
        turn: has not been started.
        queue: the waiting questions if the turn asks the first of them.
    """
    turns, conversation, pool = state.turns, state.conversation, workers()
    # The state is not used between these, so that Streamlit cannot break the run off and leave a turn out.
    kept = threads.start(turn, conversation, pool)
    turns.append(turn)
    if queue:
        queue.pop(0)
    if not kept and not state.unkept:
        st.toast(threads.UNKEPT)
        state.unkept = True


def ask_next() -> None:
    """Ask the first of the waiting questions if none is running."""
    if state.queue and not running():
        start(new_turn(state.queue[0], settings_now()), state.queue)


def resume(conversation: str) -> None:
    """Open a conversation of the library. If there is no such one, start a new one. A running turn goes on."""
    state.turns = threads.restored(conversation, settings_now()) if conversation else []
    state.conversation = conversation if state.turns else new_id()
    state.conversations[held("library")] = state.conversation
    state.queue, state.reading = [], None
    state.saved = state.checking = None


@to_the_end
def try_sample(question: str = "") -> None:
    """Switch to the sample library, fill it if it is empty, and then ask ``question``."""
    if is_asked(question):
        return
    fill(library=libraries.SAMPLE)
    state.waiting = question
    change_library()
    begin_anew()
    unfilter()
    settings = settings_now()
    empty = not libraries.coverage(settings.library).articles
    adding = libraries.add_sample(settings, workers()) if empty else None
    if names_model(settings):
        state.adding = adding  # the page asks before it sends a question to a model
    else:
        state.adding = None if question else adding
        ask(question, settings, adding)


@to_the_end
def begin_anew() -> None:
    """Start a new conversation in the same library. The old one stays in the list, and is answered to its end."""
    resume("")


@to_the_end
def change_library() -> None:
    """Leave the conversation about one library for that about another: the one that was open there, or a new one."""
    if held("library") == state.held_in:
        return
    if state.turns and not state.unkept:
        st.toast(f"Your conversation is kept in the list of “{libraries.called(state.held_in)}”.", duration="long")
    fill(outlets=[], speakers=[])  # they are those of the other library
    state.thread_words, state.thread_limit = "", threads.SHOWN
    state.collection = state.kept_checking = None
    resume(state.conversations.get(held("library"), ""))
    state.held_in = held("library")  # last: until then it is known that there is something to do


@to_the_end
def change_day() -> None:
    """Without a day, forget what was to count on it: a choice that is no longer shown does not come back."""
    if not held("as_of"):
        fill(basis="published")


def unfilter(name: str = "", value: str = "") -> None:
    """Remove one filter, or all of them."""
    if name in {"outlets", "speakers"}:
        fill(**{name: [one for one in held(name) if one != value]})
    elif name in {"since", "until", "as_of"}:
        fill(**{name: None})
        change_day()
    elif not name:
        fill(outlets=[], speakers=[], since=None, until=None, as_of=None, basis="published")


def turn_called(turn_id: str | None) -> Turn | None:
    """Return a turn of the conversation, or the saved answer that is open."""
    turns = [*state.turns, *([state.saved] if state.saved else [])]
    return next((turn for turn in turns if turn.id == turn_id), None)


def saved_called(name: str) -> saved.Saved | None:
    """Return a saved answer of the library by the name of its file. None if it was deleted."""
    answers, _ = saved.listed(settings_now().folder)
    return next((one for one in answers if one.name == name), None)


def stop_reading(place: str, name: object) -> None:
    """Close the article if it was opened from what has just been deleted."""
    if (state.reading or {}).get(place) == name:
        state.reading = None
