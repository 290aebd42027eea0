"""Decodes bytes: UTF-8, UTF-16 and UTF-32 by their marks, and other encodings by charset-normalizer."""

from __future__ import annotations

import codecs
from contextlib import suppress

from ..errors import InputError
from .language import detect

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),  # before UTF-16, whose mark it begins with
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_NEARLY_ALL = 0.9  # of the bytes of a text in a Western European language are ASCII
_SAMPLE = 100_000  # bytes from which the encoding is guessed


def decode(content: bytes, charset: str | None = None) -> tuple[str, tuple[str, ...]]:
    """Decode the content of a text file. Line ends are kept; only a byte-order mark is removed.

    Args:
        content: the bytes.
        charset: the encoding that a web server named. It is used if the bytes are not UTF-8.

    Returns:
        The text, and a warning if the encoding was guessed, or a part could not be decoded.

    Raises:
        InputError: the bytes are no text.
    """
    mark = next((encoding for mark, encoding in _MARKS if content.startswith(mark)), None)
    if mark != "utf-8-sig" and mark:
        try:
            return content.decode(mark), ()
        except UnicodeDecodeError as error:
            raise InputError(f"is broken {mark.upper()} (byte {error.start}); save it as UTF-8") from error
    if b"\0" in content:
        raise InputError("is binary: it contains NUL bytes")
    with suppress(UnicodeDecodeError):
        return content.decode("utf-8-sig"), ()
    if charset:
        with suppress(LookupError, UnicodeDecodeError):
            return content.decode(charset), ()
    return _mended(content) or _guessed(content)


def _mended(content: bytes) -> tuple[str, tuple[str, ...]] | None:
    """Decode UTF-8 in which some bytes are broken: more characters of several bytes are whole than broken."""
    text = content.decode("utf-8-sig", "replace")
    broken = text.count("\ufffd")
    if sum(not character.isascii() for character in text) < 2 * broken:
        return None
    count = "1 byte is broken" if broken == 1 else f"{broken} bytes are broken"
    return text, (f"is UTF-8 in which {count}; � stands for what is lost",)


def _guessed(content: bytes) -> tuple[str, tuple[str, ...]]:
    try:
        encoding = _encoding(content[:_SAMPLE])
        return content.decode(encoding), (f"is not UTF-8; it was read as {encoding}, which is a guess",)
    except (LookupError, UnicodeDecodeError) as error:
        raise InputError("is text in no encoding that can be recognised; save it as UTF-8") from error


def _encoding(sample: bytes) -> str:
    """Guess an encoding. Text with few accents has too few to tell: it is what browsers take it for."""
    plain = sample.decode("ascii", "ignore")
    if len(plain) > _NEARLY_ALL * len(sample) or detect(plain) == "en":
        return "cp1252"
    from charset_normalizer import from_bytes

    best = from_bytes(sample).best()
    return best.encoding if best else "unknown"
