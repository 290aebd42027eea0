"""The commands on saved answers: recheck and replay."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from .library import SOME_FAILED
from .terminal import JsonOption, LibraryOption, errors, settings_of, stderr, stdout, styled

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ..model import CheckedClaim, Citation, Recheck, Replay, SkippedFile, Verdict

CHANGED = 4
NAMED = 5  # files that are no saved answers, named where there is none
"""Exit code if an answer has changed: some claim does not stand, or a replay differs."""
OTHER_LIBRARY = 5
"""Exit code of a replay if the library is not in the state in which it gave the answer."""

_MARKS: dict[Verdict, tuple[str, str]] = {
    "stands": ("✓", "green"),
    "corrected": ("!", "bold red"),
    "superseded": ("↻", "bold yellow"),
    "disputed": ("≠", "bold yellow"),
    "gone": ("✗", "bold red"),
}
_WIDTH = max(map(len, _MARKS))


def recheck(
    paths: Annotated[
        list[Path],
        typer.Argument(metavar="PATH…", help="Answers saved with qa ask --json, or folders of them."),
    ],
    library: LibraryOption = None,
    as_json: JsonOption = False,
    quiet: Annotated[
        bool, typer.Option("--quiet", "-q", help="Print only what has changed, and nothing if nothing has.")
    ] = False,
) -> None:
    """Hold saved answers against today's library.

    Each claim stands, was corrected, is superseded or disputed, or its sentence is gone; what changed it is shown with
    outlet, day and sentence. A question without an answer may have one now. No model is asked.

    Exit code 0 if everything stands, 4 if anything has changed, and 3 if a file could not be checked and nothing has
    changed. Folders are searched for *.json; files there that are no answers are named and passed over.
    """
    with errors():
        from contextlib import closing

        from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

        from ..errors import InputError, QAError
        from ..rechecking import Rechecker, saved_answers

        foreign: list[SkippedFile] = []
        saved = list(saved_answers(paths, foreign.append))
        given = {str(path.expanduser()) for path in paths}
        if not saved:
            reasons = [skipped.reason for skipped in foreign[:NAMED]] + ["…"] * (len(foreign) > NAMED)
            why = "\n".join(reasons) or "Save answers with: qa ask --json"
            raise InputError(f"There is no saved answer in {', '.join(map(str, paths))}. {why}")
        found: list[Recheck] = []
        failed = [skipped for skipped in foreign if skipped.origin in given]
        console = stderr()
        columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
        many = console.is_terminal and len(saved) > 1
        with (
            closing(Rechecker(library, settings_of(library=library))) as rechecker,
            Progress(*columns, console=console, transient=True, disable=not many) as bar,
        ):
            for file, answer in bar.track(saved, description="checking"):
                try:
                    one = rechecker.recheck(answer, str(file))
                except QAError as error:
                    failed.append(_skipped(file, error))
                    continue
                if not found:
                    for warning in one.warnings:
                        console.print(styled(warning, "yellow"), soft_wrap=True)
                found.append(one)
                if not as_json and (one.changed or not quiet):
                    _print(one, quiet=quiet)
        if as_json:
            _print_json([one for one in found if one.changed or not quiet])
        for skipped in [*failed, *([] if quiet else (s for s in foreign if s not in failed))]:
            console.print(styled(f"Not checked: {skipped.reason}", "yellow"), soft_wrap=True)
        changed = sum(one.changed for one in found)
        if not quiet:
            console.print(styled(_counted(len(found), changed), "dim"), soft_wrap=True)
        if changed or failed:
            raise typer.Exit(CHANGED if changed else SOME_FAILED)


def replay(
    path: Annotated[Path, typer.Argument(metavar="ANSWER", help="An answer saved with qa ask --json.")],
    library: LibraryOption = None,
    anyway: Annotated[
        bool, typer.Option("--anyway", help="Compare even if the library has changed since, or is another one.")
    ] = False,
    as_json: JsonOption = False,
) -> None:
    """Make a saved answer again from the library that gave it, and say what differs.

    An answer of the offline reader is asked again. A model's answer is not: its citations are looked up, and how its
    claims stand is derived again. The output says what was compared.

    Exit code 0 if nothing differs, 4 if something does, and 5 if the library has changed since; then nothing is
    compared, unless --anyway is given.
    """
    with errors():
        from ..replaying import replay as make

        found = make(path, library=library, settings=settings_of(library=library), anyway=anyway)
        if as_json:
            typer.echo(found.model_dump_json(indent=2))
        else:
            _print_replay(found)
        if not found.replayed:
            raise typer.Exit(OTHER_LIBRARY)
        if not found.same:
            raise typer.Exit(CHANGED)


def _skipped(file: Path, error: Exception) -> SkippedFile:
    from ..model import SkippedFile

    return SkippedFile(origin=str(file), reason=f"{file}: {error}")


def _print_json(found: Sequence[Recheck]) -> None:
    import json

    typer.echo(json.dumps([one.model_dump(mode="json") for one in found], indent=2, ensure_ascii=False))


def _counted(checked: int, changed: int) -> str:
    answers = f"{checked:,} {'answer' if checked == 1 else 'answers'}"
    return f"Checked {answers}: {f'{changed:,} changed' if changed else 'nothing has changed'}."


def _print(found: Recheck, *, quiet: bool) -> None:
    from ..english.temporal.writing import write_day

    console = stdout()
    console.print(styled(found.question, "bold"), soft_wrap=True)
    where = f"{found.origin}, " if found.origin else ""
    console.print(styled(f"{where}saved on {write_day(found.saved.date())}", "dim"), soft_wrap=True)
    for claim in found.claims:
        if not quiet or claim.verdict != "stands":
            _print_claim(found, claim)
    if found.now_answered:
        console.print(styled("  ★ now answered", "bold green"))
        _print_sentences(found, found.now)
    elif not found.claims:
        console.print(styled("  ✓ still no answer", "green"))
    console.print()


def _print_claim(found: Recheck, claim: CheckedClaim) -> None:
    from rich.text import Text

    from ..english.temporal.writing import write_day
    from ..render import in_line

    mark, style = _MARKS[claim.verdict]
    since = f" since {write_day(claim.since)}" if claim.since else ""
    verdict = styled(f"  {mark} {claim.verdict}{since}", style)
    numbers = "".join(f"[{c.number}]" for c in claim.citations)
    pad = " " * max(1, _WIDTH - len(claim.verdict) - len(since) + 2)
    stdout().print(Text.assemble(verdict, pad, styled(f"{in_line(claim.text)} {numbers}")), soft_wrap=True)
    if claim.detail:
        stdout().print(styled(f"      {claim.detail}", "dim" if claim.verdict == "stands" else ""), soft_wrap=True)
    _print_sentences(found, claim.by)


def _print_sentences(found: Recheck, citations: Sequence[Citation]) -> None:
    from rich.text import Text

    from ..render import in_line, outlet_and_day

    for citation in citations:
        where = styled(f"      [{citation.number}] {outlet_and_day(found.article(citation))}: ", "bold")
        quote = styled(f"“{in_line(citation.quote)}”", "italic")
        stdout().print(Text.assemble(where, quote), soft_wrap=True)


def _print_replay(found: Replay) -> None:
    from ..render import in_line

    console = stdout()
    console.print(styled(found.question, "bold"), soft_wrap=True)
    if not found.same_library:
        now, then = found.library_revision, found.library_revision_saved
        other = f"revision {now}, not {then}" if now != then else "another library with the same revision"
        console.print(styled(f"The library is not as it was when it gave the answer ({other}).", "bold yellow"))
        if not found.replayed:
            console.print("Nothing was compared. To compare anyway: --anyway")
    for warning in found.warnings:
        console.print(styled(warning, "yellow"), soft_wrap=True)
    for what in found.compared:
        console.print(styled(f"Compared: {what}", "dim"), soft_wrap=True)
    for one in found.differences:
        console.print(styled(f"✗ {one.what}", "bold red"))
        for label, words in (("saved", one.saved), ("now", one.now)):
            console.print(styled(f"    {label:5}: {in_line(words) or '–'}"), soft_wrap=True)
    if found.same:
        console.print(styled("✓ The same.", "green"))
