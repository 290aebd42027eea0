"""The page on which a reader asks: the conversation and the box for the next question."""

from __future__ import annotations

from time import monotonic

import streamlit as st

from ..english.characters import displayable
from ..model import Filters, write_day
from ..settings import Settings
from . import address, libraries, parts, saved, suggestions, threads, view
from .boxes import held, to_the_end
from .events import heard
from .session import POLL, ask, ask_next, filters_now, put, running, settings_now, state, try_sample
from .turn import Turn

LOOK = 0.05  # seconds between two looks whether the reader does something while the page waits for an answer
EXAMPLES = (  # questions that the offline reader answers well; the README's table says how often it is right
    "Who ordered the Keller Bridge shut?",
    "What did the inquiry blame for the grounding of the Ister Dawn?",
    "How many ballots could not be accounted for in Karrow’s recount?",
    "Who chaired the truce talks?",
)


def welcome(settings: Settings, empty: bool) -> None:
    """Draw an empty conversation: what Dateline does, and questions that can be asked.

    They are made from the reader's own articles. For an empty library and the sample, they are four examples.
    """
    st.header("Ask the articles. Check every sentence.", anchor=False)
    st.markdown(
        "Dateline answers from the articles in your library. Every claim cites the exact sentence that supports it "
        "and is checked before you see it. If the articles do not contain the answer, Dateline says so."
    )
    if empty:
        left, right = st.columns(2)
        left.button("Open the sample library", on_click=try_sample, type="primary", width="stretch")
        right.button("Add your own articles", on_click=put, kwargs={"view": "library"}, width="stretch")
    if not empty and held("library") != libraries.SAMPLE:
        suggest(settings, "Questions that your articles answer")
        return
    st.markdown("Or try a question on the sample library of invented news stories:")
    for i, question in enumerate(EXAMPLES):
        st.button(question, key=f"example-{i}", on_click=try_sample, args=(question,), width="stretch")


def suggest(settings: Settings, label: str) -> None:
    """Draw the questions that are suggested. While they are looked for, look again every second."""
    after = [turn.answer for turn in state.turns if turn.answer]
    found = suggestions.suggestions(settings, after, threads.busy, filters_now())
    if not found.ready:
        moving_suggestions(found, label)
        return
    with st.container():  # as a fragment has one, see ``chat``
        show_suggestions(found, label)


@st.fragment(run_every=1.0)
def moving_suggestions(found: suggestions.Suggestions, label: str) -> None:
    """Draw what has been found so far, every second. When nothing more will be found, run the whole page once."""
    show_suggestions(found, label, moving=True)
    if found.ready or state.heard != state.drawn:
        st.rerun()


def show_suggestions(found: suggestions.Suggestions, label: str, *, moving: bool = False) -> None:
    """Draw suggested questions as buttons. They contain names from articles, so a component shows them."""
    with st.container(key="next"):
        if questions := list(found.questions):
            data = {"label": label, "questions": questions, "moving": moving}
            parts.suggested(key="suggested", data=data, on_events_change=lambda: heard("suggested"))


@st.fragment(run_every=POLL)
def moving_turn(turn: Turn) -> None:
    """Draw a running turn every ``POLL`` seconds. When it has ended, run the whole page once."""
    if turn.drawn:
        turn.wait(POLL)
    turn.drawn = True
    show(turn, moving=True)
    if not turn.running or state.heard != state.drawn:
        st.rerun()


def wait_for(turn: Turn) -> None:
    """Wait for the first claim of a new turn, at most its ``patience``, or until the reader does something else."""
    until = monotonic() + turn.patience
    while turn in state.turns and turn.running and not turn.claims and monotonic() < until:
        turn.wait(LOOK)  # and then the state is used, where Streamlit breaks the run off if another one is wanted


def show(turn: Turn, *, moving: bool = False) -> None:
    """Draw one turn. ``moving`` says whether it is drawn again and again."""
    current = state.reading.get("number") if state.reading and state.reading.get("turn") == turn.id else None
    passages = (
        libraries.sentences(turn.settings.library, [p[1:] for p in turn.answer.provenance.shown]) if turn.answer else {}
    )
    data = view.turn_view(turn, current, passages) | {
        "moving": moving,
        "closed": state.closed,
        "link": address.link(address.Address(turn.standalone, held("library"), turn.filters)),
        "first": turn not in state.turns[1:],
        "saved": turn.answer is not None and saved.place(turn.settings.folder, turn.answer).is_file(),
    }
    key = f"turn-{turn.id}"
    parts.turn(key=key, data=data, on_events_change=lambda: heard(key))


def chat(settings: Settings, empty: bool) -> None:
    """Draw the conversation and the question box."""
    with st.container(key="conversation"):
        if state.waiting and not running() and not state.adding:
            linked(settings, empty)
        if not state.turns and not state.waiting:
            welcome(settings, empty)
        for turn in state.turns:
            if not turn.drawn:
                wait_for(turn)  # an answer that comes so soon is drawn once and complete
            if turn.running:
                moving_turn(turn)
                continue
            # A fragment has a container of its own. With another one in its place, the browser keeps what it has drawn
            # of the turn when the answer is complete: the focus, an open menu, and what the reader clicks meanwhile.
            with st.container():
                show(turn)
        if state.turns and state.turns[-1].answer and not state.queue:
            suggest(state.turns[-1].settings, "Ask next")
    if state.queue and not running():
        st.rerun()  # the turn has ended while the page was drawn, so that no fragment polls it
    question_box(empty)


def question_box(empty: bool) -> None:
    """Draw what stays at the lower edge: the active filters, the waiting questions, Stop, and the box itself.

    The box is never disabled while an answer is written: its draft and the focus stay. What is sent then waits. So Stop
    stands above the box and not in place of Send (Streamlit's ``submit_mode``), which would let nothing be sent.
    """
    turn = running()
    data = {
        "filters": filter_chips(filters_now()),
        "queue": [displayable(question) for question in state.queue],
        "running": turn.id if turn else None,
        "newest": state.turns[-1].id if state.turns else None,
        "follows": len(state.turns) > 1,
    }
    # In a container the box does not take part in Streamlit's own scrolling, which goes to the end of a long answer.
    with st.container(key="askbox"):
        parts.box(key="box", data=data, on_events_change=lambda: heard("box"))
        st.chat_input(
            "Ask a follow-up" if state.turns else "Ask the articles",
            key="asked",
            max_chars=address.MAX_QUESTION,
            disabled=empty,
            on_submit=submitted,
        )


def filter_chips(filters: Filters) -> list[dict[str, str]]:
    """Return the active filters, each with what ``unfilter`` needs to remove it."""
    chips = [{"name": "outlets", "value": one, "text": displayable(one)} for one in filters.sources]
    chips += [{"name": "speakers", "value": one, "text": f"said by {displayable(one)}"} for one in filters.speakers]
    days = {
        "since": ("from", filters.since),
        "until": ("until", filters.until),
        "as_of": (view.AS_OF[filters.basis], filters.as_of),
    }
    chips += [
        {"name": name, "value": "", "text": f"{words} {write_day(day)}"} for name, (words, day) in days.items() if day
    ]
    return chips


@to_the_end
def submitted() -> None:
    """Start the turn of a question that the box itself sends: one typed before ``box.js`` was loaded.

    That is done before the page is drawn again.
    """
    ask(state.asked or "", settings_now())


def ask_waiting(settings: Settings, empty: bool) -> None:
    """Ask the next question of the queue, or the one of a link or an example if nothing leaves this machine.

    Called before the page is drawn: if the page were drawn and at once run again, Streamlit could drop what it had
    drawn, and with it the filters of the link.
    """
    ask_next()
    if state.waiting and not running() and not state.adding and not empty and not needs_click(settings):
        to_the_end(ask)(state.waiting, settings)


def needs_click(settings: Settings) -> bool:
    """Return whether the reader must agree before a question of a link is sent to a model."""
    return settings.uses_model and not state.turns


def linked(settings: Settings, empty: bool) -> None:
    """Draw a question of the URL or an example that has not been asked: what it waits for."""
    if empty:
        st.text(f"Question from the link: {displayable(state.waiting)}\nThis library has no articles yet.")
    else:
        st.text(displayable(state.waiting))
        st.button("Ask this", on_click=to_the_end(ask), args=(state.waiting, settings), type="primary")
