"""The dates that a question names: which articles and which sentences may answer it.

"On 12 March" asks what happened on that day, which articles of the 13th also report. "Before 10 March" asks what was
known by then, so later articles do not count. For the first kind we also search later articles, and check the times
that each of their sentences names.
"""

from __future__ import annotations

from datetime import date, timedelta

from ..articles.parse import ParsedArticle
from ..model import Filters, Period, Sentence, day_of

REPORTED = timedelta(days=7)  # how long after a day the news still reports what happened on it
LONG = timedelta(days=45)  # any later article may report what happened in a period of at least this length


def bounded(filters: Filters, period: Period | None) -> Filters:
    """Return ``filters`` narrowed to the days on which an article about ``period`` may have appeared.

    If the filters and the period do not overlap, no article passes the result.
    """
    if period is None:
        return filters
    since = max((d for d in (filters.since, period.since) if d), default=None)
    until = min((d for d in (filters.until, _last_report(period)) if d), default=None)
    return filters.model_copy(update={"since": since, "until": until})


def tells_of(period: Period, article: ParsedArticle, sentence: Sentence) -> bool:
    """Whether a sentence may be about the period: it was published then, or it names a time in it."""
    published = day_of(article.article.published)
    if published and _overlaps(period, published, published):
        return True
    times = article.times_in(sentence) if period.happened else ()
    return any(_overlaps(period, t.when.start, t.when.end) for t in times)


def _overlaps(period: Period, start: date, end: date) -> bool:
    return (period.since is None or end >= period.since) and (period.until is None or start <= period.until)


def _last_report(period: Period) -> date | None:
    """Return the last day on which an article about the period may have appeared; None if there is no such limit."""
    if not period.happened or period.until is None:
        return period.until
    length = period.until - period.since if period.since else LONG
    return None if length >= LONG else min(period.until, date.max - REPORTED) + REPORTED
