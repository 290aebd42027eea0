"""Ranks the sentences of the hits by how well they answer the question. Costly scoring is only done for these few."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from math import exp

from ..articles.parse import ParsedArticle
from ..english.characters import normalise
from ..english.questions import content_words
from ..english.quotations import quotations
from ..english.sentences import is_heading, row_cells
from ..english.speech import Utterance, reports
from ..english.spelling import names_person, same_person
from ..english.tokens import stem, stems
from ..model import Passage, Period, Sentence
from ..questions.period import is_near, tells_of
from ..questions.plan import Plan
from ..reading.model import ReadingModel
from .reading import Place, mended, read_hits
from .relevance import Candidate, Relevance, Scorer, is_echo
from .retrieve import Retrieved

# What the reading model does not know is added to its log-odds: that a sentence is about the days of the question, and
# that it has words of the person whose words are asked for.
TELLS = 1.5
SAYS = 1.5
NAMES = 1.5  # and that it is the row of a table that the question names
CONTEXT_SENTENCES = 2  # sentences before a candidate that belong to its context


@dataclass(frozen=True)
class Scored:
    """A passage with its relevance to the question."""

    passage: Passage
    relevance: Relevance


def rank(plan: Plan, retrieved: Retrieved, scorer: Scorer, model: ReadingModel | None = None) -> tuple[Scored, ...]:
    """Return the sentences of the hits that ``stating`` selects, best first. ``model`` reads the hits, too."""
    passages = stating(plan, retrieved)
    named, others = _rows_named(plan.query, passages)
    passages = [p for p in passages if _place(p) not in others]
    candidates = candidates_of(passages, retrieved)
    scores = scorer.score(plan.query, candidates, retrieved.idf)
    if model and passages:
        headings = {_place(p) for p in retrieved.passages() if is_heading(p.sentence.text)}
        read = read_hits(plan.query, retrieved, model)
        scores = mended(scores, [_place(p) for p in passages], read, model, headings)
        scores = [
            _fitting(plan, retrieved, p, s, named=_place(p) in named) for p, s in zip(passages, scores, strict=True)
        ]
    scored = [Scored(p.model_copy(update={"score": s.score}), s) for p, s in zip(passages, scores, strict=True)]
    return tuple(sorted(scored, key=lambda s: -s.relevance.score))


def _rows_named(question: str, passages: Sequence[Passage]) -> tuple[set[Place], set[Place]]:
    """Return the rows of tables that the question names by a cell, and the other rows of these tables.

    Asked for the ships of Solent, the row "Port: Askey; Ships: 412" is of another port, however well it reads.
    """
    asked = {stem(word) for word in content_words(question)}
    tables: dict[tuple[str, tuple[str, ...]], dict[Place, set[str]]] = {}
    for passage in passages:
        if cells := row_cells(passage.sentence.text):
            heads = tuple(cells)
            values = set(stems(" ".join(cells.values()))) - set(stems(" ".join(heads)))
            tables.setdefault((passage.article_id, heads), {})[_place(passage)] = values & asked
    named: set[Place] = set()
    others: set[Place] = set()
    for rows in tables.values():
        common = set.intersection(*rows.values())
        here = {place for place, values in rows.items() if values - common}
        if here:
            named |= here
            others |= rows.keys() - here
    return named, others


def stating(plan: Plan, retrieved: Retrieved) -> list[Passage]:
    """Return the sentences of the hits that state something and fit the plan's period and speakers.

    Headings, questions, and sentences that only repeat the question are left out, because they state nothing.
    """
    return [
        p
        for p in retrieved.passages()
        if not is_heading(p.sentence.text)
        and not is_echo(plan.query, p.sentence.text)
        and (plan.period is None or _fits(plan.period, retrieved.articles[p.article_id], p.sentence))
        and _may_answer(plan, retrieved.articles[p.article_id], p.sentence)
    ]


def _fitting(plan: Plan, retrieved: Retrieved, passage: Passage, found: Relevance, *, named: bool) -> Relevance:
    """Return a relevance with what the question's days and speaker add to it, and that it is the row it names."""
    article, sentence = retrieved.articles[passage.article_id], passage.sentence
    tells = plan.period is not None and tells_of(plan.period, article, sentence)
    asked = plan.speaker_query
    says = asked is not None and asked.who in plan.preferred.speakers and may_be_by((asked.who,), article, sentence)
    odds = found.answers / (1 - found.answers) * exp(SAYS * says + NAMES * named)
    return replace(found, score=found.score + TELLS * tells + SAYS * says + NAMES * named, answers=odds / (1 + odds))


def _fits(period: Period, article: ParsedArticle, sentence: Sentence) -> bool:
    """Whether a sentence may be about the period, or its article is near it."""
    return tells_of(period, article, sentence) or is_near(period, article)


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


def _may_answer(plan: Plan, article: ParsedArticle, sentence: Sentence) -> bool:
    """Whether a sentence may contain words of the speakers that the filters or the question ask for.

    If the question itself asks for somebody's words ("What has X said …?"), sentences that name X pass too, because
    they may report X's words in a form that was not recognised. They do not if all of their words are somebody else's.
    """
    if may_be_by(plan.preferred.speakers, article, sentence):
        return True
    asked = plan.speaker_query
    if asked is None or asked.who not in plan.preferred.speakers:
        return False
    if any(article.speech_in(sentence)):
        return False  # recognised, and nobody of them may be X
    return names_person(asked.who, sentence.text) and (reports(sentence.text) or bool(quotations(sentence.text)))


def near_speech_of(
    speakers: Sequence[str], passages: Sequence[Passage], articles: Mapping[str, ParsedArticle]
) -> tuple[Passage, ...]:
    """Return the passages that may contain words of ``speakers``, and the sentences beside them, for context."""
    theirs = {
        (p.article_id, p.sentence.index) for p in passages if may_be_by(speakers, articles[p.article_id], p.sentence)
    }
    near = {(article_id, index + step) for article_id, index in theirs for step in (-1, 0, 1)}
    return tuple(p for p in passages if (p.article_id, p.sentence.index) in near)


def may_be_by(speakers: Sequence[str], article: ParsedArticle, sentence: Sentence) -> bool:
    """Whether a sentence may contain words of one of ``speakers``. True if there are none.

    It does if one of them says something in it, or if somebody does who may be one of them, as the article tells it.
    """
    said = article.speech_in(sentence)
    return not speakers or any(_may_be(who, u) for u in said for who in speakers)


def _may_be(who: str, said: Utterance) -> bool:
    names = (said.speaker,) if said.speaker else said.candidates
    return not names or any(same_person(who, name) for name in names)


def by_best_sentence(retrieved: Retrieved, ranked: Sequence[Scored]) -> tuple[Retrieved, tuple[Scored, ...]]:
    """Put the chunks with the best sentences first, and label the sentences anew, in that order."""
    led = retrieved.led_by({_place(s.passage): s.relevance.score for s in ranked})
    labels = {_place(p): p.label for p in led.passages()}
    relabelled = (
        Scored(s.passage.model_copy(update={"label": labels[_place(s.passage)]}), s.relevance) for s in ranked
    )
    return led, tuple(relabelled)


def answering_words(ranked: Sequence[Scored]) -> dict[tuple[str, int], tuple[int, int]]:
    """Return the offsets of the answering words in the sentences where the reading model has found some."""
    return {(s.passage.article_id, s.passage.sentence.index): s.relevance.answer for s in ranked if s.relevance.answer}


def _place(passage: Passage) -> tuple[str, int]:
    return passage.article_id, passage.sentence.index
