"""Shared fixtures: an environment without keys, and a small library of fictional articles in a temporary folder."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from uuid import uuid4

import postgres_server
import pytest
from hypothesis import HealthCheck
from hypothesis import settings as examples
from pydantic import SecretStr
from stories import SECOND, STORY
from warming import finish_warming

from qa.settings import Place, Settings, SharedLibrary

examples.register_profile("busy machines", deadline=None, suppress_health_check=[HealthCheck.too_slow])
examples.load_profile("busy machines")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--articles", type=int, default=1_000, help="how many articles tests/test_fuzz.py mutates")
    parser.addoption("--more", help="a folder of articles that tests/test_fuzz.py mutates in addition to the sample")
    parser.addoption("--kills", type=int, default=40, help="how many processes tests/test_kills.py kills")
    parser.addoption("--shared-kills", type=int, default=60, help="kills in tests/test_postgres_kills.py")
    parser.addoption("--api-kills", type=int, default=15, help="kills in tests/test_api_kills.py")
    parser.addoption("--turns", type=int, default=20, help="turns of each of the two sessions in tests/test_app.py")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark tests that use a PostgreSQL server as slow."""
    for item in items:
        if isinstance(item, pytest.Function) and ("shared" in item.fixturenames or item.name.endswith("[postgres]")):
            item.add_marker(pytest.mark.slow)


CORPUS = Path(__file__).parent.parent / "evals" / "corpus"


@pytest.fixture(autouse=True)
def no_keys(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Remove the keys and settings of the person who runs the tests, and point the default library elsewhere."""
    import os

    for name in list(os.environ):
        if name.startswith(("QA_", "OPENAI_")):
            monkeypatch.delenv(name)
    monkeypatch.setenv("QA_LIBRARY", str(tmp_path / "default-library"))


@pytest.fixture(autouse=True)
def own_main_module() -> Iterator[None]:
    """Restore the main module, which Streamlit replaces by the page.

    Otherwise every process that a later test starts would run the page, and so ingest the sample.
    """
    main = sys.modules["__main__"]
    yield
    sys.modules["__main__"] = main


@pytest.fixture
def stories(tmp_path: Path) -> Path:
    """A folder with two articles from different outlets and months."""
    folder = tmp_path / "stories"
    folder.mkdir()
    (folder / "ferry.txt").write_text(STORY, encoding="utf-8")
    (folder / "plough.md").write_text(SECOND, encoding="utf-8")
    return folder


@pytest.fixture
def settings(tmp_path: Path, stories: Path) -> Iterator[Settings]:
    """Settings for a library that holds ``stories``. Everything opened for it is closed after the test."""
    from qa import manage, pipeline

    settings = Settings(library=tmp_path / "library")
    manage.ingest(str(stories), settings=settings)
    yield settings
    finish_warming()
    pipeline.close_all()


@pytest.fixture
def ask_chroma(monkeypatch: pytest.MonkeyPatch) -> None:
    """Use Chroma even for the small libraries of tests, which would otherwise be scored exactly."""
    monkeypatch.setattr("qa.library.index.EXACT_UP_TO", 0)


@pytest.fixture(scope="session")
def postgres() -> Iterator[str]:
    """The address of a PostgreSQL server that runs as long as the tests do."""
    if postgres_server.programs() is None:
        pytest.skip("PostgreSQL is not installed (apt-get install postgresql)")
    with postgres_server.running() as address:
        yield address


@pytest.fixture
def shared(postgres: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[SharedLibrary]:
    """A place for a shared library that nobody else uses. Nothing is there yet."""
    import psycopg

    from qa.library.postgres import close_pools

    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    schema = f"test_{uuid4().hex[:12]}"
    yield SharedLibrary(address=SecretStr(f"{postgres}&schema={schema}"))
    close_pools()
    with closing(psycopg.connect(postgres, autocommit=True)) as server:
        server.execute(f"DROP SCHEMA IF EXISTS {schema} CASCADE")


@pytest.fixture(params=["sqlite", "postgres"])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Place:
    """A place for a new library: a folder, and in a second run of the test a PostgreSQL database."""
    place: Place = tmp_path / "lib" if request.param == "sqlite" else request.getfixturevalue("shared")
    return place
