"""Sentences: exact offsets whatever the text, and news that trips splitters."""

from __future__ import annotations

import textwrap

import pytest
from growth import is_linear
from hypothesis import given, settings
from hypothesis import strategies as st

from qa.english.sentences import LONGEST, is_heading, row_cells, split

# A bar marks each boundary wanted.
CASES = [
    "The vote ended at 9 p.m. Monday in Karrow.| Nobody slept.",
    "The vote ended at 9 p.m.| Monday Roe won.",
    "The vote ended at 9 p.m.| On Monday talks resumed.",
    "The vote ended at 4 p.m. ET.| It was close.",
    "The vote ended at 4 p.m. Eastern time.| It was close.",
    "The vote ended at 4 p.m. March 5.| It was close.",
    "The vote ended at 4 p.m. March 15.| It was close.",
    "The vote ended at 4 p.m. Jan. 5 in Karrow.| It was close.",
    "The vote ended at 4 p.m.| “We are done,” Hale said.",
    "Talks began at 10 a.m. GMT in Geneva.",
    "Lt. Col. Petrin spoke.| He left.",
    "Maj. Gen. Oleg Roe and Sgt. Lee resigned.",
    "On the other hand, Ms. Orme declined.",
    "Cllr. Ann Roe and Amb. Tom Poe agreed.",
    "Reporters met ex-Gov. Hale there.",
    "Det. Insp. Poe and Supt. Roe testified.",
    "She won the No. 4 seat near pier No. 6.",
    "Vol. 2 and Ch. 7 were banned.| Readers protested.",
    "Approx. 300 people came.",
    "Crowds gathered on St. Osric Square and Mt. Orla.",
    "Soldiers left Ft. Worth at dawn.",
    "He lives at 5 Main St.| The house is old.",
    "The U.S. President met the U.N. Security Council.",
    "He lives in the U.S.| The move surprised many.",
    "Washington, D.C. Mayor Ann Roe spoke.",
    "She works for Acme Inc.| Its shares fell.",
    "Acme Corp. said profits fell 3.5 percent to $4.5 billion.",
    "George W. Bush met J.K. Rowling and J. R. Poe.",
    "Sen. Ada Lund, D-Ohio, met Rep. Tom Hale (R-Ill.) there.",
    "On Jan. 5 the port shut.| On Feb. 6 it opened.",
    "It will last until the second half of May.| Tests need three weeks.",
    "It began in May 2024.| May resigned.",
    "The case Roe v. Wade was cited, e.g. by Prof. Dr. Lenz.",
    "They grow pears, etc. in the valley.",
    "They grow pears, etc.| They sell them.",
    "Martin Luther King Jr. Day is Monday.",
    "SAN JOSE, Calif. (AP) — Officials met.",
    "“We will not go,” he said.| “We never will.”",
    "“Will you go?” she asked.| He did not answer.",
    "“Will you go?” Ann Roe asked.| He did not answer.",
    "“Will you go?” Foreign Minister Ann Roe asked in Karrow.",
    "“Stop!” Roe told reporters.| Nobody listened.",
    "“Will you go?”| He asked nothing more.",
    "“Stop!”| Roe said nothing.",
    "“I am tired.| I am leaving.”| She closed the door.",
    "“I am tired.| I am leaving,” she said.| She closed the door.",
    "'I am tired.| I am leaving,' she said.",
    "She said: “I am tired.| I am leaving.| Nobody asked.”| She closed the door.",
    "“I am tired,” she said, “and old.| I am leaving.”",
    "“Stop! I am leaving,” she said.",
    "He asked, “Who are you? What is this?” and left.",
    "The “go now. Go here” signs were taken down.",
    "“We do not know,” Roe told reporters outside Block C.| “Nobody does.”",
    "Senator George W. “Dubya” Roe spoke.",
    "He asked, “Who? Me?” and left.",
    "'We won.'| They cheered.",
    '"We won," he said.| "We lost," she said.',
    "He waited… and waited.| Nobody came.",
    "He waited... then left.",
    "The boats left .| Orr stayed in the port .| 'Good,' he said .",
    "What?!| No way!",
    "Yahoo! said it would sell.",
    "1. The dam broke.| 2. The town fled.",
    "They met Wed. and Thurs. in town.",
    "Shares fell.| iPhone sales rose.",
    "It ended! 😀",
    "It ended.| 😀 Fans cheered.",
    "Is it true?| 42 people died.",
]


@pytest.mark.parametrize("case", CASES)
def test_news(case: str) -> None:
    wanted = [part.strip() for part in case.split("|")]
    assert [sentence.text for sentence in split(" ".join(wanted))] == wanted


FRAGMENTS = st.sampled_from(
    [
        *"😀é“”‘’\"'.!?…()[]—-,:;aZ1 \t",
        *[
            "e\u0301",
            "👩‍🚒",
            "🇺🇳",
            "\u00a0",
            "\u202f",
            "\u2028",
            "\u0085",
            "\x0c",
            "\x1c",
            "\ufeff",
            "\u200b",
            "\ud800",
        ],
        *["\n", "\r\n", "\r", "\n\n", " \n ", "\r\n\r\n"],
        *[
            "Mr. ",
            "Ms. ",
            "No. ",
            "p.m. ",
            "Monday ",
            "U.S. ",
            "May. ",
            "he said. ",
            "Ann Roe asked. ",
            "1. ",
            "x" * 70,
        ],
        *["The dam broke. ", "“Will you go?” ", "“We won. We won.” ", "a line that goes on without an end and"],
    ]
)


def check(text: str) -> None:
    sentences = split(text, "a1")
    assert [s.index for s in sentences] == list(range(len(sentences)))
    position = 0
    for sentence in sentences:
        assert sentence.article_id == "a1"
        assert sentence.text == text[sentence.start : sentence.end] == sentence.text.strip()
        assert 0 < len(sentence.text) <= LONGEST
        assert position <= sentence.start
        assert not text[position : sentence.start].strip()
        position = sentence.end
    assert not text[position:].strip()


@settings(max_examples=400, deadline=None)
@given(st.lists(FRAGMENTS, max_size=60).map("".join))
def test_offsets_are_exact_and_nothing_is_lost(text: str) -> None:
    check(text)


@settings(max_examples=200, deadline=None)
@given(st.text())
def test_any_text_at_all(text: str) -> None:
    check(text)


@settings(max_examples=20, deadline=None)
@given(st.lists(FRAGMENTS, min_size=1, max_size=6).map("".join), st.integers(min_value=1, max_value=3000))
def test_text_longer_than_a_window(text: str, times: int) -> None:
    check((text * times)[: 3 * LONGEST])


def texts(text: str) -> list[str]:
    return [sentence.text for sentence in split(text)]


def test_a_heading_stays_apart_from_the_sentence_below() -> None:
    heading, sentence = "Crack closes Keller Bridge", "The bridge was closed on Tuesday after a crack was found."
    assert texts(f"{heading}\n{sentence}") == [heading, sentence]
    assert texts(f"{heading}\r\n{sentence} {sentence * 3}")[0] == heading


WRAPPED = """\
Crack closes Keller Bridge
The Keller Bridge was closed on Tuesday after a maintenance crew found a crack
in one of the girders that carry the road. “We never gamble,” said Lt. Col.
Dana Halloran of the army engineers. The repair may well cost more than 12.5
million crowns.
A second paragraph follows without a blank line and also goes on for more than
one line."""


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_a_hard_wrapped_paragraph_is_put_together(newline: str) -> None:
    text = WRAPPED.replace("\n", newline)
    assert [" ".join(found.split()) for found in texts(text)] == [
        "Crack closes Keller Bridge",
        "The Keller Bridge was closed on Tuesday after a maintenance crew found a crack in one of the girders that "
        "carry the road.",
        "“We never gamble,” said Lt. Col. Dana Halloran of the army engineers.",
        "The repair may well cost more than 12.5 million crowns.",
        "A second paragraph follows without a blank line and also goes on for more than one line.",
    ]
    check(text)


PARAGRAPHS = [
    "Engineers warned the ministry in January",
    "source: The Salthouse Herald",
    "The engineers who inspected the bridge had urged the ministry on Jan. 30 to close it, according to a letter of "
    "Dr. Casper Lowe that was seen on Tuesday. “We cannot say how long the girder will hold. We would not drive over "
    "it,” Lowe wrote on the first of its 13 pages. A stamp shows that it arrived at 9 p.m. Monday, seven weeks before "
    "the crack was found.",
    "On Friday it took Joris Hemmel 94 minutes to cross the sound. “Who pays for that?” Hemmel asked.",
    "At least 212 people wait every morning.",
]


@pytest.mark.parametrize("width", [64, 72, 80, 100])
def test_wrapping_changes_no_sentence(width: int) -> None:
    def fold(paragraph: str) -> str:
        return textwrap.fill(paragraph, width, break_on_hyphens=False)

    plain, wrapped = "\n\n".join(PARAGRAPHS), "\n\n".join(map(fold, PARAGRAPHS))
    assert [" ".join(found.split()) for found in texts(wrapped)] == texts(plain)
    assert len(texts(plain)) == 9


@pytest.mark.parametrize(
    "lines",
    [
        ["apples", "pears", "plums"],
        ["title: The bridge bill that does not add up, and why", "source: The Lorrany Ledger"],
        ["- the first of several points, which goes on for a while", "- the second of several points, which also goes"],
        ["1. the first of several points, which ends somewhere about here.", "2. the second of several points, here."],
        ["Roses are red in the gardens of Karrow in spring", "Violets are blue in the gardens of Port Merrin too"],
    ],
)
def test_lists_headers_and_verse_stay_lines(lines: list[str]) -> None:
    assert texts("\n".join(lines)) == lines


@pytest.mark.parametrize("unit", ["word ", "x", "“", ". ", "Mr. ", "“Go on. ", "line\n", "\n", " "])
def test_time_grows_no_faster_than_the_text(unit: str) -> None:
    assert is_linear(lambda length: split(unit * (length // len(unit))), 50_000, 400_000)


def test_an_endless_sentence_is_cut_at_a_space() -> None:
    assert all(set(found.split()) == {"word"} for found in texts("word " * 5_000))


def test_a_sentence_never_runs_over_the_start_of_the_story() -> None:
    text = "ELMHURST, March 3 (Coast Wire) - The bridge shut. Nobody was hurt."
    found = split(text, prose_start=text.index("The"))
    assert [s.text for s in found] == ["ELMHURST, March 3 (Coast Wire) -", "The bridge shut.", "Nobody was hurt."]
    assert all(text[s.start : s.end] == s.text for s in found)


@pytest.mark.parametrize(
    ("sentence", "heading"),
    [
        ("Ferry line to reopen after fire", True),
        ("By Ada Blum, Sound Press, 7 May 2026", True),
        ("Source: Karrow Courier", True),
        ("- Sport", True),
        ("- trawlers pay 120 crowns,", False),
        ("2. Solent loses its night shift", False),
        ("Port: Askey; Ships in Q1: 412; Change: -5.8%", False),
        ("The line closed after a fire.", False),
    ],
)
def test_items_of_lists_and_rows_of_tables_are_no_headings(sentence: str, heading: bool) -> None:
    assert is_heading(sentence) == heading


def test_a_row_of_a_table_gives_its_cells_by_their_headings() -> None:
    assert row_cells("Port: Askey; Ships: 412; Change: -5.8%") == {"Port": "Askey", "Ships": "412", "Change": "-5.8%"}
    assert row_cells("Norlin said: the yard will close.") == {}
