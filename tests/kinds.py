"""Rows of hard kinds, half of them for development: read, scored against answers by hand, and printed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any, Literal

import yaml

Half = Literal["dev", "report"]
Row = dict[str, Any]
Judge = Callable[[Row], tuple[Counter[str], list[str]]]
"""Counts a row's answers as "right", "wrong" (given where none is told, too) and "named" (to be given); what fails."""


class Kinds:
    """The rows of a file: a list under each kind, of which the first, third … are for development."""

    def __init__(self, file: Path, judge: Judge) -> None:
        self._kinds: dict[str, list[Row]] = yaml.safe_load(file.read_text(encoding="utf-8"))
        self._judge = judge

    def rows(self, half: Half) -> list[tuple[str, Row]]:
        return [(kind, row) for kind, rows in self._kinds.items() for row in rows[0 if half == "dev" else 1 :: 2]]

    def scores(self, half: Half) -> tuple[float, float]:
        """The share of the answers given that is right, and the share of those to be given that is."""
        total = sum((self._judge(row)[0] for _, row in self.rows(half)), Counter[str]())
        return total["right"] / (total["right"] + total["wrong"]), total["right"] / total["named"]

    def print(self) -> None:
        """Print the scores, and what is wrong in the half for development."""
        for half in ("dev", "report"):
            print(half, "precision {:.3f}, recall {:.3f}".format(*self.scores(half)))
        for kind, row in self.rows("dev"):
            if wrong := self._judge(row)[1]:
                print(f"{kind}, {row.get('published')}: {row['text']}\n    {wrong}")
