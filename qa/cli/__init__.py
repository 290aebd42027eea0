"""The ``qa`` command. Nothing heavy is imported before it is needed: ``qa --help`` costs typer and rich."""

from __future__ import annotations

from typing import Annotated

import typer

from .chat import chat
from .evaluate import eval_app
from .library import articles_app, backup, doctor, ingest, restore, show
from .terminal import (
    AsOfOption,
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

app = typer.Typer(
    name="qa",
    help="Ask a library of news articles; every claim of the answer carries the exact sentences it rests on.",
    no_args_is_help=True,
    rich_markup_mode=None,  # plain help: rich alone would double its time
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def main() -> None:
    """Run the command; an error of ours is one line that names the remedy, never a traceback."""
    app()


@app.command()
def ask(
    question: Annotated[str, typer.Argument(help="What you want to know.")],
    articles: Annotated[
        list[str] | None,
        typer.Option("--articles", "-a", metavar="PATH", help="Ask these files, folders or globs on the spot."),
    ] = None,
    library: LibraryOption = None,
    source: SourceOption = None,
    speaker: SpeakerOption = None,
    since: SinceOption = None,
    until: UntilOption = None,
    as_of: AsOfOption = None,
    model: ModelOption = None,
    offline: OfflineOption = False,
    markdown: Annotated[bool, typer.Option("--markdown", help="Print Markdown.")] = False,
    as_json: JsonOption = False,
) -> None:
    """Ask a question; get claims with numbered, quoted sentences, or be told that the articles do not say."""
    with errors():
        from ..pipeline import answer_stream
        from ..render import to_json, to_markdown

        settings = settings_of(library=library, model=model, offline=offline or None)
        filters = filters_of(source, speaker, since, until, as_of)
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
    port: Annotated[int, typer.Option("--port", min=1, max=65535, help="Port on this machine.")] = 8501,
) -> None:
    """Open the page: ask, see each cited sentence in its article, add and delete articles (needs the extra "app")."""
    with errors():
        from .page_server import serve

        settings = settings_of(library=library, offline=offline or None)
        stderr().print(styled(f"Answering with: {settings.destination}", "dim"), soft_wrap=True)
        environment = {"QA_LIBRARY": str(settings.library.resolve()), "QA_OFFLINE": str(settings.offline).lower()}
        raise typer.Exit(serve(port, environment))


app.command()(chat)
app.command()(ingest)
app.add_typer(articles_app, name="articles")
for command in (show, doctor, backup, restore):
    app.command()(command)
app.add_typer(eval_app, name="eval")
