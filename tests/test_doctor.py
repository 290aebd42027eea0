"""``qa doctor`` says what is wrong and how to mend it, and sends no text anywhere to find out."""

from __future__ import annotations

import sqlite3
from collections import namedtuple
from contextlib import closing
from pathlib import Path

import pytest
from pytest_httpserver import HTTPServer

from qa import doctor, manage
from qa.doctor import examine
from qa.library.library import FILE
from qa.settings import Settings

pytestmark = pytest.mark.usefixtures("ask_chroma")


@pytest.fixture
def settings(tmp_path: Path, stories: Path) -> Settings:
    settings = Settings(library=tmp_path / "lib")
    manage.ingest(stories, settings=settings)
    return settings


def test_a_sound_library_has_no_faults(settings: Settings) -> None:
    found = examine(settings)
    assert found.faults == []
    assert found.facts["state"] == "sound"
    assert "offline reader" in found.facts["questions go to"]
    assert "checked" in found.facts["index"]
    assert found.facts["articles"].startswith("2 ")
    assert "GB" in found.facts["disk room"]


def test_no_library_is_a_fact_and_looking_makes_none(tmp_path: Path) -> None:
    found = examine(Settings(library=tmp_path / "none"), fix=True)
    assert "qa ingest" in found.facts["state"]
    assert found.faults == []
    assert not (tmp_path / "none").exists()


def test_the_endpoint_is_asked_for_its_models_and_for_nothing_else(settings: Settings, httpserver: HTTPServer) -> None:
    httpserver.expect_request("/v1/models", method="GET").respond_with_json(
        {"object": "list", "data": [{"id": "tiny", "object": "model", "created": 1, "owned_by": "us"}]}
    )
    local = settings.model_copy(update={"openai_base_url": httpserver.url_for("/v1"), "model": "tiny"})
    assert examine(local).facts["model endpoint"] == "reachable, serves it"
    other = local.model_copy(update={"model": "huge"})
    assert "does not list it among its 1 models" in examine(other).facts["model endpoint"]
    assert {request.path for request, _ in httpserver.log} == {"/v1/models"}
    assert all(not request.get_data() for request, _ in httpserver.log)
    offline = local.model_copy(update={"offline": True})
    assert "model endpoint" not in examine(offline).facts


def test_an_endpoint_that_is_not_there_is_a_fault_with_a_remedy(settings: Settings) -> None:
    gone = settings.model_copy(update={"openai_base_url": "http://127.0.0.1:9/v1", "model": "tiny"})
    found = examine(gone)
    assert found.facts["model endpoint"] == "not reachable"
    assert "OPENAI_BASE_URL" in found.faults[0]
    assert found.facts["state"] == "sound", "the rest is looked at all the same"


def test_what_follows_from_the_articles_is_made_anew(settings: Settings) -> None:
    with closing(sqlite3.connect(settings.library / FILE)) as db:
        db.execute("DELETE FROM chunks_fts")
        db.commit()
    found = examine(settings)
    assert found.facts["state"] == "damaged"
    assert "qa doctor --fix" in found.faults[0]
    assert examine(settings, fix=True).faults == []
    assert examine(settings).faults == []


def test_a_file_that_cannot_be_read_is_a_fault_not_a_crash(settings: Settings) -> None:
    (settings.library / FILE).write_bytes(b"no database" * 1000)
    found = examine(settings, fix=True)
    assert found.facts["state"] == "cannot be used"
    assert "--library" in found.faults[0]


def test_too_little_room_is_told_before_it_hurts(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    usage = namedtuple("usage", "total used free")
    monkeypatch.setattr(doctor.shutil, "disk_usage", lambda _path: usage(10**9, 10**9 - 10**6, 10**6))
    assert any("make room" in fault for fault in examine(settings).faults)


def test_vectors_of_another_wordllama_are_noticed(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    from fakes import CountingEmbedder

    monkeypatch.setattr(doctor, "embedder_named", lambda *_: CountingEmbedder(dimension=64))
    assert any("another length" in fault for fault in examine(settings).faults)
