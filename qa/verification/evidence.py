"""A drafted claim with what it may rest on: the cited sentences and their articles' headers, nothing else."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from ..articles.parse import ParsedArticle
from ..english.characters import legible
from ..english.document import Document
from ..english.lexicon import OFFICES, ORGANISATIONS, STOPWORDS
from ..english.quotations import outside_quotations
from ..english.temporal.times import Time
from ..english.temporal.writing import write_when
from ..english.tokens import stem, stems, words
from ..model import Article, DraftClaim, Passage, Sentence
from .findings import Doubt

BACKGROUND = 3  # the most sentences of background
BEGINNING = 300  # sentences of an article among which they are looked for: news introduces people early
TOPIC = 3  # a word that so many sentences of an article have tells what it is about


@dataclass(frozen=True, eq=False)
class Evidence:
    """A drafted claim with the sentences its labels stand for, and their articles.

    Checks compare documents: ``claimed`` with ``cited``, and where a header may speak too with ``given``. Each text is
    parsed once, however many checks look at it. ``doubts`` is what they found that a judge must settle.
    """

    claim: DraftClaim
    passages: tuple[Passage, ...]
    parsed: tuple[ParsedArticle, ...]
    doubts: tuple[Doubt, ...] = ()

    @cached_property
    def claimed(self) -> Document:
        """The claim's words."""
        return Document(self.claim.text)

    @cached_property
    def own_words(self) -> str:
        """The claim's words without those that somebody says in it.

        Where the claim is its sentences, the articles tell which these are: a sentence amid a speech has no marks.
        """
        if self.claim.text == " ".join(legible(passage.sentence.text) for passage in self.passages):
            return " ".join(_without_speech(part) for part in self.cited)
        return outside_quotations(self.claim.text)

    @cached_property
    def cited(self) -> tuple[Document, ...]:
        """The cited sentences, as parts of their articles."""
        return tuple(article.part(passage.sentence) for passage, article in self.pairs)

    @cached_property
    def given(self) -> tuple[Document, ...]:
        """The cited sentences, and the headers of their articles."""
        return (*self.cited, *dict.fromkeys(article.header for article in self.parsed))

    @cached_property
    def background(self) -> tuple[tuple[Sentence, ParsedArticle], ...]:
        """Other sentences of the cited articles that tell who or what a claim names, where the cited ones do not.

        They give its names and roles ("defence minister"), and the words that the whole article is about ("flood").
        """
        missing = self.claimed.stems - STOPWORDS - frozenset().union(*(document.stems for document in self.given))
        if not missing:
            return ()
        naming = missing & self._naming()
        cited = {(passage.article_id, passage.sentence.index) for passage in self.passages}
        found: list[tuple[Sentence, ParsedArticle]] = []
        for article in dict.fromkeys(self.parsed):
            sentences = article.sentences[:BEGINNING]
            spelled = [frozenset(stems(legible(sentence.text))) for sentence in sentences]
            often = Counter(word for one in spelled for word in one & missing)
            wanted = naming | {word for word, count in often.items() if count >= TOPIC}
            for sentence, there in zip(sentences, spelled, strict=True):
                if len(found) < BACKGROUND and wanted & there and (article.id, sentence.index) not in cited:
                    found.append((sentence, article))
                    wanted = wanted - there
        return tuple(found)

    def _naming(self) -> frozenset[str]:
        """The stems of the claim's words that tell who is meant: those of names, and of roles: "defence minister"."""
        spelled = words(self.claimed.legible)
        named = {word for name in self.claimed.names for word in words(name)}
        roles = {i for i, word in enumerate(spelled) if word.removesuffix("s") in OFFICES | ORGANISATIONS}
        return frozenset(stem(word) for word in named | {spelled[i] for n in roles for i in (n - 1, n) if i >= 0})

    def citing(self, passages: Sequence[Passage]) -> Evidence:
        """The same claim with some of its sentences."""
        kept = [(passage, article) for passage, article in self.pairs if passage in passages]
        return self._with(tuple(p for p, _ in kept), tuple(a for _, a in kept))

    def with_passage(self, passage: Passage, article: ParsedArticle) -> Evidence:
        """The same claim with one more sentence."""
        return self._with((*self.passages, passage), (*self.parsed, article))

    def _with(self, passages: tuple[Passage, ...], parsed: tuple[ParsedArticle, ...]) -> Evidence:
        labels = tuple(passage.label for passage in passages)
        other = Evidence(self.claim.model_copy(update={"labels": labels}), passages, parsed)
        vars(other)["claimed"] = self.claimed  # parsed already
        return other

    def by_nobody(self) -> Evidence:
        """The same claim without the speaker that its draft names."""
        return replace(self, claim=self.claim.model_copy(update={"speaker": None}))

    def quoted(self) -> Evidence:
        """The cited sentences in place of the claim, word for word and in the order of their articles."""
        order = list(dict.fromkeys(p.article_id for p in self.passages))
        pairs = sorted(self.pairs, key=lambda pair: (order.index(pair[0].article_id), pair[0].sentence.index))
        cited = tuple(dict.fromkeys(legible(passage.sentence.text) for passage, _ in pairs))
        labels = tuple(passage.label for passage, _ in pairs)
        claim = DraftClaim(text=" ".join(cited), labels=labels)
        return Evidence(claim, tuple(p for p, _ in pairs), tuple(a for _, a in pairs))

    def doubting(self, doubts: Sequence[Doubt]) -> Evidence:
        """The same claim with the doubts about it."""
        other = replace(self, doubts=tuple(doubts))
        vars(other)["claimed"] = self.claimed
        return other

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
    def resolved(self) -> frozenset[str]:
        """The stems of what code knows of the sentences: who speaks and which days are meant."""
        days = (write_when(time.when) for time in self.times if time.relative)
        return frozenset(stems(" ".join((*self.speakers, *days))))

    @cached_property
    def pairs(self) -> tuple[tuple[Passage, ParsedArticle], ...]:
        """Each cited sentence with its article."""
        return tuple(zip(self.passages, self.parsed, strict=True))


def _without_speech(part: Document) -> str:
    """A sentence of an article with a space for what somebody says in it, by its marks and by the article."""
    text = part.text
    for said in reversed(part.utterances):
        if said.attribution == "direct":
            text = f"{text[: max(said.start, 0)]} {text[said.end :]}"
    return outside_quotations(text)
