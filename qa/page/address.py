"""The conversation, question, library and filters in the page's URL, for a reload and for links."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from urllib.parse import urlencode

from ..model import Filters

MAX_QUESTION = 2000
DAYS = (date(1500, 1, 1), date(2200, 12, 31))  # on which an article can have been published
NO_FILTERS = Filters()
PAGES = {"ask": "Ask", "library": "Library", "saved": "Saved", "notebook": "Notebook"}
"""The pages in the order of their tabs, with what they are called."""

_CONVERSATION = re.compile(r"[0-9a-f]{1,32}")


@dataclass(frozen=True)
class Address:
    """What a URL asks for. Invalid values are ignored.

    A library that has the ``conversation`` restores it. Elsewhere the ``question`` is asked, which stands alone.
    """

    question: str = ""
    library: str | None = None
    filters: Filters = NO_FILTERS
    page: str = "ask"
    conversation: str = ""


def read(parameters: Mapping[str, Sequence[str]]) -> Address:
    """Read query parameters, each a list of values."""

    def one(name: str) -> str:
        return next(iter(parameters.get(name, ())), "").strip()

    return Address(
        question=one("q")[:MAX_QUESTION],
        library=one("library") or None,
        filters=Filters(
            sources=tuple(s for s in parameters.get("outlet", ()) if s),
            speakers=tuple(s for s in parameters.get("speaker", ()) if s),
            since=_day(one("since")),
            until=_day(one("until")),
            as_of=_day(one("as_of")),
            basis="held" if one("basis") == "held" and _day(one("as_of")) else "published",
        ),
        page=one("page") if one("page") in PAGES else "ask",
        conversation=one("c") if _CONVERSATION.fullmatch(one("c")) else "",
    )


def write(address: Address) -> dict[str, str | list[str]]:
    """Return query parameters that ``read`` turns back into the same ``Address``."""
    filters = address.filters
    values: dict[str, str | list[str]] = {
        "c": address.conversation,
        "q": address.question,
        "library": address.library or "",
        "outlet": list(filters.sources),
        "speaker": list(filters.speakers),
        "since": filters.since.isoformat() if filters.since else "",
        "until": filters.until.isoformat() if filters.until else "",
        "as_of": filters.as_of.isoformat() if filters.as_of else "",
        "basis": filters.basis if filters.as_of and filters.basis != "published" else "",
        "page": address.page if address.page != "ask" else "",
    }
    return {name: value for name, value in values.items() if value}


def link(address: Address) -> str:
    """Return a relative URL that leads to ``address``."""
    return f"?{urlencode(write(address), doseq=True)}"


def _day(words: str) -> date | None:
    try:
        day = date.fromisoformat(words)
    except ValueError:
        return None
    return day if DAYS[0] <= day <= DAYS[1] else None
