"""Headers of news texts: what their first lines state is read, and nothing else."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from growth import is_linear
from hypothesis import given
from hypothesis import strategies as st

from qa.english.header import Header, prose_start, read_header
from qa.english.temporal.dates import parse_moment, read_moment

BODY = "The harbour master closed the northern quay at noon."
MARCH_3 = date(2026, 3, 3)
MARCH_5 = date(2026, 3, 5)
MAY_7 = date(2026, 5, 7)
CET = timezone(timedelta(hours=1))


def header(**facts: object) -> Header:
    return Header(**facts)  # type: ignore[arg-type]


DATELINES = [
    # with a year
    (" date 2026-03-03 (CNN) — ", header(source="CNN", published=MARCH_3)),
    ("2026-03-03 (Channel Nine) — ", header(source="Channel Nine", published=MARCH_3)),
    ("KARROW, 2026-03-03 (Channel Nine) — ", header(source="Channel Nine", published=MARCH_3, place="KARROW")),
    ("PARIS, March 3, 2026 (AFP) - ", header(source="AFP", published=MARCH_3, place="PARIS")),
    ("SELM, 3 March 2026 (Reuters) -- ", header(source="Reuters", published=MARCH_3, place="SELM")),
    ("SELM, Tuesday, March 3, 2026 (Reuters) - ", header(source="Reuters", published=MARCH_3, place="SELM")),
    ("SELM, March 3, 2026 — ", header(published=MARCH_3, place="SELM")),
    # without one: the day stays unknown
    ("LONDON, March 3 (Reuters) - ", header(source="Reuters", place="LONDON")),
    ("LONDON, Jan. 5 (Reuters) - ", header(source="Reuters", place="LONDON")),
    ("ST. OSRIC, Jan. 23 (Meridian Wire) - ", header(source="Meridian Wire", place="ST. OSRIC")),
    ("PORT MERRIN, Lorrany, March 3 (Meridian Wire) - ", header(source="Meridian Wire", place="PORT MERRIN, Lorrany")),
    ("Karrow, 3 March (dpa) - ", header(source="dpa", place="Karrow")),
    ("BEIJING/SHANGHAI, Jan 5 (Reuters) - ", header(source="Reuters", place="BEIJING/SHANGHAI")),
    ("NEW YORK, Tuesday (AP) — ", header(source="AP", place="NEW YORK")),
    # without any date
    ("(Channel Nine) — ", header(source="Channel Nine")),
    ("WASHINGTON (AP) — ", header(source="AP", place="WASHINGTON")),
    ("WASHINGTON (AP)—", header(source="AP", place="WASHINGTON")),
    ("SEOUL, South Korea (AP) — ", header(source="AP", place="SEOUL, South Korea")),
    ("WINSTON-SALEM, N.C. (AP) — ", header(source="AP", place="WINSTON-SALEM, N.C.")),
    ("PORT-AU-PRINCE, Haiti (AP) — ", header(source="AP", place="PORT-AU-PRINCE, Haiti")),
    ("RIO DE JANEIRO (Reuters/AFP) – ", header(source="Reuters/AFP", place="RIO DE JANEIRO")),
    ("Rio de Janeiro (CNN) — ", header(source="CNN", place="Rio de Janeiro")),
    ("ST. OSRIC — ", header(place="ST. OSRIC")),
]

NO_DATELINES = [
    "IBM - the company said it would close its plant in Selm.",
    "Moscow - a city of millions - slept through the storm.",
    "The treaty (1921) — signed at sea — was never printed.",
    "Helena Voss (Greens) — the minister's rival — called for a vote.",
    "Voss (left) — The minister at the quay on Tuesday.",
    "(continued) — The minister then left the room.",
    "The ferry left on March 3 (a Tuesday) - nobody knows why.",
    "In January — the coldest for years — the pipes burst.",
]

HEADERS = [
    # (the lines above the body, what they state)
    ("Published: 2026-03-03\n\nQuay shut\n\nSELM, March 3 (Meridian Wire) - ",
     header(title="Quay shut", source="Meridian Wire", published=MARCH_3, place="SELM")),
    ("Published: 2026-03-03T07:30:00+01:00\n\n",
     header(published=datetime(2026, 3, 3, 7, 30, tzinfo=CET))),
    ("Published 3 March 2026\n\n", header(published=MARCH_3)),
    ("PUBLISHED: MARCH 3,2026\n\n", header(published=MARCH_3)),
    ("Published on Tuesday, March 3, 2026 at 7:30 a.m.\n\n", header(published=datetime(2026, 3, 3, 7, 30))),
    ("Date: 3 March 2026\nSource: Selm Telegraph\nAuthor: Ada Brink\nTitle: Quay shut\n\n",
     header(title="Quay shut", source="Selm Telegraph", authors=("Ada Brink",), published=MARCH_3)),
    # an update is no publication, but tells of the last change, and lends its year to a dateline
    ("Published 3 March 2026\nUpdated 5 March 2026\n\n", header(published=MARCH_3, modified=MARCH_5)),
    ("Updated 5 March 2026\nPublished 3 March 2026\n\n", header(published=MARCH_3, modified=MARCH_5)),
    ("Published 3 March 2026, updated 5 March 2026\n\n", header(published=MARCH_3, modified=MARCH_5)),
    ("Updated: 2026-03-05\n\n", header(modified=MARCH_5)),
    ("Updated: 2026-03-05\n\nSELM, March 3 (Reuters) - ",
     header(source="Reuters", published=MARCH_3, modified=MARCH_5, place="SELM")),
    ("Updated 2026-01-02\n\nSELM, Dec. 31 (Reuters) - ",
     header(source="Reuters", published=date(2025, 12, 31), modified=date(2026, 1, 2), place="SELM")),
    ("Updated 2026-03-01\n\nSELM, Feb. 29 (Reuters) - ",
     header(source="Reuters", modified=date(2026, 3, 1), place="SELM")),
    # the calendar's two ends
    ("Updated 31 December 9999\n\nSELM, March 3 (Reuters) - ",
     header(source="Reuters", published=date(9999, 3, 3), modified=date.max, place="SELM")),
    ("Updated 1 January 0001\n\nSELM, March 3 (Reuters) - ",
     header(source="Reuters", modified=date.min, place="SELM")),
    # bylines
    ("By Jane Roe, 3 March 2026\n\n", header(authors=("Jane Roe",), published=MARCH_3)),
    ("By Jane Roe, March 3, 2026\n\n", header(authors=("Jane Roe",), published=MARCH_3)),
    ("By Lena Brink, Selm Telegraph, 3 March 2026\n\n",
     header(authors=("Lena Brink",), source="Selm Telegraph", published=MARCH_3)),
    ("By Ada Brink and Tom Orr\n\n", header(authors=("Ada Brink", "Tom Orr"))),
    ("By Ada Brink, Tom Orr and Ida van der Meer, Selm Telegraph\n\n",
     header(authors=("Ada Brink", "Tom Orr", "Ida van der Meer"), source="Selm Telegraph")),
    ("BY ADA BRINK\n\n", header(authors=("ADA BRINK",))),
    ("By Ada Brink, Political Editor\n\n", header(authors=("Ada Brink",))),
    ("By Ada Brink in Karrow for the Selm Telegraph\n\n", header(authors=("Ada Brink",), source="Selm Telegraph")),
    ("By Ada Brink in Karrow\n\n", header(authors=("Ada Brink",))),
    ("By Telegraph staff and agencies\n\n", header(authors=("Telegraph staff and agencies",))),
    ("By Ada Brink | Updated 5 March 2026\n\n", header(authors=("Ada Brink",), modified=MARCH_5)),
    ("Quay shut\nBy Ada Brink\n3 March 2026\n\n",
     header(title="Quay shut", authors=("Ada Brink",), published=MARCH_3)),
    ("Tuesday, 3 March 2026, 7:30 a.m.\n\n", header(published=datetime(2026, 3, 3, 7, 30))),
    # headlines
    ("Quay shut\n\n", header(title="Quay shut")),
    ("“Not one more boat”: why Selm said no\n\n", header(title="“Not one more boat”: why Selm said no")),
    ("Envoys leave the S.C.O.\n\n", header(title="Envoys leave the S.C.O.")),
    ("ANALYSIS — What the quay costs\n\n", header(title="ANALYSIS — What the quay costs")),
    ("Keller Bridge (Port Merrin) — The long wait\n\n", header(title="Keller Bridge (Port Merrin) — The long wait")),
    ("Published poems anger minister\n\n", header(title="Published poems anger minister")),
    ("Updated rules anger fishermen\n\n", header(title="Updated rules anger fishermen")),
    ("By sea and by land\n\n", header(title="By sea and by land")),
    ("Quay shut\n\nA crack was found at dawn.\n\nSELM (AP) — ",
     header(title="Quay shut", source="AP", place="SELM")),
    # no headline: a wrapped paragraph, a sentence, a line too long
    ("By the time the first tug arrived\n", header()),
    ("It was the last boat.\n\n", header()),
    ("Quay " * 40 + "\n\n", header()),
    # dates that say too little
    ("Published: 3/4/2026\n\n", header()),
    ("Published: March 2026\n\n", header()),
    ("Published: 31 February 2026\n\n", header()),
    ("Published: 3–5 March 2026\n\n", header()),
    ("By Jane Roe, 3 March\n\n", header(authors=("Jane Roe",))),
]  # fmt: skip


SHAPES = [
    # press archives
    ("The Selm Gazette\n\nMay 7, 2026 Thursday\nFinal Edition\n\nQuay shut at noon\n\nBYLINE: Ada Brink\n\n"
     "SECTION: A; Pg. 1\n\nLENGTH: 480 words\n\nBODY:\n",
     header(title="Quay shut at noon", source="The Selm Gazette", authors=("Ada Brink",), published=MAY_7)),
    ("2 of 38 DOCUMENTS\n\nCopyright 2026 Selm Media Ltd\nAll Rights Reserved\nSelm Gazette (Karrow)\n\n"
     "Thursday, May 7, 2026\n\nHEADLINE: Quay shut\n\nBYLINE: By ADA BRINK, Gazette Staff Writer\n\n",
     header(title="Quay shut", source="Selm Gazette", authors=("ADA BRINK",), published=MAY_7)),
    ("Quay shut\n\nSelm Gazette\n\nMay 7, 2026 Thursday\n\nLoad-Date: May 9, 2026\n\nBody\n\n",
     header(title="Quay shut", source="Selm Gazette", published=MAY_7)),
    ("Title: Quay shut\nAuthor: Brink, Rosa; Orr, Tom\nPublication title: Selm Gazette; Selm\n"
     "Publication date: May 7, 2026\nLast updated: 2026-05-09\nFull text: ",
     header(title="Quay shut", source="Selm Gazette", authors=("Rosa Brink", "Tom Orr"), published=MAY_7)),
    ("HD\nQuay shut\n\nBY\nAda Brink\n\nPD\n7 May 2026\n\nSN\nSelm Gazette\n\nLA\nEnglish\n\nLP\n",
     header(title="Quay shut", source="Selm Gazette", authors=("Ada Brink",), published=MAY_7)),
    ("HD      Quay shut\nBY      By Ada Brink\nPD      7 May 2026\nSN      Selm Gazette\nLP      ",
     header(title="Quay shut", source="Selm Gazette", authors=("Ada Brink",), published=MAY_7)),
    ("The Selm Gazette, Thursday 7 May 2026, p. 5\nby Ada Brink\n\nQuay shut\n\n",
     header(title="Quay shut", source="The Selm Gazette", authors=("Ada Brink",), published=MAY_7)),
    ("The Selm Gazette\n\nQuay shut\n\nLOAD-DATE: May 7, 2026\n\n",
     header(title="Quay shut", source="The Selm Gazette")),
    ("Date: 05/06/2026\nHeadline: Quay shut\n\n", header(title="Quay shut")),
    ("Date: 27/03/2026\nHeadline: Quay shut\n\n", header(title="Quay shut", published=date(2026, 3, 27))),
    ("Selm Monthly\n\nMay 2026\n\nQuay shut\n\n", header(title="Quay shut", source="Selm Monthly")),
    ("HEADLINE: Quay shut\nBYLINE: Staff reporter\n\n", header(title="Quay shut")),
    ("Quay shut after cracks are found at\nthe northern wall\n\nLENGTH: 480 words\n\n",
     header(title="Quay shut after cracks are found at the northern wall")),
    # agencies
    ("BC-SELM-QUAY\n\nQuay shut\n(Eds: adds quotes)\nBy ADA BRINK\nSound Press\n\nSELM (SP) - ",
     header(title="Quay shut", source="Sound Press", authors=("ADA BRINK",), place="SELM")),
    ("^Quay shut<\n^EDS: UPDATES with quotes.<\n^By ADA BRINK<\n\nSELM, May 7, 2026 (AP) — ",
     header(title="Quay shut", source="AP", authors=("ADA BRINK",), published=MAY_7, place="SELM")),
    ("URGENT\nQuay shut\n21:30 GMT, 7 May 2026\n\nSELM, May 7 (Reuters) - ",
     header(title="Quay shut", source="Reuters", published=datetime(2026, 5, 7, 21, 30, tzinfo=UTC), place="SELM")),
    ("2nd LEAD\nQuay shut\nRosa Brink\nSELM, 7 May 2026 (AFP) – ",
     header(title="Quay shut", source="AFP", authors=("Rosa Brink",), published=MAY_7, place="SELM")),
    ("Sound Press / 2026-05-07 21:30 UTC / Economy\n\nQuay shut\n\nby our Selm bureau\n\n",
     header(title="Quay shut", source="Sound Press", published=datetime(2026, 5, 7, 21, 30, tzinfo=UTC))),
    # press releases
    ("FOR IMMEDIATE RELEASE\n\nContact:\nJo Park\nSelm Lines\n+00 555 0100\n\nSelm Lines Opens Booking\n\n"
     "PORT SELM, May 7, 2026 /PRNewswire/ -- ",
     header(title="Selm Lines Opens Booking", published=MAY_7, place="PORT SELM")),
    ("For Immediate Release: May 7, 2026\n\nMedia Contact: Jo Park, 555-0143\n\nQuay shut\n\n",
     header(title="Quay shut", published=MAY_7)),
    ("EMBARGOED UNTIL 00:01 BST, 7 MAY 2026\n\nPress release No. 31\nIssued by: Selm Harbour Trust\n\nQuay shut\n\n",
     header(title="Quay shut", source="Selm Harbour Trust")),
    ("PRESS RELEASE\n\nKeller Ferry Reopens\nBoats sail again\n\n", header(title="Keller Ferry Reopens")),
    ("PRESS RELEASE\n\nThe Harbour Master\n\nQuay shut\n\n", header(title="Quay shut", source="The Harbour Master")),
    # web copies
    ("Quay shut\nBy Ada Brink | Senior Reporter | @adabrink\nPublished 7 May 2026, 21:30 UTC\nUpdated 2 hours ago\n"
     "5 min read\nShare\n\n",
     header(title="Quay shut", authors=("Ada Brink",), published=datetime(2026, 5, 7, 21, 30, tzinfo=UTC))),
    ("Quay shut\nUpdated 2 hours ago\n3 min read\n\n", header(title="Quay shut")),
    ("Quay shut\nPublished yesterday at 18:20\n\n", header(title="Quay shut")),
    ("Quay shut\nMay 7, 2026 9:30 PM EDT Updated a day ago\n\n",
     header(title="Quay shut", published=datetime(2026, 5, 7, 21, 30, tzinfo=timezone(timedelta(hours=-4))))),
    ("Quay shut\nUpdated May 8, 2026 — 6.12am, first published May 7, 2026 — 9.50pm\n\n",
     header(title="Quay shut", published=datetime(2026, 5, 7, 21, 50), modified=datetime(2026, 5, 8, 6, 12))),
    ("Skip to main content\nLog in\n\nQuay shut\n\nRosa Brink\nArts correspondent\nThu 7 May 2026 06.00 CEST\n\n",
     header(title="Quay shut", authors=("Rosa Brink",),
            published=datetime(2026, 5, 7, 6, 0, tzinfo=timezone(timedelta(hours=2))))),
    ("Author: Ada Brink, Senior Reporter\nQuay shut\n\n", header(title="Quay shut", authors=("Ada Brink",))),
    ("Posted on 2026/05/07 by Ada Brink\n\n", header(authors=("Ada Brink",), published=MAY_7)),
    ("Home > News > Transport\n\nQuay shut | selmgazette.example\n\n",
     header(title="Quay shut", source="selmgazette.example")),
    ("Photograph: Tom Orr, 26 April 2026\n\nQuay shut\n\n", header(title="Quay shut")),
    ("By Saskia Holm, Communications Officer\nQuay shut\n\n", header(title="Quay shut", authors=("Saskia Holm",))),
    ("By Ada Brink in Karrow and Tom Orr in Selm\n\n", header(authors=("Ada Brink", "Tom Orr"))),
    # what only looks like a field
    ("Obituary: Wilfred Orr, clockmaker\n\n", header(title="Obituary: Wilfred Orr, clockmaker")),
    ("Port Selm\n7 May 2026\n\n", header(title="Port Selm", published=MAY_7)),
    ("Keller Bridge Reopens\nTraffic flows again\n\n", header(title="Keller Bridge Reopens")),
]  # fmt: skip

ENDINGS = [
    ("(Reporting by Ada Brink in Selm; Editing by Tom Orr)", header(title="Quay shut", authors=("Ada Brink",))),
    ("Press release\n\nSOURCE Selm Lines", header(title="Quay shut", source="Selm Lines")),
    ("Copyright 2026 The Selm Gazette. All Rights Reserved", header(title="Quay shut", source="The Selm Gazette")),
    ("Copyright 2026 Selm Holdings Ltd. All Rights Reserved", header(title="Quay shut")),
]


@pytest.mark.parametrize(("lines", "expected"), SHAPES)
def test_copies_of_archives_agencies_releases_and_pages_are_read(lines: str, expected: Header) -> None:
    assert read_header(f"{lines}{BODY}\n\nMore followed.") == expected


@pytest.mark.parametrize(("ending", "expected"), ENDINGS)
def test_the_last_lines_say_what_the_first_do_not(ending: str, expected: Header) -> None:
    assert read_header(f"Quay shut\n\n{BODY}\n\nMore followed.\n\n{ending}\n") == expected


@pytest.mark.parametrize("unit", ["By ", "\xa0", "A, ", "Share ", "9:30 ", "7 May ", "(c) ", "> ", "A\n", "Contact:\n"])
def test_a_hostile_text_takes_no_more_than_its_length_asks_for(unit: str) -> None:
    def read(times: int) -> None:
        for text in (unit * times, f"By {unit * times}", f"{unit * 20}\n" * (times // 40)):
            read_header(text)
            read_moment(text)

    assert is_linear(read, 2_000, 20_000)


@pytest.mark.parametrize(("dateline", "expected"), DATELINES)
def test_a_dateline_states_place_date_and_source(dateline: str, expected: Header) -> None:
    assert read_header(f"{dateline}{BODY}\n\nMore followed.") == expected


@pytest.mark.parametrize("line", NO_DATELINES)
def test_prose_with_a_dash_is_no_dateline(line: str) -> None:
    assert read_header(f"{line}\n\n{BODY}") == Header()


@pytest.mark.parametrize(("lines", "expected"), HEADERS)
def test_header_lines_are_read(lines: str, expected: Header) -> None:
    assert read_header(f"{lines}{BODY}\n\nMore followed.") == expected


def test_line_ends_do_not_matter() -> None:
    lines = f"Published: 2026-03-03\n\nQuay shut\n\nSELM, March 3 (Meridian Wire) - {BODY}"
    assert read_header(lines.replace("\n", "\r\n")) == read_header(lines)


def test_the_story_itself_is_not_searched() -> None:
    story = "\n\n".join([BODY, BODY, "By Jane Roe, Selm Telegraph, 3 March 2026", "(AP) — It rained."])
    assert read_header(story) == Header()


@pytest.mark.parametrize("text", ["", " \n ", "Quay shut", "\ufeff", "—", "(", "By", "Published:"])
def test_a_text_of_next_to_nothing_has_no_header(text: str) -> None:
    assert read_header(text) == Header()


@given(st.text())
def test_any_text_has_a_header(text: str) -> None:
    read_header(text)


@pytest.mark.parametrize(
    ("words", "moment"),
    [
        ("2026-03-03", MARCH_3),
        ("2026-03-03T07:30:00+01:00", datetime(2026, 3, 3, 7, 30, tzinfo=CET)),
        ("2026-03-03T07:30Z", datetime(2026, 3, 3, 7, 30, tzinfo=UTC)),
        ("2026-03-03 07:30:00", datetime(2026, 3, 3, 7, 30)),
        ("Tue, 03 Mar 2026 07:30:00 +0100", datetime(2026, 3, 3, 7, 30, tzinfo=CET)),
        ("3 March 2026", MARCH_3),
        ("3rd of March, 2026", MARCH_3),
        ("Sept. 3, 2026", date(2026, 9, 3)),
        ("Tuesday, March 3, 2026, 7:30 a.m.", datetime(2026, 3, 3, 7, 30)),
        ("March 3", None),
        ("March 2026", None),
        ("3/4/2026", None),
        ("Fri, 6/12/2026", date(2026, 6, 12)),
        ("Saturday 6/12/2026", None),  # neither day is a Saturday
        ("2026", None),
        ("2026-02-30", None),
        ("2026-03-03T25:00", None),
        ("31 April 2026", None),
        ("Tue, 33 Mar 2026 07:30:00 +0100", None),
        ("1 Jan 2020 00:00 +99999999999999999", None),
        ("yesterday", None),
        ("", None),
    ],
)
def test_a_moment_is_exact_or_nothing(words: str, moment: date | None) -> None:
    parsed = parse_moment(words)
    assert parsed == moment
    assert type(parsed) is type(moment)


@given(st.text())
def test_parsing_a_moment_never_raises(words: str) -> None:
    parse_moment(words)


@pytest.mark.parametrize(
    ("text", "story"),
    [
        ("ELMHURST, March 3 (Coast Wire) - The bridge shut.", "The bridge shut."),
        (" date 2026-03-03 (Channel Six) — The bridge shut.", "The bridge shut."),
        ("Bridge shut\n\nBy Ada Frost, 3 March 2026\n\nELMHURST (Coast Wire) — The bridge shut.", "The bridge shut."),
        ("LENGTH: 480 words\n\nBODY:\n\nThe bridge shut.", "The bridge shut."),
        ("Full text:  The bridge shut.", "The bridge shut."),
        ("LP      The bridge shut.", "The bridge shut."),
        ("BODY:\nELMHURST  (Coast Wire)  -  The bridge shut.", "The bridge shut."),
        ("Moscow - a city of millions - woke up.", None),
        ("The bridge shut.", None),
        ("", None),
    ],
)
def test_the_story_begins_behind_the_dateline(text: str, story: str | None) -> None:
    start = prose_start(text)
    assert (None if start is None else text[start:]) == story


def test_an_interview_names_who_led_it_and_a_headline_with_by_names_nobody() -> None:
    assert read_header("Nobody plans a harbour\n\nInterview by Leo Anstey\n\nThe office is small.").authors == (
        "Leo Anstey",
    )
    assert read_header("Report by State Auditor Finds Waste\n\nThe state spent too much on ink.").authors == ()
