"""Abstention is a value and helps: why, what comes nearest, what the library covers, what to try."""

from __future__ import annotations

from collections.abc import Sequence

from ..model import Abstention, AbstentionReason, Coverage, Filters
from .rank import Scored
from .verify import Numbering

NEAREST = 3
NEAR_ENOUGH = 0.2  # share of the question, by IDF, around a sentence: one with less helps nobody

MESSAGES: dict[AbstentionReason, str] = {
    "not_covered": "The articles do not cover this.",
    "detail_not_stated": "The articles touch on this but do not say.",
    "premise_contradicted": "The articles contradict what the question takes for granted.",
    "outside_dates": "There are no articles within these dates and filters.",
    "unverified": "I could not verify an answer.",
}


def abstain(
    reason: AbstentionReason, ranked: Sequence[Scored], numbering: Numbering, coverage: Coverage, filters: Filters
) -> Abstention:
    """An abstention with the nearest sentences, numbered as citations."""
    near = [s for s in ranked if s.relevance.overlap >= NEAR_ENOUGH][:NEAREST]
    return Abstention(
        reason=reason,
        message=MESSAGES[reason],
        nearest=tuple(numbering.number(s.passage) for s in near),
        suggestion=_suggestion(reason, coverage, filters),
    )


def _suggestion(reason: AbstentionReason, coverage: Coverage, filters: Filters) -> str | None:
    if reason == "outside_dates":
        span = f"from {coverage.first} to {coverage.last}" if coverage.first else "without dates"
        outlets = ", ".join(coverage.sources) or "unnamed outlets"
        return f"The library has {coverage.articles} articles {span} ({outlets}): widen the dates or the outlets."
    if reason == "unverified":
        return "Rephrase the question, ask for one fact at a time, or read the nearest sentences."
    if filters.active:
        return "Ask again without the filters."
    return None
