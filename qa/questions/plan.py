"""From a question as asked to a plan: a question that stands alone, and the filters that apply."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from pydantic import BaseModel, model_validator

from ..english.characters import normalise, visible
from ..english.followups import DialogueTurn, resolve
from ..english.names import names
from ..english.numbers import numbers
from ..english.questions import SpeakerQuery, speaker_query
from ..english.spelling import match_speakers
from ..english.temporal import question_range
from ..english.tokens import stems
from ..errors import InputError, ModelError
from ..library.library import Library
from ..llm.chat import ChatModel
from ..llm.limits import Limits
from ..llm.prompts import Prompt
from ..model import Answer, Filters, Period, Usage, Value
from .followups import turns_of
from .period import bounded

MAX_CHARACTERS = 2000
MAX_CLAIMS = 3  # of an earlier answer that a model is shown
MAX_CLAIM = 300  # characters of each


class Plan(Value):
    """A question made ready for retrieval: standalone, with its filters.

    ``query`` is what to look for: the standalone question without the words that set its ``period`` or ``saying``.
    """

    question: str
    standalone: str
    filters: Filters = Filters()
    period: Period | None = None
    speaker_query: SpeakerQuery | None = None
    query: str = ""

    @model_validator(mode="before")
    @classmethod
    def _whole(cls, data: object) -> object:
        return {"query": data.get("standalone"), **data} if isinstance(data, dict) else data


@dataclass(frozen=True)
class Rewriter:
    """A model with the prompt that makes a question stand alone."""

    chat: ChatModel
    prompt: Prompt


@dataclass(frozen=True)
class Planned:
    """The plan, what making it cost, and what the user should be told."""

    plan: Plan
    usage: Usage | None = None
    warnings: tuple[str, ...] = ()


def plan(
    question: str, filters: Filters | None = None, turns: Sequence[DialogueTurn] = (), today: date | None = None
) -> Plan:
    """A plan for a question after ``turns``, by rules. Raises InputError for an empty, oversized or impossible one.

    ``today`` is the day that "last week" is counted from; by default that of ``filters.as_of``, or of the clock.
    """
    asked = normalise(" ".join(question.split()))
    if not asked:
        raise InputError('The question is empty. Ask something, for example: qa ask "Who said what about …?"')
    if len(asked) > MAX_CHARACTERS:
        raise InputError(
            f"The question has {len(asked)} characters; at most {MAX_CHARACTERS} are searched. Shorten it."
        )
    filters = filters or Filters()
    if filters.since and filters.last_day and filters.since > filters.last_day:
        raise InputError(f"Nothing is both since {filters.since} and until {filters.last_day}. Swap or drop one.")
    standalone = resolve(asked, turns)
    return _planned(asked, standalone if len(standalone) <= MAX_CHARACTERS else asked, filters, today)


def _planned(asked: str, standalone: str, filters: Filters, today: date | None) -> Plan:
    """The plan with the period that the question's words set."""
    period, query = question_range(standalone, filters.as_of or today or date.today())
    words = speaker_query(query)
    return Plan(
        question=asked,
        standalone=standalone,
        filters=bounded(filters, period),
        period=period,
        speaker_query=words,
        query=query or standalone,
    )


def fit_to_library(plan: Plan, asked: Filters, library: Library) -> Plan:
    """The plan as this library can be asked: words that may be read in two ways are read as it has articles for.

    Args:
        plan: with its filters bounded by its period.
        asked: the filters as they were set, before the question's own words.
        library: what is asked.
    """
    plan = _fit_speaker(plan, library)
    asked = asked.model_copy(update={"speakers": plan.filters.speakers})
    period = plan.period
    if period is None or library.coverage(plan.filters).articles:
        return plan
    if period.weekday:  # "on Thursday", asked years later: the word of an article, not of the calendar
        return plan.model_copy(update={"filters": asked, "period": None})
    if period.happened and period.until:
        later = plan.model_copy(update={"filters": bounded(asked, period.model_copy(update={"until": None}))})
        return later if library.coverage(later.filters).articles else plan
    return plan


def _fit_speaker(plan: Plan, library: Library) -> Plan:
    """A question for somebody's words searches those alone; who speaks nowhere leaves an ordinary question."""
    words, filters = plan.speaker_query, plan.filters
    if words is None:
        return plan
    if not filters.speakers:
        if not match_speakers([words.who], library.speakers()):
            return plan.model_copy(update={"speaker_query": None})
        filters = filters.model_copy(update={"speakers": (words.who,)})
    return plan.model_copy(update={"filters": filters, "query": words.about or plan.query})


def plan_after(
    history: Sequence[Answer],
    question: str,
    filters: Filters | None,
    rewriter: Rewriter | None,
    limits: Limits,
    today: date | None = None,
) -> Planned:
    """A plan for a question after earlier answers: by a model if there is one, else or where it fails by rules.

    Raises InputError as ``plan``; never ModelError.
    """
    turns = turns_of(history)
    by_rules = plan(question, filters, turns, today)
    if not turns or rewriter is None:
        return Planned(by_rules)
    try:
        standalone, usage = _rewritten(by_rules.question, turns, rewriter, limits)
    except ModelError as error:
        return Planned(by_rules, None, (f"The follow-up was understood by rules, without the model: {error}",))
    if fault := _fault(standalone, by_rules.question, turns):
        told = f"The follow-up was understood by rules: the model's rewriting {fault}."
        return Planned(by_rules, usage, (told,))
    return Planned(_planned(by_rules.question, standalone, filters or Filters(), today), usage)


class _Standalone(BaseModel):
    standalone: str


def _rewritten(
    asked: str, turns: Sequence[DialogueTurn], rewriter: Rewriter, limits: Limits
) -> tuple[str, Usage | None]:
    shown = [
        {
            "question": visible(turn.standalone),
            "claims": [visible(claim)[:MAX_CLAIM] for claim in turn.claims[:MAX_CLAIMS]],
        }
        for turn in turns
    ]
    messages = rewriter.prompt.render(boundary=secrets.token_hex(8), turns=shown, question=visible(asked))
    completion = rewriter.chat.complete(messages, _Standalone, limits)
    return visible(completion.parsed.standalone), completion.usage


def _fault(standalone: str, asked: str, turns: Sequence[DialogueTurn]) -> str | None:
    """Why a rewriting cannot be used. Earlier answers hold words of articles, so it may not say just anything."""
    if not standalone:
        return "is empty"
    if len(standalone) > MAX_CHARACTERS:
        return f"has more than {MAX_CHARACTERS} characters"
    told = " ".join((asked, *(text for turn in turns for text in (turn.question, turn.standalone, *turn.claims))))
    if new := _distinctive(standalone) - set(stems(told)) - set(numbers(told)):
        return f"brings in {', '.join(sorted(map(str, new)))}"
    if lost := _distinctive(asked) - set(stems(standalone)) - set(numbers(standalone)):
        return f"leaves out {', '.join(sorted(map(str, lost)))}"
    return None


def _distinctive(text: str) -> set[str | float]:
    """The names (as stems) and numbers of a question."""
    return {stem for name in names(text) for stem in stems(name)} | set(numbers(text))
