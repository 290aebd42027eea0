"""The benchmark of a shared library runs at a tiny size, against real servers."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from postgres_server import programs

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(programs() is None, reason="needs PostgreSQL: apt-get install postgresql"),
]


def test_it_stores_every_article_after_a_kill_and_the_askers_meet_no_error():
    options = ["--sizes", "30", "--questions", "2", "--askers", "2", "--seconds", "2", "--pause", "0.2"]
    command = [sys.executable, "-m", "benchmarks.teams", *options]
    ended = subprocess.run(command, capture_output=True, text=True, cwd=Path(__file__).parent.parent, check=True)
    report = json.loads(ended.stdout)
    assert report["chunks"] > 30
    assert report["index"] == "chroma"
    assert report["many"]["errors"] == 0
