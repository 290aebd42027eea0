"""``qa serve`` and ``qa token``: the HTTP API, and who may use it. Heavy modules are imported inside the commands."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from importlib.util import find_spec
from typing import TYPE_CHECKING, Annotated

import typer

from .terminal import (
    JsonOption,
    LibraryOption,
    ModelOption,
    OfflineOption,
    errors,
    settings_of,
    stderr,
    stdout,
    styled,
)

if TYPE_CHECKING:
    from ..api.tokens import Tokens

NEEDED = ("fastapi", "python_multipart", "prometheus_client", "sse_starlette", "uvicorn")

token_app = typer.Typer(
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
    help="Create, list and revoke the tokens of the HTTP API.",
)


def serve(
    library: LibraryOption = None,
    host: Annotated[
        str | None, typer.Option("--host", metavar="ADDRESS", help="Address to listen on. [default: 127.0.0.1]")
    ] = None,
    port: Annotated[
        int | None, typer.Option("--port", metavar="PORT", min=0, max=65535, help="Port to listen on. [default: 8080]")
    ] = None,
    cors_origin: Annotated[
        list[str] | None,
        typer.Option("--cors-origin", metavar="ORIGIN", help="Let pages of this web origin use it (repeat for more)."),
    ] = None,
    model: ModelOption = None,
    offline: OfflineOption = False,
) -> None:
    """Serve the HTTP API.

    Programs can ask questions, and list, read, add and remove articles. http://127.0.0.1:8080/v1/openapi.json describes
    all of it. Press Ctrl-C to stop the server.

    Without a token, only this machine can use it. As soon as a token exists (qa token create NAME), every request
    needs one. Any other address than loopback can only be listened on if there is one.

    Needs the extra "api": pip install "dateline-qa[api]"
    """
    with errors():
        from ..errors import SettingsError

        if any(find_spec(name) is None for name in NEEDED):
            raise SettingsError('The API needs more packages. Install them with: pip install "dateline-qa[api]"')
        from ..api import server
        from ..api.options import ApiSettings

        settings = settings_of(library=library, model=model, offline=offline or None)
        options = ApiSettings.load(host=host, port=port, cors_origins=tuple(cors_origin) if cors_origin else None)
        stderr().print(styled(f"Answering with: {settings.destination}", "dim"), soft_wrap=True)
        server.log_to_stderr()
        server.serve(settings, options)


@token_app.command()
def create(
    name: Annotated[str, typer.Argument(metavar="NAME", help="Whose token it is: desk-bot, newsroom.")],
    read_only: Annotated[
        bool, typer.Option("--read-only", help="The token may ask and read, but not add, remove or evaluate.")
    ] = False,
    days: Annotated[
        int | None,
        typer.Option("--days", metavar="DAYS", min=1, max=36500, help="Days until it expires. [default: never]"),
    ] = None,
    library: LibraryOption = None,
) -> None:
    """Create a token for a library and print it.

    It is printed this once and stored nowhere. From now on, every request to the API of this library needs a token.
    """
    with errors():
        expires = datetime.now(UTC) + timedelta(days=days) if days else None
        secret = _tokens(library).create(name, "read" if read_only else "write", expires)
        stderr().print(styled("This token is not shown again. Keep it like a password.", "yellow"), soft_wrap=True)
        typer.echo(secret)


@token_app.command("list")
def list_(library: LibraryOption = None, as_json: JsonOption = False) -> None:
    """List the tokens of a library, without their secrets."""
    with errors():
        tokens = _tokens(library).all()
        if as_json:
            import json

            shown = [token.model_dump(mode="json", exclude={"sha256"}) for token in tokens]
            typer.echo(json.dumps(shown, indent=2))
            return
        now = datetime.now(UTC)
        for token in tokens:
            access = "reads and writes" if token.access == "write" else "reads only"
            until = f", {'until' if token.usable(now) else 'expired'} {token.expires:%Y-%m-%d}" if token.expires else ""
            stdout().print(styled(f"{token.name}  {access}, since {token.created:%Y-%m-%d}{until}"), soft_wrap=True)
        if not tokens:
            stderr().print(styled("There is no token. Create one with: qa token create NAME"), soft_wrap=True)


@token_app.command()
def revoke(
    name: Annotated[str, typer.Argument(metavar="NAME", help="The token to revoke.")], library: LibraryOption = None
) -> None:
    """Revoke a token. Servers that run refuse it from the next request on."""
    with errors():
        _tokens(library).revoke(name)
        stderr().print(styled(f"{name} is revoked."), soft_wrap=True)


def _tokens(library: str | None) -> Tokens:
    from ..api.tokens import Tokens

    return Tokens(settings_of(library=library).folder)
