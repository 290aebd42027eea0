"""Connects all stages of a question: plan, retrieve, rank, draft (by a model or the reader), verify, answer."""

from __future__ import annotations

import atexit
import os
from collections.abc import Callable, Generator, Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from pathlib import Path
from threading import Lock
from time import perf_counter

from .answers.abstain import abstain, checked
from .answers.listing import Listing, list_said
from .answers.prompted import Drafter, draft
from .answers.reader import BY_WORDS, Thresholds, read
from .articles.parse import ParsedArticle
from .changes.asking import Asking, ChatValueReader, ValueReader
from .changes.corrections import Correction, corrections_of, is_called_wrong, one_story
from .changes.showing import Showing
from .changes.versions import changed_since
from .changes.weigh import Weigher
from .english.questions import asks_of_the_past
from .english.spelling import match_speakers
from .errors import EmptyLibrary, SettingsError
from .ingestion import Source, ingest_into
from .library.embedders import Embedder, WordLlamaEmbedder, embedder_named
from .library.index import Index
from .library.library import Library
from .library.second_pass import unread_warning
from .llm.chat import ChatModel, OpenAIChat
from .llm.endpoint import load_client
from .llm.limits import Limits
from .llm.prices import add
from .llm.prompts import load_prompt
from .llm.tokens import count
from .model import (
    Answer,
    ArticleRef,
    Citation,
    Claim,
    ClaimReady,
    Coverage,
    Done,
    Draft,
    Event,
    Filters,
    Provenance,
    Sentence,
    Stage,
    Usage,
    day_of,
    write_day,
)
from .questions.plan import Plan, Planned, Rewriter, fit_to_library, plan_after
from .questions.plan import plan as plan_of
from .reading.model import SHIPPED, ReadingModel, Text, opened
from .search.rank import Scored, answering_words, by_best_sentence, candidates_of, near_speech_of, rank
from .search.relevance import LocalScorer, Scorer
from .search.retrieve import Retrieved, retrieve, search_by_words, with_second_search
from .settings import LOCAL_EMBEDDER, READER_PASSAGES, Place, Settings, place_of
from .verification.citations import Numbering
from .verification.drafts import Drafted, Drafting, ready
from .verification.evidence import Evidence
from .verification.judges import ChatJudge, Judge, judges_for
from .verification.missing import open_parts
from .verification.settle import Settled, settle
from .version import __version__

NEIGHBOURS = 1  # sentences before and after each chunk that a model is shown too: they explain its pronouns
# The score (log-odds) from which a sentence may be quoted as an answer. On dev 95 % of the gold sentences have it, and
# one in five sentences of other articles.
RELEVANT = 5.3
FURTHER_PASSAGES = 4  # chunks of the same day and later ones that are read for other values of what a claim says
FOUND = 5  # articles that are shown while the passages are still being read
WARMING = "Who was hurt, when did it happen, and how much did it cost?"
MODEL_PASSAGES = 64  # chunks that are found for a model; its prompt is full before that

# Keys in ``timings_ms`` that are no stages: the time from the question to its first and to its last claim.
FIRST_CLAIM, LAST_CLAIM = "first_claim", "last_claim"


@dataclass(frozen=True)
class Engine:
    """Everything that a question needs, opened once.

    ``drafter`` and ``values`` are None for the offline reader. ``reading`` is None if the reading model is off or
    missing.
    """

    settings: Settings
    library: Library
    index: Index
    embedder: Embedder | None
    scorer: Scorer
    drafter: Drafter | None = None
    judges: tuple[Judge, ...] = ()
    reading: ReadingModel | None = None
    values: ValueReader | None = None
    warnings: tuple[str, ...] = ()

    def on_this_machine(self) -> Engine:
        """Return the same engine without all that asks a server."""
        local = self.embedder if self.settings.chroma_url is None else None
        embedder = local if local and local.name == LOCAL_EMBEDDER else None
        return replace(self, embedder=embedder, drafter=None, judges=(), values=None)

    def close(self) -> None:
        """Release the index lock and close the library's connections."""
        self.index.close()
        self.library.close()


def build(settings: Settings, library: Library | None = None) -> Engine:
    """Make an engine for ``settings``. If ``library`` is given, it is used instead of ``settings.library``.

    Raises LibraryError if there is no library, SettingsError, PromptError, MissingKey.
    """
    drafter = drafter_for(settings, OpenAIChat(settings)) if settings.uses_model else None
    library = library or Library(settings.library)
    local = WordLlamaEmbedder()
    name = library.embedder or settings.embedder
    embedder: Embedder | None = local if name == LOCAL_EMBEDDER else embedder_named(name, settings)
    warnings: tuple[str, ...] = ()
    if settings.offline and name != LOCAL_EMBEDDER:
        embedder = None
        warnings = (f"Searched by words alone: the vectors need {name}, and nothing may be sent to a server.",)
    index = Index(library, library.folder / "index" if library.folder else None, settings.chroma_url)
    judges = judges_of(settings, drafter, local)
    reading, more = reading_model(settings)
    warnings = (*warnings, *more)
    values = values_of(settings, drafter)
    scorer = LocalScorer(local)
    return Engine(settings, library, index, embedder, scorer, drafter, judges, reading, values, warnings)


def reading_model(settings: Settings) -> tuple[ReadingModel | None, tuple[str, ...]]:
    """Return the reading model that ``settings`` choose, or None with a warning if the shipped one is missing.

    Raises SettingsError if the folder of another one is no reading model.
    """
    if settings.reading == "off":
        return None, ()
    if settings.reading != "on":
        return opened(Path(settings.reading).expanduser()), ()
    try:
        return opened(SHIPPED), ()
    except SettingsError as error:
        return None, (f"Answered without the reading model, by words and static vectors. {error}",)


def drafter_for(settings: Settings, chat: ChatModel) -> Drafter:
    """Return a drafter that uses ``chat`` with the prompts and token budget of ``settings``. Raises PromptError."""
    return Drafter(
        chat=chat,
        answer=load_prompt("answer", settings.prompts),
        repair=load_prompt("repair", settings.prompts),
        budget=settings.prompt_budget,
        count=lambda texts: count(texts, settings.model_name),
    )


def values_of(settings: Settings, drafter: Drafter | None) -> ValueReader | None:
    """Return what asks the drafter's model for the values that sentences give. None for the offline reader."""
    return ChatValueReader(drafter.chat, load_prompt("values", settings.prompts)) if drafter else None


def judges_of(settings: Settings, drafter: Drafter | None, local: Embedder) -> tuple[Judge, ...]:
    """Return the judges of support, each the fallback of the one before it.

    Verbatim sentences of the offline reader need no local judge.
    """
    chat = drafter.chat if drafter else None
    judges = judges_for(settings, chat, load_prompt("support", settings.prompts) if chat else None, local)
    return () if drafter is None and judges and judges[0].kind == "local" else judges


def answer(
    question: str,
    *,
    articles: Sequence[Source] | Source | None = None,
    library: str | Path | None = None,
    history: Sequence[Answer] = (),
    filters: Filters | None = None,
    settings: Settings | None = None,
) -> Answer:
    """Answer a question from a library, or directly from articles.

    Whatever the articles and the model say, the result is an Answer; it may be an abstention.

    Args:
        question: the question.
        articles: files, folders, globs or Article values to ask instead of a library. Nothing is stored.
        library: folder of the library.
        history: earlier answers of the conversation, oldest first, to which the question may refer.
        filters: the articles to search.
        settings: default: those of the environment.

    Returns:
        The verified answer or an abstention.

    Raises:
        InputError: the question or the articles cannot be used.
        LibraryError: the library cannot be used.
        SettingsError: a setting is wrong.
        PromptError: a prompt file is broken.
        ModelError: the model could not be asked, or its reply cannot be used.
    """
    for event in answer_stream(
        question, articles=articles, library=library, history=history, filters=filters, settings=settings
    ):
        if isinstance(event, Done):
            return event.answer
    raise AssertionError("the stream ends with Done")


def answer_stream(
    question: str,
    *,
    articles: Sequence[Source] | Source | None = None,
    library: str | Path | None = None,
    history: Sequence[Answer] = (),
    filters: Filters | None = None,
    settings: Settings | None = None,
    limits: Limits | None = None,
) -> Iterator[Event]:
    """Like ``answer``, but yield events: each stage, each claim once it is verified, and finally Done with the Answer.

    Pass ``limits`` to be able to cancel the question from another thread, with ``limits.cancel()``. The other arguments
    and the errors are those of ``answer``.
    """
    settings = settings or Settings.load(library=library)
    if library is not None:
        settings = settings.model_copy(update={"library": place_of(library)})
    if articles is None:
        yield from ask(_engine(settings), question, history=history, filters=filters, limits=limits)
        return
    local = settings.model_copy(update={"embedder": LOCAL_EMBEDDER})
    with closing(Library(None)) as memory:
        report = ingest_into(memory, articles, WordLlamaEmbedder())
        warnings = tuple(f"{s.origin}: {s.reason}" for s in report.skipped) + report.warnings
        engine = build(local, memory)
        yield from ask(engine, question, history=history, filters=filters, warnings=warnings, limits=limits)


@dataclass(frozen=True)
class Found:
    """Sentences that a search found, best first, with their articles. Nobody has judged whether they answer."""

    citations: tuple[Citation, ...]
    articles: tuple[ArticleRef, ...]
    warnings: tuple[str, ...] = ()


def search(query: str, *, filters: Filters | None = None, settings: Settings | None = None, limit: int = 10) -> Found:
    """Return the sentences that fit a question or some words best, without an answer. No model is asked.

    Args:
        query: a question, or words.
        filters: the articles to search.
        settings: default: those of the environment.
        limit: the most sentences to return. They come from at most ``READER_PASSAGES`` chunks.

    Raises the errors of ``answer``. A remote embedder gets the query.
    """
    engine = _engine(settings or Settings.load())
    with engine.library.reading() as library:
        _coverage(library)
        plan = fit_to_library(plan_of(query, filters), library)
        warnings = (*_unknown_speakers(plan.preferred, library), *_undated(plan.filters, library))
        warnings += unread_warning(library, plan.filters)
        retrieved = retrieve(plan, library, engine.index, engine.embedder, READER_PASSAGES)
    ranked = rank(plan, retrieved, engine.scorer, engine.reading)[:limit]
    numbering = Numbering(retrieved.articles, answers=answering_words(ranked))
    for scored in ranked:
        numbering.number(scored.passage)
    ids = dict.fromkeys(scored.passage.article_id for scored in ranked)
    refs = tuple(retrieved.articles[i].article.ref(retrieved.copies.get(i, ())) for i in ids)
    return Found(numbering.citations, refs, warnings)


_engines: dict[Settings, Engine] = {}
_inherited: list[dict[Settings, Engine]] = []  # kept, so that nothing closes them
_opening = Lock()


def _engine(settings: Settings) -> Engine:
    # Scripts and the page ask many questions. Only the first one opens the library, the index and the models.
    with _opening:
        engine = _engines.get(settings)
        if engine and not engine.library.still_there():
            _engines.pop(settings).close()
            engine = None
        if engine is None:
            engine = _engines[settings] = build(settings)
        return engine


def load_models(settings: Settings) -> None:
    """Load the models on this machine, and the client of the model that is asked, before a question needs them.

    Nothing is sent to a server. Raises SettingsError and MissingKey.
    """
    reading, _ = reading_model(settings)
    if reading:
        reading.read(WARMING, [Text((WARMING,))])
    if settings.uses_model:
        load_client()
        count([WARMING], settings.model_name)


def rehearse(settings: Settings, enough: Callable[[], bool]) -> None:
    """Answer a question with the reader and forget the answer, so that the next question finds everything loaded.

    One chunk is read, which loads as much as many do. Nothing is sent to a server. It ends early, between two stages,
    as soon as ``enough`` returns True.

    Raises EmptyLibrary, and the errors of ``build``.
    """
    engine = _engine(settings).on_this_machine()
    engine = replace(engine, settings=engine.settings.model_copy(update={"passages": 1}))
    with closing(ask(engine, WARMING)) as events:  # type: ignore[type-var]  # a generator
        for _ in events:
            if enough():
                return


@atexit.register
def close_all() -> None:
    """Close everything that earlier questions opened, so that other processes can use the index."""
    with _opening:
        while _engines:
            _engines.popitem()[1].close()


def _begin_after_fork() -> None:
    """Let a forked process open everything for itself. What its parent has opened is neither used nor closed."""
    global _opening
    _inherited.append(dict(_engines))
    _engines.clear()
    _opening = Lock()


if hasattr(os, "register_at_fork"):  # not on Windows
    os.register_at_fork(after_in_child=_begin_after_fork)


def opened_index(library: Place) -> Index | None:
    """Return the library's index if questions of this process have opened it. This process may hold its lock."""
    with _opening:
        opened = (e.index for s, e in _engines.items() if s.library == library and e.library.still_there())
        return next(opened, None)


def ask(
    engine: Engine,
    question: str,
    *,
    history: Sequence[Answer] = (),
    filters: Filters | None = None,
    warnings: tuple[str, ...] = (),
    today: date | None = None,
    limits: Limits | None = None,
) -> Iterator[Event]:
    """Run one question through the whole pipeline and yield its events; see ``answer_stream``.

    Args:
        engine: the library, the index and the models to use.
        question: the question.
        history: earlier answers of the conversation, oldest first.
        filters: the articles to search.
        warnings: warnings to add to those of the answer.
        today: the day on which the question is asked; default: the current day.
        limits: the deadline and the number of calls; default: those of the engine's settings.

    Raises EmptyLibrary, InputError, ModelError.
    """
    clock = Clock()
    yield Stage(name="planning")
    limits = limits or Limits(engine.settings.timeout, engine.settings.max_calls)
    planned = plan_after(history, question, filters, _rewriter(engine), limits, today)
    plan, warnings = planned.plan, (*warnings, *planned.warnings)
    clock.lap("plan")
    yield Stage(name="searching", detail=plan.standalone if plan.standalone != plan.question else "")
    with engine.library.reading() as library:
        coverage, state = _coverage(library), library.state
        plan = fit_to_library(plan, library)
        planned = replace(planned, plan=plan)
        in_range = library.coverage(plan.filters).articles
        warnings += (*_unknown_speakers(plan.preferred, library), *_undated(plan.filters, library))
        warnings += _held_nothing(plan.filters, library)
        warnings += unread_warning(library, plan.filters)
        listing = _listing(plan, library, engine.scorer) if in_range else None
        retrieved = listing.retrieved if listing else _retrieved(engine, plan, library)
    clock.lap("search")
    yield _reading(retrieved)
    few = retrieved.best(engine.settings.passages or READER_PASSAGES)
    ranked = () if listing else rank(plan, few, engine.scorer, engine.reading)
    if engine.reading and ranked:
        retrieved, ranked = by_best_sentence(retrieved, ranked)
    clock.lap("rank")
    outside = not in_range or (plan.period is not None and not ranked and not listing)
    if listing:
        # A list is made by code from verbatim sentences, so no model and no judge is needed.
        engine, warnings = replace(engine, drafter=None, judges=()), (*warnings, *listing.told)
        drafting = ready(listing.drafted)
    else:
        drafting = _nothing("outside_dates") if outside else _draft(engine, plan, retrieved, ranked, limits)
    made = _Made(engine, planned, retrieved, ranked, coverage, state, _showing(engine, plan, retrieved, ranked, limits))
    settled = yield from _settled(made, drafting, limits, clock)
    if look_for := _worth_a_second_look(made, limits):
        yield Stage(name="searching", detail=look_for)
        if second := _second_look(made, look_for, limits):
            clock.lap("second search")
            made = second
            drafting = _draft(engine, plan, made.retrieved, ranked, limits)
            settled = yield from _settled(made, drafting, limits, clock)
    clock.lap("check")
    yield Done(answer=_answer(made, settled, (*engine.warnings, *warnings, *settled.warnings), clock))


def _coverage(library: Library) -> Coverage:
    """Return what can be searched. Raises EmptyLibrary."""
    coverage = library.coverage()
    if not coverage.articles:
        raise EmptyLibrary(f"There are no articles in {library.where}. Add some with: qa ingest <files or folders>")
    return coverage


def _reading(retrieved: Retrieved) -> Stage:
    """Return the stage in which the passages are read, with the first of their articles."""
    detail = f"{len(retrieved.hits)} passages of {len(retrieved.articles)} articles"
    first = [retrieved.articles[i] for i in dict.fromkeys(hit.article_id for hit in retrieved.hits)][:FOUND]
    return Stage(name="reading", detail=detail, articles=tuple(one.article.ref() for one in first))


def _worth_a_second_look(made: _Made, limits: Limits) -> str | None:
    """Return the words of a second search, if the model found no answer, but says what to look for."""
    draft = made.drafted.draft
    return draft.look_for if not draft.claims and limits.calls_left else None


def _second_look(made: _Made, look_for: str, limits: Limits) -> _Made | None:
    """Search once more, with the words that the model named. None if that finds nothing that it was not shown."""
    engine, plan = made.engine, made.planned.plan
    again = plan.model_copy(update={"query": look_for, "parts": (plan.query,)})
    with engine.library.reading() as library:
        found = _retrieved(engine, again, library)
    seen = {(p.article_id, p.sentence.index) for p in made.drafted.shown}
    retrieved = with_second_search(made.retrieved, found, seen)
    if retrieved is None:
        return None
    spent = add(made.spent, add(made.drafted.usage, made.showing.weigher.usage))
    showing = _showing(engine, plan, retrieved, made.ranked, limits)
    return replace(made, retrieved=retrieved, showing=showing, second_look=look_for, spent=spent)


def _settled(made: _Made, drafting: Drafting, limits: Limits, clock: Clock) -> Generator[Event, None, Settled]:
    """Verify a draft, and yield each claim with its final numbers as soon as it may be shown."""
    engine, plan = made.engine, made.planned.plan
    settling = settle(plan, drafting, made.retrieved.articles, engine.judges, limits, made.is_relevant)
    try:
        while True:
            step = next(settling)
            if isinstance(step, Drafted):
                made.drafted = step
                clock.lap("draft")
                drafted = len(step.draft.claims)
                yield Stage(name="checking", detail=f"{drafted} claim{'' if drafted == 1 else 's'}")
                continue
            for claim in made.showing.show(step):
                if not made.contradicts:  # claims that contradict a premise are no answer; the abstention shows them
                    clock.claim()
                    yield made.ready(claim)
    except StopIteration as end:
        return end.value  # type: ignore[no-any-return]
    finally:
        settling.close()


def _showing(engine: Engine, plan: Plan, retrieved: Retrieved, ranked: tuple[Scored, ...], limits: Limits) -> Showing:
    def is_wrong(article_id: str, sentence: int, words: tuple[int, int]) -> bool:
        article = retrieved.articles[article_id]
        start = article.sentences[sentence].start
        return is_called_wrong(article, start + words[0], start + words[1])

    answers = {place: words for place, words in answering_words(ranked).items() if not is_wrong(*place, words)}
    numbering = Numbering(retrieved.articles, answers=answers)
    return Showing(plan.standalone, numbering, weigher_of(engine, plan, retrieved, ranked, limits=limits))


def weigher_of(
    engine: Engine,
    plan: Plan,
    retrieved: Retrieved,
    ranked: tuple[Scored, ...],
    notes: Filters | None = None,
    limits: Limits | None = None,
) -> Weigher:
    """Return what weighs claims against the other sentences found, and against corrections in the library.

    ``notes`` filters the articles whose notes are seen; default: those of the plan. With ``limits``, the model is asked
    once which sentences give values of one thing, if there is a model.
    """

    def corrections(sentence: Sentence, article: ParsedArticle) -> tuple[Correction, ...]:
        with engine.library.reading() as library:
            return corrections_of(sentence, article, library, notes or plan.filters)

    def further(claimed: str, since: date | None) -> tuple[Sequence[Scored], Mapping[str, ParsedArticle]]:
        later = plan.filters.model_copy(update={"since": max(filter(None, (since, plan.filters.since)), default=None)})
        with engine.library.reading() as library:
            found = search_by_words(f"{plan.query} {claimed}", later, library, retrieved, FURTHER_PASSAGES)
        return rank(plan, found, engine.scorer, engine.reading) if found.hits else (), found.articles

    def tell_one_story(one: ParsedArticle, other: ParsedArticle) -> bool:
        with engine.library.reading() as library:
            return one_story(library, one, other)

    # A question about a day in the past asks for what was the case then.
    asking = Asking(engine.values, plan.query, limits) if engine.values and limits else None
    return Weigher(
        plan.query,
        ranked,
        retrieved.articles,
        corrections,
        further,
        updates=plan.period is None,
        may_change=plan.speaker_query is None and not asks_of_the_past(plan.standalone),
        asking=asking,
        one_story=tell_one_story,
    )


def _rewriter(engine: Engine) -> Rewriter | None:
    """Return the rewriter of follow-ups, which uses the model of the drafter. None for the offline reader."""
    drafter, folder = engine.drafter, engine.settings.prompts
    return Rewriter(drafter.chat, load_prompt("standalone", folder)) if drafter else None


def _draft(engine: Engine, plan: Plan, retrieved: Retrieved, ranked: tuple[Scored, ...], limits: Limits) -> Drafting:
    if engine.drafter is None:
        days = {i: day_of(parsed.article.published) for i, parsed in retrieved.articles.items()}
        drafted = read(
            plan,
            ranked,
            _thresholds(engine),
            days,
            lambda: weigher_of(engine, plan, retrieved, ranked).disputed(),
        )
        return ready(Drafted(drafted, tuple(s.passage for s in sorted(ranked, key=_place))))
    shown = retrieved.passages(NEIGHBOURS)
    if plan.filters.speakers:
        shown = near_speech_of(plan.filters.speakers, shown, retrieved.articles)
    return draft(plan, shown, retrieved.articles, engine.drafter, limits)


def _thresholds(engine: Engine) -> Thresholds:
    return Thresholds(**engine.reading.card["reader"]) if engine.reading else BY_WORDS


def _place(scored: Scored) -> int:
    return int(scored.passage.label[1:])


def _retrieved(engine: Engine, plan: Plan, library: Library) -> Retrieved:
    few = MODEL_PASSAGES if engine.drafter else READER_PASSAGES
    return retrieve(plan, library, engine.index, engine.embedder, engine.settings.passages or few)


def _listing(plan: Plan, library: Library, scorer: Scorer) -> Listing | None:
    """Return the list of everything somebody said, if the question asks for it and the list is not empty."""
    asked = plan.speaker_query is not None and plan.speaker_query.everything
    listing = list_said(plan, library, scorer) if asked else None
    return listing if listing and listing.drafted.draft.claims else None


def _unknown_speakers(filters: Filters, library: Library) -> tuple[str, ...]:
    """Return a warning if some of the speakers do not speak in the library. It suggests others."""
    known = library.speakers(earlier=filters.as_of is not None) if filters.speakers else ()
    missing = [name for name in filters.speakers if not match_speakers([name], known)]
    if not missing:
        return ()
    others = f" The most frequent speakers are {', '.join(known[:5])}." if known else ""
    return (f"Nobody called {' or '.join(missing)} speaks in this library.{others}",)


def _undated(filters: Filters, library: Library) -> tuple[str, ...]:
    """Return a note if articles are left out only because they have no date."""
    if not (filters.since or filters.last_day):
        return ()
    as_of = filters.as_of if filters.basis == "held" else None
    count = library.undated(filters.model_copy(update={"since": None, "until": None, "as_of": as_of}))
    one = count == 1
    left_out = (
        f"{count} {'article was' if one else 'articles were'} left out, because {'it has' if one else 'they have'}"
    )
    return (f"{left_out} no date.",) if count else ()


def _held_nothing(filters: Filters, library: Library) -> tuple[str, ...]:
    """Return a note if the library held nothing at all on the day asked for, so that no article can answer."""
    if filters.basis != "held" or filters.as_of is None:
        return ()
    if library.coverage(Filters(as_of=filters.as_of, basis="held")).articles:
        return ()
    day = write_day(filters.as_of)
    return (f"This library held no article yet on {day}. Ask for what was published by then: --basis published.",)


def _nothing(reason: str) -> Drafting:
    return ready(Drafted(Draft.model_validate({"answerable": False, "reason": reason}), ()))


@dataclass
class _Made:
    """What the stages have made of one question so far, and its verified claims with their final numbers."""

    engine: Engine
    planned: Planned
    retrieved: Retrieved
    ranked: tuple[Scored, ...]
    coverage: Coverage
    state: tuple[int, str]  # of the library
    showing: Showing
    second_look: str | None = None
    spent: Usage | None = None  # by a draft that a second look replaces
    drafted: Drafted = field(default_factory=lambda: Drafted(Draft(answerable=True), ()))

    def is_relevant(self, evidence: Evidence) -> bool:
        """Whether the sentences of a claim are about the question, so that they may be quoted in its place."""
        candidates = candidates_of(evidence.passages, self.retrieved)
        scores = self.engine.scorer.score(self.planned.plan.query, candidates, self.retrieved.idf)
        return any(found.score >= RELEVANT for found in scores)

    def refs(self, citations: Iterable[Citation], numbering: Numbering) -> tuple[ArticleRef, ...]:
        """The articles of citations, each with the ids of its near-copies. One that another withdraws is marked so."""
        ids = dict.fromkeys(citation.article_id for citation in citations)
        found = (numbering.article(i).article.ref(self.retrieved.copies.get(i, ())) for i in ids)
        withdrawn = self.showing.weigher.withdrawn
        return tuple(a.model_copy(update={"status": "retracted"}) if a.id in withdrawn else a for a in found)

    def ready(self, claim: Claim) -> ClaimReady:
        """A claim that is shown now."""
        numbering = self.showing.numbering
        citations = numbering.of(claim)
        return ClaimReady(claim=claim, citations=citations, articles=self.refs(citations, numbering))

    @property
    def contradicts(self) -> bool:
        """Whether the claims contradict what the question takes for granted."""
        return self.drafted.draft.reason == "premise_contradicted"


def _answer(made: _Made, settled: Settled, warnings: tuple[str, ...], clock: Clock) -> Answer:
    plan, proposed, claims = made.planned.plan, made.drafted.draft, tuple(made.showing.claims)
    numbering, abstention = made.showing.numbering, None
    shown = () if made.contradicts else claims
    if not shown:
        reason = checked(proposed, bool(claims), bool(settled.rejected), made.ranked)
        contradicting = claims if reason == "premise_contradicted" else ()
        if not contradicting:
            numbering = Numbering(made.retrieved.articles)
        notes = made.showing.weigher.notes
        abstention = abstain(reason, made.ranked, numbering, made.coverage, plan, contradicting, notes)
    citations = numbering.citations
    cited = dict.fromkeys(c.article_id for c in citations)
    warnings += changed_since(cited, plan.filters, made.engine.library) + made.showing.weigher.warnings
    return Answer(
        question=plan.question,
        standalone=plan.standalone,
        filters=plan.filters,
        preferred=plan.preferred,
        status="abstained" if abstention else "partial" if settled.lost or proposed.missing else "answered",
        claims=shown,
        citations=citations,
        articles=made.refs(citations, numbering),
        conflicts=tuple(made.showing.conflicts) if shown else (),
        rejected=settled.rejected,
        missing=open_parts(plan.standalone, proposed.missing) if shown else (),
        warnings=warnings,
        abstention=abstention,
        coverage=made.coverage,
        provenance=_provenance(made, settled, clock),
    )


def _provenance(made: _Made, settled: Settled, clock: Clock) -> Provenance:
    engine, drafter = made.engine, made.engine.drafter
    known = {(p.article_id, p.sentence.index) for p in made.drafted.shown}
    more = [p for p in made.showing.passages if (p.article_id, p.sentence.index) not in known]
    # C1, C2 … are sentences that no draft was made of: code found them, and shows them beside a claim.
    shown = (*made.drafted.shown, *(p.model_copy(update={"label": f"C{n}"}) for n, p in enumerate(more, 1)))
    return Provenance(
        mode="model" if drafter else "reader",
        model=drafter.chat.name if drafter else None,
        prompt_sha256=drafter.answer.sha256 if drafter else None,
        prompts=prompts_of(engine),
        judge=settled.judge,
        reading=engine.reading.name if engine.reading else None,
        embedder=engine.library.embedder or engine.settings.embedder,
        qa_version=__version__,
        library_revision=made.state[0],
        library_token=made.state[1],
        asked_on=made.planned.plan.asked_on,
        passages=engine.settings.passages,
        shown=tuple((p.label, p.article_id, p.sentence.index) for p in shown),
        scores=tuple(round(p.score, 2) for p in shown),
        usage=add(_usage(made), settled.usage),
        second_look=made.second_look,
        timings_ms=clock.laps,
        created=datetime.now(UTC),
    )


def _usage(made: _Made) -> Usage | None:
    """Return what was spent before the claims were settled, and on weighing them."""
    drafted = add(made.spent, made.drafted.usage)
    return add(made.planned.usage, add(drafted, made.showing.weigher.usage))


def prompts_of(engine: Engine) -> dict[str, str]:
    """Return the name and SHA-256 of every prompt that this engine may use."""
    rewriter = _rewriter(engine)
    own = [engine.drafter.answer, engine.drafter.repair] if engine.drafter else []
    own += [rewriter.prompt] if rewriter else []
    judging = [judge.prompt for judge in engine.judges if isinstance(judge, ChatJudge)]
    own += [engine.values.prompt] if engine.values else []
    return {prompt.name: prompt.sha256 for prompt in (*own, *judging)}


@dataclass
class Clock:
    """Measures, in milliseconds, each stage and the time from the question to its first and last claim."""

    laps: dict[str, float] = field(default_factory=dict)
    _last: float = field(default_factory=perf_counter)
    _began: float = field(default_factory=perf_counter)

    def claim(self) -> None:
        """Record that a claim is shown now."""
        now = round((perf_counter() - self._began) * 1000, 2)
        self.laps.setdefault(FIRST_CLAIM, now)
        self.laps[LAST_CLAIM] = now

    def lap(self, name: str) -> None:
        """Record that the stage ``name`` ends now."""
        now = perf_counter()
        self.laps[name] = round((now - self._last) * 1000, 2)
        self._last = now
