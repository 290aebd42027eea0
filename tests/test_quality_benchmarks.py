"""The quality benchmarks, on small samples in the format of each set, with figures computed by hand."""

from __future__ import annotations

import json
from collections.abc import Iterable
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from qa.model import Draft, DraftClaim
from qa.questions.plan import Plan
from qa.search.rank import Scored

ROOT = Path(__file__).parent.parent


@pytest.fixture(autouse=True)
def importable(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(ROOT))


@pytest.fixture
def simple_reader(monkeypatch: pytest.MonkeyPatch) -> None:
    """Replace the reader by a simple rule, so that figures can be computed by hand, independent of thresholds."""

    def read(plan: Plan, ranked: tuple[Scored, ...], *_: object) -> Draft:
        if not ranked or "volcano" in plan.standalone:
            return Draft(answerable=False, reason="not_covered")
        best = ranked[0].passage
        return Draft(answerable=True, claims=(DraftClaim(text=best.sentence.text, labels=(best.label,)),))

    monkeypatch.setattr("qa.pipeline.read", read)


def module(name: str) -> ModuleType:
    return import_module(f"benchmarks.quality.{name}")


def values(rows: Iterable[Any]) -> dict[str, tuple[float, int]]:
    return {row.measure: (round(row.estimate.mean, 4), row.estimate.n) for row in rows}


def write(folder: Path, name: str, content: str) -> None:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(content, encoding="utf-8")


def lines(rows: Iterable[Any]) -> str:
    return "\n".join(map(json.dumps, rows)) + "\n"


BRIDGE = [
    "The Keller Bridge was closed on 4 March .",
    "Mayor Ann Roe ordered the closure of the Keller Bridge after a crack was found .",
    "Ferries carried 900 people .",
]
APPLES = ["Apples keep for weeks in a cool cellar .", "Pears do not ."]


def clapnq_row(id_: str, question: str, sentences: list[str], *chosen: list[str]) -> dict[str, Any]:
    passage = {"title": "Keller Bridge", "text": " ".join(sentences), "sentences": sentences}
    output = [{"answer": "", "selected_sentences": selected, "meta": {}} for selected in chosen or ([],)]
    return {"id": id_, "input": question, "passages": [passage], "output": output}


def write_clapnq(folder: Path) -> None:
    asked = "who ordered the closure of the Keller Bridge"
    rows = [clapnq_row("a", asked, BRIDGE, [BRIDGE[0]], [BRIDGE[1]]), clapnq_row("b", asked, BRIDGE, [])]
    write(folder, "clapnq/answerable.jsonl", lines(rows))
    unanswerable = clapnq_row("c", "when did the Orla volcano erupt", APPLES)
    write(folder, "clapnq/unanswerable.jsonl", lines([unanswerable]))


@pytest.mark.usefixtures("simple_reader")
def test_clapnq(tmp_path: Path) -> None:
    clapnq, shared = module("clapnq"), module("shared")
    write_clapnq(tmp_path)
    first, second, third = clapnq.load(tmp_path)
    assert first.gold == (frozenset({0}), frozenset({1}))
    assert first.answerable
    assert second.gold == ()  # answerable, but without gold sentences, so its citations are not scored
    assert second.answerable
    assert not third.answerable
    rows = clapnq.measure(tmp_path, shared.Sampling())
    assert {row.part for row in rows} == {"report"}
    # Question a cites its second sentence, which is one of its two gold sets. One of three ranked sentences is right.
    assert values(rows) == {
        "citation precision, answered": (1.0, 1),
        "citation recall, answerable": (1.0, 1),
        "citation F1, answerable": (1.0, 1),
        "ranked top-3 precision": (0.3333, 1),
        "ranked top-3 recall": (1.0, 1),
        "unanswerable recognised": (1.0, 1),
        "answerable answered": (1.0, 2),
    }


PARAGRAPH = "Ann Roe built the Keller Bridge. It opened in May 1903. The ferry line closed in 1911."
OTHER = "Pears grow in the valley. Tom Poe picked 40 baskets of pears."


def write_squad2(folder: Path, title: str = "Keller_Bridge") -> None:
    def row(id_: str, question: str, answer: str | None, text: str = PARAGRAPH) -> dict[str, Any]:
        answers = [{"text": answer, "answer_start": text.index(answer)}] if answer else []
        return {"id": id_, "question": question, "answers": answers, "is_impossible": not answers}

    bridge = [
        row("q1", "Who built the Keller Bridge?", "Ann Roe"),
        row("q2", "When did the ferry line close?", "1911"),
        row("q3", "What colour did King Osric paint his volcano?", None),
        row("q5", "Who closed the Keller Bridge?", None),
    ]
    pears = [row("q4", "How many baskets of pears were picked?", "40", OTHER)]
    paragraphs = [{"context": PARAGRAPH, "qas": bridge}, {"context": OTHER, "qas": pears}]
    data = {"version": "x", "data": [{"title": title, "paragraphs": paragraphs}]}
    write(folder, "squad2/dev.json", json.dumps(data))


@pytest.mark.usefixtures("simple_reader")
def test_squad2(tmp_path: Path) -> None:
    squad2, shared = module("squad2"), module("shared")
    write_squad2(tmp_path)
    questions = squad2.load(tmp_path)
    assert [question.answerable for question in questions] == [True, True, False, False, True]
    assert [sorted(question.starts) for question in questions] == [[0], [81], [], [], [41]]
    assert questions[0].paragraph.article.title == "Keller Bridge"
    rows = squad2.measure(tmp_path, shared.Sampling())
    assert {row.part for row in rows} == {shared.part("Keller_Bridge")}  # one document belongs to one part
    measured = values(rows)
    for where in ("gold paragraph", "its document", "all documents"):
        assert measured[f"top-1 sentence, {where}"] == (1.0, 3)
    assert measured["recall@10 sentences, all documents"] == (1.0, 3)
    assert measured["answerable answered"] == (1.0, 3)
    assert measured["unanswerable recognised"] == (0.5, 2)
    assert measured["answerability, balanced accuracy"] == (0.75, 5)


def test_a_sentence_of_another_paragraph_is_not_a_gold_sentence(tmp_path: Path) -> None:
    squad2, shared = module("squad2"), module("shared")
    write_squad2(tmp_path)
    first, *_, last = squad2.load(tmp_path)
    with shared.library_of([last.paragraph.article]) as engine:
        ranked = shared.ranked(engine, last.text)
    assert squad2.place(ranked, last) == 1
    assert squad2.place(ranked[1:], last) == 0
    assert squad2.place(ranked, first) == 0


EVIDENCE = [
    "(meta data) TITLE: Keller Bridge",
    "The weather was fine.",
    "Ann Roe opened the Keller Bridge in 1903.",
    "Apples are red.",
    "Nobody was hurt.",
]


def write_wice(folder: Path) -> None:
    def row(label: str, claim: str, gold: list[list[int]]) -> dict[str, Any]:
        return {"label": label, "claim": claim, "supporting_sentences": gold, "evidence": EVIDENCE, "meta": {}}

    rows = [
        row("supported", "Ann Roe opened the Keller Bridge in 1903.", [[2], [1, 4]]),
        row("supported", "Ann Roe opened it in 1903.", [[1], [2, 3]]),  # passes with the second set only
        row("supported", "A woman opened it in 1903.", [[1]]),  # falsely rejected: 1903 is in another sentence
        row("partially_supported", "Ann Roe opened the Keller Bridge in 1905.", [[2]]),
        row("not_supported", "Tom Poe closed the Keller Bridge.", [[]]),
    ]
    write(folder, "wice/dev.jsonl", lines(rows))


def test_wice(tmp_path: Path) -> None:
    wice, shared = module("wice"), module("shared")
    write_wice(tmp_path)
    statements = wice.load(tmp_path)
    assert statements[0].gold == (frozenset({2}), frozenset({1, 4}))
    assert statements[-1].gold == ()
    assert wice.title_of(statements[0].evidence) == "Keller Bridge"
    assert wice.title_of(["No title"]) is None
    rows = wice.measure(tmp_path, shared.Sampling())
    assert {row.part for row in rows} == {shared.part("\n".join(EVIDENCE))}
    measured = values(rows)
    assert measured["verify: supported falsely rejected"] == (0.3333, 3)
    assert measured["verify: partially supported caught"] == (1.0, 1)
    assert measured["verify: not supported caught"] == (1.0, 1)
    assert measured["verify: accuracy"] == (0.8, 5)
    assert measured["verify: F1 of supported"] == (0.8, 5)  # 2 · 2 / (2 said + 3 true)
    assert measured["top-3 sentence F1"][1] == 4  # the claim without gold sentences is not scored


def test_wice_ranks_the_supporting_sentence_among_the_best(tmp_path: Path) -> None:
    wice, shared = module("wice"), module("shared")
    write_wice(tmp_path)
    first = wice.load(tmp_path)[0]
    built = shared.article("\n".join(EVIDENCE), title="Keller Bridge")
    best = wice.best(first, built)
    assert 2 in best
    assert len(best) == 3


@pytest.mark.usefixtures("simple_reader")
def test_ramdocs(tmp_path: Path) -> None:
    ramdocs, shared = module("ramdocs"), module("shared")
    documents = [
        {"text": "Ann Roe is the mayor of Karrow. She was elected in 2019.", "type": "correct", "answer": "Ann Roe"},
        {"text": "Pears ripen slowly in a cool cellar by the sea.", "type": "noise", "answer": "unknown"},
        {"text": "\x00 broken", "type": "misinfo", "answer": "unknown"},
    ]
    off_topic = {"question": "When did the Orla volcano erupt?", "documents": documents[1:2]}
    rows = [{"question": "Who is the mayor of Karrow?", "documents": documents}, off_topic]
    write(tmp_path, "ramdocs/first250.jsonl", lines(rows))
    measured = values(ramdocs.measure(tmp_path, shared.Sampling()))
    # The document with NUL cannot be loaded, so no question has a wrong document.
    assert measured == {
        "answered": (0.5, 2),
        "cites a correct document": (1.0, 1),
        "cites a noise document": (0.0, 2),
    }


def write_cast(folder: Path) -> None:
    asked = ["What is throat disease?", "Is it treatable? ", "What about lungs?", "never resolved"]
    turns = [{"number": n, "raw_utterance": raw} for n, raw in enumerate(asked, 1)]
    write(folder, "cast2019/evaluation_topics_v1.0.json", json.dumps([{"number": 7, "title": "x", "turn": turns}]))
    resolved = "7_1\tWhat is throat disease?\n7_2\tIs throat disease treatable?\n7_3\tWhat about lungs?\n"
    write(folder, "cast2019/evaluation_topics_annotated_resolved_v1.0.tsv", resolved)


def test_cast(tmp_path: Path) -> None:
    cast, shared = module("cast"), module("shared")
    write_cast(tmp_path)
    turns = cast.load(tmp_path)
    assert [turn.id for turn in turns] == ["7_1", "7_2", "7_3"]
    assert [turn.follows for turn in turns] == [False, True, True]
    assert cast.lacking("Is it treatable?", "Is throat disease treatable?") == 2
    assert cast.lacking("Are throats treatable?", "Is the throat treatable?") == 0
    assert cast.token_f1("Is it treatable?", "Is throat disease treatable?") == 4 / 7
    assert cast.rewritten(turns) == {
        "7_1": "What is throat disease?",
        "7_2": "Is throat disease treatable?",
        "7_3": "Is throat disease treatable, and lungs?",
    }
    assert cast.on_topic(["What of throats?"], turns[:1], turns) == [True]
    assert values(cast.measure(tmp_path, shared.Sampling())) == {
        "follow-ups with all content words, as asked": (0.5, 2),
        "content words lacking, as asked": (1.0, 2),
        "token F1, as asked": (round((4 / 7 + 1) / 2, 4), 2),
        "nearest is on topic, as asked": (1.0, 2),
        "follow-ups with all content words, by rules": (1.0, 2),
        "content words lacking, by rules": (0.0, 2),
        "token F1, by rules": (round((1 + 2 / 9) / 2, 4), 2),
        "nearest is on topic, by rules": (1.0, 2),
        "stand alone and were left alone": (0.0, 1),
    }


def test_ud_pud(tmp_path: Path) -> None:
    ud_pud, shared = module("ud_pud"), module("shared")
    text = (
        "# newdoc id = n1\n# text = Apples are red.\n# text = Pears are green.\n# newdoc id = n2\n# text = Stop now.\n"
    )
    write(tmp_path, ud_pud.FILES[0], text)
    assert values(ud_pud.measure(tmp_path, shared.Sampling())) == {"boundary F1, documents": (1.0, 2)}
    # One boundary right, one proposed too many, none missed: 2 · 1 / (2 + 1).
    texts = [["Apples are red.", "Pears are green."]]
    assert round(ud_pud.boundary_f1(texts, lambda line: [6, 15, len(line)]).mean, 4) == 0.6667
    assert ud_pud.boundary_f1([["Stop now."]], lambda line: [len(line)]) is None


def test_missing_sets_are_skipped_and_the_others_measured(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write_cast(tmp_path)
    module("run").main([str(tmp_path)])
    out = capsys.readouterr().out
    for name in ("clapnq", "squad2", "wice", "ramdocs", "ud_pud"):
        assert f"{name}: skipped" in out
    assert "cast: skipped" not in out
    assert "0.500 (0.095–0.905)" in out  # Wilson's interval for 1 of 2


def test_without_any_set_no_table_is_printed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    module("run").main([str(tmp_path), "--only", "squad2,wice"])
    out = capsys.readouterr().out
    assert "squad2: skipped" in out
    assert "measure" not in out


@pytest.mark.parametrize("arguments", [["--only", "squad3"], ["--only", ","], ["--limit", "0"]])
def test_wrong_arguments_are_rejected(arguments: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        module("run").main([str(tmp_path), *arguments])
    assert "error" in capsys.readouterr().err


def test_the_part_of_a_document_depends_only_on_its_hash() -> None:
    shared = module("shared")
    # SHA-256 of "abc" begins with ba (even), of the empty text with e3 (odd).
    assert shared.part("abc") == "report"
    assert shared.part("") == "tune"
    assert shared.parts(["abc", "", "abc"], str) == {"tune": [""], "report": ["abc", "abc"]}


def test_samples_are_stable_and_larger_ones_contain_smaller_ones() -> None:
    shared = module("shared")
    cases = [str(n) for n in range(100)]
    ten, twenty = (shared.Sampling(limit).take(cases, str) for limit in (10, 20))
    assert len(ten) == 10
    assert set(ten) < set(twenty)
    assert ten == sorted(ten, key=int)
    assert ten == shared.Sampling(10).take(cases[::-1], str)[::-1]
    assert ten != shared.Sampling(10, seed=1).take(cases, str)
    assert shared.Sampling().take(cases, str) == cases


def test_matching_uses_the_best_alternative() -> None:
    shared = module("shared")
    chosen = frozenset({1, 2, 3})
    assert shared.match(chosen, [frozenset({9}), frozenset({1, 4})]) == (1 / 3, 1 / 2, 2 / 5)
    assert shared.match(frozenset(), [frozenset({1})]) == (None, 0.0, 0.0)


def test_sentences_are_aligned_by_overlap() -> None:
    shared = module("shared")
    text, spans = shared.joined(["abcd", "efghij", "kl"])
    assert text == "abcd efghij kl"
    assert spans == [(0, 4), (5, 11), (12, 14)]
    assert [text[a:b] for a, b in spans] == ["abcd", "efghij", "kl"]
    assert shared.aligned(0, 4, spans) == {0}
    assert shared.aligned(0, 11, spans) == {0, 1}  # the splitter did not separate two given sentences
    assert shared.aligned(5, 7, spans) == {1}  # a part of one sentence
    assert shared.aligned(3, 14, spans) == {1, 2}  # a quarter of the first sentence is not enough


def test_shares_means_and_balanced_accuracy() -> None:
    shared = module("shared")
    truth, said = [True, True, True, False], [True, True, False, False]
    assert shared.balanced_accuracy(truth, said).mean == (2 / 3 + 1) / 2
    assert shared.balanced_accuracy([True, True], [True, False]) is None
    assert shared.share_of([]) is None
    assert shared.mean_of([None, None]) is None
    scored = shared.mean_of([None, 1.0, 0.5])
    assert (scored.mean, scored.n) == (0.75, 2)
