"""What may be several people or days stays unprinted, and the JSON says who or when it may be."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest
from typer.testing import CliRunner

from qa import answer, ingest
from qa.articles.parse import parse
from qa.cli import app
from qa.english.document import Document
from qa.model import Article, Unresolved
from qa.settings import Settings
from qa.verification.attribution import said_in, unresolved_in
from qa.verification.dating import notes

NURSES = "Ada Holm met Ruth Berg at the clinic in Varn. “The pump failed twice,” she said."


def unresolved(text: str, published: date = date(2026, 5, 6)) -> list[Unresolved]:
    parsed = parse(Article(id="a", version="1", text=text, published=published))
    return [one for sentence in parsed.sentences for one in unresolved_in(sentence, parsed)]


@pytest.mark.parametrize(
    ("text", "words", "candidates"),
    [
        (NURSES, "she", ("Ada Holm", "Ruth Berg")),
        (
            "Patrick Halloran met Dana Halloran. Halloran said the road was closed.",
            "Halloran",
            ("Patrick Halloran", "Dana Halloran"),
        ),
        (
            "Finance minister Hans Beck met transport minister Ulla Frey. The minister said it was friendly.",
            "The minister",
            ("Hans Beck", "Ulla Frey"),
        ),
    ],
)
def test_a_speaker_who_may_be_several_is_nobody_and_has_candidates(
    text: str, words: str, candidates: tuple[str, ...]
) -> None:
    assert unresolved(text) == [Unresolved(kind="speaker", words=words, candidates=candidates)]
    parsed = parse(Article(id="a", version="1", text=text))
    assert [said.speaker for s in parsed.sentences for said in said_in(s, parsed)] == [None]


@pytest.mark.parametrize(
    ("text", "words", "candidates"),
    [
        ("The pool will reopen after Monday’s vote.", "Monday", ("2026-05-04", "2026-05-11")),
        ("The bridge opened on 03/04/2025.", "03/04/2025", ("2025-04-03", "2025-03-04")),
        ("The dam was built in summer 2019.", "summer 2019", ("2019-06-01/2019-08-31", "2019-12-01/2020-02-29")),
        ("In March, as he said in 2024 too, the tax office closes.", "", ()),
    ],
)
def test_a_day_that_may_be_several_has_candidates_and_is_no_time(
    text: str, words: str, candidates: tuple[str, ...]
) -> None:
    expected = [Unresolved(kind="time", words=words, candidates=candidates)] if words else []
    assert unresolved(text) == expected
    if words:
        document = parse(Article(id="a", version="1", text=text, published=date(2026, 5, 6))).document
        assert words not in [time.when.words for time in document.times]
        assert words not in notes(document.times)


def test_there_are_five_candidates_at_most() -> None:
    names = ["Ada Holm", "Ruth Berg", "Lena Frost", "Nora Vale", "Ida Kern", "Eva Lund"]
    text = f"{', '.join(names)} spoke to the court. “It was dark,” she said."
    (one,) = unresolved(text)
    assert one.candidates == tuple(names[:5])


def test_candidates_survive_being_stored() -> None:
    text = f"{NURSES} The pool will reopen after Monday’s vote."
    whole = Document(text, date(2026, 5, 6), id="a")
    again = Document.stored(
        text, date(2026, 5, 6), body_start=0, id="a", sentences=whole.sentences, layers=whole.dump()
    )
    assert again.open_times == whole.open_times != ()
    assert again.utterances == whole.utterances


def test_json_of_an_answer_and_of_an_article_tells_them(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "articles"
    folder.mkdir()
    (folder / "pump.txt").write_text(f"The clinic's pump\n\n6 May 2026\n\n{NURSES}\n", encoding="utf-8")
    settings = Settings(library=tmp_path / "library", offline=True)
    ingest([folder], settings=settings)
    made = answer("How often did the pump fail?", settings=settings)
    told = [one for citation in made.citations for one in citation.unresolved]
    assert told == [Unresolved(kind="speaker", words="she", candidates=("Ada Holm", "Ruth Berg"))]
    assert "Ada Holm" not in made.text
    assert made.claims[0].speaker is None, "no candidate is chosen"
    monkeypatch.setenv("QA_LIBRARY", str(tmp_path / "library"))
    shown = CliRunner().invoke(app, ["show", "pump", "--json"])
    assert shown.exit_code == 0, shown.output
    sentences = json.loads(shown.output)["sentences"]
    assert [one["candidates"] for s in sentences for one in s["unresolved"]] == [["Ada Holm", "Ruth Berg"]]
