"""Decompresses a response piece by piece, so that whoever counts the pieces can stop before a bomb fills the memory."""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Iterator
from importlib import import_module
from typing import Any

from ...errors import InputError

_PIECE = 65_536  # bytes that are inflated at once; brotli may give half as many more


def accepted() -> str:
    """Return the encodings that can be read, for the header ``Accept-Encoding``."""
    return "gzip, br" if _brotli() else "gzip"


def decoded(chunks: Iterable[bytes], encoding: str) -> Iterator[bytes]:
    """Decompress the body of a response.

    Args:
        chunks: the body as it was sent.
        encoding: the header ``Content-Encoding``.

    Yields:
        The content, in pieces of at most 100 KB if it is compressed.

    Raises:
        InputError: the encoding is unknown, or the body is damaged.
    """
    name = encoding.strip().lower()
    if name in {"", "identity"}:
        yield from chunks
    elif name in {"gzip", "x-gzip", "deflate"}:
        yield from _inflated(chunks)
    elif name == "br" and (brotli := _brotli()):
        yield from _unbrotlied(chunks, brotli)
    else:  # two encodings in a row are refused, too: a bomb in a bomb
        raise InputError("is compressed in a way that Dateline does not read")


def capped(pieces: Iterable[bytes], most: int) -> Iterator[bytes]:
    """Yield ``pieces``. Raises InputError as soon as they have more than ``most`` bytes."""
    size = 0
    for piece in pieces:
        size += len(piece)
        if size > most:
            raise too_large(most)
        yield piece


def beginning(pieces: Iterable[bytes], most: int) -> bytes:
    """Return the first ``most`` bytes of ``pieces``, and read no further."""
    content = bytearray()
    for piece in pieces:
        content += piece
        if len(content) >= most:
            break
    return bytes(content[:most])


def too_large(most: int) -> InputError:
    """Return the error for a body of more than ``most`` bytes."""
    return InputError(f"is larger than {most // 1_000_000} MB")


def _inflated(chunks: Iterable[bytes]) -> Iterator[bytes]:
    inflater = None
    begun = False
    for chunk in chunks:
        data = chunk
        while data:
            if inflater is None:
                if begun and data[0] != 0x1F:
                    return  # some servers send zeros after the end; only another part of gzip is read
                inflater = zlib.decompressobj(_window(data[0]))
                begun = True
            try:
                yield inflater.decompress(data, _PIECE)
            except zlib.error as error:
                raise _damaged() from error
            data = inflater.unconsumed_tail
            if inflater.eof:
                data = inflater.unused_data
                inflater = None
    if inflater is not None:
        yield inflater.flush()
        if not inflater.eof:
            raise _damaged()


def _window(first: int) -> int:
    """Return zlib's ``wbits`` for data that begins with this byte.

    ``deflate`` should mean zlib's format, but some servers send the bare one. zlib itself tells its format from gzip's.
    """
    return 47 if first == 0x1F or first & 0x0F == 8 else -15


def _unbrotlied(chunks: Iterable[bytes], brotli: Any) -> Iterator[bytes]:
    decompressor = brotli.Decompressor()
    try:
        for chunk in chunks:
            piece = decompressor.process(chunk, output_buffer_limit=_PIECE)
            # It may have taken the whole chunk and still hold output, which only an empty answer rules out.
            while piece or not decompressor.can_accept_more_data():
                yield piece
                piece = decompressor.process(b"", output_buffer_limit=_PIECE)
    except brotli.error as error:
        raise _damaged() from error
    if not decompressor.is_finished():
        raise _damaged()


def _brotli() -> Any:
    """Return the module brotli, or None if it cannot stop in the middle (before 1.2) or is not installed."""
    try:
        brotli = import_module("brotli")
    except ImportError:
        return None
    return brotli if hasattr(brotli.Decompressor, "can_accept_more_data") else None


def _damaged() -> InputError:
    return InputError("cannot be decompressed; it is damaged, or was cut off")
