"""What the words of an article mean where they stand: its times as days. Made once an article, asked by sentence.

Verification, prompts and answers look here, so that all of them resolve "Wednesday" alike. Invariant 4: what is
resolved names the sentence it came from.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from ..articles.load.dateline import prose_start
from ..articles.sentences import sentences_of
from ..articles.when import mentions
from ..model import Article, Sentence, When, day_of

HEAD = 6  # sentences an article's own head may take
LINE = 120  # characters of one of its lines


class Timed(NamedTuple):
    """A time named at ``start:end`` of a sentence (code points of the sentence), with the days it stands for.

    ``relative`` says that resolving it took something else: ``origin`` is the index of the sentence where that stands,
    the earlier time it counts from or the day of publication; None where only the article's header gives the day.
    """

    start: int
    end: int
    when: When
    relative: bool
    origin: int | None


@dataclass(frozen=True)
class Annotated:
    """An article's sentences, and the times each of them names."""

    sentences: tuple[Sentence, ...]
    times: tuple[tuple[Timed, ...], ...]

    def times_in(self, sentence: Sentence) -> tuple[Timed, ...]:
        """The times of a sentence of this article; none if it was split differently when it was stored."""
        here = self.sentences[sentence.index] if sentence.index < len(self.sentences) else None
        same = here is not None and (here.start, here.end) == (sentence.start, sentence.end)
        return self.times[sentence.index] if same else ()


@lru_cache(maxsize=512)  # the articles of the last questions: a follow-up asks about the same ones
def annotate(article: Article) -> Annotated:
    """An article's sentences with their meaning. Milliseconds an article."""
    sentences = sentences_of(article)
    return Annotated(sentences, tuple(_times(article, sentences)))


def _times(article: Article, sentences: tuple[Sentence, ...]) -> Iterator[tuple[Timed, ...]]:
    """The times of each sentence. "Two days later" counts from the time named last before it."""
    story, dated = prose_start(article.text) or 0, None
    anchor: tuple[When, int] | None = None
    for sentence in sentences:
        if sentence.start < story or _is_head(sentence):
            # Datelines and lines like it say when the article appeared; nothing happened then.
            if dated is None and _gives_publication(article, sentence):
                dated = sentence.index
            yield ()
            continue
        alone = mentions(sentence.text, article.published)
        found = mentions(sentence.text, article.published, anchor[0]) if anchor else alone
        told = set(alone)
        yield tuple(
            Timed(
                m.start,
                m.end,
                m.when,
                m.relative,
                None if not m.relative else dated if m in told else anchor[1] if anchor else None,
            )
            for m in found
        )
        if found:
            anchor = (found[-1].when, sentence.index)


def _is_head(sentence: Sentence) -> bool:
    """A short line near the top that does not end like a sentence: "Published: 2026-03-03", a byline, a headline."""
    return sentence.index < HEAD and sentence.end - sentence.start <= LINE and sentence.text.rstrip()[-1:].isalnum()


def _gives_publication(article: Article, sentence: Sentence) -> bool:
    day = day_of(article.published)
    return day is not None and any(
        m.when.start == m.when.end == day and any(ch.isdigit() for ch in m.when.words)
        for m in mentions(sentence.text, article.published)
    )
