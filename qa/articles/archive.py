"""Reads the files of an archive: each by the reader of its format, and each address once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace

from ..errors import InputError
from .extract import Extract, Found, Inner, Note, Raw, Unread
from .identity import canonical_url


def unpack(files: list[Inner], read: Callable[[Raw], Iterable[Found]]) -> Iterator[Extract | Unread | Note]:
    """Read the files of an archive.

    Args:
        files: what the archive holds. The list is emptied, so that each file is forgotten once it is read.
        read: reads one of them.

    Yields:
        What the files hold, each named by its address. Of several captures of one address only the last one is read. A
        file with nothing to read is named with the reason; several with one reason are counted. The day of a capture
        is no day of publication, and is not taken for one.
    """
    newest = {canonical_url(file.raw.url or "") or "": file for file in sorted(files, key=lambda one: one.captured)}
    older = len(files) - len(newest)
    waiting = [file for file in files if newest.get(canonical_url(file.raw.url or "") or "") is file][::-1]
    files.clear()
    newest.clear()
    faults: dict[str, list[str]] = defaultdict(list)
    while waiting:
        file = waiting.pop()
        url, good = file.raw.url or "", 0
        unread: list[str] = []
        try:
            for found in read(file.raw):
                if isinstance(found, Unread):
                    unread.append(found.reason)
                elif isinstance(found, Extract) and (found.facts.title or file.raw.suffix != ".json"):
                    good += 1
                    yield _named(found, url)
        except InputError as error:
            unread.append(str(error))
        if good:
            yield from (Unread(f"{url}: {reason}") for reason in unread)
        elif file.raw.suffix == ".json":  # pages ask for much JSON, nearly all of which is no story
            faults["is JSON without an article"].append(url)
        else:
            faults[unread[0] if unread else "has nothing to read"].append(url)
    for reason, urls in faults.items():
        yield Unread(f"{urls[0]}: {reason}" if len(urls) == 1 else f"{len(urls)} files, {urls[0]} the first: {reason}")
    if older:
        yield Note(f"left out {older:,} earlier captures of the same addresses")


def _named(extract: Extract, url: str) -> Extract:
    """Return an extract that is known by its address in the archive, if it states none itself."""
    where = f"{url}, {extract.where}" if extract.where else url
    if extract.id or extract.place:
        place = f"{url}#{extract.place}" if extract.place else None
        return replace(extract, where=where, place=place)
    return replace(extract, where=where, id=url)
