"""The pytest plugin behind ``pytest evals``: one test per case, one run per session, gates, report and baseline.

Under xdist, each worker asks the cases it is given and writes the results to a folder that all workers share. A worker
that needs the whole run reads these results and asks the missing cases. The controller reads the finished run for its
summary.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from ..errors import QAError
from ..settings import Settings
from .cache import default_cache
from .corpus import read_corpus, resolve
from .gates import Failure, below_floors, drops, load_floors
from .gold import Gold, load_gold
from .record import Record, flips, load_record, record, to_json
from .replies import RepliesByHand
from .report import table, write
from .results import CaseResult, Run
from .run import Examiner

if TYPE_CHECKING:
    from _pytest.terminal import TerminalReporter

GOLD = pytest.StashKey[Gold]()
RUN_FILE = pytest.StashKey[Path]()
REPLIES = pytest.StashKey[str]()


def pytest_addoption(parser: pytest.Parser) -> None:
    """The options of ``pytest evals``."""
    group = parser.getgroup("dateline", "Dateline's evaluation")
    group.addoption("--gold", type=Path, help="gold file or folder (default: evals/gold)")
    group.addoption("--articles", type=Path, help="folder of the articles (default: evals/corpus)")
    group.addoption("--baseline", type=Path, help="record to compare with (default: evals/baseline.json)")
    group.addoption("--floors", type=Path, help="YAML file with lines `metric: minimum` (default: evals/floors.yaml)")
    group.addoption("--model", help="ask this model instead of the offline reader (-m live asks the one in QA_MODEL)")
    group.addoption(
        "--replies", type=Path, metavar="DIR", help="use replies written by hand instead of a model, for their cases"
    )
    group.addoption("--judge", action="store_true", help="also let the model judge its answers; no gate uses this")
    group.addoption("--cache", type=Path, help="folder of model replies (default: your cache folder)")
    group.addoption(
        "--report", type=Path, metavar="DIR", help="write report.html, record.json and cases.jsonl to this folder"
    )
    group.addoption("--show-test", action="store_true", help="show test cases one by one; the report notes this")
    group.addoption("--update-baseline", action="store_true", help="replace the baseline with this run")


def pytest_configure(config: pytest.Config) -> None:
    """Load and resolve the gold first. A fault in it is one usage error with file and line, not 300 tracebacks."""
    with _usage_errors():
        settings(config)
        gold = load_gold(_path(config, "gold"))
        folder = config.getoption("--replies")
        config.stash[GOLD] = RepliesByHand(folder).answered(gold) if folder else gold
        if not hasattr(config, "workerinput"):
            resolve(config.stash[GOLD], read_corpus([_path(config, "articles", default="corpus")]))


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Turn a test that takes ``case_id`` into one test per case."""
    if "case_id" in metafunc.fixturenames:
        ids = [located.case.id for located in metafunc.config.stash[GOLD].cases]
        metafunc.parametrize("case_id", ids, ids=ids)


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Mark every case ``live`` if a model is asked, so that ``-m live`` selects them all."""
    if _live(config):
        for item in items:
            item.add_marker(pytest.mark.live)


def settings(config: pytest.Config) -> Settings:
    """Return settings for the offline reader. Of the environment only ``QA_READING`` counts; with a model, all does."""
    reading = Settings.load(offline=True).reading
    if config.getoption("--replies"):
        return Settings(reading=reading)
    if not _live(config):
        return Settings(offline=True, reading=reading)
    found = Settings.load(model=config.getoption("--model"))
    if not found.uses_model:
        raise pytest.UsageError("-m live needs a model. Set OPENAI_API_KEY or OPENAI_BASE_URL, and QA_MODEL.")
    return found


class Session:
    """The examiner of this process, and the results that all workers share."""

    def __init__(self, examiner: Examiner, folder: Path) -> None:
        self._examiner = examiner
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True)

    def result(self, case_id: str) -> CaseResult:
        """Return the result of a case: from another worker if there is one, else ask now."""
        file = self.folder / f"{case_id}.json"
        with suppress(FileNotFoundError):
            return CaseResult.model_validate_json(file.read_text(encoding="utf-8"))
        result = self._examiner.result(case_id)
        _write(file, result.model_dump_json())
        return result

    def run(self) -> Run:
        """Return the results of all cases."""
        results = (self.result(case_id) for case_id in self._examiner.cases)
        return Run(conditions=self._examiner.conditions, results=tuple(results))


@pytest.fixture(scope="session")
def dateline_session(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Session]:
    """Yield the session of this process, with one engine over the corpus."""
    config = request.config
    shared = tmp_path_factory.getbasetemp()
    if hasattr(config, "workerinput"):
        shared = shared.parent  # the session's folder, above this worker's own
    folder = config.getoption("--replies")
    replies = RepliesByHand(folder) if folder else None
    examiner = Examiner(
        config.stash[GOLD],
        [_path(config, "articles", default="corpus")],
        settings(config),
        cache=config.getoption("--cache") or default_cache(),
        replies=replies,
        judged=config.getoption("--judge"),
    )
    with examiner:
        yield Session(examiner, shared / "dateline-results")
    if replies is not None:
        config.stash[REPLIES] = replies.note


@pytest.fixture
def case_result(dateline_session: Session, case_id: str) -> CaseResult:
    """Return the result of the test's case."""
    return dateline_session.result(case_id)


@pytest.fixture(scope="session")
def eval_run(dateline_session: Session, request: pytest.FixtureRequest) -> Run:
    """Return the whole run, and write it to a file for the terminal summary."""
    run = dateline_session.run()
    file = dateline_session.folder / "_run.json"
    _write(file, run.model_dump_json())
    request.config.stash[RUN_FILE] = file
    return run


@pytest.fixture(scope="session")
def eval_record(eval_run: Run, request: pytest.FixtureRequest) -> Record:
    """Return the record of the run."""
    return record(eval_run, test_shown=request.config.getoption("--show-test"))


@pytest.fixture(scope="session")
def eval_baseline(eval_record: Record, request: pytest.FixtureRequest) -> Record:
    """Return the baseline. Skips if there is none, if it is for another system, or if it is being replaced."""
    if request.config.getoption("--update-baseline"):
        pytest.skip("the baseline is being replaced with this run")
    baseline = _baseline(request.config)
    if baseline is None:
        pytest.skip("there is no baseline yet; write it with --update-baseline")
    if not eval_record.conditions.comparable(baseline.conditions):
        pytest.skip(f"the baseline is for another system ({baseline.conditions.system})")
    return baseline


@pytest.fixture(scope="session")
def eval_floors(request: pytest.FixtureRequest) -> Mapping[str, float]:
    """Return the floor of each metric that has one."""
    return load_floors(_path(request.config, "floors", default="floors.yaml"))


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Tell the controller, from a worker, where the run is."""
    output: dict[str, Any] | None = getattr(session.config, "workeroutput", None)
    file = session.config.stash.get(RUN_FILE, None)
    if output is not None and file:
        output["dateline_run"] = str(file)


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any) -> None:
    """Store in the controller where the run is."""
    if file := getattr(node, "workeroutput", {}).get("dateline_run"):
        node.config.stash[RUN_FILE] = Path(file)


def pytest_terminal_summary(terminalreporter: TerminalReporter, config: pytest.Config) -> None:
    """Print the table, the changes, and the path of the report. Ids of test cases are not printed."""
    file = config.stash.get(RUN_FILE, None)
    if file is None:
        return
    from rich.console import Console

    run = Run.model_validate_json(file.read_text(encoding="utf-8"))
    found = record(run, test_shown=config.getoption("--show-test"))
    baseline = _baseline(config)
    terminalreporter.section("evaluation")
    Console(file=terminalreporter._tw._file, width=120, highlight=False).print(table(found, baseline))
    if note := config.stash.get(REPLIES, ""):
        terminalreporter.write_line(note)
    for line in [*_notes(run, found, baseline), *_written(config, run, found, baseline)]:
        terminalreporter.write_line(line)


def _notes(run: Run, found: Record, baseline: Record | None) -> Iterator[str]:
    if run.cache_note:
        yield f"{run.cache_note}."
    if failed := sum(r.answer is None for r in run.results):
        yield f"{failed} cases could not be asked and are unscored."
    if found.test_shown:
        failing = [r.case.id for r in run.results if r.split == "test" and not r.passed]
        yield f"test cases that fail: {', '.join(failing)}"
    if baseline:
        for words, ids in zip(("newly fail", "newly pass"), flips(baseline, found), strict=True):
            yield from [f"dev cases that {words}: {', '.join(ids)}"] if ids else []


def _written(config: pytest.Config, run: Run, found: Record, baseline: Record | None) -> Iterator[str]:
    if folder := config.getoption("--report"):
        page = write(folder, run, found, baseline=baseline, failures=_failures(config, found, baseline))
        yield f"report: {page}"
    if config.getoption("--update-baseline"):
        file = _path(config, "baseline", default="baseline.json")
        _write(file, to_json(found))
        yield f"baseline: {file}"


def _failures(config: pytest.Config, found: Record, baseline: Record | None) -> list[Failure]:
    below = below_floors(found, load_floors(_path(config, "floors", default="floors.yaml")))
    comparable = baseline and found.conditions.comparable(baseline.conditions)
    return below + (drops(found, baseline) if baseline and comparable else [])


def _baseline(config: pytest.Config) -> Record | None:
    file = _path(config, "baseline", default="baseline.json")
    return load_record(file) if file.is_file() else None


def _path(config: pytest.Config, option: str, default: str | None = None) -> Path:
    given: Path | None = config.getoption(f"--{option}")
    replies: Path | None = config.getoption("--replies")
    if replies and option in ("baseline", "floors"):  # those of the replies lie beside them
        return given or replies / (default or option)
    return given or config.rootpath / "evals" / (default or option)


def _live(config: pytest.Config) -> bool:
    expression = config.getoption("markexpr", "") or ""
    return bool(config.getoption("--model")) or expression.strip() == "live"


@contextmanager
def _usage_errors() -> Iterator[None]:
    try:
        yield
    except QAError as error:
        raise pytest.UsageError(str(error)) from None


def _write(file: Path, text: str) -> None:
    """Write a file atomically: other workers see the whole file or none."""
    part = file.with_suffix(f".{os.getpid()}.part")
    part.write_text(text, encoding="utf-8")
    part.replace(file)
