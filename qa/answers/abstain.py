"""Abstentions: why there is no answer, the nearest sentences, what the library covers, and what to try."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date

from ..articles.parse import ParsedArticle
from ..changes.corrections import note_of
from ..english.address import addresses_reader
from ..english.characters import legible
from ..english.quotations import outside_quotations
from ..english.temporal.writing import write_day, write_days
from ..model import Abstention, AbstentionReason, Claim, Coverage, Draft, Passage, Sentence
from ..questions.plan import Plan
from ..search.rank import Scored
from ..verification.checks.content_policy import unfit
from ..verification.citations import Numbering
from ..verification.evidence import Evidence

NEAREST = 3  # the most sentences to show
BESIDE = 2  # how many sentences away another one of the paragraph is beside it
# Shares of the question's words, weighted by IDF, that occur in or around one sentence:
COVERED = 0.75  # at least this share, and the subject counts as covered even if the draft denies it
NEAR_ENOUGH = 0.2  # a sentence with a smaller share is not shown as a nearest one

MESSAGES: dict[AbstentionReason, str] = {
    "not_covered": "The articles do not cover this.",
    "detail_not_stated": "The articles touch on this but do not say.",
    "premise_contradicted": "The articles contradict what the question takes for granted.",
    "outside_dates": "No article passes the filters.",
    "unverified": "What was drafted could not be verified in the articles.",
}


def checked(draft: Draft, verified: bool, rejected: bool, ranked: Sequence[Scored]) -> AbstentionReason:
    """Return the reason for an abstention. The draft's own reason is used only if it agrees with the search results.

    Args:
        draft: the draft that did not become an answer.
        verified: whether any of its claims passed verification, as a claim that contradicts a premise must.
        rejected: whether any of its claims failed verification.
        ranked: the sentences found, best first.
    """
    if draft.reason == "premise_contradicted" and verified:
        return "premise_contradicted"
    if rejected or draft.reason is None:
        return "unverified"
    if draft.reason == "outside_dates":
        return draft.reason
    # "not_covered" means that the subject does not occur, "detail_not_stated" that only a detail is missing. The share
    # of the question's words that occur decides.
    near = max((s.relevance.overlap for s in ranked), default=0.0)
    if not near:
        return "not_covered"
    if draft.reason == "not_covered" and near < COVERED:
        return "not_covered"
    return "detail_not_stated"  # also for "premise_contradicted" if no claim that contradicts it was verified


def abstain(
    reason: AbstentionReason,
    ranked: Sequence[Scored],
    numbering: Numbering,
    coverage: Coverage,
    plan: Plan,
    contradicting: tuple[Claim, ...] = (),
    notes: Callable[[Passage], Sequence[Evidence]] = lambda _: (),
) -> Abstention:
    """Make an abstention.

    Args:
        reason: why there is no answer.
        ranked: the sentences found, best first. The nearest ones are shown.
        numbering: numbers the nearest sentences as citations, after those of ``contradicting``.
        coverage: what the library covers, for the suggestion.
        plan: the question's plan, for the suggestion.
        contradicting: verified claims that contradict what the question takes for granted.
        notes: finds the notes that correct a sentence. They are shown behind it.
    """
    shown: list[Passage] = []
    for passage in _nearest(ranked, numbering):
        shown += _with_its_note(passage, numbering.article(passage.article_id))
        for note in notes(passage):
            numbering.know(note.pairs)
            shown += note.passages
    return Abstention(
        reason=reason,
        message=_message(reason, plan),
        contradicting=contradicting,
        nearest=tuple(dict.fromkeys(map(numbering.number, shown))),
        suggestion=_suggestion(reason, coverage, plan),
    )


def _nearest(ranked: Sequence[Scored], numbering: Numbering) -> list[Passage]:
    """The nearest sentences, best first, but those with a link last.

    None gives its reader orders or stands beside one that does: whoever put the order in may have written both.
    """
    near = [s.passage for s in ranked if s.relevance.overlap >= NEAR_ENOUGH]
    sound = [p for p in near if not any(map(_gives_orders, _around(p.sentence, numbering.article(p.article_id))))]
    return sorted(sound, key=lambda p: unfit(legible(p.sentence.text)) is not None)[:NEAREST]


def _around(sentence: Sentence, article: ParsedArticle) -> list[Sentence]:
    """A sentence and those beside it in its paragraph."""
    text = article.article.text
    first, last = text.rfind("\n\n", 0, sentence.start) + 1, text.find("\n\n", sentence.end)
    last = len(text) if last < 0 else last
    near = article.sentences[max(0, sentence.index - BESIDE) : sentence.index + BESIDE + 1]
    return [s for s in near if first <= s.start and s.end <= last]


def _gives_orders(sentence: Sentence) -> bool:
    return addresses_reader(outside_quotations(legible(sentence.text)))


def _with_its_note(passage: Passage, article: ParsedArticle) -> list[Passage]:
    """A sentence; if it is part of a note of a correction, the whole note, because one half of it may mislead."""
    note = note_of(article, passage.sentence)
    if note is None:
        return [passage]
    return [passage.model_copy(update={"sentence": s}) for s in article.sentences[note.first : note.last + 1]]


def _message(reason: AbstentionReason, plan: Plan) -> str:
    """Say why there is no answer. If the question's own words name days, those and no filters are the reason."""
    period, filters = plan.period, plan.filters
    if reason != "outside_dates" or period is None:
        return MESSAGES[reason]
    if period.since and period.until:
        days = write_days(period.since, period.until)
    else:
        days = f"the time from {_day(period.since)} on" if period.since else f"the time until {_day(period.until)}"
    return f"The question is about {days}, and no article {'that passes the filters ' * filters.active}is from then."


def _day(day: date | None) -> str:
    return write_day(day) if day else "an unknown day"


def _suggestion(reason: AbstentionReason, coverage: Coverage, plan: Plan) -> str | None:
    if reason == "outside_dates":
        span = (
            f"of {write_days(coverage.first, coverage.last)}" if coverage.first and coverage.last else "without dates"
        )
        outlets = f" ({', '.join(coverage.sources)})" if plan.filters.sources and coverage.sources else ""
        widen = "Widen the filters" if plan.filters.active else "Ask about other days"
        count = f"{coverage.articles:,} article{'' if coverage.articles == 1 else 's'}"
        return f"The library has {count} {span}{outlets}. {widen}."
    if reason == "unverified":
        return "Rephrase the question, or ask for one fact at a time."
    filters, without = plan.preferred, []
    if plan.speaker_query and plan.speaker_query.who in filters.speakers:
        filters = filters.model_copy(update={"speakers": ()})
        without.append("the speaker")
    if plan.period:
        filters = filters.model_copy(update={"since": None, "until": None})
        without.append("the days")
    if filters.active:
        without.append("the filters")
    return f"Ask again without {' and '.join(without)}." if without else None
