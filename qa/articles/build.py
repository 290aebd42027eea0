"""Makes an Article from its text, the metadata given beside it, and the header read from its first lines."""

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
        text: the text of the article; it is kept exactly as it is.
        facts: the metadata given beside the text. It takes precedence over ``header``.
        header: the metadata read from the text. It is used where ``facts`` has no value.
        key: identifies the article if it has no URL: the file's absolute path, or ``path#id`` for a row.
        origin: where the article was read from.

    Returns:
        The article, with its id, version and language.

    Raises:
        InputError: the text is empty, or contains characters that a library cannot store.
    """
    if not text.strip():
        raise InputError("is empty")
    if not is_storable(text):
        raise InputError("contains NUL or broken Unicode (half a surrogate pair)")
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
