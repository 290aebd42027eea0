"""Sources to articles: files, folders and globs in; ``Article`` or ``SkippedFile`` out, one module per format.

    sources ─discover─▶ Path[] ─load_file─▶ text ─text | markdown | jsonl─▶ facts + header ─build─▶ Article

A bad file never stops the rest: it becomes a ``SkippedFile`` that says why.
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
    """Read every article in ``sources``; what cannot be read comes out as a ``SkippedFile``.

    Args:
        sources: files, folders (searched through, hidden entries left out) and globs (``*.txt``, ``news/**``).

    Yields:
        First a ``SkippedFile`` for each source that names nothing readable, then each file's articles, each file once.
    """
    paths, skipped = discover(sources)
    yield from skipped
    for path in paths:
        yield from load_file(path)


def discover(sources: Iterable[str | Path]) -> tuple[list[Path], list[SkippedFile]]:
    """Find the files ``load`` would read, without opening them.

    Args:
        sources: as for ``load``.

    Returns:
        The files in the order of their sources, sorted within each, every file once even where two names or links
        reach it; and a ``SkippedFile`` for each source where nothing is found and each folder that may not be opened.
        A file that was named is listed whatever its format: ``load_file`` tells.
    """
    named = [sources] if isinstance(sources, str | Path) else sources
    found: dict[Path, Path] = {}
    skipped: list[SkippedFile] = []
    for source in map(str, named):
        try:
            paths, closed = files.find(source, _READERS.keys())
        except InputError as error:
            skipped.append(files.skipped(source, error))
            continue
        skipped.extend(closed)
        for path in paths:
            found.setdefault(files.identity_of(path), path)
    return list(found.values()), skipped


def load_file(path: Path) -> Iterator[Article | SkippedFile]:
    """Read the articles of one file: one for .txt and .md, one a line for .jsonl.

    Args:
        path: the file; its suffix chooses the reader.

    Yields:
        ``Article`` values, and a ``SkippedFile`` for the file or for each line that cannot be read.
    """
    try:
        reader = _READERS.get(path.suffix.lower())
        if reader is None:
            suffix = path.suffix or "a name without a suffix"
            raise InputError(f"{suffix} is not a format Dateline reads (.txt, .md, .jsonl)")
        yield from reader(files.read_text(path), path)
    except InputError as error:
        yield files.skipped(path, error)
    except Exception as error:  # a bug on one file must not stop the others (invariant 11)
        log.exception("%s could not be read", path)
        yield files.skipped(path, f"Dateline failed on it: {unexpected(error)}")


def load_text(text: str, *, origin: str | None = None) -> Article:
    """Make an article of a string, as if it were the content of a .txt file.

    Args:
        text: the article's text, kept exactly.
        origin: what to call the place it came from.

    Returns:
        The article; its id is taken from the text.

    Raises:
        InputError: the text is empty, or holds characters no library can store.
    """
    return build(text, Facts(), read_header(text), origin=origin)
