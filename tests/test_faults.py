"""Faults of a model server, produced by a real server. Each ends in time, in an Answer or a typed error.

In every case, no claim is shown without its sentences. No message, log or traceback contains a secret, and each error
message says what to do.
"""

from __future__ import annotations

import json
import logging
import socket
import threading
import time
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Any

import pytest
from fakes import claim, says
from pydantic import SecretStr
from pytest_httpserver import HTTPServer
from werkzeug import Request, Response

from qa import answer, errors
from qa.model import Answer, Article
from qa.settings import Settings

KEY = "sk-secret-of-a-newsroom"
TEXT = (
    "The line cuts six sailings from Monday. Director Mara Quist said the boats are old. The repair takes five weeks."
)
ARTICLE = Article(id="a", version="v", title="Line cuts six sailings", source="Coast Wire", text=TEXT)
GOOD = says(claim("The line cuts six sailings.", "S1"))
TIMEOUT = 10.0  # also long enough for a busy machine
SHORT = 1.5  # for servers that never finish

Reply = Response | Callable[[Request], Response]


def completion(content: Any = GOOD, finish: str = "stop", **message: Any) -> Response:
    text = content if isinstance(content, str | None) else json.dumps(content)
    body = {
        "id": "c1",
        "object": "chat.completion",
        "created": 1,
        "model": "m",
        "choices": [
            {"index": 0, "finish_reason": finish, "message": {"role": "assistant", "content": text, **message}}
        ],
        "usage": {"prompt_tokens": 120, "completion_tokens": 7, "total_tokens": 127},
    }
    return Response(json.dumps(body), content_type="application/json")


def status(code: int, message: str = "no", **headers: str) -> Response:
    body = json.dumps({"error": {"message": f"{message} (key {KEY})", "type": "x", "code": "x"}})
    return Response(body, code, headers=headers, content_type="application/json")


def html(code: int) -> Response:
    return Response("<html><body>gateway</body></html>", code, content_type="text/html")


def hang(_: Request) -> Response:
    time.sleep(SHORT + 1)
    return completion()


def lacks(parameter: str, message: str) -> Callable[[Request], Response]:
    """A server that does not support ``parameter``."""

    def handler(request: Request) -> Response:
        body = request.get_json()
        supported = parameter not in body and body.get("response_format", {}).get("type") != parameter
        return completion() if supported else status(400, message)

    return handler


def settings(base_url: str, **changes: Any) -> Settings:
    defaults: dict[str, Any] = {"openai_api_key": SecretStr(KEY), "openai_base_url": base_url, "model": "m"}
    return Settings(**(defaults | {"timeout": TIMEOUT, "judge": "local"} | changes))


def ask(configured: Settings) -> Answer:
    """Ask a question and check what must be true of every answer."""
    result = answer("What does the line cut?", articles=[ARTICLE], settings=configured)
    shown = {(article_id, sentence) for _, article_id, sentence in result.provenance.shown}
    assert all(c.citations for c in result.claims)
    assert all(result.article(c) and c.quote == TEXT[c.start : c.end] for c in result.citations)
    assert {(c.article_id, c.sentence) for claim in result.claims for c in result.cited(claim)} <= shown
    assert KEY not in result.model_dump_json()
    return result


def serve(httpserver: HTTPServer, *replies: Reply) -> str:
    """Serve the replies in turn and then repeat the last one. Return the address."""
    requests: list[Request] = []

    def handler(request: Request) -> Response:
        requests.append(request)
        reply = replies[min(len(requests), len(replies)) - 1]
        return reply if isinstance(reply, Response) else reply(request)

    httpserver.expect_request("/v1/chat/completions", method="POST").respond_with_handler(handler)
    return httpserver.url_for("/v1")


@contextmanager
def raw(talk: Callable[[socket.socket], None]) -> Iterator[str]:
    """A server without HTTP. ``talk`` is called with each connection after the first bytes of a request."""
    listening = socket.create_server(("127.0.0.1", 0))
    ended = threading.Event()

    def run() -> None:
        listening.settimeout(0.1)
        while not ended.is_set():
            try:
                connection, _ = listening.accept()
            except TimeoutError:
                continue
            with connection:
                connection.recv(65536)
                with suppress(OSError):  # the client has closed the connection, as it should
                    talk(connection)

    thread = threading.Thread(target=run)
    thread.start()
    try:
        yield f"http://127.0.0.1:{listening.getsockname()[1]}/v1"
    finally:
        ended.set()
        thread.join()
        listening.close()


HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 5000\r\n\r\n"


def drip(connection: socket.socket) -> None:
    connection.sendall(HEAD)
    for _ in range(60):  # the bytes follow each other quickly, so a timeout between bytes would never end this
        connection.sendall(b" ")
        time.sleep(0.1)


def cut(connection: socket.socket) -> None:
    connection.sendall(HEAD + b'{"choices": [')


def garbage(connection: socket.socket) -> None:
    connection.sendall(b"\x00\xff not HTTP at all \r\n\r\n")


# -- faults that another request or another format gets over -----------------------------------------------------------

RECOVERS = {
    "a short Retry-After": [status(429, **{"Retry-After": "1"}), completion()],
    "one 503": [status(503), completion()],
    "fenced JSON": [completion("```json\n" + json.dumps(GOOD) + "\n```")],
    "prose around the JSON": [completion("Sure! Here:\n```json\n" + json.dumps(GOOD) + "\n```\nAnything else?")],
    "not JSON, once": [completion("I think so."), completion()],
    "no json_schema support": [lacks("json_schema", "'response_format.type' must be 'text' or 'json_object'")],
    "no max_completion_tokens support": [lacks("max_completion_tokens", "Unknown parameter: max_completion_tokens")],
    "no usage": [
        Response(json.dumps({**json.loads(completion().data), "usage": None}), content_type="application/json")
    ],
    "unknown fields": [
        Response(json.dumps({**json.loads(completion().data), "x": 1}), content_type="application/json")
    ],
}


@pytest.mark.parametrize("replies", RECOVERS.values(), ids=RECOVERS)
def test_a_fault_that_can_be_got_over_still_gives_the_answer(httpserver: HTTPServer, replies: list[Reply]) -> None:
    result = ask(settings(serve(httpserver, *replies)))
    assert result.text == "The line cuts six sailings. [1]"


# -- faults that end in an error ---------------------------------------------------------------------------------------

FAILS: dict[str, tuple[list[Reply], type[errors.QAError]]] = {
    "a long Retry-After": ([status(429, **{"Retry-After": "60"})], errors.ModelUnavailable),
    "429 without Retry-After": ([status(429)], errors.ModelUnavailable),
    "500": ([status(500)], errors.ModelUnavailable),
    "a hang": ([hang], errors.ModelTimeout),
    "bad JSON": ([completion("{not json")], errors.ModelUnparsable),
    "JSON of another shape": ([completion({"answer": "six"})], errors.ModelUnparsable),
    "a list for an object": ([completion("[]")], errors.ModelUnparsable),
    "duplicate keys": ([completion(json.dumps(GOOD)[:-1] + ', "claims": []}')], errors.ModelUnparsable),
    "JSON nested too deep": ([completion("[" * 100_000)], errors.ModelUnparsable),
    "a refusal": ([completion(None, refusal="I will not.")], errors.ModelRefused),
    "a content filter": ([completion("", finish="content_filter")], errors.ModelRefused),
    "a length cut": ([completion('{"answ', finish="length")], errors.ModelCut),
    "no choices": ([Response('{"choices": []}', content_type="application/json")], errors.ModelUnparsable),
    "no content": ([completion(None)], errors.ModelUnparsable),
    "a wrong route": ([html(404)], errors.ModelNotFound),
    "a wrong model": ([status(404, "The model 'm' does not exist")], errors.ModelNotFound),
    "a wrong key": ([status(401, "Incorrect API key provided")], errors.MissingKey),
    "no permission": ([status(403)], errors.MissingKey),
    "too much context": ([status(400, "This model's maximum context length is 4096 tokens")], errors.ModelError),
    "too much body": ([status(413)], errors.ModelError),
    "a redirect elsewhere": ([Response("", 307, headers={"Location": "http://127.0.0.1:9/"})], errors.ModelNotFound),
    "non-UTF-8": ([Response(b'{"choices": "\xff\xfe"}', content_type="application/json")], errors.ModelUnparsable),
    "an HTML page": ([html(200)], errors.ModelUnparsable),
    "an HTML error page": ([html(502)], errors.ModelUnavailable),
    "an empty body": ([Response("", content_type="application/json")], errors.ModelUnparsable),
}


def refused(configured: Settings, caplog: pytest.LogCaptureFixture) -> errors.QAError:
    """Ask and return the error, which must be raised in time, name a remedy and contain no secret."""
    caplog.set_level(logging.DEBUG, logger="qa")
    started = time.monotonic()
    with pytest.raises(errors.QAError) as caught:
        ask(configured)
    assert time.monotonic() - started < configured.timeout + 1
    message = str(caught.value)
    assert any(remedy in message for remedy in ("--offline", "QA_", "OPENAI_"))
    output = message + repr(caught.value) + "".join(traceback.format_exception(caught.value)) + caplog.text
    assert KEY not in output
    assert "hunter2" not in output
    return caught.value


@pytest.mark.parametrize(("replies", "kind"), FAILS.values(), ids=FAILS)
def test_a_fault_of_the_reply_raises_its_error(
    httpserver: HTTPServer, caplog: pytest.LogCaptureFixture, replies: list[Reply], kind: type[errors.QAError]
) -> None:
    timeout = SHORT if kind is errors.ModelTimeout else TIMEOUT
    error = refused(settings(serve(httpserver, *replies), timeout=timeout), caplog)
    assert type(error) is kind


@pytest.mark.parametrize(
    ("talk", "kind"),
    [(drip, errors.ModelTimeout), (cut, errors.ModelError), (garbage, errors.ModelError)],
    ids=["a slow drip", "a cut connection", "no HTTP"],
)
def test_a_fault_of_the_connection_raises_its_error(
    caplog: pytest.LogCaptureFixture, talk: Callable[[socket.socket], None], kind: type[errors.QAError]
) -> None:
    timeout = SHORT if kind is errors.ModelTimeout else TIMEOUT
    with raw(talk) as address:
        assert isinstance(refused(settings(address, timeout=timeout), caplog), kind)


def test_an_address_without_a_server_is_unavailable(caplog: pytest.LogCaptureFixture) -> None:
    configured = settings("http://user:hunter2@127.0.0.1:9/v1")
    assert type(refused(configured, caplog)) is errors.ModelUnavailable


# -- faults that end in an answer --------------------------------------------------------------------------------------


def test_an_unknown_label_only_costs_its_claim(httpserver: HTTPServer) -> None:
    replies = completion(says(claim("The line cuts six sailings.", "S1"), claim("It cuts six sailings.", "S99")))
    result = ask(settings(serve(httpserver, replies)))
    assert result.status == "partial"
    assert [r.reason for r in result.rejected] == ["label"]


def test_a_reply_with_only_unknown_labels_leads_to_an_abstention(httpserver: HTTPServer) -> None:
    result = ask(settings(serve(httpserver, completion(says(claim("It cuts six sailings.", "S99"))))))
    assert result.abstention
    assert result.abstention.reason == "unverified"


def test_a_fault_during_the_repair_keeps_the_verified_claims(httpserver: HTTPServer) -> None:
    first = completion(says(claim("The line cuts six sailings.", "S1"), claim("The line cuts nine.", "S1")))
    result = ask(settings(serve(httpserver, first, status(400))))
    assert result.text == "The line cuts six sailings. [1]"
    assert result.status == "partial"
    assert any("could not be repaired" in warning for warning in result.warnings)


def test_if_a_judge_fails_the_next_judge_is_asked(httpserver: HTTPServer) -> None:
    result = ask(settings(serve(httpserver, completion(), completion("no idea")), judge="chat"))
    assert result.text == "The line cuts six sailings. [1]"
    assert result.provenance.judge == "local"
    assert any("support judge" in warning for warning in result.warnings)


def test_calls_are_counted_over_the_whole_question(httpserver: HTTPServer) -> None:
    result = ask(settings(serve(httpserver, completion(says(claim("It cuts nine.", "S1")))), max_calls=1))
    assert result.abstention
    assert any("QA_MAX_CALLS" in warning for warning in result.warnings)
    assert len(httpserver.log) == 1
