"""The commands that manage a library: ingest, articles, show, doctor, backup, restore."""

from __future__ import annotations

from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from .terminal import (
    AsOfOption,
    Basis,
    BasisOption,
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
from .versions import list_versions, show_difference

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from rich.console import Console

    from ..model import Article, IngestReport
    from ..settings import Settings

SOME_FAILED = 3
"""Exit code if some inputs were stored and others were not. 1 is an error, 2 a wrong command line."""


def ingest(
    sources: Annotated[
        list[str], typer.Argument(metavar="SOURCE", help="Files, folders, globs, or addresses of pages and feeds.")
    ],
    library: LibraryOption = None,
    embedder: Annotated[
        str | None,
        typer.Option(
            "--embedder",
            metavar="NAME",
            help="Embedder of a new library: wordllama (local) or openai:<model>. It cannot be changed later. "
            "[default: QA_EMBEDDER, or wordllama]",
        ),
    ] = None,
    prune: Annotated[
        bool,
        typer.Option(
            "--prune", help="Also remove stored articles whose file or row is gone from these files and folders."
        ),
    ] = False,
    full: Annotated[
        bool, typer.Option("--full", help="Fetch the pages that a feed links to, instead of taking the feed's text.")
    ] = False,
    limit: Annotated[
        int,
        typer.Option(
            "--limit", metavar="N", min=0, help="With --full: the most pages of one feed, the newest first; 0 is all."
        ),
    ] = 50,
    fields: Annotated[
        str | None,
        typer.Option(
            "--map",
            metavar="FIELDS",
            help="Names of fields in JSON, CSV and TSV files that are not recognised: text=story,published=day. "
            "Fields: text, title, published, modified, authors, source, url, language, id.",
        ),
    ] = None,
    keep_versions: Annotated[
        int | None,
        typer.Option(
            "--keep-versions",
            metavar="N",
            min=0,
            help="Most earlier versions of an article to keep when it has changed; 0 keeps none. "
            "[default: QA_KEEP_VERSIONS, or 20]",
        ),
    ] = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Show how each article would be read, and store nothing.")
    ] = False,
    offline: Annotated[bool, typer.Option("--offline", help="Fetch nothing from the web.")] = False,
    verbose: Annotated[bool, typer.Option("--verbose", "-v", help="Name each file that was left out.")] = False,
    as_json: JsonOption = False,
) -> None:
    """Add articles to the library.

    Reads text, Markdown, HTML, PDF, DOCX, mail (.eml, .mbox), agency files (NITF, NewsML, ninjs), feeds (RSS, Atom),
    web archives (.warc) and rows (.jsonl, .json, .csv, .tsv). Unchanged articles cost nothing. A changed article
    replaces its stored version, which is kept: see qa show --versions and --as-of.

    Exit code 3 if some inputs were skipped, for example because they could not be read. Each of them is listed with
    the reason. All others are stored.
    """
    with errors():
        from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

        from ..ingestion import ANNOTATING, IngestInterrupted
        from ..manage import INDEXING, WAITING
        from ..manage import ingest as run

        settings = settings_of(library=library, embedder=embedder, offline=offline or None, keep_versions=keep_versions)
        names = _mapped(fields)
        if dry_run:
            _preview(sources, settings, names, full, limit, as_json)
            return
        columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
        with Progress(*columns, console=stderr(), transient=True) as bar:
            task = bar.add_task("ingesting", total=None)

            def on_progress(done: int, total: int, what: str) -> None:
                name = what if what in {WAITING, INDEXING, ANNOTATING} else "ingesting"
                bar.update(task, completed=done, total=total or None, description=name)

            try:
                report = run(
                    sources,
                    settings=settings,
                    prune=prune,
                    names=names,
                    full=full,
                    limit=limit,
                    on_progress=on_progress,
                )
            except IngestInterrupted as stopped:
                _print_report(stopped.report, settings, stderr(), verbose)
                stderr().print(f"Stopped after {stopped.done} of {stopped.total} files.")
                raise
        if as_json:
            typer.echo(report.model_dump_json(indent=2))
        else:
            _print_report(report, settings, stdout(), verbose)
    if report.skipped:
        raise typer.Exit(SOME_FAILED)


def _mapped(fields: str | None) -> dict[str, str]:
    """Read ``text=story,published=day``. Raises InputError for a field that Dateline does not have."""
    from ..articles.fields import FIELDS
    from ..errors import InputError

    names: dict[str, str] = {}
    for part in filter(None, (fields or "").split(",")):
        name, found, column = map(str.strip, part.partition("="))
        name = {"date": "published", "author": "authors", "outlet": "source"}.get(name, name)
        if not found or not column or name not in FIELDS:
            raise InputError(f"--map {part!r}: write FIELD=NAME, with one of the fields {', '.join(FIELDS)}.")
        names[name] = column
    return names


def _preview(
    sources: list[str], settings: Settings, names: dict[str, str], full: bool, limit: int, as_json: bool
) -> None:
    """Print how sources are read. Exits with SOME_FAILED if some cannot be, and raises InputError if none can."""
    from ..errors import InputError
    from ..manage import preview
    from ..model import Article, SkippedFile

    rows: list[dict[str, object]] = []
    count = failed = 0
    for loaded in preview(sources, settings=settings, names=names, full=full, limit=limit):
        if isinstance(loaded, Article):
            count += 1
            about = loaded.model_dump(mode="json", exclude={"text", "body_start"})
            rows.append({"article": about | {"words": len(loaded.text.split())}})
            if not as_json:
                _print_reading(loaded)
            continue
        skipped = isinstance(loaded, SkippedFile)
        failed += skipped
        words = loaded.reason if isinstance(loaded, SkippedFile) else loaded.words
        rows.append({"skipped" if skipped else "warning": {"origin": loaded.origin, "reason": words}})
        if not as_json:
            kind, colour = ("skipped", "red") if skipped else ("warning", "yellow")
            stdout().print(styled(_on_one_line(f"{kind}: {loaded.origin}: {words}"), colour), soft_wrap=True)
    if as_json:
        import json

        typer.echo(json.dumps(rows, indent=2, ensure_ascii=False))
    else:
        stdout().print(
            styled(f"{count} {'article' if count == 1 else 'articles'} would be read; nothing was stored.", "bold"),
            soft_wrap=True,
        )
    if not count:
        raise InputError("No article could be read.")
    if failed:
        raise typer.Exit(SOME_FAILED)


def _on_one_line(words: str) -> str:
    """Return a message on one line. The name of a file may hold line breaks, and so pretend to be another message."""
    return " ".join(words.splitlines())


def _print_reading(article: Article) -> None:
    """Print how an article was read, and what of it is unknown."""
    from ..english.temporal.writing import write_moment

    published = write_moment(article.published) if article.published else None
    about = {
        "title": article.title,
        "outlet": article.source,
        "authors": ", ".join(article.authors),
        "published": published,
        **({"modified": write_moment(article.modified)} if article.modified else {}),
        "url": article.url,
    }
    words = f"{len(article.text.split())} words, {article.language or 'language unknown'}"
    status = "" if article.status == "current" else f", {article.status}"
    stdout().print(styled(_on_one_line(article.origin or article.id), "bold"), soft_wrap=True)
    for name, value in about.items():
        stdout().print(styled(f"  {name:<10} ", "dim").append_text(styled(value or "—", "not dim")), soft_wrap=True)
    stdout().print(styled(f"  {words}{status}\n", "dim"), soft_wrap=True)


articles_app = typer.Typer(invoke_without_command=True, rich_markup_mode=None)


@articles_app.callback()
def articles(
    context: typer.Context,
    library: LibraryOption = None,
    source: SourceOption = None,
    speaker: SpeakerOption = None,
    since: SinceOption = None,
    until: UntilOption = None,
    as_of: AsOfOption = None,
    basis: BasisOption = Basis.published,
    as_json: JsonOption = False,
) -> None:
    """List, edit or remove articles.

    Without a command, lists the articles of the library, latest first. With --as-of, lists them in the version of that
    day; an earlier version has an id with an "@".
    """
    if context.invoked_subcommand:
        context.obj = library
        return
    with errors(), opened(library) as store:
        found = store.articles(filters_of(source, speaker, since, until, as_of, basis))
        if as_json:
            import json

            typer.echo(json.dumps([a.model_dump(mode="json") for a in found], indent=2, ensure_ascii=False))
            return
        from rich.table import Column, Table

        from ..english.temporal.writing import write_day
        from ..model import day_of

        table = Table(Column("id", no_wrap=True), "published", "source", "title", box=None, header_style="bold")
        for a in found:
            day = write_day(published) if (published := day_of(a.published)) else "undated"
            table.add_row(a.id, day, styled(a.source or "—"), styled(a.heading or "—"))
        stdout().print(table)
        stdout().print(f"[dim]{len(found)} articles[/dim]")


@articles_app.command()
def remove(
    context: typer.Context,
    articles: Annotated[
        list[str], typer.Argument(metavar="ARTICLE", help="Id, the first characters of an id, or file name.")
    ],
    library: LibraryOption = None,
    as_json: JsonOption = False,
) -> None:
    """Remove articles from the library.

    Removes all articles named with their earlier versions, or none if one of them is unknown. The files they were read
    from are not deleted.
    """
    with errors():
        from ..manage import remove as run

        removed, warnings = run(articles, settings=settings_of(library=library or context.obj))
        if as_json:
            import json

            typer.echo(json.dumps([a.model_dump(mode="json") for a in removed], indent=2, ensure_ascii=False))
            return
        for article in removed:
            stdout().print(styled(f"removed {article.id}  {article.heading}"), soft_wrap=True)
        for warning in warnings:
            stderr().print(styled(f"warning: {warning}", "yellow"), soft_wrap=True)


@articles_app.command()
def edit(
    context: typer.Context,
    article: Annotated[str, typer.Argument(metavar="ARTICLE", help="Id, the first characters of an id, or file name.")],
    title: Annotated[str | None, typer.Option("--title", metavar="TEXT", help="Headline.")] = None,
    source: Annotated[str | None, typer.Option("--source", metavar="OUTLET", help="Outlet.")] = None,
    author: Annotated[
        list[str] | None, typer.Option("--author", metavar="NAME", help="Author (repeat for more).")
    ] = None,
    published: Annotated[
        str | None, typer.Option("--published", metavar="YYYY-MM-DD", help="Day, or day and time, of publication.")
    ] = None,
    restore: Annotated[
        bool, typer.Option("--restore", help="Take back all edits: what the file or page states counts again.")
    ] = False,
    library: LibraryOption = None,
    as_json: JsonOption = False,
) -> None:
    """Change the headline, outlet, authors or day of an article.

    An empty value, as in --title "", makes a field unknown. The file of the article is not changed. An edit stays when
    the file is ingested again, even if the file has changed.
    """
    with errors():
        from ..articles.edits import read_particulars
        from ..errors import InputError
        from ..manage import edit as run
        from ..render import outlet_and_day

        changes = read_particulars(title=title, source=source, authors=author, published=published)
        if restore == bool(changes.model_fields_set):
            raise InputError("Name what to change (--title, --source, --author, --published), or use --restore alone.")
        settings = settings_of(library=library or context.obj)
        found, warnings = run(article, None if restore else changes, settings=settings)
        if as_json:
            typer.echo(found.model_dump_json(indent=2))
        else:
            about = f"{found.id}  {outlet_and_day(found)}  {found.heading}"
            authors = f"  by {', '.join(found.authors)}" if found.authors else ""
            stdout().print(styled(about + authors), soft_wrap=True)
        for warning in warnings:
            stderr().print(styled(f"warning: {warning}", "yellow"), soft_wrap=True)


def show(
    article: Annotated[str, typer.Argument(metavar="ARTICLE", help="Id, the first characters of an id, or file name.")],
    between: Annotated[
        str | None, typer.Argument(metavar="[OLD[..NEW]]", help="With --diff: the versions to compare.")
    ] = None,
    sentence: Annotated[
        int | None, typer.Option("--sentence", "-s", metavar="N", help="Highlight this sentence. The first is 0.")
    ] = None,
    versions: Annotated[bool, typer.Option("--versions", help="List the stored versions of the article.")] = False,
    diff: Annotated[
        bool, typer.Option("--diff", help="Show what OLD..NEW changed. [default: the newest against the one before]")
    ] = False,
    library: LibraryOption = None,
    as_json: JsonOption = False,
) -> None:
    """Print an article, list its versions, or compare two of them.

    With --sentence, that sentence is highlighted and printed once more at the end.

    OLD and NEW are ids of versions, or the characters behind the "@", as --versions lists them.
    """
    if versions:
        list_versions(article, library, as_json)
        return
    if diff or between is not None:
        show_difference(article, between, library, as_json)
        return
    with errors(), opened(library) as store:
        from ..errors import InputError

        found = store.find(article)
        sentences = store.sentences(found.id)
        if sentence is not None and not 0 <= sentence < len(sentences):
            raise InputError(f"{article} has sentences 0 to {len(sentences) - 1}, so there is no {sentence}.")
        if as_json:
            import json

            from ..verification.attribution import unresolved_in

            parsed = store.parsed([found.id])[found.id]
            listed = [
                s.model_dump(mode="json")
                | {"unresolved": [one.model_dump(mode="json") for one in unresolved_in(s, parsed)]}
                for s in sentences
            ]
            typer.echo(json.dumps(found.model_dump(mode="json") | {"sentences": listed}, indent=2, ensure_ascii=False))
            return
        from rich.text import Text

        from ..changes.corrections import is_withdrawn
        from ..english.temporal.writing import write_day
        from ..render import outlet_and_day

        console = stdout()
        console.print(styled(found.heading or found.id, "bold"))
        status = "retracted" if is_withdrawn(store.parsed([found.id])[found.id], store) else found.status
        facts = [outlet_and_day(found), found.id, status]
        facts += [f"replaced on {write_day(found.replaced.date())}"] if found.replaced else []
        console.print(styled(" · ".join(facts), "dim"))
        console.print()
        text = found.text.rstrip("\r\n")
        marked = sentences[sentence] if sentence is not None else None
        start, end = (marked.start, marked.end) if marked else (len(text), len(text))
        # Slice first, then clean: offsets count characters of the stored text, and the displayed text may be shorter.
        before, after = text[:start].lstrip("\r\n"), text[end:]
        console.print(Text.assemble(styled(before), styled(text[start:end], "reverse"), styled(after)))
        if marked:
            console.print(styled(f"\n▶ sentence {sentence}: {marked.text}", "bold"))


def doctor(
    library: LibraryOption = None,
    fix: Annotated[
        bool, typer.Option("--fix", help="Rebuild what is derived from the articles, if it is damaged.")
    ] = False,
    as_json: JsonOption = False,
) -> None:
    """Check the library and the settings.

    Reports versions, the library, its index, free disk space, and where questions are sent. Exit code 1 if something
    is wrong; each fault is printed with its remedy. No text of the library leaves this machine.
    """
    with errors():
        from ..doctor import examine

        with stderr().status("checking and repairing…" if fix else "checking…"):
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
    file: Annotated[Path, typer.Argument(metavar="FILE", help="File to create. It must not exist yet.")],
    library: LibraryOption = None,
) -> None:
    """Copy the library into one file, with conversations and notebooks.

    The copy is complete and checked. Others can use the library meanwhile. Also prints a digest of the contents: equal
    libraries have equal digests.
    """
    with errors():
        from ..manage import backup as run

        settings = settings_of(library=library)
        with _pages("copying") as on_progress:
            digest = run(file, settings=settings, on_progress=on_progress)
        stdout().print(styled(f"Copied {settings.library} to {file}\ndigest {digest}"), soft_wrap=True)


def restore(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="Backup made with: qa backup")],
    library: LibraryOption = None,
    replace: Annotated[
        bool,
        typer.Option(
            "--replace",
            help="Replace an existing library, conversations and notebooks. They are kept in the same folder under "
            "other names.",
        ),
    ] = False,
) -> None:
    """Restore the library from a backup, with the conversations and notebooks that are in it.

    If there are none in the backup, those of today stay. Programs that have the library open use the restored articles
    from their next question on.
    """
    with errors():
        from ..manage import restore as run

        settings = settings_of(library=library)
        with _pages("restoring") as on_progress:
            library_kept, workspace_kept = run(file, settings=settings, replace=replace, on_progress=on_progress)
        stdout().print(styled(f"Restored {file} to {settings.library}"), soft_wrap=True)
        if library_kept:
            stdout().print(styled(f"The previous library is kept as {library_kept}"), soft_wrap=True)
        if workspace_kept:
            told = f"The previous conversations and notebooks are kept as {workspace_kept}"
            stdout().print(styled(told), soft_wrap=True)


def copy(
    source: Annotated[str, typer.Argument(metavar="SOURCE", help="Folder or address of the library to copy.")],
    target: Annotated[str, typer.Argument(metavar="TARGET", help="Folder or address of the new library.")],
) -> None:
    """Copy a library into a PostgreSQL database, or back into a folder.

    An address is postgresql://user@host/database; give the password with PGPASSWORD or a .pgpass file, because others
    on this machine can see a command. The copy is checked: both have the same digest. Others can use the source
    meanwhile. The index is built by the next ingest, or by: qa doctor --fix
    """
    with errors():
        from ..manage import copy as run

        with _pages("copying") as on_progress:
            old, new, digest = run(source, target, on_progress=on_progress)
        stdout().print(styled(f"Copied {old} to {new}\ndigest {digest}"), soft_wrap=True)


@contextmanager
def _pages(what: str) -> Iterator[Callable[[int, int], None]]:
    from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn

    with Progress(TextColumn(what), BarColumn(), TaskProgressColumn(), console=stderr(), transient=True) as bar:
        task = bar.add_task("", total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total)


def _print_report(report: IngestReport, settings: Settings, console: Console, verbose: bool = False) -> None:
    counts = f"{report.added} added, {report.updated} updated, {report.unchanged} unchanged"
    counts += f", {report.removed} removed" if report.removed else ""
    counts += f", {report.parsed_again} read again" if report.parsed_again else ""
    cost = f"({report.chunks} chunks embedded, {report.seconds:.1f} s)"
    kept = f"{report.earlier} earlier {'version' if report.earlier == 1 else 'versions'} kept"
    console.print(
        styled(f"{counts} {cost} in {settings.library}{f'; {kept}' if report.earlier else ''}"), soft_wrap=True
    )
    if report.unread:
        words = f"{report.unread} can be asked and are still to be read: run qa ingest again to read who says what."
        console.print(styled(words, "yellow"), soft_wrap=True)
    for warning in report.warnings:
        console.print(styled(f"warning: {warning}", "yellow"), soft_wrap=True)
    if report.others:
        from ..articles.files import count_kinds

        count = len(report.others)
        words = f"{count} {'file' if count == 1 else 'files'} of other kinds left out: {count_kinds(report.others)}"
        console.print(styled(words if verbose else f"{words}; --verbose names them", "dim"), soft_wrap=True)
        for path in report.others if verbose else ():
            console.print(styled(f"left out: {path}", "dim"), soft_wrap=True)
    for one in report.incomplete:
        words = f"incomplete: {one.origin}: stored without its {one.part} ({one.reason}). Please report this."
        console.print(styled(words, "yellow"), soft_wrap=True)
    for skipped in report.skipped:
        console.print(styled(_on_one_line(f"skipped: {skipped.origin}: {skipped.reason}"), "red"), soft_wrap=True)
