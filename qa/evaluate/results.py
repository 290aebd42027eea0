"""What a run yields: values that go to JSON and back, so that workers, baselines and reports share them."""

from __future__ import annotations

from pydantic import AwareDatetime

from ..model import Answer, Value
from .corpus import SentenceKey
from .gold import Case, Split
from .scorers import Score


class GoldSentence(Value):
    """A gold sentence as it stands in its article, for showing beside what was cited."""

    article_id: str
    article: str
    sentence: int
    text: str

    @property
    def key(self) -> SentenceKey:
        """Article id and sentence index."""
        return self.article_id, self.sentence


class CaseResult(Value):
    """One case asked: the answer with its scores and broken invariants; or the ``error`` that left it unscored.

    ``asked`` and ``cached`` count the model's replies, new and kept.
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
        """The value of one score; None where it is unscored."""
        return next((s.value for s in self.scores if s.name == name), None)

    def why(self, name: str) -> str:
        """The explanation of one score."""
        return next((s.explanation for s in self.scores if s.name == name), "")

    @property
    def passed(self) -> bool | None:
        """Whether it was answered rightly, or rightly not answered; None where it could not be asked."""
        value = self.value("correct" if self.case.answerable else "abstention_recall")
        return None if value is None else bool(value)

    @property
    def confidence(self) -> float | None:
        """The largest support of a claim; None for an abstention, or where claims carry no support."""
        supports = [c.support for c in self.answer.claims if c.support is not None] if self.answer else []
        return max(supports, default=None)


class Conditions(Value):
    """Under what a run was made, enough to make it again. Hashes are SHA-256."""

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
        """In words, what was evaluated."""
        return f"model {self.model}" if self.model else "offline reader"

    def comparable(self, other: Conditions) -> bool:
        """Whether a drop from ``other`` to this can be blamed on the code: same mode and model."""
        return (self.mode, self.model) == (other.mode, other.model)


class Run(Value):
    """All results of one gold set under one set of conditions."""

    conditions: Conditions
    results: tuple[CaseResult, ...]

    @property
    def cache_note(self) -> str | None:
        """How many model replies came from the cache; None without a model."""
        asked, cached = sum(r.asked for r in self.results), sum(r.cached for r in self.results)
        if not asked + cached:
            return None
        free = ", so this run was free" if not asked else ""
        return f"{cached} of {asked + cached} model replies came from the cache{free}"
