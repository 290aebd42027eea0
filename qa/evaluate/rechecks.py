"""Measures rechecks: a saved answer held one claim, the library then got more articles; what does it say today?

Each case names what the library held when the answer was saved, the sentence that the claim rested on, what the library
holds now, the verdict of a careful editor, and the sentences that say so.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

import yaml
from pydantic import Field

from ..ingestion import ingest_into
from ..library.embedders import WordLlamaEmbedder
from ..library.library import Library
from ..model import Answer, Citation, Claim, Coverage, Filters, Provenance, Recheck, Value, Verdict, day_of
from ..pipeline import build
from ..rechecking import Rechecker
from ..settings import Settings
from .changes import keys_of
from .corpus import Corpus, read_corpus, sentence_at
from .gold import GoldError, GoldEvidence, Place, Split


class Held(Value):
    """The articles of a library by file name without suffix. Those of ``later`` are there in their later version."""

    articles: Literal["all"] | tuple[str, ...]
    later: tuple[str, ...] = ()


class Sentences(GoldEvidence):
    """A sentence that says what changed. ``later``: it stands in the later version of its article."""

    later: bool = False
    alternatives: tuple[Sentences, ...] = Field(default=(), alias="or")


class RecheckCase(Value):
    """One saved claim. ``by`` are sentences of which a good recheck shows one."""

    id: str
    question: str
    saved: Held
    claim: Place
    now: Held
    verdict: Verdict
    by: tuple[Sentences, ...] = ()


class RecheckFile(Value):
    """A YAML file of rechecks."""

    storyline: str
    split: Split
    rechecks: tuple[RecheckCase, ...]


@dataclass(frozen=True)
class RecheckResult:
    """What a recheck found.

    Attributes:
        case: the case.
        split: dev or test.
        recheck: what was found.
        right: the verdict is that of the gold.
        cited: one of the sentences that say so is shown. None if the case has none.
    """

    case: RecheckCase
    split: Split
    recheck: Recheck
    right: bool
    cited: bool | None


def load_rechecks(folder: Path, splits: Sequence[Split] = ("dev", "test")) -> list[tuple[RecheckFile, RecheckCase]]:
    """Load the rechecks of a folder, each with its file. Raises GoldError, ValidationError."""
    files = sorted(folder.glob("*-rechecks.yaml"))
    if not files:
        raise GoldError([f"{folder}: no *-rechecks.yaml file in this folder."])
    loaded = [RecheckFile.model_validate(yaml.safe_load(f.read_text("utf-8"))) for f in files]
    return [(one, case) for one in loaded if one.split in splits for case in one.rechecks]


def measure(
    cases: Iterable[tuple[RecheckFile, RecheckCase]], corpora: Sequence[Path], later: Path, workplace: Path
) -> list[RecheckResult]:
    """Check every claim again. Raises GoldError if an article or a sentence of a case is not there.

    Args:
        cases: the cases.
        corpora: folders with one folder of articles for each storyline.
        later: the same, with later versions of some articles under the same names.
        workplace: an empty folder, to write in.
    """
    return [_measured(one, case, corpora, later, workplace / case.id) for one, case in cases]


def _measured(
    one: RecheckFile, case: RecheckCase, corpora: Sequence[Path], later: Path, workplace: Path
) -> RecheckResult:
    files = {f.stem: f for corpus in corpora for f in (corpus / one.storyline).glob("*.*")}
    changed = {f.stem: f for f in (later / one.storyline).glob("*.*")}
    workplace.mkdir(parents=True)
    with closing(Library(None)) as library:
        _hold(case.saved, files, changed, workplace, library)
        answer = saved_answer(case.question, case.claim, read_corpus([workplace]), library)
        _hold(case.now, files, changed, workplace, library)
        rechecker = Rechecker.over(build(Settings(offline=True), library))
        found = rechecker.recheck(answer)
        shown = {(c.article_id, c.sentence) for c in found.claims[0].by}
        corpus = read_corpus([workplace])
        cited = any(shown & keys_of(place, corpus) for place in case.by) if case.by else None
    return RecheckResult(case, one.split, found, found.claims[0].verdict == case.verdict, cited)


def _hold(held: Held, files: Mapping[str, Path], later: Mapping[str, Path], folder: Path, library: Library) -> None:
    """Make a folder and a library hold some articles, and no others."""
    wanted = files if held.articles == "all" else {name: _file(files, name) for name in held.articles}
    wanted = {**wanted, **{name: _file(later, name) for name in held.later}}
    for file in folder.iterdir():
        if file.stem not in wanted:
            file.unlink()
    for file in wanted.values():
        shutil.copyfile(file, folder / file.name)
    ingest_into(library, str(folder), WordLlamaEmbedder(), prune=True)


def _file(files: Mapping[str, Path], name: str) -> Path:
    if name not in files:
        raise GoldError([f"no article is called {name!r}"])
    return files[name]


def saved_answer(question: str, claim: Place, corpus: Corpus, library: Library) -> Answer:
    """Return an answer with one claim: a sentence, word for word. Raises GoldError if it is not one sentence."""
    found = sentence_at(claim, corpus)
    if isinstance(found, str):
        raise GoldError([found])
    article_id, index = found
    article = library.parsed([article_id])[article_id]
    sentence = article.sentences[index]
    covered = library.coverage()
    return Answer(
        question=question,
        standalone=question,
        filters=Filters(),
        status="answered",
        claims=(
            Claim(text=sentence.text, citations=(1,), standing="current", as_of=day_of(article.article.published)),
        ),
        citations=(
            Citation(
                number=1,
                article_id=article_id,
                version=article.article.version,
                sentence=index,
                start=sentence.start,
                end=sentence.end,
                quote=sentence.text,
            ),
        ),
        articles=(article.article.ref(),),
        coverage=Coverage(articles=covered.articles),
        provenance=Provenance(
            mode="reader",
            embedder="wordllama",
            qa_version="0",
            library_revision=library.revision,
            asked_on=covered.last,
            created=datetime.now(UTC),
        ),
    )


def summary(results: Sequence[RecheckResult]) -> Mapping[str, tuple[int, int]]:
    """Return how many of how many, by measure.

    "precision" is the share of the changes told that are right; "alarms" the claims that stand, and are said not to.
    """
    shares: dict[str, list[bool]] = {}
    for result in results:
        verdict = result.recheck.claims[0].verdict
        shares.setdefault("right", []).append(result.right)
        shares.setdefault(f"right {result.case.verdict}", []).append(result.right)
        if verdict != "stands":
            shares.setdefault(f"precision {verdict}", []).append(result.right)
        if result.case.verdict == "stands":
            shares.setdefault("alarms", []).append(verdict != "stands")
        else:
            shares.setdefault("changes noticed", []).append(verdict != "stands")
        if result.cited is not None and result.right:
            shares.setdefault("shown with the right sentence", []).append(result.cited)
    return {name: (sum(values), len(values)) for name, values in sorted(shares.items())}
