"""Rows that are derived from an article's text: its parsed layers, who speaks where, and the full-text index.

Python computes these rows and writes them to the tables. No SQL statement analyses a text.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Iterator

from ..articles.parse import ParsedArticle, parse_with
from ..english.corrections import note_rows
from ..english.document import LAYERS, VERSION
from ..english.spelling import searchable
from ..errors import unexpected
from ..model import Article, Sentence
from .engine import Engine

log = logging.getLogger(__name__)

STORED_LAYERS = tuple(layer for layer in LAYERS if layer != "sentences")
"""The layers of a document that are stored in ``documents.layers``, each as a JSON array."""
UNREAD = 0
"""``documents.parser`` of an article of which only the sentences have been read; see ``annotate``."""
OPENING = 60  # the most characters of an article's first words

ENDS = " \n\"'”’)"  # what may follow the mark that ends a sentence

Progress = Callable[[int, int], None]
"""Called with the number of articles done and the number of all articles."""


def said_rows(parsed: ParsedArticle) -> list[tuple[str, int, str]]:
    """Return article id, sentence index and speaker for each sentence in which a named person speaks.

    There are none yet for an article of which only the sentences have been read.
    """
    if not parsed.whole:
        return []
    spoken = {(u.sentence, u.speaker) for u in parsed.document.utterances if u.speaker and not u.anonymous}
    return [(parsed.id, sentence, speaker) for sentence, speaker in sorted(spoken)]


def noted_rows(parsed: ParsedArticle) -> list[tuple[str, int, str, str]]:
    """Return article id, sentence index, kind and key for each point of a note that may concern other articles.

    There are none yet for an article of which only the sentences have been read.
    """
    return [(parsed.id, *row) for row in note_rows(parsed.document)] if parsed.whole else []


def document_row(parsed: ParsedArticle) -> tuple[str, str, int, int, str, str]:
    """Return the article's row for the table ``documents``."""
    document, faults = parsed.document, json.dumps(dict(parsed.faults), ensure_ascii=False)
    parser, layers = (VERSION, document.dump()) if parsed.whole else (UNREAD, "{}")
    return parsed.id, document.text, document.body_start, parser, layers, faults


def opening(parsed: ParsedArticle) -> str:
    """Return the first words of an article's story on one line, by which it is known if it has no headline."""
    whole = parsed.document.text[parsed.document.body_start :]
    prose = (s.text for s in parsed.sentences if s.start >= parsed.document.body_start and _is_prose(s.text))
    first, *others = next(prose, whole)[: 10 * OPENING].split() or [""]
    line = first[:OPENING]
    for word in others:
        if len(line) + 1 + len(word) > OPENING:
            break
        line = f"{line} {word}"
    return line


def _is_prose(sentence: str) -> bool:
    """Whether a sentence is one, and no line of a header such as "Published: 2026-03-03"."""
    return sentence.rstrip(ENDS)[-1:] in set(".!?…") and len(sentence.split()) > 3


def searchable_text(chunk_text: str) -> str:
    """Return the text that the full-text index stores for a chunk: the folded text and other spellings of its names.

    If this fails, it is the chunk's text as it is.
    """
    try:
        return searchable(chunk_text)
    except Exception as error:  # noqa: BLE001  # a bug that one text triggers only costs its other spellings
        log.warning("the names of a chunk could not be read (%s)", unexpected(error))
        return chunk_text


def rebuild(database: Engine, on_progress: Progress | None = None) -> None:
    """Compute all derived rows again from the stored articles and chunks, inside ``database.writing``.

    Sentences and chunks are not changed, because citations and vectors refer to them.

    Args:
        database: holds the articles.
        on_progress: called before each article.
    """
    database.execute("DELETE FROM said")
    database.execute("DELETE FROM notes")
    ids = [row["id"] for row in database.query("SELECT id FROM articles ORDER BY id")]
    for done, article_id in enumerate(ids):
        if on_progress:
            on_progress(done, len(ids))
        parsed = parse_again(database, article_id)
        _, _, *derived = document_row(parsed)
        database.execute(
            "UPDATE documents SET body_start=?, parser=?, layers=?, faults=? WHERE article_id=?", (*derived, article_id)
        )
        database.execute("UPDATE articles SET opening=? WHERE id=? AND title IS NULL", (opening(parsed), article_id))
        database.insert("said", said_rows(parsed))
        database.insert("notes", noted_rows(parsed))
    database.full_text.clear()
    for article_id in ids:
        sql = "SELECT id, text, revision FROM chunks WHERE article_id=? ORDER BY id"
        chunks = database.query(sql, (article_id,))
        texts = {row["id"]: searchable_text(row["text"]) for row in chunks}
        database.full_text.add(texts, earlier=any(not row["revision"] for row in chunks))


def parse_again(database: Engine, article_id: str) -> ParsedArticle:
    """Parse a stored article with this version of the parser, keeping its stored sentences."""
    sql = "SELECT a.published, d.text FROM articles a JOIN documents d ON d.article_id = a.id WHERE a.id=?"
    row = database.query(sql, (article_id,))[0]
    article = Article(id=article_id, version="", published=row["published"], text=row["text"])
    return parse_with(article, tuple(_stored_sentences(database, article)))


def _stored_sentences(database: Engine, article: Article) -> Iterator[Sentence]:
    sql = 'SELECT idx, start, "end" FROM sentences WHERE article_id=? ORDER BY idx'
    for index, start, end in database.query(sql, (article.id,)):
        yield Sentence(article_id=article.id, index=index, start=start, end=end, text=article.text[start:end])
