"""An article parsed: its text as a document, and what of it could not be read."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from ..english.document import LAYERS, Document
from ..english.header import prose_start
from ..english.speech import Utterance
from ..english.temporal.times import Time
from ..errors import unexpected
from ..model import Article, Sentence

log = logging.getLogger(__name__)


@dataclass(frozen=True, eq=False)
class ParsedArticle:
    """An article with its document. ``faults`` says by layer why it could not be read; such a layer is empty."""

    article: Article
    document: Document
    faults: Mapping[str, str] = field(default_factory=dict)

    @property
    def id(self) -> str:
        """The article's id."""
        return self.article.id

    @property
    def sentences(self) -> tuple[Sentence, ...]:
        """The article's sentences: the one numbering that everything cites by."""
        return self.document.sentences

    def part(self, sentence: Sentence) -> Document:
        """One of its sentences as a document."""
        return self.document.within(sentence.start, sentence.end)

    def times_in(self, sentence: Sentence) -> tuple[Time, ...]:
        """The times a sentence names, as offsets of the sentence."""
        return self.part(sentence).times

    def speech_in(self, sentence: Sentence) -> tuple[Utterance, ...]:
        """What is said in a sentence, as offsets of the article; nested speech after what it stands in."""
        return tuple(u.moved(sentence.start) for u in self.part(sentence).utterances)


def parse(article: Article) -> ParsedArticle:
    """Parse an article, every layer of it.

    No text makes this raise: whatever fails on one article's text is kept in ``faults`` under the layer it failed in,
    because one article must never stop the others (invariant 11).
    """
    return _parse(article, document_of(article))


def _parse(article: Article, document: Document) -> ParsedArticle:
    faults: dict[str, str] = {}
    for layer in LAYERS:
        try:
            document.read(layer)
        except Exception as error:  # a bug on one text costs that layer of that text
            log.exception("the layer %s of %s could not be read", layer, article.origin or article.id)
            document.leave_out(layer)
            faults[layer] = unexpected(error)
    return ParsedArticle(article, document, faults)


def parse_with(article: Article, sentences: Sequence[Sentence]) -> ParsedArticle:
    """As ``parse``, with sentences that are known already: those an article was stored with, or those of a data set."""
    start = document_of(article).body_start
    known = Document.stored(
        article.text, article.published, body_start=start, id=article.id, sentences=sentences, layers=None
    )
    return _parse(article, known)


def document_of(article: Article) -> Document:
    """The article's text as a document, nothing of it read yet."""
    start = prose_start(article.text) if article.body_start is None else article.body_start
    return Document(article.text, article.published, body_start=start or 0, id=article.id)


def sentences_of(article: Article) -> tuple[Sentence, ...]:
    """The sentences of an article, its dateline cut off."""
    return document_of(article).sentences
