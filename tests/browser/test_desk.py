"""The reading desk and the notebook: margin, selections, speakers, keys, timelines, and what is kept and exported."""

from __future__ import annotations

import json
import re
import shutil
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import docx
import pytest
from playwright.sync_api import Locator, Page, expect
from tabs import Tab, in_view, serving
from test_reading import PHONE, serious

OpenTab = Callable[..., Tab]
KELLER = "Who ordered the Keller Bridge shut?"
SAID = "What did Dana Halloran say about the Keller Bridge and what did the engineers warn?"


@pytest.fixture
def fresh(pristine: Path, tmp_path: Path) -> Iterator[str]:
    """A page with a library whose notebook is empty."""
    shutil.copytree(pristine, tmp_path / "news")
    with serving(tmp_path / "news") as address:
        yield address


def opened(tab: Tab, turn: int = 0, chip: int = 0) -> Locator:
    """Open the article of a citation, and return its marked sentence."""
    tab.page.locator(".turn").nth(turn).locator(".claim .chip").nth(chip).click()
    mark = tab.page.locator("mark.current")
    expect(mark).to_be_focused()  # it has been scrolled to by then
    return mark


def select(page: Page, first: str, last: str) -> None:
    """Select with the mouse from the beginning of one sentence to the end of another one."""
    ends = page.evaluate(
        """([first, last]) => {
            const host = [...document.querySelectorAll("*")].find((node) => node.shadowRoot?.querySelector(".article"));
            const all = [...host.shadowRoot.querySelectorAll("[data-sentence]")];
            const one = all.find((node) => node.textContent.includes(first));
            const other = all.find((node) => node.textContent.includes(last));
            one.scrollIntoView({ block: "center" });
            const begin = one.getClientRects()[0], end = [...other.getClientRects()].at(-1);
            return [begin.left + 1, begin.top + begin.height / 2, end.right - 1, end.top + end.height / 2];
        }""",
        [first, last],
    )
    page.mouse.move(ends[0], ends[1])
    page.mouse.down()
    page.mouse.move(ends[2], ends[3], steps=6)
    page.mouse.up()


def copied(page: Page) -> str:
    page.locator(".quotation").get_by_role("button", name="Cite this").click()
    expect(page.locator(".quotation .told")).to_have_text("Copied, with its source.")
    return str(page.evaluate("navigator.clipboard.readText()"))


def keep(tab: Tab, claim: int) -> None:
    tab.page.get_by_role("button", name=f"Keep claim {claim} in the notebook").first.click()


def test_all_citations_of_the_conversation_stand_in_the_margin(server: str, open_tab: OpenTab) -> None:
    tab = open_tab(server)
    tab.answered("What did Oskar Tiell say about a shuttle boat?")
    tab.answered(SAID)
    opened(tab, turn=1)
    page = tab.page
    mine, others = page.locator(".margin:not(.other)"), page.locator(".margin.other")
    assert mine.count() >= 3
    assert others.count() >= 1
    text = page.locator(".article .text").bounding_box()
    paragraph = page.locator(".paragraph").first.bounding_box()
    assert text
    assert paragraph
    for number in range(mine.count()):
        box = mine.nth(number).bounding_box()
        assert box
        assert text["x"] <= box["x"]
        assert box["x"] + box["width"] <= paragraph["x"], "a number stands beside the text, not in it"
    page.locator(".fold summary").get_by_text("cited here").click()
    listed = page.locator(".fold .number")
    assert listed.count() == mine.count() + others.count()
    answered = page.locator(".turn").first
    expect(answered.locator(".chip.current")).to_have_count(0)
    number = others.first.inner_text()  # a citation of the first answer
    others.first.click()
    expect(answered.locator(".chip.current").first).to_be_visible()
    expect(page.get_by_text(f"Citation {number} of")).to_be_visible()
    assert tab.errors == []


def test_the_headline_stands_once_and_lines_are_not_too_long(server: str, open_tab: OpenTab) -> None:
    tab = open_tab(server, viewport={"width": 1900, "height": 900})
    tab.answered(KELLER)
    opened(tab)
    text = tab.page.locator(".article .text").inner_text()
    assert text.count("Crack in main girder shuts Keller Bridge") == 1
    longest = tab.page.locator(".paragraph").last.evaluate(
        """node => {
            const style = getComputedStyle(node), pen = document.createElement("canvas").getContext("2d");
            pen.font = `${style.fontSize} ${style.fontFamily}`;
            const text = node.textContent;
            return node.clientWidth / (pen.measureText(text).width / text.length);
        }"""
    )
    assert 55 <= longest <= 75, "a line has about 68 characters"


def test_a_selection_is_copied_with_its_source_and_the_exact_words(server: str, open_tab: OpenTab) -> None:
    tab = open_tab(server, permissions=["clipboard-read", "clipboard-write"])
    tab.answered(SAID)
    opened(tab)
    page = tab.page
    expect(page.locator(".quotation .chosen")).to_have_text("Citation 1")
    select(page, "We do not gamble", "I would rather apologise")
    expect(page.locator(".quotation .chosen")).to_contain_text("for a funeral")
    assert copied(page) == (
        "“‘We do not gamble with a structure that carries 31,000 vehicles a day,’ Halloran told reporters on the "
        "eastern ramp. ‘I would rather apologise for a queue than for a funeral.’” Channel Nine, 3 March 2026, “Keller "
        "Bridge closed after crack found in girder”"
    )
    assert tab.errors == []


def test_a_selection_that_ends_in_a_quotation_has_its_marks_in_pairs(server: str, open_tab: OpenTab) -> None:
    tab = open_tab(server, permissions=["clipboard-read", "clipboard-write"])
    tab.answered(SAID)
    opened(tab)
    page = tab.page

    def chosen(begin: str, end: str) -> None:
        page.evaluate(
            """([begin, end]) => {
                const hosts = [...document.querySelectorAll("*")].map((node) => node.shadowRoot);
                const text = hosts.find((root) => root?.querySelector(".article")).querySelector(".text");
                const walk = document.createTreeWalker(text, NodeFilter.SHOW_TEXT);
                const nodes = [];
                for (let node = walk.nextNode(); node; node = walk.nextNode()) {
                        if (node.parentNode.closest("[data-sentence]")) nodes.push(node);  // not in the margin
                    }
                const whole = nodes.map((node) => node.data).join("");
                const at = (place) => {
                    for (const node of nodes) {
                        if (place <= node.length) return [node, place];
                        place -= node.length;
                    }
                };
                getSelection().setBaseAndExtent(...at(whole.indexOf(begin)), ...at(whole.indexOf(end) + end.length));
            }""",
            [begin, end],
        )

    label = page.locator(".quotation .chosen")
    chosen("a queue than", "funeral.”")
    expect(label).to_have_text("“‘a queue than for a funeral.’”")
    assert copied(page).startswith("“‘a queue than for a funeral.’” Channel Nine")
    chosen("a queue than", "for a funeral")  # wholly inside: the marks of the article are not selected
    expect(label).to_have_text("“a queue than for a funeral”")
    chosen("“I would rather", "a queue")
    expect(label).to_contain_text("“‘I would rather")
    expect(label).to_contain_text("a queue’”")


def test_a_closest_sentence_is_kept_in_the_notebook(fresh: str, open_tab: OpenTab) -> None:
    tab = open_tab(fresh)
    tab.answered("Was Leon Vasik convicted?")
    sentence = tab.page.locator(".abstention .words").first.inner_text()
    tab.page.get_by_role("button", name="Keep sentence 1 in the notebook").click()
    tab.page.get_by_role("link", name="Notebook").click()
    expect(tab.page.locator(".entry .words").first).to_have_text(sentence)
    expect(tab.page.locator(".entry")).not_to_contain_text("Asked:")


def test_a_copied_sentence_of_a_page_has_an_address_that_leads_to_it(server: str, open_tab: OpenTab) -> None:
    tab = open_tab(server, permissions=["clipboard-read", "clipboard-write"])
    tab.answered("Why do the students of Sunday Okoro count more people than the Tax Office?")
    opened(tab)
    address = tab.page.get_by_role("link", name="Open the original").get_attribute("href")
    assert address
    assert "#:~:text=" in address
    assert copied(tab.page).endswith(f" {address}")


def test_what_a_speaker_says_is_marked_and_unmarked(server: str, open_tab: OpenTab) -> None:
    tab = open_tab(server)
    tab.answered(KELLER)
    opened(tab)
    page = tab.page
    page.locator(".fold summary").get_by_text("speakers").click()
    halloran = page.get_by_role("button", name="Mark what Dana Halloran says")
    expect(halloran).to_have_text(re.compile(r"Dana Halloran · \d+ sentences"))
    halloran.click()
    expect(halloran).to_have_attribute("aria-pressed", "true")
    said = page.locator(".article .said")
    assert any("We do not gamble" in words for words in said.all_inner_texts())
    assert not any("free shuttle" in words for words in said.all_inner_texts())
    assert in_view(tab, ".article .said")
    page.get_by_role("button", name="Mark what Oskar Tiell says").press("Enter")
    expect(halloran).to_have_attribute("aria-pressed", "false")
    assert any("free shuttle" in words for words in said.all_inner_texts())
    page.get_by_role("button", name="Mark what Oskar Tiell says").click()
    expect(said).to_have_count(0)


def test_a_speaker_leads_to_the_timeline(server: str, open_tab: OpenTab) -> None:
    tab = open_tab(server)
    tab.answered(KELLER)
    opened(tab)
    tab.page.locator(".fold summary").get_by_text("speakers").click()
    tab.page.get_by_role("button", name="Timeline of Dana Halloran").click()
    expect(tab.page.get_by_role("textbox", name="Timeline of", exact=True)).to_have_value("Dana Halloran")
    expect(tab.page.locator(".timeline li").first).to_be_visible()
    expect(tab.page.locator(".article")).to_have_count(0)


def test_keys_go_through_the_citations_and_close(server: str, open_tab: OpenTab) -> None:
    tab = open_tab(server)
    tab.answered(SAID)
    opened(tab)
    page = tab.page
    for key, number in (("j", 2), ("ArrowRight", 3), ("k", 2), ("ArrowLeft", 1)):
        page.keyboard.press(key)
        expect(page.get_by_text(f"Citation {number} of")).to_be_visible()
    for key in ("k", "Control+j", "j"):  # there is none before the first, and with Control the key is the browser's
        page.keyboard.press(key)
    expect(page.get_by_text("Citation 2 of")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator("mark")).to_have_count(0)


def test_a_claim_and_a_selection_are_kept_ordered_commented_and_exported(
    fresh: str, open_tab: OpenTab, tmp_path: Path
) -> None:
    tab = open_tab(fresh, accept_downloads=True)
    page = tab.page
    tab.answered(SAID)
    keep(tab, 1)
    tab.told("Kept in “Notes”.")
    opened(tab)
    select(page, "The crew spotted", "It put the length")
    page.locator(".quotation").get_by_role("button", name="Keep").click()
    page.get_by_role("link", name="Notebook").click()
    entries = page.locator(".entry")
    expect(entries).to_have_count(2)
    expect(entries.nth(0)).to_contain_text("She said the bridge could reopen")
    expect(entries.nth(1)).to_contain_text("“The crew spotted the fracture at about 5:40 a.m.")

    entries.nth(1).get_by_role("button", name="Move up").press("Enter")
    expect(entries.nth(0)).to_contain_text("The crew spotted")
    expect(entries.nth(0).get_by_role("button", name="Move down")).to_be_focused()
    entries.nth(0).get_by_role("button", name="Comment").click()
    page.get_by_role("textbox", name="Comment").fill("Check <b>this</b>.")
    page.get_by_role("button", name="Save comment").click()
    expect(page.locator(".remark")).to_have_text("Check <b>this</b>.")

    for name, ending in (("Word", "docx"), ("Markdown", "md"), ("JSON", "json")):
        with page.expect_download() as download:
            page.get_by_role("button", name=f"Save as {name}").click()
        assert download.value.suggested_filename == f"notes.{ending}"
        download.value.save_as(tmp_path / f"notes.{ending}")
    paragraphs = [p.text for p in docx.Document(str(tmp_path / "notes.docx")).paragraphs]
    assert paragraphs[0] == "Notes"
    assert "Check <b>this</b>." in paragraphs
    notes = zipfile.ZipFile(tmp_path / "notes.docx").read("word/footnotes.xml").decode()
    assert "The crew spotted the fracture" in notes
    assert "Channel Nine, 3 March 2026" in notes
    assert "[^1]: “The crew spotted" in (tmp_path / "notes.md").read_text("utf-8")
    assert len(json.loads((tmp_path / "notes.json").read_text("utf-8"))["entries"]) == 2

    page.get_by_role("button", name="Check against today’s library").click()
    expect(page.locator(".verdict")).to_have_count(2)
    expect(page.locator(".verdict").nth(0)).to_contain_text("Corrected on 12 March 2026: 83 centimetres, not 38")
    expect(page.locator(".verdict").nth(1)).to_contain_text("Stands")
    entries.nth(0).locator(".chip").first.click()
    expect(page.locator("mark.current")).to_contain_text("The crew spotted the fracture")
    page.get_by_role("button", name="Close the article").click()
    expect(page.locator(".article")).to_have_count(0)
    page.reload()
    expect(entries).to_have_count(2)
    expect(page.locator(".remark")).to_have_text("Check <b>this</b>.")
    assert tab.errors == []
    assert tab.elsewhere == []


def test_collections_are_made_filled_renamed_and_deleted(fresh: str, open_tab: OpenTab) -> None:
    tab = open_tab(fresh, path="/?page=notebook")
    page = tab.page
    expect(page.get_by_text("Press Keep under a claim")).to_be_visible()
    for title in ("Bridge", "Ferry"):
        page.get_by_role("button", name="New collection").click()
        page.get_by_role("textbox", name="Title").fill(title)
        page.keyboard.press("Enter")
        expect(page.get_by_role("button", name=f"{title} (0)")).to_be_visible()
    page.get_by_role("link", name="Ask", exact=True).click()
    tab.answered(KELLER)
    keep(tab, 1)
    tab.told("Kept in “Ferry”.")
    page.get_by_role("link", name="Notebook").click()
    entry = page.locator(".entry")
    entry.get_by_role("button", name="Move to").click()
    entry.get_by_role("button", name="Move", exact=True).click()
    expect(entry).to_have_count(0)
    page.get_by_role("button", name="Bridge (1)").click()
    expect(entry).to_have_count(1)
    more = page.get_by_role("button", name="Rename, move or delete this collection")
    more.click()
    page.get_by_role("button", name="Rename", exact=True).click()
    page.get_by_role("textbox", name="Title").fill("ferry")
    page.keyboard.press("Enter")
    tab.told("There is already a collection with this title.")
    more.click()
    page.get_by_role("button", name="Move this collection to the right").click()
    expect(page.locator(".shelf li").nth(1)).to_contain_text("Bridge")
    words = entry.locator(".words").first.inner_text()
    undo = page.get_by_role("button", name="Undo")
    entry.get_by_role("button", name="Remove").click()
    expect(entry).to_have_count(0)
    expect(undo).to_be_focused()
    more.click()
    page.get_by_role("button", name="Delete", exact=True).click()
    expect(page.locator(".shelf").get_by_text("Bridge")).to_have_count(0)
    expect(page.get_by_role("heading", name="Ferry")).to_be_visible()
    expect(page.get_by_text("The collection “Bridge” has been deleted.")).to_be_visible()
    undo.click()  # the last deletion first
    expect(page.get_by_role("button", name="Bridge (0)")).to_be_visible()
    expect(page.get_by_text("The entry of the notebook has been deleted.")).to_be_visible()
    undo.click()
    expect(entry.locator(".words").first).to_have_text(words)
    expect(undo).to_have_count(0)
    assert tab.errors == []


def test_hostile_text_is_inert_on_the_desk_and_in_the_notebook(fresh: str, open_tab: OpenTab) -> None:
    tab = open_tab(fresh)
    tab.answered("How much did the tunnel at Varn cost?")
    tab.page.locator(".chip").first.click()
    tab.page.locator("mark.current").wait_for()
    tab.page.locator(".quotation").get_by_role("button", name="Keep").click()
    for summary in tab.page.locator(".fold summary").all():
        summary.click()
    tab.page.get_by_role("link", name="Notebook").click()
    expect(tab.page.locator(".entry").first).to_be_visible()
    tab.page.wait_for_timeout(500)
    assert tab.page.evaluate("window.pwned") is None
    assert tab.elsewhere == []
    assert tab.errors == []


def test_on_a_phone_the_desk_and_the_notebook_fit(fresh: str, open_tab: OpenTab) -> None:
    tab = open_tab(fresh, **PHONE)
    tab.answered(SAID)
    tab.page.get_by_role("button", name="Keep claim 1").tap()
    tab.page.locator(".claim .chip").first.tap()
    tab.page.locator("mark.current").wait_for()
    tab.page.locator(".fold summary").first.tap()
    narrow = "node => node.scrollWidth <= node.clientWidth"
    assert tab.page.locator(".article .scroll").evaluate(narrow)
    for one in tab.page.locator(".margin").all():
        box = one.bounding_box()
        assert box
        assert box["x"] >= 0
    bar = tab.page.locator(".quotation").bounding_box()
    assert bar
    assert bar["y"] + bar["height"] <= 844
    tab.page.get_by_role("button", name="Close the article").tap()
    expect(tab.page.locator(".article")).to_have_count(0)
    tab.page.get_by_role("link", name="Notebook").tap()
    expect(tab.page.locator(".entry")).to_have_count(1)
    assert tab.page.evaluate("document.documentElement.scrollWidth <= innerWidth")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("device", [{}, PHONE], ids=["desktop", "phone"])
def test_axe_finds_no_serious_violation(fresh: str, open_tab: OpenTab, scheme: str, device: dict[str, object]) -> None:
    tab = open_tab(fresh, color_scheme=scheme, **device)
    page = tab.page
    tab.answered(KELLER)
    tab.answered(SAID)
    page.get_by_role("button", name="Keep claim 1").first.click()
    page.locator(".turn").nth(1).locator(".claim .chip").first.click()
    page.locator("mark.current").wait_for()
    for summary in page.locator(".fold summary").all():
        summary.click()
    page.get_by_role("button", name="Mark what Dana Halloran says").click()
    assert serious(tab) == []
    page.get_by_role("button", name="Close the article").click()
    expect(page.locator(".article")).to_have_count(0)
    page.get_by_role("link", name="Notebook").click()
    page.locator(".entry").first.wait_for()
    page.get_by_role("button", name="Check against today’s library").click()
    page.locator(".verdict").first.wait_for()
    page.get_by_role("button", name="Rename, move or delete this collection").click()
    page.locator(".entry").first.get_by_role("button", name="Comment").click()
    assert serious(tab) == []
