"""The wheel, installed in its own virtual environment outside the checkout."""

from __future__ import annotations

import os
import subprocess
import sys
import venv
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent


def run(*command: object, cwd: Path) -> str:
    environment = {k: v for k, v in os.environ.items() if k not in {"PYTHONPATH", "VIRTUAL_ENV"}}
    done = subprocess.run([str(c) for c in command], cwd=cwd, env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.mark.slow
def test_the_installed_wheel_answers_from_its_sample_articles(tmp_path: Path) -> None:
    run(sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", tmp_path, ROOT, cwd=tmp_path)
    wheel = next(tmp_path.glob("*.whl"))
    venv.create(tmp_path / "venv", with_pip=True)
    python = tmp_path / "venv" / "bin" / "python"
    constraints = ROOT / "constraints.txt"
    run(python, "-m", "pip", "install", "--quiet", "-c", constraints, wheel, cwd=tmp_path)

    where = "import qa, pathlib; print(pathlib.Path(qa.__file__).parent)"
    package = Path(run(python, "-c", where, cwd=tmp_path).strip())
    assert ROOT not in package.parents
    assert (package / "_prompts" / "answer.md").is_file()
    qa = tmp_path / "venv" / "bin" / "qa"
    out = run(qa, "ask", "--articles", package / "_sample", "Who ordered the Keller Bridge shut?", cwd=tmp_path)
    assert "Dana Halloran" in " ".join(out.split())
    prompt = "from qa.llm.prompts import load_prompt; print(load_prompt('answer').name)"
    assert run(python, "-c", prompt, cwd=tmp_path).strip() == "answer"

    page = "from qa.cli.page_server import page; print(page())"
    assert run(python, "-c", page, cwd=tmp_path).strip() == str(package / "_app.py")
    assert (package / "_app.py").is_file()
    assert (package / ".streamlit" / "config.toml").is_file()
    refused = subprocess.run([qa, "app"], cwd=tmp_path, capture_output=True, text=True, timeout=60)
    assert refused.returncode == 1
    assert 'pip install "dateline-qa[app]"' in " ".join(refused.stderr.split()), "the page needs the extra app"
