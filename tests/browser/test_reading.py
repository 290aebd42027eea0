"""Ask, look at a source and read its article: by mouse, by keyboard, on a phone and with a screen reader."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import axe_playwright_python
import pytest
from playwright.sync_api import expect
from tabs import Tab, eventually, in_view

AXE = (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text("utf-8")
QUESTION = "Who ordered the Keller Bridge shut?"
PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}

FOCUSED = """() => {
    let node = document.activeElement;
    while (node?.shadowRoot?.activeElement) node = node.shadowRoot.activeElement;
    return node?.className ?? "";
}"""

OpenTab = Callable[..., Tab]


def serious(tab: Tab) -> list[str]:
    """Return the serious and critical accessibility violations that axe-core finds, by rule and element."""
    tab.settled()
    # What moves, or what Streamlit fades because it is being drawn, would be reported as low contrast; and Streamlit's
    # own messages above the page have no name for screen readers.
    tab.page.add_style_tag(content="[data-stale=true] { opacity: 1 !important; transition: none !important; }")
    tab.page.wait_for_timeout(800)
    tab.page.evaluate(AXE)
    found = tab.page.evaluate("() => axe.run({exclude: ['.stToastContainer']}, {resultTypes: ['violations']})")
    return [
        f"{violation['id']}: {node['target']} {node['html'][:120]}"
        for violation in found["violations"]
        if violation["impact"] in {"serious", "critical"}
        for node in violation["nodes"]
    ]


def test_hovering_shows_the_source_and_clicking_opens_the_marked_sentence(server: str, open_tab: OpenTab) -> None:
    tab = open_tab(server)
    tab.answered(QUESTION)
    card = tab.card_of(tab.page.locator(".chip").first, "Meridian Wire, 3 March 2026")
    assert "Crack in main girder shuts Keller Bridge" in card
    assert "Dana Halloran ordered" in card
    assert "false" not in card
    tab.card_of(tab.page.locator(".claim .chip").last, "Shows which day or person the cited sentence means")
    tab.page.locator(".chip").first.click()
    mark = tab.page.locator("mark.current")
    expect(mark).to_contain_text("Transport Minister Dana Halloran ordered the Keller Bridge shut")
    expect(mark).to_be_focused()
    assert in_view(tab, "mark.current")
    assert tab.elsewhere == []
    assert tab.errors == []


def test_the_next_citation_is_marked_and_in_view(server: str, open_tab: OpenTab) -> None:
    tab = open_tab(server)
    tab.answered("What did Dana Halloran say about the Keller Bridge and what did the engineers warn?")
    expect(tab.page.locator(".claim .chip").nth(1)).to_be_visible()
    tab.page.locator(".chip").first.click()
    expect(tab.page.get_by_text("Citation 1 of")).to_be_visible()
    first = tab.page.locator("mark.current").inner_text()
    tab.page.get_by_role("button", name="Next citation").click()
    expect(tab.page.get_by_text("Citation 2 of")).to_be_visible()
    expect(tab.page.locator("mark.current")).not_to_have_text(first)
    eventually(tab.page, lambda: in_view(tab, "mark.current"))
    tab.page.get_by_role("button", name="Close the article").click()
    expect(tab.page.locator("mark")).to_have_count(0)


def test_an_abstention_shows_what_was_searched(server: str, open_tab: OpenTab) -> None:
    tab = open_tab(server)
    tab.answered("How tall is the Eiffel Tower in metres?")
    box = tab.page.locator(".abstention")
    expect(box).to_be_visible()
    expect(box).to_contain_text(re.compile(r"Searched: \d+ articles"))  # other tests add some
    expect(tab.page.locator("[data-part=claims] .claim")).to_have_count(0)


def test_everything_can_be_done_by_keyboard(server: str, open_tab: OpenTab) -> None:
    tab = open_tab(server)
    tab.answered(QUESTION)
    keyboard = tab.page.keyboard
    tab.page.get_by_test_id("stChatInputTextArea").focus()
    for _ in range(40):
        keyboard.press("Shift+Tab")
        if "chip" in tab.page.evaluate(FOCUSED):
            break
    assert "chip" in tab.page.evaluate(FOCUSED), "the chip could not be reached with Tab"
    expect(tab.page.locator(".card:popover-open")).to_contain_text("Meridian Wire")
    keyboard.press("Escape")
    expect(tab.page.locator(".card:popover-open")).to_have_count(0)
    keyboard.press("Enter")
    expect(tab.page.locator("mark.current")).to_be_focused()
    assert in_view(tab, "mark.current")
    keyboard.press("Escape")
    expect(tab.page.locator("mark")).to_have_count(0)
    expect(
        tab.page.locator(".claim .chip").last
    ).to_be_focused()  # the chip that opened the article; Shift+Tab reaches the last one first


def test_on_a_phone_nothing_is_cut_off_and_the_article_covers_the_screen(server: str, open_tab: OpenTab) -> None:
    tab = open_tab(server, **PHONE)
    tab.answered(QUESTION)
    assert tab.page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    tab.page.locator(".chip").first.tap()
    expect(tab.page.locator("mark.current")).to_be_focused()
    assert in_view(tab, "mark.current")
    box = tab.page.locator(".st-key-desk").bounding_box()
    assert box
    assert (box["x"], box["width"]) == (0, 390)
    tab.page.get_by_role("button", name="Close the article").tap()
    expect(tab.page.locator("mark")).to_have_count(0)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_no_serious_violation(server: str, open_tab: OpenTab, scheme: str) -> None:
    tab = open_tab(server, color_scheme=scheme)
    assert serious(tab) == []
    tab.answered(QUESTION)
    tab.page.get_by_text("How this was made").click()
    tab.page.locator(".chip").first.click()
    tab.page.locator("mark.current").wait_for()
    assert serious(tab) == []
    tab.page.get_by_role("button", name="Close the article").click()
    expect(tab.page.locator(".article")).to_have_count(0)
    tab.page.get_by_role("link", name="Library", exact=True).click()
    tab.page.get_by_role("textbox", name="Search the library").wait_for()
    assert serious(tab) == []


def test_a_link_sets_the_question_and_the_filters(server: str, open_tab: OpenTab) -> None:
    tab = open_tab(server, "/?q=Who+ordered+the+Keller+Bridge+shut%3F&outlet=Meridian+Wire")
    tab.page.locator(".chip").first.wait_for()
    assert "outlet=Meridian+Wire" in tab.page.url
    expect(tab.page.get_by_test_id("stMultiSelect").first).to_contain_text("Meridian Wire")


def test_a_long_list_of_statements_can_be_expanded(server: str, open_tab: OpenTab) -> None:
    tab = open_tab(server)
    tab.answered("List everything Dana Halloran said.")
    visible = tab.page.locator(".claim:visible")
    expect(visible).to_have_count(10)
    expect(tab.page.locator(".by").first).to_contain_text("20 June 2025 · Dana Halloran, reported")
    more = tab.page.get_by_role("button", name="Show all")
    more.press("Enter")
    expect(more).to_have_count(0)
    expect(visible).not_to_have_count(10)
    assert tab.page.evaluate(FOCUSED) == "chip", "the focus moves to the first claim that was hidden"
    assert tab.errors == []
