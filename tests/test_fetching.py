"""Addresses among the sources: pages, feeds, the pages that a feed links to, and what has not changed since."""

from __future__ import annotations

from contextlib import closing
from dataclasses import dataclass, field
from typing import Any

import pytest

from qa.articles.extract import Raw
from qa.articles.web.client import Fetched, Web
from qa.errors import InputError
from qa.fetching import Page, Reading, pages
from qa.ingestion import ingest_into
from qa.library.embedders import WordLlamaEmbedder
from qa.library.library import Library
from qa.model import IngestReport

PAGE = """<html><head><title>Quay shut</title><meta property="og:site_name" content="Selm Post"></head><body><article>
<h1>Quay shut</h1><p>{}</p><p>The harbour master of Selm said on Tuesday that the quay would stay shut until the
weekend, because two of its piles had been found to be rotten below the water line.</p><p>Nobody was hurt, and the
ferries use the old pier meanwhile.</p></article></body></html>"""
FEED = """<rss version="2.0"><channel><title>Selm Post</title>
<item><title>Quay shut</title><link>https://selm.example/quay</link><guid>1</guid>
<pubDate>Tue, 03 Mar 2026 06:30:00 GMT</pubDate><description>The quay at Selm is shut.</description></item>
<item><title>Crane fell</title><link>https://selm.example/crane</link><guid>2</guid>
<pubDate>Tue, 03 Mar 2026 08:30:00 GMT</pubDate><description>A crane fell at Selm.</description></item>
</channel></rss>"""


@dataclass
class FakeWeb:
    """Answers from a table, as a server that knows etags does."""

    answers: dict[str, tuple[str, str]]
    asked: list[str] = field(default_factory=list)

    def fetch(self, url: str, *, etag: str | None = None, modified: str | None = None) -> Fetched:
        self.asked.append(url)
        if url not in self.answers:
            raise InputError("answered 404 Not Found")
        suffix, content = self.answers[url]
        tag = f'"{hash(content)}"'
        raw = None if tag == etag else Raw(content.encode(), suffix, url)
        return Fetched(raw, url, tag, None, "")


@pytest.fixture
def web(monkeypatch: pytest.MonkeyPatch) -> FakeWeb:
    fake = FakeWeb(
        {
            "https://selm.example/feed": (".xml", FEED),
            "https://selm.example/quay": (".html", PAGE.format("The quay at Selm was shut on Tuesday.")),
            "https://selm.example/crane": (".html", PAGE.format("A crane fell at Selm on Tuesday.")),
        }
    )
    monkeypatch.setattr("qa.fetching._web", lambda: fake)
    return fake


def ingest(library: Library, *sources: str, **options: Any) -> IngestReport:
    return ingest_into(library, sources, WordLlamaEmbedder(), reading=Reading(**options))


def test_a_page_becomes_an_article_known_by_its_address(web: FakeWeb) -> None:
    with closing(Library(None)) as library:
        report = ingest(library, "https://selm.example/quay#top")
        (article,) = library.articles()
        assert (report.added, report.skipped, article.source) == (1, (), "Selm Post")
        assert "The quay at Selm was shut on Tuesday." in library.article(article.id).text
        assert library.article(article.id).origin == "https://selm.example/quay"


def test_an_unchanged_page_is_passed_over_and_a_changed_one_replaces_its_article(web: FakeWeb) -> None:
    with closing(Library(None)) as library:
        ingest(library, "https://selm.example/quay")
        again = ingest(library, "https://selm.example/quay")
        assert (again.added, again.unchanged) == (0, 1)
        web.answers["https://selm.example/quay"] = (".html", PAGE.format("The quay at Selm is open again."))
        changed = ingest(library, "https://selm.example/quay")
        assert (changed.added, changed.updated, len(library.articles())) == (0, 1, 1)


def test_a_feed_gives_its_own_texts(web: FakeWeb) -> None:
    with closing(Library(None)) as library:
        report = ingest(library, "https://selm.example/feed")
        assert {article.title for article in library.articles()} == {"Quay shut", "Crane fell"}
        assert web.asked == ["https://selm.example/feed"]
        assert report.warnings  # it has summaries only, which --full helps


def test_the_pages_of_a_feed_are_fetched_once(web: FakeWeb) -> None:
    with closing(Library(None)) as library:
        report = ingest(library, "https://selm.example/feed", full=True)
        assert report.added == 2
        assert web.asked == ["https://selm.example/feed", "https://selm.example/quay", "https://selm.example/crane"]
        again = ingest(library, "https://selm.example/feed", full=True)
        assert (again.added, again.unchanged) == (0, 2)
        assert web.asked[3:] == ["https://selm.example/feed"], "entries of the same day are not asked for again"


def feed_of(days: list[int]) -> str:
    items = "".join(
        f"<item><title>Day {day}</title><link>https://selm.example/{day}</link><guid>{day}</guid>"
        f"<pubDate>{day:02} Mar 2026 06:30:00 GMT</pubDate></item>"
        for day in days
    )
    return f'<rss version="2.0"><channel><title>Selm Post</title>{items}</channel></rss>'


def test_of_a_long_feed_the_newest_pages_are_fetched_and_the_report_says_so(web: FakeWeb) -> None:
    days = [3, 9, 1, 7, 5]
    web.answers = {f"https://selm.example/{day}": (".html", PAGE.format(f"It was day {day}.")) for day in days}
    web.answers["https://selm.example/feed"] = (".xml", feed_of(days))
    with closing(Library(None)) as library:
        report = ingest(library, "https://selm.example/feed", full=True, limit=2)
        assert web.asked[1:] == ["https://selm.example/9", "https://selm.example/7"]
        assert report.warnings == (
            "https://selm.example/feed: has 5 entries; only the pages of the 2 newest were fetched; "
            "--limit 0 fetches all",
        )
        again = ingest(library, "https://selm.example/feed", full=True, limit=0)
        assert (report.added, again.added, again.unchanged, again.warnings) == (2, 3, 2, ())


def test_the_limit_is_that_of_each_feed_and_shows_in_the_progress(web: FakeWeb) -> None:
    web.answers = {f"https://selm.example/{day}": (".html", PAGE.format(f"It was day {day}.")) for day in range(1, 31)}
    web.answers["https://selm.example/a"] = (".xml", feed_of(list(range(1, 16))))
    web.answers["https://selm.example/b"] = (".xml", feed_of(list(range(16, 31))))
    addresses = ["https://selm.example/a", "https://selm.example/b"]
    found = list(pages(addresses, Reading(full=True, limit=4), lambda _: None))
    assert [page.left for page in found] == [6, 5, 4, 3, 2, 5, 4, 3, 2, 1]
    with pytest.raises(InputError, match="limit"):
        Reading(limit=-1)


def test_an_address_that_fails_stops_no_other(web: FakeWeb) -> None:
    with closing(Library(None)) as library:
        report = ingest(library, "https://selm.example/gone", "https://selm.example/crane")
        assert report.added == 1
        assert [(s.origin, s.reason) for s in report.skipped] == [
            ("https://selm.example/gone", "answered 404 Not Found")
        ]


def test_nothing_is_fetched_offline() -> None:
    def never() -> Web:
        raise AssertionError

    (page,) = pages(["https://selm.example/quay"], Reading(offline=True), lambda _: None)
    assert isinstance(page, Page)
    assert page.loaded
    (skipped,) = page.loaded()
    assert "--offline" in str(getattr(skipped, "reason", ""))
