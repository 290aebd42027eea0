"""The server over HTTP (streamable HTTP), behind the gate, the limits and the log of the HTTP API."""

from __future__ import annotations

from types import SimpleNamespace

import uvicorn
from mcp.server.auth.middleware.bearer_auth import AuthenticatedUser
from mcp.server.auth.provider import AccessToken
from mcp.server.transport_security import TransportSecuritySettings
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp, Receive, Scope, Send

from ..api.gate import HEALTH, JSON_BYTES, LOCAL, Gate, Observed
from ..api.metrics import MEDIA_TYPE, Metrics
from ..api.options import ApiSettings
from ..api.server import check, config_of
from ..api.tokens import Tokens
from ..settings import Settings
from .server import Dateline, create_server

PATH = "/mcp"
SESSIONS = 500  # open at the same time; others get 503
IDLE_SECONDS = 600.0  # after which a session ends
READING = frozenset({("POST", PATH), ("DELETE", PATH)})  # every tool only reads; DELETE ends the caller's own session


def serve(settings: Settings, options: ApiSettings) -> None:
    """Serve until interrupted. Raises SettingsError if others could use the server without a token, MissingKey."""
    tokens, metrics = check(settings, options), Metrics()
    app = create_app(create_server(settings, options, metrics), options, tokens, metrics)
    uvicorn.Server(config_of(app, options, metrics)).run()


def create_app(server: Dateline, options: ApiSettings, tokens: Tokens, metrics: Metrics) -> ASGIApp:
    """Return the application: ``/mcp``, ``/healthz`` (needs no token) and ``/metrics``."""

    async def healthz(_: Request) -> Response:
        return JSONResponse({"status": "ok"})

    async def counted(_: Request) -> Response:
        return Response(server.service.counted(), headers={"Content-Type": MEDIA_TYPE})

    # The gate checks Host and Origin, as it does for the API: where no token is needed.
    unchecked = TransportSecuritySettings(enable_dns_rebinding_protection=False)
    app = server.streamable_http_app(
        streamable_http_path=PATH,
        transport_security=unchecked,
        max_request_body_size=JSON_BYTES,
        max_sessions=SESSIONS,
        session_idle_timeout=IDLE_SECONDS,
    )
    app.routes.extend([Route(HEALTH, healthz), Route("/metrics", counted)])
    return Observed(Gate(_Owned(app), tokens, options, READING), metrics, options.body_seconds)


class _Owned:
    """Tells the SDK whose request it is, so that a session can only be used with the token that began it."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            name = scope["state"].get("token", LOCAL)
            if name != LOCAL:
                scope["user"] = AuthenticatedUser(AccessToken(token="", client_id=name, scopes=[]))
            if scope["path"] in {PATH, HEALTH, "/metrics"}:
                scope["route"] = SimpleNamespace(path=scope["path"])  # for the log
        await self._app(scope, receive, send)
