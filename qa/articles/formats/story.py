"""Finds the story of a page and reads it, without what stands around and between its paragraphs.

trafilatura says which words are the story. The element that holds nearly all of them is then read in full, so that
short paragraphs, lists and tables are not lost. What is beside the story, by its tag, name or links, is hidden first.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice, pairwise

from lxml import etree, html
from trafilatura import bare_extraction

from ...english.address import addresses_reader
from ...english.bylines import is_byline
from ...english.header import read_header
from ...english.lexicon import CONSENT
from ...english.regex import lazy_compile
from ...errors import InputError
from ...model import Status
from .jsonld import fold
from .markup import text_of
from .surroundings import is_notice, leads_elsewhere, status_by_notices, without_credits

_MIN_WORDS = 40
_MAX_ELEMENTS = 60_000  # trafilatura takes about 3 s for so many
_SHINGLE = 5  # words by which a piece of the page is found in the story
_MOST = 0.85  # of the story's words: an element with fewer is not the whole story
_MUCH = 0.4  # of the story's words: an element with more is no box beside it, whatever its name
_LINKED = 0.6  # of the words of a box
_LINKED_LINE = 0.8  # of the words of a paragraph
_SHORT = 3  # letters; a generated name such as "kAdTyz" has such parts by chance
_MAX_NOTICE = 200  # words
_MAX_CARD = 80  # words
_MAX_UP = 3  # elements around a box in which the rest of its story may stand
_MAX_LINKS = 0.2  # of the words of a text
_MAX_LINKED = 30  # words of a link of a teaser
_MAX_LABEL = 5  # words of a name, a role or a section
_MAX_QUOTES = 100
_MAX_WALL = 250  # words
_ASKING = 0.04  # of the words
_ALIKE = 3  # teasers beside a story
_MANY_CARDS = 6
_MANY_ITEMS = 4
_LINKED_PAGE = 0.3  # of the words of a page
_MAX_CAPTION = 30  # words
_MAX_DATED = 8  # words of a date
_MAX_SEEN = 12  # lines
_MAX_ABOVE = 10  # paragraphs above the headline

_BESIDE = frozenset("aside dialog footer form menu nav".split())
_BOXES = frozenset("article center details div dl figure header ol section table ul".split())
_HEADINGS = frozenset("h1 h2 h3 h4 h5 h6".split())
_PARAGRAPHS = _HEADINGS | frozenset("blockquote dd dl dt li ol p pre ul".split())
_LEAVES = _PARAGRAPHS | frozenset("table td th tr".split())
_INLINE = frozenset("a abbr b em font i mark small span strong sub sup time u".split())
_SILENT = frozenset("head noscript script style svg template".split())
_ROLES = frozenset("alertdialog banner complementary contentinfo dialog menu navigation search toolbar".split())

# Words of classes and ids, which say what a box is: "related-links" and "RelatedLinks" are read alike.
_NAMED = frozenset(
    """
    ad adslot ads advert advertisement adverts authorbio bio breadcrumb breadcrumbs byline bylines caption comments
    consent cookie cookies credit credits disqus gdpr keywords menu modal mostread navigation newsletter newsletters
    outbrain pagination paywall popular popup promo promos promotion readmore recirc recirculation recommended
    recommendations related share sharebar sharing sidebar signup social sponsor sponsored subscribe subscription
    taboola tags teaser teasers toolbar topics trending
    """.split()
)
_TEASING = frozenset({"teaser", "teasers"})
_NAMED_PAIRS = frozenset(
    """
    about-author also-read author-bio author-box author-info comment-list comment-section mailing-list more-from more-on
    most-read photo-credit read-also read-more read-next see-also tag-list
    """.split()
)
_UNSEEN_PAIRS = frozenset("screen-reader sr-only visually-hidden".split())
_NAMING = ("class", "id", "data-component", "data-testid")
_MEDIA = frozenset("caption copyrightHolder image video".split())
_QUOTED = frozenset("pullquote quote".split())
_NOTED = frozenset("clarification correction corrections corrected editorsnote retraction".split())
_CORRECTING = frozenset("correction corrections corrected".split())
_NOTED_PAIRS = frozenset("editor-note editors-note editorial-note s-note update-note".split())

_NAME = re.compile(r"(?<![^\s])[A-Za-z_-]+(?=\d{0,3}(?:\s|$))")  # "ad-slot-3", and no hash: "css-1ad9x"
_NAME_PART = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])")
_WORD = re.compile(r"[^\W_\u3040-\u9fff]+|[\u3040-\u9fff]")  # Chinese and Japanese do not part their words
_UNDISPLAYED = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_CLOCK = re.compile(r"\d{1,2}[:.]\d\d|\d\s*[ap]\.?m\b", re.IGNORECASE)

_SIGNATURE = re.compile(r"(?:[–—]|--)\s*(?P<who>[A-Z]\S*(?: \S+){1,3})")
_READING_TIME = lazy_compile(r"\d+[\s-]min(?:ute)?s?\s+read", re.IGNORECASE)


@dataclass(frozen=True)
class Story:
    """The text of a story, what stands between its headline and its first sentence, and what its notices say of it."""

    text: str
    top: tuple[str, ...] = ()
    status: Status = "current"
    first: frozenset[str] = frozenset()
    """The first lines, folded, the headline among them."""
    signed: str = ""
    """The words behind a dash below the story: "— Jane Roe"."""
    above: tuple[str, ...] = ()
    """The lines that readers see above the first paragraph, the nearest last."""
    credits: str = ""
    """The lines below the story that say who reported and edited it."""


def read_story(tree: html.HtmlElement, names: list[str], *, live: bool = False, stated: bool = False) -> Story:
    """Read the story of a page.

    Args:
        tree: the page. It is changed.
        names: the headline, the outlet and the authors, as far as they are known; lines that only repeat them are left
            out.
        live: whether the page says that it is a live blog. Pages with many times in the story are taken for one, too.
        stated: whether the page says that it is an article. If not, it must not look like another kind of page.

    Returns:
        The story.

    Raises:
        InputError: there is none. The message says what there is.
    """
    body = tree.find("body")
    if body is None:
        raise InputError("has no story: it is an empty page")
    weights = _weigh(body, tree)
    if weights.words[body] < _MIN_WORDS:
        raise InputError(_why_none(tree, weights, listed=False))
    box = _with_its_rest(_first_article(_box(body, weights), weights, {*map(fold, names)}), weights)
    heading = _headline(body, box)
    headline = "" if heading is None else fold(text_of(heading))
    top = _top(body, heading, weights)
    seen = text_of(body).splitlines()
    before, after = _notices_around(body, box, weights)
    index = _is_index(box, weights)
    cards = _hide_cards(body, box, weights)
    _hide_beside(box, weights)
    _hide_repeated_quotes(box)
    live = _part_times(box, live)
    said = {*map(fold, names), headline}
    above = text_of(box).split("\n\n")
    headline = headline or next((fold(line) for line in above[:_MAX_ABOVE] if _is_title(fold(line), names)), "")
    paragraphs = list(_paragraphs(_below_headline(above, headline), said, live))
    headings = {fold(text_of(element)) for element in box.iter(*_HEADINGS)}
    while paragraphs and fold(paragraphs[-1]) in headings:
        paragraphs.pop()  # what stood below it is hidden
    paragraphs, credits_below = without_credits(paragraphs)
    signature = _SIGNATURE.fullmatch(paragraphs[-1]) if len(paragraphs) > 1 else None
    if signature:
        paragraphs.pop()
    words = sum(len(_WORD.findall(paragraph)) for paragraph in paragraphs)
    prose = words - _listed(box, weights)
    if words < _MIN_WORDS or index or (not stated and _is_other(tree, paragraphs, prose, cards)):
        raise InputError(_why_none(tree, weights, listed=index or cards >= _ALIKE or prose < _MIN_WORDS <= words))
    text = "\n\n".join((*before, *paragraphs, *after))
    shown = frozenset(fold(paragraph) for paragraph in above[:_MAX_ABOVE])
    signed = signature["who"] if signature else ""
    return Story(text, top, _status(text, weights.noted), shown, signed, _above(seen, paragraphs), credits_below)


# Which words are the story.


@dataclass
class _Weights:
    """For each element the number of its words, of those in links to other pages, and of those of the story."""

    words: Counter[etree._Element] = field(default_factory=Counter)
    linked: Counter[etree._Element] = field(default_factory=Counter)
    story: Counter[etree._Element] = field(default_factory=Counter)
    total: int = 0
    noted: set[str] = field(default_factory=set)
    """The words of the names of notices that were found."""

    def much(self, element: etree._Element) -> bool:
        return self.story[element] > _MUCH * self.total

    def share_linked(self, element: etree._Element) -> float:
        return self.linked[element] / self.words[element] if self.words[element] else 0.0


def _weigh(body: etree._Element, tree: html.HtmlElement) -> _Weights:
    elements = list(body.iter())
    found = _shingles(tree) if len(elements) <= _MAX_ELEMENTS else frozenset[int]()
    weights = _Weights()
    for element in reversed(elements):  # children come before what holds them
        holder = element.getparent()
        if isinstance(element.tag, str) and element.tag not in _SILENT:
            _count(element.text, element, found, weights)
            href = element.get("href") if element.tag == "a" else None
            if href is not None and not href.startswith("#"):
                weights.linked[element] = weights.words[element]
                weights.story[element] = 0 if not found else weights.story[element]
        if element is body or holder is None:
            continue
        for counter in (weights.words, weights.linked, weights.story):
            if counter[element]:
                counter[holder] += counter[element]
        _count(element.tail, holder, found, weights)
    weights.total = weights.story[body]
    return weights


def _count(piece: str | None, holder: etree._Element, found: frozenset[int], weights: _Weights) -> None:
    if not piece or piece.isspace():
        return
    words = _WORD.findall(piece)
    weights.words[holder] += len(words)
    # Without trafilatura, every long piece is taken for a part of the story.
    if len(words) >= _SHINGLE and (hash(tuple(words[:_SHINGLE])) in found if found else len(words) > 2 * _SHINGLE):
        weights.story[holder] += len(words)


def _shingles(tree: html.HtmlElement) -> frozenset[int]:
    """Return each run of five words of the story that trafilatura finds, as a number."""
    document = bare_extraction(tree, fast=True, include_comments=False, include_tables=True)
    if document is None or isinstance(document, dict) or document.body is None:
        return frozenset()
    words = _WORD.findall(" ".join(document.body.itertext()))
    return frozenset(hash(tuple(words[start : start + _SHINGLE])) for start in range(len(words) - _SHINGLE + 1))


def _box(body: etree._Element, weights: _Weights) -> etree._Element:
    """Return the innermost element that holds nearly all words of the story, and is no paragraph."""
    box = body
    while weights.total:
        inner = max(_elements(box), key=weights.story.__getitem__, default=None)
        if inner is None or inner.tag in _PARAGRAPHS | _INLINE or weights.story[inner] < _MOST * weights.total:
            break
        box = inner
    return box


def _with_its_rest(box: etree._Element, weights: _Weights) -> etree._Element:
    """Return the element that holds a box and its rest, if an advertisement has parted a story into two boxes.

    They have one class, and the second one is text without headings.
    """
    name, holder = box.get("class"), box.getparent()
    own = {*box.iter(), *box.iterancestors()}
    for _ in range(_MAX_UP if name else 0):
        if holder is None or holder.tag == "body":
            break
        alike = (one for one in holder.iter(str(box.tag)) if one.get("class") == name and one not in own)
        if rest := list(islice(alike, _MANY_CARDS)):
            return holder if len(rest) < _MANY_CARDS and all(_is_text(one, weights) for one in rest) else box
        holder = holder.getparent()
    return box


def _is_text(element: etree._Element, weights: _Weights) -> bool:
    """Whether an element holds paragraphs and nothing but them."""
    plain = not any(element.iter(*_HEADINGS, "article")) and weights.share_linked(element) < _MAX_LINKS
    return plain and sum(weights.words[one] > _MAX_LABEL for one in element.iter("p")) > 1


def _first_article(box: etree._Element, weights: _Weights, names: set[str]) -> etree._Element:
    """Return the article that has the page's headline, if a page holds several, one below the other."""
    headed = [(article, article.find(".//h1")) for article in box.iter("article") if weights.story[article]]
    several = [(article, fold(text_of(heading))) for article, heading in headed if heading is not None]
    if len(several) < 2:
        return box
    return next((article for article, heading in several if heading in names), several[0][0])


def _elements(parent: etree._Element) -> Iterator[etree._Element]:
    return (child for child in parent if isinstance(child.tag, str))


# What is no part of it.


def _hide(element: etree._Element) -> None:
    element.set("hidden", "")  # text_of leaves it out


def _names(element: etree._Element) -> tuple[set[str], set[str]]:
    """Return the words of an element's class and id, and the pairs of words that follow each other."""
    words: set[str] = set()
    pairs: set[str] = set()
    for name in _NAME.findall(" ".join(element.get(name, "") for name in _NAMING)[:500]):
        parts = [part.lower() for part in _NAME_PART.findall(name)]
        words.update(part for part in parts if len(part) > _SHORT)
        words.update(part for part in re.split("[_-]+", name) if part.islower())
        pairs.update(f"{one}-{two}" for one, two in pairwise(parts))
    return words, pairs


def _hide_beside(box: etree._Element, weights: _Weights) -> None:
    """Hide what is beside the story. An element of the story whose tag ``text_of`` leaves out becomes a plain one."""
    walk = etree.iterwalk(box, events=("start",))
    for _, element in walk:
        if element is box or not isinstance(element.tag, str):
            continue
        if _is_notice(element, weights):
            element.tag = "div" if element.tag in _BESIDE else element.tag
            walk.skip_subtree()
        elif _is_beside(element, weights):
            _hide(element)
            walk.skip_subtree()
        elif element.tag in _BESIDE:
            element.tag = "div"  # a form around the whole page


def _is_beside(element: etree._Element, weights: _Weights) -> bool:
    tag = element.tag
    if weights.much(element) or tag in {"body", "br", "hr"}:
        return False
    if tag in _BESIDE or element.get("role") in _ROLES or element.get("aria-hidden") == "true":
        return True
    if _UNDISPLAYED.search(element.get("style", "")) or _is_named_beside(element) or _is_media(element):
        return True
    if _is_caption(element, weights) or _is_teaser_line(element, weights):
        return True
    if tag == "figure":
        return next(element.iter("table", "blockquote", "ul", "ol"), None) is None
    if tag in _BOXES:
        return weights.share_linked(element) >= _LINKED
    return tag in _LEAVES and tag not in {"li", "td", "th", "tr"} and weights.share_linked(element) >= _LINKED_LINE


def _is_named_beside(element: etree._Element) -> bool:
    words, pairs = _names(element)
    if pairs & _UNSEEN_PAIRS:
        return True
    holder = element.getparent()
    inside_line = element.tag in _INLINE and holder is not None and holder.tag in _LEAVES | _INLINE
    if inside_line:
        return False
    teases = bool(words & _TEASING) and element.find(".//a") is not None  # without a link it is the story's lead
    return teases or bool(words & (_NAMED - _TEASING) or pairs & _NAMED_PAIRS)


def _is_media(element: etree._Element) -> bool:
    """Whether an element is said to be a picture or its caption, as microdata names them."""
    kind, names = element.get("itemtype") or element.get("typeof") or "", element.get("itemprop", "").split()
    return kind.endswith(("ImageObject", "VideoObject")) or bool(_MEDIA.intersection(names))


def _is_caption(element: etree._Element, weights: _Weights) -> bool:
    """Whether an element stands below a picture, in a box that holds nothing else, or is no sentence."""
    if element.tag not in {"p", "div", "small"} or not 0 < weights.words[element] <= _MAX_CAPTION:
        return False
    above = element.getprevious()
    pictured = above is not None and not weights.words[above] and _holds_picture(above)
    holder = element.getparent()
    if holder is None or not pictured or _holds_picture(element):
        return False
    alone = weights.words[holder] <= _MAX_CAPTION and next(_elements(holder), None) is above
    return alone or not text_of(element).endswith((".", "!", "?", ":", "”", '"', "’", "'"))


def _holds_picture(element: etree._Element) -> bool:
    return isinstance(element.tag, str) and next(element.iter("img", "picture"), None) is not None


def _is_teaser_line(element: etree._Element, weights: _Weights) -> bool:
    """Whether a line is a link to another page with its date."""
    if element.tag not in {"p", "li", "div"} or not 2 < weights.linked[element] <= _MAX_LINKED:
        return False
    if not 0 < weights.words[element] - weights.linked[element] <= _MAX_DATED or weights.words[element] > _MAX_CARD:
        return False
    said = text_of(element)
    for link in element.iter("a"):
        said = said.replace(" ".join("".join(link.itertext()).split()), "\n")
    return not said.rstrip().endswith(".") and bool(read_header(f"{said.strip()}\n\n.").published)


def _is_index(box: etree._Element, weights: _Weights) -> bool:
    """Whether a page shows the beginnings of other pages, each below a heading that links to it, and little else."""
    linked = {h for h in box.iter(*_HEADINGS) if weights.words[h] and weights.share_linked(h) >= _LINKED_LINE}
    if len(linked) < _MANY_ITEMS or weights.words[box] > _MAX_CARD * len(linked) + _MIN_WORDS:
        return False
    teasers: set[etree._Element] = set()
    for heading in linked:
        teaser = heading
        for holder in heading.iterancestors():
            if (
                holder is box
                or weights.words[holder] > _MAX_CARD
                or sum(h in linked for h in holder.iter(*_HEADINGS)) > 1
            ):
                break
            teaser = holder
        teasers.add(teaser)
    return weights.words[box] - sum(map(weights.words.__getitem__, teasers)) < _MIN_WORDS


def _hide_cards(body: etree._Element, box: etree._Element, weights: _Weights) -> int:
    """Hide teasers: boxes with a heading that is a link to another page. Return their number.

    Beside the story there must be several alike; within it one is enough.
    """
    cards: list[tuple[tuple[str, str], etree._Element]] = []
    for heading in body.iter(*_HEADINGS - {"h1"}):
        card = heading.getparent()
        if card is None or card is box or not weights.words[heading] or weights.share_linked(heading) < _LINKED_LINE:
            continue
        if weights.words[card] <= _MAX_CARD and not any("#" in a.get("href", "") for a in heading.iter("a")):
            cards.append(((str(card.tag), card.get("class", "")), card))
    alike = Counter(kind for kind, _ in cards)
    inside = {card for _, card in cards if any(holder is box for holder in card.iterancestors())}
    hidden = [card for kind, card in cards if card in inside or alike[kind] >= _ALIKE]
    for card in hidden:
        _hide(card)
    return len(hidden)


def _hide_repeated_quotes(box: etree._Element) -> None:
    """Hide pull quotes: quotations set apart that stand in the story as well."""
    quotes = [element for element in box.iter("blockquote", "div", "p", "figure", "section") if _is_set_apart(element)]
    if not quotes:
        return
    story = fold(text_of(box))
    for quote in quotes[:_MAX_QUOTES]:
        longest = max((fold(line) for line in text_of(quote).split("\n")), key=len, default="")
        if len(longest.split()) >= _SHINGLE and story.count(longest) > 1:
            _hide(quote)


def _is_set_apart(element: etree._Element) -> bool:
    return element.tag == "blockquote" or bool(_names(element)[0] & _QUOTED)


# Notices.


def _is_notice(element: etree._Element, weights: _Weights) -> bool:
    """Whether an element is a correction or an editor's note: by its name, or by its first words."""
    words = weights.words[element]
    if element.tag in _INLINE or not 5 < words <= _MAX_NOTICE or weights.share_linked(element) > 0.5:
        return False
    if weights.much(element):
        return False
    named, pairs = _names(element)
    # "See an error? Report a correction" has such a name, too, and is no notice.
    if pairs & _NOTED_PAIRS or (named & _NOTED and not addresses_reader(_start_of(element, 2_000))):
        weights.noted |= named & _NOTED
        return True
    return (element.tag == "p" or element.tag in _BESIDE) and is_notice(_start_of(element))


def _notices_around(
    body: etree._Element, box: etree._Element, weights: _Weights
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the notices before and after the story's box, from the article or the main part that holds it."""
    wide = next((holder for tag in ("main", "article") for holder in box.iterancestors(tag)), None)
    wide = body if wide is None else wide
    sides: tuple[list[str], list[str]] = ([], [])
    side = 0
    if wide is not box and box is not body:
        walk = etree.iterwalk(wide, events=("start",))
        for _, element in walk:
            if element is box:
                side = 1
                walk.skip_subtree()
            elif isinstance(element.tag, str) and _is_notice(element, weights):
                sides[side].append(text_of(element))
                walk.skip_subtree()
    return tuple(sides[0]), tuple(sides[1])


def _status(text: str, noted: set[str]) -> Status:
    """Return what notices say of a story, by their words or by their names."""
    if "retraction" in noted:
        return "retracted"
    told = status_by_notices(text)
    return "corrected" if told == "current" and noted & _CORRECTING else told


# Lines.


def _part_times(box: etree._Element, live: bool) -> bool:
    """Put the times of a live blog's entries on lines of their own. Return whether the story is a live blog."""
    times = [time for time in box.iter("time") if _CLOCK.search("".join(time.itertext())) and not _is_hidden(time)]
    holders = {time.getparent() for time in times}
    live = live or len(holders) >= 3
    for time in times if live else ():
        time.tag = "div"
    return live


def _is_hidden(element: etree._Element) -> bool:
    return any(holder.get("hidden") is not None for holder in element.iterancestors())


def _top(body: etree._Element, heading: etree._Element | None, weights: _Weights) -> tuple[str, ...]:
    """Return the short lines between the headline and the story's first words: its byline and its date."""
    if heading is None:
        return ()
    lines: list[str] = []
    inside = set(heading.iter())
    last: etree._Element | None = None
    started = False
    for event, element in etree.iterwalk(body, events=("start", "end")):
        started = started or element is heading
        if not started or element.tag in _SILENT or element in inside:
            continue
        block = next((e for e in (element, *element.iterancestors()) if e.tag not in _INLINE), element)
        if event == "end":
            if lines and element.tag in _INLINE and element.tail and block is last:
                lines[-1] += f" {element.tail.strip()}"
            continue
        if (element.tag in _LEAVES and weights.story[element] > _SHINGLE) or len(lines) > 20:
            break
        words = " ".join((element.text or "").split())
        if words and block is last:
            lines[-1] += f" {words}"
        elif words:
            lines.append(words)
            last = block
    return tuple(line.strip() for line in lines)


def _headline(body: etree._Element, box: etree._Element) -> etree._Element | None:
    """Return the main heading that is nearest to the story."""
    for holder in (box, *box.iterancestors()):
        heading = next(holder.iter("h1"), None)
        if heading is not None or holder is body:
            return heading
    return None


def _is_title(folded: str, names: list[str]) -> bool:
    """Whether a line is the headline of a page that marks none: it is a part of the title, and no mere name."""
    return len(folded.split()) > 3 and folded in map(fold, names)


def _below_headline(paragraphs: list[str], headline: str) -> list[str]:
    """Return what stands below the headline, and notices above it."""
    at = next(
        (n for n, paragraph in enumerate(paragraphs[:_MAX_ABOVE]) if headline and fold(paragraph) == headline), -1
    )
    above = (paragraph for paragraph in paragraphs[: max(at, 0)] if is_notice(paragraph))
    return [*above, *paragraphs[at + 1 :]]


def _paragraphs(paragraphs: list[str], names: set[str], live: bool) -> Iterator[str]:
    """Yield the paragraphs of the story, without headline, byline, date, and lines that lead elsewhere."""
    prose = False
    for paragraph in paragraphs:
        if not is_notice(paragraph):
            if fold(paragraph) in names or leads_elsewhere(paragraph) or is_byline(paragraph):
                continue
            lines = paragraph.split("\n")
            if not prose and all(fold(line) in names or _is_of_header(line, live) for line in lines):
                continue
        prose = prose or len(paragraph.split()) > 12
        yield paragraph


def _above(seen: list[str], paragraphs: list[str]) -> tuple[str, ...]:
    """Return the lines above the first paragraph of prose."""
    prose = (paragraph for paragraph in paragraphs if paragraph.endswith((".", "!", "?", "”", '"')))
    first = next(prose, "").split("\n")[0]
    at = seen.index(first) if first in seen else 0
    return tuple(line for line in seen[:at] if line.strip())[-_MAX_SEEN:]


def _is_of_header(line: str, live: bool) -> bool:
    """Whether a line before the story's first sentence gives its author, its date, its section, or how long it is."""
    if len(line) > 160 or (line.endswith(".") and not is_byline(line)):
        return False
    if not live and len(line.split()) <= _MAX_LABEL and not line.startswith("- ") and line[-1:].isalnum():
        return True
    header = read_header(f"{line}\n\n.")
    timed = not live and _CLOCK.match(line) is not None and len(line.split()) < 6
    dated = header.published or header.modified or timed
    return bool(header.authors or dated or _READING_TIME.fullmatch(line))


# Pages without a story.


def _is_other(tree: html.HtmlElement, paragraphs: list[str], prose: int, cards: int) -> bool:
    """Whether a page that does not say that it is an article is a list, a wall, or an error."""
    words = [word.lower() for paragraph in paragraphs for word in _WORD.findall(paragraph)]
    if len(words) >= _MAX_WALL:
        return prose < _MIN_WORDS
    asking = sum(word in CONSENT for word in words) > _ASKING * len(words)
    wall = len(words) < 2 * _MIN_WORDS and ("javascript" in words or _asks_password(tree))
    return prose < _MIN_WORDS or asking or wall or cards >= _MANY_CARDS


def _listed(box: etree._Element, weights: _Weights) -> int:
    """Return the number of words in a list whose items begin with a link, as search pages have them."""
    items = [item for item in box.iter("li", "div", "article", "p", "dt", "tr") if _begins_with_link(item, weights)]
    alike = Counter((item.tag, item.get("class")) for item in items)
    listed = {item for item in items if alike[item.tag, item.get("class")] >= _MANY_ITEMS}
    outer = (item for item in listed if not any(holder in listed for holder in item.iterancestors()))
    return sum(weights.words[item] + _defined(item, weights) for item in outer)


def _defined(item: etree._Element, weights: _Weights) -> int:
    following = item.getnext() if item.tag == "dt" else None
    return weights.words[following] if following is not None and following.tag == "dd" else 0


def _begins_with_link(item: etree._Element, weights: _Weights) -> bool:
    if not 0 < weights.words[item] <= _MAX_CARD:
        return False
    first: etree._Element | None = item
    while first is not None and first.tag != "a" and not (first.text or "").strip():
        first = next(_elements(first), None)
    return first is not None and first.tag == "a" and weights.linked[first] > 2


def _asks_password(tree: html.HtmlElement) -> bool:
    return any(field.get("type") == "password" for field in tree.iter("input"))


def _why_none(tree: html.HtmlElement, weights: _Weights, *, listed: bool) -> str:
    """Say what a page is that has no story."""
    body = tree.find("body")
    words, linked = (weights.words[body], weights.linked[body]) if body is not None else (0, 0)
    said = " ".join(_start_of(element, 20_000) for element in tree.iter("noscript", "body")).lower()
    small = words < _MAX_WALL
    scripted = words < _MIN_WORDS and next(tree.iter("script"), None) is not None
    reasons = {
        "has no story: it reads like a list of links": listed,
        "needs JavaScript; save the page from a browser after it has loaded": small and "javascript" in said,
        "has no story: it asks to log in": _asks_password(tree),
        "has no story: it asks to accept cookies": small and "cookie" in said,
        "has no story: it reads like a list of links to other pages": linked > _LINKED_PAGE * words,
        "needs JavaScript to show its story; save the page from a browser after it has loaded": scripted,
    }
    return next((why for why, true in reasons.items() if true), f"has no story: less than {_MIN_WORDS} words of prose")


def _start_of(element: etree._Element, most: int = 200) -> str:
    """Return the first words of an element."""
    parts: list[str] = []
    for text in element.itertext():
        parts.append(text[:most])
        most -= len(text)
        if most <= 0:
            break
    return " ".join("".join(parts).split())
