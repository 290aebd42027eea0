"""Makes a plan from a question: a version that can be understood on its own, and the filters that apply."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from pydantic import BaseModel, model_validator

from ..english.bylines import is_person
from ..english.characters import normalise, visible, well_formed
from ..english.followups import DialogueTurn, resolve
from ..english.names import names
from ..english.numbers import numbers
from ..english.questions import SpeakerQuery, joined_questions, speaker_query
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
MAX_CLAIMS = 3  # how many claims of an earlier answer a model is shown
MAX_CLAIM = 300  # how many characters of each claim


class Plan(Value):
    """A question that is ready for retrieval.

    ``standalone`` can be understood without the conversation. ``query`` is what is searched: the standalone question
    without the words that set its ``period``, or the topic alone if it asks for somebody's words (``speaker_query``).
    ``parts`` are the questions that it joins, if it joins several. "Last week" counts from ``asked_on``.

    ``filters`` are those that the user set. No other article is searched. ``preferred`` narrows them by the days and
    the speaker that the question names. Articles that pass it come first.
    """

    question: str
    standalone: str
    filters: Filters = Filters()
    preferred: Filters = Filters()
    period: Period | None = None
    speaker_query: SpeakerQuery | None = None
    query: str = ""
    asked_on: date | None = None
    parts: tuple[str, ...] = ()

    @model_validator(mode="before")
    @classmethod
    def _default_query(cls, data: object) -> object:
        return {"query": data.get("standalone"), **data} if isinstance(data, dict) else data


@dataclass(frozen=True)
class Rewriter:
    """A model and the prompt with which it rewrites a follow-up as a standalone question."""

    chat: ChatModel
    prompt: Prompt


@dataclass(frozen=True)
class Planned:
    """A plan, the tokens that a model used to make it, and warnings for the user."""

    plan: Plan
    usage: Usage | None = None
    warnings: tuple[str, ...] = ()


def plan(
    question: str, filters: Filters | None = None, turns: Sequence[DialogueTurn] = (), today: date | None = None
) -> Plan:
    """Make a plan for a question by rules, without a model.

    Args:
        question: the question as asked.
        filters: the filters that the user set.
        turns: the conversation before the question, oldest turn first.
        today: the day from which "last week" is counted. ``filters.as_of`` takes precedence; the default is the
            current day.

    Raises:
        InputError: the question is empty or too long, or no day passes the filters.
    """
    asked = normalise(well_formed(" ".join(question.split())))
    if not asked:
        raise InputError('The question is empty. Ask something, for example: qa ask "Who said what about …?"')
    if len(asked) > MAX_CHARACTERS:
        raise InputError(f"The question has {len(asked)} characters; the limit is {MAX_CHARACTERS}. Shorten it.")
    filters = filters or Filters()
    if filters.since and filters.last_day and filters.since > filters.last_day:
        raise InputError(
            f"No day is both since {filters.since} and until {filters.last_day}. Swap the dates, or drop one of them."
        )
    standalone = resolve(asked, turns)
    return _planned(asked, standalone if len(standalone) <= MAX_CHARACTERS else asked, filters, today)


def _planned(asked: str, standalone: str, filters: Filters, today: date | None) -> Plan:
    """Make the plan of a standalone question, with the period and the speaker that its words name."""
    asked_on = filters.as_of or today or date.today()
    period, query = question_range(standalone, asked_on)
    return Plan(
        question=asked,
        standalone=standalone,
        filters=filters,
        preferred=bounded(filters, period),
        period=period,
        speaker_query=speaker_query(query),
        query=query or standalone,
        asked_on=asked_on,
        parts=joined_questions(query or standalone),
    )


def fit_to_library(plan: Plan, library: Library) -> Plan:
    """Adapt a plan to a library. If the question can be read in two ways, choose the one with articles in the library.

    Args:
        plan: the plan of a question.
        library: the library to search.
    """
    plan = _fit_speaker(plan, library)
    period = plan.period
    if period is None or library.coverage(plan.preferred).articles:
        return plan
    asked = plan.filters.model_copy(update={"speakers": plan.preferred.speakers})
    if period.weekday:  # "on Thursday", asked years later, probably quotes an article and does not mean this week
        return plan.model_copy(update={"preferred": asked, "period": None})
    if period.happened and period.until:
        later = plan.model_copy(update={"preferred": bounded(asked, period.model_copy(update={"until": None}))})
        return later if library.coverage(later.preferred).articles else plan
    return plan


def _fit_speaker(plan: Plan, library: Library) -> Plan:
    """Let a question for somebody's words prefer what that person says.

    If nobody of that name speaks in the library, only a sentence that names them and may report their words is an
    answer, and not somebody else's words. A question for what "the report" says is treated as an ordinary one.
    """
    asked, preferred = plan.speaker_query, plan.preferred
    if asked is None:
        return plan
    if not preferred.speakers:
        heard = match_speakers([asked.who], library.speakers(earlier=plan.filters.as_of is not None))
        if not heard and not is_person(asked.who):
            return plan.model_copy(update={"speaker_query": None})
        preferred = preferred.model_copy(update={"speakers": (asked.who,)})
    return plan.model_copy(update={"preferred": preferred, "query": asked.about or plan.query})


def plan_after(
    history: Sequence[Answer],
    question: str,
    filters: Filters | None,
    rewriter: Rewriter | None,
    limits: Limits,
    today: date | None = None,
) -> Planned:
    """Make a plan for a question that follows earlier answers.

    A follow-up is rewritten by the model of ``rewriter``. Without a model, or if it fails, rules resolve it. See
    ``plan`` for the other arguments. Raises InputError like ``plan``, but never ModelError.
    """
    turns = turns_of(history)
    by_rules = plan(question, filters, turns, today)
    if not turns or rewriter is None:
        return Planned(by_rules)
    try:
        standalone, usage = _rewritten(by_rules.question, turns, rewriter, limits)
    except ModelError as error:
        return Planned(by_rules, None, (f"The follow-up was resolved by rules, without the model: {error}",))
    if fault := _fault(standalone, by_rules.question, turns):
        warning = f"The follow-up was resolved by rules, because the model's version {fault}."
        return Planned(by_rules, usage, (warning,))
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
    """Return why a model's standalone question cannot be used, or None if it can.

    The model has seen earlier answers, which contain text of articles. So it may only use names and numbers of the
    conversation, and it must keep those of the question.
    """
    if not standalone:
        return "is empty"
    if len(standalone) > MAX_CHARACTERS:
        return f"has more than {MAX_CHARACTERS} characters"
    known = " ".join((asked, *(text for turn in turns for text in (turn.question, turn.standalone, *turn.claims))))
    if new := _distinctive(standalone) - set(stems(known)) - set(numbers(known)):
        return f"brings in {', '.join(sorted(map(str, new)))}"
    if lost := _distinctive(asked) - set(stems(standalone)) - set(numbers(standalone)):
        return f"leaves out {', '.join(sorted(map(str, lost)))}"
    return None


def _distinctive(text: str) -> set[str | float]:
    """Return the names (as stems) and the numbers of a question."""
    return {stem for name in names(text) for stem in stems(name)} | set(numbers(text))
