"""Builds of the index in Chroma, in a local folder or on a server. The only module that imports chromadb.

A build is one Chroma collection. A local build has its own folder. When the build is closed, the folder is sealed: the
sizes and digests of its files are recorded, and they are compared before the folder is opened again.

The seal is needed because Chroma reports no error when it opens a folder with torn, truncated or foreign HNSW files.
It then gives wrong results, or crashes the process with a native fault that no ``except`` can catch. So damage is
detected by reading the files, never by opening the folder with Chroma.
"""

from __future__ import annotations

import hashlib
import os
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
"""Maps each file name to ``"<size in bytes> <sha256>"``. Empty for a build on a server, which manages its own files."""

BATCH = 5000  # Chroma's local limit is 5,461 records a call
SERVER_RECORDS = 1000  # so that a busy server answers in time
CLOUD = ".trychroma.com"
"""The end of Chroma Cloud's hosts. Its key is in CHROMA_API_KEY, as for other programs; if the key opens several
databases, CHROMA_TENANT and CHROMA_DATABASE name one."""
CLOUD_RECORDS = CLOUD_RESULTS = 300  # its quotas of one request: docs.trychroma.com/cloud/quotas-limits
SERVER_SECONDS = 10.0  # timeout of one request to a server; exact scoring is faster than waiting longer
WRITING_SECONDS = 120.0  # timeout of a write: nobody waits for it, and the server sorts its graph meanwhile


_started: int | None = None
"""The process that started Chroma's own threads. A process that is forked from it has no such threads, and would wait
for them for ever."""


class Chroma:
    """Reads and writes one build at a time. Every method that uses Chroma raises IndexFault if Chroma fails."""

    def __init__(self, folder: Path, url: str | None = None, owner: str = "") -> None:
        """Open nothing yet.

        Args:
            folder: holds one subfolder for each local build.
            url: address of a Chroma server; if given, the builds are collections on that server.
            owner: the library; many may use one server, and their collections are told apart by it.
        """
        self._folder = folder
        self._url = url
        self._owner = owner
        self._client: ClientAPI | None = None
        self._collection: Collection | None = None
        self._seen: dict[str, tuple[int, int]] = {}

    @property
    def shared(self) -> bool:
        """Whether several processes may use a build at once: a server coordinates them, a local folder would break."""
        return self._url is not None

    @property
    def forked(self) -> bool:
        """Whether this process was forked from one that has used local files, so that it must not use them."""
        return self._url is None and _started not in {None, os.getpid()}

    @property
    def _cloud(self) -> bool:
        return self._url is not None and (urlsplit(self._url).hostname or "").endswith(CLOUD)

    @property
    def most_records(self) -> int:
        """The most vectors or ids that one call writes."""
        if self._cloud:
            return CLOUD_RECORDS
        return SERVER_RECORDS if self.shared else BATCH

    @property
    def most_results(self) -> int | None:
        """The most neighbours that a query returns. None: as many as are asked for."""
        return CLOUD_RESULTS if self._cloud else None

    def make(self, build: str, embedder: str, dimension: int) -> None:
        """Open a build, and create it if it does not exist. ``dimension`` is the length of its vectors."""
        with _typed(self._url):
            self._connect(build)
            assert self._client is not None
            # embedding_function=None, because the default function downloads a model. A high ef_search favours recall
            # over speed; a query still takes less than 5 ms.
            self._collection = self._client.get_or_create_collection(
                self._name(build),
                embedding_function=None,
                metadata={"embedder": embedder, "dimension": dimension},
                configuration={"hnsw": {"space": "cosine", "ef_search": 200}},
            )

    def open(self, build: str, seal: Seal) -> None:
        """Open an existing build. Raises IndexFault if its files do not match ``seal``."""
        if not self.shared:
            self._compare(build, seal)
        with _typed(self._url):
            self._connect(build)
            assert self._client is not None
            self._collection = self._client.get_collection(self._name(build), embedding_function=None)

    def resealed(self, build: str, seal: Seal) -> Seal:
        """Return ``seal``, updated for the files that have changed since the build was opened.

        Call this after the first query: opening a build writes chroma.sqlite3, and the first query may move vectors
        from Chroma's log into the HNSW files.
        """
        if self.shared:
            return seal
        with _typed(None):
            now = self._stats(build)
            return seal | self._read(build, *(name for name, stat in now.items() if stat != self._seen.get(name)))

    def count(self) -> int:
        """Return the number of vectors in the open build."""
        with _typed(self._url):
            return self._open_collection.count()

    def nearest(self, vectors: Vectors, limit: int) -> list[list[tuple[int, float]]]:
        """Return the nearest neighbours of each row of ``vectors``, nearest first.

        Args:
            vectors: shape (n, dimension).
            limit: the most neighbours for each row.

        Returns:
            For each row, pairs of an id and its cosine distance in 0..2.
        """
        with _typed(self._url):
            result = self._open_collection.query(query_embeddings=vectors, n_results=limit, include=["distances"])
            return [
                [(int(i), float(d)) for i, d in zip(ids, distances, strict=True)]
                for ids, distances in zip(result["ids"], result["distances"] or [], strict=True)
            ]

    def upsert(self, ids: Sequence[int], vectors: Vectors) -> None:
        """Store one batch of at most ``most_records`` vectors, shape (len(ids), dimension)."""
        with _typed(self._url), self._patiently():
            self._open_collection.upsert(ids=[str(i) for i in ids], embeddings=vectors)

    def delete(self, ids: Sequence[int]) -> None:
        """Delete one batch of at most ``most_records`` ids. Unknown ids are ignored."""
        with _typed(self._url), self._patiently():
            self._open_collection.delete(ids=[str(i) for i in ids])

    def seal(self, build: str) -> Seal:
        """Close the build and return the sizes and digests of its files."""
        with _typed(self._url):
            self.close()
            if self.shared:
                return {}
            return self._read(build, *sorted(self._stats(build)))

    def close(self) -> None:
        """Close the open build, if there is one."""
        client, self._client, self._collection = self._client, None, None
        if client is not None:
            sessions = _sessions(client)
            client.close()  # type: ignore[attr-defined]  # ClientAPI lacks what every client has
            for session in sessions:
                session.close()

    def sweep(self, keep: str) -> None:
        """Delete all builds except ``keep``. A build that cannot be deleted now is left for the next sweep."""
        if self._url is None:
            for path in self._folder.iterdir():
                if path.is_dir() and path.name != keep:
                    shutil.rmtree(path, ignore_errors=True)
            return
        with suppress(IndexFault), _typed(self._url):
            self._connect(keep)
            assert self._client is not None
            for collection in self._client.list_collections():
                if collection.name.startswith(self._name("")) and collection.name != self._name(keep):
                    self._client.delete_collection(collection.name)
        self.close()

    @property
    def _open_collection(self) -> Collection:
        assert self._collection is not None, "a build must be opened first"
        return self._collection

    @contextmanager
    def _patiently(self) -> Iterator[None]:
        """Give the server more time for what is done meanwhile."""
        sessions = _sessions(self._client) if self._client is not None else []
        for session in sessions:
            session.timeout = WRITING_SECONDS
        try:
            yield
        finally:
            for session in sessions:
                session.timeout = SERVER_SECONDS

    def _name(self, build: str) -> str:
        if self._url is None:
            return "chunks"
        return f"dateline-{hashlib.sha256(self._owner.encode()).hexdigest()[:12]}-{build}"

    def _connect(self, build: str) -> None:
        import chromadb
        from chromadb.config import Settings

        self.close()
        settings = Settings(anonymized_telemetry=False)
        if self._url is None:
            global _started
            _started = os.getpid()
            self._client = chromadb.PersistentClient(path=str(self._folder / build), settings=settings)
            return
        import httpx

        parts = urlsplit(self._url)
        secure = parts.scheme == "https"
        if parts.scheme not in {"http", "https"} or not parts.hostname or parts.path.strip("/"):
            raise IndexFault(f"QA_CHROMA_URL is {self._url!r}: give an address such as http://127.0.0.1:8000")
        port = parts.port or (443 if secure else 80)
        # Chroma's client has no timeout, not even in its constructor. This request detects a server that hangs.
        httpx.get(f"{parts.scheme}://{parts.hostname}:{port}/api/v2/heartbeat", timeout=SERVER_SECONDS, trust_env=False)
        if self._cloud:
            self._client = chromadb.CloudClient(
                cloud_host=parts.hostname, cloud_port=port, enable_ssl=secure, settings=settings
            )
        else:
            self._client = chromadb.HttpClient(host=parts.hostname, port=port, ssl=secure, settings=settings)
        for session in _sessions(self._client):
            session.timeout = SERVER_SECONDS

    def _compare(self, build: str, seal: Seal) -> None:
        root = self._folder / build
        if not seal or not root.is_dir():
            raise IndexFault("its folder is missing")
        with _typed(None):
            stats = self._seen = self._stats(build)
            # Compare sizes first: a torn file may claim terabytes and must not be read.
            for name in sorted(stats.keys() | seal.keys()):
                if name not in seal or name not in stats or str(stats[name][0]) != seal[name].split()[0]:
                    raise IndexFault(f"its file {name} has changed since it was closed")
            now = self._read(build, *stats)
        changed = sorted(name for name in seal if now[name] != seal[name])
        if changed:
            raise IndexFault(f"its file {changed[0]} has changed since it was closed")

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
    """The HTTP sessions of a server's client. Chroma 1.5 has no public way to set their timeout or to close them."""
    holders = (client, getattr(client, "_admin_client", None))
    sessions = (getattr(getattr(holder, "_server", None), "_session", None) for holder in holders)
    return [session for session in sessions if session is not None]


@contextmanager
def _typed(url: str | None) -> Iterator[None]:
    """Raise errors of Chroma, the network and the file system as IndexFault."""
    try:
        yield
    except IndexFault:
        raise
    except BaseException as error:
        if not _is_fault(error):
            raise
        cause = f"{type(error).__name__}: {error}"
        if url is not None and _is_transport(error):
            raise IndexUnreachable(
                f"The Chroma server at {without_credentials(url)} does not answer ({cause}). The library is safe and "
                "can be searched without it. Start the server, or unset QA_CHROMA_URL."
            ) from error
        raise IndexFault(
            f"Chroma failed ({cause}). The library is safe. Rebuild the index with: qa doctor --fix"
        ) from error


def _is_fault(error: BaseException) -> bool:
    import httpx
    from chromadb.errors import ChromaError

    # A client that was closed, or that opened a broken folder, raises KeyError or AttributeError. Chroma's HTTP client
    # raises a bare Exception for a reply it does not know. Chroma's native code raises PanicException, which derives
    # from BaseException.
    known = (ChromaError, httpx.HTTPError, OSError, RuntimeError, ValueError, KeyError, AttributeError)
    return isinstance(error, known) or type(error) is Exception or type(error).__name__ == "PanicException"


def _is_transport(error: BaseException) -> bool:
    import httpx

    return isinstance(error, httpx.HTTPError) or "Could not connect" in str(error)
