"""A server that speaks OpenAI's API: the connection, and each way it can fail as an error of ours.

The only importer of openai beside the embedder. Its client sends, retries and reads; here a request gets a deadline
that holds, no redirect is followed, and no error carries the key or what was asked.
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

RETRIES = 2  # of what a server could not serve: 408, 409, 429, 5xx, a lost connection

JSON_SCHEMA = "json_schema"
COMPLETION_TOKENS = "max_completion_tokens"
STREAM_OPTIONS = "stream_options"
STREAM = "stream"
_TOO_LONG = re.compile(
    r"context[ _](?:length|window|size)|maximum context|too many tokens|exceeds? .{0,40}context", re.IGNORECASE
)


class Unsupported(ModelError):
    """The server does not know a parameter that can be done without."""

    def __init__(self, what: str, message: str) -> None:
        super().__init__(message)
        self.what = what


class Endpoint:
    """One model at one address.

    Args:
        model: the model's name, for messages.
        base_url: the address, with its ``/v1``.
        key: None for a local server that wants none.
        timeout: seconds a single byte may be waited for; ``Limits`` bounds the whole.
        output_tokens: the limit a reply may hit, for its message.
        settings: the names of the settings that hold model, address and key, for messages.
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
        """Model and address, without user or password: fit to be shown."""
        parts = urlsplit(self.base_url)
        return f"{self.model} at {urlunsplit(parts._replace(netloc=parts.netloc.rpartition('@')[2]))}"

    def ask(self, limits: Limits, request: Callable[[AsyncOpenAI], Awaitable[T]]) -> T:
        """What ``request`` makes of the client, within ``limits``. Raises ModelError and its kinds."""
        limits.spend()
        waiting = _Waiting(limits)

        async def noted() -> T:
            _waiting.set(waiting)
            return await request(self._client())

        with self._typed(waiting):
            return limits.run(noted)

    def stream(
        self, limits: Limits, request: Callable[[AsyncOpenAI, Callable[[Item], None]], Awaitable[T]]
    ) -> Generator[Item, None, T]:
        """As ``ask`` for a request that hands on items while it is under way; its result is the generator's value.

        Closing the generator closes the connection. Raises ModelError and its kinds, also in mid-stream.
        """
        limits.spend()
        waiting = _Waiting(limits)

        async def noted(hand_on: Callable[[Item], None]) -> T:
            _waiting.set(waiting)
            return await request(self._client(), hand_on)

        with self._typed(waiting):
            return (yield from limits.stream(noted))

    def models(self, limits: Limits) -> list[str]:
        """The names of the models it serves: a question without content. Raises ModelError and its kinds."""

        async def listed(client: AsyncOpenAI) -> list[str]:
            return [model.id for model in (await client.models.list()).data]

        return self.ask(limits, listed)

    def _client(self) -> AsyncOpenAI:
        if self._opened is None:
            import openai

            self._opened = openai.AsyncOpenAI(
                # A local server wants no key, but the client insists on one.
                api_key=self._key.get_secret_value() if self._key else "none",
                base_url=self.base_url,
                timeout=self._timeout,
                max_retries=RETRIES,
                # A redirect would carry the question to an address nobody was shown.
                http_client=openai.DefaultAsyncHttpxClient(
                    follow_redirects=False, event_hooks={"response": [_note_reply]}
                ),
            )
            # Connections are kept for the next question; they close on their loop when nobody can ask one any more.
            weakref.finalize(self, _close, asyncio.get_running_loop(), self._opened).atexit = False
        return self._opened

    @contextmanager
    def _typed(self, waiting: _Waiting) -> Iterator[None]:
        """The client's errors as ours, without the request's content or the key."""
        import httpx2
        import openai

        try:
            yield
        except httpx2.TransportError as error:  # reading a body by hand, the client does not wrap it
            if isinstance(error, httpx2.TimeoutException):
                raise self._late(waiting) from None
            raise self.broken(type(error).__name__) from None
        except openai.LengthFinishReasonError:
            raise self.cut() from None
        except openai.ContentFilterFinishReasonError:
            raise ModelRefused(
                f"A content filter stopped {self.at}. Rephrase the question, or use --offline."
            ) from None
        except (ValidationError, ValueError, AttributeError, TypeError, RecursionError) as error:
            # AttributeError: where the body is no JSON at all (a proxy's HTML page) the client hands on a bare str.
            raise self.unparsable(type(error).__name__) from None
        except (openai.APITimeoutError, TimeoutError, asyncio.CancelledError):
            if waiting.status >= 400:  # what the server said last tells more than that time is up
                raise self._status_error(waiting.status, "") from None
            raise self._late(waiting) from None
        except openai.APIConnectionError as error:
            what = type(error.__cause__ or error).__name__
            if 200 <= waiting.status < 300:
                raise self.broken(what) from None
            raise ModelUnavailable(
                f"{self.at} cannot be reached ({what}). Check {self._url_setting} "
                "and that the server runs, or use --offline."
            ) from None
        except openai.APIStatusError as error:
            raise self._status_error(error.status_code, str(error)) from None
        except openai.OpenAIError as error:
            raise ModelError(f"{self.at} failed ({type(error).__name__}). Try again, or use --offline.") from None

    def _late(self, waiting: _Waiting) -> ModelTimeout:
        return ModelTimeout(
            f"{self.at} did not answer within {waiting.limits.seconds:g} s. Raise QA_TIMEOUT, or use --offline."
        )

    def broken(self, what: str) -> ModelUnavailable:
        """The error for a reply that stops in the middle."""
        return ModelUnavailable(f"{self.at} broke off its reply ({what}). Ask again, or use --offline.")

    def unparsable(self, what: str) -> ModelUnparsable:
        """The error for a reply that is not what was asked for."""
        return ModelUnparsable(
            f"{self.at} did not return the JSON that was asked for ({what}). Check {self._url_setting}, try another "
            f"{self._model_setting}, or use --offline."
        )

    def cut(self) -> ModelCut:
        """The error for a reply that hit its limit."""
        return ModelCut(
            f"{self.at} hit the limit of {self._output_tokens} output tokens. Raise QA_MAX_OUTPUT_TOKENS or ask less."
        )

    def _status_error(self, status: int, message: str) -> ModelError:
        at = self.at
        if status in {400, 422} and re.search(r"response_format|json_schema", message):
            return Unsupported(
                JSON_SCHEMA, f"{at} gives no JSON replies. Try another {self._model_setting}, or --offline."
            )
        if status in {400, 422} and COMPLETION_TOKENS in message:
            return Unsupported(COMPLETION_TOKENS, f"{at} takes no limit of output tokens. Use --offline.")
        for option in (STREAM_OPTIONS, STREAM):
            if status in {400, 422, 501} and re.search(rf"\b{option}", message):
                return Unsupported(option, f"{at} does not stream its replies. Use --offline.")
        if status == 413 or (status == 400 and _TOO_LONG.search(message)):
            return ModelError(f"{at} was sent more than its context holds. Lower QA_PROMPT_TOKENS, or use --offline.")
        if status in {401, 403}:
            return MissingKey(f"{at} refused the key (HTTP {status}). Check {self._key_setting}.")
        if status == 404:
            return ModelNotFound(
                f"{at}: no such model or route (HTTP 404). Check {self._model_setting} and {self._url_setting}."
            )
        if status == 429:
            return ModelUnavailable(f"{at} limits the rate (HTTP 429). Wait a little, or use --offline.")
        if status >= 500:
            return ModelUnavailable(f"{at} has a fault (HTTP {status}). Try again later, or use --offline.")
        if status < 400:
            return ModelNotFound(
                f"{at} redirects elsewhere (HTTP {status}). Set {self._url_setting} to the final address."
            )
        return ModelError(
            f"{at} did not accept the request (HTTP {status}). Try another {self._model_setting}, or use --offline."
        )


def _close(loop: asyncio.AbstractEventLoop, client: AsyncOpenAI) -> None:
    """Close a client on its own loop, from whatever thread the garbage collector runs in."""
    if not loop.is_closed():
        loop.call_soon_threadsafe(lambda: loop.create_task(client.close()))


@dataclass
class _Waiting:
    """The request under way in this task: its limits, and the last status the server replied with."""

    limits: Limits
    status: int = 0


_waiting: ContextVar[_Waiting] = ContextVar("_waiting")


async def _note_reply(response: Response) -> None:
    """Note what the server said, and do not let the client wait longer for it than the question may take."""
    waiting = _waiting.get()
    waiting.status = response.status_code
    after = response.headers.get("retry-after", "")
    if after.isdigit() and int(after) >= waiting.limits.remaining:
        response.headers["x-should-retry"] = "false"  # a header the client heeds
