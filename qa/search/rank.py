"""Ranks the sentences of the hits by how well they answer the question. Costly scoring is only done for these few."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ..articles.parse import ParsedArticle
from ..english.characters import normalise
from ..english.sentences import is_heading
from ..english.spelling import names_person, same_person
from ..model import Passage, Sentence
from ..questions.period import tells_of
from ..questions.plan import Plan
from .relevance import Candidate, Relevance, Scorer, is_echo
from .retrieve import Retrieved

CONTEXT_SENTENCES = 2  # sentences before a candidate that belong to its context


@dataclass(frozen=True)
class Scored:
    """A passage with its relevance to the question."""

    passage: Passage
    relevance: Relevance


def rank(plan: Plan, retrieved: Retrieved, scorer: Scorer) -> tuple[Scored, ...]:
    """Return the sentences of the hits that ``stating`` selects, best first."""
    passages = stating(plan, retrieved)
    candidates = candidates_of(passages, retrieved)
    scores = scorer.score(plan.query, candidates, retrieved.idf)
    scored = [Scored(p.model_copy(update={"score": s.score}), s) for p, s in zip(passages, scores, strict=True)]
    return tuple(sorted(scored, key=lambda s: -s.relevance.score))


def stating(plan: Plan, retrieved: Retrieved) -> list[Passage]:
    """Return the sentences of the hits that state something and fit the plan's period and speakers.

    Headings, questions, and sentences that only repeat the question are left out, because they state nothing.
    """
    return [
        p
        for p in retrieved.passages()
        if not is_heading(p.sentence.text)
        and not is_echo(plan.query, p.sentence.text)
        and (plan.period is None or tells_of(plan.period, retrieved.articles[p.article_id], p.sentence))
        and may_be_by(plan, retrieved.articles[p.article_id], p.sentence)
    ]


def candidates_of(passages: Sequence[Passage], retrieved: Retrieved) -> list[Candidate]:
    """Return the passages with their context and the scores of their chunks, for the scorer."""
    best = max((hit.score for hit in retrieved.hits), default=1.0)
    similarity: dict[tuple[str, int], float] = {}
    for hit in retrieved.hits:
        for index in range(hit.first, hit.last + 1):
            similarity.setdefault((hit.article_id, index), hit.similarity or 0.0)
    return [
        Candidate(
            text=normalise(p.sentence.text),
            context=_context(p, retrieved),
            rank=p.score / best,
            similarity=similarity.get((p.article_id, p.sentence.index), 0.0),
        )
        for p in passages
    ]


def _context(passage: Passage, retrieved: Retrieved) -> str:
    """Return the title and the sentences before a passage. They name the story's subject and whom a pronoun means."""
    parsed, index = retrieved.articles[passage.article_id], passage.sentence.index
    before = parsed.sentences[max(0, index - CONTEXT_SENTENCES) : index]
    return normalise(" ".join(filter(None, (parsed.article.title, *(s.text for s in before)))))


def may_be_by(plan: Plan, article: ParsedArticle, sentence: Sentence) -> bool:
    """Whether a sentence may contain words of the speakers that the plan asks for. True if it asks for no speaker.

    A speaker filter only passes sentences in which those speakers say something. If the question itself asks for
    somebody's words ("What has X said …?"), sentences that name X pass too, because they may report X's words in a form
    that was not recognised.
    """
    speakers = plan.filters.speakers
    if not speakers:
        return True
    said = article.speech_in(sentence)
    if any(u.speaker and same_person(who, u.speaker) for u in said for who in speakers):
        return True
    return (
        plan.speaker_query is not None
        and plan.speaker_query.who in speakers
        and names_person(plan.speaker_query.who, sentence.text)
    )
