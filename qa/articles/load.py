"""Loads articles from files, folders and globs. There is one module for each format.

    sources ─discover─▶ Path[] ─load_file─▶ text ─text | markdown | jsonl─▶ facts + header ─build─▶ Article

A file that cannot be read does not stop the others. It becomes a ``SkippedFile`` that gives the reason.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from ..english.header import read_header
from ..errors import InputError, unexpected
from ..model import Article, SkippedFile
from . import files, jsonl, markdown, plain_text
from .build import build
from .fields import Facts

log = logging.getLogger(__name__)

__all__ = ["discover", "load", "load_file", "load_text"]

Reader = Callable[[str, Path], Iterator[Article | SkippedFile]]

_READERS: dict[str, Reader] = {
    ".txt": plain_text.read,
    ".md": markdown.read,
    ".markdown": markdown.read,
    ".jsonl": jsonl.read,
}


def load(sources: Iterable[str | Path]) -> Iterator[Article | SkippedFile]:
    """Read every article in ``sources``.

    Args:
        sources: files, folders (searched recursively, without hidden entries) and globs (``*.txt``, ``news/**``).

    Yields:
        First a ``SkippedFile`` for each source without a readable file and each folder that cannot be opened. Then the
        articles of each file, with a ``SkippedFile`` for each file or row that cannot be read. Each file is read once.
    """
    paths, skipped = discover(sources)
    yield from skipped
    for path in paths:
        yield from load_file(path)


def discover(sources: Iterable[str | Path]) -> tuple[list[Path], list[SkippedFile]]:
    """Find the files that ``load`` would read, without opening them.

    Args:
        sources: as for ``load``.

    Returns:
        The files, in the order of their sources and sorted within each source, and a ``SkippedFile`` for each source
        without a file and each folder that cannot be opened. A file is listed once, even if several names or links lead
        to it. A file that is named itself is listed whatever its format, and ``load_file`` reports an unknown format.
    """
    sources = [sources] if isinstance(sources, str | Path) else sources
    by_identity: dict[Path, Path] = {}
    skipped: list[SkippedFile] = []
    for source in map(str, sources):
        try:
            paths, closed = files.find(source, _READERS.keys())
        except InputError as error:
            skipped.append(files.skipped(source, error))
            continue
        skipped.extend(closed)
        for path in paths:
            by_identity.setdefault(files.identity_of(path), path)
    return list(by_identity.values()), skipped


def load_file(path: Path) -> Iterator[Article | SkippedFile]:
    """Read the articles of one file: one article for .txt and .md, one per line for .jsonl.

    Args:
        path: the file; its suffix determines the format.

    Yields:
        ``Article`` values, and a ``SkippedFile`` if the file, or a line of it, cannot be read.
    """
    try:
        reader = _READERS.get(path.suffix.lower())
        if reader is None:
            suffix = path.suffix or "a name without a suffix"
            raise InputError(f"{suffix} is not a format Dateline reads (.txt, .md, .jsonl)")
        yield from reader(files.read_text(path), path)
    except InputError as error:
        yield files.skipped(path, error)
    except Exception as error:  # a bug that one file triggers must not stop the others
        log.exception("%s could not be read", path)
        yield files.skipped(path, f"Dateline failed on it: {unexpected(error)}")


def load_text(text: str, *, origin: str | None = None) -> Article:
    """Make an article from a string, as if it was the content of a .txt file.

    Args:
        text: the article's text; it is kept exactly as it is.
        origin: a name for the place it comes from.

    Returns:
        The article. Its id is derived from the text.

    Raises:
        InputError: the text is empty, or contains characters that a library cannot store.
    """
    return build(text, Facts(), read_header(text), origin=origin)
