"""Slow models, the Stop button, two readers at once, and uploads while a question runs."""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import expect
from pytest_httpserver import HTTPServer
from tabs import Tab, serving
from werkzeug import Request, Response

from qa.model import Answer

OpenTab = Callable[..., Tab]

TRAM = b"""Published: 2026-02-02

Tram line 9 stops running

ESKVALE, Feb 2 (Eskvale Echo) - Tram line 9 stopped running on Monday because a wheel broke, its manager Ada Fell said.
"""


@pytest.fixture
def model(stocked: Path) -> Iterator[tuple[str, threading.Event]]:
    """A page whose model replies when the event is set."""
    go_on = threading.Event()

    def answer(request: Request) -> Response:
        go_on.wait(300)
        reply = {
            "answerable": True,
            "reason": None,
            "claims": [{"text": "The boats are LATE-WORDS.", "sentences": ["S1"], "speaker": None}],
        }
        body = {
            "id": "c",
            "object": "chat.completion",
            "created": 1,
            "model": "m",
            "choices": [
                {"index": 0, "finish_reason": "stop", "message": {"role": "assistant", "content": json.dumps(reply)}}
            ],
        }
        return Response(json.dumps(body), content_type="application/json")

    with HTTPServer(threaded=True) as httpserver:
        httpserver.expect_request("/v1/chat/completions", method="POST").respond_with_handler(answer)
        base = httpserver.url_for("/v1")
        with serving(stocked, OPENAI_BASE_URL=base, QA_MODEL="m", QA_JUDGE="local", QA_TIMEOUT="600") as address:
            yield address, go_on
            go_on.set()


def test_stages_are_shown_while_a_slow_model_writes_and_stop_works_at_once(
    model: tuple[str, threading.Event], open_tab: OpenTab
) -> None:
    address, go_on = model
    tab = open_tab(address)
    expect(tab.page.locator(".st-key-masthead")).to_contain_text("m at http://localhost")
    tab.ask("Who ordered the Keller Bridge shut?")
    stages = tab.page.locator(".stages")
    expect(stages).to_contain_text("Searching the articles")
    expect(stages).to_contain_text("Reading")
    tab.page.get_by_role("button", name="Stop").click()
    expect(tab.page.locator(".stopped")).to_be_visible()  # the model is still at work
    expect(tab.page.get_by_test_id("stChatInputTextArea")).to_be_enabled()
    go_on.set()
    tab.page.wait_for_timeout(2000)
    expect(tab.page.locator(".stopped")).to_be_visible()
    expect(tab.page.locator(".turn")).not_to_contain_text("LATE-WORDS")
    tab.answered("Why did the ferry run aground?")  # the next question works, and gets its own answer
    expect(tab.page.locator(".turn h2").last).to_contain_text("ferry")
    # The cited sentence does not support the claim, so it is withheld: the articles' own closest sentences are shown.
    expect(tab.page.locator(".abstention")).to_have_count(1)
    expect(tab.page.locator("[data-part=claims] .claim")).to_have_count(0)
    expect(tab.page.locator(".abstention")).not_to_contain_text("LATE-WORDS")


@pytest.fixture
def writer(stocked: Path) -> Iterator[tuple[str, threading.Event]]:
    """A page whose model writes one claim, and a second one when the event is set."""
    go_on = threading.Event()

    def answer(request: Request) -> Response:
        prompt = request.get_json()["messages"][1]["content"]
        shown = re.findall(r"^\[(S\d+)\] (.*?)(?: ⟨.*⟩)?$", prompt, re.MULTILINE)
        label, text = next((label, text) for label, text in shown if "ordered the Keller Bridge shut" in text)
        claims = [{"text": t, "sentences": [label], "speaker": None} for t in (text, f"{text} LATE-WORDS.")]
        reply = json.dumps({"answerable": True, "reason": None, "claims": claims})
        cut = reply.index("}, {") + 1

        def body() -> Iterator[bytes]:
            for piece in (reply[:cut], reply[cut:]):
                chunk = {"index": 0, "delta": {"content": piece}, "finish_reason": None}
                event = {"id": "c", "object": "chat.completion.chunk", "created": 1, "model": "m", "choices": [chunk]}
                yield f"data: {json.dumps(event)}\n\n".encode()
                go_on.wait(300)
            yield b"data: [DONE]\n\n"

        return Response(body(), content_type="text/event-stream")

    with HTTPServer(threaded=True) as httpserver:
        httpserver.expect_request("/v1/chat/completions", method="POST").respond_with_handler(answer)
        base = httpserver.url_for("/v1")
        with serving(stocked, OPENAI_BASE_URL=base, QA_MODEL="m", QA_JUDGE="local", QA_TIMEOUT="600") as address:
            yield address, go_on
            go_on.set()


def test_a_verified_claim_is_shown_while_the_model_writes_and_stays_after_stop(
    writer: tuple[str, threading.Event], open_tab: OpenTab
) -> None:
    address, go_on = writer
    tab = open_tab(address)
    tab.ask("Who ordered the Keller Bridge shut?")
    claim = tab.page.locator(".claim")
    expect(claim).to_contain_text("Dana Halloran ordered the Keller Bridge shut")
    assert not go_on.is_set()
    expect(tab.page.get_by_role("button", name="Stop")).to_be_visible()
    tab.card_of(tab.page.locator(".chip").first, "Meridian Wire, 3 March 2026")
    tab.page.mouse.move(0, 0)
    tab.page.get_by_role("button", name="Stop").click()
    expect(tab.page.locator(".stopped")).to_be_visible()
    go_on.set()
    tab.page.wait_for_timeout(1000)
    expect(claim).to_have_count(1)
    expect(claim).to_contain_text("Dana Halloran ordered the Keller Bridge shut")
    expect(tab.page.locator(".turn")).not_to_contain_text("LATE-WORDS")
    assert tab.errors == []


def test_the_focus_stays_where_it_is_when_the_answer_is_complete(
    writer: tuple[str, threading.Event], open_tab: OpenTab
) -> None:
    address, go_on = writer
    tab = open_tab(address)
    tab.ask("Who ordered the Keller Bridge shut?")
    chip = tab.page.locator(".claim .chip").first
    chip.focus()
    go_on.set()
    tab.page.get_by_text("How this was made").wait_for()
    tab.settled()
    expect(chip).to_be_focused()
    chip.press("Enter")
    expect(tab.page.locator("mark.current")).to_contain_text("Dana Halloran ordered the Keller Bridge shut")
    assert tab.errors == []


def test_two_readers_at_once_see_only_their_own_conversations(server: str, open_tab: OpenTab) -> None:
    one, other = open_tab(server), open_tab(server)
    one.ask("Who ordered the Keller Bridge shut?")
    other.ask("Why did the ferry Ister Dawn run aground?")
    for tab, own, foreign in ((one, "Keller", "Ister"), (other, "Ister", "Keller")):
        tab.page.get_by_text("How this was made").wait_for()
        expect(tab.page.locator(".turn")).to_have_count(1)
        expect(tab.page.locator(".turn h2")).to_contain_text(own)
        expect(tab.page.locator(".turn h2")).not_to_contain_text(foreign)


def test_the_question_box_works_through_twelve_questions(server: str, open_tab: OpenTab) -> None:
    tab = open_tab(server)
    questions = [
        "Who ordered the Keller Bridge shut?",
        "Why did the ferry Ister Dawn run aground?",
        "Who chaired the truce talks?",
    ]
    for number in range(1, 13):
        tab.ask(questions[number % 3])
        # The box accepts the next question only when this one is answered.
        expect(tab.page.locator(".turn")).to_have_count(number)
        expect(tab.page.locator(".turn").last.get_by_text("How this was made")).to_be_attached()
        expect(tab.page.get_by_test_id("stChatInputTextArea")).to_be_enabled()
    assert tab.errors == []


def test_uploaded_articles_can_be_searched_read_and_deleted(open_tab: OpenTab, tmp_path: Path) -> None:
    with serving(tmp_path / "library") as address:
        tab = open_tab(address)
        page = tab.page
        page.get_by_role("button", name="Add your own articles").click()
        page.locator("input[type=file]").set_input_files(
            [
                {"name": "tram.txt", "mimeType": "text/plain", "buffer": TRAM},
                {"name": "empty.txt", "mimeType": "text/plain", "buffer": b""},
            ]
        )
        results = page.locator(".st-key-adding")
        expect(results).to_contain_text("1 added, 1 could not be read")
        page.get_by_role("link", name="Ask", exact=True).click()
        tab.answered("Why did tram line 9 stop running?")
        expect(page.locator(".claim").first).to_contain_text("a wheel broke")
        page.get_by_role("link", name="Library", exact=True).click()
        page.get_by_role("button", name="Tram line 9 stops running", exact=True).click()
        expect(page.locator(".article h2")).to_contain_text("Tram line 9")
        page.get_by_role("button", name="Close the article").click()
        expect(page.locator(".article")).to_have_count(0)
        page.get_by_role("button", name="Delete Tram line 9").click()
        page.get_by_role("button", name="for good").click()
        expect(page.locator(".st-key-masthead")).to_contain_text("no articles yet")
        assert tab.elsewhere == []


def test_a_question_is_answered_while_articles_are_being_added(open_tab: OpenTab, tmp_path: Path) -> None:
    with serving(tmp_path / "library") as address:
        reader, editor = open_tab(address), open_tab(address)
        reader.page.get_by_role("button", name="Open the sample library").click()
        expect(reader.page.locator(".st-key-masthead")).to_contain_text("62 articles")
        editor.page.goto(f"{address}/?library=sample&page=library")
        rows = "\n".join(
            json.dumps({"title": f"Notice {n}", "text": f"Notice {n} says that pump {n} stopped at noon. " * 8})
            for n in range(700)
        )
        uploaded = {"name": "notices.jsonl", "mimeType": "application/json", "buffer": rows.encode()}
        editor.page.locator("input[type=file]").set_input_files([uploaded])
        editor.page.get_by_text("Reading notices.jsonl").wait_for()  # they may all be there before the answer is
        reader.answered("Who ordered the Keller Bridge shut?")
        expect(reader.page.locator(".claim").first).to_contain_text("Dana Halloran")
        expect(editor.page.locator(".st-key-adding")).to_contain_text("700 added")


def test_feedback_is_stored_and_answers_can_be_copied_and_downloaded(open_tab: OpenTab, stocked: Path) -> None:
    with serving(stocked) as address:
        tab = open_tab(address, permissions=["clipboard-read", "clipboard-write"])
        tab.answered("Who ordered the Keller Bridge shut?")
        tab.page.get_by_role("button", name="Copy", exact=True).click()
        tab.page.get_by_role("menuitem", name="As footnotes").click()
        expect(tab.page.get_by_text("Copied as footnotes.")).to_be_visible()
        assert "\n¹ Meridian Wire, 3 March 2026" in tab.page.evaluate("navigator.clipboard.readText()")
        with tab.page.expect_download() as download:
            tab.page.get_by_role("button", name="Copy", exact=True).click()
            tab.page.get_by_role("menuitem", name="Download as JSON").click()
        assert Answer.model_validate_json(download.value.path().read_text("utf-8")).status == "answered"
        tab.page.get_by_role("button", name="Not helpful").click()
        expect(tab.page.get_by_role("button", name="Not helpful")).to_have_attribute("aria-pressed", "true")
        tab.page.get_by_text("Comment", exact=True).click()
        tab.page.get_by_role("textbox", name="What is right or wrong").fill("Names the minister.")
        tab.page.get_by_role("button", name="Save comment").click()
        expect(tab.page.get_by_text("Comment saved")).to_be_visible()
        kept = [json.loads(line) for line in (stocked / "feedback.jsonl").read_text("utf-8").splitlines()]
        told = [(k["thumb"], k["comment"]) for k in kept[-2:]]  # other tests rate answers of this library too
        assert told == [("down", ""), ("down", "Names the minister.")]
