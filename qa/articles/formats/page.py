"""A page of news in HTML: its story, and its metadata from what it states for machines and for readers.

Statements are trusted in this order: JSON-LD, microdata, microformats, tags ``meta``, and what readers see. Nothing is
fetched.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterable, Iterator
from copy import deepcopy
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from functools import cached_property
from itertools import islice
from urllib.parse import urljoin, urlsplit

from lxml import etree, html

from ...english.bylines import is_byline, is_post, names_in_byline
from ...english.header import Header, is_outlet, owner_of_rights, read_header
from ...english.lexicon import (
    COMPANY_FORMS,
    COMPANY_SUFFIXES,
    HEADER_LABELS,
    JOURNALISTS,
    RELEASE_MARKS,
    UNNAMED_AUTHORS,
    any_of,
)
from ...english.regex import lazy_compile
from ...english.temporal.dates import find_stamps
from ...english.tokens import stem
from ...errors import InputError
from ...model import Status, day_of
from ..encoding import decode
from ..extract import Extract, Raw, Unread
from ..fields import Facts, read_facts
from . import jsonld
from .jsonld import Node, fold, words_of
from .markup import looks_like_markup, text_of
from .properties import reads_like_a_person
from .story import Story, read_story

_AS_BROWSERS = {
    "ascii": "cp1252",
    "iso8859-1": "cp1252",
    "iso8859-9": "cp1254",
    "iso8859-11": "cp874",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "shift_jis": "cp932",
    "euc_kr": "cp949",
}
"""Encodings that browsers take for larger ones, because pages do (https://encoding.spec.whatwg.org/#names-and-labels)."""
_CHARSET = re.compile(
    rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([\w.:-]{1,40})|<\?xml[^>]{0,100}encoding=[\"']([\w.:-]+)", re.I
)
_SAMPLE = 4_096  # bytes; the specification looks at 1,024
_FEW_BROKEN = 0.01  # of the characters

_TAG = re.compile(r"<[a-z][^\"'>]*+(?:(?:\"[^\"]*+\"?|'[^']*+'?)[^\"'>]*+)*+", re.IGNORECASE)
_CLOSED = re.compile(r"<(a|div|i|iframe|p|script|span|style|textarea|title)\b([^<>]*)/>", re.IGNORECASE)
"""In XHTML, an empty element may have no end tag. A parser of HTML would take what follows for its content."""
_LONG_TAG = 20_000  # characters
_MAX_ATTRIBUTES = 5_000  # of one tag; libxml2 needs a time that grows with their square

_TITLES = (
    "og:title", "twitter:title", "dc.title", "dcterms.title", "parsely-title", "sailthru.title", "citation_title",
)  # fmt: skip
_AUTHORS = (
    "author", "article:author", "og:article:author", "dc.creator", "dcterms.creator", "parsely-author",
    "sailthru.author", "citation_author", "byl", "byline", "authors",
)  # fmt: skip
_OUTLETS = (
    "og:site_name", "dc.publisher", "dcterms.publisher", "citation_publisher", "publisher", "application-name", "cre",
)  # fmt: skip
_DATES = (
    "article:published_time", "og:published_time", "og:article:published_time", "datepublished", "dc.date.issued",
    "dcterms.issued", "parsely-pub-date", "sailthru.date", "citation_publication_date", "citation_date", "publish-date",
    "publish_date", "publication_date", "pubdate", "dc.date", "dcterms.date", "date",
)  # fmt: skip
_CHANGES = (
    "article:modified_time", "og:modified_time", "og:updated_time", "og:article:modified_time", "datemodified",
    "dc.date.modified", "dcterms.modified", "last-modified", "last_modified", "lastmod", "last-updated",
)  # fmt: skip
_UNSURE_DATES = frozenset({"dc.date", "dcterms.date", "date"})  # they may be of the last change
_LANGUAGES = ("content-language", "dc.language", "dcterms.language", "og:locale")
_TOOLS = frozenset(
    """
    blogger drupal facebook ghost google instagram joomla linkedin medium squarespace substack tumblr twitter wix
    wordpress wordpress.com x youtube
    """.split()
)
"""Tools and networks that pages name where the outlet should stand."""
_HOST = re.compile(r"(?:[a-z0-9-]+\.)+[a-z]{2,}")
_SEPARATOR = r"\s*(?:::|[|·•»—–:]|\s-)\s*"
_MAIL = re.compile(r"[(<\[]?\S+@\S+\.\w+[)>\]]?")
_UNNAMED = lazy_compile(rf"@\S+|(?:.*\s)?(?:{any_of(JOURNALISTS)}s?|{any_of(UNNAMED_AUTHORS)})", re.IGNORECASE)
_WRITTEN_BY = re.compile(r"^\s*(?:posted|published|written)\s+by\s+", re.IGNORECASE)
_AFTER_NAME = re.compile(r"\s*[|•·(/].*", re.DOTALL)
_MUCH_LESS = 0.5  # of the words of ``articleBody``
_MIN_STATED = 40  # words
_HEADINGS = ("h1", "h2")
_PARTS = ("a", "b", "em", "i", "span", "strong")  # of a line
_SHARED = 2  # long words of the stated title and a heading about the same
_SHORT = 3  # letters
_MAX_AUTHORS = 8
_ENTRIES = frozenset("log-in login register sign-in sign-up signin signup subscribe".split())
_MAX_GAP = 3  # lines without author or day
_MIN_TITLE = 3  # words of a headline that no tag marks
_MAX_TITLE = 30
_MAX_META = 2_000  # characters of a title or of a tag meta
_MAX_NAME = 300
_MAX_FOOTER = 5_000  # characters
_MAX_LAST = 15  # lines
_MAX_PARTS = 8  # of a title
_MAX_BYLINES = 5
_MAX_LINES = 4  # of a byline: "By", "Ada Blum", "Science editor"
_BYLINE_NAME = re.compile(r"[\s_-](?:byline|author)s?(?:[\s_-](?:block|names?))?\s", re.IGNORECASE)
_SIGN = re.compile(r"[\s_-](?:logo|masthead|nameplate|site-?title|site-?name)[\s_-]", re.IGNORECASE)
_CHANGED = re.compile(r"modif|updat|chang|edited", re.IGNORECASE)
_RELEASED = lazy_compile(rf"\W*(?:{any_of(HEADER_LABELS['published'], RELEASE_MARKS)})\b", re.IGNORECASE)
_ENDS_CUT = re.compile(r"\s*(?:…|\.\.\.)$")


def read(raw: Raw) -> Iterator[Extract | Unread]:
    """Read a page.

    Args:
        raw: the page. Relative addresses are resolved against ``raw.url``.

    Yields:
        One article.

    Raises:
        InputError: the page has no story, is no text, or is nested too deeply.
    """
    content, warnings = _decoded(raw)
    try:
        tree = _parsed(_CLOSED.sub(r"<\1\2></\1>", content) if raw.suffix == ".xhtml" else content)
        page = _Page(tree, raw.url)
        facts, remarks, story = _article(page)
    except RecursionError as error:
        raise InputError("is nested too deeply to be read") from error
    yield Extract(story.text, facts, warnings=(*warnings, *remarks))


# Bytes to a tree.


def _decoded(raw: Raw) -> tuple[str, tuple[str, ...]]:
    """Decode a page as browsers do: by its mark, by what the server names, by what it names itself."""
    match = _CHARSET.search(raw.content[:_SAMPLE])
    named = raw.charset or (match and (match[1] or match[2]).decode("ascii", "replace")) or None
    encoding = _known(named)
    if encoding == "utf-8":
        text = raw.content.decode("utf-8", "replace")
        broken = text.count("\ufffd")
        if 0 < broken <= max(1.0, _FEW_BROKEN * len(text)):
            return text, (f"has {broken} broken characters",) if broken > 1 else ("has a broken character",)
    if encoding == "cp1252" and not raw.content.startswith((codecs.BOM_UTF8, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        try:
            return decode(raw.content, encoding)
        except InputError:
            return raw.content.decode(encoding, "replace"), ()
    return decode(raw.content, encoding)


def _known(charset: str | None) -> str | None:
    """Return Python's name of an encoding, or None if Python does not know it."""
    try:
        name = codecs.lookup((charset or "").strip("\"' ")).name
    except LookupError:
        return None
    return _AS_BROWSERS.get(name, name)


def _parsed(content: str) -> html.HtmlElement:
    for tag in _TAG.finditer(content):
        if tag.end() - tag.start() > _LONG_TAG and len(tag[0].split()) > _MAX_ATTRIBUTES:
            raise InputError(f"has a tag with more than {_MAX_ATTRIBUTES:,} attributes")
    if not content.strip():
        raise InputError("is empty")
    parser = html.HTMLParser(encoding="utf-8")
    try:
        tree = html.document_fromstring(content.encode("utf-8", "replace"), parser=parser)
    except etree.ParserError as error:
        raise InputError("is no HTML that can be read") from error
    last = parser.error_log.last_error
    if last is not None and "depth" in last.message.lower():
        raise InputError("is nested too deeply to be read")
    return tree


# What the page states.


@dataclass
class _Page:
    tree: html.HtmlElement
    address: str | None
    meta: dict[str, list[str]] = field(default_factory=dict)
    title: str = ""
    headings: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        for tag in self.tree.iter("meta"):
            name = tag.get("property") or tag.get("name") or tag.get("itemprop") or tag.get("http-equiv") or ""
            content = " ".join(_plain(tag.get("content", "")[:_MAX_META]).split())
            if name and content:
                self.meta.setdefault(name.strip().lower(), []).append(content)
        title = self.tree.find(".//title")
        self.title = " ".join((title.text or "")[:_MAX_META].split()) if title is not None else ""
        self.headings = [words for heading in self.tree.iter("h1") if (words := " ".join(text_of(heading).split()))]

    @cached_property
    def marked(self) -> list[str]:
        """The headlines that microdata marks."""
        return [text_of(element) for element in self.tree.iter(*_HEADINGS) if element.get("itemprop") == "headline"]

    @cached_property
    def signs(self) -> list[str]:
        """What the footers say, and the words for pictures, the outlet's own sign among them."""
        pictures = [image.get("alt", "") for image in self.tree.iter("img")]
        return [*(text_of(footer)[:_MAX_FOOTER] for footer in self.tree.iter("footer")), *pictures]

    @cached_property
    def lines(self) -> list[str]:
        """The lines that readers see."""
        body = self.tree.find("body")
        return [] if body is None else text_of(body).splitlines()

    def all(self, names: tuple[str, ...]) -> Iterator[str]:
        """Yield what tags ``meta`` say under the first of some names, then under the next."""
        for name in names:
            yield from self.meta.get(name, ())


def _article(page: _Page) -> tuple[Facts, tuple[str, ...], Story]:
    address, links = _address(page), _links(page)

    def is_here(other: str) -> bool | None:
        absolute = _absolute(other, page.address)
        return _same(absolute, links) if absolute and links else None

    titles = [*page.all(_TITLES), *page.headings, page.title]
    statements = (
        jsonld.read_jsonld(page.tree),
        jsonld.read_microdata(page.tree),
        jsonld.read_microformats(page.tree),
    )
    chosen = [jsonld.choose(stated.nodes, is_here, titles) for stated in statements]
    nodes = [node for node in chosen if node is not None]
    outlets = _outlets(page, nodes, statements[0].sites)
    stated = [_read(jsonld.fields_of(node), outlets) for node in nodes] + _read_meta(page, outlets)
    known = _merged([facts for facts, _ in stated])
    is_stated = bool(nodes) or "article" in page.meta.get("og:type", ())
    if not is_stated and _asks_to_enter(_address(page) or page.address or ""):
        raise InputError("has no story: it asks to log in")
    story = _story(page, nodes, [*_names(page), *outlets, *known.authors], stated=is_stated)
    seen = _seen(page, story, outlets)
    facts = _merged([known, *seen])
    facts = replace(facts, title=_heading(facts.title, page, outlets) or facts.title)
    facts = replace(facts, authors=_bylined(facts.authors, seen[0].authors, page))
    start, _, rest = story.text.partition("\n\n")
    if rest and facts.title and fold(start) == fold(facts.title):
        story = replace(story, text=rest)  # a headline that only its place shows
    remarks = _remarks(stated, facts, broken=statements[0].broken)
    address = address or next((found for node in nodes if (found := _node_address(node, page.address))), None)
    facts = replace(
        facts,
        title=_title(facts.title, page, outlets),
        source=outlets[0] if outlets else next((facts.source for facts in seen if facts.source), None),
        url=address or page.address,
        status=_status(nodes, story),
    )
    return facts, remarks, story


def _names(page: _Page) -> list[str]:
    """Return what the story may be called. Further main headings are those of its sections."""
    stated = [*page.all(_TITLES), page.title, *_pieces(page.title)]
    known = {*map(fold, stated)}
    headings = [words for words in page.headings if fold(words) in known]
    return [*stated, *(headings or page.headings)]


def _read(fields: Node, outlets: list[str]) -> tuple[Facts, tuple[str, ...]]:
    """Read the statements of one origin. A remark says which date could not be read."""
    given = fields.get("published")
    people = [name for author in fields.get("authors", ()) if (name := _person(author, outlets))]
    facts, remarks = read_facts({**fields, "authors": people, "title": fields.get("title") or None})
    facts = replace(facts, authors=tuple(name for name in facts.authors if _person(name, outlets)))
    if given and not facts.published and not remarks:
        remarks = (f"the date {given[:60]!r} cannot be read",)
    return facts, remarks


def _read_meta(page: _Page, outlets: list[str]) -> list[tuple[Facts, tuple[str, ...]]]:
    """Read the tags ``meta``. Each date is an origin of its own, so that two can be compared."""
    title = next(page.all(_TITLES), None)
    authors = next((people for name in _AUTHORS if (people := _people(page.meta.get(name, ()), outlets))), [])
    language = page.tree.get("lang") or page.tree.get("xml:lang") or next(page.all(_LANGUAGES), None)
    changed = next(page.all(_CHANGES), None)
    first = _read({"title": title, "authors": authors, "language": language, "modified": changed}, outlets)
    return [first, *(_read({"published": words}, outlets) for words in _given_dates(page))]


def _given_dates(page: _Page) -> Iterator[str]:
    """Yield the dates of publication. One that may be of the last change is only taken if there is no other."""
    sure = [words for name in _DATES if name not in _UNSURE_DATES for words in page.meta.get(name, ())]
    yield from sure or [words for name in _DATES for words in page.meta.get(name, ())][:1]


def _merged(ranked: list[Facts]) -> Facts:
    """Return for each fact what the first says that says anything."""
    return Facts(
        title=next((facts.title for facts in ranked if facts.title), None),
        authors=next((facts.authors for facts in ranked if facts.authors), ()),
        published=next((facts.published for facts in ranked if facts.published), None),
        modified=next((facts.modified for facts in ranked if facts.modified), None),
        language=next((facts.language for facts in ranked if facts.language), None),
    )


def _remarks(stated: list[tuple[Facts, tuple[str, ...]]], facts: Facts, *, broken: bool) -> tuple[str, ...]:
    """Say which dates were passed over because they cannot be read, and which contradict the one that was taken."""
    remarks: list[str] = []
    for given, words in stated:
        if given.published:
            break
        remarks.extend(words)
    dates = [given.published for given, _ in stated if given.published]
    other = next((when for when in dates if not _agree(when, dates[0])), None)
    if other:
        remarks.append(f"gives two dates of publication, {_day(dates[0])} and {_day(other)}; the first was taken")
    if broken and not facts.published:
        remarks.append("has JSON-LD that cannot be read, and no date elsewhere")
    return tuple(dict.fromkeys(remarks))


def _agree(one: datetime | date, other: datetime | date) -> bool:
    """Whether two dates can be the same: their days are, as written or in one zone."""
    if day_of(one) == day_of(other):
        return True
    if isinstance(one, datetime) and isinstance(other, datetime) and one.tzinfo and other.tzinfo:
        return one.astimezone(UTC).date() == other.astimezone(UTC).date()
    plain = not (isinstance(one, datetime) or isinstance(other, datetime))
    return not plain and abs(_day(one) - _day(other)) <= timedelta(days=1)


def _day(moment: datetime | date) -> date:
    return moment.date() if isinstance(moment, datetime) else moment


def _status(nodes: list[Node], story: Story) -> Status:
    said = {jsonld.status_of(node) for node in nodes} | {story.status}
    if "retracted" in said:
        return "retracted"
    return "corrected" if "corrected" in said else "current"


# Outlet, title, authors.


def _outlets(page: _Page, nodes: list[Node], sites: tuple[Node, ...]) -> list[str]:
    """Return what the page calls its outlet, the most trusted first. The others end its titles, too."""
    given = [name for node in nodes for name in jsonld.fields_of(node)["outlets"]]
    given += [*page.all(_OUTLETS[:1]), *(words_of(site) for site in sites), *page.all(_OUTLETS[1:])]
    given += [*_ends(page), *_mastheads(page), *_signed(page)]
    names = (name for name in given if name and name.lower() not in _TOOLS and not _HOST.fullmatch(name))
    known = (read_facts({"source": name})[0].source for name in names)
    # "Karrow Media Ltd" publishes the Karrow Courier: a company is the outlet only if nothing else is.
    return sorted(dict.fromkeys(filter(None, known)), key=_is_company)


def _ends(page: _Page) -> Iterator[str]:
    """Yield what the title says beside the heading, if the page says it again: in its footer, or of a picture."""
    for heading in (*page.all(_TITLES), *page.headings, *page.marked):
        rest = page.title.removeprefix(heading) if page.title.startswith(heading) else page.title.removesuffix(heading)
        name = re.sub(rf"^{_SEPARATOR}|{_SEPARATOR}$", "", rest)
        if name not in {"", rest} and any(name in said for said in page.signs):
            yield name


def _mastheads(page: _Page) -> Iterator[str]:
    """Yield what the title or a part of it says, and the page's sign as well: its logo, or a link to its first page."""
    parts = {fold(part): part for part in (page.title, *re.split(_SEPARATOR, page.title)) if len(part) <= _MAX_NAME}
    parts.pop("", None)
    for element in page.tree.iter("a", "div", "p", "span", "h1") if parts else ():
        link = _absolute(element.get("href", ""), page.address or "https://unknown.invalid/")
        named = f" {element.get('class', '')} {element.get('id', '')} "
        rel = element.get("rel", "").lower().split()
        home = element.tag == "a" and element.get("href") and link and (_is_home(link) or "home" in rel)
        if (home or _SIGN.search(named)) and (name := parts.get(fold(text_of(element)[:_MAX_NAME]))):
            yield name


def _signed(page: _Page) -> Iterator[str]:
    """Yield the outlet of the notice of copyright, and parts of the title that are called as outlets are."""
    parts = [part for part in re.split(_SEPARATOR, page.title) if part][:_MAX_PARTS]
    owners = [name for line in page.lines[-_MAX_LAST:] if (name := owner_of_rights(line))]
    # The title writes the name as its outlet does: the notice may have it in capitals.
    yield from (part for part in parts if fold(part) in {*map(fold, owners)})
    shown = {fold(line) for line in page.lines}
    # "The Creek Reporter Online" is the title's, and "The Creek Reporter" stands above and below the page.
    yield from (one for one in owners if fold(one) in shown and any(fold(p).startswith(f"{fold(one)} ") for p in parts))
    yield from filter(is_outlet, owners)
    for part in filter(is_outlet, parts[:1] + parts[-1:] if len(parts) > 1 else ()):
        # "Mayor Sues Herald: Court Date Set" is one headline: no part of it stands on the page by itself.
        rest = (piece for piece in _pieces(page.title) if part not in piece and len(piece.split()) >= _MIN_TITLE)
        if fold(part) in shown or any(fold(piece) in shown for piece in rest):
            yield part


def _title(title: str | None, page: _Page, outlets: list[str]) -> str | None:
    """Return the title without the outlet's name at its end. One that was cut short is completed from the heading."""
    if title and _ENDS_CUT.search(title):
        start = fold(_ENDS_CUT.sub("", title))
        title = next((whole for whole in (*page.headings, page.title) if fold(whole).startswith(start)), title)
    for outlet in outlets if title else ():
        name = re.escape(outlet)
        title = re.sub(rf"^\s*{name}{_SEPARATOR}|{_SEPARATOR}{name}\s*$", "", title or "", flags=re.IGNORECASE) or title
    return title


def _heading(title: str | None, page: _Page, outlets: list[str]) -> str | None:
    """Return the heading that readers see, if it is about what the stated title is about.

    Tags may state another title, for search engines: "Montana train derailment spills fertilizer".
    """
    others = {*map(fold, outlets)}
    if title is None or fold(title) in others:
        return next((words for words in page.headings if fold(words) not in others and " " in words), None)
    stated = set(_long_words(title))
    shared = {words: len(stated & set(_long_words(words))) for words in page.headings if fold(words) not in others}
    best = max(shared, key=shared.__getitem__, default="")
    return best if best and shared[best] >= min(_SHARED, len(stated)) else None


def _long_words(words: str) -> list[str]:
    return [stem(word) for word in fold(words).split() if len(word) > _SHORT]


def _bylined(stated: tuple[str, ...], shown: tuple[str, ...], page: _Page) -> tuple[str, ...]:
    """Return the authors whom the byline shows, if tags state only some of them, or somebody whom no reader sees."""
    people = all(map(reads_like_a_person, shown))
    if not shown or not people or len(shown) > _MAX_AUTHORS:
        return stated or shown
    if {*map(fold, stated)} < {*map(fold, shown)}:
        return shown
    seen = fold(" ".join(page.lines))
    return stated if any(fold(name) in seen for name in stated) else shown


def _asks_to_enter(address: str) -> bool:
    """Whether an address is that of a page to log in or to subscribe."""
    return any(part.lower().removesuffix(".html") in _ENTRIES for part in urlsplit(address).path.split("/"))


def _pieces(title: str) -> list[str]:
    """Return what a title may be without the names of outlet and section: all runs of its parts, the longest first."""
    marks = list(re.finditer(_SEPARATOR, title))[:_MAX_PARTS]
    starts, ends = [0, *(mark.end() for mark in marks)], [*(mark.start() for mark in marks), len(title)]
    runs = (title[start:end] for n, start in enumerate(starts) for end in ends[n:])
    runs = (re.sub(r"\s*\([^()]*\)$", "", run) for run in runs if run != title or "(" in run)
    return sorted(filter(None, runs), key=len, reverse=True)


def _people(given: Iterable[str], outlets: list[str]) -> list[str]:
    """Return those people whom tags ``meta`` name. A name of one word is none: it may be an agency."""
    names = (name for words in given if (name := _person(words, outlets)))
    return [name for name in names if " " in name or not name.isascii()]


def _person(words: str, outlets: list[str]) -> str:
    """Return the name of a person without what stands after it, or "" if the words are a role, an outlet or a tool."""
    if "://" in words:
        return ""
    name = _AFTER_NAME.sub("", _MAIL.sub("", _WRITTEN_BY.sub("", words[:_MAX_NAME]))).strip(" ,;-")
    others = {fold(outlet).removeprefix("the ") for outlet in outlets}
    first = name.split(",")[0].strip()  # a role may stand behind a comma, where read_facts looks
    return (
        ""
        if _is_company(first) or fold(first).removeprefix("the ") in others | _TOOLS or _UNNAMED.fullmatch(first)
        else name
    )


def _is_company(name: str) -> bool:
    last = name.split()[-1] if name else ""
    return last in COMPANY_FORMS or last.lower().rstrip(".") in COMPANY_SUFFIXES


# What readers see.


def _seen(page: _Page, story: Story, outlets: list[str]) -> list[Facts]:
    """Return what the page shows: its heading, its first time, its byline."""
    others = {fold(outlet) for outlet in outlets} | {""}
    visible = {*story.first, *map(fold, story.above)}
    shown = [words for words in (page.title, *_pieces(page.title)) if fold(words) in visible and " " in words.strip()]
    shown = [words for words in shown if fold(words) not in others]
    above, line = _above(story, [words for words in (*page.headings, *shown) if fold(words) not in others])
    title = next((words for words in (*page.headings, *shown, line, page.title) if fold(words) not in others), None)
    header = read_header("\n\n".join((*story.top, ".")))
    named = [element for element in page.tree.iter("a", "address", "div", "p", "span", "li") if _is_byline(element)]
    lines = [line for element in named[:_MAX_BYLINES] for line in _lines_of(element)[:_MAX_LINES] if line]
    bylines = [read_header(f"By {names_in_byline(line)}\n\n.") for line in lines]
    authors = next((header.authors for header in (header, *bylines, *above) if header.authors), ())
    linked = next((names for element in named[:_MAX_BYLINES] if len(names := _linked(element)) > 1), ())
    authors = linked if {*map(fold, authors)} < {*map(fold, linked)} else authors
    authors = authors or ((story.signed,) if reads_like_a_person(story.signed) else ())
    authors = authors or read_header(f".\n\n{story.credits}").authors
    moment = next((header.published for header in (header, *bylines, *above) if header.published), None)
    moment = moment or _day_elsewhere(page, story)
    changed = next((header.modified for header in (header, *bylines, *above) if header.modified), None)
    shown_facts: Node = {
        "title": title,
        "authors": [*authors],
        "published": _first_time(page),
        "modified": _first_time(page, changed=True),
    }
    return [
        replace(
            _read(shown_facts, outlets)[0],
            source=header.source
            or next((each.source for each in above if each.source), None)
            or next((line for line in story.above if is_outlet(line) and fold(line) != fold(title or "")), None),
        ),
        Facts(published=moment, modified=changed),
    ]


def _day_elsewhere(page: _Page, story: Story) -> datetime | date | None:
    """Return the day of a line above the headline that says it is of publication, or the one in the title's brackets.

    A mere date above the headline is none: it may be the day of the visit.
    """
    for line in story.above:
        if _RELEASED.match(line) and (found := read_header(f"{line}\n\n.").published):
            return found
    bracketed = re.search(r"\(([^()]*)\)$", page.title)
    stamps = find_stamps(bracketed[1]) if bracketed else ()
    return next((stamp.exact for stamp in stamps), None)


def _above(story: Story, titles: list[str]) -> tuple[list[Header], str]:
    """Return what the lines right above the story say of its author and its day, and the headline above these."""
    known = {*map(fold, titles)} - {""}
    under = max((n + 1 for n, line in enumerate(story.above) if fold(line) in known), default=0)
    lines = story.above[under:]
    headers = [_said(line) for line in lines]
    first = len(lines)
    for at in range(len(lines) - 1, -1, -1):
        if headers[at].authors or headers[at].published or headers[at].modified:
            first = at
        elif is_post(lines[at]) or is_outlet(lines[at]) or "@" in lines[at] or is_byline(lines[at]):
            continue
        elif first - at >= _MAX_GAP or (first < len(lines) and len(lines[at].split()) >= _MIN_TITLE):
            break  # buttons may stand between; above a headline stands the day of the visit
    found = headers[first:]
    sure = under or any(header.authors or isinstance(header.published, datetime) for header in found)
    if not sure:
        return [], ""
    others = (line for line in lines[:first][::-1] if not is_outlet(line))
    nearest = (line for line in islice(others, _MAX_GAP) if _MIN_TITLE <= len(line.split()) <= _MAX_TITLE)
    return found, next((line for line in nearest if not line.endswith((".", ":"))), "")


def _said(line: str) -> Header:
    """Return what a line of the head of a story states. "Jane Roe | 3 March 2026" is a byline without "By"."""
    header = read_header(f"{line}\n\n.")
    parts = [part.strip() for part in re.split(r"[|·•]", line)]
    if header.published or header.authors or len(parts) < 2:
        return header
    read = [read_header(f"{part}\n\n.") for part in parts]
    published = next((each.published for each in read if each.published), None)
    names = parts[:1] if published and reads_like_a_person(parts[0]) else []
    return replace(header, published=published, authors=tuple(names))


def _lines_of(byline: etree._Element) -> list[str]:
    """Return the lines of a byline. Elements that touch are parted: a name, and where the person works."""
    parted = deepcopy(byline)
    parted.tail = None
    for element in parted.iterdescendants(*_PARTS):
        following = element.getnext()
        if following is not None and following.tag == element.tag and not element.tail:
            element.tail = " | "
    return text_of(parted).split("\n")


def _linked(byline: etree._Element) -> tuple[str, ...]:
    """Return the people whose names are the links of a byline."""
    names = (" ".join(text_of(link).split()) for link in byline.iter("a"))
    return tuple(dict.fromkeys(name for name in names if reads_like_a_person(name)))


def _is_byline(element: etree._Element) -> bool:
    if element.tag == "a":
        return "author" in element.get("rel", "").split()
    if element.tag == "address":
        return next(element.iterancestors("article", "main"), None) is not None
    named = _BYLINE_NAME.search(f" {element.get('class', '')} {element.get('data-component', '')} ")
    return bool(named) and not any("comment" in holder.get("class", "") for holder in element.iterancestors())


def _first_time(page: _Page, *, changed: bool = False) -> str | None:
    """Return the first time in the page's article that is not said to be of a change; or, if ``changed``, that is."""
    tops = [*page.tree.iter("article"), *page.tree.iter("main"), *page.tree.iter("body")]
    top = next((top for top in tops if top.find(".//h1") is not None), tops[0] if tops else None)
    for time in top.iter("time") if top is not None else ():
        about = f"{time.get('class', '')} {time.get('itemprop', '')} {_before(time)}"
        if time.get("datetime") and bool(_CHANGED.search(about)) == changed and not _is_elsewhere(time):
            return time.get("datetime")
    return None


def _before(element: etree._Element) -> str:
    """Return the words in front of an element, in its own line."""
    previous, holder = element.getprevious(), element.getparent()
    text = (holder.text if holder is not None else "") if previous is None else previous.tail
    return f"{(text or '')[-40:]} {''.join(element.itertext())[:40]}"


def _is_elsewhere(element: etree._Element) -> bool:
    footer = next(element.iterancestors("footer"), None)
    outside = footer is not None and next(footer.iterancestors("article"), None) is None
    return outside or next(element.iterancestors("aside", "nav", "li"), None) is not None


# Addresses.


def _address(page: _Page) -> str | None:
    """Return the page's own address, as it states it. The address of a site's first page is none of an article."""
    links = [
        link.get("href", "") for link in page.tree.iter("link") if "canonical" in link.get("rel", "").lower().split()
    ]
    stated = (_absolute(link, page.address) for link in (*links, *page.meta.get("og:url", ())))
    return next((link for link in stated if link and not _is_home(link)), None)


def _links(page: _Page) -> set[str]:
    return {_bare(link) for link in (_address(page), page.address) if link}


def _node_address(node: Node, base: str | None) -> str | None:
    given = (_absolute(link, base) for link in jsonld.addresses_of(node))
    return next((link for link in given if link and not _is_home(link)), None)


def _absolute(link: str, base: str | None) -> str | None:
    """Return an address of the web without its fragment, or None."""
    try:
        whole = urlsplit(urljoin(base or "", link.strip()))
        return whole._replace(fragment="").geturl() if whole.scheme in {"http", "https"} and whole.netloc else None
    except ValueError:
        return None


def _is_home(link: str) -> bool:
    parts = urlsplit(link)
    return parts.path in {"", "/"} and not parts.query


def _same(link: str, links: set[str]) -> bool | None:
    return None if _is_home(link) else _bare(link) in links


def _bare(link: str) -> str:
    """Return the form in which addresses are compared."""
    parts = urlsplit(link)
    return f"{parts.netloc.lower().removeprefix('www.')}{parts.path.rstrip('/')}?{parts.query}"


# The story.


def _story(page: _Page, nodes: list[Node], names: list[str], *, stated: bool) -> Story:
    """Return the story that the page shows, or that its JSON-LD holds if that is much longer."""
    body = next((body for node in nodes if isinstance(body := node.get("articleBody"), str)), "")
    body = _paragraphs_of(body)
    live = any(map(jsonld.is_live, nodes))
    try:
        story = read_story(page.tree, names, live=live, stated=stated)
    except InputError:
        if len(body.split()) < _MIN_STATED:
            raise
        return Story(body)
    return replace(story, text=body) if _MUCH_LESS * len(body.split()) > len(story.text.split()) else story


def _paragraphs_of(body: str) -> str:
    """Return the text of ``articleBody``, which is HTML or plain text."""
    if looks_like_markup(body) and "<" in body:
        return text_of(body)
    return "\n\n".join(" ".join(_plain(line).split()) for line in body.splitlines() if line.strip())


def _plain(words: str) -> str:
    return text_of(words) if looks_like_markup(words) else words
