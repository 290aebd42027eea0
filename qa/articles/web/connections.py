"""Connects httpx to checked addresses only, and lets nothing outlast the deadline.

httpcore asks for a connection to a host. It gets one to an address of that host that was just checked, so a name that
changes its address between check and use gains nothing. The header Host, the TLS server name and the certificate remain
those of the name.
"""

from __future__ import annotations

import queue
import ssl
import threading
from collections.abc import Collection, Iterable, Iterator
from typing import Any

import httpcore
import httpx

from ...errors import InputError
from .addresses import Place, Resolver, public_places
from .deadline import Deadline


class Connections(httpcore.NetworkBackend):
    """The connections of one fetch. Each host is looked up once."""

    def __init__(self, resolve: Resolver, allow: Collection[Place], deadline: Deadline) -> None:
        self._resolve = resolve
        self._allow = allow
        self._deadline = deadline
        self._sockets = httpcore.SyncBackend()
        self._checked: dict[Place, list[Place]] = {}

    def places(self, host: str, port: int) -> list[Place]:
        """Return where to connect to, as ``public_places`` does, within the deadline."""
        if (host, port) not in self._checked:
            self._checked[host, port] = self._looked_up(host, port)
        return self._checked[host, port]

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        """Connect to the first address of ``host`` that answers."""
        places = self.places(host, port)
        for position, (ip, number) in enumerate(places):
            share = self._deadline.left() / (len(places) - position)
            try:
                return _Stream(
                    self._sockets.connect_tcp(ip, number, share, socket_options=socket_options), self._deadline
                )
            except (httpcore.ConnectError, httpcore.ConnectTimeout):
                if position == len(places) - 1:
                    raise
        raise AssertionError  # places is not empty

    def _looked_up(self, host: str, port: int) -> list[Place]:
        # The system's lookup has no timeout, so it gets a thread of its own, which may outlive the fetch.
        results: queue.SimpleQueue[list[Place] | InputError] = queue.SimpleQueue()

        def look_up() -> None:
            try:
                results.put(public_places(host, port, self._resolve, self._allow))
            except InputError as error:
                results.put(error)

        threading.Thread(target=look_up, daemon=True).start()
        try:
            result = results.get(timeout=self._deadline.left())
        except queue.Empty:
            raise self._deadline.exceeded() from None
        if isinstance(result, InputError):
            raise result
        return result


class _Stream(httpcore.NetworkStream):
    """A connection. Each operation gets the time that is left of the whole, so that many slow ones do not add up."""

    def __init__(self, stream: httpcore.NetworkStream, deadline: Deadline) -> None:
        self._stream = stream
        self._deadline = deadline

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._stream.read(max_bytes, self._deadline.left())

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._stream.write(buffer, self._deadline.left())

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        secure = self._stream.start_tls(ssl_context, server_hostname, self._deadline.left())
        return _Stream(secure, self._deadline)

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)


class Transport(httpx.BaseTransport):
    """Carries one request of httpx over ``Connections``. A connection is not used again, so it is never stale."""

    def __init__(self, connections: Connections, tls: ssl.SSLContext | None) -> None:
        self._pool = httpcore.ConnectionPool(
            ssl_context=tls, network_backend=connections, max_connections=1, max_keepalive_connections=0
        )

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Send a request. Raises the errors of httpcore, not those of httpx."""
        url = request.url
        response = self._pool.handle_request(
            httpcore.Request(
                request.method,
                httpcore.URL(scheme=url.raw_scheme, host=url.raw_host, port=url.port, target=url.raw_path),
                headers=request.headers.raw,
                content=request.stream,
                extensions=request.extensions,
            )
        )
        return httpx.Response(
            response.status, headers=response.headers, stream=_Body(response), extensions=response.extensions
        )

    def close(self) -> None:
        """Close the connection."""
        self._pool.close()


class _Body(httpx.SyncByteStream):
    def __init__(self, response: httpcore.Response) -> None:
        self._response = response

    def __iter__(self) -> Iterator[bytes]:
        yield from self._response.iter_stream()

    def close(self) -> None:
        self._response.close()
