"""Is it still so? Questions about corrected, updated, disputed and steady facts, timelines, and saved answers.

The floors are far below the figures in docs/changes.md: they catch what is broken.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import closing
from datetime import date
from pathlib import Path

import pytest
import yaml

from qa import pipeline
from qa.changes.timeline import timeline
from qa.evaluate import rechecks, timelines
from qa.evaluate.changes import ChangeResult, load_changes, measure, summary
from qa.evaluate.corpus import read_corpus
from qa.ingestion import ingest_into
from qa.library.embedders import WordLlamaEmbedder
from qa.library.library import Library
from qa.model import Answer, Done, Filters
from qa.settings import Settings

HERE = Path(__file__).parent
ARTICLES = [str(HERE / "corpus"), str(HERE / "changes" / "corpus")]
TODAY = date(2026, 11, 1)  # later than every article, and the same in every run


@pytest.fixture(scope="module")
def results(request: pytest.FixtureRequest) -> Iterator[list[ChangeResult]]:
    if any(request.config.getoption(name) for name in ("gold", "articles", "model", "replies")):
        pytest.skip("asks the offline reader about the project's own articles")
    library = Library(None)
    ingest_into(library, ARTICLES, WordLlamaEmbedder())
    engine = pipeline.build(Settings(offline=True), library)

    def ask(question: str, filters: Filters) -> Answer:
        events = list(pipeline.ask(engine, question, filters=filters, today=TODAY))
        assert isinstance(events[-1], Done)
        return events[-1].answer

    yield measure(load_changes(HERE / "changes" / "gold"), read_corpus(ARTICLES), ask)
    engine.close()


@pytest.fixture(scope="module")
def checked(tmp_path_factory: pytest.TempPathFactory, results: list[ChangeResult]) -> list[rechecks.RecheckResult]:
    """Saved answers, held against what the library got later. Skipped where ``results`` are."""
    corpora = [HERE / "corpus", HERE / "changes" / "corpus"]
    cases = rechecks.load_rechecks(HERE / "changes" / "gold")
    return rechecks.measure(cases, corpora, HERE / "changes" / "later", tmp_path_factory.mktemp("rechecks"))


@pytest.fixture(scope="module")
def drawn(results: list[ChangeResult]) -> list[timelines.TimelineResult]:
    """Timelines over all articles. Skipped where ``results`` are."""
    cases = timelines.load_timelines(HERE / "changes" / "gold")
    with closing(Library(None)) as library:
        ingest_into(library, ARTICLES, WordLlamaEmbedder())
        return timelines.measure(cases, read_corpus(ARTICLES), lambda subject: timeline(library, subject))


@pytest.mark.parametrize("split", ["dev", "test"])
def test_changes_reach_their_floors(
    results: list[ChangeResult],
    checked: list[rechecks.RecheckResult],
    drawn: list[timelines.TimelineResult],
    split: str,
    request: pytest.FixtureRequest,
    capsys: pytest.CaptureFixture[str],
) -> None:
    measured = {
        **summary([one for one in results if one.split == split]),
        **{f"recheck {k}": v for k, v in rechecks.summary([c for c in checked if c.split == split]).items()},
        **timelines.summary([one for one in drawn if one.split == split]),
    }
    with capsys.disabled():
        terminal = request.config.get_terminal_writer()
        terminal.line()
        for name, (count, total) in measured.items():
            terminal.line(f"{split:5} {name:40} {count:3} of {total:3}  {count / total:.2f}")
    floors = yaml.safe_load((HERE / "changes" / "floors.yaml").read_text("utf-8"))
    shares = {name: count / total for name, (count, total) in measured.items()}
    low = [f"{name}: {shares[name]:.2f} < {least}" for name, least in floors["least"].items() if shares[name] < least]
    high = [f"{name}: {shares[name]:.2f} > {most}" for name, most in floors["most"].items() if shares[name] > most]
    assert not [*low, *high]


def test_every_change_is_told_with_the_sentences_of_both_sides(results: list[ChangeResult]) -> None:
    for result in results:
        answer = result.answer
        for conflict in answer.conflicts:
            assert conflict.detail
            cited = {n for index in conflict.claims for n in answer.claims[index].citations}
            # One sentence may give both sides of a disagreement, or say itself what it corrects or what was before.
            assert len(cited) > 1 or conflict.kind != "rounding", (result.case.id, conflict)
            if conflict.kind == "update" and len(cited) == 1:
                (quote,) = (c.quote for c in answer.citations if c.number in cited)
                values = set(re.findall(r"“(.+?)” \(", conflict.detail))
                assert len(values) == 2, (result.case.id, conflict)
                assert all(value in quote for value in values), (result.case.id, conflict)
