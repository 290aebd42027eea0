"""Abstention is a value and helps: why, what comes nearest, what the library covers, what to try."""

from __future__ import annotations

from collections.abc import Sequence

from ..model import Abstention, AbstentionReason, Claim, Coverage, Draft
from ..questions.plan import Plan
from ..search.rank import Scored
from ..verification.citations import Numbering

NEAREST = 3
COVERED = (
    0.75  # share of the question, by IDF, around one sentence from which its subject is covered, whoever denies it
)
NEAR_ENOUGH = 0.2  # share of the question, by IDF, around a sentence: one with less helps nobody

MESSAGES: dict[AbstentionReason, str] = {
    "not_covered": "The articles do not cover this.",
    "detail_not_stated": "The articles touch on this but do not say.",
    "premise_contradicted": "The articles contradict what the question takes for granted.",
    "outside_dates": "There are no articles within these dates and filters.",
    "unverified": "I could not verify an answer.",
}


def checked(draft: Draft, verified: bool, rejected: bool, ranked: Sequence[Scored]) -> AbstentionReason:
    """The reason to give: the draft's own only where it agrees with what was found.

    Args:
        draft: what was proposed and did not become an answer.
        verified: whether any of its claims passed, as those must that contradict a premise.
        rejected: whether any of its claims failed.
        ranked: the sentences found, best first.
    """
    if draft.reason == "premise_contradicted" and verified:
        return "premise_contradicted"
    if rejected or draft.reason is None:
        return "unverified"
    if draft.reason == "outside_dates":
        return draft.reason
    # "Not covered" is said of the subject, "do not say" of a detail: the words of the question that occur tell which.
    near = max((s.relevance.overlap for s in ranked), default=0.0)
    if not near:
        return "not_covered"
    if draft.reason == "not_covered" and near < COVERED:
        return "not_covered"
    return "detail_not_stated"  # also where a premise was said to be contradicted, and no sentence bears that out


def abstain(
    reason: AbstentionReason,
    ranked: Sequence[Scored],
    numbering: Numbering,
    coverage: Coverage,
    plan: Plan,
    contradicting: tuple[Claim, ...] = (),
) -> Abstention:
    """An abstention with the nearest sentences, numbered as citations after those of ``contradicting``."""
    near = [s for s in ranked if s.relevance.overlap >= NEAR_ENOUGH][:NEAREST]
    return Abstention(
        reason=reason,
        message=MESSAGES[reason],
        contradicting=contradicting,
        nearest=tuple(numbering.number(s.passage) for s in near),
        suggestion=_suggestion(reason, coverage, plan),
    )


def _suggestion(reason: AbstentionReason, coverage: Coverage, plan: Plan) -> str | None:
    if reason == "outside_dates":
        span = f"from {coverage.first} to {coverage.last}" if coverage.first else "without dates"
        outlets = ", ".join(coverage.sources) or "unnamed outlets"
        return f"The library has {coverage.articles} articles {span} ({outlets}): widen the dates or the outlets."
    if reason == "unverified":
        return "Rephrase the question, ask for one fact at a time, or read the nearest sentences."
    filters, without = plan.filters, []
    if plan.speaker_query and plan.speaker_query.who in filters.speakers:
        filters = filters.model_copy(update={"speakers": ()})
        without.append("the speaker")
    if plan.period:
        filters = filters.model_copy(update={"since": None, "until": None})
        without.append("the days")
    if filters.active:
        without.append("the filters")
    return f"Ask again without {' and '.join(without)}." if without else None
