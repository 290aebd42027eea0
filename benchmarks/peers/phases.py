"""The phases that are measured. Each runs in a process of its own: ``python -m benchmarks.peers.phases TASK``."""

from __future__ import annotations

import json
import statistics
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import cached_property
from pathlib import Path
from time import perf_counter
from typing import Any

from benchmarks import generate
from qa.articles.parse import sentences_of
from qa.evaluate.corpus import ResolvedCase, SentenceKey, read_corpus, resolve
from qa.evaluate.gold import load_gold
from qa.model import Article, Sentence

from .side import Evidence, Side, Unit, opened

Figures = dict[str, Any]

EVALS = Path(__file__).parent.parent.parent / "evals"
CHUNKS = 64  # chunks whose articles are ranked: enough for ten articles
RANKS = (1, 5, 10)


@dataclass(frozen=True)
class Task:
    """One phase of one framework.

    ``generated`` counts articles, and ``words`` is the median of their words. ``cases`` and ``questions`` count those
    to ask (0: all).
    """

    phase: str
    side: str
    folder: str
    address: str
    generated: int
    words: int
    cases: int
    questions: int


class Material:
    """The articles and the gold questions, which are the same for every framework."""

    def __init__(self, task: Task) -> None:
        self._task = task

    @cached_property
    def articles(self) -> dict[str, Article]:
        """All articles by id: those of the corpus, and generated ones."""
        made = generate.articles(self._task.generated, median=self._task.words)
        return {**self._corpus.articles, **{article.id: article for article in made}}

    @cached_property
    def cases(self) -> list[ResolvedCase]:
        """The answerable gold questions without history and filters, or some of them, evenly spaced."""
        found = [c for c in resolve(load_gold(EVALS / "gold"), self._corpus) if is_plain(c)]
        return spaced(found, self._task.cases)

    @cached_property
    def _corpus(self) -> Any:
        return read_corpus([EVALS / "corpus"])


def is_plain(resolved: ResolvedCase) -> bool:
    """Whether a gold question is answerable, and can be asked of every framework."""
    case = resolved.case
    return case.answerable and not case.history and not case.search.active


def spaced(items: Sequence[Any], most: int) -> list[Any]:
    """Return at most ``most`` items, evenly spaced; all if it is 0."""
    count = min(most or len(items), len(items))
    return [items[n * len(items) // count] for n in range(count)]


# -- the phases ----------------------------------------------------------------------------------------------------


def ingest(task: Task, side: Side, material: Material) -> Figures:
    """Time from the articles in memory until the last one of them is found, and until the ingest is done.

    Before, two articles go to another folder, so that all modules are imported. Each framework loads the vectors of the
    embedder within the time.
    """
    articles = list(material.articles.values())
    warm = opened(task.side, Path(task.folder) / "warm-up", task.address)
    warm.ingest(articles[:2], lambda: None)
    warm.ranked(articles[0].title or "", 1)
    answerable: list[float] = []

    def find() -> None:
        assert side.ranked(articles[-1].title or "", 1), "nothing is found"
        answerable.append(perf_counter() - started)

    started = perf_counter()
    side.ingest(articles, find)
    seconds = perf_counter() - started
    words = sum(len(article.text.split()) for article in articles) / len(articles)
    return {"articles": len(articles), "words": words, "answerable": answerable[0], "seconds": seconds}


def ask(task: Task, side: Side, material: Material) -> Figures:
    """Time whole answers, after one to warm up."""
    asked = [case.case.question for case in spaced(material.cases, task.questions)]
    times, cited = timed(side.ask, [asked[0], *asked])
    figures: Figures = {"questions": len(asked), "ms": 1000 * statistics.median(times[1:]), "cited": sum(cited[1:])}
    return figures


def read(task: Task, side: Side, material: Material) -> Figures:
    """Time answers without a model, after one to warm up. Empty if the framework gives none."""
    without_model = getattr(side, "read", None)
    if without_model is None:
        return {}
    asked = [case.case.question for case in spaced(material.cases, task.questions)]
    times, _ = timed(without_model, [asked[0], *asked])
    return {"ms": 1000 * statistics.median(times[1:])}


def timed(call: Callable[[str], bool], questions: Sequence[str]) -> tuple[list[float], list[bool]]:
    """Ask the questions one after the other. Returns the seconds of each, and whether it was answered."""
    times, answered = [], []
    for question in questions:
        started = perf_counter()
        answered.append(call(question))
        times.append(perf_counter() - started)
    return times, answered


def quality(task: Task, side: Side, material: Material) -> Figures:
    """Compare what is found, shown and cited with the gold sentences. Returns the values of each case."""
    places = Places(material.articles)
    rows = []
    for case in material.cases:
        ranked = side.ranked(case.case.question, CHUNKS)
        values = hits(case, ranked) | citations(case, side.evidence(case.case.question), places)
        rows.append({"id": case.case.id, "split": case.split, "values": values})
    return {"rows": rows, "notes": list(getattr(side, "notes", ()))}


PHASES: dict[str, Callable[[Task, Side, Material], Figures]] = {
    "ingest": ingest,
    "ask": ask,
    "read": read,
    "quality": quality,
}


# -- what one case scores ------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Place:
    """Where a unit stands.

    ``sentences`` are those of which it holds at least half. ``whole`` is whether it begins and ends where sentences do,
    and ``exact`` whether the framework itself gives its offset in the article, and the right one.
    """

    sentences: frozenset[SentenceKey]
    whole: bool
    exact: bool


class Places:
    """Finds units in their articles."""

    def __init__(self, articles: Mapping[str, Article]) -> None:
        self._articles = articles
        self._sentences: dict[str, tuple[Sentence, ...]] = {}

    def find(self, unit: Unit) -> Place:
        """Return the place of a unit. A text that is not in its article has no sentences."""
        text = self._articles[unit.article_id].text
        exact = unit.start is not None and text[unit.start : unit.start + len(unit.text)] == unit.text
        start = unit.start if exact and unit.start is not None else text.find(unit.text)
        if start < 0:
            return Place(frozenset(), whole=False, exact=False)
        end = start + len(unit.text.rstrip())
        start += len(unit.text) - len(unit.text.lstrip())
        sentences = self._of(unit.article_id)
        held = (s for s in sentences if 2 * (min(end, s.end) - max(start, s.start)) >= s.end - s.start)
        whole = any(s.start == start for s in sentences) and any(s.end == end for s in sentences)
        return Place(frozenset((unit.article_id, s.index) for s in held), whole, exact)

    def _of(self, article_id: str) -> tuple[Sentence, ...]:
        if article_id not in self._sentences:
            self._sentences[article_id] = sentences_of(self._articles[article_id])
        return self._sentences[article_id]


def hits(case: ResolvedCase, ranked: Sequence[str]) -> Figures:
    """Whether an article with a gold sentence is among the first articles."""
    gold = {article for item in case.required for article, _ in item}
    articles = list(dict.fromkeys(ranked))
    return {f"hit@{rank}": bool(gold & set(articles[:rank])) for rank in RANKS}


def citations(case: ResolvedCase, evidence: Evidence, places: Places) -> Figures:
    """What the shown and the cited units hold of the gold. A measure that a case has no value for is left out.

    The best unit is the one of which the largest share is gold, among those that hold a sentence of a perfect answer.
    """
    shown, cited = ([places.find(unit) for unit in units] for units in (evidence.shown, evidence.cited))
    right = [p for p in shown if any(item & p.sentences for item in case.required)]
    figures: Figures = {
        "units": len(shown),
        "not located": sum(not p.sentences for p in shown),
        "shown": share(case, shown),
        "cites": bool(cited),
        "cited": share(case, cited),
    }
    if cited:
        figures["sentences"] = statistics.mean(len(p.sentences) for p in cited)
        figures["precision"] = precision(case, cited)
        figures["whole"] = statistics.mean(p.whole for p in cited)
        figures["exact"] = statistics.mean(p.exact for p in cited)
    if right:
        figures["best precision"] = max(precision(case, [p]) for p in right)
    return figures


def share(case: ResolvedCase, places: Sequence[Place]) -> float:
    """Return the share of required items with a sentence in one of the units."""
    held = frozenset[SentenceKey]().union(*(p.sentences for p in places))
    return sum(bool(item & held) for item in case.required) / len(case.required)


def precision(case: ResolvedCase, places: Sequence[Place]) -> float:
    """Return the share of the units' sentences that are gold, or may be cited too."""
    held = frozenset[SentenceKey]().union(*(p.sentences for p in places))
    return len(held & case.acceptable) / len(held) if held else 0.0


def main() -> None:
    """Run the phase that the first argument describes, and write its figures to the file that the second one names."""
    task = Task(**json.loads(sys.argv[1]))
    side = opened(task.side, Path(task.folder), task.address)
    figures = PHASES[task.phase](task, side, Material(task))
    Path(sys.argv[2]).write_text(json.dumps(figures))


def command(task: Task, out: Path) -> list[str]:
    """Return the command line that runs a phase in its own process."""
    return [sys.executable, "-m", f"{__package__}.phases", json.dumps(asdict(task)), str(out)]


if __name__ == "__main__":
    main()
