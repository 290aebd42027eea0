"""What the file system must be told or asked with care."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path


def fsync(path: Path) -> None:
    """Wait until a file, or a folder's list of names, is on the disk. Raises OSError."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def is_there(path: Path) -> bool:
    """Whether there is such a file; False for what cannot be looked at."""
    with suppress(OSError):  # a name too long, a folder that may not be entered
        return path.is_file()
    return False
