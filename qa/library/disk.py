"""File system calls that need care: waiting for the disk, and testing for a file."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path


def fsync(path: Path) -> None:
    """Wait until a file, or the list of names in a folder, has been written to the disk. Raises OSError."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def is_there(path: Path) -> bool:
    """Whether ``path`` is a file. False if it cannot be examined."""
    with suppress(OSError):  # for example a name that is too long, or a folder without permission
        return path.is_file()
    return False
