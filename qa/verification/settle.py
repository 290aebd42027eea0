"""From a draft to what may be shown: checks, then a judge, one repair, and quotations for what stays doubtful.

A claim is shown as it was written only if no check finds a fault and a judge has settled every doubt. If it stays in
doubt, it is not lost: its sentences are quoted in its place, if they are about the question. What is certainly wrong is
dropped whole. Claims are shown as soon as they have passed and are never taken back. Nothing is relaxed to get
something through: where a judge fails, the next kind judges; where a repair fails, rejected claims stay rejected.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from ..articles.parse import ParsedArticle
from ..english.characters import normalise
from ..errors import ModelError
from ..llm.limits import Limits
from ..llm.prices import add
from ..model import DraftClaim, Form, Passage, Rejected, RejectReason, Usage
from ..questions.plan import Plan
from .drafts import Drafted, Drafting
from .evidence import Evidence
from .examine import examine, may_be_quoted
from .judges import Assessed, Judge, Statement, Verdict, assess, threshold
from .notes import note

RESERVE = 3  # calls kept for what is judged last, for the repair, and for judging that


class Passed(NamedTuple):
    """A claim that may be shown, with the probability that its sentences state it; None where nobody judged."""

    evidence: Evidence
    states: float | None
    form: Form = "stated"


Relevant = Callable[[Evidence], bool]
"""Whether the sentences of a claim are about the question."""


@dataclass(frozen=True)
class Settled:
    """Claims that may be shown, in the order in which they passed; what was rejected; what settling cost and met.

    ``lost`` counts rejected claims that nothing replaced; ``judge`` is the kind that judged, None if nobody did.
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
    relevant: Relevant = lambda _: True,
) -> Generator[Passed | Drafted, None, Settled]:
    """Check and judge a draft's claims as they are written; have the model repair those that failed, once.

    Yields each claim once it may be shown, and the draft once it is whole. Raises ModelError only where the draft does.
    """
    round_ = _Round(plan.standalone, drafting.shown, articles, judges, limits)
    try:
        while True:
            yield from round_.check([next(drafting.claims)], patient=True)
    except StopIteration as end:
        drafted: Drafted = end.value
    finally:
        drafting.claims.close()
    yield drafted
    if drafted.draft.reason == "premise_contradicted":
        round_.question = ""  # such claims correct the question, so nobody is asked whether they answer it
    yield from round_.check(drafted.draft.claims[round_.checked :])
    yield from round_.close()
    rounds = [round_]
    warnings: tuple[str, ...] = ()
    if drafted.fault is not None:
        warnings = (f"The reply ended early; what had been written before is shown. {drafted.fault}",)
    elif drafting.repair is not None and round_.to_repair:
        try:
            repaired = drafting.repair(drafted, round_.to_repair)
        except ModelError as error:
            warnings = (f"Rejected claims could not be repaired: {error}",)
        else:
            again = _Round(round_.question, repaired.shown, articles, judges, limits, usage=repaired.usage)
            yield from again.check(_new(repaired.draft.claims, round_))
            yield from again.close()
            rounds.append(again)
    quoted = _quoted(rounds, relevant)
    yield from quoted
    return _settled(rounds, quoted, warnings, broken=drafted.fault is not None)


def _new(claims: Sequence[DraftClaim], first: _Round) -> tuple[DraftClaim, ...]:
    """The repaired claims that were neither accepted nor rejected before."""
    known = {(p.evidence.claim.text, p.evidence.claim.labels) for p in first.passed}
    known |= {(r.text, r.labels) for r in first.rejected}
    return tuple(c for c in claims if (normalise(c.text), c.labels) not in known)


def _quoted(rounds: Sequence[_Round], relevant: Relevant) -> list[Passed]:
    """The sentences of the claims that stayed doubtful, each once, unless a repaired claim has taken their place."""
    replaced = {_places(passed.evidence) for later in rounds[1:] for passed in later.passed}
    told = {passed.evidence.claim.text for one in rounds for passed in one.passed}
    taken: list[frozenset[tuple[str, int]]] = []
    quoted = []
    for evidence, answers in (doubtful for one in rounds for doubtful in one.doubtful):
        places = _places(evidence)
        if any(places & other for other in replaced) or any(places <= other for other in taken):
            continue
        verbatim = evidence.quoted()
        if (
            verbatim.claim.text not in told
            and may_be_quoted(verbatim)
            and (relevant(verbatim) if answers is None else answers)
        ):
            taken.append(places)
            quoted.append(Passed(verbatim, None, "quoted"))
    return quoted


def _places(evidence: Evidence) -> frozenset[tuple[str, int]]:
    return frozenset((p.article_id, p.sentence.index) for p in evidence.passages)


def _settled(rounds: Sequence[_Round], quoted: Sequence[Passed], warnings: tuple[str, ...], *, broken: bool) -> Settled:
    first, *later = rounds
    replacing = sum(len(one.passed) for one in later) + len(quoted)
    usage = None
    for one in rounds:
        usage = add(usage, one.usage)
    return Settled(
        passed=(*(p for one in rounds for p in one.passed), *quoted),
        rejected=tuple(r for one in rounds for r in one.rejected),
        lost=max(0, len(first.rejected) - replacing) + broken,
        judge=next((one.judge for one in reversed(rounds) if one.judge), None),
        usage=usage,
        warnings=tuple(dict.fromkeys((*(w for one in rounds for w in one.warnings), *warnings))),
    )


@dataclass
class _Round:
    """Claims before the checks and the judge, one round of them.

    Claims share the work of answering, so that one alone does not answer the question is no fault; that none does, is.
    So a claim waits until some claim answers, or until all are heard.

    ``doubtful`` are the claims that nobody found to be stated, each with whether its sentences answer the question
    (None: nobody was asked). ``to_repair`` are the rejections that name what is wrong.
    """

    question: str
    shown: tuple[Passage, ...]
    articles: Mapping[str, ParsedArticle]
    judges: Sequence[Judge]
    limits: Limits
    usage: Usage | None = None
    checked: int = 0
    judge: str | None = None
    passed: list[Passed] = field(default_factory=list)
    rejected: list[Rejected] = field(default_factory=list)
    to_repair: list[Rejected] = field(default_factory=list)
    doubtful: list[tuple[Evidence, bool | None]] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    _unjudged: list[Evidence] = field(default_factory=list)
    _waiting: list[tuple[Evidence, Verdict, str]] = field(default_factory=list)
    _silent: set[str] = field(default_factory=set)  # kinds of judges before whom no claim has answered yet
    _answered: set[str] = field(default_factory=set)

    def check(self, claims: Sequence[DraftClaim], *, patient: bool = False) -> Generator[Passed, None, None]:
        """Check claims, and judge them: at once, or if ``patient`` only while there are calls to spare."""
        self.checked += len(claims)
        examined = examine(claims, self.shown, self.articles)
        self.rejected += examined.rejected
        self.to_repair += examined.rejected
        if not self.judges:
            for evidence in examined.passed:
                if evidence.doubts:
                    self._doubt(evidence)
                else:
                    yield self._pass(evidence, None)
            return
        self._unjudged += examined.passed
        if not patient or self.judges[0].kind == "local" or self.limits.calls_left > RESERVE:
            yield from self._judge()

    def close(self) -> Generator[Passed, None, None]:
        """Judge what is left, and reject what has waited in vain."""
        yield from self._judge()
        for evidence, verdict, kind in self._waiting:
            self._reject(
                evidence, "support", f"its sentences do not answer the question ({verdict.answers:.2f} by {kind})"
            )
        self._waiting = []

    def _judge(self) -> Generator[Passed, None, None]:
        cases, self._unjudged = self._unjudged, []
        if not cases:
            return
        statements = [_statement(evidence) for evidence in cases]
        assessed = assess(self.question, statements, self.judges, self.limits)
        self._note(assessed)
        floor = assessed
        if assessed.kind == "chat":
            # The model that drafted agrees with itself, the more so if an article has talked it into something.
            last = self.judges[-1]
            floor = Assessed(last.judge(self.question, statements, self.limits).verdicts, last.kind, None, ())
            self._answers(floor.verdicts, floor.kind)
        for evidence, verdict, low in zip(cases, assessed.verdicts, floor.verdicts, strict=True):
            self._hear(evidence, verdict, assessed.kind, low.states < threshold(floor.kind))
        if not self._silent:
            ready, self._waiting = self._waiting, []
            for evidence, verdict, _ in ready:
                yield self._pass(evidence, verdict.states)

    def _hear(self, evidence: Evidence, verdict: Verdict, kind: str, unlike: bool) -> None:
        """Let a claim wait to be shown, or reject or doubt it. ``unlike``: words and vectors are of something else."""
        unasked = verdict.answers is None or not self.question
        answers = None if unasked else (verdict.answers or 0.0) >= threshold(kind)
        if verdict.states < threshold(kind):
            if kind == "local" or (kind == "chat" and not verdict.differs):
                self._doubt(evidence, answers, f"its sentences hardly state it ({verdict.states:.2f} by {kind})")
                return
            reason = evidence.doubts[0].reason if evidence.doubts else "support"
            self._reject(
                evidence, reason, verdict.differs or f"its sentences hardly state it ({verdict.states:.2f} by {kind})"
            )
            self.doubtful.append((evidence, answers))
        elif (evidence.doubts and (kind == "local" or not verdict.grounded)) or unlike:
            self._doubt(evidence, answers)
        else:
            self._waiting.append((evidence, verdict, kind))

    def _doubt(self, evidence: Evidence, answers: bool | None = None, detail: str = "") -> None:
        """Reject a claim as it is worded. Nobody could say what is wrong with it, so there is nothing to repair."""
        reason = evidence.doubts[0].reason if evidence.doubts else "support"
        detail = f"in doubt: {evidence.doubts[0].question}" if evidence.doubts else detail or "no judge could settle it"
        self.rejected.append(_rejected(evidence, reason, detail))
        self.doubtful.append((evidence, answers))

    def _note(self, assessed: Assessed) -> None:
        self._answers(assessed.verdicts, assessed.kind)
        self.judge = assessed.kind
        self.usage = add(self.usage, assessed.usage)
        self.warnings += assessed.warnings

    def _answers(self, verdicts: Sequence[Verdict], kind: str) -> None:
        """Note before which judges some claim has answered; so it has where nobody asks, or the judge cannot tell."""
        if not self.question or any(v.answers is None or v.answers >= threshold(kind) for v in verdicts):
            self._answered.add(kind)
        self._silent = (self._silent | {kind}) - self._answered

    def _pass(self, evidence: Evidence, states: float | None) -> Passed:
        passed = Passed(evidence, states)
        self.passed.append(passed)
        return passed

    def _reject(self, evidence: Evidence, reason: RejectReason, detail: str) -> None:
        """Reject a claim for a reason that its repair can act on."""
        rejected = _rejected(evidence, reason, detail)
        self.rejected.append(rejected)
        self.to_repair.append(rejected)


def _rejected(evidence: Evidence, reason: RejectReason, detail: str) -> Rejected:
    return Rejected(text=evidence.claim.text, labels=evidence.claim.labels, reason=reason, detail=detail)


def _statement(evidence: Evidence) -> Statement:
    headers = dict.fromkeys(
        " | ".join(str(part) for part in (a.title, a.source, a.published) if part) for a in evidence.articles
    )
    meant = "; ".join(dict.fromkeys(found for p, a in evidence.pairs if (found := note(a, p.sentence))))
    header = "; ".join([*headers, *([f"in these sentences {meant}"] if meant else [])])
    doubts = tuple(doubt.question for doubt in evidence.doubts)
    background = tuple(sentence.text for sentence, _ in evidence.background)
    return Statement(evidence.claim.text, evidence.sentences, header, doubts, background)
