"""The fictional storylines of ``training/``: their questions point at sentences that are there."""

from __future__ import annotations

import json
from collections import defaultdict
from pathlib import Path
from typing import Any

import pytest

from qa.english.sentences import split

TRAINING = Path(__file__).parent.parent / "training"
UNANSWERED = {"missing", "other", "premise", "swapped"}


def rows(name: str, folder: str = "stories") -> list[dict[str, Any]]:
    return [json.loads(line) for line in (TRAINING / folder / f"{name}.jsonl").read_text("utf-8").splitlines()]


@pytest.mark.parametrize("folder", ["stories", "likeness_data"])
def test_the_words_of_evidence_stand_once_in_an_article_of_the_storyline_and_in_one_sentence(folder: str) -> None:
    articles = {row["id"]: row for row in rows("articles", folder)}
    sentences = {key: split(row["text"], key) for key, row in articles.items()}
    for question in rows("questions", folder):
        for evidence in question["evidence"]:
            article = articles[evidence["article"]]
            assert article["story"] == question["story"]
            assert article["text"].count(evidence["words"]) == 1, question
            start = article["text"].index(evidence["words"])
            assert any(s.start <= start < s.end for s in sentences[evidence["article"]]), question


def test_the_words_of_timelines_and_relations_stand_once_in_their_article() -> None:
    texts = {row["id"]: row["text"] for row in rows("articles", "likeness_data")}
    entries = [entry for row in rows("timelines", "likeness_data") for entry in row["entries"]]
    sides = [row[side] for row in rows("relations", "likeness_data") for side in ("one", "other")]
    assert all(texts[one["article"]].count(one["words"]) == 1 for one in (*entries, *sides))


def test_a_question_has_an_answer_only_with_evidence() -> None:
    articles = {row["id"]: row["text"] for row in rows("articles")}
    for question in rows("questions"):
        if question["answer"] is not None:
            assert question["answer"] in articles[question["evidence"][0]["article"]], question
        assert bool(question["evidence"]) == (question["kind"] not in UNANSWERED), question


@pytest.mark.parametrize(
    ("folder", "names"), [("stories", {"train", "calibrate", "report"}), ("likeness_data", {"fit", "report"})]
)
def test_a_storyline_and_its_hand_are_in_one_split_alone(folder: str, names: set[str]) -> None:
    splits, hands = defaultdict(set), defaultdict(set)
    for question in rows("questions", folder):
        splits[question["story"]].add(question["split"])
        hands[question["hand"]].add(question["split"])
    for article in rows("articles", folder):
        splits[article["story"]].add(article["split"])
    assert all(len(found) == 1 for found in (*splits.values(), *hands.values()))
    assert {split for found in splits.values() for split in found} == names
