"""A real browser and a real server: the page as readers see it. Every request of the browser is recorded."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from urllib.request import urlopen

from playwright.sync_api import Locator, Page, expect
from playwright.sync_api import TimeoutError as PlaywrightTimeoutError

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

WAIT = 180_000  # milliseconds; enough for a busy machine, thirty times what an idle one needs

expect.set_options(timeout=WAIT)


@contextmanager
def serving(library: Path, **environment: str) -> Iterator[str]:
    """Serve the page with ``library`` on a free port, and yield its address."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    clean = {k: v for k, v in os.environ.items() if not k.startswith(("QA_", "OPENAI_", "STREAMLIT_"))}
    process = subprocess.Popen(
        [sys.executable, "-m", "qa", "app", "--port", str(port)],
        env=clean | {"QA_LIBRARY": str(library), "PYTHONPATH": str(ROOT)} | environment,
        cwd=library.parent,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        until = time.monotonic() + 120  # a busy machine takes half a minute
        while True:
            try:
                urlopen(f"http://127.0.0.1:{port}/_stcore/health").close()
                assert process.poll() is None, "another server has taken the port"
                break
            except OSError:
                assert process.poll() is None, "the server of the page has ended"
                assert time.monotonic() < until, "the server of the page has not started"
                time.sleep(0.1)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait(60)


@dataclass
class Tab:
    """A page with its own session, and the requests and errors its browser recorded."""

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

    def card_of(self, mark: Locator, words: str) -> str:
        """Point at a mark until its card is shown, with these words. It goes when the page moves under the pointer.

        Returns all words of the card.
        """
        card = self.page.locator(".card:popover-open").filter(has_text=words)
        for _ in range(20):
            self.page.mouse.move(0, 0)
            mark.hover()
            with suppress(PlaywrightTimeoutError):
                return card.inner_text(timeout=3000)
        raise AssertionError(f"no card says {words!r}")

    def answered(self, question: str) -> None:
        """Ask a question, and wait until its answer is complete and the page at rest."""
        turns = self.page.locator(".turn")
        self.settled()
        before = turns.count()
        self.ask(question)
        expect(turns).to_have_count(before + 1)
        turns.nth(before).get_by_text("How this was made").wait_for()
        self.settled()

    def settled(self) -> None:
        """Wait until the page draws nothing, and no fragment draws a turn again and again."""
        expect(self.page.locator(".turn[aria-busy=true]")).to_have_count(0)
        expect(self.page.get_by_test_id("stApp")).to_have_attribute("data-test-script-state", "notRunning")

    def told(self, words: str) -> None:
        """Wait until Streamlit has said something above the page, which goes again after some seconds."""
        self.page.wait_for_function("words => window.toasts.some((one) => one.includes(words))", arg=words)


def eventually(page: Page, holds: Callable[[], bool]) -> None:
    """Wait until something holds for which Playwright has no expectation of its own."""
    until = time.monotonic() + WAIT / 1000
    while not holds() and time.monotonic() < until:
        page.wait_for_timeout(100)
    assert holds()


def in_view(tab: Tab, selector: str) -> bool:
    """Whether an element is visible at its middle: inside the window and not covered."""
    return bool(
        tab.page.locator(selector).first.evaluate(
            """node => {
                const box = node.getClientRects()[0], x = box.left + 5, y = box.top + box.height / 2;
                return x >= 0 && y >= 0 && y <= innerHeight && node.getRootNode().elementFromPoint(x, y) === node;
            }"""
        )
    )
