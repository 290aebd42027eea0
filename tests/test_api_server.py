"""The HTTP API as a server: clients that hang up, crowds, clients that are slow, restarts and kills."""

from __future__ import annotations

import json
import signal
import socket
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path

import httpx
import pytest
from pytest_httpserver import HTTPServer
from serving import WAIT, Process, raw, served, until
from test_streaming import endless
from typer.testing import CliRunner

from qa.api import examples
from qa.api.tokens import Tokens
from qa.cli import app as command
from qa.settings import Settings

pytestmark = pytest.mark.slow  # starts servers

QUESTION = {"question": "What did Mara Quist say the line loses on every crossing after dark?"}
STREAM = {"Accept": "text/event-stream"}


@pytest.fixture
def slow(settings: Settings, httpserver: HTTPServer) -> tuple[Settings, threading.Event, threading.Event]:
    """Settings with a model that never ends its reply; what is set when it has begun, and when it was hung up on."""
    begun, closed = threading.Event(), threading.Event()
    httpserver.expect_request("/v1/chat/completions").respond_with_handler(lambda _: endless(closed, begun))
    model = {"openai_base_url": httpserver.url_for("/v1"), "model": "m", "timeout": 60.0, "judge": "local"}
    return settings.model_copy(update=model), begun, closed


def count(url: str, name: str) -> float:
    """One counter of a server."""
    lines = httpx.get(f"{url}/metrics", timeout=WAIT).text.splitlines()
    return sum(float(line.rpartition(" ")[2]) for line in lines if line.startswith(name))


@pytest.mark.parametrize("headers", [STREAM, {}])
def test_if_the_client_hangs_up_the_model_ends(
    slow: tuple[Settings, threading.Event, threading.Event], headers: dict[str, str]
) -> None:
    settings, begun, closed = slow
    with served(settings) as url, httpx.Client(base_url=url, timeout=WAIT) as client:
        body = json.dumps(QUESTION).encode()
        lines = [b"POST /v1/answers HTTP/1.1", b"Host: localhost", b"Content-Type: application/json"]
        lines += [f"{name}: {value}".encode() for name, value in headers.items()]
        request = b"\r\n".join([*lines, b"Content-Length: %d" % len(body), b"", body])
        address = httpx.URL(url)
        with socket.create_connection((address.host, address.port)) as connection:
            connection.sendall(request)
            assert begun.wait(WAIT), "the model is working"
            assert count(url, 'qa_jobs{kind="question"}') == 1
        assert closed.wait(WAIT), "the model's work went on although nobody waits for it"
        until(lambda: count(url, 'qa_jobs{kind="question"}') == 0)
        assert count(url, 'qa_answers_total{status="cancelled"}') == 1
        assert client.get("/healthz").status_code == 200


def test_a_token_that_is_revoked_while_its_stream_runs_begins_nothing_new(
    slow: tuple[Settings, threading.Event, threading.Event],
) -> None:
    settings, begun, closed = slow
    tokens = Tokens(settings.library)
    headers = {"Authorization": f"Bearer {tokens.create('desk', 'read')}"}
    with (
        served(settings, heartbeat=0.05) as url,
        httpx.stream("POST", f"{url}/v1/answers", json=QUESTION, headers=headers | STREAM, timeout=WAIT) as response,
    ):
        lines = response.iter_lines()
        assert begun.wait(WAIT)
        tokens.revoke("desk")
        assert httpx.get(f"{url}/v1/sources", headers=headers, timeout=WAIT).status_code == 401
        assert next(line for line in lines if line.startswith(":")) == ": working", "the answer comes to its end"
    assert closed.wait(WAIT)


def test_a_stream_shows_signs_of_life_while_the_model_is_slow(
    slow: tuple[Settings, threading.Event, threading.Event],
) -> None:
    settings, begun, closed = slow
    with (
        served(settings, heartbeat=0.05) as url,
        httpx.stream("POST", f"{url}/v1/answers", json=QUESTION, headers=STREAM, timeout=WAIT) as response,
    ):
        lines = response.iter_lines()  # kept, because httpx hangs up when nobody holds it
        assert next(line for line in lines if line.startswith(":")) == ": working"
        assert begun.wait(WAIT)
    assert closed.wait(WAIT)


def test_a_model_that_fails_is_a_problem_without_its_address(settings: Settings, httpserver: HTTPServer) -> None:
    httpserver.expect_request("/v1/chat/completions").respond_with_data("key sk-123 is wrong", status=401)
    model = {"openai_base_url": httpserver.url_for("/v1"), "model": "m", "timeout": 20.0}
    with served(settings.model_copy(update=model)) as url:
        response = httpx.post(f"{url}/v1/answers", json=QUESTION, timeout=WAIT)
    assert response.status_code in {502, 503}
    assert response.json()["type"].startswith("urn:dateline:problem:model-")
    assert str(httpserver.port) not in response.text
    assert "sk-123" not in response.text


def test_fifty_questions_at_once_get_their_answers(settings: Settings) -> None:
    with served(settings, rate=10_000) as url, ThreadPoolExecutor(50) as crowd:
        ask = lambda _: httpx.post(f"{url}/v1/answers", json=QUESTION, timeout=120)  # noqa: E731
        responses = list(crowd.map(ask, range(50)))
    assert {response.status_code for response in responses} == {200}
    assert len({response.json()["text"] for response in responses}) == 1


def test_when_too_many_wait_the_others_are_told_to_come_back(
    slow: tuple[Settings, threading.Event, threading.Event],
) -> None:
    settings, begun, _ = slow
    with served(settings, concurrency=1, waiting=1) as url, ThreadPoolExecutor(2) as others:
        hold = lambda: httpx.post(f"{url}/v1/answers", json=QUESTION, timeout=WAIT)  # noqa: E731
        first = httpx.stream("POST", f"{url}/v1/answers", json=QUESTION, headers=STREAM, timeout=WAIT)
        with first as running:
            assert running.status_code == 200
            assert begun.wait(WAIT)
            with httpx.stream("POST", f"{url}/v1/answers", json=QUESTION, headers=STREAM, timeout=WAIT) as waiting:
                assert waiting.status_code == 200, "it may wait"
                refused = others.submit(hold).result()
                assert refused.status_code == 503
                assert refused.json()["type"] == "urn:dateline:problem:busy"
                assert int(refused.headers["retry-after"]) > 0
                assert httpx.get(f"{url}/v1/sources", timeout=WAIT).status_code == 200, "reading goes on"
        until(lambda: count(url, 'qa_jobs{kind="question"}') == 0)


def test_when_too_many_connections_are_open_later_ones_are_told_to_come_back(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr("qa.api.server.CONNECTIONS", 3)
    with caplog.at_level("INFO", "qa.api.access"), served(settings) as url, ExitStack() as opened:
        clients = [opened.enter_context(httpx.Client(base_url=url, timeout=WAIT)) for _ in range(5)]
        first = [client.get("/v1/sources").status_code for client in clients[:3]]
        assert first == [200, 200, 200], "each holds its connection open"
        refused = clients[3].post("/v1/answers", json=QUESTION)
        assert refused.status_code == 503
        assert refused.headers["content-type"] == "application/problem+json"
        assert refused.json()["type"] == "urn:dateline:problem:too-many-connections"
        assert refused.json()["request_id"] == refused.headers["x-request-id"]
        assert int(refused.headers["retry-after"]) > 0
        assert refused.headers["connection"] == "close"
        assert clients[4].get("/healthz").status_code == 200, "a probe tells that the server lives"
        assert clients[4].get("/readyz").status_code == 503
        assert clients[0].get("/v1/sources").status_code == 200, "who was there before is still served"
        clients[1].close()
        until(lambda: clients[4].get("/v1/sources").status_code == 200)
        counted = [line for line in clients[0].get("/metrics").text.splitlines() if 'status="503"' in line]
        assert any(line.startswith('qa_requests_total{method="POST",route="-"') for line in counted)
    logged = [r for r in caplog.records if r.name == "qa.api.access" and r.status == 503]  # type: ignore[attr-defined]
    assert logged[0].request_id == refused.headers["x-request-id"]  # type: ignore[attr-defined]


# -- clients that are slow ---------------------------------------------------------------------------------------------


def test_a_header_that_does_not_come_to_its_end_closes_the_connection(
    settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level("INFO", "qa.api.access"), served(settings, body_seconds=0.3) as url:
        assert raw(url) == b"", "nothing is sent at all"
        assert raw(url, b"GET /healthz HTTP/1.1\r\nHost: localhost\r\nX-A: ") == b""
        first = b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n"
        for parts in ((first, b"GET /heal"), (first + b"GET /heal",)):
            assert raw(url, *parts).startswith(b"HTTP/1.1 200"), "the first request is answered, the half one is not"
    assert [r.status for r in caplog.records if r.name == "qa.api.access"].count(408) == 4  # type: ignore[attr-defined]


def test_a_body_that_does_not_come_is_refused(settings: Settings) -> None:
    head = b"POST /v1/answers HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
    with served(settings, body_seconds=0.3) as url:
        for start in (b"Content-Length: 900\r\n\r\n{", b"Transfer-Encoding: chunked\r\n\r\n1\r\n{\r\n"):
            received = raw(url, head + start)
            assert received.startswith(b"HTTP/1.1 408"), received
            assert b"urn:dateline:problem:too-slow" in received
        assert httpx.get(f"{url}/healthz").status_code == 200


def test_a_refused_body_that_keeps_coming_does_not_hold_the_connection(settings: Settings) -> None:
    Tokens(settings.library).create("desk", "write")
    head = b"POST /v1/articles HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
    with served(settings, body_seconds=0.3) as url:
        address = httpx.URL(url)
        with socket.create_connection((address.host, address.port), timeout=WAIT) as connection:
            connection.sendall(head + b"Content-Length: 900\r\n\r\n{")
            assert connection.recv(4096).startswith(b"HTTP/1.1 401")
            until(lambda: is_closed(connection))


def is_closed(connection: socket.socket) -> bool:
    """Send one more byte. Whether the server has closed the connection."""
    try:
        connection.sendall(b"x")
        connection.settimeout(0.05)
        return not connection.recv(4096)
    except TimeoutError:
        return False
    except OSError:
        return True


def test_what_is_no_http_is_a_problem_and_a_log_line(settings: Settings, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level("INFO", "qa.api.access"), served(settings) as url:
        received = raw(url, b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n")
        assert received.startswith(b"HTTP/1.1 400")
        assert b"application/problem+json" in received
        assert raw(url, b"GET / HTTP/1.1\r\nHost: localhost\r\nX: " + b"a" * 70_000).startswith(b"HTTP/1.1 400")
    assert [r.status for r in caplog.records if r.name == "qa.api.access"] == [400, 400]  # type: ignore[attr-defined]


# -- the command -------------------------------------------------------------------------------------------------------


def test_tokens_are_made_listed_and_revoked_by_the_command(tmp_path: Path) -> None:
    library = str(tmp_path / "library")

    def run(*arguments: str) -> tuple[int, str, str]:
        result = CliRunner().invoke(command, ["token", *arguments, "--library", library])
        return result.exit_code, result.stdout, result.stderr

    code, secret, told = run("create", "desk", "--read-only", "--days", "30")
    assert code == 0
    assert secret.startswith("qa_")
    assert "not shown again" in told
    found = Tokens(Path(library)).find(secret.strip())
    assert found
    assert (found.name, found.access) == ("desk", "read")
    _, listed, _ = run("list")
    assert listed.startswith("desk  reads only, since ")
    assert secret.strip() not in listed
    assert "sha256" not in run("list", "--json")[1]
    assert run("revoke", "desk")[0] == 0
    assert run("list")[1] == ""
    assert run("revoke", "desk")[0] == 1


def test_the_command_refuses_to_listen_for_others_without_a_token(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("qa.api.server.log_to_stderr", lambda *_: None)  # the log of pytest would be lost
    arguments = ["serve", "--library", str(settings.library), "--host", "0.0.0.0"]
    result = CliRunner().invoke(command, arguments)
    assert result.exit_code == 1
    assert "qa token create NAME" in result.stderr


@pytest.mark.slow
def test_a_server_is_stopped_and_started_again(settings: Settings, tmp_path: Path) -> None:
    first = Process(settings.library, tmp_path / "first.log")
    assert httpx.post(f"{first.url}/v1/articles", json=examples.TEXT, timeout=WAIT).status_code == 201
    assert first.stop() in {0, -signal.SIGTERM}
    assert "method=POST route=/v1/articles status=201" in first.log
    again = Process(settings.library, tmp_path / "again.log")
    try:
        assert httpx.get(f"{again.url}/v1/articles", timeout=WAIT).json()["total"] == 3
    finally:
        again.kill()


@pytest.mark.slow
def test_a_server_that_is_told_to_stop_ends_its_streams(
    slow: tuple[Settings, threading.Event, threading.Event], tmp_path: Path
) -> None:
    settings, begun, closed = slow
    environment = {"QA_OFFLINE": "false", "OPENAI_BASE_URL": settings.base_url, "QA_MODEL": "m", "QA_JUDGE": "local"}
    server = Process(settings.library, tmp_path / "log", **environment)
    with httpx.stream("POST", f"{server.url}/v1/answers", json=QUESTION, headers=STREAM, timeout=WAIT) as response:
        assert begun.wait(WAIT)
        assert server.stop() in {0, -signal.SIGTERM}
        assert closed.wait(WAIT), "the model's work has ended"
        with pytest.raises(httpx.RemoteProtocolError, match="incomplete"):  # nobody takes the part for the whole
            response.read()


@pytest.mark.slow
def test_a_server_killed_while_articles_come_in_loses_none_that_it_confirmed(tmp_path: Path) -> None:
    """Each article is sent until it is confirmed, while the server is killed again and again. None is stored twice."""
    library, log = tmp_path / "library", tmp_path / "log"
    texts = [f"Harbour story {n} tells of crane {n * 7 % 31}. It opens at {n} o'clock." for n in range(10)]
    server = Process(library, log)
    for number, text in enumerate(texts):
        killer = threading.Timer(0.05 * number, server.kill) if number % 2 else None
        if killer:
            killer.start()
        while True:
            try:
                files = {"file": (f"{number}.txt", text.encode())}
                response = httpx.post(f"{server.url}/v1/articles", files=files, timeout=WAIT)
            except httpx.TransportError:
                assert number % 2, "only a server that is killed hangs up"
            else:
                assert response.status_code in {200, 201}
                break
            finally:
                if killer:
                    killer.join()
                    server, killer = Process(library, log), None
    try:
        stored = httpx.get(f"{server.url}/v1/articles", params={"limit": 200}, timeout=WAIT).json()
        assert stored["total"] == len(texts)
        article = stored["articles"][0]["id"]
        assert httpx.get(f"{server.url}/v1/articles/{article}", timeout=WAIT).json()["text"] in texts
    finally:
        server.kill()
    checked = subprocess.run(
        [sys.executable, "-m", "qa", "doctor", "--library", str(library)], capture_output=True, text=True, check=False
    )
    assert checked.returncode == 0, checked.stdout
