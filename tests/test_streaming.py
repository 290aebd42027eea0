"""Claims appear while the model still writes, each verified and final; served by a real server that sends events."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from fakes import claim, says
from pytest_httpserver import HTTPServer
from werkzeug import Request, Response

from qa import answer, answer_stream, errors
from qa.model import Answer, Article, ClaimReady, Done, Event, Filters
from qa.page.turn import Turn
from qa.settings import Settings

TEXT = (
    "The line cuts six sailings from Monday. Director Mara Quist said the boats are old. The repair takes five weeks. "
    "Two boats lie in the dock."
)
ARTICLE = Article(id="a", version="v", title="Line cuts six sailings", source="Coast Wire", text=TEXT)
QUESTION = "What does the line cut?"
SIX, WEEKS = claim("The line cuts six sailings.", "S1"), claim("The repair takes five weeks.", "S3")
NINE = claim("The line cuts nine sailings.", "S1")
WAIT = 10.0  # seconds a gate is waited for, before a test fails instead of hanging

Piece = str | Callable[[], object]


def event(text: str = "", finish: str | None = None, usage: dict[str, int] | None = None) -> bytes:
    choice = {"index": 0, "delta": {"content": text} if text else {}, "finish_reason": finish}
    body = {"id": "c", "object": "chat.completion.chunk", "created": 1, "model": "m"}
    chunk = body | {"choices": [] if usage else [choice], "usage": usage}
    return f"data: {json.dumps(chunk)}\n\n".encode()


USED = {"prompt_tokens": 120, "completion_tokens": 40, "total_tokens": 160}


def written(*pieces: Piece, finish: str | None = "stop", length: int | None = None) -> Response:
    """A reply in pieces; a callable is called between two of them, and may wait or break the line."""

    def body() -> Iterator[bytes]:
        for piece in pieces:
            if callable(piece):
                piece()
            else:
                yield event(piece)
        yield event(finish=finish)
        yield event(usage=USED)
        yield b"data: [DONE]\n\n"

    # With a length the client can tell a broken line from an end; without one it cannot.
    headers = {"Content-Length": str(length)} if length else None
    return Response(body(), content_type="text/event-stream", headers=headers)


def opened(*claims: dict[str, Any]) -> str:
    """A reply up to the end of its last claim, but not to its own end."""
    return json.dumps(says(*claims))[: -len("]}")]


def breaks() -> None:
    raise ConnectionAbortedError  # the server lets go of the connection in the middle of its reply


Serve = Callable[..., Settings]


@pytest.fixture
def serve(httpserver: HTTPServer) -> Serve:
    """A server that gives one reply after the other, the last one again and again; and the settings to ask it."""

    def serving(*replies: Response | Callable[[Request], Response], **more: Any) -> Settings:
        left = list(replies)

        def handler(request: Request) -> Response:
            reply = left.pop(0) if len(left) > 1 else left[0]
            return reply(request) if not isinstance(reply, Response) else reply

        httpserver.expect_request("/v1/chat/completions").respond_with_handler(handler)
        more = {"timeout": 20, "judge": "local"} | more
        return Settings(openai_base_url=httpserver.url_for("/v1"), model="m", **more)

    return serving


def ask(settings: Settings) -> Iterator[Event]:
    return answer_stream(QUESTION, articles=[ARTICLE], settings=settings)


def ended(events: Iterator[Event]) -> tuple[list[ClaimReady], Answer]:
    told = list(events)
    assert isinstance(told[-1], Done)
    return [e for e in told if isinstance(e, ClaimReady)], told[-1].answer


def test_a_claim_appears_while_the_model_still_writes(serve: Serve) -> None:
    gate, in_time = threading.Event(), []
    rest = json.dumps(says(SIX, WEEKS))[len(opened(SIX)) :]
    events = ask(serve(written(opened(SIX), lambda: in_time.append(gate.wait(WAIT)), rest)))
    first = next(e for e in events if isinstance(e, ClaimReady))
    assert first.claim.text == "The line cuts six sailings."
    assert [c.number for c in first.citations] == [1]
    assert not gate.is_set()
    gate.set()
    claims, found = ended(events)
    assert in_time == [True], "the server would have gone on only after the claim had been shown"
    assert [c.claim.text for c in claims] == ["The repair takes five weeks."]
    assert found.status == "answered"
    assert [c.text for c in found.claims] == ["The line cuts six sailings.", "The repair takes five weeks."]
    assert [c.citations for c in found.claims] == [(1,), (2,)]
    timings = found.provenance.timings_ms
    assert 0 < timings["first_claim"] <= timings["last_claim"]


def test_half_a_claim_and_an_unverified_one_never_appear(serve: Serve) -> None:
    shown_before: list[list[str]] = []
    seen: list[str] = []
    look = lambda: (time.sleep(0.2), shown_before.append(list(seen)))  # noqa: E731
    whole = json.dumps(says(NINE, SIX))
    half = len(opened(NINE)) // 2
    settings = serve(
        written(whole[:half], look, whole[half : len(opened(NINE))], look, whole[len(opened(NINE)) :]),
        written(json.dumps(says())),
    )
    for told in ask(settings):
        if isinstance(told, ClaimReady):
            seen.append(told.claim.text)
        if isinstance(told, Done):
            found = told.answer
    assert shown_before == [[], []]
    assert seen == ["The line cuts six sailings."]
    assert [(r.text, r.reason) for r in found.rejected] == [("The line cuts nine sailings.", "number")]
    assert found.status == "partial"


@pytest.mark.parametrize(
    ("tail", "finish", "words"),
    [
        ((breaks,), "stop", "broke off"),
        ((", {nonsense",), "stop", "did not return the JSON"),
        ((),"length", "output tokens"),
        ((', {"text": "x", "text": "y", "sentences": ["S1"], "speaker": null}]}',), "stop", "did not return the JSON"),
        (("]}",), "content_filter", "content filter"),
    ],
)  # fmt: skip
def test_a_fault_in_mid_stream_leaves_what_was_verified(
    serve: Serve, tail: tuple[Piece, ...], finish: str, words: str
) -> None:
    claims, found = ended(ask(serve(written(opened(SIX), *tail, finish=finish))))
    assert [c.claim.text for c in claims] == ["The line cuts six sailings."]
    assert found.claims == tuple(c.claim for c in claims)
    assert found.status == "partial"
    assert any("ended early" in warning and words in warning for warning in found.warnings), found.warnings


@pytest.mark.parametrize("length", [None, 1_000_000], ids=["closed", "cut"])
def test_a_broken_line_is_called_one(serve: Serve, length: int | None) -> None:
    claims, found = ended(ask(serve(written(opened(SIX), breaks, length=length))))
    assert [c.claim.text for c in claims] == ["The line cuts six sailings."]
    assert any("broke off" in warning for warning in found.warnings), found.warnings


@pytest.mark.parametrize(
    ("reply", "error"),
    [
        (written('{"answerable": true, "reason": null, "claims": [{"text": "The l', breaks), errors.ModelUnavailable),
        (written('{"answerable": tr', finish="length"), errors.ModelCut),
        (written("I am sorry, but no."), errors.ModelUnparsable),
        (written("", finish="content_filter"), errors.ModelRefused),
    ],
)
def test_a_fault_before_the_first_claim_is_the_fault_it_was(
    serve: Serve, reply: Response, error: type[Exception]
) -> None:
    with pytest.raises(error):
        list(ask(serve(reply, lambda _: written("No."))))


def test_a_server_that_drips_is_left_at_the_deadline_with_what_it_gave(serve: Serve) -> None:
    drip = [piece for _ in range(100) for piece in (" ", lambda: time.sleep(0.1))]
    claims, found = ended(ask(serve(written(opened(SIX), *drip), timeout=1.5)))
    assert [c.claim.text for c in claims] == ["The line cuts six sailings."]
    assert found.status == "partial"
    assert any("within 1.5 s" in warning for warning in found.warnings)


def endless(closed: threading.Event, begun: threading.Event | None = None) -> Response:
    """A reply that goes on and on after its first claim, and tells when nobody listens any more."""

    def body() -> Iterator[bytes]:
        try:
            yield event(opened(SIX))
            for _ in range(int(WAIT / 0.02)):
                time.sleep(0.02)
                yield event(" " * 4096)
                if begun:
                    begun.set()
        except GeneratorExit:
            closed.set()
            raise

    return Response(body(), content_type="text/event-stream")


def test_who_stops_listening_stops_the_server(serve: Serve) -> None:
    closed = threading.Event()
    events = ask(serve(endless(closed)))
    next(e for e in events if isinstance(e, ClaimReady))
    events.close()  # type: ignore[attr-defined]
    assert closed.wait(WAIT), "the connection was left open"


def test_a_reader_who_stops_a_turn_stops_the_server(serve: Serve, settings: Settings) -> None:
    closed, begun = threading.Event(), threading.Event()
    asked = serve(endless(closed, begun))
    with ThreadPoolExecutor(1) as workers:
        turn = Turn(
            "Who called it a slap?", (), Filters(), settings.model_copy(update={"openai_base_url": asked.base_url})
        ).start(workers)
        assert begun.wait(WAIT)
        turn.stop()
        assert not turn.running
        assert closed.wait(WAIT / 2), "the model writes on for nobody"
    assert turn.stopped
    assert turn.answer is None
    assert turn.error is None


def test_what_a_stream_used_is_counted(serve: Serve) -> None:
    _, found = ended(ask(serve(written(json.dumps(says(SIX))))))
    assert found.provenance.usage is not None
    assert (found.provenance.usage.input, found.provenance.usage.output) == (120, 40)


def test_a_repair_comes_behind_what_was_shown(serve: Serve) -> None:
    repaired = json.dumps(says(claim("Two boats lie in the dock.", "S4")))
    whole = {
        "id": "c", "object": "chat.completion", "created": 1, "model": "m",
        "choices": [{"index": 0, "finish_reason": "stop", "message": {"role": "assistant", "content": repaired}}],
    }  # fmt: skip
    repair = Response(json.dumps(whole), content_type="application/json")
    claims, found = ended(ask(serve(written(json.dumps(says(NINE, SIX))), repair)))
    assert [(c.claim.text, c.claim.citations) for c in claims] == [
        ("The line cuts six sailings.", (1,)),
        ("Two boats lie in the dock.", (2,)),
    ]
    assert found.claims == tuple(c.claim for c in claims)


def test_what_contradicts_a_premise_is_not_told_as_an_answer(serve: Serve) -> None:
    reply = says(SIX) | {"answerable": False, "reason": "premise_contradicted"}
    claims, found = ended(ask(serve(written(json.dumps(reply)))))
    assert claims == []
    assert found.abstention is not None
    assert [c.text for c in found.abstention.contradicting] == ["The line cuts six sailings."]


def test_claims_before_the_word_that_it_is_an_answer_wait_for_it(serve: Serve) -> None:
    late = json.dumps({"claims": [SIX], "reason": None, "answerable": True})
    claims, found = ended(ask(serve(written(late[:-25], late[-25:]))))
    assert [c.claim.text for c in claims] == ["The line cuts six sailings."]
    assert found.status == "answered"


@pytest.mark.parametrize("option", ["stream_options", "stream"])
def test_a_server_without_streaming_answers_all_the_same(serve: Serve, option: str) -> None:
    def picky(request: Request) -> Response:
        asked = request.get_json()
        if asked.get(option):
            body = {"error": {"message": f"Unrecognized request argument supplied: {option}"}}
            return Response(json.dumps(body), 400, content_type="application/json")
        if asked.get("stream"):
            return written(json.dumps(says(SIX)))
        message = {"role": "assistant", "content": json.dumps(says(SIX))}
        choices = [{"index": 0, "finish_reason": "stop", "message": message}]
        body = {"id": "c", "object": "chat.completion", "created": 1, "model": "m", "choices": choices}
        return Response(json.dumps(body), content_type="application/json")

    claims, found = ended(ask(serve(picky)))
    assert [c.claim.text for c in claims] == ["The line cuts six sailings."]
    assert found.status == "answered"


def test_json_mode_and_fences_are_read_while_they_are_written(serve: Serve) -> None:
    def no_schema(request: Request) -> Response:
        if request.get_json()["response_format"]["type"] == "json_schema":
            body = {"error": {"message": "response_format json_schema is not supported"}}
            return Response(json.dumps(body), 400, content_type="application/json")
        return written("```json\n", json.dumps(says(SIX, WEEKS)), "\n```")

    claims, found = ended(ask(serve(no_schema)))
    assert len(claims) == 2
    assert found.status == "answered"


def test_a_streamed_answer_is_the_answer_of_the_whole_reply(serve: Serve, httpserver: HTTPServer) -> None:
    reply = json.dumps(says(SIX, NINE, WEEKS))
    one_by_one = [reply[i : i + 3] for i in range(0, len(reply), 3)]
    _, streamed = ended(ask(serve(written(*one_by_one), written(json.dumps(says())))))
    httpserver.clear()
    whole = answer(QUESTION, articles=[ARTICLE], settings=serve(written(reply), written(json.dumps(says()))))
    left_out = {"provenance"}
    assert streamed.model_dump(exclude=left_out) == whole.model_dump(exclude=left_out)


def test_a_claim_that_does_not_answer_waits_for_one_that_does(serve: Serve) -> None:
    """The judge finds that only the second claim answers: the first is shown behind it, not before."""

    def judge(request: Request) -> Response:
        asked = request.get_json()
        if "verdict" not in json.dumps(asked["response_format"]):
            return written(json.dumps(says(WEEKS, SIX)))
        given = [
            {"claim": n, "states": True, "answers": "six" in text}
            for n, text in enumerate(asked["messages"][-1]["content"].split("Claim: ")[1:], 1)
        ]
        content = json.dumps({"verdicts": given})
        message = {"role": "assistant", "content": content}
        choices = [{"index": 0, "finish_reason": "stop", "message": message}]
        body = {"id": "c", "object": "chat.completion", "created": 1, "model": "m", "choices": choices}
        return Response(json.dumps(body), content_type="application/json")

    claims, found = ended(ask(serve(judge, judge="chat")))
    assert [c.claim.text for c in claims] == ["The repair takes five weeks.", "The line cuts six sailings."]
    assert found.status == "answered"
    assert found.provenance.judge == "chat"
