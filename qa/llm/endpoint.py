"""The connection to a server with OpenAI's API, and a typed error for each way it can fail.

Only this module and the embedder import openai. The openai client sends requests, retries them and reads replies. This
module adds a strict deadline, follows no redirects, and keeps the key and the prompt out of every error message.
"""

from __future__ import annotations

import asyncio
import re
import weakref
from collections.abc import Awaitable, Callable, Generator, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar
from urllib.parse import urlsplit, urlunsplit

from pydantic import SecretStr, ValidationError

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
from .limits import Limits

if TYPE_CHECKING:
    from httpx2 import Response
    from openai import AsyncOpenAI

T = TypeVar("T")
Item = TypeVar("Item")

RETRIES = 2  # after HTTP status 408, 409, 429 or 5xx, or a lost connection

JSON_SCHEMA = "json_schema"
COMPLETION_TOKENS = "max_completion_tokens"
STREAM_OPTIONS = "stream_options"
STREAM = "stream"
_TOO_LONG = re.compile(
    r"context[ _](?:length|window|size)|maximum context|too many tokens|exceeds? .{0,40}context", re.IGNORECASE
)


class Unsupported(ModelError):
    """The server does not support an optional parameter. ``what`` is its name."""

    def __init__(self, what: str, message: str) -> None:
        super().__init__(message)
        self.what = what


class Endpoint:
    """One model at one address.

    Args:
        model: the model's name, for messages.
        base_url: the address, including ``/v1``.
        key: None for a local server that needs no key.
        timeout: the most seconds to wait for the next byte. ``Limits`` bounds the whole request.
        output_tokens: the limit of output tokens, for messages.
        settings: the names of the settings for model, address and key, for messages.
    """

    def __init__(
        self,
        model: str,
        base_url: str,
        key: SecretStr | None,
        timeout: float,
        output_tokens: int = 0,
        settings: tuple[str, str, str] = ("QA_MODEL", "OPENAI_BASE_URL", "OPENAI_API_KEY"),
    ) -> None:
        self.model = model
        self.base_url = base_url
        self._key = key
        self._timeout = timeout
        self._output_tokens = output_tokens
        self._model_setting, self._url_setting, self._key_setting = settings
        self._opened: AsyncOpenAI | None = None

    @property
    def at(self) -> str:
        """The model and its address, without user and password, so that it can be shown."""
        parts = urlsplit(self.base_url)
        return f"{self.model} at {urlunsplit(parts._replace(netloc=parts.netloc.rpartition('@')[2]))}"

    def ask(self, limits: Limits, request: Callable[[AsyncOpenAI], Awaitable[T]]) -> T:
        """Run ``request`` with the client, within ``limits``, and return its result.

        This counts as one call. Raises ModelError or one of its subclasses.
        """
        limits.spend()
        current = _Request(limits)

        async def run() -> T:
            _current.set(current)
            return await request(self._client())

        with self._typed(current):
            return limits.run(run)

    def stream(
        self, limits: Limits, request: Callable[[AsyncOpenAI, Callable[[Item], None]], Awaitable[T]]
    ) -> Generator[Item, None, T]:
        """Like ``ask``, for a request that emits items while it runs. Yields the items, and returns the result.

        Closing the generator closes the connection. Raises ModelError or one of its subclasses, also between items.
        """
        limits.spend()
        current = _Request(limits)

        async def run(emit: Callable[[Item], None]) -> T:
            _current.set(current)
            return await request(self._client(), emit)

        with self._typed(current):
            return (yield from limits.stream(run))

    def models(self, limits: Limits) -> list[str]:
        """Return the names of the models that the server offers. Raises ModelError or one of its subclasses.

        The request contains no text of the user or of the library.
        """

        async def list_models(client: AsyncOpenAI) -> list[str]:
            return [model.id for model in (await client.models.list()).data]

        return self.ask(limits, list_models)

    def _client(self) -> AsyncOpenAI:
        if self._opened is None:
            import openai

            self._opened = openai.AsyncOpenAI(
                # A local server needs no key, but the client requires one.
                api_key=self._key.get_secret_value() if self._key else "none",
                base_url=self.base_url,
                timeout=self._timeout,
                max_retries=RETRIES,
                # A redirect would send the question to an address that the user has not seen.
                http_client=openai.DefaultAsyncHttpxClient(
                    follow_redirects=False, event_hooks={"response": [_record_response]}
                ),
            )
            # Connections stay open for the next question. They are closed, on their own event loop, when this Endpoint
            # is garbage collected.
            weakref.finalize(self, _close, asyncio.get_running_loop(), self._opened).atexit = False
        return self._opened

    @contextmanager
    def _typed(self, current: _Request) -> Iterator[None]:
        """Raise the client's errors as ModelError, without the content of the request and without the key."""
        import httpx2
        import openai

        try:
            yield
        except httpx2.TransportError as error:  # the client does not wrap errors while we read a body ourselves
            if isinstance(error, httpx2.TimeoutException):
                raise self._late(current) from None
            raise self.broken(type(error).__name__) from None
        except openai.LengthFinishReasonError:
            raise self.cut() from None
        except openai.ContentFilterFinishReasonError:
            raise ModelRefused(
                f"A content filter stopped {self.at}. Rephrase the question, or use --offline."
            ) from None
        except (ValidationError, ValueError, AttributeError, TypeError, RecursionError) as error:
            # AttributeError: if the body is not JSON (a proxy's HTML page), the client returns a plain str.
            raise self.unparsable(type(error).__name__) from None
        except (openai.APITimeoutError, TimeoutError, asyncio.CancelledError):
            if current.status >= 400:  # the last status says more than the timeout
                raise self._status_error(current.status, "") from None
            raise self._late(current) from None
        except openai.APIConnectionError as error:
            cause = type(error.__cause__ or error).__name__
            if 200 <= current.status < 300:
                raise self.broken(cause) from None
            raise ModelUnavailable(
                f"{self.at} cannot be reached ({cause}). Check {self._url_setting} "
                "and that the server is running, or use --offline."
            ) from None
        except openai.APIStatusError as error:
            raise self._status_error(error.status_code, str(error)) from None
        except openai.OpenAIError as error:
            raise ModelError(f"{self.at} failed ({type(error).__name__}). Try again, or use --offline.") from None

    def _late(self, current: _Request) -> ModelTimeout:
        return ModelTimeout(
            f"{self.at} did not answer within {current.limits.seconds:g} s. Raise QA_TIMEOUT, or use --offline."
        )

    def broken(self, cause: str) -> ModelUnavailable:
        """Return the error for a reply that stops in the middle."""
        return ModelUnavailable(f"{self.at} broke off its reply ({cause}). Ask again, or use --offline.")

    def unparsable(self, cause: str) -> ModelUnparsable:
        """Return the error for a reply that does not have the requested shape."""
        return ModelUnparsable(
            f"{self.at} did not return the JSON that was requested ({cause}). Check {self._url_setting}, try another "
            f"{self._model_setting}, or use --offline."
        )

    def cut(self) -> ModelCut:
        """Return the error for a reply that reached the limit of output tokens."""
        return ModelCut(
            f"{self.at} reached the limit of {self._output_tokens} output tokens. Raise QA_MAX_OUTPUT_TOKENS, or ask "
            "for less."
        )

    def _status_error(self, status: int, message: str) -> ModelError:
        at = self.at
        if status in {400, 422} and re.search(r"response_format|json_schema", message):
            return Unsupported(
                JSON_SCHEMA,
                f"{at} does not support JSON replies. Try another {self._model_setting}, or use --offline.",
            )
        if status in {400, 422} and COMPLETION_TOKENS in message:
            return Unsupported(COMPLETION_TOKENS, f"{at} does not support a limit of output tokens. Use --offline.")
        for option in (STREAM_OPTIONS, STREAM):
            if status in {400, 422, 501} and re.search(rf"\b{option}", message):
                return Unsupported(option, f"{at} does not support streaming. Use --offline.")
        if status == 413 or (status == 400 and _TOO_LONG.search(message)):
            return ModelError(
                f"The prompt is too long for the context of {at}. Lower QA_PROMPT_TOKENS, or use --offline."
            )
        if status in {401, 403}:
            return MissingKey(f"{at} refused the key (HTTP {status}). Check {self._key_setting}.")
        if status == 404:
            return ModelNotFound(
                f"There is no such model or route: {at} (HTTP 404). Check {self._model_setting} and "
                f"{self._url_setting}."
            )
        if status == 429:
            return ModelUnavailable(f"{at} limits the rate of requests (HTTP 429). Wait a little, or use --offline.")
        if status >= 500:
            return ModelUnavailable(f"{at} has a server fault (HTTP {status}). Try again later, or use --offline.")
        if status < 400:
            return ModelNotFound(
                f"{at} redirects elsewhere (HTTP {status}). Set {self._url_setting} to the final address."
            )
        return ModelError(
            f"{at} did not accept the request (HTTP {status}). Try another {self._model_setting}, or use --offline."
        )


def load_client() -> None:
    """Import the client, which takes as long as an answer, before the first request does. Nothing is sent."""
    import openai

    _ = openai.AsyncOpenAI


def _close(loop: asyncio.AbstractEventLoop, client: AsyncOpenAI) -> None:
    """Close a client on its own event loop. The garbage collector may run this in any thread."""
    if not loop.is_closed():
        loop.call_soon_threadsafe(lambda: loop.create_task(client.close()))


@dataclass
class _Request:
    """The request that runs in this task: its limits, and the HTTP status of the server's last reply."""

    limits: Limits
    status: int = 0


_current: ContextVar[_Request] = ContextVar("_current")


async def _record_response(response: Response) -> None:
    """Record the HTTP status, and prevent a retry if the server asks the client to wait beyond the deadline."""
    current = _current.get()
    current.status = response.status_code
    after = response.headers.get("retry-after", "")
    if after.isdigit() and int(after) >= current.limits.remaining:
        response.headers["x-should-retry"] = "false"  # the client obeys this header
