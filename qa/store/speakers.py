"""Who speaks in which sentence, and names in other spellings: what the library makes of an article's text by itself."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import TYPE_CHECKING

from ..model import Filters

if TYPE_CHECKING:
    from .library import Library


def spoken(text: str) -> str:
    """JSON of [sentence index, speaker] for every sentence of an article somebody named speaks in, each pair once.

    A function for SQL, so that migration, repair and ingest fill the table ``said`` by one statement each.
    """
    from ..articles.sentences import sentences_of
    from ..articles.speech import utterances
    from ..model import Article

    found = utterances(text, sentences_of(Article(id="", version="", text=text)))
    pairs = {(u.sentence, u.speaker) for u in found if u.speaker and not u.anonymous}
    return json.dumps(sorted(pairs), ensure_ascii=False)


def searchable(text: str) -> str:
    """What the full-text index holds of a chunk: its text, and its names as other spellings would look for them."""
    from ..articles.speech import variants

    return "\n".join(filter(None, (text, " ".join(variants(text)))))


def meant(asked: Iterable[str], known: Iterable[str]) -> list[str]:
    """Those of the ``known`` speakers that the names ``asked`` may stand for, however they are spelled."""
    from ..articles.speech import same_person

    wanted = list(asked)
    return [name for name in known if any(same_person(who, name) for who in wanted)]


def said_by(library: Library, filters: Filters) -> list[tuple[str, int]]:
    """Article id and index of every sentence that one of ``filters.speakers`` speaks in, in order of publication.

    Of the articles the filters let through; undated ones come last.
    """
    scope = library.scope(filters)
    rows = library.database.query(
        "SELECT DISTINCT s.article_id, s.sentence, a.published_day, a.published"
        f" FROM said s JOIN articles a ON a.id = s.article_id WHERE {scope.where}"
        " AND s.speaker IN (SELECT value FROM json_each(?))"
        " ORDER BY a.published_day NULLS LAST, a.published, s.article_id, s.sentence",
        (*scope.values, json.dumps(meant(filters.speakers, library.speakers()))),
    )
    return [(row["article_id"], row["sentence"]) for row in rows]
