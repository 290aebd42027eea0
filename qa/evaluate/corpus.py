"""The articles a run asks about, and gold evidence resolved to their exact sentences."""

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
    """A case whose sentences are known: one set of equally good sentences for each required item, and harmless ones."""

    case: Case
    split: Split
    storyline: str
    required: tuple[frozenset[SentenceKey], ...] = ()
    fine: frozenset[SentenceKey] = frozenset()

    @property
    def acceptable(self) -> frozenset[SentenceKey]:
        """Every sentence that may be cited without error."""
        return self.fine.union(*self.required)


@dataclass(frozen=True)
class Corpus:
    """The articles a run asks about, by id, with their sentences in order."""

    articles: Mapping[str, Article]
    sentences: Mapping[str, tuple[Sentence, ...]]

    def find(self, name: str) -> list[str]:
        """Ids of the articles called ``name``: by file name, else by title, else by the beginning of the id."""
        for match in (_by_file, _by_title, _by_id):
            found = [i for i, article in self.articles.items() if match(article, name)]
            if found:
                return found
        return []

    def name(self, article_id: str) -> str:
        """What people call an article: its file name without suffix, else its id. Equal on every machine."""
        return Path(self.articles[article_id].origin or article_id).stem


def read_corpus(sources: Sequence[str | Path]) -> Corpus:
    """The articles in files, folders and globs, split; what cannot be read is left out, as an ingest would."""
    articles = {found.id: found for found in load([str(s) for s in sources]) if isinstance(found, Article)}
    return Corpus(articles, {i: sentences_of(article) for i, article in articles.items()})


def resolve(gold: Gold, corpus: Corpus) -> tuple[ResolvedCase, ...]:
    """Every case with its sentences found in ``corpus``.

    Raises GoldError with a line for each place that names no sentence, several, or half of two.
    """
    faults: list[str] = []
    resolved = []
    for located in gold.cases:
        case = located.case

        def keys(places: Sequence[Place], file: Path = located.file) -> Iterator[SentenceKey]:
            for place in places:
                found = _sentence(place, corpus)
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


def _sentence(place: Place, corpus: Corpus) -> SentenceKey | str:
    """The one sentence a place names, or what is wrong with it."""
    ids = corpus.find(place.article)
    if len(ids) != 1:
        return f"{len(ids) or 'no'} articles are called {place.article!r}"
    wanted = _one_line(place.contains)
    found = [s.index for s in corpus.sentences[ids[0]] if wanted in _one_line(s.text)]
    if len(found) == 1:
        return ids[0], found[0]
    if found:
        return f"{place.contains!r} stands in sentences {found} of {place.article}; choose words of one alone"
    article = corpus.articles[ids[0]]
    if wanted in _one_line(article.text):
        return f"{place.contains!r} straddles two sentences of {place.article}; choose words of one"
    if article.title and wanted in _one_line(article.title):
        return f"{place.contains!r} stands in the title of {place.article} alone, which is not a sentence of its text"
    return f"{place.contains!r} does not stand in {place.article}"


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _by_file(article: Article, name: str) -> bool:
    path = Path(article.origin or "")
    return name in {path.stem, path.name} - {""}


def _by_title(article: Article, name: str) -> bool:
    return article.title == name


def _by_id(article: Article, name: str) -> bool:
    return len(name) >= 6 and article.id.startswith(name)
