"""Regular expressions that compile when they are first used.

Compiling every pattern of this room takes longer than answering a question, and a question needs only some of them.
"""

from __future__ import annotations

import re
from typing import cast


class _LazyPattern:
    """Compiles on the first access to an attribute. Then the instance holds what the pattern offers, at full speed."""

    def __init__(self, source: str, flags: int) -> None:
        self._source, self._flags = source, flags
        self._compiled: re.Pattern[str] | None = None

    def __getattr__(self, name: str) -> object:
        if name.startswith("__"):
            raise AttributeError(name)
        if self._compiled is None:
            self._compiled = re.compile(self._source, self._flags)
        value = getattr(self._compiled, name)
        setattr(self, name, value)
        return value


def lazy_compile(source: str, flags: int = 0) -> re.Pattern[str]:
    """Return what ``re.compile`` returns, but compile it on its first use. A faulty pattern raises only then."""
    return cast("re.Pattern[str]", _LazyPattern(source, flags))
