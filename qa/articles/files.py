"""Finds the files that a source names, and reads their text. Only this module of the package accesses the disk."""

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
"""Larger files are refused: they are no articles, and reading them would fill the memory."""

_UTF16_MARKS = (b"\xff\xfe", b"\xfe\xff")


def find(source: str, suffixes: Container[str]) -> tuple[list[Path], list[SkippedFile]]:
    """List the files that one source names.

    Args:
        source: a file, a folder or a glob; ``~`` is the home folder.
        suffixes: the suffixes, in lower case, of the files to choose from a folder or glob. A file that is named itself
            is always chosen.

    Returns:
        The files, sorted, and the subfolders that cannot be opened. At least one of the two is not empty.

    Raises:
        InputError: the source does not exist, or has no file with such a suffix.
    """
    path = _home_expanded(source)
    mode = _mode(path)
    if mode is not None and not stat.S_ISDIR(mode):
        return [Path(path)], []
    # A name that exists is not a glob, even if it contains brackets.
    tops = [path] if mode is not None else glob.glob(path, recursive=True)
    if not tops:
        raise InputError("matches nothing" if glob.has_magic(path) else "no such file or folder")
    closed: list[OSError] = []
    paths = {file for top in tops for file in _files_in(Path(top), closed) if file.suffix.lower() in suffixes}
    if not paths and not closed:
        raise InputError("contains no file that Dateline reads (.txt, .md, .jsonl)")
    # By name, because "**" visits a folder several times: by itself, and from each folder above it.
    reasons = {str(error.filename): _unread(error) for error in closed}
    return sorted(paths), [skipped(folder, reason) for folder, reason in reasons.items()]


def identity_of(path: Path) -> Path:
    """Return the absolute path of a file, which is the same however the file was named or linked."""
    # Not Path.resolve: before Python 3.13 it raises an error for a loop of links.
    return Path(os.path.realpath(path))


def skipped(source: str | Path, reason: object) -> SkippedFile:
    """Return the report for a source that was not read."""
    # Python represents bytes of a file name that are not UTF-8 as half surrogate pairs.
    return SkippedFile(origin=well_formed(str(source)), reason=well_formed(str(reason)))


def read_text(path: Path) -> str:
    """Read a UTF-8 file. Line ends are kept; only a byte-order mark is removed.

    Args:
        path: the file.

    Returns:
        The text of the file.

    Raises:
        InputError: the file cannot be opened, is too large, or is not UTF-8 text.
    """
    mode = _mode(path)
    if mode is None:
        raise InputError("no such file or folder")
    # Reading a pipe or a device could block for ever.
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
        raise InputError("is binary: it contains NUL bytes")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise InputError(f"is not UTF-8 (byte {error.start}); save it as UTF-8") from error


def _home_expanded(source: str) -> str:
    try:
        return os.path.expanduser(source)
    except ValueError:  # the name after "~" contains characters that no user name can have
        return source


def _mode(path: str | Path) -> int | None:
    """Return the mode of a file, or None if it does not exist. Raises InputError if that cannot be found out."""
    try:
        return os.stat(path).st_mode
    except (FileNotFoundError, NotADirectoryError, ValueError):
        return None
    except OSError as error:
        raise InputError(_unread(error)) from error


def _files_in(top: Path, closed: list[OSError]) -> Iterator[Path]:
    """Yield ``top`` if it is a file, else the files below it that are not hidden.

    The errors of folders that cannot be opened are added to ``closed``.
    """
    if not os.path.isdir(top):
        yield top
        return
    for folder, subfolders, names in os.walk(top, onerror=closed.append):
        subfolders[:] = [name for name in subfolders if not name.startswith(".")]
        yield from (Path(folder, name) for name in names if not name.startswith("."))


def _unread(error: OSError) -> str:
    return f"cannot be read: {(error.strerror or str(error)).lower()}"
