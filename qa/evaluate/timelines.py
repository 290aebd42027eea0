"""Measures timelines against lists, by hand, of every dated sentence about a subject.

An entry is right if its sentence is on the list, and it gives the day that the list gives. Some events of a list are
marked: a good timeline must have them. One is found if it, or another sentence on the same event, is an entry with the
right day.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import yaml
from pydantic import Field, field_validator

from ..model import Citation, Timeline, Value, When
from .corpus import Corpus, SentenceKey, sentence_at
from .gold import GoldError, Place, Split


class GoldEntry(Place):
    """A sentence with the first and last day on which what it tells happened.

    ``must``: a good timeline has it. ``same``: the index of an entry of the list that reports the same event.
    """

    happened: tuple[date, date]
    must: bool = False
    same: int | None = None
    changes: str | None = None

    @field_validator("happened", mode="before")
    @classmethod
    def _span(cls, value: object) -> object:
        return value if isinstance(value, list | tuple) else (value, value)


class TimelineCase(Value):
    """A subject, and every dated sentence about it."""

    id: str
    subject: str
    entries: tuple[GoldEntry, ...] = Field(min_length=1)


class TimelineFile(Value):
    """A YAML file of timelines."""

    storyline: str
    split: Split
    timelines: tuple[TimelineCase, ...]


@dataclass(frozen=True)
class TimelineResult:
    """How many entries are right, and how many that must be there were found."""

    case: TimelineCase
    split: Split
    right: int
    entries: int
    found: int
    must: int


def load_timelines(folder: Path) -> list[tuple[TimelineCase, Split]]:
    """Load the files ``*-timelines.yaml`` of a folder. Raises ValidationError."""
    loaded = [
        TimelineFile.model_validate(yaml.safe_load(f.read_text("utf-8")))
        for f in sorted(folder.glob("*-timelines.yaml"))
    ]
    return [(case, one.split) for one in loaded for case in one.timelines]


def measure(
    cases: Iterable[tuple[TimelineCase, Split]], corpus: Corpus, make: Callable[[str], Timeline]
) -> list[TimelineResult]:
    """Make every timeline and score it. Raises GoldError if a sentence of a case is not in the corpus."""
    return [_measured(case, split, corpus, make(case.subject)) for case, split in cases]


def _measured(case: TimelineCase, split: Split, corpus: Corpus, timeline: Timeline) -> TimelineResult:
    listed: dict[SentenceKey, list[int]] = {}
    for index, entry in enumerate(case.entries):
        found = sentence_at(entry, corpus)
        if isinstance(found, str):
            raise GoldError([f"{case.id}: {found}"])
        listed.setdefault(found, []).append(index)

    def right(citation: Citation, when: When) -> set[int]:
        fitting = {i for i in listed.get((citation.article_id, citation.sentence), ()) if _fits(when, case.entries[i])}
        return fitting | {same for i in fitting if (same := case.entries[i].same) is not None}

    hits = [right(entry.citation, entry.happened) for entry in timeline.entries]
    also = [right(c, entry.happened) for entry in timeline.entries for c in entry.also]
    reached = set().union(*hits, *also)
    must = [i for i, entry in enumerate(case.entries) if entry.must]
    same = {i: {j for j, other in enumerate(case.entries) if other.same == i} for i in must}
    return TimelineResult(
        case=case,
        split=split,
        right=sum(bool(hit) for hit in hits),
        entries=len(hits),
        found=sum(bool(({i} | same[i]) & reached) for i in must),
        must=len(must),
    )


def _fits(when: When, entry: GoldEntry) -> bool:
    first, last = entry.happened
    return first <= when.start <= last


def summary(results: Iterable[TimelineResult]) -> Mapping[str, tuple[int, int]]:
    """Return how many entries are right, and how many that must be there were found."""
    results = list(results)
    return {
        "timeline entries right": (sum(r.right for r in results), sum(r.entries for r in results)),
        "timeline events found": (sum(r.found for r in results), sum(r.must for r in results)),
    }
