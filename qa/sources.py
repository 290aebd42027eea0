"""What is known of files and addresses that were read before: an ingest passes over those that have not changed."""

from __future__ import annotations

import json
import os
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property
from pathlib import Path

from .articles.load import load_file
from .english.characters import well_formed
from .library.library import Library
from .model import Article

READER = 4
"""The version of the readers of formats. A new one reads every file again."""

_WEB = ("http://", "https://")
_NOTHING = "[0, 0, null]"


class Sources:
    """The stamps of files and addresses. A stamp changes when the content does."""

    def __init__(self, library: Library) -> None:
        self._library = library
        self._read: dict[str, str] = {}
        self._held: dict[str, frozenset[str]] = {}

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

    def articles_of(self, place: str) -> list[str]:
        """Return the ids of the stored articles that came from a file, also if not all of it was stored."""
        return self._by_place.get(place, [])

    def keeper(self, article: Article, names: Mapping[str, str]) -> str | None:
        """Return the origin of the file that keeps an article which another file holds as well.

        The file from which it was stored first keeps it, as long as it is there and holds the article. Otherwise two
        files with one address would replace each other's article whenever they are read. The web is no such file: a
        page that is fetched replaces a saved copy.

        Args:
            article: as it was read now.
            names: how the names of fields of rows are mapped.
        """
        stored, read = self._origins.get(article.id), article.origin
        if stored is None or read is None or stored.startswith(_WEB) or read.startswith(_WEB):
            return None
        place = _file_of(stored)
        if place is None or place == _file_of(read):
            return None
        if place not in self._held:
            found = load_file(Path(place), names)
            self._held[place] = frozenset(one.id for one in found if isinstance(one, Article))
        return stored if article.id in self._held[place] else None

    def came_from(self, origin: str, root: Path) -> bool:
        """Whether an article's origin is the file ``root``, a row of it, or a file below the folder ``root``."""
        name = well_formed(str(root))
        if origin == name or origin.startswith(name.rstrip(os.sep) + os.sep):
            return True
        # "a.txt#b.txt" may be a file of its own, and no row of "a.txt".
        return origin.startswith(f"{name}#") and origin not in self._known and not os.path.isfile(origin)

    @cached_property
    def _origins(self) -> dict[str, str]:
        return self._library.origins()

    @cached_property
    def _by_place(self) -> dict[str, list[str]]:
        found: dict[str, list[str]] = defaultdict(list)
        for article_id, origin in self._origins.items():
            own = origin in self._known or "#" not in origin
            for place in (origin,) if own else (origin, *_above(origin)):
                found[place].append(article_id)
        return found

    @cached_property
    def _known(self) -> dict[str, str]:
        return self._library.stamps()

    @cached_property
    def _stored(self) -> dict[str, list[str]]:
        """The ids of stored articles by the place they came from."""
        stored: dict[str, list[str]] = defaultdict(list)
        for article_id, origin in self._origins.items():
            place = next((place for place in (origin, *_above(origin)) if place in self._known), None)
            if place:
                stored[place].append(article_id)
        return stored


def _stamp(stamp: str, articles: int) -> str:
    return json.dumps([READER, articles, stamp])


def _file_of(origin: str) -> str | None:
    """Return the file that an origin is, or is a row of; None if there is none any more."""
    return next((place for place in (origin, *_above(origin)) if os.path.isfile(place)), None)


def _above(origin: str) -> Iterator[str]:
    """Yield the places that an origin may be a row of. A file's name may contain "#", and so may the id of a row."""
    while "#" in origin:
        origin = origin.rpartition("#")[0]
        yield origin
