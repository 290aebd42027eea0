"""``qa doctor`` reports what is wrong and how to correct it, without sending any text to a server."""

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
    findings = examine(settings)
    assert findings.faults == []
    assert findings.facts["state"] == "sound"
    assert "offline reader" in findings.facts["questions go to"]
    assert findings.facts["reading model"] == "dateline-reading-3"
    assert "checked" in findings.facts["index"]
    assert findings.facts["articles"].startswith("2 ")
    assert "GB" in findings.facts["disk room"]


def test_a_missing_library_is_a_fact_and_is_not_created(tmp_path: Path) -> None:
    findings = examine(Settings(library=tmp_path / "none"), fix=True)
    assert "qa ingest" in findings.facts["state"]
    assert findings.faults == []
    assert not (tmp_path / "none").exists()


def test_the_endpoint_is_only_asked_for_its_models(settings: Settings, httpserver: HTTPServer) -> None:
    httpserver.expect_request("/v1/models", method="GET").respond_with_json(
        {"object": "list", "data": [{"id": "tiny", "object": "model", "created": 1, "owned_by": "us"}]}
    )
    local = settings.model_copy(update={"openai_base_url": httpserver.url_for("/v1"), "model": "tiny"})
    assert examine(local).facts["model endpoint"] == "reachable, lists the model"
    other = local.model_copy(update={"model": "huge"})
    assert "does not list it among its 1 models" in examine(other).facts["model endpoint"]
    assert {request.path for request, _ in httpserver.log} == {"/v1/models"}
    assert all(not request.get_data() for request, _ in httpserver.log)
    offline = local.model_copy(update={"offline": True})
    assert "model endpoint" not in examine(offline).facts


def test_an_unreachable_endpoint_is_a_fault_with_a_remedy(settings: Settings) -> None:
    unreachable = settings.model_copy(update={"openai_base_url": "http://127.0.0.1:9/v1", "model": "tiny"})
    findings = examine(unreachable)
    assert findings.facts["model endpoint"] == "not reachable"
    assert "OPENAI_BASE_URL" in findings.faults[0]
    assert findings.facts["state"] == "sound", "the library is still checked"


def test_fix_rebuilds_what_is_derived_from_the_articles(settings: Settings) -> None:
    with closing(sqlite3.connect(settings.library / FILE)) as db:
        db.execute("DELETE FROM chunks_fts")
        db.commit()
    findings = examine(settings)
    assert findings.facts["state"] == "damaged"
    assert "qa doctor --fix" in findings.faults[0]
    assert examine(settings, fix=True).faults == []
    assert examine(settings).faults == []


def test_a_library_file_that_cannot_be_read_is_a_fault(settings: Settings) -> None:
    (settings.library / FILE).write_bytes(b"no database" * 1000)
    findings = examine(settings, fix=True)
    assert findings.facts["state"] == "cannot be used"
    assert "--library" in findings.faults[0]


def test_too_little_free_space_is_a_fault(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    usage = namedtuple("usage", "total used free")
    monkeypatch.setattr(doctor.shutil, "disk_usage", lambda _path: usage(10**9, 10**9 - 10**6, 10**6))
    assert any("Make room" in fault for fault in examine(settings).faults)


def test_an_embedder_with_another_dimension_is_a_fault(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    from fakes import CountingEmbedder

    monkeypatch.setattr(doctor, "embedder_named", lambda *_: CountingEmbedder(dimension=64))
    assert any("do not have the length" in fault for fault in examine(settings).faults)
