"""Ingests articles into a library, in two passes. Each batch is stored as a whole or not at all.

    load ─▶ sentences ─▶ pack ─▶ embed ─▶ store: questions find the article
    stored articles ─▶ all other layers, in processes ─▶ store: its speakers and notes are known

The second pass goes on with whatever is still to be read, also from an ingest that was interrupted or killed.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import chain
from pathlib import Path
from time import perf_counter

import numpy as np

from .articles.chunks import pack
from .articles.edits import carried, edited
from .articles.files import identity_of
from .articles.files import stamp as file_stamp
from .articles.load import Loaded, Remark, discover, load_file
from .articles.parse import ParsedArticle, parse_sentences
from .english.characters import well_formed
from .english.document import VERSION
from .errors import EmbeddingRefused, LibraryError, ModelError, NothingRead, RowRefused, unexpected
from .fetching import Reading, is_address, pages
from .library.embedders import Embedder, Vectors
from .library.engine import Jobs, Row
from .library.library import Entry, Library
from .library.second_pass import annotate_all
from .library.sharing import LISTED, add, batches, share
from .llm.tokens import count
from .model import Article, Chunk, Edit, IncompleteArticle, IngestReport, SkippedFile
from .settings import KEEP_VERSIONS
from .sources import Sources

log = logging.getLogger(__name__)

Source = str | Path | Article
"""A file, folder, glob or web address, or an article."""
Progress = Callable[[int, int, str], None]
"""Called with the number of files done, the number of all files, and what is being read."""

BATCH = 64  # articles in one transaction, and so the most that is lost if the process is killed
HEAVY = 1_000_000  # characters after which a transaction ends, because its articles are in memory
AT_ONCE = 300_000  # characters of a few articles that are read in full before they are stored
TOGETHER = "other processes are storing the rest"
ANNOTATING = "reading who says what, days and corrections"
"""Passed to ``on_progress`` in the second pass, in which articles are counted."""
CHUNK_TOKENS = 200  # the most tokens of sentences in a chunk
CHUNK_OVERLAP = 1  # sentences that a chunk repeats from the previous one
CHUNK_ENCODING = "text-embedding-3-small"  # the tokens of a chunk are counted in its cl100k, for every embedder


class IngestInterrupted(KeyboardInterrupt):
    """Ctrl-C was pressed during an ingest. What ``report`` counts is stored; the next ingest does the rest.

    ``done`` and ``total`` count files.
    """

    def __init__(self, report: IngestReport, done: int, total: int) -> None:
        super().__init__(f"interrupted after {done} of {total} files")
        self.report = report
        self.done, self.total = done, total


@dataclass
class _Tally:
    unchanged: int = 0
    removed: int = 0
    chunks: int = 0
    parsed_again: int = 0
    skipped: list[SkippedFile] = field(default_factory=list)
    incomplete: list[IncompleteArticle] = field(default_factory=list)
    others: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)


def ingest_into(
    library: Library,
    sources: Iterable[Source] | Source,
    embedder: Embedder,
    on_progress: Progress | None = None,
    *,
    prune: bool = False,
    reading: Reading | None = None,
    keep_versions: int = KEEP_VERSIONS,
) -> IngestReport:
    """Store every article of ``sources`` that is new or has changed.

    A file is not even opened if its size and time are those of the last ingest that stored all of it.

    A failure on one article only costs that article, or the part of it that failed, and is named in the report.
    Articles that were parsed by another version of the parser are parsed again. Questions find an article as soon as
    the first pass has stored it; this function returns when both passes are done.

    Args:
        library: where the articles are stored.
        sources: files, folders, globs, web addresses of pages or feeds, or articles.
        embedder: embeds the chunks.
        on_progress: called before each file, and in the second pass with ``ANNOTATING``.
        prune: also remove articles that were read from these files and folders before and are no longer there.
        reading: how sources are read; default: files alone, with the usual names of fields.
        keep_versions: the most earlier versions of an article to keep when it has changed.

    Returns:
        What was stored, skipped and removed.

    Raises:
        NothingRead: there is no article in ``sources``.
        LibraryError: the library cannot be written, or has another embedder.
        ModelError: a remote embedder failed.
        IngestInterrupted: Ctrl-C was pressed; the error carries the report.
    """
    run = _Run(library, embedder, on_progress, reading or Reading(), keep_versions)
    try:
        run.store(sources)
        run.parse_again()
        run.annotate()
        if not run.seen:
            raise _nothing_read(run.tally.skipped)
        if prune:
            run.prune()
        else:
            run.tell_left_behind()
    except KeyboardInterrupt:
        raise IngestInterrupted(run.report(), run.done, run.total) from None
    return run.report()


def store_edited(library: Library, article: Article, edit: Edit | None, embedder: Embedder) -> None:
    """Store an article again after an edit. Nothing else changes, and it gets no new version.

    Args:
        library: the library that holds it.
        article: the article with the edit applied.
        edit: the edit, to be remembered. None if nothing is edited any longer.
        embedder: embeds the chunks, which begin with headline, outlet and day.

    Raises:
        LibraryError: the library cannot be written.
        ModelError: a remote embedder failed.
    """
    _Run(library, embedder, None, Reading(), KEEP_VERSIONS).store_edited(article, edit)


class _Run:
    """One ingest.

    ``seen`` gives the origin of each loaded article by id, ``submitted`` the version of each new one, and ``replaced``
    those of them that the library held in another version.
    """

    def __init__(
        self,
        library: Library,
        embedder: Embedder,
        on_progress: Progress | None,
        reading: Reading,
        keep_versions: int,
    ) -> None:
        self.library, self.embedder, self.on_progress, self.reading = library, embedder, on_progress, reading
        self.keep_versions = keep_versions
        self.started, self.tally = perf_counter(), _Tally()
        self.seen: dict[str, str] = {}
        self.submitted: dict[str, str] = {}
        self.replaced: set[str] = set()
        self.elsewhere: set[str] = set()  # those of them that another process has stored from another file
        self.places: list[str] = []
        self.whole: list[str] = []  # files that were read without a fault
        self.done = self.total = 0
        self.activity = ""  # what is being read
        self.moved: dict[str, str] = {}  # the new origin of unchanged articles
        self.edits_to_keep: dict[str, Edit | None] = {}  # they are stored together with their articles
        self._learn()

    def _learn(self) -> None:
        """Read what the library holds."""
        self.known = self.library.versions()
        self.origins = self.library.origins()
        self.sources = Sources(self.library)
        self.edits = self.library.edits()

    def store(self, sources: Iterable[Source] | Source) -> None:
        self._store_new(self._given(sources))
        addresses = [place for place in self.places if is_address(place)]
        found = discover(place for place in self.places if not is_address(place))
        self.tally.skipped += found.skipped
        self.tally.others += map(str, found.others)
        self.total = len(found.files) + len(addresses)
        # What has not changed comes first: an article that is also in another file then stays as it is.
        every = {well_formed(identity_of(path).as_posix()): path for path in found.files}
        files = {key: path for key, path in every.items() if not self._is_unchanged(key, path)}
        if self.library.jobs is None:
            self._store_new(chain(self._files(files), self._pages(addresses)))
        else:
            self._store_together(self.library.jobs, every, files, addresses)
        self.done = self.total
        if self.total:
            self._progress("")
        self.library.move(self.moved)
        self._keep()

    def _store_together(
        self, jobs: Jobs, every: Mapping[str, Path], files: Mapping[str, Path], addresses: Sequence[str]
    ) -> None:
        """Store ``files`` and pages together with the other processes that have them to store.

        Of ``every`` file, a process that died may have left the job although it is stored.
        """

        def do(taken: Sequence[str]) -> None:
            self._store_new(self._files({key: files[key] for key in taken if key in files}))
            self._store_new(self._pages([address for address in taken if address in addresses]))

        left = [key for some in batches(every, LISTED) for key in jobs.waiting(some) if key not in files]
        by_others = self._share(jobs, [*files, *left, *addresses], do)
        if by_others:
            # They are read again only if they could not be stored, so that the report names them.
            self._learn()
            do(by_others)

    def _share(self, jobs: Jobs, keys: Sequence[str], do: Callable[[Sequence[str]], None]) -> list[str]:
        """Do jobs that other processes may do as well, and return those that others have done."""
        add(jobs, keys)
        self._learn()  # what others stored before the jobs were added is not stored again
        return share(jobs, keys, do, most=BATCH, waiting=lambda: self._progress(TOGETHER))

    def _store_new(self, articles: Iterable[Article]) -> None:
        for batch in batches(map(_prepare, self._changed(articles)), BATCH, weigh=len, heavy=HEAVY):
            if len(batch) < BATCH and not self.submitted and sum(map(len, batch)) <= AT_ONCE:
                # A few articles are stored once, with all their layers: a second transaction would take longer.
                batch = [one.completed() for one in batch]
            self._write(batch)
            self._keep()
            if self.total == 1 and self.on_progress and len(self.submitted) > BATCH:  # one file of many articles
                self.on_progress(self.done, self.total, f"{self.activity}, {len(self.submitted):,} articles so far")
        self._keep()

    def store_edited(self, article: Article, edit: Edit | None) -> None:
        self.edits_to_keep[article.id] = edit
        self._store([_prepare(article).completed()])
        if self.tally.skipped:
            raise LibraryError(f"The edit of {article.id} could not be stored, and nothing has changed. Report this.")

    def _keep(self) -> None:
        """Remember what the files were like whose articles are all stored."""
        faults = [s.origin for s in self.tally.skipped], [i.origin for i in self.tally.incomplete]
        self.sources.keep(but=chain(*faults))

    def parse_again(self) -> None:
        """Parse articles again that were parsed by another version of the parser."""
        prefix = f"parse {VERSION} "
        stale = {f"{prefix}{i}": i for i in self.library.parsed_by_others() if i not in self.submitted}
        left = self.library.jobs.beginning(prefix) if self.library.jobs else []

        def do(taken: Sequence[str]) -> None:
            taken = [key for key in taken if key in stale]
            self._progress(f"parsing {self.tally.parsed_again + len(taken)} of {len(stale)} stored articles again")
            self.tally.chunks += self._store([_prepare(self.library.article(stale[key])) for key in taken])
            self.tally.parsed_again += len(taken)

        if self.library.jobs is None:
            for batch in batches(stale, BATCH):
                do(batch)
        elif stale or left:
            self._share(self.library.jobs, list(dict.fromkeys([*stale, *left])), do)

    def annotate(self) -> None:
        """Do the second pass: read what has not been read yet of stored articles, also of earlier ingests."""

        def tell(done: int, total: int) -> None:
            if self.on_progress:
                self.on_progress(done, total, ANNOTATING)

        self.tally.incomplete += annotate_all(self.library, tell)

    def _changed(self, articles: Iterable[Article]) -> Iterator[Article]:
        for article in articles:
            origin = article.origin or "text"
            if article.id in self.seen:
                reason = f"is the same article as {self.seen[article.id]}"
                self.tally.skipped.append(SkippedFile(origin=origin, reason=reason))
                continue
            known = self.known.get(article.id)
            if known and known != article.version and (keeper := self.sources.keeper(article, self.reading.names)):
                reason = f"is the same article as {keeper}, which was stored first; remove that file to take this one"
                self.tally.skipped.append(SkippedFile(origin=origin, reason=reason))
                continue
            self.seen[article.id] = origin
            if known == article.version:
                self.tally.unchanged += 1
                if article.origin and self.origins.get(article.id) != article.origin:
                    self.moved[article.id] = article.origin
                continue
            article = self._edited(article, origin)
            if article.language not in {None, "en"}:
                self.tally.warnings.append(
                    f"{origin}: looks like {article.language!r}, not English; answers may be poor."
                )
            yield article

    def _edited(self, article: Article, origin: str) -> Article:
        """Return an article whose source has changed, with what readers have edited of it."""
        before = self.edits.get(article.id)
        if before is None:
            return article
        after, remarks = carried(before, article)
        self.tally.warnings += [f"{origin}: {remark}" for remark in remarks]
        self.edits_to_keep[article.id] = after
        return edited(article, after) if after else article

    def _given(self, sources: Iterable[Source] | Source) -> Iterator[Article]:
        """Yield the articles among the sources, and note the other sources."""
        for source in [sources] if isinstance(sources, str | Path | Article) else sources:
            if isinstance(source, Article):
                yield source  # one by one, because there may be too many for the memory
            else:
                self.places.append(str(source))

    def _files(self, files: Mapping[str, Path]) -> Iterator[Article]:
        """Read files, by the place that the library knows them by."""
        for key, path in files.items():
            self._progress(path.name)
            if self._is_unchanged(key, path):  # another process has stored it meanwhile
                continue
            yield from self._place(key, self._stamp(path), load_file(path, self.reading.names))
            self.done += 1

    def _is_unchanged(self, key: str, path: Path) -> bool:
        """Whether a file is as it was when all of its articles were stored. If so, it is done."""
        known, stored = self.sources.known(key)
        if known is None or known != self._stamp(path):
            return False
        self._pass_over(key, stored)
        self.done += 1
        return True

    def _pages(self, addresses: Sequence[str]) -> Iterator[Article]:
        """Fetch pages and feeds, and yield their articles."""
        if not addresses:
            return
        before = self.done
        for number, page in enumerate(pages(addresses, self.reading, lambda place: self.sources.known(place)[0])):
            self.done, self.total = before + number, before + number + page.left
            self._progress(page.address)
            if page.loaded is None:
                self._pass_over(page.address, self.sources.known(page.address)[1])
            else:
                yield from self._place(page.address, page.stamp, page.loaded())

    def _stamp(self, path: Path) -> str | None:
        """Return what changes when the file does, or how it is read."""
        stamp = file_stamp(path)
        names = dict(sorted(self.reading.names.items()))
        return f"{stamp} {names}" if stamp and names else stamp

    def _pass_over(self, place: str, stored: Sequence[str]) -> None:
        self.tally.unchanged += len(stored)
        self.seen |= dict.fromkeys(stored, place)

    def _place(self, key: str, stamp: str | None, found: Iterable[Loaded]) -> Iterator[Article]:
        """Yield the articles of one file or address, and note what it was like if all of it could be read."""
        articles, before = 0, len(self.tally.skipped) + len(self.tally.warnings)
        for loaded in found:
            if isinstance(loaded, SkippedFile):
                self.tally.skipped.append(loaded)
            elif isinstance(loaded, Remark):
                self.tally.warnings.append(f"{loaded.origin}: {loaded.words}")
                before += not loaded.lost
            else:
                articles += 1
                yield loaded
        if before == len(self.tally.skipped) + len(self.tally.warnings):
            self.sources.read(key, stamp, articles)
            self.whole.append(key)

    def _progress(self, activity: str) -> None:
        self.activity = activity
        if self.on_progress:
            self.on_progress(self.done, self.total, activity)

    def _write(self, prepared: Sequence[_Prepared]) -> None:
        articles = [one.parsed.article for one in prepared]
        self.submitted.update((article.id, article.version) for article in articles)
        self.replaced.update(article.id for article in articles if article.id in self.known)
        self.tally.chunks += self._store(prepared)

    def _store(self, prepared: Sequence[_Prepared]) -> int:
        """Embed and write a batch, and return the number of chunks that were embedded.

        The whole batch is embedded in one call and written in one transaction. If one of these fails, it is repeated
        for each article, so that the article that causes the failure can be named. Errors that no article can cause (of
        the disk, the library's file or the embedding server) are raised.
        """
        vectors, embedded = self._vectors(prepared)
        entries = [one.entry(vectors) for one in prepared]
        try:
            self._commit(entries)
        except Exception as error:
            if _concerns_all(error):
                raise
            log.warning("storing %s articles at once failed (%s); trying them singly", len(entries), unexpected(error))
            for one, entry in zip(prepared, entries, strict=True):
                self._write_alone(one, entry)
            if len(prepared) > 1 and not any(one.stored for one in prepared):
                raise  # no article can be stored, so the articles are not the cause
        for one in prepared:
            one.stored = one.stored and one.parsed.id not in self.elsewhere
            self.tally.incomplete += one.incomplete()
        return embedded

    def _commit(self, entries: Sequence[Entry]) -> None:
        ids = {entry.parsed.id for entry in entries}
        edits = {article_id: edit for article_id, edit in self.edits_to_keep.items() if article_id in ids}
        self.library.write(
            entries,
            embedder=self.embedder.name,
            keep_versions=self.keep_versions,
            edits=edits,
            unless=self._is_held_elsewhere,
        )

    def _is_held_elsewhere(self, article: Article, row: Row) -> bool:
        """Whether another process has stored this article from another file since this one began. Then that counts."""
        new_here = row["version"] != self.known.get(article.id) and article.id in self.submitted
        if not new_here or row["origin"] in {article.origin, None}:
            return False
        if article.id not in self.elsewhere:
            reason = f"is the same article as {row['origin']}"
            self.tally.skipped.append(SkippedFile(origin=article.origin or "text", reason=reason))
            self.elsewhere.add(article.id)
        return True

    def _write_alone(self, one: _Prepared, entry: Entry) -> None:
        try:
            self._commit([entry])
        except Exception as error:
            if _concerns_all(error):
                raise
            self.tally.skipped.append(SkippedFile(origin=one.origin, reason=f"cannot be stored: {unexpected(error)}"))
            one.stored = False

    def _vectors(self, prepared: Sequence[_Prepared]) -> tuple[dict[str, Vectors], int]:
        """Return the vectors of all chunk texts, stored or new, and the number of new ones."""
        try:
            return self._embed(prepared)
        except Exception as error:
            if _concerns_all(error):
                raise
            log.warning("embedding %s articles failed (%s); trying them singly", len(prepared), unexpected(error))
            vectors: dict[str, Vectors] = {}
            embedded = failed = 0
            for one in prepared:
                try:
                    own_vectors, new = self._embed([one])
                except Exception as own_error:
                    if _concerns_all(own_error):
                        raise
                    failed += 1
                    one.fail("vectors", own_error)
                else:
                    vectors |= own_vectors
                    embedded += new
            if failed == len(prepared) > 1:
                raise  # no article can be embedded, so the articles are not the cause
            return vectors, embedded

    def _embed(self, prepared: Sequence[_Prepared]) -> tuple[dict[str, Vectors], int]:
        texts = list(dict.fromkeys(chunk.text for one in prepared for chunk in one.chunks))
        vectors = self.library.known_vectors(texts)
        unknown = [text for text in texts if text not in vectors]
        return vectors | dict(zip(unknown, self.embedder.embed(unknown), strict=True)), len(unknown)

    def tell_left_behind(self) -> None:
        """Say which files no longer hold articles that were stored from them."""
        for place in self.whole:
            left = [i for i in self.sources.articles_of(place) if i not in self.seen] if not is_address(place) else []
            if left:
                count = "1 article" if len(left) == 1 else f"{len(left):,} articles"
                self.tally.warnings.append(
                    f"{place}: no longer holds {count} stored from it; --prune removes what is gone"
                )

    def prune(self) -> None:
        """Remove stored articles that came from the sources' files and folders but were not found this time.

        Articles whose file or folder could not be read this time are kept. So nothing is removed because a disk is not
        mounted or a file is locked.
        """
        unread = [identity_of(Path(s.origin)) for s in self.tally.skipped]
        roots = [identity_of(Path(place).expanduser()) for place in self.places if not is_address(place)]
        missing = [
            article_id
            for article_id, origin in self.library.origins().items()
            if article_id not in self.seen
            and any(self.sources.came_from(origin, root) for root in roots)
            and not any(self.sources.came_from(origin, path) for path in unread)
        ]
        if missing:
            self.library.remove(missing)
        self.tally.removed = len(missing)

    def report(self) -> IngestReport:
        tally, versions = self.tally, self.library.versions()
        # We count what is in the library, because Ctrl-C may come after a commit but before it is counted.
        stored = [
            article_id
            for article_id, version in self.submitted.items()
            if versions.get(article_id) == version and article_id not in self.elsewhere
        ]
        updated = sum(article_id in self.replaced for article_id in stored)
        return IngestReport(
            added=len(stored) - updated,
            updated=updated,
            unchanged=tally.unchanged,
            unread=self.library.count_unread(),
            removed=tally.removed,
            chunks=tally.chunks,
            parsed_again=tally.parsed_again,
            earlier=self.library.earlier(),
            incomplete=tuple(tally.incomplete),
            skipped=tuple(tally.skipped),
            others=tuple(tally.others),
            warnings=tuple(tally.warnings),
            revision=self.library.revision,
            seconds=round(perf_counter() - self.started, 3),
        )


def _concerns_all(error: Exception) -> bool:
    """Whether an error would occur for every article: one of the disk, the library's file or the embedding server."""
    one_text = isinstance(error, RowRefused | EmbeddingRefused)
    return isinstance(error, LibraryError | ModelError) and not one_text


@dataclass
class _Prepared:
    """An article that is being ingested, with what has been made of it so far."""

    parsed: ParsedArticle
    chunks: tuple[Chunk, ...] = ()
    stored: bool = True

    def __len__(self) -> int:
        """The length of its text in characters."""
        return len(self.parsed.article.text)

    @property
    def origin(self) -> str:
        return self.parsed.article.origin or self.parsed.id

    def fail(self, part: str, error: Exception) -> None:
        """Record a failure and continue without chunks. The article can be shown, but no question finds it."""
        log.exception("%s of %s could not be made", part, self.origin)
        self.parsed = replace(self.parsed, faults={**self.parsed.faults, part: unexpected(error)})
        self.chunks = ()

    def completed(self) -> _Prepared:
        """Return the article with all its layers."""
        return replace(self, parsed=self.parsed.completed())

    def entry(self, vectors: Mapping[str, Vectors]) -> Entry:
        """Return the article in the form that the library stores."""
        rows = [vectors[chunk.text] for chunk in self.chunks]
        return Entry(self.parsed, self.chunks, np.stack(rows) if rows else np.zeros((0, 0), np.float32))

    def incomplete(self) -> list[IncompleteArticle]:
        """Return the parts without which the article is stored."""
        faults = self.parsed.faults if self.stored else {}
        return [
            IncompleteArticle(article_id=self.parsed.id, origin=self.origin, part=part, reason=reason)
            for part, reason in faults.items()
        ]


def _prepare(article: Article) -> _Prepared:
    """Split an article into sentences and pack these. This raises no error for any text."""
    prepared = _Prepared(parse_sentences(article))
    try:
        prepared.chunks = pack(
            article,
            prepared.parsed.sentences,
            lambda texts: count(texts, CHUNK_ENCODING),
            CHUNK_TOKENS,
            CHUNK_OVERLAP,
        )
    except Exception as error:  # noqa: BLE001  # one article must never stop the others
        prepared.fail("chunks", error)
    return prepared


def _nothing_read(skipped: Sequence[SkippedFile]) -> NothingRead:
    reasons = "; ".join(f"{s.origin}: {s.reason}" for s in skipped[:5]) or "no file was found"
    words = f"No article could be read ({reasons}). Name files, folders or globs of articles, or web addresses."
    return NothingRead(words, tuple(s.reason for s in skipped))
