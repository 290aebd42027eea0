"""The first visit, in a browser: the sample is there when its first question is asked, once, whoever asks."""

from __future__ import annotations

import re
from collections.abc import Callable
from contextlib import closing, suppress
from pathlib import Path

from playwright.sync_api import expect
from tabs import Tab, serving

from qa.errors import LibraryError
from qa.library.library import Library

EXAMPLE = "Who ordered the Keller Bridge shut?"


def test_an_example_is_answered_on_the_first_visit_of_two_readers(tmp_path: Path, open_tab: Callable[..., Tab]) -> None:
    library = tmp_path / "library"
    with serving(library) as address:
        tabs = [open_tab(address), open_tab(address)]
        for tab in tabs:
            tab.page.get_by_role("button", name=EXAMPLE).click()
        for tab in tabs:
            tab.page.get_by_text(re.compile("Dana Halloran")).first.wait_for()
            expect(tab.page.get_by_text(re.compile("62 articles")).first).to_be_visible()
            expect(tab.page.get_by_test_id("stChatInputTextArea")).to_be_enabled()
            assert tab.elsewhere == []
            assert tab.errors == []
    with closing(Library(tmp_path / "sample")) as sample:
        assert sample.coverage().articles == 62, "both questions were asked of one sample"
    assert not (tmp_path / "sample" / "index").exists()


def test_the_sample_is_made_ready_before_anybody_asks_for_it(tmp_path: Path, open_tab: Callable[..., Tab]) -> None:
    with serving(tmp_path / "library") as address:
        tab = open_tab(address)
        for _ in range(600):
            if (tmp_path / "sample" / "library.sqlite3").is_file():
                with suppress(LibraryError), closing(Library(tmp_path / "sample")) as sample:  # it may be half made
                    if sample.coverage().articles:
                        break
            tab.page.wait_for_timeout(100)
        tab.page.get_by_role("button", name="Open the sample library").click()
        expect(tab.page.get_by_text(re.compile("62 articles")).first).to_be_visible()
    assert not (tmp_path / "library").exists(), "the reader's own library is left alone"
