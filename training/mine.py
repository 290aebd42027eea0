"""Ask training questions of whole libraries, and keep the chunks that are found: the hardest negatives there are.

    python -m training.mine DATA --out FOLDER/mined.jsonl

The project's own questions (split "train") are asked of all Wikinews articles that are not in its report split, and the
tuning half of SQuAD 2 of all its paragraphs. Each row is a question with a chunk as the reading model gets it, and the
sentences of the chunk that answer: {"question", "title", "sentences", "gold", "source"}.
"""

from __future__ import annotations

import argparse
import json
import random
from collections.abc import Collection, Iterator, Sequence
from contextlib import closing
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

from .data import rows

EMBEDDER = WordLlamaEmbedder()
Question = tuple[str, str, list[int]]
"""A question, the key of its article, and the offsets at which its answers begin."""


def article(text: str, title: str, key: str) -> Article:
    """Build an article as the loaders do."""
    return build(Extract(text, Facts(title=title, language="en"), Header()), key=key, origin=key)


def own(data: Path, questions: Path) -> tuple[list[Article], list[Question]]:
    """Return the Wikinews articles and the project's own questions to train on."""
    asked = list(rows(questions))
    kept_back = {r["article"] for r in asked if r["split"] == "report"}
    found = [r for r in rows(data / "wikinews" / "articles.jsonl") if r["url"] not in kept_back]
    return (
        [article(r["text"], r["title"], r["url"]) for r in found],
        [(r["question"], r["article"], [at[0] for at in r["gold"]]) for r in asked if r["split"] == "train"],
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
                    asked.append((r["question"], key, [a["answer_start"] for a in r["answers"]]))
    return articles, asked


def chunks(articles: Sequence[Article], asked: Sequence[Question], source: str, most: int) -> Iterator[dict[str, Any]]:
    """Yield up to ``most`` chunks found for each question, and every chunk found that answers it."""
    chance = random.Random(3)
    by_key = {a.origin: a for a in articles}
    with closing(Library(None)) as library:
        ingest_into(library, articles, EMBEDDER)
        index = Index(library, None)
        for question, key, starts in asked:
            made = plan(question, Filters())
            found = retrieve(made, library, index, EMBEDDER, READER_PASSAGES)
            others = 0
            for hit in chance.sample(found.hits, len(found.hits)):
                parsed = found.articles[hit.article_id]
                sentences = parsed.sentences[hit.first : hit.last + 1]
                mine = hit.article_id == by_key[key].id
                gold = [i for i, s in enumerate(sentences) if mine and any(s.start <= at < s.end for at in starts)]
                others += not gold
                if gold or others <= most:
                    yield {
                        "question": made.query,
                        "title": parsed.article.title or "",
                        "sentences": [normalise(s.text) for s in sentences],
                        "gold": gold,
                        "source": source,
                    }


def main() -> None:
    """Write the rows."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path)
    parser.add_argument("--questions", type=Path, default=Path("training/questions.jsonl"))
    parser.add_argument("--out", type=Path, required=True)
    arguments = parser.parse_args()
    sets = (("own", own(arguments.data, arguments.questions), 4), ("squad2", squad(arguments.data), 1))
    unfinished = arguments.out.with_suffix(".part")
    with unfinished.open("w", encoding="utf-8") as out:
        for source, (articles, asked), most in sets:
            for row in chunks(articles, asked, f"{source} found", most):
                out.write(json.dumps(row, ensure_ascii=False) + "\n")
    unfinished.replace(arguments.out)


if __name__ == "__main__":
    main()
