"""Make the tables and plots of ``docs/performance.md`` from ``scale.json``.

python -m benchmarks.scale_report scale.json --plots docs/images
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

Figures = dict[str, Any]
BARE = ("FTS5", "Chroma", "embedding")
SMALL = 0.03  # a stage with a smaller share in every bar is drawn as part of "the rest"


ROWS: dict[str, Callable[[Figures], str]] = {
    "chunks": lambda r: f"{r['ingest']['chunks']:,}",
    "ingest, articles per second": lambda r: f"{r['ingest']['articles_per_second']:.0f}",
    "… to bare embedding of its chunks": lambda r: _times(r["ingest"]["seconds"], r["bare embedding"]["seconds"]),
    "… rows of FTS5, to bare FTS5": lambda r: _times(r["ingest"]["stages"]["write: FTS5"], r["bare FTS5"]["seconds"]),
    "… index, to bare Chroma": lambda r: _times(r["ingest"]["stages"]["sync Chroma"], r["bare Chroma"]["seconds"]),
    "database / index, MB": lambda r: f"{r['ingest']['database_mb']:,.0f} / {r['ingest']['index_mb']:,.0f}",
    "peak memory of ingest / with index, MB": lambda r: f"{r['ingest']['ingest_peak_mb']:,.0f} / {_peak(r, 'ingest')}",
    "peak memory of questions, MB": lambda r: _peak(r, "ask"),
    "cold open to first answer, ms": lambda r: f"{r['cold']['first_ms']:,.0f}",
    "rebuild of the index, s": lambda r: f"{r['rebuild']['seconds']:.1f}",
    "… to bare Chroma": lambda r: _times(r["rebuild"]["seconds"], r["bare Chroma"]["seconds"]),
    "question, no filter, p50 / p95 ms": lambda r: _pair(r["ask"]["none"]["answer"]),
    "question, one outlet": lambda r: _pair(r["ask"]["source"]["answer"]),
    "question, one month": lambda r: _pair(r["ask"]["month"]["answer"]),
    "question, as of a day (70 % of the articles)": lambda r: _pair(r["ask"]["as_of"]["answer"]),
    "retrieval alone, no filter": lambda r: _pair(r["ask"]["none"]["retrieve"]),
    "retrieval alone, one outlet": lambda r: _pair(r["ask"]["source"]["retrieve"]),
    "retrieval alone, one month": lambda r: _pair(r["ask"]["month"]["retrieve"]),
    "retrieval alone, as of a day": lambda r: _pair(r["ask"]["as_of"]["retrieve"]),
    "bare FTS5, same questions": lambda r: _pair(r["bare FTS5"]["query"]),
    "bare Chroma, same questions": lambda r: _pair(r["bare Chroma"]["query"]),
    "nearest 60 chunks that the index finds, no filter": lambda r: f"{r['nearest']['none']['recall']:.1%}",
    "nearest 60 chunks that the index finds, as of a day": lambda r: f"{r['nearest']['as_of']['recall']:.1%}",
    "retrieval to bare FTS5 + bare Chroma + embedding": lambda r: _times(
        r["ask"]["none"]["retrieve"]["p50_ms"], _bare(r)
    ),
}


def table(results: Figures) -> str:
    """Return the main figures as a Markdown table with one column per size. "–" means not measured."""
    head = "| articles | " + " | ".join(f"{int(size):,}" for size in results) + " |"
    lines = [f"| {name} | {' | '.join(_cell(of, r) for r in results.values())} |" for name, of in ROWS.items()]
    return "\n".join([head, "|---" + "|---:" * len(results) + "|", *lines])


def _cell(of: Callable[[Figures], str], result: Figures) -> str:
    try:
        return of(result)
    except KeyError:
        return "–"


def stages(results: Figures) -> str:
    """Return the milliseconds of each stage per article and per question, with shares, slowest stage first."""
    parts = {
        "ingest": {s: {k: v / int(s) * 1000 for k, v in r["ingest"]["stages"].items()} for s, r in results.items()}
    }
    for name in results[next(iter(results))]["ask"]:
        if name != "peak_mb":
            parts[f"question, {name}"] = {size: r["ask"][name]["stages_ms"] for size, r in results.items()}
    return "\n\n".join(_shares(title, columns) for title, columns in parts.items())


def _shares(title: str, columns: dict[str, Figures]) -> str:
    last = list(columns.values())[-1]
    lines = [
        f"| {title}, ms | " + " | ".join(f"{int(size):,}" for size in columns) + " |",
        "|---" + "|---:" * len(columns) + "|",
    ]
    for stage in sorted(last, key=lambda stage: -last[stage]):
        cells = (f"{c.get(stage, 0.0):.2f} ({c.get(stage, 0.0) / sum(c.values()):.0%})" for c in columns.values())
        lines.append(f"| {stage} | {' | '.join(cells)} |")
    return "\n".join(lines)


def _pair(times: Figures) -> str:
    digits = 0 if times["p50_ms"] >= 10 else 1
    return f"{times['p50_ms']:,.{digits}f} / {times['p95_ms']:,.{digits}f}"


def _times(ours: float, bare: float) -> str:
    return f"{ours / bare:.1f} ×"


def _peak(result: Figures, phase: str) -> str:
    return f"{result[phase]['peak_mb']:,.0f}"


def _bare(result: Figures) -> float:
    return float(sum(result[f"bare {part}"]["query"]["p50_ms"] for part in BARE))


def plot(results: Figures, folder: Path) -> None:
    """Plot where the time of an ingest and of a question goes, by size. Raises SystemExit without matplotlib."""
    try:
        import matplotlib as mpl
    except ImportError:
        raise SystemExit("The plots need matplotlib: pip install matplotlib") from None
    mpl.use("svg")
    mpl.rcParams["svg.hashsalt"] = "dateline"  # equal figures give equal files
    from matplotlib import pyplot as plt

    folder.mkdir(parents=True, exist_ok=True)
    ingest = {f"{int(s):,}": _scaled(r["ingest"]["stages"], 1000 / int(s)) for s, r in results.items()}
    names = [name for name in results[next(iter(results))]["ask"] if name != "peak_mb"]
    asked = {f"{name}, {int(s):,}": r["ask"][name]["stages_ms"] for name in names for s, r in results.items()}
    figure, axes = plt.subplots(2, figsize=(8, 7), height_ratios=(1, 3), layout="constrained")
    _stack(axes[0], ingest, "ingest, by articles: share of the time, and ms per article")
    _stack(axes[1], asked, "question, by filter and articles: share of the time, and ms")
    figure.savefig(folder / "scale-stages.svg", metadata={"Date": None})
    figure, axis = plt.subplots(figsize=(8, 4), layout="constrained")
    for name in names:
        times = [r["ask"][name]["answer"]["p50_ms"] for r in results.values()]
        axis.plot([int(size) for size in results], times, marker="o", label=f"answer, filter: {name}")
    for part in (f"bare {part}" for part in BARE):
        bare = {int(size): r[part]["query"]["p50_ms"] for size, r in results.items() if part in r}
        axis.plot(list(bare), list(bare.values()), "--", marker="o", label=part)
    axis.set(xscale="log", yscale="log", xlabel="articles", ylabel="ms, median", title="A question, by library size")
    axis.legend(fontsize=8, loc="center left", bbox_to_anchor=(1, 0.5), frameon=False)
    figure.savefig(folder / "scale-questions.svg", metadata={"Date": None})


def _scaled(stages: Figures, factor: float) -> Figures:
    return {stage: max(spent, 0.0) * factor for stage, spent in stages.items()}


def _stack(axis: Any, bars: dict[str, Figures], title: str) -> None:
    """Draw each bar as shares, with its sum on the right. Stages that are small in every bar form one grey rest."""
    sums = {label: sum(bar.values()) for label, bar in bars.items()}
    stages = dict.fromkeys(stage for bar in bars.values() for stage in bar if stage != "other")
    large = [s for s in stages if any(bar.get(s, 0.0) > SMALL * sums[label] for label, bar in bars.items())]
    left = dict.fromkeys(bars, 0.0)
    for stage in large:
        widths = {label: bar.get(stage, 0.0) / sums[label] for label, bar in bars.items()}
        axis.barh(list(bars), list(widths.values()), left=list(left.values()), label=stage)
        left = {label: left[label] + widths[label] for label in bars}
    axis.barh(list(bars), [1 - x for x in left.values()], left=list(left.values()), label="the rest", color="lightgrey")
    for label, total in sums.items():
        axis.text(1.01, label, f"{total:.1f}" if total < 10 else f"{total:.0f}", va="center", fontsize=8)
    axis.set(xlim=(0, 1.08), xticks=())
    axis.set_title(title, fontsize=10)
    axis.invert_yaxis()
    axis.legend(fontsize=8, loc="center left", bbox_to_anchor=(1, 0.5), frameon=False)


def main() -> None:
    """Print the tables, and with ``--plots`` write the plots."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("results", type=Path, nargs="+", help="scale.json files; later files win")
    parser.add_argument("--plots", type=Path, help="folder for the plots")
    given = parser.parse_args()
    results: Figures = {}
    for path in given.results:
        results |= json.loads(path.read_text("utf-8"))["sizes"]
    results = dict(sorted(results.items(), key=lambda item: int(item[0])))
    print(table(results), stages({size: r for size, r in results.items() if "ask" in r}), sep="\n\n")
    if given.plots:
        plot({size: r for size, r in results.items() if "ask" in r}, given.plots)


if __name__ == "__main__":
    main()
