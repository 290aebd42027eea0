"""Ask training questions of whole libraries, and keep the chunks that are found: the hardest negatives there are.

    python -m training.mine DATA --out FOLDER/mined.jsonl

The project's own questions (split "train") are asked of all Wikinews articles that are not in its report split, and the
tuning half of SQuAD 2 of all its paragraphs. Each row is a question with a chunk as the reading model gets it, and the
sentences of the chunk that answer: {"question", "title", "sentences", "gold", "span", "source"}. Each fictional
storyline of the split "train" is a library of its own.
"""

from __future__ import annotations

import argparse
import json
import random
from collections.abc import Collection, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.quality.shared import part
from qa.articles.build import build
from qa.articles.extract import Extract
from qa.articles.fields import Facts
from qa.english.characters import normalise
from qa.english.header import Header
from qa.ingestion import ingest_into
from qa.library.embedders import WordLlamaEmbedder
from qa.library.index import Index
from qa.library.library import Library
from qa.model import Article, Filters
from qa.questions.plan import plan
from qa.search.retrieve import retrieve
from qa.settings import READER_PASSAGES

from .data import STORIES, rows, span_of, story_articles

EMBEDDER = WordLlamaEmbedder()
TIMED = {"latest", "dated"}  # kinds of questions about storylines


@dataclass(frozen=True)
class Question:
    """A question, where its answers begin ((key of the article, offset), best first), and the answering words.

    ``source`` says where it comes from. ``timed``: other values than the right one answer it too, but for their day.
    """

    text: str
    places: tuple[tuple[str, int], ...]
    answer: str | None = None
    source: str = ""
    timed: bool = False


def article(text: str, title: str, key: str) -> Article:
    """Build an article as the loaders do."""
    return build(Extract(text, Facts(title=title, language="en"), Header()), key=key, origin=key)


def own(data: Path, questions: Path) -> tuple[list[Article], list[Question]]:
    """Return the Wikinews articles and the project's own questions to train on."""
    asked = list(rows(questions))
    kept_back = {r["article"] for r in asked if r["split"] == "report"}
    found = [r for r in rows(data / "wikinews" / "articles.jsonl") if r["url"] not in kept_back]
    texts = {r["url"]: r["text"] for r in found}
    return (
        [article(r["text"], r["title"], r["url"]) for r in found],
        [
            Question(
                r["question"],
                tuple((r["article"], at[0]) for at in r["gold"]),
                texts[r["article"]][slice(*r["span"])] if r["span"] else None,
                "own",
            )
            for r in asked
            if r["split"] == "train"
        ],
    )


def squad(data: Path, parts: Collection[str] = ("tune",)) -> tuple[list[Article], list[Question]]:
    """Return the paragraphs of SQuAD 2's tuning half, or of both, as articles, and their questions."""
    articles, asked = [], []
    for document in json.loads((data / "squad2" / "dev.json").read_text("utf-8"))["data"]:
        if part(document["title"]) in parts:
            for number, paragraph in enumerate(document["paragraphs"]):
                key = f"{document['title']}#{number}"
                articles.append(article(paragraph["context"], document["title"].replace("_", " "), key))
                for r in paragraph["qas"]:
                    shortest = min((a["text"] for a in r["answers"]), key=len, default=None)
                    places = tuple((key, a["answer_start"]) for a in r["answers"])
                    asked.append(Question(r["question"], places, shortest, "squad2"))
    return articles, asked


def fiction(splits: Collection[str]) -> Iterator[tuple[list[Article], list[Question]]]:
    """Yield each fictional storyline: its articles and its questions. An answer may stand in several articles.

    A storyline is a library of its own, because its questions need not name it.
    """
    asked = [r for r in rows(STORIES / "questions.jsonl") if r["split"] in splits]
    found = story_articles(splits)
    for story in dict.fromkeys(r["story"] for r in found):
        articles = [article(r["text"], r["title"], r["id"]) for r in found if r["story"] == story]
        texts = {a.origin: a.text for a in articles}
        yield (
            articles,
            [
                Question(
                    r["question"],
                    tuple((e["article"], texts[e["article"]].index(e["words"])) for e in r["evidence"]),
                    r["answer"],
                    f"story {r['hand']}",
                    r["kind"] in TIMED,
                )
                for r in asked
                if r["story"] == story
            ],
        )


def chunks(articles: Sequence[Article], asked: Sequence[Question], most: int) -> Iterator[dict[str, Any]]:
    """Yield up to ``most`` chunks found for each question that do not answer it, and every chunk found that does.

    Of a timed question only the latter: a passage does not show its day, so an older value would be called no answer.
    """
    chance = random.Random(3)
    ids = {a.origin: a.id for a in articles}
    with closing(Library(None)) as library:
        ingest_into(library, articles, EMBEDDER)
        index = Index(library, None)
        for question in asked:
            made = plan(question.text, Filters())
            found = retrieve(made, library, index, EMBEDDER, READER_PASSAGES)
            others = 0
            for hit in chance.sample(found.hits, len(found.hits)):
                parsed = found.articles[hit.article_id]
                sentences = parsed.sentences[hit.first : hit.last + 1]
                starts = [at for key, at in question.places if ids[key] == hit.article_id]
                gold = [i for i, s in enumerate(sentences) if any(s.start <= at < s.end for at in starts)]
                texts = [normalise(s.text) for s in sentences]
                gold.sort(key=lambda i: span_of(question.answer, texts[i]) is None)  # a span is that of the first
                others += not gold
                if gold or (others <= most and not question.timed):
                    yield {
                        "question": made.query,
                        "title": parsed.article.title or "",
                        "sentences": texts,
                        "gold": gold,
                        "span": span_of(question.answer, texts[gold[0]]) if gold else None,
                        "source": f"{question.source} found",
                    }


def main() -> None:
    """Write the rows."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path)
    parser.add_argument("--questions", type=Path, default=Path("training/questions.jsonl"))
    parser.add_argument("--out", type=Path, required=True)
    arguments = parser.parse_args()
    sets = (
        (own(arguments.data, arguments.questions), 4),
        (squad(arguments.data), 1),
        *((story, 2) for story in fiction(["train"])),
    )
    unfinished = arguments.out.with_suffix(".part")
    with unfinished.open("w", encoding="utf-8") as out:
        for (articles, asked), most in sets:
            for row in chunks(articles, asked, most):
                out.write(json.dumps(row, ensure_ascii=False) + "\n")
    unfinished.replace(arguments.out)


if __name__ == "__main__":
    main()
