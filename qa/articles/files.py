"""Finds the files that a source names, and reads their bytes. Only this module of the package accesses the disk."""

from __future__ import annotations

import glob
import os
import re
import stat
from collections import Counter
from collections.abc import Container, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from ..english.characters import well_formed
from ..errors import InputError
from ..model import SkippedFile

MAX_BYTES = 20_000_000
"""Larger files are refused: they are no articles, and reading them would fill the memory."""
MAX_ARCHIVE = 100_000_000
"""The same for archives of many pages."""
_ARCHIVES = frozenset({".warc", ".warc.gz"})


@dataclass(frozen=True)
class Found:
    """What a source names: files to read, files of other kinds, and folders that cannot be opened."""

    files: list[Path]
    others: list[Path]
    closed: list[SkippedFile]


def find(source: str, suffixes: Container[str]) -> Found:
    """List the files that one source names.

    Args:
        source: a file, a folder or a glob; ``~`` is the home folder.
        suffixes: the suffixes, in lower case, of the files to choose from a folder or glob. A file that is named itself
            is always chosen.

    Returns:
        The files, sorted. Hidden ones are not listed. A link inside a folder is followed only to a file of that folder.

    Raises:
        InputError: the source does not exist, or has no file with such a suffix.
    """
    path = _home_expanded(source)
    mode = _mode(path)
    if mode is not None and not stat.S_ISDIR(mode):
        return Found([Path(path)], [], [])
    # A name that exists is not a glob, even if it contains brackets.
    tops = [path] if mode is not None else glob.glob(path, recursive=True)
    if not tops:
        raise InputError("matches nothing" if glob.has_magic(path) else "no such file or folder")
    errors: list[OSError] = []
    # A set, because "**" visits a folder several times: by itself, and from each folder above it.
    paths = {file for top in tops for file in _files_in(Path(top), errors)}
    root = os.path.realpath(path if mode is not None else _literal(path))
    # Who names a folder does not mean what a link in it leads to elsewhere: somebody's keys, for example.
    outside = {file for file in paths if file.is_symlink() and not _is_below(os.path.realpath(file), root)}
    chosen = {file for file in paths - outside if suffix_of_name(file) in suffixes}
    reasons = {str(error.filename): _unread(error) for error in errors}
    reasons |= {str(file): "is a link out of the folder; name the file itself" for file in outside}
    if not chosen and not reasons:
        kinds = f" ({count_kinds(paths)})" if paths else ""
        raise InputError(f"contains no file that Dateline reads{kinds}")
    return Found(sorted(chosen), sorted(paths - chosen - outside), [skipped(*reason) for reason in reasons.items()])


def suffix_of_name(path: str | Path) -> str:
    """Return the suffix of a file's name in lower case, with its dot: the last one, or two as in ".warc.gz"."""
    suffixes = [suffix.lower() for suffix in Path(path).suffixes[-2:]]
    return "".join(suffixes) if "".join(suffixes) in _ARCHIVES else "".join(suffixes[-1:])


def count_kinds(paths: Iterable[str | Path]) -> str:
    """Return how many files of each kind there are: "3 .png, 1 .zip, 1 without a suffix"."""
    kinds = Counter(suffix_of_name(path) or "without a suffix" for path in paths)
    return ", ".join(f"{count} {kind}" for kind, count in kinds.most_common())


def stamp(path: Path) -> str | None:
    """Return a text that changes when the file does: its size and the time of its last change. None if it is gone."""
    try:
        about = path.stat()
    except (OSError, ValueError):
        return None
    return f"{about.st_size} {about.st_mtime_ns}"


def identity_of(path: Path) -> Path:
    """Return the absolute path of a file, which is the same however the file was named or linked."""
    # Not Path.resolve: before Python 3.13 it raises an error for a loop of links.
    return Path(os.path.realpath(path))


def skipped(source: str | Path, reason: object) -> SkippedFile:
    """Return the report for a source that was not read."""
    # Python represents bytes of a file name that are not UTF-8 as half surrogate pairs.
    return SkippedFile(origin=well_formed(str(source)), reason=well_formed(str(reason)))


def read_bytes(path: Path) -> bytes:
    """Read a file.

    Args:
        path: the file.

    Returns:
        Its content.

    Raises:
        InputError: the file cannot be opened, is no regular file, or is too large.
    """
    mode = _mode(path)
    if mode is None:
        raise InputError("no such file or folder")
    # Reading a pipe or a device could block for ever.
    if not stat.S_ISREG(mode):
        raise InputError("is not a regular file")
    try:
        with path.open("rb") as file:
            most = MAX_ARCHIVE if suffix_of_name(path) in _ARCHIVES else MAX_BYTES
            content = file.read(most + 1)
    except OSError as error:
        raise InputError(_unread(error)) from error
    if len(content) > most:
        raise InputError(f"is larger than {most // 1_000_000} MB; split it")
    return content


def _home_expanded(source: str) -> str:
    try:
        return os.path.expanduser(source)
    except ValueError:  # the name after "~" contains characters that no user name can have
        return source


def _literal(pattern: str) -> str:
    """Return the folders of a glob before its first wildcard."""
    return os.path.dirname(re.split(r"[*?\[]", pattern)[0]) or "."


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


def _is_below(path: str, root: str) -> bool:
    return path.startswith(root.rstrip(os.sep) + os.sep)


def _unread(error: OSError) -> str:
    return f"cannot be read: {(error.strerror or str(error)).lower()}"
