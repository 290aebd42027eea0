"""The page's components for answers and articles. JavaScript fills them through ``textContent``, never as HTML."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import quote

import streamlit as st

FOLDER = Path(__file__).parent
# As a picture. Streamlit would look an emoji up in a table that takes longer to load than the page to draw.
_NEWSPAPER = (
    "<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 100 100'><text y='.9em' font-size='90'>📰</text></svg>"
)
ICON = f"data:image/svg+xml,{quote(_NEWSPAPER)}"


class Draw(Protocol):
    """Draws a component.

    Args:
        key: its name on the page. What it reports is in the session's state under this name.
        data: what it shows, as JSON.
        on_events_change: called before the page is drawn again, when the component reports something.
    """

    def __call__(self, *, key: str, data: dict[str, Any], on_events_change: Callable[[], None]) -> None:
        """Draw it here."""


def _text(name: str) -> str:
    return (FOLDER / name).read_text("utf-8")


def _component(name: str) -> Draw:
    mount = st.components.v2.component(
        f"dateline_{name}",
        html=_text(f"{name}.html"),
        css=_text("base.css") + _text(f"{name}.css"),
        js=_text("dom.js") + _text(f"{name}.js"),
    )

    def draw(*, key: str, data: dict[str, Any], on_events_change: Callable[[], None]) -> None:
        # In a list. Streamlit looks for tables among the values of a dict, and imports pandas for that.
        mount(key=key, data=[data], on_events_change=on_events_change)

    return draw


turn = _component("turn")
article = _component("article")
article_list = _component("article_list")
adding = _component("adding")
timeline = _component("timeline")
saved = _component("saved")
tabs = _component("tabs")
box = _component("box")
suggested = _component("suggested")
threads = _component("threads")
notebook = _component("notebook")
undo = _component("undo")
namesakes = _component("namesakes")


def style() -> None:
    """Insert the page's style sheet. The article panel needs an opaque background, because it covers other content.

    The browser chooses between the colours of both themes, because it can change the theme without a run of the page.
    """
    desk = _of_both_themes("backgroundColor", "white", "black")
    rule = _of_both_themes("borderColor", "gray", "gray")
    st.html(f"<style>:root {{ --desk: {desk}; --rule: {rule}; }}\n{_text('page.css')}</style>")


def _of_both_themes(option: str, light: str, dark: str) -> str:
    """Return a colour of the themes as CSS. ``light`` and ``dark`` are used where the settings name none."""
    found = (st.get_option(f"theme.light.{option}") or light, st.get_option(f"theme.dark.{option}") or dark)
    return f"light-dark({', '.join(found)})"
