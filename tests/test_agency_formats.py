"""Agency files: NITF, NewsML-G2, NewsML 1 and ninjs; and what XML from strangers may and may not do."""

from __future__ import annotations

from contextlib import suppress
from datetime import UTC, date, datetime, timedelta, timezone
from pathlib import Path

import pytest
from growth import is_cheap
from hypothesis import given, settings
from hypothesis import strategies as st

from qa.articles.extract import Extract, Raw, Unread
from qa.articles.formats import ninjs, xml
from qa.errors import InputError

SUMMER = timezone(timedelta(hours=1))
FIRST = "PORT MERRIN, May 7 (Northern Wire) - The ferry to Selm sails again on Monday."
SECOND = "It had been in dock since March."


def read(content: str | bytes, charset: str | None = None) -> list[Extract | Unread]:
    return list(xml.read(Raw(content.encode() if isinstance(content, str) else content, ".xml", charset=charset)))


def only(content: str | bytes, charset: str | None = None) -> Extract:
    (extract,) = read(content, charset)
    assert isinstance(extract, Extract)
    return extract


def reason(content: str | bytes) -> str:
    (unread,) = read(content)
    assert isinstance(unread, Unread)
    return unread.reason


# --- NITF ----------------------------------------------------------------------------------------------------------


def nitf(
    content: str = f"<p>{FIRST}</p><p>{SECOND}</p>",
    docdata: str = "",
    head: str = "",
    attributes: str = "",
    more: str = "",
) -> str:
    return f"""<?xml version="1.0" encoding="UTF-8"?>
    <!DOCTYPE nitf SYSTEM "http://agency.example/nitf-3-4.dtd">
    <nitf{attributes}><head><title>slug</title>
      <docdata {more}><doc-id id-string="NW-20260507-01"/>{docdata}</docdata></head>
    <body><body.head><hedline><hl1>Ferry to Selm sails again</hl1></hedline>{head}</body.head>
    <body.content>{content}</body.content><body.end><tagline>nw/ab</tagline></body.end></body></nitf>"""


def test_a_nitf_story_is_read() -> None:
    extract = only(
        nitf(
            docdata='<date.issue norm="20260507T213000+0100"/><date.release norm="20260508T060000Z"/>'
            '<doc.copyright holder="Holder" year="2026"/>',
            head="<byline>By <person>Ada Blum</person> and <person>Tom Rye<function>editor</function></person>,"
            " <byttl>Staff Writers</byttl></byline><distributor>Northern Wire</distributor>",
            attributes=' xml:lang="en-GB"',
        )
    )
    assert extract.text == f"{FIRST}\n\n{SECOND}"
    assert extract.id == "NW-20260507-01"
    facts = extract.facts
    assert (facts.title, facts.source, facts.authors) == (
        "Ferry to Selm sails again",
        "Northern Wire",
        ("Ada Blum", "Tom Rye"),
    )
    assert facts.published == datetime(2026, 5, 7, 21, 30, tzinfo=SUMMER)
    assert (facts.language, facts.status, extract.warnings) == ("en", "current", ())


def test_a_namespace_changes_nothing() -> None:
    assert only(nitf(attributes=' xmlns="http://iptc.org/std/NITF/2006-10-18/"')) == only(nitf())


def test_the_parts_of_a_nitf_body() -> None:
    content = (
        "<p>Bread costs <frac><frac-num>1</frac-num><frac-den>2</frac-den></frac> more.</p>"
        "<media media-type='image'><media-caption>The quay.</media-caption>"
        "<media-producer>Photo: R.</media-producer></media>"
        "<hl2>What changed</hl2><ul><li>Flour</li><li>Salt</li></ul>"
        "<table><tr><th>Good</th><th>Price</th></tr><tr><td>Flour</td><td>3</td></tr></table>"
        "<bq><block><p>It is dear.</p></block></bq>"
    )
    lines = [line for line in only(nitf(content)).text.splitlines() if line]
    assert lines == [
        "Bread costs 1/2 more.", "What changed", "- Flour", "- Salt", "Good: Flour; Price: 3", "It is dear.",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("docdata", "head", "expected"),
    [
        ('<date.release norm="20260508T060000Z"/>', "", datetime(2026, 5, 8, 6, tzinfo=UTC)),
        (
            "",
            '<dateline><location>SELM</location><story.date norm="20260507">May 7</story.date></dateline>',
            date(2026, 5, 7),
        ),
        ("", "<dateline>SELM, <story.date>May 7, 2026</story.date></dateline>", date(2026, 5, 7)),
        ("", "", None),
    ],
)
def test_without_a_date_of_issue_others_count(docdata: str, head: str, expected: object) -> None:
    assert only(nitf(docdata=docdata, head=head)).facts.published == expected


def test_a_dateline_beside_the_text_is_a_line_of_it() -> None:
    head = "<dateline><location>SELM</location>, <story.date>May 7</story.date></dateline>"
    assert only(nitf("<p>The ferry sails again.</p>", head=head)).text == "SELM, May 7\n\nThe ferry sails again."
    assert only(nitf("<p>SELM - The ferry sails again.</p>", head=head)).text == "SELM - The ferry sails again."


@pytest.mark.parametrize(
    ("byline", "expected"),
    [
        ("By Ada Blum", ("Ada Blum",)),
        ("by Ada Blum and Tom Rye", ("Ada Blum", "Tom Rye")),
        ("By Ada Blum, Harbour Correspondent", ("Ada Blum",)),
        ("Ada Blum in Port Merrin", ("Ada Blum",)),
        ("Northern Wire staff", ("Northern Wire staff",)),
    ],
)
def test_a_byline_names_people(byline: str, expected: tuple[str, ...]) -> None:
    assert only(nitf(head=f"<byline>{byline}</byline>")).facts.authors == expected


@pytest.mark.parametrize(
    ("docdata", "expected"),
    [
        ('<correction info="The ferry carries 240 people, not 420."/>', "The ferry carries 240 people, not 420."),
        (
            '<ed-msg info="CORRECTS the number of people in paragraph 2"/>',
            "CORRECTS the number of people in paragraph 2",
        ),
    ],
)
def test_a_correction_is_a_paragraph_of_its_own(docdata: str, expected: str) -> None:
    extract = only(nitf(docdata=docdata))
    assert extract.facts.status == "corrected"
    assert extract.text == f"{FIRST}\n\n{SECOND}\n\n{expected}"


@pytest.mark.parametrize(
    ("note", "expected"),
    [
        ("Eds: CORRECTS number of people killed in paragraph 2.", "corrected"),
        ("Corrects spelling of Blum", "corrected"),
        ("Eds: This version corrects the day.", "corrected"),
        ("EDITORS: mandatory kill", "retracted"),
        ("Eds: KILL", "retracted"),
        ("The story about the ferry has been withdrawn.", "retracted"),
        ("UPDATES with quotes of the mayor", "current"),
        ("UPDATES with three KILLED in second crash", "current"),
        ("UPDATES story on the drug that was withdrawn", "current"),
        ("Eds: With photos. Adds detail on correctional home.", "current"),
    ],
)
def test_notes_tell_the_status(note: str, expected: str) -> None:
    extract = only(nitf(docdata=f'<ed-msg info="{note}"/>'))
    assert extract.facts.status == expected
    assert extract.text == f"{FIRST}\n\n{SECOND}" + (f"\n\n{note}" if expected != "current" else "")


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("CORRECTED-Ferry to Selm sails again", "corrected"),
        ("Correction: Ferry to Selm", "corrected"),
        ("REFILE-CORRECTED (OFFICIAL)-Ferry to Selm", "corrected"),
        ("WITHDRAWN: Ferry to Selm", "retracted"),
        ("Kill Bill: the ferry", "current"),
        ("Corrections officers: ferry is late", "current"),
    ],
)
def test_headlines_tell_the_status(title: str, expected: str) -> None:
    assert only(nitf().replace("Ferry to Selm sails again", title, 1)).facts.status == expected


def test_an_embargo_is_a_warning() -> None:
    extract = only(nitf(docdata='<date.release norm="20260508T060000Z"/>', more='management-status="embargoed"'))
    assert extract.warnings == ("is under embargo until 2026-05-08 06:00:00+00:00",)
    extract = only(nitf(more='management-status="embargoed"'))
    assert extract.warnings == ("is under embargo until a time that the file does not name",)


@pytest.mark.parametrize("more", ['management-status="canceled"', 'management-status="killed"'])
def test_a_killed_story_is_retracted(more: str) -> None:
    assert only(nitf(more=more)).facts.status == "retracted"


def test_a_nitf_file_without_a_text_is_reported() -> None:
    assert reason(nitf(content="")) == "the item (NW-20260507-01): NITF without a text"


def test_the_shape_of_the_new_york_times_archive() -> None:
    extract = only(
        """<nitf change.date="June 10, 2005"><head><docdata><doc-id id-string="1815718"/></docdata>
        <pubdata date.publication="20070101T000000" ex-ref="https://paper.example/1815718"
        name="The Selm Telegraph"/></head>
        <body><body.head><hedline><hl1>Quay Shut</hl1></hedline><byline class="print_byline">By ADA BLUM</byline>
        <byline class="normalized_byline">Blum, Ada</byline></body.head><body.content>
        <block class="lead_paragraph"><p>The quay is shut.</p></block>
        <block class="full_text"><p>The quay is shut.</p><p>Boats wait.</p></block></body.content></body></nitf>"""
    )
    assert extract.text == "The quay is shut.\n\nBoats wait."
    assert (extract.facts.authors, extract.facts.source) == (("ADA BLUM",), "The Selm Telegraph")
    assert (extract.facts.published, extract.facts.url) == (date(2007, 1, 1), "https://paper.example/1815718")


# --- NewsML-G2 -----------------------------------------------------------------------------------------------------

XHTML = f"""<html xmlns="http://www.w3.org/1999/xhtml">
    <body><h1>Ferry to sail</h1><p>{FIRST}</p><p>{SECOND}</p></body></html>"""


def item(
    content: str = f'<inlineXML contenttype="application/xhtml+xml">{XHTML}</inlineXML>',
    meta: str = '<pubStatus qcode="stat:usable"/>',
    about: str = "",
    guid: str = "tag:northern.example,2026:ferry",
    version: int = 1,
    kind: str = "newsItem",
) -> str:
    return f"""<{kind} xmlns="http://iptc.org/std/nar/2006-10-01/" guid="{guid}" version="{version}" xml:lang="en-GB">
    <rightsInfo><copyrightHolder><name>Holder</name></copyrightHolder></rightsInfo>
    <itemMeta><itemClass qcode="ninat:text"/><provider qcode="nprov:NW"><name>Northern Wire</name></provider>
    <versionCreated>2026-05-09T08:00:00Z</versionCreated>{meta}<title>slug</title></itemMeta>
    <contentMeta>{about}<headline role="hld:main">Ferry sails again</headline></contentMeta>
    <contentSet>{content}</contentSet></{kind}>"""


def message(*items: str) -> str:
    return f'<newsMessage xmlns="http://iptc.org/std/nar/2006-10-01/"><itemSet>{"".join(items)}</itemSet></newsMessage>'


def test_a_newsml_item_is_read() -> None:
    about = """<by>By Ada Blum and Tom Rye</by><language tag="en-GB"/>
    <contentCreated>2026-05-07T22:00:00+01:00</contentCreated>"""
    extract = only(item(meta="<firstCreated>2026-05-07T21:30:00+01:00</firstCreated>", about=about))
    assert extract.text == f"{FIRST}\n\n{SECOND}"
    assert extract.id == "tag:northern.example,2026:ferry"
    facts = extract.facts
    assert (facts.title, facts.source, facts.authors) == ("Ferry sails again", "Northern Wire", ("Ada Blum", "Tom Rye"))
    assert facts.published == datetime(2026, 5, 7, 21, 30, tzinfo=SUMMER)
    assert (facts.language, facts.status, facts.url, extract.warnings) == ("en", "current", None, ())


def test_the_version_is_dated_only_if_nothing_else_is() -> None:
    about = "<contentCreated>2026-05-07</contentCreated>"
    assert only(item(about=about)).facts.published == date(2026, 5, 7)
    assert only(item()).facts.published == datetime(2026, 5, 9, 8, tzinfo=UTC)


def test_nitf_and_plain_text_inside_newsml() -> None:
    inline = nitf(docdata='<correction info="Monday, not Tuesday."/>').partition("]>")[0].partition('.dtd">')[2]
    extract = only(item(content=f"<inlineXML contenttype='application/nitf+xml'>{inline}</inlineXML>"))
    assert (extract.text, extract.facts.status) == (f"{FIRST}\n\n{SECOND}\n\nMonday, not Tuesday.", "corrected")
    assert (extract.id, extract.facts.title) == ("tag:northern.example,2026:ferry", "Ferry sails again")
    plain = only(item(content=f"<inlineData contenttype='text/plain'>\n  {FIRST}\n\n  {SECOND}\n</inlineData>"))
    assert plain.text == f"{FIRST}\n\n{SECOND}"


def test_creators_are_authors_where_there_is_no_byline() -> None:
    about = "<creator><name>Ada Blum</name></creator><creator><name>Tom Rye</name></creator>"
    assert only(item(about=about)).facts.authors == ("Ada Blum", "Tom Rye")


def test_a_canceled_item_is_retracted() -> None:
    canceled = '<pubStatus qcode="stat:canceled"/><edNote>The story is withdrawn; the ferry has not sailed.</edNote>'
    extract = only(item(meta=canceled))
    assert extract.facts.status == "retracted"
    assert extract.text.endswith("\n\nThe story is withdrawn; the ferry has not sailed.")
    assert only(item(meta=canceled, content="")).text == "The story is withdrawn; the ferry has not sailed."


def test_a_correction_and_an_embargo_of_newsml() -> None:
    meta = "<embargoed>2026-05-08T06:00:00Z</embargoed><edNote>CORRECTS day to Monday.</edNote>"
    extract = only(item(meta=meta))
    assert (extract.facts.status, extract.text.split("\n\n")[-1]) == ("corrected", "CORRECTS day to Monday.")
    assert extract.warnings == ("is under embargo until 2026-05-08 06:00:00+00:00",)
    assert only(item(meta='<signal qcode="sig:correction"/>')).facts.status == "corrected"


def test_a_message_has_several_items_and_the_last_version_of_each_counts() -> None:
    picture = item(content='<remoteContent contenttype="image/jpeg" href="a.jpg"/>', guid="p").replace(
        "ninat:text", "ninat:picture"
    )
    package = item(content="", guid="k", kind="packageItem")
    old = item(guid="a", version=1, about="<headline>Old</headline>")
    first, second, third, fourth = read(message(old, item(guid="b"), picture, package, item(guid="a", version=2)))
    assert isinstance(first, Extract)
    assert isinstance(second, Extract)
    assert (first.id, first.facts.title, first.where, second.id) == ("a", "Ferry sails again", "item 1", "b")
    assert third == Unread("item 3 (p): picture without a text")
    assert fourth == Unread("item 4 (k): a package, which lists other items and holds no text")


def test_a_message_without_items_is_refused() -> None:
    with pytest.raises(InputError, match="is NewsML without items"):
        read(message())


def test_newsml_1_is_read() -> None:
    extract = only(f"""<NewsML><NewsItem><Identification><NewsIdentifier><ProviderId>northern.example</ProviderId>
    <DateId>20260507</DateId><NewsItemId>ferry</NewsItemId><RevisionId Update="N">2</RevisionId></NewsIdentifier>
    </Identification>
    <NewsManagement><FirstCreated>20260507T213000+0100</FirstCreated>
    <ThisRevisionCreated>20260509T080000Z</ThisRevisionCreated>
    <Status FormalName="Usable"/></NewsManagement>
    <NewsComponent xml:lang="en"><NewsLines><HeadLine>Ferry sails again</HeadLine>
    <ByLine>By Ada Blum</ByLine></NewsLines>
    <AdministrativeMetadata><Provider><Party FormalName="Northern Wire"/></Provider></AdministrativeMetadata>
    <ContentItem><DataContent><nitf><body><body.content><p>{FIRST}</p></body.content></body></nitf></DataContent></ContentItem>
    </NewsComponent></NewsItem></NewsML>""")
    assert (extract.text, extract.id) == (FIRST, "urn:newsml:northern.example:20260507:ferry")
    facts = extract.facts
    assert (facts.title, facts.source, facts.authors) == ("Ferry sails again", "Northern Wire", ("Ada Blum",))
    assert facts.published == datetime(2026, 5, 7, 21, 30, tzinfo=SUMMER)


# --- ninjs ---------------------------------------------------------------------------------------------------------

ONE = {
    "uri": "https://northern.example/items/ferry",
    "version": "2",
    "pubstatus": "usable",
    "versioncreated": "2026-05-09T08:00:00Z",
    "firstcreated": "2026-05-07T21:30:00+01:00",
    "language": "en-GB",
    "headline": "Ferry sails again",
    "byline": "By Ada Blum",
    "copyrightholder": "Holder",
    "infosource": [{"name": "Northern Wire"}],
    "body_text": "flat",
    "body_xhtml": f"<div><p>{FIRST}</p><p>{SECOND}</p></div>",
    "associations": {"main": {"uri": "x", "body_text": "caption"}},
}
TWO = {
    "standard": {"name": "ninjs", "version": "2.1"},
    "uri": "https://northern.example/items/ferry",
    "firstcreated": "2026-05-07T21:30:00+01:00",
    "headlines": [{"role": "short", "value": "Ferry"}, {"role": "main", "value": "Ferry sails again"}],
    "people": [{"name": "Mara Lind", "rel": "mentions"}, {"name": "Ada Blum", "rel": "author"}],
    "organisations": [{"name": "Northern Wire", "rel": "provider"}],
    "language": "en",
    "bodies": [
        {"role": "caption", "contenttype": "text/plain", "value": "The quay."},
        {"contenttype": "text/plain", "value": "flat"},
        {"contenttype": "text/html", "value": f"<p>{FIRST}</p><p>{SECOND}</p>"},
    ],
}


@pytest.mark.parametrize("row", [ONE, TWO])
def test_ninjs_is_read(row: dict[str, object]) -> None:
    assert ninjs.is_ninjs(row)
    extract = ninjs.read_item(row)
    assert isinstance(extract, Extract)
    assert (extract.text, extract.id) == (f"{FIRST}\n\n{SECOND}", "https://northern.example/items/ferry")
    facts = extract.facts
    assert (facts.title, facts.source, facts.authors) == ("Ferry sails again", "Northern Wire", ("Ada Blum",))
    assert facts.published == datetime(2026, 5, 7, 21, 30, tzinfo=SUMMER)
    assert (facts.language, facts.status, extract.warnings) == ("en", "current", ())


def test_version_3_of_ninjs_writes_its_properties_in_camel_case() -> None:
    row = {
        "uri": "https://agency.example/1",
        "firstCreated": "2026-05-07T21:30:00+01:00",
        "versionCreated": "2026-05-08T09:00:00+01:00",
        "pubStatus": "canceled",
        "edNote": "Withdrawn by the desk",
        "headlines": [{"role": "main", "contentType": "text/plain", "value": "Ferry to Selm sails again"}],
        "bodies": [
            {"role": "main", "contentType": "text/plain", "value": f"{FIRST} {SECOND}"},
            {"role": "richtext", "contentType": "text/html", "value": f"<p>{FIRST}</p><p>{SECOND}</p>"},
            {"role": "caption", "contentType": "text/html", "value": "<p>A ferry.</p>"},
        ],
        "providers": [{"name": "Northwire"}],
    }
    assert ninjs.is_ninjs(row)
    extract = ninjs.read_item(row)
    assert isinstance(extract, Extract)
    assert extract.text.startswith(f"{FIRST}\n\n{SECOND}")
    assert (extract.facts.source, extract.facts.status) == ("Northwire", "retracted")
    assert (str(extract.facts.published), str(extract.facts.modified)) == (
        "2026-05-07 21:30:00+01:00",
        "2026-05-08 09:00:00+01:00",
    )


def test_the_state_of_a_ninjs_item() -> None:
    canceled = ninjs.read_item(ONE | {"pubstatus": "canceled"})
    corrected = ninjs.read_item(ONE | {"ednote": "CORRECTS day", "embargoed": "2026-05-08T06:00:00Z"})
    assert isinstance(canceled, Extract)
    assert isinstance(corrected, Extract)
    assert (canceled.facts.status, corrected.facts.status) == ("retracted", "corrected")
    assert corrected.text.endswith("\n\nCORRECTS day")
    assert corrected.warnings == ("is under embargo until 2026-05-08 06:00:00+00:00",)


def test_a_ninjs_picture_is_reported() -> None:
    assert ninjs.read_item({"uri": "a", "type": "picture", "pubstatus": "usable"}) == Unread(
        "the item (a): picture without a text"
    )


@pytest.mark.parametrize("row", [{}, {"uri": "nyt://article/1", "headline": {"main": "x"}}, {"text": "a", "url": "b"}])
def test_other_rows_are_no_ninjs(row: dict[str, object]) -> None:
    assert not ninjs.is_ninjs(row)


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["name", "value", "role", "rel", "href"]), inner)
    ),
    max_leaves=6,
)


@given(st.dictionaries(st.sampled_from(sorted({*ONE, *TWO, "ednote", "embargoed", "links", "by"})), VALUES))
def test_any_row_can_be_read_as_ninjs(row: dict[str, object]) -> None:
    ninjs.is_ninjs(row)
    assert isinstance(ninjs.read_item(row), Extract | Unread)


# --- XML from strangers --------------------------------------------------------------------------------------------


def test_another_kind_of_xml_is_refused() -> None:
    kind = r"is XML of a kind Dateline does not read \(root <project>\): it reads NITF, NewsML-G2, RSS and Atom"
    with pytest.raises(InputError, match=kind):
        read("<project/>")


@pytest.mark.parametrize("content", ["", " \n", "no markup", "\0\1\2", "<", "<?xml version='1.0'?>", "{}"])
def test_what_is_no_xml_is_refused(content: str) -> None:
    with pytest.raises(InputError):
        read(content)


def test_names_of_characters_and_bare_ampersands_are_read() -> None:
    assert (
        only(nitf("<p>Caf&eacute; &mdash; fish &amp; chips & tea&nbsp;now.</p>")).text
        == "Café — fish & chips & tea now."
    )


@pytest.mark.parametrize("declared", ["UTF-8", "windows-1252", "utf-16"])
def test_a_wrong_encoding_is_repaired(declared: str) -> None:
    text = "Der Hafenmeister über die Fähre: „Am Montag fährt sie wieder“, sagt er. Die Straße bleibt gesperrt."
    file = nitf(f"<p>{text}</p>").replace("UTF-8", declared)
    encoded = file.encode("utf-8" if declared == "utf-16" else "windows-1252")
    assert only(encoded, charset="windows-1252").text == text


def test_a_truncated_file_is_read_as_far_as_it_goes() -> None:
    extract = only(nitf().partition("<p>It had")[0] + "<p>It ha")
    assert extract.text == f"{FIRST}\n\nIt ha"
    assert extract.warnings[0].startswith("is broken XML (line ")


BOMB = "<!ENTITY a0 'lol'>" + "".join(f"<!ENTITY a{n} '{f'&a{n - 1};' * 10}'>" for n in range(1, 10))
HOSTILE = {
    "a billion laughs": f"<!DOCTYPE nitf [{BOMB}]><nitf><body><body.content><p>&a9;</p></body.content></body></nitf>",
    "laughs in an attribute": f"<!DOCTYPE nitf [{BOMB}]><nitf a='&a9;'/>",
    "quadratic": f"<!DOCTYPE nitf [<!ENTITY a '{'x' * 100_000}'>]><nitf>{'<p>&a;</p>' * 10_000}</nitf>",
    "in a feed": f"<!DOCTYPE rss [{BOMB}]><rss><channel><item><title>&a9;</title></item></channel></rss>",
    "a parameter": "<!DOCTYPE nitf [<!ENTITY % a SYSTEM 'file:///etc/passwd'> %a;]><nitf/>",
    "deep nesting": "<nitf>" + "<p>" * 200_000,
    "many attributes": f"<nitf {' '.join(f'a{n}=0' for n in range(50_000))}/>".replace("=0", "='0'"),
    "many entities": f"<nitf><body><body.content>{'&a;' * 500_000}</body.content></body></nitf>",
    "no end": "<nitf><body><body.content>" + "<p>x" * 100_000,
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_xml_is_as_cheap_as_a_story_of_its_size(name: str) -> None:
    found: list[Extract | Unread] = []

    def hostile() -> None:
        with suppress(InputError):
            found[:] = read(HOSTILE[name])

    assert is_cheap(hostile, lambda: read(nitf(f"<p>{FIRST}</p>\n" * (1 + len(HOSTILE[name]) // len(FIRST)))), 20)
    assert sum(len(extract.text) for extract in found if isinstance(extract, Extract)) < 1_000_000


def test_outside_files_are_never_read(tmp_path: Path) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("SECRET")
    doctype = f'<!DOCTYPE nitf [<!ENTITY x SYSTEM "{secret.as_uri()}">]>'
    extract = only(f"{doctype}<nitf><body><body.content><p>Before &x; after.</p></body.content></body></nitf>")
    assert extract.text == "Before after."
    include = f'<xi:include xmlns:xi="http://www.w3.org/2001/XInclude" href="{secret.as_uri()}" parse="text"/>'
    assert only(nitf(f"<p>Before {include}after.</p>")).text == "Before after."


WHOLE = [nitf(), item(), message(item(), item(guid="b"))]


@given(st.binary())
def test_any_bytes_are_read_or_refused(content: bytes) -> None:
    with suppress(InputError):
        assert all(isinstance(found, Extract | Unread) for found in read(content))


@settings(deadline=None)
@given(st.sampled_from(WHOLE), st.integers(0, 2000), st.integers(0, 60), st.binary(max_size=20))
def test_any_damage_is_read_or_refused(whole: str, start: int, length: int, put: bytes) -> None:
    content = whole.encode()
    with suppress(InputError):
        read(content[:start] + put + content[start + length :])
