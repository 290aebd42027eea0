"""Makes an Article from what its format states, and from the header in the text's first lines."""

from __future__ import annotations

import re

from ..english.characters import is_storable, well_formed
from ..english.header import prose_start, read_header
from ..errors import InputError
from ..model import Article
from .extract import Extract
from .identity import article_id, article_version
from .language import detect

_RETRACTED = re.compile(r"\W*(?:retracted|retraction)\W*[:\]–—-]", re.IGNORECASE)  # "RETRACTED: Mine owner knew"


def build(extract: Extract, *, origin: str | None = None, key: str | None = None) -> Article:
    """Make an article.

    Args:
        extract: the text, which is kept exactly as it is, and its metadata. What the format states takes precedence
            over what the text's first lines state.
        origin: where the article was read from.
        key: identifies the article if it has no URL: the file's absolute path, or ``path#id``. Without both, the text
            does.

    Returns:
        The article, with its id, version and language.

    Raises:
        InputError: the text is empty, or contains characters that a library cannot store.
    """
    text, facts = extract.text, extract.facts
    if not text.strip():
        raise InputError("is empty")
    if not is_storable(text):
        raise InputError("contains NUL or broken Unicode (half a surrogate pair)")
    header = extract.header or read_header(text)
    published, modified = facts.published or header.published, facts.modified or header.modified
    article = Article(
        id=article_id(text, url=facts.url, key=key),
        version="",
        title=facts.title or header.title,
        source=facts.source or header.source,
        authors=facts.authors or header.authors,
        url=facts.url,
        published=published,
        modified=None if modified == published else modified,  # many systems state both for an unchanged article
        status="retracted" if _RETRACTED.match(facts.title or header.title or "") else facts.status,
        text=text,
        body_start=prose_start(text) or 0,
        language=facts.language or detect(text),
        origin=None if origin is None else well_formed(origin),
    )
    return article.model_copy(update={"version": article_version(article)})
