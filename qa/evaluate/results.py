"""The results of a run. They can be written as JSON, so that workers, baselines and reports can share them."""

from __future__ import annotations

from pydantic import AwareDatetime

from ..model import Answer, Value
from .corpus import SentenceKey
from .gold import Case, Split
from .scorers import Score


class GoldSentence(Value):
    """A gold sentence with its text, to be shown next to the cited sentences."""

    article_id: str
    article: str
    sentence: int
    text: str

    @property
    def key(self) -> SentenceKey:
        """Article id and sentence index."""
        return self.article_id, self.sentence


class CaseResult(Value):
    """The result of one case: the answer with its scores and violated invariants, or the ``error`` if not scored.

    ``asked`` and ``cached`` count the model's new replies and those from the cache.
    """

    case: Case
    split: Split
    storyline: str
    answer: Answer | None
    scores: tuple[Score, ...] = ()
    faults: tuple[str, ...] = ()
    required: tuple[tuple[GoldSentence, ...], ...] = ()
    also_fine: tuple[GoldSentence, ...] = ()
    error: str | None = None
    asked: int = 0
    cached: int = 0

    def value(self, name: str) -> bool | float | None:
        """Return the value of one score, or None if it was not scored."""
        return next((s.value for s in self.scores if s.name == name), None)

    def why(self, name: str) -> str:
        """Return the explanation of one score."""
        return next((s.explanation for s in self.scores if s.name == name), "")

    @property
    def passed(self) -> bool | None:
        """Whether the case was answered correctly or correctly abstained from. None if it could not be asked."""
        value = self.value("correct" if self.case.answerable else "abstention_recall")
        return None if value is None else bool(value)

    @property
    def confidence(self) -> float | None:
        """The highest support among the claims. None for an abstention, or if no claim has a support value."""
        supports = [c.support for c in self.answer.claims if c.support is not None] if self.answer else []
        return max(supports, default=None)


class Conditions(Value):
    """The conditions of a run, complete enough to repeat it. Hashes are SHA-256."""

    mode: str
    model: str | None
    embedder: str
    prompts: dict[str, str]
    gold_sha256: str
    corpus_sha256: str
    articles: int
    versions: dict[str, str]
    created: AwareDatetime

    @property
    def system(self) -> str:
        """What was evaluated, in words."""
        return f"model {self.model}" if self.model else "offline reader"

    def comparable(self, other: Conditions) -> bool:
        """Whether mode and model are the same, so that a drop from ``other`` is caused by the code."""
        return (self.mode, self.model) == (other.mode, other.model)


class Run(Value):
    """All results of one gold set under the same conditions."""

    conditions: Conditions
    results: tuple[CaseResult, ...]

    @property
    def cache_note(self) -> str | None:
        """A note on how many model replies came from the cache. None without a model."""
        asked, cached = sum(r.asked for r in self.results), sum(r.cached for r in self.results)
        if not asked + cached:
            return None
        free = ", so this run was free" if not asked else ""
        return f"{cached} of {asked + cached} model replies came from the cache{free}"
