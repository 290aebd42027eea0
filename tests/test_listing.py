"""Filters by speaker, and lists of everything somebody said."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

import pytest
from fakes import CountingEmbedder

from qa import answer, manage
from qa.answers import listing
from qa.ingestion import ingest_into
from qa.library import maintenance
from qa.library.library import Library
from qa.model import Answer, Filters
from qa.settings import Settings

STORIES = {
    3: "Harbour master Owen Tarn said on Monday the pier had lost 14 planks. “I heard the bang,” Tarn told reporters. "
    "“It was the sea.” Mayor Ida Brook said the town would pay for the planks.",
    10: "The pier of Salthouse stays closed. Owen Tarn said the repair of the pier would cost 61,000 crowns. "
    "The mayor did not say who would pay.",
    24: "The pier is open. “Walk slowly,” Yuriy Tarnov, the engineer, said. Owen Tarn said nobody had been hurt.",
}


@pytest.fixture
def pier(tmp_path: Path) -> Path:
    folder = tmp_path / "pier"
    folder.mkdir()
    for day, text in STORIES.items():
        head = f"---\ntitle: Pier {day}\nsource: Herald\npublished: 2026-03-{day:02}\n---\n"
        (folder / f"pier-{day}.md").write_text(head + text, encoding="utf-8")
    copied = f"---\ntitle: Pier again\nsource: Coast Wire\npublished: 2026-03-04\n---\n{STORIES[3]}"
    (folder / "copy.md").write_text(copied, encoding="utf-8")
    return folder


def ask(question: str, pier: Path, *speakers: str) -> Answer:
    return answer(question, articles=[pier], filters=Filters(speakers=speakers))


def quotes(result: Answer) -> list[str]:
    return [result.cited(claim)[0].quote for claim in result.claims]


def test_everything_somebody_said_is_listed_by_date_without_copies(pier: Path) -> None:
    result = ask("List everything Owen Tarn said.", pier)
    assert quotes(result) == [
        "Harbour master Owen Tarn said on Monday the pier had lost 14 planks.",
        "“I heard the bang,” Tarn told reporters.",
        "“It was the sea.”",
        "Owen Tarn said the repair of the pier would cost 61,000 crowns.",
        "Owen Tarn said nobody had been hurt.",
    ]
    assert [c.speaker for c in result.claims] == ["Owen Tarn"] * 5
    assert result.claims[2].text == "Owen Tarn: “It was the sea.”"
    assert result.claims[0].text.startswith("Harbour master Owen Tarn said on Monday (2 March 2026)")
    assert result.articles[0].same_as
    assert result.preferred.speakers == ("Owen Tarn",)
    assert result.filters == Filters()
    assert "These are all 5 sentences recognised as theirs, without near-copies." in result.warnings


def test_a_list_can_be_narrowed_by_a_topic_and_by_days(pier: Path) -> None:
    assert quotes(ask("Everything Tarn said about the repair", pier)) == [
        "Owen Tarn said the repair of the pier would cost 61,000 crowns."
    ]
    assert quotes(ask("What did Tarn say before 9 March 2026?", pier)) == quotes(ask("What did Tarn say?", pier))[:3]


def test_a_long_list_is_shortened_and_says_so(pier: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(listing, "LISTED", 2)
    result = ask("What has Owen Tarn said?", pier)
    assert len(result.claims) == 2
    assert any("the latest 2 of 5 sentences" in warning for warning in result.warnings)


@pytest.mark.parametrize("name", ["Yuri Tarnov", "Iurii Tarnov", "Tarnov", "Mr Tarnov"])
def test_a_speaker_is_found_under_other_spellings_of_the_name(pier: Path, name: str) -> None:
    assert quotes(ask("How should people walk on the pier?", pier, name)) == [
        "“Walk slowly,” Yuriy Tarnov, the engineer, said."
    ]


def test_a_speaker_filter_only_passes_what_that_speaker_says(pier: Path) -> None:
    assert quotes(ask("Who pays for the planks of the pier?", pier, "Ida Brook")) == [
        "Mayor Ida Brook said the town would pay for the planks."
    ]
    silent = ask("Who pays for the planks of the pier?", pier, "Yuriy Tarnov")
    assert silent.abstention is not None


def test_a_warning_names_an_unknown_speaker_and_suggests_others(pier: Path) -> None:
    result = ask("Who pays for the planks?", pier, "Piet Doorn")
    assert result.abstention is not None
    assert any(
        "Nobody called Piet Doorn speaks in this library. The most frequent speakers are Owen Tarn" in w
        for w in result.warnings
    )


def test_a_question_for_the_words_of_an_unknown_speaker_is_an_ordinary_question(pier: Path) -> None:
    result = ask("What does the pier say about planks?", pier)
    assert result.filters == Filters()


def test_the_library_stores_who_speaks_and_can_rebuild_it(pier: Path, tmp_path: Path) -> None:
    with closing(Library(tmp_path / "library", create=True)) as library:
        ingest_into(library, [str(pier)], CountingEmbedder())
        assert library.speakers()[0] == "Owen Tarn"
        assert {"Ida Brook", "Yuriy Tarnov"} <= set(library.speakers())
        spoken = library.said_by(Filters(speakers=("Tarnov",)))
        assert [index for _, index in spoken] == [1]
        before = maintenance.digest(library)
        with library.database.writing() as db:
            db.execute("DELETE FROM said")
        assert library.database.query("SELECT count(*) FROM said")[0][0] == 0
        maintenance.repair(library)
        assert maintenance.digest(library) == before
        library.remove([article_id for article_id, _ in spoken])
        assert "Yuriy Tarnov" not in library.speakers()


def test_articles_can_be_filtered_by_speaker(pier: Path, tmp_path: Path) -> None:
    settings = Settings(library=tmp_path / "library")
    manage.ingest(str(pier), settings=settings)
    with closing(Library(tmp_path / "library")) as library:
        assert [a.title for a in library.articles(Filters(speakers=("Iurii Tarnov",)))] == ["Pier 24"]


def test_another_spelling_of_a_name_finds_its_articles(pier: Path) -> None:
    assert "Walk slowly" in ask("How does Iurij Tarnov say one should walk?", pier).text


def test_a_page_of_a_list_reads_only_the_articles_it_shows(pier: Path, tmp_path: Path) -> None:
    manage.ingest(str(pier), settings=Settings(library=tmp_path / "lib"))
    tarn = Filters(speakers=("Owen Tarn",))
    with closing(Library(tmp_path / "lib")) as library, library.reading():
        spoken = listing.spoken_by(tarn, library)
        whole, _ = spoken.page(library, 0, 50)
    with closing(Library(tmp_path / "lib")) as library, library.reading():
        read: list[str] = []
        parsed = library.parsed
        library.parsed = lambda ids: parsed([i for i in ids if not read.append(i)])  # type: ignore[method-assign, func-returns-value]
        shown, articles = listing.spoken_by(tarn, library).page(library, 4, 1)
    assert shown == whole[4:]
    assert shown[0].number == 5
    assert read == [shown[0].article_id] == [articles[0].id]


def test_what_is_remembered_of_a_list_ends_with_the_state_of_the_library(pier: Path, tmp_path: Path) -> None:
    settings, tarn = Settings(library=tmp_path / "lib"), Filters(speakers=("Owen Tarn",))
    manage.ingest(str(pier), settings=settings)
    with closing(Library(tmp_path / "lib")) as library, library.reading():
        before = listing.spoken_by(tarn, library)
    (pier / "new.md").write_text("---\npublished: 2026-04-01\n---\nOwen Tarn said the pier would be painted in May.")
    manage.ingest(str(pier), settings=settings)
    with closing(Library(tmp_path / "lib")) as library, library.reading():
        assert len(listing.spoken_by(tarn, library).places) == len(before.places) + 1
