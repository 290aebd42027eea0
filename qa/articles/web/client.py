"""Fetches one page or feed: redirects, robots.txt, limits of time and size, and reasons in plain English."""

from __future__ import annotations

import re
import socket
import ssl
import time
from collections.abc import Callable, Collection, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from functools import cached_property
from http import HTTPStatus
from types import TracebackType
from typing import Self

import httpcore
import httpx

from ...errors import InputError
from ...version import __version__
from ..extract import Raw
from ..files import MAX_BYTES
from . import media, robots
from .addresses import Place, Resolver, host_of, parse, port_of, shown
from .connections import Connections, Transport
from .deadline import Deadline, TookTooLong
from .encodings import accepted, beginning, capped, decoded, too_large
from .pace import Pace, again_in

USER_AGENT = f"Dateline/{__version__} (+https://pypi.org/project/dateline-qa/)"
SECONDS = 20.0
MAX_REDIRECTS = 5

_REDIRECTS = {301, 302, 303, 307, 308}
_GOOD = {200, 203}
_BUSY = {429, 503}
_CLOSED = {401, 402, 403, 451}
_MAX_RETRY = 7 * 86_400  # seconds
_VALIDATOR = re.compile(r"[\x21-\x7e][\x20-\x7e]{0,999}")

Read = Callable[[httpx.URL, httpx.Response], bytes]


@dataclass(frozen=True)
class Fetched:
    """What a server answered."""

    raw: Raw | None
    """None: it has not changed since the answer that ``etag`` or ``modified`` came with."""
    url: str
    """The address after redirects."""
    etag: str | None
    last_modified: str | None
    media_type: str
    """In lower case, without parameters. "" if the server did not say."""


class Web:
    """Fetches public pages and feeds. It remembers each site's robots.txt and when it was last asked.

    Use one for all fetches, as a context manager. Several threads may share it. It sends no cookies and no passwords,
    uses no proxy, and reads no settings of the environment.
    """

    def __init__(
        self,
        *,
        user_agent: str = USER_AGENT,
        seconds: float = SECONDS,
        resolve: Resolver = socket.getaddrinfo,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
        tls: ssl.SSLContext | None = None,
        allow: Collection[Place] = (),
    ) -> None:
        """Make a fetcher.

        Args:
            user_agent: how it introduces itself.
            seconds: the most that one fetch may take. Waiting for a host's turn is not counted.
            resolve: looks up names. What it finds is checked.
            clock: gives the seconds since some moment.
            sleep: waits some seconds.
            tls: which certificates are trusted; by default, those of certifi.
            allow: for tests only: private addresses, with their ports, that count as public.
        """
        self.user_agent = user_agent
        self.pace = Pace(clock)
        self.robots = robots.Robots(clock)
        self._seconds = seconds
        self._resolve = resolve
        self._clock = clock
        self._sleep = sleep
        self._tls = tls
        self._allow = allow

    def fetch(self, url: str, *, etag: str | None = None, modified: str | None = None) -> Fetched:
        """Fetch a page or feed.

        Args:
            url: its address.
            etag: ``Fetched.etag`` of an earlier answer.
            modified: ``Fetched.last_modified`` of an earlier answer.

        Returns:
            The answer, whose ``raw`` is None if nothing has changed since the earlier one.

        Raises:
            InputError: it cannot be fetched, or is nothing that Dateline reads. The message is a predicate of the
                address: "answered 404 Not Found".
        """
        deadline = Deadline(self._seconds, self._clock, self._sleep)
        visit = _Visit(self, Connections(self._resolve, self._allow, deadline), deadline)
        conditions = {"If-None-Match": _validator(etag), "If-Modified-Since": _validator(modified)}
        headers = {name: value for name, value in conditions.items() if value}
        final, response, content = visit.follow(parse(url), headers, _page, visit.permit)
        status = response.status_code
        unchanged = status == HTTPStatus.NOT_MODIFIED and bool(headers)
        if status not in _GOOD and not unchanged:
            raise InputError(_refusal(status))
        kind = media.media_type(response.headers.get("content-type", ""))
        raw = None
        if not unchanged:
            suffix = media.suffix_of(kind, final.path) or media.sniffed(content)
            raw = Raw(content, suffix, str(final), response.charset_encoding)
        return Fetched(
            raw=raw,
            url=str(final),
            etag=_validator(response.headers.get("etag")),
            last_modified=_validator(response.headers.get("last-modified")),
            media_type=kind,
        )

    @cached_property
    def tls(self) -> ssl.SSLContext:
        """Which certificates are trusted."""
        return self._tls or httpx.create_ssl_context(trust_env=False)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Nothing stays open between fetches. What is known about the sites is forgotten."""
        self.pace = Pace(self._clock)
        self.robots = robots.Robots(self._clock)


class _Visit:
    """One fetch, with all the requests that it takes."""

    def __init__(self, web: Web, connections: Connections, deadline: Deadline) -> None:
        self._web = web
        self._connections = connections
        self._deadline = deadline

    def follow(
        self, url: httpx.URL, headers: dict[str, str], read: Read, permit: Callable[[httpx.URL], None]
    ) -> tuple[httpx.URL, httpx.Response, bytes]:
        """Ask for an address, and for those that it redirects to. Each one is checked as the first one is."""
        for hop in range(MAX_REDIRECTS + 1):
            try:
                # Here too, so that the robots.txt of a private host is not asked for.
                self._connections.places(host_of(url), port_of(url))
                permit(url)
                response, content = self._ask(url, headers, read)
            except InputError as error:
                if not hop:
                    raise
                raise _at(str(url), error) from error
            if response.status_code not in _REDIRECTS:
                return url, response, content
            url = _target(url, response)
        raise InputError("redirected more than five times")

    def permit(self, url: httpx.URL) -> None:
        """Raise InputError if robots.txt does not allow ``url``. Its ``Crawl-delay`` is obeyed from now on."""
        host = host_of(url)
        origin = f"{url.scheme}://{url.netloc.decode('ascii')}"
        rules = self._web.robots.of(origin, lambda: self._rules(origin, host))
        self._web.pace.slow_down(host, rules.delay)
        if not rules.allows(url.raw_path.decode("ascii")):
            reason = rules.fault or f"robots.txt of {host} does not allow it"
            raise InputError(f"{reason}; open it in a browser, save it, and add the file")

    def _rules(self, origin: str, host: str) -> robots.Rules:
        try:
            _, response, content = self.follow(parse("/robots.txt", origin), {}, _robots, lambda _: None)
        except TookTooLong:
            raise
        except InputError as error:
            return robots.Rules(fault=f"robots.txt of {host} could not be read (it {error})")
        status = response.status_code
        if status in _GOOD:
            return robots.parse(content)
        # RFC 9309: a file that is not there forbids nothing; a server that fails forbids everything.
        if 400 <= status < 500 and status not in _BUSY:
            return robots.Rules()
        return robots.Rules(fault=f"robots.txt of {host} could not be read (it {_answered(status)})")

    def _ask(
        self, url: httpx.URL, headers: dict[str, str], read: Read, *, again: bool = True
    ) -> tuple[httpx.Response, bytes]:
        """Send a request when it is the host's turn; once more if the host asks for a short wait."""
        host = host_of(url)
        with self._web.pace.turn(host, self._deadline), self._sent(url, headers) as response:
            wait = _retry_after(response)
            content = b"" if wait is not None else read(url, response)
        if wait is None:
            return response, content
        reason = _answered(response.status_code)
        self._web.pace.hold(host, wait, reason)
        if not again:
            raise InputError(again_in(reason, wait))
        return self._ask(url, headers, read, again=False)

    @contextmanager
    def _sent(self, url: httpx.URL, headers: dict[str, str]) -> Iterator[httpx.Response]:
        # Not httpx.Client: it keeps cookies, and even if it is to follow no redirect, it parses where that one leads.
        own = {
            "User-Agent": self._web.user_agent,
            "Accept": media.ACCEPT,
            "Accept-Encoding": accepted(),
            "Connection": "close",
        }
        request = httpx.Request("GET", url, headers=own | headers)
        tls = self._web.tls if url.scheme == "https" else None
        try:
            with Transport(self._connections, tls) as transport, closing(transport.handle_request(request)) as response:
                yield response
        except httpcore.TimeoutException as error:
            raise self._deadline.exceeded() from error
        except httpcore.ConnectError as error:
            raise InputError(_no_connection(error)) from error
        except (httpcore.NetworkError, httpcore.ProtocolError) as error:
            raise InputError("broke off, or did not answer in HTTP; try again later") from error


def _page(url: httpx.URL, response: httpx.Response) -> bytes:
    """Read the body of an answer that may be an article. Others are not read at all."""
    if response.status_code not in _GOOD:
        return b""
    media.suffix_of(media.media_type(response.headers.get("content-type", "")), url.path)
    length = response.headers.get("content-length", "")
    if length.isdecimal() and int(length) > MAX_BYTES:
        raise too_large(MAX_BYTES)
    return b"".join(capped(_body(response), MAX_BYTES))


def _robots(_: httpx.URL, response: httpx.Response) -> bytes:
    return beginning(_body(response), robots.MAX_BYTES) if response.status_code in _GOOD else b""


def _body(response: httpx.Response) -> Iterator[bytes]:
    return decoded(capped(response.iter_raw(), MAX_BYTES), response.headers.get("content-encoding", ""))


def _target(url: httpx.URL, response: httpx.Response) -> httpx.URL:
    """Return the address that an answer redirects to."""
    location = response.headers.get("location")
    if location is None:
        raise InputError(f"{_answered(response.status_code)} without saying where to")
    try:
        target = parse(location, str(url))
        if url.scheme == "https" and target.scheme == "http":
            # Whoever is on the way could then answer in the name of the site.
            raise InputError("is http, where https was asked for; nothing protects it on its way")
    except InputError as error:
        raise _at(location, error) from error
    return target


def _at(address: str, error: InputError) -> InputError:
    """Return an error of an address that another one redirects to. It remains of the same kind."""
    return type(error)(f"redirects to {shown(address)}: {error}")


def _retry_after(response: httpx.Response) -> float | None:
    """Return how many seconds a busy server asks to wait, or None if it does not, or is not busy."""
    value = response.headers.get("retry-after", "").strip()
    if response.status_code not in _BUSY or not value:
        return None
    if value.isascii() and value.isdecimal():
        return float(min(int(value[:12]), _MAX_RETRY))
    try:
        moment = parsedate_to_datetime(value)
    except (ValueError, OverflowError):
        return None
    seconds = (moment.replace(tzinfo=moment.tzinfo or UTC) - datetime.now(UTC)).total_seconds()
    return min(max(seconds, 0.0), _MAX_RETRY)


def _validator(value: str | None) -> str | None:
    """Return the value of a header that can be stored and sent back, else None."""
    return value if value and _VALIDATOR.fullmatch(value) else None


def _answered(status: int) -> str:
    try:
        return f"answered {status} {HTTPStatus(status).phrase}"
    except ValueError:
        return f"answered {status}"


def _refusal(status: int) -> str:
    if status in _CLOSED:
        return f"{_answered(status)}; open it in a browser, save it, and add the file"
    return f"{_answered(status)}; try again later" if status >= 500 or status in _BUSY else _answered(status)


def _no_connection(error: httpcore.ConnectError) -> str:
    cause = error.args[0] if error.args else None  # httpcore wraps the error of the socket
    if isinstance(cause, ssl.SSLCertVerificationError):
        return f"has no valid certificate ({cause.verify_message})"
    if isinstance(cause, ssl.SSLError):
        return "cannot be reached over TLS"
    return "cannot be reached; check the address and the network"
