"""XML: the root element tells the format, and its reader takes over. Entities and outside references do nothing.

Nothing is fetched, no DTD is loaded, and only the entities that HTML names are replaced. A file that is not well-formed
is repaired where the fault is a common one: a bare ``&``, a wrong encoding, a control character.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from contextlib import suppress

from lxml import etree

from ...errors import InputError
from ..encoding import decode
from ..extract import Extract, Raw, Unread

_FEEDS = frozenset({"rss", "feed", "RDF"})
_NEWSML = frozenset({
    "newsItem", "newsMessage", "packageItem", "conceptItem", "knowledgeItem", "planningItem", "catalogItem", "NewsML",
    "NewsItem",
})  # fmt: skip
_NAMED = re.compile(rb"&([A-Za-z][A-Za-z0-9]{1,30});")
_KEPT = frozenset({b"lt", b"gt", b"amp", b"quot", b"apos"})  # XML's own
_DECLARATION = re.compile(r"^\s*<\?xml[^>]{0,200}\?>")
_ENCODING = re.compile(rb"^\s*<\?xml[^>]{0,100}?encoding\s*=\s*[\"']([A-Za-z0-9._-]{1,40})[\"']")
_BARE_AMPERSAND = re.compile(r"&(?!#\d{1,7};|#x[0-9A-Fa-f]{1,6};|[A-Za-z_][\w.-]{0,60};)")
_NO_CHARACTER = re.compile(r"[^\t\n\r\x20-\uD7FF\uE000-\uFFFD\U00010000-\U0010FFFF]")
_REFERENCE = re.compile(r"&#(?:(?P<decimal>\d{1,30})|x(?P<hex>[0-9A-Fa-f]{1,30}));")
_HOSTILE = ("amplification", "Excessive depth", "entity loop", "recursive")


def read(raw: Raw) -> Iterator[Extract | Unread]:
    """Read an XML file.

    Args:
        raw: the file.

    Yields:
        The articles that the reader of its format finds: NITF, NewsML, RSS, Atom or XHTML.

    Raises:
        InputError: it is no XML, or XML of another kind.
    """
    root, warnings = parse(raw)
    kind = local_name(root)
    if kind in _FEEDS:
        from . import feed

        yield from feed.read(raw)
    elif kind.lower() == "html":
        from . import page

        yield from page.read(raw)
    elif kind == "nitf" or kind in _NEWSML:
        from . import agency, newsml, nitf

        drop_namespaces(root)
        stories = [nitf.read_story(root)] if kind == "nitf" else newsml.read_stories(root)
        yield from agency.extracts(stories, warnings)
    else:
        raise InputError(
            f"is XML of a kind Dateline does not read (root <{kind[:40]}>): it reads NITF, NewsML-G2, RSS and Atom"
        )


def parse(raw: Raw) -> tuple[etree._Element, tuple[str, ...]]:
    """Parse XML that anybody may have written.

    Args:
        raw: the file. ``raw.charset`` is used if the document is not in the encoding that it declares.

    Returns:
        The root element, without comments and references to entities, and warnings about what is broken.

    Raises:
        InputError: it is no XML, or does harm: entities within entities, or elements nested too deeply.
    """
    content = raw.content.lstrip()
    if not content:
        raise InputError("is empty")
    content = _NAMED.sub(_character, content)
    try:
        return _tree(content), ()
    except etree.XMLSyntaxError as error:
        if any(word in str(error) for word in _HOSTILE):
            raise InputError("is XML with entities or elements nested too deeply to be read") from error
    return _repaired(content, raw.charset)


def local_name(element: etree._Element) -> str:
    """Return an element's name without its namespace, or without a prefix that stands for none."""
    return re.split("[}:]", str(element.tag))[-1]


def drop_namespaces(root: etree._Element) -> None:
    """Rename all elements of a tree to their local names, so that files with and without namespaces read alike."""
    for element in root.iter("{*}*"):
        with suppress(ValueError):  # a name that only a broken file can have stays as it is
            element.tag = local_name(element)


def _repaired(content: bytes, charset: str | None) -> tuple[etree._Element, tuple[str, ...]]:
    declared = _ENCODING.match(content)
    text, warnings = decode(content, charset or (declared[1].decode() if declared else None))
    text = _REFERENCE.sub(_allowed, _NO_CHARACTER.sub("", _DECLARATION.sub("", text)))
    content = _BARE_AMPERSAND.sub("&amp;", text).encode()
    try:
        return _tree(content, encoding="utf-8"), warnings
    except etree.XMLSyntaxError as error:
        fault = str(error.msg).partition(", line")[0]
        where = error.lineno
    try:
        root = _tree(content, encoding="utf-8", recover=True)
    except etree.XMLSyntaxError:
        raise InputError(f"is not XML that can be read (line {where}: {fault})") from None
    return root, (*warnings, f"is broken XML (line {where}: {fault}); what can be read of it was read")


def _allowed(reference: re.Match[str]) -> str:
    """Return a reference to a character, or nothing if XML allows no such character."""
    number = int(reference["decimal"]) if reference["decimal"] else int(reference["hex"], 16)
    return "" if number > 0x10FFFF or _NO_CHARACTER.match(chr(number)) else reference[0]


def _tree(content: bytes, *, encoding: str | None = None, recover: bool = False) -> etree._Element:
    parser = etree.XMLParser(
        encoding=encoding,
        recover=recover,
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    root: etree._Element | None = etree.fromstring(content, parser)
    if root is None:  # recovering, it found no element
        raise etree.XMLSyntaxError("no element found", 0, 1, 1)
    if next(root.iter(etree.Entity), None) is None:
        return root
    etree.strip_tags(root, etree.Entity)
    # Parsed again, because lxml takes minutes over a text in a million pieces.
    return etree.fromstring(etree.tostring(root), parser)


def _character(match: re.Match[bytes]) -> bytes:
    """Return the character that HTML's name of it stands for. Agencies and feeds use them without declaring them."""
    name = match[1]
    characters = None if name in _KEPT else html.entities.html5.get(f"{name.decode()};")
    return match[0] if characters is None else "".join(f"&#{ord(one)};" for one in characters).encode()
