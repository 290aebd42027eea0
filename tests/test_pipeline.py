"""The whole pipeline, from articles to a cited answer, with the offline reader and with scripted models."""

from __future__ import annotations

import logging
import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from fakes import ScriptedChat, claim, says

from qa import Answer, answer, answer_stream, ingest, pipeline
from qa.errors import EmptyLibrary, InputError, LibraryError
from qa.ingestion import ingest_into
from qa.library.embedders import WordLlamaEmbedder
from qa.library.library import Library
from qa.model import Article, ClaimReady, Done, Filters, Stage
from qa.render import to_text
from qa.settings import Settings


def assert_sound(result: Answer, settings: Settings) -> None:
    """Check what must be true of every answer: quotes are exact, and only shown sentences and listed articles cited."""
    library = Library(settings.library)
    for citation in result.citations:
        article = library.article(citation.article_id)
        assert article.text[citation.start : citation.end] == citation.quote
        assert article.version == citation.version
    assert {c.article_id for c in result.citations} == {a.id for a in result.articles}
    shown = {(article_id, sentence) for _, article_id, sentence in result.provenance.shown}
    assert result.abstention or {(c.article_id, c.sentence) for c in result.citations} <= shown
    library.close()


def test_the_reader_answers_with_a_verbatim_sentence(settings: Settings) -> None:
    result = answer("Who called the plan a slap in the face?", settings=settings)
    assert result.status == "answered"
    assert "Piet Doorn" in result.citations[0].quote or "slap in the face" in result.citations[0].quote
    assert result.articles[0].source == "Coast Wire"
    assert result.articles[0].published == date(2026, 3, 5)
    assert result.provenance.mode == "reader"
    assert_sound(result, settings)


@pytest.mark.parametrize(
    "question", ["What is the capital of France?", "How old is Mara Quist's dog Rex?", "Who won the chess title?"]
)
def test_the_reader_abstains_and_gives_the_coverage(settings: Settings, question: str) -> None:
    result = answer(question, settings=settings)
    assert result.status == "abstained"
    assert result.abstention
    assert result.abstention.reason in {"not_covered", "detail_not_stated"}
    assert result.text == result.abstention.message
    assert result.coverage.articles == 2
    assert_sound(result, settings)


def test_a_question_does_not_change_the_root_logger(stories: Path) -> None:
    script = (
        "import logging, sys\nfrom qa import answer\nanswer('Who is Mara Quist?', articles=sys.argv[1])\n"
        "print(logging.getLogger().level, logging.getLogger().handlers)"
    )
    out = subprocess.run([sys.executable, "-c", script, str(stories)], capture_output=True, text=True, check=True)
    assert out.stdout.strip() == f"{logging.WARNING} []"


def test_articles_can_be_asked_without_a_library(stories: Path, tmp_path: Path) -> None:
    result = answer("What did the council of Salthouse buy?", articles=stories)
    assert "snow plough" in result.text
    assert not (tmp_path / "default-library").exists()


def test_article_values_can_be_asked_without_a_library() -> None:
    article = Article(id="x", version="1", text="The mayor of Elm is Ada Frost. She lives in Elm.", source="Elm Post")
    result = answer("Who is the mayor of Elm?", articles=[article])
    assert result.citations[0].quote == "The mayor of Elm is Ada Frost."


def test_the_stream_yields_stages_and_claims_and_ends_with_the_answer(settings: Settings) -> None:
    events = list(answer_stream("Who called the plan a slap in the face?", settings=settings))
    stages = [e.name for e in events if isinstance(e, Stage)]
    assert stages == ["planning", "searching", "reading", "checking"]
    assert isinstance(events[-1], Done)
    ready = [e.claim for e in events if isinstance(e, ClaimReady)]
    assert tuple(ready) == events[-1].answer.claims


@pytest.mark.parametrize(
    ("filters", "reason"),
    [
        (Filters(until=date(2025, 12, 31)), "outside_dates"),
        (Filters(since=date(2027, 1, 1)), "outside_dates"),
        (Filters(as_of=date(2026, 1, 1)), "outside_dates"),
    ],
)
def test_dates_without_articles_are_given_as_the_reason(settings: Settings, filters: Filters, reason: str) -> None:
    result = answer("Who is Mara Quist?", filters=filters, settings=settings)
    assert result.abstention
    assert result.abstention.reason == reason
    assert "of 20 January – 5 March 2026" in (result.abstention.suggestion or "")


def test_filters_hide_other_articles(settings: Settings) -> None:
    result = answer(
        "Who called the plan a slap in the face?", filters=Filters(sources=("Salthouse Herald",)), settings=settings
    )
    assert all(a.source == "Salthouse Herald" for a in result.articles)
    assert result.status == "abstained"


def test_near_copies_are_used_once_and_listed(stories: Path, settings: Settings) -> None:
    copy = (stories / "ferry.txt").read_text("utf-8").replace("Coast Wire", "Harbour Post")
    (stories / "copy.txt").write_text(copy, "utf-8")
    ingest(stories, settings=settings)
    result = answer("Who called the plan a slap in the face?", settings=settings)
    assert len(result.articles) == 1
    assert len(result.articles[0].same_as) == 1


def test_a_correction_is_no_near_copy(tmp_path: Path) -> None:
    story = "Published: 2026-03-0{day}\n\nThe crash at Elm killed {dead} people, police said. " + " ".join(
        f"Witness {name} said the train left the rails near the old mill and nobody could say why." for name in "ABCDEF"
    )
    (tmp_path / "first.txt").write_text(story.format(day=1, dead=31), "utf-8")
    (tmp_path / "corrected.txt").write_text(story.format(day=2, dead=12), "utf-8")
    result = answer("How many people did the crash at Elm kill?", articles=tmp_path)
    assert {"31" in c.quote for c in result.citations} == {True, False}
    assert all(not a.same_as for a in result.articles)


def test_filtering_by_an_unknown_speaker_leads_to_an_abstention(settings: Settings) -> None:
    result = answer("Who is Mara Quist?", filters=Filters(speakers=("Nobody",)), settings=settings)
    assert result.abstention is not None
    assert result.abstention.reason == "outside_dates"


@pytest.mark.usefixtures("ask_chroma")
def test_many_threads_can_ask_one_library(settings: Settings) -> None:
    with ThreadPoolExecutor(8) as pool:
        answers = list(
            pool.map(lambda _: answer("Who called the plan a slap in the face?", settings=settings), range(40))
        )
    assert {a.text for a in answers} == {answers[0].text}
    assert (settings.library / "index" / "stamp.json").exists()


@pytest.mark.usefixtures("ask_chroma")
def test_articles_ingested_between_questions_are_found_at_once(settings: Settings, tmp_path: Path) -> None:
    answer("Who is Mara Quist?", settings=settings)
    (tmp_path / "new.txt").write_text("The mayor of Elm is Ada Frost.", "utf-8")
    assert ingest(tmp_path / "new.txt", settings=settings).warnings == ()
    assert "Ada Frost" in answer("Who is the mayor of Elm?", settings=settings).text
    assert pipeline._engine(settings).index.state == "chroma"


def test_a_question_reads_one_snapshot_even_if_others_write(
    settings: Settings, stories: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    retrieve = pipeline.retrieve

    def interrupted(*arguments: Any) -> Any:
        file = stories / "ferry.txt"
        file.write_text(file.read_text("utf-8").replace("slap in the face", "blow to the town"), "utf-8")
        with closing(Library(settings.library)) as other:
            ingest_into(other, stories, WordLlamaEmbedder())
        return retrieve(*arguments)

    before = answer("Who called the plan a slap in the face?", settings=settings)
    monkeypatch.setattr(pipeline, "retrieve", interrupted)
    during = answer("Who called the plan a slap in the face?", settings=settings)
    assert during.citations == before.citations
    assert during.provenance.library_revision == before.provenance.library_revision
    monkeypatch.undo()
    after = answer("Who called the plan a blow to the town?", settings=settings)
    assert "blow to the town" in after.text


def test_a_library_that_was_deleted_and_created_again_is_reopened(settings: Settings, stories: Path) -> None:
    answer("Who is Mara Quist?", settings=settings)
    shutil.rmtree(settings.library)
    ingest(stories / "plough.md", settings=settings)
    assert answer("Who is Mara Quist?", settings=settings).coverage.articles == 1


# -- a model -----------------------------------------------------------------------------------------------------------


def with_model(monkeypatch: pytest.MonkeyPatch, reply: Any) -> ScriptedChat:
    chat = ScriptedChat(reply)
    monkeypatch.setattr(pipeline, "OpenAIChat", lambda _settings: chat)
    return chat


def label_of(prompt: str, words: str) -> str:
    line = next(line for line in prompt.splitlines() if words in line and line.startswith("["))
    return line[1 : line.index("]")]


def ask_model(settings: Settings, question: str = "Who called it a slap?") -> Answer:
    return answer(question, settings=settings.model_copy(update={"openai_base_url": "http://127.0.0.1:9/v1"}))


def test_the_claims_of_a_model_are_shown_with_the_sentences_they_cite(
    monkeypatch: pytest.MonkeyPatch, settings: Settings
) -> None:
    def reply(prompt: str) -> dict[str, Any]:
        labels = label_of(prompt, "slap in the"), label_of(prompt, "Piet Doorn")
        return says(claim("Piet Doorn called it “a slap in the face”.", *labels))

    with_model(monkeypatch, reply)
    result = ask_model(settings)
    assert result.status == "answered"
    assert result.text == "Piet Doorn called it “a slap in the face”. [1][2]"
    assert result.provenance.model == "scripted"
    assert result.provenance.prompt_sha256
    assert result.provenance.usage
    assert result.provenance.usage.input == 100
    assert_sound(result, settings)


def test_a_claim_that_fails_verification_is_dropped_and_the_answer_is_partial(
    monkeypatch: pytest.MonkeyPatch, settings: Settings
) -> None:
    def reply(prompt: str) -> dict[str, Any]:
        slap = label_of(prompt, "slap")
        return says(claim("He called it “a slap in the face”.", slap), claim("He called it “robbery”.", slap))

    with_model(monkeypatch, reply)
    result = ask_model(settings)
    assert result.status == "partial"
    assert [r.reason for r in result.rejected] == ["quote"]
    assert "robbery" not in result.text


def test_an_answer_without_a_verified_claim_is_an_abstention(
    monkeypatch: pytest.MonkeyPatch, settings: Settings
) -> None:
    with_model(monkeypatch, says(claim("Nobody knows.", "S999")))
    result = ask_model(settings)
    assert result.abstention
    assert result.abstention.reason == "unverified"
    assert result.text == "What was drafted could not be verified in the articles."
    assert result.rejected[0].reason == "label"
    assert_sound(result, settings)


def test_parts_that_a_model_leaves_open_make_the_answer_partial_and_are_shown(
    monkeypatch: pytest.MonkeyPatch, settings: Settings
) -> None:
    def reply(prompt: str) -> dict[str, Any]:
        told = says(claim("The line carried 31,000 passengers last year.", label_of(prompt, "31,000")))
        return {**told, "missing": ["how many jobs would go", "see https://evil.example"], "look_for": None}

    with_model(monkeypatch, reply)
    result = ask_model(settings, "How many passengers did the line carry, and how many jobs would go?")
    assert (result.status, result.missing) == ("partial", ("how many jobs would go", "a part of the question"))
    assert "Not answered: how many jobs would go." in to_text(result)
    assert "evil" not in to_text(result) + result.model_dump_json()


def test_a_claim_that_stays_doubtful_is_replaced_by_its_sentence(
    monkeypatch: pytest.MonkeyPatch, settings: Settings
) -> None:
    def reply(prompt: str) -> dict[str, Any]:
        return says(claim("The line did not carry 31,000 passengers last year.", label_of(prompt, "31,000")))

    with_model(monkeypatch, reply)  # as a judge it agrees with everything, and points to no words
    result = ask_model(settings, "How many passengers did the line carry last year?")
    (shown,) = result.claims
    assert (shown.form, shown.text) == ("quoted", "The line carried 31,000 passengers last year (2025).")
    assert result.text == f"In the article’s words: {shown.text} [1]"
    assert result.rejected[0].reason == "negation"
    assert_sound(result, settings)


def test_a_model_that_finds_no_answer_may_name_words_for_one_more_search(
    monkeypatch: pytest.MonkeyPatch, settings: Settings, tmp_path: Path
) -> None:
    texts = (f"The Lund report number {n} is about ferries and fares." for n in range(40))
    articles = [Article(id=f"a{n}", version="v", title=f"Report {n}", text=text) for n, text in enumerate(texts)]
    articles.append(Article(id="plough", version="v", title="Winter", text="Ploughs cleared the snow from every road."))

    def reply(prompt: str) -> dict[str, Any]:
        if "Ploughs cleared" in prompt:
            return says(claim("Ploughs cleared the snow from every road.", label_of(prompt, "Ploughs")))
        return {"answerable": False, "reason": "not_covered", "claims": [], "look_for": "ploughs snow road"}

    chat = with_model(monkeypatch, reply)
    small = settings.model_copy(update={"openai_base_url": "http://127.0.0.1:9/v1", "passages": 5})
    question = "What does the Lund report say about fares on ferries?"
    events = list(answer_stream(question, articles=articles, settings=small))
    result = events[-1].answer  # type: ignore[union-attr]
    assert [c.text for c in result.claims] == ["Ploughs cleared the snow from every road."]
    assert len(chat.asked) == 2
    assert result.provenance.second_look == "ploughs snow road"
    assert result.provenance.usage
    assert result.provenance.usage.input == 250  # both prompts, and the one about values
    assert "second search" in result.provenance.timings_ms
    assert [e.name for e in events if isinstance(e, Stage)].count("searching") == 2


def test_a_second_search_that_finds_nothing_new_asks_nobody(
    monkeypatch: pytest.MonkeyPatch, settings: Settings
) -> None:
    reply = {"answerable": False, "reason": "not_covered", "claims": [], "look_for": "ferry"}
    chat = with_model(monkeypatch, reply)
    result = ask_model(settings)
    assert result.abstention
    assert len(chat.asked) == 1
    assert result.provenance.second_look is None


def test_a_model_may_give_the_reason_for_an_abstention(monkeypatch: pytest.MonkeyPatch, settings: Settings) -> None:
    with_model(monkeypatch, {"answerable": False, "reason": "detail_not_stated", "claims": []})
    assert ask_model(settings).abstention.reason == "detail_not_stated"  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("question", "filters", "suggestion"),
    [
        ("What did Mara Quist say about the fares?", None, "Ask again without the speaker."),
        ("What did the line lose before April 2026?", None, "Ask again without the days."),
        (
            "What did the line lose before April 2026?",
            Filters(sources=("Coast Wire",)),
            "Ask again without the days and the filters.",
        ),
        ("What did the line lose?", Filters(sources=("Coast Wire",)), "Ask again without the filters."),
        ("What did the line lose?", None, None),
    ],
)
def test_an_abstention_suggests_what_to_leave_out(
    monkeypatch: pytest.MonkeyPatch, settings: Settings, question: str, filters: Filters | None, suggestion: str | None
) -> None:
    with_model(monkeypatch, {"answerable": False, "reason": "detail_not_stated", "claims": []})
    configured = settings.model_copy(update={"openai_base_url": "http://127.0.0.1:9/v1"})
    result = answer(question, filters=filters, settings=configured)
    assert result.abstention
    assert result.abstention.suggestion == suggestion


def test_an_abstention_shows_the_claims_that_contradict_a_premise(
    monkeypatch: pytest.MonkeyPatch, settings: Settings
) -> None:
    def reply(prompt: str) -> dict[str, Any]:
        contradiction = claim(
            "Piet Doorn called it “a slap in the face”.", label_of(prompt, "slap"), label_of(prompt, "Piet Doorn")
        )
        return {**says(contradiction), "answerable": False, "reason": "premise_contradicted"}

    with_model(monkeypatch, reply)
    result = ask_model(settings, "Who called it a slap on the back?")
    assert result.abstention
    assert result.abstention.reason == "premise_contradicted"
    assert result.abstention.contradicting[0].citations == (1, 2)
    assert "a slap in the face" in to_text(result)
    assert_sound(result, settings)


def test_offline_never_asks_a_model(monkeypatch: pytest.MonkeyPatch, settings: Settings) -> None:
    chat = with_model(monkeypatch, says())
    changed = settings.model_copy(update={"openai_base_url": "http://127.0.0.1:9/v1", "offline": True})
    assert answer("Who called it a slap?", settings=changed).provenance.mode == "reader"
    assert chat.asked == []


# -- questions that cannot be answered ---------------------------------------------------------------------------------


def test_the_errors_for_a_missing_and_an_empty_library_name_the_remedy(tmp_path: Path) -> None:
    with pytest.raises(LibraryError, match="qa ingest"):
        answer("Who?", library=tmp_path / "none")
    Library(tmp_path / "empty", create=True).close()
    with pytest.raises(EmptyLibrary, match="qa ingest"):
        answer("Who?", library=tmp_path / "empty")


@pytest.mark.parametrize(
    ("question", "filters"),
    [("", None), (" \n", None), ("x" * 2001, None), ("Who?", Filters(since=date(2026, 2, 1), until=date(2026, 1, 1)))],
)
def test_impossible_questions_are_refused(settings: Settings, question: str, filters: Filters | None) -> None:
    with pytest.raises(InputError):
        answer(question, filters=filters, settings=settings)


@pytest.mark.parametrize("question", ["???", "the of and", "\0", "“”", "NOT AND OR", 'a"b', "👍🏽", "*", "x" * 2000])
def test_any_other_question_gets_an_answer_or_an_abstention(settings: Settings, question: str) -> None:
    assert_sound(answer(question, settings=settings), settings)
