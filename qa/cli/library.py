"""The commands that keep a library: ingest, articles, show, doctor, backup, restore."""

from __future__ import annotations

from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from .terminal import (
    JsonOption,
    LibraryOption,
    SinceOption,
    SourceOption,
    SpeakerOption,
    UntilOption,
    errors,
    filters_of,
    opened,
    settings_of,
    stderr,
    stdout,
    styled,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from rich.console import Console

    from ..model import IngestReport
    from ..settings import Settings

SOME_FAILED = 3
"""Exit code where something was done and some inputs were not; 1 is an error, 2 a wrong command line."""


def ingest(
    sources: Annotated[
        list[str], typer.Argument(metavar="PATH…", help="Files, folders or globs of .txt, .md, .jsonl.")
    ],
    library: LibraryOption = None,
    embedder: Annotated[
        str | None,
        typer.Option("--embedder", help="For a new library: wordllama (local) or openai:<model>. Then fixed."),
    ] = None,
    prune: Annotated[
        bool,
        typer.Option(
            "--prune", help="Also remove articles read from these files and folders before that are gone from there."
        ),
    ] = False,
    as_json: JsonOption = False,
) -> None:
    """Add articles to the library. Unchanged ones cost nothing; changed ones replace their former version.

    Exit code 3 if some inputs could not be read: each is named with its reason, and the rest is stored.
    """
    with errors():
        from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

        from ..ingestion import IngestInterrupted
        from ..manage import INDEXING, WAITING
        from ..manage import ingest as run

        settings = settings_of(library=library, embedder=embedder)
        columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
        with Progress(*columns, console=stderr(), transient=True) as bar:
            task = bar.add_task("ingesting", total=None)

            def on_progress(done: int, total: int, what: str) -> None:
                name = what if what in {WAITING, INDEXING} else "ingesting"
                bar.update(task, completed=done, total=total or None, description=name)

            try:
                report = run(sources, settings=settings, prune=prune, on_progress=on_progress)
            except IngestInterrupted as stopped:
                _print_report(stopped.report, settings, stderr())
                stderr().print(f"Stopped after {stopped.done} of {stopped.total} files.")
                raise
        if as_json:
            typer.echo(report.model_dump_json(indent=2))
        else:
            _print_report(report, settings, stdout())
    if report.skipped:
        raise typer.Exit(SOME_FAILED)


articles_app = typer.Typer(
    help="List the library's articles, or remove some.", invoke_without_command=True, rich_markup_mode=None
)


@articles_app.callback()
def articles(
    context: typer.Context,
    library: LibraryOption = None,
    source: SourceOption = None,
    speaker: SpeakerOption = None,
    since: SinceOption = None,
    until: UntilOption = None,
    as_json: JsonOption = False,
) -> None:
    """List the library's articles, latest first; or, with the command below, remove some."""
    if context.invoked_subcommand:
        context.obj = library
        return
    with errors(), opened(library) as store:
        found = store.articles(filters_of(source, speaker, since, until, None))
        if as_json:
            import json

            typer.echo(json.dumps([a.model_dump(mode="json") for a in found], indent=2, ensure_ascii=False))
            return
        from rich.table import Table

        from ..english.temporal.writing import write_day
        from ..model import day_of

        table = Table("id", "published", "source", "title", box=None, header_style="bold")
        for a in found:
            day = write_day(published) if (published := day_of(a.published)) else "undated"
            table.add_row(a.id, day, styled(a.source or "—"), styled(a.title or "—"))
        stdout().print(table)
        stdout().print(f"[dim]{len(found)} articles[/dim]")


@articles_app.command()
def remove(
    context: typer.Context,
    articles: Annotated[
        list[str], typer.Argument(metavar="ARTICLE…", help="Ids (or their beginnings), or file names.")
    ],
    library: LibraryOption = None,
    as_json: JsonOption = False,
) -> None:
    """Remove articles from the library: all that are named, or none. The files they were read from stay."""
    with errors():
        from ..manage import remove as run

        removed, warnings = run(articles, settings=settings_of(library=library or context.obj))
        if as_json:
            import json

            typer.echo(json.dumps([a.model_dump(mode="json") for a in removed], indent=2, ensure_ascii=False))
            return
        for article in removed:
            stdout().print(styled(f"removed {article.id}  {article.title or ''}"), soft_wrap=True)
        for warning in warnings:
            stderr().print(styled(f"warning: {warning}", "yellow"), soft_wrap=True)


def show(
    article: Annotated[str, typer.Argument(help="An article's id (or its beginning), or its file name.")],
    sentence: Annotated[int | None, typer.Option("--sentence", "-s", help="Mark this sentence (0 is first).")] = None,
    library: LibraryOption = None,
    as_json: JsonOption = False,
) -> None:
    """Print an article, with one sentence marked."""
    with errors(), opened(library) as store:
        from ..errors import InputError

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

        from ..render import outlet_and_day

        console = stdout()
        console.print(styled(found.title or found.id, "bold"))
        console.print(styled(f"{outlet_and_day(found)} · {found.id} · {found.status}", "dim"))
        console.print()
        text = found.text.rstrip("\r\n")
        marked = sentences[sentence] if sentence is not None else None
        start, end = (marked.start, marked.end) if marked else (len(text), len(text))
        # Three slices of the stored text: offsets count its characters, and what is shown may have fewer.
        before, after = text[:start].lstrip("\r\n"), text[end:]
        console.print(Text.assemble(styled(before), styled(text[start:end], "reverse"), styled(after)))
        if marked:
            console.print(styled(f"\n▶ sentence {sentence}: {marked.text}", "bold"))


def doctor(
    library: LibraryOption = None,
    fix: Annotated[bool, typer.Option("--fix", help="Make the full-text index and Chroma's anew.")] = False,
    as_json: JsonOption = False,
) -> None:
    """Look over versions, library, index, disk, and where questions go; exit code 1 if something is wrong.

    With --fix what follows from the articles is made anew. No text of the library leaves the machine.
    """
    with errors():
        from ..doctor import examine

        with stderr().status("making anew what follows from the articles…" if fix else "looking everything over…"):
            found = examine(settings_of(library=library), fix=fix)
        if as_json:
            import json

            typer.echo(json.dumps(found.facts | {"faults": found.faults}, indent=2, ensure_ascii=False))
        else:
            for name, value in found.facts.items():
                stdout().print(styled(f"{name:<18} ", "bold").append_text(styled(value, "not bold")), soft_wrap=True)
            for fault in found.faults:
                stdout().print(styled(f"wrong: {fault}", "red"), soft_wrap=True)
    if found.faults:
        raise typer.Exit(1)


def backup(
    file: Annotated[Path, typer.Argument(help="The file to make; it must not be there yet.")],
    library: LibraryOption = None,
) -> None:
    """Copy the library into one file, complete and checked, while others go on using it."""
    with errors():
        from ..manage import backup as run

        settings = settings_of(library=library)
        with _pages("copying") as on_progress:
            digest = run(file, settings=settings, on_progress=on_progress)
        stdout().print(styled(f"{settings.library} is copied to {file}\ndigest {digest}"), soft_wrap=True)


def restore(
    file: Annotated[Path, typer.Argument(help="A backup made by qa backup.")],
    library: LibraryOption = None,
    replace: Annotated[
        bool,
        typer.Option("--replace", help="Though there is a library already; it is kept beside, under another name."),
    ] = False,
) -> None:
    """Make a backup the library. Who has the library open sees it with the next question."""
    with errors():
        from ..manage import restore as run

        settings = settings_of(library=library)
        with _pages("restoring") as on_progress:
            kept = run(file, settings=settings, replace=replace, on_progress=on_progress)
        stdout().print(styled(f"{file} is the library in {settings.library} now."), soft_wrap=True)
        if kept:
            stdout().print(styled(f"The library that was there is kept as {kept}"), soft_wrap=True)


@contextmanager
def _pages(what: str) -> Iterator[Callable[[int, int], None]]:
    from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn

    with Progress(TextColumn(what), BarColumn(), TaskProgressColumn(), console=stderr(), transient=True) as bar:
        task = bar.add_task("", total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total)


def _print_report(report: IngestReport, settings: Settings, console: Console) -> None:
    counts = f"{report.added} added, {report.updated} updated, {report.unchanged} unchanged"
    counts += f", {report.removed} removed" if report.removed else ""
    counts += f", {report.parsed_again} read again" if report.parsed_again else ""
    cost = f"({report.chunks} chunks embedded, {report.seconds:.1f} s)"
    console.print(styled(f"{counts} {cost} in {settings.library}"), soft_wrap=True)
    for warning in report.warnings:
        console.print(styled(f"warning: {warning}", "yellow"), soft_wrap=True)
    for one in report.incomplete:
        words = f"incomplete: {one.origin}: stored without its {one.part} ({one.reason}). Please report this."
        console.print(styled(words, "yellow"), soft_wrap=True)
    for skipped in report.skipped:
        console.print(styled(f"skipped: {skipped.origin}: {skipped.reason}", "red"), soft_wrap=True)
