"""What a page states of itself in the terms of schema.org: as JSON-LD in scripts, or as microdata or RDFa in its tags.

Both become nodes: dictionaries as JSON-LD writes them. One node is the page's article; others are its teasers.
"""

from __future__ import annotations

import html
import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from lxml import etree

from .markup import looks_like_markup, text_of

Node = dict[str, Any]

_ARTICLES = frozenset({"BlogPosting", "DiscussionForumPosting", "LiveBlogPosting", "Report", "SocialMediaPosting"})
"""Beside those whose name ends in "Article"."""
_LEADING = ("@graph", "mainEntity", "mainEntityOfPage")
"""Properties that lead to the page's article. Others, such as ``itemListElement``, lead to other articles."""
_WRAPPER = re.compile(r"\s*(?://|/\*)?\s*(?:<!\[CDATA\[|<!--)(?:\s*\*/)?")
_STRING = r'"(?:\\.|[^"\\]++|"(?!\s*(?:[,:}\]]|/[/*]|$)))*+"?'
"""A quotation mark that nothing of JSON follows is a part of its string: many tools forget to escape it.

One that is never closed takes the rest, so that no mark is tried twice.
"""
_STRING_OR_COMMENT = re.compile(rf"(?P<string>{_STRING})|//[^\n]*|/\*(?:[^*]|\*(?!/))*+(?:\*/)?", re.DOTALL)
_STRING_OR_COMMA = re.compile(rf"(?P<string>{_STRING})|,(?=\s*[,}}\]])", re.DOTALL)
_UNESCAPED = re.compile(r'\\(?P<known>["\\/bfnrtu])|\\|(?P<mark>")')
_MICROFORMATS = {
    "p-name": "headline",
    "p-author": "author",
    "dt-published": "datePublished",
    "dt-updated": "dateModified",
    "u-url": "url",
}
_MAX_ENTRIES = 100
_JSON = json.JSONDecoder(strict=False)  # not strict: line breaks may stand in a string


@dataclass(frozen=True)
class Statements:
    """The nodes that may be about the page's article, those that name its site, and whether some could not be read."""

    nodes: tuple[Node, ...] = ()
    sites: tuple[Node, ...] = ()
    broken: bool = False


def read_jsonld(tree: etree._Element) -> Statements:
    """Read the scripts that hold JSON-LD.

    Args:
        tree: the page.

    Returns:
        The articles, with references to other nodes replaced by these. Trailing commas, comments, line breaks and
        quotation marks in strings, entities, and marks of CDATA are tolerated.
    """
    documents, broken = [], False
    for script in tree.iter("script"):
        if "ld+json" in script.get("type", "").lower() and (script.text or "").strip():
            document = _parse(script.text or "")
            broken = broken or document is None
            documents.append(document)
    named = _by_id(documents)
    nodes = [_resolved(node, named) for node in _leading(documents)]
    sites = tuple(node for node in nodes if "WebSite" in types_of(node))
    return Statements(tuple(filter(is_article, nodes)), sites, broken)


def read_microdata(tree: etree._Element) -> Statements:
    """Read the attributes of microdata and of RDFa Lite.

    Args:
        tree: the page.

    Returns:
        The articles, in the form of JSON-LD.
    """
    found: list[Node] = []
    open_nodes: list[tuple[etree._Element, Node]] = []
    for event, element in etree.iterwalk(tree, events=("start", "end")):
        if event == "end":
            if open_nodes and open_nodes[-1][0] is element:
                closed = open_nodes.pop()[1]
                if "name" not in closed and not is_article(closed):
                    closed["name"] = _start_of(element)
            continue
        names = (element.get("itemprop") or element.get("property") or "").split()
        kind = element.get("itemtype") or element.get("typeof")
        node: Node | None = {"@type": kind.split()} if kind else None
        if open_nodes:
            # In RDFa, a property beside "about" is one of what that names: "<span about=… property=name>Ada Blum".
            own = node if element.get("about") else None
            for name in map(_plain, names):
                if name in _PROPERTIES:
                    said = _stated(element, name) if node is None or own is not None else node
                    (own if own is not None else open_nodes[-1][1]).setdefault(name, []).append(said)
        if node is not None:
            found.append(node)
            open_nodes.append((element, node))
    return Statements(tuple(filter(is_article, found)))


def read_microformats(tree: etree._Element) -> Statements:
    """Read the classes of microformats: "h-entry" with its "p-name", "p-author", "dt-published" and "u-url".

    Args:
        tree: the page.

    Returns:
        The entries, in the form of JSON-LD.
    """
    entries = [element for element in tree.iter("*") if "h-entry" in element.get("class", "").split()]
    return Statements(tuple(map(_entry, entries[:_MAX_ENTRIES])))


def _entry(entry: etree._Element) -> Node:
    node: Node = {"@type": "Article"}
    walk = etree.iterwalk(entry, events=("start",))
    for _, element in walk:
        classes = element.get("class", "").split() if isinstance(element.tag, str) else []
        for name in _MICROFORMATS.keys() & classes if element is not entry else ():
            node.setdefault(_MICROFORMATS[name], []).append(_classed(element, name))
        if element is not entry and any(name.startswith(("h-", "e-")) for name in classes):
            walk.skip_subtree()  # another thing, such as a reply with its own author, or the text
    return node


def _classed(element: etree._Element, name: str) -> str:
    """Return the value that an element gives to a property of a microformat."""
    given = element.get("href") if name == "u-url" else element.get("datetime") if name.startswith("dt-") else None
    return given or _start_of(element)


def types_of(node: Node) -> tuple[str, ...]:
    """Return the types of a node, without the address of their vocabulary."""
    kinds = node.get("@type")
    kinds = kinds if isinstance(kinds, list) else [kinds]
    return tuple(re.split(r"[/:#]", kind)[-1] for kind in kinds if isinstance(kind, str))


def is_article(node: Node) -> bool:
    """Whether a node is an Article of schema.org, or of a narrower type."""
    return any(kind.endswith("Article") or kind in _ARTICLES for kind in types_of(node))


def is_live(node: Node) -> bool:
    """Whether a node is a live blog."""
    return "LiveBlogPosting" in types_of(node)


def choose(nodes: tuple[Node, ...], is_here: Callable[[str], bool | None], titles: list[str]) -> Node | None:
    """Choose the node that is about the page's own article.

    Args:
        nodes: articles.
        is_here: whether an address is the page's; None where that cannot be known.
        titles: what the page calls itself: its headings and its title.

    Returns:
        The node with the page's address or title. A node without an address and a known title is taken if none has
        them. None if all are of other pages.
    """
    folded = list(filter(None, map(fold, titles)))

    def fits(node: Node) -> int:
        title = fold(words_of(node.get("headline") or node.get("name")))
        titled = bool(title) and any(title.startswith(own) or own.startswith(title) for own in folded)
        here = [known for address in addresses_of(node) if (known := is_here(address)) is not None]
        if here and not any(here) and not titled:
            return -1
        return 2 * any(here) + titled

    best = max(nodes, key=fits, default=None)
    return best if best is not None and fits(best) >= 0 else None


def fields_of(node: Node) -> Node:
    """Return what a node says of its article, for ``read_facts``. The title's and the names' markup is removed."""
    authors = [name for person in _items(node.get("author") or node.get("creator")) for name in _person(person)]
    outlets = (node.get(name) for name in ("publisher", "sourceOrganization", "provider", "isPartOf"))
    return {
        "title": words_of(node.get("headline") or node.get("name")),
        "authors": authors,
        "outlets": [words_of(item) for outlet in outlets for item in _items(outlet) if not _is_no_outlet(item)],
        "published": words_of(node.get("datePublished")),
        "modified": words_of(node.get("dateModified")),
        "language": _language(node.get("inLanguage")),
    }


def status_of(node: Node) -> str:
    """Return "retracted" or "corrected" if a node says so, else ""."""
    status = words_of(node.get("creativeWorkStatus")).lower()
    if status in {"retracted", "withdrawn"}:
        return "retracted"
    return "corrected" if node.get("correction") else ""


def addresses_of(node: Node) -> list[str]:
    """Return the addresses that a node gives for its page."""
    given = [item for name in ("mainEntityOfPage", "url", "@id") for item in _items(node.get(name))]
    parts = [item.get("@id") or item.get("url") if isinstance(item, dict) else item for item in given]
    return [part for part in parts if isinstance(part, str) and "/" in part]


def words_of(value: object) -> str:
    """Return a string on one line, without tags and entities; of a node its name, and of a list the first."""
    for _ in range(3):
        if isinstance(value, list):
            value = value[0] if value else ""
        if isinstance(value, dict):
            value = value.get("name") or value.get("@value") or ""
    plain = value if isinstance(value, str) else ""
    return " ".join((text_of(plain) if looks_like_markup(plain) else plain).split())


def fold(title: str) -> str:
    """Return the form in which titles are compared: letters and figures only; a title cut short lacks its dots."""
    return " ".join(re.findall(r"\w+", title.lower()))


# JSON that is almost right.


def _parse(text: str) -> object:
    """Return the value of a script, or None if it cannot be read."""
    text = _WRAPPER.sub("", text, count=1)
    for repair in (str.strip, _repaired, lambda text: _repaired(html.unescape(text))):
        try:
            source = repair(text).lstrip()
            return _JSON.raw_decode(source)[0]  # what comes after it does not matter: a semicolon, the end of CDATA
        except (ValueError, RecursionError):
            continue
    return None


def _repaired(text: str) -> str:
    """Return JSON without comments and commas too many, with its strings escaped."""
    text = _STRING_OR_COMMENT.sub(lambda match: _escaped(match["string"]) if match["string"] else "", text)
    return _STRING_OR_COMMA.sub(lambda match: match["string"] or "", text)


def _escaped(string: str) -> str:
    def escape(match: re.Match[str]) -> str:
        return match[0] if match["known"] else '\\"' if match["mark"] else ""

    return f'"{_UNESCAPED.sub(escape, string[1:-1])}"'


# Nodes.


def _leading(documents: list[object]) -> Iterator[Node]:
    """Yield the nodes that a page puts first, in order."""
    waiting = documents[::-1]
    seen = 0
    while waiting and seen < _MAX_NODES:
        value = waiting.pop()
        seen += 1
        if isinstance(value, list):
            waiting.extend(reversed(value))
        elif isinstance(value, dict):
            yield value
            waiting.extend(value[name] for name in reversed(_LEADING) if isinstance(value.get(name), list | dict))


def _by_id(documents: list[object]) -> dict[str, Node]:
    """Return every node that has an ``@id``, with what is said of it in several places."""
    named: dict[str, Node] = {}
    waiting = list(documents)
    while waiting:
        value = waiting.pop()
        if isinstance(value, list):
            waiting.extend(value)
        elif isinstance(value, dict):
            waiting.extend(value.values())
            if isinstance(value.get("@id"), str):
                named[value["@id"]] = value | named.get(value["@id"], {})
    return named


def _resolved(node: Node, named: dict[str, Node]) -> Node:
    """Return a node whose people and organisations are given in full. Pages stay as they are."""

    def resolve(value: object) -> object:
        if isinstance(value, list):
            return [resolve(item) for item in value]
        return (
            named.get(value["@id"], value) if isinstance(value, dict) and isinstance(value.get("@id"), str) else value
        )

    return {name: resolve(value) if name in _REFERRING else value for name, value in node.items()}


_REFERRING = frozenset({"author", "creator", "publisher", "sourceOrganization", "provider", "isPartOf"})
_MAX_NODES = 10_000
_MAX_TEXT = 300  # characters of a name


def _items(value: object) -> list[Any]:
    return value if isinstance(value, list) else [] if value is None else [value]


def _is_no_outlet(item: object) -> bool:
    """Whether a node is a person, or the page that an article is part of."""
    return isinstance(item, dict) and bool({"Person", "WebPage", "NewsArticle"} & set(types_of(item)))


def _person(item: object) -> list[str]:
    if isinstance(item, dict):
        kinds = types_of(item)
        if "Person" not in kinds and any(kind.endswith("Organization") for kind in kinds):
            return []
        return [words_of(name) for name in _items(item.get("name"))]
    return [words_of(item)]


def _language(value: object) -> str:
    if isinstance(value, list):
        value = value[0] if value else ""
    if isinstance(value, dict):
        value = value.get("alternateName") or value.get("name")
    return value if isinstance(value, str) else ""


# Microdata.

_PROPERTIES = frozenset(
    """
    headline name author creator publisher sourceOrganization provider isPartOf datePublished url mainEntityOfPage
    dateModified inLanguage correction creativeWorkStatus
    """.split()
)


def _plain(name: str) -> str:
    """Return a property without the address or the prefix of schema.org. Those of other vocabularies keep theirs."""
    return re.sub(r"^(?:schema:|https?://schema\.org/)", "", name)


def _stated(element: etree._Element, name: str) -> str:
    """Return the value that an element gives to a property."""
    if name in {"url", "mainEntityOfPage"}:
        return element.get("content") or element.get("href") or element.get("itemid") or ""
    abbreviated = element.get("title") if element.tag == "abbr" else None  # as pages wrote before HTML 5
    return element.get("content") or element.get("datetime") or abbreviated or _start_of(element)


def _start_of(element: etree._Element) -> str:
    """Return the text of an element as far as a name or a title goes: markup may put a whole page in one."""
    parts: list[str] = []
    for part in element.itertext():
        parts.append(part)
        if sum(map(len, parts)) > _MAX_TEXT:
            break
    return " ".join("".join(parts)[:_MAX_TEXT].split())
