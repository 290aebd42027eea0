"""Articles and questions with markup or scripts are shown as text, and the browser sends no request elsewhere."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import expect
from tabs import Tab

OpenTab = Callable[..., Tab]


def test_a_hostile_article_is_shown_as_text_everywhere(server: str, open_tab: OpenTab) -> None:
    tab = open_tab(server)
    page = tab.page
    tab.answered("How much did the tunnel at Varn cost?")
    page.locator(".chip").first.hover()
    page.get_by_text("How this was made").click()
    page.locator(".chip").first.click()
    text = page.locator(".article .scroll")
    expect(text).to_contain_text("<script>window.pwned=1</script>")
    expect(text).to_contain_text("![alt](https://evil.example/md.png)")
    expect(text).to_contain_text(":red[said]")
    expect(text).to_contain_text("$5 and $7 million")
    assert "\u202e" not in text.inner_text()
    page.get_by_role("button", name="Close the article").click()
    expect(page.locator(".article")).to_have_count(0)
    for name in ("Outlets", "Said by"):
        page.get_by_role("combobox", name=name).click()
        page.wait_for_timeout(500)  # the lists contain the article's outlet and speakers
        page.keyboard.press("Escape")
    page.get_by_role("link", name="Library", exact=True).click()
    page.get_by_role("textbox", name="Search the library").fill("tunnel Varn")
    page.get_by_role("textbox", name="Search the library").press("Enter")
    expect(page.locator(".article-list")).to_contain_text("<b>Bold</b> :red[headline] $a^2$")
    assert page.evaluate("window.pwned") is None
    assert page.locator("img[src*=evil], form[action*=evil], style:text('display:none')").count() == 0
    assert tab.elsewhere == []


def test_a_hostile_question_and_url_are_shown_as_text(server: str, open_tab: OpenTab) -> None:
    tab = open_tab(
        server,
        "/?q=%3Cimg%20src%3Dhttps%3A%2F%2Fevil.example%2Fq%3E%20%24x%24%20%3Ared%5Btunnel%5D%20![](https://evil.example/m)&outlet=![](https://evil.example/o)&library=../../etc",
    )
    tab.page.locator(".turn h2").wait_for()
    expect(tab.page.locator(".turn h2")).to_contain_text("<img src=https://evil.example/q> $x$ :red[tunnel]")
    tab.page.wait_for_timeout(500)
    assert tab.elsewhere == []
