"""The word lists of English: each is written once, says what it is, and is used."""

from __future__ import annotations

import ast
import re
from collections import Counter
from pathlib import Path

import pytest

from qa.english import lexicon
from qa.english.inflection import inflect
from qa.english.lexicon import any_of, capitalised

ENGLISH = Path(lexicon.__file__).resolve().parent
LISTS = {name: value for name, value in vars(lexicon).items() if name.isupper()}
VERBS = [name for name in LISTS if name.endswith("ING") or name in ("ASKED_VERBS", "COMMANDS", "ORDERS")]


def test_any_of_takes_the_longest_word_and_any_whitespace() -> None:
    assert re.match(any_of(["on", "once"]), "once")[0] == "once"  # type: ignore[index]
    assert re.fullmatch(any_of(["push back"], ["put off"]), "push\n back")
    assert not re.fullmatch(any_of(["e.g."]), "eggs")


def test_words_at_the_head_of_a_sentence() -> None:
    assert capitalised(["that"], ["who", "Monday"]) == {"That", "Who", "Monday"}


def test_every_list_is_used() -> None:
    source = "\n".join(path.read_text("utf-8") for path in ENGLISH.parent.rglob("*.py"))
    used = Counter(re.findall(r"\w+", source))
    assert [name for name in LISTS if used[name] < 2] == []


def test_every_list_or_group_of_lists_says_what_it_is() -> None:
    body = ast.parse((ENGLISH / "lexicon.py").read_text("utf-8")).body
    lists = [n for n, node in enumerate(body) if isinstance(node, ast.Assign)]
    assert [n for n in lists if not isinstance(body[n + 1], ast.Assign | ast.Expr)] == []


@pytest.mark.parametrize("name", VERBS)
def test_verbs_stand_in_their_base_form(name: str) -> None:
    for verb in LISTS[name]:
        assert not verb.endswith("ing") or verb in {"bring", "sing"}
        assert verb not in inflect(verb).finite or verb in inflect(verb).past  # "cut" is its own past


def test_no_two_lists_are_the_same() -> None:
    seen = [frozenset(value) for value in LISTS.values()]
    assert len(seen) == len(set(seen))
