"""Reads the chunks found with the reading model, and mends the scores of their sentences."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from math import exp

from ..english.characters import normalise
from ..english.spelling import respelled
from ..reading.model import UNREAD, ReadingModel, Text
from .relevance import Relevance
from .retrieve import Retrieved

LOWEST = -10.0  # lower log-odds all mean the same

Place = tuple[str, int]
"""The id of an article and the index of a sentence."""


@dataclass(frozen=True)
class Read:
    """How a sentence was read: its log-odds to answer, and the offsets of the answering words in it.

    ``likely`` are the offsets of words that answer with a lower probability.
    """

    log_odds: float
    answer: tuple[int, int] | None = None
    likely: tuple[int, int] | None = None


def read_hits(question: str, retrieved: Retrieved, model: ReadingModel) -> dict[Place, Read]:
    """Read each chunk of ``retrieved``. Of a sentence in two chunks, the higher log-odds count.

    The model knows nothing of spellings, so it gets the question with the names as the chunk spells them.
    """
    texts = []
    for hit in retrieved.hits:
        article = retrieved.articles[hit.article_id]
        sentences = tuple(normalise(s.text) for s in article.sentences[hit.first : hit.last + 1])
        texts.append(Text(sentences, normalise(article.article.title or "")))
    found: dict[Place, Read] = {}
    asked = [respelled(question, " ".join((text.title, *text.sentences))) for text in texts]
    read = {q: iter(model.read(q, [text for text, its in zip(texts, asked, strict=True) if its == q])) for q in asked}
    for hit, its in zip(retrieved.hits, asked, strict=True):
        reading = next(read[its])
        for step, one in enumerate(zip(reading.log_odds, reading.answers, reading.likely, strict=True)):
            place = (hit.article_id, hit.first + step)
            if place not in found or found[place].log_odds < one[0]:
                found[place] = Read(*one)
    return found


def mended(
    scores: Sequence[Relevance], places: Sequence[Place], read: Mapping[Place, Read], model: ReadingModel
) -> list[Relevance]:
    """Return the scores with what was read: a weighted sum of both log-odds orders the sentences."""
    order, answers = model.card["order"], model.card["answers"]
    made = []
    for score, place in zip(scores, places, strict=True):
        found = read.get(place, Read(UNREAD))
        logit = answers["bias"] + sum(w * v for w, v in zip(answers["weights"], features(score, found), strict=True))
        made.append(
            replace(
                score,
                score=order["read"] * max(found.log_odds, LOWEST) + order["local"] * score.score,
                answers=1 / (1 + exp(-logit)),
                answer=found.answer,
                likely=found.likely,
            )
        )
    return made


def features(score: Relevance, read: Read) -> tuple[float, ...]:
    """Return what the probability that a sentence answers is made of: log-odds as read, names, kind of answer."""
    return (max(read.log_odds, LOWEST), score.named, float(score.kind))
