"""Asking a chat model for JSON of a given shape: ``chat.completions``, for llama.cpp, Ollama and vLLM serve it too."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Generator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Generic, Protocol, TypeVar

from pydantic import BaseModel

from ..errors import MissingKey, ModelError, ModelRefused, ModelUnparsable
from ..model import Usage
from ..settings import Settings
from .endpoint import COMPLETION_TOKENS, JSON_SCHEMA, STREAM, STREAM_OPTIONS, Endpoint, Unsupported
from .limits import Limits
from .prices import cost
from .prompts import Message

if TYPE_CHECKING:
    from openai import AsyncOpenAI, AsyncStream
    from openai.types import CompletionUsage
    from openai.types.chat import ChatCompletion, ChatCompletionChunk, ParsedChatCompletion

Shape = TypeVar("Shape", bound=BaseModel)


@dataclass(frozen=True)
class Completion(Generic[Shape]):
    """A model's reply in the shape asked for, and what it used."""

    parsed: Shape
    usage: Usage | None


Streamed = Generator[str, bool | None, Completion[Shape]]
"""The text of a reply as it grows, and the whole of it as the generator's value."""


class ChatModel(Protocol):
    """The seam to a model. ``name`` goes into the Answer's provenance."""

    name: str

    def complete(self, messages: Sequence[Message], shape: type[Shape], limits: Limits) -> Completion[Shape]:
        """Ask, within ``limits``. Raises ModelError or one of its kinds; never returns what does not fit ``shape``."""
        ...

    def stream(self, messages: Sequence[Message], shape: type[Shape], limits: Limits) -> Streamed[Shape]:
        """As ``complete``, yielding the reply's text so far while it grows; the generator's value is the Completion.

        Whoever has used a text sends True back: from then on the reply is not asked for a second time in another way.
        Closing the generator ends the request.
        """
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
        self._need_address()
        while True:
            try:
                return self._once(messages, shape, limits)
            except Unsupported as error:
                self._do_without(error)

    def stream(self, messages: Sequence[Message], shape: type[Shape], limits: Limits) -> Streamed[Shape]:
        """See ChatModel. A server that does not stream is asked for the whole reply."""
        self._need_address()
        used = False
        while STREAM not in self._lacking:
            schema = JSON_SCHEMA not in self._lacking and not used
            texts = self._streamed(messages, shape, limits, schema=schema)
            try:
                text = next(texts)
                while True:
                    used = bool((yield text)) or used
                    text = next(texts)
            except StopIteration as end:
                return end.value  # type: ignore[no-any-return]
            except Unsupported as error:
                self._do_without(error)
            except ModelUnparsable:
                if used or not schema:
                    raise
                return self._json_mode(messages, shape, limits)  # as in ``complete``
            finally:
                texts.close()
        return self.complete(messages, shape, limits)

    def _need_address(self) -> None:
        if self._settings.openai_api_key is None and self._settings.openai_base_url is None:
            raise MissingKey("No key is set. Set OPENAI_API_KEY, or OPENAI_BASE_URL, or use --offline.")

    def _do_without(self, error: Unsupported) -> None:
        """Note what this server does not know. Raises ModelError if that had been left out already."""
        if error.what in self._lacking:
            raise ModelError(str(error)) from None
        self._lacking.add(error.what)

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

    def _streamed(
        self, messages: Sequence[Message], shape: type[Shape], limits: Limits, *, schema: bool
    ) -> Streamed[Shape]:
        options: Any = {} if STREAM_OPTIONS in self._lacking else {STREAM_OPTIONS: {"include_usage": True}}

        async def request(client: AsyncOpenAI, hand_on: Callable[[str], None]) -> Completion[Shape]:
            stream = await client.chat.completions.create(
                model=self.name,
                messages=[_param(m) for m in (messages if schema else _in_words(messages, shape))],
                response_format=_schema_of(shape) if schema else {"type": "json_object"},
                stream=True,
                **options,
                **self._most_tokens(),
            )
            async with stream:
                if "text/event-stream" not in stream.response.headers.get("content-type", ""):
                    return self._read_whole(await stream.response.aread(), shape)
                return await self._gathered(stream, shape, hand_on)

        return (yield from self._endpoint.stream(limits, request))

    async def _gathered(
        self, stream: AsyncStream[ChatCompletionChunk], shape: type[Shape], hand_on: Callable[[str], None]
    ) -> Completion[Shape]:
        """The pieces of a reply as they come, each handed on with all before it, and what they make."""
        text, refusal, finished, usage = "", "", None, None
        async for chunk in stream:
            usage = chunk.usage or usage
            for choice in chunk.choices[:1]:
                finished = choice.finish_reason or finished
                refusal += choice.delta.refusal or ""
                if choice.delta.content:
                    text += choice.delta.content
                    hand_on(text)
        self._check_end(refusal, finished)
        content = _unfenced(text)
        try:
            _refuse_duplicates(content)
            return Completion(shape.model_validate_json(content), self._used(usage))
        except ValueError:
            if finished is None:  # the line was closed: it is not the model that does not keep to the shape
                raise self._endpoint.broken("no end") from None
            raise

    def _read_whole(self, body: bytes, shape: type[Shape]) -> Completion[Shape]:
        """The reply of a server that was asked to stream and sent it in one piece."""
        from openai.types.chat import ChatCompletion

        response = ChatCompletion.model_validate_json(body)
        content = _unfenced(self._message(response).content or "")
        self._check_end("", response.choices[0].finish_reason)
        _refuse_duplicates(content)
        return Completion(shape.model_validate_json(content), self._usage(response))

    def _check_end(self, refusal: str, finished: str | None) -> None:
        if refusal:
            raise ModelRefused("The model refused to answer. Rephrase the question, or use --offline.")
        if finished == "content_filter":
            raise ModelRefused(
                f"A content filter stopped {self._endpoint.at}. Rephrase the question, or use --offline."
            )
        if finished == "length":
            raise self._endpoint.cut()

    def _json_mode(self, messages: Sequence[Message], shape: type[Shape], limits: Limits) -> Completion[Shape]:
        async def request(client: AsyncOpenAI) -> Completion[Shape]:
            response = await client.chat.completions.create(
                model=self.name,
                messages=[_param(m) for m in _in_words(messages, shape)],
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
        finished = response.choices[0].finish_reason
        self._check_end(message.refusal or "", finished if finished == "content_filter" else None)
        return message

    def _usage(self, response: ChatCompletion) -> Usage | None:
        return self._used(response.usage)

    def _used(self, used: CompletionUsage | None) -> Usage | None:
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


def _in_words(messages: Sequence[Message], shape: type[BaseModel]) -> tuple[Message, ...]:
    """The messages with the reply's schema in words, for a server that takes none."""
    schema = json.dumps(shape.model_json_schema(), ensure_ascii=False)
    told = Message("system", f"Reply with one JSON object of this JSON schema:\n{schema}")
    return (*messages[:-1], told, messages[-1])


def _schema_of(shape: type[BaseModel]) -> Any:
    """The strict JSON schema of a shape, as the client itself makes it for ``parse``."""
    from openai import pydantic_function_tool

    schema = pydantic_function_tool(shape)["function"]["parameters"]
    return {"type": "json_schema", "json_schema": {"name": shape.__name__, "strict": True, "schema": schema}}


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
