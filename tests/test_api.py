"""The HTTP API, in process: what each endpoint gives, how it refuses, and what it logs."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient
from stories import SECOND, STORY

from qa import errors, manage, pipeline
from qa.api import adding, examples
from qa.api.app import create_app
from qa.api.limits import Rate, TooMany
from qa.api.options import ApiSettings
from qa.api.problems import Problem, kind_of, problem_of
from qa.api.schemas import Added, ArticleText
from qa.api.server import check
from qa.api.tokens import FILE, Tokens
from qa.errors import InputError, QAError, SettingsError
from qa.model import Answer, Recheck, Timeline
from qa.settings import Settings

QUESTION = "What did Mara Quist say the line loses on every crossing after dark?"


def client_of(settings: Settings, token: str | None = None, **options: Any) -> TestClient:
    app = create_app(settings, ApiSettings.load(**options))
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    return TestClient(app, base_url="http://localhost", headers=headers, raise_server_exceptions=False)


@pytest.fixture
def client(settings: Settings) -> Iterator[TestClient]:
    with client_of(settings) as client:
        yield client


@pytest.fixture
def empty(tmp_path: Path) -> Iterator[TestClient]:
    with client_of(Settings(library=tmp_path / "new")) as client:
        yield client
    pipeline.close_all()


def problem(response: Any, status: int, name: str) -> Problem:
    """The problem that a response must be."""
    assert response.status_code == status, response.text
    assert response.headers["content-type"] == "application/problem+json"
    found = Problem.model_validate_json(response.content)
    assert found.type == f"urn:dateline:problem:{name}"
    assert found.status == status
    assert found.request_id == response.headers["x-request-id"]
    assert name == "invalid" or found.detail.endswith((".", "NAME", "qa doctor")), "it ends with a remedy"
    return found


# -- questions ---------------------------------------------------------------------------------------------------------


def test_a_question_gets_the_answer_that_the_library_gives(client: TestClient, settings: Settings) -> None:
    response = client.post("/v1/answers", json={"question": QUESTION})
    assert response.status_code == 200
    got = Answer.model_validate_json(response.content)
    assert got.status == "answered"
    assert got.text == pipeline.answer(QUESTION, settings=settings).text
    assert "4,200 crowns" in got.citations[0].quote


def test_filters_and_earlier_answers_count(client: TestClient) -> None:
    outside = client.post("/v1/answers", json={"question": QUESTION, "filters": {"until": "2026-02-01"}}).json()
    assert outside["status"] == "abstained"
    first = client.post("/v1/answers", json={"question": "What did the council of Salthouse buy?"}).json()
    follow = {"question": "When did it buy it?", "history": [first]}
    assert "Salthouse" in client.post("/v1/answers", json=follow).json()["standalone"]


def test_a_stream_gives_the_events_in_order_and_ends_with_the_same_answer(client: TestClient) -> None:
    events = events_of(client.post("/v1/answers", json={"question": QUESTION}, headers={"Accept": "text/event-stream"}))
    names = [name for _, name, _ in events]
    assert names[0] == "stage"
    assert names[-2:] == ["claim", "done"]
    assert [number for number, _, _ in events] == [str(n) for n in range(1, len(events) + 1)]
    done = Answer.model_validate(events[-1][2]["answer"])
    assert events[-2][2]["claim"] == done.claims[0].model_dump(mode="json")
    assert done.text == client.post("/v1/answers", json={"question": QUESTION}).json()["text"]


def test_an_error_in_a_stream_is_its_last_event(empty: TestClient) -> None:
    empty.post("/v1/articles", json=examples.TEXT)
    (article,) = empty.get("/v1/articles").json()["articles"]
    empty.delete(f"/v1/articles/{article['id']}")
    events = events_of(empty.post("/v1/answers", json={"question": "x"}, headers={"Accept": "text/event-stream"}))
    assert [name for _, name, _ in events] == ["stage", "stage", "error"]
    assert Problem.model_validate(events[-1][2]).type == "urn:dateline:problem:empty-library"


def events_of(response: Any) -> list[tuple[str, str, Any]]:
    """The events of a response: id, name and data."""
    assert response.headers["content-type"].startswith("text/event-stream")
    blocks = [block for block in response.text.split("\n\n") if block and not block.startswith(":")]
    fields = [dict(line.split(": ", 1) for line in block.split("\n")) for block in blocks]
    return [(f["id"], f["event"], json.loads(f["data"])) for f in fields]


def test_a_timeline_is_that_of_the_library(client: TestClient) -> None:
    got = Timeline.model_validate_json(client.get("/v1/timeline", params={"subject": "Salthouse"}).content)
    assert {entry.citation.article_id for entry in got.entries} == {article.id for article in got.articles}
    assert got.entries


def test_an_earlier_answer_is_checked_against_the_library(client: TestClient) -> None:
    saved = client.post("/v1/answers", json={"question": QUESTION}).json()
    got = Recheck.model_validate_json(client.post("/v1/rechecks", json=saved).content)
    assert [claim.verdict for claim in got.claims] == ["stands"]
    client.delete(f"/v1/articles/{saved['articles'][0]['id']}")
    got = Recheck.model_validate_json(client.post("/v1/rechecks", json=saved).content)
    assert [claim.verdict for claim in got.claims] == ["gone"]


def test_a_gold_file_is_evaluated_on_the_library(client: TestClient) -> None:
    gold = examples.GOLD.replace("Ferry line to cut evening sailings", "ferry")
    response = client.post("/v1/evaluations", content=gold, headers={"Content-Type": "application/yaml"})
    assert response.status_code == 200, response.text
    assert response.json()["cases"]["dev"]["loss"]["correct"] is True
    wrong = gold.replace("We lose 4,200", "We lose 9,999")
    refused = client.post("/v1/evaluations", content=wrong, headers={"Content-Type": "application/yaml"})
    assert "gold.yaml:7: 'We lose 9,999 crowns' is not in ferry" in problem(refused, 422, "invalid").detail


# -- articles ----------------------------------------------------------------------------------------------------------


def test_articles_are_listed_in_pages_and_filtered(client: TestClient) -> None:
    first = client.get("/v1/articles", params={"limit": 1}).json()
    assert first["total"] == 2
    assert first["articles"][0]["published"] == "2026-03-05"
    second = client.get(first["next"]).json()
    assert second["articles"][0]["source"] == "Salthouse Herald"
    assert second["next"] is None
    assert second["revision"] == first["revision"]
    only = client.get("/v1/articles", params={"source": "Salthouse Herald", "limit": 1}).json()
    assert (only["total"], only["next"]) == (1, None)


def test_a_parameter_that_an_address_does_not_have_is_refused_and_not_lost(client: TestClient) -> None:
    found = problem(client.get("/v1/articles", params={"sources": "Coast Wire", "limit": 1}), 422, "invalid")
    assert [fault.where for fault in found.faults] == ["query.sources"]
    assert "limit, offset, since, source, speaker, until" in found.faults[0].what
    problem(client.get("/healthz?deep=1"), 422, "invalid")
    problem(client.post("/v1/answers?source=Coast+Wire", json={"question": QUESTION}), 422, "invalid")


def test_the_next_page_keeps_the_filters(client: TestClient) -> None:
    asked = client.get(
        "/v1/articles", params={"limit": 1, "since": "2026-01-01", "speaker": ["Mara Quist", "Owen Tarn"]}
    )
    assert asked.json()["total"] == 2
    assert client.get(asked.json()["next"]).json()["total"] == 2


def test_an_article_has_its_sentences_with_true_offsets_and_not_where_it_was_read(client: TestClient) -> None:
    (listed, _) = client.get("/v1/articles").json()["articles"]
    response = client.get(f"/v1/articles/{listed['id']}")
    got = ArticleText.model_validate_json(response.content)
    assert got.text == STORY
    assert all(got.text[s.start : s.end] == s.text for s in got.sentences)
    assert "origin" not in response.json()
    assert "stories" not in response.text.replace("Harbour", "")


def test_earlier_versions_can_be_read(client: TestClient) -> None:
    old = {**examples.TEXT, "text": "Four sailings end. The director said so."}
    client.post("/v1/articles", json=old)
    added = client.post("/v1/articles", json={**old, "text": "Six sailings end. The director said so."})
    assert (added.status_code, added.json()["updated"]) == (201, 1)
    (article_id,) = added.json()["articles"]
    versions = client.get(f"/v1/articles/{article_id}/versions").json()["versions"]
    assert [version["changed"] for version in versions] == [None, 1]
    first = versions[0]["article"]
    by_version = client.get(f"/v1/articles/{article_id}", params={"version": first["version"]}).json()
    assert by_version["text"] == old["text"]
    assert client.get(f"/v1/articles/{first['id']}").json() == by_version
    problem(client.get(f"/v1/articles/{article_id}", params={"version": "00"}), 404, "unknown-version")


def test_files_of_several_formats_are_added_and_faulty_ones_are_named(empty: TestClient) -> None:
    rows = json.dumps([{"text": "The bridge is shut. It opens in May.", "title": "Bridge"}]).encode()
    story = b"The tram of Salthouse ran off its rails on Monday, and nobody was hurt. It runs again from Friday. " * 4
    page = b"<html><head><title>Tram</title></head><body><article><p>" + story + b"</p></article></body></html>"
    files = [("file", ("plough.md", SECOND.encode())), ("file", ("rows.json", rows)), ("file", ("tram.html", page))]
    response = empty.post("/v1/articles", files=[*files, ("file", ("bad.pdf", b"%PDF-no"))])
    assert response.status_code == 201
    got = Added.model_validate_json(response.content)
    assert (got.added, len(got.articles)) == (3, 3)
    assert [(one.name, one.reason) for one in got.skipped] == [
        ("bad.pdf", "is no PDF that can be read; it may be damaged or cut off")
    ]
    titles = {article["title"] for article in empty.get("/v1/articles").json()["articles"]}
    assert {"Salthouse council buys a snow plough", "Bridge"} <= titles


def test_the_same_file_twice_is_one_article_and_two_files_of_one_name_are_two(empty: TestClient) -> None:
    one, two = b"The bridge is shut. It opens in May.", b"The tram is late. It comes at noon."
    assert empty.post("/v1/articles", files={"file": ("article.txt", one)}).status_code == 201
    again = empty.post("/v1/articles", files={"file": ("article.txt", one)})
    assert (again.status_code, again.json()["unchanged"]) == (200, 1)
    assert empty.post("/v1/articles", files={"file": ("article.txt", two)}).json()["added"] == 1
    assert empty.get("/v1/articles").json()["total"] == 2


def test_an_upload_is_not_written_to_the_disk(empty: TestClient, tmp_path: Path) -> None:
    empty.post("/v1/articles", files={"file": ("../../tram.txt", b"The tram is late. It comes at noon.")})
    assert empty.get("/v1/articles").json()["total"] == 1
    written = [path.relative_to(tmp_path) for path in tmp_path.rglob("*tram*")]
    assert written == []


def test_nothing_that_can_be_read_is_a_problem_that_names_every_file(empty: TestClient) -> None:
    files = [("file", ("a.pdf", b"%PDF-no")), ("file", ("b.exe", b"MZ\x00\x01"))]
    found = problem(empty.post("/v1/articles", files=files), 422, "nothing-read")
    assert [fault.where for fault in found.faults] == ["a.pdf", "b.exe"]
    problem(empty.post("/v1/articles", files={"other": (None, "no file")}), 422, "nothing-read")


@pytest.mark.parametrize(
    "url", ["/etc/passwd", "file:///etc/passwd", "~/x", "*.txt", "ftp://a.example", "", "http:", 5]
)
def test_only_web_addresses_are_fetched(client: TestClient, url: object) -> None:
    response = client.post("/v1/articles", json={"url": url})
    assert response.status_code == 422
    assert "passwd" not in response.text.replace(str(url), "")
    assert client.get("/v1/articles").json()["total"] == 2


@pytest.mark.parametrize("host", ["127.0.0.1", "[::1]", "localhost", "169.254.169.254", "0x7f.1", "[::ffff:10.0.0.5]"])
def test_a_private_address_is_not_asked(client: TestClient, host: str) -> None:
    """That no connection is made to any of 200 such addresses is tested in ``test_web.py``."""
    found = problem(client.post("/v1/articles", json={"url": f"http://{host}/page"}), 422, "nothing-read")
    assert any(words in found.detail for words in ("private", "public", "unusual")), found.detail


def test_an_article_is_removed_by_its_whole_id_only(client: TestClient) -> None:
    (first, second) = (article["id"] for article in client.get("/v1/articles").json()["articles"])
    problem(client.delete(f"/v1/articles/{first[:6]}"), 404, "unknown-article")
    problem(client.delete("/v1/articles/ferry"), 404, "unknown-article")
    assert client.delete(f"/v1/articles/{first}").json()["article"]["id"] == first
    assert [article["id"] for article in client.get("/v1/articles").json()["articles"]] == [second]
    problem(client.get(f"/v1/articles/{first}"), 404, "unknown-article")


def test_while_another_process_adds_articles_a_client_has_to_wait(client: TestClient, settings: Settings) -> None:
    with manage._exclusive(settings.library, None):
        response = client.post("/v1/articles", json=examples.TEXT)
        problem(response, 503, "busy")
        assert int(response.headers["retry-after"]) > 0
    assert client.post("/v1/articles", json=examples.TEXT).status_code == 201


# -- outlets and people ------------------------------------------------------------------------------------------------


def test_outlets_and_speakers_are_listed(client: TestClient) -> None:
    assert client.get("/v1/sources").json()["sources"] == ["Coast Wire", "Salthouse Herald"]
    assert client.get("/v1/sources", params={"until": "2026-02-01"}).json()["articles"] == 1
    first = client.get("/v1/speakers", params={"limit": 2}).json()
    assert first["total"] == 3
    assert first["speakers"][0] == "Mara Quist"
    assert client.get(first["next"]).json()["next"] is None


def test_everything_that_somebody_said_is_listed_in_pages(client: TestClient) -> None:
    said = client.get("/v1/speakers/quist/said", params={"limit": 1}).json()
    assert said["speakers"] == ["Mara Quist"]
    assert said["total"] == 2
    more = client.get(said["next"]).json()
    assert [c["number"] for c in (*said["citations"], *more["citations"])] == [1, 2]
    assert "4,200 crowns" in more["citations"][0]["quote"]
    assert more["articles"][0]["source"] == "Coast Wire"
    problem(client.get("/v1/speakers/nobody/said"), 404, "unknown-speaker")


# -- health ------------------------------------------------------------------------------------------------------------


def test_probes_need_no_token_and_tell_of_the_library(settings: Settings) -> None:
    Tokens(settings.library).create("desk", "read")
    with client_of(settings) as client:
        assert client.get("/healthz").json() == {"status": "ok"}
        assert client.get("/readyz").json()["articles"] == 2
        problem(client.get("/metrics"), 401, "no-token")


def test_a_damaged_library_is_not_ready_and_its_folder_is_not_told(settings: Settings, tmp_path: Path) -> None:
    (settings.library / "library.sqlite3").write_bytes(b"no database, but long enough to look at" * 200)
    with client_of(settings) as client:
        for response in (client.get("/readyz"), client.get("/v1/articles")):
            assert str(tmp_path) not in problem(response, 503, "library-unavailable").detail


def test_a_new_library_is_ready_for_its_first_article(empty: TestClient) -> None:
    assert empty.get("/readyz").json() == {
        "status": "ready",
        "articles": 0,
        "revision": None,
        "index": "closed",
        "unread": 0,
    }
    assert empty.post("/v1/articles", json=examples.TEXT).status_code == 201


def test_metrics_count_requests_by_route_and_answers_by_outcome(client: TestClient) -> None:
    client.post("/v1/answers", json={"question": QUESTION})
    client.get("/v1/articles/nothing")
    client.get("/v1/secret/name")
    text = client.get("/metrics").text
    assert 'qa_answers_total{status="answered"} 1.0' in text
    assert 'qa_requests_total{method="GET",route="/v1/articles/{article_id}",status="404"} 1.0' in text
    assert 'qa_requests_total{method="GET",route="-",status="404"} 1.0' in text
    assert "secret" not in text


# -- who may do what ---------------------------------------------------------------------------------------------------


def test_as_soon_as_a_token_exists_every_request_needs_one(client: TestClient, settings: Settings) -> None:
    assert client.get("/v1/articles").status_code == 200
    tokens = Tokens(settings.library)
    secret = tokens.create("desk", "write")
    assert problem(client.get("/v1/articles"), 401, "no-token").detail
    assert client.get("/v1/articles").headers["www-authenticate"].startswith("Bearer")
    assert client.get("/v1/articles", headers={"Authorization": f"bearer {secret}"}).status_code == 200
    tokens.revoke("desk")
    assert client.get("/v1/articles", headers={"Authorization": f"Bearer {secret}"}).status_code == 401
    assert client.get("/v1/articles").status_code == 401, "revoking the last token opens nothing"


def test_a_token_that_reads_may_ask_but_change_nothing(settings: Settings) -> None:
    secret = Tokens(settings.library).create("reader", "read")
    with client_of(settings, secret) as client:
        saved = client.post("/v1/answers", json={"question": QUESTION})
        assert saved.status_code == 200
        assert client.post("/v1/rechecks", json=saved.json()).status_code == 200
        assert client.get("/metrics").status_code == 200
        article = saved.json()["articles"][0]["id"]
        for refused in (
            client.post("/v1/articles", json=examples.TEXT),
            client.delete(f"/v1/articles/{article}"),
            client.post("/v1/evaluations", content=examples.GOLD, headers={"Content-Type": "application/yaml"}),
            client.put("/v1/articles"),
        ):
            problem(refused, 403, "read-only")
        assert client.get("/v1/articles").json()["total"] == 2


def test_a_body_is_not_read_before_its_sender_is_known(settings: Settings) -> None:
    Tokens(settings.library).create("desk", "write")
    read = []

    def body() -> Iterator[bytes]:
        for _ in range(3):
            read.append(1)
            yield b"x" * 10

    with client_of(settings) as client:
        problem(
            client.post("/v1/articles", content=body(), headers={"Content-Type": "application/json"}), 401, "no-token"
        )


def test_a_token_expires(tmp_path: Path) -> None:
    now = datetime(2026, 3, 1, tzinfo=UTC)
    tokens = Tokens(tmp_path, clock=lambda: now)
    secret = tokens.create("desk", "read", expires=now + timedelta(days=30))
    assert tokens.find(secret)
    now += timedelta(days=31)
    assert tokens.find(secret) is None
    assert not tokens.any_usable


def test_only_the_hash_of_a_token_is_stored_for_its_owner_alone(tmp_path: Path) -> None:
    tokens = Tokens(tmp_path)
    secret = tokens.create("desk", "write")
    file = tmp_path / FILE
    assert secret not in file.read_text()
    assert file.stat().st_mode & 0o777 == 0o600
    assert tokens.find(secret)
    assert tokens.find(tokens.all()[0].sha256) is None, "what is stored is no token"
    assert tokens.find("") is None


def test_a_file_of_tokens_that_others_can_write_is_not_trusted(settings: Settings) -> None:
    secret = Tokens(settings.library).create("desk", "write")
    (settings.library / FILE).chmod(0o666)
    with client_of(settings, secret) as client:
        found = problem(client.get("/v1/articles"), 503, "tokens-unreadable")
        assert str(settings.library) not in found.detail
    (settings.library / FILE).write_text("{nonsense")
    (settings.library / FILE).chmod(0o600)
    with client_of(settings, secret) as client:
        problem(client.get("/v1/articles"), 503, "tokens-unreadable")


def test_names_of_tokens_are_plain_and_used_once(tmp_path: Path) -> None:
    tokens = Tokens(tmp_path)
    tokens.create("desk", "read")
    with pytest.raises(InputError, match="already"):
        tokens.create("desk", "read")
    for name in ("", "a b", "x\n", "../x", "é", "a" * 61):
        with pytest.raises(InputError, match="letters"):
            tokens.create(name, "read")
    with pytest.raises(InputError, match="qa token list"):
        tokens.revoke("nobody")


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.0.2.7", "news.example"])
def test_other_machines_are_served_only_with_a_token(settings: Settings, host: str) -> None:
    with pytest.raises(SettingsError, match="qa token create NAME"):
        check(settings, ApiSettings(host=host))
    Tokens(settings.library).create("old", "read", expires=datetime(2020, 1, 1, tzinfo=UTC))
    with pytest.raises(SettingsError, match="qa token create NAME"):
        check(settings, ApiSettings(host=host))
    Tokens(settings.library).create("desk", "read")
    check(settings, ApiSettings(host=host))


def test_a_wrong_setting_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in (("RATE", "0"), ("PORT", "70000"), ("CORS_ORIGINS", "https://desk.example")):
        with monkeypatch.context() as patched:
            patched.setenv(f"QA_API_{name}", value)
            with pytest.raises(SettingsError, match=name.lower()):
                ApiSettings.load()


def test_on_loopback_no_token_is_needed(settings: Settings) -> None:
    for host in ("127.0.0.1", "::1", "localhost"):
        check(settings, ApiSettings(host=host))


def test_a_name_that_leads_to_this_machine_is_refused_without_tokens(settings: Settings) -> None:
    with client_of(settings) as client:
        for host in ("evil.example", "evil.example:8080", "192.0.2.1", "", "localhost.evil.example", "[::2]"):
            problem(client.get("/v1/articles", headers={"Host": host}), 400, "unknown-host")
        for host in ("localhost", "LOCALHOST:8080", "127.0.0.1:9", "[::1]:8080"):
            assert client.get("/v1/articles", headers={"Host": host}).status_code == 200


def test_a_page_of_another_site_is_refused_unless_it_is_allowed(settings: Settings) -> None:
    files = {"file": ("tram.txt", b"The tram is late. It comes at noon.")}
    with client_of(settings) as client:
        for origin in ("https://evil.example", "null", "http://localhost.evil.example"):
            problem(client.post("/v1/articles", files=files, headers={"Origin": origin}), 403, "cross-site")
        asked = client.get("/v1/articles", headers={"Origin": "http://localhost"})
        assert asked.status_code == 200
        assert "access-control-allow-origin" not in asked.headers
    secret = Tokens(settings.library).create("desk", "write")
    with client_of(settings, secret) as client:
        problem(client.get("/v1/articles", headers={"Origin": "https://evil.example"}), 403, "cross-site")
        assert client.get("/v1/articles").status_code == 200
    (settings.library / FILE).unlink()
    with client_of(settings, cors_origins=("https://desk.example",)) as client:
        headers = {"Origin": "https://desk.example"}
        assert client.post("/v1/articles", files=files, headers=headers).status_code == 201
        preflight = headers | {"Access-Control-Request-Method": "DELETE"}
        assert (
            client.options("/v1/articles", headers=preflight).headers["access-control-allow-origin"]
            == headers["Origin"]
        )
        problem(client.get("/v1/articles", headers={"Origin": "https://evil.example"}), 403, "cross-site")


# -- limits ------------------------------------------------------------------------------------------------------------


def test_a_caller_who_asks_too_often_is_told_when_to_come_back() -> None:
    now = 0.0
    rate = Rate(6, clock=lambda: now)
    for _ in range(6):
        rate.spend("desk")
    with pytest.raises(TooMany) as refused:
        rate.spend("desk")
    assert refused.value.retry_after == 10
    rate.spend("other")
    now = 10.0
    rate.spend("desk")
    with pytest.raises(TooMany):
        rate.spend("desk")


def test_each_token_has_its_own_rate(settings: Settings) -> None:
    tokens = Tokens(settings.library)
    one, two = tokens.create("one", "read"), tokens.create("two", "read")
    with client_of(settings, one, rate=2) as client:
        assert [client.get("/v1/sources").status_code for _ in range(3)] == [200, 200, 429]
        response = client.get("/v1/sources")
        problem(response, 429, "too-many-requests")
        assert 0 < int(response.headers["retry-after"]) <= 30
        assert client.get("/v1/sources", headers={"Authorization": f"Bearer {two}"}).status_code == 200
        assert client.get("/healthz").status_code == 200


def test_whoever_guesses_tokens_is_slowed_down_and_others_are_not(settings: Settings) -> None:
    secret = Tokens(settings.library).create("desk", "read")
    with client_of(settings) as client:
        guesses = [
            client.get("/v1/sources", headers={"Authorization": f"Bearer qa_{n}"}).status_code for n in range(30)
        ]
        assert set(guesses) == {401, 429}
        assert client.get("/v1/sources", headers={"Authorization": f"Bearer {secret}"}).status_code == 200


def test_large_bodies_are_refused(client: TestClient) -> None:
    problem(client.post("/v1/answers", content=b"x" * 2_000_001), 413, "too-large")
    chunks = iter([b"x" * 100_000] * 21)
    problem(client.post("/v1/answers", content=chunks, headers={"Content-Type": "application/json"}), 413, "too-large")
    long = json.dumps({"text": "word " * 410_000}).encode()
    problem(client.post("/v1/articles", content=long, headers={"Content-Type": "application/json"}), 413, "too-large")


def test_a_file_larger_than_an_article_is_named() -> None:
    (found,) = adding.of_upload("big.txt", b"x" * 20_000_001)
    assert "20,000,000 bytes" in found.reason  # type: ignore[union-attr]


# -- problems and logs -------------------------------------------------------------------------------------------------


def every_error(cls: type[QAError] = QAError) -> set[type[QAError]]:
    return {cls} | {sub for direct in cls.__subclasses__() for sub in every_error(direct)}


def test_every_error_has_a_status_and_tells_nothing_of_the_server() -> None:
    for cls in every_error():
        error = cls.__new__(cls)
        Exception.__init__(error, "at /srv/library, http://10.0.0.5/v1, qa_SECRET")
        if cls.__module__ == errors.__name__:
            told = problem_of(error, "r")
            assert 400 <= told.status < 600
            if not isinstance(error, InputError):
                assert "/srv" not in told.model_dump_json()
        assert kind_of(error).title if cls.__module__ == errors.__name__ else True


def test_a_bug_is_told_without_its_words_and_logged_without_them(
    client: TestClient, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    words = " ".join(["secret", "words", "of", "a", "question", "at", "/srv/library"])

    def broken(*_: object, **__: object) -> None:
        raise RuntimeError(words)

    monkeypatch.setattr("qa.api.app.timeline", broken)
    with caplog.at_level(logging.INFO):
        response = client.get("/v1/timeline", params={"subject": "Keller Bridge"})
    found = problem(response, 500, "failed")
    assert "secret" not in response.text
    assert "secret words" not in caplog.text
    assert f"RuntimeError in request {found.request_id}" in caplog.text
    assert client.get("/healthz").status_code == 200


def test_faults_of_a_request_are_named_without_what_was_sent(client: TestClient) -> None:
    found = problem(client.post("/v1/answers", json={"question": 5, "secret": "qa_XYZ"}), 422, "invalid")
    assert {fault.where for fault in found.faults} == {"body.question", "body.secret"}
    assert "qa_XYZ" not in found.model_dump_json()


def test_every_response_has_a_request_id_and_a_sane_one_is_kept(client: TestClient) -> None:
    assert client.get("/healthz", headers={"X-Request-Id": "desk-7.a_B"}).headers["x-request-id"] == "desk-7.a_B"
    for wrong in ("a b", "x" * 65, "é".encode(), ""):
        made = client.get("/v1/none", headers={"X-Request-Id": wrong}).headers["x-request-id"]
        assert len(made) == 32


def test_a_log_line_has_what_happened_but_neither_question_nor_secret(
    settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    secret = Tokens(settings.library).create("desk", "read")
    with client_of(settings, secret) as client, caplog.at_level(logging.DEBUG):
        client.post(
            "/v1/answers", json={"question": "Who hid the plough of Salthouse?"}, headers={"X-Request-Id": "r1"}
        )
        client.get("/v1/speakers/Mara Quist/said?source=Coast+Wire")
    lines = [record for record in caplog.records if record.name == "qa.api.access"]
    assert [(r.method, r.route, r.status, r.token) for r in lines] == [  # type: ignore[attr-defined]
        ("POST", "/v1/answers", 200, "desk"),
        ("GET", "/v1/speakers/{name}/said", 200, "desk"),
    ]
    assert lines[0].request_id == "r1"  # type: ignore[attr-defined]
    ours = "\n".join(r.getMessage() for r in caplog.records if r.name.startswith(("qa", "uvicorn")))
    for kept in (secret, "plough", "Quist", "Coast"):
        assert kept not in ours


# -- the description ---------------------------------------------------------------------------------------------------


def test_the_examples_of_the_description_are_true(empty: TestClient) -> None:
    """If the contract changes, write the answer that this test gets to ``qa/api/answer.json``."""
    assert empty.post("/v1/articles", json=examples.TEXT).status_code == 201
    got = Answer.model_validate_json(empty.post("/v1/answers", json=examples.ASKED).content)
    shown = Answer.model_validate(examples.ANSWER)
    assert got.model_dump(exclude={"provenance"}) == shown.model_dump(exclude={"provenance"})
    assert empty.post("/v1/rechecks", json=examples.ANSWER).json()["changed"] is False
    gold = empty.post("/v1/evaluations", content=examples.GOLD, headers={"Content-Type": "application/yaml"})
    assert gold.json()["cases"]["dev"]["loss"]["correct"] is True


def test_the_description_says_that_all_but_probes_need_a_token_and_names_each_operation(client: TestClient) -> None:
    description = client.get("/v1/openapi.json").json()
    assert description["components"]["securitySchemes"] == {"token": {"type": "http", "scheme": "bearer"}}
    assert description["security"] == [{"token": []}, {}]
    operations = {(path, method): one for path, of in description["paths"].items() for method, one in of.items()}
    open_to_all = {path for (path, _), one in operations.items() if one.get("security") == []}
    assert open_to_all == {"/healthz", "/readyz"}
    names = [one["operationId"] for one in operations.values()]
    assert len(names) == len(set(names))
    assert {"ask", "list_articles", "add_articles", "get_article"} <= set(names)
    for one in operations.values():
        assert {"X-Request-Id", "Retry-After"} == set(one["responses"]["default"]["headers"])


def test_the_description_lists_every_endpoint_with_its_schema(client: TestClient) -> None:
    description = client.get("/v1/openapi.json").json()
    assert set(description["paths"]) == {
        "/v1/answers", "/v1/timeline", "/v1/rechecks", "/v1/articles", "/v1/articles/{article_id}",
        "/v1/articles/{article_id}/versions", "/v1/sources", "/v1/speakers", "/v1/speakers/{name}/said",
        "/v1/evaluations", "/healthz", "/readyz", "/metrics",
    }  # fmt: skip
    names = set(description["components"]["schemas"])
    references = set(_references(description))
    assert references <= names, "every schema that is named is there"
    answers = description["paths"]["/v1/answers"]["post"]
    shown = answers["responses"]["200"]["content"]["application/json"]["example"]
    assert Answer.model_validate(shown) == Answer.model_validate(examples.ANSWER)


def _references(node: Any) -> Iterator[str]:
    if isinstance(node, dict):
        for name, value in node.items():
            if name == "$ref":
                yield value.rpartition("/")[2]
            yield from _references(value)
    elif isinstance(node, list):
        for value in node:
            yield from _references(value)
