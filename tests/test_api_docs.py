"""The examples of docs/api.md, run in their order against a server."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from serving import served

from qa.api.options import ApiSettings
from qa.api.tokens import Tokens
from qa.settings import Settings

PAGE = (Path(__file__).parent.parent / "docs" / "api.md").read_text(encoding="utf-8")
SHOWN = "http://127.0.0.1:8080"


def blocks(language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", PAGE, re.DOTALL)


@pytest.fixture
def server(settings: Settings) -> Iterator[tuple[str, str]]:
    """The address of a server, and a token for it."""
    token = Tokens(settings.library).create("desk", "write")
    with served(settings) as url:
        yield url, token


def test_the_python_examples_work(server: tuple[str, str], capsys: pytest.CaptureFixture[str]) -> None:
    url, token = server
    names: dict[str, object] = {"token": token}
    for block in blocks("python"):
        exec(compile(block.replace(SHOWN, url), "docs/api.md", "exec"), names)
    client = names["client"]
    assert isinstance(client, httpx.Client)
    client.close()
    printed = capsys.readouterr().out
    assert printed.count("4,200 crowns") >= 3, "the answer, its quotation and the streamed claim"
    assert "urn:dateline:problem:unknown-article" in printed


@pytest.mark.skipif(shutil.which("curl") is None, reason="curl is not installed")
def test_the_curl_examples_work(server: tuple[str, str], tmp_path: Path) -> None:
    url, token = server
    answer, added = (
        subprocess.run(
            ["bash", "-c", block.replace(SHOWN, url)],
            cwd=tmp_path,
            env={**os.environ, "TOKEN": token},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for block in blocks("sh")
    )
    assert "4,200 crowns" in answer
    assert '"added":1' in added


def test_the_page_lists_every_setting_and_endpoint() -> None:
    assert all(f"QA_API_{name.upper()}" in PAGE for name in ApiSettings.model_fields)
    for address in ("/v1/answers", "/v1/timeline", "/v1/rechecks", "/v1/evaluations", "/metrics", "/readyz"):
        assert address in PAGE
