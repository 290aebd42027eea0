"""API, page and ingest processes on one shared library are killed with SIGKILL while uploads and questions run.

Two APIs, the page and a worker run at once. Each is killed, at a point of its work or at a random moment, and started
again. What was confirmed must be there, once; whoever is not killed must never fail; and whoever comes back must serve
its first request. At the end the library equals one in SQLite that got the same articles from one process.

``pytest tests/test_api_kills.py --api-kills 100`` sets the number of processes to kill; CI kills 15.
"""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import FIRST_EXCEPTION, ThreadPoolExecutor, wait
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import Any

import httpx
import killing_api
import killing_shared
import pytest
from killing_shared import Kill
from serving import RUNNING, free_port, until
from test_kills import SECONDS, started

from qa import manage
from qa.api import adding
from qa.articles.load import load_text
from qa.library import maintenance
from qa.library.library import Library
from qa.settings import Settings, SharedLibrary

pytestmark = pytest.mark.slow

CHROMIUM = os.environ.get("CHROMIUM", "/usr/bin/chromium")
PATIENCE = 60.0  # seconds for one request on a busy machine
NEW_FILES = 18  # that a worker finds in its folder each time it starts


def upload(number: int) -> tuple[str, str]:
    """Return the name and the text of an upload."""
    return (
        f"story-{number}.txt",
        f"Barge B{number} came in\n\nBarge B{number} came to quay {number % 41}, the pilot said.",
    )


def pasted(number: int) -> str:
    """Return a text that is pasted into the page."""
    return f"Sloop S{number} has sailed\n\nSloop S{number} left quay {number % 43} at dawn, the harbour master said."


@dataclass
class Campaign:
    """What all processes share, and what was confirmed to their clients."""

    library: SharedLibrary
    folder: Path
    data: Path
    kills: int
    numbers: Iterator[int] = field(default_factory=lambda: count(1))
    uploads: dict[int, str] = field(default_factory=dict)  # article ids by number, once they are confirmed
    pastes: set[int] = field(default_factory=set)
    killed: list[str] = field(default_factory=list)
    answers: int = 0
    seconds: dict[str, list[float]] = field(default_factory=dict)  # from the start to the first response, by kind
    files: Iterator[int] = field(default_factory=count)
    stopped: threading.Event = field(default_factory=threading.Event)  # because one of its threads has failed

    @property
    def address(self) -> str:
        return self.library.address.get_secret_value()

    def arrive(self) -> None:
        """New files come into the folder of the worker."""
        for number in (next(self.files) for _ in range(NEW_FILES)):
            text = f"Crate K{number} found\n\nCrate K{number} was found at pier {number % 37}, the harbour master said."
            (self.folder / f"{number:05}.txt").write_text(text)

    def died(self, how: str) -> None:
        """Note that a process was killed. Raises Stopped if another thread has failed."""
        self.killed.append(how)
        print(f"{len(self.killed)}: {how}", flush=True)
        if self.stopped.is_set():
            raise Stopped

    def served(self, kind: str, since: float) -> None:
        """Note how long a process that was started took until it had served its first request."""
        self.seconds.setdefault(kind, []).append(time.monotonic() - since)


class Stopped(Exception):
    """Another thread has failed, so the campaign ends."""


class Killed(Exception):
    """The process that a client talked to is dead, so the client may fail."""


@dataclass
class Running:
    """A process that is to be killed, and whether it has been."""

    is_alive: Callable[[], bool]
    kill: Callable[[], None]

    @contextmanager
    def talking(self, *broken: type[Exception]) -> Iterator[None]:
        """Raise Killed if a connection breaks because the process is dead. Any other fault is one, dead or not."""
        try:
            yield
        except broken as error:
            end = time.monotonic() + 1  # a connection ends a moment before its process does
            while self.is_alive() and time.monotonic() < end:
                time.sleep(0.01)
            if self.is_alive():
                raise
            raise Killed from error

    def soon(self, seconds: float) -> threading.Timer:
        """Kill the process after some seconds."""
        timer = threading.Timer(seconds, self.kill)
        timer.start()
        return timer


# -- the API -----------------------------------------------------------------------------------------------------------


def api(campaign: Campaign, kills: list[Kill], log: Path) -> None:
    """Run one API after the other until each has been killed, and use it all the time. The last one is spared."""
    chance = random.Random(log.name)
    for kill in [*kills, None]:
        log.write_text("")
        start = time.monotonic()
        process = started(killing_api.server, campaign.address, log, campaign.data, kill)
        running = Running(process.is_alive, process.kill)
        timer = None
        try:
            url = address_of(running, log)
            with running.talking(httpx.TransportError), httpx.Client(base_url=url, timeout=PATIENCE) as client:
                use_api(campaign, client, chance)
                campaign.served("API", start)
                if kill and not kill.point:
                    timer = running.soon(kill.seconds)
                for _ in range(4) if kill is None else count():
                    use_api(campaign, client, chance)
        except Killed:
            assert kill, "the last one is not killed"
        if kill is None:
            process.terminate()
        process.join(SECONDS)
        if timer:
            timer.join()
        if kill:
            assert process.exitcode == -signal.SIGKILL, (
                f"an API died with {process.exitcode}: {log.read_text()[-2000:]}"
            )
            campaign.died(f"API {kill.point or 'at a moment'}")


def address_of(api: Running, log: Path) -> str:
    """Wait until an API says in its log where it listens. Raises Killed if it dies before."""
    until(lambda: RUNNING.search(log.read_text()) or not api.is_alive(), SECONDS)
    if found := RUNNING.search(log.read_text()):
        return found[1]
    raise Killed


def use_api(campaign: Campaign, client: httpx.Client, chance: random.Random) -> None:
    """Upload an article, read one that anybody has uploaded, and ask about it."""
    number = next(campaign.numbers)
    name, text = upload(number)
    added = client.post("/v1/articles", files={"file": (name, text.encode())})
    assert added.status_code == 201, added.text
    campaign.uploads[number] = added.json()["articles"][0]
    number, article_id = chance.choice(list(campaign.uploads.items()))
    read = client.get(f"/v1/articles/{article_id}")
    assert read.status_code == 200, f"upload {number} was confirmed, but: {read.text}"
    assert read.json()["text"] == upload(number)[1]
    question = {"question": f"What did the pilot say of barge B{number}?"}
    if chance.random() < 0.5:
        answer = client.post("/v1/answers", json=question)
        assert answer.status_code == 200, answer.text
        assert f"B{number} came to quay {number % 41}" in answer.text
    else:
        with client.stream("POST", "/v1/answers", json=question, headers={"Accept": "text/event-stream"}) as events:
            said = events.read().decode()
        assert "\nevent: done\n" in said, said
        assert f"B{number} came to quay {number % 41}" in said
    campaign.answers += 1


# -- the page ----------------------------------------------------------------------------------------------------------


def page(campaign: Campaign, kills: list[Kill]) -> None:
    """Use the page in a browser. Each second use is one in which it is killed, and repeated with the next process."""
    from playwright.sync_api import Error, sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        left = next(campaign.numbers)
        for kill in [*kills, None]:
            start = time.monotonic()
            process, port = page_process(campaign)
            running = Running(lambda process=process: process.poll() is None, process.kill)  # type: ignore[misc]
            try:
                use_page(campaign, browser, port, left)  # what the one before was killed over
                campaign.served("page", start)
                if kill is None:
                    break
                left = next(campaign.numbers)
                timer = running.soon(kill.seconds)
                with running.talking(Error):
                    while True:
                        use_page(campaign, browser, port, left)
                        left = next(campaign.numbers)
            except Killed:
                timer.join()
                assert process.wait(SECONDS) == -signal.SIGKILL
                campaign.died("page at a moment")
            finally:
                process.kill()
                process.wait()
        browser.close()


def page_process(campaign: Campaign) -> tuple[subprocess.Popen[bytes], int]:
    """Start the page, and wait until it listens on a port."""
    settings = {"XDG_DATA_HOME": str(campaign.data), "QA_OFFLINE": "true"}
    port = free_port()
    process = subprocess.Popen(
        [sys.executable, "-m", "qa", "app", "--library", campaign.address, "--port", str(port)],
        env={**os.environ, **settings}, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    until(lambda: page_listens(port) or process.poll() is not None, SECONDS)
    # Another program may have taken the port.
    return (process, port) if process.poll() is None else page_process(campaign)


def page_listens(port: int) -> bool:
    try:
        return httpx.get(f"http://127.0.0.1:{port}/_stcore/health").is_success
    except httpx.TransportError:
        return False


def use_page(campaign: Campaign, browser: Any, port: int, number: int) -> None:
    """Paste an article, and ask about it in a second tab."""
    from playwright.sync_api import expect

    context = browser.new_context()
    try:
        tab = context.new_page()
        tab.set_default_timeout(PATIENCE * 1000)
        tab.goto(f"http://127.0.0.1:{port}/?page=library")
        tab.get_by_role("tab", name="Paste text").click()
        tab.get_by_label("Text of the article").fill(pasted(number))
        tab.get_by_role("button", name="Add this text").click()
        told = tab.locator(".adding").get_by_text("Sloop").or_(tab.locator(".adding summary"))
        told.first.wait_for()
        said = tab.locator(".adding").inner_text()
        assert "could not" not in said, said
        campaign.pastes.add(number)
        tab.goto(f"http://127.0.0.1:{port}/?q=Which+quay+did+sloop+S{number}+leave%3F")
        tab.locator(".turn").get_by_text("How this was made").first.wait_for()
        # The answer may be drawn once more when it is complete.
        expect(tab.locator(".turn").first).to_contain_text(
            f"S{number} left quay {number % 43}", timeout=PATIENCE * 1000
        )
        campaign.answers += 1
    finally:
        context.close()


# -- the worker --------------------------------------------------------------------------------------------------------


def worker(campaign: Campaign, kills: list[Kill], record: Path) -> None:
    """Run one worker after the other on a folder that grows, until each has been killed or has found nothing to do."""
    for kill in kills:
        while True:
            campaign.arrive()
            process = started(killing_shared.worker, campaign.address, campaign.folder, kill, record)
            if kill.point is None:
                time.sleep(kill.seconds)
                process.kill()
            process.join(SECONDS)
            assert process.exitcode in {0, -signal.SIGKILL}, f"a worker died with {process.exitcode}"
            if process.exitcode:
                campaign.died(f"worker {kill.point or 'at a moment'}")
                break
            # It was done before it came to that point, which some only reach if others work on the same files.
            kill = Kill(kill.point, 1) if kill.nth > 1 else Kill(None, seconds=(kill.seconds or 2.0) / 2)


# -- the campaign ------------------------------------------------------------------------------------------------------


def kills_at(points: list[str], number: int, most: int, chance: random.Random) -> list[Kill]:
    """Return kills: every third at a random moment, the others at each point in turn."""
    return [
        Kill(None, seconds=chance.uniform(0.0, 2.0))
        if n % 3 == 2
        else Kill(points[(n - n // 3) % len(points)], chance.randint(1, most))
        for n in range(number)
    ]


def test_processes_that_are_killed_lose_nothing_and_the_others_go_on(
    request: pytest.FixtureRequest, shared: SharedLibrary, tmp_path: Path
) -> None:
    total, chance = request.config.getoption("--api-kills"), random.Random(20)
    campaign = Campaign(shared, tmp_path / "news", tmp_path / "data", total)
    campaign.folder.mkdir()
    campaign.arrive()
    manage.ingest(str(campaign.folder), settings=Settings(library=shared, offline=True))
    pages = total // 8 if Path(CHROMIUM).exists() else 0
    workers = total // 4
    aimed = kills_at(list(killing_api.POINTS), total - pages - workers, 4, chance)
    moments = [Kill(None, seconds=chance.uniform(0.2, 6.0)) for _ in range(pages)]
    with ThreadPoolExecutor(4) as pool:
        slots = [
            pool.submit(api, campaign, aimed[::2], tmp_path / "one.log"),
            pool.submit(api, campaign, aimed[1::2], tmp_path / "two.log"),
            pool.submit(worker, campaign, kills_at(list(killing_shared.POINTS), workers, 2, chance), tmp_path / "done"),
        ]
        if pages:
            slots.append(pool.submit(page, campaign, moments))
        done, _ = wait(slots, return_when=FIRST_EXCEPTION)
        if any(slot.exception() for slot in done):
            campaign.stopped.set()
    for slot in done:
        slot.result()
    assert len(campaign.killed) == total
    check(campaign, tmp_path)
    for kind, seconds in campaign.seconds.items():
        ordered = sorted(seconds)
        print(f"{kind}: first response {ordered[len(ordered) // 2]:.1f} s (median), {ordered[-1]:.1f} s (most)")
    print(f"{total} kills, {len(campaign.uploads)} uploads, {len(campaign.pastes)} pastes, {campaign.answers} answers")


def check(campaign: Campaign, tmp_path: Path) -> None:
    """Whether the library holds all that was confirmed, once, and in the end what an undisturbed one holds."""
    with closing(Library(campaign.library)) as library, library.reading():
        assert maintenance.faults(library) == []
        texts = [row["text"] for row in library.database.query("SELECT text FROM documents")]
        assert len(texts) == len(set(texts)), "nothing is stored twice"
        for number in campaign.uploads:
            assert upload(number)[1] in texts
        for number in campaign.pastes:
            assert pasted(number) in texts
    alone, numbers = Settings(library=tmp_path / "alone", offline=True), range(1, next(campaign.numbers))
    for settings in (Settings(library=campaign.library, offline=True), alone):
        manage.ingest(str(campaign.folder), settings=settings)
        uploads = [one for n in numbers for one in adding.of_upload(upload(n)[0], upload(n)[1].encode())]
        adding.add(uploads, settings)
        manage.ingest([load_text(pasted(n)) for n in numbers], settings=settings)
    digests = []
    for place in (campaign.library, alone.library):
        with closing(Library(place)) as library:
            digests.append(maintenance.digest(library))
    assert digests[0] == digests[1]
