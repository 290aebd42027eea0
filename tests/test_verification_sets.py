"""Hand-made pairs of claim and cited sentences: faithful paraphrases that must pass, subtle errors that must not.

``dev.yaml`` and ``more.yaml`` were there to develop the checks with. ``report.yaml`` was written by somebody who had
not seen them, and is only measured: nobody tunes on it. At its first run, before any tuning, .18 of the faithful
claims were rejected and .17 of the others passed. Both errors count, because a verifier that rejects everything is
worth nothing. One pair of ``more.yaml`` (m069) changed sides when a claim that leaves out who says it became a fault.
Each pair goes through what a model's claim goes through offline: every check, then the local judge.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

from qa.articles.parse import parse_with
from qa.library.embedders import WordLlamaEmbedder
from qa.llm.limits import Limits
from qa.model import Article, DraftClaim, Passage, Sentence
from qa.verification.examine import examine
from qa.verification.judges import LocalJudge, Statement, threshold

FOLDER = Path(__file__).parent / "verification"


@dataclass(frozen=True)
class Outcome:
    """What became of a pair: None passed, else the reason."""

    id: str
    kind: str
    claim: str
    expected: tuple[str, ...]  # acceptable reasons; none: it must pass
    reason: str | None
    detail: str

    @property
    def right(self) -> bool:
        """Whether it passed or was rejected as it should be, for whatever reason."""
        return bool(self.expected) == bool(self.reason)


@cache
def outcomes(name: str) -> tuple[Outcome, ...]:
    """Every pair of a set, examined."""
    rows = yaml.safe_load((FOLDER / f"{name}.yaml").read_text("utf-8"))
    return tuple(outcome(row, pair) for row in rows for pair in row["pairs"])


@cache
def judge() -> LocalJudge:
    return LocalJudge(WordLlamaEmbedder())


def outcome(row: dict[str, Any], pair: dict[str, Any]) -> Outcome:
    text, passages = "", []
    for number, sentence in enumerate(row["sentences"], 1):
        start = len(text)
        text += sentence
        stored = Sentence(article_id="a", index=number - 1, start=start, end=len(text), text=sentence)
        passages.append(Passage(label=f"S{number}", article_id="a", sentence=stored, score=1.0))
        text += "\n"
    article = Article(id="a", version="v", text=text, **row["article"])
    drafted = DraftClaim(text=pair["claim"], labels=tuple(pair["cites"]), speaker=pair.get("speaker"))
    examined = examine([drafted], tuple(passages), {"a": parse_with(article, [p.sentence for p in passages])})
    expected = () if pair["expect"] == "pass" else tuple(pair["expect"])
    reason, detail = (examined.rejected[0].reason, examined.rejected[0].detail) if examined.rejected else (None, "")
    if examined.passed:
        header = " | ".join(str(part) for part in (article.title, article.source, article.published) if part)
        statement = Statement(drafted.text, examined.passed[0].sentences, header)
        verdict = judge().judge("", [statement], Limits(1, 1)).verdicts[0]
        if verdict.states < threshold("local"):
            reason, detail = "support", f"{verdict.states:.2f}"
    return Outcome(pair["id"], pair["kind"], pair["claim"], expected, reason, detail)


def rates(name: str) -> tuple[float, float]:
    """The share of faithful claims rejected, and the share of unfaithful ones passed."""
    faithful = [o for o in outcomes(name) if not o.expected]
    unfaithful = [o for o in outcomes(name) if o.expected]
    return sum(not o.right for o in faithful) / len(faithful), sum(not o.right for o in unfaithful) / len(unfaithful)


def by_kind(name: str) -> str:
    """Right and all, per kind."""
    right = Counter(o.kind for o in outcomes(name) if o.right)
    every = Counter(o.kind for o in outcomes(name))
    return ", ".join(f"{kind} {right[kind]}/{n}" for kind, n in sorted(every.items()))


# What was measured, with room for a pair or two: a change that costs more is a regression. Faithful claims rejected,
# unfaithful ones passed.
MEASURED = {"dev": (0.015, 0.077), "more": (0.025, 0.021), "report": (0.200, 0.123)}
ROOM = 0.04


@pytest.mark.parametrize("name", MEASURED)
def test_both_errors_stay_where_they_were_measured(name: str) -> None:
    rejected, passed = rates(name)
    assert rejected <= MEASURED[name][0] + ROOM, by_kind(name)
    assert passed <= MEASURED[name][1] + ROOM, by_kind(name)


@pytest.mark.parametrize("name", ["dev", "more"])
def test_a_rejection_names_an_acceptable_reason(name: str) -> None:
    wrong = [(o.id, o.reason, o.expected) for o in outcomes(name) if o.reason and o.expected]
    wrong = [row for row in wrong if row[1] not in row[2]]
    assert len(wrong) <= 0.1 * sum(bool(o.expected) for o in outcomes(name)), wrong


def test_the_sets_hold_both_sorts_of_pairs_and_share_none() -> None:
    claims = [o.claim for name in MEASURED for o in outcomes(name)]
    assert len(claims) == len(set(claims)) >= 340
    for name in MEASURED:
        faithful = sum(not o.expected for o in outcomes(name)) / len(outcomes(name))
        assert 0.4 < faithful < 0.6
