"""Reads the chunks found with the reading model, and mends the scores of their sentences."""

from __future__ import annotations

from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass, replace
from math import exp

from ..english.characters import normalise
from ..english.spelling import respelled
from ..reading.model import UNREAD, ReadingModel, Text
from .relevance import Relevance
from .retrieve import Retrieved

OUTREAD = 2.0  # log-odds by which a heading may answer better than the sentence below it
IN_PART = 0.9  # less than all words of a question
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
    scores: Sequence[Relevance],
    places: Sequence[Place],
    read: Mapping[Place, Read],
    model: ReadingModel,
    headings: Set[Place] = frozenset(),
) -> list[Relevance]:
    """Return the scores with what was read: a weighted sum of both log-odds orders the sentences.

    ``headings`` are those of what was read. They state nothing, and have no score.
    """
    order, answers = model.card["order"], model.card["answers"]
    made = []
    for score, place in zip(scores, places, strict=True):
        found = read.get(place, Read(UNREAD))
        logit = answers["bias"] + sum(w * v for w, v in zip(answers["weights"], features(score, found), strict=True))
        outread = _outread(place, found, read, headings)
        logit -= outread
        made.append(
            replace(
                score,
                score=order["read"] * max(found.log_odds, LOWEST) + order["local"] * score.score,
                answers=1 / (1 + exp(-logit)),
                overlap=min(score.overlap, IN_PART) if outread else score.overlap,  # the words are the heading's
                answer=found.answer,
                likely=found.likely,
            )
        )
    return made


def _outread(place: Place, found: Read, read: Mapping[Place, Read], headings: Set[Place]) -> float:
    """Return by how much a heading right above a sentence answers better than it, beyond what is usual.

    What is below "Dentist jailed for theft" and does not say so itself is another story of the page. The first heading
    is that of the whole article, which its sentences explain.
    """
    article_id, index = place
    above = (article_id, index - 1)
    if index < 2 or above not in headings or above not in read:
        return 0.0
    return max(0.0, read[above].log_odds - max(found.log_odds, LOWEST) - OUTREAD)


def features(score: Relevance, read: Read) -> tuple[float, ...]:
    """Return what the probability that a sentence answers is made of: log-odds as read, names, kind of answer."""
    return (max(read.log_odds, LOWEST), score.named, float(score.kind))
