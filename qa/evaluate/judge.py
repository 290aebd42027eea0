"""An optional judge: a model says whether an answer states the gold facts. This is reported, but no gate uses it."""

from __future__ import annotations

from pydantic import BaseModel, Field

from ..llm.chat import ChatModel
from ..llm.limits import Limits
from ..llm.prompts import Prompt
from ..model import Answer
from .gold import Case
from .scorers import Score

JUDGE = "judge"


class Grade(BaseModel):
    """The requested reply. The reason comes first, so that the verdict follows from it."""

    reason: str = Field(description="one sentence")
    states_all_facts: bool


def judge(case: Case, answer: Answer, chat: ChatModel, prompt: Prompt, limits: Limits) -> Score:
    """Ask the model whether the answer states the gold facts. Unscored without facts or without an answer.

    Raises ModelError or a subclass.
    """
    if not case.facts or not answer.claims:
        return Score(name=JUDGE, value=None, explanation="no facts expected, or abstained")
    said = " ".join(claim.text for claim in answer.claims)
    facts = [" or ".join(item) for item in case.facts]
    messages = prompt.render(question=case.question, facts=facts, forbidden=list(case.forbidden), answer=said)
    verdict = chat.complete(messages, Grade, limits).parsed
    return Score(name=JUDGE, value=verdict.states_all_facts, explanation=verdict.reason)
