"""Patterns compile on first use; a faulty one must not wait for an article that happens to need it."""

from __future__ import annotations

import gc
import pkgutil
import re
from importlib import import_module

import pytest

from qa import english
from qa.english import regex
from qa.english.regex import lazy_compile


def test_every_pattern_of_the_english_room_compiles() -> None:
    for module in pkgutil.walk_packages(english.__path__, "qa.english."):
        import_module(module.name)
    patterns = [one for one in gc.get_objects() if type(one) is regex._LazyPattern]
    assert len(patterns) > 200
    for pattern in patterns:
        assert re.compile(pattern._source, pattern._flags)


def test_a_lazy_pattern_compiles_once_and_does_what_a_pattern_does(monkeypatch: pytest.MonkeyPatch) -> None:
    compiled: list[str] = []
    original = re.compile
    monkeypatch.setattr(regex.re, "compile", lambda source, flags: compiled.append(source) or original(source, flags))
    year = lazy_compile(r"(?P<year>\d{4})", re.IGNORECASE)
    assert compiled == []
    assert year.sub("then", "in 2024") == "in then"
    assert year.sub("then", "in 2025") == "in then"
    match = year.search("in 2024")
    assert match
    assert match["year"] == "2024"
    assert len(compiled) == 1


def test_a_faulty_pattern_raises_on_its_first_use() -> None:
    faulty = lazy_compile("(")
    with pytest.raises(re.error):
        faulty.search("text")
