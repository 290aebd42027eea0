"""PDF: the text of all pages in reading order, and what the file and its largest text say of the title."""

from __future__ import annotations

import logging
import re
import statistics
import struct
import warnings
import zlib
from collections.abc import Callable, Iterator
from functools import partial
from io import BytesIO
from itertools import takewhile
from typing import Any, TypeVar

from pypdf import PdfReader, apply_configuration
from pypdf.errors import DependencyError, DeprecationError, FileNotDecryptedError, LimitReachedError, PyPdfError

from ...english.characters import is_storable
from ...english.header import is_outlet, read_header
from ...errors import InputError
from ..extract import Extract, Raw, Unread
from ..fields import Facts
from .pdf_drawing import MAX_RUNS, Drawer, Run, inside
from .pdf_layout import Line, Paragraph, body_size, paragraphs_of, rows_of
from .properties import imprint_of, people_of, title_of
from .surroundings import status_by_notices, story_in, without_cover

MAX_PAGES = 300
MAX_STREAM = 20_000_000  # bytes of one stream, unpacked
_Result = TypeVar("_Result")
_LIMITS: dict[str, Any] = {
    "maximum_declared_stream_length": 2 * MAX_STREAM,
    "array_based_stream_maximum_output_length": MAX_STREAM,
    "lzw_maximum_output_length": MAX_STREAM,
    "run_length_maximum_output_length": MAX_STREAM,
    "zlib_maximum_output_length": MAX_STREAM,
    "zlib_maximum_recovery_input_length": 1_000_000,  # recovery goes byte by byte
    "brotli_maximum_output_length": MAX_STREAM,
    "stream_decoding_work_maximum_length": 3 * MAX_STREAM,
    "stream_parsing_work_maximum_count": 1_000_000,
    "page_tree_maximum_entries": 5_000,
    "page_tree_maximum_page_entries": 100_000,
    "jbig2dec_binary": None,  # no program is started
}

logging.getLogger("pypdf").setLevel(logging.CRITICAL)  # what is wrong with a file is said once, in its error


def read(raw: Raw) -> Iterator[Extract | Unread]:
    """Read a PDF file.

    Args:
        raw: the file.

    Yields:
        One article: the text of all pages. Its title is the file's, or the largest text at the top of the first page.
        The dates of the file are not the day of publication, and are left out. Outlet and day may stand in the running
        heads.

    Raises:
        InputError: it is no PDF, is broken or encrypted, holds no text, or is too large.
    """
    with warnings.catch_warnings(), apply_configuration(**_LIMITS):
        warnings.simplefilter("ignore")
        extract = _guarded(lambda: _read(raw.content))
    yield extract


def _guarded(step: Callable[[], _Result]) -> _Result:
    """Do a step, and turn what pypdf raises into an InputError.

    pypdf documents that broken files cause other exceptions than its own: it looks up, casts and calculates with
    whatever a file holds. Those of the standard library are caught here, and only here.
    """
    try:
        return step()
    except (FileNotDecryptedError, DependencyError) as error:  # the latter: AES, without the library for it
        raise InputError("is encrypted; save it without a password") from error
    except LimitReachedError as error:
        raise InputError(f"unpacks to more than {MAX_STREAM // 1_000_000} MB, or is nested too deep") from error
    except (PyPdfError, DeprecationError, RecursionError, ArithmeticError, AssertionError, AttributeError) as error:
        raise InputError("is no PDF that can be read; it may be damaged or cut off") from error
    except (EOFError, LookupError, NotImplementedError, TypeError, ValueError, struct.error, zlib.error) as error:
        raise InputError("is no PDF that can be read; it may be damaged or cut off") from error


def _read(content: bytes) -> Extract:
    reader = PdfReader(BytesIO(content))
    _check_count(inside(inside(reader.root_object, "/Pages"), "/Count"))
    _check_count(len(reader.pages))
    pages, broken = _pages(reader)
    empty = sum(not rows for rows in pages)
    if empty == len(pages):
        raise broken or InputError("is a scan without text; run it through OCR first, for example ocrmypdf")
    paragraphs, heads = paragraphs_of(pages)
    if not paragraphs or not _is_legible(paragraphs):
        raise InputError("has fonts that do not tell their letters; run it through OCR first, for example ocrmypdf")
    warned = (f"{empty} of {len(pages)} pages have no text that can be read",) if empty else ()
    return _extract(paragraphs, heads, reader, warned)


def _check_count(count: object) -> None:
    if isinstance(count, int) and count > MAX_PAGES:
        raise InputError(f"has {count} pages; Dateline reads PDFs of up to {MAX_PAGES}")


def _pages(reader: PdfReader) -> tuple[list[list[list[Line]]], InputError | None]:
    """Return the rows of each page, and what is wrong with the last one that is broken: it counts as empty."""
    drawer, budget = Drawer(), MAX_RUNS
    pages: list[list[list[Line]]] = []
    broken: InputError | None = None
    for number in range(len(reader.pages)):
        try:
            runs = _guarded(partial(_runs, drawer, reader, number, budget))
        except InputError as error:
            runs, broken = [], error
        budget -= len(runs)
        pages.append(rows_of(runs))
    return pages, broken


def _runs(drawer: Drawer, reader: PdfReader, number: int, budget: int) -> list[Run]:
    return drawer.runs_of(reader.pages[number], budget)


# -- metadata ----------------------------------------------------------------------------------------------------------

_HEADLINE = 1.2  # times the size of the body, at least
_MAX_TITLE = 250  # characters
_MAX_IMPRINT = 80
_PRINTED = re.compile(r"(?P<address>https?://[^\s/]+/\S+)\s+\d+/\d+$")


def _extract(paragraphs: list[Paragraph], heads: list[str], reader: PdfReader, warned: tuple[str, ...]) -> Extract:
    info = inside(reader.trailer, "/Info")
    headline = _headline(paragraphs)
    stated = _stated(info, "/Title")
    title = title_of(stated)
    printed = "".join(one.gap + one.words for one in paragraphs)
    above = list(takewhile(lambda one: one is not headline, paragraphs)) if headline else []
    shown = f" {_squeezed(title or '')} " in f" {_squeezed(printed)} "
    if headline and (title is None or _is_of_page(title, headline.words) or not shown):
        title = headline.words
        paragraphs = [headline, *(one for one in paragraphs if one is not headline)]
    below = _imprint_below(paragraphs)
    paragraphs = paragraphs[:-1] if below else paragraphs
    text = story_in(without_cover("".join(one.gap + one.words for one in paragraphs).strip()))
    header = read_header(text)
    authors = () if header.authors else people_of(_stated(info, "/Author"))
    tail = re.split(r"\s+[|–—-]\s+", stated)[-1]
    heads = [*heads, *([below] if below else []), *(one.words for one in above if len(one.words) <= _MAX_IMPRINT)]
    source, published = imprint_of([*heads, *([tail] if title_of(stated) and tail != stated else [])])
    source = source or read_header(printed).source
    facts = Facts(
        title=title,
        source=None if header.source else source,
        authors=authors,
        published=None if header.published else published,
        url=_address(heads),
        status=status_by_notices(text),
    )
    return Extract(text, facts, warnings=warned)


def _address(heads: list[str]) -> str | None:
    """Return the address that a browser prints at the foot of each page."""
    found = (match["address"] for head in heads if (match := _PRINTED.search(head)))
    return next(found, None)


def _imprint_below(paragraphs: list[Paragraph]) -> str | None:
    """Return the last line if it says only where and when a cutting appeared: "Karrow Courier, 9 May 2025, page 3"."""
    last = paragraphs[-1].words if len(paragraphs) > 1 else ""
    header = read_header(f"{last}\n\n.") if 0 < len(last) <= _MAX_IMPRINT else None
    return last if header and header.source and header.published and not header.title else None


def _stated(info: Any, name: str) -> str:
    value = inside(info, name)
    words = " ".join(str(value).split()) if isinstance(value, str) else ""
    return words if is_storable(words) else ""


def _is_of_page(title: str, headline: str) -> bool:
    """Whether a title is the headline with the name of a site, or shorter: "Ferry to reopen | Karrow Courier"."""
    core = _squeezed(re.split(r"\s+[|–—-]\s+", title)[0])
    return _squeezed(headline) in _squeezed(title) or (len(core.split()) > 2 and core in _squeezed(headline))


def _squeezed(words: str) -> str:
    return re.sub(r"\W+", " ", words.lower()).strip()


def _headline(paragraphs: list[Paragraph]) -> Paragraph | None:
    """Return the largest text at the top of the first page. A name of a newspaper is shorter than a headline."""
    body = body_size(line for one in paragraphs for line in one.lines)
    page = [one for one in paragraphs if one.page == paragraphs[0].page]
    heights = [one.first.y for one in page]
    middle = statistics.fmean((min(heights), max(heights)))
    text = (one for one in page if one.first.size < _HEADLINE * body and len(one.words) > _MAX_IMPRINT)
    prose = max((one.first.y for one in text), default=min(heights))  # a title may have a page of its own
    top = [one for one in page if one.first.y >= min(middle, prose) and len(one.words) <= _MAX_TITLE]
    top = [one for one in top if not is_outlet(one.words)]
    large = sorted((one for one in top if one.first.size >= _HEADLINE * body), key=lambda one: -one.first.size)
    named = [one for one in large if sum(len(word) > 1 for word in one.words.split()) >= 4]  # not "I S L A N D S"
    return next(iter((*named, *(one for one in large if re.search(r"\w\w\s", one.words)))), None)


def _is_legible(paragraphs: list[Paragraph]) -> bool:
    text = "".join(one.words for one in paragraphs)
    return sum(letter.isalnum() or letter.isspace() for letter in text) > 0.6 * len(text)
