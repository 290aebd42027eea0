"""The dates that a question names: which articles and which sentences are likely to answer it.

"On 12 March" asks what happened on that day, which articles of the 13th also report. "Before 10 March" asks what was
known by then, so later articles do not count. For the first kind we also search later articles, and check the times
that each of their sentences names.

A question's own words for time are a preference and no wall, because people are vague about time: who asks what
happened "this week" also wants last Friday's article, and one without a date. Only the user's filters exclude articles.
"""

from __future__ import annotations

from datetime import date, timedelta

from ..articles.parse import ParsedArticle
from ..model import Filters, Period, Sentence, day_of

REPORTED = timedelta(days=7)  # how long after a day the news still reports what happened on it
LONG = timedelta(days=45)  # any later article may report what happened in a period of at least this length
MARGIN = timedelta(days=7)  # how far outside a period an article may be and still be meant by it


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


def is_near(period: Period, article: ParsedArticle) -> bool:
    """Whether an article may be meant although its day is not in the period: it has none, or misses by ``MARGIN``.

    What was known by a day is no matter of a week, so for such a period only an article without a date is near.
    """
    published = day_of(article.article.published)
    if published is None:
        return True
    if not period.happened:
        return False
    earliest = min(published, date.max - MARGIN) + MARGIN
    latest = max(published, date.min + MARGIN) - MARGIN
    return _overlaps(period, latest, earliest)


def _overlaps(period: Period, start: date, end: date) -> bool:
    return (period.since is None or end >= period.since) and (period.until is None or start <= period.until)


def _last_report(period: Period) -> date | None:
    """Return the last day on which an article about the period may have appeared; None if there is no such limit."""
    if not period.happened or period.until is None:
        return period.until
    length = period.until - period.since if period.since else LONG
    return None if length >= LONG else min(period.until, date.max - REPORTED) + REPORTED
