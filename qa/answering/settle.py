"""From a draft to what may be shown: checks, then the support judge, then one repair of what failed.

A claim is shown whole or not at all. Nothing is relaxed to get something through: where a judge fails, the next kind
judges; where a repair fails, the rejected claims stay rejected.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from ..errors import ModelError
from ..llm.limits import Limits
from ..llm.prices import add
from ..model import Article, DraftClaim, Passage, Plan, Rejected, Usage
from .checks.evidence import Evidence
from .draft import Drafted, Drafter, note, repair
from .support import Judge, Statement, Verdict, assess, threshold
from .verify import examine


@dataclass(frozen=True)
class Settled:
    """Claims that may be shown, with their probability; what was rejected; and what settling cost and met.

    ``lost`` counts rejected claims that no repair replaced; ``judge`` is the kind that judged, None if nobody did.
    """

    passed: tuple[tuple[Evidence, float | None], ...]
    rejected: tuple[Rejected, ...]
    lost: int
    judge: str | None = None
    usage: Usage | None = None
    warnings: tuple[str, ...] = ()


def settle(
    plan: Plan,
    drafted: Drafted,
    articles: Mapping[str, Article],
    drafter: Drafter | None,
    judges: Sequence[Judge],
    limits: Limits,
) -> Settled:
    """Check and judge a draft's claims; ask ``drafter`` once to repair those that failed. Never raises ModelError."""
    first = _judged(plan, drafted.draft.claims, drafted.shown, articles, judges, limits)
    if drafter is None or not first.rejected:
        return first
    try:
        repaired = repair(drafted, first.rejected, drafter, limits)
    except ModelError as error:
        return replace(first, warnings=(*first.warnings, f"Rejected claims could not be repaired: {error}"))
    again = _new(repaired.draft.claims, first)
    second = _judged(plan, again, repaired.shown, articles, judges, limits)
    return Settled(
        passed=(*first.passed, *second.passed),
        rejected=(*first.rejected, *second.rejected),
        lost=max(0, len(first.rejected) - len(second.passed)),
        judge=second.judge or first.judge,
        usage=add(first.usage, add(repaired.usage, second.usage)),
        warnings=tuple(dict.fromkeys((*first.warnings, *second.warnings))),
    )


def _new(claims: Sequence[DraftClaim], first: Settled) -> tuple[DraftClaim, ...]:
    """The repaired claims that were neither accepted nor rejected before."""
    known = {(e.claim.text, e.claim.labels) for e, _ in first.passed} | {(r.text, r.labels) for r in first.rejected}
    return tuple(c for c in claims if (c.text, c.labels) not in known)


def _judged(
    plan: Plan,
    claims: Sequence[DraftClaim],
    shown: tuple[Passage, ...],
    articles: Mapping[str, Article],
    judges: Sequence[Judge],
    limits: Limits,
) -> Settled:
    examined = examine(claims, shown, articles)
    if not judges or not examined.passed:
        passed = tuple((evidence, None) for evidence in examined.passed)
        return Settled(passed, examined.rejected, len(examined.rejected))
    statements = [_statement(e) for e in examined.passed]
    assessed = assess(plan.standalone, statements, judges, limits)
    faults = _faults(assessed.verdicts, assessed.kind)
    if assessed.kind == "chat":
        # The model that drafted agrees with itself, the more so if an article has talked it into something.
        floor = judges[-1].judge(plan.standalone, statements, limits)
        faults = [f or g for f, g in zip(faults, _faults(floor.verdicts, judges[-1].kind), strict=True)]
    pairs = list(zip(examined.passed, assessed.verdicts, faults, strict=True))
    rejected = (
        *examined.rejected,
        *(
            Rejected(text=e.claim.text, labels=e.claim.labels, reason="support", detail=fault)
            for e, _, fault in pairs
            if fault
        ),
    )
    return Settled(
        passed=tuple((e, verdict.states) for e, verdict, fault in pairs if not fault),
        rejected=rejected,
        lost=len(rejected),
        judge=assessed.kind,
        usage=assessed.usage,
        warnings=assessed.warnings,
    )


def _faults(verdicts: Sequence[Verdict], kind: str) -> list[str]:
    """Per claim why the judge rejects it, or nothing.

    Claims share the work of answering, so that one alone does not is no fault; that none does, is.
    """
    limit = threshold(kind)
    beside = all(v.answers is not None and v.answers < limit for v in verdicts)
    return [
        f"its sentences hardly state it ({v.states:.2f} by {kind})"
        if v.states < limit
        else f"its sentences do not answer the question ({v.answers:.2f} by {kind})"
        if beside
        else ""
        for v in verdicts
    ]


def _statement(evidence: Evidence) -> Statement:
    headers = dict.fromkeys(
        " | ".join(str(part) for part in (a.title, a.source, a.published) if part) for a in evidence.articles
    )
    meant = "; ".join(dict.fromkeys(found for p, a in evidence.pairs if (found := note(a, p.sentence))))
    header = "; ".join([*headers, *([f"in these sentences {meant}"] if meant else [])])
    return Statement(evidence.claim.text, tuple(p.sentence.text for p in evidence.passages), header)
