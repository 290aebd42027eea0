"""What follows from an article's text, as rows: its parsed layers, who speaks where, what the full-text index holds.

All of it is worked out here, in Python, and arrives at the tables as rows; no SQL statement reads a text.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Iterator
from typing import Any

from ..articles.parse import ParsedArticle, parse_with
from ..english.document import VERSION
from ..english.spelling import searchable
from ..errors import unexpected
from ..model import Article, Sentence

log = logging.getLogger(__name__)

Execute = Callable[[str, tuple[object, ...]], Any]
Progress = Callable[[int, int], None]
"""Called with articles done and articles in all."""


def said_rows(parsed: ParsedArticle) -> list[tuple[str, int, str]]:
    """Article id, sentence and speaker, once for every sentence in which somebody named speaks."""
    spoken = {(u.sentence, u.speaker) for u in parsed.document.utterances if u.speaker and not u.anonymous}
    return [(parsed.id, sentence, speaker) for sentence, speaker in sorted(spoken)]


def document_row(parsed: ParsedArticle) -> tuple[str, str, int, int, str, str]:
    """The article's row of the table ``documents``."""
    document, faults = parsed.document, json.dumps(dict(parsed.faults), ensure_ascii=False)
    return parsed.id, document.text, document.body_start, VERSION, document.dump(), faults


def searchable_text(chunk_text: str) -> str:
    """What the full-text index holds of a chunk; of one whose names cannot be read, its bare text."""
    try:
        return searchable(chunk_text)
    except Exception as error:  # noqa: BLE001  # a bug on one text costs the spellings of its names alone
        log.warning("the names of a chunk could not be read (%s)", unexpected(error))
        return chunk_text


def rebuild(execute: Execute, on_progress: Progress | None = None) -> None:
    """Work out again everything that follows from the articles and chunks that are stored.

    Args:
        execute: runs one SQL statement with its values, inside the caller's transaction.
        on_progress: called once an article.

    Sentences and chunks stay as they are: citations and vectors are of them.
    """
    execute("DELETE FROM said", ())
    ids = [row[0] for row in execute("SELECT id FROM articles ORDER BY id", ())]
    for done, article_id in enumerate(ids):
        if on_progress:
            on_progress(done, len(ids))
        parsed = parse_again(execute, article_id)
        _, _, *derived = document_row(parsed)
        execute(
            "UPDATE documents SET body_start=?, parser=?, layers=?, faults=? WHERE article_id=?", (*derived, article_id)
        )
        for row in said_rows(parsed):
            execute("INSERT INTO said VALUES (?,?,?)", row)
    execute("DELETE FROM chunks_fts", ())
    for chunk_id, text in execute("SELECT id, text FROM chunks ORDER BY id", ()).fetchall():
        execute("INSERT INTO chunks_fts (rowid, text) VALUES (?,?)", (chunk_id, searchable_text(text)))


def parse_again(execute: Execute, article_id: str) -> ParsedArticle:
    """A stored article parsed by this version, with the sentences it was stored with."""
    row = next(
        iter(
            execute(
                "SELECT a.published, d.text FROM articles a JOIN documents d ON d.article_id = a.id WHERE a.id=?",
                (article_id,),
            )
        )
    )
    article = Article(id=article_id, version="", published=row["published"], text=row["text"])
    return parse_with(article, tuple(_stored_sentences(execute, article)))


def _stored_sentences(execute: Execute, article: Article) -> Iterator[Sentence]:
    sql = "SELECT idx, start, end FROM sentences WHERE article_id=? ORDER BY idx"
    for index, start, end in execute(sql, (article.id,)):
        yield Sentence(article_id=article.id, index=index, start=start, end=end, text=article.text[start:end])
