"""Hostile requests to a real server: none crashes it, reads what it may not, goes unlogged, or lets a secret out."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import httpx
import pytest
from hostile_requests import Attack, attacks
from serving import WAIT, raw, served, until
from stories import STORY

from qa import manage, pipeline
from qa.api.tokens import Tokens
from qa.settings import Settings

pytestmark = pytest.mark.slow

ATTACKS = attacks()
SERVER_FILE = "CONTENT-OF-A-SERVER-FILE"


@dataclass
class Target:
    """A server with a library, its tokens, and everything that it has logged."""

    url: str
    folder: Path
    words: dict[str, str]
    log: Log
    article: str

    @property
    def secrets(self) -> list[str]:
        return [*self.words.values(), SERVER_FILE, "root:x:0", str(self.folder)]

    def filled(self, data: bytes) -> bytes:
        for name, word in {**self.words, "id": self.article}.items():
            data = data.replace(f"{{{name}}}".encode(), word.encode())
        return data


class Log(logging.Handler):
    """Keeps what is logged."""

    def __init__(self) -> None:
        super().__init__()
        self.records: list[logging.LogRecord] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.records.append(record)

    @property
    def requests(self) -> int:
        return sum(record.name == "qa.api.access" for record in self.records)

    @property
    def text(self) -> str:
        return "\n".join(logging.Formatter().format(record) for record in self.records)


@pytest.fixture(scope="module")
def target(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Target]:
    folder = tmp_path_factory.mktemp("server")
    settings = Settings(library=folder / "library", offline=True)
    (folder / "ferry.txt").write_text(STORY, encoding="utf-8")
    manage.ingest(str(folder / "ferry.txt"), settings=settings)
    (settings.library / "secret.txt").write_text(SERVER_FILE)
    tokens = Tokens(settings.library)
    words = {"write": tokens.create("desk", "write"), "read": tokens.create("reader", "read")}
    words["other"] = Tokens(folder / "another-library").create("desk", "write")
    words["revoked"] = tokens.create("revoked", "write")
    tokens.revoke("revoked")
    words["expired"] = tokens.create("expired", "write", expires=datetime(2020, 1, 1, tzinfo=UTC))
    words["hash"] = tokens.all()[0].sha256
    log = Log()
    names = ("qa", "uvicorn", "sse_starlette", "starlette", "fastapi", "asyncio")
    loggers = [logging.getLogger(name) for name in names]
    before = [logger.level for logger in loggers]
    for logger in loggers:
        logger.addHandler(log)
        logger.setLevel(logging.INFO)
    with served(settings, rate=100_000, body_seconds=0.5) as url:
        headers = {"Authorization": f"Bearer {words['read']}"}
        (article,) = httpx.get(f"{url}/v1/articles", headers=headers, timeout=WAIT).json()["articles"]
        yield Target(url, folder, words, log, article["id"])
    for logger, level in zip(loggers, before, strict=True):
        logger.removeHandler(log)
        logger.setLevel(level)
    pipeline.close_all()


def test_there_are_three_hundred_of_them() -> None:
    assert len(ATTACKS) >= 300


# Starlette does not close the file of a form that ends in the middle of it; Python does, with a warning.
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
@pytest.mark.parametrize("attack", ATTACKS, ids=lambda attack: attack.name)
def test_a_hostile_request_is_refused_and_logged(attack: Attack, target: Target) -> None:
    logged = target.log.requests
    received = raw(target.url, target.filled(attack.data))
    status = int(received[9:12]) if received else 0
    assert status in attack.statuses, received[:600]
    until(lambda: target.log.requests > logged)
    for secret in target.secrets:
        assert secret not in received.decode("utf-8", "replace")
        assert secret not in "\n".join(r.getMessage() for r in target.log.records[-20:])
    assert httpx.get(f"{target.url}/healthz", timeout=WAIT).status_code == 200


def test_after_all_of_them_the_library_is_as_it_should_be_and_no_secret_is_in_the_log(target: Target) -> None:
    headers = {"Authorization": f"Bearer {target.words['read']}"}
    article = httpx.get(f"{target.url}/v1/articles/{target.article}", headers=headers, timeout=WAIT)
    assert article.json()["text"] == STORY
    assert (target.folder / "library" / "secret.txt").read_text() == SERVER_FILE
    assert not [record for record in target.log.records if record.levelno >= logging.ERROR]
    for secret in target.secrets:
        assert secret not in target.log.text
