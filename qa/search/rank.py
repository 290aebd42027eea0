"""The sentences of the hits in order of how well they answer the question: the one costly look, at few candidates."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from ..articles.parse import ParsedArticle
from ..english.characters import normalise
from ..english.spelling import names_person, same_person
from ..model import Passage, Sentence
from ..questions.period import tells_of
from ..questions.plan import Plan
from .relevance import Candidate, Relevance, Scorer, is_echo
from .retrieve import Retrieved

CONTEXT_SENTENCES = 2

# A line that does not end like a sentence is a headline, a byline or a caption: it frames the story and states nothing
# that its body does not.
_HEADING = re.compile(r"[^.!?…:”’\"')\]]\s*$")


@dataclass(frozen=True)
class Scored:
    """A passage with its relevance to the question."""

    passage: Passage
    relevance: Relevance


def rank(plan: Plan, retrieved: Retrieved, scorer: Scorer) -> tuple[Scored, ...]:
    """Every sentence of the hits, best first; headings, and sentences that only echo the question, are left out."""
    passages = stating(plan, retrieved)
    candidates = candidates_of(passages, retrieved)
    scores = scorer.score(plan.query, candidates, retrieved.idf)
    scored = [Scored(p.model_copy(update={"score": s.score}), s) for p, s in zip(passages, scores, strict=True)]
    return tuple(sorted(scored, key=lambda s: -s.relevance.score))


def stating(plan: Plan, retrieved: Retrieved) -> list[Passage]:
    """The sentences of the hits that state something, of the days and by the speakers asked about.

    Headings, questions and echoes of the question state nothing.
    """
    return [
        p
        for p in retrieved.passages()
        if not _HEADING.search(p.sentence.text)
        and not is_echo(plan.query, p.sentence.text)
        and (plan.period is None or tells_of(plan.period, retrieved.articles[p.article_id], p.sentence))
        and may_be_by(plan, retrieved.articles[p.article_id], p.sentence)
    ]


def candidates_of(passages: Sequence[Passage], retrieved: Retrieved) -> list[Candidate]:
    """Passages with what surrounds them and what retrieval thought of their chunk."""
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
    """The title and the sentences just before: where a pronoun's name and the story's subject stand."""
    parsed, index = retrieved.articles[passage.article_id], passage.sentence.index
    before = parsed.sentences[max(0, index - CONTEXT_SENTENCES) : index]
    return normalise(" ".join(filter(None, (parsed.article.title, *(s.text for s in before)))))


def may_be_by(plan: Plan, article: ParsedArticle, sentence: Sentence) -> bool:
    """Whether a sentence may be somebody's words whom the plan asks for; any may where it asks for nobody.

    A filter lets through what its speakers say and nothing else. A question's own words ("What has X said …?") let
    through what names X as well: there the words may be reported in a form that was not recognised.
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
