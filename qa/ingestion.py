"""Articles into a library: load, split, pack, embed, store, in batches that are each stored whole or not at all."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from time import perf_counter

import numpy as np

from .articles.annotate import sentences_of
from .articles.chunks import pack
from .articles.files import identity_of
from .articles.load import discover, load_file
from .english.characters import well_formed
from .errors import InputError
from .library.embedders import Embedder
from .library.library import Entry, Library
from .llm.tokens import count
from .model import Article, IngestReport, SkippedFile

Source = str | Path | Article
Progress = Callable[[int, int, str], None]
"""Called with files done, files in all, and what is being read."""

BATCH = 64  # articles a transaction: what a kill can cost
CHUNK_TOKENS = 200
CHUNK_OVERLAP = 1  # sentences
CHUNK_ENCODING = "text-embedding-3-small"  # cl100k: what a chunk is measured in, whoever embeds it


class IngestInterrupted(KeyboardInterrupt):
    """Ctrl-C during an ingest. What ``report`` counts is stored; the rest is left for the next run."""

    def __init__(self, report: IngestReport, done: int, total: int) -> None:
        super().__init__(f"interrupted after {done} of {total} files")
        self.report = report
        self.done, self.total = done, total


@dataclass
class _Tally:
    unchanged: int = 0
    removed: int = 0
    chunks: int = 0
    skipped: list[SkippedFile] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)


def ingest_into(
    library: Library,
    sources: Iterable[Source] | Source,
    embedder: Embedder,
    on_progress: Progress | None = None,
    *,
    prune: bool = False,
) -> IngestReport:
    """Store every article of ``sources`` that is new or changed; report the rest with reasons.

    With ``prune`` the articles are removed that were read from these files and folders before and are there no more.
    Raises InputError if ``sources`` hold no article at all, LibraryError, ModelError of a remote embedder;
    IngestInterrupted for Ctrl-C, with what was stored until then.
    """
    run = _Run(library, embedder, on_progress)
    try:
        run.store(sources)
        if not run.seen:
            raise InputError(_nothing_read(run.tally.skipped))
        if prune:
            run.prune()
    except KeyboardInterrupt:
        raise IngestInterrupted(run.report(), run.done, run.total) from None
    return run.report()


class _Run:
    """One ingest: what it has seen, and what it has stored."""

    def __init__(self, library: Library, embedder: Embedder, on_progress: Progress | None) -> None:
        self.library, self.embedder, self.on_progress = library, embedder, on_progress
        self.started, self.tally = perf_counter(), _Tally()
        self.seen: dict[str, str] = {}
        self.handed: dict[str, str] = {}
        self.places: list[str] = []
        self.done = self.total = 0
        self.known = library.versions()

    def store(self, sources: Iterable[Source] | Source) -> None:
        batch: list[Article] = []
        for article in self._changed(sources):
            batch.append(article)
            if len(batch) == BATCH:
                self._write(batch)
                batch = []
        if batch:
            self._write(batch)

    def _changed(self, sources: Iterable[Source] | Source) -> Iterator[Article]:
        for article in self._articles(sources):
            origin = article.origin or "text"
            if article.id in self.seen:
                reason = f"same article as {self.seen[article.id]}"
                self.tally.skipped.append(SkippedFile(origin=origin, reason=reason))
                continue
            self.seen[article.id] = origin
            if self.known.get(article.id) == article.version:
                self.tally.unchanged += 1
                continue
            if article.language not in {None, "en"}:
                self.tally.warnings.append(
                    f"{origin}: looks like {article.language!r}, not English; answers may be poor."
                )
            yield article

    def _articles(self, sources: Iterable[Source] | Source) -> Iterator[Article]:
        for source in [sources] if isinstance(sources, str | Path | Article) else sources:
            if isinstance(source, Article):
                yield source  # as they come: a hundred thousand need not be in memory at once
            else:
                self.places.append(str(source))
        files, missing = discover(self.places)
        self.tally.skipped += missing
        self.total = len(files)
        for self.done, path in enumerate(files):
            self._tell(path.name)
            for loaded in load_file(path):
                if isinstance(loaded, SkippedFile):
                    self.tally.skipped.append(loaded)
                else:
                    yield loaded
        self.done = self.total
        if files:
            self._tell("")

    def _tell(self, what: str) -> None:
        if self.on_progress:
            self.on_progress(self.done, self.total, what)

    def _write(self, articles: Sequence[Article]) -> None:
        self.handed.update((article.id, article.version) for article in articles)
        self.tally.chunks += _store(self.library, articles, self.embedder)

    def prune(self) -> None:
        """Remove what came from the sources' files and folders, and was not there this time.

        What could not be read this time is kept: a disk that is not mounted, or a file that is locked, deletes nothing.
        """
        kept = [identity_of(Path(s.origin)) for s in self.tally.skipped]
        roots = [identity_of(Path(place).expanduser()) for place in self.places]
        gone = [
            article_id
            for article_id, origin in self.library.origins().items()
            if article_id not in self.seen
            and any(_came_from(origin, root) for root in roots)
            and not any(_came_from(origin, path) for path in kept)
        ]
        if gone:
            self.library.remove(gone)
        self.tally.removed = len(gone)

    def report(self) -> IngestReport:
        tally, there = self.tally, self.library.versions()
        # Counted in the library, not on the way: Ctrl-C may come between a commit and the note of it.
        stored = [article_id for article_id, version in self.handed.items() if there.get(article_id) == version]
        updated = sum(article_id in self.known for article_id in stored)
        return IngestReport(
            added=len(stored) - updated,
            updated=updated,
            unchanged=tally.unchanged,
            removed=tally.removed,
            chunks=tally.chunks,
            skipped=tuple(tally.skipped),
            warnings=tuple(tally.warnings),
            revision=self.library.revision,
            seconds=round(perf_counter() - self.started, 3),
        )


def _came_from(origin: str, root: Path) -> bool:
    """Whether an article's origin is this file, a row of it, or a file below this folder."""
    name = well_formed(str(root))
    return origin == name or origin.startswith((f"{name}#", name.rstrip(os.sep) + os.sep))


def _store(library: Library, articles: Sequence[Article], embedder: Embedder) -> int:
    """Split, pack, embed and write; returns the number of chunks embedded now. One embedding call for the batch."""
    sentences = [sentences_of(article) for article in articles]
    chunks = [
        pack(article, found, lambda texts: count(texts, CHUNK_ENCODING), CHUNK_TOKENS, CHUNK_OVERLAP)
        for article, found in zip(articles, sentences, strict=True)
    ]
    texts = list(dict.fromkeys(chunk.text for run in chunks for chunk in run))
    vectors = library.known_vectors(texts)
    unknown = [text for text in texts if text not in vectors]
    vectors |= dict(zip(unknown, embedder.embed(unknown), strict=True))
    entries = [
        Entry(article, found, run, np.stack([vectors[c.text] for c in run]) if run else np.zeros((0, 0), np.float32))
        for article, found, run in zip(articles, sentences, chunks, strict=True)
    ]
    library.write(entries, embedder=embedder.name)
    return len(unknown)


def _nothing_read(skipped: Sequence[SkippedFile]) -> str:
    reasons = "; ".join(f"{s.origin}: {s.reason}" for s in skipped[:5]) or "no .txt, .md or .jsonl file was found"
    return f"No article could be read ({reasons}). Name files, folders or globs of .txt, .md or .jsonl articles."
