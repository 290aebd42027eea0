"""The page on which a reader asks: the conversation and the box for the next question."""

from __future__ import annotations

import streamlit as st

from ..english.characters import displayable
from ..settings import Settings
from . import address, libraries, parts, saved, view
from .events import heard
from .session import POLL, ask, settings_now, state, try_sample
from .turn import Turn

EXAMPLES = (  # questions that the offline reader answers well; the README's table says how often it is right
    "Who ordered the Keller Bridge shut?",
    "What did the inquiry blame for the grounding of the Ister Dawn?",
    "How many ballots could not be accounted for in Karrow’s recount?",
    "Who chaired the truce talks?",
)


def welcome(settings: Settings, empty: bool) -> None:
    """Draw the first visit: what Dateline does, and four example questions."""
    st.header("Ask the articles. Check every sentence.", anchor=False)
    st.markdown(
        "Dateline answers from the articles in your library. Every claim cites the exact sentence that supports it "
        "and is checked before you see it. If the articles do not contain the answer, Dateline says so."
    )
    if empty:
        left, right = st.columns(2)
        left.button("Open the sample library", on_click=try_sample, type="primary", width="stretch")
        right.button("Add your own articles", on_click=lambda: state.update(view="library"), width="stretch")
    st.markdown("Or try a question on the sample library of invented news stories:")
    for i, question in enumerate(EXAMPLES):
        st.button(question, key=f"example-{i}", on_click=try_sample, args=(question,), width="stretch")


@st.fragment(run_every=POLL)
def moving_turn(turn: Turn) -> None:
    """Draw a running turn every ``POLL`` seconds. When it has ended, run the whole page once."""
    turn.wait(POLL)
    before = state.reading
    show(turn)
    if not turn.running or state.reading != state.get("drawn", before):
        st.rerun()


def show(turn: Turn) -> None:
    """Draw one turn."""
    current = state.reading.get("number") if state.reading and state.reading.get("turn") == turn.id else None
    passages = (
        libraries.sentences(turn.settings.library, [p[1:] for p in turn.answer.provenance.shown]) if turn.answer else {}
    )
    data = view.turn_view(turn, current, passages) | {
        "closed": state.closed,
        "first": turn not in state.turns[1:],
        "saved": turn.answer is not None and saved.place(turn.settings.library, turn.answer).is_file(),
    }
    key = f"turn-{turn.id}"
    parts.turn(key=key, data=data, on_event_change=lambda: heard(key))


def chat(settings: Settings, empty: bool) -> None:
    """Draw the conversation and the question box."""
    if state.waiting and not any(turn.running for turn in state.turns) and not state.adding:
        linked(settings, empty)
    if not state.turns and not state.waiting:
        welcome(settings, empty)
    for turn in state.turns:
        if turn.running or turn is state.turns[-1]:
            (moving_turn if turn.running else show)(turn)
        else:
            show(turn)
    # This check must come after the turns are drawn. A turn that ends meanwhile either was drawn with the fragment that
    # polls it, or has ended by now. An earlier check could disable the box for good, next to a turn nobody polls.
    busy = any(turn.running for turn in state.turns)
    st.chat_input(
        "Ask a follow-up" if state.turns else "Ask the articles",
        key="asked",
        max_chars=address.MAX_QUESTION,
        disabled=busy or empty,
        on_submit=submitted,
    )


def submitted() -> None:
    """Start the turn of a typed question, before the page is drawn again."""
    ask(state.asked or "", settings_now())


def linked(settings: Settings, empty: bool) -> None:
    """Ask a question from the URL or an example: at once if nothing leaves this machine, otherwise after a click."""
    if empty:
        st.text(f"Question from the link: {displayable(state.waiting)}\nThis library has no articles yet.")
    elif not settings.uses_model or state.turns:
        ask(state.waiting, settings)
        st.rerun()
    else:
        st.text(displayable(state.waiting))
        st.button("Ask this", on_click=ask, args=(state.waiting, settings), type="primary")
