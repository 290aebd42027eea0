"""When a version of an article was stored and replaced, and between which days the world saw it.

The first version that the library holds counts from the day on which it was published. A later one counts from the day
on which its outlet says that it was changed, else from the day on which the library got it. It ends where the next one
begins, so that on each day one version counts. A version that is no longer kept leaves its days to the next one, whose
``changed`` tells that it read otherwise then.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from typing import Self

from ..model import Article, day_of
from .engine import Row


@dataclass(frozen=True)
class Lifetime:
    """The columns of an article's row that tell when its version counted. Days and instants are in ISO 8601."""

    added: str
    shown_from: str | None
    changed: str | None = None
    current_id: str | None = None
    replaced: str | None = None
    shown_until: str | None = None

    @classmethod
    def of(cls, row: Row) -> Self:
        """Return the lifetime of a stored version."""
        return cls(**{name: row[name] for name in cls.__dataclass_fields__})

    @classmethod
    def first(cls, article: Article, now: datetime) -> Self:
        """Return the lifetime of an article that the library did not hold."""
        published = day_of(article.published)
        return cls(_instant(now), _iso(published), _iso(_changed(article)) if published else None)

    def next(self, article: Article, now: datetime) -> Lifetime:
        """Return the lifetime of the version that follows this one."""
        # No two versions are added at once, even if the clock is set back: their order is that of these instants.
        added = max(now, datetime.fromisoformat(self.added) + timedelta(microseconds=1))
        got, published = added.astimezone(UTC).date(), day_of(article.published)
        # A version that lost its day of publication counts on no day, but the days before it belong to others.
        before = _day(self.shown_from or self.changed)
        if published is None:
            return Lifetime(_instant(added), None, max(got, before or got).isoformat())
        # Some outlets write a new day of publication when they change a text.
        stated = _changed(article) or (published if before and published > before else None)
        begins = min(stated, got) if stated else published if before is None else got
        begins = max(begins, published, before or begins)
        return Lifetime(_instant(added), begins.isoformat(), begins.isoformat())

    def ended(self, by: Lifetime, current_id: str) -> Lifetime:
        """Return the lifetime of this version once another one has replaced it."""
        return replace(self, current_id=current_id, replaced=by.added, shown_until=by.shown_from or by.changed)

    def restated(self, article: Article) -> Lifetime:
        """Return the lifetime of the same text, read again. It may now be known when it was changed."""
        changed = _changed(article)
        known_then = changed is not None and changed <= datetime.fromisoformat(self.added).date()
        learned = known_then and self.shown_from is not None and self.changed is None
        return replace(self, changed=_iso(changed)) if learned else self

    def redated(self, article: Article, *, first: bool) -> Self:
        """Return the lifetime of the same text, once a reader has said on which day it was published.

        Args:
            article: the article with its new day.
            first: whether the library holds no earlier version of it. If it does, the days between them stay.
        """
        published = day_of(article.published)
        if first:
            alone = Lifetime.first(article, datetime.fromisoformat(self.added))
            return replace(self, shown_from=alone.shown_from, changed=alone.changed)
        if published is None:
            return replace(self, shown_from=None, changed=self.changed or self.shown_from)
        return replace(self, shown_from=self.shown_from or self.changed or published.isoformat())


def _changed(article: Article) -> date | None:
    """Return the day on which the article was changed after its publication, as it states it."""
    published, modified = day_of(article.published), day_of(article.modified)
    return modified if modified and (published is None or modified > published) else None


def _instant(moment: datetime) -> str:
    # All have the same length, because SQL compares them as text.
    return moment.astimezone(UTC).isoformat(timespec="microseconds")


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
