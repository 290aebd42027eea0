"""Fixtures: the page's server with a library, and browser tabs."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright
from tabs import CHROMIUM, HOSTILE, ROOT, WAIT, Tab, serving

# What Streamlit says above the page for some seconds: on a busy machine it comes and goes between two looks.
TOASTS = """window.toasts = [];
new MutationObserver(() => {
    const all = [...document.querySelectorAll("[data-testid=stToast]")].map((one) => one.textContent);
    window.toasts.push(...all.filter((one) => !window.toasts.includes(one)));
}).observe(document, { childList: true, subtree: true });"""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.browser)
            item.add_marker(pytest.mark.flaky(reruns=1))  # on a busy machine a browser loses a click now and then
            if not Path(CHROMIUM).exists():
                item.add_marker(pytest.mark.skip(reason=f"no Chromium at {CHROMIUM}; set CHROMIUM to its path"))


@pytest.fixture(scope="session")
def pristine(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a library with the sample articles and one hostile article, which no server uses."""
    from qa import ingest

    folder = tmp_path_factory.mktemp("pristine")
    (folder / "hostile.txt").write_text(HOSTILE, encoding="utf-8")
    ingest([str(ROOT / "evals" / "corpus"), str(folder / "hostile.txt")], library=folder / "news")
    return folder / "news"


@pytest.fixture(scope="session")
def stocked(pristine: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a library with the same articles, which several servers use."""
    return Path(shutil.copytree(pristine, tmp_path_factory.mktemp("page") / "news"))


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


@pytest.fixture
def open_tab(browser: Browser) -> Iterator[Callable[..., Tab]]:
    contexts = []

    def open_(address: str, path: str = "/", **context: object) -> Tab:
        usual = {"viewport": {"width": 1280, "height": 800}, "reduced_motion": "reduce"}
        contexts.append(browser.new_context(**(usual | context)))
        page = contexts[-1].new_page()
        page.add_init_script(TOASTS)
        tab = Tab(page, address)
        page.on("request", lambda request: tab.requests.append(request.url))
        page.on("pageerror", lambda error: tab.errors.append(str(error)))
        page.set_default_timeout(WAIT)
        page.goto(address + path)
        page.get_by_role("heading", name="Dateline").wait_for()
        return tab

    yield open_
    for context in contexts:
        context.close()
