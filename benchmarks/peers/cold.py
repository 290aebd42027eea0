"""Answer one question in a new process: ``python -m benchmarks.peers.cold SIDE FOLDER ADDRESS QUESTION``."""

from __future__ import annotations

import sys
from pathlib import Path

from .side import opened

if __name__ == "__main__":
    name, folder, address, question = sys.argv[1:]
    opened(name, Path(folder), address).ask(question)
