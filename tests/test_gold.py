"""Gold files: what is accepted, which errors are reported with file and line, and how evidence is resolved."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

import pytest
from small_world import corpus, write_world

from qa.errors import InputError
from qa.evaluate.corpus import Corpus, read_corpus, resolve
from qa.evaluate.drafting import draft_gold
from qa.evaluate.gold import GoldError, load_gold
from qa.ingestion import ingest_into
from qa.library.embedders import WordLlamaEmbedder
from qa.library.library import Library
from qa.model import Article

HEAD = "split: test\ncases:\n"
CASE = """\
  - id: one
    question: Who?
    answerable: true
    facts: [[Bravo]]
    evidence:
      - article: a
        contains: Bravo said
    tags: [who]
"""


def gold_file(folder: Path, text: str, name: str = "gold.yaml") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def faults_of(path: Path) -> tuple[str, ...]:
    with pytest.raises(GoldError) as caught:
        load_gold(path)
    return caught.value.faults


def test_a_gold_file_is_read(tmp_path: Path) -> None:
    text = HEAD + CASE + "    as_of: 2026-03-10\n    filters: {sources: [Wire], since: 2026-03-01}\n"
    (located,) = load_gold(gold_file(tmp_path, text, "bridge.yaml")).cases
    assert (located.storyline, located.split, located.line) == ("bridge", "test", 3)
    assert located.case.search.sources == ("Wire",)
    assert str(located.case.search.as_of) == "2026-03-10"
    assert located.case.evidence[0].line == 8


def test_a_folder_is_read_as_all_its_files(tmp_path: Path) -> None:
    gold_file(tmp_path, HEAD + CASE, "a.yaml")
    gold_file(tmp_path, HEAD + CASE.replace("id: one", "id: two"), "b.yaml")
    first = load_gold(tmp_path)
    assert [c.case.id for c in first.cases] == ["one", "two"]
    gold_file(tmp_path, HEAD + CASE.replace("id: one", "id: three"), "b.yaml")
    assert load_gold(tmp_path).sha256 != first.sha256


@pytest.mark.parametrize(
    ("text", "line", "says"),
    [
        (HEAD + CASE + "    tgas: [x]\n", 11, "unknown field"),
        (HEAD + CASE.replace("facts: [[Bravo]]", "facts: [[140]]"), 6, "valid string"),
        (HEAD + CASE.replace("facts: [[Bravo]]", "facts: [[]]"), 6, "at least one spelling"),
        (HEAD + CASE.replace("id: one", "id: One Two"), 3, "pattern"),
        (HEAD + CASE.replace("        contains: Bravo said\n", ""), 8, "Field required"),
        (HEAD + CASE.replace("answerable: true", "answerable: false"), 3, "not answerable has no facts"),
        (HEAD + CASE.replace("    facts: [[Bravo]]\n", ""), 3, "has facts and evidence"),
        (HEAD + CASE + "    question: Again?\n", 11, "written twice"),
        (HEAD + CASE + "    filters: {as_of: 2026-01-01}\n", 3, "as_of is a field of the case"),
        (HEAD + CASE + "    abstention: bored\n", 11, "Input should be"),
        (HEAD.replace("test", "train") + CASE, 1, "'dev' or 'test'"),
        (HEAD + CASE + "  - : [\n", 11, "not YAML"),
        ("cases: []\n", 1, "no case"),
        ("", 1, "valid dictionary"),
    ],
)
def test_a_fault_names_file_and_line(tmp_path: Path, text: str, line: int, says: str) -> None:
    path = gold_file(tmp_path, text)
    assert any(fault.startswith(f"{path}:{line}: ") and says in fault for fault in faults_of(path)), faults_of(path)


def test_all_faults_of_all_files_are_reported_together(tmp_path: Path) -> None:
    gold_file(tmp_path, HEAD + CASE.replace("[[Bravo]]", "[[1], [2]]"), "a.yaml")
    gold_file(tmp_path, HEAD + CASE + "    x: 1\n", "b.yaml")
    assert len(faults_of(tmp_path)) == 3


def test_ids_must_be_unique(tmp_path: Path) -> None:
    gold_file(tmp_path, HEAD + CASE, "a.yaml")
    gold_file(tmp_path, HEAD + CASE, "b.yaml")
    told = faults_of(tmp_path)
    assert len(told) == 2
    assert all("'one' is used more than once" in fault for fault in told)


def test_missing_files_are_reported(tmp_path: Path) -> None:
    assert "qa eval new" in faults_of(tmp_path)[0]
    assert "cannot be read" in faults_of(tmp_path / "missing.yaml")[0]


def test_evidence_is_resolved_to_a_sentence_and_its_alternatives(tmp_path: Path) -> None:
    path = gold_file(
        tmp_path,
        HEAD
        + CASE.replace("contains: Bravo said", "contains: Bravo said\n        or: [{article: b, contains: Xray}]")
        + "    also_fine: [{article: a, contains: Alpha}]\n",
    )
    there = corpus(a="Alpha stands. Bravo said 5.", b="Whisky. Xray ran.")
    (case,) = resolve(load_gold(path), there)
    assert case.required == (frozenset({("a", 1), ("b", 1)}),)
    assert case.fine == {("a", 0)}
    assert case.acceptable == {("a", 0), ("a", 1), ("b", 1)}


@pytest.mark.parametrize(
    ("article", "contains", "says"),
    [
        ("a", "Bravo", "in sentences [1, 2]"),
        ("a", "stands here. Bravo", "spans two sentences"),
        ("a", "Zulu", "is not in a"),
        ("a", "Headline", "title"),
        ("nowhere", "Bravo", "no articles are called"),
    ],
)
def test_evidence_must_identify_exactly_one_sentence(tmp_path: Path, article: str, contains: str, says: str) -> None:
    text = HEAD + CASE.replace("article: a", f"article: {article}").replace("Bravo said", contains)
    path = gold_file(tmp_path, text)
    bare = corpus(a="Alpha stands here. Bravo said 5. Then Bravo left.")
    titled = {i: a.model_copy(update={"title": "The Headline"}) for i, a in bare.articles.items()}
    with pytest.raises(GoldError) as caught:
        resolve(load_gold(path), Corpus(titled, bare.sentences))
    assert caught.value.faults[0].startswith(f"{path}:8: ")
    assert says in caught.value.faults[0]


def test_an_article_is_found_by_file_title_or_id() -> None:
    article = Article(id="abcdef0123456789", version="1", text="One.", title="A Title", origin="/somewhere/story.md")
    there = Corpus({article.id: article}, {article.id: ()})
    for name in ("story", "story.md", "A Title", "abcdef01"):
        assert there.find(name) == [article.id]
    assert there.find("abc") == []  # too short to be an id
    assert there.find("") == []
    assert there.name(article.id) == "story"


def test_an_ambiguous_article_name_is_an_error(tmp_path: Path) -> None:
    articles = {i: Article(id=i, version="1", text="Bravo said.", origin=f"/{i}/a.md") for i in ("x", "y")}
    with pytest.raises(GoldError, match="2 articles are called 'a'"):
        resolve(load_gold(gold_file(tmp_path, HEAD + CASE)), Corpus(articles, {"x": (), "y": ()}))


def test_a_draft_is_valid_gold_when_its_cases_are_uncommented(tmp_path: Path) -> None:
    _, articles = write_world(tmp_path)
    text = draft_gold([str(articles)])
    assert all(path.stem in text for path in articles.iterdir())
    head, cases = text.split("cases:\n")
    uncommented = head + "cases:\n" + "".join(line.removeprefix("# ") for line in cases.splitlines(keepends=True))
    path = gold_file(tmp_path, uncommented, "drafted.yaml")
    assert len(resolve(load_gold(path), read_corpus([articles]))) == 2
    assert "cases" in faults_of(gold_file(tmp_path, text, "untouched.yaml"))[0]


def test_a_draft_needs_articles(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="No article"):
        draft_gold([str(tmp_path)])


def test_loading_an_unedited_draft_says_what_to_do(tmp_path: Path) -> None:
    (tmp_path / "draft.yaml").write_text("storyline: elm\ncases:\n", "utf-8")
    with pytest.raises(GoldError, match='remove the "# "'):
        load_gold(tmp_path / "draft.yaml")


def test_evaluation_and_library_number_sentences_the_same_way(tmp_path: Path) -> None:
    (tmp_path / "wire.txt").write_text("ELMHURST, March 3 (Coast Wire) - The bridge shut. Nobody was hurt.", "utf-8")
    corpus = read_corpus([tmp_path])
    with closing(Library(None)) as library:
        ingest_into(library, tmp_path, WordLlamaEmbedder())
        assert {i: library.sentences(i) for i in library.versions()} == dict(corpus.sentences)
