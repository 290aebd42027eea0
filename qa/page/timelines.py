"""The timeline on the Library page: what is sent to the browser, and the library it is made from."""

from __future__ import annotations

from contextlib import closing
from typing import Any

from ..changes.timeline import timeline
from ..changes.writing import change_of, notes_of, title_of, told, when_of
from ..english.characters import displayable
from ..library.library import Library
from ..model import Citation, Filters, Timeline
from ..render import outlet_and_day
from ..settings import Place

ENTRIES = 200  # entries that the page draws; the files have all


def make(library_at: Place, subject: str, filters: Filters) -> Timeline:
    """Make a timeline of a library. Raises InputError if the subject has no word."""
    with closing(Library(library_at)) as library:
        return timeline(library, subject, filters)


def timeline_view(found: Timeline, current: int | None) -> dict[str, Any]:
    """Return the view of a timeline. ``current`` is the number of the citation that is shown in its article."""

    def source(citation: Citation) -> dict[str, Any]:
        return {"number": citation.number, "where": displayable(outlet_and_day(found.article(citation)))}

    more = len(found.entries) - ENTRIES
    return {
        "title": displayable(title_of(found)),
        "rows": [
            {
                "start": entry.happened.start.isoformat(),
                "when": when_of(entry),
                "planned": entry.planned,
                "told": displayable(told(entry)),
                "change": displayable(change_of(entry)),
                **source(entry.citation),
                "also": [source(citation) for citation in entry.also],
            }
            for entry in found.entries[:ENTRIES]
        ],
        "more": f"{more} later {'entry is' if more == 1 else 'entries are'} in the files below." if more > 0 else "",
        "notes": [displayable(note) for note in notes_of(found)],
        "current": current,
    }
