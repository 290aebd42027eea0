"""What stands around a story in any format: calls, credits, teasers, cover sheets. Corrections belong to it."""

from __future__ import annotations

import pytest
from growth import is_linear

from qa.articles.formats.surroundings import (
    is_notice,
    leads_elsewhere,
    status_by_notices,
    story_in,
    without_cover,
    without_credits,
)

FIRST = "The ferry to Arle will sail again on Thursday, the harbour board said after nine weeks of repairs."
SECOND = "“We have waited for this day,” said Ada Blum, who runs a bakery on the island."
LAST = "The board will decide in April whether a second ship is needed in summer."
STORY = f"{FIRST}\n\n{SECOND}\n\n{LAST}"


@pytest.mark.parametrize(
    "line",
    [
        "ADVERTISEMENT",
        "Read more: East quay car park to charge on Sundays",
        "Sign up for our morning letter",
        "Get the day’s biggest stories in your inbox at 7am.",
        "Follow the Post on WhatsApp and never miss a story.",
        "Don’t miss out: join 12,000 readers on our WhatsApp channel.",
        "Become a member from £3 a month.",
        "Photo: Colm Vickers",
    ],
)
def test_a_line_that_leads_elsewhere_is_left_out_wherever_it_stands(line: str) -> None:
    assert leads_elsewhere(line)
    assert story_in(f"{FIRST}\n\n{line}\n\n{SECOND}\n\n{LAST}") == STORY


@pytest.mark.parametrize(
    "line",
    [
        "He asked his readers to follow the trial on the radio.",
        "“Follow us on Facebook,” she told the crowd.",
        "The union’s members will join the march on Friday.",
    ],
)
def test_a_sentence_of_the_story_that_has_such_words_is_kept(line: str) -> None:
    assert story_in(f"{FIRST}\n\n{line}\n\n{LAST}") == f"{FIRST}\n\n{line}\n\n{LAST}"


@pytest.mark.parametrize(
    "end",
    [
        "-30-\n\nReach Orr at 555-0147 or orr@post.example.",
        "###\n\nAbout the company\n\nFounded in 1931, it builds ships.",
        "Most read\n\nOtter found asleep in launderette",
        "Comments (23)\n\nTold them so in 2019. Nobody listens.",
        "You may also like\n\nTen of the best walks",
        "(Reporting by Ada Blum; Editing by Ola Frey)",
        "© 2026 Harbour Media Ltd",
        "Share",
    ],
)
def test_what_stands_below_a_story_is_left_out(end: str) -> None:
    assert story_in(f"{STORY}\n\n{end}") == STORY


def test_a_correction_below_the_end_is_kept() -> None:
    notice = "Correction: An earlier version of this story gave the wrong day. The ferry sails on Thursday."
    assert is_notice(notice)
    assert story_in(f"{STORY}\n\n-30-\n\n{notice}\n\nShare") == f"{STORY}\n\n{notice}"
    assert status_by_notices(f"{STORY}\n\n{notice}") == "corrected"
    assert status_by_notices(STORY) == "current"


def test_marks_of_an_editor_are_left_out() -> None:
    assert story_in(f"{FIRST}\n\n[[DESK: name checked. CA]]\n\n(MORE)\n\n{SECOND}\n\n{LAST}") == STORY


def test_lists_and_tables_at_the_end_are_kept() -> None:
    text = f"{STORY}\n\n- trawlers pay 120 crowns\n- yachts pay 80 crowns\n\nPort: Askey; Ships: 412"
    assert story_in(text) == text


def test_figures_at_the_end_are_kept() -> None:
    text = f"{STORY}\n\nAskey; 412; 388\n\nFTSE 100 7,654.32 +0.4%"
    assert story_in(text) == text


def test_a_late_heading_of_the_story_itself_ends_nothing() -> None:
    tale = f"{STORY}\n\n{FIRST}\n\nMore on the way\n\n{LAST} Nobody knows who would pay, and the islanders wait."
    assert story_in(tale) == tale


def test_an_early_heading_that_sounds_like_an_end_ends_nothing() -> None:
    text = f"{FIRST}\n\nMore on the way\n\n{SECOND}\n\n{LAST}"
    assert LAST in story_in(text)


def test_the_sheet_in_front_of_an_exported_article_is_left_out() -> None:
    sheet = "User Name: = Y Hart\n\nJob Number: = 2714\n\nDocuments (1)\n\n1. Ferry sails\n\nSearch Terms: ferry"
    article = f"Ferry sails\n\nThe Arle Post\n\nJanuary 22, 2026\n\nByline: Ada Blum\n\nBody\n\n{STORY}"
    assert without_cover(f"{sheet}\n\n{article}") == article
    assert without_cover(STORY) == STORY


def test_credits_are_parted_from_the_story() -> None:
    told, credits_below = without_credits([FIRST, LAST, "Ola Frey contributed to this report."])
    assert told == [FIRST, LAST]
    assert credits_below == "Ola Frey contributed to this report."


@pytest.mark.parametrize("part", ["follow-", "a@", "(", "comment ", "by\n\n", "[["])
def test_long_lines_of_one_sign_take_no_time(part: str) -> None:
    assert is_linear(lambda size: story_in(part * size), 2_000, 20_000)
