"""What the commands share: options, errors as one line, and how an answer is printed. Nothing heavy is imported."""

from __future__ import annotations

from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from rich.console import Console
    from rich.text import Text

    from ..library.library import Library
    from ..model import Answer, Claim, Event, Filters
    from ..settings import Settings

LibraryOption = Annotated[
    Path | None,
    typer.Option(
        "--library", "-l", metavar="FOLDER", help="The library's folder; else QA_LIBRARY, else your data folder."
    ),
]
JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON instead of text.")]
SourceOption = Annotated[list[str] | None, typer.Option("--source", help="Only this outlet (repeat for more).")]
SpeakerOption = Annotated[
    list[str] | None,
    typer.Option("--speaker", metavar="NAME", help="Only what this person or body says (repeat for more)."),
]
SinceOption = Annotated[
    datetime | None, typer.Option("--since", formats=["%Y-%m-%d"], metavar="DATE", help="Published on or after.")
]
UntilOption = Annotated[
    datetime | None, typer.Option("--until", formats=["%Y-%m-%d"], metavar="DATE", help="Published on or before.")
]

AsOfOption = Annotated[
    datetime | None,
    typer.Option("--as-of", formats=["%Y-%m-%d"], metavar="DATE", help="As if it were this day: nothing later."),
]
ModelOption = Annotated[str | None, typer.Option("--model", "-m", help="Model to ask; else QA_MODEL.")]
OfflineOption = Annotated[bool, typer.Option("--offline", help="Never call a model: use the offline reader.")]


@contextmanager
def errors() -> Iterator[None]:
    """Our errors as one line on stderr and exit code 1; Ctrl-C as 130."""
    from ..errors import QAError

    try:
        yield
    except QAError as error:
        line = styled("error: ", "bold red").append_text(styled(str(error), "not bold default"))
        stderr().print(line, soft_wrap=True)
        raise typer.Exit(1) from None
    except KeyboardInterrupt:
        stderr().print("Interrupted. What was stored is kept; run the same command again to go on.")
        raise typer.Exit(130) from None


def settings_of(**overrides: object) -> Settings:
    """Settings from the environment and the options that were given."""
    from ..settings import Settings

    return Settings.load(**overrides)


@contextmanager
def opened(folder: Path | None) -> Iterator[Library]:
    """The library, closed again at the end."""
    from contextlib import closing

    from ..library.library import Library

    with closing(Library(settings_of(library=folder).library)) as library:
        yield library


def filters_of(
    source: list[str] | None,
    speaker: list[str] | None,
    since: datetime | None,
    until: datetime | None,
    as_of: datetime | None,
) -> Filters:
    """The options of what may be searched, as Filters."""
    from ..model import Filters

    return Filters(
        sources=tuple(source or ()),
        speakers=tuple(speaker or ()),
        since=since.date() if since else None,
        until=until.date() if until else None,
        as_of=as_of.date() if as_of else None,
    )


def stdout() -> Console:
    """Where results go."""
    from rich.console import Console

    return Console(highlight=False)


def stderr() -> Console:
    """Where progress, warnings and errors go."""
    from rich.console import Console

    return Console(stderr=True, highlight=False)


def styled(words: str, style: str = "") -> Text:
    """Words of articles, models and paths: no markup for rich, no command for the terminal."""
    from rich.text import Text

    from ..english.characters import displayable

    return Text(displayable(words), style)


def watched(events: Iterable[Event], console: Console, *, claims: bool = False) -> Answer:
    """The Answer at the end of a stream; its stages are shown on ``console`` as they come.

    With ``claims`` each claim is printed on standard output as soon as it is verified, and before the first of them a
    follow-up as it was understood: what ``print_answer`` then need not print.
    """
    from ..model import ClaimReady, Done

    with console.status("planning…") as status:
        for event in events:
            if isinstance(event, Done):
                return event.answer
            if isinstance(event, ClaimReady):
                if claims:
                    status.stop()  # a spinner and a line of text on one terminal overwrite each other
                    _print_claim(event.claim)
                    status.start()
            else:
                status.update(styled(f"{event.name}… {event.detail}"))
                if claims and event.name == "searching" and event.detail:
                    stdout().print(styled(f"Understood as: {event.detail}", "dim"), soft_wrap=True)
    raise AssertionError("the stream ends with Done")


def _print_claim(claim: Claim) -> None:
    stdout().print(styled(claim.text + " ").append("".join(f"[{n}]" for n in claim.citations), "bold cyan"))


def print_answer(answer: Answer) -> None:
    """What there is to an answer for a person besides its claims: sentences, notes, cost."""
    from rich.padding import Padding
    from rich.text import Text

    from ..render import RESOLVES, notes_of, outlet_and_day, used

    console = stdout()
    if answer.abstention:
        console.print(styled(answer.abstention.message, "bold yellow"))
        for claim in answer.abstention.contradicting:
            _print_claim(claim)
        if answer.abstention.nearest:
            console.print(styled("Nearest sentences:", "dim"))
    for citation in answer.citations:
        article = answer.article(citation)
        console.print()
        status = "" if article.status == "current" else f" [{article.status}]"
        title = f"  {article.title}" if article.title else ""
        resolves = RESOLVES if citation.number in answer.resolving else ""
        where = ((f"[{citation.number}] ", "bold cyan"), (outlet_and_day(article), "bold"), (resolves, "dim"))
        parts = (*where, (status, "bold yellow"))
        console.print(Text.assemble(*(styled(*part) for part in (*parts, (title, "")))))
        console.print(Padding(styled(" ".join(citation.quote.split()), "italic"), (0, 0, 0, 4)))
        also = f", also in {', '.join(article.same_as)}" if article.same_as else ""
        console.print(styled(f"    qa show {article.id} --sentence {citation.sentence}{also}", "dim"))
    notes = notes_of(answer.abstention) if answer.abstention else []
    if answer.rejected:
        notes.append(f"{len(answer.rejected)} drafted claims failed verification and are not shown (see --json).")
    for note in (*notes, *answer.warnings):
        console.print(styled(f"\n{note}", "yellow"))
    if answer.provenance.usage:
        console.print(styled(f"\n{used(answer.provenance.usage)}", "dim"))
