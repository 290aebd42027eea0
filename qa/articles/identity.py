"""Who an article is (``id``: stays while it is corrected) and which of its states this is (``version``)."""

from __future__ import annotations

import re
from hashlib import sha256
from urllib.parse import SplitResult, urlsplit

from ..model import Article

_DIGITS = 16
_DEFAULT_PORTS = {"http": 80, "https": 443}
_HOST = re.compile(r"[\w.:-]+")
_TRACKERS = {"fbclid", "gclid"}
_STATED = {"title", "source", "authors", "url", "published", "status", "text", "language"}


def article_id(text: str, *, url: str | None = None, key: str | None = None) -> str:
    """The first 16 hex digits of the SHA-256 of the canonical URL, else of ``key``, else of the text.

    Args:
        text: the article's text.
        url: its address, if it has a usable one.
        key: the absolute path of its file, or ``path#id`` for a row with an id.

    Returns:
        16 hex digits, equal for two loads of the same article.
    """
    address = canonical_url(url) if url else None
    return _digest(address or key or text)


def article_version(article: Article) -> str:
    """The first 16 hex digits of the SHA-256 of text and metadata.

    Args:
        article: what is stated about it and its text; where it lies and what is worked out from it do not count.

    Returns:
        16 hex digits that change when, and only when, the text or a stated fact does.
    """
    # Named one by one: a field that is added to Article later must not change the version of every article there is.
    return _digest(article.model_dump_json(include=_STATED))


def canonical_url(url: str) -> str | None:
    """One spelling for the many of an address.

    Args:
        url: an address, as copied from anywhere.

    Returns:
        Scheme and host in lower case, without user, default port, fragment, tracking parameters and trailing slash;
        None for what is not an http(s) address.
    """
    try:
        parts = urlsplit("%20".join(url.split()))
        host = _host(parts)
    except ValueError:
        return None
    if not host:
        return None
    query = "&".join(item for item in parts.query.split("&") if item and not _is_tracker(item))
    return parts._replace(netloc=host, path=parts.path.rstrip("/"), query=query, fragment="").geturl()


def _host(parts: SplitResult) -> str | None:
    """Host and port for http(s), None otherwise. Raises ValueError for an impossible port."""
    host = parts.hostname or ""
    if parts.scheme not in _DEFAULT_PORTS or not _HOST.fullmatch(host):
        return None
    bracketed = f"[{host}]" if ":" in host else host
    return bracketed if parts.port in {None, _DEFAULT_PORTS[parts.scheme]} else f"{bracketed}:{parts.port}"


def _is_tracker(item: str) -> bool:
    name = item.partition("=")[0].lower()
    return name.startswith("utm_") or name in _TRACKERS


def _digest(words: str) -> str:
    # A path may hold bytes that are no UTF-8; Python keeps each as half a surrogate pair.
    return sha256(words.encode(errors="surrogatepass")).hexdigest()[:_DIGITS]
