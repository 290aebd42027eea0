"""Measures "is it still so?": questions whose answers were corrected, updated or disputed, or were not.

Each case says which value counts, which values count no longer, which sentences must stand beside the answer, and what
the answer must say of them. A value that counts no longer may be shown, but only marked as such.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Literal

import yaml
from pydantic import Field

from ..model import Answer, Claim, Filters, Value
from .claims import told
from .corpus import Corpus, SentenceKey, sentence_at
from .gold import GoldError, GoldEvidence, Split
from .wording import states

Kind = Literal["corrected", "retracted", "newest", "then", "as_of", "disagreement", "rounding", "steady"]
Relation = Literal["correction", "update", "disagreement", "rounding", "confirmation", "none"]
Spellings = tuple[str, ...]


class ChangeCase(Value):
    """One question. ``facts`` count today, or on the day ``as_of``; ``stale`` values do not."""

    id: str
    question: str
    kind: Kind
    as_of: date | None = None
    facts: tuple[Spellings, ...] = Field(min_length=1)
    stale: tuple[Spellings, ...] = ()
    evidence: tuple[GoldEvidence, ...]
    beside: tuple[GoldEvidence, ...] = ()
    relation: Relation = "none"
    sides: tuple[Spellings, ...] = ()


class ChangeFile(Value):
    """A YAML file of cases."""

    storyline: str
    split: Split
    cases: tuple[ChangeCase, ...]


@dataclass(frozen=True)
class ChangeResult:
    """What an answer to one case did.

    Attributes:
        case: the case.
        split: dev or test.
        answer: the answer.
        right: every fact is stated by a claim that counts.
        stale: a claim that counts gives a value that does not, and none of the facts.
        beside: every sentence that must stand beside the answer is cited. None if there is none.
        told: the kind of change that the case asks for is told. None if there is none.
        sides: both sides are shown. None if the case has none.
        claimed: the kinds of change that the answer tells, each with whether it is right.
    """

    case: ChangeCase
    split: Split
    answer: Answer
    right: bool
    stale: bool
    beside: bool | None
    told: bool | None
    sides: bool | None
    claimed: tuple[tuple[str, bool], ...]


def load_changes(folder: Path) -> list[tuple[ChangeCase, Split]]:
    """Load the questions of a folder, without its timelines and rechecks. Raises GoldError, ValidationError."""
    files = [f for f in sorted(folder.glob("*.yaml")) if not f.stem.endswith(("-timelines", "-rechecks"))]
    if not files:
        raise GoldError([f"{folder}: no *.yaml file in this folder."])
    loaded = [ChangeFile.model_validate(yaml.safe_load(f.read_text("utf-8"))) for f in files]
    return [(case, one.split) for one in loaded for case in one.cases]


def measure(
    cases: Iterable[tuple[ChangeCase, Split]], corpus: Corpus, ask: Callable[[str, Filters], Answer]
) -> list[ChangeResult]:
    """Ask every question and score its answer. Raises GoldError if a sentence of a case is not in the corpus."""
    return [score(case, split, ask(case.question, Filters(as_of=case.as_of)), corpus) for case, split in cases]


def score(case: ChangeCase, split: Split, answer: Answer, corpus: Corpus) -> ChangeResult:
    """Score one answer."""
    counting = [c for c in answer.claims if not _dated(c)]
    cited = {(c.article_id, c.sentence) for c in answer.citations}
    outdated = any(
        _given([claim], spellings) and not any(_given([claim], fact) for fact in case.facts)
        for claim in counting
        for spellings in case.stale
    )
    kinds = [conflict.kind for conflict in answer.conflicts]
    return ChangeResult(
        case=case,
        split=split,
        answer=answer,
        # What a withdrawn story said is right only as something withdrawn.
        right=all(_given(answer.claims if case.kind == "retracted" else counting, fact) for fact in case.facts),
        stale=outdated,
        beside=all(cited & keys_of(one, corpus) for one in case.beside) if case.beside else None,
        told=case.relation in kinds if case.relation not in {"none", "confirmation"} else None,
        sides=all(_given(answer.claims, side) for side in case.sides) if case.sides else None,
        claimed=tuple((kind, kind == case.relation) for kind in dict.fromkeys(kinds) if _scored(kind, case)),
    )


def _given(claims: Sequence[Claim], spellings: Spellings) -> bool:
    return any(_states(claim, spellings) for claim in claims)


def _dated(claim: Claim) -> bool:
    """Whether a claim is shown as of its day, or as corrected, and not as what counts."""
    return claim.standing in {"superseded", "corrected"} or (claim.standing == "unknown" and claim.as_of is not None)


def _scored(kind: str, case: ChangeCase) -> bool:
    """Whether telling a change is right or wrong for a case.

    That a value of the past has changed since may be told, or not. So may the correction of another sentence of the
    answer than the one that the case is about.
    """
    if kind == "correction":
        return case.relation == "correction" or case.kind == "steady"
    return not (kind == "update" and case.kind in {"then", "as_of"} and case.relation == "none")


def _states(claim: Claim, spellings: Spellings) -> bool:
    return any(states(part, spelling) for part in told(claim) for spelling in spellings)


def keys_of(place: GoldEvidence, corpus: Corpus) -> set[SentenceKey]:
    """Return the sentences that a place names. Raises GoldError if one of them is not exactly one sentence."""
    keys = set()
    for one in (place, *place.alternatives):
        found = sentence_at(one, corpus)
        if isinstance(found, str):
            raise GoldError([found])
        keys.add(found)
    return keys


def summary(results: Sequence[ChangeResult]) -> Mapping[str, tuple[int, int]]:
    """Return how many of how many, by measure."""
    shares: dict[str, list[bool]] = {}
    for result in results:
        shares.setdefault(f"right {result.case.kind}", []).append(result.right)
        if result.case.kind != "then":
            shares.setdefault("stale given as current", []).append(result.stale)
        if result.case.kind in {"corrected", "retracted"} and result.beside is not None:
            shares.setdefault("corrections shown", []).append(result.beside)
        if result.case.relation == "disagreement":
            both = bool(result.told) and result.sides is not False
            shares.setdefault("conflicts found", []).append(both)
        if result.told is not None:
            shares.setdefault(f"told {result.case.relation}", []).append(result.told)
        for kind, right in result.claimed:
            shares.setdefault(f"precision {kind}", []).append(right)
            shares.setdefault("precision", []).append(right)
    return {name: (sum(values), len(values)) for name, values in sorted(shares.items())}
