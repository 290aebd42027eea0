"""JSON Lines: one article per line. A broken line is reported with its number, and the other lines are still read."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator
from pathlib import Path

from ..english.header import read_header
from ..errors import InputError, unexpected
from ..model import Article, SkippedFile
from .build import build
from .fields import read_facts
from .files import identity_of, skipped

log = logging.getLogger(__name__)

_TEXT_NAMES = ("text", "body", "content")


def read(content: str, path: Path) -> Iterator[Article | SkippedFile]:
    """Read a file with one JSON object per line.

    Args:
        content: the file's text.
        path: the file.

    Yields:
        An article for each good line, and a ``SkippedFile`` with the line number for each broken one. Blank lines are
        ignored.

    Raises:
        InputError: the file is empty.
    """
    if not content.strip():
        raise InputError("is empty")
    base = identity_of(path).as_posix()
    # Not splitlines, because a JSON string may contain U+2028 and similar characters.
    for number, line in enumerate(content.split("\n"), start=1):
        if not line.strip():
            continue
        try:
            yield _read_row(line, base, number)
        except InputError as error:
            yield skipped(path, f"line {number}: {error}")
        except Exception as error:  # a bug that one row triggers must not stop the others
            log.exception("line %s of %s could not be read", number, path)
            yield skipped(path, f"line {number}: Dateline failed on it: {unexpected(error)}")


def _read_row(line: str, base: str, number: int) -> Article:
    row = _parse(line)
    text = next((value for name in _TEXT_NAMES if isinstance(value := row.get(name), str) and value.strip()), None)
    if text is None:
        raise InputError("no text (looked for text, body, content)")
    key = f"{base}#{row_id}" if (row_id := _row_id(row.get("id"))) else None
    return build(text, read_facts(row), read_header(text), key=key, origin=key or f"{base}#L{number}")


def _parse(line: str) -> dict[str, object]:
    try:
        row = json.loads(line)
    except json.JSONDecodeError as error:
        raise InputError(f"not JSON ({error.msg.lower()}, column {error.colno})") from error
    except (ValueError, RecursionError) as error:  # a number with thousands of digits, or thousands of nested brackets
        raise InputError("not JSON that can be read") from error
    if not isinstance(row, dict):
        raise InputError("not a JSON object")
    return row


def _row_id(value: object) -> str | None:
    if isinstance(value, bool) or not isinstance(value, str | int):
        return None
    return str(value).encode(errors="replace").decode().strip() or None
