"""WARC: what crawlers and archiving browsers save. Its pages, feeds, PDFs and JSON are read as files of their own."""

from __future__ import annotations

import re
import zlib
from collections import Counter
from collections.abc import Callable, Generator, Iterator
from io import BytesIO
from urllib.parse import urlsplit

from warcio.archiveiterator import ArchiveIterator
from warcio.bufferedreaders import ChunkedDataReader
from warcio.exceptions import ArchiveLoadFailed
from warcio.recordloader import ArcWarcRecord
from warcio.statusandheaders import StatusAndHeadersParserException
from warcio.utils import BUFF_SIZE

from ...english.temporal.dates import parse_moment
from ...errors import InputError
from ..extract import Found, Inner, Note, Raw, Unread
from ..files import MAX_BYTES
from ..web import media
from ..web.encodings import capped, decoded
from . import suffix_of
from .content import shown

MAX_UNPACKED = 100_000_000  # bytes of all pages and files that are read

MAX_DAMAGED = 100  # places behind which the next record is looked for

_READ = frozenset({".html", ".xml", ".pdf", ".docx", ".json"})
_KINDS = {
    "request": "requests",
    "revisit": "repeated captures without content",
    "metadata": "records about other records",
    "warcinfo": "records about other records",
    "conversion": "converted copies",
    "continuation": "parts of split records",
}
_OTHER = "files of other kinds"
_PACKED = {"gzip": b"\x1f\x8b", "x-gzip": b"\x1f\x8b"}
_FAULTS = (
    ArchiveLoadFailed, StatusAndHeadersParserException, zlib.error, OSError, EOFError, LookupError, ValueError,
    TypeError, AttributeError,
)  # fmt: skip
"""What warcio raises about a broken archive: it splits and converts whatever a file holds."""


_START, _PACKED_START = re.compile(rb"(?<=\n)WARC/\d\.\d+\r?\n(?=[\w-]+:)"), re.compile(rb"\x1f\x8b\x08")


def read(raw: Raw) -> Iterator[Found]:
    """Read a WARC file, compressed or not. Behind a damaged place it goes on with the next record.

    Args:
        raw: the file.

    Yields:
        An ``Inner`` for each page, feed, PDF, DOCX and JSON that a server answered with status 200, with its address
        and the time of its capture; an ``Unread`` for each that is damaged; and a ``Note`` that counts what was left
        out: requests, revisits, other answers, and files of other kinds.

    Raises:
        InputError: it has no record that can be read.
    """
    if shown(raw.content) != ".warc":  # warcio would take it for an older format
        raise InputError("is no WARC that can be read; it may be damaged or cut off")
    left_out: Counter[str] = Counter()
    unpacked = 0
    for found in _Records(_unpacked(raw.content)):
        if isinstance(found, str):
            left_out[found] += 1
            continue
        if isinstance(found, Inner):
            unpacked += len(found.raw.content)
            if unpacked > MAX_UNPACKED:
                yield Unread(f"holds more than {MAX_UNPACKED // 1_000_000} MB of pages; the rest was left out")
                break
        yield found
    if left_out:
        yield Note("left out " + ", ".join(f"{count:,} {kind}" for kind, count in sorted(left_out.items())))


def _unpacked(content: bytes) -> bytes:
    """Return a file that was compressed as a whole, unpacked as far as it is read. Archivers compress each record."""
    if not content.startswith(_PACKED["gzip"]):
        return content
    unpacker = zlib.decompressobj(31)
    try:
        whole = unpacker.decompress(content, MAX_UNPACKED)
    except zlib.error:
        return content
    return whole if not unpacker.unused_data and _START.search(whole) else content


class _Records:
    """The records of a file: what is to be read, what is wrong, and of what kind each is that is left out."""

    def __init__(self, content: bytes) -> None:
        self._content = content
        self._file = BytesIO(content)
        self._read = self._damaged = 0

    def __iter__(self) -> Iterator[Inner | Unread | str]:
        start: int | None = 0
        while start is not None:
            start = yield from self._from(start)
        if self._damaged > MAX_DAMAGED:
            yield Unread(f"is damaged in more than {MAX_DAMAGED} places; the rest was left out")
        if not self._read:
            raise InputError("is no WARC that can be read; it may be damaged or cut off")

    def _from(self, start: int) -> Generator[Inner | Unread | str, None, int | None]:
        """Read from a place on. Returns where the next record begins behind damage, or None at the end."""
        self._file.seek(start)
        archive = ArchiveIterator(self._file)
        at = start
        try:
            for record in archive:
                self._read += 1
                at = archive.offset
                found = _inner(record, self._read)
                archive.read_to_end()
                fits = not archive.err_count and getattr(record.raw_stream, "limit", 0) <= 0
                if not fits and not isinstance(found, Unread):
                    found = Unread(f"{_named(record, self._read)}: states a wrong length; it may be cut off")
                yield found
                if not fits:
                    return self._next(at)
        except _FAULTS:
            begun = self._content.startswith((b"WARC/", _PACKED["gzip"]), archive.offset)
            following = self._next(archive.offset if begun else at)  # else the record before it states a wrong length
            if self._read:
                rest = "before it" if following is None else "before and behind it"
                yield Unread(f"is damaged or cut off behind record {self._read}; what stands {rest} was read")
            return following
        return None

    def _next(self, damaged: int) -> int | None:
        """Where the next record begins behind the start of a damaged one."""
        self._damaged += 1
        if self._damaged > MAX_DAMAGED:
            return None
        if not self._content.startswith(_PACKED["gzip"]):
            plain = _START.search(self._content, damaged + 1)
            return plain.start() if plain else None
        packed = _PACKED_START.finditer(self._content, damaged + 1)
        return next((match.start() for match in packed if _unpacks(self._content, match.start())), None)


def _unpacks(content: bytes, start: int) -> bool:
    """Whether a compressed record begins at a place."""
    try:
        return zlib.decompressobj(31).decompress(content[start : start + 1000], 5) == b"WARC/"
    except zlib.error:
        return False


def _inner(record: ArcWarcRecord, number: int) -> Inner | Unread | str:
    """Return a file to be read, what is wrong with it, or of what kind it is if it is left out."""
    kind = record.rec_type
    if not kind:
        return Unread(f"record {number}: does not say what it is; the archive may be cut off")
    if kind not in {"response", "resource"}:
        return _KINDS.get(kind, "records of other kinds")
    address, named = _address(record), _named(record, number)
    if not _is_web(address):
        return "records about other records"
    answer = record.http_headers
    if kind == "response" and answer is None:
        return Unread(f"{named}: holds no answer in HTTP")
    if answer is not None and answer.get_statuscode() != "200":
        return "answers other than 200"
    stated = (answer or record.rec_headers).get_header("Content-Type") or ""
    if not _may_be_read(lambda: media.suffix_of(media.media_type(stated), urlsplit(address).path)):
        return _OTHER
    if record.rec_headers.get_header("WARC-Truncated"):
        return Unread(f"{named}: was cut off when it was saved")
    try:
        content = b"".join(capped(_body(record), MAX_BYTES))
    except InputError as error:
        return Unread(f"{named}: {error}")
    suffix = media.suffix_of(media.media_type(stated), urlsplit(address).path)
    found = _may_be_read(lambda: suffix_of(suffix or "", content))
    if not found:
        return _OTHER
    captured = parse_moment(record.rec_headers.get_header("WARC-Date") or "")
    return Inner(Raw(content, found, address, _charset(stated)), captured.isoformat() if captured else "")


def _address(record: ArcWarcRecord) -> str:
    return (record.rec_headers.get_header("WARC-Target-URI") or "").strip("<> ")


def _named(record: ArcWarcRecord, number: int) -> str:
    address = _address(record)
    return f"record {number} ({address[:200]})" if address else f"record {number}"


def _may_be_read(tell: Callable[[], str | None]) -> str | None:
    """Return the suffix that ``tell`` tells, "unknown" if only the content can tell, or None for another kind."""
    try:
        suffix = tell()
    except InputError:
        return None
    return "unknown" if suffix is None else suffix if suffix in _READ else None


def _is_web(address: str) -> bool:
    try:
        parts = urlsplit(address)
    except ValueError:
        return False
    return parts.scheme in {"http", "https"} and bool(parts.netloc)


def _body(record: ArcWarcRecord) -> Iterator[bytes]:
    """Yield the content of an answer. Some tools unpack it and keep the headers that say that it is packed."""
    stream, encoding = record.raw_stream, ""
    if record.http_headers is not None:
        encoding = (record.http_headers.get_header("Content-Encoding") or "").strip().lower()
        if (record.http_headers.get_header("Transfer-Encoding") or "").strip().lower() == "chunked":
            stream = ChunkedDataReader(stream)
    first = stream.read(BUFF_SIZE)
    if not first.startswith(_PACKED.get(encoding, b"")):
        encoding = ""

    def pieces() -> Iterator[bytes]:
        piece = first
        while piece:
            yield piece
            piece = stream.read(BUFF_SIZE)

    return decoded(capped(pieces(), MAX_BYTES), encoding)


def _charset(stated: str) -> str | None:
    for part in stated.split(";")[1:]:
        name, _, value = part.partition("=")
        if name.strip().lower() == "charset":
            return value.strip(" \"'") or None
    return None
