"""The ``qa`` command. Nothing heavy is imported before it is needed: ``qa --help`` costs typer and rich."""

from __future__ import annotations

from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from .chat_command import chat
from .evaluate.command import eval_app
from .terminal import (
    AsOfOption,
    LibraryOption,
    ModelOption,
    OfflineOption,
    SinceOption,
    SourceOption,
    UntilOption,
)
from .terminal import errors as _errors
from .terminal import filters_of as _filters
from .terminal import print_answer as _print_answer
from .terminal import settings_of as _settings
from .terminal import stderr as _stderr
from .terminal import stdout as _stdout
from .terminal import text as _text
from .terminal import watched as _watched

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .model import IngestReport
    from .settings import Settings
    from .store.library import Library

app = typer.Typer(
    name="qa",
    help="Ask a library of news articles; every claim of the answer carries the exact sentences it rests on.",
    no_args_is_help=True,
    rich_markup_mode="rich",
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)

SOME_FAILED = 3
"""Exit code where something was done and some inputs were not; 1 is an error, 2 a wrong command line."""

JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON instead of text.")]


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
    since: SinceOption = None,
    until: UntilOption = None,
    as_of: AsOfOption = None,
    model: ModelOption = None,
    offline: OfflineOption = False,
    markdown: Annotated[bool, typer.Option("--markdown", help="Print Markdown.")] = False,
    as_json: JsonOption = False,
) -> None:
    """Ask a question; get claims with numbered, quoted sentences, or be told that the articles do not say."""
    with _errors():
        from .pipeline import answer_stream
        from .render import to_json, to_markdown

        settings = _settings(library=library, model=model, offline=offline or None)
        filters = _filters(source, since, until, as_of)
        console = _stderr()
        console.print(_text(f"Answering with: {settings.destination}", "dim"), soft_wrap=True)
        result = _watched(answer_stream(question, articles=articles, filters=filters, settings=settings), console)
        if as_json:
            typer.echo(to_json(result))
        elif markdown:
            typer.echo(to_markdown(result), nl=False)
        else:
            _print_answer(result)


@app.command()
def ingest(
    sources: Annotated[
        list[str], typer.Argument(metavar="PATH…", help="Files, folders or globs of .txt, .md, .jsonl.")
    ],
    library: LibraryOption = None,
    embedder: Annotated[
        str | None,
        typer.Option("--embedder", help="For a new library: wordllama (local) or openai:<model>. Then fixed."),
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Add articles to the library. Unchanged ones cost nothing; changed ones replace their former version.

    Exit code 3 if some inputs could not be read: each is named with its reason, and the rest is stored.
    """
    with _errors():
        from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

        from .pipeline import ingest as run

        settings = _settings(library=library, embedder=embedder)
        columns = (TextColumn("ingesting"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
        with Progress(*columns, console=_stderr(), transient=True) as bar:
            task = bar.add_task("", total=None)
            report = run(
                sources,
                settings=settings,
                progress=lambda done, total, _name: bar.update(task, completed=done, total=total),
            )
        if as_json:
            typer.echo(report.model_dump_json(indent=2))
        else:
            _print_report(report, settings)
    if report.skipped:
        raise typer.Exit(SOME_FAILED)


@app.command()
def articles(
    library: LibraryOption = None,
    source: SourceOption = None,
    since: SinceOption = None,
    until: UntilOption = None,
    as_json: JsonOption = False,
) -> None:
    """List the library's articles, latest first."""
    with _errors(), _library(library) as store:
        found = store.articles(_filters(source, since, until, None))
        if as_json:
            import json

            typer.echo(json.dumps([a.model_dump(mode="json") for a in found], indent=2, ensure_ascii=False))
            return
        from rich.table import Table

        table = Table("id", "published", "source", "title", box=None, header_style="bold")
        for a in found:
            day = a.published.isoformat()[:10] if a.published else "undated"
            table.add_row(a.id, day, _text(a.source or "—"), _text(a.title or "—"))
        _stdout().print(table)
        _stdout().print(f"[dim]{len(found)} articles[/dim]")


@app.command()
def show(
    article: Annotated[str, typer.Argument(help="An article's id (or its beginning), or its file name.")],
    sentence: Annotated[int | None, typer.Option("--sentence", "-s", help="Mark this sentence (0 is first).")] = None,
    library: LibraryOption = None,
    as_json: JsonOption = False,
) -> None:
    """Print an article, with one sentence marked."""
    with _errors(), _library(library) as store:
        from .errors import InputError

        found = store.find(article)
        sentences = store.sentences(found.id)
        if sentence is not None and not 0 <= sentence < len(sentences):
            raise InputError(f"{article} has sentences 0 to {len(sentences) - 1}; there is no {sentence}.")
        if as_json:
            import json

            listed = [s.model_dump(mode="json") for s in sentences]
            typer.echo(json.dumps(found.model_dump(mode="json") | {"sentences": listed}, indent=2, ensure_ascii=False))
            return
        from rich.text import Text

        from .render import outlet_and_day

        console = _stdout()
        console.print(_text(found.title or found.id, "bold"))
        console.print(_text(f"{outlet_and_day(found)} · {found.id} · {found.status}", "dim"))
        console.print()
        text = found.text.rstrip("\r\n")
        marked = sentences[sentence] if sentence is not None else None
        start, end = (marked.start, marked.end) if marked else (len(text), len(text))
        # Three slices of the stored text: offsets count its characters, and what is shown may have fewer.
        before, after = text[:start].lstrip("\r\n"), text[end:]
        console.print(Text.assemble(_text(before), _text(text[start:end], "reverse"), _text(after)))
        if marked:
            console.print(_text(f"\n▶ sentence {sentence}: {marked.text}", "bold"))


@app.command()
def doctor(
    library: LibraryOption = None,
    fix: Annotated[bool, typer.Option("--fix", help="Rebuild or bring up to date the index.")] = False,
    as_json: JsonOption = False,
) -> None:
    """Report versions, library, index and where questions go; with --fix, mend the index from the library."""
    with _errors():
        from .doctor import examine

        facts = examine(_settings(library=library), fix=fix)
        if as_json:
            import json

            typer.echo(json.dumps(facts, indent=2, ensure_ascii=False))
            return
        for name, value in facts.items():
            _stdout().print(_text(f"{name:<18} ", "bold").append_text(_text(str(value), "not bold")), soft_wrap=True)


app.add_typer(eval_app, name="eval")
app.command("chat")(chat)


# -- helpers -----------------------------------------------------------------------------------------------------------


@contextmanager
def _library(folder: Path | None) -> Iterator[Library]:
    from contextlib import closing

    from .store.library import Library

    with closing(Library(_settings(library=folder).library)) as library:
        yield library


def _print_report(report: IngestReport, settings: Settings) -> None:
    console = _stdout()
    counts = f"{report.added} added, {report.updated} updated, {report.unchanged} unchanged"
    cost = f"({report.chunks} chunks embedded, {report.seconds:.1f} s)"
    console.print(_text(f"{counts} {cost} in {settings.library}"), soft_wrap=True)
    for warning in report.warnings:
        console.print(_text(f"warning: {warning}", "yellow"), soft_wrap=True)
    for skipped in report.skipped:
        console.print(_text(f"skipped: {skipped.origin}: {skipped.reason}", "red"), soft_wrap=True)
