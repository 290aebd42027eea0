"""A real browser against a real server: the page as readers have it, with every request the browser makes on record."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.request import urlopen

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

ROOT = Path(__file__).parent.parent.parent
CHROMIUM = os.environ.get("CHROMIUM", "/usr/bin/chromium")

HOSTILE = """Published: 2026-04-01

![x](https://evil.example/title.png) <b>Bold</b> :red[headline] $a^2$

VARN, April 1 (<img src=https://evil.example/outlet.png>) - The tunnel at Varn cost $5 and $7 million, \
:red[said] <script>window.pwned=1</script> clerk Ona Birk on Tuesday. <img src=https://evil.example/i.png \
onerror="window.pwned=1"> The tunnel opened with ![alt](https://evil.example/md.png) in May. \
<style>body{display:none}</style> <form action=https://evil.example><input name=x></form> The tunnel was \
\u202edesrever\u202c by engineers.
"""

expect.set_options(timeout=30_000)  # what a page may take on a busy machine; a sound one takes a tenth


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.browser)
            if not Path(CHROMIUM).exists():
                item.add_marker(pytest.mark.skip(reason=f"no Chromium at {CHROMIUM}; set CHROMIUM to one"))


@contextmanager
def serving(library: Path, **environment: str) -> Iterator[str]:
    """The page's server on a free port, with ``library``; its address."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    clean = {k: v for k, v in os.environ.items() if not k.startswith(("QA_", "OPENAI_", "STREAMLIT_"))}
    process = subprocess.Popen(
        [sys.executable, "-m", "streamlit", "run", ROOT / "app.py", "--server.port", str(port)],
        env=clean | {"QA_LIBRARY": str(library), "PYTHONPATH": str(ROOT)} | environment,
        cwd=library.parent,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        for _ in range(200):
            try:
                urlopen(f"http://127.0.0.1:{port}/_stcore/health").close()
                break
            except OSError:
                time.sleep(0.1)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait(10)


@pytest.fixture(scope="session")
def stocked(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A library of the sample and one hostile article."""
    from qa import ingest

    folder = tmp_path_factory.mktemp("page")
    (folder / "hostile.txt").write_text(HOSTILE, encoding="utf-8")
    (folder / "more").mkdir()
    ingest([str(ROOT / "evals" / "corpus"), str(folder / "hostile.txt")], library=folder / "news")
    return folder / "news"


@pytest.fixture(scope="session")
def server(stocked: Path) -> Iterator[str]:
    with serving(stocked) as address:
        yield address


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield chromium
        chromium.close()


@dataclass
class Tab:
    """A page of a session of its own, and what its browser saw."""

    page: Page
    address: str
    requests: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)

    @property
    def elsewhere(self) -> list[str]:
        return [url for url in self.requests if not url.startswith((self.address, "data:", "blob:"))]

    def ask(self, question: str) -> None:
        box = self.page.get_by_test_id("stChatInputTextArea")
        box.fill(question)
        box.press("Enter")

    def answered(self, question: str) -> None:
        self.ask(question)
        self.page.get_by_text("How this was made").last.wait_for()


@pytest.fixture
def open_tab(browser: Browser) -> Iterator[Callable[..., Tab]]:
    contexts = []

    def open_(address: str, path: str = "/", **context: object) -> Tab:
        contexts.append(browser.new_context(**({"viewport": {"width": 1280, "height": 800}} | context)))
        page = contexts[-1].new_page()
        tab = Tab(page, address)
        page.on("request", lambda request: tab.requests.append(request.url))
        page.on("pageerror", lambda error: tab.errors.append(str(error)))
        page.set_default_timeout(20_000)
        page.goto(address + path)
        page.get_by_role("heading", name="Dateline").wait_for()
        return tab

    yield open_
    for context in contexts:
        context.close()


def in_view(tab: Tab, selector: str) -> bool:
    """Whether the middle of an element is what the reader sees there."""
    return bool(
        tab.page.locator(selector).first.evaluate(
            """node => {
                const box = node.getClientRects()[0], x = box.left + 5, y = box.top + box.height / 2;
                return x >= 0 && y >= 0 && y <= innerHeight && node.getRootNode().elementFromPoint(x, y) === node;
            }"""
        )
    )
