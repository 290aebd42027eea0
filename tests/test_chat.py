"""OpenAIChat over real HTTP with a local server: what is sent, how the reply is read, and the error for each fault."""

from __future__ import annotations

import json
import traceback
from typing import Any

import pytest
from pydantic import BaseModel, SecretStr
from pytest_httpserver import HTTPServer
from werkzeug import Request, Response

from qa import errors
from qa.llm.chat import OpenAIChat
from qa.llm.limits import Limits
from qa.llm.prompts import Message
from qa.settings import Settings

KEY = "sk-secret-of-a-newsroom"
MESSAGES = (Message("system", "Be brief."), Message("user", "Question: who?"))


class Shape(BaseModel):
    word: str


def reply(content: str | None = '{"word": "yes"}', finish: str = "stop", **message: Any) -> dict[str, Any]:
    return {
        "id": "c1",
        "object": "chat.completion",
        "created": 1,
        "model": "m",
        "choices": [
            {"index": 0, "finish_reason": finish, "message": {"role": "assistant", "content": content, **message}}
        ],
        "usage": {
            "prompt_tokens": 120,
            "completion_tokens": 7,
            "total_tokens": 127,
            "prompt_tokens_details": {"cached_tokens": 64},
        },
    }


@pytest.fixture
def chat(httpserver: HTTPServer) -> OpenAIChat:
    return OpenAIChat(
        Settings(openai_api_key=SecretStr(KEY), openai_base_url=httpserver.url_for("/v1"), model="m", timeout=0.5)
    )


def serve(httpserver: HTTPServer, *answers: Any) -> list[dict[str, Any]]:
    """Serve the answers in turn and then repeat the last one. Return the list of request bodies, which grows."""
    bodies: list[dict[str, Any]] = []

    def handler(request: Request) -> Response:
        bodies.append(request.get_json())
        answer = answers[min(len(bodies), len(answers)) - 1]
        if isinstance(answer, Response):
            return answer
        return Response(json.dumps(answer), content_type="application/json")

    httpserver.expect_request("/v1/chat/completions", method="POST").respond_with_handler(handler)
    return bodies


def error(status: int, message: str = "no") -> Response:
    return Response(json.dumps({"error": {"message": message}}), status, content_type="application/json")


def test_the_schema_and_messages_are_sent_and_the_reply_is_parsed(httpserver: HTTPServer, chat: OpenAIChat) -> None:
    bodies = serve(httpserver, reply())
    completion = chat.complete(MESSAGES, Shape, Limits(5.0, 4))
    assert completion.parsed.word == "yes"
    assert completion.usage is not None
    assert (completion.usage.input, completion.usage.cached, completion.usage.output) == (120, 64, 7)
    assert bodies[0]["model"] == "m"
    assert bodies[0]["response_format"]["json_schema"]["strict"] is True
    assert [m["content"] for m in bodies[0]["messages"]] == ["Be brief.", "Question: who?"]


def test_a_server_without_json_schema_is_asked_in_json_mode(httpserver: HTTPServer, chat: OpenAIChat) -> None:
    bodies = serve(httpserver, error(400, "'response_format.type' must be 'text' or 'json_object'"), reply())
    chat.complete(MESSAGES, Shape, Limits(5.0, 4))
    chat.complete(MESSAGES, Shape, Limits(5.0, 4))
    assert [b["response_format"]["type"] for b in bodies] == ["json_schema", "json_object", "json_object"]
    assert "JSON schema" in bodies[1]["messages"][1]["content"]
    assert bodies[1]["messages"][-1]["content"] == "Question: who?"


def test_json_in_a_markdown_fence_is_parsed(httpserver: HTTPServer, chat: OpenAIChat) -> None:
    serve(httpserver, reply('Sure!\n```json\n{"word": "no"}\n```'))
    assert chat.complete(MESSAGES, Shape, Limits(5.0, 4)).parsed.word == "no"


FAULTS = [
    pytest.param(reply("not json"), errors.ModelUnparsable, "QA_MODEL", id="not JSON, twice"),
    pytest.param(reply('{"wort": 1}'), errors.ModelUnparsable, "QA_MODEL", id="another shape"),
    pytest.param(reply(None), errors.ModelUnparsable, "QA_MODEL", id="nothing at all"),
    pytest.param({**reply(), "choices": []}, errors.ModelUnparsable, "QA_MODEL", id="no choices"),
    pytest.param(reply(None, refusal="I will not."), errors.ModelRefused, "Rephrase", id="refusal"),
    pytest.param(reply("", finish="content_filter"), errors.ModelRefused, "Rephrase", id="content filter"),
    pytest.param(reply('{"wo', finish="length"), errors.ModelCut, "QA_MAX_OUTPUT_TOKENS", id="length cut"),
    pytest.param(error(401), errors.MissingKey, "OPENAI_API_KEY", id="wrong key"),
    pytest.param(error(404), errors.ModelNotFound, "QA_MODEL", id="wrong model or route"),
    pytest.param(error(429), errors.ModelUnavailable, "rate", id="rate limit"),
    pytest.param(error(500), errors.ModelUnavailable, "fault", id="server error"),
    pytest.param(error(400, "context too long"), errors.ModelError, "did not accept", id="bad request"),
    pytest.param(
        Response("<html>gateway</html>", 200, content_type="text/html"),
        errors.ModelUnparsable,
        "OPENAI_BASE_URL",
        id="HTML page",
    ),
]


@pytest.mark.parametrize(("answer", "kind", "remedy"), FAULTS)
def test_each_fault_raises_its_error_with_a_remedy_and_without_the_key(
    httpserver: HTTPServer, chat: OpenAIChat, answer: Any, kind: type[errors.QAError], remedy: str
) -> None:
    serve(httpserver, answer)
    with pytest.raises(kind) as caught:
        chat.complete(MESSAGES, Shape, Limits(5.0, 4))
    assert type(caught.value) is kind
    assert remedy in str(caught.value)
    assert KEY not in "".join(traceback.format_exception(caught.value))


def test_a_server_that_hangs_causes_a_timeout(httpserver: HTTPServer, chat: OpenAIChat) -> None:
    import time

    def hang(_: Request) -> Response:
        time.sleep(2)
        return Response("{}")

    httpserver.expect_request("/v1/chat/completions").respond_with_handler(hang)
    with pytest.raises(errors.ModelTimeout, match="QA_TIMEOUT"):
        chat.complete(MESSAGES, Shape, Limits(5.0, 4))


def test_an_address_without_a_server_is_unavailable() -> None:
    chat = OpenAIChat(Settings(openai_base_url="http://127.0.0.1:9/v1", timeout=2))
    with pytest.raises(errors.ModelUnavailable, match="OPENAI_BASE_URL"):
        chat.complete(MESSAGES, Shape, Limits(5.0, 4))


def test_the_error_without_a_key_and_an_address_names_the_remedy() -> None:
    with pytest.raises(errors.MissingKey, match="OPENAI_API_KEY"):
        OpenAIChat(Settings(model="m")).complete(MESSAGES, Shape, Limits(1.0, 4))
