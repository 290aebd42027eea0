"""The System One format over real HTTP, with a local server that imitates it. It was not tested with a model."""

from __future__ import annotations

import json
from typing import Any

import pytest
from pydantic import SecretStr
from pytest_httpserver import HTTPServer
from werkzeug import Request, Response

from qa import errors
from qa.llm.limits import Limits
from qa.llm.systemone import MAX_REPLY, SystemOne
from qa.settings import Settings

KEY = "sk-secret-of-a-newsroom"
QUESTIONS = {"states_1": "`claim_1` is stated.", "answers_1": "`claim_1` answers."}
DATA = {"question": "Who?", "claim_1": {"claim": "It is so."}}


def noul(value: Any) -> dict[str, Any]:
    return {"type": "noul", "noul": value}


def reply(states: Any = 0.93, answers: Any = 0.4, **more: Any) -> dict[str, Any]:
    every = {"states_1": noul(states), "answers_1": noul(answers), **more}
    return {"model": "julia-1", "answers": every, "usage": {"input_tokens": 25, "output_tokens": 8}}


def serve(httpserver: HTTPServer, answer: Any) -> list[Request]:
    """Serve the answer and return the list of requests, which grows."""
    requests: list[Request] = []

    def handler(request: Request) -> Response:
        requests.append(request)
        return answer if isinstance(answer, Response) else Response(json.dumps(answer), content_type="application/json")

    httpserver.expect_request("/v1/systemone", method="POST").respond_with_handler(handler)
    return requests


def judge(httpserver: HTTPServer, **more: Any) -> SystemOne:
    return SystemOne(
        Settings(
            **{"judge": "systemone", "judge_base_url": httpserver.url_for(""), "judge_api_key": SecretStr(KEY), **more}
        )
    )


def test_the_documented_request_is_sent_and_the_reply_is_read(httpserver: HTTPServer) -> None:
    requests = serve(httpserver, reply())
    probabilities, usage = judge(httpserver, judge_model="julia-1").probabilities(DATA, QUESTIONS, Limits(5.0, 4))
    assert probabilities == {"states_1": 0.93, "answers_1": 0.4}
    assert usage is not None
    assert (usage.input, usage.output, usage.cost_usd) == (25, 8, None)
    assert requests[0].headers["Authorization"] == f"Bearer {KEY}"
    assert requests[0].get_json() == {
        "model": "julia-1",
        "state": DATA,
        "questions": {
            "states_1": {"type": "noul", "instructions": QUESTIONS["states_1"]},
            "answers_1": {"type": "noul", "instructions": QUESTIONS["answers_1"]},
        },
    }


@pytest.mark.parametrize("path", ["", "/", "/v1", "/v1/", "/v1/systemone"])
def test_the_address_may_be_given_with_or_without_the_route(httpserver: HTTPServer, path: str) -> None:
    serve(httpserver, reply(0, 1))
    configured = judge(httpserver, judge_base_url=httpserver.url_for(path))
    probabilities, _ = configured.probabilities(DATA, QUESTIONS, Limits(5.0, 4))
    assert probabilities == {"states_1": 0.0, "answers_1": 1.0}


def test_without_a_key_no_header_is_sent_and_usage_may_be_missing(httpserver: HTTPServer) -> None:
    requests = serve(httpserver, {"answers": reply()["answers"]})
    _, usage = judge(httpserver, judge_api_key=None, openai_api_key=SecretStr(KEY)).probabilities(
        DATA, QUESTIONS, Limits(5.0, 4)
    )
    assert usage is None
    assert "Authorization" not in requests[0].headers
    assert KEY not in str(requests[0].headers)


TWICE = Response('{"answers": {"states_1": {"noul": 0.1}, "states_1": {"noul": 0.9}, "answers_1": {"noul": 1}}}')


@pytest.mark.parametrize(
    ("answer", "fault"),
    [
        (reply(float("nan")), errors.ModelUnparsable),
        (reply(1.01), errors.ModelUnparsable),
        (reply(-0.5), errors.ModelUnparsable),
        (reply("0.9"), errors.ModelUnparsable),
        (reply(None), errors.ModelUnparsable),
        (reply(True), errors.ModelUnparsable),
        (reply(states_2=noul(0.5)), errors.ModelUnparsable),
        (reply(answers_1={"type": "choice", "choice": "yes"}), errors.ModelUnparsable),
        (reply(answers_1=0.5), errors.ModelUnparsable),
        ({"answers": {"states_1": noul(0.5)}}, errors.ModelUnparsable),
        ({"answers": [0.5, 0.5]}, errors.ModelUnparsable),
        ({}, errors.ModelUnparsable),
        ([], errors.ModelUnparsable),
        (TWICE, errors.ModelUnparsable),
        (Response("<html>log in</html>", content_type="text/html"), errors.ModelUnparsable),
        (Response("[" * 200_000), errors.ModelUnparsable),
        (Response(b'"' + b"x" * (MAX_REPLY + 1) + b'"'), errors.ModelUnparsable),
        (Response('{"error": {"code": 500}}', 500), errors.ModelUnavailable),
        (Response('{"detail": "no"}', 422), errors.ModelError),
        (Response("no", 401), errors.MissingKey),
        (Response("no", 404), errors.ModelNotFound),
        (Response("no", 302, headers={"Location": "/v1/elsewhere"}), errors.ModelNotFound),
    ],
)
def test_each_fault_raises_its_error_without_the_key_or_the_claim(
    httpserver: HTTPServer, answer: Any, fault: type[Exception]
) -> None:
    serve(httpserver, answer)
    with pytest.raises(fault) as raised:
        judge(httpserver).probabilities(DATA, QUESTIONS, Limits(3.0, 4))
    assert KEY not in str(raised.value)
    assert "It is so" not in str(raised.value)


def test_the_error_for_an_address_without_a_server_names_the_setting(httpserver: HTTPServer) -> None:
    unreachable = judge(httpserver, judge_base_url="http://127.0.0.1:9/")
    with pytest.raises(errors.ModelUnavailable, match="QA_JUDGE_BASE_URL"):
        unreachable.probabilities(DATA, QUESTIONS, Limits(10.0, 4))


def test_nothing_is_sent_without_an_address_and_a_key() -> None:
    with pytest.raises(errors.MissingKey):
        SystemOne(Settings(judge="systemone")).probabilities(DATA, QUESTIONS, Limits(5.0, 4))
