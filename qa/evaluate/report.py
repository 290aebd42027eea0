"""Reports of a run: a table for the terminal, and one self-contained HTML page."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..model import Answer, Filters
from ..render import outlet_and_day
from .gates import Failure
from .record import Record, compare, flips, to_json
from .results import CaseResult, GoldSentence, Run
from .statistics import Estimate
from .summary import LABELS, METRICS

if TYPE_CHECKING:
    from rich.table import Table

TEMPLATE = "report.html.j2"
LEAST = 3  # a tag with fewer questions gets no bar

OUTCOMES = {
    "right": "answered correctly",
    "wrong": "answered wrongly",
    "shy": "abstained, although the articles contain the answer",
    "silent": "abstained correctly",
    "bold": "answered, although the articles do not contain the answer",
    "failed": "could not be asked",
}
"""The possible outcomes of a case, as shown in the bar at the top of the page."""


# -- terminal ----------------------------------------------------------------------------------------------------------


def table(record: Record, baseline: Record | None = None) -> Table:
    """Build the table of all metrics: mean, interval and n per split, and the paired change against the baseline."""
    from rich.table import Table

    changes = {(c.split, c.metric): c for c in compare(baseline, record)} if baseline else {}
    found = Table(box=None, header_style="bold", pad_edge=False, title=record.conditions.system, title_justify="left")
    found.add_column("metric")
    for split in record.splits:
        found.add_column(split, justify="right")
        found.add_column("95 %")
        found.add_column("n", justify="right", style="dim")
        if baseline:
            found.add_column("change", justify="right")
    for group, metrics in METRICS.items():
        rows = [name for name in metrics if any(name in s.metrics for s in record.splits.values())]
        if rows:
            found.add_row(f"[bold]{group}[/bold]")
        for name in rows:
            cells = [f"  {LABELS[name]}"]
            for split, summary in record.splits.items():
                cells += _cells(summary.metrics.get(name))
                if baseline:
                    change = changes.get((split, name))
                    cells.append(f"{change.difference.mean:+.3f}" if change else "")
            found.add_row(*cells)
    return found


def changes_table(before: Record, after: Record) -> Table:
    """Build the table of paired differences between two records, one row per metric."""
    from rich.table import Table

    found = Table("split", "metric", box=None, header_style="bold", pad_edge=False)
    for name in ("before", "after", "change", "95 %", "n", ""):
        found.add_column(name, justify="left" if name in {"", "95 %"} else "right")
    style = {"better": "green", "worse": "red", "unclear": "dim", "same": "dim"}
    for c in compare(before, after):
        interval = _interval(c.difference, "+.3f")
        figures = (f"{c.before:.3f}", f"{c.after:.3f}", f"{c.difference.mean:+.3f}", interval, str(c.difference.n))
        found.add_row(c.split, LABELS[c.metric], *figures, f"[{style[c.verdict]}]{c.verdict}[/]")
    return found


def _cells(value: Estimate | None) -> list[str]:
    return [f"{value.mean:.3g}", _interval(value, ".3g"), str(value.n)] if value else ["–", "", ""]


def _interval(value: Estimate, form: str) -> str:
    return "" if value.low is None or value.high is None else f"{value.low:{form}} … {value.high:{form}}"


# -- HTML --------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class CitedSentence:
    """A cited sentence. ``standing`` is "gold", "fine" (may be cited too) or "off" (wrong)."""

    number: int
    where: str
    title: str
    text: str
    standing: str


@dataclass(frozen=True)
class FailedCase:
    """A failed case, as the page shows it."""

    result: CaseResult
    outcome: str
    why: str
    asked_with: str
    cited: tuple[CitedSentence, ...]
    gold: tuple[tuple[bool, tuple[GoldSentence, ...]], ...]


def html(run: Run, record: Record, *, baseline: Record | None = None, failures: Sequence[Failure] = ()) -> str:
    """Render the page. It has no scripts, loads nothing, and escapes all text from articles and models.

    Test cases are listed only if ``record.test_shown`` is set, and the page says so.
    """
    from jinja2 import Environment, PackageLoader, StrictUndefined

    environment = Environment(
        loader=PackageLoader("qa.evaluate", "."), autoescape=True, undefined=StrictUndefined, trim_blocks=True
    )
    environment.filters["number"] = _number
    open_results = [r for r in run.results if r.split == "dev" or record.test_shown]
    tags = {side: _tags(record, side) for side in ("correct", "abstained")}
    newly_failing, newly_passing = flips(baseline, record) if baseline else ([], [])
    page = environment.get_template(TEMPLATE).render(
        run=run,
        record=record,
        baseline=baseline,
        changes=compare(baseline, record) if baseline else (),
        failures=failures,
        newly_failing=newly_failing,
        newly_passing=newly_passing,
        groups=METRICS,
        labels=LABELS,
        outcomes=OUTCOMES,
        counts={split: Counter(outcome(r) for r in run.results if r.split == split) for split in record.splits},
        tags={side: [row for row in rows if _questions(row) >= LEAST] for side, rows in tags.items()},
        few=sorted({row[0] for rows in tags.values() for row in rows if _questions(row) < LEAST}),
        least=LEAST,
        failed=sorted((_failed(r) for r in open_results if _fails(r)), key=_order),
    )
    return page.strip() + "\n"


def write(folder: Path, run: Run, record: Record, *, baseline: Record | None, failures: Sequence[Failure]) -> Path:
    """Write ``report.html``, ``record.json`` and ``cases.jsonl`` (test cases only if they are shown).

    Returns the path of the page.
    """
    folder.mkdir(parents=True, exist_ok=True)
    page = folder / "report.html"
    page.write_text(html(run, record, baseline=baseline, failures=failures), encoding="utf-8")
    (folder / "record.json").write_text(to_json(record), encoding="utf-8")
    lines = [r.model_dump_json() for r in run.results if r.split == "dev" or record.test_shown]
    (folder / "cases.jsonl").write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
    return page


def outcome(result: CaseResult) -> str:
    """Return the outcome of a case, a key of ``OUTCOMES``."""
    if result.answer is None:
        return "failed"
    if result.case.answerable:
        return "shy" if result.answer.abstention else "right" if result.passed else "wrong"
    return "silent" if result.answer.abstention else "bold"


def _fails(result: CaseResult) -> bool:
    return not result.passed or bool(result.faults)


def _failed(result: CaseResult) -> FailedCase:
    answer = result.answer
    cited_keys = (
        {(c.article_id, c.sentence) for claim in answer.claims for c in answer.cited(claim)} if answer else set()
    )
    why = "; ".join(result.faults) or result.error or _reason(result)
    return FailedCase(
        result=result,
        outcome=outcome(result),
        why=why,
        asked_with=_asked_with(result.case.search),
        cited=_cited(result, answer) if answer else (),
        gold=tuple((any(s.key in cited_keys for s in item), item) for item in result.required),
    )


def _reason(result: CaseResult) -> str:
    if not result.case.answerable:
        return f"expected an abstention: {(result.case.abstention or 'no reason given').replace('_', ' ')}"
    return result.why("correct")


def _cited(result: CaseResult, answer: Answer) -> tuple[CitedSentence, ...]:
    gold = {s.key for item in result.required for s in item}
    fine = {s.key for s in result.also_fine}

    def standing(key: tuple[str, int]) -> str:
        return "gold" if key in gold else "fine" if key in fine else "off"

    return tuple(
        CitedSentence(
            number=c.number,
            where=outlet_and_day(answer.article(c)),
            title=answer.article(c).title or "",
            text=c.quote,
            standing=standing((c.article_id, c.sentence)),
        )
        for c in answer.citations
    )


def _asked_with(filters: Filters) -> str:
    set_ones = {name: value for name, value in filters.model_dump().items() if value}
    shown = {n: ", ".join(map(str, v)) if isinstance(v, tuple) else str(v) for n, v in set_ones.items()}
    return "; ".join(f"{name.replace('_', ' ')} {value}" for name, value in shown.items())


def _order(failed: FailedCase) -> tuple[Any, ...]:
    urgency = ["failed", "bold", "wrong", "shy", "right", "silent"]
    return (not failed.result.faults, urgency.index(failed.outcome), failed.result.storyline, failed.result.case.id)


def _tags(record: Record, side: str) -> list[tuple[str, dict[str, Estimate]]]:
    """Return each tag with one ``side`` ("correct" or "abstained") of its summary by split, most frequent tag first."""
    by_tag: dict[str, dict[str, Estimate]] = {}
    for split, summary in record.splits.items():
        for tag, values in summary.tags.items():
            if value := getattr(values, side):
                by_tag.setdefault(tag, {})[split] = value
    return sorted(by_tag.items(), key=lambda row: (-_questions(row), row[0]))


def _questions(row: tuple[str, dict[str, Estimate]]) -> int:
    return sum(estimate.n for estimate in row[1].values())


def _number(value: float | None) -> str:
    """Format a figure with two decimals below ten, none above, and a real minus sign."""
    if value is None:
        return ""
    return f"{value:,.2f}".replace("-", "−") if abs(value) < 10 else f"{value:,.0f}".replace("-", "−")
