"""``qa eval``: score answers about any articles. Heavy modules are imported inside the commands."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from rich.console import Console

    from ..evaluate.gates import Failure
    from ..evaluate.record import Record
    from ..evaluate.results import Run
    from ..settings import Settings

GATE_FAILED = 3
"""Exit code if the run is complete but a gate failed."""

eval_app = typer.Typer(
    invoke_without_command=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)

ArticlesOption = Annotated[
    list[str] | None,
    typer.Option("--articles", "-a", metavar="PATH", help="Files, folders or globs of articles (repeat for more)."),
]


@eval_app.callback()
def evaluate(
    context: typer.Context,
    gold: Annotated[
        Path | None,
        typer.Option(metavar="PATH", help="Gold file, or a folder of gold files. Draft one with: qa eval new"),
    ] = None,
    articles: ArticlesOption = None,
    model: Annotated[
        str | None, typer.Option("--model", "-m", metavar="NAME", help="Model to use. [default: QA_MODEL]")
    ] = None,
    offline: Annotated[bool, typer.Option("--offline", help="Never call a model; use the offline reader.")] = False,
    replies: Annotated[
        Path | None,
        typer.Option(metavar="DIR", help="Folder of replies written by hand, to use instead of a model."),
    ] = None,
    judge: Annotated[
        bool,
        typer.Option("--judge", help="Also let the model judge its answers. This is reported only; no gate uses it."),
    ] = False,
    cache: Annotated[
        Path | None, typer.Option(metavar="DIR", help="Folder to keep model replies in. [default: your cache folder]")
    ] = None,
    baseline: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Earlier record (from --json) to compare with. A significant drop fails."),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the record as JSON instead of a table.")] = False,
    html: Annotated[Path | None, typer.Option(metavar="FILE", help="Write the report to this HTML file.")] = None,
    report: Annotated[
        Path | None, typer.Option(metavar="DIR", help="Write the HTML page, the record and the cases to this folder.")
    ] = None,
    show_test: Annotated[
        bool,
        typer.Option("--show-test", help="Show test cases one by one, too. The record notes that they were shown."),
    ] = False,
) -> None:
    """Score answers against gold questions.

    Asks every question of the gold files and scores retrieval, facts, citations and abstentions. Prints a table, or
    the record as JSON. Exit code 3 if a gate fails.
    """
    if context.invoked_subcommand:
        return
    with _errors():
        if not gold or not articles:
            raise typer.BadParameter("Give --gold and --articles. Draft a gold file with: qa eval new --articles PATH")
        from ..evaluate.cache import default_cache
        from ..evaluate.record import load_record, record
        from ..settings import Settings

        before = load_record(baseline) if baseline else None
        settings = Settings.load(model=model, offline=offline or None)
        run = _run(gold, articles, settings, cache or default_cache(), replies, judged=judge)
        found = record(run, test_shown=show_test)
        failures = _failures(found, before)
        _write_reports(run, found, before, failures, html=html, folder=report)
        _print(run, found, before, as_json=as_json)
    for failure in failures:
        _console(stderr=True).print(f"gate failed: {failure}", style="red", markup=False)
    if failures:
        raise typer.Exit(GATE_FAILED)


@eval_app.command()
def new(
    articles: ArticlesOption = None,
    output: Annotated[
        Path | None,
        typer.Option("--output", "-o", metavar="FILE", help="New file to write. [default: standard output]"),
    ] = None,
) -> None:
    """Draft a gold file to fill in.

    The draft lists the articles and contains example cases in comments. Uncomment the examples and write your own
    questions, expected facts and gold sentences.
    """
    with _errors():
        from ..evaluate.drafting import draft_gold

        if not articles:
            raise typer.BadParameter("Give --articles.")
        if output and output.exists():
            raise typer.BadParameter(f"{output} exists, and gold files are never overwritten. Choose another --output.")
        text = draft_gold(articles, str(output or "gold.yaml"))
        if output:
            output.write_text(text, encoding="utf-8")
        else:
            typer.echo(text, nl=False)


@eval_app.command()
def compare(
    before: Annotated[Path, typer.Argument(metavar="A.json", help="The earlier record.")],
    after: Annotated[Path, typer.Argument(metavar="B.json", help="The later record.")],
) -> None:
    """Compare two records.

    Prints the paired difference of every metric, with a bootstrap interval, and the cases that newly pass or fail.
    Records are made with: qa eval --json
    """
    with _errors():
        from ..evaluate.record import load_record
        from ..evaluate.report import changes_table

        old, new_record = load_record(before), load_record(after)
        console = _console()
        if old.conditions.gold_sha256 != new_record.conditions.gold_sha256:
            console.print(
                "The two records used different gold. Only cases with the same id are compared.", style="yellow"
            )
        console.print(changes_table(old, new_record))
        for line in _flips(old, new_record):
            console.print(line, markup=False)


def _run(gold: Path, articles: list[str], settings: Settings, cache: Path, folder: Path | None, *, judged: bool) -> Run:
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    from ..evaluate.gold import load_gold
    from ..evaluate.replies import RepliesByHand
    from ..evaluate.run import Examiner

    console = _console(stderr=True)
    replies = RepliesByHand(folder) if folder else None
    answering = f"replies written by hand in {folder}" if folder else settings.destination
    console.print(f"Answering with: {answering}", style="dim", markup=False)
    columns = (TextColumn("asking"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with (
        Examiner(load_gold(gold), articles, settings, cache=cache, replies=replies, judged=judged) as examiner,
        Progress(*columns, console=console, transient=True) as bar,
    ):
        task = bar.add_task("", total=None)
        run = examiner.run(lambda done, total, _case: bar.update(task, completed=done, total=total))
    if replies:
        for file in dict.fromkeys(replies.waiting):
            console.print(f"waits for a reply: {file}", markup=False)
        console.print(replies.note, style="dim", markup=False)
    return run


def _failures(found: Record, before: Record | None) -> list[Failure]:
    from ..evaluate.gates import HARD, below_floors, drops

    comparable = before and found.conditions.comparable(before.conditions)
    return below_floors(found, HARD) + (drops(found, before) if before and comparable else [])


def _write_reports(
    run: Run, found: Record, before: Record | None, failures: list[Failure], *, html: Path | None, folder: Path | None
) -> None:
    from ..evaluate import report

    if html:
        html.write_text(report.html(run, found, baseline=before, failures=failures), encoding="utf-8")
    if folder:
        report.write(folder, run, found, baseline=before, failures=failures)


def _print(run: Run, found: Record, before: Record | None, *, as_json: bool) -> None:
    from ..evaluate.record import to_json
    from ..evaluate.report import table

    if as_json:
        typer.echo(to_json(found), nl=False)
        return
    console = _console()
    console.print(table(found, before))
    notes = [run.cache_note] if run.cache_note else []
    notes += [f"{result.case.id}: {fault}" for result in run.results for fault in result.faults]
    for note in notes + (_flips(before, found) if before else []):
        console.print(note, markup=False)


def _flips(before: Record, after: Record) -> list[str]:
    from ..evaluate.record import flips

    both = zip(("newly fail", "newly pass"), flips(before, after), strict=True)
    return [f"dev cases that {words}: {', '.join(ids)}" for words, ids in both if ids]


@contextmanager
def _errors() -> Iterator[None]:
    """Print a ``QAError`` on stderr and exit with code 1."""
    from ..errors import QAError

    try:
        yield
    except QAError as error:
        _console(stderr=True).print(f"error: {error}", style="red", markup=False)
        raise typer.Exit(1) from None


def _console(*, stderr: bool = False) -> Console:
    from rich.console import Console

    return Console(stderr=stderr, highlight=False, soft_wrap=True)
