"""The examples of docs/api.md, run in their order against a server."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from serving import WAIT, served

from qa import pipeline
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


def test_the_python_examples_work(
    server: tuple[str, str], capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    url, token = server
    monkeypatch.setenv("TOKEN", token)
    names: dict[str, object] = {}
    for block in blocks("python"):
        exec(compile(block.replace(SHOWN, url), "docs/api.md", "exec"), names)
    client = names["client"]
    assert isinstance(client, httpx.Client)
    client.close()
    printed = capsys.readouterr().out
    assert printed.count("4,200 crowns") >= 3, "the answer, its quotation and the streamed claim"
    assert "urn:dateline:problem:unknown-article" in printed


@pytest.mark.skipif(shutil.which("curl") is None, reason="curl is not installed")
def test_the_shell_examples_work_from_an_empty_library_on(tmp_path: Path) -> None:
    """As a newcomer does them: a library that is not there yet, the first token, the first article, a question."""
    path = f"{Path(sys.executable).parent}:{os.environ['PATH']}"
    if shutil.which("qa", path=path) is None:
        pytest.skip("the command is not installed")
    with served(Settings(library=tmp_path / "newsroom", offline=True)) as url:
        script = "\n".join(blocks("sh")).replace(SHOWN, url)
        done = subprocess.run(
            ["bash", "-euc", script], cwd=tmp_path, env={**os.environ, "PATH": path}, capture_output=True, text=True
        )
    pipeline.close_all()
    assert done.returncode == 0, done.stderr
    assert done.stdout.count('"added":1') == 2
    assert "4,200 crowns" in done.stdout
    assert '"status":"answered"' in done.stdout


def test_the_page_lists_every_metric(server: tuple[str, str]) -> None:
    url, token = server
    headers = {"Authorization": f"Bearer {token}"}
    httpx.post(f"{url}/v1/answers", json={"question": "Who is Mara Quist?"}, headers=headers, timeout=WAIT)
    told = httpx.get(f"{url}/metrics", headers=headers, timeout=WAIT).text
    named = set(re.findall(r"^# TYPE (qa_\w+) (?!gauge)|^# TYPE (qa_\w+) gauge", told, re.MULTILINE))
    families = {one or other for one, other in named}
    assert {name for name in families if not name.endswith("_created")} == set(
        re.findall(r"^\| `(qa_\w+)`", PAGE, re.M)
    )


def test_the_page_lists_every_setting_and_endpoint() -> None:
    assert all(f"QA_API_{name.upper()}" in PAGE for name in ApiSettings.model_fields)
    for address in ("/v1/answers", "/v1/timeline", "/v1/rechecks", "/v1/evaluations", "/metrics", "/readyz"):
        assert address in PAGE
