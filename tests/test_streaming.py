"""Streaming: claims appear while the model is still writing, verified and final. The test server sends real events."""

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
WAIT = 10.0  # seconds to wait for an event, so that a test fails instead of hanging

Piece = str | Callable[[], object]


def event(text: str = "", finish: str | None = None, usage: dict[str, int] | None = None) -> bytes:
    choice = {"index": 0, "delta": {"content": text} if text else {}, "finish_reason": finish}
    body = {"id": "c", "object": "chat.completion.chunk", "created": 1, "model": "m"}
    chunk = body | {"choices": [] if usage else [choice], "usage": usage}
    return f"data: {json.dumps(chunk)}\n\n".encode()


USED = {"prompt_tokens": 120, "completion_tokens": 40, "total_tokens": 160}


def written(*pieces: Piece, finish: str | None = "stop", length: int | None = None) -> Response:
    """A reply in pieces. A callable between two pieces is called; it may wait or break the connection."""

    def body() -> Iterator[bytes]:
        for piece in pieces:
            if callable(piece):
                piece()
            else:
                yield event(piece)
        yield event(finish=finish)
        yield event(usage=USED)
        yield b"data: [DONE]\n\n"

    # Only with a length can the client tell a broken connection from the end of the reply.
    headers = {"Content-Length": str(length)} if length else None
    return Response(body(), content_type="text/event-stream", headers=headers)


def opened(*claims: dict[str, Any]) -> str:
    """The text of a reply up to the end of its last claim. The closing brackets are missing."""
    return json.dumps(says(*claims))[: -len("]}")]


def breaks() -> None:
    raise ConnectionAbortedError  # the server closes the connection in the middle of its reply


Serve = Callable[..., Settings]


@pytest.fixture
def serve(httpserver: HTTPServer) -> Serve:
    """A function that starts a server, which gives the replies in turn and repeats the last, and returns settings."""

    def serving(*replies: Response | Callable[[Request], Response], **more: Any) -> Settings:
        remaining = list(replies)

        def handler(request: Request) -> Response:
            reply = remaining.pop(0) if len(remaining) > 1 else remaining[0]
            return reply(request) if not isinstance(reply, Response) else reply

        httpserver.expect_request("/v1/chat/completions").respond_with_handler(handler)
        more = {"timeout": 20, "judge": "local"} | more
        return Settings(openai_base_url=httpserver.url_for("/v1"), model="m", **more)

    return serving


def ask(settings: Settings) -> Iterator[Event]:
    return answer_stream(QUESTION, articles=[ARTICLE], settings=settings)


def ended(events: Iterator[Event]) -> tuple[list[ClaimReady], Answer]:
    """Read all events. Return the claims that were emitted, and the final Answer."""
    received = list(events)
    assert isinstance(received[-1], Done)
    return [e for e in received if isinstance(e, ClaimReady)], received[-1].answer


def test_a_claim_appears_while_the_model_is_still_writing(serve: Serve) -> None:
    gate, in_time = threading.Event(), []
    rest = json.dumps(says(SIX, WEEKS))[len(opened(SIX)) :]
    events = ask(serve(written(opened(SIX), lambda: in_time.append(gate.wait(WAIT)), rest)))
    first = next(e for e in events if isinstance(e, ClaimReady))
    assert first.claim.text == "The line cuts six sailings."
    assert [c.number for c in first.citations] == [1]
    assert not gate.is_set()
    gate.set()
    claims, result = ended(events)
    assert in_time == [True], "the server did not have to wait until it sent the rest"
    assert [c.claim.text for c in claims] == ["The repair takes five weeks."]
    assert result.status == "answered"
    assert [c.text for c in result.claims] == ["The line cuts six sailings.", "The repair takes five weeks."]
    assert [c.citations for c in result.claims] == [(1,), (2,)]
    timings = result.provenance.timings_ms
    assert 0 < timings["first_claim"] <= timings["last_claim"]


def test_incomplete_and_unverified_claims_never_appear(serve: Serve) -> None:
    shown_before: list[list[str]] = []
    seen: list[str] = []
    look = lambda: (time.sleep(0.2), shown_before.append(list(seen)))  # noqa: E731
    whole = json.dumps(says(NINE, SIX))
    half = len(opened(NINE)) // 2
    settings = serve(
        written(whole[:half], look, whole[half : len(opened(NINE))], look, whole[len(opened(NINE)) :]),
        written(json.dumps(says())),
    )
    for received in ask(settings):
        if isinstance(received, ClaimReady):
            seen.append(received.claim.text)
        if isinstance(received, Done):
            result = received.answer
    assert shown_before == [[], []]
    assert seen == ["The line cuts six sailings."]
    assert [(r.text, r.reason) for r in result.rejected] == [("The line cuts nine sailings.", "number")]
    assert result.status == "partial"


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
def test_a_fault_in_mid_stream_keeps_the_verified_claims(
    serve: Serve, tail: tuple[Piece, ...], finish: str, words: str
) -> None:
    claims, result = ended(ask(serve(written(opened(SIX), *tail, finish=finish))))
    assert [c.claim.text for c in claims if c.claim.form == "stated"] == ["The line cuts six sailings."]
    assert result.claims == tuple(c.claim for c in claims)
    assert result.status == "partial"
    assert any("ended early" in warning and words in warning for warning in result.warnings), result.warnings


@pytest.mark.parametrize("length", [None, 1_000_000], ids=["closed", "cut"])
def test_a_broken_connection_is_reported_as_such(serve: Serve, length: int | None) -> None:
    claims, result = ended(ask(serve(written(opened(SIX), breaks, length=length))))
    assert [c.claim.text for c in claims] == ["The line cuts six sailings."]
    assert any("broke off" in warning for warning in result.warnings), result.warnings


@pytest.mark.parametrize(
    ("reply", "error"),
    [
        (written('{"answerable": true, "reason": null, "claims": [{"text": "The l', breaks), errors.ModelUnavailable),
        (written('{"answerable": tr', finish="length"), errors.ModelCut),
        (written("I am sorry, but no."), errors.ModelUnparsable),
        (written("", finish="content_filter"), errors.ModelRefused),
    ],
)
def test_a_fault_before_the_first_claim_raises_its_error(serve: Serve, reply: Response, error: type[Exception]) -> None:
    with pytest.raises(error):
        list(ask(serve(reply, lambda _: written("No."))))


def test_a_slow_reply_is_ended_at_the_deadline_and_its_claims_are_kept(serve: Serve) -> None:
    drip = [piece for _ in range(100) for piece in (" ", lambda: time.sleep(0.1))]
    claims, result = ended(ask(serve(written(opened(SIX), *drip), timeout=1.5)))
    assert [c.claim.text for c in claims] == ["The line cuts six sailings."]
    assert result.status == "partial"
    assert any("within 1.5 s" in warning for warning in result.warnings)


def endless(closed: threading.Event, begun: threading.Event | None = None) -> Response:
    """A reply that never ends. ``begun`` is set after its first claim, ``closed`` when the client disconnects."""

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


def test_closing_the_stream_closes_the_connection(serve: Serve) -> None:
    closed = threading.Event()
    events = ask(serve(endless(closed)))
    next(e for e in events if isinstance(e, ClaimReady))
    events.close()  # type: ignore[attr-defined]
    assert closed.wait(WAIT), "the connection was left open"


def test_stopping_a_turn_closes_the_connection(serve: Serve, settings: Settings) -> None:
    closed, begun = threading.Event(), threading.Event()
    server = serve(endless(closed, begun))
    with ThreadPoolExecutor(1) as workers:
        turn = Turn(
            "Who called it a slap?", (), Filters(), settings.model_copy(update={"openai_base_url": server.base_url})
        ).start(workers)
        assert begun.wait(WAIT)
        turn.stop()
        assert not turn.running
        assert closed.wait(WAIT / 2), "the connection was left open"
    assert turn.stopped
    assert turn.answer is None
    assert turn.error is None


def test_the_tokens_of_a_streamed_reply_are_counted(serve: Serve) -> None:
    _, result = ended(ask(serve(written(json.dumps(says(SIX))))))
    assert result.provenance.usage is not None
    assert (result.provenance.usage.input, result.provenance.usage.output) == (120, 40)


def test_repaired_claims_follow_those_already_shown(serve: Serve) -> None:
    repaired = json.dumps(says(claim("Two boats lie in the dock.", "S4")))
    whole = {
        "id": "c", "object": "chat.completion", "created": 1, "model": "m",
        "choices": [{"index": 0, "finish_reason": "stop", "message": {"role": "assistant", "content": repaired}}],
    }  # fmt: skip
    repair = Response(json.dumps(whole), content_type="application/json")
    claims, result = ended(ask(serve(written(json.dumps(says(NINE, SIX))), repair)))
    assert [(c.claim.text, c.claim.citations) for c in claims] == [
        ("The line cuts six sailings.", (1,)),
        ("Two boats lie in the dock.", (2,)),
    ]
    assert result.claims == tuple(c.claim for c in claims)


def test_claims_that_contradict_a_premise_are_not_emitted_as_an_answer(serve: Serve) -> None:
    reply = says(SIX) | {"answerable": False, "reason": "premise_contradicted"}
    claims, result = ended(ask(serve(written(json.dumps(reply)))))
    assert claims == []
    assert result.abstention is not None
    assert [c.text for c in result.abstention.contradicting] == ["The line cuts six sailings."]


def test_claims_wait_until_the_reply_says_that_it_is_an_answer(serve: Serve) -> None:
    late = json.dumps({"claims": [SIX], "reason": None, "answerable": True})
    claims, result = ended(ask(serve(written(late[:-25], late[-25:]))))
    assert [c.claim.text for c in claims] == ["The line cuts six sailings."]
    assert result.status == "answered"


@pytest.mark.parametrize("option", ["stream_options", "stream"])
def test_a_server_without_streaming_still_gives_an_answer(serve: Serve, option: str) -> None:
    def picky(request: Request) -> Response:
        sent = request.get_json()
        if sent.get(option):
            body = {"error": {"message": f"Unrecognized request argument supplied: {option}"}}
            return Response(json.dumps(body), 400, content_type="application/json")
        if sent.get("stream"):
            return written(json.dumps(says(SIX)))
        message = {"role": "assistant", "content": json.dumps(says(SIX))}
        choices = [{"index": 0, "finish_reason": "stop", "message": message}]
        body = {"id": "c", "object": "chat.completion", "created": 1, "model": "m", "choices": choices}
        return Response(json.dumps(body), content_type="application/json")

    claims, result = ended(ask(serve(picky)))
    assert [c.claim.text for c in claims] == ["The line cuts six sailings."]
    assert result.status == "answered"


def test_json_mode_with_a_markdown_fence_can_be_streamed(serve: Serve) -> None:
    def no_schema(request: Request) -> Response:
        if request.get_json()["response_format"]["type"] == "json_schema":
            body = {"error": {"message": "response_format json_schema is not supported"}}
            return Response(json.dumps(body), 400, content_type="application/json")
        return written("```json\n", json.dumps(says(SIX, WEEKS)), "\n```")

    claims, result = ended(ask(serve(no_schema)))
    assert len(claims) == 2
    assert result.status == "answered"


def test_a_streamed_reply_gives_the_same_answer_as_a_whole_one(serve: Serve, httpserver: HTTPServer) -> None:
    reply = json.dumps(says(SIX, NINE, WEEKS))
    one_by_one = [reply[i : i + 3] for i in range(0, len(reply), 3)]
    _, streamed = ended(ask(serve(written(*one_by_one), written(json.dumps(says())))))
    httpserver.clear()
    whole = answer(QUESTION, articles=[ARTICLE], settings=serve(written(reply), written(json.dumps(says()))))
    left_out = {"provenance"}
    assert streamed.model_dump(exclude=left_out) == whole.model_dump(exclude=left_out)


def test_a_claim_that_does_not_answer_waits_for_one_that_does(serve: Serve) -> None:
    """The judge finds that only the second claim answers the question, so the first one is held back until then."""

    def judge(request: Request) -> Response:
        sent = request.get_json()
        if "verdict" not in json.dumps(sent["response_format"]):
            return written(json.dumps(says(WEEKS, SIX)))
        verdicts = [
            {"claim": n, "states": True, "answers": "six" in text}
            for n, text in enumerate(sent["messages"][-1]["content"].split("Claim: ")[1:], 1)
        ]
        content = json.dumps({"verdicts": verdicts})
        message = {"role": "assistant", "content": content}
        choices = [{"index": 0, "finish_reason": "stop", "message": message}]
        body = {"id": "c", "object": "chat.completion", "created": 1, "model": "m", "choices": choices}
        return Response(json.dumps(body), content_type="application/json")

    claims, result = ended(ask(serve(judge, judge="chat")))
    assert [c.claim.text for c in claims] == ["The repair takes five weeks.", "The line cuts six sailings."]
    assert result.status == "answered"
    assert result.provenance.judge == "chat"
