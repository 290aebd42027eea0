"""An oracle passes all gates, and each deliberately broken reader fails the right ones.

Every reader runs through the real pipeline: a scripted model that knows the gold, real retrieval and real verification.
The breakage happens after verification, so that only the evaluation can notice it.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from small_world import Oracle, write_world
from verifying import Verified

from qa import pipeline
from qa.articles.parse import ParsedArticle
from qa.errors import InputError, ModelUnparsable
from qa.evaluate.gates import HARD, below_floors, drops, load_floors
from qa.evaluate.gold import Gold, load_gold
from qa.evaluate.record import Record, compare, flips, load_record, record, to_json
from qa.evaluate.results import Run
from qa.evaluate.run import Examiner
from qa.llm.chat import Completion
from qa.model import Answer, Claim, Passage
from qa.settings import Settings
from qa.verification.citations import Numbering
from qa.verification.settle import Settled

OFFLINE = Settings(offline=True)
FLOORS = {**HARD, "correct": 0.5, "citation_f1": 0.5, "answer_rate": 0.5, "abstention_recall": 0.5}

Shown = tuple[Passage, ...]
Breakage = Callable[[Verified, Shown, Mapping[str, ParsedArticle]], Verified]


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> tuple[Gold, Path]:
    gold, articles = write_world(tmp_path_factory.mktemp("world"))
    return load_gold(gold), articles


def examine(world: tuple[Gold, Path], **options: object) -> Run:
    gold, articles = world
    options.setdefault("chat", Oracle([located.case for located in gold.cases]))
    with Examiner(gold, [articles], OFFLINE, **options) as examiner:  # type: ignore[arg-type]
        return examiner.run()


@pytest.fixture(scope="module")
def baseline(world: tuple[Gold, Path]) -> Record:
    return record(examine(world))


def broken(world: tuple[Gold, Path], monkeypatch: pytest.MonkeyPatch, breakage: Breakage) -> Run:
    """Make a run whose verified claims are changed before they become an Answer."""
    answer = pipeline._answer

    def answered(made: Any, settled: Settled, *rest: Any) -> Answer:
        showing = made.showing
        verified = Verified(tuple(showing.claims), showing.citations, settled.rejected)
        changed = breakage(verified, made.drafted.shown, made.retrieved.articles)
        showing.claims[:] = changed.claims
        showing.numbering = Numbering(made.retrieved.articles, changed.citations)
        return answer(made, settled, *rest)

    monkeypatch.setattr(pipeline, "_answer", answered)
    return examine(world)


def failed(run: Run, baseline: Record) -> set[str]:
    """Return the metrics whose gate a run fails."""
    found = record(run)
    return {failure.metric for failure in below_floors(found, FLOORS) + drops(found, baseline)}


def cites(claims: list[tuple[str, Passage, str | None]], articles: Mapping[str, ParsedArticle]) -> Verified:
    """Return claims with citation numbers from the real numbering."""
    numbering = Numbering(articles)
    made = tuple(Claim(text=t, citations=(numbering.number(p),), speaker=who) for t, p, who in claims)
    return Verified(made, numbering.citations, ())


def rewritten(verified: Verified, change: Callable[[Claim], dict[str, object]]) -> Verified:
    claims = tuple(claim.model_copy(update=change(claim)) for claim in verified.claims)
    return Verified(claims, verified.citations, verified.rejected)


# -- the oracle --------------------------------------------------------------------------------------------------------


def test_an_oracle_gets_full_marks_and_passes_all_gates(world: tuple[Gold, Path], baseline: Record) -> None:
    run = examine(world)
    assert all(result.passed and not result.faults for result in run.results)
    metrics = record(run).splits["dev"].metrics
    for name in (
        *("correct", "fact_recall", "forbidden", "speaker", "citation_f1", "citation_validity", "evidence_recall"),
        *("answer_rate", "abstention_precision", "abstention_recall", "abstention_f1", "abstention_reason"),
    ):
        assert metrics[name].mean == 1.0, name
    assert failed(run, baseline) == set()


# -- broken readers ----------------------------------------------------------------------------------------------------


def neighbour(verified: Verified, shown: Shown, articles: Mapping[str, ParsedArticle]) -> Verified:
    """Keep the text, but cite the sentence next to the right one."""
    claims = []
    for claim in verified.claims:
        cited = verified.citations[claim.citations[0] - 1]
        beside = [p for p in shown if p.article_id == cited.article_id and abs(p.sentence.index - cited.sentence) == 1]
        claims.append((claim.text, beside[0], claim.speaker))
    return cites(claims, articles)


def answers_everything(verified: Verified, shown: Shown, articles: Mapping[str, ParsedArticle]) -> Verified:
    return verified if verified.claims else cites([(shown[0].sentence.text, shown[0], None)], articles)


def abstains_from_everything(verified: Verified, shown: Shown, articles: Mapping[str, ParsedArticle]) -> Verified:
    return Verified((), (), ())


def copies_the_top_chunk(verified: Verified, shown: Shown, articles: Mapping[str, ParsedArticle]) -> Verified:
    return cites([(p.sentence.text, p, None) for p in shown if p.article_id == shown[0].article_id], articles)


def alters_a_digit(verified: Verified, shown: Shown, articles: Mapping[str, ParsedArticle]) -> Verified:
    one_more = str.maketrans("0123456789", "1234567890")
    return rewritten(verified, lambda claim: {"text": claim.text.translate(one_more)})


def alters_a_quotation(verified: Verified, shown: Shown, articles: Mapping[str, ParsedArticle]) -> Verified:
    return rewritten(verified, lambda claim: {"text": claim.text.replace("sooner", "rather")})


def alters_a_citation(verified: Verified, shown: Shown, articles: Mapping[str, ParsedArticle]) -> Verified:
    citations = tuple(c.model_copy(update={"quote": c.quote.replace(" the ", " a ")}) for c in verified.citations)
    return Verified(verified.claims, citations, verified.rejected)


def swaps_the_speaker(verified: Verified, shown: Shown, articles: Mapping[str, ParsedArticle]) -> Verified:
    return rewritten(verified, lambda claim: {"speaker": "Lena Tarn"})


def swaps_the_name(verified: Verified, shown: Shown, articles: Mapping[str, ParsedArticle]) -> Verified:
    return rewritten(
        verified,
        lambda claim: {"text": re.sub(r"(Owen|Mara|Ida|(?<=” ))(?= ?[A-Z])", "Lena ", claim.text), "speaker": None},
    )


@pytest.mark.parametrize(
    ("breakage", "must_fail", "must_pass"),
    [
        (neighbour, {"citation_precision", "citation_recall", "citation_f1"}, {"correct", "citation_validity"}),
        (answers_everything, {"abstention_recall"}, {"correct", "answer_rate", "citation_validity"}),
        (abstains_from_everything, {"answer_rate", "correct"}, {"abstention_recall"}),
        (copies_the_top_chunk, {"citation_precision", "abstention_recall"}, {"answer_rate", "citation_validity"}),
        (alters_a_digit, {"correct", "fact_recall"}, {"citation_f1", "answer_rate"}),
        (alters_a_quotation, {"quote_exactness"}, {"citation_f1", "citation_validity"}),
        (alters_a_citation, {"citation_validity"}, {"correct", "answer_rate"}),
        (swaps_the_speaker, {"speaker"}, {"answer_rate", "citation_f1"}),
        (swaps_the_name, {"speaker"}, {"answer_rate", "citation_f1"}),
    ],
)
def test_a_broken_reader_fails_its_gates(
    world: tuple[Gold, Path],
    baseline: Record,
    monkeypatch: pytest.MonkeyPatch,
    breakage: Breakage,
    must_fail: set[str],
    must_pass: set[str],
) -> None:
    found = failed(broken(world, monkeypatch, breakage), baseline)
    assert must_fail <= found
    assert not must_pass & found


def test_hard_invariants_catch_inexact_quotations_and_citations(
    world: tuple[Gold, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    faulty = [r.case.id for r in broken(world, monkeypatch, alters_a_quotation).results if r.faults]
    assert faulty == ["pier-quote"]
    monkeypatch.undo()
    assert any(r.faults for r in broken(world, monkeypatch, alters_a_citation).results)


def test_abstaining_more_cannot_make_up_for_lost_answers(
    world: tuple[Gold, Path], baseline: Record, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Quality is scored on answers only, so abstaining can raise it. The gate on the answer rate fails instead.
    found = record(broken(world, monkeypatch, abstains_from_everything))
    assert "fact_recall" not in found.splits["dev"].metrics
    assert any(f.metric == "answer_rate" for f in drops(found, baseline))


# -- gates and records -------------------------------------------------------------------------------------------------


def test_a_change_within_chance_is_not_a_drop(baseline: Record) -> None:
    cases = {**baseline.cases["dev"]}
    cases["pier-planks"] = {**cases["pier-planks"], "correct": False, "passed": False}
    one_less = baseline.model_copy(update={"cases": {"dev": cases}})
    assert not drops(one_less, baseline)
    assert flips(baseline, one_less) == (["pier-planks"], [])
    assert flips(one_less, baseline) == ([], ["pier-planks"])
    change = next(c for c in compare(baseline, one_less) if c.metric == "correct")
    assert (change.verdict, change.difference.n) == ("unclear", 12)
    assert change.difference.mean == pytest.approx(-1 / 12)


def test_only_common_cases_are_compared(baseline: Record) -> None:
    few = baseline.model_copy(update={"cases": {"dev": dict(list(baseline.cases["dev"].items())[:3])}})
    assert all(c.difference.n <= 3 for c in compare(few, baseline))
    assert not compare(baseline.model_copy(update={"cases": {}}), baseline)


def test_a_record_survives_a_round_trip_through_its_file(baseline: Record, tmp_path: Path) -> None:
    path = tmp_path / "baseline.json"
    path.write_text(to_json(baseline), encoding="utf-8")
    assert load_record(path) == baseline
    assert '\n   "pier-planks": {"passed": true, ' in path.read_text("utf-8")  # one line per case
    assert baseline.conditions.prompts.keys() == {"answer", "repair", "standalone", "values"}
    assert {"dateline-qa", "python", "sentencex"} <= baseline.conditions.versions.keys()
    path.write_text("{}", encoding="utf-8")
    with pytest.raises(InputError, match="not a record"):
        load_record(path)


def test_test_cases_are_not_named_in_a_record(world: tuple[Gold, Path]) -> None:
    run = examine(world)
    hidden = run.model_copy(update={"results": tuple(r.model_copy(update={"split": "test"}) for r in run.results)})
    text = to_json(record(hidden))
    assert not [r.case.id for r in run.results if r.case.id in text]
    assert flips(record(hidden), record(hidden)) == ([], [])


def test_floors_are_read_and_checked(tmp_path: Path, baseline: Record) -> None:
    path = tmp_path / "floors.yaml"
    assert load_floors(path) == HARD
    path.write_text("correct: 0.4\n")
    assert load_floors(path) == {**HARD, "correct": 0.4}
    for wrong in ("corect: 0.4\n", "correct: high\n", "- correct\n", "a: [\n"):
        path.write_text(wrong)
        with pytest.raises(InputError, match=r"floors\.yaml"):
            load_floors(path)
    (failure,) = below_floors(baseline, {"recall@1": 1.01})
    assert "below the floor" in str(failure)
    assert not below_floors(baseline, {"judge": 1.0})  # no case has this score


# -- running -----------------------------------------------------------------------------------------------------------


def test_a_second_run_uses_only_the_cache_and_says_so(world: tuple[Gold, Path], tmp_path: Path) -> None:
    oracle = Oracle([located.case for located in world[0].cases])
    first = examine(world, chat=oracle, cache=tmp_path)
    asked = oracle.asked
    assert first.cache_note == f"0 of {asked} model replies came from the cache"
    second = examine(world, chat=oracle, cache=tmp_path)
    assert oracle.asked == asked  # although every prompt has a new random boundary
    assert second.cache_note == f"{asked} of {asked} model replies came from the cache, so this run was free"
    assert record(second).cases == record(first).cases
    for file in tmp_path.glob("*.json"):
        file.write_text("{", encoding="utf-8")
    examine(world, chat=oracle, cache=tmp_path)
    assert oracle.asked == 2 * asked  # damaged replies are requested again


def test_a_case_the_model_fails_on_is_not_scored_as_zero(world: tuple[Gold, Path], baseline: Record) -> None:
    class Spoiler(Oracle):
        def complete(self, messages: object, shape: object, limits: object = None) -> object:  # type: ignore[override]
            if "planks" in str(messages).rpartition("Question: ")[2]:
                raise ModelUnparsable("not JSON")
            return super().complete(messages, shape)  # type: ignore[arg-type]

    run = examine(world, chat=Spoiler([located.case for located in world[0].cases]))
    spoiled = run.results[0]
    assert (spoiled.error, spoiled.passed, spoiled.scores) == ("not JSON", None, ())
    summary = record(run).splits["dev"]
    assert (summary.failed, summary.metrics["correct"].n) == (1, 11)


def test_a_conversation_is_asked_in_order_with_its_history(
    world: tuple[Gold, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    gold, articles = world
    located = gold.cases[0]
    case = located.case.model_copy(update={"history": ("What happened to the pier?", "When was it shut?")})
    asked: list[tuple[str, int]] = []
    real = pipeline.ask

    def spy(engine: object, question: str, *, history: tuple[object, ...] = (), **rest: object) -> object:
        asked.append((question, len(history)))
        return real(engine, question, history=history, **rest)  # type: ignore[arg-type]

    monkeypatch.setattr(pipeline, "ask", spy)
    follow_up = Gold((replace(located, case=case),), gold.sha256)
    with Examiner(follow_up, [articles], OFFLINE) as examiner:
        examiner.result(case.id)
    assert asked == [("What happened to the pier?", 0), ("When was it shut?", 1), (case.question, 2)]


def test_a_judge_is_reported_but_not_gated(world: tuple[Gold, Path], baseline: Record) -> None:
    class Stern(Oracle):
        def complete(self, messages: object, shape: type, limits: object = None) -> object:  # type: ignore[override]
            if "states_all_facts" in shape.model_fields:
                return Completion(shape.model_validate({"reason": "no", "states_all_facts": False}), None)
            return super().complete(messages, shape)  # type: ignore[arg-type]

    run = examine(world, chat=Stern([located.case for located in world[0].cases]), judged=True)
    found = record(run)
    assert found.splits["dev"].metrics["judge"].mean == 0.0
    assert found.conditions.prompts.keys() == {"answer", "repair", "standalone", "values", "judge"}
    assert not drops(found, baseline)
    with pytest.raises(InputError, match="needs a model"), Examiner(world[0], [world[1]], OFFLINE, judged=True):
        pass


# -- pytest evals ------------------------------------------------------------------------------------------------------


def pytest_evals(folder: Path, *options: str) -> subprocess.CompletedProcess[str]:
    paths = [f"--{name}={folder / file}" for name, file in PATHS.items()]
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", str(EVALS), *paths, *options]
    return subprocess.run(command, capture_output=True, text=True, check=False, cwd=EVALS.parent)


EVALS = Path(__file__).parent.parent / "evals"
PATHS = {"gold": "gold.yaml", "articles": "articles", "baseline": "baseline.json", "floors": "floors.yaml"}


@pytest.mark.slow
def test_pytest_evals_reports_drops_and_faults_in_the_gold(tmp_path: Path) -> None:
    gold, _ = write_world(tmp_path)
    first = pytest_evals(tmp_path, "--update-baseline")
    assert first.returncode == 0, first.stdout + first.stderr
    text = (tmp_path / "baseline.json").read_text("utf-8")
    spoiled = json.loads(text)
    spoiled["cases"]["dev"] = {c: {**v, "mrr": 5.0, "passed": True} for c, v in spoiled["cases"]["dev"].items()}
    (tmp_path / "baseline.json").write_text(json.dumps(spoiled))
    second = pytest_evals(tmp_path, "-n2", "-vv", f"--report={tmp_path / 'report'}")
    assert second.returncode == 1
    assert "test_gold.py::test_case[pier-planks]" in second.stdout
    assert "MRR, articles: dropped from 5.000" in second.stdout
    assert "dev cases that newly fail" in second.stdout
    assert "dropped" in (tmp_path / "report" / "report.html").read_text("utf-8")
    gold.write_text(gold.read_text("utf-8").replace("tore away 14 planks", "tore away 15 planks", 1), encoding="utf-8")
    third = pytest_evals(tmp_path)
    assert third.returncode == pytest.ExitCode.USAGE_ERROR
    assert "gold.yaml:9: 'tore away 15 planks' is not in pier" in third.stderr
