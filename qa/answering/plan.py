"""A question made ready for retrieval."""

from __future__ import annotations

from pydantic import model_validator

from ..model import Filters, Period, Value


class Saying(Value):
    """What a question for somebody's words asks for: whose, about what ("" for anything), and whether all of them."""

    who: str
    about: str = ""
    everything: bool = False


class Plan(Value):
    """A question made ready for retrieval: standalone, with its filters.

    ``sought`` is what to look for: the standalone question without the words that set its ``period`` or ``saying``.
    """

    question: str
    standalone: str
    filters: Filters = Filters()
    period: Period | None = None
    saying: Saying | None = None
    sought: str = ""

    @model_validator(mode="before")
    @classmethod
    def _whole(cls, data: object) -> object:
        return {"sought": data.get("standalone"), **data} if isinstance(data, dict) else data
