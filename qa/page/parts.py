"""The page's components: what a reader sees of answers and articles, filled by JavaScript through ``textContent``."""

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


def style() -> None:
    """The page's own style sheet. The desk needs a colour of its own: what lies below it must not shine through."""
    dark = st.context.theme.type == "dark"
    theme = f"theme.{'dark' if dark else 'light'}"
    desk = st.get_option(f"{theme}.backgroundColor") or ("black" if dark else "white")
    rule = st.get_option(f"{theme}.borderColor") or "gray"
    st.html(f"<style>:root {{ --desk: {desk}; --rule: {rule}; }}\n{_text('page.css')}</style>")
