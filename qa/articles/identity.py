"""The identity of an article: its ``id``, which stays the same when it is corrected, and its ``version``."""

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
    """Return the id of an article.

    It is the start of the SHA-256 of the canonical URL, or else of ``key``, or else of the text.

    Args:
        text: the article's text.
        url: its address, if known.
        key: the absolute path of its file, or ``path#id`` for a row with an id.

    Returns:
        16 hex digits, which are the same whenever the same article is loaded.
    """
    address = canonical_url(url) if url else None
    return _digest(address or key or text)


def article_version(article: Article) -> str:
    """Return the version of an article, the start of the SHA-256 of its text and metadata.

    Args:
        article: the article. Its origin, and fields derived from its text, do not count.

    Returns:
        16 hex digits, which change if and only if the text or the metadata changes.
    """
    # The fields are listed, so that adding a field to Article does not change the version of every stored article. For
    # the same reason, when it was changed only counts where it is known.
    stated = _STATED if article.modified is None else _STATED | {"modified"}
    return _digest(article.model_dump_json(include=stated))


def canonical_url(url: str) -> str | None:
    """Return the canonical spelling of an address.

    Args:
        url: an address, as the user or the article gives it.

    Returns:
        The address with scheme and host in lower case, and without user, default port, fragment, tracking parameters
        and trailing slash. None if it is not an http(s) address.
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
    """Return host and port of an http(s) address, else None. Raises ValueError for an impossible port."""
    host = parts.hostname or ""
    if parts.scheme not in _DEFAULT_PORTS or not _HOST.fullmatch(host):
        return None
    bracketed = f"[{host}]" if ":" in host else host
    return bracketed if parts.port in {None, _DEFAULT_PORTS[parts.scheme]} else f"{bracketed}:{parts.port}"


def _is_tracker(item: str) -> bool:
    name = item.partition("=")[0].lower()
    return name.startswith("utm_") or name in _TRACKERS


def _digest(text: str) -> str:
    # A path may contain bytes that are not UTF-8. Python represents each as half a surrogate pair.
    return sha256(text.encode(errors="surrogatepass")).hexdigest()[:_DIGITS]
