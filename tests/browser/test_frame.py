"""What surrounds every page: a new library, the filters, the theme, and where the focus goes."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Route, expect
from tabs import Tab, serving

OpenTab = Callable[..., Tab]


def test_a_new_library_is_opened_at_once_and_a_refused_name_stays_in_the_box(open_tab: OpenTab, tmp_path: Path) -> None:
    with serving(tmp_path / "library") as address:
        page = open_tab(address).page
        page.locator("[data-testid=stSidebar] summary").get_by_text("New library").click()
        name = page.get_by_role("textbox", name="Name", exact=True)
        expect(page.get_by_role("button", name="Create")).to_be_visible()  # without it, Enter does nothing
        name.fill("a/b")
        name.press("Enter")
        expect(page.get_by_text("Choose another name.")).to_be_visible()
        expect(name).to_have_value("a/b")
        name.fill("Trams")
        name.press("Enter")
        expect(page.locator(".st-key-masthead")).to_contain_text("Trams: no articles yet")
        expect(page.get_by_text("Choose another name.")).to_have_count(0)
        expect(name).to_have_value("")


def test_by_keyboard_the_focus_goes_from_a_removed_filter_to_the_next_and_then_to_the_ask_box(
    server: str, open_tab: OpenTab
) -> None:
    page = open_tab(server, "/?outlet=Meridian+Wire&speaker=Gideon+Stroud").page
    page.get_by_role("button", name="Remove the filter: Meridian Wire").press("Enter")
    left = page.get_by_role("button", name="Remove the filter: said by Gideon Stroud")
    expect(left).to_be_focused()
    left.press("Enter")
    expect(page.get_by_test_id("stChatInputTextArea")).to_be_focused()


def test_filters_of_a_link_outlast_a_question_asked_before_their_boxes_are_loaded(
    server: str, open_tab: OpenTab
) -> None:
    tab = open_tab(server)
    late: list[Route] = []
    held = [late.append]  # what is done with each script of a box
    tab.page.route(re.compile(r"/(Multiselect|Selectbox|DateInput)\."), lambda route: held[-1](route))
    tab.page.goto(f"{server}/?outlet=Meridian+Wire&speaker=Gideon+Stroud&since=2025-01-02")
    tab.page.get_by_role("button", name="Remove the filter: Meridian Wire").press("Enter")
    filters = tab.page.locator("button.filter")
    expect(filters).to_have_text(["said by Gideon Stroud", "from 2 January 2025"])
    held.append(Route.continue_)
    for route in late:
        route.continue_()
    boxes = tab.page.get_by_test_id("stMultiSelect")
    expect(boxes.last).to_contain_text("Gideon Stroud")
    tab.answered("Who ordered the Keller Bridge shut?")
    expect(filters).to_have_text(["said by Gideon Stroud", "from 2 January 2025"])
    expect(boxes.first).not_to_contain_text("Meridian Wire")


def test_by_keyboard_the_focus_goes_from_a_chosen_question_to_the_ask_box(server: str, open_tab: OpenTab) -> None:
    tab = open_tab(server)
    tab.answered("Who ordered the Keller Bridge shut?")
    expect(tab.page.locator(".suggested[aria-busy=false]")).to_be_visible()
    tab.page.locator(".st-key-suggested button").first.press("Enter")
    expect(tab.page.locator(".turn")).to_have_count(2)
    expect(tab.page.get_by_test_id("stChatInputTextArea")).to_be_focused()


@pytest.mark.parametrize(("before", "after"), [("dark", "light"), ("light", "dark")])
def test_an_open_article_takes_a_changed_theme(server: str, open_tab: OpenTab, before: str, after: str) -> None:
    tab = open_tab(server, color_scheme=before)
    tab.answered("Who ordered the Keller Bridge shut?")
    tab.page.locator(".chip").first.click()
    tab.page.locator("mark.current").wait_for()
    tab.page.emulate_media(color_scheme=after)
    background = "rgb(251, 249, 244)" if after == "light" else "rgb(22, 23, 25)"
    expect(tab.page.locator(".stApp")).to_have_css("background-color", background)
    expect(tab.page.locator(".st-key-desk")).to_have_css("background-color", background)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_names_of_filters_are_readable(server: str, open_tab: OpenTab, scheme: str) -> None:
    page = open_tab(server, "/?outlet=Meridian+Wire", color_scheme=scheme).page
    name = page.locator("[data-testid=stMultiSelect] [data-tag]").get_by_text("Meridian Wire")
    expect(name).to_have_css("color", "rgb(255, 255, 255)" if scheme == "light" else "rgb(22, 23, 25)")
