"""An answer as it is shown: where each claim comes from, what Dateline adds, what may help, copying, and faults."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import expect
from pytest_httpserver import HTTPServer
from tabs import Tab, serving
from test_reading import PHONE, QUESTION, serious

OpenTab = Callable[..., Tab]
BALLOTS = "How many ballots could not be accounted for in Karrow’s recount?"
CONVICTED = "Was Leon Vasik convicted?"


def test_a_claim_says_at_a_glance_where_it_comes_from(server: str, open_tab: OpenTab) -> None:
    tab = open_tab(server)
    tab.answered(QUESTION)
    expect(tab.page.locator(".by").first).to_have_text("Meridian Wire · 3 March 2026 · told by the article itself")
    expect(tab.page.locator(".claim .chip").first).to_have_text("1 Meridian Wire")
    expect(tab.page.get_by_role("button", name="Source 1: Meridian Wire, 3 March 2026, Crack in main")).to_be_visible()
    expect(tab.page.locator(".claim strong").first).to_have_text("Dana Halloran")


def test_what_dateline_adds_is_no_part_of_the_quotation_and_says_so(server: str, open_tab: OpenTab) -> None:
    tab = open_tab(server)
    tab.answered(QUESTION)
    words = tab.page.locator(".claim .words").first
    expect(words).to_contain_text("shut to all traffic on Tuesday after a maintenance crew")
    expect(words).not_to_contain_text("3 March 2026")
    tag = tab.page.locator(".claim .tag").first
    expect(tag).to_have_text("Tuesday: 3 March 2026")
    tag.focus()
    expect(tab.page.locator(".card:popover-open")).to_contain_text("Added by Dateline: by the calendar, “Tuesday” is 3")
    tab.page.keyboard.press("Escape")
    expect(tab.page.locator(".card:popover-open")).to_have_count(0)


def test_a_correction_stands_beside_the_figure_that_it_corrects(server: str, open_tab: OpenTab) -> None:
    tab = open_tab(server)
    tab.answered(BALLOTS)
    expect(tab.page.locator(".claim").first).to_contain_text("the number cast and lost was 387")
    old = tab.page.locator("[data-part=claim-1]")
    expect(old.locator(".tag").first).to_have_text("Before the correction")
    expect(old.locator(".change")).to_have_text("Corrected on 27 October 2025: 387, not 412.")
    expect(old.locator("strong")).to_have_count(0)


def test_without_an_answer_the_closest_sentences_and_what_may_help_are_shown(server: str, open_tab: OpenTab) -> None:
    tab = open_tab(server, "/?outlet=Selm+Telegraph")
    tab.answered(CONVICTED)
    box = tab.page.locator(".abstention")
    expect(box.get_by_role("heading", name="No sentence found that answers this")).to_be_visible()
    expect(box.locator(".claim").first).to_contain_text("Leon Vasik")
    expect(box.locator(".by").first).to_contain_text("Selm Telegraph · ")
    expect(box).not_to_contain_text("You must")
    expect(box.get_by_role("button", name="Search without any filter")).to_have_count(0)  # there is one alone
    box.get_by_role("button", name="Search all outlets").click()
    expect(tab.page.locator(".turn")).to_have_count(2)
    again = tab.page.locator(".turn").last
    expect(again.locator(".abstention")).to_contain_text("Channel Nine")
    tab.settled()
    expect(again.get_by_role("button", name="Search all outlets")).to_have_count(0)
    again.get_by_role("button", name="Change the question").click()
    draft = tab.page.get_by_test_id("stChatInputTextArea")
    expect(draft).to_be_focused()
    expect(draft).to_have_value(CONVICTED)
    draft.fill("Which football club does Leon Vasik support?")
    draft.press("Enter")
    expect(tab.page.locator(".turn")).to_have_count(3)
    expect(again.locator("h2")).to_have_text("Which football club does Leon Vasik support?")
    expect(again.locator(".abstention")).to_be_visible()
    tab.settled()
    again.get_by_role("button", name="Add articles").click()
    tab.page.locator("input[type=file]").wait_for(state="attached")
    assert tab.errors == []


def test_the_copy_menu_works_by_keyboard(server: str, open_tab: OpenTab) -> None:
    tab = open_tab(server, permissions=["clipboard-read", "clipboard-write"])
    tab.answered(QUESTION)
    opener, keyboard = tab.page.get_by_role("button", name="Copy", exact=True), tab.page.keyboard
    opener.focus()
    keyboard.press("Enter")
    expect(opener).to_have_attribute("aria-expanded", "true")
    expect(tab.page.get_by_role("menuitem", name="As text")).to_be_focused()
    keyboard.press("ArrowDown")
    expect(tab.page.get_by_role("menuitem", name="As Markdown")).to_be_focused()
    keyboard.press("Escape")
    expect(opener).to_be_focused()
    expect(tab.page.get_by_role("menu")).to_have_count(0)
    keyboard.press("ArrowDown")
    keyboard.press("Enter")
    expect(tab.page.get_by_text("Copied as text.")).to_be_visible()
    copied = tab.page.evaluate("navigator.clipboard.readText()")
    assert copied.startswith("“Transport Minister Dana Halloran ordered")
    assert ".” [1] [Tuesday: 3 March 2026 [2]]\n    Meridian Wire · 3 March 2026 · " in copied


def test_the_numbers_of_sources_are_no_pillars(server: str, open_tab: OpenTab) -> None:
    tab = open_tab(server)
    tab.answered(QUESTION)
    tab.page.get_by_text("2 cited sentences").click()
    chip = tab.page.locator(".sources .chip").first
    expect(chip).to_be_visible()
    box = chip.bounding_box()
    assert box
    assert box["height"] < 30


@pytest.fixture
def broken(stocked: Path) -> Iterator[str]:
    """A page whose model answers nothing but HTTP 500."""
    with HTTPServer(threaded=True) as httpserver:
        httpserver.expect_request("/v1/chat/completions").respond_with_data("{}", status=500)
        with serving(stocked, OPENAI_BASE_URL=httpserver.url_for("/v1"), QA_MODEL="m", QA_JUDGE="local") as address:
            yield address


def test_a_fault_of_the_model_offers_another_try_and_the_reader(broken: str, open_tab: OpenTab) -> None:
    tab = open_tab(broken)
    tab.ask(QUESTION)
    error = tab.page.locator(".turn .error").last
    expect(error).to_contain_text("The model cannot be reached at the moment, or is busy.")
    expect(error).not_to_contain_text("--offline")
    expect(error.get_by_role("button", name="Try again")).to_be_visible()
    assert serious(tab) == []
    offline = error.get_by_role("button", name="Ask the offline reader")
    expect(offline).to_have_count(1)  # a run that ends late may leave the error of the one before for a moment
    offline.click()
    expect(tab.page.locator(".turn").last.locator(".claim").first).to_contain_text("Dana Halloran")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("where", [{}, PHONE], ids=["desktop", "phone"])
def test_axe_finds_nothing_in_answers_and_abstentions(
    server: str, open_tab: OpenTab, scheme: str, where: dict[str, object]
) -> None:
    tab = open_tab(server, color_scheme=scheme, **where)
    tab.answered(BALLOTS)
    tab.page.get_by_role("button", name="Copy", exact=True).click()
    assert serious(tab) == []
    tab.answered(CONVICTED)
    tab.page.get_by_text("How this was made").last.click()
    assert serious(tab) == []
    assert tab.page.evaluate("document.documentElement.scrollWidth <= innerWidth")
