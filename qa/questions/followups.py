"""Earlier answers as the dialogue turns that a follow-up question may refer to."""

from __future__ import annotations

from collections.abc import Sequence

from ..english.followups.turns import MAX_TURNS, DialogueTurn
from ..model import Answer


def turns_of(history: Sequence[Answer]) -> tuple[DialogueTurn, ...]:
    """Return the last ``MAX_TURNS`` answers as dialogue turns, oldest first."""
    return tuple(
        DialogueTurn(
            question=answer.question,
            standalone=answer.standalone,
            claims=tuple(claim.text for claim in answer.claims),
            speakers=tuple(claim.speaker for claim in answer.claims if claim.speaker),
        )
        for answer in history[-MAX_TURNS:]
    )
