"""OpenAI's Decisions endpoint: statements about some data in, the probability of each out, and no generated text.

``POST /v1/decisions`` of the openai client: up to 400 ``predicate`` questions about one input, a ``probability`` or a
``refusal`` each, in their order. Only input tokens cost anything.
"""

from __future__ import annotations

from collections.abc import Mapping
from math import isfinite
from typing import TYPE_CHECKING, Any, Protocol

from ..errors import MissingKey, ModelError, ModelRefused
from ..model import Usage
from ..settings import DEFAULT_MODEL, Settings
from .endpoint import Endpoint
from .limits import Limits
from .prices import cost

if TYPE_CHECKING:
    from openai import AsyncOpenAI
    from openai.types import Decision

MOST_QUESTIONS = 400
JUDGE_SETTINGS = ("QA_JUDGE_MODEL", "QA_JUDGE_BASE_URL", "QA_JUDGE_API_KEY")


Answered = tuple[dict[str, float], Usage | None]


class Predicates(Protocol):
    """Says how likely statements about some data are true: the seam to a decision model."""

    name: str

    def probabilities(self, data: Mapping[str, Any], questions: Mapping[str, str], limits: Limits) -> Answered:
        """The probability, 0..1, of each statement by its name, all in one request, and what it used.

        ``questions`` are static words of ours that refer to ``data`` by its keys; other people's text is in ``data``
        only. Raises ModelError and its kinds; an answer that is missing or no probability spoils them all.
        """
        ...


class OpenAIDecisions:
    """``client.decisions`` at ``judge_base_url``, else at the chat model's address with its key."""

    def __init__(self, settings: Settings) -> None:
        self.name = settings.judge_model or DEFAULT_MODEL
        self._settings = settings
        self._endpoint = judge_endpoint(settings, self.name)

    def probabilities(self, data: Mapping[str, Any], questions: Mapping[str, str], limits: Limits) -> Answered:
        """See Predicates."""
        require_address(self._settings)
        if len(questions) > MOST_QUESTIONS:
            raise ModelError(f"{self._endpoint.at} takes {MOST_QUESTIONS} questions a request, not {len(questions)}.")

        async def request(client: AsyncOpenAI) -> Answered:
            response = await client.decisions.create(
                model=self.name,
                input=[{"role": "user", "content": [{"type": "input_json", "data": dict(data)}]}],
                questions=[
                    {"type": "predicate", "name": name, "instructions": words} for name, words in questions.items()
                ],
            )
            return self._read(response, questions), self._usage(response)

        return self._endpoint.ask(limits, request)

    def _read(self, response: Decision, questions: Mapping[str, str]) -> dict[str, float]:
        # The client does not validate what it reads, so every field is looked at here.
        if len(response.answers) != len(questions):
            raise self._endpoint.unparsable(f"{len(response.answers)} answers to {len(questions)} questions")
        found = {}
        for name, answer in zip(questions, response.answers, strict=True):
            if answer.type == "refusal":
                raise ModelRefused(f"{self._endpoint.at} refused to judge {name}. Try another QA_JUDGE.")
            if answer.type != "predicate" or answer.name not in (name, None):
                raise self._endpoint.unparsable(f"no answer to {name} where it belongs")
            found[name] = answer.probability
        return checked(found, questions, self._endpoint)

    def _usage(self, response: Decision) -> Usage:
        used = response.usage
        price = cost(self.name, Usage(input=used.input_tokens), self._endpoint.base_url, self._settings.prices)
        return Usage(
            input=used.input_tokens,
            cached=used.input_tokens_details.cached_tokens,
            output=used.output_tokens,
            cost_usd=price,
        )


def judge_endpoint(settings: Settings, model: str) -> Endpoint:
    """The judge's own address with its own key, else the chat model's. A key never goes to the other's address."""
    if settings.judge_base_url:
        base, key = settings.judge_base_url, settings.judge_api_key
    else:
        base, key = settings.base_url, settings.openai_api_key
    return Endpoint(model, base, key, settings.timeout, settings=JUDGE_SETTINGS)


def require_address(settings: Settings) -> None:
    """Raise MissingKey where nobody named an address or a key: the question is not sent anywhere unasked."""
    if not (settings.judge_base_url or settings.openai_base_url or settings.openai_api_key):
        raise MissingKey("No judge's address is set. Set QA_JUDGE_BASE_URL or OPENAI_API_KEY, or QA_JUDGE=local.")


def checked(values: Mapping[str, object], questions: Mapping[str, str], endpoint: Endpoint) -> dict[str, float]:
    """Exactly one probability in 0..1 for every statement. Raises ModelUnparsable: one missing spoils them all."""
    if values.keys() != questions.keys():
        raise endpoint.unparsable("other questions answered than asked")
    found = {}
    for name, value in values.items():
        if isinstance(value, bool) or not isinstance(value, int | float) or not isfinite(value) or not 0 <= value <= 1:
            raise endpoint.unparsable(f"no probability for {name}")
        found[name] = float(value)
    return found
