"""Timelines: what happened to one subject, in order, each entry with its sentence."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from contextlib import closing
from datetime import date, timedelta
from pathlib import Path

import pytest
from typer.testing import CliRunner

from qa.changes import writing
from qa.changes.timeline import Change, Event, postponed, timeline
from qa.cli import app
from qa.english.document import Document
from qa.english.events import dated_clauses, tells_of_itself
from qa.english.subjects import recased, subject_of
from qa.errors import EmptyLibrary, InputError
from qa.ingestion import ingest_into
from qa.library.embedders import WordLlamaEmbedder
from qa.library.library import Library
from qa.model import Article, Filters, Status, Timeline
from qa.timelines import timeline as timeline_of

TUESDAY = date(2026, 3, 3)


def article(text: str, published: date | None = TUESDAY, *, source: str = "Vale Post", **more: object) -> Article:
    made = f"{source} {published} {text[:40]} {more.get('title')}"
    return Article(id=f"{abs(hash(made)):x}", version="1", source=source, published=published, text=text, **more)


@pytest.fixture
def library() -> Iterator[Library]:
    with closing(Library(None)) as made:
        yield made


def made(library: Library, subject: str, *articles: Article, filters: Filters | None = None) -> Timeline:
    ingest_into(library, list(articles), WordLlamaEmbedder())
    return timeline(library, subject, filters)


def days(found: Timeline) -> list[str]:
    return [f"{e.happened.start}{' planned' if e.planned else ''}" for e in found.entries]


# -- One sentence ------------------------------------------------------------------------------------------------------


def clauses(sentence: str, published: date = TUESDAY) -> list[tuple[str, str]]:
    document = Document(sentence, published)
    part = document.within(0, len(sentence))
    return [(c.when.words, sentence[c.start : c.end]) for c in dated_clauses(part, published)]


@pytest.mark.parametrize(
    ("sentence", "told"),
    [
        ("The bridge was shut on Monday.", [("Monday", "The bridge was shut on Monday.")]),
        (
            "The bridge, opened in 1974, was shut on Monday.",
            [("1974", "The bridge, opened in 1974"), ("Monday", "The bridge, opened in 1974, was shut on Monday.")],
        ),
        (
            "The bridge was built by Orme, a firm that has been in town since 1931.",
            [("1931", "Orme, a firm that has been in town since 1931.")],
        ),
        (
            "The bridge was shut on Monday, and a ferry will run from Friday.",
            [("Monday", "The bridge was shut on Monday"), ("Friday", "a ferry will run from Friday.")],
        ),
        # What is said counts, and not the day on which it is said.
        (
            "Mayor Ida Brook said on Monday that the bridge would reopen on 3 May.",
            [("3 May", "the bridge would reopen on 3 May")],
        ),
        # If what is said has no day, the day of speaking is all there is.
        (
            "Mayor Ida Brook said on Monday that the bridge was safe.",
            [("Monday", "Mayor Ida Brook said on Monday that the bridge was safe.")],
        ),
        # To announce and to order are deeds of their own day.
        (
            "Mayor Ida Brook ordered on Monday that the bridge be shut.",
            [("Monday", "Mayor Ida Brook ordered on Monday")],
        ),
        # One clause has one day: the one that no preposition makes a limit.
        (
            "Orme signed a contract until June 2028 on Monday.",
            [("Monday", "Orme signed a contract until June 2028 on Monday.")],
        ),
        ("Traffic fell in January from December.", [("January", "Traffic fell in January from December.")]),
        (
            "It was closed between June and September 2025.",
            [("June and September 2025", "It was closed between June and September 2025.")],
        ),
        # The day of what a clause names is not that of the clause.
        (
            "A court will hear the complaint against this month's vote on 16 June.",
            [("16 June", "A court will hear the complaint against this month's vote on 16 June.")],
        ),
        # Days that are no days of anything that is told.
        ("The council gave up the target of 17 March.", []),
        ("It repeated a statement of 1 March.", []),
        ("The army would come if it was shut beyond 5 April.", []),
    ],
)
def test_the_dated_statements_of_a_sentence(sentence: str, told: list[tuple[str, str]]) -> None:
    assert clauses(sentence) == told


@pytest.mark.parametrize(
    ("sentence", "planned"),
    [
        ("The bridge was shut on Monday.", False),
        ("The bridge will reopen on Friday.", True),
        ("The bridge is due to reopen in May.", True),
        ("The depot, promised for November, is not there yet.", True),
    ],
)
def test_a_plan_is_told_as_something_to_come(sentence: str, planned: bool) -> None:
    part = Document(sentence, TUESDAY).within(0, len(sentence))
    assert [c.planned for c in dated_clauses(part, TUESDAY)] == [planned]


def test_a_newsroom_speaks_of_its_own_story() -> None:
    assert tells_of_itself("*Correction, 12 March: An earlier version gave another length.*")
    assert tells_of_itself("This article was amended on 9 February 2026.")
    assert not tells_of_itself("The council corrected its figures on Monday.")


# -- The subject -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "names", "aspects", "others"),
    [
        ("Keller Bridge", ("Keller Bridge",), (), ()),
        ("Transport Minister Dana Halloran", ("Dana Halloran",), (), ()),
        ("tram depot", (), (("tram", "depot"),), ()),
        ("Fenner Road depot", ("Fenner Road",), (("depot",),), ()),
        ("points deduction for Hollin FC", ("Hollin FC",), (("points", "deduction"),), ()),
        ("lead of Adair or Haddik", ("Adair", "Haddik"), (("lead",),), ()),
        ("Unit 2 of Cape Orrin", ("Unit 2",), (), ("Cape Orrin",)),
        ("opening and closing of the pool at Vale House", ("Vale House",), (("opening",), ("closing",)), ("pool",)),
    ],
)
def test_a_subject_is_taken_apart(
    text: str, names: tuple[str, ...], aspects: tuple[tuple[str, ...], ...], others: tuple[str, ...]
) -> None:
    found = subject_of(text)
    assert (found.names, found.aspects) == (names, aspects)
    assert (*found.context, *(word for owner in found.owners for word in owner)) == others


def test_a_subject_in_lower_case_gets_the_capitals_of_the_articles() -> None:
    assert recased("keller bridge", ["They shut the Keller Bridge."]) == "Keller Bridge"
    assert recased("bird flu", ["Cases of bird flu rose."]) == "bird flu"


def test_the_surname_counts_where_nobody_else_has_it(library: Library) -> None:
    alone = article("Dana Halloran went to Vale on Monday. Halloran left on Tuesday.")
    assert days(made(library, "Dana Halloran", alone)) == ["2026-03-02", "2026-03-03"]


def test_a_namesake_is_not_taken_for_the_subject(library: Library) -> None:
    both = article(
        "Dana Halloran resigned on Monday. Patrick Halloran, the union leader, was elected on Sunday. "
        "Patrick Halloran will speak on Friday."
    )
    assert days(made(library, "Dana Halloran", both)) == ["2026-03-02"]


def test_a_pronoun_counts_where_only_one_person_fits(library: Library) -> None:
    story = article("Mary Orme resigned on Monday. She had been elected in 2019.")
    assert days(made(library, "Mary Orme", story)) == ["2019-01-01", "2026-03-02"]


def test_the_bridge_is_the_keller_bridge_where_there_is_no_other(library: Library) -> None:
    story = article("The Keller Bridge was shut on Monday. The bridge will reopen on Friday.")
    assert days(made(library, "Keller Bridge", story)) == ["2026-03-02", "2026-03-06 planned"]


def test_another_bridge_is_not_taken_for_the_subject(library: Library) -> None:
    story = article(
        "The Keller Bridge was shut on Monday. Traffic went over the Harbour Bridge. The bridge was painted on Sunday."
    )
    assert days(made(library, "Keller Bridge", story)) == ["2026-03-02"]


def test_what_only_another_thing_in_the_sentence_did_stays_out(library: Library) -> None:
    story = article("The Keller Bridge was examined on Monday by Brandt & Lowe, which was founded in 1931.")
    assert days(made(library, "Keller Bridge", story)) == ["2026-03-02"]
    assert days(timeline(library, "Brandt & Lowe")) == ["1931-01-01", "2026-03-02"]


def test_a_topic_is_found_by_its_words(library: Library) -> None:
    story = article("The tram line grows. The depot will open on 30 November. The mayor was re-elected on Sunday.")
    other = article("A bus depot burned on Monday.", source="Coast Wire")
    assert days(made(library, "tram depot", story, other)) == ["2026-11-30 planned"]


def test_one_aspect_of_a_thing_leaves_out_the_others(library: Library) -> None:
    story = article("The Keller Bridge was painted on Sunday. The bridge could reopen by 17 March.")
    assert days(made(library, "reopening of the Keller Bridge", story)) == ["2026-03-17 planned"]


def test_words_in_any_case_and_spelling(library: Library) -> None:
    story = article("The Keller Bridge was shut on Monday. People cross the Keller Bridge on foot.")
    assert days(made(library, "keller bridge", story)) == ["2026-03-02"]


# -- The entries -------------------------------------------------------------------------------------------------------


def test_entries_are_in_the_order_in_which_they_happened(library: Library) -> None:
    new = article("The Keller Bridge was built in 1974. The Keller Bridge was shut in February.")
    old = article("The Keller Bridge was painted on 3 June 2025.", date(2025, 6, 4), source="Coast Wire")
    found = made(library, "Keller Bridge", new, old)
    assert [e.happened.precision for e in found.entries] == ["year", "day", "month"]
    assert [writing.when_of(e) for e in found.entries] == ["1974", "3 June 2025", "February 2026"]
    assert [e.published for e in found.entries] == [TUESDAY, date(2025, 6, 4), TUESDAY]


def test_every_entry_is_word_for_word_from_its_sentence(library: Library) -> None:
    story = article("The Keller Bridge, opened in 1974, was shut on Monday, and it will reopen on Friday.")
    found = made(library, "Keller Bridge", story)
    assert [e.text for e in found.entries] == [
        "The Keller Bridge, opened in 1974",
        "The Keller Bridge, opened in 1974, was shut on Monday",
        "it will reopen on Friday.",
    ]
    for entry in found.entries:
        assert entry.citation.quote == story.text[entry.citation.start : entry.citation.end]
        assert entry.text in entry.citation.quote
    assert {e.citation.number for e in found.entries} == {1}


def test_speech_has_its_speaker(library: Library) -> None:
    story = article("“The Keller Bridge will reopen on Friday,” Mayor Ida Brook said.")
    (entry,) = made(library, "Keller Bridge", story).entries
    assert (entry.speaker, entry.attribution, entry.planned) == ("Ida Brook", "direct", True)
    assert entry.text == story.text


def test_sentences_without_a_day_are_counted_and_left_out(library: Library) -> None:
    story = article("The Keller Bridge is old. The Keller Bridge was shut on Monday. Nobody likes the Keller Bridge.")
    found = made(library, "Keller Bridge", story)
    assert (days(found), found.undated) == (["2026-03-02"], 2)


def test_what_several_outlets_report_is_one_entry(library: Library) -> None:
    text = "The Keller Bridge was shut to all traffic on Monday after a crew found a crack."
    first = article(text, source="Coast Wire")
    copy = article(text.replace("a crew", "workers"), source="Herald", title="Bridge shut")
    other = article("The Keller Bridge was painted on Monday.", source="Post")
    found = made(library, "Keller Bridge", first, copy, other)
    assert len(found.entries) == 2
    both = next(e for e in found.entries if e.also)
    assert {found.article(c).source for c in (both.citation, *both.also)} == {"Coast Wire", "Herald"}


def test_other_numbers_are_another_report(library: Library) -> None:
    one = article("The fire at Vale Mill killed 12 people on Monday.", source="Coast Wire")
    other = article("The fire at Vale Mill killed 14 people on Monday.", source="Herald")
    assert len(made(library, "Vale Mill", one, other).entries) == 2


def test_a_live_blog_has_the_day_of_its_entries(library: Library) -> None:
    text = "\n\n".join(
        (
            "**09:10** The fire at Vale Mill is out.",
            "**08:30** Vale Mill has been emptied.",
            "**07:05** Vale Mill is burning.",
        )
    )
    found = made(library, "Vale Mill", article(text))
    assert [e.happened.words for e in found.entries] == ["07:05", "08:30", "09:10"]
    assert {e.happened.start for e in found.entries} == {TUESDAY}


def test_a_withdrawn_article_is_left_out_and_named(library: Library) -> None:
    status: Status = "retracted"
    found = made(library, "Vale Mill", article("Vale Mill burned on Monday.", status=status))
    assert not found.entries
    assert found.warnings == ("Left out 1 withdrawn article.",)


def test_a_note_about_the_story_itself_is_no_entry(library: Library) -> None:
    story = article("Correction, 2 March: This article gave the length of the Keller Bridge as 30 metres on Monday.")
    assert not made(library, "Keller Bridge", story).entries


# -- Changes -----------------------------------------------------------------------------------------------------------


def test_a_plan_that_got_another_day_is_marked(library: Library) -> None:
    first = article("The depot at Fenner Road will open on 30 November.", date(2025, 6, 3), source="Courier")
    then = article(
        "The depot at Fenner Road, due on 30 November, will not be ready before 31 March.",
        date(2025, 10, 15),
        source="Wire",
    )
    last = article("The depot at Fenner Road was painted on 16 March.", date(2026, 3, 24))
    found = made(library, "Fenner Road depot", first, then, last)
    plan = found.entries[0]
    assert plan.change
    assert plan.change.kind == "postponed"
    assert plan.change.by is not None
    assert found.entries[plan.change.by].happened.start == date(2026, 3, 31)
    assert plan.change.detail == "Later it was planned for 31 March 2026 (Wire, 15 October 2025)."
    assert [e.change is None for e in found.entries[1:]] == [True, True]


def test_a_plan_that_is_put_off_twice_and_then_dropped(library: Library) -> None:
    found = made(
        library,
        "tram line 9",
        article("Tram line 9 will open on 30 March.", date(2026, 1, 10), source="Echo"),
        article("The opening of tram line 9 has been postponed until 15 June.", date(2026, 3, 2), source="Echo"),
        article("Tram line 9 was delayed again, from 15 June to 1 September.", date(2026, 5, 20), source="Echo"),
        article("The city dropped its plan to open tram line 9 on 1 September.", date(2026, 8, 11), source="Echo"),
    )
    assert [(e.happened.start, e.change and e.change.detail) for e in found.entries] == [
        (date(2026, 3, 30), "Later it was planned for 15 June 2026 (Echo, 2 March 2026)."),
        (date(2026, 6, 15), "Later it was planned for 1 September 2026 (Echo, 20 May 2026)."),
        (date(2026, 9, 1), "The plan was dropped (Echo, 11 August 2026)."),
    ]


@pytest.mark.parametrize(
    ("plan", "then"),
    [
        ("The Keller Bridge could reopen by 17 March.", "The Keller Bridge will stay closed until at least 13 April."),
        ("The Keller Bridge will open on 17 March.", "The Keller Bridge is now to open on 13 April."),
    ],
)
def test_closed_until_a_day_puts_off_an_opening(library: Library, plan: str, then: str) -> None:
    found = made(library, "Keller Bridge", article(plan), article(then, date(2026, 3, 7), source="Wire"))
    assert [e.change.kind if e.change else None for e in found.entries] == ["postponed", None]


@pytest.mark.parametrize(
    "then",
    [
        "The Keller Bridge will be painted on 13 April.",  # another plan
        "The Keller Bridge reopened on 17 March.",  # it came as planned
        "Mayor Ida Brook will visit the Keller Bridge on 13 April.",
    ],
)
def test_another_plan_changes_nothing(library: Library, then: str) -> None:
    plan = article("The Keller Bridge could reopen by 17 March.")
    found = made(library, "Keller Bridge", plan, article(then, date(2026, 3, 20), source="Wire"))
    assert [e.change for e in found.entries] == [None] * len(found.entries)


def test_what_was_published_before_changes_nothing(library: Library) -> None:
    before = article("The Keller Bridge will open on 13 April.", date(2026, 3, 1))
    after = article("The Keller Bridge will open on 17 March.", date(2026, 3, 7), source="Wire")
    found = made(library, "Keller Bridge", before, after)
    assert [e.change.kind if e.change else None for e in found.entries] == [None, "superseded"]


def test_another_comparison_can_be_given(library: Library) -> None:
    def disputes(one: Event, other: Event) -> Change | None:
        return postponed(one, other) or Change("disputed", "Sources differ.")

    texts = ("Vale Mill burned down on Monday.", "Vale Mill stood empty on Sunday.")
    ingest_into(library, [article(text, source=text[-7:]) for text in texts], WordLlamaEmbedder())
    found = timeline(library, "Vale Mill", compare=disputes)
    assert [e.change.kind if e.change else None for e in found.entries].count("disputed") == 1


# -- Filters -----------------------------------------------------------------------------------------------------------


@pytest.fixture
def bridge(library: Library) -> Library:
    first = article(
        "The Keller Bridge was shut on Monday. “The Keller Bridge will reopen on 13 April,” Ida Brook said."
    )
    second = article("The Keller Bridge reopened on Monday.", date(2026, 5, 19), source="Coast Wire")
    ingest_into(library, [first, second], WordLlamaEmbedder())
    return library


@pytest.mark.parametrize(
    ("filters", "left"),
    [
        (Filters(), ["2026-03-02", "2026-04-13 planned", "2026-05-18"]),
        (Filters(since=date(2026, 4, 1)), ["2026-04-13 planned", "2026-05-18"]),
        (Filters(until=date(2026, 4, 13)), ["2026-03-02", "2026-04-13 planned"]),
        (Filters(sources=("coast wire",)), ["2026-05-18"]),
        (Filters(speakers=("Brook",)), ["2026-04-13 planned"]),
        (Filters(as_of=date(2026, 4, 1)), ["2026-03-02", "2026-04-13 planned"]),
    ],
)
def test_filters(bridge: Library, filters: Filters, left: list[str]) -> None:
    assert days(timeline(bridge, "Keller Bridge", filters)) == left


# -- Nothing found -----------------------------------------------------------------------------------------------------


def test_nothing_found_says_what_to_try(bridge: Library) -> None:
    found = timeline(bridge, "Ida Brok")
    assert found.entries == ()
    assert found.suggestion == "Did you mean Ida Brook?"
    assert "No article names it" in (timeline(bridge, "Zanzibar").suggestion or "")


def test_a_subject_needs_a_word(library: Library) -> None:
    with pytest.raises(InputError, match="Name a person"):
        timeline(library, "…")


# -- Many articles -----------------------------------------------------------------------------------------------------


def test_no_event_of_300_articles_is_dropped(library: Library) -> None:
    texts = (
        article(
            f"The Keller Bridge was examined on Monday, in shift {number} of the year.",
            TUESDAY + timedelta(weeks=number),
            source=f"Outlet {number % 7}",
        )
        for number in range(300)
    )
    ingest_into(library, list(texts), WordLlamaEmbedder())
    found = timeline(library, "Keller Bridge")
    assert len(found.entries) == found.found == 300
    assert [c.number for c in found.citations] == list(range(1, 301))


# -- Written -----------------------------------------------------------------------------------------------------------


def test_text_has_one_line_for_each_entry(bridge: Library) -> None:
    lines = writing.to_text(timeline(bridge, "Keller Bridge")).splitlines()
    assert lines[0] == "Keller Bridge: 3 entries"
    assert lines[2] == "2 March 2026   The Keller Bridge was shut on Monday.  (Vale Post, 3 March 2026 [1])"
    assert lines[3].startswith("13 April 2026  planned: “The Keller Bridge will reopen")


def test_markdown_is_escaped(library: Library) -> None:
    story = article("The Keller Bridge was *shut* <b>on Monday</b>.")
    told = writing.to_markdown(made(library, "Keller Bridge", story))
    assert "\\*shut\\* \\<b\\>on Monday" in told


@pytest.mark.parametrize("opening", ["=", "+", "-", "@", "\t="])
def test_no_cell_of_a_csv_is_a_formula(library: Library, opening: str) -> None:
    story = article("The Keller Bridge was shut on Monday.", source=f"{opening}HYPERLINK(1)", title="=1+1")
    (row,) = csv.DictReader(io.StringIO(writing.to_csv(made(library, "Keller Bridge", story))))
    assert row["outlet"].startswith("'")
    assert row["title"] == "'=1+1"
    assert (row["start"], row["planned"], row["text"]) == ("2026-03-02", "no", story.text)


def test_json_is_read_back_as_the_same_timeline(bridge: Library) -> None:
    found = timeline(bridge, "Keller Bridge")
    assert Timeline.model_validate_json(writing.to_json(found)) == found


def test_a_timeline_that_does_not_fit_together_cannot_be_made(bridge: Library) -> None:
    whole = timeline(bridge, "Keller Bridge").model_dump()
    for wrong in ({"entries": whole["entries"][::-1]}, {"articles": ()}, {"citations": whole["citations"][:1]}):
        with pytest.raises(ValueError, match="must"):
            Timeline.model_validate(whole | wrong)


# -- The command and the function --------------------------------------------------------------------------------------


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "bridge.md"
    head = "---\ntitle: Bridge shut\nsource: Vale Post\npublished: 2026-03-03\n---\n"
    path.write_text(f"{head}The Keller Bridge was shut on Monday. The bridge will reopen on 13 April.\n", "utf-8")
    return path


def run(*arguments: object, code: int = 0) -> str:
    result = CliRunner().invoke(app, ["timeline", *(str(a) for a in arguments)])
    assert result.exit_code == code, result.output
    return result.output


def test_the_command_prints_what_happened(file: Path) -> None:
    printed = run("Keller Bridge", "-a", file)
    assert "Keller Bridge: 2 entries" in printed
    assert "2 March 2026   The Keller Bridge was shut on Monday.  Vale Post, 3 March 2026 [1]" in printed
    assert "13 April 2026  planned: The bridge will reopen on 13 April." in printed


def test_the_command_has_four_formats(file: Path) -> None:
    assert json.loads(run("Keller Bridge", "-a", file, "--format", "json"))["entries"][1]["planned"] is True
    assert run("Keller Bridge", "-a", file, "-f", "csv").startswith("start,end,precision")
    assert "- **2 March 2026** The Keller Bridge" in run("Keller Bridge", "-a", file, "-f", "markdown")


def test_since_and_until_are_about_the_day_of_the_event(file: Path) -> None:
    assert "1 entry" in run("Keller Bridge", "-a", file, "--since", "2026-04-01")
    assert "happened on or after" in run("--help").replace("\n", " ")


def test_nothing_found_is_a_result(file: Path) -> None:
    assert "Did you mean Keller Bridge?" not in run("Kellar Brige", "-a", file)
    assert "No article names it" in run("Zanzibar", "-a", file)


def test_an_empty_library_is_an_error(tmp_path: Path) -> None:
    with closing(Library(tmp_path / "none", create=True)):
        pass
    with pytest.raises(EmptyLibrary):
        timeline_of("Keller Bridge", library=tmp_path / "none")
    assert "There are no articles" in run("Keller Bridge", "-l", tmp_path / "none", code=1)


def test_the_package_has_the_function(file: Path) -> None:
    from qa import timeline as public

    assert public("Keller Bridge", articles=file).entries[0].text == "The Keller Bridge was shut on Monday."


def test_a_story_that_was_changed_after_the_day_is_named(library: Library) -> None:
    changed = article("The Keller Bridge was shut on 3 March.", date(2026, 3, 3)).model_copy(
        update={"modified": date(2026, 3, 20)}
    )
    found = made(library, "Keller Bridge", changed, filters=Filters(as_of=date(2026, 3, 10)))
    assert found.warnings == ("1 article was changed after 10 March 2026; the library holds no earlier version of it.",)
