"""Earlier answers as what a follow-up question may refer to."""

from __future__ import annotations

from collections.abc import Sequence

from ..english.followups.turns import MAX_TURNS, Turn
from ..model import Answer


def turns_of(history: Sequence[Answer]) -> tuple[Turn, ...]:
    """The last ``MAX_TURNS`` answers, oldest first."""
    return tuple(
        Turn(
            question=answer.question,
            standalone=answer.standalone,
            claims=tuple(claim.text for claim in answer.claims),
            speakers=tuple(claim.speaker for claim in answer.claims if claim.speaker),
        )
        for answer in history[-MAX_TURNS:]
    )
