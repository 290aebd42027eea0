"""Feeds: RSS of all versions, Atom and JSON Feed; and the entries whose pages are to be fetched."""

from __future__ import annotations

import json
from contextlib import suppress
from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from growth import is_linear
from hypothesis import given, settings
from hypothesis import strategies as st

from qa.articles.extract import Extract, Raw, Unread
from qa.articles.formats import feed, xml
from qa.errors import InputError

SUMMER = timezone(timedelta(hours=1))
FIRST = "The ferry to Selm sails again on Monday."
SECOND = "It had been in dock since March."
HTML = f"<p>{FIRST}</p><figure><figcaption>The quay</figcaption></figure><p>{SECOND}</p>"
SUMMARIES = "has summaries only; fetch the pages with --full"
SPACES = (
    'xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:dc="http://purl.org/dc/elements/1.1/"'
    ' xmlns:media="http://search.yahoo.com/mrss/" xmlns:itunes="http://www.itunes.com/dtds/podcast-1.0.dtd"'
)


def raw(content: str | bytes, url: str | None = None) -> Raw:
    return Raw(content.encode() if isinstance(content, str) else content, ".xml", url=url)


def read(content: str | bytes, url: str | None = None) -> list[Extract | Unread]:
    return list(xml.read(raw(content, url)))


def only(content: str | bytes, url: str | None = None) -> Extract:
    (extract,) = read(content, url)
    assert isinstance(extract, Extract)
    return extract


def rss(*items: str, channel: str = "<language>en-gb</language>") -> str:
    listed = "".join(f"<item>{item}</item>" for item in items)
    head = f'<?xml version="1.0"?><rss version="2.0" {SPACES}><channel><title>Selm Telegraph</title>'
    return f"{head}{channel}{listed}</channel></rss>"


def atom(entry: str, head: str = "") -> str:
    return f"""<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="en"><title>Selm Telegraph</title>{head}
    <entry><id>tag:selm.example,2026:1</id><title>Ferry sails again</title>{entry}</entry></feed>"""


# --- RSS -----------------------------------------------------------------------------------------------------------


def test_an_entry_with_its_content_is_an_article() -> None:
    extract = only(
        rss(
            f"""<title>Ferry &amp;amp; bus</title><link>https://selm.example/ferry?a=1&amp;b=2</link>
            <guid isPermaLink="false">selm-1</guid><dc:creator>Ada Blum</dc:creator><dc:creator>Tom Rye</dc:creator>
            <pubDate>Thu, 07 May 2026 21:30:00 +0100</pubDate><description>Short.</description>
            <content:encoded><![CDATA[{HTML}]]></content:encoded>"""
        )
    )
    assert (extract.text, extract.id, extract.where) == (f"{FIRST}\n\n{SECOND}", "selm-1", "entry 1")
    facts = extract.facts
    assert (facts.title, facts.source, facts.authors) == ("Ferry & bus", "Selm Telegraph", ("Ada Blum", "Tom Rye"))
    assert (facts.url, facts.language) == ("https://selm.example/ferry?a=1&b=2", "en")
    assert facts.published == datetime(2026, 5, 7, 21, 30, tzinfo=SUMMER)
    assert isinstance(facts.published, datetime)
    assert facts.published.utcoffset() == timedelta(hours=1)
    assert extract.warnings == ()


def test_summaries_are_warned_of_once() -> None:
    items = [f"<title>T{n}</title><guid>g{n}</guid><description>{FIRST}</description>" for n in range(3)]
    extracts = [extract for extract in read(rss(*items)) if isinstance(extract, Extract)]
    assert [extract.warnings for extract in extracts] == [(SUMMARIES,), (), ()]
    whole = f"<title>W</title><content:encoded>{FIRST}</content:encoded>"
    first, second, *_ = read(rss(whole, *items))
    assert isinstance(first, Extract)
    assert isinstance(second, Extract)
    assert (first.warnings, second.warnings) == ((), (f"{SUMMARIES} (3 of 4 entries)",))


def test_a_long_description_is_the_story() -> None:
    story = "".join(f"&lt;p&gt;{FIRST} {SECOND}&lt;/p&gt;" for _ in range(20))
    extract = only(rss(f"<title>T</title><description>{story}</description>"))
    assert extract.warnings == ()
    assert len(extract.text.split("\n\n")) == 20


@pytest.mark.parametrize(
    "end",
    [
        "[&amp;#8230;]",
        "[...]",
        "…",
        "... <a href='x'>Read more</a>",
        "</p><p><a>Continue reading Ferry sails again</a>",
    ],
)
def test_content_that_is_cut_is_a_summary(end: str) -> None:
    content = f"<![CDATA[<p>{FIRST} {SECOND} {end.replace('&amp;', '&')}</p>]]>"
    extract = only(rss(f"<title>T</title><content:encoded>{content}</content:encoded>"))
    assert extract.warnings == (SUMMARIES,)
    assert extract.text.startswith(f"{FIRST} {SECOND}")


def test_the_last_line_of_wordpress_is_left_out() -> None:
    footer = '<p>The post <a href="x">Ferry</a> appeared first on <a href="y">Selm Telegraph</a>.</p>'
    extract = only(rss(f"<title>T</title><content:encoded><![CDATA[{HTML}{footer}]]></content:encoded>"))
    assert (extract.text, extract.warnings) == (f"{FIRST}\n\n{SECOND}", ())


def test_links_at_the_end_are_no_text() -> None:
    links = '<p><em><a href="x">Listen: our podcast on ferries</a></em></p><p><a href="y">Discuss this story</a></p>'
    extract = only(rss(f"<title>T</title><content:encoded><![CDATA[{HTML}{links}]]></content:encoded>"))
    assert extract.text == f"{FIRST}\n\n{SECOND}"


def test_addresses_lose_what_counts_clicks() -> None:
    link = "<link>https://selm.example/?id=7&amp;utm_source=rss&amp;utm_medium=feed</link>"
    assert (
        only(rss(f"<title>T</title><description>{FIRST}</description>{link}")).facts.url == "https://selm.example/?id=7"
    )


def test_a_headline_alone_is_reported() -> None:
    assert read(rss("<title>Ferry</title><link>https://selm.example/1</link>")) == [
        Unread("entry 1 (Ferry): has no text; fetch its page with --full")
    ]


def test_captions_and_podcasts_are_no_text() -> None:
    media = '<media:content url="x"><media:title>Quay</media:title><media:description>'
    media += "The quay on Monday, seen from the boat, with everybody on it."
    item = f"<title>Ferry</title><description>{FIRST}</description>{media}</media:description></media:content>"
    extract = only(rss(f"{item}<itunes:summary>Listen to the ferry.</itunes:summary><itunes:title>P</itunes:title>"))
    assert (extract.text, extract.facts.title) == (FIRST, "Ferry")


@pytest.mark.parametrize(
    ("author", "expected"),
    [
        ("<author>ada@selm.example (Ada Blum)</author>", ("Ada Blum",)),
        ("<author>Ada Blum and Tom Rye</author>", ("Ada Blum", "Tom Rye")),
        ("<author>desk@selm.example</author>", ()),
        ("<author>Ada Blum &lt;ada@selm.example></author>", ("Ada Blum",)),
        ("<author>desk@selm.example (Desk)</author><dc:creator>Ada Blum</dc:creator>", ("Ada Blum",)),
        ("<dc:creator><![CDATA[By Ada Blum]]></dc:creator>", ("Ada Blum",)),
        ("", ()),
    ],
)
def test_authors(author: str, expected: tuple[str, ...]) -> None:
    channel = "<managingEditor>chief@selm.example (Vera Stone)</managingEditor>"
    item = f"<title>T</title><description>{FIRST}</description>{author}"
    assert only(rss(item, channel=channel)).facts.authors == expected


@pytest.mark.parametrize(
    ("stated", "expected"),
    [
        ("<pubDate>Thu, 07 May 2026 21:30:00 GMT</pubDate>", datetime(2026, 5, 7, 21, 30, tzinfo=UTC)),
        ("<pubDate>Thu, 07 May 26 21:30:00 EST</pubDate>", datetime(2026, 5, 8, 2, 30, tzinfo=UTC)),
        ("<pubDate>2026-05-07</pubDate>", date(2026, 5, 7)),
        ("<dc:date>2026-05-07T21:30:00+01:00</dc:date>", datetime(2026, 5, 7, 21, 30, tzinfo=SUMMER)),
        ("<pubDate>soon</pubDate>", None),
        ("", None),
    ],
)
def test_dates(stated: str, expected: object) -> None:
    assert only(rss(f"<title>T</title><description>{FIRST}</description>{stated}")).facts.published == expected


def test_an_aggregator_names_the_outlet_of_each_entry() -> None:
    item = '<title>Ferry sails - Karrow Courier</title><source url="https://k.example">Karrow Courier</source>'
    facts = only(rss(f"{item}<description>{FIRST}</description>")).facts
    assert (facts.title, facts.source) == ("Ferry sails", "Karrow Courier")


@pytest.mark.parametrize(
    ("title", "outlet"),
    [
        ("Selm Telegraph - All stories", "Selm Telegraph"),
        ("Politics | Selm Telegraph", "Selm Telegraph"),
        ("Selm Telegraph", "Selm Telegraph"),
        ("Ferries - a diary", "Ferries - a diary"),
    ],
)
def test_the_name_of_a_section_is_no_part_of_the_outlet(title: str, outlet: str) -> None:
    feed_of = rss(f"<title>Ferry</title><description>{HTML.replace('<', '&lt;')}</description>")
    assert only(feed_of.replace("<title>Selm Telegraph<", f"<title>{title}<")).facts.source == outlet


def test_rss_1_and_rss_0_9() -> None:
    rdf = f"""<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"
    xmlns="http://purl.org/rss/1.0/" {SPACES}>
    <channel rdf:about="https://selm.example/"><title>Selm Telegraph</title></channel>
    <item rdf:about="https://selm.example/1"><title>Ferry</title><link>https://selm.example/1</link>
    <description>{FIRST}</description><dc:date>2026-05-07T21:30:00Z</dc:date><dc:creator>Ada Blum</dc:creator>
    </item></rdf:RDF>"""
    extract = only(rdf)
    assert (extract.text, extract.id) == (FIRST, "https://selm.example/1")
    assert (extract.facts.source, extract.facts.authors) == ("Selm Telegraph", ("Ada Blum",))
    item = f"<item><title>T</title><description>{FIRST}</description></item>"
    assert only(f'<rss version="0.91"><channel><title>S</title>{item}</channel></rss>').text == FIRST


# --- Atom and JSON -------------------------------------------------------------------------------------------------


def test_atom_is_read() -> None:
    extract = only(
        atom(
            f"""<link href="/ferry"/><link rel="self" href="x"/><author><name>Ada Blum</name></author>
            <published>2026-05-07T21:30:00+01:00</published><updated>2026-05-09T08:00:00Z</updated><summary>Short.</summary>
            <content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml"><p>{FIRST}</p><p>{SECOND}</p></div></content>"""
        ),
        url="https://selm.example/feed.xml",
    )
    assert (extract.text, extract.id) == (f"{FIRST}\n\n{SECOND}", "tag:selm.example,2026:1")
    facts = extract.facts
    assert (facts.title, facts.source, facts.authors) == ("Ferry sails again", "Selm Telegraph", ("Ada Blum",))
    assert (facts.url, facts.language) == ("https://selm.example/ferry", "en")
    assert facts.published == datetime(2026, 5, 7, 21, 30, tzinfo=SUMMER)


def test_the_author_of_an_atom_feed_wrote_its_entries() -> None:
    content = f"<content>{FIRST}</content>"
    assert only(atom(content, "<author><name>Ada Blum</name></author>")).facts.authors == ("Ada Blum",)
    assert only(atom(content, "<author><name>Selm Telegraph</name></author>")).facts.authors == ()


def test_an_atom_entry_keeps_the_source_it_was_taken_from() -> None:
    source = "<source><id>k</id><title>Karrow Courier</title></source>"
    assert only(atom(f"{source}<content type='html'>{FIRST}</content>")).facts.source == "Karrow Courier"


JSON: dict[str, object] = {
    "version": "https://jsonfeed.org/version/1.1",
    "title": "Selm Telegraph",
    "home_page_url": "https://selm.example/",
    "language": "en-GB",
    "items": [
        {
            "id": 7,
            "url": "/ferry",
            "title": "Ferry sails again",
            "content_html": HTML,
            "summary": "Short.",
            "date_published": "2026-05-07T21:30:00+01:00",
            "date_modified": "2026-05-09T08:00:00Z",
            "authors": [{"name": "Ada Blum"}],
        },
        {"id": "8", "title": "Bus"},
    ],
}


def test_broken_unicode_in_json_is_replaced() -> None:
    (extract,) = feed.read_json_feed(
        {"items": [{"id": "a", "title": "T\ud800", "content_html": "<p>Half \ud83d.</p>"}]}
    )
    assert isinstance(extract, Extract)
    assert (extract.text, extract.facts.title) == ("Half \ufffd.", "T\ufffd")


def test_a_json_feed_is_read() -> None:
    extract, unread = feed.read_json_feed(JSON)
    assert isinstance(extract, Extract)
    assert (extract.text, extract.id) == (f"{FIRST}\n\n{SECOND}", "7")
    facts = extract.facts
    assert (facts.title, facts.source, facts.authors) == ("Ferry sails again", "Selm Telegraph", ("Ada Blum",))
    assert (facts.url, facts.language) == ("https://selm.example/ferry", "en")
    assert facts.published == datetime(2026, 5, 7, 21, 30, tzinfo=SUMMER)
    assert unread == Unread("entry 2 (Bus): has no text; fetch its page with --full")
    assert list(feed.read(raw(json.dumps(JSON)))) == [extract, unread]


# --- addresses, for whoever fetches the pages ------------------------------------------------------------------------


def test_links_are_extracts_without_text() -> None:
    items = (
        "<title>A</title><link>https://selm.example/a</link>",
        "<title>B</title><guid isPermaLink='false'>b</guid>",
    )
    extract, unread = feed.read(Raw(rss(*items).encode(), ".xml", links=True))
    assert isinstance(extract, Extract)
    assert (extract.text, extract.facts.url, extract.warnings) == ("", "https://selm.example/a", ())
    assert unread == Unread("entry 2: has no address")


# --- broken and hostile feeds --------------------------------------------------------------------------------------


@pytest.mark.parametrize("content", ["<rss/>", "<feed/>", rss(), "<rss><channel><title>T</title></channel></rss>"])
def test_a_feed_without_entries_is_refused(content: str) -> None:
    with pytest.raises(InputError, match="is a feed without entries"):
        read(content)


def test_a_broken_feed_is_repaired() -> None:
    content = rss(
        f"<title>Fish & chips &ndash; cheap</title><link>https://selm.example/?a=1&b=2</link><description>{FIRST}</description>"
    )
    facts = only("\n " + content).facts
    assert (facts.title, facts.url) == ("Fish & chips – cheap", "https://selm.example/?a=1&b=2")
    cut = only(content.partition("</description>")[0])
    assert cut.text == FIRST
    assert cut.warnings[0].startswith("is broken XML (line 1: ")


def test_a_feed_is_never_fetched() -> None:
    for content in ("http://127.0.0.1:9/feed", "/etc/passwd", "file:///etc/passwd"):
        with pytest.raises(InputError):
            list(feed.read(raw(content)))


def test_a_large_feed_takes_no_more_than_its_length_asks_for() -> None:
    def entries(count: int) -> str:
        return rss(*(f"<title>T{n}</title><description>{FIRST * 20}</description>" for n in range(count)))

    assert len(read(entries(800))) == 800
    assert is_linear(lambda count: read(entries(count)), 100, 800)


@given(st.binary())
def test_any_bytes_are_read_or_refused(content: bytes) -> None:
    for some in (content, b"{" + content):
        with suppress(InputError):
            assert all(isinstance(found, Extract | Unread) for found in feed.read(raw(some)))


CONTENT = f"<content:encoded>{FIRST}</content:encoded>"
AUTHOR = "<author>a@b.example (A)</author><pubDate>Thu, 07 May 2026 21:30:00 GMT</pubDate>"
WHOLE = [
    rss(f"<title>W</title><link>https://selm.example/w</link><source url='x'>K</source>{CONTENT}"),
    rss(f"{AUTHOR}<description>&lt;p></description>"),
    atom(f"<link href='/a'/><author><name>A</name></author><updated>2026-05-07</updated><content>{FIRST}</content>"),
    json.dumps(JSON),
]


@settings(deadline=None)
@given(st.sampled_from(WHOLE), st.integers(0, 900), st.integers(0, 60), st.binary(max_size=20))
def test_any_damage_is_read_or_refused(whole: str, start: int, length: int, put: bytes) -> None:
    content = whole.encode()
    with suppress(InputError):
        list(feed.read(raw(content[:start] + put + content[start + length :])))


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["name", "url", "id", "title", "content_html"]), inner)
    ),
    max_leaves=6,
)


@given(st.dictionaries(st.sampled_from(sorted(JSON)), VALUES))
def test_any_json_is_read_or_refused(document: dict[str, object]) -> None:
    with suppress(InputError):
        feed.read_json_feed(document)


def test_an_item_of_a_json_feed_that_is_none_is_named() -> None:
    good = {"id": "1", "title": "Quay shut", "content_text": "The quay at Selm is shut.", "authors": None, "url": None}
    found = feed.read_json_feed({"title": None, "items": [None, good, 7]})
    assert [one.reason for one in found if isinstance(one, Unread)] == [
        "entry 1: not a JSON object",
        "entry 3: not a JSON object",
    ]
    assert [one.text for one in found if isinstance(one, Extract)] == ["The quay at Selm is shut."]
    with pytest.raises(InputError, match="without entries"):
        feed.read_json_feed({"items": None})
