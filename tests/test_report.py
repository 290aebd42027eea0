"""The table, the page and ``qa eval``: what they show and hide, and that text never becomes markup."""

from __future__ import annotations

import json
import re
from html.parser import HTMLParser
from pathlib import Path

import pytest
from rich.console import Console
from small_world import abstained, answered, corpus, resolved, write_world
from typer.testing import CliRunner

from qa.cli.evaluate import eval_app
from qa.evaluate.gates import Failure
from qa.evaluate.record import Record, load_record, record, to_json
from qa.evaluate.report import changes_table, html, outcome, table, write
from qa.evaluate.results import CaseResult, Conditions, GoldSentence, Run
from qa.evaluate.scorers import score
from qa.evaluate.summary import risk_coverage
from qa.model import Answer

EVIL = "<script>alert(1)</script> & <img src=x onerror=y> {{ 7 * 7 }}"
THERE = corpus(a="Alpha stands here. Bravo fell.", evil=f"Evil {EVIL} ends.")


def result(name: str, answer: Answer | None, split: str = "dev", **fields: object) -> CaseResult:
    """Return the result of a case with one gold sentence (a, 0). Without an answer, the case could not be asked."""
    answerable = fields.pop("answerable", True)
    about = {"facts": (("Alpha",),)} if answerable else {"abstention": "not_covered"}
    case = resolved(*([{("a", 0)}] if answerable else []), id=name, **(about | fields))
    gold = GoldSentence(article_id="a", article="a", sentence=0, text="Alpha stands here.")
    return CaseResult.model_construct(
        case=case.case,
        split=split,
        storyline="story",
        answer=answer,
        scores=score(case, answer, THERE) if answer else (),
        required=((gold,),) if answerable else (),
        error=None if answer else "the model refused",
    )


def run_of(*results: CaseResult) -> Run:
    conditions = Conditions.model_validate(
        {
            "mode": "reader",
            "model": None,
            "embedder": "none",
            "prompts": {},
            "gold_sha256": "0" * 64,
            "corpus_sha256": "1" * 64,
            "articles": 2,
            "versions": {"python": "3"},
            "created": "2026-03-04T12:00:00Z",
        }
    )
    return Run.model_construct(conditions=conditions, results=results)


@pytest.fixture
def run() -> Run:
    return run_of(
        result("right-case", answered(THERE, ("a", 0), support=0.9), tags=("who",)),
        result("wrong-case", answered(THERE, ("a", 1), support=0.8), tags=("who",), question=f"Why {EVIL}?"),
        result("evil-case", answered(THERE, ("evil", 0), support=0.4), tags=("why",), speaker=EVIL),
        result("shy-case", abstained()),
        result("silent-case", abstained(), answerable=False, tags=("off-topic",)),
        result("bold-case", answered(THERE, ("a", 0), support=0.8), answerable=False, tags=("off-topic",)),
        result("failed-case", None),
        result("secret-right", answered(THERE, ("a", 0), support=0.5), split="test"),
        result("secret-wrong", answered(THERE, ("a", 1), support=0.5), split="test", question="A test question?"),
    )


class Page(HTMLParser):
    """Collects tags with their attributes, and checks that they are balanced."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in {"meta", "line", "circle", "rect", "path", "polyline", "br"}:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag, f"</{tag}> closes another element"


def test_outcomes(run: Run) -> None:
    found = [outcome(r) for r in run.results]
    assert found == ["right", "wrong", "wrong", "shy", "silent", "bold", "failed", "right", "wrong"]


def test_text_never_becomes_markup(run: Run) -> None:
    text = html(run, record(run), failures=[Failure(split="dev", metric="correct", message=EVIL)])
    page = Page(text)
    assert not page.open
    assert "alert(1)" in text
    assert "{{ 7 * 7 }}" in text  # shown, not evaluated
    assert {tag for tag, _ in page.tags}.isdisjoint({"script", "img", "iframe", "link", "object", "form"})
    assert not [a for _, attrs in page.tags for a in attrs if a.startswith("on")]


def test_the_page_loads_no_external_resources(run: Run) -> None:
    text = html(run, record(run), baseline=record(run))
    page = Page(text)
    assert not [attrs for _, attrs in page.tags if "src" in attrs or "srcset" in attrs]
    assert all(attrs["href"].startswith("#") for _, attrs in page.tags if attrs.get("href"))  # type: ignore[union-attr]
    assert "url(" not in text
    assert "@import" not in text


def test_test_cases_are_shown_only_on_request_and_the_page_says_so(run: Run) -> None:
    hidden = html(run, record(run))
    assert "secret" not in hidden
    assert "A test question?" not in hidden
    assert "only aggregates are shown" in hidden
    shown = html(run, record(run, test_shown=True))
    assert "secret-wrong" in shown
    assert "should not tune" in shown
    assert record(run, test_shown=True).test_shown


def test_failing_cases_are_shown_with_cited_and_gold_sentences(run: Run) -> None:
    text = html(run, record(run))
    listed = re.findall(r'<details id="([\w-]+)"', text)
    assert listed == ["failed-case", "bold-case", "evil-case", "wrong-case", "shy-case"]
    wrong = text[text.index('id="wrong-case"') : text.index('id="shy-case"')]
    assert "Bravo fell." in wrong  # answered and cited
    assert "Alpha stands here." in wrong  # gold
    assert wrong.count('class="miss"') == 2  # one wrong citation, and one gold sentence not cited


def test_written_files(run: Run, tmp_path: Path) -> None:
    page = write(tmp_path / "out", run, record(run), baseline=None, failures=[])
    assert page.read_text("utf-8").startswith("<!doctype html>")
    assert load_record(tmp_path / "out" / "record.json") == record(run)
    lines = (tmp_path / "out" / "cases.jsonl").read_text("utf-8").splitlines()
    assert [json.loads(line)["case"]["id"] for line in lines] == [r.case.id for r in run.results if r.split == "dev"]


def test_the_table_shows_every_mean_with_interval_and_n(run: Run) -> None:
    console = Console(width=140, record=True, file=None, quiet=False)
    with console.capture() as captured:
        console.print(table(record(run), record(run)))
    row = next(line for line in captured.get().splitlines() if "Correct, of all answerable" in line)
    assert "0.25" in row  # 1 of the 4 that could be asked: right, wrong, wrong, shy
    assert "…" in row
    assert " 4 " in row


def test_risk_is_lower_at_lower_coverage() -> None:
    results = [
        result("a", answered(THERE, ("a", 0), support=0.9)),
        result("b", answered(THERE, ("a", 1), support=0.5)),
        result("c", answered(THERE, ("a", 0), support=0.5)),
        result("d", abstained()),
    ]
    # At .9: 1 of 4 answered, none wrong. The two at .5 cannot be separated: 3 of 4 answered, 1 wrong.
    assert [(p.coverage, p.risk) for p in risk_coverage(results)] == [(0.25, 0.0), (0.75, pytest.approx(1 / 3))]
    plain = [result("a", answered(THERE, ("a", 0))), result("b", answered(THERE, ("a", 1)))]
    assert [(p.confidence, p.coverage, p.risk) for p in risk_coverage(plain)] == [(None, 1.0, 0.5)]
    assert risk_coverage([result("d", abstained())]) == ()


def test_the_area_under_the_risk_coverage_curve(run: Run) -> None:
    dev = record(run).splits["dev"]
    # By support: right .9 | wrong and bold .8 | evil .4, of 6 asked: risks 0, 2/3, 3/4 at weights 1, 2, 1 of 4.
    assert dev.metrics["aurc"].mean == pytest.approx((0 + 2 * (2 / 3) + 3 / 4) / 4)
    assert dev.metrics["abstention_precision"].mean == 0.5
    assert dev.metrics["abstention_recall"].mean == 0.5
    assert dev.metrics["abstention_f1"].mean == 0.5
    assert dev.failed == 1


# -- the command -------------------------------------------------------------------------------------------------------


def qa_eval(*arguments: object, width: int = 200) -> tuple[int, str, str]:
    found = CliRunner().invoke(eval_app, [str(a) for a in arguments], env={"COLUMNS": str(width)})
    return found.exit_code, found.stdout, found.stderr


def test_the_command_from_draft_to_comparison(tmp_path: Path) -> None:
    gold, articles = write_world(tmp_path)
    drafted = tmp_path / "drafted.yaml"
    assert qa_eval("new", "-a", articles, "-o", drafted)[0] == 0
    assert drafted.read_text("utf-8").startswith("# Gold questions")
    assert qa_eval("new", "-a", articles, "-o", drafted)[0] == 2  # never overwritten

    code, out, _ = qa_eval("--gold", gold, "-a", articles, "--offline", "--json")
    assert code == 0
    kept = Record.model_validate_json(out)
    assert kept.splits["dev"].cases == 17
    (tmp_path / "a.json").write_text(out, encoding="utf-8")

    page = tmp_path / "page.html"
    code, out, _ = qa_eval(
        "--gold", gold, "-a", articles, "--offline", "--baseline", tmp_path / "a.json", "--html", page
    )
    assert code == 0
    assert "Citation F1" in out
    assert "Comparison with the baseline" in page.read_text("utf-8")

    better = {
        case: {**values, "mrr": values["mrr"] + 1} for case, values in kept.cases["dev"].items() if "mrr" in values
    }
    spoiled = kept.model_copy(update={"cases": {"dev": better}})
    (tmp_path / "b.json").write_text(to_json(spoiled), encoding="utf-8")
    code, out, _ = qa_eval("compare", tmp_path / "a.json", tmp_path / "b.json")
    assert code == 0
    assert re.search(r"MRR, articles .*\+1\.000.*better", out)
    code, _, err = qa_eval("--gold", gold, "-a", articles, "--offline", "--baseline", tmp_path / "b.json")
    assert code == 3
    assert "gate failed: dev: MRR, articles: dropped" in err


def test_wrong_arguments_are_explained(tmp_path: Path) -> None:
    gold, articles = write_world(tmp_path)
    assert qa_eval()[0] == 2
    code, _, err = qa_eval("--gold", tmp_path / "none.yaml", "-a", articles, "--offline")
    assert code == 1
    assert "none.yaml" in err
    code, _, err = qa_eval("--gold", gold, "-a", articles, "--offline", "--judge")
    assert code == 1
    assert "needs a model" in err


def test_the_changes_table_shows_unchanged_metrics(run: Run) -> None:
    console = Console(width=140)
    with console.capture() as captured:
        console.print(changes_table(record(run), record(run)))
    assert "same" in captured.get()
