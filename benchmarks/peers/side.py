"""What is asked of each framework. It imports nothing heavy, because the start of a process is measured too."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from qa.model import Article

NAMES = ("dateline", "llamaindex", "haystack")
"""The modules of this package that hold a ``Side``. Each also has the constants of ``dateline.py``."""
MODEL = "instant"


@dataclass(frozen=True)
class Unit:
    """What one citation points at: a text of an article. ``start`` is its offset if the framework gives one."""

    article_id: str
    text: str
    start: int | None


@dataclass(frozen=True)
class Evidence:
    """The texts that the model is shown for a question, best first, and those that a plain answer cites."""

    shown: tuple[Unit, ...]
    cited: tuple[Unit, ...]


class Side(Protocol):
    """One framework with its own folder. Nothing is imported or opened before it is needed."""

    def __init__(self, folder: Path, address: str) -> None:
        """``folder`` may be empty. ``address`` is that of the model server."""

    def ingest(self, articles: Sequence[Article], answerable: Callable[[], None]) -> None:
        """Store the articles, and call ``answerable`` once, as soon as all of them can be found."""

    def ranked(self, question: str, chunks: int) -> list[str]:
        """Return the article ids of the ``chunks`` best chunks, best first. An article may occur several times."""

    def ask(self, question: str) -> bool:
        """Have the model answer. Returns whether the answer cites something."""

    def evidence(self, question: str) -> Evidence:
        """Return what the model is shown, and what a plain answer cites."""


def module(name: str) -> ModuleType:
    """Return the module of a framework."""
    return import_module(f"{__package__}.{name}")


def opened(name: str, folder: Path, address: str) -> Side:
    """Return a framework with its folder."""
    side: Side = module(name).open_side(folder, address)
    return side


def facts(article: Article) -> dict[str, str]:
    """Return what Dateline's header line says of an article, as metadata for the others."""
    day = article.published.isoformat()[:10] if article.published else None
    known = {"title": article.title, "source": article.source, "published": day}
    return {name: value for name, value in known.items() if value}
