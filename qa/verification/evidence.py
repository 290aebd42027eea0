"""A drafted claim with what it may rest on: the cited sentences and their articles' headers, nothing else."""

from __future__ import annotations

from dataclasses import dataclass

from ..articles.parse import ParsedArticle
from ..english.characters import legible
from ..english.temporal.times import Time
from ..model import Article, DraftClaim, Passage


@dataclass(frozen=True)
class Evidence:
    """A drafted claim with the sentences its labels stand for, and their articles."""

    claim: DraftClaim
    passages: tuple[Passage, ...]
    parsed: tuple[ParsedArticle, ...]

    @property
    def articles(self) -> tuple[Article, ...]:
        """The article of each cited sentence."""
        return tuple(p.article for p in self.parsed)

    @property
    def text(self) -> str:
        """The cited sentences as a person reads them."""
        return " ".join(self.sentences)

    @property
    def sentences(self) -> tuple[str, ...]:
        """The cited sentences as a person reads them, one by one: what a claim is compared with."""
        return tuple(legible(p.sentence.text) for p in self.passages)

    @property
    def headers(self) -> str:
        """Titles and sources of the cited articles."""
        return " ".join(legible(part) for a in self.articles for part in (a.title, a.source) if part)

    @property
    def times(self) -> tuple[Time, ...]:
        """The times the cited sentences name, as days."""
        return tuple(timed for p, a in self.pairs for timed in a.times_in(p.sentence))

    @property
    def speakers(self) -> str:
        """The full names of those who speak in the cited sentences, though a sentence may say "he"."""
        said = (u for p, a in self.pairs for u in a.speech_in(p.sentence))
        return " ".join(dict.fromkeys(u.speaker for u in said if u.speaker))

    @property
    def pairs(self) -> tuple[tuple[Passage, ParsedArticle], ...]:
        """Each cited sentence with its article."""
        return tuple(zip(self.passages, self.parsed, strict=True))
