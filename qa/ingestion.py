"""Articles into a library: load, split, pack, embed, store, in batches that are each stored whole or not at all."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from time import perf_counter

import numpy as np

from .articles.chunks import pack
from .articles.load import discover, load_file
from .articles.sentences import sentences_of
from .errors import InputError
from .llm.tokens import count
from .model import Article, IngestReport, SkippedFile
from .store.embed import Embedder
from .store.library import Entry, Library

Source = str | Path | Article
Progress = Callable[[int, int, str], None]
"""Called with files done, files in all, and what is being read."""

BATCH = 64  # articles a transaction: what a kill can cost
CHUNK_TOKENS = 200
CHUNK_OVERLAP = 1  # sentences
CHUNK_ENCODING = "text-embedding-3-small"  # cl100k: what a chunk is measured in, whoever embeds it


@dataclass
class _Tally:
    added: int = 0
    updated: int = 0
    unchanged: int = 0
    chunks: int = 0
    skipped: list[SkippedFile] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)


def ingest_into(
    library: Library, sources: Sequence[Source] | Source, embedder: Embedder, progress: Progress | None = None
) -> IngestReport:
    """Store every article of ``sources`` that is new or changed; report the rest with reasons.

    Raises InputError if ``sources`` hold no article at all, LibraryError, ModelError of a remote embedder.
    """
    started, tally = perf_counter(), _Tally()
    known = library.versions()
    batch: list[Article] = []
    seen: dict[str, str] = {}
    for article in _articles(sources, tally, progress):
        if article.id in seen:
            tally.skipped.append(
                SkippedFile(origin=article.origin or "text", reason=f"same article as {seen[article.id]}")
            )
            continue
        seen[article.id] = article.origin or "text"
        if known.get(article.id) == article.version:
            tally.unchanged += 1
            continue
        if article.language not in {None, "en"}:
            tally.warnings.append(
                f"{article.origin or article.id}: looks like {article.language!r}, not English; answers may be poor."
            )
        tally.updated += article.id in known
        tally.added += article.id not in known
        batch.append(article)
        if len(batch) == BATCH:
            tally.chunks += _store(library, batch, embedder)
            batch = []
    if batch:
        tally.chunks += _store(library, batch, embedder)
    if not seen:
        raise InputError(_nothing_read(tally.skipped))
    return IngestReport(
        added=tally.added,
        updated=tally.updated,
        unchanged=tally.unchanged,
        chunks=tally.chunks,
        skipped=tuple(tally.skipped),
        warnings=tuple(tally.warnings),
        revision=library.revision,
        seconds=round(perf_counter() - started, 3),
    )


def _articles(sources: Sequence[Source] | Source, tally: _Tally, progress: Progress | None) -> Iterator[Article]:
    given = [sources] if isinstance(sources, str | Path | Article) else list(sources)
    yield from (source for source in given if isinstance(source, Article))
    files, missing = discover([source for source in given if not isinstance(source, Article)])
    tally.skipped += missing
    for done, path in enumerate(files):
        if progress:
            progress(done, len(files), path.name)
        for loaded in load_file(path):
            if isinstance(loaded, SkippedFile):
                tally.skipped.append(loaded)
            else:
                yield loaded
    if progress and files:
        progress(len(files), len(files), "")


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
