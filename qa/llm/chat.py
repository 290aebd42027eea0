"""Ask a chat model for JSON of a given shape.

It uses OpenAI's ``chat.completions``, which llama.cpp, Ollama and vLLM also serve.
"""

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
    """A model's reply, parsed into the requested shape, and the tokens it used (None if the server did not say)."""

    parsed: Shape
    usage: Usage | None


Streamed = Generator[str, bool | None, Completion[Shape]]
"""Yields the text of a reply received so far, again and again, and returns the Completion."""


class ChatModel(Protocol):
    """The interface to a chat model. ``name`` goes into the Answer's provenance."""

    name: str

    def complete(self, messages: Sequence[Message], shape: type[Shape], limits: Limits) -> Completion[Shape]:
        """Send ``messages`` and return the reply, which always fits ``shape``.

        Raises ModelError or one of its subclasses.
        """
        ...

    def stream(self, messages: Sequence[Message], shape: type[Shape], limits: Limits) -> Streamed[Shape]:
        """Like ``complete``, but yield the text of the reply so far while it arrives. Returns the Completion.

        A caller that has used a yielded text must send True into the generator. After that, a faulty reply is an error;
        before, the model may be asked again in another way. Closing the generator ends the request.
        """
        ...


class OpenAIChat:
    """Any server with OpenAI's chat completions API: OpenAI, Azure, Ollama, llama.cpp, vLLM."""

    def __init__(self, settings: Settings) -> None:
        self.name = settings.model_name
        self._settings = settings
        key, output_tokens = settings.openai_api_key, settings.max_output_tokens
        self._endpoint = Endpoint(self.name, settings.base_url, key, settings.timeout, output_tokens)
        self._unsupported: set[str] = set()  # parameters that this server has rejected

    def complete(self, messages: Sequence[Message], shape: type[Shape], limits: Limits) -> Completion[Shape]:
        """See ChatModel. A server without json_schema is asked again in JSON mode, with the schema in the prompt."""
        self._require_address()
        while True:
            try:
                return self._once(messages, shape, limits)
            except Unsupported as error:
                self._do_without(error)

    def stream(self, messages: Sequence[Message], shape: type[Shape], limits: Limits) -> Streamed[Shape]:
        """See ChatModel. A server that does not stream is asked for the whole reply."""
        self._require_address()
        used = False
        while STREAM not in self._unsupported:
            schema = JSON_SCHEMA not in self._unsupported and not used
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
                return self._json_mode(messages, shape, limits)  # as ``complete`` does
            finally:
                texts.close()
        return self.complete(messages, shape, limits)

    def _require_address(self) -> None:
        if self._settings.openai_api_key is None and self._settings.openai_base_url is None:
            raise MissingKey("No key is set. Set OPENAI_API_KEY, or OPENAI_BASE_URL, or use --offline.")

    def _do_without(self, error: Unsupported) -> None:
        """Leave out a parameter from now on. Raises ModelError if it was left out already."""
        if error.what in self._unsupported:
            raise ModelError(str(error)) from None
        self._unsupported.add(error.what)

    def _once(self, messages: Sequence[Message], shape: type[Shape], limits: Limits) -> Completion[Shape]:
        if JSON_SCHEMA not in self._unsupported:
            try:
                return self._with_schema(messages, shape, limits)
            except ModelUnparsable:
                pass  # the server ignored the schema; JSON mode puts it into the prompt
        return self._json_mode(messages, shape, limits)

    def _with_schema(self, messages: Sequence[Message], shape: type[Shape], limits: Limits) -> Completion[Shape]:
        async def request(client: AsyncOpenAI) -> Completion[Shape]:
            response: ParsedChatCompletion[Shape] = await client.chat.completions.parse(
                model=self.name,
                messages=[_param(m) for m in messages],
                response_format=shape,
                **self._token_limit(),
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
        options: Any = {} if STREAM_OPTIONS in self._unsupported else {STREAM_OPTIONS: {"include_usage": True}}

        async def request(client: AsyncOpenAI, emit: Callable[[str], None]) -> Completion[Shape]:
            stream = await client.chat.completions.create(
                model=self.name,
                messages=[_param(m) for m in (messages if schema else _with_schema_in_prompt(messages, shape))],
                response_format=_schema_of(shape) if schema else {"type": "json_object"},
                stream=True,
                **options,
                **self._token_limit(),
            )
            async with stream:
                if "text/event-stream" not in stream.response.headers.get("content-type", ""):
                    return self._read_whole(await stream.response.aread(), shape)
                return await self._gathered(stream, shape, emit)

        return (yield from self._endpoint.stream(limits, request))

    async def _gathered(
        self, stream: AsyncStream[ChatCompletionChunk], shape: type[Shape], emit: Callable[[str], None]
    ) -> Completion[Shape]:
        """Read a streamed reply to its end. ``emit`` is called with the text so far after each piece."""
        text, refusal, finish_reason, usage = "", "", None, None
        async for chunk in stream:
            usage = chunk.usage or usage
            for choice in chunk.choices[:1]:
                finish_reason = choice.finish_reason or finish_reason
                refusal += choice.delta.refusal or ""
                if choice.delta.content:
                    text += choice.delta.content
                    emit(text)
        self._check_end(refusal, finish_reason)
        content = _unfenced(text)
        try:
            _refuse_duplicates(content)
            return Completion(shape.model_validate_json(content), self._used(usage))
        except ValueError:
            if finish_reason is None:  # the connection was lost, so the JSON is incomplete, not malformed
                raise self._endpoint.broken("no end") from None
            raise

    def _read_whole(self, body: bytes, shape: type[Shape]) -> Completion[Shape]:
        """Read the reply of a server that was asked to stream but sent everything in one piece."""
        from openai.types.chat import ChatCompletion

        response = ChatCompletion.model_validate_json(body)
        content = _unfenced(self._message(response).content or "")
        self._check_end("", response.choices[0].finish_reason)
        _refuse_duplicates(content)
        return Completion(shape.model_validate_json(content), self._usage(response))

    def _check_end(self, refusal: str, finish_reason: str | None) -> None:
        if refusal:
            raise ModelRefused("The model refused to answer. Rephrase the question, or use --offline.")
        if finish_reason == "content_filter":
            raise ModelRefused(
                f"A content filter stopped {self._endpoint.at}. Rephrase the question, or use --offline."
            )
        if finish_reason == "length":
            raise self._endpoint.cut()

    def _json_mode(self, messages: Sequence[Message], shape: type[Shape], limits: Limits) -> Completion[Shape]:
        async def request(client: AsyncOpenAI) -> Completion[Shape]:
            response = await client.chat.completions.create(
                model=self.name,
                messages=[_param(m) for m in _with_schema_in_prompt(messages, shape)],
                response_format={"type": "json_object"},
                **self._token_limit(),
            )
            content = _unfenced(self._message(response).content or "")
            if response.choices[0].finish_reason == "length":
                raise self._endpoint.cut()
            _refuse_duplicates(content)
            return Completion(shape.model_validate_json(content), self._usage(response))

        return self._endpoint.ask(limits, request)

    def _token_limit(self) -> Any:
        # Older servers only know the older name of this parameter.
        name = "max_tokens" if COMPLETION_TOKENS in self._unsupported else COMPLETION_TOKENS
        return {name: self._settings.max_output_tokens}

    def _message(self, response: ChatCompletion) -> Any:
        if not response.choices:
            raise self._endpoint.unparsable("no choice")
        message = response.choices[0].message
        finish_reason = response.choices[0].finish_reason
        self._check_end(message.refusal or "", finish_reason if finish_reason == "content_filter" else None)
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


def _with_schema_in_prompt(messages: Sequence[Message], shape: type[BaseModel]) -> tuple[Message, ...]:
    """Add a message with the JSON schema of the reply, for a server that does not take a schema."""
    schema = json.dumps(shape.model_json_schema(), ensure_ascii=False)
    instruction = Message("system", f"Reply with one JSON object of this JSON schema:\n{schema}")
    return (*messages[:-1], instruction, messages[-1])


def _schema_of(shape: type[BaseModel]) -> Any:
    """Return the strict JSON schema of a shape, in the form that the client's own ``parse`` sends."""
    from openai import pydantic_function_tool

    schema = pydantic_function_tool(shape)["function"]["parameters"]
    return {"type": "json_schema", "json_schema": {"name": shape.__name__, "strict": True, "schema": schema}}


def _param(message: Message) -> Any:
    return {"role": message.role, "content": message.content}


def _unfenced(content: str) -> str:
    """Return JSON without the Markdown fence that some models put around it."""
    fenced = re.search(r"```(?:json)?\s*(.*?)```", content, re.DOTALL)
    return (fenced.group(1) if fenced else content).strip()


def _refuse_duplicates(content: str | None) -> None:
    """Raise ValueError if an object has a key twice, because we cannot know which of the two values is meant."""

    def once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        if len({key for key, _ in pairs}) < len(pairs):
            raise ValueError("an object has a key twice")
        return dict(pairs)

    json.loads(content or "", object_pairs_hook=once)
