"""Writes a Timeline as text, Markdown, JSON or CSV. Everything written comes from the Timeline itself."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence

from ..english.characters import displayable
from ..english.temporal.writing import write_day, write_when
from ..model import Citation, Timeline, TimelineEntry, day_of
from ..render import escape, outlet_and_day

COLUMNS = (
    "start", "end", "precision", "when", "planned", "text", "speaker", "change", "changed_by", "detail", "outlet",
    "published", "title", "url", "article", "sentence", "quote", "also",
)  # fmt: skip
"""The columns of the CSV, one row for each entry."""

_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "\0")  # what a spreadsheet may take for a formula
_CHANGES = {
    "corrected": "Corrected.",
    "superseded": "Changed.",
    "postponed": "Postponed.",
    "disputed": "Sources differ.",
}


def to_text(timeline: Timeline) -> str:
    """Write as plain text, one line for each entry: the day, a mark for a plan, the words, and outlet and day."""
    days = [when_of(entry) for entry in timeline.entries]
    width = max(map(len, days), default=0)
    lines = [title_of(timeline), ""]
    for day, entry in zip(days, timeline.entries, strict=True):
        lines.append(f"{day:<{width}}  {planned_mark(entry)}{told(entry)}  ({source_of(timeline, entry)})")
        if entry.change:
            lines.append(f"{'':<{width}}  ↳ {change_of(entry)}")
    lines += ["", *notes_of(timeline)]
    return displayable("\n".join(lines)).strip() + "\n"


def to_markdown(timeline: Timeline) -> str:
    """Write as Markdown: a list of the entries. Text of articles is escaped."""
    lines = [f"## {escape(title_of(timeline))}", ""]
    for entry in timeline.entries:
        change = f" *{escape(change_of(entry))}*" if entry.change else ""
        words = escape(f"{planned_mark(entry)}{told(entry)}")
        lines.append(f"- **{escape(when_of(entry))}** {words} ({escape(source_of(timeline, entry))}){change}")
    lines += ["", *(f"*{escape(note)}*" for note in notes_of(timeline))]
    return displayable("\n".join(lines)).strip() + "\n"


def to_json(timeline: Timeline) -> str:
    """Write as indented JSON, with all fields of the Timeline."""
    return timeline.model_dump_json(indent=2)


def to_csv(timeline: Timeline) -> str:
    """Write as CSV with the columns of ``COLUMNS``. A cell that a spreadsheet would take for a formula is quoted."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(COLUMNS)
    for entry in timeline.entries:
        article = timeline.article(entry.citation)
        published = day_of(entry.published)
        writer.writerow(
            map(
                _cell,
                (
                    entry.happened.start.isoformat(),
                    entry.happened.end.isoformat(),
                    entry.happened.precision,
                    when_of(entry),
                    "yes" if entry.planned else "no",
                    _one_line(entry.text),
                    entry.speaker or "",
                    entry.change.kind if entry.change else "",
                    _changed_by(timeline, entry),
                    entry.change.detail if entry.change else "",
                    article.source or "",
                    published.isoformat() if published else "",
                    article.title or "",
                    article.url or "",
                    article.id,
                    str(entry.citation.sentence),
                    _one_line(entry.citation.quote),
                    "; ".join(outlet_and_day(timeline.article(c)) for c in entry.also),
                ),
            )
        )
    return out.getvalue()


def title_of(timeline: Timeline) -> str:
    """Return the headline: "Keller Bridge: 6 entries"."""
    return f"{timeline.subject}: {_count(len(timeline.entries), 'entry', 'entries')}"


def when_of(entry: TimelineEntry) -> str:
    """Return the day of an entry as it is written for readers, no more exactly than the article says: "May 2026"."""
    when = entry.happened
    at = f", {when.at:%H:%M}" if when.at else ""
    return f"{write_when(when)}{at}"


def source_of(timeline: Timeline, entry: TimelineEntry) -> str:
    """Return outlet, day of publication and number of an entry, and how many others tell of it."""
    also = f"; also {_numbers(entry.also)}" if entry.also else ""
    return f"{outlet_and_day(timeline.article(entry.citation))} [{entry.citation.number}]{also}"


def change_of(entry: TimelineEntry) -> str:
    """Return what became of an entry, in one sentence; empty if nothing did."""
    return f"{_CHANGES[entry.change.kind]} {entry.change.detail}" if entry.change else ""


def notes_of(timeline: Timeline) -> list[str]:
    """Return the notes that follow a timeline: what has no day, what to try, and warnings."""
    notes = []
    if timeline.undated:
        count = _count(timeline.undated, "sentence", "sentences")
        notes.append(f"{count} about it {'names' if timeline.undated == 1 else 'name'} no day and stay out.")
    if timeline.suggestion:
        notes.append(timeline.suggestion)
    return [*notes, *(f"Warning: {warning}" for warning in timeline.warnings)]


def planned_mark(entry: TimelineEntry) -> str:
    """Return the mark in front of the words of a plan."""
    return "planned: " if entry.planned else ""


def told(entry: TimelineEntry) -> str:
    """Return the words of an entry on one line, with who says them if the words do not tell."""
    by = f" — {entry.speaker}" if entry.speaker and entry.speaker not in entry.text else ""
    return f"{_one_line(entry.text)}{by}"


def _changed_by(timeline: Timeline, entry: TimelineEntry) -> str:
    change = entry.change
    if change is None or change.by is None:
        return ""
    return write_day(timeline.entries[change.by].happened.start)


def _cell(text: str) -> str:
    """A cell that no spreadsheet runs: in front of what could be a formula stands an apostrophe (OWASP)."""
    shown = displayable(text)
    return f"'{shown}" if shown.lstrip(" ").startswith(_FORMULA) else shown


def _numbers(citations: Sequence[Citation]) -> str:
    return "".join(f"[{citation.number}]" for citation in citations)


def _count(n: int, one: str, many: str) -> str:
    return f"{n:,} {one if n == 1 else many}"


def _one_line(text: str) -> str:
    return " ".join(text.split())
