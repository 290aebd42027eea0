"""Abstentions: why there is no answer, the nearest sentences, what the library covers, and what to try."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from ..model import Abstention, AbstentionReason, Claim, Coverage, Draft, Passage
from ..questions.plan import Plan
from ..search.rank import Scored
from ..verification.citations import Numbering
from ..verification.evidence import Evidence

NEAREST = 3  # the most sentences to show
# Shares of the question's words, weighted by IDF, that occur in or around one sentence:
COVERED = 0.75  # at least this share, and the subject counts as covered even if the draft denies it
NEAR_ENOUGH = 0.2  # a sentence with a smaller share is not shown as a nearest one

MESSAGES: dict[AbstentionReason, str] = {
    "not_covered": "The articles do not cover this.",
    "detail_not_stated": "The articles touch on this but do not say.",
    "premise_contradicted": "The articles contradict what the question takes for granted.",
    "outside_dates": "There are no articles within these dates and filters.",
    "unverified": "I could not verify an answer.",
}


def checked(draft: Draft, verified: bool, rejected: bool, ranked: Sequence[Scored]) -> AbstentionReason:
    """Return the reason for an abstention. The draft's own reason is used only if it agrees with the search results.

    Args:
        draft: the draft that did not become an answer.
        verified: whether any of its claims passed verification, as a claim that contradicts a premise must.
        rejected: whether any of its claims failed verification.
        ranked: the sentences found, best first.
    """
    if draft.reason == "premise_contradicted" and verified:
        return "premise_contradicted"
    if rejected or draft.reason is None:
        return "unverified"
    if draft.reason == "outside_dates":
        return draft.reason
    # "not_covered" means that the subject does not occur, "detail_not_stated" that only a detail is missing. The share
    # of the question's words that occur decides.
    near = max((s.relevance.overlap for s in ranked), default=0.0)
    if not near:
        return "not_covered"
    if draft.reason == "not_covered" and near < COVERED:
        return "not_covered"
    return "detail_not_stated"  # also for "premise_contradicted" if no claim that contradicts it was verified


def abstain(
    reason: AbstentionReason,
    ranked: Sequence[Scored],
    numbering: Numbering,
    coverage: Coverage,
    plan: Plan,
    contradicting: tuple[Claim, ...] = (),
    notes: Callable[[Passage], Sequence[Evidence]] = lambda _: (),
) -> Abstention:
    """Make an abstention.

    Args:
        reason: why there is no answer.
        ranked: the sentences found, best first. The nearest ones are shown.
        numbering: numbers the nearest sentences as citations, after those of ``contradicting``.
        coverage: what the library covers, for the suggestion.
        plan: the question's plan, for the suggestion.
        contradicting: verified claims that contradict what the question takes for granted.
        notes: finds the notes that correct a sentence. They are shown behind it.
    """
    near = [s for s in ranked if s.relevance.overlap >= NEAR_ENOUGH][:NEAREST]
    shown: list[Passage] = []
    for scored in near:
        shown.append(scored.passage)
        for note in notes(scored.passage):
            numbering.know(note.pairs)
            shown += note.passages
    return Abstention(
        reason=reason,
        message=MESSAGES[reason],
        contradicting=contradicting,
        nearest=tuple(dict.fromkeys(map(numbering.number, shown))),
        suggestion=_suggestion(reason, coverage, plan),
    )


def _suggestion(reason: AbstentionReason, coverage: Coverage, plan: Plan) -> str | None:
    if reason == "outside_dates":
        span = f"from {coverage.first} to {coverage.last}" if coverage.first else "without dates"
        outlets = ", ".join(coverage.sources) or "unnamed outlets"
        return f"The library has {coverage.articles} articles {span} ({outlets}). Widen the dates or the outlets."
    if reason == "unverified":
        return "Rephrase the question, ask for one fact at a time, or read the nearest sentences."
    filters, without = plan.preferred, []
    if plan.speaker_query and plan.speaker_query.who in filters.speakers:
        filters = filters.model_copy(update={"speakers": ()})
        without.append("the speaker")
    if plan.period:
        filters = filters.model_copy(update={"since": None, "until": None})
        without.append("the days")
    if filters.active:
        without.append("the filters")
    return f"Ask again without {' and '.join(without)}." if without else None
