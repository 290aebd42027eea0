"""``qa mcp``: the library for assistants. Heavy modules are imported inside the command."""

from __future__ import annotations

import logging
from importlib.util import find_spec
from typing import Annotated

import typer

from .terminal import LibraryOption, ModelOption, OfflineOption, errors, settings_of, stderr, styled

NEEDED = ("mcp", "prometheus_client", "sse_starlette", "uvicorn")
HOST, PORT = "127.0.0.1", 8081


def mcp(
    library: LibraryOption = None,
    http: Annotated[
        bool, typer.Option("--http", help="Serve over HTTP, for several assistants, instead of standard input.")
    ] = False,
    host: Annotated[
        str | None,
        typer.Option("--host", metavar="ADDRESS", help="With --http: address to listen on. [default: 127.0.0.1]"),
    ] = None,
    port: Annotated[
        int | None,
        typer.Option(
            "--port", metavar="PORT", min=0, max=65535, help="With --http: port to listen on. [default: 8081]"
        ),
    ] = None,
    model: ModelOption = None,
    offline: OfflineOption = False,
) -> None:
    """Serve the library to assistants (Model Context Protocol).

    An assistant starts this command itself and talks to it over standard input and output. It can ask, search, read
    articles, list what somebody said, and make timelines. It cannot change anything.

    With --http, the address is http://127.0.0.1:8081/mcp. Without a token, only this machine can use it. As soon as a
    token exists (qa token create NAME), every request needs one.

    Needs the extra "mcp": pip install "dateline-qa[mcp]"
    """
    with errors():
        from ..errors import SettingsError

        if not http and (host, port) != (None, None):
            raise SettingsError("Only a server over HTTP has an address. Add --http, or leave --host and --port out.")
        if any(find_spec(name) is None for name in NEEDED):
            raise SettingsError('The MCP server needs more packages. Install them with: pip install "dateline-qa[mcp]"')
        from ..api.options import ApiSettings
        from ..api.server import log_to_stderr

        settings = settings_of(library=library, model=model, offline=offline or None)
        options = ApiSettings.load(host=host or HOST, port=PORT if port is None else port)
        stderr().print(styled(f"Answering with: {settings.destination}", "dim"), soft_wrap=True)
        log_to_stderr("mcp")
        logging.getLogger("mcp").setLevel(logging.WARNING)  # its other lines repeat what was sent
        if http:
            from ..mcp.http import serve

            serve(settings, options)
        else:
            from ..mcp.server import run_stdio

            run_stdio(settings, options)
