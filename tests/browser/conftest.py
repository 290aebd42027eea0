"""Fixtures: the page's server with a library, and browser tabs."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright
from tabs import CHROMIUM, HOSTILE, ROOT, Tab, serving


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.browser)
            if not Path(CHROMIUM).exists():
                item.add_marker(pytest.mark.skip(reason=f"no Chromium at {CHROMIUM}; set CHROMIUM to its path"))


@pytest.fixture(scope="session")
def stocked(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a library with the sample articles and one hostile article."""
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


@pytest.fixture
def open_tab(browser: Browser) -> Iterator[Callable[..., Tab]]:
    contexts = []

    def open_(address: str, path: str = "/", **context: object) -> Tab:
        contexts.append(browser.new_context(**({"viewport": {"width": 1280, "height": 800}} | context)))
        page = contexts[-1].new_page()
        tab = Tab(page, address)
        page.on("request", lambda request: tab.requests.append(request.url))
        page.on("pageerror", lambda error: tab.errors.append(str(error)))
        page.set_default_timeout(60_000)
        page.goto(address + path)
        page.get_by_role("heading", name="Dateline").wait_for()
        return tab

    yield open_
    for context in contexts:
        context.close()
