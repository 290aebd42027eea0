"""The plots and tables of ``docs/performance.md`` from a ``scale.json``.

python -m benchmarks.scale_report scale.json --plots docs/images
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any

Figures = dict[str, Any]


def table(results: Figures) -> str:
    """The figures a reader wants first, as a Markdown table with a column a size."""
    sizes = list(results)
    asks = {name: f"question p50 / p95, {name}" for name in results[sizes[0]]["ask"] if name != "peak_mb"}
    rows = {
        "chunks": [f"{r['ingest']['chunks']:,}" for r in results.values()],
        "ingest, articles a second": [f"{r['ingest']['articles_per_second']:.0f}" for r in results.values()],
        "… to bare embedding of its chunks": [
            f"{r['ingest']['seconds'] / r['bare embedding']['seconds']:.1f} ×" for r in results.values()
        ],
        "database / index, MB": [
            f"{r['ingest']['database_mb']:.0f} / {r['ingest']['index_mb']:.0f}" for r in results.values()
        ],
        "peak memory of ingest / with index / of questions, MB": [
            f"{r['ingest']['ingest_peak_mb']:.0f} / {r['ingest']['peak_mb']:.0f} / {r['ask']['peak_mb']:.0f}"
            for r in results.values()
        ],
        "cold open to first answer, ms": [f"{r['cold']['first_ms']:.0f}" for r in results.values()],
        "rebuild of the index, s": [f"{r['rebuild']['seconds']:.1f}" for r in results.values()],
        "… to bare Chroma": [
            f"{r['rebuild']['seconds'] / r['bare Chroma']['seconds']:.1f} ×" for r in results.values()
        ],
    }
    for name, title in asks.items():
        rows[f"{title}, ms"] = [_pair(r["ask"][name]["answer"]) for r in results.values()]
    rows["retrieval alone, no filter, ms"] = [_pair(r["ask"]["none"]["retrieve"]) for r in results.values()]
    rows["bare FTS5, same questions, ms"] = [_pair(r["bare FTS5"]["query"]) for r in results.values()]
    rows["bare Chroma, same questions, ms"] = [_pair(r["bare Chroma"]["query"]) for r in results.values()]
    rows["retrieval to bare FTS5 + bare Chroma + embedding"] = [
        f"{r['ask']['none']['retrieve']['p50_ms'] / _bare(r):.1f} ×" for r in results.values()
    ]
    head = "| articles | " + " | ".join(f"{int(size):,}" for size in sizes) + " |"
    lines = [head, "|---" * (len(sizes) + 1) + "|"]
    return "\n".join([*lines, *(f"| {name} | {' | '.join(cells)} |" for name, cells in rows.items())])


def stages(results: Figures) -> str:
    """Where the time goes: milliseconds an article and a question, and their share; the last size's costliest first."""
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
        "|---" * (len(columns) + 1) + "|",
    ]
    for stage in sorted(last, key=lambda stage: -last[stage]):
        cells = (f"{c.get(stage, 0.0):.2f} ({c.get(stage, 0.0) / sum(c.values()):.0%})" for c in columns.values())
        lines.append(f"| {stage} | {' | '.join(cells)} |")
    return "\n".join(lines)


def _pair(times: Figures) -> str:
    return f"{times['p50_ms']:.0f} / {times['p95_ms']:.0f}"


def _bare(result: Figures) -> float:
    return float(sum(result[f"bare {part}"]["query"]["p50_ms"] for part in ("FTS5", "Chroma", "embedding")))


def plot(results: Figures, folder: Path) -> None:
    """Where the time goes, by size: of an ingest, and of a question. Raises SystemExit without matplotlib."""
    try:
        import matplotlib as mpl
    except ImportError:
        raise SystemExit("The plots need matplotlib: pip install matplotlib") from None
    mpl.use("svg")
    mpl.rcParams["svg.hashsalt"] = "dateline"  # the same figures, the same file
    from matplotlib import pyplot as plt

    folder.mkdir(parents=True, exist_ok=True)
    sizes = [f"{int(size):,}" for size in results]
    ingest = [{k: v / int(s) * 1000 for k, v in r["ingest"]["stages"].items()} for s, r in results.items()]
    names = [name for name in results[next(iter(results))]["ask"] if name != "peak_mb"]
    figure, axes = plt.subplots(1, 1 + len(names), figsize=(4 + 3.2 * len(names), 4.2), layout="constrained")
    _stack(axes[0], sizes, ingest, "ingest, ms an article")
    for axis, name in zip(axes[1:], names, strict=True):
        _stack(axis, sizes, [r["ask"][name]["stages_ms"] for r in results.values()], f"question ({name}), ms")
    figure.savefig(folder / "scale-stages.svg", metadata={"Date": None})
    figure, axis = plt.subplots(figsize=(7, 4.2), layout="constrained")
    xs = [int(size) for size in results]
    for name in names:
        axis.plot(
            xs, [r["ask"][name]["answer"]["p95_ms"] for r in results.values()], marker="o", label=f"answer: {name}"
        )
    axis.plot(xs, [_bare(r) for r in results.values()], "k--", label="bare FTS5 + Chroma + embedding, p50")
    axis.set(xscale="log", yscale="log", xlabel="articles", ylabel="p95, ms", title="A question, by library size")
    axis.legend(fontsize=8)
    figure.savefig(folder / "scale-questions.svg", metadata={"Date": None})


def _stack(axis: Any, sizes: list[str], stages: list[Figures], title: str) -> None:
    most = {name: max(row.get(name, 0.0) for row in stages) for row in stages for name in row}
    shown = sorted(most, key=lambda name: -most[name])[:7]
    bottom = [0.0] * len(sizes)
    for name in shown:
        heights = [max(0.0, row.get(name, 0.0)) for row in stages]
        axis.bar(sizes, heights, bottom=bottom, label=name)
        bottom = [b + h for b, h in zip(bottom, heights, strict=True)]
    rest = [max(0.0, sum(row.values()) - b) for row, b in zip(stages, bottom, strict=True)]
    axis.bar(sizes, rest, bottom=bottom, label="the rest", color="lightgrey")
    axis.set_title(title, fontsize=10)
    axis.legend(fontsize=7)


def main() -> None:
    """Print the tables; with ``--plots`` write the plots."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("results", type=Path, nargs="+", help="scale.json files; sizes of later ones win")
    parser.add_argument("--plots", type=Path, help="folder for the plots")
    given = parser.parse_args()
    results: Figures = {}
    for path in given.results:
        results |= json.loads(path.read_text("utf-8"))["sizes"]
    results = dict(sorted(results.items(), key=lambda item: int(item[0])))
    print(table(results), stages(results), sep="\n\n")
    if given.plots:
        plot(results, given.plots)


if __name__ == "__main__":
    main()
