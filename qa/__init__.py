"""Dateline: ask a library of news articles. Every claim in an answer cites the exact sentences that support it.

    from qa import answer, ingest

Names are imported on first use, so that ``import qa`` and ``qa --help`` start quickly.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .errors import QAError
    from .manage import ingest, versions
    from .model import Answer, Article, ArticleVersion, Filters, IngestReport, Recheck, Replay, Timeline
    from .pipeline import answer, answer_stream
    from .rechecking import recheck
    from .replaying import replay
    from .settings import Settings
    from .timelines import timeline

from .version import __version__

__all__ = [
    "Answer",
    "Article",
    "ArticleVersion",
    "Filters",
    "IngestReport",
    "QAError",
    "Recheck",
    "Replay",
    "Settings",
    "Timeline",
    "__version__",
    "answer",
    "answer_stream",
    "ingest",
    "recheck",
    "replay",
    "timeline",
    "versions",
]

_HOME = {
    "Answer": "model",
    "Article": "model",
    "ArticleVersion": "model",
    "Filters": "model",
    "IngestReport": "model",
    "QAError": "errors",
    "Recheck": "model",
    "Replay": "model",
    "Settings": "settings",
    "Timeline": "model",
    "answer": "pipeline",
    "answer_stream": "pipeline",
    "ingest": "manage",
    "recheck": "rechecking",
    "replay": "replaying",
    "timeline": "timelines",
    "versions": "manage",
}


def __getattr__(name: str) -> object:
    if name in _HOME:
        return getattr(import_module(f".{_HOME[name]}", __name__), name)
    raise AttributeError(f"module 'qa' has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted(__all__)
