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
    """Insert the page's style sheet. The article panel needs an opaque background, because it covers other content."""
    dark = st.context.theme.type == "dark"
    theme = f"theme.{'dark' if dark else 'light'}"
    desk = st.get_option(f"{theme}.backgroundColor") or ("black" if dark else "white")
    rule = st.get_option(f"{theme}.borderColor") or "gray"
    st.html(f"<style>:root {{ --desk: {desk}; --rule: {rule}; }}\n{_text('page.css')}</style>")
