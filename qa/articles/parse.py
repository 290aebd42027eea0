"""Parses an article: its text becomes a document with layers such as sentences, times and utterances."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

from ..english.document import LAYERS, Document, Layer
from ..english.header import prose_start
from ..english.speech import Utterance
from ..english.temporal.expressions import OpenTime
from ..english.temporal.times import Time
from ..errors import unexpected
from ..model import Article, Sentence

log = logging.getLogger(__name__)


@dataclass(frozen=True, eq=False)
class ParsedArticle:
    """An article with its document.

    ``faults`` gives the reason for each layer that could not be read and is empty. ``whole`` is False if only its
    sentences have been read so far: the other layers are read when they are first used.
    """

    article: Article
    document: Document
    faults: Mapping[str, str] = field(default_factory=dict)
    whole: bool = True

    def completed(self) -> ParsedArticle:
        """Return the same article with all its layers read, as ``parse`` returns it."""
        if self.whole:
            return self
        assert isinstance(self.document, _Forgiving)
        for layer in LAYERS:
            self.document.read(layer)
        return replace(self, faults={**self.faults, **self.document.faults}, whole=True)

    @property
    def id(self) -> str:
        """The article's id."""
        return self.article.id

    @cached_property
    def header(self) -> Document:
        """Title and outlet as a document."""
        return Document("\n".join(part for part in (self.article.title, self.article.source) if part))

    @property
    def sentences(self) -> tuple[Sentence, ...]:
        """The article's sentences. All citations use their numbering."""
        return self.document.sentences

    def part(self, sentence: Sentence) -> Document:
        """Return one of the article's sentences as a document."""
        return self.document.within(sentence.start, sentence.end)

    def times_in(self, sentence: Sentence) -> tuple[Time, ...]:
        """Return the times that a sentence names. Their offsets are relative to the sentence."""
        return self.part(sentence).times

    def open_times_in(self, sentence: Sentence) -> tuple[OpenTime, ...]:
        """Return the words of a sentence that mean one of several days. Their offsets are relative to the sentence."""
        return self.part(sentence).open_times

    def speech_in(self, sentence: Sentence) -> tuple[Utterance, ...]:
        """Return the utterances in a sentence. Their offsets are relative to the article.

        An utterance inside another one comes after it.
        """
        return tuple(u.moved(sentence.start) for u in self.part(sentence).utterances)


def parse(article: Article) -> ParsedArticle:
    """Parse all layers of an article.

    This raises no error for any text. If a layer fails, the error is recorded in ``faults`` under the layer's name,
    because one article must never stop the others.
    """
    return _read(article, document_of(article))


def parse_sentences(article: Article) -> ParsedArticle:
    """Parse the sentences alone, which is enough to find the article. They are those of ``parse``."""
    start = document_of(article).body_start
    return _begun(article, _Forgiving(article.text, article.published, body_start=start, id=article.id))


def parse_with(article: Article, sentences: Sequence[Sentence]) -> ParsedArticle:
    """Like ``parse``, but with given sentences: those stored with the article, or those of a data set."""
    start = document_of(article).body_start
    known = Document.stored(
        article.text, article.published, body_start=start, id=article.id, sentences=sentences, layers=None
    )
    return _read(article, known)


def parse_when_needed(article: Article, sentences: Sequence[Sentence]) -> ParsedArticle:
    """Like ``parse_with``, but each layer is parsed when it is first used, and ``faults`` is filled by then."""
    start = document_of(article).body_start
    known = _Forgiving.stored(
        article.text, article.published, body_start=start, id=article.id, sentences=sentences, layers=None
    )
    return _begun(article, known)


class _Forgiving(Document):
    """A document whose layers are read when they are first used. One that cannot be read is empty."""

    faults: dict[str, str]

    def _layer(self, name: Layer) -> tuple[Any, ...]:
        try:
            return super()._layer(name)
        except Exception as error:  # noqa: BLE001  # a bug that one text triggers only costs that layer of that text
            self.faults[name] = _fault(self, name, error)
            return ()


def _begun(article: Article, document: _Forgiving) -> ParsedArticle:
    document.faults = {}
    document.read("sentences")
    return ParsedArticle(article, document, document.faults, whole=False)


def _read(article: Article, document: Document) -> ParsedArticle:
    faults: dict[str, str] = {}
    for layer in LAYERS:
        try:
            document.read(layer)
        except Exception as error:  # noqa: BLE001  # a bug that one text triggers only costs that layer of that text
            faults[layer] = _fault(document, layer, error)
    return ParsedArticle(article, document, faults)


def _fault(document: Document, layer: Layer, error: Exception) -> str:
    """Leave out a layer that could not be read, and return the reason."""
    log.exception("the layer %s of %s could not be read", layer, document.id, exc_info=error)
    document.leave_out(layer)
    return unexpected(error)


def document_of(article: Article) -> Document:
    """Return the article's text as a document. Its layers are read when they are first used."""
    start = prose_start(article.text) if article.body_start is None else article.body_start
    return Document(article.text, article.published, body_start=start or 0, id=article.id)


def sentences_of(article: Article) -> tuple[Sentence, ...]:
    """Return the sentences of an article, without its dateline."""
    return document_of(article).sentences
