"""Take the screenshots for the README: ``python scripts/screenshots.py [folder]``.

Needs the extra ``dev`` and an installed Chromium. Serves the page with the sample library from a temporary folder and
writes one picture per view. The default folder is ``docs/images``.
"""

from __future__ import annotations

import shutil
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "tests" / "browser")]

from tabs import CHROMIUM, serving  # noqa: E402

CHANGES = ROOT / "evals" / "changes"
CHANGED = "How many passengers a day does Line 2 carry?"
DISPUTED = "How many fans protested on the quay in Bramsel?"
QUESTION = "What did the engineers warn the ministry about the Keller Bridge?"
WHO = "Who runs Hexley Transit?"
EARLIER = ("1-second-line-opens.md", "2-tram-chief-quits.txt")  # the articles that the saved answers rest on
WIDE = {"viewport": {"width": 1360, "height": 850}}
PHONE = {"viewport": {"width": 390, "height": 844}, "device_scale_factor": 2, "has_touch": True, "is_mobile": True}


def opened(browser: Browser, address: str, **context: object) -> Page:
    """Open the page in a new tab."""
    page = browser.new_context(**context).new_page()  # type: ignore[arg-type]
    page.goto(address)
    page.get_by_role("heading", name="Dateline").wait_for()
    return page


def ask(page: Page, question: str) -> None:
    """Ask a question and wait for the whole answer."""
    box = page.get_by_test_id("stChatInputTextArea")
    box.fill(question)
    box.press("Enter")
    page.get_by_text("How this was made").last.wait_for()
    page.wait_for_timeout(1500)  # until the animation of the claims has ended


def read(page: Page) -> None:
    """Open the article of the first citation."""
    page.locator(".chip").first.click()
    page.locator("mark.current").wait_for()
    page.mouse.move(0, 0)
    page.wait_for_timeout(600)


def changes(browser: Browser, scratch: Path, folder: Path) -> None:
    """Write the pictures of what changes: answers, saved ones, a timeline, and two versions of an article."""
    from qa import ingest

    library, news = scratch / "library", scratch / "news"
    ingest([str(CHANGES / "corpus" / "tram" / f"tram-{name}") for name in EARLIER], library=library)
    with serving(library) as address:
        page = opened(browser, address, viewport={"width": 1180, "height": 900})
        for question in (CHANGED, WHO):
            ask(page, question)
            page.get_by_role("button", name="Save", exact=True).last.click()
            page.get_by_role("button", name="Saved", exact=True).last.wait_for()
        for story in ("tram", "reactor", "bears"):
            shutil.copytree(CHANGES / "corpus" / story, news / story)
        ingest(str(news), library=library)
        page.goto(f"{address}/?page=saved")
        page.get_by_role("button", name="Check all").click()
        page.locator(".verdict").first.wait_for()
        page.wait_for_timeout(600)
        page.screenshot(path=folder / "recheck.png", clip={"x": 340, "y": 60, "width": 800, "height": 620})
        page = opened(browser, address, viewport={"width": 1180, "height": 900})
        ask(page, DISPUTED)
        page.mouse.move(0, 0)
        page.screenshot(path=folder / "disputed.png", clip={"x": 340, "y": 60, "width": 800, "height": 550})
        page = opened(browser, f"{address}/?page=library", viewport={"width": 1180, "height": 1280})
        box = page.get_by_role("textbox", name="Timeline of")
        box.fill("tram depot")
        box.press("Enter")
        page.get_by_role("region", name="Timeline").get_by_text("Fenner Road").first.wait_for()
        page.wait_for_timeout(600)
        page.screenshot(path=folder / "timeline.png", clip={"x": 340, "y": 60, "width": 800, "height": 1220})
        shutil.copytree(CHANGES / "later" / "tram", news / "tram", dirs_exist_ok=True)
        ingest(str(news), library=library)
        page = opened(browser, address, viewport={"width": 1180, "height": 1120})
        ask(page, CHANGED)
        page.mouse.move(0, 0)
        page.screenshot(path=folder / "changes.png", clip={"x": 340, "y": 60, "width": 800, "height": 1020})
        page = opened(browser, f"{address}/?page=library", viewport={"width": 1360, "height": 720})
        page.get_by_role("button", name="Hexley council dismisses tram chief", exact=False).first.click()
        page.locator(".versions summary").click()
        page.locator(".versions button").first.click()
        page.get_by_role("button", name="Back to the article").wait_for()
        page.mouse.move(0, 0)
        page.wait_for_timeout(600)
        page.locator(".st-key-desk").screenshot(path=folder / "versions.png")


def main(folder: Path) -> None:
    """Write every picture to ``folder``."""
    from qa import ingest

    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as scratch, sync_playwright() as playwright:
        library = Path(scratch) / "sample"
        with serving(Path(scratch) / "library") as address:
            browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
            page = opened(browser, address, **WIDE)
            page.get_by_role("button", name="Who chaired the truce talks?").wait_for()
            page.wait_for_function("!document.querySelector('[data-testid=stSkeleton]')")  # the placeholders are gone
            page.wait_for_timeout(500)
            page.screenshot(path=folder / "welcome.png")
            ingest(str(ROOT / "evals" / "corpus"), library=library)
            for scheme in ("light", "dark"):
                page = opened(browser, f"{address}/?library=sample", **WIDE, color_scheme=scheme)
                ask(page, QUESTION)
                read(page)
                page.screenshot(path=folder / f"{scheme}.png")
            page = opened(browser, f"{address}/?library=sample", **WIDE)
            ask(page, QUESTION)
            page.locator(".chip").first.hover()
            page.wait_for_timeout(400)
            page.screenshot(path=folder / "source.png")
            ask(page, "How tall is the Eiffel Tower in metres?")
            page.mouse.move(0, 0)
            page.screenshot(path=folder / "abstention.png")
            page = opened(browser, f"{address}/?library=sample&page=library", **WIDE)
            page.get_by_text("62 articles", exact=True).wait_for()
            page.wait_for_timeout(500)
            page.screenshot(path=folder / "library.png")
            page = opened(browser, f"{address}/?library=sample", **PHONE)
            ask(page, QUESTION)
            page.screenshot(path=folder / "phone.png")
            read(page)
            page.screenshot(path=folder / "phone-article.png")
        changes(browser, Path(scratch) / "changes", folder)
        browser.close()


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "docs" / "images")
