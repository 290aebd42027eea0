"""From what the user named to files, and from files to text. The only module that touches the disk."""

from __future__ import annotations

import glob
import os
import stat
from collections.abc import Container, Iterator
from pathlib import Path

from ..english.characters import well_formed
from ..errors import InputError
from ..model import SkippedFile

MAX_BYTES = 20_000_000
"""A file larger than this is no article; reading it would only fill the memory."""

_UTF16_MARKS = (b"\xff\xfe", b"\xfe\xff")


def find(source: str, suffixes: Container[str]) -> tuple[list[Path], list[SkippedFile]]:
    """List the files one source stands for.

    Args:
        source: a file, a folder or a glob; ``~`` is the home folder.
        suffixes: in lower case, to choose by among the files of a folder or glob. A file that was named is not judged.

    Returns:
        The files, sorted, and the folders below that may not be opened; at least one of either.

    Raises:
        InputError: nothing is there, or nothing with such a suffix.
    """
    path = _home_expanded(source)
    mode = _mode(path)
    if mode is not None and not stat.S_ISDIR(mode):
        return [Path(path)], []
    # A name that exists is meant as it is, even with brackets in it.
    tops = [path] if mode is not None else glob.glob(path, recursive=True)
    if not tops:
        raise InputError("matches nothing" if glob.has_magic(path) else "no such file or folder")
    closed: list[OSError] = []
    found = {file for top in tops for file in _files_in(Path(top), closed) if file.suffix.lower() in suffixes}
    if not found and not closed:
        raise InputError("holds no file that Dateline reads (.txt, .md, .jsonl)")
    # By name, since "**" comes to a folder once for itself and once for each folder above it.
    reasons = {str(error.filename): _unread(error) for error in closed}
    return sorted(found), [skipped(folder, reason) for folder, reason in reasons.items()]


def identity_of(path: Path) -> Path:
    """The one absolute path of a file, however it was reached."""
    # Not Path.resolve: before Python 3.13 it raises on a loop of links.
    return Path(os.path.realpath(path))


def skipped(source: str | Path, reason: object) -> SkippedFile:
    """The report of a source that is not read."""
    # Bytes of a file name that are no UTF-8 are half surrogate pairs to Python.
    return SkippedFile(origin=well_formed(str(source)), reason=well_formed(str(reason)))


def read_text(path: Path) -> str:
    """Read a UTF-8 file exactly: line ends are kept, only a byte-order mark is dropped.

    Args:
        path: the file.

    Returns:
        Its text.

    Raises:
        InputError: it cannot be opened, is too large, or is not UTF-8 text.
    """
    mode = _mode(path)
    if mode is None:
        raise InputError("no such file or folder")
    # A pipe or a device would keep the reader waiting for ever.
    if not stat.S_ISREG(mode):
        raise InputError("is not a regular file")
    try:
        with path.open("rb") as file:
            content = file.read(MAX_BYTES + 1)
    except OSError as error:
        raise InputError(_unread(error)) from error
    return _decode(content)


def _decode(content: bytes) -> str:
    if len(content) > MAX_BYTES:
        raise InputError(f"is larger than {MAX_BYTES // 1_000_000} MB; split it")
    if content.startswith(_UTF16_MARKS):
        raise InputError("is UTF-16, not UTF-8; save it as UTF-8")
    if b"\0" in content:
        raise InputError("is binary: it holds NUL bytes")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise InputError(f"is not UTF-8 (byte {error.start}); save it as UTF-8") from error


def _home_expanded(source: str) -> str:
    try:
        return os.path.expanduser(source)
    except ValueError:  # "~" and then what no user's name can hold
        return source


def _mode(path: str | Path) -> int | None:
    """The kind of a file, None where nothing is. Raises InputError where looking is not allowed."""
    try:
        return os.stat(path).st_mode
    except (FileNotFoundError, NotADirectoryError, ValueError):
        return None
    except OSError as error:
        raise InputError(_unread(error)) from error


def _files_in(top: Path, closed: list[OSError]) -> Iterator[Path]:
    """``top`` if it is a file, else each file below it that is not hidden. ``closed`` gets the folders that fail."""
    if not os.path.isdir(top):
        yield top
        return
    for folder, subfolders, names in os.walk(top, onerror=closed.append):
        subfolders[:] = [name for name in subfolders if not name.startswith(".")]
        yield from (Path(folder, name) for name in names if not name.startswith("."))


def _unread(error: OSError) -> str:
    return f"cannot be read: {(error.strerror or str(error)).lower()}"
