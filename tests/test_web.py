"""The fetcher of pages. No request reaches a private place, none outlasts its deadline, and hosts are asked politely.

The names of the tests resolve to a server on loopback, which ``Web(allow=…)`` declares public. Every connection of the
process is recorded and checked after each test, whatever code made it.
"""

from __future__ import annotations

import gzip
import itertools
import re
import shutil
import socket
import ssl
import subprocess
import sys
import threading
import time
import tracemalloc
import zlib
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from ipaddress import ip_address
from pathlib import Path
from typing import Any

import pytest
from growth import is_cheap
from hypothesis import given, settings
from hypothesis import strategies as st
from web_cases import PRIVATE, PUBLIC, SPELLINGS, TARGETS

from qa.articles.web import addresses, encodings, media, robots
from qa.articles.web.client import USER_AGENT, Fetched, Web
from qa.errors import InputError

Place = tuple[str, int]
Reply = bytes | Callable[[], Iterable[bytes]]

PAGE = b"<!doctype html><title>Ferry</title><p>The ferry is cut."
MB = 1_000_000


def reply(status: str = "200 OK", body: bytes = b"", **headers: str | None) -> bytes:
    """The bytes of a response. A header that is None is left out."""
    fields = {"content_type": "text/html", "content_length": str(len(body)), **headers}
    lines = [f"{name.replace('_', '-')}: {value}" for name, value in fields.items() if value is not None]
    return "\r\n".join([f"HTTP/1.1 {status}", *lines, "", ""]).encode() + body


def moved(target: str, status: str = "302 Found") -> bytes:
    return reply(status).replace(b"\r\n\r\n", b"\r\nlocation: " + target.encode() + b"\r\n\r\n")


def slowly(data: bytes, seconds: float = 0.05) -> Callable[[], Iterator[bytes]]:
    def pieces() -> Iterator[bytes]:
        for at in range(len(data)):
            yield data[at : at + 1]
            time.sleep(seconds)

    return pieces


class Site:
    """A server that sends exactly the bytes of its routes, and records what it was asked."""

    def __init__(self, tls: ssl.SSLContext | None = None) -> None:
        self.routes: dict[str, Reply | list[Reply]] = {}
        self.requests: list[str] = []
        self._tls = tls
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.place: Place = self._listener.getsockname()
        self._stopped = False
        self._threads = [threading.Thread(target=self._serve)]
        self._threads[0].start()

    def clear(self) -> None:
        self.routes = {"/robots.txt": reply("404 Not Found"), "/": reply(body=PAGE)}
        self.requests = []

    @property
    def paths(self) -> list[str]:
        """What was asked, without robots.txt."""
        asked = [request.split(" ")[1] for request in self.requests]
        return [path for path in asked if path != "/robots.txt"]

    def close(self) -> None:
        self._stopped = True
        with suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        for thread in self._threads:
            thread.join()

    def _serve(self) -> None:
        while True:
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            thread = threading.Thread(target=self._answer, args=(connection,))
            self._threads.append(thread)
            thread.start()

    def _answer(self, connection: socket.socket) -> None:
        with connection, suppress(OSError, ValueError):
            if self._tls:
                connection = self._tls.wrap_socket(connection, server_side=True)
            with connection:
                self._send(connection)

    def _send(self, connection: socket.socket) -> None:
        received = b""
        while b"\r\n\r\n" not in received:
            received += connection.recv(65_536) or b"\r\n\r\n"
            if received.startswith(b"\x16"):  # TLS
                return connection.sendall(reply("400 Bad Request"))
        request = received.decode("latin-1")
        self.requests.append(request)
        route = self.routes.get(request.split(" ")[1], reply("404 Not Found"))
        if isinstance(route, list):
            route = route.pop(0)
        for piece in [route] if isinstance(route, bytes) else route():
            if self._stopped:
                break
            connection.sendall(piece)
        return None


class Names:
    """A resolver. A name may have another answer each time; the last one stays."""

    def __init__(self, **names: list[list[str | Place]]) -> None:
        self.names = {name.replace("_", "."): answers for name, answers in names.items()}
        self.calls: list[str] = []

    def __call__(self, host: str, port: int, **_: Any) -> list[tuple[Any, Any, Any, Any, Any]]:
        self.calls.append(host)
        with suppress(ValueError):
            ip_address(host)
            return [self._entry(host, port)]
        if host not in self.names:
            raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")
        answers = self.names[host]
        answer = answers.pop(0) if len(answers) > 1 else answers[0]
        return [self._entry(item, port) for item in answer]

    @staticmethod
    def _entry(item: str | Place, port: int) -> tuple[Any, Any, Any, Any, Any]:
        ip, port = (item, port) if isinstance(item, str) else item
        if ":" in ip:
            return socket.AF_INET6, socket.SOCK_STREAM, 6, "", (ip, port, 0, 0)
        return socket.AF_INET, socket.SOCK_STREAM, 6, "", (ip, port)


class Time:
    """A clock that only waiting moves."""

    def __init__(self) -> None:
        self.now = 1_000.0
        self.waits: list[float] = []

    def clock(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.waits.append(seconds)
        self.now += seconds


@pytest.fixture(scope="module")
def server() -> Iterator[Site]:
    site = Site()
    yield site
    site.close()


@pytest.fixture
def site(server: Site) -> Site:
    server.clear()
    return server


@pytest.fixture(autouse=True)
def connects(monkeypatch: pytest.MonkeyPatch, server: Site) -> Iterator[list[Place]]:
    """Every address that anything connects to. Only the server's, and public ones, are in order; those are refused."""
    made: list[Place] = []
    connect = socket.socket.connect

    def recording(self: socket.socket, address: Any) -> None:
        made.append(address[:2])
        if address[:2] in LOCAL:
            return connect(self, address)
        raise ConnectionRefusedError

    LOCAL.add(server.place)
    monkeypatch.setattr(socket.socket, "connect", recording)
    monkeypatch.setattr(socket.socket, "connect_ex", recording)
    yield made
    public = set(map(ip_address, PUBLIC))
    assert [place for place in made if place not in LOCAL and ip_address(place[0]) not in public] == []


LOCAL: set[Place] = set()


@pytest.fixture
def names(site: Site) -> Names:
    return Names(news_example=[[site.place]], other_example=[[site.place]])


@pytest.fixture
def moment() -> Time:
    return Time()


@pytest.fixture
def web(site: Site, names: Names, moment: Time) -> Iterator[Web]:
    with Web(resolve=names, allow={site.place}, clock=moment.clock, sleep=moment.sleep) as web:
        yield web


def refusal(web: Web, url: str, **options: Any) -> str:
    with pytest.raises(InputError) as caught:
        web.fetch(url, **options)
    return str(caught.value)


def content(fetched: Fetched) -> bytes:
    assert fetched.raw is not None
    return fetched.raw.content


def bracketed(ip: str) -> str:
    return f"[{ip}]" if ":" in ip else ip


# Private places


@pytest.mark.parametrize("ip", PRIVATE)
def test_private_addresses_are_not_public(ip: str) -> None:
    assert not addresses.is_public(ip)


@pytest.mark.parametrize("ip", PUBLIC)
def test_public_addresses_are_public(ip: str) -> None:
    assert addresses.is_public(ip)


@pytest.mark.parametrize("text", ["", "x", "1.2.3", "8.8.8.8%1", "2606:4700::1%eth0", "0x08080808", "8.8.8.08"])
def test_what_is_no_plain_address_is_not_public(text: str) -> None:
    assert not addresses.is_public(text)


@pytest.mark.parametrize("ip", PRIVATE)
def test_no_way_leads_to_a_private_address(web: Web, names: Names, site: Site, ip: str, connects: list[Place]) -> None:
    names.names |= {
        "inside.example": [[ip]],
        "first.example": [[ip, "93.184.216.34"]],
        "last.example": [["93.184.216.34", "2606:4700:4700::1111", ip]],
    }
    host = bracketed(ip)
    for place in (f"http://{host}", f"https://{host}:8443", "https://inside.example", "http://first.example:8080"):
        assert refusal(web, f"{place}/x").endswith(" is a private address; Dateline only fetches public ones")
    assert connects == []
    site.routes["/a"] = moved(f"http://{bracketed(ip)}/x")
    site.routes["/b"] = moved("http://last.example/x")
    for path in ("/a", "/b"):
        reason = refusal(web, f"http://news.example{path}")
        assert reason.startswith("redirects to http://")
        assert "is a private address" in reason
    assert set(connects) == {site.place}
    assert site.paths == ["/a", "/b"]


@pytest.mark.parametrize("ip", PRIVATE[::4])
def test_robots_txt_does_not_lead_to_a_private_address(web: Web, site: Site, ip: str, connects: list[Place]) -> None:
    site.routes["/robots.txt"] = moved(f"http://{bracketed(ip)}/robots.txt")
    assert "robots.txt of news.example could not be read" in refusal(web, "http://news.example/")
    assert set(connects) == {site.place}
    assert site.paths == []


@pytest.mark.parametrize("host", SPELLINGS)
def test_odd_hosts_are_refused(web: Web, names: Names, host: str, connects: list[Place]) -> None:
    names.names |= {"localhost": [["127.0.0.1"]], "metadata.google.internal": [["169.254.169.254"]]}
    names.names |= {"127.0.0.1.nip.example": [["127.0.0.1"]], "public.example": [["93.184.216.34"]]}
    assert refusal(web, f"http://{host}/x")
    assert refusal(web, f"https://{host}")
    assert connects == []


@pytest.mark.parametrize("host", SPELLINGS)
def test_redirects_to_odd_hosts_are_refused(web: Web, site: Site, host: str, connects: list[Place]) -> None:
    site.routes["/a"] = moved(f"http://{host}/x")
    assert refusal(web, "http://news.example/a").startswith("redirects to ")
    assert set(connects) == {site.place}


@pytest.mark.parametrize("target", TARGETS)
def test_redirects_to_other_places_are_refused(
    web: Web, names: Names, site: Site, target: str, connects: list[Place]
) -> None:
    names.names |= {"localhost": [["127.0.0.1"]], "metadata.google.internal": [["169.254.169.254"]]}
    site.routes = {"/robots.txt": reply("404 Not Found"), "/a": moved(target)}
    assert refusal(web, "http://news.example/a")
    assert set(connects) == {site.place}


@pytest.mark.parametrize("target", [target for target in TARGETS if not target.startswith("//")])
def test_such_addresses_are_refused_at_once(web: Web, names: Names, target: str, connects: list[Place]) -> None:
    names.names |= {"localhost": [["127.0.0.1"]], "metadata.google.internal": [["169.254.169.254"]]}
    assert refusal(web, target)
    assert connects == []


@pytest.mark.parametrize("ip", PRIVATE[::3])
def test_a_name_that_changes_its_address_gains_nothing(
    web: Web, names: Names, site: Site, ip: str, connects: list[Place]
) -> None:
    names.names["turncoat.example"] = [[site.place], [ip]]
    assert content(web.fetch("http://turncoat.example/")) == PAGE
    assert names.calls == ["turncoat.example"]  # once for robots.txt and the page
    assert set(connects) == {site.place}
    assert "is a private address" in refusal(web, "http://turncoat.example/")
    assert set(connects) == {site.place}


@pytest.mark.parametrize("ip", PRIVATE[::6])
def test_a_name_that_changes_its_address_between_two_places_of_a_redirect(
    web: Web, names: Names, site: Site, ip: str, connects: list[Place]
) -> None:
    names.names["turncoat.example"] = [[site.place], [ip]]
    site.routes["/a"] = moved("http://news.example/b")
    site.routes["/b"] = moved("http://turncoat.example:8080/")  # another port is looked up anew
    assert "is a private address" in refusal(web, "http://turncoat.example/a")
    assert set(connects) == {site.place}


@pytest.mark.parametrize("ip", PUBLIC)
def test_connects_to_the_address_that_was_checked(web: Web, names: Names, ip: str, connects: list[Place]) -> None:
    names.names["public.example"] = [[ip], ["127.0.0.1"]]
    assert "cannot be reached" in refusal(web, "https://public.example/")
    assert [(ip_address(place[0]), place[1]) for place in connects] == [(ip_address(ip), 443)]
    assert names.calls == ["public.example"]


def test_tries_each_address_of_a_host(web: Web, names: Names, site: Site, connects: list[Place]) -> None:
    names.names["two.example"] = [["2606:4700:4700::1111", "1.1.1.1", site.place]]
    assert content(web.fetch("http://two.example/")) == PAGE
    assert connects[:3] == [("2606:4700:4700::1111", 80), ("1.1.1.1", 80), site.place]


def test_only_the_declared_port_of_a_private_address_is_allowed(site: Site) -> None:
    names = Names(a_example=[[site.place]], b_example=[[("127.0.0.1", site.place[1] + 1)]])
    web = Web(resolve=names, allow={site.place}, sleep=lambda _: None)
    assert content(web.fetch("http://a.example/")) == PAGE
    assert "is a private address" in refusal(web, "http://b.example/")
    assert "is a private address" in refusal(Web(resolve=names), "http://a.example/")


def test_proxies_of_the_environment_are_not_used(
    web: Web, site: Site, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "https_proxy", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    (tmp_path / ".netrc").write_text("machine news.example login me password secret\n")
    monkeypatch.setenv("NETRC", str(tmp_path / ".netrc"))
    monkeypatch.setenv("HOME", str(tmp_path))
    assert content(web.fetch("http://news.example/")) == PAGE
    assert "authorization" not in "".join(site.requests).lower()


def test_every_lookup_may_be_slow(site: Site) -> None:
    gate = threading.Event()

    def never(*_: Any, **__: Any) -> Any:
        gate.wait(60)
        raise socket.gaierror

    started = time.monotonic()
    try:
        assert refusal(Web(resolve=never, seconds=0.2), "http://news.example/") == "took longer than 0.2 s"
        assert time.monotonic() - started < 30
    finally:
        gate.set()


# Addresses


@pytest.mark.parametrize(
    ("text", "canonical"),
    [
        (" HTTP://News.Example./A?b=c#d ", "http://news.example/A?b=c"),
        ("http://bücher.example", "http://xn--bcher-kva.example/"),
        ("http://BÜCHER.example/", "http://xn--bcher-kva.example/"),
        ("http://faß.example/", "http://xn--fa-hia.example/"),
        ("http://ｎｅｗｓ。example/", "http://news.example/"),
        ("http://xn--bcher-kva.example/", "http://xn--bcher-kva.example/"),
        ("http://my_site.example/", "http://my_site.example/"),
        ("http://8.8.8.8:80/", "http://8.8.8.8/"),
        ("https://[2606:4700:4700:0:0:0:0:1111]:8443/", "https://[2606:4700:4700::1111]:8443/"),
        ("http://news.example:/x", "http://news.example/x"),
        ("http://news.example?q", "http://news.example/?q"),
        ("http://news.example//evil.example/x", "http://news.example//evil.example/x"),
        ("http://news.example/a b/ü", "http://news.example/a%20b/%C3%BC"),
        ("http://news.example/../../a/./b", "http://news.example/a/b"),
        ("http://news.example/\\evil.example", "http://news.example/\\evil.example"),
    ],
)
def test_an_address_has_one_spelling(text: str, canonical: str) -> None:
    assert str(addresses.parse(text)) == canonical


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "is not an http or https address"),
        ("news.example/x", "is not an http or https address"),
        ("http://me:secret@news.example/", "contains a user name or password, which Dateline does not send; remove it"),
        ("http://news.example:22/", "has port 22; Dateline only fetches from the ports 80, 443, 8080, 8443"),
        ("http://0x7f.1/", "spells an IP address in an unusual way; write four decimal numbers"),
        ("http://news.exa\tmple/", "is not a valid web address; check its spelling"),
        ("http://news.example/\r\nHost: x", "is not a valid web address; check its spelling"),
        ("http://news.example/\ud800", "is not a valid web address; check its spelling"),
        ("http://" + "a" * 64 + ".example/", "is not a valid web address; check its spelling"),
        ("http://" + "a." * 127 + "example/", "is not a valid web address; check its spelling"),
        ("http://news.example/" + "a" * 8_000, "is longer than 8,000 characters"),
    ],
)
def test_a_wrong_address_is_refused_with_the_reason(web: Web, text: str, reason: str) -> None:
    assert refusal(web, text) == reason


def test_a_name_that_does_not_exist(web: Web) -> None:
    expected = "nowhere.example cannot be found; check the address and the network"
    assert refusal(web, "http://nowhere.example/") == expected
    assert refusal(Web(resolve=lambda *_, **__: []), "http://nowhere.example/") == expected


@settings(deadline=None)
@given(
    st.lists(
        st.sampled_from([*SPELLINGS, *TARGETS, *"/\\@:?#%[].\t\n 0x7f１。é\ud800", "http://", "https:", "8.8.8.8"])
    )
    .map("".join)
    .flatmap(lambda text: st.sampled_from([text, f"http://{text}", f"https://a.example/{text}"])),
    st.sampled_from([None, "https://base.example/a/b?c"]),
)
def test_whatever_is_written_is_refused_or_has_a_plain_host(text: str, base: str | None) -> None:
    try:
        url = addresses.parse(text, base)
    except InputError:
        return
    host = addresses.host_of(url)
    assert url.scheme in {"http", "https"}
    assert addresses.port_of(url) in {80, 443, 8080, 8443}
    assert not url.userinfo
    assert url.raw_path.startswith(b"/")
    assert re.fullmatch(r"[a-z0-9_.-]+|[0-9a-f:.]+", host)
    if re.fullmatch(r"[0-9]+|0x[0-9a-f]*", host.rpartition(".")[2]):
        assert str(ip_address(host)) == host
    assert addresses.parse(str(url)) == url


def test_nothing_is_imported_for_those_who_stay_at_home() -> None:
    code = (
        "import sys; from qa.articles.web import addresses, media, robots, encodings; assert 'httpx' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


# What is fetched


def test_a_page(web: Web, site: Site) -> None:
    site.routes["/a"] = reply(
        body=PAGE,
        content_type="Text/HTML; charset=ISO-8859-15",
        etag='W/"7"',
        last_modified="Tue, 03 Mar 2026 08:00:00 GMT",
    )
    fetched = web.fetch("http://news.example/a#top")
    assert fetched.raw is not None
    assert (fetched.raw.content, fetched.raw.suffix, fetched.raw.charset) == (PAGE, ".html", "iso-8859-15")
    assert fetched.raw.url == fetched.url == "http://news.example/a"
    assert (fetched.etag, fetched.last_modified) == ('W/"7"', "Tue, 03 Mar 2026 08:00:00 GMT")
    assert fetched.media_type == "text/html"


def test_what_is_sent(web: Web, site: Site) -> None:
    site.routes["/a?b=c"] = reply(body=PAGE)
    web.fetch("http://news.example:8080/a?b=c")
    robots_txt, page = site.requests
    assert robots_txt.startswith("GET /robots.txt HTTP/1.1\r\n")
    assert page.startswith("GET /a?b=c HTTP/1.1\r\n")
    headers = dict(line.split(": ", 1) for line in page.lower().splitlines()[1:] if line)
    assert headers["user-agent"] == USER_AGENT.lower()
    assert headers["host"] == "news.example:8080"
    assert headers["accept-encoding"] in {"gzip", "gzip, br"}
    assert set(headers) == {"host", "user-agent", "accept", "accept-encoding", "connection"}


def test_cookies_are_not_sent_back(web: Web, site: Site) -> None:
    site.routes["/a"] = moved("/").replace(b"\r\n\r\n", b"\r\nset-cookie: id=1; path=/\r\n\r\n")
    site.routes["/robots.txt"] = reply("404 Not Found", set_cookie="id=2; path=/")
    for _ in range(2):
        web.fetch("http://news.example/a")
    assert site.paths == ["/a", "/", "/a", "/"]
    assert "cookie" not in "".join(site.requests).lower()


def test_not_modified(web: Web, site: Site) -> None:
    site.routes["/feed"] = reply("304 Not Modified", etag='"8"', content_type=None)
    fetched = web.fetch("http://news.example/feed", etag='"7"', modified="Tue, 03 Mar 2026 08:00:00 GMT")
    assert fetched == Fetched(None, "http://news.example/feed", '"8"', None, "")
    assert 'if-none-match: "7"' in site.requests[-1].lower()
    assert "if-modified-since: tue, 03 mar 2026 08:00:00 gmt" in site.requests[-1].lower()
    assert refusal(web, "http://news.example/feed") == "answered 304 Not Modified"
    assert refusal(web, "http://news.example/feed", etag='"\r\nX-Evil: 1') == "answered 304 Not Modified"
    assert "evil" not in site.requests[-1]


@pytest.mark.parametrize("value", ["\x80", "a\tb", "a" * 1_001, "ü"])
def test_a_validator_that_cannot_be_sent_back_is_dropped(web: Web, site: Site, value: str) -> None:
    site.routes["/a"] = reply(body=PAGE, etag=value, last_modified=value)
    fetched = web.fetch("http://news.example/a")
    assert (fetched.etag, fetched.last_modified) == (None, None)


@pytest.mark.parametrize(
    ("status", "reason"),
    [
        ("404 Not Found", "answered 404 Not Found"),
        ("410 Gone", "answered 410 Gone"),
        ("403 No", "answered 403 Forbidden; open it in a browser, save it, and add the file"),
        ("402 \x1b[2J", "answered 402 Payment Required; open it in a browser, save it, and add the file"),
        ("500 X", "answered 500 Internal Server Error; try again later"),
        ("429 X", "answered 429 Too Many Requests; try again later"),
        ("503 X", "answered 503 Service Unavailable; try again later"),
        ("204 No Content", "answered 204 No Content"),
        ("206 Partial Content", "answered 206 Partial Content"),
        ("299 X", "answered 299"),
        ("302 Found", "answered 302 Found without saying where to"),
    ],
)
def test_a_status_is_told(web: Web, site: Site, status: str, reason: str) -> None:
    site.routes["/a"] = reply(status, content_length=None if status.startswith("204") else "0")
    assert refusal(web, "http://news.example/a") == reason


def test_relative_and_repeated_redirects(web: Web, site: Site) -> None:
    site.routes |= {f"/{n}": moved(f"{n + 1}?x") for n in range(6)} | {f"/{n}?x": moved(f"./{n + 1}") for n in range(6)}
    site.routes["/5"] = site.routes["/5?x"] = reply(body=PAGE)
    assert web.fetch("http://news.example/0").url == "http://news.example/5?x"
    site.routes["/first"] = moved("//other.example/0")
    assert refusal(web, "http://news.example/first") == "redirected more than five times"


def test_the_site_that_a_redirect_leads_to_must_allow_it(web: Web, site: Site, names: Names) -> None:
    site.routes["/a"] = moved("http://other.example/private/x")
    site.routes["/robots.txt"] = reply(body=b"User-agent: *\nDisallow: /private/")
    assert refusal(web, "http://news.example/a").startswith(
        "redirects to http://other.example/private/x: robots.txt of other.example does not allow it"
    )
    assert site.paths == ["/a"]


@pytest.mark.parametrize(
    ("kind", "suffix"),
    [
        ("text/html", ".html"),
        ("application/xhtml+xml; charset=utf-8", ".html"),
        ("TEXT/PLAIN", ".txt"),
        ("text/markdown", ".md"),
        ("application/json", ".json"),
        ("application/ld+json", ".json"),
        ("application/feed+json", ".json"),
        ("application/rss+xml", ".xml"),
        ("application/atom+xml", ".xml"),
        ("text/xml", ".xml"),
        ("application/pdf", ".pdf"),
        ("application/vnd.openxmlformats-officedocument.wordprocessingml.document", ".docx"),
        ("message/rfc822", ".eml"),
        ("text/csv;header=present", ".csv"),
    ],
)
def test_the_media_type_names_the_format(web: Web, site: Site, kind: str, suffix: str) -> None:
    site.routes["/a.jpg"] = reply(body=PAGE, content_type=kind)
    fetched = web.fetch("http://news.example/a.jpg")
    assert fetched.raw is not None
    assert fetched.raw.suffix == suffix


@pytest.mark.parametrize(
    ("kind", "path", "body", "suffix"),
    [
        ("text/plain", "/notes.md", b"# x", ".md"),
        ("text/plain", "/x.html", b"<html>", ".txt"),
        ("application/octet-stream", "/x.PDF", b"x", ".pdf"),
        ("application/octet-stream", "/x.exe", b"%PDF-1.7", ".pdf"),
        (None, "/x", b"\xef\xbb\xbf\n <!DOCTYPE html>", ".html"),
        (None, "/x", b"<HTML lang=en>", ".html"),
        (None, "/x", b"<?xml version='1.0'?><rss/>", ".xml"),
        (None, "/x", b"<?xml version='1.0'?><!DOCTYPE html PUBLIC ''><html>", ".html"),
        ("nonsense", "/x", b"<feed/>", ".xml"),
    ],
)
def test_the_path_or_the_content_names_the_format(
    web: Web, site: Site, kind: str | None, path: str, body: bytes, suffix: str
) -> None:
    site.routes[path] = reply(body=body, content_type=kind)
    fetched = web.fetch(f"http://news.example{path}")
    assert fetched.raw is not None
    assert fetched.raw.suffix == suffix


@pytest.mark.parametrize(
    ("kind", "reason"),
    [
        ("image/png", "is an image (image/png), which is no article"),
        ("video/mp4; codecs=x", "is a video (video/mp4), which is no article"),
        ("application/zip", "is application/zip, which Dateline does not read"),
        ("text/css", "is text/css, which Dateline does not read"),
        (None, "does not say what it is; save it as a file with the right suffix, and add the file"),
    ],
)
def test_other_media_are_refused(web: Web, site: Site, kind: str | None, reason: str) -> None:
    site.routes["/a"] = reply(body=b"x" * 10, content_type=kind)
    assert refusal(web, "http://news.example/a") == reason


@pytest.mark.parametrize("header", ["text/html\x1b[0m", "html", "/", "text/", "a" * 10_000, "é/x", ";charset=x"])
def test_a_media_type_that_is_none(header: str) -> None:
    assert media.media_type(header) == ""


# Sizes


def deflated(data: bytes, window: int) -> bytes:
    deflater = zlib.compressobj(9, zlib.DEFLATED, window)
    return deflater.compress(data) + deflater.flush()


def brotlied(data: bytes) -> bytes:
    brotli: Any = pytest.importorskip("brotli", "1.2")
    return bytes(brotli.compress(data, quality=5))


COMPRESSIONS: dict[str, tuple[str, Callable[[bytes], bytes]]] = {
    "gzip": ("gzip", gzip.compress),
    "x-gzip": ("X-GZIP", gzip.compress),
    "gzip in two parts": ("gzip", lambda data: gzip.compress(data[:9]) + gzip.compress(data[9:])),
    "gzip and zeros": ("gzip", lambda data: gzip.compress(data) + bytes(9)),
    "zlib": ("deflate", lambda data: deflated(data, 15)),
    "bare deflate": ("deflate", lambda data: deflated(data, -15)),
    "brotli": ("br", brotlied),
    "none": ("identity", lambda data: data),
}


@pytest.mark.parametrize("name", COMPRESSIONS)
@pytest.mark.parametrize("data", [b"", PAGE, PAGE * 5_000], ids=["empty", "page", "long"])
def test_compressed_bodies_are_read(web: Web, site: Site, name: str, data: bytes) -> None:
    encoding, compress = COMPRESSIONS[name]
    body = compress(data)
    site.routes["/a"] = reply(body=body, content_encoding=encoding)
    assert content(web.fetch("http://news.example/a")) == data
    one_by_one = (body[at : at + 1] for at in range(len(body)))
    assert b"".join(encodings.decoded(one_by_one, encoding)) == data


@pytest.mark.parametrize("name", ["gzip", "zlib", "bare deflate", "brotli"])
def test_a_bomb_is_stopped(web: Web, site: Site, name: str) -> None:
    encoding, compress = COMPRESSIONS[name]
    site.routes["/a"] = reply(body=compress(bytes(60 * MB)), content_encoding=encoding)
    tracemalloc.start()
    try:
        assert refusal(web, "http://news.example/a") == "is larger than 20 MB"
        assert tracemalloc.get_traced_memory()[1] < 30 * MB  # never the whole bomb
    finally:
        tracemalloc.stop()


def test_a_bomb_as_robots_txt(web: Web, site: Site) -> None:
    body = gzip.compress(b"User-agent: *\nDisallow: /a\n" + b"#" * 60 * MB)
    site.routes["/robots.txt"] = reply(body=body, content_encoding="gzip")
    assert "does not allow it" in refusal(web, "http://news.example/a")
    assert content(web.fetch("http://news.example/")) == PAGE


def test_a_long_robots_txt_is_read_to_half_a_megabyte(web: Web, site: Site) -> None:
    body = b"User-agent: *\nDisallow: /a\n" + b"#" * 500_000 + b"\nDisallow: /\n" + b"#" * 21 * MB
    site.routes["/robots.txt"] = reply(body=body, content_length=None)
    assert "does not allow it" in refusal(web, "http://news.example/a")
    assert content(web.fetch("http://news.example/")) == PAGE


@pytest.mark.parametrize("name", ["gzip", "zlib", "bare deflate", "brotli"])
def test_a_damaged_body_is_refused(web: Web, site: Site, name: str) -> None:
    encoding, compress = COMPRESSIONS[name]
    body = compress(bytes(range(256)) * 40)
    for broken in (body[: len(body) // 2], body[:20] + bytes(255 - byte for byte in body[20:])):
        site.routes["/a"] = reply(body=broken, content_encoding=encoding)
        assert refusal(web, "http://news.example/a") == "cannot be decompressed; it is damaged, or was cut off"


@pytest.mark.parametrize("encoding", ["zstd", "compress", "gzip, gzip", "br, gzip", "x"])
def test_other_encodings_are_refused(web: Web, site: Site, encoding: str) -> None:
    site.routes["/a"] = reply(body=PAGE, content_encoding=encoding)
    assert refusal(web, "http://news.example/a") == "is compressed in a way that Dateline does not read"


def test_without_brotli_only_gzip_is_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "brotli", None)
    assert encodings.accepted() == "gzip"
    with pytest.raises(InputError, match="does not read"):
        list(encodings.decoded([b"x"], "br"))


def test_a_large_body_is_refused_by_its_length_alone(web: Web, site: Site) -> None:
    site.routes["/a"] = reply(content_length=str(20 * MB + 1))  # and the body never comes
    assert refusal(web, "http://news.example/a") == "is larger than 20 MB"


@pytest.mark.parametrize("chunked", [True, False])
def test_a_large_body_is_refused_while_it_comes(web: Web, site: Site, chunked: bool) -> None:
    sent = 0

    def pieces() -> Iterator[bytes]:
        nonlocal sent
        yield reply(content_length=None, transfer_encoding="chunked" if chunked else None)
        for _ in range(40):
            sent += MB
            yield (b"%x\r\n%s\r\n" % (MB, b"x" * MB)) if chunked else b"x" * MB

    site.routes["/a"] = pieces
    assert refusal(web, "http://news.example/a") == "is larger than 20 MB"
    assert sent < 40 * MB


def test_a_body_that_is_large_only_while_compressed_is_refused(web: Web, site: Site) -> None:
    name = b"x" * 21 * MB  # the file's name, which gzip puts before its content
    body = b"\x1f\x8b\x08\x08" + bytes(6) + name + b"\0" + deflated(PAGE, -15) + bytes(8)
    site.routes["/a"] = reply(body=body, content_encoding="gzip", content_length=None)
    assert refusal(web, "http://news.example/a") == "is larger than 20 MB"


def test_a_body_of_just_the_size_is_read(web: Web, site: Site) -> None:
    site.routes["/a"] = reply(body=b"x" * 20 * MB)
    assert len(content(web.fetch("http://news.example/a"))) == 20 * MB


@pytest.mark.parametrize(
    "answer",
    [
        b"",
        b"SSH-2.0-OpenSSH_9.6\r\n",
        b"220 mail.example ESMTP\r\n\r\n",
        b"HTTP/1.1 200 OK\r\n" + b"".join(b"x-%d: %s\r\n" % (n, b"y" * 900) for n in range(300)) + b"\r\n",
        b"HTTP/1.1 200 OK\r\nx: " + b"y" * 300_000,
        b"HTTP/1.1 200 OK\r\ncontent-length: 5\r\ncontent-type: text/html\r\n\r\nabc",
        b"HTTP/1.1 200 OK\r\ncontent-length: -1\r\n\r\n",
        b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\ncontent-type: text/html\r\n\r\nzz\r\n",
    ],
    ids=["nothing", "ssh", "smtp", "many headers", "long header", "cut", "bad length", "bad chunk"],
)
def test_what_is_no_answer_is_refused(web: Web, site: Site, answer: bytes) -> None:
    site.routes["/a"] = answer
    assert refusal(web, "http://news.example/a") == "broke off, or did not answer in HTTP; try again later"


# Time


@pytest.mark.parametrize(
    "part", ["headers", "body", "silence", "robots.txt", "redirects", "trickled gzip", "early hints"]
)
def test_the_deadline_is_for_everything(site: Site, names: Names, part: str) -> None:
    slow = {
        "headers": {"/a": slowly(reply(body=PAGE))},
        "body": {"/a": lambda: itertools.chain([reply(content_length="1000")], slowly(b"x" * 1000)())},
        "silence": {"/a": slowly(b"H", 6)},
        "robots.txt": {"/robots.txt": slowly(reply())},
        "redirects": {"/a": slowly(moved("/b"), 0.004), "/b": slowly(moved("/a"), 0.004)},
        "trickled gzip": {
            "/a": lambda: itertools.chain(
                [reply(content_length=None, content_encoding="gzip")], slowly(gzip.compress(PAGE * 9))()
            )
        },
        "early hints": {"/a": slowly(b"HTTP/1.1 103 Early Hints\r\n\r\n" * 99, 0.01)},
    }
    site.routes |= slow[part]  # type: ignore[arg-type]
    web = Web(resolve=names, allow={site.place}, seconds=0.3, sleep=lambda _: None)
    started = time.monotonic()
    assert refusal(web, "http://news.example/a").endswith("took longer than 0.3 s")
    assert time.monotonic() - started < 5


def test_waiting_is_not_counted(web: Web, site: Site, moment: Time) -> None:
    site.routes["/robots.txt"] = reply(body=b"User-agent: *\nCrawl-delay: 10")
    site.routes |= {"/a": moved("/b"), "/b": moved("/c"), "/c": reply(body=PAGE)}
    assert content(web.fetch("http://news.example/a")) == PAGE
    assert moment.waits == [1, 10, 10]


def test_but_it_has_an_end(web: Web, site: Site, names: Names, moment: Time) -> None:
    site.routes["/a"] = [reply("503 Busy", retry_after="10"), moved("/a")] * 9
    assert "asks Dateline to wait longer than 60 s in all" in refusal(web, "http://news.example/a")
    assert sum(moment.waits) <= 60


# Politeness


def test_a_host_is_asked_at_most_once_a_second(web: Web, site: Site, moment: Time) -> None:
    for _ in range(3):
        web.fetch("http://news.example/")
    assert moment.waits == [1, 1, 1]  # robots.txt is a request, too
    web.fetch("http://other.example/")
    assert moment.waits == [1, 1, 1, 1]
    moment.now += 60
    web.fetch("http://news.example/")
    assert moment.waits == [1, 1, 1, 1]


def test_a_host_is_asked_one_thing_at_a_time(site: Site, names: Names) -> None:
    names.names |= {f"{n}.example": [[site.place]] for n in "abc"}
    web = Web(resolve=names, allow={site.place}, sleep=lambda _: None)
    at_once = [0]

    def page() -> Iterator[bytes]:
        at_once.append(at_once[-1] + 1)
        yield reply(body=PAGE)[:-1]
        time.sleep(0.03)
        at_once.append(at_once[-1] - 1)
        yield PAGE[-1:]

    site.routes["/"] = page
    with ThreadPoolExecutor(6) as pool:
        list(pool.map(web.fetch, ["http://news.example/"] * 6))
    assert max(at_once) == 1
    with ThreadPoolExecutor(3) as pool:
        list(pool.map(web.fetch, [f"http://{n}.example/" for n in "abc"]))
    assert max(at_once) > 1


def test_time_in_the_queue_is_not_counted(site: Site, names: Names) -> None:
    web = Web(resolve=names, allow={site.place}, seconds=3, sleep=lambda _: None)
    web.robots.of("http://news.example", robots.Rules)

    def page() -> Iterator[bytes]:
        yield reply(body=PAGE)[:-1]
        time.sleep(0.8)  # one page takes much less than three seconds, four in a row more
        yield PAGE[-1:]

    site.routes["/"] = page
    with ThreadPoolExecutor(4) as pool:
        assert len(list(pool.map(web.fetch, ["http://news.example/"] * 4))) == 4


@pytest.mark.parametrize("delay", ["0.2", "3", "10", "9999", "nan", "-1", "x"])
def test_crawl_delay(web: Web, site: Site, moment: Time, delay: str) -> None:
    site.routes["/robots.txt"] = reply(body=f"User-agent: *\nCrawl-delay: {delay}\nDisallow: /x".encode())
    web.fetch("http://news.example/")
    web.fetch("http://news.example/")
    assert moment.waits == [1, {"3": 3, "10": 10, "9999": 10}.get(delay, 1)]


@pytest.mark.parametrize("status", ["429 Slow Down", "503 Busy"])
def test_a_busy_server_is_asked_once_more(web: Web, site: Site, moment: Time, status: str) -> None:
    site.routes["/a"] = [reply(status, retry_after="7"), reply(body=PAGE)]
    assert content(web.fetch("http://news.example/a")) == PAGE
    assert moment.waits == [1, 7]
    site.routes["/a"] = [reply(status, retry_after="2"), reply(status, retry_after="5")]
    assert refusal(web, "http://news.example/a").endswith("; try again in 5 s")
    assert site.routes["/a"] == []


@pytest.mark.parametrize(
    ("value", "told"),
    [
        ("11", "11 s"),
        ("121", "3 min"),
        ("86400", "24 h"),
        ("9" * 50, "168 h"),
        ("in ten minutes", "10 min"),
    ],
)
def test_a_server_that_is_busy_for_long_is_left_alone(
    web: Web, site: Site, moment: Time, value: str, told: str
) -> None:
    if value == "in ten minutes":  # of the time of the test, not of the time at which the tests were collected
        value = format_datetime(datetime.now(UTC) + timedelta(minutes=10), usegmt=True)
    site.routes["/a"] = reply("429 X", retry_after=value)
    expected = f"answered 429 Too Many Requests; try again in {told}"
    assert refusal(web, "http://news.example/a") == expected
    assert refusal(web, "http://news.example/") == expected  # it is not asked meanwhile
    assert site.paths == ["/a"]
    moment.now += 8 * 86_400
    assert content(web.fetch("http://news.example/")) == PAGE


@pytest.mark.parametrize(
    "value",
    ["soon", "-5", "1.5", "Tue, 99 Mar", "Tue, 03 Mar 99999999999999999999 08:00:00 GMT", "3 Mar 2026 8:00 +9999999"],
)
def test_a_wait_that_cannot_be_read(web: Web, site: Site, value: str) -> None:
    site.routes["/a"] = reply("503 X", retry_after=value)
    assert refusal(web, "http://news.example/a") == "answered 503 Service Unavailable; try again later"


# robots.txt


def test_robots_txt_is_obeyed_and_fetched_once_for_a_site(web: Web, site: Site) -> None:
    site.routes["/robots.txt"] = reply(body=b"User-agent: *\nDisallow: /private", content_type="text/plain")
    site.routes["/privat"] = reply(body=PAGE)
    for path in ("/private", "/private/a", "/%70rivate", "/x/../private"):
        expected = "robots.txt of news.example does not allow it; open it in a browser, save it, and add the file"
        assert refusal(web, f"http://news.example{path}") == expected
    assert content(web.fetch("http://news.example/privat")) == PAGE
    assert [request.split(" ")[1] for request in site.requests] == ["/robots.txt", "/privat"]
    refusal(web, "http://news.example:8080/private")
    assert len(site.requests) == 3  # another port is another site


def test_robots_txt_is_fetched_again_after_an_hour(web: Web, site: Site, moment: Time) -> None:
    web.fetch("http://news.example/")
    site.routes["/robots.txt"] = reply(body=b"User-agent: *\nDisallow: /")
    web.fetch("http://news.example/")
    moment.now += 3_601
    assert "does not allow it" in refusal(web, "http://news.example/")


@pytest.mark.parametrize("status", ["400 X", "401 X", "403 X", "404 X", "410 X"])
def test_a_robots_txt_that_is_not_there_allows_everything(web: Web, site: Site, status: str) -> None:
    site.routes["/robots.txt"] = reply(status, body=b"User-agent: *\nDisallow: /")
    assert content(web.fetch("http://news.example/")) == PAGE


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        (reply("500 X"), "answered 500 Internal Server Error"),
        (reply("503 X"), "answered 503 Service Unavailable"),
        (reply("429 X"), "answered 429 Too Many Requests"),
        (reply("503 X", retry_after="3600"), "answered 503 Service Unavailable; try again in 60 min"),
        (moved("/robots.txt"), "redirected more than five times"),
        (moved("file:///etc/passwd"), "redirects to file:///etc/passwd: is not an http or https address"),
        (b"", "broke off, or did not answer in HTTP; try again later"),
    ],
)
def test_a_robots_txt_that_cannot_be_read_allows_nothing(
    web: Web, site: Site, moment: Time, answer: bytes, reason: str
) -> None:
    site.routes["/robots.txt"] = answer
    expected = (
        f"robots.txt of news.example could not be read (it {reason}); open it in a browser, save it, and add the file"
    )
    assert refusal(web, "http://news.example/") == expected
    asked = len(site.requests)
    assert refusal(web, "http://news.example/a") == expected
    assert len(site.requests) == asked
    site.routes["/robots.txt"] = reply("404 X")
    moment.now += 3_700
    assert content(web.fetch("http://news.example/")) == PAGE


def test_a_robots_txt_elsewhere_is_followed(web: Web, site: Site) -> None:
    site.routes["/robots.txt"] = moved("http://other.example/r")
    site.routes["/r"] = reply(body=b"User-agent: dateline\nDisallow: /")
    assert "robots.txt of news.example does not allow it" in refusal(web, "http://news.example/")


RULES: list[tuple[str, dict[str, bool]]] = [
    ("", {"/": True}),
    ("Disallow: /", {"/": True}),  # for nobody
    ("User-agent: *\nDisallow:", {"/": True}),
    ("User-agent: *\nDisallow: /", {"/": False, "/a?b": False}),
    ("user-AGENT : * # all\n DISALLOW : /a # x\r\rAllow: /a/b\r\n", {"/a": False, "/a/b": True, "/b": True}),
    ("User-agent: *\nDisallow: /a\nAllow: /a", {"/a": True}),
    ("User-agent: *\nAllow: /a/b\nDisallow: /a/b/c\nDisallow: /a", {"/a/b": True, "/a/b/c": False, "/a": False}),
    ("User-agent: *\nDisallow: /*.pdf$", {"/x.pdf": False, "/x.pdfx": True, "/x.pdf?y": True, "/.pdf.pdf": False}),
    ("User-agent: *\nDisallow: /*a*b", {"/ab": False, "/xaxbx": False, "/ba": True}),
    ("User-agent: *\nDisallow: /a*a$", {"/a": True, "/aa": False, "/axa": False, "/axab": True}),
    ("User-agent: *\nDisallow: /*$", {"/": False, "/a": False}),
    ("User-agent: *\nDisallow: /$", {"/": False, "/a": True}),
    ("User-agent: *\nDisallow: *?x", {"/a?x": False, "/a": True}),
    ("User-agent: *\nDisallow: /%7ejoe", {"/~joe": False, "/%7Ejoe": False}),
    ("User-agent: *\nDisallow: /a%2fb", {"/a%2Fb": False, "/a/b": True}),
    ("User-agent: *\nDisallow: /ü", {"/%C3%BC": False, "/%c3%bc": False}),
    ("User-agent: *\nDisallow: /\n\nUser-agent: Dateline/2.0\nDisallow: /a", {"/": True, "/a": False}),
    ("User-agent: dateline\nUser-agent: x\nDisallow: /a\n\nUser-agent: *\nDisallow: /", {"/a": False, "/b": True}),
    ("User-agent: DATELINE\n\nSitemap: x\nUser-agent: *\nDisallow: /", {"/": False}),
    ("User-agent: dateline\nAllow:\nUser-agent: *\nDisallow: /", {"/": True}),
    ("User-agent: dateline-news\nDisallow: /", {"/": True}),
    ("User-agent: x\nDisallow: /\nUser-agent: *\nDisallow: /a\nUser-agent: *\nDisallow: /b", {"/": True, "/b": False}),
    ("\ufeffUser-agent: *\nDisallow: /", {"/": False}),
    ("<!doctype html><p>User-agent: *<p>Disallow: /", {"/": True}),
    ("User-agent: *\nDisallow: /a\x00b\nDisallow /c\n:\n\n: x\nDisallow: /d", {"/a": True, "/c": True, "/d": False}),
]


@pytest.mark.parametrize(("text", "paths"), RULES)
def test_rules(text: str, paths: dict[str, bool]) -> None:
    rules = robots.parse(text.encode())
    assert {path: rules.allows(path) for path in paths} == paths


def test_crawl_delay_is_that_of_our_group() -> None:
    text = b"User-agent: *\nCrawl-delay: 5\n\nUser-agent: dateline\nCrawl-delay: 2\nCrawl-delay: 3"
    assert robots.parse(text).delay == 3


@pytest.mark.parametrize(
    "text",
    [
        "".join(f"User-agent: a{n}\n" for n in range(15_000)) + "".join(f"Disallow: /*{n}\n" for n in range(15_000)),
        "User-agent: *\n" + "Disallow: /*a*b$\n" * 29_000,
        "User-agent: *\nDisallow: /" + "*a" * 240_000,
        " " * 490_000 + "x",
        "a" * 490_000,
        "User-agent: *\nDisallow: /" + "%61" * 160_000,
    ],
    ids=["agents and rules", "wildcards", "stars", "spaces", "letters", "escapes"],
)
def test_no_robots_txt_keeps_us_busy(text: str) -> None:
    plain = "User-agent: *\n" + "Disallow: /private\n" * (len(text) // 19)

    def asked(file: str) -> None:
        robots.parse(file.encode()).allows("/" + "a" * 8_000)

    assert is_cheap(lambda: asked(text), lambda: asked(plain), 20)


def test_bytes_that_are_no_text_are_no_rules() -> None:
    assert robots.parse(bytes(range(256)) * 100).allows("/")


# TLS


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A certificate for news.example, with its key, made now so that the project holds no key."""
    openssl = shutil.which("openssl")
    if not openssl:
        pytest.skip("openssl is not installed")
    path = tmp_path_factory.mktemp("tls") / "both.pem"
    options = "req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj /CN=x"
    names = ["-addext", "subjectAltName=DNS:news.example"]
    files = ["-keyout", str(path.with_name("key.pem")), "-out", str(path)]
    subprocess.run([openssl, *options.split(), *names, *files], check=True, capture_output=True)
    path.write_text(path.read_text() + path.with_name("key.pem").read_text())
    return path


@pytest.fixture
def secure(certificate: Path) -> Iterator[Site]:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    context.sni_callback = lambda _, name, __: asked_for.append(name)
    asked_for.clear()
    site = Site(context)
    site.clear()
    LOCAL.add(site.place)
    yield site
    site.close()


asked_for: list[str | None] = []


def test_the_certificate_is_that_of_the_name(secure: Site, certificate: Path, moment: Time) -> None:
    names = Names(news_example=[[secure.place]], other_example=[[secure.place]])
    tls = ssl.create_default_context(cafile=str(certificate))
    web = Web(resolve=names, allow={secure.place}, tls=tls, clock=moment.clock, sleep=moment.sleep)
    assert content(web.fetch("https://news.example/")) == PAGE
    assert asked_for == ["news.example", "news.example"]
    assert "host: news.example\r\n" in secure.requests[-1].lower()
    assert "has no valid certificate (Hostname mismatch" in refusal(web, "https://other.example/")
    unknown = Web(resolve=names, allow={secure.place}, clock=moment.clock, sleep=moment.sleep)
    assert "has no valid certificate (self" in refusal(unknown, "https://news.example/")
    assert len(secure.requests) == 2


def test_no_redirect_leads_from_https_to_http(secure: Site, certificate: Path, moment: Time) -> None:
    names = Names(news_example=[[secure.place]])
    tls = ssl.create_default_context(cafile=str(certificate))
    web = Web(resolve=names, allow={secure.place}, tls=tls, clock=moment.clock, sleep=moment.sleep)
    secure.routes["/a"] = moved("http://news.example/")
    reason = "is http, where https was asked for; nothing protects it on its way"
    assert refusal(web, "https://news.example/a") == f"redirects to http://news.example/: {reason}"


def test_a_server_without_tls(web: Web) -> None:
    assert "cannot be reached over TLS" in refusal(web, "https://news.example/")
