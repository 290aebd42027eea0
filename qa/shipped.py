"""Finds files that ship with the code. In the wheel they are inside the package, in a checkout beside it."""

from __future__ import annotations

from pathlib import Path

PACKAGE = Path(__file__).resolve().parent


def shipped(packed: str, checkout: str) -> Path:
    """Return a file or folder that ships with the code.

    Args:
        packed: its path inside the installed package.
        checkout: its path inside the checkout, for an editable install.
    """
    path = PACKAGE / packed
    return path if path.exists() else PACKAGE.parent / checkout
