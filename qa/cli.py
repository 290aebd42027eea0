"""The ``qa`` command. Nothing heavy is imported before it is needed: ``qa --help`` costs typer and rich."""

from __future__ import annotations

from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from .evaluate.command import eval_app

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rich.console import Console
    from rich.text import Text

    from .model import Answer, Filters, IngestReport
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

LibraryOption = Annotated[
    Path | None,
    typer.Option(
        "--library", "-l", metavar="FOLDER", help="The library's folder; else QA_LIBRARY, else your data folder."
    ),
]
JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON instead of text.")]
SourceOption = Annotated[list[str] | None, typer.Option("--source", help="Only this outlet (repeat for more).")]
SinceOption = Annotated[
    datetime | None, typer.Option("--since", formats=["%Y-%m-%d"], metavar="DATE", help="Published on or after.")
]
UntilOption = Annotated[
    datetime | None, typer.Option("--until", formats=["%Y-%m-%d"], metavar="DATE", help="Published on or before.")
]


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
    as_of: Annotated[
        datetime | None,
        typer.Option("--as-of", formats=["%Y-%m-%d"], metavar="DATE", help="As if it were this day: nothing later."),
    ] = None,
    model: Annotated[str | None, typer.Option("--model", "-m", help="Model to ask; else QA_MODEL.")] = None,
    offline: Annotated[bool, typer.Option("--offline", help="Never call a model: use the offline reader.")] = False,
    markdown: Annotated[bool, typer.Option("--markdown", help="Print Markdown.")] = False,
    as_json: JsonOption = False,
) -> None:
    """Ask a question; get claims with numbered, quoted sentences, or be told that the articles do not say."""
    with _errors():
        from .model import ClaimReady, Done
        from .pipeline import answer_stream
        from .render import to_json, to_markdown

        settings = _settings(library=library, model=model, offline=offline or None)
        filters = _filters(source, since, until, as_of)
        console = _stderr()
        console.print(_text(f"Answering with: {settings.destination}", "dim"), soft_wrap=True)
        result: Answer | None = None
        with console.status("planning…") as status:
            for event in answer_stream(question, articles=articles, filters=filters, settings=settings):
                if isinstance(event, Done):
                    result = event.answer
                elif not isinstance(event, ClaimReady):
                    status.update(_text(f"{event.name}… {event.detail}"))
        assert result is not None
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


@app.command("app")
def app_(
    library: LibraryOption = None,
    offline: Annotated[bool, typer.Option("--offline", help="Never call a model: use the offline reader.")] = False,
    port: Annotated[int, typer.Option("--port", min=1, max=65535, help="Port on this machine.")] = 8501,
) -> None:
    """Open the page: ask, see each cited sentence in its article, add and delete articles (needs the extra "app")."""
    with _errors():
        from .serve import serve

        settings = _settings(library=library, offline=offline or None)
        _stderr().print(_text(f"Answering with: {settings.destination}", "dim"), soft_wrap=True)
        environment = {"QA_LIBRARY": str(settings.library.resolve()), "QA_OFFLINE": str(settings.offline).lower()}
        raise typer.Exit(serve(port, environment))


app.add_typer(eval_app, name="eval")


# -- helpers -----------------------------------------------------------------------------------------------------------


@contextmanager
def _errors() -> Iterator[None]:
    """Our errors as one line on stderr and exit code 1; Ctrl-C as 130."""
    from .errors import QAError

    try:
        yield
    except QAError as error:
        line = _text("error: ", "bold red").append_text(_text(str(error), "not bold default"))
        _stderr().print(line, soft_wrap=True)
        raise typer.Exit(1) from None
    except KeyboardInterrupt:
        _stderr().print("Interrupted. What was stored is kept; run the same command again to go on.")
        raise typer.Exit(130) from None


def _settings(**overrides: object) -> Settings:
    from .settings import Settings

    return Settings.load(**overrides)


@contextmanager
def _library(folder: Path | None) -> Iterator[Library]:
    from contextlib import closing

    from .store.library import Library

    with closing(Library(_settings(library=folder).library)) as library:
        yield library


def _filters(
    source: list[str] | None, since: datetime | None, until: datetime | None, as_of: datetime | None
) -> Filters:
    from .model import Filters

    return Filters(
        sources=tuple(source or ()),
        since=since.date() if since else None,
        until=until.date() if until else None,
        as_of=as_of.date() if as_of else None,
    )


def _stdout() -> Console:
    from rich.console import Console

    return Console(highlight=False)


def _stderr() -> Console:
    from rich.console import Console

    return Console(stderr=True, highlight=False)


def _text(words: str, style: str = "") -> Text:
    """Words of articles, models and paths: no markup for rich, no command for the terminal."""
    from rich.text import Text

    from .render import shown

    return Text(shown(words), style)


def _print_answer(answer: Answer) -> None:
    from rich.padding import Padding
    from rich.text import Text

    from .render import notes_of, outlet_and_day, used

    console = _stdout()
    for claim in answer.claims:
        console.print(_text(claim.text + " ").append("".join(f"[{n}]" for n in claim.citations), "bold cyan"))
    if answer.abstention:
        console.print(_text(answer.abstention.message, "bold yellow"))
        for claim in answer.abstention.contradicting:
            console.print(_text(claim.text + " ").append("".join(f"[{n}]" for n in claim.citations), "bold cyan"))
        if answer.abstention.nearest:
            console.print(_text("Nearest sentences:", "dim"))
    for citation in answer.citations:
        article = answer.article(citation)
        console.print()
        status = "" if article.status == "current" else f" [{article.status}]"
        title = f"  {article.title}" if article.title else ""
        parts = ((f"[{citation.number}] ", "bold cyan"), (outlet_and_day(article), "bold"), (status, "bold yellow"))
        console.print(Text.assemble(*(_text(*part) for part in (*parts, (title, "")))))
        console.print(Padding(_text(" ".join(citation.quote.split()), "italic"), (0, 0, 0, 4)))
        also = f", also in {', '.join(article.same_as)}" if article.same_as else ""
        console.print(_text(f"    qa show {article.id} --sentence {citation.sentence}{also}", "dim"))
    notes = notes_of(answer.abstention) if answer.abstention else []
    if answer.rejected:
        notes.append(f"{len(answer.rejected)} drafted claims failed verification and are not shown (see --json).")
    for note in (*notes, *answer.warnings):
        console.print(_text(f"\n{note}", "yellow"))
    if answer.provenance.usage:
        console.print(_text(f"\n{used(answer.provenance.usage)}", "dim"))


def _print_report(report: IngestReport, settings: Settings) -> None:
    console = _stdout()
    counts = f"{report.added} added, {report.updated} updated, {report.unchanged} unchanged"
    cost = f"({report.chunks} chunks embedded, {report.seconds:.1f} s)"
    console.print(_text(f"{counts} {cost} in {settings.library}"), soft_wrap=True)
    for warning in report.warnings:
        console.print(_text(f"warning: {warning}", "yellow"), soft_wrap=True)
    for skipped in report.skipped:
        console.print(_text(f"skipped: {skipped.origin}: {skipped.reason}", "red"), soft_wrap=True)
