"""Measure how long a reader of the page waits, in a real browser.

    python benchmarks/page.py --runs 5

Four waits are measured: from the command to its server, from opening the page to the ask box, from the first visit (a
new server, no library) to the first claim of an example question, and from a question to its settled answer. The first
visit begins as soon as the server answers, while it still makes the sample ready, and no reader is that fast. The same
browser opens an empty Streamlit page, and the same questions are asked in a process without a page. Compare the ratios:
the seconds depend on the machine.
"""

from __future__ import annotations

import argparse
import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from urllib.request import urlopen

from playwright.sync_api import Browser, Page, sync_playwright

ROOT = Path(__file__).resolve().parent.parent
CHROMIUM = os.environ.get("CHROMIUM", "/usr/bin/chromium")
BOX = '[data-testid="stChatInputTextArea"]'
CLAIM = ".turn .claim"
SETTLED = '.turn [data-part="made"] > *'  # is drawn when everything of an answer is known

BLANK = "import streamlit as st\nst.title('Dateline')\nst.chat_input('Ask the articles')\n"
BARE = """
import sys, time
from qa import pipeline
from qa.settings import Settings
settings = Settings(library=sys.argv[1], offline=True)
pipeline.answer(sys.argv[2], settings=settings)
for question in sys.argv[3:]:
    began = time.perf_counter()
    pipeline.answer(question, settings=settings)
    print(time.perf_counter() - began)
"""
WARMING = "Who is Dana Halloran?"
READING = 3000  # milliseconds between an answer and the next question; the page looks for suggestions meanwhile
QUESTIONS = (
    "Who ordered the Keller Bridge shut?",
    "What did the inquiry blame for the grounding of the Ister Dawn?",
    "How many ballots could not be accounted for in Karrow’s recount?",
    "Who chaired the truce talks?",
    "How many people were on the ferry?",
    "When will the stadium open?",
    "What did the central bank do with its interest rate?",
    "Why did the dock workers strike?",
)


@contextmanager
def served(command: Sequence[str], folder: Path) -> Iterator[str]:
    """Run a server that takes a free port as ``--server.port`` or ``--port``, and yield its address."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    clean = {k: v for k, v in os.environ.items() if not k.startswith(("QA_", "OPENAI_", "STREAMLIT_"))}
    process = subprocess.Popen(
        [sys.executable, "-m", *command, str(port)],
        env=clean | {"QA_LIBRARY": str(folder / "library"), "QA_OFFLINE": "true", "PYTHONPATH": str(ROOT)},
        cwd=folder,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        for _ in range(600):
            try:
                urlopen(f"http://127.0.0.1:{port}/_stcore/health").close()
                break
            except OSError:
                time.sleep(0.02)
        yield f"http://127.0.0.1:{port}"
    finally:
        os.killpg(process.pid, 15)  # "qa app" runs Streamlit in a process of its own
        process.wait(20)


@contextmanager
def tab(browser: Browser) -> Iterator[Page]:
    """Yield a page with an empty cache, as a new reader has it."""
    context = browser.new_context(viewport={"width": 1280, "height": 800})
    page = context.new_page()
    page.set_default_timeout(120_000)
    yield page
    context.close()


def opening(browser: Browser, address: str) -> float:
    """Return the seconds from opening the page to the ask box."""
    with tab(browser) as page:
        began = time.perf_counter()
        page.goto(address, wait_until="commit")
        page.locator(BOX).wait_for()
        return time.perf_counter() - began


def first_visit(browser: Browser, address: str) -> tuple[float, float]:
    """Return the seconds from the first visit of a server to its first claim, and those since the click."""
    with tab(browser) as page:
        began = time.perf_counter()
        page.goto(address, wait_until="commit")
        page.get_by_role("button", name=QUESTIONS[0]).click()
        clicked = time.perf_counter()
        page.locator(CLAIM).first.wait_for()
        now = time.perf_counter()
        return now - began, now - clicked


def asking(browser: Browser, address: str) -> list[float]:
    """Return the seconds from each question of a conversation to its settled answer. The first is not timed."""
    taken = []
    with tab(browser) as page:
        page.goto(f"{address}/?library=sample", wait_until="commit")
        for number, question in enumerate((WARMING, *QUESTIONS), 1):
            page.wait_for_timeout(READING)
            box = page.locator(f"{BOX}:enabled")
            box.fill(question)
            began = time.perf_counter()
            box.press("Enter")
            page.locator(SETTLED).nth(number - 1).wait_for(state="attached")
            page.locator(f"{BOX}:enabled").wait_for()
            taken.append(time.perf_counter() - began)
    return taken[1:]


def bare(library: Path) -> list[float]:
    """Return the seconds that each question takes in a process without a page."""
    command = [sys.executable, "-c", BARE, str(library), WARMING, *QUESTIONS]
    done = subprocess.run(
        command, capture_output=True, text=True, check=True, env=os.environ | {"PYTHONPATH": str(ROOT)}
    )
    return [float(line) for line in done.stdout.split()]


def starting(folder: Path) -> float:
    """Return the seconds from the command ``qa app`` to a server that answers."""
    began = time.perf_counter()
    with served(["qa", "app", "--port"], folder):
        return time.perf_counter() - began


def told(name: str, taken: Sequence[float], beside: Sequence[float] = (), what: str = "") -> None:
    """Print the median and the longest wait, and the median as a multiple of another one."""
    ratio = f"  {median(taken) / median(beside):5.1f} × {what}" if beside else ""
    print(f"{name:44} median {median(taken):6.2f} s   longest {max(taken):6.2f} s{ratio}", flush=True)


def main() -> None:
    """Run the measurement."""
    options = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    options.add_argument("--runs", type=int, default=5, help="how often each page is opened, and how many first visits")
    runs = options.parse_args().runs
    print(f"load average {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores", flush=True)
    with tempfile.TemporaryDirectory() as place, sync_playwright() as playwright:
        folder = Path(place)
        (folder / "blank.py").write_text(BLANK)
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        visits, blanks, pages, starts = [], [], [], []
        for number in range(runs):
            (new := folder / f"visit-{number}").mkdir()
            with served(["qa", "app", "--port"], new) as address:
                visits.append(first_visit(browser, address))
            starts.append(starting(new))
        with (
            served(
                ["streamlit", "run", str(folder / "blank.py"), *"--server.headless true --server.port".split()], folder
            ) as blank,
            served(["qa", "app", "--port"], new) as address,
        ):
            for _ in range(runs + 1):  # in turns, so that a busy moment costs both
                blanks.append(opening(browser, blank))
                pages.append(opening(browser, f"{address}/?library=sample"))
            told("the command, to its server", starts)
            told("an empty Streamlit page, opened", blanks[1:])
            told("the page, opened first", pages[:1], blanks[:1], "the empty page")
            told("the page, opened again, to the ask box", pages[1:], blanks[1:], "the empty page")
            told("first visit to the first claim", [whole for whole, _ in visits], blanks[1:], "the empty page")
            told("  of it, since the click on the question", [click for _, click in visits])
            answers, alone = asking(browser, address), bare(new / "sample")
        told("a question without a page", alone)
        told("a question to its settled answer", answers, alone, "the question without a page")
        browser.close()
    print(f"load average {os.getloadavg()[0]:.1f}", flush=True)


if __name__ == "__main__":
    main()
