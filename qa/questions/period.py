"""A question's own dates: which articles may tell of them, and which sentences do.

"On 12 March" asks for what happened then, and the papers of the 13th tell; "before 10 March" asks for what was known
by then, and they do not. So the first kind lets later articles in, and looks at the times that each of their sentences
names.
"""

from __future__ import annotations

from datetime import date, timedelta

from ..articles.parse import ParsedArticle
from ..model import Filters, Period, Sentence, day_of

TOLD = timedelta(days=7)  # how long the news goes on telling of one day
LONG = timedelta(days=45)  # a period from which on everything later may tell of it, as of a year


def bounded(filters: Filters, period: Period | None) -> Filters:
    """``filters`` within the articles that may tell of ``period``. Filters that exclude it let nothing through."""
    if period is None:
        return filters
    since = max((d for d in (filters.since, period.since) if d), default=None)
    until = min((d for d in (filters.until, _last_told(period)) if d), default=None)
    return filters.model_copy(update={"since": since, "until": until})


def tells_of(period: Period, article: ParsedArticle, sentence: Sentence) -> bool:
    """Whether a sentence may tell of the period: it appeared then, or names a time that lies in it."""
    published = day_of(article.article.published)
    if published and _overlaps(period, published, published):
        return True
    times = article.times_in(sentence) if period.happened else ()
    return any(_overlaps(period, t.when.start, t.when.end) for t in times)


def _overlaps(period: Period, start: date, end: date) -> bool:
    return (period.since is None or end >= period.since) and (period.until is None or start <= period.until)


def _last_told(period: Period) -> date | None:
    """The last day an article that tells of the period may have appeared; None for any."""
    if not period.happened or period.until is None:
        return period.until
    length = period.until - period.since if period.since else LONG
    return None if length >= LONG else min(period.until, date.max - TOLD) + TOLD
