"""Shared fixtures: an environment without keys, and a small library of fictional articles in a temporary folder."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from stories import SECOND, STORY

from qa.settings import Settings


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--articles", type=int, default=10_000, help="how many articles tests/test_fuzz.py mutates")
    parser.addoption("--more", help="a folder of articles that tests/test_fuzz.py mutates in addition to the sample")
    parser.addoption("--kills", type=int, default=40, help="how many processes tests/test_kills.py kills")


CORPUS = Path(__file__).parent.parent / "evals" / "corpus"


@pytest.fixture(autouse=True)
def no_keys(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Remove the keys and settings of the person who runs the tests, and point the default library elsewhere."""
    import os

    for name in list(os.environ):
        if name.startswith(("QA_", "OPENAI_")):
            monkeypatch.delenv(name)
    monkeypatch.setenv("QA_LIBRARY", str(tmp_path / "default-library"))


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
    pipeline.close_all()


@pytest.fixture
def ask_chroma(monkeypatch: pytest.MonkeyPatch) -> None:
    """Use Chroma even for the small libraries of tests, which would otherwise be scored exactly."""
    monkeypatch.setattr("qa.library.index.EXACT_UP_TO", 0)
