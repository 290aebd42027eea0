"""Questions that a reader may want to ask next, made from the library's own articles.

Each one is put to the offline reader first, and only shown if the reader finds its answer. That is done one question at
a time, by a thread of its own that waits while readers are waiting for answers.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass, field
from functools import cache
from itertools import zip_longest
from threading import Event, Lock

from ..articles.parse import ParsedArticle
from ..english.characters import displayable, fold
from ..english.names import names
from ..english.suggesting import Shape, questions_about, said_question, who_said_question
from ..errors import QAError
from ..library.library import Library
from ..model import Answer, Done, Filters, Sentence
from ..pipeline import answer_stream
from ..settings import Settings
from .turn import names_model

log = logging.getLogger(__name__)

SHOWN = 3  # questions that are suggested
NEWEST = 30  # articles from which the first questions are made
NAMED = 5  # articles that name the same as a question does
TRIED = 12  # questions that the reader is asked at most
KEPT = 200  # suggestions that the server remembers
PAUSE = 0.2  # seconds between two looks whether readers are waiting
SHAPES: tuple[Shape, ...] = ("why", "how many", "when", "who", "who said", "said", "what")  # the rare ones first
SENTENCES = 12  # of the beginning of an article


@dataclass
class Suggestions:
    """The questions found so far. ``ready`` is True when no more will be found."""

    questions: list[str] = field(default_factory=list)
    future: Future[None] | None = None

    @property
    def ready(self) -> bool:
        """Whether the search has ended."""
        return self.future is not None and self.future.done()


@dataclass(frozen=True)
class Candidate:
    """A question of some shape, with the sentence that must be cited in its answer. Without one, any answer will do."""

    question: str
    shape: Shape
    sentence: Sentence | None = None


NO_FILTERS = Filters()
_made: dict[tuple[object, ...], Suggestions] = {}
_making = Lock()
_left = Event()  # set when the server stops


@cache
def _worker() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(max_workers=1, thread_name_prefix="dateline-suggesting")


def suggestions(
    settings: Settings, after: Sequence[Answer], busy: Callable[[], bool], filters: Filters = NO_FILTERS
) -> Suggestions:
    """Return the suggestions for a library, or for what may follow in a conversation. They are found in the background.

    Args:
        settings: they name the library. Nothing is sent to a model.
        after: the answers of the conversation, oldest first. Without any, the newest articles are used.
        busy: whether a reader is waiting for an answer.
        filters: those with which the suggested questions will be asked.
    """
    local = settings.model_copy(update={"offline": True}) if names_model(settings) else settings
    with closing(Library(settings.library)) as library:
        last = after[-1].provenance.created if after else None
        key = (settings.library, library.state, last, filters)
    with _making:
        found = _made.get(key)
        if found is None:
            while len(_made) >= KEPT:
                _made.pop(next(iter(_made)))
            found = _made[key] = Suggestions()
            found.future = _worker().submit(_find, found, local, tuple(after), busy, filters)
        return found


def leave() -> None:
    """Look for no more suggestions, because the server stops: its process would wait for all that were begun."""
    _left.set()


def _find(
    found: Suggestions, settings: Settings, after: Sequence[Answer], busy: Callable[[], bool], filters: Filters
) -> None:
    asked = {fold(question) for one in after for question in (one.question, one.standalone)}
    tried, shapes, places = 0, set[Shape](), set[tuple[str, int]]()
    try:
        for candidate in candidates(settings, after, filters):
            if len(found.questions) == SHOWN or tried == TRIED or _left.is_set():
                return
            if fold(candidate.question) in asked or candidate.shape in shapes or _place(candidate) in places:
                continue  # no two are alike, or give away what the other one asks
            tried += 1
            asked.add(fold(candidate.question))
            if answers(candidate, _answer(candidate.question, settings, busy, filters)):
                found.questions.append(displayable(candidate.question))
                shapes.add(candidate.shape)
                places.update(filter(None, [_place(candidate)]))
    except QAError as error:
        log.info("No questions were suggested: %s", error)


def _answer(question: str, settings: Settings, busy: Callable[[], bool], filters: Filters) -> Answer:
    """Answer a question while no reader waits for an answer. If one does, stop after a stage, and begin again later."""
    while True:
        while busy():
            time.sleep(PAUSE)
        events = answer_stream(question, settings=settings, filters=filters)
        with closing(events):  # type: ignore[type-var]  # it is a generator
            for event in events:
                if isinstance(event, Done):
                    return event.answer
                if busy():
                    break


def candidates(settings: Settings, after: Sequence[Answer] = (), filters: Filters = NO_FILTERS) -> Iterator[Candidate]:
    """Yield questions that may be worth asking, of each shape and of each article in turn.

    Args:
        settings: they name the library.
        after: the answers of the conversation. Its last one names the articles; without any, they are the newest.
        filters: only articles that pass.
    """
    with closing(Library(settings.library)) as library:
        ids = _about(library, after[-1], filters) if after else []
        ids = ids or [ref.id for ref in library.containing((), filters, limit=NEWEST)[0]]
        articles = [found for one in ids for found in _parsed(library, one)]
    shown = {(c.article_id, c.sentence) for one in after for c in one.citations}
    made = [[one for one in (*_done(article), *_said(article)) if _place(one) not in shown] for article in articles]
    shapes = [_in_turn([[one for one in of if one.shape == shape] for of in made]) for shape in SHAPES]
    yield from _in_turn(shapes)


def _about(library: Library, answer: Answer, filters: Filters) -> list[str]:
    """Return the articles that an answer cites, and the newest ones that name what its question names."""
    named = [name for name in names(answer.standalone) if " " in name]
    others = [ref.id for name in named for ref in library.containing([name], filters, limit=NAMED)[0]]
    return list(dict.fromkeys([*(one.id for one in answer.articles), *others]))


def _in_turn(found: Sequence[Sequence[Candidate]]) -> list[Candidate]:
    """Return the first candidate of each list, then the second of each, and so on."""
    return [one for turn in zip_longest(*found) for one in turn if one]


def _parsed(library: Library, article_id: str) -> list[ParsedArticle]:
    try:
        return list(library.parsed([article_id]).values())
    except QAError:  # it has been deleted since
        return []


def _done(article: ParsedArticle) -> Iterator[Candidate]:
    for sentence in article.sentences[:SENTENCES]:
        for shape, question in questions_about(sentence.text):
            yield Candidate(question, shape, sentence)


def _said(article: ParsedArticle) -> Iterator[Candidate]:
    """Yield questions for who said something, and one for each named speaker: about what a sentence of theirs names."""
    seen: set[str] = set()
    for sentence in article.sentences:
        for utterance in article.speech_in(sentence):
            speaker = utterance.speaker
            if not speaker or utterance.anonymous:
                continue
            words = article.article.text[utterance.start : utterance.end]
            reported = utterance.attribution == "indirect"
            if reported and (question := who_said_question(words, opens=utterance.start == sentence.start)) is not None:
                yield Candidate(question, "who said", sentence)
            if speaker in seen:
                continue
            seen.add(speaker)
            others = [name for name in names(sentence.text) if not set(name.split()) & set(speaker.split())]
            named = next((name for name in others if " " in name), "")
            if (question := said_question(speaker, named, article.article.text)) is not None:
                yield Candidate(question, "said")


def _place(candidate: Candidate) -> tuple[str, int] | None:
    return (candidate.sentence.article_id, candidate.sentence.index) if candidate.sentence else None


def answers(candidate: Candidate, found: Answer) -> bool:
    """Whether a reader may be led to an answer: it is complete, undisputed, and from the sentence that is meant."""
    if (
        found.status != "answered"
        or found.conflicts
        or any(c.standing in {"corrected", "disputed"} for c in found.claims)
    ):
        return False
    cited = {(c.article_id, c.sentence) for c in found.cited(found.claims[0])}
    return candidate.sentence is None or _place(candidate) in cited
