"""The application: its endpoints, each a few lines around a function of the package.

What takes long runs in threads, because the pipeline is synchronous: questions in several, changes of the library in
one. Short reads run in the threads of the server.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, closing
from datetime import date
from threading import Event as Flag
from threading import Lock
from time import monotonic
from typing import Annotated, Any, TypeVar, cast
from urllib.parse import quote, urlencode

from fastapi import Depends, FastAPI, Query, Request
from fastapi import Path as InPath
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, ValidationError
from starlette.datastructures import UploadFile
from starlette.exceptions import HTTPException
from starlette.middleware.cors import CORSMiddleware
from starlette.responses import Response

from .. import manage
from ..articles.load import Loaded
from ..english.characters import well_formed
from ..errors import LibraryError
from ..evaluate.gold import read_gold
from ..evaluate.record import Record, record
from ..evaluate.run import Examiner
from ..library.library import Library, exists
from ..model import Answer, ArticleRef, Basis, Coverage, Filters, Recheck, Timeline
from ..pipeline import build, opened_index
from ..rechecking import Rechecker
from ..settings import Settings
from ..timelines import timeline
from ..version import __version__
from . import adding, examples
from .gate import ARTICLES, HEALTH, JSON_BYTES, PROBES, REFUSED, ClientGone, Gate, Observed, request_id_of
from .limits import Workers
from .metrics import MEDIA_TYPE
from .options import ApiSettings
from .problems import (
    BUSY,
    FAILED,
    INVALID,
    MALFORMED,
    NOT_ALLOWED,
    NOT_FOUND,
    SHOWN,
    TOO_LARGE,
    UNKNOWN_SPEAKER,
    UNSUPPORTED,
    Fault,
    Kind,
    Problem,
    Refusal,
    faults_in,
    response_of,
)
from .schemas import (
    Added,
    ArticleList,
    ArticleText,
    Bounded,
    Health,
    Line,
    NewAddress,
    NewText,
    Question,
    Ready,
    Removed,
    SaidList,
    Speakers,
    Versions,
)
from .service import Service
from .tokens import Tokens

T = TypeVar("T")
Body = TypeVar("Body", bound=BaseModel)

MOST = 200  # items on a page
FILES = 20  # in one upload
CHANGES = 16  # of the library that may wait: each may hold an upload in memory
CASES = 500  # of one evaluation
GOLD = 500_000  # characters of a gold file: YAML is read slowly
READY_SECONDS = 1.0  # a probe within this time gets the answer to the one before

YAML = frozenset({"application/yaml", "application/x-yaml", "text/yaml"})
PROBLEM: dict[int | str, dict[str, Any]] = {
    "default": {
        "description": "A problem (RFC 9457)",
        "content": {"application/problem+json": {}},
        "model": Problem,
        "headers": {
            "X-Request-Id": {"description": "names this request in the log", "schema": {"type": "string"}},
            "Retry-After": {"description": "seconds to wait, with 429 and 503", "schema": {"type": "integer"}},
        },
    }
}


class _Described(FastAPI):
    """The application, whose description says how a request is let in."""

    def openapi(self) -> dict[str, Any]:
        """Return the OpenAPI description."""
        if not self.openapi_schema:
            made = super().openapi()
            made["components"]["securitySchemes"] = {"token": {"type": "http", "scheme": "bearer"}}
            made["security"] = [{"token": []}, {}]  # on loopback, none is needed until the first one exists
            for path in PROBES:
                made["paths"][path]["get"]["security"] = []
        return cast("dict[str, Any]", self.openapi_schema)


def create_app(settings: Settings, options: ApiSettings | None = None) -> FastAPI:
    """Return the application.

    Args:
        settings: the library, and what answers questions.
        options: of the API; default: those of the environment.
    """
    options = options or ApiSettings.load()
    service = Service(settings, options)
    writer = Workers("qa-writer", 1, min(options.waiting, CHANGES))

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        yield
        service.askers.close()
        writer.close()

    app = _Described(
        title="Dateline",
        summary="Ask a library of news articles. Every claim in an answer cites the exact sentences that support it.",
        description=examples.DESCRIPTION,
        version=__version__,
        openapi_url="/v1/openapi.json",
        docs_url=None,  # its page would load scripts from another server
        redoc_url=None,
        redirect_slashes=False,  # a redirect would repeat whatever Host was sent
        lifespan=lifespan,
        responses=PROBLEM,
        dependencies=[Depends(_nothing_else)],
        generate_unique_id_function=lambda route: route.name,
    )
    # Outermost last. The log sees everything; the gate lies inside of CORS, so that a preflight needs no token.
    app.add_middleware(Gate, tokens=Tokens(settings.folder), options=options)
    if options.cors_origins:
        app.add_middleware(
            CORSMiddleware,
            allow_origins=options.cors_origins,
            allow_methods=("GET", "POST", "DELETE"),
            allow_headers=("Authorization", "Content-Type", "X-Request-Id"),
            expose_headers=("X-Request-Id", "Retry-After"),
        )
    app.add_middleware(Observed, metrics=service.metrics, seconds=options.body_seconds)
    app.add_exception_handler(HTTPException, _http_error)
    app.add_exception_handler(RequestValidationError, _invalid)
    app.state.service = service
    _questions(app, service)
    _articles(app, service, writer)
    _people(app, service)
    _work(app, service)
    _watching(app, service, writer)
    return app


# -- what requests share -----------------------------------------------------------------------------------------------


def _filters(
    source: Annotated[list[Line], Query(description="only this outlet; repeat for more")] = [],  # noqa: B006
    speaker: Annotated[list[Line], Query(description="only what this person said; repeat for more")] = [],  # noqa: B006
    since: Annotated[date | None, Query(description="only articles published on or after this day")] = None,
    until: Annotated[date | None, Query(description="only articles published on or before this day")] = None,
    as_of: Annotated[date | None, Query(description="go back to this day")] = None,
    basis: Annotated[
        Basis, Query(description="with as_of: what was published by that day, or what this library held")
    ] = "published",
) -> Filters:
    filters = Filters(
        sources=tuple(source), speakers=tuple(speaker), since=since, until=until, as_of=as_of, basis=basis
    )
    return _checked(_Filtered, {"filters": filters}).filters


class _Filtered(BaseModel):
    filters: Bounded


Filtered = Annotated[Filters, Depends(_filters)]
ArticleId = Annotated[Line, InPath(description="the id of an article; that of an earlier version has an @")]
Limit = Annotated[int, Query(ge=1, le=MOST, description="the most items to return")]
Offset = Annotated[int, Query(ge=0, le=100_000_000, description="how many items to leave out before")]


def _next(request: Request, limit: int, offset: int, total: int) -> str | None:
    """Return the address of the next page: the same, with another offset."""
    if offset + limit >= total:
        return None
    asked = [(name, value) for name, value in request.query_params.multi_items() if name not in {"limit", "offset"}]
    path = quote(request.scope["path"])
    return f"{path}?{urlencode([*asked, ('limit', limit), ('offset', offset + limit)])}"


def _checked(shape: type[Body], data: object) -> Body:
    """Return data as a value. Raises Refusal (422) with its faults."""
    try:
        return shape.model_validate(data)
    except ValidationError as error:
        raise _unusable(faults_in(error.errors(include_url=False, include_input=False))) from None


async def _nothing_else(request: Request) -> None:
    """Refuse parameters that an address does not have: a filter that is misspelt must not be lost."""
    described = request.app.openapi()["paths"][request.scope["route"].path][request.method.lower()]
    known = {one["name"] for one in described.get("parameters", ()) if one["in"] == "query"}
    unknown = sorted(set(request.query_params) - known)[:SHOWN]
    if unknown:
        what = f"is no parameter here; there are {', '.join(sorted(known))}" if known else "is no parameter here"
        raise _unusable(tuple(Fault(where=f"query.{well_formed(name)[:100]}", what=what) for name in unknown))


def _unusable(faults: tuple[Fault, ...]) -> Refusal:
    detail = "; ".join(f"{fault.where}: {fault.what}" if fault.where else fault.what for fault in faults)
    return Refusal(INVALID, f"{detail}. The schemas are in /v1/openapi.json.", faults=faults)


def _json(value: BaseModel, status: int = 200) -> Response:
    # Values are valid already: FastAPI would check every sentence of an article once more.
    return Response(value.model_dump_json(), status, media_type="application/json")


async def _unless_gone(request: Request, work: Awaitable[T]) -> T:
    """Wait for work, and cancel it if the client hangs up. Raises ClientGone."""

    async def gone() -> None:
        while (await request.receive())["type"] != "http.disconnect":
            pass

    working, watching = asyncio.ensure_future(work), asyncio.ensure_future(gone())
    try:
        await asyncio.wait({working, watching}, return_when=asyncio.FIRST_COMPLETED)
        if not working.done():
            raise ClientGone
        return working.result()
    finally:
        working.cancel()
        watching.cancel()
        await asyncio.gather(working, watching, return_exceptions=True)


def _media_type(request: Request) -> str:
    return request.headers.get("content-type", "").partition(";")[0].strip().lower()


_HTTP: dict[int, Kind] = {404: NOT_FOUND, 405: NOT_ALLOWED, 413: TOO_LARGE}


async def _http_error(request: Request, error: Exception) -> Response:
    """Tell an error of Starlette as a problem. Its own words are about the request: a form that cannot be read."""
    if refused := request.scope["state"].get(REFUSED):
        raise refused
    error = cast(HTTPException, error)
    kind = _HTTP.get(error.status_code, MALFORMED if error.status_code < 500 else FAILED)
    response = response_of(Refusal(kind, None if kind.detail else f"{error.detail}. Correct it."), _id(request))
    response.headers.update(error.headers or {})
    return response


async def _invalid(request: Request, error: Exception) -> Response:
    faults = faults_in(cast(RequestValidationError, error).errors())
    return response_of(_unusable(faults), _id(request))


def _id(request: Request) -> str:
    return request_id_of(request.scope)


# -- questions ---------------------------------------------------------------------------------------------------------


def _questions(app: FastAPI, service: Service) -> None:
    @app.post(
        "/v1/answers",
        response_model=Answer,
        responses={200: examples.ANSWER_OR_STREAM},
        openapi_extra=examples.QUESTION,
        tags=["questions"],
    )
    async def ask(request: Request, question: Question) -> Response:
        """Ask a question.

        The response is an Answer. With the header ``Accept: text/event-stream`` it is a stream of events as they
        happen: ``stage``, ``claim`` (final, with its citations), and ``done`` with the Answer, or ``error`` with a
        problem. If you hang up, the model's work ends.
        """
        asking = service.ask(question)
        if "text/event-stream" in request.headers.get("accept", "").lower():
            return asking.stream(_id(request), service.options.heartbeat)
        return _json(await _unless_gone(request, asking.answer()))

    @app.get("/v1/timeline", response_model=Timeline, tags=["questions"])
    async def get_timeline(
        subject: Annotated[Line, Query(description="a person, a place, a thing or a topic")], filters: Filtered
    ) -> Response:
        """List the dated statements about a subject in the order in which they happened. No model is asked.

        ``since`` and ``until`` are about the day of an event here.
        """
        made = await service.askers.run(lambda: timeline(subject, filters=filters, settings=service.settings))
        return _json(made)

    @app.post("/v1/rechecks", response_model=Recheck, openapi_extra=examples.RECHECK, tags=["questions"])
    async def recheck(answer: Answer) -> Response:
        """Hold an earlier answer against today's library: what became of each claim. No model is asked."""

        def check() -> Recheck:
            with closing(Rechecker(settings=service.settings)) as rechecker:
                return rechecker.recheck(answer)

        return _json(await service.askers.run(check))


# -- articles ----------------------------------------------------------------------------------------------------------


def _articles(app: FastAPI, service: Service, writer: Workers) -> None:
    @app.get(ARTICLES, response_model=ArticleList, tags=["articles"])
    def list_articles(request: Request, filters: Filtered, limit: Limit = 50, offset: Offset = 0) -> Response:
        """List articles, latest first and undated ones last."""
        with service.library() as library:
            found, total = library.containing((), filters, limit=limit, offset=offset)
            revision = library.revision
        following = _next(request, limit, offset, total)
        return _json(ArticleList(articles=tuple(found), total=total, next=following, revision=revision))

    @app.post(
        ARTICLES, status_code=201, response_model=Added, openapi_extra=examples.ARTICLES, tags=["articles"],
        responses={200: {"model": Added, "description": "Nothing is new: all of it was known."}},
    )  # fmt: skip
    async def add_articles(request: Request) -> Response:
        """Add articles: files (multipart/form-data, of every format), a web address, or a text (both JSON).

        Send the same again after an error: what is known already is not added twice.
        """
        kind = _media_type(request)
        if kind == "multipart/form-data":
            read = _of_files(await _files(request))
        elif kind == "application/json":
            read = _of_json(_parsed(await request.body()), service.settings)
        else:
            raise Refusal(UNSUPPORTED, "Send multipart/form-data with files, or application/json with a url or a text.")
        loaded = await service.askers.run(read)  # a slow site must not keep others from adding
        added = await writer.run(lambda: adding.add(loaded, service.settings))
        return _json(added, 201 if added.added or added.updated else 200)

    @app.get(f"{ARTICLES}/{{article_id}}", response_model=ArticleText, tags=["articles"])
    def get_article(
        article_id: ArticleId,
        version: Annotated[Line | None, Query(description="a version that a citation names; default: newest")] = None,
    ) -> Response:
        """Return an article with its text and its sentences, with their offsets in it."""
        parsed = service.article(article_id, version)
        article = parsed.article
        fields = article.ref().model_dump() | {"sentences": parsed.sentences}
        more = {name: getattr(article, name) for name in ("text", "body_start", "language")}
        return _json(ArticleText(**fields, **more))

    @app.get(f"{ARTICLES}/{{article_id}}/versions", response_model=Versions, tags=["articles"])
    def get_versions(article_id: ArticleId) -> Response:
        """List the stored versions of an article, oldest first, with how many sentences each has changed."""
        with service.library() as library:
            library.article(article_id)  # by its whole id: ``versions`` takes the beginning of one, too
        return _json(Versions(versions=manage.versions(article_id, settings=service.settings)))

    @app.delete(f"{ARTICLES}/{{article_id}}", response_model=Removed, tags=["articles"])
    async def delete_article(article_id: ArticleId) -> Response:
        """Remove an article and its earlier versions. The id of an earlier version removes it alone."""

        def remove() -> ArticleRef:
            with service.library() as library:
                library.article(article_id)
            (removed,), _ = manage.remove([article_id], settings=service.settings)
            return removed

        return _json(Removed(article=await writer.run(remove)))


Read = Callable[[], list[Loaded]]


async def _files(request: Request) -> list[tuple[str, bytes]]:
    async with request.form(max_files=FILES, max_fields=FILES, max_part_size=10_000) as form:
        uploads = [value for _, value in form.multi_items() if isinstance(value, UploadFile)]
        return [(upload.filename or "", await upload.read()) for upload in uploads]


def _of_files(files: list[tuple[str, bytes]]) -> Read:
    return lambda: [one for name, content in files for one in adding.of_upload(name, content)]


def _of_json(data: object, settings: Settings) -> Read:
    if isinstance(data, dict) and "text" not in data:
        address = _checked(NewAddress, data)
        return lambda: adding.of_address(address, settings)
    text = _checked(NewText, data)
    return lambda: adding.of_text(text)


def _parsed(body: bytes) -> object:
    if len(body) > JSON_BYTES:
        raise Refusal(TOO_LARGE, f"JSON may have {JSON_BYTES:,} bytes. Send a long text as a file.")
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        raise Refusal(MALFORMED, "The body is not JSON. Send it as application/json in UTF-8.") from None


# -- outlets and people ------------------------------------------------------------------------------------------------


def _people(app: FastAPI, service: Service) -> None:
    @app.get("/v1/sources", response_model=Coverage, tags=["library"])
    def get_sources(filters: Filtered) -> Response:
        """Return the outlets, the number of articles, and their first and last day of publication."""
        with service.library() as library:
            return _json(library.coverage(filters))

    @app.get("/v1/speakers", response_model=Speakers, tags=["library"])
    def get_speakers(request: Request, limit: Limit = 50, offset: Offset = 0) -> Response:
        """List the named speakers, those who speak most often first."""
        with service.library() as library:
            names, unread = library.speakers(), library.count_unread()
        following = _next(request, limit, offset, len(names))
        shown = names[offset : offset + limit]
        return _json(Speakers(speakers=shown, total=len(names), unread=unread, next=following))

    @app.get("/v1/speakers/{name}/said", response_model=SaidList, tags=["library"])
    async def get_said(
        request: Request,
        name: Annotated[Line, InPath(description="the name of a speaker, in any of its spellings")],
        filters: Filtered,
        limit: Limit = 50,
        offset: Offset = 0,
    ) -> Response:
        """List every sentence in which somebody speaks, oldest first and without near-copies."""

        def listed() -> SaidList:
            said = service.said(name, filters, offset, limit)
            if not said.spellings:
                raise Refusal(UNKNOWN_SPEAKER)
            return SaidList(
                speakers=said.spellings,
                citations=said.citations,
                articles=said.articles,
                total=said.total,
                unread=said.unread,
                next=_next(request, limit, offset, said.total),
            )

        return _json(await service.askers.run(listed))


# -- evaluation --------------------------------------------------------------------------------------------------------


def _work(app: FastAPI, service: Service) -> None:
    @app.post("/v1/evaluations", response_model=Record, openapi_extra=examples.EVALUATION, tags=["evaluation"])
    async def evaluate(request: Request) -> Response:
        """Ask this library the questions of a gold file (YAML) and score the answers, as ``qa eval`` does.

        It may take minutes, and with a model it costs money. If you hang up, it ends after the question under way.
        """
        if _media_type(request) not in YAML:
            raise Refusal(UNSUPPORTED, "Send the gold file as application/yaml.")
        try:
            text = (await request.body()).decode()
        except UnicodeDecodeError:
            raise Refusal(MALFORMED, "The gold file is not UTF-8. Save it as UTF-8.") from None
        if len(text) > GOLD:
            raise Refusal(TOO_LARGE, f"A gold file may have {GOLD:,} characters here. Send it in several requests.")
        stopped = Flag()

        def on_progress(_done: int, _total: int, _case: str) -> None:
            if stopped.is_set():
                raise ClientGone

        def run() -> Record:
            gold = read_gold(text, "gold.yaml")
            if len(gold.cases) > CASES:
                raise Refusal(TOO_LARGE, f"A request may have {CASES} cases. Send them in several requests.")
            with closing(build(service.settings)) as engine:
                return record(Examiner.over(gold, engine).run(on_progress), test_shown=True)

        try:
            return _json(await _unless_gone(request, service.askers.run(run)))
        finally:
            stopped.set()


# -- health ------------------------------------------------------------------------------------------------------------


def _watching(app: FastAPI, service: Service, writer: Workers) -> None:
    last: list[tuple[float, Ready | LibraryError]] = []
    lock = Lock()

    @app.get(HEALTH, response_model=Health, tags=["health"])
    async def healthz() -> Response:
        """Say that the server answers. It needs no token."""
        return _json(Health())

    @app.get("/readyz", response_model=Ready, tags=["health"])
    def readyz() -> Response:
        """Say that the library can be opened, or respond with a problem. It needs no token."""
        # A probe is for everybody, so a flood of them must cost nothing, not even while the library does not answer.
        if not lock.acquire(timeout=READY_SECONDS):
            raise Refusal(BUSY)
        try:
            if not last or monotonic() - last[0][0] > READY_SECONDS:
                found = _ready(service.settings)
                last[:] = [(monotonic(), found)]
            _, found = last[0]
        finally:
            lock.release()
        if isinstance(found, LibraryError):
            raise found
        return _json(found)

    @app.get("/metrics", tags=["health"], response_class=Response, responses={200: {"content": {"text/plain": {}}}})
    async def metrics() -> Response:
        """Return the counters for Prometheus."""
        return Response(service.counted(change=writer.under_way), headers={"Content-Type": MEDIA_TYPE})


def _ready(settings: Settings) -> Ready | LibraryError:
    index = opened_index(settings.library)
    state = index.state if index else "closed"
    try:
        with closing(Library(settings.library)) as library:
            return Ready(articles=library.coverage().articles, revision=library.revision, index=state)
    except LibraryError as error:
        try:
            return error if exists(settings.library) else Ready(articles=0, index=state)
        except LibraryError:
            return error
