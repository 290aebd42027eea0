"""A Chroma server as the index (QA_CHROMA_URL): it is checked like a local folder, and its faults only cost time."""

from __future__ import annotations

import json
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
from fakes import CountingEmbedder
from test_library import entry

from qa import answer, manage
from qa.doctor import examine
from qa.errors import IndexFault, IndexUnreachable
from qa.library.chroma import Chroma
from qa.library.embedders import Vectors
from qa.library.index import FolderBuilds, Index
from qa.library.library import Library
from qa.model import Filters
from qa.settings import Settings, SharedLibrary

TEXTS = [f"Story {i} tells of harbour {i * 7 % 31} and crane {i}. It ends at {i // 5} o'clock." for i in range(60)]
EMBEDDER = CountingEmbedder()

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("ask_chroma")]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Server:
    """``chroma run`` on the loopback interface, started and stopped by the test."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.port = folder, free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        command = [str(Path(sys.executable).with_name("chroma")), "run", "--path", str(self.folder)]
        self._process = subprocess.Popen(
            [*command, "--host", "127.0.0.1", "--port", str(self.port)],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        end = time.monotonic() + 30
        while time.monotonic() < end:
            try:
                with urllib.request.urlopen(f"{self.url}/api/v2/heartbeat", timeout=1):
                    return
            except (urllib.error.URLError, OSError):
                time.sleep(0.05)
        raise AssertionError("chroma run did not answer within 30 s")

    def collections(self) -> list[str]:
        path = "api/v2/tenants/default_tenant/databases/default_database/collections"
        with urllib.request.urlopen(f"{self.url}/{path}", timeout=5) as reply:
            return [collection["name"] for collection in json.load(reply)]

    def kill(self) -> None:
        if self._process:
            self._process.kill()
            self._process.wait()
            self._process = None


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    server = Server(tmp_path / "server")
    server.start()
    yield server
    server.kill()


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    with closing(Library(tmp_path / "lib", create=True)) as library:
        library.write([entry(f"a{i:02}", text) for i, text in enumerate(TEXTS)], embedder="counting")
        yield library


@contextmanager
def opened(library: Library, server: Server) -> Iterator[Index]:
    assert library.folder
    with closing(Index(library, library.folder / "index", server.url)) as index:
        yield index


def search(index: Index, text: str = "harbour") -> list[tuple[int, float]]:
    return index.search(EMBEDDER.embed([text])[0], 10, Filters())


def test_several_readers_share_a_server_and_get_the_hits_of_exact_scoring(library: Library, server: Server) -> None:
    with opened(library, server) as holder, opened(library, server) as other:
        assert holder.sync() == "chroma"
        exact = Index(library, None)
        for text in TEXTS[:10]:
            assert search(holder, text) == search(other, text) == search(exact, text)
        assert other.state == "chroma", "a reader of a server needs no lock"
        library.write([entry("new", "A tram ran off its rails.")], embedder="counting")
        library.remove(["a00"])
        for index in (holder, other):
            assert search(index, "A tram ran off its rails.") == search(exact, "A tram ran off its rails.")
        assert holder.sync() == "chroma"
        assert search(other) == search(exact), "one index wrote the change, the other reads it"


def test_while_a_server_is_down_everything_is_scored_exactly(
    library: Library, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("qa.library.index.RETRY_SECONDS", 0.0)
    exact = search(Index(library, None))
    with opened(library, server) as index:
        index.sync()
        server.kill()
        assert search(index) == exact
        assert index.state == "exact"
        with pytest.raises(IndexUnreachable, match="QA_CHROMA_URL"):
            index.sync()
        server.start()
        assert index.sync() == "chroma"
        assert search(index) == exact
        assert index.state == "chroma"


def test_a_server_that_lost_its_data_is_filled_again(
    library: Library, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("qa.library.index.RETRY_SECONDS", 0.0)
    exact = search(Index(library, None))
    with opened(library, server) as index:
        index.sync()
        server.kill()
        shutil.rmtree(server.folder)
        server.start()
        assert search(index) == exact
        assert index.sync() == "chroma"
        assert search(index) == exact


def test_a_sync_that_was_interrupted_goes_on_where_it_was(
    tmp_path: Path, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    written: list[int] = []
    upsert = Chroma.upsert

    def failing(chroma: Chroma, ids: Sequence[int], vectors: Vectors) -> None:
        if len(written) == 1:
            monkeypatch.setattr(Chroma, "upsert", counted)
            raise IndexUnreachable("the server is busy")
        counted(chroma, ids, vectors)

    def counted(chroma: Chroma, ids: Sequence[int], vectors: Vectors) -> None:
        written.append(len(ids))
        upsert(chroma, ids, vectors)

    monkeypatch.setattr("qa.library.chroma.SERVER_RECORDS", 40)
    monkeypatch.setattr(Chroma, "upsert", failing)
    with closing(Library(tmp_path / "lib", create=True)) as library:
        for part in range(3):
            entries = [entry(f"a{i:02}", TEXTS[i]) for i in range(part * 20, part * 20 + 20)]
            library.write(entries, embedder="counting")
        exact = search(Index(library, None))
        with opened(library, server) as index, pytest.raises(IndexUnreachable):
            index.sync()
        with opened(library, server) as index:
            assert search(index) == exact, "what is not in the build yet is scored exactly"
            assert index.state == "chroma"
            assert index.sync() == "chroma"
            assert written == [40, 40, 40], "nothing is written twice"
            assert search(index) == exact
    assert len(server.collections()) == 1


def test_vectors_removed_by_another_client_are_detected(library: Library, server: Server) -> None:
    with opened(library, server) as index:
        index.sync()
    assert library.folder
    build = json.loads((library.folder / "index" / "stamp-server.json").read_text())["build"]
    folder = library.folder / "index"
    with closing(Chroma(folder, server.url, FolderBuilds(folder, "").owner)) as somebody:
        somebody.open(build, {})
        somebody.delete(list(range(1, 40)))
    with opened(library, server) as index:
        assert search(index) == search(Index(library, None))
        assert index.state == "exact"
        assert index.sync() == "chroma"
    assert len(server.collections()) == 1, "the incomplete build is deleted"


def test_two_libraries_on_one_server_do_not_mix_their_vectors(library: Library, server: Server, tmp_path: Path) -> None:
    with closing(Library(tmp_path / "other", create=True)) as other:
        other.write([entry("b", "Another story of another harbour.")], embedder="counting")
        with opened(library, server) as mine, opened(other, server) as theirs:
            mine.sync()
            theirs.sync()
            mine.sync()
            assert search(mine) == search(Index(library, None))
            assert search(theirs) == search(Index(other, None))
            assert (mine.state, theirs.state) == ("chroma", "chroma")


def test_a_server_that_hangs_is_given_up_after_a_timeout(library: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("qa.library.chroma.SERVER_SECONDS", 0.3)
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        assert library.folder
        url = f"http://127.0.0.1:{silent.getsockname()[1]}"
        with closing(Index(library, library.folder / "index", url)) as index, pytest.raises(IndexUnreachable):
            index.sync()
        assert search(index) == search(Index(library, None))


@pytest.mark.parametrize("url", ["127.0.0.1:8000", "ftp://127.0.0.1", "http://", "http://127.0.0.1:1/path"])
def test_the_error_for_an_impossible_address_names_the_setting(library: Library, url: str) -> None:
    assert library.folder
    with closing(Index(library, library.folder / "index", url)) as index, pytest.raises(IndexFault, match="QA_CHROMA"):
        index.sync()


def test_articles_are_ingested_asked_and_removed_with_a_server(stories: Path, server: Server, tmp_path: Path) -> None:
    settings = Settings(library=tmp_path / "news", offline=True, chroma_url=server.url)
    assert manage.ingest(stories, settings=settings).warnings == ()
    assert not [path for path in (settings.library / "index").iterdir() if path.is_dir()], "no vectors on this machine"
    question = "What does the ferry line lose on every crossing?"
    assert "4,200" in answer(question, settings=settings).citations[0].quote
    assert server.url in examine(settings).facts["index"]
    server.kill()
    assert "4,200" in answer(question, settings=settings).citations[0].quote
    (warning,) = manage.remove(["plough.md"], settings=settings)[1]
    assert "does not answer" in warning
    assert answer(question, settings=settings).coverage.articles == 1


def test_machines_share_one_build_of_a_shared_library(server: Server, shared: SharedLibrary, tmp_path: Path) -> None:
    with closing(Library(shared, create=True)) as one, closing(Library(shared)) as other:
        one.write([entry(f"a{i:02}", text) for i, text in enumerate(TEXTS)], embedder="counting")
        with (
            closing(Index(one, tmp_path / "one", server.url)) as here,
            closing(Index(other, tmp_path / "other", server.url)) as there,
        ):
            assert here.sync() == "chroma"
            assert there.state == here.state == "chroma"
            build = there.sync()
            assert (build, len(server.collections())) == ("chroma", 1), "the other machine has nothing to do"
            assert search(there) == search(here) == search(Index(one, None))
            other.write([entry("new", "A new story is told.")], embedder="counting")
            assert search(there) == search(here) == search(Index(one, None)), "the newest is scored exactly"
            assert there.sync() == "chroma"
            assert there.pending == 0
            assert here.state == "chroma"
            assert search(there) == search(here) == search(Index(one, None))
            # A new build takes the place of the one that the other machine has open.
            with other.database.writing():
                other.database.execute("DELETE FROM builds")
            assert there.sync() == "chroma"
            assert search(here) == search(Index(one, None))
            assert there.state == "chroma", "a machine with an old build does not spoil the new one"


def test_only_one_machine_writes_the_index_of_a_shared_library(
    server: Server, shared: SharedLibrary, tmp_path: Path
) -> None:
    with closing(Library(shared, create=True)) as library:
        library.write([entry(f"a{i:02}", text) for i, text in enumerate(TEXTS)], embedder="counting")
        busy, idle = library.builds(server.url), library.builds(server.url)
        assert busy is not None
        assert idle is not None
        assert busy.acquire()
        assert not idle.acquire()
        with closing(Index(library, tmp_path, server.url)) as index:
            assert index.sync() == "exact"
            busy.release()
            assert index.sync() == "chroma"
            assert idle.acquire(), "the lock is held only while the index is written"
            idle.release()
        with pytest.raises(IndexFault):
            idle.write("without the lock")


def test_requests_to_chroma_cloud_stay_within_its_quotas(
    library: Library, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A server of our own stands in for the cloud: the same client, key and limits. The cloud itself was not tried."""
    monkeypatch.setattr("qa.library.chroma.CLOUD", "127.0.0.1")
    monkeypatch.setattr("qa.library.chroma.CLOUD_RECORDS", 25)
    monkeypatch.setattr("qa.library.chroma.CLOUD_RESULTS", 25)
    sizes: list[int] = []
    upsert, nearest = Chroma.upsert, Chroma.nearest

    def counted_upsert(self: Chroma, ids: list[int], vectors: Vectors) -> None:
        sizes.append(len(ids))
        upsert(self, ids, vectors)

    def counted_nearest(self: Chroma, vectors: Vectors, limit: int) -> list[list[tuple[int, float]]]:
        sizes.append(limit)
        return nearest(self, vectors, limit)

    monkeypatch.setattr(Chroma, "upsert", counted_upsert)
    monkeypatch.setattr(Chroma, "nearest", counted_nearest)
    with opened(library, server) as index:
        with pytest.raises(IndexFault, match="api_key"):
            index.sync()
        monkeypatch.setenv("CHROMA_API_KEY", "a key")
        assert index.sync() == "chroma"
        assert search(index) == search(Index(library, None))
        assert index.state == "chroma"
    assert max(sizes) == 25
    assert Chroma(Path("index"), "https://api.example.com").most_records > 300
