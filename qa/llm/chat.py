"""Asking a chat model for JSON of a given shape: ``chat.completions``, for llama.cpp, Ollama and vLLM serve it too."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Generic, Protocol, TypeVar

from pydantic import BaseModel

from ..errors import MissingKey, ModelError, ModelRefused, ModelUnparsable
from ..model import Usage
from ..settings import Settings
from .endpoint import COMPLETION_TOKENS, JSON_SCHEMA, Endpoint, Unsupported
from .limits import Limits
from .prices import cost
from .prompts import Message

if TYPE_CHECKING:
    from openai import AsyncOpenAI
    from openai.types.chat import ChatCompletion, ParsedChatCompletion

Shape = TypeVar("Shape", bound=BaseModel)


@dataclass(frozen=True)
class Completion(Generic[Shape]):
    """A model's reply in the shape asked for, and what it used."""

    parsed: Shape
    usage: Usage | None


class ChatModel(Protocol):
    """The seam to a model. ``name`` goes into the Answer's provenance."""

    name: str

    def complete(self, messages: Sequence[Message], shape: type[Shape], limits: Limits) -> Completion[Shape]:
        """Ask, within ``limits``. Raises ModelError or one of its kinds; never returns what does not fit ``shape``."""
        ...


class OpenAIChat:
    """Any server that speaks OpenAI's chat completions: OpenAI, Azure, Ollama, llama.cpp, vLLM."""

    def __init__(self, settings: Settings) -> None:
        self.name = settings.model_name
        self._settings = settings
        key, most = settings.openai_api_key, settings.max_output_tokens
        self._endpoint = Endpoint(self.name, settings.base_url, key, settings.timeout, most)
        self._lacking: set[str] = set()  # what this server has said it does not know

    def complete(self, messages: Sequence[Message], shape: type[Shape], limits: Limits) -> Completion[Shape]:
        """See ChatModel. A server without json_schema is asked again in JSON mode, with the schema in words."""
        if self._settings.openai_api_key is None and self._settings.openai_base_url is None:
            raise MissingKey("No key is set. Set OPENAI_API_KEY, or OPENAI_BASE_URL, or use --offline.")
        while True:
            lacked = len(self._lacking)
            try:
                return self._once(messages, shape, limits)
            except Unsupported as error:
                self._lacking.add(error.what)
                if len(self._lacking) == lacked:
                    raise ModelError(str(error)) from None

    def _once(self, messages: Sequence[Message], shape: type[Shape], limits: Limits) -> Completion[Shape]:
        if JSON_SCHEMA not in self._lacking:
            try:
                return self._with_schema(messages, shape, limits)
            except ModelUnparsable:
                pass  # it took the schema and did not keep to it: JSON mode says it in words
        return self._json_mode(messages, shape, limits)

    def _with_schema(self, messages: Sequence[Message], shape: type[Shape], limits: Limits) -> Completion[Shape]:
        async def request(client: AsyncOpenAI) -> Completion[Shape]:
            response: ParsedChatCompletion[Shape] = await client.chat.completions.parse(
                model=self.name,
                messages=[_param(m) for m in messages],
                response_format=shape,
                **self._most_tokens(),
            )
            message = self._message(response)
            if message.parsed is None:
                raise self._endpoint.unparsable("an empty reply")
            _refuse_duplicates(message.content)
            return Completion(message.parsed, self._usage(response))

        return self._endpoint.ask(limits, request)

    def _json_mode(self, messages: Sequence[Message], shape: type[Shape], limits: Limits) -> Completion[Shape]:
        schema = json.dumps(shape.model_json_schema(), ensure_ascii=False)
        told = Message("system", f"Reply with one JSON object of this JSON schema:\n{schema}")

        async def request(client: AsyncOpenAI) -> Completion[Shape]:
            response = await client.chat.completions.create(
                model=self.name,
                messages=[_param(m) for m in (*messages[:-1], told, messages[-1])],
                response_format={"type": "json_object"},
                **self._most_tokens(),
            )
            content = _unfenced(self._message(response).content or "")
            if response.choices[0].finish_reason == "length":
                raise self._endpoint.cut()
            _refuse_duplicates(content)
            return Completion(shape.model_validate_json(content), self._usage(response))

        return self._endpoint.ask(limits, request)

    def _most_tokens(self) -> Any:
        # Older servers know the limit by its older name only.
        name = "max_tokens" if COMPLETION_TOKENS in self._lacking else COMPLETION_TOKENS
        return {name: self._settings.max_output_tokens}

    def _message(self, response: ChatCompletion) -> Any:
        if not response.choices:
            raise self._endpoint.unparsable("no choice")
        message = response.choices[0].message
        if message.refusal:
            raise ModelRefused("The model refused to answer. Rephrase the question, or use --offline.")
        if response.choices[0].finish_reason == "content_filter":
            raise ModelRefused(
                f"A content filter stopped {self._endpoint.at}. Rephrase the question, or use --offline."
            )
        return message

    def _usage(self, response: ChatCompletion) -> Usage | None:
        used = response.usage
        if used is None:
            return None
        details = used.prompt_tokens_details
        usage = Usage(
            input=used.prompt_tokens or 0,
            cached=(details.cached_tokens or 0) if details else 0,
            output=used.completion_tokens or 0,
        )
        price = cost(self.name, usage, self._settings.base_url, self._settings.prices)
        return usage.model_copy(update={"cost_usd": price})


def _param(message: Message) -> Any:
    return {"role": message.role, "content": message.content}


def _unfenced(content: str) -> str:
    """JSON without the Markdown fence some models put around it."""
    fenced = re.search(r"```(?:json)?\s*(.*?)```", content, re.DOTALL)
    return (fenced.group(1) if fenced else content).strip()


def _refuse_duplicates(content: str | None) -> None:
    """Raise ValueError where a key stands twice in an object: which of the two is meant is anybody's guess."""

    def once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        if len({key for key, _ in pairs}) < len(pairs):
            raise ValueError("a key stands twice")
        return dict(pairs)

    json.loads(content or "", object_pairs_hook=once)
