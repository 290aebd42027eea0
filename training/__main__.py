"""Make the reading model from the public sets to its figures, in one command.

    python -m training DATA --base MINILM_FOLDER --out FOLDER [--model qa/reading/weights]

Runs the steps below, each in a process of its own, and stops at the first that fails. Started again, it goes on: a
phase of the training at its last checkpoint, and the chunks that were mined are kept.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
from pathlib import Path


def steps(data: Path, base: Path, out: Path, model: Path) -> list[tuple[str, ...]]:
    """Return the modules that are run, in order, with their arguments."""
    train = ("training.train", f"{data}", "--base", f"{base}", "--out", f"{out}")
    mined = out / "mined.jsonl"
    return [
        (*train, "first"),
        *([] if mined.exists() else [("training.mine", f"{data}", "--out", f"{mined}")]),
        (*train, "last"),
        (*train, "stories"),
        ("training.export", f"{out / 'stories.pt'}", "--base", f"{base}", "--out", f"{model}"),
        ("training.calibrate", f"{data}", "--model", f"{model}"),
        ("training.report", f"{data}", "--model", f"{model}"),
    ]


def main() -> int:
    """Run all steps. Returns the exit code of the one that failed, or 0."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path, help="folder of the sets that docs/reading-model.md lists")
    parser.add_argument("--base", type=Path, required=True, help="folder of all-MiniLM-L6-v2")
    parser.add_argument("--out", type=Path, required=True, help="folder of checkpoints")
    parser.add_argument("--model", type=Path, default=Path("qa/reading/weights"), help="folder of the finished model")
    asked = parser.parse_args()
    for step in steps(asked.data, asked.base, asked.out, asked.model):
        print("==", *step, flush=True)
        if code := subprocess.run([sys.executable, "-m", *step], check=False).returncode:
            return code
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
