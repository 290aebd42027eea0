"""The System One format for small decision models. llama.cpp, vLLM, SGLang, Ollama and OpenRouter serve it.

The request is ``POST /v1/systemone`` with ``{model, state, questions: {name: {type: "noul", instructions}}}``. The
reply is ``{model, answers: {name: {type: "noul", noul: 0.98}}, usage: {input_tokens, output_tokens}}``, where ``noul``
is the probability of yes. A key, if there is one, is sent as a Bearer token. The format is described at
https://docs.typesafe.ai/api and https://huggingface.co/blog/ggml-org/decision-models-in-llamacpp.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from ..model import Usage
from ..settings import Settings
from .decisions import Answered, checked, judge_endpoint, require_address
from .limits import Limits
from .prices import cost

if TYPE_CHECKING:
    from httpx2 import Response
    from openai import AsyncOpenAI

USUAL_MODEL = "julia-1"  # a server with a single model ignores the name
MAX_REPLY = 1_000_000  # bytes; 400 answers are about 20,000

_ROUTE = "/systemone"


class SystemOne:
    """A System One server at ``judge_base_url`` (with or without ``/v1``); without it, at the chat model's address."""

    def __init__(self, settings: Settings) -> None:
        if settings.judge_base_url:
            settings = settings.model_copy(update={"judge_base_url": _versioned(settings.judge_base_url)})
        self.name = settings.judge_model or USUAL_MODEL
        self._settings = settings
        self._keyless = (settings.judge_api_key if settings.judge_base_url else settings.openai_api_key) is None
        self._endpoint = judge_endpoint(settings, self.name)

    def probabilities(self, data: Mapping[str, Any], questions: Mapping[str, str], limits: Limits) -> Answered:
        """See Predicates."""
        require_address(self._settings)
        body = {
            "model": self.name,
            "state": dict(data),
            "questions": {name: {"type": "noul", "instructions": words} for name, words in questions.items()},
        }

        async def request(client: AsyncOpenAI) -> Answered:
            import httpx2
            import openai

            # This header makes the client leave the body unread.
            headers: dict[str, Any] = {"X-Stainless-Raw-Response": "stream"}
            if self._keyless:
                headers["Authorization"] = openai.Omit()
            response = await client.post(_ROUTE, cast_to=httpx2.Response, body=body, options={"headers": headers})
            return self._answers(await self._read(response), questions)

        return self._endpoint.ask(limits, request)

    async def _read(self, response: Response) -> bytes:
        content = b""
        try:
            async for part in response.aiter_bytes():
                content += part
                if len(content) > MAX_REPLY:
                    raise self._endpoint.unparsable(f"more than {MAX_REPLY} bytes")
        finally:
            await response.aclose()
        return content

    def _answers(self, content: bytes, questions: Mapping[str, str]) -> Answered:
        try:
            reply = json.loads(content, object_pairs_hook=_once)
        except RecursionError:  # too many nested brackets
            raise self._endpoint.unparsable("JSON nested too deep") from None
        if not isinstance(reply, dict) or not isinstance(answers := reply.get("answers"), dict):
            raise self._endpoint.unparsable("no answers")
        values = {
            name: answer.get("noul") if isinstance(answer, dict) and answer.get("type", "noul") == "noul" else None
            for name, answer in answers.items()
        }
        return checked(values, questions, self._endpoint), self._usage(reply.get("usage"))

    def _usage(self, used: object) -> Usage | None:
        if not isinstance(used, dict):
            return None
        counts = [used.get(name, 0) for name in ("input_tokens", "output_tokens")]
        if not all(type(n) is int and n >= 0 for n in counts):
            return None
        usage = Usage(input=counts[0], output=counts[1])
        price = cost(self.name, usage, self._endpoint.base_url, self._settings.prices)
        return usage.model_copy(update={"cost_usd": price})


def _versioned(address: str) -> str:
    """Return the address up to and including ``/v1``. Users may give only the host, or the whole route."""
    address = address.rstrip("/").removesuffix(_ROUTE)
    return address if address.endswith("/v1") else f"{address}/v1"


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Make a JSON object a dictionary. Raises ValueError for a repeated name: either probability could be meant."""
    if len({name for name, _ in pairs}) < len(pairs):
        raise ValueError("an object has a name twice")
    return dict(pairs)
