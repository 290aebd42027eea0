"""What is known of files and addresses that were read before: an ingest passes over those that have not changed."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator
from functools import cached_property

from .library.library import Library

READER = 3
"""The version of the readers of formats. A new one reads every file again."""

_NOTHING = "[0, 0, null]"


class Sources:
    """The stamps of files and addresses. A stamp changes when the content does."""

    def __init__(self, library: Library) -> None:
        self._library = library
        self._read: dict[str, str] = {}

    def known(self, place: str) -> tuple[str | None, list[str]]:
        """Return the stamp of a place when all its articles were stored, and their ids.

        The stamp is None if the place was not read before, or if one of its articles has been removed from the library
        since: it is to come back with its file.
        """
        stored = self._stored.get(place, [])
        reader, articles, stamp = json.loads(self._known.get(place, _NOTHING))
        return (stamp, stored) if (reader, articles) == (READER, len(stored)) else (None, stored)

    def read(self, place: str, stamp: str | None, articles: int) -> None:
        """Note that ``articles`` articles of a place have been read. It is kept once they are stored."""
        if stamp:
            self._read[place] = _stamp(stamp, articles)

    def keep(self, but: Iterable[str]) -> None:
        """Remember the places read so far, whose articles are stored now.

        Args:
            but: the origins of articles that could not be stored as a whole. Their places are read again next time.
        """
        if self._read:
            faulty = {place for origin in but for place in (origin, *_above(origin))}
            self._library.stamp({place: stamp for place, stamp in self._read.items() if place not in faulty})
            self._read = {}

    @cached_property
    def _known(self) -> dict[str, str]:
        return self._library.stamps()

    @cached_property
    def _stored(self) -> dict[str, list[str]]:
        """The ids of stored articles by the place they came from."""
        stored: dict[str, list[str]] = defaultdict(list)
        for article_id, origin in self._library.origins().items():
            place = next((place for place in (origin, *_above(origin)) if place in self._known), None)
            if place:
                stored[place].append(article_id)
        return stored


def _stamp(stamp: str, articles: int) -> str:
    return json.dumps([READER, articles, stamp])


def _above(origin: str) -> Iterator[str]:
    """Yield the places that an origin may be a row of. A file's name may contain "#", and so may the id of a row."""
    while "#" in origin:
        origin = origin.rpartition("#")[0]
        yield origin
