"""From the question as asked to a plan: a question that stands alone, and the filters that apply."""

from __future__ import annotations

from ..errors import InputError
from ..model import Filters, Plan

MAX_CHARACTERS = 2000


def plan(question: str, filters: Filters | None = None) -> Plan:
    """A plan for a question. Raises InputError for an empty, an oversized, or an impossible one."""
    asked = " ".join(question.split())
    if not asked:
        raise InputError('The question is empty. Ask something, for example: qa ask "Who said what about …?"')
    if len(asked) > MAX_CHARACTERS:
        raise InputError(
            f"The question has {len(asked)} characters; at most {MAX_CHARACTERS} are searched. Shorten it."
        )
    filters = filters or Filters()
    if filters.since and filters.last_day and filters.since > filters.last_day:
        raise InputError(f"Nothing is both since {filters.since} and until {filters.last_day}. Swap or drop one.")
    return Plan(question=asked, standalone=asked, filters=filters)
