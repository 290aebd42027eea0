"""Files that ship beside the code: in the wheel inside the package, in a checkout beside it."""

from __future__ import annotations

from pathlib import Path

PACKAGE = Path(__file__).resolve().parent


def shipped(packed: str, checkout: str) -> Path:
    """The file or folder ``packed`` of the package, or for an editable install ``checkout`` of the checkout."""
    found = PACKAGE / packed
    return found if found.exists() else PACKAGE.parent / checkout
