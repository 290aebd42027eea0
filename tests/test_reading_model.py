"""The shipped reading model: what it reads, that it is whole, and what happens without it."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from qa.errors import SettingsError
from qa.pipeline import reading_model
from qa.reading.model import CARD, FILES, SHIPPED, UNREAD, ReadingModel, Text
from qa.settings import Settings

FIRE = Text(
    (
        "A fire destroyed the fish market in Tarnwick on Tuesday night.",
        "Nobody was hurt, because the hall had closed at six.",
        "The fire chief, Edda Kroll, blamed a faulty freezer.",
        "The council will decide in June whether to rebuild it.",
    ),
    "Fish market burns down",
)


@pytest.fixture(scope="module")
def model() -> ReadingModel:
    return ReadingModel()


@pytest.mark.parametrize(
    ("question", "sentence", "words"),
    [
        ("Where did the market burn?", 0, "Tarnwick"),
        ("Who is the head of the fire brigade?", 2, "Edda Kroll"),
        ("When will the council decide?", 3, "June"),
    ],
)
def test_the_sentence_that_answers_is_likeliest_and_its_words_are_found(
    model: ReadingModel, question: str, sentence: int, words: str
) -> None:
    read = model.read(question, [FIRE])[0]
    best = max(range(len(FIRE.sentences)), key=lambda i: read.log_odds[i])
    assert best == sentence
    start, end = read.answers[best] or (0, 0)
    assert words in FIRE.sentences[best][start:end]


def test_a_question_about_something_else_is_likely_to_have_no_answer(model: ReadingModel) -> None:
    read = model.read("How much did the new railway bridge cost?", [FIRE])[0]
    assert max(read.log_odds) < 0


def test_what_is_read_with_a_passage_does_not_change_how_it_is_read(model: ReadingModel) -> None:
    alone = ReadingModel().read("What caused the fire?", [FIRE])
    other = Text(("Prices rose by 4%.",))
    assert ReadingModel().read("What caused the fire?", [other, FIRE])[1] == alone[0]


def test_a_passage_is_read_once_for_a_question(model: ReadingModel, monkeypatch: pytest.MonkeyPatch) -> None:
    first = model.read("Where was the fire?", [FIRE, FIRE])
    monkeypatch.setattr(model, "_reading", None)
    assert model.read("Where was the fire?", [FIRE]) == first[:1]


def test_offsets_are_code_points(model: ReadingModel) -> None:
    text = Text(("🙂 “Naïve” café owner Zoë Šimić sold 1,200 cakes.",))
    start, end = model.read("How many cakes were sold?", [text])[0].answers[0] or (0, 0)
    assert "1,200" in text.sentences[0][start:end]


@pytest.mark.parametrize("text", [Text(()), Text(("",)), Text(("   ", "\u200b")), Text(("x",), "word " * 400)])
def test_nothing_to_read_is_no_error(model: ReadingModel, text: Text) -> None:
    read = model.read("", [text])[0]
    assert len(read.log_odds) == len(read.answers) == len(text.sentences)


def test_what_is_cut_off_has_the_lowest_log_odds(model: ReadingModel) -> None:
    text = Text((*FIRE.sentences, "word " * 600, "The fire was caused by a faulty freezer."))
    read = model.read("What caused the fire?", [text])[0]
    assert read.log_odds[-1] == UNREAD
    assert read.answers[-1] is None


def test_a_folder_without_its_files_is_no_reading_model(tmp_path: Path) -> None:
    for name in FILES[1:]:
        shutil.copy(SHIPPED / name, tmp_path)
    with pytest.raises(SettingsError, match=r"reading\.onnx is missing.*QA_READING"):
        reading_model(Settings(reading=str(tmp_path)))


def test_without_the_shipped_files_the_linear_scorer_answers_with_a_warning(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("qa.pipeline.SHIPPED", tmp_path)
    found, warnings = reading_model(Settings())
    assert found is None
    assert "without the reading model" in warnings[0]


def test_the_files_are_opened_once_a_process() -> None:
    assert reading_model(Settings())[0] is reading_model(Settings())[0]


def test_off_needs_no_file_and_gives_no_warning() -> None:
    assert reading_model(Settings(reading="off")) == (None, ())


def test_another_folder_is_read(tmp_path: Path) -> None:
    for name in FILES:
        shutil.copy(SHIPPED / name, tmp_path)
    card = json.loads((tmp_path / CARD).read_text())
    (tmp_path / CARD).write_text(json.dumps(card | {"name": "mine"}))
    found, _ = reading_model(Settings(reading=str(tmp_path)))
    assert found is not None
    assert found.name == "mine"
