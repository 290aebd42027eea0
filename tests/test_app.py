"""The page without a browser: session state, the URL, uploads, feedback and the data sent to components."""

from __future__ import annotations

import itertools
import json
import shutil
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from pytest_httpserver import HTTPServer
from streamlit.runtime.scriptrunner import RerunData, RerunException
from streamlit.testing.v1 import AppTest

from qa import answer, errors, ingest
from qa.cli import page_server as serve
from qa.model import Filters
from qa.page import address, articles, boxes, libraries, session, suggestions, threads, view
from qa.page.boxes import to_the_end
from qa.render import original, to_footnotes
from qa.settings import Settings
from qa.workspace.conversations import Conversations

APP = Path(__file__).parent.parent / "app.py"


@pytest.fixture
def library(stories: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "shelf" / "news"
    monkeypatch.setenv("QA_LIBRARY", str(folder))
    ingest(str(stories))
    return folder


@pytest.fixture
def toasts(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What the page tells in toasts. It may be drawn again before a test could read them from the page itself."""
    told: list[str] = []
    monkeypatch.setattr("streamlit.toast", lambda text, **_: told.append(text))
    return told


def page(**parameters: str) -> AppTest:
    at = AppTest.from_file(str(APP), default_timeout=60)
    for name, value in parameters.items():
        at.query_params[name] = value
    return settled(at.run())


def settled(at: AppTest) -> AppTest:
    """Run the page again, as a browser would, until no worker is busy."""
    for _ in range(200):
        assert not at.exception
        adding = at.session_state["adding"]
        if not any(t.running for t in at.session_state["turns"]) and not (adding and adding.running):
            return at.run()
        time.sleep(0.05)
        at.run()
    raise AssertionError("the page did not settle within 10 seconds")


def texts(at: AppTest) -> str:
    return "\n".join(text.value for text in at.text)


def test_the_first_visit_offers_the_sample_library_and_four_questions() -> None:
    at = page()
    assert "Ask the articles" in at.header[0].value
    assert [b.label for b in at.button if b.label == "Open the sample library"]
    assert len([b for b in at.button if b.key and b.key.startswith("example-")]) == 4
    assert "nothing leaves this machine" in texts(at)
    assert "no articles yet" in texts(at)


def test_an_example_fills_the_sample_library_and_asks_its_question() -> None:
    at = page()
    at.button(key="example-0").click()
    settled(settled(at.run()))
    (turn,) = at.session_state["turns"]
    assert turn.answer
    assert "Dana Halloran" in turn.answer.text
    assert "62 articles" in texts(at)


def test_what_a_browser_sends_before_it_has_drawn_a_filled_box_does_not_count() -> None:
    at = page()
    before = at._tree.get_widget_states()  # what the boxes hold in the browser
    next(b for b in at.button if b.label == "Open the sample library").click()
    at.run()
    at._run(widget_state=before)
    assert "62 articles" in texts(settled(at))


def test_when_the_open_library_is_deleted_the_first_one_is_opened(library: Path, stories: Path) -> None:
    ingest(str(stories), library=library.parent / "south")
    at = page(library="south")
    shutil.rmtree(library.parent / "south")
    at.run()
    assert "news: 2 articles" in texts(settled(at))
    assert at.query_params["library"] == "news"


def test_a_question_asked_at_once_heeds_a_filter_chosen_just_before(library: Path) -> None:
    at = page(library="news", as_of="2026-03-31", speaker="Mara Quist")
    next(m for m in at.multiselect if m.label == "Said by").set_value([])
    next(d for d in at.date_input if d.label == "As of this day").set_value(None)
    at.chat_input[0].set_value("Who bought a snow plough?")
    settled(at.run())
    assert at.session_state["turns"][-1].filters == Filters()


def test_what_a_reader_does_is_handled_to_the_end_before_another_run_begins() -> None:
    another = RerunException(RerunData())
    interruptions = [another]
    done: list[str] = []

    @to_the_end
    def handle(what: str) -> None:
        if interruptions:  # as at a use of the session's state
            raise interruptions.pop()
        done.append(what)

    with pytest.raises(RerunException) as begun:
        handle("asked")
    assert done == ["asked"]
    assert begun.value is another
    handle("asked again")
    assert done == ["asked", "asked again"]


class BrokenOff:
    """The state of a session. Its use with this number breaks a run off, as Streamlit's does when another is wanted."""

    def __init__(self, values: dict[str, Any], number: int) -> None:
        vars(self).update(_values=dict(values), _left=number)

    def __getattr__(self, name: str) -> Any:
        self._use()
        return self._values[name]

    def __setattr__(self, name: str, value: Any) -> None:
        self._use()
        self._values[name] = value

    def __getitem__(self, name: str) -> Any:
        return getattr(self, name)

    def __setitem__(self, name: str, value: Any) -> None:
        setattr(self, name, value)

    def get(self, name: str, otherwise: Any) -> Any:
        self._use()
        return self._values.get(name, otherwise)

    def _use(self) -> None:
        vars(self)["_left"] -= 1
        if not self._left:
            raise RerunException(RerunData())


def test_a_library_is_changed_wherever_the_run_is_broken_off(library: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    left = {
        "library": "south",
        "box-of-library": 1,
        "held_in": library.name,
        "turns": ["a turn"],
        "unkept": False,
        "conversation": "a",
        "conversations": {library.name: "a"},
        "queue": ["waits"],
        "reading": {"article": "x"},
        "saved": None,
        "outlets": ["Meridian Wire"],
        "speakers": [],
        "collection": None,
    }
    for number in itertools.count(1):
        state = BrokenOff(left, number)
        monkeypatch.setattr(session, "state", state)
        monkeypatch.setattr(boxes, "state", state)
        try:
            session.change_library()
        except RerunException:
            assert (state.held_in, state.turns, state.outlets, state.queue) == ("south", [], [], [])
        else:
            break  # it uses the state less often
    assert number > 10


def test_rerunning_the_page_does_not_ask_again(library: Path) -> None:
    at = page()
    at.chat_input[0].set_value("How much does the line lose on every crossing?")
    settled(at.run())
    (turn,) = at.session_state["turns"]
    assert "4,200 crowns" in turn.answer.text
    first = turn.answer
    at.run()
    assert at.session_state["turns"] == [turn]
    assert turn.answer is first


def test_the_url_holds_question_library_and_filters(library: Path) -> None:
    at = page(q="Who bought a snow plough?", outlet="Salthouse Herald", since="2026-01-01", library="news")
    (turn,) = at.session_state["turns"]
    assert turn.filters == Filters(sources=("Salthouse Herald",), since=turn.filters.since)
    assert turn.filters.since.isoformat() == "2026-01-01"
    assert at.query_params["q"] == "Who bought a snow plough?"
    assert at.query_params["outlet"] == "Salthouse Herald"


def test_speakers_and_as_of_are_filters_too(library: Path) -> None:
    at = page(q="What does she say of the boats?", speaker="Mara Quist", as_of="2026-03-31", library="news")
    (turn,) = at.session_state["turns"]
    assert turn.filters.speakers == ("Mara Quist",)
    assert turn.filters.as_of.isoformat() == "2026-03-31"
    assert (at.query_params["speaker"], at.query_params["as_of"]) == ("Mara Quist", "2026-03-31")
    offered = next(m for m in at.multiselect if m.label == "Said by").options
    assert "Mara Quist" in offered


def test_what_counts_on_a_day_is_asked_only_with_a_day(library: Path) -> None:
    asked = [radio.label for radio in page(library="news").radio]
    with_day = page(library="news", as_of="2026-03-31", basis="held")
    assert "What counts on that day" not in asked
    assert "What counts on that day" in [radio.label for radio in with_day.radio]
    assert with_day.query_params["basis"] == "held"
    for day in (None, date(2026, 3, 30)):  # a choice that is no longer shown does not come back
        next(box for box in with_day.date_input if box.label == "As of this day").set_value(day).run()
    assert "basis" not in with_day.query_params


def test_a_list_names_the_speaker_of_each_claim_and_marks_resolving_citations(library: Path) -> None:
    at = page(q="What has Mara Quist said?", library="news")
    (turn,) = at.session_state["turns"]
    made = view.turn_view(turn, None, {})
    assert made["claims"]
    assert all("Mara Quist" in claim["by"] for claim in made["claims"])
    assert "Searched first: what Mara Quist said." in made["notes"]
    resolving = {c["number"] for c in made["citations"] if c["resolves"]}
    assert resolving == set(turn.answer.resolving)


def test_a_link_does_not_ask_a_model_without_a_click(library: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_BASE_URL", "http://127.0.0.1:9/v1")
    at = page(q="Who bought a snow plough?")
    assert at.session_state["turns"] == []
    assert [b.label for b in at.button if b.label == "Ask this"]
    assert "127.0.0.1:9" in texts(at)


def test_sessions_are_separate(library: Path) -> None:
    one, other = page(q="Who bought a snow plough?"), page()
    assert len(one.session_state["turns"]) == 1
    assert other.session_state["turns"] == []
    assert "q" not in other.query_params


def ask(at: AppTest, question: str) -> AppTest:
    at.chat_input[0].set_value(question)
    return settled(at.run())


def test_a_question_that_is_sent_twice_is_answered_once_but_may_be_asked_later(
    library: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    at = page(library="news")
    for _ in range(2):
        ask(at, "Who bought a snow plough?")
    assert len(at.session_state["turns"]) == 1
    monkeypatch.setattr("qa.page.turn.TWICE", 0.0)
    ask(at, "Who bought a snow plough?")
    assert len(at.session_state["turns"]) == 2


def test_a_new_conversation_begins_empty_and_the_old_one_stays_in_the_list(library: Path) -> None:
    at = page(q="Who bought a snow plough?")
    old = at.query_params["c"]
    next(b for b in at.button if b.label == "New conversation").click()
    at.run()
    assert at.session_state["turns"] == []
    assert "c" not in at.query_params
    (kept,) = Conversations(library).listed().conversations
    assert [kept.id] == [old]
    assert kept.title == "Who bought a snow plough?"


def test_a_conversation_is_restored_by_the_id_in_its_address(library: Path) -> None:
    at = page(q="Who bought a snow plough?", library="news")
    again = page(c=at.query_params["c"], q=at.query_params["q"], library="news")
    (before,), (after,) = at.session_state["turns"], again.session_state["turns"]
    assert (after.id, after.question, after.answer) == (before.id, before.question, before.answer)
    ask(again, "And when was that?")
    assert "plough" in again.session_state["turns"][1].answer.standalone  # the restored answer is its history
    assert [turn.question for turn in Conversations(library).turns(at.query_params["c"])] == [
        "Who bought a snow plough?",
        "And when was that?",
    ]


def test_a_link_has_the_question_that_stands_alone_and_asks_it_where_the_conversation_is_unknown(library: Path) -> None:
    at = ask(page(q="Who bought a snow plough?", library="news"), "And when was that?")
    assert "plough" in at.query_params["q"]
    elsewhere = page(c="0" * 16, q=at.query_params["q"], library="news")
    (turn,) = elsewhere.session_state["turns"]
    assert turn.question == at.query_params["q"]
    assert turn.answer.claims


def test_whoever_leaves_a_library_is_told_where_the_conversation_is_kept(
    library: Path, stories: Path, toasts: list[str]
) -> None:
    ingest(str(stories), library=library.parent / "south")
    at = page(q="Who bought a snow plough?")
    next(box for box in at.selectbox if box.label == "Library").set_value("south")
    at.run()
    assert toasts == ["Your conversation is kept in the list of “news”."]
    assert at.session_state["turns"] == []


def test_the_page_answers_although_conversations_cannot_be_kept(library: Path, toasts: list[str]) -> None:
    (library / "workspace.sqlite3").write_bytes(b"damaged" * 500)
    at = page()
    ask(at, "Who bought a snow plough?")
    ask(at, "And when was that?")
    assert toasts == [threads.UNKEPT]
    assert all(turn.answer for turn in at.session_state["turns"])
    assert "c" not in at.query_params
    assert (library / "workspace.sqlite3").read_bytes() == b"damaged" * 500


def test_a_question_that_is_sent_too_early_waits_for_the_answer_before_it(library: Path) -> None:
    at = page()
    at.session_state["queue"] = ["Who bought a snow plough?", "And when was that?"]
    settled(settled(at.run()))
    settled(at)
    assert [turn.question for turn in at.session_state["turns"]] == ["Who bought a snow plough?", "And when was that?"]
    assert "plough" in at.session_state["turns"][1].answer.standalone


def test_a_server_that_stops_looks_for_no_more_suggestions(library: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    stopped = threading.Event()
    monkeypatch.setattr(suggestions, "_left", stopped)
    suggestions.leave()
    assert stopped.is_set()
    found = suggestions.suggestions(Settings(library=library), (), lambda: False)
    found.future.result(timeout=60)
    assert found.questions == []


def test_every_suggested_question_has_an_answer(library: Path) -> None:
    settings = Settings(library=library)
    found = suggestions.suggestions(settings, (), lambda: False)
    found.future.result()
    assert 1 <= len(found.questions) <= suggestions.SHOWN
    for question in found.questions:
        assert answer(question, settings=settings).status == "answered"
    first = answer(found.questions[0], settings=settings)
    following = suggestions.suggestions(settings, (first,), lambda: False)
    following.future.result()
    assert found.questions[0] not in following.questions


@pytest.mark.slow
def test_the_box_never_locks_in_many_turns_with_a_model_two_sessions_and_an_ingest(
    library: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    httpserver: HTTPServer,
    pytestconfig: pytest.Config,
) -> None:
    reply = {
        "answerable": True,
        "reason": None,
        "claims": [{"text": "A plough.", "sentences": ["S1"], "speaker": None}],
    }
    choice = {"index": 0, "finish_reason": "stop", "message": {"role": "assistant", "content": json.dumps(reply)}}
    body = {"id": "c", "object": "chat.completion", "created": 1, "model": "m", "choices": [choice]}
    httpserver.expect_request("/v1/chat/completions", method="POST").respond_with_json(body)
    monkeypatch.setenv("OPENAI_BASE_URL", httpserver.url_for("/v1"))
    monkeypatch.setenv("QA_JUDGE", "local")
    rows = [json.dumps({"title": f"Notice {n}", "text": f"Pump {n} stopped at noon."}) for n in range(400)]
    (tmp_path / "notices.jsonl").write_text("\n".join(rows), "utf-8")
    questions = ["Who bought a snow plough?", "And when was that?", "How much does the line lose on every crossing?"]
    one, other = page(), page()
    with ThreadPoolExecutor(1) as workers:
        added = workers.submit(ingest, str(tmp_path / "notices.jsonl"))
        for number in range(1, pytestconfig.getoption("turns") + 1):
            for at in (one, other):
                at.chat_input[0].set_value(questions[number % 3])
                at.run()
                assert not at.chat_input[0].disabled
            for at in (one, other):
                turns = settled(at).session_state["turns"]
                assert len(turns) == number
                assert turns[-1].answer or turns[-1].error
                assert not at.chat_input[0].disabled
        assert added.result().added == 400


def test_an_address_survives_a_round_trip_and_invalid_values_are_ignored() -> None:
    there = address.Address(
        "Why?", "news", Filters(sources=("A & B", "Ö"), speakers=("Ona Birk",), until=None), "library"
    )
    listed = {k: v if isinstance(v, list) else [v] for k, v in address.write(there).items()}
    assert address.read(listed) == there
    assert address.read({"since": ["yesterday"], "page": ["../etc"]}) == address.Address()


def test_outlets_and_speakers_are_offered_without_invisible_characters(library: Path, tmp_path: Path) -> None:
    row = {"source": "Tram\u202e Post", "text": "The tram stopped. Ada Fe\u00adll said it would be late."}
    (tmp_path / "tram.jsonl").write_text(json.dumps(row), "utf-8")
    ingest(str(tmp_path / "tram.jsonl"))
    at = page()
    offered = {m.label: m.options for m in at.multiselect}
    assert "Tram Post" in offered["Outlets"]
    assert "Ada Fell" in offered["Said by"]
    next(m for m in at.multiselect if m.label == "Outlets").select("Tram Post")
    at.run()
    at.chat_input[0].set_value("What stopped?")
    settled(at.run())
    assert at.session_state["turns"][-1].filters.sources == ("Tram\u202e Post",)


def test_feedback_is_appended_as_lines_of_json(library: Path) -> None:
    (turn,) = page(q="Who bought a snow plough?").session_state["turns"]
    libraries.remember(library, turn.answer, thumb="up")
    libraries.remember(library, turn.answer, thumb="up", comment="Line one\nline two")
    lines = [json.loads(line) for line in (library / "feedback.jsonl").read_text("utf-8").splitlines()]
    assert [line["thumb"] for line in lines] == ["up", "up"]
    assert lines[1]["comment"] == "Line one\nline two"
    assert lines[0]["answer"]["question"] == "Who bought a snow plough?"


def test_a_library_can_only_be_created_next_to_the_others(library: Path) -> None:
    settings = Settings(library=library)
    assert libraries.make("My news", settings).parent == library.parent
    assert "My news" in libraries.known(settings)
    for name in ("../outside", "/tmp/x", "", ".hidden", "news"):
        with pytest.raises(errors.InputError):
            libraries.make(name, settings)


def test_the_command_finds_the_page_and_names_the_extra_if_streamlit_is_missing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert serve.page() == APP
    monkeypatch.setattr(serve, "find_spec", lambda name: None)
    with pytest.raises(errors.SettingsError, match=r'pip install "dateline-qa\[app\]"'):
        serve.serve(8501, {})


def test_footnotes_have_number_outlet_day_and_title(library: Path) -> None:
    (turn,) = page(q="Who bought a snow plough?").session_state["turns"]
    text = to_footnotes(turn.answer)
    assert "¹" in text
    assert "\n¹ Salthouse Herald, 20 January 2026, “Salthouse council buys a snow plough”" in text
    assert "https://herald.example/plough" in text


def test_marks_cover_the_cited_code_points_even_after_emoji() -> None:
    text = "🚢🚢 First one. Second one.\n\nThird one."
    marks = articles.Marks(numbers={(14, 25): [2]})
    first, second = articles.paragraphs(text, [(0, 13), (14, 25), (27, 37)], marks)
    assert [piece["runs"][0]["text"] for piece in first] == ["🚢🚢 First one.", " ", "Second one."]
    assert [piece["runs"][0]["text"] for piece in second] == ["Third one."]
    assert [piece["numbers"] for piece in first] == [[], [], [2]]


@pytest.mark.parametrize(
    ("url", "link"),
    [
        ("https://a.example/x#top", "https://a.example/x#:~:text=It%20is%20so%2C%20well%2Dknown."),
        ("javascript:alert(1)", None),
        ("data:text/html,x", None),
        ("//a.example", None),
        ("http://[", None),
        (None, None),
    ],
)
def test_only_web_addresses_become_links_and_they_point_to_the_sentence(url: str | None, link: str | None) -> None:
    assert original(url, "It is so, well-known.") == link
