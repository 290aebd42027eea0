"""OpenAI's Decisions endpoint. It returns the probability of each of some statements about data, and no text.

``POST /v1/decisions``, called through the openai client, takes up to 400 ``predicate`` questions about one input. It
returns a ``probability`` or a ``refusal`` for each question, in the same order. Only input tokens are charged.
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
    """The interface to a decision model, which estimates how likely statements about some data are true."""

    name: str

    def probabilities(self, data: Mapping[str, Any], questions: Mapping[str, str], limits: Limits) -> Answered:
        """Estimate all statements in one request.

        Args:
            data: what the statements are about. Text that others wrote may only appear here.
            questions: the statements, by name. They are fixed texts of ours that refer to ``data`` by its keys.
            limits: what the question at hand may still use.

        Returns:
            The probability (0..1) of each statement, by name, and the tokens used (None if the server did not say).

        Raises:
            ModelError: or a subclass. One answer that is missing or not a probability makes the whole reply invalid.
        """
        ...


class OpenAIDecisions:
    """The Decisions API at ``judge_base_url``; without that setting, at the chat model's address and with its key."""

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
        # The client does not validate the reply, so we check every field here.
        if len(response.answers) != len(questions):
            raise self._endpoint.unparsable(f"{len(response.answers)} answers to {len(questions)} questions")
        probabilities = {}
        for name, answer in zip(questions, response.answers, strict=True):
            if answer.type == "refusal":
                raise ModelRefused(f"{self._endpoint.at} refused to judge {name}. Try another QA_JUDGE.")
            if answer.type != "predicate" or answer.name not in (name, None):
                raise self._endpoint.unparsable(f"no answer to {name} in its place")
            probabilities[name] = answer.probability
        return checked(probabilities, questions, self._endpoint)

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
    """Return the endpoint of the judge: its own address and key if set, else those of the chat model.

    The key of one address is never sent to the other.
    """
    if settings.judge_base_url:
        base, key = settings.judge_base_url, settings.judge_api_key
    else:
        base, key = settings.base_url, settings.openai_api_key
    return Endpoint(model, base, key, settings.timeout, settings=JUDGE_SETTINGS)


def require_address(settings: Settings) -> None:
    """Raise MissingKey if the user has set neither an address nor a key. Then nothing may be sent to any server."""
    if not (settings.judge_base_url or settings.openai_base_url or settings.openai_api_key):
        raise MissingKey("No address for the judge is set. Set QA_JUDGE_BASE_URL or OPENAI_API_KEY, or QA_JUDGE=local.")


def checked(values: Mapping[str, object], questions: Mapping[str, str], endpoint: Endpoint) -> dict[str, float]:
    """Return ``values`` as floats if they are one probability (0..1) for each question. Raises ModelUnparsable."""
    if values.keys() != questions.keys():
        raise endpoint.unparsable("the answers are to other questions")
    probabilities = {}
    for name, value in values.items():
        if isinstance(value, bool) or not isinstance(value, int | float) or not isfinite(value) or not 0 <= value <= 1:
            raise endpoint.unparsable(f"no probability for {name}")
        probabilities[name] = float(value)
    return probabilities
