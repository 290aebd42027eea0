"""Builds of the index in Chroma, in a local folder or on a server. The only importer of chromadb.

A build is one collection. Locally it has a folder of its own, which is sealed when it is closed: sizes and digests of
its files, compared before it is opened again. Chroma opens a folder with torn, truncated or foreign HNSW files without
a word, answers wrongly from it, or crashes the process (a native fault that no ``except`` sees); so such a folder is
found out by reading its files, never by opening it.
"""

from __future__ import annotations

import hashlib
import os
import platform
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from ..errors import IndexFault, IndexUnreachable
from ..settings import without_credentials
from .embedders import Vectors

if TYPE_CHECKING:
    import httpx
    from chromadb.api import ClientAPI
    from chromadb.api.models.Collection import Collection

Seal = dict[str, str]
"""File name to "size sha256"; empty for a build on a server, which keeps its own files."""

BATCH = 5000  # Chroma's local limit is 5,461 records a call
SERVER_SECONDS = 10.0  # a request to a server; exact scoring is faster than to wait any longer


class Chroma:
    """One build at a time, open or closed. Every method that touches Chroma raises IndexFault."""

    def __init__(self, folder: Path, url: str | None = None) -> None:
        """``folder`` holds the builds; with ``url`` they are collections of that server instead."""
        self._folder = folder
        self._url = url
        self._client: ClientAPI | None = None
        self._collection: Collection | None = None
        self._seen: dict[str, tuple[int, int]] = {}

    @property
    def shared(self) -> bool:
        """Whether processes may read a build while another one writes it: a server takes care, a folder is torn."""
        return self._url is not None

    def make(self, build: str, embedder: str, dimension: int) -> None:
        """Open a build, making it if it is not there."""
        with _typed(self._url):
            self._connect(build)
            assert self._client is not None
            # embedding_function=None: the default one downloads a model. ef_search: recall over speed, still < 5 ms.
            self._collection = self._client.get_or_create_collection(
                self._name(build),
                embedding_function=None,
                metadata={"embedder": embedder, "dimension": dimension},
                configuration={"hnsw": {"space": "cosine", "ef_search": 200}},
            )

    def open(self, build: str, seal: Seal) -> None:
        """Open a build that is as it was sealed."""
        if not self.shared:
            self._compare(build, seal)
        with _typed(self._url):
            self._connect(build)
            assert self._client is not None
            self._collection = self._client.get_collection(self._name(build), embedding_function=None)

    def resealed(self, build: str, seal: Seal) -> Seal:
        """The seal after a first question. Opening alone writes chroma.sqlite3; and the first question may carry over
        what was left in Chroma's log, and write the HNSW files."""
        if self.shared:
            return seal
        with _typed(None):
            now = self._stats(build)
            return seal | self._read(build, *(name for name, stat in now.items() if stat != self._seen.get(name)))

    def count(self) -> int:
        """Number of vectors."""
        with _typed(self._url):
            return self._open_collection.count()

    def nearest(self, vectors: Vectors, limit: int) -> list[list[tuple[int, float]]]:
        """For each row its nearest ids, at most ``limit``, with their cosine distances 0..2."""
        with _typed(self._url):
            found = self._open_collection.query(query_embeddings=vectors, n_results=limit, include=["distances"])
            return [
                [(int(i), float(d)) for i, d in zip(ids, distances, strict=True)]
                for ids, distances in zip(found["ids"], found["distances"] or [], strict=True)
            ]

    def upsert(self, ids: Sequence[int], vectors: Vectors) -> None:
        """Store one batch of at most BATCH vectors."""
        with _typed(self._url):
            self._open_collection.upsert(ids=[str(i) for i in ids], embeddings=vectors)

    def delete(self, ids: Sequence[int]) -> None:
        """Delete one batch of at most BATCH ids; unknown ones are ignored."""
        with _typed(self._url):
            self._open_collection.delete(ids=[str(i) for i in ids])

    def seal(self, build: str) -> Seal:
        """Close the build and take the sizes and digests of its files."""
        with _typed(self._url):
            self.close()
            if self.shared:
                return {}
            return self._read(build, *sorted(self._stats(build)))

    def close(self) -> None:
        """Close what is open."""
        client, self._client, self._collection = self._client, None, None
        if client is not None:
            sessions = _sessions(client)
            client.close()  # type: ignore[attr-defined]  # ClientAPI lacks what every client has
            for session in sessions:
                session.close()

    def sweep(self, keep: str) -> None:
        """Remove other builds. One that cannot go now goes next time."""
        if self._url is None:
            for path in self._folder.iterdir():
                if path.is_dir() and path.name != keep:
                    shutil.rmtree(path, ignore_errors=True)
            return
        with suppress(IndexFault), _typed(self._url):
            self._connect(keep)
            assert self._client is not None
            for found in self._client.list_collections():
                if found.name.startswith(self._name("")) and found.name != self._name(keep):
                    self._client.delete_collection(found.name)
        self.close()

    @property
    def _open_collection(self) -> Collection:
        assert self._collection is not None, "a build is opened first"
        return self._collection

    def _name(self, build: str) -> str:
        if self._url is None:
            return "chunks"
        # Many libraries may use one server; each touches its own collections only.
        place = f"{platform.node()}:{self._folder.resolve()}"
        return f"dateline-{hashlib.sha256(place.encode()).hexdigest()[:12]}-{build}"

    def _connect(self, build: str) -> None:
        import chromadb
        from chromadb.config import Settings

        self.close()
        settings = Settings(anonymized_telemetry=False)
        if self._url is None:
            self._client = chromadb.PersistentClient(path=str(self._folder / build), settings=settings)
            return
        import httpx

        parts = urlsplit(self._url)
        secure = parts.scheme == "https"
        if parts.scheme not in {"http", "https"} or not parts.hostname or parts.path.strip("/"):
            raise IndexFault(f"QA_CHROMA_URL is {self._url!r}: give an address such as http://127.0.0.1:8000")
        port = parts.port or (443 if secure else 80)
        # Chroma's client waits for ever, already while it is made. So a server that hangs is found out before.
        httpx.get(f"{parts.scheme}://{parts.hostname}:{port}/api/v2/heartbeat", timeout=SERVER_SECONDS, trust_env=False)
        self._client = chromadb.HttpClient(host=parts.hostname, port=port, ssl=secure, settings=settings)
        for session in _sessions(self._client):
            session.timeout = httpx.Timeout(SERVER_SECONDS)

    def _compare(self, build: str, seal: Seal) -> None:
        root = self._folder / build
        if not seal or not root.is_dir():
            raise IndexFault("its folder is gone")
        with _typed(None):
            found = self._seen = self._stats(build)
            # Sizes first: a torn file may claim terabytes, and is not read then.
            for name in sorted(found.keys() | seal.keys()):
                if name not in seal or name not in found or str(found[name][0]) != seal[name].split()[0]:
                    raise IndexFault(f"its file {name} is not as it was left")
            now = self._read(build, *found)
        changed = sorted(name for name in seal if now[name] != seal[name])
        if changed:
            raise IndexFault(f"its file {changed[0]} is not as it was left")

    def _stats(self, build: str) -> dict[str, tuple[int, int]]:
        root = self._folder / build
        stats = ((path, path.stat()) for path in root.rglob("*") if path.is_file())
        return {str(path.relative_to(root)): (stat.st_size, stat.st_mtime_ns) for path, stat in stats}

    def _read(self, build: str, *names: str) -> Seal:
        seal: Seal = {}
        for name in names:
            with (self._folder / build / name).open("rb") as file:
                digest = hashlib.file_digest(file, "sha256").hexdigest()
                seal[name] = f"{os.fstat(file.fileno()).st_size} {digest}"
        return seal


def _sessions(client: ClientAPI) -> list[httpx.Client]:
    """The connections of a client of a server. Chroma 1.5 offers no way to bound or to close them."""
    holders = (client, getattr(client, "_admin_client", None))
    found = (getattr(getattr(holder, "_server", None), "_session", None) for holder in holders)
    return [session for session in found if session is not None]


@contextmanager
def _typed(url: str | None) -> Iterator[None]:
    """Chroma's, the network's and the file system's errors as IndexFault."""
    try:
        yield
    except IndexFault:
        raise
    except BaseException as error:
        if not _is_fault(error):
            raise
        what = f"{type(error).__name__}: {error}"
        if url is not None and _is_transport(error):
            raise IndexUnreachable(
                f"The Chroma server at {without_credentials(url)} does not answer ({what}). The library is safe and "
                "is searched without it. Start the server, or unset QA_CHROMA_URL."
            ) from error
        raise IndexFault(
            f"Chroma failed ({what}). The library is safe; rebuild the index with: qa doctor --fix"
        ) from error


def _is_fault(error: BaseException) -> bool:
    import httpx
    from chromadb.errors import ChromaError

    # KeyError and AttributeError: what a client says that was closed, or opened over a broken folder. A bare Exception:
    # what its HTTP client raises for a reply it does not know. PanicException: its native part gave up, and derives
    # from BaseException.
    usual = (ChromaError, httpx.HTTPError, OSError, RuntimeError, ValueError, KeyError, AttributeError)
    return isinstance(error, usual) or type(error) is Exception or type(error).__name__ == "PanicException"


def _is_transport(error: BaseException) -> bool:
    import httpx

    return isinstance(error, httpx.HTTPError) or "Could not connect" in str(error)
