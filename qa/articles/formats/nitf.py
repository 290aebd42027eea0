"""NITF 3, in which news agencies have sent stories since the 1990s. The New York Times' archive uses it, too."""

from __future__ import annotations

import re
from collections.abc import Iterator

from lxml import etree

from .agency import Story, drop, names_of, words_of
from .markup import text_of

_AS_HTML = {
    "hl2": "h2",
    "bq": "blockquote",
    "block": "div",
    "fn": "div",
    "note": "div",
    "credit": "div",
    "lang": "span",
}
_NOT_TEXT = (
    "media", "media-caption", "media-producer", "media-metadata", "nitf-table-metadata", "alt-code",
)  # fmt: skip
_MIDNIGHT = re.compile(r"T0{6}$")


def read_story(root: etree._Element) -> Story:
    """Read a NITF document.

    Args:
        root: its root, with local names only. It is changed.

    Returns:
        The story. Captions and credits of media are left out. It was published at its date of issue; without one, when
        it was released, or on the day that the dateline gives. The last revision of its history tells when it was
        changed.
    """
    head = root.find("head")
    docdata = _first(root, "head/docdata", "docdata")
    body_head = root.find("body/body.head")
    content = root.find("body/body.content")
    release = _norm(docdata, "date.release")
    state = docdata.get("management-status", "") if docdata is not None else ""
    return Story(
        text=_text(content) if content is not None else "",
        id=_attribute(docdata, "doc-id", "id-string"),
        title=_title(head, body_head),
        source=_source(root, docdata, body_head),
        authors=tuple(_authors(body_head)),
        dates=_dates(root, docdata, release),
        changed=tuple(revision.get("norm") for revision in root.iterfind("head/revision-history"))[::-1],
        dateline=words_of(_first(body_head, "dateline", ".//dateline")),
        url=next((p.get("ex-ref") for p in root.iterfind("head/pubdata") if p.get("ex-ref")), None),
        language=_language(root, content),
        state=state,
        notes=tuple(_notes(docdata, body_head)),
        corrections=tuple(_corrections(root, docdata)),
        embargo=release or "" if state.lower() == "embargoed" else None,
        content="NITF without a text",
    )


def _text(content: etree._Element) -> str:
    blocks = {block.get("class"): block for block in content.iterfind("block")}
    lead = blocks.get("lead_paragraph")
    if lead is not None and "full_text" in blocks:  # the New York Times' archive: the full text begins with the lead
        drop(lead)
    etree.strip_elements(content, *_NOT_TEXT, with_tail=False)
    for fraction in content.iter("frac"):
        numerator = fraction.find("frac-num")
        if numerator is not None and fraction.find("frac-sep") is None:
            numerator.tail = "/"  # or else 1/2 would read 12
    for element in content.iter(*_AS_HTML):
        element.tag = _AS_HTML[str(element.tag)]
    return text_of(content)


def _title(head: etree._Element | None, body_head: etree._Element | None) -> str | None:
    if body_head is not None:
        for path in ("hedline/hl1", ".//hl1", "hedline"):
            if words := words_of(body_head.find(path)):
                return words
    return words_of(head.find("title")) if head is not None else None


def _source(root: etree._Element, docdata: etree._Element | None, body_head: etree._Element | None) -> str | None:
    named = words_of(_first(body_head, "distributor/org", "distributor"))
    holder = words_of(_first(body_head, "rights/rights.owner", "rights/copyrite/copyrite.holder"))
    paper = next((p.get("name") for p in root.iterfind("head/pubdata") if p.get("name")), None)
    return named or paper or _attribute(docdata, "doc.copyright", "holder") or holder


def _authors(body_head: etree._Element | None) -> Iterator[str]:
    if body_head is None:
        return
    for byline in body_head.iterfind(".//byline"):
        if byline.get("class") == "normalized_byline":  # "Blum, Ada": the same people again
            continue
        for title in list(byline.iter("byttl")):
            drop(title)
        people = list(byline.iter("person"))
        for person in people:
            for function in list(person.iter("function")):
                drop(function)
        names = [name for person in people if (name := words_of(person))]
        yield from names or names_of(words_of(byline) or "")


def _dates(root: etree._Element, docdata: etree._Element | None, release: str | None) -> tuple[str | None, ...]:
    dateline = root.find("body/body.head/dateline")
    # The New York Times' archive gives days as midnights without a zone.
    printed = (_MIDNIGHT.sub("", paper.get("date.publication") or "") for paper in root.iterfind("head/pubdata"))
    return (_norm(docdata, "date.issue"), release, _norm(dateline, "story.date"), *printed, root.get("change.date"))


def _notes(docdata: etree._Element | None, body_head: etree._Element | None) -> Iterator[str]:
    if docdata is not None:
        messages = (" ".join((one.get("info") or words_of(one) or "").split()) for one in docdata.iterfind("ed-msg"))
        yield from filter(None, messages)
    if body_head is not None:
        yield from (words for note in body_head.iterfind("note") if (words := words_of(note)))


def _corrections(root: etree._Element, docdata: etree._Element | None) -> Iterator[str]:
    if docdata is not None:
        for correction in docdata.iterfind("correction"):
            yield " ".join((correction.get("info") or words_of(correction) or "").split())
    if root.find(".//block[@class='correction_text']") is not None:  # the New York Times' archive
        yield ""


def _language(root: etree._Element, content: etree._Element | None) -> str | None:
    name = "{http://www.w3.org/XML/1998/namespace}lang"
    places = (content, root.find("body"), root)
    return next((tag for one in places if one is not None and (tag := one.get(name) or one.get("lang"))), None)


def _norm(parent: etree._Element | None, name: str) -> str | None:
    element = parent.find(name) if parent is not None else None
    return None if element is None else element.get("norm") or words_of(element)


def _attribute(parent: etree._Element | None, name: str, attribute: str) -> str | None:
    element = parent.find(name) if parent is not None else None
    return None if element is None else " ".join(element.get(attribute, "").split()) or None


def _first(parent: etree._Element | None, *paths: str) -> etree._Element | None:
    if parent is None:
        return None
    return next((found for path in paths if (found := parent.find(path)) is not None), None)
