"""Thousands of broken files of each format: each is read, or refused with a reason. None makes a reader fail.

FORMAT_FUZZ=10000 pytest tests/test_format_fuzz.py
"""

from __future__ import annotations

import json
import os
import random
from collections import defaultdict
from pathlib import Path

import pytest

from qa.articles.extract import Raw
from qa.articles.formats import SUFFIXES
from qa.articles.worker import _answer

COUNT = int(os.environ.get("FORMAT_FUZZ", "60"))
FILES = Path(__file__).parents[1] / "benchmarks" / "formats" / "files"
TOKENS = [
    *(
        b"<",
        b">",
        b"</p>",
        b"&",
        b"&#0;",
        b"\0",
        b"\xff\xfe",
        b"{",
        b"}",
        b"[",
        b'"',
        b"]]>",
        b"<![CDATA[",
        b"<!--",
        b"\r\n",
    ),
    *(
        b"endobj",
        b"stream\n",
        b"0 R",
        b"/Length 9999999999",
        b"--b\n",
        b"Content-Type: text/html\n",
        b"PK\x03\x04",
        b"\\u0000",
    ),
]


def seeds() -> dict[str, list[bytes]]:
    found: dict[str, list[bytes]] = defaultdict(list)
    for path in sorted(FILES.iterdir()):
        if path.suffix in SUFFIXES:
            found[path.suffix].append(path.read_bytes())
    return found


def broken(content: bytes, chance: random.Random) -> bytes:
    """Flip, drop, repeat, move and insert pieces of a file."""
    file = bytearray(content)
    for _ in range(chance.choice((1, 1, 2, 4, 16))):
        at = chance.randrange(len(file) + 1)
        size = chance.choice((1, 2, 8, 64, 1024))
        kind = chance.randrange(6)
        if kind == 0 and at < len(file):
            file[at] = chance.randrange(256)
        elif kind == 1:
            del file[at : at + size]
        elif kind == 2:
            file[at:at] = file[at : at + size] * chance.choice((1, 2, 20))
        elif kind == 3:
            file[at:at] = chance.choice(TOKENS) * chance.choice((1, 1, 3, 200))
        elif kind == 4:
            file = file[:at]
        else:
            other = chance.randrange(len(file) + 1)
            file[at:at] = file[other : other + size]
    return bytes(file)


@pytest.mark.parametrize("suffix", sorted(seeds()))
def test_a_broken_file_is_read_or_refused(suffix: str) -> None:
    chance = random.Random(suffix)
    files = seeds()[suffix]
    for number in range(COUNT):
        content = broken(chance.choice(files), chance)
        answer = json.loads(_answer(Raw(content, suffix)))
        fault = str(answer.get("fault", ""))
        assert "Dateline failed" not in fault, f"file {number}: {fault}"
        assert answer.get("extracts") or fault
