"""Code that the kill tests of servers run in separate processes: an API that kills itself while it works."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import killing_shared
from killing import _trap
from killing_shared import Kill

from qa.api import adding
from qa.api.asking import Asking
from qa.api.options import ApiSettings
from qa.api.server import log_to_stderr, serve
from qa.library.library import Library
from qa.settings import Settings, place_of

# Where an API kills itself: the class or module, its function, and whether before or after that function runs.
OF_INGEST = (
    "before a transaction",
    "amid a transaction",
    "before the words are counted",
    "before the commit",
    "after the commit",
    "while it reads a snapshot",
)
POINTS: dict[str, tuple[Any, str, str]] = {
    **{name: killing_shared.POINTS[name] for name in OF_INGEST},
    "before an upload is read": (adding, "of_upload", "before"),
    "before an upload is confirmed": (adding, "add", "after"),
    "before a question is planned": (Asking, "_run", "before"),
    "while a question searches": (Library, "lexical", "after"),
    "between two events of an answer": (Asking, "_put", "after"),
}


def server(address: str, log: Path, data: Path, kill: Kill | None) -> None:
    """Serve a shared library, until killed or told to stop. Its own files are in ``data``."""
    os.environ["XDG_DATA_HOME"] = str(data)
    os.dup2(os.open(log, os.O_WRONLY | os.O_CREAT | os.O_TRUNC), 2)
    log_to_stderr()
    if kill and kill.point:
        _trap(*POINTS[kill.point], kill.nth)
    serve(Settings(library=place_of(address), offline=True), ApiSettings(port=0, rate=1_000_000))
