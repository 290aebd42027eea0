"""Ask gold questions: one library in memory, one engine, one CaseResult per case."""

from __future__ import annotations

import platform
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from hashlib import sha256
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Self

from .. import pipeline
from ..errors import InputError, ModelCut, ModelRefused, ModelUnparsable
from ..ingestion import ingest_into
from ..library.embedders import WordLlamaEmbedder
from ..library.library import Library
from ..llm.chat import ChatModel
from ..llm.limits import Limits
from ..llm.prompts import load_prompt
from ..model import Answer, Done, Filters
from ..settings import LOCAL_EMBEDDER, OPENAI_URL, Settings
from ..version import __version__
from .cache import CachedChat
from .corpus import Corpus, SentenceKey, resolve
from .gold import Gold
from .invariants import faults
from .judge import JUDGE, judge
from .replies import RepliesByHand
from .results import CaseResult, Conditions, GoldSentence, Run
from .scorers import score

Progress = Callable[[int, int, str], None]
"""Called with the number of cases done, the total, and the id of the last case."""

_DECISIVE = ("chromadb", "numpy", "pydantic", "sentencex", "snowballstemmer", "text2num", "wordllama")


class Examiner:
    """Asks the cases of ``gold`` about ``articles`` and scores the answers. Use it as a context manager.

    Args:
        gold: the cases.
        articles: files, folders or globs of articles.
        settings: the usual settings, except that the embedder is always the local one.
        chat: a model to ask instead of the one in ``settings``.
        cache: folder of cached model replies. None asks the model every time.
        replies: replies written by hand, which are used instead of a model.
        judged: whether the model also judges if each answer states the gold facts.

    Raises:
        GoldError: some evidence cannot be resolved.
        InputError: there are no articles, or ``judged`` is set without a model.
    """

    def __init__(
        self,
        gold: Gold,
        articles: Sequence[str | Path],
        settings: Settings,
        *,
        chat: ChatModel | None = None,
        cache: Path | None = None,
        replies: RepliesByHand | None = None,
        judged: bool = False,
    ) -> None:
        local = settings.model_copy(update={"embedder": LOCAL_EMBEDDER})
        if replies is not None:
            # No server is asked. The prompts are those for OpenAI's models, and the judge is played by hand too.
            local = local.model_copy(update={"offline": False, "judge": "chat", "openai_base_url": OPENAI_URL})
            chat, cache = replies, None
        library = Library(None)
        ingest_into(library, [str(path) for path in articles], WordLlamaEmbedder())
        self._engine = pipeline.build(local, library)
        if chat is not None:
            self._ask(chat)
        self._cache: CachedChat | None = None
        if self._engine.drafter is not None and cache is not None:
            self._cache = CachedChat(self._engine.drafter.chat, cache, settings.base_url)
            self._ask(self._cache)
        if judged and self._engine.drafter is None:
            raise InputError("A judge needs a model. Name one with --model, or remove --judge.")
        self._judge = load_prompt(JUDGE, settings.prompts) if judged else None
        self._prepare(gold)

    @classmethod
    def over(cls, gold: Gold, engine: pipeline.Engine) -> Self:
        """Return an examiner that asks an engine that is open already. The caller closes it. Raises GoldError."""
        examiner = cls.__new__(cls)
        examiner._engine, examiner._cache, examiner._judge = engine, None, None
        examiner._prepare(gold)
        return examiner

    def _prepare(self, gold: Gold) -> None:
        self.corpus = _corpus(self._engine.library)
        self.cases = {resolved.case.id: resolved for resolved in resolve(gold, self.corpus)}
        self._gold_sha256 = gold.sha256
        self._earlier: dict[tuple[Filters, tuple[str, ...]], tuple[Answer, ...]] = {}

    def _ask(self, chat: ChatModel) -> None:
        """Use ``chat`` to draft and repair, and to judge support if the chat model is the judge."""
        settings = self._engine.settings
        drafter = pipeline.drafter_for(settings, chat)
        judges = pipeline.judges_of(settings, drafter, WordLlamaEmbedder())
        values = pipeline.values_of(settings, drafter)
        self._engine = replace(self._engine, drafter=drafter, judges=judges, values=values)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._engine.close()

    def result(self, case_id: str) -> CaseResult:
        """Ask one case and score its answer. Raises ModelError if the model cannot be reached."""
        resolved = self.cases[case_id]
        case = resolved.case
        answer, error = None, None
        before = self._replies()
        try:
            answer = self._answer(case.question, case.search, self._history(case.search, case.history))
        except (ModelRefused, ModelCut, ModelUnparsable) as failure:
            error = str(failure)
        scores = score(resolved, answer, self.corpus) if answer else ()
        drafter, settings = self._engine.drafter, self._engine.settings
        if answer and self._judge and drafter:
            limits = Limits(settings.timeout, settings.max_calls)
            scores += (judge(case, answer, drafter.chat, self._judge, limits),)
        return CaseResult(
            case=case,
            split=resolved.split,
            storyline=resolved.storyline,
            answer=answer,
            scores=scores,
            faults=faults(answer, self.corpus) if answer else (),
            required=tuple(self._shown(item) for item in resolved.required),
            also_fine=self._shown(resolved.fine),
            error=error,
            asked=self._replies()[0] - before[0],
            cached=self._replies()[1] - before[1],
        )

    def run(self, on_progress: Progress | None = None) -> Run:
        """Ask every case, in order."""
        results = []
        for done, case_id in enumerate(self.cases, 1):
            results.append(self.result(case_id))
            if on_progress:
                on_progress(done, len(self.cases), case_id)
        return Run(conditions=self.conditions, results=tuple(results))

    @property
    def conditions(self) -> Conditions:
        """The conditions under which this engine answers."""
        engine = self._engine
        versions = sorted(f"{self.corpus.name(a.id)} {a.version}" for a in self.corpus.articles.values())
        prompts = pipeline.prompts_of(engine) | ({JUDGE: self._judge.sha256} if self._judge else {})
        return Conditions(
            mode="model" if engine.drafter else "reader",
            model=engine.drafter.chat.name if engine.drafter else None,
            embedder=engine.library.embedder or LOCAL_EMBEDDER,
            prompts=prompts,
            gold_sha256=self._gold_sha256,
            corpus_sha256=sha256("\n".join(versions).encode()).hexdigest(),
            articles=len(self.corpus.articles),
            versions={"dateline-qa": __version__, "python": platform.python_version(), **_versions()},
            created=datetime.now(UTC),
        )

    def _replies(self) -> tuple[int, int]:
        """Return the number of model replies so far: new ones, and those from the cache."""
        return (self._cache.asked, self._cache.cached) if self._cache else (0, 0)

    def _answer(self, question: str, filters: Filters, history: tuple[Answer, ...]) -> Answer:
        # "Today" is the day of the newest article, so that "last week" means the same week whenever the gold is run.
        today = self._engine.library.coverage().last
        for event in pipeline.ask(self._engine, question, history=history, filters=filters, today=today):
            if isinstance(event, Done):
                return event.answer
        raise AssertionError("the stream ends with Done")

    def _history(self, filters: Filters, questions: tuple[str, ...]) -> tuple[Answer, ...]:
        """Return the answers to the earlier questions of a conversation, asked in order. Each is asked only once."""
        if not questions:
            return ()
        key = (filters, questions)
        if key not in self._earlier:
            before = self._history(filters, questions[:-1])
            self._earlier[key] = (*before, self._answer(questions[-1], filters, before))
        return self._earlier[key]

    def _shown(self, keys: Iterable[SentenceKey]) -> tuple[GoldSentence, ...]:
        name, sentences = self.corpus.name, self.corpus.sentences
        ordered = sorted(keys, key=lambda key: (name(key[0]), key[1]))
        return tuple(
            GoldSentence(article_id=i, article=name(i), sentence=n, text=sentences[i][n].text) for i, n in ordered
        )


def _corpus(library: Library) -> Corpus:
    ids = sorted(library.versions())
    return Corpus({i: library.article(i) for i in ids}, {i: library.sentences(i) for i in ids})


def _versions() -> dict[str, str]:
    found = {}
    for package in _DECISIVE:
        try:
            found[package] = version(package)
        except PackageNotFoundError:  # vendored or renamed: no reason to fail
            continue
    return found
