"""Everything somebody said: every sentence in which they speak, in order of publication. No ranking, no silent top-k.

The library knows who speaks where, so the list is complete as far as attribution was recognised; what is left out for
its length is counted and said.
"""

from __future__ import annotations

from dataclasses import dataclass

from ..english.characters import legible
from ..english.questions import content_words
from ..library.library import Library
from ..model import Draft, DraftClaim, Passage, Sentence
from ..questions.period import tells_of
from ..questions.plan import Plan
from ..search.near_copies import near_copies
from ..search.rank import candidates_of
from ..search.relevance import Scorer
from ..search.retrieve import Retrieved, idf_of
from ..verification.drafts import Drafted

LISTED = 50  # sentences at most: the latest
ABOUT = 0.5  # share of the topic's words, by IDF, in or around a sentence that is about it


@dataclass(frozen=True)
class Listing:
    """The sentences of a list as a draft of one claim each, what they were read from, and what to tell of the list."""

    retrieved: Retrieved
    drafted: Drafted
    told: tuple[str, ...]


def list_said(plan: Plan, library: Library, scorer: Scorer) -> Listing:
    """Every sentence in which the plan's speakers speak, on its topic if it has one. Inside ``library.reading()``."""
    spoken = library.said_by(plan.filters)
    articles = library.parsed(article_id for article_id, _ in spoken)
    copies = near_copies(articles.values())
    kept = {article_id: articles[article_id] for article_id in copies}
    places = [(a, i) for a, i in spoken if a in kept]
    retrieved = Retrieved(
        hits=(),
        articles=kept,
        copies={article_id: ids for article_id, ids in copies.items() if ids},
        idf=idf_of(content_words(plan.query), library),
    )
    about = plan.speaker_query.about if plan.speaker_query else ""
    passages = [_passage(n, kept[a].sentences[i]) for n, (a, i) in enumerate(places, 1)]
    if period := plan.period:
        passages = [p for p in passages if tells_of(period, kept[p.article_id], p.sentence)]
    if about:
        scored = scorer.score(about, candidates_of(passages, retrieved), retrieved.idf)
        passages = [p for p, s in zip(passages, scored, strict=True) if s.overlap >= ABOUT]
    shown = tuple(passages[-LISTED:])
    claims = tuple(DraftClaim(text=legible(p.sentence.text), labels=(p.label,)) for p in shown)
    draft = Draft(answerable=bool(claims), claims=claims, reason=None if claims else "detail_not_stated")
    return Listing(retrieved, Drafted(draft, shown), _told(len(passages), len(shown)))


def _passage(number: int, sentence: Sentence) -> Passage:
    return Passage(label=f"S{number}", article_id=sentence.article_id, sentence=sentence, score=0.0)


def _told(found: int, listed: int) -> tuple[str, ...]:
    if not listed:
        return ()
    if listed < found:
        return (f"These are the latest {listed} of {found} sentences; set since and until to see the others.",)
    return (f"These are all {found} sentences recognised as theirs, near-copies once.",) if found > 1 else ()
