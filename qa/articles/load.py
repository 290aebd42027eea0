"""Loads articles from files, folders and globs.

    sources ─discover─▶ Path[] ─read_bytes─▶ Raw ─formats, one module each─▶ Extract[] ─build─▶ Article

A file that cannot be read does not stop the others. It becomes a ``SkippedFile`` that gives the reason.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from ..errors import InputError, unexpected
from ..model import Article, Particulars, SkippedFile
from . import files, sandbox
from .archive import unpack
from .build import build
from .extract import Extract, Found, Inner, Note, Raw, Unread
from .fields import Facts
from .formats import SANDBOXED, SUFFIXES, reader_of, suffix_of

log = logging.getLogger(__name__)

__all__ = ["discover", "load", "load_bytes", "load_file", "load_raw", "load_text"]


@dataclass(frozen=True)
class Remark:
    """What the user should know of a file that was read, for example that a date in it could not be."""

    origin: str
    words: str
    lost: bool = True
    """Whether something was lost that another reading might find. Else the words need not be said again."""


Loaded = Article | SkippedFile | Remark


def load(sources: Iterable[str | Path], names: Mapping[str, str] | None = None) -> Iterator[Loaded]:
    """Read every article in ``sources``.

    Args:
        sources: files, folders (searched recursively, without hidden entries) and globs (``*.txt``, ``news/**``).
        names: for rows: Dateline's names of fields to those of the file.

    Yields:
        First a ``SkippedFile`` for each source without a readable file and each folder that cannot be opened. Then the
        articles of each file, remarks, and a ``SkippedFile`` for each file or row that cannot be read. Each file is
        read once.
    """
    found = discover(sources)
    yield from found.skipped
    for path in found.files:
        yield from load_file(path, names)


@dataclass(frozen=True)
class Discovered:
    """The files that sources name, in their order; files of other kinds; sources that cannot be read."""

    files: list[Path]
    others: list[Path]
    skipped: list[SkippedFile]


def discover(sources: Iterable[str | Path]) -> Discovered:
    """Find the files that ``load`` would read, without opening them.

    Args:
        sources: as for ``load``.

    Returns:
        The files, in the order of their sources and sorted within each source, and a ``SkippedFile`` for each source
        without a file and each folder that cannot be opened. A file is listed once, even if several names or links lead
        to it. A file that is named itself is listed whatever its format, and ``load_file`` reports an unknown format.
    """
    sources = [sources] if isinstance(sources, str | Path) else sources
    chosen: dict[Path, Path] = {}
    others: dict[Path, Path] = {}
    skipped: list[SkippedFile] = []
    for source in map(str, sources):
        try:
            found = files.find(source, SUFFIXES)
        except InputError as error:
            skipped.append(files.skipped(source, error))
            continue
        skipped.extend(found.closed)
        for paths, known in ((found.files, chosen), (found.others, others)):
            for path in paths:
                known.setdefault(files.identity_of(path), path)
    return Discovered(list(chosen.values()), list(others.values()), skipped)


def load_file(path: Path, names: Mapping[str, str] | None = None) -> Iterator[Loaded]:
    """Read the articles of one file: one for most formats, several for rows, feeds and mailboxes.

    Args:
        path: the file; its suffix determines the format, unless its content shows another one.
        names: for rows: Dateline's names of fields to those of the file.

    Yields:
        ``Article`` values, a ``SkippedFile`` if the file, or an article of it, cannot be read, and remarks.
    """
    yield from _guarded(str(path), lambda: _file(path, names or {}))


def load_bytes(content: bytes, name: str, key: str) -> Iterator[Loaded]:
    """Read the articles of one file that is not on the disk, such as an upload.

    Args:
        content: its bytes.
        name: its name, whose suffix determines the format, unless the content shows another one.
        key: what its articles are known by: their origin, and their identity if they have no address.

    Yields:
        As ``load_file``.
    """
    yield from _guarded(name, lambda: _bytes(content, name, key, {}))


def load_raw(raw: Raw, name: str, key: str) -> Iterator[Loaded]:
    """Read the articles of one file or response.

    Args:
        raw: its content.
        name: what the report calls it.
        key: its absolute path or address, by which its articles are known.

    Yields:
        As ``load_file``.
    """
    yield from _guarded(name, lambda: _raw(raw, name, key))


def _guarded(name: str, articles: Callable[[], Iterator[Loaded]]) -> Iterator[Loaded]:
    """Yield the articles of a file, and a ``SkippedFile`` in place of the error that ended them."""
    try:
        yield from articles()
    except InputError as error:
        yield files.skipped(name, error)
    except Exception as error:  # a bug that one file triggers must not stop the others
        log.exception("%s could not be read", name)
        yield files.skipped(name, f"Dateline failed on it: {unexpected(error)}")


def _file(path: Path, names: Mapping[str, str]) -> Iterator[Loaded]:
    return _bytes(files.read_bytes(path), str(path), files.identity_of(path).as_posix(), names)


def _bytes(content: bytes, name: str, key: str, names: Mapping[str, str]) -> Iterator[Loaded]:
    raw = Raw(content, suffix_of(files.suffix_of_name(name), content), names=names)
    return _raw(raw, name, key)


def _raw(raw: Raw, name: str, key: str) -> Iterator[Loaded]:
    inner: list[Inner] = []
    places: dict[str, str] = {}
    fault: InputError | None = None
    try:
        for found in _extracts(raw):
            if isinstance(found, Inner):
                inner.append(found)
            else:
                yield from _loaded(found, name, key, places)
    except InputError as error:  # what an archive holds before the fault is read
        fault = error
    for read in unpack(inner, _extracts):
        yield from _loaded(read, name, key, places)
    if fault:
        raise fault


def _loaded(found: Extract | Unread | Note, name: str, key: str, places: dict[str, str]) -> Iterator[Loaded]:
    """Yield what one item of a file becomes. ``places`` tells where in the file each article stood."""
    if isinstance(found, Unread):
        yield files.skipped(name, found.reason)
    elif isinstance(found, Note):
        yield Remark(name, found.words, lost=False)
    else:
        yield from (Remark(name, _placed(found, words)) for words in found.warnings)
        article = _article(found, name, key)
        if isinstance(article, Article) and places.setdefault(article.id, found.where) != found.where:
            by = "address" if article.url else "id" if found.id else "text"
            article = files.skipped(name, _placed(found, f"has the same {by} as {places[article.id]}"))
        yield article


def _extracts(raw: Raw) -> Iterable[Found]:
    return sandbox.extract(raw) if raw.suffix in SANDBOXED else reader_of(raw.suffix)(raw)


def _article(extract: Extract, name: str, key: str) -> Article | SkippedFile:
    several = extract.id or extract.place
    origin = f"{key}#{several}" if several else key
    try:
        return build(extract, origin=origin, key=None if extract.place and not extract.id else origin)
    except InputError as error:
        return files.skipped(name, _placed(extract, str(error)))
    except Exception as error:  # a bug that one article triggers must not stop the others
        log.exception("%s of %s could not be read", extract.where or "the article", name)
        return files.skipped(name, _placed(extract, f"Dateline failed on it: {unexpected(error)}"))


def _placed(extract: Extract, words: str) -> str:
    return f"{extract.where}: {words}" if extract.where else words


def load_text(text: str, *, origin: str | None = None, about: Particulars | None = None) -> Article:
    """Make an article from a string, as if it was the content of a .txt file.

    Args:
        text: the article's text; it is kept exactly as it is.
        origin: a name for the place it comes from.
        about: what is known of it. It takes precedence over what its first lines state.

    Returns:
        The article. Its id is derived from the text.

    Raises:
        InputError: the text is empty, or contains characters that a library cannot store.
    """
    return build(Extract(text, Facts(**about.model_dump(exclude_unset=True)) if about else Facts()), origin=origin)
