"""How extracts travel between the process that asks and the process that reads: as JSON, which cannot run code."""

from __future__ import annotations

import json
import struct
from collections.abc import Iterable
from dataclasses import asdict
from datetime import date, datetime
from typing import Any

from ..english.header import Header
from .extract import Extract, Inner, Note, Raw, Unread
from .fields import Facts

FRAME = struct.Struct(">Q")
"""The length in bytes of a message, before the message."""


def encode_raw(raw: Raw) -> bytes:
    """Return a file as two messages: what is known of it, and its bytes."""
    return frame(json.dumps(_about(raw)).encode()) + frame(raw.content)


def encode_inner(inner: Inner) -> bytes:
    """Return a file of an archive as two messages."""
    about = {"inner": _about(inner.raw), "captured": inner.captured}
    return frame(json.dumps(about).encode()) + frame(inner.raw.content)


def decode_inner(about: dict[str, Any], content: bytes) -> Inner:
    """Return the file that ``encode_inner`` encoded."""
    return Inner(Raw(content=content, **about["inner"]), about["captured"])


def decode_raw(about: bytes, content: bytes) -> Raw:
    """Return the file that ``encode_raw`` encoded."""
    return Raw(content=content, **json.loads(about))


def frame(message: bytes) -> bytes:
    """Return a message with its length before it."""
    return FRAME.pack(len(message)) + message


def encode_extracts(found: Iterable[Extract | Unread | Note]) -> str:
    """Return extracts as JSON."""
    return json.dumps([asdict(one) for one in found], default=_isoformat)


def decode_extracts(text: str) -> list[Extract | Unread | Note]:
    """Return the extracts that ``encode_extracts`` encoded."""
    return [_extract(fields) for fields in json.loads(text)]


def _about(raw: Raw) -> dict[str, Any]:
    return {name: value for name, value in vars(raw).items() if name != "content"} | {"names": dict(raw.names)}


def _isoformat(value: object) -> str:
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError(f"{type(value).__name__} does not travel")


def _extract(fields: dict[str, Any]) -> Extract | Unread | Note:
    if "words" in fields:
        return Note(**fields)
    if "reason" in fields:
        return Unread(**fields)
    header = fields["header"]
    parts = {
        "facts": Facts(**_metadata(fields["facts"])),
        "header": Header(**_metadata(header)) if header else None,
        "warnings": tuple(fields["warnings"]),
    }
    return Extract(**(fields | parts))


def _metadata(fields: dict[str, Any]) -> dict[str, Any]:
    """Restore the types that JSON does not have. A day has ten characters, an instant has more."""
    moments = {name: _moment(fields[name]) for name in ("published", "modified")}
    return fields | moments | {"authors": tuple(fields["authors"])}


def _moment(text: str | None) -> datetime | date | None:
    if not text:
        return None
    return date.fromisoformat(text) if len(text) == 10 else datetime.fromisoformat(text)
