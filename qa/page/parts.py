"""The page's components for answers and articles. JavaScript fills them through ``textContent``, never as HTML."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import streamlit as st

if TYPE_CHECKING:
    from streamlit.components.v2.types import ComponentRenderer

FOLDER = Path(__file__).parent


def _text(name: str) -> str:
    return (FOLDER / name).read_text("utf-8")


def _component(name: str) -> ComponentRenderer:
    return st.components.v2.component(
        f"dateline_{name}",
        html=_text(f"{name}.html"),
        css=_text("base.css") + _text(f"{name}.css"),
        js=_text("dom.js") + _text(f"{name}.js"),
    )


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
