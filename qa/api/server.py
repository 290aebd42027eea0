"""Runs the application in uvicorn: what it logs, and how long a client may take."""

from __future__ import annotations

import asyncio
import logging
import sys
from typing import Any
from uuid import uuid4

import h11
import uvicorn
from starlette.types import ASGIApp, Receive, Scope, Send
from uvicorn.protocols.http.h11_impl import H11Protocol

from ..errors import SettingsError
from ..library.library import Library
from ..settings import Settings
from .gate import HEADER_BYTES, HEALTH, Observed, access_log
from .metrics import Metrics
from .options import ApiSettings
from .problems import FULL, MALFORMED, Refusal, problem_of
from .tokens import Tokens

CONNECTIONS = 512  # open at the same time; others get 503
REFUSED_SECONDS = 1.0  # that such a connection may take to send the rest of its request
STOP_SECONDS = 10  # requests that are worked on get this long when the server is told to stop


def check(settings: Settings, options: ApiSettings) -> Tokens:
    """Return the library's tokens. Raises SettingsError if others could use the server without a token."""
    tokens = Tokens(settings.folder)
    if not options.loopback and not tokens.any_usable:
        raise SettingsError(
            f"On {options.host}, other machines can reach the server, so it needs a token. Create one with: "
            "qa token create NAME"
        )
    tokens.all()  # raises if the file cannot be trusted
    return tokens


def serve(settings: Settings, options: ApiSettings) -> None:
    """Serve until interrupted. A library that is not there yet is created. Raises SettingsError, LibraryError."""
    from .app import create_app  # FastAPI is no part of the extra "mcp"

    check(settings, options)
    Library(settings.library, create=True).close()
    app = create_app(settings, options)
    uvicorn.Server(config_of(app, options, app.state.service.metrics)).run()


def config_of(app: ASGIApp, options: ApiSettings, counted: Metrics) -> uvicorn.Config:
    """Return how uvicorn runs an application. ``counted`` gets what never becomes a request."""

    class Protocol(_Protocol):
        seconds = options.body_seconds
        metrics = counted
        full = Observed(_refuse, counted, REFUSED_SECONDS)

    return uvicorn.Config(
        app,
        host=options.host,
        port=options.port,
        http=Protocol,
        ws="none",
        log_config=None,
        access_log=False,
        proxy_headers=False,
        server_header=False,
        h11_max_incomplete_event_size=HEADER_BYTES,
        timeout_graceful_shutdown=STOP_SECONDS,
    )


def log_to_stderr(*names: str) -> None:
    """Write the log of the API, and of loggers with other names, to standard error. A request is one line."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s %(message)s"))
    for name in ("qa", "uvicorn", *names):
        logger = logging.getLogger(name)
        logger.handlers, logger.propagate = [handler], False
        logger.setLevel(logging.INFO)


async def _refuse(_scope: Scope, _receive: Receive, _send: Send) -> None:
    raise Refusal(FULL)


class _Protocol(H11Protocol):
    """uvicorn's protocol, which closes connections whose request does not arrive, and tells every fault as a problem.

    uvicorn itself waits for ever for a header, and for the rest of a body whose response has been sent.
    """

    seconds = 20.0
    metrics: Any = None
    full: Any = None  # answers on connections that are too many
    _deadline: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        if self._crowded:  # uvicorn's own limit would refuse the connections before this one, too
            self.app = self._if_there_is_room
        self._watch()

    def data_received(self, data: bytes) -> None:
        super().data_received(data)
        self._watch()

    def connection_lost(self, exc: Exception | None) -> None:
        super().connection_lost(exc)
        self._stop_watching()

    def on_response_complete(self) -> None:
        super().on_response_complete()
        if self.conn.trailing_data[0]:  # the next request has begun to arrive while this one was worked on
            self._watch()

    def send_400_response(self, msg: str) -> None:
        """Tell that what came in is not HTTP, and close the connection."""
        request_id = uuid4().hex
        problem = problem_of(Refusal(MALFORMED, "This is not a valid HTTP request. Use an HTTP client."), request_id)
        body = problem.model_dump_json().encode()
        headers = [
            (b"content-type", b"application/problem+json"),
            (b"content-length", str(len(body)).encode()),
            (b"x-request-id", request_id.encode()),
            (b"connection", b"close"),
        ]
        if self.conn.our_state in {h11.IDLE, h11.SEND_RESPONSE}:
            for event in (h11.Response(status_code=400, headers=headers, reason=b"Bad Request"), h11.Data(data=body)):
                self.transport.write(self.conn.send(event) or b"")
            self.transport.write(self.conn.send(h11.EndOfMessage()) or b"")
        self.transport.close()
        self._note(400, request_id)

    @property
    def _crowded(self) -> bool:
        return len(self.connections) > CONNECTIONS

    async def _if_there_is_room(self, scope: Scope, receive: Receive, send: Send) -> None:
        # Whatever watches over the server must not restart it when it is most needed.
        refused = self._crowded and scope["path"] != HEALTH
        await (self.full if refused else self.config.loaded_app)(scope, receive, send)

    def _watch(self) -> None:
        """Start the clock while there is no request to work on, and stop it when there is one."""
        if self.cycle is not None and not self.cycle.response_complete:
            self._stop_watching()
        elif self._deadline is None and not self.transport.is_closing():
            self._deadline = self.loop.call_later(self.seconds, self._too_slow)

    def _stop_watching(self) -> None:
        if self._deadline is not None:
            self._deadline.cancel()
            self._deadline = None

    def _too_slow(self) -> None:
        self._deadline = None
        if not self.transport.is_closing():
            self._note(408, uuid4().hex)
            self.transport.close()

    def _note(self, status: int, request_id: str) -> None:
        """Write a log line for what never became a request."""
        fields = {"method": "-", "route": "-", "status": status, "ms": 0, "request_id": request_id, "token": "-"}
        access_log.info(" ".join(f"{name}={value}" for name, value in fields.items()), extra=fields)
        if self.metrics:
            self.metrics.request("-", "-", status, 0.0)
