"""Errors as the API tells them: ``application/problem+json`` (RFC 9457), with a remedy and without internals.

Messages of ``qa.errors`` are written for whoever runs the command: some name folders, servers or options. So only those
about the caller's own input are passed on; each other kind has words of its own here.
"""

from __future__ import annotations

import logging
import traceback
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from pydantic import Field
from starlette.responses import Response

from .. import errors
from ..english.characters import displayable, well_formed
from ..model import Value

log = logging.getLogger("qa.api")

MEDIA_TYPE = "application/problem+json"
TYPES = "urn:dateline:problem:"
"""What the ``type`` of a problem begins with. It names a kind of problem, and is no address."""
SHOWN = 10  # faults of a request that are listed

_ON_THE_SERVER = "Whoever runs the server finds the reason with: qa doctor"


class Fault(Value):
    """One fault of a request: where it is, and what is wrong with it."""

    where: str
    what: str


class Problem(Value):
    """Why a request failed, and what to do about it (RFC 9457)."""

    type: str = Field(description="names the kind of problem, for programs")
    title: str = Field(description="the kind of problem in words")
    status: int
    detail: str = Field(description="what is wrong with this request, and the remedy")
    request_id: str = Field(default="", description="the X-Request-Id of the response; the server's log has it too")
    faults: tuple[Fault, ...] = Field(default=(), description="what is wrong with which part of the request")


@dataclass(frozen=True)
class Kind:
    """How a kind of error is told. ``detail`` is None if the error's own message may be shown."""

    status: int
    name: str
    title: str
    detail: str | None = None
    retry_after: int | None = None
    """Seconds after which a new try may succeed."""
    closes: bool = False
    """Whether the connection is closed after the response."""


class Refusal(errors.QAError):
    """A request that the API refuses, with its kind and words."""

    def __init__(self, kind: Kind, detail: str | None = None, *, faults: Sequence[Fault] = ()) -> None:
        super().__init__(detail or kind.detail or kind.title)
        self.kind = kind
        self.faults = tuple(faults)


MALFORMED = Kind(400, "malformed", "The request cannot be read")
UNKNOWN_HOST = Kind(
    400,
    "unknown-host",
    "The request names another server",
    "Without tokens, the server only answers to localhost, 127.0.0.1 and [::1]. Use one of them, or create a token "
    "with: qa token create NAME",
)
UNAUTHORIZED = Kind(
    401,
    "no-token",
    "A token is needed",
    "Send the header Authorization: Bearer TOKEN, with a token that is neither revoked nor expired. Whoever runs the "
    "server makes one with: qa token create NAME",
)
FORBIDDEN = Kind(
    403, "read-only", "The token may only read", "Use a token that may write, made without the option --read-only."
)
CROSS_SITE = Kind(
    403,
    "cross-site",
    "Pages of other sites may not use this server",
    "Start the server with --cors-origin and the origin of the page, or with the origin in QA_API_CORS_ORIGINS.",
)
NOT_FOUND = Kind(404, "not-found", "There is nothing at this address", "The addresses are listed in /v1/openapi.json.")
UNKNOWN_VERSION = Kind(
    404, "unknown-version", "No such version", "List the versions of the article with GET /v1/articles/ID/versions."
)
UNKNOWN_SPEAKER = Kind(
    404, "unknown-speaker", "Nobody of this name speaks", "List the names of speakers with GET /v1/speakers."
)
NOT_ALLOWED = Kind(
    405, "method-not-allowed", "This address has no such method", "The methods are listed in /v1/openapi.json."
)
TOO_SLOW = Kind(
    408,
    "too-slow",
    "The request came too slowly",
    "Send it again, or in smaller parts. Nothing of it was used.",
    closes=True,
)
TOO_LARGE = Kind(413, "too-large", "The request is too large")
UNSUPPORTED = Kind(415, "unsupported-media-type", "This media type is not read here")
INVALID = Kind(422, "invalid", "The request cannot be used")
TOO_MANY = Kind(
    429, "too-many-requests", "Too many requests", "Wait for the seconds in Retry-After, then go on more slowly."
)
HEADER_TOO_LARGE = Kind(
    431, "header-too-large", "The address and headers are too large", "Send shorter ones, or the data in the body."
)
FAILED = Kind(
    500,
    "failed",
    "Something went wrong",
    "This is a fault of the server. Its log has the details under the request_id. You can try again.",
)
BUSY = Kind(
    503,
    "busy",
    "The server is busy",
    "Wait for the seconds in Retry-After, then send the request again.",
    retry_after=5,
)
FULL = Kind(
    503,
    "too-many-connections",
    "Too many connections are open",
    "Use one connection for many requests. Wait for the seconds in Retry-After, then connect again.",
    retry_after=5,
    closes=True,
)
TOKENS_BROKEN = Kind(503, "tokens-unreadable", "Tokens cannot be checked", _ON_THE_SERVER)

UNREADABLE = Kind(422, "nothing-read", "No article could be read")

_MODEL_REMEDY = "Try again later. Whoever runs the server finds the reason with: qa doctor"
_KINDS: Mapping[type[errors.QAError], Kind] = {
    errors.UnknownArticle: Kind(
        404, "unknown-article", "No such article", "No article has this id. List them with GET /v1/articles."
    ),
    errors.EmptyLibrary: Kind(
        409, "empty-library", "The library is empty", "Add articles with POST /v1/articles, then ask again."
    ),
    errors.NothingRead: UNREADABLE,
    errors.InputError: INVALID,
    errors.SettingsError: Kind(503, "misconfigured", "The server is set up wrongly", _ON_THE_SERVER),
    errors.LibraryError: Kind(503, "library-unavailable", "The library cannot be opened or written", _ON_THE_SERVER),
    errors.IndexFault: Kind(503, "index-unavailable", "The index cannot be used", _ON_THE_SERVER),
    errors.PromptError: Kind(503, "misconfigured", "The server is set up wrongly", _ON_THE_SERVER),
    errors.ModelTimeout: Kind(
        504,
        "model-timeout",
        "The model did not reply in time",
        "Try again later, or raise QA_TIMEOUT on the server.",
        retry_after=5,
    ),
    errors.OutOfCalls: Kind(
        502, "model-calls-used", "The question used all its calls to the model", "Raise QA_MAX_CALLS on the server."
    ),
    errors.ModelUnavailable: Kind(
        503, "model-unavailable", "The model cannot be reached", _MODEL_REMEDY, retry_after=10
    ),
    errors.ModelRefused: Kind(
        502, "model-refused", "The model refused to answer", "Ask in other words, or search fewer articles."
    ),
    errors.ModelError: Kind(502, "model-failed", "The model gave no reply that can be used", _MODEL_REMEDY),
}


def kind_of(error: errors.QAError) -> Kind:
    """Return how an error is told: the kind of its class, or of the closest class above it."""
    if isinstance(error, Refusal):
        return error.kind
    return next((_KINDS[cls] for cls in type(error).__mro__ if cls in _KINDS), FAILED)


def problem_of(error: BaseException, request_id: str) -> Problem:
    """Return an error as a problem. One that is no ``QAError`` is a bug, and nothing of it is told."""
    if not isinstance(error, errors.QAError):
        return _problem(FAILED, FAILED.detail or "", request_id)
    kind = kind_of(error)
    own = str(error) if isinstance(error, Refusal) or kind.detail is None else None
    return _problem(kind, own or kind.detail or kind.title, request_id, getattr(error, "faults", ()))


def _problem(kind: Kind, detail: str, request_id: str, faults: Sequence[object] = ()) -> Problem:
    # A GoldError's faults are lines of text, and its message has them already.
    listed = tuple(fault for fault in faults if isinstance(fault, Fault))[:SHOWN]
    detail = displayable(well_formed(detail))[:2000]
    return Problem(
        type=TYPES + kind.name,
        title=kind.title,
        status=kind.status,
        detail=detail,
        request_id=request_id,
        faults=listed,
    )


def headers_of(error: BaseException) -> dict[str, str]:
    """Return the headers that an error adds to its response."""
    kind = kind_of(error) if isinstance(error, errors.QAError) else FAILED
    headers = {}
    wait = getattr(error, "retry_after", None) or kind.retry_after
    if wait:
        headers["Retry-After"] = str(wait)
    if kind.status == HTTPStatus.UNAUTHORIZED:
        headers["WWW-Authenticate"] = 'Bearer realm="dateline"'
    if kind.closes:
        headers["Connection"] = "close"
    return headers


def response_of(error: BaseException, request_id: str) -> Response:
    """Return an error as a response."""
    problem = problem_of(error, request_id)
    return Response(problem.model_dump_json(), problem.status, headers_of(error), MEDIA_TYPE)


def log_error(error: BaseException, where: str) -> None:
    """Write an error to the log: its kind and where it was raised. Its message may hold words of a question.

    ``where`` is what it happened in: "request" and its id, or "tool" and its name.
    """
    if isinstance(error, Refusal):
        return  # the line of the request says enough
    if isinstance(error, errors.QAError):
        log.warning("%s in %s", type(error).__name__, where)
        return
    place = "".join(traceback.format_tb(error.__traceback__))
    log.error("%s in %s\n%s", type(error).__name__, where, place)


def faults_in(details: Sequence[Mapping[str, Any]]) -> tuple[Fault, ...]:
    """Return what pydantic found wrong, without the values that were sent."""
    places = (well_formed(".".join(map(str, one["loc"])))[:200] for one in details[:SHOWN])
    words = (well_formed(str(one["msg"]).removeprefix("Value error, "))[:300] for one in details[:SHOWN])
    return tuple(Fault(where=where, what=what) for where, what in zip(places, words, strict=True))
