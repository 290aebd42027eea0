"""Conversations that last, and the ask box: reloads, links, lists, the focus, drafts, filters, scrolling."""

from __future__ import annotations

import json
import re
import sqlite3
import threading
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Locator, Page, expect
from pytest_httpserver import HTTPServer
from tabs import Tab, eventually, serving
from werkzeug import Request, Response

from qa.workspace.conversations import Conversations, new_id

OpenTab = Callable[..., Tab]
KELLER = "Who ordered the Keller Bridge shut?"
TALKS = "Who chaired the truce talks?"


def box(page: Page) -> Locator:
    return page.get_by_test_id("stChatInputTextArea")


def top_of(page: Page, turn: int) -> float:
    """The distance in pixels of a turn's question from the upper edge of the window."""
    return float(page.locator(".turn").nth(turn).evaluate("node => node.getBoundingClientRect().top"))


@pytest.fixture
def waiting() -> Iterator[tuple[dict[str, str], threading.Event]]:
    """Settings with a model that answers, with the sentence about the bridge, when the event is set."""
    go_on = threading.Event()

    def answer(request: Request) -> Response:
        go_on.wait(300)
        prompt = request.get_json()["messages"][1]["content"]
        shown = re.findall(r"^\[(S\d+)\] (.*?)(?: ⟨.*⟩)?$", prompt, re.MULTILINE)
        label, text = next(((label, text) for label, text in shown if "Keller Bridge shut" in text), shown[0])
        reply = {
            "answerable": True,
            "reason": None,
            "claims": [{"text": text, "sentences": [label], "speaker": None}],
        }
        message = {"role": "assistant", "content": json.dumps(reply)}
        choice = {"index": 0, "finish_reason": "stop", "message": message}
        body = {"id": "c", "object": "chat.completion", "created": 1, "model": "m", "choices": [choice]}
        return Response(json.dumps(body), content_type="application/json")

    with HTTPServer(threaded=True) as httpserver:
        httpserver.expect_request("/v1/chat/completions", method="POST").respond_with_handler(answer)
        base = httpserver.url_for("/v1")
        yield {"OPENAI_BASE_URL": base, "QA_MODEL": "m", "QA_JUDGE": "local", "QA_TIMEOUT": "600"}, go_on
        go_on.set()


@pytest.fixture
def waiting_model(
    stocked: Path, waiting: tuple[dict[str, str], threading.Event]
) -> Iterator[tuple[str, threading.Event]]:
    """A page that asks this model."""
    with serving(stocked, **waiting[0]) as address:
        yield address, waiting[1]


def test_a_reload_restores_the_whole_conversation(server: str, open_tab: OpenTab) -> None:
    tab = open_tab(server)
    tab.answered(KELLER)
    tab.answered("And when was that?")
    expect(tab.page).to_have_url(re.compile(r"[?&]q=[^&]*Keller"))
    before = tab.page.url
    tab.page.reload()
    turns = tab.page.locator(".turn")
    expect(turns).to_have_count(2)
    expect(turns.nth(0)).to_contain_text("Dana Halloran")
    expect(turns.nth(1)).to_contain_text("Understood as")
    expect(turns.nth(1)).to_contain_text("3 March 2026")
    expect(tab.page).to_have_url(before)
    tab.page.locator(".chip").first.click()  # a restored citation can be opened
    expect(tab.page.locator(".article h2")).to_be_visible()
    tab.page.get_by_role("button", name="Close the article").click()
    tab.answered(TALKS)
    expect(turns).to_have_count(3)
    assert tab.errors == []


def test_a_link_to_a_follow_up_asks_what_was_meant(server: str, open_tab: OpenTab) -> None:
    tab = open_tab(server)
    tab.answered(KELLER)
    tab.answered("And when was that?")
    expect(tab.page).to_have_url(re.compile(r"[?&]q=[^&]*Keller"))
    query = parse_qs(urlsplit(tab.page.url).query)
    elsewhere = open_tab(server, tab.page.url.removeprefix(server).replace(query["c"][0], "0" * 16))
    expect(elsewhere.page.locator(".turn")).to_have_count(1)
    expect(elsewhere.page.locator(".turn h2")).to_contain_text(["Keller Bridge"])
    expect(elsewhere.page.locator(".turn")).to_contain_text("3 March 2026")


def test_a_reload_finds_the_answer_that_is_being_written(
    waiting_model: tuple[str, threading.Event], open_tab: OpenTab
) -> None:
    address, go_on = waiting_model
    tab = open_tab(address)
    tab.ask(KELLER)
    expect(tab.page.locator(".stop")).to_be_visible()
    expect(tab.page).to_have_url(re.compile(r"[?&]c="))
    tab.page.reload()
    expect(tab.page.locator(".turn h2")).to_contain_text(["Keller"])
    expect(tab.page.locator(".stop")).to_be_visible()
    go_on.set()
    expect(tab.page.locator(".claim").first).to_contain_text("Dana Halloran")
    expect(tab.page.locator(".stop")).to_have_count(0)
    expect(tab.page.locator(".turn")).to_have_count(1)


def test_a_draft_is_kept_and_sent_questions_wait_while_an_answer_is_written(
    waiting_model: tuple[str, threading.Event], open_tab: OpenTab
) -> None:
    address, go_on = waiting_model
    tab = open_tab(address)
    tab.ask(KELLER)
    expect(tab.page.locator(".stop")).to_be_visible()
    waiting = tab.page.get_by_role("list", name="Asked next")
    tab.ask(TALKS)
    expect(waiting.get_by_role("listitem")).to_have_count(1)
    tab.ask("Who pays for this?")
    expect(waiting.get_by_role("listitem")).to_have_count(2)
    tab.page.get_by_role("button", name="Do not ask: Who pays for this?").click()
    expect(waiting.get_by_role("listitem")).to_have_count(1)
    box(tab.page).press_sequentially("Half a quest")
    expect(box(tab.page)).to_be_focused()
    go_on.set()
    expect(tab.page.locator(".turn")).to_have_count(2)
    expect(tab.page.locator(".turn").nth(1).get_by_text("How this was made")).to_be_attached()
    expect(waiting).to_have_count(0)
    expect(box(tab.page)).to_have_value("Half a quest")
    assert tab.errors == []


def test_a_question_that_the_browser_sends_twice_is_asked_once(
    waiting_model: tuple[str, threading.Event], open_tab: OpenTab
) -> None:
    # Streamlit sends what a reader does in a moment, and until then with every other message too.
    late = "const later = window.setTimeout; window.setTimeout = (f, ms, ...more) => later(f, ms || 900, ...more);"
    address, go_on = waiting_model
    tab = open_tab(address)
    tab.ask(KELLER)
    expect(tab.page.locator(".stop")).to_be_visible()
    waiting = tab.page.get_by_role("list", name="Asked next").get_by_role("listitem")
    tab.page.evaluate(late)
    tab.ask(TALKS)
    expect(waiting).to_have_text([re.compile(re.escape(TALKS))])
    tab.page.wait_for_timeout(4000)  # until all that was sent has been handled
    tab.ask("Who pays for this?")
    expect(waiting).to_have_text([re.compile(re.escape(TALKS)), re.compile("Who pays")])
    go_on.set()
    expect(tab.page.locator(".turn h2")).to_have_text([KELLER, TALKS, "Who pays for this?"])
    expect(tab.page.locator(".turn").last.get_by_text("How this was made")).to_be_attached()
    assert tab.errors == []


def test_the_button_of_the_box_sends_a_question_and_a_line_break_does_not(server: str, open_tab: OpenTab) -> None:
    tab = open_tab(server)
    field = box(tab.page)
    field.fill("Who ordered the Keller Bridge")
    field.press("Shift+Enter")
    field.press_sequentially("shut?")
    expect(field).to_have_value("Who ordered the Keller Bridge\nshut?")
    expect(tab.page.locator(".turn")).to_have_count(0)
    tab.page.get_by_test_id("stChatInputSubmitButton").click()
    expect(tab.page.locator(".turn")).to_contain_text("Dana Halloran")
    expect(field).to_have_value("")


def test_no_question_is_lost_by_what_a_reader_does_while_it_is_being_kept(
    stocked: Path, server: str, open_tab: OpenTab
) -> None:
    tab = open_tab(server)
    tab.answered(KELLER)
    turns = tab.page.locator(".turn")
    with closing(sqlite3.connect(Conversations(stocked).path, check_same_thread=False)) as busy:
        busy.execute("BEGIN IMMEDIATE")  # another program writes the conversations
        free = threading.Timer(5, busy.rollback)  # before the page gives up
        free.start()
        tab.ask(TALKS)
        tab.page.locator(".chip").first.click()
        tab.ask("And when was that?")
        free.join()
    expect(turns.locator("h2")).to_have_text([KELLER, TALKS, "And when was that?"])
    expect(turns.last.get_by_text("How this was made")).to_be_attached()
    expect(tab.page.locator(".article h2")).to_be_visible()
    tab.page.reload()
    expect(turns.locator("h2")).to_have_text([KELLER, TALKS, "And when was that?"])
    assert tab.errors == []


def test_a_server_that_stops_does_not_wait_for_an_answer_that_is_being_written(
    stocked: Path, waiting: tuple[dict[str, str], threading.Event], open_tab: OpenTab
) -> None:
    with serving(stocked, **waiting[0]) as address:  # it fails if the server has not stopped after a minute
        tab = open_tab(address)
        tab.ask(KELLER)
        expect(tab.page.locator(".stop")).to_be_visible()
        expect(tab.page).to_have_url(re.compile(r"[?&]c="))
        conversation = tab.page.url.removeprefix(address)
    with serving(stocked, **waiting[0]) as address:
        tab = open_tab(address, conversation)
        expect(tab.page.locator(".turn h2")).to_contain_text(["Keller"])
        expect(tab.page.get_by_role("alert")).to_contain_text("interrupted")


def test_an_answer_that_the_server_did_not_finish_can_be_asked_again(
    stocked: Path, tmp_path: Path, open_tab: OpenTab
) -> None:
    from qa.model import Filters

    conversation = new_id()
    Conversations(stocked).append(conversation, new_id()[:12], KELLER, Filters())
    with serving(stocked) as address:
        tab = open_tab(address, f"/?c={conversation}")
        expect(tab.page.get_by_role("alert")).to_contain_text("interrupted")
        tab.page.get_by_role("button", name="Try again").click()
        expect(tab.page.locator(".turn").nth(1)).to_contain_text("Dana Halloran")


def test_the_focus_stays_in_the_box_and_a_slash_brings_it_back(server: str, open_tab: OpenTab) -> None:
    tab = open_tab(server)
    tab.answered(KELLER)
    expect(box(tab.page)).to_be_focused()
    tab.answered(TALKS)
    expect(box(tab.page)).to_be_focused()
    tab.page.get_by_role("link", name="Ask", exact=True).focus()
    tab.page.keyboard.press("/")
    expect(box(tab.page)).to_be_focused()
    expect(box(tab.page)).to_have_value("")
    tab.page.keyboard.type("1/2")
    expect(box(tab.page)).to_have_value("1/2")


def test_a_new_question_comes_to_the_top_and_a_long_answer_does_not_scroll(server: str, open_tab: OpenTab) -> None:
    tab = open_tab(server)
    tab.answered(TALKS)
    tab.answered("Everything Dana Halloran said")
    eventually(tab.page, lambda: 0 <= top_of(tab.page, 1) < 120)
    tab.answered(KELLER)
    eventually(tab.page, lambda: 0 <= top_of(tab.page, 2) < 120)
    expect(box(tab.page)).to_be_in_viewport()
    tab.page.mouse.move(600, 300)
    tab.page.mouse.wheel(0, -2000)
    eventually(tab.page, lambda: top_of(tab.page, 2) > 120)
    tab.page.wait_for_timeout(1500)
    assert top_of(tab.page, 2) > 120  # whoever scrolls back is not pulled down again


def test_suggested_questions_are_answered(server: str, open_tab: OpenTab) -> None:
    tab = open_tab(server)
    suggested = tab.page.get_by_role("group", name="Questions that your articles answer").get_by_role("button")
    expect(tab.page.locator(".suggested[aria-busy=false]")).to_be_visible()
    expect(suggested).to_have_count(3)
    question = suggested.first.inner_text()
    suggested.first.click()
    turn = tab.page.locator(".turn")
    expect(turn.locator("h2")).to_have_text([question])
    expect(turn.locator(".claim").first).to_be_visible()
    expect(turn.locator(".abstention")).to_have_count(0)
    expect(tab.page.get_by_role("group", name="Ask next").get_by_role("button").first).to_be_visible()


def test_the_list_of_conversations_can_be_searched_renamed_exported_and_emptied(
    open_tab: OpenTab, tmp_path: Path
) -> None:
    from qa import ingest

    (tmp_path / "tram.txt").write_text("Tram line 9 stops\n\nTram line 9 stopped on Monday, Ada Fell said.", "utf-8")
    ingest(str(tmp_path / "tram.txt"), library=tmp_path / "news")
    with serving(tmp_path / "news") as address:
        tab = open_tab(address)
        page = tab.page
        tab.answered("Which line stopped?")
        page.get_by_role("button", name="New conversation").click()
        expect(page.locator(".turn")).to_have_count(0)
        tab.answered("What did Ada Fell say?")
        rows = page.locator(".threads li")
        expect(rows).to_have_count(2)
        expect(rows.first).to_contain_text("What did Ada Fell say?")
        page.get_by_role("searchbox", name="Search conversations").fill("which")
        expect(rows).to_have_count(1)
        rows.first.locator("button.open").click()
        expect(page.locator(".turn h2")).to_have_text(["Which line stopped?"])
        page.get_by_role("button", name="Rename, export or delete: Which line stopped?").click()
        page.get_by_role("button", name="Rename", exact=True).click()
        page.get_by_role("textbox", name="Title").fill("![x](https://evil.example/x.png) Trams")
        page.keyboard.press("Enter")
        page.get_by_role("searchbox", name="Search conversations").fill("trams")
        expect(rows.first).to_contain_text("![x](https://evil.example/x.png) Trams")
        page.get_by_role("button", name="Rename, export or delete").click()
        with page.expect_download() as download:
            page.get_by_role("button", name="Export as Markdown").click()
        assert "## Which line stopped?" in download.value.path().read_text("utf-8")
        page.get_by_role("button", name="Rename, export or delete").click()
        page.get_by_role("button", name="Delete", exact=True).click()
        expect(page.get_by_text("No conversation has these words.")).to_be_visible()
        expect(page.locator(".turn")).to_have_count(0)
        expect(page.get_by_text("Trams” has been deleted.")).to_be_visible()
        expect(page.get_by_role("button", name="Undo")).to_be_focused()
        page.keyboard.press("Enter")
        expect(page.locator(".turn h2")).to_have_text(["Which line stopped?"])
        expect(rows.first).to_contain_text("![x](https://evil.example/x.png) Trams")
        expect(box(page)).to_be_focused()
        page.get_by_role("button", name="Rename, export or delete").click()
        page.get_by_role("button", name="Delete", exact=True).click()
        expect(page.locator(".turn")).to_have_count(0)
        page.get_by_role("button", name="Dismiss").click()
        expect(page.get_by_role("button", name="Undo")).to_have_count(0)
        page.get_by_role("searchbox", name="Search conversations").fill("")
        expect(rows).to_have_count(1)
        assert tab.elsewhere == []
        assert tab.errors == []


def test_each_library_has_its_own_conversation(open_tab: OpenTab, tmp_path: Path) -> None:
    from qa import ingest

    for name in ("north", "south"):
        (tmp_path / f"{name}.txt").write_text(f"Ferry {name}\n\nThe {name} ferry stopped on Monday.", "utf-8")
        ingest(str(tmp_path / f"{name}.txt"), library=tmp_path / "shelf" / name)
    with serving(tmp_path / "shelf" / "north") as address:
        tab = open_tab(address)

        def change(library: str) -> None:
            tab.page.get_by_test_id("stSidebar").get_by_test_id("stSelectbox").locator("input").click()
            tab.page.get_by_role("option", name=library, exact=True).click()

        tab.answered("Which ferry stopped?")
        change("south")
        expect(tab.page.locator(".turn")).to_have_count(0)
        tab.answered("What happened on Monday?")
        change("north")
        expect(tab.page.locator(".turn h2")).to_have_text(["Which ferry stopped?"])
        change("south")
        expect(tab.page.locator(".turn h2")).to_have_text(["What happened on Monday?"])


def test_filters_are_chips_that_can_be_removed_on_a_phone_too(server: str, open_tab: OpenTab) -> None:
    tab = open_tab(server, "/?outlet=Meridian+Wire&since=2026-01-01", viewport={"width": 390, "height": 800})
    chips = tab.page.locator(".filter")
    expect(chips).to_have_text(["Meridian Wire", "from 1 January 2026"])
    expect(chips.first).to_be_in_viewport()
    tab.page.get_by_role("button", name="Remove the filter: Meridian Wire").click()
    expect(chips).to_have_text(["from 1 January 2026"])
    expect(tab.page).not_to_have_url(re.compile("outlet="))
    tab.page.get_by_role("button", name="Remove the filter: from 1 January 2026").click()
    expect(chips).to_have_count(0)


def test_enter_after_a_typed_name_selects_one_speaker(server: str, open_tab: OpenTab) -> None:
    tab = open_tab(server)
    speakers = tab.page.get_by_test_id("stMultiSelect").filter(has_text="Said by")
    speakers.locator("input").press_sequentially("Stroud")
    expect(tab.page.get_by_role("option").first).to_contain_text("Stroud")
    speakers.locator("input").press("Enter")
    expect(tab.page.locator(".filter")).to_have_count(1)
    expect(tab.page.locator(".filter")).to_contain_text("Stroud")
    tab.settled()
    tab.page.keyboard.press("Escape")  # closes the list of names, which hides everything else from screen readers
    told = tab.page.locator(".namesakes")
    expect(told).to_contain_text("Did you mean somebody else of this name?")
    chosen = told.locator("strong").inner_text()
    other = told.get_by_role("button").first.inner_text()
    assert chosen.split()[-1] == other.split()[-1] == "Stroud"
    told.get_by_role("button", name=other).click()
    expect(tab.page.locator(".filter")).to_have_text([f"said by {other}"])
    expect(told.get_by_role("button", name=chosen)).to_be_visible()
    tab.page.locator(".filter").click()
    expect(told).to_have_count(0)


def test_a_link_to_a_question_has_its_filters_and_nothing_of_the_conversation(server: str, open_tab: OpenTab) -> None:
    tab = open_tab(server, "/?outlet=Meridian+Wire", permissions=["clipboard-read", "clipboard-write"])
    tab.answered(KELLER)
    tab.answered("And when was that?")
    tab.page.locator(".turn").last.get_by_role("button", name="Copy", exact=True).click()
    tab.page.get_by_role("menuitem", name="Link to this question").click()
    expect(tab.page.get_by_text("Link copied. It asks this question anew")).to_be_visible()
    link = tab.page.evaluate("navigator.clipboard.readText()")
    query = parse_qs(urlsplit(link).query)
    assert "c" not in query
    assert "Keller Bridge" in query["q"][0]
    assert query["outlet"] == ["Meridian Wire"]
    other = open_tab(server, link.removeprefix(server))
    expect(other.page.locator(".turn")).to_have_count(1)
    expect(other.page.locator(".turn")).to_contain_text("3 March 2026")
    conversation = re.search(r"[?&]c=(\w+)", tab.page.url)
    assert conversation
    assert conversation[1] not in other.page.url


def test_a_rating_is_still_there_after_a_reload(server: str, open_tab: OpenTab) -> None:
    tab = open_tab(server)
    tab.answered(KELLER)
    helpful = tab.page.locator(".turn").get_by_role("button", name="Helpful", exact=True)
    helpful.click()
    expect(helpful).to_have_attribute("aria-pressed", "true")
    tab.page.reload()
    expect(helpful).to_have_attribute("aria-pressed", "true")


def test_pages_are_tabs_of_the_masthead_and_the_conversation_waits_there(server: str, open_tab: OpenTab) -> None:
    tab = open_tab(server)
    tab.answered(KELLER)
    tab.page.get_by_role("link", name="Library", exact=True).focus()
    tab.page.keyboard.press("Enter")
    expect(tab.page.get_by_role("heading", name="Library", level=2)).to_be_visible()
    expect(tab.page.get_by_role("link", name="Library", exact=True)).to_have_attribute("aria-current", "page")
    href = tab.page.get_by_role("link", name="Ask", exact=True).get_attribute("href")
    assert href is not None
    other = open_tab(server, f"/{href}")  # as a new tab of the browser
    expect(other.page.locator(".turn h2")).to_have_text([KELLER])
    tab.page.get_by_role("link", name="Ask", exact=True).click()
    expect(tab.page.locator(".turn h2")).to_have_text([KELLER])


def test_an_open_article_leaves_the_conversation_room_and_folds_the_sidebar(server: str, open_tab: OpenTab) -> None:
    tab = open_tab(server, viewport={"width": 1024, "height": 768})
    tab.answered(KELLER)
    tab.page.locator(".chip").first.click()
    expect(tab.page.locator(".article h2")).to_be_visible()
    expect(tab.page.get_by_test_id("stSidebar")).not_to_be_in_viewport()
    turn = tab.page.locator(".turn")
    eventually(tab.page, lambda: turn.evaluate("node => node.getBoundingClientRect().width") >= 420)  # it slides
    tab.page.get_by_role("button", name="Close the article").click()
    expect(tab.page.get_by_test_id("stSidebar")).to_be_in_viewport()
