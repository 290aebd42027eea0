"""ninjs: the IPTC's JSON for news, versions 1 to 3. An item is a story, and may stand in a row of a file of rows."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from ...english.characters import well_formed
from ...english.header import outlet_of_notice
from ..extract import Extract, Unread
from .agency import Story, extract, names_of
from .markup import looks_like_markup, text_of

_SIGNS = ("versioncreated", "pubstatus", "representationtype", "body_xhtml", "bodies")
_MAIN = frozenset({None, "main", "body", "html", "richtext", "story", "text"})
_PUBLISHERS = frozenset({"provider", "publisher", "source"})
_WRITERS = frozenset({"author", "creator", "byline", "writer"})


def is_ninjs(row: Mapping[str, object]) -> bool:
    """Whether a row is a ninjs item.

    Args:
        row: a JSON object.

    Returns:
        True if it names the standard, or has a ``uri`` (or ``guid``) and a property that only ninjs has.
    """
    row = _properties(row)
    standard = row.get("standard")
    if isinstance(standard, Mapping) and standard.get("name") == "ninjs":
        return True
    return bool(_name(row)) and any(name in row for name in _SIGNS)


def read_item(row: Mapping[str, object]) -> Extract | Unread:
    """Read a ninjs item.

    Args:
        row: the item.

    Returns:
        The story; published when it was first created, as in NewsML. ``Unread`` if the item has no text: a picture, for
        example. Associated items are ignored.
    """
    row = _properties(row)
    return extract(
        Story(
            text=_text(row),
            id=_name(row),
            title=_readable(_best(row.get("headlines"), "main", "headline") or _words(row, "headline", "title") or ""),
            source=_source(row),
            authors=tuple(_authors(row)),
            dates=(_words(row, "firstcreated"), _words(row, "contentcreated"), _words(row, "versioncreated")),
            changed=(_words(row, "versioncreated"), _words(row, "contentmodified")),
            url=_words(row, "url") or _link(row.get("links")),
            language=_words(row, "language"),
            state=_words(row, "pubstatus") or "",
            notes=tuple(filter(None, (_words(row, "ednote"),))),
            embargo=_words(row, "embargoed"),
            content=f"{_words(row, 'type') or 'an item'} without a text",
        )
    )


def _properties(row: Mapping[str, object]) -> dict[str, object]:
    """Return an item with its properties, and those of objects in it, in lower case.

    Version 3 writes "versionCreated" and "contentType" for what is "versioncreated" and "contenttype" before.
    """

    def lower(value: object) -> object:
        if isinstance(value, Mapping):
            return {str(name).lower(): inner for name, inner in value.items()}
        return [lower(inner) for inner in value] if isinstance(value, list) else value

    return {str(name).lower(): lower(value) for name, value in row.items()}


def _name(row: Mapping[str, object]) -> str | None:
    return _words(row, "uri", "guid")


def _text(row: Mapping[str, object]) -> str:
    """Return the body: as HTML where there is one, because it tells the paragraphs apart."""
    listed = [body for body in _objects(row.get("bodies")) if _words(body, "value")]
    listed.sort(key=lambda body: (_words(body, "role") not in _MAIN, "html" not in (_words(body, "contenttype") or "")))
    marked = sorted(name for name in row if name.startswith("body_") and "html" in name)
    bodies = (_words(row, *marked), *(_words(body, "value") for body in listed), _words(row, "body_text", "body"))
    return next((_readable(body) for body in bodies if body), "")


def _source(row: Mapping[str, object]) -> str | None:
    named = ("provider", "providers", "infosource", "infosources", "source")
    publishers = [one for one in _objects(row.get("organisations")) if _words(one, "rel") in _PUBLISHERS]
    found = (_words(row, name) or _called(row.get(name)) for name in named)
    holder = _words(row, "copyrightholder") or outlet_of_notice(_words(row, "copyrightnotice") or "")
    return next(filter(None, found), None) or _called(publishers) or holder


def _authors(row: Mapping[str, object]) -> Iterator[str]:
    byline = _words(row, "byline", "by") or _best(row.get("bylines"))
    if byline:
        yield from names_of(_readable(byline))
        return
    people = [one for name in ("people", "person") for one in _objects(row.get(name))]
    written = [one for one in people if (_words(one, "rel") or "").lower() in _WRITERS]
    yield from filter(None, (_words(one, "name") for one in (*written, *_objects(row.get("authors")))))


def _link(links: object) -> str | None:
    pages = (one for one in _objects(links) if "html" in (_words(one, "contenttype") or ""))
    return next((_words(page, "href") for page in pages), None)


def _best(values: object, *roles: str) -> str | None:
    """Return the value of one of the roles in a list of objects, or else the first value."""
    found = [one for one in _objects(values) if _words(one, "value")]
    chosen = [one for one in found if _words(one, "role") in roles]
    return next((_words(one, "value") for one in (*chosen, *found)), None)


def _called(values: object) -> str | None:
    return next((name for value in _objects(values) if (name := _words(value, "name", "literal"))), None)


def _objects(value: object) -> list[Mapping[str, object]]:
    values = value if isinstance(value, list) else [value]
    return [one for one in values if isinstance(one, Mapping)]


def _words(row: Mapping[str, object], *names: str) -> str | None:
    """Return the first of the values that is a string and not empty."""
    values = (row.get(name) for name in names)
    return next((well_formed(value).strip() for value in values if isinstance(value, str) and value.strip()), None)


def _readable(text: str) -> str:
    return text_of(text) if looks_like_markup(text) else text
