"""What requests and responses hold, beside the values of ``qa.model``, which are the schemas of everything else."""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import AfterValidator, Field, StringConstraints, field_validator, model_validator

from ..english.characters import is_storable
from ..fetching import is_address
from ..model import Answer, ArticleRef, ArticleVersion, Citation, Filters, Moment, Sentence, Value
from ..questions.plan import MAX_CHARACTERS

NAMES = 50  # outlets or speakers that a request may filter by
TURNS = 20  # earlier answers that a question may refer to


def _storable(text: str) -> str:
    if not is_storable(text):
        raise ValueError("contains NUL or broken Unicode (half a surrogate pair)")
    return text


Line = Annotated[str, StringConstraints(min_length=1, max_length=300), AfterValidator(_storable)]
"""A short text of the caller: a name, an outlet, a headline."""


Asked = Annotated[str, StringConstraints(min_length=1, max_length=MAX_CHARACTERS), AfterValidator(_storable)]
"""A question."""


def _bounded(filters: Filters) -> Filters:
    for names in (filters.sources, filters.speakers):
        if len(names) > NAMES:
            raise ValueError(f"at most {NAMES} outlets and {NAMES} speakers can be named")
        for name in names:
            if len(name) > 300:
                raise ValueError("a name has at most 300 characters")
            _storable(name)
    if filters.basis != "published" and filters.as_of is None:
        raise ValueError("basis goes back to no day; set as_of too")
    return filters


Bounded = Annotated[Filters, AfterValidator(_bounded)]
"""Filters of a caller: few names, and all of them such as a library can hold."""


class Question(Value):
    """A question, with the articles to search and the conversation before it."""

    question: Asked
    filters: Bounded = Filters()
    history: tuple[Answer, ...] = Field(
        default=(),
        max_length=TURNS,
        description="earlier answers of the conversation, oldest first, unchanged",
    )


class NewAddress(Value):
    """A page or feed to fetch and add."""

    url: Annotated[str, StringConstraints(max_length=2000), AfterValidator(_storable)]
    full: bool = Field(default=False, description="of a feed: fetch the pages that it links to")

    @field_validator("url")
    @classmethod
    def _is_address(cls, url: str) -> str:
        # Anything else would be read as a file of the server.
        if not is_address(url) or any(c.isspace() for c in url):
            raise ValueError("is no address: it begins with http:// or https:// and has no spaces")
        return url


class NewText(Value):
    """An article as text. A new text under the same ``url`` is a new version; without one, it is a new article."""

    text: Annotated[str, StringConstraints(min_length=1), AfterValidator(_storable)]
    title: Line | None = None
    source: Line | None = Field(default=None, description="the outlet")
    authors: tuple[Line, ...] = Field(default=(), max_length=NAMES)
    published: Moment | None = Field(default=None, description="the day or instant of publication")
    url: str | None = Field(default=None, max_length=2000, description="its address; it is not fetched")

    @field_validator("url")
    @classmethod
    def _is_address(cls, url: str | None) -> str | None:
        if url is not None and (not is_address(url) or not is_storable(url)):
            raise ValueError("is no address: it begins with http:// or https://")
        return url

    @model_validator(mode="after")
    def _not_blank(self) -> Self:
        if not self.text.strip():
            raise ValueError("the text is empty")
        return self


class Unread(Value):
    """A file, or an article of it, that could not be added, and why."""

    name: str
    reason: str


class Added(Value):
    """What was added. ``articles`` are the ids of everything that was read, whether it was new, changed or known."""

    articles: tuple[str, ...]
    added: int
    updated: int
    unchanged: int
    skipped: tuple[Unread, ...] = ()
    warnings: tuple[str, ...] = ()


class Removed(Value):
    """The article that was removed, with its earlier versions."""

    article: ArticleRef


class ArticleList(Value):
    """A page of the articles, latest first and undated ones last, and how many there are."""

    articles: tuple[ArticleRef, ...]
    total: int
    next: str | None = Field(default=None, description="the address of the next page; None: this is the last")
    revision: int = Field(description="the state of the library; if it differs between two pages, begin again")


class ArticleText(ArticleRef):
    """An article with its text and sentences: ``text[s.start:s.end] == s.text``, in code points."""

    text: str
    body_start: int | None = None
    language: str | None = None
    sentences: tuple[Sentence, ...]


class Versions(Value):
    """The stored versions of an article, oldest first."""

    versions: tuple[ArticleVersion, ...]


class Speakers(Value):
    """A page of the named speakers of the library, those who speak most often first."""

    speakers: tuple[str, ...]
    total: int
    unread: int = Field(default=0, description="articles that are still being read, whose speakers are not known yet")
    next: str | None = None


class SaidList(Value):
    """A page of the sentences in which somebody speaks, oldest first and without near-copies."""

    speakers: tuple[str, ...] = Field(description="the spellings of the name that are in the library")
    citations: tuple[Citation, ...] = Field(description="numbered from the first sentence of the first page")
    articles: tuple[ArticleRef, ...] = Field(description="the articles cited on this page")
    total: int
    unread: int = Field(default=0, description="articles that are still being read, in which more may be found")
    next: str | None = None


class Health(Value):
    """The server answers."""

    status: Literal["ok"] = "ok"


class Ready(Value):
    """The library can be opened."""

    status: Literal["ready"] = "ready"
    articles: int
    unread: int = Field(default=0, description="of the articles, those that are still being read; all can be asked")
    revision: int | None = Field(default=None, description="None: there is no library yet; the first article makes it")
    index: str = Field(description="exact: vectors are compared one by one; chroma: in the index; closed: nobody asked")
