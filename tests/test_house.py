"""The public names exist, and the README matches the code."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

import qa
from qa.cli import app
from qa.settings import Settings

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text("utf-8")


def test_every_exported_name_exists_and_dir_lists_no_others() -> None:
    for name in qa.__all__:
        assert getattr(qa, name) is not None
    assert set(dir(qa)) == set(qa.__all__)
    with pytest.raises(AttributeError, match="nothing"):
        qa.nothing  # noqa: B018


def test_importing_submodules_does_not_hide_the_functions() -> None:
    import qa.ingestion
    import qa.pipeline

    assert callable(qa.ingest)
    assert callable(qa.answer)


def test_the_readme_names_every_setting_and_every_command() -> None:
    for field in Settings.model_fields:
        variable = field.upper() if field.startswith("openai_") else f"QA_{field.upper()}"
        assert f"`{variable}`" in README, f"{variable} is missing from the README's table"
    for command in app.registered_commands:
        assert command.callback
        assert f"qa {command.name or command.callback.__name__}" in README


def test_the_script_in_the_readme_runs(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.chdir(ROOT)
    scripts = re.findall(r"```python\n(.*?)```", README, re.DOTALL)
    assert scripts
    exec(compile(scripts[0], "README.md", "exec"), {})
    assert "[1]" in capsys.readouterr().out


def test_months_and_weekdays_are_spelled_out_in_the_lexicon_and_the_contract_alone() -> None:
    spelled = re.compile("January|February|September|October|November|December|Tues|Wednes|Thurs|Satur")
    found = [
        f"{path.relative_to(ROOT)}:{node.lineno}"
        for path in sorted((ROOT / "qa").rglob("*.py"))
        # The contract writes days, the lexicon has the names of the months from there, and the API shows a story.
        if path.name not in {"lexicon.py", "model.py", "examples.py"}
        and path.parent.name != "evaluate"  # the judge must not share what it judges with
        for node in _values(ast.parse(path.read_text("utf-8")))
        if spelled.search(node.value)
    ]
    assert found == []


def _values(tree: ast.Module) -> list[ast.Constant]:
    """The strings of a module but for its docstrings."""
    prose = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    strings = (node for node in ast.walk(tree) if isinstance(node, ast.Constant) and isinstance(node.value, str))
    return [node for node in strings if id(node) not in prose]
