"""Plain text: the whole file is the article, and its metadata is read from its first lines."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from ..english.header import read_header
from ..model import Article
from .build import build
from .fields import Facts
from .files import identity_of


def read(content: str, path: Path) -> Iterator[Article]:
    """Read a text file.

    Args:
        content: the file's text.
        path: the file.

    Yields:
        One article whose text is ``content``.

    Raises:
        InputError: the content is empty.
    """
    key = identity_of(path).as_posix()
    yield build(content, Facts(), read_header(content), key=key, origin=key)
