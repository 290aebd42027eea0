"""Measure how large a chunk should be: the table of ``docs/decisions/0004``.

    python -m benchmarks.chunk_size SQUAD2_DEV_JSON

The paragraphs of a document form one article. The questions are a regular sample of up to six per paragraph. For each
question it checks whether the gold sentence is in the first retrieved chunk, and in the first 1,200 tokens of chunks.
"""

from __future__ import annotations

import argparse
import json
from contextlib import closing
from pathlib import Path

from qa import ingestion
from qa.library.embedders import WordLlamaEmbedder
from qa.library.index import Index
from qa.library.library import Library
from qa.model import Article
from qa.questions.plan import plan
from qa.search.retrieve import retrieve

SIZES = ((100, 0), (100, 1), (200, 0), (200, 1), (300, 1), (400, 1))
SHOWN_TOKENS = 1200
QUESTIONS = 600
EMBEDDER = WordLlamaEmbedder()

Asked = tuple[str, str, int]
"""Question, article id, offset of the answer."""


def load(path: Path) -> tuple[list[Article], list[Asked]]:
    """Load documents as articles, and a regular sample of their answerable questions."""
    articles, asked = [], []
    for document in json.loads(path.read_text("utf-8"))["data"]:
        position = 0
        for paragraph in document["paragraphs"]:
            for qa in paragraph["qas"][:6]:
                if qa["answers"]:
                    asked.append((qa["question"], document["title"], position + qa["answers"][0]["answer_start"]))
            position += len(paragraph["context"]) + 2
        text = "\n\n".join(p["context"] for p in document["paragraphs"])
        title = document["title"].replace("_", " ")
        articles.append(Article(id=document["title"], version="1", title=title, text=text, language="en"))
    return articles, asked[:: max(1, len(asked) // QUESTIONS)]


def measure(articles: list[Article], asked: list[Asked], budget: int, overlap: int) -> tuple[int, float, float]:
    """Return the number of chunks, and the shares of questions with the gold sentence in the first chunk and in all."""
    ingestion.CHUNK_TOKENS, ingestion.CHUNK_OVERLAP = budget, overlap
    first = shown = 0
    with closing(Library(None)) as library:
        chunks = ingestion.ingest_into(library, articles, EMBEDDER).chunks
        index = Index(library, None)
        sentences = {article.id: library.sentences(article.id) for article in articles}
        for question, article_id, at in asked:
            gold = next(s.index for s in sentences[article_id] if s.start <= at <= s.end)
            hits = retrieve(plan(question), library, index, EMBEDDER, SHOWN_TOKENS // min(budget, 100)).hits
            found = [h.article_id == article_id and h.first <= gold <= h.last for h in hits]
            first += any(found[:1])
            shown += any(found[: SHOWN_TOKENS // budget])
    return chunks, first / len(asked), shown / len(asked)


def main() -> None:
    """Measure every chunk size and print the results."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("squad", type=Path, help="SQuAD 2.0 dev file")
    articles, asked = load(parser.parse_args().squad)
    print(f"{len(asked)} questions\nbudget overlap chunks  first  in {SHOWN_TOKENS} tokens")
    for budget, overlap in SIZES:
        chunks, first, shown = measure(articles, asked, budget, overlap)
        print(f"{budget:>6} {overlap:>7} {chunks:>6}  {first:.3f}  {shown:.3f}", flush=True)


if __name__ == "__main__":
    main()
