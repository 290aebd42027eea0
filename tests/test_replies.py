"""Replies written by hand: a prompt waits until its reply is written, and a reply survives changes of its prompt."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from fakes import claim, says
from pydantic import BaseModel, create_model

from qa.errors import InputError
from qa.evaluate.gold import load_gold
from qa.evaluate.replies import RepliesByHand, ReplyMissing
from qa.llm.limits import Limits
from qa.llm.prompts import Message

Reply = create_model("Reply", answerable=(bool, ...), reason=(str | None, ...), claims=(list[dict[str, Any]], ...))


class _Opinions(BaseModel):
    verdicts: list[dict[str, Any]]


def prompt(question: str, *sentences: str, code: str = "0" * 16) -> list[Message]:
    listed = "\n".join(f"[S{n}] {text}" for n, text in enumerate(sentences, 1))
    return [Message("system", "Rules"), Message("user", f"<<<article {code}>>>\n{listed}\n\nQuestion: {question}")]


def judging(claimed: str, sentence: str, *doubts: str) -> list[Message]:
    lines = "\n".join(f"Doubt: {doubt}" for doubt in doubts)
    block = f"<<<statement 1 abc>>>\nClaim: {claimed}\nSentences:\n- {sentence}\n{lines}\n<<<end abc>>>"
    return [Message("user", f"{block}\n\n<<<question abc>>>\nWho left?\n<<<end abc>>>")]


class _Values(BaseModel):
    values: list[dict[str, Any]]


def reading(*sentences: str) -> list[Message]:
    listed = "\n".join(f"[V{n}] {text}" for n, text in enumerate(sentences, 1))
    asked = "<<<question abc>>>\nHow many left?\n<<<end abc>>>"
    return [Message("user", f"<<<sentences abc>>>\n{listed}\n<<<end abc>>>\n\n{asked}")]


def ask(chat: RepliesByHand, messages: list[Message], shape: type[BaseModel] = Reply) -> dict[str, Any]:
    return chat.complete(messages, shape, Limits(5, 5)).parsed.model_dump()


def write(folder: Path, reply: dict[str, Any]) -> None:
    """Reply to the only prompt that waits."""
    (waiting,) = (folder / "waiting").glob("*.txt")
    waiting.with_suffix(".json").write_text(json.dumps(reply), encoding="utf-8")


FIRST = prompt("Who left?", "Quist left.", "Doorn stayed.", "Rain fell.")


@pytest.fixture
def answered(tmp_path: Path) -> Path:
    """A folder with one reply, to ``FIRST``."""
    with pytest.raises(ReplyMissing):
        ask(RepliesByHand(tmp_path), FIRST)
    write(tmp_path, says(claim("Quist left.", "S1")))
    ask(RepliesByHand(tmp_path), FIRST)
    return tmp_path


def test_a_prompt_waits_with_its_schema_until_its_reply_is_written(tmp_path: Path) -> None:
    chat = RepliesByHand(tmp_path)
    with pytest.raises(ReplyMissing):
        ask(chat, FIRST)
    (waiting,) = chat.waiting
    assert "Question: Who left?" in waiting.read_text("utf-8")
    assert '"answerable"' in waiting.read_text("utf-8")
    write(tmp_path, says(claim("Quist left.", "S1")))
    assert ask(RepliesByHand(tmp_path), FIRST)["claims"][0]["text"] == "Quist left."
    assert list((tmp_path / "waiting").iterdir()) == []
    assert "Quist left." in (tmp_path / "new.jsonl").read_text("utf-8")


def test_another_boundary_is_the_same_prompt(answered: Path) -> None:
    chat = RepliesByHand(answered)
    ask(chat, prompt("Who left?", "Quist left.", "Doorn stayed.", "Rain fell.", code="f" * 16))
    assert chat.carried == 0


def test_labels_move_with_their_sentences(answered: Path) -> None:
    chat = RepliesByHand(answered)
    reply = ask(chat, prompt("Who left?", "Doorn stayed.", "Quist left.", "Rain fell."))
    assert reply["claims"][0]["sentences"] == ["S2"]
    assert chat.carried == 1
    assert "1 replies were written for an earlier form" in chat.note


def test_a_sentence_that_is_not_shown_any_more_gets_a_label_that_nobody_has(answered: Path) -> None:
    reply = ask(RepliesByHand(answered), prompt("Who left?", "Doorn stayed.", "Rain fell."))
    assert reply["claims"][0]["sentences"] == ["S0"]


def test_a_reply_to_other_articles_or_to_another_question_does_not_fit(answered: Path) -> None:
    for other in (prompt("Who left?", "Snow fell.", "Ice froze."), prompt("Who stayed?", "Quist left.")):
        with pytest.raises(ReplyMissing):
            ask(RepliesByHand(answered), other)


def test_a_verdict_fits_every_prompt_with_the_claim_and_its_sentences(tmp_path: Path) -> None:
    first = judging("Quist left.", "Quist went away.", "Did she?")
    with pytest.raises(ReplyMissing):
        ask(RepliesByHand(tmp_path), first, _Opinions)
    verdict = {"claim": 1, "differs": "", "words": ["went away"], "states": True, "answers": True}
    write(tmp_path, {"verdicts": [verdict]})
    ask(RepliesByHand(tmp_path), first, _Opinions)
    chat = RepliesByHand(tmp_path)
    again = ask(chat, judging("Quist left.", "Quist went away.", "Did she?", "Is it sure?"), _Opinions)
    assert again["verdicts"][0]["words"] == ["went away", ""]
    assert len(chat.waiting) == 1  # for the doubt that nobody has looked at


def test_values_fit_every_prompt_whose_sentences_were_read_for_the_question(tmp_path: Path) -> None:
    with pytest.raises(ReplyMissing):
        ask(RepliesByHand(tmp_path), reading("(Post) Two left.", "(Wire) Rain fell."), _Values)
    write(tmp_path, {"values": [{"sentence": "V1", "words": "Two", "thing": "leavers"}]})
    ask(RepliesByHand(tmp_path), reading("(Post) Two left.", "(Wire) Rain fell."), _Values)
    chat = RepliesByHand(tmp_path)
    found = ask(chat, reading("(Wire) Rain fell.", "(Post) Two left."), _Values)
    assert found == {"values": [{"sentence": "V2", "words": "Two", "thing": "leavers"}]}
    with pytest.raises(ReplyMissing):
        ask(chat, reading("(Post) Two left.", "(Wire) Three left."), _Values)


def test_a_reply_of_another_shape_is_an_error_that_names_the_file(tmp_path: Path) -> None:
    with pytest.raises(ReplyMissing):
        ask(RepliesByHand(tmp_path), FIRST)
    write(tmp_path, {"claims": 3})
    with pytest.raises(InputError, match=r"waiting.*\.json"):
        ask(RepliesByHand(tmp_path), FIRST)


def test_a_missing_folder_and_a_broken_line_are_named(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="mkdir"):
        RepliesByHand(tmp_path / "none")
    (tmp_path / "drafts.jsonl").write_text("{}\n", encoding="utf-8")
    with pytest.raises(InputError, match=r"drafts\.jsonl:1"):
        RepliesByHand(tmp_path)


def test_the_replies_of_the_project_are_to_questions_of_both_splits() -> None:
    root = Path(__file__).resolve().parents[1] / "evals"
    gold = RepliesByHand(root / "replies").answered(load_gold(root / "gold"))
    counts = [sum(located.split == split for located in gold.cases) for split in ("dev", "test")]
    assert min(counts) >= 75
    assert sum(counts) >= 150
