"""What a site's robots.txt lets Dateline fetch (RFC 9309, and Crawl-delay).

The parser is our own, because the two at hand do not do. That of Python 3.11 knows no wildcards, so it would fetch what
``Disallow: /*.pdf$`` forbids. Protego 0.7 keeps each rule once for each user agent of its group, so a file of half a
megabyte, half agents and half rules, fills the memory. Here, time and memory are linear in the size of the file.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import quote

AGENT = "dateline"
"""The name by which robots.txt may address Dateline."""
MAX_BYTES = 500_000
"""Whoever fetches a robots.txt reads no more of it."""

KEPT = 3600.0  # seconds that the rules of a site are remembered
FAULT_KEPT = 300.0  # seconds that an unreachable robots.txt is remembered

_LINE = re.compile(r"[^\S\n]*([A-Za-z-]+)[^\S\n]*:[^\S\n]*([^#\n]*)")
_TOKEN = re.compile(r"[A-Za-z_-]+|\*")
_ESCAPE = re.compile(r"%([0-9A-Fa-f]{2})")
_UNRESERVED = re.compile(r"[A-Za-z0-9._~-]")
_ASCII = "".join(map(chr, range(0x21, 0x7F)))


@dataclass(frozen=True)
class Rule:
    """One ``Allow`` or ``Disallow``."""

    allows: bool
    pattern: str

    def matches(self, path: str) -> bool:
        """Whether the pattern is a prefix of ``path``; ``*`` stands for anything, ``$`` for the end."""
        body = self.pattern.removesuffix("$")
        to_the_end = body != self.pattern
        first, *others = body.split("*")
        if not others:
            return path == first if to_the_end else path.startswith(first)
        if not path.startswith(first):
            return False
        at = len(first)
        *middle, last = others
        for part in middle:
            found = path.find(part, at)
            if found < 0:
                return False
            at = found + len(part)
        return path.endswith(last) and len(path) - len(last) >= at if to_the_end else path.find(last, at) >= 0


@dataclass(frozen=True)
class Rules:
    """What one robots.txt says to Dateline."""

    rules: tuple[Rule, ...] = ()
    delay: float = 0.0
    """Seconds that it asks to leave between two requests."""
    fault: str | None = None
    """Why it could not be read. Then nothing may be fetched."""

    def allows(self, path: str) -> bool:
        """Whether ``path``, with its query, may be fetched. The longest pattern decides; of equals, one that allows."""
        if self.fault is not None:
            return False
        path = _normal(path)
        matching = (rule for rule in self.rules if rule.matches(path))
        return max(((len(rule.pattern), rule.allows) for rule in matching), default=(0, True))[1]


def parse(content: bytes) -> Rules:
    """Read a robots.txt. A line that is no rule is ignored, so any content can be read."""
    ours: list[tuple[str, str]] = []
    everybody: list[tuple[str, str]] = []
    agents: set[str] = set()
    named = for_us = False
    in_heading = False
    for line in _lines(content):
        field, value = line
        if field == "user-agent":
            agents = agents if in_heading else set()
            in_heading = True
            token = _TOKEN.match(value)
            agents.add(token[0].lower() if token else "")
            for_us = AGENT in agents
            named = named or for_us
        elif field in {"allow", "disallow", "crawl-delay"}:
            in_heading = False
            if for_us:
                ours.append(line)
            if "*" in agents:
                everybody.append(line)
    # A group that names us replaces the one for everybody, even if it has no rules.
    chosen = ours if named else everybody
    rules = (Rule(field == "allow", _normal(value)) for field, value in chosen if field != "crawl-delay" and value)
    delays = (_seconds(value) for field, value in chosen if field == "crawl-delay")
    return Rules(tuple(rules), max(delays, default=0.0))


class Robots:
    """The rules of each site that was asked."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._known: dict[str, tuple[float, Rules]] = {}

    def of(self, origin: str, load: Callable[[], Rules]) -> Rules:
        """Return the rules of a site.

        Args:
            origin: its scheme, host and port.
            load: fetches them. It is called if they are not known, or too old.
        """
        until, rules = self._known.get(origin, (-math.inf, Rules()))
        if until < self._clock():
            rules = load()
            self._known[origin] = (self._clock() + (KEPT if rules.fault is None else FAULT_KEPT), rules)
        return rules


def _lines(content: bytes) -> list[tuple[str, str]]:
    text = content.decode("utf-8-sig", "replace")
    matches = map(_LINE.match, re.split(r"\r\n?|\n", text))
    return [(match[1].lower(), match[2].strip()) for match in matches if match]


def _normal(path: str) -> str:
    """Spell a path or a pattern in the one way in which they can be compared."""
    decoded = _ESCAPE.sub(_unescaped, path)
    return quote(decoded, safe=_ASCII)


def _unescaped(match: re.Match[str]) -> str:
    character = chr(int(match[1], 16))
    return character if _UNRESERVED.fullmatch(character) else match[0].upper()


def _seconds(value: str) -> float:
    try:
        seconds = float(value)
    except ValueError:
        return 0.0
    return seconds if 0 <= seconds < math.inf else 0.0
