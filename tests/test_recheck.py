"""Saved answers held against today's library, and made again: ``qa recheck`` and ``qa replay``."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

import pytest
from fakes import ScriptedChat, claim, says
from pydantic import ValidationError
from typer.testing import CliRunner, Result

from qa import answer, ingest, manage, pipeline, recheck, replay
from qa.articles.parse import ParsedArticle, parse_with
from qa.changes.tracing import is_respelled, other_values
from qa.cli import app
from qa.errors import EmptyLibrary, InputError
from qa.evaluate import rechecks
from qa.evaluate.corpus import read_corpus
from qa.evaluate.gold import GoldError, Place
from qa.evaluate.rechecks import saved_answer
from qa.library.library import Library
from qa.model import Answer, Article, CheckedClaim, Done, Filters, Recheck, Sentence
from qa.settings import Settings

TRAM = (
    "The new tram in Vale carries 40,000 people a day, the operator said on Monday.\n\n"
    "Mayor Ida Cole opened the depot in Mill Street. The depot cost 12 million crowns.\n\n"
    "Fourteen people were hurt when a stand collapsed at the opening, police said."
)
HOW_MANY = "How many people does the tram in Vale carry a day?"
HURT = "How many people were hurt at the opening in Vale?"
COST = "How much did the depot in Vale cost?"


@dataclass
class Desk:
    """A folder of articles, and the library that holds them."""

    folder: Path
    library: Path
    keep_versions: int = 20

    def publish(self, name: str, text: str, day: str = "2026-03-02", source: str = "Vale Post", **more: str) -> None:
        """Write an article, or its new version, and bring the library up to date."""
        facts = {"title": "News from Vale", "source": source, "published": day, **more}
        head = "\n".join(f"{key}: {value}" for key, value in facts.items())
        (self.folder / f"{name}.md").write_text(f"---\n{head}\n---\n{text}\n", "utf-8")
        self.ingest()

    def remove(self, name: str) -> None:
        (self.folder / f"{name}.md").unlink()
        self.ingest()

    def ingest(self) -> None:
        settings = Settings(library=self.library, offline=True, keep_versions=self.keep_versions)
        ingest(str(self.folder), settings=settings, prune=True)

    def saved(self, question: str, words: str, article: str = "tram") -> Answer:
        """Return an answer of today's library that rests on the sentence with these words."""
        with closing(Library(self.library)) as library:
            place = Place(article=article, contains=words)
            return saved_answer(question, place, read_corpus([self.folder]), library)

    def check(self, saved: Answer) -> CheckedClaim:
        (checked,) = self.recheck(saved).claims
        return checked

    def recheck(self, saved: Answer) -> Recheck:
        found = recheck(saved, library=self.library, settings=Settings(offline=True))
        assert Recheck.model_validate_json(found.model_dump_json()) == found
        return found


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    (tmp_path / "articles").mkdir()
    desk = Desk(tmp_path / "articles", tmp_path / "library")
    desk.publish("tram", TRAM)
    yield desk
    pipeline.close_all()


# -- What stands -------------------------------------------------------------------------------------------------------


def test_a_claim_stands_in_an_unchanged_library(desk: Desk) -> None:
    found = desk.recheck(desk.saved(HOW_MANY, "40,000 people"))
    assert [c.verdict for c in found.claims] == ["stands"]
    assert not found.changed
    assert found.library_revision == found.library_revision_saved


@pytest.mark.parametrize(
    "look_alike",
    [
        "The new tram in Karrow carries 90,000 people a day, its operator said.",  # another town
        "The depot in Vale has room for 30 trams. The town paid 3 million crowns for its roof.",  # a part
        "Fourteen dogs were entered for the show in Vale on Sunday.",  # the number alone
        "The ferry to Selm carries 500 people a day.",
    ],
)
def test_a_claim_stands_beside_a_look_alike(desk: Desk, look_alike: str) -> None:
    saved = desk.saved(HOW_MANY, "40,000 people")
    desk.publish("other", look_alike, "2026-05-04")
    assert desk.check(saved).verdict == "stands"


@pytest.mark.parametrize(
    ("change", "detail"),
    [
        (
            lambda text: f"Trams ran late on Tuesday.\n\n{text}",
            "The sentence stands at another place of the article now.",
        ),
        (
            lambda text: text.replace("a day, the operator", "a day – the operator"),
            "The sentence has the same words, but other marks or spaces.",
        ),
        (lambda text: text.replace("carries 40,000", "carries\n40,000"), ""),
        (lambda text: text.replace("cost 12 million", "cost some 13 million"), ""),
    ],
    ids=["moved", "other marks", "other lines", "another sentence changed"],
)
def test_a_sentence_that_says_the_same_in_a_new_version_stands(desk: Desk, change: object, detail: str) -> None:
    saved = desk.saved(HOW_MANY, "40,000 people")
    desk.publish("tram", change(TRAM))  # type: ignore[operator]
    checked = desk.check(saved)
    assert (checked.verdict, checked.detail) == ("stands", detail)


def test_an_article_whose_file_was_moved_is_found_by_its_text(desk: Desk) -> None:
    saved = desk.saved(HOW_MANY, "40,000 people")
    (desk.folder / "tram.md").rename(desk.folder / "archive.md")
    desk.ingest()
    assert desk.check(saved).verdict == "stands"


def test_what_the_answer_told_already_is_no_change(desk: Desk) -> None:
    desk.publish("later", "The new tram in Vale now carries 55,000 people a day, the operator said.", "2026-06-01")
    saved = answer(HOW_MANY, library=desk.library, settings=Settings(offline=True))
    assert {c.standing for c in saved.claims} == {"current", "superseded"}
    assert not desk.recheck(saved).changed


# -- What changed ------------------------------------------------------------------------------------------------------


def test_a_note_appended_to_the_article_corrects(desk: Desk) -> None:
    saved = desk.saved(HURT, "Fourteen people")
    desk.publish("tram", f"{TRAM}\n\nCorrection, 5 March 2026: The number of people hurt is 41, not 14.")
    checked = desk.check(saved)
    assert (checked.verdict, checked.since) == ("corrected", date(2026, 3, 5))
    assert "41, not 14" in checked.by[0].quote
    assert checked.detail == "Corrected on 5 March 2026: 41, not 14."


def test_an_item_of_its_own_corrects(desk: Desk) -> None:
    saved = desk.saved(COST, "12 million")
    desk.publish(
        "corrections",
        "Correction: An article on 2 March said that the depot in Vale cost 12 million crowns. It cost 21 million.",
        "2026-03-06",
        title="Corrections",
    )
    checked = desk.check(saved)
    assert checked.verdict == "corrected"
    assert any("21 million" in c.quote for c in checked.by)


@pytest.mark.parametrize("keep_versions", [20, 0])
def test_a_new_version_with_another_value_in_the_same_words_corrects(desk: Desk, keep_versions: int) -> None:
    desk.keep_versions = keep_versions
    saved = desk.saved(HURT, "Fourteen people")
    desk.publish("tram", TRAM.replace("Fourteen", "Forty-one"), modified="2026-03-03T10:00:00Z")
    found = desk.recheck(saved)
    (checked,) = found.claims
    assert (checked.verdict, checked.since) == ("corrected", date(2026, 3, 3))
    assert checked.by[0].quote.startswith("Forty-one people were hurt")
    assert checked.by[0].number == len(saved.citations) + 1
    assert checked.detail == "The article now says “Forty-one”, not “Fourteen” (Vale Post, 2 March 2026)."
    assert found.article(checked.by[0]).version != found.article(checked.citations[0]).version


def test_a_new_version_that_tells_no_day_of_its_change_has_no_since(desk: Desk) -> None:
    saved = desk.saved(HURT, "Fourteen people")
    desk.publish("tram", TRAM.replace("Fourteen", "Forty-one"))
    checked = desk.check(saved)
    assert (checked.verdict, checked.since) == ("corrected", None)
    assert "It does not say when it was changed; the library got the new text on " in checked.detail


def test_a_withdrawn_article_corrects(desk: Desk) -> None:
    saved = desk.saved(HURT, "Fourteen people")
    desk.publish("tram", "This story has been withdrawn.", status="retracted")
    checked = desk.check(saved)
    assert checked.verdict == "corrected"
    assert "withdrawn" in checked.detail


def test_a_later_figure_supersedes(desk: Desk) -> None:
    saved = desk.saved(HOW_MANY, "40,000 people")
    desk.publish("later", "The new tram in Vale now carries 55,000 people a day, the operator said.", "2026-06-01")
    checked = desk.check(saved)
    assert (checked.verdict, checked.since) == ("superseded", date(2026, 6, 1))
    assert "55,000" in checked.by[0].quote


def test_another_outlet_disputes(desk: Desk) -> None:
    saved = desk.saved(HURT, "Fourteen people")
    desk.publish(
        "wire",
        "Nineteen people were hurt when a stand collapsed at the opening in Vale, the hospital said.",
        source="Wire",
    )
    checked = desk.check(saved)
    assert checked.verdict == "disputed"
    assert checked.by[0].quote.startswith("Nineteen")


def test_as_of_is_left_out_and_other_filters_are_kept(desk: Desk) -> None:
    later = "The new tram in Vale now carries 55,000 people a day, the operator said."
    desk.publish("later", later, "2026-06-01", source="Coast Wire")
    saved = desk.saved(HOW_MANY, "40,000 people")
    as_of = saved.model_copy(update={"filters": Filters(as_of=date(2026, 4, 1))})
    assert desk.check(as_of).verdict == "superseded"
    of_one_outlet = saved.model_copy(update={"filters": Filters(sources=("Vale Post",))})
    assert desk.check(of_one_outlet).verdict == "stands"


def test_an_earlier_version_that_was_cited_is_held_against_the_newest(desk: Desk) -> None:
    desk.publish("tram", TRAM.replace("Fourteen", "Forty-one"), modified="2026-03-05T10:00:00Z")
    filters = Filters(as_of=date(2026, 3, 3))
    saved = answer(HURT, library=desk.library, filters=filters, settings=Settings(offline=True))
    assert "@" in saved.citations[0].article_id
    checked = desk.recheck(saved).claims[0]
    assert checked.verdict == "corrected"
    assert checked.by[0].quote.startswith("Forty-one")
    assert replay(saved, library=desk.library, settings=Settings(offline=True)).same


# -- What is gone ------------------------------------------------------------------------------------------------------


def test_a_removed_article_is_gone(desk: Desk) -> None:
    desk.publish("other", "The ferry to Selm carries 500 people a day.")
    saved = desk.saved(HOW_MANY, "40,000 people")
    desk.remove("tram")
    checked = desk.check(saved)
    assert (checked.verdict, checked.by) == ("gone", ())
    assert checked.detail == "The article is no longer in the library (Vale Post, 2 March 2026)."


@pytest.mark.parametrize(
    ("now", "nearest"),
    [
        ("", None),
        ("The new tram in Vale carries many people a day, the operator said on Monday.", "many people"),
        ("The new tram in Vale does not carry 40,000 people a day, the operator said on Monday.", "does not"),
    ],
    ids=["deleted", "vaguer", "denied"],
)
def test_a_rewritten_sentence_is_gone_and_the_nearest_one_is_shown(desk: Desk, now: str, nearest: str | None) -> None:
    saved = desk.saved(HOW_MANY, "40,000 people")
    desk.publish(
        "tram", TRAM.replace("The new tram in Vale carries 40,000 people a day, the operator said on Monday.", now)
    )
    checked = desk.check(saved)
    assert checked.verdict == "gone"
    assert [nearest in c.quote for c in checked.by] == ([True] if nearest else [])


def parsed(text: str) -> tuple[Sentence, ParsedArticle]:
    article = Article(id="a", version="1", text=text, published=date(2026, 3, 2), body_start=0)
    whole = Sentence(article_id="a", index=0, start=0, end=len(text), text=text)
    return whole, parse_with(article, [whole])


@pytest.mark.parametrize(
    ("old", "new", "same"),
    [
        ("“We lost,” she said.", '"We lost", she said.', True),
        ("Fourteen people were hurt.", "14 people were hurt.", True),
        ("Mira Keller said so.", "Keller said so.", False),
        ("It cost 2.5 million crowns.", "It cost 25 million crowns.", False),
        ("It cost 5 crowns.", "It cost 5 dollars.", False),
        ("Karrow won.", "Karrow lost.", False),
    ],
)
def test_only_marks_and_spaces_may_differ(old: str, new: str, same: bool) -> None:
    assert is_respelled(*parsed(old), *parsed(new)) == same


@pytest.mark.parametrize(
    ("old", "new", "values"),
    [
        ("Police said 14 people were hurt.", "Police said 41 people were hurt.", (("14", "41"),)),
        ("The stand was put up by Holten.", "The stand was put up by Halden.", (("Holten", "Halden"),)),
        ("The depot opens on Tuesday.", "The depot opens on Friday.", (("Tuesday", "Friday"),)),
        ("Mira Keller said 14 were hurt.", "Keller said 14 were hurt.", ()),  # the same person
        ("Fourteen people were hurt.", "14 people were hurt.", ()),  # the same number
        ("The depot will open.", "The depot will not open.", ()),  # not another value
        ("The depot cost 12 crowns.", "Nobody knows whether anything at all went up to 13.", ()),
    ],
)
def test_a_sentence_that_took_the_place_of_another_may_give_other_values(
    old: str, new: str, values: tuple[tuple[str, str], ...]
) -> None:
    assert other_values(*parsed(old), *parsed(new)) == values


# -- Abstentions -------------------------------------------------------------------------------------------------------


def test_a_question_without_an_answer_may_have_one_now(desk: Desk) -> None:
    question = "Who won the regatta in Selm?"
    saved = answer(question, library=desk.library, settings=Settings(offline=True))
    assert saved.abstention
    assert not desk.recheck(saved).changed
    desk.publish("regatta", "Mira Holm won the regatta in Selm on Sunday, ahead of eleven other boats.", "2026-07-06")
    found = desk.recheck(saved)
    assert found.now_answered
    assert found.changed
    assert found.now[0].quote.startswith("Mira Holm won")


def test_a_model_that_did_not_answer_is_only_answered_by_what_came_later(desk: Desk) -> None:
    saved = answer("Who won the regatta in Selm?", library=desk.library, settings=Settings(offline=True))
    of_a_model = saved.model_copy(
        update={
            "question": HURT,
            "standalone": HURT,
            "provenance": saved.provenance.model_copy(update={"mode": "model"}),
        }
    )
    assert not desk.recheck(of_a_model).now_answered  # the reader would have answered it then, too


# -- Values ------------------------------------------------------------------------------------------------------------


def test_a_recheck_that_contradicts_itself_cannot_be_made(desk: Desk) -> None:
    saved = desk.saved(HOW_MANY, "40,000 people")
    cited = {"text": "x", "citations": saved.citations}
    with pytest.raises(ValidationError, match="nothing changes a claim that stands"):
        CheckedClaim(**cited, verdict="stands", since=date(2026, 3, 2))
    with pytest.raises(ValidationError, match="has the sentence that says so"):
        CheckedClaim(**cited, verdict="superseded", detail="Newer.")
    with pytest.raises(ValidationError, match="says what has changed"):
        CheckedClaim(**cited, verdict="gone")
    found = desk.recheck(saved)
    with pytest.raises(ValidationError, match="articles listed must be those cited"):
        Recheck.model_validate(found.model_dump() | {"articles": ()})


def test_an_empty_library_is_an_error(desk: Desk, tmp_path: Path) -> None:
    saved = desk.saved(HOW_MANY, "40,000 people")
    Library(tmp_path / "empty", create=True).close()
    with pytest.raises(EmptyLibrary):
        recheck(saved, library=tmp_path / "empty", settings=Settings(offline=True))


# -- The commands ------------------------------------------------------------------------------------------------------


def qa(*arguments: object, code: int = 0) -> Result:
    result = CliRunner().invoke(app, [str(a) for a in arguments])
    assert result.exit_code == code, result.output
    return result


@pytest.fixture
def folder(desk: Desk, tmp_path: Path) -> Path:
    """A folder with two saved answers and a JSON file of somebody else."""
    folder = tmp_path / "saved"
    (folder / "march").mkdir(parents=True)
    (folder / "tram.json").write_text(desk.saved(HOW_MANY, "40,000 people").model_dump_json(), "utf-8")
    (folder / "march" / "hurt.json").write_text(desk.saved(HURT, "Fourteen people").model_dump_json(), "utf-8")
    (folder / "package.json").write_text('{"name": "foreign"}', "utf-8")
    return folder


def test_a_folder_is_searched_and_files_of_others_are_named(desk: Desk, folder: Path) -> None:
    result = qa("recheck", folder, "-l", desk.library)
    assert result.stdout.count("✓ stands") == 2
    assert "package.json is not a saved answer" in " ".join(result.stderr.split())
    assert "Checked 2 answers: nothing has changed." in result.stderr
    assert qa("recheck", folder, "-l", desk.library, "--quiet").output == ""


def test_what_has_changed_is_shown_with_its_sentence_and_the_exit_code_is_4(desk: Desk, folder: Path) -> None:
    later = "The new tram in Vale now carries 55,000 people a day, the operator said."
    desk.publish("later", later, "2026-06-01", source="Coast Wire")
    shown = qa("recheck", folder, "-l", desk.library, "-q", code=4).stdout
    assert HURT not in shown
    assert "↻ superseded since 1 June 2026" in shown
    assert f"[2] Coast Wire, 1 June 2026: “{later}”" in shown
    listed = json.loads(qa("recheck", folder, "-l", desk.library, "--json", code=4).stdout)
    assert sorted(one["changed"] for one in listed) == [False, True]
    assert [Recheck.model_validate(one).question for one in listed]


def test_a_named_file_that_is_no_answer_is_an_error_and_beside_others_exit_code_3(desk: Desk, folder: Path) -> None:
    alone = qa("recheck", folder / "package.json", "-l", desk.library, code=1)
    assert "Save answers with: qa ask --json" in " ".join(alone.stderr.split())
    qa("recheck", folder / "package.json", folder / "tram.json", "-l", desk.library, code=3)
    qa("recheck", folder / "missing.json", "-l", desk.library, code=1)


# -- Measuring ---------------------------------------------------------------------------------------------------------

GOLD = """storyline: vale
split: dev
rechecks:
  - id: vale-hurt
    question: How many people were hurt at the opening in Vale?
    saved: {articles: [tram]}
    claim: {article: tram, contains: "Fourteen people"}
    now: {articles: all, later: [tram]}
    verdict: corrected
    by: [{article: tram, contains: "Forty-one people", later: true}]
  - id: vale-passengers
    question: How many people does the tram in Vale carry a day?
    saved: {articles: [tram]}
    claim: {article: tram, contains: "40,000 people"}
    now: {articles: all}
    verdict: gone
"""


def test_gold_says_what_should_have_become_of_claims(tmp_path: Path) -> None:
    for folder, text in (("corpus", TRAM), ("later", TRAM.replace("Fourteen", "Forty-one"))):
        (tmp_path / folder / "vale").mkdir(parents=True)
        head = "source: Vale Post\npublished: 2026-03-02\nurl: https://vale.example/tram"
        (tmp_path / folder / "vale" / "tram.md").write_text(f"---\n{head}\n---\n{text}\n", "utf-8")
    (tmp_path / "vale-rechecks.yaml").write_text(GOLD, "utf-8")
    results = rechecks.measure(
        rechecks.load_rechecks(tmp_path), [tmp_path / "corpus"], tmp_path / "later", tmp_path / "work"
    )
    assert [(one.right, one.cited) for one in results] == [(True, True), (False, None)]
    measured = rechecks.summary(results)
    assert (measured["right"], measured["right corrected"], measured["right gone"]) == ((1, 2), (1, 1), (0, 1))
    with pytest.raises(GoldError, match=r"no \*-rechecks\.yaml"):
        rechecks.load_rechecks(tmp_path / "corpus")


# -- Replay ------------------------------------------------------------------------------------------------------------


@pytest.fixture
def tram_answer(desk: Desk, tmp_path: Path) -> Path:
    file = tmp_path / "answer.json"
    file.write_text(qa("ask", HOW_MANY, "-l", desk.library, "--offline", "--json").stdout, "utf-8")
    return file


def test_an_answer_of_the_reader_is_the_same_again(desk: Desk, tram_answer: Path) -> None:
    result = qa("replay", tram_answer, "-l", desk.library)
    assert "✓ The same." in result.stdout
    assert "the same question, asked again" in result.stdout


def test_an_answer_says_when_it_was_asked_and_which_library_gave_it(desk: Desk) -> None:
    saved = answer("What happened last week?", library=desk.library, settings=Settings(offline=True, passages=5))
    assert saved.provenance.asked_on == date.today()
    assert saved.provenance.passages == 5
    found = replay(saved, library=desk.library, settings=Settings(offline=True))
    assert found.same
    assert found.same_library


def test_a_changed_library_is_told_and_compared_only_on_demand(desk: Desk, tram_answer: Path) -> None:
    desk.publish("later", "The new tram in Vale now carries 55,000 people a day, the operator said.", "2026-06-01")
    shown = qa("replay", tram_answer, "-l", desk.library, code=5).stdout
    assert "revision 2, not 1" in shown
    assert "Nothing was compared." in shown
    shown = qa("replay", tram_answer, "-l", desk.library, "--anyway", code=4).stdout
    assert "✗ claim 1" in shown
    assert "55,000" in shown


def test_another_library_with_the_same_revision_is_told(desk: Desk, tram_answer: Path, tmp_path: Path) -> None:
    other = Settings(library=tmp_path / "other", offline=True)
    manage.ingest(str(desk.folder), settings=other)
    found = replay(tram_answer, settings=other)
    assert not found.same_library
    assert replay(tram_answer, settings=other, anyway=True).same


@pytest.mark.parametrize(
    ("old", "new", "what"),
    [
        ('"quote": "The new tram in Vale carries 40,000', '"quote": "The new tram carries 41,000', "citation [1]"),
        ('"text": "The new tram in Vale', '"text": "The old tram in Vale', "claim 1"),
        ('"standing": "current"', '"standing": "disputed"', "standing of claim 1"),
        ('"sentence": 0', '"sentence": 1', "citation [1]"),
    ],
)
def test_an_answer_that_was_tampered_with_differs(desk: Desk, tram_answer: Path, old: str, new: str, what: str) -> None:
    text = tram_answer.read_text("utf-8")
    assert old in text
    tram_answer.write_text(text.replace(old, new), "utf-8")
    found = replay(tram_answer, library=desk.library, settings=Settings(offline=True))
    assert what in [one.what for one in found.differences]


def test_a_text_that_does_not_follow_from_the_claims_differs(desk: Desk, tram_answer: Path) -> None:
    written = json.loads(tram_answer.read_text("utf-8"))
    tram_answer.write_text(json.dumps(written | {"text": "The tram carries nobody. [1]"}), "utf-8")
    found = replay(tram_answer, library=desk.library, settings=Settings(offline=True))
    assert [one.what for one in found.differences] == ["text"]


def asked_of_a_model(desk: Desk, text: str, words: str) -> Answer:
    """Return the answer of a model that points at the sentence with these words."""
    settings = Settings(library=desk.library, offline=True)

    def reply(prompt: str) -> dict[str, object]:
        label = next(line for line in prompt.splitlines() if words in line).split("]")[0].strip("[ ")
        return says(claim(text, label))

    with closing(pipeline.build(settings)) as engine:
        drafter = pipeline.drafter_for(settings, ScriptedChat(reply))
        engine = replace(engine, drafter=drafter)
        return next(e.answer for e in pipeline.ask(engine, HOW_MANY) if isinstance(e, Done))


def test_a_models_answer_is_weighed_again_but_not_asked_again(desk: Desk) -> None:
    desk.publish("later", "The new tram in Vale now carries 55,000 people a day, the operator said.", "2026-06-01")
    saved = asked_of_a_model(desk, "The new tram in Vale carries 40,000 people a day.", "40,000 people")
    assert (saved.provenance.mode, saved.status) == ("model", "answered")
    assert "superseded" in {c.standing for c in saved.claims}
    found = replay(saved, library=desk.library, settings=Settings(offline=True))
    assert found.same
    assert "the standing of each claim" in found.compared
    assert "does not keep the replies of its model" in found.warnings[-1]
    wrong = [c.model_copy(update={"standing": "current"}) for c in saved.claims]
    changed = replay(saved.model_copy(update={"claims": tuple(wrong)}), library=desk.library)
    assert [one.what.partition(" of")[0] for one in changed.differences] == ["standing"]
    assert not desk.recheck(saved).changed


def test_a_file_that_is_no_answer_cannot_be_replayed(desk: Desk, folder: Path) -> None:
    with pytest.raises(InputError, match="is not a saved answer"):
        replay(folder / "package.json", library=desk.library)
