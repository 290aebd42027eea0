"""Decision models: typed yes-or-no questions in, a probability for each out, and no text to inject through.

Two ways of asking, with one meaning. What is asked stands in static words; what it is asked about is data beside it.

- ``OpenAIDecisions``: ``POST /decisions`` with ``predicate`` questions, as in OpenAI's API reference of October 2026.
- ``SystemOne``: ``POST /systemone`` with ``noul`` questions, the open wire format that small open decision models are
  served with (state, model, questions by name; answers by name with ``noul`` in 0..1).

No such server could be asked when this was written: both are tested against local servers that speak the documented
formats.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Protocol

from ..model import Usage
from .endpoint import Endpoint
from .limits import Limits
from .prices import cost

if TYPE_CHECKING:
    from openai import AsyncOpenAI

MOST_QUESTIONS = 400  # of one request to the Decisions endpoint

Probabilities = dict[str, float]


class Predicates(Protocol):
    """Answers yes-or-no questions about data."""

    name: str

    def probabilities(
        self, data: Mapping[str, Any], questions: Mapping[str, str], limits: Limits
    ) -> tuple[Probabilities, Usage | None]:
        """The probability of yes for each question, by its name; all in one request.

        Raises ModelError and its kinds; an answer that is missing, refused or no probability is a ModelUnparsable.
        """
        ...


class OpenAIDecisions:
    """OpenAI's Decisions endpoint. ``model`` is ``gpt-6-luna``, the only one it has."""

    def __init__(self, endpoint: Endpoint) -> None:
        self.name = endpoint.model
        self._endpoint = endpoint

    def probabilities(
        self, data: Mapping[str, Any], questions: Mapping[str, str], limits: Limits
    ) -> tuple[Probabilities, Usage | None]:
        """See Predicates."""
        names = list(questions)

        async def request(client: AsyncOpenAI) -> tuple[Probabilities, Usage | None]:
            reply = await client.decisions.create(
                model=self._endpoint.model,
                input=json.dumps(data, ensure_ascii=False),
                questions=[{"type": "predicate", "name": n, "instructions": q} for n, q in questions.items()],
            )
            if len(reply.answers) != len(names):
                raise ValueError("not one answer a question")
            # Answers come in the order of the questions; a refusal is an answer without a probability.
            given = {
                name: getattr(answer, "probability", None)
                for name, answer in zip(names, reply.answers, strict=True)
                if answer.name in {name, None}
            }
            usage = Usage(
                input=reply.usage.input_tokens,
                cached=reply.usage.input_tokens_details.cached_tokens,
                output=reply.usage.output_tokens,
            )
            price = cost(self._endpoint.model, usage, self._endpoint.base_url)
            return _checked(names, given), usage.model_copy(update={"cost_usd": price})

        return self._endpoint.ask(limits, request)


class SystemOne:
    """A server that speaks the System One wire format."""

    def __init__(self, endpoint: Endpoint) -> None:
        self.name = endpoint.model
        self._endpoint = endpoint

    def probabilities(
        self, data: Mapping[str, Any], questions: Mapping[str, str], limits: Limits
    ) -> tuple[Probabilities, Usage | None]:
        """See Predicates."""
        body = {
            "model": self._endpoint.model,
            "state": dict(data),
            "questions": {name: {"type": "noul", "instructions": words} for name, words in questions.items()},
        }

        async def request(client: AsyncOpenAI) -> tuple[Probabilities, Usage | None]:
            reply: Any = await client.post("/systemone", body=body, cast_to=object)
            answers = reply["answers"]
            given = {n: answers[n].get("noul") for n in questions if answers.get(n, {}).get("type", "noul") == "noul"}
            used = reply.get("usage") or {}
            usage = Usage(input=used.get("input_tokens") or 0, output=used.get("output_tokens") or 0)
            return _checked(list(questions), given), usage

        return self._endpoint.ask(limits, request)


def _checked(names: list[str], given: Mapping[str, Any]) -> Probabilities:
    """Every question's probability. Raises ValueError where one is missing or is none."""
    for name in names:
        value = given.get(name)
        if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= 1 or math.isnan(value):
            raise ValueError(f"no probability for {name}")
    return {name: float(given[name]) for name in names}
