"""A drafted claim with what it may rest on: the cited sentences and their articles' headers, nothing else."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from ..articles.parse import ParsedArticle
from ..english.document import Document
from ..english.temporal.times import Time
from ..model import Article, DraftClaim, Passage


@dataclass(frozen=True, eq=False)
class Evidence:
    """A drafted claim with the sentences its labels stand for, and their articles.

    Checks compare documents: ``claimed`` with ``cited``, and where a header may speak too with ``given``. Each text is
    parsed once, however many checks look at it.
    """

    claim: DraftClaim
    passages: tuple[Passage, ...]
    parsed: tuple[ParsedArticle, ...]

    @cached_property
    def claimed(self) -> Document:
        """The claim's words."""
        return Document(self.claim.text)

    @cached_property
    def cited(self) -> tuple[Document, ...]:
        """The cited sentences, as parts of their articles."""
        return tuple(article.part(passage.sentence) for passage, article in self.pairs)

    @cached_property
    def given(self) -> tuple[Document, ...]:
        """The cited sentences, and the headers of their articles."""
        return (*self.cited, *dict.fromkeys(article.header for article in self.parsed))

    def citing(self, passages: Sequence[Passage]) -> Evidence:
        """The same claim with some of its sentences."""
        kept = [(passage, article) for passage, article in self.pairs if passage in passages]
        fewer = Evidence(self.claim, tuple(p for p, _ in kept), tuple(a for _, a in kept))
        vars(fewer)["claimed"] = self.claimed  # parsed already
        return fewer

    @property
    def articles(self) -> tuple[Article, ...]:
        """The article of each cited sentence."""
        return tuple(p.article for p in self.parsed)

    @cached_property
    def sentences(self) -> tuple[str, ...]:
        """The cited sentences as a person reads them, one by one."""
        return tuple(document.legible for document in self.cited)

    @cached_property
    def text(self) -> str:
        """The cited sentences as a person reads them."""
        return " ".join(self.sentences)

    @cached_property
    def headers(self) -> str:
        """Titles and outlets of the cited articles."""
        return " ".join(article.header.legible for article in self.parsed)

    @cached_property
    def times(self) -> tuple[Time, ...]:
        """The times the cited sentences name, as days."""
        return tuple(time for document in self.cited for time in document.times)

    @cached_property
    def speakers(self) -> tuple[str, ...]:
        """The full names of those who speak in the cited sentences, though a sentence may say "he"."""
        said = (u for document in self.cited for u in document.utterances)
        return tuple(dict.fromkeys(u.speaker for u in said if u.speaker))

    @cached_property
    def pairs(self) -> tuple[tuple[Passage, ParsedArticle], ...]:
        """Each cited sentence with its article."""
        return tuple(zip(self.passages, self.parsed, strict=True))
