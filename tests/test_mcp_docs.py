"""docs/mcp.md: the lines for assistants start a server that answers, and the page tells what the server is."""

from __future__ import annotations

import asyncio
import json
import os
import re
import shutil
import sys
from pathlib import Path
from typing import Any

import pytest
from mcp.client.client import Client
from mcp.client.stdio import StdioServerParameters
from typer.main import get_command

from qa.api.options import ApiSettings
from qa.cli import app as command
from qa.cli.mcp import PORT
from qa.mcp import results, server
from qa.mcp.http import PATH
from qa.questions.plan import MAX_CHARACTERS
from qa.settings import Settings

pytestmark = pytest.mark.slow  # starts servers

PAGE = (Path(__file__).parent.parent / "docs" / "mcp.md").read_text(encoding="utf-8")
ENTRIES: list[dict[str, Any]] = [
    entry
    for block in re.findall(r"```json\n(.*?)```", PAGE, re.DOTALL)
    for servers in json.loads(block).values()
    for entry in servers.values()
]
STARTED = [entry for entry in ENTRIES if "command" in entry]


def test_there_are_lines_for_three_assistants_and_for_http() -> None:
    assert len(STARTED) == 3
    (remote,) = (entry for entry in ENTRIES if entry not in STARTED)
    assert remote["url"] == f"http://127.0.0.1:{PORT}{PATH}"


@pytest.mark.parametrize("entry", STARTED)
def test_the_lines_start_a_server_that_answers(entry: dict[str, Any], settings: Settings, tmp_path: Path) -> None:
    if entry["command"] == "qa" and shutil.which("qa", path=Path(sys.executable).parent) is None:
        pytest.skip("the command is not installed")
    placed = {"newsroom": str(settings.library)}
    environment = {name: placed.get(value, value) for name, value in entry.get("env", {}).items()}
    parameters = StdioServerParameters(
        command=str(Path(sys.executable).parent / entry["command"]),
        args=[placed.get(argument, argument) for argument in entry["args"]],
        env={**os.environ, **environment},
        cwd=tmp_path,
    )

    async def ask() -> Any:
        async with Client(parameters) as client:
            return await client.call_tool("list_articles")

    assert asyncio.run(ask()).structured_content["total"] == 2


def test_the_options_of_the_page_are_those_of_the_command() -> None:
    known = {option for one in get_command(command).commands["mcp"].params for option in one.opts}  # type: ignore[attr-defined]
    assert {"--http", "--host", "--port", "--library", "--offline"} <= known
    assert set(re.findall(r"qa mcp[^\n]*?(--[a-z]+)", PAGE)) <= known


def test_the_page_lists_every_tool_and_no_other() -> None:
    tools = asyncio.run(server.create_server(Settings(), ApiSettings()).list_tools())
    assert set(re.findall(r"^\| `(\w+)` \|", PAGE, re.MULTILINE)) == {tool.name for tool in tools}


@pytest.mark.parametrize(
    ("words", "value"),
    [
        ("a question | {} characters", MAX_CHARACTERS),
        ("name | {}; 300", results.SENTENCE),
        ("; {} characters, then", results.LINE),
        ("a result | {} characters", results.TEXT),
        ("| {} sentences and", server.SENTENCES),
        ("sentences and {} characters", server.CHARACTERS),
        ("else | {} items", server.ITEMS),
        ("newest {} articles", server.NEWEST),
        ("waiting | {}; 64", ApiSettings().concurrency),
        ("4; {} (`QA_API_CONCURRENCY`", ApiSettings().waiting),
    ],
)
def test_the_limits_of_the_page_are_those_of_the_code(words: str, value: int) -> None:
    assert words.format(f"{value:,}") in PAGE
