"""From a draft to what may be shown: checks, then the support judge, then one repair of what failed.

A claim is shown whole or not at all, as soon as it is written and has passed, and is never taken back. Nothing is
relaxed to get something through: where a judge fails, the next kind judges; where a repair fails, the rejected claims
stay rejected.
"""

from __future__ import annotations

from collections.abc import Generator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from ..articles.parse import ParsedArticle
from ..english.characters import normalise
from ..errors import ModelError
from ..llm.limits import Limits
from ..llm.prices import add
from ..model import DraftClaim, Passage, Rejected, Usage
from ..questions.plan import Plan
from .drafts import Drafted, Drafting
from .evidence import Evidence
from .examine import examine
from .judges import Assessed, Judge, Statement, Verdict, assess, threshold
from .notes import note

RESERVE = 3  # calls kept for what is judged last, for the repair, and for judging that

Passed = tuple[Evidence, float | None]
"""A claim that may be shown, with the probability that its sentences state it; None where nobody judged."""


@dataclass(frozen=True)
class Settled:
    """Claims that may be shown, in the order in which they passed; what was rejected; what settling cost and met.

    ``lost`` counts rejected claims that no repair replaced; ``judge`` is the kind that judged, None if nobody did.
    """

    passed: tuple[Passed, ...]
    rejected: tuple[Rejected, ...]
    lost: int
    judge: str | None = None
    usage: Usage | None = None
    warnings: tuple[str, ...] = ()


def settle(
    plan: Plan,
    drafting: Drafting,
    articles: Mapping[str, ParsedArticle],
    judges: Sequence[Judge],
    limits: Limits,
) -> Generator[Passed | Drafted, None, Settled]:
    """Check and judge a draft's claims as they are written; have the model repair those that failed, once.

    Yields each claim once it may be shown, and the draft once it is whole. Raises ModelError only where the draft does.
    """
    round_ = _Round(plan, drafting.shown, articles, judges, limits)
    try:
        while True:
            yield from round_.check([next(drafting.claims)], patient=True)
    except StopIteration as end:
        drafted: Drafted = end.value
    finally:
        drafting.claims.close()
    yield drafted
    yield from round_.check(drafted.draft.claims[round_.checked :])
    yield from round_.close()
    first = round_.settled
    if drafted.fault is not None:
        told = f"The reply ended early; what had been written before is shown. {drafted.fault}"
        return replace(first, lost=first.lost + 1, warnings=(*first.warnings, told))
    if drafting.repair is None or not first.rejected:
        return first
    try:
        repaired = drafting.repair(drafted, first.rejected)
    except ModelError as error:
        return replace(first, warnings=(*first.warnings, f"Rejected claims could not be repaired: {error}"))
    round_ = _Round(plan, repaired.shown, articles, judges, limits)
    yield from round_.check(_new(repaired.draft.claims, first))
    yield from round_.close()
    second = round_.settled
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
    return tuple(c for c in claims if (normalise(c.text), c.labels) not in known)


@dataclass
class _Round:
    """Claims before the checks and the judge, one round of them.

    Claims share the work of answering, so that one alone does not answer the question is no fault; that none does, is.
    So a claim waits until some claim answers, or until all are heard.
    """

    plan: Plan
    shown: tuple[Passage, ...]
    articles: Mapping[str, ParsedArticle]
    judges: Sequence[Judge]
    limits: Limits
    checked: int = 0
    settled: Settled = field(default_factory=lambda: Settled((), (), 0))
    _unjudged: list[Evidence] = field(default_factory=list)
    _waiting: list[tuple[Evidence, Verdict, str]] = field(default_factory=list)
    _silent: set[str] = field(default_factory=set)  # kinds of judges before whom no claim has answered yet
    _answered: set[str] = field(default_factory=set)

    def check(self, claims: Sequence[DraftClaim], *, patient: bool = False) -> Generator[Passed, None, None]:
        """Check claims, and judge them: at once, or if ``patient`` only while there are calls to spare."""
        self.checked += len(claims)
        examined = examine(claims, self.shown, self.articles)
        self._reject(examined.rejected)
        if not self.judges:
            for evidence in examined.passed:
                yield from self._pass(evidence, None)
            return
        self._unjudged += examined.passed
        if not patient or self.judges[0].kind == "local" or self.limits.calls_left > RESERVE:
            yield from self._judge()

    def close(self) -> Generator[Passed, None, None]:
        """Judge what is left, and reject what has waited in vain."""
        yield from self._judge()
        for evidence, verdict, kind in self._waiting:
            detail = f"its sentences do not answer the question ({verdict.answers:.2f} by {kind})"
            self._reject([_rejected(evidence, detail)])
        self._waiting = []

    def _judge(self) -> Generator[Passed, None, None]:
        cases, self._unjudged = self._unjudged, []
        if not cases:
            return
        statements = [_statement(evidence) for evidence in cases]
        assessed = assess(self.plan.standalone, statements, self.judges, self.limits)
        self._note(assessed)
        faults = [_unstated(v, assessed.kind) for v in assessed.verdicts]
        if assessed.kind == "chat":
            # The model that drafted agrees with itself, the more so if an article has talked it into something.
            floor, kind = self.judges[-1].judge(self.plan.standalone, statements, self.limits), self.judges[-1].kind
            self._answers(floor.verdicts, kind)
            faults = [f or _unstated(v, kind) for f, v in zip(faults, floor.verdicts, strict=True)]
        for evidence, verdict, fault in zip(cases, assessed.verdicts, faults, strict=True):
            if fault:
                self._reject([_rejected(evidence, fault)])
            else:
                self._waiting.append((evidence, verdict, assessed.kind))
        if not self._silent:
            ready, self._waiting = self._waiting, []
            for evidence, verdict, _ in ready:
                yield from self._pass(evidence, verdict.states)

    def _note(self, assessed: Assessed) -> None:
        self._answers(assessed.verdicts, assessed.kind)
        self.settled = replace(
            self.settled,
            judge=assessed.kind,
            usage=add(self.settled.usage, assessed.usage),
            warnings=tuple(dict.fromkeys((*self.settled.warnings, *assessed.warnings))),
        )

    def _answers(self, verdicts: Sequence[Verdict], kind: str) -> None:
        """Note before which judges some claim has answered; one that cannot tell is content."""
        if any(v.answers is None or v.answers >= threshold(kind) for v in verdicts):
            self._answered.add(kind)
        self._silent = (self._silent | {kind}) - self._answered

    def _pass(self, evidence: Evidence, states: float | None) -> Generator[Passed, None, None]:
        self.settled = replace(self.settled, passed=(*self.settled.passed, (evidence, states)))
        yield evidence, states

    def _reject(self, rejected: Sequence[Rejected]) -> None:
        every = (*self.settled.rejected, *rejected)
        self.settled = replace(self.settled, rejected=every, lost=len(every))


def _rejected(evidence: Evidence, detail: str) -> Rejected:
    return Rejected(text=evidence.claim.text, labels=evidence.claim.labels, reason="support", detail=detail)


def _unstated(verdict: Verdict, kind: str) -> str:
    """Why the judge finds that the sentences do not state the claim, or nothing."""
    return f"its sentences hardly state it ({verdict.states:.2f} by {kind})" if verdict.states < threshold(kind) else ""


def _statement(evidence: Evidence) -> Statement:
    headers = dict.fromkeys(
        " | ".join(str(part) for part in (a.title, a.source, a.published) if part) for a in evidence.articles
    )
    meant = "; ".join(dict.fromkeys(found for p, a in evidence.pairs if (found := note(a, p.sentence))))
    header = "; ".join([*headers, *([f"in these sentences {meant}"] if meant else [])])
    return Statement(evidence.claim.text, evidence.sentences, header)
