"""What the words of an article mean where they stand: its times as days, and who says what. Made once an article.

Verification, prompts and answers look here, so that all of them resolve "Wednesday" and "he" alike. Invariant 4: what
is resolved names the sentence it came from.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from ..english.characters import normalise
from ..english.header import prose_start
from ..english.sentences import split
from ..english.speech import Utterance, utterances
from ..english.temporal import time_expressions
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
    """An article's sentences; the times each of them names, and what is said in it."""

    sentences: tuple[Sentence, ...]
    times: tuple[tuple[Timed, ...], ...]
    speech: tuple[tuple[Utterance, ...], ...]

    def times_in(self, sentence: Sentence) -> tuple[Timed, ...]:
        """The times of a sentence of this article."""
        return self.times[sentence.index] if self._has(sentence) else ()

    def speech_in(self, sentence: Sentence) -> tuple[Utterance, ...]:
        """What is said in a sentence of this article, in order; nested speech after what it stands in."""
        return self.speech[sentence.index] if self._has(sentence) else ()

    def _has(self, sentence: Sentence) -> bool:
        # Split differently when it was stored, a sentence means nothing rather than something wrong.
        here = self.sentences[sentence.index] if sentence.index < len(self.sentences) else None
        return here is not None and (here.start, here.end) == (sentence.start, sentence.end)


@lru_cache(maxsize=512)  # the articles of the last questions: a follow-up asks about the same ones
def annotate(article: Article) -> Annotated:
    """An article's sentences with their meaning. Milliseconds an article."""
    sentences = sentences_of(article)
    speech: list[list[Utterance]] = [[] for _ in sentences]
    for utterance in utterances(article.text, sentences):
        speech[utterance.sentence].append(utterance)
    return Annotated(sentences, tuple(_times(article, sentences)), tuple(map(tuple, speech)))


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
        alone = time_expressions(sentence.text, article.published)
        found = time_expressions(sentence.text, article.published, anchor[0]) if anchor else alone
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
    line = normalise(sentence.text)
    return sentence.index < HEAD and len(line) <= LINE and line.rstrip()[-1:].isalnum()


def _gives_publication(article: Article, sentence: Sentence) -> bool:
    day = day_of(article.published)
    return day is not None and any(
        m.when.start == m.when.end == day and any(ch.isdigit() for ch in m.when.words)
        for m in time_expressions(sentence.text, article.published)
    )


def sentences_of(article: Article) -> tuple[Sentence, ...]:
    """The sentences of an article, its dateline cut off: the one numbering that everything cites by."""
    return split(article.text, article.id, prose_start=prose_start(article.text))


def spoken(text: str) -> str:
    """JSON of [sentence index, speaker] for every sentence of an article somebody named speaks in, each pair once.

    A function for SQL, so that migration, repair and ingest fill the table ``said`` by one statement each.
    """
    from ..articles.annotate import sentences_of
    from ..english.speech import utterances
    from ..model import Article

    found = utterances(text, sentences_of(Article(id="", version="", text=text)))
    pairs = {(u.sentence, u.speaker) for u in found if u.speaker and not u.anonymous}
    return json.dumps(sorted(pairs), ensure_ascii=False)
