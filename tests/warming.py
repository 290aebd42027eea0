"""Ends what the page makes ready in the background, so that a test can close what it uses."""

from __future__ import annotations

import sys


def finish_warming() -> None:
    """Wait for what the page makes ready in the background: it uses the libraries that a test closes at its end."""
    if warming := sys.modules.get("qa.page.warm"):
        warming._workers().shutdown()
        warming._workers.cache_clear()
        warming._begun.cache_clear()
