"""The timeline of the Library page: drawn, read by keyboard, and opened at its sentence."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import expect
from tabs import Tab


def test_a_timeline_opens_each_sentence_in_its_article(server: str, open_tab: Callable[..., Tab]) -> None:
    tab = open_tab(server, "/?page=library")
    box = tab.page.get_by_role("textbox", name="Timeline of")
    box.fill("Keller Bridge")
    box.press("Enter")
    source = tab.page.get_by_role("button", name="Show sentence 3").first
    source.focus()
    source.press("Enter")
    expect(tab.page.get_by_text("Citation 3 of")).to_be_visible()
    tab.page.get_by_role("button", name="Next citation").click()
    expect(tab.page.get_by_text("Citation 4 of")).to_be_visible()
    assert (tab.errors, tab.elsewhere) == ([], [])


def test_what_an_article_says_cannot_act_in_a_timeline(server: str, open_tab: Callable[..., Tab]) -> None:
    tab = open_tab(server, "/?page=library")
    box = tab.page.get_by_role("textbox", name="Timeline of")
    box.fill("tunnel at Varn")
    box.press("Enter")
    expect(tab.page.get_by_role("region", name="Timeline").get_by_text("tunnel").first).to_be_visible()
    assert tab.page.evaluate("() => window.pwned") is None
    assert (tab.errors, tab.elsewhere) == ([], [])
