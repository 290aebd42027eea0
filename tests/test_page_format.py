"""Pages of news in HTML. All of them are invented."""

import json
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any

import pytest
from growth import is_cheap

from qa.articles.extract import Extract, Raw
from qa.articles.formats.page import read
from qa.errors import InputError

_URL = "https://post.example/2026/03/ferry"
_LEAD = "PORT MERRIN, March 3 (Meridian Wire) - The ferry to Arle will sail again on Thursday, the harbour board said."
_NEXT = "The ship had been in dock since a collision with the pier in January, which left eleven passengers hurt."
_SHORT = "Fares rise."
_QUOTE = "“We have waited nine weeks for this day,” said Ada Blum, who runs a bakery on the island of Arle."
_LINKED = 'The board <a href="/report">published its report</a> on Monday and named a broken rudder as the cause.'
_LAST = "It will decide in April whether a second ship is needed in summer, when twice as many people cross."
_BODY = "".join(f"<p>{words}</p>" for words in (_LEAD, _NEXT, _SHORT, _QUOTE, _LINKED, _LAST))
_STORY = [_LEAD, _NEXT, _SHORT, _QUOTE, _LINKED.replace('<a href="/report">', "").replace("</a>", ""), _LAST]
_NAV = '<nav><ul><li><a href="/">Home</a></li><li><a href="/world">World</a></li></ul></nav>'
_FOOTER = (
    "<footer><p>© 2019 Meridian Post. All rights reserved. No part may be copied without our consent.</p></footer>"
)
_H1 = "<h1>Ferry to sail again</h1>"
_EAST = timezone(timedelta(hours=-5))


def _page(body: str, head: str = "") -> str:
    return (
        f'<!doctype html><html lang="en-GB"><head>{head}</head><body>{_NAV}<main>{body}</main>{_FOOTER}</body></html>'
    )


def _article(inside: str = _H1 + _BODY, head: str = "") -> Extract:
    return _read(_page(f"<article>{inside}</article>", head))


def _read(page: str | bytes, **raw: Any) -> Extract:
    content = page.encode() if isinstance(page, str) else page
    [extract] = read(Raw(content, ".html", **raw))
    assert isinstance(extract, Extract)
    return extract


def _ld(**fields: object) -> str:
    node = {"@context": "https://schema.org", "@type": "NewsArticle", "headline": "Ferry to sail again"} | fields
    return _script(json.dumps(node))


def _script(code: str) -> str:
    return f'<script type="application/ld+json">{code}</script>'


def _paragraphs(extract: Extract) -> list[str]:
    return extract.text.split("\n\n")


# Metadata.


def test_jsonld_is_trusted_first() -> None:
    head = _ld(
        author=[
            {"@type": "Person", "name": "Ada Blum, Ferry Editor"},
            {"@type": "Organization", "name": "Meridian Wire"},
        ],
        publisher={"@type": "NewsMediaOrganization", "name": "Meridian Post"},
        datePublished="2026-03-03T09:30:00-05:00",
        dateModified="2026-03-09T09:30:00-05:00",
        mainEntityOfPage={"@type": "WebPage", "@id": _URL},
    )
    head += '<meta property="og:title" content="Ferry: it sails"><meta property="og:site_name" content="post.example">'
    facts = _article(head=head).facts
    assert facts.title == "Ferry to sail again"
    assert facts.authors == ("Ada Blum",)
    assert facts.source == "Meridian Post"
    assert facts.published == datetime(2026, 3, 3, 9, 30, tzinfo=_EAST)
    assert facts.url == _URL
    assert facts.language == "en"
    assert facts.status == "current"


def test_a_graph_refers_to_people_and_organisations() -> None:
    graph = [
        {"@type": "WebPage", "@id": _URL, "name": "Ferry to sail again - Meridian Post"},
        {
            "@type": "Article",
            "headline": "Ferry to sail again",
            "author": {"@id": "#ada"},
            "publisher": {"@id": "#post"},
        },
        {"@type": "Person", "@id": "#ada", "name": "Ada Blum"},
        {"@type": "Organization", "@id": "#post", "name": "Meridian Post"},
    ]
    facts = _article(head=_script(json.dumps({"@context": "https://schema.org", "@graph": graph}))).facts
    assert (facts.title, facts.authors, facts.source) == ("Ferry to sail again", ("Ada Blum",), "Meridian Post")


@pytest.mark.parametrize(
    "code",
    [
        '{"@type": "NewsArticle", "headline": "Ferry to sail again", "datePublished": "2026-03-03",}',
        '// made by a tool\n{"@type": "NewsArticle", /* no */ "datePublished": "2026-03-03", "url": "https://post.example/2026/03/ferry"}',
        '{"@type": "NewsArticle", "description": "Two\nlines\tand a tab", "datePublished": "2026-03-03"}',
        '{"@type": "NewsArticle", "description": "She said "no", he said", "datePublished": "2026-03-03"}',
        "{&quot;@type&quot;: &quot;NewsArticle&quot;, &quot;datePublished&quot;: &quot;2026-03-03&quot;}",
        '\n//<![CDATA[\n{"@type": "NewsArticle", "datePublished": "2026-03-03"}\n//]]>\n',
        '[{"@type": ["https://schema.org/ReportageNewsArticle"], "datePublished": "2026-03-03"}];',
    ],
)
def test_broken_jsonld_is_repaired(code: str) -> None:
    if "said" in code:
        code = code.replace('"no", he', '"no" and he')
    assert _article(head=_script(code)).facts.published == date(2026, 3, 3)


def test_jsonld_that_cannot_be_read_is_reported() -> None:
    extract = _article(head=_script('{"@type": "NewsArticle", "datePublished": "2026-'))
    assert extract.facts.published is None
    assert extract.warnings == ("has JSON-LD that cannot be read, and no date elsewhere",)


def test_the_jsonld_of_another_article_is_not_the_pages() -> None:
    other = _ld(headline="Bridge shut", url="https://post.example/bridge", datePublished="2020-01-01")
    listed = {"@type": "ItemList", "itemListElement": [{"@type": "NewsArticle", "datePublished": "2019-01-01"}]}
    head = f'<link rel="canonical" href="{_URL}">' + other + _script(json.dumps(listed))
    assert _article(head=head).facts.published is None


def test_microdata_comes_next() -> None:
    inside = f"""<div itemscope itemtype="https://schema.org/NewsArticle">
        <h1 itemprop="headline">Ferry to sail again</h1>
        <span itemprop="author" itemscope itemtype="https://schema.org/Person"><a itemprop="name">Ada Blum</a></span>
        <time itemprop="datePublished" datetime="2026-03-03T09:30Z">3 March</time>
        <div itemprop="publisher" itemscope itemtype="https://schema.org/Organization">
        <meta itemprop="name" content="Meridian Post"></div><div itemprop="articleBody">{_BODY}</div></div>"""
    extract = _article(inside, '<meta name="author" content="Jo Roe">')
    assert extract.facts.authors == ("Ada Blum",)
    assert extract.facts.source == "Meridian Post"
    assert extract.facts.published == datetime(2026, 3, 3, 9, 30, tzinfo=UTC)
    assert _paragraphs(extract) == _STORY


@pytest.mark.parametrize(
    ("tags", "published"),
    [
        ('<meta property="article:published_time" content="2026-03-03T09:30:00-05:00">',
         datetime(2026, 3, 3, 9, 30, tzinfo=_EAST)),
        ('<meta name="parsely-pub-date" content="2026-03-03T14:30:00Z">', datetime(2026, 3, 3, 14, 30, tzinfo=UTC)),
        ('<meta name="DC.date.issued" content="2026-03-03">', date(2026, 3, 3)),
        ('<meta name="citation_publication_date" content="2026-03-03">', date(2026, 3, 3)),
        ('<meta property="article:modified_time" content="2026-03-03">', None),
    ],
)  # fmt: skip
def test_meta_tags(tags: str, published: datetime | date | None) -> None:
    tags += (
        '<meta property="og:site_name" content="Meridian Post"><meta name="author" content="By Ada Blum and Jo Roe">'
    )
    tags += '<title>Ferry to sail again | Meridian Post</title><meta name="generator" content="WordPress">'
    facts = _article(_BODY, tags).facts
    assert facts.published == published
    assert facts.title == "Ferry to sail again"
    assert facts.source == "Meridian Post"
    assert facts.authors == ("Ada Blum", "Jo Roe")


def test_what_readers_see_fills_what_is_missing() -> None:
    top = '<p class="byline">By <a rel="author" href="/ada">Ada Blum</a>, Ferry Editor</p>'
    extract = _article(f'{_H1}{top}<p><time datetime="2026-03-03T09:30:00Z">3 March 2026</time></p>{_BODY}')
    assert extract.facts.title == "Ferry to sail again"
    assert extract.facts.authors == ("Ada Blum",)
    assert extract.facts.published == datetime(2026, 3, 3, 9, 30, tzinfo=UTC)
    assert _paragraphs(extract) == _STORY


@pytest.mark.parametrize(
    "line",
    [
        "<p>Updated <time datetime='2026-03-09'>9 March 2026</time></p>",
        "<aside><time datetime='2026-03-09'>9</time></aside>",
    ],
)
def test_other_dates_are_not_the_date_of_publication(line: str) -> None:
    assert _article(_H1 + line + _BODY).facts.published is None


@pytest.mark.parametrize(
    "name", ["Staff Reporter", "Meridian Post", "newsroom@post.example", "https://x.example/ada", "@ada"]
)
def test_a_role_an_outlet_or_an_address_is_no_author(name: str) -> None:
    head = f'<meta property="og:site_name" content="Meridian Post"><meta name="author" content="{name}">'
    assert _article(head=head).facts.authors == ()


def test_dates_that_contradict_each_other_are_reported() -> None:
    head = _ld(datePublished="2026-03-03") + '<meta property="article:published_time" content="2026-03-07">'
    extract = _article(head=head)
    assert extract.facts.published == date(2026, 3, 3)
    assert extract.warnings == ("gives two dates of publication, 2026-03-03 and 2026-03-07; the first was taken",)


def test_a_date_that_cannot_be_read_is_reported() -> None:
    extract = _article(head=_ld(datePublished="03/04/2026 noonish"))
    assert extract.facts.published is None
    assert "03/04/2026" in " ".join(extract.warnings)


@pytest.mark.parametrize(
    ("links", "url"),
    [
        ('<link rel="canonical" href="/2026/03/ferry#top">', _URL),
        ('<link rel="canonical" href="https://post.example/">', f"{_URL}?from=feed"),
        ('<link rel="canonical" href="javascript:alert(1)">', f"{_URL}?from=feed"),
        (f'<meta property="og:url" content="{_URL}">', _URL),
        ("", f"{_URL}?from=feed"),
    ],
)
def test_the_address(links: str, url: str) -> None:
    assert _read(_page(f"<article>{_H1}{_BODY}</article>", links), url=f"{_URL}?from=feed").facts.url == url


# The story.


def test_paragraphs_lists_tables_and_headings() -> None:
    more = """<h2>When it sails</h2><ul><li>Thursday from Arle</li><li>Friday from Brae</li></ul>
        <table><tr><th>Port</th><th>Fare</th></tr><tr><td>Arle</td><td>$6</td></tr></table>"""
    assert _paragraphs(_article(_H1 + _BODY + more)) == [
        *_STORY, "When it sails", "- Thursday from Arle\n- Friday from Brae", "Port: Arle; Fare: $6",
    ]  # fmt: skip


@pytest.mark.parametrize(
    "box",
    [
        '<p>Read more: <a href="/bridge">Bridge shut for weeks</a></p>',
        '<p><a href="/bridge">Bridge shut for weeks after crack is found in girder</a></p>',
        '<div class="related-stories"><h3>Related</h3><p>The bridge is shut until autumn, the owner said.</p></div>',
        '<figure><img src="f.jpg"><figcaption>The ferry in dock.</figcaption><span>Jo Roe/Wire</span></figure>',
        '<div class="Newsletter-signup"><p>Get the day in your inbox: the best of our stories each morning.</p></div>',
        "<p>Advertisement</p>",
        "<aside><p>The harbour board was founded in 1902 and has nine members who meet once a month.</p></aside>",
        '<ul class="share"><li><a href="/s">Share</a></li></ul>',
        '<blockquote class="pullquote"><p>We have waited nine weeks for this day</p></blockquote>',
        '<section id="comments"><p>Typical, my uncle waited there for hours and nobody told him.</p></section>',
        "<p>Photo: Jo Roe / Meridian Wire</p>",
    ],
)
def test_what_is_beside_the_story_is_left_out(box: str) -> None:
    half = f"<p>{_NEXT}</p>"
    before, after = (_H1 + _BODY).split(half)
    assert _paragraphs(_article(before + half + box + after)) == _STORY


def test_a_quotation_that_stands_only_once_is_kept() -> None:
    quote = "Never in forty years have I seen the sea as calm as on that night"
    assert quote in _paragraphs(_article(f"{_H1}{_BODY}<blockquote><p>{quote}</p></blockquote>"))


@pytest.mark.parametrize(
    ("notice", "status"),
    [
        ("<p>Correction: The ferry sails on Thursday, not on Friday as we wrote at first.</p>", "corrected"),
        (
            '<aside class="correction"><p>This article was amended on 4 March to give the right day.</p></aside>',
            "corrected",
        ),
        (
            '<div class="editors-note"><p>Editor’s note: The author sails on this ferry twice a week.</p></div>',
            "current",
        ),
        ('<div class="c-correction"><p>The ferry sails on Thursday, not on Friday.</p></div>', "corrected"),
        ("<p>Correction (4 March): The ferry sails on Thursday, not on Friday.</p>", "corrected"),
        ("<p>This story was updated on 4 March with words of the mayor.</p>", "current"),
        ("<p>Retraction: This article has been withdrawn because its source was not real.</p>", "retracted"),
    ],
)
def test_notices_are_kept_wherever_they_stand(notice: str, status: str) -> None:
    words = notice.split("<p>")[1].split("</p>")[0]
    for inside in (f"{_H1}{notice}<div>{_BODY}</div>", f"{_H1}<div>{_BODY}</div>{notice}", f"{_H1}{_BODY}{notice}"):
        extract = _article(inside)
        assert words in _paragraphs(extract)
        assert len(_paragraphs(extract)) == len(_STORY) + 1
        assert extract.facts.status == status


@pytest.mark.parametrize(
    "words",
    [
        "Corrections officers at the prison - nine of them - came by the first ferry on Monday.",
        "Retraction of the glacier has made the fjord wider than it was a century ago.",
        "The story was withdrawn from the shelves of the island’s only library in 1950.",
    ],
)
def test_a_sentence_with_such_words_is_no_notice(words: str) -> None:
    extract = _article(f"{_H1}{_BODY}<p>{words}</p>")
    assert _paragraphs(extract)[-1] == words
    assert extract.facts.status == "current"


def test_a_box_that_asks_for_corrections_is_no_notice() -> None:
    extract = _article(
        f'{_H1}{_BODY}<aside class="correction-request"><p>See an error? Please tell us about it.</p></aside>'
    )
    assert _paragraphs(extract) == _STORY
    assert extract.facts.status == "current"


def test_jsonld_says_that_a_story_is_corrected() -> None:
    assert _article(head=_ld(correction="The day was wrong.")).facts.status == "corrected"


def test_entries_of_a_live_blog_keep_their_times() -> None:
    times = ("14:32", "14:05", "13:40")
    texts = (_NEXT, _QUOTE, _LAST)
    entries = "".join(
        f'<section><time datetime="2026-03-03T{time}">{time}</time><p>{text}</p></section>'
        for time, text in zip(times, texts, strict=True)
    )
    expected = [line for entry in zip(times, texts, strict=True) for line in entry]
    assert _paragraphs(_article(_H1 + entries, _ld(**{"@type": "LiveBlogPosting"}))) == expected


def test_the_body_of_jsonld_is_used_where_the_page_shows_none() -> None:
    page = _page('<div id="root"></div>', _ld(articleBody="\n".join(_STORY)))
    assert _paragraphs(_read(page)) == _STORY


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        ('<div id="app"></div><noscript>You need to enable JavaScript to run this app.</noscript>', "needs JavaScript"),
        ("".join(f'<div class="card"><h3><a href="/{n}">Story {n}</a></h3><p>{_NEXT}</p></div>' for n in range(9)),
         "reads like a list of links"),
        ('<form><p>Sign in to read on</p><input name="u"><input type="password" name="p"></form>', "log in"),
        ("<p>The ferry sails.</p>", "less than 40 words"),
        ('<div class="consent"><p>We and our partners use cookies to store what you read.</p></div>', "cookies"),
    ],
)  # fmt: skip
def test_a_page_without_a_story_is_refused(body: str, reason: str) -> None:
    with pytest.raises(InputError, match=reason):
        _read(_page(body))


def test_pages_that_do_not_say_they_are_articles_must_not_look_like_something_else() -> None:
    results = "".join(
        f'<li class="hit"><a href="/{n}">The story number {n}</a> <span>{_NEXT}</span></li>' for n in range(8)
    )
    wall = "We and our 214 partners store cookies to show you personalised content. " * 4
    sign_in = f'<input type="password"><p>{_NEXT} {_LAST}</p>'
    for body, reason in ((f"<ul>{results}</ul>", "links"), (f"<p>{wall}</p>", "cookies"), (sign_in, "log in")):
        with pytest.raises(InputError, match=reason):
            _read(_page(body))


def test_of_several_articles_below_each_other_the_pages_own_is_read() -> None:
    paragraph = "<p>The bridge over the sound was shut on Monday after a crack was found.</p>"
    other = f"<article><h1>Bridge shut</h1>{paragraph * 9}</article>"
    page = _page(f"<article>{_H1}{_BODY}</article>{other}", "<title>Ferry to sail again</title>")
    assert _paragraphs(_read(page)) == _STORY


def test_a_teaser_inside_the_story_is_left_out() -> None:
    teaser = '<div><h4><a href="/n">Bridge shut for weeks</a></h4><p>A crack was found on Monday.</p></div>'
    half = f"<p>{_NEXT}</p>"
    before, after = (_H1 + _BODY).split(half)
    assert _paragraphs(_article(before + half + teaser + after)) == _STORY


def test_old_pages_lay_out_a_story_in_a_table() -> None:
    story = "<br><br>".join(_STORY)
    menu = "".join(f'<a href="/{n}">Section {n}</a><br>' for n in range(9))
    cell = f"<font><b>Ferry to sail again</b></font><br><br>By Ada Blum<br><br>{story}"
    body = f"<table><tr><td>{menu}</td><td>{cell}</td></tr></table>"
    page = f"<html><head><title>Ferry to sail again - Meridian Post</title></head><body>{body}</body></html>"
    extract = _read(page)
    assert _paragraphs(extract) == _STORY
    assert extract.facts.title == "Ferry to sail again"


def test_the_title_names_the_outlet_if_the_footer_does_too() -> None:
    assert _article(head="<title>Ferry to sail again - Meridian Post</title>").facts.source == "Meridian Post"
    # The title does not name it, but the notice of copyright does.
    assert _article(head="<title>Ferry to sail again - World</title>").facts.source == "Meridian Post"


def test_lines_above_the_story_say_what_no_tag_does() -> None:
    lines = "".join(f'<div class="p">{words}</div>' for words in (*_STORY, _NEXT.replace("ship", "boat")))
    top = """<div class="x-logo">The Meridian Post</div><div>Monday 9 March 2026</div><div>World</div>
        <div>Ferry to Arle to sail again on Thursday</div>
        <div>By Ada Blum, Ferry Correspondent<br>Published 3 March 2026, 21:30 GMT</div><div>Share: Facebook</div>"""
    page = f"<html><head><title>The Meridian Post</title></head><body>{top}<div>{lines}</div></body></html>"
    extract = _read(page)
    assert extract.facts.title == "Ferry to Arle to sail again on Thursday"
    assert extract.facts.authors == ("Ada Blum",)
    assert extract.facts.published == datetime(2026, 3, 3, 21, 30, tzinfo=UTC)
    assert extract.facts.source == "The Meridian Post"
    assert _paragraphs(extract)[: len(_STORY)] == _STORY


def test_a_publishing_company_is_no_outlet_if_the_site_has_a_name() -> None:
    head = _ld(publisher={"@type": "Organization", "name": "Meridian Media Ltd"})
    named = head + '<meta property="og:site_name" content="Meridian Post">'
    assert _article(head=named).facts.source == "Meridian Post"
    alone = _page(f"<article>{_H1}{_BODY}</article>", head).replace(_FOOTER, "")
    assert _read(alone).facts.source == "Meridian Media Ltd"


def test_the_page_that_an_article_is_part_of_is_no_outlet() -> None:
    part = {"@type": "WebPage", "name": "Ferry to sail again - Meridian Post"}
    head = _ld(isPartOf=part) + '<meta property="og:site_name" content="Meridian Post">'
    assert _article(head=head).facts.source == "Meridian Post"


def test_the_owner_of_the_rights_is_the_outlet_that_the_title_calls_by_a_longer_name() -> None:
    extract = _old(
        "<b>The Arle Reporter</b><h1>Ferry to sail again</h1>",
        title="The Arle Reporter Online: Ferry to sail again",
        end="<p>Copyright 2026 The Arle Reporter. All rights reserved.</p>",
    )
    assert extract.facts.source == "The Arle Reporter"


def test_rdfa_tells_of_what_its_element_is_about() -> None:
    name = '<span typeof="schema:Person" about="/user/7" property="schema:name">Ada Blum</span>'
    line = f'<div>Submitted by <span><span lang="">{name}</span></span> on <span>Tue, 03/03/2026 - 21:30</span></div>'
    page = f'<div about="/ferry" typeof="schema:Article">{line}{_BODY}</div>'
    title = "<title>Ferry to sail again | Arle Region</title>"
    logo = '<a href="/en" rel="home">Arle Region</a>'
    facts = _read(f"<html><head>{title}</head><body>{logo}{_H1}{page}</body></html>").facts
    assert (facts.title, facts.authors, facts.source) == ("Ferry to sail again", ("Ada Blum",), "Arle Region")
    assert facts.published == datetime(2026, 3, 3, 21, 30)


@pytest.mark.parametrize(
    ("line", "authors"),
    [
        ('<p class="credits">Words: Ada Blum and Ola Frey<br>Photography: Ivo Lund</p>', ("Ada Blum", "Ola Frey")),
        ('<p class="meta__author">Par Ada Blum et Ola Frey</p>', ("Ada Blum", "Ola Frey")),
        ('<p class="author-name">Von Ada Blum und Ola Frey</p>', ("Ada Blum", "Ola Frey")),
        ('<p class="byline">By Von Miller</p>', ("Von Miller",)),
    ],
)
def test_bylines(line: str, authors: tuple[str, ...]) -> None:
    assert _article(f"{_H1}{line}<p>1 March 2026</p>{_BODY}").facts.authors == authors


def test_what_agencies_say_of_reporters_below_a_story_is_no_part_of_it_and_names_its_authors() -> None:
    end = "<p>Reporting by Ada Blum in Arle and Ola Frey; Editing by Ivo Lund</p><p>Our Standards: The Merid Rules.</p>"
    extract = _article(_H1 + _BODY + end)
    assert extract.text.endswith(_LAST)
    assert extract.facts.authors == ("Ada Blum", "Ola Frey")


def test_microformats() -> None:
    top = f"""<!-- made by hand --><div class="h-entry"><h1 class="p-name">Ferry to sail again</h1>
        <a class="p-author h-card" href="/ada">Ada Blum</a> <a class="u-url" href="{_URL}">
        <time class="dt-published" datetime="2026-03-03T09:30:00Z">3 March</time></a>"""
    reply = '<div class="u-comment h-cite"><a class="p-author h-card">Dorrit</a></div>'
    facts = _read(_page(f'{top}<div class="e-content">{_BODY}</div>{reply}</div>')).facts
    assert (facts.title, facts.authors, facts.url) == ("Ferry to sail again", ("Ada Blum",), _URL)
    assert facts.published == datetime(2026, 3, 3, 9, 30, tzinfo=UTC)


def test_the_outlet_may_stand_first_in_the_title() -> None:
    head = '<title>Meridian Post | Ferry to sail again</title><meta name="dc.publisher" content="Meridian Post">'
    page = f"<html><head>{head}</head><body><h1>Meridian Post</h1><h2>Ferry to sail again</h2>{_BODY}</body></html>"
    extract = _read(page)
    assert (extract.facts.title, extract.facts.source) == ("Ferry to sail again", "Meridian Post")
    assert _paragraphs(extract) == _STORY


@pytest.mark.parametrize(
    "box",
    [
        '<div><img src="f.jpg"><p>The ferry in dock at Port Merrin.</p><p>Photo: Jo Roe</p></div>',
        '<img src="f.jpg"><p>The ferry in dock at Port Merrin</p>',
        '<p><a href="/bridge">Bridge shut for weeks after a crack</a> <span>2 March 2026, 10:11 GMT</span></p>',
        "<p>Follow us for more on ships.</p>",
        "<p>Get the day’s five most important stories in your inbox at 6 a.m.</p>",
        "<p>Are you stuck on one of the ships? Write to us at ferry@post.example.</p>",
    ],
)
def test_captions_teasers_and_calls_are_left_out(box: str) -> None:
    half = f"<p>{_NEXT}</p>"
    before, after = (_H1 + _BODY).split(half)
    assert _paragraphs(_article(before + half + box + after)) == _STORY


def test_sentences_that_look_like_them_are_kept() -> None:
    kept = [
        "Get well cards came in by the hundred, the board said.",
        "Ada Blum covers her bread with a cloth. It keeps for a week.",
        "“Write to us,” the harbour board told the islanders.",
        "Tides contributed to this collision, the report said.",
    ]
    assert _paragraphs(_article(_H1 + _BODY + "".join(f"<p>{words}</p>" for words in kept))) == [*_STORY, *kept]
    pictured = f'<img src="f.jpg"><p>{_SHORT}</p>'
    assert _paragraphs(_article(_H1 + _BODY.replace(f"<p>{_SHORT}</p>", pictured))) == _STORY


@pytest.mark.parametrize(
    "end",
    [
        "<p>___</p><p>Meridian writers in Port Merrin contributed to this report.</p>",
        "<div>Ada Blum covers ships. Reach her at 0555-0171.</div>",
    ],
)
def test_who_wrote_it_is_left_out_at_the_end(end: str) -> None:
    assert _paragraphs(_article(_H1 + _BODY + end)) == _STORY


def test_a_page_of_beginnings_is_refused_even_if_it_says_it_is_an_article() -> None:
    items = "".join(
        f'<article><header><h2><a href="/{n}">The ferry sails again, part {n}</a></h2><p>3 March 2026</p></header>'
        f"<p>The boat was full of bread. <a href='/{n}'>Continue reading</a></p></article>"
        for n in range(6)
    )
    page = _page(f"<h1>Category: Ships</h1>{items}", '<meta property="og:type" content="article">')
    with pytest.raises(InputError, match="list of links"):
        _read(page)


# Bytes.


@pytest.mark.parametrize(
    ("charset", "encoding", "raw"),
    [
        ("utf-8", "utf-8", {}),
        ("iso-8859-1", "cp1252", {}),
        ("windows-1252", "cp1252", {}),
        ("utf-8", "utf-16", {}),
        ("no-such", "cp1252", {"charset": "latin-1"}),
        ("shift_jis", "cp932", {}),
    ],
)
def test_encodings(charset: str, encoding: str, raw: dict[str, str]) -> None:
    word = "日本" if encoding == "cp932" else "“Zoë”"
    page = _page(
        f"<article>{_H1}{_BODY.replace('Ada', word).replace('“We', 'We').replace('day,”', 'day,')}</article>",
        f'<meta charset="{charset}">',
    )
    assert word in _read(page.replace("©", "").encode(encoding), **raw).text


def test_empty_elements_of_xhtml_do_not_swallow_the_story() -> None:
    page = _page(f"<article>{_H1}<a name='top'/>{_BODY}</article>", '<script src="a.js"/><title>Ferry</title>')
    [extract] = read(Raw(f'<?xml version="1.0" encoding="utf-8"?>{page}'.encode(), ".xhtml"))
    assert isinstance(extract, Extract)
    assert _paragraphs(extract) == _STORY


def test_one_broken_byte_does_not_spoil_the_page() -> None:
    page = _page(f"<article>{_H1}{_BODY}<p>Zoë</p></article>", '<meta charset="utf-8">').encode() + b"\xe2"
    extract = _read(page)
    assert extract.text.endswith("Zoë")
    assert extract.warnings == ("has a broken character",)


@pytest.mark.parametrize(
    ("page", "reason"),
    [
        ("<div>" * 1_000_000, "nested too deeply"),
        ("<p " + " ".join(f"a{n}=1" for n in range(300_000)) + ">x</p>", "attributes"),
        ("<p>" * 200_000, "no story"),
        ("<a <b '" * 500_000, "no story|nested|attributes"),
        ('<b itemprop="name" itemscope>' * 200_000, "nested"),
        (_script("[" * 500_000), "no story"),
        (_script('{"a": "' + '" ' * 500_000), "no story"),
        ("", "is empty"),
    ],
    ids=range(8),
)
def test_a_hostile_page_is_refused_in_the_time_of_some_plain_pages(page: str, reason: str) -> None:
    def read() -> None:
        with pytest.raises(InputError, match=reason):
            _read(page)

    plain = "<p>The harbour was shut on Monday, said Una Holm.</p>\n" * 2_000
    assert is_cheap(read, lambda: _read(plain), 20)


# Pages that say nothing for machines.


def _old(top: str, *, title: str, end: str = "", story: str = "") -> Extract:
    story = story or "".join(f"<p>{words}" for words in _STORY)
    layout = f"<table><tr><td><a href=/>Home</a></td><td>{top}{story}{end}</td></tr></table>"
    return _read(f"<html><head><title>{title}</title></head><body bgcolor=white>{layout}</body></html>")


@pytest.mark.parametrize(
    "title",
    [
        "Karrow Courier: Ferry to sail again on Thursday",
        "Ferry to sail again on Thursday :: Karrow Courier",
        "Karrow Courier | Local | Ferry to sail again on Thursday",
        "Ferry to sail again on Thursday - Local - Karrow Courier",
    ],
)
def test_a_part_of_the_title_that_readers_see_is_the_headline(title: str) -> None:
    top = "<font size=5><b>Ferry to sail again on Thursday</b></font><br><i>By Ada Blum<br>Courier Staff Writer</i><br>"
    facts = _old(top + "<font size=1>Wednesday, March 3, 1999</font>", title=title).facts
    assert (facts.title, facts.source) == ("Ferry to sail again on Thursday", "Karrow Courier")
    assert (facts.authors, facts.published) == (("Ada Blum",), date(1999, 3, 3))


@pytest.mark.parametrize(
    "notice",
    [
        "Copyright &copy; 1999 Karrow Courier. All rights reserved.",
        "&copy; MCMXCIX Karrow Courier",
        "Contents copyright 1998-2004, Karrow Courier, 14 Quay Street",
    ],
)
def test_the_notice_of_copyright_names_the_outlet_and_is_no_part_of_the_story(notice: str) -> None:
    extract = _old("<h1>Ferry to sail again on Thursday</h1>", title="Ferry news", end=f"<p>{notice}")
    assert extract.facts.source == "Karrow Courier"
    assert _paragraphs(extract) == _STORY


def test_the_owner_of_the_rights_is_no_outlet_if_it_is_not_called_like_one() -> None:
    end = "<p>Copyright 2004 Tide Holdings Ltd. All rights reserved."
    assert _old("<h1>Ferry to sail again</h1>", title="Ferry news", end=end).facts.source is None


@pytest.mark.parametrize(
    ("line", "day", "authors"),
    [
        ("Ada Blum | 19 August 2004", date(2004, 8, 19), ("Ada Blum",)),
        ("Posted: Tuesday, 12 June 2001", date(2001, 6, 12), ()),
        ("Last Updated: Tuesday, 4 May, 2004, 09:12 GMT", None, ()),  # the day of a change is none of publication
    ],
)
def test_a_line_below_the_headline_tells_the_day(line: str, day: date | None, authors: tuple[str, ...]) -> None:
    facts = _old(f"<b>Ferry to sail again</b><br>{line}<br>", title="Ferry to sail again - Karrow Courier").facts
    assert (facts.published, facts.authors) == (day, authors)
    assert (facts.modified is not None) == line.startswith("Last")


def test_above_the_headline_only_a_line_that_says_so_tells_the_day() -> None:
    told = _old("<p>For release Feb. 17, 2003</p><h1>Ferry to sail again</h1>", title="Ferry to sail again")
    assert told.facts.published == date(2003, 2, 17)
    visit = _old("<p>Monday, Feb. 17, 2003</p><h1>Ferry to sail again</h1>", title="Ferry to sail again")
    assert visit.facts.published is None
    bracketed = _old("<b>Ferry to sail again</b>", title="Ferry to sail again (July 26, 2002)")
    assert (bracketed.facts.title, bracketed.facts.published) == ("Ferry to sail again", date(2002, 7, 26))


def test_a_name_behind_a_dash_below_the_story_is_its_author() -> None:
    extract = _old("<h1>Ferry to sail again</h1>", title="Ferry to sail again", end="<p>&#8212; Ada Blum")
    assert extract.facts.authors == ("Ada Blum",)
    assert _paragraphs(extract) == _STORY


def test_text_that_is_set_as_it_was_typed_keeps_its_lines() -> None:
    typed = "FERRY TO SAIL AGAIN\n\nKarrow Courier\nThursday, October 22, 1998\nBy: ADA BLUM, Staff Writer\n\n"
    typed += "\n\n".join("    " + words.replace(". ", ".\n") for words in _STORY)
    extract = _read(f"<html><head><title>Archive</title></head><body><pre>{typed}</pre></body></html>")
    assert (extract.facts.title, extract.facts.source) == ("FERRY TO SAIL AGAIN", "Karrow Courier")
    assert (extract.facts.authors, extract.facts.published) == (("ADA BLUM",), date(1998, 10, 22))
    assert [" ".join(words.split()) for words in _paragraphs(extract)] == _STORY


def test_a_time_that_is_said_to_be_of_a_change_is_that_of_the_change() -> None:
    times = '<time datetime="2026-03-03">3 March</time><p>Updated <time datetime="2026-03-05">5 March</time></p>'
    facts = _article(inside=_H1 + times + _BODY).facts
    assert (facts.published, facts.modified) == (date(2026, 3, 3), date(2026, 3, 5))


@pytest.mark.parametrize("sign", ["&#11;", "&#x1f;", "&#0;", "\x0b", "&#x0000c"])
def test_a_control_character_in_a_statement_stops_no_page(sign: str) -> None:
    head = _ld(headline=f"Ferry {sign}to <b>sail</b> again", datePublished="2026-03-03")
    assert _article(head=head).facts.title == "Ferry to sail again"


def test_a_headline_that_ends_like_an_outlet_is_no_outlet() -> None:
    facts = _old("<h1>Mayor Sues Herald: Court Date Set</h1>", title="Mayor Sues Herald: Court Date Set").facts
    assert (facts.title, facts.source) == ("Mayor Sues Herald: Court Date Set", None)


def test_the_last_item_of_a_list_is_no_signature() -> None:
    extract = _old("<h1>Ferry to sail again</h1>", title="Ferry", end="<ul><li>Fares<li>Bread and Butter</ul>")
    assert extract.text.endswith("- Bread and Butter")


def test_the_headline_is_the_one_that_readers_see() -> None:
    searched = _article(
        head=_ld(headline="Arle ferry sails again after collision"), inside="<h1>Ferry to Arle sails again</h1>" + _BODY
    )
    assert searched.facts.title == "Ferry to Arle sails again"
    section = _article(head=_ld(headline="Ferry to sail again"), inside="<h1>Coast and country</h1>" + _BODY)
    assert section.facts.title == "Ferry to sail again"
    site = _article(
        head='<meta property="og:site_name" content="Arle Post"><meta property="og:title" content="Arle Post">'
    )
    assert site.facts.title == "Ferry to sail again"


def test_a_byline_with_more_names_than_the_tags_state_is_taken() -> None:
    byline = '<div class="byline"><a href="/a/1">Ada Blum</a>, <a href="/a/2">Nora Frey</a></div>'
    assert _article(_H1 + byline + _BODY, _ld(author={"name": "Ada Blum"})).facts.authors == ("Ada Blum", "Nora Frey")


def test_words_of_a_byline_that_only_a_style_sheet_parts_are_parted() -> None:
    byline = '<div class="byline"><span>Ada Blum</span><span>Arle Radio</span></div>'
    assert _article(_H1 + byline + _BODY).facts.authors == ("Ada Blum",)


def test_whoever_comments_is_no_author() -> None:
    comment = '<div class="comments"><div class="author">H. Bluth</div><p>So it goes.</p></div>'
    assert _article(_H1 + _BODY + comment).facts.authors == ()


def test_a_story_that_an_advertisement_parts_is_read_whole() -> None:
    parts = [
        f'<div class="text"><p>{_LEAD}</p><p>{_NEXT}</p></div>',
        f'<div class="text"><p>{_QUOTE}</p><p>{_LAST}</p></div>',
    ]
    page = _read(_page(_H1 + '<div class="ad">Buy a boat</div>'.join(parts)))
    assert _paragraphs(page) == [_LEAD, _NEXT, _QUOTE, _LAST]


def test_a_lead_that_is_called_a_teaser_is_the_storys() -> None:
    lead = "<div class='teaser-text'><p>The ferry to Arle sails again, and the bakers are glad of it.</p></div>"
    assert _paragraphs(_article(_H1 + lead + _BODY))[0].startswith("The ferry to Arle sails again, and")


def test_main_headings_of_sections_are_kept() -> None:
    inside = f"{_H1}<p>{_LEAD}</p><h1>What it costs</h1><p>{_NEXT}</p><p>{_QUOTE}</p><p>{_LAST}</p>"
    assert "What it costs" in _paragraphs(_article(inside, "<title>Ferry to sail again</title>"))


def test_a_page_to_log_in_is_refused() -> None:
    address = "https://post.example/account/signin/"
    with pytest.raises(InputError, match="log in"):
        _read(_page(_BODY, f'<link rel="canonical" href="{address}">'), url=address)
