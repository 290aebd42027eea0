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
from threading import Lock

from ..articles.parse import ParsedArticle
from ..english.characters import displayable, fold
from ..english.names import names
from ..english.suggesting import said_question, who_question
from ..errors import QAError
from ..library.library import Library
from ..model import Answer, Done, Filters, Sentence
from ..pipeline import answer_stream
from ..settings import Settings
from .turn import names_model

log = logging.getLogger(__name__)

SHOWN = 3  # questions that are suggested
NEWEST = 30  # articles from which the first questions are made
TRIED = 9  # questions that the reader is asked at most
KEPT = 200  # suggestions that the server remembers
PAUSE = 0.2  # seconds between two looks whether readers are waiting
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
    """A question, with the sentence that must be cited in its answer. Without one, any answer will do."""

    question: str
    sentence: Sentence | None = None


_made: dict[tuple[object, ...], Suggestions] = {}
_making = Lock()


@cache
def _worker() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(max_workers=1, thread_name_prefix="dateline-suggesting")


def suggestions(settings: Settings, after: Sequence[Answer], busy: Callable[[], bool]) -> Suggestions:
    """Return the suggestions for a library, or for what may follow in a conversation. They are found in the background.

    Args:
        settings: they name the library. Nothing is sent to a model.
        after: the answers of the conversation, oldest first. Without any, the newest articles are used.
        busy: whether a reader is waiting for an answer.
    """
    local = settings.model_copy(update={"offline": True}) if names_model(settings) else settings
    with closing(Library(settings.library)) as library:
        last = after[-1].provenance.created if after else None
        key = (settings.library, library.state, last)
    with _making:
        found = _made.get(key)
        if found is None:
            while len(_made) >= KEPT:
                _made.pop(next(iter(_made)))
            found = _made[key] = Suggestions()
            found.future = _worker().submit(_find, found, local, tuple(after), busy)
        return found


def _find(found: Suggestions, settings: Settings, after: Sequence[Answer], busy: Callable[[], bool]) -> None:
    asked = {fold(question) for one in after for question in (one.question, one.standalone)}
    tried = 0
    try:
        for candidate in candidates(settings, after):
            if len(found.questions) == SHOWN or tried == TRIED:
                return
            if fold(candidate.question) in asked:
                continue
            tried += 1
            asked.add(fold(candidate.question))
            if answers(candidate, _answer(candidate.question, settings, busy)):
                found.questions.append(displayable(candidate.question))
    except QAError as error:
        log.info("No questions were suggested: %s", error)


def _answer(question: str, settings: Settings, busy: Callable[[], bool]) -> Answer:
    """Answer a question while no reader waits for an answer. If one does, stop after a stage, and begin again later."""
    while True:
        while busy():
            time.sleep(PAUSE)
        with closing(answer_stream(question, settings=settings)) as events:  # type: ignore[type-var]  # a generator
            for event in events:
                if isinstance(event, Done):
                    return event.answer
                if busy():
                    break


def candidates(settings: Settings, after: Sequence[Answer] = ()) -> Iterator[Candidate]:
    """Yield questions that may be worth asking: who did something, and what somebody said, of each article in turn.

    Args:
        settings: they name the library.
        after: the answers of the conversation. Its last one names the articles; without any, they are the newest.
    """
    with closing(Library(settings.library)) as library:
        cited = [one.id for one in after[-1].articles] if after else []
        ids = cited or [ref.id for ref in library.containing((), Filters(), limit=NEWEST)[0]]
        articles = [found for one in ids for found in _parsed(library, one)]
    shown = {(c.article_id, c.sentence) for one in after for c in one.citations}
    done = _in_turn([[one for one in _who(article) if _place(one) not in shown] for article in articles])
    said = _in_turn([list(_said(article)) for article in articles])
    for pair in zip_longest(done, said):
        yield from filter(None, pair)


def _in_turn(found: Sequence[Sequence[Candidate]]) -> list[Candidate]:
    """Return the first candidate of each article, then the second of each, and so on."""
    return [one for turn in zip_longest(*found) for one in turn if one]


def _parsed(library: Library, article_id: str) -> list[ParsedArticle]:
    try:
        return list(library.parsed([article_id]).values())
    except QAError:  # it has been deleted since
        return []


def _who(article: ParsedArticle) -> Iterator[Candidate]:
    for sentence in article.sentences[:SENTENCES]:
        if (question := who_question(sentence.text)) is not None:
            yield Candidate(question, sentence)


def _said(article: ParsedArticle) -> Iterator[Candidate]:
    """Yield a question for each named speaker: about what a sentence of theirs names, where it names something."""
    seen: set[str] = set()
    for sentence in article.sentences:
        for utterance in article.speech_in(sentence):
            speaker = utterance.speaker
            if not speaker or utterance.anonymous or speaker in seen:
                continue
            seen.add(speaker)
            others = [name for name in names(sentence.text) if not set(name.split()) & set(speaker.split())]
            named = next((name for name in others if " " in name), "")
            if (question := said_question(speaker, named, article.article.text)) is not None:
                yield Candidate(question)


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
