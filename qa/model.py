"""The contract: all values that Dateline's modules exchange and that it returns to callers.

All values are frozen pydantic models, and this module imports no other module of Dateline. Scripts, ``qa ask --json``,
the page and the evals all get the same ``Answer`` object. Fields may be added. If the meaning of a field changes,
``schema_version`` changes too.

Offsets count code points of ``Article.text`` (Python's ``str`` indices) and are half-open: ``text[start:end]``.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Literal

from pydantic import AwareDatetime, BaseModel, BeforeValidator, ConfigDict, Field, computed_field, model_validator


class Value(BaseModel):
    """Base class of all values. They are immutable, and unknown fields are errors."""

    model_config = ConfigDict(frozen=True, extra="forbid")


def _parse_moment(value: object) -> object:
    # A bare "2025-03-13" is a day whose time is unknown. Without this validator, pydantic may read it as midnight.
    if isinstance(value, str):
        return date.fromisoformat(value) if len(value) == 10 else datetime.fromisoformat(value)
    return value


Moment = Annotated[datetime | date, BeforeValidator(_parse_moment)]
"""A day, or an instant if the article gives a time. An unknown moment is None; moments are never guessed."""

Status = Literal["current", "corrected", "retracted", "superseded"]
Precision = Literal["instant", "day", "week", "month", "quarter", "year"]
Attribution = Literal["direct", "indirect", "narration"]
Form = Literal["stated", "quoted"]
RejectReason = Literal["label", "quote", "speaker", "number", "date", "name", "negation", "modality", "support"]
AbstentionReason = Literal["not_covered", "detail_not_stated", "premise_contradicted", "outside_dates", "unverified"]


def day_of(moment: datetime | date | None) -> date | None:
    """Return the calendar day of a moment, in its own time zone. None stays None."""
    return moment.date() if isinstance(moment, datetime) else moment


class When(Value):
    """A time that the text names: its words, and the days that they mean (``start`` to ``end``, inclusive).

    ``at`` is the instant if the text gives a time of day.
    """

    words: str
    start: date
    end: date
    at: datetime | None = None
    precision: Precision


class ArticleRef(Value):
    """An article without its text, as listed in an Answer."""

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
    """An article with its text, which is stored and shown exactly as it was loaded."""

    text: str
    body_start: int | None = Field(
        default=None,
        description="offset in code points at which the story begins, after its dateline; None: not determined yet",
    )
    language: str | None = None
    origin: str | None = Field(default=None, description="where it was read from: a path, or path#key for one row")

    def ref(self, same_as: tuple[str, ...] = ()) -> ArticleRef:
        """Return this article without its text. ``same_as`` are the ids of its near-copies."""
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
    """A run of whole sentences of one article, ``first`` to ``last`` (inclusive indices), retrieved as a unit."""

    article_id: str
    index: int
    first: int
    last: int
    text: str = Field(description="header line and sentences, as they are embedded and searched")
    tokens: int


class Hit(Value):
    """A retrieved chunk with its scores. Hits are ordered by ``score``; the other scores explain it."""

    chunk_id: int
    article_id: str
    first: int
    last: int
    score: float
    lexical: float | None = Field(default=None, description="BM25, higher is better; None if not found by words")
    similarity: float | None = Field(
        default=None, description="cosine of question and chunk, -1..1; None if not found by vectors"
    )


class Filters(Value):
    """Which articles may be searched. Days are inclusive. ``as_of`` hides everything published after that day."""

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
        """Whether any filter is set."""
        return self != Filters()


class Period(Value):
    """The days that a question's words name, both inclusive. None means that this side is open.

    ``happened`` is True if the words say when something happened ("on 12 March", "last week"), which may be reported
    days later. It is False if they limit what was known ("before 10 March", "until Friday"). ``weekday`` is True if
    the words only name a day of the week, which the user may have taken from an old article.
    """

    since: date | None = None
    until: date | None = None
    happened: bool = False
    weekday: bool = False


class Passage(Value):
    """One sentence that is shown to a drafter under a short label. ``score`` is its relevance, higher is better."""

    label: str
    article_id: str
    sentence: Sentence
    score: float


class DraftClaim(Value):
    """An unverified claim: its text, and the labels of the sentences that it cites."""

    text: str
    labels: tuple[str, ...]
    speaker: str | None = None
    support: float | None = None


class Draft(Value):
    """The proposal of a model or the reader. Nothing in it has been verified."""

    answerable: bool
    claims: tuple[DraftClaim, ...] = ()
    reason: AbstentionReason | None = None
    missing: tuple[str, ...] = Field(default=(), description="parts of the question that it leaves open")
    look_for: str | None = Field(default=None, description="words for a second search, if it does not answer")


class Said(Value):
    """Words of a sentence that somebody says: ``article.text[start:end]``. All other words are the article's own.

    The ``attribution`` is ``direct`` for words in quotation marks and ``indirect`` for a reported clause. ``speaker``
    is the fullest name that the article gives. For an ``anonymous`` speaker it is what the article calls them. It is
    None if the article does not say who speaks.
    """

    start: int
    end: int
    attribution: Literal["direct", "indirect"]
    speaker: str | None = None
    anonymous: bool = False


class Citation(Value):
    """A cited sentence: ``quote == article.text[start:end]``. ``number`` is the n of its marker [n]."""

    number: int
    article_id: str
    version: str
    sentence: int
    start: int
    end: int
    quote: str
    said: tuple[Said, ...] = Field(
        default=(), description="who says what in it; speech inside other speech comes later"
    )
    answer: tuple[int, int] | None = Field(
        default=None,
        description="offsets in the article of the words that answer the question, where one run of words does",
    )

    @property
    def pieces(self) -> tuple[tuple[str, bool], ...]:
        """The quote in pieces, each with whether it answers the question. There is one piece without ``answer``."""
        if self.answer is None:
            return ((self.quote, False),)
        first, last = self.answer[0] - self.start, self.answer[1] - self.start
        whole = ((self.quote[:first], False), (self.quote[first:last], True), (self.quote[last:], False))
        return tuple(piece for piece in whole if piece[0])


class Claim(Value):
    """One verified sentence of the answer, with the numbers of the citations that support it."""

    text: str
    citations: tuple[int, ...] = Field(min_length=1)
    context: tuple[int, ...] = Field(default=(), description="citations that resolve a date or a pronoun")
    speaker: str | None = None
    attribution: Attribution = "narration"
    form: Form = Field(
        default="stated", description="quoted: the article's own sentences, because a paraphrase stayed doubtful"
    )
    stated: When | None = Field(default=None, description="when somebody said it, if the sentence says so")
    occurred: When | None = Field(default=None, description="when it happened, if the sentence says so")
    resolved: tuple[When, ...] = Field(default=(), description="the claim's relative times, resolved to days")
    support: float | None = Field(default=None, description="probability that the sentences support the claim, 0..1")

    @property
    def wording(self) -> str:
        """The text as it is shown to a reader: one that is quoted is introduced as the article's own words."""
        return f"In the article’s words: {self.text}" if self.form == "quoted" else self.text


class Rejected(Value):
    """A drafted claim that failed verification. It is never shown as an answer, but kept for inspection."""

    text: str
    labels: tuple[str, ...]
    reason: RejectReason
    detail: str


class Conflict(Value):
    """Claims (by index) that need a comment if they are shown together."""

    kind: Literal["update", "correction", "disagreement", "rounding"]
    claims: tuple[int, ...]


class Abstention(Value):
    """Why there is no answer, and what may help: the nearest sentences, contradicting claims, and a suggestion."""

    reason: AbstentionReason
    message: str
    nearest: tuple[int, ...] = Field(default=(), description="citation numbers of the nearest sentences")
    contradicting: tuple[Claim, ...] = ()
    suggestion: str | None = None


class Coverage(Value):
    """What can be searched: the number of articles, their outlets, and their first and last day of publication."""

    articles: int
    sources: tuple[str, ...] = ()
    first: date | None = None
    last: date | None = None


class Usage(Value):
    """The tokens and the cost of one question. ``cost_usd`` is None if the price is unknown."""

    input: int = 0
    cached: int = 0
    output: int = 0
    cost_usd: float | None = None


class Provenance(Value):
    """How an answer was made, in enough detail to make it again."""

    mode: Literal["reader", "model"]
    model: str | None = None
    prompt_sha256: str | None = Field(default=None, description="SHA-256 of the prompt that drafted the answer")
    prompts: dict[str, str] = Field(default={}, description="name and SHA-256 of every prompt that may have been used")
    judge: str | None = Field(default=None, description="the judge of support: decisions, systemone, chat or local")
    reading: str | None = Field(default=None, description="the reading model; None: off, or missing")
    embedder: str
    qa_version: str
    library_revision: int
    shown: tuple[tuple[str, str, int], ...] = Field(default=(), description="(label, article id, sentence index)")
    scores: tuple[float, ...] = Field(
        default=(), description="relevance of each sentence of ``shown``, higher is better"
    )
    second_look: str | None = Field(default=None, description="words of a second search that the model asked for")
    usage: Usage | None = None
    timings_ms: dict[str, float] = {}
    created: AwareDatetime


class Answer(Value):
    """A verified answer or an abstention. Every claim has its citations."""

    schema_version: Literal[1] = 1
    question: str
    standalone: str
    filters: Filters = Field(default=Filters(), description="filters of the user; nothing else was searched")
    preferred: Filters = Field(
        default=Filters(), description="the filters, narrowed by days and speakers of the question: searched first"
    )
    status: Literal["answered", "partial", "abstained"]
    claims: tuple[Claim, ...] = ()
    citations: tuple[Citation, ...] = ()
    articles: tuple[ArticleRef, ...] = ()
    conflicts: tuple[Conflict, ...] = ()
    rejected: tuple[Rejected, ...] = ()
    missing: tuple[str, ...] = Field(default=(), description="parts of the question that the claims leave open")
    warnings: tuple[str, ...] = ()
    abstention: Abstention | None = None
    coverage: Coverage
    provenance: Provenance

    @computed_field  # type: ignore[prop-decorator]
    @property
    def text(self) -> str:
        """The claims, each followed by its markers ``[n]``, or the message of the abstention."""
        if self.abstention:
            return self.abstention.message
        return " ".join(f"{claim.wording} {''.join(f'[{n}]' for n in claim.citations)}" for claim in self.claims)

    @model_validator(mode="before")
    @classmethod
    def _drop_computed(cls, data: object) -> object:
        # `text` is written to JSON for people who read it. It is computed, so it is not read back.
        return {k: v for k, v in data.items() if k != "text"} if isinstance(data, dict) else data

    @model_validator(mode="after")
    def _consistent(self) -> Answer:
        # An Answer whose numbering, text and citations do not agree cannot be created.
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
        if any(c.answer and not c.start <= c.answer[0] < c.answer[1] <= c.end for c in self.citations):
            raise ValueError("the answering words must stand inside their citation")
        return self

    def cited(self, claim: Claim) -> tuple[Citation, ...]:
        """Return the citations of one claim, in the order of its markers."""
        return tuple(self.citations[n - 1] for n in claim.citations)

    @property
    def resolving(self) -> frozenset[int]:
        """The numbers of citations that only resolve a date or a name and support no claim themselves."""
        claims = (*self.claims, *(self.abstention.contradicting if self.abstention else ()))
        supporting = {n for claim in claims for n in claim.citations}
        return frozenset(n for claim in claims for n in claim.context if n not in supporting)

    def article(self, citation: Citation) -> ArticleRef:
        """Return the article of a citation."""
        return next(a for a in self.articles if a.id == citation.article_id)


class Stage(Value):
    """The stage that ``answer_stream`` has reached."""

    name: Literal["planning", "searching", "reading", "checking"]
    detail: str = ""


class ClaimReady(Value):
    """A verified claim with its citations. Its text and numbers are final."""

    claim: Claim
    citations: tuple[Citation, ...]


class Done(Value):
    """The end of the stream, with the whole Answer."""

    answer: Answer


Event = Stage | ClaimReady | Done


class IncompleteArticle(Value):
    """An article that is stored without one of its parts, because Dateline failed on its text.

    ``part`` is the layer or step that failed: sentences, times, utterances, chunks, vectors and so on.
    """

    article_id: str
    origin: str
    part: str
    reason: str


class SkippedFile(Value):
    """An input that was not ingested, and the reason."""

    origin: str
    reason: str


class IngestReport(Value):
    """What an ingest did. All counts are of articles, except ``chunks``: the chunks that were embedded in this run."""

    added: int = 0
    updated: int = 0
    unchanged: int = 0
    removed: int = 0
    chunks: int = 0
    parsed_again: int = 0
    skipped: tuple[SkippedFile, ...] = ()
    others: tuple[str, ...] = Field(default=(), description="files of kinds that are not read, left out of folders")
    incomplete: tuple[IncompleteArticle, ...] = ()
    warnings: tuple[str, ...] = ()
    revision: int = 0
    seconds: float = 0.0
