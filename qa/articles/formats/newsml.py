"""NewsML-G2, the format in which news agencies send stories today, and NewsML 1, which it replaced."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from lxml import etree

from ...errors import InputError
from . import nitf
from .agency import Story, drop, names_of, words_of
from .markup import looks_like_markup, text_of

_ITEMS = ("newsItem", "packageItem", "conceptItem", "knowledgeItem", "planningItem", "catalogItem")
_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
_CONTENT = {
    "packageItem": "a package, which lists other items and holds no text",
    "conceptItem": "a concept, which is no story",
    "knowledgeItem": "a list of concepts, which is no story",
    "planningItem": "a plan of coverage, which is no story",
    "catalogItem": "a catalogue of codes, which is no story",
}


def read_stories(root: etree._Element) -> Iterator[Story]:
    """Read the items of a NewsML file.

    A story is published when its first version was created. ``versionCreated`` is the day of the last change, which may
    be years later; it counts only where the file gives no other day.

    Args:
        root: its root, with local names only: an item or a message with several. It is changed.

    Yields:
        A story for each item, in order. Of several versions of an item only the last.

    Raises:
        InputError: there are no items.
    """
    if root.tag in {"NewsML", "NewsItem"}:
        items = [root] if root.tag == "NewsItem" else list(root.iterfind("NewsItem"))
        stories = [_first_generation(item) for item in items]
    else:
        items = [root] if root.tag in _ITEMS else list(root.iter(*_ITEMS))
        stories = [_second_generation(item) for item in items]
    if not items:
        raise InputError("is NewsML without items")
    yield from _last_versions(zip(stories, map(_version, items), strict=True))


def _last_versions(versions: Iterable[tuple[Story, int]]) -> Iterator[Story]:
    last: dict[str, tuple[Story, int]] = {}
    for number, (story, version) in enumerate(versions):
        name = story.id or f" {number}"
        if name not in last or version >= last[name][1]:
            last[name] = story, version
    yield from (story for story, _ in last.values())


def _version(item: etree._Element) -> int:
    revision = words_of(item.find("Identification/NewsIdentifier/RevisionId")) or item.get("version") or ""
    return int(revision) if revision.isdecimal() and len(revision) < 19 else 0


# NewsML-G2


def _second_generation(item: etree._Element) -> Story:
    meta, about = item.find("itemMeta"), item.find("contentMeta")
    inner = _content(item)
    embargo = _find(meta, "embargoed")
    return replace(
        inner,
        text=inner.text if item.tag == "newsItem" else "",
        id=item.get("guid") or inner.id,
        title=_headline(about) or inner.title or _words(meta, "title"),
        source=_outlet(item, meta, about) or inner.source,
        authors=tuple(_authors(about)) or inner.authors,
        dates=(
            _words(meta, "firstCreated"),
            _words(about, "contentCreated"),
            *inner.dates,
            _words(meta, "versionCreated"),
        ),
        changed=(_words(meta, "versionCreated"), _words(about, "contentModified"), *inner.changed),
        dateline=_words(about, "dateline") or inner.dateline,
        url=_address(meta) or inner.url,
        language=_tag(about) or inner.language or item.get(_LANG),
        state=_state(meta) or inner.state,
        notes=tuple(dict.fromkeys((*_notes(meta), *inner.notes))),
        embargo=inner.embargo if embargo is None else words_of(embargo) or "",
        content=_kind(item, meta),
    )


def _content(item: etree._Element) -> Story:
    """Return the story in an item's content: the first one with a text."""
    stories = (_inline(content) for content in item.iterfind("contentSet/*"))
    return next((story for story in stories if story.text), Story())


def _inline(content: etree._Element) -> Story:
    if content.tag == "inlineData":
        return Story(text=_readable("".join(content.itertext()), content.get("encoding")))
    if content.tag != "inlineXML":
        return Story()
    for child in content.iterchildren("*"):
        if child.tag == "nitf":
            return nitf.read_story(child)
        if child.tag == "html":
            return _page(child)
    return Story(text=text_of(content))


def _readable(text: str, encoding: str | None) -> str:
    if encoding:  # base64: pictures
        return ""
    return text_of(text) if looks_like_markup(text) else "\n".join(line.strip() for line in text.strip().splitlines())


def _page(html: etree._Element) -> Story:
    """Read XHTML. A single first-level heading is the headline, and no part of the text."""
    body = html.find("body")
    if body is None:
        return Story()
    headings = list(body.iter("h1"))
    title = words_of(next(iter(headings), html.find("head/title")))
    if len(headings) == 1:
        drop(headings[0])
    return Story(text=text_of(body), title=title, language=html.get(_LANG) or html.get("lang"))


def _headline(about: etree._Element | None) -> str | None:
    if about is None:
        return None
    headlines = list(about.iterfind("headline"))
    main = [one for one in headlines if one.get("role", "main").lower().endswith("main")]
    return next((words for one in (*main, *headlines) if (words := words_of(one))), None)


def _authors(about: etree._Element | None) -> Iterator[str]:
    if about is None:
        return
    creators = [words for one in about.iterfind("creator/name") if (words := words_of(one))]
    bylines = [words for one in about.iterfind("by") if (words := words_of(one))]
    if creators and not bylines:
        yield from creators
    for byline in bylines:
        yield from names_of(byline)


def _outlet(item: etree._Element, meta: etree._Element | None, about: etree._Element | None) -> str | None:
    """Return the provider's name. Where it has only a code, a name that stands elsewhere says more."""
    named = (
        words_of(_find(meta, "provider/name")),
        words_of(_find(about, "infoSource/name")),
        words_of(_find(about, "creditline")),
        words_of(item.find("rightsInfo/copyrightHolder/name")),
    )
    coded = (
        _code(_find(meta, "provider")),
        _code(_find(about, "infoSource")),
        _code(item.find("rightsInfo/copyrightHolder")),
    )
    return next(filter(None, (*named, *coded)), None)


def _code(element: etree._Element | None) -> str | None:
    """Return what a code stands for, without its scheme: "NW" for "nprov:NW"."""
    if element is None:
        return None
    return element.get("literal") or element.get("qcode", "").rpartition(":")[2] or None


def _address(meta: etree._Element | None) -> str | None:
    """Return the address of the story's page, if the item links to it."""
    if meta is None:
        return None
    for link in meta.iterfind("link"):
        relation = link.get("rel", "").rpartition(":")[2].lower()
        if relation in {"canonical", "alternate", "webpage"} or link.get("contenttype") == "text/html":
            return link.get("href")
    return None


def _tag(about: etree._Element | None) -> str | None:
    element = _find(about, "language")
    return None if element is None else element.get("tag")


def _state(meta: etree._Element | None) -> str:
    element = _find(meta, "pubStatus")
    code = "" if element is None else element.get("qcode") or element.get("uri") or ""
    return code.replace("/", ":").rpartition(":")[2]


def _notes(meta: etree._Element | None) -> Iterator[str]:
    if meta is None:
        return
    yield from (words for note in meta.iterfind("edNote") if (words := words_of(note)))
    yield from (code for signal in meta.iterfind("signal") if (code := signal.get("qcode")))


def _kind(item: etree._Element, meta: etree._Element | None) -> str:
    """Say what an item without a text holds."""
    if item.tag in _CONTENT:
        return _CONTENT[str(item.tag)]
    kind = (_code(_find(meta, "itemClass")) or "").lower()
    remote = item.find("contentSet/remoteContent")
    if not kind and remote is not None:
        kind = remote.get("contenttype", "").partition("/")[0].lower().replace("image", "picture")
    if kind in {"picture", "graphic", "video", "audio", "animated"}:
        return f"{kind} without a text"
    return "no text" if remote is None else "its text is in another file"


# NewsML 1


def _first_generation(item: etree._Element) -> Story:
    identifier = item.find("Identification/NewsIdentifier")
    management = item.find("NewsManagement")
    component = item.find(".//NewsComponent")
    if component is None:
        return Story(id=_public(identifier))
    inner = next((story for one in component.iter("ContentItem") if (story := _data(one)).text), Story())
    state = _formal(management, "Status")
    notes = [words for one in component.iterfind(".//NewsLines/NewsLine/NewsLineText") if (words := words_of(one))]
    bylines = [words for one in component.iterfind(".//NewsLines/ByLine") if (words := words_of(one))]
    return replace(
        inner,
        id=_public(identifier) or inner.id,
        title=_words(component, ".//NewsLines/HeadLine") or inner.title,
        source=_formal(component, ".//AdministrativeMetadata/Provider/Party") or inner.source,
        authors=tuple(name for byline in bylines for name in names_of(byline)) or inner.authors,
        dates=(_words(management, "FirstCreated"), *inner.dates, _words(management, "ThisRevisionCreated")),
        changed=(_words(management, "ThisRevisionCreated"), *inner.changed),
        dateline=_words(component, ".//NewsLines/DateLine") or inner.dateline,
        language=_formal(component, ".//DescriptiveMetadata/Language") or component.get(_LANG) or inner.language,
        state=state or inner.state,
        notes=(*notes, *filter(None, (_formal(management, "Instruction"),)), *inner.notes),
        embargo=_words(management, "StatusWillChange/DateAndTime") if state == "Embargoed" else inner.embargo,
    )


def _data(content: etree._Element) -> Story:
    data = content.find("DataContent")
    if data is None or content.find("Encoding") is not None:
        return Story()
    for child in data.iter("nitf", "html"):
        return nitf.read_story(child) if child.tag == "nitf" else _page(child)
    if next(data.iterchildren("*"), None) is not None:
        return Story(text=text_of(data))
    return Story(text=_readable(data.text or "", None))


def _public(identifier: etree._Element | None) -> str | None:
    """Return an item's name. PublicIdentifier holds the number of the revision, too, which changes."""
    parts = [_words(identifier, part) for part in ("ProviderId", "DateId", "NewsItemId")]
    return ":".join(["urn:newsml", *filter(None, parts)]) if parts[-1] else _words(identifier, "PublicIdentifier")


def _formal(parent: etree._Element | None, path: str) -> str | None:
    element = _find(parent, path)
    return None if element is None else element.get("FormalName")


def _find(parent: etree._Element | None, path: str) -> etree._Element | None:
    return None if parent is None else parent.find(path)


def _words(parent: etree._Element | None, path: str) -> str | None:
    return words_of(_find(parent, path))
