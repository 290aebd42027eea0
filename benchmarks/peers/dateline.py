"""Dateline, as a script or the command uses it, with one engine for all questions of a process."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from .side import MODEL, Evidence, Unit

if TYPE_CHECKING:
    from qa.model import Answer, Article
    from qa.pipeline import Engine
    from qa.settings import Settings

TITLE = "Dateline"
PACKAGES = ("dateline-qa", "chromadb", "openai", "wordllama")  # the versions to print
NEEDS = ("qa",)  # modules without which it is skipped
INSTALL = "-e ."
IMPORT = "from qa import answer, ingest"  # what a script imports


class Dateline:
    """See Side."""

    def __init__(self, folder: Path, address: str) -> None:
        self._folder = folder / "library"
        self._address = address

    def ingest(self, articles: Sequence[Article], answerable: Callable[[], None]) -> None:
        """See Side. All can be found when the second pass begins, or at once if there are too few for two passes."""
        from qa.ingestion import ANNOTATING
        from qa.manage import ingest

        told: list[bool] = []

        def on_progress(_done: int, _total: int, what: str) -> None:
            if what == ANNOTATING and not told:
                told.append(True)
                answerable()

        ingest(list(articles), settings=self._settings, on_progress=on_progress)
        if not told:
            answerable()

    def ranked(self, question: str, chunks: int) -> list[str]:
        """See Side."""
        from qa.questions.plan import fit_to_library, plan
        from qa.search.retrieve import retrieve

        engine = self._engine
        with engine.library.reading() as library:
            asked = fit_to_library(plan(question, today=library.coverage().last), library)
            found = retrieve(asked, library, engine.index, engine.embedder, chunks)
        return [hit.article_id for hit in found.hits]

    def ask(self, question: str) -> bool:
        """See Side."""
        return bool(self._answer(self._engine, question).claims)

    def read(self, question: str) -> bool:
        """Answer without a model, which the others cannot. Returns whether the answer cites something."""
        return bool(self._answer(self._reader, question).claims)

    def evidence(self, question: str) -> Evidence:
        """See Side. The offline reader cites; sentences that only give a day or a name are left out."""
        shown = self._answer(self._engine, question).provenance.shown
        answer = self._answer(self._reader, question)
        numbers = {number for claim in answer.claims for number in claim.citations}
        cited = [citation for citation in answer.citations if citation.number in numbers]
        sentences = self._engine.library.sentences
        return Evidence(
            tuple(Unit(i, sentences(i)[n].text, sentences(i)[n].start) for _, i, n in shown),
            tuple(Unit(citation.article_id, citation.quote, citation.start) for citation in cited),
        )

    @property
    def notes(self) -> tuple[str, ...]:
        """Warnings, for example that there is no reading model."""
        return self._engine.warnings

    @property
    def _settings(self) -> Settings:
        from qa.settings import Settings

        return Settings.load(library=self._folder, openai_base_url=self._address, model=MODEL)

    @cached_property
    def _engine(self) -> Engine:
        from qa.pipeline import build

        return build(self._settings)

    @cached_property
    def _reader(self) -> Engine:
        return replace(self._engine, drafter=None, judges=())

    def _answer(self, engine: Engine, question: str) -> Answer:
        from qa.model import Done
        from qa.pipeline import ask

        # "Last week" counts from the day of the newest article, as in the evals.
        events = ask(engine, question, today=engine.library.coverage().last)
        return next(event.answer for event in events if isinstance(event, Done))


open_side = Dateline
