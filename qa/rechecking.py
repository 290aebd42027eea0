"""Holds saved answers against today's library. ``qa.changes.recheck`` says what became of each claim.

The question is searched once more, and what is found is weighed against the claims, as for a new answer. Of the
filters, ``as_of`` is left out, because later articles are what is looked for. All others are kept: whoever asked one
outlet, or for the words of one person, is not told of others. But a correction of a cited sentence counts wherever it
stands. No model is asked, and nothing leaves this machine.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing
from datetime import UTC, date, datetime
from pathlib import Path

from pydantic import ValidationError

from .articles.parse import ParsedArticle
from .changes.corrections import Correction, corrections_of
from .changes.recheck import Finding, Place, Weigh, check, claims_of, evidence_of, report
from .changes.tracing import Tracer
from .changes.weigh import Corrections, Weighed, Weigher
from .english.characters import legible
from .errors import EmptyLibrary, InputError
from .library.library import Library
from .model import Answer, Done, Filters, Hit, Recheck, Sentence, SkippedFile
from .pipeline import Engine, ask, build, weigher_of
from .questions.plan import fit_to_library, plan
from .search.rank import Scored, rank
from .search.retrieve import Retrieved, retrieve
from .settings import READER_PASSAGES, Settings, place_of
from .verification.evidence import Evidence

CONTEXT = 2  # sentences read on both sides of a cited one that the search has not found
ANSWERING = 3  # the most claims that are shown of what answers a question now
OFFLINE = {"offline": True, "model": None, "openai_api_key": None, "openai_base_url": None}


def recheck(
    answer: Answer | str | Path, *, library: str | Path | None = None, settings: Settings | None = None
) -> Recheck:
    """Hold a saved answer against today's library.

    Args:
        answer: the answer, or the JSON file that ``qa ask --json`` has written.
        library: folder of the library.
        settings: default: those of the environment.

    Returns:
        What became of each claim: it stands, was corrected, superseded or disputed, or its sentence is gone.

    Raises:
        InputError: the file is not a saved answer.
        LibraryError: the library cannot be used.
        SettingsError: a setting is wrong.
    """
    saved = answer if isinstance(answer, Answer) else read_answer(Path(answer))
    with closing(Rechecker(library, settings)) as rechecker:
        return rechecker.recheck(saved, None if isinstance(answer, Answer) else str(answer))


class Rechecker:
    """Rechecks any number of answers. The library, its index and the reading model are opened once."""

    def __init__(self, library: str | Path | None = None, settings: Settings | None = None) -> None:
        """Open the library. Raises LibraryError, SettingsError, and EmptyLibrary if it has no articles."""
        settings = settings or Settings.load(library=library)
        place = settings.library if library is None else place_of(library)
        self._engine = build(settings.model_copy(update={**OFFLINE, "library": place}))
        if not self._engine.library.coverage().articles:
            where = self._engine.library.where
            self.close()
            raise EmptyLibrary(f"There are no articles in {where}. Add some with: qa ingest <files or folders>")

    @classmethod
    def over(cls, engine: Engine) -> Rechecker:
        """Return a rechecker that uses what is open already. The engine has no model."""
        rechecker = cls.__new__(cls)
        rechecker._engine = engine
        return rechecker

    def close(self) -> None:
        """Close everything that was opened."""
        self._engine.close()

    def recheck(self, answer: Answer, origin: str | None = None) -> Recheck:
        """Hold one answer against the library. ``origin`` is its file, for the report."""
        engine = self._engine
        with engine.library.reading() as library:
            found, now, revision = self._findings(answer, library), self._now(answer, library), library.revision
        return report(
            answer,
            found,
            now,
            origin=origin,
            checked=datetime.now(UTC),
            revision=revision,
            warnings=engine.warnings,
        )

    def _findings(self, answer: Answer, library: Library) -> list[Finding]:
        tracer, claims = Tracer(library), claims_of(answer)
        shown = frozenset(legible(c.quote) for c in answer.citations)
        traced = [[tracer.trace(c, answer.article(c)) for c in answer.cited(claim)] for claim in claims]
        standing = [e for claim, traces in zip(claims, traced, strict=True) if (e := evidence_of(claim, traces))]

        def corrections(sentence: Sentence, article: ParsedArticle) -> tuple[Correction, ...]:
            return corrections_of(sentence, article, library, Filters())

        def is_news(place: Place) -> bool:
            sentence, article = place
            got = library.versions_of(article.id.partition("@")[0])[-1].added
            return legible(sentence.text) not in shown and got > answer.provenance.created

        weigh = self._weigh(answer, standing, library, corrections)
        return [check(claim, traces, is_news, weigh, corrections) for claim, traces in zip(claims, traced, strict=True)]

    def _weigh(self, answer: Answer, claims: Sequence[Evidence], library: Library, corrections: Corrections) -> Weigh:
        """Search the question of an answer today, and return what weighs its claims against what is found."""
        engine = self._engine
        asked = fit_to_library(plan(answer.standalone, _filters(answer), today=asked_on(answer)), library)
        listed = asked.speaker_query is not None and asked.speaker_query.everything
        found, ranked = Retrieved((), {}, {}, {}), tuple[Scored, ...]()
        if claims and not listed:
            found = retrieve(asked, library, engine.index, engine.embedder, engine.settings.passages or READER_PASSAGES)
            found = _with(found, claims)
            ranked = rank(asked, found, engine.scorer, engine.reading)

        def weigh(evidence: Evidence) -> Weighed:
            if listed:  # what somebody said does not change by what they said later, but it may be corrected
                articles = {article.id: article for article in evidence.parsed}
                return Weigher(asked.query, (), articles, corrections).weigh(evidence)
            # One weigher for each claim, because it searches once more with the words of its first one.
            return weigher_of(engine, asked, found, ranked, Filters()).weigh(evidence)

        return weigh

    def _now(self, answer: Answer, library: Library) -> list[Place]:
        """The sentences that answer a question today to which there was no answer.

        The reader may answer what a model did not, from the same articles. That is no news, so an answer to a model's
        question has to cite an article that the library got since.
        """
        if answer.abstention is None:
            return []
        events = ask(self._engine, answer.standalone, filters=_filters(answer), today=asked_on(answer))
        found = next(event.answer for event in events if isinstance(event, Done))
        cited = [c for claim in found.claims[:ANSWERING] for c in found.cited(claim)]
        created = answer.provenance.created
        if answer.provenance.mode == "model" and not any(
            library.versions_of(c.article_id)[-1].added > created for c in cited
        ):
            return []
        parsed = library.parsed(c.article_id for c in cited)
        return [(parsed[c.article_id].sentences[c.sentence], parsed[c.article_id]) for c in cited]


def _with(found: Retrieved, claims: Iterable[Evidence]) -> Retrieved:
    """What was found, with the sentences of claims that were not found: their values are what is compared."""
    hits, articles = list(found.hits), dict(found.articles)
    for passage, article in (pair for evidence in claims for pair in evidence.pairs):
        index, articles[article.id] = passage.sentence.index, article
        if not any(hit.article_id == article.id and hit.first <= index <= hit.last for hit in hits):
            first, last = max(0, index - CONTEXT), min(len(article.sentences) - 1, index + CONTEXT)
            score = min((hit.score for hit in found.hits), default=1.0)
            hits.append(Hit(chunk_id=0, article_id=article.id, first=first, last=last, score=score))
    return Retrieved(tuple(hits), articles, found.copies, found.idf)


def _filters(answer: Answer) -> Filters:
    return answer.filters.model_copy(update={"as_of": None, "basis": "published"})


def asked_on(answer: Answer) -> date:
    """Return the day from which "last week" was counted when an answer was made."""
    return answer.filters.as_of or answer.provenance.asked_on or answer.provenance.created.date()


# -- files -------------------------------------------------------------------------------------------------------------

Saved = tuple[Path, Answer]
Unreadable = Callable[[SkippedFile], None]


def saved_answers(paths: Iterable[str | Path], on_skipped: Unreadable = lambda _: None) -> Iterator[Saved]:
    """Yield the answers in files and folders, each with its file.

    Folders are searched for ``*.json``, also below them, but not in hidden folders.

    Args:
        paths: files and folders.
        on_skipped: called with each file that is not a saved answer.
    """
    for path in map(Path, paths):
        for file in _files(path.expanduser()):
            try:
                yield file, read_answer(file)
            except InputError as error:
                on_skipped(SkippedFile(origin=str(file), reason=str(error)))


def _files(path: Path) -> list[Path]:
    if not path.is_dir():
        return [path]
    found = sorted(path.rglob("*.json"))
    return [f for f in found if not any(part.startswith(".") for part in f.relative_to(path).parts)]


def read_answer(file: Path) -> Answer:
    """Read an answer that ``qa ask --json`` has written. Raises InputError if the file holds none."""
    return answer_of(read_json(file), file)


def read_json(file: Path) -> object:
    """Read a JSON file. Raises InputError."""
    try:
        return json.loads(file.read_bytes())
    except OSError as error:
        raise InputError(f"{file} cannot be read ({error.strerror or error}).") from None
    except (ValueError, RecursionError):
        raise InputError(f"{file} is not JSON. Save answers with: qa ask --json") from None


def answer_of(data: object, file: Path) -> Answer:
    """Return JSON data as an answer. Raises InputError if it is none."""
    remedy = "Save answers with: qa ask --json"
    try:
        answer = Answer.model_validate_json(json.dumps(data))
    except ValidationError as error:
        fault = error.errors()[0]
        what = ": ".join(filter(None, (".".join(map(str, fault["loc"])), fault["msg"])))
        raise InputError(f"{file} is not a saved answer ({what}). {remedy}") from None
    versions = {a.id: a.version for a in answer.articles}
    if any(versions[c.article_id] != c.version for c in answer.citations):
        raise InputError(f"{file} is not a saved answer (it cites another version than it lists). {remedy}")
    return answer
