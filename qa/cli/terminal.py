"""Shared by the commands: options, one-line errors, and printing an answer. Heavy modules are imported late."""

from __future__ import annotations

from contextlib import contextmanager
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from rich.console import Console
    from rich.text import Text

    from ..library.library import Library
    from ..model import Answer, ArticleRef, Citation, Claim, Event, Filters
    from ..settings import Settings

LibraryOption = Annotated[
    str | None,
    typer.Option(
        "--library",
        "-l",
        metavar="DIR",
        help="Folder of the library, or address of a shared one. [default: QA_LIBRARY, or your data folder]",
    ),
]
JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON instead of text.")]
SourceOption = Annotated[
    list[str] | None,
    typer.Option("--source", metavar="OUTLET", help="Only articles from this outlet (repeat for more)."),
]
SpeakerOption = Annotated[
    list[str] | None,
    typer.Option("--speaker", metavar="NAME", help="Only what this person or organisation said (repeat for more)."),
]
SinceOption = Annotated[
    datetime | None,
    typer.Option(
        "--since", formats=["%Y-%m-%d"], metavar="YYYY-MM-DD", help="Only articles published on or after this day."
    ),
]
UntilOption = Annotated[
    datetime | None,
    typer.Option(
        "--until", formats=["%Y-%m-%d"], metavar="YYYY-MM-DD", help="Only articles published on or before this day."
    ),
]

AsOfOption = Annotated[
    datetime | None,
    typer.Option(
        "--as-of",
        formats=["%Y-%m-%d"],
        metavar="YYYY-MM-DD",
        help="Go back to this day: ignore later articles, and take each article in the version of that day.",
    ),
]


class Basis(StrEnum):
    """What ``--as-of`` goes back to."""

    published = "published"
    held = "held"


BasisOption = Annotated[
    Basis,
    typer.Option(
        "--basis",
        help="With --as-of: what the outlets had published by that day, or what this library held at its end (UTC).",
    ),
]
ModelOption = Annotated[
    str | None, typer.Option("--model", "-m", metavar="NAME", help="Model to use. [default: QA_MODEL]")
]
OfflineOption = Annotated[bool, typer.Option("--offline", help="Never call a model; use the offline reader.")]


@contextmanager
def errors() -> Iterator[None]:
    """Print a ``QAError`` as one line on stderr and exit with code 1. Exit with 130 after Ctrl-C."""
    from ..errors import QAError

    try:
        yield
    except QAError as error:
        line = styled("error: ", "bold red").append_text(styled(str(error), "not bold default"))
        stderr().print(line, soft_wrap=True)
        raise typer.Exit(1) from None
    except KeyboardInterrupt:
        stderr().print("Interrupted. Everything stored so far is kept. Run the same command again to continue.")
        raise typer.Exit(130) from None


def settings_of(**overrides: object) -> Settings:
    """Return the settings: options that were given, then the environment, then defaults."""
    from ..settings import Settings

    return Settings.load(**overrides)


@contextmanager
def opened(library: str | None) -> Iterator[Library]:
    """Open the library at ``library`` (or the default one), and close it at the end of the block."""
    from contextlib import closing

    from ..library.library import Library

    with closing(Library(settings_of(library=library).library)) as opened_library:
        yield opened_library


def filters_of(
    source: list[str] | None,
    speaker: list[str] | None,
    since: datetime | None,
    until: datetime | None,
    as_of: datetime | None,
    basis: Basis = Basis.published,
) -> Filters:
    """Return the filter options as ``Filters``. Raises InputError for a basis without a day."""
    from ..errors import InputError
    from ..model import Filters

    if basis != Basis.published and as_of is None:
        raise InputError(f"--basis {basis} goes back to no day. Name one with --as-of YYYY-MM-DD.")
    return Filters(
        sources=tuple(source or ()),
        speakers=tuple(speaker or ()),
        since=since.date() if since else None,
        until=until.date() if until else None,
        as_of=as_of.date() if as_of else None,
        basis=basis.value,
    )


def stdout() -> Console:
    """Return the console for results."""
    from rich.console import Console

    return Console(highlight=False)


def stderr() -> Console:
    """Return the console for progress, warnings and errors."""
    from rich.console import Console

    return Console(stderr=True, highlight=False)


def styled(words: str, style: str = "") -> Text:
    """Return untrusted text (articles, models, paths) without rich markup and terminal control characters."""
    from rich.text import Text

    from ..english.characters import displayable

    return Text(displayable(words), style)


def watched(events: Iterable[Event], console: Console, *, claims: bool = False) -> Answer:
    """Show the stages of a stream on ``console`` as they come, and return its Answer.

    With ``claims``, also print on standard output the completed follow-up question and each claim as soon as it is
    verified. ``print_answer`` then prints the rest.
    """
    from ..model import ClaimReady, Done

    with console.status("planning…") as status:
        for event in events:
            if isinstance(event, Done):
                return event.answer
            if isinstance(event, ClaimReady):
                if claims:
                    status.stop()  # a running spinner would overwrite the claim
                    _print_claim(event.claim, event.citations, event.articles)
                    status.start()
            else:
                status.update(styled(f"{event.name}… {event.detail}"))
                if claims and event.name == "searching" and event.detail:
                    stdout().print(styled(f"Understood as: {event.detail}", "dim"), soft_wrap=True)
    raise AssertionError("the stream ends with Done")


def _print_claim(claim: Claim, citations: Sequence[Citation], articles: Sequence[ArticleRef]) -> None:
    """Print a claim, and under it outlet, day and speaker. What code has added stands in square brackets."""
    from rich.padding import Padding
    from rich.text import Text

    from ..render import NAMED_IN, lead_of, parts_of, provenance_of, tags_of

    lead = lead_of(claim)
    words = [styled(f"[{lead.text}] ", "dim")] if lead else []
    for part in parts_of(claim, citations):
        words += [styled(run.text, "bold" if run.answers else "") for run in part.runs] + [styled(" ")]
    words.append(styled("".join(f"[{n}]" for n in claim.citations), "bold cyan"))
    tags = "; ".join(tag.text for tag in tags_of(claim)) or NAMED_IN
    if claim.context or tags != NAMED_IN:
        numbers = "".join(f"[{n}]" for n in claim.context)
        words.append(styled(f" [{tags}{' ' if numbers else ''}{numbers}]", "dim"))
    told = {article.id: article for article in articles}
    cited = {citation.number: told[citation.article_id] for citation in citations}
    console = stdout()
    console.print(Text.assemble(*words))
    console.print(Padding(styled(provenance_of(claim, [cited[n] for n in claim.citations]), "dim"), (0, 0, 0, 4)))
    console.print()


def print_answer(answer: Answer) -> None:
    """Print everything of an answer except its claims: what has changed, the cited sentences, notes and cost."""
    from rich.padding import Padding
    from rich.text import Text

    from ..render import (
        CLOSEST,
        RESOLVES,
        changes_of,
        heading_of,
        nearest_of,
        notes_of,
        outlet_and_day,
        quotation_runs,
        quoted_whole,
        used,
    )

    console = stdout()
    for change in changes_of(answer):
        console.print(styled(change, "yellow"))
    if found := answer.abstention:
        console.print(styled(f"{heading_of(found)}.", "bold yellow"))
        console.print(styled(found.message))
        for claim in found.contradicting:
            _print_claim(claim, answer.citations, answer.articles)
        if found.nearest:
            console.print(styled(f"\n{CLOSEST}\n", "dim"))
        for claim in nearest_of(answer):
            _print_claim(claim, answer.citations, answer.articles)
    repeated = quoted_whole(answer)
    for citation in answer.citations:
        article = answer.article(citation)
        console.print()
        status = "" if article.status == "current" else f" [{article.status}]"
        title = f"  {article.heading}" if article.heading else ""
        resolves = RESOLVES if citation.number in answer.resolving else ""
        where = ((f"[{citation.number}] ", "bold cyan"), (outlet_and_day(article), "bold"), (resolves, "dim"))
        parts = (*where, (status, "bold yellow"))
        console.print(Text.assemble(*(styled(*part) for part in (*parts, (title, "")))))
        if citation.number not in repeated:
            quote = (styled(run.text, "bold" if run.answers else "") for run in quotation_runs(citation))
            console.print(Padding(Text.assemble(*quote), (0, 0, 0, 4)))
        also = f", also in {', '.join(article.same_as)}" if article.same_as else ""
        console.print(styled(f"    qa show {article.id} --sentence {citation.sentence}{also}", "dim"))
    for note in (*notes_of(answer), *answer.warnings):
        console.print(styled(f"\n{note}", "yellow"))
    if answer.provenance.usage:
        console.print(styled(f"\n{used(answer.provenance.usage)}", "dim"))
