"""The library page in a browser: articles come in, get a headline, and go."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Page, expect
from tabs import HOSTILE, Tab, serving
from test_reading import serious

from qa import ingest
from qa.articles.load import load_text
from qa.model import Particulars

OpenTab = Callable[..., Tab]
QUAY = b"The quay of Selm was shut on Monday after two piles were found to be rotten, Ada Fell said."


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder = tmp_path_factory.mktemp("page") / "news"
    ingest(
        [load_text(f"Plan {n} was passed in Selm.", about=Particulars(title=f"Plan {n} passed")) for n in range(90)],
        library=folder,
    )
    with serving(folder) as address:
        yield address


def upload(page: Page, *files: tuple[str, bytes]) -> None:
    page.locator("input[type=file]").set_input_files(
        [{"name": name, "mimeType": "application/octet-stream", "buffer": content} for name, content in files]
    )


def test_a_refused_file_beside_a_good_one_is_told_unfolded_and_dismissed(server: str, open_tab: OpenTab) -> None:
    tab = open_tab(server, "/?page=library")
    page, told = tab.page, tab.page.locator(".adding")
    upload(
        page,
        ("quay.txt", QUAY),
        ("broken.pdf", b"%PDF-1.4 nothing"),
        ("large.pdf", b"%PDF-1.4" + b"x" * 20_000_001),
        ("<img src=x onerror=window.pwned=1>.exe", b"MZ"),
    )
    expect(told.locator("summary")).to_have_text("1 added, 3 could not be read")
    expect(told.get_by_text("broken.pdf")).not_to_be_visible()
    told.locator("summary").click()
    expect(told).to_contain_text("broken.pdf: is no PDF that can be read")
    expect(told).to_contain_text("large.pdf: is larger than 20 MB; split it")
    expect(told).to_contain_text("<img src=x onerror=window.pwned=1>.exe: .exe is not a format")
    told.get_by_role("button", name="[The quay of Selm was shut").first.click()
    expect(page.locator(".article h2")).to_contain_text("[The quay of Selm was shut on Monday after two piles were")
    page.get_by_role("button", name="Close the article").click()
    expect(page.locator(".article")).to_have_count(0)
    told.get_by_role("button", name="Dismiss").click()
    expect(told).to_have_count(0)
    expect(page.get_by_test_id("stFileChip")).to_have_count(0)
    assert page.evaluate("window.pwned") is None
    assert tab.elsewhere == []
    assert tab.errors == []


def test_files_that_come_while_others_are_added_are_added_too(server: str, open_tab: OpenTab) -> None:
    page = open_tab(server, "/?page=library").page
    for town in ("Arvo", "Besk"):
        texts = (QUAY.replace(b"Selm", f"{town}{n}".encode()) for n in range(3))
        upload(page, *((f"{town}-{n}.txt", text) for n, text in enumerate(texts)))
        # Streamlit loses what is dropped in the moment in which it takes other files. A reader sees their names first.
        expect(page.get_by_role("button", name=f"Remove {town}-2.txt")).to_be_attached()
    # One line for all, or a line of their own for the second ones if the first ones were done by then.
    expect(page.locator(".adding summary")).to_have_text(re.compile(r"^[36] added$"))
    for name in ("Arvo0", "Arvo2", "Besk0", "Besk2"):
        box = page.get_by_role("textbox", name="Search the library")
        box.fill(name)
        box.press("Enter")
        expect(page.locator(".article-list li")).to_have_count(1)
        expect(page.locator(".article-list li")).to_contain_text(f"The quay of {name}")


def test_a_pasted_text_gets_a_headline_and_is_deleted_again(server: str, open_tab: OpenTab) -> None:
    tab = open_tab(server, "/?page=library")
    page = tab.page
    page.get_by_role("tab", name="Paste text").click()
    page.get_by_label("Text of the article").fill(HOSTILE.replace("tunnel", "bridge"))
    page.get_by_label("Outlet (optional)").fill("Selm Post")
    page.get_by_role("button", name="Add this text").click()
    told = page.locator(".adding")
    told.locator("summary").click()
    told.get_by_role("button", name="Edit", exact=False).click()
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_label("Outlet")).to_have_value("Selm Post")
    dialog.get_by_label("Headline").fill("Bridge <b>opens</b>")
    dialog.get_by_role("button", name="Save").click()
    expect(dialog).to_have_count(0)
    expect(told).to_contain_text("Saved: Bridge <b>opens</b>")
    page.get_by_role("textbox", name="Search the library").fill('"Bridge b opens"')
    page.get_by_role("textbox", name="Search the library").press("Enter")
    row = page.locator(".article-list li")
    expect(row).to_have_count(1)
    expect(row).to_contain_text("Selm Post, 1 April 2026 · edited here")
    row.get_by_role("button", name="Delete Bridge").click()
    row.get_by_role("button", name="Keep").click()
    row.get_by_role("button", name="Delete Bridge").click()
    row.get_by_role("button", name="for good").click()
    expect(told).to_contain_text("Deleted: Bridge <b>opens</b>")
    expect(page.locator(".article-list")).to_contain_text("No article contains “Bridge b opens”")
    expect(page.locator(".article-list")).to_contain_text("Try fewer words, or another spelling.")
    assert page.evaluate("window.pwned") is None
    assert tab.elsewhere == []
    assert tab.errors == []


def test_the_focus_returns_to_the_edited_article(server: str, open_tab: OpenTab) -> None:
    tab = open_tab(server, "/?page=library")
    page = tab.page
    edit = page.locator(".article-list").get_by_role("button", name="Edit ").nth(2)
    key = edit.get_attribute("data-key")  # several articles may have one name
    edit.press("Enter")
    dialog = page.get_by_role("dialog")
    dialog.press("Escape")  # in the dialog, which may not have the focus yet
    expect(dialog).to_have_count(0)
    expect(edit).to_be_focused()
    tab.settled()
    edit.press("Enter")
    dialog.get_by_label("Authors").fill("Ada Roe")
    dialog.get_by_role("button", name="Save").click()
    expect(page.locator(".article-list li").nth(2)).to_contain_text("edited here")
    expect(page.locator(f'[data-key="{key}"]')).to_be_focused()


def test_a_long_list_has_pages_and_a_search_begins_at_the_first(server: str, open_tab: OpenTab) -> None:
    page = open_tab(server, "/?page=library").page
    listed = page.locator(".article-list")
    listed.get_by_role("button", name="Further").click()
    expect(listed).to_contain_text("Page 2 of 3")
    expect(listed.locator("li")).to_have_count(40)
    page.get_by_role("textbox", name="Search the library").fill("passed selm")
    page.get_by_role("textbox", name="Search the library").press("Enter")
    expect(listed).to_contain_text("90 articles contain “passed” and “selm”")
    expect(listed).to_contain_text("Page 1 of 3")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 390])
def test_axe_finds_nothing_while_articles_come_in(server: str, open_tab: OpenTab, scheme: str, width: int) -> None:
    tab = open_tab(server, "/?page=library", color_scheme=scheme, viewport={"width": width, "height": 844})
    page, told = tab.page, tab.page.locator(".adding")
    upload(
        page, (f"axe-{scheme}-{width}.txt", QUAY.replace(b"two", f"{scheme} {width}".encode())), ("no.pdf", b"%PDF-1")
    )
    told.locator("summary").click()
    expect(told).to_contain_text("no.pdf")
    assert serious(tab) == []
    page.get_by_role("tab", name="Paste text").click()
    assert serious(tab) == []
    told.get_by_role("button", name="Edit", exact=False).click()
    expect(page.get_by_role("dialog").get_by_label("Headline")).to_be_visible()
    assert serious(tab) == []
    page.get_by_role("dialog").press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
