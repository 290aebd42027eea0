"""The contract: every value Dateline passes around or hands out.

All values are frozen pydantic models; this module imports nothing of ours. The same ``Answer`` object serves scripts,
``qa ask --json``, the page and the evals. Fields may be added; a changed meaning is a new ``schema_version``.

Offsets are code points into ``Article.text`` (Python's ``str`` indices), half-open: ``text[start:end]``.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Literal

from pydantic import AwareDatetime, BaseModel, BeforeValidator, ConfigDict, Field, computed_field, model_validator


class Value(BaseModel):
    """Base of all values: immutable, and unknown fields are errors."""

    model_config = ConfigDict(frozen=True, extra="forbid")


def _parse_moment(value: object) -> object:
    # A bare "2025-03-13" means a day whose hour is unknown; pydantic alone may read it as midnight.
    if isinstance(value, str):
        return date.fromisoformat(value) if len(value) == 10 else datetime.fromisoformat(value)
    return value


Moment = Annotated[datetime | date, BeforeValidator(_parse_moment)]
"""A day, or an instant where the article gives one. Never invented: unknown is None."""

Status = Literal["current", "corrected", "retracted", "superseded"]
Precision = Literal["instant", "day", "week", "month", "quarter", "year"]
Attribution = Literal["direct", "indirect", "narration"]
RejectReason = Literal["label", "quote", "speaker", "number", "date", "name", "negation", "modality", "support"]
AbstentionReason = Literal["not_covered", "detail_not_stated", "premise_contradicted", "outside_dates", "unverified"]


def day_of(moment: datetime | date | None) -> date | None:
    """The calendar day of a moment, in the moment's own zone; None stays None."""
    return moment.date() if isinstance(moment, datetime) else moment


class When(Value):
    """A time the text names: its words, and the inclusive range of days they were resolved to."""

    words: str
    start: date
    end: date
    at: datetime | None = None
    precision: Precision


class ArticleRef(Value):
    """An article without its text, as an Answer lists it."""

    id: str
    version: str
    title: str | None = None
    source: str | None = None
    authors: tuple[str, ...] = ()
    url: str | None = None
    published: Moment | None = None
    status: Status = "current"
    same_as: tuple[str, ...] = Field(default=(), description="ids of near-copies")


class Article(ArticleRef):
    """An article as loaded: ``text`` is stored and shown exactly as it is, never cleaned in place."""

    text: str
    body_start: int | None = Field(
        default=None, description="where the story begins behind its dateline, in code points; None: not looked at yet"
    )
    language: str | None = None
    origin: str | None = Field(default=None, description="where it was read from: a path, or path#key for one row")

    def ref(self, same_as: tuple[str, ...] = ()) -> ArticleRef:
        """This article without its text."""
        fields = {name: getattr(self, name) for name in ArticleRef.model_fields}
        return ArticleRef(**(fields | {"same_as": same_as}))


class Sentence(Value):
    """One sentence of an article: ``article.text[start:end] == text`` (code points)."""

    article_id: str
    index: int
    start: int
    end: int
    text: str


class Chunk(Value):
    """A run of whole sentences ``first..last`` (inclusive indices) of one article, retrieved as a unit."""

    article_id: str
    index: int
    first: int
    last: int
    text: str = Field(description="header and sentences: what is embedded and searched")
    tokens: int


class Hit(Value):
    """A retrieved chunk with its scores. ``score`` orders hits; the parts are for explanation."""

    chunk_id: int
    article_id: str
    first: int
    last: int
    score: float
    lexical: float | None = Field(default=None, description="BM25, higher is better; None if not found by words")
    similarity: float | None = Field(default=None, description="cosine of question and chunk; None if not compared")


class Filters(Value):
    """What may be searched. Days are inclusive; ``as_of`` hides everything published after that day."""

    sources: tuple[str, ...] = ()
    speakers: tuple[str, ...] = ()
    since: date | None = None
    until: date | None = None
    as_of: date | None = None

    @property
    def last_day(self) -> date | None:
        """The last day that may be searched: the earlier of ``until`` and ``as_of``."""
        return min((d for d in (self.until, self.as_of) if d), default=None)

    @property
    def active(self) -> bool:
        """Whether anything is filtered at all."""
        return self != Filters()


class Period(Value):
    """The days a question's words ask within, both inclusive; None is open.

    ``happened`` says that the words tell when something happened ("on 12 March", "last week"), which may be reported
    days later; otherwise they bound what was known ("before 10 March", "until Friday"). ``weekday`` says that they
    name nothing but a day of the week, which somebody who reads old articles may have taken from there.
    """

    since: date | None = None
    until: date | None = None
    happened: bool = False
    weekday: bool = False


class Passage(Value):
    """One sentence shown to a drafter under a short label, with what verification may rest on."""

    label: str
    article_id: str
    sentence: Sentence
    score: float


class DraftClaim(Value):
    """An unverified claim: text and the labels of the sentences it is said to rest on."""

    text: str
    labels: tuple[str, ...]
    speaker: str | None = None
    support: float | None = None


class Draft(Value):
    """What the model or the reader proposes. Nothing in it has been checked."""

    answerable: bool
    claims: tuple[DraftClaim, ...] = ()
    reason: AbstentionReason | None = None
    missing: tuple[str, ...] = ()


class Said(Value):
    """Words within a sentence that somebody says: ``article.text[start:end]``; all around them is narration.

    ``direct`` stands between quotation marks, ``indirect`` is a reported clause. ``speaker`` is by the fullest name the
    article gives; of an ``anonymous`` one as the article calls them; None where it is not told.
    """

    start: int
    end: int
    attribution: Literal["direct", "indirect"]
    speaker: str | None = None
    anonymous: bool = False


class Citation(Value):
    """A cited sentence: ``quote == article.text[start:end]``. ``number`` is the [n] shown."""

    number: int
    article_id: str
    version: str
    sentence: int
    start: int
    end: int
    quote: str
    said: tuple[Said, ...] = Field(default=(), description="who says what in it; nested speech after what it stands in")


class Claim(Value):
    """One verified sentence of the answer and the citation numbers it rests on."""

    text: str
    citations: tuple[int, ...] = Field(min_length=1)
    context: tuple[int, ...] = Field(default=(), description="citations that resolve a date or a pronoun")
    speaker: str | None = None
    attribution: Attribution = "narration"
    stated: When | None = Field(default=None, description="when somebody said it, where the sentence tells")
    occurred: When | None = Field(default=None, description="when it happened, where the sentence tells")
    resolved: tuple[When, ...] = Field(default=(), description="relative times in the claim's words, as days")
    support: float | None = Field(default=None, description="probability that the sentences bear the claim out, 0..1")


class Rejected(Value):
    """A drafted claim that failed verification: never shown as an answer, kept for inspection."""

    text: str
    labels: tuple[str, ...]
    reason: RejectReason
    detail: str


class Conflict(Value):
    """Claims (by index) that cannot stand side by side without comment."""

    kind: Literal["update", "correction", "disagreement", "rounding"]
    claims: tuple[int, ...]


class Abstention(Value):
    """Why there is no answer, and what may help: the nearest sentences, what the library covers, what to try."""

    reason: AbstentionReason
    message: str
    nearest: tuple[int, ...] = Field(default=(), description="citation numbers of the nearest sentences")
    contradicting: tuple[Claim, ...] = ()
    suggestion: str | None = None


class Coverage(Value):
    """What was searched: number of articles, their outlets, first and last day of publication."""

    articles: int
    sources: tuple[str, ...] = ()
    first: date | None = None
    last: date | None = None


class Usage(Value):
    """Tokens and cost of one question. ``cost_usd`` is None where the price is unknown."""

    input: int = 0
    cached: int = 0
    output: int = 0
    cost_usd: float | None = None


class Provenance(Value):
    """How an answer was made, enough to make it again."""

    mode: Literal["reader", "model"]
    model: str | None = None
    prompt_sha256: str | None = Field(default=None, description="of the prompt that drafted the answer")
    prompts: dict[str, str] = Field(default={}, description="name and sha256 of every prompt that may have been used")
    judge: str | None = Field(default=None, description="who judged support: decisions, systemone, chat or local")
    embedder: str
    qa_version: str
    library_revision: int
    shown: tuple[tuple[str, str, int], ...] = Field(default=(), description="(label, article id, sentence index)")
    scores: tuple[float, ...] = Field(
        default=(), description="relevance of each sentence of ``shown``, higher is better"
    )
    usage: Usage | None = None
    timings_ms: dict[str, float] = {}
    created: AwareDatetime


class Answer(Value):
    """A verified answer or an abstention; every claim carries its citations."""

    schema_version: Literal[1] = 1
    question: str
    standalone: str
    filters: Filters = Filters()
    status: Literal["answered", "partial", "abstained"]
    claims: tuple[Claim, ...] = ()
    citations: tuple[Citation, ...] = ()
    articles: tuple[ArticleRef, ...] = ()
    conflicts: tuple[Conflict, ...] = ()
    rejected: tuple[Rejected, ...] = ()
    missing: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
    abstention: Abstention | None = None
    coverage: Coverage
    provenance: Provenance

    @computed_field  # type: ignore[prop-decorator]
    @property
    def text(self) -> str:
        """The claims, each followed by its markers ``[n]``; or the abstention's message."""
        if self.abstention:
            return self.abstention.message
        return " ".join(f"{claim.text} {''.join(f'[{n}]' for n in claim.citations)}" for claim in self.claims)

    @model_validator(mode="before")
    @classmethod
    def _drop_computed(cls, data: object) -> object:
        # `text` is written to JSON for readers; it is derived, so it is not read back.
        return {k: v for k, v in data.items() if k != "text"} if isinstance(data, dict) else data

    @model_validator(mode="after")
    def _consistent(self) -> Answer:
        # Numbering, text and citations cannot drift apart (invariant 12): refuse to exist otherwise.
        if (self.abstention is not None) != (self.status == "abstained"):
            raise ValueError("an Answer has an abstention if and only if its status is 'abstained'")
        if (not self.claims) != (self.status == "abstained"):
            raise ValueError("an Answer has claims if and only if its status is not 'abstained'")
        if [c.number for c in self.citations] != list(range(1, len(self.citations) + 1)):
            raise ValueError("citations must be numbered 1..n in order")
        numbers = set(range(1, len(self.citations) + 1))
        used = {n for claim in self.claims for n in (*claim.citations, *claim.context)}
        if self.abstention:
            used |= set(self.abstention.nearest)
            used |= {n for claim in self.abstention.contradicting for n in (*claim.citations, *claim.context)}
        if used != numbers:
            raise ValueError(f"citation numbers used {sorted(used)} differ from those listed {sorted(numbers)}")
        if {c.article_id for c in self.citations} - {a.id for a in self.articles}:
            raise ValueError("every cited article must be listed")
        return self

    def cited(self, claim: Claim) -> tuple[Citation, ...]:
        """The citations of one claim, in its order."""
        return tuple(self.citations[n - 1] for n in claim.citations)

    @property
    def resolving(self) -> frozenset[int]:
        """The numbers of citations that no claim rests on: they tell which day or whom another sentence means."""
        claims = (*self.claims, *(self.abstention.contradicting if self.abstention else ()))
        resting = {n for claim in claims for n in claim.citations}
        return frozenset(n for claim in claims for n in claim.context if n not in resting)

    def article(self, citation: Citation) -> ArticleRef:
        """The article a citation is taken from."""
        return next(a for a in self.articles if a.id == citation.article_id)


class Stage(Value):
    """What ``answer_stream`` is doing now."""

    name: Literal["planning", "searching", "reading", "checking"]
    detail: str = ""


class ClaimReady(Value):
    """A verified claim with its citations; its text and numbers are final."""

    claim: Claim
    citations: tuple[Citation, ...]


class Done(Value):
    """The end of the stream: the whole Answer."""

    answer: Answer


Event = Stage | ClaimReady | Done


class IncompleteArticle(Value):
    """An article that is stored without a part of what is known of others, because Dateline failed on its text.

    ``part`` is the layer or step that failed: sentences, times, utterances, chunks, vectors and so on.
    """

    article_id: str
    origin: str
    part: str
    reason: str


class SkippedFile(Value):
    """An input that was not ingested, and why."""

    origin: str
    reason: str


class IngestReport(Value):
    """What an ingest did. Counts are articles; ``chunks`` were embedded in this run."""

    added: int = 0
    updated: int = 0
    unchanged: int = 0
    removed: int = 0
    chunks: int = 0
    parsed_again: int = 0
    skipped: tuple[SkippedFile, ...] = ()
    incomplete: tuple[IncompleteArticle, ...] = ()
    warnings: tuple[str, ...] = ()
    revision: int = 0
    seconds: float = 0.0
