"""Prompts: their inputs are checked, broken files are errors, and a hash identifies each file."""

from __future__ import annotations

from pathlib import Path

import pytest

from qa.errors import PromptError
from qa.llm.prompts import load_prompt

GOOD = """---
name: greet
version: 1
inputs: [name]
---
{% block system %}Be kind.{% endblock %}
{% block user %}Greet {{ name }}.{% endblock %}
"""


def folder_with(folder: Path, text: str) -> Path:
    (folder / "greet.md").write_text(text, encoding="utf-8")
    return folder


def test_each_block_becomes_a_message(tmp_path: Path) -> None:
    system, user = load_prompt("greet", folder_with(tmp_path, GOOD)).render(name="{{ Ada }}")
    assert (system.role, system.content) == ("system", "Be kind.")
    assert (user.role, user.content) == ("user", "Greet {{ Ada }}.")


@pytest.mark.parametrize("inputs", [{}, {"name": "Ada", "age": 3}, {"nom": "Ada"}])
def test_missing_or_unknown_inputs_are_errors(tmp_path: Path, inputs: dict[str, object]) -> None:
    with pytest.raises(PromptError, match=r"missing inputs .* extra inputs"):
        load_prompt("greet", folder_with(tmp_path, GOOD)).render(**inputs)


@pytest.mark.parametrize(
    "text",
    ["", "no front matter", "---\nname: x\n---\nbody", "---\n: :\n---\nbody", GOOD.replace("[name]", "3")],
)
def test_the_error_for_a_broken_file_names_the_file(tmp_path: Path, text: str) -> None:
    with pytest.raises(PromptError, match=r"greet\.md"):
        load_prompt("greet", folder_with(tmp_path, text))


@pytest.mark.parametrize("body", ["{{ nothing }}", "{% for %}", "{{ name.__class__.__mro__ }}"])
def test_a_template_that_fails_or_leaves_the_sandbox_is_an_error(tmp_path: Path, body: str) -> None:
    text = GOOD.replace("Greet {{ name }}.", body)
    with pytest.raises(PromptError):
        load_prompt("greet", folder_with(tmp_path, text)).render(name="Ada")


def test_a_missing_user_block_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(PromptError, match="block user"):
        load_prompt("greet", folder_with(tmp_path, GOOD.replace("block user", "block usr"))).render(name="Ada")


def test_only_the_last_message_of_the_answer_prompt_depends_on_the_inputs() -> None:
    prompt = load_prompt("answer")
    one = prompt.render(boundary="1", articles=[], asked_on="2026-03-05", question="Who?")
    other = prompt.render(boundary="2", articles=[], asked_on="2026-03-06", question="When?")
    assert one[0] == other[0]
    assert one[-1].content.endswith("Question: Who?")
    assert len(prompt.sha256) == 64
