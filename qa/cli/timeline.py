"""The command ``qa timeline``."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

from .terminal import (
    AsOfOption,
    Basis,
    BasisOption,
    LibraryOption,
    SourceOption,
    errors,
    filters_of,
    settings_of,
    stdout,
    styled,
)

if TYPE_CHECKING:
    from ..model import Timeline

_DAY = ["%Y-%m-%d"]


class Format(StrEnum):
    """How a timeline is printed."""

    text = "text"
    markdown = "markdown"
    json = "json"
    csv = "csv"


def timeline(
    subject: Annotated[
        str, typer.Argument(metavar="SUBJECT", help="A person, a place, a thing or a topic: “Keller Bridge”.")
    ],
    articles: Annotated[
        list[str] | None,
        typer.Option(
            "--articles",
            "-a",
            metavar="PATH",
            help="Read these files, folders or globs instead of the library (repeat for more).",
        ),
    ] = None,
    library: LibraryOption = None,
    source: SourceOption = None,
    speaker: Annotated[
        list[str] | None,
        typer.Option("--speaker", metavar="NAME", help="Only what this person or organisation said (repeat for more)."),
    ] = None,
    since: Annotated[
        datetime | None,
        typer.Option(
            "--since",
            formats=_DAY,
            metavar="YYYY-MM-DD",
            help="Only what happened on or after this day, whenever it was published.",
        ),
    ] = None,
    until: Annotated[
        datetime | None,
        typer.Option(
            "--until",
            formats=_DAY,
            metavar="YYYY-MM-DD",
            help="Only what happened on or before this day, whenever it was published.",
        ),
    ] = None,
    as_of: AsOfOption = None,
    basis: BasisOption = Basis.published,
    form: Annotated[Format, typer.Option("--format", "-f", help="How to print it.")] = Format.text,
) -> None:
    """Print what happened, in order.

    Lists the dated statements of all articles about a subject, in the order in which they happened. Each line has its
    sentence, and outlet and day of publication. What several outlets report is one line. Plans are marked, and so is a
    plan that got another day. Sentences that name no certain day are counted, and left out.

    No model is asked, and nothing leaves this machine.
    """
    with errors():
        from ..changes import writing
        from ..timelines import timeline as make

        settings = settings_of(library=library)
        filters = filters_of(source, speaker, since, until, as_of, basis)
        found = make(subject, articles=articles, filters=filters, settings=settings)
        match form:
            case Format.json:
                typer.echo(writing.to_json(found))
            case Format.csv:
                typer.echo(writing.to_csv(found), nl=False)
            case Format.markdown:
                typer.echo(writing.to_markdown(found), nl=False)
            case Format.text:
                _print(found)


def _print(found: Timeline) -> None:
    from rich.padding import Padding
    from rich.text import Text

    from ..changes import writing

    console = stdout()
    console.print(styled(writing.title_of(found), "bold"))
    days = [writing.when_of(entry) for entry in found.entries]
    width = max(map(len, days), default=0)
    for day, entry in zip(days, found.entries, strict=True):
        mark = styled(writing.planned_mark(entry), "yellow")
        told = styled(writing.told(entry), "dim" if entry.change else "")
        where = styled(f"  {writing.source_of(found, entry)}", "dim")
        console.print(Text.assemble(styled(f"{day:<{width}}  ", "bold cyan"), mark, told, where), soft_wrap=True)
        if entry.change:
            change = styled(f"↳ {writing.change_of(entry)}", "yellow")
            console.print(Padding(change, (0, 0, 0, width + 2)))
    for note in writing.notes_of(found):
        console.print(styled(f"\n{note}", "yellow"), soft_wrap=True)
