"""The one place where an Article is made: text, the facts stated beside it, and the facts read from its first lines."""

from __future__ import annotations

from ..english.characters import is_storable, well_formed
from ..english.header import Header, prose_start
from ..errors import InputError
from ..model import Article
from .fields import Facts
from .identity import article_id, article_version
from .language import detect


def build(text: str, facts: Facts, header: Header, *, key: str | None = None, origin: str | None = None) -> Article:
    """Make an article.

    Args:
        text: kept exactly.
        facts: stated beside the text; they win.
        header: read from the text; fills what ``facts`` leaves open.
        key: what identifies the article if it has no URL: the file's absolute path, or ``path#id`` for a row.
        origin: where it was read from.

    Returns:
        The article, with its id, version and language.

    Raises:
        InputError: the text is empty, or holds characters no library can store.
    """
    if not text.strip():
        raise InputError("is empty")
    if not is_storable(text):
        raise InputError("holds NUL or broken Unicode (half a surrogate pair)")
    article = Article(
        id=article_id(text, url=facts.url, key=key),
        version="",
        title=facts.title or header.title,
        source=facts.source or header.source,
        authors=facts.authors or header.authors,
        url=facts.url,
        published=facts.published or header.published,
        status=facts.status,
        text=text,
        body_start=prose_start(text) or 0,
        language=facts.language or detect(text),
        origin=None if origin is None else well_formed(origin),
    )
    return article.model_copy(update={"version": article_version(article)})
