"""Plain text: the whole file is the article, and its metadata is read from its first lines."""

from __future__ import annotations

from collections.abc import Iterator

from ..encoding import decode
from ..extract import Extract, Raw, Unread


def read(raw: Raw) -> Iterator[Extract | Unread]:
    """Read a text file.

    Args:
        raw: the file.

    Yields:
        One article whose text is the whole content.

    Raises:
        InputError: the content is not text.
    """
    text, warnings = decode(raw.content, raw.charset)
    yield Extract(text, warnings=warnings)
