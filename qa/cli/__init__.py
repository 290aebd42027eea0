"""The ``qa`` command. Heavy modules are imported inside the commands, so that ``qa --help`` starts quickly."""

from __future__ import annotations

from typing import Annotated

import typer

from .chat import chat
from .evaluate import eval_app
from .library import articles_app, backup, copy, doctor, ingest, restore, show
from .mcp import mcp
from .notebook import notebook_app
from .recheck import recheck, replay
from .serve import serve, token_app
from .terminal import (
    AsOfOption,
    Basis,
    BasisOption,
    JsonOption,
    LibraryOption,
    ModelOption,
    OfflineOption,
    SinceOption,
    SourceOption,
    SpeakerOption,
    UntilOption,
    errors,
    filters_of,
    print_answer,
    settings_of,
    stderr,
    styled,
    watched,
)
from .timeline import timeline

app = typer.Typer(
    name="qa",
    help="Ask a library of news articles. Every claim in an answer cites the exact sentences that support it.",
    no_args_is_help=True,
    rich_markup_mode=None,  # plain help: importing rich would double the time of --help
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def main() -> None:
    """Run the command. A ``QAError`` is printed as one line that names the remedy, without a traceback."""
    app()


@app.command()
def ask(
    question: Annotated[str, typer.Argument(metavar="QUESTION", help="The question, in English.")],
    articles: Annotated[
        list[str] | None,
        typer.Option(
            "--articles",
            "-a",
            metavar="PATH",
            help="Search these files, folders or globs instead of the library (repeat for more).",
        ),
    ] = None,
    library: LibraryOption = None,
    source: SourceOption = None,
    speaker: SpeakerOption = None,
    since: SinceOption = None,
    until: UntilOption = None,
    as_of: AsOfOption = None,
    basis: BasisOption = Basis.published,
    model: ModelOption = None,
    offline: OfflineOption = False,
    markdown: Annotated[bool, typer.Option("--markdown", help="Print Markdown instead of text.")] = False,
    as_json: JsonOption = False,
) -> None:
    """Ask a question.

    The answer is a list of claims. Each claim is followed by the numbers of the sentences that support it, and those
    sentences are quoted below. If the articles do not contain the answer, qa says so and shows the nearest sentences.

    The first line says where the question is sent: to a model, or nowhere.
    """
    with errors():
        from ..pipeline import answer_stream
        from ..render import to_json, to_markdown

        settings = settings_of(library=library, model=model, offline=offline or None)
        filters = filters_of(source, speaker, since, until, as_of, basis)
        console = stderr()
        console.print(styled(f"Answering with: {settings.destination}", "dim"), soft_wrap=True)
        events = answer_stream(question, articles=articles, filters=filters, settings=settings)
        result = watched(events, console, claims=not (as_json or markdown))
        if as_json:
            typer.echo(to_json(result))
        elif markdown:
            typer.echo(to_markdown(result), nl=False)
        else:
            print_answer(result)


@app.command("app")
def app_(
    library: LibraryOption = None,
    offline: OfflineOption = False,
    host: Annotated[
        str | None, typer.Option("--host", metavar="ADDRESS", help="Address to listen on. [default: 127.0.0.1]")
    ] = None,
    port: Annotated[int, typer.Option("--port", metavar="PORT", min=1, max=65535, help="Port to listen on.")] = 8501,
    behind_proxy: Annotated[
        bool, typer.Option("--behind-proxy", help="A proxy in front of the page asks readers for a login.")
    ] = False,
) -> None:
    """Serve the web page.

    On the page you can ask questions, see each cited sentence in its article, and add or delete articles. Only this
    machine can reach the page. Press Ctrl-C to stop the server.

    The page has no login. It listens on any other address than loopback only with --behind-proxy.

    Needs the extra "app": pip install "dateline-qa[app]"
    """
    with errors():
        from ..settings import spelled_out
        from .page_server import address, serve

        listens_on = address(host, behind_proxy=behind_proxy)
        settings = settings_of(library=library, offline=offline or None)
        stderr().print(styled(f"Answering with: {settings.destination}", "dim"), soft_wrap=True)
        environment = {"QA_LIBRARY": spelled_out(settings.library), "QA_OFFLINE": str(settings.offline).lower()}
        raise typer.Exit(serve(port, environment, listens_on))


app.command()(chat)
app.command()(timeline)
app.command()(recheck)
app.command()(replay)
app.command()(ingest)
app.add_typer(articles_app, name="articles")
app.add_typer(notebook_app, name="notebook")
for command in (show, doctor, backup, restore, copy):
    app.command()(command)
app.command()(serve)
app.command()(mcp)
app.add_typer(token_app, name="token")
app.add_typer(eval_app, name="eval")
