"""Asking a chat model for JSON of a given shape. The only importer of openai beside the embedder.

``chat.completions`` because llama.cpp, Ollama and vLLM serve it too. Each way it can fail ends in its own error.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Generic, Protocol, TypeVar

from pydantic import BaseModel, ValidationError

from ..errors import (
    MissingKey,
    ModelCut,
    ModelError,
    ModelNotFound,
    ModelRefused,
    ModelTimeout,
    ModelUnavailable,
    ModelUnparsable,
)
from ..model import Usage
from ..settings import Settings
from .prompts import Message

if TYPE_CHECKING:
    from openai import OpenAI
    from openai.types.chat import ChatCompletion

Shape = TypeVar("Shape", bound=BaseModel)


@dataclass(frozen=True)
class Completion(Generic[Shape]):
    """A model's reply in the shape asked for, and what it used."""

    parsed: Shape
    usage: Usage | None


class ChatModel(Protocol):
    """The seam to a model. ``name`` goes into the Answer's provenance."""

    name: str

    def complete(self, messages: Sequence[Message], shape: type[Shape]) -> Completion[Shape]:
        """Ask once. Raises ModelError or one of its kinds; never returns what does not fit ``shape``."""
        ...


class OpenAIChat:
    """Any server that speaks OpenAI's chat completions."""

    def __init__(self, settings: Settings) -> None:
        self.name = settings.model_name
        self._settings = settings
        self._client: OpenAI | None = None
        self._json_schema = True  # until the server says it has none

    def complete(self, messages: Sequence[Message], shape: type[Shape]) -> Completion[Shape]:
        """See ChatModel. A server without json_schema is asked again in JSON mode, with the schema in words."""
        if self._json_schema:
            try:
                return self._with_schema(messages, shape)
            except _NoSchemaSupport:
                self._json_schema = False
            except ModelUnparsable:
                pass  # it took the schema and did not keep to it: JSON mode says it in words
        return self._json_mode(messages, shape)

    def _with_schema(self, messages: Sequence[Message], shape: type[Shape]) -> Completion[Shape]:
        with self._typed():
            response = self._connect().chat.completions.parse(
                model=self.name,
                messages=[_param(m) for m in messages],
                response_format=shape,
                max_completion_tokens=self._settings.max_output_tokens,
            )
            parsed = _message(response).parsed
            if parsed is None:
                raise ModelUnparsable(f"{self.name} returned an empty answer. Try again, or another QA_MODEL.")
            return Completion(parsed, _usage(response))

    def _json_mode(self, messages: Sequence[Message], shape: type[Shape]) -> Completion[Shape]:
        told = Message("system", f"Reply with one JSON object of this JSON schema:\n{_schema_text(shape)}")
        with self._typed():
            response = self._connect().chat.completions.create(
                model=self.name,
                messages=[_param(m) for m in (*messages[:-1], told, messages[-1])],
                response_format={"type": "json_object"},
                max_completion_tokens=self._settings.max_output_tokens,
            )
            if response.choices and response.choices[0].finish_reason == "length":
                raise ModelCut(self._cut())
            content = _message(response).content or ""
            return Completion(shape.model_validate_json(_unfenced(content)), _usage(response))

    def _connect(self) -> OpenAI:
        if self._client is None:
            import openai

            key = self._settings.openai_api_key
            if key is None and self._settings.openai_base_url is None:
                raise MissingKey("No key is set. Set OPENAI_API_KEY, or OPENAI_BASE_URL, or use --offline.")
            self._client = openai.OpenAI(
                # A local server wants no key, but the client insists on one.
                api_key=key.get_secret_value() if key else "none",
                base_url=self._settings.base_url,
                timeout=self._settings.timeout,
                max_retries=1,
            )
        return self._client

    def _cut(self) -> str:
        return (
            f"{self.name} hit the limit of {self._settings.max_output_tokens} output tokens. "
            "Raise QA_MAX_OUTPUT_TOKENS or ask for less."
        )

    @contextmanager
    def _typed(self) -> Iterator[None]:
        """The client's errors as ours, without the request's content or the key."""
        import openai

        at = f"{self.name} at {self._settings.address}"
        try:
            yield
        except openai.LengthFinishReasonError:
            raise ModelCut(self._cut()) from None
        except openai.ContentFilterFinishReasonError:
            raise ModelRefused(f"A content filter stopped {at}. Rephrase the question, or use --offline.") from None
        except (ValidationError, ValueError, AttributeError) as error:
            # AttributeError: where the body is no JSON at all (a proxy's HTML page) the client hands on a bare str.
            raise ModelUnparsable(
                f"{at} did not return the JSON that was asked for ({type(error).__name__}). Check OPENAI_BASE_URL, "
                "try another QA_MODEL, or use --offline."
            ) from None
        except openai.APITimeoutError:
            raise ModelTimeout(
                f"{at} did not answer within {self._settings.timeout:g} s. Raise QA_TIMEOUT, or use --offline."
            ) from None
        except openai.APIConnectionError as error:
            raise ModelUnavailable(
                f"{at} cannot be reached ({type(error.__cause__ or error).__name__}). Check OPENAI_BASE_URL and that "
                "the server runs, or use --offline."
            ) from None
        except openai.APIStatusError as error:
            raise self._status_error(error.status_code, str(error)) from None
        except openai.OpenAIError as error:
            raise ModelError(f"{at} failed ({type(error).__name__}). Try again, or use --offline.") from None

    def _status_error(self, status: int, message: str) -> ModelError:
        at = f"{self.name} at {self._settings.address}"
        if status in {400, 422} and re.search(r"response_format|json_schema", message):
            return _NoSchemaSupport(f"{at} does not support json_schema.")
        if status in {401, 403}:
            return MissingKey(f"{at} refused the key (HTTP {status}). Check OPENAI_API_KEY.")
        if status == 404:
            return ModelNotFound(f"{at}: no such model or route (HTTP 404). Check QA_MODEL and OPENAI_BASE_URL.")
        if status == 429:
            return ModelUnavailable(f"{at} limits the rate (HTTP 429). Wait a little, or use --offline.")
        if status >= 500:
            return ModelUnavailable(f"{at} has a fault (HTTP {status}). Try again later, or use --offline.")
        return ModelError(f"{at} did not accept the request (HTTP {status}). Try another QA_MODEL, or use --offline.")


class _NoSchemaSupport(ModelError):
    """The server does not know ``response_format: json_schema``."""


def _param(message: Message) -> Any:
    return {"role": message.role, "content": message.content}


def _message(response: ChatCompletion) -> Any:
    if not response.choices:
        raise ModelUnparsable("The model returned no choice at all. Try again, or another QA_MODEL.")
    message = response.choices[0].message
    if message.refusal:
        raise ModelRefused("The model refused to answer. Rephrase the question, or use --offline.")
    return message


def _usage(response: ChatCompletion) -> Usage | None:
    used = response.usage
    if used is None:
        return None
    details = used.prompt_tokens_details
    return Usage(
        input=used.prompt_tokens or 0,
        cached=(details.cached_tokens or 0) if details else 0,
        output=used.completion_tokens or 0,
    )


def _schema_text(shape: type[BaseModel]) -> str:
    import json

    return json.dumps(shape.model_json_schema(), ensure_ascii=False)


def _unfenced(content: str) -> str:
    """JSON without the Markdown fence some models put around it."""
    fenced = re.search(r"```(?:json)?\s*(.*?)```", content, re.DOTALL)
    return (fenced.group(1) if fenced else content).strip()
