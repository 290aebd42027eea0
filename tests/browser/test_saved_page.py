"""Saved answers and earlier versions: save, check, and read what an article said when it was cited."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import expect
from tabs import Tab, in_view, serving
from test_reading import PHONE, serious

from qa import ingest

QUESTION = "How long is the crack in the bridge at Vale?"
CRACK = """---
title: Bridge at Vale shut
source: Port Post
published: 2026-03-01
---
The bridge at Vale was shut on Sunday. The crack is 38 centimetres long, Lena Voss said. Nobody was hurt.
"""
CORRECTED = """---
title: Bridge at Vale shut
source: Port Post
published: 2026-03-01
updated: 2026-03-12
---
The bridge at Vale was shut on Sunday. The crack is 83 centimetres long, Lena Voss said. Nobody was hurt.
<script>window.pwned=1</script> stood on a sign, she said.

Correction, March 12: An earlier version of this article gave the length of the crack as 38 centimetres. It is 83.
"""

OpenTab = Callable[..., Tab]
Correct = Callable[[], None]


@pytest.fixture
def news(tmp_path: Path) -> Iterator[tuple[str, Correct]]:
    """Serve a library with one article. Yields the address, and a function that corrects the article."""
    file, library = tmp_path / "crack.md", tmp_path / "shelf" / "news"
    library.parent.mkdir()

    def publish(text: str) -> None:
        file.write_text(text, "utf-8")
        ingest(str(file), library=library)

    publish(CRACK)
    with serving(library) as address:
        yield address, lambda: publish(CORRECTED)


def checked(tab: Tab, correct: Correct) -> None:
    """Save an answer, correct its article, and check the answer."""
    tab.answered(QUESTION)
    tab.page.get_by_role("button", name="Save", exact=True).click()
    expect(tab.page.get_by_role("button", name="Saved", exact=True)).to_be_focused()
    correct()
    tab.page.goto(f"{tab.address}/?page=saved")
    tab.page.get_by_role("button", name="Check all").click()
    told = tab.page.get_by_text("Checked 1 answer: 1 changed.")
    told.wait_for()
    # A quick check leaves the button where it is, and the focus on it. A slow one moves it to the result.
    tab.page.wait_for_function("document.activeElement !== document.body")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_saved_answer_is_checked_and_its_article_read_as_it_was_cited(
    news: tuple[str, Correct], open_tab: OpenTab, scheme: str
) -> None:
    tab = open_tab(news[0], color_scheme=scheme)
    page = tab.page
    checked(tab, news[1])
    expect(page.locator(".verdict").first).to_have_text("Corrected since 12 March 2026")
    assert serious(tab) == []
    page.locator(".saved .chip").first.click()
    expect(page.locator("mark.current")).to_contain_text("38 centimetres")
    expect(page.get_by_text("Earlier version, until 12 March 2026")).to_be_visible()
    page.get_by_role("button", name="What has changed since", exact=True).click()
    expect(page.locator("del").first).to_contain_text("removed: 38")
    expect(page.locator("ins").first).to_contain_text("added: 83")
    expect(page.locator("ins").filter(has_text="<script>")).to_have_count(1)
    assert serious(tab) == []
    page.get_by_role("button", name="Back to the article").click()
    page.get_by_role("button", name="Read the newest version").click()
    page.get_by_text("Corrected on 12 March 2026").wait_for()
    assert serious(tab) == []
    page.get_by_role("button", name="Read the note").click()
    expect(page.locator("[data-note='0']")).to_be_focused()
    assert in_view(tab, "[data-note='0']")
    assert page.evaluate("() => window.pwned") is None
    assert (tab.errors, tab.elsewhere) == ([], [])


def test_versions_are_reached_by_keyboard(news: tuple[str, Correct], open_tab: OpenTab) -> None:
    news[1]()
    tab = open_tab(news[0], "/?page=library")
    page = tab.page
    page.locator(".headline").click()
    summary = page.locator(".versions summary")
    expect(summary).to_have_text("1 earlier version")
    summary.focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_text("What has changed since the version of 1–12 March 2026")).to_be_visible()
    page.get_by_text("1 sentence unchanged").first.click()
    expect(page.get_by_text("The bridge at Vale was shut on Sunday.")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator(".article")).to_have_count(0)


def test_a_saved_answer_is_opened_and_deleted(news: tuple[str, Correct], open_tab: OpenTab) -> None:
    tab, other = open_tab(news[0]), open_tab(news[0], "/?page=saved")
    expect(other.page.get_by_text("Press Save below an answer")).to_be_visible()
    tab.answered(QUESTION)
    tab.page.get_by_role("button", name="Save", exact=True).click()
    expect(tab.page.get_by_text("Saved. All saved answers are")).to_be_visible()
    other.page.reload()
    other.page.get_by_role("button", name=QUESTION, exact=True).click()
    other.page.locator(".turn .chip").first.click()
    expect(other.page.locator("mark.current")).to_contain_text("38 centimetres")
    other.page.get_by_role("button", name="Close the article").click()
    expect(other.page.locator(".article")).to_have_count(0)
    other.page.get_by_role("button", name="All saved answers").click()
    row = other.page.locator(".saved .answer")
    expect(row).to_contain_text("38 centimetres")
    expect(row).to_contain_text("asked on ")
    other.page.get_by_role("button", name="Delete the answer to").click()
    expect(other.page.get_by_text("Press Save below an answer")).to_be_visible()
    expect(other.page.get_by_role("button", name="Undo")).to_be_focused()
    other.page.keyboard.press("Enter")
    expect(row).to_have_count(1)
    assert (tab.errors, other.errors, other.elsewhere) == ([], [], [])


def test_on_a_phone_nothing_of_it_is_cut_off(news: tuple[str, Correct], open_tab: OpenTab) -> None:
    tab = open_tab(news[0], **PHONE)
    checked(tab, news[1])
    assert tab.page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    tab.page.locator(".saved .chip").first.tap()
    tab.page.get_by_role("button", name="What has changed since", exact=True).tap()
    tab.page.locator("del").first.wait_for()
    assert tab.page.locator(".scroll").evaluate("node => node.scrollWidth <= node.clientWidth")
