"""What every request passes before it reaches its endpoint: its id and log line, then whether it is let in.

This is done around the application, not inside of it, because FastAPI reads a body before it looks at anything else:
nobody without a token is to make the server read 20 MB.
"""

from __future__ import annotations

import asyncio
import logging
import re
from collections.abc import Set
from contextlib import suppress
from itertools import chain
from time import perf_counter
from typing import cast
from uuid import uuid4

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from ..articles.files import MAX_BYTES
from ..errors import SettingsError
from .limits import Rate
from .metrics import Metrics
from .options import ApiSettings, is_loopback
from .problems import (
    CROSS_SITE,
    FORBIDDEN,
    HEADER_TOO_LARGE,
    MALFORMED,
    TOKENS_BROKEN,
    TOO_LARGE,
    TOO_SLOW,
    UNAUTHORIZED,
    UNKNOWN_HOST,
    Refusal,
    log_error,
    response_of,
)
from .tokens import Access, Tokens

log = logging.getLogger("qa.api")
access_log = logging.getLogger("qa.api.access")

JSON_BYTES = 2_000_000
"""The largest body, except of an upload. An answer with 50 claims has 100,000 bytes."""
HEADER_BYTES = 16_384
"""The most bytes of an address and all headers."""
UPLOAD_BYTES = MAX_BYTES + 100_000
"""The largest body of an upload: one file as large as Dateline reads, and what is around it."""
LEAST_BYTES_A_SECOND = 20_000
"""A large body gets more time, if it comes at least this fast."""
GUESSES = 20  # wrong tokens a minute from one address; then it gets 429 instead of 401
CLIENT_GONE = 499  # logged if the client hangs up before the response; nginx uses the same number

HEALTH = "/healthz"
PROBES = frozenset({HEALTH, "/readyz"})
"""Paths that need no token, for whatever watches over the server."""
ARTICLES = "/v1/articles"
READING = frozenset({("POST", "/v1/answers"), ("POST", "/v1/rechecks")})
"""Requests that change nothing although they are no GET."""
METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})

REFUSED = "refused"
"""The key in a request's state of the error for which its body was not read to its end."""
LOCAL = "local"
"""The name under which requests without a token are counted and logged, where none is needed."""

_REQUEST_ID = re.compile(r"[A-Za-z0-9._-]{1,64}")


class ClientGone(Exception):
    """The client hung up while its request was worked on."""


class Observed:
    """Gives each request an id, a log line and its place in the metrics, and turns every error into a problem."""

    def __init__(self, app: ASGIApp, metrics: Metrics, seconds: float) -> None:
        """Wrap an application. ``seconds`` is how long the rest of a body is waited for that nobody reads."""
        self._app = app
        self._metrics = metrics
        self._seconds = seconds

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        request_id = _request_id(Headers(scope=scope))
        scope["state"] = {**scope.get("state", {}), "request_id": request_id}
        started, status = perf_counter(), CLIENT_GONE
        incoming = _Incoming(scope, receive)

        async def noted(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                headers = MutableHeaders(scope=message)
                headers["X-Request-Id"] = request_id
                headers["X-Content-Type-Options"] = "nosniff"
                headers.setdefault("Cache-Control", "no-store")
            elif not message.get("more_body", False) and not incoming.ended:
                # A connection that is closed while data comes in is reset, and the client may never see the response.
                await send({**message, "more_body": True})
                await incoming.discard(self._seconds)
                message = {"type": "http.response.body"}
            await send(message)

        try:
            await self._app(scope, incoming.receive, noted)
        except ClientGone:
            status = CLIENT_GONE
        except Exception as error:  # noqa: BLE001  # even a bug in one request must reach neither client nor server
            log_error(error, f"request {request_id}")
            if status == CLIENT_GONE:  # else the server closes the connection, so that the part is not taken for all
                await response_of(error, request_id)(scope, receive, noted)
        finally:
            self._note(scope, status, perf_counter() - started)

    def _note(self, scope: Scope, status: int, seconds: float) -> None:
        # The route is its template, not the path: that may hold a name, and anything that somebody tries out.
        route = getattr(scope.get("route"), "path", "-")
        method = scope["method"] if scope["method"] in METHODS else "OTHER"
        self._metrics.request(method, route, status, seconds)
        fields = {
            "method": method,
            "route": route,
            "status": status,
            "ms": round(seconds * 1000),
            "request_id": scope["state"]["request_id"],
            "token": scope["state"].get("token", "-"),
        }
        access_log.info(" ".join(f"{name}={value}" for name, value in fields.items()), extra=fields)


class _Incoming:
    """The body of a request as the server gives it. ``ended`` tells whether all of it has been read."""

    def __init__(self, scope: Scope, receive: Receive) -> None:
        headers = Headers(scope=scope)
        self.ended = headers.get("content-length", "0") == "0" and "transfer-encoding" not in headers
        self._receive = receive

    async def receive(self) -> Message:
        """Return the next part, or that the client has hung up."""
        message = await self._receive()
        self.ended = self.ended or not message.get("more_body", False)
        return message

    async def discard(self, seconds: float) -> None:
        """Read the rest and forget it, for at most so many seconds."""
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                while not self.ended:
                    await self.receive()


class Gate:
    """Lets a request in if its host, origin, token, rate and body allow it."""

    def __init__(
        self, app: ASGIApp, tokens: Tokens, options: ApiSettings, reading: Set[tuple[str, str]] = READING
    ) -> None:
        """Guard an application. ``reading`` are the methods and paths that change nothing although they are no GET."""
        self._app = app
        self._tokens = tokens
        self._options = options
        self._reading = reading
        self._rate = Rate(options.rate)
        self._guesses = Rate(GUESSES)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one request. Raises Refusal."""
        if scope["type"] == "http":
            self._admit(scope)
            receive = _Body(scope, receive, self._options.body_seconds).receive
        await self._app(scope, receive, send)

    def _admit(self, scope: Scope) -> None:
        headers, path = Headers(scope=scope), scope["path"]
        # uvicorn only limits a header that comes in several parts.
        if sum(map(len, (scope["raw_path"], scope["query_string"], *chain(*scope["headers"])))) > HEADER_BYTES:
            raise Refusal(HEADER_TOO_LARGE)
        if "\0" in path or b"%00" in scope["query_string"]:
            raise Refusal(MALFORMED, "The address contains NUL. Leave it out.")
        if path in PROBES:
            return
        name, access = self._who(headers, _address(scope))
        scope["state"]["token"] = name
        self._rate.spend(name)
        reads = scope["method"] in {"GET", "HEAD", "OPTIONS"} or (scope["method"], path) in self._reading
        if access == "read" and not reads:
            raise Refusal(FORBIDDEN)
        length = headers.get("content-length", "")
        most = _most_bytes(scope)
        if length.isdecimal() and (len(length) > 18 or int(length) > most):
            raise _too_large(most)

    def _who(self, headers: Headers, address: str) -> tuple[str, Access]:
        """Return the name and the access of whoever sends a request. Raises Refusal."""
        self._check_origin(headers)
        if self._options.loopback and not self._tokens.exist:
            # A page in the user's browser reaches this machine by another name, too. It has no token.
            if not is_loopback(_host(headers.get("host", ""))):
                raise Refusal(UNKNOWN_HOST)
            return LOCAL, "write"
        sent = headers.getlist("authorization")
        scheme, _, secret = sent[0].partition(" ") if len(sent) == 1 else ("", "", "")
        try:
            token = self._tokens.find(secret.strip()) if scheme.lower() == "bearer" else None
        except SettingsError:
            log.exception("tokens cannot be checked, so everybody is refused")
            raise Refusal(TOKENS_BROKEN) from None
        if token is None:
            if sent:
                self._guesses.spend(address)
            raise Refusal(UNAUTHORIZED)
        return token.name, token.access

    def _check_origin(self, headers: Headers) -> None:
        """Refuse what a page of another site sends. Only browsers name an origin."""
        origin = headers.get("origin")
        own = {f"http://{headers.get('host')}", f"https://{headers.get('host')}"}
        if origin is not None and origin not in own and origin not in self._options.cors_origins:
            raise Refusal(CROSS_SITE)


class _Body:
    """The body of a request as it comes in, with a limit of size and time."""

    def __init__(self, scope: Scope, receive: Receive, seconds: float) -> None:
        self._scope = scope
        self._receive = receive
        self._most = _most_bytes(scope)
        self._seconds = seconds
        self._started: float | None = None
        self._size = 0
        self._ended = False

    async def receive(self) -> Message:
        """Return the next part. Raises Refusal if it is too large or too slow, ClientGone."""
        if self._ended:  # what comes now is the news that the client has hung up
            return await self._receive()
        now = perf_counter()
        self._started = now if self._started is None else self._started
        left = self._started + self._seconds + self._size / LEAST_BYTES_A_SECOND - now
        try:
            message = await asyncio.wait_for(self._receive(), max(left, 0.001))
        except TimeoutError:
            raise self._refused(Refusal(TOO_SLOW)) from None
        if message["type"] == "http.disconnect":
            raise self._refused(ClientGone())
        self._size += len(message.get("body", b""))
        if self._size > self._most:
            raise self._refused(_too_large(self._most))
        self._ended = not message.get("more_body", False)
        return message

    def _refused(self, error: Exception) -> Exception:
        # FastAPI takes whatever is raised here for a fault of the JSON, so ``refused`` says what it was.
        self._scope["state"][REFUSED] = error
        return error


def _most_bytes(scope: Scope) -> int:
    uploads = scope["method"] == "POST" and scope["path"] == ARTICLES
    return UPLOAD_BYTES if uploads else JSON_BYTES


def _too_large(most: int) -> Refusal:
    return Refusal(TOO_LARGE, f"The body of this request may have {most:,} bytes. Send less, or in several requests.")


def _request_id(headers: Headers) -> str:
    sent = headers.get("x-request-id", "")
    return sent if _REQUEST_ID.fullmatch(sent) else uuid4().hex


def _address(scope: Scope) -> str:
    client = cast("tuple[str, int] | None", scope.get("client"))
    return client[0] if client else "-"


def _host(header: str) -> str:
    """Return the name or address in a Host header, without its port."""
    if header.startswith("["):
        return header[1:].partition("]")[0]
    return header.partition(":")[0]


def request_id_of(scope: Scope) -> str:
    """Return the id of a request."""
    return cast(str, scope["state"]["request_id"])
