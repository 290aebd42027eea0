"""Articles from requests: uploads, addresses and texts become articles, which one thread stores in turn."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Sequence
from hashlib import sha256

from .. import manage
from ..articles.build import build
from ..articles.extract import Extract
from ..articles.fields import Facts
from ..articles.files import MAX_BYTES
from ..articles.load import Loaded, Remark, load_bytes
from ..english.characters import displayable, normalise, well_formed
from ..errors import InputError
from ..model import Article, SkippedFile
from ..settings import Settings
from .problems import BUSY, SHOWN, UNREADABLE, Fault, Refusal
from .schemas import Added, NewAddress, NewText, Unread

log = logging.getLogger("qa.api")

_BUG = "Dateline failed on it"
TEXT = "text"
"""What the report calls an article that came as text."""


def of_upload(name: str, content: bytes) -> list[Loaded]:
    """Read the articles of an uploaded file. It is not written to the disk.

    Its articles are known by its content, if not by an address: the same file sent twice is one article, and two files
    of the same name are two.
    """
    name = _file_name(name)
    if len(content) > MAX_BYTES:
        return [SkippedFile(origin=name, reason=f"is larger than {MAX_BYTES:,} bytes, which no article is")]
    key = f"uploads/{sha256(content).hexdigest()[:16]}/{name}"
    return [_named(one, name) for one in load_bytes(content, name, key)]


def of_address(new: NewAddress, settings: Settings) -> list[Loaded]:
    """Fetch a page or feed and read its articles. Only public addresses are reached."""
    return list(manage.preview([new.url], settings=settings, full=new.full))


def of_text(new: NewText) -> list[Loaded]:
    """Make an article of a text."""
    facts = Facts(title=new.title, source=new.source, authors=new.authors, published=new.published, url=new.url)
    try:
        return [build(Extract(new.text, facts))]
    except InputError as error:
        return [SkippedFile(origin=TEXT, reason=str(error))]


def add(loaded: Iterable[Loaded], settings: Settings) -> Added:
    """Store articles, and report what was read and what was not.

    Raises Refusal if there is no article (422), or if another process is adding articles (503), and LibraryError.
    """
    loaded = list(loaded)
    articles = [one for one in loaded if isinstance(one, Article)]
    skipped = [Unread(name=_shown(s.origin), reason=_reason(s.reason)) for s in loaded if isinstance(s, SkippedFile)]
    if not articles:
        raise _nothing(skipped)
    report = manage.ingest(articles, settings=settings, on_progress=_not_waiting)
    skipped += [Unread(name=_shown(s.origin), reason=_reason(s.reason)) for s in report.skipped]
    lost = {s.origin for s in report.skipped if "cannot be stored" in s.reason}
    return Added(
        articles=tuple(dict.fromkeys(a.id for a in articles if (a.origin or a.id) not in lost)),
        added=report.added,
        updated=report.updated,
        unchanged=report.unchanged,
        skipped=tuple(skipped),
        warnings=(
            *(_shown(f"{one.origin}: {one.words}") for one in loaded if isinstance(one, Remark)),
            *_about(articles, report.warnings),
            *(f"{_shown(i.origin)} is stored without its {i.part}." for i in report.incomplete),
        ),
    )


def _not_waiting(_done: int, _total: int, activity: str) -> None:
    if activity == manage.WAITING:
        raise Refusal(BUSY, "Articles are being added from elsewhere. Send this again when that has ended.")


def _about(articles: Sequence[Article], warnings: Sequence[str]) -> list[str]:
    """Return the warnings about these articles. Others are about the server, and for its log."""
    origins = tuple(f"{article.origin or TEXT}: " for article in articles)
    for warning in warnings:
        if not warning.startswith(origins):
            log.warning("%s", warning)
    return [_shown(warning) for warning in warnings if warning.startswith(origins)]


def _nothing(skipped: Sequence[Unread]) -> Refusal:
    detail = "; ".join(f"{one.name}: {one.reason}" for one in skipped[:SHOWN]) or "There was no file in the request"
    faults = [Fault(where=one.name, what=one.reason) for one in skipped]
    remedy = "Send articles as text, HTML, PDF, DOCX, mail, rows or feeds."
    return Refusal(UNREADABLE, f"{detail}. {remedy}", faults=faults)


def _named(loaded: Loaded, name: str) -> Loaded:
    if isinstance(loaded, SkippedFile):
        return SkippedFile(origin=name, reason=loaded.reason)
    return loaded


def _file_name(name: str) -> str:
    """Return the name of an upload without folders, control characters and broken Unicode."""
    name = normalise(well_formed(name)).replace("\\", "/").rpartition("/")[2]
    return "".join(c for c in name if c.isprintable())[-100:].strip() or "upload"


def _reason(reason: str) -> str:
    before, bug, _ = reason.partition(_BUG)
    return _shown(f"{before}{bug}. The server's log says why." if bug else reason)


def _shown(words: str) -> str:
    return displayable(well_formed(words))[:500]
