"""Boxes that a reader fills and the page fills too, such as those of the sidebar.

With whatever a reader does, and from time to time by itself, a browser sends what all boxes hold. If the page has just
filled a box, it may still send what was in it before, as if the reader had chosen that. So a box that the page fills
is a new one: what is sent for the old one does not count.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, ParamSpec

import streamlit as st
from streamlit.runtime.scriptrunner import RerunException

state = st.session_state

P = ParamSpec("P")


def to_the_end(handle: Callable[P, None]) -> Callable[P, None]:
    """Return a handler of what a reader has done that is not broken off by what the reader does next.

    Streamlit breaks off a run, and what is handled before it, at any use of the session's state when another run is
    wanted. ``handle`` is then called once more, so it must bear that, and the other run begins afterwards. This needs
    ``fastReruns = false``: otherwise the other run has begun already, in a thread of its own.
    """

    @wraps(handle)
    def whole(*args: P.args, **kwargs: P.kwargs) -> None:
        wanted = None
        while True:
            try:
                handle(*args, **kwargs)
            except RerunException as another:
                wanted = another
            else:
                break
        if wanted:
            raise wanted

    return whole


def fill(**values: object) -> None:
    """Put values into boxes, by name."""
    for name, value in values.items():
        state[name] = value
        state[f"box-of-{name}"] = state.get(f"box-of-{name}", 0) + 1


def held(name: str) -> Any:
    """Return what a box holds: what the reader or the page has put in last.

    A handler may ask before the one that is called for the box: Streamlit calls them in any order.
    """
    return state.get(_key(name), state[name])


def box(name: str, then: Callable[[], None] | None = None) -> dict[str, Any]:
    """Return what a widget of Streamlit needs to be a box that ``fill`` has filled, beside the value that it holds.

    Args:
        name: what ``fill`` calls it.
        then: is called when the reader has changed what it holds.
    """
    key = _key(name)
    return {"key": key, "on_change": _take, "args": (name, key, then)}


def _key(name: str) -> str:
    return f"{name}-{state[f'box-of-{name}']}"


@to_the_end
def _take(name: str, key: str, then: Callable[[], None] | None) -> None:
    if key == _key(name):
        state[name] = state[key]
        if then:
            then()
