"""OpenAI's Decisions format over real HTTP, with a local server that imitates it. It was not tested with a model."""

from __future__ import annotations

import json
from typing import Any

import pytest
from pydantic import SecretStr
from pytest_httpserver import HTTPServer
from werkzeug import Request, Response

from qa import errors
from qa.llm.decisions import MOST_QUESTIONS, OpenAIDecisions
from qa.llm.limits import Limits
from qa.settings import Settings

KEY = "sk-secret-of-a-newsroom"
QUESTIONS = {"states_1": "`claim_1` is stated.", "answers_1": "`claim_1` answers."}
DATA = {"question": "Who?", "claim_1": {"claim": "It is so."}}
SURE = ({"type": "predicate", "name": "states_1", "probability": 0.93}, {"type": "predicate", "probability": 0.4})


def reply(*answers: Any) -> dict[str, Any]:
    return {
        "model": "gpt-6-luna",
        "answers": list(answers or SURE),
        "usage": {
            "input_tokens": 1000,
            "input_tokens_details": {"cached_tokens": 64, "cache_write_tokens": 0},
            "output_tokens": 5,
            "output_tokens_details": {"reasoning_tokens": 0},
            "total_tokens": 1005,
        },
    }


def judge(httpserver: HTTPServer, **more: Any) -> OpenAIDecisions:
    return OpenAIDecisions(
        Settings(judge="decisions", judge_base_url=httpserver.url_for("/v1"), judge_api_key=SecretStr(KEY), **more)  # type: ignore[arg-type]
    )


def serve(httpserver: HTTPServer, answer: Any) -> list[Request]:
    """Serve the answer and return the list of requests, which grows."""
    requests: list[Request] = []

    def handler(request: Request) -> Response:
        requests.append(request)
        return answer if isinstance(answer, Response) else Response(json.dumps(answer), content_type="application/json")

    httpserver.expect_request("/v1/decisions", method="POST").respond_with_handler(handler)
    return requests


def test_the_documented_request_is_sent_and_the_reply_is_read(httpserver: HTTPServer) -> None:
    requests = serve(httpserver, reply())
    probabilities, usage = judge(httpserver).probabilities(DATA, QUESTIONS, Limits(5.0, 4))
    assert probabilities == {"states_1": 0.93, "answers_1": 0.4}
    assert usage is not None
    assert (usage.input, usage.cached, usage.output) == (1000, 64, 5)
    assert usage.cost_usd is None  # the address is not OpenAI's
    assert requests[0].headers["Authorization"] == f"Bearer {KEY}"
    assert requests[0].get_json() == {
        "model": "gpt-6-luna",
        "input": [{"role": "user", "content": [{"type": "input_json", "data": DATA}]}],
        "questions": [
            {"type": "predicate", "name": "states_1", "instructions": QUESTIONS["states_1"]},
            {"type": "predicate", "name": "answers_1", "instructions": QUESTIONS["answers_1"]},
        ],
    }


REFUSAL = {"type": "refusal", "name": "answers_1"}


@pytest.mark.parametrize(
    ("answer", "fault"),
    [
        (reply(SURE[0]), errors.ModelUnparsable),
        (reply(*SURE, SURE[0]), errors.ModelUnparsable),
        (reply(SURE[1], SURE[0]), errors.ModelUnparsable),
        (reply(SURE[0], SURE[0]), errors.ModelUnparsable),
        (reply(SURE[0], REFUSAL), errors.ModelRefused),
        (reply(SURE[0], {"type": "predicate", "probability": 1.5}), errors.ModelUnparsable),
        (reply(SURE[0], {"type": "predicate", "probability": -0.1}), errors.ModelUnparsable),
        (reply(SURE[0], {"type": "predicate", "probability": float("nan")}), errors.ModelUnparsable),
        (reply(SURE[0], {"type": "predicate", "probability": "high"}), errors.ModelUnparsable),
        (reply(SURE[0], {"type": "predicate"}), errors.ModelUnparsable),
        (reply(SURE[0], {"type": "score", "score": 1}), errors.ModelUnparsable),
        (reply(SURE[0], "yes"), errors.ModelUnparsable),
        ({"answers": None}, errors.ModelUnparsable),
        ({}, errors.ModelUnparsable),
        ([], errors.ModelUnparsable),
        (Response("<html>log in</html>", content_type="text/html"), errors.ModelUnparsable),
        (Response("not json", content_type="application/json"), errors.ModelUnparsable),
        (Response("no", 500), errors.ModelUnavailable),
        (Response("no", 401), errors.MissingKey),
        (Response("no", 404), errors.ModelNotFound),
        (Response("no", 307, headers={"Location": "/v1/elsewhere"}), errors.ModelNotFound),
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


def test_too_many_questions_are_not_sent(httpserver: HTTPServer) -> None:
    with pytest.raises(errors.ModelError, match="400"):
        judge(httpserver).probabilities({}, {str(n): "x" for n in range(MOST_QUESTIONS + 1)}, Limits(5.0, 4))
    assert not httpserver.log


def test_nothing_is_sent_without_an_address_and_a_key() -> None:
    with pytest.raises(errors.MissingKey):
        OpenAIDecisions(Settings(judge="decisions")).probabilities(DATA, QUESTIONS, Limits(5.0, 4))


def test_the_key_of_the_chat_model_is_not_sent_to_the_judge(httpserver: HTTPServer) -> None:
    requests = serve(httpserver, reply())
    settings = Settings(judge="decisions", judge_base_url=httpserver.url_for("/v1"), openai_api_key=SecretStr(KEY))
    OpenAIDecisions(settings).probabilities(DATA, QUESTIONS, Limits(5.0, 4))
    assert KEY not in str(requests[0].headers)


def test_without_its_own_address_the_judge_uses_that_of_the_chat_model(httpserver: HTTPServer) -> None:
    requests = serve(httpserver, reply())
    settings = Settings(openai_base_url=httpserver.url_for("/v1"), openai_api_key=SecretStr(KEY), judge_model="other")
    OpenAIDecisions(settings).probabilities(DATA, QUESTIONS, Limits(5.0, 4))
    assert requests[0].headers["Authorization"] == f"Bearer {KEY}"
    assert requests[0].get_json()["model"] == "other"
