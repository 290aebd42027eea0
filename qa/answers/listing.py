"""Lists of everything somebody said: each sentence in which they speak, in order of publication, without ranking.

The library stores who speaks in which sentence, so a list is complete as far as speakers were recognised. If a list is
too long to show, the answer says how many sentences were left out.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass
from threading import Lock

from ..articles.parse import ParsedArticle
from ..english.characters import legible
from ..english.questions import content_words
from ..library.library import Library
from ..model import ArticleRef, Citation, Draft, DraftClaim, Filters, Passage, Sentence
from ..questions.period import tells_of
from ..questions.plan import Plan
from ..search.near_copies import near_copies
from ..search.rank import candidates_of
from ..search.relevance import Scorer
from ..search.retrieve import Retrieved, idf_of
from ..verification.citations import Numbering
from ..verification.drafts import Drafted

LISTED = 50  # the most sentences in a list; the latest are shown
KEPT = 32  # lists of places that are remembered: a list is read page by page
ABOUT = 0.5  # a sentence is about a topic if this share of its words, weighted by IDF, occurs in or around it


@dataclass(frozen=True)
class Listing:
    """The sentences of a list as a draft with one claim each, what they were read from, and notes for the user."""

    retrieved: Retrieved
    drafted: Drafted
    told: tuple[str, ...]


def list_said(plan: Plan, library: Library, scorer: Scorer) -> Listing:
    """List the sentences in which the plan's speakers speak, on its topic if it has one.

    Call this inside ``library.reading()``.
    """
    spoken = spoken_by(plan.preferred, library)
    originals = spoken.articles(library)
    passages = [_passage(n, originals[a].sentences[i]) for n, (a, i) in enumerate(spoken.places, 1)]
    retrieved = Retrieved((), originals, dict(spoken.copies), idf_of(content_words(plan.query), library))
    about = plan.speaker_query.about if plan.speaker_query else ""
    if period := plan.period:
        passages = [p for p in passages if tells_of(period, originals[p.article_id], p.sentence)]
    if about:
        scored = scorer.score(about, candidates_of(passages, retrieved), retrieved.idf)
        passages = [p for p, s in zip(passages, scored, strict=True) if s.overlap >= ABOUT]
    shown = tuple(passages[-LISTED:])
    claims = tuple(DraftClaim(text=legible(p.sentence.text), labels=(p.label,)) for p in shown)
    draft = Draft(answerable=bool(claims), claims=claims, reason=None if claims else "detail_not_stated")
    return Listing(retrieved, Drafted(draft, shown), _notes(len(passages), len(shown)))


@dataclass(frozen=True)
class Spoken:
    """Where somebody speaks, as pairs of article id and sentence index: oldest first, without near-copies.

    ``copies`` has the ids of the near-copies of an article that has some.
    """

    places: tuple[tuple[str, int], ...]
    copies: Mapping[str, tuple[str, ...]]

    def articles(self, library: Library, places: slice = slice(None)) -> dict[str, ParsedArticle]:
        """Return the articles of some of the places, by id."""
        return library.parsed(article_id for article_id, _ in self.places[places])

    def page(self, library: Library, offset: int, limit: int) -> tuple[tuple[Citation, ...], tuple[ArticleRef, ...]]:
        """Return ``limit`` of the sentences as citations, and their articles. They are numbered from the very first.

        Only these articles are read. Call this inside the same ``library.reading()`` as ``spoken_by``.
        """
        shown = slice(offset, offset + limit)
        articles = self.articles(library, shown)
        numbering = Numbering(articles)
        for number, (article_id, index) in enumerate(self.places[shown], offset + 1):
            numbering.number(_passage(number, articles[article_id].sentences[index]))
        citations = (one.model_copy(update={"number": one.number + offset}) for one in numbering.citations)
        return tuple(citations), tuple(articles[i].article.ref(self.copies.get(i, ())) for i in articles)


_remembered: OrderedDict[tuple[object, ...], Spoken] = OrderedDict()
_remembering = Lock()


def spoken_by(filters: Filters, library: Library) -> Spoken:
    """Return where one of ``filters.speakers`` speaks. Call this inside ``library.reading()``.

    To find near-copies, all their articles are read, so what was found is remembered until the library changes.
    """
    key = (library.state, filters)
    with _remembering:
        known = _remembered.get(key)
        if known:
            _remembered.move_to_end(key)
            return known
    spoken = library.said_by(filters)
    copies = near_copies(library.parsed(article_id for article_id, _ in spoken).values())
    found = Spoken(
        tuple(place for place in spoken if place[0] in copies),
        {article_id: ids for article_id, ids in copies.items() if ids},
    )
    with _remembering:
        _remembered[key] = found
        if len(_remembered) > KEPT:
            _remembered.popitem(last=False)
    return found


def _passage(number: int, sentence: Sentence) -> Passage:
    return Passage(label=f"S{number}", article_id=sentence.article_id, sentence=sentence, score=0.0)


def _notes(total: int, listed: int) -> tuple[str, ...]:
    if not listed:
        return ()
    if listed < total:
        return (f"These are the latest {listed} of {total} sentences. Set since and until to see the others.",)
    return (f"These are all {total} sentences recognised as theirs, without near-copies.",) if total > 1 else ()
