"""The articles of a run, and gold evidence resolved to exact sentences of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from ..articles.load import load
from ..articles.parse import sentences_of
from ..model import Article, Sentence
from .gold import Case, Gold, GoldError, Place, Split

SentenceKey = tuple[str, int]
"""Article id and sentence index."""


@dataclass(frozen=True)
class ResolvedCase:
    """A case with its gold sentences resolved.

    ``required`` has one set of equally good sentences per item. ``fine`` are sentences that may be cited too.
    """

    case: Case
    split: Split
    storyline: str
    required: tuple[frozenset[SentenceKey], ...] = ()
    fine: frozenset[SentenceKey] = frozenset()

    @property
    def acceptable(self) -> frozenset[SentenceKey]:
        """All sentences that count as correct citations."""
        return self.fine.union(*self.required)


@dataclass(frozen=True)
class Corpus:
    """The articles of a run by id, and their sentences in order."""

    articles: Mapping[str, Article]
    sentences: Mapping[str, tuple[Sentence, ...]]

    def find(self, name: str) -> list[str]:
        """Return the ids of the articles called ``name``: by file name, else by title, else by the start of the id."""
        for match in (_by_file, _by_title, _by_id):
            found = [i for i, article in self.articles.items() if match(article, name)]
            if found:
                return found
        return []

    def name(self, article_id: str) -> str:
        """Return a readable name of an article that is the same on every machine: file name without suffix, else id."""
        return Path(self.articles[article_id].origin or article_id).stem


def read_corpus(sources: Sequence[str | Path]) -> Corpus:
    """Load the articles from files, folders and globs, and split them. Unreadable ones are skipped, as by an ingest."""
    articles = {found.id: found for found in load([str(s) for s in sources]) if isinstance(found, Article)}
    return Corpus(articles, {i: sentences_of(article) for i, article in articles.items()})


def resolve(gold: Gold, corpus: Corpus) -> tuple[ResolvedCase, ...]:
    """Resolve the evidence of every case to sentences of ``corpus``.

    Raises GoldError with one line per place that does not identify exactly one sentence.
    """
    faults: list[str] = []
    resolved = []
    for located in gold.cases:
        case = located.case

        def keys(places: Sequence[Place], file: Path = located.file) -> Iterator[SentenceKey]:
            for place in places:
                found = sentence_at(place, corpus)
                if isinstance(found, str):
                    faults.append(f"{file}:{place.line}: {found}")
                else:
                    yield found

        required = tuple(frozenset(keys([item, *item.alternatives])) for item in case.evidence)
        fine = frozenset(keys(case.also_fine))
        resolved.append(ResolvedCase(case, located.split, located.storyline, required, fine))
    if faults:
        raise GoldError(faults)
    return tuple(resolved)


def sentence_at(place: Place, corpus: Corpus) -> SentenceKey | str:
    """Return the sentence that a place identifies, or a message that says what is wrong."""
    ids = corpus.find(place.article)
    if len(ids) != 1:
        return f"{len(ids) or 'no'} articles are called {place.article!r}"
    wanted = _one_line(place.contains)
    found = [s.index for s in corpus.sentences[ids[0]] if wanted in _one_line(s.text)]
    if len(found) == 1:
        return ids[0], found[0]
    if found:
        return f"{place.contains!r} is in sentences {found} of {place.article}. Use words that are in only one sentence"
    article = corpus.articles[ids[0]]
    if wanted in _one_line(article.text):
        return f"{place.contains!r} spans two sentences of {place.article}. Use words from one sentence"
    if article.title and wanted in _one_line(article.title):
        return f"{place.contains!r} is only in the title of {place.article}, which is not a sentence of its text"
    return f"{place.contains!r} is not in {place.article}"


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _by_file(article: Article, name: str) -> bool:
    path = Path(article.origin or "")
    return name in {path.stem, path.name} - {""}


def _by_title(article: Article, name: str) -> bool:
    return article.title == name


def _by_id(article: Article, name: str) -> bool:
    return len(name) >= 6 and article.id.startswith(name)
