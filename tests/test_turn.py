"""Turns of the page: asked again in another way, what readers are told of a fault, and what the browser gets."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime
from pathlib import Path
from threading import Event

import pytest
from test_render import CHANGED, NUMBER, TOLD

from qa import errors
from qa.model import Abstention, ClaimReady, Filters
from qa.page import view
from qa.page.turn import Turn, not_answered
from qa.settings import Settings
from qa.workspace.conversations import KeptTurn

NONE = TOLD.model_copy(
    update={
        "status": "abstained",
        "claims": (),
        "citations": (),
        "articles": (),
        "abstention": Abstention(reason="not_covered", message="The articles do not cover this.", nearest=()),
    }
)
LOCAL = Settings(library=Path("nowhere"))
MODEL = Settings(library=Path("nowhere"), openai_base_url="http://127.0.0.1:9/v1")
NARROW = Filters(until=date(2026, 1, 1))


def turn(settings: Settings = LOCAL, filters: Filters = NARROW) -> Turn:
    return Turn("Who shut the pier?", (), filters, settings)


def test_a_turn_is_asked_again_as_it_was_or_in_another_way() -> None:
    assert turn().again("again").filters == NARROW
    assert turn().again("unfiltered").filters == Filters()
    narrow = Filters(sources=("Coast Wire",), speakers=("Una Holm",), since=date(2025, 1, 1), as_of=date(2026, 1, 1))
    every = turn(filters=narrow)
    assert every.again("any-outlet").filters == narrow.model_copy(update={"sources": ()})
    assert every.again("anybody").filters == narrow.model_copy(update={"speakers": ()})
    assert every.again("any-day").filters == Filters(sources=("Coast Wire",), speakers=("Una Holm",))
    reader = turn(MODEL).again("reader")
    assert (reader.settings.uses_model, reader.filters, reader.question) == (False, NARROW, "Who shut the pier?")
    assert reader.again("model").settings.uses_model


def test_a_question_counts_once_while_it_is_answered_but_may_be_asked_in_another_way_or_after_a_stop() -> None:
    one, workers = turn(), ThreadPoolExecutor(1)
    assert not one.is_repeated_by(one.question, NARROW)  # it has not been started
    goes_on = Event()
    workers.submit(goes_on.wait)
    one.start(workers)
    assert one.is_repeated_by(one.question, NARROW)
    assert not one.is_repeated_by(one.question, Filters())
    assert not one.is_repeated_by("Who opened the pier?", NARROW)
    one.stop()
    assert not one.is_repeated_by(one.question, NARROW)
    goes_on.set()
    workers.shutdown()
    one.answer = TOLD
    assert one.is_repeated_by(one.question, NARROW)  # it was asked just now
    assert not Turn.of(TOLD, LOCAL).is_repeated_by(TOLD.question, TOLD.filters)  # the answer of an earlier day


def test_every_filter_in_force_has_its_button_where_there_is_no_answer() -> None:
    def offered(filters: Filters) -> list[str]:
        abstained = Turn.of(NONE.model_copy(update={"filters": filters}), LOCAL)
        return [one["label"] for one in view.turn_view(abstained, None, {})["again"]]

    assert offered(Filters()) == []
    assert offered(Filters(speakers=("Una Holm",))) == ["Search what anybody said"]
    assert offered(Filters(sources=("Coast Wire",), until=date(2026, 1, 1))) == [
        "Search all outlets",
        "Search all days",
        "Search without any filter",
    ]


def test_a_stopped_turn_is_restored_with_the_claims_that_had_arrived() -> None:
    ready = ClaimReady(claim=TOLD.claims[0], citations=TOLD.citations, articles=TOLD.articles)
    held = KeptTurn("t", TOLD.question, Filters(), "stopped", datetime.now(UTC), claims=(ready,), thumb="up")
    again = Turn.kept(held, (), LOCAL)
    made = view.turn_view(again, None, {})
    assert (made["stopped"], made["thumb"]) == (True, "up")
    assert made["claims"] == view.turn_view(Turn.of(TOLD, LOCAL), None, {})["claims"]
    assert made["citations"]


def test_who_else_could_answer_is_known(monkeypatch: pytest.MonkeyPatch) -> None:
    assert turn().other_way is None
    assert turn(MODEL).other_way == "reader"
    monkeypatch.setenv("OPENAI_BASE_URL", "http://127.0.0.1:9/v1")
    assert turn(MODEL.model_copy(update={"offline": True})).other_way == "model"
    monkeypatch.setenv("QA_OFFLINE", "true")
    assert turn().other_way is None


@pytest.mark.parametrize("kind", [kind for kind in vars(errors).values() if isinstance(kind, type)])
def test_no_fault_of_a_model_tells_a_reader_of_the_page_to_use_an_option(kind: type[errors.QAError]) -> None:
    if issubclass(kind, errors.ModelError):
        told = not_answered(kind("m at http://127.0.0.1:9 failed. Set QA_MODEL, or use --offline."))
        assert "--" not in told
        assert "QA_" not in told
        assert told.endswith(".")


def test_no_warning_tells_a_reader_of_the_page_to_use_an_option() -> None:
    warned = TOLD.model_copy(
        update={"warnings": ("m has a server fault (HTTP 500). Try again later, or use --offline.",)}
    )
    notes = view.turn_view(Turn.of(warned, LOCAL), None, {})["notes"]
    assert notes == ["m has a server fault (HTTP 500). Try again later."]


def test_the_view_of_a_claim_keeps_quoted_and_added_apart() -> None:
    (claim,) = view.turn_view(Turn.of(TOLD, LOCAL), None, {})["claims"]
    (part,) = claim["parts"]
    assert part["quoted"]
    assert "".join(run["text"] for run in part["runs"]) == "“He said on Wednesday the pier was ‘safe’.”"
    assert [tag["text"] for tag in claim["tags"]] == ["He: Owen Tarn", "Wednesday: 4 March 2026"]
    assert claim["by"] == "Salthouse Herald · 5 March 2026 · Owen Tarn, reported"


def test_the_view_of_a_corrected_claim_has_its_correction() -> None:
    current, corrected, other = view.turn_view(Turn.of(CHANGED, LOCAL), None, {})["claims"]
    assert corrected["changes"] == ["Corrected on 6 March 2026: July, not June."]
    assert corrected["lead"]["text"] == "Before the correction"
    assert corrected["past"]
    assert current["changes"] == other["changes"] == []


def test_no_mark_of_a_prompt_is_shown() -> None:
    copied = NUMBER.model_copy(
        update={"text": "It cost 5m ⟨Thursday = 13 March 2025⟩.", "detail": "5m ⟨Thursday = 13 March"}
    )
    made = view.turn_view(Turn.of(TOLD.model_copy(update={"rejected": (copied,)}), LOCAL), None, {})["made"]
    assert not set("⟨⟩") & set(json.dumps(made, ensure_ascii=False))
    assert made["rejected"] == [{"text": "It cost 5m.", "reason": "a number that is not in the source", "detail": "5m"}]
